//! What each variable is bound to at a point of the program, and how that meets where paths merge.
//!
//! A variable is a [`Name`] of the function; a binding says which [`hir::Local`] (one per name and type) holds its value now. Where
//! two paths meet with different locals, the value moves to the local of the joined type by a [`hir::StmtKind::Join`] at the end of
//! each path. Loops are inferred again until the types at their head are stable; types only grow, so that ends.

use super::Body;
use super::promote::join;
use crate::base::{Span, Type};
use crate::hir;

/// Index of a variable name of the function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Name(pub u32);

#[derive(Clone, PartialEq, Debug)]
pub enum Binding {
    Unbound,
    /// Bound on every path; `span` is an assignment that decided the type.
    Bound {
        local: hir::Local,
        span: Span,
    },
    /// Some path leaves it unbound: reads are checked.
    Maybe {
        local: hir::Local,
        span: Span,
    },
    /// Two paths bind types that do not join; an error if read.
    Conflict {
        first: (Span, Type),
        second: (Span, Type),
    },
    /// Assigned somewhere in the enclosing parallel loop's body but not yet in this iteration.
    Carried {
        assigned: Span,
        bound_before: bool,
    },
    /// Was private to a parallel loop that has ended.
    Private {
        assigned: Span,
    },
    /// Its assignment had an error that has been reported.
    Poisoned,
}

/// The bindings of all names, or None where no path arrives.
#[derive(Clone, PartialEq, Debug)]
pub struct State(pub Option<Vec<Binding>>);

impl State {
    pub fn unreachable() -> State {
        State(None)
    }

    pub fn is_reachable(&self) -> bool {
        self.0.is_some()
    }

    pub fn get(&self, name: Name) -> &Binding {
        match &self.0 {
            Some(bindings) => &bindings[name.0 as usize],
            None => &Binding::Poisoned,
        }
    }

    /// With the bindings of `other` where these are poisoned.
    pub fn without_poison(mut self, other: &State) -> State {
        if let (Some(bindings), Some(others)) = (&mut self.0, &other.0) {
            let pairs = bindings.iter_mut().zip(others);
            pairs
                .filter(|(own, _)| **own == Binding::Poisoned)
                .for_each(|(own, other)| own.clone_from(other));
        }
        self
    }

    /// Poisoned wherever `other` is.
    pub fn with_poison(mut self, other: &State) -> State {
        if let (Some(bindings), Some(others)) = (&mut self.0, &other.0) {
            let pairs = bindings.iter_mut().zip(others);
            pairs
                .filter(|(_, other)| **other == Binding::Poisoned)
                .for_each(|(own, other)| own.clone_from(other));
        }
        self
    }

    pub fn set(&mut self, name: Name, binding: Binding) {
        if let Some(bindings) = &mut self.0 {
            bindings[name.0 as usize] = binding;
        }
    }
}

impl Body<'_, '_> {
    /// The state where all `paths` meet. Appends the joins that each path needs to its block.
    pub fn merge(&mut self, paths: &mut [(State, &mut hir::Block)]) -> State {
        let mut reachable = paths.iter().filter(|(state, _)| state.is_reachable());
        let Some(mut merged) = reachable.next().map(|(state, _)| state.clone()) else {
            return State::unreachable();
        };
        for (state, _) in reachable {
            merged = self.meet(&merged, state);
        }
        for (state, block) in paths {
            self.join_into(state, &merged, block);
        }
        merged
    }

    /// The bindings of both states, without the moves.
    pub fn meet(&mut self, a: &State, b: &State) -> State {
        let (Some(left), Some(right)) = (&a.0, &b.0) else {
            return if a.is_reachable() { a.clone() } else { b.clone() };
        };
        let met = left.iter().zip(right).enumerate();
        State(Some(met.map(|(k, (a, b))| self.meet_binding(Name(k as u32), a, b)).collect()))
    }

    fn meet_binding(&mut self, name: Name, a: &Binding, b: &Binding) -> Binding {
        use Binding::*;
        if a == b {
            return a.clone();
        }
        match (a, b) {
            (Poisoned, _) | (_, Poisoned) => Poisoned,
            (Conflict { .. } | Carried { .. } | Private { .. }, _) => a.clone(),
            (_, Conflict { .. } | Carried { .. } | Private { .. }) => b.clone(),
            (Bound { local: x, span }, Bound { local: y, span: other }) => {
                self.meet_locals(name, (*x, *span), (*y, *other), true)
            }
            (Unbound, Bound { local, span } | Maybe { local, span })
            | (Bound { local, span } | Maybe { local, span }, Unbound) => {
                Maybe { local: *local, span: *span }
            }
            (
                Bound { local: x, span } | Maybe { local: x, span },
                Bound { local: y, span: other } | Maybe { local: y, span: other },
            ) => self.meet_locals(name, (*x, *span), (*y, *other), false),
            (Unbound, Unbound) => Unbound,
        }
    }

    fn meet_locals(
        &mut self,
        name: Name,
        (x, span): (hir::Local, Span),
        (y, other): (hir::Local, Span),
        bound: bool,
    ) -> Binding {
        let (left, right) = (self.function.locals[x].ty.clone(), self.function.locals[y].ty.clone());
        let Some(joined) = join(&left, &right) else {
            return Binding::Conflict { first: (span, left), second: (other, right) };
        };
        let span = if joined == left { span } else { other };
        let local = self.local(name, joined);
        if bound { Binding::Bound { local, span } } else { Binding::Maybe { local, span } }
    }

    /// Appends to `block` what moves the bindings of `from` to those of `to`.
    pub fn join_into(&mut self, from: &State, to: &State, block: &mut hir::Block) {
        let (Some(source), Some(target)) = (&from.0, &to.0) else { return };
        for (a, b) in source.iter().zip(target) {
            let (Binding::Bound { local: from, span } | Binding::Maybe { local: from, span }) = a else {
                continue;
            };
            let (Binding::Bound { local: to, .. } | Binding::Maybe { local: to, .. }) = b else { continue };
            if from != to {
                block.push(hir::Stmt { kind: hir::StmtKind::Join { to: *to, from: *from }, span: *span });
            }
        }
    }
}
