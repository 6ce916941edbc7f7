//! Broadcasting: the common shape of operands, and operands that are stretched to it.
//!
//! ```text
//!                                 check n == m or n == 1 or m == 1
//! x + y              →            k = m if n == 1 else n
//!                                 if n == m { nest [i < k] { t[i] = x[i] + y[i] } }
//!                                 else      { nest [i < k] { t[i] = x[i * (n != 1)] + y[i * (m != 1)] } }
//! ```
//!
//! The branch is needed only where both may have extent 1 without the type saying so. An argument of the entry has extent 1 in the axes that
//! its type says, and in no others; nor has a slice of constant length. Two extents that are computed in the same way are equal. What is
//! left are arrays whose shape the program computes.

use super::Builder;
use super::array::{Leaf, Lowered, Operand};
use super::storage::Storage;
use crate::base::{AxisSet, Binary, Compare, Dtype, FaultKind, Scalar, Span};
use crate::hir;
use crate::loops::{Check, Condition, If, Op, Stmt, Value};

/// The shape that operands broadcast to.
pub(super) struct Common {
    pub extents: Vec<Value>,
    /// Axes that have extent 1 in all operands, by their types.
    pub unit: AxisSet,
    /// Whether all operands have these extents, but for axes of which the type says 1. None: always.
    pub equal: Option<Value>,
}

/// The shape of one operand.
pub(super) struct Shape {
    pub extents: Vec<Value>,
    /// Axes that have extent 1 by the type.
    pub unit: AxisSet,
}

impl Common {
    pub fn shape(&self) -> Shape {
        Shape { extents: self.extents.clone(), unit: self.unit }
    }
}

impl Shape {
    /// The extent in `axis` of a result of `rank`: None where the type says that it is repeated.
    fn extent(&self, axis: usize, rank: usize) -> Option<Value> {
        let own = (axis + self.extents.len()).checked_sub(rank)?;
        (!self.unit.contains(own)).then(|| self.extents[own])
    }
}

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

    /// The common shape, with checks where two operands are not known to agree: axis by axis, operands from left to right.
    pub(super) fn common_shape(&mut self, shapes: &[Shape], span: Span) -> Common {
        let rank = shapes.iter().map(|shape| shape.extents.len()).max().unwrap_or(0);
        let mut common = Common { extents: vec![], unit: AxisSet::default(), equal: None };
        for axis in 0..rank {
            let mut known: Option<Value> = None;
            for extent in shapes.iter().filter_map(|shape| shape.extent(axis, rank)) {
                known = Some(match known {
                    None => extent,
                    Some(before) => self.meet(before, extent, axis, &mut common.equal, span),
                });
            }
            if known.is_none() {
                common.unit = common.unit.with(axis);
            }
            common.extents.push(known.unwrap_or_else(|| self.int(1)));
        }
        common
    }

    pub(super) fn leaf_shape(&mut self, leaf: Leaf) -> Option<Shape> {
        let operand = leaf.array()?;
        Some(Shape { extents: self.array(operand.array).extents.clone(), unit: operand.ty.unit })
    }

    /// The extent that two broadcast to.
    fn meet(&mut self, a: Value, b: Value, axis: usize, equal: &mut Option<Value>, span: Span) -> Value {
        if self.is_same(a, b) {
            return a;
        }
        let (fixed_a, fixed_b) = (self.is_not_one(a), self.is_not_one(b));
        let same = self.compare(Compare::Eq, a, b);
        let mut fits = same;
        for (extent, fixed) in [(a, fixed_a), (b, fixed_b)] {
            if !fixed {
                let one = self.is_one(extent);
                fits = self.binary(Binary::Or, fits, one);
            }
        }
        self.check_shape(fits, [a, b], axis, span);
        if fixed_a && fixed_b {
            return a;
        }
        self.and_also(equal, same);
        match (fixed_a, fixed_b) {
            (true, _) => a,
            (false, true) => b,
            (false, false) => {
                let condition = self.is_one(a);
                self.define(Dtype::I64, Op::Select { condition, then: b, otherwise: a })
            }
        }
    }

    /// Checks that a value of the common shape can be stored into `target`, which is not stretched. Gives whether
    /// `equal` holds and the value has the target's extents.
    pub(super) fn check_into(
        &mut self,
        common: &Common,
        target: Operand,
        equal: Option<Value>,
        span: Span,
    ) -> Option<Value> {
        let mut equal = equal;
        let extents = self.array(target.array).extents.clone();
        let missing = extents.len() - common.extents.len();
        for (own, extent) in common.extents.iter().enumerate() {
            let (axis, wanted) = (missing + own, extents[missing + own]);
            if common.unit.contains(own) || self.is_same(wanted, *extent) {
                continue;
            }
            let same = self.compare(Compare::Eq, wanted, *extent);
            let mut fits = same;
            if !self.is_not_one(*extent) {
                let one = self.is_one(*extent);
                fits = self.binary(Binary::Or, same, one);
                self.and_also(&mut equal, same);
            }
            self.check_shape(fits, [wanted, *extent], axis, span);
        }
        equal
    }

    fn is_one(&mut self, extent: Value) -> Value {
        let one = self.int(1);
        self.compare(Compare::Eq, extent, one)
    }

    pub(super) fn and_also(&mut self, all: &mut Option<Value>, condition: Value) {
        *all = Some(match *all {
            Some(before) => self.binary(Binary::And, before, condition),
            None => condition,
        });
    }

    fn check_shape(&mut self, fits: Value, extents: [Value; 2], axis: usize, span: Span) {
        let site = self.site(FaultKind::ShapeMismatch { axis: axis as u8 }, span);
        let values = self.fault_values(&extents);
        self.emit(Stmt::Check(Check { condition: Condition::True(fits), site, values }));
    }

    /// `target[...] = leaf`, stretched unless `equal` holds.
    pub(super) fn nest_or_stretched(
        &mut self,
        target: Operand,
        leaf: Leaf,
        equal: Option<Value>,
        span: Span,
    ) {
        let copy = |this: &mut Self, leaf: Leaf| this.nest(target, &[leaf], span, &|_, values| values[0]);
        let Some(condition) = equal else { return copy(self, leaf) };
        let then = self.nested(|this| copy(this, leaf));
        let otherwise = self.nested(|this| {
            let leaf = this.stretch(leaf, target);
            copy(this, leaf);
        });
        self.emit(Stmt::If(If { condition, then, otherwise }));
    }

    /// An operand as a view with the extents of the target, whose index stays 0 in axes of extent 1.
    pub(super) fn stretch(&mut self, leaf: Leaf, target: Operand) -> Leaf {
        let Leaf::Array(operand, dtype) = leaf else { return leaf };
        let wanted = self.array(target.array).extents.clone();
        let own = self.array(operand.array).extents.clone();
        let missing = wanted.len() - own.len();
        let mut axes = vec![];
        for (axis, extent) in own.iter().enumerate() {
            let step = if operand.ty.unit.contains(axis) || self.is_not_one(*extent) {
                None
            } else {
                let (condition, then, otherwise) = (self.is_one(*extent), self.int(0), self.int(1));
                Some(self.define(Dtype::I64, Op::Select { condition, then, otherwise }))
            };
            let extent = if operand.ty.unit.contains(axis) { *extent } else { wanted[missing + axis] };
            axes.push((step, extent));
        }
        Leaf::Array(self.stretched(operand, &axes), dtype)
    }
}
