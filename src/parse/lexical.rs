//! The words for text that is no token: stray characters, malformed numbers, strings without an end.

use super::tokens::{Badness, Lexeme};
use crate::base::{Diagnostic, SourceId, Span};

pub fn diagnostic(source: SourceId, text: &str, lexeme: &Lexeme, badness: Badness) -> Diagnostic {
    let span = Span::new(source, lexeme.start, lexeme.end);
    match badness {
        Badness::Character => character(span, &text[lexeme.range()]),
        Badness::Number => number(span, &text[lexeme.range()]),
        Badness::OpenString => Diagnostic::error(span, "this string has no closing quote on its line")
            .hint("close it with the quote that opens it, or use triple quotes for several lines"),
        Badness::OpenTripleString => {
            let opener = Span::new(source, lexeme.start, opening_end(text, lexeme));
            Diagnostic::error(opener, "this triple-quoted string is never closed")
                .hint("close it with the three quotes that open it")
        }
    }
}

/// After the prefix and the three quotes.
fn opening_end(text: &str, lexeme: &Lexeme) -> usize {
    let quotes = text[lexeme.range()].find(['"', '\'']).unwrap_or(0);
    lexeme.start + quotes + 3
}

fn character(span: Span, text: &str) -> Diagnostic {
    let character = text.chars().next().unwrap_or('\u{fffd}');
    let name = if character.is_control() || character.is_whitespace() {
        format!("the character U+{:04X}", character as u32)
    } else {
        format!("`{character}`")
    };
    let message = match character {
        '\\' => "`\\` joins lines only as the last character of a line".to_string(),
        _ => format!("{name} means nothing here"),
    };
    let diagnostic = Diagnostic::error(span, message);
    match character_hint(character) {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

fn character_hint(character: char) -> Option<String> {
    let ascii = match character {
        '!' => return Some("write `not` for a negation, `!=` for \"differs from\"".into()),
        '?' => return Some("a choice is written `a if condition else b`".into()),
        '$' | '`' | '\\' | '\0' => return Some("remove it".into()),
        '“' | '”' | '„' | '«' | '»' => "\"",
        '‘' | '’' => "'",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '×' | '⋅' | '∗' => "*",
        '÷' => "/",
        '−' | '–' | '—' => "-",
        '²' => "**2",
        '³' => "**3",
        '√' => "np.sqrt(…)",
        '∞' => "np.inf",
        '→' => "->",
        '，' => ",",
        '（' => "(",
        '）' => ")",
        '：' => ":",
        '…' => "...",
        _ if character.is_whitespace() || character == '\u{feff}' => {
            return Some("use an ordinary space".into());
        }
        _ => return None,
    };
    Some(format!("write `{ascii}`"))
}

fn number(span: Span, text: &str) -> Diagnostic {
    const LONGEST: usize = 40;
    if text.len() > LONGEST {
        return Diagnostic::error(span, "this is not a number");
    }
    let error = Diagnostic::error(span, format!("`{text}` is not a number"));
    let digits = |c: char| c.is_ascii_digit() || c == '_';
    if text.starts_with('0') && text.len() > 1 && text.chars().all(|c| c.is_ascii_digit()) {
        let value = text.trim_start_matches('0');
        let error = error.note("an integer has no leading zeros");
        return if value.chars().all(|c| c < '8') {
            error.hint(format!("write `{value}`, or `0o{value}` for octal"))
        } else {
            error.hint(format!("write `{value}`"))
        };
    }
    if text.chars().all(digits) {
        return error
            .note("underscores stand between two digits")
            .hint(format!("write `{}`", text.replace('_', "").trim_start_matches('0')));
    }
    match text.get(..2) {
        Some("0x" | "0X") => error.note("hexadecimal digits are 0–9 and a–f"),
        Some("0o" | "0O") => error.note("octal digits are 0–7"),
        Some("0b" | "0B") => error.note("binary digits are 0 and 1"),
        _ => number_suffix(error, text),
    }
}

fn number_suffix(error: Diagnostic, text: &str) -> Diagnostic {
    let body = text.trim_end_matches(|c: char| c.is_alphabetic() || c == '_');
    match &text[body.len()..] {
        "" => error.note("two numbers touch"),
        "i" | "I" => error.hint(format!("an imaginary number is written `{body}j`")),
        "f" | "F" if !body.is_empty() => error.hint(format!("a 32-bit number is written `f32({body})`")),
        "l" | "L" | "u" | "U" | "ul" | "UL" | "ll" => error.hint(format!("write `{body}`")),
        _ => error.note("a name or another number touches it").hint("a name cannot begin with a digit"),
    }
}
