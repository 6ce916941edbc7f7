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
        let (a, b) = (Extent::of(self), Extent::of(other));
        if a.is_apart(&b) {
            Overlap::Disjoint
        } else if self.is_same(other) {
            Overlap::Same
        } else if are_interleaved(&a, &b) {
            Overlap::Disjoint
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
        axes.sort_unstable_by_key(|axis| axis.stride);
        let mut span = extent.size;
        for axis in axes {
            if axis.stride < span {
                return extent.low != extent.high;
            }
            span = span.saturating_add(axis.reach);
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
    let (a, b) = unsafe { (Extent::of_slots(a, rank_a, size_a), Extent::of_slots(b, rank_b, size_b)) };
    (a.is_apart(&b) || are_interleaved(&a, &b)) as u64
}

/// The bytes of a view: an arithmetic structure without meaning. Axes of extent 1 are left out.
///
/// Arithmetic saturates: views that no memory can hold come out as too long, and so as overlapping.
struct Extent {
    base: i64,
    /// Bytes per element.
    size: i64,
    low: i64,
    /// One past the last byte; equal to `low` if there are no elements.
    high: i64,
    axes: [Axis; MAX_RANK],
    rank: usize,
}

#[derive(Clone, Copy, Default)]
struct Axis {
    /// Without its sign.
    stride: i64,
    is_backward: bool,
    /// Bytes between the first element and the last.
    reach: i64,
}

impl Extent {
    fn of(array: &RawArray) -> Extent {
        let axes = array.shape().iter().zip(array.strides());
        let axes = axes.map(|(&extent, &stride)| (extent as i64, stride as i64));
        Extent::new(array.base().addr() as i64, array.dtype().size() as i64, axes)
    }

    /// # Safety
    /// As [`disjoint`].
    unsafe fn of_slots(slots: *const u64, rank: u64, size: u64) -> Extent {
        let rank = (rank as usize).min(MAX_RANK);
        // SAFETY: the caller's promise.
        let slots = unsafe { std::slice::from_raw_parts(slots, 2 + 2 * rank) };
        let axes = (0..rank).map(|axis| (slots[2 + axis] as i64, slots[2 + rank + axis] as i64));
        Extent::new(slots[0] as i64, size as i64, axes)
    }

    fn new(base: i64, size: i64, axes: impl Iterator<Item = (i64, i64)>) -> Extent {
        let mut extent = Extent {
            base,
            size,
            low: base,
            high: base.saturating_add(size),
            axes: Default::default(),
            rank: 0,
        };
        let mut is_empty = false;
        for (count, stride) in axes {
            is_empty |= count <= 0;
            if count > 1 {
                let reach = stride.saturating_abs().saturating_mul(count - 1);
                let axis = Axis { stride: stride.saturating_abs(), is_backward: stride < 0, reach };
                extent.axes[extent.rank] = axis;
                extent.rank += 1;
                if axis.is_backward {
                    extent.low = extent.low.saturating_sub(reach);
                } else {
                    extent.high = extent.high.saturating_add(reach);
                }
            }
        }
        if is_empty {
            (extent.low, extent.high) = (base, base);
        }
        extent
    }

    /// Whether all bytes of one view come before all of the other; empty views are apart from everything.
    fn is_apart(&self, other: &Extent) -> bool {
        self.low == self.high || other.low == other.high || self.high <= other.low || other.high <= self.low
    }

    fn axes(&self) -> &[Axis] {
        &self.axes[..self.rank]
    }

    /// The interval of addresses when multiples of `m` do not count: its start and its length.
    fn modulo(&self, m: i64) -> (i64, i64) {
        let (mut low, mut length) = (self.base, self.size);
        for axis in self.axes().iter().filter(|axis| axis.stride % m != 0) {
            length = length.saturating_add(axis.reach);
            if axis.is_backward {
                low = low.saturating_sub(axis.reach);
            }
        }
        (low, length)
    }
}

/// Whether two views that are not apart share no byte for all that.
fn are_interleaved(a: &Extent, b: &Extent) -> bool {
    let strides = || a.axes().iter().chain(b.axes()).map(|axis| axis.stride).filter(|&stride| stride != 0);
    let common = strides().fold(0, gcd);
    strides().chain([common]).any(|m| m != 0 && are_disjoint_modulo(a, b, m))
}

fn are_disjoint_modulo(a: &Extent, b: &Extent, m: i64) -> bool {
    let (low_a, length_a) = a.modulo(m);
    let (low_b, length_b) = b.modulo(m);
    let gap = low_b.saturating_sub(low_a).rem_euclid(m);
    gap >= length_a && gap.saturating_add(length_b) <= m
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
