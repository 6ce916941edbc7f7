//! The embedded mathematics: `kernels/std/*.py` as text.

/// File name and text of each file.
pub const FILES: &[(&str, &str)] = &[
    ("angles.py", include_str!("../kernels/std/angles.py")),
    ("arc.py", include_str!("../kernels/std/arc.py")),
    ("elementwise.py", include_str!("../kernels/std/elementwise.py")),
    ("erf.py", include_str!("../kernels/std/erf.py")),
    ("exp.py", include_str!("../kernels/std/exp.py")),
    ("floats.py", include_str!("../kernels/std/floats.py")),
    ("gamma.py", include_str!("../kernels/std/gamma.py")),
    ("hyperbolic.py", include_str!("../kernels/std/hyperbolic.py")),
    ("integers.py", include_str!("../kernels/std/integers.py")),
    ("inverse_hyperbolic.py", include_str!("../kernels/std/inverse_hyperbolic.py")),
    ("log.py", include_str!("../kernels/std/log.py")),
    ("moved.py", include_str!("../kernels/std/moved.py")),
    ("power.py", include_str!("../kernels/std/power.py")),
    ("root.py", include_str!("../kernels/std/root.py")),
    ("trig.py", include_str!("../kernels/std/trig.py")),
];

/// The file that defines a function, by its position in [`FILES`].
pub fn file_of(function: &str) -> Option<usize> {
    let definition = format!("def {function}(");
    FILES.iter().position(|(_, text)| text.lines().any(|line| line.starts_with(&definition)))
}
