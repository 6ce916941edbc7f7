//! Stores that end both arms of a branch happen once, after it.
//!
//! ```text
//! if c {                              if c {
//!     u = x * 2.0                         u = x * 2.0
//!     store a[i], u                       set t, u
//! } else {                    →       } else {
//!     store a[i], x                       set t, x
//! }                                   }
//!                                     store a[i], get t
//! ```
//!
//! A store that always happens needs no mask in lanes. Inner branches first, so that `if / elif / else` ends as one store.
//!
//! Conservative: the last statements of the arms, to one element whose subscripts are computed before the branch.

use super::{Options, Remark};
use crate::loops::{Block, Function, If, Module, Op, Stmt, Store};
use std::collections::HashSet;

pub fn sink(module: &mut Module, _options: &Options, _remarks: &mut Vec<Remark>) {
    for (_, function) in module.functions.iter_mut() {
        let body = std::mem::take(&mut function.body);
        function.body = block(function, body);
    }
}

fn block(function: &mut Function, old: Block) -> Block {
    let mut new = Vec::with_capacity(old.len());
    for mut stmt in old {
        for inner in stmt.blocks_mut() {
            *inner = block(function, std::mem::take(inner));
        }
        let after = match &mut stmt {
            Stmt::If(branch) => common_store(function, branch),
            _ => vec![],
        };
        new.push(stmt);
        new.extend(after);
    }
    new
}

/// Takes the stores from the arms' ends; what follows the branch in their place.
fn common_store(function: &mut Function, branch: &mut If) -> Block {
    let (Some(Stmt::Store(a)), Some(Stmt::Store(b))) = (branch.then.last(), branch.otherwise.last()) else {
        return vec![];
    };
    if a.array != b.array || a.indices != b.indices || is_made_inside(function, branch, a) {
        return vec![];
    }
    let dtype = function.arrays[a.array].dtype;
    let (store, values) = (a.clone(), [a.value, b.value]);
    let var = function.var(dtype, "");
    for (arm, value) in [&mut branch.then, &mut branch.otherwise].into_iter().zip(values) {
        arm.pop();
        arm.push(Stmt::Set(var, value));
    }
    let mut after = vec![];
    let value = function.define(&mut after, dtype, Op::Get(var));
    after.push(Stmt::Store(Store { value, ..store }));
    after
}

/// Whether an arm computes where the store goes.
fn is_made_inside(function: &Function, branch: &If, store: &Store) -> bool {
    let mut defined = HashSet::new();
    for stmt in branch.then.iter().chain(&branch.otherwise) {
        stmt.for_each_definition(function, |value| {
            defined.insert(value);
        });
    }
    let place = store.indices.iter().copied().chain(function.arrays[store.array].components());
    place.into_iter().any(|value| defined.contains(&value))
}

#[cfg(test)]
mod tests {
    use super::super::bounds::bounds;
    use super::super::samples::*;
    use super::*;
    use crate::base::{Compare, Dtype};

    #[test]
    fn nested_branches_end_in_one_store() {
        let mut b = Builder::new();
        let x = b.array(Dtype::F64, 1, "x");
        let (zero, n) = (b.int(0), b.extent(x, 0));
        b.for_(zero, n, |b, i| {
            let u = b.load(x, &[i]);
            let (low, high) = (b.float(2.0), b.float(5.0));
            let (small, large) = (b.compare(Compare::Lt, u, low), b.compare(Compare::Gt, u, high));
            b.if_else(
                small,
                |b| b.store(x, &[i], low),
                |b| b.if_else(large, |b| b.store(x, &[i], high), |b| b.store(x, &[i], u)),
            );
        });
        let module = b.module();
        let mut after = module.clone();
        bounds(&mut after, &Options::default(), &mut vec![]);
        sink(&mut after, &Options::default(), &mut vec![]);
        assert_eq!(count(&after, |stmt| matches!(stmt, Stmt::Store(_))), 1, "{after}");
        for n in [0, 1, 20] {
            let arguments = [floats(&[n])];
            assert_eq!(run(&after, &arguments), run(&module, &arguments));
        }
    }
}
