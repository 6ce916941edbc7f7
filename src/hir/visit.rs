//! The parts of expressions and statements.

use super::{Block, Expr, ExprKind, For, Pick, Stmt, StmtKind};

impl ExprKind {
    /// The direct operands, in the order in which they are evaluated.
    pub fn operands(&self) -> Vec<Expr> {
        let with = |first: Expr, rest: &[Expr]| [&[first], rest].concat();
        match self {
            ExprKind::Const(_) | ExprKind::None | ExprKind::Local(_) | ExprKind::CheckedLocal(_) => vec![],
            ExprKind::Unary(_, x) | ExprKind::Convert(x) | ExprKind::Copy(x) => vec![*x],
            ExprKind::Binary(_, a, b) | ExprKind::Compare(_, a, b) => vec![*a, *b],
            ExprKind::Select { condition, then, otherwise } | ExprKind::If { condition, then, otherwise } => {
                vec![*condition, *then, *otherwise]
            }
            ExprKind::Fma(a, b, c) => vec![*a, *b, *c],
            ExprKind::Let { value, body, .. } => vec![*value, *body],
            ExprKind::Call { args, .. } | ExprKind::Map { args, .. } | ExprKind::Tuple(args) => args.clone(),
            ExprKind::Index { array, indices } => with(*array, indices),
            ExprKind::Extent { array, .. } | ExprKind::Scan { array, .. } => vec![*array],
            ExprKind::Reduce { array, initial, .. } => [*array].into_iter().chain(*initial).collect(),
            ExprKind::Item { tuple, .. } => vec![*tuple],
            ExprKind::Alloc { shape, fill } => shape.iter().copied().chain(*fill).collect(),
            ExprKind::Iota { shape, .. } => shape.clone(),
            ExprKind::Elements { values, .. } => values.clone(),
            ExprKind::MatMul(a, b) => vec![*a, *b],
            ExprKind::Write { target, value } => vec![*target, *value],
            ExprKind::Require { condition, values, body, .. } => {
                [&[*condition], values.as_slice(), &[*body]].concat()
            }
            ExprKind::View { array, items } => {
                [*array].into_iter().chain(items.iter().flat_map(Pick::exprs)).collect()
            }
            ExprKind::Permute { array, .. } => vec![*array],
            ExprKind::Reshape { array, shape, .. } => with(*array, shape),
        }
    }
}

impl Stmt {
    /// The expressions that the statement itself evaluates.
    pub fn exprs(&self) -> Vec<Expr> {
        match &self.kind {
            StmtKind::Assign { value, .. } | StmtKind::Eval(value) => vec![*value],
            StmtKind::Store { array, indices, value } => {
                [*array].into_iter().chain(indices.iter().copied()).chain([*value]).collect()
            }
            StmtKind::Update { target, value } => vec![*target, *value],
            StmtKind::If { condition, .. }
            | StmtKind::While { condition, .. }
            | StmtKind::Assert { condition, .. } => vec![*condition],
            StmtKind::For(For { start, stop, step, .. }) => vec![*start, *stop, *step],
            StmtKind::Return(value) => value.iter().copied().collect(),
            StmtKind::Join { .. }
            | StmtKind::Scope { .. }
            | StmtKind::Leave(_)
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Raise { .. } => vec![],
        }
    }

    pub fn blocks(&self) -> Vec<&Block> {
        match &self.kind {
            StmtKind::If { then, otherwise, .. } => vec![then, otherwise],
            StmtKind::While { body, .. } | StmtKind::Scope { body, .. } | StmtKind::For(For { body, .. }) => {
                vec![body]
            }
            StmtKind::Assign { .. }
            | StmtKind::Store { .. }
            | StmtKind::Update { .. }
            | StmtKind::Join { .. }
            | StmtKind::Eval(_)
            | StmtKind::Leave(_)
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Return(_)
            | StmtKind::Assert { .. }
            | StmtKind::Raise { .. } => vec![],
        }
    }
}

/// Every statement of a block, those inside others too, each before what is inside it.
pub fn walk<'a>(block: &'a Block, f: &mut impl FnMut(&'a Stmt)) {
    for stmt in block {
        f(stmt);
        stmt.blocks().into_iter().for_each(|inner| walk(inner, f));
    }
}
