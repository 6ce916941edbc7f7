//! Random well-typed programs, compiled in every configuration and interpreted: same bits, or the same fault.
//!
//! `cargo test --test random` runs a fixed range of seeds. More by arguments:
//!
//! - `cargo test --release --test random -- soak SECONDS [SEED [JOBS]]`: programs for a while, from a seed on; failures are shrunk and
//!   written to `target/random/failures.txt`. Runs in child processes, so that a crash is a failure like any other.
//! - `… -- seed N`: one program: its text, and what becomes of it.
//! - `… -- write N FILE [SEED]`: programs with their results for `tests/cpython.py programs FILE`.
//! - `… -- numpy SEED PYTHON`: shrinks one of those on which CPython differs.

mod generate;
mod program;
mod run;
mod shrink;
mod soak;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "the corpus uses the rest")]
mod support;
mod types;
mod values;

use generate::Audience;
use run::{Configurations, Failure};

/// Programs of the ordinary test.
const SEEDS: std::ops::Range<u64> = 0..40;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<u64>().unwrap_or_else(|_| panic!("{text} is no number"));
    match args[..] {
        ["soak", seconds] => soak::soak(number(seconds), 0, 1),
        ["soak", seconds, seed] => soak::soak(number(seconds), number(seed), 1),
        ["soak", seconds, seed, jobs] => soak::soak(number(seconds), number(seed), number(jobs)),
        ["batch", seed, count, current] => soak::batch(number(seed), number(count), current),
        ["seed", seed] => soak::show(number(seed)),
        ["numpy", seed, python] => soak::shrink_for_numpy(number(seed), python),
        ["write", count, file] => soak::write(number(count), file, 0),
        ["write", count, file, seed] => soak::write(number(count), file, number(seed)),
        _ => as_test(&args),
    }
}

/// What `cargo test` and nextest ask of a test program.
fn as_test(args: &[&str]) {
    let filters: Vec<&&str> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let ignored = args.contains(&"--ignored");
    if args.contains(&"--list") {
        if !ignored {
            println!("programs: test");
        }
        return;
    }
    if !ignored && (filters.is_empty() || filters.iter().any(|filter| "programs".contains(**filter))) {
        programs();
    }
}

fn programs() {
    soak::silence_panics();
    let configurations = Configurations::new();
    let mut counts = [0; 4];
    for seed in SEEDS {
        match configurations.check(&generate::program(seed, Audience::Durum), None) {
            Ok(verdict) => counts[verdict.position()] += 1,
            Err(failure) => {
                eprintln!("{}", soak::report(&configurations, seed, &failure));
                std::process::exit(1);
            }
        }
    }
    let [agreed, faulted, rejected, slow] = counts;
    println!("{agreed} programs returned, {faulted} faulted, {rejected} were rejected, {slow} were slow");
    assert!(rejected * 20 <= counts.iter().sum(), "more than 5 % of the programs do not compile");
}

/// The kind of a failure, which shrinking keeps.
fn same_kind(a: &Failure, b: &Failure) -> bool {
    match (a, b) {
        (Failure::Differs(..), Failure::Differs(..)) => true,
        (Failure::Broken(_, a), Failure::Broken(_, b)) => beginning(a) == beginning(b),
        _ => false,
    }
}

/// The first words of a message, without the numbers of functions and values.
fn beginning(message: &str) -> String {
    message.chars().filter(|c| !c.is_ascii_digit()).take(30).collect()
}
