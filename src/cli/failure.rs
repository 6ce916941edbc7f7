//! Why the command ends without success: messages with their source, and the exit status.

use super::json::Json;
use super::render::{self, Source};
use durum::{Diagnostic, Error, Fault, Severity, Span};
use std::fmt::Display;

/// The program is wrong, it failed, or data cannot be read or written.
pub const FAILED: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;

#[derive(Debug)]
pub struct Failure {
    pub status: u8,
    /// In source order. Their spans mean something only if there is a source.
    pub diagnostics: Vec<Diagnostic>,
    pub source: Option<Source>,
    pub fault: Option<Box<Fault>>,
}

impl Failure {
    fn plain(status: u8, message: impl Into<String>) -> Failure {
        let diagnostics = vec![Diagnostic::error(Span::default(), message)];
        Failure { status, diagnostics, source: None, fault: None }
    }

    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::plain(USAGE, message)
    }

    /// Something about a file.
    pub fn data(what: impl Display, message: impl Display) -> Failure {
        Failure::plain(FAILED, format!("{what}: {message}"))
    }

    /// Standard output is closed: nobody wants to hear more.
    pub fn silent() -> Failure {
        Failure { status: FAILED, diagnostics: vec![], source: None, fault: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Failure {
        if let Some(diagnostic) = self.diagnostics.last_mut() {
            diagnostic.hints.push(hint.into());
        }
        self
    }

    /// An error of the library about a source.
    pub fn of(error: Error, source: &Source) -> Failure {
        match error {
            Error::Program(diagnostics) => {
                Failure { status: FAILED, diagnostics, source: Some(source.clone()), fault: None }
            }
            Error::Usage(message) => Failure::usage(message),
            Error::Fault(fault) | Error::Limit(fault) => {
                let span = fault.span.unwrap_or_default();
                let diagnostics = vec![Diagnostic::error(span, fault.to_string())];
                let source = fault.span.map(|_| source.clone());
                Failure { status: FAILED, diagnostics, source, fault: Some(Box::new(fault)) }
            }
            Error::Bug(text) => Failure::plain(FAILED, format!("a bug in durum: {text}"))
                .hint("please report it with the kernel file and the command"),
        }
    }

    /// As text for standard error.
    pub fn render(&self, colour: bool) -> String {
        render::all(&self.diagnostics, self.source.as_ref(), colour)
    }

    pub fn json(&self) -> Json {
        Json::object([
            ("status", Json::number(self.status)),
            ("diagnostics", render::json(&self.diagnostics, self.source.as_ref())),
            (
                "fault",
                self.fault
                    .as_ref()
                    .map_or(Json::Null, |fault| render::fault_json(fault, self.source.as_ref())),
            ),
        ])
    }

    pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
        diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// The text of an I/O error without its number.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}
