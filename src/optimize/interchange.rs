//! Loops change places so that the innermost one runs along memory.
//!
//! ```text
//! for j in 0..n {                                       for i in 0..m {
//!     for k in 0..p {                                       for k in 0..p {
//!         for i in 0..m {                          →            for j in 0..n {
//!             store c[i, j], load c[i, j] + load a[i, k] * load b[k, j]
//! ```
//!
//! The order is that of the costs of [`super::locality`]: the innermost loop touches the fewest cache lines per iteration. Loops of one cost stay
//! as they are written. A loop moves inwards past another only if it costs at most three quarters of that. One whose iterations depend on
//! each other is not worth having innermost, nor is any order around it: lanes are then taken further outside, and would be lost.
//!
//! Allowed as [`super::bands`] says, so that each element is updated in the order of the source, and no bit changes. Of orders that are not
//! allowed, the nearest one that is.
//!
//! A loop of fewer than [`FEW`] iterations is a poor innermost loop. Where its length is not known, a test in front chooses between both orders.
//!
//! Needs: `bounds` has removed checks. Establishes: nothing that others rely on, but `jam` and lanes want unit strides inside.

use super::bands::{Band, bands, independent_loops, replace_bands};
use super::constants;
use super::locality::costs;
use super::{Options, Remark};
use crate::base::{Binary, Compare, Dtype, Scalar, Span};
use crate::loops::visit::walk_mut;
use crate::loops::{Block, For, Function, If, Module, Op, Renaming, Stmt, Value};
use std::collections::HashMap;

/// Iterations of an innermost loop. Measured with sums of columns, maps and products with vectors over 20000 rows: lanes across rows win at 16
/// columns and less, lanes along them at 64 and more.
const FEW: i64 = 32;

pub fn interchange(module: &mut Module, _options: &Options, remarks: &mut Vec<Remark>) {
    for function in module.functions.values_mut() {
        let mut known = None;
        let mut costs_of = HashMap::new();
        let bands = bands(function, &mut |band| {
            let constants = known.get_or_insert_with(|| constants(&function.body));
            let costs = costs(function, constants, band);
            let is_wanted = best_of_all(&costs, constants, band).is_some();
            costs_of.insert(band.original.index, costs);
            is_wanted
        });
        if !bands.is_empty() {
            let constants = known.unwrap_or_default();
            Rewriter { bands, costs: costs_of, constants, remarks }.run(function);
        }
    }
}

/// The order that would be best if all were allowed.
fn best_of_all(costs: &[u64], constants: &HashMap<Value, i64>, band: &Band) -> Option<Vec<usize>> {
    let mut orders = (0..costs.len() - 1).map(|fixed| best(costs, fixed, &vec![true; costs.len() - fixed]));
    orders.find(|order| is_better(costs, order, |_| true) && !is_short(constants, innermost(band, order)))
}

struct Rewriter<'a> {
    bands: Vec<Band>,
    /// Of each band, by the index of its outermost loop.
    costs: HashMap<Value, Vec<u64>>,
    constants: HashMap<Value, i64>,
    remarks: &'a mut Vec<Remark>,
}

impl Rewriter<'_> {
    fn run(self, function: &mut Function) {
        let independent = independent_loops(function, &self.bands);
        let mut body = std::mem::take(&mut function.body);
        replace_bands(function, &mut body, &mut |function, loop_| {
            let band = self.bands.iter().find(|band| band.original.index == loop_.index)?;
            let costs = &self.costs[&loop_.index];
            let order = (0..costs.len() - 1)
                .find_map(|fixed| self.order(band, costs, fixed, &independent[&(loop_.index, fixed)]));
            let Some(order) = order else {
                self.remarks.extend(self.refused(band, costs, &independent[&(loop_.index, 0)]));
                return None;
            };
            self.remarks.push(Remark::done("interchange", loop_.span, words(band, &order)));
            Some(exchanged(function, band, &order, &self.constants))
        });
        function.body = body;
    }

    /// An order that is allowed and worth having, with so many loops where they are.
    fn order(&self, band: &Band, costs: &[u64], fixed: usize, independent: &[bool]) -> Option<Vec<usize>> {
        let order = allowed(band, costs, fixed, independent)?;
        let is_independent = |at: usize| independent[at - fixed];
        let is_worth =
            is_better(costs, &order, is_independent) && !is_short(&self.constants, innermost(band, &order));
        is_worth.then_some(order)
    }

    /// What to say where the loop that ought to be the innermost may not become it.
    fn refused(&self, band: &Band, costs: &[u64], independent: &[bool]) -> Option<Remark> {
        let wanted = best_of_all(costs, &self.constants, band)?;
        let last = *wanted.last()?;
        let is_inside = |order: &Vec<usize>| order.last() == Some(&last);
        let name = &band.loops[last].name;
        if last + 1 == costs.len()
            || name.is_empty()
            || allowed(band, costs, 0, independent).as_ref().is_some_and(is_inside)
        {
            return None;
        }
        let reason = format!(
            "loops stay as written, though neighbours in `{name}` are neighbours in memory: \
             their iterations may touch the same elements"
        );
        Some(Remark::missed("interchange", band.original.span, reason))
    }
}

/// The loops from the most lines to the fewest, but for the first `fixed`; those that are not independent stay in their order.
fn best(costs: &[u64], fixed: usize, independent: &[bool]) -> Vec<usize> {
    let mut rest: Vec<usize> = (fixed..costs.len()).collect();
    rest.sort_by_key(|&at| std::cmp::Reverse(costs[at]));
    let mut order: Vec<usize> = (0..fixed).collect();
    while !rest.is_empty() {
        let may_be_next = |at: usize| {
            let waits = |other: usize| other < at && !independent[other - fixed];
            independent[at - fixed] || !rest.iter().any(|&other| waits(other))
        };
        let next = rest.iter().position(|&at| may_be_next(at)).expect("the first of all may");
        order.push(rest.remove(next));
    }
    order
}

fn allowed(band: &Band, costs: &[u64], fixed: usize, independent: &[bool]) -> Option<Vec<usize>> {
    let around_first = independent.len() - 1;
    let may = band.first.is_empty() || independent[..around_first].iter().all(|independent| *independent);
    may.then(|| best(costs, fixed, independent))
}

/// Whether the order is worth having.
fn is_better(costs: &[u64], order: &[usize], is_independent: impl Fn(usize) -> bool) -> bool {
    let mut inward = order.iter().enumerate().rev();
    let Some((was, &now)) = inward.find(|(was, now)| was != *now) else { return false };
    costs[now] * 4 <= costs[was] * 3 && is_independent(order[order.len() - 1])
}

fn innermost<'a>(band: &'a Band, order: &[usize]) -> &'a For {
    &band.loops[order[order.len() - 1]]
}

fn is_short(constants: &HashMap<Value, i64>, loop_: &For) -> bool {
    length(constants, loop_).is_some_and(|length| length < FEW)
}

fn length(constants: &HashMap<Value, i64>, loop_: &For) -> Option<i64> {
    constants.get(&loop_.hi)?.checked_sub(*constants.get(&loop_.lo)?)
}

/// The band in its new order, and in its old one where the new innermost loop is too short.
fn exchanged(
    function: &mut Function,
    band: &Band,
    order: &[usize],
    constants: &HashMap<Value, i64>,
) -> Block {
    let mut out = band.front.clone();
    let inner = innermost(band, order);
    let new = band.ordered(function, order);
    if inner.index == band.loops[order.len() - 1].index || length(constants, inner).is_some() {
        out.extend(new);
        return out;
    }
    let length = function.define(&mut out, Dtype::I64, Op::Binary(Binary::Sub, inner.hi, inner.lo));
    let few = function.constant(&mut out, Scalar::i64(FEW));
    let condition = function.define(&mut out, Dtype::Bool, Op::Compare(Compare::Ge, length, few));
    let mut otherwise = Renaming::default().copy(function, &vec![Stmt::For(band.original.clone())]);
    // Nobody is told what becomes of the version for a few iterations.
    walk_mut(&mut otherwise, &mut |stmt| {
        if let Stmt::For(loop_) = stmt {
            loop_.span = Span::default();
        }
    });
    out.push(Stmt::If(If { condition, then: new, otherwise }));
    out
}

fn words(band: &Band, order: &[usize]) -> String {
    let names: Vec<&str> = order.iter().map(|&at| band.loops[at].name.as_str()).collect();
    if names.contains(&"") {
        return "loops change places: the innermost runs along memory".to_string();
    }
    let inner = names[names.len() - 1];
    format!("loops run in the order {}: neighbours in `{inner}` are neighbours in memory", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;
    use crate::base::Dtype;
    use crate::loops::verify::verify;
    use crate::loops::visit::walk;
    use crate::loops::{Array, Store};

    fn check(module: &Module, runs: &[Vec<Argument>]) -> (Module, Vec<Remark>) {
        let (mut after, mut remarks) = (module.clone(), vec![]);
        interchange(&mut after, &Options::default(), &mut remarks);
        verify(&after).unwrap_or_else(|message| panic!("{message}\n{after}"));
        for arguments in runs {
            assert_eq!(run(&after, arguments), run(module, arguments), "{arguments:?}\n{after}");
        }
        (after, remarks)
    }

    /// The indices of the loops of the source, in the order in which they stand now.
    fn order(module: &Module, indices: &[Value]) -> Vec<usize> {
        let mut order = vec![];
        walk(&module.functions[module.entry].body, &mut |stmt| {
            if let Stmt::For(loop_) = stmt {
                order.extend(indices.iter().position(|index| *index == loop_.index));
            }
        });
        order
    }

    fn load(b: &mut Builder, array: Array, indices: &[Value]) -> Value {
        b.op(Dtype::F64, Op::Load { array, indices: indices.to_vec() })
    }

    fn store(b: &mut Builder, array: Array, indices: &[Value], value: Value) {
        b.emit(Stmt::Store(Store { array, indices: indices.to_vec(), value, span: Default::default() }));
    }

    /// Nested loops from 0 to these ends.
    fn nest(b: &mut Builder, ends: &[Value], fill: &mut dyn FnMut(&mut Builder, &[Value])) {
        fn enter(
            b: &mut Builder,
            ends: &[Value],
            indices: &mut Vec<Value>,
            fill: &mut dyn FnMut(&mut Builder, &[Value]),
        ) {
            let Some((end, rest)) = ends.split_first() else { return fill(b, indices) };
            let zero = b.int(0);
            b.for_(zero, *end, |b, index| {
                indices.push(index);
                enter(b, rest, indices, fill);
            });
        }
        enter(b, ends, &mut vec![], fill);
    }

    /// Products of matrices, with `i`, `j` and `k` (0, 1 and 2) from outside inwards in this order; the order they end up in.
    fn product(written: [usize; 3]) -> Vec<usize> {
        let mut b = Builder::new();
        let [x, y, z] = ["a", "b", "c"].map(|name| b.array(Dtype::F64, 2, name));
        let ends = [b.extent(z, 0), b.extent(z, 1), b.extent(x, 1)];
        let mut found = vec![];
        nest(&mut b, &written.map(|at| ends[at]), &mut |b, indices| {
            let place = |at: usize| written.iter().position(|other| *other == at).expect("a permutation");
            let [i, j, k] = [0, 1, 2].map(|at| indices[place(at)]);
            found = vec![i, j, k];
            let (left, right) = (load(b, x, &[i, k]), load(b, y, &[k, j]));
            let (old, product) = (load(b, z, &[i, j]), b.mul(left, right));
            let sum = b.add(old, product);
            store(b, z, &[i, j], sum);
        });
        let shapes = |[n, m, p]: [i64; 3]| vec![floats(&[n, p]), floats(&[p, m]), floats(&[n, m])];
        let sizes = [[3, 40, 5], [2, 33, 1], [3, 8, 4], [0, 40, 2], [2, 32, 0]];
        let (after, _) = check(&b.module(), &sizes.map(shapes));
        order(&after, &found)
    }

    #[test]
    fn products_of_matrices_in_any_order() {
        for written in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            assert_eq!(product(written), [0, 2, 1], "{written:?}");
        }
    }

    /// `for j: for i: body(i, j)` over the extents of `x`; whether the loops change places.
    fn exchanges(fill: impl Fn(&mut Builder, [Array; 2], [Value; 2])) -> bool {
        let mut b = Builder::new();
        let (x, t) = (b.array(Dtype::F64, 2, "x"), b.array(Dtype::F64, 1, "t"));
        let ends = [b.extent(x, 1), b.extent(x, 0)];
        let mut found = vec![];
        nest(&mut b, &ends, &mut |b, indices| {
            found = indices.to_vec();
            fill(b, [x, t], [indices[1], indices[0]]);
        });
        let shapes = |shape: [i64; 2]| vec![floats(&shape), floats(&[shape[1]])];
        let (after, _) = check(&b.module(), &[[5, 40], [5, 5], [0, 40], [5, 0]].map(shapes));
        order(&after, &found) == [1, 0]
    }

    #[test]
    fn maps_and_sums_along_rows() {
        assert!(exchanges(|b, [x, _], [i, j]| {
            let element = load(b, x, &[i, j]);
            let twice = b.add(element, element);
            store(b, x, &[i, j], twice);
        }));
        assert!(exchanges(|b, [x, t], [i, j]| {
            let (sum, element) = (load(b, t, &[j]), load(b, x, &[i, j]));
            let sum = b.add(sum, element);
            store(b, t, &[j], sum);
        }));
    }

    /// One element is updated by all: the order is that of the source.
    #[test]
    fn one_sum_of_all_stays() {
        assert!(!exchanges(|b, [x, t], [i, j]| {
            let zero = b.int(0);
            let (sum, element) = (load(b, t, &[zero]), load(b, x, &[i, j]));
            let sum = b.add(sum, element);
            store(b, t, &[zero], sum);
        }));
    }

    #[test]
    fn checks_stay_in_their_order() {
        assert!(!exchanges(|b, [x, t], [i, j]| {
            let element = load(b, x, &[i, j]);
            b.store(t, &[j], element);
        }));
    }

    /// `for j: s = start(j); for i: s += x[i, j]; t[j] = s`, and what `behind` does with `s`; whether the loops change places.
    fn sums(behind: impl Fn(&mut Builder, Array, crate::loops::Var)) -> bool {
        let mut b = Builder::new();
        let (x, t) = (b.array(Dtype::F64, 2, "x"), b.array(Dtype::F64, 1, "t"));
        let (zero, n, m) = (b.int(0), b.extent(x, 0), b.extent(x, 1));
        let s = b.f.var(Dtype::F64, "s");
        let start = b.float(0.5);
        b.set(s, start);
        let mut found = vec![];
        b.for_(zero, m, |b, j| {
            b.set(s, start);
            b.for_(zero, n, |b, i| {
                found = vec![i, j];
                let (sum, element) = (b.get(s), load(b, x, &[i, j]));
                let sum = b.add(sum, element);
                b.set(s, sum);
            });
            let sum = b.get(s);
            store(b, t, &[j], sum);
        });
        behind(&mut b, t, s);
        let shapes = |shape: [i64; 2]| vec![floats(&shape), floats(&[shape[1]])];
        let (after, _) = check(&b.module(), &[[5, 40], [5, 5], [0, 40], [0, 1]].map(shapes));
        order(&after, &found) == [0, 1]
    }

    #[test]
    fn sums_become_their_elements() {
        assert!(sums(|_, _, _| {}));
    }

    #[test]
    fn sums_that_are_read_later_stay() {
        assert!(!sums(|b, t, s| {
            let (zero, sum) = (b.int(0), b.get(s));
            let some = b.extent(t, 0);
            let is_some = b.compare(Compare::Gt, some, zero);
            b.if_(is_some, |b| store(b, t, &[zero], sum));
        }));
    }
}
