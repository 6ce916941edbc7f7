//! The kernel with arguments of one size, in every configuration. All configurations work on the same arrays; arrays that the kernel
//! writes get their first contents back before each call, so that every call does the same and no value grows or dies away.

use super::super::array::Access;
use super::super::failure::Failure;
use super::super::run::{check_missing, name_argument};
use super::super::source::Opened;
use super::super::values::{self, Argument, Binding, Given};
use super::work::Load;
use durum::{Arg, Engine, FunctionInfo, Kernel, Limits, Report, Value, Work};
use std::time::{Duration, Instant};

pub struct Case<'a> {
    opened: &'a Opened,
    function: &'a FunctionInfo,
    bindings: &'a [Binding],
    seed: u64,
    arguments: Vec<Argument>,
    /// First contents of the arguments that the kernel writes.
    first: Vec<Option<Contents>>,
    pub report: Report,
    limits: Limits,
}

enum Contents {
    Value(Value),
    Bytes(Vec<u8>),
}

/// A name and the number that it stands for.
pub type Size<'a> = Option<(&'a str, i64)>;

impl<'a> Case<'a> {
    /// Evaluates the arguments and compiles the kernel for them.
    pub fn new(
        opened: &'a Opened,
        function: &'a FunctionInfo,
        bindings: &'a [Binding],
        seed: u64,
        size: Size,
        limits: &Limits,
    ) -> Result<Case<'a>, Failure> {
        let kernel = opened.kernel(function)?;
        let arguments = arguments(opened, function, &kernel, bindings, seed, size)?;
        let mut case = Case {
            opened,
            function,
            bindings,
            seed,
            arguments,
            first: vec![],
            report: Report::default(),
            limits: limits.clone(),
        };
        case.report = case.with_args(|args| kernel.prepare(args))?;
        let written = case.arguments.iter().zip(&case.report.writes);
        case.first = written.map(|(argument, writes)| writes.then(|| contents(argument)).flatten()).collect();
        Ok(case)
    }

    fn with_args<T>(&mut self, f: impl FnOnce(&[Arg]) -> Result<T, durum::Error>) -> Result<T, Failure> {
        let args: Vec<Arg> = self.arguments.iter_mut().map(Argument::arg).collect();
        f(&args).map_err(|error| name_argument(self.opened.failure(error), self.function))
    }

    /// Compiled code as text: kernels with the same text need not be measured twice.
    pub fn code(&mut self, kernel: &Kernel) -> Result<String, Failure> {
        let types: Vec<_> = self.arguments.iter_mut().map(|argument| argument.arg().ty()).collect();
        self.with_args(|args| kernel.prepare(args).and_then(|_| kernel.dump(&types, "clif")))
    }

    /// Seconds of one call; what it returns is freed after the clock has stopped.
    pub fn call(&mut self, kernel: &Kernel) -> Result<f64, Failure> {
        self.restore();
        let limits = self.limits.clone();
        self.with_args(|args| {
            let start = Instant::now();
            let result = kernel.call_within(args, &limits);
            let seconds = start.elapsed().as_secs_f64();
            result.map(|_| seconds)
        })
    }

    fn restore(&mut self) {
        for (argument, first) in self.arguments.iter_mut().zip(&self.first) {
            if let Some(first) = first {
                put(argument, first);
            }
        }
    }

    /// Names of the arguments that each call changes.
    pub fn written(&self) -> Vec<&str> {
        let params = self.function.params.iter().zip(&self.first);
        params.filter(|(_, first)| first.is_some()).map(|(param, _)| param.name.as_str()).collect()
    }

    /// Bytes of all array arguments, and of those that are written.
    pub fn argument_bytes(&self) -> (f64, f64) {
        let bytes: Vec<f64> = self.arguments.iter().map(|argument| bytes(argument) as f64).collect();
        let written = bytes.iter().zip(&self.report.writes).filter(|(_, writes)| **writes);
        (bytes.iter().sum(), written.map(|(bytes, _)| bytes).sum())
    }

    /// Counted here if that takes little time, else worked out from smaller sizes. `too_long` remembers across sizes.
    pub fn load(&mut self, size: Size, too_long: &mut bool) -> Load {
        const PATIENCE: Duration = Duration::from_millis(400);
        if !*too_long {
            match self.count(PATIENCE) {
                Some(work) => return Load::counted(work),
                None => *too_long = true,
            }
        }
        let arrays = self.argument_bytes();
        let Some((name, n)) = size else { return Load::beyond(&[], 1, 1, arrays) };
        for step in [32, 8] {
            let start = Instant::now();
            let sizes = (1..=6).map(|k| Some((name, k * step)));
            let counts: Option<Vec<Work>> = sizes
                .map(|size| {
                    let left = PATIENCE.checked_sub(start.elapsed())?;
                    let Case { opened, function, bindings, seed, ref limits, .. } = *self;
                    Case::new(opened, function, bindings, seed, size, limits).ok()?.count(left)
                })
                .collect();
            if let Some(counts) = counts {
                return Load::beyond(&counts, step, n, arrays);
            }
        }
        Load::beyond(&[], 1, n, arrays)
    }

    fn count(&mut self, patience: Duration) -> Option<Work> {
        let kernel = self.opened.kernel(self.function).ok()?;
        self.restore();
        let limits = Limits { timeout: Some(patience), ..self.limits.clone() };
        self.with_args(|args| kernel.count(args, &limits)).ok()
    }
}

fn arguments(
    opened: &Opened,
    function: &FunctionInfo,
    kernel: &Kernel,
    bindings: &[Binding],
    seed: u64,
    size: Size,
) -> Result<Vec<Argument>, Failure> {
    check_missing(function, bindings)?;
    let engine = Engine::default();
    let one = |(position, param): (usize, &durum::ParamInfo)| {
        let Some(binding) = bindings.iter().find(|binding| binding.name == param.name) else {
            let default = kernel.default(position).expect("missing arguments were refused");
            return default.map(Argument::Value).map_err(|error| opened.failure(error));
        };
        match &binding.given {
            Given::Value(text) => {
                values::argument(&engine, &param.name, text, seed, size.as_slice(), Access::Private)
            }
            Given::Type(_) => Err(Failure::usage(format!(
                "`{}` is given a type; bench takes values, as in {0}=VALUE",
                param.name
            ))),
        }
    };
    function.params.iter().enumerate().map(one).collect()
}

fn contents(argument: &Argument) -> Option<Contents> {
    match argument {
        Argument::Value(value) => Some(Contents::Value(value.clone())),
        Argument::File(_) => argument.view().map(|view| Contents::Bytes(view.bytes.to_vec())),
    }
}

fn put(argument: &mut Argument, first: &Contents) {
    match (argument, first) {
        (Argument::Value(value), Contents::Value(first)) => put_value(value, first),
        (Argument::File(array), Contents::Bytes(first)) => array.elements_mut().copy_from_slice(first),
        (Argument::Value(_), Contents::Bytes(_)) | (Argument::File(_), Contents::Value(_)) => {
            unreachable!("contents are those of this argument")
        }
    }
}

fn put_value(value: &mut Value, first: &Value) {
    match (value, first) {
        (Value::Array(array), Value::Array(first)) => array.copy_from(first),
        (Value::Tuple(items), Value::Tuple(first)) => {
            items.iter_mut().zip(first).for_each(|(item, first)| put_value(item, first));
        }
        // Nothing else is written.
        _ => {}
    }
}

fn bytes(argument: &Argument) -> usize {
    match argument {
        Argument::Value(value) => value_bytes(value),
        Argument::File(_) => argument.view().map_or(0, |view| view.bytes.len()),
    }
}

fn value_bytes(value: &Value) -> usize {
    match value {
        Value::Array(array) => array.bytes().len(),
        Value::Tuple(items) => items.iter().map(value_bytes).sum(),
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Scalar(_)
        | Value::Dtype(_) => 0,
    }
}
