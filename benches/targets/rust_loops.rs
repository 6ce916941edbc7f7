//! The examples' loops in Rust. Elements are read through `read_volatile`, which LLVM does not vectorise and which costs a scalar loop
//! nothing; indices are unchecked, as in C.

use durum::Value;

pub struct RustLoop {
    pub name: &'static str,
    pub text: &'static str,
    pub args: Vec<&'static str>,
    /// The same on the same arguments.
    pub rust: fn(&mut [Value]),
}

pub fn all() -> Vec<RustLoop> {
    vec![
        RustLoop {
            name: "axpy",
            text: super::AXPY,
            args: vec!["0.5", "uniform(100_000)", "uniform(100_000)"],
            rust: axpy,
        },
        RustLoop {
            name: "jacobi",
            text: super::JACOBI,
            args: vec!["uniform((300, 300))", "uniform((300, 300))", "5"],
            rust: jacobi,
        },
        RustLoop {
            name: "matmul",
            text: super::MATMUL,
            args: vec!["uniform((200, 200))", "uniform((200, 200))"],
            rust: matmul,
        },
        RustLoop {
            name: "nbody",
            text: super::NBODY,
            args: vec!["normal((512, 3))", "uniform(512)", "0.1", "np.zeros((512, 3))"],
            rust: nbody,
        },
        RustLoop {
            name: "mandelbrot",
            text: super::MANDELBROT,
            args: vec!["-2.0", "0.6", "-1.2", "1.2", "100", "zeros((200, 200), i32)"],
            rust: mandelbrot,
        },
        RustLoop {
            name: "pairwise_distances",
            text: super::DISTANCES,
            args: vec!["uniform((400, 3))"],
            rust: distances,
        },
        RustLoop {
            name: "spmv",
            text: super::SPMV,
            args: vec![
                "arange(100_001) * 10",
                "(arange(1_000_000) * 7919) % 100_000",
                "uniform(1_000_000)",
                "uniform(100_000)",
            ],
            rust: spmv,
        },
        RustLoop {
            name: "logistic_map",
            text: super::LOGISTIC,
            args: vec!["np.linspace(2.5, 4, 1000)", "full(1000, 0.5)", "200"],
            rust: logistic_map,
        },
    ]
}

fn floats(value: &mut Value) -> &mut [f64] {
    match value {
        Value::Array(array) => array.as_mut_slice::<f64>().expect("f64"),
        _ => panic!("an array"),
    }
}

fn shape(value: &Value) -> Vec<usize> {
    match value {
        Value::Array(array) => array.shape().to_vec(),
        _ => panic!("an array"),
    }
}

fn float(value: &Value) -> f64 {
    match value {
        Value::Float(x) => *x,
        _ => panic!("a float"),
    }
}

fn int(value: &Value) -> usize {
    match value {
        Value::Int(n) => *n as usize,
        _ => panic!("an int"),
    }
}

/// One element, not vectorised.
#[inline(always)]
fn at(x: &[f64], i: usize) -> f64 {
    debug_assert!(i < x.len());
    // SAFETY: the loops below stay inside the arrays they are given.
    unsafe { x.as_ptr().add(i).read_volatile() }
}

#[inline(always)]
fn set(x: &mut [f64], i: usize, value: f64) {
    debug_assert!(i < x.len());
    // SAFETY: as for `at`.
    unsafe { *x.as_mut_ptr().add(i) = value }
}

fn axpy(args: &mut [Value]) {
    let a = float(&args[0]);
    let (left, right) = args.split_at_mut(2);
    let (x, y) = (floats(&mut left[1]), floats(&mut right[0]));
    for i in 0..x.len() {
        let value = a * at(x, i) + at(y, i);
        set(y, i, value);
    }
}

fn jacobi(args: &mut [Value]) {
    let (dims, pairs) = (shape(&args[0]), int(&args[2]));
    let (left, right) = args.split_at_mut(1);
    let (a, b) = (floats(&mut left[0]), floats(&mut right[0]));
    for _ in 0..pairs {
        sweep(a, b, dims[0], dims[1]);
        sweep(b, a, dims[0], dims[1]);
    }
}

fn sweep(old: &[f64], new: &mut [f64], height: usize, width: usize) {
    for i in 1..height - 1 {
        for j in 1..width - 1 {
            let k = i * width + j;
            set(new, k, 0.25 * (at(old, k - width) + at(old, k + width) + at(old, k - 1) + at(old, k + 1)));
        }
    }
}

fn matmul(args: &mut [Value]) {
    let (left, right) = args.split_at_mut(1);
    let n = shape(&left[0])[0];
    let (a, b) = (floats(&mut left[0]), floats(&mut right[0]));
    let mut c = vec![0.0; n * n];
    for i in 0..n {
        for k in 0..n {
            let scale = at(a, i * n + k);
            for j in 0..n {
                let value = at(&c, i * n + j) + scale * at(b, k * n + j);
                set(&mut c, i * n + j, value);
            }
        }
    }
    std::hint::black_box(c);
}

fn nbody(args: &mut [Value]) {
    let softening = float(&args[2]);
    let (first, rest) = args.split_at_mut(1);
    let (second, rest) = rest.split_at_mut(1);
    let (position, mass, out) = (floats(&mut first[0]), floats(&mut second[0]), floats(&mut rest[1]));
    for i in 0..mass.len() {
        let (x, y, z) = (at(position, 3 * i), at(position, 3 * i + 1), at(position, 3 * i + 2));
        let (mut ax, mut ay, mut az) = (0.0, 0.0, 0.0);
        for j in 0..mass.len() {
            let dx = at(position, 3 * j) - x;
            let dy = at(position, 3 * j + 1) - y;
            let dz = at(position, 3 * j + 2) - z;
            let square = dx * dx + dy * dy + dz * dz + softening * softening;
            let pull = at(mass, j) / (square * square.sqrt());
            ax += pull * dx;
            ay += pull * dy;
            az += pull * dz;
        }
        set(out, 3 * i, ax);
        set(out, 3 * i + 1, ay);
        set(out, 3 * i + 2, az);
    }
}

fn mandelbrot(args: &mut [Value]) {
    let [x0, x1, y0, y1] = [0, 1, 2, 3].map(|k| float(&args[k]));
    let (steps, dims) = (int(&args[4]), shape(&args[5]));
    let Value::Array(out) = &mut args[5] else { panic!("an array") };
    let out = out.as_mut_slice::<i32>().expect("i32");
    for row in 0..dims[0] {
        let ci = y0 + (y1 - y0) * row as f64 / dims[0] as f64;
        for column in 0..dims[1] {
            let cr = x0 + (x1 - x0) * column as f64 / dims[1] as f64;
            let (mut zr, mut zi, mut step) = (0.0f64, 0.0f64, 0);
            while step < steps && zr * zr + zi * zi <= 4.0 {
                let next = zr * zr - zi * zi + cr;
                zi = 2.0 * zr * zi + ci;
                zr = next;
                step += 1;
            }
            out[row * dims[1] + column] = step as i32;
        }
    }
}

fn distances(args: &mut [Value]) {
    let dims = shape(&args[0]);
    let points = floats(&mut args[0]);
    let (n, d) = (dims[0], dims[1]);
    let mut out = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            let mut total = 0.0;
            for k in 0..d {
                let difference = at(points, i * d + k) - at(points, j * d + k);
                total += difference * difference;
            }
            set(&mut out, i * n + j, total.sqrt());
        }
    }
    std::hint::black_box(out);
}

fn spmv(args: &mut [Value]) {
    let (head, rest) = args.split_at_mut(2);
    let (data, x) = rest.split_at_mut(1);
    let (data, x) = (floats(&mut data[0]), floats(&mut x[0]));
    let [Value::Array(indptr), Value::Array(indices)] = head else { panic!("arrays") };
    let (indptr, indices) = (indptr.as_slice::<i64>().expect("i64"), indices.as_slice::<i64>().expect("i64"));
    let mut out = vec![0.0; indptr.len() - 1];
    for (row, out) in out.iter_mut().enumerate() {
        let (begin, end) = (indptr[row] as usize, indptr[row + 1] as usize);
        let mut total = 0.0;
        for (k, column) in indices[begin..end].iter().enumerate() {
            total += at(data, begin + k) * at(x, *column as usize);
        }
        *out = total;
    }
    std::hint::black_box(out);
}

fn logistic_map(args: &mut [Value]) {
    let steps = int(&args[2]);
    let (left, right) = args.split_at_mut(1);
    let (r, x) = (floats(&mut left[0]), floats(&mut right[0]));
    for i in 0..r.len() {
        let mut state = at(x, i);
        let rate = at(r, i);
        for _ in 0..steps {
            state = rate * state * (1.0 - state);
        }
        set(x, i, state);
    }
}
