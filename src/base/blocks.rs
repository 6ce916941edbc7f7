//! Blocks of iterations: how a parallel loop adds into an array whose elements belong to no single iteration (`h[k] += v`).
//!
//! The iterations are cut into at most [`MOST`] blocks of almost equal length. Each block updates a copy of its own, which starts at the
//! identity, in the order of its iterations; then the copies are combined into the array, in the order of the blocks. One block needs
//! no copy: it updates the array itself. How many blocks there are follows from the number of iterations, the size of the arrays and
//! how they are updated, never from threads: it decides how floating-point sums round, so it belongs to the language.
//!
//! Written once, over numbers that are known ([`Known`]) or computed at run time.

use super::op::Binary;
use super::scalar::Scalar;

/// The most blocks, and so copies.
pub const MOST: i64 = 16;

/// A block should update at least this many elements. A guess: about the time in which a copy is made and another thread woken up.
const WORTH: i64 = 1024;

/// An inner loop is taken to make this many updates. A guess.
const LOOP: i64 = 64;

/// How an iteration updates an array.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    /// A few elements.
    Element,
    /// Elements, in an inner loop.
    Loop,
    /// All elements or a slice of them.
    Whole,
}

/// Arithmetic on i64 numbers of some kind.
pub trait Arithmetic {
    type Number: Copy;
    fn constant(&mut self, value: i64) -> Self::Number;
    fn binary(&mut self, op: Binary, a: Self::Number, b: Self::Number) -> Self::Number;
}

/// Numbers that are known.
pub struct Known;

impl Arithmetic for Known {
    type Number = i64;

    fn constant(&mut self, value: i64) -> i64 {
        value
    }

    fn binary(&mut self, op: Binary, a: i64, b: i64) -> i64 {
        op.eval(Scalar::i64(a), Scalar::i64(b)).as_i64()
    }
}

/// Into how many blocks `iterations` are cut that update arrays of these sizes (in elements): 1 where there are too few to
/// pay for copies.
pub fn count<A: Arithmetic>(to: &mut A, iterations: A::Number, arrays: &[(A::Number, Weight)]) -> A::Number {
    let least = least(to, arrays);
    let blocks = to.binary(Binary::FloorDiv, iterations, least);
    let (one, most) = (to.constant(1), to.constant(MOST));
    let blocks = to.binary(Binary::Max, blocks, one);
    to.binary(Binary::Min, blocks, most)
}

/// The iterations that a block has at least: it makes twice as many updates as its copies have elements, which are filled and combined.
fn least<A: Arithmetic>(to: &mut A, arrays: &[(A::Number, Weight)]) -> A::Number {
    let mut updates = to.constant(WORTH);
    let (one, two, eight) = (to.constant(1), to.constant(2), to.constant(8));
    let mut total = to.constant(0);
    let mut weight = one;
    for &(size, kind) in arrays {
        total = to.binary(Binary::Add, total, size);
        let own = match kind {
            Weight::Element => one,
            Weight::Loop => to.constant(LOOP),
            // Neighbours are updated in lanes.
            Weight::Whole => to.binary(Binary::FloorDiv, size, eight),
        };
        weight = to.binary(Binary::Max, weight, own);
    }
    let twice = to.binary(Binary::Mul, total, two);
    updates = to.binary(Binary::Max, updates, twice);
    let least = to.binary(Binary::FloorDiv, updates, weight);
    to.binary(Binary::Max, least, one)
}

/// The number of the first iteration of a block; that of block `blocks` is where the last one ends.
pub fn start<A: Arithmetic>(
    to: &mut A,
    iterations: A::Number,
    blocks: A::Number,
    block: A::Number,
) -> A::Number {
    let size = to.binary(Binary::FloorDiv, iterations, blocks);
    let longer = to.binary(Binary::Mod, iterations, blocks);
    let before = to.binary(Binary::Mul, block, size);
    let extra = to.binary(Binary::Min, block, longer);
    to.binary(Binary::Add, before, extra)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(iterations: i64, size: i64, weight: Weight) -> i64 {
        count(&mut Known, iterations, &[(size, weight)])
    }

    #[test]
    fn few_iterations_are_one_block() {
        for iterations in [i64::MIN, -1, 0, 1, 1000, 2047] {
            assert_eq!(blocks(iterations, 10, Weight::Element), 1);
        }
        assert_eq!(blocks(2048, 10, Weight::Element), 2);
        assert_eq!(blocks(1_000_000, 10, Weight::Element), 16);
        assert_eq!(blocks(1_000_000, 100_000, Weight::Element), 5);
        assert_eq!(blocks(1_000_000, 1_000_000, Weight::Element), 1);
    }

    #[test]
    fn loops_and_whole_arrays_count_for_more() {
        assert_eq!(blocks(100, 10, Weight::Loop), 6);
        assert_eq!(blocks(100, 1000, Weight::Whole), 6);
        assert_eq!(blocks(100, 1_000_000, Weight::Whole), 6);
        assert_eq!(blocks(100, 3, Weight::Whole), 1);
        assert_eq!(blocks(100, 0, Weight::Whole), 1);
    }

    #[test]
    fn blocks_cover_all_iterations_in_order() {
        for iterations in [0, 1, 15, 16, 17, 1000] {
            for blocks in 1..=16 {
                let starts: Vec<i64> =
                    (0..=blocks).map(|block| start(&mut Known, iterations, blocks, block)).collect();
                assert_eq!((starts[0], starts[blocks as usize]), (0, iterations));
                let lengths: Vec<i64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
                assert!(lengths.iter().all(|length| (length - lengths[blocks as usize - 1]).abs() <= 1));
            }
        }
    }
}
