//! Timing two programs in turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Ratios of the times of neighbouring runs.
pub struct Ratios {
    pub median: f64,
    pub low: f64,
    pub high: f64,
    /// Median seconds of each.
    pub seconds: (f64, f64),
}

pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Runs A B A B …, after one run of each, and takes the ratios A / B of neighbours.
pub fn compare(rounds: usize, mut a: impl FnMut(), mut b: impl FnMut()) -> Ratios {
    a();
    b();
    let time = |f: &mut dyn FnMut()| {
        let start = Instant::now();
        f();
        start.elapsed().as_secs_f64()
    };
    let times: Vec<(f64, f64)> = (0..rounds).map(|_| (time(&mut a), time(&mut b))).collect();
    let mut ratios: Vec<f64> = times.iter().map(|(a, b)| a / b).collect();
    let median_ratio = median(&mut ratios);
    let seconds = |pick: fn(&(f64, f64)) -> f64| median(&mut times.iter().map(pick).collect::<Vec<_>>());
    Ratios {
        median: median_ratio,
        low: ratios[ratios.len() / 4],
        high: ratios[ratios.len() * 3 / 4],
        seconds: (seconds(|times| times.0), seconds(|times| times.1)),
    }
}

/// Nanoseconds of one call: the median of many batches.
pub fn per_call(mut f: impl FnMut()) -> f64 {
    const BATCH: usize = 1000;
    let mut times: Vec<f64> = (0..200)
        .map(|_| {
            let start = Instant::now();
            (0..BATCH).for_each(|_| f());
            start.elapsed().as_secs_f64() * 1e9 / BATCH as f64
        })
        .collect();
    median(&mut times)
}

pub fn print_ratio(label: &str, ratios: &Ratios, target: &str) {
    let Ratios { median, low, high, seconds } = ratios;
    let (a, b) = (seconds.0 * 1e3, seconds.1 * 1e3);
    println!("{label:<48} {median:6.2}  [{low:.2} … {high:.2}]  {a:.3} ms / {b:.3} ms   (target: {target})");
}

/// A thread that does nothing useful, for as long as it lives.
pub struct Busy {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Busy {
    pub fn start() -> Busy {
        let stop = Arc::new(AtomicBool::new(false));
        let flag = stop.clone();
        let thread = std::thread::spawn(move || while !flag.load(Ordering::Relaxed) {});
        Busy { stop, thread: Some(thread) }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
