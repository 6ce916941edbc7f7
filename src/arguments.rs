//! What goes into a kernel call and what comes out: dynamic values over `ndarray` and the runtime's arrays.

use crate::base::{Dtype, Scalar, Type, Weak};
use crate::runtime::{Element, OwnedArray, RawArray};
use ndarray::{ArrayBase, ArrayD, ArrayView, ArrayViewMut, Dimension, IxDyn};
use std::borrow::Cow;
use std::marker::PhantomData;

/// One argument of a dynamic call. Rust's `bool`, `i64` and `f64` are *weak*, as Python's own numbers: they take the dtype of what
/// they meet. Other widths, and [`Scalar`], are strong.
#[derive(Clone, Debug)]
pub enum Arg<'a> {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Scalar(Scalar),
    Array(ArrayArg<'a>),
    Tuple(Vec<Arg<'a>>),
    Dtype(Dtype),
}

/// A borrowed array of any rank up to 8 and any strides; zero copy.
#[derive(Clone, Debug)]
pub struct ArrayArg<'a> {
    raw: RawArray,
    memory: PhantomData<&'a mut ()>,
}

/// A result, or an argument kept by the caller.
#[derive(Clone, Debug)]
pub enum Value {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Scalar(Scalar),
    Array(OwnedArray),
    Tuple(Vec<Value>),
    /// `np.float64`, `x.dtype`
    Dtype(Dtype),
}

/// `args![2.0, x.view(), y.view_mut()]`: the arguments of [`crate::Kernel::call`].
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { [$($crate::Arg::from($value)),*] };
}

impl Arg<'_> {
    pub fn ty(&self) -> Type {
        match self {
            Arg::None => Type::None,
            Arg::Bool(_) => Type::Weak(Weak::Bool),
            Arg::Int(_) => Type::Weak(Weak::Int),
            Arg::Float(_) => Type::Weak(Weak::Float),
            Arg::Scalar(scalar) => Type::Scalar(scalar.dtype),
            Arg::Array(array) => Type::Array(array.raw.ty()),
            Arg::Tuple(items) => Type::Tuple(items.iter().map(Arg::ty).collect()),
            Arg::Dtype(dtype) => Type::Dtype(*dtype),
        }
    }

    pub(crate) fn scalar(&self) -> Option<Scalar> {
        match self {
            Arg::Bool(value) => Some(Scalar::bool(*value)),
            Arg::Int(value) => Some(Scalar::i64(*value)),
            Arg::Float(value) => Some(Scalar::f64(*value)),
            Arg::Scalar(scalar) => Some(*scalar),
            Arg::None | Arg::Array(_) | Arg::Tuple(_) | Arg::Dtype(_) => None,
        }
    }

    pub(crate) fn raw(&self) -> Option<&RawArray> {
        match self {
            Arg::Array(array) => Some(&array.raw),
            _ => None,
        }
    }

    /// How many arguments the kernel's code takes for this one.
    pub(crate) fn leaf_count(&self) -> usize {
        match self {
            Arg::Tuple(items) => items.iter().map(Arg::leaf_count).sum(),
            Arg::None
            | Arg::Bool(_)
            | Arg::Int(_)
            | Arg::Float(_)
            | Arg::Scalar(_)
            | Arg::Array(_)
            | Arg::Dtype(_) => 1,
        }
    }
}

/// The arguments that the kernel's code takes: tuples give their items, from left to right.
pub(crate) fn flattened<'s, 'a>(args: &'s [Arg<'a>]) -> Cow<'s, [Arg<'a>]> {
    if !args.iter().any(|arg| matches!(arg, Arg::Tuple(_))) {
        return Cow::Borrowed(args);
    }
    fn push<'a>(arg: &Arg<'a>, leaves: &mut Vec<Arg<'a>>) {
        match arg {
            Arg::Tuple(items) => items.iter().for_each(|item| push(item, leaves)),
            other => leaves.push(other.clone()),
        }
    }
    let mut leaves = vec![];
    args.iter().for_each(|arg| push(arg, &mut leaves));
    Cow::Owned(leaves)
}

impl<'a> ArrayArg<'a> {
    /// Borrows memory that `raw` describes.
    ///
    /// # Safety
    /// For `'a` the memory is valid for reads, and for writes where `raw` says so, and nobody else writes it.
    pub unsafe fn from_raw(raw: RawArray) -> ArrayArg<'a> {
        ArrayArg { raw, memory: PhantomData }
    }

    /// Borrows an owned array for reading and writing.
    pub fn of(array: &'a mut OwnedArray) -> ArrayArg<'a> {
        ArrayArg { raw: array.raw_mut(), memory: PhantomData }
    }

    /// Borrows an owned array for reading.
    pub fn of_shared(array: &'a OwnedArray) -> ArrayArg<'a> {
        ArrayArg { raw: array.raw(), memory: PhantomData }
    }
}

/// A view of an `ndarray` as a raw array. Ranks above 8 have no such view.
///
/// # Panics
/// If the rank exceeds 8.
#[inline(always)]
pub(crate) fn raw_view<T: Element>(
    base: *const T,
    shape: &[usize],
    strides: &[isize],
    writable: bool,
) -> RawArray {
    let mut bytes = [0isize; crate::base::types::MAX_RANK];
    let bytes = bytes.get_mut(..strides.len()).expect("rank at most 8");
    for (byte, stride) in bytes.iter_mut().zip(strides) {
        *byte = stride * size_of::<T>() as isize;
    }
    RawArray::new(base as *mut u8, T::DTYPE, shape, bytes, writable).expect("ranks agree")
}

impl<'a, T: Element, D: Dimension> From<ArrayView<'a, T, D>> for Arg<'a> {
    fn from(view: ArrayView<'a, T, D>) -> Arg<'a> {
        let raw = raw_view(view.as_ptr(), view.shape(), view.strides(), false);
        Arg::Array(ArrayArg { raw, memory: PhantomData })
    }
}

impl<'a, T: Element, D: Dimension> From<ArrayViewMut<'a, T, D>> for Arg<'a> {
    fn from(mut view: ArrayViewMut<'a, T, D>) -> Arg<'a> {
        let raw = raw_view(view.as_mut_ptr(), view.shape(), view.strides(), true);
        Arg::Array(ArrayArg { raw, memory: PhantomData })
    }
}

impl<'a> From<ArrayArg<'a>> for Arg<'a> {
    fn from(array: ArrayArg<'a>) -> Arg<'a> {
        Arg::Array(array)
    }
}

macro_rules! tuple_conversions {
    ($($($item:ident $place:tt),*;)*) => {
        $(impl<'a, $($item: Into<Arg<'a>>),*> From<($($item,)*)> for Arg<'a> {
            fn from(items: ($($item,)*)) -> Arg<'a> {
                Arg::Tuple(vec![$(items.$place.into()),*])
            }
        })*
    };
}

tuple_conversions! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
}

macro_rules! scalar_conversions {
    ($($ty:ty => $value:ident $make:expr;)*) => {
        $(impl From<$ty> for Arg<'_> {
            fn from($value: $ty) -> Self {
                $make
            }
        })*
    };
}

scalar_conversions! {
    bool => value Arg::Bool(value);
    i64 => value Arg::Int(value);
    f64 => value Arg::Float(value);
    i8 => value Arg::Scalar(Scalar::int(Dtype::I8, value as i64));
    i16 => value Arg::Scalar(Scalar::int(Dtype::I16, value as i64));
    i32 => value Arg::Scalar(Scalar::int(Dtype::I32, value as i64));
    u8 => value Arg::Scalar(Scalar::int(Dtype::U8, value as i64));
    u16 => value Arg::Scalar(Scalar::int(Dtype::U16, value as i64));
    u32 => value Arg::Scalar(Scalar::int(Dtype::U32, value as i64));
    u64 => value Arg::Scalar(Scalar::int(Dtype::U64, value as i64));
    f32 => value Arg::Scalar(Scalar::f32(value));
    Scalar => value Arg::Scalar(value);
}

impl Value {
    /// The value as a typed scalar; None for arrays, tuples and None.
    pub fn as_scalar(&self) -> Option<Scalar> {
        match self {
            Value::Bool(value) => Some(Scalar::bool(*value)),
            Value::Int(value) => Some(Scalar::i64(*value)),
            Value::Float(value) => Some(Scalar::f64(*value)),
            Value::Scalar(scalar) => Some(*scalar),
            Value::None | Value::Array(_) | Value::Tuple(_) | Value::Dtype(_) => None,
        }
    }

    /// A copy as an `ndarray` of elements `T`. None if it is no array of that dtype.
    pub fn to_ndarray<T: Element>(&self) -> Option<ArrayD<T>> {
        match self {
            Value::Array(array) => ArrayBase::from_shape_vec(IxDyn(array.shape()), array.to_vec::<T>()?).ok(),
            _ => None,
        }
    }

    /// The value as an argument; arrays are lent for writing too.
    pub fn as_arg(&mut self) -> Arg<'_> {
        match self {
            Value::None => Arg::None,
            Value::Dtype(dtype) => Arg::Dtype(*dtype),
            Value::Bool(value) => Arg::Bool(*value),
            Value::Int(value) => Arg::Int(*value),
            Value::Float(value) => Arg::Float(*value),
            Value::Scalar(scalar) => Arg::Scalar(*scalar),
            Value::Array(array) => Arg::Array(ArrayArg::of(array)),
            Value::Tuple(items) => Arg::Tuple(items.iter_mut().map(Value::as_arg).collect()),
        }
    }

    /// A scalar of a type: weak ones as Python's numbers.
    pub(crate) fn of_scalar(scalar: Scalar, ty: &Type) -> Value {
        match ty {
            Type::Weak(Weak::Bool) => Value::Bool(scalar.truth()),
            Type::Weak(Weak::Int) => Value::Int(scalar.as_i64()),
            Type::Weak(Weak::Float) => Value::Float(scalar.as_f64()),
            _ => Value::Scalar(scalar),
        }
    }
}
