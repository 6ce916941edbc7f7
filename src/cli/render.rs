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
    let texts: Vec<String> =
        diagnostics.iter().map(|diagnostic| one(diagnostic, source, colour) + "\n").collect();
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
        for Touched { name, text, places, .. } in touched(diagnostic, source) {
            let annotations = places.into_iter().map(|(range, label, primary)| {
                let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
                let annotation = kind.span(range);
                if label.is_empty() { annotation } else { annotation.label(normalize_untrusted_str(label)) }
            });
            group = group.element(Snippet::source(text).path(name).annotations(annotations));
        }
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let hints = diagnostic.hints.iter().map(|hint| normalize_untrusted_str(hint));
    if source.is_some() {
        return renderer.render(&[group.elements(hints.map(|hint| Level::HELP.message(hint)))]);
    }
    let hints = hints.map(|hint| {
        "\n".to_string() + &renderer.render(&[Group::with_title(Level::HELP.primary_title(hint))])
    });
    renderer.render(&[group]) + &hints.collect::<String>()
}

/// What a diagnostic says of one source.
struct Touched<'a> {
    source: SourceId,
    name: String,
    text: &'a str,
    places: Vec<Place<'a>>,
}

/// A range of a text, what is said of it, and whether it is the primary one.
type Place<'a> = (Range<usize>, &'a str, bool);

/// The sources that the diagnostic touches, the primary one first.
fn touched<'a>(diagnostic: &'a Diagnostic, user: &'a Source) -> Vec<Touched<'a>> {
    let mut sources: Vec<Touched> = vec![];
    let primary = (diagnostic.span, diagnostic.note.as_str(), true);
    let labels = diagnostic.labels.iter().map(|Label { span, text }| (*span, text.as_str(), false));
    for (span, label, primary) in std::iter::once(primary).chain(labels) {
        let known = sources.iter().position(|touched| touched.source == span.source);
        let at = known.unwrap_or_else(|| {
            let (name, text) = source_of(span.source, user);
            sources.push(Touched { source: span.source, name, text, places: vec![] });
            sources.len() - 1
        });
        let place = (clamped(span, sources[at].text), label, primary);
        sources[at].places.push(place);
    }
    sources
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

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: usize, end: usize) -> Span {
        Span::new(SourceId::USER, start, end)
    }

    fn source(text: &str) -> Source {
        Source { name: "k.py".to_string(), text: text.to_string() }
    }

    #[test]
    fn all_parts_of_a_diagnostic_show() {
        let source = source("def f(x):\n    return x + é\n");
        let diagnostic = Diagnostic::warning(span(25, 27), "no `é`")
            .note("read here")
            .label(span(6, 7), "known")
            .hint("define it");
        let expected = "\
warning: no `é`
 --> k.py:2:16
  |
1 | def f(x):
  |       - known
2 |     return x + é
  |                ^ read here
  |
  = help: define it
";
        assert_eq!(all(std::slice::from_ref(&diagnostic), Some(&source), false), expected);
        let remark = Diagnostic::remark(span(0, 0), "fine");
        let both = all(&[diagnostic, remark], Some(&source), false);
        assert_eq!(both, format!("{expected}\nremark: fine\n --> k.py:1:1\n  |\n1 | def f(x):\n  | ^\n"));
    }

    #[test]
    fn without_a_source_there_is_no_place() {
        let diagnostic = Diagnostic::error(span(0, 0), "no file").hint("give one");
        assert_eq!(all(&[diagnostic], None, false), "error: no file\nhelp: give one\n");
    }

    #[test]
    fn the_embedded_mathematics_has_a_name() {
        let std = Span::new(SourceId(1), 0, 3);
        let (name, text) = embedded_source(SourceId(1)).unwrap();
        let diagnostic = Diagnostic::error(std, "overflow").label(span(0, 3), "called here");
        let shown = all(&[diagnostic], Some(&source("f(x)\n")), false);
        assert!(shown.contains(&format!(" --> <std>/{name}:1:1\n")), "{shown}");
        assert!(shown.contains(text.lines().next().unwrap()), "{shown}");
        assert!(shown.contains(" ::: k.py:1:1\n"), "{shown}");
    }

    #[test]
    fn odd_spans_do_no_harm() {
        for text in ["", "é", "a\n", "\n\n", "a\tb"] {
            for (start, end) in [(0, 0), (1, 1), (1, 99), (99, 100), (2, 1)] {
                let shown = all(&[Diagnostic::error(span(start, end), "odd")], Some(&source(text)), false);
                assert!(shown.starts_with("error: odd\n --> k.py:"), "{shown}");
            }
        }
    }
}
