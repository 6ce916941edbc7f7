//! Into which chunks a region is divided. No result depends on it: only how well the work spreads.

use super::call::Schedule;
use crate::base::abi::Region;
use crate::base::tree::{self, LEAF};

/// Estimated cost of a chunk in picoseconds: an offer to another thread takes about half of this to be taken up.
const GRAIN: u64 = 10_000_000;

/// The most chunks by estimate: enough to even out iterations of unequal cost on 64 threads.
const CHUNKS: u64 = 1024;

/// The most subtrees, whatever `chunk` asks for: their partials are kept until the end.
const SUBTREES: u64 = 1 << 16;

/// Iterations of a reduction that cost more than this (picoseconds) may be separate chunks. It forgoes lanes, so it
/// must be well above what a vectorised iteration costs. A guess.
const SEPARATE: u64 = 2_000_000;

/// How the `n` iterations of a region are divided.
pub(super) enum Plan {
    /// Runs of `size` iterations, the last perhaps shorter.
    Runs { size: u64 },
    /// A reduction: the largest subtrees of at most `limit` iterations; `starts` are their positions in `0..n`.
    Subtrees { limit: u64, starts: Vec<u64> },
    /// A reduction of few, expensive iterations: each leaves its own contribution.
    Separate { size: u64 },
}

impl Plan {
    pub(super) fn new(region: &Region, n: u64, schedule: &Schedule, threads: usize) -> Plan {
        let size =
            schedule.chunk.unwrap_or_else(|| (GRAIN / region.cost.max(1)).max(n.div_ceil(CHUNKS))).max(1);
        if region.combine.is_none() {
            return Plan::Runs { size: even(n, size) };
        }
        let few = n.div_ceil(LEAF as u64) < 4 * threads as u64;
        if few && threads > 1 && region.cost >= SEPARATE {
            return Plan::Separate { size: even(n, size) };
        }
        let limit = size.max(LEAF as u64).max(n.div_ceil(SUBTREES));
        let mut starts = Vec::new();
        cut(0, n, limit, &mut starts);
        Plan::Subtrees { limit, starts }
    }

    /// The number of chunks.
    pub(super) fn total(&self, n: u64) -> u64 {
        match self {
            Plan::Runs { size } | Plan::Separate { size } => n.div_ceil(*size),
            Plan::Subtrees { starts, .. } => starts.len() as u64,
        }
    }

    /// First position and length of a chunk.
    pub(super) fn chunk(&self, n: u64, chunk: u64) -> (u64, u64) {
        let (start, end) = match self {
            Plan::Runs { size } | Plan::Separate { size } => {
                let start = chunk * size;
                (start, start.saturating_add(*size).min(n))
            }
            Plan::Subtrees { starts, .. } => {
                let next = starts.get(chunk as usize + 1);
                (starts[chunk as usize], next.copied().unwrap_or(n))
            }
        };
        (start, end - start)
    }

    /// How many partials the region needs beside the caller's.
    pub(super) fn partials(&self, n: u64) -> u64 {
        match self {
            Plan::Runs { .. } => 0,
            Plan::Subtrees { starts, .. } => starts.len() as u64,
            Plan::Separate { .. } => n,
        }
    }
}

/// Chunks of about equal size; long ones begin at multiples of 64, which suits lanes and cache lines.
fn even(n: u64, size: u64) -> u64 {
    let size = n.div_ceil(n.div_ceil(size));
    if size < 256 { size } else { size.checked_next_multiple_of(64).unwrap_or(size) }
}

fn cut(start: u64, n: u64, limit: u64, starts: &mut Vec<u64>) {
    if n <= limit {
        starts.push(start);
        return;
    }
    let left = split(n);
    cut(start, left, limit, starts);
    cut(start + left, n - left, limit, starts);
}

/// Where the tree splits `n` iterations.
pub(super) fn split(n: u64) -> u64 {
    tree::split(n as usize) as u64
}
