//! Products that are added to or subtracted from something are fused with that.
//!
//! ```text
//! a * b + c        →    fma(a, b, c)
//! a * b - c        →    fma(a, b, -c)
//! c - a * b        →    fma(-a, b, c)
//! ```
//!
//! Within one expression, as in C: a product that has a name is computed as it is written. Of two products the first is fused.
//! Operands are evaluated in the order in which they were, wherever that can be told (a fault is the one met first).
//!
//! Left alone: a product used twice; a scalar product added to an array, which is computed once; the terms of a loop's reductions, whose
//! sum is not in this expression.

use crate::base::{ArrayType, Binary, Layout, Type, Unary};
use crate::hir::visit::walk;
use crate::hir::{Expr, ExprData, ExprKind, Function, Local, LocalData, Pick, StmtKind};
use cranelift_entity::SecondaryMap;
use std::collections::HashSet;

/// `library`: which functions of the module belong to the embedded mathematics; those do not fault.
pub(super) fn contract(function: &mut Function, library: &[bool]) {
    let uses = uses(function);
    let reduced = reduced(function);
    let mut contractor = Contractor { function, library, uses, reduced };
    let exprs: Vec<Expr> = contractor.function.exprs.keys().collect();
    exprs.into_iter().for_each(|expr| contractor.expr(expr));
}

struct Contractor<'a> {
    function: &'a mut Function,
    library: &'a [bool],
    /// How many expressions and statements use each expression.
    uses: SecondaryMap<Expr, u32>,
    reduced: HashSet<Local>,
}

impl Contractor<'_> {
    fn expr(&mut self, expr: Expr) {
        let (op, left, right) = match self.function.exprs[expr].kind {
            ExprKind::Binary(op @ (Binary::Add | Binary::Sub), left, right) => (op, left, right),
            _ => return,
        };
        if let Some((a, b)) = self.product(left, expr).filter(|_| !self.is_running(right)) {
            let addend = if op == Binary::Sub { self.negated(right) } else { right };
            self.function.exprs[expr].kind = ExprKind::Fma(a, b, addend);
        } else if let Some((a, b)) = self.product(right, expr).filter(|_| !self.is_running(left)) {
            let (a, b) = if op == Binary::Sub { self.negated_factor(a, b) } else { (a, b) };
            self.addend_first(expr, left, a, b);
        }
    }

    /// The factors of a product that only `sum` uses and that is computed as often as the sum.
    fn product(&self, expr: Expr, sum_of: Expr) -> Option<(Expr, Expr)> {
        let (data, sum) = (&self.function.exprs[expr], &self.function.exprs[sum_of]);
        let fits = self.uses[expr] == 1 && data.ty.is_array() == sum.ty.is_array();
        match data.kind {
            ExprKind::Binary(Binary::Mul, a, b) if fits && data.ty.dtype()?.is_float() => Some((a, b)),
            // A Python float becomes one of NumPy.
            ExprKind::Convert(x) if fits && self.function.ty(x).dtype() == sum.ty.dtype() => {
                self.product(x, sum_of)
            }
            _ => None,
        }
    }

    /// Whether an operand is what a loop adds up in.
    fn is_running(&self, expr: Expr) -> bool {
        match self.function.exprs[expr].kind {
            ExprKind::Local(local) | ExprKind::CheckedLocal(local) => self.reduced.contains(&local),
            ExprKind::Convert(x) => self.is_running(x),
            _ => false,
        }
    }

    fn negated(&mut self, expr: Expr) -> Expr {
        let ExprData { ty, span, .. } = self.function.exprs[expr].clone();
        let kind = match self.function.exprs[expr].kind {
            ExprKind::Const(scalar) => ExprKind::Const(Unary::Neg.eval(scalar)),
            _ => ExprKind::Unary(Unary::Neg, expr),
        };
        let ty = match ty {
            Type::Array(array) => Type::Array(ArrayType { layout: Layout::C, ..array }),
            scalar => scalar,
        };
        self.function.exprs.push(ExprData { kind, ty, span })
    }

    /// A scalar rather than an array.
    fn negated_factor(&mut self, a: Expr, b: Expr) -> (Expr, Expr) {
        let is_array = |expr: Expr| self.function.ty(expr).is_array();
        if is_array(a) && !is_array(b) { (a, self.negated(b)) } else { (self.negated(a), b) }
    }

    /// `fma(a, b, addend)` where the addend was written first.
    fn addend_first(&mut self, expr: Expr, addend: Expr, a: Expr, b: Expr) {
        let calm = !self.function.ty(addend).is_array() || self.is_calm(a) && self.is_calm(b);
        if calm && self.is_movable(addend) || self.is_movable(a) && self.is_movable(b) {
            self.function.exprs[expr].kind = ExprKind::Fma(a, b, addend);
            return;
        }
        let ExprData { ty, span, .. } = self.function.exprs[addend].clone();
        let local =
            self.function.locals.push(LocalData { name: String::new(), ty: ty.clone(), checked: false });
        let read = self.function.exprs.push(ExprData { kind: ExprKind::Local(local), ty, span });
        let sum = ExprData { kind: ExprKind::Fma(a, b, read), ..self.function.exprs[expr].clone() };
        let body = self.function.exprs.push(sum);
        self.function.exprs[expr].kind = ExprKind::Let { local, value: addend, body };
    }

    /// Whether evaluating it changes no array: it calls no function of the program.
    fn is_calm(&self, expr: Expr) -> bool {
        let kind = &self.function.exprs[expr].kind;
        let itself = match kind {
            ExprKind::Call { func, .. } | ExprKind::Map { func, .. } => self.library[func.as_u32() as usize],
            kind => !matches!(kind, ExprKind::Write { .. }),
        };
        itself && kind.operands().into_iter().all(|operand| self.is_calm(operand))
    }

    /// Whether it makes no difference when the expression is evaluated: it changes nothing and does not fault. (Shapes that do not broadcast
    /// do; of several such places in one expression any may be reported.)
    fn is_movable(&self, expr: Expr) -> bool {
        let kind = &self.function.exprs[expr].kind;
        let itself = match kind {
            ExprKind::Const(_)
            | ExprKind::Local(_)
            | ExprKind::Unary(..)
            | ExprKind::Compare(..)
            | ExprKind::Convert(_)
            | ExprKind::Select { .. }
            | ExprKind::Fma(..)
            | ExprKind::Extent { .. }
            | ExprKind::Permute { .. } => true,
            ExprKind::Binary(op, ..) => {
                let faults = matches!(op, Binary::FloorDiv | Binary::Mod | Binary::Pow);
                !faults || self.function.ty(expr).dtype().is_some_and(|dtype| dtype.is_float())
            }
            ExprKind::Call { func, .. } | ExprKind::Map { func, .. } => self.library[func.as_u32() as usize],
            ExprKind::View { items, .. } => items.iter().all(|item| match item {
                Pick::Slice { step, .. } => step.is_none(),
                Pick::NewAxis => true,
                Pick::At(_) => false,
            }),
            ExprKind::None
            | ExprKind::CheckedLocal(_)
            | ExprKind::If { .. }
            | ExprKind::Let { .. }
            | ExprKind::Index { .. }
            | ExprKind::Tuple(_)
            | ExprKind::Item { .. }
            | ExprKind::Alloc { .. }
            | ExprKind::Reduce { .. }
            | ExprKind::Scan { .. }
            | ExprKind::Copy(_)
            | ExprKind::Iota { .. }
            | ExprKind::Elements { .. }
            | ExprKind::MatMul(..)
            | ExprKind::Write { .. }
            | ExprKind::Require { .. }
            | ExprKind::Reshape { .. } => false,
        };
        itself && kind.operands().into_iter().all(|operand| self.is_movable(operand))
    }
}

fn uses(function: &Function) -> SecondaryMap<Expr, u32> {
    let mut uses = SecondaryMap::new();
    for data in function.exprs.values() {
        data.kind.operands().into_iter().for_each(|operand| uses[operand] += 1);
    }
    walk(&function.body, &mut |stmt| stmt.exprs().into_iter().for_each(|expr| uses[expr] += 1));
    uses
}

fn reduced(function: &Function) -> HashSet<Local> {
    let mut reduced = HashSet::new();
    walk(&function.body, &mut |stmt| {
        if let StmtKind::For(loop_) = &stmt.kind {
            reduced.extend(loop_.reductions.iter().map(|reduction| reduction.local));
        }
    });
    reduced
}
