//! Subscripts and attributes of arrays and tuples.

use super::{Body, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::{Diagnostic, Dtype, Span, Type};
use crate::hir::{self, ExprKind};

/// What a subscript selects.
pub(super) enum Subscript {
    /// `a[:]`, `a[...]`: all of it.
    Whole,
    /// One element.
    Element(Vec<hir::Expr>),
}

impl<'a> Body<'_, 'a> {
    pub(super) fn index(&mut self, value: &'a ast::Expr, items: &'a [ast::Expr], span: Span) -> Typed {
        let base = self.expr(value)?;
        if let Type::Tuple(types) = self.function.ty(base).clone() {
            return self.tuple_subscript(base, &types, items, span);
        }
        match self.subscript(base, items, span)? {
            Subscript::Whole => self.refuse(span, "slices as values are not supported yet"),
            Subscript::Element(indices) => Ok(self.element(base, indices, span)),
        }
    }

    pub(super) fn element(&mut self, array: hir::Expr, indices: Vec<hir::Expr>, span: Span) -> hir::Expr {
        let dtype = self.function.ty(array).dtype().expect("an array");
        self.push(ExprKind::Index { array, indices }, Type::Scalar(dtype), span)
    }

    /// Types the items of a subscript of an array.
    pub(super) fn subscript(
        &mut self,
        array: hir::Expr,
        items: &'a [ast::Expr],
        span: Span,
    ) -> Typed<Subscript> {
        let Some(ty) = self.function.ty(array).array() else {
            let message = format!("cannot index {}", self.function.ty(array));
            return self.refuse(span, message);
        };
        let items = match items {
            [ast::Expr { kind: Ast::Tuple(inner), .. }] => inner.as_slice(),
            items => items,
        };
        let is_whole = |item: &ast::Expr| {
            matches!(item.kind, Ast::Ellipsis | Ast::Slice { start: None, stop: None, step: None })
        };
        if !items.is_empty() && items.len() <= ty.rank().max(1) && items.iter().all(is_whole) {
            return Ok(Subscript::Whole);
        }
        if let Some(item) =
            items.iter().find(|item| matches!(item.kind, Ast::Slice { .. } | Ast::Ellipsis | Ast::None))
        {
            return self.inference.report(
                Diagnostic::error(item.span, "slices are not supported yet")
                    .hint("index single elements in a loop"),
            );
        }
        if items.len() > ty.rank() {
            return self
                .refuse(span, format!("{} for {ty}, which has rank {}", indices(items.len()), ty.rank()));
        }
        if items.len() < ty.rank() {
            return self.inference.report(
                Diagnostic::error(
                    span,
                    format!("{} for {ty}: rows as views are not supported yet", indices(items.len())),
                )
                .hint("give one index per axis"),
            );
        }
        let mut indices = vec![];
        for item in items {
            let index = self.expr(item)?;
            if self.function.ty(index).is_array() {
                return self.refuse(item.span, "indexing by an array is not supported yet");
            }
            if self.function.ty(index).scalar() == Some(Dtype::Bool) {
                return self.refuse(
                    item.span,
                    "indexing by a bool, which NumPy takes for a mask, is not supported yet",
                );
            }
            indices.push(self.as_index(index, "an index")?);
        }
        Ok(Subscript::Element(indices))
    }

    pub(super) fn attribute(&mut self, value: &'a ast::Expr, name: &'a ast::Name, span: Span) -> Typed {
        if let Some(module) = self.module_path(value) {
            return self.module_member(&module, &name.text, span);
        }
        let base = self.expr(value)?;
        let Some(array) = self.function.ty(base).array() else {
            let message = format!("{} has no attribute `{}`", self.function.ty(base), name.text);
            return self.refuse(name.span, message);
        };
        match name.text.as_str() {
            "shape" => Ok(self.shared_in_expr(base, |this, base| this.shape(base, span))),
            "size" => Ok(self.shared_in_expr(base, |this, base| this.size(base, span))),
            "ndim" => Ok(self.int(array.rank as i128, span)),
            "T" | "flat" | "real" | "imag" | "strides" | "itemsize" | "nbytes" | "dtype" => {
                self.refuse(name.span, format!("the attribute `{}` is not supported here yet", name.text))
            }
            other => {
                let known = ["shape", "size", "ndim", "sum", "prod", "min", "max", "mean", "copy", "astype"];
                let mut diagnostic =
                    Diagnostic::error(name.span, format!("{array} has no attribute `{other}`"));
                if let Some(near) = super::names::nearest(other, known) {
                    diagnostic = diagnostic.hint(format!("did you mean `{near}`?"));
                }
                self.inference.report(diagnostic)
            }
        }
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

fn indices(number: usize) -> String {
    if number == 1 { "1 index".to_string() } else { format!("{number} indices") }
}
