//! What is known about the integers of a function: their form, their bounds, where they change.
//!
//! [`Facts::new`] walks a function once. It numbers values (equal pure operations share one representative
//! that dominates them), sees through variables that are set and read in one straight line, and remembers
//! the loops around everything. The questions are then asked of it: [`Facts::affine`], [`Facts::is_nonnegative`],
//! [`Facts::varies`]. It is a snapshot: a pass that changes the function asks anew.
//!
//! A fact about a value holds wherever the value is visible; a fact about a loop (its range is not empty)
//! holds inside it, so questions say where they are asked ([`Place`]).

mod trip;
mod walk;

use super::affine::Affine;
use super::effects::Effects;
use super::*;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use walk::Walker;

/// The innermost loop around something: what is known of its ranges may be used there.
pub type Place = Option<LoopId>;

/// A `for`, `nest` or `while` of the function, in order of appearance.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoopId(u32);
entity_impl!(LoopId, "loop");

/// The facts of one function.
pub struct Facts<'f> {
    pub function: &'f Function,
    loops: PrimaryMap<LoopId, LoopFacts>,
    /// The loop with this index.
    by_index: HashMap<Value, LoopId>,
    values: SecondaryMap<Value, Option<ValueFacts>>,
    /// Where variables are set: by a statement at this position, or by a reducing loop.
    sets: Vec<(Var, u32)>,
    /// Indices that a check has found to be in `0..extent`.
    checked: HashMap<Value, Vec<Value>>,
    nonnegative: Vec<Value>,
    /// Source names of values: loop variables, what named variables are set to.
    names: HashMap<Value, String>,
    accesses: Vec<Access>,
    /// Bases of arrays in which a loop around collects.
    collected: Vec<Value>,
    forms: RefCell<HashMap<Value, Affine>>,
    budget: Cell<u32>,
}

/// One place that touches memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Access {
    pub array: Array,
    pub touch: Touch,
    pub write: bool,
    /// Innermost loop around it.
    pub place: Place,
    /// Position in program order.
    pub position: u32,
    pub span: Span,
    /// Where the innermost condition that guards it begins.
    guard: u32,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Touch {
    Element(Vec<Value>),
    /// All elements: a loop collects into them.
    Whole,
    /// An argument of a call: any element, perhaps none.
    Argument {
        func: Func,
        param: usize,
    },
}

#[derive(Clone, Debug)]
struct LoopFacts {
    parent: Place,
    /// Positions of its body.
    start: u32,
    end: u32,
    /// `index` runs from `lo` (0 if None) up to `hi`.
    ranges: Vec<Range>,
}

#[derive(Clone, Copy, Debug)]
struct Range {
    index: Value,
    lo: Option<Value>,
    hi: Value,
}

#[derive(Clone, Debug)]
struct ValueFacts {
    definition: Definition,
    /// An equal value that dominates this one; itself if there is none.
    same: Value,
    position: u32,
    /// Where the block that defines it ends.
    end: u32,
    place: Place,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Definition {
    /// A parameter, a result of a call.
    Given,
    /// The memory of an allocation.
    Fresh,
    Index(LoopId),
    Load,
    Get(Var),
    /// Operands are representatives.
    Pure(Op),
}

/// Steps that one question of sign may take, and how deep it may look. Guesses: subscripts met in practice need fewer than 30.
const BUDGET: u32 = 400;
const DEPTH: u32 = 7;

impl<'f> Facts<'f> {
    pub fn new(function: &'f Function) -> Facts<'f> {
        Facts::gather(function, None)
    }

    /// With what is known of the functions that this one calls.
    pub fn with_effects(function: &'f Function, effects: &'f Effects) -> Facts<'f> {
        Facts::gather(function, Some(effects))
    }

    fn gather(function: &'f Function, effects: Option<&'f Effects>) -> Facts<'f> {
        let mut facts = Walker::walk(function, effects);
        for array in function.arrays.values() {
            for &extent in &array.extents {
                let extent = facts.same(extent);
                facts.nonnegative.push(extent);
            }
        }
        facts
    }

    /// The representative of a value.
    pub fn same(&self, value: Value) -> Value {
        self.values[value].as_ref().map_or(value, |facts| facts.same)
    }

    /// The loop with this index.
    pub fn loop_of(&self, index: Value) -> Option<LoopId> {
        self.by_index.get(&index).copied()
    }

    /// Memory touched inside a loop, in program order.
    pub fn accesses(&self, id: LoopId) -> impl Iterator<Item = &Access> {
        let (start, end) = (self.loops[id].start, self.loops[id].end);
        self.accesses.iter().filter(move |access| (start..end).contains(&access.position))
    }

    /// Whether every iteration of the loop reaches the access (if the loops between run at all).
    pub fn is_unconditional(&self, access: &Access, id: LoopId) -> bool {
        access.guard <= self.loops[id].start
    }

    /// Loops around a place, innermost first.
    pub fn enclosing(&self, place: Place) -> impl Iterator<Item = LoopId> {
        std::iter::successors(place, |&id| self.loops[id].parent)
    }

    /// The indices of a loop with their bounds `lo <= index < hi`, as forms.
    pub fn ranges(&self, id: LoopId) -> Vec<(Value, Affine, Affine)> {
        let bounds = |range: &Range| {
            let lo = range.lo.map_or(Affine::default(), |lo| self.affine(lo));
            (range.index, lo, self.upper_end(range.hi))
        };
        self.loops[id].ranges.iter().map(bounds).collect()
    }

    /// The bounds of a loop as values: `(index, lo, hi)`; no `lo` means 0.
    pub fn range_values(&self, id: LoopId) -> Vec<(Value, Option<Value>, Value)> {
        self.loops[id].ranges.iter().map(|range| (range.index, range.lo, range.hi)).collect()
    }

    /// Whether the value is defined where the loop begins, so that code before the loop may use it.
    pub fn is_visible_before(&self, value: Value, id: LoopId) -> bool {
        self.is_visible_at(value, self.loops[id].start)
    }

    fn is_visible_at(&self, value: Value, position: u32) -> bool {
        self.values[value].as_ref().is_some_and(|facts| facts.position < position && position <= facts.end)
    }

    /// Whether the value may differ between iterations of the loop. False also for what is computed inside from
    /// values and variables that the loop does not change.
    pub fn varies(&self, value: Value, id: LoopId) -> bool {
        let value = self.same(value);
        let Some(facts) = &self.values[value] else { return true };
        if !self.loops[id].contains(facts.position) {
            return false;
        }
        match &facts.definition {
            Definition::Given | Definition::Fresh | Definition::Index(_) | Definition::Load => true,
            Definition::Get(var) => self.is_set_in(*var, id),
            Definition::Pure(op) => {
                let mut varies = false;
                op.for_each_operand(|operand| varies = varies || self.varies(operand, id));
                varies
            }
        }
    }

    /// Whether the loop assigns the variable.
    pub fn is_set_in(&self, var: Var, id: LoopId) -> bool {
        self.sets.iter().any(|&(set, position)| set == var && self.loops[id].contains(position))
    }

    /// The variable that a value reads, if that is how it is defined.
    pub fn variable(&self, value: Value) -> Option<Var> {
        match self.definition(value)? {
            Definition::Get(var) => Some(*var),
            Definition::Given
            | Definition::Fresh
            | Definition::Index(_)
            | Definition::Load
            | Definition::Pure(_) => None,
        }
    }

    /// The pure operation that defines a value, its operands replaced by their representatives.
    pub fn operation(&self, value: Value) -> Option<&Op> {
        match self.definition(value)? {
            Definition::Pure(op) => Some(op),
            Definition::Given
            | Definition::Fresh
            | Definition::Index(_)
            | Definition::Load
            | Definition::Get(_) => None,
        }
    }

    /// Whether the value is memory that each iteration of the loop allocates for itself.
    pub fn is_allocated_in(&self, value: Value, id: LoopId) -> bool {
        let value = self.same(value);
        self.values[value].as_ref().is_some_and(|facts| {
            facts.definition == Definition::Fresh && self.loops[id].contains(facts.position)
        })
    }

    /// Whether the array is that in which a loop around collects: see [`Accumulator`].
    pub fn is_collected(&self, array: Array) -> bool {
        self.base(array).is_some_and(|base| self.collected.contains(&base))
    }

    /// The form of an i64 value: sums and products of constants, loop indices, and values it does not look into.
    /// A Python index is its wrapped self where it is known to be non-negative, else opaque.
    pub fn affine(&self, value: Value) -> Affine {
        let value = self.same(value);
        if let Some(form) = self.forms.borrow().get(&value) {
            return form.clone();
        }
        let form = self.operation(value).and_then(|op| self.affine_of_op(value, op));
        let form = form.unwrap_or_else(|| Affine::value(value));
        self.forms.borrow_mut().insert(value, form.clone());
        form
    }

    /// The value that the array's address counts from: its base, or that of the array it is a view of.
    pub fn base(&self, array: Array) -> Option<Value> {
        let form = self.affine(self.function.arrays[array].base);
        let plain = form.terms.iter().filter(|term| term.coefficient == 1 && term.factors.len() == 1);
        let mut bases = plain.map(|term| term.factors[0]).filter(|&value| self.is_base(value));
        bases.next().filter(|_| bases.next().is_none())
    }

    fn is_base(&self, value: Value) -> bool {
        self.function.arrays.values().any(|array| self.same(array.base) == value)
    }

    /// Whether a form is at least 0 wherever `place` runs. False also means "do not know".
    pub fn is_nonnegative(&self, form: &Affine, place: Place) -> bool {
        // A question may ask others on its way (what a bound's own form is).
        let outer = self.budget.replace(BUDGET);
        let proved = self.prove(form, place, DEPTH);
        self.budget.set(outer);
        proved
    }

    /// Whether a subscript is known to be in `0..extent` where an access stands.
    pub fn is_inside(&self, subscript: &Affine, extent: Value, access: &Access) -> bool {
        let size = self.affine(extent);
        let room = size.sub(subscript).and_then(|room| room.plus(-1));
        let proved = self.is_nonnegative(subscript, access.place)
            && room.is_some_and(|room| self.is_nonnegative(&room, access.place));
        proved
            || self.checked.iter().any(|(&index, extents)| {
                self.is_visible_at(index, access.position)
                    && self.affine(index) == *subscript
                    && extents.iter().any(|&extent| self.affine(extent) == size)
            })
    }

    /// The place where a value is defined.
    pub fn place(&self, value: Value) -> Place {
        self.values[self.same(value)].as_ref().and_then(|facts| facts.place)
    }

    /// Orders values by where they are defined: what a value is computed from comes before it.
    pub fn order(&self, value: Value) -> (u32, Value) {
        (self.position(value), value)
    }

    /// The form of a subscript as the source has it: not wrapped around.
    pub fn written(&self, index: Value) -> Affine {
        match self.operation(index) {
            Some(Op::Wrap { index, .. }) => self.affine(*index),
            Some(_) | None => self.affine(index),
        }
    }

    /// What the source calls a value, where it has a short name.
    pub fn name(&self, value: Value) -> Option<String> {
        if let Some(name) = self.names.get(&value) {
            return Some(name.clone());
        }
        if let Some(var) = self.variable(value) {
            let name = &self.function.vars[var].name;
            return (!name.is_empty()).then(|| name.clone());
        }
        self.function.arrays.values().filter(|array| !array.name.is_empty()).find_map(|array| {
            let axis = array.extents.iter().position(|&extent| self.same(extent) == value)?;
            Some(match array.rank() {
                1 => format!("len({})", array.name),
                _ => format!("{}.shape[{axis}]", array.name),
            })
        })
    }

    fn definition(&self, value: Value) -> Option<&Definition> {
        self.values[self.same(value)].as_ref().map(|facts| &facts.definition)
    }

    fn position(&self, value: Value) -> u32 {
        self.values[value].as_ref().map_or(0, |facts| facts.position)
    }

    fn affine_of_op(&self, value: Value, op: &Op) -> Option<Affine> {
        if self.function.values[value].dtype != Dtype::I64 {
            return None;
        }
        match op {
            Op::Const(scalar) => Some(Affine::constant(scalar.as_i64())),
            Op::Unary(Unary::Neg, a) => self.affine(*a).scale(-1),
            Op::Binary(Binary::Add, a, b) => self.affine(*a).add(&self.affine(*b)),
            Op::Binary(Binary::Sub, a, b) => self.affine(*a).sub(&self.affine(*b)),
            Op::Binary(Binary::Mul, a, b) => self.affine(*a).mul(&self.affine(*b)),
            Op::Wrap { index, .. } => {
                let form = self.affine(*index);
                self.is_nonnegative(&form, self.place(value)).then_some(form)
            }
            // `max(x, 0)` of what is not negative.
            Op::Binary(Binary::Max, a, zero) if self.affine(*zero).as_constant() == Some(0) => {
                let form = self.affine(*a);
                self.is_nonnegative(&form, self.place(value)).then_some(form)
            }
            Op::Select { condition, then, otherwise } => {
                let taken = self.truth(*condition)?;
                Some(self.affine(if taken { *then } else { *otherwise }))
            }
            Op::Unary(..)
            | Op::Binary(..)
            | Op::Get(_)
            | Op::Compare(..)
            | Op::Cast(_)
            | Op::Fma(..)
            | Op::Load { .. }
            | Op::Disjoint(..)
            | Op::Any(_) => None,
        }
    }

    /// The form of a loop's end, given that the loop runs: then `max(0, n)` is `n`.
    fn upper_end(&self, hi: Value) -> Affine {
        if let Some(Op::Binary(Binary::Max | Binary::Maximum, a, b)) = self.operation(hi) {
            let (a, b) = (self.affine(*a), self.affine(*b));
            if a.as_constant().is_some_and(|a| a <= 0) {
                return b;
            }
            if b.as_constant().is_some_and(|b| b <= 0) {
                return a;
            }
        }
        match trip::of(self, hi) {
            Some(trip) if trip.step == 1 => trip.distance,
            Some(_) | None => self.affine(hi),
        }
    }

    /// Pairs `(scale, form)` with `scale * value <= form`, where an upper bound of the value itself would have to be rounded: a loop
    /// that counts the steps of a range.
    pub fn scaled_upper_bounds(&self, value: Value) -> Vec<(i64, Affine)> {
        let Some(Definition::Index(id)) = self.definition(value) else { return vec![] };
        let ranges = self.loops[*id].ranges.iter().filter(|range| range.index == value);
        let trips = ranges.filter_map(|range| trip::of(self, range.hi));
        trips.filter_map(|trip| Some((trip.step, trip.distance.plus(-1)?))).collect()
    }

    /// The truth of a comparison of constants.
    fn truth(&self, condition: Value) -> Option<bool> {
        let Op::Compare(compare, a, b) = self.operation(condition)? else { return None };
        let (a, b) = (self.affine(*a).as_constant()?, self.affine(*b).as_constant()?);
        (self.function.values[self.same(condition)].dtype == Dtype::Bool)
            .then(|| compare.eval(Scalar::i64(a), Scalar::i64(b)))
    }

    fn prove(&self, form: &Affine, place: Place, depth: u32) -> bool {
        if form.constant >= 0 && form.terms.iter().all(|term| self.is_nonnegative_term(term, place, depth)) {
            return true;
        }
        if form.terms.is_empty() || depth == 0 || self.budget.get() == 0 {
            return false;
        }
        self.budget.set(self.budget.get() - 1);
        // Inner values first: their bounds are forms over outer ones.
        let mut atoms: Vec<Value> = form.values().collect();
        atoms.sort_by_key(|&atom| (std::cmp::Reverse(self.position(atom)), atom));
        atoms.dedup();
        atoms.iter().any(|&atom| self.prove_without(form, atom, place, depth))
    }

    /// Proves a form by replacing one of its values by a bound.
    fn prove_without(&self, form: &Affine, atom: Value, place: Place, depth: u32) -> bool {
        let Some((coefficient, rest)) = form.split(atom) else { return false };
        let scaled = self.least_by_scale(&coefficient, &rest, atom);
        if scaled.iter().any(|replaced| self.prove(replaced, place, depth - 1)) {
            return true;
        }
        let negated = coefficient.scale(-1);
        let bounds = if self.prove(&coefficient, place, depth - 1) {
            self.lower_bounds_to(atom, place, depth)
        } else if negated.is_some_and(|negated| self.prove(&negated, place, depth - 1)) {
            self.upper_bounds(atom, place)
        } else {
            return false;
        };
        bounds.iter().any(|bound| {
            let replaced = coefficient.mul(bound).and_then(|scaled| scaled.add(&rest));
            replaced.is_some_and(|replaced| replaced != *form && self.prove(&replaced, place, depth - 1))
        })
    }

    /// What `coefficient * atom + rest` is at least, by [`Facts::scaled_upper_bounds`].
    pub fn least_by_scale(&self, coefficient: &Affine, rest: &Affine, atom: Value) -> Vec<Affine> {
        let Some(coefficient) = coefficient.as_constant().filter(|&coefficient| coefficient < 0) else {
            return vec![];
        };
        let bounds = self.scaled_upper_bounds(atom);
        let fitting = bounds.iter().filter(|(scale, _)| coefficient % scale == 0);
        fitting.filter_map(|(scale, most)| most.scale(coefficient / scale)?.add(rest)).collect()
    }

    fn is_nonnegative_term(&self, term: &affine::Term, place: Place, depth: u32) -> bool {
        let signs = term.factors.iter().all(|&factor| self.is_nonnegative_value(factor, place, depth));
        term.coefficient >= 0 && signs
    }

    fn is_nonnegative_value(&self, value: Value, place: Place, depth: u32) -> bool {
        if self.nonnegative.contains(&value) || self.checked.contains_key(&value) {
            return true;
        }
        if depth == 0 {
            return false;
        }
        let prove = |value: Value| self.prove(&self.affine(value), place, depth - 1);
        match self.definition(value) {
            Some(Definition::Index(id)) => {
                let range = self.loops[*id].ranges.iter().find(|range| range.index == value);
                range.is_some_and(|range| range.lo.is_none_or(prove))
            }
            Some(Definition::Pure(op)) => self.is_nonnegative_op(op, &prove),
            Some(Definition::Given | Definition::Fresh | Definition::Load | Definition::Get(_)) | None => {
                false
            }
        }
    }

    fn is_nonnegative_op(&self, op: &Op, prove: &dyn Fn(Value) -> bool) -> bool {
        let from_unsigned = |value: Value| {
            let dtype = self.function.values[value].dtype;
            matches!(dtype, Dtype::Bool | Dtype::U8 | Dtype::U16 | Dtype::U32)
        };
        match op {
            Op::Cast(a) => from_unsigned(*a),
            Op::Binary(Binary::Mod, _, b) => prove(*b),
            Op::Binary(Binary::FloorDiv | Binary::Min | Binary::Minimum, a, b) => prove(*a) && prove(*b),
            Op::Binary(Binary::Max | Binary::Maximum | Binary::And, a, b) => prove(*a) || prove(*b),
            Op::Binary(Binary::Shr, a, _) => prove(*a),
            Op::Select { then, otherwise, .. } => prove(*then) && prove(*otherwise),
            Op::Const(_)
            | Op::Get(_)
            | Op::Unary(..)
            | Op::Binary(..)
            | Op::Compare(..)
            | Op::Fma(..)
            | Op::Wrap { .. }
            | Op::Load { .. }
            | Op::Disjoint(..)
            | Op::Any(_) => false,
        }
    }

    /// Forms that a value is at least, where `place` runs.
    pub fn lower_bounds(&self, value: Value, place: Place) -> Vec<Affine> {
        let outer = self.budget.replace(BUDGET);
        let bounds = self.lower_bounds_to(value, place, DEPTH);
        self.budget.set(outer);
        bounds
    }

    fn lower_bounds_to(&self, value: Value, place: Place, depth: u32) -> Vec<Affine> {
        let mut bounds = self.bounds_from_ranges(value, place, true);
        match self.definition(value) {
            Some(Definition::Index(id)) => {
                let ranges = self.ranges(*id);
                bounds.extend(ranges.into_iter().filter(|range| range.0 == value).map(|range| range.1));
            }
            Some(Definition::Pure(Op::Binary(Binary::Max | Binary::Maximum, a, b))) => {
                bounds.extend([self.affine(*a), self.affine(*b)]);
            }
            Some(
                Definition::Given
                | Definition::Fresh
                | Definition::Load
                | Definition::Get(_)
                | Definition::Pure(_),
            )
            | None => {}
        }
        if depth > 0 && self.is_nonnegative_value(value, place, depth - 1) {
            bounds.push(Affine::default());
        }
        bounds
    }

    /// Forms that a value is at most, where `place` runs.
    pub fn upper_bounds(&self, value: Value, place: Place) -> Vec<Affine> {
        let mut bounds = self.bounds_from_ranges(value, place, false);
        match self.definition(value) {
            Some(Definition::Index(id)) => {
                let ranges = self.ranges(*id);
                let last = ranges.into_iter().filter(|range| range.0 == value);
                bounds.extend(last.filter_map(|range| range.2.plus(-1)));
            }
            Some(Definition::Pure(Op::Binary(Binary::Min | Binary::Minimum, a, b))) => {
                bounds.extend([self.affine(*a), self.affine(*b)]);
            }
            Some(Definition::Pure(Op::Binary(Binary::Max | Binary::Maximum, a, b))) => {
                bounds.extend(self.upper_bound_of_max(value, *a, *b, place));
            }
            Some(Definition::Pure(Op::Binary(Binary::Mod, _, b))) => {
                let divisor = self.affine(*b);
                if divisor.as_constant().is_some_and(|divisor| divisor > 0) {
                    bounds.extend(divisor.plus(-1));
                }
            }
            Some(
                Definition::Given
                | Definition::Fresh
                | Definition::Load
                | Definition::Get(_)
                | Definition::Pure(_),
            )
            | None => {}
        }
        for &extent in self.checked.get(&value).into_iter().flatten() {
            bounds.extend(self.affine(extent).plus(-1));
        }
        bounds
    }

    /// `max(x, 0)` is `x` where a loop that many times long runs.
    fn upper_bound_of_max(&self, value: Value, a: Value, b: Value, place: Place) -> Option<Affine> {
        let (a, b) = (self.affine(a), self.affine(b));
        let other = match (a.as_constant(), b.as_constant()) {
            (Some(0), _) => b,
            (_, Some(0)) => a,
            _ => return None,
        };
        let least = self.bounds_from_ranges(value, place, true);
        let runs = least.iter().any(|least| least.as_constant().is_some_and(|least| least > 0));
        runs.then_some(other)
    }

    /// What follows for a value because the loops around `place` run at least once: `hi - lo - 1 >= 0`.
    fn bounds_from_ranges(&self, value: Value, place: Place, lower: bool) -> Vec<Affine> {
        let mut bounds = vec![];
        for id in self.enclosing(place) {
            for (_, lo, hi) in self.ranges(id) {
                let Some(room) = hi.sub(&lo).and_then(|trip| trip.plus(-1)) else { continue };
                let Some((coefficient, rest)) = room.split(value) else { continue };
                match coefficient.as_constant() {
                    Some(1) if lower => bounds.extend(rest.scale(-1)),
                    Some(-1) if !lower => bounds.push(rest),
                    Some(_) | None => {}
                }
            }
        }
        bounds
    }
}

impl LoopFacts {
    fn contains(&self, position: u32) -> bool {
        (self.start..self.end).contains(&position)
    }
}
