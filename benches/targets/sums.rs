//! Sums by the language's pairwise tree, against reading alone at 128 bits where data comes from memory, and against the sequential loop
//! where it is near.

use crate::values::{array, slice, slices, uniform};
use crate::versus::Versus;
use crate::{SUMS, serial};
use durum::Value;

pub fn sums() {
    for (label, n) in [("DRAM", 20_000_000), ("L2", 50_000)] {
        let far = label == "DRAM";
        for kernel in ["total", "squares"] {
            let versus = Versus {
                label: format!(
                    "{kernel}, {label}, against {}",
                    if far { "reading" } else { "one after the other" }
                ),
                text: SUMS,
                kernel,
                args: vec![array(uniform(n, 0.0, 1.0))],
                rust: match (far, kernel) {
                    (true, _) => Box::new(|args| Value::Float(read(slice(&mut args[0])))),
                    (false, "total") => {
                        Box::new(|args| Value::Float(slice::<f64>(&mut args[0]).iter().sum()))
                    }
                    (false, _) => {
                        Box::new(|args| Value::Float(slice::<f64>(&mut args[0]).iter().map(|x| x * x).sum()))
                    }
                },
                elements: n,
                // Reading adds up, of squares it does not.
                tolerance: (!far || kernel == "total").then_some(1e-9),
            };
            versus.print(&serial(), Some(if far { 0.9 } else { 4.0 }));
        }
        let versus = Versus {
            label: format!("dot, {label}, against {}", if far { "reading" } else { "one after the other" }),
            text: SUMS,
            kernel: "dot",
            args: vec![array(uniform(n / 2, 0.0, 1.0)), array(uniform(n / 2, 0.0, 1.0))],
            rust: Box::new(move |args| {
                let [x, y] = slices::<f64, 2>(args, [0, 1]);
                Value::Float(match far {
                    true => read(x) + read(y),
                    false => x.iter().zip(&*y).map(|(x, y)| x * y).sum(),
                })
            }),
            elements: n / 2,
            tolerance: (!far).then_some(1e-9),
        };
        versus.print(&serial(), Some(if far { 0.9 } else { 4.0 }));
    }
}

/// Reads everything, eight registers of 128 bits at a time.
#[cfg(target_arch = "x86_64")]
fn read(x: &[f64]) -> f64 {
    use std::arch::x86_64::*;
    const REGISTERS: usize = 8;
    let (blocks, rest) = x.as_chunks::<{ 2 * REGISTERS }>();
    // SAFETY: every x86-64 processor has SSE2, and each load is inside its block.
    let sum = unsafe {
        let mut sums = [_mm_setzero_pd(); REGISTERS];
        for block in blocks {
            for (k, sum) in sums.iter_mut().enumerate() {
                *sum = _mm_add_pd(*sum, _mm_loadu_pd(block.as_ptr().add(2 * k)));
            }
        }
        let total = sums.into_iter().reduce(|a, b| _mm_add_pd(a, b)).expect("eight");
        _mm_cvtsd_f64(total) + _mm_cvtsd_f64(_mm_unpackhi_pd(total, total))
    };
    sum + rest.iter().sum::<f64>()
}

#[cfg(not(target_arch = "x86_64"))]
fn read(x: &[f64]) -> f64 {
    crate::loops::sum::narrow(x)
}
