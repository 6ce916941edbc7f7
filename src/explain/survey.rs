//! The loops of an optimised program, each with its place in the source: what is left to explain.
//!
//! Of several versions of a loop the one counts that runs when all is well: not the slow one that `bounds` keeps for faults, nor the one
//! for operands that are stretched. A function that is inlined twice has its loops twice, and both count.

use super::work::{Work, data_of, work};
use crate::base::{SourceId, Span};
use crate::loops::{Block, For, Function, Mode, Module, Op, Role, Stmt, Store, Value, visit};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What the program has at one place of the source.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Loops that begin earlier have lower numbers.
    pub order: usize,
    /// Of each copy: where a function is inlined several times, and they differ.
    pub work: Vec<Work>,
    /// Whether there are loops with another place inside.
    pub outer: bool,
    /// Whether all copies are inside a loop that may run in parallel.
    pub inline: bool,
    pub parallel: bool,
    /// Whether it has a loop that a function of the library writes out.
    pub library: bool,
    /// Arrays that each iteration makes.
    pub makes: usize,
    /// The places of loops around.
    pub within: BTreeSet<Span>,
    /// Names of arrays whose neighbours along the last axis may lie apart.
    pub apart: BTreeSet<String>,
    /// Functions that each iteration calls.
    pub calls: Vec<String>,
}

/// The loops of all kernel functions, by place.
///
/// `written`: the places of the loops of the source.
pub fn survey(module: &Module, versions: &Versions, written: &HashSet<Span>) -> BTreeMap<Span, Found> {
    let mut found = BTreeMap::new();
    for (func, function) in &module.functions {
        match function.role {
            Role::Kernel { .. } => {}
            Role::Body { .. } | Role::Product => continue,
        }
        let versions = versions.by_function.get(func.as_u32() as usize);
        let data = data_of(function);
        let constants = constants(function);
        let (found, around) = (&mut found, vec![]);
        let mut surveyor = Surveyor { module, function, versions, data, constants, found, written, around };
        surveyor.block(&function.body);
    }
    found
}

fn constants(function: &Function) -> HashSet<Value> {
    let mut constants = HashSet::new();
    visit::walk(&function.body, &mut |stmt| {
        if let Stmt::Let(value, Op::Const(_)) = stmt {
            constants.insert(*value);
        }
    });
    constants
}

/// Loops that passes made as versions of others: slow ones, and ones that do several iterations at once.
#[derive(Default)]
pub struct Versions {
    by_function: Vec<HashSet<Value>>,
    /// All loops that there were after the last pass.
    known: Vec<HashSet<Value>>,
}

/// The passes that make versions.
const MAKERS: [&str; 4] = ["bounds", "interchange", "tile", "jam"];

impl Versions {
    /// To be called after each pass.
    pub fn observe(&mut self, pass: &str, module: &Module) {
        let now: Vec<HashSet<Value>> = module.functions.values().map(indices).collect();
        self.by_function.resize(now.len(), HashSet::new());
        self.known.resize(now.len(), HashSet::new());
        if MAKERS.contains(&pass) {
            for ((versions, now), known) in self.by_function.iter_mut().zip(&now).zip(&self.known) {
                versions.extend(now.difference(known));
            }
        }
        self.known = now;
    }
}

fn indices(function: &Function) -> HashSet<Value> {
    let mut indices = HashSet::new();
    visit::walk(&function.body, &mut |stmt| {
        if let Stmt::For(loop_) = stmt {
            indices.insert(loop_.index);
        }
    });
    indices
}

/// All places of loops, array operations included.
pub fn places(module: &Module) -> HashSet<Span> {
    let mut places = HashSet::new();
    for function in module.functions.values() {
        visit::walk(&function.body, &mut |stmt| places.extend(place(stmt)));
    }
    places
}

fn place(stmt: &Stmt) -> Option<Span> {
    match stmt {
        Stmt::For(loop_) => Some(loop_.span),
        Stmt::Nest(nest) => Some(nest.span),
        Stmt::While(loop_) => Some(loop_.span),
        _ => None,
    }
}

struct Surveyor<'a> {
    module: &'a Module,
    function: &'a Function,
    versions: Option<&'a HashSet<Value>>,
    data: HashSet<Value>,
    constants: HashSet<Value>,
    found: &'a mut BTreeMap<Span, Found>,
    /// Places of the loops of the source.
    written: &'a HashSet<Span>,
    /// The loops around, outermost first.
    around: Vec<Around>,
}

impl Surveyor<'_> {
    fn block(&mut self, block: &Block) {
        for stmt in block {
            match stmt {
                Stmt::For(loop_) if self.is_version_of_another(loop_) => {}
                Stmt::For(loop_) => {
                    let parallel = matches!(loop_.mode, Mode::Parallel { .. });
                    let written = !loop_.name.is_empty();
                    self.loop_(Loop { span: loop_.span, parallel, written, blocks: &[&loop_.body] });
                }
                Stmt::While(loop_) => {
                    let blocks = &[&loop_.header, &loop_.body];
                    self.loop_(Loop { span: loop_.span, parallel: false, written: true, blocks });
                }
                Stmt::If(branch) => {
                    self.block(&branch.then);
                    let mut known = HashSet::new();
                    branch.then.iter().for_each(|stmt| add_places(stmt, &mut known));
                    self.otherwise(&branch.otherwise, &known);
                }
                Stmt::Alloc { .. } => self.inner(|found| found.makes += 1),
                Stmt::Call(call) => {
                    let name = self.module.functions[call.func].name.clone();
                    self.inner(|found| {
                        if !found.calls.contains(&name) {
                            found.calls.push(name.clone());
                        }
                    });
                }
                _ => stmt.blocks().into_iter().for_each(|inner| self.block(inner)),
            }
        }
    }

    /// Array operations that the other branch has too are versions of those.
    fn otherwise(&mut self, block: &Block, known: &HashSet<Span>) {
        let is_version = |stmt: &Stmt| match stmt {
            Stmt::For(loop_) => loop_.name.is_empty() && known.contains(&loop_.span),
            _ => false,
        };
        if !block.iter().any(is_version) {
            self.block(block);
        }
    }

    fn is_version_of_another(&self, loop_: &For) -> bool {
        self.versions.is_some_and(|versions| versions.contains(&loop_.index))
    }

    /// The innermost loop that has a place.
    fn inner(&mut self, f: impl FnOnce(&mut Found)) {
        if let Some(around) = self.around.iter().rev().find(|around| around.is_known) {
            f(self.found.entry(around.span).or_default());
        }
    }

    fn loop_(&mut self, Loop { span, parallel, written, blocks }: Loop) {
        // What the compiler adds of its own has no place.
        let is_known = span != Span::default() && span.source == SourceId::USER;
        let inline = self.around.iter().any(|around| around.parallel);
        let again = self.around.iter().any(|around| around.is_known && around.span == span);
        let library = written && is_known && !self.written.contains(&span);
        for around in self.around.iter_mut().filter(|around| around.is_known) {
            if around.span != span || library {
                self.found.entry(around.span).or_default().outer = true;
            } else {
                around.refined = true;
            }
        }
        if is_known {
            let (first, count) = (!self.found.contains_key(&span), self.found.len());
            let found = self.found.entry(span).or_default();
            if first {
                found.order = count;
            }
            let around = self.around.iter().filter(|around| around.is_known && around.span != span);
            found.within.extend(around.map(|around| around.span));
            found.parallel |= parallel;
            found.library |= library;
            if !again {
                found.inline = inline && (first || found.inline);
            }
        }
        self.around.push(Around { span, parallel, is_known, refined: again && library });
        blocks.iter().for_each(|block| self.block(block));
        let around = self.around.pop().expect("pushed");
        // A nest of loops does what its innermost loop does.
        if is_known && !around.refined {
            let work = work(self.function, &self.data, blocks);
            let apart = self.apart(blocks);
            let found = self.found.entry(span).or_default();
            found.apart.extend(apart);
            if library {
                found.work.truncate(1);
                found.work.retain(|known| known.size() >= work.size());
            }
            if !found.work.contains(&work) && (!library || found.work.is_empty()) {
                found.work.push(work);
            }
        }
    }
}

/// A loop of the program.
struct Loop<'a> {
    span: Span,
    parallel: bool,
    /// By somebody, rather than made for an array operation.
    written: bool,
    blocks: &'a [&'a Block],
}

impl Surveyor<'_> {
    /// Arrays that the blocks access, unless they have unit stride in the last axis for certain.
    fn apart(&self, blocks: &[&Block]) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for block in blocks {
            visit::walk(block, &mut |stmt| {
                let (Stmt::Let(_, Op::Load { array, .. }) | Stmt::Store(Store { array, .. })) = stmt else {
                    return;
                };
                let data = &self.function.arrays[*array];
                let unit = data.strides.last().is_none_or(|stride| self.is_constant(*stride));
                if !unit && !data.name.is_empty() {
                    names.insert(data.name.clone());
                }
            });
        }
        names
    }

    fn is_constant(&self, value: Value) -> bool {
        self.constants.contains(&value)
    }
}

/// A loop around the current statement.
struct Around {
    span: Span,
    parallel: bool,
    is_known: bool,
    /// Whether a loop with the same place is inside.
    refined: bool,
}

fn add_places(stmt: &Stmt, places: &mut HashSet<Span>) {
    places.extend(place(stmt));
    stmt.blocks().into_iter().flatten().for_each(|inner| add_places(inner, places));
}
