//! What functions called out of line do to their array parameters.

use crate::loops::visit::walk;
use crate::loops::{AliasClass, Array, Block, Func, Function, Module, Operand, Stmt};
use std::collections::HashSet;

/// Array parameters that may be written, directly or by what the function calls.
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
                for class in effects.written_classes(&function.body, function) {
                    effects.mark(func, function, class);
                }
            }
            if effects.written.len() == before {
                return effects;
            }
        }
    }

    pub fn writes(&self, func: Func, param: usize) -> bool {
        self.written.contains(&(func, param))
    }

    fn written_classes(&self, body: &Block, function: &Function) -> HashSet<AliasClass> {
        let class = |array: Array| function.arrays[array].class;
        let mut classes = HashSet::new();
        let passed = |func: Func, args: &[Operand], classes: &mut HashSet<AliasClass>| {
            for (param, arg) in args.iter().enumerate() {
                if let Operand::Array(array) = arg
                    && self.writes(func, param)
                {
                    classes.insert(class(*array));
                }
            }
        };
        walk(body, &mut |stmt| match stmt {
            Stmt::Store(store) => {
                classes.insert(class(store.array));
            }
            Stmt::Call(call) => passed(call.func, &call.args, &mut classes),
            Stmt::Run(run) => passed(run.func, &run.env, &mut classes),
            _ => {}
        });
        classes
    }

    fn mark(&mut self, func: Func, function: &Function, class: AliasClass) {
        for (param, operand) in function.params.iter().enumerate() {
            if let Operand::Array(array) = operand
                && function.arrays[*array].class == class
            {
                self.written.insert((func, param));
            }
        }
    }
}
