//! `durum explain`: the source, and under each loop what became of it.
//!
//! ```text
//! 14 |     for i in prange(len(x)):
//!    |     + parallel from about 28,000 iterations on, at 2.2 ns each
//!    |     - not vectorised: it branches
//!    |       help: choose between values instead
//!    |     = per iteration 16 bytes read, 8 bytes written
//! ```

use super::check::known_types;
use super::failure::Failure;
use super::json::Json;
use super::render::{self, Source};
use super::source::Compile;
use super::values::{self, check_names};
use clap::Args;
use durum::{Explanation, FunctionNotes, LoopKind, LoopNotes, Note, Outcome, Span, Topic};
use std::io::IsTerminal;
use unicode_width::UnicodeWidthStr;

#[derive(Args, Debug)]
pub struct Options {
    #[command(flatten)]
    compile: Compile,
    /// Print the same as one JSON object
    #[arg(long)]
    pub json: bool,
}

pub fn explain(options: &Options) -> Result<String, Failure> {
    let opened = options.compile.open(options.compile.settings()?)?;
    let (name, bindings) = values::split(&options.compile.words)?;
    let function = opened.function(name)?;
    check_names(&bindings, std::iter::once(function))?;
    options.compile.check_disjoint(&opened, function)?;
    let types = known_types(&options.compile, &opened, function, &bindings)?;
    let explanation = opened.kernel(function)?.explain(&types).map_err(|error| opened.failure(error))?;
    if options.json {
        return Ok(format!("{}\n", json(&explanation, &function.name, &opened.source)));
    }
    let colour = std::io::stdout().is_terminal() && super::wants_colour();
    Ok(Page::new(&opened.source.text, colour).text(&explanation))
}

/// Source lines are cut here, notes are broken.
const COLUMNS: usize = 110;

/// Under a line that is cut.
const CUT: &str = "…";

struct Page<'a> {
    text: &'a str,
    lines: Vec<&'a str>,
    /// Where each line begins.
    starts: Vec<usize>,
    gutter: usize,
    colour: bool,
    out: String,
}

impl<'a> Page<'a> {
    fn new(text: &'a str, colour: bool) -> Page<'a> {
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        let lines: Vec<&str> = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).collect();
        Page { text, gutter: 1, lines, starts, colour, out: String::new() }
    }

    fn text(mut self, explanation: &Explanation) -> String {
        let ends = explanation.functions.iter().map(|function| self.last_line(function.span) + 1);
        self.gutter = ends.max().unwrap_or(1).to_string().len();
        for (k, function) in explanation.functions.iter().enumerate() {
            if k > 0 {
                self.out.push('\n');
            }
            self.function(function);
        }
        self.out
    }

    fn function(&mut self, function: &FunctionNotes) {
        let header = self.last_line(function.header);
        for line in self.line(function.header.start)..=self.last_line(function.span) {
            self.source(line);
            if line == header {
                self.notes(self.indentation(line), &function.notes);
            }
            for found in &function.loops {
                if self.last_line(found.span) == line {
                    self.place(found, line);
                    self.notes(self.indentation(line), &found.notes);
                }
            }
        }
    }

    /// A line of the source.
    fn source(&mut self, line: usize) {
        let (shown, _) = cut(&plain(self.lines[line]), COLUMNS);
        let number = format!("{:>width$} |", line + 1, width = self.gutter);
        let number = self.paint(&number, BLUE);
        self.out += format!("{number} {shown}").trim_end();
        self.out.push('\n');
    }

    /// Which part of the line it is about, if it is not a loop of the source.
    fn place(&mut self, found: &LoopNotes, line: usize) {
        match found.kind {
            LoopKind::For | LoopKind::While => return,
            LoopKind::Array => {}
        }
        let mut marks = String::new();
        for span in &found.operations {
            let (first, end) = self.columns(*span, line);
            for column in marks.len()..end.min(COLUMNS) {
                marks.push(if column < first { ' ' } else { '^' });
            }
            // An operand of one that is marked already, or one further to the left.
            marks.replace_range(
                first.min(marks.len())..end.min(marks.len()),
                &"^".repeat(end.min(marks.len()) - first.min(marks.len())),
            );
        }
        if self.columns(found.span, line).0 < COLUMNS {
            self.margin(&self.paint(&marks, BLUE));
        } else {
            let text = plain(self.text.get(found.span.range()).unwrap_or_default().trim());
            self.margin(&format!("{}{CUT} {}", " ".repeat(self.indentation(line)), cut(&text, 60).0));
        }
    }

    /// The columns of a line that a span covers: first and end, equal if there are none.
    fn columns(&self, span: Span, line: usize) -> (usize, usize) {
        let text = self.lines[line];
        let blank = text.len() - text.trim_start().len();
        let within =
            |position: u32| (position as usize).saturating_sub(self.starts[line]).clamp(blank, text.len());
        let column = |position: usize| plain(text.get(..position).unwrap_or_default()).width();
        let (first, end) = (within(span.start), within(span.end));
        (column(first), column(end).max(column(first)))
    }

    fn notes(&mut self, indentation: usize, notes: &[Note]) {
        for note in notes {
            let (mark, colour) = match note.outcome {
                Outcome::Done => ("+", GREEN),
                Outcome::Missed => ("-", YELLOW),
                Outcome::Fact => ("=", BLUE),
            };
            self.paragraph(indentation, mark, colour, &note.text);
            if let Some(change) = &note.change {
                self.paragraph(indentation + 2, "help:", CYAN, change);
            }
        }
    }

    /// Words in lines of their own, with a mark in front of the first.
    fn paragraph(&mut self, indentation: usize, mark: &str, colour: &str, text: &str) {
        let room = COLUMNS.saturating_sub(indentation + mark.len() + 1).max(40);
        for (k, line) in broken(text, room).into_iter().enumerate() {
            let mark = if k == 0 { self.paint(mark, colour) } else { " ".repeat(mark.len()) };
            self.margin(&format!("{}{mark} {line}", " ".repeat(indentation)));
        }
    }

    fn margin(&mut self, text: &str) {
        let margin = format!("{:>width$} |", "", width = self.gutter);
        let margin = self.paint(&margin, BLUE);
        self.out += &format!("{margin} {text}\n");
    }

    fn paint(&self, text: &str, colour: &str) -> String {
        if self.colour { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_string() }
    }

    /// The columns in front of the first word of a line.
    fn indentation(&self, line: usize) -> usize {
        let text = self.lines[line];
        plain(&text[..text.len() - text.trim_start().len()]).width()
    }

    /// The line, from 0, of a position.
    fn line(&self, position: u32) -> usize {
        let position = (position as usize).min(self.text.len());
        self.starts.partition_point(|start| *start <= position) - 1
    }

    fn last_line(&self, span: Span) -> usize {
        self.line(span.end.saturating_sub(1).max(span.start))
    }
}

const BLUE: &str = "1;34";
const CYAN: &str = "1;36";
const GREEN: &str = "1;32";
const YELLOW: &str = "1;33";

/// Tabs as four columns, other control characters as a mark.
fn plain(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        match c {
            '\t' => shown += "    ",
            c if c.is_control() => shown.push('\u{fffd}'),
            c => shown.push(c),
        }
    }
    shown
}

/// As much of a text as fits, and whether it is all.
fn cut(text: &str, columns: usize) -> (String, bool) {
    if text.width() <= columns {
        return (text.to_string(), true);
    }
    let mut shown = String::new();
    for c in text.chars() {
        if shown.width() + c.to_string().width() + CUT.width() > columns {
            break;
        }
        shown.push(c);
    }
    (shown + CUT, false)
}

/// Lines of whole words.
fn broken(text: &str, columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

fn json(explanation: &Explanation, kernel: &str, source: &Source) -> Json {
    let functions = explanation.functions.iter().map(|function| {
        let loops = function.loops.iter().map(|found| {
            let kind = match found.kind {
                LoopKind::For => "for",
                LoopKind::While => "while",
                LoopKind::Array => "array",
            };
            let mut fields = vec![("kind".to_string(), Json::text(kind))];
            fields.extend(place(found.span, source));
            let operations = found.operations.iter().map(|span| Json::Object(place(*span, source)));
            fields.push(("operations".to_string(), Json::List(operations.collect())));
            fields.push(("notes".to_string(), notes(&found.notes)));
            Json::Object(fields)
        });
        let mut fields = vec![("name".to_string(), Json::text(&function.name))];
        fields.extend(place(function.header, source));
        fields.push(("notes".to_string(), notes(&function.notes)));
        fields.push(("loops".to_string(), Json::List(loops.collect())));
        Json::Object(fields)
    });
    Json::object([
        ("status", Json::number(0)),
        ("kernel", Json::text(kernel)),
        ("file", Json::text(&source.name)),
        ("functions", Json::List(functions.collect())),
        ("diagnostics", render::json(&explanation.diagnostics, Some(source))),
    ])
}

/// First and last position, as lines and columns, and what stands there.
fn place(span: Span, source: &Source) -> Vec<(String, Json)> {
    let (line, column) = span.line_column(&source.text);
    let (end_line, end_column) = Span { start: span.end, ..span }.line_column(&source.text);
    let text = source.text.get(span.range()).unwrap_or_default();
    let fields = [
        ("line", Json::number(line)),
        ("column", Json::number(column)),
        ("end_line", Json::number(end_line)),
        ("end_column", Json::number(end_column)),
        ("text", Json::text(text)),
    ];
    fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
}

fn notes(notes: &[Note]) -> Json {
    let one = |note: &Note| {
        let outcome = match note.outcome {
            Outcome::Done => "done",
            Outcome::Missed => "missed",
            Outcome::Fact => "fact",
        };
        let change = note.change.as_ref().map_or(Json::Null, Json::text);
        let head = [
            ("topic", Json::text(topic(note.topic))),
            ("outcome", Json::text(outcome)),
            ("text", Json::text(&note.text)),
            ("change", change),
        ];
        let numbers = note.numbers.iter().map(|(name, number)| (*name, Json::number(number)));
        let fields = head.into_iter().chain(numbers);
        Json::Object(fields.map(|(name, value)| (name.to_string(), value)).collect())
    };
    Json::List(notes.iter().map(one).collect())
}

fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Loop => "loop",
        Topic::Fusion => "fusion",
        Topic::Shape => "shape",
        Topic::Threads => "threads",
        Topic::Order => "order",
        Topic::Lanes => "lanes",
        Topic::Checks => "checks",
        Topic::Memory => "memory",
        Topic::Calls => "calls",
        Topic::Work => "work",
    }
}
