//! Python's builtins, casts and the language's own intrinsics.

use super::call::Arguments;
use super::promote::{self, Element};
use super::{Body, Origin, Typed};
use crate::ast;
use crate::base::{Binary, Diagnostic, Dtype, Span, Type, Unary, Weak};
use crate::hir::{self, ExprKind};

/// Names that need no import, for "did you mean".
pub(super) const NAMES: &[&str] = &[
    "abs",
    "min",
    "max",
    "sum",
    "any",
    "all",
    "divmod",
    "enumerate",
    "zip",
    "reversed",
    "int",
    "float",
    "bool",
    "round",
    "len",
    "range",
    "prange",
    "pow",
    "divmod",
    "fma",
    "np",
    "math",
    "bits",
    "from_bits",
    "mulhi",
    "select",
    "f32",
    "f64",
    "i8",
    "i16",
    "i32",
    "i64",
    "u8",
    "u16",
    "u32",
    "u64",
    "True",
    "False",
    "None",
];

/// Numbers of `math` and `numpy` by name.
pub(super) fn named_constant(name: &str) -> Option<f64> {
    Some(match name {
        "pi" => std::f64::consts::PI,
        "e" => std::f64::consts::E,
        "tau" => std::f64::consts::TAU,
        "inf" => f64::INFINITY,
        "nan" => f64::NAN,
        "euler_gamma" => 0.577_215_664_901_532_9,
        _ => return None,
    })
}

impl<'a> Body<'_, 'a> {
    /// A call of a name that is neither a variable nor a function of the file. None if the name is unknown.
    pub(super) fn builtin(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Option<Typed> {
        Some(match name {
            "abs" => self.absolute(args, span),
            "min" => self.extreme(Binary::Min, args, span),
            "max" => self.extreme(Binary::Max, args, span),
            "len" => self.length(args, span),
            "round" => self.round(args, span),
            "pow" => self.builtin_pow(args, span),
            "int" | "float" | "bool" => self.python_cast(name, args, span),
            "divmod" => self.divmod(args, span),
            "fma" => self.fma(args, span),
            "bits" => self.reinterpret(Unary::Bits, args, span),
            "from_bits" => self.reinterpret(Unary::FromBits, args, span),
            "mulhi" => self.mulhi(args, span),
            "select" => self.select(args, span),
            "range" | "prange" | "enumerate" | "zip" | "reversed" => {
                self.refuse(span, format!("`{name}` stands only after `for … in`"))
            }
            "sum" => self.sum_of_tuple(args, span),
            "any" | "all" => self.truth_of_tuple(name == "all", args, span),
            "print" | "sorted" | "list" | "tuple" | "dict" | "set" | "str" | "map" | "filter"
            | "isinstance" | "complex" => self.refuse(span, format!("`{name}` is not supported yet")),
            _ if Dtype::from_name(name).is_some() && name != "bool" => {
                self.cast(Dtype::from_name(name).expect("just tested"), args, span)
            }
            _ if self.origin == Origin::Std => return self.std_builtin(name, args, span),
            _ => return None,
        })
    }

    /// In the embedded mathematics the elementary functions go by their bare names.
    fn std_builtin(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Option<Typed> {
        self.numpy_elementwise(name, args, span)
    }

    fn absolute(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [x] = self.positional(args, ["x"], span)?;
        let x =
            if *self.function.ty(x) == Type::Weak(Weak::Bool) { self.convert_to(x, &Type::INT)? } else { x };
        if let Some(value) = self.known_int(x) {
            return Ok(self.int(value.abs(), span));
        }
        self.require_number(x, "abs")?;
        Ok(self.elementwise_unary(Unary::Abs, x, span))
    }

    /// `min(a, b, …)`: Python's rule, left to right.
    fn extreme(&mut self, op: Binary, args: &Arguments<'a>, span: Span) -> Typed {
        if let Some(result) = self.extreme_of_tuple(op, args, span) {
            return result;
        }
        let values = self.all_positional(args, span)?;
        let mut values = values.into_iter();
        let mut result = values.next().expect("two or more");
        for value in values {
            result = self.extreme_of(op, result, value, span)?;
        }
        Ok(result)
    }

    pub(super) fn extreme_of(&mut self, op: Binary, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        let (left, right) = (self.function.ty(a).clone(), self.function.ty(b).clone());
        if left.is_array() || right.is_array() {
            let name = if op == Binary::Min { "minimum" } else { "maximum" };
            return self.inference.report(
                Diagnostic::error(span, format!("`{}` compares numbers, not {left} and {right}", op.name()))
                    .hint(format!("elementwise it is `np.{name}`")),
            );
        }
        let joined = promote::join(&left, &right).filter(|ty| ty.scalar().is_some());
        let Some(joined) = joined else {
            return self.refuse(span, format!("`{}` compares numbers, not {left} and {right}", op.name()));
        };
        let element = Element::of(&joined).expect("a scalar");
        self.apply(op, element.dtype(), element, a, b, span)
    }

    fn length(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [x] = self.positional(args, ["x"], span)?;
        match self.function.ty(x).clone() {
            Type::Array(array) if array.rank > 0 => Ok(self.extent(x, 0, span)),
            Type::Tuple(items) => Ok(self.int(items.len() as i128, span)),
            other => self.refuse(span, format!("{other} has no len()")),
        }
    }

    fn builtin_pow(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [a, b] = self.positional(args, ["base", "exp"], span)?;
        self.binary(ast::BinaryOp::Pow, a, b, span)
    }

    fn python_cast(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let [x] = self.positional(args, ["x"], span)?;
        let to = super::annotation::named_type(name).expect("a Python type");
        if name == "bool" {
            let truth = self.truth(x)?;
            return self.convert_to(truth, &to);
        }
        let x = match self.function.ty(x).array() {
            Some(array) if array.rank == 0 => self.element(x, vec![], span),
            _ => x,
        };
        let ty = self.function.ty(x).clone();
        if ty.scalar().is_none() {
            let mut diagnostic = Diagnostic::error(span, format!("`{name}` takes a number, not {ty}"));
            if ty.is_array() {
                diagnostic = diagnostic.hint(format!("elementwise it is `.astype({name})`"));
            }
            return self.inference.report(diagnostic);
        }
        self.convert_to(x, &to)
    }

    /// `np.float32(x)`, `f32(x)`: of a scalar, or elementwise of an array.
    pub(super) fn cast(&mut self, dtype: Dtype, args: &Arguments<'a>, span: Span) -> Typed {
        let [x] = self.positional(args, ["x"], span)?;
        let ty = self.function.ty(x).clone();
        if dtype.is_complex() || ty.dtype().is_some_and(Dtype::is_complex) {
            return self.refuse(span, "complex arithmetic is not supported yet");
        }
        match ty {
            Type::None | Type::Tuple(_) | Type::Dtype(_) => {
                self.refuse(span, format!("cannot convert {ty} to {dtype}"))
            }
            _ => self.convert(x, dtype),
        }
    }

    pub(super) fn fma(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [a, b, c] = self.positional(args, ["a", "b", "c"], span)?;
        let mut element = Element::Weak(Weak::Float);
        for operand in [a, b, c] {
            self.require_number(operand, "fma")?;
            element = element.promote(Element::of(self.function.ty(operand)).expect("a number"));
        }
        let dtype = element.dtype();
        let (a, b, c) = (self.convert(a, dtype)?, self.convert(b, dtype)?, self.convert(c, dtype)?);
        let ty = self.elementwise_type(&[a, b, c], element);
        Ok(self.push(ExprKind::Fma(a, b, c), ty, span))
    }

    fn reinterpret(&mut self, op: Unary, args: &Arguments<'a>, span: Span) -> Typed {
        let [x] = self.positional(args, ["x"], span)?;
        let ty = self.function.ty(x).clone();
        let Some(dtype) = ty.dtype().filter(|dtype| op.result(*dtype).is_some()) else {
            return self.refuse(span, format!("`{}` of {ty}", op.name()));
        };
        let x = self.convert(x, dtype)?;
        Ok(self.elementwise_unary(op, x, span))
    }

    fn mulhi(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [a, b] = self.positional(args, ["a", "b"], span)?;
        self.apply(Binary::MulHigh, Dtype::U64, Element::Strong(Dtype::U64), a, b, span)
    }

    /// `select(condition, a, b)`, `np.where`: both sides are evaluated.
    pub(super) fn select(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [condition, a, b] = self.positional(args, ["condition", "x", "y"], span)?;
        let (left, right) = (self.function.ty(a).clone(), self.function.ty(b).clone());
        let elements = Element::of(&left).zip(Element::of(&right));
        let Some((x, y)) = elements else {
            return self.refuse(span, format!("cannot choose between {left} and {right}"));
        };
        // NumPy's result is an array or a NumPy scalar: strong.
        let element = Element::Strong(x.promote(y).dtype());
        let condition = self.convert(condition, Dtype::Bool)?;
        let (then, otherwise) = (self.convert(a, element.dtype())?, self.convert(b, element.dtype())?);
        let ty = self.elementwise_type(&[condition, then, otherwise], element);
        Ok(self.push(ExprKind::Select { condition, then, otherwise }, ty, span))
    }

    pub(super) fn require_number(&mut self, x: hir::Expr, function: &str) -> Typed<Dtype> {
        let ty = self.function.ty(x).clone();
        match ty.dtype() {
            Some(dtype) if !dtype.is_complex() => Ok(dtype),
            _ => {
                let span = self.function.span(x);
                self.refuse(span, format!("`{function}` takes numbers, not {ty}"))
            }
        }
    }
}
