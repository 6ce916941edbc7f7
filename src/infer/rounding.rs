//! `round(x, n)`.
//!
//! Python rounds its floats as if written out in full and cut there: `round(2.675, 2)` is 2.67, since 2.675 is a little less. NumPy's
//! scalars are multiplied by a power of ten, rounded and divided again: 2.68.

use super::call::Arguments;
use super::promote::Element;
use super::{Body, Typed};
use crate::ast::ExprKind as Ast;
use crate::base::{Binary, Compare, Diagnostic, Dtype, Scalar, Span, Type, Unary, Weak};
use crate::hir::{self, ExprKind};

/// Powers of ten up to this are exact in f64.
const MAX_DIGITS: i128 = 22;

impl<'a> Body<'_, 'a> {
    /// `round(x)`: to the nearest int, ties to even. `round(x, n)`: to `n` decimals, of the type of `x`.
    pub(super) fn round(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let digits = args.get(1, "ndigits").filter(|digits| !matches!(digits.kind, Ast::None));
        let known = args.keyword.iter().all(|(name, _)| name.text == "ndigits");
        let (Some(x), true) = (args.positional.first(), args.positional.len() <= 2 && known) else {
            return self.refuse(span, "`round` takes a number and a number of digits");
        };
        let x = self.expr(x)?;
        let ty = self.function.ty(x).clone();
        let strong_bool = ty == Type::BOOL;
        let Some(dtype) = ty.scalar().filter(|dtype| !dtype.is_complex() && !strong_bool) else {
            let mut diagnostic = Diagnostic::error(span, format!("`round` takes a number, not {ty}"));
            if ty.is_array() {
                diagnostic = diagnostic.hint("elementwise it is `np.rint` or `np.round`");
            }
            return self.inference.report(diagnostic);
        };
        let Some(digits) = digits else { return self.round_to_int(x, dtype, span) };
        let place = digits.span;
        let digits = self.expr(digits)?;
        match self.known_int(digits) {
            Some(digits) if digits.abs() <= MAX_DIGITS => self.rounded_to(x, dtype, digits as i32, span),
            Some(_) => {
                self.refuse(place, format!("`round` to more than {MAX_DIGITS} digits is not supported"))
            }
            None => self.refuse(place, "the digits of `round` are a constant"),
        }
    }

    fn round_to_int(&mut self, x: hir::Expr, dtype: Dtype, span: Span) -> Typed {
        if !dtype.is_float() {
            return self.convert_to(x, &Type::INT);
        }
        let rounded = self.elementwise_unary(Unary::Rint, x, span);
        Ok(self.retype(rounded, &Type::INT))
    }

    fn rounded_to(&mut self, x: hir::Expr, dtype: Dtype, digits: i32, span: Span) -> Typed {
        let strong = matches!(self.function.ty(x), Type::Scalar(_));
        match (strong, dtype.is_float(), digits >= 0) {
            (true, true, _) => self.round_scaled(x, dtype, digits, span),
            (true, false, true) => Ok(x),
            (true, false, false) => {
                let wide = self.convert(x, Dtype::F64)?;
                let rounded = self.round_scaled(wide, Dtype::F64, digits, span)?;
                self.convert(rounded, dtype)
            }
            (false, false, true) => self.convert_to(x, &Type::INT),
            (false, false, false) => {
                self.refuse(span, "`round` of an int to tens or hundreds is not supported")
            }
            (false, true, true) => self.bound_first(x, |this, x| this.round_decimal(x, digits, span)),
            (false, true, false) => {
                self.refuse(span, "`round` of a float to tens or hundreds is not supported")
            }
        }
    }

    /// As NumPy: times a power of ten, rounded, divided again.
    fn round_scaled(&mut self, x: hir::Expr, dtype: Dtype, digits: i32, span: Span) -> Typed {
        let power = Scalar::float(dtype, power_of_ten(digits.abs()));
        let power = self.push(ExprKind::Const(power), Type::Scalar(dtype), span);
        let (first, second) =
            if digits >= 0 { (Binary::Mul, Binary::Div) } else { (Binary::Div, Binary::Mul) };
        let element = Element::Strong(dtype);
        let scaled = self.apply(first, dtype, element, x, power, span)?;
        let rounded = self.elementwise_unary(Unary::Rint, scaled, span);
        self.apply(second, dtype, element, rounded, power, span)
    }

    /// As Python: the exact value `a * 10**n` is `y + e`; its distance to `floor(y)` decides, ties go to even.
    fn round_decimal(&mut self, x: hir::Expr, digits: i32, span: Span) -> Typed {
        let power = self.float(power_of_ten(digits), span);
        let a = self.elementwise_unary(Unary::Abs, x, span);
        self.bound_first(a, |this, a| {
            let y = this.floats(Binary::Mul, a, power, span)?;
            this.bound_first(y, |this, y| {
                let minus = this.elementwise_unary(Unary::Neg, y, span);
                let e = this.push(ExprKind::Fma(a, power, minus), Type::FLOAT, span);
                let rounded = this.nearest(y, e, span)?;
                let quotient = this.floats(Binary::Div, rounded, power, span)?;
                let signed = this.floats(Binary::CopySign, quotient, x, span)?;
                // Beyond, floats are further apart than the digits; infinities and NaN stay.
                let limit = this.float(9007199254740992.0, span);
                let condition = this.holds(Compare::Lt, y, limit, span);
                Ok(this.push(ExprKind::Select { condition, then: signed, otherwise: x }, Type::FLOAT, span))
            })
        })
    }

    /// The integer nearest to `y + e` for `y >= 0` and an `e` of at most half a unit of it.
    fn nearest(&mut self, y: hir::Expr, e: hir::Expr, span: Span) -> Typed {
        let floor = self.elementwise_unary(Unary::Floor, y, span);
        self.bound_first(floor, |this, floor| {
            let (zero, half, one) = (this.float(0.0, span), this.float(0.5, span), this.float(1.0, span));
            let rest = this.floats(Binary::Sub, y, floor, span)?;
            let halved = this.floats(Binary::Mul, floor, half, span)?;
            let whole = this.elementwise_unary(Unary::Floor, halved, span);
            let odd = this.holds(Compare::Ne, whole, halved, span);
            this.bound_first(rest, |this, rest| {
                this.bound_first(e, |this, e| {
                    let above = this.holds(Compare::Gt, rest, half, span);
                    let tie = this.holds(Compare::Eq, rest, half, span);
                    let pushed = this.holds(Compare::Gt, e, zero, span);
                    let exact = this.holds(Compare::Eq, e, zero, span);
                    let even = this.bools(Binary::And, exact, odd, span);
                    let up = this.bools(Binary::Or, pushed, even, span);
                    let up = this.bools(Binary::And, tie, up, span);
                    let up = this.bools(Binary::Or, above, up, span);
                    let next = this.floats(Binary::Add, floor, one, span)?;
                    let kind = ExprKind::Select { condition: up, then: next, otherwise: floor };
                    Ok(this.push(kind, Type::FLOAT, span))
                })
            })
        })
    }

    fn floats(&mut self, op: Binary, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        self.apply(op, Dtype::F64, Element::Weak(Weak::Float), a, b, span)
    }

    fn holds(&mut self, op: Compare, a: hir::Expr, b: hir::Expr, span: Span) -> hir::Expr {
        self.push(ExprKind::Compare(op, a, b), Type::Weak(Weak::Bool), span)
    }

    fn bools(&mut self, op: Binary, a: hir::Expr, b: hir::Expr, span: Span) -> hir::Expr {
        self.push(ExprKind::Binary(op, a, b), Type::Weak(Weak::Bool), span)
    }
}

fn power_of_ten(digits: i32) -> f64 {
    format!("1e{digits}").parse().expect("a number")
}
