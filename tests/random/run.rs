//! Runs a program in every configuration and compares with the interpreter: results, arrays after the call, or the fault.

use crate::program::Program;
use crate::support::{Held, LaidOut, Layout, canonical, fnv};
use durum::base::Dtype;
use durum::{Arg, Engine, Error, Limits, OptimizeOptions, OwnedArray, Pool, Schedule, Settings, Value};
use serde_json::{Value as Json, json};
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// What a run gave.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// Result and arrays, as tests/cpython.py records them.
    Returned(Json),
    /// Its exception in CPython; kind, place and values.
    Fault(String, String),
    /// The program does not compile.
    Rejected(String),
    /// A limit of time or memory ended it.
    Limit,
    /// A panic, or an error of ours.
    Broken(String),
}

/// Why a program is a failure.
#[derive(Clone, PartialEq, Debug)]
pub enum Failure {
    /// A configuration, what it gave, and what the interpreter gave.
    Differs(String, Box<Outcome>, Box<Outcome>),
    Broken(String, String),
}

/// What became of a program that did not fail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    Agreed,
    Faulted,
    Rejected(String),
    Slow,
}

impl Verdict {
    /// Where it is counted.
    pub fn position(&self) -> usize {
        match self {
            Verdict::Agreed => 0,
            Verdict::Faulted => 1,
            Verdict::Rejected(_) => 2,
            Verdict::Slow => 3,
        }
    }
}

/// The interpreter first, then each way of compiling. Pools are kept between programs.
pub struct Configurations {
    engines: Vec<(&'static str, Engine)>,
}

impl Configurations {
    pub fn new() -> Configurations {
        let threads = |n: usize| Pool::new(NonZero::new(n));
        let eager = Schedule { break_even: Duration::ZERO, chunk: Some(3), ..Schedule::default() };
        let options = OptimizeOptions::default();
        let optimized = |optimize| Settings { optimize, pool: threads(1), ..Settings::default() };
        let eagerly = |n| Settings { pool: threads(n), schedule: eager.clone(), ..Settings::default() };
        let engines = vec![
            ("interpreted", Settings { interpret: true, ..Settings::default() }),
            ("default", Settings::default()),
            ("serial", optimized(OptimizeOptions { parallel: false, ..options })),
            ("unfused", optimized(OptimizeOptions { fuse: false, ..options })),
            ("scalar", optimized(OptimizeOptions { lanes: false, ..options })),
            ("1 thread", eagerly(1)),
            ("2 threads", eagerly(2)),
            ("7 threads", eagerly(7)),
        ];
        let engines = engines.into_iter().map(|(name, settings)| (name, Engine::new(settings))).collect();
        Configurations { engines }
    }

    /// What the interpreter makes of it.
    pub fn interpret(&self, program: &Program) -> Outcome {
        run(&self.engines[0].1, program, true)
    }

    /// Compares all configurations, or only the one named.
    pub fn check(&self, program: &Program, only: Option<&str>) -> Result<Verdict, Failure> {
        // The interpreter works on C-ordered arrays: layouts must not show either.
        let expected = self.interpret(program);
        if let Outcome::Broken(message) = &expected {
            return Err(Failure::Broken(self.engines[0].0.to_string(), message.clone()));
        }
        if expected == Outcome::Limit {
            return Ok(Verdict::Slow);
        }
        for (name, engine) in &self.engines[1..] {
            if only.is_some_and(|only| only != *name) {
                continue;
            }
            let outcome = run(engine, program, false);
            if let Outcome::Broken(message) = outcome {
                return Err(Failure::Broken(name.to_string(), message));
            }
            if outcome != expected {
                return Err(Failure::Differs(name.to_string(), Box::new(outcome), Box::new(expected)));
            }
            if let Outcome::Rejected(_) = expected {
                break;
            }
        }
        Ok(match expected {
            Outcome::Returned(_) => Verdict::Agreed,
            Outcome::Fault(..) => Verdict::Faulted,
            Outcome::Rejected(message) => Verdict::Rejected(message),
            Outcome::Limit | Outcome::Broken(_) => Verdict::Slow,
        })
    }
}

/// One run; a panic is an outcome like any other.
fn run(engine: &Engine, program: &Program, plain_layouts: bool) -> Outcome {
    let text = program.file();
    catch_unwind(AssertUnwindSafe(|| run_unguarded(engine, program, &text, plain_layouts))).unwrap_or_else(
        |panic| {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string()));
            Outcome::Broken(format!("panic: {}", text.unwrap_or_default()))
        },
    )
}

fn run_unguarded(engine: &Engine, program: &Program, text: &str, plain_layouts: bool) -> Outcome {
    let kernel = match engine.module(text).and_then(|module| module.kernel(&program.entry().name)) {
        Ok(kernel) => kernel,
        Err(error) => return outcome_of(error, text),
    };
    let mut held = vec![];
    for argument in &program.arguments {
        held.push(match engine.evaluate(&argument.text()) {
            Ok(Value::Array(array)) => {
                Held::Array(LaidOut::new(&array, if plain_layouts { Layout::C } else { argument.layout }))
            }
            Ok(value) => Held::Plain(value),
            Err(error) => return Outcome::Broken(format!("argument {}: {error}", argument.text())),
        });
    }
    let args: Vec<Arg> = held.iter_mut().map(Held::arg).collect();
    let limits = Limits { fill: Some(0xCD), timeout: Some(Duration::from_secs(10)), ..Limits::default() };
    let result = kernel.call_within(&args, &limits);
    drop(args);
    match result {
        Ok(value) => returned(&value, program, &mut held),
        Err(error) => outcome_of(error, text),
    }
}

fn outcome_of(error: Error, text: &str) -> Outcome {
    match error {
        Error::Program(diagnostics) => {
            let lines: Vec<String> = diagnostics
                .iter()
                .map(|diagnostic| {
                    let code = text.get(diagnostic.span.range()).unwrap_or("");
                    format!("{} in `{code}`", diagnostic.message)
                })
                .collect();
            Outcome::Rejected(lines.join("\n"))
        }
        Error::Fault(fault) => {
            let place = fault.span.map(|span| span.range());
            let code = place.clone().and_then(|place| text.get(place)).unwrap_or("");
            let exception = fault.kind.exception().to_string();
            Outcome::Fault(exception, format!("{fault} in `{code}` at {place:?}"))
        }
        Error::Limit(_) => Outcome::Limit,
        Error::Usage(message) => Outcome::Broken(format!("usage: {message}")),
        Error::Bug(message) => Outcome::Broken(format!("bug: {message}")),
    }
}

fn returned(value: &Value, program: &Program, held: &mut [Held]) -> Outcome {
    let mut arrays = serde_json::Map::new();
    for (name, held) in program.entry().params.iter().zip(held) {
        let Held::Array(array) = held else { continue };
        if array.spilled() > 0 {
            return Outcome::Broken(format!(
                "{name}: {} bytes between its elements were written",
                array.spilled()
            ));
        }
        let elements = array.elements();
        arrays.insert(name.clone(), described(array.dtype, &array.shape, &elements));
    }
    Outcome::Returned(json!({"result": described_value(value), "args": arrays}))
}

fn described_value(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Tuple(items) => items.iter().map(described_value).collect(),
        Value::Array(array) => described_array(array),
        value => {
            let scalar = value.as_scalar().expect("a number");
            described(scalar.dtype, &[], &scalar.to_bytes()[..scalar.dtype.size()])
        }
    }
}

fn described_array(array: &OwnedArray) -> Json {
    described(array.dtype(), array.shape(), array.bytes())
}

/// As `describe` of tests/cpython.py.
fn described(dtype: Dtype, shape: &[usize], bytes: &[u8]) -> Json {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let bytes = canonical(dtype, bytes);
    if bytes.len() <= 256 {
        return json!({"dtype": dtype.name(), "shape": shape, "bits": hex(&bytes)});
    }
    json!({"dtype": dtype.name(), "shape": shape, "fnv": format!("{:016x}", fnv(&bytes)), "head": hex(&bytes[..64])})
}
