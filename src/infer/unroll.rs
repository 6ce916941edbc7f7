//! Loops over tuples: one copy of the body per item, each with types of its own.
//!
//! ```text
//! for v in (a, b):        v = a; body; v = b; body
//!     body
//! ```
//!
//! `break` leaves a scope around all copies and the `else`, `continue` one around its copy.

use super::flow::State;
use super::iterate::Iteration;
use super::loops::{ForParts, LoopContext};
use super::scope::Jumps;
use super::{Body, Typed};
use crate::base::Compare;
use crate::hir::{self, StmtKind as Hir};

/// The most copies of one body, loops around it included.
const MAX_COPIES: usize = 1000;

/// The ways out of an unrolled loop.
#[derive(Default)]
struct Exits {
    /// Past the `else`: `break`.
    breaks: Jumps,
    /// Before the `else`: the end of an array in the same `zip`.
    ends: Jumps,
}

impl<'a> Body<'_, 'a> {
    pub(super) fn unroll(
        &mut self,
        iteration: &Iteration,
        length: usize,
        parts: ForParts<'a>,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let span = parts.header;
        if self.unrolled.saturating_mul(length) > MAX_COPIES {
            return self
                .refuse(span, format!("unrolling this loop would take more than {MAX_COPIES} copies"));
        }
        let count = match iteration.may_end_early() {
            true => {
                let count = self.count(iteration, span, block)?;
                Some(self.shared(count, block))
            }
            false => None,
        };
        let around = self.unrolled;
        self.unrolled = around * length.max(1);
        let (mut inner, mut exits) = (vec![], Exits::default());
        for place in 0..length {
            if !self.state.is_reachable() {
                break;
            }
            self.copies.push(place as u32);
            self.unrolled_copy(iteration, place, count, parts, &mut inner, &mut exits);
            self.copies.pop();
        }
        self.unrolled = around;
        let mut whole = vec![];
        self.close_scope(inner, exits.ends, &mut whole);
        let otherwise = self.block(parts.otherwise);
        whole.extend(otherwise);
        self.close_scope(whole, exits.breaks, block);
        Ok(())
    }

    fn unrolled_copy(
        &mut self,
        iteration: &Iteration,
        place: usize,
        count: Option<hir::Expr>,
        parts: ForParts<'a>,
        block: &mut hir::Block,
        exits: &mut Exits,
    ) {
        let span = parts.header;
        let place = self.int(place as i128, span);
        if let Some(count) = count {
            let ended = self.compared_ints(Compare::Le, count, place, span);
            let mut then = vec![];
            let jump = self.jump(self.state.clone(), span, &mut then);
            exits.ends.push(jump);
            self.emit(block, Hir::If { condition: ended, then, otherwise: vec![] }, span);
        }
        self.loops.push(LoopContext {
            span,
            parallel: None,
            head: None,
            continues: State::unreachable(),
            breaks: State::unreachable(),
            exits: Some(vec![]),
            nexts: vec![],
        });
        let mut copy = vec![];
        self.bind_target(parts.target, &mut copy, &mut |this, body| {
            let item = this.iteration_item(iteration, place, span)?;
            this.give(parts.target, item, span, body)
        });
        copy.extend(self.block(parts.body));
        let context = self.loops.pop().expect("pushed");
        exits.breaks.extend(context.exits.expect("a copy"));
        self.close_scope(copy, context.nexts, block);
    }
}
