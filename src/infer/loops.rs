//! `while`, `for … in range` and `for … in prange`: bindings at the head of a loop, what is carried between iterations.
//!
//! The head of a loop is reached from before and from the end of each iteration (and from `continue`); types there are found by typing the
//! body again until they are stable. `break` counts as such an arrival too, so that a variable has one local on all ways out.
//!
//! In a parallel loop nothing is carried: what the body assigns is private, reductions apart.

use super::flow::{Binding, Name, State};
use super::reduction;
use super::updates::AllUses;
use super::{Abort, Body, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::{Diagnostic, Span, Type};
use crate::hir::{self, Stmt, StmtKind as Hir};

/// A loop that is being typed.
pub(super) struct LoopContext<'a> {
    span: Span,
    /// The body of a prange.
    parallel: Option<&'a [ast::Stmt]>,
    /// The bindings assumed at the head.
    head: State,
    /// Where `continue` and `break` leave, in terms of their own locals.
    continues: State,
    breaks: State,
}

/// What a typed loop body gives.
struct Typing {
    head: State,
    /// The head without the names whose assignments had errors.
    exit: State,
    body: hir::Block,
    breaks: State,
}

impl<'a> Body<'_, 'a> {
    pub(super) fn enclosing_parallel(&self) -> Option<Span> {
        self.loops.iter().rev().find(|context| context.parallel.is_some()).map(|context| context.span)
    }

    /// What the innermost prange around looks for by comparing values with a variable.
    pub(super) fn enclosing_search(&self, text: &str) -> Option<reduction::Search> {
        let body = self.loops.iter().rev().find_map(|context| context.parallel)?;
        reduction::search(body, text)
    }

    pub(super) fn break_statement(&mut self, span: Span, block: &mut hir::Block) -> Typed<()> {
        let state = std::mem::replace(&mut self.state, State::unreachable());
        let Some(context) = self.loops.last() else {
            return self.inference.report(Diagnostic::error(span, "`break` outside a loop"));
        };
        if context.parallel.is_some() {
            let parallel = context.span;
            return self.inference.report(
                Diagnostic::error(span, "`break` out of a prange")
                    .label(parallel, "iterations of this loop may run in any order")
                    .hint("use `range` for a loop that ends early"),
            );
        }
        let (head, breaks) = (context.head.clone(), context.breaks.clone());
        self.join_into(&state, &head, block);
        block.push(Stmt { kind: Hir::Break, span });
        let breaks = self.meet(&breaks, &state);
        self.loops.last_mut().expect("in a loop").breaks = breaks;
        Ok(())
    }

    pub(super) fn continue_statement(&mut self, span: Span, block: &mut hir::Block) -> Typed<()> {
        let state = std::mem::replace(&mut self.state, State::unreachable());
        let Some(context) = self.loops.last() else {
            return self.inference.report(Diagnostic::error(span, "`continue` outside a loop"));
        };
        let (head, continues) = (context.head.clone(), context.continues.clone());
        self.join_into(&state, &head, block);
        block.push(Stmt { kind: Hir::Continue, span });
        let continues = self.meet(&continues, &state);
        self.loops.last_mut().expect("in a loop").continues = continues;
        Ok(())
    }

    pub(super) fn while_statement(
        &mut self,
        condition: &'a ast::Expr,
        body: &'a [ast::Stmt],
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let mut typed_condition = Err(Abort::Reported);
        let typing = self.stable(span, None, block, |this| {
            typed_condition = this.condition(condition);
            this.block(body)
        });
        let condition = typed_condition?;
        let endless = self.known_bool(condition) == Some(true);
        let normal = if endless { State::unreachable() } else { typing.exit.clone() };
        self.state = self.leave(&typing, normal);
        block.push(Stmt { kind: Hir::While { condition, body: typing.body }, span });
        Ok(())
    }

    pub(super) fn for_statement(
        &mut self,
        target: &'a ast::Expr,
        iterable: &'a ast::Expr,
        body: &'a [ast::Stmt],
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let (parallel, args) = self.range(iterable)?;
        let Ast::Name(text) = &target.kind else {
            return self
                .inference
                .report(Diagnostic::error(target.span, "the variable of a loop over range is one name"));
        };
        let [start, stop, step] = self.range_bounds(args, iterable.span)?;
        let name = self.names[text];
        let index = self.local(name, Type::INT);
        let header = Span { end: iterable.span.end, ..span };
        let mut assigned = reduction::assigned_in(body);
        let (mut reductions, mut collected) = (vec![], vec![]);
        if parallel {
            let uses = self.uses(body);
            collected = self.find_accumulators(&uses, text, body, header)?;
            reductions = self.find_reductions(&uses, header, &assigned)?;
            assigned.retain(|(name, _)| !self.is_updated_in_place(name, &uses));
        }
        let entry = self.state.clone();
        if parallel {
            self.privatise(&assigned, &reductions, name);
        }
        let typing = self.stable(header, parallel.then_some(body), block, |this| {
            this.state.set(name, Binding::Bound { local: index, span: target.span });
            this.block(body)
        });
        self.state = self.leave(&typing, typing.exit.clone());
        if parallel {
            self.end_parallel(&entry, &assigned, &reductions, name, index, target.span);
        }
        let reductions = self.reduction_locals(&typing.head, &reductions);
        let body = typing.body;
        let accumulators = self.accumulators(&typing.head, &collected, &body);
        let loop_ = hir::For { index, start, stop, step, parallel, reductions, accumulators, body };
        block.push(Stmt { kind: Hir::For(loop_), span: header });
        Ok(())
    }

    /// Types a loop body until the bindings at its head are stable; emits the joins into the head before the loop.
    fn stable(
        &mut self,
        span: Span,
        parallel: Option<&'a [ast::Stmt]>,
        before: &mut hir::Block,
        mut body: impl FnMut(&mut Self) -> hir::Block,
    ) -> Typing {
        let entry = self.state.clone();
        let mut head = match self.heads.get(&span).cloned() {
            Some(known) => self.meet(&entry, &known).without_poison(&entry),
            None => entry.clone(),
        };
        loop {
            let (mark, aborted) = (self.inference.diagnostics.len(), self.aborted);
            let unreachable = State::unreachable;
            self.loops.push(LoopContext {
                span,
                parallel,
                head: head.clone(),
                continues: unreachable(),
                breaks: unreachable(),
            });
            self.state = head.clone();
            let mut typed = body(self);
            let context = self.loops.pop().expect("pushed");
            let end = std::mem::replace(&mut self.state, State::unreachable());
            self.join_into(&end, &head, &mut typed);
            let arrivals = [&end, &context.continues, &context.breaks];
            let exit = arrivals.into_iter().fold(head.clone(), |next, state| {
                if state.is_reachable() { self.meet(&next, state) } else { next }
            });
            // Errors of this visit may vanish in the next one, so they must not make the head deaf to what remains.
            let next = exit.clone().without_poison(&head);
            if same_locals(&next, &head) {
                self.heads.insert(span, head.clone());
                self.join_into(&entry, &head, before);
                let exit = head.clone().with_poison(&exit);
                return Typing { head, exit, body: typed, breaks: context.breaks };
            }
            self.inference.forget_errors(mark);
            self.aborted = aborted;
            head = next;
        }
    }

    /// The state after a loop: the locals of its head, bound where every way out binds them.
    fn leave(&mut self, typing: &Typing, normal: State) -> State {
        let exit = self.meet(&normal, &typing.breaks);
        let (Some(exits), Some(head)) = (exit.0, &typing.head.0) else { return State::unreachable() };
        let localised = exits.into_iter().zip(head).map(|(exit, head)| match (&exit, head) {
            (Binding::Bound { span, .. }, Binding::Bound { local, .. } | Binding::Maybe { local, .. }) => {
                Binding::Bound { local: *local, span: *span }
            }
            (Binding::Maybe { span, .. }, Binding::Bound { local, .. } | Binding::Maybe { local, .. }) => {
                Binding::Maybe { local: *local, span: *span }
            }
            _ => exit,
        });
        State(Some(localised.collect()))
    }

    /// `range(…)` or `prange(…)`: whether it is parallel, and its arguments.
    fn range(&mut self, iterable: &'a ast::Expr) -> Typed<(bool, &'a [ast::Arg])> {
        if let Ast::Call { function, args } = &iterable.kind {
            let name = match &function.kind {
                Ast::Name(name) => name.as_str(),
                Ast::Attribute { name, .. } => name.text.as_str(),
                _ => "",
            };
            match name {
                "range" => return Ok((false, args)),
                "prange" => return Ok((self.parallel, args)),
                "enumerate" | "zip" | "ndindex" | "reversed" => {
                    let message = format!("a loop over `{name}` is not supported yet");
                    return self
                        .inference
                        .report(Diagnostic::error(iterable.span, message).hint("loop over `range(len(x))`"));
                }
                _ => {}
            }
        }
        self.inference.report(
            Diagnostic::error(iterable.span, "a loop over this is not supported yet")
                .hint("loop over `range(…)` or `prange(…)` and index the array"),
        )
    }

    fn range_bounds(&mut self, args: &'a [ast::Arg], span: Span) -> Typed<[hir::Expr; 3]> {
        if let Some(arg) = args.iter().find(|arg| arg.keyword.is_some() || arg.starred) {
            return self
                .inference
                .report(Diagnostic::error(arg.value.span, "range takes positional arguments only"));
        }
        let mut bounds = vec![];
        for arg in args {
            let value = self.expr(&arg.value)?;
            bounds.push(self.as_index(value, "a bound of range")?);
        }
        let (zero, one) = (self.int(0, span), self.int(1, span));
        match bounds[..] {
            [stop] => Ok([zero, stop, one]),
            [start, stop] => Ok([start, stop, one]),
            [_, _, step] if self.known_int(step) == Some(0) => {
                self.inference.report(Diagnostic::error(span, "range() with step 0"))
            }
            [start, stop, step] => Ok([start, stop, step]),
            _ => self
                .inference
                .report(Diagnostic::error(span, format!("range takes 1 to 3 arguments, not {}", args.len()))),
        }
    }

    /// `acc += row` does not bind the array `acc` anew.
    fn is_updated_in_place(&self, text: &str, uses: &AllUses) -> bool {
        let uses = &uses[text];
        self.binding_is_array(self.names[text])
            && !uses.rebound
            && !uses.updates.is_empty()
            && uses.updates.iter().all(|update| !update.binds)
    }

    fn privatise(&mut self, assigned: &[(&'a str, Span)], reductions: &[reduction::Found], index: Name) {
        for (text, span) in assigned {
            let name = self.names[*text];
            if name == index || reductions.iter().any(|found| found.name == name) {
                continue;
            }
            let bound_before = !matches!(self.state.get(name), Binding::Unbound);
            self.state.set(name, Binding::Carried { assigned: *span, bound_before });
        }
    }

    /// After a parallel loop its private variables cannot be read; the loop variable can.
    fn end_parallel(
        &mut self,
        entry: &State,
        assigned: &[(&'a str, Span)],
        reductions: &[reduction::Found],
        index: Name,
        local: hir::Local,
        span: Span,
    ) {
        for (text, place) in assigned {
            let name = self.names[*text];
            let poisoned = *self.state.get(name) == Binding::Poisoned;
            if !poisoned && !reductions.iter().any(|found| found.name == name) {
                self.state.set(name, Binding::Private { assigned: *place });
            }
        }
        if !assigned.iter().any(|(text, _)| self.names[*text] == index) {
            let always = matches!(entry.get(index), Binding::Bound { local: before, .. } if *before == local);
            let binding =
                if always { Binding::Bound { local, span } } else { Binding::Maybe { local, span } };
            self.state.set(index, binding);
        }
    }

    fn reduction_locals(&self, head: &State, reductions: &[reduction::Found]) -> Vec<hir::Reduction> {
        reductions
            .iter()
            .filter_map(|found| match head.get(found.name) {
                Binding::Bound { local, .. } | Binding::Maybe { local, .. } => {
                    Some(hir::Reduction { local: *local, op: found.op })
                }
                _ => None,
            })
            .collect()
    }
}

/// Whether two states bind the same locals, whatever places decided that.
fn same_locals(a: &State, b: &State) -> bool {
    let (Some(a), Some(b)) = (&a.0, &b.0) else { return a.is_reachable() == b.is_reachable() };
    a.iter().zip(b).all(|(a, b)| match (a, b) {
        (Binding::Bound { local: x, .. }, Binding::Bound { local: y, .. })
        | (Binding::Maybe { local: x, .. }, Binding::Maybe { local: y, .. }) => x == y,
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    })
}
