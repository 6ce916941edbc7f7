//! A line that the grammar refuses → one error: what was expected in plain words, and what the usual mistake is.
//!
//! The grammar knows every token that could have come; most of them are operators. [`Failure::wanted`] picks
//! the few that help. `HINTS` is the list of usual mistakes: the first that recognises the line speaks.

use super::indent::significant;
use super::nodes::Refusal;
use super::tokens::{Lexeme, Token};
use crate::ast::CompareOp;
use crate::base::{Diagnostic, SourceId, Span};
use lalrpop_util::ParseError;

pub fn explain(source: SourceId, text: &str, tokens: &[Lexeme], error: Refusal) -> Box<Diagnostic> {
    let (start, expected) = match error {
        ParseError::User { error } => return error,
        ParseError::UnrecognizedToken { token: (start, _, _), expected } => (Some(start), expected),
        ParseError::UnrecognizedEof { expected, .. } => (None, expected),
        ParseError::InvalidToken { .. } | ParseError::ExtraToken { .. } => (None, vec![]),
    };
    let tokens: Vec<Lexeme> = significant(tokens).copied().collect();
    let at = tokens.iter().position(|lexeme| Some(lexeme.start) == start).unwrap_or(tokens.len());
    let expected = expected.iter().map(|name| name.trim_matches('"').to_string()).collect();
    Box::new(Failure { source, text, tokens, at, expected }.diagnostic())
}

/// Where the grammar stopped.
struct Failure<'a> {
    source: SourceId,
    text: &'a str,
    /// The line without line ends.
    tokens: Vec<Lexeme<'a>>,
    /// The token that does not fit; the number of tokens if the line ends too early.
    at: usize,
    /// The terminals of the grammar that would fit.
    expected: Vec<String>,
}

/// In this order: a mistake comes before what it looks like.
const HINTS: [fn(&Failure) -> Option<String>; 15] = [
    else_if,
    increment,
    doubled_operator,
    misspelt_comparison,
    equals_in_condition,
    equals_in_brackets,
    for_in_c,
    foreign_word,
    call_without_parentheses,
    parameters_missing,
    braces,
    import_order,
    missing_colon,
    keyword_as_name,
    comma_missing,
];

impl Failure<'_> {
    fn diagnostic(&self) -> Diagnostic {
        let span = match self.tokens.get(self.at) {
            Some(lexeme) => Span::new(self.source, lexeme.start, lexeme.end),
            None => {
                let end = self.tokens.last().map_or(self.text.len(), |lexeme| lexeme.end);
                Span::new(self.source, end, end)
            }
        };
        let wanted = self.wanted();
        let found = self.found();
        let message = match wanted.split_last() {
            None => format!("unexpected {found}"),
            Some((last, [])) => format!("expected {last}, found {found}"),
            Some((last, others)) => format!("expected {} or {last}, found {found}", others.join(", ")),
        };
        let diagnostic = Diagnostic::error(span, message);
        match HINTS.iter().find_map(|hint| hint(self)) {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }

    fn found(&self) -> String {
        const LONGEST: usize = 24;
        match self.word(self.at) {
            "" if self.tokens.is_empty() => "nothing".into(),
            "" => "the end of the line".into(),
            word if word.chars().count() <= LONGEST && !word.contains(['\n', '\r']) => format!("`{word}`"),
            word => match self.tokens[self.at].token {
                Token::Str(_) => "a string".into(),
                Token::Number(_) => "a number".into(),
                _ => format!("`{}…`", word.chars().take(LONGEST).collect::<String>()),
            },
        }
    }

    /// At most three alternatives.
    fn wanted(&self) -> Vec<String> {
        let mut wanted: Vec<String> = vec![];
        // Before a wrong `=` the grammar takes a name for one that is bound, and forgets what else could follow.
        let bound = self.expected.iter().all(|word| word == ":=");
        let complete = bound || self.expects("compare");
        let closer = self.closer();
        if self.expects("number") {
            wanted.push("an expression".into());
        } else if self.expects("name") {
            wanted.push("a name".into());
        }
        let quoted = |word: &str| format!("`{word}`");
        if let Some(closer) = closer {
            wanted.extend([",", closer].into_iter().filter(|word| bound || self.expects(word)).map(quoted));
        }
        wanted.extend(["else", "import"].into_iter().filter(|word| self.expects(word)).map(quoted));
        if self.expects("in") && !complete {
            wanted.push(quoted("in"));
        }
        if closer.is_none() && (bound || self.expects(":")) && self.is_header() {
            wanted.push(quoted(":"));
        }
        if wanted.is_empty() && complete {
            wanted.push("an operator or the end of the line".into());
        }
        if wanted.is_empty() && self.expected.len() <= 3 {
            let word = |word: &String| if word == ";" { "the end of the line".into() } else { quoted(word) };
            wanted.extend(self.expected.iter().rev().map(word));
        }
        wanted.truncate(3);
        wanted
    }

    fn expects(&self, terminal: &str) -> bool {
        self.expected.iter().any(|name| name == terminal)
    }

    fn token(&self, at: usize) -> Option<Token<'_>> {
        self.tokens.get(at).map(|lexeme| lexeme.token)
    }

    /// The text of a token; empty beyond the end.
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |lexeme| &self.text[lexeme.range()])
    }

    /// Whether a token follows the one before it without a space.
    fn touches(&self, at: usize) -> bool {
        at > 0 && at < self.tokens.len() && self.tokens[at - 1].end == self.tokens[at].start
    }

    /// Whether the line begins as the header of a suite.
    fn is_header(&self) -> bool {
        use Token::*;
        matches!(self.token(0), Some(If | Elif | Else | While | For | Def))
    }

    /// What closes the innermost bracket that is open where the grammar stopped.
    fn closer(&self) -> Option<&'static str> {
        let mut open = vec![];
        for lexeme in &self.tokens[..self.at] {
            match lexeme.token {
                Token::LeftParen => open.push(")"),
                Token::LeftBracket => open.push("]"),
                Token::LeftBrace => open.push("}"),
                Token::RightParen | Token::RightBracket | Token::RightBrace => drop(open.pop()),
                _ => {}
            }
        }
        open.pop()
    }
}

fn else_if(failure: &Failure) -> Option<String> {
    let both = failure.token(0) == Some(Token::Else) && failure.token(1) == Some(Token::If);
    (both && failure.at == 1).then(|| "write `elif`".into())
}

fn increment(failure: &Failure) -> Option<String> {
    let at = failure.at.checked_sub(2)?;
    let op = match (failure.token(at)?, failure.token(at + 1)?) {
        (Token::Plus, Token::Plus) => "+",
        (Token::Minus, Token::Minus) => "-",
        _ => return None,
    };
    let name = match at.checked_sub(1).and_then(|before| failure.token(before)) {
        Some(Token::Name(name)) => name,
        _ => "i",
    };
    failure.touches(at + 1).then(|| format!("write `{name} {op}= 1`"))
}

fn doubled_operator(failure: &Failure) -> Option<String> {
    let before = failure.at.checked_sub(1).and_then(|at| failure.token(at));
    let word = match (before?, failure.token(failure.at)?) {
        (Token::Ampersand, Token::Ampersand) => "and",
        (Token::Bar, Token::Bar) => "or",
        _ => return None,
    };
    Some(format!("write `{word}`"))
}

fn misspelt_comparison(failure: &Failure) -> Option<String> {
    let before = failure.at.checked_sub(1).and_then(|at| failure.token(at));
    let right = match (before?, failure.token(failure.at)?) {
        (Token::Compare(CompareOp::Lt), Token::Compare(CompareOp::Gt)) => "!=",
        (Token::Compare(CompareOp::Eq), Token::Assign) => "==",
        (Token::Compare(CompareOp::Ne), Token::Assign) => "!=",
        (Token::Assign, Token::Compare(CompareOp::Lt)) => "<=",
        (Token::Assign, Token::Compare(CompareOp::Gt)) => ">=",
        _ => return None,
    };
    failure.touches(failure.at).then(|| format!("write `{right}`"))
}

fn equals_in_condition(failure: &Failure) -> Option<String> {
    let condition =
        matches!(failure.token(0)?, Token::If | Token::Elif | Token::While | Token::Assert | Token::Return);
    let assigns = failure.token(failure.at) == Some(Token::Assign);
    (condition && assigns && failure.closer().is_none()).then(|| "`==` compares, `=` assigns".into())
}

fn equals_in_brackets(failure: &Failure) -> Option<String> {
    let assigns = failure.token(failure.at) == Some(Token::Assign);
    (assigns && failure.closer().is_some() && failure.token(0) != Some(Token::For))
        .then(|| "`==` compares; an argument is given by name as `name=value`".into())
}

fn for_in_c(failure: &Failure) -> Option<String> {
    let parenthesised = failure.token(0) == Some(Token::For) && failure.token(1) == Some(Token::LeftParen);
    let counts = failure.tokens.iter().any(|lexeme| matches!(lexeme.token, Token::Semicolon | Token::Assign));
    (parenthesised && counts).then(|| "a counting loop is `for i in range(n):`".into())
}

/// Words that begin lines in other languages.
fn foreign_word(failure: &Failure) -> Option<String> {
    let Token::Name(word) = failure.token(0)? else { return None };
    if failure.at != 1 || !matches!(failure.token(1)?, Token::Name(_)) {
        return None;
    }
    match word {
        "function" | "func" | "fn" | "fun" | "sub" | "void" => Some("write `def`".into()),
        "elseif" | "elsif" => Some("write `elif`".into()),
        "let" | "var" | "const" | "auto" => {
            Some(format!("remove `{word}`: a name is declared by assigning to it"))
        }
        "int" | "float" | "double" | "long" | "bool" => {
            Some(format!("remove `{word}`, or write `{}: {word} = …`", failure.word(1)))
        }
        _ => None,
    }
}

fn call_without_parentheses(failure: &Failure) -> Option<String> {
    let print = matches!(failure.token(0)?, Token::Name("print" | "exec"));
    (print && failure.at == 1).then(|| format!("`{0}` is a function: write `{0}(…)`", failure.word(0)))
}

fn parameters_missing(failure: &Failure) -> Option<String> {
    let named = failure.token(0)? == Token::Def && failure.at == 2;
    named.then(|| format!("write `def {}():`, with the parameters in the parentheses", failure.word(1)))
}

fn braces(failure: &Failure) -> Option<String> {
    let brace = failure.token(failure.at) == Some(Token::LeftBrace);
    (brace && failure.is_header()).then(|| "a block is indented and follows `:`; it has no braces".into())
}

fn import_order(failure: &Failure) -> Option<String> {
    let from = failure.token(failure.at) == Some(Token::From);
    (from && failure.token(0)? == Token::Import)
        .then(|| format!("write `from {} import {}`", failure.word(failure.at + 1), failure.word(1)))
}

fn missing_colon(failure: &Failure) -> Option<String> {
    let ends = failure.at == failure.tokens.len();
    (ends && failure.is_header() && failure.expects(":") && failure.closer().is_none())
        .then(|| format!("the line of `{}` ends with `:`", failure.word(0)))
}

fn keyword_as_name(failure: &Failure) -> Option<String> {
    let word = failure.word(failure.at);
    let keyword = |at: usize| {
        failure.word(at).starts_with(char::is_alphabetic)
            && !matches!(failure.token(at), Some(Token::Name(_) | Token::Str(_) | Token::Number(_)))
    };
    if keyword(failure.at) && failure.expects("name") && !failure.expects("number") {
        return Some(format!("`{word}` is a keyword: choose another name"));
    }
    let assigned = failure.at == 1 && failure.token(1) == Some(Token::Assign);
    (assigned && keyword(0)).then(|| format!("`{}` is a keyword: choose another name", failure.word(0)))
}

fn comma_missing(failure: &Failure) -> Option<String> {
    let operand = matches!(failure.token(failure.at)?, Token::Name(_) | Token::Number(_) | Token::Str(_));
    (operand && failure.closer().is_some() && failure.expects(","))
        .then(|| "put `,` between two elements".into())
}
