//! The tree as text, for `dump --stage ast`: canonical source, stable under parsing and printing again.
//!
//! Parentheses stand where the tree would differ without them, and nowhere else: so the text never has more
//! brackets open than the source it came from, which the parser limits. What is kept by name only
//! (`Unsupported`) prints as the shortest Python that is refused by the same name.

use super::*;
use std::fmt;

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut printer = Printer::default();
        printer.module(self);
        f.write_str(&printer.out)
    }
}

impl fmt::Display for Stmt {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut printer = Printer::default();
        printer.stmt(self);
        f.write_str(printer.out.trim_end())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut printer = Printer::default();
        printer.expr(self, Level::Test);
        f.write_str(&printer.out)
    }
}

/// How tightly an expression binds; one stands without parentheses where its level is at least the one asked
/// for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Test,
    Or,
    And,
    Not,
    Comparison,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Factor,
    Power,
    Await,
    Primary,
}

fn binary_level(op: BinaryOp) -> Level {
    match op {
        BinaryOp::Or => Level::BitOr,
        BinaryOp::Xor => Level::BitXor,
        BinaryOp::And => Level::BitAnd,
        BinaryOp::Shl | BinaryOp::Shr => Level::Shift,
        BinaryOp::Add | BinaryOp::Sub => Level::Sum,
        BinaryOp::Mul | BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod | BinaryOp::MatMul => {
            Level::Product
        }
        BinaryOp::Pow => Level::Power,
    }
}

/// The levels that the operands of a binary operator must reach.
fn operand_levels(op: BinaryOp) -> (Level, Level) {
    let tighter = match op {
        BinaryOp::Or => Level::BitXor,
        BinaryOp::Xor => Level::BitAnd,
        BinaryOp::And => Level::Shift,
        BinaryOp::Shl | BinaryOp::Shr => Level::Sum,
        BinaryOp::Add | BinaryOp::Sub => Level::Product,
        BinaryOp::Mul | BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod | BinaryOp::MatMul => {
            Level::Factor
        }
        BinaryOp::Pow => return (Level::Await, Level::Factor),
    };
    (binary_level(op), tighter)
}

fn level(kind: &ExprKind) -> Level {
    match kind {
        ExprKind::Ternary { .. } | ExprKind::Lambda { .. } => Level::Test,
        ExprKind::Logical { op: LogicalOp::Or, .. } => Level::Or,
        ExprKind::Logical { op: LogicalOp::And, .. } => Level::And,
        ExprKind::Unary { op: UnaryOp::Not, .. } => Level::Not,
        ExprKind::Compare { .. } => Level::Comparison,
        ExprKind::Binary { op, .. } => binary_level(*op),
        ExprKind::Unary { op: UnaryOp::Plus | UnaryOp::Minus | UnaryOp::Invert, .. } => Level::Factor,
        ExprKind::Unsupported { what } if what == "`await`" => Level::Await,
        ExprKind::Name(_)
        | ExprKind::None
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Imaginary(_)
        | ExprKind::Str(_)
        | ExprKind::Ellipsis
        | ExprKind::Call { .. }
        | ExprKind::Index { .. }
        | ExprKind::Slice { .. }
        | ExprKind::Attribute { .. }
        | ExprKind::Tuple(_)
        | ExprKind::List(_)
        | ExprKind::Dict(_)
        | ExprKind::Set(_)
        | ExprKind::Unsupported { .. } => Level::Primary,
    }
}

#[derive(Default)]
struct Printer {
    out: String,
    indent: usize,
}

// ---- items and statements ---------------------------------------------------------------------------

impl Printer {
    fn module(&mut self, module: &Module) {
        if let Some(text) = &module.docstring {
            self.line(|p| p.string(text));
        }
        for item in &module.items {
            self.item(item);
        }
    }

    /// A line of its own, indented.
    fn line(&mut self, print: impl FnOnce(&mut Printer)) {
        for _ in 0..self.indent {
            self.out.push_str("    ");
        }
        print(self);
        self.out.push('\n');
    }

    fn text_line(&mut self, text: &str) {
        self.line(|p| p.out.push_str(text));
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Function(function) => self.function(function),
            Item::Constant { name, value } => self.line(|p| {
                p.out.push_str(&name.text);
                p.out.push_str(" = ");
                p.bare(value);
            }),
            Item::Import(import) => self.import(import),
            Item::Unsupported { keyword, names, .. } => self.unsupported_item(keyword, names),
        }
    }

    fn import(&mut self, Import { module, member, bound, .. }: &Import) {
        let (text, plain) = match member {
            Some(member) => (format!("from {module} import {member}"), member.as_str()),
            None => (format!("import {module}"), module.split('.').next().unwrap_or_default()),
        };
        // `import a.b as a` binds another module than `import a.b`; the tree says the same of both.
        let suffix = if bound.text == plain { String::new() } else { format!(" as {}", bound.text) };
        self.text_line(&(text + &suffix));
    }

    fn function(&mut self, function: &Function) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        for decorator in &function.decorators {
            self.line(|p| {
                p.out.push('@');
                p.expr(decorator, Level::Test);
            });
        }
        self.line(|p| {
            p.out.push_str("def ");
            p.out.push_str(&function.name.text);
            p.out.push('(');
            p.params(&function.params);
            p.out.push(')');
            if let Some(returns) = &function.returns {
                p.out.push_str(" -> ");
                p.expr(returns, Level::Test);
            }
            p.out.push(':');
        });
        self.indent += 1;
        if let Some(text) = &function.docstring {
            self.line(|p| p.string(text));
        }
        self.indent -= 1;
        if function.docstring.is_none() || !function.body.is_empty() {
            self.suite(&function.body);
        }
    }

    fn suite(&mut self, body: &[Stmt]) {
        self.indent += 1;
        for stmt in body {
            self.stmt(stmt);
        }
        if body.is_empty() {
            self.text_line("pass");
        }
        self.indent -= 1;
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::If { .. } => self.conditional(stmt, "if "),
            StmtKind::While { condition, body, otherwise } => {
                self.line(|p| p.header("while ", condition));
                self.suite(body);
                self.otherwise(otherwise);
            }
            StmtKind::For { target, iterable, body, otherwise } => {
                self.line(|p| {
                    p.out.push_str("for ");
                    p.bare(target);
                    p.out.push_str(" in ");
                    p.bare(iterable);
                    p.out.push(':');
                });
                self.suite(body);
                self.otherwise(otherwise);
            }
            StmtKind::Unsupported { keyword } => self.unsupported_stmt(keyword),
            kind => self.line(|p| p.simple(kind)),
        }
    }

    fn header(&mut self, keyword: &str, condition: &Expr) {
        self.out.push_str(keyword);
        self.expr(condition, Level::Test);
        self.out.push(':');
    }

    fn otherwise(&mut self, body: &[Stmt]) {
        if !body.is_empty() {
            self.text_line("else:");
            self.suite(body);
        }
    }

    /// `else` with nothing but an `if` in it prints as `elif`: in a loop, a chain may be long.
    fn conditional(&mut self, stmt: &Stmt, keyword: &str) {
        let (mut stmt, mut keyword) = (stmt, keyword);
        while let StmtKind::If { condition, then, otherwise } = &stmt.kind {
            self.line(|p| p.header(keyword, condition));
            self.suite(then);
            match otherwise.as_slice() {
                [inner] if matches!(inner.kind, StmtKind::If { .. }) => (stmt, keyword) = (inner, "elif "),
                _ => return self.otherwise(otherwise),
            }
        }
    }

    fn simple(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Expr(expr) => self.bare(expr),
            StmtKind::Assign { targets, value } => {
                for target in targets {
                    self.bare(target);
                    self.out.push_str(" = ");
                }
                self.bare(value);
            }
            StmtKind::Annotated { target, annotation, value } => {
                self.bare(target);
                self.out.push_str(": ");
                self.expr(annotation, Level::Test);
                self.suffix(" = ", value);
            }
            StmtKind::Augmented { target, op, value, .. } => {
                self.bare(target);
                self.out.push_str(&format!(" {}= ", op.symbol()));
                self.bare(value);
            }
            StmtKind::Break => self.out.push_str("break"),
            StmtKind::Continue => self.out.push_str("continue"),
            StmtKind::Pass => self.out.push_str("pass"),
            StmtKind::Return(value) => {
                self.out.push_str("return");
                self.suffix(" ", value);
            }
            StmtKind::Assert { condition, message } => {
                self.out.push_str("assert ");
                self.expr(condition, Level::Test);
                if let Some(message) = message {
                    self.out.push_str(", ");
                    self.expr(message, Level::Test);
                }
            }
            StmtKind::Raise { exception } => {
                self.out.push_str("raise");
                if let Some(exception) = exception {
                    self.out.push(' ');
                    self.expr(exception, Level::Test);
                }
            }
            StmtKind::If { .. }
            | StmtKind::While { .. }
            | StmtKind::For { .. }
            | StmtKind::Unsupported { .. } => unreachable!("not a simple statement"),
        }
    }

    fn suffix(&mut self, before: &str, value: &Option<Expr>) {
        if let Some(value) = value {
            self.out.push_str(before);
            self.bare(value);
        }
    }

    fn unsupported_stmt(&mut self, keyword: &str) {
        match keyword {
            "import" => self.text_line("import _"),
            _ => self.unsupported_item(keyword, &["_".to_string()]),
        }
    }

    /// Python that is refused by this keyword and binds these names.
    fn unsupported_item(&mut self, keyword: &str, names: &[String]) {
        let list = if names.is_empty() { "()".into() } else { names.join(", ") };
        let assign = |name: &String| format!("    {name} = _");
        let first = names.first().map_or("_", String::as_str);
        let header = match keyword {
            "class" => return self.text_line(&format!("class {first}: pass")),
            "nested def" => return self.text_line("def _(): pass"),
            "type" => return self.text_line(&format!("type {first} = _")),
            "del" | "global" | "nonlocal" => return self.text_line(&format!("{keyword} {list}")),
            "assert" => return self.text_line("assert _"),
            "raise" => return self.text_line("raise _"),
            "expression" => return self.text_line("_"),
            "annotation" => return self.text_line("_: _"),
            "assignment" if names.is_empty() => return self.text_line("() = _"),
            "assignment" => return self.text_line(&format!("{list}, = _")),
            "augmented assignment" => return self.text_line(&format!("{first} += _")),
            "try" => "try:",
            "async" => "async with _:",
            "match" => "match _:",
            "for" => "for () in _:",
            keyword => &format!("{keyword} _:"),
        };
        self.text_line(header);
        if keyword == "match" {
            self.text_line("    case 0: pass");
        }
        names.iter().map(assign).for_each(|line| self.text_line(&line));
        if names.is_empty() && keyword != "match" {
            self.text_line("    pass");
        }
        if keyword == "try" {
            self.text_line("finally:");
            self.text_line("    pass");
        }
    }
}

// ---- expressions ------------------------------------------------------------------------------------

impl Printer {
    /// Where commas need no parentheses.
    fn bare(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Tuple(items) if !items.is_empty() => self.tuple_items(items),
            _ => self.expr(expr, Level::Test),
        }
    }

    fn expr(&mut self, expr: &Expr, least: Level) {
        if level(&expr.kind) >= least {
            return self.kind(&expr.kind);
        }
        self.out.push('(');
        self.kind(&expr.kind);
        self.out.push(')');
    }

    fn kind(&mut self, kind: &ExprKind) {
        match kind {
            ExprKind::Unary { op, operand } => self.unary(*op, operand),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right),
            ExprKind::Compare { operands, ops } => self.compare(operands, ops),
            ExprKind::Logical { op, operands } => self.logical(*op, operands),
            ExprKind::Ternary { condition, then, otherwise } => self.ternary(condition, then, otherwise),
            ExprKind::Call { function, args } => self.call(function, args),
            ExprKind::Index { value, items } => self.index(value, items),
            ExprKind::Slice { start, stop, step } => self.slice(start, stop, step),
            ExprKind::Attribute { value, name } => self.attribute(value, name),
            ExprKind::Tuple(items) => self.tuple(items),
            ExprKind::List(items) => self.list(items),
            ExprKind::Dict(pairs) => self.dict(pairs),
            ExprKind::Set(items) => self.set(items),
            ExprKind::Lambda { params, body } => self.lambda(params, body),
            ExprKind::Unsupported { what } => self.out.push_str(placeholder(what)),
            ExprKind::Name(text) => self.out.push_str(text),
            ExprKind::Str(text) => self.string(text),
            leaf => self.literal(leaf),
        }
    }

    fn literal(&mut self, kind: &ExprKind) {
        let float = |value: f64| if value.is_finite() { format!("{value:?}") } else { "1e999".into() };
        let text = match kind {
            ExprKind::None => "None".into(),
            ExprKind::Bool(true) => "True".into(),
            ExprKind::Bool(false) => "False".into(),
            ExprKind::Int(value) => value.to_string(),
            ExprKind::Float(value) => float(*value),
            ExprKind::Imaginary(value) => float(*value) + "j",
            ExprKind::Ellipsis => "...".into(),
            _ => unreachable!("not a literal"),
        };
        self.out.push_str(&text);
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => self.out.extend(['\\', character]),
                '\n' => self.out.push_str("\\n"),
                '\t' => self.out.push_str("\\t"),
                '\r' => self.out.push_str("\\r"),
                _ if character.is_control() => {
                    self.out.push_str(&format!("\\u{:04x}", character as u32));
                }
                _ => self.out.push(character),
            }
        }
        self.out.push('"');
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) {
        let (symbol, least) = match op {
            UnaryOp::Plus => ("+", Level::Factor),
            UnaryOp::Minus => ("-", Level::Factor),
            UnaryOp::Invert => ("~", Level::Factor),
            UnaryOp::Not => ("not ", Level::Not),
        };
        self.out.push_str(symbol);
        self.expr(operand, least);
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr) {
        let (left_level, right_level) = operand_levels(op);
        self.expr(left, left_level);
        self.out.push(' ');
        self.out.push_str(op.symbol());
        self.out.push(' ');
        self.expr(right, right_level);
    }

    fn compare(&mut self, operands: &[Expr], ops: &[CompareOp]) {
        for (at, operand) in operands.iter().enumerate() {
            if let Some(op) = at.checked_sub(1).and_then(|before| ops.get(before)) {
                self.out.push(' ');
                self.out.push_str(op.symbol());
                self.out.push(' ');
            }
            self.expr(operand, Level::BitOr);
        }
    }

    fn logical(&mut self, op: LogicalOp, operands: &[Expr]) {
        let (word, least) = match op {
            LogicalOp::And => (" and ", Level::Not),
            LogicalOp::Or => (" or ", Level::And),
        };
        for (at, operand) in operands.iter().enumerate() {
            if at > 0 {
                self.out.push_str(word);
            }
            self.expr(operand, least);
        }
    }

    fn ternary(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) {
        self.expr(then, Level::Or);
        self.out.push_str(" if ");
        self.expr(condition, Level::Or);
        self.out.push_str(" else ");
        self.expr(otherwise, Level::Test);
    }

    fn call(&mut self, function: &Expr, args: &[Arg]) {
        self.expr(function, Level::Primary);
        self.out.push('(');
        for (at, arg) in args.iter().enumerate() {
            if at > 0 {
                self.out.push_str(", ");
            }
            if arg.starred {
                self.out.push('*');
            }
            if let Some(name) = &arg.keyword {
                self.out.push_str(&name.text);
                self.out.push('=');
            }
            self.expr(&arg.value, Level::Test);
        }
        self.out.push(')');
    }

    fn index(&mut self, value: &Expr, items: &[Expr]) {
        self.expr(value, Level::Primary);
        self.out.push('[');
        match items {
            [Expr { kind: ExprKind::Tuple(one), .. }] if one.len() == 1 => self.tuple_items(one),
            _ => self.items(items),
        }
        self.out.push(']');
    }

    fn slice(&mut self, start: &Option<Box<Expr>>, stop: &Option<Box<Expr>>, step: &Option<Box<Expr>>) {
        if let Some(start) = start {
            self.expr(start, Level::Test);
        }
        self.out.push(':');
        if let Some(stop) = stop {
            self.expr(stop, Level::Test);
        }
        if let Some(step) = step {
            self.out.push(':');
            self.expr(step, Level::Test);
        }
    }

    fn attribute(&mut self, value: &Expr, name: &Name) {
        self.expr(value, Level::Primary);
        // `1.real` would be a malformed number.
        let gap = matches!(value.kind, ExprKind::Int(_));
        self.out.push_str(if gap { " ." } else { "." });
        self.out.push_str(&name.text);
    }

    fn tuple(&mut self, items: &[Expr]) {
        self.out.push('(');
        self.tuple_items(items);
        self.out.push(')');
    }

    /// With a comma after an only one.
    fn tuple_items(&mut self, items: &[Expr]) {
        self.items(items);
        if items.len() == 1 {
            self.out.push(',');
        }
    }

    fn list(&mut self, items: &[Expr]) {
        self.out.push('[');
        self.items(items);
        self.out.push(']');
    }

    fn set(&mut self, items: &[Expr]) {
        self.out.push('{');
        self.items(items);
        self.out.push('}');
    }

    fn dict(&mut self, pairs: &[(Expr, Expr)]) {
        self.out.push('{');
        for (at, (key, value)) in pairs.iter().enumerate() {
            if at > 0 {
                self.out.push_str(", ");
            }
            self.expr(key, Level::Test);
            self.out.push_str(": ");
            self.expr(value, Level::Test);
        }
        self.out.push('}');
    }

    fn items(&mut self, items: &[Expr]) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.out.push_str(", ");
            }
            self.expr(item, Level::Test);
        }
    }

    fn lambda(&mut self, params: &[Param], body: &Expr) {
        self.out.push_str(if params.is_empty() { "lambda" } else { "lambda " });
        self.params(params);
        self.out.push_str(": ");
        self.expr(body, Level::Test);
    }

    fn params(&mut self, params: &[Param]) {
        let positional = params.iter().filter(|param| param.kind == ParamKind::PositionalOnly).count();
        let mut starred = false;
        for (at, param) in params.iter().enumerate() {
            if at > 0 {
                self.out.push_str(", ");
            }
            match param.kind {
                ParamKind::KeywordOnly if !starred => self.out.push_str("*, "),
                ParamKind::Args => self.out.push('*'),
                ParamKind::Kwargs => self.out.push_str("**"),
                ParamKind::KeywordOnly | ParamKind::Plain | ParamKind::PositionalOnly => {}
            }
            starred |= matches!(param.kind, ParamKind::KeywordOnly | ParamKind::Args);
            self.param(param);
            if at + 1 == positional {
                self.out.push_str(", /");
            }
        }
    }

    fn param(&mut self, param: &Param) {
        self.out.push_str(&param.name.text);
        if let Some(annotation) = &param.annotation {
            self.out.push_str(": ");
            self.expr(annotation, Level::Test);
        }
        if let Some(default) = &param.default {
            self.out.push_str(if param.annotation.is_some() { " = " } else { "=" });
            self.expr(default, Level::Test);
        }
    }
}

/// The shortest expression that the parser calls by this name.
fn placeholder(what: &str) -> &'static str {
    match what {
        "dict display" => "{}",
        "set display" => "{_}",
        "list comprehension" => "[_ for _ in _]",
        "set comprehension" => "{_ for _ in _}",
        "dict comprehension" => "{_: _ for _ in _}",
        "generator expression" => "(_ for _ in _)",
        "f-string" => "f\"\"",
        "t-string" => "t\"\"",
        "bytes literal" => "b\"\"",
        "`:=`" => "(_ := _)",
        "starred expression" => "*_",
        "`await`" => "await _",
        "`yield`" => "(yield)",
        _ => "_",
    }
}
