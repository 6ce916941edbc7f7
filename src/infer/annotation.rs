//! Annotations, decorators and explicit signatures: what a function says about itself.

use crate::ast::{self, Expr, ExprKind};
use crate::base::{ArrayType, AxisSet, Diagnostic, Dtype, Layout, Span, Type, Weak};
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
    pub params: Vec<ParamSpec>,
    /// False for `parallel=False`: `prange` is then `range`.
    pub parallel: bool,
    pub disjoint: Vec<String>,
    /// `locals={...}`.
    pub locals: Vec<(String, Type)>,
    /// Remarks about options that are accepted without effect for now.
    pub remarks: Vec<Diagnostic>,
}

/// Reads the annotations and decorators of a function.
pub fn signature(function: &ast::Function) -> Result<Signature, Vec<Diagnostic>> {
    let mut errors = vec![];
    let mut signature =
        Signature { params: vec![], parallel: true, disjoint: vec![], locals: vec![], remarks: vec![] };
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
        signature.params.push(spec);
    }
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
        "fastmath" if !matches!(value.kind, ExprKind::Bool(false)) => {
            let message = "`fastmath` has no effect yet: arithmetic stays strict IEEE";
            signature.remarks.push(Diagnostic::remark(value.span, message));
        }
        "disjoint" => signature.disjoint = names_of(value, function)?,
        "locals" => {
            return Err(Diagnostic::error(
                value.span,
                "`locals` needs a dict display, which is not supported yet",
            )
            .hint("convert where the variable is assigned, e.g. `x = np.float32(…)`"));
        }
        _ => {}
    }
    Ok(())
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

/// An explicit signature: `f64(f64[:], i64)` or `(f64[:], i64)`.
fn read_explicit(
    value: &Expr,
    function: &ast::Function,
    signature: &mut Signature,
) -> Result<(), Diagnostic> {
    let types: Vec<&Expr> = match &value.kind {
        ExprKind::Call { args, .. } => args.iter().map(|arg| &arg.value).collect(),
        ExprKind::Tuple(items) => items.iter().collect(),
        ExprKind::List(items) if items.len() == 1 => return read_explicit(&items[0], function, signature),
        _ => {
            return Err(Diagnostic::error(value.span, "this explicit signature is not supported").hint(
                "write it as an expression, e.g. @njit(f64(f64[:], i64)), or annotate the parameters",
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
    signature.params = types.into_iter().map(annotation).collect::<Result<_, _>>()?;
    Ok(())
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
