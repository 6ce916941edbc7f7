//! An analysis: which integer values are known to be equal at a point, because a check or a branch says so.
//!
//! ```text
//! check n == m            from here to the end of the block, and in blocks nested there,
//! nest i < m {...}        n and m are one class with one leader
//! ```
//!
//! Its owner walks the blocks in order, opens a scope around each nested block, and tells what it passes. Only
//! integers: floats that compare equal may differ in their bits. Conservative: no arithmetic, so `n + 1` and `m + 1` are
//! equal only to a pass that rewrites operands to leaders first.

use crate::base::{Binary, Compare, Scalar, Unary};
use crate::loops::{Condition, Function, Op, Stmt, Value, visit};
use cranelift_entity::SecondaryMap;

pub struct Equalities {
    /// Of each value: what it stands for, as far as it matters here.
    facts: SecondaryMap<Value, Fact>,
    /// A union-find forest without path compression, so that unions can be undone; by size, so that paths are short.
    nodes: SecondaryMap<Value, Node>,
    /// The roots that lost their place, with the winner's state before, latest last.
    log: Vec<(Value, Value, Node)>,
}

#[derive(Clone, Copy, PartialEq, Default)]
enum Fact {
    #[default]
    Opaque,
    Constant(Scalar),
    /// Whether two integers are equal.
    Equal(Value, Value),
    Different(Value, Value),
    Both(Value, Value),
    Either(Value, Value),
    Not(Value),
}

#[derive(Clone, Copy, Default)]
struct Node {
    parent: Option<Value>,
    /// Of a root: how many values beside itself.
    size: u32,
    /// Of a root: the value that stands for the class, itself if None.
    leader: Option<Value>,
}

#[derive(Clone, Copy)]
pub struct Mark(usize);

impl Equalities {
    /// Knows no definition yet: see [`Equalities::define`].
    pub fn empty() -> Equalities {
        Equalities { facts: SecondaryMap::new(), nodes: SecondaryMap::new(), log: vec![] }
    }

    /// Knows all definitions of a function.
    pub fn of(function: &Function) -> Equalities {
        let mut equalities = Equalities::empty();
        visit::walk(&function.body, &mut |stmt| {
            if let Stmt::Let(value, op) = stmt {
                equalities.define(function, *value, op);
            }
        });
        equalities
    }

    pub fn define(&mut self, function: &Function, value: Value, op: &Op) {
        let dtype = |value: Value| function.values[value].dtype;
        let bool = dtype(value) == crate::base::Dtype::Bool;
        self.facts[value] = match op {
            Op::Const(scalar) => Fact::Constant(*scalar),
            Op::Compare(Compare::Eq, a, b) if !dtype(*a).is_float() => Fact::Equal(*a, *b),
            Op::Compare(Compare::Ne, a, b) if !dtype(*a).is_float() => Fact::Different(*a, *b),
            Op::Binary(Binary::And | Binary::Mul, a, b) if bool => Fact::Both(*a, *b),
            Op::Binary(Binary::Or | Binary::Add, a, b) if bool => Fact::Either(*a, *b),
            Op::Unary(Unary::Not | Unary::Invert, a) if bool && dtype(*a) == dtype(value) => Fact::Not(*a),
            _ => Fact::Opaque,
        };
    }

    pub fn constant(&self, value: Value) -> Option<Scalar> {
        match self.facts[value] {
            Fact::Constant(scalar) => Some(scalar),
            _ => None,
        }
    }

    pub fn mark(&self) -> Mark {
        Mark(self.log.len())
    }

    pub fn leave(&mut self, mark: Mark) {
        while self.log.len() > mark.0 {
            let (loser, winner, before) = self.log.pop().expect("longer than the mark");
            self.nodes[loser].parent = None;
            self.nodes[winner] = before;
        }
    }

    /// What holds behind a statement: a check has passed.
    pub fn pass(&mut self, stmt: &Stmt) {
        if let Stmt::Check(check) = stmt
            && let Condition::True(condition) = check.condition
        {
            self.assume(condition, true);
        }
    }

    /// What follows where `condition` is known to be `holds`.
    pub fn assume(&mut self, condition: Value, holds: bool) {
        match (self.facts[condition], holds) {
            (Fact::Equal(a, b), true) | (Fact::Different(a, b), false) => self.union(a, b),
            (Fact::Both(a, b), true) | (Fact::Either(a, b), false) => {
                self.assume(a, holds);
                self.assume(b, holds);
            }
            (Fact::Not(a), _) => self.assume(a, !holds),
            (
                Fact::Opaque
                | Fact::Constant(_)
                | Fact::Equal(..)
                | Fact::Different(..)
                | Fact::Both(..)
                | Fact::Either(..),
                _,
            ) => {}
        }
    }

    /// The value that stands for all those known to be equal: a constant if there is one, else the oldest.
    pub fn leader(&self, value: Value) -> Value {
        let root = self.root(value);
        self.nodes[root].leader.unwrap_or(root)
    }

    pub fn same(&self, a: Value, b: Value) -> bool {
        let (a, b) = (self.leader(a), self.leader(b));
        a == b || self.constant(a).is_some_and(|scalar| self.constant(b) == Some(scalar))
    }

    fn root(&self, mut value: Value) -> Value {
        while let Some(parent) = self.nodes[value].parent {
            value = parent;
        }
        value
    }

    fn union(&mut self, a: Value, b: Value) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let leader = self.prefer(self.nodes[a].leader.unwrap_or(a), self.nodes[b].leader.unwrap_or(b));
        let (winner, loser) = if self.nodes[a].size >= self.nodes[b].size { (a, b) } else { (b, a) };
        self.log.push((loser, winner, self.nodes[winner]));
        self.nodes[loser].parent = Some(winner);
        self.nodes[winner].size += self.nodes[loser].size + 1;
        self.nodes[winner].leader = Some(leader);
    }

    fn prefer(&self, a: Value, b: Value) -> Value {
        match (self.constant(a), self.constant(b)) {
            (Some(_), None) => a,
            (None, Some(_)) => b,
            _ => a.min(b),
        }
    }
}
