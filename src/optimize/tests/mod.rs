//! The passes on programs as `lower` would give them: the same bytes before and after, and the structure that is left.

mod dead;
mod expand;
mod fuse;
mod operations;
mod random;
mod simplify;

use super::{Options, PASSES, Remark};
use crate::base::{Dtype, Fault, Scalar};
use crate::loops::build::Build;
use crate::loops::eval::{Arg, Memory, eval};
use crate::loops::verify::verify;
use crate::loops::*;
use operations::Operations;

fn build() -> Build {
    Build::new("test", "")
}

/// How much of what there is.
#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
struct Counts {
    nests: usize,
    loops: usize,
    allocs: usize,
    loads: usize,
    stores: usize,
    checks: usize,
}

fn counts(module: &Module) -> Counts {
    let mut counts = Counts::default();
    visit::walk(&module.functions[module.entry].body, &mut |stmt| match stmt {
        Stmt::Nest(_) => counts.nests += 1,
        Stmt::For(_) => counts.loops += 1,
        Stmt::Alloc { .. } => counts.allocs += 1,
        Stmt::Let(_, Op::Load { .. }) => counts.loads += 1,
        Stmt::Store(_) => counts.stores += 1,
        Stmt::Check(_) => counts.checks += 1,
        _ => {}
    });
    counts
}

/// Runs the passes up to and with `last`; after each, the program must still give the same results.
fn after(last: &str, module: &Module) -> (Module, Vec<Remark>) {
    let mut module = module.clone();
    let mut remarks = vec![];
    let want = run(&module);
    for pass in &PASSES {
        (pass.run)(&mut module, &Options::default(), &mut remarks);
        if let Err(message) = verify(&module) {
            panic!("after {}: {message}\n{module}", pass.name);
        }
        assert_eq!(run(&module), want, "after {}\n{module}", pass.name);
        if pass.name == last {
            return (module, remarks);
        }
    }
    panic!("no pass {last}")
}

/// Bits of the results, then of all array arguments.
type Bits = Vec<Vec<Scalar>>;

/// Runs the entry on arrays of extents 13, (3, 5) or (3, 5, 2), numbers that are not round, and 13 for integers.
fn run(module: &Module) -> Result<Bits, Fault> {
    let function = &module.functions[module.entry];
    let mut memory = Memory::new();
    let args: Vec<Arg> = (0..function.params.len()).map(|k| argument(function, k, &mut memory)).collect();
    let outcome = eval(module, &args, memory)?;
    let bits = |arg: &Arg| match arg {
        Arg::Scalar(scalar) => vec![*scalar],
        Arg::Array(_) => outcome.memory.elements(arg, Dtype::F64),
    };
    Ok(outcome.results.iter().chain(&args).map(bits).collect())
}

fn argument(function: &Function, k: usize, memory: &mut Memory) -> Arg {
    match function.params[k] {
        Operand::Scalar(value) => Arg::Scalar(match function.values[value].dtype {
            Dtype::F64 => Scalar::f64(0.3 + k as f64),
            dtype => Scalar::int(dtype, 13),
        }),
        Operand::Array(array) => {
            let extents = [&[][..], &[13], &[3, 5], &[3, 5, 2]][function.arrays[array].rank()];
            let element = |e: i64| Scalar::f64(((e * 7 + k as i64 * 3) % 11) as f64 * 0.37 - 1.1);
            let elements: Vec<Scalar> = (0..extents.iter().product()).map(element).collect();
            memory.array(extents, &elements)
        }
    }
}

fn messages(remarks: &[Remark]) -> Vec<String> {
    remarks.iter().map(Remark::message).collect()
}
