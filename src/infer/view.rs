//! Views: what a subscript selects, and NumPy's functions that only rearrange axes.

use super::{Body, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::types::MAX_RANK;
use crate::base::{ArrayType, Diagnostic, Dtype, Span, Type};
use crate::hir::{self, ExprKind, Pick};

/// What a subscript selects.
pub(super) enum Subscript {
    Element(Vec<hir::Expr>),
    /// One item per axis, and new axes.
    View(Vec<Pick>),
}

/// An item of a subscript as it is written.
enum Item {
    Pick(Pick),
    /// `...`: all of the axes that are not mentioned.
    Rest,
}

impl<'a> Body<'_, 'a> {
    /// Types the items of a subscript of an array.
    pub(super) fn subscript(
        &mut self,
        array: hir::Expr,
        items: &'a [ast::Expr],
        span: Span,
    ) -> Typed<Subscript> {
        let ty = self.array_type(array, span)?;
        let items = match items {
            [ast::Expr { kind: Ast::Tuple(inner), .. }] => inner.as_slice(),
            items => items,
        };
        let mut written = vec![];
        match items {
            [item] => self.single_item(item, &mut written)?,
            items => {
                for item in items {
                    written.push(self.subscript_item(item)?);
                }
            }
        }
        self.complete(ty, written, span)
    }

    fn array_type(&mut self, array: hir::Expr, span: Span) -> Typed<ArrayType> {
        match self.function.ty(array).array() {
            Some(ty) => Ok(ty),
            None => self.refuse(span, format!("cannot index {}", self.function.ty(array))),
        }
    }

    /// `x[item]`: a tuple stands for its items.
    fn single_item(&mut self, item: &'a ast::Expr, written: &mut Vec<Item>) -> Typed<()> {
        if let Ast::Slice { .. } | Ast::Ellipsis = item.kind {
            written.push(self.subscript_item(item)?);
            return Ok(());
        }
        let value = self.expr(item)?;
        let Type::Tuple(types) = self.function.ty(value).clone() else {
            written.push(Item::Pick(self.index_item(value, item.span)?));
            return Ok(());
        };
        let parts: Vec<hir::Expr> = match self.function.exprs[value].kind.clone() {
            ExprKind::Tuple(items) => items,
            ExprKind::Local(_) => types
                .into_iter()
                .enumerate()
                .map(|(k, ty)| self.push(ExprKind::Item { tuple: value, index: k as u32 }, ty, item.span))
                .collect(),
            _ => return self.refuse(item.span, "bind the tuple to a name before indexing by it"),
        };
        for part in parts {
            written.push(Item::Pick(self.index_item(part, item.span)?));
        }
        Ok(())
    }

    fn subscript_item(&mut self, item: &'a ast::Expr) -> Typed<Item> {
        Ok(match &item.kind {
            Ast::Ellipsis => Item::Rest,
            Ast::Slice { start, stop, step } => Item::Pick(Pick::Slice {
                start: self.slice_part(start.as_deref())?,
                stop: self.slice_part(stop.as_deref())?,
                step: self.slice_part(step.as_deref())?,
            }),
            _ => {
                let value = self.expr(item)?;
                Item::Pick(self.index_item(value, item.span)?)
            }
        })
    }

    /// A bound or step of a slice; `None` is as good as nothing.
    fn slice_part(&mut self, part: Option<&'a ast::Expr>) -> Typed<Option<hir::Expr>> {
        let Some(part) = part else { return Ok(None) };
        let value = self.expr(part)?;
        if *self.function.ty(value) == Type::None {
            return Ok(None);
        }
        // Numbers beyond i64 clamp like any that is too large.
        if let Some(known) = self.known_int(value) {
            return Ok(Some(self.int(known.clamp(i64::MIN.into(), i64::MAX.into()), part.span)));
        }
        self.as_index(value, "a bound of a slice").map(Some)
    }

    fn index_item(&mut self, value: hir::Expr, span: Span) -> Typed<Pick> {
        let ty = self.function.ty(value).clone();
        if ty == Type::None {
            return Ok(Pick::NewAxis);
        }
        if ty.is_array() {
            return self.refuse(span, "indexing by an array is not supported yet");
        }
        if ty.scalar() == Some(Dtype::Bool) {
            return self
                .refuse(span, "indexing by a bool, which NumPy takes for a mask, is not supported yet");
        }
        self.as_index(value, "an index").map(Pick::At)
    }

    /// Fills in the axes that are not mentioned.
    fn complete(&mut self, ty: ArrayType, written: Vec<Item>, span: Span) -> Typed<Subscript> {
        let axes = written.iter().filter(|item| item.takes_axis()).count();
        if axes > ty.rank() {
            return self.refuse(span, format!("{} for {ty}, which has rank {}", indices(axes), ty.rank()));
        }
        let rests = written.iter().filter(|item| matches!(item, Item::Rest)).count();
        if rests > 1 {
            return self.refuse(span, "an index can have only one `...`");
        }
        let mut missing = Some(ty.rank() - axes);
        let mut picks = vec![];
        for item in written {
            match item {
                Item::Pick(pick) => picks.push(pick),
                Item::Rest => picks.extend(vec![Pick::WHOLE; missing.take().unwrap_or(0)]),
            }
        }
        picks.extend(vec![Pick::WHOLE; missing.unwrap_or(0)]);
        let indices: Option<Vec<hir::Expr>> = picks.iter().map(Pick::index).collect();
        match indices.filter(|_| rests == 0) {
            Some(indices) => Ok(Subscript::Element(indices)),
            None => Ok(Subscript::View(picks)),
        }
    }

    /// `array[picks]`.
    pub(super) fn view(&mut self, array: hir::Expr, items: Vec<Pick>, span: Span) -> Typed {
        if items.iter().all(|item| *item == Pick::WHOLE) {
            return Ok(array);
        }
        let ty = self.array_type(array, span)?;
        let rank = items.iter().filter(|item| item.index().is_none()).count();
        if rank > MAX_RANK {
            return self.refuse(span, format!("an array of rank {rank} is beyond the limit of {MAX_RANK}"));
        }
        let ty = Type::Array(self.function.view_type(ty, &items));
        Ok(self.push(ExprKind::View { array, items }, ty, span))
    }

    /// `array[index]`: an element, or a view of what lies there. The index is a weak int.
    pub(super) fn item(&mut self, array: hir::Expr, index: hir::Expr, span: Span) -> Typed {
        let ty = self.array_type(array, span)?;
        if ty.rank() == 1 {
            return Ok(self.element(array, vec![index], span));
        }
        let mut items = vec![Pick::WHOLE; ty.rank()];
        items[0] = Pick::At(index);
        self.view(array, items, span)
    }

    /// The array with its axes in another order.
    pub(super) fn permute(&mut self, array: hir::Expr, axes: Vec<u8>, span: Span) -> Typed {
        let ty = self.array_type(array, span)?;
        if axes.is_sorted() {
            return Ok(array);
        }
        let ty = Type::Array(hir::permuted_type(ty, &axes));
        Ok(self.push(ExprKind::Permute { array, axes }, ty, span))
    }

    /// `x.T`.
    pub(super) fn transposed(&mut self, array: hir::Expr, span: Span) -> Typed {
        let rank = self.array_type(array, span)?.rank;
        self.permute(array, (0..rank).rev().collect(), span)
    }

    /// One axis; negative ones count from the end.
    pub(super) fn axis(&mut self, axis: hir::Expr, rank: usize) -> Typed<usize> {
        let (ty, span) = (self.function.ty(axis).clone(), self.function.span(axis));
        let Some(known) = self.known_int(axis).filter(|_| ty.dtype() != Some(Dtype::Bool)) else {
            let is_int = ty.dtype().is_some_and(|dtype| dtype.is_int());
            let mut diagnostic = Diagnostic::error(
                span,
                format!(
                    "an axis must be a constant int, not {}",
                    if is_int { "a variable".to_string() } else { ty.to_string() }
                ),
            );
            if is_int {
                diagnostic =
                    diagnostic.hint("the rank of the result depends on it, so it is part of the type");
            }
            return self.inference.report(diagnostic);
        };
        let wrapped = if known < 0 { known + rank as i128 } else { known };
        if wrapped < 0 || wrapped >= rank as i128 {
            return self.refuse(span, format!("axis {known} is out of range for an array of rank {rank}"));
        }
        Ok(wrapped as usize)
    }

    /// One axis, or a tuple of different ones.
    pub(super) fn axes(&mut self, expr: hir::Expr, rank: usize) -> Typed<Vec<usize>> {
        let items = match self.function.exprs[expr].kind.clone() {
            ExprKind::Tuple(items) => items,
            _ => vec![expr],
        };
        self.distinct_axes(items, rank)
    }

    pub(super) fn distinct_axes(&mut self, items: Vec<hir::Expr>, rank: usize) -> Typed<Vec<usize>> {
        let mut axes = vec![];
        for item in items {
            let axis = self.axis(item, rank)?;
            if axes.contains(&axis) {
                return self.refuse(self.function.span(item), format!("axis {axis} is given twice"));
            }
            axes.push(axis);
        }
        Ok(axes)
    }
}

impl Item {
    fn takes_axis(&self) -> bool {
        !matches!(self, Item::Rest | Item::Pick(Pick::NewAxis))
    }
}

fn indices(number: usize) -> String {
    if number == 1 { "1 index".to_string() } else { format!("{number} indices") }
}
