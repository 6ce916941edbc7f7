//! `loops` → `loops`: judges each `prange`. The last stage that may reject a program.
use crate::base::Diagnostic;
use crate::loops::Module;

/// Turns every loop in [`crate::loops::Mode::Marked`] into `Serial` or `Parallel`. Returns warnings (undecided,
/// so serial) or, in `Err`, the races that make the program wrong. `disjoint`: arrays vouched for by name.
pub fn classify(module: &mut Module, disjoint: &[String]) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let _ = (module, disjoint);
    todo!()
}
