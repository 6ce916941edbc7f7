//! Loops in lanes: what their bodies may contain, and how a value differs between lanes. This is all that an emitter of lanes needs
//! to know, whatever its registers are.
//!
//! A loop in mode [`Mode::Lanes`] runs groups of that many consecutive iterations in lockstep: each statement for all lanes of the group
//! before the next. What remains at the end runs as groups of one lane, by the same body. Every value of the body is
//!
//! | shape | the lanes hold | kept as |
//! |---|---|---|
//! | uniform | the same | one scalar |
//! | linear | an i64 that grows by a constant from lane to lane | the scalar of the first lane |
//! | varying | whatever they computed | registers |
//!
//! # What a body contains
//!
//! | statement | runs |
//! |---|---|
//! | `let`, `set`, `store` | in all lanes; indices are in bounds in all lanes. [`Op::Any`] is uniform |
//! | `if`, `while`, `for`, `scope`, `break`, `continue`, `poll` | where the conditions and bounds are uniform: once for the group |
//! | `if` of a varying condition | lane after lane, as scalar code: anything that a serial loop may contain but jumps out of it |
//! | `check` | where the condition is uniform |
//!
//! Variables that the body sets are reductions of the loop, or each iteration sets them before it reads them and nothing reads them
//! afterwards. A variable is uniform if all that is ever set to it is. Iterations do not depend on one another, so an emitter may run
//! any part of a group before the rest of it.
//!
//! # Operations
//!
//! Those for which [`has_lanes`] is false run lane by lane, between registers.

use super::*;
use std::collections::{HashMap, HashSet};

/// Completes "not vectorised: ".
pub type Reason = String;

/// How a value differs between the lanes of a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Shape {
    #[default]
    Uniform,
    /// An i64 that is larger by this much in the next lane; not 0.
    Linear(i64),
    Varying,
}

/// Where the lanes of a load or store go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pattern {
    /// To one element.
    Uniform,
    /// Each so many bytes behind the one before.
    Stride(i64),
    /// Each a number of bytes behind the one before that is known at run time: the sum of the strides of the axes with linear
    /// subscripts, times how much these grow.
    RuntimeStride,
    /// Anywhere.
    Scattered,
}

/// The shapes in a loop.
pub struct Plan {
    shapes: HashMap<Value, Shape>,
    varying: HashSet<Var>,
    /// Whether all that varies has 64 bits.
    pub wide_only: bool,
    /// Whether nothing that varies has 64 bits.
    pub narrow_only: bool,
    /// Whether more masks come from 64-bit comparisons than from others.
    pub wide_masks: bool,
}

impl Plan {
    /// The shapes of the values in the body of `loop_`, or what the body must not contain. `constant` knows the values of i64 constants
    /// that are defined outside.
    ///
    /// Time: the size of the body times the depth of chains of variables that turn out to vary.
    pub fn new(
        function: &Function,
        loop_: &For,
        constant: &dyn Fn(Value) -> Option<i64>,
    ) -> Result<Plan, Reason> {
        let varying: HashSet<Var> = loop_.reductions.iter().map(|reduction| reduction.var).collect();
        let mut planner = Planner {
            function,
            constant,
            constants: HashMap::new(),
            shapes: HashMap::new(),
            varying,
            grown: true,
            widths: Widths::default(),
        };
        while std::mem::take(&mut planner.grown) {
            planner.shapes = HashMap::from([(loop_.index, Shape::Linear(1))]);
            planner.widths = Widths::default();
            for reduction in &loop_.reductions {
                planner.widths.note(function.vars[reduction.var].dtype);
            }
            planner.block(&loop_.body)?;
        }
        let Planner { shapes, varying, widths, .. } = planner;
        Ok(Plan {
            shapes,
            varying,
            wide_only: widths.narrow == 0,
            narrow_only: widths.wide == 0,
            wide_masks: widths.wide_comparisons >= widths.narrow_comparisons,
        })
    }

    pub fn shape(&self, value: Value) -> Shape {
        self.shapes.get(&value).copied().unwrap_or_default()
    }

    /// Whether lanes have values of their own of the variable.
    pub fn varies(&self, var: Var) -> bool {
        self.varying.contains(&var)
    }

    /// How the lanes of an access lie.
    pub fn pattern(
        &self,
        function: &Function,
        constant: &dyn Fn(Value) -> Option<i64>,
        array: Array,
        indices: &[Value],
    ) -> Pattern {
        pattern(function, &|value| self.shape(value), constant, array, indices)
    }

    /// How much a linear value grows from lane to lane; 0 for a uniform one.
    pub fn growth(&self, value: Value) -> i64 {
        match self.shape(value) {
            Shape::Linear(by) => by,
            Shape::Uniform | Shape::Varying => 0,
        }
    }
}

/// Whether statements under this condition run lane after lane.
pub fn is_scalar_region(branch: &If, plan: &Plan) -> bool {
    plan.shape(branch.condition) != Shape::Uniform
}

/// What the varying data of a loop is.
#[derive(Default)]
struct Widths {
    narrow: usize,
    wide: usize,
    wide_comparisons: usize,
    narrow_comparisons: usize,
}

impl Widths {
    /// A bool takes the width of what it was made from.
    fn note(&mut self, dtype: Dtype) {
        if dtype != Dtype::Bool {
            self.note_element(dtype);
        }
    }

    fn note_element(&mut self, dtype: Dtype) {
        if dtype.size() < 8 {
            self.narrow += 1;
        } else {
            self.wide += 1;
        }
    }

    fn note_comparison(&mut self, dtype: Dtype) {
        if dtype.size() < 8 {
            self.narrow_comparisons += 1;
        } else {
            self.wide_comparisons += 1;
        }
    }
}

struct Planner<'a> {
    function: &'a Function,
    constant: &'a dyn Fn(Value) -> Option<i64>,
    /// Those of the body.
    constants: HashMap<Value, i64>,
    shapes: HashMap<Value, Shape>,
    varying: HashSet<Var>,
    /// Whether a variable was found to vary: what was said of its readers before is to be said anew.
    grown: bool,
    widths: Widths,
}

impl Planner<'_> {
    fn block(&mut self, block: &Block) -> Result<(), Reason> {
        block.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<(), Reason> {
        match stmt {
            Stmt::Let(value, op) => self.assign(*value, op),
            Stmt::Set(var, value) => {
                if self.shape(*value) != Shape::Uniform {
                    self.set(*var);
                }
                if self.varying.contains(var) {
                    self.widths.note(self.function.vars[*var].dtype);
                }
                Ok(())
            }
            Stmt::Store(store) => {
                let data = &self.function.arrays[store.array];
                self.widths.note_element(data.dtype);
                match self.pattern(store.array, &store.indices) {
                    Pattern::Uniform => {
                        Err(format!("it stores to one element{} again and again", of(&data.name)))
                    }
                    Pattern::Stride(_) | Pattern::RuntimeStride | Pattern::Scattered => Ok(()),
                }
            }
            Stmt::If(branch) => self.branch(branch),
            Stmt::For(loop_) => self.for_(loop_),
            Stmt::While(loop_) => {
                self.block(&loop_.header)?;
                self.uniform(loop_.condition, "lanes leave a loop at different times")?;
                self.block(&loop_.body)
            }
            Stmt::Scope { body, .. } => self.block(body),
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Poll => Ok(()),
            Stmt::Check(check) => {
                let fixed = match check.condition {
                    Condition::Bounds { index, extent } => self.is_uniform(index) && self.is_uniform(extent),
                    Condition::True(condition) => self.is_uniform(condition),
                };
                if fixed { Ok(()) } else { Err("a check remains in it".into()) }
            }
            Stmt::Return(_) => Err("it can be left early".into()),
            Stmt::Call(_) => Err("it calls a function".into()),
            Stmt::Run(_) => Err("it contains a sum or a loop that runs in leaves".into()),
            Stmt::Alloc { .. } | Stmt::Retain(_) | Stmt::Release(_) => Err("it makes or frees arrays".into()),
            Stmt::Fault { .. } => Err("it raises".into()),
            Stmt::Nest(_) => Err("it contains an array operation".into()),
        }
    }

    fn for_(&mut self, loop_: &For) -> Result<(), Reason> {
        if !loop_.reductions.is_empty() || !loop_.accumulators.is_empty() {
            return Err("it contains a reduction".into());
        }
        if loop_.mode != Mode::Serial {
            return Err("it contains a parallel loop".into());
        }
        self.uniform(loop_.lo, "lanes leave a loop at different times")?;
        self.uniform(loop_.hi, "lanes leave a loop at different times")?;
        self.block(&loop_.body)
    }

    fn branch(&mut self, branch: &If) -> Result<(), Reason> {
        if self.is_uniform(branch.condition) {
            self.block(&branch.then)?;
            return self.block(&branch.otherwise);
        }
        let mut set = vec![];
        for arm in [&branch.then, &branch.otherwise] {
            visit::walk(arm, &mut |stmt| stmt.for_each_set(|var| set.push(var)));
        }
        for var in set {
            self.set(var);
            self.widths.note(self.function.vars[var].dtype);
        }
        Ok(())
    }

    fn assign(&mut self, value: Value, op: &Op) -> Result<(), Reason> {
        if let Op::Const(scalar) = op
            && scalar.dtype == Dtype::I64
        {
            self.constants.insert(value, scalar.as_i64());
        }
        let shape = self.op(value, op);
        self.shapes.insert(value, shape);
        if shape == Shape::Varying {
            self.note(value, op);
        }
        Ok(())
    }

    fn note(&mut self, value: Value, op: &Op) {
        let dtype = |value: Value| self.function.values[value].dtype;
        match op {
            Op::Load { array, .. } => self.widths.note_element(self.function.arrays[*array].dtype),
            Op::Compare(_, a, _) => {
                let compared = dtype(*a);
                self.widths.note(compared);
                self.widths.note_comparison(compared);
            }
            Op::Cast(a) => {
                let (from, to) = (dtype(*a), dtype(value));
                self.widths.note(from);
                self.widths.note(to);
            }
            Op::Const(_)
            | Op::Get(_)
            | Op::Unary(..)
            | Op::Binary(..)
            | Op::Select { .. }
            | Op::Fma(..)
            | Op::Wrap { .. }
            | Op::Disjoint(..)
            | Op::Any(_) => self.widths.note(dtype(value)),
        }
    }

    fn op(&self, value: Value, op: &Op) -> Shape {
        let mut uniform = true;
        op.for_each_operand(|operand| uniform &= self.is_uniform(operand));
        match op {
            Op::Get(var) if self.varying.contains(var) => Shape::Varying,
            Op::Any(_) => Shape::Uniform,
            Op::Load { array, indices } => match self.pattern(*array, indices) {
                Pattern::Uniform => Shape::Uniform,
                Pattern::Stride(_) | Pattern::RuntimeStride | Pattern::Scattered => Shape::Varying,
            },
            _ if uniform => Shape::Uniform,
            _ if self.function.values[value].dtype == Dtype::I64 => self.int(op),
            _ => Shape::Varying,
        }
    }

    /// The shape of an i64 that is not uniform.
    fn int(&self, op: &Op) -> Shape {
        let growth = match op {
            Op::Binary(Binary::Add, a, b) => {
                self.growth(*a).zip(self.growth(*b)).map(|(a, b)| a.checked_add(b))
            }
            Op::Binary(Binary::Sub, a, b) => {
                self.growth(*a).zip(self.growth(*b)).map(|(a, b)| a.checked_sub(b))
            }
            Op::Binary(Binary::Mul, a, b) => match (self.known(*a), self.known(*b)) {
                (_, Some(by)) => self.growth(*a).map(|a| a.checked_mul(by)),
                (Some(by), None) => self.growth(*b).map(|b| b.checked_mul(by)),
                (None, None) => None,
            },
            Op::Unary(Unary::Neg, a) => self.growth(*a).map(i64::checked_neg),
            _ => None,
        };
        // Elements that far apart are not in one array: it is a matter of registers, not of meaning.
        match growth.flatten() {
            Some(growth) if growth != 0 && growth.abs() < 1 << 24 => Shape::Linear(growth),
            _ => Shape::Varying,
        }
    }

    fn growth(&self, value: Value) -> Option<i64> {
        match self.shape(value) {
            Shape::Uniform => Some(0),
            Shape::Linear(growth) => Some(growth),
            Shape::Varying => None,
        }
    }

    fn known(&self, value: Value) -> Option<i64> {
        self.constants.get(&value).copied().or_else(|| (self.constant)(value))
    }

    fn pattern(&self, array: Array, indices: &[Value]) -> Pattern {
        pattern(self.function, &|value| self.shape(value), &|value| self.known(value), array, indices)
    }

    fn set(&mut self, var: Var) {
        self.grown |= self.varying.insert(var);
    }

    fn shape(&self, value: Value) -> Shape {
        self.shapes.get(&value).copied().unwrap_or_default()
    }

    fn is_uniform(&self, value: Value) -> bool {
        self.shape(value) == Shape::Uniform
    }

    fn uniform(&self, value: Value, otherwise: &str) -> Result<(), Reason> {
        if self.is_uniform(value) { Ok(()) } else { Err(otherwise.into()) }
    }
}

fn pattern(
    function: &Function,
    shape: &dyn Fn(Value) -> Shape,
    constant: &dyn Fn(Value) -> Option<i64>,
    array: Array,
    indices: &[Value],
) -> Pattern {
    let data = &function.arrays[array];
    let fixed = [data.base].iter().chain(&data.strides).all(|&value| shape(value) == Shape::Uniform);
    if !fixed {
        return Pattern::Scattered;
    }
    let mut bytes = Some(0i64);
    let mut moves = false;
    for (&index, &stride) in indices.iter().zip(&data.strides) {
        match shape(index) {
            Shape::Uniform => {}
            Shape::Varying => return Pattern::Scattered,
            Shape::Linear(growth) => {
                moves = true;
                let step = constant(stride).and_then(|stride| stride.checked_mul(growth));
                bytes = bytes.zip(step).and_then(|(bytes, step)| bytes.checked_add(step));
            }
        }
    }
    match bytes {
        _ if !moves => Pattern::Uniform,
        // As displacements they leave room for all lanes.
        Some(bytes) if bytes.abs() < 1 << 24 => Pattern::Stride(bytes),
        _ => Pattern::RuntimeStride,
    }
}

fn of(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" of {name}") }
}

/// Whether registers have an operation for it. `known` is the right operand of a binary operation where it is constant.
pub fn has_lanes(
    function: &Function,
    value: Value,
    op: &Op,
    known: impl Fn(Value) -> Option<Scalar>,
) -> bool {
    let of = |value: Value| function.values[value].dtype;
    match op {
        Op::Unary(..) | Op::Select { .. } | Op::Fma(..) | Op::Wrap { .. } | Op::Compare(..) => true,
        Op::Binary(binary, a, b) => binary_has_lanes(*binary, of(*a), known(*b)),
        Op::Cast(a) => cast_has_lanes(of(*a), of(value)),
        Op::Const(_) | Op::Get(_) | Op::Load { .. } | Op::Any(_) => true,
        Op::Disjoint(..) => false,
    }
}

fn binary_has_lanes(binary: Binary, dtype: Dtype, known: Option<Scalar>) -> bool {
    let int = !dtype.is_float() && dtype != Dtype::Bool;
    match binary {
        Binary::Add | Binary::Mul | Binary::Min | Binary::Max | Binary::Minimum | Binary::Maximum => true,
        Binary::Sub => dtype != Dtype::Bool,
        Binary::Div | Binary::CopySign => dtype.is_float(),
        Binary::And | Binary::Or | Binary::Xor => !dtype.is_float(),
        Binary::Shl | Binary::Shr => int && known.is_some_and(|amount| amount.bits < dtype.bits() as u64),
        Binary::FloorDiv | Binary::Mod => int && known.and_then(power_of_two).is_some(),
        Binary::Fmod | Binary::Pow | Binary::MulHigh => false,
    }
}

/// The exponent of a positive power of two.
pub fn power_of_two(scalar: Scalar) -> Option<u32> {
    let bits = scalar.bits;
    let positive = !scalar.dtype.is_signed() || scalar.as_i64() > 0;
    (!scalar.dtype.is_float() && positive && bits.is_power_of_two()).then(|| bits.trailing_zeros())
}

fn cast_has_lanes(from: Dtype, to: Dtype) -> bool {
    match (from.is_float(), to.is_float()) {
        // Truncation saturates in no vector instruction as `op::cast` wants it.
        (true, false) => to == Dtype::Bool,
        (false, true) => !(to == Dtype::F32 && matches!(from, Dtype::I64 | Dtype::U64 | Dtype::U32)),
        (true, true) | (false, false) => true,
    }
}
