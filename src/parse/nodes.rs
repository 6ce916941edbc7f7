//! What the grammar's actions build: expressions that know how deep they are.
//!
//! Every later stage recurses over the tree, and so does dropping it. So depth is counted where nodes are made,
//! from the leaves up: a tree deeper than [`MAX_DEPTH`] never exists, whatever the text.

use super::params::{self, ParamItem};
use super::tokens::Token;
use crate::ast::{Arg, BinaryOp, CompareOp, Expr, ExprKind, LogicalOp, Name, UnaryOp};
use crate::base::{Diagnostic, Span};
use lalrpop_util::ParseError;

/// The deepest expression, counted in nodes.
pub const MAX_DEPTH: u32 = 1000;

/// An expression and the number of nodes on its longest path. Small, because the parser copies it at each of
/// the many tiers of precedence.
pub struct Node {
    pub expr: Box<Expr>,
    pub depth: u32,
}

pub struct ArgNode {
    arg: Box<Arg>,
    depth: u32,
}

/// What stands in `{…}`.
pub enum BraceItem {
    Pair(Node, Node),
    /// `**mapping`
    Unpacked,
    Single(Node),
}

impl BraceItem {
    pub fn display(&self) -> &'static str {
        match self {
            BraceItem::Pair(..) | BraceItem::Unpacked => "dict display",
            BraceItem::Single(_) => "set display",
        }
    }

    pub fn comprehension(&self) -> &'static str {
        match self {
            BraceItem::Pair(..) | BraceItem::Unpacked => "dict comprehension",
            BraceItem::Single(_) => "set comprehension",
        }
    }
}

/// How an action ends that found an error.
pub type Refusal<'a> = ParseError<usize, Token<'a>, Box<Diagnostic>>;

pub fn refuse<'a, T>(diagnostic: Diagnostic) -> Result<T, Refusal<'a>> {
    Err(ParseError::User { error: Box::new(diagnostic) })
}

pub fn leaf(span: Span, kind: ExprKind) -> Node {
    Node { expr: Box::new(Expr { kind, span }), depth: 1 }
}

/// `{key: value, …}` or `{item, …}`; what unpacks a mapping, or mixes both, is known by name only.
pub fn braces<'a>(span: Span, items: Vec<BraceItem>) -> Result<Node, Refusal<'a>> {
    let what = items.first().map_or("dict display", BraceItem::display);
    let (mut pairs, mut singles, mut depth) = (vec![], vec![], 0);
    for item in items {
        match item {
            BraceItem::Pair(key, value) if singles.is_empty() => {
                depth = depth.max(key.depth).max(value.depth);
                pairs.push((*key.expr, *value.expr));
            }
            BraceItem::Single(value) if pairs.is_empty() => {
                depth = depth.max(value.depth);
                singles.push(*value.expr);
            }
            BraceItem::Pair(..) | BraceItem::Single(_) | BraceItem::Unpacked => {
                return Ok(outside(span, what));
            }
        }
    }
    node(span, if singles.is_empty() { ExprKind::Dict(pairs) } else { ExprKind::Set(singles) }, depth)
}

/// An expression that is known by name only.
pub fn outside(span: Span, what: &str) -> Node {
    leaf(span, ExprKind::Unsupported { what: what.into() })
}

fn node<'a>(span: Span, kind: ExprKind, deepest: u32) -> Result<Node, Refusal<'a>> {
    if deepest < MAX_DEPTH {
        return Ok(Node { expr: Box::new(Expr { kind, span }), depth: deepest + 1 });
    }
    refuse(
        Diagnostic::error(span, format!("this expression is nested deeper than {MAX_DEPTH} levels"))
            .hint("give parts of it names of their own"),
    )
}

fn deepest<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> u32 {
    nodes.into_iter().map(|node| node.depth).max().unwrap_or(0)
}

fn exprs(nodes: Vec<Node>) -> Vec<Expr> {
    nodes.into_iter().map(|node| *node.expr).collect()
}

pub fn unary<'a>(span: Span, op: UnaryOp, operand: Node) -> Result<Node, Refusal<'a>> {
    node(span, ExprKind::Unary { op, operand: operand.expr }, operand.depth)
}

pub fn binary<'a>(span: Span, op: BinaryOp, left: Node, right: Node) -> Result<Node, Refusal<'a>> {
    let depth = left.depth.max(right.depth);
    node(span, ExprKind::Binary { op, left: left.expr, right: right.expr }, depth)
}

pub fn logical<'a>(span: Span, op: LogicalOp, first: Node, rest: Vec<Node>) -> Result<Node, Refusal<'a>> {
    let operands = prepend(first, rest);
    let depth = deepest(&operands);
    node(span, ExprKind::Logical { op, operands: exprs(operands) }, depth)
}

pub fn compare<'a>(span: Span, first: Node, rest: Vec<(CompareOp, Node)>) -> Result<Node, Refusal<'a>> {
    let (ops, rest): (Vec<_>, Vec<_>) = rest.into_iter().unzip();
    let operands = prepend(first, rest);
    let depth = deepest(&operands);
    node(span, ExprKind::Compare { operands: exprs(operands), ops }, depth)
}

pub fn ternary<'a>(span: Span, then: Node, condition: Node, otherwise: Node) -> Result<Node, Refusal<'a>> {
    let depth = deepest([&then, &condition, &otherwise]);
    let kind = ExprKind::Ternary { condition: condition.expr, then: then.expr, otherwise: otherwise.expr };
    node(span, kind, depth)
}

pub fn lambda<'a>(span: Span, params: Vec<ParamItem>, body: Node) -> Result<Node, Refusal<'a>> {
    let depth = params::depth(&params).max(body.depth);
    let params = params::list(params)?;
    node(span, ExprKind::Lambda { params, body: body.expr }, depth)
}

pub fn attribute<'a>(span: Span, value: Node, name: Name) -> Result<Node, Refusal<'a>> {
    node(span, ExprKind::Attribute { value: value.expr, name }, value.depth)
}

/// `value[items]`. The list is one tuple for `a[i,]` and a list of items for `a[i, j]`.
pub fn index<'a>(span: Span, value: Node, list: (Span, (Vec<Node>, bool))) -> Result<Node, Refusal<'a>> {
    let (list_span, (items, comma)) = list;
    let items = if comma && items.len() == 1 { vec![tuple(list_span, items)?] } else { items };
    let depth = deepest(&items).max(value.depth);
    node(span, ExprKind::Index { value: value.expr, items: exprs(items) }, depth)
}

pub fn slice<'a>(
    span: Span,
    start: Option<Node>,
    stop: Option<Node>,
    step: Option<Node>,
) -> Result<Node, Refusal<'a>> {
    let depth = deepest([&start, &stop, &step].into_iter().flatten());
    let boxed = |part: Option<Node>| part.map(|node| node.expr);
    node(span, ExprKind::Slice { start: boxed(start), stop: boxed(stop), step: boxed(step) }, depth)
}

/// Expressions between commas without brackets: one alone is itself, anything else a tuple.
pub fn elements<'a>(span: Span, list: (Vec<Node>, bool)) -> Result<Node, Refusal<'a>> {
    match list {
        (mut items, false) if items.len() == 1 => Ok(items.remove(0)),
        (items, _) => tuple(span, items),
    }
}

pub fn tuple<'a>(span: Span, items: Vec<Node>) -> Result<Node, Refusal<'a>> {
    let depth = deepest(&items);
    node(span, ExprKind::Tuple(exprs(items)), depth)
}

pub fn list<'a>(span: Span, items: Vec<Node>) -> Result<Node, Refusal<'a>> {
    let depth = deepest(&items);
    node(span, ExprKind::List(exprs(items)), depth)
}

pub fn arg(keyword: Option<Name>, starred: bool, value: Node) -> ArgNode {
    ArgNode { arg: Box::new(Arg { keyword, starred, value: *value.expr }), depth: value.depth }
}

pub fn call<'a>(span: Span, function: Node, args: Vec<ArgNode>) -> Result<Node, Refusal<'a>> {
    let depth = args.iter().map(|arg| arg.depth).max().unwrap_or(0).max(function.depth);
    let args: Vec<_> = args.into_iter().map(|node| *node.arg).collect();
    check_args(&args)?;
    node(span, ExprKind::Call { function: function.expr, args }, depth)
}

fn check_args<'a>(args: &[Arg]) -> Result<(), Refusal<'a>> {
    let mut names = std::collections::HashMap::new();
    for arg in args {
        match &arg.keyword {
            Some(name) => {
                if let Some(first) = names.insert(&name.text, name.span) {
                    return refuse(
                        Diagnostic::error(name.span, format!("the argument `{}` is given twice", name.text))
                            .label(first, "first given here"),
                    );
                }
            }
            None if arg.starred || names.is_empty() => {}
            None => {
                return refuse(
                    Diagnostic::error(
                        arg.value.span,
                        "a positional argument stands after a keyword argument",
                    )
                    .hint("put positional arguments first, or name this one too"),
                );
            }
        }
    }
    Ok(())
}

pub fn prepend<T>(first: T, mut rest: Vec<T>) -> Vec<T> {
    rest.insert(0, first);
    rest
}

pub fn append<T>(mut all: Vec<T>, last: Option<T>) -> Vec<T> {
    all.extend(last);
    all
}
