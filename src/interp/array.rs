//! Arrays of the interpreter: shape and strides over counted or borrowed memory, and NumPy's broadcasting.
//!
//! Each element is one checked read or write. What the language itself checks has been checked before, so an index out of
//! range here is a bug and panics.

use super::watch::{Place, Watch};
use crate::base::{Dtype, Scalar};
use crate::runtime::{Overlap, OwnedArray, RawArray};
use std::cell::Cell;
use std::ptr;
use std::rc::Rc;

/// What `np.empty` holds: the same in every allocator under test, so that reading it shows.
const FILL: u8 = 0xCD;

/// Counts the bytes of arrays alive.
pub(super) struct Budget {
    limit: Option<u64>,
    used: Cell<u64>,
    /// How many arrays have been made.
    made: Cell<u64>,
    pub(super) watch: Rc<Watch>,
}

impl Budget {
    pub(super) fn new(limit: Option<u64>, watch: Rc<Watch>) -> Rc<Budget> {
        Rc::new(Budget { limit, used: Cell::new(0), made: Cell::new(0), watch })
    }

    fn take(&self, bytes: u64) -> Option<()> {
        let used = self.used.get().checked_add(bytes)?;
        if self.limit.is_some_and(|limit| used > limit) {
            return None;
        }
        self.used.set(used);
        Some(())
    }
}

/// Memory of an array made during the run.
struct Buffer {
    /// Tells it from all others of the run, also those that are gone.
    number: u64,
    bytes: Vec<Cell<u8>>,
    budget: Rc<Budget>,
}

impl Buffer {
    fn new(budget: &Rc<Budget>, size: usize) -> Option<Buffer> {
        let mut bytes = vec![];
        bytes.try_reserve_exact(size).ok()?;
        budget.take(size as u64)?;
        bytes.resize(size, Cell::new(FILL));
        budget.made.set(budget.made.get() + 1);
        Some(Buffer { number: budget.made.get(), bytes, budget: budget.clone() })
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.budget.used.set(self.budget.used.get() - self.bytes.len() as u64);
    }
}

#[derive(Clone)]
enum Memory {
    Counted(Rc<Buffer>),
    /// The caller's, from the address of its first element.
    Borrowed(RawArray, Rc<Watch>),
}

/// A reference to elements: clones share them.
#[derive(Clone)]
pub(super) struct Array {
    memory: Memory,
    dtype: Dtype,
    /// Of the first element, in bytes from the memory's.
    start: isize,
    shape: Vec<usize>,
    /// In bytes.
    strides: Vec<isize>,
}

impl Array {
    /// A new C-ordered array with undefined contents, or the bytes it would need (-1 for more than can be said).
    pub(super) fn new(budget: &Rc<Budget>, dtype: Dtype, shape: &[usize]) -> Result<Array, i64> {
        let size = byte_size(dtype, shape).ok_or(-1)?;
        let buffer = Buffer::new(budget, size as usize).ok_or(size)?;
        let strides = c_strides(dtype, shape);
        Ok(Array {
            memory: Memory::Counted(Rc::new(buffer)),
            dtype,
            start: 0,
            shape: shape.to_vec(),
            strides,
        })
    }

    /// The caller's elements.
    pub(super) fn borrow(raw: &RawArray, watch: &Rc<Watch>) -> Array {
        Array {
            memory: Memory::Borrowed(*raw, watch.clone()),
            dtype: raw.dtype(),
            start: 0,
            shape: raw.shape().to_vec(),
            strides: raw.strides().to_vec(),
        }
    }

    /// A copy that is the caller's.
    pub(super) fn to_owned_array(&self) -> OwnedArray {
        let mut result = OwnedArray::zeros(self.dtype, &self.shape);
        let size = self.dtype.size();
        for (element, index) in result.bytes_mut().chunks_exact_mut(size).zip(indices(&self.shape)) {
            element.copy_from_slice(&self.get(&index).to_bytes()[..size]);
        }
        result
    }

    pub(super) fn dtype(&self) -> Dtype {
        self.dtype
    }

    pub(super) fn shape(&self) -> &[usize] {
        &self.shape
    }

    pub(super) fn strides(&self) -> &[isize] {
        &self.strides
    }

    /// Whether the two share no byte: certain if true, and the same answer as that of compiled code.
    pub(super) fn is_apart_from(&self, other: &Array) -> bool {
        self.raw().overlap(&other.raw()) == Overlap::Disjoint
    }

    fn raw(&self) -> RawArray {
        let memory = match &self.memory {
            Memory::Counted(buffer) => buffer.bytes.as_ptr().cast::<u8>().cast_mut(),
            Memory::Borrowed(raw, _) => raw.base(),
        };
        let base = memory.wrapping_offset(self.start);
        RawArray::new(base, self.dtype, &self.shape, &self.strides, false).expect("a valid rank")
    }

    /// All its elements may be touched by every iteration of a watched loop.
    pub(super) fn exempt(&self) {
        self.watch().exempt(indices(&self.shape).map(|index| self.place(self.offset(&index))));
    }

    fn watch(&self) -> &Watch {
        match &self.memory {
            Memory::Counted(buffer) => &buffer.budget.watch,
            Memory::Borrowed(_, watch) => watch,
        }
    }

    fn place(&self, offset: isize) -> Place {
        match &self.memory {
            Memory::Counted(buffer) => Place { memory: buffer.number, at: offset },
            Memory::Borrowed(raw, _) => Place { memory: 0, at: raw.base() as isize + offset },
        }
    }

    pub(super) fn get(&self, index: &[usize]) -> Scalar {
        let (offset, size) = (self.offset(index), self.dtype.size());
        self.touch(offset, index, false);
        let mut bytes = [0; 8];
        match &self.memory {
            Memory::Counted(buffer) => {
                let cells = &buffer.bytes[offset as usize..][..size];
                bytes.iter_mut().zip(cells).for_each(|(byte, cell)| *byte = cell.get());
            }
            // SAFETY: `offset` has checked that this is an element, and the caller of `interpret` vouches for those.
            Memory::Borrowed(raw, _) => unsafe {
                ptr::copy_nonoverlapping(raw.base().offset(offset), bytes.as_mut_ptr(), size);
            },
        }
        Scalar::read(self.dtype, &bytes[..size])
    }

    pub(super) fn set(&self, index: &[usize], value: Scalar) {
        assert_eq!(value.dtype, self.dtype, "dtype of a stored value");
        let (offset, size) = (self.offset(index), self.dtype.size());
        self.touch(offset, index, true);
        let bytes = value.to_bytes();
        match &self.memory {
            Memory::Counted(buffer) => {
                let cells = &buffer.bytes[offset as usize..][..size];
                cells.iter().zip(bytes).for_each(|(cell, byte)| cell.set(byte));
            }
            Memory::Borrowed(raw, _) => {
                assert!(raw.is_writable(), "a store into a read-only argument");
                // SAFETY: as in `get`.
                unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), raw.base().offset(offset), size) }
            }
        }
    }

    fn touch(&self, offset: isize, index: &[usize], write: bool) {
        let place = self.place(offset);
        self.watch().touch(place, index, write);
        if let (Memory::Borrowed(..), Some(count)) = (&self.memory, &self.watch().count) {
            count.touch(place.at, self.dtype.size(), write);
        }
    }

    /// Where an element is, in bytes from the first.
    fn offset(&self, index: &[usize]) -> isize {
        assert_eq!(index.len(), self.shape.len(), "as many indices as axes");
        let inside = index.iter().zip(&self.shape).all(|(&index, &extent)| index < extent);
        assert!(inside, "index {index:?} of an array with shape {:?}", self.shape);
        let steps = index.iter().zip(&self.strides).map(|(&index, &stride)| index as isize * stride);
        self.start + steps.sum::<isize>()
    }
}

/// Views: what they change is which elements are named.
impl Array {
    /// A new axis of extent 1 before axis `axis`.
    pub(super) fn insert_axis(&mut self, axis: usize) {
        self.shape.insert(axis, 1);
        self.strides.insert(axis, self.dtype.size() as isize);
    }

    /// The part where the index of an axis is this one.
    pub(super) fn drop_axis(&mut self, axis: usize, index: usize) {
        assert!(index < self.shape.remove(axis), "an index of the axis");
        self.start += index as isize * self.strides.remove(axis);
    }

    /// The part where an axis takes these indices, which have one distance.
    pub(super) fn cut_axis(&mut self, axis: usize, numbers: &[usize]) {
        let stride = self.strides[axis];
        self.shape[axis] = numbers.len();
        if let [first, ..] = numbers {
            self.start += *first as isize * stride;
        }
        if let [first, second, ..] = numbers {
            self.strides[axis] = (*second as isize - *first as isize) * stride;
        }
    }

    /// The memory from the same element on, under another shape.
    pub(super) fn restrided(&self, shape: Vec<usize>, strides: Vec<isize>) -> Array {
        Array { shape, strides, ..self.clone() }
    }

    /// Strides of a C-ordered array of this dtype.
    pub(super) fn c_strides(&self, shape: &[usize]) -> Vec<isize> {
        c_strides(self.dtype, shape)
    }

    /// In C order without gaps. As in NumPy, axes of extent 1 have any stride.
    pub(super) fn is_contiguous(&self) -> bool {
        let expected = self.c_strides(&self.shape);
        let axes = self.shape.iter().zip(&self.strides).zip(expected);
        self.shape.contains(&0)
            || axes.into_iter().all(|((extent, stride), expected)| *extent == 1 || *stride == expected)
    }

    pub(super) fn permuted(&self, axes: &[u8]) -> Array {
        let order = axes.iter().map(|axis| usize::from(*axis));
        let shape = order.clone().map(|axis| self.shape[axis]).collect();
        let strides = order.map(|axis| self.strides[axis]).collect();
        Array { shape, strides, ..self.clone() }
    }
}

/// Strides of a C-contiguous array.
fn c_strides(dtype: Dtype, shape: &[usize]) -> Vec<isize> {
    let mut strides = vec![0; shape.len()];
    let mut stride = dtype.size() as isize;
    for (axis, &extent) in shape.iter().enumerate().rev() {
        strides[axis] = stride;
        stride = stride.wrapping_mul(extent.max(1) as isize);
    }
    strides
}

/// None where it does not fit an i64. An array with an extent of 0 takes nothing.
fn byte_size(dtype: Dtype, shape: &[usize]) -> Option<i64> {
    if shape.contains(&0) {
        return Some(0);
    }
    let mut size = dtype.size() as i64;
    for &extent in shape {
        size = size.checked_mul(i64::try_from(extent).ok()?)?;
    }
    Some(size)
}

/// All indices of a shape, in C order.
pub(super) fn indices(shape: &[usize]) -> impl Iterator<Item = Vec<usize>> + use<> {
    let shape = shape.to_vec();
    let first = (!shape.contains(&0)).then(|| vec![0; shape.len()]);
    std::iter::successors(first, move |index| {
        let mut next = index.clone();
        for axis in (0..shape.len()).rev() {
            next[axis] += 1;
            if next[axis] < shape[axis] {
                return Some(next);
            }
            next[axis] = 0;
        }
        None
    })
}

/// An axis of the result on which two shapes disagree, and their extents there.
#[derive(Debug, PartialEq)]
pub(super) struct Mismatch {
    pub(super) axis: u8,
    pub(super) extents: [i64; 2],
}

/// The common shape. Axes are compared from the first of the result on, operands from left to right.
pub(super) fn broadcast(shapes: &[&[usize]]) -> Result<Vec<usize>, Mismatch> {
    let rank = shapes.iter().map(|shape| shape.len()).max().unwrap_or(0);
    let mut result = vec![1; rank];
    for (axis, common) in result.iter_mut().enumerate() {
        for shape in shapes.iter().filter(|shape| axis + shape.len() >= rank) {
            let extent = shape[axis + shape.len() - rank];
            if *common == 1 {
                *common = extent;
            } else if extent != 1 && extent != *common {
                return Err(Mismatch { axis: axis as u8, extents: [*common as i64, extent as i64] });
            }
        }
    }
    Ok(result)
}

/// Where the element at `index` of a broadcast result comes from.
pub(super) fn broadcast_index(shape: &[usize], index: &[usize]) -> Vec<usize> {
    let own = &index[index.len() - shape.len()..];
    own.iter().zip(shape).map(|(&index, &extent)| if extent == 1 { 0 } else { index }).collect()
}
