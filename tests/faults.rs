//! Faults: kind, message, place, values and loop variables are the same from the interpreter and from compiled code in every
//! configuration, and limits end whatever runs.

use durum::{
    Arg, CancelToken, Engine, Error, Fault, FaultKind, Limits, OptimizeOptions, Pool, Schedule, Settings,
    args,
};
use ndarray::{Array1, Array2};
use std::num::NonZero;
use std::time::{Duration, Instant};

/// Every way to run a kernel.
fn configurations() -> Vec<(&'static str, Settings)> {
    let pool = |threads| Pool::new(NonZero::new(threads));
    let eager = Schedule { break_even: Duration::ZERO, chunk: Some(3), ..Schedule::default() };
    let options = OptimizeOptions::default();
    let serial = |optimize| Settings { optimize, pool: pool(1), ..Settings::default() };
    vec![
        ("interpreted", Settings { interpret: true, ..serial(options) }),
        ("default", Settings::default()),
        ("serial", serial(OptimizeOptions { parallel: false, ..options })),
        ("unfused", serial(OptimizeOptions { fuse: false, ..options })),
        ("without lanes", serial(OptimizeOptions { lanes: false, ..options })),
        ("7 threads", Settings { pool: pool(7), schedule: eager, ..Settings::default() }),
    ]
}

/// A fault as the user reads it: `line:column message`.
fn told(text: &str, fault: &Fault) -> String {
    match fault.span {
        Some(span) => {
            let (line, column) = span.line_column(text);
            format!("{line}:{column} {fault}")
        }
        None => fault.to_string(),
    }
}

/// Arguments are made anew for every run, because kernels write them.
type Make<'a> = &'a dyn Fn(Receiver);
type Receiver<'a> = &'a mut dyn FnMut(&[Arg]);

fn outcome(engine: &Engine, text: &str, make: Make, limits: &Limits) -> String {
    let module = engine.module(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let kernel = module.kernel("f").expect("the kernel is called f");
    let mut outcome = String::new();
    make(&mut |args| {
        outcome = match kernel.call_within(args, limits) {
            Ok(value) => format!("no fault, {value:?}"),
            Err(Error::Fault(fault) | Error::Limit(fault)) => told(text, &fault),
            Err(error) => panic!("{error}\n{text}"),
        };
    });
    outcome
}

/// The fault of `f` is `expected` in every configuration.
#[track_caller]
fn check(text: &str, make: Make, expected: &str) {
    check_within(text, make, &Limits::default(), expected);
}

#[track_caller]
fn check_within(text: &str, make: Make, limits: &Limits, expected: &str) {
    let different: Vec<String> = configurations()
        .into_iter()
        .map(|(name, settings)| (name, outcome(&Engine::new(settings), text, make, limits)))
        .filter(|(_, outcome)| outcome != expected)
        .map(|(name, outcome)| format!("{name}: {outcome}"))
        .collect();
    assert!(different.is_empty(), "{text}\nexpected: {expected}\n{}", different.join("\n"));
}

fn vector(n: usize) -> Array1<f64> {
    Array1::from_iter((0..n).map(|k| k as f64))
}

/// One array of `n` elements 0, 1, 2, …
fn array(n: usize) -> impl Fn(Receiver) {
    move |call| call(&args![vector(n).view_mut()])
}

fn arrays(n: usize, m: usize) -> impl Fn(Receiver) {
    move |call| call(&args![vector(n).view_mut(), vector(m).view_mut()])
}

fn number(k: i64) -> impl Fn(Receiver) {
    move |call| call(&args![k])
}

#[test]
fn index_of_an_element() {
    let text = "def f(x):\n    return x[0] + x[7]\n";
    check(text, &array(7), "2:19 index 7 is out of range for axis 0 with size 7");
    check(text, &array(0), "2:12 index 0 is out of range for axis 0 with size 0");
    let text = "def f(x):\n    return x[-8]\n";
    check(text, &array(7), "2:12 index -8 is out of range for axis 0 with size 7");
}

#[test]
fn index_in_a_loop() {
    let text = "def f(x):\n    s = 0.0\n    for i in range(len(x)):\n        s += x[i + 1]\n    return s\n";
    check(text, &array(5), "4:14 index 5 is out of range for axis 0 with size 5 (with i = 4)");
    let text = "def f(x):\n    for i in range(3, -1, -1):\n        x[i] = 0.0\n";
    check(text, &array(2), "3:9 index 3 is out of range for axis 0 with size 2 (with i = 3)");
    let text = "def f(x):\n    for i in range(len(x)):\n        x[i - 9] = 1.0\n";
    check(text, &array(5), "3:9 index -9 is out of range for axis 0 with size 5 (with i = 0)");
    // The element before the first is the last.
    let text = "def f(x):\n    for i in range(len(x)):\n        x[i] = x[i - 1]\n    x[len(x)] = 0.0\n";
    check(text, &array(5), "4:5 index 5 is out of range for axis 0 with size 5");
}

#[test]
fn index_in_nested_loops() {
    let text = "def f(a):\n    s = 0.0\n    for i in range(3):\n        for j in range(4):\n            s += a[i, j]\n    return s\n";
    let matrix =
        |shape: (usize, usize)| move |call: Receiver| call(&args![Array2::<f64>::zeros(shape).view()]);
    check(text, &matrix((3, 3)), "5:18 index 3 is out of range for axis 1 with size 3 (with i = 0, j = 3)");
    check(text, &matrix((2, 4)), "5:18 index 2 is out of range for axis 0 with size 2 (with i = 2, j = 0)");
    check(text, &matrix((0, 4)), "5:18 index 0 is out of range for axis 0 with size 0 (with i = 0, j = 0)");
}

#[test]
fn index_by_data() {
    let text =
        "def f(x, k):\n    s = 0.0\n    for i in range(len(k)):\n        s += x[int(k[i])]\n    return s\n";
    check(text, &arrays(3, 9), "4:14 index 3 is out of range for axis 0 with size 3 (with i = 3)");
}

#[test]
fn index_in_a_called_function() {
    let text = "def g(x, k):\n    return x[k * 2]\n\ndef f(x):\n    s = 0.0\n    for i in range(len(x)):\n        s += g(x, i)\n    return s\n";
    check(text, &array(5), "2:12 index 6 is out of range for axis 0 with size 5");
}

/// The lowest faulting iteration is the one that is reported, on any number of threads, every time.
#[test]
fn index_in_a_prange() {
    let text = "def f(x):\n    for i in prange(10000):\n        x[i] = 1.0\n";
    check(text, &array(7000), "3:9 index 7000 is out of range for axis 0 with size 7000 (with i = 7000)");
    let text = "def f(x, y):\n    for i in prange(len(x)):\n        if x[i] > 123.0:\n            y[i + 1000] = 1.0\n        y[i] = 2.0\n";
    let expected =
        "3:9 index 1124 is out of range for axis 0 with size 1000 (with i = 124)".replace("3:9", "4:13");
    check(text, &arrays(1000, 1000), &expected);
    let eager = Schedule { break_even: Duration::ZERO, chunk: Some(3), ..Schedule::default() };
    let engine =
        Engine::new(Settings { pool: Pool::new(NonZero::new(7)), schedule: eager, ..Settings::default() });
    for run in 0..50 {
        let outcome = outcome(&engine, text, &arrays(1000, 1000), &Limits::default());
        assert_eq!(outcome, expected, "run {run}");
    }
}

#[test]
fn nested_prange() {
    let text = "def f(x):\n    for i in prange(20):\n        for j in range(20):\n            if i * 20 + j >= 150:\n                x[i * 20 + j] = 1.0\n";
    check(text, &array(200), "5:17 index 200 is out of range for axis 0 with size 200 (with i = 10, j = 0)");
}

#[test]
fn shapes() {
    let text = "def f(x, y):\n    return x + y\n";
    check(text, &arrays(3, 4), "2:12 shapes do not broadcast: axis 0 has 3 and 4");
    let text = "def f(x, y):\n    z = x * 2.0\n    z += y\n    return z\n";
    check(text, &arrays(3, 4), "3:5 shapes do not broadcast: axis 0 has 3 and 4");
    let text = "def f(x, y):\n    x[:] = y * y\n";
    check(text, &arrays(3, 4), "2:5 shapes do not broadcast: axis 0 has 3 and 4");
}

#[test]
fn integer_division() {
    let text = "def f(k):\n    return 7 // (k - 3)\n";
    check(text, &number(3), "2:12 integer division or modulo by zero");
    let text = "def f(k):\n    s = 0\n    for i in range(-2, k):\n        s += 100 % i\n    return s\n";
    check(text, &number(5), "4:14 integer division or modulo by zero (with i = 0)");
    let text = "def f(k):\n    s = 0\n    for i in prange(k):\n        s += 100 // (i - 700)\n    return s\n";
    check(text, &number(1000), "4:14 integer division or modulo by zero (with i = 700)");
}

#[test]
fn negative_power() {
    let text = "def f(k):\n    return k ** (2 - k)\n";
    check(text, &number(5), "2:12 integer to the negative power -3");
}

#[test]
fn assertions() {
    let text = "def f(x):\n    for i in range(len(x)):\n        assert x[i] < 3.0, \"too large\"\n";
    check(text, &array(9), "3:9 assertion failed: too large (with i = 3)");
    let text = "def f(x):\n    for i in prange(len(x)):\n        assert x[i] < 300.0\n";
    check(text, &array(999), "3:9 assertion failed (with i = 300)");
}

#[test]
fn loops_without_a_counter() {
    let text = "def f(x):\n    for v in x:\n        assert v < 3.0\n";
    check(text, &array(9), "3:9 assertion failed");
    let text =
        "def f(x):\n    for i, v in enumerate(x):\n        for w in x:\n            assert v + w < 3.0\n";
    check(text, &array(9), "4:13 assertion failed (with i = 0)");
}

#[test]
fn raising() {
    let text = "def f(x):\n    if len(x) > 2:\n        raise ValueError(\"at most 2\")\n    return 0\n";
    check(text, &array(3), "3:9 ValueError: at most 2");
    let text =
        "def f(x):\n    for i in range(len(x)):\n        if x[i] == 4.0:\n            raise IndexError\n";
    check(text, &array(9), "4:13 IndexError (with i = 4)");
}

#[test]
fn the_first_fault_in_program_order() {
    let text = "def f(x, y):\n    for i in range(len(x)):\n        assert x[i] < 5.0\n        y[i] = 100 // (i - 3)\n";
    check(text, &arrays(9, 9), "4:16 integer division or modulo by zero (with i = 3)");
    check(text, &arrays(9, 2), "4:9 index 2 is out of range for axis 0 with size 2 (with i = 2)");
    let text = "def f(x, y):\n    for i in range(4):\n        x[i] = 1.0\n    for i in range(4):\n        y[i] = 2.0\n";
    check(text, &arrays(3, 2), "3:9 index 3 is out of range for axis 0 with size 3 (with i = 3)");
    check(text, &arrays(4, 2), "5:9 index 2 is out of range for axis 0 with size 2 (with i = 2)");
}

#[test]
fn unbound_locals() {
    let text = "def f(k):\n    if k > 3:\n        y = 2\n    return y\n";
    check(text, &number(1), "4:12 local variable 'y' is read before it is bound");
    let text = "def f(k):\n    for i in range(k):\n        pass\n    return i\n";
    check(text, &number(0), "4:12 local variable 'i' is read before it is bound");
}

#[test]
fn empty_reductions() {
    check("def f(x):\n    return np.min(x)\n", &array(0), "2:12 min() of an empty array");
    check("def f(x):\n    return x.max()\n", &array(0), "2:12 max() of an empty array");
}

#[test]
fn extents_and_steps() {
    check("def f(k):\n    return np.zeros(k)\n", &number(-2), "2:12 negative extent -2 in a shape");
    check(
        "def f(k):\n    s = 0\n    for i in range(0, 5, k):\n        s += i\n    return s\n",
        &number(0),
        "3:26 range() with step 0",
    );
}

const RECURSIVE: &str = "def f(n):\n    if n == 0:\n        return 0\n    return f(n - 1) + 1\n";

/// Recursion ends in a fault, and the next call works.
#[test]
fn recursion() {
    for (name, settings) in configurations() {
        let engine = Engine::new(settings);
        for _ in 0..3 {
            let outcome = outcome(&engine, RECURSIVE, &number(1 << 40), &Limits::default());
            assert_eq!(outcome, "1:1 recursion too deep", "{name}");
        }
        let value = engine.module(RECURSIVE).expect("parses").kernel("f").expect("f").call(&args![500i64]);
        assert_eq!(
            value.expect("500 calls fit").as_scalar().map(|scalar| scalar.as_i64()),
            Some(500),
            "{name}"
        );
    }
}

#[test]
fn memory() {
    let limits = Limits { memory: Some(1 << 20), ..Limits::default() };
    let text = "def f(k):\n    x = np.zeros(k)\n    y = np.ones(k)\n    return x[0] + y[k - 1]\n";
    check_within(
        text,
        &number(1 << 30),
        &limits,
        "2:9 memory limit exceeded by an array of 8589934592 bytes",
    );
    check_within(text, &number(100_000), &limits, "3:9 memory limit exceeded by an array of 800000 bytes");
    check(text, &number(i64::MAX), "2:9 array is too large for memory");
    let text = "def f(k):\n    s = 0.0\n    for i in range(k):\n        x = np.zeros(1000)\n        x[i] = 1.0\n        s += x[i]\n    return s\n";
    check_within(text, &number(1000), &limits, "no fault, Scalar(f64(1000.0))");
}

/// What takes much longer than any test: loops without end, of each kind.
fn endless() -> [(&'static str, &'static str); 5] {
    [
        ("while", "def f(n):\n    k = 0\n    while k >= 0:\n        k = (k + n) % 1000\n    return k\n"),
        (
            "a long loop",
            "def f(n):\n    s = 0\n    for i in range(n * 1000000000000):\n        s = (s * 3 + i) % 1000003\n    return s\n",
        ),
        (
            "a long prange",
            "def f(n):\n    s = 0\n    for i in prange(n * 1000000000000):\n        s += i * i % 7\n    return s\n",
        ),
        (
            "a recursive function",
            "def g(n):\n    if n < 2:\n        return n\n    return g(n - 1) + g(n - 2)\n\ndef f(n):\n    return g(n * 90)\n",
        ),
        (
            "a while in a prange",
            "def f(n):\n    s = 0\n    for i in prange(100):\n        k = i\n        while k >= 0:\n            k = (k + n) % 1000\n        s += k\n    return s\n",
        ),
    ]
}

/// Ends within 100 ms; the test allows for a busy machine.
const SOON: Duration = Duration::from_secs(2);

/// Calls `f(1)` and checks that it ends soon after `limit` and why.
fn check_ended(how: &str, limits: impl Fn() -> Limits, expected: FaultKind) {
    for (what, text) in endless() {
        for (name, settings) in configurations() {
            let module = Engine::new(settings).module(text).expect("parses");
            let kernel = module.kernel("f").expect("f");
            kernel.prepare(&args![1i64]).expect("compiles");
            let start = Instant::now();
            let Err(Error::Limit(fault)) = kernel.call_within(&args![1i64], &limits()) else {
                panic!("{what} did not end by {how}, {name}")
            };
            assert_eq!(fault.kind, expected, "{what}, {name}");
            assert!(start.elapsed() < SOON, "{what} took {:?} to end by {how}, {name}", start.elapsed());
        }
    }
}

#[test]
fn deadlines() {
    let limits = || Limits { timeout: Some(Duration::from_millis(30)), ..Limits::default() };
    check_ended("its deadline", limits, FaultKind::TimedOut);
}

#[test]
fn cancellation() {
    let limits = || {
        let token = CancelToken::new();
        let limits = Limits { cancel: Some(token.clone()), ..Limits::default() };
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(30));
            token.cancel();
        });
        limits
    };
    check_ended("cancelling", limits, FaultKind::Cancelled);
}

#[test]
fn cancelled_before_the_call() {
    let token = CancelToken::new();
    token.cancel();
    let limits = Limits { cancel: Some(token), ..Limits::default() };
    for (_, text) in endless() {
        check_within(text, &number(1), &limits, "cancelled");
    }
}

/// Kinds and values travel with the message.
#[test]
fn parts_of_a_fault() {
    let text = "def f(x):\n    for i in range(9):\n        x[i * 2] = 1.0\n";
    for (name, settings) in configurations() {
        let module = Engine::new(settings).module(text).expect("parses");
        let kernel = module.kernel("f").expect("f");
        let Err(Error::Fault(fault)) = kernel.call(&args![vector(5).view_mut()]) else {
            panic!("{name}: no fault")
        };
        assert_eq!(fault.kind, FaultKind::IndexOutOfRange { axis: 0 }, "{name}");
        assert_eq!(fault.values, [6, 5], "{name}");
        assert_eq!(fault.loops, [("i".to_string(), 3)], "{name}");
        assert_eq!(fault.kind.exception(), "IndexError", "{name}");
        let span = fault.span.expect("a place");
        assert_eq!(&text[span.range()], "x[i * 2]", "{name}");
    }
}

/// Wrong calls are told before anything runs.
#[test]
fn usage() {
    let module = Engine::default()
        .module("def axpy(a, x, y):\n    for i in range(len(x)):\n        y[i] += a * x[i]\n");
    let module = module.expect("parses");
    let told = |result: Result<durum::Value, Error>| match result {
        Err(Error::Usage(message)) => message,
        other => panic!("{other:?}"),
    };
    let missing = |name: &str| told(module.kernel(name).map(|_| durum::Value::None));
    assert_eq!(missing("axpi"), "there is no kernel `axpi`; did you mean `axpy`?");
    assert_eq!(missing("gemm"), "there is no kernel `gemm`; the file has axpy");
    let kernel = module.kernel("axpy").expect("it is there");
    let (x, y) = (vector(3), vector(3));
    assert_eq!(told(kernel.call(&args![2.0, x.view()])), "`axpy` takes 3 arguments, not 2");
    let read_only = kernel.call(&args![2.0, x.view(), y.view()]);
    assert_eq!(told(read_only), "argument 3 is read-only, but the kernel writes it");
}
