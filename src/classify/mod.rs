//! `loops` → `loops`: judges each `prange`. The last stage that may reject a program.
//!
//! ```text
//! for v1 "i" in 0..v0 marked {          proved independent   → parallel
//!                                       unless x, y overlap  → v9 = disjoint(a0, a1), parallel if v9
//!                                       proved dependent     → an error: both accesses, what to write instead
//!                                       undecided            → serial, and a warning: how to state the fact
//! ```
//!
//! Scalars carried from one iteration to the next are no concern here: `infer` has rejected them by name. A prange inside a
//! parallel loop is judged like any other, so that a race in it is found, and then runs inline.

mod guard;
mod judge;
mod report;
#[cfg(test)]
mod tests;

use crate::base::Diagnostic;
use crate::loops::effects::Effects;
use crate::loops::facts::Facts;
use crate::loops::{Block, Func, Mode, Module, Stmt, Value};
use judge::{Doubt, Judgement, judge};
use std::collections::HashMap;

/// Turns every loop in [`crate::loops::Mode::Marked`] into `Serial` or `Parallel`. Returns warnings (undecided,
/// so serial) or, in `Err`, the races that make the program wrong. `disjoint`: arrays of any function that the user vouches for
/// by name.
pub fn classify(module: &mut Module, disjoint: &[String]) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let effects = Effects::of(module);
    let (mut warnings, mut errors) = (vec![], vec![]);
    for func in module.functions.keys().collect::<Vec<Func>>() {
        function(module, func, &effects, disjoint, &mut warnings, &mut errors);
    }
    let in_order = |diagnostics: &mut Vec<Diagnostic>| {
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        // A function inlined or specialised twice says everything twice.
        diagnostics.dedup();
    };
    in_order(&mut warnings);
    in_order(&mut errors);
    if errors.is_empty() { Ok(warnings) } else { Err(errors) }
}

fn function(
    module: &mut Module,
    func: Func,
    effects: &Effects,
    disjoint: &[String],
    warnings: &mut Vec<Diagnostic>,
    errors: &mut Vec<Diagnostic>,
) {
    // The facts are about the function as it was; guards are added to the one that is.
    let before = module.functions[func].clone();
    let marked = marked_loops(&before.body);
    if marked.is_empty() {
        return;
    }
    let facts = Facts::with_effects(&before, effects);
    let mut outcomes = HashMap::new();
    for &index in &marked {
        let judgement = judge(&facts, effects, report::loop_of(&facts, index), disjoint);
        match &judgement {
            Judgement::Dependent(races) => {
                errors.extend(races.iter().map(|race| report::error(&facts, index, race)));
            }
            // A loop that runs inline may update what it likes, in order.
            Judgement::Undecided(Doubt::Accumulation(_)) if is_nested(&facts, index, &marked) => {}
            Judgement::Undecided(doubt) => warnings.push(report::warning(&facts, index, doubt)),
            Judgement::Independent(_) | Judgement::Inline => {}
        }
        outcomes.insert(index, judgement);
    }
    let mut body = std::mem::take(&mut module.functions[func].body);
    let function = &mut module.functions[func];
    Apply { facts: &facts, outcomes: &outcomes, function }.block(&mut body, false);
    module.functions[func].body = body;
}

/// Whether the loop is inside another prange.
fn is_nested(facts: &Facts, index: Value, marked: &[Value]) -> bool {
    let mut around = facts.enclosing(facts.loop_of(index)).skip(1);
    around.any(|outer| marked.iter().any(|&index| facts.loop_of(index) == Some(outer)))
}

fn marked_loops(block: &Block) -> Vec<Value> {
    let mut marked = vec![];
    crate::loops::visit::walk(block, &mut |stmt| {
        if let Stmt::For(loop_) = stmt
            && loop_.mode == Mode::Marked
        {
            marked.push(loop_.index);
        }
    });
    marked
}

/// Writes the judgements into the loops.
struct Apply<'a> {
    facts: &'a Facts<'a>,
    outcomes: &'a HashMap<Value, Judgement>,
    function: &'a mut crate::loops::Function,
}

impl Apply<'_> {
    fn block(&mut self, block: &mut Block, inside_parallel: bool) {
        for mut stmt in std::mem::take(block) {
            let mut parallel = inside_parallel;
            if let Stmt::For(loop_) = &mut stmt
                && loop_.mode == Mode::Marked
            {
                loop_.vouched = vec![];
                loop_.mode = match self.outcomes.get(&loop_.index) {
                    Some(Judgement::Independent(assumptions)) if !inside_parallel => {
                        let guard = guard::emit(self.function, self.facts, loop_.index, assumptions, block);
                        Mode::Parallel { when: guard }
                    }
                    Some(
                        Judgement::Independent(_)
                        | Judgement::Inline
                        | Judgement::Dependent(_)
                        | Judgement::Undecided(_),
                    )
                    | None => Mode::Serial,
                };
                parallel |= matches!(loop_.mode, Mode::Parallel { .. });
            }
            for inner in stmt.blocks_mut() {
                self.block(inner, parallel);
            }
            block.push(stmt);
        }
    }
}
