//! What every layer agrees on: places, diagnostics, types, operators, faults and the run-time layout.

pub mod abi;
pub mod blocks;
pub mod diagnostic;
pub mod fast_math;
pub mod fault;
pub mod op;
pub mod scalar;
pub mod span;
pub mod tree;
pub mod types;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use fast_math::FastMath;
pub use fault::{Fault, FaultKind, FaultSite};
pub use op::{Binary, Compare, ReduceOp, Unary};
pub use scalar::Scalar;
pub use span::{SourceId, Span};
pub use types::{ArrayType, AxisSet, Dtype, Layout, Type, Weak};
