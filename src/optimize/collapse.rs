//! Parallel loops of few iterations share the loop inside, too.
//!
//! ```text
//! run f1 over 0..m parallel                    blocks = 1, or a power of two where m is small and n large
//!                                              width = ⌈n / blocks⌉
//!                                              run f1 over 0..m·blocks parallel
//!
//! f1 over begin..end:                   →      f1 over begin..end:
//!     for i in begin..end {                        for i in begin / blocks..(end - 1) / blocks + 1 {
//!         for j in 0..n {                              from = the begin's block, in the first row; else 0
//!             store y[i, j], x[i, j]                   to = the end's block, in the last row; else n
//!         }                                            for j in from..to {
//!     }                                                    store y[i, j], x[i, j]
//! ```
//!
//! Without this an array of 2 × 10,000,000 keeps two threads busy at most, and one of 1 × n only one. A run then goes over blocks of
//! columns, counted row by row: that is the order of the serial program, so the fault of the lowest block is the one that it would meet
//! first. Blocks that follow each other in a row are one stretch of the loop inside, whose code stays as it was; where there are rows
//! enough, `blocks` is 1, and nothing changes but two comparisons a row. `blocks` depends on the trip counts alone and never on threads.
//!
//! It is also known from then on how long the loop inside is, so what an iteration of the run costs is no guess any more.
//!
//! The loop inside must be all that an iteration does, but for operations and checks in front that may be repeated; its bounds are the same
//! for all rows, and all of its accesses are proved to touch different elements in different iterations ([`independent`]).
//! Versions of it behind tests are all cut in the same way, but of versions of the whole only the fastest. Conservative: no loop that reduces, neither outside nor inside; not where
//! the loop outside runs in lanes, or `split` has cut the one inside; of deeper nests the two outer loops only.
//!
//! Needs: [`find`] has been asked in front of `outline`, which notes the loops in [`Role::Body`]; `vectorize` has chosen. Establishes: no notes.

use super::carried::carried_vars;
use super::outline::cost;
use super::{Event, Options, Remark, Shared, constants};
use crate::base::{Binary, Compare, Dtype, Scalar, Span, Unary};
use crate::loops::depend::independent;
use crate::loops::facts::Facts;
use crate::loops::visit::walk;
use crate::loops::*;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::mem::take;

/// Rows are cut into blocks until there are at least this many in all: enough for 64 threads. A power of two.
const PIECES: i64 = 128;

/// The least estimated cost of a block in picoseconds: an offer to another thread takes about as long to be taken up.
const GRAIN: u64 = 5_000_000;

/// What a row takes besides its iterations, in the same measure (which is twice or three times what loops in lanes take).
const ROW: u64 = 6_000;

/// Bounds beyond this are not reckoned with.
const FAR: i64 = 1 << 48;

/// Of exponents of floats.
const BIAS: i64 = 1023;

/// The loops that share their iterations with the parallel one around them: their indices, by that one's.
pub fn find(function: &Function) -> HashMap<Value, Vec<Value>> {
    let mut found = HashMap::new();
    candidates(&function.body, &mut |outer| {
        if let Some(row) = Row::of(function, outer).filter(|row| row.is_shared(function, outer)) {
            found.insert(outer.index, row.loops.iter().map(|loop_| loop_.index).collect::<Vec<_>>());
        }
    });
    if !found.is_empty() {
        let facts = Facts::new(function);
        found.retain(|_, inner| inner.iter().all(|&index| independent(&facts, index)));
    }
    found
}

/// Visits the outermost parallel loops.
fn candidates(block: &Block, visit: &mut impl FnMut(&For)) {
    for stmt in block {
        if let Stmt::For(loop_) = stmt
            && let Mode::Parallel { .. } = loop_.mode
        {
            visit(loop_);
        } else {
            stmt.blocks().into_iter().for_each(|inner| candidates(inner, visit));
        }
    }
}

/// What an iteration of a parallel loop does.
#[derive(Default)]
struct Row<'f> {
    /// The loop that it ends in, or the versions of it, which have the same bounds.
    loops: Vec<&'f For>,
    /// What is loaded in front of it.
    loaded: HashSet<AliasClass>,
}

impl<'f> Row<'f> {
    /// None if it is more than a loop and what may be repeated.
    fn of(function: &Function, outer: &'f For) -> Option<Row<'f>> {
        let mut row = Row::default();
        let plain = is_plain(outer) && row.block(function, &outer.body);
        let (first, rest) = row.loops.split_first()?;
        let same = rest.iter().all(|loop_| (loop_.lo, loop_.hi) == (first.lo, first.hi));
        (plain && same && row.loops.iter().all(|loop_| is_plain(loop_))).then_some(row)
    }

    fn block(&mut self, function: &Function, block: &'f Block) -> bool {
        let last = block.len().saturating_sub(1);
        block.iter().enumerate().all(|(k, stmt)| match stmt {
            Stmt::Let(_, op) => {
                stmt.for_each_array(|array| {
                    self.loaded.insert(function.arrays[array].class);
                });
                !matches!(op, Op::Get(_))
            }
            Stmt::Check(_) => true,
            Stmt::For(loop_) if k == last => {
                self.loops.push(loop_);
                true
            }
            Stmt::If(branch) if k == last => {
                self.block(function, &branch.then) && self.block(function, &branch.otherwise)
            }
            _ => false,
        })
    }

    /// Whether nothing but memory ties the iterations of the loop inside to each other, and its bounds do not depend on the row.
    fn is_shared(&self, function: &Function, outer: &For) -> bool {
        let (mut own, mut constants) = (HashSet::from([outer.index]), HashSet::new());
        walk(&outer.body, &mut |stmt| {
            stmt.for_each_definition(function, |value| {
                own.insert(value);
            });
            if let Stmt::Let(value, Op::Const(_)) = stmt {
                constants.insert(*value);
            }
        });
        let fixed = |value: Value| !own.contains(&value) || constants.contains(&value);
        let shared = |loop_: &&For| {
            fixed(loop_.lo)
                && fixed(loop_.hi)
                && !leaves(loop_, outer)
                && !carries(loop_)
                && !self.is_spoilt_by(function, loop_)
        };
        self.loops.iter().all(shared)
    }

    /// Whether the loop may store to what has been loaded in front of it.
    fn is_spoilt_by(&self, function: &Function, loop_: &For) -> bool {
        let mut stores = false;
        walk(&loop_.body, &mut |stmt| match stmt {
            Stmt::Store(store) => stores |= self.loaded.contains(&function.arrays[store.array].class),
            Stmt::Call(_) => stores |= !self.loaded.is_empty(),
            _ => {}
        });
        stores
    }
}

fn is_plain(loop_: &For) -> bool {
    loop_.reductions.is_empty() && loop_.accumulators.is_empty() && loop_.times.is_none()
}

/// Whether an iteration takes over from the one before what a variable holds.
fn carries(loop_: &For) -> bool {
    let (mut set, carried) = (BTreeSet::new(), carried_vars(loop_));
    walk(&loop_.body, &mut |stmt| {
        stmt.for_each_set(|var| {
            set.insert(var);
        });
    });
    !carried.is_disjoint(&set)
}

/// Whether an iteration of the loop may end it.
fn leaves(loop_: &For, outer: &For) -> bool {
    let ends = [loop_.label, outer.label];
    let mut leaves = false;
    walk(&loop_.body, &mut |stmt| match stmt {
        Stmt::Break(label) => leaves |= ends.contains(label),
        Stmt::Continue(label) => leaves |= *label == outer.label,
        Stmt::Return(_) => leaves = true,
        _ => {}
    });
    leaves
}

pub fn collapse(module: &mut Module, _options: &Options, remarks: &mut Vec<Remark>) {
    let noted =
        |function: &Function| matches!(&function.role, Role::Body { columns, .. } if !columns.is_empty());
    if module.functions.values().any(noted) {
        in_blocks(module, GRAIN, remarks);
    }
}

/// With blocks that are estimated at `grain` picoseconds or more.
fn in_blocks(module: &mut Module, grain: u64, remarks: &mut Vec<Remark>) {
    for func in module.functions.keys().collect::<Vec<_>>() {
        let body = take(&mut module.functions[func].body);
        let constants = constants(&body);
        let mut collapser = Collapser { module, func, constants, grain, fastest: HashMap::new(), remarks };
        collapser.survey(&body);
        let body = collapser.block(body);
        module.functions[func].body = body;
    }
    for function in module.functions.values_mut() {
        if let Role::Body { columns, .. } = &mut function.role {
            columns.clear();
        }
    }
}

struct Collapser<'m> {
    module: &'m mut Module,
    /// The function with the runs.
    func: Func,
    constants: HashMap<Value, i64>,
    /// The least estimated cost of a block.
    grain: u64,
    /// The least cost among versions of a loop.
    fastest: HashMap<Span, u64>,
    remarks: &'m mut Vec<Remark>,
}

/// A body that may be cut.
struct Cut {
    /// The index of the loop outside.
    index: Value,
    /// The bounds of the loops inside.
    columns: [Bound; 2],
    /// The same in the caller.
    given: [Bound; 2],
    /// Estimated picoseconds of an iteration inside.
    cost: u64,
    /// Blocks hold a multiple of so many.
    lanes: i64,
    /// Of the loop outside and the one inside.
    spans: [Span; 2],
}

/// How rows are cut: `blocks = 2^shift`, of `width` columns each.
struct Blocks {
    shift: Value,
    blocks: Value,
    width: Value,
}

/// The end of a loop.
#[derive(Clone, Copy)]
enum Bound {
    Constant(i64),
    Value(Value),
}

impl Collapser<'_> {
    fn survey(&mut self, body: &Block) {
        walk(body, &mut |stmt| {
            if let Stmt::Run(run) = stmt
                && let Some(cut) = self.cut(run)
            {
                let least = self.fastest.entry(cut.spans[0]).or_insert(cut.cost);
                *least = cut.cost.min(*least);
            }
        });
    }

    fn block(&mut self, block: Block) -> Block {
        let mut out = Vec::with_capacity(block.len());
        for mut stmt in block {
            match stmt {
                Stmt::Run(run) => {
                    let cut = self.cut(&run);
                    match cut.filter(|cut| self.fastest[&cut.spans[0]] == cut.cost) {
                        Some(cut) => self.run(*run, &cut, &mut out),
                        None => out.push(Stmt::Run(run)),
                    }
                }
                _ => {
                    stmt.blocks_mut().into_iter().for_each(|inner| *inner = self.block(take(inner)));
                    out.push(stmt);
                }
            }
        }
        out
    }

    fn cut(&self, run: &Run) -> Option<Cut> {
        let callee = &self.module.functions[run.func];
        let Role::Body { begin, end, columns, .. } = &callee.role else { return None };
        let Some(Stmt::For(outer)) = callee.body.last() else { return None };
        let whole = (outer.lo, outer.hi, outer.mode) == (*begin, *end, Mode::Serial);
        if columns.is_empty() || run.parallel == Parallel::Never || run.times.is_some() || !whole {
            return None;
        }
        let row = Row::of(callee, outer)?;
        let noted = row.loops.iter().all(|loop_| columns.contains(&loop_.index));
        let known = constants(&callee.body);
        let bound =
            |value: Value| known.get(&value).map_or(Bound::Value(value), |known| Bound::Constant(*known));
        let bounds = [bound(row.loops[0].lo), bound(row.loops[0].hi)];
        let costs = row.loops.iter().map(|loop_| cost(&loop_.body, &known));
        noted.then_some(Cut {
            index: outer.index,
            columns: bounds,
            given: [given(callee, run, bounds[0])?, given(callee, run, bounds[1])?],
            cost: costs.max()?,
            lanes: row.loops.iter().map(|loop_| lanes(loop_)).max()?,
            spans: [outer.span, row.loops[0].span],
        })
    }

    /// The run over blocks, and what it needs to know in front of it.
    fn run(&mut self, mut run: Run, cut: &Cut, out: &mut Block) {
        let tested = matches!(run.parallel, Parallel::When(_));
        let shared = Shared { cost: cut.cost, scaled: false, tested, columns: true };
        let [outer, inner] = cut.spans;
        self.remarks.push(Remark { pass: "collapse", span: outer, event: Event::Parallel(shared) });
        if inner != outer {
            let text = "threads share it, by blocks, where the loop around it is short";
            self.remarks.push(Remark::done("collapse", inner, text));
        }
        let bound = |value: Value| {
            self.constants.get(&value).map_or(Bound::Value(value), |known| Bound::Constant(*known))
        };
        let rows = [bound(run.begin), bound(run.end)];
        let mut code = Code { function: &mut self.module.functions[self.func], out };
        let trips = code.length(cut.given);
        let least = (self.grain / cut.cost).max(1).ilog2().into();
        let blocks = code.blocks(trips, rows, cut, least);
        let (entry, one) = (code.int((ROW / cut.cost) as i64), code.int(1));
        let times = code.binary(Binary::Add, blocks.width, entry);
        run.times = Some(code.binary(Binary::Max, times, one));
        run.cost = cut.cost;
        run.begin = code.block_of(rows[0], blocks.blocks);
        run.end = code.block_of(rows[1], blocks.blocks);
        run.env.extend([blocks.shift, blocks.blocks, blocks.width].map(Operand::Scalar));
        let Cut { index, columns, .. } = *cut;
        restrict(&mut self.module.functions[run.func], index, columns);
        out.push(Stmt::Run(Box::new(run)));
    }
}

/// What a bound in the body is in the caller, whose names the body shares: `outline` repeats sums in front of the loop.
fn given(callee: &Function, run: &Run, bound: Bound) -> Option<Bound> {
    let Bound::Value(value) = bound else { return Some(bound) };
    let repeated = |stmt: &Stmt| matches!(stmt, Stmt::Let(sum, Op::Binary(..)) if *sum == value);
    let param = callee.params.iter().position(|param| *param == Operand::Scalar(value));
    match param.map(|param| run.env[param]) {
        Some(Operand::Scalar(value)) => Some(Bound::Value(value)),
        Some(Operand::Array(_)) => None,
        None => callee.body.iter().any(repeated).then_some(bound),
    }
}

fn lanes(loop_: &For) -> i64 {
    match loop_.mode {
        Mode::Lanes(lanes) => lanes.into(),
        Mode::Serial | Mode::Marked | Mode::Parallel { .. } => 1,
    }
}

/// Makes a body run over blocks.
fn restrict(function: &mut Function, index: Value, columns: [Bound; 2]) {
    let [begin, end, shift, blocks, width] = [(); 5].map(|()| function.value(Dtype::I64));
    function.params.extend([shift, blocks, width].map(Operand::Scalar));
    let cut = Blocks { shift, blocks, width };
    if let Role::Body { begin: first, end: last, within, .. } = &mut function.role {
        (*first, *last, *within) = (begin, end, None);
    }
    let mut body = take(&mut function.body);
    let Some(Stmt::For(mut outer)) = body.pop() else { unreachable!("the loop that the body runs") };

    let mut code = Code { function, out: &mut body };
    let [lo, hi] = columns.map(|bound| code.value(bound));
    let one = code.int(1);
    let first = code.binary(Binary::Shr, begin, shift);
    let last = code.binary(Binary::Sub, end, one);
    let last = code.binary(Binary::Shr, last, shift);
    (outer.lo, outer.hi) = (first, code.binary(Binary::Add, last, one));
    let from = code.column(first, begin, &cut, columns[0]);
    let to = code.column(last, end, &cut, columns[0]);
    let to = code.binary(Binary::Min, to, hi);

    let mut start = vec![];
    let mut code = Code { function, out: &mut start };
    let (is_first, is_last) =
        (code.compare(Compare::Eq, index, first), code.compare(Compare::Eq, index, last));
    let (from, to) = (code.select(is_first, from, lo), code.select(is_last, to, hi));
    set_bounds(&mut outer.body, from, to);
    outer.body.splice(0..0, start);
    body.push(Stmt::For(outer));
    function.body = body;
}

/// Of the loops that the block ends in.
fn set_bounds(block: &mut Block, lo: Value, hi: Value) {
    match block.last_mut() {
        Some(Stmt::For(loop_)) => (loop_.lo, loop_.hi) = (lo, hi),
        Some(Stmt::If(branch)) => {
            set_bounds(&mut branch.then, lo, hi);
            set_bounds(&mut branch.otherwise, lo, hi);
        }
        _ => {}
    }
}

/// Integer arithmetic at the end of a block.
struct Code<'a> {
    function: &'a mut Function,
    out: &'a mut Block,
}

impl Code<'_> {
    fn int(&mut self, constant: i64) -> Value {
        self.function.constant(self.out, Scalar::i64(constant))
    }

    fn value(&mut self, bound: Bound) -> Value {
        match bound {
            Bound::Constant(constant) => self.int(constant),
            Bound::Value(value) => value,
        }
    }

    fn binary(&mut self, op: Binary, a: Value, b: Value) -> Value {
        let dtype = self.function.values[a].dtype;
        self.function.define(self.out, dtype, Op::Binary(op, a, b))
    }

    fn compare(&mut self, compare: Compare, a: Value, b: Value) -> Value {
        self.function.define(self.out, Dtype::Bool, Op::Compare(compare, a, b))
    }

    fn select(&mut self, condition: Value, then: Value, otherwise: Value) -> Value {
        self.function.define(self.out, Dtype::I64, Op::Select { condition, then, otherwise })
    }

    fn length(&mut self, [lo, hi]: [Bound; 2]) -> Value {
        let hi = self.value(hi);
        if let Bound::Constant(0) = lo {
            return hi;
        }
        let lo = self.value(lo);
        self.binary(Binary::Sub, hi, lo)
    }

    /// The first block of a row.
    fn block_of(&mut self, row: Bound, blocks: Value) -> Value {
        let value = self.value(row);
        if let Bound::Constant(0) = row { value } else { self.binary(Binary::Mul, value, blocks) }
    }

    /// How rows are cut: where they are short, no more than a comparison.
    fn blocks(&mut self, trips: Value, rows: [Bound; 2], cut: &Cut, least: i64) -> Blocks {
        let [shift, blocks, width] = [(); 3].map(|()| self.function.var(Dtype::I64, ""));
        let (zero, one, enough) = (self.int(0), self.int(1), self.int(2 << least));
        self.out.extend([Stmt::Set(shift, zero), Stmt::Set(blocks, one), Stmt::Set(width, trips)]);
        let condition = self.compare(Compare::Ge, trips, enough);
        let mut then = vec![];
        let mut code = Code { function: self.function, out: &mut then };
        let log = code.shift(trips, rows, cut, least);
        let count = code.binary(Binary::Shl, one, log);
        let share = code.width(trips, log, cut.lanes);
        then.extend([Stmt::Set(shift, log), Stmt::Set(blocks, count), Stmt::Set(width, share)]);
        self.out.push(Stmt::If(If { condition, then, otherwise: vec![] }));
        let [shift, blocks, width] =
            [shift, blocks, width].map(|var| self.function.define(self.out, Dtype::I64, Op::Get(var)));
        Blocks { shift, blocks, width }
    }

    /// As many blocks as give [`PIECES`] in all, and hold `2^least` iterations.
    fn shift(&mut self, trips: Value, rows: [Bound; 2], cut: &Cut, least: i64) -> Value {
        let length = self.length(rows);
        let (zero, one) = (self.int(0), self.int(1));
        let length = self.binary(Binary::Max, length, one);
        let (rows_log, trips_log) = (self.exponent(length), self.exponent(trips));
        let (pieces, least) = (self.int(BIAS + i64::from(PIECES.ilog2())), self.int(BIAS + least));
        let wanted = self.binary(Binary::Sub, pieces, rows_log);
        let wanted = self.binary(Binary::Max, wanted, zero);
        let worth = self.binary(Binary::Sub, trips_log, least);
        let shift = self.binary(Binary::Min, wanted, worth);
        let [lo, hi] = cut.given;
        let near = self.near([lo, hi, rows[0], rows[1]]);
        self.select(near, shift, zero)
    }

    /// Whether the bounds are neither negative nor [`FAR`], so that nothing made of them wraps (constants may be negative).
    fn near(&mut self, bounds: [Bound; 4]) -> Value {
        let mut any = self.int(0);
        for bound in bounds {
            any = match bound {
                Bound::Constant(constant) if constant.unsigned_abs() < FAR as u64 => any,
                Bound::Constant(_) => self.int(-1),
                Bound::Value(value) => self.binary(Binary::Or, any, value),
            };
        }
        let (far, zero) = (self.int(FAR.ilog2().into()), self.int(0));
        let high = self.binary(Binary::Shr, any, far);
        self.compare(Compare::Eq, high, zero)
    }

    /// `⌊log₂ value⌋ + BIAS` of a positive value: the exponent of a float.
    fn exponent(&mut self, value: Value) -> Value {
        let float = self.function.define(self.out, Dtype::F64, Op::Cast(value));
        let bits = self.function.define(self.out, Dtype::I64, Op::Unary(Unary::Bits, float));
        let mantissa = self.int(52);
        self.binary(Binary::Shr, bits, mantissa)
    }

    /// `⌈trips / blocks⌉`, in whole groups of lanes.
    fn width(&mut self, trips: Value, shift: Value, lanes: i64) -> Value {
        let (one, group, groups) = (self.int(1), self.int(lanes), self.int(-lanes));
        let last = self.binary(Binary::Sub, trips, one);
        let below = self.binary(Binary::Shr, last, shift);
        let above = self.binary(Binary::Add, below, group);
        self.binary(Binary::And, above, groups)
    }

    /// The column that so many blocks after the start of a row begin at.
    fn column(&mut self, row: Value, block: Value, cut: &Blocks, lo: Bound) -> Value {
        let start = self.binary(Binary::Mul, row, cut.blocks);
        let number = self.binary(Binary::Sub, block, start);
        let column = self.binary(Binary::Mul, number, cut.width);
        match lo {
            Bound::Constant(0) => column,
            Bound::Constant(_) | Bound::Value(_) => {
                let lo = self.value(lo);
                self.binary(Binary::Add, lo, column)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::super::{bounds::bounds, hoist::hoist, outline::outline, vectorize::vectorize};
    use super::*;
    use crate::loops::Array;

    /// Runs with blocks of an iteration, and counts the runs that were cut.
    fn check(module: &Module, runs: &[Vec<Argument>]) -> usize {
        let (mut after, options) = (module.clone(), Options::default());
        let mut remarks = vec![];
        for pass in [bounds, hoist, outline, vectorize] {
            pass(&mut after, &options, &mut vec![]);
        }
        in_blocks(&mut after, 1, &mut remarks);
        crate::loops::verify::verify(&after).unwrap_or_else(|message| panic!("{message}\n{after}"));
        for arguments in runs {
            assert_eq!(run(&after, arguments), run(module, arguments), "{arguments:?}\n{after}");
        }
        remarks.iter().filter(|remark| matches!(remark.event, Event::Parallel(_))).count()
    }

    fn shapes() -> Vec<Vec<Argument>> {
        let shapes = [[1, 1], [1, 2], [1, 40], [2, 37], [3, 100], [7, 9], [0, 5], [4, 0], [200, 3]];
        shapes.map(|shape| vec![floats(&shape), floats(&shape)]).to_vec()
    }

    /// `for i in parallel: fill(i)` over the rows of `x`; `y` is as large as the caller makes it.
    fn rows(fill: impl FnOnce(&mut Builder, [Array; 2], Value)) -> Module {
        let mut b = Builder::new();
        let arrays = ["x", "y"].map(|name| b.array(Dtype::F64, 2, name));
        let (zero, n) = (b.int(0), b.extent(arrays[0], 0));
        b.prange(zero, n, |b, i| fill(b, arrays, i));
        b.module()
    }

    fn columns(b: &mut Builder, x: Array, fill: impl FnOnce(&mut Builder, Value)) {
        let (zero, m) = (b.int(0), b.extent(x, 1));
        b.for_(zero, m, fill);
    }

    fn double(b: &mut Builder, [x, y]: [Array; 2], indices: [Value; 2]) {
        let element = b.load(x, &indices);
        let twice = b.add(element, element);
        b.store(y, &indices, twice);
    }

    #[test]
    fn blocks_of_columns_run_in_parallel() {
        let module = rows(|b, arrays, i| columns(b, arrays[0], |b, j| double(b, arrays, [i, j])));
        // The fast version, not the slow one.
        assert_eq!(check(&module, &shapes()), 1);
        assert_eq!(check(&jacobi(), &shapes()), 1);
    }

    #[test]
    fn the_first_fault_is_reported() {
        let module = rows(|b, arrays, i| columns(b, arrays[0], |b, j| double(b, arrays, [i, j])));
        let faulty = [([3, 50], [3, 20]), ([3, 50], [1, 50]), ([2, 50], [1, 30])];
        let faulty = faulty.map(|(x, y)| vec![floats(&x), floats(&y)]);
        assert_eq!(check(&module, &faulty), 1);
    }

    #[test]
    fn ranges_may_start_anywhere() {
        let mut b = Builder::new();
        let arrays = ["x", "y"].map(|name| b.array(Dtype::F64, 2, name));
        let (zero, one, n, m) = (b.int(0), b.int(1), b.extent(arrays[0], 0), b.extent(arrays[0], 1));
        let low = b.binary(Binary::FloorDiv, m, n);
        let low = b.binary(Binary::Min, low, m);
        b.prange(one, n, |b, i| b.for_(low, m, |b, j| double(b, arrays, [i, j])));
        b.prange(zero, n, |b, i| b.for_(one, low, |b, j| double(b, arrays, [i, j])));
        assert!(check(&b.module(), &shapes()[..6]) >= 2);
    }

    #[test]
    fn sums_over_columns_stay_in_their_order() {
        let module = rows(|b, [x, y], i| {
            let zero = b.int(0);
            columns(b, x, |b, j| {
                let (element, sum) = (b.load(x, &[i, j]), b.load(y, &[i, zero]));
                let sum = b.add(sum, element);
                b.store(y, &[i, zero], sum);
            });
        });
        assert_eq!(check(&module, &shapes()), 0);
    }

    #[test]
    fn carried_variables_stay() {
        let mut b = Builder::new();
        let arrays = ["x", "y"].map(|name| b.array(Dtype::F64, 2, name));
        let (zero, n) = (b.int(0), b.extent(arrays[0], 0));
        let sum = b.f.var(Dtype::F64, "sum");
        let start = b.float(0.0);
        b.prange(zero, n, |b, i| {
            b.set(sum, start);
            columns(b, arrays[0], |b, j| {
                let (old, element) = (b.get(sum), b.load(arrays[0], &[i, j]));
                let new = b.add(old, element);
                b.set(sum, new);
                b.store(arrays[1], &[i, j], new);
            });
        });
        assert_eq!(check(&b.module(), &shapes()), 0);
    }

    #[test]
    fn triangles_stay() {
        let module = rows(|b, arrays, i| {
            let zero = b.int(0);
            b.for_(zero, i, |b, j| double(b, arrays, [i, j]));
        });
        assert_eq!(check(&module, &[vec![floats(&[5, 5]), floats(&[5, 5])]]), 0);
    }

    /// The first column scales the others, and itself.
    #[test]
    fn what_is_loaded_in_front_and_changes_stays() {
        let module = rows(|b, [x, y], i| {
            let zero = b.int(0);
            let scale = b.load(y, &[i, zero]);
            columns(b, x, |b, j| {
                let element = b.load(x, &[i, j]);
                let scaled = b.mul(element, scale);
                b.store(y, &[i, j], scaled);
            });
        });
        assert_eq!(check(&module, &shapes()[..6]), 0);
        let unchanged = rows(|b, [x, y], i| {
            let zero = b.int(0);
            let scale = b.load(x, &[i, zero]);
            columns(b, x, |b, j| {
                let element = b.load(x, &[i, j]);
                let scaled = b.mul(element, scale);
                b.store(y, &[i, j], scaled);
            });
        });
        assert!(check(&unchanged, &shapes()[..6]) > 0);
    }

    #[test]
    fn loops_that_end_early_stay() {
        let module = rows(|b, arrays, i| {
            columns(b, arrays[0], |b, j| {
                double(b, arrays, [i, j]);
                let limit = b.int(3);
                let enough = b.compare(Compare::Gt, j, limit);
                let label = Label::from_u32(b.f.labels - 1);
                b.if_(enough, |b| b.emit(Stmt::Break(label)));
            });
        });
        assert_eq!(check(&module, &shapes()), 0);
    }
}
