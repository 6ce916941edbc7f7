//! NumPy's elementwise functions: one table of names, and what each meaning is in operators of `hir`.
//!
//! A function of Python numbers only gives NumPy scalars, so it sees them as NumPy would: `np.add(True, True)` is True.

use super::call::{Arguments, count};
use super::promote::{self, Element};
use super::{Body, Typed, mathematics};
use crate::ast::{self, BinaryOp, CompareOp, UnaryOp};
use crate::base::{Binary, Diagnostic, Dtype, Scalar, Span, Type, Unary};
use crate::hir::{self, ExprKind};

/// What an elementwise function does with its operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    /// Python's operators.
    Prefix(UnaryOp),
    Infix(BinaryOp),
    Compare(CompareOp),
    /// An operator on floats: integers are converted first, to the float dtype that NumPy chooses.
    OfFloats(Unary),
    TwoFloats(Binary),
    /// Integers are their own result.
    Rounding(Unary),
    /// An operator on any numbers.
    Numbers(Unary),
    TwoNumbers(Binary),
    /// The truth of each operand first.
    Logical(Binary),
    LogicalNot,
    /// The number that is one, where the other is NaN.
    IgnoringNan(Binary),
    Square,
    Reciprocal,
    Sign,
    Conjugate,
    BitCount,
    /// Of the absolute values of integers.
    Divisor(&'static str),
}

use Meaning::*;

/// The elementwise functions that are no mathematics: those are in `kernels/std`.
const TABLE: &[(&str, Meaning)] = &[
    ("add", Infix(BinaryOp::Add)),
    ("subtract", Infix(BinaryOp::Sub)),
    ("multiply", Infix(BinaryOp::Mul)),
    ("divide", Infix(BinaryOp::Div)),
    ("true_divide", Infix(BinaryOp::Div)),
    ("floor_divide", Infix(BinaryOp::FloorDiv)),
    ("mod", Infix(BinaryOp::Mod)),
    ("remainder", Infix(BinaryOp::Mod)),
    ("power", Infix(BinaryOp::Pow)),
    ("copysign", TwoFloats(Binary::CopySign)),
    ("minimum", TwoNumbers(Binary::Minimum)),
    ("maximum", TwoNumbers(Binary::Maximum)),
    ("fmin", IgnoringNan(Binary::Minimum)),
    ("fmax", IgnoringNan(Binary::Maximum)),
    ("gcd", Divisor("_gcd")),
    ("lcm", Divisor("_lcm")),
    ("positive", Prefix(UnaryOp::Plus)),
    ("negative", Prefix(UnaryOp::Minus)),
    ("abs", Numbers(Unary::Abs)),
    ("absolute", Numbers(Unary::Abs)),
    ("fabs", OfFloats(Unary::Abs)),
    ("sign", Sign),
    ("square", Square),
    ("reciprocal", Reciprocal),
    ("sqrt", OfFloats(Unary::Sqrt)),
    ("rint", OfFloats(Unary::Rint)),
    ("floor", Rounding(Unary::Floor)),
    ("ceil", Rounding(Unary::Ceil)),
    ("trunc", Rounding(Unary::Trunc)),
    ("fix", Rounding(Unary::Trunc)),
    ("isnan", OfFloats(Unary::IsNan)),
    ("isinf", OfFloats(Unary::IsInf)),
    ("isfinite", OfFloats(Unary::IsFinite)),
    ("signbit", OfFloats(Unary::SignBit)),
    ("conj", Conjugate),
    ("conjugate", Conjugate),
    ("bitwise_and", Infix(BinaryOp::And)),
    ("bitwise_or", Infix(BinaryOp::Or)),
    ("bitwise_xor", Infix(BinaryOp::Xor)),
    ("left_shift", Infix(BinaryOp::Shl)),
    ("bitwise_left_shift", Infix(BinaryOp::Shl)),
    ("right_shift", Infix(BinaryOp::Shr)),
    ("bitwise_right_shift", Infix(BinaryOp::Shr)),
    ("invert", Prefix(UnaryOp::Invert)),
    ("bitwise_not", Prefix(UnaryOp::Invert)),
    ("bitwise_invert", Prefix(UnaryOp::Invert)),
    ("bitwise_count", BitCount),
    ("logical_and", Logical(Binary::And)),
    ("logical_or", Logical(Binary::Or)),
    ("logical_xor", Logical(Binary::Xor)),
    ("logical_not", LogicalNot),
    ("equal", Compare(CompareOp::Eq)),
    ("not_equal", Compare(CompareOp::Ne)),
    ("less", Compare(CompareOp::Lt)),
    ("less_equal", Compare(CompareOp::Le)),
    ("greater", Compare(CompareOp::Gt)),
    ("greater_equal", Compare(CompareOp::Ge)),
];

/// The names in the table, for "did you mean".
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, _)| *name)
}

fn meaning(name: &str) -> Option<Meaning> {
    TABLE.iter().find(|(known, _)| *known == name).map(|(_, meaning)| *meaning)
}

impl Meaning {
    fn arity(self) -> usize {
        match self {
            Prefix(_) | OfFloats(_) | Rounding(_) | Numbers(_) | LogicalNot | Square | Reciprocal | Sign
            | Conjugate | BitCount => 1,
            Infix(_) | Compare(_) | TwoFloats(_) | TwoNumbers(_) | Logical(_) | IgnoringNan(_)
            | Divisor(_) => 2,
        }
    }
}

/// The arguments of an elementwise function.
struct Operands {
    values: Vec<hir::Expr>,
    out: Option<hir::Expr>,
    /// The dtype to compute in.
    dtype: Option<Dtype>,
}

/// Calls.
impl<'a> Body<'_, 'a> {
    /// An elementwise function of scalars or arrays. None if there is none of that name.
    pub(super) fn numpy_elementwise(
        &mut self,
        name: &str,
        args: &Arguments<'a>,
        span: Span,
    ) -> Option<Typed> {
        if let Some(meaning) = meaning(name) {
            return Some(self.elementwise_call(args, meaning.arity(), span, |this, values| {
                this.meant(name, meaning, values, span)
            }));
        }
        let Some(library) = mathematics::library_name(name) else {
            return self.mathematics(name, args, span);
        };
        let arity = self.library_arity(library).expect("it is in the list");
        Some(self.elementwise_call(args, arity, span, |this, values| {
            this.library_elementwise(name, library, values, span)
        }))
    }

    /// An operator as a function, without options.
    pub(super) fn two(&mut self, op: BinaryOp, args: &Arguments<'a>, span: Span) -> Typed {
        self.elementwise_call(args, 2, span, |this, values| this.binary(op, values[0], values[1], span))
    }

    /// Operands and options are typed here; `compute` gives the value of the operands.
    pub(super) fn elementwise_call(
        &mut self,
        args: &Arguments<'a>,
        arity: usize,
        span: Span,
        compute: impl FnOnce(&mut Self, &[hir::Expr]) -> Typed,
    ) -> Typed {
        let Operands { values, out, dtype } = self.operands_of(args, arity, span)?;
        let mut value = compute(self, &values)?;
        value = self.strong(value)?;
        if let Some(dtype) = dtype
            && self.function.ty(value).dtype() != Some(dtype)
        {
            let message = format!("`{}` does not compute in {dtype}", args.callee);
            return self.refuse(span, message);
        }
        match out {
            Some(out) => self.write(out, value, span),
            None => Ok(value),
        }
    }

    /// `f(x, y)`, `f(x, y, z)` and `f(x, y, out=z)`, with or without `dtype=`.
    fn operands_of(&mut self, args: &Arguments<'a>, arity: usize, span: Span) -> Typed<Operands> {
        for (key, _) in &args.keyword {
            if !matches!(key.text.as_str(), "out" | "dtype") {
                let message = format!("the option `{}=` of `{}` is not supported yet", key.text, args.callee);
                return self.refuse(key.span, message);
            }
        }
        let given = args.positional.len();
        if given != arity && given != arity + 1 {
            let message = format!("`{}` takes {}, not {given}", args.callee, count(arity, "argument"));
            return self.refuse(span, message);
        }
        let mut values = vec![];
        for expr in &args.positional[..arity] {
            values.push(self.expr(expr)?);
        }
        let out = args.positional.get(arity).copied().or_else(|| args.keyword("out"));
        let out = match out {
            Some(expr) => self.out(expr)?,
            None => None,
        };
        let dtype = args.keyword("dtype").map(|expr| self.dtype(expr)).transpose()?;
        let values = self.seen_by_numpy(values, dtype, span)?;
        Ok(Operands { values, out, dtype })
    }

    /// Operands in the dtype asked for; Python numbers among themselves are NumPy scalars.
    fn seen_by_numpy(
        &mut self,
        values: Vec<hir::Expr>,
        dtype: Option<Dtype>,
        span: Span,
    ) -> Typed<Vec<hir::Expr>> {
        if let Some(dtype) = dtype {
            for value in &values {
                let from = self.function.ty(*value).dtype().unwrap_or(dtype);
                self.require_same_kind(from, dtype, span)?;
            }
            return values.into_iter().map(|value| self.convert(value, dtype)).collect();
        }
        if values.iter().all(|value| matches!(self.function.ty(*value), Type::Weak(_))) {
            return values.into_iter().map(|value| self.strong(value)).collect();
        }
        Ok(values)
    }

    /// The array of `out=`; `out=None` is none.
    pub(super) fn out(&mut self, expr: &'a ast::Expr) -> Typed<Option<hir::Expr>> {
        let out = self.expr(expr)?;
        match self.function.ty(out).clone() {
            Type::None => Ok(None),
            Type::Array(_) => Ok(Some(out)),
            other => self.refuse(expr.span, format!("`out` is an array, not {other}")),
        }
    }

    /// Stores into `out` as NumPy's `out=` does; the value is `out`.
    pub(super) fn write(&mut self, out: hir::Expr, value: hir::Expr, span: Span) -> Typed {
        let array = self.function.ty(out).array().expect("an array");
        let from = self.function.ty(value).dtype().expect("a number");
        self.require_same_kind(from, array.dtype, span)?;
        let rank = self.function.ty(value).array().map_or(0, |value| value.rank());
        if rank > array.rank() {
            let message = format!("{} does not fit `out`, which is {array}", self.function.ty(value));
            return self.refuse(span, message);
        }
        self.write_any(out, value, array.dtype, span)
    }

    /// Converts whatever the kind, and stores.
    pub(super) fn write_any(&mut self, out: hir::Expr, value: hir::Expr, dtype: Dtype, span: Span) -> Typed {
        let value = self.convert(value, dtype)?;
        self.share(out, |this, target| {
            let ty = this.function.ty(target).clone();
            Ok(this.push(ExprKind::Write { target, value }, ty, span))
        })
    }

    /// NumPy's `same_kind`: never to a lower kind (bool, unsigned, signed, float).
    fn require_same_kind(&mut self, from: Dtype, to: Dtype, span: Span) -> Typed<()> {
        if from.kind() <= to.kind() {
            return Ok(());
        }
        self.inference.report(
            Diagnostic::error(span, format!("cannot store {from} as {to}"))
                .hint("NumPy refuses this too; convert with `.astype(…)`"),
        )
    }

    /// What NumPy's functions return of Python numbers: NumPy scalars.
    pub(super) fn strong(&mut self, value: hir::Expr) -> Typed {
        match self.function.ty(value).clone() {
            Type::Weak(weak) => self.convert(value, weak.default_dtype()),
            _ => Ok(value),
        }
    }
}

/// Meanings.
impl<'a> Body<'_, 'a> {
    fn meant(&mut self, name: &str, meaning: Meaning, values: &[hir::Expr], span: Span) -> Typed {
        for value in values {
            self.require_number(*value, &format!("np.{name}"))?;
        }
        match (meaning, values) {
            (Prefix(op), [x]) => self.unary(op, *x, span),
            (Infix(op), [a, b]) => self.binary(op, *a, *b, span),
            (Compare(op), [a, b]) => self.compare(op, *a, *b, span),
            (OfFloats(op), [x]) => self.of_floats(name, op, *x, span),
            (TwoFloats(op), [a, b]) => self.two_numbers(op, true, *a, *b, span),
            (Rounding(op), [x]) => self.rounding(op, *x, span),
            (Numbers(op), [x]) => Ok(self.elementwise_unary(op, *x, span)),
            (TwoNumbers(op), [a, b]) => self.two_numbers(op, false, *a, *b, span),
            (Logical(op), [a, b]) => {
                let (a, b) = (self.convert(*a, Dtype::Bool)?, self.convert(*b, Dtype::Bool)?);
                self.apply(op, Dtype::Bool, Element::Strong(Dtype::Bool), a, b, span)
            }
            (LogicalNot, [x]) => {
                let x = self.convert(*x, Dtype::Bool)?;
                Ok(self.elementwise_unary(Unary::Not, x, span))
            }
            (IgnoringNan(op), [a, b]) => self.ignoring_nan(op, *a, *b, span),
            (Square, [x]) => self.square(*x, span),
            (Reciprocal, [x]) => self.reciprocal(*x, span),
            (Sign, [x]) => self.sign(*x, span),
            (Conjugate, [x]) => {
                let x = self.small_for_bool(*x)?;
                Ok(self.own(x, span))
            }
            (BitCount, [x]) => self.bit_count(*x, span),
            (Divisor(function), [a, b]) => self.divisor(name, function, *a, *b, span),
            (meaning, values) => unreachable!("{meaning:?} of {} operands", values.len()),
        }
    }

    fn of_floats(&mut self, name: &str, op: Unary, x: hir::Expr, span: Span) -> Typed {
        let mut dtype = self.require_number(x, name)?;
        if !dtype.is_float() {
            // What gives bools has a loop for every dtype, or one that no result shows.
            let tests = op.result(Dtype::F64) == Some(Dtype::Bool);
            dtype = if tests { Dtype::F64 } else { self.float_loop(name, dtype, span)? };
        }
        let x = self.convert(x, dtype)?;
        Ok(self.elementwise_unary(op, x, span))
    }

    pub(super) fn float_loop(&mut self, name: &str, dtype: Dtype, span: Span) -> Typed<Dtype> {
        if let Some(dtype) = promote::float_loop(dtype) {
            return Ok(dtype);
        }
        let message =
            format!("`np.{name}` of {dtype} would give 16-bit floats, which the language does not have");
        self.inference.report(Diagnostic::error(span, message).hint("convert first: `np.float32(x)`"))
    }

    /// The smallest float dtype that each operand converts to safely: u16 with i8 is f32, though as integers they are i32.
    pub(super) fn common_float_loop(&mut self, name: &str, values: &[hir::Expr], span: Span) -> Typed<Dtype> {
        let strong = values.iter().filter_map(|value| match self.function.ty(*value) {
            Type::Weak(_) => None,
            ty => ty.dtype(),
        });
        match strong.filter_map(promote::float_loop).reduce(Dtype::promote) {
            Some(dtype) => Ok(dtype),
            None => self.float_loop(name, self.common_dtype(values), span),
        }
    }

    fn rounding(&mut self, op: Unary, x: hir::Expr, span: Span) -> Typed {
        let integers = self.function.ty(x).dtype().is_some_and(|dtype| !dtype.is_float());
        if integers { Ok(self.own(x, span)) } else { Ok(self.elementwise_unary(op, x, span)) }
    }

    fn two_numbers(&mut self, op: Binary, float: bool, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        let mut dtype = self.common_dtype(&[a, b]);
        if float && !dtype.is_float() {
            dtype = self.common_float_loop(op.name(), &[a, b], span)?;
        }
        self.apply(op, dtype, Element::Strong(dtype), a, b, span)
    }

    /// What numbers promote to.
    pub(super) fn common_dtype(&self, values: &[hir::Expr]) -> Dtype {
        let elements = values.iter().map(|value| Element::of(self.function.ty(*value)).expect("a number"));
        elements.reduce(Element::promote).expect("one or more").dtype()
    }

    fn ignoring_nan(&mut self, op: Binary, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        let dtype = self.common_dtype(&[a, b]);
        if !dtype.is_float() {
            return self.apply(op, dtype, Element::Strong(dtype), a, b, span);
        }
        let name = if op == Binary::Minimum { "fmin" } else { "fmax" };
        self.library_elementwise(name, name, &[a, b], span)
    }

    /// NumPy has no bool loop for it and takes i8.
    fn small_for_bool(&mut self, x: hir::Expr) -> Typed {
        match self.function.ty(x).dtype() {
            Some(Dtype::Bool) => self.convert(x, Dtype::I8),
            _ => Ok(x),
        }
    }

    fn square(&mut self, x: hir::Expr, span: Span) -> Typed {
        let x = self.small_for_bool(x)?;
        self.share(x, |this, x| this.binary(BinaryOp::Mul, x, x, span))
    }

    /// Of integers: the quotient in f64, truncated.
    fn reciprocal(&mut self, x: hir::Expr, span: Span) -> Typed {
        let x = self.small_for_bool(x)?;
        let dtype = self.require_number(x, "np.reciprocal")?;
        let compute = if dtype.is_float() { dtype } else { Dtype::F64 };
        let one = self.number(1.0, compute, span);
        let quotient = self.apply(Binary::Div, compute, Element::Strong(compute), one, x, span)?;
        self.convert(quotient, dtype)
    }

    fn sign(&mut self, x: hir::Expr, span: Span) -> Typed {
        let dtype = self.require_number(x, "np.sign")?;
        if dtype == Dtype::Bool {
            return self.refuse(span, "NumPy has no `np.sign` of bool");
        }
        if dtype.is_float() || dtype.is_signed() {
            return self.std_call("sign", dtype, &[x], Element::Strong(dtype), span);
        }
        let one = self.number(1.0, dtype, span);
        self.apply(Binary::Minimum, dtype, Element::Strong(dtype), x, one, span)
    }

    fn bit_count(&mut self, x: hir::Expr, span: Span) -> Typed {
        let dtype = self.require_number(x, "np.bitwise_count")?;
        if dtype.is_float() {
            return self.refuse(span, format!("`np.bitwise_count` takes integers, not {dtype}"));
        }
        let magnitude = self.magnitude(x, span)?;
        let bits =
            self.std_call("_bit_count", Dtype::U64, &[magnitude], Element::Strong(Dtype::U64), span)?;
        self.convert(bits, Dtype::U8)
    }

    fn divisor(&mut self, name: &str, function: &str, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        let dtype = self.common_dtype(&[a, b]);
        if !dtype.is_int() {
            return self.refuse(span, format!("`np.{name}` takes integers, not {dtype}"));
        }
        let (a, b) = (self.convert(a, dtype)?, self.convert(b, dtype)?);
        let (a, b) = (self.magnitude(a, span)?, self.magnitude(b, span)?);
        let result = self.std_call(function, Dtype::U64, &[a, b], Element::Strong(Dtype::U64), span)?;
        self.convert(result, dtype)
    }

    /// The absolute value of an integer as u64, which holds that of every i64.
    fn magnitude(&mut self, x: hir::Expr, span: Span) -> Typed {
        if !self.function.ty(x).dtype().expect("an integer").is_signed() {
            return self.convert(x, Dtype::U64);
        }
        let wide = self.convert(x, Dtype::I64)?;
        let size = self.elementwise_unary(Unary::Abs, wide, span);
        self.convert(size, Dtype::U64)
    }

    /// A function of `kernels/std` on floats, elementwise.
    fn library_elementwise(&mut self, name: &str, library: &str, values: &[hir::Expr], span: Span) -> Typed {
        for value in values {
            self.require_number(*value, name)?;
        }
        let mut dtype = self.common_dtype(values);
        if !dtype.is_float() {
            dtype = self.common_float_loop(name, values, span)?;
        }
        let operands: Vec<_> =
            values.iter().map(|value| self.convert(*value, dtype)).collect::<Result<_, _>>()?;
        self.std_call(library, dtype, &operands, Element::Strong(dtype), span)
    }

    /// A strong constant.
    pub(super) fn number(&mut self, value: f64, dtype: Dtype, span: Span) -> hir::Expr {
        let scalar =
            if dtype.is_float() { Scalar::float(dtype, value) } else { Scalar::int(dtype, value as i64) };
        self.push(ExprKind::Const(scalar), Type::Scalar(dtype), span)
    }
}
