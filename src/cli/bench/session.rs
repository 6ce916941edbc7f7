//! What a run of `durum bench` found out: sizes, in each the configurations, and what their times mean.

use super::ceilings::{Bandwidth, Peaks};
use super::configuration::Configuration;
use super::machine::Machine;
use super::measure::Sample;
use super::roofline::{self, Position};
use super::statistics::Estimate;
use super::work::Load;

pub struct Session {
    /// The kernel file as it was named.
    pub file: String,
    pub kernel: String,
    /// NAME and VALUE as they were given.
    pub arguments: Vec<(String, String)>,
    /// The name that `--size` gives numbers.
    pub size: Option<String>,
    pub machine: Machine,
    pub threads: usize,
    /// Seconds for each configuration at each size.
    pub time: f64,
    /// None with `--no-ceilings`.
    pub peaks: Option<Peaks>,
    /// Arguments that get their first contents back before each call.
    pub restored: Vec<String>,
    pub measured: Vec<Measured>,
}

/// All configurations at one size.
pub struct Measured {
    pub n: Option<i64>,
    pub load: Load,
    pub bandwidth: Option<Bandwidth>,
    pub rows: Vec<Row>,
}

pub struct Row {
    pub configuration: Configuration,
    /// An earlier configuration that compiles to the same code; the sample is that of it.
    pub same_as: Option<Configuration>,
    pub sample: Sample,
}

impl Measured {
    pub fn row(&self, configuration: Configuration) -> Option<&Row> {
        self.rows.iter().find(|row| row.configuration == configuration)
    }

    /// What users get.
    pub fn best_equipped(&self) -> &Row {
        self.rows.last().expect("there is a plain configuration at least")
    }

    /// How many times as fast this row is as that other configuration. None if that was not measured, or is the same code.
    pub fn speedup(&self, row: &Row, over: Configuration) -> Option<Estimate> {
        let other = self.row(over)?;
        let code = |row: &Row| row.same_as.unwrap_or(row.configuration);
        (code(row) != code(other)).then(|| Estimate::ratio(&other.sample.turns, &row.sample.turns))
    }

    pub fn position(&self, row: &Row, peaks: Option<&Peaks>) -> Option<Position> {
        let seconds = row.sample.time().median;
        roofline::position(&self.load, self.bandwidth.as_ref()?, peaks?, row.configuration.parallel, seconds)
    }

    /// Serial time over parallel time per thread: 1 where every thread is fully used.
    pub fn efficiency(&self, row: &Row, threads: usize) -> Option<f64> {
        let serial = Configuration { parallel: false, ..row.configuration };
        let speedup = row.configuration.parallel.then(|| self.speedup(row, serial))??;
        Some(speedup.median / threads as f64)
    }
}
