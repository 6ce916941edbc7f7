//! Elementwise functions with options, composed of others: `where clip round nan_to_num isclose real imag`.

use super::call::Arguments;
use super::promote::Element;
use super::{Body, Typed};
use crate::ast::{self, BinaryOp, CompareOp};
use crate::base::{Binary, Dtype, Span, Type, Unary, Weak};
use crate::hir::{self, ExprKind};

pub(super) const NAMES: &[&str] =
    &["where", "clip", "round", "around", "nan_to_num", "isclose", "real", "imag"];

impl<'a> Body<'_, 'a> {
    /// None if there is no such function.
    pub(super) fn composed(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Option<Typed> {
        Some(match name {
            "where" => self.where_call(args, span),
            "clip" => self.clip_call(args, span),
            "round" | "around" => self.round_call(args, span),
            "nan_to_num" => self.nan_to_num(args, span),
            "isclose" => self.isclose_call(args, span),
            "real" => self.number_argument(name, args, span),
            "imag" => self.imaginary(args, span),
            _ => return None,
        })
    }

    fn where_call(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        if args.positional.len() == 1 && args.keyword.is_empty() {
            let message = "`np.where` with one argument, which gives indices, is not supported yet";
            return self.refuse(span, message);
        }
        self.select(args, span)
    }

    fn number_argument(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let [x] = self.positional(args, ["val"], span)?;
        self.require_number(x, &format!("np.{name}"))?;
        self.strong(x)
    }

    fn imaginary(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let x = self.number_argument("imag", args, span)?;
        self.zeros_of(x, span)
    }

    /// Zeros of the shape and dtype of `x`.
    pub(super) fn zeros_of(&mut self, x: hir::Expr, span: Span) -> Typed {
        let Some(array) = self.function.ty(x).array() else {
            let dtype = self.function.ty(x).dtype().expect("a number");
            return Ok(self.number(0.0, dtype, span));
        };
        self.share(x, |this, x| {
            let shape = (0..array.rank()).map(|axis| this.extent(x, axis, span)).collect();
            this.filled("zeros", array.dtype, shape, array.unit, None, span)
        })
    }

    /// A NumPy scalar or an array.
    fn operand_of(&mut self, name: &str, x: hir::Expr) -> Typed {
        self.require_number(x, name)?;
        self.strong(x)
    }

    fn clip_call(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let (x, low, high, out) = if args.receiver.is_some() {
            let [_, low, high, out] = self.parameters(args, ["a", "min", "max", "out"], span)?;
            (None, low, high, out)
        } else {
            let names = ["a", "a_min", "a_max", "out", "min", "max"];
            let [x, a_min, a_max, out, min, max] = self.parameters(args, names, span)?;
            if a_min.is_some() && min.is_some() || a_max.is_some() && max.is_some() {
                return self.refuse(span, "a bound of `np.clip` is given twice");
            }
            (x, a_min.or(min), a_max.or(max), out)
        };
        let x = self.first(args, x, span)?;
        let x = self.operand_of("np.clip", x)?;
        let (low, high) = (self.optional(low)?, self.optional(high)?);
        let out = out.map(|expr| self.out(expr)).transpose()?.flatten();
        let value = self.clip(x, low, high, span)?;
        match out {
            Some(out) => self.write(out, value, span),
            None => Ok(value),
        }
    }

    fn clip(&mut self, x: hir::Expr, low: Option<hir::Expr>, high: Option<hir::Expr>, span: Span) -> Typed {
        let own = self.function.ty(x).dtype().expect("a number");
        let low = low.map(|low| self.bound(low, own, Binary::Max)).transpose()?.flatten();
        let high = high.map(|high| self.bound(high, own, Binary::Min)).transpose()?.flatten();
        let operands: Vec<_> = [Some(x), low, high].into_iter().flatten().collect();
        if operands.len() == 1 {
            return Ok(self.own(x, span));
        }
        let dtype = self.common_dtype(&operands);
        let mut value = x;
        for (op, bound) in [(Binary::Maximum, low), (Binary::Minimum, high)] {
            if let Some(bound) = bound {
                value = self.apply(op, dtype, Element::Strong(dtype), value, bound, span)?;
            }
        }
        Ok(value)
    }

    /// A bound of `clip`. A Python int beyond an integer dtype bounds nothing.
    fn bound(&mut self, bound: hir::Expr, dtype: Dtype, inwards: Binary) -> Typed<Option<hir::Expr>> {
        let span = self.function.span(bound);
        self.require_number(bound, "np.clip")?;
        let Some((least, most)) = dtype.int_range().filter(|_| dtype.is_int()) else {
            return Ok(Some(bound));
        };
        if *self.function.ty(bound) != Type::INT {
            return Ok(Some(bound));
        }
        let is_low = inwards == Binary::Max;
        if let Some(value) = self.known_int(bound) {
            let idle = if is_low { value <= least } else { value >= most };
            return Ok((!idle).then_some(bound));
        }
        let (least, most) = (self.int(least, span), self.int(most.min(i64::MAX as i128), span));
        let weak = Element::Weak(Weak::Int);
        let bound = self.apply(Binary::Max, Dtype::I64, weak, bound, least, span)?;
        self.apply(Binary::Min, Dtype::I64, weak, bound, most, span).map(Some)
    }

    fn round_call(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let (x, decimals, out) = if args.receiver.is_some() {
            let [_, decimals, out] = self.parameters(args, ["a", "decimals", "out"], span)?;
            (None, decimals, out)
        } else {
            let [x, decimals, out] = self.parameters(args, ["a", "decimals", "out"], span)?;
            (x, decimals, out)
        };
        let x = self.first(args, x, span)?;
        let x = self.operand_of("np.round", x)?;
        let decimals = self.decimals(decimals)?;
        let out = out.map(|expr| self.out(expr)).transpose()?.flatten();
        let value = self.round_to(x, decimals, span)?;
        match out {
            Some(out) => self.write(out, value, span),
            None => Ok(value),
        }
    }

    fn decimals(&mut self, given: Option<&'a ast::Expr>) -> Typed<i128> {
        let Some(expr) = given else { return Ok(0) };
        let value = self.expr(expr)?;
        match self.known_int(value) {
            Some(known) => Ok(known),
            None => self.refuse(expr.span, "`decimals` of `np.round` is an int constant"),
        }
    }

    /// NumPy scales by a power of ten, rounds to even and scales back; integers in f64.
    fn round_to(&mut self, x: hir::Expr, decimals: i128, span: Span) -> Typed {
        let dtype = self.function.ty(x).dtype().expect("a number");
        if dtype == Dtype::Bool {
            self.float_loop("round", dtype, span)?;
        }
        if !dtype.is_float() && decimals >= 0 {
            return Ok(self.own(x, span));
        }
        if decimals == 0 {
            return Ok(self.elementwise_unary(Unary::Rint, x, span));
        }
        let compute = if dtype.is_float() { dtype } else { Dtype::F64 };
        let scale = self.number(power_of_ten(decimals.unsigned_abs()), compute, span);
        let (first, last) =
            if decimals > 0 { (Binary::Mul, Binary::Div) } else { (Binary::Div, Binary::Mul) };
        let scaled = self.apply(first, compute, Element::Strong(compute), x, scale, span)?;
        let rounded = self.elementwise_unary(Unary::Rint, scaled, span);
        let value = self.apply(last, compute, Element::Strong(compute), rounded, scale, span)?;
        self.convert(value, dtype)
    }

    fn nan_to_num(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [x, nan, most, least] = self.parameters(args, ["x", "nan", "posinf", "neginf"], span)?;
        if args.positional.len() > 1 {
            return self.refuse(span, "`copy` of `np.nan_to_num` is not supported; name the others");
        }
        let x = self.first(args, x, span)?;
        let x = self.operand_of("np.nan_to_num", x)?;
        let dtype = self.function.ty(x).dtype().expect("a number");
        if !dtype.is_float() {
            return Ok(self.own(x, span));
        }
        let largest = if dtype == Dtype::F32 { f32::MAX as f64 } else { f64::MAX };
        let nan = self.replacement(nan, 0.0, dtype, span)?;
        let most = self.replacement(most, largest, dtype, span)?;
        let least = self.replacement(least, -largest, dtype, span)?;
        self.share(x, |this, x| {
            let infinity = this.number(f64::INFINITY, dtype, span);
            let is_most = this.compare(CompareOp::Eq, x, infinity, span)?;
            let infinity = this.number(f64::NEG_INFINITY, dtype, span);
            let is_least = this.compare(CompareOp::Eq, x, infinity, span)?;
            let is_nan = this.elementwise_unary(Unary::IsNan, x, span);
            let value = this.choice(is_least, least, x, span);
            let value = this.choice(is_most, most, value, span);
            Ok(this.choice(is_nan, nan, value, span))
        })
    }

    fn replacement(&mut self, given: Option<&'a ast::Expr>, default: f64, dtype: Dtype, span: Span) -> Typed {
        match self.optional(given)? {
            Some(value) => {
                self.require_number(value, "np.nan_to_num")?;
                self.convert(value, dtype)
            }
            None => Ok(self.number(default, dtype, span)),
        }
    }

    /// Elementwise `then if condition else otherwise` of one dtype.
    pub(super) fn choice(
        &mut self,
        condition: hir::Expr,
        then: hir::Expr,
        otherwise: hir::Expr,
        span: Span,
    ) -> hir::Expr {
        let dtype = self.function.ty(then).dtype().expect("a number");
        let ty = self.elementwise_type(&[condition, then, otherwise], Element::Strong(dtype));
        self.push(ExprKind::Select { condition, then, otherwise }, ty, span)
    }

    fn isclose_call(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let names = ["a", "b", "rtol", "atol", "equal_nan"];
        let [a, b, rtol, atol, equal_nan] = self.parameters(args, names, span)?;
        let (Some(a), Some(b)) = (a, b) else {
            return self.refuse(span, "`np.isclose` compares two numbers");
        };
        let (a, b) = (self.expr(a)?, self.expr(b)?);
        self.require_number(a, "np.isclose")?;
        self.require_number(b, "np.isclose")?;
        let relative = self.tolerance(rtol, 1e-5, span)?;
        let absolute = self.tolerance(atol, 1e-8, span)?;
        let equal_nan = match self.optional(equal_nan)? {
            None => false,
            Some(value) => match self.known_bool(value) {
                Some(known) => known,
                None => return self.refuse(span, "`equal_nan` is True or False"),
            },
        };
        // NumPy makes the right one a float, so that `abs` cannot overflow.
        let joined = Element::of(self.function.ty(b)).expect("a number").promote(Element::Weak(Weak::Float));
        let b = match joined {
            Element::Weak(_) => self.convert_to(b, &Type::FLOAT)?,
            Element::Strong(dtype) => self.convert(b, dtype)?,
        };
        let close = self.share(a, |this, a| {
            this.share(b, |this, b| {
                let near = this.near(a, b, relative, absolute, span)?;
                if equal_nan { this.or_both_nan(near, a, b, span) } else { Ok(near) }
            })
        })?;
        self.convert(close, Dtype::Bool)
    }

    fn tolerance(&mut self, given: Option<&'a ast::Expr>, default: f64, span: Span) -> Typed {
        match given {
            Some(expr) => {
                let value = self.expr(expr)?;
                self.require_number(value, "np.isclose")?;
                Ok(value)
            }
            None => Ok(self.float(default, span)),
        }
    }

    /// `abs(a - b) <= absolute + relative * abs(b)` for finite b, or equal.
    fn near(
        &mut self,
        a: hir::Expr,
        b: hir::Expr,
        relative: hir::Expr,
        absolute: hir::Expr,
        span: Span,
    ) -> Typed {
        let difference = self.binary(BinaryOp::Sub, a, b, span)?;
        let distance = self.elementwise_unary(Unary::Abs, difference, span);
        let size = self.elementwise_unary(Unary::Abs, b, span);
        let share = self.binary(BinaryOp::Mul, relative, size, span)?;
        let bound = self.binary(BinaryOp::Add, absolute, share, span)?;
        let within = self.compare(CompareOp::Le, distance, bound, span)?;
        let finite = self.elementwise_unary(Unary::IsFinite, b, span);
        let equal = self.compare(CompareOp::Eq, a, b, span)?;
        let near = self.both(Binary::And, within, finite, span)?;
        self.both(Binary::Or, near, equal, span)
    }

    fn or_both_nan(&mut self, near: hir::Expr, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        if !self.function.ty(a).dtype().is_some_and(Dtype::is_float) {
            return Ok(near);
        }
        let a = self.elementwise_unary(Unary::IsNan, a, span);
        let b = self.elementwise_unary(Unary::IsNan, b, span);
        let nan = self.both(Binary::And, a, b, span)?;
        self.both(Binary::Or, near, nan, span)
    }

    fn both(&mut self, op: Binary, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        self.apply(op, Dtype::Bool, Element::Strong(Dtype::Bool), a, b, span)
    }
}

/// As NumPy computes it.
fn power_of_ten(exponent: u128) -> f64 {
    if exponent <= 8 {
        return 10u64.pow(exponent as u32) as f64;
    }
    (9..exponent.min(400)).fold(1e9, |power, _| power * 10.0)
}
