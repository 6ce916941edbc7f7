//! What is known of i64 values at a place: affine forms, intervals, and inequalities that dominate it.
//!
//! ```text
//! for i in 1..n - 1        facts: i - 1 ≥ 0, n - 2 - i ≥ 0
//!     w = i + 1            form:  i + 1, an element of 0..n since n - 1 - (i + 1) is a fact
//! ```
//!
//! An analysis: passes ask, nothing is rewritten. The asking pass walks a function from top to bottom,
//! tells what it passes ([`Ranges::enter_for`], [`Ranges::assume`], …) and takes back what it leaves
//! ([`Ranges::leave`]).
//!
//! **Soundness with wrap-around.** Addition, subtraction and multiplication by a constant are ring
//! operations modulo 2^64, so an [`Affine`] form, read as a mathematical sum, is congruent to the value it
//! stands for. If the form is proved to lie in `0..extent`, the value lies there too. A *fact*, however,
//! compares actual values; so facts only hold forms that cannot have wrapped ([`Ranges::exact`]): their
//! interval fits an i64, or they are a single value.
//!
//! Conservative: one inequality at a time (no Fourier–Motzkin), no products of two unknowns, a bounded
//! search. Needs: extents of array parameters are at most [`EXTENT_LIMIT`], which the caller of a kernel checks.

use crate::base::{Binary, Compare, Dtype, Unary};
use crate::loops::visit::walk;
use crate::loops::{Array, Block, Check, Condition, For, Function, Op, Operand, Role, Stmt, Value};
use cranelift_entity::SecondaryMap;
use std::collections::HashSet;

/// Extents of array parameters do not exceed this; no address space holds more bytes.
pub const EXTENT_LIMIT: i128 = crate::base::types::MAX_EXTENT as i128;

/// Forms with larger coefficients are not worth following.
const COEFFICIENT_LIMIT: i128 = 1 << 32;
const CONSTANT_LIMIT: i128 = 1 << 80;

/// How many values one form or interval looks through.
const LOOK_THROUGH: u32 = 48;

/// How many forms one proof may look at, and how many facts it may use on one path (both guesses; the kernels in
/// the tests need 4 at most).
const PROOF_STEPS: u32 = 64;
const PROOF_DEPTH: u32 = 6;

/// `constant + Σ coefficient·value`, a mathematical integer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Affine {
    pub constant: i128,
    /// Sorted by value; no coefficient is 0.
    terms: Vec<(Value, i128)>,
}

/// All integers from the first to the second.
pub type Interval = (i128, i128);

const I64: Interval = (i64::MIN as i128, i64::MAX as i128);

/// What is known where the asking pass stands.
pub struct Ranges {
    definitions: SecondaryMap<Value, Definition>,
    /// Forms that are at least 0.
    facts: Vec<Affine>,
    /// Values with a smaller interval than their definition shows.
    narrowed: Vec<(Value, Interval)>,
    /// Of a body: its range, and that of the whole loop around it.
    part: Option<(Value, Value, (Value, Value))>,
}

#[derive(Clone)]
struct Definition {
    kind: Kind,
    dtype: Dtype,
    /// Later definitions have higher numbers.
    order: u32,
}

impl Default for Definition {
    fn default() -> Definition {
        Definition { kind: Kind::Opaque, dtype: Dtype::I64, order: 0 }
    }
}

#[derive(Clone)]
enum Kind {
    Opaque,
    Extent,
    Op(Op),
    Index { lo: Value, hi: Value },
}

/// A point to return to with [`Ranges::leave`].
#[derive(Clone, Copy)]
pub struct Mark {
    facts: usize,
    narrowed: usize,
}

impl Affine {
    pub fn constant(constant: i128) -> Affine {
        Affine { constant, terms: vec![] }
    }

    pub fn value(value: Value) -> Affine {
        Affine { constant: 0, terms: vec![(value, 1)] }
    }

    pub fn terms(&self) -> &[(Value, i128)] {
        &self.terms
    }

    pub fn coefficient(&self, value: Value) -> i128 {
        match self.terms.binary_search_by_key(&value, |term| term.0) {
            Ok(k) => self.terms[k].1,
            Err(_) => 0,
        }
    }

    /// The constant, if there are no terms.
    pub fn as_constant(&self) -> Option<i128> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// `self + factor·other`.
    pub fn plus(&self, factor: i128, other: &Affine) -> Affine {
        let mut sum = self.clone();
        sum.constant += factor * other.constant;
        for &(value, coefficient) in &other.terms {
            sum.add_term(value, factor * coefficient);
        }
        sum
    }

    pub fn plus_constant(mut self, constant: i128) -> Affine {
        self.constant += constant;
        self
    }

    /// `self` with `by` in place of `value`.
    pub fn substitute(&self, value: Value, by: &Affine) -> Affine {
        let coefficient = self.coefficient(value);
        self.plus(-coefficient, &Affine::value(value)).plus(coefficient, by)
    }

    fn add_term(&mut self, value: Value, coefficient: i128) {
        match self.terms.binary_search_by_key(&value, |term| term.0) {
            Ok(k) => {
                self.terms[k].1 += coefficient;
                if self.terms[k].1 == 0 {
                    self.terms.remove(k);
                }
            }
            Err(_) if coefficient == 0 => {}
            Err(k) => self.terms.insert(k, (value, coefficient)),
        }
    }

    fn is_reasonable(&self) -> bool {
        self.constant.abs() <= CONSTANT_LIMIT
            && self.terms.iter().all(|term| term.1.abs() <= COEFFICIENT_LIMIT)
    }
}

impl Ranges {
    /// Knows all definitions of `function`, and no facts.
    pub fn new(function: &Function) -> Ranges {
        let part = match function.role {
            Role::Body { begin, end, within: Some(within), .. } => Some((begin, end, within)),
            _ => None,
        };
        let mut ranges = Ranges { definitions: SecondaryMap::new(), facts: vec![], narrowed: vec![], part };
        for (value, data) in &function.values {
            ranges.definitions[value].dtype = data.dtype;
        }
        let mut order = 0;
        for operand in &function.params {
            if let Operand::Array(array) = operand {
                ranges.define_extents(function, *array);
            }
        }
        walk(&function.body, &mut |stmt| {
            order += 1;
            ranges.define(function, stmt, order);
        });
        ranges
    }

    fn define(&mut self, function: &Function, stmt: &Stmt, order: u32) {
        stmt.for_each_definition(function, |value| {
            self.definitions[value].order = order;
        });
        match stmt {
            Stmt::Let(value, op) if op.is_pure() => self.definitions[*value].kind = Kind::Op(op.clone()),
            Stmt::For(loop_) => {
                self.definitions[loop_.index].kind = Kind::Index { lo: loop_.lo, hi: loop_.hi }
            }
            Stmt::Call(call) => {
                for result in &call.results {
                    if let Operand::Array(array) = result {
                        self.define_extents(function, *array);
                    }
                }
            }
            _ => {}
        }
    }

    fn define_extents(&mut self, function: &Function, array: Array) {
        for &extent in &function.arrays[array].extents {
            self.definitions[extent].kind = Kind::Extent;
        }
    }

    pub fn mark(&self) -> Mark {
        Mark { facts: self.facts.len(), narrowed: self.narrowed.len() }
    }

    /// Forgets everything assumed since `mark`.
    pub fn leave(&mut self, mark: Mark) {
        self.facts.truncate(mark.facts);
        self.narrowed.truncate(mark.narrowed);
    }

    /// In the body of `loop_`: `lo ≤ index < hi`.
    pub fn enter_for(&mut self, loop_: &For) {
        let index = Affine::value(loop_.index);
        for lo in self.lower_bounds(loop_.lo) {
            let lo = self.exact(lo);
            self.assume_nonnegative(index.plus(-1, &lo));
        }
        for hi in self.upper_bounds(loop_.lo, loop_.hi) {
            // What a loop below `n // 2` says about `n`.
            self.definition_facts(hi).into_iter().for_each(|fact| self.assume_nonnegative(fact));
            let hi = self.exact(hi).plus_constant(-1);
            self.assume_nonnegative(hi.plus(-1, &index));
        }
    }

    /// Values that are at most `lo`, hence at most the index of a loop from `lo`.
    pub fn lower_bounds(&self, lo: Value) -> Vec<Value> {
        match self.op(lo) {
            Some(&Op::Binary(Binary::Max | Binary::Maximum, a, b)) => vec![lo, a, b],
            _ => match self.part {
                Some((begin, _, within)) if begin == lo => vec![lo, within.0],
                _ => vec![lo],
            },
        }
    }

    /// Values that the index of a loop `lo..hi` stays below: `hi`, and what `hi` is a minimum of, or a maximum
    /// with something that the index reaches anyway.
    pub fn upper_bounds(&self, lo: Value, hi: Value) -> Vec<Value> {
        match self.op(hi) {
            Some(&Op::Binary(Binary::Min | Binary::Minimum, a, b)) => vec![hi, a, b],
            Some(&Op::Binary(Binary::Max | Binary::Maximum, a, b)) => {
                let lo = self.interval(lo).0;
                if self.interval(a).1 <= lo {
                    vec![b]
                } else if self.interval(b).1 <= lo {
                    vec![a]
                } else {
                    vec![hi]
                }
            }
            _ => match self.part {
                Some((_, end, within)) if end == hi => vec![hi, within.1],
                _ => vec![hi],
            },
        }
    }

    /// From here on `0 ≤ index < extent`.
    fn assume_in_bounds(&mut self, index: Value, extent: Value) {
        let (index, extent) = (self.exact(index), self.exact(extent));
        self.assume_nonnegative(extent.plus(-1, &index).plus_constant(-1));
        self.assume_nonnegative(index);
    }

    /// What holds once `stmt` has been passed.
    pub fn after(&mut self, function: &Function, stmt: &Stmt) {
        match stmt {
            Stmt::Check(Check { condition: Condition::Bounds { index, extent }, .. }) => {
                self.assume_in_bounds(*index, *extent);
            }
            Stmt::Check(Check { condition: Condition::True(condition), .. }) => self.assume(*condition, true),
            // `0 ≤ a % n < n` where n is positive, be it only because a loop below n runs.
            Stmt::Let(value, Op::Binary(Binary::Mod, _, n)) if self.is_i64(*n) => {
                let least = self.exact(*n).plus_constant(-1);
                if self.proves(&least) {
                    self.assume_nonnegative(Affine::value(*value));
                    self.assume_nonnegative(least.plus(-1, &Affine::value(*value)));
                }
            }
            Stmt::Alloc { array, .. } => self.assume_allocated(function, *array),
            Stmt::If(branch) if leaves(&branch.then) => self.assume(branch.condition, false),
            Stmt::If(branch) if leaves(&branch.otherwise) => self.assume(branch.condition, true),
            _ => {}
        }
    }

    /// From here on the extents of `array` are not negative.
    fn assume_allocated(&mut self, function: &Function, array: Array) {
        for &extent in &function.arrays[array].extents {
            let extent = self.exact(extent);
            self.assume_nonnegative(extent);
        }
    }

    /// From here on the bool `condition` is `truth`.
    pub fn assume(&mut self, condition: Value, truth: bool) {
        match self.op(condition).cloned() {
            Some(Op::Compare(compare, a, b)) if self.is_i64(a) => {
                let compare = if truth { compare } else { negated(compare) };
                let difference = self.exact(b).plus(-1, &self.exact(a));
                for form in nonnegative_forms(compare, &difference) {
                    self.assume_nonnegative(form);
                }
            }
            Some(Op::Compare(Compare::Le, a, b)) if truth => self.assume_unsigned(a, b),
            Some(Op::Binary(Binary::And | Binary::Mul, a, b)) if truth => {
                self.assume(a, true);
                self.assume(b, true);
            }
            Some(Op::Binary(Binary::Or | Binary::Add, a, b)) if !truth => {
                self.assume(a, false);
                self.assume(b, false);
            }
            Some(Op::Unary(Unary::Not | Unary::Invert, a)) if self.definitions[a].dtype == Dtype::Bool => {
                self.assume(a, !truth);
            }
            _ => {}
        }
    }

    /// From here on `a ≤ b`, numbers without sign: where `a` is a signed one and `b` a small constant, that is two comparisons.
    fn assume_unsigned(&mut self, a: Value, b: Value) {
        let (Some(&Op::Cast(signed)), Some(Op::Const(most))) = (self.op(a), self.op(b)) else { return };
        if !self.is_i64(signed) || self.definitions[a].dtype != Dtype::U64 {
            return;
        }
        let most = most.as_i64() as i128;
        if most >= 0 {
            let form = self.exact(signed);
            self.assume_nonnegative(Affine::constant(most).plus(-1, &form));
            self.assume_nonnegative(form);
        }
    }

    /// From here on `form ≥ 0`, where `form` is exact.
    fn assume_nonnegative(&mut self, form: Affine) {
        match form.terms[..] {
            [] => return,
            [(value, 1)] => self.narrowed.push((value, (-form.constant, I64.1))),
            [(value, -1)] => self.narrowed.push((value, (I64.0, form.constant))),
            _ => {}
        }
        self.facts.push(form);
    }

    /// Whether `0 ≤ value`.
    pub fn is_nonnegative(&self, value: Value) -> bool {
        self.proves(&self.affine(value)) || self.proves(&Affine::value(value))
    }

    /// Whether `value < 0`.
    pub fn is_negative(&self, value: Value) -> bool {
        let negative = |form: Affine| self.proves(&Affine::constant(-1).plus(-1, &form));
        // A form that is only congruent to the value says nothing when it is negative.
        negative(self.exact(value)) || negative(Affine::value(value))
    }

    /// Whether `0 ≤ index < extent`.
    pub fn in_bounds(&self, index: Value, extent: Value) -> bool {
        let extent = self.exact(extent);
        [self.affine(index), Affine::value(index)]
            .into_iter()
            .any(|index| self.proves(&index) && self.proves(&extent.plus(-1, &index).plus_constant(-1)))
    }

    /// Whether the bool `condition` is certainly true.
    pub fn is_true(&self, condition: Value) -> bool {
        match self.op(condition) {
            Some(Op::Const(scalar)) => scalar.truth(),
            Some(&Op::Compare(compare, a, b)) if self.is_i64(a) => {
                let difference = self.exact(b).plus(-1, &self.exact(a));
                match compare {
                    Compare::Ne => {
                        self.proves(&difference.clone().plus_constant(-1))
                            || self.proves(&Affine::constant(-1).plus(-1, &difference))
                    }
                    Compare::Eq | Compare::Lt | Compare::Le | Compare::Gt | Compare::Ge => {
                        nonnegative_forms(compare, &difference).iter().all(|form| self.proves(form))
                    }
                }
            }
            Some(&Op::Binary(Binary::And, a, b)) => self.is_true(a) && self.is_true(b),
            Some(&Op::Binary(Binary::Or, a, b)) => self.is_true(a) || self.is_true(b),
            _ => false,
        }
    }

    /// Whether `form ≥ 0`.
    pub fn proves(&self, form: &Affine) -> bool {
        self.search(form, PROOF_DEPTH, &mut PROOF_STEPS.clone())
    }

    /// Removes the value that most keeps `form` from being proved by subtracting multiples of facts.
    fn search(&self, form: &Affine, depth: u32, steps: &mut u32) -> bool {
        if self.form_interval(form).0 >= 0 {
            return true;
        }
        if depth == 0 || *steps == 0 {
            return false;
        }
        *steps -= 1;
        let Some((value, coefficient)) = self.obstacle(form) else { return false };
        let own = self.definition_facts(value);
        own.iter().chain(self.facts.iter().rev()).any(|fact| {
            let have = fact.coefficient(value);
            have != 0 && coefficient % have == 0 && coefficient / have > 0 && {
                let rest = form.plus(-(coefficient / have), fact);
                rest.is_reasonable() && self.search(&rest, depth - 1, steps)
            }
        })
    }

    /// The latest value whose interval lets the form become negative; any, where it is the constant.
    fn obstacle(&self, form: &Affine) -> Option<(Value, i128)> {
        let order = |term: &&(Value, i128)| self.definitions[term.0].order;
        let lowers = |term: &&(Value, i128)| {
            let (low, high) = self.interval(term.0);
            if term.1 > 0 { low < 0 } else { high > 0 }
        };
        form.terms
            .iter()
            .filter(lowers)
            .max_by_key(order)
            .or_else(|| form.terms.iter().max_by_key(order))
            .copied()
    }

    /// What the operator that defines a value says of it: forms that are at least 0.
    fn definition_facts(&self, value: Value) -> Vec<Affine> {
        let Some(&Op::Binary(binary, a, b)) = self.op(value) else { return vec![] };
        let itself = Affine::value(value);
        let at_most = |other: Value| self.exact(other).plus(-1, &itself);
        let at_least = |other: Value| itself.plus(-1, &self.exact(other));
        match binary {
            _ if !self.is_i64(a) => vec![],
            Binary::FloorDiv => match self.affine(b).as_constant() {
                Some(divisor) if (1..=COEFFICIENT_LIMIT).contains(&divisor) => {
                    let rest = self.exact(a).plus(-divisor, &itself);
                    vec![rest.clone(), Affine::constant(divisor - 1).plus(-1, &rest)]
                }
                _ => vec![],
            },
            Binary::Min | Binary::Minimum => vec![at_most(a), at_most(b)],
            Binary::Max | Binary::Maximum => vec![at_least(a), at_least(b)],
            _ => vec![],
        }
    }

    /// The form of a value, congruent to it modulo 2^64.
    pub fn affine(&self, value: Value) -> Affine {
        self.look_through(value, &mut LOOK_THROUGH.clone())
    }

    /// The form of a value where that cannot have wrapped, else the value itself.
    pub fn exact(&self, value: Value) -> Affine {
        let form = self.affine(value);
        let (low, high) = self.form_interval(&form);
        if low >= I64.0 && high <= I64.1 { form } else { Affine::value(value) }
    }

    fn look_through(&self, value: Value, fuel: &mut u32) -> Affine {
        let whole = || Affine::value(value);
        if *fuel == 0 || !self.is_i64(value) {
            return whole();
        }
        *fuel -= 1;
        let form = match self.op(value) {
            Some(Op::Const(scalar)) => Affine::constant(scalar.as_i64() as i128),
            Some(&Op::Binary(Binary::Add, a, b)) => {
                self.look_through(a, fuel).plus(1, &self.look_through(b, fuel))
            }
            Some(&Op::Binary(Binary::Sub, a, b)) => {
                self.look_through(a, fuel).plus(-1, &self.look_through(b, fuel))
            }
            Some(&Op::Binary(Binary::Mul, a, b)) => {
                let (a, b) = (self.look_through(a, fuel), self.look_through(b, fuel));
                match (a.as_constant(), b.as_constant()) {
                    (Some(factor), _) if factor.abs() <= COEFFICIENT_LIMIT => {
                        Affine::default().plus(factor, &b)
                    }
                    (_, Some(factor)) if factor.abs() <= COEFFICIENT_LIMIT => {
                        Affine::default().plus(factor, &a)
                    }
                    _ => whole(),
                }
            }
            Some(&Op::Unary(Unary::Neg, a)) => Affine::default().plus(-1, &self.look_through(a, fuel)),
            Some(&Op::Cast(a)) if self.is_i64(a) => self.look_through(a, fuel),
            _ => whole(),
        };
        if form.is_reasonable() { form } else { whole() }
    }

    pub fn form_interval(&self, form: &Affine) -> Interval {
        form.terms.iter().fold((form.constant, form.constant), |(low, high), &(value, coefficient)| {
            let (a, b) = self.interval(value);
            let (a, b) = (a * coefficient, b * coefficient);
            (low + a.min(b), high + a.max(b))
        })
    }

    /// Where an integer value certainly lies.
    pub fn interval(&self, value: Value) -> Interval {
        self.interval_within(value, &mut LOOK_THROUGH.clone())
    }

    fn interval_within(&self, value: Value, fuel: &mut u32) -> Interval {
        let all = self.definitions[value].dtype.int_range().unwrap_or(I64);
        if *fuel == 0 {
            return all;
        }
        *fuel -= 1;
        let (low, high) = match &self.definitions[value].kind {
            Kind::Opaque => all,
            Kind::Extent => (0, EXTENT_LIMIT),
            Kind::Index { lo, hi } => {
                (self.interval_within(*lo, fuel).0, self.interval_within(*hi, fuel).1 - 1)
            }
            Kind::Op(op) => self.op_interval(op, fuel).unwrap_or(all),
        };
        // What may have wrapped can be anything; an index of a loop that cannot run, too.
        let mut interval = if low < all.0 || high > all.1 || low > high { all } else { (low, high) };
        for (_, (low, high)) in self.narrowed.iter().filter(|narrowed| narrowed.0 == value) {
            interval = (interval.0.max(*low), interval.1.min(*high));
        }
        interval
    }

    fn op_interval(&self, op: &Op, fuel: &mut u32) -> Option<Interval> {
        match op {
            Op::Const(scalar) if scalar.dtype.is_int() && scalar.dtype != Dtype::U64 => {
                Some((scalar.as_i64() as i128, scalar.as_i64() as i128))
            }
            &Op::Binary(binary, a, b) if self.definitions[a].dtype.is_int() => {
                binary_interval(binary, self.interval_within(a, fuel), self.interval_within(b, fuel))
            }
            &Op::Cast(a)
                if self.definitions[a].dtype.is_int() || self.definitions[a].dtype == Dtype::Bool =>
            {
                Some(self.interval_within(a, fuel))
            }
            &Op::Select { then, otherwise, .. } if self.definitions[then].dtype.is_int() => {
                let (a, b) = (self.interval_within(then, fuel), self.interval_within(otherwise, fuel));
                Some((a.0.min(b.0), a.1.max(b.1)))
            }
            &Op::Unary(Unary::Neg, a) if self.definitions[a].dtype.is_signed() => {
                let (low, high) = self.interval_within(a, fuel);
                Some((-high, -low))
            }
            _ => None,
        }
    }

    /// The operation that defines a value, if it depends on its operands only.
    pub fn op(&self, value: Value) -> Option<&Op> {
        match &self.definitions[value].kind {
            Kind::Op(op) => Some(op),
            Kind::Opaque | Kind::Extent | Kind::Index { .. } => None,
        }
    }

    /// The value now has this definition.
    pub fn redefine(&mut self, value: Value, op: &Op) {
        self.definitions[value].kind = Kind::Op(op.clone());
    }

    pub fn is_i64(&self, value: Value) -> bool {
        self.definitions[value].dtype == Dtype::I64
    }
}

/// Whether control never reaches the end of `block`, as far as its last statement shows.
fn leaves(block: &Block) -> bool {
    matches!(block.last(), Some(Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return(_) | Stmt::Fault { .. }))
}

/// Definitions made by the statements of `block`, nested ones included.
pub fn defined_in(function: &Function, block: &Block) -> HashSet<Value> {
    let mut defined = HashSet::new();
    walk(block, &mut |stmt| {
        stmt.for_each_definition(function, |value| {
            defined.insert(value);
        });
    });
    defined
}

/// The forms that are at least 0 exactly when `a compare b`, given `b - a`. None for `≠`.
pub fn nonnegative_forms(compare: Compare, difference: &Affine) -> Vec<Affine> {
    let reversed = || Affine::default().plus(-1, difference);
    match compare {
        Compare::Lt => vec![difference.clone().plus_constant(-1)],
        Compare::Le => vec![difference.clone()],
        Compare::Gt => vec![reversed().plus_constant(-1)],
        Compare::Ge => vec![reversed()],
        Compare::Eq => vec![difference.clone(), reversed()],
        Compare::Ne => vec![],
    }
}

fn negated(compare: Compare) -> Compare {
    match compare {
        Compare::Eq => Compare::Ne,
        Compare::Ne => Compare::Eq,
        Compare::Lt => Compare::Ge,
        Compare::Le => Compare::Gt,
        Compare::Gt => Compare::Le,
        Compare::Ge => Compare::Lt,
    }
}

fn binary_interval(binary: Binary, a: Interval, b: Interval) -> Option<Interval> {
    match binary {
        Binary::Add => Some((a.0 + b.0, a.1 + b.1)),
        Binary::Sub => Some((a.0 - b.1, a.1 - b.0)),
        Binary::Mul => {
            // Those of two u64 need not fit.
            let product = |x: i128, y: i128| x.checked_mul(y);
            let ends = [product(a.0, b.0)?, product(a.0, b.1)?, product(a.1, b.0)?, product(a.1, b.1)?];
            Some((*ends.iter().min()?, *ends.iter().max()?))
        }
        Binary::Min | Binary::Minimum => Some((a.0.min(b.0), a.1.min(b.1))),
        Binary::Max | Binary::Maximum => Some((a.0.max(b.0), a.1.max(b.1))),
        // With the sign of the divisor, and 0 for a divisor of 0.
        Binary::Mod if b.0 >= 0 => Some((0, (b.1 - 1).max(0))),
        Binary::FloorDiv if b.0 >= 1 => {
            let (low, high) = (a.0.div_euclid(b.0), a.1.div_euclid(b.0));
            Some((low.min(a.0.div_euclid(b.1)), high.max(a.1.div_euclid(b.1))))
        }
        Binary::And if a.0 >= 0 => Some((0, a.1)),
        Binary::And if b.0 >= 0 => Some((0, b.1)),
        Binary::Shr if a.0 >= 0 => Some((0, a.1)),
        _ => None,
    }
}
