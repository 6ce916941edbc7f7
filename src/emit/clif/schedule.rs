//! The order of instructions in long blocks of lanes, after Cranelift's optimiser.
//!
//! ```text
//! a1 a2 a3 … store a          a1 b1 c1 d1 a2 b2 c2 d2 …
//! b1 b2 b3 … store b     →
//! ```
//!
//! The optimiser puts what is pure right in front of what needs it, so that the registers of a group are computed one after the
//! other, each by a chain of dependent operations that is longer than processors look ahead: Black–Scholes took 38 ns for an element,
//! and takes 27 with its chains side by side. This is list scheduling (P. B. Gibbons, S. S. Muchnick, "Efficient instruction scheduling
//! for a pipelined architecture", 1986): of the operations whose operands are there, the one with the longest way to the end of the block
//! comes next; but once [`REGISTERS`] values wait, one that adds none, if there is one.
//!
//! What has effects keeps its order. Conservative: blocks with little work for each access to memory keep theirs, since an operation
//! takes its operand from memory only where the load stands right before it.

use cranelift_codegen::ir::{Block, Function, Inst, Opcode};
use cranelift_entity::SecondaryMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How many registers may hold values that wait; constants and operands need some, too.
const REGISTERS: i32 = 12;

/// The processor sees all of a block with fewer operations of lanes.
const LONG: usize = 48;

/// So many operations of lanes there must be for each access to memory.
pub const DENSE: usize = 8;

pub fn schedule(func: &mut Function) {
    let blocks: Vec<Block> = func.layout.blocks().filter(|block| is_worth_it(func, *block)).collect();
    for block in blocks {
        let order = Scheduler::new(func, block).run();
        let last = func.layout.last_inst(block).expect("it is long");
        for inst in order {
            func.layout.remove_inst(inst);
            func.layout.insert_inst(inst, last);
        }
    }
}

fn is_worth_it(func: &Function, block: Block) -> bool {
    let (mut operations, mut effects) = (0, 0);
    for inst in func.layout.block_insts(block) {
        match has_effect(func, inst) {
            true => effects += 1,
            false => operations += is_vector(func, inst) as usize,
        }
    }
    operations >= LONG && operations >= DENSE * effects
}

fn has_effect(func: &Function, inst: Inst) -> bool {
    let opcode = func.dfg.insts[inst].opcode();
    opcode.can_load()
        || opcode.can_store()
        || opcode.can_trap()
        || opcode.is_call()
        || opcode.is_branch()
        || opcode.is_terminator()
        || opcode.other_side_effects()
}

fn is_vector(func: &Function, inst: Inst) -> bool {
    func.dfg.inst_results(inst).iter().any(|value| func.dfg.value_type(*value).is_vector())
}

/// All of a block but its end.
struct Scheduler {
    nodes: Vec<Node>,
    /// What can come next, by whether one more value waits after it. What has moved from one to the other, or has come, may still be here.
    neutral: BinaryHeap<Key>,
    growing: BinaryHeap<Key>,
    waiting: i32,
}

/// The height of a node; the first in the old order where heights are equal.
type Key = (u32, Reverse<usize>);

struct Node {
    inst: Inst,
    /// Cycles from here to the end of the block.
    height: u32,
    /// Nodes that must come before it and have not.
    missing: usize,
    /// Nodes whose lanes it needs.
    operands: Vec<usize>,
    /// Nodes that must come after it.
    users: Vec<usize>,
    /// Nodes that need its lanes and have not come; the end of the block is one. (What other blocks need is not counted.)
    uses: usize,
    /// How many more values wait after it.
    growth: i32,
    placed: bool,
}

impl Scheduler {
    fn new(func: &Function, block: Block) -> Scheduler {
        let mut nodes = nodes(func, block);
        // The end of the block stays where it is.
        nodes.pop();
        for k in (0..nodes.len()).rev() {
            let users = nodes[k].users.iter().filter_map(|user| nodes.get(*user));
            let behind = users.map(|user| user.height).max().unwrap_or(0);
            let last = nodes[k].operands.iter().filter(|operand| nodes[**operand].uses == 1).count();
            let inst = nodes[k].inst;
            nodes[k].height = behind + latency(func.dfg.insts[inst].opcode());
            nodes[k].growth = is_vector(func, inst) as i32 - last as i32;
        }
        let mut scheduler =
            Scheduler { nodes, neutral: BinaryHeap::new(), growing: BinaryHeap::new(), waiting: 0 };
        (0..scheduler.nodes.len()).for_each(|k| scheduler.offer(k));
        scheduler
    }

    fn run(mut self) -> Vec<Inst> {
        let mut order = Vec::with_capacity(self.nodes.len());
        while let Some(k) = self.next() {
            order.push(self.nodes[k].inst);
            self.place(k);
        }
        order
    }

    fn next(&mut self) -> Option<usize> {
        for heap in [&mut self.neutral, &mut self.growing] {
            while heap.peek().is_some_and(|(_, Reverse(k))| self.nodes[*k].placed) {
                heap.pop();
            }
        }
        let full = self.waiting >= REGISTERS && !self.neutral.is_empty();
        let heap = match full || self.neutral.peek() > self.growing.peek() {
            true => &mut self.neutral,
            false => &mut self.growing,
        };
        heap.pop().map(|(_, Reverse(k))| k)
    }

    fn place(&mut self, k: usize) {
        self.nodes[k].placed = true;
        self.waiting += self.nodes[k].growth;
        for at in 0..self.nodes[k].operands.len() {
            let operand = self.nodes[k].operands[at];
            self.nodes[operand].uses -= 1;
            if self.nodes[operand].uses == 1 {
                self.note_last_use(operand);
            }
        }
        for at in 0..self.nodes[k].users.len() {
            let user = self.nodes[k].users[at];
            if let Some(node) = self.nodes.get_mut(user) {
                node.missing -= 1;
                self.offer(user);
            }
        }
    }

    /// The one node that still needs these lanes frees their register.
    fn note_last_use(&mut self, of: usize) {
        let needs = |user: &&usize| {
            self.nodes.get(**user).is_some_and(|node| !node.placed && node.operands.contains(&of))
        };
        if let Some(&user) = self.nodes[of].users.iter().find(needs) {
            self.nodes[user].growth -= 1;
            self.offer(user);
        }
    }

    /// A node that may come next if nothing is missing.
    fn offer(&mut self, k: usize) {
        let node = &self.nodes[k];
        if node.missing == 0 {
            let heap = if node.growth > 0 { &mut self.growing } else { &mut self.neutral };
            heap.push((node.height, Reverse(k)));
        }
    }
}

/// The instructions of a block and what they wait for.
fn nodes(func: &Function, block: Block) -> Vec<Node> {
    let mut nodes: Vec<Node> = func.layout.block_insts(block).map(Node::new).collect();
    let mut places: SecondaryMap<Inst, Option<usize>> = SecondaryMap::new();
    let mut effect = None;
    for k in 0..nodes.len() {
        let inst = nodes[k].inst;
        places[inst] = Some(k);
        let definitions = func.dfg.inst_values(inst).filter_map(|value| func.dfg.value_def(value).inst());
        let mut before: Vec<usize> = definitions.filter_map(|definition| places[definition]).collect();
        before.sort_unstable();
        before.dedup();
        let lanes = |operand: &usize| is_vector(func, nodes[*operand].inst);
        let operands: Vec<usize> = before.iter().copied().filter(lanes).collect();
        operands.iter().for_each(|&operand| nodes[operand].uses += 1);
        nodes[k].operands = operands;
        if has_effect(func, inst) {
            before.extend(effect.replace(k));
        }
        nodes[k].missing = before.len();
        before.into_iter().for_each(|earlier| nodes[earlier].users.push(k));
    }
    nodes
}

impl Node {
    fn new(inst: Inst) -> Node {
        Node {
            inst,
            height: 0,
            missing: 0,
            operands: vec![],
            users: vec![],
            uses: 0,
            growth: 0,
            placed: false,
        }
    }
}

/// Cycles until the result is there, roughly (A. Fog, "Instruction tables", 2022).
fn latency(opcode: Opcode) -> u32 {
    match opcode {
        Opcode::Fadd | Opcode::Fsub | Opcode::Fmul | Opcode::Fma => 4,
        Opcode::Fdiv => 14,
        Opcode::Sqrt => 18,
        Opcode::Load => 6,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cranelift_codegen::cursor::{Cursor, FuncCursor};
    use cranelift_codegen::ir::{AbiParam, InstBuilder, MemFlagsData, Signature, UserFuncName, Value, types};
    use cranelift_codegen::isa::CallConv;

    /// Loads, chains of products of what was loaded one after the other, stores.
    fn chains(count: usize, length: usize) -> (Function, Block) {
        let mut signature = Signature::new(CallConv::SystemV);
        signature.params.push(AbiParam::new(types::I64));
        let mut func = Function::with_name_signature(UserFuncName::user(0, 0), signature);
        let block = func.dfg.make_block();
        func.layout.append_block(block);
        let address = func.dfg.append_block_param(block, types::I64);
        let mut cursor = FuncCursor::new(&mut func).at_bottom(block);
        let flags = MemFlagsData::trusted();
        let place = |k: usize| 16 * k as i32;
        let loads: Vec<Value> =
            (0..count).map(|k| cursor.ins().load(types::F64X2, flags, address, place(k))).collect();
        for (k, &x) in loads.iter().enumerate() {
            let product = (0..length).fold(x, |y, _| cursor.ins().fmul(y, x));
            cursor.ins().store(flags, product, address, place(k));
        }
        cursor.ins().return_(&[]);
        (func, block)
    }

    fn opcodes(func: &Function, block: Block) -> Vec<Opcode> {
        func.layout.block_insts(block).map(|inst| func.dfg.insts[inst].opcode()).collect()
    }

    #[test]
    fn chains_are_computed_side_by_side() {
        let (mut func, block) = chains(4, 20);
        schedule(&mut func);
        let verified = cranelift_codegen::verify_function(&func, &*super::super::target().unwrap().isa);
        assert!(verified.is_ok(), "{verified:?}");
        let products: Vec<Inst> = func.layout.block_insts(block).skip(8).take(60).collect();
        for next in products.windows(2) {
            let before = func.dfg.first_result(next[0]);
            assert!(!func.dfg.inst_args(next[1]).contains(&before), "{}", func.display());
        }
    }

    #[test]
    fn effects_keep_their_order() {
        let (mut func, block) = chains(6, 50);
        let effects = |func: &Function| -> Vec<Inst> {
            func.layout.block_insts(block).filter(|inst| has_effect(func, *inst)).collect()
        };
        let before = effects(&func);
        schedule(&mut func);
        assert_eq!(effects(&func), before);
    }

    #[test]
    fn blocks_with_little_work_stay() {
        let (mut func, block) = chains(20, 6);
        let before = opcodes(&func, block);
        schedule(&mut func);
        assert_eq!(opcodes(&func, block), before);
    }
}
