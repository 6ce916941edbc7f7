//! What is not needed goes; what has an effect stays.

use super::*;
use crate::base::{Binary, Compare, Dtype};

fn statements(module: &Module) -> usize {
    let mut count = 0;
    visit::walk(&module.functions[module.entry].body, &mut |_| count += 1);
    count
}

/// A variable that only feeds itself, the loop that does it, and the branch around that.
#[test]
fn what_nobody_reads_goes() {
    let mut b = build();
    let (x, y) = (b.scalar(Dtype::I64), b.array("", 1));
    let var = b.function.var(Dtype::I64, "idle");
    b.push(Stmt::Set(var, x));
    let zero = b.constant(0);
    let early = b.compare(Compare::Lt, x, zero);
    b.either(
        early,
        |b| {
            b.for_("", (zero, x), Mode::Serial, &[], |b, k| {
                let old = b.get(var);
                let new = b.binary(Binary::Add, old, k);
                b.push(Stmt::Set(var, new));
                b.read(y, &[zero]);
            })
        },
        |_| {},
    );
    b.give(Operand::Scalar(x));
    let (module, _) = after("dead", &b.finish());
    assert_eq!(statements(&module), 1);
}

#[test]
fn effects_stay() {
    let mut b = build();
    let x = b.array("", 1);
    let (zero, n) = (b.constant(0), b.extents(x)[0]);
    let var = b.function.var(Dtype::I64, "count");
    b.push(Stmt::Set(var, zero));
    b.for_("", (zero, n), Mode::Serial, &[], |b, k| {
        let v = b.read(x, &[k]);
        let old = b.get(var);
        let new = b.binary(Binary::Add, old, k);
        b.push(Stmt::Set(var, new));
        b.push(Stmt::Poll);
        b.write(x, &[k], v);
    });
    let r = b.get(var);
    b.give(Operand::Scalar(r));
    let module = b.finish();
    let (after, _) = after("dead", &module);
    // But for its constant, which is needed once.
    assert_eq!(statements(&after), statements(&module));
}

/// A search: the `break` belongs to the loop, and stays with it.
#[test]
fn breaks_stay_with_their_loop() {
    let mut b = build();
    let x = b.array("", 1);
    let (zero, n) = (b.constant(0), b.extents(x)[0]);
    let found = b.function.var(Dtype::I64, "found");
    b.push(Stmt::Set(found, zero));
    let limit = b.float(0.5);
    let (label, index) = (b.function.label(), b.function.value(Dtype::I64));
    let body = b.block(|b| {
        let v = b.read(x, &[index]);
        let more = b.compare(Compare::Gt, v, limit);
        b.either(more, |b| b.push(Stmt::Break(label)), |_| {});
        b.push(Stmt::Set(found, index));
    });
    let loop_ = For::new(&mut b.function, index, zero, n, Mode::Serial, body);
    b.push(Stmt::For(Box::new(For { label, ..loop_ })));
    let r = b.get(found);
    b.give(Operand::Scalar(r));
    let module = b.finish();
    let (after, _) = after("dead", &module);
    assert_eq!(statements(&after), statements(&module));
}

#[test]
fn unreachable_statements_go() {
    let mut b = build();
    let x = b.array("", 1);
    let flag = b.scalar(Dtype::Bool);
    let leave = |b: &mut Build| {
        b.push(Stmt::Return(vec![]));
        b.copy(x, x);
    };
    b.either(flag, leave, leave);
    b.copy(x, x);
    let (module, _) = after("dead", &b.finish());
    assert_eq!(statements(&module), 3);
}

#[test]
fn arrays_that_are_only_written_go() {
    let mut b = build();
    let x = b.array("", 1);
    let two = b.float(2.0);
    let p = b.map1(Binary::Mul, x, two);
    let q = b.map1(Binary::Mul, p, two);
    b.release(p);
    b.release(q);
    let (module, _) = after("dead", &b.finish());
    assert_eq!(statements(&module), 0);
}
