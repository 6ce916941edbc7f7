//! What nobody reads is not computed.
//!
//! ```text
//! v1 = const 2
//! v2 = mul v0 v1
//! set x0 v2                  (x0: never read where it matters)
//! return v0                  return v0
//! poll
//! ```
//!
//! A `continue` that ends an iteration goes, and what comes after a statement that never lets control through.
//! Marks what is needed, beginning with effects (stores, checks, calls, allocations, polls, exits, `while` loops, which may never
//! end), then removes the rest. A loop or branch is needed if something in it is; a `break` if its loop or scope is. Then
//! allocations that are written but never read go ([`super::temporaries`]), and what only they needed.
//!
//! Conservative: a variable that is read once is kept whole; loads are kept no longer than their value.

use super::{Options, Remark, temporaries};
use crate::loops::*;
use cranelift_entity::{EntitySet, PrimaryMap, SecondaryMap, entity_impl};
use std::mem::take;

pub fn dead(module: &mut Module, _: &Options, _: &mut Vec<Remark>) {
    for function in module.functions.values_mut() {
        let mut body = take(&mut function.body);
        cut_unreachable(&mut body);
        sweep(function, &mut body);
        if !temporaries::drop_unread(function, &mut body).is_empty() {
            sweep(function, &mut body);
        }
        function.body = body;
    }
}

/// Drops statements behind one that never lets control through; true if the block has such an end.
fn cut_unreachable(block: &mut Block) -> bool {
    for place in 0..block.len() {
        for inner in block[place].blocks_mut() {
            cut_unreachable(inner);
        }
        match &mut block[place] {
            Stmt::For(loop_) => drop_last_continue(&mut loop_.body, loop_.label),
            Stmt::While(loop_) => drop_last_continue(&mut loop_.body, loop_.label),
            _ => {}
        }
        if leaves(&block[place]) {
            block.truncate(place + 1);
            return true;
        }
    }
    false
}

/// An iteration goes on to the next one at its end anyway.
fn drop_last_continue(body: &mut Block, label: Label) {
    match body.last_mut() {
        Some(Stmt::Continue(to)) if *to == label => drop(body.pop()),
        Some(Stmt::If(branch)) => {
            drop_last_continue(&mut branch.then, label);
            drop_last_continue(&mut branch.otherwise, label);
        }
        _ => {}
    }
}

fn leaves(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return(_) | Stmt::Fault { .. } => true,
        // Their blocks are cut already, so only the last statement can.
        Stmt::If(branch) => {
            [&branch.then, &branch.otherwise].iter().all(|block| block.last().is_some_and(leaves))
        }
        Stmt::Let(..)
        | Stmt::Set(..)
        | Stmt::Store(_)
        | Stmt::Check(_)
        | Stmt::For(_)
        | Stmt::Nest(_)
        | Stmt::While(_)
        | Stmt::Scope { .. }
        | Stmt::Alloc { .. }
        | Stmt::Retain(_)
        | Stmt::Release(_)
        | Stmt::Call(_)
        | Stmt::Run(_)
        | Stmt::Poll => false,
    }
}

fn sweep(function: &Function, body: &mut Block) {
    let mut liveness = Liveness::default();
    liveness.collect(function, body, None);
    liveness.propagate(function);
    liveness.sweep(body);
}

/// A statement with blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Control(u32);
entity_impl!(Control);

#[derive(Clone)]
struct ControlData {
    operands: Vec<Value>,
    parent: Option<Control>,
    /// How it is left early.
    label: Option<Label>,
}

/// What a `let` does, and inside which statement.
#[derive(Clone)]
struct Definition {
    op: Op,
    parent: Option<Control>,
}

/// A `set`, or the loop that reduces a variable (no value then).
#[derive(Clone)]
struct Assignment {
    value: Option<Value>,
    parent: Option<Control>,
}

#[derive(Default)]
struct Liveness {
    definitions: SecondaryMap<Value, Option<Definition>>,
    assignments: SecondaryMap<Var, Vec<Assignment>>,
    controls: PrimaryMap<Control, ControlData>,
    jumps: SecondaryMap<Label, Vec<Option<Control>>>,
    live_values: EntitySet<Value>,
    live_vars: EntitySet<Var>,
    live_controls: EntitySet<Control>,
    pending_values: Vec<Value>,
    pending_vars: Vec<Var>,
    pending_controls: Vec<Control>,
}

impl Liveness {
    /// Notes what depends on what, and marks the effects. Numbers controls in the order in which `sweep` meets them.
    fn collect(&mut self, function: &Function, block: &Block, parent: Option<Control>) {
        if let (Role::Body { partials, .. }, None) = (&function.role, parent) {
            partials.iter().for_each(|reduction| self.mark_var(reduction.var));
        }
        for stmt in block {
            self.collect_stmt(function, stmt, parent);
        }
    }

    fn collect_stmt(&mut self, function: &Function, stmt: &Stmt, parent: Option<Control>) {
        match stmt {
            Stmt::Let(value, op) => self.definitions[*value] = Some(Definition { op: op.clone(), parent }),
            Stmt::Set(var, value) => self.assignments[*var].push(Assignment { value: Some(*value), parent }),
            Stmt::Break(label) | Stmt::Continue(label) => self.jumps[*label].push(parent),
            Stmt::If(_) | Stmt::For(_) | Stmt::Nest(_) | Stmt::While(_) | Stmt::Scope { .. } => {
                self.collect_control(function, stmt, parent);
            }
            Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => {
                self.mark_operands(function, stmt);
                if let Stmt::Run(run) = stmt {
                    run.reductions.iter().for_each(|reduction| self.mark_var(reduction.var));
                }
                self.mark_parent(parent);
            }
        }
    }

    fn collect_control(&mut self, function: &Function, stmt: &Stmt, parent: Option<Control>) {
        let mut operands = vec![];
        stmt.for_each_operand(|value| operands.push(value));
        let (label, reductions): (_, &[Reduction]) = match stmt {
            Stmt::For(loop_) => (Some(loop_.label), &loop_.reductions),
            Stmt::Nest(nest) => (None, &nest.reductions),
            Stmt::While(loop_) => (Some(loop_.label), &[]),
            Stmt::Scope { label, .. } => (Some(*label), &[]),
            _ => (None, &[]),
        };
        let control = self.controls.push(ControlData { operands, parent, label });
        for reduction in reductions {
            self.assignments[reduction.var].push(Assignment { value: None, parent: Some(control) });
        }
        if matches!(stmt, Stmt::While(_)) {
            self.mark_parent(Some(control));
        }
        for block in stmt.blocks() {
            self.collect(function, block, Some(control));
        }
    }

    fn mark_operands(&mut self, function: &Function, stmt: &Stmt) {
        stmt.for_each_operand(|value| self.mark_value(value));
        stmt.for_each_array(|array| {
            function.arrays[array].components().for_each(|value| self.mark_value(value))
        });
    }

    fn mark_value(&mut self, value: Value) {
        if self.live_values.insert(value) {
            self.pending_values.push(value);
        }
    }

    fn mark_var(&mut self, var: Var) {
        if self.live_vars.insert(var) {
            self.pending_vars.push(var);
        }
    }

    fn mark_parent(&mut self, parent: Option<Control>) {
        if let Some(control) = parent
            && self.live_controls.insert(control)
        {
            self.pending_controls.push(control);
        }
    }

    fn propagate(&mut self, function: &Function) {
        loop {
            if let Some(value) = self.pending_values.pop() {
                self.propagate_value(function, value);
            } else if let Some(var) = self.pending_vars.pop() {
                for Assignment { value, parent } in take(&mut self.assignments[var]) {
                    value.into_iter().for_each(|value| self.mark_value(value));
                    self.mark_parent(parent);
                }
            } else if let Some(control) = self.pending_controls.pop() {
                self.propagate_control(control);
            } else {
                return;
            }
        }
    }

    fn propagate_value(&mut self, function: &Function, value: Value) {
        let Some(Definition { op, parent }) = self.definitions[value].take() else { return };
        if let Op::Get(var) = op {
            self.mark_var(var);
        }
        self.mark_operands(function, &Stmt::Let(value, op));
        self.mark_parent(parent);
    }

    fn propagate_control(&mut self, control: Control) {
        let ControlData { operands, parent, label } = self.controls[control].clone();
        operands.into_iter().for_each(|value| self.mark_value(value));
        self.mark_parent(parent);
        for jump in label.map(|label| take(&mut self.jumps[label])).unwrap_or_default() {
            self.mark_parent(jump);
        }
    }

    fn sweep(&self, body: &mut Block) {
        let mut next = 0;
        self.sweep_block(body, &mut next);
    }

    fn sweep_block(&self, block: &mut Block, next: &mut u32) {
        block.retain_mut(|stmt| match stmt {
            Stmt::Let(value, _) => self.live_values.contains(*value),
            Stmt::Set(var, _) => self.live_vars.contains(*var),
            // Where its target goes, all that is inside goes.
            Stmt::Break(_) | Stmt::Continue(_) => true,
            Stmt::If(_) | Stmt::For(_) | Stmt::Nest(_) | Stmt::While(_) | Stmt::Scope { .. } => {
                let control = Control(*next);
                *next += 1;
                for inner in stmt.blocks_mut() {
                    self.sweep_block(inner, next);
                }
                self.keep_live_reductions(stmt);
                self.live_controls.contains(control)
            }
            Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => true,
        });
    }

    fn keep_live_reductions(&self, stmt: &mut Stmt) {
        match stmt {
            Stmt::For(loop_) => loop_.reductions.retain(|reduction| self.live_vars.contains(reduction.var)),
            Stmt::Nest(nest) => nest.reductions.retain(|reduction| self.live_vars.contains(reduction.var)),
            _ => {}
        }
    }
}
