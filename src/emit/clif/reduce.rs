//! Reductions: the leaves of the tree of `base::tree`, and the functions that combine them.
//!
//! A leaf runs one copy of the loop's body. Eight accumulators lie in memory, with a ninth slot behind them for the
//! running total: the first `n - n % 8` iterations add to accumulator `k % 8`, then the accumulators are combined into
//! the running total, to which the remaining iterations add. Everything starts from the identity, which changes no bit.
//!
//! The loop of a body goes down the tree by itself, whatever range it is asked for (`tree`). A reducing loop elsewhere combines
//! integers or has a constant trip count within a leaf, or `outline` has not run.

use super::control::{Count, Left};
use super::function::{self, Emitter};
use super::tree::Leaf;
use super::{Bug, Target, partials};
use crate::base::tree;
use crate::loops::{self, For, Reduction};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, StackSlot, Value, types};
use cranelift_frontend::FunctionBuilderContext;

const ACCUMULATORS: i64 = tree::ACCUMULATORS as i64;

impl<'a> Emitter<'a> {
    pub fn reducing_loop(&mut self, loop_: &'a For) -> Result<(), Bug> {
        let count = self.count(loop_)?;
        let slots: Vec<StackSlot> =
            loop_.reductions.iter().map(|_| self.stack_slot(8 * (ACCUMULATORS as u32 + 1))).collect();
        self.reduce(loop_, &mut |emitter, lo, hi| emitter.leaf(loop_, &slots, Count { lo, hi, ..count }))
    }

    /// The loop's variables become what they were ∘ the totals of the tree.
    pub fn reduce(&mut self, loop_: &'a For, leaf: &mut Leaf<'_, 'a>) -> Result<(), Bug> {
        let count = self.count(loop_)?;
        let initial: Vec<Value> = loop_.reductions.iter().map(|reduction| self.get(reduction.var)).collect();
        let end = self.guarded(count)?;
        let totals = match self.is_leaf(loop_)? {
            true => leaf(self, count.lo, count.hi)?,
            false => self.down_the_tree(&loop_.reductions, (count.lo, count.hi), leaf)?,
        };
        for ((reduction, initial), total) in loop_.reductions.iter().zip(initial).zip(totals) {
            let dtype = self.function.vars[reduction.var].dtype;
            let result = self.combine(reduction.op, dtype, initial, total)?;
            self.set(reduction.var, result);
        }
        self.builder.ins().jump(end, &[]);
        self.start(end);
        Ok(())
    }

    fn leaf(&mut self, loop_: &'a For, slots: &[StackSlot], count: Count) -> Result<Vec<Value>, Bug> {
        self.clear_accumulators(loop_, slots)?;
        let length = self.builder.ins().isub(count.hi, count.lo);
        let whole = self.builder.ins().band_imm_s(length, -ACCUMULATORS);
        let boundary = self.builder.ins().iadd(count.lo, whole);
        let left = self.counted(
            count,
            &mut |emitter| {
                emitter.start_iteration(&loop_.reductions)?;
                emitter.block(&loop_.body)
            },
            &mut |emitter, index| emitter.accumulate(loop_, slots, count, boundary, index),
        )?;
        if left == Left(true) {
            return Err(Bug("a break out of a reducing loop".into()));
        }
        let mut totals = vec![];
        for (reduction, &slot) in loop_.reductions.iter().zip(slots) {
            let dtype = self.function.vars[reduction.var].dtype;
            let total = self.builder.ins().stack_addr(types::I64, slot, 8 * ACCUMULATORS as i32);
            totals.push(self.load_slot(dtype, total, 0)?);
        }
        Ok(totals)
    }

    /// Whether the loop is known to be one leaf at most.
    fn is_leaf(&self, loop_: &For) -> Result<bool, Bug> {
        let trip = match (self.known(loop_.lo), self.known(loop_.hi)) {
            (Some(lo), Some(hi)) => hi.as_i64().checked_sub(lo.as_i64()),
            _ => None,
        };
        let short = trip.is_some_and(|trip| trip <= tree::LEAF as i64);
        let is_order_free =
            |reduction: &Reduction| reduction.op.is_order_free(self.function.vars[reduction.var].dtype);
        if short || !partials(self.function).is_empty() || loop_.reductions.iter().all(is_order_free) {
            return Ok(short);
        }
        Err(Bug("a reducing loop outside a body: `outline` has not run".into()))
    }

    /// Skips what follows, up to the block that is returned, unless the loop runs.
    pub fn guarded(&mut self, count: Count) -> Result<ir::Block, Bug> {
        let (start, end) = (self.builder.create_block(), self.builder.create_block());
        let some = self.builder.ins().icmp(IntCC::SignedLessThan, count.lo, count.hi);
        self.builder.ins().brif(some, start, &[], end, &[]);
        self.start(start);
        Ok(end)
    }

    /// Every iteration finds its variables at the identity.
    pub fn start_iteration(&mut self, reductions: &[Reduction]) -> Result<(), Bug> {
        for &reduction in reductions {
            self.set_identity(reduction)?;
        }
        Ok(())
    }

    pub fn set_identity(&mut self, reduction: Reduction) -> Result<(), Bug> {
        let dtype = self.function.vars[reduction.var].dtype;
        let identity = self.constant(reduction.op.identity(dtype))?;
        self.set(reduction.var, identity);
        self.fresh.push(reduction);
        Ok(())
    }

    fn clear_accumulators(&mut self, loop_: &For, slots: &[StackSlot]) -> Result<(), Bug> {
        for (reduction, &slot) in loop_.reductions.iter().zip(slots) {
            let dtype = self.function.vars[reduction.var].dtype;
            let identity = self.constant(reduction.op.identity(dtype))?;
            let slots = self.builder.ins().stack_addr(types::I64, slot, 0);
            for k in 0..=ACCUMULATORS {
                self.store_slot(dtype, identity, slots, k as usize);
            }
        }
        Ok(())
    }

    /// The end of an iteration: its contributions go where they belong, and after the last whole group of eight the
    /// accumulators become the running total.
    fn accumulate(
        &mut self,
        loop_: &For,
        slots: &[StackSlot],
        count: Count,
        boundary: Value,
        index: Value,
    ) -> Result<(), Bug> {
        let k = self.builder.ins().isub(index, count.lo);
        let k = self.builder.ins().band_imm_u(k, ACCUMULATORS - 1);
        let grouped = self.builder.ins().icmp(IntCC::SignedLessThan, index, boundary);
        let running = self.i64(ACCUMULATORS);
        let k = self.builder.ins().select(grouped, k, running);
        let offset = self.builder.ins().ishl_imm_u(k, 3);
        for (&reduction, &slot) in loop_.reductions.iter().zip(slots) {
            let dtype = self.function.vars[reduction.var].dtype;
            let contribution = self.get(reduction.var);
            let base = self.builder.ins().stack_addr(types::I64, slot, 0);
            let address = self.builder.ins().iadd(base, offset);
            let ty = super::clif_type(dtype)?;
            let before = self.builder.ins().load(ty, MemFlagsData::trusted(), address, 0);
            let after = self.combine(reduction.op, dtype, before, contribution)?;
            self.builder.ins().store(MemFlagsData::trusted(), after, address, 0);
        }
        self.at_boundary(loop_, slots, boundary, index)
    }

    fn at_boundary(
        &mut self,
        loop_: &For,
        slots: &[StackSlot],
        boundary: Value,
        index: Value,
    ) -> Result<(), Bug> {
        let (combine, next) = (self.cold_block(), self.builder.create_block());
        let following = self.builder.ins().iadd_imm_s(index, 1);
        let reached = self.builder.ins().icmp(IntCC::Equal, following, boundary);
        self.builder.ins().brif(reached, combine, &[], next, &[]);
        self.start(combine);
        for (&reduction, &slot) in loop_.reductions.iter().zip(slots) {
            let dtype = self.function.vars[reduction.var].dtype;
            let base = self.builder.ins().stack_addr(types::I64, slot, 0);
            let mut values = vec![];
            for k in 0..ACCUMULATORS as usize {
                values.push(self.load_slot(dtype, base, k)?);
            }
            let total = self.combine_eight(reduction, &values)?;
            self.store_slot(dtype, total, base, ACCUMULATORS as usize);
        }
        self.builder.ins().jump(next, &[]);
        self.start(next);
        Ok(())
    }

    /// `left ∘= right` over the partials of this body.
    fn combine_partials(&mut self, left: Value, right: Value) -> Result<(), Bug> {
        for (slot, &Reduction { var, op }) in partials(self.function).iter().enumerate() {
            let dtype = self.function.vars[var].dtype;
            let (a, b) = (self.load_slot(dtype, left, slot)?, self.load_slot(dtype, right, slot)?);
            let result = self.combine(op, dtype, a, b)?;
            self.store_slot(dtype, result, left, slot);
        }
        Ok(())
    }

    /// `((r0∘r1)∘(r2∘r3))∘((r4∘r5)∘(r6∘r7))`.
    fn combine_eight(&mut self, reduction: Reduction, values: &[Value]) -> Result<Value, Bug> {
        let dtype = self.function.vars[reduction.var].dtype;
        let mut level = values.to_vec();
        while level.len() > 1 {
            let pairs = level.chunks(2).map(|pair| self.combine(reduction.op, dtype, pair[0], pair[1]));
            level = pairs.collect::<Result<_, _>>()?;
        }
        Ok(level[0])
    }
}

/// Emits `left ∘= right` over the partials of a body.
pub(super) fn build_combine(
    module: &loops::Module,
    func: loops::Func,
    target: &Target,
    into: &mut ir::Function,
    builder_context: &mut FunctionBuilderContext,
) -> Result<(), Bug> {
    function::build_with(module, func, target, into, builder_context, |emitter, params| {
        emitter.combine_partials(params[0], params[1])?;
        emitter.builder.ins().return_(&[]);
        Ok(())
    })
}

/// Bool accumulators are bytes of their slots, written whole.
const _: () = assert!(cfg!(target_endian = "little"), "slots are read from their low end");
