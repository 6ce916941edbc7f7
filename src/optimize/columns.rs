//! Parallel loops inside serial ones move outwards, over blocks of iterations.
//!
//! ```text
//!                                             width = n / 16, a multiple of 64 from 256 to 8192
//! for i in 0..m {                             for b in 0..(n + width - 1) / width parallel {
//!     for j in 0..n parallel {                    for i in 0..m {
//!         store t[j], t[j] + x[i, j]     →            for j in b·width..min(b·width + width, n) {
//!     }                                                   store t[j], t[j] + x[i, j]
//! }                                                   }
//!                                                 }
//!                                             }
//! ```
//!
//! This is what sums over leading axes look like. Threads are asked once and not once per row, and a block's part of `t` stays near the
//! core; rows are still read in stretches. For each `j` the order over `i` is what it was, so no bit changes. Where the parallel
//! body contains loops, those are stretches already: then the loops only change places.
//!
//! Conservative: as [`super::exchange`]; the parallel loop starts at 0.
//!
//! Needs: no nests; `bounds` has removed checks. Establishes: nothing that others rely on.

use super::exchange::{Exchange, Search, exchange};
use super::{Options, Remark, binary, has_loop, round_up};
use crate::base::{Binary, Dtype, Scalar};
use crate::loops::{Block, For, Function, Mode, Module, Stmt, Value};

/// Columns per block, if there are enough for [`BLOCKS`]. Where a row of a block begins, memory keeps the core waiting: measured, with
/// eight rows read side by side, sums over the first axis of 2000 × 2000 take 0.98 ms by blocks of 128 columns, 0.89 of 256, 0.80
/// of 1000, 0.74 of all. More than 8192 columns are no faster, and a block's sums leave the second cache.
const LEAST_WIDTH: i64 = 256;
const MOST_WIDTH: i64 = 8_192;
const BLOCKS: i64 = 16;

/// Estimates take inner loops of unknown length to run this often.
const ESTIMATED: i64 = 16;

pub fn columns(module: &mut Module, _options: &Options, remarks: &mut Vec<Remark>) {
    let search = Search {
        depth: usize::MAX,
        is_inner: &|loop_, constants| {
            loop_.mode == Mode::Parallel { when: None } && constants.get(&loop_.lo) == Some(&0)
        },
        is_wanted: &|_| true,
    };
    for function in module.functions.values_mut() {
        exchange(function, &search, &mut |function, nest| {
            let text =
                "the loop around it runs inside: a thread does all of that for a stretch of these iterations";
            remarks.push(Remark::done("columns", nest.inner.span, text));
            in_blocks(function, nest)
        });
    }
}

fn in_blocks(function: &mut Function, nest: Exchange) -> Block {
    let mut out = vec![];
    if has_loop(&nest.body) {
        let trips = trips(&nest, function, &mut out);
        let estimated = estimate(nest.serial.len());
        let times = Some(ratio(function, trips, estimated, &mut out));
        out.push(Stmt::For(Box::new(For { times, ..nest.exchanged() })));
        return out;
    }
    let columns = nest.inner.hi;
    let width = width(function, columns, &mut out);
    let blocks = round_up(function, columns, width, &mut out);
    let trips = trips(&nest, function, &mut out);
    let work = binary(function, Binary::Mul, trips, width, &mut out);
    let times = ratio(function, work, estimate(nest.serial.len() + 1), &mut out);

    let block = function.value(Dtype::I64);
    let mut body = vec![];
    let first = binary(function, Binary::Mul, block, width, &mut body);
    let next = binary(function, Binary::Add, first, width, &mut body);
    let end = binary(function, Binary::Min, next, columns, &mut body);
    let stretch = For { lo: first, hi: end, mode: Mode::Serial, ..nest.inner.clone() };
    let stretch = For { body: nest.body.clone(), ..stretch };
    body.extend(nest.around(vec![Stmt::For(Box::new(stretch))]));
    let over = For::new(function, block, nest.inner.lo, blocks, nest.inner.mode, body);
    let (span, times) = (nest.inner.span, Some(times));
    out.push(Stmt::For(Box::new(For { span, times, ..over })));
    out
}

/// How often the serial loops run their body together.
fn trips(nest: &Exchange, function: &mut Function, out: &mut Block) -> Value {
    let mut trips = function.constant(out, Scalar::i64(1));
    for loop_ in &nest.serial {
        let length = binary(function, Binary::Sub, loop_.hi, loop_.lo, out);
        trips = binary(function, Binary::Mul, trips, length, out);
    }
    trips
}

/// How often the estimate takes this many loops to run the innermost body.
fn estimate(loops: usize) -> i64 {
    ESTIMATED.saturating_pow(loops as u32)
}

/// By how much the estimate is too low.
fn ratio(function: &mut Function, trips: Value, estimated: i64, out: &mut Block) -> Value {
    let estimated = function.constant(out, Scalar::i64(estimated));
    let times = binary(function, Binary::FloorDiv, trips, estimated, out);
    let one = function.constant(out, Scalar::i64(1));
    binary(function, Binary::Max, times, one, out)
}

/// How many columns a block has.
fn width(function: &mut Function, columns: Value, out: &mut Block) -> Value {
    let share = function.constant(out, Scalar::i64(BLOCKS));
    let width = binary(function, Binary::FloorDiv, columns, share, out);
    let mask = function.constant(out, Scalar::i64(-64));
    let width = binary(function, Binary::And, width, mask, out);
    let least = function.constant(out, Scalar::i64(LEAST_WIDTH));
    let width = binary(function, Binary::Max, width, least, out);
    let most = function.constant(out, Scalar::i64(MOST_WIDTH));
    binary(function, Binary::Min, width, most, out)
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;
    use crate::loops::visit::walk;
    use crate::loops::{Array, Mode, Op};

    fn check(module: &Module, shapes: &[[i64; 2]]) -> Module {
        let mut after = module.clone();
        columns(&mut after, &Options::default(), &mut vec![]);
        crate::loops::verify::verify(&after).unwrap_or_else(|message| panic!("{message}\n{after}"));
        for shape in shapes {
            let arguments = vec![floats(shape), floats(&[shape[1]])];
            assert_eq!(run(&after, &arguments), run(module, &arguments), "{shape:?}\n{after}");
        }
        after
    }

    /// `for i: for j in parallel: fill(i, j)` over the extents of `x`, without checks.
    fn rows(fill: impl FnOnce(&mut Builder, [Array; 2], [Value; 2])) -> Module {
        let mut b = Builder::new();
        let (x, t) = (b.array(Dtype::F64, 2, "x"), b.array(Dtype::F64, 1, "t"));
        let (zero, n, m) = (b.int(0), b.extent(x, 0), b.extent(x, 1));
        b.for_(zero, n, |b, i| {
            let zero = b.int(0);
            b.prange(zero, m, |b, j| fill(b, [x, t], [i, j]));
        });
        b.module()
    }

    fn load(b: &mut Builder, array: Array, indices: &[Value]) -> Value {
        b.op(Dtype::F64, Op::Load { array, indices: indices.to_vec() })
    }

    fn store(b: &mut Builder, array: Array, indices: &[Value], value: Value) {
        let (indices, span) = (indices.to_vec(), Default::default());
        b.emit(Stmt::Store(crate::loops::Store { array, indices, value, span }));
    }

    /// The modes of all loops, from outside inwards.
    fn modes(module: &Module) -> Vec<Mode> {
        let mut modes = vec![];
        walk(&module.functions[module.entry].body, &mut |stmt| {
            if let Stmt::For(loop_) = stmt {
                modes.push(loop_.mode);
            }
        });
        modes
    }

    const PARALLEL: Mode = Mode::Parallel { when: None };

    #[test]
    fn sums_of_columns_run_by_blocks() {
        let module = rows(|b, [x, t], [i, j]| {
            let (sum, element) = (load(b, t, &[j]), load(b, x, &[i, j]));
            let sum = b.add(sum, element);
            store(b, t, &[j], sum);
        });
        let after = check(&module, &[[3, 4], [2, 255], [2, 256], [3, 257], [1, 5000], [0, 3], [3, 0]]);
        assert_eq!(modes(&after), [PARALLEL, Mode::Serial, Mode::Serial]);
    }

    #[test]
    fn loops_inside_change_places_only() {
        let module = rows(|b, [x, t], [i, j]| {
            let (zero, three) = (b.int(0), b.int(3));
            b.for_(zero, three, |b, _| {
                let (sum, element) = (load(b, t, &[j]), load(b, x, &[i, j]));
                let sum = b.add(sum, element);
                store(b, t, &[j], sum);
            });
        });
        let after = check(&module, &[[3, 4], [2, 300], [0, 3], [3, 0]]);
        assert_eq!(modes(&after), [PARALLEL, Mode::Serial, Mode::Serial]);
    }

    /// Each row is made of the one before, moved by a column: only columns of different rows meet.
    #[test]
    fn columns_that_meet_in_other_rows_stay() {
        let mut b = Builder::new();
        let (x, t) = (b.array(Dtype::F64, 2, "x"), b.array(Dtype::F64, 1, "t"));
        let (zero, one) = (b.int(0), b.int(1));
        let (n, m) = (b.extent(x, 0), b.extent(t, 0));
        let last = b.binary(Binary::Sub, m, one);
        b.for_(one, n, |b, i| {
            let above = b.binary(Binary::Sub, i, one);
            b.prange(zero, last, |b, j| {
                let right = b.add(j, one);
                let element = load(b, x, &[above, right]);
                store(b, x, &[i, j], element);
            });
        });
        let after = check(&b.module(), &[[3, 4], [5, 300]]);
        assert_eq!(modes(&after), [Mode::Serial, PARALLEL]);
    }

    #[test]
    fn checks_stay_in_their_order() {
        let module = rows(|b, [x, t], [i, j]| {
            let element = b.load(x, &[i, j]);
            b.store(t, &[j], element);
        });
        let after = check(&module, &[[3, 4]]);
        assert_eq!(modes(&after), [Mode::Serial, PARALLEL]);
    }
}
