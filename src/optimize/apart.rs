//! Two versions of loops that run in lanes if arrays turn out to be apart: part of [`super::vectorize`].
//!
//! ```text
//!                                              v9 = disjoint(a1, a2)
//! for i in 0..m {                              for i in 0..m {
//!     for j in 0..n {                              if v9 {
//!         store a1[i, j], load a2[i, j]    →           lanes(8) j in 0..n { store a1[i, j], load a2[i, j] }
//!     }                                            } else {
//! }                                                    for j in 0..n { store a1[i, j], load a2[i, j] }
//!                                                  }
//!                                              }
//! ```
//!
//! Such arrays are names for what variables hold, as after `old, new = new, old`: which allocation is meant changes from step to step, but
//! never are both the same. The test stands where all that describes the arrays is first known; loops share one.

use crate::base::{Binary, Dtype};
use crate::loops::visit::walk;
use crate::loops::{Array, Block, For, Function, If, Op, Operand, Renaming, Role, Stmt, Value};
use std::collections::{HashMap, HashSet};
use std::mem::take;

/// The pairs of arrays that must be apart, by the index of the loop.
pub type Guards = HashMap<Value, Vec<(Array, Array)>>;

/// Puts each loop under a test, beside a copy of it for arrays that meet.
pub fn versions(function: &mut Function, guards: &Guards) {
    if guards.is_empty() {
        return;
    }
    let body = take(&mut function.body);
    let known = entered(function);
    function.body = Versions { function, guards, known, tests: HashMap::new() }.block(body);
}

/// What is known where the function is entered.
fn entered(function: &Function) -> HashSet<Value> {
    let mut known = HashSet::new();
    for param in &function.params {
        match param {
            Operand::Scalar(value) => drop(known.insert(*value)),
            Operand::Array(array) => known.extend(function.arrays[*array].components()),
        }
    }
    if let Role::Body { begin, end, .. } = function.role {
        known.extend([begin, end]);
    }
    known
}

struct Versions<'f> {
    function: &'f mut Function,
    guards: &'f Guards,
    /// Values that are defined here.
    known: HashSet<Value>,
    /// The tests that have been made.
    tests: HashMap<(Array, Array), Value>,
}

impl Versions<'_> {
    fn block(&mut self, block: Block) -> Block {
        let mut out = Vec::with_capacity(block.len());
        let (mut own, mut made) = (HashSet::new(), vec![]);
        for mut stmt in block {
            made.extend(self.tests_for(&stmt, &mut out));
            stmt.for_each_definition(self.function, |value| {
                own.insert(value);
            });
            self.known.extend(&own);
            stmt.blocks_mut().into_iter().for_each(|inner| *inner = self.block(take(inner)));
            match stmt {
                Stmt::For(loop_) if self.guards.contains_key(&loop_.index) => self.version(loop_, &mut out),
                other => out.push(other),
            }
        }
        self.known.retain(|value| !own.contains(value));
        self.tests.retain(|pair, _| !made.contains(pair));
        out
    }

    /// Makes the tests that loops inside the statement need, as far as they can be made in front of it.
    fn tests_for(&mut self, stmt: &Stmt, out: &mut Block) -> Vec<(Array, Array)> {
        let (mut wanted, mut made) = (vec![], vec![]);
        let mut visit = |inside: &Stmt| {
            if let Stmt::For(loop_) = inside {
                wanted.extend(self.guards.get(&loop_.index).into_iter().flatten().copied());
            }
        };
        visit(stmt);
        stmt.blocks().into_iter().for_each(|inner| walk(inner, &mut visit));
        for pair in wanted {
            if !self.tests.contains_key(&pair) && self.is_known(pair.0) && self.is_known(pair.1) {
                let test = self.function.define(out, Dtype::Bool, Op::Disjoint(pair.0, pair.1));
                self.tests.insert(pair, test);
                made.push(pair);
            }
        }
        made
    }

    fn is_known(&self, array: Array) -> bool {
        self.function.arrays[array].components().all(|value| self.known.contains(&value))
    }

    fn version(&mut self, loop_: Box<For>, out: &mut Block) {
        let tests: Vec<Value> = self.guards[&loop_.index].iter().map(|pair| self.tests[pair]).collect();
        let both = |a, b| self.function.define(out, Dtype::Bool, Op::Binary(Binary::And, a, b));
        let condition = tests.into_iter().reduce(both).expect("a pair of arrays");
        let then = vec![Stmt::For(loop_)];
        let otherwise = Renaming::default().copy(self.function, &then);
        out.push(Stmt::If(If { condition, then, otherwise }));
    }
}
