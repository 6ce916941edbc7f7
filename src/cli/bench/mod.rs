//! `durum bench`: a kernel fused and unfused, serial and parallel, scalar and in lanes, at given sizes, beside what the machine can do.

mod canvas;
mod case;
mod ceilings;
mod compare;
mod configuration;
mod machine;
mod measure;
mod peak;
mod plot;
mod record;
mod roofline;
mod session;
mod sizes;
mod statistics;
mod table;
mod work;

use super::failure::{Failure, reason};
use super::source::{Compile, Opened};
use super::units;
use super::values::{self, Binding, Given, check_names};
use super::watch::cancel_on_interrupt;
use case::{Case, Size};
use clap::Args;
use configuration::{Allowed, Configuration};
use durum::{FunctionInfo, Kernel, Limits, Settings};
use machine::Machine;
use session::{Measured, Row, Session};
use sizes::Sizes;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    compile: Compile,
    /// Measure at each of these sizes; in VALUEs the name stands for the number, as in --size n=1e3,1e6 x='uniform(n)'
    #[arg(long, value_name = "NAME=N,N,...", value_parser = sizes::parse)]
    size: Option<Sizes>,
    /// Time to spend on each configuration at each size; six calls are made however long they take
    #[arg(long, value_name = "TIME", value_parser = units::duration, default_value = "500ms")]
    time: Duration,
    /// Compute one element at a time
    #[arg(long)]
    no_lanes: bool,
    /// Do not measure what the machine can do
    #[arg(long)]
    no_ceilings: bool,
    /// Write everything as JSON to this file, for --compare
    #[arg(long, value_name = "FILE.json")]
    out: Option<PathBuf>,
    /// Draw times over sizes
    #[arg(long, value_name = "FILE.svg|.png")]
    plot: Option<PathBuf>,
    /// Say what has changed since a run with --out
    #[arg(long, value_name = "FILE.json")]
    compare: Option<PathBuf>,
    /// Print everything as one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Measures, and gives what belongs on standard output.
pub fn bench(options: &Options) -> Result<String, Failure> {
    if options.time.is_zero() {
        return Err(Failure::usage("`--time` is zero"));
    }
    options.plot.as_deref().map(plot::format).transpose()?;
    let earlier = options.compare.as_deref().map(compare::read).transpose()?;
    let settings = options.compile.settings()?;
    let opened = options.compile.open(settings.clone())?;
    let (name, bindings) = values::split(&options.compile.words)?;
    let function = opened.function(name)?;
    check_names(&bindings, std::iter::once(function))?;
    options.compile.check_disjoint(&opened, function)?;
    check_size(options, &bindings)?;

    let session = session(options, &settings, &opened, function, &bindings)?;
    if let Some(path) = &options.out {
        write(path, &format!("{}\n", record::json(&session)))?;
    }
    if let Some(path) = &options.plot {
        plot::write(&session, path)?;
    }
    Ok(match (options.json, &earlier) {
        (false, None) => table::text(&session),
        (false, Some(earlier)) => table::text(&session) + &compare::text(&session, earlier),
        (true, None) => format!("{}\n", record::json(&session)),
        (true, Some(earlier)) => {
            let parts = [("run", record::json(&session)), ("compared", compare::json(&session, earlier))];
            format!("{}\n", super::json::Json::object(parts))
        }
    })
}

/// A name that no value mentions would measure the same again and again.
fn check_size(options: &Options, bindings: &[Binding]) -> Result<(), Failure> {
    let Some(Sizes { name, .. }) = &options.size else { return Ok(()) };
    let used = bindings.iter().any(|binding| match &binding.given {
        Given::Value(text) => values::path_of(text).is_none() && sizes::mentions(text, name),
        Given::Type(_) => false,
    });
    if used {
        return Ok(());
    }
    let failure = Failure::usage(format!("`--size {name}=…` is used in none of the values"));
    Err(failure.hint(format!("write {name} where the size belongs, as in x='uniform({name})'")))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let fail = |error| Failure::data(path.display(), format!("cannot be written: {}", reason(&error)));
    std::fs::write(path, text).map_err(fail)
}

fn session(
    options: &Options,
    settings: &Settings,
    opened: &Opened,
    function: &FunctionInfo,
    bindings: &[Binding],
) -> Result<Session, Failure> {
    let threads = if options.compile.no_parallel { 1 } else { settings.pool.threads() };
    let mut session = Session {
        file: opened.source.name.clone(),
        kernel: function.name.clone(),
        arguments: bindings.iter().map(|binding| (binding.name.clone(), given(binding))).collect(),
        size: options.size.as_ref().map(|sizes| sizes.name.clone()),
        machine: Machine::here(),
        threads,
        time: options.time.as_secs_f64(),
        peaks: None,
        restored: vec![],
        measured: vec![],
    };
    let allowed =
        Allowed { fusion: !options.compile.no_fuse, parallel: threads > 1, lanes: !options.no_lanes };
    let kernels = kernels(options, settings, function, allowed)?;
    let limits = Limits { cancel: Some(cancel_on_interrupt()), ..Limits::default() };
    let sizes: Vec<Size> = match &options.size {
        Some(Sizes { name, numbers }) => numbers.iter().map(|n| Some((name.as_str(), *n))).collect(),
        None => vec![None],
    };
    let mut too_long = false;
    for size in sizes {
        let mut case = Case::new(opened, function, bindings, options.compile.seed, size, &limits)?;
        session.restored = case.written().into_iter().map(String::from).collect();
        let distinct = distinct(&mut case, &kernels)?;
        let load = case.load(size, &mut too_long);
        let bandwidth = (!options.no_ceilings).then(|| ceilings::bandwidth(load.bytes() as u64, threads));
        if !options.no_ceilings && session.peaks.is_none() {
            session.peaks = Some(ceilings::peaks(threads));
        }
        let rows = rows(&mut case, &kernels, &distinct, options.time)?;
        session.measured.push(Measured { n: size.map(|(_, n)| n), load, bandwidth, rows });
    }
    Ok(session)
}

fn given(binding: &Binding) -> String {
    match &binding.given {
        Given::Value(text) | Given::Type(text) => text.clone(),
    }
}

fn kernels(
    options: &Options,
    settings: &Settings,
    function: &FunctionInfo,
    allowed: Allowed,
) -> Result<Vec<(Configuration, Kernel)>, Failure> {
    let kernel = |configuration: Configuration| {
        let opened = options.compile.open(configuration.settings(settings))?;
        Ok((configuration, opened.kernel(function)?))
    };
    Configuration::all(allowed).into_iter().map(kernel).collect()
}

/// For each configuration the number of the first one that compiles to the same code.
fn distinct(case: &mut Case, kernels: &[(Configuration, Kernel)]) -> Result<Vec<usize>, Failure> {
    let codes: Vec<String> = kernels.iter().map(|(_, kernel)| case.code(kernel)).collect::<Result<_, _>>()?;
    let first = |code: &String| codes.iter().position(|earlier| earlier == code).expect("it is there itself");
    Ok(codes.iter().map(first).collect())
}

fn rows(
    case: &mut Case,
    kernels: &[(Configuration, Kernel)],
    distinct: &[usize],
    time: Duration,
) -> Result<Vec<Row>, Failure> {
    let own = |number: &usize| distinct[*number] == *number;
    let measured: Vec<usize> = (0..kernels.len()).filter(own).collect();
    let chosen: Vec<&Kernel> = measured.iter().map(|number| &kernels[*number].1).collect();
    let samples = measure::measure(case, &chosen, time)?;
    let row = |(number, (configuration, _)): (usize, &(Configuration, Kernel))| {
        let code = distinct[number];
        let sample = measured.iter().position(|measured| *measured == code).expect("every code is measured");
        Row {
            configuration: *configuration,
            same_as: (code != number).then(|| kernels[code].0),
            sample: samples[sample].clone(),
        }
    };
    Ok(kernels.iter().enumerate().map(row).collect())
}
