//! Appends operations to the new body, folding what is known: a mask of all lanes, equal operands.

use super::Converter;
use crate::base::{Binary, Compare, Dtype, Unary};
use crate::loops::{Block, Op, Stmt, Value, Var};

impl Converter<'_, '_, '_> {
    /// What the new body calls a value of the old one.
    pub(super) fn name(&self, value: Value) -> Value {
        self.renamed.get(&value).copied().unwrap_or(value)
    }

    pub(super) fn renamed(&self, stmt: &Stmt) -> Stmt {
        let mut copy = stmt.clone();
        copy.map_operands(|value| self.name(value));
        copy
    }

    /// With the statements inside it.
    pub(super) fn renamed_whole(&self, stmt: &Stmt) -> Stmt {
        let mut copy = self.renamed(stmt);
        for block in copy.blocks_mut() {
            *block = block.iter().map(|stmt| self.renamed_whole(stmt)).collect();
        }
        copy
    }

    pub(super) fn get(&mut self, var: Var, out: &mut Block) -> Value {
        let dtype = self.function.vars[var].dtype;
        self.function.define(out, dtype, Op::Get(var))
    }

    /// `mask & value`.
    pub(super) fn and(&mut self, mask: Option<Value>, value: Value, out: &mut Block) -> Value {
        match mask {
            Some(mask) if mask != value => self.bool(Op::Binary(Binary::And, mask, value), out),
            Some(_) | None => value,
        }
    }

    pub(super) fn not(&mut self, value: Value, out: &mut Block) -> Value {
        self.bool(Op::Unary(Unary::Not, value), out)
    }

    /// Whether a lane is in the mask.
    pub(super) fn any(&mut self, mask: Option<Value>, out: &mut Block) -> Value {
        let mask = mask.expect("where all lanes are there is one");
        self.bool(Op::Any(mask), out)
    }

    pub(super) fn compare(&mut self, compare: Compare, a: Value, b: Value, out: &mut Block) -> Value {
        self.bool(Op::Compare(compare, a, b), out)
    }

    pub(super) fn select(
        &mut self,
        condition: Value,
        then: Value,
        otherwise: Value,
        out: &mut Block,
    ) -> Value {
        if then == otherwise {
            return then;
        }
        let dtype = self.function.values[then].dtype;
        let op = match dtype {
            Dtype::Bool if otherwise == condition => Op::Binary(Binary::And, condition, then),
            Dtype::Bool if then == condition => Op::Binary(Binary::Or, condition, otherwise),
            _ => Op::Select { condition, then, otherwise },
        };
        self.function.define(out, dtype, op)
    }

    fn bool(&mut self, op: Op, out: &mut Block) -> Value {
        self.function.define(out, Dtype::Bool, op)
    }
}
