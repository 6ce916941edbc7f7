//! Sums that round: a parallel loop's reductions and the arrays it collects into have the interpreter's bits, serial or on any number
//! of threads, whatever the sizes; also where arrays overlap.

use durum::base::Dtype;
use durum::runtime::RawArray;
use durum::{Arg, ArrayArg, Engine, Error, OptimizeOptions, OwnedArray, Pool, Schedule, Settings, Value};
use std::num::NonZero;
use std::time::Duration;

const PROGRAM: &str = "
def histogram(k, x, size):
    h = np.ones(size) * 0.1
    for i in prange(len(k)):
        h[k[i] % size] += x[i]
    return h

def histogram_32(k, x, size):
    h = np.ones(size, np.float32)
    for i in prange(len(k)):
        h[k[i] % size] -= np.float32(x[i])
    return h

def products(k, x, size):
    h = np.ones(size)
    for i in prange(len(k)):
        h[k[i] % size] *= 1.0 + x[i] * 0.01
    return h

def joint(k, x, size):
    h = np.zeros((size, 3))
    for i in prange(len(k)):
        h[k[i] % size, k[i] % 3] += x[i]
        h[0, 1] += 0.1
    return h

def whole(k, x, size):
    acc = np.ones(size) * 0.1
    row = np.ones(size) / 3
    for i in prange(len(k)):
        acc += row * x[i]
    return acc

def both(k, x, size):
    h = np.zeros(size)
    s = 0.1
    p = 1.0
    last = -1
    for i in prange(len(k)):
        if k[i] % 5 == 0:
            continue
        h[k[i] % size] += x[i]
        s += x[i] * 0.1
        if k[i] % 7 == 0:
            continue
        p *= 1.0 + x[i] * 0.001
    return h, s, p

def inner(k, x, size):
    h = np.zeros(size)
    for i in prange(len(k)):
        for j in range(3):
            h[(k[i] + j) % size] += x[i] / (j + 1)
    return h

def by_step(k, x, size):
    h = np.zeros(size)
    s = 0.0
    for i in prange(len(k) - 1, -1, -2):
        h[k[i] % size] += x[i]
        s += x[i]
    return h, s

def sums(k, x, size):
    s = 0.1
    t = 0.1
    low = 0.0
    for i in prange(len(k)):
        s += x[i]
        s -= x[i] * 0.3
        for j in prange(size % 5):
            t += x[i] / (j + 1)
        low = min(x[i], low)
    return s, t, low

def undecided(k, x, size):
    h = np.zeros(size)
    y = np.zeros(len(k) + 1)
    for i in prange(len(k)):
        y[k[i] % len(y)] = x[i]
        h[k[i] % size] += x[i]
    return h, y

def extremes_of_nan(k, x, size):
    low, high, least, most = 0.5, -0.5, 0.5, -0.5
    h = np.zeros(size)
    for i in prange(len(k)):
        v = x[i] if k[i] % 7 != 0 else np.nan
        low = min(v, low)
        high = max(v, high)
        least = np.minimum(v, least)
        most = max(most, v)
        h[k[i] % size] = max(v, h[k[i] % size])
    return low == low, high, least, most, h

def row_sums(m, x, size):
    h = np.zeros(size)
    s = 0.0
    for i in prange(len(m)):
        t = np.zeros(3)
        t += x[i]
        t[1] *= 0.7
        h[i % size] += t[0] + t[1]
        s += np.sum(t)
    return h, s
";

const KERNELS: [&str; 12] = [
    "histogram",
    "histogram_32",
    "products",
    "joint",
    "whole",
    "both",
    "inner",
    "by_step",
    "sums",
    "undecided",
    "extremes_of_nan",
    "row_sums",
];

fn engine(name: &str) -> Engine {
    let threads = |n: usize| Pool::new(NonZero::new(n));
    let eager = Schedule { break_even: Duration::ZERO, chunk: Some(1), ..Schedule::default() };
    let options = OptimizeOptions::default();
    Engine::new(match name {
        "interpreted" => Settings { interpret: true, ..Settings::default() },
        "serial" => {
            Settings { optimize: OptimizeOptions { parallel: false, ..options }, ..Settings::default() }
        }
        "unfused" => Settings { optimize: OptimizeOptions { fuse: false, ..options }, ..Settings::default() },
        "scalar" => Settings { optimize: OptimizeOptions { lanes: false, ..options }, ..Settings::default() },
        "1" => Settings { pool: threads(1), schedule: eager, ..Settings::default() },
        "2" => Settings { pool: threads(2), schedule: eager, ..Settings::default() },
        "7" => Settings { pool: threads(7), schedule: eager, ..Settings::default() },
        _ => Settings::default(),
    })
}

const CONFIGURATIONS: [&str; 7] = ["default", "serial", "unfused", "scalar", "1", "2", "7"];

fn array(engine: &Engine, expression: &str) -> OwnedArray {
    match engine.evaluate(expression).expect("an expression") {
        Value::Array(array) => array,
        other => panic!("{expression} is {other:?}"),
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::Array(array) => array.bytes().to_vec(),
        Value::Tuple(items) => items.iter().flat_map(bytes).collect(),
        other => other.as_scalar().map_or(vec![], |scalar| scalar.to_bytes().to_vec()),
    }
}

/// What the kernels give for each number of iterations and size.
fn outcomes(name: &str) -> Vec<(String, Vec<u8>)> {
    let engine = engine(name);
    let module = engine.module(PROGRAM).expect("a program");
    let mut found = vec![];
    for kernel in KERNELS {
        let handle = module.kernel(kernel).expect("a kernel");
        for (n, size) in [(0, 5), (1, 5), (7, 5), (129, 1), (2100, 7), (2100, 1000)] {
            let k = array(&engine, &format!("i64(uniform({n}) * 1000)"));
            let x = array(&engine, &format!("normal({n})"));
            let arrays = [&k, &x].map(|array| Arg::Array(ArrayArg::of_shared(array)));
            let [k, x] = arrays;
            let result = handle.call(&[k, x, Arg::from(size)]).expect("no fault");
            found.push((format!("{kernel}, {n} iterations, size {size}"), bytes(&result)));
        }
    }
    found
}

#[test]
fn all_configurations_round_alike() {
    let expected = outcomes("interpreted");
    for name in CONFIGURATIONS {
        for ((case, found), (_, expected)) in outcomes(name).iter().zip(&expected) {
            assert!(found == expected, "{case}: {name}");
        }
    }
}

const FAULTY: &str = "
def index(n, h):
    for i in prange(n):
        h[i % 5] += 1.0
        if i % 700 == 699:
            h[i] += 1.0

def whole(n, h):
    for i in prange(n):
        h += 1.0
        assert i < 77

def sums(n, h):
    s = 0
    for i in prange(n):
        t = np.zeros(n - 1 - i)
        s += 7 // (i - 150)
        h[i % 3] *= len(t) * 0.5
    return s

def scalar(n, h):
    s = 0.0
    for i in prange(n):
        if i % 500 == 444:
            raise ValueError(\"i\")
        s += h[i % len(h)]
    return s
";

#[test]
fn the_fault_is_that_of_the_lowest_iteration() {
    for kernel in ["index", "whole", "sums", "scalar"] {
        let fault = |name: &str| {
            let engine = engine(name);
            let mut h = array(&engine, "zeros(40)");
            let args = [Arg::from(3000i64), Arg::Array(ArrayArg::of(&mut h))];
            let module = engine.module(FAULTY).expect("a program");
            match module.kernel(kernel).expect("a kernel").call(&args) {
                Err(Error::Fault(fault)) => fault,
                other => panic!("{kernel}, {name}: {other:?}"),
            }
        };
        let expected = fault("interpreted");
        for name in CONFIGURATIONS {
            assert_eq!(fault(name), expected, "{kernel}: {name}");
        }
    }
}

const OVERLAPPING: &str = "
def collect(x, h):
    for i in prange(len(x)):
        h[int(abs(x[i]) * 8) % len(h)] += x[i]

def whole(x, h):
    for i in prange(len(x)):
        h += x[i]
";

/// `x` and `h` as views of one buffer, by offset, length and stride in elements.
fn overlapped(engine: &Engine, kernel: &str, x: [usize; 3], h: [usize; 3]) -> Result<Vec<u64>, Error> {
    let mut buffer: Vec<f64> = (0..9000).map(|k| ((k * 37) % 101) as f64 * 0.1 - 4.0).collect();
    let base = buffer.as_mut_ptr();
    let view = |[offset, len, stride]: [usize; 3]| {
        assert!(offset + (len - 1) * stride < 9000);
        let first = base.wrapping_add(offset).cast::<u8>();
        let raw = RawArray::new(first, Dtype::F64, &[len], &[stride as isize * 8], true).expect("one axis");
        // SAFETY: the view lies in the buffer, as asserted, which outlives the call; nothing else uses it meanwhile.
        Arg::Array(unsafe { ArrayArg::from_raw(raw) })
    };
    let args = [view(x), view(h)];
    engine.module(OVERLAPPING)?.kernel(kernel)?.call(&args)?;
    Ok(buffer.into_iter().map(f64::to_bits).collect())
}

#[test]
fn what_overlaps_is_updated_in_order() {
    let pairs = [
        ([0, 4000, 1], [0, 4000, 1]),
        ([0, 4000, 1], [4000, 20, 1]),
        ([0, 4000, 1], [3999, 20, 1]),
        ([0, 4000, 2], [1, 20, 2]),
        ([0, 4000, 2], [0, 20, 2]),
        ([0, 4000, 2], [1, 20, 3]),
        ([20, 4000, 1], [0, 20, 1]),
    ];
    for kernel in ["collect", "whole"] {
        for (x, h) in pairs {
            let x = if kernel == "whole" { [x[0], 200, x[2]] } else { x };
            let expected = overlapped(&engine("interpreted"), kernel, x, h).expect("no fault");
            for name in CONFIGURATIONS {
                let found = overlapped(&engine(name), kernel, x, h).expect("no fault");
                assert!(found == expected, "{kernel}, {x:?}, {h:?}: {name}");
            }
        }
    }
}
