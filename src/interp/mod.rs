//! `hir` → values: the reference interpreter.
//!
//! Slow and obvious: it walks the typed program as written, checks everything, and is what compiled code is compared with.
//! It shares the operators ([`crate::base::op`]) and the order of sums ([`crate::base::tree`]) with the rest, because these *are*
//! the language, and nothing else: no lowering, no optimiser, no code generation. Do not optimise it.
//!
//! - A fault ends the run with the value of [`Fault`] that compiled code gives: same kind, values, place and loop variables.
//! - A program that breaks an invariant of [`crate::hir::verify`] is a bug, and the interpreter panics with what it met.
//! - Parallel loops run serially, one iteration after the other.

mod array;
mod blocks;
mod count;
mod expr;
mod make;
mod reduce;
mod reshape;
mod stmt;
#[cfg(test)]
mod tests;
mod values;
mod view;
mod watch;

pub use count::Work;
pub use values::{Arg, Value};

use crate::base::{Diagnostic, Fault, FaultKind, Span, Type};
use crate::hir::{Expr, Func, Function, Local, Module};
use array::Budget;
use count::Count;
use cranelift_entity::SecondaryMap;
use std::rc::Rc;
use stmt::Flow;
use values::Datum;
use watch::Watch;

/// What a run may use.
pub struct Limits<'a> {
    /// Bytes of arrays alive at one time.
    pub memory: Option<u64>,
    /// Calls inside each other.
    pub max_depth: usize,
    /// Asked at each call and iteration: [`FaultKind::Cancelled`] or [`FaultKind::TimedOut`] ends the run.
    pub interrupted: &'a dyn Fn() -> Option<FaultKind>,
}

impl Default for Limits<'_> {
    /// As CPython: any memory, a thousand calls, no interruption.
    fn default() -> Self {
        Limits { memory: None, max_depth: 1000, interrupted: &|| None }
    }
}

/// Runs the module's entry on arguments of exactly its parameters' types. Weak scalars are passed as i64, f64 and bool; the types
/// of what comes back are those of the entry's result.
///
/// # Panics
/// If the arguments do not have these types, or the module breaks an invariant of [`crate::hir::verify`].
///
/// # Safety
/// The memory of array arguments stays readable during the run, and writable where they say so; nobody else writes it meanwhile.
pub unsafe fn interpret(module: &Module, args: &[Arg], limits: &Limits) -> Result<Value, Fault> {
    run(module, args, limits, Rc::default())
}

/// The same, and the iterations of parallel loops that meet in an element which one of them writes: each pair of places in the
/// source once.
///
/// # Panics
/// As [`interpret`].
///
/// # Safety
/// As [`interpret`].
pub unsafe fn check_races(
    module: &Module,
    args: &[Arg],
    limits: &Limits,
) -> (Result<Value, Fault>, Vec<Diagnostic>) {
    let watch = Rc::new(Watch::races());
    (run(module, args, limits, watch.clone()), watch.found())
}

/// The same, and how much work the run was.
///
/// # Panics
/// As [`interpret`].
///
/// # Safety
/// As [`interpret`].
pub unsafe fn count(module: &Module, args: &[Arg], limits: &Limits) -> (Result<Value, Fault>, Work) {
    let watch = Rc::new(Watch::counting());
    let result = run(module, args, limits, watch.clone());
    let mut work = watch.count.as_ref().map(Count::work).unwrap_or_default();
    work.bytes_written += result.as_ref().map_or(0, Value::array_bytes);
    (result, work)
}

fn run(module: &Module, args: &[Arg], limits: &Limits, watch: Rc<Watch>) -> Result<Value, Fault> {
    let args = args.iter().map(|arg| Datum::from_arg(arg, &watch)).collect();
    let budget = Budget::new(limits.memory, watch);
    let mut interpreter = Interpreter { module, limits, budget, depth: 0 };
    match interpreter.call(module.entry, args) {
        Ok(result) => Ok(result.into_value()),
        Err(stop) => Err(*stop),
    }
}

/// A fault on its way out; boxed because it is much larger than what it displaces.
type Stop = Box<Fault>;

struct Interpreter<'a> {
    module: &'a Module,
    limits: &'a Limits<'a>,
    budget: Rc<Budget>,
    depth: usize,
}

/// One call of a function.
struct Frame<'a> {
    function: &'a Function,
    /// None: not bound.
    locals: SecondaryMap<Local, Option<Datum>>,
    /// The named loops around the current statement, outermost first, with the values of their variables.
    loops: Vec<(String, i64)>,
}

impl<'a> Interpreter<'a> {
    fn call(&mut self, func: Func, args: Vec<Datum>) -> Result<Datum, Stop> {
        self.poll()?;
        let function = &self.module.functions[func];
        let mut frame = Frame { function, locals: SecondaryMap::new(), loops: vec![] };
        if self.depth >= self.limits.max_depth {
            return Err(frame.fault(FaultKind::RecursionTooDeep, function.span, &[]));
        }
        assert_eq!(args.len(), function.params.len(), "arguments of {}", function.name);
        for (&param, arg) in function.params.iter().zip(args) {
            frame.bind(param, arg);
        }
        self.depth += 1;
        let flow = self.block(&mut frame, &function.body)?;
        self.depth -= 1;
        let result = match flow {
            Flow::Return(value) => *value,
            Flow::Next => Datum::None,
            Flow::Break | Flow::Continue | Flow::Leave(_) => {
                panic!("{} leaves a loop that it is not in", function.name)
            }
        };
        result.check(&function.result, &function.name);
        Ok(result)
    }

    /// From now on elements are touched by what stands here.
    fn at(&self, span: Span) {
        self.budget.watch.at(span);
    }

    /// The operations so far, where somebody wants to know.
    fn count(&self) -> Option<&Count> {
        self.budget.watch.count.as_ref()
    }

    /// Asks whether to go on.
    fn poll(&self) -> Result<(), Stop> {
        match (self.limits.interrupted)() {
            Some(kind) => Err(Box::new(Fault { kind, span: None, values: vec![], loops: vec![] })),
            None => Ok(()),
        }
    }
}

impl<'a> Frame<'a> {
    fn bind(&mut self, local: Local, value: Datum) {
        let data = &self.function.locals[local];
        value.check(&data.ty, &data.name);
        self.locals[local] = Some(value);
    }

    fn fault(&self, kind: FaultKind, span: Span, values: &[i64]) -> Stop {
        debug_assert_eq!(kind.arity(), values.len(), "{kind:?}");
        Box::new(Fault { kind, span: Some(span), values: values.to_vec(), loops: self.loops.clone() })
    }

    fn ty(&self, expr: Expr) -> &'a Type {
        &self.function.exprs[expr].ty
    }

    fn span(&self, expr: Expr) -> Span {
        self.function.exprs[expr].span
    }
}
