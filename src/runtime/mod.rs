//! What runs beside generated code: allocations, parallel regions, faults, limits.
//!
//! ```text
//! host ── Call (pool, limits, schedule) ── enter ──▶ Context ──▶ kernel ── table ──▶ allocate · region · poll
//!                                                                             └─ chunks ──▶ Pool (rayon)
//! ```
//!
//! A [`Call`] is what all tasks of one kernel call share; each *task* (the call itself, and every chunk of a
//! parallel region) has a [`Context`](crate::base::abi::Context) of its own with its own faults and arrays.
//! Deliberately absent: source text, types of arguments, the environment, printing.

mod allocate;
mod array;
mod block;
mod call;
mod element;
mod overlap;
mod plan;
mod pool;
mod process;
mod product;
mod reduce;
mod region;
mod stack;
mod table;
#[cfg(test)]
mod tests;
mod timer;

pub use allocate::Buffer;
pub use array::{OwnedArray, RawArray};
pub use call::{Call, CancelToken, Limits, Outcome, Progress, Schedule};
pub use element::Element;
pub use overlap::Overlap;
pub use pool::Pool;
pub use product::matrix_product;
pub use table::TABLE;
