//! The kernel file and what the commands have in common: settings, and which of its functions is meant.

use super::failure::{Failure, reason};
use super::render::Source;
use super::units;
use super::values::unknown;
use clap::Args;
use durum::{Engine, FunctionInfo, Kernel, Module, OptimizeOptions, Pool, Schedule, Settings};
use std::num::NonZero;
use std::path::{Path, PathBuf};

/// How to compile: the same for all commands.
#[derive(Args, Clone, Debug)]
pub struct Compile {
    /// Kernel file
    pub file: PathBuf,
    /// Function of the file, needed if there are several; then its arguments, NAME=VALUE, or NAME:TYPE where nothing is run
    #[arg(value_name = "KERNEL] [NAME=VALUE")]
    pub words: Vec<String>,
    /// Threads that work on a prange [default: DURUM_NUM_THREADS, else as many as the system allows]
    #[arg(long, value_name = "N", value_parser = units::threads)]
    pub threads: Option<NonZero<usize>>,
    /// Run every loop on one thread
    #[arg(long)]
    pub no_parallel: bool,
    /// Give every array operation a loop of its own
    #[arg(long)]
    pub no_fuse: bool,
    /// Vouch that different iterations write different elements of NAME
    #[arg(long, value_name = "NAME")]
    pub assume_disjoint: Vec<String>,
    /// Contract and reorder floating-point work of functions that do not say fastmath=… themselves
    #[arg(long)]
    pub fast_math: bool,
    /// Seed of uniform() and normal() in VALUEs
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

/// A kernel file that parsed.
pub struct Opened {
    pub source: Source,
    pub module: Module,
    pub functions: Vec<FunctionInfo>,
}

impl Compile {
    pub fn settings(&self) -> Result<Settings, Failure> {
        Ok(Settings {
            pool: Pool::new(self.threads()?),
            optimize: OptimizeOptions {
                fuse: !self.no_fuse,
                parallel: !self.no_parallel,
                ..OptimizeOptions::default()
            },
            schedule: Schedule { parallel: !self.no_parallel, ..Schedule::default() },
            disjoint: self.assume_disjoint.clone(),
            fast_math: self.fast_math,
            ..Settings::default()
        })
    }

    fn threads(&self) -> Result<Option<NonZero<usize>>, Failure> {
        const VARIABLE: &str = "DURUM_NUM_THREADS";
        let given = std::env::var_os(VARIABLE).filter(|value| self.threads.is_none() && !value.is_empty());
        let Some(value) = given else { return Ok(self.threads) };
        let value = value.to_string_lossy();
        let wrong = |message| Failure::usage(format!("invalid value '{value}' for {VARIABLE}: {message}"));
        units::threads(&value).map(Some).map_err(wrong)
    }

    pub fn open(&self, settings: Settings) -> Result<Opened, Failure> {
        let source = read(&self.file)?;
        let module =
            Engine::new(settings).module(source.text.clone()).map_err(|error| Failure::of(error, &source))?;
        let functions = module.functions();
        if functions.is_empty() {
            return Err(Failure::data(&source.name, "the file has no functions"));
        }
        Ok(Opened { source, module, functions })
    }

    /// Names of arrays that are vouched for must be variables of the kernel, or of another function of the file.
    pub fn check_disjoint(&self, opened: &Opened, function: &FunctionInfo) -> Result<(), Failure> {
        let names = |function: &FunctionInfo| function.variables.clone();
        let all: Vec<String> = opened.functions.iter().flat_map(names).collect();
        match self.assume_disjoint.iter().find(|name| !all.contains(name)) {
            Some(name) => {
                let own = function.variables.iter().map(String::as_str);
                Err(unknown("variable", name, &format!("`{}`", function.name), own))
            }
            None => Ok(()),
        }
    }
}

fn read(path: &Path) -> Result<Source, Failure> {
    let name = path.display().to_string();
    let fail = |message: String| Failure::data(&name, message);
    if path.is_dir() {
        return Err(fail("is a directory, not a kernel file".to_string()));
    }
    let bytes = std::fs::read(path).map_err(|error| fail(reason(&error)))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        fail(format!("line {line} is not UTF-8"))
    })?;
    Ok(Source { name, text })
}

impl Opened {
    /// The function of that name, or the only one.
    pub fn function(&self, name: Option<&str>) -> Result<&FunctionInfo, Failure> {
        let names = || self.functions.iter().map(|function| function.name.as_str());
        match (name, &self.functions[..]) {
            (None, [only]) => Ok(only),
            (None, _) => {
                let names: Vec<&str> = names().collect();
                let failure =
                    Failure::usage(format!("{} has several functions: say which", self.source.name));
                Err(failure.hint(format!("functions are {}", names.join(", "))))
            }
            (Some(name), functions) => {
                let found = functions.iter().find(|function| function.name == name);
                found.ok_or_else(|| unknown("function", name, &self.source.name, names()))
            }
        }
    }

    pub fn kernel(&self, function: &FunctionInfo) -> Result<Kernel, Failure> {
        self.module.kernel(&function.name).map_err(|error| self.failure(error))
    }

    pub fn failure(&self, error: durum::Error) -> Failure {
        Failure::of(error, &self.source)
    }
}
