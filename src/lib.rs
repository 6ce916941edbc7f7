//! Durum compiles small array kernels to native code at run time.
//!
//! A kernel file is Python syntax with NumPy semantics. Durum types it for the arguments at hand, fuses its array expressions into
//! loops, and compiles them with Cranelift in about a millisecond; `prange` runs on rayon.
//!
//! ```
//! use durum::{Engine, args};
//!
//! let module = Engine::default().module("
//! def normalise(x, y):
//!     return (x - y) / np.sqrt(x * x + y * y + 1.0)
//! ")?;
//! let x = ndarray::Array1::linspace(0.0, 1.0, 1000);
//! let y = ndarray::Array1::<f64>::ones(1000);
//! let result = module.kernel("normalise")?.call(&args![x.view(), y.view()])?;
//! assert_eq!(result.to_ndarray::<f64>().unwrap()[999], 0.0);
//! # Ok::<(), durum::Error>(())
//! ```
//!
//! - [`Engine`] holds the settings, [`Module`] a kernel file, [`Kernel`] a function of it: dynamic calls with [`args!`].
//! - [`Module::typed`] gives handles whose calls cost about a hundred nanoseconds.
//! - [`Limits`] bound a call in time and memory; a [`CancelToken`] ends it from outside.
//! - [`Error`] tells apart what the program, the call, the input, a limit or we got wrong.
//!
//! The library does no input or output, prints nothing and reads no environment.

// In suggested reading order.
mod arguments;
pub mod ast;
pub mod base;
mod classify;
mod emit;
mod engine;
mod error;
mod explain;
pub mod hir;
mod infer;
mod interp;
mod kernel;
pub mod loops;
mod lower;
mod optimize;
pub mod parse;
mod pipeline;
mod relax;
pub mod runtime;
mod stdlib;
mod typed;
mod values;

pub use arguments::{Arg, ArrayArg, Value};
pub use base::{Diagnostic, Fault, FaultKind, Scalar, Severity, Span, Type};
pub use engine::{Engine, FunctionInfo, Kernel, Module, ParamInfo, Report, Settings};
pub use error::Error;
pub use explain::{Explanation, FunctionNotes, LoopKind, LoopNotes, Note, Outcome, Topic};
pub use infer::ParamSpec;
pub use interp::Work;
pub use optimize::{Event, Options as OptimizeOptions, Remark};
pub use pipeline::stages;
pub use runtime::{CancelToken, Limits, OwnedArray, Pool, Progress, Schedule};
pub use typed::{In, InOut, Param, Params, Returned, Typed};

/// The type that a text such as `f64[:, ::1]`, `int` or `f32` names.
pub fn parse_type(text: &str) -> Result<Type, Error> {
    values::parse_type(text)
}

/// Name and text of a file of the embedded mathematics, by the source of a span.
pub fn embedded_source(source: base::SourceId) -> Option<(&'static str, &'static str)> {
    stdlib::FILES.get((source.0 as usize).checked_sub(1)?).copied()
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;
