//! Reductions over axes.
//!
//! ```text
//! x.sum(axis=1)                       x.sum(axis=0)
//!
//! nest [i] {                          nest [j] { t[j] = 0 }
//!   s = 0                             for i {
//!   nest [j] { s += x[i, j] }           nest [j] { t[j] = t[j] + x[i, j] }
//!   t[i] = s                          }
//! }
//! ```
//!
//! Axes fall into three groups: those kept in front of the first reduced one are an outer nest; the reduced ones behind the last one
//! that is kept are the *run*, a nest that reduces (along the tree, where order matters); reduced ones between are loops, which
//! add to the result in memory, one row at a time.
//!
//! In the order of sums, kept axes of extent 1 do not count. Where that is known only at run time and matters, each case has
//! its own version.

use super::Builder;
use super::array::{Leaf, Operand};
use crate::base::{ArrayType, AxisSet, Binary, Compare, Dtype, FaultKind, ReduceOp, Scalar, Span};
use crate::hir::{self, ExprKind, Reduce};
use crate::loops::{ArrayData, Check, Condition, For, If, Mode, Nest, Op, Reduction, Stmt, Value, Var};

/// A reduction whose operands have been evaluated.
#[derive(Clone, Copy)]
struct Job {
    combine: ReduceOp,
    /// Whether runs, too, are combined one after the other.
    sequential: bool,
    source: Leaf,
    element: Element,
    axes: AxisSet,
    rank: usize,
    /// In which it computes.
    dtype: Dtype,
    start: Value,
    span: Span,
}

/// What an element contributes.
#[derive(Clone, Copy)]
enum Element {
    Itself,
    /// Its position among those reduced if it is the extreme or NaN, else `start`.
    Position(Extreme),
}

/// The extreme elements, found before.
#[derive(Clone, Copy)]
enum Extreme {
    One(Value),
    Each(Target),
}

/// Where results go: `rank` is the source's, or smaller by the reduced axes.
#[derive(Clone, Copy)]
struct Target {
    operand: Operand,
    keepdims: bool,
}

impl Builder<'_, '_> {
    /// All elements to one scalar.
    pub(super) fn reduce(&mut self, data: &hir::ExprData) -> Value {
        let (op, job) = self.reduction_job(data);
        let result = self.reduce_all(op, job);
        self.release_leaf(job.source);
        result
    }

    /// Some axes, or all with `keepdims`, into a new array.
    pub(super) fn reduce_axes(&mut self, data: &hir::ExprData) -> Operand {
        let ty = data.ty.array().expect("an array");
        let (op, job) = self.reduction_job(data);
        let keepdims = ty.rank() == job.rank;
        let extents = self.reduced_extents(&job, keepdims);
        let new = |this: &mut Self, dtype| {
            let ty = ArrayType { dtype, ..ty };
            Target { operand: this.new_array(ty, extents.clone(), data.span), keepdims }
        };
        let target = if job.axes == AxisSet::all(job.rank) {
            let value = self.reduce_all(op, job);
            let target = new(self, ty.dtype);
            self.store_result(&job, target, &vec![None; job.rank], value);
            target
        } else if is_position(op) {
            let extremes = new(self, job.dtype);
            self.reduce_versions(&job, extremes, AxisSet::default());
            let target = new(self, ty.dtype);
            let job = self.position_job(job, Extreme::Each(extremes));
            self.reduce_versions(&job, target, AxisSet::default());
            self.release_operand(extremes.operand);
            target
        } else {
            let target = new(self, ty.dtype);
            self.reduce_versions(&job, target, AxisSet::default());
            target
        };
        self.release_leaf(job.source);
        target.operand
    }

    fn reduce_all(&mut self, op: Reduce, job: Job) -> Value {
        let result = self.reduce_run(&job, &vec![None; job.rank], 0);
        if !is_position(op) {
            return result;
        }
        let source = self.in_a_row(job.source);
        let rank = source.array().expect("an array").ty.rank();
        let job =
            self.position_job(Job { source, rank, axes: AxisSet::all(rank), ..job }, Extreme::One(result));
        let position = self.reduce_run(&job, &vec![None; job.rank], 0);
        self.cast(position, Dtype::I64)
    }

    /// Evaluates the operands and refuses empty axes. For the position of an extreme, the job is to find that extreme.
    fn reduction_job(&mut self, data: &hir::ExprData) -> (Reduce, Job) {
        let ExprKind::Reduce { op, array, axes, keepdims: _, initial } = data.kind else {
            unreachable!("a reduction")
        };
        let (source, dtype) = (self.leaf(array), self.data(array).ty.dtype().expect("an array"));
        let initial = initial.map(|initial| self.scalar(initial));
        let rank = self.data(array).ty.array().expect("an array").rank();
        let start = match initial {
            Some(initial) => initial,
            None => {
                self.check_not_empty(op, source, axes, data.span);
                self.constant(start(op, dtype))
            }
        };
        let (combine, sequential) = (tree_op(op, dtype), op == Reduce::Prod);
        let element = Element::Itself;
        (op, Job { combine, sequential, source, element, axes, rank, dtype, start, span: data.span })
    }

    /// The least position of an extreme. Positions are f64 where elements are and they are not kept in memory: then both run in lanes.
    fn position_job(&mut self, job: Job, extreme: Extreme) -> Job {
        let operand = job.source.array().expect("an array");
        let last = job.axes.others(job.rank).rev().find(|axis| !operand.ty.unit.contains(*axis));
        let has_lead = job.axes.within(last.unwrap_or(0)).next().is_some();
        let dtype = if job.dtype == Dtype::F64 && !has_lead { Dtype::F64 } else { Dtype::I64 };
        let start = self.constant(ReduceOp::Min.identity(dtype));
        let element = Element::Position(extreme);
        Job { combine: ReduceOp::Min, element, dtype, start, ..job }
    }

    /// A contiguous array as its elements in a row; others as they are.
    fn in_a_row(&mut self, leaf: Leaf) -> Leaf {
        let Leaf::Array(operand, dtype) = leaf else { unreachable!("a reduction is of an array") };
        let data = self.array(operand.array);
        if !data.contiguous || data.rank() < 2 {
            return leaf;
        }
        let whole = self.materialise(operand.array);
        let data = self.array(whole).clone();
        let mut size = data.extents[0];
        for extent in &data.extents[1..] {
            size = self.binary(Binary::Mul, size, *extent);
        }
        let stride = self.int(data.dtype.size() as i64);
        let flat = ArrayData { extents: vec![size], strides: vec![stride], ..data };
        let array = self.function.arrays.push(flat);
        let ty = ArrayType::contiguous(operand.ty.dtype, 1);
        Leaf::Array(Operand { array, ty, owned: false }, dtype)
    }

    fn check_not_empty(&mut self, op: Reduce, source: Leaf, axes: AxisSet, span: Span) {
        let function = match op {
            Reduce::Min => "min",
            Reduce::Max => "max",
            Reduce::ArgMin => "argmin",
            Reduce::ArgMax => "argmax",
            Reduce::Sum | Reduce::Prod | Reduce::Any | Reduce::All => return,
        };
        let extents = self.leaf_extents(source);
        let mut size = self.int(1);
        for axis in axes.within(extents.len()) {
            size = self.binary(Binary::Mul, size, extents[axis]);
        }
        let zero = self.int(0);
        let some = self.compare(Compare::Ne, size, zero);
        let site = self.site(FaultKind::EmptyReduction { function }, span);
        let values = self.fault_values(&[]);
        self.emit(Stmt::Check(Check { condition: Condition::True(some), site, values }));
    }

    fn leaf_extents(&mut self, leaf: Leaf) -> Vec<Value> {
        let operand = leaf.array().expect("a reduction is of an array");
        self.array(operand.array).extents.clone()
    }

    fn reduced_extents(&mut self, job: &Job, keepdims: bool) -> Vec<Value> {
        let mut extents = vec![];
        for (axis, extent) in self.leaf_extents(job.source).into_iter().enumerate() {
            match (job.axes.contains(axis), keepdims) {
                (false, _) => extents.push(extent),
                (true, true) => extents.push(self.int(1)),
                (true, false) => {}
            }
        }
        extents
    }

    /// The reduction for each possible set of kept axes with extent 1; `unit` holds those that have been found so far.
    fn reduce_versions(&mut self, job: &Job, target: Target, unit: AxisSet) {
        let operand = job.source.array().expect("an array");
        let known = AxisSet(operand.ty.unit.0 | unit.0);
        let last = job.axes.others(job.rank).rev().find(|axis| !known.contains(*axis));
        let Some(last) = last else { return self.reduce_into(job, target, 0) };
        let extent = self.leaf_extents(job.source)[last];
        let first = job.axes.within(job.rank).next();
        let matters =
            job.combine == ReduceOp::Add && job.dtype.is_float() && first.is_some_and(|first| first < last);
        if !matters || self.is_not_one(extent) {
            return self.reduce_into(job, target, last + 1);
        }
        let one = self.int(1);
        let condition = self.compare(Compare::Eq, extent, one);
        let then = self.nested(|this| this.reduce_versions(job, target, unit.with(last)));
        let otherwise = self.nested(|this| this.reduce_into(job, target, last + 1));
        self.emit(Stmt::If(If { condition, then, otherwise }));
    }

    /// The reduction whose runs start at axis `run`: all kept axes from there on have extent 1.
    fn reduce_into(&mut self, job: &Job, target: Target, run: usize) {
        let first = job.axes.within(job.rank).next().unwrap_or(job.rank);
        let outer: Vec<usize> = job.axes.others(run).filter(|axis| *axis < first).collect();
        let between: Vec<usize> = job.axes.others(run).filter(|axis| *axis > first).collect();
        let lead: Vec<usize> = job.axes.within(run).collect();
        let mut at = vec![None; job.rank];
        for axis in job.axes.others(job.rank).filter(|axis| *axis >= run) {
            at[axis] = Some(self.int(0));
        }
        self.over(job, &outer, at, |this, at| {
            if lead.is_empty() {
                let value = this.reduce_run(job, &at, run);
                this.store_result(job, target, &at, value);
                return;
            }
            this.over(job, &between, at.clone(), |this, at| this.store_result(job, target, &at, job.start));
            this.each(job, &lead, at, &mut |this, at| {
                this.over(job, &between, at, |this, at| this.add_to_result(job, target, &at, run));
            });
        });
    }

    /// `target[at] = target[at] ∘ run`.
    fn add_to_result(&mut self, job: &Job, target: Target, at: &[Option<Value>], run: usize) {
        let has_run = job.axes.within(job.rank).any(|axis| axis >= run);
        let place = self.place(job, target, at);
        let before = self.load(target.operand.array, place, job.span);
        let after = if has_run {
            self.reduce_run(&Job { start: before, ..*job }, at, run)
        } else {
            let value = self.contribution(job, at);
            self.binary(job.combine.binary(), before, value)
        };
        self.store_result(job, target, at, after);
    }

    /// `start ∘ tree(run)`, or one after the other.
    fn reduce_run(&mut self, job: &Job, at: &[Option<Value>], run: usize) -> Value {
        let var = self.variable(job.dtype, "");
        self.emit(Stmt::Set(var, job.start));
        let axes: Vec<usize> = job.axes.within(job.rank).filter(|axis| *axis >= run).collect();
        // Positions would have to be taken apart again in a nest over several axes.
        let in_loops = match job.element {
            _ if job.sequential => axes.len(),
            Element::Itself => 0,
            Element::Position(_) => axes.len().saturating_sub(1),
        };
        let (loops, nest) = axes.split_at(in_loops);
        self.each(job, loops, at.to_vec(), &mut |this, at| {
            if job.sequential {
                return this.accumulate(job, var, &at);
            }
            let reductions = vec![Reduction { var, op: job.combine }];
            this.nest_over(job, nest, at, reductions, |this, at| this.accumulate(job, var, &at));
        });
        self.get(var)
    }

    fn accumulate(&mut self, job: &Job, var: Var, at: &[Option<Value>]) {
        let value = self.contribution(job, at);
        let before = self.get(var);
        let after = self.binary(job.combine.binary(), before, value);
        self.emit(Stmt::Set(var, after));
    }

    fn contribution(&mut self, job: &Job, at: &[Option<Value>]) -> Value {
        let indices: Vec<Value> = at.iter().map(|index| index.expect("all axes are open")).collect();
        let value = self.load_leaf(job.source, &indices);
        match job.element {
            Element::Itself => value,
            Element::Position(extreme) => self.position_if(job, value, extreme, at),
        }
    }

    fn position_if(&mut self, job: &Job, value: Value, extreme: Extreme, at: &[Option<Value>]) -> Value {
        let extreme = match extreme {
            Extreme::One(value) => value,
            Extreme::Each(target) => {
                let place = self.place(job, target, at);
                self.load(target.operand.array, place, job.span)
            }
        };
        let mut condition = self.compare(Compare::Eq, value, extreme);
        if self.dtype(value).is_float() {
            let nan = self.compare(Compare::Ne, value, value);
            condition = self.binary(Binary::Or, condition, nan);
        }
        let position = self.position(job, at);
        let then = self.cast(position, job.dtype);
        self.define(job.dtype, Op::Select { condition, then, otherwise: job.start })
    }

    /// The position among the reduced elements, in C order.
    fn position(&mut self, job: &Job, at: &[Option<Value>]) -> Value {
        let extents = self.leaf_extents(job.source);
        let mut position: Option<Value> = None;
        for axis in job.axes.within(job.rank) {
            let index = at[axis].expect("open");
            position = Some(match position {
                None => index,
                Some(outer) => {
                    let rows = self.binary(Binary::Mul, outer, extents[axis]);
                    self.binary(Binary::Add, rows, index)
                }
            });
        }
        position.unwrap_or_else(|| self.int(0))
    }

    fn store_result(&mut self, job: &Job, target: Target, at: &[Option<Value>], value: Value) {
        let indices = self.place(job, target, at);
        let value = self.cast(value, target.operand.ty.dtype);
        self.store_element(target.operand.array, indices, value, job.span);
    }

    /// The element of the result for the source's index `at`.
    fn place(&mut self, job: &Job, target: Target, at: &[Option<Value>]) -> Vec<Value> {
        let mut place = vec![];
        for (axis, index) in at.iter().enumerate() {
            match (job.axes.contains(axis), target.keepdims) {
                (false, _) => place.push(index.expect("kept axes are open")),
                (true, true) => place.push(self.int(0)),
                (true, false) => {}
            }
        }
        place
    }

    /// A nest over some axes of the source, unless there are none.
    fn over(
        &mut self,
        job: &Job,
        axes: &[usize],
        at: Vec<Option<Value>>,
        body: impl FnOnce(&mut Self, Vec<Option<Value>>),
    ) {
        if axes.is_empty() { body(self, at) } else { self.nest_over(job, axes, at, vec![], body) }
    }

    fn nest_over(
        &mut self,
        job: &Job,
        axes: &[usize],
        mut at: Vec<Option<Value>>,
        reductions: Vec<Reduction>,
        body: impl FnOnce(&mut Self, Vec<Option<Value>>),
    ) {
        let all = self.leaf_extents(job.source);
        let extents: Vec<Value> = axes.iter().map(|axis| all[*axis]).collect();
        let indices: Vec<Value> = axes.iter().map(|_| self.function.value(Dtype::I64)).collect();
        for (axis, index) in axes.iter().zip(&indices) {
            at[*axis] = Some(*index);
        }
        let body = self.nested(|this| body(this, at));
        self.emit(Stmt::Nest(Box::new(Nest { indices, extents, reductions, body, span: job.span })));
    }

    /// Serial loops over some axes of the source, the first outermost.
    fn each(
        &mut self,
        job: &Job,
        axes: &[usize],
        mut at: Vec<Option<Value>>,
        body: &mut dyn FnMut(&mut Self, Vec<Option<Value>>),
    ) {
        let Some((axis, rest)) = axes.split_first() else { return body(self, at) };
        let hi = self.leaf_extents(job.source)[*axis];
        let lo = self.int(0);
        let index = self.function.value(Dtype::I64);
        at[*axis] = Some(index);
        let body = self.nested(|this| this.each(job, rest, at, body));
        self.serial_for(index, lo, hi, body, job.span);
    }

    pub(super) fn serial_for(&mut self, index: Value, lo: Value, hi: Value, body: Vec<Stmt>, span: Span) {
        let loop_ = For { span, ..For::new(&mut self.function, index, lo, hi, Mode::Serial, body) };
        self.emit(Stmt::For(Box::new(loop_)));
    }
}

fn is_position(op: Reduce) -> bool {
    matches!(op, Reduce::ArgMin | Reduce::ArgMax)
}

/// What a reduction starts from.
fn start(op: Reduce, dtype: Dtype) -> Scalar {
    match op {
        Reduce::Sum | Reduce::Any if dtype.is_float() => Scalar::float(dtype, 0.0),
        Reduce::Sum | Reduce::Any => Scalar::int(dtype, 0),
        Reduce::Prod => ReduceOp::Mul.identity(dtype),
        Reduce::Min | Reduce::ArgMin => ReduceOp::Minimum.identity(dtype),
        Reduce::Max | Reduce::ArgMax => ReduceOp::Maximum.identity(dtype),
        Reduce::All => Scalar::bool(true),
    }
}

fn tree_op(op: Reduce, dtype: Dtype) -> ReduceOp {
    match op {
        Reduce::Sum if dtype == Dtype::Bool => ReduceOp::Or,
        Reduce::Sum => ReduceOp::Add,
        Reduce::Prod => ReduceOp::Mul,
        Reduce::Min | Reduce::ArgMin => ReduceOp::Minimum,
        Reduce::Max | Reduce::ArgMax => ReduceOp::Maximum,
        Reduce::Any => ReduceOp::Or,
        Reduce::All => ReduceOp::And,
    }
}
