//! Runs a program of the builder on fixed arguments: what it computes, bit for bit.

use crate::base::{Dtype, Scalar, op, tree};
use crate::loops::*;
use std::collections::HashMap;

/// Arguments of rank 1 have this extent.
pub const N: i64 = 13;
/// Arguments of higher rank have these extents.
const EXTENTS: [i64; 3] = [3, 5, 2];

/// The bytes of all array arguments and of the results afterwards, or the fault's site and values.
#[derive(Debug, PartialEq, Clone)]
pub struct Outcome {
    pub memory: Vec<Vec<u8>>,
    pub results: Vec<Vec<u64>>,
    pub fault: Option<(Site, Vec<u64>)>,
    /// How many allocations were never released, but for returned ones.
    pub leaked: usize,
}

pub fn run(module: &Module) -> Outcome {
    let function = &module.functions[module.entry];
    let mut state = State {
        function,
        values: HashMap::new(),
        vars: HashMap::new(),
        memory: vec![],
        counts: HashMap::new(),
        results: vec![],
    };
    let args = state.bind_params();
    let exit = state.block(&function.body);
    let fault = match exit {
        Exit::Fault(site, values) => Some((site, values)),
        Exit::Through | Exit::Return | Exit::Break(_) | Exit::Continue(_) => None,
    };
    Outcome {
        memory: if fault.is_some() { vec![] } else { state.memory[..args].to_vec() },
        leaked: if fault.is_some() { 0 } else { state.counts.values().filter(|&&count| count != 0).count() },
        results: state.results,
        fault,
    }
}

enum Exit {
    Through,
    Return,
    Break(Label),
    Continue(Label),
    Fault(Site, Vec<u64>),
}

struct State<'a> {
    function: &'a Function,
    values: HashMap<Value, Scalar>,
    vars: HashMap<Var, Scalar>,
    memory: Vec<Vec<u8>>,
    counts: HashMap<i64, i64>,
    results: Vec<Vec<u64>>,
}

impl State<'_> {
    fn bind_params(&mut self) -> usize {
        let mut arrays = 0;
        for (k, param) in self.function.params.iter().enumerate() {
            match param {
                Operand::Scalar(value) => self.set(
                    *value,
                    match self.function.values[*value].dtype {
                        Dtype::F64 => Scalar::f64(0.3 + k as f64),
                        dtype => Scalar::int(dtype, N),
                    },
                ),
                Operand::Array(array) => {
                    self.bind_array(*array, k);
                    arrays += 1;
                }
            }
        }
        arrays
    }

    fn bind_array(&mut self, array: Array, k: usize) {
        let data = &self.function.arrays[array];
        let extents = if data.rank() == 1 { &[N][..] } else { &EXTENTS[..data.rank()] };
        let total: i64 = extents.iter().product();
        let elements = (0..total).map(|e| ((e * 7 + k as i64 * 3) % 11) as f64 * 0.37 - 1.1);
        self.set(data.base, Scalar::i64((self.memory.len() as i64 + 1) << 32));
        self.memory.push(elements.flat_map(f64::to_ne_bytes).collect());
        self.set(data.owner, Scalar::i64(0));
        let mut stride = 8;
        for axis in (0..data.rank()).rev() {
            self.set(data.extents[axis], Scalar::i64(extents[axis]));
            self.set(data.strides[axis], Scalar::i64(stride));
            stride *= extents[axis];
        }
    }

    fn set(&mut self, value: Value, scalar: Scalar) {
        assert_eq!(self.function.values[value].dtype, scalar.dtype, "{value}");
        self.values.insert(value, scalar);
    }

    fn at(&self, value: Value) -> Scalar {
        *self.values.get(&value).unwrap_or_else(|| panic!("{value} is not defined"))
    }

    fn int(&self, value: Value) -> i64 {
        self.at(value).as_i64()
    }

    fn block(&mut self, block: &Block) -> Exit {
        for stmt in block {
            match self.stmt(stmt) {
                Exit::Through => {}
                exit => return exit,
            }
        }
        Exit::Through
    }

    fn stmt(&mut self, stmt: &Stmt) -> Exit {
        match stmt {
            Stmt::Let(value, op) => {
                let scalar = self.eval(*value, op);
                self.set(*value, scalar);
            }
            Stmt::Set(var, value) => {
                self.vars.insert(*var, self.at(*value));
            }
            Stmt::Store(store) => {
                let at = self.address(store.array, &store.indices);
                let bytes = self.at(store.value).to_bytes();
                self.memory[at.0][at.1..at.1 + 8].copy_from_slice(&bytes);
            }
            Stmt::Check(check) => {
                let holds = match check.condition {
                    Condition::True(value) => self.at(value).truth(),
                    Condition::Bounds { index, extent } => (0..self.int(extent)).contains(&self.int(index)),
                };
                if !holds {
                    return self.fault(check.site, &check.values);
                }
            }
            Stmt::Fault { site, values } => return self.fault(*site, values),
            Stmt::If(branch) if self.at(branch.condition).truth() => return self.block(&branch.then),
            Stmt::If(branch) => return self.block(&branch.otherwise),
            Stmt::For(loop_) => {
                let range = self.int(loop_.lo)..self.int(loop_.hi);
                let points = range.map(|k| vec![k]).collect();
                return self.iterate(
                    points,
                    &[loop_.index],
                    &loop_.reductions,
                    &loop_.body,
                    Some(loop_.label),
                );
            }
            Stmt::Nest(nest) => {
                let extents: Vec<i64> = nest.extents.iter().map(|extent| self.int(*extent)).collect();
                return self.iterate(points(&extents), &nest.indices, &nest.reductions, &nest.body, None);
            }
            Stmt::Scope { label, body } => match self.block(body) {
                Exit::Break(target) if target == *label => {}
                exit => return exit,
            },
            Stmt::While(_) | Stmt::Call(_) | Stmt::Run(_) => panic!("not in these tests"),
            Stmt::Break(label) => return Exit::Break(*label),
            Stmt::Continue(label) => return Exit::Continue(*label),
            Stmt::Return(operands) => {
                operands.iter().for_each(|operand| self.give(*operand));
                return Exit::Return;
            }
            Stmt::Alloc { array, .. } => self.alloc(*array),
            Stmt::Retain(owner) => *self.counts.entry(self.int(*owner)).or_default() += 1,
            Stmt::Release(owner) => *self.counts.entry(self.int(*owner)).or_default() -= 1,
            Stmt::Poll => {}
        }
        Exit::Through
    }

    fn fault(&self, site: Site, values: &[Value]) -> Exit {
        Exit::Fault(site, values.iter().map(|value| self.at(*value).bits).collect())
    }

    fn alloc(&mut self, array: Array) {
        let data = self.function.arrays[array].clone();
        let total: i64 = data.extents.iter().map(|extent| self.int(*extent)).product();
        let address = (self.memory.len() as i64 + 1) << 32;
        self.memory.push(vec![0xA5; total as usize * 8]);
        self.counts.insert(address, 1);
        self.set(data.base, Scalar::i64(address));
        self.set(data.owner, Scalar::i64(address));
    }

    fn give(&mut self, operand: Operand) {
        let result = match operand {
            Operand::Scalar(value) => vec![self.at(value).bits],
            Operand::Array(array) => {
                let data = self.function.arrays[array].clone();
                *self.counts.entry(self.int(data.owner)).or_default() -= 1;
                let extents: Vec<i64> = data.extents.iter().map(|extent| self.int(*extent)).collect();
                points(&extents).iter().map(|point| self.read(&data, point).bits).collect()
            }
        };
        self.results.push(result);
    }

    /// Loops with reductions: contributions into the tree.
    fn iterate(
        &mut self,
        points: Vec<Vec<i64>>,
        indices: &[Value],
        reductions: &[Reduction],
        body: &Block,
        label: Option<Label>,
    ) -> Exit {
        let initial: Vec<Scalar> = reductions.iter().map(|reduction| self.vars[&reduction.var]).collect();
        let mut contributions = vec![vec![]; reductions.len()];
        for point in points {
            for (index, k) in indices.iter().zip(point) {
                self.set(*index, Scalar::i64(k));
            }
            for (reduction, initial) in reductions.iter().zip(&initial) {
                self.vars.insert(reduction.var, reduction.op.identity(initial.dtype));
            }
            match self.block(body) {
                Exit::Through => {}
                Exit::Continue(target) if Some(target) == label => {}
                Exit::Break(target) if Some(target) == label => break,
                exit => return exit,
            }
            for (reduction, into) in reductions.iter().zip(&mut contributions) {
                into.push(self.vars[&reduction.var]);
            }
        }
        for ((reduction, initial), contributions) in reductions.iter().zip(initial).zip(contributions) {
            let total = tree::reduce(&contributions, &mut |a, b| reduction.op.eval(a, b));
            let total = total.map_or(initial, |total| reduction.op.eval(initial, total));
            self.vars.insert(reduction.var, total);
        }
        Exit::Through
    }

    fn eval(&self, value: Value, op: &Op) -> Scalar {
        match op {
            Op::Const(scalar) => *scalar,
            Op::Get(var) => self.vars[var],
            Op::Unary(unary, a) => unary.eval(self.at(*a)),
            Op::Binary(binary, a, b) => binary.eval(self.at(*a), self.at(*b)),
            Op::Compare(compare, a, b) => Scalar::bool(compare.eval(self.at(*a), self.at(*b))),
            Op::Cast(a) => op::cast(self.at(*a), self.function.values[value].dtype),
            Op::Select { condition, then, otherwise } => {
                self.at(if self.at(*condition).truth() { *then } else { *otherwise })
            }
            Op::Fma(a, b, c) => op::fma(self.at(*a), self.at(*b), self.at(*c)),
            Op::Wrap { index, extent } => {
                let (index, extent) = (self.int(*index), self.int(*extent));
                Scalar::i64(if index < 0 { index + extent } else { index })
            }
            Op::Load { array, indices } => {
                let point: Vec<i64> = indices.iter().map(|index| self.int(*index)).collect();
                self.read(&self.function.arrays[*array], &point)
            }
            Op::Disjoint(..) => panic!("not in these tests"),
        }
    }

    fn read(&self, data: &ArrayData, point: &[i64]) -> Scalar {
        let (allocation, offset) = self.locate(data, point);
        Scalar::read(data.dtype, &self.memory[allocation][offset..offset + data.dtype.size()])
    }

    fn address(&self, array: Array, indices: &[Value]) -> (usize, usize) {
        let point: Vec<i64> = indices.iter().map(|index| self.int(*index)).collect();
        self.locate(&self.function.arrays[array], &point)
    }

    fn locate(&self, data: &ArrayData, point: &[i64]) -> (usize, usize) {
        assert_eq!(point.len(), data.rank());
        let mut address = self.int(data.base);
        for ((k, extent), stride) in point.iter().zip(&data.extents).zip(&data.strides) {
            assert!((0..self.int(*extent)).contains(k), "index {k} out of {}", self.int(*extent));
            address += k * self.int(*stride);
        }
        let allocation = (address >> 32) - 1;
        ((allocation as usize), (address & 0xFFFF_FFFF) as usize)
    }
}

/// All index vectors, last index fastest.
fn points(extents: &[i64]) -> Vec<Vec<i64>> {
    extents.iter().fold(vec![vec![]], |outer, &extent| {
        let extend = |point: &Vec<i64>, k| [point.clone(), vec![k]].concat();
        outer.iter().flat_map(|point| (0..extent).map(move |k| extend(point, k))).collect()
    })
}
