//! Typed calls: a handle checked once, then cheap to call.
//!
//! What can change from call to call (layouts, extents of 1, overlap) is compared with the last call in a few nanoseconds; only a change
//! looks the specialisation up again.

use crate::arguments::{Arg, ArrayArg, Value, raw_view};
use crate::base::types::MAX_EXTENT;
use crate::base::{ArrayType, AxisSet, Dtype, Layout, Scalar, Type};
use crate::engine::{Kernel, Module, Specialisation};
use crate::error::Error;
use crate::kernel::{self, aliasing};
use crate::runtime::{Element, Limits, OwnedArray, RawArray};
use ndarray::{ArrayView, ArrayViewMut, Dim, Dimension};
use std::marker::PhantomData;
use std::sync::{Arc, RwLock};

/// An array parameter of rank `N` that the kernel only reads.
pub struct In<T, const N: usize>(PhantomData<T>);

/// An array parameter of rank `N` that the kernel may write.
pub struct InOut<T, const N: usize>(PhantomData<T>);

/// A parameter of a typed call.
pub trait Param {
    /// What a call is given.
    type Given<'a>;
    /// The type with the least demanding layout, for the check when the handle is made.
    fn ty() -> Type;
    fn pass(given: &mut Self::Given<'_>) -> Passed;
}

/// An argument on its way.
#[derive(Clone, Copy)]
pub enum Passed {
    Scalar(Scalar),
    Array(RawArray),
}

/// A list of parameters: a tuple.
pub trait Params {
    type Given<'a>;
    /// An array of as many [`Passed`].
    type List: AsRef<[Passed]>;
    const COUNT: usize;
    fn types() -> Vec<Type>;
    fn pass(given: &mut Self::Given<'_>) -> Self::List;
}

/// What a typed call returns.
pub trait Returned: Sized {
    fn from_value(value: Value) -> Option<Self>;
}

/// A kernel with its parameters' Rust types: `Typed<(f64, In<f64, 1>, InOut<f64, 1>), ()>`.
pub struct Typed<P, R> {
    kernel: Kernel,
    last: RwLock<Option<(Signature, Arc<Specialisation>)>>,
    marker: PhantomData<fn(P) -> R>,
}

/// The most parameters of a typed call.
const MOST: usize = 8;

/// What a specialisation depends on beyond the Rust types.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Signature {
    arrays: [(Layout, AxisSet); MOST],
    /// Whether any array that is written overlaps another one, or has an extent that must be looked at: the slow way.
    unusual: bool,
}

impl Module {
    /// A handle for calls with these Rust types. The kernel is compiled for them now, so that type errors show here.
    ///
    /// ```
    /// use durum::{Engine, In, InOut};
    /// let module = Engine::default().module("def axpy(a, x, y):\n    for i in range(len(x)):\n        y[i] += a * x[i]\n")?;
    /// let axpy = module.typed::<(f64, In<f64, 1>, InOut<f64, 1>), ()>("axpy")?;
    /// let x = ndarray::arr1(&[1.0, 2.0]);
    /// let mut y = ndarray::arr1(&[0.5, 0.5]);
    /// axpy.call((2.0, x.view(), y.view_mut()))?;
    /// assert_eq!(y, ndarray::arr1(&[2.5, 4.5]));
    /// # Ok::<(), durum::Error>(())
    /// ```
    pub fn typed<P: Params, R: Returned>(&self, name: &str) -> Result<Typed<P, R>, Error> {
        let kernel = self.kernel(name)?;
        let expected = kernel.info().params.len();
        if expected != P::COUNT {
            return Err(Error::Usage(format!(
                "`{name}` takes {expected} arguments, the handle has {}",
                P::COUNT
            )));
        }
        kernel.specialise_for(
            P::types(),
            crate::lower::Aliasing { params: vec![crate::lower::ParamAlias::Own; P::COUNT] },
        )?;
        Ok(Typed { kernel, last: RwLock::new(None), marker: PhantomData })
    }
}

impl<P: Params, R: Returned> Typed<P, R> {
    /// Calls the kernel with the views of the moment.
    pub fn call(&self, given: P::Given<'_>) -> Result<R, Error> {
        static NO_LIMITS: Limits =
            Limits { timeout: None, memory: None, cancel: None, fill: None, progress: None };
        self.call_within(given, &NO_LIMITS)
    }

    /// The same under limits.
    pub fn call_within(&self, mut given: P::Given<'_>, limits: &Limits) -> Result<R, Error> {
        let passed = P::pass(&mut given);
        let passed = passed.as_ref();
        let signature = signature_of(passed);
        let known = self.last.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        let value = match &*known {
            Some((last, specialisation)) if *last == signature && !signature.unusual => {
                self.enter(specialisation, passed, limits)?
            }
            _ => {
                drop(known);
                let specialisation = self.look_up(passed, signature)?;
                self.enter(&specialisation, passed, limits)?
            }
        };
        R::from_value(value)
            .ok_or_else(|| Error::Usage(format!("`{}` does not return that type", self.kernel.name())))
    }

    fn look_up(&self, passed: &[Passed], signature: Signature) -> Result<Arc<Specialisation>, Error> {
        let types = passed.iter().map(Passed::ty).collect();
        let raws: Vec<Option<&RawArray>> = passed.iter().map(Passed::raw).collect();
        kernel::check_extents(&raws)?;
        let specialisation = self.kernel.specialise_for(types, aliasing(&raws))?;
        if let Specialisation::Compiled(compiled) = &*specialisation {
            kernel::check_raw_writable(&compiled.writes, &raws)?;
        }
        *self.last.write().unwrap_or_else(|poisoned| poisoned.into_inner()) =
            Some((signature, specialisation.clone()));
        Ok(specialisation)
    }

    fn enter(
        &self,
        specialisation: &Specialisation,
        passed: &[Passed],
        limits: &Limits,
    ) -> Result<Value, Error> {
        match specialisation {
            Specialisation::Compiled(compiled) => {
                kernel::call_passed(compiled, passed, self.kernel.surroundings(limits))
            }
            Specialisation::Interpreted { .. } => {
                let args: Vec<Arg> = passed.iter().map(Passed::arg).collect();
                self.kernel.run(specialisation, &args, limits)
            }
        }
    }
}

fn signature_of(passed: &[Passed]) -> Signature {
    let mut signature = Signature { arrays: [(Layout::C, AxisSet(0)); MOST], unusual: false };
    // Byte ranges of the arrays so far, and whether they may be written.
    let mut spans = [(0, 0, false); MOST];
    for (position, argument) in passed.iter().enumerate() {
        let Passed::Array(raw) = argument else { continue };
        let layout = raw.layout();
        signature.arrays[position] = (layout, raw.unit_axes());
        let (start, end) = byte_span(raw, layout);
        let writable = raw.is_writable();
        let overlaps = |span: &(usize, usize, bool)| (writable || span.2) && start < span.1 && span.0 < end;
        signature.unusual |= raw.shape().iter().any(|extent| *extent > MAX_EXTENT as usize)
            || writable && layout != Layout::C && raw.overlaps_itself()
            || spans[..position].iter().any(overlaps);
        spans[position] = (start, end, writable);
    }
    signature
}

/// Interleaved views overlap by this measure: they take the slow way and are told apart there.
fn byte_span(raw: &RawArray, layout: Layout) -> (usize, usize) {
    if layout == Layout::C {
        let start = raw.base() as usize;
        return (start, start + raw.len() * raw.dtype().size());
    }
    let range = raw.byte_range();
    (range.start, range.end)
}

impl Passed {
    fn ty(&self) -> Type {
        match self {
            Passed::Scalar(scalar) => weak_type(scalar.dtype),
            Passed::Array(raw) => Type::Array(raw.ty()),
        }
    }

    fn arg(&self) -> Arg<'_> {
        match self {
            Passed::Scalar(scalar) => Arg::Scalar(*scalar),
            // SAFETY: the view that the call was given outlives it, and says itself whether it may be written.
            Passed::Array(raw) => Arg::Array(unsafe { ArrayArg::from_raw(*raw) }),
        }
    }

    pub(crate) fn raw(&self) -> Option<&RawArray> {
        match self {
            Passed::Scalar(_) => None,
            Passed::Array(raw) => Some(raw),
        }
    }
}

/// Rust's bool, i64 and f64 are Python's numbers.
fn weak_type(dtype: Dtype) -> Type {
    use crate::base::Weak;
    match dtype {
        Dtype::Bool => Type::Weak(Weak::Bool),
        Dtype::I64 => Type::INT,
        Dtype::F64 => Type::FLOAT,
        other => Type::Scalar(other),
    }
}

macro_rules! scalar_params {
    ($($ty:ty, $dtype:ident, $value:ident => $scalar:expr, $bits:ident => $back:expr;)*) => {
        $(impl Param for $ty {
            type Given<'a> = $ty;
            fn ty() -> Type {
                weak_type(Dtype::$dtype)
            }
            #[inline]
            fn pass(given: &mut $ty) -> Passed {
                let $value = *given;
                Passed::Scalar($scalar)
            }
        }
        impl Returned for $ty {
            fn from_value(value: Value) -> Option<$ty> {
                let $bits = value.as_scalar().filter(|scalar| scalar.dtype == Dtype::$dtype)?;
                Some($back)
            }
        })*
    };
}

scalar_params! {
    bool, Bool, value => Scalar::bool(value), scalar => scalar.truth();
    i8, I8, value => Scalar::int(Dtype::I8, value as i64), scalar => scalar.as_i64() as i8;
    i16, I16, value => Scalar::int(Dtype::I16, value as i64), scalar => scalar.as_i64() as i16;
    i32, I32, value => Scalar::int(Dtype::I32, value as i64), scalar => scalar.as_i64() as i32;
    i64, I64, value => Scalar::i64(value), scalar => scalar.as_i64();
    u8, U8, value => Scalar::int(Dtype::U8, value as i64), scalar => scalar.as_i64() as u8;
    u16, U16, value => Scalar::int(Dtype::U16, value as i64), scalar => scalar.as_i64() as u16;
    u32, U32, value => Scalar::int(Dtype::U32, value as i64), scalar => scalar.as_i64() as u32;
    u64, U64, value => Scalar::int(Dtype::U64, value as i64), scalar => scalar.bits;
    f32, F32, value => Scalar::f32(value), scalar => scalar.as_f64() as f32;
    f64, F64, value => Scalar::f64(value), scalar => scalar.as_f64();
}

impl<T: Element, const N: usize> Param for In<T, N>
where
    Dim<[usize; N]>: Dimension,
{
    type Given<'a> = ArrayView<'a, T, Dim<[usize; N]>>;
    fn ty() -> Type {
        strided(T::DTYPE, N)
    }
    #[inline]
    fn pass(given: &mut Self::Given<'_>) -> Passed {
        Passed::Array(raw_view(given.as_ptr(), given.shape(), given.strides(), false))
    }
}

impl<T: Element, const N: usize> Param for InOut<T, N>
where
    Dim<[usize; N]>: Dimension,
{
    type Given<'a> = ArrayViewMut<'a, T, Dim<[usize; N]>>;
    fn ty() -> Type {
        strided(T::DTYPE, N)
    }
    #[inline]
    fn pass(given: &mut Self::Given<'_>) -> Passed {
        let base = given.as_mut_ptr();
        Passed::Array(raw_view(base, given.shape(), given.strides(), true))
    }
}

fn strided(dtype: Dtype, rank: usize) -> Type {
    Type::Array(ArrayType::contiguous(dtype, rank))
}

impl Returned for () {
    fn from_value(value: Value) -> Option<()> {
        matches!(value, Value::None).then_some(())
    }
}

impl Returned for Value {
    fn from_value(value: Value) -> Option<Value> {
        Some(value)
    }
}

impl Returned for OwnedArray {
    fn from_value(value: Value) -> Option<OwnedArray> {
        match value {
            Value::Array(array) => Some(array),
            _ => None,
        }
    }
}

impl<T: Element, D: Dimension> Returned for ndarray::Array<T, D> {
    fn from_value(value: Value) -> Option<ndarray::Array<T, D>> {
        value.to_ndarray::<T>()?.into_dimensionality::<D>().ok()
    }
}

macro_rules! tuples {
    ($($count:literal: $($param:ident $place:tt),*;)*) => {
        $(impl<$($param: Param),*> Params for ($($param,)*) {
            type Given<'a> = ($($param::Given<'a>,)*);
            type List = [Passed; $count];
            const COUNT: usize = $count;
            fn types() -> Vec<Type> {
                vec![$($param::ty()),*]
            }
            #[inline]
            #[allow(unused_variables)]
            fn pass(given: &mut Self::Given<'_>) -> [Passed; $count] {
                [$($param::pass(&mut given.$place)),*]
            }
        })*
    };
}

tuples! {
    0: ;
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
    7: A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}

macro_rules! returned_tuples {
    ($($($item:ident),*;)*) => {
        $(impl<$($item: Returned),*> Returned for ($($item,)*) {
            fn from_value(value: Value) -> Option<Self> {
                let Value::Tuple(items) = value else { return None };
                let mut items = items.into_iter();
                let result = ($($item::from_value(items.next()?)?,)*);
                items.next().is_none().then_some(result)
            }
        })*
    };
}

returned_tuples! {
    A, B;
    A, B, C;
    A, B, C, D;
}
