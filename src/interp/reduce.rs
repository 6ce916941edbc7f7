//! Many scalars to one, in the order that the language prescribes.

use crate::base::tree;
use crate::base::{Binary, Dtype, FaultKind, ReduceOp, Scalar};
use crate::hir::Reduce;

/// A full reduction of an array's elements, given in C order.
pub(super) fn reduce(op: Reduce, dtype: Dtype, elements: &[Scalar]) -> Result<Scalar, FaultKind> {
    match op {
        Reduce::Sum => Ok(sum(dtype, elements)),
        Reduce::Prod => {
            Ok(elements.iter().fold(number(dtype, 1), |product, &x| Binary::Mul.eval(product, x)))
        }
        Reduce::Min => {
            extreme(Binary::Minimum, elements).ok_or(FaultKind::EmptyReduction { function: "min" })
        }
        Reduce::Max => {
            extreme(Binary::Maximum, elements).ok_or(FaultKind::EmptyReduction { function: "max" })
        }
    }
}

/// `0 + tree(elements)`.
fn sum(dtype: Dtype, elements: &[Scalar]) -> Scalar {
    let zero = number(dtype, 0);
    match tree::reduce(elements, &mut |a, b| Binary::Add.eval(a, b)) {
        Some(total) => Binary::Add.eval(zero, total),
        None => zero,
    }
}

fn extreme(op: Binary, elements: &[Scalar]) -> Option<Scalar> {
    elements.iter().copied().reduce(|a, b| op.eval(a, b))
}

fn number(dtype: Dtype, value: i64) -> Scalar {
    if dtype.is_float() { Scalar::float(dtype, value as f64) } else { Scalar::int(dtype, value) }
}

/// What a reduction of a parallel loop holds afterwards: `initial ∘ tree(contributions)`.
pub(super) fn finish(op: ReduceOp, initial: Scalar, contributions: &[Scalar]) -> Scalar {
    match tree::reduce(contributions, &mut |a, b| op.eval(a, b)) {
        Some(total) => op.eval(initial, total),
        None => initial,
    }
}
