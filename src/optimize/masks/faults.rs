//! Checks that lanes may fail.
//!
//! ```text
//! check c else site1(k)    →    bad = m & not c
//!                               if any(bad) { set which, bad ? 1 : get which; set slot, bad ? k : get slot; lanes leave }
//!                               …
//!                               (after the body)
//!                               if any(get which != 0) { if get which != 0 { if get which == 1 { fault site1(get slot) } } }
//! ```
//!
//! A lane that fails takes no part in the rest of the body. What the first such lane met first is what the program would have met: lanes
//! before it have finished their iterations without a fault, and those after it would not have begun. Where there are `while` loops, one of
//! those might never end: lanes after the first that fails then leave with it.

use super::super::vectorize::LANES;
use super::{Converter, Here};
use crate::base::{Binary, Compare, Dtype, Scalar};
use crate::loops::{Block, Check, Condition, Function, If, Op, Site, Stmt, Value, Var};

pub(super) struct Failures {
    /// Whether lanes after the first that fails leave.
    ends_later_lanes: bool,
    /// The number of the check that the lane has failed, from 1 on.
    which: Option<Var>,
    noted: Vec<Noted>,
    /// What they report, where it is not known after the body.
    slots: Vec<Var>,
}

struct Noted {
    site: Site,
    values: Vec<Reported>,
}

#[derive(Clone, Copy)]
enum Reported {
    Value(Value),
    Slot(Var),
}

impl Failures {
    pub(super) fn new(ends_later_lanes: bool) -> Failures {
        Failures { ends_later_lanes, which: None, noted: vec![], slots: vec![] }
    }

    /// In front of the body.
    pub(super) fn begin(&self, function: &mut Function, out: &mut Block) {
        let vars: Vec<Var> = self.which.iter().chain(&self.slots).copied().collect();
        if !vars.is_empty() {
            let zero = function.constant(out, Scalar::i64(0));
            out.extend(vars.into_iter().map(|var| Stmt::Set(var, zero)));
        }
    }

    /// Behind it.
    pub(super) fn end(&self, function: &mut Function, index: Value, out: &mut Block) {
        let Some(which) = self.which else { return };
        let zero = function.constant(out, Scalar::i64(0));
        let failed = function.define(out, Dtype::I64, Op::Get(which));
        let failed = function.define(out, Dtype::Bool, Op::Compare(Compare::Ne, failed, zero));
        let condition = function.define(out, Dtype::Bool, Op::Any(failed));
        let mut region = vec![];
        for (k, noted) in self.noted.iter().enumerate() {
            noted.raise(function, which, k as i64 + 1, &mut region);
        }
        // A condition that varies, be it the same in all lanes: faults stand in regions.
        let mut then = vec![];
        let all = function.define(&mut then, Dtype::Bool, Op::Compare(Compare::Eq, index, index));
        let failed = function.define(&mut then, Dtype::Bool, Op::Binary(Binary::And, failed, all));
        then.push(Stmt::If(If { condition: failed, then: region, otherwise: vec![] }));
        out.push(Stmt::If(If { condition, then, otherwise: vec![] }));
    }
}

impl Noted {
    fn raise(&self, function: &mut Function, which: Var, number: i64, out: &mut Block) {
        let met = function.define(out, Dtype::I64, Op::Get(which));
        let number = function.constant(out, Scalar::i64(number));
        let condition = function.define(out, Dtype::Bool, Op::Compare(Compare::Eq, met, number));
        let mut then = vec![];
        let mut values = vec![];
        for reported in &self.values {
            values.push(match reported {
                Reported::Value(value) => *value,
                Reported::Slot(slot) => function.define(&mut then, Dtype::I64, Op::Get(*slot)),
            });
        }
        then.push(Stmt::Fault { site: self.site, values });
        out.push(Stmt::If(If { condition, then, otherwise: vec![] }));
    }
}

impl Converter<'_, '_, '_> {
    pub(super) fn check(&mut self, check: &Check, here: &mut Here, out: &mut Block) {
        let holds = self.holds(check.condition, out);
        let not = self.not(holds, out);
        let bad = self.and(here.mask, not, out);
        let rest = self.and(here.mask, holds, out);
        let mut then = vec![];
        self.note(check.site, &check.values, bad, &mut then);
        match &here.leave {
            Some(leave) => {
                let rest = self.after_failures(rest, here, &mut then);
                self.leave_unless(rest, leave.jump.clone(), &mut then);
            }
            None => here.some = false,
        }
        let condition = self.any(Some(bad), out);
        out.push(Stmt::If(If { condition, then, otherwise: vec![] }));
        here.mask = Some(self.after_failures(rest, here, out));
    }

    /// The mask: `rest` if it lacks only what has failed itself.
    fn after_failures(&mut self, rest: Value, here: &Here, out: &mut Block) -> Value {
        match here.live.filter(|_| self.failures.ends_later_lanes) {
            Some(live) => {
                let live = self.get(live, out);
                self.and(here.arm, live, out)
            }
            None => rest,
        }
    }

    pub(super) fn fault(&mut self, site: Site, values: &[Value], here: &Here, out: &mut Block) {
        let bad = here.mask.unwrap_or_else(|| self.function.constant(out, Scalar::bool(true)));
        self.note(site, values, bad, out);
    }

    fn holds(&mut self, condition: Condition, out: &mut Block) -> Value {
        match condition {
            Condition::True(value) => self.name(value),
            Condition::Bounds { index, extent } => {
                let (name, end) = (self.name(index), self.name(extent));
                let below = self.compare(Compare::Lt, name, end, out);
                if self.known.ranges.is_nonnegative(index) {
                    return below;
                }
                let zero = self.function.constant(out, Scalar::i64(0));
                let above = self.compare(Compare::Ge, name, zero, out);
                self.and(Some(above), below, out)
            }
        }
    }

    /// Lanes in `bad` have failed.
    fn note(&mut self, site: Site, values: &[Value], bad: Value, out: &mut Block) {
        let which = match self.failures.which {
            Some(which) => which,
            None => *self.failures.which.insert(self.function.var(Dtype::I64, "")),
        };
        let number = self.failures.noted.len() as i64 + 1;
        let number = self.function.constant(out, Scalar::i64(number));
        self.keep_failed(which, number, bad, out);
        let mut reported = vec![];
        let mut used = 0;
        for &value in values {
            if value == self.loop_.index || !self.inside.contains(&value) {
                reported.push(Reported::Value(value));
                continue;
            }
            if used == self.failures.slots.len() {
                let slot = self.function.var(Dtype::I64, "");
                self.failures.slots.push(slot);
            }
            let slot = self.failures.slots[used];
            let name = self.name(value);
            self.keep_failed(slot, name, bad, out);
            reported.push(Reported::Slot(slot));
            used += 1;
        }
        self.failures.noted.push(Noted { site, values: reported });
        self.take_away(Some(bad), 0, out);
        if self.failures.ends_later_lanes {
            let later = self.later_than(bad, out);
            self.take_away(Some(later), 0, out);
        }
    }

    /// Lanes after the first of `lanes`, whose number within the group is found bit by bit.
    fn later_than(&mut self, lanes: Value, out: &mut Block) -> Value {
        let [zero, last] =
            [0, LANES as i64 - 1].map(|number| self.function.constant(out, Scalar::i64(number)));
        let int = |op, function: &mut Function, out: &mut Block| function.define(out, Dtype::I64, op);
        let distance = int(Op::Binary(Binary::Sub, self.loop_.index, self.loop_.lo), self.function, out);
        let number = int(Op::Binary(Binary::And, distance, last), self.function, out);
        let (mut found, mut first) = (lanes, zero);
        for bit in (0..LANES.ilog2()).rev().map(|bit| 1i64 << bit) {
            let bit = self.function.constant(out, Scalar::i64(bit));
            let part = int(Op::Binary(Binary::And, number, bit), self.function, out);
            let low = self.compare(Compare::Eq, part, zero, out);
            let low = self.and(Some(found), low, out);
            let any = self.any(Some(low), out);
            found = self.select(any, low, found, out);
            let more = int(Op::Binary(Binary::Add, first, bit), self.function, out);
            first = self.select(any, first, more, out);
        }
        self.compare(Compare::Gt, number, first, out)
    }

    fn keep_failed(&mut self, var: Var, value: Value, bad: Value, out: &mut Block) {
        let old = self.get(var, out);
        let new = self.select(bad, value, old, out);
        out.push(Stmt::Set(var, new));
    }
}
