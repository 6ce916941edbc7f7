//! Arrays joined along an axis: `concatenate`, `stack` and their kin, as stores into views of a new array.

use super::call::Arguments;
use super::{Body, Typed};
use crate::ast::{self, BinaryOp, CompareOp, ExprKind as Ast};
use crate::base::{ArrayType, AxisSet, Diagnostic, Dtype, FaultKind, Span, Type};
use crate::hir::{self, ExprKind, Pick};

pub(super) const NAMES: &[&str] =
    &["concatenate", "concat", "stack", "vstack", "hstack", "column_stack", "append"];

/// Arrays that become one, in a dtype.
struct Parts {
    arrays: Vec<hir::Expr>,
    dtype: Dtype,
    axis: usize,
    /// Each part is one index of the axis, which it does not have itself.
    stacked: bool,
}

impl<'a> Body<'_, 'a> {
    /// None if there is no such function.
    pub(super) fn joining(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Option<Typed> {
        NAMES.contains(&name).then(|| self.join_call(name, args, span))
    }

    fn join_call(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        if name == "append" {
            return self.append(args, span);
        }
        let with_axis = matches!(name, "concatenate" | "concat" | "stack");
        let [arrays, axis, dtype] = if with_axis {
            self.parameters(args, ["arrays", "axis", "dtype"], span)?
        } else {
            let [arrays, dtype] = self.parameters(args, ["tup", "dtype"], span)?;
            [arrays, None, dtype]
        };
        let Some(arrays) = arrays else { return self.refuse(span, format!("`np.{name}` needs arrays")) };
        let arrays = self.sequence(name, arrays)?;
        let dtype = self.optional_dtype(dtype)?;
        let arrays: Vec<_> =
            arrays.into_iter().map(|array| self.part(name, array, span)).collect::<Result<_, _>>()?;
        let rank = self.function.ty(arrays[0]).array().map_or(0, |array| array.rank());
        match name {
            "vstack" => self.concatenate(arrays, 0, dtype, span),
            "hstack" => self.concatenate(arrays, usize::from(rank > 1), dtype, span),
            "column_stack" => self.concatenate(arrays, 1, dtype, span),
            "stack" => {
                let axis = self.joined_axis(axis, rank + 1)?;
                self.stack(arrays, axis, dtype, span)
            }
            _ => {
                let axis = self.joined_axis(axis, rank)?;
                self.concatenate(arrays, axis, dtype, span)
            }
        }
    }

    /// `append(x, values)` of vectors.
    fn append(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [array, values, axis] = self.parameters(args, ["arr", "values", "axis"], span)?;
        let (Some(array), Some(values)) = (array, values) else {
            return self.refuse(span, "`np.append` needs an array and what to append");
        };
        let (array, values) = (self.expr(array)?, self.expr(values)?);
        let rank = self.function.ty(array).array().map_or(0, |array| array.rank());
        let values = match self.function.ty(values).scalar() {
            Some(dtype) => {
                let value = self.convert_to(values, &Type::Scalar(dtype))?;
                let ty = ArrayType { unit: AxisSet(1), ..ArrayType::contiguous(dtype, 1) };
                self.push(ExprKind::Elements { shape: vec![1], values: vec![value] }, Type::Array(ty), span)
            }
            None => values,
        };
        if axis.is_none() && rank != 1 {
            return self.refuse(span, "`np.append` without an axis takes vectors");
        }
        let axis = self.joined_axis(axis, rank)?;
        self.concatenate(vec![array, values], axis, None, span)
    }

    /// The items of a tuple or list of arrays.
    fn sequence(&mut self, name: &str, expr: &'a ast::Expr) -> Typed<Vec<hir::Expr>> {
        let items = match &expr.kind {
            Ast::Tuple(items) | Ast::List(items) => {
                items.iter().map(|item| self.expr(item)).collect::<Result<Vec<_>, _>>()?
            }
            _ => {
                let value = self.expr(expr)?;
                match (self.function.ty(value).clone(), self.function.exprs[value].kind.clone()) {
                    (_, ExprKind::Tuple(items)) => items,
                    (Type::Tuple(types), ExprKind::Local(_)) => types
                        .into_iter()
                        .enumerate()
                        .map(|(k, ty)| {
                            self.push(ExprKind::Item { tuple: value, index: k as u32 }, ty, expr.span)
                        })
                        .collect(),
                    (ty, _) => {
                        let message = format!("`np.{name}` takes a tuple of arrays, not {ty}");
                        return self.refuse(expr.span, message);
                    }
                }
            }
        };
        if items.is_empty() {
            return self.refuse(expr.span, format!("`np.{name}` needs at least one array"));
        }
        Ok(items)
    }

    /// An array with the axes that the function gives it.
    fn part(&mut self, name: &str, array: hir::Expr, span: Span) -> Typed {
        let Some(ty) = self.function.ty(array).array() else {
            let (ty, place) = (self.function.ty(array).clone(), self.function.span(array));
            return self.refuse(place, format!("`np.{name}` joins arrays, not {ty}"));
        };
        match (name, ty.rank()) {
            ("vstack", 1) => self.view(array, vec![Pick::NewAxis, Pick::WHOLE], span),
            ("column_stack", 1) => self.view(array, vec![Pick::WHOLE, Pick::NewAxis], span),
            ("concatenate" | "concat" | "vstack" | "hstack" | "column_stack", 0) => {
                let place = self.function.span(array);
                self.refuse(place, format!("`np.{name}` cannot join an array without axes"))
            }
            _ => Ok(array),
        }
    }

    fn joined_axis(&mut self, axis: Option<&'a ast::Expr>, rank: usize) -> Typed<usize> {
        let Some(expr) = axis else { return Ok(0) };
        let value = self.expr(expr)?;
        if *self.function.ty(value) == Type::None && rank == 1 {
            return Ok(0);
        }
        self.axis(value, rank)
    }

    pub(super) fn stack(
        &mut self,
        arrays: Vec<hir::Expr>,
        axis: usize,
        dtype: Option<Dtype>,
        span: Span,
    ) -> Typed {
        self.join(arrays, axis, true, dtype, span)
    }

    fn concatenate(
        &mut self,
        arrays: Vec<hir::Expr>,
        axis: usize,
        dtype: Option<Dtype>,
        span: Span,
    ) -> Typed {
        self.join(arrays, axis, false, dtype, span)
    }

    fn join(
        &mut self,
        arrays: Vec<hir::Expr>,
        axis: usize,
        stacked: bool,
        dtype: Option<Dtype>,
        span: Span,
    ) -> Typed {
        let first = self.function.ty(arrays[0]).clone();
        let rank = first.array().map(|array| array.rank());
        for array in &arrays {
            let ty = self.function.ty(*array).clone();
            if ty.array().map(|array| array.rank()) != rank || rank.is_none() {
                let place = self.function.span(*array);
                return self.inference.report(
                    Diagnostic::error(place, format!("cannot join {ty} with {first}"))
                        .label(self.function.span(arrays[0]), format!("{first} here"))
                        .hint("joined arrays have the same number of axes"),
                );
            }
            self.require_number(*array, "np.concatenate")?;
        }
        if rank.is_some_and(|rank| rank + usize::from(stacked) > crate::base::types::MAX_RANK) {
            return self.refuse(span, "an array of rank 9 is beyond the limit of 8");
        }
        let dtype = dtype.unwrap_or_else(|| self.common_dtype(&arrays));
        let parts = Parts { arrays: vec![], dtype, axis, stacked };
        self.share_parts(arrays, parts, span)
    }

    /// Evaluates the arrays one after the other, then joins them.
    fn share_parts(&mut self, mut arrays: Vec<hir::Expr>, mut parts: Parts, span: Span) -> Typed {
        if arrays.is_empty() {
            return self.join_shared(parts, span);
        }
        let first = arrays.remove(0);
        self.share(first, |this, first| {
            parts.arrays.push(first);
            this.share_parts(arrays, parts, span)
        })
    }

    fn join_shared(&mut self, parts: Parts, span: Span) -> Typed {
        let first = parts.arrays[0];
        let array = self.function.ty(first).array().expect("an array");
        // Where each part begins, and the end.
        let mut bounds = vec![self.int(0, span)];
        for (k, part) in parts.arrays.iter().enumerate() {
            bounds.push(if parts.stacked {
                self.int(k as i128 + 1, span)
            } else {
                let extent = self.extent(*part, parts.axis, span);
                self.binary(BinaryOp::Add, bounds[k], extent, span)?
            });
        }
        let mut shape: Vec<_> = (0..array.rank()).map(|axis| self.extent(first, axis, span)).collect();
        let mut unit = AxisSet::default();
        let total = bounds[parts.arrays.len()];
        if parts.stacked {
            shape.insert(parts.axis, total);
        } else {
            shape[parts.axis] = total;
        }
        if self.known_int(total) == Some(1) {
            unit = unit.with(parts.axis);
        }
        let ty = ArrayType { unit, ..ArrayType::contiguous(parts.dtype, shape.len()) };
        let target = self.push(ExprKind::Alloc { shape, fill: None }, Type::Array(ty), span);
        let value = self.share(target, |this, target| this.store_parts(&parts, &bounds, 0, target, span))?;
        self.require_one_shape(&parts, value, span)
    }

    fn store_parts(
        &mut self,
        parts: &Parts,
        bounds: &[hir::Expr],
        k: usize,
        target: hir::Expr,
        span: Span,
    ) -> Typed {
        let Some(part) = parts.arrays.get(k) else { return Ok(target) };
        let rank = self.function.ty(target).array().expect("an array").rank();
        let mut items = vec![Pick::WHOLE; rank];
        items[parts.axis] = if parts.stacked {
            Pick::At(bounds[k])
        } else {
            Pick::Slice { start: Some(bounds[k]), stop: Some(bounds[k + 1]), step: None }
        };
        let place = self.view(target, items, span)?;
        let stored = self.write_any(place, *part, parts.dtype, span)?;
        self.share(stored, |this, _| this.store_parts(parts, bounds, k + 1, target, span))
    }

    /// Nothing is stretched: all axes but the joined one agree.
    fn require_one_shape(&mut self, parts: &Parts, value: hir::Expr, span: Span) -> Typed {
        let first = parts.arrays[0];
        let rank = self.function.ty(first).array().expect("an array").rank();
        let mut value = value;
        for part in parts.arrays[1..].iter().rev() {
            for axis in (0..rank).rev().filter(|axis| parts.stacked || *axis != parts.axis) {
                let (a, b) = (self.extent(first, axis, span), self.extent(*part, axis, span));
                let condition = self.compare(CompareOp::Eq, a, b, span)?;
                let fault = FaultKind::Raised {
                    exception: "ValueError".to_string(),
                    message: format!("joined arrays differ in their extents along axis {axis}"),
                };
                let ty = self.function.ty(value).clone();
                value =
                    self.push(ExprKind::Require { condition, fault, values: vec![], body: value }, ty, span);
            }
        }
        Ok(value)
    }
}
