//! Loops in lanes, whole: groups of lanes, then what remains one by one.
//!
//! ```text
//!          if lo < hi:
//!              if the range holds a whole group:
//!                  for each group: body in registers                                      (`group`)
//!              for each remaining iteration: body                                         (scalar code)
//! ```
//!
//! A loop that reduces goes down the tree of `base::tree` (`reduce`), and this is a leaf:
//!
//! ```text
//!          if the leaf holds a whole group:
//!              for each group: body in registers; accumulators ∘= contributions
//!              total = the accumulators combined as `base::tree` says
//!          for each remaining iteration: body, total ∘= contribution                      (scalar code)
//! ```
//!
//! Two leaves at a time, their groups taking turns, would hide the latency of additions where it is four cycles; but memory is then read at two
//! places that both end after a kilobyte, and sums of data in memory took twice as long (Zen 5). The processor looks ahead into the next
//! leaf by itself.
//!
//! What a body may contain is the contract of [`crate::loops::lanes`]; anything else is a [`Bug`].

use super::Bug;
use super::control::Count;
use super::function::Emitter;
use super::group::Group;
use super::registers::{Registers, Slots};
use crate::base::tree;
use crate::loops::lanes::Plan;
use crate::loops::{For, Reduction};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value, types};
use cranelift_frontend::Variable;

/// By reduction and unit.
type Accumulators = Vec<Vec<Slots>>;

impl<'a> Emitter<'a> {
    pub fn lanes_loop(&mut self, loop_: &'a For, lanes: u32) -> Result<(), Bug> {
        if !self.target.has_vectors {
            return self.one_by_one(loop_);
        }
        let plan = Plan::new(self.function, loop_, &|value| self.known(value).map(|scalar| scalar.as_i64()));
        let plan = plan.map_err(|reason| Bug(format!("lanes: {reason}")))?;
        self.fresh.clear();
        let mut group = Group::new(self, &plan, lanes)?;
        if loop_.reductions.is_empty() {
            return self.map_in_lanes(loop_, &mut group);
        }
        if lanes as usize != tree::ACCUMULATORS {
            return Err(Bug(format!("a reduction in {lanes} lanes")));
        }
        self.reduce(loop_, &mut |emitter, lo, hi| emitter.leaf_in_lanes(loop_, &mut group, (lo, hi)))
    }

    fn one_by_one(&mut self, loop_: &'a For) -> Result<(), Bug> {
        if loop_.reductions.is_empty() {
            return self.plain_loop(loop_);
        }
        self.reducing_loop(loop_)
    }

    fn map_in_lanes(&mut self, loop_: &'a For, group: &mut Group) -> Result<(), Bug> {
        let count = self.count(loop_)?;
        let end = self.guarded(count)?;
        let middle = self.if_groups(group, count, &mut |emitter, group, count| {
            emitter.groups(loop_, group, count, &vec![])
        })?;
        let rest = Count { lo: middle, ..count };
        self.counted(rest, &mut |emitter| emitter.block(&loop_.body), &mut |_, _| Ok(()))?;
        self.builder.ins().jump(end, &[]);
        self.start(end);
        Ok(())
    }

    /// The totals of a leaf, which is not empty.
    fn leaf_in_lanes(
        &mut self,
        loop_: &'a For,
        group: &mut Group,
        (lo, hi): (Value, Value),
    ) -> Result<Vec<Value>, Bug> {
        let count = Count { lo, hi, ..self.count(loop_)? };
        let running = self.running(loop_)?;
        let middle = self.if_groups(group, count, &mut |emitter, group, count| {
            let accumulators = group.accumulators(emitter, &loop_.reductions)?;
            emitter.groups(loop_, group, count, &accumulators)?;
            emitter.combine_lanes(group, loop_, &accumulators, &running)
        })?;
        self.remainder(loop_, Count { lo: middle, ..count }, &running)?;
        Ok(running.into_iter().map(|running| self.builder.use_var(running)).collect())
    }

    /// Emits what is done to the whole groups of a range, if there are any, and returns where they end.
    fn if_groups(
        &mut self,
        group: &mut Group,
        count: Count,
        then: &mut dyn FnMut(&mut Self, &mut Group, Count) -> Result<(), Bug>,
    ) -> Result<Value, Bug> {
        let length = self.builder.ins().isub(count.hi, count.lo);
        let whole = self.builder.ins().band_imm_s(length, -(group.lanes() as i64));
        let middle = self.builder.ins().iadd(count.lo, whole);
        let (vectors, rest) = (self.builder.create_block(), self.builder.create_block());
        self.builder.ins().brif(whole, vectors, &[], rest, &[]);
        self.start(vectors);
        then(self, group, Count { hi: middle, ..count })?;
        self.builder.ins().jump(rest, &[]);
        self.start(rest);
        Ok(middle)
    }

    /// A running total for each reduction, at the identity.
    fn running(&mut self, loop_: &For) -> Result<Vec<Variable>, Bug> {
        let mut running = vec![];
        for &Reduction { var, op } in &loop_.reductions {
            let dtype = self.function.vars[var].dtype;
            let variable = self.builder.declare_var(super::clif_type(dtype)?);
            let identity = self.constant(op.identity(dtype))?;
            self.builder.def_var(variable, identity);
            running.push(variable);
        }
        Ok(running)
    }

    /// The whole groups: at least one.
    fn groups(
        &mut self,
        loop_: &'a For,
        group: &mut Group,
        count: Count,
        accumulators: &Accumulators,
    ) -> Result<(), Bug> {
        let (start, done) = (self.builder.create_block(), self.builder.create_block());
        let index = self.builder.append_block_param(start, types::I64);
        self.builder.ins().jump(start, &[BlockArg::from(count.lo)]);
        self.builder.switch_to_block(start);
        self.define(count.index, index);
        group.iteration(self, loop_, accumulators)?;

        let next = self.builder.ins().iadd_imm_s(index, group.lanes() as i64);
        let more = self.builder.ins().icmp(IntCC::SignedLessThan, next, count.hi);
        self.builder.ins().brif(more, start, &[next.into()], done, &[]);
        self.builder.seal_block(start);
        self.start(done);
        self.fresh.clear();
        Ok(())
    }

    /// What is left after the last whole group of lanes, left to right.
    fn remainder(&mut self, loop_: &'a For, count: Count, running: &[Variable]) -> Result<(), Bug> {
        self.counted(
            count,
            &mut |emitter| {
                emitter.start_iteration(&loop_.reductions)?;
                emitter.block(&loop_.body)
            },
            &mut |emitter, _| {
                for (reduction, &running) in loop_.reductions.iter().zip(running) {
                    let dtype = emitter.function.vars[reduction.var].dtype;
                    let contribution = emitter.get(reduction.var);
                    let before = emitter.builder.use_var(running);
                    let after = emitter.combine(reduction.op, dtype, before, contribution)?;
                    emitter.builder.def_var(running, after);
                }
                Ok(())
            },
        )?;
        Ok(())
    }

    /// `((r0∘r1)∘(r2∘r3))∘((r4∘r5)∘(r6∘r7))` of each reduction: neighbours are combined in registers until two lanes are left.
    fn combine_lanes(
        &mut self,
        group: &mut Group,
        loop_: &For,
        accumulators: &Accumulators,
        totals: &[Variable],
    ) -> Result<(), Bug> {
        for ((&Reduction { var, op }, &total), units) in loop_.reductions.iter().zip(totals).zip(accumulators)
        {
            let dtype = self.function.vars[var].dtype;
            let mut level: Vec<Value> = vec![];
            for unit in units {
                level.extend(unit.get(self).values());
            }
            let mut lanes = tree::ACCUMULATORS;
            while lanes > 2 {
                let mut next = vec![];
                for pair in level.chunks(2) {
                    let (even, odd) = self.even_and_odd(pair[0], pair[pair.len() - 1]);
                    next.push(group.combine(self, op.binary(), dtype, even, odd)?.values()[0]);
                }
                (level, lanes) = (next, lanes / 2);
            }
            let rest = Registers::one(level[0]);
            let (left, right) = (rest.extract(self, dtype, 0), rest.extract(self, dtype, 1));
            let combined = self.combine(op, dtype, left, right)?;
            self.builder.def_var(total, combined);
        }
        Ok(())
    }

    /// The lanes of two registers with even numbers, and those with odd ones.
    fn even_and_odd(&mut self, a: Value, b: Value) -> (Registers, Registers) {
        const WORDS: [[u8; 16]; 2] = [
            [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27],
            [4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31],
        ];
        const PAIRS: [[u8; 16]; 2] = [
            [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23],
            [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31],
        ];
        let ty = self.builder.func.dfg.value_type(a);
        let (a, b) = (self.bitcast(types::I8X16, a), self.bitcast(types::I8X16, b));
        let orders = if ty.lane_count() == 2 { PAIRS } else { WORDS };
        let [even, odd] = orders.map(|order| {
            let lanes = self.shuffle(a, b, order);
            Registers::one(self.bitcast(ty, lanes))
        });
        (even, odd)
    }
}
