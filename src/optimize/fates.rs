//! What became of each bounds check, for the remarks of [`super::bounds`].
//!
//! A check is one place in the source: where a function is inlined twice, or a loop has two versions, what the source has once counts
//! once, and the worst of it counts. The slow versions do not: they run only where a fault is near.

use super::{Event, Kept, Remark};
use crate::base::{Binary, FaultKind, FaultSite, Span};
use crate::loops::{Block, Check, Condition, Op, Site, Stmt, Value, Var, VarData};
use cranelift_entity::PrimaryMap;
use std::collections::{BTreeMap, HashMap, HashSet};

#[derive(Default)]
pub struct Fates {
    /// The innermost loop around each bounds check, as it was before the pass.
    homes: HashMap<Site, Span>,
    fates: HashMap<Site, Fate>,
    /// Indices of the outermost loops of slow versions.
    slow: HashSet<Value>,
}

/// The worst one last.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Removed,
    Hoisted,
    Kept(String),
}

impl Fates {
    pub fn of(body: &Block) -> Fates {
        let mut fates = Fates::default();
        fates.find(body, None);
        fates
    }

    fn find(&mut self, block: &Block, home: Option<Span>) {
        for stmt in block {
            let inside = match stmt {
                Stmt::For(loop_) => Some(loop_.span),
                Stmt::While(loop_) => Some(loop_.span),
                Stmt::Check(Check { condition: Condition::Bounds { .. }, site, .. }) => {
                    self.homes.extend(home.map(|home| (*site, home)));
                    continue;
                }
                _ => home,
            };
            stmt.blocks().into_iter().for_each(|inner| self.find(inner, inside));
        }
    }

    pub fn removed(&mut self, site: Site) {
        self.fates.entry(site).or_insert(Fate::Removed);
    }

    pub fn hoisted(&mut self, site: Site) {
        self.fates.insert(site, Fate::Hoisted);
    }

    /// What is in this block runs only if a test in front of the loop fails.
    pub fn slow(&mut self, block: &Block) {
        self.slow.extend(block.iter().filter_map(|stmt| match stmt {
            Stmt::For(loop_) => Some(loop_.index),
            _ => None,
        }));
    }

    /// One remark for each loop that had checks; `body` is what the pass made.
    pub fn report(
        &mut self,
        body: &Block,
        vars: &PrimaryMap<Var, VarData>,
        sites: &PrimaryMap<Site, FaultSite>,
    ) -> Vec<Remark> {
        let mut kept = vec![];
        self.find_kept(body, false, &mut kept);
        let reasons = Reasons::of(if kept.is_empty() { &[] } else { body }, vars);
        let kept =
            kept.into_iter().map(|(site, index, waits)| (site, Fate::Kept(reasons.reason(index, waits))));
        self.fates.extend(kept);
        let mut loops: BTreeMap<Span, BTreeMap<(Span, u8), Fate>> = BTreeMap::new();
        for (site, fate) in &self.fates {
            let Some(home) = self.homes.get(site) else { continue };
            let access = (sites[*site].span, axis(&sites[*site].kind));
            let worst = loops.entry(*home).or_default().entry(access).or_insert_with(|| fate.clone());
            *worst = worst.clone().max(fate.clone());
        }
        loops.into_iter().map(|(span, fates)| remark(span, &fates)).collect()
    }

    /// Checks in the versions that run when all is well, their indices, and whether the loop around is a `while`.
    fn find_kept(&self, block: &Block, waits: bool, kept: &mut Vec<(Site, Value, bool)>) {
        for stmt in block {
            let mut inside = waits;
            match stmt {
                Stmt::For(loop_) if self.slow.contains(&loop_.index) => continue,
                Stmt::For(_) => inside = false,
                Stmt::While(_) => inside = true,
                Stmt::Check(Check { condition: Condition::Bounds { index, .. }, site, .. }) => {
                    kept.push((*site, *index, waits));
                }
                _ => {}
            }
            stmt.blocks().into_iter().for_each(|inner| self.find_kept(inner, inside, kept));
        }
    }
}

fn axis(kind: &FaultKind) -> u8 {
    match kind {
        FaultKind::IndexOutOfRange { axis } => *axis,
        _ => 0,
    }
}

fn remark(span: Span, fates: &BTreeMap<(Span, u8), Fate>) -> Remark {
    let (mut removed, mut hoisted, mut kept) = (0, 0, vec![]);
    for ((span, _), fate) in fates {
        match fate {
            Fate::Removed => removed += 1,
            Fate::Hoisted => hoisted += 1,
            Fate::Kept(reason) => kept.push(Kept { span: *span, reason: reason.clone() }),
        }
    }
    Remark { pass: "bounds", span, event: Event::Checks { removed, hoisted, kept } }
}

/// How deep the computation of an index is looked into.
const DEPTH: u32 = 12;

/// Why checks stay.
struct Reasons<'a> {
    definitions: HashMap<Value, &'a Op>,
    vars: &'a PrimaryMap<Var, VarData>,
}

/// What an index is computed from.
#[derive(Default)]
struct Found {
    load: bool,
    variable: Option<Var>,
    opaque: bool,
}

impl Reasons<'_> {
    fn of<'a>(body: &'a [Stmt], vars: &'a PrimaryMap<Var, VarData>) -> Reasons<'a> {
        let mut definitions = HashMap::new();
        for stmt in body {
            collect(stmt, &mut definitions);
        }
        Reasons { definitions, vars }
    }

    /// `waits`: whether the loop around is a `while`.
    fn reason(&self, index: Value, waits: bool) -> String {
        let mut found = Found::default();
        self.look(index, DEPTH, &mut found);
        if found.load {
            return "the index is data".to_string();
        }
        if let Some(var) = found.variable {
            let name = &self.vars[var].name;
            let name = if name.is_empty() { "a variable".to_string() } else { format!("`{name}`") };
            return format!("the index depends on {name}, which changes");
        }
        let why = match (found.opaque, waits) {
            (true, _) => "the index is computed by more than sums and products",
            (false, true) => "nothing is tested in front of a `while`",
            (false, false) => "the range of the index is not known before the loop",
        };
        why.to_string()
    }

    fn look(&self, value: Value, depth: u32, found: &mut Found) {
        let (Some(op), Some(depth)) = (self.definitions.get(&value), depth.checked_sub(1)) else { return };
        match op {
            Op::Load { .. } => return found.load = true,
            Op::Get(var) => found.variable = Some(*var),
            Op::Binary(Binary::Add | Binary::Sub | Binary::Mul, ..) | Op::Wrap { .. } | Op::Const(_) => {}
            Op::Binary(..)
            | Op::Unary(..)
            | Op::Compare(..)
            | Op::Cast(_)
            | Op::Select { .. }
            | Op::Fma(..)
            | Op::Disjoint(..)
            | Op::Any(_) => found.opaque = true,
        }
        op.for_each_operand(|operand| self.look(operand, depth, found));
    }
}

fn collect<'a>(stmt: &'a Stmt, definitions: &mut HashMap<Value, &'a Op>) {
    if let Stmt::Let(value, op) = stmt {
        definitions.insert(*value, op);
    }
    stmt.blocks().into_iter().flatten().for_each(|inner| collect(inner, definitions));
}
