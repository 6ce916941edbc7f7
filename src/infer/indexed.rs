//! Arrays computed from their indices: `arange linspace eye tri` and others, as elementwise expressions over `Iota`.

use super::call::Arguments;
use super::promote::Element;
use super::{Body, Typed};
use crate::ast::{self, BinaryOp, CompareOp};
use crate::base::op::cast;
use crate::base::{ArrayType, AxisSet, Binary, Dtype, FaultKind, Scalar, Span, Type, Unary, Weak};
use crate::hir::{self, ExprKind};

pub(super) const NAMES: &[&str] = &["arange", "linspace", "eye", "identity", "tri", "tril", "triu"];

impl<'a> Body<'_, 'a> {
    /// None if there is no such function.
    pub(super) fn indexed(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Option<Typed> {
        Some(match name {
            "arange" => self.arange_call(args, span),
            "linspace" => self.linspace_call(args, span),
            "eye" => self.eye(args, span),
            "identity" => self.identity_matrix(args, span),
            "tri" => self.tri(args, span),
            "tril" => self.triangle(args, false, span),
            "triu" => self.triangle(args, true, span),
            _ => return None,
        })
    }

    /// The indices along one axis of an array of this shape.
    fn iota(&mut self, shape: Vec<hir::Expr>, axis: u8, dtype: Dtype, span: Span) -> hir::Expr {
        let mut unit = AxisSet::default();
        for (axis, extent) in shape.iter().enumerate() {
            if self.known_int(*extent) == Some(1) {
                unit = unit.with(axis);
            }
        }
        let ty = ArrayType { unit, ..ArrayType::contiguous(dtype, shape.len()) };
        self.push(ExprKind::Iota { shape, axis }, Type::Array(ty), span)
    }

    /// Strong arithmetic in one dtype.
    fn strongly(&mut self, op: Binary, dtype: Dtype, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        self.apply(op, dtype, Element::Strong(dtype), a, b, span)
    }

    fn require(
        &mut self,
        condition: hir::Expr,
        exception: &str,
        message: &str,
        body: hir::Expr,
    ) -> hir::Expr {
        let fault = FaultKind::Raised { exception: exception.to_string(), message: message.to_string() };
        let (ty, span) = (self.function.ty(body).clone(), self.function.span(body));
        self.push(ExprKind::Require { condition, fault, values: vec![], body }, ty, span)
    }

    /// A number that is no array, evaluated once.
    fn real_scalar(&mut self, expr: &'a ast::Expr, function: &str) -> Typed {
        let value = self.expr(expr)?;
        let ty = self.function.ty(value).clone();
        if ty.scalar().is_none_or(Dtype::is_complex) {
            return self.refuse(expr.span, format!("`{function}` takes numbers, not {ty}"));
        }
        Ok(value)
    }
}

/// What `arange` counts through.
#[derive(Clone, Copy)]
struct Progression {
    start: hir::Expr,
    stop: hir::Expr,
    step: hir::Expr,
    dtype: Dtype,
}

/// `arange`.
impl<'a> Body<'_, 'a> {
    fn arange_call(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [first, second, step, dtype] = self.parameters(args, ["start", "stop", "step", "dtype"], span)?;
        let (start, stop) = match (first, second) {
            (first, Some(stop)) => (first, stop),
            (Some(stop), None) => (None, stop),
            (None, None) => return self.refuse(span, "`np.arange` needs a stop"),
        };
        let start = start.map(|expr| self.real_scalar(expr, "np.arange")).transpose()?;
        let start = start.unwrap_or_else(|| self.int(0, span));
        let stop = self.real_scalar(stop, "np.arange")?;
        let step = step.map(|expr| self.real_scalar(expr, "np.arange")).transpose()?;
        let step = step.unwrap_or_else(|| self.int(1, span));
        let dtype = self.optional_dtype(dtype)?;
        // NumPy starts from its default integer.
        let joined = self.common_dtype(&[start, stop, step]).promote(Dtype::I64);
        let dtype = dtype.unwrap_or(joined);
        if !(dtype.is_int() || dtype.is_float()) {
            return self.refuse(span, format!("`np.arange` of {dtype} is not supported"));
        }
        self.share(start, |this, start| {
            this.share(stop, |this, stop| {
                this.share(step, |this, step| this.arange(Progression { start, stop, step, dtype }, span))
            })
        })
    }

    fn arange(&mut self, range: Progression, span: Span) -> Typed {
        let whole = [range.start, range.stop, range.step]
            .iter()
            .all(|value| self.function.ty(*value).dtype().is_some_and(|dtype| !dtype.is_float()));
        let count = if whole { self.count_of_ints(range, span)? } else { self.count_of_floats(range, span)? };
        let count = self.with_step_checked(range.step, count, span)?;
        if range.dtype.is_float() || !whole {
            return self.fill_by_difference(range, count, span);
        }
        // Integers wrap, so the difference of the first two is the step.
        let first = self.convert(range.start, range.dtype)?;
        let step = match self.known_int(range.step) {
            Some(step) => self.wrapped(step, range.dtype, span),
            None => self.convert(range.step, range.dtype)?,
        };
        let mut value = self.iota(vec![count], 0, range.dtype, span);
        if self.known_number(step) != Some(1.0) {
            value = self.strongly(Binary::Mul, range.dtype, value, step, span)?;
        }
        if self.known_number(first) != Some(0.0) {
            value = self.strongly(Binary::Add, range.dtype, value, first, span)?;
        }
        Ok(value)
    }

    fn wrapped(&mut self, value: i128, dtype: Dtype, span: Span) -> hir::Expr {
        let scalar = Scalar::int(dtype, value as i64);
        self.push(ExprKind::Const(scalar), Type::Scalar(dtype), span)
    }

    /// The count, which faults first if the step is zero.
    fn with_step_checked(&mut self, step: hir::Expr, count: hir::Expr, span: Span) -> Typed {
        if self.known_number(step).is_some_and(|step| step != 0.0) {
            return Ok(count);
        }
        let zero = self.int(0, span);
        let fine = self.compare(CompareOp::Ne, step, zero, span)?;
        Ok(self.require(fine, "ZeroDivisionError", "`np.arange` with step 0", count))
    }

    fn count_of_ints(&mut self, range: Progression, span: Span) -> Typed {
        let mut bounds = vec![];
        for value in [range.start, range.stop, range.step] {
            bounds.push(self.as_index(value, "a bound of `np.arange`")?);
        }
        let zero = self.int(0, span);
        if self.known_int(bounds[0]) == Some(0) && self.known_int(bounds[2]) == Some(1) {
            if let Some(stop) = self.known_int(bounds[1]) {
                return Ok(self.int(stop.max(0), span));
            }
            return self.apply(Binary::Max, Dtype::I64, Element::Weak(Weak::Int), bounds[1], zero, span);
        }
        self.library_routine("_arange_count", &bounds, span)
    }

    /// `ceil((stop - start) / step)`; what no array holds is a fault.
    fn count_of_floats(&mut self, range: Progression, span: Span) -> Typed {
        let length = self.binary(BinaryOp::Sub, range.stop, range.start, span)?;
        let count = self.binary(BinaryOp::Div, length, range.step, span)?;
        let count = self.convert(count, Dtype::F64)?;
        let count = self.elementwise_unary(Unary::Ceil, count, span);
        self.share(count, |this, count| {
            let most = this.number(9e18, Dtype::F64, span);
            let fine = this.compare(CompareOp::Le, count, most, span)?;
            let zero = this.number(0.0, Dtype::F64, span);
            let positive = this.strongly(Binary::Max, Dtype::F64, count, zero, span)?;
            let count = this.convert_to(positive, &Type::INT)?;
            Ok(this.require(fine, "ValueError", "`np.arange` cannot compute its length", count))
        })
    }

    /// NumPy's way with floats: the first two are given, the others are `first + k * (second - first)`.
    fn fill_by_difference(&mut self, range: Progression, count: hir::Expr, span: Span) -> Typed {
        let dtype = range.dtype;
        let second = self.binary(BinaryOp::Add, range.start, range.step, span)?;
        let known = self.known_number(range.start).zip(self.known_number(range.step));
        let first = self.convert(range.start, dtype)?;
        let second = self.convert(second, dtype)?;
        if let Some((start, step)) = known
            && let Some(difference) = uniform_difference(start, step, dtype)
        {
            let difference = self.push(ExprKind::Const(difference), Type::Scalar(dtype), span);
            let value = self.iota(vec![count], 0, dtype, span);
            let value = self.strongly(Binary::Mul, dtype, value, difference, span)?;
            return self.strongly(Binary::Add, dtype, value, first, span);
        }
        self.share(first, |this, first| {
            this.share(second, |this, second| {
                let difference = this.strongly(Binary::Sub, dtype, second, first, span)?;
                let places = this.iota(vec![count], 0, Dtype::I64, span);
                this.share(places, |this, places| {
                    this.after_the_first_two(places, [first, second, difference], dtype, span)
                })
            })
        })
    }

    fn after_the_first_two(
        &mut self,
        places: hir::Expr,
        [first, second, difference]: [hir::Expr; 3],
        dtype: Dtype,
        span: Span,
    ) -> Typed {
        let factor = self.convert(places, dtype)?;
        let value = self.strongly(Binary::Mul, dtype, factor, difference, span)?;
        let value = self.strongly(Binary::Add, dtype, value, first, span)?;
        let (zero, one) = (self.int(0, span), self.int(1, span));
        let is_first = self.compare(CompareOp::Eq, places, zero, span)?;
        let is_second = self.compare(CompareOp::Eq, places, one, span)?;
        let value = self.choice(is_second, second, value, span);
        Ok(self.choice(is_first, first, value, span))
    }
}

/// The difference of the first two elements, if the first two follow the rule of the others to the bit.
fn uniform_difference(start: f64, step: f64, dtype: Dtype) -> Option<Scalar> {
    let (first, second) = (cast(Scalar::f64(start), dtype), cast(Scalar::f64(start + step), dtype));
    if !dtype.is_float() {
        return Some(Binary::Sub.eval(second, first));
    }
    let difference = Binary::Sub.eval(second, first);
    let element = |k: f64| Binary::Add.eval(Binary::Mul.eval(Scalar::float(dtype, k), difference), first);
    (element(0.0) == first && element(1.0) == second).then_some(difference)
}

/// The parts of `linspace`, all of one float dtype but the counts.
#[derive(Clone, Copy)]
struct Spacing {
    start: hir::Expr,
    stop: hir::Expr,
    count: hir::Expr,
    /// How many steps lead from start to stop.
    steps: hir::Expr,
    endpoint: bool,
    dtype: Dtype,
}

/// `linspace`.
impl<'a> Body<'_, 'a> {
    fn linspace_call(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let names = ["start", "stop", "num", "endpoint", "retstep", "dtype"];
        let [start, stop, num, endpoint, retstep, dtype] = self.parameters(args, names, span)?;
        let (Some(start), Some(stop)) = (start, stop) else {
            return self.refuse(span, "`np.linspace` needs a start and a stop");
        };
        let start = self.real_scalar(start, "np.linspace")?;
        let stop = self.real_scalar(stop, "np.linspace")?;
        let count = match num {
            Some(expr) => self.real_scalar(expr, "np.linspace")?,
            None => self.int(50, span),
        };
        let count = self.as_index(count, "the number of samples")?;
        let endpoint = self.constant_option(endpoint, "endpoint")?.unwrap_or(true);
        if self.constant_option(retstep, "retstep")? == Some(true) {
            return self.refuse(span, "`retstep=True` of `np.linspace` is not supported yet");
        }
        let wanted = self.optional_dtype(dtype)?;
        let element = Element::Strong(self.common_dtype(&[start, stop]));
        let dtype = element.promote(Element::Weak(Weak::Float)).dtype();
        let both_weak = [start, stop].iter().all(|end| matches!(self.function.ty(*end), Type::Weak(_)));
        let dtype = if both_weak { Dtype::F64 } else { dtype };
        let (start, stop) = (self.convert(start, dtype)?, self.convert(stop, dtype)?);
        let value = self.share(start, |this, start| {
            this.share(stop, |this, stop| {
                this.share(count, |this, count| {
                    let one = this.int(1, span);
                    let steps = if endpoint { this.binary(BinaryOp::Sub, count, one, span)? } else { count };
                    this.linspace(Spacing { start, stop, count, steps, endpoint, dtype }, span)
                })
            })
        })?;
        let Some(wanted) = wanted else { return Ok(value) };
        let value = if wanted.is_int() { self.elementwise_unary(Unary::Floor, value, span) } else { value };
        self.convert(value, wanted)
    }

    /// An option that is `True` or `False` in the source.
    fn constant_option(&mut self, given: Option<&'a ast::Expr>, name: &str) -> Typed<Option<bool>> {
        let Some(expr) = given else { return Ok(None) };
        let value = self.expr(expr)?;
        match self.known_bool(value) {
            Some(known) => Ok(Some(known)),
            None => self.refuse(expr.span, format!("`{name}` is True or False")),
        }
    }

    /// `k * (delta / steps) + start`, or `k / steps * delta + start` where the step underflows; the last element is `stop`.
    fn linspace(&mut self, spacing: Spacing, span: Span) -> Typed {
        let Spacing { start, stop, count, steps, dtype, .. } = spacing;
        let delta = self.strongly(Binary::Sub, dtype, stop, start, span)?;
        let (zero, one) = (self.int(0, span), self.int(1, span));
        let some = self.compare(CompareOp::Gt, steps, zero, span)?;
        let divisor = self.apply(Binary::Max, Dtype::I64, Element::Weak(Weak::Int), steps, one, span)?;
        let divisor = self.convert(divisor, dtype)?;
        let places = self.iota(vec![count], 0, Dtype::I64, span);
        self.share(delta, |this, delta| {
            this.share(divisor, |this, divisor| {
                let step = this.strongly(Binary::Div, dtype, delta, divisor, span)?;
                this.share(step, |this, step| {
                    let factor = this.choice(some, step, delta, span);
                    let zero = this.number(0.0, dtype, span);
                    let none = this.compare(CompareOp::Eq, factor, zero, span)?;
                    this.share(places, |this, places| {
                        let k = this.convert(places, dtype)?;
                        let plain = this.strongly(Binary::Mul, dtype, k, factor, span)?;
                        let part = this.strongly(Binary::Div, dtype, k, divisor, span)?;
                        let part = this.strongly(Binary::Mul, dtype, part, delta, span)?;
                        let value = this.choice(none, part, plain, span);
                        let value = this.strongly(Binary::Add, dtype, value, start, span)?;
                        this.with_endpoint(spacing, places, value, span)
                    })
                })
            })
        })
    }

    fn with_endpoint(&mut self, spacing: Spacing, places: hir::Expr, value: hir::Expr, span: Span) -> Typed {
        if !spacing.endpoint {
            return Ok(value);
        }
        // A single sample is the start.
        let zero = self.int(0, span);
        let several = self.compare(CompareOp::Gt, spacing.steps, zero, span)?;
        let last = self.compare(CompareOp::Eq, places, spacing.steps, span)?;
        let last = self.apply(Binary::And, Dtype::Bool, Element::Strong(Dtype::Bool), last, several, span)?;
        Ok(self.choice(last, spacing.stop, value, span))
    }
}

/// Matrices.
impl<'a> Body<'_, 'a> {
    fn extent_argument(&mut self, expr: &'a ast::Expr) -> Typed {
        let value = self.expr(expr)?;
        self.as_index(value, "an extent")
    }

    fn eye(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [rows, columns, k, dtype] = self.parameters(args, ["N", "M", "k", "dtype"], span)?;
        self.matrix_of(CompareOp::Eq, [rows, columns, k, dtype], span)
    }

    fn identity_matrix(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [rows, dtype] = self.parameters(args, ["n", "dtype"], span)?;
        self.matrix_of(CompareOp::Eq, [rows, None, None, dtype], span)
    }

    fn tri(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [rows, columns, k, dtype] = self.parameters(args, ["N", "M", "k", "dtype"], span)?;
        self.matrix_of(CompareOp::Le, [rows, columns, k, dtype], span)
    }

    /// Ones where the column compares so with row + k.
    fn matrix_of(
        &mut self,
        op: CompareOp,
        [rows, columns, k, dtype]: [Option<&'a ast::Expr>; 4],
        span: Span,
    ) -> Typed {
        let Some(rows) = rows else { return self.refuse(span, "this needs the number of rows") };
        let rows = self.extent_argument(rows)?;
        let columns = self.optional(columns)?;
        let columns = columns.map(|columns| self.as_index(columns, "an extent")).transpose()?;
        let k = self.diagonal_number(k, span)?;
        let dtype = self.optional_dtype(dtype)?.unwrap_or(Dtype::F64);
        self.share(rows, |this, rows| {
            this.share(columns.unwrap_or(rows), |this, columns| {
                let mask = this.mask(op, [rows, columns], k, span)?;
                this.convert(mask, dtype)
            })
        })
    }

    pub(super) fn diagonal_number(&mut self, k: Option<&'a ast::Expr>, span: Span) -> Typed {
        match k {
            Some(expr) => {
                let k = self.expr(expr)?;
                self.as_index(k, "the number of a diagonal")
            }
            None => Ok(self.int(0, span)),
        }
    }

    pub(super) fn mask(&mut self, op: CompareOp, shape: [hir::Expr; 2], k: hir::Expr, span: Span) -> Typed {
        let mut row = self.iota(shape.to_vec(), 0, Dtype::I64, span);
        let column = self.iota(shape.to_vec(), 1, Dtype::I64, span);
        if self.known_int(k) != Some(0) {
            row = self.strongly(Binary::Add, Dtype::I64, row, k, span)?;
        }
        self.compare(op, column, row, span)
    }

    /// `tril(m, k)`: zero above the diagonal; `triu`: below it.
    fn triangle(&mut self, args: &Arguments<'a>, upper: bool, span: Span) -> Typed {
        let [m, k] = self.parameters(args, ["m", "k"], span)?;
        let m = self.first(args, m, span)?;
        let Some(array) = self.function.ty(m).array().filter(|array| array.rank >= 2) else {
            let message = format!("this takes a matrix, not {}", self.function.ty(m));
            return self.refuse(span, message);
        };
        let k = self.diagonal_number(k, span)?;
        let zero = self.number(0.0, array.dtype, span);
        self.share(m, |this, m| {
            let shape = [array.rank() - 2, array.rank() - 1].map(|axis| this.extent(m, axis, span));
            let op = if upper { CompareOp::Ge } else { CompareOp::Le };
            let mask = this.mask(op, shape, k, span)?;
            Ok(this.choice(mask, m, zero, span))
        })
    }
}
