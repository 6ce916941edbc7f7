//! Removes a retain that a release in the same block undoes.
//!
//! ```text
//! retain v24                           v44 = load a4[i, j]
//! v44 = load a4[i, j]         →        store a4[i, j], v44 + v49
//! store a4[i, j], v44 + v49
//! release v24
//! ```
//!
//! `lower` counts every use of an array that a statement makes. Who held the array before the retain still holds
//! it until the release if nothing between the two gives counts away: no other release, no call, no way out. What remains
//! without the pair is a loop that lanes can run, and one that does not make all threads write to one count.
//!
//! Conservative: pairs that a branch separates stay. Needs and establishes: nothing.

use super::{Options, Remark};
use crate::loops::visit::walk;
use crate::loops::{Block, Module, Stmt};

pub fn counts(module: &mut Module, _options: &Options, _remarks: &mut Vec<Remark>) {
    for (_, function) in module.functions.iter_mut() {
        cancel(&mut function.body);
    }
}

/// Inner blocks first, so that what they get rid of no longer separates a pair out here.
fn cancel(block: &mut Block) {
    for stmt in block.iter_mut() {
        stmt.blocks_mut().into_iter().for_each(cancel);
    }
    let mut at = 0;
    while at < block.len() {
        match matching_retain(block, at) {
            Some(retain) => {
                block.remove(at);
                block.remove(retain);
                at -= 1;
            }
            None => at += 1,
        }
    }
}

/// The retain that the release at `at`, if it is one, undoes.
fn matching_retain(block: &Block, at: usize) -> Option<usize> {
    let Stmt::Release(owner) = block[at] else { return None };
    for (k, stmt) in block[..at].iter().enumerate().rev() {
        if matches!(stmt, Stmt::Retain(retained) if *retained == owner) {
            return Some(k);
        }
        if gives_away(stmt) {
            return None;
        }
    }
    None
}

/// Whether counts may go down inside `stmt`, or the release behind it may not be reached.
fn gives_away(stmt: &Stmt) -> bool {
    let mut gives_away = false;
    let mut look = |stmt: &Stmt| {
        gives_away |= match stmt {
            Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Return(_)
            | Stmt::Break(_)
            | Stmt::Continue(_) => true,
            // A fault releases everything anyway.
            Stmt::Let(..)
            | Stmt::Set(..)
            | Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::If(_)
            | Stmt::For(_)
            | Stmt::Nest(_)
            | Stmt::While(_)
            | Stmt::Scope { .. }
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => false,
        }
    };
    look(stmt);
    for block in stmt.blocks() {
        walk(block, &mut look);
    }
    gives_away
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;
    use crate::base::Dtype;
    use crate::loops::Value;

    /// How many counting statements are left of those that `fill` makes of two owners.
    fn left(fill: impl FnOnce(&mut Builder, Value, Value)) -> usize {
        let mut b = Builder::new();
        let (x, y) = (b.scalar(Dtype::I64), b.scalar(Dtype::I64));
        fill(&mut b, x, y);
        let mut module = b.module();
        counts(&mut module, &Options::default(), &mut vec![]);
        count(&module, |stmt| matches!(stmt, Stmt::Retain(_) | Stmt::Release(_)))
    }

    #[test]
    fn pairs_go() {
        let nested = left(|b, x, y| {
            for stmt in [Stmt::Retain(x), Stmt::Retain(y), Stmt::Release(y), Stmt::Release(x)] {
                b.emit(stmt);
            }
        });
        let crossed = left(|b, x, y| {
            for stmt in [Stmt::Retain(x), Stmt::Retain(y), Stmt::Release(x), Stmt::Release(y)] {
                b.emit(stmt);
            }
        });
        assert_eq!((nested, crossed), (0, 0));
    }

    #[test]
    fn what_may_free_keeps_the_pair() {
        let other = left(|b, x, y| {
            for stmt in [Stmt::Retain(x), Stmt::Release(y), Stmt::Release(x)] {
                b.emit(stmt);
            }
        });
        let reversed = left(|b, x, _| {
            for stmt in [Stmt::Release(x), Stmt::Retain(x)] {
                b.emit(stmt);
            }
        });
        assert_eq!((other, reversed), (3, 2));
    }
}
