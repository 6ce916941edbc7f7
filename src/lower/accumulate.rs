//! Arrays that a parallel loop collects into: inside the loop their locals name the array of the block.

use super::Builder;
use super::array::{Lowered, Operand};
use super::storage::Storage;
use crate::base::{Binary, Dtype, FaultKind, Layout, Span};
use crate::hir;
use crate::loops::{Accumulator, Op, Value};

/// An accumulator while its loop is lowered: what its local names outside.
pub(super) struct Entered {
    local: hir::Local,
    before: Option<Storage>,
    pub accumulator: Accumulator,
}

impl Builder<'_, '_> {
    pub(super) fn enter_accumulators(&mut self, loop_: &hir::For, span: Span) -> Vec<Entered> {
        let found: Vec<(Operand, Accumulator)> =
            loop_.accumulators.iter().map(|accumulator| self.accumulator(accumulator, span)).collect();
        let mut entered = vec![];
        for (hir::Accumulator { local, .. }, (outer, accumulator)) in loop_.accumulators.iter().zip(found) {
            let before = self.frame().storage[*local].clone();
            let inner = Operand { array: accumulator.inside, owned: false, ..outer };
            self.frame().storage[*local] = Some(Storage::Fixed(Lowered::Array(inner)));
            entered.push(Entered { local: *local, before, accumulator });
        }
        entered
    }

    pub(super) fn leave_accumulators(&mut self, entered: Vec<Entered>) {
        for Entered { local, before, .. } in entered {
            self.frame().storage[local] = before;
        }
    }

    fn accumulator(&mut self, source: &hir::Accumulator, span: Span) -> (Operand, Accumulator) {
        let outer = self.collected(source.local);
        let mut apart = None;
        for other in &source.others {
            let other = self.collected(*other);
            let disjoint = self.define(Dtype::Bool, Op::Disjoint(outer.array, other.array));
            apart = Some(match apart {
                None => disjoint,
                Some(before) => self.binary(Binary::And, before, disjoint),
            });
        }
        let inside = self.inner_name(outer);
        let site = self.site(FaultKind::OutOfMemory, span);
        let (op, weight) = (source.op, source.weight);
        (outer, Accumulator { array: outer.array, inside, op, weight, apart, site })
    }

    /// The array that a local names, with an address.
    pub(super) fn collected(&mut self, local: hir::Local) -> Operand {
        let operand = self.read_local(local).array();
        Operand { array: self.materialise(operand.array), ..operand }
    }

    /// An array of the same shape whose memory the loop decides. Where strides are known, those of copies are the same.
    fn inner_name(&mut self, outer: Operand) -> crate::loops::Array {
        let mut data = self.array(outer.array).clone();
        data.base = self.function.value(Dtype::I64);
        let free = match outer.ty.layout {
            Layout::C => 0,
            Layout::Inner => data.rank().saturating_sub(1),
            Layout::Strided => data.rank(),
        };
        let fresh: Vec<Value> = (0..free).map(|_| self.function.value(Dtype::I64)).collect();
        data.strides[..free].copy_from_slice(&fresh);
        self.function.arrays.push(data)
    }
}
