//! The body of a lane loop, one register at a time, and the operators on registers.

use super::Bug;
use super::function::{Emitter, Fact};
use super::lanes::{Plan, Shape, start};
use super::memory::Address;
use super::scalar::{drops_out, float_condition};
use crate::base::abi::Table;
use crate::base::{Binary, Compare, Dtype, ReduceOp, Scalar, Unary};
use crate::loops::{self, Array, For, Op, Stmt, Var};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value, types};
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use std::mem::offset_of;

/// The registers of a lane loop.
#[derive(Clone, Copy)]
pub struct Width {
    pub dtype: Dtype,
    pub float: Type,
    /// Masks: all ones or all zeros in each lane.
    pub mask: Type,
}

impl Width {
    pub fn of(dtype: Dtype) -> Width {
        match dtype {
            Dtype::F32 => Width { dtype, float: types::F32X4, mask: types::I32X4 },
            _ => Width { dtype, float: types::F64X2, mask: types::I64X2 },
        }
    }
}

/// A varying value in the current register.
#[derive(Clone, Copy)]
pub enum Lane {
    Register(Value),
    /// Of a reduction, not yet in a register: it mostly drops out.
    Identity(ReduceOp),
}

/// Emits the body of a lane loop into the current block.
pub struct Vectors<'e, 'a> {
    emitter: &'e mut Emitter<'a>,
    plan: Plan,
    /// Which of the plan's registers is being emitted.
    register: usize,
    lanes: SecondaryMap<loops::Value, Option<Lane>>,
    vars: Vec<(Var, Lane)>,
    /// Uniform values in all lanes.
    splats: SecondaryMap<loops::Value, PackedOption<Value>>,
    /// Where the first register of each access is, by the number of its statement.
    addresses: SecondaryMap<Statement, Option<Address>>,
}

/// The number of a statement of the body.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Statement(u32);
cranelift_entity::entity_impl!(Statement);

impl<'e, 'a> Vectors<'e, 'a> {
    pub fn new(emitter: &'e mut Emitter<'a>, plan: Plan) -> Self {
        Vectors {
            emitter,
            plan,
            register: 0,
            lanes: SecondaryMap::new(),
            vars: vec![],
            splats: SecondaryMap::new(),
            addresses: SecondaryMap::new(),
        }
    }

    /// One group of iterations; the accumulators of each reduction are replaced by their new values.
    pub fn group(mut self, loop_: &For, accumulators: &mut [Vec<Value>]) -> Result<(), Bug> {
        for stmt in &loop_.body {
            if let Stmt::Let(value, op) = stmt
                && self.plan.shapes[*value] == Shape::Linear
            {
                self.emitter.assign(*value, op)?;
            }
        }
        for register in 0..self.plan.registers {
            self.register = register;
            self.vars = start(&loop_.reductions);
            for (number, stmt) in loop_.body.iter().enumerate() {
                self.stmt(Statement(number as u32), stmt)?;
            }
            for (reduction, registers) in loop_.reductions.iter().zip(accumulators.iter_mut()) {
                let contribution = self.get(reduction.var)?;
                let contribution = self.in_register(contribution)?;
                let accumulator = &mut registers[register];
                *accumulator = self.binary_float(reduction.op.binary(), *accumulator, contribution)?;
            }
        }
        Ok(())
    }

    fn stmt(&mut self, number: Statement, stmt: &Stmt) -> Result<(), Bug> {
        match stmt {
            Stmt::Let(value, op) if self.plan.shapes[*value] == Shape::Varying => {
                let lane = self.operation(number, *value, op)?;
                self.lanes[*value] = Some(lane);
            }
            Stmt::Set(var, value) => {
                let lane = self.lane(*value)?;
                self.vars.retain(|(known, _)| known != var);
                self.vars.push((*var, lane));
            }
            Stmt::Store(store) => {
                let value = self.value(store.value)?;
                let address = self.address(number, store.array, &store.indices)?;
                let class = self.emitter.function.arrays[store.array].class;
                let flags = self.emitter.element_flags(class);
                self.emitter.builder.ins().store(flags, value, address.base, address.offset);
            }
            // Uniform and linear values have been computed; the planner let nothing else pass.
            _ => {}
        }
        Ok(())
    }

    fn operation(&mut self, number: Statement, value: loops::Value, op: &Op) -> Result<Lane, Bug> {
        let register = match op {
            Op::Get(var) => return self.get(*var),
            Op::Unary(op, a) => self.unary(*op, *a)?,
            Op::Binary(op, a, b) => return self.binary(*op, *a, *b),
            Op::Compare(op, a, b) => self.compare(*op, *a, *b)?,
            Op::Cast(a) => self.cast(*a, value)?,
            Op::Select { condition, then, otherwise } => {
                let condition = self.value(*condition)?;
                let (then, otherwise) = (self.value(*then)?, self.value(*otherwise)?);
                self.select(condition, then, otherwise)
            }
            Op::Fma(a, b, c) => {
                let (a, b, c) = (self.value(*a)?, self.value(*b)?, self.value(*c)?);
                self.fma(a, b, c)
            }
            Op::Load { array, indices } => {
                let address = self.address(number, *array, indices)?;
                let class = self.emitter.function.arrays[*array].class;
                let flags = self.emitter.element_flags(class);
                self.emitter.builder.ins().load(self.plan.width.float, flags, address.base, address.offset)
            }
            Op::Const(_) | Op::Wrap { .. } | Op::Disjoint(..) | Op::Any(_) => {
                return Err(Bug(format!("lanes: a varying {op:?}")));
            }
        };
        Ok(Lane::Register(register))
    }

    fn get(&self, var: Var) -> Result<Lane, Bug> {
        let known = self.vars.iter().find(|(known, _)| *known == var);
        known.map(|(_, lane)| *lane).ok_or_else(|| Bug(format!("lanes: {var} is carried between iterations")))
    }

    fn lane(&mut self, value: loops::Value) -> Result<Lane, Bug> {
        match self.plan.shapes[value] {
            Shape::Varying => {
                self.lanes[value].ok_or_else(|| Bug(format!("lanes: {value} is used before it is defined")))
            }
            Shape::Uniform => self.splat(value).map(Lane::Register),
            Shape::Linear => Err(Bug("lanes: the index as data".into())),
        }
    }

    /// A value in a register, whatever its shape.
    fn value(&mut self, value: loops::Value) -> Result<Value, Bug> {
        let lane = self.lane(value)?;
        self.in_register(lane)
    }

    fn in_register(&mut self, lane: Lane) -> Result<Value, Bug> {
        match lane {
            Lane::Register(register) => Ok(register),
            Lane::Identity(op) => self.constant(op.identity(self.plan.width.dtype)),
        }
    }

    /// Cranelift moves it out of the loop.
    fn splat(&mut self, value: loops::Value) -> Result<Value, Bug> {
        if let Some(splat) = self.splats[value].expand() {
            return Ok(splat);
        }
        let scalar = self.emitter.value(value)?;
        let splat = match self.emitter.dtype(value) {
            dtype if dtype == self.plan.width.dtype => {
                self.emitter.builder.ins().splat(self.plan.width.float, scalar)
            }
            Dtype::Bool => {
                let mask = self.plan.width.mask;
                let ones = self.emitter.builder.ins().bmask(mask.lane_type(), scalar);
                self.emitter.builder.ins().splat(mask, ones)
            }
            dtype => return Err(Bug(format!("lanes: a {dtype} among {}", self.plan.width.dtype))),
        };
        self.splats[value] = splat.into();
        Ok(splat)
    }

    fn constant(&mut self, scalar: Scalar) -> Result<Value, Bug> {
        let value = self.emitter.constant(scalar)?;
        Ok(self.emitter.builder.ins().splat(self.plan.width.float, value))
    }

    fn float(&mut self, value: f64) -> Result<Value, Bug> {
        self.constant(Scalar::float(self.plan.width.dtype, value))
    }

    /// The same bits in all lanes of a mask register.
    fn bits(&mut self, bits: u64) -> Value {
        let mask = self.plan.width.mask;
        let value = self.emitter.builder.ins().iconst(mask.lane_type(), bits as i64);
        self.emitter.builder.ins().splat(mask, value)
    }

    fn address(&mut self, number: Statement, array: Array, indices: &[loops::Value]) -> Result<Address, Bug> {
        let first = match self.addresses[number] {
            Some(first) => first,
            None => {
                self.check_stride(array)?;
                let address = self.emitter.address(array, indices)?;
                *self.addresses[number].insert(address)
            }
        };
        let offset = first.offset + (self.register as u32 * self.plan.width.float.bytes()) as i32;
        Ok(Address { offset, ..first })
    }

    fn check_stride(&self, array: Array) -> Result<(), Bug> {
        let data = &self.emitter.function.arrays[array];
        let stride = data.strides.last().map(|&stride| self.emitter.facts[stride]);
        match stride {
            Some(Fact::Constant(stride)) if stride.as_i64() == data.dtype.size() as i64 => Ok(()),
            _ => Err(Bug(format!("lanes: the elements of {array} are not side by side"))),
        }
    }

    fn as_float(&mut self, mask: Value) -> Value {
        self.emitter.builder.ins().bitcast(self.plan.width.float, MemFlagsData::new(), mask)
    }

    fn as_mask(&mut self, float: Value) -> Value {
        self.emitter.builder.ins().bitcast(self.plan.width.mask, MemFlagsData::new(), float)
    }

    fn is_float(&self, value: Value) -> bool {
        self.emitter.builder.func.dfg.value_type(value) == self.plan.width.float
    }

    /// A float selection compares as floats do, which Cranelift turns into one `min` or `max` where it is one.
    fn select(&mut self, mask: Value, then: Value, otherwise: Value) -> Value {
        let mask = if self.is_float(then) { self.as_float(mask) } else { mask };
        self.emitter.builder.ins().bitselect(mask, then, otherwise)
    }

    fn unary(&mut self, op: Unary, operand: loops::Value) -> Result<Value, Bug> {
        let x = self.value(operand)?;
        let float = self.is_float(x);
        let ins = self.emitter.builder.ins();
        Ok(match op {
            Unary::Not | Unary::Invert if !float => ins.bnot(x),
            Unary::Abs if !float => x,
            Unary::Not => self.compare_constant(FloatCC::Equal, x, 0.0)?,
            Unary::Neg => ins.fneg(x),
            Unary::Abs => ins.fabs(x),
            Unary::Sqrt => ins.sqrt(x),
            Unary::Floor => ins.floor(x),
            Unary::Ceil => ins.ceil(x),
            Unary::Trunc => ins.trunc(x),
            Unary::Rint => ins.nearest(x),
            Unary::IsNan => ins.fcmp(FloatCC::Unordered, x, x),
            Unary::IsInf => {
                let size = ins.fabs(x);
                self.compare_constant(FloatCC::Equal, size, f64::INFINITY)?
            }
            Unary::IsFinite => {
                let size = ins.fabs(x);
                self.compare_constant(FloatCC::LessThan, size, f64::INFINITY)?
            }
            Unary::SignBit => {
                let (x, zero) = (self.as_mask(x), self.bits(0));
                self.emitter.builder.ins().icmp(IntCC::SignedLessThan, x, zero)
            }
            Unary::Invert | Unary::Bits | Unary::FromBits => {
                return Err(Bug(format!("lanes: {}", op.name())));
            }
        })
    }

    fn compare_constant(&mut self, condition: FloatCC, x: Value, constant: f64) -> Result<Value, Bug> {
        let constant = self.float(constant)?;
        Ok(self.emitter.builder.ins().fcmp(condition, x, constant))
    }

    fn binary(&mut self, op: Binary, a: loops::Value, b: loops::Value) -> Result<Lane, Bug> {
        let (left, right) = (self.lane(a)?, self.lane(b)?);
        match (left, right) {
            (Lane::Identity(reduce), other) | (other, Lane::Identity(reduce))
                if reduce.binary() == op && drops_out(reduce, self.plan.width.dtype) =>
            {
                return Ok(other);
            }
            _ => {}
        }
        let (x, y) = (self.in_register(left)?, self.in_register(right)?);
        let result =
            if self.is_float(x) { self.binary_float(op, x, y)? } else { self.binary_mask(op, x, y)? };
        Ok(Lane::Register(result))
    }

    fn binary_float(&mut self, op: Binary, x: Value, y: Value) -> Result<Value, Bug> {
        let ins = self.emitter.builder.ins();
        Ok(match op {
            Binary::Add => ins.fadd(x, y),
            Binary::Sub => ins.fsub(x, y),
            Binary::Mul => ins.fmul(x, y),
            Binary::Div => ins.fdiv(x, y),
            Binary::Min => {
                let less = ins.fcmp(FloatCC::LessThan, y, x);
                self.select(less, y, x)
            }
            Binary::Max => {
                // As `x < y`, the form in which Cranelift knows `max`.
                let more = ins.fcmp(FloatCC::LessThan, x, y);
                self.select(more, y, x)
            }
            Binary::Minimum => self.pick_or_nan(FloatCC::LessThanOrEqual, x, y),
            Binary::Maximum => self.pick_or_nan(FloatCC::GreaterThanOrEqual, x, y),
            Binary::CopySign => self.copy_sign(x, y),
            Binary::FloorDiv
            | Binary::Mod
            | Binary::Fmod
            | Binary::Pow
            | Binary::And
            | Binary::Or
            | Binary::Xor
            | Binary::Shl
            | Binary::Shr
            | Binary::MulHigh => return Err(Bug(format!("lanes: {}", op.name()))),
        })
    }

    fn pick_or_nan(&mut self, condition: FloatCC, x: Value, y: Value) -> Value {
        let first = self.emitter.builder.ins().fcmp(condition, x, y);
        let nan = self.emitter.builder.ins().fcmp(FloatCC::Unordered, x, x);
        let first = self.emitter.builder.ins().bor(first, nan);
        self.select(first, x, y)
    }

    fn copy_sign(&mut self, x: Value, y: Value) -> Value {
        let sign = self.bits(1 << (self.plan.width.dtype.bits() - 1));
        let sign = self.as_float(sign);
        self.emitter.builder.ins().bitselect(sign, y, x)
    }

    fn binary_mask(&mut self, op: Binary, x: Value, y: Value) -> Result<Value, Bug> {
        let ins = self.emitter.builder.ins();
        Ok(match op {
            Binary::Add | Binary::Or | Binary::Max | Binary::Maximum => ins.bor(x, y),
            Binary::Mul | Binary::And | Binary::Min | Binary::Minimum => ins.band(x, y),
            Binary::Xor => ins.bxor(x, y),
            Binary::Sub
            | Binary::Div
            | Binary::FloorDiv
            | Binary::Mod
            | Binary::Fmod
            | Binary::Pow
            | Binary::Shl
            | Binary::Shr
            | Binary::CopySign
            | Binary::MulHigh => return Err(Bug(format!("lanes: {} of bool", op.name()))),
        })
    }

    fn compare(&mut self, op: Compare, a: loops::Value, b: loops::Value) -> Result<Value, Bug> {
        let (x, y) = (self.value(a)?, self.value(b)?);
        if self.is_float(x) {
            return Ok(self.emitter.builder.ins().fcmp(float_condition(op), x, y));
        }
        let differ = self.emitter.builder.ins().bxor(x, y);
        match op {
            Compare::Ne => Ok(differ),
            Compare::Eq => Ok(self.emitter.builder.ins().bnot(differ)),
            Compare::Lt | Compare::Le | Compare::Gt | Compare::Ge => {
                Err(Bug(format!("lanes: {} of bool", op.symbol())))
            }
        }
    }

    fn cast(&mut self, from: loops::Value, to: loops::Value) -> Result<Value, Bug> {
        let (source, target) = (self.emitter.dtype(from), self.emitter.dtype(to));
        if self.plan.shapes[from] == Shape::Linear {
            return self.index_as_float(from);
        }
        let x = self.value(from)?;
        if source == target {
            return Ok(x);
        }
        if target == Dtype::Bool {
            return self.compare_constant(FloatCC::NotEqual, x, 0.0);
        }
        if source != Dtype::Bool {
            return Err(Bug(format!("lanes: a cast from {source} to {target}")));
        }
        let one = self.bits(Scalar::float(target, 1.0).bits);
        let bits = self.emitter.builder.ins().band(x, one);
        Ok(self.as_float(bits))
    }

    /// Lane by lane, since there is no such vector instruction.
    fn index_as_float(&mut self, index: loops::Value) -> Result<Value, Bug> {
        let index = self.emitter.value(index)?;
        let float = self.plan.width.float;
        let first = self.register as i64 * float.lane_count() as i64;
        let mut register = None;
        for lane in 0..float.lane_count() {
            let builder = &mut self.emitter.builder;
            let index = builder.ins().iadd_imm_s(index, first + lane as i64);
            let value = builder.ins().fcvt_from_sint(float.lane_type(), index);
            register = Some(match register {
                None => builder.ins().splat(float, value),
                Some(register) => builder.ins().insertlane(register, value, lane as u8),
            });
        }
        Ok(register.expect("a register has lanes"))
    }

    fn fma(&mut self, a: Value, b: Value, c: Value) -> Value {
        if self.emitter.target.has_fma {
            return self.emitter.builder.ins().fma(a, b, c);
        }
        let float = self.plan.width.float;
        let f32 = float == types::F32X4;
        let function = if f32 { offset_of!(Table, fmaf) } else { offset_of!(Table, fma) };
        let mut register = c;
        for lane in 0..float.lane_count() as u8 {
            let args = [a, b, c].map(|x| self.emitter.builder.ins().extractlane(x, lane));
            let result = self.emitter.table_call(function, Some(float.lane_type()), &args);
            let result = result.expect("fma has a result");
            register = self.emitter.builder.ins().insertlane(register, result, lane);
        }
        register
    }
}
