//! Which arrays of its caller a function may write, directly or by what it calls.

use super::visit::walk;
use super::{Array, Func, Function, Module, Op, Operand, Role, Stmt, Value};
use std::collections::HashSet;

/// Array parameters that some store may reach.
pub struct Effects {
    written: HashSet<(Func, usize)>,
}

impl Effects {
    pub fn of(module: &Module) -> Effects {
        let mut effects = Effects { written: HashSet::new() };
        // Recursive functions need a fixpoint; each round adds something, so there is an end.
        loop {
            let before = effects.written.len();
            for (func, function) in &module.functions {
                effects.add(func, function);
            }
            if effects.written.len() == before {
                return effects;
            }
        }
    }

    pub fn writes(&self, func: Func, param: usize) -> bool {
        self.written.contains(&(func, param))
    }

    fn add(&mut self, func: Func, function: &Function) {
        if function.role == Role::Product {
            self.written.insert((func, 0));
            return;
        }
        let targets = self.targets(function);
        let rebound = rebound_bases(function);
        for (param, operand) in function.params.iter().enumerate() {
            if let Operand::Array(array) = operand
                && targets.iter().any(|target| reaches(function, &rebound, *target, *array))
            {
                self.written.insert((func, param));
            }
        }
    }

    /// Arrays through which the function itself, or something it calls, writes.
    fn targets(&self, function: &Function) -> Vec<Array> {
        let mut targets = vec![];
        let passed = |func: Func, args: &[Operand], targets: &mut Vec<Array>| {
            for (param, arg) in args.iter().enumerate() {
                if let Operand::Array(array) = arg
                    && self.writes(func, param)
                {
                    targets.push(*array);
                }
            }
        };
        walk(&function.body, &mut |stmt| match stmt {
            Stmt::Store(store) => targets.push(store.array),
            Stmt::For(loop_) => {
                targets.extend(loop_.accumulators.iter().map(|accumulator| accumulator.array));
            }
            Stmt::Call(call) => passed(call.func, &call.args, &mut targets),
            Stmt::Run(run) => passed(run.func, &run.env, &mut targets),
            _ => {}
        });
        targets
    }
}

/// Whether a store through `target` may write memory of `param`: the same base, or a base that may have been taken from it.
fn reaches(function: &Function, rebound: &HashSet<Value>, target: Array, param: Array) -> bool {
    let (target, param) = (&function.arrays[target], &function.arrays[param]);
    target.base == param.base || target.class == param.class && rebound.contains(&target.base)
}

/// Bases read from variables or returned by calls: they may be those of any array of their class.
fn rebound_bases(function: &Function) -> HashSet<Value> {
    let mut bases = HashSet::new();
    walk(&function.body, &mut |stmt| match stmt {
        Stmt::Let(value, Op::Get(_)) => drop(bases.insert(*value)),
        Stmt::Call(call) => bases.extend(call.results.iter().filter_map(|result| match result {
            Operand::Array(array) => Some(function.arrays[*array].base),
            Operand::Scalar(_) => None,
        })),
        _ => {}
    });
    bases
}
