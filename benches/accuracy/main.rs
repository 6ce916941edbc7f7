//! The worst error of every mathematical function, as the table of `docs/mathematics.md`, which it rewrites.
//!
//! ```text
//! cargo bench --bench accuracy                 # everything, some minutes; rewrites the table
//! cargo bench --bench accuracy -- gamma erf    # some functions; prints only
//! ```
//!
//! The sweep of `tests/math.rs` with [`RANDOM`] arguments of each kind, against arbitrary precision, and the surroundings of the
//! arguments that were worst. f32 of one argument: fewer of
//! these, and every [`STRIDE`]th bit pattern against this library's own f64, whose error does not show there.
//! `DURUM_SWEEP=n` makes the random part n times as large; `DURUM_STRIDE=1` takes every bit pattern.

#[path = "../../tests/support/accuracy/mod.rs"]
mod accuracy;

use accuracy::truth::big;
use accuracy::{Float, Random, SUBJECTS, Subject, Sweep, kernel, ulps};
use durum::{Engine, Kernel, Pool, Settings, args};
use ndarray::Array1;
use std::num::NonZero;

/// Random arguments of each kind per function and dtype.
const RANDOM: usize = 1_500;

/// Rounds of search around this many worst arguments, with so many new ones each.
const ROUNDS: i32 = 8;
const BEAM: usize = 16;
const NEAR: usize = 40;

/// Of all bit patterns of an f32, one in so many, unless `DURUM_STRIDE` says otherwise.
const STRIDE: usize = 257;

const BEGIN: &str = "<!-- accuracy: begin -->\n";
const END: &str = "<!-- accuracy: end -->\n";

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let chosen = |subject: &&Subject| wanted.is_empty() || wanted.iter().any(|name| name == subject.name);
    let mut table = String::from(HEAD);
    print!("{HEAD}");
    for subject in SUBJECTS.iter().filter(chosen) {
        let row = row(subject);
        print!("{row}");
        table += &row;
    }
    if wanted.is_empty() {
        write(&table);
    }
}

const HEAD: &str = "\
| `math` | `np` | domain | f64, ulp | at | f32, ulp | at |\n\
|---|---|---|---|---|---|---|\n";

fn row(subject: &Subject) -> String {
    let (wide, narrow) = std::thread::scope(|scope| {
        let narrow = scope.spawn(|| {
            if subject.arity == 1 {
                return sweep::<f32>(subject, RANDOM / 8).worse(patterns(subject));
            }
            sweep::<f32>(subject, RANDOM)
        });
        (sweep::<f64>(subject, RANDOM), narrow.join().expect("it measures"))
    });
    let Subject { name, numpy, domain, .. } = subject;
    let python = if name.starts_with("logaddexp") { "–".into() } else { format!("`{name}`") };
    let extension = ["erf", "erfc", "gamma", "lgamma"].contains(numpy);
    let note = if extension { "¹" } else { "" };
    format!(
        "| {python} | `{numpy}`{note} | {domain} | {} | {} | {} | {} |\n",
        wide.error(subject),
        wide.place(subject),
        narrow.error(subject),
        narrow.place(subject)
    )
}

/// An error in ulps, and the arguments where it was seen.
#[derive(Clone, Default)]
struct Worst {
    ulps: f64,
    arguments: Vec<f64>,
}

impl Worst {
    fn worse(self, other: Worst) -> Worst {
        if other.ulps > self.ulps { other } else { self }
    }

    /// Rounded up, so that the table is a bound on what was seen; bold beyond the promise.
    fn error(&self, subject: &Subject) -> String {
        let shown = (self.ulps * 100.0).ceil() / 100.0;
        let allowed = match ((subject.absolute)(&[1.0, 1.0]), (subject.absolute)(&[-1.0, -1.0])) {
            (0.0, 0.0) => String::new(),
            (0.0, below) => format!(" or {below:e} for x < 0"),
            (everywhere, _) => format!(" or {everywhere:e}"),
        };
        if self.ulps > subject.ulps {
            format!("**{shown:.2}**{allowed}")
        } else {
            format!("{shown:.2}{allowed}")
        }
    }

    fn place(&self, subject: &Subject) -> String {
        let shown: Vec<String> =
            self.arguments.iter().take(subject.arity).map(|x| format!("{x:?}")).collect();
        shown.join(", ")
    }
}

/// The sweep, then in rounds the surroundings of the worst arguments so far.
fn sweep<T: Float>(subject: &Subject, random: usize) -> Worst {
    let scale = from_environment("DURUM_SWEEP", 1);
    let kernel = compiled(subject);
    let mut generator = Random::new(7);
    let mut seen = measure(subject, &kernel, &Sweep::<T>::new(subject, random * scale));
    for round in 0..ROUNDS {
        seen.sort_by(|a, b| b.ulps.total_cmp(&a.ulps));
        seen.truncate(BEAM);
        let around = surroundings::<T>(&seen, round, &mut generator);
        seen.extend(measure(subject, &kernel, &around));
    }
    seen.into_iter().reduce(Worst::worse).unwrap_or_default()
}

fn measure<T: Float>(subject: &Subject, kernel: &Kernel, sweep: &Sweep<T>) -> Vec<Worst> {
    eprintln!("{} {}: {} arguments", subject.name, T::NAME, sweep.xs.len());
    let results = call(kernel, &sweep.xs, &sweep.ys);
    let pairs = sweep.xs.iter().zip(&sweep.ys).zip(results);
    let error = |((x, y), result): ((&T, &T), T)| {
        let arguments = vec![x.wide(), y.wide()];
        Worst { ulps: subject.error(&arguments, result), arguments }
    };
    pairs.map(error).collect()
}

/// Arguments near those seen, nearer with each round.
fn surroundings<T: Float>(seen: &[Worst], round: i32, generator: &mut Random) -> Sweep<T> {
    let spread = 0.125 / f64::from(1 << (2 * round));
    let mut near = |x: f64| T::narrow(x * (1.0 + spread * generator.unit()));
    let mut sweep = Sweep { xs: vec![], ys: vec![] };
    for worst in seen.iter().filter(|worst| worst.ulps.is_finite()) {
        for _ in 0..NEAR {
            let (x, y) = (near(worst.arguments[0]), near(worst.arguments[1]));
            if x.wide().is_finite() && y.wide().is_finite() {
                sweep.xs.push(x);
                sweep.ys.push(y);
            }
        }
    }
    sweep
}

/// f32 over all of its range, in blocks.
fn patterns(subject: &Subject) -> Worst {
    const BLOCK: usize = 1 << 16;
    let kernel = compiled(subject);
    let mut worst = Worst::default();
    let mut block = Vec::with_capacity(BLOCK);
    for bits in (0..=u32::MAX).step_by(from_environment("DURUM_STRIDE", STRIDE)) {
        block.push(f32::from_bits(bits));
        if block.len() == BLOCK {
            compare(&kernel, &block, &mut worst);
            block.clear();
        }
    }
    compare(&kernel, &block, &mut worst);
    worst
}

fn compare(kernel: &Kernel, xs: &[f32], worst: &mut Worst) {
    let wide: Vec<f64> = xs.iter().map(|x| f64::from(*x)).collect();
    let (narrow, wide) = (call(kernel, xs, xs), call(kernel, &wide, &wide));
    for ((x, result), truth) in xs.iter().zip(narrow).zip(wide) {
        let ulps = narrow_error(result, truth);
        if ulps > worst.ulps {
            *worst = Worst { ulps, arguments: vec![f64::from(*x)] };
        }
    }
}

fn from_environment(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// The same in machine arithmetic, and where that cannot tell, in full.
fn narrow_error(result: f32, truth: f64) -> f64 {
    if !truth.is_finite() || truth == 0.0 {
        return if result.same(truth as f32) { 0.0 } else { f64::INFINITY };
    }
    let exponent = ((truth.abs().to_bits() >> 52) as i64 - 1023).max(-126);
    if !(-1000..127).contains(&exponent) || !result.is_finite() {
        return ulps(result, &big(truth));
    }
    (f64::from(result) - truth).abs() * f64::from_bits(((23 - exponent + 1023) as u64) << 52)
}

fn compiled(subject: &Subject) -> Kernel {
    let engine = Engine::new(Settings { pool: Pool::new(NonZero::new(1)), ..Settings::default() });
    let module = engine.module(kernel(subject.numpy, subject.arity).as_str()).expect("it parses");
    module.kernel("loop").expect("it is there")
}

fn call<T: Float>(kernel: &Kernel, xs: &[T], ys: &[T]) -> Vec<T> {
    let (x, y) = (Array1::from(xs.to_vec()), Array1::from(ys.to_vec()));
    let mut out = Array1::from_elem(xs.len(), T::narrow(0.0));
    kernel.call(&args![x.view(), y.view(), out.view_mut()]).expect("it runs");
    out.to_vec()
}

/// Replaces what stands between the markers.
fn write(table: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/mathematics.md");
    let text = std::fs::read_to_string(path).expect("the page is there");
    let (before, rest) = text.split_once(BEGIN).expect("a marker begins the table");
    let (_, after) = rest.split_once(END).expect("a marker ends the table");
    std::fs::write(path, format!("{before}{BEGIN}{table}{END}{after}")).expect("the page can be written");
}
