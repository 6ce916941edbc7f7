//! Values of several lanes in 128-bit registers: how each dtype is held, and the way in and out.
//!
//! | dtype | register |
//! |---|---|
//! | f64, i64, u64 | 2 lanes |
//! | f32, i32, u32 | 4 lanes |
//! | i8, i16, u8, u16 | 4 lanes of 32 bits, sign- or zero-extended |
//! | bool | a mask, all ones or zeros, of 2 × 64 or 4 × 32 bits |

use super::Bug;
use super::function::Emitter;
use crate::base::{Dtype, Scalar};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Type, Value, types};
use cranelift_frontend::Variable;

/// The lanes of one unit: one register, or two of 64-bit lanes where a unit has four.
#[derive(Clone, Copy)]
pub struct Registers {
    values: [Value; 2],
    count: u8,
}

/// Variables for [`Registers`].
#[derive(Clone, Copy)]
pub struct Slots {
    variables: [Variable; 2],
    count: u8,
}

/// How lanes of a dtype are held; masks have a width of their own.
pub fn held(dtype: Dtype) -> Type {
    match dtype {
        Dtype::F64 => types::F64X2,
        Dtype::F32 => types::F32X4,
        Dtype::I64 | Dtype::U64 => types::I64X2,
        _ => types::I32X4,
    }
}

/// The mask that selects between lanes of this type.
pub fn mask_for(ty: Type) -> Type {
    if ty.lane_bits() == 64 { types::I64X2 } else { types::I32X4 }
}

impl Registers {
    pub fn one(value: Value) -> Registers {
        Registers { values: [value; 2], count: 1 }
    }

    pub fn two(low: Value, high: Value) -> Registers {
        Registers { values: [low, high], count: 2 }
    }

    pub fn of(values: &[Value]) -> Registers {
        match *values {
            [one] => Registers::one(one),
            [low, high] => Registers::two(low, high),
            _ => unreachable!("a unit has one or two registers"),
        }
    }

    pub fn values(&self) -> &[Value] {
        &self.values[..self.count as usize]
    }

    pub fn ty(&self, e: &Emitter) -> Type {
        e.builder.func.dfg.value_type(self.values[0])
    }

    pub fn map(self, mut f: impl FnMut(Value) -> Value) -> Registers {
        let values = self.values().iter().map(|&value| f(value)).collect::<Vec<_>>();
        Registers::of(&values)
    }

    pub fn zip(self, other: Registers, mut f: impl FnMut(Value, Value) -> Value) -> Registers {
        debug_assert_eq!(self.count, other.count);
        let pairs = self.values().iter().zip(other.values());
        Registers::of(&pairs.map(|(&a, &b)| f(a, b)).collect::<Vec<_>>())
    }

    /// One lane as a scalar of the dtype.
    pub fn extract(&self, e: &mut Emitter, dtype: Dtype, lane: u32) -> Value {
        let ty = self.ty(e);
        let register = self.values[(lane / ty.lane_count()) as usize];
        let value = e.builder.ins().extractlane(register, (lane % ty.lane_count()) as u8);
        narrowed(e, dtype, value)
    }

    /// Registers of type `ty` with these lanes.
    pub fn gather(e: &mut Emitter, dtype: Dtype, ty: Type, scalars: &[Value]) -> Registers {
        let mut registers = vec![];
        for lanes in scalars.chunks(ty.lane_count() as usize) {
            let lanes: Vec<Value> = lanes.iter().map(|&lane| widened(e, dtype, ty, lane)).collect();
            let mut register = if lanes.iter().all(|lane| *lane == lanes[0]) {
                e.builder.ins().splat(ty, lanes[0])
            } else {
                e.builder.ins().scalar_to_vector(ty, lanes[0])
            };
            for (k, &lane) in lanes.iter().enumerate().skip(1).filter(|(_, lane)| **lane != lanes[0]) {
                register = e.builder.ins().insertlane(register, lane, k as u8);
            }
            registers.push(register);
        }
        Registers::of(&registers)
    }

    /// Masks of the other width where these are not of type `ty`.
    pub fn mask_as(self, e: &mut Emitter, ty: Type) -> Registers {
        let from = self.ty(e);
        match (from.lane_bits(), ty.lane_bits()) {
            (64, 32) => Registers::one(e.low_halves(self.values[0], self.values[1])),
            (32, 64) => {
                let ins = |e: &mut Emitter| {
                    Registers::two(
                        e.builder.ins().swiden_low(self.values[0]),
                        e.builder.ins().swiden_high(self.values[0]),
                    )
                };
                ins(e)
            }
            _ => self,
        }
    }
}

impl Slots {
    /// New variables for `count` registers of type `ty`.
    pub fn declare(e: &mut Emitter, ty: Type, count: usize) -> Slots {
        let first = e.builder.declare_var(ty);
        let second = if count == 2 { e.builder.declare_var(ty) } else { first };
        Slots { variables: [first, second], count: count as u8 }
    }

    pub fn get(&self, e: &mut Emitter) -> Registers {
        let variables = self.variables[..self.count as usize].iter();
        Registers::of(&variables.map(|&variable| e.builder.use_var(variable)).collect::<Vec<_>>())
    }

    pub fn set(&self, e: &mut Emitter, registers: Registers) {
        for (&variable, &value) in self.variables.iter().zip(registers.values()) {
            e.builder.def_var(variable, value);
        }
    }
}

/// A scalar of the dtype as what a register of type `ty` holds in a lane.
fn widened(e: &mut Emitter, dtype: Dtype, ty: Type, scalar: Value) -> Value {
    match dtype {
        Dtype::Bool => e.builder.ins().bmask(ty.lane_type(), scalar),
        Dtype::I8 | Dtype::I16 => e.builder.ins().sextend(types::I32, scalar),
        Dtype::U8 | Dtype::U16 => e.builder.ins().uextend(types::I32, scalar),
        _ => scalar,
    }
}

/// What a register holds in a lane as a scalar of the dtype.
pub fn narrowed(e: &mut Emitter, dtype: Dtype, lane: Value) -> Value {
    match dtype {
        Dtype::Bool => e.builder.ins().icmp_imm_u(IntCC::NotEqual, lane, 0),
        Dtype::I8 | Dtype::U8 => e.builder.ins().ireduce(types::I8, lane),
        Dtype::I16 | Dtype::U16 => e.builder.ins().ireduce(types::I16, lane),
        _ => lane,
    }
}

impl Emitter<'_> {
    /// The scalar in all lanes of a register of type `ty`.
    pub fn splat(&mut self, dtype: Dtype, ty: Type, scalar: Value) -> Value {
        let lane = widened(self, dtype, ty, scalar);
        self.builder.ins().splat(ty, lane)
    }

    pub fn splat_constant(&mut self, ty: Type, scalar: Scalar) -> Result<Value, Bug> {
        let value = self.constant(scalar)?;
        Ok(self.splat(scalar.dtype, ty, value))
    }

    /// The same bits in all lanes of an integer register.
    pub fn splat_bits(&mut self, ty: Type, bits: i64) -> Value {
        let bits = if ty.lane_bits() == 64 { bits } else { bits & 0xffff_ffff };
        let value = self.builder.ins().iconst(ty.lane_type(), bits);
        self.builder.ins().splat(ty, value)
    }

    pub fn bitcast(&mut self, ty: Type, value: Value) -> Value {
        if self.builder.func.dfg.value_type(value) == ty {
            return value;
        }
        let endianness = cranelift_codegen::ir::Endianness::Little;
        self.builder.ins().bitcast(ty, MemFlagsData::new().with_endianness(endianness), value)
    }

    /// The low 32 bits of four lanes of 64.
    pub fn low_halves(&mut self, low: Value, high: Value) -> Value {
        const EVEN: [u8; 16] = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
        let (low, high) = (self.bitcast(types::I8X16, low), self.bitcast(types::I8X16, high));
        let shuffled = self.shuffle(low, high, EVEN);
        self.bitcast(types::I32X4, shuffled)
    }

    pub fn shuffle(&mut self, a: Value, b: Value, bytes: [u8; 16]) -> Value {
        let mask = self.builder.func.dfg.immediates.push(bytes.to_vec().into());
        self.builder.ins().shuffle(a, b, mask)
    }
}
