//! Within one iteration, an element that was just stored or loaded is not loaded again. Part of [`super::fuse`].
//!
//! ```text
//! v1 = load a0[i]                       v1 = load a0[i]
//! store a1[i] v1                        store a1[i] v1
//! v2 = load a1[i]
//! v3 = load a0[i]
//! v4 = add v2 v3                        v4 = add v1 v1
//! ```
//!
//! Elements are known by array and index values, for which index arithmetic that several of the joined nests do is done once. Conservative: a store forgets all other elements of its alias
//! class; what nested blocks store is forgotten before them, what they load is not remembered.

use crate::base::Dtype;
use crate::loops::*;
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Values that are replaced, for the whole function.
pub type Replaced = SecondaryMap<Value, PackedOption<Value>>;

/// What a value has become: an index may have been replaced by one that was replaced later.
pub fn resolved(replaced: &Replaced, mut value: Value) -> Value {
    while let Some(next) = replaced[value].expand() {
        value = next;
    }
    value
}

/// Rewrites the body of a nest; operands are looked up in `replaced`, which learns the loads that went.
pub fn forward(function: &Function, body: &mut Block, replaced: &mut Replaced) {
    let mut elements = Elements { function, known: HashMap::new(), computed: HashMap::new(), replaced };
    body.retain_mut(|stmt| elements.top_level(stmt));
}

struct Elements<'a> {
    function: &'a Function,
    known: HashMap<AliasClass, HashMap<(Array, Vec<Value>), Value>>,
    /// Integers of the body itself, by what computes them.
    computed: HashMap<Op, Value>,
    replaced: &'a mut Replaced,
}

impl Elements<'_> {
    /// Whether the statement stays.
    fn top_level(&mut self, stmt: &mut Stmt) -> bool {
        self.forget_stores_inside(stmt);
        if !self.nested(stmt) {
            return false;
        }
        match stmt {
            Stmt::Let(value, Op::Load { array, indices }) => {
                let class = self.function.arrays[*array].class;
                self.known.entry(class).or_default().insert((*array, indices.clone()), *value);
            }
            Stmt::Store(store) => {
                let data = &self.function.arrays[store.array];
                let elements = self.known.entry(data.class).or_default();
                elements.clear();
                if self.function.values[store.value].dtype == data.dtype {
                    elements.insert((store.array, store.indices.clone()), store.value);
                }
            }
            Stmt::Let(value, op) if op.is_pure() && self.function.values[*value].dtype == Dtype::I64 => {
                match self.computed.entry(op.clone()) {
                    Entry::Occupied(known) => {
                        self.replaced[*value] = (*known.get()).into();
                        return false;
                    }
                    Entry::Vacant(place) => {
                        place.insert(*value);
                    }
                }
            }
            _ => {}
        }
        true
    }

    /// Rewrites a statement and all inside it; false if it is a load of a known element.
    fn nested(&mut self, stmt: &mut Stmt) -> bool {
        // The condition of a `while` is computed in its header.
        if !matches!(stmt, Stmt::While(_)) {
            stmt.map_operands(|value| resolved(self.replaced, value));
        }
        if let Stmt::Let(value, Op::Load { array, indices }) = stmt {
            let class = self.function.arrays[*array].class;
            let elements = self.known.get(&class);
            if let Some(known) = elements.and_then(|elements| elements.get(&(*array, indices.clone()))) {
                self.replaced[*value] = (*known).into();
                return false;
            }
        }
        for block in stmt.blocks_mut() {
            block.retain_mut(|inner| self.nested(inner));
        }
        if let Stmt::While(loop_) = stmt {
            loop_.condition = resolved(self.replaced, loop_.condition);
        }
        true
    }

    fn forget_stores_inside(&mut self, stmt: &Stmt) {
        for block in stmt.blocks() {
            visit::walk(block, &mut |inner| {
                if let Stmt::Store(store) = inner {
                    self.known.remove(&self.function.arrays[store.array].class);
                }
            });
        }
    }
}
