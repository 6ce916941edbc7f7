//! Which scalar expressions have one value, known now.

use crate::base::Scalar;
use crate::base::op::cast;
use crate::hir::visit::walk;
use crate::hir::{Expr, ExprKind, Function, Local, StmtKind};
use cranelift_entity::SecondaryMap;

pub(super) struct Constants<'a> {
    function: &'a Function,
    /// What the locals are that have one assignment.
    values: SecondaryMap<Local, Option<Expr>>,
}

impl<'a> Constants<'a> {
    pub fn new(function: &'a Function) -> Constants<'a> {
        let mut writes: SecondaryMap<Local, u32> = SecondaryMap::new();
        let mut values = SecondaryMap::new();
        function.params.iter().for_each(|param| writes[*param] += 1);
        for data in function.exprs.values() {
            if let ExprKind::Let { local, value, .. } = data.kind {
                writes[local] += 1;
                values[local] = Some(value);
            }
        }
        walk(&function.body, &mut |stmt| match &stmt.kind {
            StmtKind::Assign { local, value } => {
                writes[*local] += 1;
                values[*local] = Some(*value);
            }
            StmtKind::Join { to, .. } => writes[*to] += 1,
            StmtKind::For(loop_) => {
                writes[loop_.index] += 1;
                loop_.reductions.iter().for_each(|reduction| writes[reduction.local] += 1);
            }
            StmtKind::Store { .. }
            | StmtKind::Update { .. }
            | StmtKind::Eval(_)
            | StmtKind::If { .. }
            | StmtKind::While { .. }
            | StmtKind::Scope { .. }
            | StmtKind::Leave(_)
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Return(_)
            | StmtKind::Assert { .. }
            | StmtKind::Raise { .. } => {}
        });
        for local in function.locals.keys().filter(|local| writes[*local] != 1) {
            values[local] = None;
        }
        Constants { function, values }
    }

    /// The value of a scalar expression, whenever it is evaluated.
    pub fn value(&self, expr: Expr) -> Option<Scalar> {
        let data = &self.function.exprs[expr];
        let dtype = data.ty.scalar()?;
        match data.kind {
            ExprKind::Const(scalar) => Some(scalar),
            ExprKind::Local(local) => self.value(self.values[local]?),
            ExprKind::Convert(x) => Some(cast(self.value(x)?, dtype)),
            ExprKind::Unary(op, x) => Some(op.eval(self.value(x)?)),
            ExprKind::Binary(op, a, b) if dtype.is_float() => Some(op.eval(self.value(a)?, self.value(b)?)),
            // What could fault is left alone, and so is all that no constant is made of.
            _ => None,
        }
    }
}
