//! Nests become loops.
//!
//! ```text
//! nest i < m, j < n {             v9 = mul m n
//!   v1 = load a0[i, j]            for v10 in 0..v9 parallel {
//!   store a1[i, j] v1               v1 = load a2[v10]
//! }                                 store a3[v10] v1
//!                                 }
//! ```
//!
//! - Linear, as above: all arrays are contiguous, have the nest's extents ([`Equalities`]; axes of extent 1 aside) and are accessed at its
//!   indices in order, which serve nothing else, perhaps behind subscripts that do not vary. One loop over all elements; `a2` and `a3` are
//!   the same memory with one axis in place of two.
//! - Else one loop per axis, the outermost parallel.
//! - Else, if it reduces: the tree is that of positions in the whole domain, so one loop over positions that recovers
//!   the indices by division. (Slow where the rest is cheap; contiguous operands do not come here.)
//! - Rank 0: the body itself.
//!
//! Iteration numbers are row-major positions in each case, which reductions depend on. Conservative: axes are neither
//! exchanged nor merged in part.

use super::equalities::Equalities;
use super::{Event, Options, Remark, Shape, Walk};
use crate::base::{Binary, Dtype, Scalar};
use crate::loops::*;
use std::collections::HashMap;
use std::mem::take;

pub fn expand(module: &mut Module, _: &Options, remarks: &mut Vec<Remark>) {
    for function in module.functions.values_mut() {
        let equal = Equalities::of(function);
        let body = take(&mut function.body);
        let body = Expander { function, equal, remarks }.block(body);
        function.body = body;
    }
}

struct Expander<'a> {
    function: &'a mut Function,
    equal: Equalities,
    remarks: &'a mut Vec<Remark>,
}

impl Expander<'_> {
    fn block(&mut self, block: Block) -> Block {
        let mark = self.equal.mark();
        let mut out = vec![];
        for stmt in block {
            match stmt {
                Stmt::Nest(mut nest) => {
                    nest.body = self.block(take(&mut nest.body));
                    self.nest(*nest, &mut out);
                }
                other => {
                    let stmt = self.inside(other);
                    self.equal.pass(&stmt);
                    out.push(stmt);
                }
            }
        }
        self.equal.leave(mark);
        out
    }

    fn inside(&mut self, mut stmt: Stmt) -> Stmt {
        let mark = self.equal.mark();
        if let Stmt::If(branch) = &mut stmt {
            self.equal.assume(branch.condition, true);
            branch.then = self.block(take(&mut branch.then));
            self.equal.leave(mark);
            self.equal.assume(branch.condition, false);
            branch.otherwise = self.block(take(&mut branch.otherwise));
        } else {
            for block in stmt.blocks_mut() {
                *block = self.block(take(block));
            }
        }
        self.equal.leave(mark);
        stmt
    }

    fn nest(&mut self, nest: Nest, out: &mut Block) {
        let reduces = !nest.reductions.is_empty();
        match nest.indices.as_slice() {
            [] if !reduces => out.extend(nest.body),
            [] => self.once(nest, out),
            indices => match (self.walk(&nest), indices) {
                (None, _) => {
                    self.remark(&nest, Shape::Line);
                    self.linear(nest, out);
                }
                (Some(_), [index]) => {
                    let (index, hi) = (*index, nest.extents[0]);
                    self.one_loop(nest, index, hi, out);
                }
                (Some(because), _) if reduces => {
                    self.remark(&nest, Shape::Positions { because });
                    self.positions(nest, out);
                }
                (Some(because), _) => {
                    self.remark(&nest, Shape::Axes { because });
                    self.loop_per_axis(nest, out);
                }
            },
        }
    }

    fn remark(&mut self, nest: &Nest, shape: Shape) {
        if nest.indices.len() > 1 {
            self.remarks.push(Remark { pass: "expand", span: nest.span, event: Event::Expanded(shape) });
        }
    }

    /// A reduction of rank 0 has one iteration.
    fn once(&mut self, nest: Nest, out: &mut Block) {
        let one = self.function.constant(out, Scalar::i64(1));
        let index = self.function.value(Dtype::I64);
        self.one_loop(nest, index, one, out);
    }

    fn one_loop(&mut self, nest: Nest, index: Value, hi: Value, out: &mut Block) {
        let lo = self.function.constant(out, Scalar::i64(0));
        let loop_ = For::new(self.function, index, lo, hi, Mode::Parallel { when: None }, nest.body);
        let (reductions, span) = (nest.reductions, nest.span);
        out.push(Stmt::For(Box::new(For { reductions, span, ..loop_ })));
    }

    /// From the innermost axis outwards.
    fn loop_per_axis(&mut self, mut nest: Nest, out: &mut Block) {
        let lo = self.function.constant(out, Scalar::i64(0));
        for axis in (1..nest.indices.len()).rev() {
            let (index, hi) = (nest.indices[axis], nest.extents[axis]);
            let loop_ = For::new(self.function, index, lo, hi, Mode::Serial, nest.body);
            nest.body = vec![Stmt::For(Box::new(For { span: nest.span, ..loop_ }))];
        }
        let (index, hi) = (nest.indices[0], nest.extents[0]);
        self.one_loop(nest, index, hi, out);
    }

    fn positions(&mut self, mut nest: Nest, out: &mut Block) {
        let total = self.total(&nest.extents, out);
        let position = self.function.value(Dtype::I64);
        let mut body = vec![];
        let mut rest = position;
        for axis in (1..nest.indices.len()).rev() {
            let extent = nest.extents[axis];
            let quotient = if axis == 1 { nest.indices[0] } else { self.function.value(Dtype::I64) };
            body.push(Stmt::Let(quotient, Op::Binary(Binary::FloorDiv, rest, extent)));
            let whole =
                self.function.define(&mut body, Dtype::I64, Op::Binary(Binary::Mul, quotient, extent));
            body.push(Stmt::Let(nest.indices[axis], Op::Binary(Binary::Sub, rest, whole)));
            rest = quotient;
        }
        body.append(&mut nest.body);
        nest.body = body;
        self.one_loop(nest, position, total, out);
    }

    /// What keeps the indices from serving only to run over whole contiguous arrays; None if nothing does.
    fn walk(&self, nest: &Nest) -> Option<Walk> {
        let (mut across, mut used) = (None, None);
        visit::walk(&nest.body, &mut |stmt| {
            let access = access(stmt);
            let whole = access.is_some_and(|(array, at)| self.covers(array, at, nest));
            let mut uses = 0;
            stmt.for_each_operand(|value| uses += nest.indices.contains(&value) as usize);
            let mut linear = uses == if whole { nest.indices.len() } else { 0 };
            stmt.for_each_array(|array| {
                let mut components = self.function.arrays[array].components();
                linear &= !components.any(|value| nest.indices.contains(&value));
            });
            match access {
                _ if linear => {}
                Some((array, _)) => across = across.take().or(Some(self.across(array))),
                None => used = Some(Walk::Indices),
            }
        });
        across.or(used)
    }

    fn across(&self, array: Array) -> Walk {
        let data = &self.function.arrays[array];
        let name = data.name.clone();
        match data.contiguous {
            true => Walk::Across { array: name },
            false => Walk::Strided { array: name, rank: data.rank() },
        }
    }

    /// Whether the nest runs over elements in their order in memory: all of the array's, or those of a row that leading subscripts choose.
    fn covers(&self, array: Array, at: &[Value], nest: &Nest) -> bool {
        let data = &self.function.arrays[array];
        let mut axes = 0;
        for (index, extent) in at.iter().zip(&data.extents).skip(leading(at, nest)) {
            let same = nest.indices.get(axes) == Some(index) && self.equal.same(nest.extents[axes], *extent);
            let unit = !nest.indices.contains(index)
                && self.equal.constant(self.equal.leader(*extent)) == Some(Scalar::i64(1));
            if !same && !unit {
                return false;
            }
            axes += same as usize;
        }
        data.contiguous && axes == nest.indices.len()
    }

    fn linear(&mut self, mut nest: Nest, out: &mut Block) {
        let total = self.total(&nest.extents, out);
        let position = self.function.value(Dtype::I64);
        let mut flat = HashMap::new();
        let mut body = take(&mut nest.body);
        visit::walk_mut(&mut body, &mut |stmt| {
            let Some((array, at)) = access(stmt) else { return };
            // In a linear nest an access covers its array or does not vary.
            if !at.iter().any(|index| nest.indices.contains(index)) {
                return;
            }
            let leading = leading(at, &nest);
            let alias =
                *flat.entry((array, leading)).or_insert_with(|| self.flat(array, leading, total, out));
            stmt.map_arrays(|_| alias);
            match stmt {
                Stmt::Let(_, Op::Load { indices, .. }) | Stmt::Store(Store { indices, .. }) => {
                    indices.truncate(leading);
                    indices.push(position);
                }
                _ => unreachable!("an access"),
            }
        });
        nest.body = body;
        self.one_loop(nest, position, total, out);
    }

    /// The number of positions in the domain.
    fn total(&mut self, extents: &[Value], out: &mut Block) -> Value {
        let constants: Option<Vec<i64>> = extents
            .iter()
            .map(|extent| Some(self.equal.constant(self.equal.leader(*extent))?.as_i64()))
            .collect();
        if let Some(total) = constants.and_then(|all| all.into_iter().try_fold(1, i64::checked_mul)) {
            return self.function.constant(out, Scalar::i64(total));
        }
        let multiply = |a, b| self.function.define(out, Dtype::I64, Op::Binary(Binary::Mul, a, b));
        extents.iter().copied().reduce(multiply).expect("rank 2 or more")
    }

    /// The memory of a contiguous array, with one axis in place of those behind the leading ones.
    fn flat(&mut self, array: Array, leading: usize, total: Value, out: &mut Block) -> Array {
        if self.function.arrays[array].rank() == leading + 1 {
            return array;
        }
        let size = self.function.arrays[array].dtype.size() as i64;
        let stride = self.function.constant(out, Scalar::i64(size));
        let mut data = self.function.arrays[array].clone();
        data.extents.truncate(leading);
        data.strides.truncate(leading);
        data.extents.push(total);
        data.strides.push(stride);
        self.function.arrays.push(data)
    }
}

/// How many subscripts come before the first that is an index of the nest.
fn leading(at: &[Value], nest: &Nest) -> usize {
    at.iter().take_while(|index| !nest.indices.contains(index)).count()
}

/// The array and indices of a load or store.
fn access(stmt: &Stmt) -> Option<(Array, &[Value])> {
    match stmt {
        Stmt::Let(_, Op::Load { array, indices }) | Stmt::Store(Store { array, indices, .. }) => {
            Some((*array, indices))
        }
        _ => None,
    }
}
