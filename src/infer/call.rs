//! Calls: of functions of the file, of imported names, of methods; and how arguments are matched.

use super::flow::Binding;
use super::promote::Element;
use super::{Abort, Body, Origin, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::{Diagnostic, Dtype, Span, Type};
use crate::hir::{self, ExprKind};

/// The arguments of a call, not typed yet.
pub(super) struct Arguments<'a> {
    pub positional: Vec<&'a ast::Expr>,
    pub keyword: Vec<(&'a ast::Name, &'a ast::Expr)>,
    /// How the function is written, for messages.
    pub callee: String,
    /// Values typed before: the array of a method call.
    pub receiver: Option<hir::Expr>,
}

impl<'a> Arguments<'a> {
    pub fn keyword(&self, name: &str) -> Option<&'a ast::Expr> {
        self.keyword.iter().find(|(key, _)| key.text == name).map(|(_, value)| *value)
    }

    /// The argument at `position` or named `name`, not counting a receiver.
    pub fn get(&self, position: usize, name: &str) -> Option<&'a ast::Expr> {
        self.positional.get(position).copied().or_else(|| self.keyword(name))
    }
}

impl<'a> Body<'_, 'a> {
    pub(super) fn call(&mut self, function: &'a ast::Expr, args: &'a [ast::Arg], span: Span) -> Typed {
        let arguments = self.arguments(function, args)?;
        if let Some(cast) = self.dtype_cast(function, &arguments, span) {
            return cast;
        }
        match &function.kind {
            Ast::Name(name) => self.call_name(name, function.span, &arguments, span),
            Ast::Attribute { value, name } => match self.module_path(value) {
                Some(module) => self.module_call(&module, name, &arguments, span),
                None => self.method(value, name, arguments, span),
            },
            _ => self.refuse(function.span, "this is not a function of the language"),
        }
    }

    fn arguments(&mut self, function: &ast::Expr, args: &'a [ast::Arg]) -> Typed<Arguments<'a>> {
        let callee = function.to_string();
        let mut arguments = Arguments { positional: vec![], keyword: vec![], callee, receiver: None };
        for arg in args {
            match &arg.keyword {
                _ if arg.starred => {
                    return self.refuse(arg.value.span, "`*` in a call is not part of the language");
                }
                Some(name) => arguments.keyword.push((name, &arg.value)),
                None => arguments.positional.push(&arg.value),
            }
        }
        Ok(arguments)
    }

    fn call_name(&mut self, name: &'a str, place: Span, args: &Arguments<'a>, span: Span) -> Typed {
        if let Some(variable) = self.name(name) {
            if *self.state.get(variable) == Binding::Poisoned {
                return Err(Abort::Reported);
            }
            return self.inference.report(
                Diagnostic::error(place, format!("`{name}` is a variable here, not a function"))
                    .hint("functions as values are not supported yet"),
            );
        }
        if let Some(function) = self.module.function(name) {
            return self.call_function(self.origin, self.module, function, args, span);
        }
        if self.origin == Origin::Std
            && let Some(module) = self.inference.program.library.module_of(name)
            && let Some(function) = module.function(name)
        {
            return self.call_function(Origin::Std, module, function, args, span);
        }
        if let Some(import) = self.import(name)
            && let Some(member) = &import.member
        {
            return self.member_call(&import.module, member, args, place, span);
        }
        if let Some(result) = self.builtin(name, args, span) {
            return result;
        }
        if let Some(diagnostic) = self.bound_outside(name, place) {
            return self.inference.report(diagnostic);
        }
        let module = self.module;
        let functions = module.items.iter().filter_map(|item| match item {
            ast::Item::Function(function) => Some(function.name.text.as_str()),
            _ => None,
        });
        let near = super::names::nearest(name, functions.chain(super::builtins::NAMES.iter().copied()));
        let mut diagnostic = Diagnostic::error(place, format!("unknown function `{name}`"));
        if let Some(near) = near {
            diagnostic = diagnostic.hint(format!("did you mean `{near}`?"));
        } else if super::numpy::has(name) {
            diagnostic = diagnostic.hint(format!("it is `np.{name}` or `math.{name}`"));
        }
        self.inference.report(diagnostic)
    }

    /// The module that an expression names (`np`, `numpy.random`, …), if it does.
    pub(super) fn module_path(&self, value: &ast::Expr) -> Option<String> {
        match &value.kind {
            Ast::Name(name) if self.name(name).is_none() => match self.import(name) {
                // `import a.b` binds `a`.
                Some(import) if import.module.split('.').next() == Some(name) => Some(name.clone()),
                Some(import) if import.member.is_none() => Some(import.module.clone()),
                Some(_) => None,
                None => match name.as_str() {
                    "np" | "numpy" => Some("numpy".to_string()),
                    "math" => Some("math".to_string()),
                    "numba" | "nb" | "durum" => Some(name.clone()),
                    _ => None,
                },
            },
            Ast::Attribute { value, name } => {
                self.module_path(value).map(|path| format!("{path}.{}", name.text))
            }
            _ => None,
        }
    }

    fn import(&self, name: &str) -> Option<&'a ast::Import> {
        self.module.items.iter().rev().find_map(|item| match item {
            ast::Item::Import(import) if import.bound.text == name => Some(import),
            _ => None,
        })
    }

    /// What a name imported from a module is called there.
    pub(super) fn imported_member(&self, name: &str) -> Option<&'a str> {
        self.import(name)?.member.as_deref()
    }

    pub(super) fn is_imported(&self, name: &str) -> bool {
        self.import(name).is_some_and(|import| import.member.is_some())
    }

    fn module_call(&mut self, module: &str, name: &'a ast::Name, args: &Arguments<'a>, span: Span) -> Typed {
        self.member_call(module, &name.text, args, name.span, span)
    }

    fn member_call(
        &mut self,
        module: &str,
        member: &str,
        args: &Arguments<'a>,
        place: Span,
        span: Span,
    ) -> Typed {
        match module {
            "numpy" => self.numpy_call(member, args, place, span),
            "math" => self.math_call(member, args, place, span),
            "numba" | "nb" | "durum" => match self.builtin(member, args, span) {
                Some(result) => result,
                None => self.refuse(place, format!("`{module}.{member}` is not supported")),
            },
            _ => self.refuse(place, format!("`{module}.{member}` is not supported yet")),
        }
    }

    /// `np.pi`, `math.inf`, …
    pub(super) fn module_member(&mut self, module: &str, member: &str, span: Span) -> Typed {
        if let ("numpy" | "math", Some(value)) = (module, super::builtins::named_constant(member)) {
            return Ok(self.float(value, span));
        }
        if let ("numpy" | "numba" | "nb" | "durum", Some(dtype)) = (module, Dtype::from_name(member)) {
            return Ok(self.dtype_value(dtype, span));
        }
        match (module, member) {
            ("numpy", "True_" | "False_") => {
                let value = self.bool(member == "True_", span);
                self.convert(value, Dtype::Bool)
            }
            ("numpy", "newaxis") => Ok(self.push(ExprKind::None, Type::None, span)),
            _ => self.refuse(span, format!("`{module}.{member}` is not a value of the language")),
        }
    }

    /// Matches parameters by position and keyword, fills in defaults, specialises and calls.
    fn call_function(
        &mut self,
        origin: Origin,
        module: &'a ast::Module,
        function: &'a ast::Function,
        args: &Arguments<'a>,
        span: Span,
    ) -> Typed {
        let values = self.match_parameters(function, args, span)?;
        let signature = super::annotation::signature(function).map_err(|errors| {
            self.inference.diagnostics.extend(errors);
            super::Abort::Reported
        })?;
        let mut types = vec![];
        let mut converted = vec![];
        let given: Vec<Type> = values.iter().map(|value| self.function.ty(*value).clone()).collect();
        let specs = match signature.accepting(function, &given) {
            Ok(overload) => &overload.params,
            Err(error) => return self.inference.report(error.label(span, "called here")),
        };
        for ((value, spec), param) in values.into_iter().zip(specs).zip(&function.params) {
            let ty = self.function.ty(value).clone();
            let wanted = match spec.accept(&param.name.text, self.function.span(value), &ty) {
                Ok(wanted) => wanted,
                Err(error) => return self.inference.report(error.label(param.name.span, "declared here")),
            };
            self.require_narrow_unless_const(value, &wanted)?;
            converted.push(self.conform(value, &wanted)?);
            types.push(wanted);
        }
        let (func, result) = self.inference.specialise(origin, module, function, types)?;
        Ok(self.push(ExprKind::Call { func, args: converted }, result, span))
    }

    fn require_narrow_unless_const(&mut self, value: hir::Expr, wanted: &Type) -> Typed<()> {
        if *self.function.ty(value) == *wanted { self.require_narrow(value) } else { Ok(()) }
    }

    fn match_parameters(
        &mut self,
        function: &'a ast::Function,
        args: &Arguments<'a>,
        span: Span,
    ) -> Typed<Vec<hir::Expr>> {
        let name = &function.name.text;
        let plain = function.params.iter().filter(|param| param.kind != ast::ParamKind::KeywordOnly).count();
        if args.positional.len() > plain {
            let message = format!(
                "`{name}` takes {}, not {}",
                count(plain, "positional argument"),
                args.positional.len()
            );
            return self
                .inference
                .report(Diagnostic::error(span, message).label(function.header, "declared here"));
        }
        for (key, _) in &args.keyword {
            let position = function.params.iter().position(|param| param.name.text == key.text);
            match position {
                None => {
                    let params = function.params.iter().map(|param| param.name.text.as_str());
                    let near = super::names::nearest(&key.text, params);
                    let mut diagnostic =
                        Diagnostic::error(key.span, format!("`{name}` has no parameter `{}`", key.text))
                            .label(function.header, "declared here");
                    if let Some(near) = near {
                        diagnostic = diagnostic.hint(format!("did you mean `{near}`?"));
                    }
                    return self.inference.report(diagnostic);
                }
                Some(position) if position < args.positional.len() => {
                    return self.refuse(key.span, format!("`{}` is given twice", key.text));
                }
                Some(_) => {}
            }
        }
        let mut values = vec![];
        for (position, param) in function.params.iter().enumerate() {
            let given = args.get(position, &param.name.text);
            let value = match given.or(param.default.as_ref()) {
                Some(expr) if given.is_some() => self.expr(expr)?,
                // A default is evaluated in the scope of the file.
                Some(expr) => {
                    let names = std::mem::take(&mut self.names);
                    let value = self.expr(expr);
                    self.names = names;
                    value?
                }
                None => {
                    let message = format!("`{name}` misses the argument `{}`", param.name.text);
                    return self
                        .inference
                        .report(Diagnostic::error(span, message).label(function.header, "declared here"));
                }
            };
            values.push(value);
        }
        Ok(values)
    }

    /// A function of `kernels/std`, elementwise if any operand is an array; with its suffix where the operands are f32. The result
    /// has the element type asked for.
    pub(super) fn std_call(
        &mut self,
        name: &str,
        dtype: Dtype,
        operands: &[hir::Expr],
        element: Element,
        span: Span,
    ) -> Typed {
        let narrow = format!("{name}_f32");
        let name =
            if dtype == Dtype::F32 && self.library_function(&narrow).is_some() { &narrow } else { name };
        let value = self.std_apply(name, operands, span)?;
        if self.function.ty(value).is_array() {
            return self.convert(value, element.dtype());
        }
        self.conform(value, &element.scalar())
    }

    /// The same by its full name, at the dtypes that the operands have; the result has the type that the function gives.
    pub(super) fn std_apply(&mut self, name: &str, operands: &[hir::Expr], span: Span) -> Typed {
        let Some((module, function)) = self.library_function(name) else {
            return self.refuse(span, format!("`{name}` is not supported yet"));
        };
        let mut types = vec![];
        let mut args = vec![];
        for operand in operands {
            let ty = self.function.ty(*operand).clone();
            types.push(ty.dtype().map_or_else(|| ty.clone(), Type::Scalar));
            args.push(if ty.scalar().is_some() {
                self.conform(*operand, types.last().expect("just pushed"))?
            } else {
                *operand
            });
        }
        let (func, result) = self.inference.specialise(Origin::Std, module, function, types)?;
        if !args.iter().any(|arg| self.function.ty(*arg).is_array()) {
            return Ok(self.push(ExprKind::Call { func, args }, result, span));
        }
        let dtype = result.dtype().expect("functions applied elementwise give numbers");
        let ty = self.elementwise_type(&args, Element::Strong(dtype));
        Ok(self.push(ExprKind::Map { func, args }, ty, span))
    }

    fn library_function(&self, name: &str) -> Option<(&'a ast::Module, &'a ast::Function)> {
        let module = self.inference.program.library.module_of(name)?;
        Some((module, module.function(name)?))
    }

    /// A call of a function of `kernels/std` at the types of its arguments.
    pub(super) fn library_routine(&mut self, name: &str, args: &[hir::Expr], span: Span) -> Typed {
        let (module, function) = self.library_function(name).expect("a function of kernels/std");
        let types = args.iter().map(|arg| self.function.ty(*arg).clone()).collect();
        let (func, result) = self.inference.specialise(Origin::Std, module, function, types)?;
        Ok(self.push(ExprKind::Call { func, args: args.to_vec() }, result, span))
    }

    /// How many parameters a function of `kernels/std` has; None if there is none of that name.
    pub(super) fn library_arity(&self, name: &str) -> Option<usize> {
        let function = self.inference.program.library.module_of(name)?.function(name)?;
        Some(function.params.len())
    }

    /// Exactly these arguments, by position or keyword.
    pub(super) fn positional<const N: usize>(
        &mut self,
        args: &Arguments<'a>,
        names: [&str; N],
        span: Span,
    ) -> Typed<[hir::Expr; N]> {
        let receiver = usize::from(args.receiver.is_some());
        let given = args.positional.len() + receiver + args.keyword.len();
        if given != N {
            let message = format!("`{}` takes {}, not {given}", args.callee, count(N, "argument"));
            return self.refuse(span, message);
        }
        let mut values = Vec::with_capacity(N);
        values.extend(args.receiver);
        for (position, name) in names.iter().enumerate().skip(receiver) {
            match args.get(position - receiver, name) {
                Some(expr) => values.push(self.expr(expr)?),
                None => {
                    return self.refuse(span, format!("`{}` misses the argument `{name}`", args.callee));
                }
            }
        }
        Ok(values.try_into().expect("as many as names"))
    }

    /// What is given for these parameters, by position or name; the array of a method call is the first of them.
    pub(super) fn parameters<const N: usize>(
        &mut self,
        args: &Arguments<'a>,
        names: [&str; N],
        span: Span,
    ) -> Typed<[Option<&'a ast::Expr>; N]> {
        let receiver = usize::from(args.receiver.is_some());
        if args.positional.len() + receiver > N {
            let message = format!("`{}` takes {}", args.callee, count(N - receiver, "argument"));
            return self.refuse(span, format!("{message}, not {}", args.positional.len()));
        }
        let mut found = [None; N];
        found[receiver..].iter_mut().zip(&args.positional).for_each(|(slot, expr)| *slot = Some(*expr));
        for (key, value) in &args.keyword {
            match names.iter().position(|name| *name == key.text) {
                Some(place) if place >= receiver && found[place].is_none() => found[place] = Some(*value),
                Some(_) => return self.refuse(key.span, format!("`{}` is given twice", key.text)),
                None => {
                    let message = format!("the option `{}=` of `{}` is not supported", key.text, args.callee);
                    return self.refuse(key.span, message);
                }
            }
        }
        Ok(found)
    }

    /// The first argument: the array of a method call, or what is given for it.
    pub(super) fn first(&mut self, args: &Arguments<'a>, given: Option<&'a ast::Expr>, span: Span) -> Typed {
        match (args.receiver, given) {
            (Some(receiver), _) => Ok(receiver),
            (None, Some(expr)) => self.expr(expr),
            (None, None) => self.refuse(span, format!("`{}` needs an argument", args.callee)),
        }
    }

    /// The value of an argument; None if it is not given or is `None`.
    pub(super) fn optional(&mut self, given: Option<&'a ast::Expr>) -> Typed<Option<hir::Expr>> {
        match given {
            None | Some(ast::Expr { kind: Ast::None, .. }) => Ok(None),
            Some(expr) => {
                let value = self.expr(expr)?;
                Ok(Some(value).filter(|value| *self.function.ty(*value) != Type::None))
            }
        }
    }

    pub(super) fn all_positional(&mut self, args: &Arguments<'a>, span: Span) -> Typed<Vec<hir::Expr>> {
        if let Some((name, _)) = args.keyword.first() {
            return self.refuse(name.span, format!("the option `{}` is not supported", name.text));
        }
        if args.positional.is_empty() {
            return self.refuse(span, format!("`{}` needs an argument", args.callee));
        }
        args.positional.iter().map(|expr| self.expr(expr)).collect()
    }
}

/// "1 argument", "2 arguments".
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
