//! What an operation is worth if some of its operands are known. Part of [`super::simplify`].
//!
//! Only identities that keep every bit of the result, for every operand: division by a power of two is one.

use crate::base::op::{cast, fma};
use crate::base::{Binary, Compare, Dtype, Scalar, Unary};
use crate::loops::{Op, Value};
use cranelift_entity::SecondaryMap;

pub enum Folded {
    /// Another value.
    Value(Value),
    /// An operation, often the same.
    Op(Op),
    /// A value times a constant.
    Product(Value, Scalar),
    /// An operation on the result of another, which has this dtype.
    Composed(Dtype, Op, fn(Value) -> Op),
}

/// `op` of type `dtype`, given the definitions of the values before it.
pub fn fold(
    dtype: Dtype,
    op: Op,
    ops: &SecondaryMap<Value, Option<Op>>,
    dtype_of: impl Fn(Value) -> Dtype,
) -> Folded {
    let constant = |value: Value| match ops[value] {
        Some(Op::Const(scalar)) => Some(scalar),
        _ => None,
    };
    match op {
        Op::Unary(unary, a) => match constant(a) {
            Some(a) => of(unary.eval(a)),
            None if unary == Unary::Abs && dtype.is_float() => fold_size(dtype, a, ops, &dtype_of),
            None => fold_unary(unary, a, ops[a].as_ref(), &dtype_of),
        },
        Op::Binary(binary, a, b) => match (constant(a), constant(b)) {
            (Some(a), Some(b)) => of(binary.eval(a, b)),
            known => fold_binary(dtype, binary, (a, b), known),
        },
        Op::Compare(compare, a, b) => match (constant(a), constant(b)) {
            (Some(a), Some(b)) => of(Scalar::bool(compare.eval(a, b))),
            _ if a == b && !dtype_of(a).is_float() => {
                of(Scalar::bool(matches!(compare, Compare::Eq | Compare::Le | Compare::Ge)))
            }
            _ => Folded::Op(op),
        },
        Op::Cast(a) if dtype_of(a) == dtype => Folded::Value(a),
        Op::Cast(a) => constant(a).map_or(Folded::Op(op), |a| of(cast(a, dtype))),
        Op::Select { condition, then, otherwise } => match constant(condition) {
            Some(condition) => Folded::Value(if condition.truth() { then } else { otherwise }),
            None if then == otherwise => Folded::Value(then),
            None => Folded::Op(op),
        },
        Op::Fma(a, b, c) => match (constant(a), constant(b), constant(c)) {
            (Some(a), Some(b), Some(c)) => of(fma(a, b, c)),
            _ => Folded::Op(op),
        },
        Op::Wrap { index, extent } => fold_wrap(index, extent, constant(index), constant(extent)),
        Op::Any(a) => constant(a).map_or(Folded::Op(op), of),
        Op::Const(_) | Op::Get(_) | Op::Load { .. } | Op::Disjoint(..) => Folded::Op(op),
    }
}

fn of(scalar: Scalar) -> Folded {
    Folded::Op(Op::Const(scalar))
}

fn fold_unary(unary: Unary, a: Value, inner: Option<&Op>, dtype_of: &impl Fn(Value) -> Dtype) -> Folded {
    match (unary, inner) {
        (Unary::Neg, Some(Op::Unary(Unary::Neg, x)))
        | (Unary::Invert, Some(Op::Unary(Unary::Invert, x)))
        | (Unary::FromBits, Some(Op::Unary(Unary::Bits, x)))
        | (Unary::Bits, Some(Op::Unary(Unary::FromBits, x))) => Folded::Value(*x),
        (Unary::Not, Some(Op::Unary(Unary::Not, x))) if dtype_of(*x) == Dtype::Bool => Folded::Value(*x),
        (Unary::Abs, Some(Op::Unary(Unary::Abs, _))) => Folded::Value(a),
        (Unary::Not, Some(Op::Compare(Compare::Eq, x, y))) => Folded::Op(Op::Compare(Compare::Ne, *x, *y)),
        (Unary::Not, Some(Op::Compare(Compare::Ne, x, y))) => Folded::Op(Op::Compare(Compare::Eq, *x, *y)),
        _ => Folded::Op(Op::Unary(unary, a)),
    }
}

/// `|a|` of floats: no sign below shows, not even that of a NaN. So what is odd or even shares its work for `x` and `-x`.
fn fold_size(
    dtype: Dtype,
    a: Value,
    ops: &SecondaryMap<Value, Option<Op>>,
    dtype_of: &impl Fn(Value) -> Dtype,
) -> Folded {
    let negated = |value: Value| match ops[value] {
        Some(Op::Unary(Unary::Neg, x)) => Some(x),
        _ => None,
    };
    let size = |value: Value| Op::Unary(Unary::Abs, value);
    match ops[a] {
        Some(Op::Unary(Unary::Abs, _)) => Folded::Value(a),
        Some(Op::Unary(Unary::Neg, x)) => Folded::Op(size(x)),
        Some(Op::Cast(x)) if dtype_of(x).is_float() => Folded::Composed(dtype_of(x), size(x), Op::Cast),
        Some(Op::Binary(op @ (Binary::Mul | Binary::Div), x, y)) => match (negated(x), negated(y)) {
            (None, None) => Folded::Op(size(a)),
            (left, right) => {
                let unsigned = Op::Binary(op, left.unwrap_or(x), right.unwrap_or(y));
                Folded::Composed(dtype, unsigned, |value| Op::Unary(Unary::Abs, value))
            }
        },
        _ => Folded::Op(size(a)),
    }
}

fn fold_binary(
    dtype: Dtype,
    binary: Binary,
    (a, b): (Value, Value),
    known: (Option<Scalar>, Option<Scalar>),
) -> Folded {
    let folded = match known {
        (_, Some(right)) => fold_right(dtype, binary, a, right),
        (Some(left), None) if commutes(binary) => fold_right(dtype, binary, b, left),
        (Some(_), None) => None,
        (None, None) if a == b => fold_twice(dtype, binary, a),
        (None, None) => None,
    };
    // One order for both spellings. Not for floats: of two NaNs the first survives.
    let (a, b) = if commutes(binary) && !dtype.is_float() && b < a { (b, a) } else { (a, b) };
    folded.unwrap_or(Folded::Op(Op::Binary(binary, a, b)))
}

fn commutes(binary: Binary) -> bool {
    matches!(binary, Binary::Add | Binary::Mul | Binary::And | Binary::Or | Binary::Xor)
}

/// `a ∘ c`, and `c ∘ a` where the operator commutes.
fn fold_right(dtype: Dtype, binary: Binary, a: Value, c: Scalar) -> Option<Folded> {
    if dtype.is_float() {
        let (value, bits) = (c.as_f64(), c.as_f64().to_bits());
        let unchanged = match binary {
            Binary::Add => bits == (-0.0f64).to_bits(),
            Binary::Sub => bits == 0,
            Binary::Mul | Binary::Div => value == 1.0,
            _ => false,
        };
        return match binary {
            _ if unchanged => Some(Folded::Value(a)),
            Binary::Div => exact_reciprocal(c).map(|reciprocal| Folded::Product(a, reciprocal)),
            _ => None,
        };
    }
    let zero = c == Scalar::int(dtype, 0);
    let one = c == Scalar::int(dtype, 1);
    let ones = c == Scalar::int(dtype, -1);
    match binary {
        Binary::Add | Binary::Sub | Binary::Or | Binary::Xor | Binary::Shl | Binary::Shr if zero => {
            Some(Folded::Value(a))
        }
        Binary::And if ones => Some(Folded::Value(a)),
        Binary::Mul | Binary::FloorDiv if one => Some(Folded::Value(a)),
        Binary::Mul | Binary::And if zero => Some(of(c)),
        Binary::Or if ones => Some(of(c)),
        Binary::Mod if one => Some(of(Scalar::int(dtype, 0))),
        _ => None,
    }
}

/// Of a power of two. As a product the division is exact, and quicker: the same bits, those of subnormal results too.
fn exact_reciprocal(divisor: Scalar) -> Option<Scalar> {
    let reciprocal = Binary::Div.eval(Scalar::float(divisor.dtype, 1.0), divisor);
    let (value, inverse) = (divisor.as_f64(), reciprocal.as_f64());
    let normal = match divisor.dtype {
        Dtype::F32 => (value as f32).is_normal() && (inverse as f32).is_normal(),
        _ => value.is_normal() && inverse.is_normal(),
    };
    let power = value.to_bits() << 12 == 0;
    (normal && power).then_some(reciprocal)
}

/// `a ∘ a`.
fn fold_twice(dtype: Dtype, binary: Binary, a: Value) -> Option<Folded> {
    match binary {
        Binary::And | Binary::Or if !dtype.is_float() => Some(Folded::Value(a)),
        Binary::Min | Binary::Max | Binary::Minimum | Binary::Maximum | Binary::CopySign => {
            Some(Folded::Value(a))
        }
        Binary::Sub | Binary::Xor if !dtype.is_float() => Some(of(Scalar::int(dtype, 0))),
        _ => None,
    }
}

fn fold_wrap(index: Value, extent: Value, known: Option<Scalar>, size: Option<Scalar>) -> Folded {
    match (known, size) {
        (Some(i), _) if i.as_i64() >= 0 => Folded::Value(index),
        (Some(i), Some(n)) => of(Scalar::i64(i.as_i64().wrapping_add(n.as_i64()))),
        (Some(_), None) => Folded::Op(Op::Binary(Binary::Add, index, extent)),
        (None, _) => Folded::Op(Op::Wrap { index, extent }),
    }
}
