//! Loops that may change places: the half that `columns` and `jam` share.
//!
//! ```text
//! for i in 0..m {                       for j in 0..n {
//!     for j in 0..n {                       for i in 0..m {
//!         store t[j], t[j] + x[i, j]  ↔         store t[j], t[j] + x[i, j]
//! ```
//!
//! They may where iterations with different `j` touch different elements, whatever `i` each has. That is what
//! [`independent`] says of the loop over `j` in the new order. So all loops of interest are exchanged, the question is asked once for the whole
//! function, and what is refused is put back.
//!
//! Conservative: nothing but operations, stores, branches and loops in the body, no variables; bounds that do not depend
//! on the loops that change places.

use super::constants;
use crate::loops::depend::independent;
use crate::loops::facts::Facts;
use crate::loops::visit::walk;
use crate::loops::{Block, For, Function, Mode, Op, Stmt, Value};
use std::collections::{HashMap, HashSet};
use std::mem::take;

/// Serial loops with nothing but another loop inside.
pub struct Exchange {
    /// What it was, without the constants, which stand in front.
    pub original: Box<For>,
    constants: Block,
    /// The serial loops without their bodies, from the outermost inwards.
    pub serial: Vec<For>,
    /// The loop inside, without its body.
    pub inner: For,
    /// What all of them do.
    pub body: Block,
    /// What is computed between the loops, which moves into the innermost.
    pub varying: HashSet<Value>,
}

/// What to look for.
pub struct Search<'a> {
    /// The most serial loops around the inner one.
    pub depth: usize,
    /// Whether a loop is one to look for; constants of the function are known.
    pub is_inner: &'a dyn Fn(&For, &HashMap<Value, i64>) -> bool,
    /// Whether it is worth asking.
    pub is_wanted: &'a dyn Fn(&Exchange) -> bool,
}

/// Replaces the nests that `search` finds by what `rewrite` makes of those that may be exchanged.
pub fn exchange(
    function: &mut Function,
    search: &Search,
    rewrite: &mut dyn FnMut(&mut Function, Exchange) -> Block,
) {
    let mut body = take(&mut function.body);
    let mut finder = Finder { function, search, constants: constants(&body), found: HashMap::new() };
    finder.block(&mut body);
    let mut found = finder.found;
    function.body = body;
    if found.is_empty() {
        return;
    }
    let facts = Facts::new(function);
    let allowed: HashSet<Value> = found.keys().copied().filter(|&index| independent(&facts, index)).collect();
    let mut body = take(&mut function.body);
    replace(&mut body, &mut |index| {
        let exchange = found.remove(&index)?;
        Some(if allowed.contains(&index) {
            rewrite(function, exchange)
        } else {
            vec![Stmt::For(exchange.original)]
        })
    });
    function.body = body;
}

/// Exchanges loops; what they were is found by the index of the inner one.
struct Finder<'a> {
    function: &'a Function,
    search: &'a Search<'a>,
    constants: HashMap<Value, i64>,
    found: HashMap<Value, Exchange>,
}

impl Finder<'_> {
    fn block(&mut self, block: &mut Block) {
        for mut stmt in take(block) {
            if let Stmt::For(loop_) = &mut stmt
                && let Some(exchange) = self.exchange(loop_)
            {
                block.extend(exchange.constants.iter().cloned());
                **loop_ = exchange.exchanged();
                self.found.insert(loop_.index, exchange);
            } else {
                stmt.blocks_mut().into_iter().for_each(|inner| self.block(inner));
            }
            block.push(stmt);
        }
    }

    fn exchange(&self, loop_: &For) -> Option<Exchange> {
        let (mut serial, mut constants, mut body) = (vec![], vec![], vec![]);
        let mut varying = HashSet::new();
        let mut at = loop_;
        while serial.len() < self.search.depth && at.mode == Mode::Serial && at.reductions.is_empty() {
            varying.insert(at.index);
            serial.push(without_body(at));
            let (Stmt::For(inner), before) = at.body.split_last()? else { return None };
            for stmt in before {
                match stmt {
                    Stmt::Let(_, Op::Const(_)) => constants.push(stmt.clone()),
                    Stmt::Let(_, Op::Get(_)) => return None,
                    Stmt::Let(value, _) => {
                        varying.insert(*value);
                        body.push(stmt.clone());
                    }
                    _ => return None,
                }
            }
            at = inner;
            if varying.contains(&at.lo) || varying.contains(&at.hi) {
                return None;
            }
            let fits = (self.search.is_inner)(at, &self.constants) && at.reductions.is_empty();
            if fits && is_simple(&at.body) && !self.stores_to_loaded(&at.body, &body) {
                body.extend(at.body.iter().cloned());
                let (original, inner) = (Box::new(without_constants(loop_, serial.len())), without_body(at));
                let exchange = Exchange { original, constants, serial, inner, body, varying };
                return (self.search.is_wanted)(&exchange).then_some(exchange);
            }
        }
        None
    }
}

impl Finder<'_> {
    /// Whether the body stores to what has been loaded in front of its loop, so that those loads may not move into it.
    fn stores_to_loaded(&self, body: &Block, before: &Block) -> bool {
        let mut loaded = HashSet::new();
        for stmt in before {
            stmt.for_each_array(|array| {
                loaded.insert(self.function.arrays[array].class);
            });
        }
        let mut stores = false;
        walk(body, &mut |stmt| {
            if let Stmt::Store(store) = stmt {
                stores |= loaded.contains(&self.function.arrays[store.array].class);
            }
        });
        stores
    }
}

impl Exchange {
    /// The inner loop around the serial ones.
    pub fn exchanged(&self) -> For {
        For { body: self.around(self.body.clone()), ..self.inner.clone() }
    }

    /// The serial loops with this body.
    pub fn around(&self, body: Block) -> Block {
        let enclose = |body, serial: &For| vec![Stmt::For(Box::new(For { body, ..serial.clone() }))];
        self.serial.iter().rev().fold(body, enclose)
    }
}

/// Leaves out constants in front of the loop inside, so many levels deep.
fn without_constants(loop_: &For, levels: usize) -> For {
    let mut rest = loop_.clone();
    if levels > 0 {
        rest.body.retain(|stmt| !matches!(stmt, Stmt::Let(_, Op::Const(_))));
        if let Some(Stmt::For(inner)) = rest.body.last_mut() {
            **inner = without_constants(inner, levels - 1);
        }
    }
    rest
}

pub fn without_body(loop_: &For) -> For {
    For { body: vec![], ..loop_.clone() }
}

/// Whether iterations do nothing but touch memory.
pub fn is_simple(block: &Block) -> bool {
    block.iter().all(|stmt| match stmt {
        Stmt::Let(_, op) => !matches!(op, Op::Get(_)),
        Stmt::Store(_) => true,
        Stmt::If(branch) => is_simple(&branch.then) && is_simple(&branch.otherwise),
        Stmt::For(loop_) => loop_.reductions.is_empty() && is_simple(&loop_.body),
        Stmt::Set(..)
        | Stmt::Check(_)
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
        | Stmt::Poll => false,
    })
}

/// Puts statements in the place of loops, found by their index.
fn replace(block: &mut Block, with: &mut impl FnMut(Value) -> Option<Block>) {
    let mut out = Vec::with_capacity(block.len());
    for mut stmt in take(block) {
        if let Stmt::For(loop_) = &stmt
            && let Some(new) = with(loop_.index)
        {
            out.extend(new);
            continue;
        }
        stmt.blocks_mut().into_iter().for_each(|inner| replace(inner, with));
        out.push(stmt);
    }
    *block = out;
}
