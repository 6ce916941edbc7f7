//! Short loops of constant length become their iterations.
//!
//! ```text
//! for j in 0..n {                       for j in 0..n {
//!     for k in 0..3 {                       set s, get s + load x[j, 0]
//!         set s, get s + load x[j, k]  →    set s, get s + load x[j, 1]
//!     }                                     set s, get s + load x[j, 2]
//! }                                     }
//! ```
//!
//! The loop around is then an innermost one, which may run in lanes. The order stays.
//!
//! Conservative: only inside another loop; at most [`MOST_TRIPS`] iterations and [`MOST_STATEMENTS`] statements altogether, no loops and
//! nothing that leaves this one inside, no reductions (their order is a tree).
//!
//! Needs: `expand`; `bounds` before it tests the whole range once. Establishes: nothing that others rely on.

use super::{Options, Remark};
use crate::base::{Dtype, Scalar};
use crate::loops::visit::walk;
use crate::loops::{Block, For, Function, Module, Op, Renaming, Stmt, Value};
use std::collections::HashMap;
use std::mem::take;

/// Rows of small matrices, points in space, stencils of 3 by 3 and 5 by 5 one axis after the other.
const MOST_TRIPS: i64 = 8;

/// Of all iterations together; a guess: code that is fetched once per iteration of the loop around must not crowd the caches.
const MOST_STATEMENTS: usize = 120;

pub fn unroll(module: &mut Module, _options: &Options, _remarks: &mut Vec<Remark>) {
    for function in module.functions.values_mut() {
        let mut body = take(&mut function.body);
        let mut constants = HashMap::new();
        walk(&body, &mut |stmt| {
            if let Stmt::Let(value, Op::Const(scalar)) = stmt
                && scalar.dtype == Dtype::I64
            {
                constants.insert(*value, scalar.as_i64());
            }
        });
        Unroller { function, constants }.block(&mut body, false);
        function.body = body;
    }
}

struct Unroller<'f> {
    function: &'f mut Function,
    constants: HashMap<Value, i64>,
}

impl Unroller<'_> {
    /// Inner loops first: what they become may be short enough to be repeated in turn.
    fn block(&mut self, block: &mut Block, in_loop: bool) {
        for mut stmt in take(block) {
            let is_loop = matches!(stmt, Stmt::For(_) | Stmt::While(_));
            stmt.blocks_mut().into_iter().for_each(|inner| self.block(inner, in_loop || is_loop));
            match stmt {
                Stmt::For(loop_) if in_loop => match self.range(&loop_) {
                    Some(range) => self.iterations(&loop_, range, block),
                    None => block.push(Stmt::For(loop_)),
                },
                other => block.push(other),
            }
        }
    }

    /// First index and end, if the loop is to be unrolled.
    fn range(&self, loop_: &For) -> Option<(i64, i64)> {
        let (lo, hi) = (*self.constants.get(&loop_.lo)?, *self.constants.get(&loop_.hi)?);
        let trips = hi.checked_sub(lo)?;
        let statements = statements(loop_)?.checked_mul(usize::try_from(trips).ok()?)?;
        let short = trips <= MOST_TRIPS && statements <= MOST_STATEMENTS;
        (short && loop_.reductions.is_empty()).then_some((lo, hi))
    }

    fn iterations(&mut self, loop_: &For, (lo, hi): (i64, i64), out: &mut Block) {
        for at in lo..hi {
            let index = self.function.constant(out, Scalar::i64(at));
            self.constants.insert(index, at);
            let mut renaming = Renaming::default();
            renaming.values.insert(loop_.index, index);
            out.extend(renaming.copy(self.function, &loop_.body));
        }
    }
}

/// How many statements the body has; None if it contains a loop, or may leave this one.
fn statements(loop_: &For) -> Option<usize> {
    let (mut simple, mut statements) = (true, 0);
    walk(&loop_.body, &mut |stmt| {
        statements += !matches!(stmt, Stmt::Let(_, Op::Const(_))) as usize;
        simple &= match stmt {
            Stmt::Break(label) | Stmt::Continue(label) => *label != loop_.label,
            Stmt::For(_) | Stmt::Nest(_) | Stmt::While(_) | Stmt::Run(_) => false,
            Stmt::Let(..)
            | Stmt::Set(..)
            | Stmt::Store(_)
            | Stmt::Check(_)
            | Stmt::If(_)
            | Stmt::Scope { .. }
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Call(_)
            | Stmt::Fault { .. }
            | Stmt::Poll => true,
        };
    });
    simple.then_some(statements)
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::*;
    use crate::loops::verify::verify;
    use crate::loops::{Label, Mode};

    fn check(module: &Module, runs: &[Vec<Argument>]) -> usize {
        let mut after = module.clone();
        unroll(&mut after, &Options::default(), &mut vec![]);
        verify(&after).unwrap_or_else(|message| panic!("{message}\n{after}"));
        for arguments in runs {
            assert_eq!(run(&after, arguments), run(module, arguments), "{arguments:?}\n{after}");
        }
        count(&after, |stmt| matches!(stmt, Stmt::For(_)))
    }

    /// `for i in range(len(x)): for j in range(lo, hi): for k in range(2): x[i] = x[i] * 3 + y[j + k]`, with checks.
    fn nest(lo: i64, hi: i64, mode: Mode) -> Module {
        let mut b = Builder::new();
        let (x, y) = (b.array(Dtype::F64, 1, "x"), b.array(Dtype::F64, 1, "y"));
        let (zero, n) = (b.int(0), b.extent(x, 0));
        let (lo, hi, two) = (b.int(lo), b.int(hi), b.int(2));
        b.for_(zero, n, |b, i| {
            b.loop_(lo, hi, mode, &[], |b, j| {
                b.for_(zero, two, |b, k| {
                    let at = b.add(j, k);
                    let (old, new, three) = (b.load(x, &[i]), b.load(y, &[at]), b.float(3.0));
                    let product = b.mul(old, three);
                    let sum = b.add(product, new);
                    b.store(x, &[i], sum);
                });
            });
        });
        b.module()
    }

    #[test]
    fn nests_of_constant_length_become_their_iterations() {
        let runs = [3, 4, 9].map(|m| vec![floats(&[4]), floats(&[m])]);
        assert_eq!(check(&nest(0, 3, Mode::Serial), &runs), 1);
        assert_eq!(check(&nest(-2, 1, Mode::Serial), &runs), 1);
        assert_eq!(check(&nest(3, 3, Mode::Serial), &runs), 1);
        assert_eq!(check(&nest(3, 1, Mode::Serial), &runs), 2, "not this one, which never runs");
        assert_eq!(check(&nest(0, 9, Mode::Serial), &runs), 2, "too long");
    }

    #[test]
    fn loops_that_are_left_stay() {
        let mut b = Builder::new();
        let x = b.array(Dtype::F64, 1, "x");
        let (zero, n, three) = (b.int(0), b.extent(x, 0), b.int(3));
        b.for_(zero, n, |b, i| {
            b.for_(zero, three, |b, k| {
                let stops = b.compare(crate::base::Compare::Eq, k, i);
                // The builder numbers labels from 0.
                b.if_(stops, |b| b.emit(Stmt::Break(Label::from_u32(1))));
                let one = b.float(1.0);
                b.store(x, &[i], one);
            });
        });
        assert_eq!(check(&b.module(), &[vec![floats(&[5])]]), 2);
    }

    /// At the top level a loop runs once: nothing is gained.
    #[test]
    fn outermost_loops_stay() {
        let mut b = Builder::new();
        let x = b.array(Dtype::F64, 1, "x");
        let (zero, three) = (b.int(0), b.int(3));
        b.for_(zero, three, |b, i| {
            let one = b.float(1.0);
            b.store(x, &[i], one);
        });
        assert_eq!(check(&b.module(), &[vec![floats(&[5])], vec![floats(&[2])]]), 1);
    }
}
