//! The walk over the tree of `base::tree`, from left to right, with a stack of its own in place of calls.
//!
//! ```text
//! descend:  while lo..hi is more than a leaf:  poll;  push hi;  hi = the middle
//!           totals = the leaf's
//! ascend:   if nothing is pushed: done
//!           if the end on top is hi, the right part is done:  totals = pop ∘ totals;  ascend
//!           put totals beside that end;  lo..hi = hi..that end;  descend
//! ```
//!
//! One frame of the stack is a node whose right part is still to come, or under way: where it ends, and then what its left part came to.
//! Running eight leaves at a time without a look at the tree gained nothing (Zen 5).

use super::Bug;
use super::function::Emitter;
use crate::base::tree;
use crate::loops::Reduction;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, MemFlagsData, Value, types};

/// Emits a leaf, given its range, which is not empty: its totals.
pub type Leaf<'l, 'a> = dyn FnMut(&mut Emitter<'a>, Value, Value) -> Result<Vec<Value>, Bug> + 'l;

/// The most nodes above a leaf.
const DEPTH: u32 = {
    let (mut n, mut depth) = (i64::MAX as usize, 0);
    while n > tree::LEAF {
        // At least as much as the larger part of any node of up to n.
        (n, depth) = (n - tree::split(n) + tree::ACCUMULATORS, depth + 1);
    }
    depth
};

struct Tree<'r> {
    reductions: &'r [Reduction],
    /// The size of a frame.
    frame: u32,
    bottom: Value,
    /// Takes a range and the top of the stack.
    descend: Block,
    /// Takes the top of the stack and totals.
    ascend: Block,
    done: Block,
}

impl<'a> Emitter<'a> {
    /// The totals of `lo..hi`, which is not empty.
    pub fn down_the_tree(
        &mut self,
        reductions: &[Reduction],
        (lo, hi): (Value, Value),
        leaf: &mut Leaf<'_, 'a>,
    ) -> Result<Vec<Value>, Bug> {
        let frame = 8 * (1 + reductions.len() as u32);
        let stack = self.stack_slot(frame * DEPTH);
        let bottom = self.builder.ins().stack_addr(types::I64, stack, 0);
        let [descend, ascend, done] = std::array::from_fn(|_| self.builder.create_block());
        let tree = Tree { reductions, frame, bottom, descend, ascend, done };
        self.builder.ins().jump(descend, &[lo, hi, bottom].map(BlockArg::from));
        let [lo, hi, top] = std::array::from_fn(|_| self.builder.append_block_param(descend, types::I64));
        self.builder.switch_to_block(descend);
        self.descend(&tree, lo, hi, top)?;
        let totals = leaf(self, lo, hi)?;
        self.fresh.clear();
        let totals = self.ascend(&tree, hi, top, &totals)?;
        self.start(done);
        Ok(totals)
    }

    /// Goes on where `lo..hi` is a leaf.
    fn descend(&mut self, tree: &Tree, lo: Value, hi: Value, top: Value) -> Result<(), Bug> {
        let (split, leaf) = (self.builder.create_block(), self.builder.create_block());
        let length = self.builder.ins().isub(hi, lo);
        let long = self.builder.ins().icmp_imm_s(IntCC::SignedGreaterThan, length, tree::LEAF as i64);
        self.builder.ins().brif(long, split, &[], leaf, &[]);
        self.start(split);
        self.poll()?;
        self.builder.ins().store(MemFlagsData::trusted(), hi, top, 0);
        let half = self.builder.ins().sshr_imm_u(length, 1);
        let half = self.builder.ins().band_imm_s(half, -(tree::ACCUMULATORS as i64));
        let middle = self.builder.ins().iadd(lo, half);
        let next = self.builder.ins().iadd_imm_s(top, tree.frame as i64);
        self.builder.ins().jump(tree.descend, &[lo, middle, next].map(BlockArg::from));
        self.start(leaf);
        Ok(())
    }

    /// Where `totals` go, those of a node that ends at `hi`; returns what reaches the block `done`.
    fn ascend(&mut self, tree: &Tree, hi: Value, top: Value, totals: &[Value]) -> Result<Vec<Value>, Bug> {
        let [up, join, right] = std::array::from_fn(|_| self.builder.create_block());
        let arguments: Vec<BlockArg> = [top].iter().chain(totals).map(|&value| value.into()).collect();
        self.builder.ins().jump(tree.ascend, &arguments);
        let mut parameters = vec![];
        for argument in [top].iter().chain(totals) {
            let ty = self.builder.func.dfg.value_type(*argument);
            parameters.push(self.builder.append_block_param(tree.ascend, ty));
        }
        let (top, totals) = (parameters[0], parameters[1..].to_vec());
        self.builder.switch_to_block(tree.ascend);
        let empty = self.builder.ins().icmp(IntCC::Equal, top, tree.bottom);
        self.builder.ins().brif(empty, tree.done, &[], up, &[]);

        self.start(up);
        let node = self.builder.ins().iadd_imm_s(top, -(tree.frame as i64));
        let end = self.builder.ins().load(types::I64, MemFlagsData::trusted(), node, 0);
        let is_right = self.builder.ins().icmp(IntCC::Equal, end, hi);
        self.builder.ins().brif(is_right, join, &[], right, &[]);

        self.start(join);
        let joined = self.join(tree, node, &totals)?;
        self.builder.ins().jump(tree.ascend, &joined);
        self.builder.seal_block(tree.ascend);

        self.start(right);
        for (slot, &total) in totals.iter().enumerate() {
            self.builder.ins().store(MemFlagsData::trusted(), total, node, 8 * (1 + slot as i32));
        }
        self.builder.ins().jump(tree.descend, &[hi, end, top].map(BlockArg::from));
        self.builder.seal_block(tree.descend);
        Ok(totals)
    }

    /// Pops a node, given the totals of its right part.
    fn join(&mut self, tree: &Tree, node: Value, totals: &[Value]) -> Result<Vec<BlockArg>, Bug> {
        let mut joined = vec![node.into()];
        for (slot, (&Reduction { var, op }, &right)) in tree.reductions.iter().zip(totals).enumerate() {
            let dtype = self.function.vars[var].dtype;
            let ty = self.builder.func.dfg.value_type(right);
            let left = self.builder.ins().load(ty, MemFlagsData::trusted(), node, 8 * (1 + slot as i32));
            joined.push(self.combine(op, dtype, left, right)?.into());
        }
        Ok(joined)
    }
}
