//! How much a call must move and compute: counted, or not said.
//!
//! The reference interpreter counts at the size itself where that is quick. At larger sizes it counts at six small ones; a count that is
//! a polynomial of the size there, of degree three at most, is that polynomial everywhere, since loops over arrays have no other
//! counts unless they depend on the data. If it is none, operations are not known, and bytes are those of whole arrays.

use durum::Work;

/// Work of one call. Bytes are what must be moved at least: every element that is touched, once.
#[derive(Clone, PartialEq, Debug)]
pub struct Load {
    pub operations: Option<Operations>,
    pub bytes_read: f64,
    pub bytes_written: f64,
    pub source: Source,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Operations {
    pub f32: f64,
    pub f64: f64,
}

/// Where the numbers come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// Counted in a run of the interpreter.
    Counted,
    /// A polynomial through counts at smaller sizes.
    Polynomial,
    /// Bytes are those of whole arrays; operations may be known from smaller sizes.
    WholeArrays,
}

impl Source {
    pub fn name(self) -> &'static str {
        match self {
            Source::Counted => "counted",
            Source::Polynomial => "polynomial",
            Source::WholeArrays => "whole arrays",
        }
    }
}

impl Operations {
    pub fn total(&self) -> f64 {
        self.f32 + self.f64
    }
}

impl Load {
    pub fn counted(work: Work) -> Load {
        let Work { f32_operations, f64_operations, bytes_read, bytes_written } = work;
        Load {
            operations: Some(Operations { f32: f32_operations as f64, f64: f64_operations as f64 }),
            bytes_read: bytes_read as f64,
            bytes_written: bytes_written as f64,
            source: Source::Counted,
        }
    }

    /// At size `n`, from counts at the sizes `step, 2 · step, …`, or else from the bytes of whole arrays, read and written.
    pub fn beyond(counts: &[Work], step: i64, n: i64, arrays: (f64, f64)) -> Load {
        let at = |count: fn(&Work) -> u64| {
            let values: Vec<i128> = counts.iter().map(|work| count(work).into()).collect();
            polynomial(&values, n as f64 / step as f64 - 1.0)
        };
        let operations = at(|work| work.f32_operations).zip(at(|work| work.f64_operations));
        let operations = operations.map(|(f32, f64)| Operations { f32, f64 });
        match at(|work| work.bytes_read).zip(at(|work| work.bytes_written)) {
            Some((bytes_read, bytes_written)) => {
                Load { operations, bytes_read, bytes_written, source: Source::Polynomial }
            }
            None => Load {
                operations,
                bytes_read: arrays.0,
                bytes_written: arrays.1,
                source: Source::WholeArrays,
            },
        }
    }

    pub fn bytes(&self) -> f64 {
        self.bytes_read + self.bytes_written
    }
}

/// The values at 0, 1, 2, … continued to `position`, if they are those of a polynomial of degree three at most and at least two of
/// them are there to confirm it.
fn polynomial(values: &[i128], position: f64) -> Option<f64> {
    const DEGREE: usize = 3;
    if values.len() < DEGREE + 3 {
        return None;
    }
    // Newton's forward differences.
    let mut differences = values.to_vec();
    let (mut result, mut binomial) = (0.0, 1.0);
    for order in 0..=DEGREE {
        result += binomial * differences[0] as f64;
        binomial *= (position - order as f64) / (order + 1) as f64;
        differences = differences.windows(2).map(|pair| pair[1] - pair[0]).collect();
    }
    differences.iter().all(|difference| *difference == 0).then_some(result.round())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_continue() {
        let cubes: Vec<i128> = (1..=6).map(|n| 2 * n * n * n - n + 5).collect();
        assert_eq!(polynomial(&cubes, 999.0), Some(2e9 - 1000.0 + 5.0));
        let logarithmic: Vec<i128> = (1..=6).map(|n: i128| n * i128::from(n.ilog2())).collect();
        assert_eq!(polynomial(&logarithmic, 999.0), None);
        assert_eq!(polynomial(&cubes[..5], 999.0), None);
    }

    #[test]
    fn what_cannot_be_counted_is_whole_arrays() {
        let load = Load::beyond(&[], 32, 1_000_000, (16e6, 8e6));
        assert_eq!((load.operations, load.bytes(), load.source), (None, 24e6, Source::WholeArrays));
        let linear: Vec<Work> = (1..=6)
            .map(|k| Work { f64_operations: 64 * k, bytes_read: 256 * k, ..Work::default() })
            .collect();
        let load = Load::beyond(&linear, 32, 1_000_000, (0.0, 0.0));
        let operations = Some(Operations { f32: 0.0, f64: 2e6 });
        assert_eq!((load.operations, load.bytes_read, load.source), (operations, 8e6, Source::Polynomial));
    }
}
