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
//! Each block is walked once with a current group, a nest that later nests may join. A nest joins if
//! - its extents equal the group's ([`Equalities`]; the check that shapes agree has moved above both: [`super::raise`]). If only the outer
//!   ones do, and the nest reads what the group stores, they join over those: the other axes become nests inside, which then fuse in
//!   turn. So `x - x.mean(axis=1, keepdims=True)` runs row by row;
//! - where both touch an alias class and one of them stores, every dependence is within one iteration ([`super::footprint`]);
//! - it does not read variables that the group sets (a reduction's result), nor the reverse;
//! - at most one of the two can fault, so that the first fault stays the first.
//!
//! Statements between nests move above the group if nothing in it concerns them (constants, shape checks, allocations), else below
//! (releases, uses of a reduction), where they block what needs them. Anything with blocks ends the group.
//!
//! Within the fused body elements are passed on as values ([`super::forward`]), and temporaries that are only stored into
//! disappear ([`super::temporaries`]).
//!
//! Conservative: a nest looks for no group but the one just before it; two views of one alias class never match; producers
//! over inner axes (what a column needs of its row) stay apart.

use super::equalities::Equalities;
use super::footprint::{Context, Footprint};
use super::forward::{Replaced, forward};
use super::raise::raise_checks;
use super::{Options, Remark, temporaries};
use crate::base::Span;
use crate::loops::*;
use cranelift_entity::{EntitySet, SecondaryMap};
use std::collections::HashSet;
use std::mem::take;

/// How many statements a fused body may have: registers and compile time. A guess.
const LONGEST_BODY: usize = 1000;

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
            super::map_components(array, |value| replaced[value].expand().unwrap_or(value));
        }
        temporaries::drop_unread(function, &mut body);
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

/// Nests that have become one, and what follows them.
struct Group {
    nest: Box<Nest>,
    count: usize,
    effects: Footprint,
    /// Statements that stay behind the nest, and what they do.
    after: Block,
    after_effects: Footprint,
    /// Values that are defined only there.
    late: HashSet<Value>,
}

impl Fuser<'_> {
    fn block(&mut self, block: Block) -> Block {
        let mut out = vec![];
        let mut group = None;
        let mark = self.equal.mark();
        for stmt in raise_checks(self.function, block, |nest| self.faults(nest)) {
            self.stmt(stmt, &mut group, &mut out);
        }
        self.finish(&mut group, &mut out);
        self.equal.leave(mark);
        out
    }

    fn stmt(&mut self, stmt: Stmt, group: &mut Option<Group>, out: &mut Block) {
        match stmt {
            Stmt::Nest(nest) => self.nest(nest, group, out),
            Stmt::Let(..)
            | Stmt::Set(..)
            | Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_) => match group {
                Some(group) => self.place(stmt, group, out),
                None => self.emit(stmt, out),
            },
            Stmt::If(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::Scope { .. }
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => {
                self.finish(group, out);
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

    /// A statement behind the group: above it if possible, else below.
    fn place(&mut self, stmt: Stmt, group: &mut Group, out: &mut Block) {
        let effects = Footprint::of_stmt(&self.context(), &stmt);
        if group.lets_above(&stmt, &effects) {
            self.emit(stmt, out);
        } else {
            stmt.for_each_definition(self.function, |value| {
                group.late.insert(value);
            });
            group.after.push(stmt);
            group.after_effects.add(effects);
        }
    }

    fn nest(&mut self, mut nest: Box<Nest>, group: &mut Option<Group>, out: &mut Block) {
        nest.body = self.block(take(&mut nest.body));
        let effects = Footprint::of_nest(&self.context(), &nest);
        if let Some(before) = group {
            let depth = self.common_axes(&before.nest, &nest);
            match obstacle(before, &nest, &effects, depth) {
                None => return self.join(before, *nest, effects, depth),
                Some(reason) => {
                    self.remark(nest.span, format!("not fused with the operation before: {reason}"))
                }
            }
        }
        self.finish(group, out);
        *group = Some(Group {
            nest,
            count: 1,
            effects,
            after: vec![],
            after_effects: Footprint::default(),
            late: HashSet::new(),
        });
    }

    /// How many of the outermost axes of two nests agree.
    fn common_axes(&self, a: &Nest, b: &Nest) -> usize {
        a.extents.iter().zip(&b.extents).take_while(|(a, b)| self.equal.same(**a, **b)).count()
    }

    fn join(&mut self, group: &mut Group, mut nest: Nest, mut effects: Footprint, depth: usize) {
        split(&mut group.nest, &mut group.effects, depth);
        split(&mut nest, &mut effects, depth);
        for (index, own) in nest.indices.iter().zip(&group.nest.indices) {
            self.replaced[*index] = (*own).into();
        }
        group.nest.body.extend(nest.body);
        group.nest.reductions.extend(nest.reductions);
        if group.nest.span.source == nest.span.source {
            group.nest.span = group.nest.span.to(nest.span);
        }
        group.count += 1;
        group.effects.add(effects);
    }

    /// Ends the group, if there is one.
    fn finish(&mut self, group: &mut Option<Group>, out: &mut Block) {
        let Some(mut group) = group.take() else { return };
        if group.count > 1 {
            let message = format!("fused {} array operations into one loop", group.count);
            self.remark(group.nest.span, message);
        }
        forward(self.function, &mut group.nest.body, &mut self.replaced);
        if group.count > 1 && group.nest.body.iter().any(|stmt| matches!(stmt, Stmt::Nest(_))) {
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

    fn remark(&mut self, span: Span, message: String) {
        self.remarks.push(Remark { pass: "fuse", span, message });
    }
}

/// Why a nest cannot join the group over its `depth` outermost axes.
fn obstacle(group: &Group, nest: &Nest, effects: &Footprint, depth: usize) -> Option<&'static str> {
    let (before, after) = (&group.effects, &group.after_effects);
    if before.opaque || effects.opaque {
        Some("one of them does more than compute elements")
    } else if effects.variables_meet(before) || !effects.values.is_disjoint(&group.late) {
        Some("it needs a result of that operation")
    } else if !worth_joining(group, nest, effects, depth) {
        Some("their shapes are not known to agree")
    } else if before.faults && effects.faults {
        Some("both can fault")
    } else if after.faults || effects.variables_meet(after) || effects.memory_meets(after, 0) {
        Some("a statement between them is in the way")
    } else if effects.memory_meets(before, depth) {
        Some("they access an array at different indices, and one of them writes it")
    } else if before.size + effects.size > LONGEST_BODY {
        Some("the fused loop would be too long")
    } else {
        None
    }
}

/// Over all axes, always. Over the outer ones, if an array then lives only within an iteration; reductions go over whole domains.
fn worth_joining(group: &Group, nest: &Nest, effects: &Footprint, depth: usize) -> bool {
    let whole = |nest: &Nest| nest.indices.len() == depth;
    let splits = |nest: &Nest| whole(nest) || nest.reductions.is_empty();
    let partly = || depth > 0 && splits(&group.nest) && splits(nest) && effects.consumes(&group.effects);
    (whole(&group.nest) && whole(nest)) || partly()
}

/// Makes the axes from `depth` on a nest inside.
fn split(nest: &mut Nest, effects: &mut Footprint, depth: usize) {
    if nest.indices.len() == depth {
        return;
    }
    let inner = Nest {
        indices: nest.indices.split_off(depth),
        extents: nest.extents.split_off(depth),
        reductions: vec![],
        body: take(&mut nest.body),
        span: nest.span,
    };
    nest.body.push(Stmt::Nest(Box::new(inner)));
    effects.split(depth);
}

impl Group {
    /// Whether a statement that follows the group may as well precede it.
    fn lets_above(&self, stmt: &Stmt, effects: &Footprint) -> bool {
        // Memory is freed late rather than early: the group may use it under another name.
        let counts = matches!(stmt, Stmt::Retain(_) | Stmt::Release(_));
        // What a check below the group protects stays below that check.
        let guarded = self.after_effects.faults && effects.touches_memory();
        let faults_later = effects.faults && (self.effects.faults || self.after_effects.faults);
        let needs = |other: &Footprint| effects.variables_meet(other) || effects.memory_meets(other, 0);
        let late = !effects.values.is_disjoint(&self.late);
        let stays = counts || guarded || faults_later || late || self.effects.opaque;
        !(stays || needs(&self.effects) || needs(&self.after_effects))
    }
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
