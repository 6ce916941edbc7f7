//! A kernel of Durum against a loop in Rust on the same arguments: they must agree, then they run in turn.

use crate::Program;
use crate::paired::{Ratios, compare, per_call};
use crate::values::{Rust, check};
use durum::{OwnedArray, Settings, Value};
use std::hint::black_box;
use std::time::Instant;

pub struct Versus<'a> {
    pub label: String,
    pub text: &'a str,
    pub kernel: &'a str,
    pub args: Vec<Value>,
    pub rust: Rust<'a>,
    /// What a time is divided by: elements, or 1 for a time as a whole.
    pub elements: usize,
    /// How far results may differ, relatively; the last argument is compared if nothing is returned. None: not at all.
    pub tolerance: Option<f64>,
}

/// What came out.
pub struct Outcome {
    /// Rust's time over Durum's: above 1 Durum is faster.
    pub speed: Ratios,
    /// Nanoseconds per element.
    pub durum: f64,
    pub rust: f64,
}

const ROUNDS: usize = 11;
/// Up to so many elements the cost of a dynamic call is taken off: it is measured by itself, and hosts have cheaper ones.
const SMALL: usize = 10_000;

/// Seconds that one measurement takes at least.
const LEAST: f64 = 2e-3;

impl Versus<'_> {
    /// An error says how the results differ; then there is nothing to time.
    pub fn run(self, settings: &Settings) -> Result<Outcome, String> {
        let mut ours = Program::new(settings, self.text, self.kernel, &[]);
        let mut theirs = self.args.clone();
        ours.args = self.args;
        let start = Instant::now();
        let (left, right) = (ours.run(), (self.rust)(&mut theirs));
        if let Some(tolerance) = self.tolerance {
            let (left, right) = match left {
                Value::None => (ours.args.last().cloned(), theirs.last().cloned()),
                left => (Some(left), Some(right)),
            };
            check(&left.expect("a value"), &right.expect("a value"), tolerance)?;
        }
        ours.run();
        let seconds = start.elapsed().as_secs_f64() / 2.0;
        let repeat = ((LEAST / seconds) as usize).clamp(1, 20_000);
        let rounds = if seconds > 0.5 { 5 } else { ROUNDS };
        let speed = compare(
            rounds,
            || (0..repeat).for_each(|_| drop(black_box((self.rust)(&mut theirs)))),
            || (0..repeat).for_each(|_| drop(black_box(ours.run()))),
        );
        let each = |seconds: f64| seconds * 1e9 / (repeat * self.elements) as f64;
        let (durum, rust) = (each(speed.seconds.1), each(speed.seconds.0));
        if self.elements == 1 || self.elements > SMALL {
            return Ok(Outcome { speed, durum, rust });
        }
        let call = call_cost(&mut ours) / self.elements as f64;
        let factor = durum / (durum - call);
        let Ratios { median, low, high, seconds } = speed;
        let speed = Ratios { median: median * factor, low: low * factor, high: high * factor, seconds };
        Ok(Outcome { speed, durum: durum - call, rust })
    }

    /// Runs and prints one line; a target is the least speed.
    pub fn print(self, settings: &Settings, target: Option<f64>) {
        let (label, whole) = (self.label.clone(), self.elements == 1);
        let Outcome { speed, durum, rust } = match self.run(settings) {
            Ok(outcome) => outcome,
            Err(difference) => return println!("{label:<44} WRONG: {difference}"),
        };
        let (durum, rust) = if whole {
            (format!("{:.2} ms", durum / 1e6), format!("{:.2} ms", rust / 1e6))
        } else {
            (format!("{durum:.3} ns"), format!("{rust:.3} ns"))
        };
        let Ratios { median, low, high, .. } = speed;
        let target = match target {
            Some(target) if median < target => format!("(target {target}, missed)"),
            Some(target) => format!("(target {target})"),
            None => String::new(),
        };
        println!(
            "{label:<44} durum {durum:>10}  rust {rust:>10}  speed {median:5.2} [{low:.2} … {high:.2}] {target}"
        );
    }
}

/// Nanoseconds of a call with empty arrays; 0 for a kernel that cannot take them.
fn call_cost(program: &mut Program) -> f64 {
    let empty = |value: &Value| match value {
        Value::Array(array) => Value::Array(OwnedArray::zeros(array.dtype(), &vec![0; array.rank()])),
        other => other.clone(),
    };
    program.args = program.args.iter().map(empty).collect();
    let args: Vec<durum::Arg> = program.args.iter_mut().map(|value| value.as_arg()).collect();
    if program.kernel.call(&args).is_err() {
        return 0.0;
    }
    drop(args);
    per_call(|| drop(program.run()))
}
