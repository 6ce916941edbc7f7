//! Tests of the runtime, with bodies written in Rust in place of generated code.

mod array;
mod limits;
mod memory;
mod overlap;
mod reduce;
mod region;

use super::{Call, CancelToken, Limits, Outcome, Pool, Schedule};
use crate::base::abi::{CombineFn, Context, FaultRecord, Region, status};
use std::num::NonZero;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A loop whose body is a closure: `(context, begin, end, partials) → status`.
struct Loop<'a, F> {
    body: &'a F,
    range: (i64, i64),
    cost: u64,
    combine: Option<CombineFn>,
    slots: u32,
}

impl<'a, F: Fn(*mut Context, i64, i64, *mut u64) -> i32 + Sync> Loop<'a, F> {
    /// A loop without reductions that is worth distributing.
    fn new(body: &'a F, begin: i64, end: i64) -> Loop<'a, F> {
        Loop { body, range: (begin, end), cost: 1_000_000, combine: None, slots: 0 }
    }

    fn region(&self) -> Region {
        Region {
            body: call_closure::<F>,
            combine: self.combine,
            env: std::ptr::from_ref(self.body).cast(),
            begin: self.range.0,
            end: self.range.1,
            cost: self.cost,
            parallel: 1,
            partials: self.slots,
        }
    }

    /// Runs it as part of a task.
    fn run(&self, context: *mut Context, partials: &mut [u64]) -> i32 {
        // SAFETY: the region lives during the call, its body is a closure that may be shared.
        unsafe { super::region::run(context, &self.region(), partials.as_mut_ptr()) }
    }

    /// Runs it in a call of its own.
    fn enter(&self, call: &Call, partials: &mut [u64]) -> Outcome {
        call.enter(|context| self.run(context, partials))
    }
}

unsafe extern "C" fn call_closure<F: Fn(*mut Context, i64, i64, *mut u64) -> i32>(
    context: *mut Context,
    env: *const u64,
    begin: i64,
    end: i64,
    partials: *mut u64,
) -> i32 {
    // SAFETY: `Loop::region` made `env` from a closure of this type.
    let body = unsafe { &*env.cast::<F>() };
    body(context, begin, end, partials)
}

fn pool(threads: usize) -> Pool {
    Pool::new(NonZero::new(threads))
}

/// Everything goes through chunks, however small.
fn eager() -> Schedule {
    Schedule { break_even: Duration::ZERO, ..Schedule::default() }
}

/// Chunks of `size` iterations.
fn chunks_of(size: u64) -> Schedule {
    Schedule { chunk: Some(size), ..eager() }
}

/// Leaves a fault with `value`.
fn fault(context: *mut Context, value: i64) -> i32 {
    let mut fault = FaultRecord { site: 7, count: 1, ..FaultRecord::default() };
    fault.values[0] = value;
    // SAFETY: the context is that of the running task.
    unsafe { (*context).fault = fault };
    status::FAULT
}

fn assert_ok(outcome: Outcome) {
    assert!(matches!(outcome, Outcome::Ok), "{outcome:?}");
}

fn spin(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

/// `delay` measures how late something was: within 100 ms in one of a few attempts, for the machine may be busy.
fn promptly(delay: impl Fn() -> Duration) {
    assert!((0..10).any(|_| delay() < Duration::from_millis(100)), "always late");
}

/// Cancels after a while, and says when.
fn cancel_soon(token: CancelToken) -> JoinHandle<Instant> {
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(30));
        token.cancel();
        Instant::now()
    })
}
