//! One typed function per list of argument types; recursion; what the entry reaches.
//!
//! The result type of a recursive function is found in rounds: in the first one, paths that need it are cut off and the other paths
//! give a provisional type; rounds go on until that type is stable. Functions typed with a provisional type of a function that is still open
//! are typed again.

use super::annotation::{ParamSpec, Signature, signature};
use super::flow::{Binding, Name, State};
use super::promote::{Element, join};
use super::{Abort, Body, Inference, Origin, Typed};
use crate::ast;
use crate::base::{Diagnostic, FastMath, Span, Type};
use crate::hir;
use cranelift_entity::{EntityRef, PrimaryMap, SecondaryMap};
use std::collections::HashMap;

/// The deepest chain of different specialisations that call each other; only a program whose argument types
/// grow with each call gets there.
const MAX_CHAIN: usize = 200;

/// The most scalars and arrays in the arguments of a call: tuples of tuples could double with each call.
const MAX_PARTS: usize = 1000;

/// The most rounds for one result; types grow, so a few are enough.
const MAX_ROUNDS: usize = 50;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Key {
    origin: Origin,
    name: String,
    arguments: Vec<Type>,
    /// The entry takes the items of tuples one by one, since only scalars and arrays cross the border.
    entry: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Specialisation {
    pub func: hir::Func,
    /// None while no path has given one.
    pub result: Option<Type>,
    /// Its errors have been reported.
    failed: bool,
    /// Typed completely.
    closed: bool,
    /// Calls itself, directly or through others.
    recursive: bool,
}

impl Specialisation {
    pub fn is_failed(&self) -> bool {
        self.closed && self.failed
    }
}

impl<'a> Inference<'a> {
    pub(super) fn entry(&mut self, name: &str, arguments: &[Type]) -> Typed<hir::Func> {
        let Some(function) = self.program.module.function(name) else {
            return self.report(Diagnostic::error(Span::default(), format!("there is no function `{name}`")));
        };
        let signature = self.signature(function)?;
        let arguments = signature.accept(function, arguments);
        let arguments = arguments.or_else(|diagnostic| self.report(*diagnostic))?;
        let entry = arguments.iter().any(|ty| matches!(ty, Type::Tuple(_)));
        let key = Key { origin: Origin::User, name: function.name.text.clone(), arguments, entry };
        self.specialise_key(key, self.program.module, function).map(|(func, _)| func)
    }

    pub(super) fn expression(&mut self, expr: &'a ast::Expr, params: &[(String, Type)]) -> Typed<hir::Func> {
        let func = self.functions.push(None);
        let mut body = Body::new(self, Origin::User, "expression", expr.span);
        for (text, _) in params {
            body.declare_name(text.clone());
        }
        body.state = State(Some(vec![Binding::Unbound; body.texts.len()]));
        for (position, (_, ty)) in params.iter().enumerate() {
            body.bind_parameter(Name(position as u32), ty, expr.span);
        }
        let value = body.expr(expr)?;
        let ty = body.function.ty(value).clone();
        body.function.result = ty;
        body.function.body.push(hir::Stmt { kind: hir::StmtKind::Return(Some(value)), span: expr.span });
        let function = body.function;
        self.functions[func] = Some(function);
        Ok(func)
    }

    fn signature(&mut self, function: &ast::Function) -> Typed<Signature> {
        signature(function).map_err(|diagnostics| {
            self.diagnostics.extend(diagnostics);
            Abort::Reported
        })
    }

    /// The function at these argument types (as the parameters take them), typed now if it is new.
    pub(super) fn specialise(
        &mut self,
        origin: Origin,
        module: &'a ast::Module,
        source: &'a ast::Function,
        arguments: Vec<Type>,
    ) -> Typed<(hir::Func, Type)> {
        let key = Key { origin, name: source.name.text.clone(), arguments, entry: false };
        self.specialise_key(key, module, source)
    }

    fn specialise_key(
        &mut self,
        key: Key,
        module: &'a ast::Module,
        source: &'a ast::Function,
    ) -> Typed<(hir::Func, Type)> {
        if let Some(known) = self.specialisations.get(&key).cloned() {
            return self.known(&key, known);
        }
        let parts: usize = key.arguments.iter().map(parts).sum();
        if self.stack.len() >= MAX_CHAIN || parts > MAX_PARTS {
            return self.report(Diagnostic::error(
                source.name.span,
                format!("`{}` is called with ever new argument types", source.name.text),
            ));
        }
        let func = self.functions.push(None);
        let open = Specialisation { func, result: None, failed: false, closed: false, recursive: false };
        self.specialisations.insert(key.clone(), open);
        self.stack.push(key.clone());
        let result = self.rounds(&key, module, source);
        self.stack.pop();
        self.close(&key, result)
    }

    fn known(&mut self, key: &Key, known: Specialisation) -> Typed<(hir::Func, Type)> {
        if known.failed {
            return Err(Abort::Reported);
        }
        if !known.closed {
            // A call back into an open function: all from there to here are recursive.
            let start = self.stack.iter().position(|open| open == key).unwrap_or(0);
            for open in &self.stack[start..] {
                if let Some(entry) = self.specialisations.get_mut(open) {
                    entry.recursive = true;
                }
            }
        }
        known.result.map(|result| (known.func, result)).ok_or(Abort::Unknown)
    }

    /// Types the body until its result is stable. None: no path returns without recursing.
    fn rounds(&mut self, key: &Key, module: &'a ast::Module, source: &'a ast::Function) -> Typed<Type> {
        for _ in 0..MAX_ROUNDS {
            let mark = self.diagnostics.len();
            let (function, result, incomplete) = self.round(key, module, source)?;
            let waits = self.waits_for_caller();
            let entry = self.specialisations.get_mut(key).expect("open");
            let before = entry.result.clone();
            let joined = match (&entry.result, result) {
                (Some(before), Some(now)) => join(before, &now).unwrap_or(now),
                (Some(before), None) => before.clone(),
                (None, Some(now)) => now,
                (None, None) if incomplete && waits => return Err(Abort::Unknown),
                (None, None) if incomplete => {
                    let message = format!("`{}` calls itself on every path", source.name.text);
                    return self.report(
                        Diagnostic::error(source.name.span, message)
                            .hint("return a value on some path without a call"),
                    );
                }
                (None, None) => Type::None,
            };
            let stable = entry.result.as_ref() == Some(&joined) || !entry.recursive;
            entry.result = Some(joined.clone());
            let (func, recursive) = (entry.func, entry.recursive);
            if stable && !incomplete {
                self.functions[func] = Some(hir::Function { result: joined.clone(), recursive, ..function });
                return Ok(joined);
            }
            if before.as_ref() == Some(&joined) && waits {
                // What is missing is the result of a caller, whose next round types this function again.
                return Ok(joined);
            }
            self.forget_errors(mark);
            self.forget_open_callees();
        }
        let message =
            format!("the result of `{}` has another type with each call of itself", source.name.text);
        self.report(Diagnostic::error(source.name.span, message).hint("return one type on every path"))
    }

    /// Whether a function that waits for the one being typed has no result yet and is called back.
    fn waits_for_caller(&self) -> bool {
        let (_, callers) = self.stack.split_last().expect("the function being typed");
        callers
            .iter()
            .map(|key| &self.specialisations[key])
            .any(|entry| entry.recursive && entry.result.is_none())
    }

    /// Forgets closed specialisations that were typed against a provisional result.
    fn forget_open_callees(&mut self) {
        self.specialisations.retain(|_, entry| !(entry.closed && entry.recursive));
    }

    fn round(
        &mut self,
        key: &Key,
        module: &'a ast::Module,
        source: &'a ast::Function,
    ) -> Typed<(hir::Function, Option<Type>, bool)> {
        let signature = self.signature(source)?;
        let expected = self.specialisations[key].result.clone();
        let mark = self.diagnostics.len();
        let mut body = Body::new(self, key.origin, &source.name.text, source.span);
        body.module = module;
        body.parallel = signature.parallel;
        body.declared_result = signature.overload(&key.arguments).result.clone();
        body.function.disjoint = signature.disjoint.clone();
        if key.origin == Origin::User {
            body.function.fast = signature.fast.unwrap_or(body.inference.program.fast);
        }
        let mut block = body.declare(source, key, &signature);
        block.extend(body.function_body(source, expected.as_ref()));
        body.function.body = block;
        let (function, returned, incomplete) = (body.function, body.returned, body.incomplete);
        let aborted = body.aborted;
        if aborted && !self.has_errors() {
            let message =
                format!("a statement of `{}` is wrong, but not how: please report this", source.name.text);
            return self.report(Diagnostic::error(source.name.span, message));
        }
        let errors = self.diagnostics[mark..].iter().any(|d| d.severity == crate::base::Severity::Error);
        if errors { Err(Abort::Reported) } else { Ok((function, returned.map(|(ty, _)| ty), incomplete)) }
    }

    fn close(&mut self, key: &Key, result: Typed<Type>) -> Typed<(hir::Func, Type)> {
        if let Err(Abort::Unknown) = result {
            self.specialisations.remove(key);
            return Err(Abort::Unknown);
        }
        let entry = self.specialisations.get_mut(key).expect("open");
        entry.closed = true;
        entry.failed = result.is_err();
        result.map(|result| (entry.func, result))
    }

    /// The functions that `entry` reaches, renumbered.
    pub(super) fn reachable(&mut self, entry: hir::Func) -> hir::Module {
        let mut order = vec![entry];
        let mut new: SecondaryMap<hir::Func, Option<u32>> = SecondaryMap::new();
        new[entry] = Some(0);
        let mut next = 0;
        while next < order.len() {
            let function = self.functions[order[next]].as_ref().expect("typed");
            let callees = function.exprs.values().filter_map(|data| match &data.kind {
                hir::ExprKind::Call { func, .. } | hir::ExprKind::Map { func, .. } => Some(*func),
                _ => None,
            });
            for callee in callees {
                if new[callee].is_none() && self.functions[callee].is_some() {
                    new[callee] = Some(order.len() as u32);
                    order.push(callee);
                }
            }
            next += 1;
        }
        let mut functions = PrimaryMap::new();
        for func in order {
            let mut function = self.functions[func].take().expect("typed");
            for data in function.exprs.values_mut() {
                if let hir::ExprKind::Call { func, .. } | hir::ExprKind::Map { func, .. } = &mut data.kind {
                    *func = hir::Func::new(new[*func].unwrap_or(0) as usize);
                }
            }
            functions.push(function);
        }
        hir::Module { functions, entry: hir::Func::new(0) }
    }
}

fn parts(ty: &Type) -> usize {
    match ty {
        Type::Tuple(items) => items.iter().map(parts).sum(),
        _ => 1,
    }
}

impl<'i, 'a> Body<'i, 'a> {
    pub(super) fn new(
        inference: &'i mut Inference<'a>,
        origin: Origin,
        name: &str,
        span: Span,
    ) -> Body<'i, 'a> {
        let module = inference.program.module;
        Body {
            inference,
            origin,
            module,
            function: hir::Function {
                name: name.to_string(),
                params: vec![],
                result: Type::None,
                locals: PrimaryMap::new(),
                exprs: PrimaryMap::new(),
                body: vec![],
                span,
                recursive: false,
                std: origin == Origin::Std,
                disjoint: vec![],
                fast: FastMath::NONE,
            },
            names: HashMap::new(),
            texts: vec![],
            locals: HashMap::new(),
            state: State(Some(vec![])),
            loops: vec![],
            heads: HashMap::new(),
            copies: vec![],
            unrolled: 1,
            labels: 0,
            forced: HashMap::new(),
            wide: HashMap::new(),
            returned: None,
            declared_result: None,
            parallel: true,
            aborted: false,
            incomplete: false,
        }
    }

    /// Gives every name that the function binds a number, and binds the parameters. What it returns comes before the body.
    fn declare(&mut self, source: &ast::Function, key: &Key, signature: &Signature) -> hir::Block {
        for text in super::names::bound_names(source) {
            self.declare_name(text);
        }
        self.state = State(Some(vec![Binding::Unbound; self.names.len()]));
        for (text, ty) in &signature.locals {
            if let Some(name) = self.names.get(text) {
                self.forced.insert(*name, ty.clone());
            }
        }
        let mut before = vec![];
        for (param, ty) in source.params.iter().zip(&key.arguments) {
            let (name, span) = (self.names[&param.name.text], param.name.span);
            match ty {
                Type::Tuple(_) if key.entry => {
                    let value = self.parameter_items(&param.name.text, ty, span);
                    let local = self.local(name, ty.clone());
                    self.emit(&mut before, hir::StmtKind::Assign { local, value }, span);
                    self.state.set(name, Binding::Bound { local, span });
                }
                _ => self.bind_parameter(name, ty, span),
            }
        }
        before
    }

    /// A parameter for each item of a tuple, put together.
    fn parameter_items(&mut self, text: &str, ty: &Type, span: Span) -> hir::Expr {
        if let Type::Tuple(types) = ty {
            let items = types.iter().enumerate();
            let items =
                items.map(|(k, ty)| self.parameter_items(&format!("{text}[{k}]"), ty, span)).collect();
            return self.tuple_of(items, span);
        }
        let local = self.function.locals.push(hir::LocalData {
            name: text.to_string(),
            ty: ty.clone(),
            checked: false,
        });
        self.function.params.push(local);
        self.push(hir::ExprKind::Local(local), ty.clone(), span)
    }

    fn declare_name(&mut self, text: String) {
        self.names.insert(text.clone(), Name(self.texts.len() as u32));
        self.texts.push(text);
    }

    fn bind_parameter(&mut self, name: Name, ty: &Type, span: Span) {
        let local = self.local(name, ty.clone());
        self.function.params.push(local);
        self.state.set(name, Binding::Bound { local, span });
    }

    /// The local that holds `name` at this type.
    pub(super) fn local(&mut self, name: Name, ty: Type) -> hir::Local {
        if let Some(local) = self.locals.get(&(name, ty.clone())) {
            return *local;
        }
        let data = hir::LocalData { name: self.text(name).to_string(), ty: ty.clone(), checked: false };
        let local = self.function.locals.push(data);
        self.locals.insert((name, ty), local);
        local
    }

    pub(super) fn text(&self, name: Name) -> &str {
        &self.texts[name.0 as usize]
    }

    /// A local without a name.
    pub(super) fn temporary(&mut self, ty: Type) -> hir::Local {
        self.function.locals.push(hir::LocalData { name: String::new(), ty, checked: false })
    }
}

impl Signature {
    /// The types that the parameters take when called with `arguments` from outside: annotations make weak values strong.
    pub fn accept(&self, function: &ast::Function, arguments: &[Type]) -> Result<Vec<Type>, Box<Diagnostic>> {
        if arguments.len() != function.params.len() {
            let message = format!(
                "`{}` takes {}, not {}",
                function.name.text,
                super::call::count(function.params.len(), "argument"),
                arguments.len()
            );
            return Err(Box::new(Diagnostic::error(function.name.span, message)));
        }
        let overload = self.accepting(function, arguments)?;
        let params = function.params.iter().zip(&overload.params).zip(arguments);
        params.map(|((param, spec), ty)| spec.accept(&param.name.text, param.name.span, ty)).collect()
    }
}

impl ParamSpec {
    /// The type the parameter takes for an argument of type `ty`.
    pub fn accept(&self, name: &str, span: Span, ty: &Type) -> Result<Type, Box<Diagnostic>> {
        let refuse = || {
            let message = format!("argument `{name}` is {ty}, but the parameter is annotated {self}");
            let mut diagnostic = Diagnostic::error(span, message);
            if let (Some(array), ParamSpec::Array(wanted)) = (ty.array(), self)
                && (array.dtype, array.rank) == (wanted.dtype, wanted.rank)
            {
                diagnostic =
                    diagnostic.hint("`::1` asks for elements without gaps: pass a copy, or write `:`");
            }
            Err(Box::new(diagnostic))
        };
        match self {
            ParamSpec::Any => Ok(ty.clone()),
            ParamSpec::Scalar(wanted) => match (Element::of(wanted), Element::of(ty)) {
                (Some(to), Some(from)) if !ty.is_array() && from.dtype().kind() <= to.dtype().kind() => {
                    Ok(wanted.clone())
                }
                _ => refuse(),
            },
            ParamSpec::Array(wanted) => match ty.array() {
                Some(array)
                    if array.dtype == wanted.dtype
                        && array.rank == wanted.rank
                        && array.layout <= wanted.layout =>
                {
                    Ok(ty.clone())
                }
                _ => refuse(),
            },
        }
    }
}

impl ast::Module {
    /// The last function of that name, as Python binds it.
    pub fn function(&self, name: &str) -> Option<&ast::Function> {
        self.items.iter().rev().find_map(|item| match item {
            ast::Item::Function(function) if function.name.text == name => Some(function),
            _ => None,
        })
    }
}
