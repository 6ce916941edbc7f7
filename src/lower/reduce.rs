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
use crate::base::{AxisSet, Binary, Compare, Dtype, FaultKind, ReduceOp, Scalar, Span};
use crate::hir::{self, ExprKind, Reduce};
use crate::loops::{Check, Condition, For, If, Mode, Nest, Reduction, Stmt, Value, Var};

/// A reduction whose operands have been evaluated.
#[derive(Clone, Copy)]
struct Job {
    op: Reduce,
    source: Leaf,
    axes: AxisSet,
    rank: usize,
    dtype: Dtype,
    start: Value,
    span: Span,
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
        let job = self.reduction_job(data);
        let at = vec![None; job.rank];
        let result = self.reduce_run(&job, &at, 0);
        self.release_leaf(job.source);
        result
    }

    /// Some axes, or all with `keepdims`, into a new array.
    pub(super) fn reduce_axes(&mut self, data: &hir::ExprData) -> Operand {
        let ty = data.ty.array().expect("an array");
        let job = self.reduction_job(data);
        let keepdims = ty.rank() == job.rank;
        let extents = self.reduced_extents(&job, keepdims);
        let target = Target { operand: self.new_array(ty, extents, data.span), keepdims };
        self.reduce_versions(&job, target, AxisSet::default());
        self.release_leaf(job.source);
        target.operand
    }

    /// Evaluates the operands and refuses empty axes.
    fn reduction_job(&mut self, data: &hir::ExprData) -> Job {
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
        Job { op, source, axes, rank, dtype, start, span: data.span }
    }

    fn check_not_empty(&mut self, op: Reduce, source: Leaf, axes: AxisSet, span: Span) {
        let function = match op {
            Reduce::Min => "min",
            Reduce::Max => "max",
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
            job.op == Reduce::Sum && job.dtype.is_float() && first.is_some_and(|first| first < last);
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
            let value = self.load_reduced(job, at);
            self.binary(tree_op(job.op, job.dtype).binary(), before, value)
        };
        self.store_result(job, target, at, after);
    }

    /// `start ∘ tree(run)`; one after the other for products.
    fn reduce_run(&mut self, job: &Job, at: &[Option<Value>], run: usize) -> Value {
        let var = self.variable(job.dtype, "");
        self.emit(Stmt::Set(var, job.start));
        let axes: Vec<usize> = job.axes.within(job.rank).filter(|axis| *axis >= run).collect();
        if job.op == Reduce::Prod {
            self.each(job, &axes, at.to_vec(), &mut |this, at| this.accumulate(job, var, &at));
        } else {
            let reductions = vec![Reduction { var, op: tree_op(job.op, job.dtype) }];
            self.nest_over(job, &axes, at.to_vec(), reductions, |this, at| this.accumulate(job, var, &at));
        }
        self.get(var)
    }

    fn accumulate(&mut self, job: &Job, var: Var, at: &[Option<Value>]) {
        let value = self.load_reduced(job, at);
        let before = self.get(var);
        let after = self.binary(tree_op(job.op, job.dtype).binary(), before, value);
        self.emit(Stmt::Set(var, after));
    }

    fn load_reduced(&mut self, job: &Job, at: &[Option<Value>]) -> Value {
        let indices: Vec<Value> = at.iter().map(|index| index.expect("all axes are open")).collect();
        self.load_leaf(job.source, &indices)
    }

    fn store_result(&mut self, job: &Job, target: Target, at: &[Option<Value>], value: Value) {
        let indices = self.place(job, target, at);
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

    fn serial_for(&mut self, index: Value, lo: Value, hi: Value, body: Vec<Stmt>, span: Span) {
        let loop_ = For {
            label: self.function.label(),
            index,
            lo,
            hi,
            mode: Mode::Serial,
            reductions: vec![],
            accumulators: vec![],
            times: None,
            vouched: vec![],
            body,
            span,
            name: String::new(),
        };
        self.emit(Stmt::For(Box::new(loop_)));
    }
}

/// What a reduction starts from.
fn start(op: Reduce, dtype: Dtype) -> Scalar {
    match op {
        Reduce::Sum | Reduce::Any if dtype.is_float() => Scalar::float(dtype, 0.0),
        Reduce::Sum | Reduce::Any => Scalar::int(dtype, 0),
        Reduce::Prod => ReduceOp::Mul.identity(dtype),
        Reduce::Min => ReduceOp::Minimum.identity(dtype),
        Reduce::Max => ReduceOp::Maximum.identity(dtype),
        Reduce::All => Scalar::bool(true),
    }
}

fn tree_op(op: Reduce, dtype: Dtype) -> ReduceOp {
    match op {
        Reduce::Sum if dtype == Dtype::Bool => ReduceOp::Or,
        Reduce::Sum => ReduceOp::Add,
        Reduce::Prod => ReduceOp::Mul,
        Reduce::Min => ReduceOp::Minimum,
        Reduce::Max => ReduceOp::Maximum,
        Reduce::Any => ReduceOp::Or,
        Reduce::All => ReduceOp::And,
    }
}
