//! Sources, settings and the cache of specialisations: what a host holds.

use crate::arguments::{Arg, Value, flattened};
use crate::ast;
use crate::base::{Diagnostic, FastMath, Fault, FaultKind, Severity, SourceId, Span, Type};
use crate::error::Error;
use crate::explain::{Conditions, Explanation};
use crate::infer::{ParamSpec, bound_names, signature};
use crate::interp::{self, Work};
use crate::kernel::{self, Surroundings};
use crate::lower::Aliasing;
use crate::optimize::{self, Remark};
use crate::parse::parse;
use crate::pipeline::{self, Compiled, Options, Request, Typed};
use crate::runtime::{Limits, Pool, Schedule};
use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Instant;

/// How kernels are compiled and run. `Settings::default()` is what a user gets.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub pool: Pool,
    pub optimize: optimize::Options,
    pub schedule: Schedule,
    /// Names of arrays whose writes in undecided pranges are vouched for.
    pub disjoint: Vec<String>,
    /// Let the arithmetic of all functions that do not say `fastmath=…` themselves be contracted and reordered: other results, in the last
    /// bits, and faster.
    pub fast_math: bool,
    /// Run the reference interpreter instead of compiled code.
    pub interpret: bool,
    /// Run the interpreter, and report as errors where iterations of a prange meet in an element on the data at hand.
    pub check_races: bool,
}

/// Compiles and runs kernels; clones share everything.
#[derive(Clone, Debug, Default)]
pub struct Engine {
    settings: Arc<Settings>,
}

/// A kernel file.
#[derive(Clone)]
pub struct Module {
    engine: Engine,
    source: Arc<Source>,
}

struct Source {
    text: String,
    tree: ast::Module,
}

/// A function of a module. It is compiled for the types, layouts and overlap of its arguments when first called with them.
#[derive(Clone)]
pub struct Kernel {
    module: Module,
    name: Arc<str>,
    cache: Arc<Cache>,
}

type Cache = RwLock<HashMap<(Vec<Type>, Aliasing), Arc<Specialisation>>>;

/// A kernel at given argument types.
pub(crate) enum Specialisation {
    Compiled(Box<Compiled>),
    Interpreted { typed: Typed, params: Vec<Type> },
}

/// What a function of a module looks like from outside.
#[derive(Clone, Debug)]
pub struct FunctionInfo {
    pub name: String,
    pub docstring: Option<String>,
    pub params: Vec<ParamInfo>,
    /// The names of its parameters and of all that it assigns.
    pub variables: Vec<String>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct ParamInfo {
    pub name: String,
    pub spec: ParamSpec,
    pub has_default: bool,
}

/// What compiling for given arguments found out.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Warnings and remarks about the program.
    pub diagnostics: Vec<Diagnostic>,
    /// What the optimiser did.
    pub remarks: Vec<Remark>,
    pub compile_seconds: f64,
    pub code_bytes: usize,
    /// The type of what the kernel returns.
    pub result: Option<Type>,
    /// Which parameters the kernel writes.
    pub writes: Vec<bool>,
}

impl Settings {
    fn is_interpreted(&self) -> bool {
        self.interpret || self.check_races
    }
}

impl Engine {
    pub fn new(settings: Settings) -> Engine {
        Engine { settings: Arc::new(settings) }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Parses a kernel file. All syntax errors are reported together.
    pub fn module(&self, text: impl Into<String>) -> Result<Module, Error> {
        let text = text.into();
        let parsed = parse(SourceId::USER, &text);
        if parsed.errors.iter().any(|error| error.severity == Severity::Error) {
            return Err(Error::Program(parsed.errors));
        }
        let source = Arc::new(Source { text, tree: parsed.module });
        Ok(Module { engine: self.clone(), source })
    }

    /// Evaluates an expression such as `2.5`, `(3, 4)`, `f32(2.5)` or `np.linspace(0, 1, 9)`. Besides the language it knows the array
    /// generators of [`crate::values`].
    pub fn evaluate(&self, expression: &str) -> Result<Value, Error> {
        self.evaluate_seeded(expression, 0)
    }

    /// The same with a seed for `uniform` and `normal`.
    pub fn evaluate_seeded(&self, expression: &str, seed: u64) -> Result<Value, Error> {
        crate::values::evaluate(self, expression, seed, &[])
    }

    /// The same where names stand for numbers: `uniform(n)` with `n` from the caller.
    ///
    /// ```
    /// let engine = durum::Engine::default();
    /// let x = engine.evaluate_with("2.0 * ones(n)", 0, &[("n", 3)])?;
    /// assert_eq!(x.to_ndarray::<f64>().unwrap().len(), 3);
    /// # Ok::<(), durum::Error>(())
    /// ```
    pub fn evaluate_with(&self, expression: &str, seed: u64, names: &[(&str, i64)]) -> Result<Value, Error> {
        crate::values::evaluate(self, expression, seed, names)
    }

    /// Runs a typed expression with arguments.
    pub(crate) fn run_expression(
        &self,
        tree: &ast::Module,
        expr: &ast::Expr,
        params: &[(String, Type)],
        args: &[Arg],
    ) -> Result<Value, Error> {
        let module = pipeline::typed_expression(tree, expr, params)?;
        interpret(&module, args, &Limits::default(), false)
    }
}

impl Module {
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    pub fn text(&self) -> &str {
        &self.source.text
    }

    pub fn docstring(&self) -> Option<&str> {
        self.source.tree.docstring.as_deref()
    }

    pub fn functions(&self) -> Vec<FunctionInfo> {
        let functions = self.source.tree.items.iter().filter_map(|item| match item {
            ast::Item::Function(function) => Some(info(function)),
            _ => None,
        });
        functions.collect()
    }

    /// The kernel of that name; an error names the nearest one.
    pub fn kernel(&self, name: &str) -> Result<Kernel, Error> {
        if self.source.tree.function(name).is_none() {
            return Err(Error::Usage(self.no_such_kernel(name)));
        }
        Ok(Kernel { module: self.clone(), name: name.into(), cache: Arc::default() })
    }

    fn no_such_kernel(&self, name: &str) -> String {
        let names: Vec<String> = self.functions().into_iter().map(|function| function.name).collect();
        let near = names
            .iter()
            .max_by(|a, b| strsim::jaro_winkler(name, a).total_cmp(&strsim::jaro_winkler(name, b)));
        match near {
            Some(near) if strsim::jaro_winkler(name, near) > 0.8 => {
                format!("there is no kernel `{name}`; did you mean `{near}`?")
            }
            Some(_) => format!("there is no kernel `{name}`; the file has {}", names.join(", ")),
            None => format!("there is no kernel `{name}`: the file has no functions"),
        }
    }

    /// Errors and remarks about the functions that hold for any argument types.
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut found = vec![];
        for item in &self.source.tree.items {
            if let ast::Item::Function(function) = item {
                found.extend(signature(function).err().into_iter().flatten());
            }
        }
        found
    }
}

fn info(function: &ast::Function) -> FunctionInfo {
    let specs = signature(function).map(|signature| signature.params()).unwrap_or_default();
    let params = function.params.iter().enumerate().map(|(position, param)| ParamInfo {
        name: param.name.text.clone(),
        spec: specs.get(position).cloned().unwrap_or(ParamSpec::Any),
        has_default: param.default.is_some(),
    });
    FunctionInfo {
        name: function.name.text.clone(),
        docstring: function.docstring.clone(),
        params: params.collect(),
        variables: bound_names(function),
        span: function.header,
    }
}

impl Kernel {
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn module(&self) -> &Module {
        &self.module
    }

    pub fn info(&self) -> FunctionInfo {
        info(self.function())
    }

    fn function(&self) -> &ast::Function {
        self.module.source.tree.function(&self.name).expect("found when the kernel was made")
    }

    /// Calls the kernel; see [`crate::args`]. Compiles it first if these types are new (about a millisecond).
    ///
    /// ```
    /// use durum::{Engine, args};
    /// let module = Engine::default().module("def axpy(a, x, y):\n    for i in range(len(x)):\n        y[i] += a * x[i]\n")?;
    /// let x = ndarray::arr1(&[1.0, 2.0, 3.0]);
    /// let mut y = ndarray::arr1(&[10.0, 10.0, 10.0]);
    /// module.kernel("axpy")?.call(&args![2.0, x.view(), y.view_mut()])?;
    /// assert_eq!(y, ndarray::arr1(&[12.0, 14.0, 16.0]));
    /// # Ok::<(), durum::Error>(())
    /// ```
    pub fn call(&self, args: &[Arg]) -> Result<Value, Error> {
        self.call_within(args, &Limits::default())
    }

    /// Calls the kernel under limits: deadline, memory, cancellation.
    pub fn call_within(&self, args: &[Arg], limits: &Limits) -> Result<Value, Error> {
        let specialisation = self.specialise(args)?;
        self.run(&specialisation, args, limits)
    }

    /// Compiles for these arguments without calling, and says what was found.
    pub fn prepare(&self, args: &[Arg]) -> Result<Report, Error> {
        let start = Instant::now();
        let specialisation = self.specialise(args)?;
        let compile_seconds = start.elapsed().as_secs_f64();
        Ok(match &*specialisation {
            Specialisation::Compiled(compiled) => Report {
                diagnostics: compiled.warnings.clone(),
                remarks: compiled.remarks.clone(),
                compile_seconds,
                code_bytes: compiled.code.size_bytes(),
                result: Some(compiled.result.clone()),
                writes: per_argument(&compiled.writes, args),
            },
            Specialisation::Interpreted { typed, .. } => Report {
                diagnostics: typed.warnings.clone(),
                compile_seconds,
                result: Some(typed.module.functions[typed.module.entry].result.clone()),
                writes: per_argument(&typed.writes, args),
                ..Report::default()
            },
        })
    }

    /// Runs the reference interpreter on these arguments and counts what a call does: slow, and exact.
    ///
    /// ```
    /// use durum::{Engine, Limits, args};
    /// let module = Engine::default().module("def f(x, y):\n    return np.sum(x * y)\n")?;
    /// let x = ndarray::Array1::<f64>::ones(100);
    /// let work = module.kernel("f")?.count(&args![x.view(), x.view()], &Limits::default())?;
    /// assert_eq!((work.f64_operations, work.bytes_read), (199, 800));
    /// # Ok::<(), durum::Error>(())
    /// ```
    pub fn count(&self, args: &[Arg], limits: &Limits) -> Result<Work, Error> {
        let key = self.key(args)?;
        let options = self.options();
        let typed = pipeline::typed(&self.request(&key.0, &key.1, &options))?;
        let Specialisation::Interpreted { typed, params } = interpreted(typed) else {
            unreachable!("made just now");
        };
        let args = &*flattened(args);
        kernel::check_writable(&typed.writes, args)?;
        let converted: Vec<Arg> = args.iter().zip(&params).map(|(arg, ty)| converted(arg, ty)).collect();
        counted(&typed.module, &converted, limits)
    }

    /// Compiles for argument types alone: what `check` does. Arrays are taken not to overlap.
    pub fn check(&self, types: &[Type]) -> Result<Report, Error> {
        let start = Instant::now();
        let aliasing = Aliasing::default();
        let options = self.options();
        let compiled = pipeline::compile(&self.request(types, &aliasing, &options))?;
        Ok(Report {
            diagnostics: compiled.warnings,
            remarks: compiled.remarks,
            compile_seconds: start.elapsed().as_secs_f64(),
            code_bytes: compiled.code.size_bytes(),
            result: Some(compiled.result),
            writes: compiled.writes,
        })
    }

    /// What becomes of the loops for arguments of these types, and why, in words. Arrays are taken not to overlap.
    ///
    /// ```
    /// use durum::{Engine, Outcome, parse_type};
    /// let module = Engine::default().module("def scale(x):\n    for i in range(len(x)):\n        x[i] = 2.0 * x[i]\n")?;
    /// let explanation = module.kernel("scale")?.explain(&[parse_type("f64[::1]")?])?;
    /// let notes = &explanation.functions[0].loops[0].notes;
    /// assert_eq!(notes[0].outcome, Outcome::Missed);
    /// assert_eq!(notes[0].text, "in order, as `range` asks");
    /// assert_eq!(notes[0].change.as_deref(), Some("`prange`: iterations are independent"));
    /// # Ok::<(), durum::Error>(())
    /// ```
    pub fn explain(&self, types: &[Type]) -> Result<Explanation, Error> {
        let (aliasing, options) = (Aliasing::default(), self.options());
        let settings = self.module.engine.settings();
        let conditions = Conditions {
            threads: settings.pool.threads(),
            parallel: settings.optimize.parallel && settings.schedule.parallel,
            lanes: settings.optimize.lanes,
            break_even: settings.schedule.break_even.as_nanos() * 1000,
        };
        let request = self.request(types, &aliasing, &options);
        Ok(pipeline::explain(&request, self.module.text(), conditions)?)
    }

    /// The program after a stage, as text; the stages are those of [`crate::stages`].
    pub fn dump(&self, types: &[Type], stage: &str) -> Result<String, Error> {
        let aliasing = Aliasing::default();
        let options = self.options();
        match pipeline::dump(&self.request(types, &aliasing, &options), stage)? {
            Some(text) => Ok(text),
            None => Err(Error::Usage(format!(
                "unknown stage `{stage}`; stages are {}",
                pipeline::stages().join(", ")
            ))),
        }
    }

    /// The value of a parameter's default, if it has one.
    pub fn default(&self, param: usize) -> Option<Result<Value, Error>> {
        let default = self.function().params.get(param)?.default.as_ref()?;
        Some(self.module.engine.run_expression(&self.module.source.tree, default, &[], &[]))
    }

    fn options(&self) -> Options {
        let settings = self.module.engine.settings();
        let fast = if settings.fast_math { FastMath::ALL } else { FastMath::NONE };
        Options { optimize: settings.optimize, disjoint: settings.disjoint.clone(), fast }
    }

    fn request<'a>(
        &'a self,
        arguments: &'a [Type],
        aliasing: &'a Aliasing,
        options: &'a Options,
    ) -> Request<'a> {
        Request { module: &self.module.source.tree, name: &self.name, arguments, aliasing, options }
    }

    pub(crate) fn specialise(&self, args: &[Arg]) -> Result<Arc<Specialisation>, Error> {
        let (types, aliasing) = self.key(args)?;
        self.specialise_for(types, aliasing)
    }

    /// What these arguments are compiled for.
    fn key(&self, args: &[Arg]) -> Result<(Vec<Type>, Aliasing), Error> {
        let expected = self.function().params.len();
        if args.len() != expected {
            return Err(Error::Usage(format!(
                "`{}` takes {expected} arguments, not {}",
                self.name,
                args.len()
            )));
        }
        let types: Vec<Type> = args.iter().map(Arg::ty).collect();
        if let Some(position) = types.iter().position(has_complex) {
            return Err(Error::Usage(format!(
                "argument {} is complex; kernels take no complex numbers yet",
                position + 1
            )));
        }
        let leaves = flattened(args);
        let raws: Vec<_> = leaves.iter().map(Arg::raw).collect();
        kernel::check_extents(&raws)?;
        Ok((types, kernel::aliasing(&raws)))
    }

    pub(crate) fn specialise_for(
        &self,
        types: Vec<Type>,
        aliasing: Aliasing,
    ) -> Result<Arc<Specialisation>, Error> {
        let key = (types, aliasing);
        if let Some(known) = self.cache.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&key) {
            return Ok(known.clone());
        }
        let options = self.options();
        let request = self.request(&key.0, &key.1, &options);
        let specialisation = Arc::new(if self.module.engine.settings().is_interpreted() {
            interpreted(pipeline::typed(&request)?)
        } else {
            Specialisation::Compiled(Box::new(pipeline::compile(&request)?))
        });
        let mut cache = self.cache.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        Ok(cache.entry(key).or_insert(specialisation).clone())
    }

    pub(crate) fn run(
        &self,
        specialisation: &Specialisation,
        args: &[Arg],
        limits: &Limits,
    ) -> Result<Value, Error> {
        let args = &*flattened(args);
        match specialisation {
            Specialisation::Compiled(compiled) => kernel::call(compiled, args, self.surroundings(limits)),
            Specialisation::Interpreted { typed, params } => {
                kernel::check_writable(&typed.writes, args)?;
                let converted: Vec<Arg> =
                    args.iter().zip(params).map(|(arg, ty)| converted(arg, ty)).collect();
                interpret(&typed.module, &converted, limits, self.module.engine.settings().check_races)
            }
        }
    }

    pub(crate) fn surroundings<'a>(&'a self, limits: &'a Limits) -> Surroundings<'a> {
        let settings = self.module.engine.settings();
        Surroundings { pool: &settings.pool, limits, schedule: &settings.schedule }
    }
}

fn has_complex(ty: &Type) -> bool {
    match ty {
        Type::Tuple(items) => items.iter().any(has_complex),
        Type::None | Type::Weak(_) | Type::Scalar(_) | Type::Array(_) | Type::Dtype(_) => {
            ty.dtype().is_some_and(|dtype| dtype.is_complex())
        }
    }
}

/// What is known of the parameters of the code, for the arguments that tuples are part of.
fn per_argument(writes: &[bool], args: &[Arg]) -> Vec<bool> {
    let mut writes = writes.iter();
    args.iter().map(|arg| writes.by_ref().take(arg.leaf_count()).fold(false, |any, one| any | one)).collect()
}

fn interpreted(typed: Typed) -> Specialisation {
    let entry = &typed.module.functions[typed.module.entry];
    let params = entry.params.iter().map(|param| entry.locals[*param].ty.clone()).collect();
    Specialisation::Interpreted { typed, params }
}

fn converted<'a>(arg: &Arg<'a>, ty: &Type) -> Arg<'a> {
    match (arg.scalar(), ty.scalar()) {
        (Some(scalar), Some(dtype)) => Arg::Scalar(crate::base::op::cast(scalar, dtype)),
        _ => arg.clone(),
    }
}

/// Runs the reference interpreter on arguments of the entry's parameter types.
fn interpret(
    module: &crate::hir::Module,
    args: &[Arg],
    limits: &Limits,
    check_races: bool,
) -> Result<Value, Error> {
    let interrupted = interruption(limits);
    let args: Vec<interp::Arg> = args.iter().map(interpreter_arg).collect();
    let limits = interpreter_limits(limits, &interrupted);
    // SAFETY: the arrays of `args` are borrowed for this call, as their lifetime in `Arg` says.
    let (result, races): (Result<interp::Value, Fault>, Vec<Diagnostic>) = unsafe {
        if check_races {
            interp::check_races(module, &args, &limits)
        } else {
            (interp::interpret(module, &args, &limits), vec![])
        }
    };
    if !races.is_empty() {
        return Err(Error::Program(races));
    }
    let ty = &module.functions[module.entry].result;
    result.map(|value| host_value(value, ty)).map_err(Error::of_fault)
}

/// The same, for the sake of what it counts.
fn counted(module: &crate::hir::Module, args: &[Arg], limits: &Limits) -> Result<Work, Error> {
    let interrupted = interruption(limits);
    let args: Vec<interp::Arg> = args.iter().map(interpreter_arg).collect();
    // SAFETY: as in `interpret`.
    let (result, work) = unsafe { interp::count(module, &args, &interpreter_limits(limits, &interrupted)) };
    result.map(|_| work).map_err(Error::of_fault)
}

/// Whether a run that begins now must end.
fn interruption(limits: &Limits) -> impl Fn() -> Option<FaultKind> {
    let start = Instant::now();
    move || {
        if limits.cancel.as_ref().is_some_and(|token| token.is_cancelled()) {
            return Some(FaultKind::Cancelled);
        }
        limits.timeout.filter(|timeout| start.elapsed() >= *timeout).map(|_| FaultKind::TimedOut)
    }
}

fn interpreter_limits<'a>(
    limits: &Limits,
    interrupted: &'a dyn Fn() -> Option<FaultKind>,
) -> interp::Limits<'a> {
    interp::Limits { memory: limits.memory, interrupted, ..interp::Limits::default() }
}

fn interpreter_arg(arg: &Arg) -> interp::Arg {
    match (arg.scalar(), arg.raw()) {
        (Some(scalar), _) => interp::Arg::Scalar(scalar),
        (None, Some(raw)) => interp::Arg::Array(*raw),
        (None, None) => interp::Arg::None,
    }
}

fn host_value(value: interp::Value, ty: &Type) -> Value {
    match (value, ty) {
        (interp::Value::None, Type::Dtype(dtype)) => Value::Dtype(*dtype),
        (interp::Value::None, _) => Value::None,
        (interp::Value::Scalar(scalar), ty) => Value::of_scalar(scalar, ty),
        (interp::Value::Array(array), _) => Value::Array(array),
        (interp::Value::Tuple(items), Type::Tuple(types)) => {
            Value::Tuple(items.into_iter().zip(types).map(|(item, ty)| host_value(item, ty)).collect())
        }
        (interp::Value::Tuple(items), _) => {
            Value::Tuple(items.into_iter().map(|item| host_value(item, &Type::None)).collect())
        }
    }
}
