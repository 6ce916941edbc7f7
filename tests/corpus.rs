//! One corpus, every configuration: each `# call:` line of a kernel file is run interpreted, serial, parallel, unfused and without
//! lanes, on arrays of every layout, and compared in bits with what CPython + NumPy recorded (`tests/cpython.py record`).
//!
//! Header lines of a kernel file:
//! - `# call: f(expr, name=expr)`: a call; its outcome stands in `FILE.expected`, a line each.
//! - `# ulp: N`: results may be off by N units in the last place (transcendental functions).
//! - `# loops: f N`: after fusion, `f` at the types of its first call has N loops.
//! - `# checks: f N`: bounds checks that stay inside its loops.
//! - `# fixed-layout`: only C-ordered arguments.
//!
//! `CORPUS=text cargo test --test corpus` takes only the files with `text` in their path.

mod support;

use durum::{Engine, OptimizeOptions, Pool, Schedule, Settings};
use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::{Case, Kernels, Layout, run_case};

struct Configuration {
    name: &'static str,
    settings: Settings,
}

fn configurations() -> Vec<Configuration> {
    let threads = |n: usize| Pool::new(NonZero::new(n));
    let eager = Schedule { break_even: Duration::ZERO, chunk: Some(3), ..Schedule::default() };
    let options = OptimizeOptions::default();
    let configuration = |name, settings| Configuration { name, settings };
    vec![
        configuration("interpreted", Settings { interpret: true, ..Settings::default() }),
        configuration("default", Settings::default()),
        configuration(
            "serial",
            Settings {
                optimize: OptimizeOptions { parallel: false, ..options },
                pool: threads(1),
                ..Settings::default()
            },
        ),
        configuration(
            "unfused",
            Settings {
                optimize: OptimizeOptions { fuse: false, ..options },
                pool: threads(1),
                ..Settings::default()
            },
        ),
        configuration(
            "scalar",
            Settings {
                optimize: OptimizeOptions { lanes: false, ..options },
                pool: threads(1),
                ..Settings::default()
            },
        ),
        configuration(
            "1 thread",
            Settings { pool: threads(1), schedule: eager.clone(), ..Settings::default() },
        ),
        configuration(
            "2 threads",
            Settings { pool: threads(2), schedule: eager.clone(), ..Settings::default() },
        ),
        configuration("7 threads", Settings { pool: threads(7), schedule: eager, ..Settings::default() }),
    ]
}

/// The files of a folder that this run is about.
fn selected(folder: &str) -> Vec<PathBuf> {
    let mut files = support::kernel_files(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    if let Ok(text) = std::env::var("CORPUS") {
        files.retain(|file| file.to_string_lossy().contains(&text));
    }
    files
}

/// Runs every file of a folder; failures are collected so that one run shows them all.
fn run_folder(folder: &str) {
    let configurations = configurations();
    let mut failures: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut runs = 0;
    for file in selected(folder) {
        let cases = Case::read(&file);
        for configuration in &configurations {
            let engine = Engine::new(configuration.settings.clone());
            let kernels = Kernels::new(&engine);
            for case in &cases {
                for layout in Layout::ALL {
                    if (case.fixed_layout || !case.has_arrays) && layout != Layout::C {
                        continue;
                    }
                    runs += 1;
                    if let Err(message) = run_case(&kernels, case, layout) {
                        let failure = format!("{} {}\n    {message}", case.file, case.call);
                        failures
                            .entry(failure)
                            .or_default()
                            .push(format!("{} {layout:?}", configuration.name));
                    }
                }
            }
        }
    }
    println!("{folder}: {runs} runs, {} failures", failures.len());
    assert!(runs > 0 || std::env::var("CORPUS").is_ok(), "no calls in {folder}");
    let report: Vec<String> = failures
        .iter()
        .take(200)
        .map(|(failure, where_)| format!("{failure}\n    [{}]", where_.join(", ")))
        .collect();
    assert!(failures.is_empty(), "{} different failures\n{}", failures.len(), report.join("\n"));
}

#[test]
fn examples() {
    run_folder("kernels/examples");
}

#[test]
fn corpus() {
    run_folder("tests/corpus");
}

#[test]
fn structure() {
    let mut failures = vec![];
    for folder in ["kernels/examples", "tests/corpus"] {
        for file in selected(folder) {
            failures.extend(support::check_structure(&file));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
