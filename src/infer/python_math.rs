//! Python's module `math`: functions of and to Python's numbers, which are weak.

use super::call::{Arguments, count};
use super::promote::Element;
use super::{Body, Typed};
use crate::ast::BinaryOp;
use crate::base::{Binary, Diagnostic, Dtype, Span, Type, Unary, Weak};
use crate::hir::{self, ExprKind};

/// Functions of floats that `kernels/std` has under the same name.
const LIBRARY: &[&str] = &[
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "cos",
    "cosh",
    "degrees",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expm1",
    "gamma",
    "lgamma",
    "log",
    "log10",
    "log1p",
    "log2",
    "nextafter",
    "pow",
    "radians",
    "remainder",
    "sin",
    "sinh",
    "tan",
    "tanh",
    "ulp",
];

/// Functions of ints that `kernels/std` has under the same name.
const INTEGER: &[&str] = &["isqrt", "factorial", "comb", "perm"];

const OTHERS: &[&str] = &[
    "sqrt", "fabs", "floor", "ceil", "trunc", "isnan", "isinf", "isfinite", "isclose", "copysign", "fmod",
    "fma", "hypot", "dist", "frexp", "ldexp", "modf", "gcd", "lcm",
];

const FLOAT: Element = Element::Weak(Weak::Float);

impl<'a> Body<'_, 'a> {
    /// `math.NAME(…)`.
    pub(super) fn math_call(&mut self, name: &str, args: &Arguments<'a>, place: Span, span: Span) -> Typed {
        match name {
            "sqrt" => self.math_unary(name, Unary::Sqrt, args, span),
            "fabs" => self.math_unary(name, Unary::Abs, args, span),
            "isnan" => self.math_unary(name, Unary::IsNan, args, span),
            "isinf" => self.math_unary(name, Unary::IsInf, args, span),
            "isfinite" => self.math_unary(name, Unary::IsFinite, args, span),
            "floor" => self.math_rounding(name, Unary::Floor, args, span),
            "ceil" => self.math_rounding(name, Unary::Ceil, args, span),
            "trunc" => self.math_rounding(name, Unary::Trunc, args, span),
            "copysign" => self.math_binary(name, Binary::CopySign, args, span),
            "fmod" => self.math_binary(name, Binary::Fmod, args, span),
            "fma" => self.fma(args, span),
            "log" if args.positional.len() == 2 => self.logarithm(args, span),
            "hypot" => self.math_hypot(args, span),
            "dist" => self.dist(args, span),
            "isclose" => self.isclose(args, span),
            "modf" => {
                let x = self.math_argument(name, args, span)?;
                self.modf(x, FLOAT, span)
            }
            "frexp" => {
                let x = self.math_argument(name, args, span)?;
                self.frexp(x, FLOAT, Element::Weak(Weak::Int), span)
            }
            "ldexp" => self.math_ldexp(args, span),
            "gcd" => self.divisors(name, 0, args, span),
            "lcm" => self.divisors(name, 1, args, span),
            "perm" if args.positional.len() == 1 => self.math_integer("factorial", args, span),
            _ if INTEGER.contains(&name) => self.math_integer(name, args, span),
            _ if LIBRARY.contains(&name) => self.math_library(name, args, span),
            _ => self.unknown_math(name, place),
        }
    }

    fn unknown_math(&mut self, name: &str, place: Span) -> Typed {
        let known = [LIBRARY, INTEGER, OTHERS].into_iter().flatten().copied();
        let mut diagnostic = Diagnostic::error(place, format!("`math.{name}` is not supported yet"));
        if let Some(near) = super::names::nearest(name, known) {
            diagnostic = diagnostic.hint(format!("did you mean `math.{near}`?"));
        }
        self.inference.report(diagnostic)
    }

    fn math_argument(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let [x] = self.positional(args, ["x"], span)?;
        self.python_float(x, name)
    }

    fn math_unary(&mut self, name: &str, op: Unary, args: &Arguments<'a>, span: Span) -> Typed {
        let x = self.math_argument(name, args, span)?;
        Ok(self.elementwise_unary(op, x, span))
    }

    /// To an int; an int stays as it is, whatever its size.
    fn math_rounding(&mut self, name: &str, op: Unary, args: &Arguments<'a>, span: Span) -> Typed {
        let [x] = self.positional(args, ["x"], span)?;
        if self.function.ty(x).scalar().is_some_and(|dtype| dtype.is_int() || dtype == Dtype::Bool) {
            return self.convert_to(x, &Type::INT);
        }
        let x = self.python_float(x, name)?;
        let rounded = self.elementwise_unary(op, x, span);
        self.convert_to(rounded, &Type::INT)
    }

    fn math_binary(&mut self, name: &str, op: Binary, args: &Arguments<'a>, span: Span) -> Typed {
        let [x, y] = self.positional(args, ["x", "y"], span)?;
        let (x, y) = (self.python_float(x, name)?, self.python_float(y, name)?);
        self.apply(op, Dtype::F64, FLOAT, x, y, span)
    }

    fn math_library(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let values = self.math_arguments(name, args, span)?;
        let mut operands = vec![];
        for value in values {
            operands.push(self.python_float(value, name)?);
        }
        self.std_call(name, Dtype::F64, &operands, FLOAT, span)
    }

    /// As many arguments as the function of `kernels/std` has.
    fn math_arguments(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed<Vec<hir::Expr>> {
        let arity = self.library_arity(name).expect("it is in the list");
        let values = self.all_positional(args, span)?;
        if values.len() != arity {
            let message = format!("`math.{name}` takes {}, not {}", count(arity, "argument"), values.len());
            return self.refuse(span, message);
        }
        Ok(values)
    }

    /// `log(x, base)`: CPython's quotient.
    fn logarithm(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [x, base] = self.positional(args, ["x", "base"], span)?;
        let mut logarithms = vec![];
        for value in [x, base] {
            let value = self.python_float(value, "log")?;
            logarithms.push(self.std_call("log", Dtype::F64, &[value], FLOAT, span)?);
        }
        self.binary(BinaryOp::Div, logarithms[0], logarithms[1], span)
    }

    fn math_ldexp(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [x, n] = self.positional(args, ["x", "i"], span)?;
        let x = self.python_float(x, "ldexp")?;
        let n = self.python_int(n, "ldexp")?;
        self.std_call("ldexp", Dtype::F64, &[x, n], FLOAT, span)
    }

    /// `isclose(a, b, *, rel_tol, abs_tol)`.
    fn isclose(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let unknown =
            args.keyword.iter().find(|(key, _)| !["rel_tol", "abs_tol"].contains(&key.text.as_str()));
        if let Some((key, _)) = unknown {
            return self.refuse(key.span, format!("`math.isclose` has no parameter `{}`", key.text));
        }
        if args.positional.len() != 2 {
            let given = args.positional.len();
            return self.refuse(span, format!("`math.isclose` takes 2 positional arguments, not {given}"));
        }
        let mut operands = vec![];
        for expr in &args.positional {
            operands.push(self.expr(expr)?);
        }
        for (option, default) in [("rel_tol", 1e-9), ("abs_tol", 0.0)] {
            operands.push(match args.keyword(option) {
                Some(expr) => self.expr(expr)?,
                None => self.float(default, span),
            });
        }
        for operand in &mut operands {
            *operand = self.python_float(*operand, "isclose")?;
        }
        self.std_call("isclose", Dtype::F64, &operands, Element::Weak(Weak::Bool), span)
    }

    fn math_integer(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let values = self.math_arguments(name, args, span)?;
        let mut operands = vec![];
        for value in values {
            operands.push(self.python_int(value, name)?);
        }
        self.std_call(name, Dtype::I64, &operands, Element::Weak(Weak::Int), span)
    }

    /// `gcd` and `lcm` of any number of ints, from the neutral one.
    fn divisors(&mut self, name: &str, neutral: i128, args: &Arguments<'a>, span: Span) -> Typed {
        if args.positional.is_empty() && args.keyword.is_empty() {
            return Ok(self.int(neutral, span));
        }
        let function = format!("{name}_signed");
        let mut result = self.int(neutral, span);
        for value in self.all_positional(args, span)? {
            let value = self.python_int(value, name)?;
            result =
                self.std_call(&function, Dtype::I64, &[result, value], Element::Weak(Weak::Int), span)?;
        }
        Ok(result)
    }

    /// `hypot` of any number of coordinates.
    fn math_hypot(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        if args.positional.is_empty() && args.keyword.is_empty() {
            return Ok(self.float(0.0, span));
        }
        let mut coordinates = vec![];
        for value in self.all_positional(args, span)? {
            coordinates.push(self.python_float(value, "hypot")?);
        }
        self.norm(coordinates, span)
    }

    /// The distance of two points, written as tuples.
    fn dist(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [p, q] = self.positional(args, ["p", "q"], span)?;
        let (Type::Tuple(left), Type::Tuple(right)) =
            (self.function.ty(p).clone(), self.function.ty(q).clone())
        else {
            return self.refuse(span, "`math.dist` takes two points, as tuples of numbers");
        };
        if left.len() != right.len() {
            let message =
                format!("points of {} and {} coordinates have no distance", left.len(), right.len());
            return self.refuse(span, message);
        }
        self.share(p, |this, p| {
            this.share(q, |this, q| {
                let mut gaps = vec![];
                for (index, (a, b)) in left.into_iter().zip(right).enumerate() {
                    let a = this.coordinate(p, index, a, span)?;
                    let b = this.coordinate(q, index, b, span)?;
                    gaps.push(this.apply(Binary::Sub, Dtype::F64, FLOAT, a, b, span)?);
                }
                this.norm(gaps, span)
            })
        })
    }

    fn coordinate(&mut self, point: hir::Expr, index: usize, ty: Type, span: Span) -> Typed {
        let item = self.push(ExprKind::Item { tuple: point, index: index as u32 }, ty, span);
        self.python_float(item, "dist")
    }

    /// The root of the sum of squares, scaled by the largest; two by the library's `hypot`.
    fn norm(&mut self, coordinates: Vec<hir::Expr>, span: Span) -> Typed {
        match coordinates[..] {
            [] => Ok(self.float(0.0, span)),
            [x] => Ok(self.elementwise_unary(Unary::Abs, x, span)),
            [_, _] => self.std_call("hypot", Dtype::F64, &coordinates, FLOAT, span),
            _ => self.share_all(coordinates, 0, &mut |this, shared| this.long_norm(shared, span)),
        }
    }

    fn long_norm(&mut self, coordinates: &[hir::Expr], span: Span) -> Typed {
        let mut largest = self.float(0.0, span);
        for x in coordinates {
            largest = self.std_call("norm_largest", Dtype::F64, &[largest, *x], FLOAT, span)?;
        }
        self.share(largest, |this, largest| {
            let zero = this.float(0.0, span);
            let pair = Type::Tuple(vec![Type::Scalar(Dtype::F64); 2]);
            let mut sum =
                this.push(ExprKind::Tuple(vec![zero, zero]), Type::Tuple(vec![Type::FLOAT; 2]), span);
            sum = this.conform(sum, &pair)?;
            for x in coordinates {
                sum = this.std_apply("norm_add", &[sum, *x, largest], span)?;
            }
            let root = this.std_apply("norm_root", &[sum, largest], span)?;
            this.conform(root, &Type::FLOAT)
        })
    }

    /// Binds each value to a temporary, in order.
    fn share_all(
        &mut self,
        mut values: Vec<hir::Expr>,
        at: usize,
        body: &mut dyn FnMut(&mut Self, &[hir::Expr]) -> Typed,
    ) -> Typed {
        let Some(value) = values.get(at).copied() else { return body(self, &values) };
        self.share(value, |this, value| {
            values[at] = value;
            this.share_all(values, at + 1, body)
        })
    }

    pub(super) fn python_float(&mut self, x: hir::Expr, name: &str) -> Typed {
        let ty = self.function.ty(x).clone();
        if ty.scalar().is_none_or(Dtype::is_complex) {
            let span = self.function.span(x);
            let mut diagnostic = Diagnostic::error(span, format!("`math.{name}` takes a number, not {ty}"));
            if ty.is_array() && super::numpy::has(name) {
                diagnostic = diagnostic.hint(format!("elementwise it is `np.{name}`"));
            }
            return self.inference.report(diagnostic);
        }
        self.convert_to(x, &Type::FLOAT)
    }

    fn python_int(&mut self, x: hir::Expr, name: &str) -> Typed {
        let ty = self.function.ty(x).clone();
        if ty.scalar().is_some_and(|dtype| dtype.is_int() || dtype == Dtype::Bool) {
            return self.convert_to(x, &Type::INT);
        }
        let span = self.function.span(x);
        let mut diagnostic = Diagnostic::error(span, format!("`math.{name}` takes an int here, not {ty}"));
        if ty.scalar().is_some_and(|dtype| dtype.is_float()) {
            diagnostic = diagnostic.hint("convert with `int(…)`");
        }
        self.inference.report(diagnostic)
    }
}
