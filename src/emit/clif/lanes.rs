//! Loops in lanes, whole: groups of lanes, then what remains one by one.
//!
//! ```text
//!          if lo < hi:
//!              if the range holds a whole group:
//!                  for each group: body in registers; accumulators ∘= contributions        (`group`)
//!                  total = the accumulators combined as `base::tree` says
//!              for each remaining iteration: body, total ∘= contribution                   (scalar code)
//!              variable = initial ∘ total
//! ```
//!
//! What a body may contain is the contract of [`crate::loops::lanes`]; anything else is a [`Bug`].

use super::Bug;
use super::control::Count;
use super::function::Emitter;
use super::group::Group;
use super::registers::Registers;
use crate::base::tree;
use crate::loops::lanes::Plan;
use crate::loops::{For, Reduction};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, types};
use cranelift_frontend::Variable;

impl<'a> Emitter<'a> {
    pub fn lanes_loop(&mut self, loop_: &'a For, lanes: u32) -> Result<(), Bug> {
        if !self.target.has_vectors {
            return self.one_by_one(loop_);
        }
        let plan = Plan::new(self.function, loop_, &|value| self.known(value).map(|scalar| scalar.as_i64()));
        let plan = plan.map_err(|reason| Bug(format!("lanes: {reason}")))?;
        if !loop_.reductions.is_empty() {
            self.check_leaf(loop_)?;
            if lanes as usize != tree::ACCUMULATORS {
                return Err(Bug(format!("a reduction in {lanes} lanes")));
            }
        }
        self.fresh.clear();
        let count = self.count(loop_)?;
        let initial = self.initial(loop_);
        let end = self.guarded(count)?;
        let running = self.running(loop_)?;
        let length = self.builder.ins().isub(count.hi, count.lo);
        let whole = self.builder.ins().band_imm_s(length, -(lanes as i64));
        let middle = self.builder.ins().iadd(count.lo, whole);

        let (vectors, rest) = (self.builder.create_block(), self.builder.create_block());
        self.builder.ins().brif(whole, vectors, &[], rest, &[]);
        self.builder.seal_block(vectors);
        self.builder.switch_to_block(vectors);
        self.groups(loop_, &plan, lanes, Count { hi: middle, ..count }, &running)?;
        self.builder.ins().jump(rest, &[]);
        self.builder.seal_block(rest);
        self.builder.switch_to_block(rest);

        self.remainder(loop_, Count { lo: middle, ..count }, &running)?;
        for ((reduction, &running), initial) in loop_.reductions.iter().zip(&running).zip(initial) {
            let dtype = self.function.vars[reduction.var].dtype;
            let total = self.builder.use_var(running);
            let result = self.combine(reduction.op, dtype, initial, total)?;
            self.set(reduction.var, result);
        }
        self.join(end);
        Ok(())
    }

    fn one_by_one(&mut self, loop_: &'a For) -> Result<(), Bug> {
        if loop_.reductions.is_empty() {
            return self.plain_loop(loop_);
        }
        self.reducing_loop(loop_)
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

    /// The whole groups: at least one.
    fn groups(
        &mut self,
        loop_: &'a For,
        plan: &Plan,
        lanes: u32,
        count: Count,
        running: &[Variable],
    ) -> Result<(), Bug> {
        let mut group = Group::new(self, plan, lanes)?;
        let accumulators = group.accumulators(self, &loop_.reductions)?;
        let start = self.builder.create_block();
        let index = self.builder.append_block_param(start, types::I64);
        self.builder.ins().jump(start, &[BlockArg::from(count.lo)]);
        self.builder.switch_to_block(start);
        self.define(count.index, index);
        group.iteration(self, loop_, &accumulators)?;

        let next = self.builder.ins().iadd_imm_s(index, lanes as i64);
        let more = self.builder.ins().icmp(IntCC::SignedLessThan, next, count.hi);
        let done = self.builder.create_block();
        self.builder.ins().brif(more, start, &[next.into()], done, &[]);
        self.builder.seal_block(start);
        self.builder.seal_block(done);
        self.builder.switch_to_block(done);
        self.fresh.clear();
        for ((&reduction, &running), units) in loop_.reductions.iter().zip(running).zip(&accumulators) {
            let mut lanes = vec![];
            for unit in units {
                let registers = unit.get(self);
                lanes.extend(self.lanes_of(reduction, registers));
            }
            let total = self.combine_eight(reduction, &lanes)?;
            self.builder.def_var(running, total);
        }
        Ok(())
    }

    fn lanes_of(&mut self, reduction: Reduction, registers: Registers) -> Vec<cranelift_codegen::ir::Value> {
        let dtype = self.function.vars[reduction.var].dtype;
        let count = registers.lanes(self);
        (0..count).map(|lane| registers.extract(self, dtype, lane)).collect()
    }
}
