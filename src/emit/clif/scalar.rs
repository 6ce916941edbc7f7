//! The scalar operators of `base::op` as instructions. None of them can trap.

use super::function::{Emitter, Fact};
use super::{Bug, clif_type};
use crate::base::abi::Table;
use crate::base::{Binary, Compare, Dtype, ReduceOp, Scalar, Unary};
use crate::loops;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::immediates::{Ieee32, Ieee64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use std::mem::offset_of;

impl<'a> Emitter<'a> {
    pub fn constant(&mut self, scalar: Scalar) -> Result<Value, Bug> {
        let ty = clif_type(scalar.dtype)?;
        Ok(match scalar.dtype {
            Dtype::F32 => self.builder.ins().f32const(Ieee32::with_bits(scalar.bits as u32)),
            Dtype::F64 => self.builder.ins().f64const(Ieee64::with_bits(scalar.bits)),
            _ => {
                let mask = if ty.bits() == 64 { u64::MAX } else { (1 << ty.bits()) - 1 };
                self.builder.ins().iconst(ty, (scalar.bits & mask) as i64)
            }
        })
    }

    fn float(&mut self, dtype: Dtype, value: f64) -> Result<Value, Bug> {
        self.constant(Scalar::float(dtype, value))
    }

    pub fn unary(&mut self, op: Unary, operand: loops::Value) -> Result<Value, Bug> {
        let dtype = self.dtype(operand);
        let x = self.value(operand)?;
        if op.result(dtype).is_none() {
            return Err(Bug(format!("{} of {dtype}", op.name())));
        }
        match op {
            Unary::Not => self.is_zero(dtype, x),
            Unary::Bits => Ok(self.bits(x)),
            Unary::FromBits => {
                let float = if dtype == Dtype::I32 { types::F32 } else { types::F64 };
                Ok(self.builder.ins().bitcast(float, MemFlagsData::new(), x))
            }
            _ if dtype.is_float() => self.unary_float(op, dtype, x),
            _ => Ok(self.unary_int(op, dtype, x)),
        }
    }

    fn unary_int(&mut self, op: Unary, dtype: Dtype, x: Value) -> Value {
        let ins = self.builder.ins();
        match op {
            Unary::Neg => ins.ineg(x),
            Unary::Invert if dtype == Dtype::Bool => ins.bxor_imm_u(x, 1),
            Unary::Invert => ins.bnot(x),
            Unary::Abs if dtype.is_signed() => ins.iabs(x),
            Unary::Abs => x,
            Unary::Not | Unary::Bits | Unary::FromBits => unreachable!("any dtype"),
            Unary::Sqrt
            | Unary::Floor
            | Unary::Ceil
            | Unary::Trunc
            | Unary::Rint
            | Unary::IsNan
            | Unary::IsInf
            | Unary::IsFinite
            | Unary::SignBit => unreachable!("floats only"),
        }
    }

    fn unary_float(&mut self, op: Unary, dtype: Dtype, x: Value) -> Result<Value, Bug> {
        Ok(match op {
            Unary::Neg => self.builder.ins().fneg(x),
            Unary::Abs => self.builder.ins().fabs(x),
            Unary::Sqrt => self.builder.ins().sqrt(x),
            Unary::Floor => self.builder.ins().floor(x),
            Unary::Ceil => self.builder.ins().ceil(x),
            Unary::Trunc => self.builder.ins().trunc(x),
            Unary::Rint => self.builder.ins().nearest(x),
            Unary::IsNan => self.builder.ins().fcmp(FloatCC::Unordered, x, x),
            Unary::IsInf | Unary::IsFinite => {
                let infinity = self.float(dtype, f64::INFINITY)?;
                let size = self.builder.ins().fabs(x);
                let condition = if op == Unary::IsInf { FloatCC::Equal } else { FloatCC::LessThan };
                self.builder.ins().fcmp(condition, size, infinity)
            }
            Unary::SignBit => {
                let bits = self.bits(x);
                self.builder.ins().icmp_imm_s(IntCC::SignedLessThan, bits, 0)
            }
            Unary::Invert | Unary::Not | Unary::Bits | Unary::FromBits => unreachable!("handled before"),
        })
    }

    /// A float's bits as an integer of its width.
    fn bits(&mut self, x: Value) -> Value {
        let int = self.builder.func.dfg.value_type(x).as_int();
        self.builder.ins().bitcast(int, MemFlagsData::new(), x)
    }

    fn is_zero(&mut self, dtype: Dtype, x: Value) -> Result<Value, Bug> {
        self.compare_zero(dtype, x, FloatCC::Equal, IntCC::Equal)
    }

    fn compare_zero(&mut self, dtype: Dtype, x: Value, float: FloatCC, int: IntCC) -> Result<Value, Bug> {
        if dtype.is_float() {
            let zero = self.float(dtype, 0.0)?;
            return Ok(self.builder.ins().fcmp(float, x, zero));
        }
        Ok(self.builder.ins().icmp_imm_u(int, x, 0))
    }

    pub fn binary_op(&mut self, op: Binary, a: loops::Value, b: loops::Value) -> Result<Value, Bug> {
        if let Some(other) = self.other_than_identity(op, a, b) {
            return self.value(other);
        }
        let dtype = self.dtype(a);
        let (x, y) = (self.value(a)?, self.value(b)?);
        self.binary(op, dtype, x, y, self.known(b))
    }

    /// What `identity ∘ other` is: saves an operation per iteration of a reduction. Not for Python's `min` and `max`
    /// of floats, whose identity swallows NaN.
    fn other_than_identity(&self, op: Binary, a: loops::Value, b: loops::Value) -> Option<loops::Value> {
        let neutral = |value| match self.facts[value] {
            Fact::Identity(reduce) => reduce.binary() == op && drops_out(reduce, self.dtype(value)),
            Fact::Nothing | Fact::Constant(_) | Fact::Offset(..) | Fact::Both(..) | Fact::Either(..) => false,
        };
        match (neutral(a), neutral(b)) {
            (true, _) => Some(b),
            (_, true) => Some(a),
            (false, false) => None,
        }
    }

    /// `known` is the right operand where it is a constant.
    pub fn binary(
        &mut self,
        op: Binary,
        dtype: Dtype,
        x: Value,
        y: Value,
        known: Option<Scalar>,
    ) -> Result<Value, Bug> {
        if !op.accepts(dtype) {
            return Err(Bug(format!("{} of {dtype}", op.name())));
        }
        if dtype.is_float() {
            self.binary_float(op, dtype, x, y)
        } else if dtype == Dtype::Bool {
            Ok(self.binary_bool(op, x, y))
        } else {
            self.binary_int(op, dtype, x, y, known)
        }
    }

    /// `a ∘ b` of a reduction.
    pub fn combine(&mut self, op: ReduceOp, dtype: Dtype, a: Value, b: Value) -> Result<Value, Bug> {
        self.binary(op.binary(), dtype, a, b, None)
    }

    fn binary_bool(&mut self, op: Binary, x: Value, y: Value) -> Value {
        let ins = self.builder.ins();
        match op {
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
            | Binary::MulHigh => unreachable!("refused by accepts"),
        }
    }

    fn binary_int(
        &mut self,
        op: Binary,
        dtype: Dtype,
        x: Value,
        y: Value,
        known: Option<Scalar>,
    ) -> Result<Value, Bug> {
        Ok(match op {
            Binary::Add => self.builder.ins().iadd(x, y),
            Binary::Sub => self.builder.ins().isub(x, y),
            Binary::Mul => self.builder.ins().imul(x, y),
            Binary::FloorDiv => self.divide(dtype, x, y, known).0,
            Binary::Mod => self.divide(dtype, x, y, known).1,
            Binary::Pow => self.power(dtype, x, y, known),
            Binary::And => self.builder.ins().band(x, y),
            Binary::Or => self.builder.ins().bor(x, y),
            Binary::Xor => self.builder.ins().bxor(x, y),
            Binary::Shl => self.shift_left(dtype, x, y),
            Binary::Shr => self.shift_right(dtype, x, y),
            Binary::Min | Binary::Minimum => self.pick(Compare::Lt, dtype, x, y),
            Binary::Max | Binary::Maximum => self.pick(Compare::Gt, dtype, x, y),
            Binary::MulHigh => self.builder.ins().umulhi(x, y),
            Binary::Div | Binary::Fmod | Binary::CopySign => unreachable!("refused by accepts"),
        })
    }

    /// `x if x ∘ y else y`.
    fn pick(&mut self, op: Compare, dtype: Dtype, x: Value, y: Value) -> Value {
        let condition = self.compare(op, dtype, x, y);
        self.builder.ins().select(condition, x, y)
    }

    fn shift_left(&mut self, dtype: Dtype, x: Value, count: Value) -> Value {
        let inside = self.builder.ins().icmp_imm_u(IntCC::UnsignedLessThan, count, dtype.bits() as i64);
        let shifted = self.builder.ins().ishl(x, count);
        let zero = self.zero(x);
        self.builder.ins().select(inside, shifted, zero)
    }

    fn shift_right(&mut self, dtype: Dtype, x: Value, count: Value) -> Value {
        let bits = dtype.bits() as i64;
        let inside = self.builder.ins().icmp_imm_u(IntCC::UnsignedLessThan, count, bits);
        if dtype.is_signed() {
            let ty = self.builder.func.dfg.value_type(count);
            let most = self.builder.ins().iconst(ty, bits - 1);
            let count = self.builder.ins().select(inside, count, most);
            return self.builder.ins().sshr(x, count);
        }
        let shifted = self.builder.ins().ushr(x, count);
        let zero = self.zero(x);
        self.builder.ins().select(inside, shifted, zero)
    }

    pub fn zero(&mut self, like: Value) -> Value {
        let ty = self.builder.func.dfg.value_type(like);
        self.builder.ins().iconst(ty, 0)
    }

    fn binary_float(&mut self, op: Binary, dtype: Dtype, x: Value, y: Value) -> Result<Value, Bug> {
        Ok(match op {
            Binary::Add => self.builder.ins().fadd(x, y),
            Binary::Sub => self.builder.ins().fsub(x, y),
            Binary::Mul => self.builder.ins().fmul(x, y),
            Binary::Div => self.builder.ins().fdiv(x, y),
            Binary::Fmod => self.fmod(dtype, x, y),
            Binary::FloorDiv => self.divide_float(dtype, x, y)?.0,
            Binary::Mod => self.divide_float(dtype, x, y)?.1,
            Binary::Min => self.pick(Compare::Lt, dtype, y, x),
            Binary::Max => {
                // As `x < y`, the form in which Cranelift knows `max`.
                let more = self.builder.ins().fcmp(FloatCC::LessThan, x, y);
                self.builder.ins().select(more, y, x)
            }
            Binary::Minimum | Binary::Maximum => self.extreme(op, x, y),
            Binary::CopySign => self.builder.ins().fcopysign(x, y),
            Binary::Pow
            | Binary::And
            | Binary::Or
            | Binary::Xor
            | Binary::Shl
            | Binary::Shr
            | Binary::MulHigh => unreachable!("refused by accepts"),
        })
    }

    /// `x if isnan(x) or x >= y else y`, or with `<=`. A selection of floats is a branch, unless it is an extreme, which does not see NaN on
    /// the right: so only NaN decides branches, and not what the numbers are.
    fn extreme(&mut self, op: Binary, x: Value, y: Value) -> Value {
        let (less, more) = if op == Binary::Maximum { (x, y) } else { (y, x) };
        let beyond = self.builder.ins().fcmp(FloatCC::LessThan, less, more);
        let number = self.builder.ins().select(beyond, y, x);
        let left = self.builder.ins().fcmp(FloatCC::Unordered, x, x);
        let nan = self.builder.ins().select(left, x, y);
        let right = self.builder.ins().fcmp(FloatCC::Unordered, y, y);
        self.builder.ins().select(right, nan, number)
    }

    pub fn compare(&mut self, op: Compare, dtype: Dtype, x: Value, y: Value) -> Value {
        if dtype.is_float() {
            self.builder.ins().fcmp(float_condition(op), x, y)
        } else {
            self.builder.ins().icmp(int_condition(op, dtype.is_signed()), x, y)
        }
    }

    pub fn fma(&mut self, a: Value, b: Value, c: Value) -> Value {
        if self.target.has_fma {
            return self.builder.ins().fma(a, b, c);
        }
        let ty = self.builder.func.dfg.value_type(a);
        let function = if ty == types::F32 { offset_of!(Table, fmaf) } else { offset_of!(Table, fma) };
        self.table_call(function, Some(ty), &[a, b, c]).expect("fma has a result")
    }

    pub fn cast(&mut self, from: Dtype, to: Dtype, x: Value) -> Result<Value, Bug> {
        match (from.is_float(), to.is_float()) {
            _ if from == to => Ok(x),
            (_, false) if to == Dtype::Bool => self.compare_zero(from, x, FloatCC::NotEqual, IntCC::NotEqual),
            (true, true) if to == Dtype::F32 => Ok(self.builder.ins().fdemote(types::F32, x)),
            (true, true) => Ok(self.builder.ins().fpromote(types::F64, x)),
            (true, false) => {
                let wide = self.truncate(from, x)?;
                self.resize(Dtype::I64, to, wide)
            }
            (false, false) => self.resize(from, to, x),
            (false, true) => self.int_to_float(from, to, x),
        }
    }

    fn resize(&mut self, from: Dtype, to: Dtype, x: Value) -> Result<Value, Bug> {
        let ty = clif_type(to)?;
        Ok(match to.bits().cmp(&from.bits()) {
            std::cmp::Ordering::Equal => x,
            std::cmp::Ordering::Less => self.builder.ins().ireduce(ty, x),
            std::cmp::Ordering::Greater if from.is_signed() => self.builder.ins().sextend(ty, x),
            std::cmp::Ordering::Greater => self.builder.ins().uextend(ty, x),
        })
    }

    fn int_to_float(&mut self, from: Dtype, to: Dtype, x: Value) -> Result<Value, Bug> {
        let float = clif_type(to)?;
        if from == Dtype::U64 {
            return Ok(self.builder.ins().fcvt_from_uint(float, x));
        }
        let wide = self.resize(from, Dtype::I64, x)?;
        Ok(self.builder.ins().fcvt_from_sint(float, wide))
    }

    /// To i64; NaN and what does not fit give the smallest. Saturating gives it for all that is too small; the others leave the usual path.
    fn truncate(&mut self, from: Dtype, x: Value) -> Result<Value, Bug> {
        let limit = self.float(from, 9223372036854775808.0)?;
        let (other, next) = (self.cold_block(), self.builder.create_block());
        let result = self.builder.append_block_param(next, types::I64);
        let below = self.builder.ins().fcmp(FloatCC::LessThan, x, limit);
        let saturated = self.builder.ins().fcvt_to_sint_sat(types::I64, x);
        self.builder.ins().brif(below, next, &[saturated.into()], other, &[]);
        self.start(other);
        let smallest = self.i64(i64::MIN);
        self.builder.ins().jump(next, &[smallest.into()]);
        self.start(next);
        Ok(result)
    }
}

/// Whether `identity ∘ v` is `v` for every `v`.
pub fn drops_out(op: ReduceOp, dtype: Dtype) -> bool {
    !(dtype.is_float() && matches!(op, ReduceOp::Min | ReduceOp::Max))
}

pub fn float_condition(op: Compare) -> FloatCC {
    match op {
        Compare::Eq => FloatCC::Equal,
        Compare::Ne => FloatCC::NotEqual,
        Compare::Lt => FloatCC::LessThan,
        Compare::Le => FloatCC::LessThanOrEqual,
        Compare::Gt => FloatCC::GreaterThan,
        Compare::Ge => FloatCC::GreaterThanOrEqual,
    }
}

pub fn int_condition(op: Compare, signed: bool) -> IntCC {
    match (op, signed) {
        (Compare::Eq, _) => IntCC::Equal,
        (Compare::Ne, _) => IntCC::NotEqual,
        (Compare::Lt, true) => IntCC::SignedLessThan,
        (Compare::Le, true) => IntCC::SignedLessThanOrEqual,
        (Compare::Gt, true) => IntCC::SignedGreaterThan,
        (Compare::Ge, true) => IntCC::SignedGreaterThanOrEqual,
        (Compare::Lt, false) => IntCC::UnsignedLessThan,
        (Compare::Le, false) => IntCC::UnsignedLessThanOrEqual,
        (Compare::Gt, false) => IntCC::UnsignedGreaterThan,
        (Compare::Ge, false) => IntCC::UnsignedGreaterThanOrEqual,
    }
}
