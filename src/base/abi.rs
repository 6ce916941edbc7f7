//! The layout shared by generated code and the runtime. Nothing here runs; it is what both sides read.
//!
//! | function | signature | called by |
//! |---|---|---|
//! | kernel | [`KernelFn`] `(context, arguments, results) → status` | the library; other kernels, out of line |
//! | body of an outlined loop | [`BodyFn`] `(context, env, begin, end, partials) → status` | the runtime |
//! | combine | [`CombineFn`] `(left, right)`: `left ∘= right`, slot by slot | the runtime |
//!
//! *Slots* are 8 bytes each. A scalar takes one: integers sign- or zero-extended, bool 0 or 1, f32 in
//! the low half, f64 whole. An array takes `2 + 2 * rank`: base address, owner (address of a
//! runtime allocation that must outlive it, or 0), extents, strides in bytes. `arguments`, `env` and
//! `results` are runs of slots.
//!
//! A status other than [`status::OK`] ends every caller up to the library. [`status::FAULT`] means that
//! `context.fault` says where and with what values.

use std::sync::atomic::AtomicU32;

pub mod status {
    pub const OK: i32 = 0;
    /// `context.fault` is filled in.
    pub const FAULT: i32 = 1;
    pub const CANCELLED: i32 = 2;
    pub const TIMED_OUT: i32 = 3;
}

/// The most values that a fault records.
pub const FAULT_VALUES: usize = 12;

/// Where generated code leaves a fault before it returns [`status::FAULT`].
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct FaultRecord {
    /// Index into the compiled module's table of sites.
    pub site: u32,
    pub count: u32,
    pub values: [i64; FAULT_VALUES],
}

/// One per task (thread of control); generated code gets a pointer to it as its first argument.
#[repr(C)]
pub struct Context {
    pub table: *const Table,
    /// Non-zero when generated code should call `table.poll` at its next poll point.
    pub interrupt: *const AtomicU32,
    /// Recursive functions fault when the stack pointer is below this address.
    pub stack_limit: usize,
    pub fault: FaultRecord,
    /// The status of the last poll: generated code polls through a function that returns nothing.
    pub polled: i32,
    /// The task's live allocations: head of the runtime's intrusive list (opaque to generated code).
    pub arrays: *mut u8,
    /// The runtime's own state for this call (opaque to generated code).
    pub call: *const u8,
}

pub type KernelFn = unsafe extern "C" fn(*mut Context, *const u64, *mut u64) -> i32;
pub type BodyFn = unsafe extern "C" fn(*mut Context, *const u64, i64, i64, *mut u64) -> i32;
pub type CombineFn = unsafe extern "C" fn(*mut u64, *const u64);

/// How an outlined loop is to run.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Region {
    pub body: BodyFn,
    /// Present exactly when the loop has reductions.
    pub combine: Option<CombineFn>,
    pub env: *const u64,
    pub begin: i64,
    pub end: i64,
    /// Estimated cost of one iteration in picoseconds, at least 1.
    pub cost: u64,
    /// 0: always serial (but in the same order). 1: parallel when it pays.
    pub parallel: u32,
    /// Number of reduction slots.
    pub partials: u32,
}

/// What generated code can call; one static instance lives in `runtime`.
#[repr(C)]
pub struct Table {
    /// `(context, bytes) → address`: uninitialised memory (a fixed pattern in tests), 64-byte aligned,
    /// with one count held by the caller and linked into the task's list; 0 if the limit forbids it.
    pub allocate: unsafe extern "C" fn(*mut Context, u64) -> u64,
    /// `(context, owner)`: one count more; owner 0 is ignored.
    pub retain: unsafe extern "C" fn(*mut Context, u64),
    /// `(context, owner)`: one count less, freed at none; owner 0 is ignored.
    pub release: unsafe extern "C" fn(*mut Context, u64),
    /// `(context, region, initial and final partials) → status`. Without reductions runs
    /// `body(begin', end')` over chunks that cover `begin..end`; `partials` is unused. With reductions:
    /// runs the body on subtrees of the tree of `base::tree` over `begin..end` (at most `tree::RUN`
    /// iterations each, at multiples of 8 from `begin`); the body leaves the subtree's result in `partials`; on
    /// return the caller's `partials` hold the combination (the identities that the caller put there if empty).
    pub run: unsafe extern "C" fn(*mut Context, *const Region, *mut u64) -> i32,
    /// Called when `interrupt` is set: `(context) → status`.
    pub poll: unsafe extern "C" fn(*mut Context) -> i32,
    /// Whether two arrays (slot runs and ranks, element sizes) share no byte: conservative.
    /// `(slots, rank, size, slots, rank, size) → 0 or 1`.
    pub disjoint: unsafe extern "C" fn(*const u64, u64, u64, *const u64, u64, u64) -> u64,
    pub fmod: unsafe extern "C" fn(f64, f64) -> f64,
    /// Where the CPU has no FMA.
    pub fma: unsafe extern "C" fn(f64, f64, f64) -> f64,
    pub fmaf: unsafe extern "C" fn(f32, f32, f32) -> f32,
    /// `(context, target and factors, dtype) → status`: the product of two matrices, with the slots of three arrays of rank 2 and the dtype's
    /// place in [`Dtype::ALL`](super::Dtype::ALL). Extents agree; the target overlaps neither factor.
    pub product: unsafe extern "C" fn(*mut Context, *const u64, u64) -> i32,
    /// `(base, exponent, signed) → power`, as `base::op::power`.
    pub power: unsafe extern "C" fn(i64, i64, u64) -> i64,
}

/// Slots taken by an array of this rank.
pub const fn array_slots(rank: usize) -> usize {
    2 + 2 * rank
}
