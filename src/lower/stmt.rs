//! Statements.

use super::array::Lowered;
use super::frame::{Exit, LoopFrame, ScopeFrame};
use super::storage::Storage;
use super::{Builder, scan};
use crate::base::{Binary, Compare, Dtype, FaultKind, ReduceOp, Span};
use crate::hir::{self, StmtKind};
use crate::loops::{Array, Check, Condition, For, If, Mode, Op, Reduction, Stmt, Value, Var, While};

impl<'a> Builder<'_, 'a> {
    pub(super) fn block(&mut self, block: &'a hir::Block) {
        let number = self.frame().next_block;
        self.enter_block();
        for (k, stmt) in block.iter().enumerate() {
            if self.ended() {
                self.skip_blocks(&block[k..]);
                break;
            }
            self.stmt(stmt);
            self.release_after(number, k as u32);
        }
        self.leave_block();
    }

    /// Blocks that are not lowered are counted all the same.
    fn skip_blocks(&mut self, stmts: &[hir::Stmt]) {
        for stmt in stmts.iter() {
            let inner: Vec<&hir::Block> = match &stmt.kind {
                StmtKind::If { then, otherwise, .. } => vec![then, otherwise],
                StmtKind::While { body, .. } | StmtKind::Scope { body, .. } => vec![body],
                StmtKind::For(loop_) => vec![&loop_.body],
                _ => vec![],
            };
            for block in inner {
                self.frame().next_block += 1;
                self.skip_blocks(block);
            }
        }
    }

    pub(super) fn stmt(&mut self, stmt: &'a hir::Stmt) {
        match &stmt.kind {
            StmtKind::Assign { local, value } => {
                let value = self.expr(*value);
                self.assign_local(*local, value);
            }
            StmtKind::Store { array, indices, value } => self.store(*array, indices, *value, stmt.span),
            StmtKind::Update { target, value } => self.update(*target, *value, stmt.span),
            StmtKind::Join { to, from } => self.join(*to, *from),
            StmtKind::Eval(value) => {
                let value = self.expr(*value);
                self.release_lowered(value);
            }
            StmtKind::If { condition, then, otherwise } => {
                let condition = self.scalar(*condition);
                let then = self.nested(|this| this.block(then));
                let otherwise = self.nested(|this| this.block(otherwise));
                self.emit(Stmt::If(If { condition, then, otherwise }));
            }
            StmtKind::While { condition, body } => self.while_loop(*condition, body, stmt.span),
            StmtKind::For(loop_) => self.for_loop(loop_, stmt.span),
            StmtKind::Scope { label, body } => self.scope(*label, body),
            StmtKind::Leave(label) => self.leave_scope(*label),
            StmtKind::Break => self.jump(true),
            StmtKind::Continue => self.jump(false),
            StmtKind::Return(value) => self.return_value(*value),
            StmtKind::Assert { condition, message } => {
                let condition = self.scalar(*condition);
                let site = self.site(FaultKind::Assertion { message: message.clone() }, stmt.span);
                let values = self.fault_values(&[]);
                self.emit(Stmt::Check(Check { condition: Condition::True(condition), site, values }));
            }
            StmtKind::Raise { exception, message } => {
                let kind = FaultKind::Raised { exception: exception.clone(), message: message.clone() };
                let site = self.site(kind, stmt.span);
                let values = self.fault_values(&[]);
                self.emit(Stmt::Fault { site, values });
            }
        }
    }

    fn while_loop(&mut self, condition: hir::Expr, body: &'a hir::Block, span: Span) {
        let label = self.function.label();
        let mut test = None;
        let header = self.nested(|this| test = Some(this.scalar(condition)));
        self.enter_loop(label);
        let body = self.nested(|this| this.block(body));
        self.frame().loops.pop();
        let condition = test.expect("lowered");
        self.emit(Stmt::While(Box::new(While { label, header, condition, body, span })));
    }

    fn scope(&mut self, source: hir::Label, body: &'a hir::Block) {
        let label = self.function.label();
        let scopes = self.frame().scopes.len();
        self.frame().labels.push(ScopeFrame { source, label, scopes });
        let body = self.nested(|this| this.block(body));
        self.frame().labels.pop();
        self.emit(Stmt::Scope { label, body });
    }

    fn leave_scope(&mut self, source: hir::Label) {
        let scope = *self.frame().labels.iter().rfind(|scope| scope.source == source).expect("verified");
        self.release_scopes(scope.scopes);
        self.emit(Stmt::Break(scope.label));
    }

    fn enter_loop(&mut self, label: crate::loops::Label) {
        let scopes = self.frame().scopes.len();
        self.frame().loops.push(LoopFrame { label, scopes, private: vec![], reductions: vec![] });
    }

    fn for_loop(&mut self, loop_: &'a hir::For, span: Span) {
        let start = self.scalar(loop_.start);
        let stop = self.scalar(loop_.stop);
        let step = self.scalar(loop_.step);
        let known = match self.data(loop_.step).kind {
            hir::ExprKind::Const(scalar) => Some(scalar.as_i64()),
            _ => None,
        };
        let unit = known == Some(1);
        let (lo, hi) = if unit {
            (start, stop)
        } else {
            {
                let place = self.data(loop_.step).span;
                self.trip_count(start, stop, step, known, place)
            }
        };
        let function = self.frame().function;
        let inside = scan::in_block(function, &loop_.body, loop_.index);
        let outside = self.frame().scan.locals[loop_.index].reads > inside.reads || inside.written;
        let shape = LoopShape { start, step, unit, outside, index_written: inside.written };
        let vouched = if loop_.parallel { self.vouched_arrays() } else { vec![] };
        let entered = self.enter_accumulators(loop_, span);
        let accumulators = entered.iter().map(|entered| entered.accumulator).collect();
        let partials = self.enter_partials(loop_);
        let reductions = self.reductions(loop_);
        let (label, counter) = (self.function.label(), self.function.value(Dtype::I64));
        self.enter_loop(label);
        self.frame().loops.last_mut().expect("entered").reductions =
            loop_.reductions.iter().map(|reduction| reduction.local).collect();
        let body = self.nested(|this| {
            if loop_.parallel {
                this.parallel_body(loop_, counter, shape);
            } else {
                this.for_body(loop_, counter, shape);
            }
        });
        self.frame().loops.pop();
        let mode = if loop_.parallel { Mode::Marked } else { Mode::Serial };
        let name = self.frame().function.locals[loop_.index].name.clone();
        self.leave_accumulators(entered);
        self.emit(Stmt::For(Box::new(For {
            label,
            index: counter,
            lo,
            hi,
            mode,
            reductions,
            accumulators,
            body,
            span,
            name,
            times: None,
            vouched,
        })));
        if loop_.parallel && outside {
            self.last_index(loop_.index, lo, hi, shape);
        }
        partials.into_iter().for_each(|partial| self.leave_partial(partial));
    }

    /// The arrays that the decorator of the function at hand vouches for, as they are now.
    fn vouched_arrays(&mut self) -> Vec<Array> {
        let function = self.frame().function;
        let is_named = |local: &hir::Local| function.disjoint.contains(&function.locals[*local].name);
        let named: Vec<hir::Local> = function.locals.keys().filter(is_named).collect();
        let mut arrays = vec![];
        for local in named {
            if function.locals[local].ty.is_array() && self.frame().storage[local].is_some() {
                arrays.push(self.collected(local).array);
            }
        }
        arrays
    }

    /// A prange within another that reduces the same variable: the inner one reduces into a variable of its own.
    fn enter_partials(&mut self, loop_: &hir::For) -> Vec<Partial> {
        let mut partials = vec![];
        for reduction in &loop_.reductions {
            let local = reduction.local;
            if !self.frame().loops.iter().any(|outer| outer.reductions.contains(&local)) {
                continue;
            }
            let Storage::Scalar(outer) = self.storage(local) else { continue };
            let dtype = self.frame().function.locals[local].ty.scalar().expect("reductions are of scalars");
            let inner = self.variable(dtype, "");
            let identity = self.constant(reduction.op.identity(dtype));
            self.emit(Stmt::Set(inner, identity));
            self.frame().storage[local] = Some(Storage::Scalar(inner));
            partials.push(Partial { local, op: reduction.op, outer, inner });
        }
        partials
    }

    fn leave_partial(&mut self, Partial { local, op, outer, inner }: Partial) {
        let (before, value) = (self.get(outer), self.get(inner));
        let after = self.binary(op.binary(), before, value);
        self.emit(Stmt::Set(outer, after));
        self.frame().storage[local] = Some(Storage::Scalar(outer));
    }

    fn reductions(&mut self, loop_: &hir::For) -> Vec<Reduction> {
        let mut reductions = vec![];
        for reduction in &loop_.reductions {
            if let Storage::Scalar(var) = self.storage(reduction.local) {
                reductions.push(Reduction { var, op: reduction.op });
            }
        }
        reductions
    }

    fn for_body(&mut self, loop_: &'a hir::For, counter: Value, shape: LoopShape) {
        let index = self.bind_index(loop_.index, counter, shape);
        let name = self.frame().function.locals[loop_.index].name.clone();
        let outer = self.frame().loop_variables.len();
        // A loop over an array counts what has no name: nobody wants to read it.
        if !name.is_empty() {
            self.frame().loop_variables.push((name, index));
        }
        self.block(&loop_.body);
        self.frame().loop_variables.truncate(outer);
        self.frame().counters[loop_.index] = None;
    }

    /// The value of the loop variable; the variable itself is set where something can see it.
    fn bind_index(&mut self, local: hir::Local, counter: Value, shape: LoopShape) -> Value {
        let index = if shape.unit {
            counter
        } else {
            let offset = self.binary(Binary::Mul, counter, shape.step);
            self.binary(Binary::Add, shape.start, offset)
        };
        if shape.outside {
            self.assign_variable(local, index);
        }
        if !shape.index_written {
            self.frame().counters[local] = Some(index);
        }
        index
    }

    fn assign_variable(&mut self, local: hir::Local, value: Value) {
        let storage = self.storage(local);
        self.assign_storage(&storage, Lowered::Scalar(value));
        self.set_flag(local, true);
    }

    /// The body of a prange: what it assigns belongs to the iteration, arrays included.
    fn parallel_body(&mut self, loop_: &'a hir::For, counter: Value, shape: LoopShape) {
        let private = self.private_locals(loop_);
        for local in &private {
            self.storage(*local);
        }
        self.frame().loops.last_mut().expect("entered").private = private.clone();
        self.prologues.push(vec![]);
        for local in &private {
            self.reset(*local);
        }
        self.for_body(loop_, counter, LoopShape { outside: shape.index_written, ..shape });
        if !self.ended() {
            private.into_iter().for_each(|local| self.release_local(local));
        }
        let prologue = self.prologues.pop().expect("pushed");
        let block = self.blocks.last_mut().expect("open");
        block.splice(0..0, prologue);
    }

    /// Variables that the body of a parallel loop assigns, reductions excepted.
    fn private_locals(&mut self, loop_: &hir::For) -> Vec<hir::Local> {
        let function = self.frame().function;
        let written = scan::written(function, &loop_.body);
        let shared = |local: &hir::Local| {
            *local != loop_.index && !loop_.reductions.iter().any(|reduction| reduction.local == *local)
        };
        let facts = &self.frame().scan.locals;
        written.into_iter().filter(|local| shared(local) && !facts[*local].is_bound_once()).collect()
    }

    /// An iteration starts with a variable that holds nothing and is not bound.
    fn reset(&mut self, local: hir::Local) {
        if let Some(storage) = self.frame().storage[local].clone() {
            self.clear_owners(&storage);
        }
        self.set_flag(local, false);
    }

    fn clear_owners(&mut self, storage: &Storage) {
        match storage {
            Storage::Array(bundle) => {
                let none = self.int(0);
                self.emit(Stmt::Set(bundle.owner, none));
            }
            Storage::Tuple(items) => items.iter().for_each(|item| self.clear_owners(item)),
            Storage::None | Storage::Fixed(_) | Storage::Scalar(_) => {}
        }
    }

    /// After a parallel loop its variable has the last value, if there was an iteration.
    fn last_index(&mut self, local: hir::Local, lo: Value, hi: Value, shape: LoopShape) {
        let ran = self.compare(Compare::Lt, lo, hi);
        let then = self.nested(|this| {
            let one = this.int(1);
            let last = this.binary(Binary::Sub, hi, one);
            let last = if shape.unit {
                last
            } else {
                let offset = this.binary(Binary::Mul, last, shape.step);
                this.binary(Binary::Add, shape.start, offset)
            };
            this.assign_variable(local, last);
        });
        self.emit(Stmt::If(If { condition: ran, then, otherwise: vec![] }));
    }

    /// `0..count` for a range with a step other than 1: `ceil(distance / |step|)` in unsigned arithmetic, which cannot overflow.
    fn trip_count(
        &mut self,
        start: Value,
        stop: Value,
        step: Value,
        known: Option<i64>,
        span: Span,
    ) -> (Value, Value) {
        let zero = self.int(0);
        if known.is_none() {
            let fine = self.compare(Compare::Ne, step, zero);
            let site = self.site(FaultKind::ZeroStep, span);
            let values = self.fault_values(&[]);
            self.emit(Stmt::Check(Check { condition: Condition::True(fine), site, values }));
        }
        let up = self.compare(Compare::Gt, step, zero);
        let low = self.select(up, start, stop);
        let high = self.select(up, stop, start);
        let some = self.compare(Compare::Lt, low, high);
        let distance = self.binary(Binary::Sub, high, low);
        let negated = self.unary(crate::base::Unary::Neg, step);
        let size = self.select(up, step, negated);
        let (distance, size) = (self.cast(distance, Dtype::U64), self.cast(size, Dtype::U64));
        let one = self.constant(crate::base::Scalar::int(Dtype::U64, 1));
        let below = self.binary(Binary::Sub, distance, one);
        let whole = self.binary(Binary::FloorDiv, below, size);
        let count = self.binary(Binary::Add, whole, one);
        let most = self.constant(crate::base::Scalar::int(Dtype::U64, i64::MAX));
        let count = self.binary(Binary::Min, count, most);
        let count = self.cast(count, Dtype::I64);
        (zero, self.select(some, count, zero))
    }

    pub(super) fn select(&mut self, condition: Value, then: Value, otherwise: Value) -> Value {
        let dtype = self.dtype(then);
        self.define(dtype, Op::Select { condition, then, otherwise })
    }

    fn jump(&mut self, leave: bool) {
        let frame = self.frame().loops.last().cloned().expect("in a loop");
        self.release_scopes(frame.scopes);
        frame.private.into_iter().for_each(|local| self.release_local(local));
        self.emit(if leave { Stmt::Break(frame.label) } else { Stmt::Continue(frame.label) });
    }

    fn return_value(&mut self, value: Option<hir::Expr>) {
        let value = match value {
            Some(value) => self.expr(value),
            None => Lowered::None,
        };
        let ty = self.frame().function.result.clone();
        let value = self.conform(value, &ty);
        let value = self.own(value);
        self.leave(value);
    }

    pub(super) fn return_none(&mut self) {
        self.leave(Lowered::None);
    }

    /// Releases all that the frame holds and leaves it with `value`, whose arrays have counts of their own.
    fn leave(&mut self, value: Lowered) {
        let target = match &self.frame().exit {
            Exit::Return => None,
            Exit::Inline { label, result } => Some((*label, result.clone())),
        };
        if let Some((_, Some(storage))) = &target {
            self.assign_storage(storage, value.clone());
        }
        self.release_scopes(0);
        self.release_variables();
        match target {
            Some((label, _)) => self.emit(Stmt::Break(label)),
            None => {
                let mut operands = vec![];
                self.flatten(&value, &mut operands);
                self.emit(Stmt::Return(operands));
            }
        }
    }
}

/// What an inner loop adds to a reduction of an outer one.
struct Partial {
    local: hir::Local,
    op: ReduceOp,
    outer: Var,
    inner: Var,
}

/// How a range loop counts, and who sees its variable.
#[derive(Clone, Copy)]
struct LoopShape {
    start: Value,
    step: Value,
    /// The counter is the variable.
    unit: bool,
    /// Something outside the body, or an assignment in it, sees the variable.
    outside: bool,
    index_written: bool,
}
