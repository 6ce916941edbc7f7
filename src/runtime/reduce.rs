//! Reductions: bodies run on subtrees of the tree of [`crate::base::tree`], and their partials are combined along it.

use super::plan::{Plan, split};
use crate::base::abi::{CombineFn, Context, Region, status};
use crate::base::tree::{ACCUMULATORS, LEAF, RUN};
use std::sync::atomic::Ordering;

/// Reductions with more slots than this keep their partials on the heap.
const FEW: usize = 8;

/// The slots of one set of partials.
pub(super) struct Partials {
    few: [u64; FEW],
    many: Vec<u64>,
    count: usize,
}

impl Partials {
    pub(super) fn copy(slots: &[u64]) -> Partials {
        let mut partials = Partials { few: [0; FEW], many: Vec::new(), count: slots.len() };
        match partials.few.get_mut(..slots.len()) {
            Some(few) => few.copy_from_slice(slots),
            None => partials.many = slots.to_vec(),
        }
        partials
    }

    pub(super) fn slots(&self) -> &[u64] {
        if self.count <= FEW { &self.few[..self.count] } else { &self.many }
    }

    fn as_mut_ptr(&mut self) -> *mut u64 {
        if self.count <= FEW { self.few.as_mut_ptr() } else { self.many.as_mut_ptr() }
    }
}

/// Runs the body on the tree over `n` iterations from `begin` on. `out` holds the identities, then the result.
///
/// # Safety
/// `region` and `context` are as `abi::Table::run` gets them; `out` points to as many slots as `identity` has.
pub(super) unsafe fn subtree(
    context: *mut Context,
    region: &Region,
    combine: CombineFn,
    identity: &[u64],
    (begin, n): (i64, u64),
    out: *mut u64,
) -> i32 {
    if n <= RUN as u64 {
        // SAFETY: the caller's promise.
        return unsafe {
            match check(context) {
                status::OK => (region.body)(context, region.env, begin, begin.wrapping_add_unsigned(n), out),
                stopped => stopped,
            }
        };
    }
    let left = split(n);
    // SAFETY: the caller's promise; `right` has as many slots as `identity`.
    unsafe {
        let ended = subtree(context, region, combine, identity, (begin, left), out);
        if ended != status::OK {
            return ended;
        }
        let mut right = Partials::copy(identity);
        let rest = (begin.wrapping_add_unsigned(left), n - left);
        let ended = subtree(context, region, combine, identity, rest, right.as_mut_ptr());
        if ended == status::OK {
            combine(out, right.as_mut_ptr());
        }
        ended
    }
}

/// Whether the task is to stop: one load while nobody asks.
///
/// # Safety
/// `context` is that of a running task.
pub(super) unsafe fn check(context: *mut Context) -> i32 {
    // SAFETY: the flag outlives the call.
    unsafe {
        match (*(*context).interrupt).load(Ordering::Relaxed) {
            0 => status::OK,
            _ => super::call::poll(context),
        }
    }
}

/// Combines what the chunks of a plan left into the first set of partials.
///
/// # Safety
/// `combine` belongs to partials of `slots` slots.
pub(super) unsafe fn join(plan: &Plan, n: u64, combine: CombineFn, partials: &mut [u64], slots: usize) {
    let mut cells = Cells { partials, slots, combine };
    match plan {
        Plan::Runs { .. } => {}
        Plan::Subtrees { limit, .. } => {
            cells.subtrees(n, *limit, &mut 0);
        }
        Plan::Separate { .. } => {
            cells.separate(0, n as usize);
        }
    }
}

/// Sets of partials in the order of their iterations.
struct Cells<'a> {
    partials: &'a mut [u64],
    slots: usize,
    combine: CombineFn,
}

impl Cells<'_> {
    /// `cells[left] ∘= cells[right]`, where left < right.
    fn combine(&mut self, left: usize, right: usize) {
        let (low, high) = self.partials.split_at_mut(right * self.slots);
        let (left, right) = (&mut low[left * self.slots..], &high[..self.slots]);
        // SAFETY: both have `slots` slots, as `join`'s caller promises to be right.
        unsafe { (self.combine)(left.as_mut_ptr(), right.as_ptr()) }
    }

    /// One cell per subtree. Gives the cell that holds the result.
    fn subtrees(&mut self, n: u64, limit: u64, next: &mut usize) -> usize {
        if n <= limit {
            *next += 1;
            return *next - 1;
        }
        let left = self.subtrees(split(n), limit, next);
        let right = self.subtrees(n - split(n), limit, next);
        self.combine(left, right);
        left
    }

    /// One cell per iteration: the leaves, too, are combined here. The result is in cell `first`.
    fn separate(&mut self, first: usize, n: usize) {
        if n > LEAF {
            let left = split(n as u64) as usize;
            self.separate(first, left);
            self.separate(first + left, n - left);
            self.combine(first, first + left);
            return;
        }
        let whole = n - n % ACCUMULATORS;
        for k in ACCUMULATORS..whole {
            self.combine(first + k % ACCUMULATORS, first + k);
        }
        if whole > 0 {
            for (left, right) in [(0, 1), (2, 3), (0, 2), (4, 5), (6, 7), (4, 6), (0, 4)] {
                self.combine(first + left, first + right);
            }
        }
        for k in whole.max(1)..n {
            self.combine(first, first + k);
        }
    }
}
