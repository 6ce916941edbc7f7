//! The text of the loop IR: what dumps show and tests compare.
//!
//! ```text
//! kernel saxpy(v0: f64, a0, a1):
//!     array a0 "x": f64[v3] at v1, owner v2, strides [8], class0, contiguous
//!     array a1 "y": f64[v6] at v4, owner v5, strides [8], class1, contiguous
//!     for v7 "i" in 0..v3 parallel {
//!         v8: f64 = load a0[v7]
//!         v9: f64 = v0 * v8
//!         store a1[v7] = v9
//!     }
//! ```
//!
//! A constant is shown where it is used and has no line of its own; one that is neither i64, f64 nor bool carries its
//! dtype (`1.0f32`). A label is shown where something jumps to it.

use super::visit::walk;
use super::*;
use crate::base::FaultKind;
use std::fmt::{self, Write};

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (id, function) in &self.functions {
            let entry = if id == self.entry { " (entry)" } else { "" };
            writeln!(f, "{id}{entry}: {function}")?;
        }
        for (site, data) in &self.sites {
            writeln!(f, "{site}: {}", SiteText(data))?;
        }
        Ok(())
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut printer = Printer::new(self);
        printer.function();
        f.write_str(&printer.text)
    }
}

impl Function {
    /// The statements of a block of this function, as [`Display`](fmt::Display) shows them, from the left margin.
    pub fn display_block(&self, block: &[Stmt]) -> String {
        let mut printer = Printer::new(self);
        printer.stmts(block);
        printer.text
    }

    /// One statement on one line; blocks inside are left out.
    pub fn display_stmt(&self, stmt: &Stmt) -> String {
        let text = self.display_block(std::slice::from_ref(stmt));
        match stmt {
            Stmt::Let(value, Op::Const(_)) => {
                format!("{value}: constant {}", Printer::new(self).operand(*value))
            }
            _ => text.lines().next().unwrap_or_default().to_string(),
        }
    }
}

struct SiteText<'a>(&'a FaultSite);

impl fmt::Display for SiteText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match &self.0.kind {
            FaultKind::IndexOutOfRange { axis } => write!(f, "index out of range, axis {axis}")?,
            FaultKind::ShapeMismatch { axis } => write!(f, "shapes do not broadcast, axis {axis}")?,
            FaultKind::DivisionByZero => f.write_str("division by zero")?,
            FaultKind::NegativePower => f.write_str("negative power")?,
            FaultKind::Assertion { message } => write!(f, "assert {message:?}")?,
            FaultKind::Raised { exception, message } => write!(f, "raise {exception}({message:?})")?,
            FaultKind::UnboundLocal { name } => write!(f, "'{name}' is not bound")?,
            FaultKind::EmptyReduction { function } => write!(f, "{function}() of an empty array")?,
            FaultKind::NegativeExtent => f.write_str("negative extent")?,
            FaultKind::ZeroStep => f.write_str("step 0")?,
            FaultKind::OutOfMemory => f.write_str("out of memory")?,
            FaultKind::RecursionTooDeep => f.write_str("recursion too deep")?,
            FaultKind::Cancelled => f.write_str("cancelled")?,
            FaultKind::TimedOut => f.write_str("timed out")?,
        }
        match self.0.loops.as_slice() {
            [] => Ok(()),
            loops => write!(f, ", in {}", loops.join(", ")),
        }
    }
}

struct Printer<'a> {
    function: &'a Function,
    /// Constants, by value.
    constants: SecondaryMap<Value, Option<Scalar>>,
    /// Targets of `break` and `continue`.
    targets: Vec<Label>,
    indent: usize,
    text: String,
}

impl<'a> Printer<'a> {
    fn new(function: &'a Function) -> Printer<'a> {
        let mut constants = SecondaryMap::new();
        let mut targets = vec![];
        walk(&function.body, &mut |stmt| match stmt {
            Stmt::Let(value, Op::Const(scalar)) => constants[*value] = Some(*scalar),
            Stmt::Break(label) | Stmt::Continue(label) => targets.push(*label),
            _ => {}
        });
        Printer { function, constants, targets, indent: 0, text: String::new() }
    }

    fn function(&mut self) {
        let function = self.function;
        let role = match &function.role {
            Role::Kernel { recursive: false } => "kernel",
            Role::Kernel { recursive: true } => "recursive kernel",
            Role::Body { .. } => "body",
        };
        let params: Vec<String> = function.params.iter().map(|param| self.param(param)).collect();
        let mut head = format!("{role} {}({})", function.name, params.join(", "));
        if let Role::Body { begin, end, partials } = &function.role {
            let _ = write!(head, " over {begin}..{end}{}", reduce(partials));
        }
        if !function.results.is_empty() {
            let results: Vec<String> = function.results.iter().map(result).collect();
            let _ = write!(head, " -> {}", results.join(", "));
        }
        self.line(&format!("{head}:"));
        self.indent += 1;
        for array in function.arrays.keys() {
            let text = self.array(array);
            self.line(&text);
        }
        for (var, data) in &function.vars {
            self.line(&format!("var {var}{}: {}", quoted(&data.name), data.dtype));
        }
        self.stmts(&function.body);
        self.indent -= 1;
    }

    fn param(&self, param: &Operand) -> String {
        match param {
            Operand::Scalar(value) => format!("{value}: {}", self.function.values[*value].dtype),
            Operand::Array(array) => array.to_string(),
        }
    }

    fn array(&self, array: Array) -> String {
        let data = &self.function.arrays[array];
        format!(
            "array {array}{}: {}[{}] at {}, owner {}, strides [{}], {}{}",
            quoted(&data.name),
            data.dtype,
            self.list(&data.extents),
            self.operand(data.base),
            self.operand(data.owner),
            self.list(&data.strides),
            data.class,
            if data.contiguous { ", contiguous" } else { "" },
        )
    }

    fn stmts(&mut self, block: &[Stmt]) {
        for stmt in block {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let(_, Op::Const(_)) => {}
            Stmt::If(branch) => self.branch(branch),
            Stmt::For(loop_) => {
                let head = self.for_head(loop_);
                self.braced(&head, &loop_.body);
            }
            Stmt::Nest(nest) => {
                let head = self.nest_head(nest);
                self.braced(&head, &nest.body);
            }
            Stmt::While(loop_) => {
                self.line(&format!("{}while {{", self.target(loop_.label)));
                self.indented(&loop_.header);
                let condition = self.operand(loop_.condition);
                self.braced(&format!("}} {condition} do"), &loop_.body);
            }
            Stmt::Scope { label, body } => self.braced(&format!("{label}: scope"), body),
            Stmt::Let(..)
            | Stmt::Set(..)
            | Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => {
                let text = self.simple(stmt);
                self.line(&text);
            }
        }
    }

    /// A statement without blocks.
    fn simple(&self, stmt: &Stmt) -> String {
        match stmt {
            Stmt::Let(value, op) => {
                format!("{value}: {} = {}", self.function.values[*value].dtype, self.op(op))
            }
            Stmt::Set(var, value) => format!("set {var} = {}", self.operand(*value)),
            Stmt::Store(store) => {
                let indices = self.list(&store.indices);
                format!("store {}[{indices}] = {}", store.array, self.operand(store.value))
            }
            Stmt::Check(check) => {
                let condition = match check.condition {
                    Condition::Bounds { index, extent } => {
                        format!("0 <= {} < {}", self.operand(index), self.operand(extent))
                    }
                    Condition::True(value) => self.operand(value),
                };
                format!("check {condition} else {}({})", check.site, self.list(&check.values))
            }
            Stmt::Break(label) => format!("break {label}"),
            Stmt::Continue(label) => format!("continue {label}"),
            Stmt::Return(operands) => format!("return {}", self.operands(operands)).trim_end().to_string(),
            Stmt::Alloc { array, site } => format!("alloc {array} else {site}"),
            Stmt::Retain(value) => format!("retain {}", self.operand(*value)),
            Stmt::Release(value) => format!("release {}", self.operand(*value)),
            Stmt::Call(call) => {
                let (args, results) = (self.operands(&call.args), self.operands(&call.results));
                let arrow = if call.results.is_empty() { "" } else { " -> " };
                format!("call {}({args}){arrow}{results}", call.func)
            }
            Stmt::Run(run) => self.run(run),
            Stmt::Fault { site, values } => format!("fault {site}({})", self.list(values)),
            Stmt::Poll => "poll".to_string(),
            Stmt::If(_) | Stmt::For(_) | Stmt::Nest(_) | Stmt::While(_) | Stmt::Scope { .. } => {
                unreachable!("statements with blocks print them")
            }
        }
    }

    fn op(&self, op: &Op) -> String {
        let call = |name: &str, operands: &[Value]| format!("{name}({})", self.list(operands));
        match op {
            Op::Const(scalar) => literal(*scalar),
            Op::Get(var) => format!("get {var}"),
            Op::Unary(unary, a) => call(unary.name(), &[*a]),
            Op::Binary(binary, a, b) => match symbol(*binary) {
                Some(symbol) => format!("{} {symbol} {}", self.operand(*a), self.operand(*b)),
                None => call(binary.name(), &[*a, *b]),
            },
            Op::Compare(compare, a, b) => {
                format!("{} {} {}", self.operand(*a), compare.symbol(), self.operand(*b))
            }
            Op::Cast(a) => call("cast", &[*a]),
            Op::Select { condition, then, otherwise } => call("select", &[*condition, *then, *otherwise]),
            Op::Fma(a, b, c) => call("fma", &[*a, *b, *c]),
            Op::Wrap { index, extent } => call("wrap", &[*index, *extent]),
            Op::Load { array, indices } => format!("load {array}[{}]", self.list(indices)),
            Op::Disjoint(a, b) => format!("disjoint({a}, {b})"),
        }
    }

    fn for_head(&self, loop_: &For) -> String {
        let mode = match loop_.mode {
            Mode::Serial => String::new(),
            Mode::Marked => " marked".to_string(),
            Mode::Parallel { when: None } => " parallel".to_string(),
            Mode::Parallel { when: Some(when) } => format!(" parallel if {}", self.operand(when)),
            Mode::Lanes(lanes) => format!(" lanes {lanes}"),
        };
        format!(
            "{}for {}{} in {}..{}{mode}{}",
            self.target(loop_.label),
            loop_.index,
            quoted(&loop_.name),
            self.operand(loop_.lo),
            self.operand(loop_.hi),
            reduce(&loop_.reductions),
        )
    }

    fn nest_head(&self, nest: &Nest) -> String {
        let pairs = nest.indices.iter().zip(&nest.extents);
        let axes: Vec<String> =
            pairs.map(|(index, extent)| format!("{index} in 0..{}", self.operand(*extent))).collect();
        format!("nest {}{}", axes.join(", "), reduce(&nest.reductions)).trim_end().to_string()
    }

    fn run(&self, run: &Run) -> String {
        let parallel = match run.parallel {
            Parallel::Never => String::new(),
            Parallel::Always => " parallel".to_string(),
            Parallel::When(value) => format!(" parallel if {}", self.operand(value)),
        };
        format!(
            "run {}({}) over {}..{}{parallel}{}, cost {}",
            run.func,
            self.operands(&run.env),
            self.operand(run.begin),
            self.operand(run.end),
            reduce(&run.reductions),
            run.cost,
        )
    }

    fn branch(&mut self, branch: &If) {
        self.line(&format!("if {} {{", self.operand(branch.condition)));
        self.indented(&branch.then);
        if !branch.otherwise.is_empty() {
            self.line("} else {");
            self.indented(&branch.otherwise);
        }
        self.line("}");
    }

    fn braced(&mut self, head: &str, block: &Block) {
        self.line(&format!("{head} {{"));
        self.indented(block);
        self.line("}");
    }

    fn indented(&mut self, block: &Block) {
        self.indent += 1;
        self.stmts(block);
        self.indent -= 1;
    }

    fn line(&mut self, text: &str) {
        self.text.extend(std::iter::repeat_n("    ", self.indent));
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn target(&self, label: Label) -> String {
        if self.targets.contains(&label) { format!("{label}: ") } else { String::new() }
    }

    fn operand(&self, value: Value) -> String {
        self.constants[value].map_or_else(|| value.to_string(), literal)
    }

    fn list(&self, values: &[Value]) -> String {
        let texts: Vec<String> = values.iter().map(|&value| self.operand(value)).collect();
        texts.join(", ")
    }

    fn operands(&self, operands: &[Operand]) -> String {
        let text = |operand: &Operand| match operand {
            Operand::Scalar(value) => self.operand(*value),
            Operand::Array(array) => array.to_string(),
        };
        operands.iter().map(text).collect::<Vec<String>>().join(", ")
    }
}

fn literal(scalar: Scalar) -> String {
    match scalar.dtype {
        Dtype::I64 | Dtype::F64 | Dtype::Bool => scalar.to_string(),
        dtype => format!("{scalar}{dtype}"),
    }
}

fn quoted(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" \"{name}\"") }
}

fn reduce(reductions: &[Reduction]) -> String {
    let texts =
        reductions.iter().map(|reduction| format!("{} {}", reduction.op.binary().name(), reduction.var));
    let texts: Vec<String> = texts.collect();
    if texts.is_empty() { String::new() } else { format!(" reduce {}", texts.join(", ")) }
}

fn result(result: &ResultType) -> String {
    match result {
        ResultType::Scalar(dtype) => dtype.to_string(),
        ResultType::Array { dtype, rank } => format!("{dtype}[{}]", vec![":"; *rank as usize].join(", ")),
    }
}

/// The sign that is written between the operands; the others are written as calls.
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
