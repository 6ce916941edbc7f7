//! Which Rust types are elements of arrays.

use crate::base::Dtype;
use num_complex::Complex;

/// A Rust type with the layout of a dtype.
///
/// # Safety
/// The type is plain data of `DTYPE.size()` bytes, in the layout that generated code uses. Every bit pattern that
/// occurs in arrays of that dtype is valid (for bool: 0 and 1, to which foreign bytes are normalised).
pub unsafe trait Element: Copy + PartialEq + Send + Sync + 'static {
    const DTYPE: Dtype;
}

macro_rules! elements {
    ($($rust:ty => $dtype:ident),* $(,)?) => { $(
        // SAFETY: a primitive, or two of them in order (`Complex` is `repr(C)`), of the size of the dtype.
        unsafe impl Element for $rust {
            const DTYPE: Dtype = Dtype::$dtype;
        }
    )* };
}

elements! {
    bool => Bool,
    i8 => I8,
    i16 => I16,
    i32 => I32,
    i64 => I64,
    u8 => U8,
    u16 => U16,
    u32 => U32,
    u64 => U64,
    f32 => F32,
    f64 => F64,
    Complex<f32> => C64,
    Complex<f64> => C128,
}
