//! Every kernel of the tables that peers were measured on, against a stand-in for a C compiler restricted to 128-bit vectors: the same loop in
//! Rust, compiled for SSE4.2 (see `widths.rs`). The figure of gcc 12 `-O3 -ffast-math` at 128 bits, from another machine, stands beside:
//! what counts is the ratio in one run.
//!
//! | row | how the baseline is made |
//! |---|---|
//! | triad, chain, branchy, crc, Jacobi, matmul | plain loops that LLVM vectorises |
//! | sum of squares | eight accumulators, as strict Rust leaves one sum scalar |
//! | cumulative sum, rolling mean, histogram, CSR | sequential, scalar in any compiler |
//! | pairwise distances | columns gathered first, then a stream |
//! | n-body | four bodies share the inner loop |
//! | mandelbrot, collatz | scalar, as C compilers leave them |
//! | Black–Scholes, exp·sin + log | a loop over the platform's mathematics, scalar: for orientation only |

use crate::divergent::{collatz_args, collatz_rust, mandelbrot_args, mandelbrot_rust};
use crate::loops::*;
use crate::streams::unary;
use crate::values::{Rust, array, array_f32, matrix, slice, slices, uniform};
use crate::versus::Versus;
use crate::{
    BLACK_SCHOLES, COLLATZ, DISTANCES, HISTOGRAM, JACOBI, MANDELBROT, MAPS, MATMUL, NBODY, SPMV, SUMS,
};
use crate::{libm, serial};
use durum::{OwnedArray, Value};

/// In the first cache, in L3, in memory; and what was quoted for each.
const SMALL: usize = 4096;
const MEDIUM: usize = 1_000_000;
const LARGE: usize = 8_000_000;

pub fn peers() {
    per_element();
    black_scholes();
    whole();
}

/// Ends a line with the quoted figure.
fn row(versus: Versus, quoted: f64, target: Option<f64>) {
    let unit = if versus.elements == 1 { "ms" } else { "ns" };
    let label = format!("{} (C128: {quoted} {unit})", versus.label);
    Versus { label, ..versus }.print(&serial(), target);
}

struct Streams {
    name: &'static str,
    text: &'static str,
    kernel: &'static str,
    args: fn(usize) -> Vec<Value>,
    rust: fn() -> Rust<'static>,
    /// Small, medium, large; None where there is no figure.
    quoted: [Option<f64>; 3],
    target: Option<f64>,
    tolerance: f64,
}

fn per_element() {
    for streams in rows() {
        for ((size, n), quoted) in [("S", SMALL), ("M", MEDIUM), ("L", LARGE)].into_iter().zip(streams.quoted)
        {
            let Some(quoted) = quoted else { continue };
            let versus = Versus {
                label: format!("{} {size}", streams.name),
                text: streams.text,
                kernel: streams.kernel,
                args: (streams.args)(n),
                rust: (streams.rust)(),
                elements: n,
                tolerance: Some(streams.tolerance),
            };
            row(versus, quoted, streams.target);
        }
    }
}

fn input_and_output(n: usize) -> Vec<Value> {
    vec![array(uniform(n, 0.0, 1.0)), array(vec![0.0; n])]
}

fn rows() -> Vec<Streams> {
    let floor = Some(0.8);
    vec![
        Streams {
            name: "triad",
            text: MAPS,
            kernel: "triad",
            args: |n| {
                let arrays = [0.0, 1.0, 2.0].map(|low| array(uniform(n, low, low + 1.0)));
                [Value::Float(0.5)].into_iter().chain(arrays).collect()
            },
            rust: || {
                Box::new(|args| {
                    let [x, z, out] = slices::<f64, 3>(args, [1, 2, 3]);
                    triad::narrow(0.5, x, z, out);
                    Value::None
                })
            },
            quoted: [Some(0.24), Some(0.77), Some(1.66)],
            target: floor,
            tolerance: 0.0,
        },
        Streams {
            name: "triad f32",
            text: MAPS,
            kernel: "triad",
            args: |n| {
                let arrays = [0.0, 1.0, 2.0].map(|low| array_f32(uniform(n, low, low + 1.0)));
                [Value::Float(0.5)].into_iter().chain(arrays).collect()
            },
            rust: || {
                Box::new(|args| {
                    let [x, z, out] = slices::<f32, 3>(args, [1, 2, 3]);
                    triad_f32::narrow(0.5, x, z, out);
                    Value::None
                })
            },
            quoted: [Some(0.10), Some(0.39), Some(0.85)],
            target: floor,
            tolerance: 0.0,
        },
        Streams {
            name: "sum of squares",
            text: SUMS,
            kernel: "squares",
            args: |n| vec![array(uniform(n, 0.0, 1.0))],
            rust: || Box::new(|args| Value::Float(squares::narrow(slice(&mut args[0])))),
            quoted: [Some(0.64), Some(0.68), Some(0.79)],
            target: floor,
            tolerance: 1e-9,
        },
        Streams {
            name: "fused chain",
            text: MAPS,
            kernel: "chain",
            args: |n| [0.0, 1.0, 2.0, 3.0].map(|low| array(uniform(n, low, low + 1.0))).into_iter().collect(),
            rust: || {
                Box::new(|args| {
                    let [x, y, z, out] = slices::<f64, 4>(args, [0, 1, 2, 3]);
                    chain::narrow(x, y, z, out);
                    Value::None
                })
            },
            quoted: [Some(1.75), Some(1.77), Some(2.18)],
            target: floor,
            tolerance: 0.0,
        },
        Streams {
            name: "exp(-x²) sin(3x) + log(1+x²), libm",
            text: MAPS,
            kernel: "exp_sin_log",
            args: input_and_output,
            rust: || unary(libm::exp_sin_log),
            quoted: [Some(8.8), Some(9.1), None],
            target: None,
            tolerance: 1e-12,
        },
        Streams {
            name: "branchy map",
            text: MAPS,
            kernel: "branchy",
            args: input_and_output,
            rust: || unary(branchy::narrow),
            quoted: [Some(0.66), Some(0.65), Some(1.12)],
            target: floor,
            tolerance: 0.0,
        },
        Streams {
            name: "cumulative sum",
            text: SUMS,
            kernel: "cumulative",
            args: input_and_output,
            rust: || unary(cumulative::narrow),
            quoted: [Some(0.67), Some(0.68), Some(1.33)],
            target: floor,
            tolerance: 0.0,
        },
        Streams {
            name: "rolling mean, 32",
            text: SUMS,
            kernel: "rolling",
            args: |n| vec![array(uniform(n, 0.0, 1.0)), array(vec![0.0; n - 31])],
            rust: || unary(rolling::narrow),
            quoted: [Some(0.68), Some(0.67), Some(1.38)],
            target: floor,
            tolerance: 0.0,
        },
        Streams {
            name: "crc, 8 rounds",
            text: MAPS,
            kernel: "crc",
            args: |n| {
                let registers: Vec<u64> = uniform(n, 0.0, 1.0).into_iter().map(f64::to_bits).collect();
                vec![
                    Value::Array(OwnedArray::from_vec(registers)),
                    Value::Array(OwnedArray::from_vec(vec![0u64; n])),
                ]
            },
            rust: || {
                Box::new(|args| {
                    let [x, out] = slices::<u64, 2>(args, [0, 1]);
                    crc::narrow(x, out);
                    Value::None
                })
            },
            quoted: [Some(1.95), Some(2.0), Some(2.2)],
            target: floor,
            tolerance: 0.0,
        },
    ]
}

fn black_scholes() {
    let ranges = [(80.0, 120.0), (90.0, 110.0), (0.1, 2.0), (0.0, 1.0), (0.0, 1.0)];
    let columns = |make: fn(Vec<f64>) -> Value| ranges.map(|(low, high)| make(uniform(MEDIUM, low, high)));
    let args = |make| {
        let [spot, strike, years, call, put] = columns(make);
        vec![spot, strike, years, Value::Float(0.03), Value::Float(0.3), call, put]
    };
    let versus = |label: &str, args, rust, tolerance| Versus {
        label: label.to_string(),
        text: BLACK_SCHOLES,
        kernel: "black_scholes",
        args,
        rust,
        elements: MEDIUM,
        tolerance: Some(tolerance),
    };
    let rust: Rust = Box::new(|args| {
        let [spot, strike, years, call, put] = slices::<f64, 5>(args, [0, 1, 2, 5, 6]);
        libm::black_scholes([spot, strike, years], 0.03, 0.3, [call, put]);
        Value::None
    });
    row(versus("Black–Scholes M, libm", args(array), rust, 1e-2), 23.5, None);
    let rust: Rust = Box::new(|args| {
        let [spot, strike, years, call, put] = slices::<f32, 5>(args, [0, 1, 2, 5, 6]);
        libm::black_scholes_f32([spot, strike, years], 0.03, 0.3, [call, put]);
        Value::None
    });
    row(versus("Black–Scholes f32 M, libm", args(array_f32), rust, 2e-1), 8.1, None);
}

/// The kernels of fixed size.
fn whole() {
    let versus = |label: &str, text, kernel, args, rust, tolerance| Versus {
        label: label.to_string(),
        text,
        kernel,
        args,
        rust,
        elements: 1,
        tolerance: Some(tolerance),
    };
    let set = versus(
        "mandelbrot 1000², 200 steps",
        MANDELBROT,
        "mandelbrot",
        mandelbrot_args(1000, 200),
        mandelbrot_rust(1000, 200),
        0.0,
    );
    row(set, 123.0, Some(2.5));
    row(
        versus("Jacobi 2000², 10 sweeps", JACOBI, "jacobi", jacobi_args(2000, 5), jacobi_rust(2000, 5), 0.0),
        25.7,
        Some(1.0),
    );
    let points = vec![matrix(uniform(6000, 0.0, 1.0), &[2000, 3])];
    row(
        versus(
            "pairwise distances, 2000 × 3",
            DISTANCES,
            "pairwise_distances",
            points,
            distances_rust(),
            1e-12,
        ),
        4.1,
        Some(1.0),
    );
    let factors = vec![
        matrix(uniform(512 * 512, 0.0, 1.0), &[512, 512]),
        matrix(uniform(512 * 512, 1.0, 2.0), &[512, 512]),
    ];
    row(versus("matmul 512 by loops", MATMUL, "matmul", factors, matmul_rust(512), 0.0), 35.0, Some(0.8));
    row(
        versus(
            "histogram, 10⁷ values, 100 bins",
            HISTOGRAM,
            "histogram",
            histogram_args(),
            histogram_rust(),
            0.0,
        ),
        10.3,
        Some(1.0),
    );
    row(versus("n-body 4096", NBODY, "nbody", nbody_args(4096), nbody_rust(), 1e-9), 30.6, Some(1.0));
    row(
        versus("CSR matrix–vector, 10⁶ × 10", SPMV, "spmv", spmv_args(1_000_000), spmv_rust(), 1e-12),
        31.1,
        Some(1.0),
    );
    row(
        versus("collatz to 10⁶", COLLATZ, "collatz", collatz_args(1_000_000), collatz_rust(), 0.0),
        241.0,
        Some(0.95),
    );
}

fn jacobi_args(side: usize, pairs: i64) -> Vec<Value> {
    let grid = || matrix(uniform(side * side, 0.0, 1.0), &[side, side]);
    vec![grid(), grid(), Value::Int(pairs)]
}

fn jacobi_rust<'a>(side: usize, pairs: usize) -> Rust<'a> {
    Box::new(move |args| {
        let [a, b] = slices::<f64, 2>(args, [0, 1]);
        for _ in 0..pairs {
            jacobi::narrow(a, b, side, side);
            jacobi::narrow(b, a, side, side);
        }
        Value::None
    })
}

fn distances_rust<'a>() -> Rust<'a> {
    Box::new(|args| {
        let points = slice::<f64>(&mut args[0]);
        let n = points.len() / 3;
        let mut out = OwnedArray::zeros(durum::base::Dtype::F64, &[n, n]);
        distances::narrow(points, out.as_mut_slice().expect("f64"));
        Value::Array(out)
    })
}

fn matmul_rust<'a>(n: usize) -> Rust<'a> {
    Box::new(move |args| {
        let [a, b] = slices::<f64, 2>(args, [0, 1]);
        let mut out = OwnedArray::zeros(durum::base::Dtype::F64, &[n, n]);
        matmul::narrow(a, b, out.as_mut_slice().expect("f64"), n);
        Value::Array(out)
    })
}

fn histogram_args() -> Vec<Value> {
    vec![array(uniform(10_000_000, 0.0, 1.0)), Value::Float(0.0), Value::Float(1.0), Value::Int(100)]
}

fn histogram_rust<'a>() -> Rust<'a> {
    Box::new(|args| {
        let mut counts = vec![0; 100];
        histogram::narrow(slice(&mut args[0]), 0.0, 1.0, &mut counts);
        Value::Array(OwnedArray::from_vec(counts))
    })
}

fn nbody_args(n: usize) -> Vec<Value> {
    vec![
        matrix(uniform(3 * n, -1.0, 1.0), &[n, 3]),
        array(uniform(n, 0.5, 1.5)),
        Value::Float(0.1),
        matrix(vec![0.0; 3 * n], &[n, 3]),
    ]
}

fn nbody_rust<'a>() -> Rust<'a> {
    Box::new(|args| {
        let [position, mass, out] = slices::<f64, 3>(args, [0, 1, 3]);
        nbody::narrow(position, mass, 0.1, out);
        Value::None
    })
}

fn spmv_args(rows: usize) -> Vec<Value> {
    let integers = |numbers: Vec<i64>| Value::Array(OwnedArray::from_vec(numbers));
    let columns = uniform(10 * rows, 0.0, rows as f64).into_iter().map(|x| x as i64).collect();
    vec![
        integers((0..=rows as i64).map(|row| 10 * row).collect()),
        integers(columns),
        array(uniform(10 * rows, 0.0, 1.0)),
        array(uniform(rows, 0.0, 1.0)),
    ]
}

fn spmv_rust<'a>() -> Rust<'a> {
    Box::new(|args| {
        let (integers, floats) = args.split_at_mut(2);
        let [indptr, indices] = slices::<i64, 2>(integers, [0, 1]);
        let [data, x] = slices::<f64, 2>(floats, [0, 1]);
        let mut out = OwnedArray::zeros(durum::base::Dtype::F64, &[indptr.len() - 1]);
        spmv::narrow(indptr, indices, data, x, out.as_mut_slice().expect("f64"));
        Value::Array(out)
    })
}
