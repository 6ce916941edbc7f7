//! What differs between lanes: values, variables, jumps, checks.
//!
//! A value is *uniform* if all lanes that compute it at the same time get the same: what comes from outside, and what is
//! computed from uniform values. A variable varies if it is set to a varying value, or set for some lanes only while
//! others will read what it held before ([`Liveness`]). A jump is *partial* if lanes that do not take it would miss it were it
//! taken by all; a check is *recorded* if a lane may fail it while an earlier lane may fail another one later.
//!
//! A fixpoint: everything begins uniform. Conservative: what is said of a loop or scope that some lanes leave holds for all
//! of its body.

use super::liveness::{Exit, Liveness, Place, Vars};
use crate::loops::{Array, Condition, For, Function, Op, Operand, Stmt, Value, Var, While};
use std::collections::HashSet;
use std::ptr::from_ref;

#[derive(Default)]
pub struct Divergence {
    values: HashSet<Value>,
    vars: HashSet<Var>,
    /// Partial jumps, and recorded checks and faults.
    partial: HashSet<Place>,
    recorded: HashSet<Place>,
    /// Where partial jumps go, and what they leave on their way.
    targets: HashSet<Exit>,
    left: HashSet<Exit>,
}

impl Divergence {
    pub fn of(function: &Function, loop_: &For, liveness: &Liveness) -> Divergence {
        let mut found = Divergence::default();
        found.values.insert(loop_.index);
        found.vars.extend(loop_.reductions.iter().map(|reduction| reduction.var));
        loop {
            let before = found.size();
            let mut walker = Walker { function, liveness, found, around: vec![], loops: 0, failed: false };
            walker.around(Exit::next(loop_.label), false, |walker| walker.block(&loop_.body));
            found = walker.found;
            if found.size() == before {
                return found;
            }
        }
    }

    pub fn varies(&self, value: Value) -> bool {
        self.values.contains(&value)
    }

    pub fn is_partial(&self, jump: &Stmt) -> bool {
        self.partial.contains(&from_ref(jump))
    }

    pub fn is_recorded(&self, check: &Stmt) -> bool {
        self.recorded.contains(&from_ref(check))
    }

    pub fn records(&self) -> bool {
        !self.recorded.is_empty()
    }

    /// Whether some lanes jump there alone.
    pub fn is_target(&self, exit: Exit) -> bool {
        self.targets.contains(&exit)
    }

    /// Whether some lanes leave it alone.
    pub fn is_left(&self, exit: Exit) -> bool {
        self.left.contains(&exit)
    }

    /// Whether lanes may disagree about another round of the loop.
    pub fn for_varies(&self, loop_: &For) -> bool {
        self.varies(loop_.lo) || self.varies(loop_.hi)
    }

    pub fn while_varies(&self, loop_: &While) -> bool {
        self.varies(loop_.condition)
    }

    /// Whether the statements may switch lanes off for what follows them.
    pub fn escapes(&self, block: &[Stmt]) -> bool {
        self.escape_to(block, &mut vec![])
    }

    fn escape_to(&self, block: &[Stmt], inside: &mut Vec<Exit>) -> bool {
        block.iter().any(|stmt| match stmt {
            Stmt::Break(label) => self.is_partial(stmt) && !inside.contains(&Exit::behind(*label)),
            Stmt::Continue(label) => self.is_partial(stmt) && !inside.contains(&Exit::next(*label)),
            Stmt::Check(_) | Stmt::Fault { .. } => self.is_recorded(stmt),
            Stmt::While(loop_) => {
                self.escapes_loop(stmt, [Exit::behind(loop_.label), Exit::next(loop_.label)], inside)
            }
            Stmt::For(loop_) => {
                self.escapes_loop(stmt, [Exit::behind(loop_.label), Exit::next(loop_.label)], inside)
            }
            Stmt::Scope { label, .. } => self.escapes_loop(stmt, [Exit::behind(*label); 2], inside),
            other => other.blocks().into_iter().any(|block| self.escape_to(block, inside)),
        })
    }

    fn escapes_loop(&self, stmt: &Stmt, exits: [Exit; 2], inside: &mut Vec<Exit>) -> bool {
        inside.extend(exits);
        let escapes = stmt.blocks().into_iter().any(|block| self.escape_to(block, inside));
        inside.truncate(inside.len() - 2);
        escapes
    }

    fn size(&self) -> usize {
        let places = self.partial.len() + self.recorded.len();
        self.values.len() + self.vars.len() + places + self.targets.len() + self.left.len()
    }

    pub fn array_varies(&self, function: &Function, array: Array) -> bool {
        function.arrays[array].components().any(|value| self.varies(value))
    }

    fn op_varies(&self, function: &Function, op: &Op) -> bool {
        let mut varies = match op {
            Op::Get(var) => self.vars.contains(var),
            Op::Load { array, .. } => self.array_varies(function, *array),
            Op::Disjoint(a, b) => self.array_varies(function, *a) || self.array_varies(function, *b),
            Op::Any(_) => return false,
            Op::Const(_)
            | Op::Unary(..)
            | Op::Binary(..)
            | Op::Compare(..)
            | Op::Cast(_)
            | Op::Select { .. }
            | Op::Fma(..)
            | Op::Wrap { .. } => false,
        };
        op.for_each_operand(|operand| varies |= self.varies(operand));
        varies
    }
}

/// Something that lanes may be in while others are not.
struct Around {
    /// How it is left; a branch has no label.
    exit: Option<Exit>,
    divergent: bool,
    /// What lanes that are not in it will read.
    keep: Vars,
}

struct Walker<'a> {
    function: &'a Function,
    liveness: &'a Liveness,
    found: Divergence,
    around: Vec<Around>,
    loops: usize,
    /// Whether a lane may have failed.
    failed: bool,
}

impl Walker<'_> {
    fn block(&mut self, block: &[Stmt]) {
        block.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let(value, op) => {
                if self.found.op_varies(self.function, op) {
                    self.found.values.insert(*value);
                }
            }
            Stmt::Set(var, value) => {
                if self.found.varies(*value) || self.around.iter().any(|around| around.keep.contains(var)) {
                    self.found.vars.insert(*var);
                }
            }
            Stmt::Check(check) => {
                let varies = match check.condition {
                    Condition::Bounds { index, extent } => {
                        self.found.varies(index) || self.found.varies(extent)
                    }
                    Condition::True(value) => self.found.varies(value),
                };
                self.fails(stmt, varies);
            }
            Stmt::Fault { .. } => self.fails(stmt, false),
            Stmt::If(branch) if self.found.varies(branch.condition) => {
                let (then, otherwise) = (self.liveness.otherwise(stmt), self.liveness.after(stmt));
                self.arm(then.clone(), &branch.then);
                self.arm(otherwise.clone(), &branch.otherwise);
            }
            Stmt::If(branch) => {
                self.block(&branch.then);
                self.block(&branch.otherwise);
            }
            Stmt::While(loop_) => self.while_(loop_),
            Stmt::For(loop_) => self.for_(loop_),
            Stmt::Scope { label, body } => {
                self.around(Exit::behind(*label), false, |walker| walker.block(body));
            }
            Stmt::Break(label) => self.jump(stmt, Exit::behind(*label)),
            Stmt::Continue(label) => self.jump(stmt, Exit::next(*label)),
            Stmt::Call(call) => {
                for result in &call.results {
                    if let Operand::Scalar(value) = result {
                        self.found.values.insert(*value);
                    }
                }
            }
            Stmt::Store(_)
            | Stmt::Nest(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Run(_)
            | Stmt::Poll => {}
        }
    }

    fn while_(&mut self, loop_: &While) {
        self.loops += 1;
        self.around(Exit::behind(loop_.label), self.found.while_varies(loop_), |walker| {
            walker.around(Exit::next(loop_.label), false, |walker| {
                walker.block(&loop_.header);
                walker.block(&loop_.body);
            });
        });
        self.loops -= 1;
    }

    fn for_(&mut self, loop_: &For) {
        if self.found.varies(loop_.lo) {
            self.found.values.insert(loop_.index);
        }
        self.loops += 1;
        self.around(Exit::behind(loop_.label), self.found.for_varies(loop_), |walker| {
            walker.around(Exit::next(loop_.label), false, |walker| walker.block(&loop_.body));
        });
        self.loops -= 1;
    }

    fn arm(&mut self, keep: Vars, block: &[Stmt]) {
        self.around.push(Around { exit: None, divergent: true, keep });
        self.block(block);
        self.around.pop();
    }

    fn around(&mut self, exit: Exit, varies: bool, inside: impl FnOnce(&mut Self)) {
        let resumes = varies || self.found.is_target(exit);
        let keep = if resumes { self.liveness.at(exit).clone() } else { Vars::new() };
        let divergent = varies || self.found.left.contains(&exit);
        self.around.push(Around { exit: Some(exit), divergent, keep });
        inside(self);
        self.around.pop();
    }

    fn jump(&mut self, stmt: &Stmt, exit: Exit) {
        let Some(target) = self.around.iter().position(|around| around.exit == Some(exit)) else { return };
        if self.around[target + 1..].iter().any(|around| around.divergent) {
            self.found.partial.insert(from_ref(stmt));
            self.found.targets.insert(exit);
            self.found.left.extend(self.around[target..].iter().filter_map(|around| around.exit));
        }
    }

    fn fails(&mut self, stmt: &Stmt, varies: bool) {
        let for_some = self.around.iter().any(|around| around.divergent);
        // In a loop, a check further down may have failed in an earlier round.
        let after_others = self.failed || self.loops > 0 && self.found.records();
        if varies || for_some || after_others {
            self.found.recorded.insert(from_ref(stmt));
            self.failed = true;
        }
    }
}
