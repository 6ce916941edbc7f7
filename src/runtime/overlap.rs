//! Which views share memory. Part of the key of a specialisation, so it takes nanoseconds.
//!
//! Two views are told apart *modulo m*: axes whose stride is a multiple of m do not move an address modulo m, the
//! others spread it over an interval. If the two intervals do not meet on the circle of m bytes, no byte is shared.
//! With m the common divisor of all strides this separates interleaved views (`x[0::2]`, `x[1::2]`; the channels of an
//! image), with m the stride of rows also blocks of columns; m = ∞ compares whole ranges.

use super::array::RawArray;
use crate::base::types::MAX_RANK;
use std::ops::Range;

/// What two views have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Overlap {
    /// No byte: certain.
    Disjoint,
    /// The same elements in the same order.
    Same,
    /// Anything else.
    Other,
}

impl RawArray {
    /// What this view shares with another.
    pub fn overlap(&self, other: &RawArray) -> Overlap {
        if are_disjoint(&Extent::of(self), &Extent::of(other)) {
            Overlap::Disjoint
        } else if self.is_same(other) {
            Overlap::Same
        } else {
            Overlap::Other
        }
    }

    fn is_same(&self, other: &RawArray) -> bool {
        let strides = self.shape().iter().zip(self.strides().iter().zip(other.strides()));
        self.base() == other.base()
            && self.dtype() == other.dtype()
            && self.shape() == other.shape()
            && strides.into_iter().all(|(&extent, (one, two))| extent == 1 || one == two)
    }

    /// The addresses of the bytes from the first to the last that elements cover; empty for empty arrays.
    pub fn byte_range(&self) -> Range<usize> {
        let extent = Extent::of(self);
        extent.low as usize..extent.high as usize
    }

    /// Whether two elements may share a byte (a stride of 0, as broadcasting makes; windows that slide by less than their
    /// length). False is certain; unusual strides that only look so give true.
    pub fn overlaps_itself(&self) -> bool {
        let mut extent = Extent::of(self);
        let axes = &mut extent.axes[..extent.rank];
        axes.sort_unstable_by_key(|axis| axis.stride.unsigned_abs());
        let mut span = extent.size;
        for axis in axes {
            if axis.stride.abs() < span {
                return extent.low != extent.high;
            }
            span += axis.reach();
        }
        false
    }
}

/// Whether two arrays in slots share no byte: conservative.
///
/// # Safety
/// The pointers lead to `2 + 2 * rank` slots each, and no rank exceeds [`MAX_RANK`].
pub(super) unsafe extern "C" fn disjoint(
    a: *const u64,
    rank_a: u64,
    size_a: u64,
    b: *const u64,
    rank_b: u64,
    size_b: u64,
) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { are_disjoint(&Extent::of_slots(a, rank_a, size_a), &Extent::of_slots(b, rank_b, size_b)) as u64 }
}

/// The bytes of a view: an arithmetic structure without meaning. Axes of extent 1 are left out.
struct Extent {
    base: i128,
    /// Bytes per element.
    size: i128,
    low: i128,
    /// One past the last byte; equal to `low` if there are no elements.
    high: i128,
    axes: [Axis; MAX_RANK],
    rank: usize,
}

#[derive(Clone, Copy, Default)]
struct Axis {
    /// Steps from the first element to the last, at least 1.
    steps: i128,
    stride: i128,
}

impl Axis {
    /// Bytes between the first element and the last.
    fn reach(self) -> i128 {
        self.steps * self.stride.abs()
    }
}

impl Extent {
    fn of(array: &RawArray) -> Extent {
        let axes = array.shape().iter().zip(array.strides());
        let axes = axes.map(|(&extent, &stride)| (extent as i128, stride as i128));
        Extent::new(array.base().addr() as i128, array.dtype().size() as i128, axes)
    }

    /// # Safety
    /// As [`disjoint`].
    unsafe fn of_slots(slots: *const u64, rank: u64, size: u64) -> Extent {
        let rank = (rank as usize).min(MAX_RANK);
        // SAFETY: the caller's promise.
        let slots = unsafe { std::slice::from_raw_parts(slots, 2 + 2 * rank) };
        let axes =
            (0..rank).map(|axis| (slots[2 + axis] as i64 as i128, slots[2 + rank + axis] as i64 as i128));
        Extent::new(slots[0] as i128, size as i128, axes)
    }

    fn new(base: i128, size: i128, axes: impl Iterator<Item = (i128, i128)>) -> Extent {
        let mut extent =
            Extent { base, size, low: base, high: base + size, axes: Default::default(), rank: 0 };
        let mut is_empty = false;
        for (count, stride) in axes {
            is_empty |= count <= 0;
            if count > 1 {
                let axis = Axis { steps: count - 1, stride };
                extent.axes[extent.rank] = axis;
                extent.rank += 1;
                if stride < 0 {
                    extent.low -= axis.reach();
                } else {
                    extent.high += axis.reach();
                }
            }
        }
        if is_empty {
            (extent.low, extent.high) = (base, base);
        }
        extent
    }

    fn axes(&self) -> &[Axis] {
        &self.axes[..self.rank]
    }

    /// The interval of addresses when multiples of `m` do not count: its start and its length.
    fn modulo(&self, m: i128) -> (i128, i128) {
        let (mut low, mut length) = (self.base, self.size);
        for axis in self.axes().iter().filter(|axis| axis.stride % m != 0) {
            length += axis.reach();
            if axis.stride < 0 {
                low -= axis.reach();
            }
        }
        (low, length)
    }
}

fn are_disjoint(a: &Extent, b: &Extent) -> bool {
    if a.low == a.high || b.low == b.high || a.high <= b.low || b.high <= a.low {
        return true;
    }
    let strides =
        || a.axes().iter().chain(b.axes()).map(|axis| axis.stride.abs()).filter(|&stride| stride != 0);
    let common = strides().fold(0, gcd);
    strides().chain([common]).any(|m| m != 0 && are_disjoint_modulo(a, b, m))
}

fn are_disjoint_modulo(a: &Extent, b: &Extent, m: i128) -> bool {
    let (low_a, length_a) = a.modulo(m);
    let (low_b, length_b) = b.modulo(m);
    let gap = (low_b - low_a).rem_euclid(m);
    gap >= length_a && gap + length_b <= m
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}
