//! Arrays that a parallel loop updates by blocks of iterations: see [`crate::base::blocks`].

use super::array::{Array, indices};
use super::values::Datum;
use super::{Frame, Interpreter, Stop};
use crate::base::blocks::{Known, count, start};
use crate::base::{FaultKind, Span};
use crate::hir::{Accumulator, For, Local};

/// The blocks of one run of a loop.
pub(super) struct Blocks<'s> {
    accumulators: &'s [Accumulator],
    span: Span,
    /// What the locals name outside the loop.
    arrays: Vec<Array>,
    iterations: i64,
    blocks: i64,
    /// Blocks begun so far.
    begun: i64,
    /// Of each block one copy of each array.
    copies: Vec<Vec<Array>>,
}

impl<'s> Blocks<'s> {
    pub(super) fn new(frame: &Frame, stmt: &'s For, span: Span, iterations: i64) -> Blocks<'s> {
        let accumulators = &stmt.accumulators;
        let arrays: Vec<Array> =
            accumulators.iter().map(|accumulator| array(frame, accumulator.local)).collect();
        let sizes: Vec<_> = arrays
            .iter()
            .zip(accumulators)
            .map(|(array, accumulator)| (array.shape().iter().product::<usize>() as i64, accumulator.weight))
            .collect();
        let apart = arrays.iter().zip(accumulators).all(|(own, accumulator)| {
            accumulator.others.iter().all(|&other| own.is_apart_from(&array(frame, other)))
        });
        arrays.iter().for_each(Array::exempt);
        let blocks = if apart && !arrays.is_empty() { count(&mut Known, iterations, &sizes) } else { 1 };
        Blocks { accumulators, span, arrays, iterations, blocks, begun: 0, copies: vec![] }
    }

    /// Before iteration number `k`: at the first one of a block the locals get new copies.
    pub(super) fn enter(&mut self, interpreter: &Interpreter, frame: &mut Frame, k: i64) -> Result<(), Stop> {
        if self.blocks == 1 || k != start(&mut Known, self.iterations, self.blocks, self.begun) {
            return Ok(());
        }
        self.begun += 1;
        let mut copies = vec![];
        for (array, accumulator) in self.arrays.iter().zip(self.accumulators) {
            let copy = Array::new(&interpreter.budget, array.dtype(), array.shape())
                .map_err(|bytes| frame.fault(FaultKind::OutOfMemory, self.span, &[bytes]))?;
            copy.exempt();
            let identity = accumulator.op.identity(array.dtype());
            indices(array.shape()).for_each(|index| copy.set(&index, identity));
            frame.bind(accumulator.local, Datum::Array(copy.clone()));
            copies.push(copy);
        }
        self.copies.push(copies);
        Ok(())
    }

    /// After the loop: block after block is combined into the arrays.
    pub(super) fn leave(self, frame: &mut Frame) {
        for copies in &self.copies {
            for ((array, copy), accumulator) in self.arrays.iter().zip(copies).zip(self.accumulators) {
                for index in indices(array.shape()) {
                    array.set(&index, accumulator.op.eval(array.get(&index), copy.get(&index)));
                }
            }
        }
        for (array, accumulator) in self.arrays.into_iter().zip(self.accumulators) {
            frame.bind(accumulator.local, Datum::Array(array));
        }
    }
}

fn array(frame: &Frame, local: Local) -> Array {
    match &frame.locals[local] {
        Some(value) => value.clone().into_array(),
        None => panic!("{local} is not bound before the loop that collects into it"),
    }
}
