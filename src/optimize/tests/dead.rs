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
    let mut b = Builder::new();
    let (x, y) = (b.scalar_param(Dtype::I64), b.param(1));
    let var = b.f.var(Dtype::I64, "idle");
    b.emit(Stmt::Set(var, x));
    let zero = b.int(0);
    let early = b.compare(Compare::Lt, x, zero);
    b.if_(
        early,
        |b| {
            b.for_(zero, x, |b, k| {
                let old = b.get(var);
                let new = b.binary(Binary::Add, old, k);
                b.emit(Stmt::Set(var, new));
                b.load(y, &[zero]);
            })
        },
        |_| {},
    );
    b.give(Operand::Scalar(x));
    let (module, _) = after("dead", &b.module());
    assert_eq!(statements(&module), 1);
}

#[test]
fn effects_stay() {
    let mut b = Builder::new();
    let x = b.param(1);
    let (zero, n) = (b.int(0), b.extents(x)[0]);
    let var = b.f.var(Dtype::I64, "count");
    b.emit(Stmt::Set(var, zero));
    b.for_(zero, n, |b, k| {
        let v = b.load(x, &[k]);
        let old = b.get(var);
        let new = b.binary(Binary::Add, old, k);
        b.emit(Stmt::Set(var, new));
        b.emit(Stmt::Poll);
        b.store(x, &[k], v);
    });
    let r = b.get(var);
    b.give(Operand::Scalar(r));
    let module = b.module();
    let (after, _) = after("dead", &module);
    // But for its constant, which is needed once.
    assert_eq!(statements(&after), statements(&module));
}

/// A search: the `break` belongs to the loop, and stays with it.
#[test]
fn breaks_stay_with_their_loop() {
    let mut b = Builder::new();
    let x = b.param(1);
    let (zero, n) = (b.int(0), b.extents(x)[0]);
    let found = b.f.var(Dtype::I64, "found");
    b.emit(Stmt::Set(found, zero));
    let limit = b.float(0.5);
    let (label, index) = (b.f.label(), b.f.value(Dtype::I64));
    let body = b.block(|b| {
        let v = b.load(x, &[index]);
        let more = b.compare(Compare::Gt, v, limit);
        b.if_(more, |b| b.emit(Stmt::Break(label)), |_| {});
        b.emit(Stmt::Set(found, index));
    });
    b.emit(Stmt::For(Box::new(For {
        label,
        index,
        lo: zero,
        hi: n,
        mode: Mode::Serial,
        reductions: vec![],
        body,
        span: Default::default(),
        name: String::new(),
    })));
    let r = b.get(found);
    b.give(Operand::Scalar(r));
    let module = b.module();
    let (after, _) = after("dead", &module);
    assert_eq!(statements(&after), statements(&module));
}

#[test]
fn unreachable_statements_go() {
    let mut b = Builder::new();
    let x = b.param(1);
    let flag = b.scalar_param(Dtype::Bool);
    let leave = |b: &mut Builder| {
        b.emit(Stmt::Return(vec![]));
        b.copy(x, x);
    };
    b.if_(flag, leave, leave);
    b.copy(x, x);
    let (module, _) = after("dead", &b.module());
    assert_eq!(statements(&module), 3);
}

#[test]
fn arrays_that_are_only_written_go() {
    let mut b = Builder::new();
    let x = b.param(1);
    let two = b.float(2.0);
    let p = b.map1(Binary::Mul, x, two);
    let q = b.map1(Binary::Mul, p, two);
    b.release(p);
    b.release(q);
    let (module, _) = after("dead", &b.module());
    assert_eq!(statements(&module), 0);
}
