//! The embedded mathematics as users get it: compiled by Durum, against arbitrary precision.
//!
//! For every function, f64 and f32:
//! - over a sweep (values with meaning, random bits, log-uniform and uniform ones: see [`Sweep`]) the error stays within 1 ulp of the
//!   true value (erf: 2), and arguments outside the domain give NaN;
//! - interpreter, one loop, lanes, and the whole-array call give the same bits;
//! - special values are those of C99, annex F.9.
//!
//! The reference computes with [`PRECISION`] bits, the error of a finite result is measured in units in the last place of the true
//! value (subnormal ones included), and infinity counts as the power of two after the largest finite number. `DURUM_SWEEP=n` makes the
//! random part of the sweep n times as large.

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;
use durum::{Engine, OptimizeOptions, Pool, Settings, args};
use ndarray::Array1;
use std::num::NonZero;

type Big = FBig<HalfEven, 2>;

/// Bits of the reference: 113 and some for what cancels.
const PRECISION: usize = 140;

/// Random arguments per function and dtype.
const RANDOM: usize = 150;

/// A function under test.
struct Subject {
    name: &'static str,
    ulps: f64,
    /// The true value; None outside the domain, where the result is NaN.
    truth: fn(&[f64]) -> Option<Truth>,
    arity: usize,
    /// Where uniform arguments lie.
    range: f64,
}

enum Truth {
    Value(Big),
    /// Too large in magnitude, or too small, for any dtype.
    Infinite {
        negative: bool,
    },
    Zero {
        negative: bool,
    },
}

use Truth::{Infinite, Value, Zero};

const SUBJECTS: &[Subject] = &[
    subject("sqrt", |x| (x[0] >= 0.0).then(|| Value(big(x[0]).sqrt()))),
    subject("cbrt", |x| Some(Value(cbrt(x[0])))),
    Subject { arity: 2, ..subject("hypot", |x| Some(Value(big(x[0]).hypot(&big(x[1]))))) },
    Subject { range: 750.0, ..subject("exp", |x| Some(exp(x[0]))) },
    Subject { range: 1100.0, ..subject("exp2", |x| Some(power(2.0, x[0]))) },
    Subject { range: 50.0, ..subject("expm1", |x| Some(expm1(x[0]))) },
    subject("log", |x| (x[0] > 0.0).then(|| Value(big(x[0]).ln()))),
    subject("log2", |x| (x[0] > 0.0).then(|| Value(big(x[0]).log2()))),
    subject("log10", |x| (x[0] > 0.0).then(|| Value(big(x[0]).log10()))),
    Subject { range: 2.0, ..subject("log1p", log1p) },
    Subject { arity: 2, range: 30.0, ..subject("pow", pow) },
    subject("sin", |x| Some(Value(big(x[0]).sin()))),
    subject("cos", |x| Some(Value(big(x[0]).cos()))),
    subject("tan", |x| Some(Value(big(x[0]).tan()))),
    Subject { range: 1.0, ..subject("asin", |x| (x[0].abs() <= 1.0).then(|| Value(big(x[0]).asin()))) },
    Subject { range: 1.0, ..subject("acos", |x| (x[0].abs() <= 1.0).then(|| Value(big(x[0]).acos()))) },
    subject("atan", |x| Some(Value(big(x[0]).atan()))),
    Subject { arity: 2, ..subject("atan2", |x| Some(Value(big(x[0]).atan2(&big(x[1]))))) },
    Subject { range: 720.0, ..subject("sinh", |x| Some(sinh(x[0]))) },
    Subject { range: 720.0, ..subject("cosh", |x| Some(cosh(x[0]))) },
    Subject { range: 20.0, ..subject("tanh", |x| Some(Value(tanh(x[0])))) },
    Subject { ulps: 2.0, range: 6.5, ..subject("erf", |x| Some(Value(erf(x[0])))) },
];

const fn subject(name: &'static str, truth: fn(&[f64]) -> Option<Truth>) -> Subject {
    Subject { name, ulps: 1.0, truth, arity: 1, range: 100.0 }
}

fn big(x: f64) -> Big {
    Big::try_from(x).expect("finite").with_precision(PRECISION).value()
}

fn cbrt(x: f64) -> Big {
    if x < 0.0 { -big(-x).nth_root(3) } else { big(x).nth_root(3) }
}

/// Beyond any dtype, subnormals included.
const BEYOND: f64 = 1100.0;

fn exp(x: f64) -> Truth {
    match x {
        x if x > BEYOND => Infinite { negative: false },
        x if x < -BEYOND => Zero { negative: false },
        x => Value(big(x).exp()),
    }
}

fn expm1(x: f64) -> Truth {
    match x {
        x if x > BEYOND => Infinite { negative: false },
        x if x < -BEYOND => Value(big(-1.0)),
        x => Value(big(x).exp_m1()),
    }
}

fn log1p(x: &[f64]) -> Option<Truth> {
    match x[0] {
        -1.0 => Some(Infinite { negative: true }),
        x => (x > -1.0).then(|| Value(big(x).ln_1p())),
    }
}

/// For a base above 0.
fn power(base: f64, exponent: f64) -> Truth {
    let scale = (big(base).log2() * big(exponent)).to_f64().value();
    match scale {
        scale if scale > BEYOND => Infinite { negative: false },
        scale if scale < -1.2 * BEYOND => Zero { negative: false },
        _ => Value(big(base).powf(&big(exponent))),
    }
}

fn pow(x: &[f64]) -> Option<Truth> {
    let [base, exponent] = [x[0], x[1]];
    if base > 0.0 {
        return Some(power(base, exponent));
    }
    let odd = exponent % 2.0 != 0.0;
    (exponent.fract() == 0.0).then(|| match power(-base, exponent) {
        Value(value) if odd => Value(-value),
        Infinite { .. } => Infinite { negative: odd },
        Zero { .. } => Zero { negative: odd },
        truth => truth,
    })
}

fn sinh(x: f64) -> Truth {
    if x.abs() > BEYOND { Infinite { negative: x < 0.0 } } else { Value(big(x).sinh()) }
}

fn cosh(x: f64) -> Truth {
    if x.abs() > BEYOND { Infinite { negative: false } } else { Value(big(x).cosh()) }
}

fn tanh(x: f64) -> Big {
    if x.abs() > 100.0 { big(x.signum()) } else { big(x).tanh() }
}

/// 2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!, whose terms have one sign: its relative error is that of the arithmetic.
fn erf(x: f64) -> Big {
    if x.abs() > 7.0 {
        return big(x.signum());
    }
    let square = big(x) * big(x);
    let (mut term, mut sum, mut odd) = (big(x), big(x), 1.0);
    let least = big(f64::EPSILON).powi(3.into());
    while &term * big(x.signum()) > &sum * big(x.signum()) * &least {
        odd += 2.0;
        term = term * &square * big(2.0) / big(odd);
        sum += &term;
    }
    let pi = big(1.0).atan() * big(4.0);
    sum * (-square).exp() * big(2.0) / pi.sqrt()
}

/// What differs between the dtypes.
trait Float: durum::runtime::Element + Copy + PartialEq + std::fmt::Debug + std::fmt::LowerExp {
    const DIGITS: i64;
    /// The exponent of the smallest subnormal.
    const LEAST: i64;
    /// Infinity as a number.
    const TOP: i64;
    fn wide(self) -> f64;
    fn narrow(x: f64) -> Self;
    fn same(self, other: Self) -> bool;
    fn random(bits: u64) -> Self;
}

impl Float for f64 {
    const DIGITS: i64 = 53;
    const LEAST: i64 = -1074;
    const TOP: i64 = 1024;
    fn wide(self) -> f64 {
        self
    }
    fn narrow(x: f64) -> f64 {
        x
    }
    fn same(self, other: f64) -> bool {
        self.to_bits() == other.to_bits() || self.is_nan() && other.is_nan()
    }
    fn random(bits: u64) -> f64 {
        f64::from_bits(bits)
    }
}

impl Float for f32 {
    const DIGITS: i64 = 24;
    const LEAST: i64 = -149;
    const TOP: i64 = 128;
    fn wide(self) -> f64 {
        self as f64
    }
    fn narrow(x: f64) -> f32 {
        x as f32
    }
    fn same(self, other: f32) -> bool {
        self.to_bits() == other.to_bits() || self.is_nan() && other.is_nan()
    }
    fn random(bits: u64) -> f32 {
        f32::from_bits(bits as u32)
    }
}

/// 2**n.
fn two(n: i64) -> Big {
    Big::from_parts(1.into(), n as isize).with_precision(PRECISION).value()
}

/// The distance of a result from the true value in units in the last place of the true value.
fn error<T: Float>(result: T, truth: &Big) -> f64 {
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
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// In [-1, 1).
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// Finite arguments, not zero.
struct Sweep<T>(Vec<T>);

impl<T: Float> Sweep<T> {
    fn new(range: f64, seed: u64) -> Sweep<T> {
        let mut random = Random(seed);
        let scale = std::env::var("DURUM_SWEEP").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
        let mut values = Sweep(vec![]);
        for x in MEANT {
            for x in [*x, -*x] {
                values.push(x);
                values.push(x * (1.0 + f64::EPSILON));
                values.push(x * (1.0 - 1e-7));
            }
        }
        for k in 1..24 {
            values.push(k as f64 * std::f64::consts::FRAC_PI_4);
            values.push(k as f64 * std::f64::consts::LN_2 / 2.0);
        }
        for _ in 0..RANDOM * scale {
            values.0.push(T::random(random.next()));
            let power = f64::from_bits((1003 + random.next() % 41) << 52);
            values.push(power * random.unit());
            values.push(range * random.unit());
        }
        values.0.retain(|x| x.wide().is_finite() && x.wide() != 0.0);
        values
    }

    fn push(&mut self, x: f64) {
        self.0.push(T::narrow(x));
    }
}

/// Arguments where something changes: poles, ends of domains, overflow, underflow, sizes where an implementation switches.
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
    1e-40,
    1e-300,
    5e-324,
    2.2250738585072014e-308,
    1.1754943508222875e-38,
    1e-45,
    3.4028234663852886e38,
    1.7976931348623157e308,
    1e22,
    1e15,
    134217728.0,
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
];

struct Configurations {
    compiled: Engine,
    without_lanes: Engine,
    interpreted: Engine,
}

impl Configurations {
    fn new() -> Configurations {
        let settings = || Settings { pool: Pool::new(NonZero::new(1)), ..Settings::default() };
        let lanes_off = OptimizeOptions { lanes: false, ..OptimizeOptions::default() };
        Configurations {
            compiled: Engine::new(settings()),
            without_lanes: Engine::new(Settings { optimize: lanes_off, ..settings() }),
            interpreted: Engine::new(Settings { interpret: true, ..settings() }),
        }
    }

    /// The results of a function, compiled, after the other ways to run it have given the same bits.
    fn results<T: Float>(&self, name: &str, arity: usize, xs: &[T], ys: &[T]) -> Vec<T> {
        let text = kernel(name, arity);
        let run = |engine: &Engine, kernel: &str| -> Vec<T> {
            let module = engine.module(text.as_str()).unwrap_or_else(|error| panic!("{name}: {error}"));
            let (x, y) = (Array1::from(xs.to_vec()), Array1::from(ys.to_vec()));
            let mut out = Array1::from_elem(xs.len(), T::narrow(0.0));
            let kernel = module.kernel(kernel).expect("it is there");
            kernel
                .call(&args![x.view(), y.view(), out.view_mut()])
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            out.to_vec()
        };
        let compiled = run(&self.compiled, "loop");
        let others = [
            ("whole arrays", run(&self.compiled, "whole")),
            ("prange", run(&self.compiled, "parallel")),
            ("without lanes", run(&self.without_lanes, "whole")),
            ("interpreted", run(&self.interpreted, "loop")),
        ];
        for (how, results) in others {
            let differs = compiled.iter().zip(&results).position(|(a, b)| !a.same(*b));
            if let Some(at) = differs {
                let (x, y) = (xs[at], ys[at]);
                panic!("{name}({x:e}, {y:e}): {:e} compiled, {:e} {how}", compiled[at], results[at]);
            }
        }
        compiled
    }
}

fn kernel(name: &str, arity: usize) -> String {
    let numpy = match name {
        "pow" => "np.power",
        "asin" => "np.arcsin",
        "acos" => "np.arccos",
        "atan" => "np.arctan",
        "atan2" => "np.arctan2",
        name => &format!("np.{name}"),
    };
    let (element, whole) = if arity == 1 { ("x[i]", "x") } else { ("x[i], y[i]", "x, y") };
    format!(
        "def loop(x, y, out):\n    for i in range(len(x)):\n        out[i] = {numpy}({element})\n\n\
         def parallel(x, y, out):\n    for i in prange(len(x)):\n        out[i] = {numpy}({element})\n\n\
         def whole(x, y, out):\n    out[:] = {numpy}({whole})\n"
    )
}

/// Accuracy and agreement over the sweep.
fn check<T: Float>(subject: &Subject, configurations: &Configurations) -> Vec<String> {
    let mut xs = Sweep::<T>::new(subject.range, 1).0;
    let mut ys = Sweep::<T>::new(subject.range, 2).0;
    if subject.arity == 2 {
        // Pairs of unrelated and of close arguments.
        ys.reverse();
        ys.truncate(xs.len());
        xs.truncate(ys.len());
        let close: Vec<T> = xs.iter().rev().take(200).map(|x| T::narrow(x.wide() * 1.0001)).collect();
        let near: Vec<T> = xs.iter().rev().take(200).copied().collect();
        xs.extend(near);
        ys.extend(close);
    } else {
        ys = xs.clone();
    }
    ys.iter_mut().filter(|y| !y.wide().is_finite()).for_each(|y| *y = T::narrow(1.0));
    let results = configurations.results(subject.name, subject.arity, &xs, &ys);
    let mut failures = vec![];
    let mut worst = 0.0f64;
    for ((x, y), result) in xs.iter().zip(&ys).zip(&results) {
        let arguments = [x.wide(), y.wide()];
        let error = match (subject.truth)(&arguments) {
            None => {
                if result.wide().is_nan() {
                    0.0
                } else {
                    f64::INFINITY
                }
            }
            Some(Value(truth)) => error(*result, &truth),
            Some(Infinite { negative }) => same_sign(*result, f64::INFINITY, negative),
            Some(Zero { negative }) => same_sign(*result, 0.0, negative),
        };
        worst = worst.max(error);
        if error > subject.ulps {
            failures.push(format!(
                "{}({x:e}, {y:e}) as {}: {result:e} is off by {error:.3} ulp",
                subject.name,
                std::any::type_name::<T>()
            ));
        }
    }
    println!(
        "{:6} {}: {} arguments, worst {worst:.3} ulp",
        subject.name,
        std::any::type_name::<T>(),
        xs.len()
    );
    failures.truncate(5);
    failures
}

fn same_sign<T: Float>(result: T, size: f64, negative: bool) -> f64 {
    let expected = if negative { -size } else { size };
    if result.wide().to_bits() == expected.to_bits() { 0.0 } else { f64::INFINITY }
}

#[test]
fn the_reference_is_right() {
    let digits = |truth: Big| truth.to_f64().value();
    assert_eq!(digits(big(1e22).sin()), -0.8522008497671888);
    assert_eq!(digits(erf(0.5)), 0.5204998778130465);
    assert_eq!(digits(erf(-3.0)), -0.9999779095030014);
    assert_eq!(digits(big(1.0).exp()), std::f64::consts::E);
    assert_eq!(digits(cbrt(-27.0)), -3.0);
    assert_eq!(error(1.0, &big(1.0)), 0.0);
    assert_eq!(error(1.0 + f64::EPSILON, &big(1.0)), 1.0);
    assert_eq!(error(5e-324, &(two(-1074) * big(1.5))), 0.5);
    assert_eq!(error(f32::INFINITY, &(two(128) - two(103))), 0.5);
}

#[test]
fn accuracy_f64() {
    let configurations = Configurations::new();
    let failures: Vec<String> =
        SUBJECTS.iter().flat_map(|subject| check::<f64>(subject, &configurations)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn accuracy_f32() {
    let configurations = Configurations::new();
    let failures: Vec<String> =
        SUBJECTS.iter().flat_map(|subject| check::<f32>(subject, &configurations)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;
const PI: f64 = std::f64::consts::PI;

/// Function, argument, result, as annex F has them.
const SPECIAL: &[(&str, &[(f64, f64)])] = &[
    ("sqrt", &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-1.0, NAN), (-INF, NAN), (NAN, NAN)]),
    ("cbrt", &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (NAN, NAN), (-8.0, -2.0)]),
    ("exp", &[(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (NAN, NAN), (1e5, INF), (-1e5, 0.0)]),
    ("exp2", &[(0.0, 1.0), (INF, INF), (-INF, 0.0), (NAN, NAN), (10.0, 1024.0), (-3.0, 0.125)]),
    ("expm1", &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -1.0), (NAN, NAN), (-1e5, -1.0)]),
    ("log", &[(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-1.0, NAN), (-INF, NAN), (NAN, NAN)]),
    ("log2", &[(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (8.0, 3.0), (INF, INF), (-1.0, NAN), (NAN, NAN)]),
    ("log10", &[(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (1000.0, 3.0), (INF, INF), (-1.0, NAN), (NAN, NAN)]),
    ("log1p", &[(0.0, 0.0), (-0.0, -0.0), (-1.0, -INF), (INF, INF), (-2.0, NAN), (-INF, NAN), (NAN, NAN)]),
    ("sin", &[(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (NAN, NAN)]),
    ("cos", &[(0.0, 1.0), (-0.0, 1.0), (INF, NAN), (-INF, NAN), (NAN, NAN)]),
    ("tan", &[(0.0, 0.0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (NAN, NAN)]),
    (
        "asin",
        &[(0.0, 0.0), (-0.0, -0.0), (1.0, PI / 2.0), (-1.0, -PI / 2.0), (1.5, NAN), (-INF, NAN), (NAN, NAN)],
    ),
    ("acos", &[(1.0, 0.0), (-1.0, PI), (1.5, NAN), (INF, NAN), (NAN, NAN)]),
    ("atan", &[(0.0, 0.0), (-0.0, -0.0), (INF, PI / 2.0), (-INF, -PI / 2.0), (NAN, NAN)]),
    ("sinh", &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (NAN, NAN)]),
    ("cosh", &[(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, INF), (NAN, NAN)]),
    ("tanh", &[(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (NAN, NAN)]),
    ("erf", &[(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (NAN, NAN)]),
    (
        "floor",
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (INF, INF),
            (-INF, -INF),
            (NAN, NAN),
            (2.5, 2.0),
            (-2.5, -3.0),
            (0.5, 0.0),
        ],
    ),
    (
        "ceil",
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (INF, INF),
            (-INF, -INF),
            (NAN, NAN),
            (2.5, 3.0),
            (-2.5, -2.0),
            (-0.5, -0.0),
        ],
    ),
    (
        "trunc",
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (INF, INF),
            (-INF, -INF),
            (NAN, NAN),
            (2.5, 2.0),
            (-2.5, -2.0),
            (-0.5, -0.0),
        ],
    ),
    (
        "rint",
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (INF, INF),
            (NAN, NAN),
            (2.5, 2.0),
            (3.5, 4.0),
            (-2.5, -2.0),
            (-0.5, -0.0),
        ],
    ),
    ("rint", &[(0.49999999999999994, 0.0), (8388609.0, 8388609.0), (-8388607.5, -8388608.0)]),
];

/// Arguments and result.
type Pair = (f64, f64, f64);

/// The same for functions of two arguments.
const SPECIAL_PAIRS: &[(&str, &[Pair])] = &[
    (
        "hypot",
        &[
            (INF, NAN, INF),
            (NAN, -INF, INF),
            (NAN, 1.0, NAN),
            (0.0, -0.0, 0.0),
            (3.0, -4.0, 5.0),
            (-0.0, -2.0, 2.0),
        ],
    ),
    (
        "atan2",
        &[
            (0.0, -0.0, PI),
            (-0.0, -0.0, -PI),
            (0.0, 0.0, 0.0),
            (-0.0, 0.0, -0.0),
            (0.0, -1.0, PI),
            (-0.0, -1.0, -PI),
            (0.0, 1.0, 0.0),
            (-0.0, 1.0, -0.0),
            (-1.0, 0.0, -PI / 2.0),
            (1.0, -0.0, PI / 2.0),
            (1.0, -INF, PI),
            (-1.0, -INF, -PI),
            (1.0, INF, 0.0),
            (-1.0, INF, -0.0),
            (INF, 1.0, PI / 2.0),
            (-INF, -1.0, -PI / 2.0),
            (INF, -INF, 3.0 * PI / 4.0),
            (-INF, -INF, -3.0 * PI / 4.0),
            (INF, INF, PI / 4.0),
            (-INF, INF, -PI / 4.0),
            (NAN, 1.0, NAN),
            (1.0, NAN, NAN),
        ],
    ),
    (
        "pow",
        &[
            (0.0, -3.0, INF),
            (-0.0, -3.0, -INF),
            (0.0, -2.0, INF),
            (-0.0, -2.5, INF),
            (0.0, -INF, INF),
            (-0.0, -INF, INF),
            (0.0, 3.0, 0.0),
            (-0.0, 3.0, -0.0),
            (-0.0, 2.0, 0.0),
            (-0.0, 2.5, 0.0),
            (-1.0, INF, 1.0),
            (-1.0, -INF, 1.0),
            (1.0, NAN, 1.0),
            (1.0, INF, 1.0),
            (1.0, -7.5, 1.0),
            (NAN, 0.0, 1.0),
            (NAN, -0.0, 1.0),
            (INF, 0.0, 1.0),
            (-2.0, 0.5, NAN),
            (-2.0, 3.0, -8.0),
            (-2.0, 2.0, 4.0),
            (0.5, -INF, INF),
            (-0.5, -INF, INF),
            (2.0, -INF, 0.0),
            (-2.0, -INF, 0.0),
            (0.5, INF, 0.0),
            (2.0, INF, INF),
            (-2.0, INF, INF),
            (-INF, -3.0, -0.0),
            (-INF, -2.0, 0.0),
            (-INF, -2.5, 0.0),
            (-INF, 3.0, -INF),
            (-INF, 2.0, INF),
            (-INF, 2.5, INF),
            (INF, -1.0, 0.0),
            (INF, 1.0, INF),
            (NAN, 1.0, NAN),
            (2.0, NAN, NAN),
            (-INF, INF, INF),
            (-INF, -INF, 0.0),
            (0.0, INF, 0.0),
            (-0.0, INF, 0.0),
        ],
    ),
];

/// Special results are exact, those that are not special numbers rounded to the dtype.
fn check_special<T: Float>() {
    let configurations = Configurations::new();
    for (name, values) in SPECIAL {
        let xs: Vec<T> = values.iter().map(|(x, _)| T::narrow(*x)).collect();
        let results = configurations.results(name, 1, &xs, &xs);
        for ((x, expected), result) in values.iter().zip(results) {
            assert!(result.same(T::narrow(*expected)), "{name}({x:e}) is {result:e}, not {expected:e}");
        }
    }
    for (name, values) in SPECIAL_PAIRS {
        let xs: Vec<T> = values.iter().map(|(x, _, _)| T::narrow(*x)).collect();
        let ys: Vec<T> = values.iter().map(|(_, y, _)| T::narrow(*y)).collect();
        let results = configurations.results(name, 2, &xs, &ys);
        for ((x, y, expected), result) in values.iter().zip(results) {
            let near = error(result, &big(if expected.is_finite() { *expected } else { 0.0 }));
            let right = result.same(T::narrow(*expected)) || near > 0.0 && near <= 1.0;
            assert!(right, "{name}({x:e}, {y:e}) is {result:e}, not {expected:e}");
        }
    }
}

#[test]
fn special_values_f64() {
    check_special::<f64>();
}

#[test]
fn special_values_f32() {
    check_special::<f32>();
}

/// Multiples of π/2 that come closest to zero after reduction, and arguments of any size.
#[test]
fn huge_angles() {
    let configurations = Configurations::new();
    let mut xs: Vec<f64> = (20..1024).step_by(7).map(|n| f64::from_bits((1023 + n) << 52)).collect();
    xs.extend([1e22, 1e300, 5.319372648326541e255, 6381956970095103.0 * f64::from_bits((1023 + 797) << 52)]);
    xs.extend([f64::MAX, 134217728.0 - 0.5, 134217728.0, 134217729.0, 9007199254740993.0]);
    for name in ["sin", "cos", "tan"] {
        let subject = SUBJECTS.iter().find(|subject| subject.name == name).expect("it is there");
        let results = configurations.results(name, 1, &xs, &xs);
        for (x, result) in xs.iter().zip(results) {
            let Some(Value(truth)) = (subject.truth)(&[*x]) else { panic!("{name} is defined everywhere") };
            let error = error(result, &truth);
            assert!(error <= 1.0, "{name}({x:e}) = {result:e} is off by {error:.3} ulp");
        }
    }
}

/// Python's `math` is the same mathematics on numbers.
#[test]
fn math_module() {
    let text = "def f(x):\n    return math.exp(x), math.sin(x), math.log(x), math.sqrt(x), math.erf(x), math.pow(x, 1.5)\n";
    let module = Engine::default().module(text).expect("it parses");
    let durum::Value::Tuple(values) = module.kernel("f").expect("f").call(&args![0.7]).expect("it runs")
    else {
        panic!("a tuple")
    };
    let truths =
        [big(0.7).exp(), big(0.7).sin(), big(0.7).ln(), big(0.7).sqrt(), erf(0.7), big(0.7).powf(&big(1.5))];
    for (value, truth) in values.iter().zip(truths) {
        let value = value.as_scalar().expect("a number").as_f64();
        assert!(error(value, &truth) <= 2.0, "{value} is not {truth}");
    }
}
