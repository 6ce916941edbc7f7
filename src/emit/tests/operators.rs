//! Every operator for every dtype, in bits, against `base::op`.

use super::*;
use crate::base::op::{self, cast};
use crate::base::{Binary, Compare, Unary};

pub const UNARY: [Unary; 15] = [
    Unary::Neg,
    Unary::Invert,
    Unary::Not,
    Unary::Abs,
    Unary::Sqrt,
    Unary::Floor,
    Unary::Ceil,
    Unary::Trunc,
    Unary::Rint,
    Unary::Bits,
    Unary::FromBits,
    Unary::IsNan,
    Unary::IsInf,
    Unary::IsFinite,
    Unary::SignBit,
];

pub const BINARY: [Binary; 19] = [
    Binary::Add,
    Binary::Sub,
    Binary::Mul,
    Binary::Div,
    Binary::FloorDiv,
    Binary::Mod,
    Binary::Fmod,
    Binary::Pow,
    Binary::And,
    Binary::Or,
    Binary::Xor,
    Binary::Shl,
    Binary::Shr,
    Binary::Min,
    Binary::Max,
    Binary::Minimum,
    Binary::Maximum,
    Binary::CopySign,
    Binary::MulHigh,
];

pub const COMPARE: [Compare; 6] =
    [Compare::Eq, Compare::Ne, Compare::Lt, Compare::Le, Compare::Gt, Compare::Ge];

pub fn real_dtypes() -> impl Iterator<Item = Dtype> {
    Dtype::ALL.into_iter().filter(|dtype| !dtype.is_complex())
}

/// Values at which operators go wrong.
pub fn awkward(dtype: Dtype) -> Vec<Scalar> {
    if dtype == Dtype::Bool {
        return vec![Scalar::bool(false), Scalar::bool(true)];
    }
    if !dtype.is_float() {
        let (low, high) = dtype.int_range().unwrap();
        let bits = dtype.bits() as i128;
        let values =
            [0, 1, 2, 3, 5, 7, 10, 64, 100, bits, bits - 1, bits + 1, low, low + 1, high, high - 1, high / 2];
        let negative = values.map(|value: i128| -value);
        let all = values.into_iter().chain(negative).filter(|value| (low..=high).contains(value));
        return all.map(|value| Scalar::int(dtype, value as i64)).collect();
    }
    let mut values = vec![
        0.0,
        0.5,
        1.0,
        1.5,
        2.0,
        2.5,
        3.0,
        7.0,
        0.1,
        0.3,
        1e-40,
        5e-324,
        1e-310,
        1e10,
        4503599627370497.5,
        9223372036854775807.0,
        9.3e18,
        1.9e19,
        1e38,
        3.5e38,
        1e300,
        f64::MAX,
        f64::INFINITY,
        127.5,
        128.0,
        256.0,
        65536.0,
        2147483648.0,
        4294967296.0,
        0.49999999999999994,
        f32::MAX as f64,
        f32::MIN_POSITIVE as f64,
    ];
    values.extend(values.clone().into_iter().map(|value: f64| -value));
    values.push(f64::NAN);
    values.into_iter().map(|value| Scalar::float(dtype, value)).collect()
}

/// Equal bits, or both NaN.
pub fn same(a: Scalar, b: Scalar) -> bool {
    a.bits == b.bits || a.dtype.is_float() && a.as_f64().is_nan() && b.as_f64().is_nan()
}

/// A kernel of scalar parameters with one result.
fn expression(params: &[Dtype], result: Dtype, op: impl Fn(&[Value]) -> Op) -> Module {
    kernel(|function, block| {
        let params: Vec<Value> = params.iter().map(|&dtype| scalar_param(function, dtype)).collect();
        let value = function.define(block, result, op(&params));
        return_scalar(function, block, value);
    })
}

fn check(module: &Module, arguments: &[&[Scalar]], result: Dtype, expected: impl Fn(&[Scalar]) -> Scalar) {
    let codes = codes(module);
    let mut host = Host::default();
    for arguments in arguments {
        let slots: Vec<u64> = arguments.iter().map(|scalar| scalar.bits).collect();
        let expected = expected(arguments);
        for code in &codes {
            let bits = host.call(code, &slots, 1).expect("no fault")[0];
            let found = Scalar { dtype: result, bits };
            assert!(same(found, expected), "{arguments:?}: {found:?}, expected {expected:?}\n{module:?}");
        }
    }
}

pub fn pairs(dtype: Dtype) -> Vec<[Scalar; 2]> {
    let values = awkward(dtype);
    values.iter().flat_map(|&a| values.iter().map(move |&b| [a, b])).collect()
}

#[test]
fn unary_operators() {
    for dtype in real_dtypes() {
        for op in UNARY {
            let Some(result) = op.result(dtype) else { continue };
            let module = expression(&[dtype], result, |x| Op::Unary(op, x[0]));
            let values = awkward(dtype);
            let arguments: Vec<&[Scalar]> = values.chunks(1).collect();
            check(&module, &arguments, result, |x| op.eval(x[0]));
        }
    }
}

#[test]
fn binary_operators() {
    for dtype in real_dtypes() {
        let pairs = pairs(dtype);
        let arguments: Vec<&[Scalar]> = pairs.iter().map(|pair| &pair[..]).collect();
        for op in BINARY.into_iter().filter(|op| op.accepts(dtype)) {
            let module = expression(&[dtype, dtype], dtype, |x| Op::Binary(op, x[0], x[1]));
            check(&module, &arguments, dtype, |x| op.eval(x[0], x[1]));
        }
    }
}

#[test]
fn constant_right_operands() {
    for dtype in real_dtypes() {
        let values = awkward(dtype);
        for op in BINARY.into_iter().filter(|op| op.accepts(dtype)) {
            let module = kernel(|function, block| {
                let x = scalar_param(function, dtype);
                let mut results = vec![];
                for &value in &values {
                    let constant = function.constant(block, value);
                    let result = function.define(block, dtype, Op::Binary(op, x, constant));
                    results.push(Operand::Scalar(result));
                    function.results.push(ResultType::Scalar(dtype));
                }
                block.push(Stmt::Return(results));
            });
            let code = emit(&module).unwrap();
            for &x in &values {
                let slots = Host::default().call(&code, &[x.bits], values.len()).unwrap();
                for (&y, bits) in values.iter().zip(slots) {
                    let (found, expected) = (Scalar { dtype, bits }, op.eval(x, y));
                    assert!(same(found, expected), "{op:?} {x:?} {y:?}: {found:?}, expected {expected:?}");
                }
            }
        }
    }
}

#[test]
fn comparisons() {
    for dtype in real_dtypes() {
        let pairs = pairs(dtype);
        let arguments: Vec<&[Scalar]> = pairs.iter().map(|pair| &pair[..]).collect();
        for op in COMPARE {
            let module = expression(&[dtype, dtype], Dtype::Bool, |x| Op::Compare(op, x[0], x[1]));
            check(&module, &arguments, Dtype::Bool, |x| Scalar::bool(op.eval(x[0], x[1])));
        }
    }
}

#[test]
fn casts() {
    for from in real_dtypes() {
        let values = awkward(from);
        let arguments: Vec<&[Scalar]> = values.chunks(1).collect();
        for to in real_dtypes() {
            let module = expression(&[from], to, |x| Op::Cast(x[0]));
            check(&module, &arguments, to, |x| cast(x[0], to));
        }
    }
}

#[test]
fn selections() {
    for dtype in real_dtypes() {
        let module = expression(&[Dtype::Bool, dtype, dtype], dtype, |x| Op::Select {
            condition: x[0],
            then: x[1],
            otherwise: x[2],
        });
        for choice in [true, false] {
            let arguments: Vec<[Scalar; 3]> =
                pairs(dtype).into_iter().map(|[a, b]| [Scalar::bool(choice), a, b]).collect();
            let arguments: Vec<&[Scalar]> = arguments.iter().map(|scalars| &scalars[..]).collect();
            check(&module, &arguments, dtype, |x| if choice { x[1] } else { x[2] });
        }
    }
}

#[test]
fn fused_multiply_add() {
    for dtype in [Dtype::F32, Dtype::F64] {
        let module = expression(&[dtype; 3], dtype, |x| Op::Fma(x[0], x[1], x[2]));
        let values = awkward(dtype);
        let triples: Vec<[Scalar; 3]> = pairs(dtype)
            .into_iter()
            .flat_map(|[a, b]| values.iter().step_by(3).map(move |&c| [a, b, c]))
            .collect();
        let arguments: Vec<&[Scalar]> = triples.iter().map(|triple| &triple[..]).collect();
        check(&module, &arguments, dtype, |x| op::fma(x[0], x[1], x[2]));
    }
}

#[test]
fn wrapped_indices() {
    let module = expression(&[Dtype::I64; 2], Dtype::I64, |x| Op::Wrap { index: x[0], extent: x[1] });
    for (index, wrapped) in [(0, 0), (3, 3), (-1, 9), (-10, 0), (-11, -1), (12, 12)] {
        assert_eq!(run(&module, &[index as u64, 10], 1), [wrapped as u64]);
    }
}
