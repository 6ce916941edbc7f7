//! Proving that two accesses do meet: iterations, the same ones whatever the arguments are, in which they touch one element.
//!
//! The first few iterations and the last are put into the subscripts, and those of the loops inside likewise. Where the
//! subscripts are then equal as forms, the element is the same for all arguments that make the loops long enough; that there are such
//! arguments is shown by example.

use super::*;
use std::collections::HashMap;

/// How many of the first iterations are tried to prove that two accesses meet.
const SAMPLES: i64 = 5;
/// Sizes tried to show that loops can be long enough.
const SAMPLE_SIZES: [i64; 5] = [1, 2, 3, 16, 1000];

impl Query<'_, '_> {
    /// Whether there are two iterations, the same ones for all arguments, in which both accesses touch one element.
    pub fn meet(&self, first: &Access, second: &Access) -> bool {
        let Some((_, lo, hi)) = self.range() else { return false };
        let locations = (self.locate(first, true), self.locate(second, true));
        let (Some(a), Some(b)) = locations else { return false };
        let pairs: Vec<(Affine, Affine)> = match (self.axes_of(&a, &b), &a.bytes, &b.bytes) {
            (Some(pairs), ..) => pairs.into_iter().map(|(a, b)| (a.clone(), b.clone())).collect(),
            (None, Some(a), Some(b)) => vec![(a.clone(), b.clone())],
            (None, ..) => return false,
        };
        let far = pairs.iter().filter_map(|(a, b)| self.constant_distance(a, b)).map(|far| (0, far));
        let near = (0..SAMPLES).flat_map(|k| (k + 1..SAMPLES).map(move |other| (k, other)));
        let from_start = |k: i64| Some((lo.plus(k)?, k + 1));
        let both = near.chain(far).filter_map(|(k, other)| Some((from_start(k)?, from_start(other)?)));
        let last = hi.plus(-1).map(|last| ((lo.clone(), 1), (last, 2)));
        both.chain(last).any(|((at, _), (other, trip))| {
            let turns = [(&at, &other), (&other, &at)];
            turns.into_iter().any(|(at, other)| {
                let trips = vec![(lo.clone(), hi.clone(), trip)];
                self.meet_at(&pairs, (first, at), (second, other), trips)
            })
        })
    }

    /// The number of iterations between two accesses whose subscripts differ by a constant.
    fn constant_distance(&self, a: &Affine, b: &Affine) -> Option<i64> {
        let step = a.coefficient(self.index()).filter(|&step| step != 0)?;
        let difference = a.sub(b)?.as_constant()?;
        let distance = difference.checked_div(step)?.checked_abs()?;
        (difference % step == 0 && distance > 0).then_some(distance)
    }

    fn meet_at(
        &self,
        pairs: &[(Affine, Affine)],
        first: (&Access, &Affine),
        second: (&Access, &Affine),
        trips: Vec<(Affine, Affine, i64)>,
    ) -> bool {
        let samples = (self.samples(first.0.place, first.1), self.samples(second.0.place, second.1));
        samples.0.iter().any(|(a_env, a_trips)| {
            samples.1.iter().any(|(b_env, b_trips)| {
                let equal = pairs.iter().all(|(a, b)| {
                    let a = self.instance(a, a_env);
                    a.is_some() && a == self.instance(b, b_env)
                });
                let all: Vec<&(Affine, Affine, i64)> = trips.iter().chain(a_trips).chain(b_trips).collect();
                equal && self.can_run(&all)
            })
        })
    }

    /// Iterations of the loops between ours and a place: what their indices are, and how long the loops must be.
    #[allow(clippy::type_complexity)]
    fn samples(
        &self,
        place: Place,
        at: &Affine,
    ) -> Vec<(HashMap<Value, Affine>, Vec<(Affine, Affine, i64)>)> {
        let mut samples = vec![(HashMap::from([(self.index(), at.clone())]), vec![])];
        let mut inner: Vec<LoopId> =
            self.facts.enclosing(place).take_while(|&inner| inner != self.id).collect();
        inner.reverse();
        for (index, lo, hi) in inner.into_iter().flat_map(|inner| self.facts.ranges(inner)) {
            let mut next = vec![];
            for (env, trips) in samples {
                let bounds = (self.instance(&lo, &env), self.instance(&hi, &env));
                let (Some(lo), Some(hi)) = bounds else { continue };
                for k in 0..2 {
                    let Some(at) = lo.plus(k) else { continue };
                    let (mut env, mut trips) = (env.clone(), trips.clone());
                    env.insert(index, at);
                    trips.push((lo.clone(), hi.clone(), k + 1));
                    next.push((env, trips));
                }
            }
            next.truncate(16);
            samples = next;
        }
        samples
    }

    /// A form in one iteration, in values that the loop does not change.
    fn instance(&self, form: &Affine, env: &HashMap<Value, Affine>) -> Option<Affine> {
        let mut result = form.clone();
        for atom in form.values() {
            if self.facts.varies(atom, self.id) {
                result = result.substitute(atom, &self.instance_of(atom, env)?)?;
            }
        }
        Some(result)
    }

    fn instance_of(&self, atom: Value, env: &HashMap<Value, Affine>) -> Option<Affine> {
        if let Some(at) = env.get(&atom) {
            return Some(at.clone());
        }
        let at = |value: Value| self.instance(&self.facts.affine(value), env);
        match self.facts.operation(atom)? {
            // The subscript of one iteration may well be known not to wrap where that of another does.
            Op::Wrap { index, .. } => {
                let form = at(*index)?;
                self.facts.is_nonnegative(&form, self.place()).then_some(form)
            }
            Op::Binary(op, a, b) => {
                let (a, b) = (at(*a)?.as_constant()?, at(*b)?.as_constant()?);
                Some(Affine::constant(op.eval(Scalar::i64(a), Scalar::i64(b)).as_i64()))
            }
            _ => None,
        }
    }

    /// Whether some values of what the loop does not change make all these loops run this often.
    fn can_run(&self, trips: &[&(Affine, Affine, i64)]) -> bool {
        SAMPLE_SIZES.iter().any(|&size| {
            trips.iter().all(|(lo, hi, trip)| {
                let long = hi.sub(lo).and_then(|length| self.sample(&length, size));
                long.is_some_and(|long| long >= *trip)
            })
        })
    }

    /// The form where everything that is not computed has the same size.
    fn sample(&self, form: &Affine, size: i64) -> Option<i64> {
        let mut sum = form.constant;
        for term in &form.terms {
            let mut product = term.coefficient;
            for &factor in &term.factors {
                product = product.checked_mul(self.sample_value(factor, size)?)?;
            }
            sum = sum.checked_add(product)?;
        }
        Some(sum)
    }

    fn sample_value(&self, value: Value, size: i64) -> Option<i64> {
        let Some(op) = self.facts.operation(value) else { return Some(size) };
        match op {
            Op::Binary(op, a, b) if self.facts.function.values[value].dtype == Dtype::I64 => {
                let (a, b) =
                    (self.sample(&self.facts.affine(*a), size)?, self.sample(&self.facts.affine(*b), size)?);
                Some(op.eval(Scalar::i64(a), Scalar::i64(b)).as_i64())
            }
            Op::Cast(_) => Some(size),
            _ => None,
        }
    }
}
