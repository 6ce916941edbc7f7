//! Other shapes for the same elements, in C order: a view of them where strides can say so, else a copy.
//!
//! Old axes that follow each other without a gap are one run. A view exists if every run begins where an axis of the new shape does,
//! counted in elements from the last: then the stride of a new axis is that of the run that it lies in, times the elements it
//! steps over there. With ranks known, this is straight-line arithmetic.

use super::super::Builder;
use super::super::array::{Lowered, Operand};
use crate::base::types::MAX_EXTENT;
use crate::base::{ArrayType, Binary, Compare, Dtype, FaultKind, Layout, Scalar, Span, Type, Unary};
use crate::hir;
use crate::loops::{ArrayData, Check, Condition, If, Stmt, Value};

impl Builder<'_, '_> {
    pub(in crate::lower) fn reshape(
        &mut self,
        array: hir::Expr,
        shape: &[hir::Expr],
        aliasing: hir::Reshaping,
        data: &hir::ExprData,
    ) -> Operand {
        let operand = self.array_expr(array);
        let shape: Vec<Value> = shape.iter().map(|extent| self.scalar(*extent)).collect();
        let ty = data.ty.array().expect("an array");
        let size = self.size(&self.array(operand.array).extents.clone());
        let extents = self.new_extents(size, &shape, data.span);
        let extents = self.known_extents(ty, extents);
        if operand.ty.layout == Layout::C {
            return self.in_one_run(operand, ty, extents);
        }
        let array = self.materialise(operand.array);
        let source = self.array(array).clone();
        let (possible, strides) = match aliasing {
            hir::Reshaping::View => self.new_strides(&source, &extents),
            hir::Reshaping::ViewOfContiguous => {
                (self.is_contiguous(&source), self.contiguous_strides(source.dtype, &extents))
            }
        };
        let empty = self.is_equal(size, 0);
        let possible = self.binary(Binary::Or, possible, empty);
        self.view_or_copy(Operand { array, ..operand }, ty, extents, possible, strides, data.span)
    }

    /// The elements of a contiguous array under another shape.
    fn in_one_run(&mut self, operand: Operand, ty: ArrayType, extents: Vec<Value>) -> Operand {
        let array = self.materialise(operand.array);
        let source = self.array(array).clone();
        let strides = self.contiguous_strides(ty.dtype, &extents);
        let array = self.function.arrays.push(ArrayData { extents, strides, contiguous: true, ..source });
        Operand { array, ty, ..operand }
    }

    fn view_or_copy(
        &mut self,
        operand: Operand,
        ty: ArrayType,
        extents: Vec<Value>,
        possible: Value,
        strides: Vec<Value>,
        span: Span,
    ) -> Operand {
        let storage = self.new_storage(&Type::Array(ty), "");
        let source = self.array(operand.array).clone();
        let contiguous = ty.layout == Layout::C;
        let view = ArrayData { extents: extents.clone(), strides, contiguous, ..source };
        let view = self.function.arrays.push(view);
        let then = self.nested(|this| {
            this.assign_storage(&storage, Lowered::Array(Operand { array: view, ty, ..operand }));
        });
        let otherwise = self.nested(|this| {
            let copy = this.copy_of_operand(operand, span);
            let copy = this.in_one_run(copy, ty, extents);
            this.assign_storage(&storage, Lowered::Array(copy));
        });
        self.emit(Stmt::If(If { condition: possible, then, otherwise }));
        self.take_storage(&storage).array()
    }

    fn size(&mut self, extents: &[Value]) -> Value {
        let one = self.int(1);
        extents.iter().fold(one, |size, extent| self.binary(Binary::Mul, size, *extent))
    }

    /// The extents asked for, a negative one being what is left for it.
    fn new_extents(&mut self, size: Value, shape: &[Value], span: Span) -> Vec<Value> {
        let (zero, one) = (self.int(0), self.int(1));
        let open: Vec<Value> = shape.iter().map(|extent| self.compare(Compare::Lt, *extent, zero)).collect();
        let (mut product, mut opened) = (one, zero);
        let mut bound = self.constant(Scalar::f64(1.0));
        for (extent, open) in shape.iter().zip(&open) {
            let factor = self.select(*open, one, *extent);
            product = self.binary(Binary::Mul, product, factor);
            let count = self.cast(*open, Dtype::I64);
            opened = self.binary(Binary::Add, opened, count);
            let factor = self.binary(Binary::Max, factor, one);
            let factor = self.cast(factor, Dtype::F64);
            bound = self.binary(Binary::Mul, bound, factor);
        }
        let rest = self.binary(Binary::FloorDiv, size, product);
        let used = self.binary(Binary::Mul, rest, product);
        let divides = self.compare(Compare::Eq, used, size);
        let some = self.compare(Compare::Ne, product, zero);
        let single = self.compare(Compare::Eq, opened, one);
        let filled = self.all(&[divides, some, single]);
        let same = self.compare(Compare::Eq, product, size);
        let closed = self.compare(Compare::Eq, opened, zero);
        let fits = self.select(closed, same, filled);
        // Beyond this the product above may have wrapped around.
        let most = self.constant(Scalar::f64(MAX_EXTENT as f64));
        let bounded = self.compare(Compare::Le, bound, most);
        let fine = self.binary(Binary::And, fits, bounded);
        if !self.is_plain(shape) {
            let site = self.site(FaultKind::CannotReshape, span);
            let values = self.fault_values(&[size]);
            self.emit(Stmt::Check(Check { condition: Condition::True(fine), site, values }));
        }
        shape.iter().zip(open).map(|(extent, open)| self.select(open, rest, *extent)).collect()
    }

    /// Whether everything fits: all elements in one axis.
    fn is_plain(&self, shape: &[Value]) -> bool {
        let known: Vec<Option<i64>> = shape.iter().map(|extent| self.known(*extent)).collect();
        let open = known.iter().filter(|extent| extent.is_some_and(|extent| extent < 0)).count();
        open == 1 && known.iter().all(|extent| extent.is_some_and(|extent| extent < 0 || extent == 1))
    }

    /// Whether a view of this shape exists (empty arrays aside), and its strides.
    fn new_strides(&mut self, source: &ArrayData, extents: &[Value]) -> (Value, Vec<Value>) {
        let one = self.int(1);
        let steps = self.steps_of(extents);
        let size = self.int(source.dtype.size() as i64);
        let mut strides = vec![size; extents.len()];
        let (mut possible, mut begun) = (self.bool(true), self.bool(false));
        // Elements before the axis at hand comes round, and the stride that continues the run.
        let (mut step, mut expected) = (one, size);
        for (extent, stride) in source.extents.iter().zip(&source.strides).rev() {
            let counts = self.compare(Compare::Ne, *extent, one);
            let apart = self.compare(Compare::Ne, *stride, expected);
            let first = self.unary(Unary::Not, begun);
            let apart = self.binary(Binary::Or, apart, first);
            let begins = self.binary(Binary::And, counts, apart);
            let fits = self.is_among(step, &steps);
            let goes_on = self.unary(Unary::Not, begins);
            let fits = self.binary(Binary::Or, goes_on, fits);
            possible = self.binary(Binary::And, possible, fits);
            for (new, place) in strides.iter_mut().zip(&steps) {
                let over = self.binary(Binary::FloorDiv, *place, step);
                let scaled = self.binary(Binary::Mul, over, *stride);
                let reached = self.compare(Compare::Le, step, *place);
                let applies = self.binary(Binary::And, begins, reached);
                *new = self.select(applies, scaled, *new);
            }
            let next = self.binary(Binary::Mul, *extent, *stride);
            expected = self.select(counts, next, expected);
            begun = self.binary(Binary::Or, begun, counts);
            step = self.binary(Binary::Mul, step, *extent);
        }
        (possible, strides)
    }

    /// How many elements one index of each axis steps over, and 1 at the end.
    fn steps_of(&mut self, extents: &[Value]) -> Vec<Value> {
        let mut steps = vec![self.int(1)];
        for extent in extents.iter().rev() {
            let last = *steps.last().expect("the first");
            steps.push(self.binary(Binary::Mul, last, *extent));
        }
        steps.pop();
        steps.reverse();
        steps
    }

    fn is_among(&mut self, step: Value, steps: &[Value]) -> Value {
        let start = self.is_equal(step, 1);
        steps.iter().fold(start, |found, other| {
            let same = self.compare(Compare::Eq, step, *other);
            self.binary(Binary::Or, found, same)
        })
    }

    /// Whether the elements lie in C order without gaps (empty arrays aside).
    fn is_contiguous(&mut self, source: &ArrayData) -> Value {
        let mut expected = self.int(source.dtype.size() as i64);
        let mut contiguous = self.bool(true);
        for (extent, stride) in source.extents.iter().zip(&source.strides).rev() {
            let (same, single) = (self.compare(Compare::Eq, *stride, expected), self.is_equal(*extent, 1));
            let fits = self.binary(Binary::Or, same, single);
            contiguous = self.binary(Binary::And, contiguous, fits);
            expected = self.binary(Binary::Mul, expected, *extent);
        }
        contiguous
    }

    fn is_equal(&mut self, value: Value, constant: i64) -> Value {
        let constant = self.int(constant);
        self.compare(Compare::Eq, value, constant)
    }

    fn all(&mut self, conditions: &[Value]) -> Value {
        let first = self.bool(true);
        conditions.iter().fold(first, |all, condition| self.binary(Binary::And, all, *condition))
    }
}
