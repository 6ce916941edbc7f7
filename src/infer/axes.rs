//! NumPy's functions that rearrange axes: all are views.

use super::call::Arguments;
use super::{Body, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::{ArrayType, Diagnostic, Span, Type};
use crate::hir::{self, ExprKind, Pick};

/// As functions of `np`.
pub(super) const FUNCTIONS: &[&str] = &[
    "transpose",
    "permute_dims",
    "matrix_transpose",
    "swapaxes",
    "moveaxis",
    "expand_dims",
    "squeeze",
    "flip",
    "fliplr",
    "flipud",
    "atleast_1d",
    "atleast_2d",
];

/// As methods of arrays.
pub(super) const METHODS: &[&str] = &["transpose", "swapaxes", "squeeze"];

impl<'a> Body<'_, 'a> {
    pub(super) fn rearrange(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        match name {
            "transpose" | "permute_dims" => self.transpose(args, span),
            "matrix_transpose" => {
                let (array, ty, []) = self.rearranged(args, [], span)?;
                self.require_rank(ty, 2, span)?;
                self.swapped(array, ty, ty.rank() - 2, ty.rank() - 1, span)
            }
            "swapaxes" => {
                let (array, ty, [a, b]) = self.rearranged(args, ["axis1", "axis2"], span)?;
                let (Some(a), Some(b)) = (a, b) else {
                    return self.refuse(span, "`swapaxes` needs two axes");
                };
                let (a, b) = (self.axis(a, ty.rank())?, self.axis(b, ty.rank())?);
                self.swapped(array, ty, a, b, span)
            }
            "moveaxis" => self.move_axis(args, span),
            "expand_dims" => self.expand_dims(args, span),
            "squeeze" => self.squeeze(args, span),
            "fliplr" | "flipud" => {
                let (array, ty, []) = self.rearranged(args, [], span)?;
                let axis = usize::from(name == "fliplr");
                self.require_rank(ty, axis + 1, span)?;
                self.flipped(array, ty, &[axis], span)
            }
            "flip" => {
                let (array, ty, [axis]) = self.rearranged(args, ["axis"], span)?;
                let axes = match self.given(axis) {
                    Some(axis) => self.axes(axis, ty.rank())?,
                    None => (0..ty.rank()).collect(),
                };
                self.flipped(array, ty, &axes, span)
            }
            _ => {
                let (array, ty, []) = self.rearranged(args, [], span)?;
                let rank = if name == "atleast_1d" { 1 } else { 2 };
                let new = vec![Pick::NewAxis; usize::saturating_sub(rank, ty.rank())];
                self.view(array, new.into_iter().chain(vec![Pick::WHOLE; ty.rank()]).collect(), span)
            }
        }
    }

    /// The array that a call is about, and its other arguments.
    fn rearranged<const N: usize>(
        &mut self,
        args: &Arguments<'a>,
        names: [&str; N],
        span: Span,
    ) -> Typed<(hir::Expr, ArrayType, [Option<hir::Expr>; N])> {
        let mut known = args.keyword.iter().map(|(name, _)| name.text.as_str());
        let unknown = known.find(|name| !names.contains(name) && *name != "a" && *name != "m");
        let shift = usize::from(args.receiver.is_none());
        if unknown.is_some() || args.positional.len() > N + shift {
            return self.refuse(span, format!("`{}` does not take these arguments", args.callee));
        }
        let array = self.rearranged_array(args, span)?;
        let Some(ty) = self.function.ty(array).array() else {
            return self.refuse(span, format!("`{}` of {}", args.callee, self.function.ty(array)));
        };
        let mut values = [None; N];
        for (k, name) in names.iter().enumerate() {
            if let Some(value) = args.get(k + shift, name) {
                values[k] = Some(self.axes_value(value)?);
            }
        }
        Ok((array, ty, values))
    }

    fn rearranged_array(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let array = args.get(0, "a").or_else(|| args.keyword("m"));
        match (args.receiver, array) {
            (Some(receiver), _) => Ok(receiver),
            (None, Some(array)) => self.expr(array),
            (None, None) => self.refuse(span, format!("`{}` needs an array", args.callee)),
        }
    }

    /// An argument that may be a list of axes.
    fn axes_value(&mut self, value: &'a ast::Expr) -> Typed {
        match &value.kind {
            Ast::List(items) => self.tuple(items, value.span),
            _ => self.expr(value),
        }
    }

    /// An argument that is not None.
    fn given(&self, value: Option<hir::Expr>) -> Option<hir::Expr> {
        value.filter(|value| *self.function.ty(*value) != Type::None)
    }

    fn require_rank(&mut self, ty: ArrayType, rank: usize, span: Span) -> Typed<()> {
        if ty.rank() >= rank {
            return Ok(());
        }
        self.refuse(span, format!("this needs an array of rank {rank} or more, not {ty}"))
    }

    fn transpose(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        if args.receiver.is_some() && args.positional.len() > 1 {
            let array = self.rearranged_array(args, span)?;
            let axes = args.positional.iter().map(|axis| self.expr(axis)).collect::<Typed<Vec<_>>>()?;
            let types = axes.iter().map(|axis| self.function.ty(*axis).clone()).collect();
            let axes = self.push(ExprKind::Tuple(axes), Type::Tuple(types), span);
            return self.permuted_by(array, axes, span);
        }
        let (array, _, [axes]) = self.rearranged(args, ["axes"], span)?;
        match self.given(axes) {
            Some(axes) => self.permuted_by(array, axes, span),
            None => self.transposed(array, span),
        }
    }

    fn permuted_by(&mut self, array: hir::Expr, axes: hir::Expr, span: Span) -> Typed {
        let Some(ty) = self.function.ty(array).array() else {
            return self.refuse(span, format!("cannot transpose {}", self.function.ty(array)));
        };
        let axes = self.axes(axes, ty.rank())?;
        if axes.len() != ty.rank() {
            return self.refuse(span, format!("{} axes for {ty}, which has rank {}", axes.len(), ty.rank()));
        }
        self.permute(array, axes.into_iter().map(|axis| axis as u8).collect(), span)
    }

    fn swapped(&mut self, array: hir::Expr, ty: ArrayType, a: usize, b: usize, span: Span) -> Typed {
        let mut axes: Vec<u8> = (0..ty.rank).collect();
        axes.swap(a, b);
        self.permute(array, axes, span)
    }

    fn move_axis(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let (array, ty, [source, destination]) = self.rearranged(args, ["source", "destination"], span)?;
        let (Some(source), Some(destination)) = (source, destination) else {
            return self.refuse(span, "`moveaxis` needs a source and a destination");
        };
        let (from, to) = (self.axes(source, ty.rank())?, self.axes(destination, ty.rank())?);
        if from.len() != to.len() {
            return self.refuse(span, format!("{} axes cannot move to {} places", from.len(), to.len()));
        }
        let mut moved: Vec<(usize, usize)> = to.into_iter().zip(from.iter().copied()).collect();
        moved.sort();
        let mut axes: Vec<u8> = (0..ty.rank()).filter(|axis| !from.contains(axis)).map(|a| a as u8).collect();
        moved.into_iter().for_each(|(place, axis)| axes.insert(place, axis as u8));
        self.permute(array, axes, span)
    }

    fn expand_dims(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let (array, ty, [axis]) = self.rearranged(args, ["axis"], span)?;
        let Some(axis) = axis else { return self.refuse(span, "`expand_dims` needs an axis") };
        let number = match self.function.ty(axis) {
            Type::Tuple(items) => items.len(),
            _ => 1,
        };
        let new = self.axes(axis, ty.rank() + number)?;
        let item = |axis| if new.contains(&axis) { Pick::NewAxis } else { Pick::WHOLE };
        self.view(array, (0..ty.rank() + number).map(item).collect(), span)
    }

    /// The rank of the result must be known, so the axes must be known to have extent 1.
    fn squeeze(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let (array, ty, [axis]) = self.rearranged(args, ["axis"], span)?;
        let Some(axis) = self.given(axis) else {
            return self.inference.report(
                Diagnostic::error(span, "`squeeze` needs an axis: the rank of its result must be known")
                    .hint("squeeze(axis=0), or index the axis with 0"),
            );
        };
        let axes = self.axes(axis, ty.rank())?;
        if let Some(axis) = axes.iter().find(|axis| !ty.unit.contains(**axis)) {
            return self.inference.report(
                Diagnostic::error(span, format!("axis {axis} of {ty} is not known to have extent 1"))
                    .hint("index it with 0"),
            );
        }
        let zero = self.int(0, span);
        let item = |axis| if axes.contains(&axis) { Pick::At(zero) } else { Pick::WHOLE };
        self.view(array, (0..ty.rank()).map(item).collect(), span)
    }

    fn flipped(&mut self, array: hir::Expr, ty: ArrayType, axes: &[usize], span: Span) -> Typed {
        let step = Some(self.int(-1, span));
        let back = Pick::Slice { start: None, stop: None, step };
        let item = |axis| if axes.contains(&axis) { back } else { Pick::WHOLE };
        self.view(array, (0..ty.rank()).map(item).collect(), span)
    }
}
