//! The examples in Rust: iterators and slices, one thread, compiled for the processor at hand.

use crate::loops;
use crate::values::{slice, slices};
use crate::widths::widths;
use durum::base::Dtype;
use durum::{OwnedArray, Value};

pub fn int(value: &Value) -> i64 {
    match value {
        Value::Int(value) => *value,
        _ => panic!("an int"),
    }
}

pub fn shape(value: &Value) -> [usize; 2] {
    match value {
        Value::Array(array) => array.shape().try_into().expect("a matrix"),
        _ => panic!("an array"),
    }
}

/// A new array that `fill` writes.
pub fn made(shape: &[usize], fill: impl FnOnce(&mut [f64])) -> Value {
    let mut array = OwnedArray::zeros(Dtype::F64, shape);
    fill(array.as_mut_slice().expect("f64"));
    Value::Array(array)
}

pub fn axpy(args: &mut [Value]) -> Value {
    let [x, y] = slices::<f64, 2>(args, [1, 2]);
    scaled_add::host(0.5, x, y);
    Value::None
}

pub fn triad(args: &mut [Value]) -> Value {
    let [x, z, out] = slices::<f64, 3>(args, [1, 2, 3]);
    loops::triad::host(0.5, x, z, out);
    Value::None
}

pub fn sum_of_squares(args: &mut [Value]) -> Value {
    Value::Float(loops::squares::host(slice(&mut args[0])))
}

pub fn normalise(args: &mut [Value]) -> Value {
    let x = slice::<f64>(&mut args[0]);
    made(&[x.len()], |out| standardise::host(x, out))
}

pub fn rolling_mean(args: &mut [Value]) -> Value {
    let width = int(&args[1]) as usize;
    let x = slice::<f64>(&mut args[0]);
    made(&[x.len() + 1 - width], |out| window_means::host(x, width, out))
}

pub fn histogram(args: &mut [Value]) -> Value {
    let mut counts = vec![0; 100];
    loops::histogram::host(slice(&mut args[0]), 0.0, 1.0, &mut counts);
    Value::Array(OwnedArray::from_vec(counts))
}

pub fn black_scholes(args: &mut [Value]) -> Value {
    let [spot, strike, years, call, put] = slices::<f64, 5>(args, [0, 1, 2, 5, 6]);
    crate::libm::black_scholes([spot, strike, years], 0.03, 0.3, [call, put]);
    Value::None
}

pub fn jacobi(args: &mut [Value]) -> Value {
    let ([height, width], pairs) = (shape(&args[0]), int(&args[2]));
    let [a, b] = slices::<f64, 2>(args, [0, 1]);
    for _ in 0..pairs {
        loops::jacobi::host(a, b, height, width);
        loops::jacobi::host(b, a, height, width);
    }
    Value::None
}

pub fn convolve(args: &mut [Value]) -> Value {
    let ([height, width], [a, b]) = (shape(&args[0]), shape(&args[1]));
    let [image, weights] = slices::<f32, 2>(args, [0, 1]);
    let mut out = OwnedArray::zeros(Dtype::F32, &[height - a + 1, width - b + 1]);
    let rows = out.as_mut_slice::<f32>().expect("f32").chunks_exact_mut(width - b + 1);
    rows.enumerate().for_each(|(i, row)| convolved_row::host(image, width, i, weights, b, row));
    Value::Array(out)
}

pub fn life(args: &mut [Value]) -> Value {
    let ([height, width], steps) = (shape(&args[0]), int(&args[1]));
    let mut old = slice::<u8>(&mut args[0]).to_vec();
    let mut new = vec![0u8; old.len()];
    for _ in 0..steps {
        generation::host(&old, &mut new, height, width);
        std::mem::swap(&mut old, &mut new);
    }
    Value::Array(OwnedArray::from_slice(&old, &[height, width]).expect("as many as the shape has"))
}

pub fn mandelbrot(args: &mut [Value]) -> Value {
    let [height, width] = shape(&args[5]);
    loops::mandelbrot::host([-2.0, 0.6, -1.2, 1.2], 200, height, width, slice(&mut args[5]));
    Value::None
}

pub fn matmul(args: &mut [Value]) -> Value {
    let [n, _] = shape(&args[0]);
    let [a, b] = slices::<f64, 2>(args, [0, 1]);
    made(&[n, n], |out| loops::matmul::host(a, b, out, n))
}

pub fn lu(args: &mut [Value]) -> Value {
    let [n, _] = shape(&args[0]);
    let (a, pivots) = args.split_at_mut(1);
    eliminate::host(slice(&mut a[0]), slice(&mut pivots[0]), n);
    Value::None
}

pub fn spmv(args: &mut [Value]) -> Value {
    let (integers, floats) = args.split_at_mut(2);
    let [indptr, indices] = slices::<i64, 2>(integers, [0, 1]);
    let [data, x] = slices::<f64, 2>(floats, [0, 1]);
    made(&[indptr.len() - 1], |out| loops::spmv::host(indptr, indices, data, x, out))
}

pub fn floyd_warshall(args: &mut [Value]) -> Value {
    let [n, _] = shape(&args[0]);
    let distance = slice::<f64>(&mut args[0]);
    for via in 0..n {
        let row = distance[via * n..(via + 1) * n].to_vec();
        distance.chunks_exact_mut(n).for_each(|distances| shorten::host(distances, via, &row));
    }
    Value::None
}

pub fn nbody(args: &mut [Value]) -> Value {
    let [position, mass, out] = slices::<f64, 3>(args, [0, 1, 3]);
    loops::nbody::host(position, mass, 0.1, out);
    Value::None
}

pub fn pairwise_distances(args: &mut [Value]) -> Value {
    let points = slice::<f64>(&mut args[0]);
    let n = points.len() / 3;
    made(&[n, n], |out| loops::distances::host(points, out))
}

pub fn kmeans(args: &mut [Value]) -> Value {
    let (floats, labels) = args.split_at_mut(2);
    let [points, centres] = slices::<f64, 2>(floats, [0, 1]);
    Value::Float(move_centres::host(points, centres, slice(&mut labels[0])))
}

pub fn collatz(args: &mut [Value]) -> Value {
    loops::collatz::host(slice(&mut args[0]));
    Value::None
}

pub fn cube_roots(args: &mut [Value]) -> Value {
    let [x, out] = slices::<f64, 2>(args, [0, 1]);
    Value::Int(x.iter().zip(out).map(|(x, out)| cube_root(*x, out)).sum())
}

pub fn cube_root(x: f64, out: &mut f64) -> i64 {
    let mut root = if x < 1.0 { x } else { x / 3.0 + 2.0 / 3.0 };
    let (mut steps, mut change) = (0, root);
    while change.abs() > 1e-15 * root && steps < 100 {
        change = (root - x / (root * root)) / 3.0;
        root -= change;
        steps += 1;
    }
    *out = root;
    steps
}

pub fn logistic_map(args: &mut [Value]) -> Value {
    let steps = int(&args[2]);
    let [r, x] = slices::<f64, 2>(args, [0, 1]);
    orbits::host(r, x, steps);
    Value::None
}

pub fn monte_carlo_pi(args: &mut [Value]) -> Value {
    let (n, seed) = (int(&args[0]) as u64, int(&args[1]) as u64);
    let inside = (0..n).filter(|i| hits(*i, seed)).count();
    Value::Float(4.0 * inside as f64 / n as f64)
}

/// Whether point `i` is in the quarter disc.
pub fn hits(i: u64, seed: u64) -> bool {
    let counter = seed.wrapping_mul(1 << 32).wrapping_add(2 * i);
    let (x, y) = (random(counter), random(counter + 1));
    x * x + y * y < 1.0
}

fn random(counter: u64) -> f64 {
    let mut z = counter.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    (z >> 11) as f64 * 1.1102230246251565e-16
}

pub fn edit_distance(args: &mut [Value]) -> Value {
    let [a, b] = slices::<i64, 2>(args, [0, 1]);
    let mut row: Vec<i64> = (0..=b.len() as i64).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i as i64 + 1;
        for (j, right) in b.iter().enumerate() {
            let substituted = diagonal + i64::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    Value::Int(row[b.len()])
}

pub fn count_primes(args: &mut [Value]) -> Value {
    let n = int(&args[0]) as usize;
    let mut prime = vec![true; n];
    prime[..2].fill(false);
    let mut candidate = 2;
    while candidate * candidate < n {
        if prime[candidate] {
            prime[candidate * candidate..].iter_mut().step_by(candidate).for_each(|prime| *prime = false);
        }
        candidate += 1;
    }
    Value::Int(prime.iter().filter(|prime| **prime).count() as i64)
}

pub fn fft(args: &mut [Value]) -> Value {
    let [real, imaginary] = slices::<f64, 2>(args, [0, 1]);
    transform(real, imaginary);
    Value::None
}

#[allow(clippy::disallowed_methods, reason = "the platform's mathematics is what Rust has")]
fn transform(real: &mut [f64], imaginary: &mut [f64]) {
    let n = real.len();
    for i in 0..n {
        let j = i.reverse_bits() >> (usize::BITS - n.ilog2());
        if i < j {
            real.swap(i, j);
            imaginary.swap(i, j);
        }
    }
    let mut half = 1;
    while half < n {
        let angle = -std::f64::consts::PI / half as f64;
        for k in 0..half {
            let (s, c) = (angle * k as f64).sin_cos();
            for i in (k..n).step_by(2 * half) {
                let j = i + half;
                let re = c * real[j] - s * imaginary[j];
                let im = c * imaginary[j] + s * real[j];
                (real[j], imaginary[j]) = (real[i] - re, imaginary[i] - im);
                (real[i], imaginary[i]) = (real[i] + re, imaginary[i] + im);
            }
        }
        half *= 2;
    }
}

widths! {
    fn scaled_add(a: f64, x: &[f64], y: &mut [f64]) {
        y.iter_mut().zip(x).for_each(|(y, x)| *y += a * x);
    }

    fn standardise(x: &[f64], out: &mut [f64]) {
        let n = x.len() as f64;
        let mean = loops::sum::host(x) / n;
        out.iter_mut().zip(x).for_each(|(out, x)| *out = x - mean);
        let deviation = (loops::squares::host(out) / n).sqrt();
        out.iter_mut().for_each(|out| *out /= deviation);
    }

    fn window_means(x: &[f64], width: usize, out: &mut [f64]) {
        for (out, window) in out.iter_mut().zip(x.windows(width)) {
            *out = window.iter().sum::<f64>() / width as f64;
        }
    }

    fn convolved_row(image: &[f32], width: usize, i: usize, weights: &[f32], b: usize, out: &mut [f32]) {
        let a = weights.len() / b;
        for (k, weight) in weights.iter().rev().enumerate() {
            let (di, dj) = (k / b, k % b);
            debug_assert!(di < a);
            let row = &image[(i + di) * width + dj..][..out.len()];
            out.iter_mut().zip(row).for_each(|(out, pixel)| *out += weight * pixel);
        }
    }

    fn generation(old: &[u8], new: &mut [u8], height: usize, width: usize) {
        let row = |i: usize| &old[i * width..(i + 1) * width];
        for i in 0..height {
            let (above, own, below) = (row((i + height - 1) % height), row(i), row((i + 1) % height));
            for j in 0..width {
                let (left, right) = ((j + width - 1) % width, (j + 1) % width);
                let column = |k: usize| above[k] + below[k];
                let neighbours = column(left) + column(j) + column(right) + own[left] + own[right];
                new[i * width + j] = u8::from(neighbours == 3 || neighbours == 2 && own[j] == 1);
            }
        }
    }

    fn eliminate(a: &mut [f64], pivots: &mut [i64], n: usize) {
        for k in 0..n {
            let larger = |best: usize, i: usize| if a[i * n + k].abs() > a[best * n + k].abs() { i } else { best };
            let pivot = (k + 1..n).fold(k, larger);
            pivots[k] = pivot as i64;
            for j in 0..n {
                a.swap(k * n + j, pivot * n + j);
            }
            let (done, rest) = a.split_at_mut((k + 1) * n);
            let upper = &done[k * n..];
            for row in rest.chunks_exact_mut(n) {
                row[k] /= upper[k];
                let factor = row[k];
                row[k + 1..].iter_mut().zip(&upper[k + 1..]).for_each(|(x, upper)| *x -= factor * upper);
            }
        }
    }

    fn shorten(distances: &mut [f64], via: usize, row: &[f64]) {
        let first = distances[via];
        for (distance, second) in distances.iter_mut().zip(row) {
            let around = first + second;
            *distance = if around < *distance { around } else { *distance };
        }
    }

    fn move_centres(points: &[f64], centres: &mut [f64], labels: &mut [i64]) -> f64 {
        let (points, _) = points.as_chunks::<3>();
        let (centres, _) = centres.as_chunks_mut::<3>();
        let mut sums = vec![[0.0; 3]; centres.len()];
        let mut counts = vec![0usize; centres.len()];
        let mut total = 0.0;
        for (point, label) in points.iter().zip(labels) {
            let square = |centre: &[f64; 3]| -> f64 {
                centre.iter().zip(point).map(|(c, p)| (c - p) * (c - p)).sum()
            };
            let (mut nearest, mut least) = (0, square(&centres[0]));
            for (k, centre) in centres.iter().enumerate().skip(1) {
                let distance = square(centre);
                if distance < least {
                    (nearest, least) = (k, distance);
                }
            }
            *label = nearest as i64;
            total += least;
            sums[nearest].iter_mut().zip(point).for_each(|(sum, p)| *sum += p);
            counts[nearest] += 1;
        }
        for ((centre, sum), count) in centres.iter_mut().zip(&sums).zip(&counts) {
            if *count > 0 {
                *centre = sum.map(|sum| sum / *count as f64);
            }
        }
        total
    }

    fn orbits(r: &[f64], x: &mut [f64], steps: i64) {
        for (x, r) in x.iter_mut().zip(r) {
            let mut state = *x;
            for _ in 0..steps {
                state = r * state * (1.0 - state);
            }
            *x = state;
        }
    }
}
