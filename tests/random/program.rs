//! A generated program: a tree of texts with holes, so that the printer and the shrinker know nothing of the language.

use crate::types::Type;
use crate::values::Argument;
use std::borrow::Cow;
use std::fmt::Write;

/// An expression or a simple statement. In the template `?` is the place of an operand, put in parentheses unless it is one word or
/// call, and `#` a place where any expression may stand.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    pub template: Cow<'static, str>,
    pub parts: Vec<Expr>,
    pub ty: Type,
    /// A Python int is below 2**bits in magnitude.
    pub bits: u32,
    /// Whether NumPy's array is certainly in C order, so that it sums as the language does.
    pub c_order: bool,
    /// Whether it may share the memory of its parts.
    pub shares: bool,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Stmt {
    Line(Expr),
    /// `if` with its `elif` and `else`, or a loop.
    Block(Vec<Clause>),
}

#[derive(Clone, PartialEq, Debug)]
pub struct Clause {
    pub header: Expr,
    pub body: Vec<Stmt>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    pub name: String,
    pub params: Vec<String>,
    /// Decorated with `fastmath=True`.
    pub fast: bool,
    pub body: Vec<Stmt>,
}

/// Functions, the last of which is called with the arguments.
#[derive(Clone, PartialEq, Debug)]
pub struct Program {
    pub functions: Vec<Function>,
    pub arguments: Vec<Argument>,
}

/// How many bits a Python int may have when nothing is known of it.
pub const ANY_BITS: u32 = 64;

impl Expr {
    pub fn new(template: impl Into<Cow<'static, str>>, parts: Vec<Expr>, ty: Type) -> Expr {
        let template = template.into();
        debug_assert_eq!(template.matches(['?', '#']).count(), parts.len(), "{template}");
        let c_order = parts.iter().all(|part| part.c_order);
        Expr { template, parts, ty, bits: ANY_BITS, c_order, shares: false }
    }

    pub fn leaf(text: impl Into<Cow<'static, str>>, ty: Type) -> Expr {
        Expr::new(text, vec![], ty)
    }

    pub fn with_bits(self, bits: u32) -> Expr {
        Expr { bits, ..self }
    }

    /// Whether it consists of Python numbers, which the compiler folds.
    pub fn is_constant(&self) -> bool {
        let number = self.template.starts_with(|c: char| c.is_ascii_digit() || "-TF".contains(c));
        if self.parts.is_empty() { number } else { self.parts.iter().all(Expr::is_constant) }
    }

    /// Whether the text needs no parentheses as an operand.
    fn is_atom(&self) -> bool {
        let mut depth = 0;
        self.template.starts_with(|c: char| c.is_alphanumeric() || "(?_".contains(c))
            && !self.template.starts_with("not ")
            && self.template.chars().all(|c| {
                depth += i32::from("([".contains(c)) - i32::from(")]".contains(c));
                c != ' ' || depth > 0
            })
    }

    pub fn write(&self, out: &mut String) {
        let mut parts = self.parts.iter();
        for c in self.template.chars() {
            match c {
                '?' => parts.next().expect("a part for each hole").write_operand(out),
                '#' => parts.next().expect("a part for each hole").write(out),
                c => out.push(c),
            }
        }
    }

    fn write_operand(&self, out: &mut String) {
        if self.is_atom() {
            self.write(out);
        } else {
            out.push('(');
            self.write(out);
            out.push(')');
        }
    }

    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }
}

impl Clause {
    pub fn new(header: Expr, body: Vec<Stmt>) -> Clause {
        Clause { header, body }
    }
}

impl Program {
    pub fn entry(&self) -> &Function {
        self.functions.last().expect("a program has a function")
    }

    /// The call as a corpus file writes it.
    pub fn call(&self) -> String {
        let arguments: Vec<String> = self.arguments.iter().map(Argument::text).collect();
        format!("{}({})", self.entry().name, arguments.join(", "))
    }

    /// The functions.
    pub fn source(&self) -> String {
        let mut out = String::new();
        for (k, function) in self.functions.iter().enumerate() {
            let gap = if k == 0 { "" } else { "\n\n" };
            let decorator = if function.fast { "@njit(fastmath=True)\n" } else { "" };
            writeln!(out, "{gap}{decorator}def {}({}):", function.name, function.params.join(", "))
                .expect("a string");
            write_block(&function.body, 1, &mut out);
        }
        out
    }

    /// A file of the corpus.
    pub fn file(&self) -> String {
        format!("# call: {}\n\n\n{}", self.call(), self.source())
    }

    /// Drops functions that nothing calls.
    pub fn drop_unused(&mut self) {
        loop {
            let source = self.source();
            let last = self.functions.len() - 1;
            let unused = self.functions[..last]
                .iter()
                .position(|function| source.matches(&format!("{}(", function.name)).count() < 2);
            match unused {
                Some(position) => drop(self.functions.remove(position)),
                None => return,
            }
        }
    }
}

fn write_block(body: &[Stmt], depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    if body.is_empty() {
        writeln!(out, "{indent}pass").expect("a string");
    }
    for stmt in body {
        match stmt {
            Stmt::Line(line) => writeln!(out, "{indent}{}", line.text()).expect("a string"),
            Stmt::Block(clauses) => {
                for clause in clauses {
                    writeln!(out, "{indent}{}:", clause.header.text()).expect("a string");
                    write_block(&clause.body, depth + 1, out);
                }
            }
        }
    }
}
