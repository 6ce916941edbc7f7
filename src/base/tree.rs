//! NumPy's pairwise summation tree, over logical positions.
//!
//! Fewer than 8 values are combined left to right; up to [`LEAF`] values go into eight accumulators,
//! value `k` into accumulator `k % 8`, combined as `((r0∘r1)∘(r2∘r3))∘((r4∘r5)∘(r6∘r7))`, the rest
//! left to right; more values are split at `n/2` rounded down to a multiple of 8.
//! (NumPy, `pairwise_sum` in `loops_utils.h.src`; Higham 1993, "The accuracy of floating point summation".)

/// The longest run that is summed without splitting.
pub const LEAF: usize = 128;

/// The most iterations that generated code runs at once, so that it can be stopped; it goes down the tree below that by itself.
pub const RUN: usize = 1 << 14;

/// How many accumulators a leaf has.
pub const ACCUMULATORS: usize = 8;

/// Where a run of `n > LEAF` values is split.
pub const fn split(n: usize) -> usize {
    let half = n / 2;
    half - half % ACCUMULATORS
}

/// Combines `values` in the order of the tree. None for an empty slice.
pub fn reduce<T: Copy>(values: &[T], combine: &mut impl FnMut(T, T) -> T) -> Option<T> {
    if values.len() > LEAF {
        let (left, right) = values.split_at(split(values.len()));
        let left = reduce(left, combine)?;
        let right = reduce(right, combine)?;
        return Some(combine(left, right));
    }
    let whole = values.len() - values.len() % ACCUMULATORS;
    let (blocks, rest) = values.split_at(whole);
    let mut total = (whole > 0).then(|| reduce_blocks(blocks, combine));
    for &value in rest {
        total = Some(match total {
            Some(total) => combine(total, value),
            None => value,
        });
    }
    total
}

fn reduce_blocks<T: Copy>(values: &[T], combine: &mut impl FnMut(T, T) -> T) -> T {
    let mut r: [T; ACCUMULATORS] = std::array::from_fn(|k| values[k]);
    for block in values[ACCUMULATORS..].chunks_exact(ACCUMULATORS) {
        for (accumulator, &value) in r.iter_mut().zip(block) {
            *accumulator = combine(*accumulator, value);
        }
    }
    let low = [combine(r[0], r[1]), combine(r[2], r[3])];
    let high = [combine(r[4], r[5]), combine(r[6], r[7])];
    let (low, high) = (combine(low[0], low[1]), combine(high[0], high[1]));
    combine(low, high)
}
