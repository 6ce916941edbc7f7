//! Durations and sizes on the command line: `10s`, `500ms`, `2m`; `4GiB`, `500MB`, bytes.

use std::num::NonZero;
use std::time::Duration;

const DURATIONS: &[(&str, f64)] = &[("ms", 1e-3), ("us", 1e-6), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];

const SIZES: &[(&str, f64)] = &[
    ("KiB", 1024.0),
    ("MiB", 1048576.0),
    ("GiB", 1073741824.0),
    ("TiB", 1099511627776.0),
    ("kB", 1e3),
    ("KB", 1e3),
    ("MB", 1e6),
    ("GB", 1e9),
    ("TB", 1e12),
    ("B", 1.0),
];

pub fn duration(text: &str) -> Result<Duration, String> {
    let seconds = quantity(text, DURATIONS);
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "a duration is like 10s, 500ms or 2m".to_string())
}

pub fn bytes(text: &str) -> Result<u64, String> {
    let whole = text.parse::<u64>().ok();
    let bytes = || quantity(text, SIZES).filter(|bytes| *bytes < u64::MAX as f64).map(|bytes| bytes as u64);
    whole.or_else(bytes).ok_or_else(|| "a size is like 4GiB, 500MB or 1000000".to_string())
}

pub fn threads(text: &str) -> Result<NonZero<usize>, String> {
    const MOST: usize = 1024;
    let count = text.trim().parse::<NonZero<usize>>().ok().filter(|count| count.get() <= MOST);
    count.ok_or_else(|| format!("a number of threads is from 1 to {MOST}"))
}

/// A number that is not negative, followed by a unit.
fn quantity(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let (unit, factor) = units.iter().find(|(unit, _)| text.ends_with(unit))?;
    let digits = text.strip_suffix(unit)?.trim_end();
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = digits.parse().ok().filter(|_| plain)?;
    Some(number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "s", "10", "-1s", "1e3s", "nans", "10 parsecs", "99999999999999999999999h"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_have_units_or_are_bytes() {
        assert_eq!(bytes("4GiB"), Ok(4 << 30));
        assert_eq!(bytes("500MB"), Ok(500_000_000));
        assert_eq!(bytes("1.5KiB"), Ok(1536));
        assert_eq!(bytes("123"), Ok(123));
        for wrong in ["", "GiB", "-1", "1.5", "4 gib", "99999999999TB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn threads_are_one_or_more() {
        assert_eq!(threads("3").map(NonZero::get), Ok(3));
        for wrong in ["0", "-1", "x", "", "99999"] {
            assert!(threads(wrong).is_err(), "{wrong}");
        }
    }
}
