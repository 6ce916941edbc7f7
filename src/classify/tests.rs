//! Outcomes and their texts, on loops as `lower` makes them.

use super::*;
use crate::base::Span;
use crate::base::{Binary, Compare, Dtype};
use crate::loops::build::Build;
use crate::loops::verify::verify;
use crate::loops::{Array, Op};

/// Runs `classify` on what `body` builds from `source`; gives the loop heads, then all diagnostics.
fn outcome(source: &str, disjoint: &[&str], body: impl FnOnce(&mut Build)) -> String {
    let mut build = Build::new("test", source);
    body(&mut build);
    let mut module = build.finish();
    verify(&module).unwrap();
    let disjoint: Vec<String> = disjoint.iter().map(|name| name.to_string()).collect();
    let result = classify(&mut module, &disjoint);
    verify(&module).unwrap();
    let mut text = String::new();
    if result.is_ok() {
        let dump = module.functions[module.entry].to_string();
        let heads = |line: &&str| ["for ", "disjoint", ">= "].iter().any(|part| line.contains(part));
        for line in dump.lines().filter(heads) {
            text += &format!("{}\n", line.trim());
        }
    }
    for diagnostic in result.unwrap_or_else(|errors| errors) {
        text += &render(source, &diagnostic);
    }
    text
}

fn render(source: &str, diagnostic: &Diagnostic) -> String {
    let at = |span: Span| source.get(span.range()).unwrap_or("?").to_string();
    let mut text = format!("{:?}: {}\n", diagnostic.severity, diagnostic.message);
    text += &format!("  at `{}`: {}\n", at(diagnostic.span), diagnostic.note);
    for label in &diagnostic.labels {
        text += &format!("  at `{}`: {}\n", at(label.span), label.text);
    }
    for hint in &diagnostic.hints {
        text += &format!("  hint: {hint}\n");
    }
    text
}

#[track_caller]
fn check(found: String, expected: &str) {
    let lines = |text: &str| {
        text.lines()
            .map(|line| line.trim_end().to_string())
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
    };
    let unindented: Vec<String> = lines(expected)
        .iter()
        .map(|line| line.strip_prefix("            ").unwrap_or(line).to_string())
        .collect();
    assert_eq!(lines(&found), unindented, "found:\n{found}");
}

#[test]
fn independent_is_parallel() {
    let found = outcome("for i in prange(n): y[i] = x[i]", &[], |b| {
        let n = b.int("n");
        let (y, x) = (b.array("y", 1), b.array("x", 1));
        b.prange("i", n, |b, i| {
            let value = b.load(x, &[i], "x[i]");
            b.store(y, &[i], value, "y[i] = x[i]");
        });
    });
    check(found, r#"for v12 "i" in 0..v0 parallel {"#);
}

#[test]
fn overlap_is_tested_before_the_loop() {
    let found = outcome("for i in prange(n): y[i] = x[i + 1]", &[], |b| {
        let n = b.int("n");
        let class = b.function.class();
        let (y, x) = (b.array_in("y", 1, class, true), b.array_in("x", 1, class, true));
        b.prange("i", n, |b, i| {
            let next = b.plus(i, 1);
            let value = b.load(x, &[next], "x[i + 1]");
            b.store(y, &[i], value, "y[i] = x[i + 1]");
        });
    });
    check(
        found,
        r#"
            v18: bool = disjoint(a3, a1)
            for v12 "i" in 0..v0 parallel if v18 {"#,
    );
}

#[test]
fn a_start_of_unknown_sign_is_tested_before_the_loop() {
    let found = outcome("for i in prange(lo, n): y[i - 1] = 0", &[], |b| {
        let (lo, n) = (b.int("lo"), b.int("n"));
        let y = b.array("y", 1);
        b.for_("i", (lo, n), Mode::Marked, &[], |b, i| {
            let (zero, before) = (b.float(0.0), b.plus(i, -1));
            b.store(y, &[before], zero, "y[i - 1] = 0");
        });
    });
    check(
        found,
        r#"
            v15: bool = v13 >= 0
            for v7 "i" in v0..v1 parallel if v15 {"#,
    );
}

#[test]
fn a_neighbour_is_a_race() {
    let found = outcome("for i in prange(1, n): y[i] = y[i - 1]", &[], |b| {
        let n = b.int("n");
        let y = b.array("y", 1);
        let one = b.constant(1);
        b.for_("i", (one, n), Mode::Marked, &[], |b, i| {
            let before = b.plus(i, -1);
            let value = b.load(y, &[before], "y[i - 1]");
            b.store(y, &[i], value, "y[i] =");
        });
    });
    check(
        found,
        "
            Error: `y[i - 1]` is read in one iteration of prange and `y[i]` written in another
              at `y[i - 1]`: read here
              at `y[i] =`: the same element is written here, by another iteration
              at `for i in`: iterations of this loop have no order
              hint: to read what `y` was before the loop, write into another array
              hint: for iterations that run in order, use range instead of prange",
    );
}

#[test]
fn one_element_for_all_is_a_race() {
    let found = outcome("for i in prange(n): y[0] = i", &[], |b| {
        let n = b.int("n");
        let y = b.array("y", 1);
        b.prange("i", n, |b, i| {
            let (zero, value) = (b.constant(0), b.op(Dtype::F64, Op::Cast(i)));
            b.store(y, &[zero], value, "y[0] = i");
        });
    });
    check(
        found,
        "
            Error: `y[0]` is written by more than one iteration of prange
              at `y[0] = i`: written here
              at `for i in`: iterations of this loop have no order
              hint: index `y` with `i`, or store into it once, after the loop
              hint: for a sum, product, minimum or maximum over the iterations, update a local scalar: `s += …`
              hint: for iterations that run in order, use range instead of prange",
    );
}

fn scatter(b: &mut Build) -> Array {
    let n = b.int("n");
    let (out, idx) = (b.array("out", 1), b.array("idx", 1));
    b.prange("i", n, |b, i| {
        let index = b.load(idx, &[i], "idx[i]");
        let (index, value) = (b.op(Dtype::I64, Op::Cast(index)), b.float(1.0));
        b.store(out, &[index], value, "out[idx[i]] = 1");
    });
    out
}

#[test]
fn a_scatter_is_undecided() {
    let source = "for i in prange(n): out[idx[i]] = 1";
    let found = outcome(source, &[], |b| {
        scatter(b);
    });
    check(
        found,
        r#"
            for v12 "i" in 0..v0 {
            Warning: cannot tell whether two iterations write the same element of `out`
              at `for i in`: runs serially
              at `out[idx[i]] = 1`: `out` is written here
              hint: if iterations never meet, say so: `@kernel(disjoint=("out",))` or `--assume-disjoint out`"#,
    );
    let vouched = outcome(source, &["out"], |b| {
        scatter(b);
    });
    check(vouched, r#"for v12 "i" in 0..v0 parallel {"#);
}

#[test]
fn a_conflict_under_a_condition_is_undecided() {
    let found = outcome("for i in prange(n): if i == k: y[0] = i", &[], |b| {
        let (n, k) = (b.int("n"), b.int("k"));
        let y = b.array("y", 1);
        b.prange("i", n, |b, i| {
            let condition = b.op(Dtype::Bool, Op::Compare(Compare::Eq, i, k));
            b.if_(condition, |b| {
                let (zero, value) = (b.constant(0), b.float(1.0));
                b.store(y, &[zero], value, "y[0] = i");
            });
        });
    });
    check(
        found,
        r#"
            for v8 "i" in 0..v0 {
            Warning: iterations meet in `y` where a condition holds
              at `for i in`: runs serially
              at `y[0] = i`: `y[0]` is written here
              hint: if iterations never meet, say so: `@kernel(disjoint=("y",))` or `--assume-disjoint y`"#,
    );
}

#[test]
fn updates_of_shared_elements_run_serially() {
    let found = outcome("for i in prange(n): h[0] += 1", &[], |b| {
        let n = b.int("n");
        let h = b.array("h", 1);
        b.prange("i", n, |b, _| {
            let (zero, one) = (b.constant(0), b.float(1.0));
            let old = b.load(h, &[zero], "h[0]");
            let new = b.add(old, one);
            b.store(h, &[zero], new, "h[0] += 1");
        });
    });
    check(
        found,
        r#"
            for v7 "i" in 0..v0 {
            Warning: iterations may update the same elements of `h`
              at `for i in`: runs serially
              at `h[0] += 1`: `h[0]` is written here
              hint: where a prange does nothing with `h` but update it, by one operator, that is done in parallel"#,
    );
}

#[test]
fn nested_loops_are_judged_and_run_inline() {
    let found = outcome("for i in prange(n): for j in prange(m): y[i, j] = 0", &[], |b| {
        let (n, m) = (b.int("n"), b.int("m"));
        let y = b.array("y", 2);
        b.prange("i", n, |b, i| {
            b.prange("j", m, |b, j| {
                let zero = b.float(0.0);
                b.store(y, &[i, j], zero, "y[i, j] = 0");
            });
        });
    });
    check(
        found,
        r#"
            for v11 "i" in 0..v0 parallel {
            for v13 "j" in 0..v1 {"#,
    );
    let race = outcome("for i in prange(n): for j in prange(m): y[i] = y[i] * j", &[], |b| {
        let (n, m) = (b.int("n"), b.int("m"));
        let y = b.array("y", 1);
        b.prange("i", n, |b, i| {
            b.prange("j", m, |b, j| {
                let value = b.op(Dtype::F64, Op::Cast(j));
                b.store(y, &[i], value, "y[i] = y[i] * j");
            });
        });
    });
    assert!(race.starts_with("Error: `y[i]` is written by more than one iteration of prange"), "{race}");
}

#[test]
fn what_an_iteration_allocates_is_its_own() {
    let found = outcome("for i in prange(n): t = zeros(m); t[0] = i; y[i] = t[0]", &[], |b| {
        let (n, m) = (b.int("n"), b.int("m"));
        let y = b.array("y", 1);
        b.prange("i", n, |b, i| {
            let t = b.alloc("t", &[m]);
            let (zero, value) = (b.constant(0), b.op(Dtype::F64, Op::Cast(i)));
            b.store(t, &[zero], value, "t[0] = i");
            let value = b.load(t, &[zero], "t[0]");
            b.store(y, &[i], value, "y[i] = t[0]");
            let owner = b.function.arrays[t].owner;
            b.push(crate::loops::Stmt::Release(owner));
        });
    });
    check(found, r#"for v8 "i" in 0..v0 parallel {"#);
}

#[test]
fn neighbouring_columns_of_a_matrix() {
    // y[i, j] from y[i, j - 1]: rows are independent.
    let found = outcome("for i in prange(n): for j in range(1, m): y[i, j] = y[i, j - 1]", &[], |b| {
        let (n, m) = (b.int("n"), b.int("m"));
        let y = b.array("y", 2);
        let one = b.constant(1);
        b.prange("i", n, |b, i| {
            b.for_("j", (one, m), Mode::Serial, &[], |b, j| {
                let before = b.binary(Binary::Sub, j, one);
                let value = b.load(y, &[i, before], "y[i, j - 1]");
                b.store(y, &[i, j], value, "y[i, j] =");
            });
        });
    });
    check(
        found,
        r#"
            for v12 "i" in 0..v0 parallel {
            for v13 "j" in 1..v1 {"#,
    );
}
