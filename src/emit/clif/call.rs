//! Calls: other functions of the module, outlined bodies, the runtime table.

use super::function::Emitter;
use super::memory::Scratch;
use super::{Bug, combine_number, combine_signature, signature};
use crate::base::abi::{Context, Region, Table, array_slots};
use crate::loops::{self, Array, Call, Operand, Parallel, Reduction, Run};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{AbiParam, InstBuilder, MemFlagsData, SigRef, Signature, Type, Value, types};
use cranelift_entity::EntityRef;
use std::mem::offset_of;

impl<'a> Emitter<'a> {
    pub fn call(&mut self, call: &Call) -> Result<(), Bug> {
        let arguments = self.scratch(Scratch::In, self.slots(&call.args));
        self.store_operands(&call.args, arguments)?;
        let results = self.scratch(Scratch::Out, self.slots(&call.results));
        let signature = signature(self.target, &self.module.functions[call.func].role);
        let callee = self.callee(call.func.index(), signature);
        let inst = self.builder.ins().call(callee, &[self.context, arguments, results]);
        let status = self.builder.inst_results(inst)[0];
        self.propagate(status);
        self.load_operands(&call.results, results)
    }

    /// Fills a region and hands it to the runtime; a serial reduction is a call.
    pub fn run_body(&mut self, run: &Run) -> Result<(), Bug> {
        let env = self.scratch(Scratch::In, self.slots(&run.env));
        self.store_operands(&run.env, env)?;
        let partials = self.scratch(Scratch::Out, run.reductions.len());
        for (slot, reduction) in run.reductions.iter().enumerate() {
            let dtype = self.function.vars[reduction.var].dtype;
            let identity = self.constant(reduction.op.identity(dtype))?;
            self.store_slot(dtype, identity, partials, slot);
        }
        let status = match run.parallel {
            // Code goes down the tree by itself, and polls there.
            Parallel::Never if !run.reductions.is_empty() => self.call_body(run, env, partials)?,
            Parallel::Never | Parallel::Always | Parallel::When(_) => {
                let region = self.region(run, env)?;
                let arguments = [self.context, region, partials];
                let status = self.table_call(offset_of!(Table, run), Some(types::I32), &arguments);
                status.expect("run has a result")
            }
        };
        self.propagate(status);
        for (slot, &Reduction { var, op }) in run.reductions.iter().enumerate() {
            let dtype = self.function.vars[var].dtype;
            let total = self.load_slot(dtype, partials, slot)?;
            let initial = self.get(var);
            let result = self.combine(op, dtype, initial, total)?;
            self.set(var, result);
        }
        Ok(())
    }

    fn call_body(&mut self, run: &Run, env: Value, partials: Value) -> Result<Value, Bug> {
        let signature = signature(self.target, &self.module.functions[run.func].role);
        let body = self.callee(run.func.index(), signature);
        let (begin, end) = (self.value(run.begin)?, self.value(run.end)?);
        let inst = self.builder.ins().call(body, &[self.context, env, begin, end, partials]);
        Ok(self.builder.inst_results(inst)[0])
    }

    fn region(&mut self, run: &Run, env: Value) -> Result<Value, Bug> {
        let region = self.scratch(Scratch::Region, size_of::<Region>().div_ceil(8));
        let body = signature(self.target, &self.module.functions[run.func].role);
        let body = self.callee(run.func.index(), body);
        let body = self.builder.ins().func_addr(types::I64, body);
        let combine = match combine_number(self.module, run.func) {
            Some(number) => {
                let combine = self.callee(number, combine_signature(self.target));
                self.builder.ins().func_addr(types::I64, combine)
            }
            None => self.i64(0),
        };
        let (begin, end) = (self.value(run.begin)?, self.value(run.end)?);
        let mut cost = self.i64(run.cost as i64);
        if let Some(times) = run.times {
            let times = self.value(times)?;
            cost = self.builder.ins().imul(cost, times);
        }
        let parallel = match run.parallel {
            Parallel::Never => self.builder.ins().iconst(types::I32, 0),
            Parallel::Always => self.builder.ins().iconst(types::I32, 1),
            Parallel::When(value) => {
                let value = self.value(value)?;
                self.builder.ins().uextend(types::I32, value)
            }
        };
        let partials = self.builder.ins().iconst(types::I32, run.reductions.len() as i64);
        for (value, offset) in [
            (body, offset_of!(Region, body)),
            (combine, offset_of!(Region, combine)),
            (env, offset_of!(Region, env)),
            (begin, offset_of!(Region, begin)),
            (end, offset_of!(Region, end)),
            (cost, offset_of!(Region, cost)),
            (parallel, offset_of!(Region, parallel)),
            (partials, offset_of!(Region, partials)),
        ] {
            self.builder.ins().store(MemFlagsData::trusted(), value, region, offset as i32);
        }
        Ok(region)
    }

    pub fn retain(&mut self, owner: loops::Value) -> Result<(), Bug> {
        self.count_owner(offset_of!(Table, retain), owner)
    }

    pub fn release(&mut self, owner: loops::Value) -> Result<(), Bug> {
        self.count_owner(offset_of!(Table, release), owner)
    }

    fn count_owner(&mut self, function: usize, owner: loops::Value) -> Result<(), Bug> {
        if self.known(owner).is_some_and(|scalar| scalar.as_i64() == 0) {
            return Ok(());
        }
        let owner = self.value(owner)?;
        self.table_call(function, None, &[self.context, owner]);
        Ok(())
    }

    pub fn disjoint(&mut self, a: Array, b: Array) -> Result<Value, Bug> {
        let mut args = vec![];
        for (array, purpose) in [(a, Scratch::In), (b, Scratch::Out)] {
            let data = &self.function.arrays[array];
            let slots = self.scratch(purpose, array_slots(data.rank()));
            self.store_operands(&[Operand::Array(array)], slots)?;
            let (rank, size) = (self.i64(data.rank() as i64), self.i64(data.dtype.size() as i64));
            args.extend([slots, rank, size]);
        }
        let answer = self.table_call(offset_of!(Table, disjoint), Some(types::I64), &args);
        Ok(self.builder.ins().icmp_imm_s(IntCC::NotEqual, answer.expect("disjoint has a result"), 0))
    }

    /// Hands the arguments of a product on to the runtime.
    pub fn matrix_product(&mut self, slots: Value) -> Result<(), Bug> {
        let Some(Operand::Array(target)) = self.function.params.first() else {
            return Err(Bug("a product without a target".to_string()));
        };
        let dtype = self.i64(self.function.arrays[*target].dtype as i64);
        let arguments = [self.context, slots, dtype];
        let status = self.table_call(offset_of!(Table, product), Some(types::I32), &arguments);
        self.propagate(status.expect("product has a result"));
        Ok(())
    }

    /// Calls the function at `offset` in the runtime table; the arguments' types are its parameters'.
    pub fn table_call(&mut self, offset: usize, result: Option<Type>, args: &[Value]) -> Option<Value> {
        let signature = self.table_signature(offset, result, args);
        let constant = MemFlagsData::trusted().with_readonly().with_can_move();
        let table = offset_of!(Context, table) as i32;
        let table = self.builder.ins().load(types::I64, constant, self.context, table);
        let function = self.builder.ins().load(types::I64, constant, table, offset as i32);
        let inst = self.builder.ins().call_indirect(signature, function, args);
        self.builder.inst_results(inst).first().copied()
    }

    fn table_signature(&mut self, offset: usize, result: Option<Type>, args: &[Value]) -> SigRef {
        if let Some((_, signature)) = self.signatures.iter().find(|(known, _)| *known == offset) {
            return *signature;
        }
        let mut signature = Signature::new(self.target.call_conv);
        for &arg in args {
            signature.params.push(AbiParam::new(self.builder.func.dfg.value_type(arg)));
        }
        signature.returns.extend(result.map(AbiParam::new));
        let signature = self.builder.import_signature(signature);
        self.signatures.push((offset, signature));
        signature
    }

    fn slots(&self, operands: &[Operand]) -> usize {
        let slots = |operand: &Operand| match *operand {
            Operand::Scalar(_) => 1,
            Operand::Array(array) => array_slots(self.function.arrays[array].rank()),
        };
        operands.iter().map(slots).sum()
    }

    pub fn store_operands(&mut self, operands: &[Operand], slots: Value) -> Result<(), Bug> {
        for (slot, value) in self.components(operands).into_iter().enumerate() {
            let dtype = self.dtype(value);
            let value = self.value(value)?;
            self.store_slot(dtype, value, slots, slot);
        }
        Ok(())
    }

    fn load_operands(&mut self, operands: &[Operand], slots: Value) -> Result<(), Bug> {
        for (slot, value) in self.components(operands).into_iter().enumerate() {
            let dtype = self.dtype(value);
            let loaded = self.load_slot(dtype, slots, slot)?;
            self.define(value, loaded);
        }
        Ok(())
    }

    /// The values of operands in slot order.
    fn components(&self, operands: &[Operand]) -> Vec<loops::Value> {
        let mut values = vec![];
        for operand in operands {
            match *operand {
                Operand::Scalar(value) => values.push(value),
                Operand::Array(array) => values.extend(self.function.arrays[array].components()),
            }
        }
        values
    }
}
