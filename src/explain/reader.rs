//! The source as its reader sees it: functions, loops, lines.

use super::LoopKind;
use crate::ast::{ExprKind, Function, Item, Module, Stmt, StmtKind};
use crate::base::{SourceId, Span};

pub struct Reader<'a> {
    text: &'a str,
    /// In source order.
    pub functions: Vec<SourceFunction>,
}

pub struct SourceFunction {
    pub name: String,
    /// From `def` to the colon.
    pub header: Span,
    pub span: Span,
    pub loops: Vec<SourceLoop>,
}

/// A `for` or `while`.
pub struct SourceLoop {
    pub kind: LoopKind,
    /// By which the compiler knows it.
    pub span: Span,
    /// Up to the colon.
    pub header: Span,
    /// With its body.
    pub whole: Span,
    pub over: Over,
    /// Of the name `range` or `prange` in it.
    pub name: Span,
    /// Whether it updates variables, as a sum does.
    pub updates: bool,
}

/// What a loop runs over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Over {
    Range,
    Prange,
    /// An array, `enumerate`, `zip`, … or the condition of a `while`.
    Other,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str, tree: &Module) -> Reader<'a> {
        let functions = tree.items.iter().filter_map(|item| match item {
            Item::Function(function) => Some(source_function(function)),
            Item::Constant { .. } | Item::Import(_) | Item::Unsupported { .. } => None,
        });
        Reader { text, functions: functions.collect() }
    }

    /// The number of the line in which a span ends.
    pub fn last_line(&self, span: Span) -> usize {
        Span { start: span.end.saturating_sub(1).max(span.start), ..span }.line_column(self.text).0
    }

    /// What stands there, on one line and not too long.
    pub fn text(&self, span: Span) -> String {
        const MOST: usize = 40;
        let text = self.text.get(span.range()).unwrap_or_default();
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ");
        if text.chars().count() <= MOST {
            return text;
        }
        text.chars().take(MOST - 1).chain(['…']).collect()
    }

    /// "line 3", "lines 3 and 5", "lines 3, 4 and 5".
    pub fn lines(&self, spans: &[Span]) -> String {
        let mut lines: Vec<usize> = spans.iter().map(|span| self.last_line(*span)).collect();
        lines.sort_unstable();
        lines.dedup();
        let texts: Vec<String> = lines.iter().map(usize::to_string).collect();
        match texts.split_last() {
            Some((last, [])) => format!("line {last}"),
            Some((last, before)) => format!("lines {} and {last}", before.join(", ")),
            None => String::new(),
        }
    }
}

impl SourceFunction {
    pub fn contains(&self, span: Span) -> bool {
        span.source == SourceId::USER && self.span.start <= span.start && span.end <= self.span.end
    }
}

fn source_function(function: &Function) -> SourceFunction {
    let mut loops = vec![];
    find_loops(&function.body, &mut loops);
    let span = function.body.iter().fold(function.header, |span, stmt| span.to(stmt.span));
    SourceFunction { name: function.name.text.clone(), header: function.header, span, loops }
}

fn find_loops(stmts: &[Stmt], loops: &mut Vec<SourceLoop>) {
    for stmt in stmts {
        if let StmtKind::For { iterable, body, .. } = &stmt.kind {
            let header = Span { end: iterable.span.end, ..stmt.span };
            let (over, name) = over(&iterable.kind);
            let (kind, updates) = (LoopKind::For, updates(body));
            loops.push(SourceLoop { kind, span: header, header, whole: stmt.span, over, name, updates });
        }
        if let StmtKind::While { condition, .. } = &stmt.kind {
            let header = Span { end: condition.span.end, ..stmt.span };
            let (kind, over, name) = (LoopKind::While, Over::Other, Span::default());
            let (span, updates) = (stmt.span, false);
            loops.push(SourceLoop { kind, span, header, whole: span, over, name, updates });
        }
        stmt.blocks().into_iter().for_each(|inner| find_loops(inner, loops));
    }
}

/// Whether some variable is updated, in nested blocks too.
fn updates(stmts: &[Stmt]) -> bool {
    stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Augmented { target, .. } => matches!(target.kind, ExprKind::Name(_)),
        StmtKind::If { then, otherwise, .. } => updates(then) || updates(otherwise),
        StmtKind::For { body, .. } | StmtKind::While { body, .. } => updates(body),
        _ => false,
    })
}

fn over(iterable: &ExprKind) -> (Over, Span) {
    let ExprKind::Call { function, .. } = iterable else { return (Over::Other, Span::default()) };
    match &function.kind {
        ExprKind::Name(name) if name == "range" => (Over::Range, function.span),
        ExprKind::Name(name) if name == "prange" => (Over::Prange, function.span),
        ExprKind::Attribute { name, .. } if name.text == "prange" => (Over::Prange, function.span),
        _ => (Over::Other, Span::default()),
    }
}

/// The program with `prange` in place of the `range` that stands there.
pub fn with_prange(tree: &Module, range: Span) -> Module {
    let mut tree = tree.clone();
    for item in &mut tree.items {
        if let Item::Function(function) = item {
            replace(&mut function.body, range);
        }
    }
    tree
}

fn replace(stmts: &mut [Stmt], range: Span) {
    for stmt in stmts {
        match &mut stmt.kind {
            StmtKind::For { iterable, body, otherwise, .. } => {
                if let ExprKind::Call { function, .. } = &mut iterable.kind
                    && function.span == range
                {
                    function.kind = ExprKind::Name("prange".to_string());
                }
                replace(body, range);
                replace(otherwise, range);
            }
            StmtKind::While { body, otherwise, .. } => {
                replace(body, range);
                replace(otherwise, range);
            }
            StmtKind::If { then, otherwise, .. } => {
                replace(then, range);
                replace(otherwise, range);
            }
            _ => {}
        }
    }
}
