//! Statements: control flow, assignment, stores, loops.

use super::array::{Mismatch, indices};
use super::reduce::finish;
use super::values::Datum;
use super::{Frame, Interpreter, Stop};
use crate::base::{FaultKind, Scalar, Span};
use crate::hir::{Block, Expr, For, Local, Reduction, Stmt, StmtKind};

/// Where control goes after a statement.
pub(super) enum Flow {
    Next,
    Break,
    Continue,
    Return(Datum),
}

impl Interpreter<'_> {
    pub(super) fn block(&mut self, frame: &mut Frame, block: &Block) -> Result<Flow, Stop> {
        for stmt in block {
            match self.stmt(frame, stmt)? {
                Flow::Next => {}
                flow @ (Flow::Break | Flow::Continue | Flow::Return(_)) => return Ok(flow),
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
            StmtKind::Update { target, value } => self.update(frame, stmt.span, *target, *value)?,
            StmtKind::Join { to, from } => join(frame, *to, *from),
            StmtKind::Eval(expr) => drop(self.eval(frame, *expr)?),
            StmtKind::If { condition, then, otherwise } => {
                let block = if self.truth(frame, *condition)? { then } else { otherwise };
                return self.block(frame, block);
            }
            StmtKind::While { condition, body } => return self.while_loop(frame, *condition, body),
            StmtKind::For(stmt_for) => return self.for_loop(frame, stmt_for, stmt.span),
            StmtKind::Break => return Ok(Flow::Break),
            StmtKind::Continue => return Ok(Flow::Continue),
            StmtKind::Return(None) => return Ok(Flow::Return(Datum::None)),
            StmtKind::Return(Some(value)) => return Ok(Flow::Return(self.eval(frame, *value)?)),
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
    fn update(&mut self, frame: &mut Frame, span: Span, target: Expr, value: Expr) -> Result<(), Stop> {
        let value = self.eval(frame, value)?;
        let target = self.eval(frame, target)?.into_array();
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
        Ok(())
    }

    fn while_loop(&mut self, frame: &mut Frame, condition: Expr, body: &Block) -> Result<Flow, Stop> {
        while self.truth(frame, condition)? {
            self.poll()?;
            match self.block(frame, body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                flow @ Flow::Return(_) => return Ok(flow),
            }
        }
        Ok(Flow::Next)
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
        let mut contributions = vec![];
        let initial = if numbers(start, stop, step).next().is_some() {
            initial_values(frame, &stmt.reductions, span)?
        } else {
            vec![]
        };
        for number in numbers(start, stop, step) {
            self.poll()?;
            frame.loops.truncate(depth);
            if !name.is_empty() {
                frame.loops.push((name.clone(), number));
            }
            frame.bind(stmt.index, Datum::Scalar(Scalar::i64(number)));
            set_identities(frame, &stmt.reductions);
            match self.block(frame, &stmt.body)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break | Flow::Return(_) if stmt.parallel => panic!("a parallel loop was left"),
                Flow::Break => break,
                flow @ Flow::Return(_) => return Ok(flow),
            }
            contributions.push(read_reductions(frame, &stmt.reductions));
        }
        frame.loops.truncate(depth);
        for (k, (reduction, initial)) in stmt.reductions.iter().zip(initial).enumerate() {
            let column: Vec<Scalar> = contributions.iter().map(|row| row[k]).collect();
            frame.bind(reduction.local, Datum::Scalar(finish(reduction.op, initial, &column)));
        }
        Ok(Flow::Next)
    }

    fn int(&mut self, frame: &mut Frame, expr: Expr) -> Result<i64, Stop> {
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

/// What the reductions of a loop that runs at all start from.
fn initial_values(frame: &Frame, reductions: &[Reduction], span: Span) -> Result<Vec<Scalar>, Stop> {
    let read = |reduction: &Reduction| {
        let data = &frame.function.locals[reduction.local];
        match &frame.locals[reduction.local] {
            Some(value) => Ok(value.scalar()),
            None if data.checked => {
                Err(frame.fault(FaultKind::UnboundLocal { name: data.name.clone() }, span, &[]))
            }
            None => panic!("the reduction {} of {} is not bound", data.name, frame.function.name),
        }
    };
    reductions.iter().map(read).collect()
}

fn set_identities(frame: &mut Frame, reductions: &[Reduction]) {
    for reduction in reductions {
        let dtype = frame.function.locals[reduction.local].ty.scalar().expect("reductions are scalar");
        frame.bind(reduction.local, Datum::Scalar(reduction.op.identity(dtype)));
    }
}

fn read_reductions(frame: &Frame, reductions: &[Reduction]) -> Vec<Scalar> {
    let read = |reduction: &Reduction| match &frame.locals[reduction.local] {
        Some(value) => value.scalar(),
        None => panic!("an iteration leaves {} unbound", reduction.local),
    };
    reductions.iter().map(read).collect()
}

/// Moves the value to the type of `to`; an unbound `from` leaves `to` unbound.
fn join(frame: &mut Frame, to: Local, from: Local) {
    match frame.locals[from].clone() {
        Some(value) => frame.bind(to, value.convert(&frame.function.locals[to].ty)),
        None => frame.locals[to] = None,
    }
}
