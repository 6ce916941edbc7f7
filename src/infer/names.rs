//! Which names a function binds: Python's scoping, from the syntax alone.

use crate::ast::{Expr, ExprKind, Function, Stmt, StmtKind};

/// Parameters and every name assigned anywhere in the body, each once, in order of appearance.
pub fn bound_names(function: &Function) -> Vec<String> {
    let mut names: Vec<String> = function.params.iter().map(|param| param.name.text.clone()).collect();
    assigned(&function.body, &mut |name, _| names.push(name.to_string()));
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// Calls `f` with each name assigned in a block, nested blocks included, and the target's expression.
pub fn assigned<'a>(block: &'a [Stmt], f: &mut dyn FnMut(&'a str, &'a Expr)) {
    for stmt in block {
        match &stmt.kind {
            StmtKind::Assign { targets, .. } => targets.iter().for_each(|target| target_names(target, f)),
            StmtKind::Annotated { target, .. } | StmtKind::Augmented { target, .. } => {
                target_names(target, f)
            }
            StmtKind::For { target, .. } => target_names(target, f),
            StmtKind::Expr(_)
            | StmtKind::If { .. }
            | StmtKind::While { .. }
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Pass
            | StmtKind::Return(_)
            | StmtKind::Assert { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Unsupported { .. } => {}
        }
        for inner in stmt.blocks() {
            assigned(inner, f);
        }
    }
}

pub fn target_names<'a>(target: &'a Expr, f: &mut dyn FnMut(&'a str, &'a Expr)) {
    match &target.kind {
        ExprKind::Name(name) => f(name, target),
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().for_each(|item| target_names(item, f)),
        _ => {}
    }
}

/// The expressions of a statement itself, nested blocks excluded.
pub fn expressions(stmt: &Stmt) -> Vec<&Expr> {
    match &stmt.kind {
        StmtKind::Expr(value) => vec![value],
        StmtKind::Assign { targets, value } => targets.iter().chain([value]).collect(),
        StmtKind::Annotated { target, value, .. } => [target].into_iter().chain(value).collect(),
        StmtKind::Augmented { target, value, .. } => vec![target, value],
        StmtKind::If { condition, .. } | StmtKind::While { condition, .. } => vec![condition],
        StmtKind::For { target, iterable, .. } => vec![target, iterable],
        StmtKind::Return(value) => value.iter().collect(),
        StmtKind::Assert { condition, message } => [condition].into_iter().chain(message).collect(),
        StmtKind::Raise { exception } => exception.iter().collect(),
        StmtKind::Break | StmtKind::Continue | StmtKind::Pass | StmtKind::Unsupported { .. } => vec![],
    }
}

/// Calls `f` with every name expression inside `expr`.
pub fn mentioned<'a>(expr: &'a Expr, f: &mut dyn FnMut(&'a str, &'a Expr)) {
    if let ExprKind::Name(name) = &expr.kind {
        f(name, expr);
    }
    for child in children(expr) {
        mentioned(child, f);
    }
}

pub fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Unary { operand, .. } => vec![operand],
        ExprKind::Binary { left, right, .. } => vec![left, right],
        ExprKind::Compare { operands, .. } | ExprKind::Logical { operands, .. } => operands.iter().collect(),
        ExprKind::Ternary { condition, then, otherwise } => vec![condition, then, otherwise],
        ExprKind::Call { function, args } => {
            [function.as_ref()].into_iter().chain(args.iter().map(|arg| &arg.value)).collect()
        }
        ExprKind::Index { value, items } => [value.as_ref()].into_iter().chain(items).collect(),
        ExprKind::Slice { start, stop, step } => {
            [start, stop, step].into_iter().flatten().map(|e| e.as_ref()).collect()
        }
        ExprKind::Attribute { value, .. } => vec![value],
        ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Set(items) => items.iter().collect(),
        ExprKind::Dict(pairs) => pairs.iter().flat_map(|(key, value)| [key, value]).collect(),
        ExprKind::Lambda { body, .. } => vec![body],
        ExprKind::Name(_)
        | ExprKind::None
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Imaginary(_)
        | ExprKind::Str(_)
        | ExprKind::Ellipsis
        | ExprKind::Unsupported { .. } => vec![],
    }
}

/// The candidate nearest to `name` for a "did you mean" hint.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let score = |candidate: &str| strsim::jaro_winkler(name, candidate);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name && score(candidate) > 0.84)
        .max_by(|a, b| score(a).total_cmp(&score(b)))
}
