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
            FaultKind::NotAligned { .. } => f.write_str("extents are not aligned")?,
            FaultKind::DivisionByZero => f.write_str("division by zero")?,
            FaultKind::NegativePower => f.write_str("negative power")?,
            FaultKind::Assertion { message } => write!(f, "assert {message:?}")?,
            FaultKind::Raised { exception, message } => write!(f, "raise {exception}({message:?})")?,
            FaultKind::UnboundLocal { name } => write!(f, "'{name}' is not bound")?,
            FaultKind::EmptyReduction { function } => write!(f, "{function}() of an empty array")?,
            FaultKind::NegativeExtent => f.write_str("negative extent")?,
            FaultKind::ZeroStep => f.write_str("step 0")?,
            FaultKind::CannotReshape => f.write_str("another size")?,
            FaultKind::ZeroSliceStep => f.write_str("slice step 0")?,
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
            Role::Product => "product",
        };
        let params: Vec<String> = function.params.iter().map(|param| self.param(param)).collect();
        let mut head = format!("{role} {}({})", function.name, params.join(", "));
        if let Role::Body { begin, end, partials, .. } = &function.role {
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
            Op::Binary(binary, a, b) => match binary.symbol() {
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
            Op::Any(a) => format!("any({a})"),
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
            [reduce(&loop_.reductions), self.collect(&loop_.accumulators)].concat(),
        )
    }

    fn collect(&self, accumulators: &[Accumulator]) -> String {
        let of = |accumulator: &Accumulator| {
            let apart = accumulator.apart.map(|apart| format!(" if {}", self.operand(apart)));
            let op = accumulator.op.binary().name();
            format!(
                " collecting {op} {} in {}{}",
                accumulator.array,
                accumulator.inside,
                apart.unwrap_or_default()
            )
        };
        accumulators.iter().map(of).collect()
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
            "run {}({}) over {}..{}{parallel}{}, cost {}{}",
            run.func,
            self.operands(&run.env),
            self.operand(run.begin),
            self.operand(run.end),
            reduce(&run.reductions),
            run.cost,
            run.times.map(|times| format!(" times {}", self.operand(times))).unwrap_or_default(),
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

#[cfg(test)]
mod tests {
    use super::super::build::Build;
    use super::*;
    use crate::base::{Compare, ReduceOp};

    #[test]
    fn every_statement_has_a_text() {
        let mut b = Build::new("show", "");
        let (n, x) = (b.int("n"), b.scalar(Dtype::F32));
        let y = b.array("y", 2);
        let total = b.function.var(Dtype::F64, "total");
        let zero = b.float(0.0);
        b.push(Stmt::Set(total, zero));
        let half = b.op(Dtype::F32, Op::Const(Scalar::f32(0.5)));
        let scaled = b.binary(Binary::Minimum, x, half);
        let reduction = Reduction { var: total, op: ReduceOp::Add };
        let start = b.constant(0);
        b.for_("i", (start, n), Mode::Parallel { when: None }, &[reduction], |b, i| {
            let value = b.load(y, &[i, i], "");
            b.push(Stmt::Set(total, value));
        });
        let extents = [b.extent(y, 0), b.extent(y, 1)];
        b.nest(&extents, &[], |b, indices| {
            let value = b.op(Dtype::F64, Op::Cast(scaled));
            let indices = indices.to_vec();
            b.push(Stmt::Store(Store { array: y, indices, value, span: Span::default() }));
        });
        let label = b.function.label();
        let mut condition = None;
        let header = b.block(|b| condition = Some(b.op(Dtype::Bool, Op::Compare(Compare::Lt, n, start))));
        let condition = condition.unwrap();
        let body = b.block(|b| {
            let (then, otherwise) = (vec![Stmt::Break(label)], vec![Stmt::Poll]);
            b.push(Stmt::If(If { condition, then, otherwise }));
        });
        b.push(Stmt::While(Box::new(While { label, header, condition, body, span: Span::default() })));
        let t = b.alloc("t", &[n]);
        let owner = b.function.arrays[t].owner;
        b.push(Stmt::Retain(owner));
        b.push(Stmt::Release(owner));
        b.function.results =
            vec![ResultType::Scalar(Dtype::F64), ResultType::Array { dtype: Dtype::F64, rank: 1 }];
        let result = b.op(Dtype::F64, Op::Get(total));
        b.push(Stmt::Return(vec![Operand::Scalar(result), Operand::Array(t)]));
        let module = b.finish();
        super::super::verify::verify(&module).unwrap();
        let expected = r#"
f0 (entry): kernel show(v0: i64, v1: f32, a0) -> f64, f64[:]:
    array a0: f64[v4, v5] at v2, owner v3, strides [v6, v7], class0
    array a1 "y": f64[v4, v5] at v2, owner v3, strides [v9, 8], class0, contiguous
    array a2 "t": f64[v0] at v22, owner v22, strides [8], class1, contiguous
    var x0 "n": i64
    var x1 "total": f64
    set x0 = v0
    v9: i64 = 8 * v5
    set x1 = 0.0
    v12: f32 = minimum(v1, 0.5f32)
    for v14 "i" in 0..v0 parallel reduce add x1 {
        v15: i64 = wrap(v14, v4)
        check 0 <= v15 < v4 else site0(v14, v4, v14)
        v16: i64 = wrap(v14, v5)
        check 0 <= v16 < v5 else site1(v14, v5, v14)
        v17: f64 = load a1[v15, v16]
        set x1 = v17
    }
    nest v18 in 0..v4, v19 in 0..v5 {
        v20: f64 = cast(v12)
        store a1[v18, v19] = v20
    }
    l1: while {
        v21: bool = v0 < 0
    } v21 do {
        if v21 {
            break l1
        } else {
            poll
        }
    }
    alloc a2 else site2
    retain v22
    release v22
    v24: f64 = get x1
    return v24, a2

site0: index out of range, axis 0, in i
site1: index out of range, axis 1, in i
site2: out of memory
"#;
        let (found, expected) = (module.to_string(), expected.trim_start());
        assert_eq!(found, expected, "found:\n{found}");
    }
}
