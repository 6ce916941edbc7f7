//! text → `ast`
//!
//! ```text
//! text ─tokens─▶ tokens ─logical─▶ logical lines ─indent─▶ line tree ─suites─▶ module
//!                                                               └─ reader: the grammar, line by line
//! ```
//!
//! A line that cannot be read gives one error and nothing else: its neighbours and its suite are read all
//! the same. Statements outside the language are skipped with their suites and kept by name. Whatever the
//! text, time is linear in its length and the tree is bounded in depth (`nodes`, `suites`), so later stages
//! may recurse. Names are kept as written: unlike CPython, no normalisation makes two spellings one name.

mod errors;
mod indent;
mod lexical;
mod literals;
mod logical;
mod nodes;
mod outside;
mod params;
mod quoted;
mod reader;
mod recover;
mod statements;
mod suites;
mod tokens;

lalrpop_util::lalrpop_mod!(
    #[allow(clippy::all, unused)]
    grammar,
    "/kernel.rs"
);

use crate::ast::{Expr, Parsed};
use crate::base::{Diagnostic, SourceId, Span};
use errors::Errors;
use tokens::Token;

/// Parses a whole kernel file. Never fails as a whole: what cannot be read becomes errors.
pub fn parse(source: SourceId, text: &str) -> Parsed {
    if let Some(error) = too_long(source, text) {
        return Parsed { errors: vec![error], ..Parsed::default() };
    }
    let lexemes = tokens::tokens(text);
    let (mut bracket_errors, mut indent_errors, mut line_errors) =
        (Errors::default(), Errors::default(), Errors::default());
    let lines = logical::logical_lines(source, text, &lexemes, &mut bracket_errors);
    let tree = indent::line_tree(source, text, &lines, &mut indent_errors);
    let module = suites::module(source, text, &tree, &mut line_errors);
    Parsed { module, errors: errors::merge([bracket_errors, indent_errors, line_errors]) }
}

/// Parses one expression, as given on the command line (`x=np.linspace(0, 1, 9)`).
pub fn parse_expression(source: SourceId, text: &str) -> Result<Expr, Vec<Diagnostic>> {
    if let Some(error) = too_long(source, text) {
        return Err(vec![error]);
    }
    let mut lexemes = tokens::tokens(text);
    lexemes.retain(|lexeme| lexeme.token != Token::Newline);
    let mut errors = Errors::default();
    let lines = logical::logical_lines(source, text, &lexemes, &mut errors);
    if errors.is_empty() {
        let tokens = lines.first().map_or(&[][..], |line| line.tokens);
        match reader::expression(source, text, tokens) {
            Ok(expr) => return Ok(expr),
            Err(error) => errors.push(*error),
        }
    }
    Err(errors::merge([errors]))
}

/// Spans count bytes in 32 bits.
fn too_long(source: SourceId, text: &str) -> Option<Diagnostic> {
    let fits = u32::try_from(text.len()).is_ok();
    (!fits).then(|| Diagnostic::error(Span::new(source, 0, 0), "a source text is limited to 4 GiB"))
}
