//! Arrays made from nothing, products of matrices, and what an expression requires.

use super::array::{Array, indices};
use super::expr::{Evaluated, dtype};
use super::values::Datum;
use super::{Frame, Interpreter, Stop};
use crate::base::op::cast;
use crate::base::{Binary, FaultKind, Scalar};
use crate::hir::Expr;
use crate::runtime::matrix_product;

impl Interpreter<'_> {
    pub(super) fn iota(&mut self, frame: &mut Frame, expr: Expr, shape: &[Expr], axis: usize) -> Evaluated {
        let array = self.alloc(frame, expr, shape, None)?.into_array();
        for index in indices(array.shape()) {
            self.poll()?;
            array.set(&index, cast(Scalar::i64(index[axis] as i64), array.dtype()));
        }
        Ok(Datum::Array(array))
    }

    pub(super) fn elements(
        &mut self,
        frame: &mut Frame,
        expr: Expr,
        shape: &[u32],
        values: &[Expr],
    ) -> Evaluated {
        let values = self.eval_all(frame, values)?;
        let shape: Vec<usize> = shape.iter().map(|extent| *extent as usize).collect();
        let array = self.allocate(frame, frame.span(expr), dtype(frame, expr), &shape)?;
        for (index, value) in indices(&shape).zip(values) {
            array.set(&index, value.scalar());
        }
        Ok(Datum::Array(array))
    }

    /// The library's product of matrices, so that bits agree; integers are multiplied here.
    pub(super) fn matmul(&mut self, frame: &mut Frame, expr: Expr, a: Expr, b: Expr) -> Evaluated {
        let (a, b) = (self.eval(frame, a)?.into_array(), self.eval(frame, b)?.into_array());
        let ([rows, inner], [other, columns]) = (matrix(&a), matrix(&b));
        if inner != other {
            let kind = FaultKind::NotAligned { left: 2, right: 2 };
            let extents = [rows, inner, other, columns].map(|extent| extent as i64);
            return Err(frame.fault(kind, frame.span(expr), &extents));
        }
        let result = self.allocate(frame, frame.span(expr), a.dtype(), &[rows, columns])?;
        if let Some(count) = self.count() {
            count.add(a.dtype(), 2 * (rows * inner * columns) as u64);
        }
        if a.dtype().is_float() {
            let product = matrix_product(a.dtype(), &elements(&a), &elements(&b), [rows, inner, columns]);
            indices(&[rows, columns]).zip(product).for_each(|(index, value)| result.set(&index, value));
            return Ok(Datum::Array(result));
        }
        for index in indices(&[rows, columns]) {
            let mut sum = Scalar::int(a.dtype(), 0);
            for k in 0..inner {
                self.poll()?;
                let product = Binary::Mul.eval(a.get(&[index[0], k]), b.get(&[k, index[1]]));
                sum = Binary::Add.eval(sum, product);
            }
            result.set(&index, sum);
        }
        Ok(Datum::Array(result))
    }

    pub(super) fn require(
        &mut self,
        frame: &mut Frame,
        expr: Expr,
        condition: Expr,
        fault: &FaultKind,
        values: &[Expr],
    ) -> Result<(), Stop> {
        let holds = self.eval(frame, condition)?.scalar().truth();
        let values = self.eval_all(frame, values)?;
        let values: Vec<i64> = values.iter().map(|value| value.scalar().as_i64()).collect();
        if holds { Ok(()) } else { Err(frame.fault(fault.clone(), frame.span(expr), &values)) }
    }
}

fn matrix(array: &Array) -> [usize; 2] {
    array.shape().try_into().expect("a matrix was typed here")
}

/// In C order.
fn elements(array: &Array) -> Vec<Scalar> {
    indices(array.shape()).map(|index| array.get(&index)).collect()
}
