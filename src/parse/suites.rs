//! Line tree → module: headers get their suites, `elif` and `else` their `if`.
//!
//! A line that cannot be read leaves no statement, but its suite is still read, for its errors. Suites nest
//! at most [`MAX_STATEMENTS`] deep, where each `elif` counts as one inside the one before, as in the tree.

use super::errors::Errors;
use super::indent::{Line, unexpected_indent};
use super::statements::{Head, Root, Simple, SimpleKind};
use super::tokens::{Lexeme, Token};
use super::{outside, quoted, reader};
use crate::ast::{Expr, ExprKind, Function, Item, Module, Name, Stmt, StmtKind};
use crate::base::{Diagnostic, SourceId, Span};

/// The deepest nesting of statements. Indentation alone allows 100; the rest is for `elif`.
pub const MAX_STATEMENTS: u32 = 500;

pub fn module(source: SourceId, text: &str, lines: &[Line], errors: &mut Errors) -> Module {
    let mut suites = Suites { source, text, errors };
    let mut module = Module::default();
    let mut rest = lines;
    while !rest.is_empty() {
        suites.item(&mut rest, &mut module);
    }
    module
}

/// What is allowed where a statement stands.
#[derive(Clone, Copy)]
struct Scope {
    function: bool,
    looping: bool,
    depth: u32,
}

impl Scope {
    const TOP: Scope = Scope { function: false, looping: false, depth: 0 };
    const FUNCTION: Scope = Scope { function: true, looping: false, depth: 1 };

    fn inside(self) -> Scope {
        Scope { depth: self.depth + 1, ..self }
    }
}

struct Suites<'e> {
    source: SourceId,
    text: &'e str,
    errors: &'e mut Errors,
}

// ---- the top level ----------------------------------------------------------------------------------

impl Suites<'_> {
    fn item<'l, 'a>(&mut self, rest: &mut &'l [Line<'a>], module: &mut Module) {
        let lines = *rest;
        if let Some(keyword) = outside::keyword(lines, false) {
            *rest = &lines[outside::length(lines)..];
            self.unsupported(keyword, taken(lines, rest), module);
            return;
        }
        match lines[0].first().token {
            Token::At | Token::Def => module.items.extend(self.function(rest).map(Item::Function)),
            Token::If | Token::While | Token::For => {
                self.statement(rest, Scope::TOP, &mut vec![]);
                let keyword = &self.text[lines[0].first().range()];
                self.unsupported(keyword, taken(lines, rest), module);
            }
            Token::Elif | Token::Else | Token::Except | Token::Finally => {
                self.statement(rest, Scope::TOP, &mut vec![]);
            }
            _ => {
                *rest = &lines[1..];
                self.top_line(&lines[0], module);
            }
        }
    }

    fn unsupported(&mut self, keyword: &str, lines: &[Line], module: &mut Module) {
        let names = outside::bound_names(lines);
        module.items.push(Item::Unsupported { keyword: keyword.into(), names, span: self.lines_span(lines) });
    }

    fn function<'l, 'a>(&mut self, rest: &mut &'l [Line<'a>]) -> Option<Function> {
        let (decorators, decorated) = self.decorators(rest);
        let line = match rest.split_first() {
            Some((line, tail)) if line.first().token == Token::Def => {
                *rest = tail;
                line
            }
            _ => {
                let span = decorated.expect("called for a decorator or a `def`");
                self.errors.push(
                    Diagnostic::error(span, "nothing is decorated")
                        .hint("put the decorator on the line before a `def`"),
                );
                return None;
            }
        };
        let Clause { head, header, mut body } = self.clause(line, Scope::FUNCTION);
        let Some(Head::Def { name, mut params, returns }) = head else { return None };
        quoted::annotations(self.source, self.text, &mut params);
        let docstring = take_docstring(&mut body);
        let span = self.line_span(line);
        Some(Function { name, decorators: decorators?, params, returns, docstring, body, header, span })
    }

    /// The decorators at the front (None if one cannot be read) and the place of the last.
    fn decorators<'l, 'a>(&mut self, rest: &mut &'l [Line<'a>]) -> (Option<Vec<Expr>>, Option<Span>) {
        let (mut decorators, mut last) = (Some(vec![]), None);
        while let Some((line, tail)) = rest.split_first()
            && line.first().token == Token::At
        {
            *rest = tail;
            last = Some(self.tokens_span(line));
            let Some(Root::Decorator(mut expr)) = self.read(line) else {
                decorators = None;
                continue;
            };
            quoted::decorator(self.source, self.text, &mut expr);
            self.unexpected_suite(line, Scope::TOP, &mut vec![]);
            if let Some(decorators) = &mut decorators {
                decorators.push(expr);
            }
        }
        (decorators, last)
    }

    fn top_line(&mut self, line: &Line, module: &mut Module) {
        let Some(root) = self.read(line) else {
            // A misspelt header is likely: its suite may be a function's or a loop's.
            self.block(&line.suite, Scope { looping: true, ..Scope::FUNCTION });
            return;
        };
        let Root::Simple(simple) = root else { unreachable!("headers begin with a keyword") };
        let first = module.items.is_empty() && module.docstring.is_none();
        for (at, simple) in simple.into_iter().enumerate() {
            if let (true, Some(text)) = (first && at == 0, docstring(&simple.kind)) {
                module.docstring = Some(text.into());
            } else {
                self.top_simple(simple, line, module);
            }
        }
        self.unexpected_suite(line, Scope::TOP, &mut vec![]);
    }

    fn top_simple(&mut self, Simple { kind, span }: Simple, line: &Line, module: &mut Module) {
        let kind = match kind {
            SimpleKind::Import(imports) => {
                module.items.extend(imports.into_iter().map(Item::Import));
                return;
            }
            SimpleKind::Stmt(kind) => *kind,
        };
        let keyword = match kind {
            StmtKind::Pass => return,
            StmtKind::Assign { targets, value } if are_names(&targets) => {
                let constant = |target| Item::Constant { name: into_name(target), value: value.clone() };
                module.items.extend(targets.into_iter().map(constant));
                return;
            }
            StmtKind::Annotated { target, value: Some(value), .. } if is_name(&target) => {
                module.items.push(Item::Constant { name: into_name(target), value });
                return;
            }
            StmtKind::Expr(_) => "expression".to_string(),
            StmtKind::Assign { .. } => "assignment".into(),
            StmtKind::Annotated { .. } => "annotation".into(),
            StmtKind::Augmented { .. } => "augmented assignment".into(),
            StmtKind::Assert { .. } => "assert".into(),
            StmtKind::Raise { .. } => "raise".into(),
            StmtKind::Unsupported { keyword } => keyword,
            StmtKind::Return(_) | StmtKind::Break | StmtKind::Continue => {
                self.check_place(&kind, span, Scope::TOP);
                return;
            }
            StmtKind::If { .. } | StmtKind::While { .. } | StmtKind::For { .. } => {
                unreachable!("not a simple statement")
            }
        };
        let before = |end: u32| line.tokens.partition_point(|lexeme| lexeme.start < end as usize);
        let tokens = &line.tokens[before(span.start)..before(span.end)];
        let names = outside::bound_names(&[Line { tokens, suite: vec![], broken: false }]);
        module.items.push(Item::Unsupported { keyword, names, span });
    }
}

fn taken<'l, 'a>(lines: &'l [Line<'a>], rest: &[Line<'a>]) -> &'l [Line<'a>] {
    &lines[..lines.len() - rest.len()]
}

/// Each name gets the value for itself, so a chain of thousands would cost its square; beyond a hundred
/// names it is not taken for constants.
fn are_names(targets: &[Expr]) -> bool {
    targets.len() <= 100 && targets.iter().all(is_name)
}

fn is_name(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Name(_))
}

fn into_name(expr: Expr) -> Name {
    match expr.kind {
        ExprKind::Name(text) => Name { text, span: expr.span },
        _ => unreachable!("tested with `is_name`"),
    }
}

fn docstring(kind: &SimpleKind) -> Option<&str> {
    match kind {
        SimpleKind::Stmt(kind) => match &**kind {
            StmtKind::Expr(Expr { kind: ExprKind::Str(text), .. }) => Some(text),
            _ => None,
        },
        SimpleKind::Import(_) => None,
    }
}

/// A body that begins with a string loses it.
fn take_docstring(body: &mut Vec<Stmt>) -> Option<String> {
    let is_docstring =
        matches!(body.first(), Some(Stmt { kind: StmtKind::Expr(Expr { kind: ExprKind::Str(_), .. }), .. }));
    match is_docstring.then(|| body.remove(0).kind) {
        Some(StmtKind::Expr(Expr { kind: ExprKind::Str(text), .. })) => Some(text),
        _ => None,
    }
}

// ---- suites -----------------------------------------------------------------------------------------

/// A header with its suite. No head if it could not be read.
struct Clause {
    head: Option<Head>,
    header: Span,
    body: Vec<Stmt>,
}

impl Suites<'_> {
    fn block(&mut self, lines: &[Line], scope: Scope) -> Vec<Stmt> {
        let mut body = vec![];
        let mut rest = lines;
        while !rest.is_empty() {
            self.statement(&mut rest, scope, &mut body);
        }
        body
    }

    fn statement<'l, 'a>(&mut self, rest: &mut &'l [Line<'a>], scope: Scope, into: &mut Vec<Stmt>) {
        let lines = *rest;
        if let Some(keyword) = outside::keyword(lines, true) {
            *rest = &lines[outside::length(lines)..];
            let span = self.lines_span(taken(lines, rest));
            into.push(Stmt { kind: StmtKind::Unsupported { keyword: keyword.into() }, span });
            return;
        }
        match lines[0].first().token {
            Token::If => into.extend(self.conditional(rest, scope)),
            Token::While | Token::For => into.extend(self.repetition(rest, scope)),
            Token::Elif | Token::Else | Token::Except | Token::Finally => self.misplaced(rest, scope),
            Token::At => drop(self.function(rest)),
            _ => {
                *rest = &lines[1..];
                self.simple_line(&lines[0], scope, into);
            }
        }
    }

    fn conditional<'l, 'a>(&mut self, rest: &mut &'l [Line<'a>], scope: Scope) -> Option<Stmt> {
        let lines = *rest;
        let mut scope = scope.inside();
        *rest = &lines[1..];
        let mut clauses = vec![self.clause(&lines[0], scope)];
        while let Some(line) = next_is(rest, Token::Elif) {
            scope = scope.inside();
            if scope.depth > MAX_STATEMENTS {
                return self.too_deep(line, rest);
            }
            clauses.push(self.clause(line, scope));
        }
        let mut otherwise = match next_is(rest, Token::Else) {
            Some(line) => self.clause(line, scope).body,
            None => vec![],
        };
        let end = self.lines_span(taken(lines, rest));
        for Clause { head, header, body } in clauses.into_iter().rev() {
            let Some(Head::If(condition) | Head::Elif(condition)) = head else { return None };
            let kind = StmtKind::If { condition, then: body, otherwise };
            otherwise = vec![Stmt { kind, span: Span { start: header.start, ..end } }];
        }
        otherwise.pop()
    }

    /// A chain of `elif` that would make the tree too deep: the rest of it is skipped.
    fn too_deep<'l, 'a>(&mut self, line: &Line, rest: &mut &'l [Line<'a>]) -> Option<Stmt> {
        let message = format!("more than {MAX_STATEMENTS} statements are nested, each `elif` counted as one");
        let span = self.span(line.first());
        self.errors.push(Diagnostic::error(span, message).hint("look the value up in an array"));
        while next_is(rest, Token::Elif).or_else(|| next_is(rest, Token::Else)).is_some() {}
        None
    }

    fn repetition<'l, 'a>(&mut self, rest: &mut &'l [Line<'a>], scope: Scope) -> Option<Stmt> {
        let lines = *rest;
        let scope = scope.inside();
        *rest = &lines[1..];
        let Clause { head, body, .. } = self.clause(&lines[0], Scope { looping: true, ..scope });
        let otherwise = match next_is(rest, Token::Else) {
            Some(line) => self.clause(line, scope).body,
            None => vec![],
        };
        let kind = match head? {
            Head::While(condition) => StmtKind::While { condition, body, otherwise },
            Head::For { target, iterable } => StmtKind::For { target, iterable, body, otherwise },
            Head::If(_) | Head::Elif(_) | Head::Else | Head::Def { .. } => {
                unreachable!("begins with a loop's keyword")
            }
        };
        Some(Stmt { kind, span: self.lines_span(taken(lines, rest)) })
    }

    /// A clause of a statement that is not there.
    fn misplaced<'l, 'a>(&mut self, rest: &mut &'l [Line<'a>], scope: Scope) {
        let line = &rest[0];
        *rest = &rest[1..];
        let keyword = &self.text[line.first().range()];
        let owner = match line.first().token {
            Token::Elif => "`if`",
            Token::Else => "`if`, `for` or `while`",
            _ => "`try`",
        };
        let message = format!("`{keyword}` has no {owner} before it");
        self.errors.push(
            Diagnostic::error(self.span(line.first()), message)
                .hint(format!("align it with the {owner} that it belongs to")),
        );
        self.block(&line.suite, Scope { looping: true, ..scope.inside() });
    }

    fn clause(&mut self, line: &Line, scope: Scope) -> Clause {
        match self.read(line) {
            Some(Root::Compound { head, header, simple }) => {
                let body = self.suite(line, header, simple, scope);
                Clause { head: Some(head), header, body }
            }
            _ => {
                let body = self.block(&line.suite, scope);
                Clause { head: None, header: self.tokens_span(line), body }
            }
        }
    }

    fn suite(&mut self, line: &Line, header: Span, simple: Vec<Simple>, scope: Scope) -> Vec<Stmt> {
        if simple.is_empty() {
            if line.suite.is_empty() {
                self.missing_suite(line, header);
            }
            return self.block(&line.suite, scope);
        }
        let mut body = vec![];
        self.simple_statements(simple, scope, &mut body);
        self.unexpected_suite(line, scope, &mut body);
        body
    }

    fn missing_suite(&mut self, line: &Line, header: Span) {
        let keyword = &self.text[line.first().range()];
        self.errors.push(
            Diagnostic::error(header, format!("`{keyword}` needs an indented block"))
                .hint("indent the lines that belong to it; `pass` does nothing"),
        );
    }

    fn simple_line(&mut self, line: &Line, scope: Scope, into: &mut Vec<Stmt>) {
        match self.read(line) {
            Some(Root::Simple(simple)) => {
                self.simple_statements(simple, scope, into);
                self.unexpected_suite(line, scope, into);
            }
            // As for `top_line`: the header of a loop may be misspelt.
            _ => drop(self.block(&line.suite, Scope { looping: true, ..scope.inside() })),
        }
    }

    fn simple_statements(&mut self, simple: Vec<Simple>, scope: Scope, into: &mut Vec<Stmt>) {
        for Simple { kind, span } in simple {
            let kind = match kind {
                SimpleKind::Stmt(kind) => *kind,
                SimpleKind::Import(_) => StmtKind::Unsupported { keyword: "import".into() },
            };
            self.check_place(&kind, span, scope);
            into.push(Stmt { kind, span });
        }
    }

    fn unexpected_suite(&mut self, line: &Line, scope: Scope, into: &mut Vec<Stmt>) {
        if let Some(first) = line.suite.first() {
            self.errors.push(unexpected_indent(self.span(first.first())));
            into.extend(self.block(&line.suite, scope));
        }
    }

    fn check_place(&mut self, kind: &StmtKind, span: Span, scope: Scope) {
        let error = match kind {
            StmtKind::Return(_) if !scope.function => {
                Diagnostic::error(span, "`return` outside a function").hint("only a `def` can return")
            }
            StmtKind::Break if !scope.looping => {
                Diagnostic::error(span, "`break` outside a loop").hint("`return` leaves a function")
            }
            StmtKind::Continue if !scope.looping => {
                Diagnostic::error(span, "`continue` outside a loop").hint("`pass` does nothing")
            }
            _ => return,
        };
        self.errors.push(error);
    }

    fn read(&mut self, line: &Line) -> Option<Root> {
        if line.broken || self.errors.full() {
            return None;
        }
        reader::line(self.source, self.text, line.tokens).map_err(|error| self.errors.push(*error)).ok()
    }

    fn span(&self, lexeme: &Lexeme) -> Span {
        Span::new(self.source, lexeme.start, lexeme.end)
    }

    /// Without the suite.
    fn tokens_span(&self, line: &Line) -> Span {
        Span::new(self.source, line.first().start, line.last().end)
    }

    fn line_span(&self, line: &Line) -> Span {
        Span::new(self.source, line.first().start, line.end())
    }

    fn lines_span(&self, lines: &[Line]) -> Span {
        self.line_span(&lines[0]).to(self.line_span(&lines[lines.len() - 1]))
    }
}

/// Takes the next line if it begins with this token.
fn next_is<'l, 'a>(rest: &mut &'l [Line<'a>], token: Token) -> Option<&'l Line<'a>> {
    let (line, tail) = rest.split_first()?;
    (line.first().token == token).then(|| {
        *rest = tail;
        line
    })
}
