//! Reductions and scans of NumPy: `sum`, `min`, `mean`, `cumsum`, … over all or some axes, as functions and as methods.
//!
//! `mean`, `var`, `std` and `ptp` are NumPy's own compositions of sums, extremes and elementwise operations, step for step, so that they
//! have its bits.

use super::call::Arguments;
use super::promote::Element;
use super::{Body, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::{ArrayType, AxisSet, Binary, Diagnostic, Dtype, Span, Type, Unary};
use crate::hir::{self, ExprKind, Reduce, Scan};

/// Functions that reduce.
pub(super) const REDUCTIONS: &[&str] = &[
    "sum",
    "prod",
    "min",
    "max",
    "amin",
    "amax",
    "mean",
    "var",
    "std",
    "any",
    "all",
    "ptp",
    "count_nonzero",
    "argmin",
    "argmax",
    "cumsum",
    "cumprod",
];

/// Those that are methods too.
pub(super) const REDUCTION_METHODS: &[&str] = &[
    "sum", "prod", "min", "max", "mean", "var", "std", "any", "all", "argmin", "argmax", "cumsum", "cumprod",
];

/// What a call of a reduction says beside the array.
struct Options {
    axes: AxisSet,
    /// Whether `axis` is given, and not None.
    along: bool,
    keepdims: bool,
    dtype: Option<Dtype>,
    initial: Option<hir::Expr>,
    ddof: Option<hir::Expr>,
}

impl<'a> Body<'_, 'a> {
    pub(super) fn reduction(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let name = match name {
            "amin" => "min",
            "amax" => "max",
            other => other,
        };
        let array = self.reduced_operand(name, args, span)?;
        let options = self.reduction_options(name, array, args, span)?;
        match name {
            "sum" => self.accumulate(Reduce::Sum, array, &options, span),
            "prod" => self.accumulate(Reduce::Prod, array, &options, span),
            "min" => self.reduce(Reduce::Min, array, &options, span),
            "max" => self.reduce(Reduce::Max, array, &options, span),
            "argmin" => self.reduce(Reduce::ArgMin, array, &options, span),
            "argmax" => self.reduce(Reduce::ArgMax, array, &options, span),
            "cumsum" => self.scan(Scan::Sum, array, &options, span),
            "cumprod" => self.scan(Scan::Prod, array, &options, span),
            "any" => self.truth_along(Reduce::Any, array, &options, span),
            "all" => self.truth_along(Reduce::All, array, &options, span),
            "mean" => self.sharing(array, |this, array| this.mean(array, &options, span)),
            "var" => self.sharing(array, |this, array| this.variance(array, &options, span)),
            "std" => self.sharing(array, |this, array| this.deviation(array, &options, span)),
            "ptp" => self.sharing(array, |this, array| this.peak_to_peak(array, &options, span)),
            "count_nonzero" => self.count_nonzero(array, &options, span),
            other => unreachable!("{other} is in the table of reductions"),
        }
    }

    /// The array, or a scalar as an array of rank 0.
    fn reduced_operand(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let operand = match (args.receiver, args.get(0, "a")) {
            (Some(receiver), _) => receiver,
            (None, Some(expr)) => self.expr(expr)?,
            (None, None) => return self.refuse(span, format!("`np.{name}` needs an array")),
        };
        let ty = self.function.ty(operand).clone();
        match ty.dtype() {
            Some(dtype) if dtype.is_complex() => self.refuse(span, "complex arithmetic is not supported yet"),
            Some(_) if ty.is_array() => Ok(operand),
            Some(dtype) => {
                let fill = Some(self.convert(operand, dtype)?);
                let ty = Type::Array(ArrayType::contiguous(dtype, 0));
                Ok(self.push(ExprKind::Alloc { shape: vec![], fill }, ty, span))
            }
            None => {
                self.refuse(self.function.span(operand), format!("`np.{name}` of {ty}: it reduces an array"))
            }
        }
    }

    fn reduction_options(
        &mut self,
        name: &str,
        array: hir::Expr,
        args: &Arguments<'a>,
        span: Span,
    ) -> Typed<Options> {
        let names = parameters(name);
        let skipped = usize::from(args.receiver.is_none());
        if args.positional.len() > names.positional.len() + skipped {
            let most = names.positional.len() + skipped;
            let message = format!(
                "`{}` takes at most {most} positional arguments, not {}",
                args.callee,
                args.positional.len()
            );
            return self.refuse(span, message);
        }
        let positional =
            args.positional.iter().skip(skipped).zip(names.positional).map(|(value, name)| (*name, *value));
        let mut given: Vec<(&str, &'a ast::Expr)> = positional.collect();
        for (key, value) in &args.keyword {
            if key.text == "a" && skipped == 1 {
                continue;
            }
            let Some(known) = names.positional.iter().chain(names.keyword).find(|known| **known == key.text)
            else {
                return self.unknown_option(key, &args.callee, names);
            };
            if given.iter().any(|(name, _)| name == known) {
                return self.refuse(key.span, format!("`{}` is given twice", key.text));
            }
            given.push((known, value));
        }
        let source = self.function.ty(array).array().expect("an array");
        let mut options = Options {
            axes: AxisSet::all(source.rank()),
            along: false,
            keepdims: false,
            dtype: None,
            initial: None,
            ddof: None,
        };
        for (option, value) in given {
            self.reduction_option(name, option, value, source, &mut options)?;
        }
        Ok(options)
    }

    fn unknown_option(&mut self, key: &ast::Name, callee: &str, names: Parameters) -> Typed<Options> {
        let known = names.positional.iter().chain(names.keyword).copied();
        let mut diagnostic = Diagnostic::error(key.span, format!("`{callee}` has no option `{}`", key.text));
        if let Some(near) = super::names::nearest(&key.text, known) {
            diagnostic = diagnostic.hint(format!("did you mean `{near}`?"));
        }
        self.inference.report(diagnostic)
    }

    fn reduction_option(
        &mut self,
        name: &str,
        option: &str,
        value: &'a ast::Expr,
        source: ArrayType,
        options: &mut Options,
    ) -> Typed<()> {
        let none = matches!(value.kind, Ast::None);
        match option {
            "axis" => {
                let axes = self.reduced_axes(name, value, source.rank())?;
                options.along = axes.is_some();
                options.axes = axes.unwrap_or(options.axes);
            }
            "keepdims" => options.keepdims = self.constant_flag(value, "keepdims")?,
            "dtype" | "out" if none => {}
            "dtype" => options.dtype = Some(self.dtype(value)?),
            "ddof" | "correction" => options.ddof = Some(self.freedom(value, option)?),
            "initial" => options.initial = Some(self.expr(value)?),
            other => {
                return self.refuse(value.span, format!("`{other}=` of a reduction is not supported yet"));
            }
        }
        Ok(())
    }

    /// `axis=`: None, an int, or a tuple of ints, all constants.
    fn reduced_axes(&mut self, name: &str, value: &'a ast::Expr, rank: usize) -> Typed<Option<AxisSet>> {
        let axis = self.expr(value)?;
        if *self.function.ty(axis) == Type::None {
            return Ok(None);
        }
        let ExprKind::Tuple(items) = self.function.exprs[axis].kind.clone() else {
            // For the sake of np.sum(2.0, axis=0), which NumPy allows.
            let scalar = rank == 0 && !matches!(name, "mean" | "var" | "std");
            let axis = self.axis(axis, if scalar { 1 } else { rank })?;
            return Ok(Some(if scalar { AxisSet::default() } else { AxisSet::default().with(axis) }));
        };
        if matches!(name, "argmin" | "argmax" | "cumsum" | "cumprod") {
            return self.refuse(value.span, format!("`{name}` takes one axis, or None for all elements"));
        }
        let axes = self.distinct_axes(items, rank)?;
        Ok(Some(axes.into_iter().fold(AxisSet::default(), AxisSet::with)))
    }

    fn constant_flag(&mut self, value: &'a ast::Expr, option: &str) -> Typed<bool> {
        let flag = self.expr(value)?;
        match (self.known_bool(flag), self.known_int(flag)) {
            (Some(flag), _) => Ok(flag),
            (None, Some(int)) => Ok(int != 0),
            (None, None) => self.refuse(value.span, format!("`{option}` must be a constant True or False")),
        }
    }

    fn freedom(&mut self, value: &'a ast::Expr, option: &str) -> Typed {
        let ddof = self.expr(value)?;
        match self.function.ty(ddof).scalar() {
            Some(dtype) if !dtype.is_complex() => Ok(ddof),
            _ => self
                .refuse(value.span, format!("`{option}` must be a number, not {}", self.function.ty(ddof))),
        }
    }

    /// `body` with `array` evaluated once.
    fn sharing(&mut self, array: hir::Expr, body: impl FnOnce(&mut Self, hir::Expr) -> Typed) -> Typed {
        let mut failed = Ok(());
        let value = self.shared_in_expr(array, |this, array| {
            body(this, array).unwrap_or_else(|abort| {
                failed = Err(abort);
                array
            })
        });
        failed.map(|()| value)
    }

    fn reduce(&mut self, op: Reduce, array: hir::Expr, options: &Options, span: Span) -> Typed {
        let source = self.function.ty(array).array().expect("an array");
        let initial = match options.initial {
            Some(initial) => Some(self.initial_value(initial, source.dtype)?),
            None => None,
        };
        let (axes, keepdims) = (options.axes, options.keepdims);
        let result = ArrayType { dtype: op.result(source.dtype), ..source.reduced(axes, keepdims) };
        let ty = if result.rank == 0 { Type::Scalar(result.dtype) } else { Type::Array(result) };
        Ok(self.push(ExprKind::Reduce { op, array, axes, keepdims, initial }, ty, span))
    }

    fn initial_value(&mut self, initial: hir::Expr, dtype: Dtype) -> Typed {
        let ty = self.function.ty(initial).clone();
        if ty.scalar().is_none_or(Dtype::is_complex) {
            return self.refuse(self.function.span(initial), format!("`initial` must be a number, not {ty}"));
        }
        self.convert_to(initial, &Type::Scalar(dtype))
    }

    /// Sums and products compute in the dtype of their result.
    fn accumulate(&mut self, op: Reduce, array: hir::Expr, options: &Options, span: Span) -> Typed {
        let source = self.function.ty(array).dtype().expect("an array");
        let array = self.convert(array, options.dtype.unwrap_or(accumulator(source)))?;
        self.reduce(op, array, options, span)
    }

    /// Sequential, in the dtype of sums.
    fn scan(&mut self, op: Scan, array: hir::Expr, options: &Options, span: Span) -> Typed {
        let source = self.function.ty(array).dtype().expect("an array");
        let array = self.convert(array, options.dtype.unwrap_or(accumulator(source)))?;
        let source = self.function.ty(array).array().expect("an array");
        let axis = options.axes.within(source.rank()).next().filter(|_| options.along);
        let axis = axis.map(|axis| axis as u8);
        Ok(self.push(ExprKind::Scan { op, array, axis }, Type::Array(source.scanned(axis)), span))
    }

    fn truth_along(&mut self, op: Reduce, array: hir::Expr, options: &Options, span: Span) -> Typed {
        let array = self.convert(array, Dtype::Bool)?;
        self.reduce(op, array, options, span)
    }

    fn count_nonzero(&mut self, array: hir::Expr, options: &Options, span: Span) -> Typed {
        let truth = self.convert(array, Dtype::Bool)?;
        let ones = self.convert(truth, Dtype::I64)?;
        self.reduce(Reduce::Sum, ones, options, span)
    }

    fn peak_to_peak(&mut self, array: hir::Expr, options: &Options, span: Span) -> Typed {
        let dtype = self.function.ty(array).dtype().expect("an array");
        if dtype == Dtype::Bool {
            return self.inference.report(
                Diagnostic::error(span, "`np.ptp` of bools")
                    .hint("NumPy has no subtraction of bools: use `^`"),
            );
        }
        let most = self.reduce(Reduce::Max, array, options, span)?;
        let least = self.reduce(Reduce::Min, array, options, span)?;
        self.apply(Binary::Sub, dtype, Element::Strong(dtype), most, least, span)
    }

    fn mean(&mut self, array: hir::Expr, options: &Options, span: Span) -> Typed {
        let dtype = options.dtype.unwrap_or(self.default_mean(array));
        let sum = self.accumulate(Reduce::Sum, array, &Options { dtype: Some(dtype), ..*options }, span)?;
        let count = self.reduced_count(array, options, span);
        self.divide_into(sum, count, dtype, span)
    }

    /// NumPy's `_var`: the mean with its axes kept, the deviations from it, their squares summed, divided by what is left of the count.
    fn variance(&mut self, array: hir::Expr, options: &Options, span: Span) -> Typed {
        let rank = self.function.ty(array).array().expect("an array").rank();
        let kept = Options { keepdims: options.axes != AxisSet::all(rank), ..*options };
        let mean = self.mean(array, &kept, span)?;
        let deviation = self.binary(ast::BinaryOp::Sub, array, mean, span)?;
        let dtype = options.dtype.unwrap_or(self.default_mean(array));
        let squares = self.sharing(deviation, |this, deviation| {
            this.binary(ast::BinaryOp::Mul, deviation, deviation, span)
        })?;
        let sum = self.accumulate(Reduce::Sum, squares, &Options { dtype: Some(dtype), ..*options }, span)?;
        let count = self.reduced_count(array, options, span);
        let freedom = match options.ddof {
            Some(ddof) => self.less_freedom(count, ddof, span)?,
            None => count,
        };
        self.divide_into(sum, freedom, dtype, span)
    }

    fn deviation(&mut self, array: hir::Expr, options: &Options, span: Span) -> Typed {
        let variance = self.variance(array, options, span)?;
        let dtype = self.function.ty(variance).dtype().expect("a number");
        let root = if dtype.is_float() { dtype } else { Dtype::F64 };
        let variance = self.convert(variance, root)?;
        let deviation = self.elementwise_unary(Unary::Sqrt, variance, span);
        self.convert(deviation, dtype)
    }

    /// `max(count - ddof, 0)`.
    fn less_freedom(&mut self, count: hir::Expr, ddof: hir::Expr, span: Span) -> Typed {
        let left = self.binary(ast::BinaryOp::Sub, count, ddof, span)?;
        let element = Element::of(self.function.ty(left)).expect("a number");
        let zero = self.int(0, span);
        self.apply(Binary::Maximum, element.dtype(), element, left, zero, span)
    }

    /// Integers and bools are averaged in f64.
    fn default_mean(&self, array: hir::Expr) -> Dtype {
        let source = self.function.ty(array).dtype().expect("an array");
        if source.is_float() { source } else { Dtype::F64 }
    }

    /// How many elements become one: NumPy's intp.
    fn reduced_count(&mut self, array: hir::Expr, options: &Options, span: Span) -> hir::Expr {
        let rank = self.function.ty(array).array().expect("an array").rank();
        let mut count = self.int(1, span);
        for (k, axis) in options.axes.within(rank).enumerate() {
            let extent = self.extent(array, axis, span);
            count = match k {
                0 => extent,
                _ => self.push(ExprKind::Binary(Binary::Mul, count, extent), Type::INT, span),
            };
        }
        self.retype(count, &Type::Scalar(Dtype::I64))
    }

    /// NumPy divides in f64 and rounds to the result's dtype.
    fn divide_into(&mut self, sum: hir::Expr, count: hir::Expr, dtype: Dtype, span: Span) -> Typed {
        let quotient = self.apply(Binary::Div, Dtype::F64, Element::Strong(Dtype::F64), sum, count, span)?;
        self.convert(quotient, dtype)
    }
}

/// The options of a function, by position (after the array) and by name only.
#[derive(Clone, Copy)]
struct Parameters {
    positional: &'static [&'static str],
    keyword: &'static [&'static str],
}

fn parameters(name: &str) -> Parameters {
    let (positional, keyword): (&[&str], &[&str]) = match name {
        "sum" | "prod" => (&["axis", "dtype", "out", "keepdims", "initial", "where"], &[]),
        "min" | "max" => (&["axis", "out", "keepdims", "initial", "where"], &[]),
        "mean" => (&["axis", "dtype", "out", "keepdims"], &["where"]),
        "var" | "std" => (&["axis", "dtype", "out", "ddof", "keepdims"], &["where", "mean", "correction"]),
        "any" | "all" => (&["axis", "out", "keepdims"], &["where"]),
        "ptp" => (&["axis", "out", "keepdims"], &[]),
        "count_nonzero" => (&["axis"], &["keepdims"]),
        "argmin" | "argmax" => (&["axis", "out"], &["keepdims"]),
        "cumsum" | "cumprod" => (&["axis", "dtype", "out"], &[]),
        other => unreachable!("{other} is in the table of reductions"),
    };
    Parameters { positional, keyword }
}

/// The dtype in which NumPy sums: small integers widen to 64 bits.
pub(super) fn accumulator(dtype: Dtype) -> Dtype {
    match dtype {
        Dtype::Bool | Dtype::I8 | Dtype::I16 | Dtype::I32 => Dtype::I64,
        Dtype::U8 | Dtype::U16 | Dtype::U32 => Dtype::U64,
        other => other,
    }
}
