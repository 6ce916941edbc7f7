//! The scalar operators: their meaning is written here once.
//!
//! The constant folder, the interpreter and the `loops` evaluator all call [`Unary::eval`],
//! [`Binary::eval`], [`Compare::eval`] and [`cast`]; machine code is tested against them. Every
//! operator is total: what is a fault in the language (a scalar integer division by zero) is an
//! explicit check before the operator, and the operator itself then has NumPy's array meaning.
//!
//! Operands of a binary operator have one dtype; `infer` has inserted the conversions. Integers wrap.

use super::{Dtype, Scalar};

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Unary {
    /// `-x`; wraps for integers.
    Neg,
    /// `~x`: bitwise for integers, logical for bool.
    Invert,
    /// `not x`: bool of any dtype's truth value; the result is bool.
    Not,
    /// `abs(x)`; wraps for the smallest integer.
    Abs,
    Sqrt,
    Floor,
    Ceil,
    Trunc,
    /// To nearest, ties to even.
    Rint,
    /// Reinterpret a float as the signed integer of its width.
    Bits,
    /// Reinterpret an i32 or i64 as the float of its width.
    FromBits,
    IsNan,
    IsInf,
    IsFinite,
    SignBit,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Binary {
    /// `+`; on bool: logical or, as NumPy.
    Add,
    Sub,
    /// `*`; on bool: logical and.
    Mul,
    /// `/` of floats.
    Div,
    /// `//` with Python's sign; integers: 0 when dividing by zero, and `MIN // -1` is `MIN`.
    FloorDiv,
    /// `%` with the sign of the divisor; integers: 0 when dividing by zero.
    Mod,
    /// C's `fmod` of floats: exact, the sign of the dividend.
    Fmod,
    /// Integers: wraps; a negative exponent counts as 0 unless the base is 1 or -1 (a check precedes).
    /// Floats: not an operator but a call of `kernels/std`.
    Pow,
    /// Bitwise on integers, logical on bool.
    And,
    Or,
    Xor,
    /// Shifts: by the width or more, or by a negative count, gives 0 (-1 for `>>` of a negative).
    Shl,
    Shr,
    /// Python's `min(a, b)`: `b if b < a else a`.
    Min,
    /// Python's `max(a, b)`: `b if b > a else a`.
    Max,
    /// NumPy's: NaN if either is NaN.
    Minimum,
    Maximum,
    CopySign,
    /// The high 64 bits of the product of two u64.
    MulHigh,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Compare {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// What a reduction does with contributions; associative up to rounding.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReduceOp {
    Add,
    Mul,
    /// Python's `min` and `max`.
    Min,
    Max,
    /// NumPy's, NaN-propagating.
    Minimum,
    Maximum,
    And,
    Or,
    Xor,
}

impl ReduceOp {
    /// Whether the order in which values of the type are combined does not show in the result.
    pub fn is_order_free(self, dtype: Dtype) -> bool {
        match self {
            ReduceOp::And | ReduceOp::Or | ReduceOp::Xor => true,
            ReduceOp::Add
            | ReduceOp::Mul
            | ReduceOp::Min
            | ReduceOp::Max
            | ReduceOp::Minimum
            | ReduceOp::Maximum => dtype.is_int(),
        }
    }

    pub fn binary(self) -> Binary {
        match self {
            ReduceOp::Add => Binary::Add,
            ReduceOp::Mul => Binary::Mul,
            ReduceOp::Min => Binary::Min,
            ReduceOp::Max => Binary::Max,
            ReduceOp::Minimum => Binary::Minimum,
            ReduceOp::Maximum => Binary::Maximum,
            ReduceOp::And => Binary::And,
            ReduceOp::Or => Binary::Or,
            ReduceOp::Xor => Binary::Xor,
        }
    }

    /// The value that changes nothing, bit for bit: -0.0 for float sums, since `-0.0 + x` is `x`.
    pub fn identity(self, dtype: Dtype) -> Scalar {
        let float = dtype.is_float();
        match self {
            ReduceOp::Add if float => Scalar::float(dtype, -0.0),
            ReduceOp::Add | ReduceOp::Or | ReduceOp::Xor => Scalar::int(dtype, 0),
            ReduceOp::Mul if float => Scalar::float(dtype, 1.0),
            ReduceOp::Mul => Scalar::int(dtype, 1),
            ReduceOp::And => Scalar::int(dtype, -1),
            ReduceOp::Min | ReduceOp::Minimum if float => Scalar::float(dtype, f64::INFINITY),
            ReduceOp::Max | ReduceOp::Maximum if float => Scalar::float(dtype, f64::NEG_INFINITY),
            ReduceOp::Min | ReduceOp::Minimum => {
                Scalar::int(dtype, dtype.int_range().expect("an integer").1 as u64 as i64)
            }
            ReduceOp::Max | ReduceOp::Maximum => {
                Scalar::int(dtype, dtype.int_range().expect("an integer").0 as i64)
            }
        }
    }

    /// `a ∘ b`.
    pub fn eval(self, a: Scalar, b: Scalar) -> Scalar {
        self.binary().eval(a, b)
    }
}

impl Unary {
    /// The dtype of the result, or None where the operator has no meaning for `dtype`.
    pub fn result(self, dtype: Dtype) -> Option<Dtype> {
        let ok = match self {
            Unary::Neg => dtype != Dtype::Bool,
            Unary::Invert => !dtype.is_float(),
            Unary::Not => return Some(Dtype::Bool),
            Unary::Abs => true,
            Unary::Sqrt | Unary::Floor | Unary::Ceil | Unary::Trunc | Unary::Rint => dtype.is_float(),
            Unary::Bits => {
                return match dtype {
                    Dtype::F32 => Some(Dtype::I32),
                    Dtype::F64 => Some(Dtype::I64),
                    _ => None,
                };
            }
            Unary::FromBits => {
                return match dtype {
                    Dtype::I32 => Some(Dtype::F32),
                    Dtype::I64 => Some(Dtype::F64),
                    _ => None,
                };
            }
            Unary::IsNan | Unary::IsInf | Unary::IsFinite | Unary::SignBit => {
                return dtype.is_float().then_some(Dtype::Bool);
            }
        };
        (ok && !dtype.is_complex()).then_some(dtype)
    }

    pub fn eval(self, x: Scalar) -> Scalar {
        let dtype = x.dtype;
        match self {
            Unary::Not => Scalar::bool(!x.truth()),
            Unary::Bits => match dtype {
                Dtype::F32 => Scalar::int(Dtype::I32, x.bits as i64),
                _ => Scalar { dtype: Dtype::I64, bits: x.bits },
            },
            Unary::FromBits => match dtype {
                Dtype::I32 => Scalar { dtype: Dtype::F32, bits: x.bits as u32 as u64 },
                _ => Scalar { dtype: Dtype::F64, bits: x.bits },
            },
            Unary::Invert if dtype == Dtype::Bool => Scalar::bool(x.bits == 0),
            Unary::Invert => Scalar::int(dtype, !x.as_i64()),
            _ if dtype.is_float() => self.eval_float(x),
            Unary::Neg => Scalar::int(dtype, x.as_i64().wrapping_neg()),
            Unary::Abs if dtype.is_signed() => Scalar::int(dtype, x.as_i64().wrapping_abs()),
            Unary::Abs => x,
            _ => panic!("{self:?} of {dtype}"),
        }
    }

    fn eval_float(self, x: Scalar) -> Scalar {
        let (dtype, value) = (x.dtype, x.as_f64());
        let sign = 1u64 << (dtype.bits() - 1);
        match self {
            // Bit operations, so that NaNs keep their payload as the machine's do.
            Unary::Neg => Scalar { dtype, bits: x.bits ^ sign },
            Unary::Abs => Scalar { dtype, bits: x.bits & !sign },
            Unary::Sqrt if dtype == Dtype::F32 => Scalar::f32((value as f32).sqrt()),
            Unary::Sqrt => Scalar::f64(value.sqrt()),
            Unary::Floor => Scalar::float(dtype, value.floor()),
            Unary::Ceil => Scalar::float(dtype, value.ceil()),
            Unary::Trunc => Scalar::float(dtype, value.trunc()),
            Unary::Rint => Scalar::float(dtype, value.round_ties_even()),
            Unary::IsNan => Scalar::bool(value.is_nan()),
            Unary::IsInf => Scalar::bool(value.is_infinite()),
            Unary::IsFinite => Scalar::bool(value.is_finite()),
            Unary::SignBit => Scalar::bool(x.bits & sign != 0),
            Unary::Invert | Unary::Not | Unary::Bits | Unary::FromBits => unreachable!("handled before"),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Unary::Neg => "neg",
            Unary::Invert => "invert",
            Unary::Not => "not",
            Unary::Abs => "abs",
            Unary::Sqrt => "sqrt",
            Unary::Floor => "floor",
            Unary::Ceil => "ceil",
            Unary::Trunc => "trunc",
            Unary::Rint => "rint",
            Unary::Bits => "bits",
            Unary::FromBits => "from_bits",
            Unary::IsNan => "isnan",
            Unary::IsInf => "isinf",
            Unary::IsFinite => "isfinite",
            Unary::SignBit => "signbit",
        }
    }
}

impl Binary {
    /// Whether the operator has a meaning for operands of `dtype`; the result has the same dtype.
    pub fn accepts(self, dtype: Dtype) -> bool {
        if dtype.is_complex() {
            return false;
        }
        let (float, bool) = (dtype.is_float(), dtype == Dtype::Bool);
        match self {
            Binary::Add | Binary::Mul | Binary::Min | Binary::Max | Binary::Minimum | Binary::Maximum => true,
            Binary::Sub | Binary::FloorDiv | Binary::Mod => !bool,
            Binary::Div | Binary::Fmod | Binary::CopySign => float,
            Binary::Pow | Binary::Shl | Binary::Shr => !float && !bool,
            Binary::And | Binary::Or | Binary::Xor => !float,
            Binary::MulHigh => dtype == Dtype::U64,
        }
    }

    pub fn eval(self, a: Scalar, b: Scalar) -> Scalar {
        debug_assert_eq!(a.dtype, b.dtype, "{self:?}");
        if a.dtype.is_float() {
            self.eval_float(a, b)
        } else if a.dtype == Dtype::Bool {
            self.eval_bool(a, b)
        } else {
            self.eval_int(a, b)
        }
    }

    fn eval_bool(self, a: Scalar, b: Scalar) -> Scalar {
        let (x, y) = (a.bits != 0, b.bits != 0);
        Scalar::bool(match self {
            Binary::Add | Binary::Or | Binary::Max | Binary::Maximum => x | y,
            Binary::Mul | Binary::And | Binary::Min | Binary::Minimum => x & y,
            Binary::Xor => x ^ y,
            _ => panic!("{self:?} of bool"),
        })
    }

    fn eval_int(self, a: Scalar, b: Scalar) -> Scalar {
        let dtype = a.dtype;
        let (x, y) = (a.bits as i64, b.bits as i64);
        let less = if dtype.is_signed() { x < y } else { a.bits < b.bits };
        let more = if dtype.is_signed() { x > y } else { a.bits > b.bits };
        Scalar::int(
            dtype,
            match self {
                Binary::Add => x.wrapping_add(y),
                Binary::Sub => x.wrapping_sub(y),
                Binary::Mul => x.wrapping_mul(y),
                Binary::FloorDiv if dtype.is_signed() => floor_div(x, y),
                Binary::FloorDiv => a.bits.checked_div(b.bits).unwrap_or(0) as i64,
                Binary::Mod if dtype.is_signed() => floor_mod(x, y),
                Binary::Mod => a.bits.checked_rem(b.bits).unwrap_or(0) as i64,
                Binary::Pow => power(x, y, dtype.is_signed()),
                Binary::And => x & y,
                Binary::Or => x | y,
                Binary::Xor => x ^ y,
                Binary::Shl if (b.bits) < dtype.bits() as u64 => x << y,
                Binary::Shl => 0,
                Binary::Shr if (b.bits) < dtype.bits() as u64 => {
                    if dtype.is_signed() {
                        x >> y
                    } else {
                        (a.bits >> y) as i64
                    }
                }
                Binary::Shr => {
                    if dtype.is_signed() && x < 0 {
                        -1
                    } else {
                        0
                    }
                }
                Binary::Min | Binary::Minimum => {
                    if less {
                        x
                    } else {
                        y
                    }
                }
                Binary::Max | Binary::Maximum => {
                    if more {
                        x
                    } else {
                        y
                    }
                }
                Binary::MulHigh => ((a.bits as u128 * b.bits as u128) >> 64) as i64,
                Binary::Div | Binary::Fmod | Binary::CopySign => panic!("{self:?} of {dtype}"),
            },
        )
    }

    fn eval_float(self, a: Scalar, b: Scalar) -> Scalar {
        let dtype = a.dtype;
        let (x, y) = (a.as_f64(), b.as_f64());
        let sign = 1u64 << (dtype.bits() - 1);
        match self {
            // f64 arithmetic on f32 operands, rounded once more, is exact f32 arithmetic for + - * /
            // (Figueroa 1995, double rounding is innocuous for p >= 2q + 2).
            Binary::Add => Scalar::float(dtype, x + y),
            Binary::Sub => Scalar::float(dtype, x - y),
            Binary::Mul => Scalar::float(dtype, x * y),
            Binary::Div => Scalar::float(dtype, x / y),
            Binary::Fmod => Scalar::float(dtype, x % y),
            Binary::FloorDiv => float_divmod(a, b).0,
            Binary::Mod => float_divmod(a, b).1,
            Binary::Min => {
                if y < x {
                    b
                } else {
                    a
                }
            }
            Binary::Max => {
                if y > x {
                    b
                } else {
                    a
                }
            }
            Binary::Minimum => {
                if x.is_nan() || x <= y {
                    a
                } else {
                    b
                }
            }
            Binary::Maximum => {
                if x.is_nan() || x >= y {
                    a
                } else {
                    b
                }
            }
            Binary::CopySign => Scalar { dtype, bits: a.bits & !sign | b.bits & sign },
            Binary::Pow
            | Binary::And
            | Binary::Or
            | Binary::Xor
            | Binary::Shl
            | Binary::Shr
            | Binary::MulHigh => {
                panic!("{self:?} of {dtype}")
            }
        }
    }

    /// How Python writes the operator between its operands, if it does.
    pub fn symbol(self) -> Option<&'static str> {
        Some(match self {
            Binary::Add => "+",
            Binary::Sub => "-",
            Binary::Mul => "*",
            Binary::Div => "/",
            Binary::FloorDiv => "//",
            Binary::Mod => "%",
            Binary::Pow => "**",
            Binary::And => "&",
            Binary::Or => "|",
            Binary::Xor => "^",
            Binary::Shl => "<<",
            Binary::Shr => ">>",
            Binary::Fmod
            | Binary::Min
            | Binary::Max
            | Binary::Minimum
            | Binary::Maximum
            | Binary::CopySign
            | Binary::MulHigh => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Binary::Add => "add",
            Binary::Sub => "sub",
            Binary::Mul => "mul",
            Binary::Div => "div",
            Binary::FloorDiv => "floordiv",
            Binary::Mod => "mod",
            Binary::Fmod => "fmod",
            Binary::Pow => "pow",
            Binary::And => "and",
            Binary::Or => "or",
            Binary::Xor => "xor",
            Binary::Shl => "shl",
            Binary::Shr => "shr",
            Binary::Min => "min",
            Binary::Max => "max",
            Binary::Minimum => "minimum",
            Binary::Maximum => "maximum",
            Binary::CopySign => "copysign",
            Binary::MulHigh => "mulhi",
        }
    }
}

fn floor_div(x: i64, y: i64) -> i64 {
    if y == 0 {
        return 0;
    }
    let quotient = x.wrapping_div(y);
    if x.wrapping_rem(y) != 0 && (x < 0) != (y < 0) { quotient - 1 } else { quotient }
}

fn floor_mod(x: i64, y: i64) -> i64 {
    if y == 0 {
        return 0;
    }
    let rest = x.wrapping_rem(y);
    if rest != 0 && (rest < 0) != (y < 0) { rest + y } else { rest }
}

/// Wrapping power by squaring; also what generated code calls.
pub fn power(base: i64, exponent: i64, signed: bool) -> i64 {
    if signed && exponent < 0 {
        return match base {
            1 => 1,
            -1 => {
                if exponent % 2 == 0 {
                    1
                } else {
                    -1
                }
            }
            _ => 0,
        };
    }
    let (mut result, mut square, mut rest) = (1i64, base, exponent as u64);
    while rest != 0 {
        if rest & 1 != 0 {
            result = result.wrapping_mul(square);
        }
        square = square.wrapping_mul(square);
        rest >>= 1;
    }
    result
}

/// NumPy's `floor_divide` and `remainder` of floats (`npy_divmod`), each step rounded to the dtype.
fn float_divmod(a: Scalar, b: Scalar) -> (Scalar, Scalar) {
    let dtype = a.dtype;
    let round = |v: f64| Scalar::float(dtype, v).as_f64();
    let (x, y) = (a.as_f64(), b.as_f64());
    let rest = x % y;
    if y == 0.0 {
        return (Scalar::float(dtype, x / y), Scalar::float(dtype, rest));
    }
    let mut quotient = round(round(x - rest) / y);
    let mut modulo = rest;
    if rest != 0.0 {
        if (y < 0.0) != (rest < 0.0) {
            modulo = round(rest + y);
            quotient = round(quotient - 1.0);
        }
    } else {
        modulo = 0f64.copysign(y);
    }
    let floored = if quotient != 0.0 {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    } else {
        0f64.copysign(round(x / y))
    };
    (Scalar::float(dtype, floored), Scalar::float(dtype, modulo))
}

impl Compare {
    pub fn eval(self, a: Scalar, b: Scalar) -> bool {
        debug_assert_eq!(a.dtype, b.dtype);
        let order = if a.dtype.is_float() {
            a.as_f64().partial_cmp(&b.as_f64())
        } else if a.dtype.is_signed() {
            Some(a.as_i64().cmp(&b.as_i64()))
        } else {
            Some(a.bits.cmp(&b.bits))
        };
        use std::cmp::Ordering::{Equal, Greater, Less};
        match self {
            Compare::Eq => order == Some(Equal),
            Compare::Ne => order != Some(Equal),
            Compare::Lt => order == Some(Less),
            Compare::Le => matches!(order, Some(Less | Equal)),
            Compare::Gt => order == Some(Greater),
            Compare::Ge => matches!(order, Some(Greater | Equal)),
        }
    }

    /// The comparison with its operands exchanged.
    pub fn swapped(self) -> Compare {
        match self {
            Compare::Eq | Compare::Ne => self,
            Compare::Lt => Compare::Gt,
            Compare::Le => Compare::Ge,
            Compare::Gt => Compare::Lt,
            Compare::Ge => Compare::Le,
        }
    }

    pub fn symbol(self) -> &'static str {
        match self {
            Compare::Eq => "==",
            Compare::Ne => "!=",
            Compare::Lt => "<",
            Compare::Le => "<=",
            Compare::Gt => ">",
            Compare::Ge => ">=",
        }
    }
}

/// Conversion between dtypes. Float to integer truncates to i64 (NaN and overflow become the i64
/// minimum) and wraps to the width; anything to bool is "non-zero"; integers wrap.
pub fn cast(x: Scalar, to: Dtype) -> Scalar {
    let from = x.dtype;
    match (from.is_float(), to.is_float()) {
        (_, _) if from == to => x,
        (_, false) if to == Dtype::Bool => Scalar::bool(x.truth()),
        (true, true) => Scalar::float(to, x.as_f64()),
        (true, false) => Scalar::int(to, truncate(x.as_f64())),
        (false, false) => Scalar::int(to, x.as_i64()),
        (false, true) => {
            // Straight to f32, since a detour through f64 would round twice.
            let signed = from.is_signed();
            match to {
                Dtype::F32 if signed => Scalar::f32(x.as_i64() as f32),
                Dtype::F32 => Scalar::f32(x.bits as f32),
                _ if signed => Scalar::f64(x.as_i64() as f64),
                _ => Scalar::f64(x.bits as f64),
            }
        }
    }
}

/// As x86's `cvttsd2si`: the i64 minimum where the value does not fit.
pub fn truncate(value: f64) -> i64 {
    if (-9223372036854775808.0..9223372036854775808.0).contains(&value) { value as i64 } else { i64::MIN }
}

/// Fused multiply-add with one rounding.
pub fn fma(a: Scalar, b: Scalar, c: Scalar) -> Scalar {
    match a.dtype {
        Dtype::F32 => Scalar::f32((a.as_f64() as f32).mul_add(b.as_f64() as f32, c.as_f64() as f32)),
        _ => Scalar::f64(a.as_f64().mul_add(b.as_f64(), c.as_f64())),
    }
}
