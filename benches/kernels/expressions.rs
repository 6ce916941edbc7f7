//! The examples as expressions of `ndarray`, where it has such.

use crate::plain::{int, made, shape};
use crate::values::{slice, slices};
use durum::base::Dtype;
use durum::{OwnedArray, Value};
use ndarray::{Array1, ArrayView1, ArrayView2, ArrayViewMut1, ArrayViewMut2, Zip, s};

pub fn axpy(args: &mut [Value]) -> Value {
    let [x, y] = slices::<f64, 2>(args, [1, 2]);
    ArrayViewMut1::from(y).scaled_add(0.5, &ArrayView1::from(&*x));
    Value::None
}

pub fn triad(args: &mut [Value]) -> Value {
    let [x, z, out] = slices::<f64, 3>(args, [1, 2, 3]);
    let (x, z) = (ArrayView1::from(&*x), ArrayView1::from(&*z));
    Zip::from(ArrayViewMut1::from(out)).and(x).and(z).for_each(|out, x, z| *out = 0.5 * x + z);
    Value::None
}

pub fn sum_of_squares(args: &mut [Value]) -> Value {
    let x = ArrayView1::from(&*slice::<f64>(&mut args[0]));
    Value::Float(x.dot(&x))
}

pub fn normalise(args: &mut [Value]) -> Value {
    let x = ArrayView1::from(&*slice::<f64>(&mut args[0]));
    let centred = &x - x.mean().expect("not empty");
    let deviation = (&centred * &centred).mean().expect("not empty").sqrt();
    let result: Array1<f64> = centred / deviation;
    Value::Array(
        OwnedArray::from_slice(result.as_slice().expect("contiguous"), &[result.len()]).expect("all"),
    )
}

pub fn rolling_mean(args: &mut [Value]) -> Value {
    let width = int(&args[1]) as usize;
    let x = ArrayView1::from(&*slice::<f64>(&mut args[0]));
    made(&[x.len() + 1 - width], |out| {
        Zip::from(ArrayViewMut1::from(out))
            .and(x.windows(width))
            .for_each(|out, window| *out = window.sum() / width as f64);
    })
}

pub fn jacobi(args: &mut [Value]) -> Value {
    let (dims, pairs) = (shape(&args[0]), int(&args[2]));
    let [a, b] = slices::<f64, 2>(args, [0, 1]);
    for _ in 0..pairs {
        sweep(a, b, dims);
        sweep(b, a, dims);
    }
    Value::None
}

#[expect(clippy::reversed_empty_ranges, reason = "ndarray counts negative bounds from the end")]
fn sweep(old: &[f64], new: &mut [f64], dims: [usize; 2]) {
    let old = ArrayView2::from_shape(dims, old).expect("as many as the shape has");
    let mut new = ArrayViewMut2::from_shape(dims, new).expect("as many as the shape has");
    Zip::from(new.slice_mut(s![1..-1, 1..-1]))
        .and(old.slice(s![..-2, 1..-1]))
        .and(old.slice(s![2.., 1..-1]))
        .and(old.slice(s![1..-1, ..-2]))
        .and(old.slice(s![1..-1, 2..]))
        .for_each(|new, above, below, left, right| *new = 0.25 * (above + below + left + right));
}

pub fn convolve(args: &mut [Value]) -> Value {
    let ([height, width], [a, b]) = (shape(&args[0]), shape(&args[1]));
    let [image, weights] = slices::<f32, 2>(args, [0, 1]);
    let image = ArrayView2::from_shape([height, width], &*image).expect("as many as the shape has");
    let (rows, columns) = (height - a + 1, width - b + 1);
    let mut result = OwnedArray::zeros(Dtype::F32, &[rows, columns]);
    let out = result.as_mut_slice::<f32>().expect("f32");
    let mut out = ArrayViewMut2::from_shape([rows, columns], out).expect("as many as the shape has");
    for (k, weight) in weights.iter().rev().enumerate() {
        let (i, j) = (k / b, k % b);
        out.scaled_add(*weight, &image.slice(s![i..i + rows, j..j + columns]));
    }
    Value::Array(result)
}

pub fn matmul(args: &mut [Value]) -> Value {
    let dims = shape(&args[0]);
    let [a, b] = slices::<f64, 2>(args, [0, 1]);
    let view = |x| ArrayView2::from_shape(dims, x).expect("as many as the shape has");
    let (a, b) = (view(&*a), view(&*b));
    made(&dims, |out| {
        let mut out = ArrayViewMut2::from_shape(dims, out).expect("as many as the shape has");
        ndarray::linalg::general_mat_mul(1.0, &a, &b, 0.0, &mut out);
    })
}
