//! Dependence: may two accesses touch the same element in different iterations of a loop?
//!
//! ```text
//! y[i]      and y[i]         independent: injective
//! y[2*i]    and y[2*i + 1]   independent: gcd
//! y[i]      and y[i - 1]     dependent, one iteration apart
//! y[i]      and y[i + n]     independent in 0..n: further apart than the loop is long
//! y[i*m+j]  and y[i*m+k]     independent for j, k in 0..m: rows
//! y[i]      and x[i]         independent if x and y turn out disjoint (one alias class)
//! y[idx[i]] and anything     unknown
//! ```
//!
//! The question is asked in three steps: is it *proved* that they never meet; is it proved under assumptions that can
//! be tested before the loop; is it proved that they *do* meet (as soon as the loops are long enough). Everything
//! else is unknown. Subscripts are compared axis by axis, one separating axis being enough. A view (`row = y[i]`)
//! is led back to the axes of the array it was cut from; where that fails, byte addresses are compared.

mod meet;
#[cfg(test)]
mod tests;

use super::affine::Affine;
use super::facts::{Access, Facts, LoopId, Place, Touch};
use super::*;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Dependence {
    /// Never the same element.
    Independent,
    /// Never the same element if all of these hold, which can be tested before the loop.
    IndependentIf(Vec<Assumption>),
    /// The same element, whenever the loops around the accesses run often enough.
    Dependent,
    Unknown,
}

/// What is not known at compile time but is the same for the whole loop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Assumption {
    /// The arrays share no byte.
    Disjoint(Array, Array),
    /// The form, of values that the loop does not change, is at least 0: indices do not wrap around.
    NonNegative(Affine),
}

/// Which pairs of iterations are asked about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Iterations {
    /// Any two different ones.
    Different,
    /// The first access is in a later iteration than the second, by less than this.
    Later { within: i64 },
}

/// Whether the two accesses may touch the same element in different iterations of the loop. Both are in it.
pub fn between(
    facts: &Facts,
    id: LoopId,
    first: &Access,
    second: &Access,
    iterations: Iterations,
) -> Dependence {
    Query { facts, id, iterations }.between(first, second)
}

/// When the loop with this index may run in lockstep groups of `lanes` iterations, each statement for all lanes before the next: no
/// access of an earlier lane may have to come before one that precedes it in the body. Where the body has loops (`any_order`), accesses of
/// one group come in an order that the body does not tell. None: never, as far as known. Else, if these arrays share no byte: there are none
/// where it is certain; they do not change in the loop.
pub fn lockstep(facts: &Facts, index: Value, lanes: i64, any_order: bool) -> Option<Vec<(Array, Array)>> {
    let id = facts.loop_of(index)?;
    let accesses: Vec<&Access> = facts.accesses(id).collect();
    let within = Iterations::Later { within: lanes };
    let mut apart = vec![];
    for (k, first) in accesses.iter().enumerate() {
        for second in accesses[k..].iter().filter(|second| first.write || second.write) {
            apart.extend(disjoint(facts, between(facts, id, first, second, within))?);
            if any_order {
                apart.extend(disjoint(facts, between(facts, id, second, first, within))?);
            }
        }
    }
    apart.sort_unstable();
    apart.dedup();
    Some(apart)
}

/// Which arrays must be apart for it to be independent; None if that is not what it depends on.
fn disjoint(facts: &Facts, dependence: Dependence) -> Option<Vec<(Array, Array)>> {
    let assumptions = match dependence {
        Dependence::Independent => vec![],
        Dependence::IndependentIf(assumptions) => assumptions,
        Dependence::Dependent | Dependence::Unknown => return None,
    };
    let pairs = assumptions.into_iter().map(|assumption| match assumption {
        Assumption::Disjoint(a, b) => (facts.base(a) != facts.base(b)).then_some((a.min(b), a.max(b))),
        Assumption::NonNegative(_) => None,
    });
    pairs.collect()
}

/// Whether every two accesses of different iterations are proved to touch different elements (reads among themselves aside).
pub fn independent(facts: &Facts, index: Value) -> bool {
    let Some(id) = facts.loop_of(index) else { return false };
    let accesses: Vec<&Access> = facts.accesses(id).collect();
    accesses.iter().enumerate().all(|(k, first)| {
        accesses[k..]
            .iter()
            .all(|second| between(facts, id, first, second, Iterations::Different) == Dependence::Independent)
    })
}

/// Whether there are two iterations in which both accesses, if reached, touch one element.
pub fn meet(facts: &Facts, id: LoopId, first: &Access, second: &Access) -> bool {
    let query = Query { facts, id, iterations: Iterations::Different };
    let bases = (facts.base(first.array), facts.base(second.array));
    let fixed = bases.0.is_some_and(|base| !facts.varies(base, id));
    fixed && bases.0 == bases.1 && query.meet(first, second)
}

/// The array that this one is a view of; itself if it is none.
pub fn origin(facts: &Facts, array: Array) -> Array {
    let Some(base) = facts.base(array) else { return array };
    let arrays = &facts.function.arrays;
    let is_origin = |origin: &Array| facts.affine(arrays[*origin].base) == Affine::value(base);
    if is_origin(&array) {
        return array;
    }
    arrays.keys().find(is_origin).unwrap_or(array)
}

/// The least that a form can be in any iteration of the loop, in values that the loop does not change.
pub fn least(facts: &Facts, id: LoopId, form: &Affine, place: Place) -> Option<Affine> {
    let query = Query { facts, id, iterations: Iterations::Different };
    let mut ends = query.ends(form, place, End::Least, None);
    (!ends.is_empty()).then(|| ends.swap_remove(0))
}

#[derive(Clone, Copy)]
struct Query<'a, 'f> {
    facts: &'a Facts<'f>,
    id: LoopId,
    iterations: Iterations,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Least,
    Most,
}

/// Where an access goes: relative to one base address, as subscripts or bytes.
struct Location {
    /// The value all addresses count from.
    base: Value,
    /// Subscripts of an array with this base, each within its extent.
    axes: Option<(Array, Vec<Affine>)>,
    /// Bytes after the base.
    bytes: Option<Affine>,
    size: i64,
    place: Place,
    assumptions: Vec<Assumption>,
}

/// The distance `first - second` of two subscripts lies in `size` or more above, or the other's size below,
/// if they do not touch: 1 and 1 for subscripts, element sizes for addresses.
#[derive(Clone, Copy)]
struct Sizes {
    first: i64,
    second: i64,
}

/// Which iteration comes later.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    First,
    Second,
}

impl Query<'_, '_> {
    fn between(&self, first: &Access, second: &Access) -> Dependence {
        let arrays = &self.facts.function.arrays;
        if !first.write && !second.write || arrays[first.array].class != arrays[second.array].class {
            return Dependence::Independent;
        }
        let (first_base, second_base) = (self.facts.base(first.array), self.facts.base(second.array));
        for base in [first_base, second_base].into_iter().flatten() {
            if self.facts.is_allocated_in(base, self.id) {
                return Dependence::Independent;
            }
        }
        match (first_base, second_base) {
            // A base that varies is another one in another iteration, whatever its name.
            (Some(a), Some(b)) if a == b && !self.facts.varies(a, self.id) => self.same_base(first, second),
            _ => self.different_bases(first, second),
        }
    }

    fn different_bases(&self, first: &Access, second: &Access) -> Dependence {
        let roots = (self.root(first.array), self.root(second.array));
        let (Some(first), Some(second)) = roots else { return Dependence::Unknown };
        Dependence::IndependentIf(vec![Assumption::Disjoint(first, second)])
    }

    fn same_base(&self, first: &Access, second: &Access) -> Dependence {
        for assume in [false, true] {
            let locations = (self.locate(first, assume), self.locate(second, assume));
            let (Some(a), Some(b)) = locations else { return Dependence::Unknown };
            if self.separated(&a, &b) {
                let mut assumptions = a.assumptions;
                for assumption in b.assumptions {
                    if !assumptions.contains(&assumption) {
                        assumptions.push(assumption);
                    }
                }
                return match assumptions.is_empty() {
                    true => Dependence::Independent,
                    false => Dependence::IndependentIf(assumptions),
                };
            }
        }
        let certain = [first, second].iter().all(|access| self.facts.is_unconditional(access, self.id));
        if certain && self.iterations == Iterations::Different && self.meet(first, second) {
            return Dependence::Dependent;
        }
        Dependence::Unknown
    }

    // Where accesses go.

    /// An array that contains the memory of this one and does not change in the loop.
    fn root(&self, array: Array) -> Option<Array> {
        let fixed = |array: Array| {
            let mut components = self.facts.function.arrays[array].components();
            components.all(|component| !self.facts.varies(component, self.id))
        };
        if fixed(array) {
            return Some(array);
        }
        let base = self.facts.base(array)?;
        let arrays = &self.facts.function.arrays;
        arrays.keys().find(|&root| self.facts.same(arrays[root].base) == base && fixed(root))
    }

    fn locate(&self, access: &Access, assume: bool) -> Option<Location> {
        let Touch::Element(indices) = &access.touch else { return None };
        let data = &self.facts.function.arrays[access.array];
        let base = self.facts.base(access.array)?;
        let mut assumptions = vec![];
        let mut form = |value: Value| {
            let form = self.facts.affine(value);
            if assume { self.assume_unwrapped(form, access.place, &mut assumptions) } else { form }
        };
        let subscripts: Vec<Affine> = indices.iter().map(|&index| form(index)).collect();
        let offset = form(data.base).sub(&Affine::value(base));
        let mut bytes = offset.clone();
        for (subscript, &stride) in subscripts.iter().zip(&data.strides) {
            let step = subscript.mul(&self.facts.affine(stride));
            bytes = bytes.and_then(|bytes| bytes.add(&step?));
        }
        let axes = match offset.and_then(|offset| offset.as_constant()) {
            Some(0) => Some((access.array, subscripts)),
            Some(_) | None => bytes.as_ref().and_then(|bytes| self.delinearize(base, bytes, access)),
        };
        let size = data.dtype.size() as i64;
        Some(Location { base, axes, bytes, size, place: access.place, assumptions })
    }

    /// The form with every index that might wrap around taken as it is written, which is right if its least value is not negative.
    fn assume_unwrapped(&self, form: Affine, place: Place, assumptions: &mut Vec<Assumption>) -> Affine {
        let mut result = form.clone();
        for atom in form.values() {
            let Some(Op::Wrap { index, .. }) = self.facts.operation(atom) else { continue };
            let index = self.facts.affine(*index);
            let Some(least) = least(self.facts, self.id, &index, place) else { continue };
            let Some(unwrapped) = result.substitute(atom, &index) else { continue };
            let assumption = Assumption::NonNegative(least);
            if !assumptions.contains(&assumption) {
                assumptions.push(assumption);
            }
            result = unwrapped;
        }
        result
    }

    /// The subscripts in the array that starts at `base` of an address in bytes after it: only where every one of them is proved to be within
    /// its extent, since else different subscripts may mean the same element.
    fn delinearize(&self, base: Value, bytes: &Affine, access: &Access) -> Option<(Array, Vec<Affine>)> {
        let arrays = &self.facts.function.arrays;
        let dtype = arrays[access.array].dtype;
        let roots = arrays.keys().filter(|&root| {
            let data = &arrays[root];
            self.facts.same(data.base) == base && data.dtype == dtype
        });
        roots.into_iter().find_map(|root| {
            let subscripts = self.divide(&arrays[root], bytes)?;
            let pairs = subscripts.iter().zip(&arrays[root].extents);
            let inside =
                pairs.into_iter().all(|(subscript, &extent)| self.facts.is_inside(subscript, extent, access));
            inside.then_some((root, subscripts))
        })
    }

    /// Divides an address by the strides of an array, the largest first.
    fn divide(&self, array: &ArrayData, bytes: &Affine) -> Option<Vec<Affine>> {
        let mut strides: Vec<(usize, affine::Term)> = vec![];
        for (axis, &stride) in array.strides.iter().enumerate() {
            strides.push((axis, monomial(&self.facts.affine(stride))?));
        }
        strides.sort_by_key(|(_, stride)| {
            (std::cmp::Reverse(stride.factors.len()), std::cmp::Reverse(stride.coefficient))
        });
        let mut subscripts = vec![Affine::default(); array.rank()];
        let constant = affine::Term { factors: vec![], coefficient: bytes.constant };
        let constant = (bytes.constant != 0).then_some(&constant);
        for term in bytes.terms.iter().chain(constant) {
            let quotient = strides.iter().find_map(|(axis, stride)| Some((*axis, quotient(term, stride)?)));
            let (axis, quotient) = quotient?;
            subscripts[axis] = subscripts[axis].add(&quotient)?;
        }
        Some(subscripts)
    }

    // Proving that they never meet.

    fn separated(&self, first: &Location, second: &Location) -> bool {
        debug_assert!(first.base == second.base);
        let sides: &[Side] = match self.iterations {
            Iterations::Different => &[Side::First, Side::Second],
            Iterations::Later { .. } => &[Side::First],
        };
        sides.iter().all(|&side| {
            let axes = self.axes_of(first, second).is_some_and(|pairs| {
                let sizes = Sizes { first: 1, second: 1 };
                pairs.iter().any(|(a, b)| self.apart((a, first.place), (b, second.place), sizes, side))
            });
            axes || self.bytes_apart(first, second, side)
        })
    }

    /// Subscripts of the same axis of both, if both are known in the same array or in arrays of the same strides.
    fn axes_of<'l>(
        &self,
        first: &'l Location,
        second: &'l Location,
    ) -> Option<Vec<(&'l Affine, &'l Affine)>> {
        let ((first, a), (second, b)) = (first.axes.as_ref()?, second.axes.as_ref()?);
        let arrays = &self.facts.function.arrays;
        let strides = |array: Array| -> Vec<Affine> {
            arrays[array].strides.iter().map(|&stride| self.facts.affine(stride)).collect()
        };
        let same = arrays[*first].dtype == arrays[*second].dtype
            && (first == second || strides(*first) == strides(*second));
        same.then(|| a.iter().zip(b).collect())
    }

    fn bytes_apart(&self, first: &Location, second: &Location, side: Side) -> bool {
        let (Some(a), Some(b)) = (&first.bytes, &second.bytes) else { return false };
        let sizes = Sizes { first: first.size, second: second.size };
        self.apart((a, first.place), (b, second.place), sizes, side)
    }

    /// Whether the two forms, the first in one iteration and the second in another, are never within each other's size.
    fn apart(&self, a: (&Affine, Place), b: (&Affine, Place), sizes: Sizes, side: Side) -> bool {
        self.gcd_apart(a.0, b.0, sizes)
            || self.distance_proves(a, b, sizes.second, side)
            || self.distance_proves(b, a, sizes.first, side.other())
            || self.modulo_apart(a, b, sizes, side)
    }

    /// `j*n + i`: whether the forms without the multiples of some `n` differ by more than nothing and less than `n`.
    fn modulo_apart(&self, a: (&Affine, Place), b: (&Affine, Place), sizes: Sizes, side: Side) -> bool {
        let index = self.index();
        let inner = |value: &Value| *value != index && self.facts.varies(*value, self.id);
        a.0.terms.iter().filter(|term| term.factors.iter().any(inner)).any(|term| {
            let factors: Vec<Value> =
                term.factors.iter().copied().filter(|value| !self.facts.varies(*value, self.id)).collect();
            let modulus = affine::Term { factors, coefficient: term.coefficient.saturating_abs() };
            let (low, high) = (without_multiples(a.0, &modulus), without_multiples(b.0, &modulus));
            let modulus = Affine::default().add_product(&modulus);
            let (low, high) = ((&low, a.1), (&high, b.1));
            let wrapped = |form: &Affine| modulus.as_ref().and_then(|modulus| form.add(modulus));
            let (Some(low_next), Some(high_next)) = (wrapped(low.0), wrapped(high.0)) else { return false };
            let (low_next, high_next) = ((&low_next, a.1), (&high_next, b.1));
            let above = self.distance_proves(low, high, sizes.second, side)
                && self.distance_proves(high_next, low, sizes.first, side.other());
            let below = self.distance_proves(high, low, sizes.first, side.other())
                && self.distance_proves(low_next, high, sizes.second, side);
            above || below
        })
    }

    /// Whether the least of `a - b` is at least `size`. `side` says whether the iteration of `a` (First) or of `b` is later.
    fn distance_proves(&self, a: (&Affine, Place), b: (&Affine, Place), size: i64, side: Side) -> bool {
        let index = self.index();
        let lows = self.ends(a.0, a.1, End::Least, Some(index));
        let highs = self.ends(b.0, b.1, End::Most, Some(index));
        lows.iter().any(|low| {
            highs.iter().any(|high| {
                let difference = self.least_difference(low, high, side, [a.1, b.1]);
                difference.is_some_and(|differences| {
                    differences.iter().filter_map(|least| least.plus(-size)).any(|room| {
                        self.facts.is_nonnegative(&room, a.1) || self.facts.is_nonnegative(&room, b.1)
                    })
                })
            })
        })
    }

    /// What `low(i) - high(i')` is at least: several candidates.
    fn least_difference(
        &self,
        low: &Affine,
        high: &Affine,
        side: Side,
        places: [Place; 2],
    ) -> Option<Vec<Affine>> {
        let (index, lo, hi) = self.range()?;
        let ((c, low_rest), (d, high_rest)) = (low.split(index)?, high.split(index)?);
        let rest = low_rest.sub(&high_rest)?;
        if c != d {
            // Each iteration on its own.
            let last = hi.plus(-1)?;
            let ends = [(&c, &lo, &last), (&d, &last, &lo)].map(|(coefficient, at_positive, at_negative)| {
                let constant = coefficient.as_constant()?;
                coefficient.mul(if constant >= 0 { at_positive } else { at_negative })
            });
            let [low_end, high_end] = ends;
            return Some(vec![low_end?.sub(&high_end?)?.add(&rest)?]);
        }
        // c * (i - i') + rest, with i - i' from 1 up to a longest distance, or from minus that up to -1.
        let step = if side == Side::First { c } else { c.scale(-1)? };
        let mut candidates = vec![];
        let nonnegative = |form: &Affine| places.iter().any(|&place| self.facts.is_nonnegative(form, place));
        if nonnegative(&step) {
            candidates.extend(step.add(&rest));
        } else if nonnegative(&step.scale(-1)?) {
            for longest in self.longest_distances(&lo, &hi) {
                candidates.extend(step.mul(&longest).and_then(|far| far.add(&rest)));
            }
        }
        Some(candidates)
    }

    fn longest_distances(&self, lo: &Affine, hi: &Affine) -> Vec<Affine> {
        let trip = hi.sub(lo).and_then(|trip| trip.plus(-1));
        let within = match self.iterations {
            Iterations::Different => None,
            Iterations::Later { within } => Some(Affine::constant(within - 1)),
        };
        trip.into_iter().chain(within).collect()
    }

    /// Whether the forms differ by something that no multiple of their coefficients makes up for.
    fn gcd_apart(&self, a: &Affine, b: &Affine, sizes: Sizes) -> bool {
        let index = self.index();
        let fixed =
            |term: &affine::Term| !term.factors.iter().any(|&value| self.facts.varies(value, self.id));
        let mut divisor = 0u64;
        // Fixed terms and the loop's own coefficient, where both have it, count once.
        let shared = |form: &Affine, with_index: bool| Affine {
            constant: form.constant,
            terms: form
                .terms
                .iter()
                .filter(|term| fixed(term) || with_index && term.factors == [index])
                .cloned()
                .collect(),
        };
        let same = coefficient_of(a, index) == coefficient_of(b, index);
        let Some(difference) = shared(a, same).sub(&shared(b, same)) else { return false };
        for term in &difference.terms {
            divisor = gcd(divisor, term.coefficient.unsigned_abs());
        }
        for form in [a, b] {
            for term in form.terms.iter().filter(|term| !fixed(term)) {
                divisor = gcd(divisor, term.coefficient.unsigned_abs());
            }
        }
        if divisor == 0 || divisor > i64::MAX as u64 {
            return false;
        }
        let rest = difference.constant.rem_euclid(divisor as i64);
        rest >= sizes.second && divisor as i64 - rest >= sizes.first
    }

    /// The least or most that a form can be over everything that varies inside the loop but `keep`: several candidates,
    /// each valid.
    fn ends(&self, form: &Affine, place: Place, end: End, keep: Option<Value>) -> Vec<Affine> {
        let (mut open, mut done) = (vec![form.clone()], vec![]);
        let mut steps = 0;
        while let Some(form) = open.pop() {
            steps += 1;
            if steps > 32 {
                break;
            }
            let varying = |value: &Value| Some(*value) != keep && self.facts.varies(*value, self.id);
            let Some(atom) = form.values().filter(varying).max_by_key(|&atom| self.facts.order(atom)) else {
                done.push(form);
                continue;
            };
            open.extend(self.without(&form, atom, place, end));
        }
        done
    }

    /// The form with a value replaced by its bounds.
    fn without(&self, form: &Affine, atom: Value, place: Place, end: End) -> Vec<Affine> {
        let Some((coefficient, rest)) = form.split(atom) else { return vec![] };
        if end == End::Least {
            let scaled = self.facts.least_by_scale(&coefficient, &rest, atom);
            if !scaled.is_empty() {
                return scaled;
            }
        }
        let positive = self.facts.is_nonnegative(&coefficient, place);
        let negated = coefficient.scale(-1);
        if !positive && !negated.is_some_and(|negated| self.facts.is_nonnegative(&negated, place)) {
            return vec![];
        }
        let bounds = if positive == (end == End::Least) {
            self.facts.lower_bounds(atom, place)
        } else {
            self.facts.upper_bounds(atom, place)
        };
        bounds.iter().filter_map(|bound| coefficient.mul(bound)?.add(&rest)).collect()
    }

    // The loop itself.

    fn range(&self) -> Option<(Value, Affine, Affine)> {
        self.facts.ranges(self.id).into_iter().next()
    }

    fn index(&self) -> Value {
        self.facts.range_values(self.id)[0].0
    }

    /// Inside the loop.
    fn place(&self) -> Place {
        Some(self.id)
    }
}

impl Side {
    fn other(self) -> Side {
        match self {
            Side::First => Side::Second,
            Side::Second => Side::First,
        }
    }
}

/// A form that is one product and nothing else.
fn monomial(form: &Affine) -> Option<affine::Term> {
    match (form.terms.as_slice(), form.constant) {
        ([], constant) if constant != 0 => Some(affine::Term { factors: vec![], coefficient: constant }),
        ([term], 0) => Some(term.clone()),
        _ => None,
    }
}

/// The terms that are no multiples of `divisor`.
fn without_multiples(form: &Affine, divisor: &affine::Term) -> Affine {
    let rest = form.terms.iter().filter(|term| quotient(term, divisor).is_none());
    Affine { constant: form.constant, terms: rest.cloned().collect() }
}

/// `term / divisor`, where it divides without rest.
fn quotient(term: &affine::Term, divisor: &affine::Term) -> Option<Affine> {
    let mut factors = term.factors.clone();
    for factor in &divisor.factors {
        let at = factors.iter().position(|other| other == factor)?;
        factors.remove(at);
    }
    if term.coefficient % divisor.coefficient != 0 {
        return None;
    }
    let coefficient = Affine::constant(term.coefficient / divisor.coefficient);
    factors.into_iter().try_fold(coefficient, |product, factor| product.mul(&Affine::value(factor)))
}

fn coefficient_of(form: &Affine, value: Value) -> Option<Affine> {
    Some(form.split(value)?.0)
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
