//! `assert` and `raise`: their messages are texts of the program, known before it runs.

use super::flow::State;
use super::{Body, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::{Diagnostic, Span};
use crate::hir::{self, StmtKind as Hir};

/// Python's exceptions that a kernel may have reason to raise.
const EXCEPTIONS: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BufferError",
    "EOFError",
    "Exception",
    "FloatingPointError",
    "IndexError",
    "KeyError",
    "LookupError",
    "MemoryError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "RecursionError",
    "ReferenceError",
    "RuntimeError",
    "StopIteration",
    "SystemError",
    "TimeoutError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeError",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
];

impl<'a> Body<'_, 'a> {
    pub(super) fn assert_statement(
        &mut self,
        condition: &'a ast::Expr,
        message: Option<&'a ast::Expr>,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let condition = self.condition(condition)?;
        let message = match message {
            None => String::new(),
            Some(expr) => self.message(expr)?,
        };
        self.emit(block, Hir::Assert { condition, message }, span);
        Ok(())
    }

    fn message(&mut self, expr: &ast::Expr) -> Typed<String> {
        match &expr.kind {
            Ast::Str(text) => Ok(text.clone()),
            Ast::Unsupported { what } if what == "f-string" => self.refuse_message(expr, "an f-string"),
            Ast::Binary { .. } | Ast::Call { .. } => {
                self.refuse_message(expr, "a message put together at run time")
            }
            _ => self.inference.report(Diagnostic::error(expr.span, "a message is a string literal")),
        }
    }

    fn refuse_message(&mut self, expr: &ast::Expr, what: &str) -> Typed<String> {
        self.inference.report(
            Diagnostic::error(
                expr.span,
                format!("{what} is not part of the language: a message is a string literal"),
            )
            .hint("the fault reports its place and the loop variables by itself"),
        )
    }

    pub(super) fn raise_statement(
        &mut self,
        exception: Option<&'a ast::Expr>,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let Some(expr) = exception else {
            return self.inference.report(
                Diagnostic::error(span, "`raise` without an exception").hint("raise ValueError(\"…\")"),
            );
        };
        let (exception, message) = match &expr.kind {
            Ast::Name(name) => (name.clone(), String::new()),
            Ast::Call { function, args } => match (&function.kind, args.as_slice()) {
                (Ast::Name(name), []) => (name.clone(), String::new()),
                (Ast::Name(name), [arg]) if arg.keyword.is_none() && !arg.starred => {
                    (name.clone(), self.message(&arg.value)?)
                }
                _ => return self.refuse_exception(expr),
            },
            _ => return self.refuse_exception(expr),
        };
        self.known_exception(&exception, expr.span)?;
        self.emit(block, Hir::Raise { exception, message }, span);
        self.state = State::unreachable();
        Ok(())
    }

    /// One of Python's, or a class of the file.
    fn known_exception(&mut self, name: &str, span: Span) -> Typed<()> {
        if EXCEPTIONS.contains(&name) || self.is_imported(name) || self.bound_outside(name, span).is_some() {
            return Ok(());
        }
        let mut diagnostic =
            Diagnostic::error(span, format!("`{name}` is no exception of Python or of this file"));
        if let Some(near) = super::names::nearest(name, EXCEPTIONS.iter().copied()) {
            diagnostic = diagnostic.hint(format!("did you mean `{near}`?"));
        }
        self.inference.report(diagnostic)
    }

    fn refuse_exception(&mut self, expr: &ast::Expr) -> Typed<()> {
        self.inference.report(Diagnostic::error(
            expr.span,
            "an exception is a name with at most one string, as ValueError(\"…\")",
        ))
    }
}
