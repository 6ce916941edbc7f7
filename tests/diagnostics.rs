//! What the user reads: `tests/diagnostics/*.py` hold programs, each followed by the rendered messages about it.
//!
//! A file is a list of cases:
//!
//! ```text
//! # case: what is shown
//! # call: f(f64[:], int)
//! def f(x, k):
//!     ...
//! #| error: the message
//! #|   2:12
//! #|       ...
//! ```
//!
//! Lines and columns count from the case's first line of code. `BLESS=1` rewrites the `#|` lines.

use durum::{Diagnostic, Engine, Error, Severity, Span, Type};
use std::path::{Path, PathBuf};

struct Case<'a> {
    /// The lines up to and with the code, as they stand in the file.
    lines: Vec<&'a str>,
    expected: Vec<&'a str>,
}

fn read(text: &str) -> (Vec<&str>, Vec<Case<'_>>) {
    let (mut preamble, mut cases) = (vec![], Vec::<Case>::new());
    for line in text.lines() {
        match cases.last_mut() {
            _ if line.starts_with("# case:") => cases.push(Case { lines: vec![line], expected: vec![] }),
            None => preamble.push(line),
            Some(case) if line.starts_with("#|") => case.expected.push(line),
            // Blank lines between a case and the next.
            Some(case) if !case.expected.is_empty() && line.trim().is_empty() => {}
            Some(case) => case.lines.push(line),
        }
    }
    for case in &mut cases {
        while case.lines.last().is_some_and(|line| line.trim().is_empty()) {
            case.lines.pop();
        }
    }
    (preamble, cases)
}

impl Case<'_> {
    fn actual(&self) -> Vec<String> {
        let call = self.lines.iter().find_map(|line| line.strip_prefix("# call:")).expect("a `# call:` line");
        let code: Vec<&str> =
            self.lines.iter().filter(|line| !is_header(line)).copied().chain([""]).collect();
        let text = code.join("\n");
        let diagnostics = match outcome(&text, call.trim()) {
            Ok(diagnostics) => diagnostics,
            Err(Error::Program(diagnostics)) => diagnostics,
            Err(other) => return commented(&other.to_string()),
        };
        let rendered: Vec<String> = diagnostics.iter().map(|diagnostic| render(&text, diagnostic)).collect();
        let lines = rendered.join("\n");
        let lines = if lines.is_empty() { "no messages" } else { &lines };
        commented(lines)
    }
}

fn commented(text: &str) -> Vec<String> {
    text.lines().map(|line| format!("#| {line}").trim_end().to_string()).collect()
}

fn is_header(line: &str) -> bool {
    line.starts_with("# case:") || line.starts_with("# call:")
}

fn outcome(text: &str, call: &str) -> Result<Vec<Diagnostic>, Error> {
    let module = Engine::default().module(text)?;
    let (name, types) = call.trim_end_matches(')').split_once('(').expect("f(types)");
    let report = module.kernel(name)?.check(&types_of(types))?;
    Ok(report.diagnostics)
}

/// The types of a call; commas inside brackets belong to a type.
fn types_of(text: &str) -> Vec<Type> {
    let (mut depth, mut types) = (0, vec![String::new()]);
    for letter in text.chars() {
        depth += i32::from(letter == '[') - i32::from(letter == ']');
        if letter == ',' && depth == 0 {
            types.push(String::new());
        } else {
            types.last_mut().expect("never empty").push(letter);
        }
    }
    types
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .map(|text| durum::parse_type(text).expect("a type"))
        .collect()
}

/// The message and every place it names, each with its source line and what stands under it.
fn render(text: &str, diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Remark => "remark",
    };
    let mut lines = vec![format!("{severity}: {}", diagnostic.message)];
    lines.extend(place(text, diagnostic.span, '^', &diagnostic.note));
    for label in &diagnostic.labels {
        lines.extend(place(text, label.span, '-', &label.text));
    }
    lines.extend(diagnostic.hints.iter().map(|hint| format!("  hint: {hint}")));
    lines.join("\n")
}

fn place(text: &str, span: Span, mark: char, note: &str) -> [String; 3] {
    if let Some((file, _)) = durum::embedded_source(span.source) {
        return [format!("  inside {file}"), String::new(), note.to_string()];
    }
    let (line, column) = span.line_column(text);
    let source = text.lines().nth(line - 1).unwrap_or("");
    let rest = source.chars().count() + 1 - column.min(source.chars().count() + 1);
    // A place of several lines is underlined to the end of its first.
    let width = text.get(span.range()).map_or(1, |spanned| spanned.chars().count()).clamp(1, rest.max(1));
    let marks = mark.to_string().repeat(width);
    let under = format!("    {}{marks} {note}", " ".repeat(column - 1));
    [format!("  {line}:{column}"), format!("    {source}"), under.trim_end().to_string()]
}

/// Compares one file with what the compiler says, or rewrites it.
fn check(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).expect("a file of cases");
    let (mut output, cases) = read(&text);
    let actual: Vec<Vec<String>> = cases.iter().map(Case::actual).collect();
    if std::env::var_os("BLESS").is_some() {
        for (case, actual) in cases.iter().zip(&actual) {
            output.extend(&case.lines);
            output.extend(actual.iter().map(String::as_str));
            output.push("");
        }
        while output.last() == Some(&"") {
            output.pop();
        }
        std::fs::write(file, output.join("\n") + "\n").expect("writable");
        return vec![];
    }
    let differing = cases.iter().zip(&actual).filter(|(case, actual)| case.expected != **actual);
    differing
        .map(|(case, actual)| {
            format!(
                "{}\n{}\nexpected:\n{}\nactual:\n{}",
                file.display(),
                case.lines.join("\n"),
                case.expected.join("\n"),
                actual.join("\n")
            )
        })
        .collect()
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let entries = std::fs::read_dir(folder).expect("the folder of cases");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

#[test]
fn messages() {
    let failures: Vec<String> = files().iter().flat_map(|file| check(file)).collect();
    assert!(
        failures.is_empty(),
        "{}\n\n{} messages changed; if they are better now, BLESS=1 cargo test --test diagnostics",
        failures.join("\n\n"),
        failures.len()
    );
}
