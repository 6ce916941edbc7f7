//! A bounded list of errors: a file of nothing but mistakes is answered quickly and in bounded space.

use crate::base::Diagnostic;

/// The most errors reported for one text.
pub const MAX_ERRORS: usize = 100;

/// The errors of one phase, in source order. Keeps one more than is reported, to know that there are more.
#[derive(Default)]
pub struct Errors(Vec<Diagnostic>);

impl Errors {
    pub fn push(&mut self, error: Diagnostic) {
        if !self.full() {
            self.0.push(error);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Looking for more would be in vain.
    pub fn full(&self) -> bool {
        self.0.len() > MAX_ERRORS
    }
}

/// The errors of all phases in source order; the last one says so if some are left out.
pub fn merge(phases: impl IntoIterator<Item = Errors>) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = phases.into_iter().flat_map(|errors| errors.0).collect();
    all.sort_by_key(|error| error.span.start);
    if all.len() > MAX_ERRORS {
        let message = format!("more than {MAX_ERRORS} errors: the others are not shown");
        let last = Diagnostic::error(all[MAX_ERRORS].span, message).hint("mend the first ones and try again");
        all.truncate(MAX_ERRORS);
        all.push(last);
    }
    all
}
