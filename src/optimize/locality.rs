//! How many cache lines the body of a band touches per iteration, if one or another of its loops were the innermost.
//!
//! ```text
//! c[i, j] += a[i, k] * b[k, j]          i   j   k
//!     c                                64   8   0
//!     a                                64   0   8
//!     b                                 0   8  64
//!                                     128  16  72     in bytes of lines of 64
//! ```
//!
//! After K. McKinley, S. Carr and C.-W. Tseng, "Improving data locality with loop transformations", TOPLAS 1996. An access costs nothing where it stays
//! at one address from one iteration to the next, its stride where that is less than a line, and else a line. Accesses to one array that
//! differ by constants (stencils) share lines and count once. A stride that is not known when compiling counts as a line.

use super::bands::Band;
use crate::base::{Binary, Dtype, Unary};
use crate::loops::{Array, Block, Function, Op, Stmt, Store, Value};
use std::collections::{HashMap, HashSet};

/// Bytes of a cache line.
const LINE: u64 = 64;

/// Of each loop of the band.
pub fn costs(function: &Function, constants: &HashMap<Value, i64>, band: &Band) -> Vec<u64> {
    let indices: Vec<Value> = band.loops.iter().map(|loop_| loop_.index).collect();
    let accesses = accesses(function, constants, &indices, &band.body);
    (0..indices.len()).map(|at| accesses.iter().map(|access| lines(access.bytes[at])).sum()).collect()
}

/// What a block touches, each place once.
pub fn accesses(
    function: &Function,
    constants: &HashMap<Value, i64>,
    indices: &[Value],
    block: &Block,
) -> HashSet<Access> {
    let count = indices.len();
    let mut walker = Walker { function, constants, count, steps: HashMap::new(), accesses: HashSet::new() };
    for (at, index) in indices.iter().enumerate() {
        let unit = (0..count).map(|other| Some(i64::from(other == at)));
        walker.steps.insert(*index, unit.collect());
    }
    walker.block(block);
    walker.accesses
}

fn lines(bytes: Step) -> u64 {
    bytes.map_or(LINE, |bytes| bytes.unsigned_abs().min(LINE))
}

/// By how much something grows from one iteration of a loop to the next; None if that is not a known constant.
pub type Step = Option<i64>;

#[derive(PartialEq, Eq, Hash)]
pub struct Access {
    base: Value,
    /// By how much the address grows from one iteration of each loop to the next.
    pub bytes: Vec<Step>,
}

struct Walker<'a> {
    function: &'a Function,
    constants: &'a HashMap<Value, i64>,
    /// How many loops there are.
    count: usize,
    /// Of what the loops change: its step in each of them.
    steps: HashMap<Value, Vec<Step>>,
    accesses: HashSet<Access>,
}

impl Walker<'_> {
    fn block(&mut self, block: &Block) {
        for stmt in block {
            match stmt {
                Stmt::Let(value, op) => {
                    if let Op::Load { array, indices } = op {
                        self.access(*array, indices);
                    }
                    let steps = self.operation(*value, op);
                    if steps.iter().any(|step| *step != Some(0)) {
                        self.steps.insert(*value, steps);
                    }
                }
                Stmt::Store(Store { array, indices, .. }) => self.access(*array, indices),
                other => other.blocks().into_iter().for_each(|inner| self.block(inner)),
            }
        }
    }

    fn access(&mut self, array: Array, indices: &[Value]) {
        let data = &self.function.arrays[array];
        let mut bytes = vec![Some(0); self.count];
        for (index, stride) in indices.iter().zip(&data.strides) {
            let step = times(&self.of(*index), self.constants.get(stride).copied());
            bytes = sum(&bytes, &step, 1);
        }
        self.accesses.insert(Access { base: data.base, bytes });
    }

    fn of(&self, value: Value) -> Vec<Step> {
        self.steps.get(&value).cloned().unwrap_or_else(|| vec![Some(0); self.count])
    }

    fn operation(&self, value: Value, op: &Op) -> Vec<Step> {
        let constant = |value: &Value| self.constants.get(value).copied();
        match op {
            _ if self.function.values[value].dtype != Dtype::I64 => self.unknown(op),
            Op::Binary(Binary::Add, a, b) => sum(&self.of(*a), &self.of(*b), 1),
            Op::Binary(Binary::Sub, a, b) => sum(&self.of(*a), &self.of(*b), -1),
            Op::Binary(Binary::Mul, a, b) => match constant(a) {
                Some(factor) => times(&self.of(*b), Some(factor)),
                None if self.steps.contains_key(b) => self.unknown(op),
                None => times(&self.of(*a), constant(b)),
            },
            Op::Unary(Unary::Neg, a) => times(&self.of(*a), Some(-1)),
            Op::Wrap { index, .. } => self.of(*index),
            Op::Const(_)
            | Op::Get(_)
            | Op::Unary(..)
            | Op::Binary(..)
            | Op::Compare(..)
            | Op::Cast(_)
            | Op::Select { .. }
            | Op::Fma(..)
            | Op::Load { .. }
            | Op::Disjoint(..)
            | Op::Any(_) => self.unknown(op),
        }
    }

    /// Of what changes somehow with all that its operands change with.
    fn unknown(&self, op: &Op) -> Vec<Step> {
        let mut steps = vec![Some(0); self.count];
        op.for_each_operand(|operand| steps = sum(&steps, &times(&self.of(operand), None), 1));
        steps
    }
}

fn times(steps: &[Step], factor: Step) -> Vec<Step> {
    let scaled = |step: &Step| match step {
        Some(0) => Some(0),
        Some(step) => factor.and_then(|factor| step.checked_mul(factor)),
        None => None,
    };
    steps.iter().map(scaled).collect()
}

fn sum(left: &[Step], right: &[Step], sign: i64) -> Vec<Step> {
    let add = |(left, right): (&Step, &Step)| (*left)?.checked_add((*right)?.checked_mul(sign)?);
    left.iter().zip(right).map(add).collect()
}
