//! `durum run`: arguments in, one call, results out.

use super::array::Access;
use super::failure::Failure;
use super::json::Json;
use super::output::{Origin, Output, check_target, pieces};
use super::print;
use super::render::{self, Source};
use super::show;
use super::source::{Compile, Opened};
use super::units;
use super::values::{self, Argument, Binding, Given, check_names, unknown};
use super::view::View;
use super::watch::{cancel_on_interrupt, with_progress};
use clap::Args;
use durum::{Arg, FunctionInfo, Kernel, Limits, Progress, Report, Severity, Type, Value};
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    compile: Compile,
    /// Write parameter NAME, or what the kernel returns (`return`), to a .npy or .npz file instead of printing results
    #[arg(long, value_name = "NAME=PATH")]
    out: Vec<String>,
    /// Let the kernel change the .npy file that NAME is given as
    #[arg(long, value_name = "NAME")]
    in_place: Vec<String>,
    /// Run the reference interpreter instead of compiled code
    #[arg(long)]
    interpret: bool,
    /// Test on the data at hand whether iterations of a prange meet (interprets, and is slow)
    #[arg(long)]
    check_races: bool,
    /// Stop the kernel after this time, such as 10s, 500ms or 2m
    #[arg(long, value_name = "TIME", value_parser = units::duration)]
    timeout: Option<Duration>,
    /// Most memory that the kernel's own arrays may take, such as 4GiB or 500MB
    #[arg(long, value_name = "SIZE", value_parser = units::bytes)]
    memory_limit: Option<u64>,
    /// Say on standard error how long compiling and running took
    #[arg(long)]
    time: bool,
    /// Print results, times and messages as one JSON object
    #[arg(long)]
    pub json: bool,
}

/// A call that is over.
struct Called {
    kernel: Kernel,
    source: Source,
    arguments: Vec<Argument>,
    in_place: Vec<usize>,
    report: Report,
    value: Value,
    seconds: f64,
}

/// Runs the kernel and gives what belongs on standard output.
pub fn run(options: &Options) -> Result<String, Failure> {
    let mut settings = options.compile.settings()?;
    settings.interpret = options.interpret;
    settings.check_races = options.check_races;
    let opened = options.compile.open(settings)?;
    let (name, bindings) = values::split(&options.compile.words)?;
    let function = opened.function(name)?;
    check_names(&bindings, std::iter::once(function))?;
    options.compile.check_disjoint(&opened, function)?;
    let in_place = in_place(options, function)?;
    let targets = targets(options, function)?;
    let kernel = opened.kernel(function)?;
    let mut arguments = arguments(options, &opened, function, &kernel, &bindings, &in_place)?;
    check_arrays(&targets, function, &arguments)?;

    let mut args: Vec<Arg> = arguments.iter_mut().map(Argument::arg).collect();
    let report = kernel.prepare(&args).map_err(|error| name_argument(opened.failure(error), function))?;
    let mut outputs = outputs(targets, report.result.as_ref())?;
    warn(options, &report, &opened.source);
    let progress = Progress::new();
    let limits = Limits {
        timeout: options.timeout,
        memory: options.memory_limit,
        cancel: Some(cancel_on_interrupt()),
        progress: Some(progress.clone()),
        ..Limits::default()
    };
    let start = Instant::now();
    let result = with_progress(&progress, || kernel.call_within(&args, &limits));
    let seconds = start.elapsed().as_secs_f64();
    args.clear();
    drop(args);
    let value = result.map_err(|error| name_argument(opened.failure(error), function))?;
    let called = Called { kernel, source: opened.source, arguments, in_place, report, value, seconds };

    called.flush(&mut outputs)?;
    outputs.into_iter().try_for_each(Output::finish)?;
    if options.time {
        super::to_stderr(&called.times());
    }
    Ok(if options.json {
        format!("{}\n", called.json())
    } else if options.out.is_empty() {
        called.text()
    } else {
        String::new()
    })
}

fn warn(options: &Options, report: &Report, source: &Source) {
    if options.json {
        return;
    }
    let shown: Vec<_> = report
        .diagnostics
        .iter()
        .filter(|diagnostic| options.time || diagnostic.severity != Severity::Remark)
        .cloned()
        .collect();
    if !shown.is_empty() {
        super::to_stderr(&(render::all(&shown, Some(source), super::colour()) + "\n"));
    }
}

/// The library knows arguments by number, users by name.
pub fn name_argument(mut failure: Failure, function: &FunctionInfo) -> Failure {
    for diagnostic in &mut failure.diagnostics {
        let number = diagnostic.message.strip_prefix("argument ").and_then(|rest| rest.split(' ').next());
        let param =
            number.and_then(|number| function.params.get(number.parse::<usize>().ok()?.checked_sub(1)?));
        if let (Some(number), Some(param)) = (number, param) {
            let known = format!("argument {number} ");
            diagnostic.message = diagnostic.message.replacen(&known, &format!("`{}` ", param.name), 1);
        }
    }
    failure
}

fn position(function: &FunctionInfo, name: &str) -> Result<usize, Failure> {
    let names = || function.params.iter().map(|param| param.name.as_str());
    names()
        .position(|param| param == name)
        .ok_or_else(|| unknown("parameter", name, &format!("`{}`", function.name), names()))
}

fn in_place(options: &Options, function: &FunctionInfo) -> Result<Vec<usize>, Failure> {
    options.in_place.iter().map(|name| position(function, name)).collect()
}

/// What `--out` asks for.
fn targets(options: &Options, function: &FunctionInfo) -> Result<Vec<(Origin, PathBuf)>, Failure> {
    let mut targets: Vec<(Origin, PathBuf)> = vec![];
    for out in &options.out {
        let Some((name, path)) = out.split_once('=').filter(|(_, path)| !path.is_empty()) else {
            return Err(Failure::usage(format!("`--out {out}` is not of the form NAME=PATH")));
        };
        let origin =
            if name == "return" { Origin::Returned } else { Origin::Param(position(function, name)?) };
        let path = PathBuf::from(path);
        if targets.iter().any(|(_, earlier)| *earlier == path) {
            return Err(Failure::usage(format!("two outputs go to {}", path.display())));
        }
        targets.push((origin, path));
    }
    Ok(targets)
}

fn outputs(targets: Vec<(Origin, PathBuf)>, result: Option<&Type>) -> Result<Vec<Output>, Failure> {
    for (origin, path) in &targets {
        let ty = match origin {
            Origin::Returned => result,
            Origin::Param(_) => None,
        };
        check_target(path, ty)?;
    }
    targets.into_iter().map(|(origin, path)| Output::create(origin, path)).collect()
}

/// Only arrays are written after the call.
fn check_arrays(
    targets: &[(Origin, PathBuf)],
    function: &FunctionInfo,
    arguments: &[Argument],
) -> Result<(), Failure> {
    for (origin, _) in targets {
        let Origin::Param(param) = *origin else { continue };
        if arguments[param].view().is_none() {
            return Err(Failure::usage(format!(
                "`{}` is not an array, so there is nothing to write",
                function.params[param].name
            )));
        }
    }
    Ok(())
}

fn arguments(
    options: &Options,
    opened: &Opened,
    function: &FunctionInfo,
    kernel: &Kernel,
    bindings: &[Binding],
    in_place: &[usize],
) -> Result<Vec<Argument>, Failure> {
    check_missing(function, bindings)?;
    let engine = durum::Engine::default();
    let one = |(position, param): (usize, &durum::ParamInfo)| {
        let access = if in_place.contains(&position) { Access::InPlace } else { Access::Private };
        let Some(binding) = bindings.iter().find(|binding| binding.name == param.name) else {
            check_in_place(access, &param.name, "")?;
            let default = kernel.default(position).expect("missing arguments were refused");
            return default.map(Argument::Value).map_err(|error| opened.failure(error));
        };
        let Given::Value(text) = &binding.given else {
            return Err(Failure::usage(format!(
                "`{}` is given a type; run takes values, as in {0}=VALUE",
                param.name
            )));
        };
        check_in_place(access, &param.name, text)?;
        values::argument(&engine, &param.name, text, options.compile.seed, &[], access)
    };
    function.params.iter().enumerate().map(one).collect()
}

fn check_in_place(access: Access, name: &str, text: &str) -> Result<(), Failure> {
    if access == Access::InPlace && !text.ends_with(".npy") {
        return Err(Failure::usage(format!("`--in-place {name}` needs {name} to be given as a .npy file")));
    }
    Ok(())
}

pub fn check_missing(function: &FunctionInfo, bindings: &[Binding]) -> Result<(), Failure> {
    let given = |name: &str| bindings.iter().any(|binding| binding.name == name);
    let missing = function.params.iter().filter(|param| !param.has_default && !given(&param.name));
    let missing: Vec<String> = missing.map(|param| format!("`{}`", param.name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let plural = if missing.len() > 1 { "s" } else { "" };
    let params: Vec<String> = function.params.iter().map(|param| format!("{}=VALUE", param.name)).collect();
    let failure =
        Failure::usage(format!("`{}` is missing the argument{plural} {}", function.name, missing.join(", ")));
    Err(failure.hint(format!("give {}", params.join(" "))))
}

impl Called {
    /// Writes every output, and files that are changed in place.
    fn flush(&self, outputs: &mut [Output]) -> Result<(), Failure> {
        for output in outputs {
            match output.origin {
                Origin::Param(param) => {
                    let view = self.arguments[param].view().expect("other arguments were refused");
                    output.write(&[view])?;
                }
                Origin::Returned => {
                    let pieces = pieces(&self.value);
                    let views: Vec<View> = pieces.iter().map(|piece| piece.view()).collect();
                    output.write(&views)?;
                }
            }
        }
        for &position in &self.in_place {
            if let Argument::File(array) = &self.arguments[position] {
                array
                    .flush()
                    .map_err(|message| Failure::data(&self.kernel.info().params[position].name, message))?;
            }
        }
        Ok(())
    }

    /// The returned value; for a kernel that returns None, the arrays that it writes.
    fn text(&self) -> String {
        if !matches!(self.value, Value::None) {
            return print::text(&self.value) + "\n";
        }
        let written = self.written();
        written
            .iter()
            .map(|(name, view)| format!("{name} = {}\n", print::array_str(view, name.len() + 3)))
            .collect()
    }

    fn written(&self) -> Vec<(String, View<'_>)> {
        let params =
            self.kernel.info().params.into_iter().zip(&self.arguments).zip(&self.report.writes).enumerate();
        let written = params.filter(|(position, (_, writes))| **writes && !self.in_place.contains(position));
        written.filter_map(|(_, ((param, argument), _))| Some((param.name, argument.view()?))).collect()
    }

    fn times(&self) -> String {
        let threads = self.kernel.module().engine().settings().pool.threads();
        format!(
            "compile  {:.3} ms\nrun      {:.3} ms\ncode     {} bytes\nthreads  {threads}\n",
            self.report.compile_seconds * 1e3,
            self.seconds * 1e3,
            self.report.code_bytes,
        )
    }

    fn json(&self) -> Json {
        let written = self.written().into_iter().map(|(name, view)| (name, show::array(&view))).collect();
        let threads = self.kernel.module().engine().settings().pool.threads();
        Json::object([
            ("status", Json::number(0)),
            ("kernel", Json::text(self.kernel.name())),
            ("result", show::value(&self.value)),
            ("arguments", Json::Object(written)),
            ("compile_ms", Json::number(self.report.compile_seconds * 1e3)),
            ("run_ms", Json::number(self.seconds * 1e3)),
            ("code_bytes", Json::number(self.report.code_bytes)),
            ("threads", Json::number(threads)),
            ("diagnostics", render::json(&self.report.diagnostics, Some(&self.source))),
            ("remarks", show::remarks(&self.report.remarks, &self.source)),
            ("fault", Json::Null),
        ])
    }
}
