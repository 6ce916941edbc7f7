//! Loops: bounded by construction, and in a prange without races by construction.

use super::{Access, Generator, Variable};
use crate::program::{Clause, Expr, Stmt};
use crate::types::{BOOL, Element, INT, Type};
use durum::base::Dtype;
use durum::base::types::Kind as DtypeKind;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Serial,
    Parallel,
}

/// A range as the program writes it, and its values.
struct Range {
    header: Expr,
    low: i64,
    high: i64,
    trip: usize,
    /// The array whose first axis it covers.
    covers: Option<String>,
}

impl Generator {
    /// The bounds of a loop: over an axis of an array, over part of it, or numbers.
    fn range(&mut self, word: &str, name: &str) -> Range {
        let array =
            self.variable(|variable| matches!(&variable.ty, Type::Array(_, shape) if !shape.is_empty()));
        match array {
            Some(array) if self.choice.chance(if self.budget > super::MOST_COST { 40 } else { 75 }) => {
                self.range_over(word, name, &array)
            }
            _ => self.range_of_numbers(word, name),
        }
    }

    fn range_over(&mut self, word: &str, name: &str, array: &Variable) -> Range {
        let Type::Array(_, shape) = &array.ty else { unreachable!("asked for") };
        let axis = if self.choice.chance(80) { 0 } else { self.choice.below(shape.len()) };
        let extent = shape[axis] as i64;
        let size = self.extent_text(array, axis, shape[axis]);
        let (text, low, high, trip) = match self.choice.below(8) {
            0 => ("1, #".to_string(), 1, extent - 1, extent - 1),
            1 => ("# - 1".to_string(), 0, extent - 2, extent - 1),
            2 => ("# - 1, -1, -1".to_string(), 0, extent - 1, extent),
            3 => {
                let step = self.choice.between(2, 3);
                (format!("0, #, {step}"), 0, extent - 1, (extent + step - 1) / step)
            }
            _ => ("#".to_string(), 0, extent - 1, extent),
        };
        let header =
            Expr::new(format!("for {name} in {word}({})", text.replace('#', "?")), vec![size], Type::None);
        let trip = trip.max(0) as usize;
        Range { header, low, high: high.max(low), trip, covers: (axis == 0).then(|| array.name.clone()) }
    }

    fn range_of_numbers(&mut self, word: &str, name: &str) -> Range {
        if self.budget > super::MOST_COST && word == "prange" && self.choice.chance(60) {
            let trip = self.choice.between(2000, 4200);
            let header = Expr::leaf(format!("for {name} in {word}({trip})"), Type::None);
            return Range { header, low: 0, high: trip - 1, trip: trip as usize, covers: None };
        }
        let (start, trip) = (self.choice.between(-2, 3), self.choice.between(0, 6));
        let step = *self.choice.pick(&[1, 1, 1, 2, -1, -3]);
        let stop = start + step * trip - if step > 1 { self.choice.between(0, 1) } else { 0 };
        let text = format!("for {name} in {word}({start}, {stop}, {step})");
        let last = start + step * (trip - 1).max(0);
        let (low, high) = (start.min(last), start.max(last));
        Range { header: Expr::leaf(text, Type::None), low, high, trip: trip as usize, covers: None }
    }

    /// Generates a body in a loop: what it declares is forgotten, what it assigns keeps the type it had at the head.
    fn loop_body(
        &mut self,
        kind: Kind,
        trip: usize,
        variables: Vec<Variable>,
        prepare: impl FnOnce(&mut Generator),
    ) -> Vec<Stmt> {
        let (before, times) = (self.scope.clone(), self.times);
        for variable in &mut self.scope {
            if let Type::Scalar(element) = variable.ty {
                variable.head = Some(element);
                // An assignment later in the body is seen earlier in the next iteration.
                if variable.access == Access::Full {
                    variable.range = None;
                }
            }
        }
        self.scope.extend(variables);
        self.loops.push(kind);
        self.times = times * trip.max(1);
        prepare(self);
        let length = self.choice.between(1, 4) as usize;
        let body = self.suite(length);
        self.loops.pop();
        self.times = times;
        let memories: Vec<u64> = self.scope.iter().map(|variable| variable.memory).collect();
        let units: Vec<(bool, bool)> =
            self.scope.iter().map(|variable| (variable.unit_known, variable.c_order)).collect();
        self.scope = before;
        for ((variable, memory), unit) in self.scope.iter_mut().zip(memories).zip(units) {
            variable.memory |= memory;
            variable.unit_known &= unit.0;
            variable.c_order &= unit.1;
            if variable.access == Access::Full {
                variable.range = None;
            }
        }
        body
    }

    fn loop_variable(&self, name: &str, low: i64, high: i64) -> Variable {
        Variable {
            name: name.to_string(),
            ty: Type::Scalar(INT),
            access: Access::Read,
            range: Some((low, high)),
            bits: 10,
            memory: 0,
            c_order: true,
            unit_known: false,
            head: None,
        }
    }

    fn may_loop(&self, trip: usize) -> bool {
        self.loops.len() < 3 && self.affords(8 * trip)
    }

    pub(super) fn for_range(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let name = self.fresh_name().replace('v', "j");
        let range = self.range("range", &name);
        if !self.may_loop(range.trip) {
            return None;
        }
        let variable = self.loop_variable(&name, range.low, range.high);
        let suite = self.loop_body(Kind::Serial, range.trip, vec![variable], |_| {});
        body.push(Stmt::Block(vec![Clause::new(range.header, suite)]));
        Some(())
    }

    pub(super) fn while_fuel(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let fuel = self.choice.between(1, 12);
        if !self.may_loop(fuel as usize) {
            return None;
        }
        let name = self.fresh_name().replace('v', "k");
        body.push(Stmt::Line(Expr::leaf(format!("{name} = {fuel}"), Type::None)));
        let variable = Variable { range: Some((0, fuel - 1)), ..self.loop_variable(&name, 0, 0) };
        let condition = if self.choice.chance(70) { Some(self.while_condition()) } else { None };
        let mut suite = vec![Stmt::Line(Expr::leaf(format!("{name} -= 1"), Type::None))];
        suite.extend(self.loop_body(Kind::Serial, fuel as usize, vec![variable], |_| {}));
        let header = match condition {
            Some(condition) => Expr::new(format!("while {name} > 0 and ?"), vec![condition], Type::None),
            None => Expr::leaf(format!("while {name} > 0"), Type::None),
        };
        body.push(Stmt::Block(vec![Clause::new(header, suite)]));
        Some(())
    }

    /// Evaluated with the types that variables have at the head.
    fn while_condition(&mut self) -> Expr {
        self.number(BOOL, 2)
    }

    /// A prange: some arrays are owned by index, some numbers are reduced, the rest is read only.
    pub(super) fn for_prange(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let name = self.fresh_name().replace('v', "p");
        let range = self.range("prange", &name);
        if !self.may_loop(range.trip) {
            return None;
        }
        let index = Expr::leaf(name.clone(), Type::Scalar(INT)).with_bits(10);
        let reduced = self.reduced_variables();
        let before = self.scope.clone();
        let collected = self.collected_array();
        self.own_arrays(&range, &index);
        self.scope.retain(|variable| !reduced.iter().any(|(found, ..)| found.name == variable.name));
        for variable in &mut self.scope {
            if variable.access == Access::Full {
                variable.access = Access::Read;
            }
        }
        let variable = self.loop_variable(&name, range.low, range.high);
        let times = self.times;
        self.times *= range.trip.max(1);
        let mut suite = self.loop_body(Kind::Parallel, 1, vec![variable], |_| {});
        self.reduce(&reduced, &range, &name, &mut suite);
        if let Some(array) = collected {
            self.collect(&array, &range, &name, &mut suite);
        }
        self.times = times;
        self.scope = before;
        for variable in &mut self.scope {
            if reduced.iter().any(|(found, ..)| found.name == variable.name) {
                variable.range = None;
            }
        }
        body.push(Stmt::Block(vec![Clause::new(range.header, suite)]));
        Some(())
    }

    /// Arrays that the loop covers are given to its iterations, an element or a row each, and hide what may share their memory.
    fn own_arrays(&mut self, range: &Range, index: &Expr) {
        let fits =
            |extent: usize| range.low >= -(extent as i64) && range.low >= 0 && range.high < extent as i64;
        let mut owned: Vec<(String, u64)> = vec![];
        for k in 0..self.scope.len() {
            let variable = self.scope[k].clone();
            let Type::Array(_, shape) = &variable.ty else { continue };
            let taken = match &variable.access {
                Access::Full => vec![],
                Access::Own(taken) => taken.clone(),
                Access::Read => continue,
            };
            let meets = owned.iter().any(|(_, memory)| memory & variable.memory != 0);
            let covered = range.covers.as_ref() == Some(&variable.name);
            let nested = !taken.is_empty();
            let axis = taken.len();
            if !meets
                && shape.len() > axis
                && fits(shape[axis])
                && (nested || covered || self.choice.chance(50))
                && range.trip > 0
            {
                let indices = taken.into_iter().chain([index.clone()]).collect();
                self.scope[k].access = Access::Own(indices);
                owned.push((variable.name, variable.memory));
            }
        }
        self.scope.retain(|variable| match (&variable.ty, &variable.access) {
            // An outer loop's elements that this loop does not divide up.
            (Type::Array(..), Access::Own(_)) => owned.iter().any(|(name, _)| *name == variable.name),
            (Type::Array(..), _) => owned.iter().all(|(_, memory)| memory & variable.memory == 0),
            _ => true,
        });
    }

    /// An array that all iterations add to: it hides what may share its memory.
    fn collected_array(&mut self) -> Option<Variable> {
        if self.in_prange() || !self.choice.chance(30) {
            return None;
        }
        let numpy = self.numpy;
        let array = self.variable(|variable| {
            let ordered = matches!(variable.ty, Type::Array(dtype, _) if !dtype.is_float());
            matches!(variable.ty, Type::Array(..)) && variable.access == Access::Full && (ordered || !numpy)
        })?;
        self.writes = true;
        self.scope.retain(|variable| variable.memory & array.memory == 0);
        Some(array)
    }

    /// `x += …` or `x[k] += …`, once in the body.
    fn collect(&mut self, array: &Variable, range: &Range, index: &str, suite: &mut Vec<Stmt>) {
        let before = self.scope.clone();
        self.scope.push(self.loop_variable(index, range.low, range.high));
        self.loops.push(Kind::Parallel);
        let update = self.collecting(array);
        self.loops.pop();
        self.scope = before;
        suite.extend(update.map(Stmt::Line));
    }

    fn collecting(&mut self, array: &Variable) -> Option<Expr> {
        let Type::Array(dtype, shape) = &array.ty else { return None };
        let own = Element::Strong(*dtype);
        let ops: &[&str] = match dtype.kind() {
            DtypeKind::Bool => &["&", "|", "^"],
            DtypeKind::Float => &["+", "-", "*"],
            _ => &["+", "-", "*", "&", "|", "^"],
        };
        let op = self.choice.word(ops);
        if self.choice.chance(60) {
            let mut indices = vec![];
            for (axis, extent) in shape.iter().enumerate().filter(|(_, extent)| **extent > 0) {
                let value = self.number(INT, 2);
                let size = self.extent_text(array, axis, *extent);
                indices.push(Expr::new("? % ?", vec![value, size], Type::Scalar(INT)));
            }
            if indices.len() < shape.len() || indices.is_empty() {
                return None;
            }
            let text = format!("{}[{}] {op}= #", array.name, vec!["#"; indices.len()].join(", "));
            indices.push(self.number(own, 2));
            return Some(Expr::new(text, indices, Type::None));
        }
        let value = if self.choice.chance(60) { self.array(*dtype, shape, 2) } else { self.number(own, 2) };
        let target = if self.choice.chance(70) { array.name.clone() } else { format!("{}[:]", array.name) };
        Some(Expr::new(format!("{target} {op}= #"), vec![value], Type::None))
    }

    /// Numbers that the loop reduces, each with its operator and the type of what is added.
    fn reduced_variables(&mut self) -> Vec<(Variable, &'static str, Element)> {
        if self.in_prange() {
            return vec![];
        }
        let mut found: Vec<(Variable, &'static str, Element)> = vec![];
        for _ in 0..self.choice.below(3) {
            let Some(variable) = self.variable(|variable| {
                matches!(variable.ty, Type::Scalar(_)) && variable.access == Access::Full
            }) else {
                continue;
            };
            if let Some((op, element)) = self.reduction_operator(&variable)
                && !found.iter().any(|(other, ..)| other.name == variable.name)
            {
                found.push((variable, op, element));
            }
        }
        found
    }

    fn reduction_operator(&mut self, variable: &Variable) -> Option<(&'static str, Element)> {
        let Type::Scalar(current) = variable.ty else { return None };
        let op = self.choice.word(&["+=", "+=", "-=", "*=", "min", "max", "&=", "|=", "^="]);
        // In the order of the iterations, sums of floats differ from CPython on purpose, and its ints do not wrap.
        let refused = current.dtype() == Dtype::Bool && !matches!(op, "&=" | "|=" | "^=")
            || current.is_float() && matches!(op, "&=" | "|=" | "^=")
            || self.numpy && current.is_float()
            || self.numpy && current == INT && op == "*=";
        let keeps = variable.head.is_none_or(|head| head.promote(current) == head);
        (!refused && keeps).then_some((op, current))
    }

    /// The updates, at the end of the body or under a condition.
    fn reduce(
        &mut self,
        reduced: &[(Variable, &'static str, Element)],
        range: &Range,
        index: &str,
        suite: &mut Vec<Stmt>,
    ) {
        let hidden: Vec<Variable> = self.scope.clone();
        self.scope.retain(|variable| !reduced.iter().any(|(found, ..)| found.name == variable.name));
        self.scope.push(self.loop_variable(index, range.low, range.high));
        self.loops.push(Kind::Parallel);
        for (variable, op, element) in reduced {
            let value = self.number(*element, 2);
            let value = if self.numpy && *element == INT {
                Expr::new("? % 1009", vec![value], Type::Scalar(INT))
            } else {
                value
            };
            let name = &variable.name;
            let update = match *op {
                "min" | "max" => Expr::new(format!("{name} = {op}({name}, #)"), vec![value], Type::None),
                op => Expr::new(format!("{name} {op} #"), vec![value], Type::None),
            };
            let update = Stmt::Line(update);
            if self.choice.chance(30) {
                let condition = self.condition(2);
                let header = Expr::new("if #", vec![condition], Type::None);
                suite.push(Stmt::Block(vec![Clause::new(header, vec![update])]));
            } else if self.choice.chance(70) {
                suite.push(update);
            } else {
                suite.insert(0, update);
            }
        }
        self.loops.pop();
        self.scope = hidden;
    }
}
