//! Marks innermost loops whose iterations can run in lanes.
//!
//! ```text
//! for i in 0..n:                               lanes(8) i in 0..n:
//!     store y[i], a * load x[i]        →           store y[i], a * load x[i]
//! ```
//!
//! The number of logical lanes, [`LANES`], is that of the accumulators of `base::tree`; it is part of the loop and not
//! of the machine. What a lanes loop promises to `emit`: its body is a list of `Let`, `Set` and `Store`, one float
//! dtype F is all it computes with, and every value of it is
//!
//! - *uniform*: computed from values outside, the same for all lanes; any operation;
//! - *linear*: the index, or an i64 `linear ± uniform`, `uniform + linear`; used as a last subscript, or cast to F;
//! - *varying*: F or bool; see [`Judge::varying`] for the operations.
//!
//! Subscripts are uniform, but for the last, which may be linear on an axis with the constant stride of one element;
//! a store's is. Variables that the body sets are reductions, or are set before they are read and not read outside. Running
//! each statement for all lanes before the next gives the same memory ([`lockstep_safe`]).
//!
//! Conservative: no branches, no checks, no integer data, no gathers.
//!
//! Needs: `bounds` and `hoist` for a body without checks and invariants, `outline` before it. Leaves the order of
//! statements alone.

use super::ranges::Ranges;
use super::{Options, Remark};
use crate::base::{Binary, Compare, Dtype, Span, Unary, tree};
use crate::loops::depend::lockstep_safe;
use crate::loops::facts::Facts;
use crate::loops::visit::{walk, walk_mut};
use crate::loops::{Array, Block, For, Function, Mode, Module, Op, Stmt, Value, Var};
use std::collections::{BTreeMap, HashMap, HashSet};

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
        remarks.push(match outcome {
            Ok(()) => Remark::done("vectorize", span, format!("vectorised: {LANES} lanes")),
            Err(reason) => Remark::missed("vectorize", span, format!("not vectorised: {reason}")),
        });
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
        has_loop |= inside || matches!(stmt, Stmt::While(_) | Stmt::Run(_));
    }
    !has_loop
}

/// How a value differs between lanes. What comes from outside the loop is uniform.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Uniform,
    Linear,
    Varying,
}

struct Judge<'a> {
    function: &'a Function,
    ranges: &'a Ranges,
    loop_: &'a For,
    shapes: HashMap<Value, Shape>,
    /// Variables that this iteration has set so far.
    set: HashSet<Var>,
    /// The dtype of all floats that vary.
    float: Option<Dtype>,
    stores: usize,
}

impl<'a> Judge<'a> {
    fn new(function: &'a Function, ranges: &'a Ranges, loop_: &'a For) -> Judge<'a> {
        let shapes = HashMap::from([(loop_.index, Shape::Linear)]);
        Judge { function, ranges, loop_, shapes, set: HashSet::new(), float: None, stores: 0 }
    }

    fn judge(mut self) -> Result<(), Reason> {
        for reduction in &self.loop_.reductions {
            self.float(self.function.vars[reduction.var].dtype)?;
        }
        for stmt in &self.loop_.body {
            self.stmt(stmt)?;
        }
        if self.stores == 0 && self.loop_.reductions.is_empty() {
            return Err("it stores nothing".into());
        }
        match self.float {
            Some(_) => Ok(()),
            None => Err("it computes nothing".into()),
        }
    }

    fn shape(&self, value: Value) -> Shape {
        self.shapes.get(&value).copied().unwrap_or(Shape::Uniform)
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<(), Reason> {
        match stmt {
            Stmt::Let(value, op) => {
                let shape = self.op(*value, op)?;
                self.shapes.insert(*value, shape);
                match shape {
                    Shape::Varying => self.data(self.function.values[*value].dtype),
                    Shape::Uniform | Shape::Linear => Ok(()),
                }
            }
            Stmt::Store(store) => {
                self.stores += 1;
                self.not_linear(store.value)?;
                self.float(self.function.arrays[store.array].dtype)?;
                match self.access(store.array, &store.indices)? {
                    Shape::Uniform => Err("it stores to one element again and again".into()),
                    Shape::Linear | Shape::Varying => Ok(()),
                }
            }
            Stmt::Set(var, value) => {
                self.not_linear(*value)?;
                self.set.insert(*var);
                self.private(*var)?;
                self.data(self.function.vars[*var].dtype)
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

    fn op(&self, value: Value, op: &Op) -> Result<Shape, Reason> {
        match op {
            Op::Get(var) => return self.get(*var),
            Op::Load { array, indices } => {
                let shape = self.access(*array, indices)?;
                // A load of anything but floats cannot move.
                let dtype = self.function.arrays[*array].dtype;
                let fits = shape == Shape::Uniform || dtype.is_float();
                return if fits { Ok(shape) } else { Err(format!("it loads {dtype}")) };
            }
            Op::Disjoint(..) => return Err("it compares arrays".into()),
            Op::Binary(Binary::Add, a, b) if self.is_moved(value, *a, *b) || self.is_moved(value, *b, *a) => {
                return Ok(Shape::Linear);
            }
            Op::Binary(Binary::Sub, a, b) if self.is_moved(value, *a, *b) => return Ok(Shape::Linear),
            _ => {}
        }
        let mut shape = Shape::Uniform;
        let mut linear = false;
        op.for_each_operand(|operand| {
            shape = shape.max(self.shape(operand));
            linear |= self.shape(operand) == Shape::Linear;
        });
        match op {
            _ if shape == Shape::Uniform => Ok(Shape::Uniform),
            Op::Cast(_) if linear && self.function.values[value].dtype.is_float() => Ok(Shape::Varying),
            _ if linear => Err("it computes with the index".into()),
            _ => self.varying(value, op).map(|()| Shape::Varying),
        }
    }

    /// Whether `linear ∘ by` is linear: i64, by a uniform amount.
    fn is_moved(&self, value: Value, linear: Value, by: Value) -> bool {
        self.function.values[value].dtype == Dtype::I64
            && self.shape(linear) == Shape::Linear
            && self.shape(by) == Shape::Uniform
    }

    fn get(&self, var: Var) -> Result<Shape, Reason> {
        let is_set = self.loop_.body.iter().any(|stmt| matches!(stmt, Stmt::Set(set, _) if *set == var));
        let reduces = self.loop_.reductions.iter().any(|reduction| reduction.var == var);
        if is_set && !reduces && !self.set.contains(&var) {
            let name = Some(&self.function.vars[var].name).filter(|name| !name.is_empty());
            let name = name.map_or("a value", |name| name.as_str());
            return Err(format!("{name} is carried from one iteration to the next"));
        }
        Ok(if is_set || reduces { Shape::Varying } else { Shape::Uniform })
    }

    /// A variable that the loop sets must be its own, or one that it reduces.
    fn private(&self, var: Var) -> Result<(), Reason> {
        let gets = |block: &Block| {
            let mut gets = 0;
            walk(block, &mut |stmt| {
                gets += matches!(stmt, Stmt::Let(_, Op::Get(read)) if *read == var) as usize;
            });
            gets
        };
        let reduces = self.loop_.reductions.iter().any(|reduction| reduction.var == var);
        if reduces || gets(&self.function.body) == gets(&self.loop_.body) {
            return Ok(());
        }
        Err(format!("{} is read after it", self.function.vars[var].name))
    }

    /// Whether the operation has a form for lanes; operands are F or bool.
    fn varying(&self, value: Value, op: &Op) -> Result<(), Reason> {
        let dtype = self.function.values[value].dtype;
        let of = |value: Value| self.function.values[value].dtype;
        let (fits, name) = match op {
            Op::Unary(unary, _) => (unary_has_lanes(*unary), unary.name()),
            Op::Binary(binary, ..) => (binary_has_lanes(*binary, dtype), binary.name()),
            Op::Compare(compare, a, _) => {
                let equality = matches!(compare, Compare::Eq | Compare::Ne);
                (of(*a).is_float() || of(*a) == Dtype::Bool && equality, "this comparison")
            }
            Op::Cast(a) => {
                let fits =
                    |dtype: Dtype| dtype == Dtype::Bool || self.float.is_none_or(|float| float == dtype);
                (fits(of(*a)) && fits(dtype), "this conversion")
            }
            Op::Select { .. } | Op::Fma(..) | Op::Const(_) => (true, ""),
            Op::Wrap { .. } => (false, "an index that may be negative"),
            Op::Any(_) => (false, "any"),
            Op::Get(_) | Op::Load { .. } | Op::Disjoint(..) => unreachable!("judged before"),
        };
        if fits { Ok(()) } else { Err(format!("{name} does not run in lanes")) }
    }

    fn not_linear(&self, value: Value) -> Result<(), Reason> {
        match self.shape(value) {
            Shape::Linear => Err("it computes with the index".into()),
            Shape::Uniform | Shape::Varying => Ok(()),
        }
    }

    /// Varying data is bool, or of the one float dtype.
    fn data(&mut self, dtype: Dtype) -> Result<(), Reason> {
        if dtype == Dtype::Bool { Ok(()) } else { self.float(dtype) }
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

    /// Uniform where all lanes access one element, varying where neighbours access neighbours.
    fn access(&self, array: Array, indices: &[Value]) -> Result<Shape, Reason> {
        let data = &self.function.arrays[array];
        if data.components().any(|value| self.shapes.contains_key(&value)) {
            return Err("it makes views".into());
        }
        let Some((&last, others)) = indices.split_last() else { return Ok(Shape::Uniform) };
        if others.iter().any(|&index| self.shape(index) != Shape::Uniform) {
            return Err(format!("it does not walk along the last axis{}", of(&data.name)));
        }
        let stride = data.strides.last().and_then(|&stride| self.ranges.op(stride));
        match self.shape(last) {
            Shape::Uniform => Ok(Shape::Uniform),
            Shape::Varying => Err(format!("an index{} is data", of(&data.name))),
            Shape::Linear => match stride {
                Some(Op::Const(stride)) if stride.as_i64() == data.dtype.size() as i64 => Ok(Shape::Varying),
                _ => Err(format!("the elements{} are not known to be neighbours", of(&data.name))),
            },
        }
    }
}

fn of(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" of {name}") }
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
        | Unary::Not
        | Unary::Invert
        | Unary::IsNan
        | Unary::IsInf
        | Unary::IsFinite
        | Unary::SignBit => true,
        Unary::Bits | Unary::FromBits => false,
    }
}

fn binary_has_lanes(binary: Binary, dtype: Dtype) -> bool {
    let bool = dtype == Dtype::Bool;
    match binary {
        Binary::Add | Binary::Mul | Binary::Min | Binary::Max | Binary::Minimum | Binary::Maximum => {
            bool || dtype.is_float()
        }
        Binary::Sub | Binary::Div | Binary::CopySign => dtype.is_float(),
        Binary::And | Binary::Or | Binary::Xor => bool,
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
        let said = remarks.iter().filter(|remark| remark.message().starts_with("vectorised")).count();
        assert!(lanes >= said, "{after}");
        remarks.into_iter().map(|remark| remark.message()).collect()
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
    fn the_index_is_data_after_a_cast() {
        let module = over(|b, [_, _, z], i| {
            let next = b.plus(i, 1);
            let u = b.op(Dtype::F64, Op::Cast(next));
            b.store(z, &[i], u);
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
        assert_eq!(remarks(&strided, &big), ["not vectorised: it computes with the index"]);
        let powers = over(|b, [_, y, z], i| {
            let (u, v) = (b.load(y, &[i]), b.load(z, &[i]));
            let rest = b.binary(Binary::Fmod, u, v);
            b.store(z, &[i], rest);
        });
        assert_eq!(remarks(&powers, &sizes()), ["not vectorised: fmod does not run in lanes"]);
        let carries = [vec![Argument::Int(3), floats(&[3, 3]), floats(&[3])]];
        let reason = "not vectorised: it does not walk along the last axis of x";
        assert_eq!(remarks(&bodies(), &carries), [reason]);
    }
}
