//! Calls, recursion, limits.

use super::*;
use crate::base::{Binary, Compare, Dtype, FaultKind};
use crate::hir::StmtKind;
use crate::hir::build::array;
use std::cell::Cell;

/// `def f(n): if n == 0: return 0; return 1 + f(n - 1)`, preceded by an entry that calls it.
fn counting(n: i64) -> Module {
    let entry = expression(|b| {
        let n = b.int(n);
        b.call(1, &[n], Type::INT)
    });
    let mut b = function("f", Type::INT);
    b.function.recursive = true;
    let n = b.param("n", Type::INT);
    let (zero, one, number) = (b.int(0), b.int(1), b.read(n));
    let done = b.compare(Compare::Eq, number, zero);
    let leave = vec![b.returns(zero)];
    let less = b.binary(Binary::Sub, number, one);
    let rest = b.call(1, &[less], Type::INT);
    let sum = b.binary(Binary::Add, one, rest);
    let body = vec![b.when(done, leave, vec![]), b.returns(sum)];
    module(vec![entry, b.finish(body)])
}

#[test]
fn recursion() {
    let count = |n| try_run(&counting(n), &[], &Limits::default());
    assert_eq!(scalar(count(990).expect("deep enough")), Scalar::i64(990));
    assert_eq!(count(1000).expect_err("too deep").kind, FaultKind::RecursionTooDeep);
}

#[test]
fn deep_recursion_does_not_exhaust_the_stack() {
    let limits = Limits { max_depth: 5_000, ..Limits::default() };
    let result = try_run(&counting(4_500), &[], &limits);
    assert_eq!(scalar(result.expect("deep enough")), Scalar::i64(4_500));
}

#[test]
fn arguments_are_references() {
    // `def f(x): g(x); return x[0]` and `def g(x): x[0] = 5`.
    let mut b = function("f", Type::Scalar(Dtype::I64));
    let (one, zero) = (b.int(1), b.int(0));
    let x = b.local("x", array(Dtype::I64, 1));
    let made = b.full(&[one], zero);
    let xs = b.read(x);
    let call = b.call(1, &[xs], Type::None);
    let element = b.index(xs, &[zero]);
    let body = vec![b.assign(x, made), b.stmt(StmtKind::Eval(call)), b.returns(element)];
    let f = b.finish(body);
    let g = procedure(|b| {
        let x = b.param("x", array(Dtype::I64, 1));
        let (xs, zero, five) = (b.read(x), b.int(0), b.int(5));
        vec![b.store(xs, &[zero], five)]
    });
    assert_eq!(scalar(run(vec![f, g], &[])), Scalar::i64(5));
}

/// `for i in range(n): x = empty(bytes)`: at most two arrays live at a time.
fn allocating(n: i64, bytes: i64) -> Module {
    module(vec![procedure(|b| {
        let (x, i) = (b.local("x", array(Dtype::U8, 1)), b.local("i", Type::INT));
        let (n, bytes) = (b.int(n), b.int(bytes));
        let made = b.empty(Dtype::U8, &[bytes]);
        let body = vec![b.assign(x, made)];
        vec![b.range(i, n, body)]
    })])
}

#[test]
fn memory_limit() {
    let limits = Limits { memory: Some(2000), ..Limits::default() };
    assert!(try_run(&allocating(100, 1000), &[], &limits).is_ok());
    let fault = try_run(&allocating(100, 1001), &[], &limits).expect_err("too much");
    assert_eq!(fault.kind, FaultKind::OutOfMemory);
    assert_eq!((fault.values, fault.loops), (vec![1001], vec![("i".to_string(), 1)]));
}

#[test]
fn impossible_memory() {
    let huge = module(vec![expression(|b| {
        let extent = b.int(1 << 40);
        b.empty(Dtype::F64, &[extent, extent])
    })]);
    let fault = try_run(&huge, &[], &Limits::default()).expect_err("too much");
    assert_eq!((fault.kind, fault.values), (FaultKind::OutOfMemory, vec![-1]));
}

#[test]
fn interruption() {
    let polls = Cell::new(0);
    let interrupted = || {
        polls.set(polls.get() + 1);
        (polls.get() > 50).then_some(FaultKind::TimedOut)
    };
    let limits = Limits { interrupted: &interrupted, ..Limits::default() };
    let endless = module(vec![procedure(|b| {
        let condition = b.bool(true);
        vec![b.stmt(StmtKind::While { condition, body: vec![] })]
    })]);
    let fault = try_run(&endless, &[], &limits).expect_err("interrupted");
    assert_eq!((fault.kind, fault.span), (FaultKind::TimedOut, None));
}
