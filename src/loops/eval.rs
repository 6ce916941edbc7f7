//! Executes loops directly, for tests of passes: before and after must give the same bits.
//!
//! Slow and strict. A load or store outside its array, memory used after its release, a released count that was not
//! held, or a count left over at the end is a mistake of the compiler and panics; so does running out of fuel. Faults of
//! the program are values. Loops in lanes run in lockstep ([`lockstep`]), all others in order; reductions combine as [`tree`] says.

mod collect;
mod lockstep;

use super::*;
use crate::base::{Fault, FaultKind, op, tree};
use collect::Collecting;
use std::collections::BTreeMap;

/// What is passed to the entry, and what comes back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Arg {
    Scalar(Scalar),
    /// Elements of [`Memory`].
    Array(Slots),
}

/// The four groups of an array, as numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slots {
    pub base: i64,
    pub owner: i64,
    pub extents: Vec<i64>,
    /// In bytes.
    pub strides: Vec<i64>,
}

/// The caller's memory, then that of allocations. An address is an index into it plus [`ORIGIN`].
#[derive(Clone, Debug, Default)]
pub struct Memory {
    bytes: Vec<u8>,
    /// By address.
    allocations: BTreeMap<i64, Allocation>,
}

#[derive(Clone, Debug)]
struct Allocation {
    size: i64,
    counts: i64,
}

#[derive(Debug)]
pub struct Outcome {
    pub results: Vec<Arg>,
    pub memory: Memory,
}

/// So that no memory has address 0, which stands for "no owner".
const ORIGIN: i64 = 4096;

/// What fresh memory is filled with.
const PATTERN: u8 = 0xa5;

/// Statements that one evaluation may run.
const FUEL: u64 = 20_000_000;

/// Allocations beyond this fault.
const LIMIT: i64 = 1 << 30;

/// Runs the entry. `Err` is the fault that ended it.
pub fn eval(module: &Module, args: &[Arg], memory: Memory) -> Result<Outcome, Fault> {
    let mut machine = Machine { module, memory, fuel: FUEL };
    let results = machine.kernel(module.entry, args)?;
    machine.check_leaks(&results);
    Ok(Outcome { results, memory: machine.memory })
}

impl Memory {
    pub fn new() -> Memory {
        Memory::default()
    }

    /// Room for a C-ordered array of the caller with these elements.
    pub fn array(&mut self, extents: &[i64], elements: &[Scalar]) -> Arg {
        assert_eq!(extents.iter().product::<i64>(), elements.len() as i64, "one element per place");
        let size = elements.first().map_or(8, |element| element.dtype.size());
        let base = self.bytes.len() as i64 + ORIGIN;
        for element in elements {
            self.bytes.extend(&element.to_bytes()[..size]);
        }
        // A gap, so that running over the end is noticed.
        self.bytes.resize(self.bytes.len() + 64, PATTERN);
        Arg::Array(Slots {
            base,
            owner: 0,
            extents: extents.to_vec(),
            strides: c_strides(extents, size as i64),
        })
    }

    pub fn floats(&mut self, elements: &[f64]) -> Arg {
        let elements: Vec<Scalar> = elements.iter().map(|&element| Scalar::f64(element)).collect();
        self.array(&[elements.len() as i64], &elements)
    }

    pub fn ints(&mut self, elements: &[i64]) -> Arg {
        let elements: Vec<Scalar> = elements.iter().map(|&element| Scalar::i64(element)).collect();
        self.array(&[elements.len() as i64], &elements)
    }

    /// The elements of an array in C order.
    pub fn elements(&self, array: &Arg, dtype: Dtype) -> Vec<Scalar> {
        let Arg::Array(slots) = array else { panic!("{array:?} is no array") };
        let mut elements = vec![];
        let mut indices = vec![0; slots.extents.len()];
        for_each_point(&slots.extents, &mut indices, 0, &mut |indices| {
            elements.push(self.read(slots.address(indices), dtype));
        });
        elements
    }

    fn read(&self, address: i64, dtype: Dtype) -> Scalar {
        let at = self.offset(address, dtype);
        Scalar::read(dtype, &self.bytes[at..at + dtype.size()])
    }

    fn write(&mut self, address: i64, scalar: Scalar) {
        let at = self.offset(address, scalar.dtype);
        let size = scalar.dtype.size();
        self.bytes[at..at + size].copy_from_slice(&scalar.to_bytes()[..size]);
    }

    fn offset(&self, address: i64, dtype: Dtype) -> usize {
        let at = address - ORIGIN;
        let inside = at >= 0 && at + dtype.size() as i64 <= self.bytes.len() as i64;
        assert!(inside, "address {address} is outside all memory");
        if let Some((start, allocation)) = self.allocations.range(..=address).next_back()
            && address < start + allocation.size
        {
            assert!(allocation.counts > 0, "address {address} is used after its release");
        }
        at as usize
    }

    fn allocate(&mut self, size: i64) -> i64 {
        let aligned = self.bytes.len().next_multiple_of(64);
        self.bytes.resize(aligned + size as usize + 64, PATTERN);
        let address = aligned as i64 + ORIGIN;
        self.allocations.insert(address, Allocation { size, counts: 1 });
        address
    }

    fn count(&mut self, owner: i64, change: i64) {
        if owner == 0 {
            return;
        }
        let allocation = self.allocations.get_mut(&owner);
        let allocation = allocation.unwrap_or_else(|| panic!("{owner} is the address of no allocation"));
        assert!(allocation.counts > 0, "allocation {owner} is counted after its release");
        allocation.counts += change;
    }
}

impl Slots {
    fn address(&self, indices: &[i64]) -> i64 {
        let offsets = indices.iter().zip(&self.strides).map(|(index, stride)| index * stride);
        self.base + offsets.sum::<i64>()
    }

    /// The first byte and the one after the last; None if there are no elements.
    fn span(&self, size: i64) -> Option<(i64, i64)> {
        if self.extents.contains(&0) {
            return None;
        }
        let ends = self.extents.iter().zip(&self.strides).map(|(extent, stride)| (extent - 1) * stride);
        let (low, high) = ends.fold((0, 0), |(low, high), end| (low + end.min(0), high + end.max(0)));
        Some((self.base + low, self.base + high + size))
    }
}

fn c_strides(extents: &[i64], size: i64) -> Vec<i64> {
    let mut strides = vec![size; extents.len()];
    for axis in (1..extents.len()).rev() {
        strides[axis - 1] = strides[axis] * extents[axis];
    }
    strides
}

fn for_each_point(extents: &[i64], indices: &mut [i64], axis: usize, f: &mut impl FnMut(&[i64])) {
    if axis == extents.len() {
        return f(indices);
    }
    for index in 0..extents[axis] {
        indices[axis] = index;
        for_each_point(extents, indices, axis + 1, f);
    }
}

struct Machine<'a> {
    module: &'a Module,
    memory: Memory,
    fuel: u64,
}

/// One call of a function.
#[derive(Clone)]
struct Frame<'a> {
    function: &'a Function,
    values: SecondaryMap<Value, Option<Scalar>>,
    vars: SecondaryMap<Var, Option<Scalar>>,
}

/// How a block ends.
#[derive(Clone, PartialEq, Debug)]
enum Flow {
    Next,
    Break(Label),
    Continue(Label),
    Return(Vec<Arg>),
}

impl<'a> Machine<'a> {
    fn kernel(&mut self, func: Func, args: &[Arg]) -> Result<Vec<Arg>, Fault> {
        let function = &self.module.functions[func];
        let mut frame = Frame::new(function, args);
        if function.role == Role::Product {
            self.product(&frame);
            return Ok(vec![]);
        }
        match self.block(&mut frame, &function.body)? {
            Flow::Next => Ok(vec![]),
            Flow::Return(results) => Ok(results),
            flow @ (Flow::Break(_) | Flow::Continue(_)) => panic!("{}: {flow:?} at the end", function.name),
        }
    }

    /// One element after the other.
    fn product(&mut self, frame: &Frame) {
        let [Operand::Array(target), Operand::Array(left), Operand::Array(right)] = *frame.function.params
        else {
            panic!("a product has three arrays")
        };
        let extent = |array: Array, axis: usize| frame.slots(array).extents[axis];
        let dtype = frame.function.arrays[target].dtype;
        for row in 0..extent(target, 0) {
            for column in 0..extent(target, 1) {
                let mut sum = op::cast(Scalar::i64(0), dtype);
                for inner in 0..extent(left, 1) {
                    let a = self.memory.read(frame.slots(left).address(&[row, inner]), dtype);
                    let b = self.memory.read(frame.slots(right).address(&[inner, column]), dtype);
                    sum = Binary::Add.eval(sum, Binary::Mul.eval(a, b));
                }
                self.memory.write(frame.slots(target).address(&[row, column]), sum);
            }
        }
    }

    /// Runs an outlined body; gives what it leaves in its partials.
    fn body(&mut self, func: Func, env: &[Arg], from: i64, to: i64) -> Result<Vec<Scalar>, Fault> {
        let function = &self.module.functions[func];
        let Role::Body { begin, end, partials, .. } = &function.role else { panic!("{func} is no body") };
        let mut frame = Frame::new(function, env);
        frame.set(*begin, Scalar::i64(from));
        frame.set(*end, Scalar::i64(to));
        for partial in partials {
            frame.vars[partial.var] = Some(partial.op.identity(function.vars[partial.var].dtype));
        }
        let flow = self.block(&mut frame, &function.body)?;
        assert!(matches!(flow, Flow::Next | Flow::Return(_)), "{}: {flow:?} at the end", function.name);
        Ok(partials.iter().map(|partial| frame.var(partial.var)).collect())
    }

    fn block(&mut self, frame: &mut Frame<'a>, block: &'a Block) -> Result<Flow, Fault> {
        for stmt in block {
            match self.stmt(frame, stmt)? {
                Flow::Next => {}
                flow @ (Flow::Break(_) | Flow::Continue(_) | Flow::Return(_)) => return Ok(flow),
            }
        }
        Ok(Flow::Next)
    }

    fn stmt(&mut self, frame: &mut Frame<'a>, stmt: &'a Stmt) -> Result<Flow, Fault> {
        self.fuel = self.fuel.checked_sub(1).expect("out of fuel: does the program end?");
        match stmt {
            Stmt::Let(value, op) => {
                let scalar = self.op(frame, *value, op);
                frame.set(*value, scalar);
            }
            Stmt::Set(var, value) => frame.vars[*var] = Some(frame.get(*value)),
            Stmt::Store(store) => {
                let address = frame.element(store.array, &store.indices);
                self.memory.write(address, frame.get(store.value));
            }
            Stmt::Check(check) => self.check(frame, check)?,
            Stmt::If(branch) => {
                let taken = frame.get(branch.condition).truth();
                return self.block(frame, if taken { &branch.then } else { &branch.otherwise });
            }
            Stmt::For(loop_) => {
                return match loop_.mode {
                    Mode::Lanes(lanes) => self.lanes(frame, loop_, lanes),
                    Mode::Serial | Mode::Marked | Mode::Parallel { .. } => self.for_(frame, loop_),
                };
            }
            Stmt::Nest(nest) => return self.nest(frame, nest),
            Stmt::While(loop_) => return self.while_(frame, loop_),
            Stmt::Scope { label, body } => {
                let flow = self.block(frame, body)?;
                return Ok(if flow == Flow::Break(*label) { Flow::Next } else { flow });
            }
            Stmt::Break(label) => return Ok(Flow::Break(*label)),
            Stmt::Continue(label) => return Ok(Flow::Continue(*label)),
            Stmt::Return(operands) => return Ok(Flow::Return(frame.args(operands))),
            Stmt::Alloc { array, site } => self.alloc(frame, *array, *site)?,
            Stmt::Retain(value) => self.memory.count(frame.int(*value), 1),
            Stmt::Release(value) => self.memory.count(frame.int(*value), -1),
            Stmt::Call(call) => {
                let results = self.kernel(call.func, &frame.args(&call.args))?;
                frame.bind(&call.results, &results);
            }
            Stmt::Run(run) => self.run(frame, run)?,
            Stmt::Fault { site, values } => return Err(self.fault(frame, *site, values)),
            Stmt::Poll => {}
        }
        Ok(Flow::Next)
    }

    fn op(&self, frame: &Frame, value: Value, op: &Op) -> Scalar {
        let dtype = frame.function.values[value].dtype;
        let get = |value: &Value| frame.get(*value);
        match op {
            Op::Const(scalar) => *scalar,
            Op::Get(var) => frame.var(*var),
            Op::Unary(unary, a) => unary.eval(get(a)),
            Op::Binary(binary, a, b) => binary.eval(get(a), get(b)),
            Op::Compare(compare, a, b) => Scalar::bool(compare.eval(get(a), get(b))),
            Op::Cast(a) => op::cast(get(a), dtype),
            Op::Select { condition, then, otherwise } => {
                if get(condition).truth() {
                    get(then)
                } else {
                    get(otherwise)
                }
            }
            Op::Fma(a, b, c) => op::fma(get(a), get(b), get(c)),
            Op::Wrap { index, extent } => {
                let (index, extent) = (frame.int(*index), frame.int(*extent));
                Scalar::i64(if index < 0 { index.wrapping_add(extent) } else { index })
            }
            Op::Load { array, indices } => self.memory.read(frame.element(*array, indices), dtype),
            Op::Disjoint(a, b) => Scalar::bool(self.disjoint(frame, *a, *b)),
            Op::Any(a) => get(a),
        }
    }

    fn disjoint(&self, frame: &Frame, a: Array, b: Array) -> bool {
        let span = |array: Array| frame.slots(array).span(frame.function.arrays[array].dtype.size() as i64);
        match (span(a), span(b)) {
            (Some(a), Some(b)) => a.1 <= b.0 || b.1 <= a.0,
            (None, _) | (_, None) => true,
        }
    }

    fn check(&self, frame: &Frame, check: &Check) -> Result<(), Fault> {
        let holds = match check.condition {
            Condition::Bounds { index, extent } => (0..frame.int(extent)).contains(&frame.int(index)),
            Condition::True(value) => frame.get(value).truth(),
        };
        if holds { Ok(()) } else { Err(self.fault(frame, check.site, &check.values)) }
    }

    fn fault(&self, frame: &Frame, site: Site, values: &[Value]) -> Fault {
        let values: Vec<i64> = values.iter().map(|&value| frame.int(value)).collect();
        self.module.sites[site].fault(&values)
    }

    fn for_(&mut self, frame: &mut Frame<'a>, loop_: &'a For) -> Result<Flow, Fault> {
        let mut reducing = Reducing::new(frame, &loop_.reductions);
        let (lo, hi) = (frame.int(loop_.lo), frame.int(loop_.hi));
        let mut collecting = Collecting::new(frame, &loop_.accumulators, hi.saturating_sub(lo).max(0));
        for index in lo..hi {
            collecting.enter(&mut self.memory, frame, index - lo);
            frame.set(loop_.index, Scalar::i64(index));
            reducing.start(frame);
            let flow = self.block(frame, &loop_.body)?;
            reducing.finish(frame);
            match flow {
                Flow::Next => {}
                Flow::Continue(label) if label == loop_.label => {}
                Flow::Break(label) if label == loop_.label => break,
                flow @ (Flow::Break(_) | Flow::Continue(_) | Flow::Return(_)) => {
                    assert!(loop_.reductions.is_empty(), "{flow:?} leaves a reducing loop");
                    return Ok(flow);
                }
            }
        }
        reducing.combine(frame);
        collecting.leave(&mut self.memory, frame);
        Ok(Flow::Next)
    }

    fn nest(&mut self, frame: &mut Frame<'a>, nest: &'a Nest) -> Result<Flow, Fault> {
        let mut reducing = Reducing::new(frame, &nest.reductions);
        let extents: Vec<i64> = nest.extents.iter().map(|&extent| frame.int(extent)).collect();
        let mut points = vec![];
        for_each_point(&extents, &mut vec![0; extents.len()], 0, &mut |point| points.push(point.to_vec()));
        for point in points {
            for (&index, at) in nest.indices.iter().zip(point) {
                frame.set(index, Scalar::i64(at));
            }
            reducing.start(frame);
            let flow = self.block(frame, &nest.body)?;
            assert_eq!(flow, Flow::Next, "a nest is left");
            reducing.finish(frame);
        }
        reducing.combine(frame);
        Ok(Flow::Next)
    }

    fn while_(&mut self, frame: &mut Frame<'a>, loop_: &'a While) -> Result<Flow, Fault> {
        loop {
            for block in [&loop_.header, &loop_.body] {
                match self.block(frame, block)? {
                    Flow::Next => {}
                    Flow::Continue(label) if label == loop_.label => break,
                    Flow::Break(label) if label == loop_.label => return Ok(Flow::Next),
                    flow @ (Flow::Break(_) | Flow::Continue(_) | Flow::Return(_)) => return Ok(flow),
                }
                if std::ptr::eq(block, &loop_.header) && !frame.get(loop_.condition).truth() {
                    return Ok(Flow::Next);
                }
            }
        }
    }

    fn run(&mut self, frame: &mut Frame<'a>, run: &Run) -> Result<(), Fault> {
        let (begin, end) = (frame.int(run.begin), frame.int(run.end));
        let env = frame.args(&run.env);
        if begin >= end {
            return Ok(());
        }
        let partials = if run.reductions.is_empty() {
            // Two chunks, as on two threads.
            let middle = begin + (end - begin) / 2;
            self.body(run.func, &env, begin, middle)?;
            self.body(run.func, &env, middle, end)?
        } else {
            self.leaves(run, &env, begin, end)?
        };
        for (reduction, partial) in run.reductions.iter().zip(partials) {
            let total = reduction.op.eval(frame.var(reduction.var), partial);
            frame.vars[reduction.var] = Some(total);
        }
        Ok(())
    }

    fn leaves(&mut self, run: &Run, env: &[Arg], begin: i64, end: i64) -> Result<Vec<Scalar>, Fault> {
        let count = (end - begin) as usize;
        if count <= tree::LEAF {
            return self.body(run.func, env, begin, end);
        }
        let middle = begin + tree::split(count) as i64;
        let left = self.leaves(run, env, begin, middle)?;
        let right = self.leaves(run, env, middle, end)?;
        let pairs = left.into_iter().zip(right).zip(&run.reductions);
        Ok(pairs.map(|((left, right), reduction)| reduction.op.eval(left, right)).collect())
    }

    fn alloc(&mut self, frame: &mut Frame, array: Array, site: Site) -> Result<(), Fault> {
        let data = &frame.function.arrays[array];
        let mut size = Some(data.dtype.size() as i64);
        for &extent in &data.extents {
            let extent = frame.int(extent);
            assert!(extent >= 0, "{array} is allocated with extent {extent}");
            size = size.and_then(|size| size.checked_mul(extent));
        }
        match size {
            Some(size) if size <= LIMIT => {
                let address = Scalar::i64(self.memory.allocate(size));
                frame.set(data.base, address);
                frame.set(data.owner, address);
                Ok(())
            }
            Some(_) | None => {
                let data = &self.module.sites[site];
                let fault = data.fault(&[size.unwrap_or(-1)]);
                debug_assert!(fault.kind == FaultKind::OutOfMemory, "{fault:?}");
                Err(fault)
            }
        }
    }

    /// Every count still held must have been handed out.
    fn check_leaks(&self, results: &[Arg]) {
        let handed = |owner: i64| {
            let same = |arg: &&Arg| matches!(arg, Arg::Array(slots) if slots.owner == owner);
            results.iter().filter(same).count() as i64
        };
        for (&owner, allocation) in &self.memory.allocations {
            let expected = handed(owner);
            let found = allocation.counts;
            assert_eq!(found, expected, "allocation {owner} ends with {found} counts, not {expected}");
        }
    }
}

impl<'a> Frame<'a> {
    fn new(function: &'a Function, args: &[Arg]) -> Frame<'a> {
        let mut frame = Frame { function, values: SecondaryMap::new(), vars: SecondaryMap::new() };
        frame.bind(&function.params, args);
        frame
    }

    fn bind(&mut self, operands: &[Operand], args: &[Arg]) {
        assert_eq!(operands.len(), args.len(), "{}: operands and their values", self.function.name);
        for (operand, arg) in operands.iter().zip(args) {
            match (operand, arg) {
                (Operand::Scalar(value), Arg::Scalar(scalar)) => self.set(*value, *scalar),
                (Operand::Array(array), Arg::Array(slots)) => {
                    let data = &self.function.arrays[*array];
                    let groups = [slots.base, slots.owner].into_iter();
                    let numbers = groups.chain(slots.extents.clone()).chain(slots.strides.clone());
                    for (component, number) in data.components().zip(numbers) {
                        self.set(component, Scalar::i64(number));
                    }
                }
                (Operand::Scalar(_), Arg::Array(_)) | (Operand::Array(_), Arg::Scalar(_)) => {
                    panic!("{}: {operand:?} gets {arg:?}", self.function.name)
                }
            }
        }
    }

    fn set(&mut self, value: Value, scalar: Scalar) {
        let dtype = self.function.values[value].dtype;
        assert_eq!(dtype, scalar.dtype, "{}: the dtype of {value}", self.function.name);
        self.values[value] = Some(scalar);
    }

    fn get(&self, value: Value) -> Scalar {
        self.values[value].unwrap_or_else(|| panic!("{}: {value} has no value", self.function.name))
    }

    fn int(&self, value: Value) -> i64 {
        self.get(value).as_i64()
    }

    fn var(&self, var: Var) -> Scalar {
        self.vars[var].unwrap_or_else(|| panic!("{}: {var} is read before it is set", self.function.name))
    }

    fn slots(&self, array: Array) -> Slots {
        let data = &self.function.arrays[array];
        let ints = |values: &[Value]| values.iter().map(|&value| self.int(value)).collect();
        Slots {
            base: self.int(data.base),
            owner: self.int(data.owner),
            extents: ints(&data.extents),
            strides: ints(&data.strides),
        }
    }

    fn args(&self, operands: &[Operand]) -> Vec<Arg> {
        let arg = |operand: &Operand| match operand {
            Operand::Scalar(value) => Arg::Scalar(self.get(*value)),
            Operand::Array(array) => Arg::Array(self.slots(*array)),
        };
        operands.iter().map(arg).collect()
    }

    fn element(&self, array: Array, indices: &[Value]) -> i64 {
        let slots = self.slots(array);
        let indices: Vec<i64> = indices.iter().map(|&index| self.int(index)).collect();
        for (axis, (index, extent)) in indices.iter().zip(&slots.extents).enumerate() {
            let name = &self.function.name;
            assert!(
                (0..*extent).contains(index),
                "{name}: {array} axis {axis}: {index} is not in 0..{extent}"
            );
        }
        slots.address(&indices)
    }
}

/// The variables that a loop reduces, while it runs.
struct Reducing<'a> {
    reductions: &'a [Reduction],
    initial: Vec<Option<Scalar>>,
    contributions: Vec<Vec<Scalar>>,
}

impl<'a> Reducing<'a> {
    fn new(frame: &Frame, reductions: &'a [Reduction]) -> Reducing<'a> {
        let initial = reductions.iter().map(|reduction| frame.vars[reduction.var]).collect();
        Reducing { reductions, initial, contributions: vec![vec![]; reductions.len()] }
    }

    fn start(&self, frame: &mut Frame) {
        for reduction in self.reductions {
            let dtype = frame.function.vars[reduction.var].dtype;
            frame.vars[reduction.var] = Some(reduction.op.identity(dtype));
        }
    }

    fn finish(&mut self, frame: &Frame) {
        for (reduction, contributions) in self.reductions.iter().zip(&mut self.contributions) {
            contributions.push(frame.var(reduction.var));
        }
    }

    fn combine(self, frame: &mut Frame) {
        for (k, reduction) in self.reductions.iter().enumerate() {
            let mut combine = |a, b| reduction.op.eval(a, b);
            let total = tree::reduce(&self.contributions[k], &mut combine);
            frame.vars[reduction.var] = match (self.initial[k], total) {
                (initial, None) => initial,
                (Some(initial), Some(total)) => Some(reduction.op.eval(initial, total)),
                (None, Some(_)) => panic!("{} is reduced before it is set", reduction.var),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::build::Build;
    use super::*;
    use crate::base::{Compare, ReduceOp};

    fn floats(outcome: &Outcome, array: &Arg) -> Vec<f64> {
        outcome.memory.elements(array, Dtype::F64).into_iter().map(Scalar::as_f64).collect()
    }

    fn int(value: i64) -> Arg {
        Arg::Scalar(Scalar::i64(value))
    }

    /// `for i in range(n): y[i] = 2 * y[i]`.
    fn doubled() -> Module {
        let mut b = Build::new("double", "");
        let n = b.int("n");
        let y = b.array("y", 1);
        b.range("i", n, |b, i| {
            let value = b.load(y, &[i], "");
            let value = b.add(value, value);
            b.store(y, &[i], value, "");
        });
        b.finish()
    }

    #[test]
    fn loops_change_memory() {
        let mut memory = Memory::new();
        let y = memory.floats(&[1.0, 2.5, -3.0]);
        let outcome = eval(&doubled(), &[int(2), y.clone()], memory).unwrap();
        assert_eq!(floats(&outcome, &y), [2.0, 5.0, -3.0]);
    }

    #[test]
    fn a_failing_check_is_a_fault() {
        let mut memory = Memory::new();
        let y = memory.floats(&[1.0, 2.5]);
        let fault = eval(&doubled(), &[int(5), y], memory).unwrap_err();
        assert_eq!(fault.to_string(), "index 2 is out of range for axis 0 with size 2 (with i = 2)");
    }

    #[test]
    #[should_panic(expected = "axis 0: 3 is not in 0..2")]
    fn a_load_out_of_bounds_panics() {
        let mut b = Build::new("wild", "");
        let y = b.array("y", 1);
        let three = b.constant(3);
        b.op(Dtype::F64, Op::Load { array: y, indices: vec![three] });
        let mut memory = Memory::new();
        let y = memory.floats(&[1.0, 2.5]);
        let _ = eval(&b.finish(), &[y], memory);
    }

    #[test]
    fn sums_follow_the_tree() {
        let mut b = Build::new("sum", "");
        let y = b.array("y", 1);
        let total = b.function.var(Dtype::F64, "total");
        let start = b.float(0.0);
        b.push(Stmt::Set(total, start));
        let extent = b.extent(y, 0);
        b.nest(&[extent], &[Reduction { var: total, op: ReduceOp::Add }], |b, indices| {
            let value = b.op(Dtype::F64, Op::Load { array: y, indices: indices.to_vec() });
            b.push(Stmt::Set(total, value));
        });
        b.function.results.push(ResultType::Scalar(Dtype::F64));
        let result = b.op(Dtype::F64, Op::Get(total));
        b.push(Stmt::Return(vec![Operand::Scalar(result)]));
        let module = b.finish();
        verify::verify(&module).unwrap();
        let numbers: Vec<f64> = (0..300).map(|k| 1.0 / (k as f64 + 0.3)).collect();
        let mut memory = Memory::new();
        let y = memory.floats(&numbers);
        let expected = 0.0 + tree::reduce(&numbers, &mut |a, b| a + b).unwrap();
        let outcome = eval(&module, &[y], memory).unwrap();
        assert_eq!(outcome.results, [Arg::Scalar(Scalar::f64(expected))]);
    }

    /// Allocates, and returns or releases what it got.
    fn allocating(returns: bool, releases: usize) -> Module {
        let mut b = Build::new("allocate", "");
        let n = b.int("n");
        let t = b.alloc("t", &[n]);
        let owner = b.function.arrays[t].owner;
        (0..releases).for_each(|_| b.push(Stmt::Release(owner)));
        if returns {
            b.function.results.push(ResultType::Array { dtype: Dtype::F64, rank: 1 });
            b.push(Stmt::Return(vec![Operand::Array(t)]));
        }
        b.finish()
    }

    #[test]
    fn allocations_are_counted() {
        let outcome = eval(&allocating(true, 0), &[int(3)], Memory::new()).unwrap();
        assert_eq!(floats(&outcome, &outcome.results[0]).len(), 3);
        eval(&allocating(false, 1), &[int(3)], Memory::new()).unwrap();
        let fault = eval(&allocating(true, 0), &[int(1 << 40)], Memory::new()).unwrap_err();
        assert_eq!(fault.kind, FaultKind::OutOfMemory);
    }

    #[test]
    #[should_panic(expected = "ends with 1 counts, not 0")]
    fn a_leak_panics() {
        let _ = eval(&allocating(false, 0), &[int(3)], Memory::new());
    }

    #[test]
    #[should_panic(expected = "is counted after its release")]
    fn releasing_twice_panics() {
        let _ = eval(&allocating(false, 2), &[int(3)], Memory::new());
    }

    /// An outlined `for i in 0..n: if i % 2 == 0: s += i`, called from a kernel that calls itself once.
    fn outlined() -> Module {
        let mut b = Build::new("outer", "");
        let n = b.int("n");
        let total = b.function.var(Dtype::I64, "s");
        let hundred = b.constant(100);
        b.push(Stmt::Set(total, hundred));
        let reductions = vec![Reduction { var: total, op: ReduceOp::Add }];
        let zero = b.constant(0);
        let (func, parallel) = (Func::from_u32(0), Parallel::Always);
        let run = Run { func, env: vec![], begin: zero, end: n, reductions, parallel, cost: 1, times: None };
        b.push(Stmt::Run(Box::new(run)));
        b.function.results.push(ResultType::Scalar(Dtype::I64));
        let result = b.op(Dtype::I64, Op::Get(total));
        b.push(Stmt::Return(vec![Operand::Scalar(result)]));
        let outer = b.finish();
        let mut b = Build::new("body", "");
        let (begin, end) = (b.function.value(Dtype::I64), b.function.value(Dtype::I64));
        let sum = b.function.var(Dtype::I64, "s");
        b.function.role = Role::Body {
            begin,
            end,
            within: None,
            partials: vec![Reduction { var: sum, op: ReduceOp::Add }],
            columns: vec![],
        };
        let two = b.constant(2);
        b.for_("i", (begin, end), Mode::Serial, &[], |b, i| {
            let rest = b.binary(Binary::Mod, i, two);
            let zero = b.constant(0);
            let even = b.op(Dtype::Bool, Op::Compare(Compare::Eq, rest, zero));
            b.if_(even, |b| {
                let old = b.op(Dtype::I64, Op::Get(sum));
                let new = b.add(old, i);
                b.push(Stmt::Set(sum, new));
            });
        });
        let mut module = b.finish();
        let kernel = outer.functions[outer.entry].clone();
        module.entry = module.functions.push(kernel);
        module
    }

    #[test]
    fn outlined_bodies_combine_their_partials() {
        let module = outlined();
        verify::verify(&module).unwrap();
        for (n, expected) in [(0, 100), (1, 100), (5, 106), (1000, 249_600)] {
            let outcome = eval(&module, &[int(n)], Memory::new()).unwrap();
            assert_eq!(outcome.results, [int(expected)], "n = {n}");
        }
    }
}
