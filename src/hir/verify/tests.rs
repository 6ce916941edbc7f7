//! What the verifier refuses.

use super::*;
use crate::base::{ReduceOp, Scalar, Unary, Weak};
use crate::hir::build::{Builder, array, function, module};

/// Builds one function that returns None and tells what the verifier has against it.
fn reject(build: impl FnOnce(&mut Builder) -> Block, expected: &str) {
    let mut b = function("f", Type::None);
    let body = build(&mut b);
    match verify(&module(vec![b.finish(body)])) {
        Ok(()) => panic!("accepted, expected: {expected}"),
        Err(message) => assert!(message.contains(expected), "{message}\nexpected: {expected}"),
    }
}

fn expr(kind: impl FnOnce(&mut Builder) -> (ExprKind, Type), expected: &str) {
    reject(
        |b| {
            let (kind, ty) = kind(b);
            let expr = b.expr(kind, ty);
            vec![b.stmt(StmtKind::Eval(expr))]
        },
        expected,
    );
}

#[test]
fn accepts_nothing_much() {
    assert_eq!(verify(&module(vec![function("f", Type::None).finish(vec![])])), Ok(()));
}

#[test]
fn operators() {
    expr(
        |b| (ExprKind::Binary(Binary::Add, b.int(1), b.float(1.0)), Type::INT),
        "e2: operands of i64 and f64",
    );
    expr(|b| (ExprKind::Binary(Binary::Shl, b.float(1.0), b.float(1.0)), Type::FLOAT), "shl of f64");
    expr(
        |b| (ExprKind::Binary(Binary::Add, b.int(1), b.int(1)), Type::FLOAT),
        "result is float, expected a i64",
    );
    expr(|b| (ExprKind::Unary(Unary::Sqrt, b.int(1)), Type::FLOAT), "sqrt of i64");
    expr(|b| (ExprKind::Fma(b.int(1), b.int(1), b.int(1)), Type::INT), "fma of i64");
    expr(|_| (ExprKind::Const(Scalar::i64(1)), Type::FLOAT), "constant i64(1) of type float");
    expr(|b| (ExprKind::Convert(b.int(1)), Type::Scalar(Dtype::C64)), "conversion of int to c64");
    expr(
        |b| {
            let (x, y, z) = (b.int(1), b.int(2), b.int(3));
            (ExprKind::Select { condition: x, then: y, otherwise: z }, Type::INT)
        },
        "select by i64",
    );
}

#[test]
fn array_operators() {
    let vector = |b: &mut Builder| {
        let x = b.param("x", array(Dtype::F64, 1));
        b.read(x)
    };
    expr(|b| (ExprKind::Unary(Unary::Neg, vector(b)), Type::FLOAT), "result is float, expected an array");
    expr(|b| (ExprKind::Unary(Unary::Neg, vector(b)), array(Dtype::F64, 2)), "expected f64 of rank 1");
    expr(
        |b| {
            let unit = ArrayType { unit: AxisSet(1), ..ArrayType::contiguous(Dtype::F64, 1) };
            (ExprKind::Copy(vector(b)), Type::Array(unit))
        },
        "axis 0 of the result is not known to have extent 1",
    );
    expr(
        |b| (reduce(Reduce::Sum, vector(b), 1, None), Type::Scalar(Dtype::F32)),
        "sum of f64[::1] gives f32",
    );
    expr(|b| (reduce(Reduce::Any, vector(b), 1, None), Type::Scalar(Dtype::F64)), "any of f64[::1]");
    expr(
        |b| (reduce(Reduce::Sum, vector(b), 2, None), Type::Scalar(Dtype::F64)),
        "axes AxisSet(2) of f64[::1]",
    );
    expr(|b| (reduce(Reduce::Sum, vector(b), 0, None), Type::Scalar(Dtype::F64)), "reduction is Scalar(F64)");
    expr(
        |b| {
            let initial = b.float(0.0);
            (reduce(Reduce::Sum, vector(b), 1, Some(initial)), Type::Scalar(Dtype::F64))
        },
        "sum of f64[::1] from float",
    );
    expr(
        |b| {
            let (array, index) = (vector(b), b.float(0.0));
            (ExprKind::Index { array, indices: vec![index] }, Type::Scalar(Dtype::F64))
        },
        "e1 is Weak(Float), expected Weak(Int)",
    );
    expr(
        |b| (ExprKind::Index { array: vector(b), indices: vec![] }, Type::Scalar(Dtype::F64)),
        "0 indices of f64[::1]",
    );
    expr(|b| (ExprKind::Extent { array: vector(b), axis: 1 }, Type::INT), "axis 1 of f64[::1]");
    expr(
        |b| (ExprKind::Alloc { shape: vec![], fill: Some(b.int(1)) }, array(Dtype::F64, 0)),
        "f64[] filled with int",
    );
}

#[test]
fn calls() {
    let call = |args| (ExprKind::Call { func: Func::from_u32(0), args }, Type::None);
    expr(|b| call(vec![b.int(1)]), "1 arguments for the 0 of f");
    expr(
        |b| {
            b.param("x", Type::FLOAT);
            call(vec![b.int(1)])
        },
        "argument e0 of f is Weak(Int), expected Weak(Float)",
    );
    expr(|_| (ExprKind::Call { func: Func::from_u32(7), args: vec![] }, Type::None), "no fn7");
    expr(
        |b| {
            let x = b.param("x", array(Dtype::F64, 1));
            (ExprKind::Map { func: Func::from_u32(0), args: vec![b.read(x)] }, array(Dtype::F64, 1))
        },
        "argument e0 is of f64, not f64[::1]",
    );
}

#[test]
fn ids() {
    expr(|_| (ExprKind::Copy(Expr::from_u32(9)), Type::None), "e0: no e9");
    expr(|_| (ExprKind::Local(Local::from_u32(9)), Type::INT), "e0: no local9");
    expr(|_| (ExprKind::Copy(Expr::from_u32(0)), Type::None), "e0 contains itself");
    let mut broken = module(vec![]);
    broken.entry = Func::from_u32(3);
    assert_eq!(verify(&broken), Err("no entry fn3".to_string()));
}

#[test]
fn places() {
    reject(
        |b| {
            let (x, one) = (b.local("x", Type::FLOAT), b.int(1));
            vec![b.assign(x, one)]
        },
        "in assignment: value of local0 is Weak(Int), expected Weak(Float)",
    );
    reject(
        |b| {
            let (x, one, zero) = (b.param("x", array(Dtype::F64, 1)), b.int(1), b.int(0));
            let x = b.read(x);
            vec![b.store(x, &[zero], one)]
        },
        "in store: int into f64[::1]",
    );
    reject(
        |b| {
            let (x, y) = (b.param("x", array(Dtype::F64, 1)), b.param("y", array(Dtype::F64, 2)));
            let (x, y) = (b.read(x), b.read(y));
            vec![b.update(x, y)]
        },
        "in update: f64[:, ::1] into f64[::1]",
    );
    reject(
        |b| {
            let (to, from) = (b.local("x", Type::INT), b.local("x", array(Dtype::F64, 1)));
            vec![b.stmt(StmtKind::Join { to, from })]
        },
        "in join: f64[::1] to int",
    );
    expr(|b| (ExprKind::CheckedLocal(b.local("x", Type::INT)), Type::INT), "local0 is not marked as checked");
}

#[test]
fn control() {
    reject(
        |b| {
            let one = b.int(1);
            vec![b.when(one, vec![], vec![])]
        },
        "in if: condition e0 is int, not a scalar bool",
    );
    reject(|b| vec![b.stmt(StmtKind::Break)], "in break: outside a loop");
    reject(|b| vec![b.stmt(StmtKind::Continue)], "in continue: outside a loop");
    reject(
        |b| {
            let one = b.int(1);
            vec![b.returns(one)]
        },
        "in return: value is Weak(Int), expected None",
    );
    reject(
        |b| {
            b.function.result = Type::INT;
            let (i, n, condition) = (b.local("i", Type::INT), b.int(1), b.bool(true));
            let body = vec![b.returns(n)];
            let inner = vec![b.when(condition, body, vec![])];
            vec![b.range(i, n, inner)]
        },
        "runs off its end without a int",
    );
}

#[test]
fn endless_loop_needs_no_return() {
    let mut b = function("f", Type::INT);
    let (condition, one) = (b.bool(true), b.int(1));
    let body = vec![b.returns(one)];
    let body = vec![b.stmt(StmtKind::While { condition, body })];
    assert_eq!(verify(&module(vec![b.finish(body)])), Ok(()));
}

#[test]
fn parallel_loops() {
    let leave = |kind: StmtKind, expected: &str| {
        reject(
            |b| {
                let (i, n) = (b.local("i", Type::INT), b.int(1));
                let body = vec![b.stmt(kind)];
                vec![b.prange(i, n, &[], body)]
            },
            expected,
        );
    };
    leave(StmtKind::Break, "in break: out of a parallel or reducing loop");
    leave(StmtKind::Return(None), "in return: out of a parallel or reducing loop");
    reject(
        |b| {
            let (i, n) = (b.local("i", Type::INT), b.int(1));
            vec![b.prange(i, n, &[(i, ReduceOp::Add)], vec![])]
        },
        "second use of local0 as a reduction",
    );
    reject(
        |b| {
            let (i, s, n) = (b.local("i", Type::INT), b.local("s", array(Dtype::F64, 1)), b.int(1));
            vec![b.prange(i, n, &[(s, ReduceOp::Add)], vec![])]
        },
        "add reduction of local1",
    );
    reject(
        |b| {
            let (i, n) = (b.local("i", Type::Weak(Weak::Float)), b.int(1));
            vec![b.prange(i, n, &[], vec![])]
        },
        "loop variable is Weak(Float), expected Weak(Int)",
    );
}

fn reduce(op: Reduce, array: Expr, axes: u8, initial: Option<Expr>) -> ExprKind {
    ExprKind::Reduce { op, array, axes: AxisSet(axes), keepdims: false, initial }
}
