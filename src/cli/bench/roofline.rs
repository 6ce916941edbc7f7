//! How near a time is to what the machine allows: the time that moving the bytes takes at the measured bandwidth, or that of the
//! operations at the measured rate, whichever is longer. Williams, Waterman, Patterson, "Roofline", CACM 2009.

use super::ceilings::{Bandwidth, Peaks};
use super::work::Load;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    Memory,
    Arithmetic,
}

impl Limit {
    pub fn name(self) -> &'static str {
        match self {
            Limit::Memory => "memory",
            Limit::Arithmetic => "arithmetic",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Position {
    pub limit: Limit,
    /// 1 at the ceiling.
    pub fraction: f64,
}

/// None for a call that neither moves nor computes anything that is counted.
pub fn position(
    load: &Load,
    bandwidth: &Bandwidth,
    peaks: &Peaks,
    parallel: bool,
    seconds: f64,
) -> Option<Position> {
    let memory = memory_seconds(load, bandwidth, parallel);
    let arithmetic = load.operations.map_or(0.0, |operations| {
        operations.f64 / peaks.f64.on(parallel) + operations.f32 / peaks.f32.on(parallel)
    });
    let (limit, least) =
        if arithmetic > memory { (Limit::Arithmetic, arithmetic) } else { (Limit::Memory, memory) };
    (least > 0.0).then(|| Position { limit, fraction: least / seconds })
}

/// A third of the triad's bytes are written. A call that writes less is between reading alone and the triad.
fn memory_seconds(load: &Load, bandwidth: &Bandwidth, parallel: bool) -> f64 {
    if load.bytes() == 0.0 {
        return 0.0;
    }
    let triad = (3.0 * load.bytes_written / load.bytes()).min(1.0);
    let per_byte = triad / bandwidth.triad.on(parallel) + (1.0 - triad) / bandwidth.read.on(parallel);
    load.bytes() * per_byte
}

#[cfg(test)]
mod tests {
    use super::super::ceilings::Rates;
    use super::super::work::{Operations, Source};
    use super::*;

    #[test]
    fn the_longer_of_the_two_limits() {
        let rates = |one: f64| Rates { one, all: 2.0 * one };
        let bandwidth = Bandwidth { read: rates(40e9), triad: rates(20e9) };
        let peaks = Peaks { f64: rates(30e9), f32: rates(60e9) };
        let operations = |f64| Some(Operations { f32: 0.0, f64 });
        let load = |read, written, f64| Load {
            operations: operations(f64),
            bytes_read: read,
            bytes_written: written,
            source: Source::Counted,
        };
        let at = |load: &Load, parallel, seconds| {
            let position = position(load, &bandwidth, &peaks, parallel, seconds).unwrap();
            (position.limit, (position.fraction * 1000.0).round() / 1000.0)
        };
        assert_eq!(at(&load(16e6, 8e6, 2e6), false, 2.4e-3), (Limit::Memory, 0.5));
        assert_eq!(at(&load(16e6, 8e6, 2e6), true, 2.4e-3), (Limit::Memory, 0.25));
        assert_eq!(at(&load(8e6, 0.0, 2e6), false, 1e-3), (Limit::Memory, 0.2));
        assert_eq!(at(&load(8e6, 0.0, 30e6), false, 1e-3), (Limit::Arithmetic, 1.0));
        assert_eq!(position(&load(0.0, 0.0, 0.0), &bandwidth, &peaks, false, 1.0), None);
    }
}
