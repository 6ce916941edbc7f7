//! Memory behind arrays: 64-byte aligned blocks with a header, and the caches that big ones go through.
//!
//! | bytes before the data | what |
//! |---|---|
//! | −64 | count, size, capacity, neighbours in the task's list, the task |
//! | 0 | data: the address that generated code knows, both as base and as owner |
//!
//! Touching fresh pages costs more than most loops do with them (about 0.25 µs per 4 KiB), so blocks of
//! [`BIG`] and more are kept: first by the call ([`KEPT_BY_CALL`] blocks of any size), afterwards by the process
//! (up to [`BLOCKS_KEPT_BY_PROCESS`], [`KEPT_BY_PROCESS`] in all, oldest dropped first).

use crate::base::abi::Context;
use std::alloc;
use std::ptr::{self, NonNull};
use std::sync::Mutex;

/// From this size on blocks are cached: below, the system allocator reuses pages by itself. (The allocator of glibc gives pages back as soon
/// as a few hundred KiB are free at its end: an expression of eight temporaries of 800 KB took 11 ms instead of 0.3.)
pub(super) const BIG: usize = 1 << 16;

/// Blocks that a call keeps for its next allocation.
pub(super) const KEPT_BY_CALL: usize = 4;

/// Blocks that the process keeps between calls: they are searched one after another.
const BLOCKS_KEPT_BY_PROCESS: usize = 64;

/// Bytes that the process keeps between calls.
pub(super) const KEPT_BY_PROCESS: usize = 256 << 20;

const ALIGN: usize = 64;

/// Lies right before the data.
#[repr(C, align(64))]
pub(super) struct Header {
    /// Owners in generated code. Not atomic: only the task that has the array in its list counts.
    pub(super) count: u64,
    /// Bytes asked for.
    pub(super) size: usize,
    /// Bytes there are; fixed for the life of the block.
    capacity: usize,
    pub(super) next: *mut Header,
    pub(super) previous: *mut Header,
    /// In whose list it is; null if in none.
    pub(super) task: *mut Context,
}

const HEADER: usize = size_of::<Header>();

/// A block that nobody else knows of. Its header is initialised, its data may be not.
pub(super) struct Block(NonNull<Header>);

// SAFETY: a block is owned memory; the links in its header mean nothing while it is owned here.
unsafe impl Send for Block {}
// SAFETY: a shared reference gives read access only.
unsafe impl Sync for Block {}

impl Block {
    /// `size` bytes: of `kept`, of the process's cache, or fresh. None if there is no memory.
    pub(super) fn take(size: usize, kept: Option<&Mutex<Vec<Block>>>) -> Option<Block> {
        let reused =
            (size >= BIG).then(|| kept.and_then(|kept| find(kept, size)).or_else(|| find(&CACHE, size)));
        let mut block = match reused.flatten() {
            Some(block) => block,
            None => Block::fresh(size, false)?,
        };
        block.header_mut().size = size;
        Some(block)
    }

    /// `size` zero bytes. Fresh: the system has zeroed pages for free.
    pub(super) fn zeroed(size: usize) -> Option<Block> {
        Block::fresh(size, true)
    }

    fn fresh(size: usize, zeroed: bool) -> Option<Block> {
        let capacity = size.checked_next_multiple_of(ALIGN)?;
        let layout = layout(capacity)?;
        // SAFETY: the layout is not of size zero: it includes the header.
        let memory = unsafe { if zeroed { alloc::alloc_zeroed(layout) } else { alloc::alloc(layout) } };
        let header = NonNull::new(memory.cast::<Header>())?;
        let null = ptr::null_mut();
        let fields = Header { count: 0, size, capacity, next: null, previous: null, task: ptr::null_mut() };
        // SAFETY: the memory is fresh, and large and aligned enough for a header.
        unsafe { header.write(fields) };
        Some(Block(header))
    }

    /// Gives the memory back, to a cache if it is big.
    pub(super) fn give(self, kept: Option<&Mutex<Vec<Block>>>) {
        if self.header().capacity < BIG {
            return;
        }
        if let Some(Ok(mut kept)) = kept.map(Mutex::try_lock)
            && kept.len() < KEPT_BY_CALL
        {
            kept.push(self);
            return;
        }
        self.give_to_process();
    }

    fn give_to_process(self) {
        // A lock that a fork caught closed stays so in the child: there the block is simply freed.
        let Ok(mut cache) = CACHE.try_lock() else { return };
        if self.header().capacity > KEPT_BY_PROCESS {
            return;
        }
        cache.push(self);
        let mut total: usize = cache.iter().map(|block| block.header().capacity).sum();
        while total > KEPT_BY_PROCESS || cache.len() > BLOCKS_KEPT_BY_PROCESS {
            total -= cache.remove(0).header().capacity;
        }
    }

    pub(super) fn header(&self) -> &Header {
        // SAFETY: the block owns its header, initialised by `fresh`.
        unsafe { self.0.as_ref() }
    }

    pub(super) fn header_mut(&mut self) -> &mut Header {
        // SAFETY: as in `header`, and the reference is exclusive.
        unsafe { self.0.as_mut() }
    }

    pub(super) fn data(&self) -> *mut u8 {
        // SAFETY: the allocation is a header and the data behind it.
        unsafe { self.0.as_ptr().add(1).cast() }
    }

    /// Leaves the block to whoever holds the pointer.
    pub(super) fn into_raw(self) -> *mut Header {
        let header = self.0;
        std::mem::forget(self);
        header.as_ptr()
    }

    /// # Safety
    /// `header` came from [`Block::into_raw`] and is not used otherwise any more.
    pub(super) unsafe fn from_raw(header: *mut Header) -> Block {
        // SAFETY: `into_raw` gives no null pointers.
        Block(unsafe { NonNull::new_unchecked(header) })
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        let capacity = self.header().capacity;
        let layout = layout(capacity).expect("the block was allocated with this layout");
        // SAFETY: `fresh` allocated it with the layout of this capacity.
        unsafe { alloc::dealloc(self.0.as_ptr().cast(), layout) }
    }
}

/// The header of the block whose data starts at `owner`.
pub(super) fn header_of(owner: u64) -> *mut Header {
    ptr::with_exposed_provenance_mut::<Header>(owner as usize - HEADER)
}

/// What a finished call kept becomes the process's.
pub(super) fn spill(kept: &mut Vec<Block>) {
    for block in kept.drain(..) {
        block.give_to_process();
    }
}

static CACHE: Mutex<Vec<Block>> = Mutex::new(Vec::new());

/// The smallest block that serves without wasting as much again.
fn find(cache: &Mutex<Vec<Block>>, size: usize) -> Option<Block> {
    let mut cache = cache.try_lock().ok()?;
    let fits = |block: &Block| (size..=size.saturating_mul(2)).contains(&block.header().capacity);
    let candidates = cache.iter().enumerate().filter(|(_, block)| fits(block));
    let (best, _) = candidates.min_by_key(|(_, block)| block.header().capacity)?;
    Some(cache.remove(best))
}

fn layout(capacity: usize) -> Option<alloc::Layout> {
    alloc::Layout::from_size_align(capacity.checked_add(HEADER)?, ALIGN).ok()
}
