//! Elements of arrays: negative indices, bounds checks, loads and stores.

use super::Builder;
use crate::base::{Dtype, FaultKind, Span};
use crate::hir;
use crate::loops::{Array, Check, Condition, Op, Stmt, Store, Value};

impl Builder<'_, '_> {
    /// `array[indices]`, checked.
    pub(super) fn index(&mut self, array: hir::Expr, indices: &[hir::Expr], span: Span) -> Value {
        let operand = self.array_expr(array);
        let indices: Vec<Value> = indices.iter().map(|index| self.scalar(*index)).collect();
        let checked = self.checked_indices(operand.array, &indices, span);
        let value = self.load(operand.array, checked, span);
        self.release_operand(operand);
        value
    }

    /// `array[indices] = value`: all operands first, then the checks.
    pub(super) fn store(&mut self, array: hir::Expr, indices: &[hir::Expr], value: hir::Expr, span: Span) {
        let value = self.scalar(value);
        let operand = self.array_expr(array);
        let indices: Vec<Value> = indices.iter().map(|index| self.scalar(*index)).collect();
        let checked = self.checked_indices(operand.array, &indices, span);
        self.emit(Stmt::Store(Store { array: operand.array, indices: checked, value, span }));
        self.release_operand(operand);
    }

    /// Indices counted from the front, each proved or checked to be in range.
    fn checked_indices(&mut self, array: Array, indices: &[Value], span: Span) -> Vec<Value> {
        let extents = self.array(array).extents.clone();
        let mut checked = vec![];
        for (axis, (index, extent)) in indices.iter().zip(extents).enumerate() {
            let wrapped = self.define(Dtype::I64, Op::Wrap { index: *index, extent });
            let site = self.site(FaultKind::IndexOutOfRange { axis: axis as u8 }, span);
            let values = self.fault_values(&[*index, extent]);
            let condition = Condition::Bounds { index: wrapped, extent };
            self.emit(Stmt::Check(Check { condition, site, values }));
            checked.push(wrapped);
        }
        checked
    }

    pub(super) fn load(&mut self, array: Array, indices: Vec<Value>, span: Span) -> Value {
        let dtype = self.array(array).dtype;
        let value = self.define(dtype, Op::Load { array, indices });
        self.function.spans[value] = span;
        value
    }
}
