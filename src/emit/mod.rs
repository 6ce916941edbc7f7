//! `loops` → machine code, in memory that is freed with its owner.
//!
//! [`emit`] decides nothing about meaning: operators are those of `base::op`, the order of reductions is that of
//! `base::tree`, and what generated code and the runtime share is laid out in `base::abi`. The work is done by [`clif`];
//! this file owns the result.

mod clif;
#[cfg(test)]
mod tests;

use crate::base::abi::KernelFn;
use crate::loops::Module;
use cranelift_jit::{ArenaMemoryProvider, JITBuilder, JITModule};
use cranelift_module::{FuncId, Module as _};
use std::fmt;
use std::mem::ManuallyDrop;
use std::sync::OnceLock;

/// Executable code of one compilation; freed on drop.
pub struct Code {
    /// Only `drop` touches it again.
    module: ManuallyDrop<JITModule>,
    entry: KernelFn,
    size: usize,
}

// SAFETY: no method uses `module` through a shared reference, so its inner `RefCell` is never reached; the code and
// its entry address are immutable.
unsafe impl Sync for Code {}

/// Emission failed: always our bug, with what Cranelift said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bug(pub String);

/// What `durum dump` can show of an emission.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Listing {
    /// Cranelift's IR, before its optimiser.
    Clif,
    /// The machine instructions.
    Asm,
}

/// Compiles every function of the module.
pub fn emit(module: &Module) -> Result<Code, Bug> {
    load(&clif::compile(module)?)
}

/// Whether the processor has an instruction for `fma`, which is slow otherwise.
pub fn has_fma() -> bool {
    clif::has_fma()
}

/// The text of what [`emit`] would produce, function by function.
pub fn listing(module: &Module, listing: Listing) -> Result<String, Bug> {
    clif::listing(module, listing)
}

impl Code {
    /// The entry kernel. Valid as long as `self` lives.
    pub fn entry(&self) -> KernelFn {
        self.entry
    }

    /// Machine code and its constants.
    pub fn size_bytes(&self) -> usize {
        self.size
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        // SAFETY: `module` is taken only here. Nobody runs the code any more: `entry` is documented to be valid only
        // while `self` lives.
        unsafe { ManuallyDrop::take(&mut self.module).free_memory() }
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Code({} bytes)", self.size)
    }
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The address of the function that polls. It lives as long as the process, so that it is compiled once.
fn poll_address() -> Result<usize, Bug> {
    static POLL: OnceLock<Result<ManuallyDrop<Code>, Bug>> = OnceLock::new();
    let code = POLL.get_or_init(|| load(&clif::compile_poll()?).map(ManuallyDrop::new));
    code.as_ref().map(|code| code.entry as usize).map_err(Bug::clone)
}

/// Places compiled functions side by side: calls between them have a short range.
fn load(program: &clif::Program) -> Result<Code, Bug> {
    let page = 1 << 16;
    let reserve =
        program.functions.iter().map(|function| (function.bytes.len() + 256).next_multiple_of(page)).sum();
    let arena = ArenaMemoryProvider::new_with_size(reserve).map_err(bug)?;
    let mut builder = JITBuilder::with_isa(program.isa.clone(), cranelift_module::default_libcall_names());
    builder.memory_provider(Box::new(arena));
    builder.symbol_lookup_fn(Box::new(rounding));
    let mut module = JITModule::new(builder);
    let mut ids: Vec<FuncId> = vec![];
    for function in &program.functions {
        ids.push(module.declare_anonymous_function(&function.signature).map_err(bug)?);
    }
    for (id, function) in ids.iter().zip(&program.functions) {
        module
            .define_function_bytes(*id, function.alignment, &function.bytes, &function.relocs)
            .map_err(bug)?;
    }
    module.finalize_definitions().map_err(bug)?;
    let entry = module.get_finalized_function(ids[program.entry]);
    // SAFETY: `compile` gave the entry the signature of a kernel, and the code is in place.
    let entry = unsafe { std::mem::transmute::<*const u8, KernelFn>(entry) };
    let size = program.functions.iter().map(|function| function.bytes.len()).sum();
    Ok(Code { module: ManuallyDrop::new(module), entry, size })
}

/// What Cranelift calls on an x86-64 without SSE4.1, where it has no instructions for these.
fn rounding(name: &str) -> Option<*const u8> {
    extern "C" fn floor(x: f64) -> f64 {
        x.floor()
    }
    extern "C" fn floorf(x: f32) -> f32 {
        x.floor()
    }
    extern "C" fn ceil(x: f64) -> f64 {
        x.ceil()
    }
    extern "C" fn ceilf(x: f32) -> f32 {
        x.ceil()
    }
    extern "C" fn trunc(x: f64) -> f64 {
        x.trunc()
    }
    extern "C" fn truncf(x: f32) -> f32 {
        x.trunc()
    }
    extern "C" fn nearest(x: f64) -> f64 {
        x.round_ties_even()
    }
    extern "C" fn nearestf(x: f32) -> f32 {
        x.round_ties_even()
    }
    Some(match name {
        "floor" => floor as *const u8,
        "floorf" => floorf as *const u8,
        "ceil" => ceil as *const u8,
        "ceilf" => ceilf as *const u8,
        "trunc" => trunc as *const u8,
        "truncf" => truncf as *const u8,
        "nearbyint" => nearest as *const u8,
        "nearbyintf" => nearestf as *const u8,
        _ => return None,
    })
}

fn bug(error: impl fmt::Display) -> Bug {
    Bug(format!("emit: {error}"))
}
