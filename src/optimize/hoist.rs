//! Moves what does not change out of loops, and keeps in a variable what one element accumulates.
//!
//! ```text
//! for k in 0..n:                              d = a * b
//!     d = a * b                               if 0 < n:
//!     u = load x[j]                               u = load x[j]
//!     c0 = load c[i, j]                →          set t, load c[i, j]
//!     store c[i, j], c0 + d * u * y[k]            for k in 0..n:
//!                                                     set t, get t + d * u * y[k]
//!                                                 store c[i, j], get t
//! ```
//!
//! Pure operations whose operands are defined outside a loop move in front of it; they cannot fail, so
//! conditional ones move too, unless they are expensive. Loads (and reads of variables) move only from the
//! part of the body that every iteration reaches before anything that can leave, and only where no store
//! or call of the loop may touch the same element ([`Settled`]); checks among them move along, in their order. All this
//! is known to be in bounds only if the loop runs, so the loop and what is hoisted move into a guard together.
//!
//! An element at an invariant address that a serial loop stores to on every iteration, while all other accesses
//! to its alias class are elsewhere, lives in a variable during the loop. (After a fault its memory is stale, which
//! the meaning of faults allows.)
//!
//! Conservative: calls touch all memory; nothing but pure operations leaves a `while`.
//!
//! Needs: no nests. Establishes: nothing that others rely on, but lanes want invariant loads outside.

use super::ranges::defined_in;
use super::settled::Settled;
use super::{Event, Options, Remark, constants};
use crate::base::{Binary, Compare, Dtype, Unary};
use crate::loops::visit::{walk, walk_mut};
use crate::loops::{
    AliasClass, Array, Block, For, Function, If, Mode, Module, Op, Stmt, Store, Value, Var, While,
};
use std::collections::{HashMap, HashSet};

pub fn hoist(module: &mut Module, _options: &Options, remarks: &mut Vec<Remark>) {
    for (_, function) in module.functions.iter_mut() {
        let settled = Settled::of(function);
        let body = std::mem::take(&mut function.body);
        let constants = constants(&body);
        function.body = Hoister { function, constants, settled, remarks }.block(body);
    }
}

struct Hoister<'f> {
    function: &'f mut Function,
    constants: HashMap<Value, i64>,
    settled: Settled,
    remarks: &'f mut Vec<Remark>,
}

impl Hoister<'_> {
    /// Inner loops first: what leaves them may leave the outer ones as well.
    fn block(&mut self, block: Block) -> Block {
        let mut out = Vec::with_capacity(block.len());
        for mut stmt in block {
            for inner in stmt.blocks_mut() {
                *inner = self.block(std::mem::take(inner));
            }
            match stmt {
                Stmt::For(loop_) => self.for_(*loop_, &mut out),
                Stmt::While(loop_) => self.while_(*loop_, &mut out),
                other => out.push(other),
            }
        }
        out
    }

    fn while_(&mut self, mut loop_: While, out: &mut Block) {
        let mut varying = defined_in(self.function, &loop_.header);
        varying.extend(defined_in(self.function, &loop_.body));
        // A loop without end shows as one: its header defines the constant.
        let constant =
            |stmt: &mut Stmt| matches!(stmt, Stmt::Let(value, Op::Const(_)) if *value == loop_.condition);
        let endless: Block = loop_.header.extract_if(.., constant).collect();
        self.move_pure(&mut loop_.header, true, &mut varying, out);
        loop_.header.extend(endless);
        self.move_pure(&mut loop_.body, false, &mut varying, out);
        out.push(Stmt::While(Box::new(loop_)));
    }

    fn for_(&mut self, mut loop_: For, out: &mut Block) {
        let mut varying = defined_in(self.function, &loop_.body);
        varying.insert(loop_.index);
        let before = out.len();
        self.move_pure(&mut loop_.body, true, &mut varying, out);
        let mut guarded = vec![];
        while self.move_prefix(&mut loop_, &mut varying, &mut guarded) {
            self.move_pure(&mut loop_.body, true, &mut varying, &mut guarded);
        }
        let moved = self.moved(out[before..].iter().chain(&guarded));
        let (mut after, mut elements) = (vec![], vec![]);
        while let Some(element) = self.accumulated(&loop_, &varying) {
            elements.push(self.function.arrays[element.array].name.clone());
            self.promote(&element, &mut loop_, &mut guarded, &mut after);
        }
        let (loads, operations) = moved;
        if loads + operations + elements.len() > 0 {
            let event = Event::Moved { loads, operations, elements };
            self.remarks.push(Remark { pass: "hoist", span: loop_.span, event });
        }
        if guarded.is_empty() && after.is_empty() {
            out.push(Stmt::For(Box::new(loop_)));
            return;
        }
        let (lo, hi) = (loop_.lo, loop_.hi);
        guarded.push(Stmt::For(Box::new(loop_)));
        guarded.append(&mut after);
        let constant = |value| self.constants.get(&value);
        if let (Some(lo), Some(hi)) = (constant(lo), constant(hi))
            && lo < hi
        {
            out.append(&mut guarded);
            return;
        }
        let condition = self.function.define(out, Dtype::Bool, Op::Compare(Compare::Lt, lo, hi));
        out.push(Stmt::If(If { condition, then: guarded, otherwise: vec![] }));
    }

    /// How many loads and operations on floats there are.
    fn moved<'s>(&self, stmts: impl Iterator<Item = &'s Stmt>) -> (usize, usize) {
        let (mut loads, mut operations) = (0, 0);
        for stmt in stmts {
            match stmt {
                Stmt::Let(_, Op::Load { .. }) => loads += 1,
                Stmt::Let(_, Op::Const(_) | Op::Get(_)) => {}
                Stmt::Let(value, _) => operations += self.function.values[*value].dtype.is_float() as usize,
                _ => {}
            }
        }
        (loads, operations)
    }

    /// Moves pure operations from `block` to `out`. `always`: whether the block runs whenever the loop does.
    fn move_pure(&self, block: &mut Block, always: bool, varying: &mut HashSet<Value>, out: &mut Block) {
        let mut always = always;
        for mut stmt in std::mem::take(block) {
            match &stmt {
                Stmt::Let(value, op)
                    if op.is_pure() && self.is_invariant(&stmt, varying) && (always || !is_expensive(op)) =>
                {
                    varying.remove(value);
                    out.push(stmt);
                    continue;
                }
                Stmt::If(_) | Stmt::Scope { .. } => {
                    for inner in stmt.blocks_mut() {
                        self.move_pure(inner, false, varying, out);
                    }
                }
                _ => {}
            }
            always &= !may_leave(&stmt);
            block.push(stmt);
        }
    }

    /// Moves loads, reads of variables and checks from the start of the body. Whether there were any.
    fn move_prefix(&self, loop_: &mut For, varying: &mut HashSet<Value>, out: &mut Block) -> bool {
        let mut effects = Effects::of(self.function, &loop_.body);
        effects.sets.extend(loop_.reductions.iter().map(|reduction| reduction.var));
        let before = out.len();
        let mut k = 0;
        while let Some(stmt) = loop_.body.get_mut(k) {
            let movable = match stmt {
                Stmt::Let(_, Op::Load { array, indices }) => {
                    let is_stored = effects.may_write(self.function.arrays[*array].class);
                    let is_constant =
                        || !effects.calls && self.settled.is_constant(loop_.index, *array, indices);
                    (!is_stored || is_constant()) && self.is_invariant(stmt, varying)
                }
                Stmt::Let(_, Op::Get(var)) => !effects.sets.contains(var),
                Stmt::Check(check) => {
                    // A fault that is met at the first iteration reports the first index.
                    let mut first = check.clone();
                    first
                        .values
                        .iter_mut()
                        .filter(|value| **value == loop_.index)
                        .for_each(|v| *v = loop_.lo);
                    let first = Stmt::Check(first);
                    let movable = self.is_invariant(&first, varying);
                    if movable {
                        *stmt = first;
                    }
                    movable
                }
                _ => false,
            };
            if movable {
                let stmt = loop_.body.remove(k);
                if let Stmt::Let(value, _) = &stmt {
                    varying.remove(value);
                }
                out.push(stmt);
            } else if may_leave(&loop_.body[k]) {
                break;
            } else {
                k += 1;
            }
        }
        out.len() > before
    }

    fn is_invariant(&self, stmt: &Stmt, varying: &HashSet<Value>) -> bool {
        let mut invariant = true;
        stmt.for_each_operand(|value| invariant &= !varying.contains(&value));
        stmt.for_each_array(|array| invariant &= !self.is_varying(array, varying));
        invariant
    }

    fn is_varying(&self, array: Array, varying: &HashSet<Value>) -> bool {
        self.function.arrays[array].components().any(|value| varying.contains(&value))
    }

    /// An element that `loop_` accumulates in: the first store at the start of the body that qualifies.
    fn accumulated(&self, loop_: &For, varying: &HashSet<Value>) -> Option<Store> {
        let effects = Effects::of(self.function, &loop_.body);
        if loop_.mode != Mode::Serial || effects.leaves || effects.calls {
            return None;
        }
        let prefix = loop_.body.iter().take_while(|stmt| !may_leave(stmt));
        prefix
            .filter_map(|stmt| match stmt {
                Stmt::Store(store) if self.is_address_invariant(store, varying) => Some(store),
                _ => None,
            })
            .find(|store| {
                self.settled.is_own(loop_.index, store.array, &store.indices)
                    || self.is_only_access(store, &loop_.body)
            })
            .cloned()
    }

    fn is_address_invariant(&self, store: &Store, varying: &HashSet<Value>) -> bool {
        !self.is_varying(store.array, varying) && store.indices.iter().all(|value| !varying.contains(value))
    }

    /// Whether every access to the store's alias class is to the same element by the same names.
    fn is_only_access(&self, store: &Store, body: &Block) -> bool {
        let class = self.function.arrays[store.array].class;
        let mut only = true;
        walk(body, &mut |stmt| match stmt {
            Stmt::Let(_, Op::Load { array, indices }) | Stmt::Store(Store { array, indices, .. })
                if self.function.arrays[*array].class == class =>
            {
                only &= *array == store.array && *indices == store.indices;
            }
            // Such a loop becomes a function, in which variables that it sets are its own.
            Stmt::For(inner) if inner.mode != Mode::Serial || !inner.reductions.is_empty() => {
                only &= !Effects::of(self.function, &inner.body).may_write(class);
            }
            _ => {}
        });
        only
    }

    fn promote(&mut self, element: &Store, loop_: &mut For, before: &mut Block, after: &mut Block) {
        let array = &self.function.arrays[element.array];
        let (dtype, name) = (array.dtype, array.name.clone());
        let var = self.function.var(dtype, name);
        let load = Op::Load { array: element.array, indices: element.indices.clone() };
        let initial = self.function.define(before, dtype, load);
        before.push(Stmt::Set(var, initial));
        let is_element =
            |array: Array, indices: &[Value]| array == element.array && indices == element.indices;
        walk_mut(&mut loop_.body, &mut |stmt| match stmt {
            Stmt::Let(_, op @ Op::Load { .. }) => {
                if matches!(op, Op::Load { array, indices } if is_element(*array, indices)) {
                    *op = Op::Get(var);
                }
            }
            Stmt::Store(store) if is_element(store.array, &store.indices) => {
                *stmt = Stmt::Set(var, store.value);
            }
            _ => {}
        });
        let last = self.function.define(after, dtype, Op::Get(var));
        after.push(Stmt::Store(Store { value: last, ..element.clone() }));
    }
}

/// What a loop body may do to memory, variables and control.
struct Effects {
    stores: HashSet<AliasClass>,
    sets: HashSet<Var>,
    calls: bool,
    leaves: bool,
}

impl Effects {
    fn of(function: &Function, body: &Block) -> Effects {
        let mut effects =
            Effects { stores: HashSet::new(), sets: HashSet::new(), calls: false, leaves: false };
        walk(body, &mut |stmt| effects.add(function, stmt));
        effects
    }

    fn add(&mut self, function: &Function, stmt: &Stmt) {
        match stmt {
            Stmt::Set(var, _) => {
                self.sets.insert(*var);
            }
            Stmt::Store(store) => {
                self.stores.insert(function.arrays[store.array].class);
            }
            Stmt::For(loop_) => self.sets.extend(loop_.reductions.iter().map(|reduction| reduction.var)),
            Stmt::Nest(nest) => self.sets.extend(nest.reductions.iter().map(|reduction| reduction.var)),
            Stmt::Run(run) => {
                self.sets.extend(run.reductions.iter().map(|reduction| reduction.var));
                self.calls = true;
            }
            Stmt::Call(_) => self.calls = true,
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return(_) => self.leaves = true,
            Stmt::Let(..)
            | Stmt::Check(_)
            | Stmt::If(_)
            | Stmt::While(_)
            | Stmt::Scope { .. }
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => {}
        }
    }

    fn may_write(&self, class: AliasClass) -> bool {
        self.calls || self.stores.contains(&class)
    }
}

/// Whether control may not reach the next statement, or memory may be given back before it.
fn may_leave(stmt: &Stmt) -> bool {
    let itself = match stmt {
        Stmt::Check(_)
        | Stmt::While(_)
        | Stmt::Break(_)
        | Stmt::Continue(_)
        | Stmt::Return(_)
        | Stmt::Alloc { .. }
        | Stmt::Release(_)
        | Stmt::Call(_)
        | Stmt::Run(_)
        | Stmt::Fault { .. }
        | Stmt::Poll => true,
        Stmt::Let(..)
        | Stmt::Set(..)
        | Stmt::Store(_)
        | Stmt::If(_)
        | Stmt::For(_)
        | Stmt::Nest(_)
        | Stmt::Scope { .. }
        | Stmt::Retain(_) => false,
    };
    itself || stmt.blocks().into_iter().flatten().any(may_leave)
}

/// Whether the operation costs more than a missed chance to share it.
fn is_expensive(op: &Op) -> bool {
    match op {
        Op::Binary(binary, ..) => {
            matches!(binary, Binary::Div | Binary::FloorDiv | Binary::Mod | Binary::Fmod | Binary::Pow)
        }
        Op::Unary(unary, _) => *unary == Unary::Sqrt,
        Op::Disjoint(..) => true,
        Op::Const(_)
        | Op::Get(_)
        | Op::Any(_)
        | Op::Compare(..)
        | Op::Cast(_)
        | Op::Select { .. }
        | Op::Fma(..)
        | Op::Wrap { .. }
        | Op::Load { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::bounds::bounds;
    use super::super::samples::*;
    use super::*;

    fn check(module: &Module, runs: &[Vec<Argument>]) -> Module {
        let (mut after, options) = (module.clone(), Options::default());
        bounds(&mut after, &options, &mut vec![]);
        hoist(&mut after, &options, &mut vec![]);
        for arguments in runs {
            assert_eq!(run(&after, arguments), run(module, arguments), "{arguments:?}\n{after}");
        }
        after
    }

    /// Statements that the innermost loop of the fast way holds.
    fn innermost(block: &Block) -> Vec<Stmt> {
        for stmt in block {
            match stmt {
                Stmt::For(loop_) => return innermost(&loop_.body),
                Stmt::If(branch) => return innermost(&branch.then),
                _ => {}
            }
        }
        block.clone()
    }

    #[test]
    fn matmul_accumulates_in_a_variable() {
        let arguments = |n, depth, m| vec![floats(&[n, depth]), floats(&[depth, m]), floats(&[n, m])];
        let bad = vec![floats(&[2, 3]), floats(&[2, 4]), floats(&[2, 4])];
        let after = check(&matmul(), &[arguments(2, 3, 4), arguments(2, 0, 4), arguments(0, 3, 4), bad]);
        let body = innermost(&after.functions[after.entry].body);
        assert!(!body.iter().any(|stmt| matches!(stmt, Stmt::Store(_))), "{after}");
        let loads = body.iter().filter(|stmt| matches!(stmt, Stmt::Let(_, Op::Load { .. }))).count();
        assert_eq!(loads, 2);
    }

    #[test]
    fn invariant_loads_leave_and_loops_that_do_not_run_load_nothing() {
        let arguments = |n, m| vec![Argument::Int(n), floats(&[m, 3]), floats(&[m])];
        let after = check(&bodies(), &[arguments(3, 3), arguments(0, 0), arguments(4, 3), arguments(-1, 2)]);
        let body = innermost(&after.functions[after.entry].body);
        let loads = body.iter().filter(|stmt| matches!(stmt, Stmt::Let(_, Op::Load { .. }))).count();
        assert_eq!(loads, 1, "{after}");
    }

    /// `for i: if i > k: x[i] = a / c`: the division is not computed where it was not.
    /// An inner loop that becomes a function must not store to a variable of this one.
    #[test]
    fn elements_that_parallel_loops_store_stay_in_memory() {
        let mut b = Builder::new();
        let (x, n) = (b.array(Dtype::F64, 1, "x"), b.scalar(Dtype::I64));
        let (zero, one) = (b.int(0), b.int(1));
        b.for_(zero, n, |b, _| {
            let two = b.float(2.0);
            b.store(x, &[zero], two);
            b.prange(zero, one, |b, _| {
                let old = b.load(x, &[zero]);
                let new = b.add(old, two);
                b.store(x, &[zero], new);
            });
        });
        let module = b.module();
        let after =
            check(&module, &[vec![floats(&[3]), Argument::Int(0)], vec![floats(&[3]), Argument::Int(4)]]);
        assert!(after.functions[after.entry].vars.is_empty(), "{after}");
    }

    #[test]
    fn expensive_conditional_operations_stay() {
        let mut b = Builder::new();
        let (a, k) = (b.scalar(Dtype::F64), b.scalar(Dtype::I64));
        let x = b.array(Dtype::F64, 1, "x");
        let (zero, n) = (b.int(0), b.extent(x, 0));
        b.for_(zero, n, |b, i| {
            let more = b.compare(Compare::Gt, i, k);
            b.if_(more, |b| {
                let c = b.float(3.0);
                let quotient = b.binary(Binary::Div, a, c);
                b.store(x, &[i], quotient);
            });
        });
        let module = b.module();
        let after = check(&module, &[vec![Argument::Float(1.0), Argument::Int(2), floats(&[5])]]);
        let [.., Stmt::For(loop_), Stmt::Return(_)] = &after.functions[after.entry].body[..] else {
            panic!("{after}")
        };
        let division = |stmt: &Stmt| matches!(stmt, Stmt::Let(_, Op::Binary(Binary::Div, ..)));
        let mut divisions = 0;
        walk(&loop_.body, &mut |stmt| divisions += division(stmt) as usize);
        assert_eq!(divisions, 1);
        assert_eq!(loop_.body.len(), 2, "the constant has left: {after}");
    }

    /// An invariant check that fails does so at the first iteration, and not at all in an empty loop.
    #[test]
    fn invariant_checks_report_the_first_iteration() {
        let mut b = Builder::new();
        let (k, n) = (b.scalar(Dtype::I64), b.scalar(Dtype::I64));
        let two = b.int(2);
        let (x, y) = (b.array(Dtype::F64, 1, "x"), b.array(Dtype::F64, 1, "y"));
        b.for_(two, n, |b, i| {
            let zero = b.int(0);
            let fine = b.compare(Compare::Ne, k, zero);
            b.require(fine);
            let value = b.load(x, &[k]);
            b.store(y, &[i], value);
        });
        let arguments = |k, n| vec![Argument::Int(k), Argument::Int(n), floats(&[4]), floats(&[6])];
        let module = b.module();
        let runs = [arguments(1, 5), arguments(0, 5), arguments(0, 2), arguments(9, 6), arguments(1, 7)];
        check(&module, &runs);
        let mut plain = module.clone();
        hoist(&mut plain, &Options::default(), &mut vec![]);
        for arguments in runs {
            assert_eq!(run(&plain, &arguments), run(&module, &arguments), "{plain}");
        }
    }
}
