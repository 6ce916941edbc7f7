//! Medians, and intervals for them that assume nothing about how times are distributed.

/// An estimate with its 95 % interval.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Estimate {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

/// The chance that the interval holds the true median is at least this, given six values or more.
pub const CONFIDENCE: f64 = 0.95;

impl Estimate {
    /// The median, and the narrowest pair of order statistics, the same number from either end, that holds the true median with
    /// [`CONFIDENCE`]: the number of values below it is binomial, whatever their distribution. With fewer than six values the interval
    /// is from the least to the greatest.
    ///
    /// # Panics
    /// If there are no values.
    pub fn of(values: &[f64]) -> Estimate {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let skipped = skipped(sorted.len());
        Estimate { median: middle(&sorted), low: sorted[skipped], high: sorted[sorted.len() - 1 - skipped] }
    }

    /// How many times as fast the other is, from the times of neighbours.
    pub fn ratio(times: &[f64], others: &[f64]) -> Estimate {
        let ratios: Vec<f64> = times.iter().zip(others).map(|(time, other)| time / other).collect();
        Estimate::of(&ratios)
    }

    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    middle(values)
}

fn middle(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { 0.5 * (sorted[half - 1] + sorted[half]) }
}

/// How many values may be left out at either end: the most with `2 · P(Binomial(n, ½) ≤ skipped) ≤ 1 − CONFIDENCE`.
fn skipped(n: usize) -> usize {
    let mut probability = (0..n).fold(1.0, |power, _| power * 0.5);
    let mut below = 0.0;
    let mut skipped = 0;
    for k in 0..n / 2 {
        below += probability;
        if 2.0 * below > 1.0 - CONFIDENCE {
            break;
        }
        skipped = k;
        probability *= (n - k) as f64 / (k + 1) as f64;
    }
    skipped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The well-known table of ranks for 95 %: (number of values, rank from either end).
    #[test]
    fn ranks_are_those_of_the_sign_test() {
        for (n, rank) in [(6, 1), (8, 1), (9, 2), (12, 3), (20, 6), (25, 8), (50, 18)] {
            assert_eq!(skipped(n) + 1, rank, "{n}");
        }
    }

    #[test]
    fn estimates_of_few_values_are_their_range() {
        let estimate = Estimate::of(&[3.0, 1.0, 2.0]);
        assert_eq!(estimate, Estimate { median: 2.0, low: 1.0, high: 3.0 });
        assert_eq!(Estimate::of(&[5.0]), Estimate { median: 5.0, low: 5.0, high: 5.0 });
    }

    #[test]
    fn ratios_are_of_neighbours() {
        let times: Vec<f64> = (1..=9).map(f64::from).collect();
        let others: Vec<f64> = times.iter().map(|time| time / 2.0).collect();
        assert_eq!(Estimate::ratio(&times, &others), Estimate { median: 2.0, low: 2.0, high: 2.0 });
    }
}
