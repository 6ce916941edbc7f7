//! The typed program as text, for `dump --stage hir`.
//!
//! ```text
//! def sum_of_squares(x: f64[::1]) -> f64:
//!     total: float = 0.0
//!     for i in prange(0, x.shape[0], 1) reducing total (add):
//!         …
//! ```
//!
//! Source-like, with a type wherever a local gets a value. A conversion reads as a call (`f64(x)`), a typed constant
//! as `2:f32`, a read that is tested as `x?`. A local is spelled by its source name; where several share it, its
//! number follows (`x.3`); temporaries are numbers alone (`_3`). Operators inside operators are always in brackets.

use super::{Block, Expr, ExprKind, For, Func, Function, Local, Module, Reduce, Stmt, StmtKind};
use crate::base::{Binary, Scalar, Type, Unary};
use std::fmt::{self, Write};

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for func in self.functions.keys() {
            if func.as_u32() > 0 {
                f.write_char('\n')?;
            }
            let entry = if func == self.entry { "# entry\n" } else { "" };
            f.write_str(entry)?;
            Printer { module: Some(self), function: &self.functions[func], out: f }.function(Some(func))?;
        }
        Ok(())
    }
}

/// Alone, a function knows its callees by number only.
impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        Printer { module: None, function: self, out: f }.function(None)
    }
}

/// One function being written to `out`.
struct Printer<'a, 'b, 'c> {
    module: Option<&'a Module>,
    function: &'a Function,
    out: &'b mut fmt::Formatter<'c>,
}

impl<'a> Printer<'a, '_, '_> {
    fn function(&mut self, func: Option<Func>) -> fmt::Result {
        let function = self.function;
        if function.recursive {
            self.out.write_str("# recursive\n")?;
        }
        if !function.disjoint.is_empty() {
            writeln!(self.out, "# disjoint: {}", function.disjoint.join(", "))?;
        }
        let name = match func {
            Some(func) => self.callee(func),
            None => function.name.clone(),
        };
        write!(self.out, "def {name}(")?;
        for (k, &param) in function.params.iter().enumerate() {
            let comma = if k > 0 { ", " } else { "" };
            write!(self.out, "{comma}{}: {}", self.local(param), self.ty_of(param))?;
        }
        writeln!(self.out, ") -> {}:", function.result)?;
        self.block(&function.body, 1)
    }

    /// A function's name, with its number where the module has several of that name.
    fn callee(&self, func: Func) -> String {
        let Some(module) = self.module else { return func.to_string() };
        let Some(function) = module.functions.get(func) else { return func.to_string() };
        let same = module.functions.values().filter(|other| other.name == function.name).count();
        if same > 1 { format!("{}.{}", function.name, func.as_u32()) } else { function.name.clone() }
    }

    fn local(&self, local: Local) -> String {
        let Some(data) = self.function.locals.get(local) else { return local.to_string() };
        if data.name.is_empty() {
            return format!("_{}", local.as_u32());
        }
        let same = self.function.locals.values().filter(|other| other.name == data.name).count();
        if same > 1 { format!("{}.{}", data.name, local.as_u32()) } else { data.name.clone() }
    }

    fn ty_of(&self, local: Local) -> &'a Type {
        &self.function.locals[local].ty
    }

    fn block(&mut self, block: &Block, depth: usize) -> fmt::Result {
        if block.is_empty() {
            self.indent(depth)?;
            return self.out.write_str("pass\n");
        }
        block.iter().try_for_each(|stmt| self.stmt(stmt, depth))
    }

    fn indent(&mut self, depth: usize) -> fmt::Result {
        (0..depth).try_for_each(|_| self.out.write_str("    "))
    }

    fn stmt(&mut self, stmt: &Stmt, depth: usize) -> fmt::Result {
        self.indent(depth)?;
        match &stmt.kind {
            StmtKind::Assign { local, value } => {
                write!(self.out, "{}: {} = ", self.local(*local), self.ty_of(*local))?;
                self.line(*value)
            }
            StmtKind::Store { array, indices, value } => {
                self.index(*array, indices)?;
                self.out.write_str(" = ")?;
                self.line(*value)
            }
            StmtKind::Update { target, value } => {
                self.operand(*target)?;
                self.out.write_str("[...] = ")?;
                self.line(*value)
            }
            StmtKind::Join { to, from } => {
                writeln!(self.out, "join {}: {} = {}", self.local(*to), self.ty_of(*to), self.local(*from))
            }
            StmtKind::Eval(expr) => self.line(*expr),
            StmtKind::If { condition, then, otherwise } => self.branch(*condition, then, otherwise, depth),
            StmtKind::While { condition, body } => {
                self.out.write_str("while ")?;
                self.expr(*condition)?;
                self.out.write_str(":\n")?;
                self.block(body, depth + 1)
            }
            StmtKind::For(stmt) => self.for_loop(stmt, depth),
            StmtKind::Break => self.out.write_str("break\n"),
            StmtKind::Continue => self.out.write_str("continue\n"),
            StmtKind::Return(None) => self.out.write_str("return\n"),
            StmtKind::Return(Some(value)) => {
                self.out.write_str("return ")?;
                self.line(*value)
            }
            StmtKind::Assert { condition, message } => {
                self.out.write_str("assert ")?;
                self.expr(*condition)?;
                if !message.is_empty() {
                    write!(self.out, ", {message:?}")?;
                }
                self.out.write_char('\n')
            }
            StmtKind::Raise { exception, message } => writeln!(self.out, "raise {exception}({message:?})"),
        }
    }

    fn branch(&mut self, condition: Expr, then: &Block, otherwise: &Block, depth: usize) -> fmt::Result {
        self.out.write_str("if ")?;
        self.expr(condition)?;
        self.out.write_str(":\n")?;
        self.block(then, depth + 1)?;
        if otherwise.is_empty() {
            return Ok(());
        }
        self.indent(depth)?;
        self.out.write_str("else:\n")?;
        self.block(otherwise, depth + 1)
    }

    fn for_loop(&mut self, stmt: &For, depth: usize) -> fmt::Result {
        let range = if stmt.parallel { "prange" } else { "range" };
        write!(self.out, "for {} in {range}", self.local(stmt.index))?;
        self.list(&[stmt.start, stmt.stop, stmt.step])?;
        for (k, reduction) in stmt.reductions.iter().enumerate() {
            let word = if k == 0 { " reducing" } else { "," };
            write!(self.out, "{word} {} ({})", self.local(reduction.local), reduction.op.binary().name())?;
        }
        self.out.write_str(":\n")?;
        self.block(&stmt.body, depth + 1)
    }

    /// An expression that ends its line.
    fn line(&mut self, expr: Expr) -> fmt::Result {
        self.expr(expr)?;
        self.out.write_char('\n')
    }

    /// Inside an operator: in brackets unless it holds together by itself.
    fn operand(&mut self, expr: Expr) -> fmt::Result {
        if !is_loose(&self.function.exprs[expr].kind) {
            return self.expr(expr);
        }
        self.out.write_char('(')?;
        self.expr(expr)?;
        self.out.write_char(')')
    }

    /// `(a, b, c)`.
    fn list(&mut self, exprs: &[Expr]) -> fmt::Result {
        self.out.write_char('(')?;
        self.comma_separated(exprs)?;
        self.out.write_char(')')
    }

    fn comma_separated(&mut self, exprs: &[Expr]) -> fmt::Result {
        for (k, &expr) in exprs.iter().enumerate() {
            self.out.write_str(if k > 0 { ", " } else { "" })?;
            self.expr(expr)?;
        }
        Ok(())
    }

    /// `name(a, b, c)`.
    fn call(&mut self, name: &str, args: &[Expr]) -> fmt::Result {
        self.out.write_str(name)?;
        self.list(args)
    }

    fn infix(&mut self, left: Expr, symbol: &str, right: Expr) -> fmt::Result {
        self.operand(left)?;
        write!(self.out, " {symbol} ")?;
        self.operand(right)
    }

    /// Expressions nest as deep as the parser allows; the native stack need not.
    fn expr(&mut self, expr: Expr) -> fmt::Result {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.expr_kind(expr))
    }

    fn expr_kind(&mut self, expr: Expr) -> fmt::Result {
        let function = self.function;
        let data = &function.exprs[expr];
        match &data.kind {
            ExprKind::Const(value) => self.constant(*value, &data.ty),
            ExprKind::None => self.out.write_str("None"),
            ExprKind::Local(local) => write!(self.out, "{}", self.local(*local)),
            ExprKind::CheckedLocal(local) => write!(self.out, "{}?", self.local(*local)),
            ExprKind::Unary(op, x) => self.unary(*op, *x),
            ExprKind::Binary(op, a, b) => match symbol(*op) {
                Some(symbol) => self.infix(*a, symbol, *b),
                None => self.call(op.name(), &[*a, *b]),
            },
            ExprKind::Compare(op, a, b) => self.infix(*a, op.symbol(), *b),
            ExprKind::Convert(x) => self.conversion(&data.ty, *x),
            ExprKind::Select { condition, then, otherwise } => {
                self.call("select", &[*condition, *then, *otherwise])
            }
            ExprKind::Fma(a, b, c) => self.call("fma", &[*a, *b, *c]),
            ExprKind::If { condition, then, otherwise } => self.ternary(*condition, *then, *otherwise),
            ExprKind::Let { local, value, body } => self.binding(*local, *value, *body),
            ExprKind::Call { func, args } => self.call(&self.callee(*func), args),
            ExprKind::Map { func, args } => self.call(&format!("map {}", self.callee(*func)), args),
            ExprKind::Index { array, indices } => self.index(*array, indices),
            ExprKind::Extent { array, axis } => {
                self.operand(*array)?;
                write!(self.out, ".shape[{axis}]")
            }
            ExprKind::Tuple(items) => self.tuple(items),
            ExprKind::Item { tuple, index } => {
                self.operand(*tuple)?;
                write!(self.out, ".{index}")
            }
            ExprKind::Alloc { shape, fill } => self.allocation(&data.ty, shape, *fill),
            ExprKind::Reduce { op, array } => self.call(op.name(), &[*array]),
            ExprKind::Copy(x) => self.call("copy", &[*x]),
        }
    }

    /// Weak constants as Python writes them, the others with their dtype.
    fn constant(&mut self, value: Scalar, ty: &Type) -> fmt::Result {
        match ty {
            Type::Weak(_) => write!(self.out, "{value}"),
            Type::None | Type::Scalar(_) | Type::Array(_) | Type::Tuple(_) => {
                write!(self.out, "{value}:{}", value.dtype)
            }
        }
    }

    fn unary(&mut self, op: Unary, x: Expr) -> fmt::Result {
        let prefix = match op {
            Unary::Neg => "-",
            Unary::Invert => "~",
            Unary::Not => "not ",
            Unary::Abs
            | Unary::Sqrt
            | Unary::Floor
            | Unary::Ceil
            | Unary::Trunc
            | Unary::Rint
            | Unary::Bits
            | Unary::FromBits
            | Unary::IsNan
            | Unary::IsInf
            | Unary::IsFinite
            | Unary::SignBit => return self.call(op.name(), &[x]),
        };
        self.out.write_str(prefix)?;
        self.operand(x)
    }

    /// Named after the type it gives; of arrays, after the dtype.
    fn conversion(&mut self, ty: &Type, x: Expr) -> fmt::Result {
        match ty.array() {
            Some(array) => self.call(array.dtype.name(), &[x]),
            None => self.call(&ty.to_string(), &[x]),
        }
    }

    fn ternary(&mut self, condition: Expr, then: Expr, otherwise: Expr) -> fmt::Result {
        self.operand(then)?;
        self.out.write_str(" if ")?;
        self.operand(condition)?;
        self.out.write_str(" else ")?;
        self.operand(otherwise)
    }

    fn binding(&mut self, local: Local, value: Expr, body: Expr) -> fmt::Result {
        write!(self.out, "let {}: {} = ", self.local(local), self.ty_of(local))?;
        self.operand(value)?;
        self.out.write_str(" in ")?;
        self.operand(body)
    }

    fn index(&mut self, array: Expr, indices: &[Expr]) -> fmt::Result {
        self.operand(array)?;
        if indices.is_empty() {
            return self.out.write_str("[()]");
        }
        self.out.write_char('[')?;
        self.comma_separated(indices)?;
        self.out.write_char(']')
    }

    fn tuple(&mut self, items: &[Expr]) -> fmt::Result {
        self.out.write_char('(')?;
        self.comma_separated(items)?;
        self.out.write_str(if items.len() == 1 { ",)" } else { ")" })
    }

    fn allocation(&mut self, ty: &Type, shape: &[Expr], fill: Option<Expr>) -> fmt::Result {
        self.out.write_str(if fill.is_some() { "full(" } else { "empty(" })?;
        self.tuple(shape)?;
        if let Some(fill) = fill {
            self.out.write_str(", ")?;
            self.expr(fill)?;
        }
        write!(self.out, "): {ty}")
    }
}

/// Whether an operator around it needs brackets.
fn is_loose(kind: &ExprKind) -> bool {
    match kind {
        ExprKind::Unary(Unary::Neg | Unary::Invert | Unary::Not, _)
        | ExprKind::Compare(..)
        | ExprKind::If { .. }
        | ExprKind::Let { .. }
        | ExprKind::Map { .. }
        | ExprKind::Alloc { .. } => true,
        ExprKind::Binary(op, ..) => symbol(*op).is_some(),
        ExprKind::Const(_)
        | ExprKind::None
        | ExprKind::Local(_)
        | ExprKind::CheckedLocal(_)
        | ExprKind::Unary(..)
        | ExprKind::Convert(_)
        | ExprKind::Select { .. }
        | ExprKind::Fma(..)
        | ExprKind::Call { .. }
        | ExprKind::Index { .. }
        | ExprKind::Extent { .. }
        | ExprKind::Tuple(_)
        | ExprKind::Item { .. }
        | ExprKind::Reduce { .. }
        | ExprKind::Copy(_) => false,
    }
}

/// How Python writes the operator, if it has one for it.
fn symbol(op: Binary) -> Option<&'static str> {
    Some(match op {
        Binary::Add => "+",
        Binary::Sub => "-",
        Binary::Mul => "*",
        Binary::Div => "/",
        Binary::FloorDiv => "//",
        Binary::Mod => "%",
        Binary::Pow => "**",
        Binary::And => "&",
        Binary::Or => "|",
        Binary::Xor => "^",
        Binary::Shl => "<<",
        Binary::Shr => ">>",
        Binary::Fmod
        | Binary::Min
        | Binary::Max
        | Binary::Minimum
        | Binary::Maximum
        | Binary::CopySign
        | Binary::MulHigh => return None,
    })
}

impl Reduce {
    pub fn name(self) -> &'static str {
        match self {
            Reduce::Sum => "sum",
            Reduce::Prod => "prod",
            Reduce::Min => "min",
            Reduce::Max => "max",
        }
    }
}
