//! What a run does, counted: the floating-point operations that the program spells out, and the bytes of the caller's arrays that it
//! touches. Benchmarks compare this with what a machine can do.

use crate::base::{Binary, Dtype, Unary};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;

/// The work of one call. It depends on the program and its data only, not on how the call is compiled.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Work {
    /// `+ - * /`, remainders, square roots and steps of sums and products one each, `fma` two; in f32. Mathematics counts what its
    /// kernels in `kernels/std` do. Comparisons, conversions, roundings and signs are free.
    pub f32_operations: u64,
    /// The same in f64.
    pub f64_operations: u64,
    /// Elements of arguments that are read, each once however often.
    pub bytes_read: u64,
    /// Elements of arguments that are written, each once, and all of the arrays that come back.
    pub bytes_written: u64,
}

#[derive(Default)]
pub(super) struct Count {
    f32_operations: Cell<u64>,
    f64_operations: Cell<u64>,
    read: Touched,
    written: Touched,
}

#[derive(Default)]
struct Touched {
    elements: RefCell<HashSet<isize>>,
    bytes: Cell<u64>,
}

impl Count {
    /// So many operations on numbers of a dtype; only floats count.
    pub fn add(&self, dtype: Dtype, operations: u64) {
        let counter = match dtype {
            Dtype::F32 | Dtype::C64 => &self.f32_operations,
            Dtype::F64 | Dtype::C128 => &self.f64_operations,
            Dtype::Bool
            | Dtype::I8
            | Dtype::I16
            | Dtype::I32
            | Dtype::I64
            | Dtype::U8
            | Dtype::U16
            | Dtype::U32
            | Dtype::U64 => return,
        };
        counter.set(counter.get() + operations);
    }

    pub fn unary(&self, op: Unary, dtype: Dtype) {
        if op == Unary::Sqrt {
            self.add(dtype, 1);
        }
    }

    pub fn binary(&self, op: Binary, dtype: Dtype) {
        match op {
            Binary::Add
            | Binary::Sub
            | Binary::Mul
            | Binary::Div
            | Binary::FloorDiv
            | Binary::Mod
            | Binary::Fmod
            | Binary::Pow => self.add(dtype, 1),
            Binary::And
            | Binary::Or
            | Binary::Xor
            | Binary::Shl
            | Binary::Shr
            | Binary::Min
            | Binary::Max
            | Binary::Minimum
            | Binary::Maximum
            | Binary::CopySign
            | Binary::MulHigh => {}
        }
    }

    /// An element of the caller, by its address.
    pub fn touch(&self, at: isize, size: usize, write: bool) {
        let touched = if write { &self.written } else { &self.read };
        if touched.elements.borrow_mut().insert(at) {
            touched.bytes.set(touched.bytes.get() + size as u64);
        }
    }

    pub fn work(&self) -> Work {
        Work {
            f32_operations: self.f32_operations.get(),
            f64_operations: self.f64_operations.get(),
            bytes_read: self.read.bytes.get(),
            bytes_written: self.written.bytes.get(),
        }
    }
}
