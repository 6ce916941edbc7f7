//! One kernel for each thing that an explanation can say: remarks of the passes, and what the survey finds.

use durum::{Engine, Explanation, OptimizeOptions, Outcome, Pool, Settings, parse_type};
use std::num::NonZero;

/// The notes of a kernel, one a line: line of the source, mark, text, and in parentheses what to change.
fn notes(settings: Settings, text: &str, types: &[&str]) -> Vec<String> {
    let module = Engine::new(settings).module(text).expect("parses");
    let kernel = module.kernel("f").expect("f");
    let types: Vec<_> = types.iter().map(|text| parse_type(text).expect("a type")).collect();
    let Explanation { functions, .. } = kernel.explain(&types).expect("compiles");
    let mut lines = vec![];
    for function in functions {
        let of_function = function.notes.into_iter().map(|note| (function.header, note));
        let of_loops = function.loops.into_iter().flat_map(|found| {
            let span = found.span;
            found.notes.into_iter().map(move |note| (span, note))
        });
        for (span, note) in of_function.chain(of_loops) {
            let mark = match note.outcome {
                Outcome::Done => '+',
                Outcome::Missed => '-',
                Outcome::Fact => '=',
            };
            let change = note.change.map(|change| format!(" ({change})")).unwrap_or_default();
            lines.push(format!("{} {mark} {}{change}", span.line_column(text).0, note.text));
        }
    }
    lines
}

fn settings() -> Settings {
    Settings { pool: Pool::new(NonZero::new(4)), ..Settings::default() }
}

/// Fails unless the explanation says all of this.
#[track_caller]
fn says(text: &str, types: &[&str], expected: &[&str]) {
    says_with(settings(), text, types, expected);
}

#[track_caller]
fn says_with(settings: Settings, text: &str, types: &[&str], expected: &[&str]) {
    let notes = notes(settings, text, types);
    for line in expected {
        assert!(notes.iter().any(|note| note == line), "{line:?} is not among\n{}", notes.join("\n"));
    }
}

const VECTOR: &str = "f64[::1]";
const MATRIX: &str = "f64[:, ::1]";

#[test]
fn array_operations_that_became_one_loop() {
    let text = "def f(x, y):\n    a = x * y + 1.0\n    return np.sum(a / 2.0)\n";
    says(
        text,
        &[VECTOR, VECTOR],
        &[
            "2 + part of the loop of line 3",
            "3 + one loop for 4 array operations of lines 2 and 3; 3 temporary arrays never made",
        ],
    );
}

#[test]
fn loops_that_did_not_fuse() {
    let shapes = "where they agree, say so before both, axis by axis: `assert x.shape[0] == y.shape[0]`";
    says(
        "def f(x, y):\n    a = x * 2.0\n    b = y * 2.0\n    return a, b\n",
        &[VECTOR, VECTOR],
        &[&format!("3 - not fused with the loop of line 2: their shapes are not known to agree ({shapes})")],
    );
    says(
        "def f(x):\n    return x / np.sum(x)\n",
        &[VECTOR],
        &["2 - not fused with the loop of `np.sum(x)`: it needs the finished result of that one"],
    );
    says(
        "def f(x, n):\n    return x**n + (x + 1) ** n\n",
        &["i64[::1]", "i64[::1]"],
        &["2 - not fused with the loop of `x + 1`: both can fault, and the first fault must come first"],
    );
    says(
        "def f(x):\n    a = x * 2.0\n    a[1] = 3.0\n    return a + 1.0\n",
        &[VECTOR],
        &["4 - not fused with the loop of line 2: a statement between them is in the way \
           (move that statement in front of both, or behind them)"],
    );
    says(
        "def f(x):\n    x[1:] *= 2.0\n    x[:-1] *= 3.0\n",
        &[VECTOR],
        &[
            "3 - not fused with the loop of line 2: they may use the same memory at different indices, and one of \
           them writes it",
        ],
    );
    let terms: Vec<String> = (0..600).map(|k| format!("a{k} = x * {k}.0")).collect();
    says(&format!("def f(x):\n    {}\n    return a1, a599\n", terms.join("\n    ")), &[VECTOR], &[]);
}

/// The hints about shapes is one that works.
#[test]
fn what_says_that_shapes_agree_makes_loops_fuse() {
    let text = "def f(x, y):\n    assert x.shape[0] == y.shape[0]\n    assert x.shape[1] == y.shape[1]\n    \
                a = x * 2.0\n    b = y * 2.0\n    return a, b\n";
    says(text, &[MATRIX, MATRIX], &["5 + one loop for 2 array operations of lines 4 and 5"]);
}

#[test]
fn loops_for_axes() {
    let over = |text: &str| format!("def f(x):\n    return {text}\n");
    let line = "2 + one loop over all elements, in their order in memory";
    says(&over("x * 2.0"), &[MATRIX], &[line]);
    let axes = "2 = a loop for each axis: `x` is not known to lie in C order";
    says(&over("x * 2.0"), &["f64[:, :]"], &[axes]);
    says(
        &over("x[1:, :-1] * 2.0"),
        &[MATRIX],
        &["2 = a loop for each axis: `x` is not read from end to end"],
    );
    says(&over("np.eye(x)"), &["int"], &["2 = a loop for each axis: the indices are used as numbers"]);
    let slow = "2 - slow: a division for each axis and element, as `x` is not";
    says(&over("np.sum(x.T)"), &[MATRIX], &[&format!("{slow} read from end to end")]);
    let change = "`x` in C order: as it is, its rows may lie apart";
    says(&over("np.sum(x)"), &["f64[:, :]"], &[&format!("{slow} known to lie in C order ({change})")]);
    says(&over("np.sum(x)"), &[MATRIX], &[line]);
}

#[test]
fn loops_on_threads() {
    let store = "def f(x, y):\n    for i in prange(len(x)):\n        y[i] = x[i]\n";
    let types = &[VECTOR, VECTOR];
    says(store, types, &["2 + parallel from about 75,000 iterations on (estimated at 800 ps each)"]);
    let single = Settings { pool: Pool::new(NonZero::new(1)), ..Settings::default() };
    says_with(single, store, types, &["2 - on one thread: there is only one"]);
    let mut serial = settings();
    serial.optimize = OptimizeOptions { parallel: false, ..OptimizeOptions::default() };
    says_with(serial, store, types, &["2 - on one thread: parallel loops are switched off"]);
    let long = "def f(x, n):\n    for i in prange(len(x)):\n        for j in range(n):\n            \
                for k in range(n):\n                for l in range(n):\n                    x[i] = np.sin(x[i])\n";
    let said = notes(settings(), long, &[VECTOR, "int"]);
    assert!(
        said.iter().any(|note| note.starts_with("2 + parallel (an iteration is estimated at ")),
        "{said:?}"
    );
    let nested =
        "def f(x):\n    for i in prange(len(x)):\n        for j in prange(i):\n            x[i] += 1.0\n";
    says(nested, &[VECTOR], &["3 - on the thread at hand: a loop around it is parallel already"]);
    let collects = "def f(x, h):\n    for i in prange(len(x)):\n        h[x[i] % 7] += 1\n";
    says(
        collects,
        &["i64[::1]", "i64[::1]"],
        &["2 + parallel where it pays, in at most 16 blocks of iterations, each updating a copy of `h`"],
    );
    let tested = "def f(x, n):\n    a, b = x.copy(), x.copy()\n    for k in range(n):\n        \
                  for i in prange(len(a)):\n            b[i] = a[i]\n        a, b = b, a\n    return a\n";
    let said = notes(settings(), tested, &[VECTOR, "int"]);
    assert!(
        said.iter().any(|note| note.ends_with("if a test in front of it finds the arrays apart")),
        "{said:?}"
    );
    let undecided = "def f(x, k):\n    for i in prange(len(k)):\n        x[k[i]] = 1.0\n";
    says(
        undecided,
        &[VECTOR, "i64[::1]"],
        &[
            "2 - on one thread: cannot tell whether two iterations write the same element of `x` (if iterations never \
           meet, say so: `@kernel(disjoint=(\"x\",))` or `--assume-disjoint x`)",
        ],
    );
}

/// Whether a `range` might be a `prange` is what the compiler would say of it.
#[test]
fn loops_in_order() {
    let over = |body: &str| {
        format!("def f(x):\n    s = 0.0\n    for i in range(1, len(x)):\n        {body}\n    return s\n")
    };
    let types = &[VECTOR];
    says(
        &over("x[i] = 1.0"),
        types,
        &["3 - in order, as `range` asks (`prange`: iterations are independent)"],
    );
    says(
        &over("s += x[i]"),
        types,
        &[
            "3 - in order, as `range` asks (`prange`: iterations are independent; sums are then added in pairs, not one \
           by one)",
        ],
    );
    says(
        &over("x[i] = x[i - 1]"),
        types,
        &["3 - in order: `x[i - 1]` is read in one iteration and `x[i]` written in another"],
    );
    says(&over("s = x[i] - s"), types, &["3 - in order: `s` is carried from one iteration to the next"]);
    says(
        &over("x[int(x[i])] = 1.0"),
        types,
        &[
            "3 - in order, as `range` asks: cannot tell whether `x[i]` reads what another iteration writes to `x`",
        ],
    );
    says(
        "def f(x):\n    for i, v in enumerate(x):\n        x[i] = v + 1.0\n",
        types,
        &[
            "2 - in order: only `prange` runs in parallel (`for i in prange(…)` if iterations are independent)",
        ],
    );
    says("def f(x):\n    return np.cumsum(x)\n", types, &["2 - in order: an element needs those before it"]);
    says("def f(n):\n    return math.factorial(n)\n", &["int"], &["2 - in order: a loop of the library"]);
}

#[test]
fn loops_in_lanes() {
    let over = |body: &str| format!("def f(x, y):\n    for i in range(1, len(x)):\n        {body}\n");
    let types = &[VECTOR, VECTOR];
    says(&over("y[i] = 2.0 * x[i]"), types, &["2 + vectorised: 8 lanes, 4 registers of 2"]);
    let said = notes(settings(), &over("x[i] = x[i - 1] * 2.0"), types);
    assert!(said.iter().any(|note| note.starts_with("2 - not vectorised: ")), "{said:?}");
    let strided = notes(settings(), &over("y[i] = 2.0 * x[i]"), &["f64[:]", VECTOR]);
    let change = "(contiguous `x`: as it is, elements may lie apart)";
    let is_scalar = strided.iter().any(|note| note.starts_with("2 - not vectorised"));
    assert_eq!(strided.iter().any(|note| note.ends_with(change)), is_scalar, "{strided:?}");
    let changes = [
        (
            "s += x[i]",
            "s is carried from one iteration to the next",
            "`prange`, whose sums, products, minima and maxima run in lanes",
        ),
        ("y[int(x[i])] = 1.0", "a check remains in it", ""),
        ("y[0] += x[i]", "y is carried from one iteration to the next", ""),
    ];
    for (body, reason, change) in changes {
        let text = format!(
            "def f(x, y):\n    s = 0.0\n    for i in range(1, len(x)):\n        {body}\n    return s\n"
        );
        let change = if change.is_empty() { String::new() } else { format!(" ({change})") };
        says(&text, types, &[&format!("3 - not vectorised: {reason}{change}")]);
    }
    let count = "def f(x, y):\n    n = 0\n    for i in range(len(x)):\n        if x[i] > 1.0:\n            n += 1\n    return n\n";
    says(count, types, &["3 + vectorised: 8 lanes, 4 registers of 2"]);
    let mut scalar = settings();
    scalar.optimize = OptimizeOptions { lanes: false, ..OptimizeOptions::default() };
    says_with(scalar, &over("y[i] = x[i]"), types, &["2 - not vectorised: lanes are switched off"]);
}

#[test]
fn bounds_checks() {
    let over = |body: &str| {
        format!("def f(x, y):\n    k = 0\n    for i in range(len(x)):\n        {body}\n        k += 3\n")
    };
    let types = &[VECTOR, VECTOR];
    says(&over("x[i] = 1.0"), types, &["3 + 1 bounds check proved"]);
    says(&over("y[i] = 1.0"), types, &["3 + 1 bounds check tested once, in front of the loop"]);
    says(
        &over("y[i] = x[i]"),
        types,
        &["3 + 2 bounds checks: 1 proved, 1 tested once, in front of the loop"],
    );
    let kept = |text: &str, reason: &str| format!("3 - {text} checked each time: {reason}");
    says(&over("y[int(x[i])] = 1.0"), types, &[&kept("`y[int(x[i])]` is", "the index is data")]);
    says(
        &over("x[k] = y[k]"),
        types,
        &[&kept("`x[k]` and `y[k]` are", "the index depends on `k`, which changes")],
    );
    says(
        &over("y[i * i // 3] = 1.0"),
        types,
        &[&kept("`y[i * i // 3]` is", "the index is computed by more than sums and products")],
    );
    says(
        "def f(x, y):\n    while x[0] > 0.0:\n        x[0] -= 1.0\n",
        types,
        &["2 - `x[0]` is checked each time: nothing is tested in front of a `while`"],
    );
}

#[test]
fn what_leaves_loops() {
    says(
        "def f(x, y, k):\n    for i in range(len(x)):\n        x[i] += y[k] * (y[0] + 1.0) / 3.0\n",
        &[VECTOR, VECTOR, "int"],
        &["2 + 2 loads and 3 operations moved in front of the loop"],
    );
    says(
        "def f(a, b):\n    for i in range(len(a)):\n        for j in range(a.shape[1]):\n            b[i] += a[i, j]\n",
        &[MATRIX, VECTOR],
        &["3 + the element of `b` stays in a register"],
    );
}

#[test]
fn what_loops_do_besides() {
    let makes = "def f(x):\n    s = 0.0\n    for i in range(len(x)):\n        a = np.zeros(3)\n        a[i % 3] = x[i]\n        \
                 s += a[0]\n    return s\n";
    says(
        makes,
        &[VECTOR],
        &[
            "3 - makes 1 array in each iteration (make it once in front of the loop, and store into it: `a[:] = …`)",
        ],
    );
    let calls = "def g(n):\n    return n if n < 2 else g(n - 1) + g(n - 2)\n\n\ndef f(x):\n    for i in range(len(x)):\n        \
                 x[i] = g(int(x[i]))\n";
    says(
        calls,
        &[VECTOR],
        &["1 - not inlined: it calls itself", "1 = no loops of its own", "6 - calls `g`, not inlined"],
    );
}

#[test]
fn functions() {
    let helper = "def g(x):\n    return x + 1.0\n\n\ndef f(x):\n    return g(x) * 2.0\n";
    says(helper, &["float"], &["1 + inlined", "1 = no loops of its own", "5 = no loops of its own"]);
    says(helper, &[VECTOR], &["1 + inlined", "2 + part of the loop of line 6"]);
    let body: Vec<String> = (0..80).map(|k| format!("    x[{k}] = x[{k}] + {k}.0 * x[0] * x[1]")).collect();
    let large = format!("def g(x):\n{}\n\n\ndef f(x):\n    g(x)\n", body.join("\n"));
    says(&large, &[VECTOR], &["1 - called, not inlined: it is large"]);
    let unused = "def g(x):\n    return x\n\n\ndef f(x):\n    return x\n";
    assert_eq!(notes(settings(), unused, &["float"]), ["5 = no loops of its own"]);
}

#[test]
fn loops_that_are_gone() {
    let text = "def f(x):\n    for k in (1, 2):\n        x[k] = 1.0\n    for i in range(len(x)):\n        y = x[i]\n";
    says(
        text,
        &[VECTOR],
        &[
            "2 = no loop for these types: unrolled, or never reached",
            "4 + gone: nobody reads what it computes",
        ],
    );
}

#[test]
fn what_an_iteration_does() {
    let over = |body: &str| format!("def f(x, y, n):\n    for i in prange(len(x)):\n        {body}\n");
    let types = &[VECTOR, "f32[::1]", "int"];
    let work = |text: &str| format!("2 = per iteration: {text}");
    says(
        &over("x[i] = np.sqrt(x[i]) / (y[i] + x[i])"),
        types,
        &[&work("12 bytes read, 8 bytes written, 3 operations on floats (1 division, 1 square root)")],
    );
    says(
        &over("x[i] = x[i] if y[i] > 0 else 0.0"),
        types,
        &[&work("at most 12 bytes read, 8 bytes written, 1 operation on floats")],
    );
    // Arithmetic on subscripts does not count, that on data does; nor does the same element again.
    says(&over("x[i] = (i * n) % 7"), types, &[&work("8 bytes written, 2 operations on integers")]);
    says(
        &over("x[i] = x[i] * x[i]"),
        types,
        &[&work("8 bytes read, 8 bytes written, 1 operation on floats")],
    );
    says(
        &over("for j in range(n):\n            x[i] += y[j]"),
        types,
        &["2 = per iteration, beside the loops inside: 8 bytes read, 8 bytes written"],
    );
}

#[test]
fn loops_that_change_places() {
    let columns = |statement: &str| {
        format!(
            "def f(x, y):\n    for j in range(x.shape[1]):\n        for i in range(1, x.shape[0]):\n            {statement}\n"
        )
    };
    says(
        &columns("y[i, j] = 2.0 * x[i, j]"),
        &[MATRIX, MATRIX],
        &["2 + loops run in the order i, j: neighbours in `j` are neighbours in memory"],
    );
    says(
        &columns("x[i, j] = x[i - 1, j - 1] + y[i, j]"),
        &[MATRIX, MATRIX],
        &["2 - loops stay as written, though neighbours in `j` are neighbours in memory: \
           their iterations may touch the same elements"],
    );
}

#[test]
fn products_by_blocks() {
    let text = "def f(a, b, c):\n    for i in prange(a.shape[0]):\n        for k in range(a.shape[1]):\n            \
                for j in range(b.shape[1]):\n                c[i, j] += a[i, k] * b[k, j]\n";
    let said = "2 + by blocks of rows where what every row reads is larger than the cache";
    says(text, &[MATRIX, MATRIX, MATRIX], &[said]);
}
