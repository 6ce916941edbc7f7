//! The blocks of a loop that collects into arrays, while it runs.

use super::*;
use crate::base::blocks::{Known, count, start};

pub(super) struct Collecting<'a> {
    accumulators: &'a [Accumulator],
    iterations: i64,
    blocks: i64,
    begun: i64,
    /// The copies, block after block.
    copies: Vec<Vec<Slots>>,
}

impl<'a> Collecting<'a> {
    /// Where there is one block, the inner names mean the arrays themselves.
    pub fn new(frame: &mut Frame, accumulators: &'a [Accumulator], iterations: i64) -> Collecting<'a> {
        let size = |accumulator: &Accumulator| frame.slots(accumulator.array).extents.iter().product::<i64>();
        let sizes: Vec<_> =
            accumulators.iter().map(|accumulator| (size(accumulator), accumulator.weight)).collect();
        let mut apart = accumulators.iter().filter_map(|accumulator| accumulator.apart);
        let several = !accumulators.is_empty() && apart.all(|apart| frame.get(apart).truth());
        let blocks = if several { count(&mut Known, iterations, &sizes) } else { 1 };
        for accumulator in accumulators {
            let slots = frame.slots(accumulator.array);
            frame.bind(&[Operand::Array(accumulator.inside)], &[Arg::Array(slots)]);
        }
        Collecting { accumulators, iterations, blocks, begun: 0, copies: vec![] }
    }

    /// Before iteration number `k`.
    pub fn enter(&mut self, memory: &mut Memory, frame: &mut Frame, k: i64) {
        if self.blocks == 1 || k != start(&mut Known, self.iterations, self.blocks, self.begun) {
            return;
        }
        self.begun += 1;
        let mut copies = vec![];
        for accumulator in self.accumulators {
            let slots = copy(memory, frame, accumulator);
            frame.bind(&[Operand::Array(accumulator.inside)], &[Arg::Array(slots.clone())]);
            copies.push(slots);
        }
        self.copies.push(copies);
    }

    pub fn leave(self, memory: &mut Memory, frame: &Frame) {
        for copies in &self.copies {
            for (accumulator, copy) in self.accumulators.iter().zip(copies) {
                let array = frame.slots(accumulator.array);
                let dtype = frame.function.arrays[accumulator.array].dtype;
                for_each_point(&array.extents, &mut vec![0; array.extents.len()], 0, &mut |indices| {
                    let (before, own) = (array.address(indices), copy.address(indices));
                    let after = accumulator.op.eval(memory.read(before, dtype), memory.read(own, dtype));
                    memory.write(before, after);
                });
                memory.count(copy.base, -1);
            }
        }
    }
}

/// A copy that holds the identity.
fn copy(memory: &mut Memory, frame: &Frame, accumulator: &Accumulator) -> Slots {
    let array = frame.slots(accumulator.array);
    let dtype = frame.function.arrays[accumulator.array].dtype;
    let strides = c_strides(&array.extents, dtype.size() as i64);
    let base = memory.allocate(array.extents.iter().product::<i64>() * dtype.size() as i64);
    let copy = Slots { base, owner: array.owner, extents: array.extents, strides };
    for_each_point(&copy.extents, &mut vec![0; copy.extents.len()], 0, &mut |indices| {
        memory.write(copy.address(indices), accumulator.op.identity(dtype));
    });
    copy
}
