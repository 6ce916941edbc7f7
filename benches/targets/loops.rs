//! The loops of the kernels in Rust, as one would write them; each for 128 bits and for the processor at hand.
//!
//! What LLVM needs to vectorise is written out: sums have eight accumulators, as the language's own order has. Mandelbrot and collatz stay
//! one point at a time, as C compilers leave them.

use crate::widths::widths;

/// Multiplies, adds: the coefficients of the map with branches.
fn branch(v: f64) -> f64 {
    if v < 0.3 {
        v * v + 1.0
    } else if v < 0.6 {
        2.0 * v - 0.5
    } else {
        1.5 - v * 0.25
    }
}

widths! {
    fn triad(a: f64, x: &[f64], z: &[f64], out: &mut [f64]) {
        for ((out, x), z) in out.iter_mut().zip(x).zip(z) {
            *out = a * x + z;
        }
    }

    fn triad_f32(a: f32, x: &[f32], z: &[f32], out: &mut [f32]) {
        for ((out, x), z) in out.iter_mut().zip(x).zip(z) {
            *out = a * x + z;
        }
    }

    fn chain(x: &[f64], y: &[f64], z: &[f64], out: &mut [f64]) {
        for (((out, x), y), z) in out.iter_mut().zip(x).zip(y).zip(z) {
            *out = (x * x + y * y).sqrt() * 0.5 + z * (x - y) / (1.0 + z * z);
        }
    }

    fn stencil(x: &[f64], out: &mut [f64]) {
        let n = x.len();
        let inner = out[1..n - 1].iter_mut();
        for (((out, left), middle), right) in inner.zip(&x[..n - 2]).zip(&x[1..n - 1]).zip(&x[2..]) {
            *out = 0.25 * left + 0.5 * middle + 0.25 * right;
        }
    }

    fn branchy(x: &[f64], out: &mut [f64]) {
        for (out, x) in out.iter_mut().zip(x) {
            *out = branch(*x);
        }
    }

    fn crc(x: &[u64], out: &mut [u64]) {
        for (out, x) in out.iter_mut().zip(x) {
            let mut c = *x;
            for _ in 0..8 {
                c = (c >> 1) ^ (0xC96C_5795_D787_0F42 & (c & 1).wrapping_neg());
            }
            *out = c;
        }
    }

    fn sum(x: &[f64]) -> f64 {
        let mut sums = [0.0; 8];
        let (blocks, rest) = x.as_chunks::<8>();
        for block in blocks {
            sums.iter_mut().zip(block).for_each(|(sum, x)| *sum += x);
        }
        sums.iter().sum::<f64>() + rest.iter().sum::<f64>()
    }

    fn squares(x: &[f64]) -> f64 {
        let mut sums = [0.0; 8];
        let (blocks, rest) = x.as_chunks::<8>();
        for block in blocks {
            sums.iter_mut().zip(block).for_each(|(sum, x)| *sum += x * x);
        }
        sums.iter().sum::<f64>() + rest.iter().map(|x| x * x).sum::<f64>()
    }

    fn dot(x: &[f64], y: &[f64]) -> f64 {
        let mut sums = [0.0; 8];
        let ((left, left_rest), (right, right_rest)) = (x.as_chunks::<8>(), y.as_chunks::<8>());
        for (left, right) in left.iter().zip(right) {
            sums.iter_mut().zip(left).zip(right).for_each(|((sum, x), y)| *sum += x * y);
        }
        sums.iter().sum::<f64>() + left_rest.iter().zip(right_rest).map(|(x, y)| x * y).sum::<f64>()
    }

    fn cumulative(x: &[f64], out: &mut [f64]) {
        let mut sum = 0.0;
        for (out, x) in out.iter_mut().zip(x) {
            sum += x;
            *out = sum;
        }
    }

    fn rolling(x: &[f64], out: &mut [f64]) {
        let mut sum: f64 = x[..32].iter().sum();
        out[0] = sum / 32.0;
        for ((out, enters), leaves) in out[1..].iter_mut().zip(&x[32..]).zip(x) {
            sum += enters - leaves;
            *out = sum / 32.0;
        }
    }

    fn jacobi(old: &[f64], new: &mut [f64], height: usize, width: usize) {
        for i in 1..height - 1 {
            let rows = &old[(i - 1) * width..(i + 2) * width];
            let (above, row, below) = (&rows[..width], &rows[width..2 * width], &rows[2 * width..]);
            let out = &mut new[i * width + 1..(i + 1) * width - 1];
            for (j, out) in out.iter_mut().enumerate() {
                *out = 0.25 * (above[j + 1] + below[j + 1] + row[j] + row[j + 2]);
            }
        }
    }

    /// Points of three coordinates, columns gathered first so that the inner loop is a stream.
    fn distances(points: &[f64], out: &mut [f64]) {
        let (points, _) = points.as_chunks::<3>();
        let columns: [Vec<f64>; 3] = std::array::from_fn(|k| points.iter().map(|point| point[k]).collect());
        for (point, out) in points.iter().zip(out.chunks_exact_mut(points.len())) {
            for (((out, x), y), z) in out.iter_mut().zip(&columns[0]).zip(&columns[1]).zip(&columns[2]) {
                let (dx, dy, dz) = (point[0] - x, point[1] - y, point[2] - z);
                *out = (dx * dx + dy * dy + dz * dz).sqrt();
            }
        }
    }

    fn matmul(a: &[f64], b: &[f64], c: &mut [f64], n: usize) {
        for (row, out) in a.chunks_exact(n).zip(c.chunks_exact_mut(n)) {
            for (scale, b) in row.iter().zip(b.chunks_exact(n)) {
                out.iter_mut().zip(b).for_each(|(c, b)| *c += scale * b);
            }
        }
    }

    fn histogram(x: &[f64], low: f64, high: f64, counts: &mut [i64]) {
        let bins = counts.len();
        for x in x {
            if (low..=high).contains(x) {
                let part = ((x - low) / (high - low) * bins as f64) as usize;
                counts[part.min(bins - 1)] += 1;
            }
        }
    }

    /// Four bodies at a time share the inner loop, so that divisions and roots fill registers.
    fn nbody(position: &[f64], mass: &[f64], softening: f64, out: &mut [f64]) {
        let (points, _) = position.as_chunks::<3>();
        let (out, _) = out.as_chunks_mut::<3>();
        for (own, out) in points.as_chunks::<4>().0.iter().zip(out.as_chunks_mut::<4>().0) {
            let own: [[f64; 4]; 3] = std::array::from_fn(|k| own.map(|point| point[k]));
            let mut pulls = [[0.0f64; 4]; 3];
            for (point, mass) in points.iter().zip(mass) {
                for lane in 0..4 {
                    let [dx, dy, dz] = [0, 1, 2].map(|k| point[k] - own[k][lane]);
                    let square = dx * dx + dy * dy + dz * dz + softening * softening;
                    let pull = mass / (square * square.sqrt());
                    pulls[0][lane] += pull * dx;
                    pulls[1][lane] += pull * dy;
                    pulls[2][lane] += pull * dz;
                }
            }
            for (lane, out) in out.iter_mut().enumerate() {
                *out = [pulls[0][lane], pulls[1][lane], pulls[2][lane]];
            }
        }
    }

    fn spmv(indptr: &[i64], indices: &[i64], data: &[f64], x: &[f64], out: &mut [f64]) {
        for (row, out) in out.iter_mut().enumerate() {
            let (begin, end) = (indptr[row] as usize, indptr[row + 1] as usize);
            let products = data[begin..end].iter().zip(&indices[begin..end]);
            *out = products.map(|(value, column)| value * x[*column as usize]).sum();
        }
    }

    fn mandelbrot(corners: [f64; 4], steps: i32, height: usize, width: usize, out: &mut [i32]) {
        let [x0, x1, y0, y1] = corners;
        for row in 0..height {
            let ci = y0 + (y1 - y0) * row as f64 / height as f64;
            for column in 0..width {
                let cr = x0 + (x1 - x0) * column as f64 / width as f64;
                let (mut zr, mut zi, mut step) = (0.0f64, 0.0f64, 0);
                while step < steps && zr * zr + zi * zi <= 4.0 {
                    let next = zr * zr - zi * zi + cr;
                    zi = 2.0 * zr * zi + ci;
                    zr = next;
                    step += 1;
                }
                out[row * width + column] = step;
            }
        }
    }

    fn collatz(out: &mut [i64]) {
        for (k, out) in out.iter_mut().enumerate() {
            let (mut n, mut steps) = (k as i64 + 1, 0);
            while n != 1 {
                n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
                steps += 1;
            }
            *out = steps;
        }
    }
}
