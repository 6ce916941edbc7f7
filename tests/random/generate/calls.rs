//! Calls of the functions generated before.

use super::{Access, Generator, Signature};
use crate::program::{Expr, Stmt};
use crate::types::{INT, Type};

impl Generator {
    /// A call that gives a value of this type.
    pub(super) fn call_for(&mut self, want: &Type, depth: usize) -> Option<Expr> {
        let signature = self.callable(|signature| signature.result == *want)?;
        self.call_of(&signature, depth)
    }

    fn callable(&mut self, wanted: impl Fn(&Signature) -> bool) -> Option<Signature> {
        let prange = self.in_prange();
        let fits = |signature: &&Signature| wanted(signature) && !(prange && signature.writes);
        let found: Vec<Signature> = self.signatures.iter().filter(fits).cloned().collect();
        let signature = if found.is_empty() { return None } else { self.choice.pick(&found).clone() };
        self.affords(signature.cost).then_some(signature)
    }

    fn call_of(&mut self, signature: &Signature, depth: usize) -> Option<Expr> {
        let mut memory = 0;
        let mut parts = vec![];
        for ty in &signature.params {
            parts.push(match ty {
                Type::Array(..) => self.array_argument(ty, signature.writes, &mut memory)?,
                ty => self.value_of(ty, depth),
            });
        }
        if signature.recursive {
            let deepest = parts.pop().expect("the depth");
            parts.push(Expr::new("? % 6", vec![deepest], Type::Scalar(INT)).with_bits(3));
        }
        self.spend(signature.cost);
        let plain = if self.choice.chance(20) { self.choice.below(parts.len()) } else { parts.len() };
        let holes: Vec<String> = signature
            .params
            .iter()
            .enumerate()
            .map(|(k, ty)| match ty {
                _ if k < plain => "#".to_string(),
                Type::Array(..) => format!("x{k}=#"),
                _ => format!("a{k}=#"),
            })
            .collect();
        let text = format!("{}({})", signature.name, holes.join(", "));
        let shares = matches!(signature.result, Type::Array(..));
        let call = Expr::new(text, parts, signature.result.clone()).with_bits(signature.bits);
        Some(Expr { shares, c_order: signature.c_order, ..call })
    }

    /// A variable, or what is computed on the spot.
    fn array_argument(&mut self, ty: &Type, writes: bool, memory: &mut u64) -> Option<Expr> {
        if let Some(variable) = self.array_to_pass(ty, writes, memory) {
            return Some(variable);
        }
        let Type::Array(dtype, shape) = ty else { return None };
        let value = if writes { self.allocation(*dtype, shape) } else { self.array(*dtype, shape, 1) };
        (value.c_order || !self.numpy).then_some(value)
    }

    /// If the function writes, one that shares no memory with the others.
    fn array_to_pass(&mut self, ty: &Type, writes: bool, memory: &mut u64) -> Option<Expr> {
        let (numpy, taken) = (self.numpy, *memory);
        let array = self.variable(|variable| {
            let free = variable.access == Access::Full || !writes && variable.access == Access::Read;
            variable.ty == *ty
                && free
                && (variable.c_order || !numpy)
                && (!writes || variable.memory & taken == 0)
        })?;
        *memory |= array.memory;
        self.writes |= writes;
        Some(self.read(&array))
    }

    /// `a, b = g(x)`.
    pub(super) fn unpack_call(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let signature = self.callable(|signature| matches!(signature.result, Type::Tuple(_)))?;
        let Type::Tuple(items) = &signature.result else { return None };
        let call = self.call_of(&signature, 2)?;
        let names: Vec<String> = items.iter().map(|_| self.fresh_name()).collect();
        for (name, ty) in names.iter().zip(items) {
            let item = Expr::leaf(name.clone(), ty.clone()).with_bits(super::SAFE_BITS);
            self.declare(name.clone(), &item, 0, false);
        }
        body.push(Stmt::Line(Expr::new(format!("{} = #", names.join(", ")), vec![call], Type::None)));
        Some(())
    }

    /// `return` before the end, of the type that is returned there.
    pub(super) fn early_return(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        if self.in_prange() {
            return None;
        }
        let result = self.result.clone()?;
        let condition = self.condition(2);
        let value = self.value_of(&result, 2);
        let header = Expr::new("if #", vec![condition], Type::None);
        let suite = vec![Stmt::Line(Expr::new("return #", vec![value], Type::None))];
        body.push(Stmt::Block(vec![crate::program::Clause::new(header, suite)]));
        Some(())
    }
}
