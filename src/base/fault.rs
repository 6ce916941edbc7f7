//! Faults: what a correct program may still run into, as a value. One text for interpreter and code.

use super::Span;
use std::fmt;

/// What went wrong. The numbers that belong to it travel in [`Fault::values`], in the order given here.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum FaultKind {
    /// values: index as written, extent.
    IndexOutOfRange { axis: u8 },
    /// values: the two extents of `axis` (of the result).
    ShapeMismatch { axis: u8 },
    /// No values.
    DivisionByZero,
    /// values: the exponent.
    NegativePower,
    /// No values. The message of `assert cond, "message"`; empty without one.
    Assertion { message: String },
    /// No values. `raise Exception("message")`.
    Raised { exception: String, message: String },
    /// No values.
    UnboundLocal { name: String },
    /// No values: `min()` and `max()` of an empty array.
    EmptyReduction { function: &'static str },
    /// values: the extents of the left operand, then of the right one. A product of arrays of these ranks.
    NotAligned { left: u8, right: u8 },
    /// values: the extent.
    NegativeExtent,
    /// No values: `range()` with step 0.
    ZeroStep,
    /// No values: a slice with step 0.
    ZeroSliceStep,
    /// values: the size of the array.
    CannotReshape,
    /// values: bytes asked for (as i64; -1 where the size overflows).
    OutOfMemory,
    /// No values.
    RecursionTooDeep,
    /// No values.
    Cancelled,
    /// No values.
    TimedOut,
}

/// A place in the program that can fault: what generated code knows by number.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FaultSite {
    pub kind: FaultKind,
    pub span: Span,
    /// Names of the enclosing loop variables, outermost first; their values follow the kind's own.
    pub loops: Vec<String>,
}

impl FaultSite {
    /// The fault with the recorded `values` (the kind's own first, then one per loop variable).
    pub fn fault(&self, values: &[i64]) -> Fault {
        let own = self.kind.arity().min(values.len());
        let (own, rest) = values.split_at(own);
        Fault {
            kind: self.kind.clone(),
            span: Some(self.span),
            values: own.to_vec(),
            loops: self.loops.iter().cloned().zip(rest.iter().copied()).collect(),
        }
    }
}

/// A run-time fault. `Display` gives its message without the place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub kind: FaultKind,
    pub span: Option<Span>,
    pub values: Vec<i64>,
    /// The enclosing loop variables and their values when it happened, outermost first.
    pub loops: Vec<(String, i64)>,
}

impl FaultKind {
    /// How many values belong to the kind.
    pub fn arity(&self) -> usize {
        match self {
            FaultKind::IndexOutOfRange { .. } | FaultKind::ShapeMismatch { .. } => 2,
            FaultKind::NotAligned { left, right } => usize::from(*left + *right),
            FaultKind::NegativePower
            | FaultKind::NegativeExtent
            | FaultKind::CannotReshape
            | FaultKind::OutOfMemory => 1,
            FaultKind::DivisionByZero
            | FaultKind::Assertion { .. }
            | FaultKind::Raised { .. }
            | FaultKind::UnboundLocal { .. }
            | FaultKind::EmptyReduction { .. }
            | FaultKind::ZeroStep
            | FaultKind::ZeroSliceStep
            | FaultKind::RecursionTooDeep
            | FaultKind::Cancelled
            | FaultKind::TimedOut => 0,
        }
    }

    /// The Python exception that CPython + NumPy raises in its place.
    pub fn exception(&self) -> &str {
        match self {
            FaultKind::IndexOutOfRange { .. } => "IndexError",
            FaultKind::DivisionByZero => "ZeroDivisionError",
            FaultKind::Assertion { .. } => "AssertionError",
            FaultKind::Raised { exception, .. } => exception,
            FaultKind::UnboundLocal { .. } => "UnboundLocalError",
            FaultKind::OutOfMemory => "MemoryError",
            FaultKind::RecursionTooDeep => "RecursionError",
            FaultKind::Cancelled => "KeyboardInterrupt",
            FaultKind::TimedOut => "TimeoutError",
            FaultKind::ShapeMismatch { .. }
            | FaultKind::NotAligned { .. }
            | FaultKind::NegativePower
            | FaultKind::EmptyReduction { .. }
            | FaultKind::NegativeExtent
            | FaultKind::ZeroStep
            | FaultKind::CannotReshape
            | FaultKind::ZeroSliceStep => "ValueError",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let value = |k: usize| self.values.get(k).copied().unwrap_or_default();
        match &self.kind {
            FaultKind::IndexOutOfRange { axis } => {
                write!(f, "index {} is out of range for axis {axis} with size {}", value(0), value(1))?
            }
            FaultKind::ShapeMismatch { axis } => {
                write!(f, "shapes do not broadcast: axis {axis} has {} and {}", value(0), value(1))?
            }
            FaultKind::NotAligned { left, .. } => {
                let (left, right) = self.values.split_at((*left as usize).min(self.values.len()));
                write!(f, "cannot multiply arrays of shapes {} and {}", shape(left), shape(right))?
            }
            FaultKind::DivisionByZero => f.write_str("integer division or modulo by zero")?,
            FaultKind::NegativePower => write!(f, "integer to the negative power {}", value(0))?,
            FaultKind::Assertion { message } if message.is_empty() => f.write_str("assertion failed")?,
            FaultKind::Assertion { message } => write!(f, "assertion failed: {message}")?,
            FaultKind::Raised { exception, message } if message.is_empty() => f.write_str(exception)?,
            FaultKind::Raised { exception, message } => write!(f, "{exception}: {message}")?,
            FaultKind::UnboundLocal { name } => {
                write!(f, "local variable '{name}' is read before it is bound")?
            }
            FaultKind::EmptyReduction { function } => write!(f, "{function}() of an empty array")?,
            FaultKind::NegativeExtent => write!(f, "negative extent {} in a shape", value(0))?,
            FaultKind::ZeroStep => f.write_str("range() with step 0")?,
            FaultKind::ZeroSliceStep => f.write_str("a slice with step 0")?,
            FaultKind::CannotReshape => {
                write!(f, "cannot reshape an array of size {} into this shape", value(0))?
            }
            FaultKind::OutOfMemory if value(0) < 0 => f.write_str("array is too large for memory")?,
            FaultKind::OutOfMemory => write!(f, "memory limit exceeded by an array of {} bytes", value(0))?,
            FaultKind::RecursionTooDeep => f.write_str("recursion too deep")?,
            FaultKind::Cancelled => f.write_str("cancelled")?,
            FaultKind::TimedOut => f.write_str("timed out")?,
        }
        for (k, (name, value)) in self.loops.iter().enumerate() {
            write!(f, "{}{name} = {value}", if k == 0 { " (with " } else { ", " })?;
        }
        f.write_str(if self.loops.is_empty() { "" } else { ")" })
    }
}

/// As Python writes a tuple.
fn shape(extents: &[i64]) -> String {
    let extents: Vec<String> = extents.iter().map(i64::to_string).collect();
    format!("({}{})", extents.join(", "), if extents.len() == 1 { "," } else { "" })
}
