//! One function being lowered: the function itself, or a call being inlined.

use super::scan::Scan;
use super::storage::Storage;
use crate::base::Span;
use crate::hir;
use crate::loops::{Label, Value, Var};
use cranelift_entity::SecondaryMap;

pub(super) struct Frame<'a> {
    pub function: &'a hir::Function,
    pub scan: Scan,
    /// Where each local lives; None until first needed.
    pub storage: SecondaryMap<hir::Local, Option<Storage>>,
    /// Loop variables inside their loops: the counter itself, which analyses understand.
    pub counters: SecondaryMap<hir::Local, Option<Value>>,
    /// Whether a local is bound, for those that need to know.
    pub flags: SecondaryMap<hir::Local, Option<Var>>,
    pub loops: Vec<LoopFrame>,
    pub labels: Vec<ScopeFrame>,
    /// Named variables of the loops around, outermost first, with their values.
    pub loop_variables: Vec<(String, Value)>,
    /// Owners held by open blocks, innermost last.
    pub scopes: Vec<Vec<Held>>,
    /// Number of the next block that is entered, as [`Scan`] counts them.
    pub next_block: u32,
    pub exit: Exit,
    /// Where the call that is being inlined stands in the user's source.
    pub called: Span,
}

/// A count that a block holds until the local that names it is mentioned no more.
#[derive(Clone, Copy)]
pub(super) struct Held {
    pub local: hir::Local,
    pub owner: Value,
}

#[derive(Clone)]
pub(super) struct LoopFrame {
    pub label: Label,
    /// How many scopes were open outside the loop.
    pub scopes: usize,
    /// Variables that belong to one iteration of a parallel loop.
    pub private: Vec<hir::Local>,
    /// What the loop reduces.
    pub reductions: Vec<hir::Local>,
}

/// A scope that statements inside can leave.
#[derive(Clone, Copy)]
pub(super) struct ScopeFrame {
    pub source: hir::Label,
    pub label: Label,
    /// How many blocks were open outside.
    pub scopes: usize,
}

/// What `return` does.
pub(super) enum Exit {
    /// Leaves the compiled function.
    Return,
    /// Stores the result and leaves the scope of an inlined call.
    Inline { label: Label, result: Option<Storage> },
}

impl<'a> Frame<'a> {
    pub fn new(function: &'a hir::Function) -> Frame<'a> {
        Frame {
            function,
            scan: Scan::new(function),
            storage: SecondaryMap::new(),
            counters: SecondaryMap::new(),
            flags: SecondaryMap::new(),
            loops: vec![],
            labels: vec![],
            loop_variables: vec![],
            scopes: vec![],
            next_block: 0,
            exit: Exit::Return,
            called: Span::default(),
        }
    }
}
