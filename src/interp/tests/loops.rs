//! Loops: ranges, leaving them, reductions in the order of the tree.

use super::*;
use crate::base::tree;
use crate::base::{Binary, Compare, Dtype, ReduceOp};
use crate::hir::build::array;
use crate::hir::{For, Reduction, StmtKind};
use crate::runtime::RawArray;

/// `last = -1; for i in range(start, stop, step): count += 1`, giving `(count, i)`.
fn range(start: i64, stop: i64, step: i64) -> (i64, i64) {
    let mut b = function("f", Type::Tuple(vec![Type::INT, Type::INT]));
    let (count, i) = (b.local("count", Type::INT), b.local("i", Type::INT));
    let (zero, one, none) = (b.int(0), b.int(1), b.int(-1));
    let old = b.read(count);
    let next = b.binary(Binary::Add, old, one);
    let body = vec![b.assign(count, next)];
    let (start, stop, step) = (b.int(start), b.int(stop), b.int(step));
    let stmt =
        For { index: i, start, stop, step, parallel: false, reductions: vec![], accumulators: vec![], body };
    let (count_read, i_read) = (b.read(count), b.read(i));
    let pair = b.tuple(&[count_read, i_read]);
    let body = vec![b.assign(count, zero), b.assign(i, none), b.stmt(StmtKind::For(stmt)), b.returns(pair)];
    match run(vec![b.finish(body)], &[]) {
        Value::Tuple(items) => {
            let items: Vec<i64> = items.into_iter().map(|item| scalar(item).as_i64()).collect();
            (items[0], items[1])
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn ranges() {
    assert_eq!(range(0, 5, 1), (5, 4));
    assert_eq!(range(5, 0, -2), (3, 1));
    assert_eq!(range(0, 7, 3), (3, 6));
    assert_eq!(range(3, 3, 1), (0, -1));
    assert_eq!(range(i64::MAX - 1, i64::MAX, 5), (1, i64::MAX - 1));
    assert_eq!(range(i64::MIN + 1, i64::MIN, i64::MIN), (1, i64::MIN + 1));
}

#[test]
fn break_and_continue() {
    // Odd numbers up to the first above 5; assigning `i` does not disturb the loop.
    let mut b = function("f", Type::INT);
    let (total, i) = (b.local("total", Type::INT), b.local("i", Type::INT));
    let (zero, two, five, hundred) = (b.int(0), b.int(2), b.int(5), b.int(100));
    let (old, number) = (b.read(total), b.read(i));
    let late = b.compare(Compare::Gt, number, five);
    let rest = b.binary(Binary::Mod, number, two);
    let even = b.compare(Compare::Eq, rest, zero);
    let sum = b.binary(Binary::Add, old, number);
    let (skip, leave) = (vec![b.stmt(StmtKind::Continue)], vec![b.stmt(StmtKind::Break)]);
    let body = vec![
        b.when(late, leave, vec![]),
        b.when(even, skip, vec![]),
        b.assign(total, sum),
        b.assign(i, hundred),
    ];
    let body = vec![b.assign(total, zero), b.range(i, hundred, body), b.returns(old)];
    assert_eq!(scalar(run(vec![b.finish(body)], &[])), Scalar::i64(9));
}

#[test]
fn while_loops() {
    // Collatz steps of 27, with a return out of the middle.
    let mut b = function("f", Type::INT);
    let (n, steps) = (b.param("n", Type::INT), b.local("steps", Type::INT));
    let (zero, one, two, three, yes) = (b.int(0), b.int(1), b.int(2), b.int(3), b.bool(true));
    let (number, count) = (b.read(n), b.read(steps));
    let done = b.compare(Compare::Eq, number, one);
    let leave = vec![b.returns(count)];
    let rest = b.binary(Binary::Mod, number, two);
    let even = b.compare(Compare::Eq, rest, zero);
    let half = b.binary(Binary::FloorDiv, number, two);
    let triple = b.binary(Binary::Mul, number, three);
    let next = b.binary(Binary::Add, triple, one);
    let (shrink, grow) = (vec![b.assign(n, half)], vec![b.assign(n, next)]);
    let counted = b.binary(Binary::Add, count, one);
    let body = vec![b.when(done, leave, vec![]), b.when(even, shrink, grow), b.assign(steps, counted)];
    let body = vec![b.assign(steps, zero), b.stmt(StmtKind::While { condition: yes, body })];
    assert_eq!(scalar(run(vec![b.finish(body)], &[Arg::Scalar(Scalar::i64(27))])), Scalar::i64(111));
}

/// `total = initial; for i in prange(len(x)): if x[i] != 0: total ∘= x[i]`.
fn reducing(op: ReduceOp, initial: f64) -> Function {
    let mut b = function("f", Type::FLOAT);
    let x = b.param("x", array(Dtype::F64, 1));
    let (total, i) = (b.local("total", Type::FLOAT), b.local("i", Type::INT));
    let (initial, zero, array, index) = (b.float(initial), b.float(0.0), b.read(x), b.read(i));
    let extent = b.extent(array, 0);
    let element = b.index(array, &[index]);
    let wanted = b.compare(Compare::Ne, element, zero);
    let old = b.read(total);
    let element = b.convert(element, Type::FLOAT);
    let new = b.binary(op.binary(), old, element);
    let then = vec![b.assign(total, new)];
    let body = vec![b.when(wanted, then, vec![])];
    let body = vec![b.assign(total, initial), b.prange(i, extent, &[(total, op)], body), b.returns(old)];
    b.finish(body)
}

fn reduce(op: ReduceOp, initial: f64, x: &[f64]) -> f64 {
    let value = run(vec![reducing(op, initial)], &[Arg::Array(RawArray::of_slice(x))]);
    f64::from_bits(scalar(value).bits)
}

#[test]
fn parallel_reductions() {
    let x: Vec<f64> = (0..1000).map(|k| 1.0 / (k % 7 + 1) as f64).collect();
    let expected = 0.25 + tree::reduce(&x, &mut |a, b| a + b).expect("not empty");
    assert_eq!(reduce(ReduceOp::Add, 0.25, &x).to_bits(), expected.to_bits());
    assert_eq!(reduce(ReduceOp::Max, 0.5, &[0.1, 3.0, 2.0]), 3.0);
    assert_eq!(reduce(ReduceOp::Min, 0.5, &[f64::NAN, 3.0]), 0.5);
    assert_eq!(reduce(ReduceOp::Mul, 2.0, &[3.0, 0.0, 5.0]), 30.0);
}

#[test]
fn no_contribution_changes_nothing() {
    assert_eq!(reduce(ReduceOp::Add, -0.0, &[]).to_bits(), (-0.0f64).to_bits());
    assert_eq!(reduce(ReduceOp::Add, -0.0, &[0.0, 0.0]).to_bits(), (-0.0f64).to_bits());
    assert!(reduce(ReduceOp::Min, f64::NAN, &[]).is_nan());
}

#[test]
fn unbound_reduction() {
    // `for i in prange(n): s += 1` with `s` bound on no path: a fault where it is read.
    let counting = |n: i64| {
        procedure(|b| {
            let (s, i) = (b.local("s", Type::INT), b.local("i", Type::INT));
            let (n, one, old) = (b.int(n), b.int(1), b.checked_read(s));
            let sum = b.binary(Binary::Add, old, one);
            let body = vec![b.assign(s, sum)];
            vec![b.prange(i, n, &[(s, ReduceOp::Add)], body)]
        })
    };
    run(vec![counting(0)], &[]);
    let fault = fault(vec![counting(2)], &[]);
    assert_eq!(fault.to_string(), "local variable 's' is read before it is bound (with i = 0)");
}

#[test]
fn nested_parallel_loops() {
    // `for i in prange(3): for j in prange(4): s += i * j`.
    let mut b = function("f", Type::INT);
    let (s, i, j) = (b.local("s", Type::INT), b.local("i", Type::INT), b.local("j", Type::INT));
    let (five, three, four) = (b.int(5), b.int(3), b.int(4));
    let (old, left, right) = (b.read(s), b.read(i), b.read(j));
    let product = b.binary(Binary::Mul, left, right);
    let sum = b.binary(Binary::Add, old, product);
    let body = vec![b.assign(s, sum)];
    let inner = vec![b.prange(j, four, &[(s, ReduceOp::Add)], body)];
    let (one, zero) = (b.int(1), b.int(0));
    let reductions = vec![Reduction { local: s, op: ReduceOp::Add }];
    let outer = For {
        index: i,
        start: zero,
        stop: three,
        step: one,
        parallel: true,
        reductions,
        accumulators: vec![],
        body: inner,
    };
    let body = vec![b.assign(s, five), b.stmt(StmtKind::For(outer)), b.returns(old)];
    assert_eq!(scalar(run(vec![b.finish(body)], &[])), Scalar::i64(5 + 18));
}
