//! Which variables are read later: what a lane that is switched off must find unchanged when it comes back.
//!
//! ```text
//! while zr*zr + zi*zi <= 4.0:     lanes that have left the loop read `step` and no longer `zr`:
//!     zr, zi = …                  only `step` needs a select
//!     step += 1
//! return step
//! ```
//!
//! One pass forwards for what loops read before they set it, then one backwards. Conservative: more may be called live than is.

use crate::loops::visit::walk;
use crate::loops::{For, Label, Op, Stmt, Var};
use std::collections::{BTreeSet, HashMap};

pub type Vars = BTreeSet<Var>;

/// A statement of the loop that is converted, by where it lies.
pub type Place = *const Stmt;

/// Where a jump goes: behind the loop or scope, or to the next iteration.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Exit {
    pub label: Label,
    pub continues: bool,
}

impl Exit {
    pub fn behind(label: Label) -> Exit {
        Exit { label, continues: false }
    }

    pub fn next(label: Label) -> Exit {
        Exit { label, continues: true }
    }
}

#[derive(Default)]
pub struct Liveness {
    after: HashMap<Place, Vars>,
    otherwise: HashMap<Place, Vars>,
    exits: HashMap<Exit, Vars>,
    /// What a loop reads before it sets it.
    exposed: HashMap<Label, Vars>,
}

impl Liveness {
    pub fn of(loop_: &For) -> Liveness {
        let mut liveness = Liveness::default();
        liveness.summary(&loop_.body);
        let after: Vars = loop_.reductions.iter().map(|reduction| reduction.var).collect();
        liveness.exits.insert(Exit::next(loop_.label), after.clone());
        liveness.before(&loop_.body, after);
        liveness
    }

    /// What is read after a branch.
    pub fn after(&self, branch: &Stmt) -> &Vars {
        &self.after[&std::ptr::from_ref(branch)]
    }

    /// What is read from the second arm of a branch on.
    pub fn otherwise(&self, branch: &Stmt) -> &Vars {
        &self.otherwise[&std::ptr::from_ref(branch)]
    }

    /// What is read where a jump goes to.
    pub fn at(&self, exit: Exit) -> &Vars {
        &self.exits[&exit]
    }

    fn summary(&mut self, block: &[Stmt]) -> Summary {
        let mut all = Summary::default();
        for stmt in block {
            all = all.then(self.summary_of(stmt));
        }
        all
    }

    fn summary_of(&mut self, stmt: &Stmt) -> Summary {
        match stmt {
            Stmt::Let(_, Op::Get(var)) => Summary { reads: Vars::from([*var]), sets: Vars::new() },
            Stmt::Set(var, _) => Summary { reads: Vars::new(), sets: Vars::from([*var]) },
            Stmt::If(branch) => {
                let (then, otherwise) = (self.summary(&branch.then), self.summary(&branch.otherwise));
                Summary { reads: &then.reads | &otherwise.reads, sets: &then.sets & &otherwise.sets }
            }
            Stmt::While(loop_) => {
                let header = self.summary(&loop_.header);
                let all = header.clone().then(self.summary(&loop_.body));
                self.exposed.insert(loop_.label, all.reads.clone());
                let sets = if jumps(&loop_.header) { Vars::new() } else { header.sets };
                Summary { reads: all.reads, sets }
            }
            Stmt::For(loop_) => {
                let reads = self.summary(&loop_.body).reads;
                self.exposed.insert(loop_.label, reads.clone());
                Summary { reads, sets: Vars::new() }
            }
            Stmt::Scope { body, .. } => {
                let all = self.summary(body);
                Summary { sets: if jumps(body) { Vars::new() } else { all.sets }, reads: all.reads }
            }
            Stmt::Nest(nest) => Summary { reads: self.summary(&nest.body).reads, sets: Vars::new() },
            Stmt::Let(..)
            | Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => Summary::default(),
        }
    }

    /// What is live before the block.
    fn before(&mut self, block: &[Stmt], after: Vars) -> Vars {
        block.iter().rev().fold(after, |after, stmt| self.before_stmt(stmt, after))
    }

    fn before_stmt(&mut self, stmt: &Stmt, mut after: Vars) -> Vars {
        match stmt {
            Stmt::Let(_, Op::Get(var)) => {
                after.insert(*var);
                after
            }
            Stmt::Set(var, _) => {
                after.remove(var);
                after
            }
            Stmt::If(branch) => {
                let place = std::ptr::from_ref(stmt);
                self.after.insert(place, after.clone());
                let otherwise = self.before(&branch.otherwise, after.clone());
                let then = self.before(&branch.then, after);
                let all = &then | &otherwise;
                self.otherwise.insert(place, otherwise);
                all
            }
            Stmt::While(loop_) => {
                let next = &after | &self.exposed[&loop_.label];
                self.exits.insert(Exit::behind(loop_.label), after.clone());
                self.exits.insert(Exit::next(loop_.label), next.clone());
                let body = self.before(&loop_.body, next);
                self.before(&loop_.header, &body | &after)
            }
            Stmt::For(loop_) => {
                let next = &after | &self.exposed[&loop_.label];
                self.exits.insert(Exit::behind(loop_.label), after);
                self.exits.insert(Exit::next(loop_.label), next.clone());
                self.before(&loop_.body, next.clone());
                next
            }
            Stmt::Scope { label, body } => {
                self.exits.insert(Exit::behind(*label), after.clone());
                self.before(body, after)
            }
            Stmt::Break(label) => self.exits.get(&Exit::behind(*label)).cloned().unwrap_or_default(),
            Stmt::Continue(label) => self.exits.get(&Exit::next(*label)).cloned().unwrap_or_default(),
            Stmt::Return(_) | Stmt::Fault { .. } => Vars::new(),
            Stmt::Let(..)
            | Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::Nest(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Poll => after,
        }
    }
}

/// Variables that the block may read before it sets them.
pub fn exposed(block: &[Stmt]) -> Vars {
    Liveness::default().summary(block).reads
}

/// Variables that some statement of the block sets.
pub fn set_in(block: &[Stmt]) -> Vars {
    let mut vars = Vars::new();
    for stmt in block {
        if let Stmt::Set(var, _) = stmt {
            vars.insert(*var);
        }
        stmt.blocks().into_iter().for_each(|inner| vars.extend(set_in(inner)));
    }
    vars
}

/// What a block reads before it sets it, and what it has set when control reaches its end.
#[derive(Clone, Default)]
struct Summary {
    reads: Vars,
    sets: Vars,
}

impl Summary {
    fn then(mut self, next: Summary) -> Summary {
        self.reads.extend(next.reads.difference(&self.sets));
        self.sets.extend(next.sets);
        self
    }
}

fn jumps(block: &[Stmt]) -> bool {
    let mut found = false;
    for stmt in block {
        found |= matches!(stmt, Stmt::Break(_) | Stmt::Continue(_));
        stmt.blocks().into_iter().for_each(|inner| {
            walk(inner, &mut |stmt| found |= matches!(stmt, Stmt::Break(_) | Stmt::Continue(_)))
        });
    }
    found
}
