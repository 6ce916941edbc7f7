//! Cranelift: every function of a module becomes one function of machine code.
//!
//! Numbering: function `k` of the module has number `k`; the combine functions of reducing bodies follow.
//! The order of reading: this file compiles, [`function`] walks statements, the others emit one kind of statement or
//! operator each.

mod call;
mod control;
mod convert;
mod division;
mod elements;
mod fault;
mod function;
mod group;
mod lanes;
mod memory;
mod poll;
mod reduce;
mod region;
mod registers;
mod scalar;
mod schedule;
mod tree;
mod vector;

use super::{Bug, Listing};
use crate::base::Dtype;
use crate::loops::{self, Role};
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{AbiParam, Function, Signature, Type, UserFuncName, types};
use cranelift_codegen::isa::{CallConv, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_codegen::{CodegenError, CompiledCode, Context};
use cranelift_entity::EntityRef;
use cranelift_frontend::FunctionBuilderContext;
use cranelift_module::{FuncId, ModuleReloc};
use std::fmt::Write;
use std::sync::OnceLock;

/// Machine code that has not found its place in memory.
pub struct Program {
    pub isa: OwnedTargetIsa,
    pub functions: Vec<Compiled>,
    /// The number of the entry kernel.
    pub entry: usize,
}

pub struct Compiled {
    pub signature: Signature,
    pub bytes: Vec<u8>,
    pub alignment: u64,
    pub relocs: Vec<ModuleReloc>,
}

/// The machine we compile for: this one.
struct Target {
    isa: OwnedTargetIsa,
    /// The same, for what Cranelift's optimiser has been through.
    optimised: OwnedTargetIsa,
    call_conv: CallConv,
    has_fma: bool,
    /// Whether lanes can be vectors. On x86-64 they need AVX: before it, memory operands of vector instructions must be
    /// aligned, which Cranelift forgets for `cmpps` (and vectors could not be rounded before SSE4.1).
    has_vectors: bool,
    /// Whether lanes of signed 64 bits can be shifted right.
    has_wide_shifts: bool,
}

/// Which instructions may be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Machine {
    /// All that this one has.
    Host,
    /// No FMA.
    #[cfg(test)]
    Old,
    /// What every machine of the architecture has.
    #[cfg(test)]
    Baseline,
}

pub fn compile(module: &loops::Module) -> Result<Program, Bug> {
    compile_for(module, target()?)
}

/// The function that polls; made once per process.
pub fn compile_poll() -> Result<Program, Bug> {
    poll::compile(target()?)
}

#[cfg(test)]
pub fn compile_on(module: &loops::Module, machine: Machine) -> Result<Program, Bug> {
    compile_for(module, &find_target(machine)?)
}

fn compile_for(module: &loops::Module, target: &Target) -> Result<Program, Bug> {
    let mut functions = vec![];
    build(module, target, |number, context| {
        let signature = context.func.signature.clone();
        let code = machine_code(context, target).map_err(|error| describe(module, number, error))?;
        let (bytes, alignment) = (code.code_buffer().to_vec(), code.buffer.alignment as u64);
        let id = FuncId::from_u32(number as u32);
        let relocs = context.compiled_code().expect("just compiled").buffer.relocs();
        let relocs =
            relocs.iter().map(|reloc| ModuleReloc::from_mach_reloc(reloc, &context.func, id)).collect();
        functions.push(Compiled { signature, bytes, alignment, relocs });
        Ok(())
    })?;
    Ok(Program { isa: target.isa.clone(), functions, entry: module.entry.index() })
}

pub fn listing(module: &loops::Module, listing: Listing) -> Result<String, Bug> {
    let target = target()?;
    let mut text = String::new();
    build(module, target, |number, context| {
        let name = name(module, number);
        match listing {
            Listing::Clif => writeln!(text, "; {name}\n{}", context.func.display()),
            Listing::Asm => {
                context.set_disasm(true);
                let code = machine_code(context, target).map_err(|error| describe(module, number, error))?;
                writeln!(text, "; {name}\n{}", code.vcode.as_deref().unwrap_or_default())
            }
        }
        .expect("a string takes everything");
        Ok(())
    })?;
    Ok(text)
}

/// Optimises a function and selects its instructions.
fn machine_code<'c>(context: &'c mut Context, target: &Target) -> Result<&'c CompiledCode, CodegenError> {
    let mut control = ControlPlane::default();
    context.optimize(&*target.isa, &mut control)?;
    schedule::schedule(&mut context.func);
    context.compile(&*target.optimised, &mut control).map_err(|error| error.inner)
}

/// Builds the functions in the order of their numbers and shows each to `finish`.
fn build(
    module: &loops::Module,
    target: &Target,
    mut finish: impl FnMut(usize, &mut Context) -> Result<(), Bug>,
) -> Result<(), Bug> {
    let mut context = Context::new();
    let mut builder_context = FunctionBuilderContext::new();
    let mut combines = vec![];
    for func in module.functions.keys() {
        let number = func.index();
        prepare(&mut context, number, signature(target, &module.functions[func].role));
        function::build(module, func, target, &mut context.func, &mut builder_context)
            .map_err(|bug| Bug(format!("emit: {}: {}", module.functions[func].name, bug.0)))?;
        finish(number, &mut context)?;
        if combine_number(module, func).is_some() {
            combines.push(func);
        }
    }
    for func in combines {
        let number = combine_number(module, func).expect("it has partials");
        prepare(&mut context, number, combine_signature(target));
        reduce::build_combine(module, func, target, &mut context.func, &mut builder_context)?;
        finish(number, &mut context)?;
    }
    Ok(())
}

fn prepare(context: &mut Context, number: usize, signature: Signature) {
    context.clear();
    context.func = Function::with_name_signature(UserFuncName::user(0, number as u32), signature);
}

/// The number of the combine function of a body that reduces.
fn combine_number(module: &loops::Module, func: loops::Func) -> Option<usize> {
    let reduces = |func: loops::Func| !partials(&module.functions[func]).is_empty();
    reduces(func).then(|| {
        module.functions.len() + module.functions.keys().take(func.index()).filter(|&k| reduces(k)).count()
    })
}

fn partials(function: &loops::Function) -> &[loops::Reduction] {
    match &function.role {
        Role::Kernel { .. } | Role::Product => &[],
        Role::Body { partials, .. } => partials,
    }
}

fn name(module: &loops::Module, number: usize) -> String {
    match module.functions.keys().nth(number) {
        Some(func) => module.functions[func].name.clone(),
        None => {
            let func = module.functions.keys().find(|&func| combine_number(module, func) == Some(number));
            format!("combine of {}", module.functions[func.expect("a number of the module")].name)
        }
    }
}

/// [`crate::base::abi::KernelFn`] or [`crate::base::abi::BodyFn`].
fn signature(target: &Target, role: &Role) -> Signature {
    let params = match role {
        Role::Kernel { .. } | Role::Product => 3,
        Role::Body { .. } => 5,
    };
    let mut signature = Signature::new(target.call_conv);
    signature.params = vec![AbiParam::new(types::I64); params];
    signature.returns.push(AbiParam::new(types::I32));
    signature
}

/// The poll function's: see [`poll`].
fn poll_signature() -> Signature {
    let mut signature = Signature::new(CallConv::PreserveAll);
    signature.params.push(AbiParam::new(types::I64));
    signature
}

/// [`crate::base::abi::CombineFn`].
fn combine_signature(target: &Target) -> Signature {
    let mut signature = Signature::new(target.call_conv);
    signature.params = vec![AbiParam::new(types::I64); 2];
    signature
}

fn describe(module: &loops::Module, number: usize, error: CodegenError) -> Bug {
    Bug(format!("emit: {}: {error:?}", name(module, number)))
}

/// Probing the machine takes longer than compiling a small kernel, so it is done once.
/// Whether the processor fuses a product and a sum.
pub fn has_fma() -> bool {
    target().is_ok_and(|target| target.has_fma)
}

fn target() -> Result<&'static Target, Bug> {
    static TARGET: OnceLock<Result<Target, Bug>> = OnceLock::new();
    TARGET.get_or_init(|| find_target(Machine::Host)).as_ref().map_err(Clone::clone)
}

fn find_target(machine: Machine) -> Result<Target, Bug> {
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", "speed"),
        ("preserve_frame_pointers", "true"),
        ("enable_probestack", "false"),
        ("use_colocated_libcalls", "false"),
        ("is_pic", "false"),
        ("unwind_info", "false"),
        ("enable_verifier", if cfg!(debug_assertions) { "true" } else { "false" }),
    ] {
        flags.set(name, value).map_err(super::bug)?;
    }
    let mut builder = cranelift_native::builder_with_options(machine == Machine::Host).map_err(super::bug)?;
    for name in machine.features() {
        builder.enable(name).map_err(super::bug)?;
    }
    let isa = builder.finish(settings::Flags::new(flags.clone())).map_err(super::bug)?;
    flags.set("opt_level", "none").map_err(super::bug)?;
    let optimised = builder.finish(settings::Flags::new(flags)).map_err(super::bug)?;
    let x64 = cfg!(target_arch = "x86_64");
    let has =
        |name: &str| isa.isa_flags().iter().any(|flag| flag.name == name && flag.as_bool() == Some(true));
    Ok(Target {
        call_conv: isa.default_call_conv(),
        has_fma: !x64 || has("has_fma") && has("has_avx"),
        has_vectors: !x64 || has("has_avx"),
        has_wide_shifts: !x64 || has("has_avx512vl") && has("has_avx512f"),
        isa,
        optimised,
    })
}

impl Machine {
    /// Instruction sets to use besides those that are found.
    fn features(self) -> &'static [&'static str] {
        match self {
            Machine::Host => &[],
            #[cfg(test)]
            Machine::Old if cfg!(target_arch = "x86_64") => {
                &["has_sse3", "has_ssse3", "has_sse41", "has_sse42"]
            }
            #[cfg(test)]
            Machine::Old | Machine::Baseline => &[],
        }
    }
}

/// How a scalar of this dtype is held: bool as 0 or 1 in 8 bits.
fn clif_type(dtype: Dtype) -> Result<Type, Bug> {
    match dtype {
        Dtype::Bool | Dtype::I8 | Dtype::U8 => Ok(types::I8),
        Dtype::I16 | Dtype::U16 => Ok(types::I16),
        Dtype::I32 | Dtype::U32 => Ok(types::I32),
        Dtype::I64 | Dtype::U64 => Ok(types::I64),
        Dtype::F32 => Ok(types::F32),
        Dtype::F64 => Ok(types::F64),
        Dtype::C64 | Dtype::C128 => Err(Bug(format!("a scalar of {dtype}: complex is split by lower"))),
    }
}
