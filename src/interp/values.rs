//! What goes in, what comes out, and what expressions give in between.

use super::array::{Array, Mismatch, broadcast_index};
use super::watch::Watch;
use crate::base::op::cast;
use crate::base::{ArrayType, Layout, Scalar, Type};
use crate::runtime::{OwnedArray, RawArray};
use std::rc::Rc;

/// An argument of exactly its parameter's type. Arrays are the caller's memory, which the run reads and writes.
#[derive(Clone, Debug)]
pub enum Arg {
    None,
    Scalar(Scalar),
    Array(RawArray),
}

/// A result; whether a scalar is weak is in the type of the entry's result. Its arrays share nothing with anybody.
#[derive(Debug)]
pub enum Value {
    None,
    Scalar(Scalar),
    Array(OwnedArray),
    Tuple(Vec<Value>),
}

impl Value {
    /// Bytes of its arrays.
    pub(super) fn array_bytes(&self) -> u64 {
        match self {
            Value::None | Value::Scalar(_) => 0,
            Value::Array(array) => array.bytes().len() as u64,
            Value::Tuple(items) => items.iter().map(Value::array_bytes).sum(),
        }
    }
}

/// The value of an expression. Arrays are references: clones share their elements.
#[derive(Clone)]
pub(super) enum Datum {
    None,
    Scalar(Scalar),
    Array(Array),
    Tuple(Vec<Datum>),
}

impl Datum {
    pub(super) fn from_arg(arg: &Arg, watch: &Rc<Watch>) -> Datum {
        match arg {
            Arg::None => Datum::None,
            Arg::Scalar(value) => Datum::Scalar(*value),
            Arg::Array(raw) => Datum::Array(Array::borrow(raw, watch)),
        }
    }

    pub(super) fn into_value(self) -> Value {
        match self {
            Datum::None => Value::None,
            Datum::Scalar(value) => Value::Scalar(value),
            Datum::Array(array) => Value::Array(array.to_owned_array()),
            Datum::Tuple(items) => Value::Tuple(items.into_iter().map(Datum::into_value).collect()),
        }
    }

    pub(super) fn scalar(&self) -> Scalar {
        match self {
            Datum::Scalar(value) => *value,
            Datum::None | Datum::Array(_) | Datum::Tuple(_) => panic!("{} is no scalar", self.kind()),
        }
    }

    pub(super) fn into_array(self) -> Array {
        match self {
            Datum::Array(array) => array,
            Datum::None | Datum::Scalar(_) | Datum::Tuple(_) => panic!("{} is no array", self.kind()),
        }
    }

    pub(super) fn item(self, index: usize) -> Datum {
        match self {
            Datum::Tuple(mut items) => items.swap_remove(index),
            Datum::None | Datum::Scalar(_) | Datum::Array(_) => panic!("{} is no tuple", self.kind()),
        }
    }

    pub(super) fn is_scalar(&self) -> bool {
        matches!(self, Datum::Scalar(_))
    }

    /// The extents; a scalar has none.
    pub(super) fn shape(&self) -> &[usize] {
        match self {
            Datum::Array(array) => array.shape(),
            Datum::Scalar(_) => &[],
            Datum::None | Datum::Tuple(_) => panic!("{} has no shape", self.kind()),
        }
    }

    /// The element that broadcasting puts at `index`.
    pub(super) fn at(&self, index: &[usize]) -> Scalar {
        match self {
            Datum::Array(array) => array.get(&broadcast_index(array.shape(), index)),
            Datum::None | Datum::Scalar(_) | Datum::Tuple(_) => self.scalar(),
        }
    }

    /// The first axis of `target` into which this does not broadcast.
    pub(super) fn mismatch_into(&self, target: &[usize]) -> Option<Mismatch> {
        let shape = self.shape();
        let missing = target.len() - shape.len();
        let mut pairs = target[missing..].iter().zip(shape);
        let axis = pairs.position(|(&wanted, &given)| given != wanted && given != 1)?;
        let extents = [target[missing + axis] as i64, shape[axis] as i64];
        Some(Mismatch { axis: (missing + axis) as u8, extents })
    }

    /// The same value as a `ty`: scalars are cast, arrays only lose knowledge.
    pub(super) fn convert(self, ty: &Type) -> Datum {
        match (self, ty) {
            (Datum::Scalar(value), Type::Weak(_) | Type::Scalar(_)) => {
                Datum::Scalar(cast(value, ty.scalar().expect("a scalar type")))
            }
            (Datum::Tuple(items), Type::Tuple(types)) => {
                Datum::Tuple(items.into_iter().zip(types).map(|(item, ty)| item.convert(ty)).collect())
            }
            (other, _) => other,
        }
    }

    /// Panics unless this is a value of that type: every value is checked where it appears.
    pub(super) fn check(&self, ty: &Type, place: &str) {
        assert!(self.is_a(ty), "{} where {place} has a {ty}", self.kind());
    }

    fn is_a(&self, ty: &Type) -> bool {
        match (self, ty) {
            (Datum::None, Type::None | Type::Dtype(_)) => true,
            (Datum::Scalar(value), Type::Weak(_) | Type::Scalar(_)) => ty.scalar() == Some(value.dtype),
            (Datum::Array(array), Type::Array(ty)) => has_type(array, *ty),
            (Datum::Tuple(items), Type::Tuple(types)) => {
                items.len() == types.len() && items.iter().zip(types).all(|(item, ty)| item.is_a(ty))
            }
            _ => false,
        }
    }

    fn kind(&self) -> String {
        match self {
            Datum::None => "None".to_string(),
            Datum::Scalar(value) => format!("{value:?}"),
            Datum::Array(array) => {
                format!(
                    "an array of {} with shape {:?}, strides {:?}",
                    array.dtype(),
                    array.shape(),
                    array.strides()
                )
            }
            Datum::Tuple(items) => format!("a tuple of {}", items.len()),
        }
    }
}

fn has_type(array: &Array, ty: ArrayType) -> bool {
    let shape = array.shape();
    let units = (0..shape.len()).all(|axis| !ty.unit.contains(axis) || shape[axis] == 1);
    array.dtype() == ty.dtype && shape.len() == ty.rank() && units && has_layout(array, ty.layout)
}

/// As in NumPy, the strides of axes of extent 1 do not count, nor any of an empty array.
fn has_layout(array: &Array, layout: Layout) -> bool {
    let counted = match layout {
        Layout::C => array.shape().len(),
        Layout::Inner => 1,
        Layout::Strided => 0,
    };
    if array.shape().contains(&0) {
        return true;
    }
    let mut expected = array.dtype().size() as isize;
    for (&extent, &stride) in array.shape().iter().zip(array.strides()).rev().take(counted) {
        if extent != 1 && stride != expected {
            return false;
        }
        expected *= extent as isize;
    }
    true
}
