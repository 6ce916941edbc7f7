//! Everything that can go wrong, told apart by whose business it is.

use crate::base::{Diagnostic, Fault, FaultKind};
use std::fmt;

#[derive(Clone, Debug)]
pub enum Error {
    /// The program is wrong: messages in source order, with their places.
    Program(Vec<Diagnostic>),
    /// The call is wrong: an unknown kernel, an argument of the wrong kind.
    Usage(String),
    /// The program failed on this input.
    Fault(Fault),
    /// A limit of the caller ended it: cancelled, timed out, out of memory.
    Limit(Fault),
    /// We are wrong. Please report it.
    Bug(String),
}

impl Error {
    pub(crate) fn of_fault(fault: Fault) -> Error {
        match fault.kind {
            FaultKind::Cancelled | FaultKind::TimedOut | FaultKind::OutOfMemory => Error::Limit(fault),
            _ => Error::Fault(fault),
        }
    }
}

impl From<crate::pipeline::Failure> for Error {
    fn from(failure: crate::pipeline::Failure) -> Error {
        match failure {
            crate::pipeline::Failure::Program(diagnostics) => Error::Program(diagnostics),
            crate::pipeline::Failure::Bug(text) => Error::Bug(text),
        }
    }
}

/// One line per message, without source lines: the command line renders those.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Error::Program(diagnostics) => {
                let messages: Vec<&str> =
                    diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
                f.write_str(&messages.join("\n"))
            }
            Error::Usage(message) => f.write_str(message),
            Error::Fault(fault) | Error::Limit(fault) => fault.fmt(f),
            Error::Bug(text) => write!(f, "a bug in durum: {text}"),
        }
    }
}

impl std::error::Error for Error {}
