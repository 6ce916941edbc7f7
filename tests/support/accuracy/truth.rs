//! The true values of the elementary functions, with [`PRECISION`] bits.

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;
use std::sync::OnceLock;

pub type Big = FBig<HalfEven, 2>;

/// Bits of the reference: 113 and some for what cancels.
pub const PRECISION: usize = 140;

/// What a function gives at finite arguments other than zero.
pub enum Truth {
    Value(Big),
    /// Infinite, or too large in magnitude for any dtype.
    Infinite {
        negative: bool,
    },
    /// Too small for any dtype.
    Zero {
        negative: bool,
    },
}

use Truth::{Infinite, Value, Zero};

pub fn big(x: f64) -> Big {
    Big::try_from(x).expect("finite").with_precision(PRECISION).value()
}

/// 2**n.
pub fn two(n: i64) -> Big {
    Big::from_parts(1.into(), n as isize).with_precision(PRECISION).value()
}

pub fn sqrt(x: &[f64]) -> Option<Truth> {
    (x[0] >= 0.0).then(|| Value(big(x[0]).sqrt()))
}

pub fn cbrt(x: &[f64]) -> Option<Truth> {
    let root = |x: f64| big(x).nth_root(3);
    Some(Value(if x[0] < 0.0 { -root(-x[0]) } else { root(x[0]) }))
}

pub fn hypot(x: &[f64]) -> Option<Truth> {
    Some(Value(big(x[0]).hypot(&big(x[1]))))
}

/// Beyond any dtype, subnormals included.
const BEYOND: f64 = 1100.0;

pub fn exp(x: &[f64]) -> Option<Truth> {
    Some(match x[0] {
        x if x > BEYOND => Infinite { negative: false },
        x if x < -BEYOND => Zero { negative: false },
        x => Value(big(x).exp()),
    })
}

pub fn exp2(x: &[f64]) -> Option<Truth> {
    Some(power(2.0, x[0]))
}

pub fn expm1(x: &[f64]) -> Option<Truth> {
    Some(match x[0] {
        x if x > BEYOND => Infinite { negative: false },
        x if x < -BEYOND => Value(big(-1.0)),
        x => Value(big(x).exp_m1()),
    })
}

pub fn log(x: &[f64]) -> Option<Truth> {
    (x[0] > 0.0).then(|| Value(big(x[0]).ln()))
}

pub fn log2(x: &[f64]) -> Option<Truth> {
    (x[0] > 0.0).then(|| Value(big(x[0]).log2()))
}

pub fn log10(x: &[f64]) -> Option<Truth> {
    (x[0] > 0.0).then(|| Value(big(x[0]).log10()))
}

pub fn log1p(x: &[f64]) -> Option<Truth> {
    match x[0] {
        -1.0 => Some(Infinite { negative: true }),
        x => (x > -1.0).then(|| Value(big(x).ln_1p())),
    }
}

/// The larger number, and the difference from the smaller where that matters.
fn ordered(x: &[f64]) -> (Big, Option<Big>) {
    let (large, small) = (x[0].max(x[1]), x[0].min(x[1]));
    let difference = || (big(small) - big(large)).with_precision(PRECISION).value();
    (big(large), (large - small < 10_000.0).then(difference))
}

pub fn logaddexp(x: &[f64]) -> Option<Truth> {
    let (large, difference) = ordered(x);
    Some(Value(difference.map_or_else(|| large.clone(), |d| &large + power_of_e(d).ln_1p())))
}

pub fn logaddexp2(x: &[f64]) -> Option<Truth> {
    let (large, difference) = ordered(x);
    let ln2 = big(2.0).ln();
    Some(Value(difference.map_or_else(|| large.clone(), |d| &large + power_of_e(d * &ln2).ln_1p() / &ln2)))
}

/// Of an exact 0 too, which carries no precision.
fn power_of_e(x: Big) -> Big {
    x.exp().with_precision(PRECISION).value()
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

pub fn pow(x: &[f64]) -> Option<Truth> {
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

pub fn sin(x: &[f64]) -> Option<Truth> {
    Some(Value(big(x[0]).sin()))
}

pub fn cos(x: &[f64]) -> Option<Truth> {
    Some(Value(big(x[0]).cos()))
}

pub fn tan(x: &[f64]) -> Option<Truth> {
    Some(Value(big(x[0]).tan()))
}

pub fn asin(x: &[f64]) -> Option<Truth> {
    (x[0].abs() <= 1.0).then(|| Value(big(x[0]).asin()))
}

pub fn acos(x: &[f64]) -> Option<Truth> {
    (x[0].abs() <= 1.0).then(|| Value(big(x[0]).acos()))
}

pub fn atan(x: &[f64]) -> Option<Truth> {
    Some(Value(big(x[0]).atan()))
}

pub fn atan2(x: &[f64]) -> Option<Truth> {
    Some(Value(big(x[0]).atan2(&big(x[1]))))
}

pub fn sinh(x: &[f64]) -> Option<Truth> {
    let x = x[0];
    Some(if x.abs() > BEYOND { Infinite { negative: x < 0.0 } } else { Value(big(x).sinh()) })
}

pub fn cosh(x: &[f64]) -> Option<Truth> {
    let x = x[0];
    Some(if x.abs() > BEYOND { Infinite { negative: false } } else { Value(big(x).cosh()) })
}

pub fn tanh(x: &[f64]) -> Option<Truth> {
    let x = x[0];
    Some(Value(if x.abs() > 100.0 { big(x.signum()) } else { big(x).tanh() }))
}

pub fn asinh(x: &[f64]) -> Option<Truth> {
    let size = big(x[0].abs());
    let square = &size * &size;
    let root = (&square + big(1.0)).sqrt();
    let value = (size + square / (root + big(1.0))).ln_1p();
    Some(Value(if x[0] < 0.0 { -value } else { value }))
}

pub fn acosh(x: &[f64]) -> Option<Truth> {
    let above = (x[0] >= 1.0).then(|| big(x[0]) - big(1.0))?;
    let root = (&above * (&above + big(2.0))).sqrt();
    Some(Value((above + root).ln_1p()))
}

pub fn atanh(x: &[f64]) -> Option<Truth> {
    let size = x[0].abs();
    if size == 1.0 {
        return Some(Infinite { negative: x[0] < 0.0 });
    }
    let value = (size < 1.0).then(|| (big(size) * big(2.0) / (big(1.0) - big(size))).ln_1p() / big(2.0))?;
    Some(Value(if x[0] < 0.0 { -value } else { value }))
}

fn pi() -> Big {
    static PI: OnceLock<Big> = OnceLock::new();
    PI.get_or_init(|| big(1.0).atan() * big(4.0)).clone()
}

pub fn erf(x: &[f64]) -> Option<Truth> {
    Some(Value(if x[0].abs() > 7.0 { big(x[0].signum()) } else { erf_series(x[0]) }))
}

/// 2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!, whose terms have one sign: its relative error is that of the arithmetic.
fn erf_series(x: f64) -> Big {
    let square = big(x) * big(x);
    let (mut term, mut sum, mut odd) = (big(x), big(x), 1.0);
    let least = two(-156);
    while &term * big(x.signum()) > &sum * big(x.signum()) * &least {
        odd += 2.0;
        term = term * &square * big(2.0) / big(odd);
        sum += &term;
    }
    sum * (-square).exp() * big(2.0) / pi().sqrt()
}

pub fn erfc(x: &[f64]) -> Option<Truth> {
    Some(match x[0] {
        x if x > 30.0 => Zero { negative: false },
        x if x < -7.0 => Value(big(2.0)),
        x if x < 1.5 => Value(big(1.0) - erf_series(x)),
        x => Value(erfc_fraction(x)),
    })
}

/// e^(-x²) / √π / (x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), for x well above 0; its error shrinks as e^(-2x√(2n)) with the terms.
fn erfc_fraction(x: f64) -> Big {
    let terms = (1513.0 / (x * x)) as i64 + 20;
    let x = big(x);
    let mut bottom = x.clone();
    for n in (1..=terms).rev() {
        bottom = &x + big(n as f64 / 2.0) / bottom;
    }
    (-(&x * &x)).exp() / pi().sqrt() / bottom
}

pub fn gamma(x: &[f64]) -> Option<Truth> {
    let x = x[0];
    let negative = x < 0.0 && x.floor() % 2.0 != 0.0;
    match x {
        x if x > 180.0 => Some(Infinite { negative: false }),
        x if x < 0.0 && x.fract() == 0.0 => None,
        x if x < -200.0 => Some(Zero { negative }),
        x => {
            let size = log_gamma(x).exp();
            Some(Value(if negative { -size } else { size }))
        }
    }
}

pub fn lgamma(x: &[f64]) -> Option<Truth> {
    let pole = x[0] < 0.0 && x[0].fract() == 0.0;
    Some(if pole { Infinite { negative: false } } else { Value(log_gamma(x[0])) })
}

/// ln |Γ(x)|; below 0 by reflection.
fn log_gamma(x: f64) -> Big {
    if x > 0.0 {
        return log_gamma_above(x);
    }
    let sine = (pi() * big((x - x.round()).abs())).sin();
    (pi() / (big(-x) * sine)).ln() - log_gamma_above(-x)
}

/// Stirling's series from 24 on, where its terms shrink below the precision; smaller arguments are raised.
fn log_gamma_above(x: f64) -> Big {
    let (mut z, mut product) = (big(x), big(1.0));
    while z < big(24.0) {
        product *= &z;
        z += big(1.0);
    }
    let mut sum = (&z - big(0.5)) * z.ln() - &z + (pi() * big(2.0)).ln() / big(2.0);
    let square = &z * &z;
    let mut power = z;
    for coefficient in stirling() {
        sum += coefficient / &power;
        power *= &square;
    }
    sum - product.ln()
}

/// B₂ₙ / (2n (2n-1)), the Bernoulli numbers from the tangent numbers, which are sums of positive integers.
fn stirling() -> &'static [Big] {
    const TERMS: usize = 30;
    static COEFFICIENTS: OnceLock<Vec<Big>> = OnceLock::new();
    COEFFICIENTS.get_or_init(|| {
        let mut tangent = vec![big(1.0)];
        for k in 1..TERMS {
            tangent.push(&tangent[k - 1] * big(k as f64));
        }
        for k in 1..TERMS {
            for j in k..TERMS {
                tangent[j] = &tangent[j - 1] * big((j - k) as f64) + &tangent[j] * big((j - k + 2) as f64);
            }
        }
        let coefficient = |(k, tangent): (usize, Big)| {
            let n = k as f64 + 1.0;
            let scale = two(2 * k as i64 + 2);
            let bernoulli = tangent * big(2.0 * n) / (&scale * (&scale - big(1.0)));
            let size = bernoulli / big(2.0 * n * (2.0 * n - 1.0));
            if k % 2 == 0 { size } else { -size }
        };
        tangent.into_iter().enumerate().map(coefficient).collect()
    })
}

#[test]
fn the_reference_is_right() {
    let value = |truth: Option<Truth>| match truth {
        Some(Value(value)) => value.to_f64().value(),
        _ => panic!("no value"),
    };
    assert_eq!(value(sin(&[1e22])), -0.8522008497671888);
    assert_eq!(value(erf(&[0.5])), 0.5204998778130465);
    assert_eq!(value(erf(&[-3.0])), -0.9999779095030014);
    assert_eq!(value(erfc(&[0.5])), 0.4795001221869535);
    assert_eq!(value(erfc(&[1.5])), 0.033894853524689274);
    assert_eq!(value(erfc(&[26.5])), 2.2109076642637343e-307);
    assert_eq!(value(exp(&[1.0])), std::f64::consts::E);
    assert_eq!(value(cbrt(&[-27.0])), -3.0);
    assert_eq!(value(gamma(&[0.5])), 1.772453850905516);
    assert_eq!(value(gamma(&[23.0])), 1.1240007277776077e21);
    assert_eq!(value(gamma(&[-170.5])), -3.3127395215386074e-308);
    assert_eq!(value(lgamma(&[100.5])), 361.4355404677776);
    assert_eq!(value(lgamma(&[-2.5])), -0.056243716497674054);
    assert_eq!(value(asinh(&[-1e-10])), -1e-10);
    assert_eq!(value(acosh(&[1.5])), 0.9624236501192069);
    assert_eq!(value(atanh(&[0.5])), 0.5493061443340549);
    assert_eq!(value(logaddexp(&[1.0, 2.0])), 2.313261687518223);
}
