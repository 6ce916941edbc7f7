//! Many scalars to one, in the order that the language prescribes.

use super::array::indices;
use crate::base::tree;
use crate::base::{AxisSet, Binary, Compare, Dtype, FaultKind, ReduceOp, Scalar};
use crate::hir::Reduce;

/// The axes of an array that is reduced.
pub(super) struct Domain {
    shape: Vec<usize>,
    axes: AxisSet,
}

impl Domain {
    pub(super) fn new(shape: &[usize], axes: AxisSet) -> Domain {
        Domain { shape: shape.to_vec(), axes }
    }

    /// Why there is no result.
    pub(super) fn fault(&self, op: Reduce, initial: Option<Scalar>) -> Option<FaultKind> {
        let function = match op {
            Reduce::Min => "min",
            Reduce::Max => "max",
            Reduce::ArgMin => "argmin",
            Reduce::ArgMax => "argmax",
            Reduce::Sum | Reduce::Prod | Reduce::Any | Reduce::All => return None,
        };
        let empty = self.axes.within(self.shape.len()).any(|axis| self.shape[axis] == 0);
        (empty && initial.is_none()).then_some(FaultKind::EmptyReduction { function })
    }

    /// The shape with reduced axes of extent 1.
    pub(super) fn kept(&self) -> Vec<usize> {
        let extent = |(axis, &extent): (usize, &usize)| if self.axes.contains(axis) { 1 } else { extent };
        self.shape.iter().enumerate().map(extent).collect()
    }

    pub(super) fn result(&self, keepdims: bool) -> Vec<usize> {
        self.place(&self.kept(), keepdims)
    }

    /// What belongs to the axes of the result.
    pub(super) fn place(&self, at: &[usize], keepdims: bool) -> Vec<usize> {
        (0..at.len()).filter(|axis| keepdims || !self.axes.contains(*axis)).map(|axis| at[axis]).collect()
    }

    /// The indices of the elements that agree with `at` in the kept axes, in C order, in runs: the last axes, as long as they are
    /// reduced or have extent 1.
    pub(super) fn runs(&self, at: &[usize]) -> Vec<Vec<Vec<usize>>> {
        let rank = self.shape.len();
        let kept = |axis: &usize| !self.axes.contains(*axis) && self.shape[*axis] != 1;
        let start = (0..rank).rev().find(kept).map_or(0, |axis| axis + 1);
        let extents = |from: usize, to: usize| -> Vec<usize> {
            (0..rank)
                .map(|axis| {
                    if self.axes.contains(axis) && (from..to).contains(&axis) { self.shape[axis] } else { 1 }
                })
                .collect()
        };
        let sum = |a: &[usize], b: &[usize]| -> Vec<usize> { a.iter().zip(b).map(|(a, b)| a + b).collect() };
        indices(&extents(0, start))
            .map(|lead| indices(&extents(start, rank)).map(|run| sum(&sum(at, &lead), &run)).collect())
            .collect()
    }
}

/// All elements to one, given in runs.
pub(super) fn reduce(op: Reduce, dtype: Dtype, runs: &[Vec<Scalar>], initial: Option<Scalar>) -> Scalar {
    let start = initial.unwrap_or_else(|| identity(op, dtype));
    match op {
        Reduce::ArgMin => first_extreme(Compare::Lt, runs),
        Reduce::ArgMax => first_extreme(Compare::Gt, runs),
        Reduce::Sum => runs.iter().fold(start, |total, run| sum(total, run)),
        Reduce::Prod => fold(Binary::Mul, start, runs),
        Reduce::Min => fold(Binary::Minimum, start, runs),
        Reduce::Max => fold(Binary::Maximum, start, runs),
        Reduce::Any => fold(Binary::Or, start, runs),
        Reduce::All => fold(Binary::And, start, runs),
    }
}

fn identity(op: Reduce, dtype: Dtype) -> Scalar {
    match op {
        Reduce::Sum | Reduce::Any => number(dtype, 0),
        Reduce::Prod | Reduce::All => number(dtype, 1),
        Reduce::Min => ReduceOp::Minimum.identity(dtype),
        Reduce::Max => ReduceOp::Maximum.identity(dtype),
        Reduce::ArgMin | Reduce::ArgMax => Scalar::i64(0),
    }
}

/// The position of the first element that no other one is better than, or of the first NaN.
fn first_extreme(better: Compare, runs: &[Vec<Scalar>]) -> Scalar {
    let elements: Vec<Scalar> = runs.iter().flatten().copied().collect();
    let is_nan = |x: Scalar| Compare::Ne.eval(x, x);
    let mut best = 0;
    for (position, &x) in elements.iter().enumerate() {
        if !is_nan(elements[best]) && (is_nan(x) || better.eval(x, elements[best])) {
            best = position;
        }
    }
    Scalar::i64(best as i64)
}

/// `total + tree(run)`.
fn sum(total: Scalar, run: &[Scalar]) -> Scalar {
    match tree::reduce(run, &mut |a, b| Binary::Add.eval(a, b)) {
        Some(sum) => Binary::Add.eval(total, sum),
        None => total,
    }
}

fn fold(op: Binary, start: Scalar, runs: &[Vec<Scalar>]) -> Scalar {
    runs.iter().flatten().fold(start, |result, &x| op.eval(result, x))
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
