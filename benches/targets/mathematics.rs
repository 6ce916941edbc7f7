//! Maps of exp, log and sin against a Rust loop over the platform's mathematics.

use crate::streams::unary;
use crate::values::{array, uniform};
use crate::versus::Versus;
use crate::{MAPS, libm, serial};

type Map = fn(&[f64], &mut [f64]);

pub fn mathematics() {
    const N: usize = 100_000;
    let maps: [(&str, Map, (f64, f64)); 3] = [
        ("exp", libm::exp, (-10.0, 10.0)),
        ("log", libm::log, (1e-3, 1e3)),
        ("sin", libm::sin, (-10.0, 10.0)),
    ];
    for (kernel, map, (low, high)) in maps {
        let versus = Versus {
            label: format!("{kernel}, f64"),
            text: MAPS,
            kernel,
            args: vec![array(uniform(N, low, high)), array(vec![0.0; N])],
            rust: unary(map),
            elements: N,
            tolerance: Some(1e-12),
        };
        versus.print(&serial(), Some(1.5));
    }
}
