//! Nests as loops: how many, in which mode, and in which order.

use super::*;
use crate::base::{Binary, Dtype};

fn modes(module: &Module) -> Vec<Mode> {
    let mut modes = vec![];
    visit::walk(&module.functions[module.entry].body, &mut |stmt| {
        if let Stmt::For(loop_) = stmt {
            modes.push(loop_.mode);
        }
    });
    modes
}

const PARALLEL: Mode = Mode::Parallel { when: None };

#[test]
fn whole_contiguous_arrays_are_one_loop() {
    let mut b = build();
    let (x, y) = (b.array("", 3), b.array("", 3));
    let r = b.map2(Binary::Add, x, y);
    b.give(Operand::Array(r));
    let (module, _) = after("expand", &b.finish());
    assert_eq!(modes(&module), [PARALLEL]);
}

/// `x + row`: the row is read at a part of the indices.
#[test]
fn broadcasting_is_a_loop_per_axis() {
    let mut b = build();
    let (x, row) = (b.array("", 2), b.array("", 1));
    let n = b.extents(x);
    b.nest(&n, &[], |b, at| {
        let (p, q) = (b.read(x, at), b.read(row, &at[1..]));
        let v = b.binary(Binary::Add, p, q);
        b.write(x, at, v);
    });
    let (module, _) = after("expand", &b.finish());
    assert_eq!(modes(&module), [PARALLEL, Mode::Serial]);
}

#[test]
fn strided_arrays_are_a_loop_per_axis() {
    let mut b = build();
    let x = b.array("", 2);
    let data = b.function.arrays[x].clone();
    let transposed = ArrayData {
        extents: vec![data.extents[1], data.extents[0]],
        strides: vec![data.strides[1], data.strides[0]],
        contiguous: false,
        ..data
    };
    let t = b.function.arrays.push(transposed);
    let r = b.map2(Binary::Add, t, t);
    b.give(Operand::Array(r));
    let module = b.finish();
    let (module, _) = after("expand", &module);
    assert_eq!(modes(&module), [PARALLEL, Mode::Serial]);
}

/// The tree of a sum is over positions of the whole domain, also where they are not those of memory.
#[test]
fn reductions_are_one_loop() {
    let mut b = build();
    let (x, row) = (b.array("", 3), b.array("", 1));
    let total = b.function.var(Dtype::F64, "total");
    let zero = b.float(0.0);
    b.push(Stmt::Set(total, zero));
    let n = b.extents(x);
    b.nest(&n, &[Reduction { var: total, op: crate::base::ReduceOp::Add }], |b, at| {
        let (p, q, old) = (b.read(x, at), b.read(row, &at[1..2]), b.get(total));
        let v = b.binary(Binary::Mul, p, q);
        let new = b.binary(Binary::Add, old, v);
        b.push(Stmt::Set(total, new));
    });
    let r = b.get(total);
    b.give(Operand::Scalar(r));
    let (module, _) = after("expand", &b.finish());
    assert_eq!(modes(&module), [PARALLEL]);
}

#[test]
fn rank_0_is_its_body() {
    let mut b = build();
    let x = b.array("", 1);
    let zero = b.constant(0);
    b.nest(&[], &[], |b, _| {
        let v = b.read(x, &[zero]);
        let v = b.binary(Binary::Add, v, v);
        b.write(x, &[zero], v);
    });
    let (module, _) = after("expand", &b.finish());
    assert_eq!(modes(&module), []);
    assert_eq!(counts(&module).nests, 0);
}

/// `x.sum(axis=(1, 2))`: the elements of each plane follow each other in memory.
#[test]
fn planes_of_a_contiguous_array_are_one_loop_each() {
    let mut b = build();
    let x = b.array("", 3);
    let [planes, rows, columns] = b.extents(x)[..] else { panic!("rank 3") };
    let sums = b.alloc("", &[planes]);
    let total = b.function.var(Dtype::F64, "total");
    b.nest(&[planes], &[], |b, plane| {
        let zero = b.float(0.0);
        b.push(Stmt::Set(total, zero));
        b.nest(&[rows, columns], &[Reduction { var: total, op: crate::base::ReduceOp::Add }], |b, at| {
            let (p, old) = (b.read(x, &[plane[0], at[0], at[1]]), b.get(total));
            let new = b.add(old, p);
            b.push(Stmt::Set(total, new));
        });
        let sum = b.get(total);
        b.write(sums, plane, sum);
    });
    b.give(Operand::Array(sums));
    let (module, _) = after("expand", &b.finish());
    let divides = |op: &Op| matches!(op, Op::Binary(Binary::FloorDiv, ..));
    visit::walk(&module.functions[module.entry].body, &mut |stmt| {
        assert!(!matches!(stmt, Stmt::Let(_, op) if divides(op)), "{module}");
    });
    assert_eq!(modes(&module), [PARALLEL, PARALLEL]);
}
