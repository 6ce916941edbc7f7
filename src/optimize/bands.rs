//! Bands: serial loops around each other that may change places, in whatever order.
//!
//! ```text
//! for i in 0..n {                            front: h = m - 1
//!     h = m - 1                              loops: i in 0..n, j in 0..h, k in 0..p
//!     for j in 0..h {                        first: store c[i, j], 0.0
//!         set s, 0.0                         body:  store c[i, j], load c[i, j] + load a[i, k] * load b[k, j]
//!         for k in 0..p {              →
//!             set s, get s + load a[i, k] * load b[k, j]
//!         }
//!         store c[i, j], get s
//! ```
//!
//! What is computed between the loops moves into the body, or in front of all of them if it never changes. Statements in front of the
//! innermost loop that store, [`Band::first`], are a nest of their own over the loops around them. A variable that ends as an element of
//! an array which nothing else here may touch is that element from the beginning.
//!
//! [`independent_loops`] says which loops of a band have iterations that touch different elements, whatever the others have. Then only
//! iterations with the same numbers in all of those meet, and the others decide their order: every order that keeps the others among
//! themselves as they were gives the same result.
//!
//! Conservative: nothing but operations, stores and branches in the body, no variables but those; bounds that do not depend on loops
//! of the band.

use super::carried::read_after;
use super::exchange::{is_simple, without_body};
use super::has_loop;
use crate::loops::depend::independent;
use crate::loops::facts::Facts;
use crate::loops::visit::walk;
use crate::loops::{AliasClass, Array, Block, For, Function, Mode, Op, Renaming, Stmt, Store, Value, Var};
use std::collections::{HashMap, HashSet};

#[derive(Clone)]
pub struct Band {
    /// As it was.
    pub original: Box<For>,
    /// What none of its loops change.
    pub front: Block,
    /// Without their bodies, from the outermost inwards.
    pub loops: Vec<For>,
    /// What iterations of all loops but the innermost begin with, if that stores anything.
    pub first: Block,
    pub body: Block,
}

impl Band {
    /// The loops in another order around the body, and those that `first` belongs to around that: the ones in front of the innermost of the
    /// source stay around both.
    pub fn ordered(&self, function: &mut Function, order: &[usize]) -> Block {
        let last = self.loops.len() - 1;
        if self.first.is_empty() {
            return self.nest(order, self.body.clone());
        }
        let shared = order.iter().position(|&at| at == last).expect("a permutation");
        let own: Vec<usize> = order[shared..].iter().copied().filter(|&at| at != last).collect();
        let mut blocks = Renaming::default().copy(function, &self.nest(&own, self.first.clone()));
        blocks.extend(self.nest(&order[shared..], self.body.clone()));
        self.nest(&order[..shared], blocks)
    }

    /// These loops around a block.
    fn nest(&self, order: &[usize], block: Block) -> Block {
        order
            .iter()
            .rev()
            .fold(block, |body, &at| vec![Stmt::For(Box::new(For { body, ..self.loops[at].clone() }))])
    }

    /// One of the loops inside the first `fixed` and around all others.
    fn outwards(&self, at: usize, fixed: usize) -> Block {
        let last = self.loops.len() - 1;
        let others = |at| (fixed..last).filter(move |&other| other != at);
        let order: Vec<usize> = (0..fixed).chain([at]).chain(others(at)).collect();
        let inner = if at == last { self.body.clone() } else { self.nest(&[last], self.body.clone()) };
        self.nest(&order, [self.first.clone(), inner].concat())
    }
}

/// Finds bands and replaces them by what `rewrite` makes of them, if it makes anything.
pub fn replace_bands(
    function: &mut Function,
    block: &mut Block,
    rewrite: &mut dyn FnMut(&mut Function, &For) -> Option<Block>,
) {
    let mut out = Vec::with_capacity(block.len());
    for mut stmt in std::mem::take(block) {
        if let Stmt::For(loop_) = &stmt
            && let Some(new) = rewrite(function, loop_)
        {
            out.extend(new);
            continue;
        }
        stmt.blocks_mut().into_iter().for_each(|inner| replace_bands(function, inner, rewrite));
        out.push(stmt);
    }
    *block = out;
}

/// The band that begins with a loop.
pub fn band(function: &Function, outermost: &For) -> Option<Band> {
    Finder { function, is_wanted: &mut |_| true, found: vec![] }.band(outermost)
}

/// The bands of a function for which `is_wanted` holds; none inside another.
pub fn bands(function: &Function, is_wanted: &mut dyn FnMut(&Band) -> bool) -> Vec<Band> {
    let mut finder = Finder { function, is_wanted, found: vec![] };
    finder.block(&function.body);
    finder.found
}

struct Finder<'a> {
    function: &'a Function,
    is_wanted: &'a mut dyn FnMut(&Band) -> bool,
    found: Vec<Band>,
}

impl Finder<'_> {
    fn block(&mut self, block: &Block) {
        for stmt in block {
            if let Stmt::For(loop_) = stmt
                && let Some(band) = self.band(loop_)
                && (self.is_wanted)(&band)
            {
                self.found.push(band);
                continue;
            }
            stmt.blocks().into_iter().for_each(|inner| self.block(inner));
        }
    }

    fn band(&mut self, outermost: &For) -> Option<Band> {
        let (mut parts, mut at) = (Parts::default(), outermost);
        parts.enter(at)?;
        while let Some((before, inner, after)) = around_loop(&at.body) {
            parts.enter(inner)?;
            if after.is_empty() && !before.iter().any(|stmt| matches!(stmt, Stmt::Set(..))) {
                parts.between(before)?;
                at = inner;
                continue;
            }
            let (before, body) = self.elements(at.index, before, &inner.body, after)?;
            parts.between(&before)?;
            return parts.band(self.function, outermost, &body);
        }
        if parts.loops.len() < 2 { None } else { parts.band(self.function, outermost, &at.body) }
    }

    /// Makes elements of variables that end as such: what stands in front of the innermost loop, and its body. `around` is the index of
    /// the loop around.
    fn elements(
        &self,
        around: Value,
        before: &[Stmt],
        body: &Block,
        after: &[Stmt],
    ) -> Option<(Block, Block)> {
        let ends = self.ends(around, before, body, after)?;
        let (sets, mut first): (Block, Block) =
            before.iter().cloned().partition(|stmt| matches!(stmt, Stmt::Set(..)));
        first.extend(ends.indices);
        first.extend(sets);
        let mut body = body.clone();
        in_elements(&mut first, &ends.elements)?;
        in_elements(&mut body, &ends.elements)?;
        Some((first, body))
    }

    fn ends(&self, around: Value, before: &[Stmt], body: &Block, after: &[Stmt]) -> Option<Ends> {
        let ends = Ends::of(after)?;
        if before.iter().any(|stmt| matches!(stmt, Stmt::Let(_, Op::Get(_)))) {
            return None;
        }
        let arrays = &self.function.arrays;
        let mut classes: Vec<AliasClass> = vec![];
        let mut touch = |stmt: &Stmt| stmt.for_each_array(|array| classes.push(arrays[array].class));
        before.iter().for_each(&mut touch);
        walk(body, &mut touch);
        let fits = ends.elements.iter().all(|(var, end)| {
            let array = &arrays[end.array];
            let sets = before.iter().filter(|stmt| matches!(stmt, Stmt::Set(other, _) if other == var));
            let is_alone = !classes.contains(&array.class);
            classes.push(array.class);
            is_alone && array.dtype == self.function.vars[*var].dtype && sets.count() == 1
        });
        let read = || read_after(&self.function.body, around);
        (fits && ends.elements.keys().all(|var| !read().contains(var))).then_some(ends)
    }
}

/// What follows an innermost loop, if it is only that variables become elements.
struct Ends {
    elements: HashMap<Var, Store>,
    /// Operations that compute where.
    indices: Block,
}

impl Ends {
    fn of(after: &[Stmt]) -> Option<Ends> {
        let mut ends = Ends { elements: HashMap::new(), indices: vec![] };
        let mut read: HashMap<Value, Var> = HashMap::new();
        for stmt in after {
            match stmt {
                Stmt::Let(value, Op::Get(var)) => {
                    read.insert(*value, *var);
                }
                Stmt::Let(_, op) if op.is_pure() => {
                    let mut reads = false;
                    op.for_each_operand(|operand| reads |= read.contains_key(&operand));
                    if reads {
                        return None;
                    }
                    ends.indices.push(stmt.clone());
                }
                Stmt::Store(store) => {
                    if store.indices.iter().any(|index| read.contains_key(index))
                        || ends.elements.insert(*read.get(&store.value)?, store.clone()).is_some()
                    {
                        return None;
                    }
                }
                _ => return None,
            }
        }
        (!ends.elements.is_empty()).then_some(ends)
    }
}

/// Loads and stores in place of variables; None where there are others.
fn in_elements(block: &mut Block, elements: &HashMap<Var, Store>) -> Option<()> {
    for stmt in block {
        match stmt {
            Stmt::Let(_, op) => {
                if let Op::Get(var) = op {
                    let Store { array, indices, .. } = elements.get(var)?;
                    *op = Op::Load { array: *array, indices: indices.clone() };
                }
            }
            Stmt::Set(var, value) => {
                *stmt = Stmt::Store(Store { value: *value, ..elements.get(var)?.clone() })
            }
            other => {
                for inner in other.blocks_mut() {
                    in_elements(inner, elements)?;
                }
            }
        }
    }
    Some(())
}

/// A band as it is read from the outermost loop inwards.
#[derive(Default)]
struct Parts {
    front: Block,
    loops: Vec<For>,
    between: Block,
    /// What the loops change.
    varying: HashSet<Value>,
    /// How many loops are around stores between them.
    stores: Option<usize>,
}

impl Parts {
    fn enter(&mut self, loop_: &For) -> Option<()> {
        let is_plain =
            loop_.mode == Mode::Serial && loop_.reductions.is_empty() && loop_.accumulators.is_empty();
        if !is_plain {
            return None;
        }
        self.loops.push(without_body(loop_));
        Some(())
    }

    /// What stands in front of the loop entered last.
    fn between(&mut self, before: &[Stmt]) -> Option<()> {
        let around = self.loops.len() - 1;
        self.varying.insert(self.loops[around - 1].index);
        for stmt in before {
            match stmt {
                Stmt::Let(value, op) => self.operation(*value, op, stmt)?,
                Stmt::Store(_) => {
                    self.stores = Some(around);
                    self.between.push(stmt.clone());
                }
                _ => return None,
            }
        }
        Some(())
    }

    fn operation(&mut self, value: Value, op: &Op, stmt: &Stmt) -> Option<()> {
        let mut varies = !op.is_pure();
        op.for_each_operand(|operand| varies |= self.varying.contains(&operand));
        match op {
            Op::Get(_) => return None,
            _ if !varies => self.front.push(stmt.clone()),
            _ => {
                self.varying.insert(value);
                self.between.push(stmt.clone());
            }
        }
        Some(())
    }

    fn band(self, function: &Function, original: &For, inside: &Block) -> Option<Band> {
        let Parts { front, loops, between, varying, stores } = self;
        let is_rectangular =
            loops.iter().all(|loop_| !varying.contains(&loop_.lo) && !varying.contains(&loop_.hi));
        if !is_rectangular || !is_straight(inside) || stores.is_some_and(|around| around + 1 != loops.len()) {
            return None;
        }
        let mut body = needed(&between, inside);
        if loads(&body).any(|array| is_stored_to(function, array, [inside, &between])) {
            return None;
        }
        body.extend(inside.iter().cloned());
        let first = if stores.is_some() { between } else { vec![] };
        Some(Band { original: Box::new(original.clone()), front, loops, first, body })
    }
}

/// The loop in a block that has one and only operations, stores and variables around it.
fn around_loop(block: &Block) -> Option<(&[Stmt], &For, &[Stmt])> {
    let at = block.iter().position(|stmt| matches!(stmt, Stmt::For(_)))?;
    let Stmt::For(inner) = &block[at] else { return None };
    Some((&block[..at], inner, &block[at + 1..]))
}

/// Whether a body does nothing but touch memory, without loops.
fn is_straight(block: &Block) -> bool {
    is_simple(block) && !has_loop(block)
}

/// The operations that the body uses, directly or not.
pub fn needed(between: &Block, body: &Block) -> Block {
    let mut used = HashSet::new();
    walk(body, &mut |stmt| {
        stmt.for_each_operand(|value| {
            used.insert(value);
        });
    });
    let mut kept = vec![];
    for stmt in between.iter().rev() {
        if let Stmt::Let(value, op) = stmt
            && used.contains(value)
        {
            op.for_each_operand(|operand| {
                used.insert(operand);
            });
            kept.push(stmt.clone());
        }
    }
    kept.reverse();
    kept
}

pub fn loads(block: &Block) -> impl Iterator<Item = Array> {
    block.iter().filter_map(|stmt| match stmt {
        Stmt::Let(_, Op::Load { array, .. }) => Some(*array),
        _ => None,
    })
}

pub fn is_stored_to(function: &Function, array: Array, blocks: [&Block; 2]) -> bool {
    let mut stores = false;
    for block in blocks {
        walk(block, &mut |stmt| {
            if let Stmt::Store(store) = stmt {
                stores |= function.arrays[store.array].class == function.arrays[array].class;
            }
        });
    }
    stores
}

/// Of each band, by the index of its outermost loop and how many of its loops stay where they are: which loops inside those are
/// independent, in their order.
pub type Independent = HashMap<(Value, usize), Vec<bool>>;

/// Asks once for all bands of a function: in a copy of it, each loop in turn stands around the others.
///
/// A loop in front of which `first` stands is not asked for: it counts as dependent.
pub fn independent_loops(function: &Function, bands: &[Band]) -> Independent {
    let mut trial = function.clone();
    // In the copy, the indices of loops that stand outside.
    let mut asked: HashMap<(Value, usize), Vec<Option<Value>>> = HashMap::new();
    let mut body = std::mem::take(&mut trial.body);
    replace_bands(&mut trial, &mut body, &mut |trial, loop_| {
        let band = bands.iter().find(|band| band.original.index == loop_.index)?;
        let mut out = band.front.clone();
        for fixed in 0..band.loops.len() - 1 {
            let indices = (fixed..band.loops.len()).map(|at| question(trial, band, at, fixed, &mut out));
            asked.insert((loop_.index, fixed), indices.collect());
        }
        Some(out)
    });
    trial.body = body;
    let facts = Facts::new(&trial);
    let answer = |index: Option<Value>| index.is_some_and(|index| independent(&facts, index));
    asked.into_iter().map(|(key, indices)| (key, indices.into_iter().map(answer).collect())).collect()
}

/// Appends a nest in which the loop is outside; its index there.
fn question(trial: &mut Function, band: &Band, at: usize, fixed: usize, out: &mut Block) -> Option<Value> {
    if at + 1 == band.loops.len() && !band.first.is_empty() {
        return None;
    }
    let mut renaming = Renaming::default();
    out.extend(renaming.copy(trial, &band.outwards(at, fixed)));
    renaming.values.get(&band.loops[at].index).copied()
}
