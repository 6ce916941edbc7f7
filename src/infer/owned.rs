//! Whether the subscripts of an update name the iteration, so that each updates elements of its own: `y[i]`, `y[2*i + 1]`, `y[i*m + j]`.
//!
//! From the syntax alone, because it decides the order of sums (see [`crate::base::blocks`]): it must not depend on how much a later
//! analysis proves. A subscript is the iteration's own if it is a sum with the loop variable in it, times a constant or something
//! that does not change in the loop; with a constant factor nothing else in it may vary.

use super::updates::{Update, is_size};
use crate::ast::{BinaryOp, Expr, ExprKind, Stmt, StmtKind, UnaryOp};
use std::collections::{BTreeMap, HashMap};

/// The names that a loop's body assigns, with the value of those that it assigns once.
pub(super) struct Assigned<'a> {
    index: &'a str,
    values: HashMap<&'a str, Option<&'a Expr>>,
}

/// `scale * index + atoms + constant`.
#[derive(Clone, Default, PartialEq)]
struct Form {
    scale: i64,
    constant: i64,
    /// What does not change in the loop, by its text.
    atoms: BTreeMap<String, i64>,
    /// The loop variable times something that does not change.
    scaled: bool,
    /// Something changes that is not the loop variable.
    varies: bool,
}

/// How deep assignments are followed.
const DEPTH: u32 = 8;

impl<'a> Assigned<'a> {
    pub fn new(index: &'a str, body: &'a [Stmt]) -> Assigned<'a> {
        let mut assigned = Assigned { index, values: HashMap::new() };
        super::names::assigned(body, &mut |name, _| {
            assigned.values.entry(name).and_modify(|value| *value = None).or_insert(None);
        });
        let mut counts: HashMap<&str, u32> = HashMap::new();
        super::names::assigned(body, &mut |name, _| *counts.entry(name).or_default() += 1);
        assigned.single_values(body, &counts);
        assigned
    }

    fn single_values(&mut self, body: &'a [Stmt], counts: &HashMap<&str, u32>) {
        for stmt in body {
            if let StmtKind::Assign { targets, value } = &stmt.kind
                && let [Expr { kind: ExprKind::Name(name), .. }] = targets.as_slice()
                && counts[name.as_str()] == 1
            {
                self.values.insert(name, Some(value));
            }
            stmt.blocks().into_iter().for_each(|inner| self.single_values(inner, counts));
        }
    }

    /// Whether updates of one array touch different elements in different iterations, by one of their subscripts.
    pub fn owns(&self, updates: &[Update]) -> bool {
        let subscripts: Option<Vec<&[Expr]>> = updates.iter().map(Update::items).collect();
        let Some(subscripts) = subscripts else { return false };
        let axes = subscripts.iter().map(|items| items.len()).min().unwrap_or(0);
        (0..axes).any(|axis| {
            let forms: Vec<Form> = subscripts.iter().map(|items| self.form(&items[axis], DEPTH)).collect();
            forms
                .iter()
                .enumerate()
                .all(|(k, form)| form.is_own() && forms[..k].iter().all(|other| form.stays_apart_from(other)))
        })
    }

    fn form(&self, expr: &Expr, depth: u32) -> Form {
        match &expr.kind {
            ExprKind::Int(value) => i64::try_from(*value).map_or_else(|_| Form::varying(), Form::constant),
            ExprKind::Name(name) => self.name(name, depth),
            ExprKind::Unary { op: UnaryOp::Minus, operand } => self.form(operand, depth).times(-1),
            ExprKind::Binary { op, left, right } => {
                let (a, b) = (self.form(left, depth), self.form(right, depth));
                match op {
                    BinaryOp::Add => a.plus(&b),
                    BinaryOp::Sub => a.plus(&b.times(-1)),
                    BinaryOp::Mul => a.product(b, expr),
                    _ => self.opaque(expr, depth),
                }
            }
            ExprKind::Slice { start, stop, .. } => {
                let mut bounds = [start, stop].into_iter().flatten().map(|bound| self.form(bound, depth));
                let own = bounds.any(|bound| bound.scale != 0 || bound.scaled);
                Form { scaled: own, varies: true, ..Form::default() }
            }
            _ => self.opaque(expr, depth),
        }
    }

    fn name(&self, name: &str, depth: u32) -> Form {
        match self.values.get(name) {
            Some(Some(value)) if depth > 0 => self.form(value, depth - 1),
            Some(_) => Form::varying(),
            None if name == self.index => Form { scale: 1, ..Form::default() },
            None => Form::atom(name.to_string()),
        }
    }

    /// Something without a form: an atom if it does not change in the loop.
    fn opaque(&self, expr: &Expr, depth: u32) -> Form {
        if self.is_fixed(expr, depth) { Form::atom(expr.to_string()) } else { Form::varying() }
    }

    /// Whether it is known to be the same in every iteration: no elements, no calls but `len`.
    fn is_fixed(&self, expr: &Expr, depth: u32) -> bool {
        match &expr.kind {
            ExprKind::Name(_) => {
                let form = self.form(expr, depth);
                form.scale == 0 && !form.scaled && !form.varies
            }
            ExprKind::Index { value, items } => {
                matches!(&value.kind, ExprKind::Attribute { .. })
                    && self.is_fixed(value, depth)
                    && items.iter().all(|item| self.is_fixed(item, depth))
            }
            ExprKind::Attribute { value, name } => is_size(&name.text) && self.is_fixed(value, depth),
            ExprKind::Call { function, args } => {
                matches!(&function.kind, ExprKind::Name(name) if name == "len")
                    && args.iter().all(|arg| self.is_fixed(&arg.value, depth))
            }
            ExprKind::Int(_) => true,
            ExprKind::Unary { operand, .. } => self.is_fixed(operand, depth),
            ExprKind::Binary { left, right, .. } => self.is_fixed(left, depth) && self.is_fixed(right, depth),
            _ => false,
        }
    }
}

impl Form {
    fn constant(constant: i64) -> Form {
        Form { constant, ..Form::default() }
    }

    fn atom(text: String) -> Form {
        Form { atoms: BTreeMap::from([(text, 1)]), ..Form::default() }
    }

    fn varying() -> Form {
        Form { varies: true, ..Form::default() }
    }

    fn is_own(&self) -> bool {
        self.scaled || self.scale != 0 && !self.varies
    }

    /// Whether the two are different in different iterations: equal, or apart by what is no multiple of their common factor.
    fn stays_apart_from(&self, other: &Form) -> bool {
        if self.scaled || other.scaled {
            return self.scaled && other.scaled;
        }
        let distance = self.constant.wrapping_sub(other.constant);
        self.scale == other.scale
            && self.atoms == other.atoms
            && (distance == 0 || distance.checked_rem(self.scale) != Some(0))
    }

    fn plus(mut self, other: &Form) -> Form {
        self.scale = self.scale.wrapping_add(other.scale);
        self.constant = self.constant.wrapping_add(other.constant);
        for (atom, factor) in &other.atoms {
            let sum = self.atoms.entry(atom.clone()).or_default();
            *sum = sum.wrapping_add(*factor);
        }
        self.atoms.retain(|_, factor| *factor != 0);
        self.scaled |= other.scaled;
        self.varies |= other.varies;
        self
    }

    fn times(mut self, factor: i64) -> Form {
        self.scale = self.scale.wrapping_mul(factor);
        self.constant = self.constant.wrapping_mul(factor);
        self.atoms.values_mut().for_each(|value| *value = value.wrapping_mul(factor));
        self
    }

    fn product(self, other: Form, whole: &Expr) -> Form {
        match (self.known(), other.known()) {
            (_, Some(factor)) => self.times(factor),
            (Some(factor), None) => other.times(factor),
            (None, None) => {
                let fixed = |form: &Form| form.scale == 0 && !form.scaled && !form.varies;
                let own = |form: &Form| form.scale != 0 || form.scaled;
                match (fixed(&self), fixed(&other)) {
                    (true, true) => Form::atom(whole.to_string()),
                    (true, false) => {
                        Form { scaled: own(&other), varies: other.varies || !own(&other), ..Form::default() }
                    }
                    (false, true) => {
                        Form { scaled: own(&self), varies: self.varies || !own(&self), ..Form::default() }
                    }
                    (false, false) => Form::varying(),
                }
            }
        }
    }

    /// A plain number.
    fn known(&self) -> Option<i64> {
        let plain = self.scale == 0 && self.atoms.is_empty() && !self.scaled && !self.varies;
        plain.then_some(self.constant)
    }
}
