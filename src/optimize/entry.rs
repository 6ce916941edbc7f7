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
//! A product of something that changes and a factor that does not (`x[i * m + j]`, `range(a, n, step)`) is
//! replaced by the same product of a bound: that is right where the factor is not negative and both are at most [`FACTOR`], which is tested, too.
//! The test is sufficient, not necessary: when it fails, the original loop decides.

use super::ranges::{Affine, Ranges, defined_in, nonnegative_forms};
use crate::base::{Binary, Compare, Dtype};
use crate::loops::{Block, Check, Condition, For, Function, Op, Stmt, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Unknown values in hoisted tests must lie within ± this, so that sums of them cannot wrap.
const GUARD: i128 = 1 << 40;

/// What values with known intervals, and guarded ones, stay within.
const SMALL: i128 = 1 << 47;

/// Factors of products lie within ± this, so that no product can wrap.
const FACTOR: i128 = 1 << 31;

/// How many products one form may contain (a guess).
const PRODUCTS: u32 = 4;

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
    /// Products that tests are made of, by their factors: new values, yet to be computed in their order.
    pub products: BTreeMap<(Value, Value), Value>,
}

/// One comparison in front of a loop.
pub enum Test {
    /// The form is at least 0.
    Least(Affine),
    /// `low ≤ value ≤ high`.
    Between(i128, Value, i128),
}

impl Plan {
    pub fn tests(&self) -> Vec<Test> {
        let mut forms = self.forms.clone();
        for &value in &self.guards {
            for sign in [1, -1] {
                let least = forms.entry(vec![(value, sign)]).or_insert(GUARD);
                *least = GUARD.min(*least);
            }
        }
        let between = |value| {
            let (low, high) = (-forms.get(&vec![(value, 1)])?, *forms.get(&vec![(value, -1)])?);
            (low <= high).then_some(Test::Between(low, value, high))
        };
        let mut tests = vec![];
        for (terms, &constant) in &forms {
            let both = match terms[..] {
                [(value, 1 | -1)] => between(value),
                _ => None,
            };
            match both {
                Some(_) if terms[0].1 < 0 => {}
                Some(both) => tests.push(both),
                None => tests.push(Test::Least(sum(terms, constant))),
            }
        }
        tests
    }
}

fn sum(terms: &[(Value, i128)], constant: i128) -> Affine {
    let add = |sum: Affine, &(value, factor): &_| sum.plus(factor, &Affine::value(value));
    terms.iter().fold(Affine::constant(constant), add)
}

/// What can be tested at the entry of `loop_`, and how many statements the loop has.
pub fn plan(function: &mut Function, ranges: &Ranges, loop_: &For) -> (Plan, usize) {
    let mut inside = defined_in(function, &loop_.body);
    inside.insert(loop_.index);
    let (path, plan) = (vec![], Plan::default());
    let mut planner = Planner { function, ranges, inside, path, plan, statements: 0 };
    planner.enter(loop_);
    (planner.plan, planner.statements)
}

/// A form and what must hold for it to mean what it says.
#[derive(Clone)]
struct Guarded {
    form: Affine,
    /// Values within ± [`GUARD`].
    guards: BTreeSet<Value>,
    /// Forms that are at least 0.
    premises: BTreeSet<Affine>,
}

impl Guarded {
    fn new(form: Affine) -> Guarded {
        Guarded { form, guards: BTreeSet::new(), premises: BTreeSet::new() }
    }

    /// Takes over what must hold for another form.
    fn depend_on(&mut self, other: &Guarded) {
        self.guards.extend(&other.guards);
        self.premises.extend(other.premises.iter().cloned());
    }
}

/// Forms that must be at least 0, and the wrap that then is its index.
type Tests = (Vec<Guarded>, Option<(Value, Value)>);

struct Planner<'a> {
    function: &'a mut Function,
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
        for form in guarded.premises.iter().chain([&guarded.form]) {
            if !self.ranges.proves(form) {
                let least = self.plan.forms.entry(form.terms().to_vec()).or_insert(form.constant);
                *least = form.constant.min(*least);
            }
        }
    }

    /// Tests that imply `0 ≤ index < extent` throughout, and the wrap that they resolve.
    fn bounds(&mut self, index: Value, extent: Value) -> Option<Tests> {
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
            from_end.depend_on(&extent);
            return Some((vec![from_end, below], None));
        }
        Some((vec![least, below], Some((index, plain))))
    }

    /// The least value of `extent - 1 - form`.
    fn below(&mut self, form: &Affine, extent: Value) -> Option<Guarded> {
        let extent = self.unwrapped_form(extent);
        let mut least = self.least(&extent.form.plus(-1, form).plus_constant(-1))?;
        least.depend_on(&extent);
        Some(least)
    }

    /// Tests that imply a comparison of i64 values throughout.
    fn comparison(&mut self, condition: Value) -> Option<Vec<Guarded>> {
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
            least.depend_on(&a);
            least.depend_on(&b);
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
            return Guarded::new(form);
        }
        let mut guarded = Guarded::new(expanded);
        self.guard(&guarded.form, &mut guarded.guards);
        guarded
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
    fn least(&mut self, form: &Affine) -> Option<Guarded> {
        let least = self.least_known(form, PRODUCTS)?;
        self.guard_sides(least)
    }

    fn least_known(&mut self, form: &Affine, products: u32) -> Option<Guarded> {
        let least = self.eliminate(form.clone(), &self.path)?;
        let unknown = least.form.terms().iter().find(|term| self.inside.contains(&term.0));
        let Some(&(value, coefficient)) = unknown else { return Some(least) };
        let bound = self.product_bound(value, coefficient, products.checked_sub(1)?)?;
        let replaced = least.form.substitute(value, &bound.form);
        let mut result = self.least_known(&replaced, products - 1)?;
        result.depend_on(&least);
        result.depend_on(&bound);
        Some(result)
    }

    /// What a product is at least where its coefficient in a form is positive, else at most.
    fn product_bound(&mut self, product: Value, coefficient: i128, products: u32) -> Option<Guarded> {
        let &Op::Binary(Binary::Mul, a, b) = self.ranges.op(product)? else { return None };
        let (varying, factor) = match (self.inside.contains(&a), self.inside.contains(&b)) {
            (true, false) => (a, b),
            (false, true) => (b, a),
            (true, true) | (false, false) => return None,
        };
        // Congruent to the value, and equal to it since both are shown to be small.
        let varying = self.ranges.affine(varying);
        let least = self.least_known(&varying, products)?;
        let negated = Affine::default().plus(-1, &varying);
        let mut most = self.least_known(&negated, products)?;
        most.form = Affine::default().plus(-1, &most.form);
        let bound = if coefficient > 0 { &least.form } else { &most.form };
        let mut result = Guarded::new(self.times(bound, factor));
        result.depend_on(&least);
        result.depend_on(&most);
        let factors = bound.terms().iter().map(|term| term.0).chain([factor]).map(Affine::value);
        let sizes = factors.chain([least.form.clone(), most.form.clone()]).flat_map(|form| {
            let limit = Affine::constant(FACTOR);
            [limit.plus(1, &form), limit.plus(-1, &form)]
        });
        for premise in sizes.chain([Affine::value(factor)]) {
            let premise = self.guard_sides(Guarded::new(premise))?;
            result.depend_on(&premise);
            result.premises.insert(premise.form);
        }
        Some(result)
    }

    /// A form that is known at the entry, times a value that is.
    fn times(&mut self, form: &Affine, factor: Value) -> Affine {
        let constant = Affine::default().plus(form.constant, &Affine::value(factor));
        form.terms().iter().fold(constant, |sum, &(value, coefficient)| {
            let factors = (value.min(factor), value.max(factor));
            let function = &mut *self.function;
            let product = *self.plan.products.entry(factors).or_insert_with(|| function.value(Dtype::I64));
            sum.plus(coefficient, &Affine::value(product))
        })
    }

    /// Replaces loop indices by their bounds, innermost first. Where a bound has several forms, a proved result is
    /// taken, else the first that works. What is left is known at the entry, or a product.
    fn eliminate(&self, form: Affine, path: &[(Value, Value, Value)]) -> Option<Guarded> {
        let Some((&(index, lo, hi), outer)) = path.split_last() else {
            let left = |value: Value| !self.inside.contains(&value) || self.is_product(value);
            return form.terms().iter().all(|term| left(term.0)).then(|| Guarded::new(form));
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
        let mut first: Option<Guarded> = None;
        for bound in bounds {
            let bound = self.unwrapped_form(bound);
            let replaced = form.substitute(index, &bound.form.plus_constant(offset));
            let Some(mut result) = self.eliminate(replaced, outer) else { continue };
            result.guards.extend(bound.guards);
            if self.ranges.proves(&result.form) {
                return Some(result);
            }
            if first
                .as_ref()
                .is_none_or(|first| self.has_product(&first.form) && !self.has_product(&result.form))
            {
                first = Some(result);
            }
        }
        first
    }

    fn has_product(&self, form: &Affine) -> bool {
        form.terms().iter().any(|term| self.inside.contains(&term.0))
    }

    fn is_product(&self, value: Value) -> bool {
        matches!(self.ranges.op(value), Some(Op::Binary(Binary::Mul, ..)))
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
