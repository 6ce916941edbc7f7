//! Statements outside the language: recognised by their first keyword and skipped unread.
//!
//! What matters later is only which names they would have bound, so that using such a name can say why it does
//! not exist. The names are looked for among tokens; a few too many do no harm.

use super::indent::{Line, significant};
use super::tokens::Token;

/// The keyword of the statement that begins these lines, if it is outside the language. Decorators belong
/// to what they decorate. `nested`: in a suite, where no function may be defined.
pub fn keyword(lines: &[Line], nested: bool) -> Option<&'static str> {
    let line = &lines[decorators(lines).min(lines.len() - 1)];
    match line.first().token {
        Token::Class => Some("class"),
        Token::Try => Some("try"),
        Token::With => Some("with"),
        Token::Async => Some("async"),
        Token::Del => Some("del"),
        Token::Global => Some("global"),
        Token::Nonlocal => Some("nonlocal"),
        Token::Def if nested => Some("nested def"),
        Token::Name("match") if is_match(line) => Some("match"),
        Token::Name("type") if is_type_alias(line) => Some("type"),
        _ => None,
    }
}

/// How many lines the statement takes: its decorators, its own, and the clauses of a `try`.
pub fn length(lines: &[Line]) -> usize {
    let own = decorators(lines) + 1;
    let clauses = match lines[own - 1].first().token {
        Token::Try => &[Token::Except, Token::Else, Token::Finally][..],
        // `async for` has an `else`.
        Token::Async => &[Token::Else],
        _ => &[],
    };
    own + lines[own..].iter().take_while(|line| clauses.contains(&line.first().token)).count()
}

fn decorators(lines: &[Line]) -> usize {
    lines.iter().take_while(|line| line.first().token == Token::At).count()
}

/// `match` is a name unless a subject follows and the line opens a suite.
fn is_match(line: &Line) -> bool {
    line.tokens.len() > 2
        && line.last().token == Token::Colon
        && !matches!(line.tokens[1].token, Token::Assign | Token::Dot | Token::Colon)
        && !line.suite.is_empty()
}

/// `type Name = …`
fn is_type_alias(line: &Line) -> bool {
    line.tokens.len() > 3
        && matches!(line.tokens[1].token, Token::Name(_))
        && matches!(line.tokens[2].token, Token::Assign | Token::LeftBracket)
}

/// The names that these lines would bind, each once, in order.
pub fn bound_names(lines: &[Line]) -> Vec<String> {
    let mut names = vec![];
    let mut seen = std::collections::HashSet::new();
    collect(lines, &mut |name| {
        if seen.insert(name.to_string()) {
            names.push(name.to_string());
        }
    });
    names
}

fn collect(lines: &[Line], found: &mut dyn FnMut(&str)) {
    for line in lines {
        let tokens: Vec<Token> = significant(line.tokens).map(|lexeme| lexeme.token).collect();
        let tokens = if tokens[0] == Token::Async && tokens.len() > 1 { &tokens[1..] } else { &tokens[..] };
        match (tokens[0], tokens.get(1)) {
            (Token::Class | Token::Def | Token::Name("type"), Some(&Token::Name(name))) => {
                found(name);
                // What is bound inside is local to it.
                if tokens[0] != Token::Name("type") {
                    continue;
                }
            }
            _ => in_line(tokens, found),
        }
        collect(&line.suite, found);
    }
}

fn in_line(tokens: &[Token], found: &mut dyn FnMut(&str)) {
    use Token::*;
    let suite = match tokens[0] {
        If | Elif | Else | For | While | With | Try | Except | Finally | Name("case") => {
            let colon = outside_brackets(tokens, |token| token == Colon).next().unwrap_or(tokens.len());
            match tokens[0] {
                For => plain_names(tokens[..colon].iter().take_while(|&&token| token != In), found),
                Name(_) => plain_names(&tokens[1..colon], found),
                _ => {}
            }
            &tokens[(colon + 1).min(tokens.len())..]
        }
        _ => tokens,
    };
    suite.split(|&token| token == Semicolon).for_each(|statement| simple(statement, found));
    for pair in tokens.windows(2) {
        match (pair[0], pair[1]) {
            (As, Name(name)) | (Name(name), Walrus) => found(name),
            _ => {}
        }
    }
}

/// A statement without a suite: what an assignment, an import or a deletion binds.
fn simple(tokens: &[Token], found: &mut dyn FnMut(&str)) {
    match tokens.first() {
        Some(Token::Import | Token::From | Token::Del | Token::Global) => plain_names(tokens, found),
        _ => {
            let assigns = |token: Token| matches!(token, Token::Assign | Token::Augment(_));
            let last = outside_brackets(tokens, assigns).last().unwrap_or(0);
            // An annotation ends the target.
            let colon = outside_brackets(tokens, |token| token == Token::Colon).next();
            plain_names(&tokens[..colon.unwrap_or(last).min(last)], found);
        }
    }
}

/// Where tokens of a kind stand outside all brackets.
fn outside_brackets<'t>(tokens: &'t [Token], wanted: fn(Token) -> bool) -> impl Iterator<Item = usize> + 't {
    let mut depth = 0i64;
    tokens.iter().enumerate().filter_map(move |(at, &token)| {
        match token {
            Token::LeftParen | Token::LeftBracket | Token::LeftBrace => depth += 1,
            Token::RightParen | Token::RightBracket | Token::RightBrace => depth -= 1,
            _ => {}
        }
        (depth == 0 && wanted(token)).then_some(at)
    })
}

/// Names that are no attributes and stand in no subscript or call.
fn plain_names<'t>(tokens: impl IntoIterator<Item = &'t Token<'t>>, found: &mut dyn FnMut(&str)) {
    let mut previous = Token::Newline;
    let mut inner = 0i64;
    for &token in tokens {
        match token {
            Token::LeftBracket | Token::LeftParen if inner > 0 || ends_operand(previous) => inner += 1,
            Token::RightBracket | Token::RightParen if inner > 0 => inner -= 1,
            Token::Name(name) if inner == 0 && previous != Token::Dot => found(name),
            _ => {}
        }
        previous = token;
    }
}

fn ends_operand(token: Token) -> bool {
    matches!(token, Token::Name(_) | Token::RightParen | Token::RightBracket)
}
