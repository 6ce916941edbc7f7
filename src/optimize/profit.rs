//! Whether lanes pay: an estimate of the cycles that a group of eight iterations takes in lanes, and one by one.
//!
//! The model adds up reciprocal throughputs, in quarters of a cycle, of one core of a current x86 processor that does per cycle four
//! integer operations, two vector operations of 128 bits, two loads and one store. It knows no latencies (iterations overlap), no
//! caches (both sides wait for the same lines) and no trip counts (loops inside are taken to run [`TRIPS`] times on both sides). The figures
//! are rounded from A. Fog, "Instruction tables" (2022), for Ice Lake and Zen 3.
//!
//! | | scalar | a register of lanes |
//! |---|---|---|
//! | integer add, compare, logic | 1 | 2 |
//! | float add, multiply, fma, compare | 2 | 2 |
//! | f64 division / square root | 16 / 18 | 16 / 24 |
//! | f32 division / square root | 12 / 12 | 12 / 12 |
//! | load, store | 2, 4 | 2, 4 |
//! | load of lanes at a fixed distance | – | 3 a lane |
//! | load, store of other lanes that do not lie side by side | – | 6, 8 a lane |
//! | an operation without lanes | its cost | its cost + 4 an operand + 4, a lane |
//! | a branch that data decides | a third of [`MISPREDICTED`], and half of each arm | both arms |
//! | a loop that lanes leave at different times | | + [`WAITING`] percent |

use super::carried::read_first;
use crate::base::{Binary, Dtype, Unary};
use crate::loops::lanes::{Pattern, Plan, Reason, Shape, has_lanes, is_scalar_region};
use crate::loops::visit::walk;
use crate::loops::{Block, For, Function, If, Op, Stmt, Value};
use std::collections::HashSet;

/// Cycles for eight iterations.
pub struct Estimate {
    pub scalar: f64,
    pub lanes: f64,
}

/// How often a loop inside runs (a guess).
const TRIPS: u64 = 16;

/// What a misprediction costs, every third time at a branch that data decides: 16 cycles.
const MISPREDICTED: u64 = 64;

/// How much longer the slowest of eight lanes stays in a loop than the average (measured on the Mandelbrot set).
const WAITING: u64 = 25;

/// What a branch without `else` costs if it is a rare case: 50 cycles.
const RARE: u64 = 200;

const GROUP: u64 = 8;

/// `original` is what one iteration does as scalar code; the body of `loop_` is what its lanes do.
pub fn estimate(
    function: &Function,
    loop_: &For,
    original: &Block,
    plan: &Plan,
    constant: &dyn Fn(Value) -> Option<i64>,
) -> Result<Estimate, Reason> {
    let lanes = Lanes { function, plan, constant };
    if loop_.reductions.is_empty() && !lanes.stores(&loop_.body) {
        return Err("it stores nothing that differs".into());
    }
    let scalar = GROUP * (scalar_block(function, plan, original) + 2);
    let overhead = 4 + 4 * loop_.reductions.len() as u64 * lanes.registers(Dtype::F64);
    let work = lanes.block(&loop_.body) + overhead;
    Ok(Estimate { scalar: scalar as f64 / 4.0, lanes: work as f64 / 4.0 })
}

/// How many registers of eight lanes the loops inside keep alive from step to step: variables, and what is computed in front of them.
pub fn pressure(function: &Function, loop_: &For, plan: &Plan) -> usize {
    let mut most = 0;
    walk(&loop_.body, &mut |stmt| {
        if let Stmt::For(_) | Stmt::While(_) = stmt {
            most = most.max(kept(function, plan, stmt));
        }
    });
    most
}

fn kept(function: &Function, plan: &Plan, inner: &Stmt) -> usize {
    let (mut values, mut inside) = (HashSet::new(), HashSet::new());
    for block in inner.blocks() {
        walk(block, &mut |stmt| {
            stmt.for_each_operand(|value| {
                values.insert(value);
            });
            stmt.for_each_definition(function, |value| {
                inside.insert(value);
            });
        });
    }
    let registers = |dtype: Dtype| if dtype.size() == 8 || dtype == Dtype::Bool { 4 } else { 2 };
    let outside = values.difference(&inside).filter(|value| plan.shape(**value) == Shape::Varying);
    let outside: usize = outside.map(|value| registers(function.values[*value].dtype)).sum();
    let carried = read_first(inner).into_iter().filter(|var| plan.varies(*var));
    outside + carried.map(|var| registers(function.vars[var].dtype)).sum::<usize>()
}

fn scalar_block(function: &Function, plan: &Plan, block: &Block) -> u64 {
    block.iter().map(|stmt| scalar_stmt(function, plan, stmt)).sum()
}

fn scalar_stmt(function: &Function, plan: &Plan, stmt: &Stmt) -> u64 {
    match stmt {
        Stmt::Let(value, op) => scalar_op(function, *value, op),
        Stmt::Store(_) => 4,
        Stmt::Check(_) => 2,
        // Such as the guard in front of what was moved out of a loop.
        Stmt::If(branch) if plan.shape(branch.condition) == Shape::Uniform => {
            1 + scalar_block(function, plan, &branch.then).max(scalar_block(
                function,
                plan,
                &branch.otherwise,
            ))
        }
        Stmt::If(branch) => {
            let arms =
                scalar_block(function, plan, &branch.then) + scalar_block(function, plan, &branch.otherwise);
            if is_rare(function, plan, branch) { 2 } else { MISPREDICTED / 3 + arms / 2 }
        }
        Stmt::For(loop_) => TRIPS * (scalar_block(function, plan, &loop_.body) + 2),
        Stmt::While(loop_) => {
            let body =
                scalar_block(function, plan, &loop_.header) + scalar_block(function, plan, &loop_.body);
            TRIPS * (body + 2) + MISPREDICTED
        }
        Stmt::Scope { body, .. } => scalar_block(function, plan, body),
        Stmt::Call(_) | Stmt::Run(_) => 200,
        Stmt::Nest(nest) => TRIPS * scalar_block(function, plan, &nest.body),
        Stmt::Set(..)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Return(_)
        | Stmt::Alloc { .. }
        | Stmt::Retain(_)
        | Stmt::Release(_)
        | Stmt::Fault { .. }
        | Stmt::Poll => 0,
    }
}

/// Calls, faults and much work without an alternative are taken for rare cases (a guess).
fn is_rare(function: &Function, plan: &Plan, branch: &If) -> bool {
    let cold = |stmt: &Stmt| matches!(stmt, Stmt::Call(_) | Stmt::Fault { .. });
    branch.otherwise.is_empty()
        && (branch.then.iter().any(cold) || scalar_block(function, plan, &branch.then) > RARE)
}

fn scalar_op(function: &Function, value: Value, op: &Op) -> u64 {
    let dtype = function.values[value].dtype;
    match op {
        Op::Const(_) | Op::Get(_) | Op::Any(_) => 0,
        Op::Load { .. } => 2,
        Op::Unary(unary, _) => unary_cost(*unary, dtype, 1),
        Op::Binary(binary, ..) => match binary {
            Binary::Div if dtype == Dtype::F32 => 12,
            Binary::Div => 16,
            Binary::FloorDiv | Binary::Mod if !dtype.is_float() => 12,
            Binary::FloorDiv | Binary::Mod | Binary::Fmod | Binary::Pow => 80,
            Binary::MulHigh => 4,
            Binary::Mul if !dtype.is_float() => 4,
            Binary::Minimum | Binary::Maximum if dtype.is_float() => 10,
            Binary::Min | Binary::Max | Binary::CopySign if dtype.is_float() => 4,
            Binary::Shl | Binary::Shr => 3,
            _ if dtype.is_float() => 2,
            _ => 1,
        },
        Op::Compare(..) => 1,
        Op::Cast(a) => {
            let from = function.values[*a].dtype;
            match (from.is_float(), dtype.is_float()) {
                (true, false) => 14,
                (false, false) => 1,
                (false, true) | (true, true) => 4,
            }
        }
        Op::Select { .. } => 2,
        Op::Fma(..) => 2,
        Op::Wrap { .. } => 3,
        Op::Disjoint(..) => 40,
    }
}

fn unary_cost(unary: Unary, dtype: Dtype, int: u64) -> u64 {
    let wide = dtype == Dtype::F64;
    match unary {
        Unary::Sqrt if wide => 18,
        Unary::Sqrt => 12,
        Unary::Floor | Unary::Ceil | Unary::Trunc | Unary::Rint => 4,
        Unary::IsNan | Unary::IsInf | Unary::IsFinite | Unary::SignBit => 2,
        Unary::Bits | Unary::FromBits => 2,
        Unary::Neg | Unary::Abs | Unary::Not | Unary::Invert => {
            if dtype.is_float() {
                2
            } else {
                int
            }
        }
    }
}

struct Lanes<'a> {
    function: &'a Function,
    plan: &'a Plan,
    constant: &'a dyn Fn(Value) -> Option<i64>,
}

impl Lanes<'_> {
    /// Of a group.
    fn registers(&self, dtype: Dtype) -> u64 {
        match dtype {
            Dtype::Bool if self.plan.wide_only || self.plan.wide_masks => GROUP / 2,
            Dtype::F64 | Dtype::I64 | Dtype::U64 => GROUP / 2,
            _ => GROUP / 4,
        }
    }

    fn block(&self, block: &Block) -> u64 {
        block.iter().map(|stmt| self.stmt(stmt)).sum()
    }

    fn stmt(&self, stmt: &Stmt) -> u64 {
        match stmt {
            Stmt::Let(value, op) => self.op(*value, op),
            Stmt::Store(store) => {
                let dtype = self.function.arrays[store.array].dtype;
                let pattern = self.plan.pattern(self.function, self.constant, store.array, &store.indices);
                self.access(pattern, dtype, 4, 8)
            }
            Stmt::If(branch) if is_scalar_region(branch, self.plan) => {
                let arms = scalar_block(self.function, self.plan, &branch.then)
                    + scalar_block(self.function, self.plan, &branch.otherwise);
                // Every fourth lane takes it, through memory.
                if is_rare(self.function, self.plan, branch) { 8 } else { 30 + GROUP / 4 * (arms + 30) }
            }
            Stmt::If(branch) => 6 + self.block(&branch.then) + self.block(&branch.otherwise),
            Stmt::For(loop_) => TRIPS * (self.block(&loop_.body) + 2),
            Stmt::While(loop_) => {
                let body = self.block(&loop_.header) + self.block(&loop_.body) + 2;
                (TRIPS * body) * (100 + WAITING) / 100 + MISPREDICTED
            }
            Stmt::Scope { body, .. } => self.block(body),
            Stmt::Set(..) | Stmt::Break(_) | Stmt::Continue(_) | Stmt::Poll => 0,
            Stmt::Check(_) => 2,
            Stmt::Nest(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. } => 0,
        }
    }

    fn op(&self, value: Value, op: &Op) -> u64 {
        if let Op::Any(_) = op {
            return 10;
        }
        match self.plan.shape(value) {
            Shape::Uniform | Shape::Linear(_) => return scalar_op(self.function, value, op),
            Shape::Varying => {}
        }
        let known = |value: Value| {
            let dtype = self.function.values[value].dtype;
            let constant = (self.constant)(value)?;
            (!dtype.is_float()).then(|| crate::base::Scalar::int(dtype, constant))
        };
        if !has_lanes(self.function, value, op, known) {
            let mut operands = 0;
            op.for_each_operand(|_| operands += 1);
            return GROUP * (scalar_op(self.function, value, op) + 4 * operands + 4);
        }
        let dtype = self.function.values[value].dtype;
        match op {
            Op::Load { array, indices } => {
                let pattern = self.plan.pattern(self.function, self.constant, *array, indices);
                match pattern {
                    // Addresses cost nothing (measured on Zen 5: less than that).
                    Pattern::Stride(_) => self.access(pattern, self.function.arrays[*array].dtype, 2, 3),
                    Pattern::Uniform | Pattern::RuntimeStride | Pattern::Scattered => {
                        self.access(pattern, self.function.arrays[*array].dtype, 2, 6)
                    }
                }
            }
            Op::Cast(a) => self.cast(self.function.values[*a].dtype, dtype),
            Op::Compare(_, a, _) => 2 * self.registers(self.function.values[*a].dtype),
            _ => self.registers(dtype) * self.register_op(dtype, op),
        }
    }

    /// Of one register.
    fn register_op(&self, dtype: Dtype, op: &Op) -> u64 {
        let wide = dtype.size() == 8;
        match op {
            Op::Unary(Unary::Sqrt, _) if wide => 24,
            Op::Unary(unary, _) => unary_cost(*unary, dtype, 2),
            Op::Binary(binary, ..) => match binary {
                Binary::Div if wide => 16,
                Binary::Div => 12,
                Binary::Mul if !dtype.is_float() && wide => 14,
                Binary::Mul if !dtype.is_float() => 4,
                Binary::Min | Binary::Max | Binary::CopySign => 4,
                Binary::Minimum | Binary::Maximum => 8,
                Binary::Shr | Binary::FloorDiv if dtype == Dtype::I64 => 8,
                _ => 2,
            },
            Op::Select { .. } => 4,
            Op::Wrap { .. } => 6,
            Op::Fma(..) => 2,
            Op::Get(_) | Op::Const(_) => 0,
            Op::Compare(..) | Op::Cast(_) | Op::Load { .. } | Op::Disjoint(..) | Op::Any(_) => 2,
        }
    }

    fn cast(&self, from: Dtype, to: Dtype) -> u64 {
        let registers = self.registers(from).max(self.registers(to));
        match (from.is_float(), to.is_float()) {
            (false, true) if matches!(from, Dtype::I64 | Dtype::U64 | Dtype::U32) => 12 * registers,
            (false, false) if from.size() == to.size() => registers,
            _ => 4 * registers,
        }
    }

    fn access(&self, pattern: Pattern, dtype: Dtype, register: u64, lane: u64) -> u64 {
        let size = dtype.size() as i64;
        match pattern {
            Pattern::Uniform => register,
            Pattern::Stride(step) if step == size && size >= 4 => register * self.registers(dtype),
            Pattern::Stride(step) if step.abs() == size => (register + 6) * self.registers(dtype),
            Pattern::Stride(_) => lane * GROUP,
            Pattern::RuntimeStride => (lane + 1) * GROUP,
            Pattern::Scattered => (lane + 6) * GROUP,
        }
    }

    fn stores(&self, block: &Block) -> bool {
        block.iter().any(|stmt| {
            matches!(stmt, Stmt::Store(_)) || stmt.blocks().into_iter().any(|inner| self.stores(inner))
        })
    }
}
