//! Scans: `cumsum`, `cumprod`.
//!
//! ```text
//! x.cumsum(axis=1)                    x.cumsum(axis=0)
//!
//! nest [i] {                          for i in 0..min(n, 1) { nest [j] { t[i, j] = x[i, j] } }
//!   s = identity                      for i in 1..n {
//!   for j {                             nest [j] { t[i, j] = t[i - 1, j] + x[i, j] }
//!     s = s + x[i, j]; t[i, j] = s    }
//!   }
//! }
//! ```
//!
//! The identity is that of [`ReduceOp`]: adding to −0 leaves every first element as it is.

use super::Builder;
use super::array::{Leaf, Operand};
use crate::base::{Binary, Dtype, ReduceOp, Span};
use crate::hir::{self, Scan};
use crate::loops::{Array, Nest, Stmt, Store, Value, Var};

/// A scan whose operand has been evaluated.
#[derive(Clone, Copy)]
struct Job {
    op: ReduceOp,
    source: Leaf,
    target: Array,
    span: Span,
}

impl Builder<'_, '_> {
    pub(super) fn cumulate(
        &mut self,
        op: Scan,
        array: hir::Expr,
        axis: Option<u8>,
        data: &hir::ExprData,
    ) -> Operand {
        let source = self.leaf(array);
        let operand = source.array().expect("a scan is of an array");
        let extents = self.array(operand.array).extents.clone();
        let ty = data.ty.array().expect("an array");
        let shape = match axis {
            Some(_) => extents.clone(),
            None => vec![self.product(&extents)],
        };
        let target = self.new_array(ty, shape, data.span);
        let op = match op {
            Scan::Sum => ReduceOp::Add,
            Scan::Prod => ReduceOp::Mul,
        };
        let op = if ty.dtype == Dtype::Bool && op == ReduceOp::Add { ReduceOp::Or } else { op };
        let job = Job { op, source, target: target.array, span: data.span };
        match axis {
            None => self.cumulate_all(&job, &extents),
            Some(axis) if axis as usize + 1 == extents.len() => self.cumulate_rows(&job, &extents),
            Some(axis) => self.cumulate_between(&job, &extents, axis as usize),
        }
        self.release_leaf(source);
        target
    }

    fn product(&mut self, extents: &[Value]) -> Value {
        let mut product = self.int(1);
        for extent in extents {
            product = self.binary(Binary::Mul, product, *extent);
        }
        product
    }

    /// All elements in C order.
    fn cumulate_all(&mut self, job: &Job, extents: &[Value]) {
        let running = self.running(job);
        self.cumulate_axis(job, extents, &mut vec![], running);
    }

    fn running(&mut self, job: &Job) -> Var {
        let dtype = self.array(job.target).dtype;
        let running = self.variable(dtype, "");
        let identity = self.constant(job.op.identity(dtype));
        self.emit(Stmt::Set(running, identity));
        running
    }

    fn cumulate_axis(&mut self, job: &Job, extents: &[Value], at: &mut Vec<Value>, running: Var) {
        if at.len() < extents.len() {
            let (lo, hi) = (self.int(0), extents[at.len()]);
            self.counting(lo, hi, job.span, |this, index| {
                at.push(index);
                this.cumulate_axis(job, extents, at, running);
                at.pop();
            });
            return;
        }
        let mut position = self.int(0);
        for (index, extent) in at.iter().zip(extents) {
            let rows = self.binary(Binary::Mul, position, *extent);
            position = self.binary(Binary::Add, rows, *index);
        }
        self.step(job, at, vec![position], running);
    }

    /// `running = running ∘ source[at]; target[place] = running`.
    fn step(&mut self, job: &Job, at: &[Value], place: Vec<Value>, running: Var) {
        let value = self.load_leaf(job.source, at);
        let before = self.get(running);
        let after = self.binary(job.op.binary(), before, value);
        self.emit(Stmt::Set(running, after));
        self.put(job, place, after);
    }

    fn put(&mut self, job: &Job, indices: Vec<Value>, value: Value) {
        self.emit(Stmt::Store(Store { array: job.target, indices, value, span: job.span }));
    }

    /// Along the last axis.
    fn cumulate_rows(&mut self, job: &Job, extents: &[Value]) {
        let (&length, outer) = extents.split_last().expect("an axis");
        self.over_extents(outer, job.span, |this, outer| {
            let running = this.running(job);
            let lo = this.int(0);
            this.counting(lo, length, job.span, |this, index| {
                let at: Vec<Value> = outer.iter().copied().chain([index]).collect();
                this.step(job, &at, at.clone(), running);
            });
        });
    }

    /// Along an axis that others follow: row by row.
    fn cumulate_between(&mut self, job: &Job, extents: &[Value], axis: usize) {
        let (outer, inner) = (&extents[..axis], &extents[axis + 1..]);
        self.over_extents(outer, job.span, |this, outer| {
            let (zero, one) = (this.int(0), this.int(1));
            let first = this.binary(Binary::Min, extents[axis], one);
            this.counting(zero, first, job.span, |this, index| {
                this.over_extents(inner, job.span, |this, inner| {
                    let at = [outer, &[index], inner].concat();
                    let value = this.load_leaf(job.source, &at);
                    this.put(job, at, value);
                });
            });
            this.counting(one, extents[axis], job.span, |this, index| {
                let before = this.binary(Binary::Sub, index, one);
                this.over_extents(inner, job.span, |this, inner| {
                    let at = [outer, &[index], inner].concat();
                    let value = this.load_leaf(job.source, &at);
                    let before = this.load(job.target, [outer, &[before], inner].concat(), job.span);
                    let after = this.binary(job.op.binary(), before, value);
                    this.put(job, at, after);
                });
            });
        });
    }

    fn over_extents(&mut self, extents: &[Value], span: Span, body: impl FnOnce(&mut Self, &[Value])) {
        if extents.is_empty() {
            return body(self, &[]);
        }
        let indices: Vec<Value> = extents.iter().map(|_| self.function.value(Dtype::I64)).collect();
        let body = self.nested(|this| body(this, &indices));
        let extents = extents.to_vec();
        self.emit(Stmt::Nest(Box::new(Nest { indices, extents, reductions: vec![], body, span })));
    }

    fn counting(&mut self, lo: Value, hi: Value, span: Span, body: impl FnOnce(&mut Self, Value)) {
        let index = self.function.value(Dtype::I64);
        let body = self.nested(|this| body(this, index));
        self.serial_for(index, lo, hi, body, span);
    }
}
