//! Operators on the registers of a unit. What no instruction does is done lane by lane with the scalar form.

use super::Bug;
use super::function::Emitter;
use super::group::{Group, Lane};
use super::registers::{Registers, held, mask_for};
use super::scalar::{drops_out, float_condition, int_condition};
use crate::base::abi::Table;
use crate::base::{Binary, Compare, Dtype, Scalar, Unary};
use crate::loops::lanes::{has_lanes, power_of_two};
use crate::loops::{self, Op};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Value, types};
use std::mem::offset_of;

impl Group<'_> {
    /// A varying operation in the current unit.
    pub fn operation(
        &mut self,
        e: &mut Emitter,
        place: usize,
        value: loops::Value,
        op: &Op,
    ) -> Result<Lane, Bug> {
        if !has_lanes(e.function, value, op, |value| e.known(value)) {
            return self.lane_by_lane(e, value, op).map(Lane::Registers);
        }
        let registers = match op {
            Op::Get(var) => return self.get(e, *var),
            Op::Load { array, indices } => self.load(e, place, *array, indices)?,
            Op::Unary(op, a) => {
                let x = self.value(e, *a)?;
                self.unary(e, *op, e.dtype(*a), x)?
            }
            Op::Binary(op, a, b) => return self.binary(e, *op, *a, *b),
            Op::Compare(op, a, b) => self.comparison(e, *op, *a, *b)?,
            Op::Cast(a) => {
                let (from, to) = (e.dtype(*a), e.dtype(value));
                let x = self.value(e, *a)?;
                self.cast(e, from, to, x)?
            }
            Op::Select { condition, then, otherwise } => {
                self.selection(e, value, *condition, *then, *otherwise)?
            }
            Op::Fma(a, b, c) => {
                let (a, b, c) = (self.value(e, *a)?, self.value(e, *b)?, self.value(e, *c)?);
                let sums = a.values().iter().zip(b.values()).zip(c.values());
                Registers::of(&sums.map(|((&a, &b), &c)| fma(e, a, b, c)).collect::<Vec<_>>())
            }
            Op::Wrap { index, extent } => {
                let (index, extent) = (self.value(e, *index)?, self.value(e, *extent)?);
                let zero = e.splat_bits(types::I64X2, 0);
                index.zip(extent, |index, extent| {
                    let negative = e.builder.ins().icmp(IntCC::SignedLessThan, index, zero);
                    let moved = e.builder.ins().band(negative, extent);
                    e.builder.ins().iadd(index, moved)
                })
            }
            Op::Const(_) | Op::Disjoint(..) | Op::Any(_) => {
                return Err(Bug(format!("lanes: a varying {op:?}")));
            }
        };
        Ok(Lane::Registers(registers))
    }

    /// The scalar operation for one lane after the other.
    fn lane_by_lane(&mut self, e: &mut Emitter, value: loops::Value, op: &Op) -> Result<Registers, Bug> {
        let dtype = e.dtype(value);
        let mut operands = vec![];
        op.for_each_operand(|operand| operands.push(operand));
        let mut shared = vec![];
        for &operand in &operands {
            if self.plan.growth(operand) != 0 {
                shared.push((operand, e.value(operand)?));
            }
        }
        let mut scalars = vec![];
        for lane in 0..self.width {
            let lane = self.unit * self.width + lane;
            for (operand, first) in &shared {
                e.define_bare(*operand, *first);
            }
            for &operand in &operands {
                self.define_lane(e, operand, lane)?;
            }
            e.assign(value, op)?;
            scalars.push(e.value(value)?);
        }
        for (operand, first) in shared {
            e.define_bare(operand, first);
        }
        Ok(Registers::gather(e, dtype, self.held(dtype), &scalars))
    }

    fn selection(
        &mut self,
        e: &mut Emitter,
        value: loops::Value,
        condition: loops::Value,
        then: loops::Value,
        otherwise: loops::Value,
    ) -> Result<Registers, Bug> {
        let ty = match e.dtype(value) {
            // The arms decide the width of a selection of masks.
            Dtype::Bool => self.value(e, then)?.ty(e),
            dtype => held(dtype),
        };
        let then = self.value_as(e, then, ty)?;
        let otherwise = self.value_as(e, otherwise, ty)?;
        let mask = self.value_as(e, condition, mask_for(ty))?;
        let pairs = then.values().iter().zip(otherwise.values()).zip(mask.values());
        let selected = pairs.map(|((&then, &otherwise), &mask)| self.select(e, mask, then, otherwise));
        Ok(Registers::of(&selected.collect::<Vec<_>>()))
    }

    fn unary(&mut self, e: &mut Emitter, op: Unary, dtype: Dtype, x: Registers) -> Result<Registers, Bug> {
        let result = match op {
            Unary::Not if dtype != Dtype::Bool => {
                let zero = e.splat_constant(held(dtype), zero(dtype))?;
                return Ok(x.map(|x| match dtype.is_float() {
                    true => e.builder.ins().fcmp(FloatCC::Equal, x, zero),
                    false => e.builder.ins().icmp(IntCC::Equal, x, zero),
                }));
            }
            Unary::Not | Unary::Invert => x.map(|x| e.builder.ins().bnot(x)),
            Unary::Neg if dtype.is_float() => x.map(|x| e.builder.ins().fneg(x)),
            Unary::Neg => x.map(|x| e.builder.ins().ineg(x)),
            Unary::Abs if dtype.is_float() => x.map(|x| e.builder.ins().fabs(x)),
            Unary::Abs if dtype.is_signed() => x.map(|x| e.builder.ins().iabs(x)),
            Unary::Abs => x,
            Unary::Sqrt => x.map(|x| e.builder.ins().sqrt(x)),
            Unary::Floor => x.map(|x| e.builder.ins().floor(x)),
            Unary::Ceil => x.map(|x| e.builder.ins().ceil(x)),
            Unary::Trunc => x.map(|x| e.builder.ins().trunc(x)),
            Unary::Rint => x.map(|x| e.builder.ins().nearest(x)),
            Unary::IsNan => return Ok(x.map(|x| e.builder.ins().fcmp(FloatCC::Unordered, x, x))),
            Unary::IsInf | Unary::IsFinite => {
                let infinity = e.splat_constant(held(dtype), Scalar::float(dtype, f64::INFINITY))?;
                let condition = if op == Unary::IsInf { FloatCC::Equal } else { FloatCC::LessThan };
                return Ok(x.map(|x| {
                    let size = e.builder.ins().fabs(x);
                    e.builder.ins().fcmp(condition, size, infinity)
                }));
            }
            Unary::SignBit => {
                let mask = mask_for(held(dtype));
                let zero = e.splat_bits(mask, 0);
                return Ok(x.map(|x| {
                    let bits = e.bitcast(mask, x);
                    e.builder.ins().icmp(IntCC::SignedLessThan, bits, zero)
                }));
            }
            Unary::Bits => {
                let ty = mask_for(held(dtype));
                return Ok(x.map(|x| e.bitcast(ty, x)));
            }
            Unary::FromBits => {
                let ty = if dtype.size() == 8 { types::F64X2 } else { types::F32X4 };
                return Ok(x.map(|x| e.bitcast(ty, x)));
            }
        };
        Ok(wrapped(e, dtype, result))
    }

    fn binary(&mut self, e: &mut Emitter, op: Binary, a: loops::Value, b: loops::Value) -> Result<Lane, Bug> {
        let dtype = e.dtype(a);
        let (left, right) = (self.lane(e, a)?, self.lane(e, b)?);
        match (left, right) {
            (Lane::Identity(reduce), other) | (other, Lane::Identity(reduce))
                if reduce.binary() == op && drops_out(reduce, dtype) =>
            {
                return Ok(other);
            }
            _ => {}
        }
        let known = e.known(b);
        let (x, y) = (self.in_registers(e, left, dtype)?, self.in_registers(e, right, dtype)?);
        let result = self.binary_registers(e, op, dtype, x, y, known)?;
        if op == Binary::Add && matches!(dtype, Dtype::I64 | Dtype::U64 | Dtype::I32 | Dtype::U32) {
            let one = |known: Option<Scalar>| known.is_some_and(|scalar| scalar.bits == 1);
            match (one(e.known(a)), one(known)) {
                (_, true) => self.note_increments(result, x),
                (true, _) => self.note_increments(result, y),
                (false, false) => {}
            }
        }
        Ok(Lane::Registers(result))
    }

    fn note_increments(&mut self, sums: Registers, bases: Registers) {
        self.increments.extend(sums.values().iter().copied().zip(bases.values().iter().copied()));
    }

    /// `mask ? then : otherwise`. Counting in some lanes is a subtraction: a mask is -1.
    fn select(&self, e: &mut Emitter, mask: Value, then: Value, otherwise: Value) -> Value {
        let known = |value: Value| e.builder.func.dfg.resolve_aliases(value);
        if self.increments.get(&then).is_some_and(|&base| known(base) == known(otherwise)) {
            return e.builder.ins().isub(otherwise, mask);
        }
        select(e, mask, then, otherwise)
    }

    /// `a ∘ b` of a reduction: an operation that need not have lanes.
    pub fn combine(
        &mut self,
        e: &mut Emitter,
        op: Binary,
        dtype: Dtype,
        a: Registers,
        b: Registers,
    ) -> Result<Registers, Bug> {
        let b = if dtype == Dtype::Bool { b.mask_as(e, a.ty(e)) } else { b };
        self.binary_registers(e, op, dtype, a, b, None)
    }

    /// `known` is the right operand where it is a constant.
    fn binary_registers(
        &mut self,
        e: &mut Emitter,
        op: Binary,
        dtype: Dtype,
        x: Registers,
        y: Registers,
        known: Option<Scalar>,
    ) -> Result<Registers, Bug> {
        if dtype == Dtype::Bool {
            let y = y.mask_as(e, x.ty(e));
            return binary_mask(e, op, x, y);
        }
        let mut result = Ok(());
        let registers = x.zip(y, |x, y| {
            let one = match dtype.is_float() {
                true => binary_float(e, op, x, y),
                false => binary_int(e, op, dtype, x, y, known),
            };
            one.unwrap_or_else(|bug| {
                result = Err(bug);
                x
            })
        });
        result.map(|()| wrapped(e, dtype, registers))
    }

    fn comparison(
        &mut self,
        e: &mut Emitter,
        op: Compare,
        a: loops::Value,
        b: loops::Value,
    ) -> Result<Registers, Bug> {
        let dtype = e.dtype(a);
        let (x, y) = (self.value(e, a)?, self.value(e, b)?);
        if dtype == Dtype::Bool {
            let y = y.mask_as(e, x.ty(e));
            return Ok(x.zip(y, |x, y| compare_masks(e, op, x, y)));
        }
        Ok(x.zip(y, |x, y| compare(e, op, dtype, x, y)))
    }
}

fn zero(dtype: Dtype) -> Scalar {
    if dtype.is_float() { Scalar::float(dtype, 0.0) } else { Scalar::int(dtype, 0) }
}

/// Lanes of narrow integers are kept extended.
pub fn wrapped(e: &mut Emitter, dtype: Dtype, registers: Registers) -> Registers {
    let spare = 32 - dtype.bits() as i64;
    match dtype {
        Dtype::I8 | Dtype::I16 => registers.map(|x| {
            let high = e.builder.ins().ishl_imm_u(x, spare);
            e.builder.ins().sshr_imm_u(high, spare)
        }),
        Dtype::U8 | Dtype::U16 => {
            let mask = e.splat_bits(types::I32X4, (1 << dtype.bits()) - 1);
            registers.map(|x| e.builder.ins().band(x, mask))
        }
        _ => registers,
    }
}

/// A float selection compares as floats do, which Cranelift turns into one `min` or `max` where it is one.
fn select(e: &mut Emitter, mask: Value, then: Value, otherwise: Value) -> Value {
    let mask = e.bitcast(e.builder.func.dfg.value_type(then), mask);
    e.builder.ins().bitselect(mask, then, otherwise)
}

pub fn compare(e: &mut Emitter, op: Compare, dtype: Dtype, x: Value, y: Value) -> Value {
    if dtype.is_float() {
        // Instructions know less, not more; and Cranelift knows `min` and `max` by it.
        let (op, x, y) = match op {
            Compare::Gt => (Compare::Lt, y, x),
            Compare::Ge => (Compare::Le, y, x),
            Compare::Eq | Compare::Ne | Compare::Lt | Compare::Le => (op, x, y),
        };
        return e.builder.ins().fcmp(float_condition(op), x, y);
    }
    // 64 bits are compared as signed numbers only.
    let unsigned = dtype == Dtype::U64 && !matches!(op, Compare::Eq | Compare::Ne);
    let (x, y) = if unsigned { (flipped(e, x), flipped(e, y)) } else { (x, y) };
    let signed = dtype != Dtype::U32;
    e.builder.ins().icmp(int_condition(op, signed), x, y)
}

fn flipped(e: &mut Emitter, x: Value) -> Value {
    let sign = e.splat_bits(types::I64X2, i64::MIN);
    e.builder.ins().bxor(x, sign)
}

fn compare_masks(e: &mut Emitter, op: Compare, x: Value, y: Value) -> Value {
    let (x, y) = match op {
        Compare::Gt | Compare::Ge => (y, x),
        Compare::Eq | Compare::Ne | Compare::Lt | Compare::Le => (x, y),
    };
    match op {
        Compare::Ne => e.builder.ins().bxor(x, y),
        Compare::Eq => {
            let differ = e.builder.ins().bxor(x, y);
            e.builder.ins().bnot(differ)
        }
        Compare::Lt | Compare::Gt => e.builder.ins().band_not(y, x),
        Compare::Le | Compare::Ge => {
            let x = e.builder.ins().bnot(x);
            e.builder.ins().bor(x, y)
        }
    }
}

fn fma(e: &mut Emitter, a: Value, b: Value, c: Value) -> Value {
    if e.target.has_fma {
        return e.builder.ins().fma(a, b, c);
    }
    let ty = e.builder.func.dfg.value_type(c);
    let function = if ty == types::F32X4 { offset_of!(Table, fmaf) } else { offset_of!(Table, fma) };
    let mut register = c;
    for lane in 0..ty.lane_count() as u8 {
        let args = [a, b, c].map(|x| e.builder.ins().extractlane(x, lane));
        let result = e.table_call(function, Some(ty.lane_type()), &args).expect("fma has a result");
        register = e.builder.ins().insertlane(register, result, lane);
    }
    register
}

fn binary_float(e: &mut Emitter, op: Binary, x: Value, y: Value) -> Result<Value, Bug> {
    let ins = e.builder.ins();
    Ok(match op {
        Binary::Add => ins.fadd(x, y),
        Binary::Sub => ins.fsub(x, y),
        Binary::Mul => ins.fmul(x, y),
        Binary::Div => ins.fdiv(x, y),
        Binary::Min => {
            let less = ins.fcmp(FloatCC::LessThan, y, x);
            select(e, less, y, x)
        }
        Binary::Max => {
            // As `x < y`, the form in which Cranelift knows `max`.
            let more = ins.fcmp(FloatCC::LessThan, x, y);
            select(e, more, y, x)
        }
        Binary::Minimum => pick_or_nan(e, FloatCC::LessThanOrEqual, x, y),
        Binary::Maximum => pick_or_nan(e, FloatCC::GreaterThanOrEqual, x, y),
        Binary::CopySign => copy_sign(e, x, y),
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

fn pick_or_nan(e: &mut Emitter, condition: FloatCC, x: Value, y: Value) -> Value {
    let first = e.builder.ins().fcmp(condition, x, y);
    let nan = e.builder.ins().fcmp(FloatCC::Unordered, x, x);
    let first = e.builder.ins().bor(first, nan);
    select(e, first, x, y)
}

fn copy_sign(e: &mut Emitter, x: Value, y: Value) -> Value {
    let ty = e.builder.func.dfg.value_type(x);
    let sign = e.splat_bits(mask_for(ty), i64::MIN >> (64 - ty.lane_bits()));
    let sign = e.bitcast(ty, sign);
    e.builder.ins().bitselect(sign, y, x)
}

fn binary_mask(e: &mut Emitter, op: Binary, x: Registers, y: Registers) -> Result<Registers, Bug> {
    match op {
        Binary::Add | Binary::Or | Binary::Max | Binary::Maximum => {
            Ok(x.zip(y, |x, y| e.builder.ins().bor(x, y)))
        }
        Binary::Mul | Binary::And | Binary::Min | Binary::Minimum => {
            Ok(x.zip(y, |x, y| e.builder.ins().band(x, y)))
        }
        Binary::Xor => Ok(x.zip(y, |x, y| e.builder.ins().bxor(x, y))),
        Binary::Sub
        | Binary::Div
        | Binary::FloorDiv
        | Binary::Mod
        | Binary::Fmod
        | Binary::Pow
        | Binary::Shl
        | Binary::Shr
        | Binary::CopySign
        | Binary::MulHigh => Err(Bug(format!("lanes: {} of bool", op.name()))),
    }
}

fn binary_int(
    e: &mut Emitter,
    op: Binary,
    dtype: Dtype,
    x: Value,
    y: Value,
    known: Option<Scalar>,
) -> Result<Value, Bug> {
    let by = || known.ok_or_else(|| Bug(format!("lanes: {} by what varies", op.name())));
    let power = || known.and_then(power_of_two).ok_or_else(|| Bug(format!("lanes: {}", op.name())));
    Ok(match op {
        Binary::Add => e.builder.ins().iadd(x, y),
        Binary::Sub => e.builder.ins().isub(x, y),
        Binary::Mul => multiply(e, x, y, known),
        Binary::And => e.builder.ins().band(x, y),
        Binary::Or => e.builder.ins().bor(x, y),
        Binary::Xor => e.builder.ins().bxor(x, y),
        Binary::Shl => e.builder.ins().ishl_imm_u(x, by()?.as_i64()),
        Binary::Shr => shift_right(e, dtype, x, by()?.as_i64()),
        Binary::FloorDiv => shift_right(e, dtype, x, power()? as i64),
        Binary::Mod => {
            let ty = e.builder.func.dfg.value_type(x);
            let below = e.splat_bits(ty, (1i64 << power()?).wrapping_sub(1));
            e.builder.ins().band(x, below)
        }
        Binary::Min | Binary::Minimum => {
            let less = compare(e, Compare::Lt, dtype, x, y);
            e.builder.ins().bitselect(less, x, y)
        }
        Binary::Max | Binary::Maximum => {
            let more = compare(e, Compare::Gt, dtype, x, y);
            e.builder.ins().bitselect(more, x, y)
        }
        Binary::Div | Binary::Fmod | Binary::Pow | Binary::CopySign | Binary::MulHigh => {
            return Err(Bug(format!("lanes: {} of {dtype}", op.name())));
        }
    })
}

/// 64-bit products take three multiplications: a shift, or a shift and an addition, do for some constants.
fn multiply(e: &mut Emitter, x: Value, y: Value, known: Option<Scalar>) -> Value {
    let wide = e.builder.func.dfg.value_type(x).lane_bits() == 64;
    match known.map(|known| known.bits) {
        Some(by) if by.is_power_of_two() => e.builder.ins().ishl_imm_u(x, by.trailing_zeros() as i64),
        Some(by) if wide && by > 2 && (by - 1).is_power_of_two() => {
            let most = e.builder.ins().ishl_imm_u(x, (by - 1).trailing_zeros() as i64);
            e.builder.ins().iadd(most, x)
        }
        _ => e.builder.ins().imul(x, y),
    }
}

fn shift_right(e: &mut Emitter, dtype: Dtype, x: Value, by: i64) -> Value {
    if !dtype.is_signed() {
        return e.builder.ins().ushr_imm_u(x, by);
    }
    if dtype.size() < 8 || by == 0 || e.target.has_wide_shifts {
        return e.builder.ins().sshr_imm_u(x, by);
    }
    // No instruction of x86-64 shifts signed 64 bits before AVX-512: (x >>> by) with the sign's copies put in.
    let zero = e.splat_bits(types::I64X2, 0);
    let negative = e.builder.ins().icmp(IntCC::SignedLessThan, x, zero);
    let shifted = e.builder.ins().ushr_imm_u(x, by);
    let copies = e.builder.ins().ishl_imm_u(negative, 64 - by);
    e.builder.ins().bor(shifted, copies)
}
