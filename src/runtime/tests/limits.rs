//! Cancelling, deadlines, the memory limit and the stack's.

use super::*;
use crate::runtime::allocate::{allocate, release};
use crate::runtime::call::poll;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Runs until the interrupt flag is set, as generated code does.
fn until_interrupted(context: &mut Context) -> i32 {
    loop {
        // SAFETY: the context is that of the running task.
        let stopped = unsafe {
            match (*context.interrupt).load(Ordering::Relaxed) {
                0 => status::OK,
                _ => poll(context),
            }
        };
        if stopped != status::OK {
            return stopped;
        }
        std::hint::spin_loop();
    }
}

fn enter(limits: &Limits, kernel: impl FnOnce(&mut Context) -> i32) -> Outcome {
    Call::new(&Pool::serial(), limits, &Schedule::default()).enter(kernel)
}

/// How late a call ends that runs until its timeout.
fn lateness(timeout: Duration) -> Duration {
    let start = Instant::now();
    let outcome = enter(&Limits { timeout: Some(timeout), ..Limits::default() }, until_interrupted);
    assert!(matches!(outcome, Outcome::TimedOut), "{outcome:?}");
    start.elapsed().checked_sub(timeout).expect("not before its time")
}

#[test]
fn a_deadline_stops_a_call() {
    for timeout in [0, 1, 50].map(Duration::from_millis) {
        promptly(|| lateness(timeout));
    }
}

#[test]
fn deadlines_do_not_disturb_each_other() {
    let long = Limits { timeout: Some(Duration::from_secs(3600)), ..Limits::default() };
    let never = Limits { timeout: Some(Duration::MAX), ..Limits::default() };
    let (pool, schedule) = (Pool::serial(), Schedule::default());
    let long = Call::new(&pool, &long, &schedule);
    let never = Call::new(&pool, &never, &schedule);
    std::thread::scope(|scope| {
        for timeout in [40, 5, 20, 20, 1].map(Duration::from_millis) {
            scope.spawn(move || promptly(|| lateness(timeout)));
        }
    });
    assert_ok(long.enter(|_| status::OK));
    assert_ok(never.enter(|_| status::OK));
}

#[test]
fn a_token_stops_all_its_calls_and_later_ones() {
    let token = CancelToken::new();
    let limits = Limits { cancel: Some(token.clone()), ..Limits::default() };
    assert_ok(enter(&limits, |_| status::OK));
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..3).map(|_| scope.spawn(|| enter(&limits, until_interrupted))).collect();
        std::thread::sleep(Duration::from_millis(20));
        token.cancel();
        for call in running {
            assert!(matches!(call.join().expect("it does not panic"), Outcome::Cancelled));
        }
    });
    assert!(token.is_cancelled());
    assert!(matches!(enter(&limits, |_| panic!("cancelled before")), Outcome::Cancelled));
}

#[test]
fn the_memory_limit_counts_what_lives() {
    let limits = Limits { memory: Some(10_000), ..Limits::default() };
    let outcome = enter(&limits, |context| {
        // SAFETY: the context is that of the running task, and owners are released once.
        unsafe {
            assert_eq!(allocate(context, 10_001), 0);
            let first = allocate(context, 6_000);
            assert!(first != 0 && allocate(context, 6_000) == 0);
            let second = allocate(context, 4_000);
            assert!(second != 0 && allocate(context, 1) == 0);
            release(context, first);
            assert!(allocate(context, 6_000) != 0);
        }
        status::OK
    });
    assert_ok(outcome);
}

/// All tasks of a call share its limit, and what a chunk leaves is given back.
#[test]
fn the_memory_limit_is_shared_by_tasks() {
    let limits = Limits { memory: Some(2_000), ..Limits::default() };
    let (pool, schedule) = (pool(2), chunks_of(1));
    let call = Call::new(&pool, &limits, &schedule);
    let body = |context, i: i64, _, _| {
        // SAFETY: the context is that of the running task.
        match unsafe { allocate(context, 1_000) } {
            0 => fault(context, i),
            _ => status::OK,
        }
    };
    for _ in 0..100 {
        assert_ok(Loop::new(&body, 0, 20).enter(&call, &mut []));
    }
}

#[test]
fn impossible_sizes_are_refused() {
    let outcome = enter(&Limits::default(), |context| {
        for size in [u64::MAX, u64::MAX - 63, i64::MAX as u64, 1 << 62] {
            // SAFETY: the context is that of the running task.
            assert_eq!(unsafe { allocate(context, size) }, 0);
        }
        status::OK
    });
    assert_ok(outcome);
}

#[test]
fn the_stack_limit_lies_below_the_current_frame() {
    let check = || {
        let outcome = enter(&Limits::default(), |context| {
            let here = std::ptr::from_ref(&context).addr();
            assert!(context.stack_limit < here && here - context.stack_limit > 64 << 10);
            status::OK
        });
        assert_ok(outcome);
    };
    check();
    std::thread::Builder::new().stack_size(1 << 20).spawn(check).expect("a thread").join().expect("it holds");
}
