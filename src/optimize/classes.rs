//! Arrays allocated in the function get alias classes of their own. Part of [`super::simplify`].
//!
//! ```text
//! alloc a1 (class 3)                    alloc a1 (class 3)
//! …                                     …
//! alloc a2 (class 3)                    alloc a2 (class 4)
//! ```
//!
//! `lower` puts all arrays that a variable may hold into one class. But fresh memory overlaps nothing that was known before, and what
//! becomes known later has a base that is either computed from the fresh one, and moves along, or comes from elsewhere (a `get`, a
//! call): only then the class stays. Where the new array is not visible, as in the next iteration, other names for its memory do no harm:
//! their bases are not known before either, so nothing can be moved across.
//!
//! Needs: `get`s of known contents are replaced.

use crate::base::Binary;
use crate::loops::*;
use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntitySet, SecondaryMap};
use std::collections::HashMap;

pub fn separate(function: &mut Function, body: &Block) {
    let mut separator = Separator {
        classes: SecondaryMap::new(),
        source: SecondaryMap::new(),
        visible: HashMap::new(),
        shared: EntitySet::new(),
    };
    for data in function.arrays.values() {
        separator.classes[data.base].push(data.class);
    }
    separator.block(function, body);
    let mut fresh = HashMap::new();
    for array in function.arrays.keys().collect::<Vec<_>>() {
        let source = separator.source[function.arrays[array].base].expand();
        if let Some(source) = source.filter(|source| !separator.shared.contains(*source)) {
            let class = *fresh.entry(source).or_insert_with(|| function.class());
            function.arrays[array].class = class;
        }
    }
}

struct Separator {
    /// Of the arrays that have a value as their base.
    classes: SecondaryMap<Value, Vec<AliasClass>>,
    /// The allocation that an address belongs to.
    source: SecondaryMap<Value, PackedOption<Array>>,
    /// Allocations that have happened, and are not shared so far.
    visible: HashMap<AliasClass, Vec<Array>>,
    /// Allocations that another name may mean.
    shared: EntitySet<Array>,
}

impl Separator {
    fn block(&mut self, function: &Function, block: &Block) {
        let mut own = vec![];
        for stmt in block {
            match stmt {
                Stmt::Alloc { array, .. } => {
                    let data = &function.arrays[*array];
                    self.source[data.base] = (*array).into();
                    self.visible.entry(data.class).or_default().push(*array);
                    own.push(*array);
                }
                Stmt::Let(value, Op::Binary(Binary::Add, a, b)) => {
                    let (a, b) = (self.source[*a].expand(), self.source[*b].expand());
                    self.source[*value] = a.xor(b).into();
                    self.meet(*value);
                }
                other => other.for_each_definition(function, |value| self.meet(value)),
            }
            stmt.blocks().into_iter().for_each(|inner| self.block(function, inner));
        }
        for array in own.into_iter().rev() {
            let visible = self.visible.entry(function.arrays[array].class).or_default();
            if visible.last() == Some(&array) {
                visible.pop();
            }
        }
    }

    /// A base of unknown origin may be that of any array of its class that exists.
    fn meet(&mut self, value: Value) {
        if self.source[value].is_some() {
            return;
        }
        for class in &self.classes[value] {
            self.shared.extend(self.visible.remove(class).unwrap_or_default());
        }
    }
}
