//! Reductions: the leaves of the tree of `base::tree`, and the functions that combine them.
//!
//! A leaf runs one copy of the loop's body. Eight accumulators lie in memory, with a ninth slot behind them for the
//! running total: the first `n - n % 8` iterations add to accumulator `k % 8`, then the accumulators are combined into
//! the running total, to which the remaining iterations add. Everything starts from the identity, which changes no bit.
//!
//! The runtime asks for at most `tree::LEAF` iterations at once, so a leaf is all a body ever is. A reducing loop
//! elsewhere must have a constant trip count within that or end at `min(…, lo + LEAF)`, or `outline` has not run.

use super::control::{Count, Left};
use super::function::{self, Emitter};
use super::{Bug, Target, partials};
use crate::base::{Binary, Scalar, tree};
use crate::loops::visit::walk;
use crate::loops::{self, For, Op, Reduction, Role, Stmt};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, StackSlot, Value, types};
use cranelift_frontend::FunctionBuilderContext;
use std::collections::HashMap;

const ACCUMULATORS: i64 = tree::ACCUMULATORS as i64;

impl<'a> Emitter<'a> {
    pub fn reducing_loop(&mut self, loop_: &'a For) -> Result<(), Bug> {
        self.check_leaf(loop_)?;
        let count = self.count(loop_)?;
        let initial = self.initial(loop_);
        let slots: Vec<StackSlot> =
            loop_.reductions.iter().map(|_| self.stack_slot(8 * (ACCUMULATORS as u32 + 1))).collect();
        self.clear_accumulators(loop_, &slots)?;
        let length = self.builder.ins().isub(count.hi, count.lo);
        let whole = self.builder.ins().band_imm_s(length, -ACCUMULATORS);
        let boundary = self.builder.ins().iadd(count.lo, whole);

        let started = self.guarded(count)?;
        let left = self.counted(
            count,
            &mut |emitter| {
                emitter.start_iteration(&loop_.reductions)?;
                emitter.block(&loop_.body)
            },
            &mut |emitter, index| emitter.accumulate(loop_, &slots, count, boundary, index),
        )?;
        if left == Left(true) {
            return Err(Bug("a break out of a reducing loop".into()));
        }
        for (k, (reduction, &slot)) in loop_.reductions.iter().zip(&slots).enumerate() {
            let dtype = self.function.vars[reduction.var].dtype;
            let total = self.builder.ins().stack_addr(types::I64, slot, 8 * ACCUMULATORS as i32);
            let total = self.load_slot(dtype, total, 0)?;
            let result = self.combine(reduction.op, dtype, initial[k], total)?;
            self.set(reduction.var, result);
        }
        self.join(started);
        Ok(())
    }

    pub fn check_leaf(&self, loop_: &For) -> Result<(), Bug> {
        let body = matches!(&self.function.role, Role::Body { partials, .. } if !partials.is_empty());
        let trip = match (self.known(loop_.lo), self.known(loop_.hi)) {
            (Some(lo), Some(hi)) => hi.as_i64().checked_sub(lo.as_i64()),
            _ => None,
        };
        if body || trip.is_some_and(|trip| trip <= tree::LEAF as i64) || self.is_capped(loop_) {
            return Ok(());
        }
        Err(Bug("a reducing loop outside a body: `outline` has not run".into()))
    }

    /// Whether the loop ends at the minimum of something and `lo + LEAF`, or before.
    fn is_capped(&self, loop_: &For) -> bool {
        let mut definitions = HashMap::new();
        walk(&self.function.body, &mut |stmt| {
            if let Stmt::Let(value, op) = stmt {
                definitions.insert(*value, op.clone());
            }
        });
        let Some(Op::Binary(Binary::Min, _, cap)) = definitions.get(&loop_.hi) else { return false };
        let Some(Op::Binary(Binary::Add, start, leaf)) = definitions.get(cap) else { return false };
        let fits = |leaf: Scalar| (0..=tree::LEAF as i64).contains(&leaf.as_i64());
        *start == loop_.lo && self.known(*leaf).is_some_and(fits)
    }

    /// The reduction variables as the loop finds them.
    pub fn initial(&mut self, loop_: &For) -> Vec<Value> {
        loop_.reductions.iter().map(|reduction| self.get(reduction.var)).collect()
    }

    /// Skips what follows, up to [`Emitter::join`], unless the loop runs.
    pub fn guarded(&mut self, count: Count) -> Result<ir::Block, Bug> {
        let (start, end) = (self.builder.create_block(), self.builder.create_block());
        let some = self.builder.ins().icmp(IntCC::SignedLessThan, count.lo, count.hi);
        self.builder.ins().brif(some, start, &[], end, &[]);
        self.builder.seal_block(start);
        self.builder.switch_to_block(start);
        Ok(end)
    }

    pub fn join(&mut self, end: ir::Block) {
        self.builder.ins().jump(end, &[]);
        self.builder.seal_block(end);
        self.builder.switch_to_block(end);
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
        self.builder.seal_block(combine);
        self.builder.switch_to_block(combine);
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
        self.builder.seal_block(next);
        self.builder.switch_to_block(next);
        Ok(())
    }

    /// `((r0∘r1)∘(r2∘r3))∘((r4∘r5)∘(r6∘r7))`.
    pub fn combine_eight(&mut self, reduction: Reduction, values: &[Value]) -> Result<Value, Bug> {
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
        for (slot, &Reduction { var, op }) in partials(emitter.function).iter().enumerate() {
            let dtype = emitter.function.vars[var].dtype;
            let left = emitter.load_slot(dtype, params[0], slot)?;
            let right = emitter.load_slot(dtype, params[1], slot)?;
            let result = emitter.combine(op, dtype, left, right)?;
            emitter.store_slot(dtype, result, params[0], slot);
        }
        emitter.builder.ins().return_(&[]);
        Ok(())
    })
}

/// Bool accumulators are bytes of their slots, written whole.
const _: () = assert!(cfg!(target_endian = "little"), "slots are read from their low end");
