//! Which arrays of the caller a function may write.

use super::{Array, Func, Function, Module, Op, Operand, Stmt, visit::walk};
use std::collections::HashSet;

/// For each parameter of the entry, whether some store may reach it; scalars count as not written.
pub fn written_params(module: &Module) -> Vec<bool> {
    let mut open = HashSet::new();
    written(module, module.entry, &mut open)
}

fn written(module: &Module, func: Func, open: &mut HashSet<Func>) -> Vec<bool> {
    let function = &module.functions[func];
    // A function that is still open calls itself: assume the worst.
    if !open.insert(func) {
        return vec![true; function.params.len()];
    }
    let mut targets: Vec<Array> = vec![];
    walk(&function.body, &mut |stmt| match stmt {
        Stmt::Store(store) => targets.push(store.array),
        Stmt::Call(call) => {
            let writes = written(module, call.func, open);
            for (arg, written) in call.args.iter().zip(writes) {
                if let (Operand::Array(array), true) = (arg, written) {
                    targets.push(*array);
                }
            }
        }
        Stmt::Run(run) => {
            let writes = written(module, run.func, open);
            for (arg, written) in run.env.iter().zip(writes) {
                if let (Operand::Array(array), true) = (arg, written) {
                    targets.push(*array);
                }
            }
        }
        _ => {}
    });
    open.remove(&func);
    let reached = |param: Array| targets.iter().any(|target| reaches(function, *target, param));
    function.params.iter().map(|param| matches!(param, Operand::Array(array) if reached(*array))).collect()
}

/// Whether a store through `target` may write memory of `param`: the same base, or a base read from a variable.
fn reaches(function: &Function, target: Array, param: Array) -> bool {
    let (target, param) = (&function.arrays[target], &function.arrays[param]);
    target.base == param.base || target.class == param.class && is_rebound(function, target.base)
}

fn is_rebound(function: &Function, base: super::Value) -> bool {
    let mut found = false;
    walk(&function.body, &mut |stmt| match stmt {
        Stmt::Let(value, Op::Get(_)) if *value == base => found = true,
        Stmt::Call(call) => {
            for result in &call.results {
                if let Operand::Array(array) = result {
                    found |= function.arrays[*array].base == base;
                }
            }
        }
        _ => {}
    });
    found
}
