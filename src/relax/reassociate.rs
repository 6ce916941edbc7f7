//! Serial loops that only add up become reducing loops.
//!
//! ```text
//! for i in range(n):                       for i in range(n) reducing total (add):
//!     total = total + x[i] * x[i]    →         total = total + x[i] * x[i]
//! ```
//!
//! From then on the sum is that of a `prange`: the tree of [`crate::base::tree`] over iteration numbers, which runs in lanes. Operators are
//! those of reductions: `+ - * min max`, on floats. The iterations still run one after the other, so memory and faults are as before.
//!
//! A loop qualifies if every mention of the total in it is an update by one operator, and nothing else is carried from one iteration to the
//! next or read after the loop. Python's `min` and `max` only with the total first, where a NaN changes nothing; the other way round it would.
//!
//! Conservative: innermost loops only, but for inner ones of a few iterations; no `break`, `while`, `return` inside; nothing but scalars assigned.

use super::Note;
use super::live::{Liveness, Locals, Targets};
use crate::base::{Binary, ReduceOp};
use crate::hir::visit::walk;
use crate::hir::{Block, Expr, ExprKind, For, Function, Local, Reduction, Stmt, StmtKind};
use cranelift_entity::SecondaryMap;
use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

/// Loops that are known to run less often stay as they are: eight accumulators would cost more than they save. A guess.
const FEWEST: i128 = 16;

pub(super) fn reassociate(function: &mut Function, notes: &mut Vec<Note>) {
    let mut body = take(&mut function.body);
    let mut finder = Finder { function, live: Liveness::new(function), notes };
    finder.block(&mut body, Locals::new(), &Targets::default());
    function.body = body;
}

struct Finder<'a> {
    /// Without its body, which is being changed.
    function: &'a Function,
    live: Liveness<'a>,
    notes: &'a mut Vec<Note>,
}

impl Finder<'_> {
    /// From the last statement to the first: what is read after a loop must be known.
    fn block(&mut self, block: &mut Block, mut after: Locals, targets: &Targets) {
        for stmt in block.iter_mut().rev() {
            let before = self.live.before_stmt(stmt, after.clone(), targets);
            self.stmt(stmt, after, targets);
            after = before;
        }
    }

    fn stmt(&mut self, stmt: &mut Stmt, after: Locals, targets: &Targets) {
        match &mut stmt.kind {
            StmtKind::If { then, otherwise, .. } => {
                self.block(then, after.clone(), targets);
                self.block(otherwise, after, targets);
            }
            StmtKind::Scope { label, body } => {
                self.block(body, after.clone(), &targets.within(*label, after))
            }
            StmtKind::While { .. } | StmtKind::For(_) => self.loop_(stmt, after, targets),
            StmtKind::Assign { .. }
            | StmtKind::Store { .. }
            | StmtKind::Update { .. }
            | StmtKind::Join { .. }
            | StmtKind::Eval(_)
            | StmtKind::Leave(_)
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Return(_)
            | StmtKind::Assert { .. }
            | StmtKind::Raise { .. } => {}
        }
    }

    fn loop_(&mut self, stmt: &mut Stmt, after: Locals, targets: &Targets) {
        let (inside, targets) = self.live.around(stmt, &after, targets);
        let span = stmt.span;
        match &mut stmt.kind {
            StmtKind::For(loop_) => {
                self.block(&mut loop_.body, inside, &targets);
                loop_.reductions.extend(self.reductions(loop_, &after));
                if !loop_.parallel && !loop_.reductions.is_empty() {
                    let message =
                        format!("adds up {} in pairs, as a `prange` does: fastmath", self.names(loop_));
                    self.notes.push(Note { span, message });
                }
            }
            StmtKind::While { body, .. } => self.block(body, inside, &targets),
            _ => {}
        }
    }

    fn names(&self, loop_: &For) -> String {
        let names = loop_.reductions.iter().map(|reduction| &self.function.locals[reduction.local].name);
        names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }

    /// What a serial loop may reduce; nothing if it also does other things with variables.
    fn reductions(&self, loop_: &For, after: &Locals) -> Vec<Reduction> {
        let fits = !loop_.parallel && self.trips(loop_).is_none_or(|trips| trips >= FEWEST);
        if !fits || !self.is_plain(&loop_.body) {
            return vec![];
        }
        let uses = Uses::of(self.function, &loop_.body);
        let mut exposed = self.live.exposed(loop_);
        let mut reductions = vec![];
        for (local, updates) in &uses.updates {
            if let Some(op) = self.reduction(*local, updates, &uses) {
                exposed.remove(local);
                reductions.push(Reduction { local: *local, op });
            }
        }
        let reduces = |local: Local| reductions.iter().any(|reduction| reduction.local == local);
        let is_private = |local: Local| {
            let data = &self.function.locals[local];
            let scalar = data.ty.scalar().is_some() && !data.checked;
            scalar && !exposed.contains(&local) && !after.contains(&local)
        };
        let private = uses.written.iter().all(|local| reduces(*local) || is_private(*local));
        if private && is_private(loop_.index) { reductions } else { vec![] }
    }

    /// The operator of all updates of a float, if there is nothing but these.
    fn reduction(&self, local: Local, updates: &[ReduceOp], uses: &Uses) -> Option<ReduceOp> {
        let data = &self.function.locals[local];
        let float = data.ty.scalar().is_some_and(|dtype| dtype.is_float()) && !data.checked;
        let only =
            updates.len() == uses.writes[local] as usize && updates.len() == uses.reads[local] as usize;
        let (first, rest) = updates.split_first()?;
        (float && only && rest.iter().all(|op| op == first)).then_some(*first)
    }

    /// Whether all that a body does is to compute, store and branch.
    fn is_plain(&self, body: &Block) -> bool {
        let mut plain = true;
        walk(body, &mut |stmt| {
            plain &= match &stmt.kind {
                StmtKind::Assign { .. }
                | StmtKind::Store { .. }
                | StmtKind::Update { .. }
                | StmtKind::Join { .. }
                | StmtKind::Eval(_)
                | StmtKind::If { .. }
                | StmtKind::Assert { .. }
                | StmtKind::Raise { .. }
                | StmtKind::Continue => true,
                StmtKind::For(inner) => {
                    !inner.parallel && self.trips(inner).is_some_and(|trips| trips < FEWEST)
                }
                StmtKind::While { .. }
                | StmtKind::Scope { .. }
                | StmtKind::Leave(_)
                | StmtKind::Break
                | StmtKind::Return(_) => false,
            }
        });
        plain
    }

    /// How often a loop runs, if its bounds are constants.
    fn trips(&self, loop_: &For) -> Option<i128> {
        let constant = |expr: Expr| match self.function.exprs[expr].kind {
            ExprKind::Const(scalar) => Some(i128::from(scalar.as_i64())),
            _ => None,
        };
        let (start, stop, step) = (constant(loop_.start)?, constant(loop_.stop)?, constant(loop_.step)?);
        (step != 0).then(|| ((stop - start + step - step.signum()) / step).max(0))
    }
}

/// What a body does with each local.
#[derive(Default)]
struct Uses {
    updates: BTreeMap<Local, Vec<ReduceOp>>,
    written: BTreeSet<Local>,
    writes: SecondaryMap<Local, u32>,
    reads: SecondaryMap<Local, u32>,
}

impl Uses {
    fn of(function: &Function, body: &Block) -> Uses {
        let mut uses = Uses::default();
        walk(body, &mut |stmt| {
            stmt.exprs().into_iter().for_each(|expr| uses.read(function, expr));
            match &stmt.kind {
                StmtKind::Assign { local, value } => {
                    uses.write(*local);
                    if let Some(op) = update(function, *value, *local) {
                        uses.updates.entry(*local).or_default().push(op);
                    }
                }
                StmtKind::Join { to, from } => {
                    uses.write(*to);
                    uses.reads[*from] += 1;
                }
                StmtKind::For(loop_) => uses.write(loop_.index),
                _ => {}
            }
        });
        uses
    }

    fn write(&mut self, local: Local) {
        self.written.insert(local);
        self.writes[local] += 1;
    }

    fn read(&mut self, function: &Function, expr: Expr) {
        let kind = &function.exprs[expr].kind;
        if let ExprKind::Local(local) | ExprKind::CheckedLocal(local) = kind {
            self.reads[*local] += 1;
        }
        kind.operands().into_iter().for_each(|operand| self.read(function, operand));
    }
}

/// The operator of `total ∘ …`, `… ∘ total` and longer chains of it.
fn update(function: &Function, value: Expr, total: Local) -> Option<ReduceOp> {
    let (op, a, b) = match function.exprs[value].kind {
        ExprKind::Binary(op, a, b) => (op, a, b),
        ExprKind::Convert(x) if function.ty(x).dtype() == function.ty(value).dtype() => {
            return update(function, x, total);
        }
        _ => return None,
    };
    // Whether the total may stand on the right, too.
    let (reduce, commutes) = match op {
        Binary::Add => (ReduceOp::Add, true),
        Binary::Sub => (ReduceOp::Add, false),
        Binary::Mul => (ReduceOp::Mul, true),
        Binary::Min => (ReduceOp::Min, false),
        Binary::Max => (ReduceOp::Max, false),
        Binary::Minimum => (ReduceOp::Minimum, true),
        Binary::Maximum => (ReduceOp::Maximum, true),
        _ => return None,
    };
    let running =
        |operand: Expr| is_read(function, operand, total) || update(function, operand, total) == Some(reduce);
    (running(a) || commutes && running(b)).then_some(reduce)
}

fn is_read(function: &Function, expr: Expr, total: Local) -> bool {
    match function.exprs[expr].kind {
        ExprKind::Local(local) => local == total,
        ExprKind::Convert(x) if function.ty(x).dtype() == function.ty(expr).dtype() => {
            is_read(function, x, total)
        }
        _ => false,
    }
}
