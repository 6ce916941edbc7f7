//! Elements of arrays: negative indices, bounds checks, loads and stores.

use super::Builder;
use crate::base::Span;
use crate::hir;
use crate::loops::{Array, Value};

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
        self.store_element(operand.array, checked, value, span);
        self.release_operand(operand);
    }

    /// Indices counted from the front, each proved or checked to be in range.
    fn checked_indices(&mut self, array: Array, indices: &[Value], span: Span) -> Vec<Value> {
        let extents = self.array(array).extents.clone();
        let axes = indices.iter().zip(extents).enumerate();
        axes.map(|(axis, (index, extent))| self.checked_index(*index, axis, extent, span)).collect()
    }
}
