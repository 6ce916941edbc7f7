//! Conversions between the lanes of two dtypes.

use super::Bug;
use super::function::Emitter;
use super::group::Group;
use super::registers::{Registers, held, mask_for};
use crate::base::{Dtype, Scalar};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};

impl Group<'_> {
    /// What [`crate::loops::lanes::has_lanes`] admits.
    pub fn cast(&mut self, e: &mut Emitter, from: Dtype, to: Dtype, x: Registers) -> Result<Registers, Bug> {
        if from == to {
            return Ok(x);
        }
        match (from, to) {
            (_, Dtype::Bool) => truth(e, from, x),
            (Dtype::Bool, _) => from_mask(e, to, x),
            (Dtype::F64, Dtype::F32) => Ok(Registers::one(demote(e, x))),
            (Dtype::F32, Dtype::F64) => Ok(promote(e, x)),
            _ if !from.is_float() && to.is_float() => to_float(e, from, to, x),
            _ if !from.is_float() && !to.is_float() => Ok(resize(e, from, to, x)),
            _ => Err(Bug(format!("lanes: a cast from {from} to {to}"))),
        }
    }
}

fn truth(e: &mut Emitter, from: Dtype, x: Registers) -> Result<Registers, Bug> {
    if from.is_float() {
        let zero = e.splat_constant(held(from), Scalar::float(from, 0.0))?;
        return Ok(x.map(|x| e.builder.ins().fcmp(FloatCC::NotEqual, x, zero)));
    }
    let zero = e.splat_bits(held(from), 0);
    Ok(x.map(|x| e.builder.ins().icmp(IntCC::NotEqual, x, zero)))
}

fn from_mask(e: &mut Emitter, to: Dtype, x: Registers) -> Result<Registers, Bug> {
    let ty = held(to);
    let mask = mask_for(ty);
    let bits = if to.is_float() { Scalar::float(to, 1.0).bits } else { 1 };
    let one = e.splat_bits(mask, bits as i64);
    let x = x.mask_as(e, mask);
    Ok(x.map(|x| {
        let bits = e.builder.ins().band(x, one);
        e.bitcast(ty, bits)
    }))
}

fn demote(e: &mut Emitter, x: Registers) -> Value {
    let halves: Vec<Value> = x.values().iter().map(|&x| e.builder.ins().fvdemote(x)).collect();
    let [low, high] = [halves[0], halves[1]];
    let joined = low_halves_of(e, low, high);
    e.bitcast(types::F32X4, joined)
}

/// The low 64 bits of both.
fn low_halves_of(e: &mut Emitter, low: Value, high: Value) -> Value {
    const LOW: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
    let (low, high) = (e.bitcast(types::I8X16, low), e.bitcast(types::I8X16, high));
    e.shuffle(low, high, LOW)
}

fn high_half(e: &mut Emitter, ty: Type, x: Value) -> Value {
    const HIGH: [u8; 16] = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
    let bytes = e.bitcast(types::I8X16, x);
    let shuffled = e.shuffle(bytes, bytes, HIGH);
    e.bitcast(ty, shuffled)
}

fn promote(e: &mut Emitter, x: Registers) -> Registers {
    let x = x.values()[0];
    let low = e.builder.ins().fvpromote_low(x);
    let high = high_half(e, types::F32X4, x);
    Registers::two(low, e.builder.ins().fvpromote_low(high))
}

fn to_float(e: &mut Emitter, from: Dtype, to: Dtype, x: Registers) -> Result<Registers, Bug> {
    match (from, to) {
        (Dtype::I64, Dtype::F64) => Ok(x.map(|x| wide_to_float(e, x, true))),
        (Dtype::U64, Dtype::F64) => Ok(x.map(|x| wide_to_float(e, x, false))),
        (Dtype::U32, Dtype::F64) => {
            let wide = resize(e, Dtype::U32, Dtype::U64, x);
            Ok(wide.map(|x| wide_to_float(e, x, false)))
        }
        (Dtype::I64 | Dtype::U64 | Dtype::U32, _) => Err(Bug(format!("lanes: a cast from {from} to {to}"))),
        (_, Dtype::F32) => Ok(x.map(|x| e.builder.ins().fcvt_from_sint(types::F32X4, x))),
        _ => {
            let x = x.values()[0];
            let low = e.builder.ins().swiden_low(x);
            let low = e.builder.ins().fcvt_from_sint(types::F64X2, low);
            let high = high_half(e, types::I32X4, x);
            let high = e.builder.ins().swiden_low(high);
            Ok(Registers::two(low, e.builder.ins().fcvt_from_sint(types::F64X2, high)))
        }
    }
}

/// Correctly rounded: the halves of x become the low bits of 2^84 and 2^52; taking both away is exact but for the last
/// addition. A signed x is made unsigned by adding 2^63, which is taken away with them.
fn wide_to_float(e: &mut Emitter, x: Value, signed: bool) -> Value {
    const TWO_84: u64 = 0x4530_0000_0000_0000;
    const TWO_52: u64 = 0x4330_0000_0000_0000;
    let x = if signed {
        let sign = e.splat_bits(types::I64X2, i64::MIN);
        e.builder.ins().bxor(x, sign)
    } else {
        x
    };
    let high = e.builder.ins().ushr_imm_u(x, 32);
    let exponent = e.splat_bits(types::I64X2, TWO_84 as i64);
    let high = e.builder.ins().bor(high, exponent);
    let high = e.bitcast(types::F64X2, high);
    let below = e.splat_bits(types::I64X2, 0xffff_ffff);
    let low = e.builder.ins().band(x, below);
    let exponent = e.splat_bits(types::I64X2, TWO_52 as i64);
    let low = e.builder.ins().bor(low, exponent);
    let low = e.bitcast(types::F64X2, low);
    let offset = if signed { 9223372036854775808.0 } else { 0.0 };
    let excess = f64::from_bits(TWO_84) + f64::from_bits(TWO_52) + offset;
    let excess = e.splat_bits(types::I64X2, excess.to_bits() as i64);
    let excess = e.bitcast(types::F64X2, excess);
    let high = e.builder.ins().fsub(high, excess);
    e.builder.ins().fadd(high, low)
}

/// Between integers.
fn resize(e: &mut Emitter, from: Dtype, to: Dtype, x: Registers) -> Registers {
    match (held(from).lane_bits(), held(to).lane_bits()) {
        (32, 64) => {
            let x = x.values()[0];
            let ins = &mut e.builder;
            if from == Dtype::U32 {
                Registers::two(ins.ins().uwiden_low(x), ins.ins().uwiden_high(x))
            } else {
                Registers::two(ins.ins().swiden_low(x), ins.ins().swiden_high(x))
            }
        }
        (64, 32) => {
            let low = e.low_halves(x.values()[0], x.values()[1]);
            super::vector::wrapped(e, to, Registers::one(low))
        }
        _ => super::vector::wrapped(e, to, x),
    }
}
