//! Statements: each is typed into the block at hand; an error poisons its targets and typing goes on.

use super::annotation::ResultSpec;
use super::flow::{Binding, Name, State};
use super::loops::ForParts;
use super::promote::join;
use super::view::Subscript;
use super::{Abort, Body, Typed};
use crate::ast::{self, ExprKind as Ast, StmtKind};
use crate::base::{Diagnostic, Span, Type};
use crate::hir::{self, ExprKind, Stmt, StmtKind as Hir};

impl<'a> Body<'_, 'a> {
    /// The whole body; falling off the end returns None. `expected`: the result as known from an earlier round.
    pub(super) fn function_body(&mut self, source: &'a ast::Function, expected: Option<&Type>) -> hir::Block {
        let mut block = self.block(&source.body);
        if self.state.is_reachable() && self.returned.is_some() {
            let (ty, span) = self.returned.clone().expect("some");
            if ty != Type::None {
                self.inference.diagnostics.push(
                    Diagnostic::error(
                        source.name.span,
                        format!("`{}` returns {ty} on one path and nothing on another", source.name.text),
                    )
                    .label(span, format!("returns {ty}"))
                    .hint("return a value of one type on every path"),
                );
            }
        }
        if self.state.is_reachable() && self.returned.is_none() {
            self.returned = Some((Type::None, source.span));
        }
        if let Some((ty, _)) = &self.returned {
            let result = expected.and_then(|expected| join(expected, ty)).unwrap_or_else(|| ty.clone());
            self.convert_returns(&mut block, &result);
            self.returned = Some((result, source.span));
        }
        block
    }

    /// Returns of a narrower type than the joined result convert to it.
    fn convert_returns(&mut self, block: &mut hir::Block, result: &Type) {
        for stmt in block {
            match &mut stmt.kind {
                Hir::Return(Some(value)) if self.function.ty(*value) != result => {
                    *value = self.retype(*value, result);
                }
                Hir::If { then, otherwise, .. } => {
                    self.convert_returns(then, result);
                    self.convert_returns(otherwise, result);
                }
                Hir::While { body, .. } | Hir::Scope { body, .. } => self.convert_returns(body, result),
                Hir::For(loop_) => self.convert_returns(&mut loop_.body, result),
                _ => {}
            }
        }
    }

    pub(super) fn block(&mut self, stmts: &'a [ast::Stmt]) -> hir::Block {
        let mut block = vec![];
        for stmt in stmts {
            if !self.state.is_reachable() {
                break;
            }
            match self.stmt(stmt, &mut block) {
                Ok(()) => {}
                Err(Abort::Reported) => {
                    self.aborted = true;
                    self.poison(stmt);
                }
                Err(Abort::Unknown) => {
                    self.incomplete = true;
                    self.state = State::unreachable();
                }
                Err(Abort::Unbound) => self.state = State::unreachable(),
            }
        }
        block
    }

    /// What a statement with an error would have assigned is not worth further messages.
    fn poison(&mut self, stmt: &'a ast::Stmt) {
        let mut names = vec![];
        super::names::assigned(std::slice::from_ref(stmt), &mut |name, _| names.push(name));
        for name in names {
            self.state.set(self.names[name], Binding::Poisoned);
        }
    }

    pub(super) fn poison_target(&mut self, target: &'a ast::Expr) {
        let mut names = vec![];
        super::names::target_names(target, &mut |name, _| names.push(name));
        for name in names {
            self.state.set(self.names[name], Binding::Poisoned);
        }
    }

    pub(super) fn emit(&mut self, block: &mut hir::Block, kind: Hir, span: Span) {
        block.push(Stmt { kind, span });
    }

    fn stmt(&mut self, stmt: &'a ast::Stmt, block: &mut hir::Block) -> Typed<()> {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Expr(value) => self.expression_statement(value, block),
            StmtKind::Assign { targets, value } => self.assign_statement(targets, value, span, block),
            StmtKind::Annotated { target, annotation, value } => {
                self.annotated(target, annotation, value.as_ref(), span, block)
            }
            StmtKind::Augmented { target, op, op_span, value } => {
                self.augmented(target, *op, *op_span, value, span, block)
            }
            StmtKind::If { condition, then, otherwise } => {
                self.if_statement(condition, then, otherwise, span, block)
            }
            StmtKind::While { condition, body, otherwise } => {
                self.while_statement(condition, body, otherwise, span, block)
            }
            StmtKind::For { target, iterable, body, otherwise } => {
                let header = Span { end: iterable.span.end, ..span };
                self.for_statement(iterable, ForParts { target, body, otherwise, header }, block)
            }
            StmtKind::Break => self.break_statement(span, block),
            StmtKind::Continue => self.continue_statement(span, block),
            StmtKind::Pass => Ok(()),
            StmtKind::Return(value) => self.return_statement(value.as_ref(), span, block),
            StmtKind::Assert { condition, message } => {
                self.assert_statement(condition, message.as_ref(), span, block)
            }
            StmtKind::Raise { exception } => self.raise_statement(exception.as_ref(), span, block),
            StmtKind::Unsupported { keyword } if keyword == "nested def" => self.inference.report(
                Diagnostic::error(span, "a function inside a function is not part of the language")
                    .hint("define it at the top level of the file"),
            ),
            StmtKind::Unsupported { keyword } => {
                self.refuse(span, format!("`{keyword}` is not part of the language"))
            }
        }
    }

    fn expression_statement(&mut self, value: &'a ast::Expr, block: &mut hir::Block) -> Typed<()> {
        if let Ast::Str(_) | Ast::Ellipsis | Ast::None = value.kind {
            return Ok(());
        }
        let expr = self.expr(value)?;
        self.emit(block, Hir::Eval(expr), value.span);
        Ok(())
    }

    fn assign_statement(
        &mut self,
        targets: &'a [ast::Expr],
        value: &'a ast::Expr,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        // `a, b = b, a`: element by element through temporaries, without a tuple in between.
        let mut expr = self.expr(value)?;
        if targets.len() > 1 || matches!(targets[0].kind, Ast::Tuple(_) | Ast::List(_)) {
            expr = self.shared(expr, block);
        }
        targets.iter().try_for_each(|target| self.assign(target, expr, span, block))
    }

    /// Evaluates `expr` once, into a temporary unless it is one already.
    pub(super) fn shared(&mut self, expr: hir::Expr, block: &mut hir::Block) -> hir::Expr {
        let (ty, span) = (self.function.ty(expr).clone(), self.function.span(expr));
        if let ExprKind::Const(_) | ExprKind::None = self.function.exprs[expr].kind {
            return expr;
        }
        let local = self.temporary(ty.clone());
        self.emit(block, Hir::Assign { local, value: expr }, span);
        self.push(ExprKind::Local(local), ty, span)
    }

    pub(super) fn assign(
        &mut self,
        target: &'a ast::Expr,
        value: hir::Expr,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        match &target.kind {
            Ast::Name(name) => self.bind(name, target.span, value, span, block),
            Ast::Tuple(items) | Ast::List(items) => self.unpack(items, target.span, value, span, block),
            Ast::Index { value: array, items } => self.store(target, array, items, value, span, block),
            Ast::Attribute { name, .. } => self.inference.report(Diagnostic::error(
                target.span,
                format!("cannot assign to the attribute `{}`", name.text),
            )),
            _ => self.inference.report(Diagnostic::error(target.span, "cannot assign to this expression")),
        }
    }

    /// `name = value`.
    pub(super) fn bind(
        &mut self,
        text: &str,
        target: Span,
        value: hir::Expr,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let name = self.names[text];
        self.require_narrow(value)?;
        let mut value = value;
        if let Some(forced) = self.forced.get(&name).cloned() {
            if self.function.ty(value).scalar().is_none() {
                let message = format!("`{text}` is {}, but `locals` says {forced}", self.function.ty(value));
                return self.inference.report(Diagnostic::error(target, message));
            }
            value = self.convert_to(value, &forced)?;
        }
        let ty = self.function.ty(value).clone();
        let local = self.local(name, ty);
        self.emit(block, Hir::Assign { local, value }, span);
        self.state.set(name, Binding::Bound { local, span: target });
        Ok(())
    }

    fn store(
        &mut self,
        target: &'a ast::Expr,
        array: &'a ast::Expr,
        items: &'a [ast::Expr],
        value: hir::Expr,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let array = self.expr(array)?;
        match self.subscript(array, items, target.span)? {
            Subscript::View(items) => {
                let view = self.view(array, items, target.span)?;
                self.update(view, value, span, block)
            }
            Subscript::Element(indices) => {
                let dtype = self.function.ty(array).dtype().expect("subscripted an array");
                self.require_scalar(value, array, span)?;
                let value = self.store_value(value, dtype, span)?;
                self.emit(block, Hir::Store { array, indices, value }, target.span);
                Ok(())
            }
        }
    }

    /// `target[...] = value`.
    pub(super) fn update(
        &mut self,
        target: hir::Expr,
        value: hir::Expr,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let array = self.function.ty(target).array().expect("an array");
        let value = self.store_value(value, array.dtype, span)?;
        if let Some(source) = self.function.ty(value).array().filter(|source| source.rank > array.rank) {
            let message = format!("cannot store {source} into {array}");
            return self.inference.report(Diagnostic::error(span, message));
        }
        self.emit(block, Hir::Update { target, value }, span);
        Ok(())
    }

    fn require_scalar(&mut self, value: hir::Expr, array: hir::Expr, span: Span) -> Typed<()> {
        let (value, array) = (self.function.ty(value).clone(), self.function.ty(array).clone());
        if !value.is_array() {
            return Ok(());
        }
        self.inference.report(
            Diagnostic::error(span, format!("cannot store {value} as one element of {array}"))
                .hint("index the value, or store elementwise with `[:] = …`"),
        )
    }

    /// A store converts silently, as NumPy's element assignment does; but a literal must fit.
    fn store_value(&mut self, value: hir::Expr, dtype: crate::base::Dtype, span: Span) -> Typed {
        if self.function.ty(value).dtype().is_none() {
            let message = format!("cannot store {} as an element of type {dtype}", self.function.ty(value));
            return self.inference.report(Diagnostic::error(span, message));
        }
        self.convert(value, dtype)
    }

    fn annotated(
        &mut self,
        target: &'a ast::Expr,
        annotation: &'a ast::Expr,
        value: Option<&'a ast::Expr>,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let spec = super::annotation::annotation(annotation).or_else(|error| self.inference.report(error))?;
        let Some(value) = value else { return Ok(()) };
        let expr = self.expr(value)?;
        let ty = self.function.ty(expr).clone();
        let wanted = spec.accept("value", value.span, &ty).map_err(|_| ());
        let Ok(wanted) = wanted else {
            let message = format!("the value is {ty}, the annotation says {spec}");
            return self
                .inference
                .report(Diagnostic::error(value.span, message).label(annotation.span, "annotated here"));
        };
        let expr = self.convert_to(expr, &wanted)?;
        self.assign(target, expr, span, block)
    }

    fn augmented(
        &mut self,
        target: &'a ast::Expr,
        op: ast::BinaryOp,
        op_span: Span,
        value: &'a ast::Expr,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        match &target.kind {
            Ast::Name(name) => {
                let current = self.expr(target)?;
                if self.function.ty(current).is_array() {
                    let value = self.expr(value)?;
                    return self.update_in_place(current, op, op_span, value, span, block);
                }
                let value = self.expr(value)?;
                let result = self.binary(op, current, value, span)?;
                self.bind(name, target.span, result, span, block)
            }
            Ast::Index { value: array, items } => {
                let array = self.expr(array)?;
                let array = self.shared(array, block);
                match self.subscript(array, items, target.span)? {
                    Subscript::View(items) => {
                        let view = self.view(array, items, target.span)?;
                        let view = self.shared(view, block);
                        let value = self.expr(value)?;
                        self.update_in_place(view, op, op_span, value, span, block)
                    }
                    Subscript::Element(indices) => {
                        let indices: Vec<_> =
                            indices.into_iter().map(|index| self.shared(index, block)).collect();
                        let current = self.element(array, indices.clone(), target.span);
                        let value = self.expr(value)?;
                        let result = self.binary(op, current, value, span)?;
                        self.require_scalar(result, array, span)?;
                        let dtype = self.function.ty(array).dtype().expect("an array");
                        let result = self.store_value(result, dtype, span)?;
                        self.emit(block, Hir::Store { array, indices, value: result }, target.span);
                        Ok(())
                    }
                }
            }
            _ => self.inference.report(Diagnostic::error(target.span, "cannot assign to this expression")),
        }
    }

    /// `x += y` of arrays: NumPy's same-kind rule for what may be stored back.
    fn update_in_place(
        &mut self,
        target: hir::Expr,
        op: ast::BinaryOp,
        op_span: Span,
        value: hir::Expr,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let array = self.function.ty(target).array().expect("an array");
        let result = match op {
            ast::BinaryOp::MatMul => self.matmul_for(target, target, value, op_span)?,
            _ => self.binary(op, target, value, span)?,
        };
        let computed = self.function.ty(result).array().expect("elementwise, or a product that fits");
        // NumPy's same_kind lets unsigned go to signed but not back: the order of kinds.
        if computed.dtype.kind() > array.dtype.kind() {
            let message = format!("cannot store {} back into {array} in place", computed.dtype);
            return self.inference.report(Diagnostic::error(op_span, message).hint(format!(
                "NumPy refuses this too; write `x[...] = …` to convert, or use {} for the result",
                computed.dtype
            )));
        }
        self.update(target, result, span, block)
    }

    fn if_statement(
        &mut self,
        condition: &'a ast::Expr,
        then: &'a [ast::Stmt],
        otherwise: &'a [ast::Stmt],
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let condition = self.condition(condition)?;
        // A branch that cannot be taken is not typed: `if w is None` where `w` is an array.
        if let Some(known) = self.known_bool(condition) {
            let live = self.block(if known { then } else { otherwise });
            block.extend(live);
            return Ok(());
        }
        let entry = self.state.clone();
        let mut then_block = self.block(then);
        let then_state = std::mem::replace(&mut self.state, entry);
        let mut else_block = self.block(otherwise);
        let else_state = std::mem::replace(&mut self.state, State::unreachable());
        self.state = self.merge(&mut [(then_state, &mut then_block), (else_state, &mut else_block)]);
        self.emit(block, Hir::If { condition, then: then_block, otherwise: else_block }, span);
        Ok(())
    }

    fn return_statement(
        &mut self,
        value: Option<&'a ast::Expr>,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        if let Some(parallel) = self.enclosing_parallel() {
            return self.inference.report(
                Diagnostic::error(span, "`return` out of a prange")
                    .label(parallel, "iterations of this loop may run in any order")
                    .hint("use `range` for a loop that ends early"),
            );
        }
        let value = match value {
            Some(value) => {
                let expr = self.expr(value)?;
                self.require_narrow(expr)?;
                expr
            }
            None => self.push(ExprKind::None, Type::None, span),
        };
        let value = self.declared_result(value, span)?;
        let ty = self.function.ty(value).clone();
        let joined = match &self.returned {
            None => Some(ty.clone()),
            Some((before, _)) => join(before, &ty),
        };
        let Some(joined) = joined else {
            let (before, place) = self.returned.clone().expect("some");
            self.state = State::unreachable();
            return self.inference.report(
                Diagnostic::error(span, format!("returns {ty} here and {before} elsewhere"))
                    .label(place, format!("returns {before}"))
                    .hint("return one type on every path"),
            );
        };
        self.returned = Some((joined, span));
        self.emit(block, Hir::Return(Some(value)), span);
        self.state = State::unreachable();
        Ok(())
    }

    /// A result as an explicit signature has it.
    fn declared_result(&mut self, value: hir::Expr, span: Span) -> Typed {
        let ty = self.function.ty(value).clone();
        let (wanted, said) = match self.declared_result.clone() {
            None => return Ok(value),
            Some(ResultSpec::None) => ((ty == Type::None).then_some(Type::None), "None".to_string()),
            Some(ResultSpec::Value(spec)) => (spec.accept("result", span, &ty).ok(), spec.to_string()),
        };
        match wanted {
            Some(wanted) => self.conform(value, &wanted),
            None => self.refuse(span, format!("returns {ty}, but the explicit signature says {said}")),
        }
    }

    /// The place where a name was first assigned in this function, for messages.
    pub(super) fn name(&self, text: &str) -> Option<Name> {
        self.names.get(text).copied()
    }
}
