//! One function: where its values, variables and labels live in Cranelift, and the walk over its statements.

use super::{Bug, Target, clif_type, partials};
use crate::base::abi::status;
use crate::base::{Dtype, ReduceOp, Scalar};
use crate::loops::{self, Block, Label, Op, Operand, Reduction, Role, Stmt, Var};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, AliasRegion, InstBuilder, SigRef, StackSlot, Value, types};
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};

/// Everything known while a function is built.
pub struct Emitter<'a> {
    pub module: &'a loops::Module,
    pub function: &'a loops::Function,
    pub(super) target: &'a Target,
    pub builder: FunctionBuilder<'a>,
    /// The function's parameters: the context, then slots in, then (body) the range, then slots out.
    pub context: Value,
    pub slots_out: Value,
    values: SecondaryMap<loops::Value, PackedOption<Value>>,
    pub facts: SecondaryMap<loops::Value, Fact>,
    vars: SecondaryMap<Var, PackedOption<Variable>>,
    /// Variables known to hold the identity of their reduction: `identity ∘ v` is `v`.
    pub fresh: Vec<Reduction>,
    pub labels: SecondaryMap<Label, Option<Targets>>,
    pub regions: SecondaryMap<loops::AliasClass, PackedOption<AliasRegion>>,
    /// Ends the function with the status it is given.
    leave: Option<ir::Block>,
    /// Scratch memory for calls: slots in, slots out, the region.
    pub scratch: [Option<StackSlot>; 3],
    /// Signatures of table functions, by offset in the table.
    pub signatures: Vec<(usize, SigRef)>,
}

/// What is known of a value besides where it is.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub enum Fact {
    #[default]
    Nothing,
    Constant(Scalar),
    /// Another i64 plus a constant: folds into the displacement of an address.
    Offset(loops::Value, i64),
    /// The identity of a reduction.
    Identity(ReduceOp),
    /// Of a bool: the first `and` the second.
    Both(loops::Value, loops::Value),
    /// The first `or` the second.
    Either(loops::Value, loops::Value),
}

/// Where `break` and `continue` of a label go.
#[derive(Clone, Copy)]
pub struct Targets {
    pub leave: ir::Block,
    pub again: Option<ir::Block>,
    pub left: bool,
    pub continued: bool,
}

/// Whether control reaches the statement after this one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    Next,
    Left,
}

/// Emits a function of the module.
pub(super) fn build(
    module: &loops::Module,
    func: loops::Func,
    target: &Target,
    into: &mut ir::Function,
    builder_context: &mut FunctionBuilderContext,
) -> Result<(), Bug> {
    build_with(module, func, target, into, builder_context, |emitter, params| emitter.run(params))
}

/// Emits a function whose statements `run` provides, given its parameters.
pub(super) fn build_with(
    module: &loops::Module,
    func: loops::Func,
    target: &Target,
    into: &mut ir::Function,
    builder_context: &mut FunctionBuilderContext,
    run: impl FnOnce(&mut Emitter, &[Value]) -> Result<(), Bug>,
) -> Result<(), Bug> {
    let function = &module.functions[func];
    let mut builder = FunctionBuilder::new(into, builder_context);
    let entry = builder.create_block();
    builder.append_block_params_for_function_params(entry);
    builder.switch_to_block(entry);
    builder.seal_block(entry);
    let params = builder.block_params(entry).to_vec();
    let mut emitter = Emitter {
        module,
        function,
        target,
        builder,
        context: params[0],
        slots_out: *params.last().expect("every role has parameters"),
        values: SecondaryMap::with_capacity(function.values.len()),
        facts: SecondaryMap::with_capacity(function.values.len()),
        vars: SecondaryMap::with_capacity(function.vars.len()),
        fresh: vec![],
        labels: SecondaryMap::new(),
        regions: SecondaryMap::new(),
        leave: None,
        scratch: [None; 3],
        signatures: vec![],
    };
    run(&mut emitter, &params)?;
    emitter.builder.finalize(target.isa.frontend_config());
    Ok(())
}

impl<'a> Emitter<'a> {
    fn run(&mut self, params: &[Value]) -> Result<(), Bug> {
        self.enter(params)?;
        if self.block(&self.function.body)? == Flow::Next {
            self.finish();
        }
        if let Some(leave) = self.leave {
            self.builder.seal_block(leave);
            self.builder.switch_to_block(leave);
            let status = self.builder.block_params(leave)[0];
            self.builder.ins().return_(&[status]);
        }
        Ok(())
    }

    /// Defines what the function is entered with.
    fn enter(&mut self, params: &[Value]) -> Result<(), Bug> {
        for (var, data) in &self.function.vars {
            let ty = clif_type(data.dtype)?;
            self.vars[var] = self.builder.declare_var(ty).into();
        }
        self.load_params(params[1])?;
        match &self.function.role {
            Role::Kernel { recursive } => {
                if *recursive {
                    self.guard_stack()?;
                }
            }
            Role::Body { begin, end, partials, .. } => {
                self.define(*begin, params[2]);
                self.define(*end, params[3]);
                for reduction in partials {
                    self.set_identity(*reduction)?;
                }
            }
            Role::Product => self.matrix_product(params[1])?,
        }
        Ok(())
    }

    fn load_params(&mut self, slots: Value) -> Result<(), Bug> {
        let mut slot = 0;
        for operand in &self.function.params {
            match *operand {
                Operand::Scalar(value) => {
                    let dtype = self.dtype(value);
                    let loaded = self.load_param(dtype, slots, slot)?;
                    self.define(value, loaded);
                    slot += 1;
                }
                Operand::Array(array) => {
                    for value in self.function.arrays[array].components() {
                        let loaded = self.load_param(Dtype::I64, slots, slot)?;
                        self.define(value, loaded);
                        slot += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// The normal end of a function whose results are in place.
    pub fn finish(&mut self) {
        for (slot, reduction) in partials(self.function).iter().enumerate() {
            let value = self.get(reduction.var);
            let dtype = self.function.vars[reduction.var].dtype;
            self.store_slot(dtype, value, self.slots_out, slot);
        }
        let ok = self.builder.ins().iconst(types::I32, status::OK as i64);
        let leave = self.leave_block();
        self.builder.ins().jump(leave, &[ok.into()]);
    }

    /// Emits statements until one of them leaves; what follows it cannot run.
    pub fn block(&mut self, block: &'a Block) -> Result<Flow, Bug> {
        for stmt in block {
            if self.stmt(stmt)? == Flow::Left {
                return Ok(Flow::Left);
            }
        }
        Ok(Flow::Next)
    }

    pub fn stmt(&mut self, stmt: &'a Stmt) -> Result<Flow, Bug> {
        match stmt {
            Stmt::Let(value, op) => self.assign(*value, op)?,
            Stmt::Set(var, value) => {
                let value = self.value(*value)?;
                self.set(*var, value);
            }
            Stmt::Store(store) => self.store(store)?,
            Stmt::Check(check) => self.check(check)?,
            Stmt::If(branch) => return self.branch(branch, &mut |e, block| e.block(block)),
            Stmt::For(loop_) => self.for_loop(loop_)?,
            Stmt::Nest(_) => return Err(Bug("a nest: `expand` has not run".into())),
            Stmt::While(loop_) => return self.while_loop(loop_, &mut |e, block| e.block(block)),
            Stmt::Scope { label, body } => return self.scope(*label, body, &mut |e, block| e.block(block)),
            Stmt::Break(label) => return self.jump_out(*label),
            Stmt::Continue(label) => return self.jump_back(*label),
            Stmt::Return(operands) => {
                self.store_operands(operands, self.slots_out)?;
                self.finish();
                return Ok(Flow::Left);
            }
            Stmt::Alloc { array, site } => self.alloc(*array, *site)?,
            Stmt::Retain(owner) => self.retain(*owner)?,
            Stmt::Release(owner) => self.release(*owner)?,
            Stmt::Call(call) => self.call(call)?,
            Stmt::Run(run) => self.run_body(run)?,
            Stmt::Fault { site, values } => {
                self.fault(*site, values)?;
                return Ok(Flow::Left);
            }
            Stmt::Poll => self.poll()?,
        }
        Ok(Flow::Next)
    }

    /// `value = op`, noting what helps addresses and divisions.
    pub fn assign(&mut self, value: loops::Value, op: &Op) -> Result<(), Bug> {
        let result = match op {
            Op::Const(scalar) => {
                self.facts[value] = Fact::Constant(*scalar);
                self.constant(*scalar)?
            }
            Op::Get(var) => {
                let fresh = self.fresh.iter().find(|reduction| reduction.var == *var);
                self.facts[value] = fresh.map_or(Fact::Nothing, |reduction| Fact::Identity(reduction.op));
                self.get(*var)
            }
            Op::Unary(op, a) => self.unary(*op, *a)?,
            Op::Binary(op, a, b) => {
                self.note_offset(value, *op, *a, *b);
                self.binary_op(*op, *a, *b)?
            }
            Op::Compare(op, a, b) => {
                let dtype = self.dtype(*a);
                let (a, b) = (self.value(*a)?, self.value(*b)?);
                self.compare(*op, dtype, a, b)
            }
            Op::Cast(a) => {
                let (from, to) = (self.dtype(*a), self.dtype(value));
                let a = self.value(*a)?;
                self.cast(from, to, a)?
            }
            Op::Select { condition, then, otherwise } => {
                self.note_logic(value, *condition, *then, *otherwise);
                let (then, otherwise) = (self.value(*then)?, self.value(*otherwise)?);
                let condition = self.value(*condition)?;
                self.builder.ins().select(condition, then, otherwise)
            }
            Op::Fma(a, b, c) => {
                let (a, b, c) = (self.value(*a)?, self.value(*b)?, self.value(*c)?);
                self.fma(a, b, c)
            }
            Op::Wrap { index, extent } => {
                let (index, extent) = (self.value(*index)?, self.value(*extent)?);
                // Not a branch, which a histogram would gain a fifth from: products with large sparse matrices took 1.7 times as long (Zen 5).
                let wrapped = self.builder.ins().iadd(index, extent);
                let negative = self.builder.ins().icmp_imm_s(IntCC::SignedLessThan, index, 0);
                self.builder.ins().select(negative, wrapped, index)
            }
            Op::Load { array, indices } => self.load(*array, indices)?,
            Op::Disjoint(a, b) => self.disjoint(*a, *b)?,
            Op::Any(a) => self.value(*a)?,
        };
        self.define(value, result);
        Ok(())
    }

    pub fn define(&mut self, value: loops::Value, clif: Value) {
        self.values[value] = clif.into();
    }

    /// Defines a value about which nothing else is known.
    pub fn define_bare(&mut self, value: loops::Value, clif: Value) {
        self.facts[value] = Fact::Nothing;
        self.define(value, clif);
    }

    pub fn value(&self, value: loops::Value) -> Result<Value, Bug> {
        self.values[value].expand().ok_or_else(|| Bug(format!("{value} is used before it is defined")))
    }

    pub fn dtype(&self, value: loops::Value) -> Dtype {
        self.function.values[value].dtype
    }

    pub fn get(&mut self, var: Var) -> Value {
        let variable = self.vars[var].expect("declared on entry");
        self.builder.use_var(variable)
    }

    pub fn set(&mut self, var: Var, value: Value) {
        self.fresh.retain(|reduction| reduction.var != var);
        let variable = self.vars[var].expect("declared on entry");
        self.builder.def_var(variable, value);
    }

    /// The constant a value is known to be.
    pub fn known(&self, value: loops::Value) -> Option<Scalar> {
        match self.facts[value] {
            Fact::Constant(scalar) => Some(scalar),
            Fact::Nothing | Fact::Offset(..) | Fact::Identity(_) | Fact::Both(..) | Fact::Either(..) => None,
        }
    }

    pub fn i64(&mut self, value: i64) -> Value {
        self.builder.ins().iconst(types::I64, value)
    }

    /// A block off the usual path.
    pub fn cold_block(&mut self) -> ir::Block {
        let block = self.builder.create_block();
        self.builder.set_cold_block(block);
        block
    }

    /// Goes on in a block that nothing will jump to any more.
    pub fn start(&mut self, block: ir::Block) {
        self.builder.seal_block(block);
        self.builder.switch_to_block(block);
    }

    /// The block that returns the status it is given. The normal end goes there too: so it is not dominated by a loop that a poll or a fault
    /// leaves, and is met after the loop (see `stay_if`).
    pub fn leave_block(&mut self) -> ir::Block {
        match self.leave {
            Some(block) => block,
            None => {
                let block = self.builder.create_block();
                self.builder.append_block_param(block, types::I32);
                *self.leave.insert(block)
            }
        }
    }

    /// Goes on if `status` is OK, else returns it.
    pub fn propagate(&mut self, status: Value) {
        let (leave, next) = (self.leave_block(), self.builder.create_block());
        self.builder.ins().brif(status, leave, &[status.into()], next, &[]);
        self.builder.seal_block(next);
        self.builder.switch_to_block(next);
    }

    /// The number of a function of the module as a callee.
    pub fn callee(&mut self, number: usize, signature: ir::Signature) -> ir::FuncRef {
        let name = ir::UserExternalName::new(0, number as u32);
        let name = self.builder.func.declare_imported_user_function(name);
        let signature = self.builder.import_signature(signature);
        let name = ir::ExternalName::user(name);
        self.builder.import_function(ir::ExtFuncData { name, signature, colocated: true, patchable: false })
    }

    fn note_logic(
        &mut self,
        value: loops::Value,
        condition: loops::Value,
        then: loops::Value,
        otherwise: loops::Value,
    ) {
        if self.dtype(value) == Dtype::Bool {
            self.facts[value] = match condition {
                _ if condition == otherwise => Fact::Both(condition, then),
                _ if condition == then => Fact::Either(condition, otherwise),
                _ => Fact::Nothing,
            };
        }
    }

    fn note_offset(
        &mut self,
        value: loops::Value,
        op: crate::base::Binary,
        a: loops::Value,
        b: loops::Value,
    ) {
        use crate::base::Binary;
        if self.dtype(a) != Dtype::I64 {
            return;
        }
        let offset = match (op, self.known(a), self.known(b)) {
            (Binary::Add, None, Some(c)) => Some((a, c.as_i64())),
            (Binary::Add, Some(c), None) => Some((b, c.as_i64())),
            (Binary::Sub, None, Some(c)) => Some((a, c.as_i64().wrapping_neg())),
            _ => None,
        };
        if let Some((root, offset)) = offset {
            self.facts[value] = match self.facts[root] {
                Fact::Offset(root, more) => Fact::Offset(root, more.wrapping_add(offset)),
                Fact::Nothing | Fact::Identity(_) => Fact::Offset(root, offset),
                Fact::Constant(_) | Fact::Both(..) | Fact::Either(..) => Fact::Nothing,
            };
        }
    }
}
