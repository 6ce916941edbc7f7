//! Chunks: coverage, faults, nesting, callers of every kind.

use super::*;
use crate::runtime::Progress;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// How often each of `begin..begin + n` was run.
fn visits(call: &Call, begin: i64, n: usize) -> Vec<u32> {
    let counts: Vec<AtomicU32> = (0..n).map(|_| AtomicU32::new(0)).collect();
    let body = |_, from: i64, to: i64, _| {
        for i in from..to {
            counts[(i - begin) as usize].fetch_add(1, Ordering::Relaxed);
        }
        status::OK
    };
    assert_ok(Loop::new(&body, begin, begin + n as i64).enter(call, &mut []));
    counts.into_iter().map(AtomicU32::into_inner).collect()
}

#[test]
fn every_iteration_runs_once() {
    let limits = Limits::default();
    for threads in [1, 2, 7] {
        let pool = pool(threads);
        for schedule in [eager(), chunks_of(1), chunks_of(7), chunks_of(1000), Schedule::default()] {
            let call = Call::new(&pool, &limits, &schedule);
            for n in (0..100).chain([127, 128, 129, 500, 999, 1000]) {
                assert_eq!(
                    visits(&call, -5, n),
                    vec![1; n],
                    "{n} iterations, {threads} threads, {schedule:?}"
                );
            }
        }
        let schedule = Schedule::default();
        let call = Call::new(&pool, &limits, &schedule);
        assert!(visits(&call, 0, 1_000_000).iter().all(|&count| count == 1));
    }
}

#[test]
fn backward_and_extreme_ranges() {
    let (pool, limits, schedule) = (pool(2), Limits::default(), chunks_of(1 << 62));
    let call = Call::new(&pool, &limits, &schedule);
    let length = AtomicU64::new(0);
    let body = |_, begin: i64, end: i64, _| {
        assert!(begin < end);
        length.fetch_add(end.wrapping_sub(begin) as u64, Ordering::Relaxed);
        status::OK
    };
    for (begin, end, expected) in [
        (5, 5, 0),
        (5, -5, 0),
        (i64::MAX, i64::MIN, 0),
        (i64::MIN, i64::MAX, u64::MAX),
        (-1, i64::MAX, 1 << 63),
    ] {
        length.store(0, Ordering::Relaxed);
        assert_ok(Loop::new(&body, begin, end).enter(&call, &mut []));
        assert_eq!(length.load(Ordering::Relaxed), expected, "{begin}..{end}");
    }
}

#[test]
fn small_regions_run_inline_as_one_call() {
    let (pool, limits, schedule) = (pool(2), Limits::default(), Schedule::default());
    let call = Call::new(&pool, &limits, &schedule);
    let (calls, caller) = (AtomicUsize::new(0), std::thread::current().id());
    let body = |_, _, _, _| {
        calls.fetch_add(1, Ordering::Relaxed);
        assert_eq!(std::thread::current().id(), caller);
        status::OK
    };
    assert_ok(Loop { cost: 1000, ..Loop::new(&body, 0, 1000) }.enter(&call, &mut []));
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

#[test]
fn an_underestimated_loop_is_distributed_all_the_same() {
    let (pool, limits, schedule) = (pool(2), Limits::default(), Schedule::default());
    let call = Call::new(&pool, &limits, &schedule);
    let (visited, threads) = (Mutex::new(Vec::new()), Mutex::new(HashSet::new()));
    let body = |_, begin: i64, end: i64, _| {
        std::thread::sleep(Duration::from_millis(1));
        visited.lock().expect("nobody panics").extend(begin..end);
        threads.lock().expect("nobody panics").insert(std::thread::current().id());
        status::OK
    };
    assert_ok(Loop { cost: 50_000, ..Loop::new(&body, 0, 200) }.enter(&call, &mut []));
    let mut visited = visited.into_inner().expect("nobody panics");
    visited.sort_unstable();
    assert_eq!(visited, Vec::from_iter(0..200));
    assert_eq!(threads.into_inner().expect("nobody panics").len(), 2);
}

#[test]
fn the_lowest_fault_is_reported() {
    let (pool, limits) = (pool(7), Limits::default());
    for round in 0..200 {
        let schedule = chunks_of([1, 3, 16, 100][round % 4]);
        let call = Call::new(&pool, &limits, &schedule);
        let lowest = (round * 37 % 900) as i64;
        let faults = [lowest, lowest + 1, lowest + 50, 999];
        let body = |context, begin, end, _| {
            for i in begin..end {
                if i == lowest {
                    // The lowest comes late: others have been met by then.
                    spin(Duration::from_micros(50));
                }
                if faults.contains(&i) {
                    return fault(context, i);
                }
            }
            status::OK
        };
        let outcome = Loop::new(&body, 0, 1000).enter(&call, &mut []);
        assert!(matches!(outcome, Outcome::Fault(fault) if fault.values[0] == lowest), "{outcome:?}");
        assert_eq!(call.interrupt_status(), status::OK);
        assert_eq!(call.interrupt().load(Ordering::Relaxed), 0);
    }
}

#[test]
fn chunks_above_a_fault_stop_even_if_they_would_never_end() {
    let (pool, limits, schedule) = (pool(2), Limits::default(), chunks_of(1));
    let call = Call::new(&pool, &limits, &schedule);
    let endless = AtomicBool::new(false);
    let body = |context, begin, _, _| {
        if begin == 0 {
            let patience = Instant::now();
            while !endless.load(Ordering::Relaxed) && patience.elapsed() < Duration::from_secs(5) {
                std::thread::yield_now();
            }
            return fault(context, 0);
        }
        endless.store(true, Ordering::Relaxed);
        loop {
            // SAFETY: the context is that of the running task.
            match unsafe { crate::runtime::call::poll(context) } {
                status::OK => std::thread::yield_now(),
                stopped => return stopped,
            }
        }
    };
    let outcome = Loop::new(&body, 0, 100).enter(&call, &mut []);
    assert!(matches!(outcome, Outcome::Fault(fault) if fault.values[0] == 0), "{outcome:?}");
}

#[test]
fn nested_regions_run_inline() {
    let (pool, limits, schedule) = (pool(2), Limits::default(), chunks_of(1));
    let call = Call::new(&pool, &limits, &schedule);
    let total = AtomicI64::new(0);
    let body = |context: *mut Context, begin: i64, end: i64, _| {
        let outer = (context.addr(), std::thread::current().id());
        let inner = |context: *mut Context, from: i64, to: i64, _| {
            assert_eq!((context.addr(), std::thread::current().id()), outer);
            assert_eq!((from, to), (0, 10));
            total.fetch_add((end - begin) * (to - from), Ordering::Relaxed);
            status::OK
        };
        Loop::new(&inner, 0, 10).run(context, &mut [])
    };
    assert_ok(Loop::new(&body, 0, 50).enter(&call, &mut []));
    assert_eq!(total.into_inner(), 500);
}

#[test]
fn a_worker_of_the_pool_may_call() {
    let rayon = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads"));
    let pool = Pool::from_rayon(rayon.clone());
    assert_eq!(pool.threads(), 3);
    // More callers than workers, all of them workers.
    rayon.scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|_| {
                let (limits, schedule) = (Limits::default(), chunks_of(3));
                let call = Call::new(&pool, &limits, &schedule);
                assert_eq!(visits(&call, 0, 500), vec![1; 500]);
            });
        }
    });
}

#[test]
fn many_callers_share_a_pool() {
    let pool = pool(2);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let (limits, schedule) = (Limits::default(), chunks_of(10));
                let call = Call::new(&pool, &limits, &schedule);
                for _ in 0..100 {
                    assert_eq!(visits(&call, 0, 300), vec![1; 300]);
                }
            });
        }
    });
}

/// A busy pool does not hold up a region, and offers to it do not pile up.
#[test]
fn a_busy_pool_is_not_waited_for() {
    let rayon = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("threads"));
    let pool = Pool::from_rayon(rayon.clone());
    let release = Arc::new(AtomicBool::new(false));
    for _ in 0..2 {
        let release = release.clone();
        rayon.spawn(move || {
            while !release.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
        });
    }
    let (limits, schedule) = (Limits::default(), chunks_of(10));
    let call = Call::new(&pool, &limits, &schedule);
    for _ in 0..100 {
        assert_eq!(visits(&call, 0, 100), vec![1; 100]);
    }
    release.store(true, Ordering::Relaxed);
}

#[cfg(unix)]
#[test]
fn a_forked_child_has_a_pool_of_its_own() {
    let pool = pool(2);
    let (limits, schedule) = (Limits::default(), chunks_of(1));
    let call = Call::new(&pool, &limits, &schedule);
    assert_eq!(visits(&call, 0, 100), vec![1; 100]);
    // SAFETY: the child only runs a region and leaves without unwinding or destructors.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let threads = Mutex::new(HashSet::new());
        let body = |_, _, _, _| {
            std::thread::sleep(Duration::from_millis(1));
            threads.lock().expect("nobody panics").insert(std::thread::current().id());
            status::OK
        };
        let outcome = Loop::new(&body, 0, 200).enter(&call, &mut []);
        let deadline = Limits { timeout: Some(Duration::from_millis(20)), ..Limits::default() };
        let timed = Loop::new(&forever, 0, 50).enter(&Call::new(&pool, &deadline, &schedule), &mut []);
        let good = matches!(outcome, Outcome::Ok) && matches!(timed, Outcome::TimedOut);
        let helped = threads.lock().expect("nobody panics").len() == 2;
        // SAFETY: ends the child at once.
        unsafe { libc::_exit(if good && helped { 0 } else { 1 }) };
    }
    let mut ended = 0;
    // SAFETY: waits for the child made above.
    unsafe { libc::waitpid(child, &mut ended, 0) };
    assert_eq!(ended, 0);
    assert_eq!(visits(&call, 0, 100), vec![1; 100]);
}

/// Runs until it is told to stop.
fn forever(context: *mut Context, _: i64, _: i64, _: *mut u64) -> i32 {
    loop {
        // SAFETY: the context is that of the running task.
        match unsafe { crate::runtime::call::poll(context) } {
            status::OK => std::hint::spin_loop(),
            stopped => return stopped,
        }
    }
}

/// The caller sleeps while a helper is at its last chunk.
#[cfg(target_os = "linux")]
#[test]
fn waiting_costs_no_time() {
    let (pool, limits, schedule) = (pool(2), Limits::default(), chunks_of(1));
    let call = Call::new(&pool, &limits, &schedule);
    let caller = std::thread::current().id();
    let helped = AtomicBool::new(false);
    let body = |_, _, _, _| {
        if std::thread::current().id() == caller {
            // Leaves the other chunk to the helper.
            while !helped.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
        } else {
            helped.store(true, Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(300));
        }
        status::OK
    };
    let (before, start) = (thread_time(), Instant::now());
    assert_ok(Loop::new(&body, 0, 2).enter(&call, &mut []));
    assert!(start.elapsed() >= Duration::from_millis(250));
    assert!(thread_time() - before < Duration::from_millis(50));
}

#[cfg(target_os = "linux")]
fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: fills in the time of the current thread.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[test]
fn a_huge_range_is_cancelled() {
    for threads in [1, 2] {
        let pool = pool(threads);
        for schedule in [Schedule::default(), chunks_of(1)] {
            let body = |context, begin: i64, end: i64, partials| {
                if end - begin > 1000 { forever(context, begin, end, partials) } else { status::OK }
            };
            promptly(|| {
                let token = CancelToken::new();
                let limits = Limits { cancel: Some(token.clone()), ..Limits::default() };
                let call = Call::new(&pool, &limits, &schedule);
                let cancelled = cancel_soon(token);
                let outcome = Loop::new(&body, 0, 1 << 62).enter(&call, &mut []);
                assert!(matches!(outcome, Outcome::Cancelled), "{outcome:?}");
                cancelled.join().expect("it does not panic").elapsed()
            });
        }
    }
}

#[test]
fn progress_counts_chunks() {
    let progress = Progress::new();
    let limits = Limits { progress: Some(progress.clone()), ..Limits::default() };
    let (pool, schedule) = (pool(2), chunks_of(10));
    let call = Call::new(&pool, &limits, &schedule);
    assert_eq!(progress.get(), (0, 0));
    visits(&call, 0, 500);
    assert_eq!(progress.get(), (50, 50));
}
