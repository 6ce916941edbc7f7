//! The interpreter on programs built by hand.

mod arrays;
mod calls;
mod faults;
mod loops;
mod scalars;

use super::{Arg, Limits, Value, interpret};
use crate::base::{Fault, Scalar, Type};
use crate::hir::build::{Builder, function, module};
use crate::hir::{Block, Expr, Function, Module};
use crate::runtime::Element;

fn try_run(module: &Module, args: &[Arg], limits: &Limits) -> Result<Value, Fault> {
    crate::hir::verify::verify(module).expect("a valid program");
    // SAFETY: the tests pass views of vectors that they keep and do not touch meanwhile.
    unsafe { interpret(module, args, limits) }
}

fn run(functions: Vec<Function>, args: &[Arg]) -> Value {
    try_run(&module(functions), args, &Limits::default()).expect("no fault")
}

fn fault(functions: Vec<Function>, args: &[Arg]) -> Fault {
    try_run(&module(functions), args, &Limits::default()).expect_err("a fault")
}

/// A function that returns an expression.
fn expression(build: impl FnOnce(&mut Builder) -> Expr) -> Function {
    let mut b = function("f", Type::None);
    let expr = build(&mut b);
    b.function.result = b.ty(expr);
    let body = vec![b.returns(expr)];
    b.finish(body)
}

fn procedure(build: impl FnOnce(&mut Builder) -> Block) -> Function {
    let mut b = function("f", Type::None);
    let body = build(&mut b);
    b.finish(body)
}

fn scalar(value: Value) -> Scalar {
    match value {
        Value::Scalar(value) => value,
        other => panic!("{other:?} is no scalar"),
    }
}

fn vector<T: Element>(value: Value) -> Vec<T> {
    match value {
        Value::Array(array) => array.to_vec().expect("elements of the type asked for"),
        other => panic!("{other:?} is no array"),
    }
}

fn shape(value: &Value) -> &[usize] {
    match value {
        Value::Array(array) => array.shape(),
        other => panic!("{other:?} is no array"),
    }
}
