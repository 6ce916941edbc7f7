//! The examples made parallel by hand with rayon, over the loops of `plain.rs`.

use crate::loops;
use crate::plain::{self, convolved_row, int, made, orbits, scaled_add, shape, shorten, window_means};
use crate::values::{slice, slices};
use durum::base::Dtype;
use durum::{OwnedArray, Value};
use rayon::prelude::*;

/// Elements that a task takes, of streams.
const BLOCK: usize = 16_384;

pub fn axpy(args: &mut [Value]) -> Value {
    let [x, y] = slices::<f64, 2>(args, [1, 2]);
    y.par_chunks_mut(BLOCK).zip(x.par_chunks(BLOCK)).for_each(|(y, x)| scaled_add::host(0.5, x, y));
    Value::None
}

pub fn triad(args: &mut [Value]) -> Value {
    let [x, z, out] = slices::<f64, 3>(args, [1, 2, 3]);
    let blocks = out.par_chunks_mut(BLOCK).zip(x.par_chunks(BLOCK)).zip(z.par_chunks(BLOCK));
    blocks.for_each(|((out, x), z)| loops::triad::host(0.5, x, z, out));
    Value::None
}

pub fn sum_of_squares(args: &mut [Value]) -> Value {
    let x = slice::<f64>(&mut args[0]);
    Value::Float(x.par_chunks(BLOCK).map(loops::squares::host).sum())
}

pub fn rolling_mean(args: &mut [Value]) -> Value {
    let width = int(&args[1]) as usize;
    let x = &*slice::<f64>(&mut args[0]);
    made(&[x.len() + 1 - width], |out| {
        let blocks = out.par_chunks_mut(BLOCK).enumerate();
        blocks.for_each(|(k, out)| window_means::host(&x[k * BLOCK..], width, out));
    })
}

pub fn histogram(args: &mut [Value]) -> Value {
    let x = slice::<f64>(&mut args[0]);
    let count = |x: &[f64]| {
        let mut counts = vec![0; 100];
        loops::histogram::host(x, 0.0, 1.0, &mut counts);
        counts
    };
    let add = |left: Vec<i64>, right: Vec<i64>| left.iter().zip(&right).map(|(a, b)| a + b).collect();
    let counts = x.par_chunks(BLOCK).map(count).reduce(|| vec![0; 100], add);
    Value::Array(OwnedArray::from_vec(counts))
}

pub fn black_scholes(args: &mut [Value]) -> Value {
    const PART: usize = 2048;
    let [spot, strike, years, call, put] = slices::<f64, 5>(args, [0, 1, 2, 5, 6]);
    let inputs = spot.par_chunks(PART).zip(strike.par_chunks(PART)).zip(years.par_chunks(PART));
    let outputs = call.par_chunks_mut(PART).zip(put.par_chunks_mut(PART));
    inputs.zip(outputs).for_each(|(((spot, strike), years), (call, put))| {
        crate::libm::black_scholes([spot, strike, years], 0.03, 0.3, [call, put]);
    });
    Value::None
}

pub fn jacobi(args: &mut [Value]) -> Value {
    let ([height, width], pairs) = (shape(&args[0]), int(&args[2]));
    let [a, b] = slices::<f64, 2>(args, [0, 1]);
    for _ in 0..pairs {
        sweep(a, b, height, width);
        sweep(b, a, height, width);
    }
    Value::None
}

/// Bands of rows; each sees one row more at either end.
fn sweep(old: &[f64], new: &mut [f64], height: usize, width: usize) {
    const ROWS: usize = 32;
    let inner = &mut new[width..(height - 1) * width];
    inner.par_chunks_mut(ROWS * width).enumerate().for_each(|(k, new)| {
        let rows = new.len() / width;
        let old = &old[k * ROWS * width..][..(rows + 2) * width];
        for (i, new) in new.chunks_exact_mut(width).enumerate() {
            let band = &old[i * width..(i + 3) * width];
            let out = &mut new[1..width - 1];
            for (j, out) in out.iter_mut().enumerate() {
                let (left, right) = (band[width + j], band[width + j + 2]);
                *out = 0.25 * (band[j + 1] + band[2 * width + j + 1] + left + right);
            }
        }
    });
}

pub fn convolve(args: &mut [Value]) -> Value {
    let ([height, width], [a, b]) = (shape(&args[0]), shape(&args[1]));
    let [image, weights] = slices::<f32, 2>(args, [0, 1]);
    let (image, weights) = (&*image, &*weights);
    let mut out = OwnedArray::zeros(Dtype::F32, &[height - a + 1, width - b + 1]);
    let rows = out.as_mut_slice::<f32>().expect("f32").par_chunks_exact_mut(width - b + 1);
    rows.enumerate().for_each(|(i, row)| convolved_row::host(image, width, i, weights, b, row));
    Value::Array(out)
}

pub fn mandelbrot(args: &mut [Value]) -> Value {
    let [height, width] = shape(&args[5]);
    let out = slice::<i32>(&mut args[5]);
    out.par_chunks_exact_mut(width).enumerate().for_each(|(row, out)| {
        // One row of the picture: the same points, by a rectangle that begins there.
        let ci = -1.2 + 2.4 * row as f64 / height as f64;
        loops::mandelbrot::host([-2.0, 0.6, ci, ci], 200, 1, width, out);
    });
    Value::None
}

pub fn matmul(args: &mut [Value]) -> Value {
    let [n, _] = shape(&args[0]);
    let [a, b] = slices::<f64, 2>(args, [0, 1]);
    let b = &*b;
    made(&[n, n], |out| {
        let rows = out.par_chunks_mut(8 * n).zip(a.par_chunks(8 * n));
        rows.for_each(|(out, a)| loops::matmul::host(a, b, out, n));
    })
}

pub fn spmv(args: &mut [Value]) -> Value {
    const ROWS: usize = 1024;
    let (integers, floats) = args.split_at_mut(2);
    let [indptr, indices] = slices::<i64, 2>(integers, [0, 1]);
    let [data, x] = slices::<f64, 2>(floats, [0, 1]);
    let (indptr, indices, data, x) = (&*indptr, &*indices, &*data, &*x);
    made(&[indptr.len() - 1], |out| {
        out.par_chunks_mut(ROWS).enumerate().for_each(|(k, out)| {
            let own = &indptr[k * ROWS..][..out.len() + 1];
            loops::spmv::host(own, indices, data, x, out);
        });
    })
}

pub fn floyd_warshall(args: &mut [Value]) -> Value {
    let [n, _] = shape(&args[0]);
    let distance = slice::<f64>(&mut args[0]);
    for via in 0..n {
        let row = distance[via * n..(via + 1) * n].to_vec();
        let bands = distance.par_chunks_mut(16 * n);
        bands.for_each(|band| {
            band.chunks_exact_mut(n).for_each(|distances| shorten::host(distances, via, &row))
        });
    }
    Value::None
}

pub fn nbody(args: &mut [Value]) -> Value {
    let [position, mass, out] = slices::<f64, 3>(args, [0, 1, 3]);
    let (position, mass) = (&*position, &*mass);
    out.par_chunks_mut(3).zip(position.par_chunks(3)).for_each(|(out, own)| {
        let mut pulls = [0.0; 3];
        for (point, mass) in position.as_chunks::<3>().0.iter().zip(mass) {
            let distance = [0, 1, 2].map(|k| point[k] - own[k]);
            let square = distance.iter().map(|x| x * x).sum::<f64>() + 0.1 * 0.1;
            let pull = mass / (square * square.sqrt());
            pulls.iter_mut().zip(distance).for_each(|(sum, x)| *sum += pull * x);
        }
        out.copy_from_slice(&pulls);
    });
    Value::None
}

pub fn pairwise_distances(args: &mut [Value]) -> Value {
    let points = &*slice::<f64>(&mut args[0]);
    let n = points.len() / 3;
    made(&[n, n], |out| {
        out.par_chunks_exact_mut(n).zip(points.par_chunks_exact(3)).for_each(|(out, own)| {
            for (out, point) in out.iter_mut().zip(points.as_chunks::<3>().0) {
                *out = own.iter().zip(point).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
            }
        });
    })
}

pub fn collatz(args: &mut [Value]) -> Value {
    let out = slice::<i64>(&mut args[0]);
    out.par_iter_mut().with_min_len(256).enumerate().for_each(|(k, out)| {
        let (mut n, mut steps) = (k as i64 + 1, 0);
        while n != 1 {
            n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
            steps += 1;
        }
        *out = steps;
    });
    Value::None
}

pub fn cube_roots(args: &mut [Value]) -> Value {
    let [x, out] = slices::<f64, 2>(args, [0, 1]);
    let pairs = out.par_iter_mut().with_min_len(256).zip(&*x);
    Value::Int(pairs.map(|(out, x)| plain::cube_root(*x, out)).sum())
}

pub fn logistic_map(args: &mut [Value]) -> Value {
    let steps = int(&args[2]);
    let [r, x] = slices::<f64, 2>(args, [0, 1]);
    x.par_chunks_mut(256).zip(r.par_chunks(256)).for_each(|(x, r)| orbits::host(r, x, steps));
    Value::None
}

pub fn monte_carlo_pi(args: &mut [Value]) -> Value {
    let (n, seed) = (int(&args[0]) as u64, int(&args[1]) as u64);
    let inside =
        (0..n as usize).into_par_iter().with_min_len(BLOCK).filter(|i| plain::hits(*i as u64, seed)).count();
    Value::Float(4.0 * inside as f64 / n as f64)
}
