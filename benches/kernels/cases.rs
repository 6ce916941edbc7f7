//! The examples with arguments worth measuring, and their other forms.

use crate::values::{Rust, array, matrix, uniform};
use crate::{expressions, plain, threads};
use durum::{OwnedArray, Value};

pub struct Case {
    pub file: &'static str,
    pub kernel: &'static str,
    pub args: Vec<Value>,
    /// The argument that forms are compared by, if not by what they return.
    pub written: Option<usize>,
    pub fresh: bool,
    pub tolerance: f64,
    pub rust: Option<Rust<'static>>,
    pub ndarray: Option<Rust<'static>>,
    pub rayon: Option<Rust<'static>>,
}

type Form = fn(&mut [Value]) -> Value;

impl Case {
    fn new(file: &'static str, kernel: &'static str, args: Vec<Value>) -> Case {
        let (rust, ndarray, rayon) = (None, None, None);
        Case { file, kernel, args, written: None, fresh: false, tolerance: 1e-12, rust, ndarray, rayon }
    }

    fn writes(self, position: usize) -> Case {
        Case { written: Some(position), ..self }
    }

    fn fresh(self) -> Case {
        Case { fresh: true, ..self }
    }

    fn within(self, tolerance: f64) -> Case {
        Case { tolerance, ..self }
    }

    fn rust(self, form: Form) -> Case {
        Case { rust: Some(Box::new(form)), ..self }
    }

    fn ndarray(self, form: Form) -> Case {
        Case { ndarray: Some(Box::new(form)), ..self }
    }

    fn rayon(self, form: Form) -> Case {
        Case { rayon: Some(Box::new(form)), ..self }
    }
}

fn vector(n: usize) -> Value {
    array(uniform(n, 0.0, 1.0))
}

fn zeros(n: usize) -> Value {
    array(vec![0.0; n])
}

fn square(n: usize) -> Value {
    matrix(uniform(n * n, 0.0, 1.0), &[n, n])
}

fn integers(numbers: impl Iterator<Item = i64>) -> Value {
    Value::Array(OwnedArray::from_vec(numbers.collect::<Vec<_>>()))
}

fn floats<const N: usize>(numbers: [f64; N]) -> impl Iterator<Item = Value> {
    numbers.into_iter().map(Value::Float)
}

pub fn cases() -> Vec<Case> {
    let mut all = streams();
    all.extend(grids());
    all.extend(linear_algebra());
    all.extend(points());
    all.extend(others());
    all
}

fn streams() -> Vec<Case> {
    const N: usize = 100_000;
    let options = [(80.0, 120.0), (90.0, 110.0), (0.1, 2.0)].map(|(low, high)| array(uniform(N, low, high)));
    let options = options.into_iter().chain(floats([0.03, 0.3])).chain([zeros(N), zeros(N)]);
    vec![
        Case::new("axpy", "axpy", vec![Value::Float(0.5), vector(N), vector(N)])
            .writes(2)
            .rust(plain::axpy)
            .ndarray(expressions::axpy)
            .rayon(threads::axpy),
        Case::new("triad", "triad", vec![Value::Float(0.5), vector(N), vector(N), zeros(N)])
            .writes(3)
            .rust(plain::triad)
            .ndarray(expressions::triad)
            .rayon(threads::triad),
        Case::new("sum_of_squares", "sum_of_squares", vec![vector(N)])
            .rust(plain::sum_of_squares)
            .ndarray(expressions::sum_of_squares)
            .rayon(threads::sum_of_squares),
        Case::new("normalise", "normalise", vec![vector(N)])
            .within(1e-9)
            .rust(plain::normalise)
            .ndarray(expressions::normalise),
        Case::new("rolling_mean", "rolling_mean", vec![vector(N), Value::Int(100)])
            .rust(plain::rolling_mean)
            .ndarray(expressions::rolling_mean)
            .rayon(threads::rolling_mean),
        Case::new(
            "histogram",
            "histogram",
            vec![vector(N), Value::Float(0.0), Value::Float(1.0), Value::Int(100)],
        )
        .rust(plain::histogram)
        .rayon(threads::histogram),
        Case::new("black_scholes", "black_scholes", options.collect())
            .writes(5)
            .within(1e-2)
            .rust(plain::black_scholes)
            .rayon(threads::black_scholes),
    ]
}

fn grids() -> Vec<Case> {
    let image = uniform(256 * 256, 0.0, 1.0).into_iter().map(|x| x as f32).collect::<Vec<_>>();
    let image = OwnedArray::from_slice(&image, &[256, 256]).expect("as many as the shape has");
    let weights = OwnedArray::from_slice(&[0.04f32; 25], &[5, 5]).expect("as many as the shape has");
    let cells: Vec<u8> = uniform(256 * 256, 0.0, 1.0).into_iter().map(|x| u8::from(x < 0.3)).collect();
    let cells = OwnedArray::from_slice(&cells, &[256, 256]).expect("as many as the shape has");
    let out = Value::Array(OwnedArray::zeros(durum::base::Dtype::I32, &[300, 300]));
    let corners = floats([-2.0, 0.6, -1.2, 1.2]);
    vec![
        Case::new("jacobi", "jacobi", vec![square(500), square(500), Value::Int(5)])
            .writes(0)
            .rust(plain::jacobi)
            .ndarray(expressions::jacobi)
            .rayon(threads::jacobi),
        Case::new("convolution", "convolve", vec![Value::Array(image), Value::Array(weights)])
            .within(1e-4)
            .rust(plain::convolve)
            .ndarray(expressions::convolve)
            .rayon(threads::convolve),
        Case::new("game_of_life", "life", vec![Value::Array(cells), Value::Int(10)]).rust(plain::life),
        Case::new("mandelbrot", "mandelbrot", corners.chain([Value::Int(200), out]).collect())
            .writes(5)
            .rust(plain::mandelbrot)
            .rayon(threads::mandelbrot),
    ]
}

fn linear_algebra() -> Vec<Case> {
    const ROWS: usize = 20_000;
    let columns = uniform(10 * ROWS, 0.0, ROWS as f64).into_iter().map(|x| x as i64);
    let sparse = vec![
        integers((0..=ROWS as i64).map(|row| 10 * row)),
        integers(columns),
        vector(10 * ROWS),
        vector(ROWS),
    ];
    vec![
        Case::new("matmul", "matmul", vec![square(256), square(256)])
            .rust(plain::matmul)
            .ndarray(expressions::matmul)
            .rayon(threads::matmul),
        Case::new("lu", "lu", vec![square(200), integers((0..200).map(|_| 0))])
            .writes(0)
            .fresh()
            .within(1e-9)
            .rust(plain::lu),
        Case::new("spmv", "spmv", sparse).rust(plain::spmv).rayon(threads::spmv),
        Case::new("floyd_warshall", "floyd_warshall", vec![square(200)])
            .writes(0)
            .fresh()
            .rust(plain::floyd_warshall)
            .rayon(threads::floyd_warshall),
    ]
}

fn points() -> Vec<Case> {
    let points = |n: usize| matrix(uniform(3 * n, -1.0, 1.0), &[n, 3]);
    let accelerations = matrix(vec![0.0; 3 * 1024], &[1024, 3]);
    let labels = integers((0..20_000).map(|_| 0));
    let centres = matrix(uniform(24, -0.9, 0.8), &[8, 3]);
    vec![
        Case::new("nbody", "nbody", vec![points(1024), vector(1024), Value::Float(0.1), accelerations])
            .writes(3)
            .within(1e-9)
            .rust(plain::nbody)
            .rayon(threads::nbody),
        Case::new("pairwise_distances", "pairwise_distances", vec![points(500)])
            .rust(plain::pairwise_distances)
            .rayon(threads::pairwise_distances),
        Case::new("kmeans", "step", vec![points(20_000), centres, labels])
            .fresh()
            .within(1e-9)
            .rust(plain::kmeans),
    ]
}

fn others() -> Vec<Case> {
    let rates = array((0..10_000).map(|k| 2.5 + 1.5 * f64::from(k) / 1e4).collect());
    let text = |factor: i64, n: i64| integers((0..n).map(move |k| k * factor % 26));
    vec![
        Case::new("collatz", "collatz", vec![integers((0..50_000).map(|_| 0))])
            .writes(0)
            .rust(plain::collatz)
            .rayon(threads::collatz),
        Case::new("newton", "cube_roots", vec![array(uniform(20_000, 1.0, 1000.0)), zeros(20_000)])
            .writes(1)
            .rust(plain::cube_roots)
            .rayon(threads::cube_roots),
        Case::new("logistic_map", "logistic_map", vec![rates, array(vec![0.5; 10_000]), Value::Int(100)])
            .writes(1)
            .fresh()
            .within(1e-6)
            .rust(plain::logistic_map)
            .rayon(threads::logistic_map),
        Case::new("monte_carlo_pi", "monte_carlo_pi", vec![Value::Int(1_000_000), Value::Int(1)])
            .rust(plain::monte_carlo_pi)
            .rayon(threads::monte_carlo_pi),
        Case::new("edit_distance", "edit_distance", vec![text(1, 1000), text(7, 900)])
            .rust(plain::edit_distance),
        Case::new("sieve", "count_primes", vec![Value::Int(1_000_000)]).rust(plain::count_primes),
        Case::new("fft", "fft", vec![vector(1 << 14), zeros(1 << 14)])
            .writes(0)
            .fresh()
            .within(1e-6)
            .rust(plain::fft),
    ]
}
