//! Every function of the mathematics: as scalar code, in lanes, and against a loop over the platform's.
#![allow(clippy::disallowed_methods, reason = "the platform's mathematics is what is compared with")]

use crate::paired::compare;
use crate::{Program, scalar_serial, serial};
use std::hint::black_box;

const ELEMENTS: usize = 20_000;
const ROUNDS: usize = 21;

/// A function, where its arguments lie, and the platform's; NumPy's name is `name`.
struct Case {
    name: &'static str,
    range: (f64, f64),
    wide: fn(f64) -> f64,
    narrow: fn(f32) -> f32,
}

/// Functions of two arguments get the same one twice over: `x` and `1.5 * x`.
const CASES: &[Case] = &[
    Case { name: "exp", range: (-10.0, 10.0), wide: f64::exp, narrow: f32::exp },
    Case { name: "exp2", range: (-10.0, 10.0), wide: f64::exp2, narrow: f32::exp2 },
    Case { name: "expm1", range: (-3.0, 3.0), wide: f64::exp_m1, narrow: f32::exp_m1 },
    Case { name: "log", range: (1e-3, 1e3), wide: f64::ln, narrow: f32::ln },
    Case { name: "log2", range: (1e-3, 1e3), wide: f64::log2, narrow: f32::log2 },
    Case { name: "log10", range: (1e-3, 1e3), wide: f64::log10, narrow: f32::log10 },
    Case { name: "log1p", range: (-0.9, 9.0), wide: f64::ln_1p, narrow: f32::ln_1p },
    Case { name: "sin", range: (-10.0, 10.0), wide: f64::sin, narrow: f32::sin },
    Case { name: "cos", range: (-10.0, 10.0), wide: f64::cos, narrow: f32::cos },
    Case { name: "tan", range: (-10.0, 10.0), wide: f64::tan, narrow: f32::tan },
    Case { name: "arcsin", range: (-1.0, 1.0), wide: f64::asin, narrow: f32::asin },
    Case { name: "arccos", range: (-1.0, 1.0), wide: f64::acos, narrow: f32::acos },
    Case { name: "arctan", range: (-4.0, 4.0), wide: f64::atan, narrow: f32::atan },
    Case { name: "sinh", range: (-4.0, 4.0), wide: f64::sinh, narrow: f32::sinh },
    Case { name: "cosh", range: (-4.0, 4.0), wide: f64::cosh, narrow: f32::cosh },
    Case { name: "tanh", range: (-4.0, 4.0), wide: f64::tanh, narrow: f32::tanh },
    Case { name: "arcsinh", range: (-9.0, 9.0), wide: f64::asinh, narrow: f32::asinh },
    Case { name: "arccosh", range: (1.0, 9.0), wide: f64::acosh, narrow: f32::acosh },
    Case { name: "arctanh", range: (-1.0, 1.0), wide: f64::atanh, narrow: f32::atanh },
    Case { name: "cbrt", range: (-9.0, 9.0), wide: f64::cbrt, narrow: f32::cbrt },
    Case { name: "power", range: (0.0, 9.0), wide: |x| x.powf(1.5 * x), narrow: |x| x.powf(1.5 * x) },
    Case { name: "arctan2", range: (-9.0, 9.0), wide: |x| x.atan2(1.5 * x), narrow: |x| x.atan2(1.5 * x) },
    Case { name: "hypot", range: (-9.0, 9.0), wide: |x| x.hypot(1.5 * x), narrow: |x| x.hypot(1.5 * x) },
    // Rust has none of these: the arguments themselves stand for results.
    Case { name: "erf", range: (-4.0, 4.0), wide: |x| x, narrow: |x| x },
    Case { name: "erfc", range: (-4.0, 9.0), wide: |x| x, narrow: |x| x },
    Case { name: "gamma", range: (-4.0, 20.0), wide: |x| x, narrow: |x| x },
    Case { name: "lgamma", range: (-4.0, 20.0), wide: |x| x, narrow: |x| x },
];

/// Nanoseconds per element, each measured in turn with the loop in lanes.
pub fn functions() {
    println!(
        "{:<9} {:>7} {:>7} {:>7}   {:>7} {:>7} {:>7}   (ns; at least 1.5 × libm for exp, log, sin)",
        "", "f64", "lanes", "libm", "f32", "lanes", "libm"
    );
    for case in CASES {
        let wide = row::<f64>(case, "f64", case.wide);
        let narrow = row::<f32>(case, "f32", case.narrow);
        println!("{:<9} {wide}   {narrow}", case.name);
    }
}

fn row<T: Number>(case: &Case, dtype: &str, libm: fn(T) -> T) -> String {
    let (low, high) = case.range;
    let pair = ["power", "arctan2", "hypot"].contains(&case.name);
    let argument = if pair { format!("x[i], {dtype}(1.5) * x[i]") } else { "x[i]".into() };
    let text = format!(
        "def f(x, out):\n    for i in range(len(x)):\n        out[i] = np.{}({argument})\n",
        case.name
    );
    let x = format!("{dtype}(uniform({ELEMENTS}) * {:?} + {low:?})", high - low);
    let out = format!("zeros({ELEMENTS}, {dtype})");
    let mut lanes = Program::new(&serial(), &text, "f", &[&x, &out]);
    let mut scalar = Program::new(&scalar_serial(), &text, "f", &[&x, &out]);
    let xs: Vec<T> = (0..ELEMENTS).map(|i| T::of(low + (high - low) * spread(i))).collect();
    let mut results = xs.clone();
    let theirs = || {
        results.iter_mut().zip(black_box(&xs)).for_each(|(result, x)| *result = libm(*x));
        black_box(&results);
    };
    let against_scalar = compare(ROUNDS, || drop(scalar.run()), || drop(lanes.run())).seconds;
    let against_libm = compare(ROUNDS, theirs, || drop(lanes.run())).seconds;
    let ns = |seconds: f64| seconds * 1e9 / ELEMENTS as f64;
    let missing = case.name.starts_with("erf") || case.name.ends_with("gamma");
    let platform = if missing { "–".into() } else { format!("{:.2}", ns(against_libm.0)) };
    let ours = ns(against_scalar.1.min(against_libm.1));
    format!("{:7.2} {ours:7.2} {platform:>7}", ns(against_scalar.0))
}

/// Fractions in no order, so that branches of the platform's are as hard to predict as with real data.
fn spread(i: usize) -> f64 {
    (i as f64 * 0.618_033_988_749_894_9).fract()
}

trait Number: Copy {
    fn of(x: f64) -> Self;
}

impl Number for f64 {
    fn of(x: f64) -> f64 {
        x
    }
}

impl Number for f32 {
    fn of(x: f64) -> f32 {
        x as f32
    }
}
