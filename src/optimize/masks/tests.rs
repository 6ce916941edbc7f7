//! Loops before and after: one iteration at a time, and in lockstep, with groups of every kind of disagreement.

use super::super::carried::carried_vars;
use super::super::samples::{Argument, Builder, Outcome, floats, run};
use super::*;
use crate::base::{Binary, Compare, Dtype, ReduceOp, Unary};
use crate::loops::{Array, Store, visit::walk_mut};

mod random;
mod shapes;

/// The module with the loops named `lanes` converted, each in this mode; None and why if one is refused.
fn converted(module: &Module, mode: Mode) -> Result<Module, Reason> {
    let mut after = module.clone();
    let callees = Callees::of(module);
    for (func, function) in &module.functions {
        let facts = Facts::new(function);
        let mut ranges = Ranges::new(function);
        let mut bodies = vec![];
        let mut failed = Ok(());
        walk(&function.body, &mut |stmt| {
            if let Stmt::For(loop_) = stmt
                && loop_.name == "lanes"
            {
                let mut known = Known {
                    facts: &facts,
                    ranges: &mut ranges,
                    callees: &callees,
                    alone: callees.is_alone(func),
                };
                match masked(&mut after.functions[func], loop_, &mut known) {
                    Ok(body) => bodies.push((loop_.index, body)),
                    Err(reason) => failed = Err(reason),
                }
            }
        });
        failed?;
        walk_mut(&mut after.functions[func].body, &mut |stmt| {
            if let Stmt::For(loop_) = stmt
                && let Some((_, body)) = bodies.iter().find(|(index, _)| *index == loop_.index)
            {
                let before = carried_vars(loop_);
                (loop_.body, loop_.mode) = (body.clone(), mode);
                assert!(carried_vars(loop_).is_subset(&before), "a variable is carried now");
            }
        });
    }
    Ok(after)
}

/// Converts and compares; gives the body in lanes, printed.
#[track_caller]
fn same(module: &Module, runs: &[Vec<Argument>]) -> String {
    let lanes = converted(module, Mode::Lanes(8)).expect("it can be converted");
    let serial = converted(module, Mode::Serial).expect("it can be converted");
    for arguments in runs {
        let want = run(module, arguments);
        for after in [&serial, &lanes] {
            assert_eq!(found(after, arguments, &want), want, "{arguments:?}\n{module}\n{after}");
        }
    }
    lanes.to_string()
}

/// What the module gives; a panic names it.
fn found(module: &Module, arguments: &[Argument], want: &Outcome) -> Outcome {
    let result = std::panic::catch_unwind(|| run(module, arguments));
    result.unwrap_or_else(|_| panic!("{arguments:?}: instead of {want:?}\n{module}"))
}

/// `for i in lanes`, over the elements of the last of three vectors x, y and z.
fn over(fill: impl FnOnce(&mut Builder, [Array; 3], Value)) -> Module {
    let mut b = Builder::new();
    let arrays = ["x", "y", "z"].map(|name| b.array(Dtype::F64, 1, name));
    let (zero, n) = (b.int(0), b.extent(arrays[2], 0));
    lanes(&mut b, (zero, n), &[], |b, i| fill(b, arrays, i));
    b.module()
}

fn lanes(
    b: &mut Builder,
    bounds: (Value, Value),
    reductions: &[(Var, ReduceOp)],
    fill: impl FnOnce(&mut Builder, Value),
) {
    let block = b.block(|b| b.loop_(bounds.0, bounds.1, Mode::Serial, reductions, fill));
    for mut stmt in block {
        if let Stmt::For(loop_) = &mut stmt {
            loop_.name = "lanes".into();
        }
        b.emit(stmt);
    }
}

/// Vectors of these lengths, with numbers that differ in sign, size and kind.
fn vectors(lengths: [i64; 3]) -> Vec<Argument> {
    let element = |k: i64, seed: i64| match (k * 7 + seed * 5) % 13 {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 => -0.0,
        m => (m - 6) as f64 * 0.75,
    };
    let vector = |(seed, n): (usize, i64)| {
        Argument::Floats(vec![n], (0..n).map(|k| element(k, seed as i64)).collect())
    };
    lengths.into_iter().enumerate().map(vector).collect()
}

fn sizes() -> Vec<Vec<Argument>> {
    [0, 1, 7, 8, 9, 16, 61].map(|n| vectors([n, n, n])).to_vec()
}
