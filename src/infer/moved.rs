//! Functions that move elements about: `roll repeat tile diag diagonal trace`, as loops of `kernels/std` into a new array.

use super::call::Arguments;
use super::promote::Element;
use super::{Body, Typed};
use crate::ast::{self, BinaryOp, CompareOp};
use crate::base::{ArrayType, Binary, Diagnostic, Dtype, Span, Type, Weak};
use crate::hir::{self, ExprKind};

pub(super) const NAMES: &[&str] = &["roll", "repeat", "tile", "diag", "diagonal", "trace"];

impl<'a> Body<'_, 'a> {
    /// None if there is no such function.
    pub(super) fn moved(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Option<Typed> {
        Some(match name {
            "roll" => self.roll(args, span),
            "repeat" => self.repeated(args, ["a", "repeats", "axis"], "_repeat", span),
            "tile" => self.repeated(args, ["A", "reps", "axis"], "_tile", span),
            "diag" => self.diag(args, span),
            "diagonal" => self.diagonal_call(args, span),
            "trace" => self.trace(args, span),
            _ => return None,
        })
    }

    /// A new array of this extent, filled by a function of `kernels/std` from what follows the array among its parameters.
    fn filled_by(
        &mut self,
        function: &str,
        dtype: Dtype,
        extent: hir::Expr,
        arguments: &[hir::Expr],
        span: Span,
    ) -> Typed {
        let ty = Type::Array(ArrayType::contiguous(dtype, 1));
        let array = self.push(ExprKind::Alloc { shape: vec![extent], fill: None }, ty, span);
        self.share(array, |this, array| {
            let call = this.library_routine(function, &[&[array], arguments].concat(), span)?;
            this.share(call, |_, _| Ok(array))
        })
    }

    fn vector(&mut self, args: &Arguments<'a>, given: Option<&'a ast::Expr>, span: Span) -> Typed {
        let x = self.first(args, given, span)?;
        match self.function.ty(x).array() {
            Some(array) if array.rank == 1 && !array.dtype.is_complex() => Ok(x),
            _ => {
                let message = format!("`{}` of {} is not supported yet", args.callee, self.function.ty(x));
                self.inference.report(Diagnostic::error(span, message).hint("it takes arrays of one axis"))
            }
        }
    }

    /// The axis of a vector can only be its first.
    fn only_axis(&mut self, axis: Option<&'a ast::Expr>) -> Typed<()> {
        let Some(axis) = self.optional(axis)? else { return Ok(()) };
        match self.known_int(axis) {
            Some(0 | -1) => Ok(()),
            _ => {
                let span = self.function.span(axis);
                self.refuse(span, "the axis of an array of one axis is 0")
            }
        }
    }

    fn roll(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [x, shift, axis] = self.parameters(args, ["a", "shift", "axis"], span)?;
        let x = self.vector(args, x, span)?;
        let Some(shift) = shift else { return self.refuse(span, "`np.roll` needs a shift") };
        let shift = self.expr(shift)?;
        let shift = self.as_index(shift, "a shift")?;
        self.only_axis(axis)?;
        let dtype = self.function.ty(x).dtype().expect("a vector");
        self.share(x, |this, x| {
            let extent = this.extent(x, 0, span);
            this.filled_by("_roll", dtype, extent, &[x, shift], span)
        })
    }

    fn repeated(&mut self, args: &Arguments<'a>, names: [&str; 3], function: &str, span: Span) -> Typed {
        let [x, count, axis] = self.parameters(args, names, span)?;
        let x = self.vector(args, x, span)?;
        let Some(count) = count else { return self.refuse(span, format!("`{}` needs a count", args.callee)) };
        let count = self.expr(count)?;
        let count = self.as_index(count, "a number of times")?;
        self.only_axis(axis)?;
        let dtype = self.function.ty(x).dtype().expect("a vector");
        self.share(x, |this, x| {
            this.share(count, |this, count| {
                let extent = this.extent(x, 0, span);
                let total = this.binary(BinaryOp::Mul, extent, count, span)?;
                this.filled_by(function, dtype, total, &[x, count], span)
            })
        })
    }

    /// `diag(v)`: the square matrix with v on its diagonal; `diag(m, k)`: a diagonal of m.
    fn diag(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [v, k] = self.parameters(args, ["v", "k"], span)?;
        let v = self.first(args, v, span)?;
        match self.function.ty(v).array() {
            Some(array) if array.rank == 1 && k.is_none() => self.on_diagonal(v, array, span),
            Some(array) if array.rank == 2 => {
                let k = self.diagonal_number(k, span)?;
                self.diagonal(v, array, k, span)
            }
            Some(array) if array.rank == 1 => {
                self.refuse(span, "`np.diag` of a vector beside the main diagonal is not supported yet")
            }
            _ => {
                let message = format!("`np.diag` takes a vector or a matrix, not {}", self.function.ty(v));
                self.refuse(span, message)
            }
        }
    }

    fn on_diagonal(&mut self, v: hir::Expr, array: ArrayType, span: Span) -> Typed {
        let zero = self.number(0.0, array.dtype, span);
        self.share(v, |this, v| {
            let extent = this.extent(v, 0, span);
            let k = this.int(0, span);
            let mask = this.mask(CompareOp::Eq, [extent, extent], k, span)?;
            Ok(this.choice(mask, v, zero, span))
        })
    }

    fn diagonal_call(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [x, offset] = self.parameters(args, ["a", "offset"], span)?;
        let (x, array) = self.matrix(args, x, span)?;
        let offset = self.diagonal_number(offset, span)?;
        self.diagonal(x, array, offset, span)
    }

    fn matrix(
        &mut self,
        args: &Arguments<'a>,
        given: Option<&'a ast::Expr>,
        span: Span,
    ) -> Typed<(hir::Expr, ArrayType)> {
        let x = self.first(args, given, span)?;
        match self.function.ty(x).array() {
            Some(array) if array.rank == 2 => Ok((x, array)),
            _ => {
                let message = format!("`{}` takes a matrix, not {}", args.callee, self.function.ty(x));
                self.refuse(span, message)
            }
        }
    }

    /// A copy of a diagonal.
    fn diagonal(&mut self, x: hir::Expr, array: ArrayType, offset: hir::Expr, span: Span) -> Typed {
        self.share(x, |this, x| {
            this.share(offset, |this, offset| {
                let zero = this.int(0, span);
                let below = this.binary(BinaryOp::Sub, zero, offset, span)?;
                let row = this.of_ints(Binary::Max, below, zero, span)?;
                let column = this.of_ints(Binary::Max, offset, zero, span)?;
                let (rows, columns) = (this.extent(x, 0, span), this.extent(x, 1, span));
                let rows = this.binary(BinaryOp::Sub, rows, row, span)?;
                let columns = this.binary(BinaryOp::Sub, columns, column, span)?;
                let extent = this.of_ints(Binary::Min, rows, columns, span)?;
                let extent = this.of_ints(Binary::Max, extent, zero, span)?;
                this.filled_by("_diagonal", array.dtype, extent, &[x, row, column], span)
            })
        })
    }

    fn of_ints(&mut self, op: Binary, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        self.apply(op, Dtype::I64, Element::Weak(Weak::Int), a, b, span)
    }

    /// The sum of the diagonal.
    fn trace(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [x, offset] = self.parameters(args, ["a", "offset"], span)?;
        let (x, array) = self.matrix(args, x, span)?;
        let offset = self.diagonal_number(offset, span)?;
        let diagonal = self.diagonal(x, array, offset, span)?;
        let dtype = super::reduce::accumulator(array.dtype);
        let diagonal = self.convert(diagonal, dtype)?;
        Ok(self.sum_of(diagonal, dtype, 0, span))
    }
}
