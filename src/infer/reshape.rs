//! `reshape`, `ravel`, `flatten`.

use super::call::Arguments;
use super::{Body, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::types::MAX_RANK;
use crate::base::{Span, Type};
use crate::hir::{self, ExprKind, Reshaping};

/// As functions of `np`.
pub(super) const FUNCTIONS: &[&str] = &["reshape", "ravel"];

/// As methods of arrays.
pub(super) const METHODS: &[&str] = &["reshape", "ravel", "flatten"];

impl<'a> Body<'_, 'a> {
    pub(super) fn reshaping(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let fortran = self.is_fortran_order(args)?;
        let skipped = usize::from(args.receiver.is_none());
        let array = match (args.receiver, args.get(0, "a")) {
            (Some(receiver), _) => receiver,
            (None, Some(array)) => self.expr(array)?,
            (None, None) => return self.refuse(span, format!("`{}` needs an array", args.callee)),
        };
        if !self.function.ty(array).is_array() {
            return self.refuse(span, format!("`{}` of {}", args.callee, self.function.ty(array)));
        }
        let shape = args.positional.get(skipped..).unwrap_or_default();
        if name == "reshape" {
            let shape = self.new_shape(shape, args, span)?;
            return self.reshaped(array, shape, Reshaping::View, fortran, span);
        }
        if !shape.is_empty() {
            return self.refuse(span, format!("`{}` takes no shape", args.callee));
        }
        let shape = vec![self.int(-1, span)];
        let array = if name == "flatten" { self.copy(array, span)? } else { array };
        self.reshaped(array, shape, Reshaping::ViewOfContiguous, fortran, span)
    }

    /// `reshape(a, b)`, `reshape((a, b))`, `reshape(shape=(a, b))`.
    fn new_shape(
        &mut self,
        positional: &[&'a ast::Expr],
        args: &Arguments<'a>,
        span: Span,
    ) -> Typed<Vec<hir::Expr>> {
        let shape = match (positional, args.keyword("shape")) {
            ([shape], None) => self.shape_argument(shape)?,
            ([], Some(shape)) => self.shape_argument(shape)?,
            ([_, ..], None) if args.receiver.is_some() => {
                let mut extents = vec![];
                for extent in positional {
                    let value = self.expr(extent)?;
                    extents.push(self.as_index(value, "an extent")?);
                }
                extents
            }
            _ => return self.refuse(span, format!("`{}` needs a shape", args.callee)),
        };
        if shape.len() > MAX_RANK {
            let message = format!("an array of rank {} is beyond the limit of {MAX_RANK}", shape.len());
            return self.refuse(span, message);
        }
        Ok(shape)
    }

    /// Whether `order="F"` is asked for; `order="C"` is the order of the language.
    fn is_fortran_order(&mut self, args: &Arguments<'a>) -> Typed<bool> {
        let mut fortran = false;
        for (name, value) in &args.keyword {
            match (name.text.as_str(), &value.kind) {
                ("a" | "shape", _) => {}
                ("order", Ast::Str(order)) if order == "C" || order == "F" => fortran = order == "F",
                ("order", _) => return self.refuse(value.span, "an order is \"C\" or \"F\""),
                (other, _) => {
                    let message = format!("the option `{other}` is not supported yet");
                    return self.refuse(name.span, message);
                }
            }
        }
        Ok(fortran)
    }

    /// In Fortran's order it is the transpose of the transpose reshaped.
    fn reshaped(
        &mut self,
        array: hir::Expr,
        mut shape: Vec<hir::Expr>,
        result: Reshaping,
        fortran: bool,
        span: Span,
    ) -> Typed {
        let array = if fortran { self.transposed(array, span)? } else { array };
        if fortran {
            shape.reverse();
        }
        let ty = self.function.ty(array).array().expect("an array");
        let ty = Type::Array(self.function.reshaped_type(ty, &shape, result));
        let reshaped = self.push(ExprKind::Reshape { array, shape, result }, ty, span);
        if fortran { self.transposed(reshaped, span) } else { Ok(reshaped) }
    }
}
