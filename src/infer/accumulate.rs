//! Which arrays from outside a parallel loop collect what its iterations add: `h[bin] += v`, `acc += row`.
//!
//! Such an array is mentioned in updates by one operator only, and its elements belong to no single iteration ([`super::owned`]). It is updated
//! by blocks of iterations, as [`crate::base::blocks`] says. All other arrays are left to `classify`, which proves that iterations do not
//! meet in them, or that they do, or runs the loop serially.

use super::flow::{Binding, Name, State};
use super::owned::Assigned;
use super::updates::{AllUses, Update, Uses, is_everything};
use super::{Body, Typed};
use crate::ast::{Expr, ExprKind, Stmt};
use crate::base::blocks::Weight;
use crate::base::{Diagnostic, ReduceOp, Span, Type};
use crate::hir;

pub(super) struct Collected {
    name: Name,
    op: ReduceOp,
    weight: Weight,
    others: Vec<Name>,
}

impl<'a> Body<'_, 'a> {
    /// In the order of their names' first appearance. A prange inside another has none: it runs inline, in order.
    pub(super) fn find_accumulators(
        &mut self,
        uses: &AllUses<'a>,
        index: &'a str,
        body: &'a [Stmt],
        header: Span,
    ) -> Typed<Vec<Collected>> {
        let mut names: Vec<&str> = uses.keys().copied().filter(|text| self.is_outside_array(text)).collect();
        names.sort_by_key(|text| self.names[*text]);
        let (mut found, assigned) = (vec![], Assigned::new(index, body));
        let may_collect = self.enclosing_parallel().is_none() && !uses.keys().any(|text| self.is_tuple(text));
        for text in names.iter().copied() {
            let uses_of = &uses[text];
            if uses_of.updates.is_empty() || uses_of.rebound {
                continue;
            }
            self.require_in_place(text, uses_of, header)?;
            let whole = uses_of.updates.iter().any(|update| is_whole(update));
            if whole {
                self.require_reduction(text, uses_of, header)?;
            }
            let collects = whole || self.collects(text, uses_of) && !assigned.owns(&uses_of.updates);
            if collects && may_collect {
                let others = self.other_arrays(&names, text);
                let (name, op) = (self.names[text], uses_of.updates[0].op);
                found.extend(others.map(|others| Collected {
                    name,
                    op,
                    weight: self.weight(text, uses_of),
                    others,
                }));
            }
        }
        Ok(found)
    }

    /// `acc = acc + row` would make a new array in each iteration.
    fn require_in_place(&mut self, text: &str, uses: &Uses, header: Span) -> Typed<()> {
        let Some(update) = uses.updates.iter().find(|update| update.binds) else { return Ok(()) };
        let hint = match update.op {
            ReduceOp::Add | ReduceOp::Mul | ReduceOp::And | ReduceOp::Or | ReduceOp::Xor => {
                let symbol = super::reduction::symbol(update.op);
                format!("write `{text} {symbol}= …`, which updates the array in place")
            }
            ReduceOp::Min | ReduceOp::Max | ReduceOp::Minimum | ReduceOp::Maximum => {
                let function = super::reduction::symbol(update.op);
                format!("write `{text}[:] = {function}({text}, …)`, which updates the array in place")
            }
        };
        self.inference.report(
            Diagnostic::error(update.span, format!("this makes a new array `{text}` in every iteration"))
                .label(header, "iterations of this loop are independent")
                .hint(hint),
        )
    }

    /// One operator, no other mention, and nobody vouches for it.
    fn collects(&self, text: &str, uses: &Uses) -> bool {
        let first = uses.updates[0].op;
        let vouched = self.function.disjoint.iter().chain(self.inference.program.disjoint);
        uses.other.is_none()
            && uses.updates.iter().all(|update| update.op == first)
            && !vouched.into_iter().any(|name| name == text)
    }

    /// Whether a name is a tuple: arrays in it are not told apart.
    fn is_tuple(&self, text: &str) -> bool {
        match self.name(text).map(|name| self.state.get(name)) {
            Some(Binding::Bound { local, .. } | Binding::Maybe { local, .. }) => {
                matches!(self.function.locals[*local].ty, Type::Tuple(_))
            }
            _ => false,
        }
    }

    fn weight(&self, text: &str, uses: &Uses) -> Weight {
        let rank = match self.state.get(self.names[text]) {
            Binding::Bound { local, .. } => {
                self.function.locals[*local].ty.array().map_or(0, |array| array.rank())
            }
            _ => 0,
        };
        let of = |update: &Update| match update.items() {
            _ if is_whole(update) => Weight::Whole,
            Some(items) if items.len() < rank || items.iter().any(is_slice) => Weight::Loop,
            Some(_) | None if update.repeated => Weight::Loop,
            Some(_) | None => Weight::Element,
        };
        uses.updates.iter().map(of).max().unwrap_or(Weight::Element)
    }

    fn is_outside_array(&self, text: &str) -> bool {
        let Some(name) = self.name(text) else { return false };
        self.binding_is_array(name)
    }

    /// The other arrays that the loop mentions, if it is known that all are bound.
    fn other_arrays(&self, arrays: &[&str], own: &str) -> Option<Vec<Name>> {
        let all = arrays.iter().map(|text| self.names[*text]);
        let bound = |name: &Name| matches!(self.state.get(*name), Binding::Bound { .. });
        let names: Vec<Name> = all.collect();
        let others = names.iter().copied().filter(|name| *name != self.names[own]).collect();
        names.iter().all(bound).then_some(others)
    }

    /// What `hir` says of them, given the bindings at the head of the loop and the typed body.
    pub(super) fn accumulators(
        &self,
        head: &State,
        collected: &[Collected],
        body: &hir::Block,
    ) -> Vec<hir::Accumulator> {
        let local = |name: Name| match head.get(name) {
            Binding::Bound { local, .. } if matches!(self.function.locals[*local].ty, Type::Array(_)) => {
                Some(*local)
            }
            _ => None,
        };
        let accumulator = |found: &Collected| {
            // What the body rebinds is private and made in it, or one of the others under a new name.
            let others = found.others.iter().filter_map(|name| local(*name)).collect();
            Some(hir::Accumulator { local: local(found.name)?, op: found.op, weight: found.weight, others })
        };
        let found = collected.iter().filter_map(accumulator);
        found.filter(|found| self.is_associative(found.local, found.op, body)).collect()
    }

    /// Whether all stores into the array compute in its own dtype, or so that converting back to it at each step does no harm: 0.5 added
    /// to integers, one by one, is lost in a copy that starts from 0, but not always in the array.
    fn is_associative(&self, local: hir::Local, op: ReduceOp, body: &hir::Block) -> bool {
        let mut names = vec![local];
        self.aliases(body, &mut names);
        let mut associative = true;
        for_each_store(body, &mut |target, value| {
            if self.root(target).is_some_and(|stored| names.contains(&stored)) {
                associative &= self.converts_well(value, op);
            }
        });
        associative
    }

    /// Temporaries that stand for the array, or parts of it.
    fn aliases(&self, body: &hir::Block, names: &mut Vec<hir::Local>) {
        for stmt in body {
            if let hir::StmtKind::Assign { local, value } = &stmt.kind
                && self.root(*value).is_some_and(|source| names.contains(&source))
            {
                names.push(*local);
            }
            hir_blocks(stmt).into_iter().for_each(|inner| self.aliases(inner, names));
        }
    }

    /// The local whose memory an expression refers to, as far as that shows.
    fn root(&self, expr: hir::Expr) -> Option<hir::Local> {
        match self.function.exprs[expr].kind {
            hir::ExprKind::Local(local) => Some(local),
            hir::ExprKind::View { array, .. } | hir::ExprKind::Permute { array, .. } => self.root(array),
            _ => None,
        }
    }

    fn converts_well(&self, value: hir::Expr, op: ReduceOp) -> bool {
        let hir::ExprKind::Convert(inner) = self.function.exprs[value].kind else { return true };
        let dtypes = (self.function.ty(inner).dtype(), self.function.ty(value).dtype());
        let (Some(from), Some(to)) = dtypes else { return false };
        let modular =
            matches!(op, ReduceOp::Add | ReduceOp::Mul | ReduceOp::And | ReduceOp::Or | ReduceOp::Xor);
        from == to || to.is_float() || from.is_int() && to.is_int() && modular
    }
}

fn hir_blocks(stmt: &hir::Stmt) -> Vec<&hir::Block> {
    match &stmt.kind {
        hir::StmtKind::If { then, otherwise, .. } => vec![then, otherwise],
        hir::StmtKind::While { body, .. } => vec![body],
        hir::StmtKind::For(loop_) => vec![&loop_.body],
        _ => vec![],
    }
}

fn for_each_store(body: &hir::Block, f: &mut dyn FnMut(hir::Expr, hir::Expr)) {
    for stmt in body {
        match &stmt.kind {
            hir::StmtKind::Store { array, value, .. } => f(*array, *value),
            hir::StmtKind::Update { target, value } => f(*target, *value),
            _ => {}
        }
        hir_blocks(stmt).into_iter().for_each(|inner| for_each_store(inner, f));
    }
}

fn is_whole(update: &Update) -> bool {
    update.items().is_none_or(|items| items.iter().all(is_everything))
}

fn is_slice(item: &Expr) -> bool {
    matches!(item.kind, ExprKind::Slice { .. })
}
