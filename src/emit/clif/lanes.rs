//! Loops in lanes: logical lanes as several 128-bit registers, then what remains one by one.
//!
//! # What the body may contain
//!
//! Straight-line code over one float dtype F (f64 or f32) and bool. Every value of the body is
//!
//! - *uniform*: defined outside the loop, or computed by any operation from uniform values (loads included; they are
//!   done once, before the loop). A `get` of a variable that the body does not set is uniform.
//! - *linear*: the loop's index, or an i64 `linear + uniform`, `uniform + linear`, `linear - uniform`.
//! - *varying*: of dtype F, held in registers; or bool, held as masks.
//!
//! | statement | varying form |
//! |---|---|
//! | `load` | dtype F, last index linear with a stride that is a constant and the size of F, the others uniform |
//! | `store` | the same; the value varying or uniform, of dtype F |
//! | `set` | any variable of dtype F or bool; each iteration sets it before it gets it, reductions excepted |
//! | `neg abs sqrt floor ceil trunc rint` | F → F |
//! | `isnan isinf isfinite signbit not` | F → bool |
//! | `add sub mul div min max minimum maximum copysign fma` | F → F |
//! | `== != < <= > >=` | F → bool; `==` and `!=` also bool → bool |
//! | `and or xor add mul min max minimum maximum not invert` | bool → bool |
//! | `select` | a condition that is a mask or uniform; F or bool |
//! | `cast` | bool → F, F → bool, linear → F, and to the same dtype |
//! | reductions | of dtype F; exactly 8 lanes |
//!
//! The number of lanes is a power of two, at least 2 (f64) or 4 (f32). Anything else is a [`Bug`]: `vectorize`
//! promises not to produce it. Iterations are independent, so registers are emitted one after the other, which keeps
//! few of them alive.

use super::Bug;
use super::control::Count;
use super::function::Emitter;
use super::vector::{Lane, Vectors, Width};
use crate::base::{Binary, Dtype, tree};
use crate::loops::{self, Array, For, Op, Reduction, Stmt, Var};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value, types};
use cranelift_entity::SecondaryMap;
use cranelift_frontend::Variable;

/// How a value differs between iterations.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Shape {
    #[default]
    Uniform,
    Linear,
    Varying,
}

/// A lane loop as it is going to be emitted.
pub struct Plan {
    pub shapes: SecondaryMap<loops::Value, Shape>,
    pub width: Width,
    pub registers: usize,
}

impl<'a> Emitter<'a> {
    pub fn lanes_loop(&mut self, loop_: &'a For, lanes: u32) -> Result<(), Bug> {
        if !self.target.has_vectors {
            return self.one_by_one(loop_);
        }
        let Some(plan) = plan(self.function, loop_, lanes)? else {
            return self.one_by_one(loop_);
        };
        if !loop_.reductions.is_empty() {
            self.check_leaf(loop_)?;
        }
        self.fresh.clear();
        let count = self.count(loop_)?;
        let initial = self.initial(loop_);
        let end = self.guarded(count)?;
        let running = self.running(loop_, &plan)?;
        let length = self.builder.ins().isub(count.hi, count.lo);
        let whole = self.builder.ins().band_imm_s(length, -(lanes as i64));
        let middle = self.builder.ins().iadd(count.lo, whole);

        let (vectors, rest) = (self.builder.create_block(), self.builder.create_block());
        self.builder.ins().brif(whole, vectors, &[], rest, &[]);
        self.builder.seal_block(vectors);
        self.builder.switch_to_block(vectors);
        self.vector_loop(loop_, plan, Count { hi: middle, ..count }, &running)?;
        self.builder.ins().jump(rest, &[]);
        self.builder.seal_block(rest);
        self.builder.switch_to_block(rest);

        self.remainder(loop_, Count { lo: middle, ..count }, &running)?;
        for ((reduction, &running), initial) in loop_.reductions.iter().zip(&running).zip(initial) {
            let dtype = self.function.vars[reduction.var].dtype;
            let total = self.builder.use_var(running);
            let result = self.combine(reduction.op, dtype, initial, total)?;
            self.set(reduction.var, result);
        }
        self.join(end);
        Ok(())
    }

    fn one_by_one(&mut self, loop_: &'a For) -> Result<(), Bug> {
        if loop_.reductions.is_empty() {
            return self.plain_loop(loop_);
        }
        self.reducing_loop(loop_)
    }

    /// A running total for each reduction, at the identity.
    fn running(&mut self, loop_: &For, plan: &Plan) -> Result<Vec<Variable>, Bug> {
        let mut running = vec![];
        for reduction in &loop_.reductions {
            let variable = self.builder.declare_var(plan.width.float.lane_type());
            let identity = self.constant(reduction.op.identity(plan.width.dtype))?;
            self.builder.def_var(variable, identity);
            running.push(variable);
        }
        Ok(running)
    }

    /// What is left after the last whole group of lanes, left to right.
    fn remainder(&mut self, loop_: &'a For, count: Count, running: &[Variable]) -> Result<(), Bug> {
        self.counted(
            count,
            &mut |emitter| {
                emitter.start_iteration(&loop_.reductions)?;
                emitter.block(&loop_.body)
            },
            &mut |emitter, _| {
                for (reduction, &running) in loop_.reductions.iter().zip(running) {
                    let dtype = emitter.function.vars[reduction.var].dtype;
                    let contribution = emitter.get(reduction.var);
                    let before = emitter.builder.use_var(running);
                    let after = emitter.combine(reduction.op, dtype, before, contribution)?;
                    emitter.builder.def_var(running, after);
                }
                Ok(())
            },
        )?;
        Ok(())
    }

    /// The whole groups: at least one. Accumulators travel as block parameters.
    fn vector_loop(
        &mut self,
        loop_: &'a For,
        plan: Plan,
        count: Count,
        running: &[Variable],
    ) -> Result<(), Bug> {
        for stmt in &loop_.body {
            if let Stmt::Let(value, op) = stmt
                && plan.shapes[*value] == Shape::Uniform
            {
                self.assign(*value, op)?;
            }
        }
        let step = (plan.registers as i64) * plan.width.float.lane_count() as i64;
        let start = self.builder.create_block();
        let index = self.builder.append_block_param(start, types::I64);
        let (float, registers) = (plan.width.float, plan.registers);
        let mut args: Vec<BlockArg> = vec![count.lo.into()];
        let mut accumulators: Vec<Vec<Value>> = vec![];
        for reduction in &loop_.reductions {
            let identity = self.constant(reduction.op.identity(plan.width.dtype))?;
            let identity = self.builder.ins().splat(float, identity);
            args.extend(std::iter::repeat_n(BlockArg::from(identity), registers));
            accumulators
                .push((0..registers).map(|_| self.builder.append_block_param(start, float)).collect());
        }
        self.builder.ins().jump(start, &args);
        self.builder.switch_to_block(start);
        self.define(count.index, index);
        Vectors::new(self, plan).group(loop_, &mut accumulators)?;

        let next = self.builder.ins().iadd_imm_s(index, step);
        let more = self.builder.ins().icmp(IntCC::SignedLessThan, next, count.hi);
        let done = self.builder.create_block();
        let mut args: Vec<BlockArg> = vec![next.into()];
        args.extend(accumulators.iter().flatten().map(|&accumulator| BlockArg::from(accumulator)));
        self.builder.ins().brif(more, start, &args, done, &[]);
        self.builder.seal_block(start);
        self.builder.seal_block(done);
        self.builder.switch_to_block(done);
        for ((&reduction, &running), registers) in loop_.reductions.iter().zip(running).zip(accumulators) {
            let lanes = self.lanes_of(&registers);
            let total = self.combine_eight(reduction, &lanes)?;
            self.builder.def_var(running, total);
        }
        Ok(())
    }

    fn lanes_of(&mut self, registers: &[Value]) -> Vec<Value> {
        let mut lanes = vec![];
        for &register in registers {
            for lane in 0..self.builder.func.dfg.value_type(register).lane_count() {
                lanes.push(self.builder.ins().extractlane(register, lane as u8));
            }
        }
        lanes
    }
}

/// Decides the shape of every value. None where nothing varies, so that there is nothing to do in lanes.
fn plan(function: &loops::Function, loop_: &For, lanes: u32) -> Result<Option<Plan>, Bug> {
    let mut shapes = SecondaryMap::new();
    shapes[loop_.index] = Shape::Linear;
    let mut planner = Planner { function, changed: changed(loop_), shapes, dtype: None };
    for stmt in &loop_.body {
        planner.stmt(stmt)?;
    }
    for reduction in &loop_.reductions {
        planner.meet(function.vars[reduction.var].dtype)?;
    }
    let Some(dtype) = planner.dtype else { return Ok(None) };
    let width = Width::of(dtype);
    let per_register = width.float.lane_count();
    if !lanes.is_power_of_two() || lanes < per_register {
        return Err(Bug(format!("{lanes} lanes of {dtype}")));
    }
    if !loop_.reductions.is_empty() && lanes as usize != tree::ACCUMULATORS {
        return Err(Bug(format!("a reduction in {lanes} lanes")));
    }
    Ok(Some(Plan { shapes: planner.shapes, width, registers: (lanes / per_register) as usize }))
}

/// The variables that differ between iterations.
fn changed(loop_: &For) -> Vec<Var> {
    let mut changed: Vec<Var> = loop_.reductions.iter().map(|&Reduction { var, .. }| var).collect();
    for stmt in &loop_.body {
        if let Stmt::Set(var, _) = stmt {
            changed.push(*var);
        }
    }
    changed
}

struct Planner<'a> {
    function: &'a loops::Function,
    changed: Vec<Var>,
    shapes: SecondaryMap<loops::Value, Shape>,
    /// The float dtype of the loop, once something varies.
    dtype: Option<Dtype>,
}

impl Planner<'_> {
    fn stmt(&mut self, stmt: &Stmt) -> Result<(), Bug> {
        match stmt {
            Stmt::Let(value, op) => {
                let shape = self.shape(*value, op)?;
                self.shapes[*value] = shape;
                if shape == Shape::Varying {
                    self.meet(self.function.values[*value].dtype)?;
                }
                Ok(())
            }
            Stmt::Set(var, value) => {
                self.not_linear(*value)?;
                self.meet(self.function.vars[*var].dtype)
            }
            Stmt::Store(store) => {
                self.not_linear(store.value)?;
                if self.access(store.array, &store.indices)? == Shape::Uniform {
                    return Err(Bug(format!("lanes: all iterations store one element of {}", store.array)));
                }
                self.element(store.array)
            }
            Stmt::Check(_)
            | Stmt::If(_)
            | Stmt::For(_)
            | Stmt::Nest(_)
            | Stmt::While(_)
            | Stmt::Scope { .. }
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => Err(Bug(format!("lanes: {stmt:?} is not straight-line"))),
        }
    }

    fn shape(&mut self, value: loops::Value, op: &Op) -> Result<Shape, Bug> {
        match op {
            Op::Get(var) if self.changed.contains(var) => return Ok(Shape::Varying),
            Op::Load { array, indices } => {
                let shape = self.access(*array, indices)?;
                if shape == Shape::Varying {
                    self.element(*array)?;
                }
                return Ok(shape);
            }
            Op::Binary(op @ (Binary::Add | Binary::Sub), a, b)
                if self.function.values[value].dtype == Dtype::I64 =>
            {
                match (self.shapes[*a], self.shapes[*b], op) {
                    (Shape::Linear, Shape::Uniform, _) | (Shape::Uniform, Shape::Linear, Binary::Add) => {
                        return Ok(Shape::Linear);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        let mut shape = Shape::Uniform;
        op.for_each_operand(|operand| {
            shape = match (shape, self.shapes[operand]) {
                (Shape::Varying, _) | (_, Shape::Varying) => Shape::Varying,
                (Shape::Linear, _) | (_, Shape::Linear) => Shape::Linear,
                (Shape::Uniform, Shape::Uniform) => Shape::Uniform,
            };
        });
        match (shape, op) {
            (Shape::Uniform, _) => Ok(Shape::Uniform),
            (Shape::Linear, Op::Cast(_)) => Ok(Shape::Varying),
            (Shape::Linear, _) => Err(Bug(format!("lanes: {op:?} of the index"))),
            (Shape::Varying, _) => {
                let mut result = Ok(());
                op.for_each_operand(|operand| {
                    if result.is_ok() {
                        result = self.not_linear(operand);
                    }
                });
                result.map(|()| Shape::Varying)
            }
        }
    }

    /// Whether an access is the same for all iterations or one element after the other.
    fn access(&self, array: Array, indices: &[loops::Value]) -> Result<Shape, Bug> {
        let shapes = indices.iter().map(|&index| self.shapes[index]);
        let shapes: Vec<Shape> = shapes.collect();
        match shapes.split_last() {
            None => Ok(Shape::Uniform),
            Some((last, outer)) if outer.iter().all(|&shape| shape == Shape::Uniform) => match last {
                Shape::Uniform => Ok(Shape::Uniform),
                Shape::Linear => Ok(Shape::Varying),
                Shape::Varying => Err(Bug(format!("lanes: {array} is indexed by a varying value"))),
            },
            Some(_) => Err(Bug(format!("lanes: {array} is not accessed along its last axis"))),
        }
    }

    fn element(&mut self, array: Array) -> Result<(), Bug> {
        let dtype = self.function.arrays[array].dtype;
        if !dtype.is_float() {
            return Err(Bug(format!("lanes: elements of {dtype}")));
        }
        self.meet(dtype)
    }

    fn not_linear(&self, value: loops::Value) -> Result<(), Bug> {
        match self.shapes[value] {
            Shape::Linear => Err(Bug("lanes: the index as data".into())),
            Shape::Uniform | Shape::Varying => Ok(()),
        }
    }

    /// One float dtype for everything that varies.
    fn meet(&mut self, dtype: Dtype) -> Result<(), Bug> {
        match self.dtype {
            _ if dtype == Dtype::Bool => Ok(()),
            None if dtype.is_float() => {
                self.dtype = Some(dtype);
                Ok(())
            }
            Some(known) if known == dtype => Ok(()),
            _ => Err(Bug(format!("lanes: a varying {dtype}"))),
        }
    }
}

/// What a variable holds before an iteration sets it.
pub fn start(reductions: &[Reduction]) -> Vec<(Var, Lane)> {
    reductions.iter().map(|&reduction| (reduction.var, Lane::Identity(reduction.op))).collect()
}
