//! Expressions: names, operators, conversions.

use super::flow::Binding;
use super::promote::{self, Element};
use super::{Abort, Body, Typed};
use crate::ast::{self, BinaryOp, ExprKind as Ast, LogicalOp, UnaryOp};
use crate::base::{ArrayType, Binary, Diagnostic, Dtype, Layout, Scalar, Span, Type, Unary, Weak};
use crate::hir::{self, ExprKind};

impl<'a> Body<'_, 'a> {
    pub(super) fn expr(&mut self, expr: &'a ast::Expr) -> Typed {
        let span = expr.span;
        match &expr.kind {
            Ast::Name(name) => self.name_value(name, span),
            Ast::None => Ok(self.push(ExprKind::None, Type::None, span)),
            Ast::Bool(value) => Ok(self.bool(*value, span)),
            Ast::Int(value) => Ok(self.int(*value, span)),
            Ast::Float(value) => Ok(self.float(*value, span)),
            Ast::Unary { op, operand } => {
                let operand = self.expr(operand)?;
                self.unary(*op, operand, span)
            }
            Ast::Binary { op, left, right } => {
                let left = self.expr(left)?;
                let right = self.expr(right)?;
                self.binary(*op, left, right, span)
            }
            Ast::Compare { operands, ops } => self.comparison(operands, ops, span),
            Ast::Logical { op, operands } => self.logical(*op, operands, span),
            Ast::Ternary { condition, then, otherwise } => self.ternary(condition, then, otherwise, span),
            Ast::Call { function, args } => self.call(function, args, span),
            Ast::Index { value, items } => self.index(value, items, span),
            Ast::Attribute { value, name } => self.attribute(value, name, span),
            Ast::Tuple(items) => self.tuple(items, span),
            Ast::Imaginary(_) => self.refuse(span, "complex arithmetic is not supported yet"),
            Ast::Str(_) => self.refuse(span, "strings are not values of the language"),
            Ast::Ellipsis | Ast::Slice { .. } => self.refuse(span, "a slice stands only inside an index"),
            Ast::List(_) => self.refuse(span, "lists are not supported yet"),
            Ast::Set(_) => self.refuse(span, "set display is not part of the language"),
            Ast::Dict(_) => self.refuse(span, "dict display is not part of the language"),
            Ast::Lambda { .. } => self.refuse(span, "`lambda` is not supported yet"),
            Ast::Unsupported { what } => self.refuse(span, format!("{what} is not part of the language")),
        }
    }

    pub(super) fn refuse<T>(&mut self, span: Span, message: impl Into<String>) -> Typed<T> {
        self.inference.report(Diagnostic::error(span, message))
    }

    fn name_value(&mut self, text: &'a str, span: Span) -> Typed {
        if let Some(name) = self.name(text) {
            return self.variable(text, self.state.get(name).clone(), span);
        }
        self.global(text, span)
    }

    fn variable(&mut self, text: &str, binding: Binding, span: Span) -> Typed {
        match binding {
            Binding::Bound { local, .. } => {
                let ty = self.function.locals[local].ty.clone();
                Ok(self.push(ExprKind::Local(local), ty, span))
            }
            Binding::Maybe { local, .. } => {
                self.function.locals[local].checked = true;
                let ty = self.function.locals[local].ty.clone();
                Ok(self.push(ExprKind::CheckedLocal(local), ty, span))
            }
            Binding::Poisoned => Err(Abort::Reported),
            Binding::Unbound => {
                self.inference.diagnostics.push(
                    Diagnostic::error(span, format!("`{text}` is read before it is bound"))
                        .hint("it is assigned in this function, so it is local here, as in Python"),
                );
                Err(Abort::Unbound)
            }
            Binding::Conflict { first, second } => self.inference.report(
                Diagnostic::error(
                    span,
                    format!("`{text}` is {} on one path and {} on another", first.1, second.1),
                )
                .label(first.0, format!("{} here", first.1))
                .label(second.0, format!("{} here", second.1))
                .hint("use two names, or convert to one type"),
            ),
            Binding::Carried { assigned, bound_before } => self.carried(text, span, assigned, bound_before),
            Binding::Private { assigned } => self.inference.report(
                Diagnostic::error(
                    span,
                    format!("`{text}` is private to the iterations of a prange and can't be read after it"),
                )
                .label(assigned, "assigned in the prange here")
                .hint("write it to an array element, or use a reduction such as `+=`"),
            ),
        }
    }

    fn carried(&mut self, text: &str, span: Span, assigned: Span, bound_before: bool) -> Typed {
        let loop_span = self.enclosing_parallel().unwrap_or(span);
        let message = if bound_before {
            format!("`{text}` is carried from one iteration of this prange to the next")
        } else {
            format!("`{text}` may be read here before this iteration has bound it")
        };
        let hint = match self.enclosing_search(text) {
            Some(search) if bound_before => search.hint(text),
            _ if bound_before => "use `range`, or a reduction (`+=`, `*=`, `min`, `max`, …)".to_string(),
            _ => "assign it on every path of the iteration, or before the loop if it is a reduction"
                .to_string(),
        };
        self.inference.report(
            Diagnostic::error(span, message)
                .note("read here")
                .label(assigned, "assigned here")
                .label(loop_span, "iterations of this loop are independent")
                .hint(hint),
        )
    }

    fn global(&mut self, text: &'a str, span: Span) -> Typed {
        if let Some(value) = self.module_constant(text) {
            return self.constant(text, value, span);
        }
        if let Some(number) = super::builtins::named_constant(text).filter(|_| self.is_imported(text)) {
            return Ok(self.float(number, span));
        }
        if let Some(dtype) = super::annotation::named_type(text).and_then(|ty| ty.scalar()) {
            return Ok(self.dtype_value(dtype, span));
        }
        if self.module.function(text).is_some() {
            return self
                .refuse(span, format!("`{text}` is a function; functions as values are not supported yet"));
        }
        if let Some(diagnostic) = self.bound_outside(text, span) {
            return self.inference.report(diagnostic);
        }
        let known: Vec<&str> = self.visible_names();
        let hint = super::names::nearest(text, known).map(|name| format!("did you mean `{name}`?"));
        let mut diagnostic = Diagnostic::error(span, format!("unknown name `{text}`"));
        if let Some(hint) = hint {
            diagnostic = diagnostic.hint(hint);
        }
        self.inference.report(diagnostic)
    }

    /// Why a name that the file binds outside the language does not exist.
    pub(super) fn bound_outside(&self, text: &str, span: Span) -> Option<Diagnostic> {
        self.module.items.iter().rev().find_map(|item| match item {
            ast::Item::Unsupported { keyword, names, span: place }
                if names.iter().any(|name| name == text) =>
            {
                let message = format!("`{text}` is bound by `{keyword}`, which is not part of the language");
                Some(Diagnostic::error(span, message).label(*place, "bound here"))
            }
            _ => None,
        })
    }

    fn visible_names(&self) -> Vec<&str> {
        let items = self.module.items.iter().filter_map(|item| match item {
            ast::Item::Function(function) => Some(function.name.text.as_str()),
            ast::Item::Constant { name, .. } => Some(name.text.as_str()),
            ast::Item::Import(import) => Some(import.bound.text.as_str()),
            ast::Item::Unsupported { .. } => None,
        });
        self.texts
            .iter()
            .map(String::as_str)
            .chain(items)
            .chain(super::builtins::NAMES.iter().copied())
            .collect()
    }

    pub(super) fn module_constant(&self, text: &str) -> Option<&'a ast::Expr> {
        self.module.items.iter().rev().find_map(|item| match item {
            ast::Item::Constant { name, value } if name.text == text => Some(value),
            _ => None,
        })
    }

    /// A module constant, evaluated where it is used: constants are frozen.
    fn constant(&mut self, text: &str, value: &'a ast::Expr, span: Span) -> Typed {
        if self.inference.constants.iter().any(|open| open == text) {
            return self.refuse(span, format!("the constant `{text}` depends on itself"));
        }
        self.inference.constants.push(text.to_string());
        let names = std::mem::take(&mut self.names);
        let typed = self.expr(value);
        self.names = names;
        self.inference.constants.pop();
        let expr = typed?;
        // What goes wrong with its value goes wrong here.
        self.function.exprs[expr].span = span;
        if self.function.ty(expr).is_array() {
            return self.refuse(
                span,
                format!("the array constant `{text}` is not supported yet: pass it as an argument"),
            );
        }
        Ok(expr)
    }

    pub(super) fn unary(&mut self, op: UnaryOp, operand: hir::Expr, span: Span) -> Typed {
        if op == UnaryOp::Not {
            let condition = self.truth(operand)?;
            return Ok(match self.known_bool(condition) {
                Some(value) => self.bool(!value, span),
                None => self.push(ExprKind::Unary(Unary::Not, condition), Type::Weak(Weak::Bool), span),
            });
        }
        if let Some(value) = self.known_int(operand).and_then(|value| self.fold_int(op, value)) {
            return Ok(self.int(value, span));
        }
        let ty = self.function.ty(operand).clone();
        let unary = match op {
            UnaryOp::Plus => None,
            UnaryOp::Minus => Some(Unary::Neg),
            UnaryOp::Invert => Some(Unary::Invert),
            UnaryOp::Not => unreachable!("handled above"),
        };
        let operand =
            if ty == Type::Weak(Weak::Bool) { self.convert_to(operand, &Type::INT)? } else { operand };
        let Some(dtype) = self.function.ty(operand).dtype() else {
            return self.refuse(span, format!("no unary operator for {ty}"));
        };
        let Some(unary) = unary else {
            if dtype == Dtype::Bool {
                return self.refuse(span, "unary `+` has no meaning for bool arrays and np.bool_");
            }
            return Ok(self.own(operand, span));
        };
        if unary.result(dtype).is_none() {
            let symbol = if unary == Unary::Neg { "-" } else { "~" };
            let mut diagnostic = Diagnostic::error(span, format!("no unary `{symbol}` for {ty}"));
            if dtype == Dtype::Bool {
                diagnostic = diagnostic.hint("use `~` for logical negation");
            }
            return self.inference.report(diagnostic);
        }
        Ok(self.elementwise_unary(unary, operand, span))
    }

    /// Applies an operator whose result dtype is known to exist.
    pub(super) fn elementwise_unary(&mut self, op: Unary, operand: hir::Expr, span: Span) -> hir::Expr {
        let ty = self.function.ty(operand).clone();
        let dtype = op.result(ty.dtype().expect("a number")).expect("checked by the caller");
        let result = match &ty {
            Type::Array(array) => Type::Array(promote::broadcast(dtype, [*array])),
            Type::Weak(weak) if weak.default_dtype() == dtype => ty.clone(),
            Type::Weak(_) if dtype == Dtype::Bool => Type::Weak(Weak::Bool),
            _ => Type::Scalar(dtype),
        };
        self.push(ExprKind::Unary(op, operand), result, span)
    }

    pub(super) fn binary(&mut self, op: BinaryOp, left: hir::Expr, right: hir::Expr, span: Span) -> Typed {
        if let (Some(a), Some(b)) = (self.known_int(left), self.known_int(right)) {
            let both_bool = [left, right].iter().all(|e| *self.function.ty(*e) == Type::Weak(Weak::Bool));
            if let Some(value) = self.fold_ints(op, a, b).filter(|_| !both_bool) {
                return Ok(self.int(value, span));
            }
            if op == BinaryOp::Pow && b < 0 && a != 0 {
                let (base, exponent) = (self.float(a as f64, span), self.float(b as f64, span));
                return self.std_call("pow", Dtype::F64, &[base, exponent], Element::Weak(Weak::Float), span);
            }
        }
        if let Some(result) = self.tuple_operator(op, left, right, span) {
            return result;
        }
        if op == BinaryOp::MatMul {
            return self.matmul("@", left, right, span);
        }
        let (left_ty, right_ty) = (self.function.ty(left).clone(), self.function.ty(right).clone());
        let elements = Element::of(&left_ty).zip(Element::of(&right_ty));
        let typing = elements.and_then(|(a, b)| promote::binary(op, a, b));
        let Some(typing) = typing else {
            return self.refuse_binary(op, &left_ty, &right_ty, span);
        };
        if op == BinaryOp::Pow {
            return self.power(left, right, typing, span);
        }
        self.apply(typing.op, typing.compute, typing.result, left, right, span)
    }

    fn refuse_binary(&mut self, op: BinaryOp, left: &Type, right: &Type, span: Span) -> Typed {
        let verb = match op {
            BinaryOp::Add => "add",
            BinaryOp::Sub => "subtract",
            BinaryOp::Mul => "multiply",
            _ => "combine",
        };
        let message = match op {
            BinaryOp::Add => format!("cannot {verb} {left} and {right}"),
            BinaryOp::Sub | BinaryOp::Mul => format!("cannot {verb} {left} and {right}"),
            _ => format!("cannot {verb} {left} and {right} by `{}`", op.symbol()),
        };
        let mut diagnostic = Diagnostic::error(span, message);
        if op == BinaryOp::Sub && left.dtype() == Some(Dtype::Bool) {
            diagnostic = diagnostic.hint("NumPy has no subtraction of bools: use `^`");
        }
        self.inference.report(diagnostic)
    }

    /// Converts both operands to `compute` and applies `op`, elementwise if either is an array.
    pub(super) fn apply(
        &mut self,
        op: Binary,
        compute: Dtype,
        result: Element,
        left: hir::Expr,
        right: hir::Expr,
        span: Span,
    ) -> Typed {
        let left = self.operand(left, compute)?;
        let right = self.operand(right, compute)?;
        let ty = self.elementwise_type(&[left, right], result);
        Ok(self.push(ExprKind::Binary(op, left, right), ty, span))
    }

    /// The type of an elementwise result: an array if any operand is one.
    pub(super) fn elementwise_type(&self, operands: &[hir::Expr], element: Element) -> Type {
        let arrays: Vec<_> =
            operands.iter().filter_map(|operand| self.function.ty(*operand).array()).collect();
        if arrays.is_empty() {
            element.scalar()
        } else {
            Type::Array(promote::broadcast(element.dtype(), arrays))
        }
    }

    /// `a ** b`: small constant exponents as NumPy treats them, integers by squaring, floats by the library.
    fn power(&mut self, left: hir::Expr, right: hir::Expr, typing: promote::Typing, span: Span) -> Typed {
        if !typing.compute.is_float() {
            return self.apply(Binary::Pow, typing.compute, typing.result, left, right, span);
        }
        let exponent = self.known_number(right);
        let base = self.convert(left, typing.compute)?;
        let ty = self.elementwise_type(&[base, right], typing.result);
        let constant = exponent.filter(|_| !self.function.ty(right).is_array());
        if constant == Some(2.0) {
            return Ok(self.shared_in_expr(base, |this, base| {
                this.push(ExprKind::Binary(Binary::Mul, base, base), ty, span)
            }));
        }
        if constant == Some(1.0) {
            return Ok(self.own(base, span));
        }
        if constant == Some(0.5) && self.function.ty(left).is_array() {
            return Ok(self.push(ExprKind::Unary(Unary::Sqrt, base), ty, span));
        }
        if constant == Some(-1.0) && self.function.ty(left).is_array() {
            let one = self.push(
                ExprKind::Const(crate::base::Scalar::float(typing.compute, 1.0)),
                Type::Scalar(typing.compute),
                span,
            );
            return Ok(self.push(ExprKind::Binary(Binary::Div, one, base), ty, span));
        }
        let exponent = self.convert(right, typing.compute)?;
        self.std_call("pow", typing.compute, &[base, exponent], typing.result, span)
    }

    /// What NumPy's operators and functions return is an array of its own, also where there is nothing to compute.
    pub(super) fn own(&mut self, value: hir::Expr, span: Span) -> hir::Expr {
        let computed = match &self.function.exprs[value].kind {
            ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Compare(..)
            | ExprKind::Select { .. }
            | ExprKind::Fma(..)
            | ExprKind::Map { .. }
            | ExprKind::Alloc { .. }
            | ExprKind::Iota { .. }
            | ExprKind::Elements { .. }
            | ExprKind::MatMul(..)
            | ExprKind::Copy(_) => true,
            ExprKind::Convert(from) => self.function.ty(*from).dtype() != self.function.ty(value).dtype(),
            _ => false,
        };
        match self.function.ty(value).array() {
            Some(ty) if !computed => {
                let ty = Type::Array(ArrayType { layout: Layout::C, ..ty });
                self.push(ExprKind::Copy(value), ty, span)
            }
            _ => value,
        }
    }

    /// The value of a numeric constant.
    pub(super) fn known_number(&self, expr: hir::Expr) -> Option<f64> {
        match self.function.exprs[expr].kind {
            ExprKind::Const(_) if self.wide.contains_key(&expr) => {
                self.wide.get(&expr).map(|value| *value as f64)
            }
            ExprKind::Const(scalar) if scalar.dtype.is_float() => Some(scalar.as_f64()),
            ExprKind::Const(scalar) => Some(scalar.as_i64() as f64),
            _ => None,
        }
    }

    /// Binds `value` to a temporary inside an expression so that it is evaluated once.
    pub(super) fn shared_in_expr(
        &mut self,
        value: hir::Expr,
        body: impl FnOnce(&mut Self, hir::Expr) -> hir::Expr,
    ) -> hir::Expr {
        if let ExprKind::Const(_) | ExprKind::Local(_) | ExprKind::None = self.function.exprs[value].kind {
            return body(self, value);
        }
        let (ty, span) = (self.function.ty(value).clone(), self.function.span(value));
        let local = self.temporary(ty.clone());
        let read = self.push(ExprKind::Local(local), ty, span);
        let inner = body(self, read);
        let ty = self.function.ty(inner).clone();
        let span = self.function.span(inner);
        self.push(ExprKind::Let { local, value, body: inner }, ty, span)
    }

    /// The same for a body that may fail.
    pub(super) fn share(
        &mut self,
        value: hir::Expr,
        body: impl FnOnce(&mut Self, hir::Expr) -> Typed,
    ) -> Typed {
        let mut outcome = Ok(());
        let result = self.shared_in_expr(value, |this, value| {
            body(this, value).unwrap_or_else(|abort| {
                outcome = Err(abort);
                value
            })
        });
        outcome.map(|()| result)
    }

    /// An operand of an operator that computes in `dtype`: operators do not ask whether a scalar is weak.
    pub(super) fn operand(&mut self, expr: hir::Expr, dtype: Dtype) -> Typed {
        if self.function.ty(expr).scalar() == Some(dtype) && !self.wide.contains_key(&expr) {
            return Ok(expr);
        }
        self.convert(expr, dtype)
    }

    /// Converts to a dtype, keeping arrays arrays. Weak values lose their weakness only in name.
    pub(super) fn convert(&mut self, expr: hir::Expr, dtype: Dtype) -> Typed {
        let ty = match self.function.ty(expr) {
            Type::Array(array) => Type::Array(promote::broadcast(dtype, [*array])),
            _ => Type::Scalar(dtype),
        };
        self.convert_to(expr, &ty)
    }

    /// Converts to a type: scalars to scalars, arrays elementwise. A known int must fit.
    pub(super) fn convert_to(&mut self, expr: hir::Expr, ty: &Type) -> Typed {
        let (from, span) = (self.function.ty(expr).clone(), self.function.span(expr));
        if from == *ty {
            self.require_narrow(expr)?;
            return Ok(expr);
        }
        if let (Some(value), Some(dtype)) = (self.known_int(expr), ty.scalar())
            && dtype != Dtype::Bool
            && !dtype.is_complex()
        {
            return self.int_constant(value, dtype, ty.clone(), span);
        }
        match (from.dtype(), ty.dtype()) {
            (Some(a), Some(b)) if a.is_complex() || b.is_complex() => self.refuse(
                span,
                format!("computing with {} is not supported yet", if a.is_complex() { a } else { b }),
            ),
            (Some(a), Some(b)) if from.is_array() && a == b => Ok(expr),
            (Some(_), Some(_)) => Ok(self.retype(expr, ty)),
            _ => self.refuse(span, format!("cannot convert {from} to {ty}")),
        }
    }

    pub(super) fn retype(&mut self, expr: hir::Expr, ty: &Type) -> hir::Expr {
        let span = self.function.span(expr);
        self.push(ExprKind::Convert(expr), ty.clone(), span)
    }

    /// A scalar as a weak int: an index, an extent, a bound.
    pub(super) fn as_index(&mut self, expr: hir::Expr, what: &str) -> Typed {
        let ty = self.function.ty(expr).clone();
        let integer = ty.scalar().is_some_and(|dtype| dtype.is_int()) || ty == Type::Weak(Weak::Bool);
        if !integer {
            let span = self.function.span(expr);
            let mut diagnostic = Diagnostic::error(span, format!("{what} must be an int, not {ty}"));
            if ty.scalar().is_some_and(|dtype| dtype.is_float()) {
                diagnostic = diagnostic.hint("convert with `int(…)`, or divide with `//`");
            }
            return self.inference.report(diagnostic);
        }
        let mut expr = expr;
        if ty.dtype() == Some(Dtype::U64) {
            // What i64 cannot hold is beyond every extent, and stays so.
            let span = self.function.span(expr);
            let most = Scalar::int(Dtype::U64, i64::MAX);
            let most = self.push(ExprKind::Const(most), Type::Scalar(Dtype::U64), span);
            expr = self.apply(Binary::Min, Dtype::U64, Element::Strong(Dtype::U64), expr, most, span)?;
        }
        self.convert_to(expr, &Type::INT)
    }

    /// A condition: the truth of a scalar.
    pub(super) fn condition(&mut self, expr: &'a ast::Expr) -> Typed {
        let value = self.expr(expr)?;
        self.truth(value)
    }

    pub(super) fn truth(&mut self, value: hir::Expr) -> Typed {
        let (ty, span) = (self.function.ty(value).clone(), self.function.span(value));
        match &ty {
            Type::Weak(Weak::Bool) | Type::Scalar(Dtype::Bool) => Ok(value),
            Type::Weak(_) | Type::Scalar(_) => {
                if let Some(known) = self.known_int(value) {
                    return Ok(self.bool(known != 0, span));
                }
                self.convert_to(value, &Type::Weak(Weak::Bool))
            }
            Type::Array(array) if array.rank == 0 => {
                let element = self.element(value, vec![], span);
                self.truth(element)
            }
            Type::Array(_) => self.inference.report(
                Diagnostic::error(span, format!("the truth value of {ty} is ambiguous"))
                    .hint("compare one element, or reduce the array first"),
            ),
            Type::Tuple(items) => {
                let truth = !items.is_empty();
                self.bound_first(value, |this, _| Ok(this.bool(truth, span)))
            }
            Type::None => self.bound_first(value, |this, _| Ok(this.bool(false, span))),
            Type::Dtype(_) => self.refuse(span, "the truth value of a dtype"),
        }
    }

    fn logical(&mut self, op: LogicalOp, operands: &'a [ast::Expr], span: Span) -> Typed {
        let (first, rest) = operands.split_first().expect("two or more");
        let left = self.expr(first)?;
        if rest.is_empty() {
            return Ok(left);
        }
        self.bound_first(left, |this, kept| {
            let condition = this.truth(kept)?;
            // What a known operand decides is not typed: `w is None or w[0] > 0`.
            if let Some(known) = this.known_bool(condition) {
                let decided = known == (op == LogicalOp::Or);
                return if decided { Ok(kept) } else { this.logical(op, rest, span) };
            }
            let right = this.logical(op, rest, span)?;
            this.one_of(op, condition, kept, right, span)
        })
    }

    /// `left and right`, `left or right`: one of the operands.
    pub(super) fn choose(&mut self, op: LogicalOp, left: hir::Expr, right: hir::Expr, span: Span) -> Typed {
        self.bound_first(left, |this, kept| {
            let condition = this.truth(kept)?;
            this.one_of(op, condition, kept, right, span)
        })
    }

    fn one_of(
        &mut self,
        op: LogicalOp,
        condition: hir::Expr,
        kept: hir::Expr,
        right: hir::Expr,
        span: Span,
    ) -> Typed {
        match op {
            LogicalOp::And => self.conditional(condition, right, kept, span),
            LogicalOp::Or => self.conditional(condition, kept, right, span),
        }
    }

    fn ternary(
        &mut self,
        condition: &'a ast::Expr,
        then: &'a ast::Expr,
        otherwise: &'a ast::Expr,
        span: Span,
    ) -> Typed {
        let condition = self.condition(condition)?;
        // Only what can be evaluated is typed: `0.0 if w is None else w[i]`.
        match self.known_bool(condition) {
            Some(true) => return self.expr(then),
            Some(false) => return self.expr(otherwise),
            None => {}
        }
        match (self.expr(then), self.expr(otherwise)) {
            // A recursive call on one side: the other gives the provisional type.
            (Err(Abort::Unknown), Ok(known)) | (Ok(known), Err(Abort::Unknown)) => {
                self.incomplete = true;
                Ok(known)
            }
            (then, otherwise) => self.conditional(condition, then?, otherwise?, span),
        }
    }

    fn conditional(
        &mut self,
        condition: hir::Expr,
        then: hir::Expr,
        otherwise: hir::Expr,
        span: Span,
    ) -> Typed {
        if let Some(known) = self.known_bool(condition) {
            return Ok(if known { then } else { otherwise });
        }
        let (a, b) = (self.function.ty(then).clone(), self.function.ty(otherwise).clone());
        let Some(joined) = promote::join(&a, &b) else {
            return self.inference.report(
                Diagnostic::error(span, format!("one side is {a}, the other {b}"))
                    .label(self.function.span(then), format!("{a} here"))
                    .label(self.function.span(otherwise), format!("{b} here"))
                    .hint("convert both to one type"),
            );
        };
        let then = self.conform(then, &joined)?;
        let otherwise = self.conform(otherwise, &joined)?;
        Ok(self.push(ExprKind::If { condition, then, otherwise }, joined, span))
    }

    /// Gives an expression a joined type.
    pub(super) fn conform(&mut self, expr: hir::Expr, ty: &Type) -> Typed {
        if self.function.ty(expr) == ty {
            self.require_narrow(expr)?;
            return Ok(expr);
        }
        match ty {
            Type::Weak(_) | Type::Scalar(_) => self.convert_to(expr, ty),
            _ => Ok(self.retype(expr, ty)),
        }
    }

    pub(super) fn tuple(&mut self, items: &'a [ast::Expr], span: Span) -> Typed {
        let mut exprs = vec![];
        for item in items {
            let expr = self.expr(item)?;
            self.require_narrow(expr)?;
            exprs.push(expr);
        }
        let types = exprs.iter().map(|expr| self.function.ty(*expr).clone()).collect();
        Ok(self.push(ExprKind::Tuple(exprs), Type::Tuple(types), span))
    }
}
