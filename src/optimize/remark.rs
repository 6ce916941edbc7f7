//! What a pass says about a loop: what it did, or what it did not and why.

use crate::base::Span;

/// One thing that a pass did, or did not do, at a place in the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    pub pass: &'static str,
    /// That of the loop or array operation.
    pub span: Span,
    pub event: Event,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// It happened.
    Done(String),
    /// It did not: the reason, and the change that would make it happen if there is one.
    Missed { reason: String, hint: Option<String> },
    /// The array operations at these places became one loop.
    Fused { operations: Vec<Span> },
    /// An array operation runs iteration by iteration within the loop that uses its result.
    Entered { into: Span },
    /// A loop over an array did not join an earlier one.
    Apart { from: Span, obstacle: Obstacle },
    /// An array that an operation makes does not exist: its elements are passed on.
    Temporary,
    /// What became of the bounds checks in a loop.
    Checks { removed: usize, hoisted: usize, kept: Vec<Kept> },
    /// What need not be done in each iteration: loads and other operations moved in front of the loop, elements kept in variables.
    Moved { loads: usize, operations: usize, elements: Vec<String> },
    /// At most [`crate::base::blocks::MOST`] blocks of iterations each update copies of their own of these arrays.
    Collects { arrays: Vec<String> },
    /// A nest of several axes became loops.
    Expanded(Shape),
    /// The loop runs on several threads where that pays.
    Parallel(Shared),
}

/// Why two loops did not become one, and what to change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Obstacle {
    pub reason: &'static str,
    pub change: Option<&'static str>,
}

/// A bounds check that runs in each iteration.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Kept {
    /// That of the access.
    pub span: Span,
    pub reason: String,
}

/// The loops that a nest of several axes became.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// One, over all elements in their order in memory.
    Line,
    /// One for each axis.
    Axes { because: Walk },
    /// One over positions, which are divided into indices.
    Positions { because: Walk },
}

/// Why a nest does not run over its elements in their order in memory. Names may be empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Walk {
    /// This array is not known to lie in order.
    Strided { array: String, rank: usize },
    /// It does, but the nest does not walk over all of it in that order.
    Across { array: String },
    /// The indices serve for more than access.
    Indices,
}

/// How a loop is shared between threads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shared {
    /// Estimated picoseconds of an iteration.
    pub cost: u64,
    /// Whether that is multiplied by a number that is known at run time.
    pub scaled: bool,
    /// Whether a test in front of the loop decides.
    pub tested: bool,
    /// Whether the loop shares the iterations of one inside, whose cost this is.
    pub columns: bool,
}

impl Remark {
    pub fn done(pass: &'static str, span: Span, message: impl Into<String>) -> Remark {
        Remark { pass, span, event: Event::Done(message.into()) }
    }

    pub fn missed(pass: &'static str, span: Span, reason: impl Into<String>) -> Remark {
        Remark { pass, span, event: Event::Missed { reason: reason.into(), hint: None } }
    }

    /// Says what would make it happen.
    pub fn hint(mut self, text: impl Into<String>) -> Remark {
        if let Event::Missed { hint, .. } = &mut self.event {
            *hint = Some(text.into());
        }
        self
    }

    /// In one line.
    pub fn message(&self) -> String {
        match &self.event {
            Event::Done(message) => message.clone(),
            Event::Missed { reason, .. } => reason.clone(),
            Event::Fused { operations } => {
                format!("fused {} array operations into one loop", operations.len())
            }
            Event::Entered { .. } => "fused into the loop that consumes it".to_string(),
            Event::Apart { obstacle, .. } => format!("not fused: {}", obstacle.reason),
            Event::Temporary => "an array that is never made".to_string(),
            Event::Checks { removed, hoisted, kept } => {
                let checks = if *removed == 1 { "check" } else { "checks" };
                format!("{removed} bounds {checks} removed, {hoisted} hoisted, {} kept", kept.len())
            }
            Event::Moved { loads, operations, elements } => {
                let kept = elements.len();
                format!(
                    "{loads} loads and {operations} operations moved out, {kept} elements kept in variables"
                )
            }
            Event::Collects { arrays } => format!("collects into {}", arrays.join(", ")),
            Event::Expanded(Shape::Line) => "one loop over all elements".to_string(),
            Event::Expanded(Shape::Axes { .. }) => "one loop for each axis".to_string(),
            Event::Expanded(Shape::Positions { .. }) => "positions are divided into indices".to_string(),
            Event::Parallel(shared) => format!("may run in parallel: {} ps per iteration", shared.cost),
        }
    }
}
