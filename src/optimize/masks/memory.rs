//! Loads, stores and calls for some lanes.
//!
//! ```text
//! v = load x[k]          k in bounds in every lane:    v = load x[k]
//!                        else, a lane being on:        v = load x[m ? k : 0]
//! store y[i], v          this iteration's element:     store y[i], m ? v : load y[i]
//! store y[k], v          else, a region:               if m { store y[k], v }
//! ```
//!
//! That a subscript is in bounds must follow from what holds for all lanes: the bounds of loops that all lanes go through, conditions
//! that are the same for all. An element is this iteration's if it is *proved* that no other iteration, of this loop or of that which
//! threads share, touches it, whatever conditions hold: other lanes write it back.

use super::super::ranges::Ranges;
use super::{Converter, Here};
use crate::base::{Compare, Scalar};
use crate::loops::depend::{Dependence, Iterations, between};
use crate::loops::facts::{Access, LoopId, Touch};
use crate::loops::{Array, Block, Call, For, Function, If, Op, Operand, Role, Stmt, Store, Value};

/// Assumes what holds where the loop stands, and for its iterations.
pub(super) fn enter(function: &Function, loop_: &For, ranges: &mut Ranges) {
    walk_to(function, &function.body, loop_.index, ranges);
}

fn walk_to(function: &Function, block: &Block, index: Value, ranges: &mut Ranges) -> bool {
    for stmt in block {
        let mark = ranges.mark();
        for (k, inner) in stmt.blocks().into_iter().enumerate() {
            match stmt {
                Stmt::For(loop_) => ranges.enter_for(loop_),
                Stmt::If(branch) => ranges.assume(branch.condition, k == 0),
                _ => {}
            }
            if matches!(stmt, Stmt::For(loop_) if loop_.index == index)
                || walk_to(function, inner, index, ranges)
            {
                return true;
            }
            ranges.leave(mark);
        }
        ranges.after(function, stmt);
    }
    false
}

impl Converter<'_, '_, '_> {
    pub(super) fn let_(&mut self, value: Value, op: &Op, here: &Here, out: &mut Block) {
        if here.mask.is_none() {
            self.sound.insert(value);
        }
        match (op, here.mask) {
            (Op::Load { array, indices }, Some(mask)) if !self.is_inside(*array, indices) => {
                self.load(value, *array, indices, mask, out);
            }
            _ => {
                let mut op = op.clone();
                op.map_operands(|operand| self.name(operand));
                out.push(Stmt::Let(value, op));
            }
        }
    }

    /// A load that at least one lane of the mask wants.
    fn load(&mut self, value: Value, array: Array, indices: &[Value], mask: Value, out: &mut Block) {
        let data = &self.function.arrays[array];
        let ragged = data.extents.iter().any(|&extent| self.divergence.varies(extent));
        let found = data.components().all(|part| !self.divergence.varies(part) || self.is_sound(part));
        if ragged || !found {
            return self.load_one_by_one(value, array, indices, mask, out);
        }
        let extents = data.extents.clone();
        let mut clamped = vec![];
        for (&index, extent) in indices.iter().zip(extents) {
            let name = self.name(index);
            if !self.divergence.varies(index) || self.known.ranges.in_bounds(index, extent) {
                clamped.push(name);
            } else {
                let zero = self.function.constant(out, Scalar::i64(0));
                clamped.push(self.select(mask, name, zero, out));
            }
        }
        out.push(Stmt::Let(value, Op::Load { array, indices: clamped }));
    }

    /// A load from a view that only lanes of the mask may have.
    fn load_one_by_one(
        &mut self,
        value: Value,
        array: Array,
        indices: &[Value],
        mask: Value,
        out: &mut Block,
    ) {
        let dtype = self.function.values[value].dtype;
        let (var, read) = (self.function.var(dtype, ""), self.function.value(dtype));
        let zero = self.function.constant(out, Scalar::zero(dtype));
        out.push(Stmt::Set(var, zero));
        let indices = indices.iter().map(|&index| self.name(index)).collect();
        self.region(mask, vec![Stmt::Let(read, Op::Load { array, indices }), Stmt::Set(var, read)], out);
        out.push(Stmt::Let(value, Op::Get(var)));
    }

    /// Whether every lane may load or store there.
    pub(super) fn is_inside(&self, array: Array, indices: &[Value]) -> bool {
        let data = &self.function.arrays[array];
        data.components().all(|part| self.is_sound(part))
            && indices
                .iter()
                .zip(&data.extents)
                .all(|(&index, &extent)| self.known.ranges.in_bounds(index, extent))
    }

    /// Whether the value is what scalar code would compute, in every lane.
    fn is_sound(&self, value: Value) -> bool {
        self.sound.contains(&value) || !self.inside.contains(&value)
    }

    pub(super) fn store(&mut self, store: &Store, mask: Option<Value>, out: &mut Block) {
        let stmt = Stmt::Store(store.clone());
        let Some(mask) = mask else { return out.push(self.renamed(&stmt)) };
        if !self.may_blend(store) {
            let stmt = self.renamed(&stmt);
            return self.region(mask, vec![stmt], out);
        }
        let dtype = self.function.arrays[store.array].dtype;
        let indices: Vec<Value> = store.indices.iter().map(|&index| self.name(index)).collect();
        let old = self.function.define(out, dtype, Op::Load { array: store.array, indices: indices.clone() });
        let new = self.name(store.value);
        let value = self.select(mask, new, old, out);
        out.push(Stmt::Store(Store { indices, value, ..store.clone() }));
    }

    /// Runs statements for the lanes of the mask, one by one.
    pub(super) fn region(&mut self, mask: Value, then: Block, out: &mut Block) {
        match out.last_mut() {
            Some(Stmt::If(last)) if last.condition == mask && last.otherwise.is_empty() => {
                last.then.extend(then)
            }
            _ => out.push(Stmt::If(If { condition: mask, then, otherwise: vec![] })),
        }
    }

    pub(super) fn call(&mut self, call: &Call, mask: Option<Value>, out: &mut Block) {
        // A condition that varies, be it true in all lanes.
        let index = self.loop_.index;
        let all = self.compare(Compare::Eq, index, index, out);
        let mask = self.and(mask, all, out);
        let mut copy = call.clone();
        let (mut then, mut gets) = (vec![], vec![]);
        for result in &mut copy.results {
            if let Operand::Scalar(value) = result {
                let dtype = self.function.values[*value].dtype;
                let (var, fresh) = (self.function.var(dtype, ""), self.function.value(dtype));
                let zero = self.function.constant(out, Scalar::zero(dtype));
                out.push(Stmt::Set(var, zero));
                gets.push(Stmt::Let(*value, Op::Get(var)));
                then.push(Stmt::Set(var, fresh));
                *value = fresh;
            }
        }
        then.insert(0, self.renamed(&Stmt::Call(Box::new(copy))));
        self.region(mask, then, out);
        out.extend(gets);
    }

    // Whose element it is.

    /// Whether lanes that do not store may store anything.
    pub(super) fn may_waste(&self, store: &Store, here: &Here) -> bool {
        here.whole && self.is_inside(store.array, &store.indices)
    }

    /// Whether lanes that do not store may write back what is there.
    pub(super) fn may_blend(&self, store: &Store) -> bool {
        self.known.alone
            && self.is_inside(store.array, &store.indices)
            && self.is_adjacent(store)
            && self.is_owned(store).unwrap_or(false)
    }

    /// Whether neighbouring lanes store to neighbouring elements.
    fn is_adjacent(&self, store: &Store) -> bool {
        let data = &self.function.arrays[store.array];
        let Some((&last, others)) = store.indices.split_last() else { return false };
        let stride = data.strides.last().and_then(|&stride| self.known.ranges.op(stride));
        let unit = matches!(stride, Some(Op::Const(stride)) if stride.as_i64() == data.dtype.size() as i64);
        let form = self.known.facts.affine(last);
        let linear = form.split(self.loop_.index).is_some_and(|(coefficient, rest)| {
            coefficient.as_constant() == Some(1) && rest.values().all(|value| !self.divergence.varies(value))
        });
        let fixed = data.components().all(|part| !self.divergence.varies(part));
        unit && linear && fixed && others.iter().all(|&index| !self.divergence.varies(index))
    }

    fn is_owned(&self, store: &Store) -> Option<bool> {
        let facts = self.known.facts;
        let id = facts.loop_of(self.loop_.index)?;
        let access = facts.accesses(id).find(|access| {
            access.write
                && access.array == store.array
                && access.touch == Touch::Element(store.indices.clone())
        })?;
        let mut owned = self.is_apart(access, id);
        if let Role::Body { .. } = self.function.role {
            // Threads share the iterations of the outermost loop.
            let outermost = facts.enclosing(access.place).last()?;
            owned &= self.is_apart(access, outermost);
        }
        Some(owned)
    }

    fn is_apart(&self, access: &Access, id: LoopId) -> bool {
        let facts = self.known.facts;
        facts.accesses(id).all(|other| {
            let dependence = between(facts, id, access, other, Iterations::Different);
            dependence == Dependence::Independent
        })
    }
}
