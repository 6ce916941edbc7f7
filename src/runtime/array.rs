//! Arrays as hosts see them: views of memory of any layout, and arrays that own theirs.

use super::allocate::Buffer;
use super::element::Element;
use crate::base::abi::Context;
use crate::base::types::MAX_RANK;
use crate::base::{ArrayType, AxisSet, Dtype, Layout, Scalar};
use std::fmt;
use std::{ptr, slice};

/// A view: where an array lies, without lifetime. Making one is safe, using the memory is not.
#[derive(Clone, Copy)]
pub struct RawArray {
    base: *mut u8,
    dtype: Dtype,
    rank: u8,
    writable: bool,
    shape: [usize; MAX_RANK],
    /// In bytes.
    strides: [isize; MAX_RANK],
}

impl RawArray {
    /// A view with strides in bytes. None if the ranks differ or exceed [`MAX_RANK`].
    #[inline(always)]
    pub fn new(
        base: *mut u8,
        dtype: Dtype,
        shape: &[usize],
        strides: &[isize],
        writable: bool,
    ) -> Option<RawArray> {
        if shape.len() != strides.len() || shape.len() > MAX_RANK {
            return None;
        }
        let mut array = RawArray {
            base,
            dtype,
            rank: shape.len() as u8,
            writable,
            shape: [1; MAX_RANK],
            strides: [0; MAX_RANK],
        };
        array.shape[..shape.len()].copy_from_slice(shape);
        array.strides[..shape.len()].copy_from_slice(strides);
        Some(array)
    }

    /// A view of elements that lie in C order without gaps. None if the rank exceeds [`MAX_RANK`].
    pub fn contiguous(base: *mut u8, dtype: Dtype, shape: &[usize], writable: bool) -> Option<RawArray> {
        let mut strides = [0; MAX_RANK];
        let strides = strides.get_mut(..shape.len())?;
        let mut stride = dtype.size() as isize;
        for (axis, &extent) in shape.iter().enumerate().rev() {
            strides[axis] = stride;
            stride = stride.wrapping_mul(extent as isize);
        }
        RawArray::new(base, dtype, shape, strides, writable)
    }

    /// A read-only view of a slice.
    pub fn of_slice<T: Element>(slice: &[T]) -> RawArray {
        RawArray::of_mut_ptr::<T>(slice.as_ptr().cast_mut().cast(), slice.len(), false)
    }

    /// A view of a slice.
    pub fn of_slice_mut<T: Element>(slice: &mut [T]) -> RawArray {
        RawArray::of_mut_ptr::<T>(slice.as_mut_ptr().cast(), slice.len(), true)
    }

    fn of_mut_ptr<T: Element>(base: *mut u8, len: usize, writable: bool) -> RawArray {
        RawArray::contiguous(base, T::DTYPE, &[len], writable).expect("rank 1 is not too high")
    }

    /// The view that generated code left in `slots` (`2 + 2 * rank` of them).
    pub fn from_slots(slots: &[u64], dtype: Dtype) -> RawArray {
        let (head, rest) = slots.split_at(2);
        let (shape, strides) = rest.split_at(rest.len() / 2);
        let mut array =
            RawArray::contiguous(ptr::with_exposed_provenance_mut(head[0] as usize), dtype, &[], true)
                .expect("rank 0 is not too high");
        array.rank = shape.len() as u8;
        for (axis, (&extent, &stride)) in shape.iter().zip(strides).enumerate() {
            array.shape[axis] = extent as usize;
            array.strides[axis] = stride as isize;
        }
        array
    }

    /// Writes base, `owner`, extents and strides to `slots`, which has [`array_slots`](crate::base::abi::array_slots) of them.
    #[inline]
    pub fn write_slots(&self, owner: u64, slots: &mut [u64]) {
        slots[0] = self.base.expose_provenance() as u64;
        slots[1] = owner;
        let (shape, strides) = slots[2..].split_at_mut(self.rank());
        for (slot, &extent) in shape.iter_mut().zip(self.shape()) {
            *slot = extent as u64;
        }
        for (slot, &stride) in strides.iter_mut().zip(self.strides()) {
            *slot = stride as u64;
        }
    }

    pub fn base(&self) -> *mut u8 {
        self.base
    }

    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    pub fn rank(&self) -> usize {
        self.rank as usize
    }

    pub fn shape(&self) -> &[usize] {
        &self.shape[..self.rank()]
    }

    /// In bytes.
    pub fn strides(&self) -> &[isize] {
        &self.strides[..self.rank()]
    }

    pub fn is_writable(&self) -> bool {
        self.writable
    }

    pub fn read_only(mut self) -> RawArray {
        self.writable = false;
        self
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.shape().iter().product()
    }

    pub fn is_empty(&self) -> bool {
        self.shape().contains(&0)
    }

    /// The type for which a kernel is specialised: layout and axes of extent 1 included.
    pub fn ty(&self) -> ArrayType {
        ArrayType { dtype: self.dtype, rank: self.rank, layout: self.layout(), unit: self.unit_axes() }
    }

    /// As NumPy sees contiguity: strides of axes with one element, or of empty arrays, do not matter.
    #[inline]
    pub fn layout(&self) -> Layout {
        let size = self.dtype.size() as isize;
        let Some(last) = self.rank().checked_sub(1) else { return Layout::C };
        if self.is_empty() {
            return Layout::C;
        }
        let mut expected = size;
        let mut axes = self.shape().iter().zip(self.strides()).rev();
        let follows = |(&extent, &stride): (&usize, &isize)| {
            let follows = extent == 1 || stride == expected;
            expected = expected.wrapping_mul(extent as isize);
            follows
        };
        if axes.all(follows) {
            Layout::C
        } else if self.shape[last] == 1 || self.strides[last] == size {
            Layout::Inner
        } else {
            Layout::Strided
        }
    }

    pub fn unit_axes(&self) -> AxisSet {
        let units = self.shape().iter().enumerate().filter(|(_, extent)| **extent == 1);
        units.fold(AxisSet::default(), |set, (axis, _)| set.with(axis))
    }

    /// Copies the elements into an array in C order.
    ///
    /// # Safety
    /// The memory of the view is readable, and nobody writes it meanwhile.
    pub unsafe fn to_owned(&self) -> OwnedArray {
        let mut copy = OwnedArray::zeros(self.dtype, self.shape());
        let size = self.dtype.size();
        let out = copy.bytes_mut();
        if self.layout() == Layout::C {
            let bytes = out.len();
            // SAFETY: the elements lie without gaps, so they are as many bytes from `base` on.
            unsafe { ptr::copy_nonoverlapping(self.base, out.as_mut_ptr(), bytes) };
        } else {
            let mut index = [0usize; MAX_RANK];
            for element in out.chunks_exact_mut(size) {
                // SAFETY: `index` is in range, so the element is part of the view.
                unsafe { ptr::copy_nonoverlapping(self.element(&index), element.as_mut_ptr(), size) };
                self.step(&mut index);
            }
        }
        copy.normalise();
        copy
    }

    /// The address of an element; any index gives some address.
    fn element(&self, index: &[usize; MAX_RANK]) -> *mut u8 {
        let terms = index.iter().zip(&self.strides).map(|(&i, &stride)| (i as isize).wrapping_mul(stride));
        self.base.wrapping_offset(terms.fold(0, isize::wrapping_add))
    }

    /// The next index in C order.
    fn step(&self, index: &mut [usize; MAX_RANK]) {
        for axis in (0..self.rank()).rev() {
            index[axis] += 1;
            if index[axis] < self.shape[axis] {
                return;
            }
            index[axis] = 0;
        }
    }
}

/// `f64[3, 1]`.
impl fmt::Debug for RawArray {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}{:?} by {:?} at {:p}", self.dtype, self.shape(), self.strides(), self.base)
    }
}

/// An array that owns its elements, in C order, 64-byte aligned.
pub struct OwnedArray {
    dtype: Dtype,
    shape: Vec<usize>,
    buffer: Buffer,
}

impl OwnedArray {
    /// # Panics
    /// If there is no such memory, as `Vec` does.
    pub fn zeros(dtype: Dtype, shape: &[usize]) -> OwnedArray {
        let size = shape.iter().try_fold(dtype.size(), |size, &extent| size.checked_mul(extent));
        // An empty array may have extents whose product overflows on the way.
        let size = if shape.contains(&0) { Some(0) } else { size };
        let buffer = Buffer::zeroed(size.expect("an array that memory can hold"));
        OwnedArray { dtype, shape: shape.to_vec(), buffer }
    }

    /// A copy of `elements` in C order. None if they are not as many as the shape has.
    pub fn from_slice<T: Element>(elements: &[T], shape: &[usize]) -> Option<OwnedArray> {
        if shape.iter().try_fold(1usize, |size, &extent| size.checked_mul(extent)) != Some(elements.len()) {
            return None;
        }
        let mut array = OwnedArray::zeros(T::DTYPE, shape);
        array.as_mut_slice::<T>()?.copy_from_slice(elements);
        Some(array)
    }

    /// A copy of `elements`, rank 1.
    pub fn from_vec<T: Element>(elements: Vec<T>) -> OwnedArray {
        OwnedArray::from_slice(&elements, &[elements.len()]).expect("the shape is that of the elements")
    }

    /// Takes an array that a kernel returned in `slots`, with the count of its owner that came with it. Copies only what
    /// is part of something else: memory of the caller, of another result, or a view.
    ///
    /// # Safety
    /// `slots` holds an array of `dtype` that the kernel which ran with `context` has returned, and was not taken before.
    pub unsafe fn take(context: &mut Context, slots: &[u64], dtype: Dtype) -> OwnedArray {
        let view = RawArray::from_slots(slots, dtype);
        let (base, owner) = (slots[0], slots[1]);
        let whole = owner != 0 && base == owner && view.layout() == Layout::C;
        // SAFETY: the caller's promise; a borrowed array (owner 0) and a view are readable until the call ends.
        unsafe {
            if !whole {
                let copy = view.to_owned();
                super::allocate::release(context, owner);
                return copy;
            }
            let buffer = Buffer::take(context, owner);
            if buffer.len() != view.len() * dtype.size() {
                let copy = RawArray { base: buffer.as_mut_ptr(), ..view }.to_owned();
                return copy;
            }
            let mut array = OwnedArray { dtype, shape: view.shape().to_vec(), buffer };
            array.normalise();
            array
        }
    }

    /// Bools become 0 or 1: `np.empty` and foreign bytes may hold anything.
    fn normalise(&mut self) {
        if self.dtype == Dtype::Bool {
            for byte in self.bytes_mut() {
                *byte = (*byte != 0) as u8;
            }
        }
    }

    pub fn dtype(&self) -> Dtype {
        self.dtype
    }

    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    pub fn rank(&self) -> usize {
        self.shape.len()
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.buffer.len() / self.dtype.size()
    }

    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// All elements in C order; None if they are of another type.
    pub fn as_slice<T: Element>(&self) -> Option<&[T]> {
        let data = self.buffer.as_mut_ptr().cast::<T>();
        // SAFETY: the buffer holds `len` elements of the dtype, which is that of `T`, aligned to 64 bytes.
        (T::DTYPE == self.dtype).then(|| unsafe { slice::from_raw_parts(data, self.len()) })
    }

    pub fn as_mut_slice<T: Element>(&mut self) -> Option<&mut [T]> {
        let data = self.buffer.as_mut_ptr().cast::<T>();
        // SAFETY: as in `as_slice`; the array is borrowed exclusively.
        (T::DTYPE == self.dtype).then(|| unsafe { slice::from_raw_parts_mut(data, self.len()) })
    }

    pub fn to_vec<T: Element>(&self) -> Option<Vec<T>> {
        self.as_slice().map(<[T]>::to_vec)
    }

    /// All elements in C order, as they lie in memory.
    pub fn bytes(&self) -> &[u8] {
        self.buffer.bytes()
    }

    /// To write other bytes than 0 and 1 into an array of bools breaks [`OwnedArray::as_slice`]; so this is not public.
    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        self.buffer.bytes_mut()
    }

    /// Takes over the elements of an array of the same dtype and shape.
    ///
    /// # Panics
    /// If dtype or shape differ.
    pub fn copy_from(&mut self, other: &OwnedArray) {
        assert_eq!((self.dtype, &self.shape), (other.dtype, &other.shape), "arrays of one kind");
        self.bytes_mut().copy_from_slice(other.bytes());
    }

    /// The real element at a position in C order; None for complex ones and beyond the end.
    pub fn scalar(&self, position: usize) -> Option<Scalar> {
        let size = self.dtype.size();
        let bytes = self.bytes().chunks_exact(size).nth(position)?;
        (!self.dtype.is_complex()).then(|| Scalar::read(self.dtype, bytes))
    }

    /// A read-only view, valid as long as the array.
    pub fn raw(&self) -> RawArray {
        self.view(false)
    }

    /// A view to write through, valid as long as the array is neither moved out nor used otherwise.
    pub fn raw_mut(&mut self) -> RawArray {
        self.view(true)
    }

    fn view(&self, writable: bool) -> RawArray {
        RawArray::contiguous(self.buffer.as_mut_ptr(), self.dtype, &self.shape, writable)
            .expect("the rank of an array that kernels made or take")
    }
}

impl Clone for OwnedArray {
    fn clone(&self) -> OwnedArray {
        let mut copy = OwnedArray::zeros(self.dtype, &self.shape);
        copy.bytes_mut().copy_from_slice(self.bytes());
        copy
    }
}

impl fmt::Debug for OwnedArray {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}{:?}", self.dtype, self.shape)
    }
}
