//! Which locals are read later: the question whether a loop may keep to itself what it assigns.
//!
//! Control is structured, so one walk from the end to the start answers it; the state at the head of a loop is found in rounds.

use crate::hir::{Block, Expr, ExprKind, For, Function, Label, Local, Stmt, StmtKind};
use std::collections::BTreeSet;

pub(super) type Locals = BTreeSet<Local>;

/// What is live where jumps go.
#[derive(Clone, Default)]
pub(super) struct Targets {
    broken: Locals,
    continued: Locals,
    left: Vec<(Label, Locals)>,
}

impl Targets {
    /// Inside a scope.
    pub fn within(&self, label: Label, after: Locals) -> Targets {
        let mut inside = self.clone();
        inside.left.push((label, after));
        inside
    }
}

pub(super) struct Liveness<'a> {
    function: &'a Function,
}

impl<'a> Liveness<'a> {
    pub fn new(function: &'a Function) -> Liveness<'a> {
        Liveness { function }
    }

    /// What is live before a block, if `after` is behind it.
    pub fn before(&self, block: &Block, after: Locals, targets: &Targets) -> Locals {
        block.iter().rev().fold(after, |after, stmt| self.before_stmt(stmt, after, targets))
    }

    /// What a body may read before it assigns it, iteration by iteration.
    pub fn exposed(&self, loop_: &For) -> Locals {
        let mut exposed = self.before(&loop_.body, Locals::new(), &Targets::default());
        exposed.remove(&loop_.index);
        exposed
    }

    /// What is live at the start and at the end of each iteration of a loop, if `after` is behind it; and the targets inside.
    pub fn around(&self, stmt: &Stmt, after: &Locals, targets: &Targets) -> (Locals, Targets) {
        let mut head = after.clone();
        loop {
            let inside =
                Targets { broken: after.clone(), continued: head.clone(), left: targets.left.clone() };
            let mut next = head.clone();
            for body in stmt.blocks() {
                next.extend(self.before(body, head.clone(), &inside));
            }
            match &stmt.kind {
                StmtKind::For(loop_) if !after.contains(&loop_.index) => drop(next.remove(&loop_.index)),
                StmtKind::While { condition, .. } => self.read(*condition, &mut next),
                _ => {}
            }
            if next == head {
                return (head, inside);
            }
            head = next;
        }
    }

    pub fn before_stmt(&self, stmt: &Stmt, mut after: Locals, targets: &Targets) -> Locals {
        let mut live = match &stmt.kind {
            StmtKind::Assign { local, .. } => {
                after.remove(local);
                after
            }
            StmtKind::Join { to, from } => {
                after.remove(to);
                after.insert(*from);
                after
            }
            StmtKind::If { then, otherwise, .. } => {
                let mut live = self.before(then, after.clone(), targets);
                live.append(&mut self.before(otherwise, after, targets));
                live
            }
            StmtKind::While { .. } => self.around(stmt, &after, targets).0,
            StmtKind::For(loop_) => {
                let mut live = self.around(stmt, &after, targets).0;
                live.extend(loop_.reductions.iter().map(|reduction| reduction.local));
                live
            }
            StmtKind::Scope { label, body } => {
                let inside = targets.within(*label, after.clone());
                self.before(body, after, &inside)
            }
            StmtKind::Leave(label) => {
                let target = targets.left.iter().rev().find(|(target, _)| target == label);
                target.expect("a scope around").1.clone()
            }
            StmtKind::Break => targets.broken.clone(),
            StmtKind::Continue => targets.continued.clone(),
            StmtKind::Return(_) | StmtKind::Raise { .. } => Locals::new(),
            StmtKind::Store { .. }
            | StmtKind::Update { .. }
            | StmtKind::Eval(_)
            | StmtKind::Assert { .. } => after,
        };
        stmt.exprs().into_iter().for_each(|expr| self.read(expr, &mut live));
        live
    }

    fn read(&self, expr: Expr, live: &mut Locals) {
        let kind = &self.function.exprs[expr].kind;
        if let ExprKind::Local(local) | ExprKind::CheckedLocal(local) = kind {
            live.insert(*local);
        }
        kind.operands().into_iter().for_each(|operand| self.read(operand, live));
    }
}
