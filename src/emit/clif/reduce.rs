//! Reductions: the leaves of the tree of `base::tree`, and the functions that combine them.
//!
//! A leaf runs one copy of the loop's body. Eight accumulators lie in memory, with a ninth slot behind them for the
//! running total: the first `n - n % 8` iterations add to accumulator `k % 8`, then the accumulators are combined into
//! the running total, to which the remaining iterations add. Everything starts from the identity, which changes no bit.
//!
//! A body that is asked for more than a leaf calls itself for the two halves, so its loop sees a leaf at most. A reducing loop
//! elsewhere must have a constant trip count within that, or `outline` has not run.

use super::control::{Count, Left};
use super::function::{self, Emitter};
use super::{Bug, Target, partials, signature};
use crate::base::abi::status;
use crate::base::tree;
use crate::loops::{self, For, Reduction, Role};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, StackSlot, Value, types};
use cranelift_entity::EntityRef;
use cranelift_frontend::FunctionBuilderContext;

const ACCUMULATORS: i64 = tree::ACCUMULATORS as i64;

impl<'a> Emitter<'a> {
    /// A range longer than a leaf: both parts by themselves, then `partials ∘= those of the right part`.
    pub fn halve(&mut self, params: &[Value]) -> Result<(), Bug> {
        let reductions = partials(self.function);
        let [context, env, begin, end, left] = *params else { return Ok(()) };
        if reductions.is_empty() {
            return Ok(());
        }
        let (split, leaf) = (self.builder.create_block(), self.builder.create_block());
        let length = self.builder.ins().isub(end, begin);
        let long = self.builder.ins().icmp_imm_s(IntCC::SignedGreaterThan, length, tree::LEAF as i64);
        self.builder.ins().brif(long, split, &[], leaf, &[]);
        self.builder.seal_block(split);
        self.builder.switch_to_block(split);
        self.poll()?;
        let half = self.builder.ins().sshr_imm_u(length, 1);
        let half = self.builder.ins().band_imm_s(half, -ACCUMULATORS);
        let middle = self.builder.ins().iadd(begin, half);
        let right = self.stack_slot(8 * reductions.len() as u32);
        let right = self.builder.ins().stack_addr(types::I64, right, 0);
        let itself = self.callee(self.func.index(), signature(self.target, &self.function.role));
        for arguments in [[context, env, begin, middle, left], [context, env, middle, end, right]] {
            let inst = self.builder.ins().call(itself, &arguments);
            let status = self.builder.inst_results(inst)[0];
            self.propagate(status);
        }
        self.combine_partials(left, right)?;
        let ok = self.builder.ins().iconst(types::I32, status::OK as i64);
        self.builder.ins().return_(&[ok]);
        self.builder.seal_block(leaf);
        self.builder.switch_to_block(leaf);
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
        if body || trip.is_some_and(|trip| trip <= tree::LEAF as i64) {
            return Ok(());
        }
        Err(Bug("a reducing loop outside a body: `outline` has not run".into()))
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
        emitter.combine_partials(params[0], params[1])?;
        emitter.builder.ins().return_(&[]);
        Ok(())
    })
}

/// Bool accumulators are bytes of their slots, written whole.
const _: () = assert!(cfg!(target_endian = "little"), "slots are read from their low end");
