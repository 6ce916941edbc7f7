//! The typed program: one function per specialisation, every name resolved, every conversion explicit.
//!
//! # What it means
//!
//! - A [`Function`] is a source function at given argument types. [`Local`]s are its variables; one source name has one local
//!   per type it takes (SSA by type). Where paths meet with different types, [`Stmt::Join`] moves the value to the local of the
//!   joined type, and moves "unbound" with it.
//! - Expressions are evaluated left to right, operands before operators, each exactly as often as written.
//! - Operators ([`crate::base::op`]) take operands of one dtype: `infer` has inserted [`ExprKind::Convert`]. On arrays they work
//!   elementwise with NumPy's broadcasting and give a fresh C-ordered array. Scalar integer `//` and `%` by zero fault;
//!   elementwise they give 0. An integer to a negative power faults in both.
//! - Weak scalars are held as i64, f64 or bool and compute as these.
//! - Array values are references: assignment and calls share them, as in Python.
//! - A loop over `range` computes its bounds once; assigning the loop variable does not affect the iteration.
//! - A parallel loop ([`For::parallel`]) has independent iterations. Each starts with its reductions at their identities; what it
//!   leaves there is its contribution; after the loop each holds `initial ∘ tree(contributions)`, the tree of [`crate::base::tree`]
//!   over iteration numbers. That order holds however the loop is run. Its [`Accumulator`]s are updated as [`crate::base::blocks`]
//!   says: in each block of iterations the local names a copy, unless there is one block only. There is one block, too, if an accumulator
//!   shares memory with another array of the loop.
//! - A serial loop may have reductions too (`relax` finds them): they mean the same, and its iterations run one after the other.
//!
//! # What is deliberately absent
//!
//! No source text, no names to look up, no implicit conversion, no overloads, no untyped anything.

#[cfg(test)]
pub mod build;
pub mod print;
pub mod verify;
mod view;
pub mod visit;

pub use view::permuted_type;

use crate::base::blocks::Weight;
use crate::base::{
    AxisSet, Binary, Compare, Dtype, FastMath, FaultKind, ReduceOp, Scalar, Span, Type, Unary,
};
use cranelift_entity::{PrimaryMap, entity_impl};

/// A specialised function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Func(u32);
entity_impl!(Func, "fn");

/// A variable of a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Local(u32);
entity_impl!(Local, "local");

/// An expression of a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expr(u32);
entity_impl!(Expr, "e");

/// A place to jump to: the end of a [`StmtKind::Scope`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(u32);
entity_impl!(Label, "scope");

/// The entry and all specialisations it reaches.
#[derive(Clone, Debug)]
pub struct Module {
    pub functions: PrimaryMap<Func, Function>,
    pub entry: Func,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    pub params: Vec<Local>,
    pub result: Type,
    pub locals: PrimaryMap<Local, LocalData>,
    pub exprs: PrimaryMap<Expr, ExprData>,
    pub body: Block,
    pub span: Span,
    /// Can reach itself through calls.
    pub recursive: bool,
    /// Part of the embedded mathematics.
    pub std: bool,
    /// Arrays that the source vouches for: `@kernel(disjoint=("out",))`.
    pub disjoint: Vec<String>,
    /// What its arithmetic may do beyond strict IEEE: what `relax` acts on, and nothing after it.
    pub fast: FastMath,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LocalData {
    /// The source name; temporaries have an empty one.
    pub name: String,
    pub ty: Type,
    /// Some read of it must first test that it is bound.
    pub checked: bool,
}

#[derive(Clone, Debug)]
pub struct ExprData {
    pub kind: ExprKind,
    pub ty: Type,
    pub span: Span,
}

#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    Const(Scalar),
    /// None, or a dtype: what is all in its type.
    None,
    Local(Local),
    /// A local that some path leaves unbound: a fault there.
    CheckedLocal(Local),
    /// Scalar or elementwise, as are the next five.
    Unary(Unary, Expr),
    Binary(Binary, Expr, Expr),
    Compare(Compare, Expr, Expr),
    /// To this expression's dtype, by [`crate::base::op::cast`]. Between weak and strong of one dtype it changes only the type.
    /// An array that has the dtype already is not copied: only knowledge of its layout is lost. Tuples convert item by item.
    Convert(Expr),
    /// Both sides are evaluated.
    Select {
        condition: Expr,
        then: Expr,
        otherwise: Expr,
    },
    Fma(Expr, Expr, Expr),
    /// Scalar condition; only one side is evaluated: ternary, `and`, `or`.
    If {
        condition: Expr,
        then: Expr,
        otherwise: Expr,
    },
    /// Binds a fresh local, then evaluates the body.
    Let {
        local: Local,
        value: Expr,
        body: Expr,
    },
    /// Arguments match the parameters' types exactly.
    Call {
        func: Func,
        args: Vec<Expr>,
    },
    /// A scalar function applied elementwise: array arguments broadcast, scalars are repeated.
    Map {
        func: Func,
        args: Vec<Expr>,
    },
    /// One element; as many indices as axes, weak ints, negative ones count from the end.
    Index {
        array: Expr,
        indices: Vec<Expr>,
    },
    /// Weak int.
    Extent {
        array: Expr,
        axis: u8,
    },
    Tuple(Vec<Expr>),
    Item {
        tuple: Expr,
        index: u32,
    },
    /// A new C-ordered array of this expression's type; extents are weak ints, negative ones fault. Without `fill` its contents are
    /// undefined; `fill` is a scalar of its dtype.
    Alloc {
        shape: Vec<Expr>,
        fill: Option<Expr>,
    },
    /// The elements along `axes` to one: a scalar where no axis is left, else a new C-ordered array of the others. With `keepdims` the
    /// reduced axes stay, with extent 1. `initial`, a scalar of the array's dtype, stands in front of the elements; only `Sum`, `Prod`,
    /// `Min` and `Max` take one.
    Reduce {
        op: Reduce,
        array: Expr,
        axes: AxisSet,
        keepdims: bool,
        initial: Option<Expr>,
    },
    /// A new C-ordered array of the same dtype: along one axis, or of rank 1 over all elements in C order.
    Scan {
        op: Scan,
        array: Expr,
        axis: Option<u8>,
    },
    /// A contiguous copy of an array.
    Copy(Expr),
    /// A new array of these extents (as those of `Alloc`) whose elements are their own index along `axis`, in this expression's dtype.
    Iota {
        shape: Vec<Expr>,
        axis: u8,
    },
    /// A new array of these elements in C order: scalars of its dtype.
    Elements {
        shape: Vec<u32>,
        values: Vec<Expr>,
    },
    /// The product of two matrices of one dtype, which is the result's. Inner extents that differ are a fault.
    MatMul(Expr, Expr),
    /// Stores as [`StmtKind::Update`] does into an array that a local holds, and gives that array.
    Write {
        target: Expr,
        value: Expr,
    },
    /// A fault unless the scalar condition holds, else the body. `values` are the fault's own: weak ints.
    Require {
        condition: Expr,
        fault: FaultKind,
        values: Vec<Expr>,
        body: Expr,
    },
    /// A reference to some elements of an array, as NumPy's basic indexing gives it: one item per axis, and any number of new axes.
    /// Operands are evaluated from left to right, then the items checked from left to right.
    View {
        array: Expr,
        items: Vec<Pick>,
    },
    /// The elements in C order under another shape of weak ints, of which one may be negative: as many as are left for it.
    Reshape {
        array: Expr,
        shape: Vec<Expr>,
        result: Reshaping,
    },
    /// The same elements with axis `k` of the result being axis `axes[k]` of the array.
    Permute {
        array: Expr,
        axes: Vec<u8>,
    },
}

/// Which reshaped arrays share the elements of their source; others are C-ordered copies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reshaping {
    /// All that strides can express: `reshape`.
    View,
    /// Those of contiguous sources: `ravel`.
    ViewOfContiguous,
}

/// What a view takes of an axis. All expressions are weak ints.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pick {
    /// One index, which the view has no axis for: as in [`ExprKind::Index`].
    At(Expr),
    /// Bounds are clamped as Python's; a step of 0 faults.
    Slice { start: Option<Expr>, stop: Option<Expr>, step: Option<Expr> },
    /// An axis of extent 1 that the array does not have.
    NewAxis,
}

/// What becomes of the elements of a reduction. They come in C order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reduce {
    /// From 0, in the order of sums: leave out axes of extent 1; the reduced axes behind the last one that is kept form a run, and
    /// each run is summed by [`crate::base::tree`]; the sums of runs are added one after the other.
    Sum,
    /// One after the other, from 1.
    Prod,
    /// NaN-propagating; a fault where a reduced axis has extent 0, unless there is an initial value.
    Min,
    Max,
    /// Of bools.
    Any,
    All,
    /// The position, an i64, of the first least or greatest element among those reduced; that of the first NaN if there is one. A fault
    /// where a reduced axis has extent 0.
    ArgMin,
    ArgMax,
}

impl Reduce {
    /// The dtype of the result.
    pub fn result(self, dtype: Dtype) -> Dtype {
        match self {
            Reduce::ArgMin | Reduce::ArgMax => Dtype::I64,
            Reduce::Sum | Reduce::Prod | Reduce::Min | Reduce::Max | Reduce::Any | Reduce::All => dtype,
        }
    }
}

/// What a scan puts in the place of each element: it and all before it, combined one after the other from the first on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Scan {
    Sum,
    Prod,
}

pub type Block = Vec<Stmt>;

#[derive(Clone, Debug)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum StmtKind {
    Assign {
        local: Local,
        value: Expr,
    },
    /// One element; the value has the array's dtype.
    Store {
        array: Expr,
        indices: Vec<Expr>,
        value: Expr,
    },
    /// `target[...] = value`: the value (array or scalar of the target's dtype) is evaluated in full first, then broadcast into the target.
    Update {
        target: Expr,
        value: Expr,
    },
    /// The same variable under a joined type; an unbound `from` leaves `to` unbound.
    Join {
        to: Local,
        from: Local,
    },
    Eval(Expr),
    If {
        condition: Expr,
        then: Block,
        otherwise: Block,
    },
    /// The condition is evaluated before each iteration.
    While {
        condition: Expr,
        body: Block,
    },
    For(For),
    /// Runs the body once; [`StmtKind::Leave`] inside jumps to its end.
    Scope {
        label: Label,
        body: Block,
    },
    /// Out of a scope around, and of the serial loops between.
    Leave(Label),
    Break,
    Continue,
    Return(Option<Expr>),
    Assert {
        condition: Expr,
        message: String,
    },
    Raise {
        exception: String,
        message: String,
    },
}

/// `for index in range(start, stop, step)`. All three are weak ints, evaluated once, in this order; step 0 faults.
#[derive(Clone, Debug)]
pub struct For {
    pub index: Local,
    pub start: Expr,
    pub stop: Expr,
    pub step: Expr,
    pub parallel: bool,
    pub reductions: Vec<Reduction>,
    pub accumulators: Vec<Accumulator>,
    pub body: Block,
}

/// A variable of a loop that collects contributions. `-=` is `Add` of negated values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reduction {
    pub local: Local,
    pub op: ReduceOp,
}

/// An array from outside a parallel loop that the loop updates with one operator and does nothing else with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accumulator {
    pub local: Local,
    pub op: ReduceOp,
    pub weight: Weight,
    /// The other arrays from outside that the loop mentions.
    pub others: Vec<Local>,
}

impl Function {
    pub fn ty(&self, expr: Expr) -> &Type {
        &self.exprs[expr].ty
    }

    pub fn span(&self, expr: Expr) -> Span {
        self.exprs[expr].span
    }
}
