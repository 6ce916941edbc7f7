//! The command line: everything that reads files, prints, or asks the environment. It uses the public API of the library only.
//!
//! A command gives the text for standard output or a [`Failure`](failure::Failure); this module writes either, and the exit status.

mod array;
mod bench;
mod check;
mod csv;
mod explain;
mod failure;
mod json;
mod npy;
mod output;
mod print;
mod render;
mod run;
mod show;
mod source;
mod units;
mod values;
mod view;
mod watch;

use clap::{Parser, Subcommand};
use failure::{Failure, USAGE};
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

/// Compiles small array kernels, Python syntax with NumPy semantics, and runs them on data
#[derive(Parser, Debug)]
#[command(name = "durum", bin_name = "durum", version = version(), disable_help_subcommand = true)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Run a kernel
    ///
    /// A VALUE that ends in .npy, .npz:KEY or .csv, or begins with ./ or /, is a file; anything else is an expression such as 2.5,
    /// f32(2.5), np.linspace(0, 1, 1_000_000) or uniform(1000). Files are never modified unless --in-place says so.
    Run(run::Options),
    /// Report errors and warnings without running
    Check(check::CheckOptions),
    /// Show the program after a stage of the compiler
    Dump(check::DumpOptions),
    /// Measure a kernel fused and unfused, serial and parallel, scalar and in lanes, at given sizes
    Bench(bench::Options),
    /// Show what became of each loop, and why
    ///
    /// Under each line with a loop or an array operation stands what happened (+), what did not and why (-), and what an iteration moves and
    /// computes (=).
    Explain(explain::Options),
}

pub fn main() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) => {
            // A closed terminal is no reason to complain.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS };
        }
    };
    let (result, json) = match &line.command {
        Command::Run(options) => (run::run(options), options.json),
        Command::Check(options) => (check::check(options), options.json),
        Command::Dump(options) => (check::dump(options), false),
        Command::Bench(options) => (bench::bench(options), options.json),
        Command::Explain(options) => (explain::explain(options), options.json),
    };
    match result.and_then(|text| to_stdout(&text)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if json {
                // The status tells what a closed standard output cannot.
                let _ = to_stdout(&format!("{}\n", failure.json()));
            } else {
                to_stderr(&failure.render(colour()));
            }
            ExitCode::from(failure.status)
        }
    }
}

fn to_stdout(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::silent(),
        _ => Failure::data("standard output", failure::reason(&error)),
    })
}

/// Writes to standard error, where nothing can be done about an error.
fn to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Whether messages may be coloured: on a terminal whose user does not object.
fn colour() -> bool {
    io::stderr().is_terminal() && wants_colour()
}

fn wants_colour() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn version() -> &'static str {
    if cfg!(target_arch = "x86_64") && !has_fma() {
        concat!(
            env!("CARGO_PKG_VERSION"),
            "\nthis machine has no fused multiply-add: mathematics is slow, results are the same"
        )
    } else {
        env!("CARGO_PKG_VERSION")
    }
}

#[cfg(target_arch = "x86_64")]
fn has_fma() -> bool {
    std::arch::is_x86_feature_detected!("fma")
}

#[cfg(not(target_arch = "x86_64"))]
fn has_fma() -> bool {
    true
}
