//! The function that generated code calls when the interrupt flag is set: it preserves every register.
//!
//! Polls stand in loops whose values live in registers. A call by the platform's convention would clobber all of the vector registers, and the
//! register allocator would then spill around a call that practically never happens, inside the loop: a logistic map ran 2.5 times
//! slower. So polls go through this function, which does the saving itself, and leaves the status in the context, since
//! Cranelift's `preserve_all` has no results.

use super::{Compiled, Program, Target, poll_signature};
use crate::base::abi::{Context as CallContext, Table};
use crate::emit::Bug;
use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{AbiParam, Function, InstBuilder, MemFlagsData, Signature, UserFuncName, types};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use std::mem::offset_of;

/// `(context)`: calls `table.poll` and stores its status in `context.polled`.
pub fn compile(target: &Target) -> Result<Program, Bug> {
    let signature = poll_signature();
    let mut context = Context::new();
    context.func = Function::with_name_signature(UserFuncName::user(0, 0), signature.clone());
    let mut builder_context = FunctionBuilderContext::new();
    build(&mut FunctionBuilder::new(&mut context.func, &mut builder_context), target);
    let code = context
        .compile(&*target.isa, &mut ControlPlane::default())
        .map_err(|error| Bug(format!("emit: poll: {:?}", error.inner)))?;
    let (bytes, alignment) = (code.code_buffer().to_vec(), code.buffer.alignment as u64);
    let functions = vec![Compiled { signature, bytes, alignment, relocs: vec![] }];
    Ok(Program { isa: target.isa.clone(), functions, entry: 0 })
}

fn build(builder: &mut FunctionBuilder, target: &Target) {
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    builder.seal_block(block);
    let context = builder.block_params(block)[0];
    let flags = MemFlagsData::trusted();
    let table = builder.ins().load(types::I64, flags, context, offset_of!(CallContext, table) as i32);
    let poll = builder.ins().load(types::I64, flags, table, offset_of!(Table, poll) as i32);
    let mut signature = Signature::new(target.call_conv);
    signature.params.push(AbiParam::new(types::I64));
    signature.returns.push(AbiParam::new(types::I32));
    let signature = builder.import_signature(signature);
    let call = builder.ins().call_indirect(signature, poll, &[context]);
    let status = builder.inst_results(call)[0];
    builder.ins().store(flags, status, context, offset_of!(CallContext, polled) as i32);
    builder.ins().return_(&[]);
}
