//! What a function does to arrays of its caller, directly or by what it calls: which it may write, and which of its results are
//! certainly new.

use super::visit::walk;
use super::{Array, Func, Function, Module, Op, Operand, Role, Stmt, Value, Var};
use std::collections::HashSet;

pub struct Effects {
    /// Array parameters that some store may reach.
    written: HashSet<(Func, usize)>,
    /// Array results that may be memory of the caller.
    passed_on: HashSet<(Func, usize)>,
}

impl Effects {
    pub fn of(module: &Module) -> Effects {
        let mut effects = Effects { written: HashSet::new(), passed_on: HashSet::new() };
        // Recursive functions need a fixpoint; each round adds something, so there is an end.
        loop {
            let before = (effects.written.len(), effects.passed_on.len());
            for (func, function) in &module.functions {
                effects.add(func, function);
                effects.add_results(func, function);
            }
            if (effects.written.len(), effects.passed_on.len()) == before {
                return effects;
            }
        }
    }

    /// Whether an array result (number in order) is memory that the call allocates.
    pub fn makes(&self, func: Func, result: usize) -> bool {
        !self.passed_on.contains(&(func, result))
    }

    fn add_results(&mut self, func: Func, function: &Function) {
        let made = self.made_values(function);
        let mut passed_on = vec![];
        walk(&function.body, &mut |stmt| {
            if let Stmt::Return(operands) = stmt {
                for (number, operand) in operands.iter().enumerate() {
                    if matches!(operand, Operand::Array(array) if !made.contains(&function.arrays[*array].base))
                    {
                        passed_on.push((func, number));
                    }
                }
            }
        });
        self.passed_on.extend(passed_on);
    }

    /// Bases of memory that the function or one it calls allocates: also by way of variables that never hold anything else.
    fn made_values(&self, function: &Function) -> HashSet<Value> {
        let (mut made, mut gets, mut sets) = (HashSet::new(), vec![], vec![]);
        walk(&function.body, &mut |stmt| match stmt {
            Stmt::Alloc { array, .. } => drop(made.insert(function.arrays[*array].base)),
            Stmt::Let(value, Op::Get(var)) => gets.push((*value, *var)),
            Stmt::Set(var, value) => sets.push((*var, *value)),
            Stmt::Call(call) => {
                for (number, result) in call.results.iter().enumerate() {
                    if let Operand::Array(array) = result
                        && self.makes(call.func, number)
                    {
                        made.insert(function.arrays[*array].base);
                    }
                }
            }
            _ => {}
        });
        loop {
            let known = made.len();
            let holds_made =
                |var: Var| sets.iter().all(|(other, value)| *other != var || made.contains(value));
            let more: Vec<Value> =
                gets.iter().filter(|(_, var)| holds_made(*var)).map(|(value, _)| *value).collect();
            made.extend(more);
            if made.len() == known {
                return made;
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
