//! Gathers the facts in one pass over the statements.

use super::*;
use crate::loops::effects::Effects;

pub(super) struct Walker<'f> {
    facts: Facts<'f>,
    effects: Option<&'f Effects>,
    position: u32,
    guard: u32,
    place: Place,
    /// Of the loop that is about to be entered.
    accumulators: Vec<Accumulator>,
    /// What variables hold here, where that is known.
    vars: HashMap<Var, Value>,
    /// Pure operations computed so far in the blocks around, and the order they came in.
    known: HashMap<(Op, Dtype), Value>,
    order: Vec<(Op, Dtype)>,
}

impl<'f> Walker<'f> {
    /// `effects`: what is known of the functions it calls.
    pub fn walk(function: &'f Function, effects: Option<&'f Effects>) -> Facts<'f> {
        let mut walker = Walker::new(function, effects);
        walker.parameters();
        walker.block(&function.body);
        walker.facts
    }

    fn new(function: &'f Function, effects: Option<&'f Effects>) -> Walker<'f> {
        let facts = Facts {
            function,
            loops: PrimaryMap::new(),
            by_index: HashMap::new(),
            values: SecondaryMap::new(),
            sets: vec![],
            checked: HashMap::new(),
            nonnegative: vec![],
            names: HashMap::new(),
            accesses: vec![],
            collected: vec![],
            forms: RefCell::default(),
            budget: Cell::new(0),
        };
        Walker {
            facts,
            effects,
            position: 0,
            guard: 0,
            place: None,
            accumulators: vec![],
            vars: HashMap::new(),
            known: HashMap::new(),
            order: vec![],
        }
    }

    fn parameters(&mut self) {
        for operand in &self.facts.function.params {
            match operand {
                Operand::Scalar(value) => self.define(*value, Definition::Given),
                Operand::Array(array) => {
                    for component in self.facts.function.arrays[*array].components() {
                        self.define(component, Definition::Given);
                    }
                }
            }
        }
        if let Role::Body { begin, end, .. } = self.facts.function.role {
            self.define(begin, Definition::Given);
            self.define(end, Definition::Given);
        }
        for value in self.facts.values.values_mut().flatten() {
            value.end = u32::MAX;
        }
    }

    fn define(&mut self, value: Value, definition: Definition) {
        let (position, place) = (self.position, self.place);
        self.facts.values[value] =
            Some(ValueFacts { definition, same: value, position, end: u32::MAX, place });
    }

    /// Walks a block that runs exactly when the statement around it does.
    fn block(&mut self, block: &Block) {
        let (vars, known, sets) = (self.vars.clone(), self.order.len(), self.facts.sets.len());
        let guard = self.guard;
        for stmt in block {
            self.position += 1;
            self.stmt(stmt);
            if may_leave(stmt) {
                self.guard = self.position + 1;
            }
        }
        self.guard = guard;
        for operation in self.order.drain(known..) {
            self.known.remove(&operation);
        }
        self.vars = vars;
        for (var, _) in &self.facts.sets[sets..] {
            self.vars.remove(var);
        }
        self.position += 1;
        self.end_scope(block);
    }

    fn end_scope(&mut self, block: &Block) {
        let (function, end) = (self.facts.function, self.position);
        for stmt in block {
            stmt.for_each_definition(function, |value| {
                if let Some(facts) = &mut self.facts.values[value] {
                    facts.end = end;
                }
            });
        }
    }

    fn guarded(&mut self, block: &Block) {
        let guard = self.guard;
        self.guard = self.position + 1;
        self.block(block);
        self.guard = guard;
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let(value, op) => self.assign(*value, op),
            Stmt::Set(var, value) => {
                self.facts.sets.push((*var, self.position));
                let value = self.facts.same(*value);
                self.vars.insert(*var, value);
                let name = &self.facts.function.vars[*var].name;
                self.name(value, name);
            }
            Stmt::Store(store) => {
                let touch = Touch::Element(store.indices.clone());
                self.access(store.array, touch, true, store.span);
            }
            Stmt::Check(check) => self.check(check),
            Stmt::If(branch) => {
                self.guarded(&branch.then);
                self.guarded(&branch.otherwise);
            }
            Stmt::For(loop_) => {
                let (lo, hi) = self.whole(loop_);
                let range = Range { index: loop_.index, lo: Some(lo), hi };
                self.name(loop_.index, &loop_.name);
                for accumulator in &loop_.accumulators {
                    self.access(accumulator.array, Touch::Whole, true, loop_.span);
                }
                self.accumulators = loop_.accumulators.clone();
                self.enter(vec![range], &loop_.reductions, &[&loop_.body], false);
            }
            Stmt::Nest(nest) => {
                let pairs = nest.indices.iter().zip(&nest.extents);
                let ranges = pairs.map(|(&index, &hi)| Range { index, lo: None, hi }).collect();
                self.enter(ranges, &nest.reductions, &[&nest.body], false);
            }
            Stmt::While(loop_) => self.enter(vec![], &[], &[&loop_.header, &loop_.body], true),
            Stmt::Scope { body, .. } => self.block(body),
            Stmt::Call(call) => self.call(stmt, call),
            Stmt::Run(run) => self.run(run),
            Stmt::Alloc { .. } => self.define_all(stmt, Definition::Fresh),
            Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => {}
        }
    }

    /// The range of a loop; that of the whole loop where a body runs a part of it.
    fn whole(&self, loop_: &For) -> (Value, Value) {
        match self.facts.function.role {
            Role::Body { begin, end, within: Some((lo, hi)), .. } => {
                let (from_start, to_end) = (loop_.lo == begin, loop_.hi == end);
                (if from_start { lo } else { loop_.lo }, if to_end { hi } else { loop_.hi })
            }
            Role::Body { within: None, .. } | Role::Kernel { .. } | Role::Product => (loop_.lo, loop_.hi),
        }
    }

    fn define_all(&mut self, stmt: &Stmt, definition: Definition) {
        let mut defined = vec![];
        stmt.for_each_definition(self.facts.function, |value| defined.push(value));
        for value in defined {
            self.define(value, definition.clone());
        }
    }

    fn assign(&mut self, value: Value, op: &Op) {
        match op {
            Op::Get(var) => {
                self.define(value, Definition::Get(*var));
                let same = *self.vars.entry(*var).or_insert(value);
                self.equate(value, same);
            }
            Op::Load { array, indices } => {
                self.define(value, Definition::Load);
                let span = self.facts.function.spans[value];
                self.access(*array, Touch::Element(indices.clone()), false, span);
            }
            Op::Const(_)
            | Op::Unary(..)
            | Op::Binary(..)
            | Op::Compare(..)
            | Op::Cast(_)
            | Op::Select { .. }
            | Op::Fma(..)
            | Op::Wrap { .. }
            | Op::Disjoint(..)
            | Op::Any(_) => {
                let mut op = op.clone();
                op.map_operands(|operand| self.facts.same(operand));
                let dtype = self.facts.function.values[value].dtype;
                let key = (op.clone(), dtype);
                let same = self.known.get(&key).copied().unwrap_or(value);
                if same == value {
                    self.known.insert(key.clone(), value);
                    self.order.push(key);
                }
                self.define(value, Definition::Pure(op));
                self.equate(value, same);
            }
        }
    }

    fn name(&mut self, value: Value, name: &str) {
        if !name.is_empty() {
            self.facts.names.entry(value).or_insert_with(|| name.to_string());
        }
    }

    fn equate(&mut self, value: Value, same: Value) {
        self.facts.values[value].as_mut().expect("it was just defined").same = same;
    }

    fn check(&mut self, check: &Check) {
        if let Condition::Bounds { index, extent } = check.condition {
            let index = self.facts.same(index);
            // Valid wherever the index is visible only if the check runs whenever the index is computed.
            let facts = self.facts.values[index].as_ref();
            if facts.is_some_and(|facts| facts.place == self.place && facts.position >= self.guard) {
                self.facts.checked.entry(index).or_default().push(extent);
            }
        }
    }

    fn enter(&mut self, ranges: Vec<Range>, reductions: &[Reduction], blocks: &[&Block], guarded: bool) {
        let mut changed: Vec<Var> = reductions.iter().map(|reduction| reduction.var).collect();
        for block in blocks {
            visit::walk(block, &mut |stmt| changed.extend(sets_of(stmt)));
        }
        for var in &changed {
            self.vars.remove(var);
        }
        let position = self.position;
        self.facts.sets.extend(reductions.iter().map(|reduction| (reduction.var, position)));
        let (parent, start) = (self.place, self.position + 1);
        let id = self.facts.loops.push(LoopFacts { parent, start, end: u32::MAX, ranges: ranges.clone() });
        self.place = Some(id);
        self.position += 1;
        for range in ranges {
            self.define(range.index, Definition::Index(id));
            self.facts.by_index.insert(range.index, id);
        }
        for accumulator in std::mem::take(&mut self.accumulators) {
            self.collect(&accumulator);
        }
        for block in blocks {
            if guarded { self.guarded(block) } else { self.block(block) }
        }
        for var in &changed {
            self.vars.remove(var);
        }
        self.facts.loops[id].end = self.position;
        self.place = parent;
    }

    /// Inside its loop an accumulator is memory of the iteration's own: that of its block.
    fn collect(&mut self, accumulator: &Accumulator) {
        for value in self.facts.function.defined_by(accumulator) {
            self.define(value, Definition::Given);
        }
        let base = self.facts.function.arrays[accumulator.inside].base;
        self.define(base, Definition::Fresh);
        self.facts.collected.push(base);
    }

    fn call(&mut self, stmt: &Stmt, call: &Call) {
        self.define_all(stmt, Definition::Given);
        for (number, result) in call.results.iter().enumerate() {
            if let Operand::Array(array) = result
                && self.effects.is_some_and(|effects| effects.makes(call.func, number))
            {
                let base = self.facts.function.arrays[*array].base;
                self.define(base, Definition::Fresh);
            }
        }
        for (param, operand) in call.args.iter().enumerate() {
            if let Operand::Array(array) = operand {
                self.access(*array, Touch::Argument { func: call.func, param }, true, call.span);
            }
        }
    }

    fn run(&mut self, run: &Run) {
        for (param, operand) in run.env.iter().enumerate() {
            if let Operand::Array(array) = operand {
                self.access(*array, Touch::Argument { func: run.func, param }, true, Span::default());
            }
        }
        for reduction in &run.reductions {
            self.facts.sets.push((reduction.var, self.position));
            self.vars.remove(&reduction.var);
        }
    }

    fn access(&mut self, array: Array, touch: Touch, write: bool, span: Span) {
        let (place, position, guard) = (self.place, self.position, self.guard);
        self.facts.accesses.push(Access { array, touch, write, place, position, span, guard });
    }
}

/// Variables that a statement itself assigns.
fn sets_of(stmt: &Stmt) -> Vec<Var> {
    let of = |reductions: &[Reduction]| reductions.iter().map(|reduction| reduction.var).collect();
    match stmt {
        Stmt::Set(var, _) => vec![*var],
        Stmt::For(loop_) => of(&loop_.reductions),
        Stmt::Nest(nest) => of(&nest.reductions),
        Stmt::Run(run) => of(&run.reductions),
        Stmt::Let(..)
        | Stmt::Store(_)
        | Stmt::Check(_)
        | Stmt::If(_)
        | Stmt::While(_)
        | Stmt::Scope { .. }
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Return(_)
        | Stmt::Alloc { .. }
        | Stmt::Retain(_)
        | Stmt::Release(_)
        | Stmt::Call(_)
        | Stmt::Fault { .. }
        | Stmt::Poll => vec![],
    }
}

/// Whether control may leave the block here, so that what follows runs under a condition. Faults do not count:
/// they end everything.
fn may_leave(stmt: &Stmt) -> bool {
    let mut inner: Vec<Label> = label_of(stmt).into_iter().collect();
    for block in stmt.blocks() {
        visit::walk(block, &mut |stmt| inner.extend(label_of(stmt)));
    }
    let mut leaves = leaves_here(stmt, &inner);
    for block in stmt.blocks() {
        visit::walk(block, &mut |stmt| leaves |= leaves_here(stmt, &inner));
    }
    leaves
}

fn label_of(stmt: &Stmt) -> Option<Label> {
    match stmt {
        Stmt::For(loop_) => Some(loop_.label),
        Stmt::While(loop_) => Some(loop_.label),
        Stmt::Scope { label, .. } => Some(*label),
        _ => None,
    }
}

fn leaves_here(stmt: &Stmt, inner: &[Label]) -> bool {
    match stmt {
        Stmt::Break(label) | Stmt::Continue(label) => !inner.contains(label),
        Stmt::Return(_) => true,
        _ => false,
    }
}
