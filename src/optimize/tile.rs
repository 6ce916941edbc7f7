//! Products of matrices that do not fit into the cache run by blocks.
//!
//! ```text
//!                                                   together = 256 KiB / bytes in a row of b
//!                                                   for block in 0..⌈n / rows⌉ {
//! for i in 0..n {                                       for panel in 0..⌈p / together⌉ {
//!     for k in 0..p {                                       for i in block · rows.. {
//!         for j in 0..m {                      →                for k in panel · together.. {
//!             store c[i, j], … b[k, j] …                            for j in 0..m {
//!         }                                                             store c[i, j], … b[k, j] …
//! ```
//!
//! Every row `i` reads all of `b`. Where that is more than [`PANEL`], a few rows read it part by part: each part stays in the second cache meanwhile. What the
//! loop over `i` does before the loop over `k` comes first, for the same rows. Loops that run in parallel stay parallel, by blocks.
//!
//! Worth it where something is read that does not depend on `i`, and elements are updated that do not depend on `k`. For each `i` the order is
//! what it was, so all that is asked is that iterations of `i` touch different elements. A test in front keeps the original for what
//! fits. Measured, on one thread with f64: 512 × 512 takes 12.2 ms
//! for 14.4, 1024 × 1024 takes 100 for 121, 2048 × 2048 takes 0.83 s for 2.8.
//!
//! Stencils are left alone: a row is read by the three rows around it, and those are in the cache still.
//!
//! Conservative: as [`super::bands`] for the loops over `k` and `j`; nothing but memory is touched in front of them.
//!
//! Needs: `bounds` has removed checks, `interchange` has ordered loops. Establishes: nothing that others rely on.

use super::bands::{Band, band, is_stored_to, loads, needed, replace_bands};
use super::exchange::{is_simple, without_body};
use super::locality::accesses;
use super::{Options, Remark, binary, constants, round_up};
use crate::base::{Binary, Compare, Dtype, Scalar, Span};
use crate::loops::depend::independent;
use crate::loops::facts::Facts;
use crate::loops::visit::{walk, walk_mut};
use crate::loops::{Block, For, Function, If, Mode, Module, Op, Renaming, Stmt, Value};
use std::collections::{HashMap, HashSet};

/// Bytes of what is read again and again: half of a small second cache. Measured: 128 KiB to 512 KiB are alike at 512 × 512, at 1024 × 1024
/// 256 KiB is faster than 512 by a tenth.
const PANEL: i64 = 256 << 10;

/// Rows per block, if there are enough for [`BLOCKS`]. More read what comes from further away less often, fewer leave work for more threads.
const LEAST_ROWS: i64 = 8;
const MOST_ROWS: i64 = 32;
const BLOCKS: i64 = 64;

/// Outline takes each of the four loops within a block to run 16 times.
const ESTIMATED: i64 = 16 * 16 * 16 * 16;

pub fn tile(module: &mut Module, _options: &Options, remarks: &mut Vec<Remark>) {
    for function in module.functions.values_mut() {
        let mut known = None;
        let mut found = HashMap::new();
        walk(&function.body, &mut |stmt| {
            if let Stmt::For(rows) = stmt
                && let Some(product) = product(function, rows)
                && product.is_wanted(function, known.get_or_insert_with(|| constants(&function.body)))
            {
                found.insert(rows.index, product);
            }
        });
        if found.is_empty() {
            continue;
        }
        let facts = Facts::new(function);
        found.retain(|index, product| product.rows.mode != Mode::Serial || independent(&facts, *index));
        let mut body = std::mem::take(&mut function.body);
        replace_bands(function, &mut body, &mut |function, rows| {
            let product = found.remove(&rows.index)?;
            let text = "by blocks of rows where what every row reads is larger than the cache";
            remarks.push(Remark::done("tile", rows.span, text));
            Some(product.tiled(function, rows))
        });
        function.body = body;
    }
}

/// Loops over `i`, `k` and `j`.
struct Product {
    /// Without its body.
    rows: For,
    /// What none of the loops change.
    front: Block,
    /// What the loop over `i` does in front of the others.
    lead: Block,
    /// Operations of that which the others need.
    shared: Block,
    /// The loops over `k` and `j`.
    inside: Band,
}

fn product(function: &Function, rows: &For) -> Option<Product> {
    let is_plain = matches!(rows.mode, Mode::Serial | Mode::Parallel { when: None })
        && rows.reductions.is_empty()
        && rows.accumulators.is_empty()
        && rows.times.is_none();
    let (Stmt::For(last), before) = rows.body.split_last()? else { return None };
    if !is_plain || !matches!(last.body.last(), Some(Stmt::For(_))) || !is_simple(&rows.body) {
        return None;
    }
    let inside = band(function, last)?;
    let mut varying = HashSet::from([rows.index]);
    let (mut front, mut lead) = (vec![], vec![]);
    for stmt in before.iter().chain(&inside.front) {
        let mut varies = !matches!(stmt, Stmt::Let(_, op) if op.is_pure());
        stmt.for_each_operand(|operand| varies |= varying.contains(&operand));
        if varies {
            stmt.for_each_definition(function, |value| {
                varying.insert(value);
            });
            lead.push(stmt.clone());
        } else {
            front.push(stmt.clone());
        }
    }
    let is_rectangular =
        inside.loops.iter().all(|loop_| !varying.contains(&loop_.lo) && !varying.contains(&loop_.hi));
    let shared = needed(&lead, &inside.body);
    let moves = loads(&shared).any(|array| is_stored_to(function, array, [&rows.body, &vec![]]));
    let fits = is_rectangular && !moves && inside.loops.len() == 2 && inside.first.is_empty();
    fits.then(|| Product { rows: without_body(rows), front, lead, shared, inside })
}

impl Product {
    fn is_wanted(&self, function: &Function, constants: &HashMap<Value, i64>) -> bool {
        let indices = [self.rows.index, self.inside.loops[0].index, self.inside.loops[1].index];
        let body = [self.shared.clone(), self.inside.body.clone()].concat();
        let accesses = accesses(function, constants, &indices, &body);
        let is = |steps: [bool; 3]| {
            let fits = |bytes: &[Option<i64>]| {
                bytes.iter().zip(steps).all(|(step, moves)| (*step != Some(0)) == moves)
            };
            accesses.iter().any(|access| {
                fits(&access.bytes) && access.bytes[2].is_some_and(|step| step.unsigned_abs() <= 16)
            })
        };
        is([false, true, true]) && is([true, false, true])
    }

    fn tiled(&self, function: &mut Function, original: &For) -> Block {
        let [k, j] = &self.inside.loops[..] else { unreachable!("searched for two loops") };
        let mut out = self.front.clone();
        let depth = length(function, k, &mut out);
        let width = length(function, j, &mut out);
        let together = self.together(function, width, &mut out);
        let condition = function.define(&mut out, Dtype::Bool, Op::Compare(Compare::Gt, depth, together));
        let mut then = vec![];
        let blocks = self.blocks(function, (depth, width, together), &mut then);
        then.push(Stmt::For(Box::new(blocks)));
        let mut then = Renaming::default().copy(function, &then);
        // Nobody is told of a second version.
        walk_mut(&mut then, &mut |stmt| {
            if let Stmt::For(loop_) = stmt {
                loop_.span = Span::default();
            }
        });
        let mut otherwise = Box::new(original.clone());
        let moved: HashSet<Value> = self.front.iter().filter_map(defined).collect();
        otherwise.body.retain(|stmt| !defined(stmt).is_some_and(|value| moved.contains(&value)));
        if let Some(Stmt::For(last)) = otherwise.body.last_mut() {
            last.body.retain(|stmt| !defined(stmt).is_some_and(|value| moved.contains(&value)));
        }
        out.push(Stmt::If(If { condition, then, otherwise: vec![Stmt::For(otherwise)] }));
        out
    }

    /// How many iterations of `k` read what fits into the cache: a multiple of 8.
    fn together(&self, function: &mut Function, width: Value, out: &mut Block) -> Value {
        let panel = function.constant(out, Scalar::i64(PANEL / 8));
        let one = function.constant(out, Scalar::i64(1));
        let width = binary(function, Binary::Max, width, one, out);
        let count = binary(function, Binary::FloorDiv, panel, width, out);
        let mask = function.constant(out, Scalar::i64(-8));
        let count = binary(function, Binary::And, count, mask, out);
        let least = function.constant(out, Scalar::i64(8));
        binary(function, Binary::Max, count, least, out)
    }

    /// The loop over blocks of rows.
    fn blocks(
        &self,
        function: &mut Function,
        (depth, width, together): (Value, Value, Value),
        out: &mut Block,
    ) -> For {
        let [k, j] = &self.inside.loops[..] else { unreachable!("searched for two loops") };
        let zero = function.constant(out, Scalar::i64(0));
        let (count, rows) = self.rows_per_block(function, out);
        let row_blocks = round_up(function, count, rows, out);
        let panels = round_up(function, depth, together, out);
        let times = self.times(function, [rows, depth, width], out);

        let (block, panel) = (function.value(Dtype::I64), function.value(Dtype::I64));
        let mut body = vec![];
        let (first, end) = part(function, &self.rows, block, rows, &mut body);
        if !self.lead.iter().all(|stmt| matches!(stmt, Stmt::Let(..))) {
            let lead = over(&self.rows, (first, end), self.lead.clone());
            body.extend(Renaming::default().copy(function, &vec![lead]));
        }
        let mut of_panel = vec![];
        let range = part(function, k, panel, together, &mut of_panel);
        let updates = [self.shared.clone(), self.inside.body.clone()].concat();
        let of_row = over(k, range, vec![over(j, (j.lo, j.hi), updates)]);
        of_panel.push(over(&self.rows, (first, end), vec![of_row]));
        let over_panels = For::new(function, panel, zero, panels, Mode::Serial, of_panel);
        body.push(Stmt::For(Box::new(over_panels)));
        let loop_ = For::new(function, block, zero, row_blocks, self.rows.mode, body);
        For { times: (self.rows.mode != Mode::Serial).then_some(times), ..loop_ }
    }

    /// How many rows there are, and how many in a block.
    fn rows_per_block(&self, function: &mut Function, out: &mut Block) -> (Value, Value) {
        let count = length(function, &self.rows, out);
        let share = function.constant(out, Scalar::i64(BLOCKS));
        let rows = binary(function, Binary::FloorDiv, count, share, out);
        let least = function.constant(out, Scalar::i64(LEAST_ROWS));
        let rows = binary(function, Binary::Max, rows, least, out);
        let most = function.constant(out, Scalar::i64(MOST_ROWS));
        (count, binary(function, Binary::Min, rows, most, out))
    }

    /// By how much the estimate of a block is too low.
    fn times(&self, function: &mut Function, lengths: [Value; 3], out: &mut Block) -> Value {
        let [rows, depth, width] = lengths;
        let work = binary(function, Binary::Mul, depth, width, out);
        let work = binary(function, Binary::Mul, work, rows, out);
        let estimated = function.constant(out, Scalar::i64(ESTIMATED));
        let times = binary(function, Binary::FloorDiv, work, estimated, out);
        let one = function.constant(out, Scalar::i64(1));
        binary(function, Binary::Max, times, one, out)
    }
}

/// The loop over another range and with another body.
fn over(loop_: &For, (lo, hi): (Value, Value), body: Block) -> Stmt {
    Stmt::For(Box::new(For { lo, hi, body, mode: Mode::Serial, ..loop_.clone() }))
}

fn defined(stmt: &Stmt) -> Option<Value> {
    if let Stmt::Let(value, _) = stmt { Some(*value) } else { None }
}

/// How often a loop runs.
fn length(function: &mut Function, loop_: &For, out: &mut Block) -> Value {
    let length = binary(function, Binary::Sub, loop_.hi, loop_.lo, out);
    let zero = function.constant(out, Scalar::i64(0));
    let runs = function.define(out, Dtype::Bool, Op::Compare(Compare::Lt, loop_.lo, loop_.hi));
    function.define(out, Dtype::I64, Op::Select { condition: runs, then: length, otherwise: zero })
}

/// Where part `number` of a loop begins and ends, all parts but the last having `size` iterations.
fn part(function: &mut Function, loop_: &For, number: Value, size: Value, out: &mut Block) -> (Value, Value) {
    let done = binary(function, Binary::Mul, number, size, out);
    let first = binary(function, Binary::Add, loop_.lo, done, out);
    let next = binary(function, Binary::Add, first, size, out);
    (first, binary(function, Binary::Min, next, loop_.hi, out))
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;
    use crate::loops::verify::verify;
    use crate::loops::{Array, Store};

    fn check(module: &Module, runs: &[Vec<Argument>]) -> Module {
        let mut after = module.clone();
        tile(&mut after, &Options::default(), &mut vec![]);
        verify(&after).unwrap_or_else(|message| panic!("{message}\n{after}"));
        for arguments in runs {
            assert_eq!(run(&after, arguments), run(module, arguments), "{after}");
        }
        after
    }

    fn load(b: &mut Builder, array: Array, indices: &[Value]) -> Value {
        b.op(Dtype::F64, Op::Load { array, indices: indices.to_vec() })
    }

    fn store(b: &mut Builder, array: Array, indices: &[Value], value: Value) {
        b.emit(Stmt::Store(Store { array, indices: indices.to_vec(), value, span: Default::default() }));
    }

    /// `for i: lead(i); for k: for j: c[i, j] += a[i, k] * b[k, j]`, where `b` may be `c`.
    fn product(mode: Mode, same: bool, lead: impl Fn(&mut Builder, [Array; 3], Value)) -> Module {
        let mut b = Builder::new();
        let [x, y, z] = ["a", "b", "c"].map(|name| b.array(Dtype::F64, 2, name));
        let y = if same { z } else { y };
        let zero = b.int(0);
        let (n, m, depth) = (b.extent(z, 0), b.extent(z, 1), b.extent(x, 1));
        b.loop_(zero, n, mode, &[], |b, i| {
            lead(b, [x, y, z], i);
            let zero = b.int(0);
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
        b.module()
    }

    fn loops(module: &Module) -> usize {
        count(module, |stmt| matches!(stmt, Stmt::For(_)))
    }

    /// The second is read in two panels, the rows in two blocks.
    fn sizes() -> [Vec<Argument>; 5] {
        [[9, 9, 4100], [1, 9, 4100], [3, 4, 5], [0, 9, 5000], [9, 0, 4]]
            .map(|[n, p, m]| vec![floats(&[n, p]), floats(&[p, m]), floats(&[n, m])])
    }

    #[test]
    fn products_run_by_blocks() {
        for mode in [Mode::Serial, Mode::Parallel { when: None }] {
            let after = check(&product(mode, false, |_, _, _| {}), &sizes());
            assert_eq!(loops(&after), 3 + 5, "{after}");
        }
    }

    #[test]
    fn what_comes_first_for_a_row_stays_first() {
        let module = product(Mode::Serial, false, |b, [_, _, c], i| {
            let (zero, half, m) = (b.int(0), b.float(0.5), b.extent(c, 1));
            b.for_(zero, m, |b, j| {
                let old = load(b, c, &[i, j]);
                let less = b.mul(old, half);
                store(b, c, &[i, j], less);
            });
        });
        assert_eq!(loops(&check(&module, &sizes())), 4 + 7);
    }

    #[test]
    fn rows_that_other_rows_read_stay() {
        let after = check(&product(Mode::Serial, true, |_, _, _| {}), &[]);
        assert_eq!(loops(&after), 3);
    }
}
