//! Puts polls where long loops can be cancelled.
//!
//! ```text
//!                             set s, lo
//!                             while get s < hi:
//!                                 b = get s
//! for i in lo..hi:       →        e = b + 16384 if b < b + 16384 < hi else hi
//!     body                        for i in b..e:
//!                                     body
//!                                 set s, e
//!                                 if e < hi: poll
//! ```
//!
//! Innermost counted loops run in strips of [`STRIP`] iterations with a poll between them, so that their code does
//! not change; loops that contain loops, runs or calls poll once per iteration; a `while` without those
//! polls every [`WHILE_STRIDE`] iterations. Loops whose constant trip count is at most a strip, with only such
//! loops inside, and leaves of reductions are left alone: whatever contains them polls.
//!
//! Needs: `outline` and `vectorize` have run (a strip is a multiple of the lanes, so the remainder stays at
//! the end). Establishes: no more than a strip of innermost iterations between two polls.

use super::{Options, Remark, constants};
use crate::base::{Binary, Compare, Dtype, Scalar};
use crate::loops::visit::{walk, walk_mut};
use crate::loops::{Block, For, Function, If, Label, Module, Op, Stmt, Value, While};
use cranelift_entity::EntityRef;
use std::collections::HashMap;

/// Iterations of an innermost loop between polls: 16K of a few nanoseconds are far below the 100 ms promised.
const STRIP: i64 = 16_384;

/// Iterations of a `while` between polls; a power of two.
const WHILE_STRIDE: i64 = 1_024;

pub fn poll(module: &mut Module, _options: &Options, _remarks: &mut Vec<Remark>) {
    for (_, function) in module.functions.iter_mut() {
        let body = std::mem::take(&mut function.body);
        let constants = constants(&body);
        function.body = Poller { function, constants }.block(body);
    }
}

struct Poller<'f> {
    function: &'f mut Function,
    constants: HashMap<Value, i64>,
}

impl Poller<'_> {
    fn block(&mut self, block: Block) -> Block {
        let mut out = Vec::with_capacity(block.len());
        for mut stmt in block {
            match stmt {
                Stmt::For(loop_) => self.for_(*loop_, &mut out),
                Stmt::While(loop_) => self.while_(*loop_, &mut out),
                _ => {
                    for inner in stmt.blocks_mut() {
                        *inner = self.block(std::mem::take(inner));
                    }
                    out.push(stmt);
                }
            }
        }
        out
    }

    fn for_(&mut self, mut loop_: For, out: &mut Block) {
        if self.work(&loop_).is_some_and(|work| work <= STRIP) {
            out.push(Stmt::For(Box::new(loop_)));
        } else if is_innermost(&loop_.body) {
            // A reduction is the leaf of a body: at most `tree::LEAF` iterations.
            if loop_.reductions.is_empty() {
                self.strips(loop_, out);
            } else {
                out.push(Stmt::For(Box::new(loop_)));
            }
        } else {
            loop_.body = self.block(loop_.body);
            loop_.body.insert(0, Stmt::Poll);
            out.push(Stmt::For(Box::new(loop_)));
        }
    }

    /// How many iterations the loop and all inside take together, where that is constant.
    fn work(&self, loop_: &For) -> Option<i64> {
        let (lo, hi) = (self.constants.get(&loop_.lo)?, self.constants.get(&loop_.hi)?);
        let trips = hi.checked_sub(*lo)?.max(0);
        trips.checked_mul(self.block_work(&loop_.body)?)
    }

    fn block_work(&self, block: &Block) -> Option<i64> {
        let mut work = 1i64;
        for stmt in block {
            let inner = match stmt {
                Stmt::For(loop_) => self.work(loop_)?,
                Stmt::While(_) | Stmt::Run(_) | Stmt::Call(_) => return None,
                _ => {
                    let mut most = 0;
                    for inner in stmt.blocks() {
                        most = most.max(self.block_work(inner)?);
                    }
                    most
                }
            };
            work = work.checked_add(inner)?;
        }
        Some(work)
    }

    fn strips(&mut self, mut loop_: For, out: &mut Block) {
        let function = &mut *self.function;
        let (lo, hi, span) = (loop_.lo, loop_.hi, loop_.span);
        let start = function.var(Dtype::I64, "");
        out.push(Stmt::Set(start, lo));
        // The value, not the variable, is what later iterations of an outer loop would find changed.
        let mut header = vec![];
        let first = function.define(&mut header, Dtype::I64, Op::Get(start));
        let condition = function.define(&mut header, Dtype::Bool, Op::Compare(Compare::Lt, first, hi));

        let mut body = vec![];
        let end = strip_end(function, &mut body, first, hi);
        let outer = function.label();
        redirect_breaks(&mut loop_.body, loop_.label, outer);
        (loop_.lo, loop_.hi) = (first, end);
        body.push(Stmt::For(Box::new(loop_)));
        body.push(Stmt::Set(start, end));
        let more = function.define(&mut body, Dtype::Bool, Op::Compare(Compare::Lt, end, hi));
        body.push(Stmt::If(If { condition: more, then: vec![Stmt::Poll], otherwise: vec![] }));
        out.push(Stmt::While(Box::new(While { label: outer, header, condition, body, span })));
    }

    fn while_(&mut self, mut loop_: While, out: &mut Block) {
        let innermost = is_innermost(&loop_.header) && is_innermost(&loop_.body);
        loop_.header = self.block(loop_.header);
        loop_.body = self.block(loop_.body);
        if innermost {
            self.count(&mut loop_.body, out);
        } else {
            loop_.body.insert(0, Stmt::Poll);
        }
        out.push(Stmt::While(Box::new(loop_)));
    }

    /// Polls at the start of every [`WHILE_STRIDE`]th run of `body`.
    fn count(&mut self, body: &mut Block, before: &mut Block) {
        let function = &mut *self.function;
        let counter = function.var(Dtype::I64, "");
        let zero = function.constant(before, Scalar::i64(0));
        before.push(Stmt::Set(counter, zero));
        let mut start = vec![];
        let old = function.define(&mut start, Dtype::I64, Op::Get(counter));
        let one = function.constant(&mut start, Scalar::i64(1));
        let count = function.define(&mut start, Dtype::I64, Op::Binary(Binary::Add, old, one));
        start.push(Stmt::Set(counter, count));
        let mask = function.constant(&mut start, Scalar::i64(WHILE_STRIDE - 1));
        let low = function.define(&mut start, Dtype::I64, Op::Binary(Binary::And, count, mask));
        let zero = function.constant(&mut start, Scalar::i64(0));
        let due = function.define(&mut start, Dtype::Bool, Op::Compare(Compare::Eq, low, zero));
        start.push(Stmt::If(If { condition: due, then: vec![Stmt::Poll], otherwise: vec![] }));
        start.append(body);
        *body = start;
    }
}

/// `first + STRIP`, or `hi` where that is less or the sum wraps.
fn strip_end(function: &mut Function, block: &mut Block, first: Value, hi: Value) -> Value {
    let strip = function.constant(block, Scalar::i64(STRIP));
    let next = function.define(block, Dtype::I64, Op::Binary(Binary::Add, first, strip));
    let inside = function.define(block, Dtype::Bool, Op::Compare(Compare::Lt, next, hi));
    let above = function.define(block, Dtype::Bool, Op::Compare(Compare::Gt, next, first));
    let condition = function.define(block, Dtype::Bool, Op::Binary(Binary::And, inside, above));
    function.define(block, Dtype::I64, Op::Select { condition, then: next, otherwise: hi })
}

fn redirect_breaks(block: &mut Block, from: Label, to: Label) {
    walk_mut(block, &mut |stmt| match stmt {
        Stmt::Break(label) if label.index() == from.index() => *label = to,
        _ => {}
    });
}

/// Whether nothing inside takes long or polls itself.
fn is_innermost(block: &Block) -> bool {
    let mut innermost = true;
    walk(block, &mut |stmt| {
        innermost &= !matches!(stmt, Stmt::For(_) | Stmt::While(_) | Stmt::Run(_) | Stmt::Call(_));
    });
    innermost
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;
    use crate::loops::Mode;

    fn check(module: &Module, runs: &[Vec<Argument>]) -> Module {
        let mut after = module.clone();
        poll(&mut after, &Options::default(), &mut vec![]);
        for arguments in runs {
            assert_eq!(run(&after, arguments), run(module, arguments), "{arguments:?}\n{after}");
        }
        after
    }

    fn polls(module: &Module) -> usize {
        count(module, |stmt| matches!(stmt, Stmt::Poll))
    }

    #[test]
    fn innermost_loops_run_in_strips() {
        let sizes = [0, 1, STRIP - 1, STRIP, STRIP + 1, 2 * STRIP + 5];
        let runs = sizes.map(|n| vec![Argument::Float(2.0), floats(&[n]), floats(&[n])]);
        assert_eq!(polls(&check(&axpy(Mode::Serial), &runs)), 1);
    }

    /// `for i in range(lo, hi): if i == stop: break; x[0] += 1`, near the ends of i64 too.
    #[test]
    fn breaks_leave_all_strips() {
        let mut b = Builder::new();
        let [lo, hi, stop] = [(); 3].map(|()| b.scalar(Dtype::I64));
        let x = b.array(Dtype::F64, 1, "x");
        let zero = b.int(0);
        b.for_(lo, hi, |b, i| {
            let stops = b.compare(Compare::Eq, i, stop);
            // The builder numbers labels from 0.
            b.if_(stops, |b| b.emit(Stmt::Break(Label::from_u32(0))));
            let (old, one) = (b.load(x, &[zero]), b.float(1.0));
            let new = b.add(old, one);
            b.store(x, &[zero], new);
        });
        let arguments =
            |lo, hi, stop| vec![Argument::Int(lo), Argument::Int(hi), Argument::Int(stop), floats(&[1])];
        check(
            &b.module(),
            &[
                arguments(0, 40_000, 20_000),
                arguments(0, 40_000, 16_384),
                arguments(0, 40_000, -1),
                arguments(i64::MAX - 5, i64::MAX, 0),
                arguments(i64::MIN, i64::MAX, i64::MIN + 20_000),
            ],
        );
    }

    #[test]
    fn outer_loops_poll_once_and_small_ones_never() {
        let shape = |n, m| vec![floats(&[n, m]), floats(&[n, m])];
        let after = check(&jacobi(), &[shape(4, 5), shape(0, 3)]);
        assert_eq!(polls(&after), 2);

        let mut b = Builder::new();
        let x = b.array(Dtype::F64, 2, "x");
        let (zero, three) = (b.int(0), b.int(3));
        b.for_(zero, three, |b, i| {
            b.for_(zero, three, |b, j| {
                let one = b.float(1.0);
                b.store(x, &[i, j], one);
            });
        });
        assert_eq!(polls(&check(&b.module(), &[vec![floats(&[3, 3])], vec![floats(&[3, 2])]])), 0);
    }

    #[test]
    fn while_loops_count() {
        let mut b = Builder::new();
        let x = b.array(Dtype::F64, 1, "x");
        let n = b.extent(x, 0);
        let k = b.f.var(Dtype::I64, "k");
        let zero = b.int(0);
        b.set(k, zero);
        let mut condition = zero;
        let header = b.block(|b| {
            let at = b.get(k);
            condition = b.compare(Compare::Lt, at, n);
        });
        let body = b.block(|b| {
            let (at, one) = (b.get(k), b.float(1.0));
            b.store(x, &[at], one);
            let next = b.plus(at, 1);
            b.set(k, next);
        });
        let label = b.f.label();
        b.emit(Stmt::While(Box::new(While { label, header, condition, body, span: Default::default() })));
        let after = check(&b.module(), &[vec![floats(&[3000])], vec![floats(&[0])]]);
        assert_eq!(polls(&after), 1);
    }
}
