//! What statements and loops touch, and whether two nests may run iteration by iteration. Part of [`super::fuse`].
//!
//! An access is described as the iterations of its nest see it: which subscripts are indices of the nest, which do not change, and which
//! vary in another way. Two nests over `i` that touch an array only at `[i, …]` depend on each other within one iteration at most:
//!
//! ```text
//! nest i < n { …; store m[i] v }            each iteration of the second needs m[i] of the
//! nest i < n, j < k { … load m[i, 0] … }    same iteration of the first, at depth 1
//! ```

use super::equalities::Equalities;
use crate::base::Binary;
use crate::loops::*;
use cranelift_entity::EntitySet;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// What a footprint is taken of.
pub struct Context<'a> {
    pub function: &'a Function,
    pub equal: &'a Equalities,
    /// Functions that may fault.
    pub faulting: &'a EntitySet<Func>,
}

#[derive(Default)]
pub struct Footprint {
    pub values: HashSet<Value>,
    gets: HashSet<Var>,
    sets: HashSet<Var>,
    memory: HashMap<AliasClass, Access>,
    pub faults: bool,
    /// Does what no loop over elements does: allocates, returns, hands arrays to a function.
    pub opaque: bool,
    pub size: usize,
}

/// How one alias class is accessed.
struct Access {
    loads: bool,
    stores: bool,
    /// Where, if it is one array.
    element: Option<Element>,
}

#[derive(Clone, PartialEq)]
struct Element {
    array: Array,
    subscripts: Vec<Subscript>,
}

/// A subscript as seen from the iterations of a nest.
#[derive(Clone, Copy, PartialEq)]
enum Subscript {
    Known(Linear),
    Varies,
}

/// `step * index + outer + constant`.
#[derive(Clone, Copy, PartialEq, Default)]
struct Linear {
    /// The index of that axis of the nest; without one the subscript is the same in each iteration.
    axis: Option<usize>,
    step: i64,
    /// A value that does not change in the nest.
    outer: Option<Value>,
    constant: i64,
}

/// What surrounds a statement: the indices of the nest and all values defined in it, with the operations.
struct Inside<'a> {
    indices: &'a [Value],
    defined: HashMap<Value, Option<Op>>,
}

impl Footprint {
    pub fn of_nest(context: &Context, nest: &Nest) -> Footprint {
        let mut footprint = Footprint::of_body(context, &nest.indices, &nest.body);
        footprint.values.extend(&nest.extents);
        footprint.sets.extend(variables_of(&nest.reductions));
        footprint
    }

    /// Of a loop, its index being the one axis.
    pub fn of_loop(context: &Context, loop_: &For) -> Footprint {
        let mut footprint = Footprint::of_body(context, &[loop_.index], &loop_.body);
        footprint.sets.extend(variables_of(&loop_.reductions));
        footprint
    }

    fn of_body(context: &Context, indices: &[Value], body: &Block) -> Footprint {
        let mut inside = Inside { indices, defined: HashMap::new() };
        visit::walk(body, &mut |stmt| {
            stmt.for_each_definition(context.function, |value| {
                inside.defined.insert(value, None);
            });
            if let Stmt::Let(value, op @ Op::Binary(..)) = stmt {
                inside.defined.insert(*value, Some(op.clone()));
            }
        });
        let mut footprint = Footprint::default();
        visit::walk(body, &mut |stmt| footprint.note(context, stmt, Some(&inside)));
        footprint
    }

    pub fn of_stmt(context: &Context, stmt: &Stmt) -> Footprint {
        let mut footprint = Footprint::default();
        footprint.note(context, stmt, None);
        footprint
    }

    /// One statement without its blocks.
    fn note(&mut self, context: &Context, stmt: &Stmt, inside: Option<&Inside>) {
        let function = context.function;
        self.size += 1;
        stmt.for_each_operand(|value| {
            self.values.insert(value);
        });
        stmt.for_each_array(|array| self.values.extend(function.arrays[array].components()));
        match stmt {
            Stmt::Let(_, Op::Get(var)) => {
                self.gets.insert(*var);
            }
            Stmt::Let(_, Op::Load { array, indices }) => {
                let element = inside.map(|inside| inside.element(context.equal, *array, indices));
                let access = Access { loads: true, stores: false, element };
                self.add_access(function.arrays[*array].class, access);
            }
            Stmt::Store(store) => {
                let element = inside.map(|inside| inside.element(context.equal, store.array, &store.indices));
                let access = Access { loads: false, stores: true, element };
                self.add_access(function.arrays[store.array].class, access);
            }
            Stmt::Set(var, _) => {
                self.sets.insert(*var);
            }
            Stmt::Check(_) | Stmt::Fault { .. } => self.faults = true,
            Stmt::Call(call) => self.note_call(context, call),
            Stmt::For(loop_) => self.sets.extend(variables_of(&loop_.reductions)),
            Stmt::Nest(inner) => self.sets.extend(variables_of(&inner.reductions)),
            Stmt::Alloc { .. } | Stmt::Retain(_) | Stmt::Release(_) | Stmt::Return(_) | Stmt::Run(_) => {
                self.opaque = true;
            }
            Stmt::Let(..)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Scope { .. }
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Poll => {}
        }
    }

    fn note_call(&mut self, context: &Context, call: &Call) {
        self.faults |= context.faulting.contains(call.func);
        self.opaque |= call.args.iter().chain(&call.results).any(|operand| match operand {
            Operand::Array(_) => true,
            Operand::Scalar(_) => false,
        });
    }

    fn add_access(&mut self, class: AliasClass, access: Access) {
        match self.memory.entry(class) {
            Entry::Occupied(known) => known.into_mut().add(access),
            Entry::Vacant(place) => {
                place.insert(access);
            }
        }
    }

    pub fn add(&mut self, other: Footprint) {
        // Values matter only of what moves; the group stays where it is.
        self.gets.extend(other.gets);
        self.sets.extend(other.sets);
        other.memory.into_iter().for_each(|(class, access)| self.add_access(class, access));
        self.faults |= other.faults;
        self.opaque |= other.opaque;
        self.size += other.size;
    }

    /// The axes of the nest from `depth` on are loops inside it from now on.
    pub fn split(&mut self, depth: usize) {
        for element in self.memory.values_mut().filter_map(|access| access.element.as_mut()) {
            for subscript in &mut element.subscripts {
                if matches!(subscript, Subscript::Known(known) if known.axis.is_some_and(|axis| axis >= depth))
                {
                    *subscript = Subscript::Varies;
                }
            }
        }
    }

    /// Whether one sets a variable that the other sets or reads. `self` is the smaller one.
    pub fn variables_meet(&self, other: &Footprint) -> bool {
        self.sets.iter().any(|var| other.sets.contains(var) || other.gets.contains(var))
            || self.gets.iter().any(|var| other.sets.contains(var))
    }

    /// Whether one stores where the other may load or store. `self` is the smaller one.
    pub fn memory_meets(&self, other: &Footprint) -> bool {
        self.conflicts(other).next().is_some()
    }

    /// Whether there may be a dependence between different iterations of the `depth` outermost axes. `self` is the smaller one.
    pub fn iterations_meet(&self, other: &Footprint, depth: usize) -> bool {
        self.conflicts(other).any(|(a, b)| !a.keeps_apart(b, depth))
    }

    fn conflicts<'a>(&'a self, other: &'a Footprint) -> impl Iterator<Item = (&'a Access, &'a Access)> {
        let pairs = self.memory.iter().filter_map(|(class, a)| Some((a, other.memory.get(class)?)));
        pairs.filter(|(a, b)| a.stores || b.stores)
    }

    /// Whether `self` reads what `before` stores.
    pub fn consumes(&self, before: &Footprint) -> bool {
        let stored = |class| before.memory.get(class).is_some_and(|access| access.stores);
        self.memory.iter().any(|(class, access)| access.loads && stored(class))
    }

    pub fn touches_memory(&self) -> bool {
        !self.memory.is_empty()
    }
}

impl Access {
    fn add(&mut self, other: Access) {
        self.loads |= other.loads;
        self.stores |= other.stores;
        self.element = match (self.element.take(), other.element) {
            (Some(a), Some(b)) if a.array == b.array => Some(a.meet(&b)),
            _ => None,
        };
    }

    /// Whether different iterations of the `depth` outermost axes touch different elements, in both.
    fn keeps_apart(&self, other: &Access, depth: usize) -> bool {
        let (Some(a), Some(b)) = (&self.element, &other.element) else { return false };
        let common =
            |axis| a.subscripts.iter().zip(&b.subscripts).any(|(a, b)| a == b && a.tells_apart(axis));
        a.array == b.array && (0..depth).all(common)
    }
}

impl Element {
    /// Both elements at once.
    fn meet(mut self, other: &Element) -> Element {
        for (subscript, other) in self.subscripts.iter_mut().zip(&other.subscripts) {
            if subscript != other {
                *subscript = Subscript::Varies;
            }
        }
        self
    }
}

impl Inside<'_> {
    fn element(&self, equal: &Equalities, array: Array, indices: &[Value]) -> Element {
        let subscripts = indices.iter().map(|value| self.subscript(equal, *value)).collect();
        Element { array, subscripts }
    }

    fn subscript(&self, equal: &Equalities, value: Value) -> Subscript {
        self.linear(equal, value, DEPTH).map_or(Subscript::Varies, Subscript::Known)
    }

    fn linear(&self, equal: &Equalities, value: Value, depth: u32) -> Option<Linear> {
        if let Some(axis) = self.indices.iter().position(|index| *index == value) {
            return Some(Linear { axis: Some(axis), step: 1, ..Linear::default() });
        }
        if let Some(constant) = equal.constant(value) {
            return Some(Linear { constant: constant.as_i64(), ..Linear::default() });
        }
        let Some(op) = self.defined.get(&value) else {
            return Some(Linear { outer: Some(value), ..Linear::default() });
        };
        let part = |value: &Value| self.linear(equal, *value, depth.checked_sub(1)?);
        match op.as_ref()? {
            Op::Binary(Binary::Add, a, b) => part(a)?.plus(part(b)?),
            Op::Binary(Binary::Sub, a, b) => part(a)?.plus(part(b)?.times(-1)?),
            Op::Binary(Binary::Mul, a, b) => {
                let (a, b) = (part(a)?, part(b)?);
                match (a.as_constant(), b.as_constant()) {
                    (Some(a), _) => b.times(a),
                    (None, Some(b)) => a.times(b),
                    (None, None) => None,
                }
            }
            _ => None,
        }
    }
}

/// How deep index arithmetic is looked into.
const DEPTH: u32 = 6;

impl Subscript {
    /// Whether it is another one for each index of that axis.
    fn tells_apart(self, axis: usize) -> bool {
        matches!(self, Subscript::Known(known) if known.axis == Some(axis) && known.step != 0)
    }
}

impl Linear {
    fn as_constant(self) -> Option<i64> {
        (self.axis.is_none() && self.outer.is_none()).then_some(self.constant)
    }

    /// None where the sum has another form.
    fn plus(self, other: Linear) -> Option<Linear> {
        let one = |a: bool, b: bool| !(a && b);
        let fits = one(self.axis.is_some(), other.axis.is_some())
            && one(self.outer.is_some(), other.outer.is_some());
        fits.then_some(Linear {
            axis: self.axis.or(other.axis),
            step: self.step + other.step,
            outer: self.outer.or(other.outer),
            constant: self.constant.checked_add(other.constant)?,
        })
    }

    fn times(self, factor: i64) -> Option<Linear> {
        if self.outer.is_some() && factor != 1 {
            return None;
        }
        let (step, constant) = (self.step.checked_mul(factor)?, self.constant.checked_mul(factor)?);
        Some(Linear { step, constant, ..self })
    }
}

fn variables_of(reductions: &[Reduction]) -> impl Iterator<Item = Var> {
    reductions.iter().map(|reduction| reduction.var)
}
