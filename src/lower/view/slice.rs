//! Slices: `start:stop:step` of an axis as `start + step * i` for `i` in `0..extent`.
//!
//! Where bounds are constants the extent is `max(n - c, 0)` with one constant, so that slices of equal length have equal extents:
//! `x[1:]`, `x[:-1]` and the middle of `x` grown by one on either side are recognised as such without a run-time test.

use super::super::Builder;
use super::Run;
use crate::base::types::MAX_EXTENT;
use crate::base::{Binary, Compare, Dtype, FaultKind, Span, Unary};
use crate::loops::{Check, Condition, Op, Stmt, Value};

/// A step beyond every extent: larger ones select the same.
const LARGEST_STEP: i64 = 2 * MAX_EXTENT;

/// A bound as it is written.
#[derive(Clone, Copy)]
enum Bound {
    Absent,
    /// This many from the front.
    Front(i64),
    /// This many before the end, at least 1.
    Back(i64),
    Value(Value),
}

impl Builder<'_, '_> {
    /// The run that a slice selects of an axis, and its length.
    pub(super) fn slice(
        &mut self,
        extent: Value,
        start: Option<Value>,
        stop: Option<Value>,
        step: Option<Value>,
        span: Span,
    ) -> (Run, Value) {
        let known = step.map_or(Some(1), |step| self.known(step));
        let (start, stop) = (self.bound(start), self.bound(stop));
        match (known, step) {
            (Some(1), _) => self.unit_slice(extent, start, stop),
            (Some(known), _) if known > 1 => self.upward(extent, start, stop, known.min(LARGEST_STEP)),
            (Some(known), _) if known < 0 => self.downward(extent, start, stop, known.max(-LARGEST_STEP)),
            (_, Some(step)) => self.any_slice(extent, start, stop, step, span),
            (_, None) => unreachable!("an absent step is known"),
        }
    }

    fn bound(&self, bound: Option<Value>) -> Bound {
        let Some(value) = bound else { return Bound::Absent };
        match self.known(value) {
            None => Bound::Value(value),
            Some(known) if known < 0 => Bound::Back(known.checked_neg().unwrap_or(i64::MAX)),
            Some(known) => Bound::Front(known),
        }
    }

    fn unit_slice(&mut self, extent: Value, start: Bound, stop: Bound) -> (Run, Value) {
        let (start, length) = self.ascending(extent, start, stop);
        (Run { start, step: None }, length)
    }

    fn upward(&mut self, extent: Value, start: Bound, stop: Bound, step: i64) -> (Run, Value) {
        let (start, distance) = self.ascending(extent, start, stop);
        let length = self.steps(distance, step);
        let step = self.int(step);
        (Run { start, step: Some(step) }, length)
    }

    /// Where an ascending slice starts, and how far it is to its end. Beyond the end of the axis the slice is empty, and where it starts
    /// does not matter: so the start is not clamped from above, and stays what the source says.
    fn ascending(&mut self, extent: Value, start: Bound, stop: Bound) -> (Option<Value>, Value) {
        let first = match start {
            Bound::Absent => Some(0),
            Bound::Front(first) => Some(first),
            Bound::Back(_) | Bound::Value(_) => None,
        };
        let Some(first) = first else {
            let low = self.raised(start, extent);
            let high = self.clamped(stop, extent);
            return (Some(low), self.distance(low, high));
        };
        let run = (first != 0).then(|| self.int(first));
        let distance = match stop {
            Bound::Absent => self.less(extent, first),
            Bound::Back(last) => self.less(extent, first.saturating_add(last)),
            Bound::Front(_) | Bound::Value(_) => {
                let high = self.clamped(stop, extent);
                self.less(high, first)
            }
        };
        (run, distance)
    }

    /// `max(value - constant, 0)` of a value that is at least 0.
    fn less(&mut self, value: Value, constant: i64) -> Value {
        if constant == 0 {
            return value;
        }
        let constant = self.int(constant);
        self.distance(constant, value)
    }

    /// `max(high - low, 0)`.
    fn distance(&mut self, low: Value, high: Value) -> Value {
        let difference = self.binary(Binary::Sub, high, low);
        let zero = self.int(0);
        self.binary(Binary::Max, difference, zero)
    }

    /// How many steps of a constant size start before the end of a distance.
    fn steps(&mut self, distance: Value, step: i64) -> Value {
        if step == 1 {
            return distance;
        }
        let (room, step) = (self.int(step - 1), self.int(step));
        let up = self.binary(Binary::Add, distance, room);
        self.binary(Binary::FloorDiv, up, step)
    }

    /// A bound of an ascending slice, at least 0.
    fn raised(&mut self, bound: Bound, extent: Value) -> Value {
        let Bound::Value(index) = bound else { return self.clamped(bound, extent) };
        let wrapped = self.define(Dtype::I64, Op::Wrap { index, extent });
        let zero = self.int(0);
        self.binary(Binary::Max, wrapped, zero)
    }

    /// A bound of an ascending slice, in `0..=extent`.
    fn clamped(&mut self, bound: Bound, extent: Value) -> Value {
        match bound {
            Bound::Absent => extent,
            Bound::Front(0) => self.int(0),
            Bound::Front(bound) => {
                let bound = self.int(bound);
                self.binary(Binary::Min, bound, extent)
            }
            Bound::Back(back) => self.less(extent, back),
            Bound::Value(_) => {
                let raised = self.raised(bound, extent);
                self.binary(Binary::Min, raised, extent)
            }
        }
    }

    fn clamped_between(&mut self, value: Value, extent: Value, low: Value, high: Value) -> Value {
        let wrapped = self.define(Dtype::I64, Op::Wrap { index: value, extent });
        let raised = self.binary(Binary::Max, wrapped, low);
        self.binary(Binary::Min, raised, high)
    }

    fn downward(&mut self, extent: Value, start: Bound, stop: Bound, step: i64) -> (Run, Value) {
        let one = self.int(1);
        let last = self.binary(Binary::Sub, extent, one);
        let high = self.clamped_below(start, extent, last).unwrap_or(last);
        let distance = match self.clamped_below(stop, extent, last) {
            Some(low) => self.distance(low, high),
            None if matches!(start, Bound::Absent) => extent,
            None => self.binary(Binary::Add, high, one),
        };
        let length = self.steps(distance, -step);
        let step = self.int(step);
        (Run { start: Some(high), step: Some(step) }, length)
    }

    /// A bound of a descending slice, in `-1..extent`; None if it is absent.
    fn clamped_below(&mut self, bound: Bound, extent: Value, last: Value) -> Option<Value> {
        let before = self.int(-1);
        match bound {
            Bound::Absent => None,
            Bound::Front(bound) => {
                let bound = self.int(bound);
                Some(self.binary(Binary::Min, bound, last))
            }
            Bound::Back(back) => {
                let back = self.int(back);
                let place = self.binary(Binary::Sub, extent, back);
                Some(self.binary(Binary::Max, place, before))
            }
            Bound::Value(value) => Some(self.clamped_between(value, extent, before, last)),
        }
    }

    /// A slice whose step is known when it runs.
    fn any_slice(
        &mut self,
        extent: Value,
        start: Bound,
        stop: Bound,
        step: Value,
        span: Span,
    ) -> (Run, Value) {
        let zero = self.int(0);
        let fine = self.compare(Compare::Ne, step, zero);
        let site = self.site(FaultKind::ZeroSliceStep, span);
        let values = self.fault_values(&[]);
        self.emit(Stmt::Check(Check { condition: Condition::True(fine), site, values }));
        let (least, most) = (self.int(-LARGEST_STEP), self.int(LARGEST_STEP));
        let step = self.binary(Binary::Max, step, least);
        let step = self.binary(Binary::Min, step, most);
        let (before, one) = (self.int(-1), self.int(1));
        let last = self.binary(Binary::Sub, extent, one);
        let up = self.compare(Compare::Gt, step, zero);
        let (low, high) = (self.select(up, zero, before), self.select(up, extent, last));
        let first = match self.value_of(start) {
            Some(start) => self.clamped_between(start, extent, low, high),
            None => self.select(up, zero, last),
        };
        let end = match self.value_of(stop) {
            Some(stop) => self.clamped_between(stop, extent, low, high),
            None => self.select(up, extent, before),
        };
        let (lower, upper) = (self.select(up, first, end), self.select(up, end, first));
        let distance = self.distance(lower, upper);
        let negated = self.unary(Unary::Neg, step);
        let size = self.select(up, step, negated);
        let room = self.binary(Binary::Sub, size, one);
        let reach = self.binary(Binary::Add, distance, room);
        let length = self.binary(Binary::FloorDiv, reach, size);
        (Run { start: Some(first), step: Some(step) }, length)
    }

    fn value_of(&mut self, bound: Bound) -> Option<Value> {
        match bound {
            Bound::Absent => None,
            Bound::Front(bound) => Some(self.int(bound)),
            Bound::Back(back) => Some(self.int(-back)),
            Bound::Value(value) => Some(value),
        }
    }
}
