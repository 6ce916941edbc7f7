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
    /// What became of the bounds checks in a loop.
    Checks { removed: usize, hoisted: usize, kept: usize },
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
            Event::Checks { removed, hoisted, kept } => {
                let checks = if *removed == 1 { "check" } else { "checks" };
                format!("{removed} bounds {checks} removed, {hoisted} hoisted, {kept} kept")
            }
        }
    }
}
