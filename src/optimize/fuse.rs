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
//! - its extents equal the group's ([`Equalities`]; the check that shapes agree has moved above both: [`super::raise`]);
//! - where both touch an alias class and one of them stores, all accesses of the class are to one array at the same
//!   subscripts, which include each index of the nest once, so that every dependence is within one iteration;
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
//! over another domain (a row sum of a product) stay apart.

use super::equalities::Equalities;
use super::forward::{Replaced, forward};
use super::raise::raise_checks;
use super::{Options, Remark, temporaries};
use crate::base::{Scalar, Span};
use crate::loops::*;
use cranelift_entity::{EntitySet, SecondaryMap};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
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
    effects: Effects,
    /// Statements that stay behind the nest, and what they do.
    after: Block,
    after_effects: Effects,
    /// Values that are defined only there.
    late: HashSet<Value>,
}

/// What a statement or a nest touches.
#[derive(Default)]
struct Effects {
    values: HashSet<Value>,
    gets: HashSet<Var>,
    sets: HashSet<Var>,
    memory: HashMap<AliasClass, Access>,
    faults: bool,
    /// Does what no loop over elements does: allocates, returns, hands arrays to a function.
    opaque: bool,
    size: usize,
}

/// How one alias class is accessed.
#[derive(Clone, PartialEq)]
struct Access {
    stores: bool,
    /// The one element that an iteration accesses, if no other iteration accesses it.
    own: Option<Element>,
}

/// An element of an array, as seen from the iterations of a nest.
#[derive(Clone, PartialEq)]
struct Element {
    array: Array,
    subscripts: Vec<Subscript>,
}

#[derive(Clone, Copy, PartialEq)]
enum Subscript {
    /// The index of that axis of the nest.
    Axis(usize),
    Constant(Scalar),
    /// A value from outside the nest.
    Outer(Value),
}

/// What surrounds a statement: the indices of the nest and all values defined in it.
struct Inside<'a> {
    indices: &'a [Value],
    defined: HashSet<Value>,
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
        let effects = self.effects_of_stmt(&stmt);
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
        let effects = self.effects_of_nest(&nest);
        if let Some(before) = group {
            match self.obstacle(before, &nest, &effects) {
                None => return self.join(before, *nest, effects),
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
            after_effects: Effects::default(),
            late: HashSet::new(),
        });
    }

    /// Why a nest cannot join the group.
    fn obstacle(&self, group: &Group, nest: &Nest, effects: &Effects) -> Option<&'static str> {
        let (before, after) = (&group.effects, &group.after_effects);
        if before.opaque || effects.opaque {
            Some("one of them does more than compute elements")
        } else if effects.variables_meet(before) || !effects.values.is_disjoint(&group.late) {
            Some("it needs a result of that operation")
        } else if !self.equal.all_same(&group.nest.extents, &nest.extents) {
            Some("their shapes are not known to agree")
        } else if before.faults && effects.faults {
            Some("both can fault")
        } else if after.faults || effects.variables_meet(after) || effects.memory_meets(after) {
            Some("a statement between them is in the way")
        } else if effects.memory_meets(before) {
            Some("they access an array at different indices, and one of them writes it")
        } else if before.size + effects.size > LONGEST_BODY {
            Some("the fused loop would be too long")
        } else {
            None
        }
    }

    fn join(&mut self, group: &mut Group, nest: Nest, effects: Effects) {
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

    fn effects_of_nest(&self, nest: &Nest) -> Effects {
        let mut inside = Inside { indices: &nest.indices, defined: HashSet::new() };
        visit::walk(&nest.body, &mut |stmt| {
            stmt.for_each_definition(self.function, |value| {
                inside.defined.insert(value);
            });
        });
        let mut effects = Effects::default();
        effects.values.extend(&nest.extents);
        effects.sets.extend(Effects::variables_of(&nest.reductions));
        visit::walk(&nest.body, &mut |stmt| effects.note(self, stmt, Some(&inside)));
        effects
    }

    fn effects_of_stmt(&self, stmt: &Stmt) -> Effects {
        let mut effects = Effects::default();
        effects.note(self, stmt, None);
        effects
    }

    /// The element that an access names, if each iteration names another one: every index of the nest is one subscript,
    /// the others do not vary.
    fn own_element(&self, array: Array, indices: &[Value], inside: Option<&Inside>) -> Option<Element> {
        let inside = inside?;
        let mut used = vec![0; inside.indices.len()];
        let mut subscripts = vec![];
        for value in indices {
            let axis = inside.indices.iter().position(|index| index == value);
            subscripts.push(match (axis, self.equal.constant(*value)) {
                (Some(axis), _) => {
                    used[axis] += 1;
                    Subscript::Axis(axis)
                }
                (None, Some(constant)) => Subscript::Constant(constant),
                (None, None) if inside.defined.contains(value) => return None,
                (None, None) => Subscript::Outer(*value),
            });
        }
        used.iter().all(|&count| count == 1).then_some(Element { array, subscripts })
    }

    fn remark(&mut self, span: Span, message: String) {
        self.remarks.push(Remark { pass: "fuse", span, message });
    }
}

impl Group {
    /// Whether a statement that follows the group may as well precede it.
    fn lets_above(&self, stmt: &Stmt, effects: &Effects) -> bool {
        // Memory is freed late rather than early: the group may use it under another name.
        let counts = matches!(stmt, Stmt::Retain(_) | Stmt::Release(_));
        // What a check below the group protects stays below that check.
        let guarded = self.after_effects.faults && !effects.memory.is_empty();
        let faults_later = effects.faults && (self.effects.faults || self.after_effects.faults);
        let needs = |other: &Effects| effects.variables_meet(other) || effects.memory_meets(other);
        let late = !effects.values.is_disjoint(&self.late);
        let stays = counts || guarded || faults_later || late || self.effects.opaque;
        !(stays || needs(&self.effects) || needs(&self.after_effects))
    }
}

impl Effects {
    fn variables_of(reductions: &[Reduction]) -> impl Iterator<Item = Var> {
        reductions.iter().map(|reduction| reduction.var)
    }

    /// One statement without its blocks.
    fn note(&mut self, fuser: &Fuser, stmt: &Stmt, inside: Option<&Inside>) {
        let function = fuser.function;
        self.size += 1;
        stmt.for_each_operand(|value| {
            self.values.insert(value);
        });
        stmt.for_each_array(|array| self.values.extend(function.arrays[array].components()));
        match stmt {
            Stmt::Let(_, Op::Get(var)) => {
                self.gets.insert(*var);
            }
            Stmt::Let(_, Op::Load { array, indices }) => {
                let own = fuser.own_element(*array, indices, inside);
                self.add_access(function.arrays[*array].class, Access { stores: false, own });
            }
            Stmt::Store(store) => {
                let own = fuser.own_element(store.array, &store.indices, inside);
                self.add_access(function.arrays[store.array].class, Access { stores: true, own });
            }
            Stmt::Set(var, _) => {
                self.sets.insert(*var);
            }
            Stmt::Check(_) | Stmt::Fault { .. } => self.faults = true,
            Stmt::Call(call) => self.note_call(fuser, call),
            Stmt::For(loop_) => self.sets.extend(Effects::variables_of(&loop_.reductions)),
            Stmt::Nest(inner) => self.sets.extend(Effects::variables_of(&inner.reductions)),
            Stmt::Alloc { .. } | Stmt::Retain(_) | Stmt::Release(_) | Stmt::Return(_) | Stmt::Run(_) => {
                self.opaque = true;
            }
            Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Scope { .. }
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Poll => {}
        }
    }

    fn note_call(&mut self, fuser: &Fuser, call: &Call) {
        self.faults |= fuser.faulting.contains(call.func);
        self.opaque |= call.args.iter().chain(&call.results).any(|operand| match operand {
            Operand::Array(_) => true,
            Operand::Scalar(_) => false,
        });
    }

    fn add_access(&mut self, class: AliasClass, access: Access) {
        match self.memory.entry(class) {
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.stores |= access.stores;
                if known.own != access.own {
                    known.own = None;
                }
            }
            Entry::Vacant(place) => {
                place.insert(access);
            }
        }
    }

    fn add(&mut self, other: Effects) {
        // Values matter only of what moves; the group stays where it is.
        self.gets.extend(other.gets);
        self.sets.extend(other.sets);
        other.memory.into_iter().for_each(|(class, access)| self.add_access(class, access));
        self.faults |= other.faults;
        self.opaque |= other.opaque;
        self.size += other.size;
    }

    /// Whether one sets a variable that the other sets or reads. `self` is the smaller one.
    fn variables_meet(&self, other: &Effects) -> bool {
        self.sets.iter().any(|var| other.sets.contains(var) || other.gets.contains(var))
            || self.gets.iter().any(|var| other.sets.contains(var))
    }

    /// Whether there may be a dependence between different iterations. `self` is the smaller one.
    fn memory_meets(&self, other: &Effects) -> bool {
        self.memory.iter().any(|(class, a)| {
            other
                .memory
                .get(class)
                .is_some_and(|b| (a.stores || b.stores) && (a.own.is_none() || a.own != b.own))
        })
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
