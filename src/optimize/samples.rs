//! Kernels by hand, as `lower` writes Python loops, and running them.

use crate::base::{Binary, Compare, Dtype, Fault, FaultKind, FaultSite, ReduceOp, Scalar, Span};
use crate::loops::eval::{Arg, Memory, eval};
use crate::loops::verify::verify;
use crate::loops::visit::walk;
use crate::loops::*;
use cranelift_entity::PrimaryMap;

pub struct Builder {
    pub f: Function,
    sites: PrimaryMap<Site, FaultSite>,
    blocks: Vec<Block>,
    /// Indices of the loops that are open, for the values of faults.
    loops: Vec<Value>,
}

impl Builder {
    pub fn new() -> Builder {
        let f = Function::new("sample", Role::Kernel { recursive: false });
        Builder { f, sites: PrimaryMap::new(), blocks: vec![vec![]], loops: vec![] }
    }

    pub fn module(mut self) -> Module {
        self.f.body = self.blocks.pop().expect("the body");
        self.f.body.push(Stmt::Return(vec![]));
        let mut functions = PrimaryMap::new();
        let entry = functions.push(self.f);
        Module { functions, sites: self.sites, entry }
    }

    pub fn emit(&mut self, stmt: Stmt) {
        self.blocks.last_mut().expect("a block is open").push(stmt);
    }

    pub fn block(&mut self, fill: impl FnOnce(&mut Builder)) -> Block {
        self.blocks.push(vec![]);
        fill(self);
        self.blocks.pop().expect("just opened")
    }

    pub fn op(&mut self, dtype: Dtype, op: Op) -> Value {
        let value = self.f.value(dtype);
        self.emit(Stmt::Let(value, op));
        value
    }

    pub fn int(&mut self, value: i64) -> Value {
        self.op(Dtype::I64, Op::Const(Scalar::i64(value)))
    }

    pub fn float(&mut self, value: f64) -> Value {
        self.op(Dtype::F64, Op::Const(Scalar::f64(value)))
    }

    pub fn binary(&mut self, binary: Binary, a: Value, b: Value) -> Value {
        let dtype = self.f.values[a].dtype;
        self.op(dtype, Op::Binary(binary, a, b))
    }

    pub fn add(&mut self, a: Value, b: Value) -> Value {
        self.binary(Binary::Add, a, b)
    }

    pub fn mul(&mut self, a: Value, b: Value) -> Value {
        self.binary(Binary::Mul, a, b)
    }

    /// `a + constant`.
    pub fn plus(&mut self, a: Value, constant: i64) -> Value {
        let constant = self.int(constant);
        self.add(a, constant)
    }

    pub fn compare(&mut self, compare: Compare, a: Value, b: Value) -> Value {
        self.op(Dtype::Bool, Op::Compare(compare, a, b))
    }

    pub fn get(&mut self, var: Var) -> Value {
        let dtype = self.f.vars[var].dtype;
        self.op(dtype, Op::Get(var))
    }

    pub fn set(&mut self, var: Var, value: Value) {
        self.emit(Stmt::Set(var, value));
    }

    pub fn scalar(&mut self, dtype: Dtype) -> Value {
        let value = self.f.value(dtype);
        self.f.params.push(Operand::Scalar(value));
        value
    }

    /// A contiguous argument with a class of its own.
    pub fn array(&mut self, dtype: Dtype, rank: usize, name: &str) -> Array {
        let class = self.f.class();
        let mut value = || self.f.value(Dtype::I64);
        let (base, owner) = (value(), value());
        let extents: Vec<Value> = (0..rank).map(|_| value()).collect();
        let strides = (0..rank).map(|_| value()).collect();
        let data = ArrayData {
            dtype,
            base,
            owner,
            extents: extents.clone(),
            strides,
            contiguous: true,
            class,
            name: name.into(),
        };
        let argument = self.f.arrays.push(data.clone());
        self.f.params.push(Operand::Array(argument));
        let mut strides = vec![self.int(dtype.size() as i64)];
        for extent in extents.iter().skip(1).rev() {
            let stride = self.mul(strides[0], *extent);
            strides.insert(0, stride);
        }
        self.f.arrays.push(ArrayData { strides, ..data })
    }

    pub fn extent(&self, array: Array, axis: usize) -> Value {
        self.f.arrays[array].extents[axis]
    }

    /// A place of its own in the open loops.
    pub fn site(&mut self, kind: FaultKind) -> Site {
        let loops = self.loops.iter().map(|index| index.to_string()).collect();
        let place = self.sites.len();
        self.sites.push(FaultSite { kind, span: Span::new(Default::default(), place, place + 1), loops })
    }

    /// Wraps and checks, as every Python index.
    pub fn checked(&mut self, array: Array, indices: &[Value]) -> Vec<Value> {
        let loops = self.loops.clone();
        let mut checked = vec![];
        for (axis, &index) in indices.iter().enumerate() {
            let extent = self.extent(array, axis);
            let wrapped = self.op(Dtype::I64, Op::Wrap { index, extent });
            let site = self.site(FaultKind::IndexOutOfRange { axis: axis as u8 });
            let values = [index, extent].into_iter().chain(loops.iter().copied()).collect();
            let condition = Condition::Bounds { index: wrapped, extent };
            self.emit(Stmt::Check(Check { condition, site, values }));
            checked.push(wrapped);
        }
        checked
    }

    pub fn load(&mut self, array: Array, indices: &[Value]) -> Value {
        let indices = self.checked(array, indices);
        let dtype = self.f.arrays[array].dtype;
        self.op(dtype, Op::Load { array, indices })
    }

    pub fn store(&mut self, array: Array, indices: &[Value], value: Value) {
        let indices = self.checked(array, indices);
        self.emit(Stmt::Store(Store { array, indices, value, span: Span::default() }));
    }

    pub fn require(&mut self, condition: Value) {
        let site = self.site(FaultKind::Assertion { message: String::new() });
        let values = self.loops.clone();
        self.emit(Stmt::Check(Check { condition: Condition::True(condition), site, values }));
    }

    pub fn for_(&mut self, lo: Value, hi: Value, fill: impl FnOnce(&mut Builder, Value)) {
        self.loop_(lo, hi, Mode::Serial, &[], fill);
    }

    pub fn prange(&mut self, lo: Value, hi: Value, fill: impl FnOnce(&mut Builder, Value)) {
        self.loop_(lo, hi, Mode::Parallel { when: None }, &[], fill);
    }

    pub fn loop_(
        &mut self,
        lo: Value,
        hi: Value,
        mode: Mode,
        reductions: &[(Var, ReduceOp)],
        fill: impl FnOnce(&mut Builder, Value),
    ) {
        let index = self.f.value(Dtype::I64);
        let label = self.f.label();
        // A place of its own, so that remarks can be told apart.
        let place = label.as_u32() as usize;
        self.loops.push(index);
        let body = self.block(|b| fill(b, index));
        self.loops.pop();
        let reductions = reductions.iter().map(|&(var, op)| Reduction { var, op }).collect();
        let span = Span::new(Default::default(), place, place + 1);
        let loop_ = For::new(&mut self.f, index, lo, hi, mode, body);
        self.emit(Stmt::For(Box::new(For { label, reductions, span, ..loop_ })));
    }

    pub fn if_(&mut self, condition: Value, then: impl FnOnce(&mut Builder)) {
        let then = self.block(then);
        self.emit(Stmt::If(If { condition, then, otherwise: vec![] }));
    }

    pub fn if_else(
        &mut self,
        condition: Value,
        then: impl FnOnce(&mut Builder),
        otherwise: impl FnOnce(&mut Builder),
    ) {
        let (then, otherwise) = (self.block(then), self.block(otherwise));
        self.emit(Stmt::If(If { condition, then, otherwise }));
    }
}

/// `for i in range(len(y)): y[i] = a * x[i] + y[i]`, in the given mode; `x` is as long as the caller makes it.
pub fn axpy(mode: Mode) -> Module {
    let mut b = Builder::new();
    let a = b.scalar(Dtype::F64);
    let (x, y) = (b.array(Dtype::F64, 1, "x"), b.array(Dtype::F64, 1, "y"));
    let (zero, n) = (b.int(0), b.extent(y, 0));
    b.loop_(zero, n, mode, &[], |b, i| {
        let (u, v) = (b.load(x, &[i]), b.load(y, &[i]));
        let product = b.mul(a, u);
        let sum = b.add(product, v);
        b.store(y, &[i], sum);
    });
    b.module()
}

/// Five points of `a` into `b` inside the border, over the extents of `a`.
pub fn jacobi() -> Module {
    let mut b = Builder::new();
    let (from, to) = (b.array(Dtype::F64, 2, "a"), b.array(Dtype::F64, 2, "b"));
    let one = b.int(1);
    let (n, m) = (b.extent(from, 0), b.extent(from, 1));
    let (rows, columns) = (b.plus(n, -1), b.plus(m, -1));
    let quarter = b.float(0.25);
    b.prange(one, rows, |b, i| {
        b.for_(one, columns, |b, j| {
            let mut sum = b.load(from, &[i, j]);
            for (di, dj) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
                let (k, l) = (b.plus(i, di), b.plus(j, dj));
                let point = b.load(from, &[k, l]);
                sum = b.add(sum, point);
            }
            let mean = b.mul(sum, quarter);
            b.store(to, &[i, j], mean);
        });
    });
    b.module()
}

/// `c[i, j] += a[i, k] * b[k, j]` over i, j, k.
pub fn matmul() -> Module {
    let mut b = Builder::new();
    let names = ["a", "b", "c"];
    let [x, y, z] = names.map(|name| b.array(Dtype::F64, 2, name));
    let zero = b.int(0);
    let (n, m, depth) = (b.extent(z, 0), b.extent(z, 1), b.extent(x, 1));
    b.prange(zero, n, |b, i| {
        b.for_(zero, m, |b, j| {
            b.for_(zero, depth, |b, k| {
                let (u, v, w) = (b.load(x, &[i, k]), b.load(y, &[k, j]), b.load(z, &[i, j]));
                let product = b.mul(u, v);
                let sum = b.add(w, product);
                b.store(z, &[i, j], sum);
            });
        });
    });
    b.module()
}

/// Forces along one axis between all pairs of `n` bodies, `n` a parameter.
pub fn bodies() -> Module {
    let mut b = Builder::new();
    let n = b.scalar(Dtype::I64);
    let (x, force) = (b.array(Dtype::F64, 2, "x"), b.array(Dtype::F64, 1, "force"));
    let (zero, axis) = (b.int(0), b.int(2));
    let total = b.f.var(Dtype::F64, "total");
    b.prange(zero, n, |b, i| {
        let start = b.float(0.0);
        b.set(total, start);
        b.for_(zero, n, |b, j| {
            let (u, v) = (b.load(x, &[j, axis]), b.load(x, &[i, axis]));
            let distance = b.binary(Binary::Sub, u, v);
            let old = b.get(total);
            let new = b.add(old, distance);
            b.set(total, new);
        });
        let sum = b.get(total);
        b.store(force, &[i], sum);
    });
    b.module()
}

/// `y[i] += data[k] * x[column[k]]` for k in row[i]..row[i + 1].
pub fn sparse() -> Module {
    let mut b = Builder::new();
    let (row, column) = (b.array(Dtype::I64, 1, "row"), b.array(Dtype::I64, 1, "column"));
    let names = ["data", "x", "y"];
    let [data, x, y] = names.map(|name| b.array(Dtype::F64, 1, name));
    let zero = b.int(0);
    let n = b.extent(y, 0);
    b.prange(zero, n, |b, i| {
        let next = b.plus(i, 1);
        let (lo, hi) = (b.load(row, &[i]), b.load(row, &[next]));
        b.for_(lo, hi, |b, k| {
            let at = b.load(column, &[k]);
            let (d, v, old) = (b.load(data, &[k]), b.load(x, &[at]), b.load(y, &[i]));
            let product = b.mul(d, v);
            let new = b.add(old, product);
            b.store(y, &[i], new);
        });
    });
    b.module()
}

/// The sum of squares of a vector, as a reduction; the result is stored to `out[0]`.
pub fn squares(mode: Mode) -> Module {
    let mut b = Builder::new();
    let (x, out) = (b.array(Dtype::F64, 1, "x"), b.array(Dtype::F64, 1, "out"));
    let (zero, n) = (b.int(0), b.extent(x, 0));
    let total = b.f.var(Dtype::F64, "total");
    let start = b.float(0.0);
    b.set(total, start);
    b.loop_(zero, n, mode, &[(total, ReduceOp::Add)], |b, i| {
        let u = b.load(x, &[i]);
        let square = b.mul(u, u);
        let old = b.get(total);
        let new = b.add(old, square);
        b.set(total, new);
    });
    let sum = b.get(total);
    b.store(out, &[zero], sum);
    b.module()
}

/// Bounds checks of the fast way: the `then` arms of branches, where versions are.
pub fn checks(block: &Block) -> usize {
    block
        .iter()
        .map(|stmt| match stmt {
            Stmt::If(branch) => checks(&branch.then),
            Stmt::Check(Check { condition: Condition::Bounds { .. }, .. }) => 1,
            other => other.blocks().into_iter().map(checks).sum(),
        })
        .sum()
}

pub fn count(module: &Module, mut is_counted: impl FnMut(&Stmt) -> bool) -> usize {
    let mut count = 0;
    for (_, function) in &module.functions {
        walk(&function.body, &mut |stmt| count += is_counted(stmt) as usize);
    }
    count
}

/// An argument of a run.
#[derive(Clone, Debug)]
pub enum Argument {
    Int(i64),
    Float(f64),
    /// Extents and elements.
    Floats(Vec<i64>, Vec<f64>),
    Ints(Vec<i64>, Vec<i64>),
}

/// `0.5, 1.5, …` with these extents.
pub fn floats(extents: &[i64]) -> Argument {
    let size = extents.iter().product::<i64>();
    Argument::Floats(extents.to_vec(), (0..size).map(|k| (k * 7 % 11) as f64 + 0.5).collect())
}

/// All elements of array arguments afterwards; or the fault.
pub type Outcome = Result<Vec<Vec<Scalar>>, Fault>;

/// Verifies the module and runs its entry; panics at any access that is out of bounds.
pub fn run(module: &Module, arguments: &[Argument]) -> Outcome {
    verify(module).unwrap_or_else(|message| panic!("{message}\n{module}"));
    let mut memory = Memory::new();
    let mut args = vec![];
    for argument in arguments {
        args.push(match argument {
            Argument::Int(int) => Arg::Scalar(Scalar::i64(*int)),
            Argument::Float(float) => Arg::Scalar(Scalar::f64(*float)),
            Argument::Floats(extents, elements) => {
                memory.array(extents, &elements.iter().map(|&x| Scalar::f64(x)).collect::<Vec<_>>())
            }
            Argument::Ints(extents, elements) => {
                memory.array(extents, &elements.iter().map(|&x| Scalar::i64(x)).collect::<Vec<_>>())
            }
        });
    }
    let outcome = eval(module, &args, memory)?;
    let elements = args.iter().zip(arguments).filter_map(|(arg, argument)| match argument {
        Argument::Floats(..) => Some(outcome.memory.elements(arg, Dtype::F64)),
        Argument::Ints(..) => Some(outcome.memory.elements(arg, Dtype::I64)),
        Argument::Int(_) | Argument::Float(_) => None,
    });
    Ok(elements.collect())
}

/// Random nests with random affine indices, most of which leave their arrays for some arguments.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number in `0..n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }

    /// Arguments for [`Random::module`]: two scalars and three arrays.
    pub fn arguments(&mut self) -> Vec<Argument> {
        let scalar = |random: &mut Random| match random.below(12) {
            0 => i64::MIN + random.between(0, 3),
            1 => i64::MAX - random.between(0, 3),
            _ => random.between(-3, 7),
        };
        let scalars = [scalar(self), scalar(self)];
        let [x, y, rows, columns] = [(); 4].map(|()| self.between(0, 7));
        let mut arguments: Vec<Argument> = scalars.map(Argument::Int).to_vec();
        arguments.extend([floats(&[x]), floats(&[y]), floats(&[rows, columns])]);
        arguments
    }

    pub fn module(&mut self) -> Module {
        let mut b = Builder::new();
        let scalars = [b.scalar(Dtype::I64), b.scalar(Dtype::I64)];
        let arrays = [b.array(Dtype::F64, 1, "x"), b.array(Dtype::F64, 1, "y"), b.array(Dtype::F64, 2, "z")];
        let mut known = scalars.to_vec();
        for array in arrays {
            known.extend(b.f.arrays[array].extents.clone());
        }
        let depth = 1 + self.below(3);
        self.nest(&mut b, &arrays, &known, &mut vec![], depth);
        if self.below(2) == 0 {
            self.nest(&mut b, &arrays, &known, &mut vec![], 1);
        }
        b.module()
    }

    fn nest(
        &mut self,
        b: &mut Builder,
        arrays: &[Array],
        known: &[Value],
        open: &mut Vec<Value>,
        depth: u64,
    ) {
        let lo = match self.below(4) {
            0 => self.sum(b, known, open),
            _ => b.int(0),
        };
        let hi = self.bound(b, known, open);
        // Far ends would never be reached, and a lone far start would run for ever.
        let few = b.plus(lo, 9);
        let hi = b.binary(Binary::Min, few, hi);
        let mode = if self.below(3) == 0 { Mode::Parallel { when: None } } else { Mode::Serial };
        b.loop_(lo, hi, mode, &[], |b, index| {
            open.push(index);
            self.body(b, arrays, known, open);
            if depth > 1 {
                self.nest(b, arrays, known, open, depth - 1);
            }
            if self.below(3) == 0 {
                self.body(b, arrays, known, open);
            }
            open.pop();
        });
    }

    fn body(&mut self, b: &mut Builder, arrays: &[Array], known: &[Value], open: &[Value]) {
        let condition = (self.below(4) == 0).then(|| {
            let (left, right) = (self.sum(b, known, open), self.sum(b, known, open));
            let compare = [Compare::Lt, Compare::Ge, Compare::Ne, Compare::Eq][self.below(4) as usize];
            b.compare(compare, left, right)
        });
        let mut fill = |b: &mut Builder| {
            let (from, to) = (arrays[self.below(3) as usize], arrays[self.below(3) as usize]);
            let [at, into] = [from, to].map(|array| {
                let rank = b.f.arrays[array].rank();
                (0..rank).map(|_| self.sum(b, known, open)).collect::<Vec<Value>>()
            });
            let value = b.load(from, &at);
            let (old, half) = (b.load(to, &into), b.float(0.5));
            let scaled = b.mul(old, half);
            let sum = b.add(scaled, value);
            b.store(to, &into, sum);
        };
        match condition {
            Some(condition) => b.if_(condition, fill),
            None => fill(b),
        }
    }

    fn bound(&mut self, b: &mut Builder, known: &[Value], open: &[Value]) -> Value {
        let sum = self.sum(b, known, open);
        match self.below(5) {
            0 => {
                let other = self.sum(b, known, open);
                let pick = [Binary::Min, Binary::Max][self.below(2) as usize];
                b.binary(pick, sum, other)
            }
            1 => {
                let divisor = b.int(2);
                b.binary(Binary::FloorDiv, sum, divisor)
            }
            2 => known[self.below(known.len() as u64) as usize],
            _ => sum,
        }
    }

    /// Up to two known values and indices with small factors, and a small constant; now and then a remainder.
    fn sum(&mut self, b: &mut Builder, known: &[Value], open: &[Value]) -> Value {
        let mut sum = b.int([0, 0, 0, 1, -1, 2, -3][self.below(7) as usize]);
        for _ in 0..self.below(3) {
            let term = if !open.is_empty() && self.below(4) != 0 {
                open[self.below(open.len() as u64) as usize]
            } else {
                known[self.below(known.len() as u64) as usize]
            };
            let factor = b.int([1, 1, 1, -1, 2][self.below(5) as usize]);
            let product = b.mul(term, factor);
            sum = b.add(sum, product);
        }
        if self.below(8) == 0 {
            let divisor = known[self.below(known.len() as u64) as usize];
            sum = b.binary(Binary::Mod, sum, divisor);
        }
        sum
    }
}
