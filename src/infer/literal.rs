//! Literals and the constants folded from them: Python's ints are exact until they meet a dtype.

use super::{Body, Typed};
use crate::ast::{BinaryOp, UnaryOp};
use crate::base::{Diagnostic, Dtype, Scalar, Span, Type, Weak};
use crate::hir::{self, ExprKind};

impl Body<'_, '_> {
    pub(super) fn push(&mut self, kind: ExprKind, ty: Type, span: Span) -> hir::Expr {
        self.function.exprs.push(hir::ExprData { kind, ty, span })
    }

    /// A weak int of any size. Beyond i64 it stays exact until something needs it as a number.
    pub(super) fn int(&mut self, value: i128, span: Span) -> hir::Expr {
        let narrow = i64::try_from(value);
        let expr = self.push(ExprKind::Const(Scalar::i64(narrow.unwrap_or(0))), Type::INT, span);
        if narrow.is_err() {
            self.wide.insert(expr, value);
        }
        expr
    }

    pub(super) fn float(&mut self, value: f64, span: Span) -> hir::Expr {
        self.push(ExprKind::Const(Scalar::f64(value)), Type::FLOAT, span)
    }

    pub(super) fn bool(&mut self, value: bool, span: Span) -> hir::Expr {
        self.push(ExprKind::Const(Scalar::bool(value)), Type::Weak(Weak::Bool), span)
    }

    /// The value of a weak int or bool that is known now.
    pub(super) fn known_int(&self, expr: hir::Expr) -> Option<i128> {
        let data = &self.function.exprs[expr];
        match (&data.kind, &data.ty) {
            (ExprKind::Const(_), _) if self.wide.contains_key(&expr) => self.wide.get(&expr).copied(),
            (ExprKind::Const(scalar), Type::Weak(Weak::Int | Weak::Bool)) => Some(scalar.as_i64() as i128),
            _ => None,
        }
    }

    /// The value of a weak bool that is known now.
    pub(super) fn known_bool(&self, expr: hir::Expr) -> Option<bool> {
        match (&self.function.exprs[expr].kind, self.function.ty(expr)) {
            (ExprKind::Const(scalar), Type::Weak(Weak::Bool | Weak::Int)) => Some(scalar.truth()),
            _ => None,
        }
    }

    /// Refuses an int literal beyond i64 where it must be a number.
    pub(super) fn require_narrow(&mut self, expr: hir::Expr) -> Typed<()> {
        match self.wide.get(&expr) {
            None => Ok(()),
            Some(value) => {
                let message = format!("{value} does not fit int (64 bits)");
                let span = self.function.span(expr);
                self.inference
                    .report(Diagnostic::error(span, message).hint("np.uint64(…) holds up to 2**64 - 1"))
            }
        }
    }

    /// A known weak int as a constant of `dtype`: an error if it does not fit.
    pub(super) fn int_constant(&mut self, value: i128, dtype: Dtype, ty: Type, span: Span) -> Typed {
        if let Some((low, high)) = dtype.int_range() {
            if value < low || value > high {
                let message = format!("{value} does not fit {dtype}, which holds {low} to {high}");
                return self.inference.report(Diagnostic::error(span, message));
            }
            return Ok(self.push(ExprKind::Const(Scalar::int(dtype, value as i64)), ty, span));
        }
        Ok(self.push(ExprKind::Const(Scalar::float(dtype, value as f64)), ty, span))
    }

    /// Folds an operator on known weak ints exactly. None where the operator does not give an int, or faults.
    pub(super) fn fold_ints(&self, op: BinaryOp, a: i128, b: i128) -> Option<i128> {
        const LIMIT: i128 = 1 << 100;
        let value = match op {
            BinaryOp::Add => a.checked_add(b),
            BinaryOp::Sub => a.checked_sub(b),
            BinaryOp::Mul => a.checked_mul(b),
            BinaryOp::FloorDiv if b != 0 => Some(a.div_euclid(b) - i128::from(b < 0 && a.rem_euclid(b) != 0)),
            BinaryOp::Mod if b != 0 => {
                Some(a - b * (a.div_euclid(b) - i128::from(b < 0 && a.rem_euclid(b) != 0)))
            }
            BinaryOp::Pow if (0..=100).contains(&b) => a.checked_pow(b as u32),
            BinaryOp::And => Some(a & b),
            BinaryOp::Or => Some(a | b),
            BinaryOp::Xor => Some(a ^ b),
            BinaryOp::Shl if (0..100).contains(&b) => a.checked_mul(1 << b),
            BinaryOp::Shr if (0..127).contains(&b) => Some(a >> b),
            BinaryOp::FloorDiv
            | BinaryOp::Mod
            | BinaryOp::Pow
            | BinaryOp::Shl
            | BinaryOp::Shr
            | BinaryOp::Div
            | BinaryOp::MatMul => None,
        };
        value.filter(|value| value.abs() < LIMIT)
    }

    pub(super) fn fold_int(&self, op: UnaryOp, a: i128) -> Option<i128> {
        match op {
            UnaryOp::Plus => Some(a),
            UnaryOp::Minus => a.checked_neg(),
            UnaryOp::Invert => Some(!a),
            UnaryOp::Not => None,
        }
    }
}
