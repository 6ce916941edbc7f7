//! The middle of a loop runs without the wrapping that its ends need.
//!
//! ```text
//!                                       for j in 0..min(1, n) { … as before … }
//! for j in 0..n {                       for j in 1..min(n, m - 1) {
//!     l = wrap(j - 1, m)                    l = j - 1
//!     r = (j + 1) % m              →        r = j + 1
//!     … x[l] … x[r] …                       … x[l] … x[r] …
//! }                                     }
//!                                       for j in max(1, min(n, m - 1))..n { … as before … }
//! ```
//!
//! An index `j + c` that wraps around below 0, and remainders `(j + c) % m` and `(j + c + m) % m`, are plain sums where `0 ≤ j + c < m`.
//! The middle is where this holds for all of them: no remainders, elements side by side, so that it may run in lanes. The order of
//! iterations stays, and with it all that they do.
//!
//! Conservative: innermost serial loops that nothing leaves early, without checks and reductions, of at most [`MOST_STATEMENTS`] statements; constant
//! `c`; where `m` is not in `1..=`[`LARGEST`] the middle is empty.
//!
//! Needs: `outline` before it, so that parallel loops are serial ones in bodies. Establishes: nothing that others rely on.

use super::carried::{carried_vars, gets};
use super::ranges::{Affine, Ranges, defined_in};
use super::{Options, Remark};
use crate::base::{Binary, Compare, Dtype, Scalar};
use crate::loops::visit::{walk, walk_mut};
use crate::loops::{Block, For, Function, Mode, Module, Op, Renaming, Stmt, Value, Var};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::mem::take;

/// The loop becomes three; what is large gains little (a guess).
const MOST_STATEMENTS: usize = 100;

/// Larger offsets than this leave little middle, and sums of them with [`LARGEST`] are far from wrapping.
const MOST_OFFSET: i128 = 1 << 20;
const LARGEST: i64 = 1 << 48;

pub fn split(module: &mut Module, _options: &Options, remarks: &mut Vec<Remark>) {
    for function in module.functions.values_mut() {
        let mut wraps = false;
        walk(&function.body, &mut |stmt| wraps |= is_candidate(stmt));
        if wraps {
            let ranges = Ranges::new(function);
            let components = function.arrays.values().flat_map(|array| array.components()).collect();
            let gets = gets(&function.body);
            let body = take(&mut function.body);
            function.body = Splitter { function, ranges, components, gets, remarks }.block(body);
        }
    }
}

fn is_candidate(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Let(_, Op::Wrap { .. } | Op::Binary(Binary::Mod, ..)))
}

struct Splitter<'f> {
    function: &'f mut Function,
    ranges: Ranges,
    /// What names of arrays are made of, which keep their definitions.
    components: HashSet<Value>,
    /// How often each variable is read.
    gets: HashMap<Var, usize>,
    remarks: &'f mut Vec<Remark>,
}

/// What a loop can do without in its middle.
#[derive(Default)]
struct Plan {
    /// The middle begins here or later.
    first: i64,
    /// It ends before `m - offset`, where `m` is not too large.
    ends: Vec<(Value, i64)>,
    /// Values that then are another.
    same: HashMap<Value, Value>,
    /// Values that then are the index and a constant.
    moved: HashMap<Value, i64>,
}

impl Splitter<'_> {
    fn block(&mut self, block: Block) -> Block {
        let mut out = Vec::with_capacity(block.len());
        for mut stmt in block {
            for inner in stmt.blocks_mut() {
                *inner = self.block(take(inner));
            }
            match stmt {
                Stmt::For(loop_) => match self.plan(&loop_) {
                    Some(plan) => {
                        let text = "only the first and the last iterations wrap indices around";
                        self.remarks.push(Remark::done("split", loop_.span, text));
                        self.three(*loop_, &plan, &mut out);
                    }
                    None => out.push(Stmt::For(loop_)),
                },
                other => out.push(other),
            }
        }
        out
    }

    fn plan(&self, loop_: &For) -> Option<Plan> {
        if loop_.mode != Mode::Serial || !loop_.reductions.is_empty() || !is_simple(loop_) {
            return None;
        }
        let mut inside = defined_in(self.function, &loop_.body);
        inside.insert(loop_.index);
        let mut plan = Plan::default();
        walk(&loop_.body, &mut |stmt| {
            if let Stmt::Let(value, op) = stmt
                && !self.components.contains(value)
            {
                self.consider(loop_, &inside, *value, op, &mut plan);
            }
        });
        (!plan.same.is_empty() || !plan.moved.is_empty()).then_some(plan)
    }

    fn consider(&self, loop_: &For, inside: &HashSet<Value>, value: Value, op: &Op, plan: &mut Plan) {
        match *op {
            Op::Wrap { index, .. } => {
                if let Some((offset @ ..0, 0)) = self.offset(loop_, index, None) {
                    plan.first = plan.first.max(-offset);
                    plan.same.insert(value, index);
                }
            }
            Op::Binary(Binary::Mod, a, m) if self.ranges.is_i64(m) && !inside.contains(&m) => {
                let Some((offset, times)) = self.offset(loop_, a, Some(m)) else { return };
                plan.first = plan.first.max(-offset);
                plan.ends.push((m, offset.max(0)));
                if times == 0 {
                    plan.same.insert(value, a);
                } else {
                    plan.moved.insert(value, offset);
                }
            }
            _ => {}
        }
    }

    /// `(c, times)` where the value is `index + c + times·m`, `times` 0 or 1.
    fn offset(&self, loop_: &For, value: Value, m: Option<Value>) -> Option<(i64, i128)> {
        let mut form = self.ranges.affine(value);
        if form.coefficient(loop_.index) != 1 {
            return None;
        }
        let times = m.filter(|m| *m != loop_.index).map_or(0, |m| form.coefficient(m));
        if times == 1 {
            form = form.plus(-1, &Affine::value(m?));
        }
        let fits = form.terms().len() == 1 && form.constant.abs() <= MOST_OFFSET && (0..=1).contains(&times);
        fits.then_some((form.constant as i64, times))
    }

    fn three(&mut self, loop_: For, plan: &Plan, out: &mut Block) {
        let first = self.constant(plan.first, out);
        let begin = self.binary(Binary::Max, loop_.lo, first, out);
        let end = self.end(&loop_, plan, out);
        let rest = self.binary(Binary::Max, begin, end, out);
        let before = self.binary(Binary::Min, begin, loop_.hi, out);
        let (start, _) = self.copy(&loop_, loop_.lo, before);
        out.push(Stmt::For(Box::new(start)));

        let (mut middle, names) = self.copy(&loop_, begin, end);
        self.resolve(&mut middle, plan, &names, out);
        out.push(Stmt::For(Box::new(middle)));
        out.push(Stmt::For(Box::new(For { lo: rest, ..loop_ })));
    }

    /// Where the middle ends; where a divisor is not small and positive, before it begins.
    fn end(&mut self, loop_: &For, plan: &Plan, out: &mut Block) -> Value {
        let mut end = loop_.hi;
        for &(m, offset) in &plan.ends {
            let (zero, largest) = (self.constant(0, out), self.constant(LARGEST, out));
            let positive = self.compare(Compare::Gt, m, zero, out);
            let small = self.compare(Compare::Le, m, largest, out);
            let condition = self.function.define(out, Dtype::Bool, Op::Binary(Binary::And, positive, small));
            let offset = self.constant(offset, out);
            let then = self.binary(Binary::Sub, m, offset, out);
            let select = Op::Select { condition, then, otherwise: loop_.lo };
            let last = self.function.define(out, Dtype::I64, select);
            end = self.binary(Binary::Min, end, last, out);
        }
        end
    }

    /// A copy with variables of its own where they do not outlive an iteration, so that it can run in lanes.
    fn copy(&mut self, loop_: &For, lo: Value, hi: Value) -> (For, Renaming) {
        let mut names = Renaming::default();
        for var in self.private_vars(loop_) {
            let fresh = self.function.vars.push(self.function.vars[var].clone());
            names.vars.insert(var, fresh);
        }
        let copy = names.copy(self.function, &vec![Stmt::For(Box::new(loop_.clone()))]);
        let Ok([Stmt::For(copy)]) = <[Stmt; 1]>::try_from(copy) else { unreachable!("one loop") };
        (For { lo, hi, ..*copy }, names)
    }

    /// Variables that the loop sets before it reads them, and that are read nowhere else.
    fn private_vars(&self, loop_: &For) -> Vec<Var> {
        let (carried, inside) = (carried_vars(loop_), gets(&loop_.body));
        let mut private = BTreeSet::new();
        walk(&loop_.body, &mut |stmt| {
            if let Stmt::Set(var, _) = stmt
                && !carried.contains(var)
                && self.gets.get(var) == inside.get(var)
            {
                private.insert(*var);
            }
        });
        private.into_iter().collect()
    }

    /// Puts sums in the place of what wraps.
    fn resolve(&mut self, middle: &mut For, plan: &Plan, names: &Renaming, out: &mut Block) {
        let name = |value: &Value| names.values.get(value).copied().unwrap_or(*value);
        let same: HashMap<Value, Value> = plan.same.iter().map(|(a, b)| (name(a), name(b))).collect();
        let mut moved = HashMap::new();
        for (value, offset) in &plan.moved {
            moved.insert(name(value), self.constant(*offset, out));
        }
        let index = middle.index;
        walk_mut(&mut middle.body, &mut |stmt| {
            if let Stmt::Let(value, op) = stmt
                && let Some(offset) = moved.get(value)
            {
                *op = Op::Binary(Binary::Add, index, *offset);
            }
            stmt.map_operands(|mut value| {
                while let Some(other) = same.get(&value) {
                    value = *other;
                }
                value
            });
        });
        drop_definitions(&mut middle.body, &same);
    }

    fn constant(&mut self, value: i64, out: &mut Block) -> Value {
        self.function.constant(out, Scalar::i64(value))
    }

    fn binary(&mut self, op: Binary, a: Value, b: Value, out: &mut Block) -> Value {
        self.function.define(out, Dtype::I64, Op::Binary(op, a, b))
    }

    fn compare(&mut self, compare: Compare, a: Value, b: Value, out: &mut Block) -> Value {
        self.function.define(out, Dtype::Bool, Op::Compare(compare, a, b))
    }
}

/// Whether the loop contains no other and no checks, is left at its end only, and is not too large.
fn is_simple(loop_: &For) -> bool {
    let (mut simple, mut statements) = (true, 0);
    walk(&loop_.body, &mut |stmt| {
        statements += 1;
        simple &= match stmt {
            Stmt::Break(label) => *label != loop_.label,
            Stmt::Check(_) | Stmt::For(_) | Stmt::Nest(_) | Stmt::While(_) | Stmt::Run(_) | Stmt::Call(_) => {
                false
            }
            Stmt::Let(..)
            | Stmt::Set(..)
            | Stmt::Store(_)
            | Stmt::If(_)
            | Stmt::Scope { .. }
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => true,
        };
    });
    simple && statements <= MOST_STATEMENTS
}

fn drop_definitions(block: &mut Block, gone: &HashMap<Value, Value>) {
    block.retain(|stmt| !matches!(stmt, Stmt::Let(value, _) if gone.contains_key(value)));
    for stmt in block {
        stmt.blocks_mut().into_iter().for_each(|inner| drop_definitions(inner, gone));
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;
    use crate::loops::verify::verify;
    use crate::loops::{Array, Label, Store};

    fn check(module: &Module, runs: &[Vec<Argument>]) -> Module {
        let mut after = module.clone();
        split(&mut after, &Options::default(), &mut vec![]);
        verify(&after).unwrap_or_else(|message| panic!("{message}\n{after}"));
        for arguments in runs {
            assert_eq!(run(&after, arguments), run(module, arguments), "{arguments:?}\n{after}");
        }
        after
    }

    /// `for i in lo..hi: y[i - lo] = values(i)[0] - 3 * values(i)[1]`.
    fn stencil(values: impl Fn(&mut Builder, Value, Value) -> [Value; 2]) -> Module {
        let mut b = Builder::new();
        let [lo, hi, m] = [(); 3].map(|()| b.scalar(Dtype::I64));
        let y = b.array(Dtype::F64, 1, "y");
        b.for_(lo, hi, |b, i| {
            let [left, right] = values(b, i, m);
            let [left, right] = [left, right].map(|index| b.op(Dtype::F64, Op::Cast(index)));
            let three = b.float(3.0);
            let right = b.mul(three, right);
            let value = b.binary(Binary::Sub, left, right);
            let at = b.binary(Binary::Sub, i, lo);
            store(b, y, at, value);
        });
        b.module()
    }

    fn store(b: &mut Builder, array: Array, index: Value, value: Value) {
        b.emit(Stmt::Store(Store { array, indices: vec![index], value, span: Default::default() }));
    }

    fn runs() -> Vec<Vec<Argument>> {
        let bounds = [(0, 9, 9), (0, 1, 1), (0, 2, 2), (0, 0, 9), (3, 7, 9), (5, 2, 9), (0, 9, 4), (2, 9, 1)];
        let odd = [(-5, 4, 9), (0, 9, 0), (0, 9, -3), (0, 9, i64::MAX), (0, 9, 12), (-3, 2, 5), (8, 12, 9)];
        let extreme = [(i64::MAX - 2, i64::MAX, 9), (i64::MIN, i64::MIN + 2, 9), (i64::MAX, i64::MIN, 9)];
        let all = bounds.iter().chain(&odd).chain(&extreme);
        all.map(|&(lo, hi, m)| {
            let numbers = [lo, hi, m].map(Argument::Int);
            numbers.into_iter().chain([floats(&[9])]).collect()
        })
        .collect()
    }

    /// Remainders and wraps in the loop that is the middle: the second of three.
    fn wraps_in_the_middle(module: &Module) -> usize {
        let mut loops = vec![];
        walk(&module.functions[module.entry].body, &mut |stmt| {
            if let Stmt::For(loop_) = stmt {
                loops.push((**loop_).clone());
            }
        });
        let [_, middle, _] = &loops[..] else { panic!("three loops\n{module}") };
        let mut wraps = 0;
        walk(&middle.body, &mut |stmt| wraps += is_candidate(stmt) as usize);
        wraps
    }

    #[test]
    fn the_middle_of_a_periodic_stencil_wraps_nothing() {
        let module = stencil(|b, i, m| {
            let (index, next) = (b.plus(i, -1), b.plus(i, 1));
            let left = b.op(Dtype::I64, Op::Wrap { index, extent: m });
            [left, b.binary(Binary::Mod, next, m)]
        });
        assert_eq!(wraps_in_the_middle(&check(&module, &runs())), 0);
    }

    #[test]
    fn the_size_may_be_added_first() {
        let module = stencil(|b, i, m| {
            let (before, after) = (b.plus(i, -2), b.plus(i, 2));
            let (left, right) = (b.add(before, m), b.add(after, m));
            [b.binary(Binary::Mod, left, m), b.binary(Binary::Mod, right, m)]
        });
        assert_eq!(wraps_in_the_middle(&check(&module, &runs())), 0);
    }

    #[test]
    fn other_indices_stay() {
        let module = stencil(|b, i, m| {
            let twice = b.add(i, i);
            let even = b.binary(Binary::Mod, twice, m);
            [even, even]
        });
        let after = check(&module, &runs());
        assert_eq!(count(&after, |stmt| matches!(stmt, Stmt::For(_))), 1);
    }

    #[test]
    fn remainders_by_the_index_stay() {
        let module = stencil(|b, i, _| [b.binary(Binary::Mod, i, i), i]);
        let after = check(&module, &runs());
        assert_eq!(count(&after, |stmt| matches!(stmt, Stmt::For(_))), 1);
    }

    #[test]
    fn loops_that_are_left_stay() {
        let mut b = Builder::new();
        let (x, zero) = (b.array(Dtype::F64, 1, "x"), b.int(0));
        let n = b.extent(x, 0);
        b.for_(zero, n, |b, i| {
            let next = b.plus(i, 1);
            let right = b.binary(Binary::Mod, next, n);
            let element = b.op(Dtype::F64, Op::Load { array: x, indices: vec![right] });
            let negative = b.compare(Compare::Lt, right, i);
            // The builder numbers labels from 0.
            b.if_(negative, |b| b.emit(Stmt::Break(Label::from_u32(0))));
            store(b, x, i, element);
        });
        let after = check(&b.module(), &[vec![floats(&[5])], vec![floats(&[0])]]);
        assert_eq!(count(&after, |stmt| matches!(stmt, Stmt::For(_))), 1);
    }
}
