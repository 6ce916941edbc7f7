//! One scalar value of a dtype, as bits.

use super::Dtype;
use std::fmt;

/// A real scalar. `bits` holds integers sign- or zero-extended to 64 bits (bool as 0 or 1), f32 in its
/// low 32 bits, f64 whole; so equal scalars have equal bits, and comparing with `==` compares bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scalar {
    pub dtype: Dtype,
    pub bits: u64,
}

impl Scalar {
    /// An integer (or bool: non-zero is true) of `dtype`, wrapped to its width.
    pub fn int(dtype: Dtype, value: i64) -> Scalar {
        let bits = match dtype {
            Dtype::Bool => (value != 0) as u64,
            Dtype::I8 => value as i8 as i64 as u64,
            Dtype::I16 => value as i16 as i64 as u64,
            Dtype::I32 => value as i32 as i64 as u64,
            Dtype::U8 => value as u8 as u64,
            Dtype::U16 => value as u16 as u64,
            Dtype::U32 => value as u32 as u64,
            Dtype::I64 | Dtype::U64 => value as u64,
            Dtype::F32 | Dtype::F64 | Dtype::C64 | Dtype::C128 => panic!("{dtype} is no integer dtype"),
        };
        Scalar { dtype, bits }
    }

    /// A float of `dtype`, rounded to it.
    pub fn float(dtype: Dtype, value: f64) -> Scalar {
        match dtype {
            Dtype::F32 => Scalar { dtype, bits: (value as f32).to_bits() as u64 },
            Dtype::F64 => Scalar { dtype, bits: value.to_bits() },
            _ => panic!("{dtype} is no float dtype"),
        }
    }

    pub fn zero(dtype: Dtype) -> Scalar {
        Scalar { dtype, bits: 0 }
    }

    pub fn bool(value: bool) -> Scalar {
        Scalar { dtype: Dtype::Bool, bits: value as u64 }
    }

    pub fn i64(value: i64) -> Scalar {
        Scalar { dtype: Dtype::I64, bits: value as u64 }
    }

    pub fn f64(value: f64) -> Scalar {
        Scalar { dtype: Dtype::F64, bits: value.to_bits() }
    }

    pub fn f32(value: f32) -> Scalar {
        Scalar { dtype: Dtype::F32, bits: value.to_bits() as u64 }
    }

    /// The integer value (u64 reinterpreted as i64); bool is 0 or 1. Not for floats.
    pub fn as_i64(self) -> i64 {
        debug_assert!(!self.dtype.is_float());
        self.bits as i64
    }

    /// The value of a float, exactly.
    pub fn as_f64(self) -> f64 {
        match self.dtype {
            Dtype::F32 => f32::from_bits(self.bits as u32) as f64,
            Dtype::F64 => f64::from_bits(self.bits),
            _ => panic!("{} is no float dtype", self.dtype),
        }
    }

    /// Python's truth value: non-zero (NaN is true).
    pub fn truth(self) -> bool {
        if self.dtype.is_float() { self.as_f64() != 0.0 } else { self.bits != 0 }
    }

    /// Reads one element from memory in native byte order. `bytes` has the dtype's size.
    pub fn read(dtype: Dtype, bytes: &[u8]) -> Scalar {
        let mut raw = [0u8; 8];
        raw[..bytes.len()].copy_from_slice(bytes);
        let raw = u64::from_le_bytes(raw);
        if dtype.is_float() { Scalar { dtype, bits: raw } } else { Scalar::int(dtype, raw as i64) }
    }

    /// The element's bytes, `dtype.size()` of which count.
    pub fn to_bytes(self) -> [u8; 8] {
        self.bits.to_le_bytes()
    }
}

/// `1.5`, `-3`, `True`, `nan`: Python's spelling, without the dtype.
impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.dtype {
            Dtype::Bool => f.write_str(if self.bits != 0 { "True" } else { "False" }),
            Dtype::U64 => write!(f, "{}", self.bits),
            Dtype::F32 => write_float(f, format!("{:?}", f32::from_bits(self.bits as u32))),
            Dtype::F64 => write_float(f, format!("{:?}", f64::from_bits(self.bits))),
            _ => write!(f, "{}", self.bits as i64),
        }
    }
}

fn write_float(f: &mut fmt::Formatter, text: String) -> fmt::Result {
    f.write_str(match text.as_str() {
        "NaN" => "nan",
        other => other,
    })
}

impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}({self})", self.dtype)
    }
}
