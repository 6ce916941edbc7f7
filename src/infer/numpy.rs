//! NumPy's functions and the methods of arrays.

use super::call::Arguments;
use super::promote::{self, Element};
use super::reduce::{REDUCTION_METHODS, REDUCTIONS};
use super::{Body, Typed, axes, mathematics};
use crate::ast::{self, BinaryOp, ExprKind as Ast, UnaryOp};
use crate::base::{ArrayType, AxisSet, Binary, Diagnostic, Dtype, Layout, Scalar, Span, Type, Unary};
use crate::hir::{self, ExprKind};

/// Elementwise functions other than the mathematics, for "did you mean".
const ELEMENTWISE: &[&str] = &[
    "sqrt", "floor", "ceil", "trunc", "rint", "abs", "absolute", "fabs", "square", "minimum", "maximum",
    "power", "copysign", "isnan", "isinf", "isfinite", "signbit", "negative", "add", "subtract", "multiply",
    "divide", "where",
];

/// The elementwise functions, for "did you mean".
pub(super) fn elementwise() -> impl Iterator<Item = &'static str> {
    ELEMENTWISE.iter().copied().chain(mathematics::names())
}

/// Whether there is an elementwise function of this name.
pub(super) fn has(name: &str) -> bool {
    elementwise().any(|known| known == name)
}

const OTHERS: &[&str] = &[
    "zeros",
    "ones",
    "empty",
    "full",
    "zeros_like",
    "ones_like",
    "empty_like",
    "full_like",
    "copy",
    "where",
];

impl<'a> Body<'_, 'a> {
    pub(super) fn numpy_call(&mut self, name: &str, args: &Arguments<'a>, place: Span, span: Span) -> Typed {
        if let Some(dtype) = Dtype::from_name(name) {
            return self.cast(dtype, args, span);
        }
        match name {
            "zeros" | "ones" | "empty" | "full" => return self.allocate(name, args, span),
            "zeros_like" | "ones_like" | "empty_like" | "full_like" => {
                return self.allocate_like(name, args, span);
            }
            _ if REDUCTIONS.contains(&name) => return self.reduction(name, args, span),
            "where" if args.positional.len() == 3 => return self.select(args, span),
            "copy" => {
                let [array] = self.positional(args, ["a"], span)?;
                return self.copy(array, span);
            }
            _ if axes::FUNCTIONS.contains(&name) => return self.rearrange(name, args, span),
            _ => {}
        }
        if let Some(result) = self.numpy_elementwise(name, args, span) {
            return result;
        }
        let others = REDUCTIONS.iter().chain(OTHERS).chain(axes::FUNCTIONS).copied();
        let near = super::names::nearest(name, elementwise().chain(others));
        let mut diagnostic = Diagnostic::error(place, format!("`np.{name}` is not supported yet"));
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
            name if axes::METHODS.contains(&name) => self.rearrange(name, &args, span),
            other => {
                let known = REDUCTION_METHODS.iter().chain(axes::METHODS).copied().chain(["copy", "astype"]);
                let mut diagnostic =
                    Diagnostic::error(name.span, format!("the method `{other}` is not supported yet"));
                if let Some(near) = super::names::nearest(other, known) {
                    diagnostic = diagnostic.hint(format!("did you mean `{near}`?"));
                }
                self.inference.report(diagnostic)
            }
        }
    }

    fn copy(&mut self, array: hir::Expr, span: Span) -> Typed {
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

    /// An elementwise function of scalars or arrays. None if there is none of that name.
    pub(super) fn numpy_elementwise(
        &mut self,
        name: &str,
        args: &Arguments<'a>,
        span: Span,
    ) -> Option<Typed> {
        let float = |op| Some((op, true));
        let unary = match name {
            "sqrt" => float(Unary::Sqrt),
            "floor" => Some((Unary::Floor, false)),
            "ceil" => Some((Unary::Ceil, false)),
            "trunc" => Some((Unary::Trunc, false)),
            "rint" => float(Unary::Rint),
            "isnan" => float(Unary::IsNan),
            "isinf" => float(Unary::IsInf),
            "isfinite" => float(Unary::IsFinite),
            "signbit" => float(Unary::SignBit),
            "fabs" => float(Unary::Abs),
            "abs" | "absolute" => Some((Unary::Abs, false)),
            _ => None,
        };
        if let Some((op, float)) = unary {
            return Some(self.numpy_unary(name, op, float, args, span));
        }
        Some(match name {
            "negative" => self.one(args, span, |this, x| this.unary(UnaryOp::Minus, x, span)),
            "invert" | "bitwise_not" => self.one(args, span, |this, x| this.unary(UnaryOp::Invert, x, span)),
            "square" => self.one(args, span, |this, x| this.square(x, span)),
            "add" => self.two(BinaryOp::Add, args, span),
            "subtract" => self.two(BinaryOp::Sub, args, span),
            "multiply" => self.two(BinaryOp::Mul, args, span),
            "divide" | "true_divide" => self.two(BinaryOp::Div, args, span),
            "floor_divide" => self.two(BinaryOp::FloorDiv, args, span),
            "mod" | "remainder" => self.two(BinaryOp::Mod, args, span),
            "power" => self.two(BinaryOp::Pow, args, span),
            "minimum" => self.numpy_binary(Binary::Minimum, false, args, span),
            "maximum" => self.numpy_binary(Binary::Maximum, false, args, span),
            "copysign" => self.numpy_binary(Binary::CopySign, true, args, span),
            _ => return self.mathematics(name, args, span),
        })
    }

    fn one(
        &mut self,
        args: &Arguments<'a>,
        span: Span,
        f: impl FnOnce(&mut Self, hir::Expr) -> Typed,
    ) -> Typed {
        let [x] = self.positional(args, ["x"], span)?;
        let value = f(self, x)?;
        self.strong(value)
    }

    pub(super) fn two(&mut self, op: BinaryOp, args: &Arguments<'a>, span: Span) -> Typed {
        let [a, b] = self.positional(args, ["x1", "x2"], span)?;
        let value = self.binary(op, a, b, span)?;
        self.strong(value)
    }

    /// What NumPy's functions return of Python numbers: NumPy scalars.
    fn strong(&mut self, value: hir::Expr) -> Typed {
        match self.function.ty(value).clone() {
            Type::Weak(weak) => self.convert(value, weak.default_dtype()),
            _ => Ok(value),
        }
    }

    fn square(&mut self, x: hir::Expr, span: Span) -> Typed {
        self.share(x, |this, x| this.binary(BinaryOp::Mul, x, x, span))
    }

    fn numpy_unary(&mut self, name: &str, op: Unary, float: bool, args: &Arguments<'a>, span: Span) -> Typed {
        let [x] = self.positional(args, ["x"], span)?;
        let dtype = self.require_number(x, name)?;
        if dtype.is_float() {
            let x = self.convert(x, dtype)?;
            return Ok(self.elementwise_unary(op, x, span));
        }
        if float {
            // What gives bools has a loop for every dtype, or one that no result shows.
            let tests = op.result(Dtype::F64) == Some(Dtype::Bool);
            let dtype = if tests { Dtype::F64 } else { self.float_loop(name, dtype, span)? };
            let x = self.convert(x, dtype)?;
            return Ok(self.elementwise_unary(op, x, span));
        }
        // floor, ceil, trunc of integers are the integers; abs has an integer loop.
        let x = self.strong(x)?;
        if op == Unary::Abs { Ok(self.elementwise_unary(op, x, span)) } else { Ok(self.own(x, span)) }
    }

    pub(super) fn float_loop(&mut self, name: &str, dtype: Dtype, span: Span) -> Typed<Dtype> {
        if let Some(dtype) = promote::float_loop(dtype) {
            return Ok(dtype);
        }
        let message =
            format!("`np.{name}` of {dtype} would give 16-bit floats, which the language does not have");
        self.inference.report(Diagnostic::error(span, message).hint("convert first: `np.float32(x)`"))
    }

    fn numpy_binary(&mut self, op: Binary, float: bool, args: &Arguments<'a>, span: Span) -> Typed {
        let [a, b] = self.positional(args, ["x1", "x2"], span)?;
        self.require_number(a, op.name())?;
        self.require_number(b, op.name())?;
        let element = |this: &Self, e| Element::of(this.function.ty(e)).expect("a number");
        let mut dtype = element(self, a).promote(element(self, b)).dtype();
        if float && !dtype.is_float() {
            dtype = self.float_loop(op.name(), dtype, span)?;
        }
        self.apply(op, dtype, Element::Strong(dtype), a, b, span)
    }

    /// `zeros(shape, dtype)` and its kin.
    fn allocate(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let Some(shape) = args.get(0, "shape") else {
            return self.refuse(span, format!("`np.{name}` needs a shape"));
        };
        let shape = self.shape_argument(shape)?;
        let filled = name == "full";
        let fill = if filled {
            let Some(value) = args.get(1, "fill_value") else {
                return self.refuse(span, "`np.full` needs a fill value");
            };
            Some(self.expr(value)?)
        } else {
            None
        };
        let dtype = match args.get(1 + usize::from(filled), "dtype") {
            Some(expr) => self.dtype(expr)?,
            None => fill.and_then(|fill| self.function.ty(fill).dtype()).unwrap_or(Dtype::F64),
        };
        self.refuse_options(args, &["shape", "dtype", "fill_value"])?;
        self.filled(name, dtype, shape, fill, span)
    }

    fn filled(
        &mut self,
        name: &str,
        dtype: Dtype,
        shape: Vec<hir::Expr>,
        fill: Option<hir::Expr>,
        span: Span,
    ) -> Typed {
        if dtype.is_complex() {
            return self.refuse(span, "complex arrays in kernels are not supported yet");
        }
        if shape.len() > crate::base::types::MAX_RANK {
            return self.refuse(span, format!("an array of rank {} is beyond the limit of 8", shape.len()));
        }
        let constant = |this: &mut Self, value: i64| {
            let scalar =
                if dtype.is_float() { Scalar::float(dtype, value as f64) } else { Scalar::int(dtype, value) };
            this.push(ExprKind::Const(scalar), Type::Scalar(dtype), span)
        };
        let fill = match name.trim_end_matches("_like") {
            "zeros" => Some(constant(self, 0)),
            "ones" => Some(constant(self, 1)),
            "full" => {
                let fill = fill.expect("full has a fill value");
                if self.function.ty(fill).scalar().is_none() {
                    return self.refuse(span, "`np.full` fills with a scalar");
                }
                Some(self.convert_to(fill, &Type::Scalar(dtype))?)
            }
            _ => None,
        };
        let mut unit = AxisSet::default();
        for (axis, extent) in shape.iter().enumerate() {
            if self.known_int(*extent) == Some(1) {
                unit = unit.with(axis);
            }
        }
        let ty = ArrayType { dtype, rank: shape.len() as u8, layout: Layout::C, unit };
        Ok(self.push(ExprKind::Alloc { shape, fill }, Type::Array(ty), span))
    }

    fn allocate_like(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let Some(model) = args.get(0, "a") else {
            return self.refuse(span, format!("`np.{name}` needs an array"));
        };
        let model = self.expr(model)?;
        let Some(array) = self.function.ty(model).array() else {
            return self.refuse(span, format!("`np.{name}` of {}", self.function.ty(model)));
        };
        let filled = name == "full_like";
        let fill = match args.get(1, "fill_value").filter(|_| filled) {
            Some(value) => Some(self.expr(value)?),
            None if filled => return self.refuse(span, "`np.full_like` needs a fill value"),
            None => None,
        };
        let dtype = match args.get(1 + usize::from(filled), "dtype") {
            Some(expr) => self.dtype(expr)?,
            None => array.dtype,
        };
        self.refuse_options(args, &["a", "dtype", "fill_value"])?;
        let mut result = Ok(model);
        let value = self.shared_in_expr(model, |this, model| {
            let shape = (0..array.rank()).map(|axis| this.extent(model, axis, span)).collect();
            result = this.filled(name, dtype, shape, fill, span);
            if let Ok(expr) = result {
                this.function.exprs[expr].ty =
                    Type::Array(ArrayType { dtype, rank: array.rank, layout: Layout::C, unit: array.unit });
            }
            result.unwrap_or(model)
        });
        result.map(|_| value)
    }

    fn refuse_options(&mut self, args: &Arguments<'a>, known: &[&str]) -> Typed<()> {
        match args.keyword.iter().find(|(name, _)| !known.contains(&name.text.as_str())) {
            Some((name, _)) => {
                self.refuse(name.span, format!("the option `{}` is not supported yet", name.text))
            }
            None => Ok(()),
        }
    }

    /// A shape: an int, a tuple of ints, or a tuple value such as `x.shape`.
    fn shape_argument(&mut self, expr: &'a ast::Expr) -> Typed<Vec<hir::Expr>> {
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
        let mut extents = vec![];
        for (index, ty) in types.into_iter().enumerate() {
            let item = self.push(ExprKind::Item { tuple: value, index: index as u32 }, ty, expr.span);
            extents.push(self.as_index(item, "an extent")?);
        }
        Ok(extents)
    }

    /// A dtype argument: a type name or `x.dtype`.
    pub(super) fn dtype(&mut self, expr: &'a ast::Expr) -> Typed<Dtype> {
        if let Ast::Attribute { value, name } = &expr.kind
            && name.text == "dtype"
        {
            let value = self.expr(value)?;
            let dtype = self.function.ty(value).dtype();
            return dtype.map_or_else(|| self.refuse(expr.span, "this has no dtype"), Ok);
        }
        match super::annotation::scalar_type(expr).and_then(|ty| ty.scalar()) {
            Some(dtype) => Ok(dtype),
            None => self.inference.report(
                Diagnostic::error(expr.span, "this is not a dtype")
                    .hint("np.float64, np.int32, f32, x.dtype, …"),
            ),
        }
    }
}
