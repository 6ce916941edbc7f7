//! Makes a program from a seed: the typed environment, functions, and what all productions share.
//!
//! Productions are small functions in tables of weights: `numbers.rs` (expressions of a number), `arrays.rs` (of an array),
//! `creation.rs`, `views.rs`, `axes.rs` (reductions), `calls.rs`, `statements.rs`, `loops.rs` and
//! `iteration.rs`. Each is asked for a type and may decline. A new feature of the language is a new row.
//!
//! Shapes are known while generating, although the program text mostly asks the arrays: so nearly all programs broadcast, index in
//! range and compile. Where a program may still fault, every oracle must meet the same fault.

mod arrays;
mod axes;
mod calls;
mod choice;
mod creation;
mod index;
mod iteration;
mod loops;
mod numbers;
mod statements;
mod views;

pub use choice::Choice;

use crate::program::{Clause, Expr, Function, Program, Stmt};
use crate::types::{BOOL, Element, FLOAT, INT, REAL, Type};
use crate::values::Argument;
use durum::base::Dtype;

/// For whom the program is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    /// Compared with the interpreter: the whole language.
    Durum,
    /// Compared with CPython and NumPy: without what differs there on purpose (docs/language.md).
    Numpy,
}

/// What a variable may be used for.
#[derive(Clone, PartialEq, Debug)]
pub enum Access {
    /// Read and, if it is an array, written.
    Full,
    /// Not assigned nor written: loop variables, and what a prange shares between its iterations.
    Read,
    /// An array of which an iteration of a prange owns the elements with these first indices.
    Own(Vec<Expr>),
}

#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub ty: Type,
    pub access: Access,
    /// Known bounds of a Python int.
    pub range: Option<(i64, i64)>,
    pub bits: u32,
    /// Arrays whose masks meet may share memory.
    pub memory: u64,
    /// Whether NumPy's array is certainly in C order.
    pub c_order: bool,
    /// The type at the head of the loop, which assignments must keep.
    pub head: Option<Element>,
}

/// A function that later ones may call.
#[derive(Clone, Debug)]
pub struct Signature {
    pub name: String,
    pub params: Vec<Type>,
    pub result: Type,
    pub bits: u32,
    pub c_order: bool,
    /// Its last parameter bounds how deep it calls itself.
    pub recursive: bool,
    /// Whether it writes an array parameter.
    pub writes: bool,
    pub cost: usize,
}

pub struct Generator {
    choice: Choice,
    numpy: bool,
    functions: Vec<Function>,
    signatures: Vec<Signature>,
    scope: Vec<Variable>,
    /// Enclosing loops of the function at hand.
    loops: Vec<loops::Kind>,
    names: usize,
    memories: u32,
    /// How often the statement at hand runs, and the work so far of this function.
    times: usize,
    cost: usize,
    writes: bool,
    /// What the function at hand returns, where that is decided before its body.
    result: Option<Type>,
    /// The most work of this program.
    budget: usize,
    /// Extents that arrays of this program have.
    extents: Vec<usize>,
}

/// The most work of a program, in scalar operations, roughly; and of the few that go through many blocks of a prange.
const MOST_COST: usize = 6_000;
const LARGE_COST: usize = 80_000;

pub fn program(seed: u64, audience: Audience) -> Program {
    let mut choice = Choice::new(seed);
    let extents = extents(&mut choice);
    let budget = if choice.chance(4) { LARGE_COST } else { MOST_COST };
    let mut generator = Generator {
        choice,
        numpy: audience == Audience::Numpy,
        functions: vec![],
        signatures: vec![],
        scope: vec![],
        loops: vec![],
        names: 0,
        memories: 0,
        times: 1,
        cost: 0,
        writes: false,
        result: None,
        budget,
        extents,
    };
    for _ in 0..generator.choice.below(3) {
        generator.helper();
    }
    let arguments = generator.entry();
    let mut program = Program { functions: generator.functions, arguments };
    program.drop_unused();
    // What fastmath makes of a function is the same for everybody but NumPy.
    for function in &mut program.functions {
        function.fast = audience == Audience::Durum && generator.choice.chance(30);
    }
    program
}

/// Around the sizes of vectors, unrolled loops and blocks of sums.
fn extents(choice: &mut Choice) -> Vec<usize> {
    let common = [2, 3, 4, 5, 7, 8, 9];
    let rare = [0, 1, 16, 17, 33, 129];
    (0..3).map(|_| if choice.chance(25) { *choice.pick(&rare) } else { *choice.pick(&common) }).collect()
}

impl Generator {
    fn entry(&mut self) -> Vec<Argument> {
        let mut arguments = vec![];
        for _ in 0..self.choice.between(1, 3) {
            let (dtype, shape) = (self.dtype(), self.shape(4));
            arguments.push(Argument::array(&mut self.choice, dtype, shape));
        }
        for _ in 0..self.choice.below(4) {
            let element = self.element();
            arguments.push(Argument::scalar(&mut self.choice, element));
        }
        let types: Vec<Type> = arguments.iter().map(|argument| argument.ty.clone()).collect();
        let length = self.choice.between(3, 9) as usize;
        let params = self.begin(&types);
        let mut body = vec![];
        self.block(length, &mut body);
        self.return_all(&mut body);
        self.functions.push(Function { name: "f".to_string(), params, fast: false, body });
        arguments
    }

    fn helper(&mut self) {
        let mut types = vec![];
        for _ in 0..self.choice.below(3) {
            let (dtype, shape) = (self.dtype(), self.shape(2));
            types.push(Type::Array(dtype, shape));
        }
        for _ in 0..self.choice.between(1, 2) {
            types.push(Type::Scalar(self.element()));
        }
        let recursive = self.choice.chance(15);
        let result = self.helper_result(&types, recursive);
        if recursive {
            types.push(Type::Scalar(INT));
        }
        let name = format!("g{}", self.signatures.len());
        let params = self.begin(&types);
        self.result = Some(result.clone());
        let mut body = vec![];
        if recursive {
            self.end_of_recursion(&params, &result, &mut body);
        }
        let length = self.choice.between(0, 3) as usize;
        self.block(length, &mut body);
        if recursive {
            self.recursion(&name, &params, &types, &result, &mut body);
        }
        let value = self.value_of(&result, 3);
        let (bits, c_order) = (value.bits, value.c_order);
        body.push(Stmt::Line(Expr::new("return #", vec![value], Type::None)));
        self.functions.push(Function { name: name.clone(), params, fast: false, body });
        let cost = if recursive { 6 * (self.cost + 1) } else { self.cost + 1 };
        let writes = self.writes;
        self.signatures.push(Signature {
            name,
            params: types,
            result,
            bits,
            c_order,
            recursive,
            writes,
            cost,
        });
    }

    fn helper_result(&mut self, params: &[Type], recursive: bool) -> Type {
        match self.choice.below(10) {
            0 | 1 if !recursive => match params.first() {
                Some(Type::Array(dtype, shape)) if self.choice.chance(60) => {
                    Type::Array(*dtype, shape.clone())
                }
                _ => Type::Array(self.dtype(), self.shape(2)),
            },
            2 | 3 if !recursive => {
                Type::Tuple(vec![Type::Scalar(self.element()), Type::Scalar(self.element())])
            }
            _ => Type::Scalar(self.element()),
        }
    }

    fn value_of(&mut self, ty: &Type, depth: usize) -> Expr {
        match ty {
            Type::Scalar(element) => {
                let value = self.number(*element, depth);
                self.safe(value)
            }
            Type::Array(dtype, shape) => self.array(*dtype, shape, depth),
            Type::Tuple(items) => {
                let parts: Vec<Expr> = items.iter().map(|item| self.value_of(item, depth)).collect();
                Expr::new(vec!["#"; parts.len()].join(", "), parts, ty.clone())
            }
            Type::None => Expr::leaf("None", Type::None),
        }
    }

    fn end_of_recursion(&mut self, params: &[String], result: &Type, body: &mut Vec<Stmt>) {
        let depth = params.last().expect("the depth");
        let variable = self.scope.last_mut().expect("the depth");
        variable.access = Access::Read;
        let value = self.value_of(result, 1);
        let header = Expr::leaf(format!("if {depth} <= 0"), Type::None);
        let suite = vec![Stmt::Line(Expr::new("return #", vec![value], Type::None))];
        body.push(Stmt::Block(vec![Clause::new(header, suite)]));
    }

    /// `v = g(…, n - 1)`: one call, so that the work stays linear in the depth.
    fn recursion(
        &mut self,
        name: &str,
        params: &[String],
        types: &[Type],
        result: &Type,
        body: &mut Vec<Stmt>,
    ) {
        let (depth, others) = params.split_last().expect("the depth");
        let mut parts = vec![];
        for (param, ty) in others.iter().zip(types) {
            parts.push(match ty {
                Type::Scalar(_) => self.value_of(ty, 2),
                _ => Expr::leaf(param.clone(), ty.clone()),
            });
        }
        parts.push(Expr::leaf(format!("{depth} - 1"), Type::Scalar(INT)));
        let text = format!("{name}({})", vec!["#"; parts.len()].join(", "));
        let value = Expr::new(text, parts, result.clone()).with_bits(SAFE_BITS);
        let variable = self.fresh_name();
        self.declare(variable.clone(), &value, 0);
        body.push(Stmt::Line(Expr::new(format!("{variable} = #"), vec![value], Type::None)));
    }

    fn begin(&mut self, types: &[Type]) -> Vec<String> {
        self.scope.clear();
        (self.names, self.times, self.cost, self.writes, self.result) = (0, 1, 0, false, None);
        types.iter().enumerate().map(|(k, ty)| self.param(k, ty)).collect()
    }

    fn param(&mut self, position: usize, ty: &Type) -> String {
        let letter = if let Type::Array(..) = ty { "x" } else { "a" };
        let name = format!("{letter}{position}");
        let memory = self.fresh_memory();
        self.scope.push(Variable {
            name: name.clone(),
            ty: ty.clone(),
            access: Access::Full,
            range: None,
            bits: if self.numpy { SAFE_BITS } else { crate::program::ANY_BITS },
            memory,
            c_order: true,
            head: None,
        });
        name
    }

    /// The entry returns as much as it can, so that all work is seen.
    fn return_all(&mut self, body: &mut Vec<Stmt>) {
        let mut values: Vec<Expr> = self.scope.iter().map(|variable| self.read(variable)).collect();
        while values.len() > 6 {
            values.remove(self.choice.below(values.len()));
        }
        let text = format!("return {}", vec!["#"; values.len()].join(", "));
        body.push(Stmt::Line(Expr::new(text, values, Type::None)));
    }

    fn dtype(&mut self) -> Dtype {
        if self.choice.chance(40) {
            *self.choice.pick(&[Dtype::F64, Dtype::F32, Dtype::I64])
        } else {
            *self.choice.pick(&REAL)
        }
    }

    fn element(&mut self) -> Element {
        if self.choice.chance(50) {
            *self.choice.pick(&[INT, FLOAT, BOOL])
        } else {
            Element::Strong(self.dtype())
        }
    }

    fn shape(&mut self, most: usize) -> Vec<usize> {
        let rank = self.choice.weighted(&[(50, 1), (30, 2), (10, 3), (5, 4)]).min(most);
        let mut shape: Vec<usize> = (0..rank)
            .map(|_| if self.choice.chance(8) { 1 } else { *self.choice.pick(&self.extents) })
            .collect();
        // Small arrays do: 300 elements go through every tail and block.
        while shape.iter().product::<usize>() > 300 {
            let largest = (0..rank).max_by_key(|axis| shape[*axis]).expect("some axis");
            shape[largest] = 2;
        }
        shape
    }

    fn fresh_name(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    fn fresh_memory(&mut self) -> u64 {
        self.memories = (self.memories + 1) % 64;
        1 << self.memories
    }

    fn read(&self, variable: &Variable) -> Expr {
        let read = Expr::leaf(variable.name.clone(), variable.ty.clone()).with_bits(variable.bits);
        Expr { c_order: variable.c_order, ..read }
    }

    /// A variable that satisfies a condition.
    fn variable(&mut self, wanted: impl Fn(&Variable) -> bool) -> Option<Variable> {
        let found: Vec<&Variable> = self.scope.iter().filter(|variable| wanted(variable)).collect();
        if found.is_empty() { None } else { Some((*self.choice.pick(&found)).clone()) }
    }

    fn spend(&mut self, work: usize) {
        self.cost += self.times * work.max(1);
    }

    fn affords(&self, work: usize) -> bool {
        self.cost + self.times * work <= self.budget
    }

    fn in_prange(&self) -> bool {
        self.loops.contains(&loops::Kind::Parallel)
    }
}

/// Python ints of variables stay below this in programs for NumPy, where they never wrap.
const SAFE_BITS: u32 = 20;
