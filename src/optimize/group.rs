//! Nests that have become one, and what may move past them. Part of [`super::fuse`].

use super::Obstacle;
use super::footprint::Footprint;
use crate::base::Span;
use crate::loops::*;
use std::collections::HashSet;
use std::mem::take;

/// How many statements a fused body may have: registers and compile time. A guess.
const LONGEST_BODY: usize = 1000;

const MORE: Obstacle = Obstacle { reason: "one of them does more than compute elements", change: None };
const RESULT: Obstacle = Obstacle { reason: "it needs the finished result of that one", change: None };
const SHAPES: Obstacle = Obstacle {
    reason: "their shapes are not known to agree",
    change: Some("where they agree, say so before both, axis by axis: `assert x.shape[0] == y.shape[0]`"),
};
const FAULTS: Obstacle =
    Obstacle { reason: "both can fault, and the first fault must come first", change: None };
const BETWEEN: Obstacle = Obstacle {
    reason: "a statement between them is in the way",
    change: Some("move that statement in front of both, or behind them"),
};
const INDICES: Obstacle = Obstacle {
    reason: "they may use the same memory at different indices, and one of them writes it",
    change: None,
};
const LENGTH: Obstacle = Obstacle { reason: "one loop for both would be too long", change: None };

/// A nest that later nests may join, and what follows it.
pub struct Group {
    pub nest: Box<Nest>,
    /// Where the array operations stand that it does.
    pub operations: Vec<Span>,
    effects: Footprint,
    /// Statements that stay behind the nest, and what they do.
    pub after: Block,
    after_effects: Footprint,
    /// Values that are defined only there.
    late: HashSet<Value>,
}

impl Group {
    pub fn new(nest: Box<Nest>, effects: Footprint) -> Group {
        let (operations, after_effects) = (vec![nest.span], Footprint::default());
        Group { nest, operations, effects, after: vec![], after_effects, late: HashSet::new() }
    }

    /// Puts a statement behind the nest.
    pub fn defer(&mut self, function: &Function, stmt: Stmt, effects: Footprint) {
        stmt.for_each_definition(function, |value| {
            self.late.insert(value);
        });
        self.after.push(stmt);
        self.after_effects.add(effects);
    }

    /// Whether a statement that follows the group may as well precede it.
    pub fn lets_above(&self, stmt: &Stmt, effects: &Footprint) -> bool {
        // Memory is freed late rather than early: the group may use it under another name.
        let counts = matches!(stmt, Stmt::Retain(_) | Stmt::Release(_));
        !counts && self.is_independent(effects)
    }

    /// Whether what follows the group may as well precede it.
    pub fn is_independent(&self, effects: &Footprint) -> bool {
        // What a check below the group protects stays below that check.
        let guarded = self.after_effects.faults && effects.touches_memory();
        let faults_later = effects.faults && (self.effects.faults || self.after_effects.faults);
        let needs = |other: &Footprint| effects.variables_meet(other) || effects.memory_meets(other);
        let late = !effects.values.is_disjoint(&self.late);
        let stays = guarded || faults_later || late || self.effects.opaque;
        !(stays || needs(&self.effects) || needs(&self.after_effects))
    }

    /// Why a nest cannot join over the `depth` outermost axes.
    pub fn obstacle(&self, nest: &Nest, effects: &Footprint, depth: usize) -> Option<Obstacle> {
        let (before, after) = (&self.effects, &self.after_effects);
        if before.opaque || effects.opaque {
            Some(MORE)
        } else if effects.variables_meet(before) || !effects.values.is_disjoint(&self.late) {
            Some(RESULT)
        } else if !self.is_worth_joining(nest, effects, depth) {
            Some(SHAPES)
        } else if before.faults && effects.faults {
            Some(FAULTS)
        } else if after.faults || effects.variables_meet(after) || effects.memory_meets(after) {
            Some(BETWEEN)
        } else if effects.iterations_meet(before, depth) {
            Some(INDICES)
        } else if before.size + effects.size > LONGEST_BODY {
            Some(LENGTH)
        } else {
            None
        }
    }

    /// Over all axes, always. Over the outer ones, if an array then lives only within an iteration; reductions go over whole domains.
    fn is_worth_joining(&self, nest: &Nest, effects: &Footprint, depth: usize) -> bool {
        let whole = |nest: &Nest| nest.indices.len() == depth;
        let splits = |nest: &Nest| whole(nest) || nest.reductions.is_empty();
        let partly = || depth > 0 && splits(&self.nest) && splits(nest) && effects.consumes(&self.effects);
        (whole(&self.nest) && whole(nest)) || partly()
    }

    /// Appends a nest; its `depth` outermost indices are the group's from now on.
    pub fn join(&mut self, mut nest: Nest, mut effects: Footprint, depth: usize) {
        split(&mut self.nest, depth);
        split(&mut nest, depth);
        self.effects.split(depth);
        effects.split(depth);
        self.nest.body.extend(nest.body);
        self.nest.reductions.extend(nest.reductions);
        // The last operation is the one that the others work for.
        self.nest.span = nest.span;
        self.operations.push(nest.span);
        self.effects.add(effects);
    }

    /// Whether iteration `i` of a loop with these effects may run right after iteration `i` of the nest, and has use for that.
    pub fn may_enter(&self, effects: &Footprint) -> bool {
        self.nest.reductions.is_empty()
            && effects.consumes(&self.effects)
            && !effects.iterations_meet(&self.effects, 1)
            && !effects.variables_meet(&self.effects)
            && !(self.effects.opaque || self.effects.faults)
            && self.after.iter().all(|stmt| matches!(stmt, Stmt::Release(_)))
            && effects.values.is_disjoint(&self.late)
    }

    /// Whether the nest may run after a later group instead of before it.
    pub fn may_follow(&self, later: &Group) -> bool {
        later.is_independent(&self.effects)
    }

    /// The nest inside a loop over its first axis.
    pub fn into_loop(mut self) -> (Value, Block, Block) {
        split(&mut self.nest, 1);
        (self.nest.indices[0], self.nest.body, self.after)
    }
}

/// Makes the axes from `depth` on a nest inside.
fn split(nest: &mut Nest, depth: usize) {
    if nest.indices.len() == depth {
        return;
    }
    let inner = Nest {
        indices: nest.indices.split_off(depth),
        extents: nest.extents.split_off(depth),
        reductions: vec![],
        body: take(&mut nest.body),
        span: nest.span,
    };
    nest.body.push(Stmt::Nest(Box::new(inner)));
}
