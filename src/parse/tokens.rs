//! Characters → tokens: all of Python's, so that whatever a file contains can be named when it is refused.
//!
//! A token that cannot be read becomes [`Token::Bad`] and keeps its place; it is an error only if the line
//! that holds it is needed (`lexical` words it). Spaces, comments and joined lines (`\` at the end of a
//! line) leave no token. Line ends always do: `logical` drops those inside brackets.

use crate::ast::{BinaryOp, CompareOp};
use logos::{Lexer, Logos};
use std::ops::Range;

/// A token and its byte range.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lexeme<'a> {
    pub token: Token<'a>,
    pub start: usize,
    pub end: usize,
}

impl Lexeme<'_> {
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// Why a piece of text is no token.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Badness {
    #[default]
    Character,
    Number,
    /// No closing quote before the end of the line.
    OpenString,
    /// No closing triple quote before the end of the file.
    OpenTripleString,
}

/// The tokens of a text, line ends included. A byte order mark at the start is skipped.
pub fn tokens(text: &str) -> Vec<Lexeme<'_>> {
    let skipped = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut lexer = Token::lexer(&text[skipped..]);
    let mut lexemes: Vec<Lexeme> = vec![];
    while let Some(token) = lexer.next() {
        let Range { start, end } = lexer.span();
        let token = token.unwrap_or_else(Token::Bad);
        let lexeme = Lexeme { token, start: start + skipped, end: end + skipped };
        match lexemes.last_mut() {
            Some(last) if last.end == lexeme.start && glued(last.token, token) => {
                *last = Lexeme { token: Token::Bad(Badness::Number), end: lexeme.end, ..*last };
            }
            _ => lexemes.push(lexeme),
        }
    }
    lexemes
}

/// `1__0`, `0123`, `12ab` come out of the lexer as a number and something that touches it.
fn glued(left: Token, right: Token) -> bool {
    matches!(left, Token::Number(_) | Token::Bad(Badness::Number))
        && matches!(right, Token::Number(_) | Token::Name(_) | Token::Bad(Badness::Character))
}

#[derive(Logos, Clone, Copy, PartialEq, Debug)]
#[logos(extras = Wasted, error = Badness)]
#[logos(skip r"[ \t\x0c]+")]
#[logos(skip(r"#[^\r\n]*", allow_greedy = true))]
#[logos(skip r"\\(\r\n|\n|\r)")]
pub enum Token<'a> {
    #[regex(r"\r\n|\n|\r")]
    Newline,
    #[regex(r"[\p{XID_Start}_]\p{XID_Continue}*")]
    Name(&'a str),
    #[regex(r"0(_?0)*|[1-9](_?[0-9])*", |lexer| lexer.slice())]
    #[regex(r"0[xX](_?[0-9a-fA-F])+|0[oO](_?[0-7])+|0[bB](_?[01])+", |lexer| lexer.slice())]
    #[regex(r"([0-9](_?[0-9])*)?\.[0-9](_?[0-9])*([eE][+-]?[0-9](_?[0-9])*)?[jJ]?", |lexer| lexer.slice())]
    #[regex(r"[0-9](_?[0-9])*\.([eE][+-]?[0-9](_?[0-9])*)?[jJ]?", |lexer| lexer.slice())]
    #[regex(r"[0-9](_?[0-9])*([eE][+-]?[0-9](_?[0-9])*[jJ]?|[jJ])", |lexer| lexer.slice())]
    Number(&'a str),
    /// With its prefix and quotes.
    #[regex(r#"([rRuUbB]|[bB][rR]|[rR][bB])?("""|'''|"|')"#, |lexer| string(lexer, false))]
    #[regex(r#"([fFtT][rR]?|[rR][fFtT])("""|'''|"|')"#, |lexer| string(lexer, true))]
    Str(&'a str),

    #[token("False")]
    False,
    #[token("None")]
    None,
    #[token("True")]
    True,
    #[token("and")]
    And,
    #[token("as")]
    As,
    #[token("assert")]
    Assert,
    #[token("async")]
    Async,
    #[token("await")]
    Await,
    #[token("break")]
    Break,
    #[token("class")]
    Class,
    #[token("continue")]
    Continue,
    #[token("def")]
    Def,
    #[token("del")]
    Del,
    #[token("elif")]
    Elif,
    #[token("else")]
    Else,
    #[token("except")]
    Except,
    #[token("finally")]
    Finally,
    #[token("for")]
    For,
    #[token("from")]
    From,
    #[token("global")]
    Global,
    #[token("if")]
    If,
    #[token("import")]
    Import,
    #[token("in")]
    In,
    #[token("is")]
    Is,
    #[token("lambda")]
    Lambda,
    #[token("nonlocal")]
    Nonlocal,
    #[token("not")]
    Not,
    #[token("or")]
    Or,
    #[token("pass")]
    Pass,
    #[token("raise")]
    Raise,
    #[token("return")]
    Return,
    #[token("try")]
    Try,
    #[token("while")]
    While,
    #[token("with")]
    With,
    #[token("yield")]
    Yield,

    #[token("(")]
    LeftParen,
    #[token(")")]
    RightParen,
    #[token("[")]
    LeftBracket,
    #[token("]")]
    RightBracket,
    #[token("{")]
    LeftBrace,
    #[token("}")]
    RightBrace,
    #[token(",")]
    Comma,
    #[token(":")]
    Colon,
    #[token(";")]
    Semicolon,
    #[token(".")]
    Dot,
    #[token("...")]
    Ellipsis,
    #[token("=")]
    Assign,
    #[token(":=")]
    Walrus,
    #[token("->")]
    Arrow,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("**")]
    DoubleStar,
    #[token("/")]
    Slash,
    #[token("@")]
    At,
    #[token("|")]
    Bar,
    #[token("^")]
    Caret,
    #[token("&")]
    Ampersand,
    #[token("~")]
    Tilde,
    #[token("//", |_| BinaryOp::FloorDiv)]
    #[token("%", |_| BinaryOp::Mod)]
    Divide(BinaryOp),
    #[token("<<", |_| BinaryOp::Shl)]
    #[token(">>", |_| BinaryOp::Shr)]
    Shift(BinaryOp),
    #[token("==", |_| CompareOp::Eq)]
    #[token("!=", |_| CompareOp::Ne)]
    #[token("<", |_| CompareOp::Lt)]
    #[token("<=", |_| CompareOp::Le)]
    #[token(">", |_| CompareOp::Gt)]
    #[token(">=", |_| CompareOp::Ge)]
    Compare(CompareOp),
    #[token("+=", |_| BinaryOp::Add)]
    #[token("-=", |_| BinaryOp::Sub)]
    #[token("*=", |_| BinaryOp::Mul)]
    #[token("/=", |_| BinaryOp::Div)]
    #[token("//=", |_| BinaryOp::FloorDiv)]
    #[token("%=", |_| BinaryOp::Mod)]
    #[token("**=", |_| BinaryOp::Pow)]
    #[token("@=", |_| BinaryOp::MatMul)]
    #[token("&=", |_| BinaryOp::And)]
    #[token("|=", |_| BinaryOp::Or)]
    #[token("^=", |_| BinaryOp::Xor)]
    #[token("<<=", |_| BinaryOp::Shl)]
    #[token(">>=", |_| BinaryOp::Shr)]
    Augment(BinaryOp),

    Bad(Badness),
    /// Put before a logical line, to choose the start of the grammar. Never in a text.
    StartLine,
    /// Put before an expression that stands alone.
    StartExpression,
}

/// Bytes looked at in vain for the end of f-strings. Bounded, so that a text of nothing but malformed ones
/// takes linear time; beyond the bound braces have no meaning.
#[derive(Default)]
pub struct Wasted(usize);

const MOST_WASTED: usize = 1 << 20;

/// Runs from the opening quotes, already taken, to the closing ones.
fn string<'a>(lexer: &mut Lexer<'a, Token<'a>>, formatted: bool) -> Result<&'a str, Badness> {
    let opening = lexer.slice();
    let quotes = opening.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let rest = lexer.remainder();
    let formatted = formatted && lexer.extras.0 < MOST_WASTED;
    let nested = if formatted { end_of_formatted(rest, quotes, &mut lexer.extras) } else { None };
    match nested.or_else(|| end_of_string(rest, quotes)) {
        Some(end) => {
            lexer.bump(end + quotes.len());
            Ok(lexer.slice())
        }
        None if quotes.len() == 3 => {
            lexer.bump(rest.len());
            Err(Badness::OpenTripleString)
        }
        None => {
            lexer.bump(rest.find(['\n', '\r']).unwrap_or(rest.len()));
            Err(Badness::OpenString)
        }
    }
}

/// The offset of the closing quotes. A backslash protects what follows it, also in raw strings.
fn end_of_string(rest: &str, quotes: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if bytes[at + 1..].starts_with(b"\r\n") => at += 3,
            b'\\' => at += 2,
            b'\n' | b'\r' if quotes.len() == 1 => return None,
            _ if bytes[at..].starts_with(quotes.as_bytes()) => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// The same for an f-string, where `{…}` may hold strings with the same quotes. None if the braces do
/// not work out; they may still be a string in the eyes of `end_of_string`.
fn end_of_formatted(rest: &str, quotes: &str, wasted: &mut Wasted) -> Option<usize> {
    let bytes = rest.as_bytes();
    let (mut at, mut depth) = (0, 0usize);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'\n' | b'\r' if quotes.len() == 1 => break,
            b'{' if depth == 0 && bytes[at + 1..].starts_with(b"{") => at += 2,
            b'{' => (at, depth) = (at + 1, depth + 1),
            b'}' => (at, depth) = (at + 1, depth.saturating_sub(1)),
            _ if depth == 0 && bytes[at..].starts_with(quotes.as_bytes()) => return Some(at),
            b'"' | b'\'' if depth > 0 => match end_of_string(&rest[at + 1..], &rest[at..at + 1]) {
                Some(length) => at += length + 2,
                None => break,
            },
            _ => at += 1,
        }
    }
    wasted.0 += at;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = tokens(text).iter().map(|lexeme| &text[lexeme.range()]).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    fn check_bad(text: &str, badness: Badness) {
        let found = tokens(text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].token, Token::Bad(badness), "{text:?}");
    }

    #[test]
    fn operators_take_the_longest_match() {
        check("a**=b//c<<=d", &["a", "**=", "b", "//", "c", "<<=", "d"]);
        check("x:=1...->@=!=", &["x", ":=", "1.", ".", ".", "->", "@=", "!="]);
    }

    #[test]
    fn keywords_and_names() {
        assert_eq!(tokens("def")[0].token, Token::Def);
        assert_eq!(tokens("define")[0].token, Token::Name("define"));
        assert_eq!(tokens("match")[0].token, Token::Name("match"));
        check("π_1 été __x", &["π_1", "été", "__x"]);
    }

    #[test]
    fn numbers() {
        for text in
            ["0", "00", "1_000", "0xFF_ff", "0o17", "0B1_0", "1.", ".5", "1e5", "1.5E-3", "01.5", "1_0.2_5"]
        {
            assert_eq!(tokens(text), [Lexeme { token: Token::Number(text), start: 0, end: text.len() }]);
        }
        for text in ["2j", "1e5J", ".5j", "1.j", "09j"] {
            assert_eq!(tokens(text), [Lexeme { token: Token::Number(text), start: 0, end: text.len() }]);
        }
        for text in ["1__0", "1_", "0123", "0x", "0xg", "12ab", "1.5.2", "0b12", "1_000_", "1e5x"] {
            check_bad(text, Badness::Number);
        }
        check("1..real", &["1.", ".", "real"]);
        check("1if x", &["1", "if", "x"]);
    }

    #[test]
    fn strings() {
        check(
            r#"'a' "b\"c" r'\'' b"x" Rb'y' '''a'b''' """" """"#,
            &["'a'", r#""b\"c""#, r"r'\''", "b\"x\"", "Rb'y'", "'''a'b'''", "\"\"\"\" \"\"\""],
        );
        check("f'{x!r:>{w}}' f'{{' f\"{d[\"k\"]}\"", &["f'{x!r:>{w}}'", "f'{{'", "f\"{d[\"k\"]}\""]);
        check("'a\\\nb' ''", &["'a\\\nb'", "''"]);
        check_bad("'abc", Badness::OpenString);
        check_bad("'abc\\", Badness::OpenString);
        check_bad("'''abc'", Badness::OpenTripleString);
    }

    #[test]
    fn lines_comments_and_joins() {
        check("a # b\nc\\\nd\r\ne\rf\x0cg", &["a", "\n", "c", "d", "\r\n", "e", "\r", "f", "g"]);
        check("\u{feff}x", &["x"]);
        check_bad("$", Badness::Character);
        check_bad("≤", Badness::Character);
        check_bad("\0", Badness::Character);
    }
}
