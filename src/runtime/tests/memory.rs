//! Arrays made inside kernels: counts, lists, what is left over, reuse.

use super::*;
use crate::runtime::allocate::{Buffer, allocate, release, retain};
use std::slice;

fn in_call(limits: &Limits, kernel: impl FnOnce(&mut Context) -> i32) -> Outcome {
    Call::new(&Pool::serial(), limits, &Schedule::default()).enter(kernel)
}

/// A limit that tells of leaks: it is exactly what the test needs.
fn exactly(bytes: u64) -> Limits {
    Limits { memory: Some(bytes), ..Limits::default() }
}

#[test]
fn arrays_are_aligned_and_apart() {
    let outcome = in_call(&Limits::default(), |context| {
        let mut owners = Vec::new();
        for size in (0..200).chain([4096, 100_000, 2 << 20]) {
            // SAFETY: the context is that of the running task.
            let owner = unsafe { allocate(context, size) };
            assert!(owner != 0 && owner % 64 == 0);
            // SAFETY: the array has `size` bytes.
            unsafe { (owner as *mut u8).write_bytes(size as u8, size as usize) };
            owners.push((owner, size));
        }
        for &(owner, size) in &owners {
            // SAFETY: as above, and still alive.
            let bytes = unsafe { slice::from_raw_parts(owner as *const u8, size as usize) };
            assert!(bytes.iter().all(|&byte| byte == size as u8));
        }
        // Released from the middle, the front and the back; the rest is swept.
        for k in [5, 0, owners.len() - 1] {
            // SAFETY: the test holds the count.
            unsafe { release(context, owners[k].0) };
        }
        status::OK
    });
    assert_ok(outcome);
}

#[test]
fn counts_keep_an_array() {
    let outcome = in_call(&exactly(100), |context| {
        // SAFETY: the context is that of the running task, and counts are held when given back.
        unsafe {
            let owner = allocate(context, 100);
            retain(context, owner);
            retain(context, 0);
            release(context, owner);
            release(context, 0);
            assert_eq!(allocate(context, 1), 0, "it lives");
            release(context, owner);
            assert_ne!(allocate(context, 100), 0, "it is gone");
        }
        status::OK
    });
    assert_ok(outcome);
}

#[test]
fn nothing_is_left_after_a_fault() {
    let limits = exactly(1000);
    let (pool, schedule) = (Pool::serial(), Schedule::default());
    let call = Call::new(&pool, &limits, &schedule);
    for _ in 0..50 {
        let outcome = call.enter(|context| {
            // SAFETY: the context is that of the running task.
            unsafe {
                assert_ne!(allocate(context, 600), 0);
                retain(context, allocate(context, 400));
            }
            fault(context, 1)
        });
        assert!(matches!(outcome, Outcome::Fault(_)));
    }
}

/// A chunk borrows the caller's arrays: its counting does not touch them, whichever thread it runs on.
#[test]
fn chunks_borrow_the_callers_arrays() {
    let limits = exactly(100);
    let (pool, schedule) = (pool(2), chunks_of(1));
    let call = Call::new(&pool, &limits, &schedule);
    let outcome = call.enter(|context| {
        // SAFETY: the context is that of the running task.
        let owner = unsafe { allocate(context, 100) };
        let body = |task, _, _, _| {
            // SAFETY: the caller's array lives during the region.
            unsafe {
                retain(task, owner);
                release(task, owner);
                release(task, owner);
            }
            status::OK
        };
        assert_eq!(Loop::new(&body, 0, 200).run(context, &mut []), status::OK);
        // SAFETY: it still has the one count.
        unsafe { release(context, owner) };
        // SAFETY: as above.
        assert_ne!(unsafe { allocate(context, 100) }, 0);
        status::OK
    });
    assert_ok(outcome);
}

#[test]
fn big_blocks_are_reused() {
    let outcome = in_call(&Limits::default(), |context| {
        // SAFETY: the context is that of the running task, and the test holds the counts.
        unsafe {
            let first = allocate(context, 3 << 20);
            release(context, first);
            let second = allocate(context, (3 << 20) - 100);
            assert_eq!(first, second);
            let third = allocate(context, 3 << 20);
            assert_ne!(first, third);
        }
        status::OK
    });
    assert_ok(outcome);
}

#[test]
fn new_arrays_hold_the_pattern() {
    let limits = Limits { fill: Some(0xCD), ..Limits::default() };
    let outcome = in_call(&limits, |context| {
        for size in [0, 1, 100, 3 << 20, 3 << 20] {
            // SAFETY: the context is that of the running task; the array has `size` bytes.
            unsafe {
                let owner = allocate(context, size);
                let bytes = slice::from_raw_parts_mut(owner as *mut u8, size as usize);
                assert!(bytes.iter().all(|&byte| byte == 0xCD));
                bytes.fill(0);
                release(context, owner);
            }
        }
        status::OK
    });
    assert_ok(outcome);
}

#[test]
fn the_host_takes_an_array_without_copying() {
    let mut taken: Vec<Buffer> = Vec::new();
    let outcome = in_call(&Limits::default(), |context| {
        // SAFETY: the context is that of the running task; each owner gives one count away.
        unsafe {
            let whole = allocate(context, 100);
            (whole as *mut u8).write_bytes(1, 100);
            let shared = allocate(context, 50);
            (shared as *mut u8).write_bytes(2, 50);
            retain(context, shared);
            for owner in [whole, shared, shared] {
                taken.push(Buffer::take(context, owner));
            }
            assert_eq!(taken[0].bytes().as_ptr().addr(), whole as usize);
            assert_ne!(taken[1].bytes().as_ptr().addr(), shared as usize);
            assert_eq!(taken[2].bytes().as_ptr().addr(), shared as usize);
            assert!(context.arrays.is_null());
        }
        status::OK
    });
    assert_ok(outcome);
    assert_eq!(taken[0].bytes(), [1; 100]);
    assert_eq!(taken[1].bytes(), taken[2].bytes());
}
