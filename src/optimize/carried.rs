//! Which variables an iteration takes over from what ran before it.

use crate::loops::visit::walk;
use crate::loops::{Block, For, Op, Reduction, Stmt, Value, Var};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Variables that an iteration may read before it has set them itself.
pub fn carried_vars(loop_: &For) -> BTreeSet<Var> {
    let mut exposed = Exposed::default();
    exposed.set.extend(vars(&loop_.reductions));
    exposed.block(&loop_.body);
    exposed.read
}

/// Variables that the loop may read before it sets them: what it carries from step to step, and what it only reads.
pub fn read_first(loop_: &Stmt) -> BTreeSet<Var> {
    let mut exposed = Exposed::default();
    exposed.stmt(loop_);
    exposed.read
}

/// Variables that may be read after the loop with this index has run, before something sets them: by statements behind it, or by
/// those in front of it in a later iteration of a loop around it.
pub fn read_after(body: &Block, index: Value) -> BTreeSet<Var> {
    let mut read = BTreeSet::new();
    behind(body, index, &mut read);
    read
}

/// Whether the block contains the loop.
fn behind(block: &Block, index: Value, read: &mut BTreeSet<Var>) -> bool {
    for (k, stmt) in block.iter().enumerate() {
        let itself = matches!(stmt, Stmt::For(loop_) if loop_.index == index);
        if !itself && !stmt.blocks().into_iter().any(|inner| behind(inner, index, read)) {
            continue;
        }
        let mut exposed = Exposed::default();
        if !itself && matches!(stmt, Stmt::For(_) | Stmt::While(_)) {
            exposed.stmt(stmt);
        }
        let mut rest = Exposed::default();
        block[k + 1..].iter().for_each(|stmt| rest.stmt(stmt));
        read.extend(exposed.read);
        read.extend(rest.read);
        return true;
    }
    false
}

/// How often each variable is read.
pub fn gets(block: &Block) -> HashMap<Var, usize> {
    let mut gets = HashMap::new();
    walk(block, &mut |stmt| {
        if let Stmt::Let(_, Op::Get(var)) = stmt {
            *gets.entry(*var).or_default() += 1;
        }
    });
    gets
}

fn vars(reductions: &[Reduction]) -> impl Iterator<Item = Var> + '_ {
    reductions.iter().map(|reduction| reduction.var)
}

/// Walks in execution order; `set` holds what is set on every path so far.
#[derive(Default)]
struct Exposed {
    set: HashSet<Var>,
    read: BTreeSet<Var>,
}

impl Exposed {
    fn block(&mut self, block: &Block) {
        for stmt in block {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let(_, Op::Get(var)) => self.read(*var),
            Stmt::Set(var, _) => {
                self.set.insert(*var);
            }
            Stmt::If(branch) => {
                let before = self.set.clone();
                self.block(&branch.then);
                let then = std::mem::replace(&mut self.set, before);
                self.block(&branch.otherwise);
                self.set.retain(|var| then.contains(var));
            }
            Stmt::For(loop_) => {
                vars(&loop_.reductions).for_each(|var| self.read(var));
                self.maybe(&[&loop_.body], vars(&loop_.reductions));
            }
            Stmt::Nest(nest) => {
                vars(&nest.reductions).for_each(|var| self.read(var));
                self.maybe(&[&nest.body], vars(&nest.reductions));
            }
            Stmt::Run(run) => vars(&run.reductions).for_each(|var| self.read(var)),
            Stmt::While(loop_) => self.maybe(&[&loop_.header, &loop_.body], [].into_iter()),
            // A break may leave anywhere.
            Stmt::Scope { body, .. } => self.maybe(&[body], [].into_iter()),
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
            | Stmt::Fault { .. }
            | Stmt::Poll => {}
        }
    }

    fn read(&mut self, var: Var) {
        if !self.set.contains(&var) {
            self.read.insert(var);
        }
    }

    /// Blocks that may not run to their end; within them, `identities` are set.
    fn maybe(&mut self, blocks: &[&Block], identities: impl Iterator<Item = Var>) {
        let before = self.set.clone();
        self.set.extend(identities);
        blocks.iter().for_each(|block| self.block(block));
        self.set = before;
    }
}
