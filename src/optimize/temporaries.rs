//! Allocations that are written but never read disappear, with the stores into them. Used by [`super::fuse`] and
//! [`super::dead`].
//!
//! ```text
//! alloc a1
//! nest i < n { …; store a1[i] v3; store a2[i] v4 }     nest i < n { …; store a2[i] v4 }
//! release v9                   (v9: the owner of a1)
//! ```
//!
//! Conservative: any load, any use of the address in arithmetic or a variable, any array operand keeps the allocation.

use crate::loops::*;
use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntitySet, SecondaryMap};

/// Where the arrays that are gone would have been made.
pub fn drop_unread(function: &mut Function, body: &mut Block) -> Vec<Site> {
    let mut allocations = Allocations::find(function, body);
    if allocations.count == 0 {
        return vec![];
    }
    allocations.find_reads(function, body);
    super::retain(body, &mut |stmt| !allocations.drops(function, stmt));
    allocations.dropped
}

struct Allocations {
    /// The allocation that a base or owner value belongs to.
    by_value: SecondaryMap<Value, PackedOption<Array>>,
    read: EntitySet<Array>,
    count: usize,
    dropped: Vec<Site>,
}

impl Allocations {
    fn find(function: &Function, body: &Block) -> Allocations {
        let mut by_value = SecondaryMap::new();
        let mut count = 0;
        visit::walk(body, &mut |stmt| {
            if let Stmt::Alloc { array, .. } = stmt {
                count += 1;
                by_value[function.arrays[*array].base] = (*array).into();
                by_value[function.arrays[*array].owner] = (*array).into();
            }
        });
        Allocations { by_value, read: EntitySet::new(), count, dropped: vec![] }
    }

    fn find_reads(&mut self, function: &Function, body: &Block) {
        visit::walk(body, &mut |stmt| {
            if !matches!(stmt, Stmt::Retain(_) | Stmt::Release(_)) {
                stmt.for_each_operand(|value| self.read_value(value));
            }
            match stmt {
                Stmt::Alloc { .. } => {}
                // A view at another address has mentioned the base in arithmetic, so it is read already.
                Stmt::Store(store) => self.note_view(&function.arrays[store.array]),
                other => other.for_each_array(|array| {
                    self.read_value(function.arrays[array].base);
                    self.read_value(function.arrays[array].owner);
                }),
            }
        });
    }

    fn read_value(&mut self, value: Value) {
        if let Some(allocation) = self.by_value[value].expand() {
            self.read.insert(allocation);
        }
    }

    /// A store through an array that mixes allocations is not understood.
    fn note_view(&mut self, data: &ArrayData) {
        if self.by_value[data.base] != self.by_value[data.owner] {
            self.read_value(data.base);
            self.read_value(data.owner);
        }
    }

    fn drops(&mut self, function: &Function, stmt: &Stmt) -> bool {
        let value = match stmt {
            Stmt::Store(store) => function.arrays[store.array].base,
            Stmt::Alloc { array, .. } => function.arrays[*array].base,
            Stmt::Retain(value) | Stmt::Release(value) => *value,
            _ => return false,
        };
        let unread = self.by_value[value].expand().is_some_and(|allocation| !self.read.contains(allocation));
        if let (Stmt::Alloc { site, .. }, true) = (stmt, unread) {
            self.dropped.push(*site);
        }
        unread
    }
}
