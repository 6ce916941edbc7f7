//! Scalar expressions.

use super::*;
use crate::base::{Binary, Compare, Dtype, Unary};
use crate::hir::{ExprKind, StmtKind};

fn value(build: impl FnOnce(&mut Builder) -> Expr) -> Scalar {
    scalar(run(vec![expression(build)], &[]))
}

#[test]
fn operators() {
    let sum = value(|b| {
        let (x, y) = (b.int(40), b.int(2));
        b.binary(Binary::Add, x, y)
    });
    assert_eq!(sum, Scalar::i64(42));
    let negative = value(|b| {
        let x = b.float(1.5);
        b.unary(Unary::Neg, x)
    });
    assert_eq!(negative, Scalar::f64(-1.5));
    let less = value(|b| {
        let (x, y) = (b.float(f64::NAN), b.float(2.0));
        b.compare(Compare::Lt, x, y)
    });
    assert_eq!(less, Scalar::bool(false));
    let wrapped = value(|b| {
        let x = b.int(300);
        b.convert(x, Type::Scalar(Dtype::U8))
    });
    assert_eq!(wrapped, Scalar::int(Dtype::U8, 44));
    let once = value(|b| {
        let (x, y) = (b.float(1.0 + 1e-8), b.float(-1.0));
        b.expr(ExprKind::Fma(x, x, y), Type::FLOAT)
    });
    let exact = (1.0 + 1e-8f64).mul_add(1.0 + 1e-8, -1.0);
    assert_eq!(once, Scalar::f64(exact));
}

#[test]
fn choices() {
    // `if` evaluates one side only, `select` both.
    let (division, lazy) = (
        |b: &mut Builder| {
            let (one, zero) = (b.int(1), b.int(0));
            b.binary(Binary::FloorDiv, one, zero)
        },
        |b: &mut Builder, then, otherwise| {
            let condition = b.bool(true);
            b.expr(ExprKind::If { condition, then, otherwise }, Type::INT)
        },
    );
    let chosen = value(|b| {
        let (then, otherwise) = (b.int(7), division(b));
        lazy(b, then, otherwise)
    });
    assert_eq!(chosen, Scalar::i64(7));
    let chosen = value(|b| {
        let (condition, then, otherwise) = (b.bool(false), b.int(7), b.int(8));
        b.expr(ExprKind::Select { condition, then, otherwise }, Type::INT)
    });
    assert_eq!(chosen, Scalar::i64(8));
    let eager = fault(
        vec![expression(|b| {
            let (condition, then, otherwise) = (b.bool(true), b.int(7), division(b));
            b.expr(ExprKind::Select { condition, then, otherwise }, Type::INT)
        })],
        &[],
    );
    assert_eq!(eager.kind, crate::base::FaultKind::DivisionByZero);
}

#[test]
fn let_and_tuples() {
    let result = run(
        vec![expression(|b| {
            let local = b.local("t", Type::INT);
            let (six, read) = (b.int(6), b.read(local));
            let body = b.binary(Binary::Mul, read, read);
            let square = b.expr(ExprKind::Let { local, value: six, body }, Type::INT);
            let none = b.expr(ExprKind::None, Type::None);
            let pair = b.tuple(&[square, none]);
            let first = b.expr(ExprKind::Item { tuple: pair, index: 0 }, Type::INT);
            b.tuple(&[pair, first])
        })],
        &[],
    );
    let expected = "Tuple([Tuple([Scalar(i64(36)), None]), Scalar(i64(36))])";
    assert_eq!(format!("{result:?}"), expected);
}

#[test]
fn arguments() {
    let mut b = function("f", Type::FLOAT);
    let number = b.param("x", Type::FLOAT);
    b.param("flag", Type::BOOL);
    let item = b.read(number);
    let body = vec![b.returns(item)];
    let args = [Arg::Scalar(Scalar::f64(2.5)), Arg::Scalar(Scalar::bool(true))];
    assert_eq!(scalar(run(vec![b.finish(body)], &args)), Scalar::f64(2.5));
}

#[test]
#[should_panic(expected = "i64(1) where x has a float")]
fn arguments_of_other_types_are_refused() {
    let mut b = function("f", Type::None);
    b.param("x", Type::FLOAT);
    run(vec![b.finish(vec![])], &[Arg::Scalar(Scalar::i64(1))]);
}

/// `x = 3; if flag: x = 1.5` read after the merge.
fn merge(flag: bool, bound: bool) -> Function {
    let mut b = function("f", Type::FLOAT);
    let (int, float) = (b.local("x", Type::INT), b.local("x", Type::FLOAT));
    let (condition, three, half) = (b.bool(flag), b.int(3), b.float(1.5));
    let then = vec![b.assign(float, half)];
    let mut otherwise = if bound { vec![b.assign(int, three)] } else { vec![] };
    otherwise.push(b.stmt(StmtKind::Join { to: float, from: int }));
    let result = b.checked_read(float);
    let body = vec![b.when(condition, then, otherwise), b.returns(result)];
    b.finish(body)
}

#[test]
fn joins() {
    assert_eq!(scalar(run(vec![merge(true, true)], &[])), Scalar::f64(1.5));
    assert_eq!(scalar(run(vec![merge(false, true)], &[])), Scalar::f64(3.0));
    let fault = fault(vec![merge(false, false)], &[]);
    assert_eq!(fault.kind, crate::base::FaultKind::UnboundLocal { name: "x".into() });
}
