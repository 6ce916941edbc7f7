//! `loops` → machine code.
use crate::base::abi::KernelFn;
use crate::loops::Module;

/// Executable code of one compilation; freed on drop.
pub struct Code {}

/// Emission failed: always our bug, with what Cranelift said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bug(pub String);

/// Compiles every function of the module.
pub fn emit(module: &Module) -> Result<Code, Bug> {
    let _ = module;
    todo!()
}

impl Code {
    /// The entry kernel. Valid as long as `self` lives.
    pub fn entry(&self) -> KernelFn {
        todo!()
    }
}
