//! Who touches which element in the iterations of a parallel loop: the test that `--check-races` makes on given data. A run that
//! counts its work has its [`Count`] here.
//!
//! Only the outermost parallel loop is watched: those inside run inline. An element that one iteration writes may be touched by no
//! other. What a loop collects into ([`crate::hir::Accumulator`]) is exempt.

use super::count::Count;
use crate::base::{Diagnostic, Span};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

/// An element: its memory and where it is in it, in bytes. Memory of the caller is number 0, by address.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub memory: u64,
    pub at: isize,
}

#[derive(Default)]
pub(super) struct Watch {
    is_on: bool,
    pub count: Option<Count>,
    /// The expression or statement at work.
    span: Cell<Span>,
    region: RefCell<Option<Region>>,
    found: RefCell<Vec<Diagnostic>>,
}

/// The run of a parallel loop.
struct Region {
    span: Span,
    variable: String,
    /// The value of its variable.
    number: i64,
    touched: HashMap<Place, Touched>,
    exempt: HashSet<Place>,
    /// Pairs of places in the source that have been reported.
    reported: HashSet<(Span, Span)>,
}

#[derive(Clone, Copy)]
struct Touch {
    number: i64,
    span: Span,
}

#[derive(Default)]
struct Touched {
    written: Option<Touch>,
    /// By two iterations, if there are two: one of them is not the one that writes.
    read: [Option<Touch>; 2],
}

impl Touched {
    fn note(&mut self, touch: Touch, write: bool) {
        let known = |read: &Option<Touch>| read.is_some_and(|read| read.number == touch.number);
        if write {
            self.written = Some(touch);
        } else if !self.read.iter().any(known) {
            self.read[usize::from(self.read[0].is_some())] = Some(touch);
        }
    }

    /// An access of another iteration that is in conflict with this one, and whether it writes.
    fn conflict(&self, number: i64, write: bool) -> Option<(Touch, bool)> {
        let by_other = |touch: &Touch| touch.number != number;
        let written = self.written.filter(by_other).map(|touch| (touch, true));
        let mut read = self.read.into_iter().flatten().filter(|touch| write && by_other(touch));
        written.or_else(|| read.next().map(|touch| (touch, false)))
    }
}

impl Watch {
    pub fn races() -> Watch {
        Watch { is_on: true, ..Watch::default() }
    }

    pub fn counting() -> Watch {
        Watch { count: Some(Count::default()), ..Watch::default() }
    }

    pub fn found(&self) -> Vec<Diagnostic> {
        self.found.borrow().clone()
    }

    /// From now on elements are touched by what stands here.
    pub fn at(&self, span: Span) {
        self.span.set(span);
    }

    /// Begins to watch a loop, unless one around it is watched; whether it does.
    pub fn enter(&self, span: Span, variable: &str) -> bool {
        let mut region = self.region.borrow_mut();
        let begins = self.is_on && region.is_none();
        if begins {
            *region = Some(Region {
                span,
                variable: variable.to_string(),
                number: 0,
                touched: HashMap::new(),
                exempt: HashSet::new(),
                reported: HashSet::new(),
            });
        }
        begins
    }

    /// An iteration begins: of the watched loop if `watched`.
    pub fn iterate_if(&self, watched: bool, number: i64) {
        if let Some(region) = &mut *self.region.borrow_mut()
            && watched
        {
            region.number = number;
        }
    }

    pub fn leave(&self) {
        *self.region.borrow_mut() = None;
    }

    /// These elements may be touched by all iterations of the watched loop.
    pub fn exempt(&self, places: impl Iterator<Item = Place>) {
        if let Some(region) = &mut *self.region.borrow_mut() {
            region.exempt.extend(places);
        }
    }

    pub fn touch(&self, place: Place, index: &[usize], write: bool) {
        let mut region = self.region.borrow_mut();
        let Some(region) = &mut *region else { return };
        if !region.exempt.contains(&place)
            && let Some(race) = region.touch(place, index, write, self.span.get())
        {
            self.found.borrow_mut().push(race);
        }
    }
}

impl Region {
    /// Notes the access; a message if an earlier iteration's is in conflict with it, once for each pair of places.
    fn touch(&mut self, place: Place, index: &[usize], write: bool, span: Span) -> Option<Diagnostic> {
        let own = Touch { number: self.number, span };
        let touched = self.touched.entry(place).or_default();
        let conflict = touched.conflict(own.number, write);
        touched.note(own, write);
        let (other, other_writes) = conflict?;
        if !self.reported.insert((other.span, span)) {
            return None;
        }
        Some(self.race((other, other_writes), (own, write), index))
    }

    fn race(
        &self,
        (first, first_writes): (Touch, bool),
        (second, second_writes): (Touch, bool),
        index: &[usize],
    ) -> Diagnostic {
        let verb = |writes: bool| if writes { "written" } else { "read" };
        let name = if self.variable.is_empty() { "the loop variable" } else { &self.variable };
        let index: Vec<String> = index.iter().map(usize::to_string).collect();
        let message = format!(
            "two iterations of this prange meet in element [{}]: {} with {name} = {}, {} with {name} = {}",
            index.join(", "),
            verb(first_writes),
            first.number,
            verb(second_writes),
            second.number,
        );
        let mut diagnostic = Diagnostic::error(second.span, message).note(format!(
            "{} here with {name} = {}",
            verb(second_writes),
            second.number
        ));
        if first.span != second.span {
            let text = format!("{} here with {name} = {}", verb(first_writes), first.number);
            diagnostic = diagnostic.label(first.span, text);
        }
        diagnostic
            .label(self.span, "iterations of this loop")
            .hint("on this data `disjoint` would be wrong: use `range`, or give every iteration elements of its own")
    }
}
