//! Walking statements: operands, definitions, nested blocks. The one place that lists them.

use super::*;

impl Op {
    /// Calls `f` with every value operand (arrays of loads excluded: see [`Op::array`]).
    pub fn for_each_operand(&self, mut f: impl FnMut(Value)) {
        let mut copy = self.clone();
        copy.map_operands(|value| {
            f(value);
            value
        });
    }

    pub fn map_operands(&mut self, mut f: impl FnMut(Value) -> Value) {
        match self {
            Op::Const(_) | Op::Get(_) | Op::Disjoint(..) => {}
            Op::Unary(_, a) | Op::Cast(a) | Op::Any(a) => *a = f(*a),
            Op::Binary(_, a, b) | Op::Compare(_, a, b) | Op::Wrap { index: a, extent: b } => {
                *a = f(*a);
                *b = f(*b);
            }
            Op::Select { condition: a, then: b, otherwise: c } | Op::Fma(a, b, c) => {
                *a = f(*a);
                *b = f(*b);
                *c = f(*c);
            }
            Op::Load { indices, .. } => indices.iter_mut().for_each(|index| *index = f(*index)),
        }
    }

    /// Depends on its operands only: no memory, no variable.
    pub fn is_pure(&self) -> bool {
        match self {
            Op::Get(_) | Op::Load { .. } => false,
            Op::Const(_)
            | Op::Unary(..)
            | Op::Binary(..)
            | Op::Compare(..)
            | Op::Cast(_)
            | Op::Select { .. }
            | Op::Fma(..)
            | Op::Wrap { .. }
            | Op::Disjoint(..)
            | Op::Any(_) => true,
        }
    }
}

impl Condition {
    pub fn map_operands(&mut self, mut f: impl FnMut(Value) -> Value) {
        match self {
            Condition::Bounds { index, extent } => {
                *index = f(*index);
                *extent = f(*extent);
            }
            Condition::True(value) => *value = f(*value),
        }
    }
}

impl Stmt {
    /// The blocks directly inside.
    pub fn blocks(&self) -> Vec<&Block> {
        match self {
            Stmt::If(branch) => vec![&branch.then, &branch.otherwise],
            Stmt::For(loop_) => vec![&loop_.body],
            Stmt::Nest(nest) => vec![&nest.body],
            Stmt::While(loop_) => vec![&loop_.header, &loop_.body],
            Stmt::Scope { body, .. } => vec![body],
            Stmt::Let(..)
            | Stmt::Set(..)
            | Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => vec![],
        }
    }

    pub fn blocks_mut(&mut self) -> Vec<&mut Block> {
        match self {
            Stmt::If(branch) => vec![&mut branch.then, &mut branch.otherwise],
            Stmt::For(loop_) => vec![&mut loop_.body],
            Stmt::Nest(nest) => vec![&mut nest.body],
            Stmt::While(loop_) => vec![&mut loop_.header, &mut loop_.body],
            Stmt::Scope { body, .. } => vec![body],
            Stmt::Let(..)
            | Stmt::Set(..)
            | Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => vec![],
        }
    }

    /// Rewrites the values this statement itself reads; nested blocks and array names are not entered.
    pub fn map_operands(&mut self, mut f: impl FnMut(Value) -> Value) {
        let scalars = |operands: &mut Vec<Operand>, f: &mut dyn FnMut(Value) -> Value| {
            for operand in operands {
                if let Operand::Scalar(value) = operand {
                    *value = f(*value);
                }
            }
        };
        match self {
            Stmt::Let(_, op) => op.map_operands(f),
            Stmt::Set(_, value) | Stmt::Retain(value) | Stmt::Release(value) => *value = f(*value),
            Stmt::Store(store) => {
                store.indices.iter_mut().for_each(|index| *index = f(*index));
                store.value = f(store.value);
            }
            Stmt::Check(check) => {
                check.condition.map_operands(&mut f);
                check.values.iter_mut().for_each(|value| *value = f(*value));
            }
            Stmt::If(branch) => branch.condition = f(branch.condition),
            Stmt::For(loop_) => {
                loop_.lo = f(loop_.lo);
                loop_.hi = f(loop_.hi);
                if let Mode::Parallel { when: Some(when) } = &mut loop_.mode {
                    *when = f(*when);
                }
                loop_.times = loop_.times.map(&mut f);
                for apart in
                    loop_.accumulators.iter_mut().filter_map(|accumulator| accumulator.apart.as_mut())
                {
                    *apart = f(*apart);
                }
            }
            Stmt::Nest(nest) => nest.extents.iter_mut().for_each(|extent| *extent = f(*extent)),
            Stmt::While(loop_) => loop_.condition = f(loop_.condition),
            Stmt::Return(operands) => scalars(operands, &mut f),
            Stmt::Call(call) => scalars(&mut call.args, &mut f),
            Stmt::Run(run) => {
                scalars(&mut run.env, &mut f);
                run.begin = f(run.begin);
                run.end = f(run.end);
                run.times = run.times.map(&mut f);
                if let Parallel::When(when) = &mut run.parallel {
                    *when = f(*when);
                }
            }
            Stmt::Fault { values, .. } => values.iter_mut().for_each(|value| *value = f(*value)),
            Stmt::Scope { .. } | Stmt::Break(_) | Stmt::Continue(_) | Stmt::Alloc { .. } | Stmt::Poll => {}
        }
    }

    /// Calls `f` with every value this statement itself reads (see [`Stmt::map_operands`]).
    pub fn for_each_operand(&self, mut f: impl FnMut(Value)) {
        // Blocks are not entered, so a shallow copy is enough; loops keep empty bodies.
        let mut copy = self.without_blocks();
        copy.map_operands(|value| {
            f(value);
            value
        });
    }

    /// Array names this statement itself mentions: loads, stores, operands, allocations.
    pub fn for_each_array(&self, mut f: impl FnMut(Array)) {
        let mut copy = self.without_blocks();
        copy.map_arrays(|array| {
            f(array);
            array
        });
    }

    /// Rewrites the array names this statement itself mentions.
    pub fn map_arrays(&mut self, mut f: impl FnMut(Array) -> Array) {
        let arrays = |operands: &mut Vec<Operand>, f: &mut dyn FnMut(Array) -> Array| {
            for operand in operands {
                if let Operand::Array(array) = operand {
                    *array = f(*array);
                }
            }
        };
        match self {
            Stmt::Let(_, Op::Load { array, .. }) | Stmt::Alloc { array, .. } => *array = f(*array),
            Stmt::Let(_, Op::Disjoint(a, b)) => {
                *a = f(*a);
                *b = f(*b);
            }
            Stmt::Store(store) => store.array = f(store.array),
            Stmt::For(loop_) => {
                for accumulator in &mut loop_.accumulators {
                    accumulator.array = f(accumulator.array);
                    accumulator.inside = f(accumulator.inside);
                }
            }
            Stmt::Return(operands) => arrays(operands, &mut f),
            Stmt::Call(call) => {
                arrays(&mut call.args, &mut f);
                arrays(&mut call.results, &mut f);
            }
            Stmt::Run(run) => arrays(&mut run.env, &mut f),
            Stmt::Let(..)
            | Stmt::Set(..)
            | Stmt::Check(_)
            | Stmt::If(_)
            | Stmt::Nest(_)
            | Stmt::While(_)
            | Stmt::Scope { .. }
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => {}
        }
    }

    /// Calls `f` with every variable that this statement itself sets: a `set`, what a loop reduces.
    pub fn for_each_set(&self, mut f: impl FnMut(Var)) {
        match self {
            Stmt::Set(var, _) => f(*var),
            Stmt::For(loop_) => loop_.reductions.iter().for_each(|reduction| f(reduction.var)),
            Stmt::Nest(nest) => nest.reductions.iter().for_each(|reduction| f(reduction.var)),
            Stmt::Run(run) => run.reductions.iter().for_each(|reduction| f(reduction.var)),
            _ => {}
        }
    }

    /// Values this statement itself defines: a `let`, loop indices, a call's results, an allocation's base and owner.
    pub fn for_each_definition(&self, function: &Function, mut f: impl FnMut(Value)) {
        match self {
            Stmt::Let(value, _) => f(*value),
            Stmt::For(loop_) => {
                f(loop_.index);
                let accumulators = loop_.accumulators.iter();
                accumulators.flat_map(|accumulator| function.defined_by(accumulator)).for_each(f);
            }
            Stmt::Nest(nest) => nest.indices.iter().copied().for_each(f),
            Stmt::Alloc { array, .. } => {
                let array = &function.arrays[*array];
                f(array.base);
                if array.owner != array.base {
                    f(array.owner);
                }
            }
            Stmt::Call(call) => {
                for result in &call.results {
                    match result {
                        Operand::Scalar(value) => f(*value),
                        Operand::Array(array) => function.arrays[*array].components().for_each(&mut f),
                    }
                }
            }
            Stmt::Set(..)
            | Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Scope { .. }
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Run(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => {}
        }
    }

    fn without_blocks(&self) -> Stmt {
        match self {
            Stmt::If(branch) => Stmt::If(If { condition: branch.condition, then: vec![], otherwise: vec![] }),
            Stmt::For(loop_) => Stmt::For(Box::new(For {
                body: vec![],
                name: String::new(),
                reductions: loop_.reductions.clone(),
                accumulators: loop_.accumulators.clone(),
                vouched: vec![],
                ..**loop_
            })),
            Stmt::Nest(nest) => Stmt::Nest(Box::new(Nest {
                indices: nest.indices.clone(),
                extents: nest.extents.clone(),
                reductions: nest.reductions.clone(),
                body: vec![],
                span: nest.span,
            })),
            Stmt::While(loop_) => Stmt::While(Box::new(While { header: vec![], body: vec![], ..**loop_ })),
            Stmt::Scope { label, .. } => Stmt::Scope { label: *label, body: vec![] },
            other => other.clone(),
        }
    }
}

/// Calls `f` with every statement of a block, outer before inner.
pub fn walk(block: &Block, f: &mut impl FnMut(&Stmt)) {
    for stmt in block {
        f(stmt);
        for inner in stmt.blocks() {
            walk(inner, f);
        }
    }
}

/// Calls `f` with every statement of a block, outer before inner.
pub fn walk_mut(block: &mut Block, f: &mut impl FnMut(&mut Stmt)) {
    for stmt in block {
        f(stmt);
        for inner in stmt.blocks_mut() {
            walk_mut(inner, f);
        }
    }
}

/// Whether control surely does not reach the end of the block: structurally, without looking at conditions.
pub fn never_ends(block: &Block) -> bool {
    block.iter().any(never_passes)
}

/// Whether control surely does not reach what follows the statement.
pub fn never_passes(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Return(_) | Stmt::Fault { .. } | Stmt::Break(_) | Stmt::Continue(_) => true,
        Stmt::If(branch) => never_ends(&branch.then) && never_ends(&branch.otherwise),
        Stmt::Scope { label, body } => never_ends(body) && !breaks_to(body, *label),
        Stmt::While(loop_) => {
            let always = loop_.header.iter().any(|stmt| {
                matches!(stmt, Stmt::Let(value, Op::Const(scalar)) if *value == loop_.condition && scalar.truth())
            });
            always && !breaks_to(&loop_.body, loop_.label)
        }
        Stmt::Let(..)
        | Stmt::Set(..)
        | Stmt::Store(_)
        | Stmt::Check(_)
        | Stmt::For(_)
        | Stmt::Nest(_)
        | Stmt::Alloc { .. }
        | Stmt::Retain(_)
        | Stmt::Release(_)
        | Stmt::Call(_)
        | Stmt::Run(_)
        | Stmt::Poll => false,
    }
}

fn breaks_to(block: &Block, label: Label) -> bool {
    let mut found = false;
    walk(block, &mut |stmt| found |= matches!(stmt, Stmt::Break(other) if *other == label));
    found
}
