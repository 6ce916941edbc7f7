//! Removes bounds checks that are proved, and tests others once in front of the loop.
//!
//! ```text
//! for i in 0..m:                       if m ≤ extent(x):                   # m is a parameter
//!     w = wrap i, extent(x)                for i in 0..m:
//!     check 0 ≤ w < extent(x)       →          … x[i] …
//!     … x[w] …                         else:
//!                                          (the original loop)
//! ```
//!
//! First every [`Op::Wrap`] of an index that is proved non-negative (or negative) is resolved, and every
//! check that is proved is removed; a check that has been passed proves later ones. Of what remains, what is
//! affine in the loop indices and otherwise invariant is *hoisted*: the least value that each side of the
//! check takes over the nest is computed at the entry of the outermost loop where all of it is known, and
//! one test selects between a fast loop without those checks and the original, which reaches the fault
//! exactly where it would. An index that starts below 0 (`a[i - 1]` from 0) keeps its wrap in the fast
//! loop and loses its check.
//!
//! Conservative: data-dependent indices are kept; a nest is versioned at most [`MAX_VERSIONS`] times, the
//! second time inside the fast loop, and not at all when it is very large. An empty inner range may send
//! the loop the slow way, which is right as well.
//!
//! Needs: no nests. Establishes: nothing that others rely on, but few loops vectorise without it.

use super::entry::{Plan, Test, key, plan, sides};
use super::fates::Fates;
use super::ranges::{Affine, Ranges};
use super::{Options, Remark};
use crate::base::{Binary, Compare, Dtype, Scalar};
use crate::loops::visit::walk_mut;
use crate::loops::{Block, Check, Condition, For, Function, If, Module, Op, Renaming, Stmt, Value, While};
use std::collections::HashMap;

/// How often one nest is doubled: 2 gives at most three copies of an inner loop.
const MAX_VERSIONS: u32 = 2;

/// Loops with more statements than this are not doubled (a guess).
const MAX_STATEMENTS: usize = 2_000;

pub fn bounds(module: &mut Module, options: &Options, remarks: &mut Vec<Remark>) {
    for (_, function) in module.functions.iter_mut() {
        let fates = Fates::of(&function.body);
        let mut pass = Pass::new(function, fates);
        let body = std::mem::take(&mut pass.function.body);
        let body = pass.prove_block(body);
        let mut body = pass.hoist_block(body, 0);
        let kept = pass.fates.report(&body, &pass.function.vars, &module.sites);
        remarks.extend(kept);
        if !options.checks {
            drop_checks(&mut body);
        }
        pass.function.body = body;
        pass.rename_arrays();
    }
}

struct Pass<'f> {
    function: &'f mut Function,
    ranges: Ranges,
    /// Wraps that turned out to be their index.
    unwrapped: HashMap<Value, Value>,
    fates: Fates,
}

impl<'f> Pass<'f> {
    fn new(function: &'f mut Function, fates: Fates) -> Pass<'f> {
        let ranges = Ranges::new(function);
        Pass { function, ranges, unwrapped: HashMap::new(), fates }
    }

    /// The array names that mention a resolved wrap follow it.
    fn rename_arrays(&mut self) {
        for (_, array) in self.function.arrays.iter_mut() {
            let components = [&mut array.base, &mut array.owner];
            for value in components.into_iter().chain(&mut array.extents).chain(&mut array.strides) {
                *value = self.unwrapped.get(value).copied().unwrap_or(*value);
            }
        }
    }
}

// Proving.
impl Pass<'_> {
    fn prove_block(&mut self, block: Block) -> Block {
        let mark = self.ranges.mark();
        let block = self.prove_open_block(block);
        self.ranges.leave(mark);
        block
    }

    /// As [`Pass::prove_block`], but what it has established stays known.
    fn prove_open_block(&mut self, block: Block) -> Block {
        let mut proved = Vec::with_capacity(block.len());
        for mut stmt in block {
            stmt.map_operands(|value| self.unwrapped.get(&value).copied().unwrap_or(value));
            if self.resolve_wrap(&mut stmt) || self.is_proved(&stmt) {
                continue;
            }
            self.prove_inside(&mut stmt);
            self.ranges.after(self.function, &stmt);
            proved.push(stmt);
        }
        proved
    }

    /// Whether the statement was a wrap that is its index, and is gone.
    fn resolve_wrap(&mut self, stmt: &mut Stmt) -> bool {
        let Stmt::Let(value, op) = stmt else { return false };
        let Op::Wrap { index, extent } = *op else { return false };
        if self.ranges.is_nonnegative(index) {
            self.unwrapped.insert(*value, index);
            self.ranges.redefine(*value, &Op::Cast(index));
            return true;
        }
        if self.ranges.is_negative(index) {
            *op = Op::Binary(Binary::Add, index, extent);
            self.ranges.redefine(*value, op);
        }
        false
    }

    fn is_proved(&mut self, stmt: &Stmt) -> bool {
        let Stmt::Check(check) = stmt else { return false };
        match check.condition {
            Condition::True(condition) => self.ranges.is_true(condition),
            Condition::Bounds { index, extent } => {
                let proved = self.ranges.in_bounds(index, extent);
                if proved {
                    self.fates.removed(check.site);
                }
                proved
            }
        }
    }

    fn prove_inside(&mut self, stmt: &mut Stmt) {
        match stmt {
            Stmt::If(branch) => {
                let If { condition, then, otherwise } = branch;
                for (block, truth) in [(then, true), (otherwise, false)] {
                    let mark = self.ranges.mark();
                    self.ranges.assume(*condition, truth);
                    *block = self.prove_open_block(std::mem::take(block));
                    self.ranges.leave(mark);
                }
            }
            Stmt::For(loop_) => {
                let mark = self.ranges.mark();
                self.ranges.enter_for(loop_);
                let body = std::mem::take(&mut loop_.body);
                loop_.body = self.prove_open_block(body);
                self.ranges.leave(mark);
            }
            Stmt::While(loop_) => {
                let While { header, condition, body, .. } = &mut **loop_;
                let mark = self.ranges.mark();
                *header = self.prove_open_block(std::mem::take(header));
                self.ranges.assume(*condition, true);
                *body = self.prove_open_block(std::mem::take(body));
                self.ranges.leave(mark);
            }
            _ => {
                for block in stmt.blocks_mut() {
                    *block = self.prove_block(std::mem::take(block));
                }
            }
        }
    }
}

// Hoisting.
impl Pass<'_> {
    /// `versions`: how many fast loops this block is already in.
    fn hoist_block(&mut self, block: Block, versions: u32) -> Block {
        let mark = self.ranges.mark();
        let mut hoisted = Vec::with_capacity(block.len());
        for stmt in block {
            match stmt {
                Stmt::For(loop_) => self.hoist_for(loop_, versions, &mut hoisted),
                mut other => {
                    self.hoist_inside(&mut other, versions);
                    self.ranges.after(self.function, &other);
                    hoisted.push(other);
                }
            }
        }
        self.ranges.leave(mark);
        hoisted
    }

    fn hoist_inside(&mut self, stmt: &mut Stmt, versions: u32) {
        let condition = match stmt {
            Stmt::If(branch) => Some(branch.condition),
            _ => None,
        };
        for (k, block) in stmt.blocks_mut().into_iter().enumerate() {
            let mark = self.ranges.mark();
            if let Some(condition) = condition {
                self.ranges.assume(condition, k == 0);
            }
            *block = self.hoist_block(std::mem::take(block), versions);
            self.ranges.leave(mark);
        }
    }

    fn hoist_for(&mut self, mut loop_: Box<For>, versions: u32, out: &mut Block) {
        let plan = if versions < MAX_VERSIONS { self.plan(&loop_) } else { None };
        let Some(plan) = plan else {
            self.hoist_body(&mut loop_, versions);
            out.push(Stmt::For(loop_));
            return;
        };
        let condition = self.emit_test(&plan, out);
        // The fast loop keeps the names, so that what is known of them stays known.
        let slow = condition
            .map(|_| Renaming::default().copy(self.function, &vec![Stmt::For(loop_.clone())]))
            .unwrap_or_default();
        self.fates.slow(&slow);
        self.apply(&plan, &mut loop_.body);
        self.hoist_body(&mut loop_, versions + condition.is_some() as u32);
        match condition {
            None => out.push(Stmt::For(loop_)),
            Some(condition) => {
                out.push(Stmt::If(If { condition, then: vec![Stmt::For(loop_)], otherwise: slow }));
            }
        }
    }

    fn hoist_body(&mut self, loop_: &mut For, versions: u32) {
        let mark = self.ranges.mark();
        self.ranges.enter_for(loop_);
        loop_.body = self.hoist_block(std::mem::take(&mut loop_.body), versions);
        self.ranges.leave(mark);
    }

    /// What can be tested at the entry of `loop_`; None where that is nothing.
    fn plan(&mut self, loop_: &For) -> Option<Plan> {
        let (plan, statements) = plan(self.function, &self.ranges, loop_);
        (!plan.checks.is_empty() && statements <= MAX_STATEMENTS).then_some(plan)
    }

    /// Computes the test in front of the loop; None where it is always true.
    fn emit_test(&mut self, plan: &Plan, out: &mut Block) -> Option<Value> {
        let mut products = Vec::from_iter(&plan.products);
        products.sort_by_key(|(_, product)| **product);
        for (&(a, b), &product) in products {
            out.push(Stmt::Let(product, Op::Binary(Binary::Mul, a, b)));
        }
        let mut conditions = plan.values.clone();
        for test in plan.tests() {
            conditions.push(match test {
                Test::Least(form) => self.emit_nonnegative(&form, out),
                Test::Between(low, value, high) => self.emit_between(low, value, high, out),
            });
        }
        let function = &mut self.function;
        conditions.into_iter().reduce(|a, b| function.define(out, Dtype::Bool, Op::Binary(Binary::And, a, b)))
    }

    /// `form ≥ 0`, with the negative terms on the other side: `n - m ≥ 0` is `n ≥ m`, which cannot wrap.
    fn emit_nonnegative(&mut self, form: &Affine, out: &mut Block) -> Value {
        let (left, right) = sides(form);
        let left = self.emit_sum(&left, out);
        let right = self.emit_sum(&right, out);
        self.function.define(out, Dtype::Bool, Op::Compare(Compare::Ge, left, right))
    }

    /// `low ≤ value ≤ high` as one comparison without sign: what is below `low` wraps to the top.
    fn emit_between(&mut self, low: i128, value: Value, high: i128, out: &mut Block) -> Value {
        let distance = self.emit_sum(&Affine::value(value).plus_constant(-low), out);
        let distance = self.function.define(out, Dtype::U64, Op::Cast(distance));
        let most = self.function.constant(out, Scalar::int(Dtype::U64, (high - low) as i64));
        self.function.define(out, Dtype::Bool, Op::Compare(Compare::Le, distance, most))
    }

    fn emit_sum(&mut self, form: &Affine, out: &mut Block) -> Value {
        let function = &mut self.function;
        let mut sum = None;
        for &(value, coefficient) in form.terms() {
            let term = if coefficient == 1 {
                value
            } else {
                let factor = function.constant(out, Scalar::i64(coefficient as i64));
                function.define(out, Dtype::I64, Op::Binary(Binary::Mul, value, factor))
            };
            sum = Some(match sum {
                Some(sum) => function.define(out, Dtype::I64, Op::Binary(Binary::Add, sum, term)),
                None => term,
            });
        }
        match sum {
            Some(sum) if form.constant == 0 => sum,
            Some(sum) => {
                let constant = function.constant(out, Scalar::i64(form.constant as i64));
                function.define(out, Dtype::I64, Op::Binary(Binary::Add, sum, constant))
            }
            None => function.constant(out, Scalar::i64(form.constant as i64)),
        }
    }

    /// Removes what `plan` tests from the fast loop.
    fn apply(&mut self, plan: &Plan, body: &mut Block) {
        let fates = &mut self.fates;
        remove_stmts(body, &mut |stmt| match stmt {
            Stmt::Check(check) if plan.checks.contains(&key(&check.condition)) => {
                fates.hoisted(check.site);
                true
            }
            Stmt::Let(value, Op::Wrap { .. }) => plan.unwrapped.contains_key(value),
            _ => false,
        });
        let follow = |mut value: Value| {
            while let Some(&index) = plan.unwrapped.get(&value) {
                value = index;
            }
            value
        };
        walk_mut(body, &mut |stmt| stmt.map_operands(follow));
        self.unwrapped.extend(plan.unwrapped.keys().map(|&wrap| (wrap, follow(wrap))));
    }
}

fn drop_checks(block: &mut Block) {
    remove_stmts(block, &mut |stmt| {
        matches!(stmt, Stmt::Check(Check { condition: Condition::Bounds { .. }, .. }))
    });
}

fn remove_stmts(block: &mut Block, is_gone: &mut impl FnMut(&Stmt) -> bool) {
    block.retain(|stmt| !is_gone(stmt));
    for stmt in block {
        for inner in stmt.blocks_mut() {
            remove_stmts(inner, is_gone);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;
    use crate::loops::Mode;

    /// The module afterwards and its remarks; on each list of arguments the outcome must stay the same.
    fn check(module: &Module, runs: &[Vec<Argument>]) -> (Module, Vec<String>) {
        let mut after = module.clone();
        let mut remarks = vec![];
        bounds(&mut after, &Options::default(), &mut remarks);
        for arguments in runs {
            assert_eq!(run(&after, arguments), run(module, arguments), "{arguments:?}");
        }
        (after, remarks.into_iter().map(|remark| remark.message()).collect())
    }

    fn left(module: &Module) -> usize {
        checks(&module.functions[module.entry].body)
    }

    #[test]
    fn axpy_keeps_no_check() {
        let arguments = |n, m| vec![Argument::Float(2.0), floats(&[n]), floats(&[m])];
        let runs = [arguments(5, 5), arguments(9, 5), arguments(3, 5), arguments(0, 1), arguments(0, 0)];
        let (after, remarks) = check(&axpy(Mode::Parallel { when: None }), &runs);
        assert_eq!(left(&after), 0);
        assert_eq!(remarks, ["2 bounds checks removed, 1 hoisted, 0 kept"]);
        let parallel = |stmt: &Stmt| matches!(stmt, Stmt::For(l) if l.mode == Mode::Parallel { when: None });
        assert_eq!(count(&after, parallel), 2, "both versions stay parallel");
    }

    #[test]
    fn jacobi_keeps_no_check() {
        let arguments = |a: [i64; 2], b: [i64; 2]| vec![floats(&a), floats(&b)];
        let shapes = [[0, 0], [1, 1], [2, 5], [3, 3], [6, 4], [4, 6]];
        let runs: Vec<_> = shapes.iter().flat_map(|&a| shapes.map(|b| arguments(a, b))).collect();
        let (after, remarks) = check(&jacobi(), &runs);
        assert_eq!(left(&after), 0);
        assert_eq!(remarks, ["10 bounds checks removed, 2 hoisted, 0 kept"]);
    }

    #[test]
    fn matmul_keeps_no_check() {
        let arguments = |a: [i64; 2], b: [i64; 2], c: [i64; 2]| vec![floats(&a), floats(&b), floats(&c)];
        let runs = [
            arguments([2, 3], [3, 4], [2, 4]),
            arguments([2, 3], [2, 4], [2, 4]),
            arguments([1, 3], [3, 4], [2, 4]),
            arguments([2, 3], [3, 3], [2, 4]),
            arguments([2, 0], [0, 0], [2, 4]),
        ];
        let (after, _) = check(&matmul(), &runs);
        assert_eq!(left(&after), 0);
    }

    #[test]
    fn bodies_keep_no_check() {
        let arguments = |n, extent, axes| vec![Argument::Int(n), floats(&[extent, axes]), floats(&[extent])];
        let extremes = [i64::MIN, i64::MIN + 1, -1, 0, 3, 4, 5];
        let runs: Vec<_> = extremes.iter().flat_map(|&n| [arguments(n, 4, 3), arguments(n, 4, 2)]).collect();
        let (after, remarks) = check(&bodies(), &runs);
        assert_eq!(left(&after), 0);
        assert_eq!(
            remarks,
            ["0 bounds checks removed, 1 hoisted, 0 kept", "1 bounds check removed, 3 hoisted, 0 kept"]
        );
    }

    #[test]
    fn sparse_keeps_the_check_of_data() {
        let ints = |list: &[i64]| Argument::Ints(vec![list.len() as i64], list.to_vec());
        let arguments = |row: &[i64], column: &[i64]| {
            vec![ints(row), ints(column), floats(&[4]), floats(&[3]), floats(&[2])]
        };
        let runs = [
            arguments(&[0, 2, 4], &[0, 1, 2, 0]),
            arguments(&[0, 2, 4], &[0, -1, 3, 0]),
            arguments(&[0, 2, 5], &[0, 1, 2, 0]),
            arguments(&[-2, 1, 2], &[0, 1, 2, 0]),
            arguments(&[0, 2], &[0, 1, 2, 0]),
        ];
        let (after, remarks) = check(&sparse(), &runs);
        assert_eq!(left(&after), 1);
        assert_eq!(
            remarks,
            ["0 bounds checks removed, 2 hoisted, 0 kept", "2 bounds checks removed, 2 hoisted, 1 kept"]
        );
    }

    /// `y[i] = x[i - 1]` from 0: the first index is the last element.
    #[test]
    fn a_wrap_that_happens_stays() {
        let mut b = Builder::new();
        let (x, y) = (b.array(Dtype::F64, 1, "x"), b.array(Dtype::F64, 1, "y"));
        let (zero, n) = (b.int(0), b.extent(y, 0));
        b.for_(zero, n, |b, i| {
            let before = b.plus(i, -1);
            let value = b.load(x, &[before]);
            b.store(y, &[i], value);
        });
        let runs = [[4, 4], [0, 0], [0, 1], [3, 5], [9, 2]].map(|[n, m]| vec![floats(&[n]), floats(&[m])]);
        let (after, _) = check(&b.module(), &runs);
        assert_eq!(left(&after), 0);
    }

    /// `x[-2]`, and `x[k]` for a `k` that a branch has tested.
    #[test]
    fn constants_and_conditions() {
        let mut b = Builder::new();
        let k = b.scalar(Dtype::I64);
        let x = b.array(Dtype::F64, 1, "x");
        let (zero, two, n) = (b.int(0), b.int(-2), b.extent(x, 0));
        b.for_(zero, n, |b, i| {
            let end = b.load(x, &[two]);
            let (low, high) = (b.compare(Compare::Ge, k, zero), b.compare(Compare::Lt, k, n));
            let inside = b.op(Dtype::Bool, Op::Binary(Binary::And, low, high));
            b.if_(inside, |b| b.store(x, &[k], end));
            let more = b.compare(Compare::Gt, i, zero);
            b.if_(more, |b| {
                let before = b.plus(i, -1);
                b.store(x, &[before], end);
            });
        });
        let runs: Vec<_> =
            (-3..4).flat_map(|k| (0..4).map(move |n| vec![Argument::Int(k), floats(&[n])])).collect();
        let (after, remarks) = check(&b.module(), &runs);
        assert_eq!(left(&after), 0);
        assert_eq!(remarks, ["2 bounds checks removed, 1 hoisted, 0 kept"]);
    }

    /// `while` conditions, `%`, steps: `y[(i + k) % n]`, `x[2 * k]` for k below `(n + 1) // 2`.
    #[test]
    fn remainders_and_steps_are_proved() {
        let mut b = Builder::new();
        let k = b.scalar(Dtype::I64);
        let x = b.array(Dtype::F64, 1, "x");
        let (zero, two, n) = (b.int(0), b.int(2), b.extent(x, 0));
        let one = b.float(1.0);
        let up = b.plus(n, 1);
        let half = b.binary(Binary::FloorDiv, up, two);
        b.for_(zero, half, |b, i| {
            let twice = b.mul(i, two);
            b.store(x, &[twice], one);
            let moved = b.add(twice, k);
            let around = b.binary(Binary::Mod, moved, n);
            b.store(x, &[around], one);
        });
        let runs: Vec<_> = (0..5).map(|n| vec![Argument::Int(3), floats(&[n])]).collect();
        let (after, remarks) = check(&b.module(), &runs);
        assert_eq!(left(&after), 0);
        assert_eq!(remarks, ["2 bounds checks removed, 0 hoisted, 0 kept"]);
    }

    /// The passes from here to `poll` on random programs: the same elements and the same faults.
    #[test]
    fn random_nests_keep_their_meaning() {
        type Run = fn(&mut Module, &Options, &mut Vec<Remark>);
        let passes: [(&str, Run); 5] = [
            ("bounds", bounds),
            ("hoist", super::super::hoist::hoist),
            ("outline", super::super::outline::outline),
            ("vectorize", super::super::vectorize::vectorize),
            ("poll", super::super::poll::poll),
        ];
        for seed in 0..60 {
            let mut random = Random::new(seed);
            let module = random.module();
            let arguments: Vec<_> = (0..12).map(|_| random.arguments()).collect();
            let want: Vec<_> = arguments.iter().map(|arguments| run(&module, arguments)).collect();
            let mut after = module.clone();
            for (name, pass) in passes {
                pass(&mut after, &Options::default(), &mut vec![]);
                for (arguments, want) in arguments.iter().zip(&want) {
                    let same = run(&after, arguments) == *want;
                    assert!(same, "{name}, seed {seed}, {arguments:?}: {want:?}\n{module}\n{after}");
                }
            }
        }
    }
}
