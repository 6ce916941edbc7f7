//! Loops made by hand, for tests of passes: what `lower` would emit for a few lines of source.

use super::*;
use crate::base::{FaultKind, SourceId};

/// A module with one kernel under construction; the rest is reached through the public fields.
pub struct Build {
    pub module: Module,
    pub function: Function,
    /// The source that spans point into: a span is where a text first occurs in it.
    pub source: String,
    blocks: Vec<Block>,
    loops: Vec<(String, Value)>,
}

impl Build {
    pub fn new(name: &str, source: &str) -> Build {
        let module =
            Module { functions: PrimaryMap::new(), sites: PrimaryMap::new(), entry: Func::from_u32(0) };
        let function = Function::new(name, Role::Kernel { recursive: false });
        Build { module, function, source: source.to_string(), blocks: vec![vec![]], loops: vec![] }
    }

    /// The module with the kernel as its entry.
    pub fn finish(mut self) -> Module {
        self.function.body = self.blocks.pop().expect("the outermost block");
        assert!(self.blocks.is_empty(), "all blocks are closed");
        self.module.entry = self.module.functions.push(self.function);
        self.module
    }

    pub fn span(&self, text: &str) -> Span {
        match self.source.find(text) {
            Some(start) => Span::new(SourceId::USER, start, start + text.len()),
            None => Span::default(),
        }
    }

    // Parameters.

    pub fn scalar(&mut self, dtype: Dtype) -> Value {
        let value = self.function.value(dtype);
        self.function.params.push(Operand::Scalar(value));
        value
    }

    /// An integer parameter that the source calls `name`.
    pub fn int(&mut self, name: &str) -> Value {
        let value = self.scalar(Dtype::I64);
        let var = self.function.var(Dtype::I64, name);
        self.push(Stmt::Set(var, value));
        value
    }

    /// A contiguous f64 array in an alias class of its own.
    pub fn array(&mut self, name: &str, rank: usize) -> Array {
        let class = self.function.class();
        self.array_in(name, rank, class, true)
    }

    /// An f64 array parameter; one that is not contiguous has strides of its own.
    pub fn array_in(&mut self, name: &str, rank: usize, class: AliasClass, contiguous: bool) -> Array {
        let mut fresh = || self.function.value(Dtype::I64);
        let (base, owner) = (fresh(), fresh());
        let extents: Vec<Value> = (0..rank).map(|_| fresh()).collect();
        let params: Vec<Value> = (0..rank).map(|_| fresh()).collect();
        let mut strides = params.clone();
        let array = self.function.arrays.push(ArrayData {
            dtype: Dtype::F64,
            base,
            owner,
            extents: extents.clone(),
            strides: params,
            contiguous: false,
            class,
            name: String::new(),
        });
        self.function.params.push(Operand::Array(array));
        if contiguous {
            strides = self.c_strides(&extents);
        }
        let data = self.function.arrays[array].clone();
        let name = name.to_string();
        self.function.arrays.push(ArrayData { strides, contiguous, name, ..data })
    }

    /// A fresh array of this shape.
    pub fn alloc(&mut self, name: &str, extents: &[Value]) -> Array {
        let site = self.site(FaultKind::OutOfMemory);
        let (class, base) = (self.function.class(), self.function.value(Dtype::I64));
        let strides = self.c_strides(extents);
        let array = self.function.arrays.push(ArrayData {
            dtype: Dtype::F64,
            base,
            owner: base,
            extents: extents.to_vec(),
            strides,
            contiguous: true,
            class,
            name: name.to_string(),
        });
        self.push(Stmt::Alloc { array, site });
        array
    }

    /// `name = array[index]`: a view without the first axis.
    pub fn row(&mut self, name: &str, array: Array, index: Value) -> Array {
        let data = self.function.arrays[array].clone();
        let index = self.checked(array, 0, index);
        let offset = self.mul(index, data.strides[0]);
        let base = self.add(data.base, offset);
        let (extents, strides) = (data.extents[1..].to_vec(), data.strides[1..].to_vec());
        self.function.arrays.push(ArrayData { base, extents, strides, name: name.to_string(), ..data })
    }

    /// `name = array[from:]` of a vector, with `from` known to be inside.
    pub fn tail(&mut self, name: &str, array: Array, from: i64) -> Array {
        let data = self.function.arrays[array].clone();
        let from = self.constant(from);
        let offset = self.mul(from, data.strides[0]);
        let base = self.add(data.base, offset);
        let extents = vec![self.sub(data.extents[0], from)];
        self.function.arrays.push(ArrayData { base, extents, name: name.to_string(), ..data })
    }

    fn c_strides(&mut self, extents: &[Value]) -> Vec<Value> {
        let mut stride = self.constant(8);
        let mut strides = vec![];
        for (k, &extent) in extents.iter().rev().enumerate() {
            strides.push(stride);
            if k + 1 < extents.len() {
                stride = self.mul(stride, extent);
            }
        }
        strides.reverse();
        strides
    }

    pub fn extent(&self, array: Array, axis: usize) -> Value {
        self.function.arrays[array].extents[axis]
    }

    // Operations.

    pub fn push(&mut self, stmt: Stmt) {
        self.blocks.last_mut().expect("a block is open").push(stmt);
    }

    pub fn op(&mut self, dtype: Dtype, op: Op) -> Value {
        let block = self.blocks.last_mut().expect("a block is open");
        self.function.define(block, dtype, op)
    }

    pub fn constant(&mut self, value: i64) -> Value {
        self.op(Dtype::I64, Op::Const(Scalar::i64(value)))
    }

    pub fn float(&mut self, value: f64) -> Value {
        self.op(Dtype::F64, Op::Const(Scalar::f64(value)))
    }

    pub fn binary(&mut self, op: Binary, a: Value, b: Value) -> Value {
        let dtype = self.function.values[a].dtype;
        self.op(dtype, Op::Binary(op, a, b))
    }

    pub fn add(&mut self, a: Value, b: Value) -> Value {
        self.binary(Binary::Add, a, b)
    }

    pub fn sub(&mut self, a: Value, b: Value) -> Value {
        self.binary(Binary::Sub, a, b)
    }

    pub fn mul(&mut self, a: Value, b: Value) -> Value {
        self.binary(Binary::Mul, a, b)
    }

    /// `value + by`.
    pub fn plus(&mut self, value: Value, by: i64) -> Value {
        let by = self.constant(by);
        self.add(value, by)
    }

    /// `value * by`.
    pub fn times(&mut self, value: Value, by: i64) -> Value {
        let by = self.constant(by);
        self.mul(by, value)
    }

    pub fn site(&mut self, kind: FaultKind) -> Site {
        let loops = self.loops.iter().map(|(name, _)| name.clone()).collect();
        self.module.sites.push(FaultSite { kind, span: Span::default(), loops })
    }

    /// A Python index: wrapped around and checked.
    pub fn checked(&mut self, array: Array, axis: usize, index: Value) -> Value {
        let extent = self.extent(array, axis);
        let wrapped = self.op(Dtype::I64, Op::Wrap { index, extent });
        let site = self.site(FaultKind::IndexOutOfRange { axis: axis as u8 });
        let mut values = vec![index, extent];
        values.extend(self.loops.iter().map(|(_, index)| *index));
        let condition = Condition::Bounds { index: wrapped, extent };
        self.push(Stmt::Check(Check { condition, site, values }));
        wrapped
    }

    fn subscripts(&mut self, array: Array, indices: &[Value]) -> Vec<Value> {
        indices.iter().enumerate().map(|(axis, &index)| self.checked(array, axis, index)).collect()
    }

    pub fn load(&mut self, array: Array, indices: &[Value], text: &str) -> Value {
        let indices = self.subscripts(array, indices);
        let dtype = self.function.arrays[array].dtype;
        let value = self.op(dtype, Op::Load { array, indices });
        self.function.spans[value] = self.span(text);
        value
    }

    pub fn store(&mut self, array: Array, indices: &[Value], value: Value, text: &str) {
        let indices = self.subscripts(array, indices);
        let span = self.span(text);
        self.push(Stmt::Store(Store { array, indices, value, span }));
    }

    // Blocks.

    pub fn for_(
        &mut self,
        name: &str,
        (lo, hi): (Value, Value),
        mode: Mode,
        reductions: &[Reduction],
        body: impl FnOnce(&mut Build, Value),
    ) {
        let (index, label) = (self.function.value(Dtype::I64), self.function.label());
        self.loops.push((name.to_string(), index));
        let body = self.block(|build| body(build, index));
        self.loops.pop();
        let span = self.span(&format!("for {name} in"));
        self.push(Stmt::For(Box::new(For {
            label,
            index,
            lo,
            hi,
            mode,
            reductions: reductions.to_vec(),
            accumulators: vec![],
            times: None,
            vouched: vec![],
            body,
            span,
            name: name.to_string(),
        })));
    }

    /// `for name in prange(hi)`.
    pub fn prange(&mut self, name: &str, hi: Value, body: impl FnOnce(&mut Build, Value)) {
        let zero = self.constant(0);
        self.for_(name, (zero, hi), Mode::Marked, &[], body);
    }

    /// `for name in range(hi)`.
    pub fn range(&mut self, name: &str, hi: Value, body: impl FnOnce(&mut Build, Value)) {
        let zero = self.constant(0);
        self.for_(name, (zero, hi), Mode::Serial, &[], body);
    }

    pub fn nest(
        &mut self,
        extents: &[Value],
        reductions: &[Reduction],
        body: impl FnOnce(&mut Build, &[Value]),
    ) {
        let indices: Vec<Value> = extents.iter().map(|_| self.function.value(Dtype::I64)).collect();
        let body = self.block(|build| body(build, &indices));
        self.push(Stmt::Nest(Box::new(Nest {
            indices,
            extents: extents.to_vec(),
            reductions: reductions.to_vec(),
            body,
            span: Span::default(),
        })));
    }

    pub fn if_(&mut self, condition: Value, then: impl FnOnce(&mut Build)) {
        let then = self.block(then);
        self.push(Stmt::If(If { condition, then, otherwise: vec![] }));
    }

    pub fn block(&mut self, body: impl FnOnce(&mut Build)) -> Block {
        self.blocks.push(vec![]);
        body(self);
        self.blocks.pop().expect("it was just pushed")
    }
}
