//! The figures that Durum promises, as ratios within one run.
//!
//! ```text
//! cargo bench --bench targets                 # everything
//! cargo bench --bench targets -- fusion calls # some sections
//! ```
//!
//! Two programs are compared by running them in turn, A B A B …, and taking the median of the ratios of neighbours, so that a machine that
//! drifts slows both. Criterion and its kin measure one program after the other, which a shared machine spoils; hence this small harness.

mod compile;
mod divergent;
mod functions;
mod libm;
mod loops;
mod mathematics;
mod paired;
mod peers;
mod rust_loops;
mod streams;
mod sums;
mod values;
mod versus;
mod widths;

use durum::{Arg, Engine, In, InOut, Kernel, OptimizeOptions, Pool, Settings, Value, args};
use ndarray::Array1;
use paired::{compare, per_call, print_ratio};
use std::num::NonZero;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let sections: [(&str, fn()); 14] = [
        ("compile", compile::examples),
        ("sizes", compile::sizes),
        ("calls", calls),
        ("fusion", fusion),
        ("checks", checks),
        ("parallel", parallel),
        ("crossover", crossover),
        ("scalar", scalar),
        ("functions", functions::functions),
        ("streams", streams::streams),
        ("sums", sums::sums),
        ("mathematics", mathematics::mathematics),
        ("divergent", divergent::divergent),
        ("peers", peers::peers),
    ];
    for (name, run) in sections {
        if wanted.is_empty() || wanted.iter().any(|section| section == name) {
            println!("\n== {name}");
            run();
        }
    }
}

const AXPY: &str = include_str!("../../kernels/examples/axpy.py");
const JACOBI: &str = include_str!("../../kernels/examples/jacobi.py");
const MATMUL: &str = include_str!("../../kernels/examples/matmul.py");
const NBODY: &str = include_str!("../../kernels/examples/nbody.py");
const SUM: &str = include_str!("../../kernels/examples/sum_of_squares.py");
const BLACK_SCHOLES: &str = include_str!("../../kernels/examples/black_scholes.py");
const MANDELBROT: &str = include_str!("../../kernels/examples/mandelbrot.py");
const DISTANCES: &str = include_str!("../../kernels/examples/pairwise_distances.py");
const SPMV: &str = include_str!("../../kernels/examples/spmv.py");
const LOGISTIC: &str = include_str!("../../kernels/examples/logistic_map.py");
const HISTOGRAM: &str = include_str!("../../kernels/examples/histogram.py");
const COLLATZ: &str = include_str!("../../kernels/examples/collatz.py");
const MAPS: &str = include_str!("kernels/maps.py");
const SUMS: &str = include_str!("kernels/sums.py");

/// A kernel with arguments of its own.
struct Program {
    kernel: Kernel,
    args: Vec<Value>,
}

impl Program {
    fn new(settings: &Settings, text: &str, name: &str, args: &[&str]) -> Program {
        let engine = Engine::new(settings.clone());
        let kernel = engine.module(text).and_then(|module| module.kernel(name)).expect("a kernel");
        let args = args.iter().map(|arg| engine.evaluate(arg).expect("a value")).collect();
        Program { kernel, args }
    }

    fn run(&mut self) -> Value {
        let args: Vec<Arg> = self.args.iter_mut().map(|value| value.as_arg()).collect();
        self.kernel.call(&args).expect("runs")
    }
}

fn serial() -> Settings {
    let optimize = OptimizeOptions { parallel: false, ..OptimizeOptions::default() };
    Settings { optimize, pool: Pool::serial(), ..Settings::default() }
}

fn scalar_serial() -> Settings {
    let mut settings = serial();
    settings.optimize.lanes = false;
    settings
}

fn two_threads() -> Settings {
    Settings { pool: Pool::new(NonZero::new(2)), ..Settings::default() }
}

/// What a call of a kernel costs beyond its work: three arrays of 4 elements.
fn calls() {
    let text = "def add(x, y, out):\n    for i in range(len(x)):\n        out[i] = x[i] + y[i]\n";
    let module = Engine::default().module(text).expect("parses");
    let (x, y) = (Array1::<f64>::ones(4), Array1::<f64>::ones(4));
    let mut out = Array1::<f64>::zeros(4);
    let typed = module.typed::<(In<f64, 1>, In<f64, 1>, InOut<f64, 1>), ()>("add").expect("compiles");
    let nanoseconds = per_call(|| typed.call((x.view(), y.view(), out.view_mut())).expect("runs"));
    println!("typed call, three arrays    {nanoseconds:.0} ns   (target 150)");
    let kernel = module.kernel("add").expect("found");
    let nanoseconds = per_call(|| {
        kernel.call(&args![x.view(), y.view(), out.view_mut()]).expect("runs");
    });
    println!("dynamic call, three arrays  {nanoseconds:.0} ns   (target 1000)");
}

/// Fused against one loop per operation, both serial.
fn fusion() {
    let text = "def f(x, y, z):\n    return np.sqrt(x*x + y*y) * 0.5 + z * (x - y) / (1 + z*z)\n";
    let array = "uniform(20_000_000)";
    let mut fused = Program::new(&serial(), text, "f", &[array, array, array]);
    let mut settings = serial();
    settings.optimize.fuse = false;
    let mut unfused = Program::new(&settings, text, "f", &[array, array, array]);
    let ratio = compare(7, || drop(unfused.run()), || drop(fused.run()));
    print_ratio("unfused / fused, 20 million f64", &ratio, "at least 4");
}

/// Bounds checks on against off.
fn checks() {
    let n = "uniform(1_000_000)";
    let grid = "uniform((1000, 1000))";
    let cases: [(&str, &str, &str, Vec<&str>); 4] = [
        ("axpy", AXPY, "axpy", vec!["0.5", n, n]),
        ("jacobi", JACOBI, "jacobi", vec![grid, grid, "2"]),
        ("matmul", MATMUL, "matmul", vec!["uniform((256, 256))", "uniform((256, 256))"]),
        ("nbody", NBODY, "nbody", vec!["normal((1024, 3))", "uniform(1024)", "0.1", "np.zeros((1024, 3))"]),
    ];
    for (label, text, name, args) in cases {
        let mut on = Program::new(&serial(), text, name, &args);
        let mut settings = serial();
        settings.optimize.checks = false;
        let mut off = Program::new(&settings, text, name, &args);
        let ratio = compare(25, || drop(on.run()), || drop(off.run()));
        print_ratio(&format!("{label}: checked / unchecked"), &ratio, "at most 1.05");
    }
}

/// Two threads against one on work that is worth it.
fn parallel() {
    let n = "uniform(1_000_000) + 0.5";
    let cases: [(&str, &str, &str, Vec<&str>); 2] = [
        ("black_scholes", BLACK_SCHOLES, "black_scholes", vec![n, n, n, "0.03", "0.3", n, n]),
        (
            "mandelbrot",
            MANDELBROT,
            "mandelbrot",
            vec!["-2.0", "0.6", "-1.2", "1.2", "200", "zeros((600, 600), i32)"],
        ),
    ];
    for (label, text, name, args) in cases {
        let mut one = Program::new(&serial(), text, name, &args);
        let mut two = Program::new(&two_threads(), text, name, &args);
        let ratio = compare(11, || drop(one.run()), || drop(two.run()));
        print_ratio(&format!("{label}: serial / parallel"), &ratio, "at least 1.6");
    }
}

/// Parallel against serial over sizes: it must never lose. With `DURUM_BUSY=1` another thread occupies one core.
fn crossover() {
    let busy = std::env::var_os("DURUM_BUSY").is_some().then(paired::Busy::start);
    let target = if busy.is_some() { "at most 1.10" } else { "at most 1.05" };
    for (label, text, name) in [("axpy", AXPY, "axpy"), ("sum of squares", SUM, "sum_of_squares")] {
        for n in [1, 10, 100, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 10_000_000] {
            let array = format!("uniform({n})");
            let args: Vec<&str> = if name == "axpy" { vec!["0.5", &array, &array] } else { vec![&array] };
            let mut one = Program::new(&serial(), text, name, &args);
            let mut two = Program::new(&two_threads(), text, name, &args);
            let repeat = (2_000_000 / n).clamp(1, 20_000);
            let ratio = compare(
                15,
                || (0..repeat).for_each(|_| drop(two.run())),
                || (0..repeat).for_each(|_| drop(one.run())),
            );
            print_ratio(&format!("{label} n={n}: parallel / serial"), &ratio, target);
        }
    }
}

/// Scalar code of Durum against the same loop in Rust, vectorisation prevented.
fn scalar() {
    let cases = rust_loops::all();
    for case in cases {
        let mut ours = Program::new(&scalar_serial(), case.text, case.name, &case.args);
        let mut theirs: Vec<Value> = ours.args.clone();
        let ratio = compare(15, || drop(ours.run()), || (case.rust)(&mut theirs));
        print_ratio(&format!("{}: durum / rust, scalar", case.name), &ratio, "at most 1.3");
    }
}
