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

use super::{
    Block, Expr, ExprKind, For, Func, Function, Local, Module, Pick, Reduce, Reshaping, Scan, Stmt, StmtKind,
};
use crate::base::{AxisSet, Scalar, Type, Unary};
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
        let flags = function.fast.flags();
        if !flags.is_empty() {
            writeln!(self.out, "# fastmath: {}", flags.join(", "))?;
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
            StmtKind::Scope { label, body } => {
                writeln!(self.out, "{label}:")?;
                self.block(body, depth + 1)
            }
            StmtKind::Leave(label) => writeln!(self.out, "leave {label}"),
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
        for (k, accumulator) in stmt.accumulators.iter().enumerate() {
            let word = if k == 0 { " collecting" } else { "," };
            let op = accumulator.op.binary().name();
            write!(self.out, "{word} {} ({op})", self.local(accumulator.local))?;
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
            ExprKind::Binary(op, a, b) => match op.symbol() {
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
            ExprKind::Reduce { op, array, axes, keepdims, initial } => {
                self.reduction(*op, *array, (*axes, *keepdims), *initial)
            }
            ExprKind::Scan { op, array, axis } => self.scan(*op, *array, *axis),
            ExprKind::Copy(x) => self.call("copy", &[*x]),
            ExprKind::Iota { shape, axis } => self.iota(&data.ty, shape, *axis),
            ExprKind::Elements { shape, values } => self.elements(&data.ty, shape, values),
            ExprKind::MatMul(a, b) => self.infix(*a, "@", *b),
            ExprKind::Write { target, value } => self.call("write", &[*target, *value]),
            ExprKind::Require { condition, body, .. } => self.call("require", &[*condition, *body]),
            ExprKind::View { array, items } => self.view(*array, items),
            ExprKind::Reshape { array, shape, result } => {
                self.operand(*array)?;
                self.out.write_str(match result {
                    Reshaping::View => ".reshape",
                    Reshaping::ViewOfContiguous => ".ravel",
                })?;
                self.list(shape)
            }
            ExprKind::Permute { array, axes } => {
                self.operand(*array)?;
                write!(self.out, ".transpose{axes:?}")
            }
        }
    }

    fn view(&mut self, array: Expr, items: &[Pick]) -> fmt::Result {
        self.operand(array)?;
        self.out.write_char('[')?;
        for (k, item) in items.iter().enumerate() {
            self.out.write_str(if k > 0 { ", " } else { "" })?;
            self.pick(*item)?;
        }
        self.out.write_char(']')
    }

    fn pick(&mut self, item: Pick) -> fmt::Result {
        match item {
            Pick::At(index) => self.expr(index),
            Pick::NewAxis => self.out.write_str("None"),
            Pick::Slice { start, stop, step } => {
                start.map_or(Ok(()), |start| self.operand(start))?;
                self.out.write_char(':')?;
                stop.map_or(Ok(()), |stop| self.operand(stop))?;
                let Some(step) = step else { return Ok(()) };
                self.out.write_char(':')?;
                self.operand(step)
            }
        }
    }

    /// `sum(x)`, `max(x, axis=(0, 2), keepdims=True, initial=0.0:f64)`.
    fn reduction(
        &mut self,
        op: Reduce,
        array: Expr,
        (axes, keepdims): (AxisSet, bool),
        initial: Option<Expr>,
    ) -> fmt::Result {
        write!(self.out, "{}(", op.name())?;
        self.expr(array)?;
        let rank = self.function.ty(array).array().map_or(0, |array| array.rank());
        if axes != AxisSet::all(rank) {
            let axes: Vec<String> = axes.within(rank).map(|axis| axis.to_string()).collect();
            match axes.as_slice() {
                [axis] => write!(self.out, ", axis={axis}")?,
                axes => write!(self.out, ", axis=({})", axes.join(", "))?,
            }
        }
        if keepdims {
            self.out.write_str(", keepdims=True")?;
        }
        if let Some(initial) = initial {
            self.out.write_str(", initial=")?;
            self.expr(initial)?;
        }
        self.out.write_char(')')
    }

    fn scan(&mut self, op: Scan, array: Expr, axis: Option<u8>) -> fmt::Result {
        write!(self.out, "{}(", op.name())?;
        self.expr(array)?;
        match axis {
            Some(axis) => write!(self.out, ", axis={axis})"),
            None => self.out.write_char(')'),
        }
    }

    /// Weak constants as Python writes them, the others with their dtype.
    fn constant(&mut self, value: Scalar, ty: &Type) -> fmt::Result {
        match ty {
            Type::Weak(_) => write!(self.out, "{value}"),
            Type::None | Type::Scalar(_) | Type::Array(_) | Type::Tuple(_) | Type::Dtype(_) => {
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

    /// Named after the type it gives; of arrays, after the dtype if that changes.
    fn conversion(&mut self, ty: &Type, x: Expr) -> fmt::Result {
        match ty.array() {
            Some(array) if self.function.ty(x).dtype() != Some(array.dtype) => {
                self.call(array.dtype.name(), &[x])
            }
            Some(_) | None => self.call(&ty.to_string(), &[x]),
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

impl Printer<'_, '_, '_> {
    fn iota(&mut self, ty: &Type, shape: &[Expr], axis: u8) -> fmt::Result {
        self.out.write_str("iota(")?;
        self.tuple(shape)?;
        write!(self.out, ", {axis}): {ty}")
    }

    fn elements(&mut self, ty: &Type, shape: &[u32], values: &[Expr]) -> fmt::Result {
        write!(self.out, "elements({shape:?}, ")?;
        self.tuple(values)?;
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
        | ExprKind::Alloc { .. }
        | ExprKind::Iota { .. }
        | ExprKind::Elements { .. }
        | ExprKind::MatMul(..) => true,
        ExprKind::Binary(op, ..) => op.symbol().is_some(),
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
        | ExprKind::Scan { .. }
        | ExprKind::Copy(_)
        | ExprKind::Write { .. }
        | ExprKind::Require { .. }
        | ExprKind::View { .. }
        | ExprKind::Permute { .. }
        | ExprKind::Reshape { .. } => false,
    }
}

impl Reduce {
    pub fn name(self) -> &'static str {
        match self {
            Reduce::Sum => "sum",
            Reduce::Prod => "prod",
            Reduce::Min => "min",
            Reduce::Max => "max",
            Reduce::Any => "any",
            Reduce::All => "all",
            Reduce::ArgMin => "argmin",
            Reduce::ArgMax => "argmax",
        }
    }
}

impl Scan {
    pub fn name(self) -> &'static str {
        match self {
            Scan::Sum => "cumsum",
            Scan::Prod => "cumprod",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Binary, Compare, Dtype, FastMath, ReduceOp, Weak};
    use crate::hir::build::{Builder, array, function, module};

    fn check(module: &Module, expected: &str) {
        crate::hir::verify::verify(module).expect("a valid program");
        let lines: Vec<&str> =
            expected.lines().map(|line| line.strip_prefix("        ").unwrap_or(line)).collect();
        assert_eq!(module.to_string().trim_end(), lines.join("\n").trim());
    }

    #[test]
    fn reduction_loop() {
        let mut b = function("sum_of_squares", Type::FLOAT);
        let x = b.param("x", array(Dtype::F64, 1));
        let (total, i) = (b.local("total", Type::FLOAT), b.local("i", Type::INT));
        let (zero, array) = (b.float(0.0), b.read(x));
        let extent = b.extent(array, 0);
        let index = b.read(i);
        let element = b.index(array, &[index]);
        let square = b.binary(Binary::Mul, element, element);
        let square = b.convert(square, Type::FLOAT);
        let old = b.read(total);
        let sum = b.binary(Binary::Add, old, square);
        let body = vec![b.assign(total, sum)];
        let result = b.read(total);
        let body = vec![
            b.assign(total, zero),
            b.prange(i, extent, &[(total, ReduceOp::Add)], body),
            b.returns(result),
        ];
        check(
            &module(vec![b.finish(body)]),
            "
        # entry
        def sum_of_squares(x: f64[::1]) -> float:
            total: float = 0.0
            for i in prange(0, x.shape[0], 1) reducing total (add):
                total: float = total + float(x[i] * x[i])
            return total",
        );
    }

    /// A function that does a bit of everything with its `x: f32[::1]`.
    fn everything(b: &mut Builder) -> Block {
        let x = b.param("x", array(Dtype::F32, 1));
        let (int, float) = (b.local("k", Type::INT), b.local("k", Type::FLOAT));
        let temporary = b.local("", Type::Scalar(Dtype::F32));
        let (xs, two, half) = (b.read(x), b.int(2), b.constant(Scalar::f32(0.5)));
        let yes = b.bool(true);
        let largest = b.reduce(Reduce::Max, xs);
        let scaled = b.map(1, &[xs, half], Dtype::F32);
        let positive = b.compare(Compare::Gt, xs, half);
        let chosen = b.expr(
            ExprKind::Select { condition: positive, then: xs, otherwise: scaled },
            array(Dtype::F32, 1),
        );
        let table = b.full(&[two, two], half);
        let bound = b.read(temporary);
        let body = b.unary(Unary::Neg, bound);
        let bind = b.expr(ExprKind::Let { local: temporary, value: largest, body }, Type::Scalar(Dtype::F32));
        let called = b.call(1, &[bind, half], Type::Scalar(Dtype::F32));
        let copy = b.expr(ExprKind::Copy(xs), array(Dtype::F32, 1));
        let checked = b.checked_read(float);
        let ternary =
            b.expr(ExprKind::If { condition: yes, then: half, otherwise: called }, Type::Scalar(Dtype::F32));
        let pair = b.tuple(&[copy, checked]);
        let item = b.expr(ExprKind::Item { tuple: pair, index: 1 }, Type::FLOAT);
        let raise = StmtKind::Raise { exception: "ValueError".into(), message: "no \"k\"".into() };
        let (otherwise, broken) = (vec![b.stmt(raise)], vec![b.stmt(StmtKind::Break)]);
        let minimum = b.binary(Binary::Minimum, half, called);
        vec![
            b.assign(int, two),
            b.stmt(StmtKind::Join { to: float, from: int }),
            b.when(yes, vec![], otherwise),
            b.stmt(StmtKind::While { condition: yes, body: broken }),
            b.stmt(StmtKind::Assert { condition: yes, message: "fine".into() }),
            b.update(xs, chosen),
            b.store(xs, &[two], ternary),
            b.stmt(StmtKind::Eval(table)),
            b.assign(temporary, minimum),
            b.returns(item),
        ]
    }

    #[test]
    fn every_construct() {
        let mut b = function("f", Type::FLOAT);
        let body = everything(&mut b);
        b.function.disjoint = vec!["x".into()];
        b.function.fast = FastMath { reciprocal: true, ..FastMath::ALL };
        let first = b.finish(body);
        let mut b = function("f", Type::Scalar(Dtype::F32));
        let left = b.param("a", Type::Scalar(Dtype::F32));
        b.param("b", Type::Scalar(Dtype::F32));
        let left = b.read(left);
        let body = vec![b.returns(left)];
        check(
            &module(vec![first, b.finish(body)]),
            "
        # entry
        # disjoint: x
        # fastmath: contract, reassoc, arcp
        def f.0(x: f32[::1]) -> float:
            k.1: int = 2
            join k.2: float = k.1
            if True:
                pass
            else:
                raise ValueError(\"no \\\"k\\\"\")
            while True:
                break
            assert True, \"fine\"
            x[...] = select(x > 0.5:f32, x, map f.1(x, 0.5:f32))
            x[2] = 0.5:f32 if True else f.1(let _3: f32 = max(x) in (-_3), 0.5:f32)
            full((2, 2), 0.5:f32): f32[:, ::1]
            _3: f32 = minimum(0.5:f32, f.1(let _3: f32 = max(x) in (-_3), 0.5:f32))
            return (copy(x), k.2?).1

        def f.1(a: f32, b: f32) -> f32:
            return a",
        );
    }

    #[test]
    fn empty_and_recursive() {
        let mut b = function("f", Type::None);
        b.param("flag", Type::Weak(Weak::Bool));
        b.function.recursive = true;
        let function = b.finish(vec![]);
        assert_eq!(function.to_string(), "# recursive\ndef f(flag: bool) -> None:\n    pass\n");
    }
}
