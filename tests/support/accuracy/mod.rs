//! How far the embedded mathematics is from the truth: what `tests/math.rs` bounds and `benches/accuracy` measures.
//!
//! The error of a finite result is measured in units in the last place of the true value (subnormal ones included); infinity counts
//! as the power of two after the largest finite number.

pub mod truth;

use truth::{Big, Truth, big, two};

/// A function under test.
pub struct Subject {
    /// In `kernels/std` and in `math`.
    pub name: &'static str,
    pub numpy: &'static str,
    /// The bound.
    pub ulps: f64,
    /// An absolute error at these arguments that is right whatever the ulps: near zeros of the function that are no floats.
    pub absolute: fn(&[f64]) -> f64,
    /// The true value; None outside the domain, where the result is NaN.
    pub truth: fn(&[f64]) -> Option<Truth>,
    pub arity: usize,
    /// Where uniform arguments lie.
    pub regions: &'static [(f64, f64)],
    pub domain: &'static str,
}

pub const SUBJECTS: &[Subject] = &[
    Subject { domain: "x ≥ 0", ..subject("sqrt", truth::sqrt) },
    subject("cbrt", truth::cbrt),
    Subject { arity: 2, ..subject("hypot", truth::hypot) },
    Subject { regions: &[(-750.0, 750.0), (-1.0, 1.0)], ..subject("exp", truth::exp) },
    Subject { regions: &[(-1100.0, 1100.0), (-1.0, 1.0)], ..subject("exp2", truth::exp2) },
    Subject { regions: &[(-50.0, 50.0), (-1.0, 1.0)], ..subject("expm1", truth::expm1) },
    Subject { domain: "x ≥ 0", regions: &[(0.0, 4.0), (0.0, 1e3)], ..subject("log", truth::log) },
    Subject { domain: "x ≥ 0", regions: &[(0.0, 4.0), (0.0, 1e3)], ..subject("log2", truth::log2) },
    Subject { domain: "x ≥ 0", regions: &[(0.0, 4.0), (0.0, 1e3)], ..subject("log10", truth::log10) },
    Subject { domain: "x ≥ -1", regions: &[(-1.0, 2.0)], ..subject("log1p", truth::log1p) },
    Subject { absolute: near_zeros, ..pair("logaddexp", truth::logaddexp) },
    Subject { absolute: near_zeros, ..pair("logaddexp2", truth::logaddexp2) },
    Subject { numpy: "power", ..pair("pow", truth::pow) },
    subject("sin", truth::sin),
    subject("cos", truth::cos),
    subject("tan", truth::tan),
    Subject { numpy: "arcsin", ..unit("asin", truth::asin) },
    Subject { numpy: "arccos", ..unit("acos", truth::acos) },
    Subject { numpy: "arctan", regions: &[(-100.0, 100.0), (-3.0, 3.0)], ..subject("atan", truth::atan) },
    Subject { numpy: "arctan2", arity: 2, ..subject("atan2", truth::atan2) },
    Subject { regions: &[(-720.0, 720.0), (-3.0, 3.0)], ..subject("sinh", truth::sinh) },
    Subject { regions: &[(-720.0, 720.0), (-3.0, 3.0)], ..subject("cosh", truth::cosh) },
    Subject { regions: &[(-20.0, 20.0), (-2.0, 2.0)], ..subject("tanh", truth::tanh) },
    Subject { numpy: "arcsinh", regions: &[(-100.0, 100.0), (-3.0, 3.0)], ..subject("asinh", truth::asinh) },
    Subject {
        numpy: "arccosh",
        domain: "x ≥ 1",
        regions: &[(1.0, 100.0), (1.0, 2.0)],
        ..subject("acosh", truth::acosh)
    },
    Subject { numpy: "arctanh", ..unit("atanh", truth::atanh) },
    Subject { ulps: 2.0, regions: &[(-6.5, 6.5)], ..subject("erf", truth::erf) },
    Subject {
        ulps: 2.0,
        regions: &[(-6.5, 28.0), (-1.0, 2.0), (26.0, 27.3)],
        ..subject("erfc", truth::erfc)
    },
    Subject {
        ulps: 2.0,
        domain: "but integers below 0",
        regions: &[(-190.0, 172.0), (-5.0, 5.0), (165.0, 172.0)],
        ..subject("gamma", truth::gamma)
    },
    Subject {
        absolute: below_zero,
        regions: &[(-30.0, 30.0), (0.5, 3.0), (-5.0, 0.0)],
        ..subject("lgamma", truth::lgamma)
    },
];

const fn subject(name: &'static str, truth: fn(&[f64]) -> Option<Truth>) -> Subject {
    let regions = &[(-100.0, 100.0)];
    Subject { name, numpy: name, ulps: 1.0, absolute: nowhere, truth, arity: 1, regions, domain: "all" }
}

const fn unit(name: &'static str, truth: fn(&[f64]) -> Option<Truth>) -> Subject {
    Subject { domain: "-1 ≤ x ≤ 1", regions: &[(-1.0, 1.0)], ..subject(name, truth) }
}

const fn pair(name: &'static str, truth: fn(&[f64]) -> Option<Truth>) -> Subject {
    Subject { arity: 2, regions: &[(-30.0, 30.0), (-2.0, 2.0)], ..subject(name, truth) }
}

fn nowhere(_: &[f64]) -> f64 {
    0.0
}

fn near_zeros(_: &[f64]) -> f64 {
    1e-16
}

fn below_zero(x: &[f64]) -> f64 {
    if x[0] < 0.0 { 1e-15 } else { 0.0 }
}

impl Subject {
    /// How wrong a result is, in ulps; infinitely for a NaN or infinity that should not be there, or that is missing.
    pub fn error<T: Float>(&self, arguments: &[f64], result: T) -> f64 {
        match (self.truth)(arguments) {
            None if result.wide().is_nan() => 0.0,
            None => f64::INFINITY,
            Some(Truth::Value(truth)) => self.distance(arguments, result, &truth),
            Some(Truth::Infinite { negative }) => same_sign(result, f64::INFINITY, negative),
            Some(Truth::Zero { negative }) => same_sign(result, 0.0, negative),
        }
    }

    fn distance<T: Float>(&self, arguments: &[f64], result: T, truth: &Big) -> f64 {
        let allowed = (self.absolute)(arguments);
        if allowed > 0.0 && result.wide().is_finite() {
            let distance = (big(result.wide()) - truth).to_f64().value();
            if distance.abs() <= allowed {
                return 0.0;
            }
        }
        ulps(result, truth)
    }
}

/// The whole-array call, a loop, and a parallel loop.
pub fn kernel(numpy: &str, arity: usize) -> String {
    let (element, whole) = if arity == 1 { ("x[i]", "x") } else { ("x[i], y[i]", "x, y") };
    format!(
        "def loop(x, y, out):\n    for i in range(len(x)):\n        out[i] = np.{numpy}({element})\n\n\
         def parallel(x, y, out):\n    for i in prange(len(x)):\n        out[i] = np.{numpy}({element})\n\n\
         def whole(x, y, out):\n    out[:] = np.{numpy}({whole})\n"
    )
}

fn same_sign<T: Float>(result: T, size: f64, negative: bool) -> f64 {
    let expected = if negative { -size } else { size };
    if result.wide().to_bits() == expected.to_bits() { 0.0 } else { f64::INFINITY }
}

/// What differs between the dtypes.
pub trait Float: durum::runtime::Element + Copy + PartialEq + std::fmt::Debug + std::fmt::LowerExp {
    const NAME: &'static str;
    const DIGITS: i64;
    /// The exponent of the smallest subnormal.
    const LEAST: i64;
    /// Infinity as a number.
    const TOP: i64;
    fn wide(self) -> f64;
    fn narrow(x: f64) -> Self;
    fn random(bits: u64) -> Self;

    fn same(self, other: Self) -> bool {
        let (a, b) = (self.wide(), other.wide());
        a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
    }
}

impl Float for f64 {
    const NAME: &'static str = "f64";
    const DIGITS: i64 = 53;
    const LEAST: i64 = -1074;
    const TOP: i64 = 1024;
    fn wide(self) -> f64 {
        self
    }
    fn narrow(x: f64) -> f64 {
        x
    }
    fn random(bits: u64) -> f64 {
        f64::from_bits(bits)
    }
}

impl Float for f32 {
    const NAME: &'static str = "f32";
    const DIGITS: i64 = 24;
    const LEAST: i64 = -149;
    const TOP: i64 = 128;
    fn wide(self) -> f64 {
        self as f64
    }
    fn narrow(x: f64) -> f32 {
        x as f32
    }
    fn random(bits: u64) -> f32 {
        f32::from_bits(bits as u32)
    }
}

/// The distance of a result from the true value in units in the last place of the true value.
pub fn ulps<T: Float>(result: T, truth: &Big) -> f64 {
    let result = result.wide();
    if result.is_nan() {
        return f64::INFINITY;
    }
    let got = if result.is_infinite() { two(T::TOP) * big(result.signum()) } else { big(result) };
    if *truth == big(0.0) {
        return if result == 0.0 { 0.0 } else { f64::INFINITY };
    }
    // The true value is in [2**(exponent-1), 2**exponent).
    let exponent = truth.repr().digits() as i64 + truth.repr().exponent() as i64;
    let unit = (exponent - T::DIGITS).clamp(T::LEAST, T::TOP - T::DIGITS);
    let distance = (got - truth) * two(-unit);
    let distance = distance.to_f64().value().abs();
    // Overflow is right however far away the true value is.
    if result.is_infinite() && exponent > T::TOP && (*truth > big(0.0)) == (result > 0.0) {
        0.0
    } else {
        distance
    }
}

/// SplitMix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// In [-1, 1).
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    /// Around 2**n for n from -least on.
    fn log_uniform(&mut self, least: u64, count: u64) -> f64 {
        f64::from_bits((1023 - least + self.next() % count) << 52) * self.unit()
    }
}

/// Finite arguments, not zero, for functions of one or two.
pub struct Sweep<T> {
    pub xs: Vec<T>,
    pub ys: Vec<T>,
}

impl<T: Float> Sweep<T> {
    /// Values with meaning, and `random` of each kind: any bits, log-uniform, close to integers, uniform in the regions.
    pub fn new(subject: &Subject, random: usize) -> Sweep<T> {
        let xs = arguments(subject.regions, random, 1);
        if subject.arity == 1 {
            return Sweep { ys: xs.clone(), xs };
        }
        // Pairs of unrelated and of close arguments.
        let mut sweep = Sweep { ys: arguments(subject.regions, random, 2), xs };
        sweep.ys.reverse();
        let length = sweep.xs.len().min(sweep.ys.len());
        sweep.xs.truncate(length);
        sweep.ys.truncate(length);
        let near: Vec<T> = sweep.xs.iter().rev().take(length / 4).copied().collect();
        let close = near.iter().map(|x| T::narrow(x.wide() * 1.0001));
        sweep.ys.extend(close.map(|y| if y.wide().is_finite() { y } else { T::narrow(1.0) }));
        sweep.xs.extend(near);
        sweep
    }
}

fn arguments<T: Float>(regions: &[(f64, f64)], random: usize, seed: u64) -> Vec<T> {
    let mut generator = Random::new(seed);
    let mut values: Vec<T> = meant().into_iter().map(T::narrow).collect();
    for _ in 0..random {
        values.push(T::random(generator.next()));
        values.push(T::narrow(generator.log_uniform(20, 41)));
        let integer = (190.0 * generator.unit()).round();
        values.push(T::narrow(integer + generator.log_uniform(50, 50)));
        for (low, high) in regions {
            values.push(T::narrow(low + (high - low) * (0.5 * generator.unit() + 0.5)));
        }
    }
    values.retain(|x| x.wide().is_finite() && x.wide() != 0.0);
    values
}

/// [`MEANT`] with neighbours, multiples of π/4 and ln2/2, half integers.
fn meant() -> Vec<f64> {
    let mut values = vec![];
    for x in MEANT.iter().flat_map(|x| [*x, -*x]) {
        values.extend([x, x * (1.0 + f64::EPSILON), x * (1.0 - f64::EPSILON / 2.0), x * (1.0 - 1e-7)]);
    }
    for k in 1..24 {
        values.push(k as f64 * std::f64::consts::FRAC_PI_4);
        values.push(k as f64 * std::f64::consts::LN_2 / 2.0);
    }
    for k in 1..380 {
        values.extend([0.5 * k as f64, -0.5 * k as f64]);
    }
    values
}

/// Arguments where something changes: poles, zeros, ends of domains, overflow, underflow, sizes where an implementation switches.
const MEANT: &[f64] = &[
    1.0,
    0.5,
    2.0,
    3.0,
    10.0,
    1000.0,
    1e-5,
    1e-9,
    1e-17,
    1e-19,
    1e-40,
    1e-300,
    5e-324,
    5.562684646268003e-309,
    2.2250738585072014e-308,
    1.1754943508222875e-38,
    1e-45,
    3.4028234663852886e38,
    1.7976931348623157e308,
    1e22,
    1e15,
    134217728.0,
    268435456.0,
    1073741824.0,
    9007199254740992.0,
    709.782712893384,
    710.4758600739439,
    745.1332191019411,
    88.72283,
    103.97208,
    std::f64::consts::LN_2,
    std::f64::consts::FRAC_PI_2,
    std::f64::consts::PI,
    1023.9999999,
    1074.5,
    127.9999,
    149.5,
    1.25,
    std::f64::consts::FRAC_1_SQRT_2,
    5.9,
    6.0,
    19.061547,
    9.010913,
    22.0,
    5.319372648326541e255,
    // erfc underflows; gamma overflows and underflows; lgamma overflows, its minimum, its zeros below 0.
    26.543,
    27.226,
    9.19,
    10.05,
    35.04,
    171.6243769563027,
    177.79,
    183.9999,
    184.0001,
    200.5,
    2.5599833278516383e305,
    4.0850013e36,
    1.4616321449683623,
    2.4570247382208,
    2.7476826467274127,
    3.14358088834998,
    3.955294284858598,
    4.03916139842135,
    4.991544640560048,
    5.008218168322589,
    0.8125,
    0.875,
    1.125,
    1.875,
    2.125,
];
