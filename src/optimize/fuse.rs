//! Array operations over one domain become one nest.
//!
//! ```text
//! alloc a3                              nest i < n {
//! nest i < n {                            v4 = load a0[i]
//!   v4 = load a0[i]                       v5 = load a1[i]
//!   v5 = load a1[i]                       v6 = mul v4 v5
//!   v6 = mul v4 v5                        v9 = get x0
//!   store a3[i] v6                        v10 = add v9 v6
//! }                                       set x0 v10
//! nest i < n reduce x0 add {            } reduce x0 add
//!   v8 = load a3[i]
//!   v9 = get x0
//!   v10 = add v9 v8
//!   set x0 v10
//! }
//! release v3
//! ```
//!
//! Each block is walked once with a few open groups: nests that later nests may join, moving up past groups that they have nothing to do
//! with. A nest joins if
//! - its extents equal the group's ([`Equalities`]; the check that shapes agree has moved above both: [`super::raise`]). If only the outer
//!   ones do, and the nest reads what the group stores, they join over those: the other axes become nests inside, which then fuse in
//!   turn. So `x - x.mean(axis=1, keepdims=True)` runs row by row;
//! - where both touch an alias class and one of them stores, every dependence is within one iteration ([`super::footprint`]);
//! - it does not read variables that the group sets (a reduction's result), nor the reverse;
//! - at most one of the two can fault, so that the first fault stays the first.
//!
//! Statements between nests move above a group if nothing in it concerns them (constants, shape checks, allocations), else below
//! (releases, uses of a reduction), where they block what needs them. Anything with blocks ends the groups; but a nest whose rows a
//! serial loop consumes one by one, as the sum over the first axis does, moves into that loop.
//!
//! Within the fused body elements are passed on as values ([`super::forward`]), and temporaries that are only stored into
//! disappear ([`super::temporaries`]).
//!
//! Conservative: a nest joins the last group that it can join, not the one where it saves most; two views of one alias class never match; producers
//! over inner axes (what a column needs of its row) stay apart.

use super::equalities::Equalities;
use super::footprint::{Context, Footprint};
use super::forward::{Replaced, forward, resolved};
use super::group::Group;
use super::raise::raise_checks;
use super::{Event, Options, Remark, temporaries};
use crate::loops::*;
use cranelift_entity::{EntitySet, SecondaryMap};
use std::mem::take;

/// How many nests stay open for others to join: compile time. A guess.
const OPEN: usize = 4;

pub fn fuse(module: &mut Module, _: &Options, remarks: &mut Vec<Remark>) {
    let faulting = faulting_functions(module);
    for function in module.functions.values_mut() {
        let equal = Equalities::of(function);
        let body = take(&mut function.body);
        let mut fuser =
            Fuser { function, faulting: &faulting, equal, replaced: SecondaryMap::new(), remarks };
        let mut body = fuser.block(body);
        let replaced = fuser.replaced;
        for array in function.arrays.values_mut() {
            super::map_components(array, |value| resolved(&replaced, value));
        }
        let dropped = temporaries::drop_unread(function, &mut body);
        let places = dropped.into_iter().map(|site| module.sites[site].span);
        remarks.extend(places.map(|span| Remark { pass: "fuse", span, event: Event::Temporary }));
        function.body = body;
    }
}

struct Fuser<'a> {
    function: &'a Function,
    faulting: &'a EntitySet<Func>,
    equal: Equalities,
    replaced: Replaced,
    remarks: &'a mut Vec<Remark>,
}

impl Fuser<'_> {
    fn block(&mut self, block: Block) -> Block {
        let mut out = vec![];
        let mut groups = vec![];
        let mark = self.equal.mark();
        for stmt in raise_checks(self.function, block, |nest| self.faults(nest)) {
            self.stmt(stmt, &mut groups, &mut out);
        }
        self.finish_all(&mut groups, &mut out);
        self.equal.leave(mark);
        out
    }

    fn stmt(&mut self, stmt: Stmt, groups: &mut Vec<Group>, out: &mut Block) {
        match stmt {
            Stmt::Nest(nest) => self.nest(nest, groups, out),
            Stmt::Let(..)
            | Stmt::Set(..)
            | Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_) => self.place(stmt, groups, out),
            Stmt::For(loop_) => self.loop_(loop_, groups, out),
            Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Scope { .. }
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => {
                self.finish_all(groups, out);
                let stmt = self.inside(stmt);
                self.emit(stmt, out);
            }
        }
    }

    fn emit(&mut self, stmt: Stmt, out: &mut Block) {
        self.equal.pass(&stmt);
        out.push(stmt);
    }

    /// Fuses in the blocks of a statement that is no nest.
    fn inside(&mut self, mut stmt: Stmt) -> Stmt {
        let mark = self.equal.mark();
        if let Stmt::If(branch) = &mut stmt {
            self.equal.assume(branch.condition, true);
            branch.then = self.block(take(&mut branch.then));
            self.equal.leave(mark);
            self.equal.assume(branch.condition, false);
            branch.otherwise = self.block(take(&mut branch.otherwise));
        } else {
            for block in stmt.blocks_mut() {
                *block = self.block(take(block));
            }
        }
        self.equal.leave(mark);
        stmt
    }

    /// A statement behind the groups: above as many as possible, behind the next.
    fn place(&mut self, stmt: Stmt, groups: &mut [Group], out: &mut Block) {
        let effects = Footprint::of_stmt(&self.context(), &stmt);
        match groups.iter_mut().rev().find(|group| !group.lets_above(&stmt, &effects)) {
            Some(group) => group.defer(self.function, stmt, effects),
            None => self.emit(stmt, out),
        }
    }

    /// Joins the last group it can join, on its way up past those that it has nothing to do with; else it is a group of its own.
    fn nest(&mut self, mut nest: Box<Nest>, groups: &mut Vec<Group>, out: &mut Block) {
        nest.body = self.block(take(&mut nest.body));
        let effects = Footprint::of_nest(&self.context(), &nest);
        let mut apart = None;
        for group in groups.iter_mut().rev() {
            let depth = self.common_axes(&group.nest, &nest);
            let Some(obstacle) = group.obstacle(&nest, &effects, depth) else {
                for (index, own) in nest.indices.iter().zip(&group.nest.indices).take(depth) {
                    self.replaced[*index] = (*own).into();
                }
                return group.join(*nest, effects, depth);
            };
            apart = apart.or(Some(Event::Apart { from: group.nest.span, obstacle }));
            if !group.is_independent(&effects) || effects.opaque {
                break;
            }
        }
        if let Some(event) = apart {
            self.remarks.push(Remark { pass: "fuse", span: nest.span, event });
        }
        if groups.len() == OPEN {
            self.finish(groups.remove(0), out);
        }
        groups.push(Group::new(nest, effects));
    }

    /// How many of the outermost axes of two nests agree.
    fn common_axes(&self, a: &Nest, b: &Nest) -> usize {
        a.extents.iter().zip(&b.extents).take_while(|(a, b)| self.equal.same(**a, **b)).count()
    }

    /// A loop ends all groups; one that it consumes row by row may move inside.
    fn loop_(&mut self, mut loop_: Box<For>, groups: &mut Vec<Group>, out: &mut Block) {
        let entering = self.entering(&loop_, groups).map(|place| groups.remove(place));
        self.finish_all(groups, out);
        let mut after = vec![];
        if let Some(group) = entering {
            let event = Event::Entered { into: loop_.span };
            self.remarks.push(Remark { pass: "fuse", span: group.nest.span, event });
            let (index, body, released) = group.into_loop();
            self.replaced[index] = loop_.index.into();
            loop_.body.splice(0..0, body);
            forward(self.function, &mut loop_.body, &mut self.replaced);
            after = released;
        }
        let stmt = self.inside(Stmt::For(loop_));
        self.emit(stmt, out);
        after.into_iter().for_each(|stmt| self.emit(stmt, out));
    }

    /// The last group whose iterations may each run just before the loop's own.
    fn entering(&self, loop_: &For, groups: &[Group]) -> Option<usize> {
        let from_zero = self.equal.constant(loop_.lo).is_some_and(|lo| lo.as_i64() == 0);
        let plain = loop_.mode == Mode::Serial && loop_.accumulators.is_empty();
        if !from_zero || !plain || !runs_through(&loop_.body) {
            return None;
        }
        let effects = Footprint::of_loop(&self.context(), loop_);
        let place = groups.iter().rposition(|group| {
            let extent = group.nest.extents.first();
            extent.is_some_and(|extent| self.equal.same(*extent, loop_.hi)) && group.may_enter(&effects)
        })?;
        let passes = groups[place + 1..].iter().all(|later| groups[place].may_follow(later));
        (passes && !effects.faults && !effects.opaque).then_some(place)
    }

    fn finish_all(&mut self, groups: &mut Vec<Group>, out: &mut Block) {
        groups.drain(..).for_each(|group| self.finish(group, out));
    }

    fn finish(&mut self, mut group: Group, out: &mut Block) {
        let is_fused = group.operations.len() > 1;
        if is_fused {
            let (span, operations) = (group.nest.span, take(&mut group.operations));
            self.remarks.push(Remark { pass: "fuse", span, event: Event::Fused { operations } });
        }
        forward(self.function, &mut group.nest.body, &mut self.replaced);
        if is_fused && group.nest.body.iter().any(|stmt| matches!(stmt, Stmt::Nest(_))) {
            group.nest.body = self.block(take(&mut group.nest.body));
        }
        out.push(Stmt::Nest(group.nest));
        for stmt in group.after {
            self.emit(stmt, out);
        }
    }

    fn faults(&self, nest: &Nest) -> bool {
        let mut faults = false;
        visit::walk(&nest.body, &mut |stmt| {
            faults |= match stmt {
                Stmt::Check(_) | Stmt::Fault { .. } => true,
                Stmt::Call(call) => self.faulting.contains(call.func),
                _ => false,
            }
        });
        faults
    }

    fn context(&self) -> Context<'_> {
        Context { function: self.function, equal: &self.equal, faulting: self.faulting }
    }
}

/// Whether nothing in a block leaves it before its end; faults aside.
fn runs_through(block: &Block) -> bool {
    let mut through = true;
    visit::walk(block, &mut |stmt| {
        through &= !matches!(stmt, Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return(_));
    });
    through
}

/// Functions that may fault themselves or through what they call. Limits and cancellation do not count.
fn faulting_functions(module: &Module) -> EntitySet<Func> {
    let mut callers: SecondaryMap<Func, Vec<Func>> = SecondaryMap::new();
    let mut pending = vec![];
    for (func, function) in &module.functions {
        let mut faults = matches!(function.role, Role::Kernel { recursive: true });
        visit::walk(&function.body, &mut |stmt| match stmt {
            Stmt::Check(_) | Stmt::Fault { .. } => faults = true,
            Stmt::Call(call) => callers[call.func].push(func),
            Stmt::Run(run) => callers[run.func].push(func),
            _ => {}
        });
        if faults {
            pending.push(func);
        }
    }
    let mut faulting = EntitySet::new();
    while let Some(func) = pending.pop() {
        if faulting.insert(func) {
            pending.extend(&callers[func]);
        }
    }
    faulting
}
