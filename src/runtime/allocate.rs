//! Arrays made inside kernels: counted, and listed by the task that made them.
//!
//! Each task's [`Context`] heads a doubly linked list of the arrays that it made and that still live. Generated code
//! retains and releases on its normal paths; [`sweep`] frees the rest after a fault. [`take`] makes an array
//! the host's.
//!
//! A parallel body *borrows* the arrays that it captures: the task that made them keeps its own count until
//! the region has ended. So counts and lists are touched by their own task only, and [`retain`] and [`release`] of
//! another task's array do nothing.

use super::block::{Block, Header, header_of};
use super::call::Call;
use crate::base::abi::Context;
use std::{ptr, slice};

/// # Safety
/// `context` is that of a running task of a [`Call`].
pub(super) unsafe extern "C" fn allocate(context: *mut Context, bytes: u64) -> u64 {
    // SAFETY: the caller's promise; generated code holds no reference to its context.
    let (context, call) = unsafe { (&mut *context, Call::of(context)) };
    let Ok(size) = usize::try_from(bytes) else { return 0 };
    if !call.reserve(size) {
        return 0;
    }
    let Some(mut block) = Block::take(size, call.kept()) else {
        call.unreserve(size);
        return 0;
    };
    if let Some(pattern) = call.fill() {
        // SAFETY: the block has `size` bytes of data.
        unsafe { block.data().write_bytes(pattern, size) };
    }
    let owner = block.data().expose_provenance() as u64;
    block.header_mut().count = 1;
    link(context, block);
    owner
}

/// # Safety
/// `owner` is 0 or was given by [`allocate`] to a task of the same call and not freed yet.
pub(super) unsafe extern "C" fn retain(context: *mut Context, owner: u64) {
    if owner == 0 {
        return;
    }
    let header = header_of(owner);
    // SAFETY: the array lives. `task` changes only while its own task holds the only reference.
    unsafe {
        if (*header).task == context {
            (*header).count += 1;
        }
    }
}

/// # Safety
/// As [`retain`], and the caller holds a count.
pub(super) unsafe extern "C" fn release(context: *mut Context, owner: u64) {
    if owner == 0 {
        return;
    }
    let header = header_of(owner);
    // SAFETY: as in `retain`; at count zero nobody else knows the array.
    unsafe {
        if (*header).task != context {
            return;
        }
        (*header).count -= 1;
        if (*header).count == 0 {
            free(&mut *context, Call::of(context), header);
        }
    }
}

/// Frees all arrays that the task still has.
///
/// # Safety
/// `context` is that of a task of a [`Call`], and the task has ended.
pub(super) unsafe fn sweep(context: *mut Context) {
    // SAFETY: the caller's promise; the list holds only live arrays.
    unsafe {
        while let Some(header) = ptr::NonNull::new((*context).arrays.cast::<Header>()) {
            free(&mut *context, Call::of(context), header.as_ptr());
        }
    }
}

/// Memory of the host's, 64-byte aligned: handed over by a kernel or made by the host.
pub struct Buffer {
    /// None only while it is dropped.
    block: Option<Block>,
}

impl Buffer {
    /// `size` zero bytes.
    ///
    /// # Panics
    /// If there is no such memory, as `Vec` does.
    pub fn zeroed(size: usize) -> Buffer {
        Buffer { block: Some(Block::zeroed(size).expect("memory for a buffer")) }
    }

    /// Takes over one count of a task's array. If others hold counts too, the bytes are copied.
    ///
    /// # Safety
    /// `owner` (not 0) was given by [`allocate`] to this task, which has left one count to the caller. (Bytes that
    /// generated code never wrote have unknown values, but they have some: the compiler sees neither side.)
    pub(super) unsafe fn take(context: *mut Context, owner: u64) -> Buffer {
        let header = header_of(owner);
        // SAFETY: the caller's promise.
        unsafe {
            let size = (*header).size;
            if (*header).count > 1 {
                let buffer = Buffer::zeroed(size);
                ptr::copy_nonoverlapping(header.add(1).cast::<u8>(), buffer.as_mut_ptr(), size);
                release(context, owner);
                return buffer;
            }
            unlink(&mut *context, header);
            Buffer { block: Some(Block::from_raw(header)) }
        }
    }

    fn block(&self) -> &Block {
        self.block.as_ref().expect("a buffer has its block until it is dropped")
    }

    /// In bytes.
    pub fn len(&self) -> usize {
        self.block().header().size
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn as_mut_ptr(&self) -> *mut u8 {
        self.block().data()
    }

    pub fn bytes(&self) -> &[u8] {
        // SAFETY: the block has `len` bytes, all initialised (`zeroed`, or the promise made to `take`).
        unsafe { slice::from_raw_parts(self.block().data(), self.len()) }
    }

    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`; the buffer is borrowed exclusively.
        unsafe { slice::from_raw_parts_mut(self.block().data(), self.len()) }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(block) = self.block.take() {
            block.give(None);
        }
    }
}

fn link(context: &mut Context, mut block: Block) {
    let next = context.arrays.cast::<Header>();
    let header = block.header_mut();
    header.task = context;
    header.next = next;
    header.previous = ptr::null_mut();
    let header = block.into_raw();
    if !next.is_null() {
        // SAFETY: arrays in the list live.
        unsafe { (*next).previous = header };
    }
    context.arrays = header.cast();
}

/// # Safety
/// `header` is in the context's list.
unsafe fn unlink(context: &mut Context, header: *mut Header) {
    // SAFETY: the caller's promise; neighbours in the list live.
    unsafe {
        let (previous, next) = ((*header).previous, (*header).next);
        if previous.is_null() {
            context.arrays = next.cast();
        } else {
            (*previous).next = next;
        }
        if !next.is_null() {
            (*next).previous = previous;
        }
        (*header).task = ptr::null_mut();
    }
}

/// # Safety
/// `header` is in the context's list and nobody uses the array any more.
unsafe fn free(context: &mut Context, call: &Call, header: *mut Header) {
    // SAFETY: the caller's promise.
    let block = unsafe {
        unlink(context, header);
        Block::from_raw(header)
    };
    call.unreserve(block.header().size);
    block.give(call.kept());
}
