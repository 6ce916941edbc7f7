//! Types in quotes: `@njit("f64(f64[:], i64)")`, `x: "f64[:]"`.
//!
//! A text that is an expression takes the place of its literal, with its own places in the file; any other stays a text, and what it
//! stands in says so.

use super::tokens::Lexeme;
use super::{logical, reader, tokens};
use crate::ast::{Expr, ExprKind, Param};
use crate::base::SourceId;

/// Reads the signatures that a decorator is given in quotes.
pub fn decorator(source: SourceId, text: &str, decorator: &mut Expr) {
    let ExprKind::Call { function, args } = &mut decorator.kind else { return };
    let name = match &function.kind {
        ExprKind::Name(name) => name.as_str(),
        ExprKind::Attribute { name, .. } => name.text.as_str(),
        _ => return,
    };
    if !matches!(name, "kernel" | "njit" | "jit" | "vectorize") {
        return;
    }
    for arg in args.iter_mut().filter(|arg| arg.keyword.is_none() && !arg.starred) {
        match &mut arg.value.kind {
            ExprKind::List(items) | ExprKind::Tuple(items) => {
                items.iter_mut().for_each(|item| unquote(source, text, item));
            }
            _ => unquote(source, text, &mut arg.value),
        }
    }
}

pub fn annotations(source: SourceId, text: &str, params: &mut [Param]) {
    params
        .iter_mut()
        .filter_map(|param| param.annotation.as_mut())
        .for_each(|expr| unquote(source, text, expr));
}

fn unquote(source: SourceId, text: &str, expr: &mut Expr) {
    if let ExprKind::Str(content) = &expr.kind
        && let Some(inner) = inner(text, expr, content)
        && let Some(parsed) = parsed(source, text, inner)
    {
        *expr = parsed;
    }
}

/// Where the content of a literal begins, if it is written as it is: one pair of quotes and no escapes.
fn inner(text: &str, expr: &Expr, content: &str) -> Option<usize> {
    let (start, end) = (expr.span.start as usize, expr.span.end as usize);
    (text.get(start + 1..end.checked_sub(1)?) == Some(content)).then_some(start + 1)
}

fn parsed<'t>(source: SourceId, text: &'t str, start: usize) -> Option<Expr> {
    let quote = text[..start].chars().last()?;
    let content = text[start..].split(quote).next()?;
    let lexemes: Vec<Lexeme<'t>> = tokens::tokens(content)
        .into_iter()
        .map(|lexeme| Lexeme { start: lexeme.start + start, end: lexeme.end + start, ..lexeme })
        .collect();
    let mut errors = super::errors::Errors::default();
    let lines = logical::logical_lines(source, text, &lexemes, &mut errors);
    let [line] = &lines[..] else { return None };
    if !errors.is_empty() {
        return None;
    }
    reader::expression(source, text, line.tokens).ok()
}
