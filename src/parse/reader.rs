//! One logical line, or one expression, through the grammar.

use super::grammar::StartParser;
use super::indent::significant;
use super::statements::Root;
use super::tokens::{Lexeme, Token};
use super::{lexical, recover};
use crate::ast::Expr;
use crate::base::{Diagnostic, SourceId};

pub fn line(source: SourceId, text: &str, tokens: &[Lexeme]) -> Result<Root, Box<Diagnostic>> {
    read(source, text, tokens, Token::StartLine).map(|root| *root)
}

pub fn expression(source: SourceId, text: &str, tokens: &[Lexeme]) -> Result<Expr, Box<Diagnostic>> {
    match *read(source, text, tokens, Token::StartExpression)? {
        Root::Expression(expr) => Ok(expr),
        Root::Simple(_) | Root::Compound { .. } | Root::Decorator(_) => {
            unreachable!("the marker chooses an expression")
        }
    }
}

fn read(source: SourceId, text: &str, tokens: &[Lexeme], start: Token) -> Result<Box<Root>, Box<Diagnostic>> {
    for lexeme in tokens {
        if let Token::Bad(badness) = lexeme.token {
            return Err(Box::new(lexical::diagnostic(source, text, lexeme, badness)));
        }
    }
    let beginning = tokens.first().map_or(0, |lexeme| lexeme.start);
    let marked = std::iter::once((beginning, start, beginning))
        .chain(significant(tokens).map(|lexeme| (lexeme.start, lexeme.token, lexeme.end)));
    StartParser::new().parse(source, marked).map_err(|error| recover::explain(source, text, tokens, error))
}
