//! Subscripts and attributes of arrays and tuples.

use super::view::Subscript;
use super::{Body, Typed};
use crate::ast;
use crate::base::{Diagnostic, Span, Type};
use crate::hir::{self, ExprKind};

impl<'a> Body<'_, 'a> {
    pub(super) fn index(&mut self, value: &'a ast::Expr, items: &'a [ast::Expr], span: Span) -> Typed {
        let base = self.expr(value)?;
        if let Type::Tuple(types) = self.function.ty(base).clone() {
            return self.tuple_subscript(base, &types, items, span);
        }
        match self.subscript(base, items, span)? {
            Subscript::View(items) => self.view(base, items, span),
            Subscript::Element(indices) => Ok(self.element(base, indices, span)),
        }
    }

    pub(super) fn element(&mut self, array: hir::Expr, indices: Vec<hir::Expr>, span: Span) -> hir::Expr {
        let dtype = self.function.ty(array).dtype().expect("an array");
        self.push(ExprKind::Index { array, indices }, Type::Scalar(dtype), span)
    }

    pub(super) fn attribute(&mut self, value: &'a ast::Expr, name: &'a ast::Name, span: Span) -> Typed {
        if let Some(module) = self.module_path(value) {
            return self.module_member(&module, &name.text, span);
        }
        let base = self.expr(value)?;
        if let (Type::Scalar(_), "dtype") = (self.function.ty(base), name.text.as_str()) {
            return self.dtype_of(base, span);
        }
        let Some(array) = self.function.ty(base).array() else {
            let message = format!("{} has no attribute `{}`", self.function.ty(base), name.text);
            return self.refuse(name.span, message);
        };
        match name.text.as_str() {
            "shape" => Ok(self.shared_in_expr(base, |this, base| this.shape(base, span))),
            "size" => Ok(self.shared_in_expr(base, |this, base| this.size(base, span))),
            "ndim" => Ok(self.int(array.rank as i128, span)),
            "T" => self.transposed(base, span),
            "itemsize" => Ok(self.int(array.dtype.size() as i128, span)),
            "nbytes" => self.byte_size(base, array.dtype.size(), span),
            "dtype" => self.dtype_of(base, span),
            "flat" | "real" | "imag" | "strides" => {
                self.refuse(name.span, format!("the attribute `{}` is not supported here yet", name.text))
            }
            other => {
                let known = [
                    "shape", "size", "ndim", "sum", "prod", "min", "max", "mean", "copy", "astype", "T",
                    "nbytes",
                ];
                let mut diagnostic =
                    Diagnostic::error(name.span, format!("{array} has no attribute `{other}`"));
                if let Some(near) = super::names::nearest(other, known) {
                    diagnostic = diagnostic.hint(format!("did you mean `{near}`?"));
                }
                self.inference.report(diagnostic)
            }
        }
    }

    fn byte_size(&mut self, array: hir::Expr, size: usize, span: Span) -> Typed {
        let bytes = self.int(size as i128, span);
        Ok(self.shared_in_expr(array, |this, array| {
            let count = this.size(array, span);
            this.push(ExprKind::Binary(crate::base::Binary::Mul, count, bytes), Type::INT, span)
        }))
    }

    pub(super) fn extent(&mut self, array: hir::Expr, axis: usize, span: Span) -> hir::Expr {
        self.push(ExprKind::Extent { array, axis: axis as u8 }, Type::INT, span)
    }

    pub(super) fn shape(&mut self, array: hir::Expr, span: Span) -> hir::Expr {
        let rank = self.function.ty(array).array().expect("an array").rank();
        let extents: Vec<_> = (0..rank).map(|axis| self.extent(array, axis, span)).collect();
        self.push(ExprKind::Tuple(extents), Type::Tuple(vec![Type::INT; rank]), span)
    }

    pub(super) fn size(&mut self, array: hir::Expr, span: Span) -> hir::Expr {
        let rank = self.function.ty(array).array().expect("an array").rank();
        let mut size = if rank == 0 { self.int(1, span) } else { self.extent(array, 0, span) };
        for axis in 1..rank {
            let extent = self.extent(array, axis, span);
            size = self.push(ExprKind::Binary(crate::base::Binary::Mul, size, extent), Type::INT, span);
        }
        size
    }
}
