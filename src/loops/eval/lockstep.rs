//! Loops in lanes: each statement for all lanes of a group before the next.
//!
//! Strict about what such a body may hold (see [`Mode::Lanes`]): control that should be the same in all lanes is checked to be, by its values
//! and by where they come from, and every lane's loads and stores are checked whether the lane needs them or not.

use super::*;
use crate::loops::lanes::{Plan, Shape};
use std::collections::HashMap;

struct Group<'g, 'a> {
    lanes: Vec<Frame<'a>>,
    /// What emitters go by; here it is checked.
    plan: &'g Plan,
}

impl<'a> Machine<'a> {
    /// Groups of `lanes` iterations; what remains runs one by one.
    pub(super) fn lanes(&mut self, frame: &mut Frame<'a>, loop_: &'a For, lanes: u32) -> Result<Flow, Fault> {
        let mut reducing = Reducing::new(frame, &loop_.reductions);
        let (lo, hi) = (frame.int(loop_.lo), frame.int(loop_.hi));
        let constants = constants(frame.function);
        let plan = Plan::new(frame.function, loop_, &|value| constants.get(&value).copied());
        let plan =
            plan.unwrap_or_else(|reason| panic!("{} has a loop in lanes: {reason}", frame.function.name));
        let mut index = lo;
        while index < hi {
            let count = if hi - index >= lanes as i64 { lanes as i64 } else { 1 };
            let mut group = Group::new(frame, loop_, &reducing, &plan, (index, count));
            let flow = group.block(self, &loop_.body)?;
            assert!(flow == Flow::Next || flow == Flow::Continue(loop_.label), "{flow:?} leaves lanes");
            group.lanes.iter().for_each(|lane| reducing.finish(lane));
            index += count;
        }
        reducing.combine(frame);
        Ok(Flow::Next)
    }
}

impl<'g, 'a> Group<'g, 'a> {
    fn new(
        frame: &Frame<'a>,
        loop_: &For,
        reducing: &Reducing,
        plan: &'g Plan,
        (index, count): (i64, i64),
    ) -> Group<'g, 'a> {
        let lane = |index: i64| {
            let mut lane = frame.clone();
            lane.set(loop_.index, Scalar::i64(index));
            reducing.start(&mut lane);
            lane
        };
        Group { lanes: (index..index + count).map(lane).collect(), plan }
    }

    fn block(&mut self, machine: &mut Machine<'a>, block: &'a Block) -> Result<Flow, Fault> {
        for stmt in block {
            match self.stmt(machine, stmt)? {
                Flow::Next => {}
                flow @ (Flow::Break(_) | Flow::Continue(_) | Flow::Return(_)) => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    fn stmt(&mut self, machine: &mut Machine<'a>, stmt: &'a Stmt) -> Result<Flow, Fault> {
        machine.fuel = machine.fuel.checked_sub(1).expect("out of fuel: does the program end?");
        match stmt {
            Stmt::Let(value, op) => self.let_(machine, *value, op),
            Stmt::Set(var, value) => {
                if !self.plan.varies(*var) {
                    self.uniform(*value);
                }
                for lane in &mut self.lanes {
                    lane.vars[*var] = Some(lane.get(*value));
                }
            }
            Stmt::Store(store) => {
                for lane in &self.lanes {
                    let address = lane.element(store.array, &store.indices);
                    machine.memory.write(address, lane.get(store.value));
                }
            }
            Stmt::If(branch) if lanes::is_scalar_region(branch, self.plan) => self.region(machine, branch)?,
            Stmt::If(branch) => {
                let taken = self.uniform(branch.condition).truth();
                return self.block(machine, if taken { &branch.then } else { &branch.otherwise });
            }
            Stmt::For(loop_) => return self.for_(machine, loop_),
            Stmt::While(loop_) => return self.while_(machine, loop_),
            Stmt::Scope { label, body } => {
                let flow = self.block(machine, body)?;
                return Ok(if flow == Flow::Break(*label) { Flow::Next } else { flow });
            }
            Stmt::Break(label) => return Ok(Flow::Break(*label)),
            Stmt::Continue(label) => return Ok(Flow::Continue(*label)),
            Stmt::Check(check) => {
                let operands = match check.condition {
                    Condition::Bounds { index, extent } => vec![index, extent],
                    Condition::True(value) => vec![value],
                };
                operands.into_iter().for_each(|operand| {
                    self.uniform(operand);
                });
                machine.check(&self.lanes[0], check)?;
            }
            Stmt::Poll => {}
            Stmt::Nest(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. } => panic!("{stmt:?} in lanes"),
        }
        Ok(Flow::Next)
    }

    fn let_(&mut self, machine: &Machine<'a>, value: Value, op: &Op) {
        if let Op::Any(condition) = op {
            let any = self.lanes.iter().any(|lane| lane.get(*condition).truth());
            self.lanes.iter_mut().for_each(|lane| lane.set(value, Scalar::bool(any)));
            return;
        }
        for lane in &mut self.lanes {
            let scalar = machine.op(lane, value, op);
            lane.set(value, scalar);
        }
        self.check_shape(value);
    }

    fn check_shape(&self, value: Value) {
        let growth = match self.plan.shape(value) {
            Shape::Uniform => {
                self.uniform(value);
                return;
            }
            Shape::Linear(by) => by,
            Shape::Varying => return,
        };
        let first = self.lanes[0].int(value);
        for (lane, k) in self.lanes.iter().zip(0..) {
            let grown = first.wrapping_add(growth.wrapping_mul(k));
            assert_eq!(lane.int(value), grown, "{value} in lane {k}");
        }
    }

    /// What all lanes agree on.
    fn uniform(&self, value: Value) -> Scalar {
        let first = self.lanes[0].get(value);
        let name = &self.lanes[0].function.name;
        assert!(self.plan.shape(value) == Shape::Uniform, "{name}: {value} varies between lanes");
        let same = self.lanes.iter().all(|lane| lane.get(value) == first);
        assert!(same, "{name}: {value} is not the same in all lanes");
        first
    }

    /// One lane after the other, as scalar code.
    fn region(&mut self, machine: &mut Machine<'a>, branch: &'a If) -> Result<(), Fault> {
        for lane in &mut self.lanes {
            let taken = lane.get(branch.condition).truth();
            let flow = machine.block(lane, if taken { &branch.then } else { &branch.otherwise })?;
            assert_eq!(flow, Flow::Next, "a jump out of a region");
        }
        Ok(())
    }

    fn for_(&mut self, machine: &mut Machine<'a>, loop_: &'a For) -> Result<Flow, Fault> {
        let plain =
            loop_.mode == Mode::Serial && loop_.reductions.is_empty() && loop_.accumulators.is_empty();
        assert!(plain, "{loop_:?} in lanes");
        let (lo, hi) = (self.uniform(loop_.lo).as_i64(), self.uniform(loop_.hi).as_i64());
        for index in lo..hi {
            self.lanes.iter_mut().for_each(|lane| lane.set(loop_.index, Scalar::i64(index)));
            match self.block(machine, &loop_.body)? {
                Flow::Next => {}
                Flow::Continue(label) if label == loop_.label => {}
                Flow::Break(label) if label == loop_.label => break,
                flow @ (Flow::Break(_) | Flow::Continue(_) | Flow::Return(_)) => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    fn while_(&mut self, machine: &mut Machine<'a>, loop_: &'a While) -> Result<Flow, Fault> {
        loop {
            for block in [&loop_.header, &loop_.body] {
                match self.block(machine, block)? {
                    Flow::Next => {}
                    Flow::Continue(label) if label == loop_.label => break,
                    Flow::Break(label) if label == loop_.label => return Ok(Flow::Next),
                    flow @ (Flow::Break(_) | Flow::Continue(_) | Flow::Return(_)) => return Ok(flow),
                }
                if std::ptr::eq(block, &loop_.header) && !self.uniform(loop_.condition).truth() {
                    return Ok(Flow::Next);
                }
            }
        }
    }
}

fn constants(function: &Function) -> HashMap<Value, i64> {
    let mut constants = HashMap::new();
    visit::walk(&function.body, &mut |stmt| {
        if let Stmt::Let(value, Op::Const(scalar)) = stmt
            && scalar.dtype == Dtype::I64
        {
            constants.insert(*value, scalar.as_i64());
        }
    });
    constants
}
