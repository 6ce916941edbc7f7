//! What became of each loop of a kernel: what was fused, vectorised, checked and parallelised, and why not.
//!
//! The passes of `optimize` say what they do in remarks; a survey of the optimised loops says what is left, and what an iteration moves and
//! computes. Here both are brought to the places of the source where a reader looks for them.
//!
//! A loop stands at its `for` or `while`, an array operation at its expression. Several array operations that became one loop stand at the
//! last of them, and the others say so; functions that are inlined keep their places; loops of the library stand where they are called.

mod notes;
mod reader;
mod survey;
mod work;

use crate::ast;
use crate::base::{Diagnostic, Span};
use crate::optimize::{Event, Remark};
use notes::Place;
use reader::{Reader, SourceFunction, SourceLoop};
use std::collections::{BTreeMap, HashSet};
pub use survey::{Found, Versions, places, survey};

/// What became of the loops of a kernel, at given argument types.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The kernel and the functions of its file that it calls, in source order.
    pub functions: Vec<FunctionNotes>,
    /// Warnings and remarks about the program.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Debug)]
pub struct FunctionNotes {
    pub name: String,
    /// From `def` to the colon.
    pub header: Span,
    pub span: Span,
    /// What holds for the function as a whole.
    pub notes: Vec<Note>,
    /// By lines; those of one line in the order in which they run.
    pub loops: Vec<LoopNotes>,
}

#[derive(Clone, Debug)]
pub struct LoopNotes {
    pub kind: LoopKind,
    /// The header of a loop of the source, or an array operation: of several that became one loop, the last.
    pub span: Span,
    /// The array operations that the loop does.
    pub operations: Vec<Span>,
    pub notes: Vec<Note>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LoopKind {
    For,
    While,
    /// A loop that the compiler made for an array operation, or a function of the library.
    Array,
}

/// One thing about a loop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    pub topic: Topic,
    pub outcome: Outcome,
    pub text: String,
    /// What to change in the source to make happen what did not.
    pub change: Option<String>,
    /// The numbers in the text.
    pub numbers: Vec<(&'static str, u64)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It happened.
    Done,
    /// It did not happen.
    Missed,
    /// It is so.
    Fact,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Topic {
    Loop,
    Fusion,
    Shape,
    Threads,
    Order,
    Lanes,
    Checks,
    Memory,
    Calls,
    Work,
}

/// What the compiler knows when it is done.
pub struct Facts<'a> {
    pub text: &'a str,
    pub tree: &'a ast::Module,
    /// Functions of the file that the kernel uses.
    pub used: Vec<Used>,
    /// Places of loops before the first pass.
    pub lowered: HashSet<Span>,
    /// Loops that are left.
    pub found: BTreeMap<Span, Found>,
    pub remarks: &'a [Remark],
    pub warnings: &'a [Diagnostic],
    pub conditions: Conditions,
    /// Compiles the kernel from a changed source as far as errors are found, with its warnings.
    pub retry: &'a Retry<'a>,
}

type Retry<'a> = dyn Fn(&ast::Module) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> + 'a;

/// A function of the file that is compiled.
pub struct Used {
    pub name: String,
    pub is_entry: bool,
    pub is_recursive: bool,
    /// Whether it is called, rather than inlined everywhere.
    pub is_called: bool,
}

/// Under which the kernel would run.
#[derive(Clone, Copy, Debug)]
pub struct Conditions {
    pub threads: usize,
    /// Whether loops may run in parallel at all.
    pub parallel: bool,
    pub lanes: bool,
    /// Estimated cost below which a parallel loop runs on one thread, in picoseconds.
    pub break_even: u128,
}

/// The places of the loops that are written in a file.
pub fn written(text: &str, tree: &ast::Module) -> HashSet<Span> {
    let functions = Reader::new(text, tree).functions;
    functions.iter().flat_map(|function| &function.loops).map(|source| source.span).collect()
}

/// What became of the loops, in words.
pub fn explain(facts: &Facts) -> Explanation {
    let reader = Reader::new(facts.text, facts.tree);
    let is_used = |function: &&SourceFunction| facts.used.iter().any(|used| used.name == function.name);
    let functions =
        reader.functions.iter().filter(is_used).map(|function| function_notes(facts, &reader, function));
    Explanation { functions: functions.collect(), diagnostics: facts.warnings.to_vec() }
}

fn function_notes(facts: &Facts, reader: &Reader, function: &SourceFunction) -> FunctionNotes {
    let mut loops: Vec<LoopNotes> =
        function.loops.iter().map(|source| source_loop(facts, reader, source)).collect();
    loops.extend(array_loops(facts, reader, function));
    loops.retain(|found| !found.notes.is_empty());
    // A `while` is known by all of it, and shown by its header.
    let whole = |header: Span| {
        let source = function.loops.iter().find(|source| source.header == header);
        source.map_or(header, |source| source.span)
    };
    let order = |span: Span| facts.found.get(&whole(span)).map_or(0, |found| found.order);
    loops.sort_by_key(|found| (reader.last_line(found.span), order(found.span)));
    let notes = notes::function(facts, function, loops.is_empty());
    FunctionNotes { name: function.name.clone(), header: function.header, span: function.span, notes, loops }
}

/// A `for` or a `while`.
fn source_loop(facts: &Facts, reader: &Reader, source: &SourceLoop) -> LoopNotes {
    let notes = match facts.found.get(&source.span) {
        Some(found) => {
            let place = Place { facts, reader, span: source.span, source: Some(source), found };
            place.notes()
        }
        None => vec![notes::missing(facts, source)],
    };
    LoopNotes { kind: source.kind, span: source.header, operations: vec![], notes }
}

/// The loops over arrays in a function, and array operations that became part of another loop.
fn array_loops(facts: &Facts, reader: &Reader, function: &SourceFunction) -> Vec<LoopNotes> {
    let is_array =
        |span: &Span| function.contains(*span) && !function.loops.iter().any(|source| source.span == *span);
    let own = facts.found.iter().filter(|(span, _)| is_array(span)).map(|(span, found)| {
        let place = Place { facts, reader, span: *span, source: None, found };
        let mut operations = place.operations().to_vec();
        operations.push(*span);
        operations.sort_unstable();
        operations.dedup();
        LoopNotes { kind: LoopKind::Array, span: *span, operations, notes: place.notes() }
    });
    let mut loops: Vec<LoopNotes> = own.collect();
    let mut lines: HashSet<usize> = loops.iter().map(|found| reader.last_line(found.span)).collect();
    for (span, into) in joined(facts.remarks).filter(|(span, _)| is_array(span)) {
        // One word per line is enough, and none where the loop itself stands.
        if facts.found.contains_key(&into) && lines.insert(reader.last_line(span)) {
            let notes = vec![notes::part_of(reader, into)];
            loops.push(LoopNotes { kind: LoopKind::Array, span, operations: vec![span], notes });
        }
    }
    loops
}

/// Array operations, and the place of the loop that they became part of.
fn joined(remarks: &[Remark]) -> impl Iterator<Item = (Span, Span)> {
    let pairs = remarks.iter().flat_map(|remark| -> Vec<(Span, Span)> {
        match &remark.event {
            Event::Fused { operations } => {
                operations.iter().map(|operation| (*operation, remark.span)).collect()
            }
            Event::Entered { into } => vec![(remark.span, *into)],
            Event::Done(_)
            | Event::Missed { .. }
            | Event::Apart { .. }
            | Event::Temporary
            | Event::Checks { .. }
            | Event::Moved { .. }
            | Event::Collects { .. }
            | Event::Expanded(_)
            | Event::Parallel(_) => vec![],
        }
    });
    // The last operation of a line says most.
    let mut pairs: Vec<(Span, Span)> = pairs.filter(|(operation, into)| operation != into).collect();
    pairs.sort_by_key(|(operation, _)| std::cmp::Reverse((operation.end, operation.start)));
    pairs.into_iter()
}
