//! The judgement on one marked loop: every two accesses of different iterations, one of them a write.

use super::guard;
use crate::base::{Binary, ReduceOp};
use crate::loops::depend::{self, Assumption, Dependence, Iterations};
use crate::loops::effects::Effects;
use crate::loops::facts::{Access, Facts, LoopId, Touch};
use crate::loops::visit::walk;
use crate::loops::{Array, For, Op, Stmt, Value};
use std::cell::OnceCell;

#[derive(Clone, Debug)]
pub enum Judgement {
    /// If the assumptions hold.
    Independent(Vec<Assumption>),
    /// As far as its own arrays go, but it updates one in which a loop around collects: in order.
    Inline,
    /// Pairs that meet, at most one for each array.
    Dependent(Vec<Pair>),
    Undecided(Doubt),
}

/// Two accesses; `second` is the same as `first` where an access meets itself. A write comes first.
#[derive(Clone, Debug)]
pub struct Pair {
    pub first: Access,
    pub second: Access,
}

/// Why a loop is undecided.
#[derive(Clone, Debug)]
pub enum Doubt {
    /// The subscripts say nothing.
    Subscripts(Pair),
    /// The conflict is certain, but only where a condition holds.
    Condition(Pair),
    /// One of the accesses is by a function called out of line.
    Call(Pair),
    /// Two arrays may overlap, and nothing before the loop can tell.
    Overlap(Pair),
    /// Iterations add to the same elements: and something else is done with them by `second`, unless it is `first`.
    Accumulation(Pair),
}

pub fn judge(facts: &Facts, effects: &Effects, loop_: &For, disjoint: &[String]) -> Judgement {
    let id = facts.loop_of(loop_.index).expect("the loop is in the function");
    let (collected, rest): (Vec<&Access>, Vec<&Access>) =
        facts.accesses(id).partition(|access| is_collected_around(facts, id, access));
    let accesses: Vec<Access> = rest.into_iter().map(|access| with_effect(access, effects)).collect();
    let mut judge = Judge {
        facts,
        id,
        disjoint,
        vouched: &loop_.vouched,
        assumptions: vec![],
        races: vec![],
        doubt: None,
        updates: OnceCell::new(),
    };
    for (k, first) in accesses.iter().enumerate() {
        for second in &accesses[k..] {
            judge.pair(first, second);
        }
    }
    if let Some(Doubt::Accumulation(pair)) =
        &mut judge.doubt.take_if(|doubt| matches!(doubt, Doubt::Accumulation(_)))
    {
        let second = judge.other_use(&pair.first, &accesses);
        judge.doubt = Some(Doubt::Accumulation(Pair { first: pair.first.clone(), second }));
    }
    match (judge.races.is_empty(), judge.doubt) {
        (false, _) => Judgement::Dependent(judge.races),
        (true, Some(doubt)) => Judgement::Undecided(doubt),
        (true, None) if !collected.is_empty() => Judgement::Inline,
        (true, None) => Judgement::Independent(judge.assumptions),
    }
}

/// Whether a loop around this one collects into the array.
fn is_collected_around(facts: &Facts, id: LoopId, access: &Access) -> bool {
    let base = facts.base(access.array);
    facts.is_collected(access.array) && !base.is_some_and(|base| facts.is_allocated_in(base, id))
}

fn with_effect(access: &Access, effects: &Effects) -> Access {
    let mut access = access.clone();
    if let Touch::Argument { func, param } = access.touch {
        access.write = effects.writes(func, param);
    }
    access
}

struct Judge<'a> {
    facts: &'a Facts<'a>,
    id: LoopId,
    /// What the user vouches for by name, and the source of this loop.
    disjoint: &'a [String],
    vouched: &'a [Array],
    assumptions: Vec<Assumption>,
    races: Vec<Pair>,
    doubt: Option<Doubt>,
    /// See [`Judge::updates`].
    updates: OnceCell<Vec<Update>>,
}

/// `y[k] = y[k] ∘ v`
struct Update {
    array: Array,
    subscripts: Vec<Value>,
    op: Binary,
}

impl Judge<'_> {
    fn pair(&mut self, first: &Access, second: &Access) {
        let pair = match (first.write, second.write) {
            (false, true) => Pair { first: second.clone(), second: first.clone() },
            (true, _) | (false, false) => Pair { first: first.clone(), second: second.clone() },
        };
        match depend::between(self.facts, self.id, first, second, Iterations::Different) {
            Dependence::Independent => {}
            Dependence::IndependentIf(assumptions) if self.is_vouched(&pair) => drop(assumptions),
            Dependence::IndependentIf(assumptions) => self.assume(pair, assumptions),
            Dependence::Dependent if self.accumulates(&pair) => self.doubt(Doubt::Accumulation(pair)),
            Dependence::Dependent => self.race(pair),
            Dependence::Unknown if self.doubt.is_some() || self.is_vouched(&pair) => {}
            Dependence::Unknown => {
                let doubt = self.reason(pair);
                self.doubt(doubt);
            }
        }
    }

    fn assume(&mut self, pair: Pair, assumptions: Vec<Assumption>) {
        for assumption in assumptions {
            if self.assumptions.iter().any(|known| self.is_same(known, &assumption)) {
                continue;
            }
            if !guard::is_testable(self.facts, self.id, &assumption) {
                return self.doubt(Doubt::Overlap(pair));
            }
            self.assumptions.push(assumption);
        }
    }

    fn is_same(&self, known: &Assumption, new: &Assumption) -> bool {
        // Arrays that are read through variables get a name for each use.
        let components = |array: Array| -> Vec<Value> {
            let data = &self.facts.function.arrays[array];
            data.components().map(|value| self.facts.same(value)).collect()
        };
        let same = |a: Array, b: Array| a == b || components(a) == components(b);
        match (known, new) {
            (Assumption::Disjoint(a, b), Assumption::Disjoint(c, d)) => {
                same(*a, *c) && same(*b, *d) || same(*a, *d) && same(*b, *c)
            }
            (Assumption::NonNegative(known), Assumption::NonNegative(new)) => known == new,
            (Assumption::Disjoint(..), Assumption::NonNegative(_))
            | (Assumption::NonNegative(_), Assumption::Disjoint(..)) => false,
        }
    }

    fn race(&mut self, pair: Pair) {
        let array = depend::origin(self.facts, pair.first.array);
        let known = |other: &Pair| depend::origin(self.facts, other.first.array) == array;
        if !self.races.iter().any(known) {
            self.races.push(pair);
        }
    }

    /// The first doubt is the one that is told.
    fn doubt(&mut self, doubt: Doubt) {
        self.doubt.get_or_insert(doubt);
    }

    fn reason(&self, pair: Pair) -> Doubt {
        let element = |access: &Access| matches!(access.touch, Touch::Element(_));
        if !element(&pair.first) || !element(&pair.second) {
            return Doubt::Call(pair);
        }
        if self.accumulates(&pair) {
            return Doubt::Accumulation(pair);
        }
        let varies = self.facts.base(pair.first.array).is_none_or(|base| self.facts.varies(base, self.id));
        let origins = [&pair.first, &pair.second].map(|access| depend::origin(self.facts, access.array));
        if varies || origins[0] != origins[1] {
            return Doubt::Overlap(pair);
        }
        match depend::meet(self.facts, self.id, &pair.first, &pair.second) {
            true => Doubt::Condition(pair),
            false => Doubt::Subscripts(pair),
        }
    }

    /// Whether the source or the user says that iterations do not meet in this array.
    fn is_vouched(&self, pair: &Pair) -> bool {
        let named = |array: Array| {
            let name = &self.facts.function.arrays[array].name;
            !name.is_empty() && self.disjoint.contains(name)
        };
        let vouched = |access: &Access| {
            named(access.array)
                || named(depend::origin(self.facts, access.array))
                || self.vouched.iter().any(|&array| self.is_memory_of(access.array, array))
        };
        vouched(&pair.first) && vouched(&pair.second)
    }

    fn is_memory_of(&self, array: Array, whole: Array) -> bool {
        let base = self.facts.base(whole);
        base.is_some() && self.facts.base(array) == base
    }

    /// Whether both accesses belong to updates `y[k] = y[k] ∘ v`, whose order matters to rounding only.
    fn accumulates(&self, pair: &Pair) -> bool {
        self.update_of(&pair.first).is_some() && self.update_of(&pair.second).is_some()
    }

    fn update_of(&self, access: &Access) -> Option<&Update> {
        let Touch::Element(indices) = &access.touch else { return None };
        let mut updates = self.updates.get_or_init(|| self.updates()).iter();
        updates.find(|update| update.array == access.array && self.same(&update.subscripts, indices))
    }

    /// What else the loop does with an array that it accumulates into: no update, or one by another operator.
    fn other_use(&self, update: &Access, accesses: &[Access]) -> Access {
        let array = depend::origin(self.facts, update.array);
        let op = self.update_of(update).map(|update| update.op);
        let mut same = accesses.iter().filter(|access| depend::origin(self.facts, access.array) == array);
        let differs = |access: &&Access| match self.update_of(access) {
            Some(other) => access.write && Some(other.op) != op,
            None => true,
        };
        same.find(differs).unwrap_or(update).clone()
    }

    /// All updates in the function.
    fn updates(&self) -> Vec<Update> {
        let (mut updates, mut loads, mut sums) = (vec![], vec![], vec![]);
        walk(&self.facts.function.body, &mut |stmt| match stmt {
            Stmt::Let(value, Op::Load { array, indices }) => loads.push((*value, *array, indices.clone())),
            Stmt::Let(value, Op::Binary(op, a, b)) if reduces(*op) => sums.push((*value, *op, *a, *b)),
            Stmt::Store(store) => {
                let Some((_, op, a, b)) = sums.iter().find(|sum| sum.0 == store.value) else { return };
                let update = loads.iter().any(|(value, array, indices)| {
                    (value == a || value == b) && *array == store.array && self.same(indices, &store.indices)
                });
                if update {
                    let op = if *op == Binary::Sub { Binary::Add } else { *op };
                    updates.push(Update { array: store.array, subscripts: store.indices.clone(), op });
                }
            }
            _ => {}
        });
        updates
    }

    fn same(&self, a: &[Value], b: &[Value]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| self.facts.affine(a) == self.facts.affine(b))
    }
}

/// Subtraction accumulates too: `y -= v` adds `-v`.
fn reduces(op: Binary) -> bool {
    let reductions = [ReduceOp::Add, ReduceOp::Mul, ReduceOp::Min, ReduceOp::Max, ReduceOp::Minimum];
    let bits = [ReduceOp::Maximum, ReduceOp::And, ReduceOp::Or, ReduceOp::Xor];
    op == Binary::Sub || reductions.iter().chain(&bits).any(|reduction| reduction.binary() == op)
}
