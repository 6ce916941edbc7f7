//! Reductions have the bits of the tree, however they are divided.

use super::*;
use crate::base::tree;

unsafe extern "C" fn add(left: *mut u64, right: *const u64) {
    // SAFETY: one slot each.
    unsafe { *left = (f64::from_bits(*left) + f64::from_bits(*right)).to_bits() }
}

/// Ten slots, added each.
unsafe extern "C" fn add_ten(left: *mut u64, right: *const u64) {
    for slot in 0..10 {
        // SAFETY: ten slots each.
        unsafe { add(left.add(slot), right.add(slot)) }
    }
}

/// Values of many magnitudes, so that every order of summation has other bits.
fn values(n: usize) -> Vec<f64> {
    let mut state = 88172645463325252u64;
    let step = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as i64 as f64 / (1u64 << (20 + state % 40)) as f64
    };
    (0..n).map(step).collect()
}

fn sum(values: &[f64]) -> f64 {
    tree::reduce(values, &mut |a, b| a + b).unwrap_or(0.0)
}

/// The body sums the subtree that it is given in the order of the tree.
fn run_sum(call: &Call, values: &[f64], cost: u64) -> f64 {
    let body = |_, begin: i64, end: i64, partials: *mut u64| {
        assert!(end - begin <= tree::RUN as i64);
        // SAFETY: one slot.
        unsafe {
            assert_eq!(*partials, 0.0f64.to_bits(), "starts at the identity");
            *partials = sum(&values[begin as usize..end as usize]).to_bits();
        }
        status::OK
    };
    let mut partials = [0.0f64.to_bits()];
    let looped = Loop { cost, combine: Some(add), slots: 1, ..Loop::new(&body, 0, values.len() as i64) };
    assert_ok(looped.enter(call, &mut partials));
    f64::from_bits(partials[0])
}

#[test]
fn sums_have_the_bits_of_the_tree() {
    let values = values(300_000);
    let limits = Limits::default();
    let lengths = (0..300).chain([999, 1000, 1023, 1025, 4095, 4096, 4097, 10_000, 65_537, 300_000]);
    let lengths: Vec<usize> = lengths.collect();
    for threads in [1, 2, 7] {
        let pool = pool(threads);
        for schedule in [Schedule::default(), eager(), chunks_of(1), chunks_of(5000)] {
            let call = Call::new(&pool, &limits, &schedule);
            for &n in &lengths {
                // The last cost makes single iterations chunks of their own.
                for cost in [1, 1000, 100_000, 10_000_000] {
                    let result = run_sum(&call, &values[..n], cost);
                    let expected = sum(&values[..n]);
                    assert_eq!(
                        result.to_bits(),
                        expected.to_bits(),
                        "{n} values, {threads} threads, {cost} ps"
                    );
                }
            }
        }
    }
}

#[test]
fn many_slots() {
    let (pool, limits, schedule) = (pool(2), Limits::default(), Schedule::default());
    let call = Call::new(&pool, &limits, &schedule);
    let values = values(20_000);
    let body = |_, begin: i64, end: i64, partials: *mut u64| {
        let total = sum(&values[begin as usize..end as usize]);
        for slot in 0..10 {
            // SAFETY: ten slots.
            unsafe { *partials.add(slot) = (total * (1u64 << slot) as f64).to_bits() };
        }
        status::OK
    };
    for cost in [1, 100_000, 10_000_000] {
        for n in [0, 5, 100, 1000, 20_000] {
            let mut partials = [0.0f64.to_bits(); 10];
            let looped = Loop { cost, combine: Some(add_ten), slots: 10, ..Loop::new(&body, 0, n) };
            assert_ok(looped.enter(&call, &mut partials));
            for (slot, bits) in partials.into_iter().enumerate() {
                assert_eq!(f64::from_bits(bits), sum(&values[..n as usize]) * (1u64 << slot) as f64);
            }
        }
    }
}

#[test]
fn an_empty_range_leaves_the_identities() {
    let (pool, limits, schedule) = (pool(2), Limits::default(), eager());
    let call = Call::new(&pool, &limits, &schedule);
    let body = |_, _, _, _| panic!("there is nothing to run");
    let mut partials = [42];
    assert_ok(Loop { combine: Some(add), slots: 1, ..Loop::new(&body, 3, 3) }.enter(&call, &mut partials));
    assert_ok(Loop { combine: Some(add), slots: 1, ..Loop::new(&body, 3, -3) }.enter(&call, &mut partials));
    assert_eq!(partials, [42]);
}

#[test]
fn the_lowest_fault_is_reported() {
    let (pool, limits, schedule) = (pool(7), Limits::default(), Schedule::default());
    let call = Call::new(&pool, &limits, &schedule);
    for round in 0..200i64 {
        let lowest = round * 97 % 19_000;
        let body = |context, begin, end, _| match (begin..end).find(|i| *i == lowest || *i > lowest + 70) {
            Some(i) => fault(context, i),
            None => status::OK,
        };
        for (n, cost) in [(20_000, 100_000), (lowest + 1, 10), (lowest + 5, 10_000_000)] {
            let mut partials = [0];
            let looped = Loop { cost, combine: Some(add), slots: 1, ..Loop::new(&body, 0, n) };
            let outcome = looped.enter(&call, &mut partials);
            assert!(matches!(outcome, Outcome::Fault(fault) if fault.values[0] == lowest), "{outcome:?}");
        }
    }
}

#[test]
fn a_huge_reduction_is_cancelled() {
    let body = |_, _, _, _| status::OK;
    let looped = Loop { cost: 1, combine: Some(add), slots: 1, ..Loop::new(&body, i64::MIN, 1 << 62) };
    for threads in [1, 2] {
        let pool = pool(threads);
        for schedule in [Schedule::default(), chunks_of(1)] {
            promptly(|| {
                let token = CancelToken::new();
                let limits = Limits { cancel: Some(token.clone()), ..Limits::default() };
                let call = Call::new(&pool, &limits, &schedule);
                let cancelled = cancel_soon(token);
                let outcome = looped.enter(&call, &mut [0]);
                assert!(matches!(outcome, Outcome::Cancelled), "{outcome:?}");
                cancelled.join().expect("it does not panic").elapsed()
            });
        }
    }
}
