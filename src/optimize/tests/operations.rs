//! Whole-array operations as `lower` gives them, on top of the builder of loops.

use crate::base::{Binary, Compare, Dtype, FaultKind, FaultSite, ReduceOp, Span, Unary};
use crate::loops::build::Build;
use crate::loops::*;

pub trait Operations {
    fn unary(&mut self, unary: Unary, a: Value) -> Value;
    fn compare(&mut self, compare: Compare, a: Value, b: Value) -> Value;
    fn get(&mut self, var: Var) -> Value;
    /// A load of an element that is known to exist.
    fn read(&mut self, array: Array, indices: &[Value]) -> Value;
    fn write(&mut self, array: Array, indices: &[Value], value: Value);
    fn extents(&self, array: Array) -> Vec<Value>;
    fn release(&mut self, array: Array);
    fn check(&mut self, condition: Value);
    fn check_equal(&mut self, a: Value, b: Value);
    fn either(&mut self, condition: Value, then: impl FnOnce(&mut Build), otherwise: impl FnOnce(&mut Build));
    /// `a ∘ b` into a new array.
    fn map2(&mut self, binary: Binary, a: Array, b: Array) -> Array;
    /// `a ∘ scalar` into a new array.
    fn map1(&mut self, binary: Binary, a: Array, scalar: Value) -> Array;
    /// `to[...] = from`
    fn copy(&mut self, from: Array, to: Array);
    /// The sum of an array, in a new variable.
    fn sum(&mut self, a: Array) -> Var;
    /// Returns one thing.
    fn give(&mut self, operand: Operand);
    /// A view of a rank 1 array from `start` on, `extent` long; of the same class.
    fn slice(&mut self, array: Array, start: i64, extent: Value) -> Array;
}

impl Operations for Build {
    fn unary(&mut self, unary: Unary, a: Value) -> Value {
        let dtype = unary.result(self.function.values[a].dtype).expect("a typed program");
        self.op(dtype, Op::Unary(unary, a))
    }

    fn compare(&mut self, compare: Compare, a: Value, b: Value) -> Value {
        self.op(Dtype::Bool, Op::Compare(compare, a, b))
    }

    fn get(&mut self, var: Var) -> Value {
        let dtype = self.function.vars[var].dtype;
        self.op(dtype, Op::Get(var))
    }

    fn read(&mut self, array: Array, indices: &[Value]) -> Value {
        let dtype = self.function.arrays[array].dtype;
        self.op(dtype, Op::Load { array, indices: indices.to_vec() })
    }

    fn write(&mut self, array: Array, indices: &[Value], value: Value) {
        self.push(Stmt::Store(Store { array, indices: indices.to_vec(), value, span: Span::default() }));
    }

    fn extents(&self, array: Array) -> Vec<Value> {
        self.function.arrays[array].extents.clone()
    }

    fn release(&mut self, array: Array) {
        self.push(Stmt::Release(self.function.arrays[array].owner));
    }

    fn check(&mut self, condition: Value) {
        let kind = FaultKind::DivisionByZero;
        let site = self.module.sites.push(FaultSite { kind, span: Span::default(), loops: vec![] });
        self.push(Stmt::Check(Check { condition: Condition::True(condition), site, values: vec![] }));
    }

    fn check_equal(&mut self, a: Value, b: Value) {
        let condition = self.compare(Compare::Eq, a, b);
        let kind = FaultKind::ShapeMismatch { axis: 0 };
        let site = self.module.sites.push(FaultSite { kind, span: Span::default(), loops: vec![] });
        self.push(Stmt::Check(Check { condition: Condition::True(condition), site, values: vec![a, b] }));
    }

    fn either(
        &mut self,
        condition: Value,
        then: impl FnOnce(&mut Build),
        otherwise: impl FnOnce(&mut Build),
    ) {
        let (then, otherwise) = (self.block(then), self.block(otherwise));
        self.push(Stmt::If(If { condition, then, otherwise }));
    }

    fn map2(&mut self, binary: Binary, a: Array, b: Array) -> Array {
        let extents = self.extents(a);
        for (n, m) in extents.iter().zip(self.extents(b)) {
            self.check_equal(*n, m);
        }
        let out = self.alloc("", &extents);
        self.nest(&extents, &[], |f, at| {
            let (x, y) = (f.read(a, at), f.read(b, at));
            let z = f.binary(binary, x, y);
            f.write(out, at, z);
        });
        out
    }

    fn map1(&mut self, binary: Binary, a: Array, scalar: Value) -> Array {
        let extents = self.extents(a);
        let out = self.alloc("", &extents);
        self.nest(&extents, &[], |f, at| {
            let x = f.read(a, at);
            let z = f.binary(binary, x, scalar);
            f.write(out, at, z);
        });
        out
    }

    fn copy(&mut self, from: Array, to: Array) {
        let extents = self.extents(to);
        for (n, m) in extents.iter().zip(self.extents(from)) {
            self.check_equal(*n, m);
        }
        self.nest(&extents, &[], |f, at| {
            let x = f.read(from, at);
            f.write(to, at, x);
        });
    }

    fn sum(&mut self, a: Array) -> Var {
        let total = self.function.var(Dtype::F64, "total");
        let zero = self.float(0.0);
        self.push(Stmt::Set(total, zero));
        let extents = self.extents(a);
        self.nest(&extents, &[Reduction { var: total, op: ReduceOp::Add }], |f, at| {
            let x = f.read(a, at);
            let old = f.get(total);
            let new = f.binary(Binary::Add, old, x);
            f.push(Stmt::Set(total, new));
        });
        total
    }

    fn give(&mut self, operand: Operand) {
        let result = match operand {
            Operand::Scalar(value) => ResultType::Scalar(self.function.values[value].dtype),
            Operand::Array(array) => {
                let data = &self.function.arrays[array];
                ResultType::Array { dtype: data.dtype, rank: data.rank() as u8 }
            }
        };
        self.function.results.push(result);
        self.push(Stmt::Return(vec![operand]));
    }

    fn slice(&mut self, array: Array, start: i64, extent: Value) -> Array {
        let data = self.function.arrays[array].clone();
        let start = self.constant(start);
        let offset = self.mul(start, data.strides[0]);
        let base = self.add(data.base, offset);
        self.function.arrays.push(ArrayData { base, extents: vec![extent], ..data })
    }
}
