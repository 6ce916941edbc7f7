//! Identities, sharing, facts from checks, and variables.

use super::*;
use crate::base::{Binary, Compare, Dtype, Scalar, Unary};

fn lets(module: &Module) -> usize {
    let mut count = 0;
    visit::walk(&module.functions[module.entry].body, &mut |stmt| {
        count += matches!(stmt, Stmt::Let(..)) as usize
    });
    count
}

/// What a function of one scalar parameter returns, as the operation that defines it; None: the parameter.
fn simplified(dtype: Dtype, fill: impl FnOnce(&mut Build, Value) -> Value) -> Option<Op> {
    let mut b = build();
    let x = b.scalar(dtype);
    let result = fill(&mut b, x);
    b.give(Operand::Scalar(result));
    let (module, _) = after("simplify", &b.finish());
    let body = &module.functions[module.entry].body;
    let Some(Stmt::Return(operands)) = body.last() else { panic!("a return") };
    let Operand::Scalar(result) = operands[0] else { panic!("a scalar") };
    body.iter().find_map(|stmt| match stmt {
        Stmt::Let(value, op) if *value == result => Some(op.clone()),
        _ => None,
    })
}

#[test]
fn identities_keep_every_bit() {
    let unchanged = |binary, c: f64| {
        simplified(Dtype::F64, |b, x| {
            let c = b.float(c);
            b.binary(binary, x, c)
        })
        .is_none()
    };
    assert!(unchanged(Binary::Add, -0.0));
    assert!(unchanged(Binary::Sub, 0.0));
    assert!(unchanged(Binary::Mul, 1.0));
    assert!(unchanged(Binary::Div, 1.0));
    // 0.0 + -0.0 is 0.0, and 0.0 * nan is nan.
    assert!(!unchanged(Binary::Add, 0.0));
    assert!(!unchanged(Binary::Sub, -0.0));
    assert!(!unchanged(Binary::Mul, 0.0));
    assert!(!unchanged(Binary::Mul, -1.0));
}

/// Only of powers of two that are normal numbers, as their reciprocals are.
#[test]
fn division_by_a_power_of_two_is_a_product() {
    let product = |c: f64| {
        let op = simplified(Dtype::F64, |b, x| {
            let c = b.float(c);
            b.binary(Binary::Div, x, c)
        });
        matches!(op, Some(Op::Binary(Binary::Mul, ..)))
    };
    assert!(product(8.0) && product(-0.25) && product(f64::MIN_POSITIVE));
    assert!(!product(3.0) && !product(0.0) && !product(f64::INFINITY) && !product(f64::NAN));
    assert!(!product(f64::MIN_POSITIVE / 2.0) && !product(1.0 / (f64::MIN_POSITIVE / 2.0)));
}

/// So that odd and even functions share their work for `x` and `-x`.
#[test]
fn signs_do_not_show_in_an_absolute_value() {
    let shared = simplified(Dtype::F64, |b, x| {
        let three = b.float(3.0);
        let negative = b.unary(Unary::Neg, x);
        let [a, c] = [negative, x].map(|y| {
            let quotient = b.binary(Binary::Div, y, three);
            let size = b.unary(Unary::Abs, quotient);
            b.op(Dtype::I64, Op::Unary(Unary::Bits, size))
        });
        b.compare(Compare::Eq, a, c)
    });
    assert_eq!(shared, Some(Op::Const(Scalar::bool(true))));
    let sum = simplified(Dtype::F64, |b, x| {
        let negative = b.unary(Unary::Neg, x);
        let three = b.float(3.0);
        let sum = b.binary(Binary::Add, negative, three);
        b.unary(Unary::Abs, sum)
    });
    assert!(matches!(sum, Some(Op::Unary(Unary::Abs, _))));
}

#[test]
fn integers_and_casts() {
    let none = simplified(Dtype::I64, |b, x| {
        let (zero, one) = (b.constant(0), b.constant(1));
        let y = b.binary(Binary::Add, zero, x);
        let y = b.binary(Binary::Mul, y, one);
        let y = b.binary(Binary::Shl, y, zero);
        let y = b.binary(Binary::FloorDiv, y, one);
        let y = b.unary(Unary::Neg, y);
        let y = b.unary(Unary::Neg, y);
        b.op(Dtype::I64, Op::Cast(y))
    });
    assert_eq!(none, None);
    let zero = simplified(Dtype::I64, |b, x| b.binary(Binary::Sub, x, x));
    assert_eq!(zero, Some(Op::Const(Scalar::i64(0))));
    let float = simplified(Dtype::F64, |b, x| b.binary(Binary::Sub, x, x));
    assert!(matches!(float, Some(Op::Binary(..))), "inf - inf is nan");
}

#[test]
fn equal_operations_are_computed_once() {
    let mut b = build();
    let (x, y) = (b.scalar(Dtype::I64), b.scalar(Dtype::I64));
    let p = b.binary(Binary::Add, x, y);
    let q = b.binary(Binary::Add, y, x);
    let r = b.binary(Binary::Xor, p, q);
    b.give(Operand::Scalar(r));
    let (module, _) = after("simplify", &b.finish());
    assert_eq!(lets(&module), 2, "one sum, and the constant 0");
}

/// What one branch computes is not known in the other.
#[test]
fn branches_do_not_share() {
    let mut b = build();
    let (x, y) = (b.scalar(Dtype::I64), b.scalar(Dtype::I64));
    let var = b.function.var(Dtype::I64, "r");
    let less = b.compare(Compare::Lt, x, y);
    let side = |b: &mut Build| {
        let p = b.binary(Binary::Add, x, y);
        b.push(Stmt::Set(var, p));
    };
    b.either(less, side, side);
    let r = b.get(var);
    b.give(Operand::Scalar(r));
    let (module, _) = after("simplify", &b.finish());
    assert_eq!(lets(&module), 4);
}

#[test]
fn variables_are_read_from_what_they_hold() {
    let mut b = build();
    let x = b.scalar(Dtype::I64);
    let (kept, carried) = (b.function.var(Dtype::I64, "kept"), b.function.var(Dtype::I64, "carried"));
    let two = b.constant(2);
    b.push(Stmt::Set(kept, x));
    b.push(Stmt::Set(carried, x));
    let zero = b.constant(0);
    b.for_("", (zero, two), Mode::Serial, &[], |b, _| {
        let (p, q) = (b.get(kept), b.get(carried));
        let r = b.binary(Binary::Mul, p, q);
        b.push(Stmt::Set(carried, r));
    });
    let r = b.get(carried);
    b.give(Operand::Scalar(r));
    let (module, _) = after("simplify", &b.finish());
    let mut gets = 0;
    visit::walk(&module.functions[module.entry].body, &mut |stmt| match stmt {
        Stmt::Let(_, Op::Get(var)) => {
            assert_eq!(*var, carried);
            gets += 1;
        }
        Stmt::Set(var, _) => assert_eq!(*var, carried),
        _ => {}
    });
    assert_eq!(gets, 2);
}

#[test]
fn checks_teach_and_disappear() {
    let mut b = build();
    let (x, y) = (b.scalar(Dtype::I64), b.scalar(Dtype::I64));
    b.check_equal(x, y);
    b.check_equal(y, x);
    b.check_equal(x, y);
    let r = b.binary(Binary::Sub, x, y);
    b.give(Operand::Scalar(r));
    let (module, _) = after("simplify", &b.finish());
    assert_eq!(counts(&module).checks, 1);
    assert_eq!(lets(&module), 3, "the comparison, True, which nobody needs, and 0");
}

/// A constant condition: the other branch goes; a check that fails for sure is a fault.
#[test]
fn constants_decide() {
    let mut b = build();
    let x = b.array("", 1);
    let (one, two) = (b.constant(1), b.constant(2));
    let less = b.compare(Compare::Lt, one, two);
    b.either(less, |_| {}, |b| b.copy(x, x));
    b.for_("", (two, one), Mode::Serial, &[], |b, _| b.copy(x, x));
    b.check_equal(one, two);
    let (module, _) = after("simplify", &b.finish());
    assert_eq!(counts(&module), Counts::default());
    assert!(matches!(module.functions[module.entry].body.last(), Some(Stmt::Fault { .. })));
}

/// An inlined function leaves a scope whose last statement leaves it.
#[test]
fn scopes_that_end_anyway_are_no_scopes() {
    let mut b = build();
    let (x, y) = (b.scalar(Dtype::I64), b.scalar(Dtype::I64));
    let var = b.function.var(Dtype::I64, "result");
    let less = b.compare(Compare::Lt, x, y);
    let label = b.function.label();
    let body = b.block(|b| {
        b.either(
            less,
            |b| {
                b.push(Stmt::Set(var, x));
                b.push(Stmt::Break(label));
            },
            |b| b.push(Stmt::Set(var, y)),
        );
        b.push(Stmt::Break(label));
    });
    b.push(Stmt::Scope { label, body });
    let r = b.get(var);
    b.give(Operand::Scalar(r));
    let (module, _) = after("simplify", &b.finish());
    visit::walk(&module.functions[module.entry].body, &mut |stmt| {
        assert!(!matches!(stmt, Stmt::Scope { .. } | Stmt::Break(_)));
    });
}

/// A loop without end must show as one: then nothing needs to follow it.
#[test]
fn endless_loops_stay_endless() {
    let mut b = build();
    let x = b.scalar(Dtype::I64);
    let yes = b.op(Dtype::Bool, Op::Const(Scalar::bool(true)));
    let label = b.function.label();
    let mut condition = yes;
    let header = b.block(|b| condition = b.op(Dtype::Bool, Op::Const(Scalar::bool(true))));
    let body = b.block(|b| b.give(Operand::Scalar(x)));
    b.push(Stmt::While(Box::new(While { label, header, condition, body, span: Default::default() })));
    let (module, _) = after("dead", &b.finish());
    assert!(matches!(&module.functions[module.entry].body[..], [Stmt::While(_)]));
}
