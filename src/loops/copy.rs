//! Copying blocks with fresh names: what inlining, versioning and outlining need.

use super::*;
use std::collections::HashMap;

/// Names that are replaced while a block is copied, possibly into another function. What is defined
/// inside the block gets fresh names; what comes from outside is looked up here, and kept where absent.
#[derive(Clone, Debug, Default)]
pub struct Renaming {
    pub values: HashMap<Value, Value>,
    pub vars: HashMap<Var, Var>,
    pub arrays: HashMap<Array, Array>,
    pub labels: HashMap<Label, Label>,
}

impl Renaming {
    fn value(&self, value: Value) -> Value {
        self.values.get(&value).copied().unwrap_or(value)
    }

    fn var(&self, var: Var) -> Var {
        self.vars.get(&var).copied().unwrap_or(var)
    }

    fn label(&self, label: Label) -> Label {
        self.labels.get(&label).copied().unwrap_or(label)
    }

    /// Copies `block` within `function`: fresh values, arrays and labels for what it defines, the same variables
    /// unless [`Renaming::vars`] says otherwise.
    pub fn copy(&mut self, function: &mut Function, block: &Block) -> Block {
        block.iter().map(|stmt| self.copy_stmt(function, stmt)).collect()
    }

    fn copy_stmt(&mut self, function: &mut Function, stmt: &Stmt) -> Stmt {
        self.rename_definitions(function, stmt);
        let mut copy = stmt.clone();
        copy.map_operands(|value| self.value(value));
        let mut arrays = vec![];
        stmt.for_each_array(|array| arrays.push(array));
        for array in arrays {
            self.rename_array(function, array);
        }
        copy.map_arrays(|array| self.arrays.get(&array).copied().unwrap_or(array));
        match &mut copy {
            Stmt::Let(value, op) => {
                *value = self.value(*value);
                if let Op::Get(var) = op {
                    *var = self.var(*var);
                }
            }
            Stmt::Set(var, _) => *var = self.var(*var),
            Stmt::For(loop_) => {
                loop_.index = self.value(loop_.index);
                loop_.label = self.label(loop_.label);
                self.rename_reductions(&mut loop_.reductions);
            }
            Stmt::Nest(nest) => {
                nest.indices.iter_mut().for_each(|index| *index = self.value(*index));
                self.rename_reductions(&mut nest.reductions);
            }
            Stmt::While(loop_) => loop_.label = self.label(loop_.label),
            Stmt::Run(run) => self.rename_reductions(&mut run.reductions),
            Stmt::Scope { label, .. } | Stmt::Break(label) | Stmt::Continue(label) => {
                *label = self.label(*label)
            }
            Stmt::Call(call) => {
                for result in &mut call.results {
                    if let Operand::Scalar(value) = result {
                        *value = self.value(*value);
                    }
                }
            }
            Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::If(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => {}
        }
        for (inner, original) in copy.blocks_mut().into_iter().zip(stmt.blocks()) {
            *inner = self.copy(function, original);
        }
        // A while's condition is defined in its header, which has only now been renamed.
        if let (Stmt::While(loop_), Stmt::While(original)) = (&mut copy, stmt) {
            loop_.condition = self.value(original.condition);
        }
        copy
    }

    fn rename_reductions(&self, reductions: &mut [Reduction]) {
        for reduction in reductions {
            reduction.var = self.var(reduction.var);
        }
    }

    fn rename_definitions(&mut self, function: &mut Function, stmt: &Stmt) {
        let mut defined = vec![];
        stmt.for_each_definition(function, |value| defined.push(value));
        for value in defined {
            let fresh = function.values.push(function.values[value]);
            self.values.insert(value, fresh);
        }
        let label = match stmt {
            Stmt::For(loop_) => Some(loop_.label),
            Stmt::While(loop_) => Some(loop_.label),
            Stmt::Scope { label, .. } => Some(*label),
            _ => None,
        };
        if let Some(label) = label {
            let fresh = function.label();
            self.labels.insert(label, fresh);
        }
    }

    /// An array whose values were renamed needs a name of its own.
    fn rename_array(&mut self, function: &mut Function, array: Array) {
        if self.arrays.contains_key(&array) {
            return;
        }
        let data = &function.arrays[array];
        if data.components().any(|value| self.values.contains_key(&value)) {
            let mut data = data.clone();
            data.base = self.value(data.base);
            data.owner = self.value(data.owner);
            data.extents.iter_mut().chain(&mut data.strides).for_each(|value| *value = self.value(*value));
            let fresh = function.arrays.push(data);
            self.arrays.insert(array, fresh);
        }
    }
}
