//! Makes loops over blocks of iterations of those that collect into arrays.
//!
//! ```text
//!                                                     blocks = …                       see base::blocks
//!                                                     copies = 0 if blocks == 1 else blocks
//! for parallel i in lo..hi collecting add h in t:     alloc c[copies, …]; c[…] = identity
//!     t[x[i]] += 1                                →   for parallel b in 0..blocks:
//!                                                         t = h if blocks == 1 else c[b]
//!                                                         for i in lo + start(b)..lo + start(b + 1):
//!                                                             t[x[i]] += 1
//!                                                     for b in 0..copies: h[…] += c[b, …]
//!                                                     release c
//! ```
//!
//! Variables that such a loop reduces besides keep their order: each iteration stores its contribution into an array, which is reduced
//! after the loop.
//!
//! Needs: nothing. Establishes: no accumulators.

use super::{Event, Options, Remark};
use crate::base::blocks::{self, Arithmetic, Weight};
use crate::base::{Binary, Compare, Dtype, Scalar, Span};
use crate::loops::visit::walk_mut;
use crate::loops::{
    Accumulator, Array, ArrayData, Block, For, Func, Function, Label, Mode, Module, Nest, Op, Reduction,
    Stmt, Store, Value,
};

/// Estimates take inner loops of unknown length to run this often.
const ESTIMATED: i64 = 16;

pub fn blocks(module: &mut Module, _options: &Options, remarks: &mut Vec<Remark>) {
    for func in module.functions.keys().collect::<Vec<Func>>() {
        let function = &mut module.functions[func];
        let body = std::mem::take(&mut function.body);
        function.body = block(function, body, remarks);
    }
}

fn block(function: &mut Function, block_: Block, remarks: &mut Vec<Remark>) -> Block {
    let mut out = vec![];
    for mut stmt in block_ {
        for inner in stmt.blocks_mut() {
            *inner = block(function, std::mem::take(inner), remarks);
        }
        match stmt {
            Stmt::For(loop_) if !loop_.accumulators.is_empty() => {
                let of = |accumulator: &Accumulator| function.arrays[accumulator.inside].name.clone();
                let arrays = loop_.accumulators.iter().map(of).collect();
                remarks.push(Remark { pass: "blocks", span: loop_.span, event: Event::Collects { arrays } });
                Blocks { function, out: &mut out }.split(*loop_);
            }
            other => out.push(other),
        }
    }
    out
}

/// Appends statements to a block.
struct Blocks<'a> {
    function: &'a mut Function,
    out: &'a mut Block,
}

/// What the loop over blocks is made of.
struct Shape {
    iterations: Value,
    blocks: Value,
    /// One block, which needs no copy.
    single: Value,
    /// Copies of each accumulator.
    copies: Vec<Array>,
}

impl Arithmetic for Blocks<'_> {
    type Number = Value;

    fn constant(&mut self, value: i64) -> Value {
        self.function.constant(self.out, Scalar::i64(value))
    }

    fn binary(&mut self, op: Binary, a: Value, b: Value) -> Value {
        self.define(Dtype::I64, Op::Binary(op, a, b))
    }
}

impl Blocks<'_> {
    fn define(&mut self, dtype: Dtype, op: Op) -> Value {
        self.function.define(self.out, dtype, op)
    }

    /// What `f` appends, as a block of its own.
    fn nested(&mut self, f: impl FnOnce(&mut Blocks)) -> Block {
        let mut out = vec![];
        f(&mut Blocks { function: self.function, out: &mut out });
        out
    }

    fn select(&mut self, condition: Value, then: Value, otherwise: Value) -> Value {
        self.define(Dtype::I64, Op::Select { condition, then, otherwise })
    }

    fn split(&mut self, mut loop_: For) {
        let accumulators = std::mem::take(&mut loop_.accumulators);
        let shape = self.shape(&loop_, &accumulators);
        let reductions = std::mem::take(&mut loop_.reductions);
        let contributions = self.contributions(&mut loop_, &reductions, &shape, accumulators[0]);
        self.loop_over_blocks(loop_, &accumulators, &shape);
        self.combine(&accumulators, &shape);
        self.reduce(&reductions, contributions, &shape);
    }

    fn shape(&mut self, loop_: &For, accumulators: &[Accumulator]) -> Shape {
        let length = self.binary(Binary::Sub, loop_.hi, loop_.lo);
        let (zero, one) = (self.constant(0), self.constant(1));
        let iterations = self.binary(Binary::Max, length, zero);
        let sizes: Vec<(Value, Weight)> =
            accumulators.iter().map(|accumulator| (self.size(accumulator), accumulator.weight)).collect();
        let mut blocks = blocks::count(self, iterations, &sizes);
        for apart in accumulators.iter().filter_map(|accumulator| accumulator.apart) {
            blocks = self.select(apart, blocks, one);
        }
        let single = self.define(Dtype::Bool, Op::Compare(Compare::Eq, blocks, one));
        let count = self.select(single, zero, blocks);
        let copies = accumulators.iter().map(|accumulator| self.copies(accumulator, count)).collect();
        Shape { iterations, blocks, single, copies }
    }

    fn size(&mut self, accumulator: &Accumulator) -> Value {
        let mut size = self.constant(1);
        for extent in self.function.arrays[accumulator.array].extents.clone() {
            size = self.binary(Binary::Mul, size, extent);
        }
        size
    }

    /// A new array of `count` copies that hold the identity.
    fn copies(&mut self, accumulator: &Accumulator, count: Value) -> Array {
        let outer = self.function.arrays[accumulator.array].clone();
        let extents = [count].into_iter().chain(outer.extents.iter().copied()).collect();
        let copies = self.contiguous(outer.dtype, extents, Some(outer.class), accumulator);
        let identity = self.function.constant(self.out, accumulator.op.identity(outer.dtype));
        self.nest(copies, |this, indices| this.store(copies, indices.to_vec(), identity));
        copies
    }

    fn contiguous(
        &mut self,
        dtype: Dtype,
        extents: Vec<Value>,
        class: Option<crate::loops::AliasClass>,
        accumulator: &Accumulator,
    ) -> Array {
        let mut strides = vec![self.constant(dtype.size() as i64)];
        for &extent in extents[1..].iter().rev() {
            let stride = self.binary(Binary::Mul, *strides.last().expect("the first"), extent);
            strides.push(stride);
        }
        strides.reverse();
        let base = self.function.value(Dtype::I64);
        let class = class.unwrap_or_else(|| self.function.class());
        let name = String::new();
        let data = ArrayData { dtype, base, owner: base, extents, strides, contiguous: true, class, name };
        let array = self.function.arrays.push(data);
        self.out.push(Stmt::Alloc { array, site: accumulator.site });
        array
    }

    /// A nest over all elements of an array.
    fn nest(&mut self, array: Array, body: impl FnOnce(&mut Blocks, &[Value])) {
        let extents = self.function.arrays[array].extents.clone();
        let indices: Vec<Value> = extents.iter().map(|_| self.function.value(Dtype::I64)).collect();
        let body = self.nested(|this| body(this, &indices));
        let (reductions, span) = (vec![], Span::default());
        self.out.push(Stmt::Nest(Box::new(Nest { indices, extents, reductions, body, span })));
    }

    fn store(&mut self, array: Array, indices: Vec<Value>, value: Value) {
        self.out.push(Stmt::Store(Store { array, indices, value, span: Span::default() }));
    }

    fn load(&mut self, array: Array, indices: Vec<Value>) -> Value {
        let dtype = self.function.arrays[array].dtype;
        self.define(dtype, Op::Load { array, indices })
    }

    fn loop_over_blocks(&mut self, mut loop_: For, accumulators: &[Accumulator], shape: &Shape) {
        let (zero, mode, span) = (self.constant(0), loop_.mode, loop_.span);
        let least = self.binary(Binary::FloorDiv, shape.iterations, shape.blocks);
        let estimated = self.constant(ESTIMATED);
        let times = self.binary(Binary::FloorDiv, least, estimated);
        let one = self.constant(1);
        let times = self.binary(Binary::Max, times, one);
        let index = self.function.value(Dtype::I64);
        let body = self.nested(|this| {
            for (accumulator, copies) in accumulators.iter().zip(&shape.copies) {
                this.bind_inside(accumulator, *copies, index, shape.single);
            }
            (loop_.lo, loop_.hi) = this.bounds(&loop_, index, shape);
            loop_.mode = Mode::Serial;
            this.out.push(Stmt::For(Box::new(loop_)));
        });
        let blocks = For::new(self.function, index, zero, shape.blocks, mode, body);
        self.out.push(Stmt::For(Box::new(For { span, times: Some(times), ..blocks })));
    }

    /// Defines the memory of an accumulator in one block.
    fn bind_inside(&mut self, accumulator: &Accumulator, copies: Array, block: Value, single: Value) {
        let arrays = &self.function.arrays;
        let (outer, inner, copy) =
            (arrays[accumulator.array].clone(), arrays[accumulator.inside].clone(), arrays[copies].clone());
        let offset = self.binary(Binary::Mul, block, copy.strides[0]);
        let own = self.binary(Binary::Add, copy.base, offset);
        self.choose(inner.base, single, outer.base, own);
        for (axis, &stride) in inner.strides.iter().enumerate() {
            if stride != outer.strides[axis] {
                self.choose(stride, single, outer.strides[axis], copy.strides[axis + 1]);
            }
        }
    }

    fn choose(&mut self, value: Value, condition: Value, then: Value, otherwise: Value) {
        self.out.push(Stmt::Let(value, Op::Select { condition, then, otherwise }));
    }

    /// Where a block begins and ends. The last one ends where the loop does, also if its length is more than a number can hold.
    fn bounds(&mut self, loop_: &For, block: Value, shape: &Shape) -> (Value, Value) {
        let one = self.constant(1);
        let next = self.binary(Binary::Add, block, one);
        let [first, end] = [block, next].map(|block| {
            let start = blocks::start(self, shape.iterations, shape.blocks, block);
            self.binary(Binary::Add, loop_.lo, start)
        });
        let is_last = self.define(Dtype::Bool, Op::Compare(Compare::Eq, next, shape.blocks));
        (first, self.select(is_last, loop_.hi, end))
    }

    fn combine(&mut self, accumulators: &[Accumulator], shape: &Shape) {
        for (accumulator, &copies) in accumulators.iter().zip(&shape.copies) {
            let (lo, hi) = (self.constant(0), self.function.arrays[copies].extents[0]);
            let index = self.function.value(Dtype::I64);
            let array = accumulator.array;
            let body = self.nested(|this| {
                this.nest(array, |this, indices| {
                    let copy =
                        this.load(copies, [index].into_iter().chain(indices.iter().copied()).collect());
                    let before = this.load(array, indices.to_vec());
                    let dtype = this.function.arrays[array].dtype;
                    let after = this.define(dtype, Op::Binary(accumulator.op.binary(), before, copy));
                    this.store(array, indices.to_vec(), after);
                });
            });
            let loop_ = For::new(self.function, index, lo, hi, Mode::Serial, body);
            self.out.push(Stmt::For(Box::new(loop_)));
            let owner = self.function.arrays[copies].owner;
            self.out.push(Stmt::Release(owner));
        }
    }

    /// Room for what each iteration contributes, filled at its end; with the values that the variables have before the loop.
    fn contributions(
        &mut self,
        loop_: &mut For,
        reductions: &[Reduction],
        shape: &Shape,
        accumulator: Accumulator,
    ) -> Vec<(Array, Value)> {
        let mut found = vec![];
        for reduction in reductions {
            let dtype = self.function.vars[reduction.var].dtype;
            let array = self.contiguous(dtype, vec![shape.iterations], None, &accumulator);
            let initial = self.define(dtype, Op::Get(reduction.var));
            found.push((array, initial));
        }
        if !reductions.is_empty() {
            let body = std::mem::take(&mut loop_.body);
            let arrays: Vec<Array> = found.iter().map(|(array, _)| *array).collect();
            loop_.body = self.nested(|this| this.contribute(loop_, body, reductions, &arrays));
        }
        found
    }

    fn contribute(&mut self, loop_: &For, mut body: Block, reductions: &[Reduction], arrays: &[Array]) {
        for reduction in reductions {
            let dtype = self.function.vars[reduction.var].dtype;
            let identity = self.function.constant(self.out, reduction.op.identity(dtype));
            self.out.push(Stmt::Set(reduction.var, identity));
        }
        let label = self.function.label();
        leave_instead(&mut body, loop_.label, label);
        self.out.push(Stmt::Scope { label, body });
        let number = self.binary(Binary::Sub, loop_.index, loop_.lo);
        for (reduction, array) in reductions.iter().zip(arrays) {
            let dtype = self.function.vars[reduction.var].dtype;
            let value = self.define(dtype, Op::Get(reduction.var));
            self.store(*array, vec![number], value);
        }
    }

    fn reduce(&mut self, reductions: &[Reduction], contributions: Vec<(Array, Value)>, shape: &Shape) {
        for (&reduction, (array, initial)) in reductions.iter().zip(contributions) {
            self.out.push(Stmt::Set(reduction.var, initial));
            let index = self.function.value(Dtype::I64);
            let body = self.nested(|this| {
                let dtype = this.function.vars[reduction.var].dtype;
                let value = this.load(array, vec![index]);
                let before = this.define(dtype, Op::Get(reduction.var));
                let after = this.define(dtype, Op::Binary(reduction.op.binary(), before, value));
                this.out.push(Stmt::Set(reduction.var, after));
            });
            self.out.push(Stmt::Nest(Box::new(Nest {
                indices: vec![index],
                extents: vec![shape.iterations],
                reductions: vec![reduction],
                body,
                span: Span::default(),
            })));
            let owner = self.function.arrays[array].owner;
            self.out.push(Stmt::Release(owner));
        }
    }
}

/// `continue` of the loop leaves the scope that its body has become.
fn leave_instead(body: &mut Block, loop_: Label, scope: Label) {
    walk_mut(body, &mut |stmt| {
        if matches!(stmt, Stmt::Continue(label) if *label == loop_) {
            *stmt = Stmt::Break(scope);
        }
    });
}
