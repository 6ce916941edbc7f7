//! `loops` → `loops`: the passes and their order.

use crate::base::Span;
use crate::loops::Module;

/// What the caller may switch off or on. `Default` is what a user gets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Options {
    pub fuse: bool,
    /// Whether loops may run in parallel.
    pub parallel: bool,
    /// Whether loops may run in lanes.
    pub lanes: bool,
    /// Off only in benches that measure what bounds checks cost.
    pub checks: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { fuse: true, parallel: true, lanes: true, checks: true }
    }
}

/// What a pass did, or did not do and why, at a place in the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    pub pass: &'static str,
    pub span: Span,
    pub message: String,
}

/// Everything a pass gets.
pub struct Pass {
    pub name: &'static str,
    pub run: fn(&mut Module, &Options, &mut Vec<Remark>),
}

/// Runs the passes in order; `observe` sees the module after each, with the pass's name.
pub fn optimize(
    module: &mut Module,
    options: &Options,
    observe: &mut dyn FnMut(&'static str, &Module),
) -> Vec<Remark> {
    let _ = (module, options, observe);
    todo!()
}
