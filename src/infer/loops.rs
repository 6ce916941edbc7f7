//! `while` and `for`: bindings at the head of a loop, what is carried between iterations, `break`, `continue` and `else`.
//!
//! The head of a loop is reached from before and from the end of each iteration (and from `continue`); types there are found by typing the
//! body again until they are stable. `break` counts as such an arrival too, so that a variable has one local on all ways out.
//!
//! In a parallel loop nothing is carried: what the body assigns is private, reductions apart.
//!
//! With an `else`, `break` jumps over it: out of a scope around the loop and its `else`.

use super::flow::{Binding, Name, State};
use super::iterate::Iteration;
use super::reduction;
use super::scope::Jumps;
use super::updates::AllUses;
use super::{Abort, Body, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::{Diagnostic, Span, Type};
use crate::hir::{self, Stmt, StmtKind as Hir};

/// A loop that is being typed.
pub(super) struct LoopContext<'a> {
    pub span: Span,
    /// The body of a prange.
    pub parallel: Option<&'a [ast::Stmt]>,
    /// The bindings assumed at the head; None in a copy of an unrolled loop.
    pub head: Option<State>,
    /// Where `continue` and `break` leave, in terms of their own locals.
    pub continues: State,
    pub breaks: State,
    /// Some if `break` leaves a scope: the jumps so far.
    pub exits: Option<Jumps>,
    /// The same for `continue` in a copy of an unrolled loop.
    pub nexts: Jumps,
}

/// The parts of a `for` statement.
#[derive(Clone, Copy)]
pub(super) struct ForParts<'a> {
    pub target: &'a ast::Expr,
    pub body: &'a [ast::Stmt],
    pub otherwise: &'a [ast::Stmt],
    /// From `for` to the end of what is iterated over.
    pub header: Span,
}

/// What is between `for` and the loop: numbers counted by a loop over range.
pub(super) struct Counted {
    pub index: hir::Local,
    pub bounds: [hir::Expr; 3],
}

/// What a typed loop body gives.
struct Typing {
    head: State,
    /// The head without the names whose assignments had errors.
    exit: State,
    body: hir::Block,
    breaks: State,
    exits: Option<Jumps>,
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
        let scoped = context.exits.is_some();
        let state = match head {
            None => state,
            Some(head) => {
                self.join_into(&state, &head, block);
                let breaks = self.meet(&breaks, &state);
                self.loops.last_mut().expect("in a loop").breaks = breaks;
                localised(state, &head)
            }
        };
        if scoped {
            let jump = self.jump(state, span, block);
            self.loops.last_mut().expect("in a loop").exits.as_mut().expect("scoped").push(jump);
        } else {
            block.push(Stmt { kind: Hir::Break, span });
        }
        Ok(())
    }

    pub(super) fn continue_statement(&mut self, span: Span, block: &mut hir::Block) -> Typed<()> {
        let state = std::mem::replace(&mut self.state, State::unreachable());
        let Some(context) = self.loops.last() else {
            return self.inference.report(Diagnostic::error(span, "`continue` outside a loop"));
        };
        let (head, continues) = (context.head.clone(), context.continues.clone());
        let Some(head) = head else {
            let jump = self.jump(state, span, block);
            self.loops.last_mut().expect("in a loop").nexts.push(jump);
            return Ok(());
        };
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
        otherwise: &'a [ast::Stmt],
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let mut typed_condition = Err(Abort::Reported);
        let typing = self.stable(span, None, !otherwise.is_empty(), block, |this| {
            typed_condition = this.condition(condition);
            if typed_condition.is_ok_and(|condition| this.known_bool(condition) == Some(false)) {
                this.state = State::unreachable();
            }
            this.block(body)
        });
        let condition = typed_condition?;
        let endless = self.known_bool(condition) == Some(true);
        let normal = if endless { State::unreachable() } else { typing.exit.clone() };
        self.leave(typing, normal, otherwise, block, |_, body| Stmt {
            kind: Hir::While { condition, body },
            span,
        });
        Ok(())
    }

    pub(super) fn for_statement(
        &mut self,
        iterable: &'a ast::Expr,
        parts: ForParts<'a>,
        block: &mut hir::Block,
    ) -> Typed<()> {
        if let Some(("prange", args)) = self.iterator(iterable)
            && self.parallel
        {
            return self.parallel_for(iterable, args, parts, block);
        }
        let iteration = self.iteration(iterable, parts, block)?;
        if let (Iteration::Range(bounds), Ast::Name(name)) = (&iteration, &parts.target.kind)
            && !self.forced.contains_key(&self.names[name])
        {
            return self.range_for(*bounds, self.names[name], parts, block);
        }
        self.iterate(iteration, parts, block)
    }

    /// `for name in range(…)`: the loop counts in the variable itself.
    fn range_for(
        &mut self,
        bounds: [hir::Expr; 3],
        name: Name,
        parts: ForParts<'a>,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let index = self.local(name, Type::INT);
        self.counted_loop(&[Counted { index, bounds }], parts, block, |this, _| {
            this.state.set(name, Binding::Bound { local: index, span: parts.target.span });
            Ok(())
        });
        Ok(())
    }

    /// Loops over ranges around one body, outermost first; `bind` gives the targets their values.
    pub(super) fn counted_loop(
        &mut self,
        counted: &[Counted],
        parts: ForParts<'a>,
        block: &mut hir::Block,
        mut bind: impl FnMut(&mut Self, &mut hir::Block) -> Typed<()>,
    ) {
        let scoped = !parts.otherwise.is_empty() || counted.len() > 1;
        let typing = self.stable(parts.header, None, scoped, block, |this| {
            let mut body = vec![];
            this.bind_target(parts.target, &mut body, &mut bind);
            body.extend(this.block(parts.body));
            body
        });
        let normal = typing.exit.clone();
        self.leave(typing, normal, parts.otherwise, block, |_, body| {
            counted
                .iter()
                .rev()
                .fold(body, |body, counted| vec![serial(counted, body, parts.header)])
                .remove(0)
        });
    }

    /// Errors of a target poison it, as those of an assignment do.
    pub(super) fn bind_target(
        &mut self,
        target: &'a ast::Expr,
        body: &mut hir::Block,
        bind: &mut dyn FnMut(&mut Self, &mut hir::Block) -> Typed<()>,
    ) {
        match bind(self, body) {
            Ok(()) => {}
            Err(Abort::Reported) => {
                self.aborted = true;
                self.poison_target(target);
            }
            Err(Abort::Unknown) => {
                self.incomplete = true;
                self.state = State::unreachable();
            }
            Err(Abort::Unbound) => self.state = State::unreachable(),
        }
    }

    fn parallel_for(
        &mut self,
        iterable: &'a ast::Expr,
        args: &'a [ast::Arg],
        parts: ForParts<'a>,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let ForParts { target, body, otherwise, header } = parts;
        let Ast::Name(text) = &target.kind else {
            return self
                .inference
                .report(Diagnostic::error(target.span, "the variable of a loop over prange is one name"));
        };
        let [start, stop, step] = self.range_bounds(args, iterable.span)?;
        let name = self.names[text];
        let index = self.local(name, Type::INT);
        let mut assigned = reduction::assigned_in(body);
        let uses = self.uses(body);
        let collected = self.find_accumulators(&uses, text, body, header)?;
        let reductions = self.find_reductions(&uses, header, &assigned)?;
        assigned.retain(|(name, _)| !self.is_updated_in_place(name, &uses));
        let entry = self.state.clone();
        self.privatise(&assigned, &reductions, name);
        let typing = self.stable(header, Some(body), false, block, |this| {
            this.state.set(name, Binding::Bound { local: index, span: target.span });
            this.block(body)
        });
        let (normal, head) = (typing.exit.clone(), typing.head.clone());
        self.leave(typing, normal, &[], block, |this, body| {
            let reductions = this.reduction_locals(&head, &reductions);
            let accumulators = this.accumulators(&head, &collected, &body);
            let loop_ = hir::For { index, start, stop, step, parallel: true, reductions, accumulators, body };
            Stmt { kind: Hir::For(loop_), span: header }
        });
        self.end_parallel(&entry, &assigned, &reductions, name, index, target.span);
        let otherwise = self.block(otherwise);
        block.extend(otherwise);
        Ok(())
    }

    /// Types a loop body until the bindings at its head are stable; emits the joins into the head before the loop.
    fn stable(
        &mut self,
        span: Span,
        parallel: Option<&'a [ast::Stmt]>,
        scoped: bool,
        before: &mut hir::Block,
        mut body: impl FnMut(&mut Self) -> hir::Block,
    ) -> Typing {
        let entry = self.state.clone();
        let place = (span, self.copies.clone());
        let mut head = match self.heads.get(&place).cloned() {
            Some(known) => self.meet(&entry, &known).without_poison(&entry),
            None => entry.clone(),
        };
        loop {
            let (mark, aborted) = (self.inference.diagnostics.len(), self.aborted);
            let unreachable = State::unreachable;
            self.loops.push(LoopContext {
                span,
                parallel,
                head: Some(head.clone()),
                continues: unreachable(),
                breaks: unreachable(),
                exits: scoped.then(Vec::new),
                nexts: vec![],
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
                self.heads.insert(place, head.clone());
                self.join_into(&entry, &head, before);
                let exit = head.clone().with_poison(&exit);
                let (breaks, exits) = (context.breaks, context.exits);
                return Typing { head, exit, body: typed, breaks, exits };
            }
            self.inference.forget_errors(mark);
            self.aborted = aborted;
            head = next;
        }
    }

    /// Ends a loop that its condition or range leaves with `normal`: `else`, and where `break` meets that.
    fn leave(
        &mut self,
        typing: Typing,
        normal: State,
        otherwise: &'a [ast::Stmt],
        block: &mut hir::Block,
        wrap: impl FnOnce(&mut Self, hir::Block) -> Stmt,
    ) {
        let Typing { head, body, breaks, exits, .. } = typing;
        match exits.filter(|exits| !exits.is_empty()) {
            None => {
                let exit = self.meet(&normal, &breaks);
                self.state = localised(exit, &head);
                block.push(wrap(self, body));
                let otherwise = self.block(otherwise);
                block.extend(otherwise);
            }
            Some(exits) => {
                self.state = localised(normal, &head);
                let mut inner = vec![wrap(self, body)];
                let otherwise = self.block(otherwise);
                inner.extend(otherwise);
                self.close_scope(inner, exits, block);
            }
        }
    }

    pub(super) fn range_bounds(&mut self, args: &'a [ast::Arg], span: Span) -> Typed<[hir::Expr; 3]> {
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

/// A loop over range around a body.
fn serial(counted: &Counted, body: hir::Block, span: Span) -> Stmt {
    let [start, stop, step] = counted.bounds;
    let (reductions, accumulators) = (vec![], vec![]);
    let index = counted.index;
    let loop_ = hir::For { index, start, stop, step, parallel: false, reductions, accumulators, body };
    Stmt { kind: Hir::For(loop_), span }
}

/// A state that has been joined into the head of a loop: bound as before, but to the locals of the head.
fn localised(state: State, head: &State) -> State {
    let (Some(bindings), Some(head)) = (state.0, &head.0) else { return State::unreachable() };
    let localised = bindings.into_iter().zip(head).map(|(own, head)| match (&own, head) {
        (Binding::Bound { span, .. }, Binding::Bound { local, .. } | Binding::Maybe { local, .. }) => {
            Binding::Bound { local: *local, span: *span }
        }
        (Binding::Maybe { span, .. }, Binding::Bound { local, .. } | Binding::Maybe { local, .. }) => {
            Binding::Maybe { local: *local, span: *span }
        }
        _ => own,
    });
    State(Some(localised.collect()))
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
