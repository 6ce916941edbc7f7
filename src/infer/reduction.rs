//! Which variables of a parallel loop are reductions: from the syntax of the body alone.
//!
//! A variable bound before the loop is a reduction if every mention of it in the body is an update of one kind:
//! `s += v`, `s = s + v`, `s = v + s`, `s -= v`, `s *= v`, `s = min(s, v)`, `s = max(s, v)`, `s &= v`, `s |= v`, `s ^= v`.

use super::flow::{Binding, Name};
use super::names;
use super::{Body, Typed};
use crate::ast::{BinaryOp, Expr, ExprKind, Stmt, StmtKind};
use crate::base::{Diagnostic, ReduceOp, Span};
use std::collections::HashMap;

pub(super) struct Found {
    pub name: Name,
    pub op: ReduceOp,
}

/// Every name assigned in a block with its first assignment, in source order.
pub(super) fn assigned_in(body: &[Stmt]) -> Vec<(&str, Span)> {
    let mut found: Vec<(&str, Span)> = vec![];
    let mut seen = std::collections::HashSet::new();
    names::assigned(body, &mut |name, target| {
        if seen.insert(name) {
            found.push((name, target.span));
        }
    });
    found
}

/// All that a body does with one name.
#[derive(Default)]
struct Uses {
    updates: Vec<(ReduceOp, Span)>,
    /// A mention outside an update; the first one.
    other: Option<Span>,
    other_assigns: bool,
}

impl Body<'_, '_> {
    pub(super) fn find_reductions(
        &mut self,
        body: &[Stmt],
        header: Span,
        assigned: &[(&str, Span)],
    ) -> Typed<Vec<Found>> {
        let mut uses: HashMap<&str, Uses> =
            assigned.iter().map(|(name, _)| (*name, Uses::default())).collect();
        collect(body, &mut uses);
        let mut found = vec![];
        for (text, _) in assigned {
            let name = self.names[*text];
            let bound = matches!(self.state.get(name), Binding::Bound { .. } | Binding::Maybe { .. });
            let uses = &uses[text];
            let Some(&(op, first)) = uses.updates.first() else { continue };
            // A plain assignment that comes first makes it a private variable; reading it then is fine.
            if !bound || uses.other_assigns {
                continue;
            }
            if let Some((_, second)) = uses.updates.iter().find(|(other, _)| *other != op) {
                let message = format!("`{text}` is reduced with two different operators in this prange");
                return self.inference.report(
                    Diagnostic::error(*second, message)
                        .label(first, "first reduced here")
                        .label(header, "in this loop")
                        .hint("use one variable per reduction, or `range`"),
                );
            }
            if let Some(other) = uses.other {
                let message = format!("`{text}` is reduced in this prange, so it can't be read in it");
                return self.inference.report(
                    Diagnostic::error(other, message)
                        .label(first, "reduced here")
                        .label(header, "iterations of this loop run in any order")
                        .hint(hint_for(op)),
                );
            }
            if self.binding_is_array(name) {
                let message = format!("a reduction over the array `{text}` is not supported yet");
                return self
                    .inference
                    .report(Diagnostic::error(first, message).label(header, "in this prange"));
            }
            found.push(Found { name, op });
        }
        Ok(found)
    }

    fn binding_is_array(&self, name: Name) -> bool {
        match self.state.get(name) {
            Binding::Bound { local, .. } | Binding::Maybe { local, .. } => {
                self.function.locals[*local].ty.is_array()
            }
            _ => false,
        }
    }
}

fn hint_for(op: ReduceOp) -> &'static str {
    match op {
        ReduceOp::Min | ReduceOp::Minimum => {
            "for the place of the smallest value use np.argmin, or a `range` loop"
        }
        ReduceOp::Max | ReduceOp::Maximum => {
            "for the place of the largest value use np.argmax, or a `range` loop"
        }
        _ => "use `range` where each iteration needs the running value",
    }
}

fn collect<'a>(body: &'a [Stmt], uses: &mut HashMap<&'a str, Uses>) {
    for stmt in body {
        if let Some((name, op, value)) = update(stmt) {
            if let Some(entry) = uses.get_mut(name) {
                entry.updates.push((op, stmt.span));
            }
            mention(value, uses);
        } else {
            for expr in names::expressions(stmt) {
                mention(expr, uses);
            }
            plain_assignments(stmt, uses);
        }
        for inner in names::blocks(stmt) {
            collect(inner, uses);
        }
    }
}

fn plain_assignments<'a>(stmt: &'a Stmt, uses: &mut HashMap<&'a str, Uses>) {
    let mut mark = |expr: &'a Expr| {
        names::mentioned(expr, &mut |name, _| {
            if let Some(entry) = uses.get_mut(name) {
                entry.other_assigns = true;
            }
        })
    };
    match &stmt.kind {
        StmtKind::Assign { targets, .. } => {
            targets.iter().filter(|target| !matches!(target.kind, ExprKind::Index { .. })).for_each(mark)
        }
        StmtKind::For { target, .. } | StmtKind::Annotated { target, .. } => mark(target),
        _ => {}
    }
}

fn mention<'a>(expr: &'a Expr, uses: &mut HashMap<&'a str, Uses>) {
    names::mentioned(expr, &mut |name, place| {
        if let Some(entry) = uses.get_mut(name) {
            entry.other.get_or_insert(place.span);
        }
    });
}

/// The statement as an update `name ∘= value`.
fn update(stmt: &Stmt) -> Option<(&str, ReduceOp, &Expr)> {
    match &stmt.kind {
        StmtKind::Augmented { target, op, value, .. } => {
            let ExprKind::Name(name) = &target.kind else { return None };
            let op = if *op == BinaryOp::Sub { ReduceOp::Add } else { reduce_op(*op)? };
            Some((name, op, value))
        }
        StmtKind::Assign { targets, value } => {
            let [Expr { kind: ExprKind::Name(name), .. }] = targets.as_slice() else { return None };
            expanded(name, value).map(|(op, value)| (name.as_str(), op, value))
        }
        _ => None,
    }
}

fn reduce_op(op: BinaryOp) -> Option<ReduceOp> {
    match op {
        BinaryOp::Add => Some(ReduceOp::Add),
        BinaryOp::Mul => Some(ReduceOp::Mul),
        BinaryOp::And => Some(ReduceOp::And),
        BinaryOp::Or => Some(ReduceOp::Or),
        BinaryOp::Xor => Some(ReduceOp::Xor),
        BinaryOp::Sub
        | BinaryOp::Div
        | BinaryOp::FloorDiv
        | BinaryOp::Mod
        | BinaryOp::Pow
        | BinaryOp::MatMul
        | BinaryOp::Shl
        | BinaryOp::Shr => None,
    }
}

/// `s + v`, `v + s`, `s - v`, `min(s, v)`, …
fn expanded<'a>(name: &str, value: &'a Expr) -> Option<(ReduceOp, &'a Expr)> {
    let is_name = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(text) if text == name);
    match &value.kind {
        ExprKind::Binary { op: BinaryOp::Sub, left, right } if is_name(left) => Some((ReduceOp::Add, right)),
        ExprKind::Binary { op, left, right } => {
            let op = reduce_op(*op)?;
            if is_name(left) { Some((op, right)) } else { is_name(right).then_some((op, left)) }
        }
        ExprKind::Call { function, args } => {
            let (ExprKind::Name(callee), [first, second]) = (&function.kind, args.as_slice()) else {
                return None;
            };
            let op = match callee.as_str() {
                "min" => ReduceOp::Min,
                "max" => ReduceOp::Max,
                _ => return None,
            };
            (is_name(&first.value) && second.keyword.is_none()).then_some((op, &second.value))
        }
        _ => None,
    }
}
