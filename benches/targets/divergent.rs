//! Loops whose iterations end at different times: in lanes against one point at a time in Rust, and on two threads against one.

use crate::loops::{collatz, mandelbrot};
use crate::paired::{compare, print_ratio};
use crate::values::{Rust, slice};
use crate::versus::Versus;
use crate::{COLLATZ, MANDELBROT, Program, serial, two_threads};
use durum::{OwnedArray, Value};

pub const CORNERS: [f64; 4] = [-2.0, 0.6, -1.2, 1.2];

pub fn mandelbrot_args(side: usize, steps: i64) -> Vec<Value> {
    let out = Value::Array(OwnedArray::zeros(durum::base::Dtype::I32, &[side, side]));
    CORNERS.map(Value::Float).into_iter().chain([Value::Int(steps), out]).collect()
}

pub fn mandelbrot_rust<'a>(side: usize, steps: i32) -> Rust<'a> {
    Box::new(move |args| {
        mandelbrot::narrow(CORNERS, steps, side, side, slice(&mut args[5]));
        Value::None
    })
}

pub fn collatz_args(n: usize) -> Vec<Value> {
    vec![Value::Array(OwnedArray::zeros(durum::base::Dtype::I64, &[n]))]
}

pub fn collatz_rust<'a>() -> Rust<'a> {
    Box::new(|args| {
        collatz::narrow(slice(&mut args[0]));
        Value::None
    })
}

pub fn divergent() {
    let versus = |label: &str, text, kernel, args, rust| Versus {
        label: format!("{label}, lanes"),
        text,
        kernel,
        args,
        rust,
        elements: 1,
        tolerance: Some(0.0),
    };
    versus(
        "mandelbrot 600², 200 steps",
        MANDELBROT,
        "mandelbrot",
        mandelbrot_args(600, 200),
        mandelbrot_rust(600, 200),
    )
    .print(&serial(), Some(2.5));
    versus("collatz to 300,000", COLLATZ, "collatz", collatz_args(300_000), collatz_rust())
        .print(&serial(), Some(0.95));
    for (text, name, args) in
        [(MANDELBROT, "mandelbrot", mandelbrot_args(600, 200)), (COLLATZ, "collatz", collatz_args(300_000))]
    {
        let program = |settings| {
            let mut program = Program::new(&settings, text, name, &[]);
            program.args = args.clone();
            program
        };
        let (mut one, mut two) = (program(serial()), program(two_threads()));
        let ratio = compare(11, || drop(one.run()), || drop(two.run()));
        print_ratio(&format!("{name}: one thread / two"), &ratio, "at least 1.8");
    }
}
