//! Digits of floats as NumPy's Dragon4 gives them: the shortest that read back as the same number, cut off at a precision by
//! rounding the exact value half to even.

use super::super::view::Real;

impl Real {
    /// Sign, digits, point, at most `precision` digits after it: `-1.25`, `3.`.
    pub fn positional(self, precision: Option<usize>) -> String {
        let shortest = match self {
            Real::F32(value) => format!("{value}"),
            Real::F64(value) => format!("{value}"),
        };
        let exact = |precision| format!("{:.precision$}", self.value());
        finish(&shortest, precision, exact)
    }

    /// The same before the exponent: `-1.25`, and the exponent.
    pub fn scientific(self, precision: Option<usize>) -> (String, i32) {
        let shortest = match self {
            Real::F32(value) => format!("{value:e}"),
            Real::F64(value) => format!("{value:e}"),
        };
        let text = match precision {
            Some(precision) if decimals(&shortest) > precision => format!("{:.precision$e}", self.value()),
            _ => shortest,
        };
        parts(&text)
    }

    /// The same with exactly so many digits behind the point: those of the exact value, not zeros behind the shortest.
    pub fn scientific_of(self, decimals: usize) -> (String, i32) {
        parts(&format!("{:.decimals$e}", self.value()))
    }
}

/// What is before the `e` and what is behind it.
fn parts(text: &str) -> (String, i32) {
    let (mantissa, exponent) = text.split_once('e').expect("the e of a float");
    (with_point(mantissa), exponent.parse().expect("digits"))
}

fn finish(shortest: &str, precision: Option<usize>, exact: impl Fn(usize) -> String) -> String {
    match precision {
        Some(precision) if decimals(shortest) > precision => with_point(&exact(precision)),
        _ => with_point(shortest),
    }
}

/// How many digits follow the point.
fn decimals(text: &str) -> usize {
    let mantissa = text.split('e').next().unwrap_or(text);
    mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

/// Without trailing zeros, always with a point.
fn with_point(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').to_string() } else { format!("{text}.") }
}

/// `e+05`, with at least `digits` digits.
pub fn exponent(exponent: i32, digits: usize) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("e{sign}{:0digits$}", exponent.unsigned_abs())
}
