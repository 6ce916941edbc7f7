//! Maps that memory bounds, against the same loop in Rust for the processor at hand, where the data is in L2, L3 and memory. The parallel
//! side is rayon's, in blocks, one per thread.

use crate::loops::{chain, stencil, triad};
use crate::values::{Rust, array, slices, uniform};
use crate::versus::Versus;
use crate::{MAPS, serial, two_threads};
use durum::Value;
use rayon::prelude::*;

/// Elements of each array: with three or four of them the data is in L2 (1 MiB and more per core), in L3, and beyond.
const SIZES: [(&str, usize); 3] = [("L2", 24_000), ("L3", 400_000), ("DRAM", 8_000_000)];

/// A map over arrays: the whole of it, and a part of it.
type Map = fn(&[&[f64]], &mut [f64]);

pub fn streams() {
    let maps: [(&str, usize, Map); 3] = [
        ("triad", 2, |x, out| triad::host(0.5, x[0], x[1], out)),
        ("chain", 3, |x, out| chain::host(x[0], x[1], x[2], out)),
        ("stencil", 1, |x, out| stencil::host(x[0], out)),
    ];
    for (name, inputs, map) in maps {
        for (level, n) in SIZES {
            let target = Some(if level == "L2" { 0.85 } else { 0.95 });
            versus(name, inputs, level, n, serial_map(inputs, map)).print(&serial(), target);
            versus(name, inputs, &format!("{level}, 2 threads"), n, parallel_map(name, inputs, map))
                .print(&two_threads(), target);
        }
    }
}

fn versus<'a>(name: &'a str, inputs: usize, level: &str, n: usize, rust: Rust<'a>) -> Versus<'a> {
    let scale = (name == "triad").then_some(Value::Float(0.5));
    let arrays = (0..=inputs).map(|_| array(uniform(n, 0.0, 1.0)));
    let args = scale.into_iter().chain(arrays).collect();
    Versus {
        label: format!("{name}, {level}"),
        text: MAPS,
        kernel: name,
        args,
        rust,
        elements: n,
        tolerance: Some(0.0),
    }
}

/// The arrays of the arguments: inputs, and the output last.
fn arrays(args: &mut [Value], inputs: usize) -> (Vec<&[f64]>, &mut [f64]) {
    let first = args.len() - inputs - 1;
    let mut all: Vec<&mut [f64]> = args[first..].iter_mut().map(crate::values::slice::<f64>).collect();
    let out = all.pop().expect("an output");
    (all.into_iter().map(|array| &*array).collect(), out)
}

fn serial_map<'a>(inputs: usize, map: Map) -> Rust<'a> {
    Box::new(move |args| {
        let (x, out) = arrays(args, inputs);
        map(&x, out);
        Value::None
    })
}

fn parallel_map<'a>(name: &str, inputs: usize, map: Map) -> Rust<'a> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("threads");
    // Parts of a stencil overlap by what its window reaches.
    let reach = if name == "stencil" { 1 } else { 0 };
    Box::new(move |args| {
        let (x, out) = arrays(args, inputs);
        let n = out.len();
        let part = (n - 2 * reach).div_ceil(2);
        pool.install(|| {
            out[reach..n - reach].par_chunks_mut(part).enumerate().for_each(|(k, out)| {
                let begin = k * part;
                let inputs: Vec<&[f64]> =
                    x.iter().map(|x| &x[begin..begin + out.len() + 2 * reach]).collect();
                if reach == 0 {
                    map(&inputs, out);
                } else {
                    inner_stencil(inputs[0], out);
                }
            });
        });
        Value::None
    })
}

crate::widths::widths! {
    /// The stencil where the output has inner points only.
    fn stencil_part(x: &[f64], out: &mut [f64]) {
        for (((out, left), middle), right) in out.iter_mut().zip(x).zip(&x[1..]).zip(&x[2..]) {
            *out = 0.25 * left + 0.5 * middle + 0.25 * right;
        }
    }
}

fn inner_stencil(x: &[f64], out: &mut [f64]) {
    stencil_part::host(x, out);
}

/// One output, one input or more, for other sections.
pub fn unary<'a>(map: impl Fn(&[f64], &mut [f64]) + 'a) -> Rust<'a> {
    Box::new(move |args| {
        let [x, out] = slices::<f64, 2>(args, [0, 1]);
        map(x, out);
        Value::None
    })
}
