//! What one test at the entry of a loop can establish about the checks inside: the half of `bounds` that changes nothing.
//!
//! ```text
//! for i in 1..m:                           least index   2·1 - 1
//!     for j in i..n:                  →    greatest      (m - 1) + (n - 1) - 1
//!         check 0 ≤ i + j - 1 < extent     test          m + n - 3 < extent
//! ```
//!
//! Loop indices are replaced by their bounds, innermost first, until only values remain that are known at the entry. Where
//! computing the test, or a bound on the way, could wrap, the values involved must also lie within ± [`GUARD`].
//! The test is sufficient, not necessary: when it fails, the original loop decides.

use super::ranges::{Affine, Ranges, defined_in, nonnegative_forms};
use crate::base::Compare;
use crate::loops::{Block, Check, Condition, For, Function, Op, Stmt, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Unknown values in hoisted tests must lie within ± this, so that sums of them cannot wrap.
const GUARD: i128 = 1 << 40;

/// What values with known intervals, and guarded ones, stay within.
const SMALL: i128 = 1 << 47;

/// What one test in front of a loop establishes.
#[derive(Default)]
pub struct Plan {
    /// Forms that must be at least 0, by their terms: the least constant is the strongest.
    forms: BTreeMap<Vec<(Value, i128)>, i128>,
    /// Values that must lie within ± [`GUARD`].
    guards: BTreeSet<Value>,
    /// Bools that must hold.
    pub values: Vec<Value>,
    /// Conditions that then hold throughout the loop.
    pub checks: HashSet<(Value, Option<Value>)>,
    /// Wraps that then are their index.
    pub unwrapped: HashMap<Value, Value>,
}

impl Plan {
    pub fn tests(&self) -> Vec<Affine> {
        let mut tests = vec![];
        for &value in &self.guards {
            let value = Affine::value(value);
            tests.push(value.clone().plus_constant(GUARD));
            tests.push(Affine::constant(GUARD).plus(-1, &value));
        }
        for (terms, constant) in &self.forms {
            let zero = Affine::constant(*constant);
            tests.push(
                terms.iter().fold(zero, |sum, &(value, factor)| sum.plus(factor, &Affine::value(value))),
            );
        }
        tests
    }
}

/// What can be tested at the entry of `loop_`, and how many statements the loop has.
pub fn plan(function: &Function, ranges: &Ranges, loop_: &For) -> (Plan, usize) {
    let mut inside = defined_in(function, &loop_.body);
    inside.insert(loop_.index);
    let mut planner = Planner { ranges, inside, path: vec![], plan: Plan::default(), statements: 0 };
    planner.enter(loop_);
    (planner.plan, planner.statements)
}

/// A form and the values that must be guarded for it to mean what it says.
#[derive(Clone)]
struct Guarded {
    form: Affine,
    guards: BTreeSet<Value>,
}

/// Forms that must be at least 0, and the wrap that then is its index.
type Tests = (Vec<Guarded>, Option<(Value, Value)>);

struct Planner<'a> {
    ranges: &'a Ranges,
    /// Values that are not known at the entry of the loop.
    inside: HashSet<Value>,
    /// Index, first and end of the loops around the current statement, from the planned one inwards.
    path: Vec<(Value, Value, Value)>,
    plan: Plan,
    statements: usize,
}

impl Planner<'_> {
    fn enter(&mut self, loop_: &For) {
        self.path.push((loop_.index, loop_.lo, loop_.hi));
        self.block(&loop_.body);
        self.path.pop();
    }

    fn block(&mut self, block: &Block) {
        self.statements += block.len();
        for stmt in block {
            match stmt {
                Stmt::For(loop_) => self.enter(loop_),
                Stmt::Check(check) => self.check(check),
                _ => stmt.blocks().into_iter().for_each(|inner| self.block(inner)),
            }
        }
    }

    fn check(&mut self, check: &Check) {
        if self.plan.checks.contains(&key(&check.condition)) {
            return;
        }
        let (least, unwrapped) = match check.condition {
            Condition::Bounds { index, extent } => match self.bounds(index, extent) {
                Some(found) => found,
                None => return,
            },
            Condition::True(value) if !self.inside.contains(&value) => {
                self.plan.values.push(value);
                (vec![], None)
            }
            Condition::True(value) => match self.comparison(value) {
                Some(least) => (least, None),
                None => return,
            },
        };
        // A guard stays where the form that it is about has cancelled.
        if least.iter().flat_map(|guarded| &guarded.guards).any(|value| self.inside.contains(value)) {
            return;
        }
        self.plan.checks.insert(key(&check.condition));
        self.plan.unwrapped.extend(unwrapped);
        for guarded in least {
            self.require(guarded);
        }
    }

    fn require(&mut self, guarded: Guarded) {
        self.plan.guards.extend(guarded.guards);
        if !self.ranges.proves(&guarded.form) {
            let constant = guarded.form.constant;
            let least = self.plan.forms.entry(guarded.form.terms().to_vec()).or_insert(constant);
            *least = constant.min(*least);
        }
    }

    /// Tests that imply `0 ≤ index < extent` throughout, and the wrap that they resolve.
    fn bounds(&self, index: Value, extent: Value) -> Option<Tests> {
        let wrapped = match self.ranges.op(index) {
            Some(op @ &Op::Wrap { index: plain, .. }) if self.inside.contains(&index) => Some((op, plain)),
            _ => None,
        };
        let Some((&Op::Wrap { extent: around, .. }, plain)) = wrapped else {
            let form = self.ranges.affine(index);
            return Some((vec![self.least(&form)?, self.below(&form, extent)?], None));
        };
        let form = self.ranges.affine(plain);
        let least = self.least(&form)?;
        let below = self.below(&form, extent)?;
        let below_zero = Affine::constant(-1).plus(-1, &least.form);
        if around == extent && self.ranges.proves(&below_zero) {
            // The wrap stays; with `-extent ≤ index < extent` its result is in bounds.
            let extent = self.unwrapped_form(extent);
            let mut from_end = self.least(&form.plus(1, &extent.form))?;
            from_end.guards.extend(extent.guards);
            return Some((vec![from_end, below], None));
        }
        Some((vec![least, below], Some((index, plain))))
    }

    /// The least value of `extent - 1 - form`.
    fn below(&self, form: &Affine, extent: Value) -> Option<Guarded> {
        let extent = self.unwrapped_form(extent);
        let mut least = self.least(&extent.form.plus(-1, form).plus_constant(-1))?;
        least.guards.extend(extent.guards);
        Some(least)
    }

    /// Tests that imply a comparison of i64 values throughout.
    fn comparison(&self, condition: Value) -> Option<Vec<Guarded>> {
        let &Op::Compare(compare, a, b) = self.ranges.op(condition)? else { return None };
        if !self.ranges.is_i64(a) {
            return None;
        }
        let (a, b) = (self.unwrapped_form(a), self.unwrapped_form(b));
        let difference = b.form.plus(-1, &a.form);
        // Of `a ≠ b` the likely half: most often `a` is a divisor and `b` is 0.
        let compare = if compare == Compare::Ne { Compare::Gt } else { compare };
        let mut tests = vec![];
        for form in nonnegative_forms(compare, &difference) {
            let mut least = self.least(&form)?;
            least.guards.extend(a.guards.iter().chain(&b.guards));
            tests.push(least);
        }
        Some(tests)
    }

    /// The form of a value that equals it, not only modulo 2^64: if need be under guards.
    fn unwrapped_form(&self, value: Value) -> Guarded {
        let form = self.ranges.exact(value);
        let opaque = form == Affine::value(value) && self.inside.contains(&value);
        let expanded = self.ranges.affine(value);
        if !opaque || form == expanded {
            return Guarded { form, guards: BTreeSet::new() };
        }
        let mut guards = BTreeSet::new();
        self.guard(&expanded, &mut guards);
        Guarded { form: expanded, guards }
    }

    /// Everything that `form` is made of, through the bounds of loop indices.
    fn guard(&self, form: &Affine, guards: &mut BTreeSet<Value>) {
        for &(value, _) in form.terms() {
            match self.path.iter().find(|(index, ..)| *index == value) {
                Some(&(_, lo, hi)) => {
                    self.guard(&self.ranges.affine(lo), guards);
                    self.guard(&self.ranges.affine(hi), guards);
                }
                None if self.is_small(value) => {}
                None => {
                    guards.insert(value);
                }
            }
        }
    }

    fn is_small(&self, value: Value) -> bool {
        let (low, high) = self.ranges.interval(value);
        low >= -SMALL && high <= SMALL
    }

    /// The least value of `form` over the nest, from what is known at the entry of the planned loop.
    fn least(&self, form: &Affine) -> Option<Guarded> {
        let least = self.eliminate(form.clone(), &self.path)?;
        self.guard_sides(least)
    }

    /// Replaces loop indices by their bounds, innermost first. Where a bound has several forms, a proved result is
    /// taken, else the first that works.
    fn eliminate(&self, form: Affine, path: &[(Value, Value, Value)]) -> Option<Guarded> {
        let Some((&(index, lo, hi), outer)) = path.split_last() else {
            let known = form.terms().iter().all(|term| !self.inside.contains(&term.0));
            return known.then(|| Guarded { form, guards: BTreeSet::new() });
        };
        let coefficient = form.coefficient(index);
        if coefficient == 0 {
            return self.eliminate(form, outer);
        }
        let (bounds, offset) = if coefficient > 0 {
            (self.ranges.lower_bounds(lo), 0)
        } else {
            (self.ranges.upper_bounds(lo, hi), -1)
        };
        let mut first = None;
        for bound in bounds {
            let bound = self.unwrapped_form(bound);
            let replaced = form.substitute(index, &bound.form.plus_constant(offset));
            let Some(mut result) = self.eliminate(replaced, outer) else { continue };
            result.guards.extend(bound.guards);
            if self.ranges.proves(&result.form) {
                return Some(result);
            }
            first = first.or(Some(result));
        }
        first
    }

    /// Adds guards where a side of the test could wrap when it is computed.
    fn guard_sides(&self, mut least: Guarded) -> Option<Guarded> {
        let (left, right) = sides(&least.form);
        let weight: i128 = least.form.terms().iter().map(|term| term.1.abs()).sum();
        if weight > 1 << 12 || least.form.constant.abs() > 1 << 60 {
            return None;
        }
        for side in [left, right] {
            let (low, high) = self.ranges.form_interval(&side);
            if low < i64::MIN as i128 || high > i64::MAX as i128 {
                self.guard(&side, &mut least.guards);
            }
        }
        Some(least)
    }
}

/// `form ≥ 0` as `left ≥ right` with positive coefficients on both sides.
pub fn sides(form: &Affine) -> (Affine, Affine) {
    let mut left = Affine::constant(form.constant.max(0));
    let mut right = Affine::constant((-form.constant).max(0));
    for &(value, coefficient) in form.terms() {
        if coefficient > 0 {
            left = left.plus(coefficient, &Affine::value(value));
        } else {
            right = right.plus(-coefficient, &Affine::value(value));
        }
    }
    (left, right)
}

/// What tells conditions apart.
pub fn key(condition: &Condition) -> (Value, Option<Value>) {
    match *condition {
        Condition::Bounds { index, extent } => (index, Some(extent)),
        Condition::True(value) => (value, None),
    }
}
