//! What one iteration of a loop moves and computes, loops inside it left out.
//!
//! ```text
//! for i in 0..n:
//!     v1 = load x[i]            16 bytes read: an element counts once per iteration
//!     v2 = load y[i]
//!     v3 = v1 * v2              2 floating-point operations; index arithmetic, conversions and selections do not count
//!     v4 = v3 + v2
//!     store y[i], v4            8 bytes written
//! ```

use crate::base::{Binary, Dtype, Unary};
use crate::loops::{Block, Condition, Function, If, Op, Stmt, Store, Value};
use std::collections::HashSet;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Work {
    pub read: u64,
    pub written: u64,
    /// On floats; a fused multiply-add is two.
    pub floats: u64,
    /// On integers and bools, index arithmetic left out.
    pub integers: u64,
    /// Among the operations on floats.
    pub divisions: u64,
    pub roots: u64,
    /// Some of it happens only under a condition.
    pub conditional: bool,
}

impl Work {
    pub fn size(&self) -> u64 {
        self.read + self.written + self.floats + self.integers
    }

    pub fn is_none(&self) -> bool {
        *self == Work { conditional: self.conditional, ..Work::default() }
    }
}

/// Values that something else than a subscript needs.
pub fn data_of(function: &Function) -> HashSet<Value> {
    let mut data = HashSet::new();
    mark(&function.body, &mut data);
    data
}

/// Backwards: what uses a value stands behind it, or in a block behind it.
fn mark(block: &Block, data: &mut HashSet<Value>) {
    for stmt in block.iter().rev() {
        match stmt {
            Stmt::Let(value, op) => {
                let counts = match op {
                    Op::Load { .. } | Op::Wrap { .. } => false,
                    Op::Const(_)
                    | Op::Get(_)
                    | Op::Unary(..)
                    | Op::Binary(..)
                    | Op::Compare(..)
                    | Op::Cast(_)
                    | Op::Select { .. }
                    | Op::Fma(..)
                    | Op::Disjoint(..)
                    | Op::Any(_) => data.contains(value),
                };
                if counts {
                    op.for_each_operand(|operand| {
                        data.insert(operand);
                    });
                }
            }
            Stmt::Store(Store { value, .. }) => {
                data.insert(*value);
            }
            Stmt::Check(check) => {
                if let Condition::True(value) = check.condition {
                    data.insert(value);
                }
            }
            Stmt::While(loop_) => {
                mark(&loop_.body, data);
                data.insert(loop_.condition);
                mark(&loop_.header, data);
            }
            // What decides between versions of a loop is no work of the program.
            Stmt::If(branch) if holds_loop(branch) => {
                stmt.blocks().into_iter().for_each(|inner| mark(inner, data));
            }
            // Bounds of loops and extents of arrays are index arithmetic.
            Stmt::For(_) | Stmt::Nest(_) | Stmt::Scope { .. } | Stmt::Alloc { .. } => {
                stmt.blocks().into_iter().for_each(|inner| mark(inner, data));
            }
            Stmt::Set(..)
            | Stmt::If(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => {
                stmt.blocks().into_iter().rev().for_each(|inner| mark(inner, data));
                stmt.for_each_operand(|operand| {
                    data.insert(operand);
                });
            }
        }
    }
}

fn holds_loop(branch: &If) -> bool {
    branch.then.iter().any(|stmt| matches!(stmt, Stmt::For(_)))
}

/// The work of a block, without the loops in it.
pub fn work(function: &Function, data: &HashSet<Value>, blocks: &[&Block]) -> Work {
    let mut meter = Meter { function, data, seen: HashSet::new(), work: Work::default() };
    blocks.iter().for_each(|block| meter.block(block, false));
    meter.work
}

struct Meter<'a> {
    function: &'a Function,
    data: &'a HashSet<Value>,
    /// Elements by address and direction: base, strides, indices, whether written.
    seen: HashSet<(Value, Vec<Value>, Vec<Value>, bool)>,
    work: Work,
}

impl Meter<'_> {
    fn block(&mut self, block: &Block, conditional: bool) {
        for stmt in block {
            let before = self.work;
            match stmt {
                Stmt::Let(value, op) => self.op(*value, op),
                Stmt::Store(store) => self.access(store.array, &store.indices, true),
                Stmt::If(branch) => {
                    let conditional = conditional || !holds_loop(branch);
                    self.block(&branch.then, conditional);
                    self.block(&branch.otherwise, conditional);
                }
                Stmt::Scope { body, .. } => self.block(body, conditional),
                Stmt::For(_) | Stmt::Nest(_) | Stmt::While(_) => {}
                Stmt::Set(..)
                | Stmt::Check(_)
                | Stmt::Break(_)
                | Stmt::Continue(_)
                | Stmt::Return(_)
                | Stmt::Alloc { .. }
                | Stmt::Retain(_)
                | Stmt::Release(_)
                | Stmt::Call(_)
                | Stmt::Run(_)
                | Stmt::Fault { .. }
                | Stmt::Poll => {}
            }
            self.work.conditional |= conditional && self.work != before;
        }
    }

    fn access(&mut self, array: crate::loops::Array, indices: &[Value], write: bool) {
        let array = &self.function.arrays[array];
        if self.seen.insert((array.base, array.strides.clone(), indices.to_vec(), write)) {
            let size = array.dtype.size() as u64;
            *(if write { &mut self.work.written } else { &mut self.work.read }) += size;
        }
    }

    fn op(&mut self, value: Value, op: &Op) {
        if let Op::Load { array, indices } = op {
            return self.access(*array, indices, false);
        }
        if !self.data.contains(&value) {
            return;
        }
        let dtype = |value: Value| self.function.values[value].dtype;
        match op {
            Op::Unary(unary, a) => {
                self.work.roots += (*unary == Unary::Sqrt) as u64;
                self.count(dtype(*a), 1);
            }
            Op::Binary(binary, a, _) => {
                let divides = matches!(binary, Binary::Div | Binary::Fmod) && dtype(*a).is_float();
                self.work.divisions += divides as u64;
                self.count(dtype(*a), 1);
            }
            Op::Compare(_, a, _) => self.count(dtype(*a), 1),
            Op::Fma(a, ..) => self.count(dtype(*a), 2),
            Op::Const(_)
            | Op::Get(_)
            | Op::Cast(_)
            | Op::Select { .. }
            | Op::Wrap { .. }
            | Op::Load { .. }
            | Op::Disjoint(..)
            | Op::Any(_) => {}
        }
    }

    fn count(&mut self, dtype: Dtype, operations: u64) {
        if dtype.is_float() || dtype.is_complex() {
            self.work.floats += operations;
        } else if dtype != Dtype::Bool {
            self.work.integers += operations;
        }
    }
}
