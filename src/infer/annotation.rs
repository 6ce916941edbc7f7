//! Annotations, decorators and explicit signatures: what a function says about itself.

use crate::ast::{self, Expr, ExprKind};
use crate::base::{ArrayType, AxisSet, Diagnostic, Dtype, FastMath, Layout, Span, Type, Weak};
use std::fmt;

/// What a parameter accepts.
#[derive(Clone, PartialEq, Debug)]
pub enum ParamSpec {
    Any,
    /// A scalar, converted to this type.
    Scalar(Type),
    /// An array of this dtype and rank and at least this layout.
    Array(ArrayType),
}

/// An annotation as a type: what [`annotation`] reads.
pub type Annotation = ParamSpec;

/// A function's parameters and options.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The parameters' annotations, or the explicit signatures in place of them: one or more.
    pub overloads: Vec<Overload>,
    /// False for `parallel=False`: `prange` is then `range`.
    pub parallel: bool,
    pub disjoint: Vec<String>,
    /// `locals={...}`.
    pub locals: Vec<(String, Type)>,
    /// `fastmath=…`, if it is there.
    pub fast: Option<FastMath>,
}

/// The types that one explicit signature gives.
#[derive(Clone, Debug)]
pub struct Overload {
    pub params: Vec<ParamSpec>,
    pub result: Option<ResultSpec>,
}

/// What an explicit signature says of the result.
#[derive(Clone, PartialEq, Debug)]
pub enum ResultSpec {
    /// `void`
    None,
    Value(ParamSpec),
}

/// Reads the annotations and decorators of a function.
pub fn signature(function: &ast::Function) -> Result<Signature, Vec<Diagnostic>> {
    let mut errors = vec![];
    let mut params = vec![];
    for param in &function.params {
        let spec = match (&param.kind, &param.annotation) {
            (ast::ParamKind::Args | ast::ParamKind::Kwargs, _) => {
                let stars = if param.kind == ast::ParamKind::Args { "*" } else { "**" };
                errors.push(
                    Diagnostic::error(
                        param.name.span,
                        format!("`{stars}{}` is not part of the language", param.name.text),
                    )
                    .hint("name each parameter"),
                );
                ParamSpec::Any
            }
            (_, None) => ParamSpec::Any,
            (_, Some(expr)) => annotation(expr).unwrap_or_else(|error| {
                errors.push(error);
                ParamSpec::Any
            }),
        };
        params.push(spec);
    }
    let overloads = vec![Overload { params, result: None }];
    let (disjoint, locals) = (vec![], vec![]);
    let mut signature = Signature { overloads, parallel: true, disjoint, locals, fast: None };
    for decorator in &function.decorators {
        if let Err(error) = read_decorator(decorator, function, &mut signature) {
            errors.push(error);
        }
    }
    if errors.is_empty() { Ok(signature) } else { Err(errors) }
}

/// `f64`, `np.float32`, `int`, `f64[:, ::1]`, …
pub fn annotation(expr: &Expr) -> Result<Annotation, Diagnostic> {
    match &expr.kind {
        ExprKind::Index { value, items } => array_annotation(expr, value, items),
        _ => scalar_type(expr).map(ParamSpec::Scalar).ok_or_else(|| unknown_annotation(expr)),
    }
}

fn unknown_annotation(expr: &Expr) -> Diagnostic {
    Diagnostic::error(expr.span, "this annotation is not a type of the language").hint(
        "types are int, float, bool, i8…i64, u8…u64, f32, f64, and arrays such as f64[:] or f32[:, ::1]",
    )
}

/// A scalar type by name: Python's are weak, NumPy's and ours strong.
pub fn scalar_type(expr: &Expr) -> Option<Type> {
    match &expr.kind {
        ExprKind::Name(name) => named_type(name),
        ExprKind::Attribute { value, name } => match &value.kind {
            ExprKind::Name(module)
                if matches!(module.as_str(), "np" | "numpy" | "numba" | "nb" | "durum") =>
            {
                Dtype::from_name(&name.text).map(Type::Scalar)
            }
            _ => None,
        },
        ExprKind::Str(text) => named_type(text),
        _ => None,
    }
}

pub fn named_type(name: &str) -> Option<Type> {
    Some(match name {
        "int" => Type::Weak(Weak::Int),
        "float" => Type::Weak(Weak::Float),
        "bool" => Type::Weak(Weak::Bool),
        "complex" => Type::Weak(Weak::Complex),
        _ => Type::Scalar(Dtype::from_name(name)?),
    })
}

fn array_annotation(expr: &Expr, element: &Expr, items: &[Expr]) -> Result<Annotation, Diagnostic> {
    let dtype = scalar_type(element).and_then(|ty| ty.scalar()).ok_or_else(|| unknown_annotation(element))?;
    if items.len() > crate::base::types::MAX_RANK {
        return Err(Diagnostic::error(
            expr.span,
            format!("an array of rank {} is beyond the limit of 8", items.len()),
        ));
    }
    let mut layout = Layout::Strided;
    for (axis, item) in items.iter().enumerate() {
        let ExprKind::Slice { start: None, stop: None, step } = &item.kind else {
            return Err(Diagnostic::error(item.span, "an axis in an array type is `:` or `::1`"));
        };
        match step.as_deref().map(|step| &step.kind) {
            None => {}
            Some(ExprKind::Int(1)) if axis + 1 == items.len() => layout = Layout::C,
            Some(_) => {
                return Err(Diagnostic::error(item.span, "only the last axis of an array type may be `::1`"));
            }
        }
    }
    Ok(ParamSpec::Array(ArrayType { dtype, rank: items.len() as u8, layout, unit: AxisSet::default() }))
}

fn read_decorator(
    decorator: &Expr,
    function: &ast::Function,
    signature: &mut Signature,
) -> Result<(), Diagnostic> {
    let (callee, args): (&Expr, &[ast::Arg]) = match &decorator.kind {
        ExprKind::Call { function, args } => (function, args),
        _ => (decorator, &[]),
    };
    let name = match &callee.kind {
        ExprKind::Name(name) => name.as_str(),
        ExprKind::Attribute { name, .. } => name.text.as_str(),
        _ => "",
    };
    if !matches!(name, "kernel" | "njit" | "jit" | "vectorize") {
        return Err(Diagnostic::error(decorator.span, "this decorator is not part of the language")
            .hint("decorators are @kernel, @njit, @jit and @vectorize, with or without options"));
    }
    for arg in args {
        match &arg.keyword {
            Some(keyword) => read_option(&keyword.text, &arg.value, function, signature)?,
            None => read_explicit(&arg.value, function, signature)?,
        }
    }
    Ok(())
}

fn read_option(
    name: &str,
    value: &Expr,
    function: &ast::Function,
    signature: &mut Signature,
) -> Result<(), Diagnostic> {
    match name {
        "parallel" => signature.parallel = !matches!(value.kind, ExprKind::Bool(false)),
        "fastmath" => signature.fast = Some(fast_math(value)?),
        "disjoint" => signature.disjoint = names_of(value, function)?,
        "locals" => signature.locals = types_of_locals(value, function)?,
        _ => {}
    }
    Ok(())
}

/// `True`, `False`, a set of LLVM's flags, or a dict of flags with True or False.
fn fast_math(value: &Expr) -> Result<FastMath, Diagnostic> {
    match &value.kind {
        ExprKind::Bool(true) => Ok(FastMath::ALL),
        ExprKind::Bool(false) => Ok(FastMath::NONE),
        ExprKind::Set(flags) => flags.iter().try_fold(FastMath::NONE, with_flag),
        ExprKind::Dict(pairs) => pairs.iter().try_fold(FastMath::NONE, |fast, (flag, on)| match on.kind {
            ExprKind::Bool(true) => with_flag(fast, flag),
            ExprKind::Bool(false) => with_flag(FastMath::NONE, flag).map(|_| fast),
            _ => Err(unknown_fast_math(on)),
        }),
        _ => Err(unknown_fast_math(value)),
    }
}

fn with_flag(fast: FastMath, flag: &Expr) -> Result<FastMath, Diagnostic> {
    let ExprKind::Str(text) = &flag.kind else { return Err(unknown_fast_math(flag)) };
    fast.with(text).ok_or_else(|| {
        let error = Diagnostic::error(flag.span, format!("`{text}` is no flag of `fastmath`"));
        match super::names::nearest(text, FastMath::FLAGS) {
            Some(near) => error.hint(format!("did you mean \"{near}\"?")),
            None => error.hint(format!("flags are {}", FastMath::FLAGS.join(", "))),
        }
    })
}

fn unknown_fast_math(value: &Expr) -> Diagnostic {
    Diagnostic::error(
        value.span,
        "`fastmath` is True, False or a set of flags, e.g. {\"contract\", \"arcp\"}",
    )
}

/// `{"s": f32}`: scalar types of variables of the function.
fn types_of_locals(value: &Expr, function: &ast::Function) -> Result<Vec<(String, Type)>, Diagnostic> {
    let ExprKind::Dict(pairs) = &value.kind else {
        return Err(Diagnostic::error(
            value.span,
            "`locals` is a dict of names and types, e.g. {\"s\": f32}",
        ));
    };
    let names = super::names::bound_names(function);
    let mut types = vec![];
    for (key, value) in pairs {
        let ExprKind::Str(name) = &key.kind else {
            return Err(Diagnostic::error(key.span, "the names in `locals` are strings"));
        };
        if !names.contains(name) {
            let message = format!("`{}` has no variable `{name}`", function.name.text);
            return Err(Diagnostic::error(key.span, message).label(function.header, "declared here"));
        }
        let Some(ty) = scalar_type(value).filter(|ty| !ty.dtype().is_some_and(Dtype::is_complex)) else {
            return Err(Diagnostic::error(
                value.span,
                "`locals` gives types of scalars, e.g. f32 or np.int64",
            ));
        };
        types.push((name.clone(), ty));
    }
    Ok(types)
}

/// Names of variables of the function.
fn names_of(value: &Expr, function: &ast::Function) -> Result<Vec<String>, Diagnostic> {
    let bound = super::names::bound_names(function);
    let text = |expr: &Expr| match &expr.kind {
        ExprKind::Str(text) if bound.contains(text) => Ok(text.clone()),
        ExprKind::Str(text) => Err(unknown_name(expr.span, text, &bound, function)),
        _ => Err(Diagnostic::error(
            expr.span,
            "`disjoint` takes names of arrays as strings, e.g. disjoint=(\"out\",)",
        )),
    };
    match &value.kind {
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().map(text).collect(),
        _ => text(value).map(|name| vec![name]),
    }
}

fn unknown_name(span: Span, text: &str, bound: &[String], function: &ast::Function) -> Diagnostic {
    let message = format!("`{}` has no variable `{text}`", function.name.text);
    let error = Diagnostic::error(span, message);
    match super::names::nearest(text, bound.iter().map(String::as_str)) {
        Some(near) => error.hint(format!("did you mean \"{near}\"?")),
        None => error.hint("`disjoint` names arrays that iterations of a prange write without meeting"),
    }
}

/// Explicit signatures: `f64(f64[:], i64)`, `(f64[:], i64)`, or a list of such.
fn read_explicit(
    value: &Expr,
    function: &ast::Function,
    signature: &mut Signature,
) -> Result<(), Diagnostic> {
    let overloads = match &value.kind {
        ExprKind::List(items) => {
            items.iter().map(|item| overload(item, function)).collect::<Result<_, _>>()?
        }
        _ => vec![overload(value, function)?],
    };
    if overloads.is_empty() {
        return Err(Diagnostic::error(value.span, "a list of signatures has at least one"));
    }
    signature.overloads = overloads;
    Ok(())
}

fn overload(value: &Expr, function: &ast::Function) -> Result<Overload, Diagnostic> {
    let (result, types): (Option<&Expr>, Vec<&Expr>) = match &value.kind {
        ExprKind::Call { function, args } => (Some(function), args.iter().map(|arg| &arg.value).collect()),
        ExprKind::Tuple(items) => (None, items.iter().collect()),
        ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Index { .. }
            if function.params.len() == 1 && annotation(value).is_ok() =>
        {
            (None, vec![value])
        }
        _ => {
            return Err(Diagnostic::error(value.span, "this explicit signature is not supported").hint(
                "write the types of the result and the parameters, e.g. @njit(f64(f64[:], i64)), or annotate the parameters",
            ));
        }
    };
    if types.len() != function.params.len() {
        let message = format!(
            "the signature has {}, `{}` has {}",
            super::call::count(types.len(), "parameter"),
            function.name.text,
            function.params.len()
        );
        return Err(Diagnostic::error(value.span, message).label(function.header, "declared here"));
    }
    let params = types.into_iter().map(annotation).collect::<Result<_, _>>()?;
    Ok(Overload { params, result: result.map(result_spec).transpose()? })
}

fn result_spec(expr: &Expr) -> Result<ResultSpec, Diagnostic> {
    let name = match &expr.kind {
        ExprKind::Name(name) => name.as_str(),
        ExprKind::Attribute { name, .. } => name.text.as_str(),
        ExprKind::None => return Ok(ResultSpec::None),
        _ => "",
    };
    match name {
        "void" | "none" => Ok(ResultSpec::None),
        _ => annotation(expr).map(ResultSpec::Value),
    }
}

impl Signature {
    /// The signature for arguments of these types: of those that accept them the one with most dtypes equal, the first among equals.
    /// Where none does, the first, which says why.
    pub fn overload(&self, arguments: &[Type]) -> &Overload {
        let accepting = self.overloads.iter().filter(|overload| overload.accepts(arguments));
        let best = accepting.rev().max_by_key(|overload| overload.equal_dtypes(arguments));
        best.unwrap_or(&self.overloads[0])
    }

    /// The same, or that none of several fits.
    pub fn accepting(
        &self,
        function: &ast::Function,
        arguments: &[Type],
    ) -> Result<&Overload, Box<Diagnostic>> {
        let overload = self.overload(arguments);
        if self.overloads.len() == 1 || overload.accepts(arguments) {
            return Ok(overload);
        }
        let given: Vec<String> = arguments.iter().map(Type::to_string).collect();
        let name = &function.name;
        let message = format!("no explicit signature of `{}` takes ({})", name.text, given.join(", "));
        Err(Box::new(Diagnostic::error(name.span, message)))
    }

    /// Of the only signature; nothing is known of parameters that have several.
    pub fn params(&self) -> Vec<ParamSpec> {
        match &self.overloads[..] {
            [only] => only.params.clone(),
            several => vec![ParamSpec::Any; several[0].params.len()],
        }
    }
}

impl Overload {
    fn accepts(&self, arguments: &[Type]) -> bool {
        let mut pairs = self.params.iter().zip(arguments);
        pairs.all(|(spec, ty)| spec.accept("", Span::default(), ty).is_ok())
    }

    fn equal_dtypes(&self, arguments: &[Type]) -> usize {
        let pairs = self.params.iter().zip(arguments);
        pairs.filter(|(spec, ty)| spec.dtype().is_some_and(|dtype| ty.dtype() == Some(dtype))).count()
    }
}

impl ParamSpec {
    fn dtype(&self) -> Option<Dtype> {
        match self {
            ParamSpec::Any => None,
            ParamSpec::Scalar(ty) => ty.dtype(),
            ParamSpec::Array(array) => Some(array.dtype),
        }
    }
}

impl fmt::Display for ParamSpec {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            ParamSpec::Any => f.write_str("anything"),
            ParamSpec::Scalar(ty) => ty.fmt(f),
            ParamSpec::Array(array) => array.fmt(f),
        }
    }
}
