//! What the machine can do, measured in the same run: bandwidth on as much data as the kernel has, and multiply–adds. Loops in Rust at
//! 128 bits, so that they are the ceiling of this compiler's vectors and not of itself.

use super::peak;
use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

/// On one thread, and on as many as the kernel has.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rates {
    pub one: f64,
    pub all: f64,
}

/// Bytes per second on data of a size.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Bandwidth {
    /// Reading everything.
    pub read: Rates,
    /// `a[i] = b[i] + s * c[i]` in f64: two thirds read, one third written, 24 bytes per element.
    pub triad: Rates,
}

/// Operations per second; a multiply–add is two.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Peaks {
    pub f64: Rates,
    pub f32: Rates,
}

/// Less data is in the first cache, more is in memory.
const LEAST: u64 = 16 << 10;
const MOST: u64 = 512 << 20;

/// How long one try takes, and how many there are: the best counts, as nothing runs faster than it can.
const TRY: Duration = Duration::from_millis(12);
const TRIES: usize = 4;

impl Rates {
    pub fn on(&self, parallel: bool) -> f64 {
        if parallel { self.all } else { self.one }
    }
}

pub fn bandwidth(bytes: u64, threads: usize) -> Bandwidth {
    let bytes = bytes.clamp(LEAST, MOST) as usize;
    let on = |threads: usize| (read(bytes / threads, threads), triad(bytes / threads, threads));
    let one = on(1);
    let all = if threads > 1 { on(threads) } else { one };
    Bandwidth { read: Rates { one: one.0, all: all.0 }, triad: Rates { one: one.1, all: all.1 } }
}

pub fn peaks(threads: usize) -> Peaks {
    const ROUNDS: usize = 20_000;
    let rates = |rounds: fn(usize), operations: fn(usize) -> f64| {
        let on = |threads| rate(threads, operations(ROUNDS), || (), |_: &mut ()| rounds(ROUNDS));
        let one = on(1);
        Rates { one, all: if threads > 1 { on(threads) } else { one } }
    };
    Peaks {
        f64: rates(peak::f64_rounds, peak::f64_operations),
        f32: rates(peak::f32_rounds, peak::f32_operations),
    }
}

/// Bytes per second; each thread has so many bytes.
fn read(bytes: usize, threads: usize) -> f64 {
    let elements = (bytes / 8).max(1);
    rate(threads, (8 * elements) as f64, || vec![1u64; elements], |data: &mut Vec<u64>| black_box(sum(data)))
}

fn triad(bytes: usize, threads: usize) -> f64 {
    let elements = (bytes / 24).max(1);
    let arrays = || [vec![0.0; elements], vec![1.0; elements], vec![2.0; elements]];
    rate(threads, (24 * elements) as f64, arrays, |[a, b, c]: &mut [Vec<f64>; 3]| {
        scaled_sum(a, b, black_box(0.5), c)
    })
}

/// Integers, because their sums may be taken in any order: several vectors at a time.
fn sum(data: &[u64]) -> u64 {
    let mut sums = [0u64; 16];
    let (blocks, rest) = data.as_chunks::<16>();
    for block in blocks {
        sums.iter_mut().zip(block).for_each(|(sum, value)| *sum = sum.wrapping_add(*value));
    }
    sums.iter().chain(rest).fold(0, |total, value| total.wrapping_add(*value))
}

fn scaled_sum(a: &mut [f64], b: &[f64], s: f64, c: &[f64]) {
    for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
        *a = b + s * c;
    }
}

/// What all threads together do per second, if a pass of one does `amount`; the best of a few tries. Each thread makes its own data.
fn rate<D, R>(
    threads: usize,
    amount: f64,
    make: impl Fn() -> D + Sync,
    pass: impl Fn(&mut D) -> R + Sync,
) -> f64 {
    let barrier = Barrier::new(threads);
    let work = || {
        let mut data = make();
        pass(&mut data);
        let mut rates = [0.0; TRIES];
        for rate in &mut rates {
            barrier.wait();
            let start = Instant::now();
            let mut passes = 0;
            while start.elapsed() < TRY {
                pass(&mut data);
                passes += 1;
            }
            *rate = f64::from(passes) * amount / start.elapsed().as_secs_f64();
        }
        rates
    };
    let all: Vec<[f64; TRIES]> = thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let own = work();
        let others = helpers.into_iter().map(|helper| helper.join().expect("measuring does not panic"));
        std::iter::once(own).chain(others).collect()
    });
    (0..TRIES).map(|k| all.iter().map(|rates| rates[k]).sum::<f64>()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn everything_is_summed() {
        let data: Vec<u64> = (0..100).collect();
        assert_eq!(sum(&data), 4950);
    }

    #[test]
    fn every_thread_counts() {
        let calls = AtomicUsize::new(0);
        let pass = |_: &mut ()| {
            calls.fetch_add(1, Ordering::Relaxed);
            thread::sleep(Duration::from_millis(5));
        };
        let rate = rate(2, 1.0, || (), pass);
        assert!(rate > 0.0 && calls.into_inner() >= 2 * (TRIES + 1));
    }
}
