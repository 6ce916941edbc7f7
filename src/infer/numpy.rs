//! NumPy's functions and the methods of arrays.

use super::call::Arguments;
use super::reduce::{REDUCTION_METHODS, REDUCTIONS};
use super::{Body, Typed, axes, mathematics, reshape};
use crate::ast::{self, ExprKind as Ast};
use crate::base::{ArrayType, Diagnostic, Dtype, Layout, Span, Type};
use crate::hir::{self, ExprKind};

/// The elementwise functions, for "did you mean".
pub(super) fn elementwise() -> impl Iterator<Item = &'static str> {
    super::ufunc::names().chain(mathematics::names())
}

/// Whether there is an elementwise function of this name.
pub(super) fn has(name: &str) -> bool {
    elementwise().any(|known| known == name)
}

/// NumPy's functions that are not there yet. They are refused by name, without a guess at another one.
const LATER: &str = "\
    angle apply_along_axis argmax argmin argpartition argsort argwhere average bincount block broadcast_arrays choose \
    complex128 complex64 compress convolve correlate corrcoef cov cross delete diff digitize dsplit \
    ediff1d einsum extract fill_diagonal flatnonzero fromfunction fromiter geomspace gradient hsplit histogram \
    histogram2d in1d indices insert interp intersect1d isin iscomplex isreal lexsort logspace median meshgrid mgrid \
    nanmax nanmean nanmin nanstd nansum nanvar nonzero ogrid packbits pad partition percentile piecewise place poly1d \
    polyfit polyval put quantile resize rot90 searchsorted select setdiff1d sort split take take_along_axis tensordot \
    trapezoid union1d unique unravel_index unwrap vander vectorize vsplit";

impl<'a> Body<'_, 'a> {
    pub(super) fn numpy_call(&mut self, name: &str, args: &Arguments<'a>, place: Span, span: Span) -> Typed {
        if let Some(dtype) = Dtype::from_name(name) {
            return self.cast(dtype, args, span);
        }
        match name {
            "dtype" => return self.dtype_call(args, span),
            _ if REDUCTIONS.contains(&name) => return self.reduction(name, args, span),
            _ if axes::FUNCTIONS.contains(&name) => return self.rearrange(name, args, span),
            _ if reshape::FUNCTIONS.contains(&name) => return self.reshaping(name, args, span),
            _ => {}
        }
        let known = self
            .numpy_elementwise(name, args, span)
            .or_else(|| self.composed(name, args, span))
            .or_else(|| self.creation(name, args, span))
            .or_else(|| self.indexed(name, args, span))
            .or_else(|| self.joining(name, args, span))
            .or_else(|| self.moved(name, args, span))
            .or_else(|| self.linear_algebra(name, args, span));
        known.unwrap_or_else(|| self.unknown_numpy(name, place))
    }

    fn unknown_numpy(&mut self, name: &str, place: Span) -> Typed {
        let mut diagnostic = Diagnostic::error(place, format!("`np.{name}` is not supported yet"));
        let near = super::names::nearest(name, numpy_names())
            .filter(|_| LATER.split_whitespace().all(|later| later != name));
        if let Some(near) = near {
            diagnostic = diagnostic.hint(format!("did you mean `np.{near}`?"));
        }
        self.inference.report(diagnostic)
    }

    pub(super) fn method(
        &mut self,
        value: &'a ast::Expr,
        name: &'a ast::Name,
        mut args: Arguments<'a>,
        span: Span,
    ) -> Typed {
        let receiver = self.expr(value)?;
        let ty = self.function.ty(receiver).clone();
        if !ty.is_array() {
            return self.refuse(name.span, format!("{ty} has no method `{}`", name.text));
        }
        args.receiver = Some(receiver);
        match name.text.as_str() {
            text if REDUCTION_METHODS.contains(&text) => self.reduction(text, &args, span),
            "copy" => self.copy(receiver, span),
            "astype" => self.astype(receiver, &args, span),
            "fill" => self.fill(receiver, &args, span),
            "clip" | "round" => self.composed(&name.text, &args, span).expect("a function too"),
            "conj" | "conjugate" => Ok(receiver),
            "dot" => self.linear_algebra("dot", &args, span).expect("a function too"),
            "repeat" | "diagonal" | "trace" => self.moved(&name.text, &args, span).expect("a function too"),
            name if axes::METHODS.contains(&name) => self.rearrange(name, &args, span),
            name if reshape::METHODS.contains(&name) => self.reshaping(name, &args, span),
            other => {
                let own = ["copy", "astype", "fill", "clip", "round", "conj", "dot"];
                let rearranging = axes::METHODS.iter().chain(reshape::METHODS).copied();
                let known = REDUCTION_METHODS.iter().copied().chain(rearranging).chain(own);
                let mut diagnostic =
                    Diagnostic::error(name.span, format!("the method `{other}` is not supported yet"));
                if let Some(near) = super::names::nearest(other, known) {
                    diagnostic = diagnostic.hint(format!("did you mean `{near}`?"));
                }
                self.inference.report(diagnostic)
            }
        }
    }

    pub(super) fn copy(&mut self, array: hir::Expr, span: Span) -> Typed {
        let Some(ty) = self.function.ty(array).array() else {
            return self.refuse(span, format!("`copy` of {}", self.function.ty(array)));
        };
        let ty = Type::Array(ArrayType { layout: Layout::C, ..ty });
        Ok(self.push(ExprKind::Copy(array), ty, span))
    }

    fn astype(&mut self, array: hir::Expr, args: &Arguments<'a>, span: Span) -> Typed {
        let Some(expr) = args.get(0, "dtype") else { return self.refuse(span, "`astype` needs a dtype") };
        let dtype = self.dtype(expr)?;
        if self.function.ty(array).dtype() == Some(dtype) {
            return self.copy(array, span);
        }
        self.convert(array, dtype)
    }

    pub(super) fn refuse_options(&mut self, args: &Arguments<'a>, known: &[&str]) -> Typed<()> {
        match args.keyword.iter().find(|(name, _)| !known.contains(&name.text.as_str())) {
            Some((name, _)) => {
                self.refuse(name.span, format!("the option `{}` is not supported yet", name.text))
            }
            None => Ok(()),
        }
    }

    /// A shape: an int, a tuple of ints, or a tuple value such as `x.shape`.
    pub(super) fn shape_argument(&mut self, expr: &'a ast::Expr) -> Typed<Vec<hir::Expr>> {
        if let Ast::Tuple(items) | Ast::List(items) = &expr.kind {
            let mut extents = vec![];
            for item in items {
                let value = self.expr(item)?;
                extents.push(self.as_index(value, "an extent")?);
            }
            return Ok(extents);
        }
        let value = self.expr(expr)?;
        let Type::Tuple(types) = self.function.ty(value).clone() else {
            return Ok(vec![self.as_index(value, "an extent")?]);
        };
        if let ExprKind::Tuple(items) = self.function.exprs[value].kind.clone() {
            return items.into_iter().map(|item| self.as_index(item, "an extent")).collect();
        }
        // The first extent evaluates the tuple, into a temporary that the others read after it.
        let local = self.temporary(self.function.ty(value).clone());
        let mut extents = vec![];
        for (index, ty) in types.into_iter().enumerate() {
            let tuple = self.push(ExprKind::Local(local), self.function.ty(value).clone(), expr.span);
            let mut item = self.push(ExprKind::Item { tuple, index: index as u32 }, ty.clone(), expr.span);
            if index == 0 {
                item = self.push(ExprKind::Let { local, value, body: item }, ty, expr.span);
            }
            extents.push(self.as_index(item, "an extent")?);
        }
        Ok(extents)
    }
}

/// Every function of NumPy that is there, for "did you mean".
fn numpy_names() -> impl Iterator<Item = &'static str> {
    elementwise()
        .chain(super::composed::NAMES.iter().copied())
        .chain(super::creation::NAMES.iter().copied())
        .chain(super::indexed::NAMES.iter().copied())
        .chain(super::joined::NAMES.iter().copied())
        .chain(super::moved::NAMES.iter().copied())
        .chain(super::linear::NAMES.iter().copied())
        .chain(axes::FUNCTIONS.iter().copied())
        .chain(reshape::FUNCTIONS.iter().copied())
        .chain(REDUCTIONS.iter().copied())
}
