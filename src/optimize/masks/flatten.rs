//! Small arms run both, for all lanes; what they set is selected.
//!
//! ```text
//! if c { set x, a + 1 } else { set x, b }      →      set x, c ? a + 1 : b
//! ```

use super::liveness::{Vars, set_in};
use super::{Converter, Here};
use crate::base::{Binary, Unary};
use crate::loops::{Block, If, Op, Stmt, Value, Var};
use std::collections::BTreeMap;

/// What the arms of a branch may cost to run both: additions, about. A guess: a branch that lanes disagree on costs more.
const LIMIT: u32 = 24;

/// What variables hold inside an arm.
type Held = BTreeMap<Var, Value>;

/// A condition of the lanes that run something; None for all.
#[derive(Clone, Copy)]
struct Lanes {
    mask: Option<Value>,
    condition: Value,
    then: bool,
}

impl Converter<'_, '_, '_> {
    /// Whether the branch only computes, and little.
    pub(super) fn is_small(&self, branch: &If) -> bool {
        let cost = |block: &Block| self.cost(block);
        cost(&branch.then)
            .zip(cost(&branch.otherwise))
            .is_some_and(|(then, otherwise)| then + otherwise <= LIMIT)
    }

    fn cost(&self, block: &Block) -> Option<u32> {
        block.iter().try_fold(0, |sum, stmt| Some(sum + self.cost_of(stmt)?))
    }

    fn cost_of(&self, stmt: &Stmt) -> Option<u32> {
        match stmt {
            Stmt::Let(_, Op::Load { array, indices }) => self.is_inside(*array, indices).then_some(4),
            Stmt::Let(_, op) => Some(op_cost(op)),
            Stmt::Set(..) => Some(1),
            Stmt::Store(store) => self.may_blend(store).then_some(4),
            Stmt::If(branch) => Some(self.cost(&branch.then)? + self.cost(&branch.otherwise)?),
            Stmt::Check(_)
            | Stmt::For(_)
            | Stmt::Nest(_)
            | Stmt::While(_)
            | Stmt::Scope { .. }
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => None,
        }
    }

    /// A small branch whose condition varies.
    pub(super) fn flatten(&mut self, stmt: &Stmt, branch: &If, here: &Here, out: &mut Block) {
        let mut held = Held::new();
        let one_armed = branch.otherwise.is_empty();
        let condition = self.name(branch.condition);
        let live = self.liveness.after(stmt).clone();
        // With one arm, lanes outside the mask and those outside the arm keep the same.
        let mask = here.mask.filter(|_| !here.whole);
        let keeps = || set_in(&branch.then).iter().any(|var| self.is_kept(*var));
        let kept = mask.filter(|_| one_armed && keeps());
        let condition = self.and(kept, condition, out);
        self.both(branch, condition, mask, &live, &mut held, out);
        for (var, value) in held {
            let mask = if kept.is_some() { None } else { here.mask };
            let here = Here { mask, ..here.clone() };
            self.set(var, value, &here, out);
        }
    }

    /// Runs both arms and merges into `held` what they set.
    fn both(
        &mut self,
        branch: &If,
        condition: Value,
        mask: Option<Value>,
        live: &Vars,
        held: &mut Held,
        out: &mut Block,
    ) {
        let mut arms = [held.clone(), held.clone()];
        for (arm, (block, then)) in arms.iter_mut().zip([(&branch.then, true), (&branch.otherwise, false)]) {
            self.flat(block, Lanes { mask, condition, then }, arm, out);
        }
        let [then, otherwise] = arms;
        let set: Vars =
            then.keys().chain(otherwise.keys()).copied().filter(|var| live.contains(var)).collect();
        for var in set {
            let pair = [&then, &otherwise].map(|arm| arm.get(&var).copied());
            let [a, b] = pair.map(|value| value.unwrap_or_else(|| self.get(var, out)));
            let merged = self.select(condition, a, b, out);
            held.insert(var, merged);
        }
    }

    fn flat(&mut self, block: &Block, lanes: Lanes, held: &mut Held, out: &mut Block) {
        let mut mask = None;
        for stmt in block {
            match stmt {
                Stmt::Let(value, Op::Get(var)) if held.contains_key(var) => {
                    self.renamed.insert(*value, held[var]);
                }
                Stmt::Set(var, value) => {
                    held.insert(*var, self.name(*value));
                }
                Stmt::Store(store) => {
                    let mask = *mask.get_or_insert_with(|| self.lanes(lanes, out));
                    self.store(store, Some(mask), out);
                }
                Stmt::If(branch) => {
                    let mask = *mask.get_or_insert_with(|| self.lanes(lanes, out));
                    let (condition, live) = (self.name(branch.condition), self.liveness.after(stmt).clone());
                    self.both(branch, condition, Some(mask), &live, held, out);
                }
                _ => out.push(self.renamed(stmt)),
            }
        }
    }

    fn lanes(&mut self, lanes: Lanes, out: &mut Block) -> Value {
        let condition = if lanes.then { lanes.condition } else { self.not(lanes.condition, out) };
        self.and(lanes.mask, condition, out)
    }
}

fn op_cost(op: &Op) -> u32 {
    match op {
        Op::Const(_) | Op::Get(_) => 0,
        Op::Binary(Binary::Div | Binary::FloorDiv | Binary::Mod, ..) | Op::Unary(Unary::Sqrt, _) => 8,
        Op::Binary(Binary::Fmod | Binary::Pow, ..) | Op::Disjoint(..) => LIMIT + 1,
        Op::Unary(..)
        | Op::Binary(..)
        | Op::Compare(..)
        | Op::Cast(_)
        | Op::Select { .. }
        | Op::Fma(..)
        | Op::Wrap { .. }
        | Op::Load { .. }
        | Op::Any(_) => 1,
    }
}
