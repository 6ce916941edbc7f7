//! Arrays made from nothing: indices, literals; and products of matrices, which the runtime makes.

use super::array::Operand;
use super::{Builder, Lowerer};
use crate::base::{Compare, Dtype, FaultKind};
use crate::hir;
use crate::loops::{self, ArrayData, Check, Condition, Func, Function, Nest, Role, Stmt, Store, Value};

impl<'a> Builder<'_, 'a> {
    /// A nest that stores one of its indices.
    pub(super) fn iota(&mut self, shape: &[hir::Expr], axis: usize, data: &'a hir::ExprData) -> Operand {
        let ty = data.ty.array().expect("an array");
        let target = self.allocation(shape, None, ty, data.span);
        let extents = self.array(target.array).extents.clone();
        let indices: Vec<Value> = extents.iter().map(|_| self.function.value(Dtype::I64)).collect();
        let span = data.span;
        let body = self.nested(|this| {
            let value = this.cast(indices[axis], ty.dtype);
            this.emit(Stmt::Store(Store { array: target.array, indices: indices.clone(), value, span }));
        });
        self.emit(Stmt::Nest(Box::new(Nest { indices, extents, reductions: vec![], body, span })));
        target
    }

    /// One store per element.
    pub(super) fn elements(&mut self, values: &[hir::Expr], data: &'a hir::ExprData) -> Operand {
        let hir::ExprKind::Elements { shape, .. } = &data.kind else { unreachable!("typed as elements") };
        let ty = data.ty.array().expect("an array");
        let values: Vec<Value> = values.iter().map(|value| self.scalar(*value)).collect();
        let extents = shape.iter().map(|extent| self.int(i64::from(*extent))).collect();
        let target = self.new_array(ty, extents, data.span);
        for (k, value) in values.into_iter().enumerate() {
            let indices = place(k, shape).into_iter().map(|index| self.int(index)).collect();
            self.emit(Stmt::Store(Store { array: target.array, indices, value, span: data.span }));
        }
        target
    }

    pub(super) fn matmul(&mut self, a: hir::Expr, b: hir::Expr, data: &'a hir::ExprData) -> Operand {
        let (left, right) = (self.whole_array(a), self.whole_array(b));
        let extents = |this: &Self, operand: Operand| this.array(operand.array).extents.clone();
        let (of_left, of_right) = (extents(self, left), extents(self, right));
        self.check_aligned(&of_left, &of_right, data);
        let ty = data.ty.array().expect("an array");
        let target = self.new_array(ty, vec![of_left[0], of_right[1]], data.span);
        let func = self.lowerer.product(ty.dtype);
        let args = [target, left, right].map(|operand| loops::Operand::Array(operand.array)).to_vec();
        self.emit(Stmt::Call(Box::new(loops::Call { func, args, results: vec![], span: data.span })));
        self.release_operand(left);
        self.release_operand(right);
        target
    }

    /// An array with an address and strides of its own.
    fn whole_array(&mut self, expr: hir::Expr) -> Operand {
        let operand = self.array_expr(expr);
        let array = self.materialise(operand.array);
        Operand { array, ..operand }
    }

    fn check_aligned(&mut self, left: &[Value], right: &[Value], data: &hir::ExprData) {
        let aligned = self.compare(Compare::Eq, left[1], right[0]);
        let site = self.site(FaultKind::NotAligned { left: 2, right: 2 }, data.span);
        let values = self.fault_values(&[left, right].concat());
        self.emit(Stmt::Check(Check { condition: Condition::True(aligned), site, values }));
    }
}

/// The indices of element `k` in C order.
fn place(k: usize, shape: &[u32]) -> Vec<i64> {
    let mut rest = k as i64;
    let mut indices: Vec<i64> = shape
        .iter()
        .rev()
        .map(|extent| {
            let index = rest % i64::from(*extent);
            rest /= i64::from(*extent);
            index
        })
        .collect();
    indices.reverse();
    indices
}

impl Lowerer<'_> {
    /// The function that stands for the runtime's product of matrices of `dtype`.
    fn product(&mut self, dtype: Dtype) -> Func {
        if let Some((_, known)) = self.products.iter().find(|(known, _)| *known == dtype) {
            return *known;
        }
        let mut function = Function::new(format!("product of {dtype}"), Role::Product);
        for _ in 0..3 {
            let array = matrix_parameter(&mut function, dtype);
            function.params.push(loops::Operand::Array(array));
        }
        let func = self.functions.push(function);
        self.products.push((dtype, func));
        func
    }
}

fn matrix_parameter(function: &mut Function, dtype: Dtype) -> loops::Array {
    let class = function.class();
    let mut value = || function.values.push(loops::ValueData { dtype: Dtype::I64 });
    let (base, owner) = (value(), value());
    let (extents, strides) = (vec![value(), value()], vec![value(), value()]);
    let name = String::new();
    function.arrays.push(ArrayData { dtype, base, owner, extents, strides, contiguous: false, class, name })
}
