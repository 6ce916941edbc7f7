//! Branches, loops, `break` and `continue`.

use super::Bug;
use super::function::{Emitter, Fact, Flow, Targets};
use crate::loops::visit::never_ends;
use crate::loops::{self, For, If, Label, Mode, While};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, Value, types};

/// The loop that [`Emitter::counted`] emits around a body.
#[derive(Clone, Copy)]
pub struct Count {
    pub label: Label,
    pub index: loops::Value,
    pub lo: Value,
    pub hi: Value,
}

/// Whether a `break` leaves the loop.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Left(pub bool);

/// How the statements of a nested block are emitted: as scalar code or in lanes.
pub type Walk<'w, 'a> = dyn FnMut(&mut Emitter<'a>, &'a loops::Block) -> Result<Flow, Bug> + 'w;

impl<'a> Emitter<'a> {
    pub fn branch(&mut self, branch: &'a If, walk: &mut Walk<'_, 'a>) -> Result<Flow, Bug> {
        let then = self.builder.create_block();
        let join = self.builder.create_block();
        let otherwise = if branch.otherwise.is_empty() { join } else { self.builder.create_block() };
        let leaves = otherwise != join && never_ends(&branch.otherwise);
        self.decide(branch.condition, then, otherwise, leaves)?;
        let mut reached = self.arm(then, &branch.then, join, walk)? == Flow::Next;
        if otherwise == join {
            reached = true;
        } else {
            reached |= self.arm(otherwise, &branch.otherwise, join, walk)? == Flow::Next;
        }
        if !reached {
            return Ok(Flow::Left);
        }
        self.builder.seal_block(join);
        self.builder.switch_to_block(join);
        Ok(Flow::Next)
    }

    /// Goes to `then` if the condition holds, else to `otherwise`, which may be a way out. `and` and `or` are two branches: to put two
    /// comparisons of floats together takes longer than both.
    fn decide(
        &mut self,
        condition: loops::Value,
        then: ir::Block,
        otherwise: ir::Block,
        leaves: bool,
    ) -> Result<(), Bug> {
        match self.facts[condition] {
            Fact::Both(a, b) => {
                let second = self.builder.create_block();
                self.decide(a, second, otherwise, leaves)?;
                self.start(second);
                self.decide(b, then, otherwise, leaves)?;
            }
            Fact::Either(a, b) => {
                let second = self.builder.create_block();
                self.decide(a, then, second, false)?;
                self.start(second);
                self.decide(b, then, otherwise, leaves)?;
            }
            Fact::Nothing | Fact::Constant(_) | Fact::Offset(..) | Fact::Identity(_) => {
                let condition = self.value(condition)?;
                match leaves {
                    true => self.stay_if(condition, then, otherwise),
                    false => {
                        self.builder.ins().brif(condition, then, &[], otherwise, &[]);
                    }
                }
            }
        }
        Ok(())
    }

    /// Goes to `inside` if the condition holds, else to `outside`, which may be a way out of loops.
    ///
    /// Cranelift (0.135) visits the second target of a branch first, and when it has left a loop it forgets that it was in one: what it
    /// visits later is computed anew in each iteration. So ways out must be first targets.
    pub fn stay_if(&mut self, condition: Value, inside: ir::Block, outside: ir::Block) {
        let out = self.builder.ins().icmp_imm_u(IntCC::Equal, condition, 0);
        self.builder.ins().brif(out, outside, &[], inside, &[]);
    }

    fn arm(
        &mut self,
        block: ir::Block,
        body: &'a loops::Block,
        join: ir::Block,
        walk: &mut Walk<'_, 'a>,
    ) -> Result<Flow, Bug> {
        self.builder.seal_block(block);
        self.builder.switch_to_block(block);
        let flow = walk(self, body)?;
        if flow == Flow::Next {
            self.builder.ins().jump(join, &[]);
        }
        Ok(flow)
    }

    pub fn for_loop(&mut self, loop_: &'a For) -> Result<(), Bug> {
        match loop_.mode {
            Mode::Serial | Mode::Parallel { .. } if loop_.reductions.is_empty() => self.plain_loop(loop_),
            Mode::Serial | Mode::Parallel { .. } => self.reducing_loop(loop_),
            Mode::Lanes(lanes) => self.lanes_loop(loop_, lanes),
            Mode::Marked => Err(Bug("a marked loop: `classify` has not run".into())),
        }
    }

    pub fn plain_loop(&mut self, loop_: &'a For) -> Result<(), Bug> {
        let count = self.count(loop_)?;
        self.counted(count, &mut |emitter| emitter.block(&loop_.body), &mut |_, _| Ok(()))?;
        Ok(())
    }

    pub fn count(&self, loop_: &For) -> Result<Count, Bug> {
        let (lo, hi) = (self.value(loop_.lo)?, self.value(loop_.hi)?);
        Ok(Count { label: loop_.label, index: loop_.index, lo, hi })
    }

    /// A loop tested at its end behind a guard: one branch per iteration. `latch` is emitted where iterations end, also
    /// those that `continue`.
    pub fn counted(
        &mut self,
        count: Count,
        body: &mut dyn FnMut(&mut Self) -> Result<Flow, Bug>,
        latch: &mut dyn FnMut(&mut Self, Value) -> Result<(), Bug>,
    ) -> Result<Left, Bug> {
        let start = self.builder.create_block();
        let end = self.builder.create_block();
        let exit = self.builder.create_block();
        let index = self.builder.append_block_param(start, types::I64);
        let some = self.builder.ins().icmp(IntCC::SignedLessThan, count.lo, count.hi);
        self.builder.ins().brif(some, start, &[count.lo.into()], exit, &[]);

        self.builder.switch_to_block(start);
        self.define(count.index, index);
        self.fresh.clear();
        let targets = Targets { leave: exit, again: Some(end), left: false, continued: false };
        self.labels[count.label] = Some(targets);
        let flow = body(self)?;
        if flow == Flow::Next {
            self.builder.ins().jump(end, &[]);
        }
        let targets = self.labels[count.label].take().unwrap_or(targets);
        if flow == Flow::Next || targets.continued {
            self.builder.seal_block(end);
            self.builder.switch_to_block(end);
            latch(self, index)?;
            let next = self.builder.ins().iadd_imm_s(index, 1);
            let more = self.builder.ins().icmp(IntCC::SignedLessThan, next, count.hi);
            self.builder.ins().brif(more, start, &[next.into()], exit, &[]);
        }
        self.builder.seal_block(start);
        self.builder.seal_block(exit);
        self.builder.switch_to_block(exit);
        self.fresh.clear();
        Ok(Left(targets.left))
    }

    pub fn while_loop(&mut self, loop_: &'a While, walk: &mut Walk<'_, 'a>) -> Result<Flow, Bug> {
        let header = self.builder.create_block();
        let body = self.builder.create_block();
        let exit = self.builder.create_block();
        self.builder.ins().jump(header, &[]);
        self.builder.switch_to_block(header);
        self.fresh.clear();
        let targets = Targets { leave: exit, again: Some(header), left: false, continued: false };
        self.labels[loop_.label] = Some(targets);
        let tested = walk(self, &loop_.header)? == Flow::Next;
        if tested {
            let condition = self.value(loop_.condition)?;
            self.stay_if(condition, body, exit);
            self.arm(body, &loop_.body, header, walk)?;
        }
        self.builder.seal_block(header);
        let left = self.labels[loop_.label].take().is_some_and(|targets| targets.left);
        Ok(self.land(exit, tested || left))
    }

    pub fn scope(
        &mut self,
        label: Label,
        body: &'a loops::Block,
        walk: &mut Walk<'_, 'a>,
    ) -> Result<Flow, Bug> {
        let exit = self.builder.create_block();
        self.labels[label] = Some(Targets { leave: exit, again: None, left: false, continued: false });
        let flow = walk(self, body)?;
        if flow == Flow::Next {
            self.builder.ins().jump(exit, &[]);
        }
        let left = self.labels[label].take().is_some_and(|targets| targets.left);
        Ok(self.land(exit, flow == Flow::Next || left))
    }

    /// Goes on at `block` if something jumps there.
    fn land(&mut self, block: ir::Block, reached: bool) -> Flow {
        self.fresh.clear();
        if !reached {
            return Flow::Left;
        }
        self.builder.seal_block(block);
        self.builder.switch_to_block(block);
        Flow::Next
    }

    pub fn jump_out(&mut self, label: Label) -> Result<Flow, Bug> {
        let targets = self.labels[label].as_mut().ok_or_else(|| unknown(label))?;
        targets.left = true;
        let leave = targets.leave;
        self.builder.ins().jump(leave, &[]);
        Ok(Flow::Left)
    }

    pub fn jump_back(&mut self, label: Label) -> Result<Flow, Bug> {
        let targets = self.labels[label].as_mut().ok_or_else(|| unknown(label))?;
        targets.continued = true;
        let again = targets.again.ok_or_else(|| Bug(format!("continue of the scope {label}")))?;
        self.builder.ins().jump(again, &[]);
        Ok(Flow::Left)
    }
}

fn unknown(label: Label) -> Bug {
    Bug(format!("no loop around this has the label {label}"))
}
