//! Tuples as values.

use super::Body;
use crate::base::{Span, Type};
use crate::hir::{self, ExprKind};

impl Body<'_, '_> {
    pub(super) fn tuple_of(&mut self, items: Vec<hir::Expr>, span: Span) -> hir::Expr {
        let types = items.iter().map(|item| self.function.ty(*item).clone()).collect();
        self.push(ExprKind::Tuple(items), Type::Tuple(types), span)
    }

    /// The items of a tuple that can be read as often as one likes.
    pub(super) fn tuple_parts(&mut self, tuple: hir::Expr, types: &[Type], span: Span) -> Vec<hir::Expr> {
        let item = |index: usize| ExprKind::Item { tuple, index: index as u32 };
        types.iter().enumerate().map(|(index, ty)| self.push(item(index), ty.clone(), span)).collect()
    }
}
