//! How often a stepped range runs, recognised in what `lower` computes for it.
//!
//! ```text
//! count = (u64(high - low) - 1) // u64(step) + 1      capped at what an i64 holds
//! hi    = select(low < high, count, 0)
//! ```
//!
//! Inside the loop `low < high`, so the distance is positive and the unsigned arithmetic is that of integers.

use super::*;
use crate::base::Compare;

pub(super) struct Trip {
    /// `high - low`.
    pub distance: Affine,
    /// Its size: positive.
    pub step: i64,
}

/// The range that a loop's end counts the steps of.
pub(super) fn of(facts: &Facts, hi: Value) -> Option<Trip> {
    let Some(Op::Select { condition, then, otherwise }) = facts.operation(hi) else { return None };
    let Some(Op::Compare(Compare::Lt, low, high)) = facts.operation(*condition) else { return None };
    if facts.affine(*otherwise).as_constant() != Some(0) {
        return None;
    }
    let distance = facts.affine(*high).sub(&facts.affine(*low))?;
    let Some(Op::Cast(count)) = facts.operation(*then) else { return None };
    let count = match facts.operation(*count) {
        Some(Op::Binary(Binary::Min, count, most)) if unsigned(facts, *most)? >= i64::MAX as u64 => *count,
        Some(_) | None => *count,
    };
    let (whole, one) = binary(facts, count, Binary::Add)?;
    let (below, step) = binary(facts, whole, Binary::FloorDiv)?;
    let (full, one_less) = binary(facts, below, Binary::Sub)?;
    let ones = unsigned(facts, one)? == 1 && unsigned(facts, one_less)? == 1;
    if !ones || signed(facts, full)? != distance {
        return None;
    }
    let step = signed(facts, step)?.as_constant().filter(|&step| step > 0)?;
    Some(Trip { distance, step })
}

fn binary(facts: &Facts, value: Value, op: Binary) -> Option<(Value, Value)> {
    match facts.operation(value)? {
        Op::Binary(found, a, b) if *found == op => Some((*a, *b)),
        _ => None,
    }
}

fn unsigned(facts: &Facts, value: Value) -> Option<u64> {
    match facts.operation(value)? {
        Op::Const(scalar) if scalar.dtype == Dtype::U64 => Some(scalar.bits),
        _ => None,
    }
}

/// The form of an i64 that was cast to u64.
fn signed(facts: &Facts, value: Value) -> Option<Affine> {
    match facts.operation(value)? {
        Op::Cast(from) if facts.function.values[*from].dtype == Dtype::I64 => Some(facts.affine(*from)),
        Op::Const(scalar) if scalar.dtype == Dtype::U64 => {
            Some(Affine::constant(i64::try_from(scalar.bits).ok()?))
        }
        _ => None,
    }
}
