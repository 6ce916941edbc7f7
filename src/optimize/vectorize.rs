//! Marks innermost loops whose iterations can run in lanes.
//!
//! ```text
//! for i in 0..n:                               lanes(8) i in 0..n:
//!     store y[i], a * load x[i]        →           store y[i], a * load x[i]
//! ```
//!
//! The number of logical lanes, [`LANES`], is that of the accumulators of `base::tree`; it is part of the loop and not
//! of the machine. What a lanes loop promises to `emit`:
//!
//! - the body is a list of `Let`, `Store` and, for reductions, one `set r, op(get r, value)` each;
//! - float values all have one dtype, f32 or f64; bools come from comparisons and feed selects and logic;
//! - each load either does not depend on the index, or its last subscript moves with it by 1 on a last axis with
//!   the constant stride of one element, while its other subscripts do not change; stores are of the second kind;
//! - i64 values only make subscripts: computed for the first lane they serve all;
//! - running each statement for all lanes before the next gives the same memory ([`lockstep_safe`]).
//!
//! Conservative: no branches (`simplify` turns small ones into selects), no conversions, no checks, no integer data.
//!
//! Needs: `bounds` and `hoist` for a body without checks and invariants, `outline` before it. Leaves the order of
//! statements alone.

use super::ranges::{Affine, Ranges, defined_in};
use super::{Options, Remark};
use crate::base::{Binary, Dtype, ReduceOp, Span, Unary, tree};
use crate::loops::depend::lockstep_safe;
use crate::loops::facts::Facts;
use crate::loops::visit::walk_mut;
use crate::loops::{Array, For, Function, Mode, Module, Op, Stmt, Value, Var};
use std::collections::{BTreeMap, HashSet};

/// Iterations per group.
pub const LANES: u32 = tree::ACCUMULATORS as u32;

/// Why a loop stays scalar; completes "not vectorised: ".
type Reason = String;

pub fn vectorize(module: &mut Module, options: &Options, remarks: &mut Vec<Remark>) {
    if !options.lanes {
        return;
    }
    let mut outcomes = BTreeMap::new();
    for (_, function) in module.functions.iter_mut() {
        let chosen = choose(function, &mut outcomes);
        walk_mut(&mut function.body, &mut |stmt| {
            if let Stmt::For(loop_) = stmt
                && chosen.contains(&loop_.index)
            {
                loop_.mode = Mode::Lanes(LANES);
            }
        });
    }
    for (span, outcome) in outcomes {
        let message = match outcome {
            Ok(()) => format!("vectorised: {LANES} lanes"),
            Err(reason) => format!("not vectorised: {reason}"),
        };
        remarks.push(Remark { pass: "vectorize", span, message });
    }
}

/// The indices of the loops that may run in lanes. Of several versions of a source loop, one success counts.
fn choose(function: &Function, outcomes: &mut BTreeMap<Span, Result<(), Reason>>) -> HashSet<Value> {
    let mut innermost = vec![];
    collect_innermost(&function.body, &mut innermost);
    if innermost.is_empty() {
        return HashSet::new();
    }
    let (ranges, facts) = (Ranges::new(function), Facts::new(function));
    let mut chosen = HashSet::new();
    for loop_ in innermost {
        let outcome = Judge::new(function, &ranges, loop_).judge().and_then(|()| {
            if lockstep_safe(&facts, loop_.index, LANES as i64) {
                Ok(())
            } else {
                Err("iterations may touch the same element".into())
            }
        });
        match outcome {
            Ok(()) => {
                chosen.insert(loop_.index);
                outcomes.insert(loop_.span, Ok(()));
            }
            Err(reason) => {
                outcomes.entry(loop_.span).or_insert(Err(reason));
            }
        }
    }
    chosen
}

/// Serial loops without loops inside. Whether one is innermost: whether `block` holds no loop.
fn collect_innermost<'f>(block: &'f [Stmt], found: &mut Vec<&'f For>) -> bool {
    let mut has_loop = false;
    for stmt in block {
        let mut inside = false;
        for inner in stmt.blocks() {
            inside |= !collect_innermost(inner, found);
        }
        if let Stmt::For(loop_) = stmt {
            if !inside && loop_.mode == Mode::Serial {
                found.push(loop_);
            }
            inside = true;
        }
        has_loop |= inside || matches!(stmt, Stmt::While(_));
    }
    !has_loop
}

struct Judge<'a> {
    function: &'a Function,
    ranges: &'a Ranges,
    loop_: &'a For,
    inside: HashSet<Value>,
    /// The dtype of all float values so far.
    float: Option<Dtype>,
    /// i64 values of the body: they may make subscripts and nothing else.
    addresses: HashSet<Value>,
    stores: usize,
}

impl<'a> Judge<'a> {
    fn new(function: &'a Function, ranges: &'a Ranges, loop_: &'a For) -> Judge<'a> {
        let mut inside = defined_in(function, &loop_.body);
        inside.insert(loop_.index);
        let addresses = HashSet::from([loop_.index]);
        Judge { function, ranges, loop_, inside, float: None, addresses, stores: 0 }
    }

    fn judge(mut self) -> Result<(), Reason> {
        for stmt in &self.loop_.body {
            self.stmt(stmt)?;
        }
        for reduction in &self.loop_.reductions {
            self.reduction(reduction.var, reduction.op)?;
        }
        if self.stores == 0 && self.loop_.reductions.is_empty() {
            return Err("it stores nothing".into());
        }
        Ok(())
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<(), Reason> {
        match stmt {
            Stmt::Let(value, op) => self.define(*value, op),
            Stmt::Store(store) => {
                self.stores += 1;
                self.data(store.value)?;
                self.float(self.function.arrays[store.array].dtype)?;
                match self.movement(store.array, &store.indices)? {
                    Movement::Unit => Ok(()),
                    Movement::None => Err("it stores to one element again and again".into()),
                }
            }
            Stmt::Set(var, value) => {
                self.data(*value)?;
                self.reduces(*var)
            }
            Stmt::Check(_) => Err("a check remains in it".into()),
            Stmt::If(_) => Err("it branches".into()),
            Stmt::Scope { .. } | Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return(_) => {
                Err("it can be left early".into())
            }
            Stmt::Call(_) | Stmt::Run(_) => Err("it calls a function".into()),
            Stmt::Alloc { .. } | Stmt::Retain(_) | Stmt::Release(_) => Err("it makes or frees arrays".into()),
            Stmt::Fault { .. } => Err("it raises".into()),
            Stmt::For(_) | Stmt::Nest(_) | Stmt::While(_) => Err("it contains a loop".into()),
            Stmt::Poll => Err("it polls".into()),
        }
    }

    fn define(&mut self, value: Value, op: &Op) -> Result<(), Reason> {
        let dtype = self.function.values[value].dtype;
        if dtype == Dtype::I64 && is_address(op) && self.is_subscript(value, op) {
            return Ok(());
        }
        match op {
            Op::Get(var) => self.reduces(*var)?,
            Op::Load { array, indices } => {
                self.movement(*array, indices)?;
            }
            Op::Const(_) | Op::Fma(..) => {}
            Op::Unary(unary, _) => require(unary_has_lanes(*unary), unary.name())?,
            Op::Binary(binary, ..) => require(binary_has_lanes(*binary, dtype), binary.name())?,
            Op::Compare(_, a, _) => self.float(self.function.values[*a].dtype)?,
            Op::Select { .. } => {}
            Op::Cast(_) => return Err("it converts between dtypes".into()),
            Op::Wrap { .. } => return Err("an index may be negative".into()),
            Op::Disjoint(..) => return Err("it compares arrays".into()),
        }
        if dtype != Dtype::Bool || matches!(op, Op::Load { .. }) {
            self.float(dtype)?;
        }
        if matches!(op, Op::Load { .. }) {
            return Ok(());
        }
        let mut operands = vec![];
        op.for_each_operand(|operand| operands.push(operand));
        operands.into_iter().try_for_each(|operand| self.data(operand))
    }

    /// Notes `value` as a subscript if it is computed from subscripts and from outside values.
    fn is_subscript(&mut self, value: Value, op: &Op) -> bool {
        let mut from_subscripts = true;
        op.for_each_operand(|operand| {
            from_subscripts &= self.addresses.contains(&operand) || !self.inside.contains(&operand);
        });
        from_subscripts && self.addresses.insert(value)
    }

    /// An operand that lanes compute with: a float of the loop's dtype, or a bool.
    fn data(&mut self, value: Value) -> Result<(), Reason> {
        if self.addresses.contains(&value) {
            return Err("it computes with an integer".into());
        }
        match self.function.values[value].dtype {
            Dtype::Bool => Ok(()),
            dtype => self.float(dtype),
        }
    }

    fn float(&mut self, dtype: Dtype) -> Result<(), Reason> {
        if !dtype.is_float() {
            return Err(format!("it computes with {dtype}"));
        }
        match self.float.replace(dtype) {
            Some(other) if other != dtype => Err(format!("it mixes {other} and {dtype}")),
            _ => Ok(()),
        }
    }

    fn movement(&self, array: Array, indices: &[Value]) -> Result<Movement, Reason> {
        let data = &self.function.arrays[array];
        if data.components().any(|value| self.inside.contains(&value)) {
            return Err("it makes views".into());
        }
        let Some((last, others)) = indices.split_last() else { return Ok(Movement::None) };
        let forms: Vec<Affine> = others.iter().map(|&index| self.ranges.affine(index)).collect();
        if forms.iter().any(|form| form.terms().iter().any(|term| self.inside.contains(&term.0))) {
            return Err(format!("it does not walk along the last axis{}", of(&data.name)));
        }
        let form = self.ranges.affine(*last);
        let step = form.coefficient(self.loop_.index);
        let rest = form.plus(-step, &Affine::value(self.loop_.index));
        if rest.terms().iter().any(|term| self.inside.contains(&term.0)) {
            return Err(format!("an index{} is not a plain sum", of(&data.name)));
        }
        let stride = data.strides.last().and_then(|&stride| self.ranges.affine(stride).as_constant());
        match step {
            0 => Ok(Movement::None),
            1 if stride == Some(data.dtype.size() as i128) => Ok(Movement::Unit),
            1 => Err(format!("the elements{} are not known to be neighbours", of(&data.name))),
            _ => Err(format!("it skips elements{}", of(&data.name))),
        }
    }

    fn reduces(&self, var: Var) -> Result<(), Reason> {
        if self.loop_.reductions.iter().any(|reduction| reduction.var == var) {
            return Ok(());
        }
        let name = &self.function.vars[var].name;
        Err(match name.as_str() {
            "" => "a value is carried from one iteration to the next".into(),
            name => format!("{name} is carried from one iteration to the next"),
        })
    }

    /// Exactly one `get`, used by the one operation whose result is `set`.
    fn reduction(&mut self, var: Var, op: ReduceOp) -> Result<(), Reason> {
        let has_lanes = match op {
            ReduceOp::Add
            | ReduceOp::Mul
            | ReduceOp::Min
            | ReduceOp::Max
            | ReduceOp::Minimum
            | ReduceOp::Maximum => true,
            ReduceOp::And | ReduceOp::Or | ReduceOp::Xor => false,
        };
        require(has_lanes, op.binary().name())?;
        self.float(self.function.vars[var].dtype)?;
        let (mut gets, mut sets, mut uses) = (vec![], vec![], 0);
        for stmt in &self.loop_.body {
            match stmt {
                Stmt::Let(value, Op::Get(read)) if *read == var => gets.push(*value),
                Stmt::Set(written, value) if *written == var => sets.push(*value),
                _ => {}
            }
            stmt.for_each_operand(|operand| uses += gets.contains(&operand) as usize);
        }
        let updates = |value: Value, get: Value| {
            matches!(self.ranges.op(value), Some(&Op::Binary(binary, a, b))
                if binary == op.binary() && (a == get || b == get))
        };
        match (&gets[..], &sets[..]) {
            (&[get], &[value]) if uses == 1 && updates(value, get) => Ok(()),
            _ => Err("it updates its sum in several places".into()),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Movement {
    /// The same element in all iterations.
    None,
    /// The next element in the next iteration.
    Unit,
}

fn of(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" of {name}") }
}

fn require(has_lanes: bool, name: &str) -> Result<(), Reason> {
    if has_lanes { Ok(()) } else { Err(format!("{name} does not run in lanes")) }
}

/// Whether an i64 operation may serve to make subscripts.
fn is_address(op: &Op) -> bool {
    matches!(
        op,
        Op::Const(_) | Op::Binary(Binary::Add | Binary::Sub | Binary::Mul, ..) | Op::Unary(Unary::Neg, _)
    )
}

fn unary_has_lanes(unary: Unary) -> bool {
    match unary {
        Unary::Neg
        | Unary::Abs
        | Unary::Sqrt
        | Unary::Floor
        | Unary::Ceil
        | Unary::Trunc
        | Unary::Rint
        | Unary::Not => true,
        Unary::Invert
        | Unary::Bits
        | Unary::FromBits
        | Unary::IsNan
        | Unary::IsInf
        | Unary::IsFinite
        | Unary::SignBit => false,
    }
}

fn binary_has_lanes(binary: Binary, dtype: Dtype) -> bool {
    match binary {
        Binary::Add
        | Binary::Sub
        | Binary::Mul
        | Binary::Div
        | Binary::Min
        | Binary::Max
        | Binary::Minimum
        | Binary::Maximum
        | Binary::CopySign => dtype.is_float(),
        Binary::And | Binary::Or | Binary::Xor => dtype == Dtype::Bool,
        Binary::FloorDiv
        | Binary::Mod
        | Binary::Fmod
        | Binary::Pow
        | Binary::Shl
        | Binary::Shr
        | Binary::MulHigh => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::super::{bounds::bounds, hoist::hoist, outline::outline};
    use super::*;
    use crate::base::Compare;

    /// The remarks of `vectorize` after the passes that it needs.
    fn remarks(module: &Module, runs: &[Vec<Argument>]) -> Vec<String> {
        let (mut after, options, mut remarks) = (module.clone(), Options::default(), vec![]);
        bounds(&mut after, &options, &mut vec![]);
        hoist(&mut after, &options, &mut vec![]);
        outline(&mut after, &options, &mut vec![]);
        vectorize(&mut after, &options, &mut remarks);
        for arguments in runs {
            assert_eq!(run(&after, arguments), run(module, arguments), "{arguments:?}\n{after}");
        }
        let lanes = count(&after, |stmt| matches!(stmt, Stmt::For(l) if l.mode == Mode::Lanes(LANES)));
        let said = remarks.iter().filter(|remark| remark.message.starts_with("vectorised")).count();
        assert!(lanes >= said, "{after}");
        remarks.into_iter().map(|remark| remark.message).collect()
    }

    /// A loop over a vector, its body made by `fill` from two other vectors.
    fn over(fill: impl FnOnce(&mut Builder, [Array; 3], Value)) -> Module {
        let mut b = Builder::new();
        let names = ["x", "y", "z"];
        let arrays = names.map(|name| b.array(Dtype::F64, 1, name));
        let (zero, n) = (b.int(0), b.extent(arrays[2], 0));
        b.for_(zero, n, |b, i| fill(b, arrays, i));
        b.module()
    }

    fn sizes() -> Vec<Vec<Argument>> {
        [0, 1, 7, 8, 9, 100].map(|n| vec![floats(&[n]), floats(&[n]), floats(&[n])]).to_vec()
    }

    #[test]
    fn maps_and_reductions_run_in_lanes() {
        let arguments = vec![vec![Argument::Float(2.0), floats(&[20]), floats(&[20])]];
        assert_eq!(remarks(&axpy(Mode::Serial), &arguments), ["vectorised: 8 lanes"]);
        assert_eq!(remarks(&axpy(Mode::Parallel { when: None }), &arguments), ["vectorised: 8 lanes"]);
        let sums = [vec![floats(&[300]), floats(&[1])]];
        assert_eq!(remarks(&squares(Mode::Serial), &sums), ["vectorised: 8 lanes"]);
        let shape = vec![vec![floats(&[4, 30]), floats(&[4, 30])]];
        assert_eq!(remarks(&jacobi(), &shape), ["vectorised: 8 lanes"]);
    }

    #[test]
    fn selects_run_in_lanes() {
        let module = over(|b, [x, y, z], i| {
            let (u, v) = (b.load(x, &[i]), b.load(y, &[i]));
            let condition = b.compare(Compare::Lt, u, v);
            let least = b.op(Dtype::F64, Op::Select { condition, then: u, otherwise: v });
            b.store(z, &[i], least);
        });
        assert_eq!(remarks(&module, &sizes()), ["vectorised: 8 lanes"]);
    }

    #[test]
    fn carried_elements_do_not() {
        let module = over(|b, [x, _, z], i| {
            let before = b.plus(i, -1);
            let (u, old) = (b.load(x, &[i]), b.load(z, &[before]));
            let sum = b.add(u, old);
            b.store(z, &[i], sum);
        });
        let [remark] = &remarks(&module, &sizes())[..] else { panic!("one loop") };
        assert!(remark.starts_with("not vectorised"), "{remark}");
    }

    #[test]
    fn reasons_name_what_stands_in_the_way() {
        let strided = over(|b, [x, _, z], i| {
            let twice = b.add(i, i);
            let u = b.load(x, &[twice]);
            b.store(z, &[i], u);
        });
        let big = [vec![floats(&[20]), floats(&[10]), floats(&[10])]];
        assert_eq!(remarks(&strided, &big), ["not vectorised: it skips elements of x"]);
        let converts = over(|b, [_, _, z], i| {
            let u = b.op(Dtype::F64, Op::Cast(i));
            b.store(z, &[i], u);
        });
        assert_eq!(remarks(&converts, &sizes()), ["not vectorised: it converts between dtypes"]);
        let carries = [vec![Argument::Int(3), floats(&[3, 3]), floats(&[3])]];
        let reason = "not vectorised: it does not walk along the last axis of x";
        assert_eq!(remarks(&bodies(), &carries), [reason]);
    }
}
