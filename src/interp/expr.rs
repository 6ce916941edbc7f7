//! Expressions: operands left to right, then the operator.

use super::array::{Array, Mismatch, broadcast, indices};
use super::reduce::{Domain, reduce};
use super::values::Datum;
use super::{Frame, Interpreter, Stop};
use crate::base::op::{cast, fma};
use crate::base::types::MAX_EXTENT;
use crate::base::{AxisSet, Binary, Compare, Dtype, FaultKind, Scalar, Span, Unary};
use crate::hir::{Expr, ExprKind, Func, Local, Reduce, Scan};

pub(super) type Evaluated = Result<Datum, Stop>;

/// What an operator does with the elements at one place.
type Operator<'o> = &'o mut dyn FnMut(&mut Interpreter, &Frame, &[Scalar]) -> Result<Scalar, Stop>;

impl Interpreter<'_> {
    /// Calls and expressions nest deeper than a native stack of fixed size allows, so it grows here.
    pub(super) fn eval(&mut self, frame: &mut Frame, expr: Expr) -> Evaluated {
        let value = stacker::maybe_grow(256 * 1024, 2 * 1024 * 1024, || self.eval_kind(frame, expr))?;
        value.check(frame.ty(expr), &frame.function.name);
        Ok(value)
    }

    pub(super) fn eval_all(&mut self, frame: &mut Frame, exprs: &[Expr]) -> Result<Vec<Datum>, Stop> {
        exprs.iter().map(|&expr| self.eval(frame, expr)).collect()
    }

    fn eval_kind(&mut self, frame: &mut Frame, expr: Expr) -> Evaluated {
        match &frame.function.exprs[expr].kind {
            ExprKind::Const(value) => Ok(Datum::Scalar(*value)),
            ExprKind::None => Ok(Datum::None),
            ExprKind::Local(local) => Ok(read(frame, *local)),
            ExprKind::CheckedLocal(local) => checked_read(frame, *local, expr),
            ExprKind::Unary(op, x) => self.unary(frame, expr, *op, *x),
            ExprKind::Binary(op, a, b) => self.binary(frame, expr, *op, *a, *b),
            ExprKind::Compare(op, a, b) => self.compare(frame, expr, *op, *a, *b),
            ExprKind::Convert(x) => self.convert(frame, expr, *x),
            ExprKind::Select { condition, then, otherwise } => {
                self.select(frame, expr, [*condition, *then, *otherwise])
            }
            ExprKind::Fma(a, b, c) => self.fma(frame, expr, [*a, *b, *c]),
            ExprKind::If { condition, then, otherwise } => {
                let chosen = if self.eval(frame, *condition)?.scalar().truth() { then } else { otherwise };
                self.eval(frame, *chosen)
            }
            ExprKind::Let { local, value, body } => {
                let value = self.eval(frame, *value)?;
                frame.bind(*local, value);
                self.eval(frame, *body)
            }
            ExprKind::Call { func, args } => {
                let args = self.eval_all(frame, args)?;
                self.call(*func, args)
            }
            ExprKind::Map { func, args } => self.map(frame, expr, *func, args),
            ExprKind::Index { array, indices } => {
                let array = self.eval(frame, *array)?.into_array();
                let index = self.index(frame, frame.span(expr), &array, indices)?;
                Ok(Datum::Scalar(array.get(&index)))
            }
            ExprKind::Extent { array, axis } => {
                let extent = self.eval(frame, *array)?.into_array().shape()[*axis as usize];
                Ok(Datum::Scalar(Scalar::i64(extent as i64)))
            }
            ExprKind::Tuple(items) => Ok(Datum::Tuple(self.eval_all(frame, items)?)),
            ExprKind::Item { tuple, index } => Ok(self.eval(frame, *tuple)?.item(*index as usize)),
            ExprKind::Alloc { shape, fill } => self.alloc(frame, expr, shape, *fill),
            ExprKind::Reduce { op, array, axes, keepdims: _, initial } => {
                self.reduce(frame, expr, *op, *array, *axes, *initial)
            }
            ExprKind::Scan { op, array, axis } => self.scan(frame, expr, *op, *array, *axis),
            ExprKind::Copy(x) => self.copy(frame, expr, *x),
            ExprKind::Iota { shape, axis } => self.iota(frame, expr, shape, *axis as usize),
            ExprKind::Elements { shape, values } => self.elements(frame, expr, shape, values),
            ExprKind::MatMul(a, b) => self.matmul(frame, expr, *a, *b),
            ExprKind::Write { target, value } => {
                let span = frame.span(expr);
                self.update(frame, span, *target, *value).map(Datum::Array)
            }
            ExprKind::Require { condition, fault, values, body } => {
                self.require(frame, expr, *condition, fault, values)?;
                self.eval(frame, *body)
            }
            ExprKind::View { array, items } => self.view(frame, expr, *array, items),
            ExprKind::Reshape { array, shape, result } => self.reshape(frame, expr, *array, shape, *result),
            ExprKind::Permute { array, axes } => self.permute(frame, *array, axes),
        }
    }

    fn unary(&mut self, frame: &mut Frame, expr: Expr, op: Unary, x: Expr) -> Evaluated {
        let operands = self.eval_all(frame, &[x])?;
        self.elementwise(frame, expr, &operands, &mut |this, _, x| {
            if let Some(count) = this.count() {
                count.unary(op, x[0].dtype);
            }
            Ok(op.eval(x[0]))
        })
    }

    fn binary(&mut self, frame: &mut Frame, expr: Expr, op: Binary, a: Expr, b: Expr) -> Evaluated {
        let operands = self.eval_all(frame, &[a, b])?;
        let scalar = operands.iter().all(Datum::is_scalar);
        self.elementwise(frame, expr, &operands, &mut |this, frame, x| {
            if let Some(count) = this.count() {
                count.binary(op, x[0].dtype);
            }
            check_binary(frame, frame.span(expr), op, x, scalar)?;
            Ok(op.eval(x[0], x[1]))
        })
    }

    fn compare(&mut self, frame: &mut Frame, expr: Expr, op: Compare, a: Expr, b: Expr) -> Evaluated {
        let operands = self.eval_all(frame, &[a, b])?;
        self.elementwise(frame, expr, &operands, &mut |_, _, x| Ok(Scalar::bool(op.eval(x[0], x[1]))))
    }

    /// Only an array of another dtype is a new one; anything else keeps its identity.
    fn convert(&mut self, frame: &mut Frame, expr: Expr, x: Expr) -> Evaluated {
        let value = self.eval(frame, x)?;
        let ty = frame.ty(expr);
        if !ty.is_array() || frame.ty(x).dtype() == ty.dtype() {
            return Ok(value.convert(ty));
        }
        let to = dtype(frame, expr);
        self.elementwise(frame, expr, &[value], &mut |_, _, x| Ok(cast(x[0], to)))
    }

    /// Both arms are evaluated, as `np.where` does.
    fn select(&mut self, frame: &mut Frame, expr: Expr, operands: [Expr; 3]) -> Evaluated {
        let operands = self.eval_all(frame, &operands)?;
        self.elementwise(frame, expr, &operands, &mut |_, _, x| Ok(if x[0].truth() { x[1] } else { x[2] }))
    }

    fn fma(&mut self, frame: &mut Frame, expr: Expr, operands: [Expr; 3]) -> Evaluated {
        let operands = self.eval_all(frame, &operands)?;
        self.elementwise(frame, expr, &operands, &mut |this, _, x| {
            if let Some(count) = this.count() {
                count.add(x[0].dtype, 2);
            }
            Ok(fma(x[0], x[1], x[2]))
        })
    }

    fn map(&mut self, frame: &mut Frame, expr: Expr, func: Func, args: &[Expr]) -> Evaluated {
        let operands = self.eval_all(frame, args)?;
        self.elementwise(frame, expr, &operands, &mut |this, _, x| {
            let args = x.iter().map(|&x| Datum::Scalar(x)).collect();
            Ok(this.call(func, args)?.scalar())
        })
    }

    /// Scalars give a scalar; otherwise the shapes broadcast and each element is computed, in C order.
    fn elementwise(
        &mut self,
        frame: &Frame,
        expr: Expr,
        operands: &[Datum],
        operator: Operator,
    ) -> Evaluated {
        if operands.iter().all(Datum::is_scalar) {
            let scalars: Vec<Scalar> = operands.iter().map(Datum::scalar).collect();
            return Ok(Datum::Scalar(operator(self, frame, &scalars)?));
        }
        let shapes: Vec<&[usize]> = operands.iter().map(Datum::shape).collect();
        let span = frame.span(expr);
        self.at(span);
        let shape = broadcast(&shapes).map_err(|Mismatch { axis, extents }| {
            frame.fault(FaultKind::ShapeMismatch { axis }, span, &extents)
        })?;
        let result = self.allocate(frame, span, dtype(frame, expr), &shape)?;
        for index in indices(&shape) {
            self.poll()?;
            let elements: Vec<Scalar> = operands.iter().map(|operand| operand.at(&index)).collect();
            result.set(&index, operator(self, frame, &elements)?);
        }
        Ok(Datum::Array(result))
    }

    /// Evaluates all indices, then checks them from the first axis on; negative ones count from the end.
    pub(super) fn index(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: &Array,
        exprs: &[Expr],
    ) -> Result<Vec<usize>, Stop> {
        let written = self.eval_all(frame, exprs)?;
        let mut index = vec![];
        for (axis, (written, &extent)) in written.iter().zip(array.shape()).enumerate() {
            let (written, extent) = (written.scalar().as_i64(), extent as i64);
            let wrapped = if written < 0 { written + extent } else { written };
            if !(0..extent).contains(&wrapped) {
                let kind = FaultKind::IndexOutOfRange { axis: axis as u8 };
                return Err(frame.fault(kind, span, &[written, extent]));
            }
            index.push(wrapped as usize);
        }
        self.at(span);
        Ok(index)
    }

    pub(super) fn alloc(
        &mut self,
        frame: &mut Frame,
        expr: Expr,
        shape: &[Expr],
        fill: Option<Expr>,
    ) -> Evaluated {
        let extents = self.eval_all(frame, shape)?;
        let fill = match fill {
            Some(fill) => Some(self.eval(frame, fill)?.scalar()),
            None => None,
        };
        let mut shape = vec![];
        for extent in extents {
            let extent = extent.scalar().as_i64();
            let fault = || frame.fault(FaultKind::NegativeExtent, frame.span(expr), &[extent]);
            shape.push(usize::try_from(extent).map_err(|_| fault())?);
            if extent > MAX_EXTENT {
                return Err(frame.fault(FaultKind::OutOfMemory, frame.span(expr), &[-1]));
            }
        }
        let array = self.allocate(frame, frame.span(expr), dtype(frame, expr), &shape)?;
        if let Some(fill) = fill {
            indices(&shape).for_each(|index| array.set(&index, fill));
        }
        Ok(Datum::Array(array))
    }

    /// A new C-ordered array with undefined contents.
    pub(super) fn allocate(
        &self,
        frame: &Frame,
        span: Span,
        dtype: Dtype,
        shape: &[usize],
    ) -> Result<Array, Stop> {
        Array::new(&self.budget, dtype, shape)
            .map_err(|bytes| frame.fault(FaultKind::OutOfMemory, span, &[bytes]))
    }

    /// One result for each index of the kept axes.
    fn reduce(
        &mut self,
        frame: &mut Frame,
        expr: Expr,
        op: Reduce,
        array: Expr,
        axes: AxisSet,
        initial: Option<Expr>,
    ) -> Evaluated {
        let array = self.eval(frame, array)?.into_array();
        let initial = match initial {
            Some(initial) => Some(self.eval(frame, initial)?.scalar()),
            None => None,
        };
        self.at(frame.span(expr));
        let domain = Domain::new(array.shape(), axes);
        if let Some(kind) = domain.fault(op, initial) {
            return Err(frame.fault(kind, frame.span(expr), &[]));
        }
        let ty = frame.ty(expr).clone();
        if ty.scalar().is_some() {
            return Ok(Datum::Scalar(self.reduce_one(
                op,
                &array,
                &domain,
                &vec![0; array.shape().len()],
                initial,
            )?));
        }
        let keepdims = frame.ty(expr).array().is_some_and(|ty| ty.rank() == array.shape().len());
        let shape = domain.result(keepdims);
        let result = self.allocate(frame, frame.span(expr), op.result(array.dtype()), &shape)?;
        for at in indices(&domain.kept()) {
            let value = self.reduce_one(op, &array, &domain, &at, initial)?;
            result.set(&domain.place(&at, keepdims), value);
        }
        Ok(Datum::Array(result))
    }

    /// The reduction of the elements that agree with `at` in the kept axes.
    fn reduce_one(
        &mut self,
        op: Reduce,
        array: &Array,
        domain: &Domain,
        at: &[usize],
        initial: Option<Scalar>,
    ) -> Result<Scalar, Stop> {
        let mut runs = vec![];
        for run in domain.runs(at) {
            let mut elements = vec![];
            for index in run {
                self.poll()?;
                elements.push(array.get(&index));
            }
            runs.push(elements);
        }
        if let (Some(count), Reduce::Sum | Reduce::Prod) = (self.count(), op) {
            let elements: usize = runs.iter().map(Vec::len).sum();
            count.add(array.dtype(), elements.saturating_sub(1) as u64);
        }
        Ok(reduce(op, array.dtype(), &runs, initial))
    }

    fn scan(&mut self, frame: &mut Frame, expr: Expr, op: Scan, array: Expr, axis: Option<u8>) -> Evaluated {
        let array = self.eval(frame, array)?.into_array();
        let shape = match axis {
            Some(_) => array.shape().to_vec(),
            None => vec![array.shape().iter().product()],
        };
        let result = self.allocate(frame, frame.span(expr), array.dtype(), &shape)?;
        let op = match op {
            Scan::Sum => Binary::Add,
            Scan::Prod => Binary::Mul,
        };
        for (position, index) in indices(array.shape()).enumerate() {
            self.poll()?;
            let place = if axis.is_some() { index.clone() } else { vec![position] };
            let along = axis.unwrap_or(0) as usize;
            let value = match place[along] {
                0 => array.get(&index),
                here => {
                    let mut before = place.clone();
                    before[along] = here - 1;
                    if let Some(count) = self.count() {
                        count.binary(op, array.dtype());
                    }
                    op.eval(result.get(&before), array.get(&index))
                }
            };
            result.set(&place, value);
        }
        Ok(Datum::Array(result))
    }

    fn copy(&mut self, frame: &mut Frame, expr: Expr, x: Expr) -> Evaluated {
        let array = self.eval(frame, x)?;
        self.elementwise(frame, expr, &[array], &mut |_, _, x| Ok(x[0]))
    }
}

pub(super) fn dtype(frame: &Frame, expr: Expr) -> Dtype {
    frame.ty(expr).dtype().expect("operators give scalars and arrays")
}

fn read(frame: &Frame, local: Local) -> Datum {
    match &frame.locals[local] {
        Some(value) => value.clone(),
        None => panic!("{local} of {} is read before it is bound", frame.function.name),
    }
}

fn checked_read(frame: &Frame, local: Local, expr: Expr) -> Evaluated {
    match &frame.locals[local] {
        Some(value) => Ok(value.clone()),
        None => {
            let name = frame.function.locals[local].name.clone();
            Err(frame.fault(FaultKind::UnboundLocal { name }, frame.span(expr), &[]))
        }
    }
}

/// The faults of an operator. Division by zero is one for scalars only.
fn check_binary(
    frame: &Frame,
    span: Span,
    op: Binary,
    operands: &[Scalar],
    scalar: bool,
) -> Result<(), Stop> {
    let right = operands[1];
    if right.dtype.is_float() {
        return Ok(());
    }
    if scalar && matches!(op, Binary::FloorDiv | Binary::Mod) && right.bits == 0 {
        return Err(frame.fault(FaultKind::DivisionByZero, span, &[]));
    }
    if op == Binary::Pow && right.dtype.is_signed() && right.as_i64() < 0 {
        return Err(frame.fault(FaultKind::NegativePower, span, &[right.as_i64()]));
    }
    Ok(())
}
