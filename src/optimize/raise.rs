//! Checks between nests move up, as far as they may. Part of [`super::fuse`].
//!
//! ```text
//! nest i < n { … }                    v1 = n == m
//! nest i < m { … }                    check v1
//! v1 = n == m                         nest i < n { … }
//! check v1                            nest i < m { … }
//! nest i < n { … }                    nest i < n { … }
//! ```
//!
//! In `sin(x) + cos(y)` the shapes are compared only when both operands have been computed; the nests that compute them can
//! fuse only if that is known before. A check moves, with the pure operations that it needs, over stores, allocations and nests that cannot
//! fault, never over another check, a branch, a loop or a call.

use crate::loops::*;
use std::collections::{HashMap, HashSet};

/// `faults`: whether a nest can.
pub fn raise_checks(function: &Function, block: Block, faults: impl Fn(&Nest) -> bool) -> Block {
    if block.iter().filter(|stmt| matches!(stmt, Stmt::Nest(_))).count() < 2 {
        return block;
    }
    let needed = needed_by_checks(&block);
    let mut raised = Raised { slots: vec![vec![]; block.len()], slot_of: HashMap::new(), floor: 0 };
    let mut rest = Vec::with_capacity(block.len());
    for (place, stmt) in block.into_iter().enumerate() {
        rest.push(raised.stmt(function, place, stmt, &needed, &faults));
    }
    let in_order = raised.slots.into_iter().zip(rest);
    in_order.flat_map(|(before, stmt)| before.into_iter().chain(stmt)).collect()
}

/// Values that pure operations of the block compute for its checks.
fn needed_by_checks(block: &Block) -> HashSet<Value> {
    let mut needed = HashSet::new();
    for stmt in block.iter().rev() {
        let counts = match stmt {
            Stmt::Check(_) => true,
            Stmt::Let(value, op) => is_movable(op) && needed.contains(value),
            _ => false,
        };
        if counts {
            stmt.for_each_operand(|value| {
                needed.insert(value);
            });
        }
    }
    needed
}

fn is_movable(op: &Op) -> bool {
    op.is_pure() && !matches!(op, Op::Disjoint(..))
}

struct Raised {
    /// What goes in front of the statement that stood at this place.
    slots: Vec<Block>,
    /// The first slot in which a value of the block is known; absent: from outside.
    slot_of: HashMap<Value, usize>,
    /// The first slot that a check may move to.
    floor: usize,
}

impl Raised {
    /// The statement, if it stays.
    fn stmt(
        &mut self,
        function: &Function,
        place: usize,
        stmt: Stmt,
        needed: &HashSet<Value>,
        faults: &impl Fn(&Nest) -> bool,
    ) -> Option<Stmt> {
        let mut slot = 0;
        stmt.for_each_operand(|value| slot = slot.max(self.slot_of.get(&value).copied().unwrap_or(0)));
        match stmt {
            Stmt::Let(value, ref op) if is_movable(op) && needed.contains(&value) => {
                self.slot_of.insert(value, slot);
                self.slots[slot].push(stmt);
                None
            }
            Stmt::Check(_) => {
                self.floor = self.floor.max(slot);
                self.slots[self.floor].push(stmt);
                None
            }
            stmt => {
                stmt.for_each_definition(function, |value| {
                    self.slot_of.insert(value, place + 1);
                });
                if stops_checks(&stmt, faults) {
                    self.floor = place + 1;
                }
                Some(stmt)
            }
        }
    }
}

fn stops_checks(stmt: &Stmt, faults: &impl Fn(&Nest) -> bool) -> bool {
    match stmt {
        Stmt::Nest(nest) => faults(nest),
        Stmt::Let(..)
        | Stmt::Set(..)
        | Stmt::Store(_)
        | Stmt::Alloc { .. }
        | Stmt::Retain(_)
        | Stmt::Release(_) => false,
        Stmt::Check(_)
        | Stmt::If(_)
        | Stmt::For(_)
        | Stmt::While(_)
        | Stmt::Scope { .. }
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Return(_)
        | Stmt::Call(_)
        | Stmt::Run(_)
        | Stmt::Fault { .. }
        | Stmt::Poll => true,
    }
}
