//! The syntax tree: what was written, with its places, and nothing decided.
//!
//! Names are strings here and only here. A suite that opens with a keyword outside the language
//! (`class`, `try`, `with`, …) is kept as [`StmtKind::Unsupported`]: an error only if a kernel needs it.
//! Decorators, defaults and annotations are plain expressions; `infer` gives them their meaning.

use crate::base::{Diagnostic, Span};

mod print;

/// A file: functions, constants and whatever else stood at the top level, in source order.
#[derive(Clone, Debug, Default)]
pub struct Module {
    pub docstring: Option<String>,
    pub items: Vec<Item>,
}

#[derive(Clone, Debug)]
pub enum Item {
    Function(Function),
    /// `NAME = expression` (also `NAME: type = expression`) at the top level.
    Constant {
        name: Name,
        value: Expr,
    },
    /// `import numpy as np`, `from math import sqrt, pi as π`: one per bound name.
    Import(Import),
    /// Anything else, e.g. `class C:` or a plain script part; `keyword` names it ("class", "if", "expression").
    Unsupported {
        keyword: String,
        names: Vec<String>,
        span: Span,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

/// `module` is dotted (`numpy.linalg`); `member` is None for `import module`. `bound` is the local name.
#[derive(Clone, Debug)]
pub struct Import {
    pub module: String,
    pub member: Option<String>,
    pub bound: Name,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: Name,
    pub decorators: Vec<Expr>,
    pub params: Vec<Param>,
    pub returns: Option<Expr>,
    pub docstring: Option<String>,
    pub body: Vec<Stmt>,
    /// From `def` to the colon.
    pub header: Span,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: Name,
    pub annotation: Option<Expr>,
    pub default: Option<Expr>,
    pub kind: ParamKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamKind {
    Plain,
    /// After a bare `*`.
    KeywordOnly,
    /// Before a `/`.
    PositionalOnly,
    /// `*args`; parsed so that it can be refused by name.
    Args,
    /// `**kwargs`
    Kwargs,
}

#[derive(Clone, Debug)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum StmtKind {
    Expr(Expr),
    /// `a = b = value`: several targets, assigned left to right.
    Assign {
        targets: Vec<Expr>,
        value: Expr,
    },
    /// `x: annotation = value`; without a value only a declaration.
    Annotated {
        target: Expr,
        annotation: Expr,
        value: Option<Expr>,
    },
    /// `target op= value`
    Augmented {
        target: Expr,
        op: BinaryOp,
        op_span: Span,
        value: Expr,
    },
    If {
        condition: Expr,
        then: Vec<Stmt>,
        otherwise: Vec<Stmt>,
    },
    While {
        condition: Expr,
        body: Vec<Stmt>,
        otherwise: Vec<Stmt>,
    },
    For {
        target: Expr,
        iterable: Expr,
        body: Vec<Stmt>,
        otherwise: Vec<Stmt>,
    },
    Break,
    Continue,
    Pass,
    Return(Option<Expr>),
    Assert {
        condition: Expr,
        message: Option<Expr>,
    },
    Raise {
        exception: Option<Expr>,
    },
    /// A statement outside the language, by its keyword ("try", "with", "del", "nested def", …).
    Unsupported {
        keyword: String,
    },
}

#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Name(String),
    None,
    Bool(bool),
    /// An integer literal; saturated to `i128::MAX` beyond.
    Int(i128),
    Float(f64),
    /// `2j`
    Imaginary(f64),
    Str(String),
    /// `...`
    Ellipsis,
    Unary {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    Binary {
        op: BinaryOp,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `a < b <= c`: one operand more than operators.
    Compare {
        operands: Vec<Expr>,
        ops: Vec<CompareOp>,
    },
    /// `and` / `or` of two or more operands.
    Logical {
        op: LogicalOp,
        operands: Vec<Expr>,
    },
    /// `then if condition else otherwise`
    Ternary {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    Call {
        function: Box<Expr>,
        args: Vec<Arg>,
    },
    /// `value[items]`; several items for `a[i, j]`, and a tuple as one item for `a[(i, j)]`.
    Index {
        value: Box<Expr>,
        items: Vec<Expr>,
    },
    /// Only inside an index.
    Slice {
        start: Option<Box<Expr>>,
        stop: Option<Box<Expr>>,
        step: Option<Box<Expr>>,
    },
    Attribute {
        value: Box<Expr>,
        name: Name,
    },
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    /// `{key: value}`: options of decorators.
    Dict(Vec<(Expr, Expr)>),
    /// `{item, …}`: as in `fastmath={"contract"}`.
    Set(Vec<Expr>),
    Lambda {
        params: Vec<Param>,
        body: Box<Expr>,
    },
    /// Python that is parsed only to be refused by name ("set display", "list comprehension",
    /// "f-string", "`:=`", "starred expression", "`await`", "`yield`", …).
    Unsupported {
        what: String,
    },
}

#[derive(Clone, Debug)]
pub struct Arg {
    /// `name=value`
    pub keyword: Option<Name>,
    /// `*value` or `**value`
    pub starred: bool,
    pub value: Expr,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOp {
    Plus,
    Minus,
    Invert,
    Not,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    MatMul,
    And,
    Or,
    Xor,
    Shl,
    Shr,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CompareOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Is,
    IsNot,
    In,
    NotIn,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LogicalOp {
    And,
    Or,
}

impl Stmt {
    /// The blocks of a compound statement.
    pub fn blocks(&self) -> Vec<&[Stmt]> {
        match &self.kind {
            StmtKind::If { then, otherwise, .. } => vec![then, otherwise],
            StmtKind::While { body, otherwise, .. } | StmtKind::For { body, otherwise, .. } => {
                vec![body, otherwise]
            }
            StmtKind::Expr(_)
            | StmtKind::Assign { .. }
            | StmtKind::Annotated { .. }
            | StmtKind::Augmented { .. }
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Pass
            | StmtKind::Return(_)
            | StmtKind::Assert { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Unsupported { .. } => vec![],
        }
    }
}

impl BinaryOp {
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::FloorDiv => "//",
            BinaryOp::Mod => "%",
            BinaryOp::Pow => "**",
            BinaryOp::MatMul => "@",
            BinaryOp::And => "&",
            BinaryOp::Or => "|",
            BinaryOp::Xor => "^",
            BinaryOp::Shl => "<<",
            BinaryOp::Shr => ">>",
        }
    }
}

impl CompareOp {
    pub fn symbol(self) -> &'static str {
        match self {
            CompareOp::Eq => "==",
            CompareOp::Ne => "!=",
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
            CompareOp::Is => "is",
            CompareOp::IsNot => "is not",
            CompareOp::In => "in",
            CompareOp::NotIn => "not in",
        }
    }
}

/// What `parse` gives: a tree for all that could be read, and every error in source order.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    pub module: Module,
    pub errors: Vec<Diagnostic>,
}
