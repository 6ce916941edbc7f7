//! Arguments that share memory: the same array twice, shifted, reversed and interleaved views of one buffer. Whatever variant the overlap
//! selects, the compiled program does what the interpreter does, and that does what CPython + NumPy do: `overlap.expected` holds a hash
//! of their buffer and result per kernel and pair, written by `python tests/overlap.py`.

use durum::base::Dtype;
use durum::runtime::RawArray;
use durum::{Arg, ArrayArg, Engine, Error, OptimizeOptions, Pool, Schedule, Settings, Value};
use std::num::NonZero;
use std::time::Duration;

const PROGRAM: &str = "
def copy(x, out):
    for i in range(min(len(x), len(out))):
        out[i] = x[i]

def add_next(x, out):
    for i in range(min(len(x), len(out)) - 1):
        out[i] = x[i] + x[i + 1]

def scan(x, out):
    for i in range(1, min(len(x), len(out))):
        out[i] = x[i - 1] + out[i] * 0.5

def assign(x, out):
    out[:] = x

def expression(x, out):
    out[:] = x * 2.0 + out

def in_place(x, out):
    out += x
    out *= 0.5
    out -= x

def two_statements(x, out):
    out[:] = x + 1.0
    out[:] = x * 3.0

def sums(x, out):
    out += x.sum()
    return x.sum(), out.sum()

def map_through_temporary(x, out):
    t = x * x
    out[:] = t - out
    return t

def parallel_add(x, out):
    for i in prange(min(len(x), len(out))):
        out[i] += x[i]

def parallel_copy_back(x, out):
    for i in prange(1, min(len(x), len(out)) - 1):
        out[i] = (x[i - 1] + x[i + 1]) * 0.5

def reduce_while_writing(x, out):
    total = 0.0
    for i in range(min(len(x), len(out))):
        out[i] = i
        total += x[i]
    return total

def shifted_slices(x, out):
    out[1:] = x[:-1] * 1.0
    out[:-2] += x[2:]
    x[3:] = out[3:] - x[:-3]

def reversed_slices(x, out):
    out[::-1] = x
    out[::2] -= x[::-2]
    x[1::2] = out[::2]

def rows(x, out):
    a, b = x.reshape(2, -1), out.reshape(2, -1)
    for i in range(2):
        b[i] = a[1 - i] * 2.0
        a[i, 1:] += b[i, :-1]
    return a[1], b.T

def parallel_rows(x, out):
    a, b = x.reshape(2, -1), out.reshape(2, -1)
    for i in prange(2):
        row = b[i]
        row += a[i]
        row[0] = a[i, 0] + row[-1]

def prefixes(x, out):
    while len(out) > 1:
        out[:-1] += x[1:]
        x, out = x[1:], out[:-1]
";

const KERNELS: [&str; 17] = [
    "copy",
    "add_next",
    "scan",
    "assign",
    "expression",
    "in_place",
    "two_statements",
    "sums",
    "map_through_temporary",
    "parallel_add",
    "parallel_copy_back",
    "reduce_while_writing",
    "shifted_slices",
    "reversed_slices",
    "rows",
    "parallel_rows",
    "prefixes",
];

const BUFFER: usize = 96;

/// Where an argument lies in the buffer, in elements.
#[derive(Clone, Copy, Debug)]
struct View {
    offset: isize,
    len: usize,
    stride: isize,
}

const fn view(offset: isize, len: usize, stride: isize) -> View {
    View { offset, len, stride }
}

/// Pairs of views of one buffer, by how they overlap.
const PAIRS: [(&str, View, View); 14] = [
    ("the same", view(0, 40, 1), view(0, 40, 1)),
    ("the same, strided", view(0, 40, 2), view(0, 40, 2)),
    ("the same, backwards", view(39, 40, -1), view(39, 40, -1)),
    ("one before", view(0, 40, 1), view(1, 40, 1)),
    ("one behind", view(1, 40, 1), view(0, 40, 1)),
    ("a few before", view(0, 40, 1), view(5, 40, 1)),
    ("a few behind", view(9, 40, 1), view(0, 40, 1)),
    ("against each other", view(0, 40, 1), view(39, 40, -1)),
    ("interleaved", view(0, 40, 2), view(1, 40, 2)),
    ("interleaved, threes", view(2, 30, 3), view(0, 30, 3)),
    ("shifted and strided", view(0, 40, 2), view(4, 40, 2)),
    ("dense in strided", view(0, 40, 1), view(0, 40, 2)),
    ("strided in dense", view(0, 40, 2), view(0, 40, 1)),
    ("one after the other", view(0, 40, 1), view(40, 40, 1)),
];

fn configurations() -> Vec<(&'static str, Settings)> {
    let threads = |n: usize| Pool::new(NonZero::new(n));
    let options = OptimizeOptions::default();
    let schedule = Schedule { break_even: Duration::ZERO, chunk: Some(3), ..Schedule::default() };
    let with = |optimize| Settings { optimize, pool: threads(1), ..Settings::default() };
    vec![
        ("default", Settings::default()),
        ("unfused", with(OptimizeOptions { fuse: false, ..options })),
        ("scalar", with(OptimizeOptions { lanes: false, ..options })),
        ("serial", with(OptimizeOptions { parallel: false, ..options })),
        ("3 threads", Settings { pool: threads(3), schedule, ..Settings::default() }),
    ]
}

/// What a call returns, and the buffer afterwards; None where the overlap makes a prange a proved race.
fn outcome(engine: &Engine, kernel: &str, x: View, out: View) -> Option<(Vec<u8>, Vec<u64>)> {
    let mut buffer: Vec<f64> = (0..BUFFER).map(|k| ((k * 37) % 101) as f64 * 0.25 - 7.0).collect();
    let base = buffer.as_mut_ptr();
    let arg = |at: View| {
        let last = at.offset + at.stride * (at.len as isize - 1);
        assert!((0..BUFFER as isize).contains(&last.max(at.offset)) && last.min(at.offset) >= 0);
        let first = base.wrapping_offset(at.offset).cast::<u8>();
        let raw = RawArray::new(first, Dtype::F64, &[at.len], &[at.stride * 8], true).expect("one axis");
        // SAFETY: the view lies in the buffer, as asserted, which outlives the call; nothing else uses it meanwhile.
        Arg::Array(unsafe { ArrayArg::from_raw(raw) })
    };
    let args = [arg(x), arg(out)];
    let module = engine.module(PROGRAM).expect("a program");
    let result = module.kernel(kernel).expect("a kernel").call(&args);
    let mut returned = vec![];
    match result {
        Ok(value) => collect(&value, &mut returned),
        Err(Error::Program(_)) if kernel.starts_with("parallel") => return None,
        Err(error) => panic!("{kernel}: {error}"),
    }
    Some((returned, buffer.into_iter().map(f64::to_bits).collect()))
}

/// The elements of a result.
fn collect(value: &Value, bytes: &mut Vec<u8>) {
    match value {
        Value::Array(array) => bytes.extend(array.bytes()),
        Value::Tuple(items) => items.iter().for_each(|item| collect(item, bytes)),
        other => bytes.extend(other.as_scalar().map_or(vec![], |scalar| scalar.to_bytes().to_vec())),
    }
}

/// FNV-1a, 64 bits.
fn fnv(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes
        .into_iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn overlapping_arguments() {
    let interpreter = Engine::new(Settings { interpret: true, ..Settings::default() });
    let mut failures = vec![];
    for (name, settings) in configurations() {
        let engine = Engine::new(settings);
        for kernel in KERNELS {
            for (relation, x, out) in PAIRS {
                let (wanted, found) =
                    (outcome(&interpreter, kernel, x, out), outcome(&engine, kernel, x, out));
                if wanted != found {
                    failures.push(format!(
                        "{kernel}, {relation}, {name}: interpreted {wanted:?}, compiled {found:?}"
                    ));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn interpreter_agrees_with_numpy() {
    let interpreter = Engine::new(Settings { interpret: true, ..Settings::default() });
    let mut expected = include_str!("overlap.expected").lines();
    let mut differences = vec![];
    for kernel in KERNELS {
        for (relation, x, out) in PAIRS {
            let wanted = expected.next().expect("a line per kernel and pair");
            let Some((returned, buffer)) = outcome(&interpreter, kernel, x, out) else { continue };
            let hash = fnv(buffer.iter().flat_map(|bits| bits.to_le_bytes()).chain(returned));
            let found = format!("{kernel}|{relation}|{hash:016x}");
            // NumPy 2.4 copies front to back where both begin at one address, and reads what it has just written.
            if found != wanted && (kernel, relation) != ("assign", "dense in strided") {
                differences.push(found);
            }
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}
