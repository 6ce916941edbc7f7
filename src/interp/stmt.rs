//! Statements: control flow, assignment, stores, loops.

use super::array::{Array, Mismatch, indices};
use super::blocks::Blocks;
use super::reduce::finish;
use super::values::Datum;
use super::{Frame, Interpreter, Stop};
use crate::base::{FaultKind, Scalar, Span};
use crate::hir::{Block, Expr, For, Label, Local, Reduction, Stmt, StmtKind};

/// Where control goes after a statement.
pub(super) enum Flow {
    Next,
    Break,
    Continue,
    Leave(Label),
    Return(Box<Datum>),
}

impl Interpreter<'_> {
    pub(super) fn block(&mut self, frame: &mut Frame, block: &Block) -> Result<Flow, Stop> {
        for stmt in block {
            match self.stmt(frame, stmt)? {
                Flow::Next => {}
                flow @ (Flow::Break | Flow::Continue | Flow::Leave(_) | Flow::Return(_)) => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    fn stmt(&mut self, frame: &mut Frame, stmt: &Stmt) -> Result<Flow, Stop> {
        match &stmt.kind {
            StmtKind::Assign { local, value } => {
                let value = self.eval(frame, *value)?;
                frame.bind(*local, value);
            }
            StmtKind::Store { array, indices, value } => {
                self.store(frame, stmt.span, *array, indices, *value)?
            }
            StmtKind::Update { target, value } => drop(self.update(frame, stmt.span, *target, *value)?),
            StmtKind::Join { to, from } => join(frame, *to, *from),
            StmtKind::Eval(expr) => drop(self.eval(frame, *expr)?),
            StmtKind::If { condition, then, otherwise } => {
                let block = if self.truth(frame, *condition)? { then } else { otherwise };
                return self.block(frame, block);
            }
            StmtKind::While { condition, body } => return self.while_loop(frame, *condition, body),
            StmtKind::For(loop_) => return self.for_loop(frame, loop_, stmt.span),
            StmtKind::Scope { label, body } => return self.scope(frame, *label, body),
            StmtKind::Leave(label) => return Ok(Flow::Leave(*label)),
            StmtKind::Break => return Ok(Flow::Break),
            StmtKind::Continue => return Ok(Flow::Continue),
            StmtKind::Return(None) => return Ok(Flow::Return(Box::new(Datum::None))),
            StmtKind::Return(Some(value)) => return Ok(Flow::Return(Box::new(self.eval(frame, *value)?))),
            StmtKind::Assert { condition, message } => {
                if !self.truth(frame, *condition)? {
                    let kind = FaultKind::Assertion { message: message.clone() };
                    return Err(frame.fault(kind, stmt.span, &[]));
                }
            }
            StmtKind::Raise { exception, message } => {
                let kind = FaultKind::Raised { exception: exception.clone(), message: message.clone() };
                return Err(frame.fault(kind, stmt.span, &[]));
            }
        }
        Ok(Flow::Next)
    }

    fn truth(&mut self, frame: &mut Frame, condition: Expr) -> Result<bool, Stop> {
        Ok(self.eval(frame, condition)?.scalar().truth())
    }

    /// As in Python, the value comes first, then the place.
    fn store(
        &mut self,
        frame: &mut Frame,
        span: Span,
        array: Expr,
        indices: &[Expr],
        value: Expr,
    ) -> Result<(), Stop> {
        let value = self.eval(frame, value)?.scalar();
        let array = self.eval(frame, array)?.into_array();
        let index = self.index(frame, span, &array, indices)?;
        array.set(&index, value);
        Ok(())
    }

    /// The value is read in full before anything is written, so that the two may overlap.
    pub(super) fn update(
        &mut self,
        frame: &mut Frame,
        span: Span,
        target: Expr,
        value: Expr,
    ) -> Result<Array, Stop> {
        let value = self.eval(frame, value)?;
        let target = self.eval(frame, target)?.into_array();
        self.at(span);
        if let Some(Mismatch { axis, extents }) = value.mismatch_into(target.shape()) {
            return Err(frame.fault(FaultKind::ShapeMismatch { axis }, span, &extents));
        }
        let mut values = vec![];
        for index in indices(target.shape()) {
            self.poll()?;
            values.push(value.at(&index));
        }
        for (index, value) in indices(target.shape()).zip(values) {
            target.set(&index, value);
        }
        Ok(target)
    }

    fn while_loop(&mut self, frame: &mut Frame, condition: Expr, body: &Block) -> Result<Flow, Stop> {
        while self.truth(frame, condition)? {
            self.poll()?;
            match self.block(frame, body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                flow @ (Flow::Leave(_) | Flow::Return(_)) => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    fn scope(&mut self, frame: &mut Frame, label: Label, body: &Block) -> Result<Flow, Stop> {
        match self.block(frame, body)? {
            Flow::Leave(left) if left == label => Ok(Flow::Next),
            flow @ (Flow::Next | Flow::Break | Flow::Continue | Flow::Leave(_) | Flow::Return(_)) => Ok(flow),
        }
    }

    fn for_loop(&mut self, frame: &mut Frame, stmt: &For, span: Span) -> Result<Flow, Stop> {
        let start = self.int(frame, stmt.start)?;
        let stop = self.int(frame, stmt.stop)?;
        let step = self.int(frame, stmt.step)?;
        if step == 0 {
            return Err(frame.fault(FaultKind::ZeroStep, frame.span(stmt.step), &[]));
        }
        let name = &frame.function.locals[stmt.index].name;
        let depth = frame.loops.len();
        let reductions = bound_reductions(frame, &stmt.reductions);
        let mut contributions = vec![];
        let watches = stmt.parallel && self.budget.watch.enter(span, name);
        let mut blocks = Blocks::new(frame, stmt, span, trips(start, stop, step));
        for (k, number) in numbers(start, stop, step).enumerate() {
            self.poll()?;
            self.budget.watch.iterate_if(watches, number);
            blocks.enter(self, frame, k as i64)?;
            frame.loops.truncate(depth);
            if !name.is_empty() {
                frame.loops.push((name.clone(), number));
            }
            frame.bind(stmt.index, Datum::Scalar(Scalar::i64(number)));
            set_identities(frame, &reductions);
            match self.block(frame, &stmt.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break | Flow::Leave(_) | Flow::Return(_) if stmt.parallel => {
                    panic!("a parallel loop was left")
                }
                Flow::Break => break,
                flow @ (Flow::Leave(_) | Flow::Return(_)) => {
                    frame.loops.truncate(depth);
                    return Ok(flow);
                }
            }
            contributions.push(reductions.iter().map(|(reduction, _)| read(frame, reduction)).collect());
        }
        frame.loops.truncate(depth);
        if watches {
            self.budget.watch.leave();
        }
        combine(frame, &reductions, &contributions);
        blocks.leave(frame);
        Ok(Flow::Next)
    }

    pub(super) fn int(&mut self, frame: &mut Frame, expr: Expr) -> Result<i64, Stop> {
        Ok(self.eval(frame, expr)?.scalar().as_i64())
    }
}

/// `range(start, stop, step)`, also where the next number would overflow.
fn numbers(start: i64, stop: i64, step: i64) -> impl Iterator<Item = i64> {
    let (stop, step) = (stop as i128, step as i128);
    let inside = move |&number: &i128| if step > 0 { number < stop } else { number > stop };
    std::iter::successors(Some(start as i128), move |number| Some(number + step))
        .take_while(inside)
        .map(|number| number as i64)
}

/// How many numbers those are; at most what fits an i64.
fn trips(start: i64, stop: i64, step: i64) -> i64 {
    let (distance, step) = (stop as i128 - start as i128, step as i128);
    let trips = (distance + step - step.signum()) / step;
    trips.clamp(0, i64::MAX.into()) as i64
}

/// The reductions with what they start from. One that is not bound stays so: reading it in the loop is the fault it is in Python.
fn bound_reductions(frame: &Frame, reductions: &[Reduction]) -> Vec<(Reduction, Scalar)> {
    let bound = |reduction: &Reduction| {
        frame.locals[reduction.local].as_ref().map(|value| (*reduction, value.scalar()))
    };
    reductions.iter().filter_map(bound).collect()
}

fn set_identities(frame: &mut Frame, reductions: &[(Reduction, Scalar)]) {
    for (reduction, initial) in reductions {
        let identity = reduction.op.identity(initial.dtype);
        frame.bind(reduction.local, Datum::Scalar(identity));
    }
}

fn read(frame: &Frame, reduction: &Reduction) -> Scalar {
    match &frame.locals[reduction.local] {
        Some(value) => value.scalar(),
        None => panic!("an iteration leaves {} unbound", reduction.local),
    }
}

/// After the loop: one row of contributions per iteration.
fn combine(frame: &mut Frame, reductions: &[(Reduction, Scalar)], contributions: &[Vec<Scalar>]) {
    for (k, (reduction, initial)) in reductions.iter().enumerate() {
        let column: Vec<Scalar> = contributions.iter().map(|row| row[k]).collect();
        frame.bind(reduction.local, Datum::Scalar(finish(reduction.op, *initial, &column)));
    }
}

/// Moves the value to the type of `to`; an unbound `from` leaves `to` unbound.
fn join(frame: &mut Frame, to: Local, from: Local) {
    match frame.locals[from].clone() {
        Some(value) => frame.bind(to, value.convert(&frame.function.locals[to].ty)),
        None => frame.locals[to] = None,
    }
}
