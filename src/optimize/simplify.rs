//! Constants are folded, equal operations are computed once, variables that hold a known value are read from it.
//!
//! ```text
//! v2 = const 3
//! v3 = const 4
//! v4 = add v2 v3              v4 = const 7
//! set x0 v4                   check v1 == v7       (v7 = 7 from here on)
//! check v1 == v4
//! v5 = get x0
//! v6 = mul v1 v5              v6 = mul v4 v4 → const 49
//! ```
//!
//! One walk in order; what it learns holds in the rest of the block and in the blocks nested there:
//! - operators on constants (through [`crate::base::op`], so a folded result has the bits of a computed one) and identities that
//!   keep every bit: `x + -0.0`, `x * 1.0`, `x / 8.0` as `x * 0.125`, `abs(-x / y)` as `abs(x / y)`, integer `x + 0`, `x & x`; never
//!   `x + 0.0` or `x * 0.0`;
//! - the same pure operation on the same operands: the earlier value;
//! - `get` of a variable whose content is known; loops forget what their body sets;
//! - integers that a check or a branch has compared equal: operands become the leader of [`Equalities`]. Names of arrays
//!   hold also where the check has not happened, so their values are not rewritten by it: ask [`Equalities`] again;
//! - constant branches, checks, empty loops; a check that has been made; scopes that nothing leaves early; axes of extent 1.
//!
//! Afterwards variables that nobody reads are not set, arrays with equal values are one name, and local arrays have alias
//! classes of their own ([`super::classes`]). That is what [`super::fuse`] needs: to see that a local array never escapes, that two
//! accesses name one array, and that two arrays do not overlap.
//! Conservative: loads are no common subexpressions (stores would have to be watched; fused nests share theirs).

use super::classes;
use super::equalities::{self, Equalities};
use super::fold::{Folded, fold};
use super::scoped::{self, ScopedMap};
use super::{Options, Remark};
use crate::base::{Binary, Dtype, Scalar};
use crate::loops::*;
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use std::collections::{HashMap, HashSet};
use std::mem::take;

pub fn simplify(module: &mut Module, _: &Options, _: &mut Vec<Remark>) {
    for function in module.functions.values_mut() {
        let body = take(&mut function.body);
        let mut simplifier = Simplifier::new(function);
        let mut block = vec![];
        simplifier.block(body, &mut block);
        let replaced = simplifier.replaced;
        drop_unread_variables(function, &mut block);
        rename_components(function, &replaced);
        merge_arrays(function, &mut block);
        classes::separate(function, &block);
        function.body = block;
    }
}

struct Simplifier<'a> {
    function: &'a mut Function,
    /// Values that need no definition any more, with an equal one that dominates them.
    replaced: SecondaryMap<Value, PackedOption<Value>>,
    /// The simplified definition of values.
    ops: SecondaryMap<Value, Option<Op>>,
    equal: Equalities,
    known: ScopedMap<(Dtype, Op), Value>,
    checked: ScopedMap<Condition, ()>,
    contents: ScopedMap<Var, Value>,
    /// Variables that hold something.
    held: ScopedMap<Var, ()>,
}

#[derive(Clone, Copy)]
struct Mark {
    equal: equalities::Mark,
    known: scoped::Mark,
    checked: scoped::Mark,
    contents: scoped::Mark,
    held: scoped::Mark,
}

impl<'a> Simplifier<'a> {
    fn new(function: &'a mut Function) -> Simplifier<'a> {
        Simplifier {
            function,
            replaced: SecondaryMap::new(),
            ops: SecondaryMap::new(),
            equal: Equalities::empty(),
            known: ScopedMap::new(),
            checked: ScopedMap::new(),
            contents: ScopedMap::new(),
            held: ScopedMap::new(),
        }
    }

    fn block(&mut self, block: Block, out: &mut Block) {
        for stmt in block {
            self.stmt(stmt, out);
        }
    }

    /// A nested block, after which what it taught is forgotten.
    fn nested(&mut self, block: &mut Block) {
        let mark = self.mark();
        let mut out = vec![];
        self.block(take(block), &mut out);
        *block = out;
        self.leave(mark);
    }

    fn stmt(&mut self, mut stmt: Stmt, out: &mut Block) {
        // The condition of a `while` is computed in its header, which comes first.
        if !matches!(stmt, Stmt::While(_)) {
            stmt.map_operands(|value| self.resolve(value));
        }
        match stmt {
            Stmt::Let(value, op) => self.define(value, op, out),
            Stmt::Set(var, value) => {
                self.contents.insert(var, value);
                self.held.insert(var, ());
                out.push(Stmt::Set(var, value));
            }
            Stmt::Check(check) => self.check(check, out),
            Stmt::If(branch) => self.branch(branch, out),
            Stmt::For(loop_) => self.for_(loop_, out),
            Stmt::Nest(nest) => self.nest(nest, out),
            Stmt::While(loop_) => self.while_(loop_, out),
            Stmt::Scope { label, body } => self.scope(label, body, out),
            Stmt::Run(_) => {
                self.forget_sets(&stmt);
                out.push(stmt);
            }
            // 0: memory of the caller, or a variable that holds no array yet.
            Stmt::Retain(owner) | Stmt::Release(owner) if self.constant(owner) == Some(Scalar::i64(0)) => {}
            Stmt::Store(_)
            | Stmt::Break(_)
            | Stmt::Continue(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => out.push(stmt),
        }
    }

    fn define(&mut self, value: Value, op: Op, out: &mut Block) {
        match op {
            Op::Load { .. } => out.push(Stmt::Let(value, op)),
            Op::Get(var) => match self.contents.get(&var) {
                Some(&content) => self.replaced[value] = content.into(),
                None => {
                    self.contents.insert(var, value);
                    self.held.insert(var, ());
                    out.push(Stmt::Let(value, op));
                }
            },
            pure => self.define_pure(value, pure, out),
        }
    }

    fn define_pure(&mut self, value: Value, op: Op, out: &mut Block) {
        let dtype = self.function.values[value].dtype;
        let function = &*self.function;
        let op = match fold(dtype, op, &self.ops, |value| function.values[value].dtype) {
            Folded::Value(other) => {
                self.replaced[value] = other.into();
                return;
            }
            Folded::Op(op) => op,
            Folded::Product(factor, scalar) => {
                let constant = self.function.value(dtype);
                self.define_pure(constant, Op::Const(scalar), out);
                Op::Binary(Binary::Mul, factor, self.resolve(constant))
            }
            Folded::Composed(dtype, first, then) => {
                let inner = self.function.value(dtype);
                self.define_pure(inner, first, out);
                then(self.resolve(inner))
            }
        };
        let key = (dtype, op);
        if let Some(&other) = self.known.get(&key) {
            self.replaced[value] = self.equal.leader(other).into();
            return;
        }
        self.known.insert(key.clone(), value);
        self.equal.define(self.function, value, &key.1);
        self.ops[value] = Some(key.1.clone());
        out.push(Stmt::Let(value, key.1));
    }

    fn check(&mut self, check: Check, out: &mut Block) {
        if self.checked.get(&check.condition).is_some() {
            return;
        }
        match self.decided(check.condition) {
            Some(true) => {}
            Some(false) => out.push(Stmt::Fault { site: check.site, values: check.values }),
            None => {
                self.checked.insert(check.condition, ());
                let stmt = Stmt::Check(check);
                self.equal.pass(&stmt);
                out.push(stmt);
            }
        }
    }

    fn decided(&self, condition: Condition) -> Option<bool> {
        match condition {
            Condition::True(value) => Some(self.constant(value)?.truth()),
            Condition::Bounds { index, extent } => {
                let (index, extent) = (self.constant(index)?.as_i64(), self.constant(extent)?.as_i64());
                Some((0..extent).contains(&index))
            }
        }
    }

    fn branch(&mut self, mut branch: If, out: &mut Block) {
        if let Some(condition) = self.constant(branch.condition) {
            let taken = if condition.truth() { branch.then } else { branch.otherwise };
            return self.block(taken, out);
        }
        let mark = self.mark();
        self.equal.assume(branch.condition, true);
        self.nested(&mut branch.then);
        self.leave(mark);
        self.equal.assume(branch.condition, false);
        self.nested(&mut branch.otherwise);
        self.leave(mark);
        let stmt = Stmt::If(branch);
        self.forget_sets(&stmt);
        out.push(stmt);
    }

    fn for_(&mut self, loop_: Box<For>, out: &mut Block) {
        if let (Some(lo), Some(hi)) = (self.constant(loop_.lo), self.constant(loop_.hi))
            && hi.as_i64() <= lo.as_i64()
        {
            return;
        }
        let mut stmt = Stmt::For(loop_);
        self.forget_sets(&stmt);
        self.read_in_front(&stmt, out);
        stmt.blocks_mut().into_iter().for_each(|block| self.nested(block));
        out.push(stmt);
    }

    /// Variables that a loop reads and does not set.
    fn read_in_front(&mut self, loop_: &Stmt, out: &mut Block) {
        let (mut read, mut set) = (vec![], HashSet::new());
        sets_of(loop_, &mut set);
        for block in loop_.blocks() {
            collect_sets(block, &mut set);
            visit::walk(block, &mut |stmt| {
                if let Stmt::Let(_, Op::Get(var)) = stmt {
                    read.push(*var);
                }
            });
        }
        for var in read.into_iter().filter(|var| !set.contains(var)) {
            if self.contents.get(&var).is_none() && self.held.get(&var).is_some() {
                let value = self.function.define(out, self.function.vars[var].dtype, Op::Get(var));
                self.contents.insert(var, value);
            }
        }
    }

    fn nest(&mut self, mut nest: Box<Nest>, out: &mut Block) {
        let empty = |extent: &Value| self.constant(*extent).is_some_and(|extent| extent.as_i64() <= 0);
        if nest.extents.iter().any(empty) {
            return;
        }
        self.drop_unit_axes(&mut nest, out);
        let mut stmt = Stmt::Nest(nest);
        self.forget_sets(&stmt);
        stmt.blocks_mut().into_iter().for_each(|block| self.nested(block));
        out.push(stmt);
    }

    /// An index that is always 0 is the constant.
    fn drop_unit_axes(&mut self, nest: &mut Nest, out: &mut Block) {
        let is_unit = |extent: Value| self.constant(extent) == Some(Scalar::i64(1));
        let unit: Vec<bool> = nest.extents.iter().map(|extent| is_unit(*extent)).collect();
        if !unit.contains(&true) {
            return;
        }
        let zero = self.function.value(Dtype::I64);
        self.define_pure(zero, Op::Const(Scalar::i64(0)), out);
        let zero = self.resolve(zero);
        for (index, _) in nest.indices.iter().zip(&unit).filter(|(_, unit)| **unit) {
            self.replaced[*index] = zero.into();
        }
        let mut axes = unit.iter();
        nest.indices.retain(|_| axes.next() == Some(&false));
        let mut axes = unit.iter();
        nest.extents.retain(|_| axes.next() == Some(&false));
    }

    fn while_(&mut self, mut loop_: Box<While>, out: &mut Block) {
        let mut vars = HashSet::new();
        [&loop_.header, &loop_.body].into_iter().for_each(|block| collect_sets(block, &mut vars));
        vars.iter().for_each(|var| self.contents.remove(var));
        self.nested(&mut loop_.header);
        loop_.condition = self.resolve(loop_.condition);
        if let Some(condition) = self.constant(loop_.condition) {
            // A loop without end shows as one: its header defines the constant.
            loop_.condition = self.function.constant(&mut loop_.header, condition);
        }
        self.nested(&mut loop_.body);
        out.push(Stmt::While(loop_));
    }

    /// A scope that is left only where it ends anyway is no scope.
    fn scope(&mut self, label: Label, mut body: Block, out: &mut Block) {
        strip_last_breaks(&mut body, label);
        if !breaks(&body, label) {
            return self.block(body, out);
        }
        self.nested(&mut body);
        let stmt = Stmt::Scope { label, body };
        self.forget_sets(&stmt);
        out.push(stmt);
    }

    fn forget_sets(&mut self, stmt: &Stmt) {
        let mut vars = HashSet::new();
        sets_of(stmt, &mut vars);
        stmt.blocks().into_iter().for_each(|block| collect_sets(block, &mut vars));
        vars.iter().for_each(|var| self.contents.remove(var));
    }

    fn resolve(&self, value: Value) -> Value {
        self.equal.leader(self.replaced[value].expand().unwrap_or(value))
    }

    fn constant(&self, value: Value) -> Option<Scalar> {
        match self.ops[value] {
            Some(Op::Const(scalar)) => Some(scalar),
            _ => None,
        }
    }

    fn mark(&self) -> Mark {
        Mark {
            equal: self.equal.mark(),
            known: self.known.mark(),
            checked: self.checked.mark(),
            contents: self.contents.mark(),
            held: self.held.mark(),
        }
    }

    fn leave(&mut self, mark: Mark) {
        self.equal.leave(mark.equal);
        self.known.leave(mark.known);
        self.checked.leave(mark.checked);
        self.contents.leave(mark.contents);
        self.held.leave(mark.held);
    }
}

fn collect_sets(block: &Block, vars: &mut HashSet<Var>) {
    visit::walk(block, &mut |stmt| sets_of(stmt, vars));
}

/// The variables that a statement itself sets.
fn sets_of(stmt: &Stmt, vars: &mut HashSet<Var>) {
    if let Stmt::Set(var, _) = stmt {
        vars.insert(*var);
    }
    vars.extend(reductions_of(stmt).iter().map(|reduction| reduction.var));
}

fn reductions_of(stmt: &Stmt) -> &[Reduction] {
    match stmt {
        Stmt::For(loop_) => &loop_.reductions,
        Stmt::Nest(nest) => &nest.reductions,
        Stmt::Run(run) => &run.reductions,
        _ => &[],
    }
}

/// Removes `break label` where the block that belongs to the label ends anyway.
fn strip_last_breaks(block: &mut Block, label: Label) {
    if matches!(block.last(), Some(Stmt::Break(target)) if *target == label) {
        block.pop();
    }
    if let Some(Stmt::If(branch)) = block.last_mut() {
        strip_last_breaks(&mut branch.then, label);
        strip_last_breaks(&mut branch.otherwise, label);
    }
}

fn breaks(block: &Block, label: Label) -> bool {
    let mut found = false;
    visit::walk(block, &mut |stmt| found |= matches!(stmt, Stmt::Break(target) if *target == label));
    found
}

fn drop_unread_variables(function: &Function, block: &mut Block) {
    let mut read = HashSet::new();
    if let Role::Body { partials, .. } = &function.role {
        read.extend(partials.iter().map(|reduction| reduction.var));
    }
    visit::walk(block, &mut |stmt| {
        if let Stmt::Let(_, Op::Get(var)) = stmt {
            read.insert(*var);
        }
        read.extend(reductions_of(stmt).iter().map(|reduction| reduction.var));
    });
    super::retain(block, &mut |stmt| !matches!(stmt, Stmt::Set(var, _) if !read.contains(var)));
}

fn rename_components(function: &mut Function, replaced: &SecondaryMap<Value, PackedOption<Value>>) {
    for array in function.arrays.values_mut() {
        super::map_components(array, |value| replaced[value].expand().unwrap_or(value));
    }
}

/// Arrays with the same values are one array.
fn merge_arrays(function: &Function, block: &mut Block) {
    let mut first = HashMap::new();
    let mut merged: SecondaryMap<Array, PackedOption<Array>> = SecondaryMap::new();
    for (array, data) in &function.arrays {
        let key = ArrayData { name: String::new(), ..data.clone() };
        merged[array] = (*first.entry(key).or_insert(array)).into();
    }
    visit::walk_mut(block, &mut |stmt| stmt.map_arrays(|array| merged[array].expand().unwrap_or(array)));
}
