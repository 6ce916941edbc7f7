//! Each fault: kind, values, place, loop variables.

use super::*;
use crate::base::{Binary, Compare, Dtype, FaultKind};
use crate::hir::build::{array, span};
use crate::hir::{For, Reduce, StmtKind};
use crate::runtime::RawArray;

fn check(fault: Fault, kind: FaultKind, values: &[i64], place: usize) {
    assert_eq!((fault.kind, fault.values), (kind, values.to_vec()));
    assert_eq!(fault.span, Some(span(place)));
}

fn vectors(lengths: &[usize]) -> Vec<Vec<f64>> {
    lengths.iter().map(|&length| vec![1.0; length]).collect()
}

fn views(vectors: &mut [Vec<f64>]) -> Vec<Arg> {
    vectors.iter_mut().map(|vector| Arg::Array(RawArray::of_slice_mut(vector))).collect()
}

/// Runs a function of arrays with these lengths.
fn with_vectors(lengths: &[usize], build: impl FnOnce(&mut Builder, &[Expr]) -> Block) -> Fault {
    let f = procedure(|b| {
        let name = |k: usize| format!("x{k}");
        let params: Vec<_> = (0..lengths.len()).map(|k| b.param(&name(k), array(Dtype::F64, 1))).collect();
        let reads: Vec<Expr> = params.into_iter().map(|param| b.read(param)).collect();
        build(b, &reads)
    });
    let mut vectors = vectors(lengths);
    fault(vec![f], &views(&mut vectors))
}

#[test]
fn index_out_of_range() {
    let index = |index: i64| {
        with_vectors(&[3], |b, x| {
            let index = b.int(index);
            let element = b.index(x[0], &[index]);
            vec![b.stmt(StmtKind::Eval(element))]
        })
    };
    check(index(3), FaultKind::IndexOutOfRange { axis: 0 }, &[3, 3], 2);
    check(index(-4), FaultKind::IndexOutOfRange { axis: 0 }, &[-4, 3], 2);
    check(index(i64::MIN), FaultKind::IndexOutOfRange { axis: 0 }, &[i64::MIN, 3], 2);
}

#[test]
fn second_axis_out_of_range() {
    let f = expression(|b| {
        let (two, minus_three) = (b.int(2), b.int(-3));
        let x = b.empty(Dtype::F64, &[two, two]);
        b.index(x, &[two, minus_three])
    });
    check(fault(vec![f], &[]), FaultKind::IndexOutOfRange { axis: 0 }, &[2, 2], 3);
    let f = expression(|b| {
        let (two, minus_three) = (b.int(2), b.int(-3));
        let (zero, x) = (b.int(0), b.empty(Dtype::F64, &[two, two]));
        b.index(x, &[zero, minus_three])
    });
    check(fault(vec![f], &[]), FaultKind::IndexOutOfRange { axis: 1 }, &[-3, 2], 4);
}

#[test]
fn store_out_of_range() {
    let fault = with_vectors(&[3], |b, x| {
        let (index, value) = (b.int(7), b.float(1.0));
        vec![b.store(x[0], &[index], value)]
    });
    check(fault, FaultKind::IndexOutOfRange { axis: 0 }, &[7, 3], 1000);
}

#[test]
fn stored_value_comes_before_its_place() {
    let fault = with_vectors(&[3], |b, x| {
        let (index, nine) = (b.int(7), b.int(9));
        let value = b.index(x[0], &[nine]);
        vec![b.store(x[0], &[index], value)]
    });
    check(fault, FaultKind::IndexOutOfRange { axis: 0 }, &[9, 3], 3);
}

#[test]
fn shape_mismatch() {
    let fault = with_vectors(&[3, 4], |b, x| {
        let sum = b.binary(Binary::Add, x[0], x[1]);
        vec![b.stmt(StmtKind::Eval(sum))]
    });
    check(fault, FaultKind::ShapeMismatch { axis: 0 }, &[3, 4], 2);
    let fault = with_vectors(&[3, 4], |b, x| vec![b.update(x[0], x[1])]);
    check(fault, FaultKind::ShapeMismatch { axis: 0 }, &[3, 4], 1000);
    // Into an extent of 1 nothing broadcasts.
    let fault = with_vectors(&[1, 4], |b, x| vec![b.update(x[0], x[1])]);
    check(fault, FaultKind::ShapeMismatch { axis: 0 }, &[1, 4], 1000);
}

#[test]
fn shape_mismatch_counts_axes_of_the_result() {
    let f = expression(|b| {
        let (two, three, zero) = (b.int(2), b.int(3), b.float(0.0));
        let (x, y) = (b.full(&[two, three], zero), b.full(&[two], zero));
        b.binary(Binary::Add, x, y)
    });
    check(fault(vec![f], &[]), FaultKind::ShapeMismatch { axis: 1 }, &[3, 2], 5);
}

fn int_operator(op: Binary, a: i64, b: i64) -> Fault {
    let f = expression(|builder| {
        let (a, b) = (builder.int(a), builder.int(b));
        builder.binary(op, a, b)
    });
    fault(vec![f], &[])
}

#[test]
fn integer_operators() {
    check(int_operator(Binary::FloorDiv, 1, 0), FaultKind::DivisionByZero, &[], 2);
    check(int_operator(Binary::Mod, 1, 0), FaultKind::DivisionByZero, &[], 2);
    check(int_operator(Binary::Pow, 2, -3), FaultKind::NegativePower, &[-3], 2);
    let elementwise = expression(|b| {
        let (two, minus_one) = (b.int(2), b.int(-1));
        let exponents = b.full(&[two], minus_one);
        b.binary(Binary::Pow, two, exponents)
    });
    check(fault(vec![elementwise], &[]), FaultKind::NegativePower, &[-1], 3);
}

#[test]
fn empty_reductions() {
    let reduce = |op| {
        with_vectors(&[0], |b, x| {
            let least = b.reduce(op, x[0]);
            vec![b.stmt(StmtKind::Eval(least))]
        })
    };
    check(reduce(Reduce::Min), FaultKind::EmptyReduction { function: "min" }, &[], 1);
    check(reduce(Reduce::Max), FaultKind::EmptyReduction { function: "max" }, &[], 1);
}

#[test]
fn negative_extent() {
    let f = expression(|b| {
        let (two, minus_one) = (b.int(2), b.int(-1));
        b.empty(Dtype::F64, &[two, minus_one])
    });
    check(fault(vec![f], &[]), FaultKind::NegativeExtent, &[-1], 2);
}

#[test]
fn zero_step() {
    let f = procedure(|b| {
        let (i, zero) = (b.local("i", Type::INT), b.int(0));
        let (start, stop) = (zero, zero);
        let stmt = For {
            index: i,
            start,
            stop,
            step: zero,
            parallel: false,
            reductions: vec![],
            accumulators: vec![],
            body: vec![],
        };
        vec![b.stmt(StmtKind::For(stmt))]
    });
    check(fault(vec![f], &[]), FaultKind::ZeroStep, &[], 0);
}

#[test]
fn assertion_and_raise() {
    let f = procedure(|b| {
        let condition = b.bool(false);
        vec![b.stmt(StmtKind::Assert { condition, message: "no".into() })]
    });
    check(fault(vec![f], &[]), FaultKind::Assertion { message: "no".into() }, &[], 1000);
    let (exception, message) = ("ValueError".to_string(), "bad".to_string());
    let kind = FaultKind::Raised { exception: exception.clone(), message: message.clone() };
    let f = procedure(|b| vec![b.stmt(StmtKind::Raise { exception, message })]);
    check(fault(vec![f], &[]), kind, &[], 1000);
}

#[test]
fn loop_variables() {
    // Named loops only, outermost first, and those of the function that faults.
    let fault = with_vectors(&[3], |b, x| {
        let (i, j) = (b.local("i", Type::INT), b.local("j", Type::INT));
        let hidden = b.local("", Type::INT);
        let (two, five, left, right) = (b.int(2), b.int(5), b.read(i), b.read(j));
        let index = b.binary(Binary::Add, left, right);
        let element = b.index(x[0], &[index]);
        let body = vec![b.stmt(StmtKind::Eval(element))];
        let inner = vec![b.range(hidden, five, body)];
        let middle = vec![b.range(j, five, inner)];
        vec![b.range(i, two, middle)]
    });
    let loops = vec![("i".to_string(), 0), ("j".to_string(), 3)];
    assert_eq!((fault.values, fault.loops), (vec![3, 3], loops));
}

#[test]
fn loop_variables_of_the_callee_only() {
    let f = procedure(|b| {
        let (i, five) = (b.local("i", Type::INT), b.int(5));
        let number = b.read(i);
        let call = b.call(1, &[number], Type::None);
        let body = vec![b.stmt(StmtKind::Eval(call))];
        vec![b.range(i, five, body)]
    });
    let g = procedure(|b| {
        let n = b.param("n", Type::INT);
        let (three, number) = (b.int(3), b.read(n));
        let condition = b.compare(Compare::Lt, number, three);
        vec![b.stmt(StmtKind::Assert { condition, message: String::new() })]
    });
    let fault = fault(vec![f, g], &[]);
    assert_eq!(fault.to_string(), "assertion failed");
    assert!(fault.loops.is_empty());
}

#[test]
fn parallel_loops_fault_in_order() {
    let fault = with_vectors(&[3], |b, x| {
        let (i, five) = (b.local("i", Type::INT), b.int(5));
        let number = b.read(i);
        let element = b.index(x[0], &[number]);
        let body = vec![b.stmt(StmtKind::Eval(element))];
        vec![b.prange(i, five, &[], body)]
    });
    assert_eq!(fault.loops, [("i".to_string(), 3)]);
}
