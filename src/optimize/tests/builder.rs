//! Programs by hand, one array operation at a time.

use crate::base::{Binary, Compare, Dtype, FaultKind, FaultSite, ReduceOp, Scalar, Span, Unary};
use crate::loops::*;
use cranelift_entity::PrimaryMap;

pub struct Builder {
    pub f: Function,
    sites: PrimaryMap<Site, FaultSite>,
    /// The blocks that are open, outermost first.
    blocks: Vec<Block>,
}

impl Builder {
    pub fn new() -> Builder {
        Builder {
            f: Function::new("test", Role::Kernel { recursive: false }),
            sites: PrimaryMap::new(),
            blocks: vec![vec![]],
        }
    }

    pub fn module(mut self) -> Module {
        self.f.body = self.blocks.pop().expect("the body");
        assert!(self.blocks.is_empty());
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

    pub fn unary(&mut self, unary: Unary, a: Value) -> Value {
        let dtype = unary.result(self.f.values[a].dtype).expect("a typed program");
        self.op(dtype, Op::Unary(unary, a))
    }

    pub fn binary(&mut self, binary: Binary, a: Value, b: Value) -> Value {
        let dtype = self.f.values[a].dtype;
        self.op(dtype, Op::Binary(binary, a, b))
    }

    pub fn compare(&mut self, compare: Compare, a: Value, b: Value) -> Value {
        self.op(Dtype::Bool, Op::Compare(compare, a, b))
    }

    pub fn get(&mut self, var: Var) -> Value {
        let dtype = self.f.vars[var].dtype;
        self.op(dtype, Op::Get(var))
    }

    pub fn load(&mut self, array: Array, indices: &[Value]) -> Value {
        let dtype = self.f.arrays[array].dtype;
        self.op(dtype, Op::Load { array, indices: indices.to_vec() })
    }

    pub fn store(&mut self, array: Array, indices: &[Value], value: Value) {
        self.emit(Stmt::Store(Store { array, indices: indices.to_vec(), value, span: Span::default() }));
    }

    pub fn scalar_param(&mut self, dtype: Dtype) -> Value {
        let value = self.f.value(dtype);
        self.f.params.push(Operand::Scalar(value));
        value
    }

    /// A contiguous f64 argument with a class of its own.
    pub fn param(&mut self, rank: usize) -> Array {
        let class = self.f.class();
        let mut value = || self.f.value(Dtype::I64);
        let (base, owner) = (value(), value());
        let extents = (0..rank).map(|_| value()).collect();
        let strides = (0..rank).map(|_| value()).collect();
        let array = self.f.arrays.push(ArrayData {
            dtype: Dtype::F64,
            base,
            owner,
            extents,
            strides,
            contiguous: true,
            class,
            name: String::new(),
        });
        self.f.params.push(Operand::Array(array));
        array
    }

    pub fn extents(&self, array: Array) -> Vec<Value> {
        self.f.arrays[array].extents.clone()
    }

    pub fn site(&mut self, kind: FaultKind) -> Site {
        self.sites.push(FaultSite { kind, span: Span::default(), loops: vec![] })
    }

    pub fn alloc(&mut self, extents: &[Value]) -> Array {
        let mut strides = vec![self.int(8)];
        for extent in extents.iter().skip(1).rev() {
            strides.insert(0, self.binary(Binary::Mul, strides[0], *extent));
        }
        strides.truncate(extents.len());
        let (base, class) = (self.f.value(Dtype::I64), self.f.class());
        let array = self.f.arrays.push(ArrayData {
            dtype: Dtype::F64,
            base,
            owner: base,
            extents: extents.to_vec(),
            strides,
            contiguous: true,
            class,
            name: String::new(),
        });
        let site = self.site(FaultKind::OutOfMemory);
        self.emit(Stmt::Alloc { array, site });
        array
    }

    pub fn release(&mut self, array: Array) {
        self.emit(Stmt::Release(self.f.arrays[array].owner));
    }

    pub fn check(&mut self, condition: Value) {
        let site = self.site(FaultKind::DivisionByZero);
        self.emit(Stmt::Check(Check { condition: Condition::True(condition), site, values: vec![] }));
    }

    pub fn check_equal(&mut self, a: Value, b: Value) {
        let condition = self.compare(Compare::Eq, a, b);
        let site = self.site(FaultKind::ShapeMismatch { axis: 0 });
        self.emit(Stmt::Check(Check { condition: Condition::True(condition), site, values: vec![a, b] }));
    }

    pub fn nest(
        &mut self,
        extents: &[Value],
        reduce: Option<(Var, ReduceOp)>,
        fill: impl FnOnce(&mut Builder, &[Value]),
    ) {
        let indices: Vec<Value> = extents.iter().map(|_| self.f.value(Dtype::I64)).collect();
        let body = self.block(|b| fill(b, &indices));
        self.emit(Stmt::Nest(Box::new(Nest {
            indices,
            extents: extents.to_vec(),
            reductions: reduce.into_iter().map(|(var, op)| Reduction { var, op }).collect(),
            body,
            span: Span::default(),
        })));
    }

    /// A serial `for`.
    pub fn for_(&mut self, lo: Value, hi: Value, fill: impl FnOnce(&mut Builder, Value)) {
        let index = self.f.value(Dtype::I64);
        let label = self.f.label();
        let body = self.block(|b| fill(b, index));
        self.emit(Stmt::For(Box::new(For {
            label,
            index,
            lo,
            hi,
            mode: Mode::Serial,
            reductions: vec![],
            body,
            span: Span::default(),
            name: String::new(),
        })));
    }

    pub fn if_(
        &mut self,
        condition: Value,
        then: impl FnOnce(&mut Builder),
        otherwise: impl FnOnce(&mut Builder),
    ) {
        let (then, otherwise) = (self.block(then), self.block(otherwise));
        self.emit(Stmt::If(If { condition, then, otherwise }));
    }

    /// `a ∘ b` of whole arrays, into a new one, as `lower` does it.
    pub fn map2(&mut self, binary: Binary, a: Array, b: Array) -> Array {
        let extents = self.extents(a);
        for (n, m) in extents.iter().zip(self.extents(b)) {
            self.check_equal(*n, m);
        }
        let out = self.alloc(&extents);
        self.nest(&extents, None, |f, at| {
            let (x, y) = (f.load(a, at), f.load(b, at));
            let z = f.binary(binary, x, y);
            f.store(out, at, z);
        });
        out
    }

    /// `a ∘ scalar`, into a new array.
    pub fn map1(&mut self, binary: Binary, a: Array, scalar: Value) -> Array {
        let extents = self.extents(a);
        let out = self.alloc(&extents);
        self.nest(&extents, None, |f, at| {
            let x = f.load(a, at);
            let z = f.binary(binary, x, scalar);
            f.store(out, at, z);
        });
        out
    }

    pub fn copy(&mut self, from: Array, to: Array) {
        let extents = self.extents(to);
        for (n, m) in extents.iter().zip(self.extents(from)) {
            self.check_equal(*n, m);
        }
        self.nest(&extents, None, |f, at| {
            let x = f.load(from, at);
            f.store(to, at, x);
        });
    }

    /// The sum of an array, in a new variable.
    pub fn sum(&mut self, a: Array) -> Var {
        let total = self.f.var(Dtype::F64, "total");
        let zero = self.float(0.0);
        self.emit(Stmt::Set(total, zero));
        let extents = self.extents(a);
        self.nest(&extents, Some((total, ReduceOp::Add)), |f, at| {
            let x = f.load(a, at);
            let old = f.get(total);
            let new = f.binary(Binary::Add, old, x);
            f.emit(Stmt::Set(total, new));
        });
        total
    }

    pub fn give(&mut self, operand: Operand) {
        self.f.results.push(match operand {
            Operand::Scalar(value) => ResultType::Scalar(self.f.values[value].dtype),
            Operand::Array(array) => {
                let data = &self.f.arrays[array];
                ResultType::Array { dtype: data.dtype, rank: data.rank() as u8 }
            }
        });
        self.emit(Stmt::Return(vec![operand]));
    }

    /// A view of a rank 1 array from `start` on, `extent` long; of the same class.
    pub fn slice(&mut self, array: Array, start: i64, extent: Value) -> Array {
        let data = self.f.arrays[array].clone();
        let start = self.int(start);
        let offset = self.binary(Binary::Mul, start, data.strides[0]);
        let base = self.binary(Binary::Add, data.base, offset);
        self.f.arrays.push(ArrayData { base, extents: vec![extent], ..data })
    }
}
