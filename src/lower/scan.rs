//! Facts about a typed function that lowering wants beforehand: how often and where locals are assigned and mentioned.

use crate::hir::{Block, Expr, ExprKind, For, Function, Local, Stmt, StmtKind};
use cranelift_entity::SecondaryMap;

/// Where a block is, as a number: blocks are numbered in the order in which [`Scan`] and lowering enter them.
pub type BlockId = u32;

/// What is known of one local.
#[derive(Clone, Copy, Default, Debug)]
pub struct LocalFacts {
    /// Assignments, joins into it and uses as a loop variable or reduction.
    pub writes: u32,
    /// The block of its only assignment by `Assign`, if that is its only write.
    pub home: Option<BlockId>,
    /// The statement of `home` after which nothing mentions it.
    pub last: u32,
    /// Mentioned before that assignment, or outside of `home` and the blocks in it.
    pub outside: bool,
    /// The statement of the function's outermost block after which nothing mentions it.
    pub last_outermost: u32,
    /// Needs to know at run time whether it is bound.
    pub flagged: bool,
    /// Mentions (reads) in total.
    pub reads: u32,
}

impl LocalFacts {
    /// Bound in one place, which comes before all that reads it in its block and the blocks there.
    pub fn is_bound_once(&self) -> bool {
        self.writes == 1 && self.home.is_some() && !self.flagged && !self.outside
    }
}

#[derive(Default)]
pub struct Scan {
    pub locals: SecondaryMap<Local, LocalFacts>,
    next: BlockId,
    /// Open blocks with the statement at hand.
    path: Vec<(BlockId, u32)>,
    joins: Vec<(Local, Local)>,
}

impl Scan {
    pub fn new(function: &Function) -> Scan {
        let mut scan = Scan::default();
        scan.block(function, &function.body);
        for (local, data) in function.locals.iter() {
            scan.locals[local].flagged = data.checked;
        }
        scan.spread_flags();
        scan
    }

    /// A flag of the target of a join needs one of its source.
    fn spread_flags(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for (to, from) in &self.joins {
                if self.locals[*to].flagged && !self.locals[*from].flagged {
                    self.locals[*from].flagged = true;
                    changed = true;
                }
            }
        }
    }

    fn block(&mut self, function: &Function, block: &Block) {
        self.path.push((self.next, 0));
        self.next += 1;
        for (k, stmt) in block.iter().enumerate() {
            self.path.last_mut().expect("pushed").1 = k as u32;
            self.stmt(function, stmt);
        }
        self.path.pop();
    }

    fn stmt(&mut self, function: &Function, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign { local, value } => {
                self.expr(function, *value);
                let home = self.path.last().map(|(block, _)| *block);
                let facts = &mut self.locals[*local];
                facts.writes += 1;
                facts.home = home.filter(|_| facts.writes == 1);
                self.mention(*local);
            }
            StmtKind::Store { array, indices, value } => {
                self.expr(function, *array);
                indices.iter().for_each(|index| self.expr(function, *index));
                self.expr(function, *value);
            }
            StmtKind::Update { target, value } => {
                self.expr(function, *target);
                self.expr(function, *value);
            }
            StmtKind::Join { to, from } => {
                self.write(*to);
                self.read(*from);
                self.joins.push((*to, *from));
            }
            StmtKind::Eval(value) => self.expr(function, *value),
            StmtKind::If { condition, then, otherwise } => {
                self.expr(function, *condition);
                self.block(function, then);
                self.block(function, otherwise);
            }
            StmtKind::While { condition, body } => {
                self.expr(function, *condition);
                self.block(function, body);
            }
            StmtKind::Scope { body, .. } => self.block(function, body),
            StmtKind::For(loop_) => self.for_loop(function, loop_),
            StmtKind::Return(value) => value.iter().for_each(|value| self.expr(function, *value)),
            StmtKind::Assert { condition, .. } => self.expr(function, *condition),
            StmtKind::Break | StmtKind::Continue | StmtKind::Leave(_) | StmtKind::Raise { .. } => {}
        }
    }

    fn for_loop(&mut self, function: &Function, loop_: &For) {
        for bound in [loop_.start, loop_.stop, loop_.step] {
            self.expr(function, bound);
        }
        self.write(loop_.index);
        for reduction in &loop_.reductions {
            self.write(reduction.local);
        }
        self.block(function, &loop_.body);
    }

    fn write(&mut self, local: Local) {
        let facts = &mut self.locals[local];
        facts.writes += 1;
        facts.home = None;
        self.mention(local);
    }

    fn read(&mut self, local: Local) {
        self.locals[local].reads += 1;
        self.mention(local);
    }

    fn mention(&mut self, local: Local) {
        let facts = &mut self.locals[local];
        if let Some((_, statement)) = self.path.first() {
            facts.last_outermost = *statement;
        }
        if let Some((_, statement)) = self.path.iter().find(|(block, _)| Some(*block) == facts.home) {
            facts.last = *statement;
        } else {
            facts.outside = true;
        }
    }

    fn expr(&mut self, function: &Function, expr: Expr) {
        let kind = &function.exprs[expr].kind;
        if let ExprKind::Local(local) | ExprKind::CheckedLocal(local) = kind {
            self.read(*local);
        }
        if let ExprKind::Let { local, .. } = kind {
            self.locals[*local].writes += 1;
        }
        kind.operands().into_iter().for_each(|operand| self.expr(function, operand));
    }
}

/// What a block does with one local: reads, and whether anything in it writes it.
pub struct InBlock {
    pub reads: u32,
    pub written: bool,
}

pub fn in_block(function: &Function, block: &Block, local: Local) -> InBlock {
    let mut scan = Scan::default();
    scan.block(function, block);
    InBlock { reads: scan.locals[local].reads, written: scan.locals[local].writes > 0 }
}

/// Every local that a block writes.
pub fn written(function: &Function, block: &Block) -> Vec<Local> {
    let mut scan = Scan::default();
    scan.block(function, block);
    function.locals.keys().filter(|local| scan.locals[*local].writes > 0).collect()
}
