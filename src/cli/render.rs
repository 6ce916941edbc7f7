//! Diagnostics as text in the style of rustc, and as JSON. The one place that does either.

use super::json::Json;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};
use durum::base::{Label, SourceId};
use durum::{Diagnostic, Fault, Severity, Span, embedded_source};
use std::ops::Range;

/// A text that spans point into, and what to call it.
#[derive(Clone, Debug)]
pub struct Source {
    pub name: String,
    pub text: String,
}

/// All diagnostics, an empty line between two of them, a newline at the end.
pub fn all(diagnostics: &[Diagnostic], source: Option<&Source>, colour: bool) -> String {
    let texts: Vec<String> = diagnostics.iter().map(|diagnostic| one(diagnostic, source, colour) + "\n").collect();
    texts.join(if source.is_some() { "\n" } else { "" })
}

/// One diagnostic. Without a source its spans mean nothing.
fn one(diagnostic: &Diagnostic, source: Option<&Source>, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Remark => Level::INFO.with_name("remark"),
    };
    let mut group = Group::with_title(level.primary_title(normalize_untrusted_str(&diagnostic.message)));
    if let Some(source) = source {
        for (name, text, labels) in places(diagnostic, source) {
            let annotations = labels.into_iter().map(|(range, label, primary)| {
                let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
                let annotation = kind.span(range);
                if label.is_empty() { annotation } else { annotation.label(normalize_untrusted_str(label)) }
            });
            group = group.element(Snippet::source(text).path(name).annotations(annotations));
        }
    }
    for hint in &diagnostic.hints {
        group = group.element(Level::HELP.message(normalize_untrusted_str(hint)));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.render(&[group])
}

/// A range of a text, what is said of it, and whether it is the primary one.
type Place<'a> = (Range<usize>, &'a str, bool);

/// Name, text and places of each source that the diagnostic touches, the primary one first.
fn places<'a>(diagnostic: &'a Diagnostic, user: &'a Source) -> Vec<(String, &'a str, Vec<Place<'a>>)> {
    let mut sources: Vec<(SourceId, (String, &str, Vec<Place>))> = vec![];
    let primary = (diagnostic.span, diagnostic.note.as_str(), true);
    let labels = diagnostic.labels.iter().map(|Label { span, text }| (*span, text.as_str(), false));
    for (span, text, primary) in std::iter::once(primary).chain(labels) {
        let known = sources.iter().position(|(source, _)| *source == span.source);
        let at = known.unwrap_or_else(|| {
            let (name, text) = source_of(span.source, user);
            sources.push((span.source, (name, text, vec![])));
            sources.len() - 1
        });
        let (_, (_, source_text, places)) = &mut sources[at];
        places.push((clamped(span, source_text), text, primary));
    }
    sources.into_iter().map(|(_, place)| place).collect()
}

fn source_of(id: SourceId, user: &Source) -> (String, &str) {
    match embedded_source(id) {
        Some((name, text)) => (format!("<std>/{name}"), text),
        None => (user.name.clone(), &user.text),
    }
}

/// The span as a range of whole characters of the text; at the end of a line it covers one column.
fn clamped(span: Span, text: &str) -> Range<usize> {
    let boundary = |position: u32| {
        let position = (position as usize).min(text.len());
        (0..=position).rev().find(|position| text.is_char_boundary(*position)).unwrap_or(0)
    };
    let start = boundary(span.start);
    start..boundary(span.end).max(start)
}

pub fn json(diagnostics: &[Diagnostic], source: Option<&Source>) -> Json {
    Json::List(diagnostics.iter().map(|diagnostic| diagnostic_json(diagnostic, source)).collect())
}

fn diagnostic_json(diagnostic: &Diagnostic, source: Option<&Source>) -> Json {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Remark => "remark",
    };
    let label = |label: &Label| {
        let mut fields = place_json(label.span, source);
        fields.push(("text".to_string(), Json::text(&label.text)));
        Json::Object(fields)
    };
    let head = [("severity", Json::text(severity)), ("message", Json::text(&diagnostic.message))];
    let tail = [
        ("note", Json::text(&diagnostic.note)),
        ("labels", Json::List(diagnostic.labels.iter().map(label).collect())),
        ("hints", Json::List(diagnostic.hints.iter().map(Json::text).collect())),
    ];
    let named = |(name, value): (&str, Json)| (name.to_string(), value);
    let place = place_json(diagnostic.span, source);
    Json::Object(head.map(named).into_iter().chain(place).chain(tail.map(named)).collect())
}

/// `file`, `line` and `column` of the start of a span.
pub fn place_json(span: Span, source: Option<&Source>) -> Vec<(String, Json)> {
    let place = source.map(|source| {
        let (name, text) = source_of(span.source, source);
        (name, span.line_column(text))
    });
    let (file, line, column) = match place {
        Some((name, (line, column))) => (Json::text(name), Json::number(line), Json::number(column)),
        None => (Json::Null, Json::Null, Json::Null),
    };
    vec![("file".to_string(), file), ("line".to_string(), line), ("column".to_string(), column)]
}

pub fn fault_json(fault: &Fault, source: Option<&Source>) -> Json {
    let loops = fault.loops.iter().map(|(name, value)| (name.clone(), Json::number(value))).collect();
    let mut fields = vec![
        ("exception".to_string(), Json::text(fault.kind.exception())),
        ("message".to_string(), Json::text(fault.to_string())),
    ];
    fields.extend(place_json(fault.span.unwrap_or_default(), source));
    fields.push(("values".to_string(), Json::List(fault.values.iter().map(Json::number).collect())));
    fields.push(("loops".to_string(), Json::Object(loops)));
    Json::Object(fields)
}
