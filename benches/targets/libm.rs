//! Loops over the platform's mathematics, one call per element: what Rust gives without a vector library.
#![allow(clippy::disallowed_methods, reason = "the platform's mathematics is what is compared with")]

pub fn exp(x: &[f64], out: &mut [f64]) {
    out.iter_mut().zip(x).for_each(|(out, x)| *out = x.exp());
}

pub fn log(x: &[f64], out: &mut [f64]) {
    out.iter_mut().zip(x).for_each(|(out, x)| *out = x.ln());
}

pub fn sin(x: &[f64], out: &mut [f64]) {
    out.iter_mut().zip(x).for_each(|(out, x)| *out = x.sin());
}

pub fn exp_sin_log(x: &[f64], out: &mut [f64]) {
    for (out, x) in out.iter_mut().zip(x) {
        *out = (-x * x).exp() * (3.0 * x).sin() + (1.0 + x * x).ln();
    }
}

/// Prices of calls and puts; the distribution by Abramowitz and Stegun 26.2.17, as Rust has no `erf`. Good to 1e-7, for time only.
pub fn black_scholes(
    [spot, strike, years]: [&[f64]; 3],
    rate: f64,
    volatility: f64,
    [call, put]: [&mut [f64]; 2],
) {
    for i in 0..spot.len() {
        let spread = volatility * years[i].sqrt();
        let d1 = ((spot[i] / strike[i]).ln() + (rate + 0.5 * volatility * volatility) * years[i]) / spread;
        let d2 = d1 - spread;
        let discounted = strike[i] * (-rate * years[i]).exp();
        call[i] = spot[i] * normal(d1) - discounted * normal(d2);
        put[i] = discounted * normal(-d2) - spot[i] * normal(-d1);
    }
}

fn normal(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.2316419 * x.abs());
    let polynomial =
        t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    let tail = 0.3989422804014327 * (-0.5 * x * x).exp() * polynomial;
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// The same in single precision.
pub fn black_scholes_f32(
    [spot, strike, years]: [&[f32]; 3],
    rate: f32,
    volatility: f32,
    [call, put]: [&mut [f32]; 2],
) {
    for i in 0..spot.len() {
        let spread = volatility * years[i].sqrt();
        let d1 = ((spot[i] / strike[i]).ln() + (rate + 0.5 * volatility * volatility) * years[i]) / spread;
        let d2 = d1 - spread;
        let discounted = strike[i] * (-rate * years[i]).exp();
        call[i] = spot[i] * normal_f32(d1) - discounted * normal_f32(d2);
        put[i] = discounted * normal_f32(-d2) - spot[i] * normal_f32(-d1);
    }
}

fn normal_f32(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.2316419 * x.abs());
    let polynomial =
        t * (0.319_381_5 + t * (-0.356_563_8 + t * (1.781_477_9 + t * (-1.821_256 + t * 1.330_274_4))));
    let tail = 0.398_942_3 * (-0.5 * x * x).exp() * polynomial;
    if x > 0.0 { 1.0 - tail } else { tail }
}
