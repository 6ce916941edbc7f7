//! The invariants of the loop IR, checked after every pass in tests and debug builds.
//!
//! - **Values** are defined once and used only where they are visible: after their definition in its block and the blocks
//!   nested there. So are the four groups of values of an array wherever it is named; extents, strides, base and owner are i64.
//! - **Operators** are applied to dtypes they accept ([`Unary::result`], [`Binary::accepts`]); both operands have one dtype;
//!   conditions are bool, indices and bounds i64; casts go between real dtypes; arrays hold real dtypes.
//! - **Loads and stores** have one index per axis and the array's dtype.
//! - **Labels** are unique; `break` names an enclosing loop or scope, `continue` an enclosing loop; neither leaves
//!   a loop that is parallel, in lanes, marked or reducing, nor a nest. `return` is in none of these.
//! - **Lanes** bodies hold scalar statements, branches and loops: no nests, no reducing loops, no allocations, no return; calls only
//!   under a condition. (That control is the same in all lanes where it has to be is seen by [`super::eval`], which runs lanes in lockstep.)
//! - **Reductions** name a variable once, with a dtype that the operator accepts, and no variable that a reduction around it has.
//! - **Calls** pass what the callee's parameters are and define what it returns; `run` calls a body with the same
//!   reductions, `call` a kernel.
//! - **Returns** give what the function returns; every path of a function with results ends in one (or in a fault, or never).
//! - **Faults** carry as many values as their kind and its loops, at most [`FAULT_VALUES`], all i64.

use super::*;
use crate::base::abi::FAULT_VALUES;
use std::collections::HashSet;

/// `Err` names the function, the statement and what is wrong with it.
pub fn verify(module: &Module) -> Result<(), String> {
    if !module.functions.is_valid(module.entry) {
        return Err(format!("entry {} does not exist", module.entry));
    }
    module.functions.keys().try_for_each(|func| verify_function(module, func))
}

/// As [`verify`], one function.
pub fn verify_function(module: &Module, func: Func) -> Result<(), String> {
    let function = &module.functions[func];
    let mut verifier = Verifier::new(module, function);
    let result = verifier.function();
    result.map_err(|message| {
        let place = match verifier.at {
            Some(stmt) => format!(", at `{}`", function.display_stmt(stmt)),
            None => String::new(),
        };
        format!("{func} {}{place}: {message}", function.name)
    })
}

type Verified = Result<(), String>;

struct Verifier<'a> {
    module: &'a Module,
    function: &'a Function,
    visible: HashSet<Value>,
    /// The visible values in order of definition, so that leaving a block can forget its own.
    order: Vec<Value>,
    defined: HashSet<Value>,
    labels: HashSet<Label>,
    /// What statements are inside of, outermost first.
    around: Vec<Around>,
    reducing: Vec<Var>,
    /// The statement looked at, for the message.
    at: Option<&'a Stmt>,
}

enum Around {
    Loop(Label),
    Scope(Label),
    /// Iterations that nothing may leave.
    Closed(&'static str, Option<Label>),
}

impl<'a> Verifier<'a> {
    fn new(module: &'a Module, function: &'a Function) -> Verifier<'a> {
        Verifier {
            module,
            function,
            visible: HashSet::new(),
            order: vec![],
            defined: HashSet::new(),
            labels: HashSet::new(),
            around: vec![],
            reducing: vec![],
            at: None,
        }
    }

    fn function(&mut self) -> Verified {
        for operand in &self.function.params {
            match operand {
                Operand::Scalar(value) => self.define(*value)?,
                Operand::Array(array) => self.define_array(*array)?,
            }
        }
        if let Role::Body { begin, end, partials, .. } = &self.function.role {
            for value in [*begin, *end] {
                self.define(value)?;
                self.expect(value, Dtype::I64)?;
            }
            self.reductions(partials)?;
            ensure(self.function.results.is_empty(), || "a body has no results".to_string())?;
        }
        for (array, data) in &self.function.arrays {
            let same = data.extents.len() == data.strides.len() && data.rank() <= 8;
            ensure(same, || {
                format!("{array} has {} extents and {} strides", data.rank(), data.strides.len())
            })?;
            ensure(!data.dtype.is_complex(), || format!("{array} holds {}", data.dtype))?;
            for value in data.components() {
                self.expect(value, Dtype::I64)?;
            }
        }
        self.block(&self.function.body)?;
        self.at = None;
        let ends = self.function.results.is_empty() || visit::never_ends(&self.function.body);
        ensure(ends, || "the end is reached without a return".to_string())
    }

    fn block(&mut self, block: &'a Block) -> Verified {
        let outside = self.order.len();
        for stmt in block {
            self.at = Some(stmt);
            self.stmt(stmt)?;
        }
        self.forget(outside);
        Ok(())
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> Verified {
        match stmt {
            Stmt::Let(value, op) => {
                self.op(*value, op)?;
                self.define(*value)
            }
            Stmt::Set(var, value) => {
                let dtype = self.var(*var)?;
                self.read(*value, dtype)
            }
            Stmt::Store(store) => {
                self.element(store.array, &store.indices)?;
                self.read(store.value, self.function.arrays[store.array].dtype)
            }
            Stmt::Check(check) => self.check(check),
            Stmt::If(branch) => {
                self.read(branch.condition, Dtype::Bool)?;
                self.block(&branch.then)?;
                self.block(&branch.otherwise)
            }
            Stmt::For(loop_) => self.for_(loop_),
            Stmt::Nest(nest) => self.nest(nest),
            Stmt::While(loop_) => self.while_(loop_),
            Stmt::Scope { label, body } => {
                self.label(*label)?;
                self.inside(Around::Scope(*label), &[], body)
            }
            Stmt::Break(label) | Stmt::Continue(label) => {
                self.jump(*label, matches!(stmt, Stmt::Continue(_)))
            }
            Stmt::Return(operands) => self.return_(operands),
            Stmt::Alloc { array, site } => self.alloc(*array, *site),
            Stmt::Retain(value) | Stmt::Release(value) => self.read(*value, Dtype::I64),
            Stmt::Call(call) => self.call(call),
            Stmt::Run(run) => self.run(run),
            Stmt::Fault { site, values } => self.fault(*site, values),
            Stmt::Poll => Ok(()),
        }
    }

    fn op(&self, value: Value, op: &Op) -> Verified {
        let result = self.dtype(value)?;
        let same = |dtype: Dtype| {
            ensure(dtype == result, || format!("{value} is {result}, its operation gives {dtype}"))
        };
        match op {
            Op::Const(scalar) => same(scalar.dtype),
            Op::Get(var) => same(self.var(*var)?),
            Op::Unary(unary, a) => {
                let dtype = self.read_any(*a)?;
                match unary.result(dtype) {
                    Some(dtype) => same(dtype),
                    None => Err(format!("{} of {dtype}", unary.name())),
                }
            }
            Op::Binary(binary, a, b) => {
                let dtype = self.read_pair(*a, *b)?;
                ensure(binary.accepts(dtype), || format!("{} of {dtype}", binary.name()))?;
                same(dtype)
            }
            Op::Compare(_, a, b) => {
                self.read_pair(*a, *b)?;
                same(Dtype::Bool)
            }
            Op::Cast(a) => {
                let dtype = self.read_any(*a)?;
                let real = !dtype.is_complex() && !result.is_complex();
                ensure(real, || format!("cast from {dtype} to {result}"))
            }
            Op::Select { condition, then, otherwise } => {
                self.read(*condition, Dtype::Bool)?;
                same(self.read_pair(*then, *otherwise)?)
            }
            Op::Fma(a, b, c) => {
                let dtype = self.read_pair(*a, *b)?;
                self.read(*c, dtype)?;
                ensure(dtype.is_float(), || format!("fma of {dtype}"))?;
                same(dtype)
            }
            Op::Wrap { index, extent } => {
                self.read(*index, Dtype::I64)?;
                self.read(*extent, Dtype::I64)?;
                same(Dtype::I64)
            }
            Op::Load { array, indices } => {
                self.element(*array, indices)?;
                same(self.function.arrays[*array].dtype)
            }
            Op::Any(a) => {
                self.read(*a, Dtype::Bool)?;
                same(Dtype::Bool)
            }
            Op::Disjoint(a, b) => {
                self.array(*a)?;
                self.array(*b)?;
                same(Dtype::Bool)
            }
        }
    }

    fn check(&self, check: &Check) -> Verified {
        match check.condition {
            Condition::Bounds { index, extent } => {
                self.read(index, Dtype::I64)?;
                self.read(extent, Dtype::I64)?;
            }
            Condition::True(value) => self.read(value, Dtype::Bool)?,
        }
        self.fault(check.site, &check.values)
    }

    fn fault(&self, site: Site, values: &[Value]) -> Verified {
        let data = self.module.sites.get(site).ok_or_else(|| format!("{site} does not exist"))?;
        let wanted = data.kind.arity();
        let count = values.len();
        ensure(count >= wanted, || format!("{site} reports {wanted} values, here are {count}"))?;
        ensure(count <= FAULT_VALUES, || format!("{count} values, a fault records {FAULT_VALUES}"))?;
        let named = wanted + data.loops.len();
        ensure(count <= named, || format!("{site} names {named} values, here are {count}"))?;
        values.iter().try_for_each(|&value| self.read(value, Dtype::I64))
    }

    fn for_(&mut self, loop_: &'a For) -> Verified {
        self.read(loop_.lo, Dtype::I64)?;
        self.read(loop_.hi, Dtype::I64)?;
        self.label(loop_.label)?;
        loop_.times.map_or(Ok(()), |times| self.read(times, Dtype::I64))?;
        let closed = match loop_.mode {
            Mode::Serial if loop_.reductions.is_empty() => None,
            Mode::Serial => Some("a reducing loop"),
            Mode::Marked => Some("a marked loop"),
            Mode::Parallel { when } => {
                when.map_or(Ok(()), |when| self.read(when, Dtype::Bool))?;
                Some("a parallel loop")
            }
            Mode::Lanes(lanes) => {
                ensure(lanes >= 1, || "no lanes".to_string())?;
                lane_block(&loop_.body, false)?;
                Some("a loop in lanes")
            }
        };
        let around = match closed {
            None => Around::Loop(loop_.label),
            Some(what) => Around::Closed(what, Some(loop_.label)),
        };
        let mut defined = vec![loop_.index];
        for accumulator in &loop_.accumulators {
            self.accumulator(accumulator)?;
            defined.extend(self.function.defined_by(accumulator));
        }
        self.reduced(&loop_.reductions, around, &defined, &loop_.body)
    }

    fn accumulator(&self, accumulator: &Accumulator) -> Verified {
        self.array(accumulator.array)?;
        accumulator.apart.map_or(Ok(()), |apart| self.read(apart, Dtype::Bool))?;
        let arrays = &self.function.arrays;
        let (outer, inner) = (&arrays[accumulator.array], &arrays[accumulator.inside]);
        let op = accumulator.op.binary();
        ensure(op.accepts(outer.dtype), || format!("{} of {}", op.name(), outer.dtype))?;
        let alike =
            outer.dtype == inner.dtype && outer.extents == inner.extents && outer.class == inner.class;
        ensure(alike, || format!("{} is no copy of {}", accumulator.inside, accumulator.array))
    }

    fn nest(&mut self, nest: &'a Nest) -> Verified {
        let ranks = (nest.indices.len(), nest.extents.len());
        ensure(ranks.0 == ranks.1 && ranks.0 <= 8, || format!("{} indices, {} extents", ranks.0, ranks.1))?;
        nest.extents.iter().try_for_each(|&extent| self.read(extent, Dtype::I64))?;
        self.reduced(&nest.reductions, Around::Closed("a nest", None), &nest.indices, &nest.body)
    }

    fn reduced(
        &mut self,
        reductions: &[Reduction],
        around: Around,
        indices: &[Value],
        body: &'a Block,
    ) -> Verified {
        self.reductions(reductions)?;
        self.reducing.extend(reductions.iter().map(|reduction| reduction.var));
        self.inside(around, indices, body)?;
        self.reducing.truncate(self.reducing.len() - reductions.len());
        Ok(())
    }

    fn while_(&mut self, loop_: &'a While) -> Verified {
        self.label(loop_.label)?;
        self.around.push(Around::Loop(loop_.label));
        let outside = self.order.len();
        for stmt in &loop_.header {
            self.at = Some(stmt);
            self.stmt(stmt)?;
        }
        self.read(loop_.condition, Dtype::Bool)?;
        self.block(&loop_.body)?;
        self.forget(outside);
        self.around.pop();
        Ok(())
    }

    fn inside(&mut self, around: Around, indices: &[Value], body: &'a Block) -> Verified {
        let outside = self.order.len();
        for &index in indices {
            self.define(index)?;
            self.expect(index, Dtype::I64)?;
        }
        self.around.push(around);
        self.block(body)?;
        self.around.pop();
        self.forget(outside);
        Ok(())
    }

    fn reductions(&self, reductions: &[Reduction]) -> Verified {
        for (k, reduction) in reductions.iter().enumerate() {
            let dtype = self.var(reduction.var)?;
            let op = reduction.op.binary();
            ensure(op.accepts(dtype), || format!("reduction {} of {dtype}", op.name()))?;
            let twice = reductions[..k].iter().any(|other| other.var == reduction.var);
            let nested = self.reducing.contains(&reduction.var);
            ensure(!twice && !nested, || format!("{} is reduced twice", reduction.var))?;
        }
        Ok(())
    }

    fn label(&mut self, label: Label) -> Verified {
        ensure(label.as_u32() < self.function.labels, || format!("{label} does not exist"))?;
        ensure(self.labels.insert(label), || format!("{label} is used twice"))
    }

    fn jump(&self, label: Label, continues: bool) -> Verified {
        for around in self.around.iter().rev() {
            match around {
                Around::Loop(other) if *other == label => return Ok(()),
                Around::Scope(other) if *other == label => {
                    return ensure(!continues, || format!("{label} is no loop"));
                }
                Around::Closed(_, Some(other)) if *other == label && continues => return Ok(()),
                Around::Closed(what, _) => return Err(format!("{label} would leave {what}")),
                Around::Loop(_) | Around::Scope(_) => {}
            }
        }
        Err(format!("{label} is not around it"))
    }

    fn return_(&self, operands: &[Operand]) -> Verified {
        for around in &self.around {
            if let Around::Closed(what, _) = around {
                return Err(format!("return from {what}"));
            }
        }
        let results = &self.function.results;
        let counts = (operands.len(), results.len());
        ensure(counts.0 == counts.1, || format!("{} of {} results", counts.0, counts.1))?;
        operands.iter().zip(results).try_for_each(|(operand, result)| self.is_result(operand, result, true))
    }

    fn is_result(&self, operand: &Operand, result: &ResultType, reads: bool) -> Verified {
        match (operand, result) {
            (Operand::Scalar(value), ResultType::Scalar(dtype)) => {
                if reads {
                    self.read(*value, *dtype)
                } else {
                    self.expect(*value, *dtype)
                }
            }
            (Operand::Array(array), ResultType::Array { dtype, rank }) => {
                if reads {
                    self.array(*array)?;
                }
                let data = self.array_data(*array)?;
                let same = data.dtype == *dtype && data.rank() == *rank as usize;
                ensure(same, || format!("{array} is {} of rank {}", data.dtype, data.rank()))
            }
            (Operand::Scalar(_), ResultType::Array { .. }) | (Operand::Array(_), ResultType::Scalar(_)) => {
                Err("a scalar and an array do not match".to_string())
            }
        }
    }

    fn alloc(&mut self, array: Array, site: Site) -> Verified {
        let data = self.array_data(array)?;
        for &value in data.extents.iter().chain(&data.strides) {
            self.read(value, Dtype::I64)?;
        }
        ensure(self.module.sites.is_valid(site), || format!("{site} does not exist"))?;
        self.define(data.base)?;
        if data.owner == data.base { Ok(()) } else { self.define(data.owner) }
    }

    fn call(&mut self, call: &Call) -> Verified {
        let callee = self.callee(call.func)?;
        let kernel = matches!(callee.role, Role::Kernel { .. } | Role::Product);
        ensure(kernel, || format!("{} is a body", call.func))?;
        self.arguments(callee, &call.args)?;
        let counts = (call.results.len(), callee.results.len());
        ensure(counts.0 == counts.1, || format!("{} of {} results", counts.0, counts.1))?;
        for (operand, result) in call.results.iter().zip(&callee.results) {
            self.is_result(operand, result, false)?;
            match operand {
                Operand::Scalar(value) => self.define(*value)?,
                Operand::Array(array) => self.define_array(*array)?,
            }
        }
        Ok(())
    }

    fn run(&self, run: &Run) -> Verified {
        let callee = self.callee(run.func)?;
        let Role::Body { partials, .. } = &callee.role else {
            return Err(format!("{} is no body", run.func));
        };
        self.arguments(callee, &run.env)?;
        self.read(run.begin, Dtype::I64)?;
        self.read(run.end, Dtype::I64)?;
        if let Parallel::When(when) = run.parallel {
            self.read(when, Dtype::Bool)?;
        }
        ensure(run.cost >= 1, || "no cost".to_string())?;
        run.times.map_or(Ok(()), |times| self.read(times, Dtype::I64))?;
        self.reductions(&run.reductions)?;
        let same = partials.len() == run.reductions.len()
            && partials.iter().zip(&run.reductions).all(|(partial, reduction)| {
                let dtypes = (callee.vars.get(partial.var), self.function.vars.get(reduction.var));
                partial.op == reduction.op && dtypes.0.map(|var| var.dtype) == dtypes.1.map(|var| var.dtype)
            });
        ensure(same, || format!("{} reduces something else", run.func))
    }

    fn callee(&self, func: Func) -> Result<&'a Function, String> {
        self.module.functions.get(func).ok_or_else(|| format!("{func} does not exist"))
    }

    fn arguments(&self, callee: &Function, args: &[Operand]) -> Verified {
        let counts = (args.len(), callee.params.len());
        ensure(counts.0 == counts.1, || format!("{} arguments, {} parameters", counts.0, counts.1))?;
        for (arg, param) in args.iter().zip(&callee.params) {
            match (arg, param) {
                (Operand::Scalar(value), Operand::Scalar(param)) => {
                    self.read(*value, callee.values[*param].dtype)?;
                }
                (Operand::Array(array), Operand::Array(param)) => {
                    self.array(*array)?;
                    let (array_data, param) = (self.array_data(*array)?, &callee.arrays[*param]);
                    let same = array_data.dtype == param.dtype && array_data.rank() == param.rank();
                    ensure(same, || format!("{array} is not what the parameter is"))?;
                }
                (Operand::Scalar(_), Operand::Array(_)) | (Operand::Array(_), Operand::Scalar(_)) => {
                    return Err("a scalar and an array do not match".to_string());
                }
            }
        }
        Ok(())
    }

    fn element(&self, array: Array, indices: &[Value]) -> Verified {
        self.array(array)?;
        let (rank, count) = (self.function.arrays[array].rank(), indices.len());
        ensure(rank == count, || format!("{array} has rank {rank}, here are {count} indices"))?;
        indices.iter().try_for_each(|&index| self.read(index, Dtype::I64))
    }

    fn array_data(&self, array: Array) -> Result<&'a ArrayData, String> {
        self.function.arrays.get(array).ok_or_else(|| format!("{array} does not exist"))
    }

    /// All values that the array stands for are visible.
    fn array(&self, array: Array) -> Verified {
        let data = self.array_data(array)?;
        match data.components().find(|value| !self.visible.contains(value)) {
            Some(value) => Err(format!("{array} needs {value}, which is not defined here")),
            None => Ok(()),
        }
    }

    fn define(&mut self, value: Value) -> Verified {
        self.dtype(value)?;
        ensure(self.defined.insert(value), || format!("{value} is defined twice"))?;
        self.visible.insert(value);
        self.order.push(value);
        Ok(())
    }

    fn forget(&mut self, outside: usize) {
        for value in self.order.drain(outside..) {
            self.visible.remove(&value);
        }
    }

    /// Components of an array parameter or result may share a value.
    fn define_array(&mut self, array: Array) -> Verified {
        let mut components: Vec<Value> = self.array_data(array)?.components().collect();
        components.sort();
        components.dedup();
        components.into_iter().try_for_each(|value| self.define(value))
    }

    fn dtype(&self, value: Value) -> Result<Dtype, String> {
        let data = self.function.values.get(value).ok_or_else(|| format!("{value} does not exist"))?;
        Ok(data.dtype)
    }

    fn var(&self, var: Var) -> Result<Dtype, String> {
        let data = self.function.vars.get(var).ok_or_else(|| format!("{var} does not exist"))?;
        Ok(data.dtype)
    }

    fn expect(&self, value: Value, dtype: Dtype) -> Verified {
        let found = self.dtype(value)?;
        ensure(found == dtype, || format!("{value} is {found}, not {dtype}"))
    }

    fn read_any(&self, value: Value) -> Result<Dtype, String> {
        ensure(self.visible.contains(&value), || format!("{value} is not defined here"))?;
        self.dtype(value)
    }

    fn read(&self, value: Value, dtype: Dtype) -> Verified {
        self.read_any(value)?;
        self.expect(value, dtype)
    }

    fn read_pair(&self, a: Value, b: Value) -> Result<Dtype, String> {
        let (left, right) = (self.read_any(a)?, self.read_any(b)?);
        ensure(left == right, || format!("{a} is {left}, {b} is {right}"))?;
        Ok(left)
    }
}

fn ensure(holds: bool, message: impl FnOnce() -> String) -> Verified {
    if holds { Ok(()) } else { Err(message()) }
}

/// `guarded` is inside a branch, which may be scalar code for single lanes.
fn lane_block(block: &Block, guarded: bool) -> Verified {
    block.iter().try_for_each(|stmt| {
        let fits = match stmt {
            Stmt::Let(..)
            | Stmt::Set(..)
            | Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Scope { .. }
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => true,
            Stmt::Call(_) => guarded,
            Stmt::For(loop_) => {
                loop_.mode == Mode::Serial && loop_.reductions.is_empty() && loop_.accumulators.is_empty()
            }
            Stmt::Nest(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Run(_) => false,
        };
        ensure(fits, || "this does not run in lanes".to_string())?;
        let guarded = guarded || matches!(stmt, Stmt::If(_));
        stmt.blocks().into_iter().try_for_each(|inner| lane_block(inner, guarded))
    })
}

#[cfg(test)]
mod tests {
    use super::super::build::Build;
    use super::*;
    use crate::base::{FaultKind, ReduceOp};

    /// The complaint about what `body` builds; it may use `n`, an i64, and `y`, a vector.
    fn complaint(body: impl FnOnce(&mut Build, Value, Array)) -> String {
        let mut build = Build::new("wrong", "");
        let n = build.int("n");
        let y = build.array("y", 1);
        body(&mut build, n, y);
        match verify(&build.finish()) {
            Ok(()) => "nothing is wrong".to_string(),
            Err(message) => message,
        }
    }

    #[track_caller]
    fn rejects(expected: &str, body: impl FnOnce(&mut Build, Value, Array)) {
        let found = complaint(body);
        let found = found.strip_prefix("f0 wrong").unwrap_or(&found);
        assert_eq!(found, expected);
    }

    fn empty_for(b: &mut Build, hi: Value, mode: Mode, body: Block) -> Box<For> {
        let index = b.function.value(Dtype::I64);
        Box::new(For::new(&mut b.function, index, hi, hi, mode, body))
    }

    #[test]
    fn accepts_what_is_right() {
        assert_eq!(complaint(|_, _, _| {}), "nothing is wrong");
    }

    #[test]
    fn values_are_defined_once_and_visible() {
        rejects(", at `v7: i64 = get x0`: v7 is defined twice", |b, n, _| {
            let again = b.plus(n, 1);
            b.push(Stmt::Let(again, Op::Get(Var::from_u32(0))));
        });
        rejects(", at `v8: i64 = v7 + v7`: v7 is not defined here", |b, n, _| {
            b.range("i", n, |_, _| {});
            let index = Value::from_u32(7);
            b.add(index, index);
        });
        rejects(", at `v7: f64 = load a2[v0]`: a2 needs v6, which is not defined here", |b, n, y| {
            let base = b.function.value(Dtype::I64);
            let data = ArrayData { base, ..b.function.arrays[y].clone() };
            let ghost = b.function.arrays.push(data);
            b.op(Dtype::F64, Op::Load { array: ghost, indices: vec![n] });
        });
    }

    #[test]
    fn operators_get_their_dtypes() {
        rejects(", at `v6: i64 = v0 / v0`: div of i64", |b, n, _| {
            b.binary(Binary::Div, n, n);
        });
        rejects(", at `v7: i64 = v0 + 1.0`: v0 is i64, v6 is f64", |b, n, _| {
            let one = b.float(1.0);
            b.add(n, one);
        });
        rejects(", at `v6: f64 = sqrt(v0)`: sqrt of i64", |b, n, _| {
            b.op(Dtype::F64, Op::Unary(Unary::Sqrt, n));
        });
        rejects(", at `v6: f64 = neg(v0)`: v6 is f64, its operation gives i64", |b, n, _| {
            b.op(Dtype::F64, Op::Unary(Unary::Neg, n));
        });
        rejects(", at `v6: c128 = cast(v0)`: cast from i64 to c128", |b, n, _| {
            b.op(Dtype::C128, Op::Cast(n));
        });
        rejects(", at `if v0 {`: v0 is i64, not bool", |b, n, _| b.if_(n, |_| {}));
        rejects(", at `set x0 = 1.0`: v6 is f64, not i64", |b, _, _| {
            let one = b.float(1.0);
            b.push(Stmt::Set(Var::from_u32(0), one));
        });
    }

    #[test]
    fn elements_have_one_index_per_axis() {
        rejects(", at `v6: f64 = load a1[v0, v0]`: a1 has rank 1, here are 2 indices", |b, n, y| {
            b.op(Dtype::F64, Op::Load { array: y, indices: vec![n, n] });
        });
        rejects(", at `store a1[v0] = v0`: v0 is i64, not f64", |b, n, y| {
            let span = Span::default();
            b.push(Stmt::Store(Store { array: y, indices: vec![n], value: n, span }));
        });
    }

    #[test]
    fn jumps_stay_inside() {
        rejects(", at `break l0`: l0 is not around it", |b, _, _| {
            let label = b.function.label();
            b.push(Stmt::Break(label));
        });
        rejects(", at `break l0`: l0 would leave a parallel loop", |b, n, _| {
            let mut loop_ = empty_for(b, n, Mode::Parallel { when: None }, vec![]);
            loop_.body.push(Stmt::Break(loop_.label));
            b.push(Stmt::For(loop_));
        });
        rejects(", at `return`: return from a marked loop", |b, n, _| {
            let loop_ = empty_for(b, n, Mode::Marked, vec![Stmt::Return(vec![])]);
            b.push(Stmt::For(loop_));
        });
        rejects(", at `return`: return from a nest", |b, n, _| {
            b.nest(&[n], &[], |b, _| b.push(Stmt::Return(vec![])));
        });
        rejects(", at `for v6 in v0..v0 lanes 8 {`: this does not run in lanes", |b, n, _| {
            let loop_ = empty_for(b, n, Mode::Lanes(8), vec![Stmt::Release(n)]);
            b.push(Stmt::For(loop_));
        });
        rejects(", at `l0: scope {`: l0 is used twice", |b, _, _| {
            let label = b.function.label();
            b.push(Stmt::Scope { label, body: vec![] });
            b.push(Stmt::Scope { label, body: vec![] });
        });
    }

    #[test]
    fn reductions_fit_their_variables() {
        let reduced = |b: &mut Build, n: Value, op: ReduceOp, times: usize| {
            let var = b.function.var(Dtype::F64, "s");
            let mut loop_ = empty_for(b, n, Mode::Serial, vec![]);
            loop_.reductions = vec![Reduction { var, op }; times];
            b.push(Stmt::For(loop_));
        };
        rejects(", at `for v6 in v0..v0 reduce xor x1 {`: reduction xor of f64", |b, n, _| {
            reduced(b, n, ReduceOp::Xor, 1)
        });
        rejects(", at `for v6 in v0..v0 reduce add x1, add x1 {`: x1 is reduced twice", |b, n, _| {
            reduced(b, n, ReduceOp::Add, 2)
        });
    }

    #[test]
    fn calls_and_results_match() {
        rejects(": the end is reached without a return", |b, _, _| {
            b.function.results.push(ResultType::Scalar(Dtype::I64));
        });
        rejects(", at `return`: 0 of 1 results", |b, _, _| {
            b.function.results.push(ResultType::Scalar(Dtype::I64));
            b.push(Stmt::Return(vec![]));
        });
        rejects(", at `call f0(v0)`: 1 arguments, 2 parameters", |b, n, _| {
            let (func, args) = (Func::from_u32(0), vec![Operand::Scalar(n)]);
            b.push(Stmt::Call(Box::new(Call { func, args, results: vec![], span: Span::default() })));
        });
        rejects(", at `run f0() over v0..v0, cost 1`: f0 is no body", |b, n, _| {
            let (func, begin, end) = (Func::from_u32(0), n, n);
            let parallel = Parallel::Never;
            let run =
                Run { func, env: vec![], begin, end, reductions: vec![], parallel, cost: 1, times: None };
            b.push(Stmt::Run(Box::new(run)));
        });
    }

    #[test]
    fn faults_carry_their_values() {
        rejects(", at `fault site0(v0)`: site0 reports 2 values, here are 1", |b, n, _| {
            let site = b.site(FaultKind::IndexOutOfRange { axis: 0 });
            b.push(Stmt::Fault { site, values: vec![n] });
        });
        rejects(", at `fault site0(v0)`: site0 names 0 values, here are 1", |b, n, _| {
            let site = b.site(FaultKind::DivisionByZero);
            b.push(Stmt::Fault { site, values: vec![n] });
        });
    }
}
