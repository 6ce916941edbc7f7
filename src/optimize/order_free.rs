//! Sums of integers and the like in loops that run in order: what order they are added in does not show.
//!
//! ```text
//! for i in 0..n:                              for i in 0..n reducing s with +:
//!     if x[i] > t:                →               if x[i] > t:
//!         set s, get s + k                            set s, get s + k
//! ```
//!
//! An analysis: `vectorize` asks whether a loop could be a reducing one, since those run in lanes. It could if every variable that it
//! carries is an integer that iterations do nothing with but update it, by one operator that is associative and commutative.
//! (Sums of floats are not: `fastmath` regroups them, on the typed program.)
//!
//! Conservative: innermost loops that nothing leaves early.

use super::carried::carried_vars;
use crate::base::{Binary, ReduceOp};
use crate::loops::{Block, For, Function, Op, Reduction, Stmt, Value, Var};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The reductions that the loop could have instead of carrying variables; none if it must keep carrying some.
pub fn order_free(function: &Function, loop_: &For) -> Vec<Reduction> {
    let carried = carried_vars(loop_);
    let mut search =
        Search { function, carried, updated: HashMap::new(), ops: HashMap::new(), fresh: HashSet::new() };
    if !loop_.reductions.is_empty() || search.block(&loop_.body).is_none() {
        return vec![];
    }
    let reduction = |&var: &Var| Some(Reduction { var, op: *search.ops.get(&var)? });
    search.carried.iter().map(reduction).collect::<Option<_>>().unwrap_or_default()
}

struct Search<'f> {
    function: &'f Function,
    carried: BTreeSet<Var>,
    /// Values that are what a variable held, perhaps updated, and the `get` that read it.
    updated: HashMap<Value, (Var, Value)>,
    ops: HashMap<Var, ReduceOp>,
    /// Reads of variables that have not been set since.
    fresh: HashSet<Value>,
}

/// None where the loop does something else with a variable than update it.
type Fits = Option<()>;

impl Search<'_> {
    fn block(&mut self, block: &Block) -> Fits {
        block.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Fits {
        match stmt {
            Stmt::Let(value, Op::Get(var)) if self.carried.contains(var) => {
                self.updated.insert(*value, (*var, *value));
                self.fresh.insert(*value);
                Some(())
            }
            Stmt::Let(value, Op::Binary(binary, a, b)) => self.binary(*value, *binary, *a, *b),
            Stmt::Set(var, value) => self.set(*var, *value),
            Stmt::If(branch) => {
                self.unrelated(stmt)?;
                let before = self.fresh.clone();
                self.block(&branch.then)?;
                let then = std::mem::replace(&mut self.fresh, before);
                self.block(&branch.otherwise)?;
                self.fresh.retain(|value| then.contains(value));
                Some(())
            }
            Stmt::Let(..) | Stmt::Store(_) | Stmt::Check(_) => self.unrelated(stmt),
            Stmt::For(_)
            | Stmt::Nest(_)
            | Stmt::While(_)
            | Stmt::Scope { .. }
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => None,
        }
    }

    fn binary(&mut self, value: Value, binary: Binary, a: Value, b: Value) -> Fits {
        let (root, op) = match (self.updated.get(&a), self.updated.get(&b)) {
            (None, None) => return Some(()),
            (Some(_), Some(_)) => return None,
            // What is subtracted from 0 is then added.
            (Some(root), None) if binary == Binary::Sub => (*root, ReduceOp::Add),
            (Some(root), None) | (None, Some(root)) => (*root, reduce_op(binary)?),
        };
        let known = *self.ops.entry(root.0).or_insert(op);
        let fits = known == op && op.is_order_free(self.function.vars[root.0].dtype);
        self.updated.insert(value, root);
        fits.then_some(())
    }

    fn set(&mut self, var: Var, value: Value) -> Fits {
        let root = self.updated.get(&value).copied();
        if !self.carried.contains(&var) {
            return root.is_none().then_some(());
        }
        let (updated, read) = root?;
        let fits = updated == var && self.fresh.contains(&read);
        self.fresh.retain(|read| self.updated[read].0 != var);
        fits.then_some(())
    }

    /// Whether the statement uses no such variable.
    fn unrelated(&self, stmt: &Stmt) -> Fits {
        let mut unrelated = true;
        stmt.for_each_operand(|value| unrelated &= !self.updated.contains_key(&value));
        unrelated.then_some(())
    }
}

fn reduce_op(binary: Binary) -> Option<ReduceOp> {
    let ops = [
        ReduceOp::Add,
        ReduceOp::Mul,
        ReduceOp::Min,
        ReduceOp::Max,
        ReduceOp::And,
        ReduceOp::Or,
        ReduceOp::Xor,
    ];
    ops.into_iter().find(|op| op.binary() == binary)
}
