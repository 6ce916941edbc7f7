//! Every example kernel, with criterion: as users get it, unfused, and beside what a Rust programmer would have written.
//!
//! ```text
//! cargo bench --bench kernels            # everything
//! cargo bench --bench kernels -- jacobi  # one kernel
//! ```
//!
//! | line | is |
//! |---|---|
//! | `durum` | as it runs by default, on all threads |
//! | `serial` | the same on one thread |
//! | `unfused` | a loop per array operation, one thread |
//! | `rust` | idiomatic loops, compiled for the processor at hand (`widths.rs`), one thread |
//! | `ndarray` | expressions of that crate, where there are such |
//! | `rayon` | the Rust loops, made parallel by hand |
//!
//! All forms must agree before any is timed. Criterion measures one after the other: for ratios that must hold on a machine that drifts
//! there is `cargo bench --bench targets`.

mod cases;
mod expressions;
#[allow(dead_code)]
#[path = "../targets/libm.rs"]
mod libm;
#[path = "../targets/loops.rs"]
mod loops;
mod plain;
mod threads;
#[allow(dead_code)]
#[path = "../targets/values.rs"]
mod values;
#[path = "../targets/widths.rs"]
mod widths;

use cases::{Case, cases};
use criterion::{BatchSize, BenchmarkGroup, Criterion, measurement::WallTime};
use durum::{Arg, Engine, Kernel, OptimizeOptions, Pool, Settings, Value};
use std::fs;
use std::time::Duration;
use values::{Rust, check};

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(900))
        .without_plots()
        .configure_from_args();
    let cases = cases();
    say_what_is_missing(&cases);
    for case in &cases {
        measure(&mut criterion, case);
    }
    criterion.final_summary();
}

fn measure(criterion: &mut Criterion, case: &Case) {
    let path = format!("kernels/examples/{}.py", case.file);
    let text = fs::read_to_string(&path).expect("run from the root of the repository");
    let mut group = criterion.benchmark_group(case.file);
    let forms = [("durum", Settings::default()), ("serial", serial(true)), ("unfused", serial(false))];
    let mut expected = None;
    for (name, settings) in forms {
        let module = Engine::new(settings).module(text.clone()).expect("parses");
        let kernel = module.kernel(case.kernel).expect("a kernel");
        let run: Rust = Box::new(move |args| call(&kernel, args));
        expected.get_or_insert_with(|| outcome(case, &run));
        add(&mut group, name, case, &run);
    }
    let expected = expected.expect("three forms");
    for (name, form) in [("rust", &case.rust), ("ndarray", &case.ndarray), ("rayon", &case.rayon)] {
        if let Some(form) = form {
            let agree = check(&outcome(case, form), &expected, case.tolerance);
            agree.unwrap_or_else(|difference| panic!("{} {name}: {difference}", case.file));
            add(&mut group, name, case, form);
        }
    }
    group.finish();
}

fn serial(fuse: bool) -> Settings {
    let optimize = OptimizeOptions { fuse, parallel: false, ..OptimizeOptions::default() };
    Settings { optimize, pool: Pool::serial(), ..Settings::default() }
}

fn call(kernel: &Kernel, args: &mut [Value]) -> Value {
    let args: Vec<Arg> = args.iter_mut().map(|value| value.as_arg()).collect();
    kernel.call(&args).expect("runs")
}

/// What is returned, or the argument that is written.
fn outcome(case: &Case, run: &Rust) -> Value {
    let mut args = case.args.clone();
    match (run(&mut args), case.written) {
        (_, Some(position)) => args.swap_remove(position),
        (value, None) => value,
    }
}

/// Kernels whose work depends on what they wrote last time get fresh arguments, outside of the time.
fn add(group: &mut BenchmarkGroup<WallTime>, name: &str, case: &Case, run: &Rust) {
    group.bench_function(name, |bencher| {
        if case.fresh {
            bencher.iter_batched_ref(|| case.args.clone(), |args| run(args), BatchSize::PerIteration);
        } else {
            let mut args = case.args.clone();
            bencher.iter(|| run(&mut args));
        }
    });
}

fn say_what_is_missing(cases: &[Case]) {
    for entry in fs::read_dir("kernels/examples").expect("run from the root of the repository") {
        let path = entry.expect("a file").path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let is_kernel = path.extension().is_some_and(|extension| extension == "py");
        if is_kernel && !cases.iter().any(|case| case.file == stem) {
            println!("no measurement for kernels/examples/{stem}.py");
        }
    }
}
