//! The embedded mathematics as users get it: compiled by Durum, against arbitrary precision.
//!
//! For every function, f64 and f32:
//! - over a sweep (values with meaning, random bits, log-uniform and uniform ones) the error stays within its bound, 1 ulp of the true
//!   value for most, and arguments outside the domain give NaN;
//! - interpreter, one loop, lanes, and the whole-array call give the same bits;
//! - special values are those of C99, annex F.9.
//!
//! `DURUM_SWEEP=n` makes the random part of the sweep n times as large. `benches/accuracy` measures more of them.

#[path = "support/accuracy/mod.rs"]
mod accuracy;

use accuracy::truth::{big, two};
use accuracy::{Float, SUBJECTS, Subject, Sweep, kernel, ulps};
use durum::{Engine, OptimizeOptions, Pool, Settings, args};
use ndarray::Array1;
use std::num::NonZero;

/// Random arguments of each kind per function and dtype.
const RANDOM: usize = 150;

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
    fn results<T: Float>(&self, numpy: &str, arity: usize, xs: &[T], ys: &[T]) -> Vec<T> {
        let text = kernel(numpy, arity);
        let run = |engine: &Engine, kernel: &str| -> Vec<T> {
            let module = engine.module(text.as_str()).unwrap_or_else(|error| panic!("{numpy}: {error}"));
            let (x, y) = (Array1::from(xs.to_vec()), Array1::from(ys.to_vec()));
            let mut out = Array1::from_elem(xs.len(), T::narrow(0.0));
            let kernel = module.kernel(kernel).expect("it is there");
            kernel
                .call(&args![x.view(), y.view(), out.view_mut()])
                .unwrap_or_else(|error| panic!("{numpy}: {error}"));
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
                panic!("{numpy}({x:e}, {y:e}): {:e} compiled, {:e} {how}", compiled[at], results[at]);
            }
        }
        compiled
    }
}

/// Accuracy and agreement over the sweep.
fn check<T: Float>(subject: &Subject, configurations: &Configurations) -> Vec<String> {
    let scale = std::env::var("DURUM_SWEEP").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let Sweep { xs, ys } = Sweep::<T>::new(subject, RANDOM * scale);
    let results = configurations.results(subject.numpy, subject.arity, &xs, &ys);
    let mut failures = vec![];
    let mut worst = 0.0f64;
    for ((x, y), result) in xs.iter().zip(&ys).zip(&results) {
        let error = subject.error(&[x.wide(), y.wide()], *result);
        worst = worst.max(error);
        if error > subject.ulps {
            failures.push(format!(
                "{}({x:e}, {y:e}) as {}: {result:e} is off by {error:.3} ulp",
                subject.name,
                T::NAME
            ));
        }
    }
    let Subject { name, domain, .. } = subject;
    println!("{name:10} {}, {domain}: {} arguments, worst {worst:.3} ulp", T::NAME, xs.len());
    failures.truncate(5);
    failures
}

#[test]
fn the_measure_is_right() {
    assert_eq!(ulps(1.0, &big(1.0)), 0.0);
    assert_eq!(ulps(1.0 + f64::EPSILON, &big(1.0)), 1.0);
    assert_eq!(ulps(5e-324, &(two(-1074) * big(1.5))), 0.5);
    assert_eq!(ulps(f32::INFINITY, &(two(128) - two(103))), 0.5);
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
        "arcsin",
        &[(0.0, 0.0), (-0.0, -0.0), (1.0, PI / 2.0), (-1.0, -PI / 2.0), (1.5, NAN), (-INF, NAN), (NAN, NAN)],
    ),
    ("arccos", &[(1.0, 0.0), (-1.0, PI), (1.5, NAN), (INF, NAN), (NAN, NAN)]),
    ("arctan", &[(0.0, 0.0), (-0.0, -0.0), (INF, PI / 2.0), (-INF, -PI / 2.0), (NAN, NAN)]),
    ("sinh", &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (NAN, NAN)]),
    ("cosh", &[(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, INF), (NAN, NAN)]),
    ("tanh", &[(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (NAN, NAN)]),
    ("arcsinh", &[(0.0, 0.0), (-0.0, -0.0), (INF, INF), (-INF, -INF), (NAN, NAN)]),
    ("arccosh", &[(1.0, 0.0), (INF, INF), (0.5, NAN), (-1.0, NAN), (-INF, NAN), (NAN, NAN), (0.0, NAN)]),
    (
        "arctanh",
        &[
            (0.0, 0.0),
            (-0.0, -0.0),
            (1.0, INF),
            (-1.0, -INF),
            (1.5, NAN),
            (INF, NAN),
            (-INF, NAN),
            (NAN, NAN),
        ],
    ),
    ("erfc", &[(0.0, 1.0), (-0.0, 1.0), (INF, 0.0), (-INF, 2.0), (NAN, NAN), (30.0, 0.0), (-30.0, 2.0)]),
    ("gamma", &[(0.0, INF), (-0.0, -INF), (INF, INF), (-INF, NAN), (-1.0, NAN), (-170.0, NAN), (NAN, NAN)]),
    (
        "gamma",
        &[(1.0, 1.0), (2.0, 1.0), (3.0, 2.0), (5.0, 24.0), (11.0, 3628800.0), (172.0, INF), (-1e15, NAN)],
    ),
    ("lgamma", &[(0.0, INF), (-0.0, INF), (INF, INF), (-INF, INF), (-3.0, INF), (1.0, 0.0), (2.0, 0.0)]),
    ("lgamma", &[(NAN, NAN), (-1e300, INF)]),
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
        "logaddexp",
        &[
            (INF, INF, INF),
            (-INF, -INF, -INF),
            (INF, -INF, INF),
            (-INF, 3.0, 3.0),
            (3.0, -INF, 3.0),
            (NAN, INF, NAN),
            (1.0, NAN, NAN),
            (-0.0, -INF, 0.0),
        ],
    ),
    (
        "logaddexp2",
        &[(3.0, 3.0, 4.0), (INF, 1.0, INF), (-INF, -INF, -INF), (-INF, 5.0, 5.0), (NAN, 1.0, NAN)],
    ),
    (
        "arctan2",
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
        "power",
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
    for (numpy, values) in SPECIAL {
        let xs: Vec<T> = values.iter().map(|(x, _)| T::narrow(*x)).collect();
        let results = configurations.results(numpy, 1, &xs, &xs);
        for ((x, expected), result) in values.iter().zip(results) {
            assert!(result.same(T::narrow(*expected)), "{numpy}({x:e}) is {result:e}, not {expected:e}");
        }
    }
    for (numpy, values) in SPECIAL_PAIRS {
        let xs: Vec<T> = values.iter().map(|(x, _, _)| T::narrow(*x)).collect();
        let ys: Vec<T> = values.iter().map(|(_, y, _)| T::narrow(*y)).collect();
        let results = configurations.results(numpy, 2, &xs, &ys);
        for ((x, y, expected), result) in values.iter().zip(results) {
            let near = ulps(result, &big(if expected.is_finite() { *expected } else { 0.0 }));
            let right = result.same(T::narrow(*expected)) || near > 0.0 && near <= 1.0;
            assert!(right, "{numpy}({x:e}, {y:e}) is {result:e}, not {expected:e}");
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
            let error = subject.error(&[*x], result);
            assert!(error <= 1.0, "{name}({x:e}) = {result:e} is off by {error:.3} ulp");
        }
    }
}

/// Python's `math` is the same mathematics on numbers.
#[test]
fn math_module() {
    let engine = Engine::default();
    for subject in SUBJECTS.iter().filter(|subject| !subject.name.starts_with("logaddexp")) {
        let (params, x) = if subject.arity == 1 { ("x", vec![0.7]) } else { ("x, y", vec![0.7, 1.5]) };
        let x = if subject.name == "acosh" { vec![1.7] } else { x };
        let text = format!("def f({params}):\n    return math.{}({params})\n", subject.name);
        let module = engine.module(text.as_str()).expect("it parses");
        let arguments: Vec<durum::Arg> = x.iter().map(|x| (*x).into()).collect();
        let value = module.kernel("f").expect("f").call(&arguments).expect("it runs");
        let value = value.as_scalar().expect("a number").as_f64();
        assert!(subject.error(&x, value) <= subject.ulps, "{}: {value}", subject.name);
    }
}
