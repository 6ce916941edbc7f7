//! Elements that a loop returns to in every iteration, while what else it touches in their array is elsewhere.
//!
//! ```text
//! for j in k + 1..n:                              for j in 0..i:
//!     store a[i, j], a[i, j] - a[i, k] * a[k, j]      store x[i], x[i] - b[j] * x[j]
//! ```
//!
//! `a[i, k]` may be read in front of the loop, `x[i]` may live in a variable during the loop.
//!
//! The element is at the same place in all iterations. So of a loop that runs at least twice, dependence between
//! *different* iterations ([`between`]) says all: what does not meet the element in another iteration does not meet it in its own
//! either. Of a loop that runs once, the order in the body says it: what could meet the element comes after its loads, or is a load
//! before its stores.
//!
//! Conservative: only elements that are accessed directly in the body: in loops inside, the order of statements does not tell.

use crate::loops::depend::{Dependence, Iterations, between};
use crate::loops::facts::{Access, Facts, LoopId, Touch};
use crate::loops::visit::walk;
use crate::loops::{Array, For, Function, Op, Stmt, Value};
use std::collections::{HashMap, HashSet};

/// Settled elements.
#[derive(Default)]
pub struct Settled {
    /// By the index of the loop, the array and the subscripts: whether the loop stores to it.
    elements: HashMap<(Value, Array, Vec<Value>), bool>,
}

impl Settled {
    pub fn of(function: &Function) -> Settled {
        let mut settled = Settled::default();
        let mut loops = vec![];
        walk(&function.body, &mut |stmt| {
            if let Stmt::For(loop_) = stmt
                && stores_to_loaded(function, loop_)
            {
                loops.push(loop_.index);
            }
        });
        if loops.is_empty() {
            return settled;
        }
        let facts = Facts::new(function);
        for index in loops {
            if let Some(id) = facts.loop_of(index) {
                settled.search(&facts, index, id);
            }
        }
        settled
    }

    /// Whether the loop with this index finds the same value in the element each time, so that it may be loaded before the loop.
    pub fn is_constant(&self, index: Value, array: Array, indices: &[Value]) -> bool {
        self.elements.get(&(index, array, indices.to_vec())) == Some(&false)
    }

    /// Whether only accesses with these very subscripts reach the element that the loop stores, so that it may be loaded before the
    /// loop and stored after it.
    pub fn is_own(&self, index: Value, array: Array, indices: &[Value]) -> bool {
        self.elements.get(&(index, array, indices.to_vec())) == Some(&true)
    }

    fn search(&mut self, facts: &Facts, index: Value, id: LoopId) {
        let all: Vec<&Access> = facts.accesses(id).collect();
        for access in &all {
            let Touch::Element(indices) = &access.touch else { continue };
            let key = (index, access.array, indices.clone());
            if self.elements.contains_key(&key) || !is_invariant(facts, id, access.array, indices) {
                continue;
            }
            if let Some(is_stored) = settled(facts, id, access, &all) {
                self.elements.insert(key, is_stored);
            }
        }
    }
}

/// Whether the loop stores to the element, if it is settled.
fn settled(facts: &Facts, id: LoopId, element: &Access, all: &[&Access]) -> Option<bool> {
    let class = |access: &Access| facts.function.arrays[access.array].class;
    let (own, others): (Vec<&Access>, Vec<&Access>) = all
        .iter()
        .filter(|access| class(access) == class(element))
        .partition(|access| access.array == element.array && access.touch == element.touch);
    let is_stored = own.iter().any(|access| access.write);
    let keep_apart = |own: &Access, other: &Access| match (own.write, other.write) {
        (false, false) => true,
        (true, true) => false,
        (true, false) => other.position < own.position && never_meet(facts, id, own, other),
        (false, true) => own.position < other.position && never_meet(facts, id, own, other),
    };
    let is_settled = own.iter().all(|own| own.place == Some(id))
        && !(is_stored && others.iter().any(|other| other.write))
        && own.iter().all(|own| others.iter().all(|other| keep_apart(own, other)));
    is_settled.then_some(is_stored)
}

fn never_meet(facts: &Facts, id: LoopId, own: &Access, other: &Access) -> bool {
    between(facts, id, own, other, Iterations::Different) == Dependence::Independent
}

fn is_invariant(facts: &Facts, id: LoopId, array: Array, indices: &[Value]) -> bool {
    let components = facts.function.arrays[array].components();
    components.chain(indices.iter().copied()).all(|value| !facts.varies(value, id))
}

/// Whether the loop stores to an alias class that it loads from.
fn stores_to_loaded(function: &Function, loop_: &For) -> bool {
    let (mut loaded, mut stored) = (HashSet::new(), HashSet::new());
    walk(&loop_.body, &mut |stmt| match stmt {
        Stmt::Store(store) => {
            stored.insert(function.arrays[store.array].class);
        }
        Stmt::Let(_, Op::Load { array, .. }) => {
            loaded.insert(function.arrays[*array].class);
        }
        _ => {}
    });
    !loaded.is_disjoint(&stored)
}
