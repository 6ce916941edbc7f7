//! Arrays: elements, elementwise operators, broadcasting, reductions, memory.

use super::*;
use crate::base::{ArrayType, Binary, Compare, Dtype, Layout, Unary};
use crate::hir::build::array;
use crate::hir::{ExprKind, Reduce};
use crate::runtime::RawArray;

fn read_only<T: Element>(values: &[T]) -> Arg {
    Arg::Array(RawArray::of_slice(values))
}

/// A view of rank 2 in C order.
fn matrix(values: &[f64], shape: [usize; 2]) -> Arg {
    let base = values.as_ptr().cast_mut().cast();
    Arg::Array(RawArray::contiguous(base, Dtype::F64, &shape, false).expect("rank 2"))
}

#[test]
fn elements() {
    let mut x = vec![1.0, 2.0, 3.0];
    let swap = procedure(|b| {
        let x = b.param("x", array(Dtype::F64, 1));
        let (x, zero, last) = (b.read(x), b.int(0), b.int(-1));
        let value = b.index(x, &[zero]);
        vec![b.store(x, &[last], value)]
    });
    run(vec![swap], &[Arg::Array(RawArray::of_slice_mut(&mut x))]);
    assert_eq!(x, [1.0, 2.0, 1.0]);
}

#[test]
fn strided_arguments() {
    // The columns of a 2×3 array, from the last row up: strides -24 and 8.
    let values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let base = values[3..].as_ptr().cast_mut().cast();
    let raw = RawArray::new(base, Dtype::F64, &[2, 3], &[-24, 8], false).expect("rank 2");
    let ty = ArrayType { layout: Layout::Inner, ..ArrayType::contiguous(Dtype::F64, 2) };
    let f = expression(|b| {
        let x = b.param("x", Type::Array(ty));
        let x = b.read(x);
        b.expr(ExprKind::Copy(x), array(Dtype::F64, 2))
    });
    let result = run(vec![f], &[Arg::Array(raw)]);
    assert_eq!(shape(&result), [2, 3]);
    assert_eq!(vector::<f64>(result), [4.0, 5.0, 6.0, 1.0, 2.0, 3.0]);
}

#[test]
fn results_do_not_alias_arguments() {
    let x = vec![1i32, 2];
    let f = expression(|b| {
        let x = b.param("x", array(Dtype::I32, 1));
        b.read(x)
    });
    let result = run(vec![f], &[read_only(&x)]);
    drop(x);
    assert_eq!(vector::<i32>(result), [1, 2]);
}

#[test]
fn broadcasting() {
    let (column, row) = ([1.0, 2.0], [10.0, 20.0, 30.0]);
    let f = expression(|b| {
        let (x, y) = (b.param("x", array(Dtype::F64, 2)), b.param("y", array(Dtype::F64, 1)));
        let (x, y, half) = (b.read(x), b.read(y), b.float(0.5));
        let sum = b.binary(Binary::Add, x, y);
        b.binary(Binary::Mul, sum, half)
    });
    let result = run(vec![f], &[matrix(&column, [2, 1]), read_only(&row)]);
    assert_eq!(shape(&result), [2, 3]);
    assert_eq!(vector::<f64>(result), [5.5, 10.5, 15.5, 6.0, 11.0, 16.0]);
}

#[test]
fn empty_arrays_broadcast() {
    let f = expression(|b| {
        let (x, y) = (b.param("x", array(Dtype::F64, 2)), b.param("y", array(Dtype::F64, 1)));
        let (x, y) = (b.read(x), b.read(y));
        b.binary(Binary::Add, x, y)
    });
    let result = run(vec![f], &[matrix(&[], [0, 1]), read_only(&[1.0, 2.0])]);
    assert_eq!(shape(&result), [0, 2]);
}

#[test]
fn whole_array_operators() {
    let x = [4i64, -7, 0];
    let run = |build: fn(&mut Builder, Expr) -> Expr| {
        let f = expression(|b| {
            let x = b.param("x", array(Dtype::I64, 1));
            let x = b.read(x);
            build(b, x)
        });
        run(vec![f], &[read_only(&x)])
    };
    // No fault for zero elements: NumPy gives 0.
    let remainder = |b: &mut Builder, x| {
        let five = b.int(5);
        b.binary(Binary::Mod, five, x)
    };
    assert_eq!(vector::<i64>(run(remainder)), [1, -2, 0]);
    let root = |b: &mut Builder, x| {
        let x = b.convert(x, array(Dtype::F32, 1));
        let x = b.unary(Unary::Abs, x);
        b.unary(Unary::Sqrt, x)
    };
    assert_eq!(vector::<f32>(run(root)), [2.0, 7f32.sqrt(), 0.0]);
    let clipped = |b: &mut Builder, x| {
        let zero = b.constant(Scalar::i64(0));
        let condition = b.compare(Compare::Lt, x, zero);
        b.expr(ExprKind::Select { condition, then: zero, otherwise: x }, array(Dtype::I64, 1))
    };
    assert_eq!(vector::<i64>(run(clipped)), [4, 0, 0]);
}

#[test]
fn update_reads_before_it_writes() {
    // `x[...] = r` where `r` is `x` reversed.
    let mut x = [1.0, 2.0, 3.0];
    let base: *mut f64 = x.as_mut_ptr();
    let forward = RawArray::contiguous(base.cast(), Dtype::F64, &[3], true).expect("rank 1");
    let backward = RawArray::new(base.wrapping_add(2).cast(), Dtype::F64, &[3], &[-8], true).expect("rank 1");
    let ty = ArrayType { layout: Layout::Strided, ..ArrayType::contiguous(Dtype::F64, 1) };
    let f = procedure(|b| {
        let (x, r) = (b.param("x", array(Dtype::F64, 1)), b.param("r", Type::Array(ty)));
        let (x, r) = (b.read(x), b.read(r));
        vec![b.update(x, r)]
    });
    run(vec![f], &[Arg::Array(forward), Arg::Array(backward)]);
    assert_eq!(x, [3.0, 2.0, 1.0]);
}

#[test]
fn update_broadcasts() {
    let mut x = [0.0; 4];
    let target = RawArray::contiguous(x.as_mut_ptr().cast(), Dtype::F64, &[2, 2], true).expect("rank 2");
    let f = procedure(|b| {
        let (x, y) = (b.param("x", array(Dtype::F64, 2)), b.param("y", array(Dtype::F64, 1)));
        let (x, y) = (b.read(x), b.read(y));
        vec![b.update(x, y)]
    });
    run(vec![f], &[Arg::Array(target), read_only(&[1.0, 2.0])]);
    assert_eq!(x, [1.0, 2.0, 1.0, 2.0]);
}

#[test]
fn allocation() {
    let filled = expression(|b| {
        let (two, three) = (b.int(2), b.int(3));
        let half = b.constant(Scalar::f32(0.5));
        b.full(&[two, three], half)
    });
    let result = run(vec![filled], &[]);
    assert_eq!(shape(&result), [2, 3]);
    assert_eq!(vector::<f32>(result), [0.5; 6]);
    let empty = expression(|b| {
        let two = b.int(2);
        b.empty(Dtype::U16, &[two])
    });
    assert_eq!(vector::<u16>(run(vec![empty], &[])), [0xCDCD; 2]);
    let point = expression(|b| {
        let one = b.int(1);
        let point = b.full(&[], one);
        b.index(point, &[])
    });
    assert_eq!(scalar(run(vec![point], &[])), Scalar::i64(1));
}

#[test]
fn references_are_shared() {
    // `y = x; y[0] = 9.0; return x[0] + len(x)`.
    let mut b = function("f", Type::Scalar(Dtype::F64));
    let (x, y) = (b.local("x", array(Dtype::F64, 1)), b.local("y", array(Dtype::F64, 1)));
    let (three, zero, nine) = (b.int(3), b.int(0), b.float(9.0));
    let made = b.full(&[three], nine);
    let (xs, ys, eight) = (b.read(x), b.read(y), b.float(8.0));
    let element = b.index(xs, &[zero]);
    let extent = b.extent(xs, 0);
    let extent = b.convert(extent, Type::Scalar(Dtype::F64));
    let sum = b.binary(Binary::Add, element, extent);
    let body = vec![b.assign(x, made), b.assign(y, xs), b.store(ys, &[zero], eight), b.returns(sum)];
    assert_eq!(scalar(run(vec![b.finish(body)], &[])), Scalar::f64(11.0));
}

#[test]
fn reductions() {
    let reduce = |op, x: &[f64]| {
        let f = expression(|b| {
            let a = b.param("x", array(Dtype::F64, 1));
            let a = b.read(a);
            b.reduce(op, a)
        });
        f64::from_bits(scalar(run(vec![f], &[read_only(x)])).bits)
    };
    assert_eq!(reduce(Reduce::Sum, &[]).to_bits(), 0f64.to_bits());
    assert_eq!(reduce(Reduce::Sum, &[-0.0]).to_bits(), 0f64.to_bits());
    assert_eq!(reduce(Reduce::Prod, &[]), 1.0);
    assert_eq!(reduce(Reduce::Prod, &[2.0, 3.0, 4.0]), 24.0);
    assert_eq!(reduce(Reduce::Min, &[2.0, -1.0, 4.0]), -1.0);
    assert!(reduce(Reduce::Max, &[2.0, f64::NAN, 4.0]).is_nan());
    // Eight accumulators, then the rest: ten tenths are 1, but not from left to right.
    let tenths = [0.1; 10];
    assert_eq!(reduce(Reduce::Sum, &tenths), 1.0);
    assert_ne!(tenths.iter().sum::<f64>(), 1.0);
}

#[test]
fn maps() {
    let mut b = function("g", Type::Scalar(Dtype::F64));
    let (x, y) = (b.param("x", Type::Scalar(Dtype::F64)), b.param("y", Type::FLOAT));
    let (x, y) = (b.read(x), b.read(y));
    let power = b.binary(Binary::Mul, x, y);
    let body = vec![b.returns(power)];
    let g = b.finish(body);
    let f = expression(|b| {
        let x = b.param("x", array(Dtype::F64, 1));
        let (x, three) = (b.read(x), b.float(3.0));
        b.map(1, &[x, three], Dtype::F64)
    });
    assert_eq!(vector::<f64>(run(vec![f, g], &[read_only(&[1.0, 2.0])])), [3.0, 6.0]);
}

#[test]
fn conversion_to_a_looser_type_shares() {
    // `y = f64[:](x); y[0] = 2.0; return x[0]`.
    let loose = ArrayType { layout: Layout::Strided, ..ArrayType::contiguous(Dtype::F64, 1) };
    let mut b = function("f", Type::Scalar(Dtype::F64));
    let x = b.param("x", array(Dtype::F64, 1));
    let (x, zero, two) = (b.read(x), b.int(0), b.float(2.0));
    let y = b.convert(x, Type::Array(loose));
    let element = b.index(x, &[zero]);
    let body = vec![b.store(y, &[zero], two), b.returns(element)];
    let mut values = [1.0];
    let args = [Arg::Array(RawArray::of_slice_mut(&mut values))];
    assert_eq!(scalar(run(vec![b.finish(body)], &args)), Scalar::f64(2.0));
}
