//! The loop IR: loops, branches, scalar operations, explicit loads, stores and checks.
//!
//! # What it means
//!
//! - A [`Function`] runs its [`Block`] from top to bottom. [`Value`]s are defined once, by a parameter, a
//!   statement or a loop, and may be used in the rest of the block that defines them and in all blocks
//!   nested there. [`Var`]s are the only thing that changes: `set` and `get` them. A `get` is an
//!   operation like any other and yields the value at that moment.
//! - Operators are those of [`crate::base::op`]: total, wrapping, strict IEEE. Nothing may reassociate or
//!   contract floating-point operations.
//! - An [`Array`] is not a value but a name for four groups of values (base address, owner, extents,
//!   strides in bytes); element `[i, j]` lives at `base + i*strides[0] + j*strides[1]`. Indices of a load or
//!   store must be in `0..extent`: a [`Check`] or a proof precedes it. Loads and stores of arrays whose
//!   [`AliasClass`] differs touch different memory; arrays of one class may overlap in any way.
//! - A check that fails ends the function with a fault; so does [`Stmt::Fault`]. After a fault the
//!   contents of written arrays are unspecified, so a check may move over a store, but never over
//!   another check that could fail first, and never out of a condition.
//! - A [`For`] runs `index` from `lo` up to `hi` by 1 (not at all when `hi <= lo`); a [`Nest`] runs over the
//!   Cartesian product of `0..extent`, last index fastest. With `reductions`, each iteration finds the variable at the
//!   operator's identity and what it leaves there is its contribution; after the loop the variable holds
//!   `initial ∘ tree(contributions)` with the tree of [`crate::base::tree`] over iteration numbers (no
//!   contribution: unchanged). This order is part of the meaning: it does not depend on [`Mode`].
//! - With `accumulators`, the iterations of a `For` are cut into blocks as [`crate::base::blocks`] says; in its body [`Accumulator::inside`]
//!   names the block's copy of the array, or the array itself where there is one block. There is one block, too, where `apart` does not hold.
//! - Counts of allocations are explicit: [`Stmt::Alloc`] gives one count to the function, which must
//!   [`Stmt::Release`] it on every normal path; a fault releases what the task still holds.
//!
//! # What is deliberately absent
//!
//! No array-valued expressions, no types but dtypes, no source text, no Python. The only calls are to another function of
//! the module ([`Stmt::Call`], [`Stmt::Run`]) and to the runtime table. No Cranelift.
//!
//! # Before and after
//!
//! `lower` makes [`Nest`]s (one per array operation) and `For`s in mode [`Mode::Marked`] for `prange`; `classify`
//! turns those into `Serial` or `Parallel`; the pass `expand` removes nests, `outline` replaces parallel and reducing
//! loops by [`Stmt::Run`] of a body function. The pass `blocks`, which comes first, makes loops over blocks of those with accumulators.

pub mod affine;
#[cfg(test)]
pub mod build;
mod copy;
pub mod depend;
pub mod effects;
pub mod eval;
pub mod facts;
pub mod lanes;
mod print;
pub mod verify;
pub mod visit;

pub use copy::Renaming;

use crate::base::blocks::Weight;
use crate::base::{Binary, Compare, Dtype, FaultSite, ReduceOp, Scalar, Span, Unary};
use cranelift_entity::{PrimaryMap, SecondaryMap, entity_impl};

/// A scalar that is computed once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value(u32);
entity_impl!(Value, "v");

/// A scalar that changes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(u32);
entity_impl!(Var, "x");

/// A name for memory: see [`ArrayData`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Array(u32);
entity_impl!(Array, "a");

/// A function of the module.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Func(u32);
entity_impl!(Func, "f");

/// A place that can fault.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site(u32);
entity_impl!(Site, "site");

/// The target of `break` and `continue`; each loop and scope of a function has its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(u32);
entity_impl!(Label, "l");

/// Arrays of different classes never overlap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AliasClass(u32);
entity_impl!(AliasClass, "class");

/// One compilation: the entry kernel, the specialisations it calls, outlined bodies.
#[derive(Clone, Debug)]
pub struct Module {
    pub functions: PrimaryMap<Func, Function>,
    pub sites: PrimaryMap<Site, FaultSite>,
    pub entry: Func,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    pub role: Role,
    /// In slot order (see [`crate::base::abi`]): the arguments of a kernel, the environment of a body.
    pub params: Vec<Operand>,
    /// Of a kernel; empty for a body.
    pub results: Vec<ResultType>,
    pub values: PrimaryMap<Value, ValueData>,
    pub vars: PrimaryMap<Var, VarData>,
    pub arrays: PrimaryMap<Array, ArrayData>,
    /// Where loads stand in the source, for race reports; nothing after `classify` reads it.
    pub spans: SecondaryMap<Value, Span>,
    /// How many labels and alias classes are in use.
    pub labels: u32,
    pub classes: u32,
    pub body: Block,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// Called with arguments and results. A recursive one checks the stack and polls on entry.
    Kernel { recursive: bool },
    /// An outlined loop over `begin..end` (both values of this function). Where the loop reduces, `partials` lists its variables in slot
    /// order: they start at the identity and are written to the caller's partials when the body ends. Code goes down the tree of
    /// `base::tree` inside that loop; whether the statements around it run once or for each leaf makes no difference.
    /// `within` is the loop's whole range, which `begin..end` lies in, where that is known here. `columns` are the indices of loops inside,
    /// versions of one, that are all of an iteration (what is repeated aside) and whose iterations touch different elements, too.
    Body {
        begin: Value,
        end: Value,
        within: Option<(Value, Value)>,
        partials: Vec<Reduction>,
        columns: Vec<Value>,
    },
    /// The runtime's product of matrices, without statements of its own. Its parameters are the target, which it overwrites, and the two
    /// factors: arrays of rank 2 and one dtype whose extents agree.
    Product,
}

/// A scalar or an array where a function is entered or left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    Scalar(Value),
    Array(Array),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ResultType {
    Scalar(Dtype),
    Array { dtype: Dtype, rank: u8 },
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ValueData {
    pub dtype: Dtype,
}

/// All variables start undefined; `lower` sets them before any path reads them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VarData {
    pub dtype: Dtype,
    /// The source name, for dumps and remarks; empty for temporaries.
    pub name: String,
}

/// An array is four groups of i64 values, all of which dominate its uses. Contiguity shows in the strides
/// themselves: `lower` computes those of contiguous arrays from the extents, the last being a constant.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ArrayData {
    pub dtype: Dtype,
    pub base: Value,
    /// The runtime allocation that keeps the memory alive (its address), 0 for memory of the caller.
    pub owner: Value,
    pub extents: Vec<Value>,
    /// In bytes.
    pub strides: Vec<Value>,
    /// Elements lie in C order without gaps.
    pub contiguous: bool,
    pub class: AliasClass,
    /// The source name, for dumps, remarks and race reports; empty for temporaries.
    pub name: String,
}

pub type Block = Vec<Stmt>;

#[derive(Clone, Debug)]
pub enum Stmt {
    Let(Value, Op),
    Set(Var, Value),
    Store(Store),
    Check(Check),
    If(If),
    For(Box<For>),
    Nest(Box<Nest>),
    While(Box<While>),
    /// Runs the body once; `break label` leaves it.
    Scope {
        label: Label,
        body: Block,
    },
    Break(Label),
    Continue(Label),
    /// Leaves the function. An array operand gives away one count of its owner. Not inside parallel loops.
    Return(Vec<Operand>),
    /// Defines the array's `base` and `owner` (one value may serve as both). Extents are at least 0; the size
    /// in bytes that overflows or passes the limit is a fault at `site` with the bytes (or -1) as value.
    Alloc {
        array: Array,
        site: Site,
    },
    /// One count more or less for an owner; 0 is ignored.
    Retain(Value),
    Release(Value),
    Call(Box<Call>),
    Run(Box<Run>),
    /// Ends the function with a fault.
    Fault {
        site: Site,
        values: Vec<Value>,
    },
    /// Where cancellation and deadline are looked at.
    Poll,
}

/// An operation that defines a value. All but `Load` and `Get` depend on their operands only, never fail
/// and may be computed anywhere.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Op {
    Const(Scalar),
    Get(Var),
    Unary(Unary, Value),
    Binary(Binary, Value, Value),
    Compare(Compare, Value, Value),
    /// To the dtype of the defined value.
    Cast(Value),
    /// Both sides have been computed.
    Select {
        condition: Value,
        then: Value,
        otherwise: Value,
    },
    Fma(Value, Value, Value),
    /// A Python index made non-negative: `index + extent` if `index < 0`, else `index`.
    Wrap {
        index: Value,
        extent: Value,
    },
    Load {
        array: Array,
        indices: Vec<Value>,
    },
    /// Whether two arrays share no byte (a conservative run-time test); bool.
    Disjoint(Array, Array),
    /// In the body of a loop in lanes: whether the bool holds in any lane of the group; the same in all lanes. A loop that runs one
    /// iteration at a time has groups of one lane.
    Any(Value),
}

#[derive(Clone, Debug)]
pub struct Store {
    pub array: Array,
    pub indices: Vec<Value>,
    pub value: Value,
    /// The assignment, for race reports.
    pub span: Span,
}

/// Ends the function with a fault at `site` unless the condition holds.
#[derive(Clone, Debug)]
pub struct Check {
    pub condition: Condition,
    pub site: Site,
    /// What the fault reports: see [`crate::base::FaultKind`], then the enclosing loop variables.
    pub values: Vec<Value>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Condition {
    /// `0 <= index < extent`, the index already wrapped.
    Bounds { index: Value, extent: Value },
    /// A bool.
    True(Value),
}

#[derive(Clone, Debug)]
pub struct If {
    pub condition: Value,
    pub then: Block,
    pub otherwise: Block,
}

#[derive(Clone, Debug)]
pub struct For {
    pub label: Label,
    pub index: Value,
    pub lo: Value,
    pub hi: Value,
    pub mode: Mode,
    pub reductions: Vec<Reduction>,
    pub accumulators: Vec<Accumulator>,
    pub body: Block,
    pub span: Span,
    /// The source name of the loop variable; empty for loops made by the compiler.
    pub name: String,
    /// Arrays of a prange whose elements its iterations do not share, as the source says; nothing after `classify` reads it.
    pub vouched: Vec<Array>,
    /// How often the body repeats what it is estimated to cost, if that is known better at run time.
    pub times: Option<Value>,
}

/// How the iterations of a `For` may run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// One after the other.
    Serial,
    /// A `prange` that `classify` has yet to judge.
    Marked,
    /// In any order, on any threads, where `when` holds (always if None).
    Parallel { when: Option<Value> },
    /// In lockstep groups of this many logical lanes; the body is straight-line and its iterations are
    /// independent but for reductions. What remains at the end runs one by one.
    Lanes(u32),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reduction {
    pub var: Var,
    pub op: ReduceOp,
}

/// An array that the iterations of a loop update, none of them owning its elements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Accumulator {
    pub array: Array,
    /// Of the same dtype, extents and class; the loop defines its base, and strides where they are not those of `array`.
    pub inside: Array,
    pub op: ReduceOp,
    pub weight: Weight,
    /// Whether no other array of the loop shares memory with it; None if there are none.
    pub apart: Option<Value>,
    /// Where the copies do not fit into memory.
    pub site: Site,
}

/// One array operation (or several, fused): independent iterations over a rectangular domain of
/// rank 0 to 8, but for reductions. Rank 0 runs the body once.
#[derive(Clone, Debug)]
pub struct Nest {
    pub indices: Vec<Value>,
    pub extents: Vec<Value>,
    pub reductions: Vec<Reduction>,
    pub body: Block,
    pub span: Span,
}

/// Runs `header`, leaves if `condition` (a value of the header) is false, runs `body`, starts again.
/// `continue` starts again with the header.
#[derive(Clone, Debug)]
pub struct While {
    pub label: Label,
    pub header: Block,
    pub condition: Value,
    pub body: Block,
    pub span: Span,
}

/// A call of another kernel function of the module. Array arguments are borrowed. Defines `results`; an array among them has all its
/// values defined here and comes with one count of its owner.
#[derive(Clone, Debug)]
pub struct Call {
    pub func: Func,
    pub args: Vec<Operand>,
    pub results: Vec<Operand>,
    pub span: Span,
}

/// Runs an outlined body over `begin..end`, in parallel where `parallel` holds and it pays.
#[derive(Clone, Debug)]
pub struct Run {
    pub func: Func,
    pub env: Vec<Operand>,
    pub begin: Value,
    pub end: Value,
    /// In the order of the body's partials: `var = var ∘ tree(contributions)`.
    pub reductions: Vec<Reduction>,
    pub parallel: Parallel,
    /// Estimated cost of one iteration in picoseconds, at least 1.
    pub cost: u64,
    /// A number by which the estimate is to be multiplied, at least 1.
    pub times: Option<Value>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Parallel {
    Never,
    Always,
    When(Value),
}

impl For {
    /// A loop that reduces and collects nothing; as the compiler makes them, without a name.
    pub fn new(function: &mut Function, index: Value, lo: Value, hi: Value, mode: Mode, body: Block) -> For {
        For {
            label: function.label(),
            index,
            lo,
            hi,
            mode,
            reductions: vec![],
            accumulators: vec![],
            body,
            span: Span::default(),
            name: String::new(),
            vouched: vec![],
            times: None,
        }
    }
}

impl Function {
    pub fn new(name: impl Into<String>, role: Role) -> Function {
        Function {
            name: name.into(),
            role,
            params: vec![],
            results: vec![],
            values: PrimaryMap::new(),
            vars: PrimaryMap::new(),
            arrays: PrimaryMap::new(),
            spans: SecondaryMap::new(),
            labels: 0,
            classes: 0,
            body: vec![],
        }
    }

    pub fn value(&mut self, dtype: Dtype) -> Value {
        self.values.push(ValueData { dtype })
    }

    pub fn var(&mut self, dtype: Dtype, name: impl Into<String>) -> Var {
        self.vars.push(VarData { dtype, name: name.into() })
    }

    pub fn label(&mut self) -> Label {
        self.labels += 1;
        Label(self.labels - 1)
    }

    pub fn class(&mut self) -> AliasClass {
        self.classes += 1;
        AliasClass(self.classes - 1)
    }

    /// Appends `value = op` to a block and returns the new value.
    pub fn define(&mut self, block: &mut Block, dtype: Dtype, op: Op) -> Value {
        let value = self.value(dtype);
        block.push(Stmt::Let(value, op));
        value
    }

    /// The values of an accumulator's inner name that the loop defines.
    pub fn defined_by(&self, accumulator: &Accumulator) -> Vec<Value> {
        let (outer, inner) = (&self.arrays[accumulator.array], &self.arrays[accumulator.inside]);
        let strides = inner.strides.iter().zip(&outer.strides);
        let own = strides.filter(|(inside, outside)| inside != outside).map(|(inside, _)| *inside);
        [inner.base].into_iter().chain(own).collect()
    }

    pub fn constant(&mut self, block: &mut Block, scalar: Scalar) -> Value {
        self.define(block, scalar.dtype, Op::Const(scalar))
    }
}

impl ArrayData {
    pub fn rank(&self) -> usize {
        self.extents.len()
    }

    /// All values the array stands for: base, owner, extents, strides: its slots in order.
    pub fn components(&self) -> impl Iterator<Item = Value> + '_ {
        [self.base, self.owner]
            .into_iter()
            .chain(self.extents.iter().copied())
            .chain(self.strides.iter().copied())
    }
}
