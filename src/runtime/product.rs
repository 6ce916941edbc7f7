//! Products of matrices: tiles of the result, each by the `gemm` library or, for integers, by plain loops.
//!
//! Tiles have fixed bounds and are the iterations of a parallel region, so the bits depend on the shapes only: not on threads, and not
//! on layouts, since the library gets factors in C order wherever it would choose its order of summation by the strides.

use super::{call, region};
use crate::base::abi::{Context, Region, status};
use crate::base::{Dtype, Scalar};
use std::ptr;
use std::sync::atomic::Ordering;

/// Rows and columns of a tile: large enough for the library's blocks, small enough to share.
const TILE: [usize; 2] = [256, 512];

/// Below so many elements the library sums row by row if the strides allow it (read in its source).
const SMALL: usize = 256;

/// Estimated picoseconds per multiplication.
const FLOAT_COST: u64 = 60;
const INTEGER_COST: u64 = 400;

/// A matrix in memory.
#[derive(Clone, Copy)]
struct Matrix {
    base: *mut u8,
    shape: [usize; 2],
    /// In bytes.
    strides: [isize; 2],
}

struct Product {
    dtype: Dtype,
    target: Matrix,
    left: Matrix,
    right: Matrix,
}

/// `target = left @ right`.
///
/// # Safety
/// `context` is the task's. `slots` holds three arrays of rank 2 and of `dtype`, which the caller keeps alive; their extents agree; the
/// target can be written and overlaps neither factor.
pub(super) unsafe extern "C" fn product(context: *mut Context, slots: *const u64, dtype: u64) -> i32 {
    // SAFETY: an array of rank 2 has 6 slots; the caller's promise.
    let matrix = |k: usize| unsafe { Matrix::of_slots(slots.add(6 * k)) };
    let dtype = Dtype::ALL[dtype as usize];
    let product = Product { dtype, target: matrix(0), left: matrix(1), right: matrix(2) };
    let region = Region {
        body: tiles,
        combine: None,
        env: (&raw const product).cast(),
        begin: 0,
        end: product.tiles() as i64,
        cost: product.cost_of_tile(),
        parallel: 1,
        partials: 0,
    };
    // SAFETY: the region's body gets the product that it reads, which outlives the call; tiles do not overlap.
    unsafe { region::run(context, &region, ptr::null_mut()) }
}

/// The body of the region: tiles `begin..end`.
///
/// # Safety
/// As [`product`]; `env` leads to a [`Product`].
unsafe extern "C" fn tiles(
    context: *mut Context,
    env: *const u64,
    begin: i64,
    end: i64,
    _partials: *mut u64,
) -> i32 {
    // SAFETY: the promise of `product`.
    let (product, interrupt) = unsafe { (&*env.cast::<Product>(), &*(*context).interrupt) };
    for tile in begin..end {
        if interrupt.load(Ordering::Relaxed) != 0 {
            // SAFETY: the context is the task's.
            let polled = unsafe { call::poll(context) };
            if polled != status::OK {
                return polled;
            }
        }
        // SAFETY: the promise of `product`.
        unsafe { product.tile(tile as usize) };
    }
    status::OK
}

/// The product of two matrices of floats in C order, for the interpreter: the same bits as generated code gets.
pub fn matrix_product(dtype: Dtype, left: &[Scalar], right: &[Scalar], shape: [usize; 3]) -> Vec<Scalar> {
    let [rows, inner, columns] = shape;
    let (mut left, mut right) = (to_bytes(dtype, left), to_bytes(dtype, right));
    let mut target = vec![0; rows * columns * dtype.size()];
    let matrix = |bytes: &mut Vec<u8>, shape| Matrix::contiguous(bytes.as_mut_ptr(), shape, dtype.size());
    let product = Product {
        dtype,
        target: matrix(&mut target, [rows, columns]),
        left: matrix(&mut left, [rows, inner]),
        right: matrix(&mut right, [inner, columns]),
    };
    for tile in 0..product.tiles() {
        // SAFETY: the three vectors hold matrices of these shapes.
        unsafe { product.tile(tile) };
    }
    target.chunks_exact(dtype.size()).map(|element| Scalar::read(dtype, element)).collect()
}

fn to_bytes(dtype: Dtype, elements: &[Scalar]) -> Vec<u8> {
    elements.iter().flat_map(|element| element.to_bytes().into_iter().take(dtype.size())).collect()
}

impl Product {
    fn tiles(&self) -> usize {
        self.target.shape[0].div_ceil(TILE[0]) * self.target.shape[1].div_ceil(TILE[1])
    }

    fn cost_of_tile(&self) -> u64 {
        let [rows, columns] = self.target.shape;
        let elements = (rows.min(TILE[0]) * columns.min(TILE[1])) as u64;
        let cost = if self.dtype.is_float() { FLOAT_COST } else { INTEGER_COST };
        elements.saturating_mul(self.left.shape[1] as u64).saturating_mul(cost).max(1)
    }

    /// # Safety
    /// As [`product`].
    unsafe fn tile(&self, number: usize) {
        let across = self.target.shape[1].div_ceil(TILE[1]);
        let (row, column) = (number / across * TILE[0], number % across * TILE[1]);
        let rows = TILE[0].min(self.target.shape[0] - row);
        let columns = TILE[1].min(self.target.shape[1] - column);
        let inner = self.left.shape[1];
        let target = self.target.window([row, column], [rows, columns]);
        let left = self.left.window([row, 0], [rows, inner]);
        let right = self.right.window([0, column], [inner, columns]);
        // SAFETY: windows of matrices of this dtype.
        unsafe {
            match self.dtype {
                Dtype::F64 => float_tile::<f64>(target, left, right),
                Dtype::F32 => float_tile::<f32>(target, left, right),
                Dtype::Bool => integer_tile::<Truth>(target, left, right),
                Dtype::I8 => integer_tile::<i8>(target, left, right),
                Dtype::I16 => integer_tile::<i16>(target, left, right),
                Dtype::I32 => integer_tile::<i32>(target, left, right),
                Dtype::I64 => integer_tile::<i64>(target, left, right),
                Dtype::U8 => integer_tile::<u8>(target, left, right),
                Dtype::U16 => integer_tile::<u16>(target, left, right),
                Dtype::U32 => integer_tile::<u32>(target, left, right),
                Dtype::U64 => integer_tile::<u64>(target, left, right),
                // No typed program multiplies complex matrices.
                Dtype::C64 | Dtype::C128 => {}
            }
        }
    }
}

/// # Safety
/// The matrices hold elements of type T; the target overlaps neither factor.
unsafe fn float_tile<T: Copy + Default + From<u8> + 'static>(target: Matrix, left: Matrix, right: Matrix) {
    let ([rows, inner], columns) = (left.shape, right.shape[1]);
    let by_strides = rows * columns <= SMALL || rows <= 1 || columns <= 1 || inner <= 2;
    // SAFETY: the caller's promise.
    let (left, right) = unsafe { (Factor::<T>::new(left, by_strides), Factor::<T>::new(right, by_strides)) };
    // Sums start from +0, so the library adds to zeros.
    let mut own = vec![];
    let (base, strides) = if target.is_regular::<T>() {
        // SAFETY: the caller's promise.
        unsafe { target.fill(T::default()) };
        (target.base.cast::<T>(), target.element_strides::<T>())
    } else {
        own.resize(rows * columns, T::default());
        (own.as_mut_ptr(), [columns as isize, 1])
    };
    // SAFETY: pointers and strides lead to elements of matrices of these extents.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            base,
            strides[1],
            strides[0],
            true,
            left.base,
            left.strides[1],
            left.strides[0],
            right.base,
            right.strides[1],
            right.strides[0],
            T::from(1),
            T::from(1),
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
        for (k, value) in own.into_iter().enumerate() {
            target.at::<T>(k / columns, k % columns).write_unaligned(value);
        }
    }
}

/// A factor as the library takes it: in place, or a copy in C order.
struct Factor<T> {
    base: *const T,
    /// In elements.
    strides: [isize; 2],
    _copy: Vec<T>,
}

impl<T: Copy> Factor<T> {
    /// # Safety
    /// The matrix holds elements of type T.
    unsafe fn new(matrix: Matrix, in_order: bool) -> Factor<T> {
        let [rows, columns] = matrix.shape;
        let (order, strides) = ([columns as isize, 1], matrix.element_strides::<T>());
        // The library turns negative strides round, and with them the order of summation.
        let fine = if in_order { strides == order } else { strides.iter().all(|stride| *stride > 0) };
        if fine && matrix.is_regular::<T>() {
            return Factor { base: matrix.base.cast(), strides, _copy: vec![] };
        }
        let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        // SAFETY: the caller's promise.
        let copy: Vec<T> =
            places.map(|(row, column)| unsafe { matrix.at::<T>(row, column).read_unaligned() }).collect();
        Factor { base: copy.as_ptr(), strides: order, _copy: copy }
    }
}

/// What can be multiplied and added, wrapping.
trait Ring: Copy {
    const ZERO: Self;
    fn plus_product(self, a: Self, b: Self) -> Self;
}

macro_rules! wrapping_ring {
    ($($integer:ty)*) => {
        $(impl Ring for $integer {
            const ZERO: $integer = 0;
            fn plus_product(self, a: $integer, b: $integer) -> $integer {
                self.wrapping_add(a.wrapping_mul(b))
            }
        })*
    };
}

wrapping_ring!(i8 i16 i32 i64 u8 u16 u32 u64);

/// A bool in memory: whether any of the products is true.
#[derive(Clone, Copy)]
#[repr(transparent)]
struct Truth(u8);

impl Ring for Truth {
    const ZERO: Truth = Truth(0);
    fn plus_product(self, a: Truth, b: Truth) -> Truth {
        Truth(u8::from(self.0 != 0 || a.0 != 0 && b.0 != 0))
    }
}

/// Row by row: each row of the right factor is added to a row of the target, as often as the left one says.
///
/// # Safety
/// As [`float_tile`].
unsafe fn integer_tile<T: Ring>(target: Matrix, left: Matrix, right: Matrix) {
    let ([rows, inner], columns) = (left.shape, right.shape[1]);
    let mut sums = vec![T::ZERO; columns];
    for row in 0..rows {
        sums.fill(T::ZERO);
        for k in 0..inner {
            // SAFETY: the caller's promise; indices are in range.
            let factor = unsafe { left.at::<T>(row, k).read_unaligned() };
            for (column, sum) in sums.iter_mut().enumerate() {
                // SAFETY: as above.
                *sum = sum.plus_product(factor, unsafe { right.at::<T>(k, column).read_unaligned() });
            }
        }
        for (column, sum) in sums.iter().enumerate() {
            // SAFETY: as above.
            unsafe { target.at::<T>(row, column).write_unaligned(*sum) };
        }
    }
}

impl Matrix {
    /// # Safety
    /// `slots` holds an array of rank 2.
    unsafe fn of_slots(slots: *const u64) -> Matrix {
        // SAFETY: base, owner, two extents, two strides.
        let [base, _, rows, columns, down, right] = unsafe { slots.cast::<[u64; 6]>().read() };
        let base = ptr::with_exposed_provenance_mut(base as usize);
        Matrix { base, shape: [rows as usize, columns as usize], strides: [down as isize, right as isize] }
    }

    fn contiguous(base: *mut u8, shape: [usize; 2], size: usize) -> Matrix {
        Matrix { base, shape, strides: [(shape[1] * size) as isize, size as isize] }
    }

    fn window(self, from: [usize; 2], shape: [usize; 2]) -> Matrix {
        let offset = from[0] as isize * self.strides[0] + from[1] as isize * self.strides[1];
        Matrix { base: self.base.wrapping_offset(offset), shape, strides: self.strides }
    }

    fn at<T>(&self, row: usize, column: usize) -> *mut T {
        let offset = row as isize * self.strides[0] + column as isize * self.strides[1];
        self.base.wrapping_offset(offset).cast()
    }

    /// # Safety
    /// The matrix holds elements of type T and can be written.
    unsafe fn fill<T: Copy>(&self, value: T) {
        for row in 0..self.shape[0] {
            for column in 0..self.shape[1] {
                // SAFETY: the caller's promise; the indices are in range.
                unsafe { self.at::<T>(row, column).write_unaligned(value) };
            }
        }
    }

    /// Whether elements lie where those of a slice of T may lie.
    fn is_regular<T>(&self) -> bool {
        let whole = self.strides.iter().all(|stride| stride % size_of::<T>() as isize == 0);
        whole && self.base.cast::<T>().is_aligned()
    }

    fn element_strides<T>(&self) -> [isize; 2] {
        self.strides.map(|stride| stride / size_of::<T>() as isize)
    }
}
