//! Elements of an array without gaps, in C or Fortran order: what files hold, and what is printed and written.

use durum::base::{Dtype, Scalar};
use durum::{OwnedArray, Value};

/// A borrowed array. `bytes` has exactly the elements, in native byte order.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub dtype: Dtype,
    pub shape: &'a [usize],
    pub fortran: bool,
    pub bytes: &'a [u8],
}

/// One element.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Element {
    Bool(bool),
    Int(i128),
    Real(Real),
    Complex(Real, Real),
}

/// A float that remembers its precision.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Real {
    F32(f32),
    F64(f64),
}

impl<'a> View<'a> {
    pub fn of(array: &'a OwnedArray) -> View<'a> {
        View { dtype: array.dtype(), shape: array.shape(), fortran: false, bytes: array.bytes() }
    }

    pub fn len(&self) -> usize {
        self.bytes.len() / self.dtype.size()
    }

    /// The element at an index of as many numbers as the shape has, each in range.
    pub fn at(&self, index: &[usize]) -> Element {
        let place = |position: usize, (&i, &extent): (&usize, &usize)| position * extent + i;
        let axes = index.iter().zip(self.shape);
        let position = if self.fortran { axes.rev().fold(0, place) } else { axes.fold(0, place) };
        let size = self.dtype.size();
        Element::read(self.dtype, &self.bytes[position * size..][..size])
    }
}

impl Element {
    fn read(dtype: Dtype, bytes: &[u8]) -> Element {
        match dtype {
            Dtype::C64 => Element::Complex(Real::f32(&bytes[..4]), Real::f32(&bytes[4..])),
            Dtype::C128 => Element::Complex(Real::f64(&bytes[..8]), Real::f64(&bytes[8..])),
            Dtype::F32 => Element::Real(Real::f32(bytes)),
            Dtype::F64 => Element::Real(Real::f64(bytes)),
            Dtype::Bool => Element::Bool(bytes[0] != 0),
            Dtype::I8
            | Dtype::I16
            | Dtype::I32
            | Dtype::I64
            | Dtype::U8
            | Dtype::U16
            | Dtype::U32
            | Dtype::U64 => Element::Int(integer(dtype, bytes)),
        }
    }

    pub fn of_scalar(scalar: Scalar) -> Element {
        Element::read(scalar.dtype, &scalar.to_bytes()[..scalar.dtype.size()])
    }
}

fn integer(dtype: Dtype, bytes: &[u8]) -> i128 {
    let mut low = [0; 8];
    low[..bytes.len()].copy_from_slice(bytes);
    let unsigned = u64::from_le_bytes(low);
    let unused = 64 - 8 * bytes.len() as u32;
    if dtype.is_signed() { ((unsigned << unused) as i64 >> unused).into() } else { unsigned.into() }
}

impl Real {
    fn f32(bytes: &[u8]) -> Real {
        Real::F32(f32::from_le_bytes(bytes.try_into().expect("four bytes")))
    }

    fn f64(bytes: &[u8]) -> Real {
        Real::F64(f64::from_le_bytes(bytes.try_into().expect("eight bytes")))
    }

    pub fn value(self) -> f64 {
        match self {
            Real::F32(value) => value.into(),
            Real::F64(value) => value,
        }
    }

    pub fn is_finite(self) -> bool {
        self.value().is_finite()
    }
}

/// The arrays and scalars of a result, tuples flattened from left to right.
pub fn flatten(value: &Value) -> Vec<&Value> {
    match value {
        Value::Tuple(items) => items.iter().flat_map(flatten).collect(),
        Value::None | Value::Dtype(_) => vec![],
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Scalar(_) | Value::Array(_) => vec![value],
    }
}
