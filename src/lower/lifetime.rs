//! When arrays are released: after the last mention of what names them, when it is bound again, and on every way out.

use super::Builder;
use super::array::{Lowered, Operand};
use super::storage::Storage;
use crate::hir;
use crate::loops::{Stmt, Var};

impl Builder<'_, '_> {
    /// Opens a block: it holds what is bound in it.
    pub(super) fn enter_block(&mut self) {
        self.frame().scopes.push(vec![]);
        self.frame().next_block += 1;
    }

    /// Closes a block: releases what it still holds, unless nothing gets here.
    pub(super) fn leave_block(&mut self) {
        let held = self.frame().scopes.pop().expect("entered");
        if !self.ended() {
            held.into_iter().rev().for_each(|held| self.emit(Stmt::Release(held.owner)));
        }
    }

    /// Releases what is not mentioned after statement `k` of the block at hand, whose number is `block`.
    pub(super) fn release_after(&mut self, block: u32, k: u32) {
        if self.ended() {
            return;
        }
        let scope = self.frame().scopes.last_mut().expect("in a block");
        let held = std::mem::take(scope);
        for held in held {
            let facts = self.frame().scan.locals[held.local];
            if facts.home == Some(block) && facts.last <= k {
                self.emit(Stmt::Release(held.owner));
            } else {
                self.frame().scopes.last_mut().expect("in a block").push(held);
            }
        }
        if block == 0 {
            self.release_variables_after(k);
        }
    }

    /// Array variables not mentioned after statement `k` of the outermost block.
    fn release_variables_after(&mut self, k: u32) {
        let frame = self.frame();
        let locals: Vec<hir::Local> = frame.function.locals.keys().collect();
        for local in locals {
            if self.frame().scan.locals[local].last_outermost == k {
                self.release_local(local);
            }
        }
    }

    /// All array variables of the frame.
    pub(super) fn release_variables(&mut self) {
        let locals: Vec<hir::Local> = self.frame().function.locals.keys().collect();
        locals.into_iter().for_each(|local| self.release_local(local));
    }

    /// The arrays that a variable holds, which then holds none.
    pub(super) fn release_local(&mut self, local: hir::Local) {
        let Some(storage) = self.frame().storage[local].clone() else { return };
        let mut owners = vec![];
        owner_variables(&storage, &mut owners);
        for owner in owners {
            let value = self.get(owner);
            self.emit(Stmt::Release(value));
            let none = self.int(0);
            self.emit(Stmt::Set(owner, none));
        }
    }

    /// Releases what the blocks inside scope number `keep` hold, without closing them: before a jump out of them.
    pub(super) fn release_scopes(&mut self, keep: usize) {
        let owners: Vec<_> = self.frame().scopes[keep..].iter().flatten().map(|held| held.owner).collect();
        owners.into_iter().rev().for_each(|owner| self.emit(Stmt::Release(owner)));
    }

    /// The same value with counts of its own for its arrays.
    pub(super) fn own(&mut self, value: Lowered) -> Lowered {
        match value {
            Lowered::Array(operand) if !operand.owned => {
                let owner = self.array(operand.array).owner;
                self.emit(Stmt::Retain(owner));
                Lowered::Array(Operand { owned: true, ..operand })
            }
            Lowered::Tuple(items) => Lowered::Tuple(items.into_iter().map(|item| self.own(item)).collect()),
            other => other,
        }
    }

    /// Takes the arrays out of a temporary storage, counts included.
    pub(super) fn take_storage(&mut self, storage: &Storage) -> Lowered {
        let value = self.read_storage(storage);
        let mut owners = vec![];
        owner_variables(storage, &mut owners);
        for owner in owners {
            let none = self.int(0);
            self.emit(Stmt::Set(owner, none));
        }
        mark_owned(value)
    }
}

fn mark_owned(value: Lowered) -> Lowered {
    match value {
        Lowered::Array(operand) => Lowered::Array(Operand { owned: true, ..operand }),
        Lowered::Tuple(items) => Lowered::Tuple(items.into_iter().map(mark_owned).collect()),
        other => other,
    }
}

fn owner_variables(storage: &Storage, owners: &mut Vec<Var>) {
    match storage {
        Storage::Array(bundle) => owners.push(bundle.owner),
        Storage::Tuple(items) => items.iter().for_each(|item| owner_variables(item, owners)),
        Storage::None | Storage::Fixed(_) | Storage::Scalar(_) => {}
    }
}
