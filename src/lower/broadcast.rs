//! Extents: what is known of them, and operands that are stretched.

use super::Builder;
use super::array::Lowered;
use super::storage::Storage;
use crate::base::Scalar;
use crate::hir;
use crate::loops::{Op, Value};

impl Builder<'_, '_> {
    /// The specialisation knows every axis of extent 1 of an argument; the other extents differ from 1.
    pub(super) fn know_entry_extents(&mut self) {
        let params: Vec<hir::Local> = self.frame().function.params.clone();
        for local in params {
            if let Some(Storage::Fixed(Lowered::Array(operand))) = self.frame().storage[local].clone() {
                let extents = &self.function.arrays[operand.array].extents;
                self.not_one.extend(operand.ty.unit.others(operand.ty.rank()).map(|axis| extents[axis]));
            }
        }
    }

    pub(super) fn is_not_one(&self, extent: Value) -> bool {
        let other = |scalar: &Scalar| *scalar != Scalar::i64(1);
        self.not_one.contains(&extent)
            || matches!(&self.operations[extent], Some(Op::Const(scalar)) if other(scalar))
    }
}
