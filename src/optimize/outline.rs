//! Turns parallel and reducing loops into functions of their own, which the runtime runs over ranges.
//!
//! ```text
//!                                         body f1(env = [n, x's and y's slots], begin, end):
//! for parallel i in 0..n:                     for i in begin..end:
//!     store y[i], x[i]             →              store y[i], x[i]
//!
//!                                         run f1 over 0..n with env, parallel, 1000 ps per iteration
//! ```
//!
//! The body shares the names of its parent: it starts from a copy of the parent's tables, and its
//! parameters are the values that the loop takes from outside. Constants are repeated instead, and so are sums of a value and a
//! constant: of `for i in k + 1..n` the body knows that `i` is more than `k`. A variable that
//! an iteration may read before it sets it is read in front of the run, passed, and set again at the start of
//! the body; all variables set inside are private, but for reductions, which become partials.
//!
//! | loop | becomes |
//! |---|---|
//! | parallel, not inside another body | a run that may be parallel |
//! | parallel, inside another body or with `parallel` switched off | a serial loop |
//! | reducing, in any mode, at any depth | a run (serial where the line above says so): the tree of `base::tree` is the runtime's; in place where a constant number of iterations fits a leaf |
//!
//! Needs: no nests, `classify` has judged every `prange`; no `break` out of these loops. Establishes: every loop is
//! serial; loops with reductions run at most a leaf of the tree, those of unknown length as the top level of a body with
//! partials.

use super::carried::carried_vars;
use super::{Event, Options, Remark, Shared, collapse, constants};
use crate::base::{Binary, Dtype, Unary, tree};
use crate::loops::visit::walk;
use crate::loops::{Block, For, Func, Function, Mode, Module, Op, Operand, Parallel, Role, Run, Stmt, Value};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::mem::take;

pub fn outline(module: &mut Module, options: &Options, remarks: &mut Vec<Remark>) {
    let functions: Vec<Func> = module.functions.keys().collect();
    for func in functions {
        let parallel = options.parallel && matches!(module.functions[func].role, Role::Kernel { .. });
        outline_function(module, func, parallel, remarks);
    }
}

fn outline_function(module: &mut Module, func: Func, parallel: bool, remarks: &mut Vec<Remark>) {
    let columns = if parallel { collapse::find(&module.functions[func]) } else { HashMap::new() };
    let body = take(&mut module.functions[func].body);
    let is_body = matches!(module.functions[func].role, Role::Body { .. });
    let (repeatable, constants) = (repeatable(&body), constants(&body));
    let mut outliner = Outliner { module, func, parallel, repeatable, constants, columns, remarks };
    let body = if is_body { outliner.inside(body) } else { outliner.block(body) };
    module.functions[func].body = body;
}

struct Outliner<'m> {
    module: &'m mut Module,
    func: Func,
    /// Whether runs of this function may be parallel.
    parallel: bool,
    /// What bodies compute themselves instead of taking it.
    repeatable: HashMap<Value, Op>,
    constants: HashMap<Value, i64>,
    /// Loops inside parallel ones that share iterations with them, by the index of the outer.
    columns: HashMap<Value, Vec<Value>>,
    remarks: &'m mut Vec<Remark>,
}

impl Outliner<'_> {
    fn block(&mut self, block: Block) -> Block {
        let mut out = Vec::with_capacity(block.len());
        for mut stmt in block {
            match stmt {
                Stmt::For(loop_) => self.for_(loop_, &mut out),
                _ => {
                    for inner in stmt.blocks_mut() {
                        *inner = self.block(take(inner));
                    }
                    out.push(stmt);
                }
            }
        }
        out
    }

    /// The loop at the top level of a body is what the body is there to run.
    fn inside(&mut self, mut block: Block) -> Block {
        for stmt in &mut block {
            for inner in stmt.blocks_mut() {
                *inner = self.block(take(inner));
            }
        }
        block
    }

    fn for_(&mut self, mut loop_: Box<For>, out: &mut Block) {
        let parallel = match loop_.mode {
            Mode::Parallel { when: None } if self.parallel => Parallel::Always,
            Mode::Parallel { when: Some(when) } if self.parallel => Parallel::When(when),
            Mode::Parallel { .. } | Mode::Serial | Mode::Marked | Mode::Lanes(_) => Parallel::Never,
        };
        if let Mode::Parallel { .. } = loop_.mode {
            loop_.mode = Mode::Serial;
        }
        if parallel == Parallel::Never && (loop_.reductions.is_empty() || self.is_leaf(&loop_)) {
            loop_.body = self.block(loop_.body);
            out.push(Stmt::For(loop_));
        } else {
            self.run(*loop_, parallel, out);
        }
    }

    /// Whether the loop is known to be no more than one leaf of the tree.
    fn is_leaf(&self, loop_: &For) -> bool {
        let constant = |value| self.constants.get(&value);
        let trips = constant(loop_.hi).zip(constant(loop_.lo)).and_then(|(hi, lo)| hi.checked_sub(*lo));
        trips.is_some_and(|trips| trips <= tree::LEAF as i64)
    }

    /// Makes a body of the loop, and the run in its place.
    fn run(&mut self, mut loop_: For, parallel: Parallel, out: &mut Block) {
        let cost = cost(&loop_.body, &self.constants);
        if parallel != Parallel::Never {
            let tested = matches!(parallel, Parallel::When(_));
            let shared = Shared { cost, scaled: loop_.times.is_some(), tested, columns: false };
            self.remarks.push(Remark { pass: "outline", span: loop_.span, event: Event::Parallel(shared) });
        }
        let (lo, hi, times, reductions) = (loop_.lo, loop_.hi, loop_.times.take(), loop_.reductions.clone());
        let (body, captured) = self.body(loop_, out);
        let func = self.module.functions.push(body);
        outline_function(self.module, func, false, self.remarks);
        let env = captured.into_iter().map(Operand::Scalar).collect();
        let run = Run { func, env, begin: lo, end: hi, reductions, parallel, cost, times };
        out.push(Stmt::Run(Box::new(run)));
    }

    /// Computes what can be repeated of the values that a body needs; leaves what must be captured for that.
    fn repeated(&self, needed: &mut BTreeSet<Value>) -> Block {
        let (mut constants, mut sums) = (BTreeSet::new(), vec![]);
        let mut done = HashSet::new();
        for value in take(needed) {
            let (mut at, mut chain) = (value, vec![]);
            while done.insert(at) {
                match self.repeatable.get(&at) {
                    Some(Op::Binary(_, left, right)) => {
                        chain.push(at);
                        let (constant, rest) =
                            if is_constant(&self.repeatable, *left) { (left, right) } else { (right, left) };
                        constants.insert(*constant);
                        at = *rest;
                    }
                    Some(_) => {
                        constants.insert(at);
                    }
                    None => {
                        needed.insert(at);
                    }
                }
            }
            sums.extend(chain.into_iter().rev());
        }
        let all = constants.into_iter().chain(sums);
        all.map(|value| Stmt::Let(value, self.repeatable[&value].clone())).collect()
    }

    /// The body function, and the values that its environment takes.
    fn body(&mut self, mut loop_: For, out: &mut Block) -> (Function, Vec<Value>) {
        let number = self.module.functions.len();
        let within = (loop_.lo, loop_.hi);
        let mut needed = free_values(&self.module.functions[self.func], &loop_);
        needed.extend([within.0, within.1]);
        let mut start = self.repeated(&mut needed);
        let mut captured = Vec::from_iter(needed);
        let parent = &mut self.module.functions[self.func];
        for var in carried_vars(&loop_) {
            let dtype = parent.vars[var].dtype;
            let value = parent.define(out, dtype, Op::Get(var));
            captured.push(value);
            start.push(Stmt::Set(var, value));
        }

        // The name of the parent may be that of a body already: `f.body1`, not `f.body1.body2`.
        let base = parent.name.split(".body").next().unwrap_or_default();
        let placeholder = Role::Kernel { recursive: false };
        let mut body = Function::new(format!("{base}.body{number}"), placeholder);
        body.params = captured.iter().map(|&value| Operand::Scalar(value)).collect();
        body.values = parent.values.clone();
        body.vars = parent.vars.clone();
        body.arrays = parent.arrays.clone();
        body.labels = parent.labels;
        body.classes = parent.classes;
        let (begin, end) = (body.value(Dtype::I64), body.value(Dtype::I64));
        body.role = Role::Body {
            begin,
            end,
            within: Some(within),
            partials: loop_.reductions.clone(),
            columns: self.columns.remove(&loop_.index).unwrap_or_default(),
        };
        (loop_.lo, loop_.hi) = (begin, end);
        start.push(Stmt::For(Box::new(loop_)));
        body.body = start;
        (body, captured)
    }
}

/// Constants, and sums of a value and a constant.
fn repeatable(body: &Block) -> HashMap<Value, Op> {
    let mut found: HashMap<Value, Op> = HashMap::new();
    walk(body, &mut |stmt| {
        let Stmt::Let(value, op) = stmt else { return };
        let repeats = match op {
            Op::Const(_) => true,
            Op::Binary(Binary::Add | Binary::Sub, left, right) => {
                is_constant(&found, *left) != is_constant(&found, *right)
            }
            _ => false,
        };
        if repeats {
            found.insert(*value, op.clone());
        }
    });
    found
}

fn is_constant(repeatable: &HashMap<Value, Op>, value: Value) -> bool {
    matches!(repeatable.get(&value), Some(Op::Const(_)))
}

/// What the body of a loop uses and does not define, array components included.
fn free_values(function: &Function, loop_: &For) -> BTreeSet<Value> {
    let mut used = BTreeSet::new();
    let mut defined = HashSet::from([loop_.index]);
    walk(&loop_.body, &mut |stmt| {
        stmt.for_each_definition(function, |value| {
            defined.insert(value);
        });
        stmt.for_each_operand(|value| {
            used.insert(value);
        });
        stmt.for_each_array(|array| used.extend(function.arrays[array].components()));
    });
    used.retain(|value| !defined.contains(value));
    used
}

/// Loops whose trip count is not known are taken to run this often (a guess).
const UNKNOWN_TRIPS: u64 = 16;

/// Estimated picoseconds of one run of `block`, at least 1: what the runtime weighs against the cost of going
/// parallel. The numbers are one operation's share of a warm loop on a current x86 core, by gut feeling rather than
/// measurement; only their magnitude matters.
pub fn cost(block: &Block, constants: &HashMap<Value, i64>) -> u64 {
    block_cost(block, constants).max(1)
}

fn block_cost(block: &Block, constants: &HashMap<Value, i64>) -> u64 {
    block.iter().map(|stmt| stmt_cost(stmt, constants)).fold(0, u64::saturating_add)
}

fn stmt_cost(stmt: &Stmt, constants: &HashMap<Value, i64>) -> u64 {
    match stmt {
        Stmt::Let(_, op) => op_cost(op),
        Stmt::Set(..) => 50,
        Stmt::Store(_) => 400,
        Stmt::Check(_) => 200,
        // The likelier arm is not known.
        Stmt::If(branch) => {
            500 + block_cost(&branch.then, constants).max(block_cost(&branch.otherwise, constants))
        }
        Stmt::For(loop_) => {
            let trips = match (constants.get(&loop_.lo), constants.get(&loop_.hi)) {
                (Some(lo), Some(hi)) => hi.saturating_sub(*lo).max(0) as u64,
                _ => UNKNOWN_TRIPS,
            };
            block_cost(&loop_.body, constants).saturating_add(300).saturating_mul(trips).saturating_add(1_000)
        }
        Stmt::Nest(nest) => block_cost(&nest.body, constants).saturating_mul(UNKNOWN_TRIPS),
        Stmt::While(loop_) => block_cost(&loop_.header, constants)
            .saturating_add(block_cost(&loop_.body, constants))
            .saturating_add(500)
            .saturating_mul(UNKNOWN_TRIPS),
        Stmt::Scope { body, .. } => block_cost(body, constants),
        Stmt::Alloc { .. } | Stmt::Release(_) => 20_000,
        Stmt::Call(_) => 20_000,
        Stmt::Run(run) => run.cost.saturating_mul(UNKNOWN_TRIPS),
        Stmt::Retain(_) => 1_000,
        Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return(_) | Stmt::Fault { .. } | Stmt::Poll => 0,
    }
}

fn op_cost(op: &Op) -> u64 {
    match op {
        Op::Const(_) | Op::Get(_) => 0,
        Op::Load { .. } => 400,
        Op::Unary(unary, _) => {
            if *unary == Unary::Sqrt {
                2_000
            } else {
                200
            }
        }
        Op::Binary(binary, ..) => match binary {
            Binary::Div => 1_500,
            Binary::FloorDiv | Binary::Mod => 6_000,
            Binary::Fmod | Binary::Pow => 20_000,
            Binary::Add
            | Binary::Sub
            | Binary::Mul
            | Binary::And
            | Binary::Or
            | Binary::Xor
            | Binary::Shl
            | Binary::Shr
            | Binary::Min
            | Binary::Max
            | Binary::Minimum
            | Binary::Maximum
            | Binary::CopySign
            | Binary::MulHigh => 200,
        },
        Op::Fma(..) => 300,
        Op::Compare(..) | Op::Cast(_) | Op::Select { .. } | Op::Wrap { .. } | Op::Any(_) => 200,
        Op::Disjoint(..) => 10_000,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;

    fn check(module: &Module, runs: &[Vec<Argument>], options: Options) -> Module {
        let mut after = module.clone();
        outline(&mut after, &options, &mut vec![]);
        for arguments in runs {
            assert_eq!(run(&after, arguments), run(module, arguments), "{arguments:?}\n{after}");
        }
        after
    }

    fn runs(module: &Module) -> Vec<Run> {
        let mut runs = vec![];
        for (_, function) in &module.functions {
            walk(&function.body, &mut |stmt| {
                if let Stmt::Run(run) = stmt {
                    runs.push((**run).clone());
                }
            });
        }
        runs
    }

    #[test]
    fn a_parallel_loop_becomes_a_body() {
        let module = axpy(Mode::Parallel { when: None });
        let arguments = |n| vec![Argument::Float(2.0), floats(&[n]), floats(&[n])];
        let faulty = vec![Argument::Float(2.0), floats(&[2]), floats(&[3])];
        let all = [arguments(0), arguments(5), arguments(300), faulty];
        let after = check(&module, &all, Options::default());
        let [run] = &runs(&after)[..] else { panic!("{after}") };
        assert_eq!(run.parallel, Parallel::Always);
        assert!(run.cost > 1_000 && run.cost < 10_000, "{}", run.cost);
        let serial = check(&module, &all, Options { parallel: false, ..Options::default() });
        assert!(runs(&serial).is_empty());
        assert_eq!(serial.functions.len(), 1);
    }

    #[test]
    fn reductions_always_become_bodies() {
        for mode in [Mode::Serial, Mode::Parallel { when: None }] {
            for parallel in [false, true] {
                let options = Options { parallel, ..Options::default() };
                let sizes = [0, 1, 7, 8, 127, 128, 129, 1000].map(|n| vec![floats(&[n]), floats(&[1])]);
                let after = check(&squares(mode), &sizes, options);
                let [run] = &runs(&after)[..] else { panic!("{after}") };
                let may = parallel && mode != Mode::Serial;
                assert_eq!(run.parallel, if may { Parallel::Always } else { Parallel::Never });
            }
        }
    }

    /// A reduction inside a parallel loop, variables carried in and private ones.
    #[test]
    fn nested_loops_and_variables() {
        let mut b = Builder::new();
        let (x, y) = (b.array(Dtype::F64, 2, "x"), b.array(Dtype::F64, 1, "y"));
        let (zero, n, m) = (b.int(0), b.extent(x, 0), b.extent(x, 1));
        let names = ["scale", "row", "last"];
        let [scale, row, last] = names.map(|name| b.f.var(Dtype::F64, name));
        let three = b.float(3.0);
        b.set(scale, three);
        b.set(last, three);
        b.prange(zero, n, |b, i| {
            let start = b.float(0.0);
            b.set(row, start);
            let mode = Mode::Parallel { when: None };
            b.loop_(zero, m, mode, &[(row, crate::base::ReduceOp::Add)], |b, j| {
                let (old, value) = (b.get(row), b.load(x, &[i, j]));
                let new = b.add(old, value);
                b.set(row, new);
            });
            b.prange(zero, m, |b, j| {
                let value = b.load(x, &[i, j]);
                b.set(last, value);
            });
            let (sum, factor, end) = (b.get(row), b.get(scale), b.get(last));
            let product = b.mul(sum, factor);
            let result = b.add(product, end);
            b.store(y, &[i], result);
        });
        let shapes = [[3, 4], [2, 200], [3, 0]].map(|[n, m]| vec![floats(&[n, m]), floats(&[n])]);
        let after = check(&b.module(), &shapes, Options::default());
        let kinds: Vec<Parallel> = runs(&after).iter().map(|run| run.parallel).collect();
        assert_eq!(kinds, [Parallel::Always, Parallel::Never]);
    }
}
