//! Several iterations of a loop run together inside the loop within, where they update the same elements.
//!
//! ```text
//!                                             for g in 0..m / 4 {
//! for k in 0..m {                                 for j in 0..n {
//!     for j in 0..n {                                 store c[j], (((load c[j] + x[4g, j]) + x[4g + 1, j]) + …) + x[4g + 3, j]
//!         store c[j], load c[j] + x[k, j]     →       }
//!     }                                           }
//! }                                           }
//!                                             for k in m / 4 * 4..m { … }
//! ```
//!
//! Each element is loaded and stored once instead of four times, and several rows are read side by side, which hides the wait at the
//! start of each. The order of updates of an element stays.
//!
//! Allowed as [`super::exchange`] says. Worth it where an element that does not depend on `k` is loaded and stored. Short bodies run
//! [`MANY`] iterations together, others [`FEW`], those of more than [`MOST_STATEMENTS`] statements none.
//!
//! Needs: `bounds` has removed checks; `hoist` afterwards, for what does not depend on `j`.

use super::exchange::{Exchange, Search, exchange};
use super::forward::{Replaced, forward};
use super::{Options, Remark, binary};
use crate::base::{Binary, Compare, Dtype, Scalar};
use crate::loops::{Array, Block, For, Function, Mode, Module, Op, Renaming, Stmt, Store, Value};
use std::collections::HashSet;

/// How many iterations run together. Measured: sums over the first axis of 2000 × 2000 take 0.95 ms alone, 0.85 by fours, 0.75 by
/// eights; products of matrices have no registers left for eight.
const MANY: i64 = 8;
const FEW: i64 = 4;

/// Bodies of at most so many operations of other numbers than indices, accesses included, are short: a load, a load, a sum and a store,
/// perhaps a conversion.
const SHORT: usize = 5;
const MOST_STATEMENTS: usize = 24;

pub fn jam(module: &mut Module, _options: &Options, remarks: &mut Vec<Remark>) {
    let search = Search {
        depth: 1,
        is_inner: &|loop_, _| loop_.mode == Mode::Serial && is_straight(&loop_.body),
        is_wanted: &|nest| nest.body.len() <= MOST_STATEMENTS && updates_same_element(nest),
    };
    for function in module.functions.values_mut() {
        exchange(function, &search, &mut |function, nest| {
            let (span, count) = (nest.serial[0].span, together_at(function, &nest));
            let text =
                format!("{count} iterations at a time: what they all update is loaded and stored once");
            remarks.push(Remark::done("jam", span, text));
            together(function, nest, count)
        });
    }
}

fn is_straight(body: &Block) -> bool {
    body.iter().all(|stmt| matches!(stmt, Stmt::Let(..) | Stmt::Store(_)))
}

/// Whether the body loads and stores an element that is the same in all iterations of the outer loop.
fn updates_same_element(nest: &Exchange) -> bool {
    let mut varying = nest.varying.clone();
    let mut loaded: HashSet<(Array, &[Value])> = HashSet::new();
    for stmt in &nest.body {
        let mut varies = false;
        stmt.for_each_operand(|value| varies |= varying.contains(&value));
        match stmt {
            Stmt::Let(value, op) => {
                if varies {
                    varying.insert(*value);
                } else if let Op::Load { array, indices } = op {
                    loaded.insert((*array, indices));
                }
            }
            Stmt::Store(Store { array, indices, .. }) if loaded.contains(&(*array, indices.as_slice())) => {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// How many iterations.
fn together_at(function: &Function, nest: &Exchange) -> i64 {
    if operations(function, &nest.body) <= SHORT { MANY } else { FEW }
}

fn together(function: &mut Function, nest: Exchange, count: i64) -> Block {
    let mut out = vec![];
    let [outer] = &nest.serial[..] else { unreachable!("searched for one loop") };
    let zero = function.constant(&mut out, Scalar::i64(0));
    let size = function.constant(&mut out, Scalar::i64(count));
    let groups = groups(function, outer, size, zero, &mut out);
    let group = function.value(Dtype::I64);
    let body = jammed(function, &nest, group, (size, count));
    let loop_ = For::new(function, group, zero, groups, Mode::Serial, body);
    out.push(Stmt::For(Box::new(For { span: outer.span, name: outer.name.clone(), ..loop_ })));
    let done = binary(function, Binary::Mul, groups, size, &mut out);
    let lo = binary(function, Binary::Add, outer.lo, done, &mut out);
    out.push(Stmt::For(Box::new(For { lo, ..*nest.original })));
    out
}

/// How many groups there are in `lo..hi`; none where that is empty.
fn groups(function: &mut Function, loop_: &For, size: Value, zero: Value, out: &mut Block) -> Value {
    let length = binary(function, Binary::Sub, loop_.hi, loop_.lo, out);
    let groups = binary(function, Binary::FloorDiv, length, size, out);
    let groups = binary(function, Binary::Max, groups, zero, out);
    let runs = function.define(out, Dtype::Bool, Op::Compare(Compare::Lt, loop_.lo, loop_.hi));
    function.define(out, Dtype::I64, Op::Select { condition: runs, then: groups, otherwise: zero })
}

/// The inner loop for one group of iterations.
fn jammed(function: &mut Function, nest: &Exchange, group: Value, (size, count): (Value, i64)) -> Block {
    let (outer, inner) = (&nest.serial[0], &nest.inner);
    let index = function.value(Dtype::I64);
    let mut out = vec![];
    let done = binary(function, Binary::Mul, group, size, &mut out);
    let first = binary(function, Binary::Add, outer.lo, done, &mut out);
    let mut body = vec![];
    for k in 0..count {
        let step = function.constant(&mut out, Scalar::i64(k));
        let at = if k == 0 { first } else { binary(function, Binary::Add, first, step, &mut out) };
        let mut renaming = Renaming::default();
        renaming.values.extend([(outer.index, at), (inner.index, index)]);
        body.extend(renaming.copy(function, &nest.body));
    }
    forward(function, &mut body, &mut Replaced::new());
    drop_overwritten(function, &mut body);
    let loop_ = For::new(function, index, inner.lo, inner.hi, inner.mode, body);
    let (span, name) = (inner.span, inner.name.clone());
    out.push(Stmt::For(Box::new(For { span, name, ..loop_ })));
    out
}

/// Removes stores to elements that are stored to again before anything of their class is loaded.
fn drop_overwritten(function: &Function, body: &mut Block) {
    let mut later: HashSet<(Array, Vec<Value>)> = HashSet::new();
    let mut kept = vec![];
    for stmt in std::mem::take(body).into_iter().rev() {
        match &stmt {
            Stmt::Store(store) if !later.insert((store.array, store.indices.clone())) => continue,
            Stmt::Let(_, Op::Load { array, .. }) => {
                let class = function.arrays[*array].class;
                later.retain(|(other, _)| function.arrays[*other].class != class);
            }
            _ => {}
        }
        kept.push(stmt);
    }
    kept.reverse();
    *body = kept;
}

/// Statements that compute no index.
fn operations(function: &Function, body: &Block) -> usize {
    let is_index = |stmt: &&Stmt| matches!(stmt, Stmt::Let(value, op) if op.is_pure() && function.values[*value].dtype == Dtype::I64);
    let is_constant = |stmt: &&Stmt| matches!(stmt, Stmt::Let(_, Op::Const(_)));
    body.iter().filter(|stmt| !is_index(stmt) && !is_constant(stmt)).count()
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;
    use crate::loops::verify::verify;

    fn check(module: &Module, runs: &[Vec<Argument>]) -> Module {
        let mut after = module.clone();
        jam(&mut after, &Options::default(), &mut vec![]);
        verify(&after).unwrap_or_else(|message| panic!("{message}\n{after}"));
        for arguments in runs {
            assert_eq!(run(&after, arguments), run(module, arguments), "{arguments:?}\n{after}");
        }
        after
    }

    fn load(b: &mut Builder, array: Array, indices: &[Value]) -> Value {
        b.op(Dtype::F64, Op::Load { array, indices: indices.to_vec() })
    }

    fn store(b: &mut Builder, array: Array, indices: &[Value], value: Value) {
        b.emit(Stmt::Store(Store { array, indices: indices.to_vec(), value, span: Default::default() }));
    }

    /// `for i in lo..hi: for j: t[j + shift] = t[j] * x[i, j] + x[i, j]`.
    fn rows(shift: i64) -> Module {
        let mut b = Builder::new();
        let (lo, hi) = (b.scalar(Dtype::I64), b.scalar(Dtype::I64));
        let (x, t) = (b.array(Dtype::F64, 2, "x"), b.array(Dtype::F64, 1, "t"));
        let (zero, m) = (b.int(0), b.extent(x, 1));
        b.for_(lo, hi, |b, i| {
            b.for_(zero, m, |b, j| {
                let from = b.plus(j, 0);
                let to = if shift == 0 { from } else { b.plus(j, shift) };
                let (old, element) = (load(b, t, &[from]), load(b, x, &[i, j]));
                let product = b.mul(old, element);
                let sum = b.add(product, element);
                store(b, t, &[to], sum);
            });
        });
        b.module()
    }

    fn arguments(lo: i64, hi: i64) -> Vec<Argument> {
        vec![Argument::Int(lo), Argument::Int(hi), floats(&[20, 3]), floats(&[5])]
    }

    fn stores(module: &Module) -> usize {
        count(module, |stmt| matches!(stmt, Stmt::Store(_)))
    }

    fn loads(module: &Module) -> usize {
        count(module, |stmt| matches!(stmt, Stmt::Let(_, Op::Load { .. })))
    }

    #[test]
    fn rows_are_added_by_eights() {
        let ends = [(0, 20), (0, 4), (0, 3), (1, 9), (5, 5), (7, 2), (i64::MAX, i64::MIN + 4)];
        let after = check(&rows(0), &ends.map(|(lo, hi)| arguments(lo, hi)));
        assert_eq!((loads(&after), stores(&after)), (8 + 1 + 2, 2), "{after}");
    }

    #[test]
    fn elements_of_other_columns_stay() {
        let after = check(&rows(1), &[arguments(0, 20)]);
        assert_eq!(stores(&after), 1);
    }

    #[test]
    fn products_of_matrices() {
        let mut b = Builder::new();
        let [x, y, z] = ["a", "b", "c"].map(|name| b.array(Dtype::F64, 2, name));
        let zero = b.int(0);
        let (n, m, depth) = (b.extent(z, 0), b.extent(z, 1), b.extent(x, 1));
        b.prange(zero, n, |b, i| {
            b.for_(zero, depth, |b, k| {
                let scale = load(b, x, &[i, k]);
                b.for_(zero, m, |b, j| {
                    let (row, sum) = (load(b, y, &[k, j]), load(b, z, &[i, j]));
                    let product = b.mul(scale, row);
                    let sum = b.add(sum, product);
                    store(b, z, &[i, j], sum);
                });
            });
        });
        let module = b.module();
        let shapes = |depth| vec![floats(&[3, depth]), floats(&[depth, 5]), floats(&[3, 5])];
        let after = check(&module, &[0, 1, 4, 7, 8].map(shapes));
        assert_eq!(stores(&after), 2, "{after}");
        assert_eq!(loads(&after), 4 + 4 + 1 + 3);
    }
}
