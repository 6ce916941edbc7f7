//! Statements under a varying condition: scalar code that runs for one lane after the other.
//!
//! ```text
//!                              spill what the arms read and set
//! if c:                        for lane in the lanes where c holds (all, if there is an else):
//!     y = call g(x)      →         x, y = the lane's, from the stack
//!                                  y = call g(x)
//!                                  the lane's, on the stack = y
//!                              reload y
//! ```

use super::Bug;
use super::function::{Emitter, Flow};
use super::group::Group;
use super::registers::{Registers, narrowed};
use crate::base::Dtype;
use crate::loops::lanes::Shape;
use crate::loops::visit::walk;
use crate::loops::{self, If, Op, Stmt, Var};
use cranelift_codegen::ir::{BlockArg, InstBuilder, MemFlagsData, StackSlot, Type, Value, types};
use std::collections::BTreeSet;

/// What the arms of a region share with the lanes.
#[derive(Default)]
struct Shared {
    varying: BTreeSet<loops::Value>,
    linear: BTreeSet<loops::Value>,
    read: BTreeSet<Var>,
    set: BTreeSet<Var>,
}

/// All lanes of something, on the stack.
struct Spilled {
    slot: StackSlot,
    ty: Type,
    dtype: Dtype,
}

impl Group<'_> {
    pub fn region<'a>(&mut self, e: &mut Emitter<'a>, branch: &'a If) -> Result<(), Bug> {
        let shared = self.shared(e, branch);
        let mask = self.mask_bits(e, branch.condition)?;
        let (enter, done) = (e.builder.create_block(), e.builder.create_block());
        let whole = !branch.otherwise.is_empty();
        let bits = if whole { e.i64((1 << self.lanes()) - 1) } else { mask };
        e.builder.ins().brif(bits, enter, &[], done, &[]);
        e.builder.seal_block(enter);
        e.builder.switch_to_block(enter);

        let mut values = vec![];
        for &value in &shared.varying {
            values.push((value, self.spill_value(e, value)?));
        }
        let mut vars = vec![];
        for &var in shared.read.union(&shared.set) {
            vars.push((var, self.spill_var(e, var)?));
        }
        let firsts = shared.linear.iter().map(|&value| e.value(value)).collect::<Result<Vec<_>, _>>()?;

        let start = e.builder.create_block();
        let rest = e.builder.append_block_param(start, types::I64);
        e.builder.ins().jump(start, &[BlockArg::from(bits)]);
        e.builder.switch_to_block(start);
        let lane = e.builder.ins().ctz(rest);
        for (value, spilled) in &values {
            let scalar = spilled.load(e, lane);
            e.define_bare(*value, scalar);
        }
        for (&value, &first) in shared.linear.iter().zip(&firsts) {
            let moved = e.builder.ins().imul_imm_s(lane, self.plan.growth(value));
            let scalar = e.builder.ins().iadd(first, moved);
            e.define_bare(value, scalar);
        }
        for (var, spilled) in &vars {
            let scalar = spilled.load(e, lane);
            e.set(*var, scalar);
        }
        let flow = if whole {
            let shifted = e.builder.ins().ushr(mask, lane);
            let bit = e.builder.ins().ireduce(types::I8, shifted);
            let bit = e.builder.ins().band_imm_u(bit, 1);
            e.define_bare(branch.condition, bit);
            e.branch(branch, &mut |e, block| e.block(block))?
        } else {
            e.block(&branch.then)?
        };
        if flow == Flow::Next {
            for (var, spilled) in vars.iter().filter(|(var, _)| shared.set.contains(var)) {
                let scalar = e.get(*var);
                spilled.store(e, lane, scalar);
            }
            let before = e.builder.ins().iadd_imm_s(rest, -1);
            let rest = e.builder.ins().band(rest, before);
            let after = e.builder.create_block();
            e.builder.ins().brif(rest, start, &[BlockArg::from(rest)], after, &[]);
            e.builder.seal_block(after);
            e.builder.switch_to_block(after);
            // Only here: where no lane entered, nothing was spilled.
            for (var, spilled) in vars.iter().filter(|(var, _)| shared.set.contains(var)) {
                self.reload(e, *var, spilled);
            }
            e.builder.ins().jump(done, &[]);
        }
        e.builder.seal_block(start);
        e.builder.seal_block(done);
        e.builder.switch_to_block(done);
        for (&value, &first) in shared.linear.iter().zip(&firsts) {
            e.define_bare(value, first);
        }
        Ok(())
    }

    fn shared(&self, e: &Emitter, branch: &If) -> Shared {
        let mut shared = Shared::default();
        let mut note = |value: loops::Value| match self.plan.shape(value) {
            Shape::Varying => drop(shared.varying.insert(value)),
            Shape::Linear(_) => drop(shared.linear.insert(value)),
            Shape::Uniform => {}
        };
        let mut arrays = BTreeSet::new();
        for arm in [&branch.then, &branch.otherwise] {
            walk(arm, &mut |stmt| {
                stmt.for_each_operand(&mut note);
                stmt.for_each_array(|array| {
                    arrays.insert(array);
                });
                stmt.for_each_set(|var| {
                    shared.set.insert(var);
                });
                if let Stmt::Let(_, Op::Get(var)) = stmt
                    && self.plan.varies(*var)
                {
                    shared.read.insert(*var);
                }
            });
        }
        for array in arrays {
            e.function.arrays[array].components().for_each(&mut note);
        }
        shared
    }

    /// Bit k is lane k.
    fn mask_bits(&mut self, e: &mut Emitter, condition: loops::Value) -> Result<Value, Bug> {
        let mut bits: Option<Value> = None;
        for unit in 0..self.units {
            self.unit = unit;
            let registers = self.value(e, condition)?;
            let per_register = registers.ty(e).lane_count();
            for (k, &register) in registers.values().iter().enumerate() {
                let high = e.builder.ins().vhigh_bits(types::I64, register);
                let at = unit * self.width + k as u32 * per_register;
                let high = if at == 0 { high } else { e.builder.ins().ishl_imm_u(high, at as i64) };
                bits = Some(match bits {
                    Some(bits) => e.builder.ins().bor(bits, high),
                    None => high,
                });
            }
        }
        Ok(bits.expect("a group has units"))
    }

    fn spill_value(&mut self, e: &mut Emitter, value: loops::Value) -> Result<Spilled, Bug> {
        let dtype = e.dtype(value);
        let spilled = self.stack(e, dtype);
        for unit in 0..self.units {
            self.unit = unit;
            let registers = self.value_as(e, value, spilled.ty)?;
            spilled.store_unit(e, unit, registers);
        }
        Ok(spilled)
    }

    fn spill_var(&mut self, e: &mut Emitter, var: Var) -> Result<Spilled, Bug> {
        let dtype = e.function.vars[var].dtype;
        let spilled = self.stack(e, dtype);
        for unit in 0..self.units {
            self.unit = unit;
            let lane = self.get(e, var)?;
            let registers = self.in_registers(e, lane, dtype)?;
            spilled.store_unit(e, unit, registers);
        }
        Ok(spilled)
    }

    fn reload(&mut self, e: &mut Emitter, var: Var, spilled: &Spilled) {
        for unit in 0..self.units {
            self.unit = unit;
            let count = self.registers_of(spilled.ty);
            let registers: Vec<Value> = (0..count)
                .map(|k| {
                    let offset = 16 * (unit as usize * count + k);
                    e.builder.ins().stack_load(types::I64, spilled.ty, spilled.slot, offset as i32)
                })
                .collect();
            self.set(e, var, Registers::of(&registers));
        }
    }

    fn stack(&self, e: &mut Emitter, dtype: Dtype) -> Spilled {
        let ty = self.held(dtype);
        let slot = e.stack_slot(self.lanes() * ty.lane_type().bytes());
        Spilled { slot, ty, dtype }
    }
}

impl Spilled {
    fn store_unit(&self, e: &mut Emitter, unit: u32, registers: Registers) {
        let count = registers.values().len();
        for (k, &register) in registers.values().iter().enumerate() {
            let offset = 16 * (unit as usize * count + k);
            e.builder.ins().stack_store(types::I64, register, self.slot, offset as i32);
        }
    }

    fn address(&self, e: &mut Emitter, lane: Value) -> Value {
        let base = e.builder.ins().stack_addr(types::I64, self.slot, 0);
        let offset = e.builder.ins().imul_imm_u(lane, self.ty.lane_type().bytes() as i64);
        e.builder.ins().iadd(base, offset)
    }

    fn load(&self, e: &mut Emitter, lane: Value) -> Value {
        let address = self.address(e, lane);
        let scalar = e.builder.ins().load(self.ty.lane_type(), MemFlagsData::trusted(), address, 0);
        narrowed(e, self.dtype, scalar)
    }

    fn store(&self, e: &mut Emitter, lane: Value, scalar: Value) {
        let address = self.address(e, lane);
        let ty = self.ty.lane_type();
        let wide = match self.dtype {
            Dtype::Bool => e.builder.ins().bmask(ty, scalar),
            Dtype::I8 | Dtype::I16 => e.builder.ins().sextend(ty, scalar),
            Dtype::U8 | Dtype::U16 => e.builder.ins().uextend(ty, scalar),
            _ => scalar,
        };
        e.builder.ins().store(MemFlagsData::trusted(), wide, address, 0);
    }
}
