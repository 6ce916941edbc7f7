//! One group of lanes: the walk over the body, and where its values live.
//!
//! The lanes of a group are cut into *units*, as many lanes as the registers of its narrowest dtype have: two where all data has 64 bits,
//! else four. A run of straight-line statements is emitted once for what is uniform or linear, then unit after unit for what varies, which
//! keeps few registers alive, or statement after statement for all units where there is much to compute; control flow is emitted once, around all
//! units.

use super::Bug;
use super::function::{Emitter, Flow};
use super::memory::Address;
use super::registers::{Registers, Slots, held};
use super::scalar::drops_out;
use super::schedule::DENSE;
use crate::base::{Dtype, ReduceOp};
use crate::loops::lanes::{Plan, Shape, is_scalar_region};
use crate::loops::{self, Block, For, Op, Reduction, Stmt, Var};
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};
use std::collections::{HashMap, HashSet};

pub struct Group<'p> {
    pub plan: &'p Plan,
    /// How many lanes a unit has.
    pub width: u32,
    pub units: u32,
    /// The unit that is being emitted.
    pub unit: u32,
    /// Varying values, by unit.
    values: HashMap<(loops::Value, u32), Lane>,
    vars: HashMap<(Var, u32), Slots>,
    /// Reduction variables at the identity.
    fresh: HashSet<(Var, u32)>,
    reductions: Vec<Reduction>,
    /// Registers that are another one plus 1 in each lane.
    pub increments: HashMap<Value, Value>,
    /// Uniform and linear values in registers, within a run of straight-line statements.
    splats: HashMap<loops::Value, Registers>,
    /// Where the first lane of an access is, by the place of the statement within the run.
    pub addresses: HashMap<usize, Address>,
}

/// A varying value in the current unit.
#[derive(Clone, Copy)]
pub enum Lane {
    Registers(Registers),
    /// Of a reduction, not yet in a register: it mostly drops out.
    Identity(ReduceOp),
}

impl<'p> Group<'p> {
    pub fn new(e: &mut Emitter, plan: &'p Plan, lanes: u32) -> Result<Group<'p>, Bug> {
        let width = if plan.wide_only { 2 } else { 4 };
        if !lanes.is_power_of_two() || lanes < width {
            return Err(Bug(format!("{lanes} lanes")));
        }
        let mut group = Group {
            plan,
            width,
            units: lanes / width,
            unit: 0,
            values: HashMap::new(),
            vars: HashMap::new(),
            fresh: HashSet::new(),
            reductions: vec![],
            increments: HashMap::new(),
            splats: HashMap::new(),
            addresses: HashMap::new(),
        };
        for var in e.function.vars.keys().filter(|&var| plan.varies(var)) {
            let ty = group.held(e.function.vars[var].dtype);
            for unit in 0..group.units {
                group.vars.insert((var, unit), Slots::declare(e, ty, group.registers_of(ty)));
            }
        }
        Ok(group)
    }

    pub fn lanes(&self) -> u32 {
        self.width * self.units
    }

    /// How many registers of this type a unit takes.
    pub fn registers_of(&self, ty: Type) -> usize {
        self.width.div_ceil(ty.lane_count()) as usize
    }

    /// Bools as the loop's masks are.
    pub fn held(&self, dtype: Dtype) -> Type {
        match dtype {
            Dtype::Bool if self.width == 2 || self.plan.wide_masks => types::I64X2,
            _ => held(dtype),
        }
    }

    /// Variables for each reduction and unit, at the identity.
    pub fn accumulators(&self, e: &mut Emitter, reductions: &[Reduction]) -> Result<Vec<Vec<Slots>>, Bug> {
        let mut all = vec![];
        for &Reduction { var, op } in reductions {
            let identity = self.identity(e, var, op)?;
            let mut units = vec![];
            for _ in 0..self.units {
                let ty = identity.ty(e);
                let slots = Slots::declare(e, ty, self.registers_of(ty));
                slots.set(e, identity);
                units.push(slots);
            }
            all.push(units);
        }
        Ok(all)
    }

    fn identity(&self, e: &mut Emitter, var: Var, op: ReduceOp) -> Result<Registers, Bug> {
        let dtype = e.function.vars[var].dtype;
        let ty = self.held(dtype);
        let splat = e.splat_constant(ty, op.identity(dtype))?;
        Ok(Registers::of(&vec![splat; self.registers_of(ty)]))
    }

    /// The body for one group; contributions go to the accumulators.
    pub fn iteration<'a>(
        &mut self,
        e: &mut Emitter<'a>,
        loop_: &'a For,
        accumulators: &[Vec<Slots>],
    ) -> Result<(), Bug> {
        self.reductions = loop_.reductions.clone();
        for &Reduction { var, op } in &loop_.reductions {
            let identity = self.identity(e, var, op)?;
            for unit in 0..self.units {
                self.vars[&(var, unit)].set(e, identity);
                self.fresh.insert((var, unit));
            }
        }
        if self.block(e, &loop_.body)? == Flow::Left {
            return Err(Bug("lanes: the body does not end".into()));
        }
        for (&reduction, units) in loop_.reductions.iter().zip(accumulators) {
            for (unit, slots) in units.iter().enumerate() {
                self.unit = unit as u32;
                let before = slots.get(e);
                let after = match self.get(e, reduction.var)? {
                    Lane::Identity(op) if self.drops_out(e, reduction.var, op) => before,
                    lane => {
                        let dtype = e.function.vars[reduction.var].dtype;
                        let contribution = self.in_registers(e, lane, dtype)?;
                        self.combine(e, reduction.op.binary(), dtype, before, contribution)?
                    }
                };
                slots.set(e, after);
            }
        }
        Ok(())
    }

    fn drops_out(&self, e: &Emitter, var: Var, op: ReduceOp) -> bool {
        drops_out(op, e.function.vars[var].dtype)
    }

    // Statements.

    pub fn block<'a>(&mut self, e: &mut Emitter<'a>, block: &'a Block) -> Result<Flow, Bug> {
        let mut rest = block.as_slice();
        while let Some(first) = rest.first() {
            let straight = rest.iter().take_while(|stmt| self.is_straight(stmt)).count();
            if straight > 0 {
                self.straight(e, &rest[..straight])?;
            } else if self.control(e, first)? == Flow::Left {
                return Ok(Flow::Left);
            }
            rest = &rest[straight.max(1)..];
        }
        Ok(Flow::Next)
    }

    fn is_straight(&self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Let(_, Op::Any(a)) => self.plan.shape(*a) == Shape::Uniform,
            Stmt::Let(..) | Stmt::Set(..) | Stmt::Store(_) => true,
            _ => false,
        }
    }

    fn straight<'a>(&mut self, e: &mut Emitter<'a>, run: &'a [Stmt]) -> Result<(), Bug> {
        self.splats.clear();
        self.addresses.clear();
        for stmt in run {
            match stmt {
                Stmt::Let(value, op) if self.plan.shape(*value) != Shape::Varying => e.assign(*value, op)?,
                Stmt::Set(var, value) if !self.plan.varies(*var) => {
                    let value = e.value(*value)?;
                    e.set(*var, value);
                }
                _ => {}
            }
        }
        let together = if self.is_dense(run) { self.units } else { 1 };
        for first in (0..self.units).step_by(together as usize) {
            for (place, stmt) in run.iter().enumerate() {
                for unit in first..first + together {
                    self.unit = unit;
                    self.varying(e, place, stmt)?;
                }
            }
        }
        Ok(())
    }

    /// Whether the units of a run are to be computed side by side, as [`super::schedule`] does: all of their loads come first then, which takes
    /// registers.
    fn is_dense(&self, run: &[Stmt]) -> bool {
        let (mut operations, mut accesses) = (0, 0);
        for stmt in run {
            match stmt {
                Stmt::Let(_, Op::Load { .. }) | Stmt::Store(_) => accesses += 1,
                Stmt::Let(value, _) => operations += (self.plan.shape(*value) == Shape::Varying) as usize,
                _ => {}
            }
        }
        operations >= DENSE * accesses
    }

    /// A straight-line statement in the current unit, if it varies.
    fn varying<'a>(&mut self, e: &mut Emitter<'a>, place: usize, stmt: &'a Stmt) -> Result<(), Bug> {
        match stmt {
            Stmt::Let(value, op) if self.plan.shape(*value) == Shape::Varying => {
                let lane = self.operation(e, place, *value, op)?;
                self.values.insert((*value, self.unit), lane);
            }
            Stmt::Set(var, value) if self.plan.varies(*var) => {
                let dtype = e.function.vars[*var].dtype;
                let registers = self.value_as(e, *value, self.held(dtype))?;
                self.set(e, *var, registers);
            }
            Stmt::Store(store) => self.store(e, place, store)?,
            // What is uniform or linear has been computed.
            _ => {}
        }
        Ok(())
    }

    fn control<'a>(&mut self, e: &mut Emitter<'a>, stmt: &'a Stmt) -> Result<Flow, Bug> {
        self.fresh.clear();
        let flow = match stmt {
            Stmt::Let(value, Op::Any(a)) => {
                let any = self.any(e, *a)?;
                e.define(*value, any);
                Flow::Next
            }
            Stmt::If(branch) if is_scalar_region(branch, self.plan) => {
                self.region(e, branch)?;
                Flow::Next
            }
            Stmt::If(branch) => e.branch(branch, &mut |e, block| self.block(e, block))?,
            Stmt::While(loop_) => e.while_loop(loop_, &mut |e, block| self.block(e, block))?,
            Stmt::Scope { label, body } => e.scope(*label, body, &mut |e, block| self.block(e, block))?,
            Stmt::For(loop_) => {
                let count = e.count(loop_)?;
                e.counted(count, &mut |e| self.block(e, &loop_.body), &mut |_, _| Ok(()))?;
                Flow::Next
            }
            Stmt::Check(check) => {
                for &value in &check.values {
                    if self.plan.shape(value) == Shape::Varying {
                        self.define_lane(e, value, 0)?;
                    }
                }
                e.check(check)?;
                Flow::Next
            }
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Poll => e.stmt(stmt)?,
            _ => return Err(Bug(format!("lanes: {stmt:?}"))),
        };
        self.fresh.clear();
        Ok(flow)
    }

    // Values.

    pub fn get(&mut self, e: &mut Emitter, var: Var) -> Result<Lane, Bug> {
        if self.fresh.contains(&(var, self.unit)) {
            let reduction = self.reductions.iter().find(|reduction| reduction.var == var);
            return Ok(Lane::Identity(reduction.expect("only reductions are fresh").op));
        }
        let slots =
            self.vars.get(&(var, self.unit)).ok_or_else(|| Bug(format!("lanes: {var} does not vary")))?;
        Ok(Lane::Registers(slots.get(e)))
    }

    pub fn set(&mut self, e: &mut Emitter, var: Var, registers: Registers) {
        self.fresh.remove(&(var, self.unit));
        self.vars[&(var, self.unit)].set(e, registers);
    }

    /// A value in the current unit, whatever its shape.
    pub fn lane(&mut self, e: &mut Emitter, value: loops::Value) -> Result<Lane, Bug> {
        match self.plan.shape(value) {
            Shape::Varying => match self.values.get(&(value, self.unit)) {
                Some(lane) => Ok(*lane),
                None => Err(Bug(format!("lanes: {value} is used before it is defined"))),
            },
            Shape::Uniform => self.uniform(e, value).map(Lane::Registers),
            Shape::Linear(growth) => self.linear(e, value, growth).map(Lane::Registers),
        }
    }

    pub fn value(&mut self, e: &mut Emitter, value: loops::Value) -> Result<Registers, Bug> {
        let lane = self.lane(e, value)?;
        self.in_registers(e, lane, e.dtype(value))
    }

    /// A value in registers of this type: for bools, which have two.
    pub fn value_as(&mut self, e: &mut Emitter, value: loops::Value, ty: Type) -> Result<Registers, Bug> {
        let registers = self.value(e, value)?;
        Ok(if e.dtype(value) == Dtype::Bool { registers.mask_as(e, ty) } else { registers })
    }

    pub fn in_registers(&mut self, e: &mut Emitter, lane: Lane, dtype: Dtype) -> Result<Registers, Bug> {
        match lane {
            Lane::Registers(registers) => Ok(registers),
            Lane::Identity(op) => {
                let ty = self.held(dtype);
                let splat = e.splat_constant(ty, op.identity(dtype))?;
                Ok(self.all(ty, splat))
            }
        }
    }

    /// The same register as often as a unit has registers of its type.
    pub fn all(&self, ty: Type, register: Value) -> Registers {
        Registers::of(&vec![register; self.registers_of(ty)])
    }

    fn uniform(&mut self, e: &mut Emitter, value: loops::Value) -> Result<Registers, Bug> {
        if let Some(splat) = self.splats.get(&value) {
            return Ok(*splat);
        }
        let scalar = e.value(value)?;
        let dtype = e.dtype(value);
        let ty = self.held(dtype);
        let splat = e.splat(dtype, ty, scalar);
        let registers = self.all(ty, splat);
        self.splats.insert(value, registers);
        Ok(registers)
    }

    /// First lane + 0, growth, 2 growth, …
    fn linear(&mut self, e: &mut Emitter, value: loops::Value, growth: i64) -> Result<Registers, Bug> {
        let first = e.value(value)?;
        let first = e.builder.ins().splat(types::I64X2, first);
        let mut registers = vec![];
        for register in 0..self.registers_of(types::I64X2) as u32 {
            let lane = (self.unit * self.width + 2 * register) as i64;
            let bytes: Vec<u8> =
                [lane, lane + 1].iter().flat_map(|lane| (lane * growth).to_le_bytes()).collect();
            let constant = e.builder.func.dfg.constants.insert(bytes.into());
            let steps = e.builder.ins().vconst(types::I64X2, constant);
            registers.push(e.builder.ins().iadd(first, steps));
        }
        Ok(Registers::of(&registers))
    }

    /// A lane of the group as a scalar.
    pub fn scalar(&mut self, e: &mut Emitter, value: loops::Value, lane: u32) -> Result<Value, Bug> {
        match self.plan.shape(value) {
            Shape::Uniform => e.value(value),
            Shape::Linear(growth) => {
                let first = e.value(value)?;
                Ok(if lane == 0 { first } else { e.builder.ins().iadd_imm_s(first, growth * lane as i64) })
            }
            Shape::Varying => {
                let before = std::mem::replace(&mut self.unit, lane / self.width);
                let registers = self.value(e, value)?;
                self.unit = before;
                Ok(registers.extract(e, e.dtype(value), lane % self.width))
            }
        }
    }

    /// Makes scalar code see the value that a lane has; what is uniform it sees anyway, with all that is known of it.
    pub fn define_lane(&mut self, e: &mut Emitter, value: loops::Value, lane: u32) -> Result<(), Bug> {
        if self.plan.shape(value) == Shape::Uniform {
            return Ok(());
        }
        let scalar = self.scalar(e, value, lane)?;
        e.define_bare(value, scalar);
        Ok(())
    }

    fn any(&mut self, e: &mut Emitter, condition: loops::Value) -> Result<Value, Bug> {
        let mut any: Option<Value> = None;
        self.splats.clear();
        for unit in 0..self.units {
            self.unit = unit;
            for &register in self.value(e, condition)?.values() {
                any = Some(match any {
                    Some(any) => {
                        let register = e.bitcast(e.builder.func.dfg.value_type(any), register);
                        e.builder.ins().bor(any, register)
                    }
                    None => register,
                });
            }
        }
        Ok(e.builder.ins().vany_true(any.expect("a group has units")))
    }
}
