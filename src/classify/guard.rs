//! The run-time test in front of a loop that is independent only under assumptions.

use crate::base::{Binary, Compare, Dtype, Scalar};
use crate::loops::affine::Affine;
use crate::loops::depend::Assumption;
use crate::loops::facts::{Facts, LoopId};
use crate::loops::{Array, Block, Function, Op, Value};

/// Whether code before the loop can test the assumption.
pub fn is_testable(facts: &Facts, id: LoopId, assumption: &Assumption) -> bool {
    match assumption {
        Assumption::Disjoint(a, b) => [a, b].into_iter().all(|array| {
            let mut components = facts.function.arrays[*array].components();
            components.all(|component| is_available(facts, id, component))
        }),
        Assumption::NonNegative(form) => form.values().all(|value| is_available(facts, id, value)),
    }
}

/// Appends the test of all assumptions to `block`, which ends where the loop begins.
pub fn emit(
    function: &mut Function,
    facts: &Facts,
    index: Value,
    assumptions: &[Assumption],
    block: &mut Block,
) -> Option<Value> {
    let id = facts.loop_of(index).expect("the loop was judged");
    let mut guard = Guard { function, facts, id, block };
    let mut all = None;
    for assumption in assumptions {
        let holds = guard.test(assumption);
        all = Some(match all {
            None => holds,
            Some(others) => guard.define(Dtype::Bool, Op::Binary(Binary::And, others, holds)),
        });
    }
    all
}

/// Visible before the loop, or computable there from what is.
fn is_available(facts: &Facts, id: LoopId, value: Value) -> bool {
    let value = facts.same(value);
    if facts.is_visible_before(value, id) {
        return true;
    }
    if let Some(var) = facts.variable(value) {
        return !facts.is_set_in(var, id);
    }
    let Some(op) = facts.operation(value) else { return false };
    let mut available = true;
    op.for_each_operand(|operand| available = available && is_available(facts, id, operand));
    available && !matches!(op, Op::Disjoint(..))
}

struct Guard<'a, 'f> {
    function: &'a mut Function,
    facts: &'a Facts<'f>,
    id: LoopId,
    block: &'a mut Block,
}

impl Guard<'_, '_> {
    fn define(&mut self, dtype: Dtype, op: Op) -> Value {
        self.function.define(self.block, dtype, op)
    }

    fn test(&mut self, assumption: &Assumption) -> Value {
        match assumption {
            Assumption::Disjoint(a, b) => {
                let (a, b) = (self.array(*a), self.array(*b));
                self.define(Dtype::Bool, Op::Disjoint(a, b))
            }
            Assumption::NonNegative(form) => {
                let form = self.form(form);
                let zero = self.define(Dtype::I64, Op::Const(Scalar::i64(0)));
                self.define(Dtype::Bool, Op::Compare(Compare::Ge, form, zero))
            }
        }
    }

    fn form(&mut self, form: &Affine) -> Value {
        let mut terms = vec![];
        for term in &form.terms {
            let mut factors = vec![];
            if term.coefficient != 1 {
                factors.push(self.define(Dtype::I64, Op::Const(Scalar::i64(term.coefficient))));
            }
            factors.extend(term.factors.iter().map(|&factor| self.value(factor)).collect::<Vec<Value>>());
            terms.push(self.fold(Binary::Mul, &factors));
        }
        if form.constant != 0 || terms.is_empty() {
            terms.push(self.define(Dtype::I64, Op::Const(Scalar::i64(form.constant))));
        }
        self.fold(Binary::Add, &terms)
    }

    fn fold(&mut self, op: Binary, values: &[Value]) -> Value {
        let (&first, rest) = values.split_first().expect("terms and factors are not empty");
        rest.iter().fold(first, |total, &value| self.define(Dtype::I64, Op::Binary(op, total, value)))
    }

    /// The value before the loop.
    fn value(&mut self, value: Value) -> Value {
        let value = self.facts.same(value);
        if self.facts.is_visible_before(value, self.id) {
            return value;
        }
        let dtype = self.function.values[value].dtype;
        let op = match self.facts.variable(value) {
            Some(var) => Op::Get(var),
            None => {
                let mut op = self.facts.operation(value).expect("the value is available").clone();
                op.map_operands(|operand| self.value(operand));
                op
            }
        };
        self.define(dtype, op)
    }

    /// The array before the loop, under a name of its own where its values had to be computed anew.
    fn array(&mut self, array: Array) -> Array {
        let mut data = self.function.arrays[array].clone();
        if data.components().all(|value| self.facts.is_visible_before(value, self.id)) {
            return array;
        }
        data.base = self.value(data.base);
        data.owner = self.value(data.owner);
        for value in data.extents.iter_mut().chain(&mut data.strides) {
            *value = self.value(*value);
        }
        self.function.arrays.push(data)
    }
}
