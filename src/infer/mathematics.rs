//! NumPy's mathematical functions: those of `kernels/std` by NumPy's names, and those of several results or mixed dtypes.

use super::call::Arguments;
use super::promote::Element;
use super::{Body, Origin, Typed};
use crate::ast::BinaryOp;
use crate::base::{Binary, Diagnostic, Dtype, Span, Type, Unary};
use crate::hir::{self, ExprKind};

/// Functions of floats: NumPy's name, the name in `kernels/std`. The last four are extensions: NumPy leaves them to SciPy.
const FLOAT: &[(&str, &str)] = &[
    ("exp", "exp"),
    ("exp2", "exp2"),
    ("expm1", "expm1"),
    ("log", "log"),
    ("log2", "log2"),
    ("log10", "log10"),
    ("log1p", "log1p"),
    ("logaddexp", "logaddexp"),
    ("logaddexp2", "logaddexp2"),
    ("cbrt", "cbrt"),
    ("hypot", "hypot"),
    ("sin", "sin"),
    ("cos", "cos"),
    ("tan", "tan"),
    ("arcsin", "asin"),
    ("asin", "asin"),
    ("arccos", "acos"),
    ("acos", "acos"),
    ("arctan", "atan"),
    ("atan", "atan"),
    ("arctan2", "atan2"),
    ("atan2", "atan2"),
    ("sinh", "sinh"),
    ("cosh", "cosh"),
    ("tanh", "tanh"),
    ("arcsinh", "asinh"),
    ("asinh", "asinh"),
    ("arccosh", "acosh"),
    ("acosh", "acosh"),
    ("arctanh", "atanh"),
    ("atanh", "atanh"),
    ("degrees", "degrees"),
    ("rad2deg", "degrees"),
    ("radians", "radians"),
    ("deg2rad", "radians"),
    ("nextafter", "nextafter"),
    ("spacing", "spacing"),
    ("heaviside", "heaviside"),
    ("erf", "erf"),
    ("erfc", "erfc"),
    ("gamma", "gamma"),
    ("lgamma", "lgamma"),
];

const OTHERS: &[&str] = &["frexp", "ldexp", "modf", "divmod", "fmod", "float_power", "pow", "sinc"];

/// The names of this file's functions, for "did you mean".
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FLOAT.iter().map(|(name, _)| *name).chain(OTHERS.iter().copied())
}

/// The name in `kernels/std` of a function of floats.
pub(super) fn library_name(name: &str) -> Option<&'static str> {
    FLOAT.iter().find(|(numpy, _)| *numpy == name).map(|(_, library)| *library)
}

impl<'a> Body<'_, 'a> {
    /// A mathematical function that is no function of floats alone. None if there is none of that name.
    pub(super) fn mathematics(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Option<Typed> {
        Some(match name {
            "modf" => self.numpy_modf(args, span),
            "frexp" => self.numpy_frexp(args, span),
            "ldexp" => self.numpy_ldexp(args, span),
            "divmod" => self.numpy_divmod(args, span),
            "fmod" => self.elementwise_call(args, 2, span, |this, x| this.numpy_fmod(x[0], x[1], span)),
            "float_power" => {
                self.elementwise_call(args, 2, span, |this, x| this.float_power(x[0], x[1], span))
            }
            "pow" if self.origin == Origin::User => self.two(BinaryOp::Pow, args, span),
            "sinc" => self.sinc(args, span),
            _ => return None,
        })
    }

    /// The dtype in which NumPy computes a function of floats.
    fn float_dtype(&mut self, name: &str, values: &[hir::Expr], span: Span) -> Typed<Dtype> {
        let dtype = self.joined(name, values)?.dtype();
        if dtype.is_float() { Ok(dtype) } else { self.common_float_loop(name, values, span) }
    }

    fn joined(&mut self, name: &str, values: &[hir::Expr]) -> Typed<Element> {
        let mut joined: Option<Element> = None;
        for value in values {
            self.require_number(*value, name)?;
            let element = Element::of(self.function.ty(*value)).expect("a number");
            joined = Some(joined.map_or(element, |joined| joined.promote(element)));
        }
        Ok(joined.expect("one or more"))
    }

    fn float_argument(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed<(hir::Expr, Dtype)> {
        let [x] = self.positional(args, ["x"], span)?;
        let dtype = self.float_dtype(name, &[x], span)?;
        Ok((self.convert(x, dtype)?, dtype))
    }

    fn numpy_modf(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let (x, dtype) = self.float_argument("modf", args, span)?;
        self.modf(x, Element::Strong(dtype), span)
    }

    /// `(fraction, whole)`, both floats.
    pub(super) fn modf(&mut self, x: hir::Expr, element: Element, span: Span) -> Typed {
        self.share(x, |this, x| {
            let fraction = this.std_call("modf_fraction", element.dtype(), &[x], element, span)?;
            let whole = this.elementwise_unary(Unary::Trunc, x, span);
            Ok(this.pair(fraction, whole, span))
        })
    }

    fn numpy_frexp(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let (x, dtype) = self.float_argument("frexp", args, span)?;
        self.frexp(x, Element::Strong(dtype), Element::Strong(Dtype::I32), span)
    }

    /// `(mantissa, exponent)`.
    pub(super) fn frexp(&mut self, x: hir::Expr, mantissa: Element, exponent: Element, span: Span) -> Typed {
        self.share(x, |this, x| {
            let dtype = mantissa.dtype();
            let mantissa = this.std_call("frexp_mantissa", dtype, &[x], mantissa, span)?;
            let exponent = this.std_call("frexp_exponent", dtype, &[x], exponent, span)?;
            Ok(this.pair(mantissa, exponent, span))
        })
    }

    /// NumPy's second operand is an i32 or i64, and does not decide the result's dtype.
    fn numpy_ldexp(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [x, n] = self.positional(args, ["x1", "x2"], span)?;
        let exponent = self.require_number(n, "ldexp")?;
        if exponent.is_float() || exponent == Dtype::U64 {
            let (ty, span) = (self.function.ty(n).clone(), self.function.span(n));
            return self.inference.report(
                Diagnostic::error(span, format!("`np.ldexp` takes i64 exponents or smaller, not {ty}"))
                    .hint("convert with `np.int64(…)`"),
            );
        }
        let dtype = self.float_dtype("ldexp", &[x], span)?;
        let x = self.convert(x, dtype)?;
        let n = self.convert(n, Dtype::I64)?;
        self.std_call("ldexp", dtype, &[x, n], Element::Strong(dtype), span)
    }

    fn numpy_divmod(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let pair = self.divmod(args, span)?;
        let (quotient, rest) = match self.function.ty(pair) {
            Type::Tuple(items) => (items[0].clone(), items[1].clone()),
            other => unreachable!("{other} of divmod"),
        };
        // NumPy's scalars are strong.
        let strong = |ty: Type| match ty {
            Type::Weak(weak) => Type::Scalar(weak.default_dtype()),
            other => other,
        };
        self.conform(pair, &Type::Tuple(vec![strong(quotient), strong(rest)]))
    }

    /// `(x // y, x % y)`.
    pub(super) fn divmod(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [x, y] = self.positional(args, ["x", "y"], span)?;
        self.share(x, |this, x| {
            this.share(y, |this, y| {
                let quotient = this.binary(BinaryOp::FloorDiv, x, y, span)?;
                let rest = this.binary(BinaryOp::Mod, x, y, span)?;
                Ok(this.pair(quotient, rest, span))
            })
        })
    }

    fn pair(&mut self, first: hir::Expr, second: hir::Expr, span: Span) -> hir::Expr {
        let types = [first, second].map(|expr| self.function.ty(expr).clone());
        self.push(ExprKind::Tuple(vec![first, second]), Type::Tuple(types.to_vec()), span)
    }

    /// C's remainder; integers too, where a zero divisor gives 0.
    fn numpy_fmod(&mut self, x: hir::Expr, y: hir::Expr, span: Span) -> Typed {
        let dtype = match self.joined("fmod", &[x, y])?.dtype() {
            Dtype::Bool => Dtype::I8,
            dtype => dtype,
        };
        if dtype.is_float() {
            return self.apply(Binary::Fmod, dtype, Element::Strong(dtype), x, y, span);
        }
        let (function, wide) =
            if dtype.is_signed() { ("fmod_signed", Dtype::I64) } else { ("fmod_unsigned", Dtype::U64) };
        let mut operands = vec![];
        for operand in [x, y] {
            let narrow = self.convert(operand, dtype)?;
            operands.push(self.convert(narrow, wide)?);
        }
        self.std_call(function, wide, &operands, Element::Strong(dtype), span)
    }

    /// Always in f64.
    fn float_power(&mut self, x: hir::Expr, y: hir::Expr, span: Span) -> Typed {
        self.joined("float_power", &[x, y])?;
        let (x, y) = (self.convert(x, Dtype::F64)?, self.convert(y, Dtype::F64)?);
        self.std_call("pow", Dtype::F64, &[x, y], Element::Strong(Dtype::F64), span)
    }

    /// `sin(pi x) / (pi x)`, by NumPy's formula.
    fn sinc(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [x] = self.positional(args, ["x"], span)?;
        self.require_number(x, "sinc")?;
        let pi = self.float(std::f64::consts::PI, span);
        let turned = self.binary(BinaryOp::Mul, pi, x, span)?;
        let dtype = self.function.ty(turned).dtype().expect("a number");
        let turned = self.convert(turned, dtype)?;
        self.std_call("sine_ratio", dtype, &[turned], Element::Strong(dtype), span)
    }
}
