//! text → `ast`
use crate::ast::{Expr, Parsed};
use crate::base::{Diagnostic, SourceId};

/// Parses a whole kernel file. Never fails as a whole: what cannot be read becomes errors.
pub fn parse(source: SourceId, text: &str) -> Parsed {
    let _ = (source, text);
    todo!()
}

/// Parses one expression, as given on the command line (`x=np.linspace(0, 1, 9)`).
pub fn parse_expression(source: SourceId, text: &str) -> Result<Expr, Vec<Diagnostic>> {
    let _ = (source, text);
    todo!()
}
