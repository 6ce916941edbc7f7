//! Division, remainder and power, which the machine does not have as the language means them.

use super::Bug;
use super::function::Emitter;
use crate::base::abi::Table;
use crate::base::{Dtype, Scalar};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, Value, types};
use std::mem::offset_of;

impl<'a> Emitter<'a> {
    /// Python's `//` and `%` of integers; 0 where the divisor is 0.
    pub fn divide(&mut self, dtype: Dtype, x: Value, y: Value, known: Option<Scalar>) -> (Value, Value) {
        match known {
            Some(divisor) if divisor.bits == 0 => {
                let zero = self.zero(x);
                (zero, zero)
            }
            Some(divisor) if is_power_of_two(divisor) => self.divide_by_power(dtype, x, divisor.bits),
            Some(divisor) if !(dtype.is_signed() && divisor.as_i64() == -1) => {
                if dtype.is_signed() {
                    self.floor_divide(x, y)
                } else {
                    self.divide_unsigned(x, y)
                }
            }
            Some(_) => {
                let zero = self.zero(x);
                (self.builder.ins().ineg(x), zero)
            }
            None if dtype.bits() < 32 => self.divide_narrow(dtype, x, y),
            None if dtype.is_signed() => self.guarded_signed(x, y),
            None => self.guarded_unsigned(x, y),
        }
    }

    /// Shifting and masking round down, as Python does.
    fn divide_by_power(&mut self, dtype: Dtype, x: Value, divisor: u64) -> (Value, Value) {
        let shift = divisor.trailing_zeros() as i64;
        let quotient = if dtype.is_signed() {
            self.builder.ins().sshr_imm_u(x, shift)
        } else {
            self.builder.ins().ushr_imm_u(x, shift)
        };
        (quotient, self.builder.ins().band_imm_u(x, (divisor - 1) as i64))
    }

    /// There is no narrow division worth having; in 32 bits nothing overflows.
    fn divide_narrow(&mut self, dtype: Dtype, x: Value, y: Value) -> (Value, Value) {
        let ty = self.builder.func.dfg.value_type(x);
        let (quotient, rest) = if dtype.is_signed() {
            let x = self.builder.ins().sextend(types::I32, x);
            let y = self.builder.ins().sextend(types::I32, y);
            self.guarded_signed(x, y)
        } else {
            let x = self.builder.ins().uextend(types::I32, x);
            let y = self.builder.ins().uextend(types::I32, y);
            self.guarded_unsigned(x, y)
        };
        (self.builder.ins().ireduce(ty, quotient), self.builder.ins().ireduce(ty, rest))
    }

    fn guarded_unsigned(&mut self, x: Value, y: Value) -> (Value, Value) {
        let by_zero = self.builder.ins().icmp_imm_u(IntCC::Equal, y, 0);
        let one = self.one(y);
        let divisor = self.builder.ins().select(by_zero, one, y);
        let (quotient, rest) = self.divide_unsigned(x, divisor);
        let zero = self.zero(x);
        (self.builder.ins().select(by_zero, zero, quotient), rest)
    }

    /// Divides by 1 where the divisor is 0 or -1, which the instruction does not stand; the rest is then right as it is.
    fn guarded_signed(&mut self, x: Value, y: Value) -> (Value, Value) {
        let by_zero = self.builder.ins().icmp_imm_s(IntCC::Equal, y, 0);
        let by_minus_one = self.builder.ins().icmp_imm_s(IntCC::Equal, y, -1);
        let special = self.builder.ins().bor(by_zero, by_minus_one);
        let one = self.one(y);
        let divisor = self.builder.ins().select(special, one, y);
        let (quotient, rest) = self.floor_divide(x, divisor);
        let negated = self.builder.ins().ineg(x);
        let quotient = self.builder.ins().select(by_minus_one, negated, quotient);
        let zero = self.zero(x);
        (self.builder.ins().select(by_zero, zero, quotient), rest)
    }

    fn divide_unsigned(&mut self, x: Value, y: Value) -> (Value, Value) {
        let quotient = self.builder.ins().udiv(x, y);
        let product = self.builder.ins().imul(quotient, y);
        (quotient, self.builder.ins().isub(x, product))
    }

    /// Rounds down; the divisor is neither 0 nor -1.
    fn floor_divide(&mut self, x: Value, y: Value) -> (Value, Value) {
        let quotient = self.builder.ins().sdiv(x, y);
        let product = self.builder.ins().imul(quotient, y);
        let rest = self.builder.ins().isub(x, product);
        let inexact = self.builder.ins().icmp_imm_s(IntCC::NotEqual, rest, 0);
        let signs = self.builder.ins().bxor(rest, y);
        let differ = self.builder.ins().icmp_imm_s(IntCC::SignedLessThan, signs, 0);
        let adjust = self.builder.ins().band(inexact, differ);
        let lower = self.builder.ins().iadd_imm_s(quotient, -1);
        let moved = self.builder.ins().iadd(rest, y);
        (self.builder.ins().select(adjust, lower, quotient), self.builder.ins().select(adjust, moved, rest))
    }

    fn one(&mut self, like: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(like);
        self.builder.ins().iconst(ty, 1)
    }

    /// Small constant powers are products; the others a call.
    pub fn power(&mut self, dtype: Dtype, x: Value, y: Value, known: Option<Scalar>) -> Value {
        match known.map(|exponent| exponent.bits) {
            Some(0) => self.one(x),
            Some(exponent) if exponent <= 16 => self.product(x, exponent),
            _ => {
                let base = self.slot_bits(dtype, x);
                let exponent = self.slot_bits(dtype, y);
                let signed = self.i64(dtype.is_signed() as i64);
                let function = offset_of!(Table, power);
                let wide = self.table_call(function, Some(types::I64), &[base, exponent, signed]);
                let wide = wide.expect("power has a result");
                let ty = self.builder.func.dfg.value_type(x);
                if ty == types::I64 { wide } else { self.builder.ins().ireduce(ty, wide) }
            }
        }
    }

    fn product(&mut self, x: Value, exponent: u64) -> Value {
        if exponent == 1 {
            return x;
        }
        let half = self.product(x, exponent / 2);
        let square = self.builder.ins().imul(half, half);
        if exponent % 2 == 1 { self.builder.ins().imul(square, x) } else { square }
    }

    /// C's `fmod`, exact, so f32 may go through f64.
    pub fn fmod(&mut self, dtype: Dtype, x: Value, y: Value) -> Value {
        let function = offset_of!(Table, fmod);
        if dtype == Dtype::F64 {
            return self.table_call(function, Some(types::F64), &[x, y]).expect("fmod has a result");
        }
        let x = self.builder.ins().fpromote(types::F64, x);
        let y = self.builder.ins().fpromote(types::F64, y);
        let rest = self.table_call(function, Some(types::F64), &[x, y]).expect("fmod has a result");
        self.builder.ins().fdemote(types::F32, rest)
    }

    /// `//` and `%` of floats, step by step as `float_divmod` of `base::op`.
    pub fn divide_float(&mut self, dtype: Dtype, x: Value, y: Value) -> Result<(Value, Value), Bug> {
        let zero = self.constant(Scalar::float(dtype, 0.0))?;
        let one = self.constant(Scalar::float(dtype, 1.0))?;
        let rest = self.fmod(dtype, x, y);
        let ratio = self.builder.ins().fdiv(x, y);

        let exact = self.builder.ins().fsub(x, rest);
        let exact = self.builder.ins().fdiv(exact, y);
        let y_negative = self.builder.ins().fcmp(FloatCC::LessThan, y, zero);
        let rest_negative = self.builder.ins().fcmp(FloatCC::LessThan, rest, zero);
        let differ = self.builder.ins().bxor(y_negative, rest_negative);
        let inexact = self.builder.ins().fcmp(FloatCC::NotEqual, rest, zero);
        let adjust = self.builder.ins().band(inexact, differ);
        let moved = self.builder.ins().fadd(rest, y);
        let modulo = self.builder.ins().select(adjust, moved, rest);
        let signed_zero = self.builder.ins().fcopysign(zero, y);
        let modulo = self.builder.ins().select(inexact, modulo, signed_zero);
        let lower = self.builder.ins().fsub(exact, one);
        let quotient = self.builder.ins().select(adjust, lower, exact);

        let floored = self.snap(dtype, quotient, one)?;
        let nonzero = self.builder.ins().fcmp(FloatCC::NotEqual, quotient, zero);
        let signed_zero = self.builder.ins().fcopysign(zero, ratio);
        let floored = self.builder.ins().select(nonzero, floored, signed_zero);

        let by_zero = self.builder.ins().fcmp(FloatCC::Equal, y, zero);
        Ok((
            self.builder.ins().select(by_zero, ratio, floored),
            self.builder.ins().select(by_zero, rest, modulo),
        ))
    }

    /// The whole number that a quotient all but is: its floor, or one more if it is nearer to that. The difference is
    /// taken in f64, where it is exact.
    fn snap(&mut self, dtype: Dtype, quotient: Value, one: Value) -> Result<Value, Bug> {
        let floor = self.builder.ins().floor(quotient);
        let half = self.constant(Scalar::f64(0.5))?;
        let (wide, wide_floor) = if dtype == Dtype::F32 {
            let wide = self.builder.ins().fpromote(types::F64, quotient);
            (wide, self.builder.ins().fpromote(types::F64, floor))
        } else {
            (quotient, floor)
        };
        let difference = self.builder.ins().fsub(wide, wide_floor);
        let above = self.builder.ins().fcmp(FloatCC::GreaterThan, difference, half);
        let next = self.builder.ins().fadd(floor, one);
        Ok(self.builder.ins().select(above, next, floor))
    }
}

/// A positive power of two (the sign bit of a signed dtype is none: it is sign-extended).
fn is_power_of_two(scalar: Scalar) -> bool {
    scalar.bits.is_power_of_two() && !(scalar.dtype == Dtype::I64 && scalar.bits >> 63 == 1)
}
