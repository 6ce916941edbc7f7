//! Products of vectors and matrices.

use super::call::Arguments;
use super::promote::Element;
use super::{Body, Typed};
use crate::ast::{BinaryOp, CompareOp};
use crate::base::{ArrayType, AxisSet, Binary, Dtype, FaultKind, Span, Type};
use crate::hir::{self, ExprKind, Pick, Reduce};

pub(super) const NAMES: &[&str] = &["dot", "vdot", "inner", "outer", "matmul"];

impl<'a> Body<'_, 'a> {
    /// None if there is no such function.
    pub(super) fn linear_algebra(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Option<Typed> {
        if !NAMES.contains(&name) {
            return None;
        }
        Some(self.product_call(name, args, span))
    }

    fn product_call(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let [a, b, out] = self.parameters(args, ["a", "b", "out"], span)?;
        let a = self.first(args, a, span)?;
        let Some(b) = b else { return self.refuse(span, format!("`np.{name}` multiplies two arrays")) };
        let b = self.expr(b)?;
        match out.map(|expr| self.out(expr)).transpose()?.flatten() {
            Some(_) if name != "matmul" => {
                self.refuse(span, format!("`out=` of `np.{name}` is not supported yet"))
            }
            Some(out) => self.share(out, |this, out| {
                let value = this.matmul_for(out, a, b, span)?;
                this.write(out, value, span)
            }),
            None => match name {
                "matmul" => self.matmul("np.matmul", a, b, span),
                "dot" => self.dot(a, b, span),
                "outer" => self.outer(a, b, span),
                _ => self.inner(name, a, b, span),
            },
        }
    }

    /// `a @ b` for a target whose extents it must have: nothing is stretched.
    pub(super) fn matmul_for(&mut self, target: hir::Expr, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        let product = self.matmul("@", a, b, span)?;
        let wanted = self.function.ty(target).clone();
        let rank = |ty: &Type| ty.array().map(|array| array.rank());
        let found = self.function.ty(product).clone();
        if rank(&found) != rank(&wanted) || rank(&found).is_none() {
            return self.refuse(span, format!("a product of type {found} does not fit {wanted}"));
        }
        self.share(product, |this, product| {
            let mut value = product;
            for axis in 0..rank(&found).unwrap_or(0) {
                let (own, other) = (this.extent(target, axis, span), this.extent(product, axis, span));
                let condition = this.compare(CompareOp::Eq, own, other, span)?;
                let fault = FaultKind::ShapeMismatch { axis: axis as u8 };
                let (values, ty) = (vec![own, other], found.clone());
                value = this.push(ExprKind::Require { condition, fault, values, body: value }, ty, span);
            }
            Ok(value)
        })
    }

    fn rank(&mut self, name: &str, x: hir::Expr) -> Typed<usize> {
        self.require_number(x, name)?;
        Ok(self.function.ty(x).array().map_or(0, |array| array.rank()))
    }

    fn dot(&mut self, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        if self.rank("np.dot", a)? == 0 || self.rank("np.dot", b)? == 0 {
            let value = self.binary(BinaryOp::Mul, a, b, span)?;
            return self.strong(value);
        }
        self.matmul("np.dot", a, b, span)
    }

    fn inner(&mut self, name: &str, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        match (self.rank(name, a)?, self.rank(name, b)?) {
            (0, _) | (_, 0) => self.dot(a, b, span),
            (1, 1) => self.matmul(name, a, b, span),
            (2, 2) if name == "inner" => {
                let b = self.transposed(b, span)?;
                self.matmul(name, a, b, span)
            }
            _ => self.refuse(span, format!("`np.{name}` of matrices is not supported yet")),
        }
    }

    /// All products of an element of `a` with one of `b`.
    fn outer(&mut self, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        if self.rank("np.outer", a)? != 1 || self.rank("np.outer", b)? != 1 {
            return self.refuse(span, "`np.outer` of anything but vectors is not supported yet");
        }
        let column = self.view(a, vec![Pick::WHOLE, Pick::NewAxis], span)?;
        self.binary(BinaryOp::Mul, column, b, span)
    }

    /// `a @ b` of vectors and matrices.
    pub(super) fn matmul(&mut self, name: &str, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        let ranks = (self.rank(name, a)?, self.rank(name, b)?);
        let dtype = self.common_dtype(&[a, b]);
        match ranks {
            (0, _) | (_, 0) => {
                let message = format!(
                    "`{name}` multiplies arrays, not {} and {}",
                    self.function.ty(a),
                    self.function.ty(b)
                );
                self.refuse(span, message)
            }
            (1, 1) => self.vector_product(a, b, dtype, span),
            (2, 2) => self.matrix_product(a, b, dtype, span),
            (2, 1) => self.rows_by_vector(a, b, false, dtype, span),
            (1, 2) => self.rows_by_vector(b, a, true, dtype, span),
            _ => self.refuse(span, format!("`{name}` of arrays of more than two axes is not supported yet")),
        }
    }

    fn matrix_product(&mut self, a: hir::Expr, b: hir::Expr, dtype: Dtype, span: Span) -> Typed {
        let array = |this: &Self, x| this.function.ty(x).array().expect("a matrix");
        let mut unit = AxisSet::default();
        if array(self, a).unit.contains(0) {
            unit = unit.with(0);
        }
        if array(self, b).unit.contains(1) {
            unit = unit.with(1);
        }
        let (a, b) = (self.convert(a, dtype)?, self.convert(b, dtype)?);
        let ty = ArrayType { unit, ..ArrayType::contiguous(dtype, 2) };
        Ok(self.push(ExprKind::MatMul(a, b), Type::Array(ty), span))
    }

    /// The product of each row, or column, with the vector, in the order of sums.
    fn rows_by_vector(
        &mut self,
        matrix: hir::Expr,
        vector: hir::Expr,
        vector_first: bool,
        dtype: Dtype,
        span: Span,
    ) -> Typed {
        self.share(matrix, |this, matrix| {
            this.share(vector, |this, vector| {
                let rows = if vector_first { this.transposed(matrix, span)? } else { matrix };
                let (x, y) = (this.convert(rows, dtype)?, this.convert(vector, dtype)?);
                let products = this.apply(Binary::Mul, dtype, Element::Strong(dtype), x, y, span)?;
                let sums = this.sum_of(products, dtype, 1, span);
                if vector_first {
                    this.aligned(vector, 0, matrix, 0, sums, span)
                } else {
                    this.aligned(matrix, 1, vector, 0, sums, span)
                }
            })
        })
    }

    /// The sum of the products, in the order of sums.
    fn vector_product(&mut self, a: hir::Expr, b: hir::Expr, dtype: Dtype, span: Span) -> Typed {
        self.share(a, |this, a| {
            this.share(b, |this, b| {
                let (x, y) = (this.convert(a, dtype)?, this.convert(b, dtype)?);
                let products = this.apply(Binary::Mul, dtype, Element::Strong(dtype), x, y, span)?;
                let sum = this.sum_of(products, dtype, 0, span);
                this.aligned(a, 0, b, 0, sum, span)
            })
        })
    }

    /// The sum over one axis, without another dtype: integers wrap.
    pub(super) fn sum_of(&mut self, array: hir::Expr, dtype: Dtype, axis: usize, span: Span) -> hir::Expr {
        let source = self.function.ty(array).array().expect("an array");
        let op = if dtype == Dtype::Bool { Reduce::Any } else { Reduce::Sum };
        let axes = AxisSet::default().with(axis);
        let result = source.reduced(axes, false);
        let ty = if result.rank == 0 { Type::Scalar(dtype) } else { Type::Array(result) };
        self.push(ExprKind::Reduce { op, array, axes, keepdims: false, initial: None }, ty, span)
    }

    /// `body`, after a check that two axes have one extent: nothing is stretched in a product.
    fn aligned(
        &mut self,
        a: hir::Expr,
        axis_a: usize,
        b: hir::Expr,
        axis_b: usize,
        body: hir::Expr,
        span: Span,
    ) -> Typed {
        let left: Vec<_> = (0..self.rank("@", a)?).map(|axis| self.extent(a, axis, span)).collect();
        let right: Vec<_> = (0..self.rank("@", b)?).map(|axis| self.extent(b, axis, span)).collect();
        let condition = self.compare(CompareOp::Eq, left[axis_a], right[axis_b], span)?;
        let fault = FaultKind::NotAligned { left: left.len() as u8, right: right.len() as u8 };
        let values = [left, right].concat();
        let ty = self.function.ty(body).clone();
        Ok(self.push(ExprKind::Require { condition, fault, values, body }, ty, span))
    }
}
