//! What `fastmath` changes, and what it does not: the rewritten program as text, the same bits from whoever runs it.

use durum::{Arg, Engine, Error, Kernel, OptimizeOptions, Pool, Schedule, Settings, Value, parse_type};
use std::num::NonZero;
use std::time::Duration;

fn fast() -> Settings {
    Settings { fast_math: true, ..Settings::default() }
}

fn kernel(settings: Settings, text: &str, name: &str) -> Kernel {
    let module = Engine::new(settings).module(text);
    module.and_then(|module| module.kernel(name)).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The rewritten function `f` without its header.
fn relaxed(settings: Settings, text: &str, types: &[&str]) -> String {
    let types: Vec<_> = types.iter().map(|ty| parse_type(ty).expect("a type")).collect();
    let dump =
        kernel(settings, text, "f").dump(&types, "relax").unwrap_or_else(|error| panic!("{error}\n{text}"));
    let lines = dump.lines().skip_while(|line| !line.starts_with("def f")).skip(1);
    let body: Vec<&str> = lines.take_while(|line| !line.is_empty()).map(|line| line.trim_start()).collect();
    body.join("\n")
}

/// What is returned for `return EXPRESSION` of floats a, b, c, d, arrays x, y, z and an integer k.
fn expression(settings: Settings, expression: &str) -> String {
    let text = format!("def f(a, b, c, d, x, y, z, k):\n    return {expression}\n");
    let types = ["f64", "f64", "f64", "f64", "f64[:]", "f64[:]", "f64[:]", "int"];
    relaxed(settings, &text, &types).strip_prefix("return ").expect("a return").replace(":f64", "")
}

fn values(settings: &Settings, text: &str, name: &str, args: &[&str]) -> Result<String, Error> {
    let engine = Engine::new(settings.clone());
    let kernel = engine.module(text)?.kernel(name)?;
    let mut args: Vec<Value> = args.iter().map(|arg| engine.evaluate(arg).expect("a value")).collect();
    let result = {
        let args: Vec<Arg> = args.iter_mut().map(|value| value.as_arg()).collect();
        kernel.call(&args)?
    };
    Ok(format!("{result:?} {args:?}"))
}

#[test]
fn products_are_contracted_within_an_expression() {
    for (before, after) in [
        ("a * b + c", "fma(a, b, c)"),
        ("a * b - c", "fma(a, b, -c)"),
        ("a * b - 1.0", "fma(a, b, -1.0)"),
        ("c + a * b", "fma(a, b, c)"),
        ("c - a * b", "fma(-a, b, c)"),
        ("a * b + c * d", "fma(a, b, c * d)"),
        ("a * a + b * b + c * c", "fma(c, c, fma(a, a, b * b))"),
        ("(a * b + c) * b + d", "fma(fma(a, b, c), b, d)"),
        ("x * y + z", "fma(x, y, z)"),
        ("a * x + y", "fma(a, x, y)"),
        ("y - x * a", "fma(x, -a, y)"),
        ("np.sqrt(x * x + y * y)", "sqrt(fma(x, x, y * y))"),
        // Operands in the order in which they were written, since each may be the one that faults.
        ("x[k] + y[k] * z[k]", "let _8: f64 = x[k] in fma(y[k], z[k], _8)"),
        ("x[k] * y[k] + z[k]", "fma(x[k], y[k], z[k])"),
        ("c + y[k] * z[k]", "fma(y[k], z[k], c)"),
        ("x[k] + a * b", "fma(a, b, x[k])"),
    ] {
        assert_eq!(expression(fast(), before), after, "{before}");
        assert_ne!(expression(Settings::default(), before), after, "{before}");
    }
    for same in ["a * b", "k * k + k", "a * b + x", "a / b + c", "(a + b) * c"] {
        assert_eq!(expression(fast(), same), expression(Settings::default(), same), "{same}");
    }
    let named = "def f(a, b, c):\n    p = a * b\n    return p + c\n";
    assert_eq!(relaxed(fast(), named, &["f64"; 3]), "p: f64 = a * b\nreturn p + c");
}

#[test]
fn division_by_a_constant_is_multiplication() {
    for (before, after) in [
        ("a / 3.0", "a * 0.3333333333333333"),
        ("x / 10", "x * 0.1"),
        ("x / -np.sqrt(4.0)", "x * -0.5"),
        // Neither is a normal number, or the reciprocal is none.
        ("a / 0.0", "a / 0.0"),
        ("a / 1e-310", "a / 1e-310"),
        ("a / 1e308", "a / 1e308"),
        ("a / np.inf", "a / inf"),
        ("a / b", "a / b"),
        ("3.0 / a", "3.0 / a"),
    ] {
        assert_eq!(expression(fast(), before), after, "{before}");
    }
    let named = "def f(x):\n    h = 0.2\n    for i in range(len(x)):\n        x[i] = x[i] / h\n";
    let after = relaxed(fast(), named, &["f64[:]"]);
    assert!(after.ends_with("x[i] = x[i] * 5.0"), "{after}");
    let changing =
        "def f(x):\n    h = 0.2\n    for i in range(len(x)):\n        x[i] = x[i] / h\n        h = 0.3\n";
    let after = relaxed(fast(), changing, &["f64[:]"]);
    assert!(after.contains("x[i] = x[i] / h"), "{after}");
    let narrow = "def f(x):\n    return x / 3.0\n";
    assert_eq!(relaxed(fast(), narrow, &["f32[:]"]), "return x * 0.33333334:f32");
}

/// The header of the first loop of a function whose body this is.
fn loop_header(body: &str) -> String {
    let text = format!("def f(x, n):\n    s = 0.0\n    t = 1.0\n    d = 0.0\n{body}    return s + t\n");
    let text = relaxed(fast(), &text, &["f64[:]", "i64"]);
    let header = text.lines().find(|line| line.starts_with("for ")).expect("a loop");
    header.split_once(')').expect("a range").1.trim().trim_end_matches(':').to_string()
}

#[test]
fn loops_that_add_up_reduce() {
    let header = |body: &str| {
        let header = loop_header(&format!("    for i in range(len(x)):\n{body}"));
        header
            .split('.')
            .map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()))
            .collect::<String>()
    };
    assert_eq!(header("        s += x[i]\n"), "reducing s (add)");
    assert_eq!(header("        s = s - x[i] + x[i] * x[i]\n"), "reducing s (add)");
    assert_eq!(header("        s = x[i] + s\n        s += 1.0\n"), "reducing s (add)");
    assert_eq!(header("        t *= x[i]\n"), "reducing t (mul)");
    assert_eq!(header("        s = min(s, x[i])\n"), "reducing s (min)");
    assert_eq!(header("        s = np.maximum(x[i], s)\n"), "reducing s (maximum)");
    assert_eq!(header("        s += x[i]\n        t *= x[i]\n"), "reducing s (add), t (mul)");
    assert_eq!(header("        if x[i] > 0.0:\n            s += x[i]\n"), "reducing s (add)");
    assert_eq!(header("        d = x[i] - 1.0\n        s += d * d\n"), "reducing s (add)");
    assert_eq!(header("        for k in range(3):\n            s += x[i] * k\n"), "reducing s (add)");
    assert_eq!(header("        x[i] = 2.0 * x[i]\n        s += x[i]\n"), "reducing s (add)");

    assert_eq!(header("        s += x[i]\n        x[i] = s\n"), "", "the running total is read");
    assert_eq!(header("        s += s * x[i]\n"), "", "the total is in what is added");
    assert_eq!(header("        s = x[i] - s\n"), "", "no sum");
    assert_eq!(header("        s = min(x[i], s)\n"), "", "a NaN would replace the total");
    assert_eq!(header("        s += x[i]\n        s *= 2.0\n"), "", "two operators");
    assert_eq!(header("        s += x[i]\n        t = s\n"), "", "read");
    assert_eq!(header("        s += d\n        d = x[i]\n"), "", "d is carried");
    assert_eq!(header("        s += x[i]\n        t = x[i]\n"), "", "t is read later");
    assert_eq!(header("        s += x[i]\n        if s > n:\n            break\n"), "", "left early");
    assert_eq!(header("        s += x[i]\n    s = s + i\n"), "", "the index is read later");
    assert_eq!(header("        n += 2\n"), "", "integers are as fast in order");
    assert_eq!(loop_header("    for i in range(8):\n        s += x[i]\n"), "", "short");
}

#[test]
fn a_loop_around_a_loop_keeps_its_order() {
    let text = "def f(x):\n    s = 0.0\n    for i in range(x.shape[0]):\n        for j in range(x.shape[1]):\n            s += x[i, j]\n    return s\n";
    let after = relaxed(fast(), text, &["f64[:, :]"]);
    let headers: Vec<&str> = after.lines().filter(|line| line.starts_with("for ")).collect();
    let reducing: Vec<bool> = headers.iter().map(|line| line.contains("reducing")).collect();
    assert_eq!(reducing, [false, true], "{after}");
}

#[test]
fn flags_are_honoured_one_by_one() {
    let with = |option: &str| {
        let text = format!(
            "@njit(fastmath={option})\ndef f(x, a):\n    s = 0.0\n    for i in range(len(x)):\n        s += x[i] / 3.0\n    return s * a + a\n"
        );
        let after = relaxed(Settings::default(), &text, &["f64[:]", "f64"]);
        [after.contains("fma("), after.contains("reducing"), after.contains("* 0.333")]
    };
    assert_eq!(with("True"), [true; 3]);
    assert_eq!(with("False"), [false; 3]);
    assert_eq!(with("{'fast'}"), [true; 3]);
    assert_eq!(with("{'contract'}"), [true, false, false]);
    assert_eq!(with("{'reassoc', 'nnan'}"), [false, true, false]);
    assert_eq!(with("{'arcp': True, 'reassoc': False}"), [false, false, true]);
    assert_eq!(with("{'nnan', 'ninf', 'nsz', 'afn'}"), [false; 3]);
}

#[test]
fn unknown_flags_are_refused() {
    for (option, message) in [
        ("{'contractions'}", "`contractions` is no flag of `fastmath`"),
        ("'yes'", "`fastmath` is True, False or a set of flags"),
        ("{1}", "`fastmath` is True, False or a set of flags"),
        ("{'fast': 1}", "`fastmath` is True, False or a set of flags"),
    ] {
        let text = format!("@njit(fastmath={option})\ndef f(x):\n    return x\n");
        let error = values(&Settings::default(), &text, "f", &["1.0"]).expect_err("refused").to_string();
        assert!(error.contains(message), "{error}");
    }
}

/// The decorator of a function counts, wherever it is inlined; without one, the engine's setting.
#[test]
fn a_function_keeps_its_own_arithmetic() {
    // (1 + e)² - 1 - 2e is e² with an fma and 0 without.
    let text = "
@njit(fastmath=False)
def strict(a, b):
    return a * a - b

@njit(fastmath=True)
def relaxed(a, b):
    return a * a - b

def both(a, b):
    return strict(a, b), relaxed(a, b), a * a - b

@njit(fastmath=True)
def fast(a, b):
    return strict(a, b), relaxed(a, b), a * a - b
";
    let args = ["1.0 + 2.0 ** -40", "1.0 + 2.0 ** -39"];
    let tiny = 1.0 / (1u128 << 80) as f64;
    let run = |settings: &Settings, name| values(settings, text, name, &args).expect("runs");
    let numbers = |numbers: [f64; 3]| {
        let text = "def f(a, b, c):\n    return a, b, c\n";
        let args = numbers.map(|number| format!("{number:e}"));
        let result = values(&Settings::default(), text, "f", &args.each_ref().map(String::as_str));
        result.expect("runs").split(" [").next().map(str::to_string)
    };
    let result = |text: String| text.split(" [").next().map(str::to_string);
    if !fuses() {
        return;
    }
    assert_eq!(result(run(&Settings::default(), "both")), numbers([0.0, tiny, 0.0]));
    assert_eq!(result(run(&fast(), "both")), numbers([0.0, tiny, tiny]));
    assert_eq!(result(run(&Settings::default(), "fast")), numbers([0.0, tiny, tiny]));
}

/// Whether anything is contracted on this machine.
fn fuses() -> bool {
    expression(fast(), "a * b + c") != expression(Settings::default(), "a * b + c")
}

#[test]
fn mathematics_has_the_same_bits() {
    let text = "
def whole(x):
    return np.exp(x), np.log(x), np.sin(x), np.tanh(x), np.cbrt(x), x ** 1.7

def one_by_one(x, y):
    for i in range(len(x)):
        y[i] = np.exp(x[i])
        y[i] = y[i] if x[i] < 1.0 else np.sin(x[i])
";
    let points = "np.linspace(-700.0, 700.0, 4001)";
    for (name, args) in [("whole", vec![points]), ("one_by_one", vec![points, "zeros(4001)"])] {
        let strict = values(&Settings::default(), text, name, &args).expect("runs");
        assert_eq!(values(&fast(), text, name, &args).expect("runs"), strict, "{name}");
    }
}

/// A kernel with everything that is rewritten; data with NaN, infinities and zeros of both signs.
const MIXED: &str = "
def half(a, b):
    return a * b + 0.5 * a

@njit(fastmath={'arcp'})
def scaled(v):
    return v / 3.0 - v * v

def f(x, y, out):
    s = 0.0
    low = np.inf
    count = 0.0
    for i in range(len(x)):
        d = x[i] - y[i]
        s += d * d
        low = min(low, d)
        if d != d:
            count += 1.0
        out[i] = half(x[i], y[i]) - x[i] * 1.5 + scaled(y[i])
    t = 0.0
    for i in prange(len(x)):
        if not np.isnan(x[i]):
            t += x[i] * y[i] / 7.0
    return s, low, count, t, x * y - out / 3.0 + x[0], (x * x + y).sum()
";

#[test]
fn whoever_runs_it_gets_the_same_bits() {
    let threads = |n: usize| Pool::new(NonZero::new(n));
    let eager = Schedule { break_even: Duration::ZERO, chunk: Some(3), ..Schedule::default() };
    let options = OptimizeOptions::default();
    let optimized = |optimize| Settings { optimize, ..fast() };
    let eagerly = |n| Settings { pool: threads(n), schedule: eager.clone(), ..fast() };
    let configurations = [
        fast(),
        optimized(OptimizeOptions { parallel: false, ..options }),
        optimized(OptimizeOptions { fuse: false, ..options }),
        optimized(OptimizeOptions { lanes: false, ..options }),
        eagerly(1),
        eagerly(2),
        eagerly(7),
    ];
    let sizes = ["1", "9", "100", "1000"];
    let random =
        sizes.map(|n| [format!("uniform({n}) + 0.1"), format!("normal({n})[::-1]"), format!("zeros({n})")]);
    let special = "np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 1e-320, 3.0, -1e300, 1e300])".to_string();
    let backwards = format!("{special}[::-1]");
    let special = [special, backwards, "zeros((9, 2))[:, 0]".to_string()];
    for args in random.iter().chain([&special]) {
        let args = args.each_ref().map(String::as_str);
        let oracle = Settings { interpret: true, ..fast() };
        let expected = values(&oracle, MIXED, "f", &args).expect("runs");
        for settings in &configurations {
            let found = values(settings, MIXED, "f", &args).expect("runs");
            assert_eq!(found, expected, "{args:?} {settings:?}");
        }
    }
}

/// Rewriting must not let a later fault come first.
#[test]
fn the_first_fault_stays_the_first() {
    let text = "def f(x, y, z, k, m):\n    return x[k] + y[m] * z[m]\n";
    for settings in [fast(), Settings { interpret: true, ..fast() }] {
        for [k, m] in [["9", "9"], ["0", "9"], ["9", "0"]] {
            let args = ["ones(4)", "ones(5)", "ones(6)", k, m];
            let strict =
                values(&Settings::default(), text, "f", &args).expect_err("out of range").to_string();
            assert_eq!(values(&settings, text, "f", &args).expect_err("out of range").to_string(), strict);
        }
    }
}
