//! Timing: configurations take turns, A B C D A B C D …, so that a machine that drifts slows all of them. A turn is as many calls as fit
//! into its time, each timed alone; the median of its calls is one observation, and intervals come from those.

use super::super::failure::Failure;
use super::case::Case;
use super::statistics::{Estimate, median};
use durum::Kernel;
use indicatif::ProgressBar;
use std::time::{Duration, Instant};

/// How a configuration did.
#[derive(Clone, PartialEq, Debug)]
pub struct Sample {
    /// Seconds of a call, one per turn.
    pub turns: Vec<f64>,
    /// Calls that were timed.
    pub calls: usize,
}

impl Sample {
    pub fn time(&self) -> Estimate {
        Estimate::of(&self.turns)
    }
}

/// With six turns an order-statistic interval covers 95 %.
const FEWEST_TURNS: usize = 6;
const MOST_TURNS: usize = 50;

/// Measures each kernel for about `time`, or six calls where these take longer.
pub fn measure(case: &mut Case, kernels: &[&Kernel], time: Duration) -> Result<Vec<Sample>, Failure> {
    let slowest = warm_up(case, kernels, time)?;
    let turns = (time.as_secs_f64() / slowest.max(1e-9)) as usize;
    let turns = turns.clamp(FEWEST_TURNS, MOST_TURNS);
    let length = time / turns as u32;
    let clock = clock_cost();
    let bar = ProgressBar::new((turns * kernels.len()) as u64);
    let mut samples = vec![Sample { turns: vec![], calls: 0 }; kernels.len()];
    for _ in 0..turns {
        for (kernel, sample) in kernels.iter().zip(&mut samples) {
            let mut calls = turn(case, kernel, length)?;
            sample.calls += calls.len();
            sample.turns.push((median(&mut calls) - clock).max(clock));
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    Ok(samples)
}

/// Calls every kernel for a tenth of its time, at least once. Gives the seconds of the slowest call, that of the fastest of each kernel.
fn warm_up(case: &mut Case, kernels: &[&Kernel], time: Duration) -> Result<f64, Failure> {
    let mut slowest = 0.0f64;
    for kernel in kernels {
        let start = Instant::now();
        let mut fastest = f64::INFINITY;
        while fastest.is_infinite() || start.elapsed() < time / 10 {
            fastest = fastest.min(case.call(kernel)?);
        }
        slowest = slowest.max(fastest);
    }
    Ok(slowest)
}

/// Seconds of each call. The first of several finds the caches as another configuration left them, and is not one of them.
fn turn(case: &mut Case, kernel: &Kernel, length: Duration) -> Result<Vec<f64>, Failure> {
    const MOST_CALLS: usize = 10_000;
    let start = Instant::now();
    let mut calls = vec![];
    while calls.is_empty() || start.elapsed() < length && calls.len() < MOST_CALLS {
        calls.push(case.call(kernel)?);
    }
    if calls.len() > 2 {
        calls.remove(0);
    }
    Ok(calls)
}

/// Seconds between two looks at the clock.
fn clock_cost() -> f64 {
    let look = || {
        let start = Instant::now();
        start.elapsed().as_secs_f64()
    };
    median(&mut (0..1001).map(|_| look()).collect::<Vec<_>>())
}
