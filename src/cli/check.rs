//! `durum check` and `durum dump`: compile without running.

use super::array::Access;
use super::failure::{FAILED, Failure};
use super::json::Json;
use super::render;
use super::source::{Compile, Opened};
use super::values::{self, Argument, Binding, Given, check_names, unknown};
use clap::Args;
use durum::{Diagnostic, Error, FunctionInfo, ParamInfo, ParamSpec, Type};

#[derive(Args, Debug)]
pub struct CheckOptions {
    #[command(flatten)]
    compile: Compile,
    /// Print the messages as one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct DumpOptions {
    #[command(flatten)]
    compile: Compile,
    /// ast, hir, relax, loops, a pass, clif or asm
    #[arg(long)]
    stage: String,
}

/// The types that the bindings, annotations and defaults give to the parameters, None where they give none.
type Types = Vec<Option<Type>>;

/// Every error and warning of the file; for standard output only with `--json`.
pub fn check(options: &CheckOptions) -> Result<String, Failure> {
    let opened = options.compile.open(options.compile.settings()?)?;
    let (name, bindings) = values::split(&options.compile.words)?;
    let chosen = match name {
        Some(_) => std::slice::from_ref(opened.function(name)?),
        None => &opened.functions[..],
    };
    check_names(&bindings, chosen.iter())?;
    let mut found = if name.is_none() { opened.module.check() } else { vec![] };
    for function in chosen {
        found.extend(check_function(&options.compile, &opened, function, &bindings)?);
    }
    let mut distinct: Vec<Diagnostic> = vec![];
    for diagnostic in found {
        if !distinct.contains(&diagnostic) {
            distinct.push(diagnostic);
        }
    }
    distinct.sort_by_key(|diagnostic| (diagnostic.span.source, diagnostic.span.start));
    let wrong = Failure::has_errors(&distinct);
    let failure = Failure { status: FAILED, diagnostics: distinct, source: Some(opened.source), fault: None };
    if wrong {
        return Err(failure);
    }
    if options.json {
        let messages = render::json(&failure.diagnostics, failure.source.as_ref());
        return Ok(format!("{}\n", Json::object([("status", Json::number(0)), ("diagnostics", messages)])));
    }
    super::to_stderr(&failure.render(super::colour()));
    Ok(String::new())
}

fn check_function(
    compile: &Compile,
    opened: &Opened,
    function: &FunctionInfo,
    bindings: &[Binding],
) -> Result<Vec<Diagnostic>, Failure> {
    let types = types(compile, opened, function, bindings)?;
    let missing = missing(function, &types);
    let Some(types) = types.into_iter().collect::<Option<Vec<Type>>>() else {
        let message = format!(
            "the types of `{}` are not known, so only what holds for any types was checked",
            function.name
        );
        return Ok(vec![Diagnostic::remark(function.span, message).hint(format!("give {missing}"))]);
    };
    match opened.kernel(function)?.check(&types) {
        Ok(report) => Ok(report.diagnostics),
        Err(Error::Program(diagnostics)) => Ok(diagnostics),
        Err(error) => Err(opened.failure(error)),
    }
}

/// The program after a stage.
pub fn dump(options: &DumpOptions) -> Result<String, Failure> {
    let stages = durum::stages();
    if !stages.contains(&options.stage.as_str()) {
        return Err(unknown("stage", &options.stage, "the compiler", stages.into_iter()));
    }
    let opened = options.compile.open(options.compile.settings()?)?;
    let (name, bindings) = values::split(&options.compile.words)?;
    let whole_file = options.stage == "ast" && name.is_none();
    let function = if whole_file { &opened.functions[0] } else { opened.function(name)? };
    check_names(&bindings, std::iter::once(function))?;
    options.compile.check_disjoint(&opened, function)?;
    let types = match known_types(&options.compile, &opened, function, &bindings) {
        Err(_) if options.stage == "ast" => vec![],
        types => types?,
    };
    let text =
        opened.kernel(function)?.dump(&types, &options.stage).map_err(|error| opened.failure(error))?;
    Ok(if text.ends_with('\n') { text } else { text + "\n" })
}

/// The types of all parameters; where some are not known, asks for them.
pub fn known_types(
    compile: &Compile,
    opened: &Opened,
    function: &FunctionInfo,
    bindings: &[Binding],
) -> Result<Vec<Type>, Failure> {
    let types = types(compile, opened, function, bindings)?;
    let missing = missing(function, &types);
    types.into_iter().collect::<Option<Vec<Type>>>().ok_or_else(|| {
        Failure::usage(format!("the types of `{}` are not known", function.name))
            .hint(format!("give {missing}"))
    })
}

fn missing(function: &FunctionInfo, types: &Types) -> String {
    let unknown = function.params.iter().zip(types).filter(|(_, ty)| ty.is_none());
    let unknown: Vec<String> = unknown.map(|(param, _)| format!("{}:TYPE", param.name)).collect();
    unknown.join(" ")
}

fn types(
    compile: &Compile,
    opened: &Opened,
    function: &FunctionInfo,
    bindings: &[Binding],
) -> Result<Types, Failure> {
    let kernel = opened.kernel(function)?;
    let one = |(position, param): (usize, &ParamInfo)| {
        let binding = bindings.iter().find(|binding| binding.name == param.name);
        match (binding, &param.spec) {
            (Some(binding), _) => given_type(compile, binding).map(Some),
            (None, ParamSpec::Scalar(ty)) => Ok(Some(ty.clone())),
            (None, ParamSpec::Array(array)) => Ok(Some(Type::Array(*array))),
            (None, ParamSpec::Any) => match kernel.default(position) {
                Some(value) => {
                    Ok(Some(type_of(Argument::Value(value.map_err(|error| opened.failure(error))?))))
                }
                None => Ok(None),
            },
        }
    };
    function.params.iter().enumerate().map(one).collect()
}

fn given_type(compile: &Compile, binding: &Binding) -> Result<Type, Failure> {
    let Binding { name, given } = binding;
    match given {
        Given::Type(text) => values::parse_type(name, text),
        Given::Value(text) => {
            values::argument(&durum::Engine::default(), name, text, compile.seed, &[], Access::Private)
                .map(type_of)
        }
    }
}

fn type_of(mut argument: Argument) -> Type {
    argument.arg().ty()
}
