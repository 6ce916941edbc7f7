//! Tokens → logical lines: a line goes on while a bracket is open.
//!
//! A bracket that is never closed would swallow the rest of the file, so a keyword that no expression
//! contains ends the line when it begins a physical line.

use super::errors::Errors;
use super::lexical;
use super::tokens::{Badness, Lexeme, Token};
use crate::base::{Diagnostic, SourceId, Span};

/// The most brackets open at once, as in CPython.
pub const MAX_BRACKETS: usize = 200;

/// A logical line without its end. Inside brackets its tokens still contain line ends.
#[derive(Clone, Copy)]
pub struct Logical<'a> {
    pub tokens: &'a [Lexeme<'a>],
    /// Its brackets, or the end of its last string, are wrong and were reported: it cannot be parsed.
    pub broken: bool,
}

/// The non-empty logical lines. At most one error each goes into `errors`.
pub fn logical_lines<'a>(
    source: SourceId,
    text: &str,
    lexemes: &'a [Lexeme<'a>],
    errors: &mut Errors,
) -> Vec<Logical<'a>> {
    let mut splitter = Splitter { source, text, open: vec![], error: None };
    let mut lines = vec![];
    let mut start = 0;
    for (at, lexeme) in lexemes.iter().enumerate() {
        let ends = match splitter.open.last() {
            None => lexeme.token == Token::Newline,
            Some(_) => at > 0 && lexemes[at - 1].token == Token::Newline && begins_statement(lexeme.token),
        };
        if ends {
            splitter.finish(&lexemes[start..at], &mut lines, errors);
            start = at + usize::from(lexeme.token == Token::Newline);
        }
        splitter.bracket(lexeme);
    }
    splitter.finish(&lexemes[start..], &mut lines, errors);
    lines
}

/// Keywords that begin a statement and occur in no expression.
fn begins_statement(token: Token) -> bool {
    use Token::*;
    matches!(
        token,
        Assert
            | Break
            | Class
            | Continue
            | Def
            | Del
            | Elif
            | Except
            | Finally
            | Global
            | Import
            | Nonlocal
            | Pass
            | Raise
            | Return
            | Try
            | While
            | With
    )
}

struct Splitter<'a> {
    source: SourceId,
    text: &'a str,
    /// Where the open brackets are, with the text that closes each.
    open: Vec<(Span, &'static str)>,
    /// The first error of this line.
    error: Option<Diagnostic>,
}

impl Splitter<'_> {
    fn bracket(&mut self, lexeme: &Lexeme) {
        match lexeme.token {
            Token::LeftParen => self.open(lexeme, ")"),
            Token::LeftBracket => self.open(lexeme, "]"),
            Token::LeftBrace => self.open(lexeme, "}"),
            Token::RightParen | Token::RightBracket | Token::RightBrace => self.close(lexeme),
            Token::Bad(badness @ Badness::OpenTripleString) => {
                let error = lexical::diagnostic(self.source, self.text, lexeme, badness);
                self.error.get_or_insert(error);
            }
            _ => {}
        }
    }

    fn span(&self, lexeme: &Lexeme) -> Span {
        Span::new(self.source, lexeme.start, lexeme.end)
    }

    fn open(&mut self, lexeme: &Lexeme, closer: &'static str) {
        let span = self.span(lexeme);
        if self.open.len() == MAX_BRACKETS {
            self.error.get_or_insert_with(|| {
                Diagnostic::error(span, format!("more than {MAX_BRACKETS} brackets are open at once"))
                    .hint("give parts of the expression names of their own")
            });
        }
        self.open.push((span, closer));
    }

    fn close(&mut self, lexeme: &Lexeme) {
        let (span, found) = (self.span(lexeme), &self.text[lexeme.range()]);
        match self.open.pop() {
            None => {
                let error = Diagnostic::error(span, format!("`{found}` closes nothing")).hint("remove it");
                self.error.get_or_insert(error);
            }
            Some((_, closer)) if closer == found => {}
            Some((opener, closer)) => {
                let opening = &self.text[opener.range()];
                let error = Diagnostic::error(span, format!("`{found}` does not close `{opening}`"))
                    .label(opener, format!("`{opening}` is opened here"))
                    .hint(format!("close it with `{closer}`"));
                self.error.get_or_insert(error);
            }
        }
    }

    fn finish<'a>(&mut self, tokens: &'a [Lexeme<'a>], lines: &mut Vec<Logical<'a>>, errors: &mut Errors) {
        // Of several open brackets the last is most likely the forgotten one.
        if let Some(&(opener, closer)) = self.open.last() {
            let opening = &self.text[opener.range()];
            self.error.get_or_insert_with(|| {
                Diagnostic::error(opener, format!("`{opening}` is never closed"))
                    .note("opened here")
                    .hint(format!("close it with `{closer}`"))
            });
        }
        self.open.clear();
        let broken = self.error.is_some();
        if let Some(error) = self.error.take() {
            errors.push(error);
        }
        if !tokens.is_empty() {
            lines.push(Logical { tokens, broken });
        }
    }
}
