//! Which scalars of a parallel loop are reductions, and which are wrongly used as such.
//!
//! A variable bound before the loop is a reduction if every mention of it in the body is an update by one operator: see
//! [`super::updates`].

use super::flow::{Binding, Name};
use super::names;
use super::updates::{AllUses, Uses};
use super::{Body, Typed};
use crate::ast::{CompareOp, Expr, ExprKind, Stmt, StmtKind};
use crate::base::{Diagnostic, ReduceOp, Span};

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

impl<'a> Body<'_, 'a> {
    pub(super) fn find_reductions(
        &mut self,
        uses: &AllUses<'a>,
        header: Span,
        assigned: &[(&'a str, Span)],
    ) -> Typed<Vec<Found>> {
        let mut found = vec![];
        for (text, _) in assigned {
            let (name, uses) = (self.names[*text], &uses[text]);
            let bound = matches!(self.state.get(name), Binding::Bound { .. } | Binding::Maybe { .. });
            let Some(first) = uses.updates.first() else { continue };
            // A plain assignment that comes first makes it a private variable; reading it then is fine.
            if !bound || uses.rebound || self.binding_is_array(name) {
                continue;
            }
            self.require_reduction(text, uses, header)?;
            found.push(Found { name, op: first.op });
        }
        Ok(found)
    }

    /// One operator, and no other mention.
    pub(super) fn require_reduction(&mut self, text: &str, uses: &Uses, header: Span) -> Typed<()> {
        let first = &uses.updates[0];
        if let Some(second) = uses.updates.iter().find(|other| other.op != first.op) {
            let message = format!("`{text}` is reduced with two different operators in this prange");
            return self.inference.report(
                Diagnostic::error(second.span, message)
                    .note(format!("`{}` here", symbol(second.op)))
                    .label(first.span, format!("`{}` here", symbol(first.op)))
                    .label(header, "iterations of this loop run in any order")
                    .hint("use one variable for each operator and combine them after the loop, or `range`"),
            );
        }
        let Some(other) = uses.other else { return Ok(()) };
        let message = format!("`{text}` is reduced in this prange, so it can't be read in it");
        self.inference.report(
            Diagnostic::error(other, message)
                .label(first.span, "reduced here")
                .label(header, "iterations of this loop run in any order")
                .hint(hint_for(first.op)),
        )
    }

    pub(super) fn binding_is_array(&self, name: Name) -> bool {
        match self.state.get(name) {
            Binding::Bound { local, .. } | Binding::Maybe { local, .. } => {
                self.function.locals[*local].ty.is_array()
            }
            _ => false,
        }
    }
}

/// As the source writes it.
pub(super) fn symbol(op: ReduceOp) -> &'static str {
    match op {
        ReduceOp::Add => "+",
        ReduceOp::Mul => "*",
        ReduceOp::Min => "min",
        ReduceOp::Max => "max",
        ReduceOp::Minimum => "np.minimum",
        ReduceOp::Maximum => "np.maximum",
        ReduceOp::And => "&",
        ReduceOp::Or => "|",
        ReduceOp::Xor => "^",
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

/// What to write instead where a variable is compared and then replaced: `if v < best: best = v`.
pub(super) struct Search {
    pub largest: bool,
    /// The place is kept, too: `k = i`.
    pub place: bool,
}

/// Whether the body looks for an extreme value by comparing it with `name`.
pub(super) fn search(body: &[Stmt], name: &str) -> Option<Search> {
    body.iter().find_map(|stmt| match &stmt.kind {
        StmtKind::If { condition, then, .. } => {
            search_in(condition, then, name).or_else(|| blocks_search(stmt, name))
        }
        _ => blocks_search(stmt, name),
    })
}

fn blocks_search(stmt: &Stmt, name: &str) -> Option<Search> {
    stmt.blocks().into_iter().find_map(|inner| search(inner, name))
}

fn search_in(condition: &Expr, then: &[Stmt], name: &str) -> Option<Search> {
    let ExprKind::Compare { operands, ops } = &condition.kind else { return None };
    let ([left, right], [op]) = (operands.as_slice(), ops.as_slice()) else { return None };
    let is_best = |expr: &Expr| matches!(&expr.kind, ExprKind::Name(text) if text == name);
    let grows = match op {
        CompareOp::Gt | CompareOp::Ge => true,
        CompareOp::Lt | CompareOp::Le => false,
        CompareOp::Eq
        | CompareOp::Ne
        | CompareOp::Is
        | CompareOp::IsNot
        | CompareOp::In
        | CompareOp::NotIn => return None,
    };
    let largest = if is_best(right) { grows } else { !grows };
    let assigned = assigned_in(then);
    let replaced = assigned.iter().any(|(text, _)| *text == name);
    ((is_best(left) || is_best(right)) && replaced).then_some(Search { largest, place: assigned.len() > 1 })
}

impl Search {
    pub fn hint(&self, name: &str) -> String {
        let (function, place) = if self.largest { ("max", "argmax") } else { ("min", "argmin") };
        if self.place {
            format!(
                "for the value alone write `{name} = {function}({name}, …)`; for its place store the values in an array and use np.{place}, or use a `range` loop"
            )
        } else {
            format!("write `{name} = {function}({name}, …)`, which is a reduction")
        }
    }
}
