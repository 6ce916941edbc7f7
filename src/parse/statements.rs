//! What the grammar's actions build of a line: simple statements and the headers of compound ones, and
//! whether their targets can be assigned to.

use super::nodes::{self, Node, Refusal, refuse};
use super::params::{self, ParamItem};
use crate::ast::{BinaryOp, Expr, ExprKind, Import, Name, Param, StmtKind};
use crate::base::{Diagnostic, Span};

/// What the grammar reads in one go. (Boxes keep the parser's stack entries small.)
pub enum Root {
    Simple(Vec<Simple>),
    /// A header, up to and with its colon, and the statements on the same line.
    Compound {
        head: Head,
        header: Span,
        simple: Vec<Simple>,
    },
    Decorator(Expr),
    /// An expression that stands alone.
    Expression(Expr),
}

pub enum Head {
    If(Expr),
    Elif(Expr),
    Else,
    While(Expr),
    For { target: Expr, iterable: Expr },
    Def { name: Name, params: Vec<Param>, returns: Option<Expr> },
}

pub struct Simple {
    pub kind: SimpleKind,
    pub span: Span,
}

/// A statement, or what is one only at the top level.
pub enum SimpleKind {
    Stmt(Box<StmtKind>),
    Import(Vec<Import>),
}

impl SimpleKind {
    pub fn outside(keyword: &str) -> SimpleKind {
        StmtKind::Unsupported { keyword: keyword.into() }.into()
    }
}

impl From<StmtKind> for SimpleKind {
    fn from(kind: StmtKind) -> SimpleKind {
        SimpleKind::Stmt(Box::new(kind))
    }
}

/// One name of an import: the module itself or its member.
pub struct ImportName {
    pub span: Span,
    pub text: String,
    /// After `as`.
    pub bound: Option<Box<Name>>,
}

impl ImportName {
    pub fn new(span: Span, text: String, bound: Option<Name>) -> ImportName {
        ImportName { span, text, bound: bound.map(Box::new) }
    }
}

pub fn assignment<'a>(first: Node, rest: Vec<Node>) -> Result<SimpleKind, Refusal<'a>> {
    let mut targets: Vec<Expr> = nodes::prepend(first, rest).into_iter().map(|node| *node.expr).collect();
    let value = targets.pop().expect("an assignment has two sides");
    for target in &targets {
        check_target(target, Use::Assign)?;
    }
    Ok(StmtKind::Assign { targets, value }.into())
}

pub fn augmented<'a>(target: Node, op: (Span, BinaryOp), value: Node) -> Result<SimpleKind, Refusal<'a>> {
    check_target(&target.expr, Use::Augment)?;
    let (op_span, op) = op;
    Ok(StmtKind::Augmented { target: *target.expr, op, op_span, value: *value.expr }.into())
}

pub fn annotated<'a>(target: Node, annotation: Node, value: Option<Node>) -> Result<SimpleKind, Refusal<'a>> {
    check_target(&target.expr, Use::Annotate)?;
    let value = value.map(|node| *node.expr);
    Ok(StmtKind::Annotated { target: *target.expr, annotation: *annotation.expr, value }.into())
}

pub fn deletion<'a>(target: Node) -> Result<SimpleKind, Refusal<'a>> {
    check_target(&target.expr, Use::Delete)?;
    Ok(SimpleKind::outside("del"))
}

pub fn import(modules: Vec<ImportName>) -> SimpleKind {
    let one = |ImportName { span, text, bound }: ImportName| {
        let bound = bound.map(|name| *name);
        let first = text.split('.').next().unwrap_or_default().to_string();
        let end = bound.as_ref().map_or(span, |name| name.span);
        let bound = bound.unwrap_or(Name { text: first, span });
        Import { module: text, member: None, bound, span: span.to(end) }
    };
    SimpleKind::Import(modules.into_iter().map(one).collect())
}

/// Each member carries the name of its module, so that name is limited.
const LONGEST_MODULE: usize = 255;

pub fn import_from<'a>(module: (Span, String), members: Vec<ImportName>) -> Result<SimpleKind, Refusal<'a>> {
    let (span, module) = module;
    if module.len() > LONGEST_MODULE {
        return refuse(Diagnostic::error(span, "this name of a module is too long"));
    }
    let one = |ImportName { span, text, bound }: ImportName| {
        let bound = bound.map(|name| *name);
        let end = bound.as_ref().map_or(span, |name| name.span);
        let bound = bound.unwrap_or_else(|| Name { text: text.clone(), span });
        Import { module: module.clone(), member: Some(text), bound, span: span.to(end) }
    };
    Ok(SimpleKind::Import(members.into_iter().map(one).collect()))
}

pub fn for_head<'a>(target: Node, iterable: Node) -> Result<Box<Head>, Refusal<'a>> {
    check_target(&target.expr, Use::Assign)?;
    Ok(Box::new(Head::For { target: *target.expr, iterable: *iterable.expr }))
}

pub fn def_head<'a>(
    name: Name,
    params: Vec<ParamItem>,
    returns: Option<Node>,
) -> Result<Box<Head>, Refusal<'a>> {
    let params = params::list(params)?;
    Ok(Box::new(Head::Def { name, params, returns: returns.map(|node| *node.expr) }))
}

/// What is to be done with a target.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Assign,
    Augment,
    Annotate,
    Delete,
}

fn check_target<'a>(target: &Expr, purpose: Use) -> Result<(), Refusal<'a>> {
    let what = match &target.kind {
        ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Index { .. } => return Ok(()),
        ExprKind::Tuple(items) | ExprKind::List(items) => match purpose {
            Use::Assign | Use::Delete => {
                return items.iter().try_for_each(|item| check_target(item, purpose));
            }
            Use::Augment | Use::Annotate => "several targets at once",
        },
        ExprKind::Unsupported { what } if what == "starred expression" => return Ok(()),
        kind => describe(kind),
    };
    let message = match purpose {
        Use::Assign => format!("cannot assign to {what}"),
        Use::Augment => format!("cannot update {what}"),
        Use::Annotate => format!("cannot annotate {what}"),
        Use::Delete => format!("cannot delete {what}"),
    };
    refuse(Diagnostic::error(target.span, message).hint(target_hint(&target.kind, purpose)))
}

fn target_hint(kind: &ExprKind, purpose: Use) -> &'static str {
    match (kind, purpose) {
        (ExprKind::Compare { .. }, _) => "compare with `==` only, or assign with one `=`",
        (ExprKind::Tuple(_) | ExprKind::List(_), _) => "write one statement for each",
        (ExprKind::Call { .. }, _) => "assign to elements with brackets: `a[i] = …`",
        (_, Use::Assign) => "assign to a name or to elements like `a[i]`; `==` compares",
        (_, Use::Augment | Use::Annotate | Use::Delete) => "the target is a name or elements like `a[i]`",
    }
}

/// An expression in words, for messages about what it cannot be.
fn describe(kind: &ExprKind) -> &'static str {
    match kind {
        ExprKind::None => "`None`",
        ExprKind::Bool(true) => "`True`",
        ExprKind::Bool(false) => "`False`",
        ExprKind::Ellipsis => "`...`",
        ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Imaginary(_) | ExprKind::Str(_) => "a literal",
        ExprKind::Unary { .. } | ExprKind::Binary { .. } | ExprKind::Logical { .. } => "an operation",
        ExprKind::Compare { .. } => "a comparison",
        ExprKind::Ternary { .. } => "a conditional expression",
        ExprKind::Call { .. } => "a call",
        ExprKind::Lambda { .. } => "a lambda",
        ExprKind::Name(_)
        | ExprKind::Index { .. }
        | ExprKind::Attribute { .. }
        | ExprKind::Tuple(_)
        | ExprKind::List(_)
        | ExprKind::Dict(_)
        | ExprKind::Set(_)
        | ExprKind::Slice { .. }
        | ExprKind::Unsupported { .. } => "this expression",
    }
}
