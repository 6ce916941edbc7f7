//! Random bodies: every construct in every other, conditions that lanes agree on and others, faults anywhere.

use super::super::super::samples::Random;
use super::super::super::{Options, bounds::bounds, dead::dead, hoist::hoist};
use super::*;
use crate::base::{FaultKind, Scalar};
use crate::loops::{ArrayData, Call, Check, Condition, ResultType};

/// What a body under construction can use.
struct Maker {
    random: Random,
    arrays: [Array; 4],
    index: Value,
    floats: Vec<Value>,
    ints: Vec<Value>,
    bools: Vec<Value>,
    float_vars: Vec<Var>,
    int_vars: Vec<Var>,
    /// Where jumps may go; loops may be continued.
    labels: Vec<(Label, bool)>,
    top: Label,
    /// Whether there are checks.
    checks: bool,
    room: u32,
}

fn module(seed: u64) -> Module {
    let mut random = Random::new(seed);
    let mut b = Builder::new();
    let uniform = b.scalar(Dtype::I64);
    let arrays = [
        b.array(Dtype::F64, 1, "x"),
        b.array(Dtype::F64, 2, "m"),
        b.array(Dtype::F64, 1, "z"),
        b.array(Dtype::F64, 1, "w"),
    ];
    let sum = b.f.var(Dtype::F64, "s");
    let reduces = random.below(4) == 0;
    let start = b.float(1.5);
    b.set(sum, start);
    let (zero, n) = (b.int(0), b.extent(arrays[2], 0));
    let reductions = if reduces { vec![(sum, ReduceOp::Add)] } else { vec![] };
    let mut outer = |b: &mut Builder| {
        lanes(b, (zero, n), &reductions, |b, index| {
            let checks = random.below(2) == 0;
            let seed = random.below(1 << 30);
            let mut maker = Maker {
                random: Random::new(seed),
                arrays,
                index,
                floats: vec![],
                ints: vec![index, uniform],
                bools: vec![],
                float_vars: vec![],
                int_vars: vec![],
                labels: vec![],
                top: Label::from_u32(0),
                checks,
                room: 24,
            };
            maker.body(b, reduces.then_some(sum));
        });
    };
    outer(&mut b);
    if reduces {
        let (total, zero) = (b.get(sum), b.int(0));
        b.store(arrays[3], &[zero], total);
    }
    let mut module = b.module();
    // The label of a loop is known only afterwards.
    for function in module.functions.values_mut() {
        walk_mut(&mut function.body, &mut |stmt| {
            if let Stmt::For(loop_) = stmt
                && loop_.name == "lanes"
            {
                let label = loop_.label;
                walk_mut(&mut loop_.body, &mut |stmt| {
                    if let Stmt::Continue(target) = stmt
                        && target.as_u32() == u32::MAX - 1
                    {
                        *target = label;
                    }
                });
            }
        });
    }
    module.functions.push(callee());
    module
}

/// `square(v) = v * v - 1`.
fn callee() -> Function {
    let mut f = Function::new("square", Role::Kernel { recursive: false });
    let param = f.value(Dtype::F64);
    f.params.push(Operand::Scalar(param));
    f.results.push(ResultType::Scalar(Dtype::F64));
    let mut body = vec![];
    let one = f.constant(&mut body, Scalar::f64(1.0));
    let square = f.define(&mut body, Dtype::F64, Op::Binary(Binary::Mul, param, param));
    let result = f.define(&mut body, Dtype::F64, Op::Binary(Binary::Sub, square, one));
    body.push(Stmt::Return(vec![Operand::Scalar(result)]));
    f.body = body;
    f
}

impl Maker {
    fn below(&mut self, n: u64) -> u64 {
        self.random.below(n)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    fn body(&mut self, b: &mut Builder, sum: Option<Var>) {
        self.top = Label::from_u32(u32::MAX - 1);
        self.labels.push((self.top, true));
        for _ in 0..3 {
            let var = b.f.var(Dtype::F64, "");
            let value = b.float(self.below(5) as f64 - 2.0);
            b.set(var, value);
            self.float_vars.push(var);
        }
        for _ in 0..2 {
            let var = b.f.var(Dtype::I64, "");
            let value = if self.below(2) == 0 { self.index } else { b.int(self.random.below(4) as i64) };
            b.set(var, value);
            self.int_vars.push(var);
        }
        self.float_vars.extend(sum);
        let float = b.float(0.5);
        self.floats.push(float);
        self.block(b, 4);
        let value = self.float(b);
        self.store_own(b, value);
    }

    fn block(&mut self, b: &mut Builder, depth: u32) {
        let (floats, ints, bools) = (self.floats.len(), self.ints.len(), self.bools.len());
        for _ in 0..1 + self.below(4) {
            if self.room == 0 {
                break;
            }
            self.room -= 1;
            if self.stmt(b, depth) {
                break;
            }
        }
        self.floats.truncate(floats);
        self.ints.truncate(ints);
        self.bools.truncate(bools);
    }

    /// Whether control does not reach what follows.
    fn stmt(&mut self, b: &mut Builder, depth: u32) -> bool {
        let kind = self.below(if depth == 0 { 12 } else { 22 });
        match kind {
            0..=2 => {
                let (var, value) = (self.pick(&self.float_vars.clone()), self.float(b));
                b.set(var, value);
            }
            3 | 4 => {
                let (var, value) = (self.pick(&self.int_vars.clone()), self.int(b));
                b.set(var, value);
            }
            5 => {
                let value = self.float(b);
                self.store_own(b, value);
            }
            6 => self.store_apart(b),
            7 => self.load(b),
            8 => self.view(b),
            9 => self.call(b),
            10 if self.checks => {
                let condition = self.bool(b);
                if self.below(2) == 0 {
                    b.require(condition);
                } else {
                    let site = b.site(FaultKind::DivisionByZero);
                    b.if_(condition, |b| b.emit(Stmt::Fault { site, values: vec![] }));
                }
            }
            10 | 11 => {
                let (label, may_continue) = self.pick(&self.labels.clone());
                let continues = label == self.top || may_continue && self.below(2) == 0;
                let jump = if continues { Stmt::Continue(label) } else { Stmt::Break(label) };
                if self.below(12) == 0 {
                    b.emit(jump);
                    return true;
                }
                let condition = self.bool(b);
                let (var, value, sets) =
                    (self.pick(&self.float_vars.clone()), self.float(b), self.below(2) == 0);
                b.if_(condition, |b| {
                    if sets {
                        b.set(var, value);
                    }
                    b.emit(jump);
                });
            }
            12..=15 => {
                let condition = self.bool(b);
                let then = b.block(|b| self.block(b, depth - 1));
                let otherwise =
                    if self.below(2) == 0 { vec![] } else { b.block(|b| self.block(b, depth - 1)) };
                b.emit(Stmt::If(If { condition, then, otherwise }));
            }
            16 | 17 => {
                let lo = if self.below(3) == 0 { self.small(b) } else { b.int(0) };
                let hi = self.small(b);
                let label = b.f.labels;
                self.labels.push((Label::from_u32(label), true));
                b.for_(lo, hi, |b, index| {
                    self.ints.push(index);
                    self.block(b, depth - 1);
                    self.ints.pop();
                });
                self.labels.pop();
            }
            18 | 19 => self.while_(b, depth - 1),
            _ => {
                let label = b.f.label();
                self.labels.push((label, false));
                let body = b.block(|b| self.block(b, depth - 1));
                self.labels.pop();
                b.emit(Stmt::Scope { label, body });
            }
        }
        false
    }

    /// Ends because of a counter, if not before.
    fn while_(&mut self, b: &mut Builder, depth: u32) {
        let (count, more) = (b.f.var(Dtype::I64, ""), b.f.var(Dtype::Bool, ""));
        let (zero, most) = (b.int(0), self.small(b));
        b.set(count, zero);
        let label = b.f.label();
        let (mut condition, mut at) = (None, None);
        let short = self.below(2) == 0;
        let header = b.block(|b| {
            let now = b.get(count);
            let next = b.plus(now, 1);
            b.set(count, next);
            let within = b.compare(Compare::Lt, now, most);
            at = Some(now);
            if short {
                let then = b.block(|b| {
                    let bool = self.bool(b);
                    b.set(more, bool);
                });
                let otherwise = b.block(|b| b.set(more, within));
                b.emit(Stmt::If(If { condition: within, then, otherwise }));
                condition = Some(b.get(more));
            } else {
                condition = Some(within);
            }
        });
        self.labels.push((label, true));
        let body = b.block(|b| {
            self.ints.extend(at);
            self.block(b, depth);
            self.ints.pop();
        });
        self.labels.pop();
        let condition = condition.expect("the header has made it");
        b.emit(Stmt::While(Box::new(crate::loops::While {
            label,
            header,
            condition,
            body,
            span: Default::default(),
        })));
    }

    fn float(&mut self, b: &mut Builder) -> Value {
        match self.below(4) {
            0 => self.pick(&self.floats.clone()),
            1 | 2 => {
                let var = self.pick(&self.float_vars.clone());
                b.get(var)
            }
            _ => {
                let var = self.pick(&self.float_vars.clone());
                let (a, c) = (b.get(var), self.pick(&self.floats.clone()));
                let op = self.pick(&[Binary::Add, Binary::Mul, Binary::Sub, Binary::Div]);
                b.binary(op, a, c)
            }
        }
    }

    fn int(&mut self, b: &mut Builder) -> Value {
        let a = match self.below(3) {
            0 => {
                let var = self.pick(&self.int_vars.clone());
                b.get(var)
            }
            _ => self.pick(&self.ints.clone()),
        };
        match self.below(4) {
            0 => b.plus(a, self.random.below(3) as i64 - 1),
            1 => {
                let other = self.pick(&self.ints.clone());
                b.add(a, other)
            }
            _ => a,
        }
    }

    /// A number of rounds.
    fn small(&mut self, b: &mut Builder) -> Value {
        if self.below(2) == 0 {
            return b.int(self.random.below(4) as i64);
        }
        let (int, divisor) = (self.int(b), b.int(4));
        b.binary(Binary::Mod, int, divisor)
    }

    fn bool(&mut self, b: &mut Builder) -> Value {
        match self.below(6) {
            0 | 1 => {
                let (a, c) = (self.float(b), self.float(b));
                let compare = self.pick(&[Compare::Lt, Compare::Ge, Compare::Ne]);
                b.compare(compare, a, c)
            }
            2 | 3 => {
                let (small, limit) = (self.small(b), b.int(self.random.below(4) as i64));
                let compare = self.pick(&[Compare::Lt, Compare::Eq]);
                b.compare(compare, small, limit)
            }
            4 => {
                let (a, c) = (self.bool(b), self.bool(b));
                b.binary(self.pick_logic(), a, c)
            }
            _ => {
                let a = self.bool(b);
                b.op(Dtype::Bool, Op::Unary(Unary::Not, a))
            }
        }
    }

    fn pick_logic(&mut self) -> Binary {
        self.pick(&[Binary::And, Binary::Or])
    }

    fn store_own(&mut self, b: &mut Builder, value: Value) {
        let (array, index) = (self.arrays[2], self.index);
        b.emit(Stmt::Store(Store { array, indices: vec![index], value, span: Default::default() }));
    }

    /// To every other element of w, which may be too short.
    fn store_apart(&mut self, b: &mut Builder) {
        let twice = b.add(self.index, self.index);
        let at = b.plus(twice, 1);
        let value = self.float(b);
        self.guarded(b, self.arrays[3], &[at], |b, array, indices| {
            b.emit(Stmt::Store(Store { array, indices, value, span: Default::default() }));
        });
    }

    fn load(&mut self, b: &mut Builder) {
        let (at, var) = (self.int(b), self.pick(&self.float_vars.clone()));
        let array = self.pick(&[self.arrays[0], self.arrays[0], self.arrays[2]]);
        let at = if array == self.arrays[2] { self.index } else { at };
        self.guarded(b, array, &[at], |b, array, indices| {
            let value = b.op(Dtype::F64, Op::Load { array, indices });
            b.set(var, value);
        });
    }

    /// A row of the matrix, and an element of it.
    fn view(&mut self, b: &mut Builder) {
        let (row, column, var) = (self.int(b), self.int(b), self.pick(&self.float_vars.clone()));
        let matrix = self.arrays[1];
        let mut found = None;
        self.guarded(b, matrix, &[row], |b, matrix, indices| {
            let data = b.f.arrays[matrix].clone();
            let offset = b.mul(indices[0], data.strides[0]);
            let base = b.add(data.base, offset);
            let (extents, strides) = (data.extents[1..].to_vec(), data.strides[1..].to_vec());
            let view = b.f.arrays.push(ArrayData { base, extents, strides, ..data });
            let extent = b.extent(view, 0);
            let zero = b.int(0);
            let (low, high) = (b.compare(Compare::Ge, column, zero), b.compare(Compare::Lt, column, extent));
            let both = b.binary(Binary::And, low, high);
            b.if_(both, |b| {
                let value = b.op(Dtype::F64, Op::Load { array: view, indices: vec![column] });
                b.set(var, value);
            });
            found = Some(base);
        });
    }

    /// What `fill` does with the element, checked where this program checks, else if it is there.
    fn guarded(
        &mut self,
        b: &mut Builder,
        array: Array,
        indices: &[Value],
        fill: impl FnOnce(&mut Builder, Array, Vec<Value>),
    ) {
        if self.checks && self.below(2) == 0 {
            for (axis, &index) in indices.iter().enumerate() {
                let extent = b.extent(array, axis);
                let site = b.site(FaultKind::IndexOutOfRange { axis: axis as u8 });
                let condition = Condition::Bounds { index, extent };
                b.emit(Stmt::Check(Check { condition, site, values: vec![index, extent] }));
            }
            return fill(b, array, indices.to_vec());
        }
        let mut condition = b.op(Dtype::Bool, Op::Const(Scalar::bool(true)));
        for (axis, &index) in indices.iter().enumerate() {
            let (extent, zero) = (b.extent(array, axis), b.int(0));
            let (low, high) = (b.compare(Compare::Ge, index, zero), b.compare(Compare::Lt, index, extent));
            let both = b.binary(Binary::And, low, high);
            condition = b.binary(Binary::And, condition, both);
        }
        b.if_(condition, |b| fill(b, array, indices.to_vec()));
    }

    fn call(&mut self, b: &mut Builder) {
        let (arg, result, var) = (self.float(b), b.f.value(Dtype::F64), self.pick(&self.float_vars.clone()));
        b.emit(Stmt::Call(Box::new(Call {
            func: Func::from_u32(1),
            args: vec![Operand::Scalar(arg)],
            results: vec![Operand::Scalar(result)],
            span: Default::default(),
        })));
        b.set(var, result);
    }
}

fn arguments(random: &mut Random) -> Vec<Argument> {
    let n = [0, 1, 7, 8, 9, 17, 24][random.below(7) as usize];
    let [x, z, w] =
        [[n, 3, 40][random.below(3) as usize], n, [2 * n + 1, 2 * n, 9][random.below(3) as usize]];
    let rows = random.below(30) as i64;
    let mut all = vec![Argument::Int(random.below(5) as i64)];
    let [x, z, w] = <[Argument; 3]>::try_from(vectors([x, z, w.max(1)])).expect("three");
    all.extend([x, floats(&[rows, random.below(4) as i64]), z, w]);
    all
}

fn check(seed: u64) {
    let mut module = module(seed);
    if seed.is_multiple_of(3) {
        for pass in [bounds, hoist, dead] {
            pass(&mut module, &Options::default(), &mut vec![]);
        }
    }
    let mut random = Random::new(seed + 77);
    let runs: Vec<Vec<Argument>> = (0..6).map(|_| arguments(&mut random)).collect();
    same(&module, &runs);
}

#[test]
fn random_bodies_mean_the_same() {
    let seeds = match std::env::var("MASKS_SEEDS") {
        Ok(range) => {
            let (first, last) = range.split_once("..").expect("FIRST..LAST");
            first.parse().expect("a seed")..last.parse().expect("a seed")
        }
        Err(_) => 0..300,
    };
    seeds.for_each(check);
}
