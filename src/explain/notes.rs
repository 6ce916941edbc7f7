//! The words: what the remarks and the survey of a place say to the reader of the source.

use super::reader::{Over, Reader, SourceFunction, SourceLoop, with_prange};
use super::work::Work;
use super::{Facts, Found, LoopKind, Note, Outcome, Retried, Topic};
use crate::base::{Diagnostic, Severity, Span, blocks};
use crate::optimize::{Event, Kept, Obstacle, Remark, Shape, Shared, Walk};

impl Note {
    fn new(topic: Topic, outcome: Outcome, text: impl Into<String>) -> Note {
        Note { topic, outcome, text: text.into(), change: None, numbers: vec![] }
    }

    fn done(topic: Topic, text: impl Into<String>) -> Note {
        Note::new(topic, Outcome::Done, text)
    }

    fn missed(topic: Topic, text: impl Into<String>) -> Note {
        Note::new(topic, Outcome::Missed, text)
    }

    fn fact(topic: Topic, text: impl Into<String>) -> Note {
        Note::new(topic, Outcome::Fact, text)
    }

    fn change(mut self, change: impl Into<String>) -> Note {
        self.change = Some(change.into());
        self
    }

    fn maybe_change(self, change: Option<impl Into<String>>) -> Note {
        match change {
            Some(change) => self.change(change),
            None => self,
        }
    }

    fn number(mut self, name: &'static str, number: impl TryInto<u64>) -> Note {
        self.numbers.push((name, number.try_into().unwrap_or(u64::MAX)));
        self
    }
}

/// A loop that is there, and what is known of it.
pub struct Place<'a> {
    pub facts: &'a Facts<'a>,
    pub reader: &'a Reader<'a>,
    pub span: Span,
    /// None for an array operation.
    pub source: Option<&'a SourceLoop>,
    pub found: &'a Found,
}

impl Place<'_> {
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = vec![];
        notes.extend(self.fused());
        notes.extend(self.apart());
        notes.extend(self.shape());
        notes.extend(self.threads());
        notes.extend(self.relaxed());
        notes.extend(self.rearranged());
        notes.extend(self.lanes());
        notes.extend(self.checks());
        notes.extend(self.moved());
        notes.extend(self.makes());
        notes.extend(self.calls());
        notes.extend(self.work());
        notes
    }

    fn remarks(&self) -> impl Iterator<Item = &Remark> {
        self.facts.remarks.iter().filter(|remark| remark.span == self.span)
    }

    /// The array operations that the loop does, if they are several.
    pub fn operations(&self) -> &[Span] {
        let fused = self.remarks().filter_map(|remark| match &remark.event {
            Event::Fused { operations } => Some(&operations[..]),
            _ => None,
        });
        fused.max_by_key(|operations| operations.len()).unwrap_or_default()
    }

    fn fused(&self) -> Option<Note> {
        let operations = self.operations();
        if operations.is_empty() {
            return None;
        }
        let is_gone = |span: &Span| {
            let gone = |remark: &Remark| remark.event == Event::Temporary && remark.span == *span;
            self.facts.remarks.iter().any(gone)
        };
        let mut distinct = operations.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let temporaries = distinct.iter().filter(|span| is_gone(span)).count();
        let mut text = format!("one loop for {} array operations", operations.len());
        let own = self.reader.last_line(self.span);
        if operations.iter().any(|span| self.reader.last_line(*span) != own) {
            text += &format!(" of {}", self.reader.lines(operations));
        }
        if temporaries > 0 {
            text += &format!("; {} never made", count(temporaries, "temporary array", "temporary arrays"));
        }
        let note = Note::done(Topic::Fusion, text).number("operations", operations.len());
        Some(note.number("temporaries", temporaries))
    }

    /// Loops over arrays that this one could not join. The last one in the source is the nearest.
    fn apart(&self) -> Option<Note> {
        let members = self.operations();
        let concerns = |remark: &&Remark| remark.span == self.span || members.contains(&remark.span);
        let mut apart = self.facts.remarks.iter().filter(concerns).filter_map(|remark| match &remark.event {
            Event::Apart { from, obstacle } => Some((*from, *obstacle)),
            _ => None,
        });
        let (from, obstacle) = apart.rfind(|(from, _)| !members.contains(from))?;
        // The loop meant may have become part of a later one, under whose name it is shown.
        let from = self.header(self.home(from));
        if from == self.span {
            return None;
        }
        let Obstacle { reason, change } = obstacle;
        let which = if self.reader.last_line(from) == self.reader.last_line(self.span) {
            format!("`{}`", self.reader.text(from))
        } else {
            self.reader.lines(&[from])
        };
        Some(
            Note::missed(Topic::Fusion, format!("not fused with the loop of {which}: {reason}"))
                .maybe_change(change),
        )
    }

    fn home(&self, operation: Span) -> Span {
        let group = self.facts.remarks.iter().find(|remark| match &remark.event {
            Event::Fused { operations } => operations.contains(&operation),
            _ => false,
        });
        group.map_or(operation, |remark| remark.span)
    }

    fn shape(&self) -> Option<Note> {
        let shape = self.remarks().find_map(|remark| match &remark.event {
            Event::Expanded(shape) => Some(shape),
            _ => None,
        })?;
        Some(match shape {
            Shape::Line => Note::done(Topic::Shape, "one loop over all elements, in their order in memory"),
            Shape::Axes { because } => {
                Note::fact(Topic::Shape, format!("a loop for each axis: {}", why(because)))
            }
            Shape::Positions { because } => {
                let text = format!("slow: a division for each axis and element, as {}", why(because));
                Note::missed(Topic::Shape, text).maybe_change(in_order(because))
            }
        })
    }

    /// What passes have done with the order of loops.
    fn rearranged(&self) -> Vec<Note> {
        let passes = ["interchange", "tile", "columns", "jam", "split"];
        let of_passes = self.remarks().filter(|remark| passes.contains(&remark.pass));
        let mut notes: Vec<Note> = of_passes
            .map(|remark| match &remark.event {
                Event::Missed { reason, hint } => {
                    Note::missed(Topic::Shape, reason.clone()).maybe_change(hint.clone())
                }
                _ => Note::done(Topic::Shape, remark.message()),
            })
            .collect();
        notes.dedup();
        notes
    }

    fn collected(&self) -> Option<&[String]> {
        self.remarks().find_map(|remark| match &remark.event {
            Event::Collects { arrays } => Some(&arrays[..]),
            _ => None,
        })
    }

    fn threads(&self) -> Option<Note> {
        let shared = self.remarks().filter_map(|remark| match remark.event {
            Event::Parallel(shared) => Some(shared),
            _ => None,
        });
        // Of versions of one loop the fast one counts, of several loops of an operation the one that does the work.
        let shared = match self.source {
            Some(_) => shared.min_by_key(|shared| (!shared.columns, shared.cost)),
            None => shared.max_by_key(|shared| (shared.columns, shared.cost)),
        };
        if let Some(shared) = shared {
            return Some(self.parallel(shared));
        }
        let over = self.source.map(|source| source.over);
        let asked = over == Some(Over::Prange);
        let missed = |text: String| Some(Note::missed(Topic::Threads, text));
        if self.found.inline {
            let cut = self.remarks().find(|remark| remark.pass == "collapse");
            let text = "on the thread at hand: a loop around it is parallel already";
            let note = cut.map(|remark| Note::done(Topic::Threads, remark.message()));
            return note.or(missed(text.to_string())).filter(|_| asked);
        }
        if !self.facts.conditions.parallel && (asked || self.found.parallel) {
            return missed("on one thread: parallel loops are switched off".to_string());
        }
        if let Some(warning) = warning_at(self.facts.warnings, self.span) {
            let note = Note::missed(Topic::Threads, format!("on one thread: {}", warning.message));
            return Some(note.maybe_change(warning.hints.first()));
        }
        match (self.source, over) {
            (Some(source), Some(Over::Range)) => self.in_order(source),
            (Some(source), Some(Over::Other)) => match source.kind {
                LoopKind::While => None,
                LoopKind::For | LoopKind::Array => {
                    missed("in order: only `prange` runs in parallel".to_string())
                        .map(|note| note.change("`for i in prange(…)` if iterations are independent"))
                }
            },
            (Some(_), _) => missed("on one thread, in order".to_string()),
            (None, _) if self.found.parallel => None,
            (None, _) if self.found.library => missed("in order: a loop of the library".to_string()),
            (None, _) => missed("in order: an element needs those before it".to_string()),
        }
    }

    fn parallel(&self, Shared { cost, scaled, tested, columns }: Shared) -> Note {
        let conditions = &self.facts.conditions;
        if conditions.threads < 2 {
            return Note::missed(Topic::Threads, "on one thread: there is only one");
        }
        if scaled && let Some(arrays) = self.collected() {
            let most = blocks::MOST;
            let copies = format!("each updating a copy of {}", names(arrays));
            let text = format!("parallel where it pays, in at most {most} blocks of iterations, {copies}");
            return Note::done(Topic::Threads, text).number("blocks", most);
        }
        if scaled {
            return Note::done(Topic::Threads, "parallel where it pays, a stretch of iterations at a time");
        }
        let from = conditions.break_even.div_ceil(u128::from(cost.max(1)));
        let mut text = if columns {
            let inside = format!("iterations of the inner loop on (estimated at {} each)", time(cost));
            format!("parallel from about {} {inside}, by blocks of it where rows are few", about(from))
        } else if from > 1 {
            format!("parallel from about {} iterations on (estimated at {} each)", about(from), time(cost))
        } else {
            format!("parallel (an iteration is estimated at {})", time(cost))
        };
        if tested {
            text += ", if a test in front of it finds the arrays apart";
        }
        Note::done(Topic::Threads, text).number("from", from).number("picoseconds", cost)
    }

    /// Whether a `range` could be a `prange`: the compiler is asked.
    fn in_order(&self, source: &SourceLoop) -> Option<Note> {
        let encloses = |outer: &&SourceLoop| {
            outer.over == Over::Range
                && outer.span != source.span
                && outer.whole.start <= source.whole.start
                && source.whole.end <= outer.whole.end
        };
        let mut around = self.reader.functions.iter().flat_map(|function| &function.loops).filter(encloses);
        if around.any(|outer| self.may_be_prange(outer)) {
            return None;
        }
        let note = |text: String| Note::missed(Topic::Threads, text);
        Some(match self.retry(source) {
            Verdict::Independent(_) if source.updates => note("in order, as `range` asks".to_string())
                .change("`prange`: iterations are independent; sums are then added in pairs, not one by one"),
            Verdict::Independent(_) => {
                note("in order, as `range` asks".to_string()).change("`prange`: iterations are independent")
            }
            Verdict::Unknown(message) => note(format!("in order, as `range` asks: {}", of_range(&message))),
            Verdict::Dependent(message) => note(format!("in order: {}", of_range(&message))),
        })
    }

    fn may_be_prange(&self, source: &SourceLoop) -> bool {
        source.over == Over::Range && matches!(self.retry(source), Verdict::Independent(_))
    }

    fn retry(&self, source: &SourceLoop) -> Verdict {
        match (self.facts.retry)(&with_prange(self.facts.tree, source.name)) {
            Err(errors) => {
                Verdict::Dependent(errors.first().map(|error| error.message.clone()).unwrap_or_default())
            }
            Ok(Retried { warnings, remarks }) => match warning_at(&warnings, source.span) {
                Some(warning) => Verdict::Unknown(warning.message.clone()),
                None => Verdict::Independent(remarks),
            },
        }
    }

    /// Whether the loop would run in lanes if it were a `prange`.
    fn may_run_in_lanes(&self, source: &SourceLoop) -> bool {
        match self.retry(source) {
            Verdict::Independent(remarks) => runs_in_lanes(&remarks, source.span),
            Verdict::Unknown(_) | Verdict::Dependent(_) => false,
        }
    }

    /// What `fastmath` made of a serial loop.
    fn relaxed(&self) -> Option<Note> {
        self.remarks().find_map(|remark| match &remark.event {
            Event::Done(message) if remark.pass == "relax" => Some(Note::done(Topic::Order, message.clone())),
            _ => None,
        })
    }

    /// Of loops with loops inside only those that were meant to run in lanes.
    fn lanes(&self) -> Option<Note> {
        if let Some(around) = self.found.within.iter().find(|span| runs_in_lanes(self.facts.remarks, **span))
        {
            let text = format!("in the lanes of the loop of {}", self.reader.lines(&[self.header(*around)]));
            return Some(Note::done(Topic::Lanes, text));
        }
        let meant = !self.found.outer || self.source.is_none_or(|source| source.over == Over::Prange);
        self.in_lanes().filter(|note| meant || note.outcome == Outcome::Done)
    }

    /// What of a loop of the source is shown.
    fn header(&self, span: Span) -> Span {
        let mut loops = self.reader.functions.iter().flat_map(|function| &function.loops);
        loops.find(|source| source.span == span).map_or(span, |source| source.header)
    }

    fn in_lanes(&self) -> Option<Note> {
        if !self.facts.conditions.lanes {
            return Some(Note::missed(Topic::Lanes, "not vectorised: lanes are switched off"));
        }
        self.remarks().filter(|remark| remark.pass == "vectorize").find_map(|remark| match &remark.event {
            Event::Done(message) => Some(Note::done(Topic::Lanes, message.clone())),
            Event::Missed { reason, hint } => {
                let hint = hint.clone().or_else(|| self.lanes_change(reason));
                Some(Note::missed(Topic::Lanes, reason.clone()).maybe_change(hint))
            }
            _ => None,
        })
    }

    /// What makes a loop vectorise, by the reason why it does not.
    fn lanes_change(&self, reason: &str) -> Option<String> {
        let apart: Vec<String> = self.found.apart.iter().cloned().collect();
        if reason.contains("are estimated at") && !apart.is_empty() {
            return Some(format!("contiguous {}: as it is, elements may lie apart", names(&apart)));
        }
        let reduces = |source: &SourceLoop| {
            source.over == Over::Range && source.updates && self.may_run_in_lanes(source)
        };
        if reason.contains("is carried from") && self.source.is_some_and(reduces) {
            return Some("`prange`, whose sums, products, minima and maxima run in lanes".to_string());
        }
        // What the library does cannot be changed, and branches around inner loops are the compiler's.
        let mut changes = LANES.iter().filter(|_| self.source.is_some() && !self.found.outer);
        if self
            .remarks()
            .any(|remark| matches!(&remark.event, Event::Checks { kept, .. } if kept.iter().any(is_data)))
        {
            return None;
        }
        changes.find(|(part, _)| reason.contains(part)).map(|(_, change)| change.to_string())
    }

    fn checks(&self) -> Vec<Note> {
        let mut notes = vec![];
        let (mut proved, mut before, mut stay) = (0, 0, vec![]);
        for remark in self.remarks() {
            if let Event::Checks { removed, hoisted, kept } = &remark.event {
                proved += removed;
                before += hoisted;
                stay.extend(kept);
            }
        }
        stay.sort();
        stay.dedup();
        let gone = proved + before;
        if gone > 0 {
            let text = match (proved, before) {
                (_, 0) => format!("{} proved", checks(gone)),
                (0, _) => format!("{} tested once, in front of the loop", checks(gone)),
                _ => format!("{}: {proved} proved, {before} tested once, in front of the loop", checks(gone)),
            };
            let note = Note::done(Topic::Checks, text).number("proved", proved).number("hoisted", before);
            notes.push(note);
        }
        while let Some(first) = stay.first().copied() {
            let (same, others): (Vec<_>, Vec<_>) =
                stay.into_iter().partition(|kept| kept.reason == first.reason);
            let mut texts: Vec<String> = same.iter().map(|kept| self.reader.text(kept.span)).collect();
            texts.dedup();
            let verb = if texts.len() == 1 { "is" } else { "are" };
            let text = format!("{} {verb} checked each time: {}", names(&texts), first.reason);
            notes.push(Note::missed(Topic::Checks, text).number("kept", same.len()));
            stay = others;
        }
        notes
    }

    fn moved(&self) -> Vec<Note> {
        let (mut loads, mut operations, mut kept) = (0, 0, vec![]);
        for remark in self.remarks() {
            if let Event::Moved { loads: some, operations: others, elements } = &remark.event {
                loads = loads.max(*some);
                operations = operations.max(*others);
                let new = elements.iter().filter(|name| !kept.contains(*name)).cloned();
                kept.extend(new.collect::<Vec<String>>());
            }
        }
        let mut notes = vec![];
        if loads + operations > 0 {
            let parts = [(loads, "load", "loads"), (operations, "operation", "operations")];
            let parts = parts.into_iter().filter(|part| part.0 > 0);
            let parts: Vec<String> = parts.map(|(number, one, many)| count(number, one, many)).collect();
            let text = format!("{} moved in front of the loop", parts.join(" and "));
            notes.push(
                Note::done(Topic::Memory, text).number("loads", loads).number("operations", operations),
            );
        }
        if !kept.is_empty() {
            notes.push(Note::done(
                Topic::Memory,
                format!("the element of {} stays in a register", names(&kept)),
            ));
        }
        notes
    }

    fn makes(&self) -> Option<Note> {
        let makes = self.found.makes;
        (makes > 0).then(|| {
            let text = format!("makes {} in each iteration", count(makes, "array", "arrays"));
            Note::missed(Topic::Memory, text)
                .change("make it once in front of the loop, and store into it: `a[:] = …`")
                .number("arrays", makes)
        })
    }

    fn calls(&self) -> Option<Note> {
        // A function of the library is called only where it is large, and rarely reached.
        let own = |name: &&String| self.facts.used.iter().any(|used| used.name == **name);
        let calls: Vec<String> = self.found.calls.iter().filter(own).cloned().collect();
        (!calls.is_empty())
            .then(|| Note::missed(Topic::Calls, format!("calls {}, not inlined", names(&calls))))
    }

    fn work(&self) -> Vec<Note> {
        let mut notes = vec![];
        for work in &self.found.work {
            let first = notes.is_empty();
            if !self.found.outer || !(Work { integers: 0, ..*work }).is_none() {
                notes.push(self.work_note(work, first));
            }
        }
        notes
    }

    /// `first`: whether no copy of the loop has come before.
    fn work_note(&self, work: &Work, first: bool) -> Note {
        let Work { read, written, floats, integers, divisions, roots, conditional } = *work;
        let mut parts = vec![];
        if read > 0 {
            parts.push(format!("{} read", count(read as usize, "byte", "bytes")));
        }
        if written > 0 {
            parts.push(format!("{} written", count(written as usize, "byte", "bytes")));
        }
        if floats > 0 {
            parts.push(
                count(floats as usize, "operation on floats", "operations on floats")
                    + &dear(divisions, roots),
            );
        }
        // Those of outer loops are bookkeeping for the inner ones.
        if integers > 0 && !self.found.outer {
            parts.push(count(integers as usize, "operation on integers", "operations on integers"));
        }
        if parts.is_empty() {
            parts.push("nothing read, written or computed".to_string());
        }
        let most = if conditional { "at most " } else { "" };
        let aside = if self.found.outer { ", beside the loops inside" } else { "" };
        let copy = match (first, self.source) {
            (true, _) => "",
            (false, Some(_)) => "in another copy, ",
            (false, None) => "in another of its loops, ",
        };
        let text = format!("{copy}per iteration{aside}: {most}{}", parts.join(", "));
        Note::fact(Topic::Work, text)
            .number("bytes_read", read)
            .number("bytes_written", written)
            .number("float_operations", floats)
            .number("integer_operations", integers)
    }
}

/// Why a `prange` is not parallel.
fn warning_at(warnings: &[Diagnostic], span: Span) -> Option<&Diagnostic> {
    warnings.iter().find(|warning| warning.severity == Severity::Warning && warning.span == span)
}

fn runs_in_lanes(remarks: &[Remark], span: Span) -> bool {
    let done = |remark: &Remark| {
        remark.span == span && remark.pass == "vectorize" && matches!(remark.event, Event::Done(_))
    };
    remarks.iter().any(done)
}

/// A message about a `prange`, said of a `range`.
fn of_range(message: &str) -> String {
    message.replace(" of this prange", "").replace(" of prange", "").replace("this prange", "this loop")
}

/// What the compiler says to `prange` in place of `range`.
enum Verdict {
    /// With the remarks of the passes.
    Independent(Vec<Remark>),
    Unknown(String),
    Dependent(String),
}

/// An array operation that became part of the loop at `into`.
pub fn part_of(reader: &Reader, into: Span) -> Note {
    Note::done(Topic::Fusion, format!("part of the loop of {}", reader.lines(&[into])))
}

/// A `for` or `while` of which nothing is left.
pub fn missing(facts: &Facts, source: &SourceLoop) -> Note {
    if facts.lowered.contains(&source.span) {
        Note::done(Topic::Loop, "gone: nobody reads what it computes")
    } else {
        Note::fact(Topic::Loop, "no loop for these types: unrolled, or never reached")
    }
}

/// What holds for a whole function.
pub fn function(facts: &Facts, function: &SourceFunction, empty: bool) -> Vec<Note> {
    let mut notes = vec![];
    for used in facts.used.iter().filter(|used| used.name == function.name) {
        let note = match (used.is_entry, used.is_recursive, used.is_called) {
            (_, true, _) => Note::missed(Topic::Calls, "not inlined: it calls itself"),
            (true, ..) => continue,
            (false, _, true) => Note::missed(Topic::Calls, "called, not inlined: it is large"),
            (false, ..) => Note::done(Topic::Calls, "inlined"),
        };
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    if empty {
        notes.push(Note::fact(Topic::Loop, "no loops of its own"));
    }
    notes
}

fn why(walk: &Walk) -> String {
    let named = |array: &str| {
        if array.is_empty() { "an array".to_string() } else { format!("`{array}`") }
    };
    match walk {
        Walk::Strided { array, .. } => format!("{} is not known to lie in C order", named(array)),
        Walk::Across { array } => format!("{} is not read from end to end", named(array)),
        Walk::Indices => "the indices are used as numbers".to_string(),
    }
}

/// What lets a reduction run along memory.
fn in_order(walk: &Walk) -> Option<String> {
    match walk {
        Walk::Strided { array, .. } if !array.is_empty() => {
            Some(format!("`{array}` in C order: as it is, its rows may lie apart"))
        }
        Walk::Strided { .. } | Walk::Across { .. } | Walk::Indices => None,
    }
}

/// Whether a check stays for good.
fn is_data(kept: &Kept) -> bool {
    kept.reason == "the index is data"
}

/// What makes a loop vectorise, by a part of the reason why it does not.
const LANES: &[(&str, &str)] = &[
    ("a check remains", "index with loop variables and sums of them: such checks leave the loop"),
    ("it makes or frees arrays", "make them once in front of the loop"),
    ("it stores to one element", "collect in a variable of a `prange`, and store it after the loop"),
];

fn dear(divisions: u64, roots: u64) -> String {
    let parts = [(divisions, "division", "divisions"), (roots, "square root", "square roots")];
    let parts = parts.into_iter().filter(|part| part.0 > 0);
    let parts: Vec<String> = parts.map(|(number, one, many)| count(number as usize, one, many)).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn checks(number: usize) -> String {
    count(number, "bounds check", "bounds checks")
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// "`x`, `y` and `z`".
fn names(names: &[String]) -> String {
    let quoted = |name: &String| if name.is_empty() { "an array".to_string() } else { format!("`{name}`") };
    let quoted: Vec<String> = names.iter().map(quoted).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

/// Two digits are enough for an estimate; thousands are set apart.
fn about(number: u128) -> String {
    let mut scale = 1;
    while number / scale >= 100 {
        scale *= 10;
    }
    let text = (number.div_ceil(scale) * scale).to_string();
    let mut grouped = String::new();
    for (k, digit) in text.chars().enumerate() {
        if k > 0 && (text.len() - k).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Picoseconds to two digits: "2.2 ns", "81 µs".
fn time(picoseconds: u64) -> String {
    let units =
        [("ps", 1u64), ("ns", 1_000), ("µs", 1_000_000), ("ms", 1_000_000_000), ("s", 1_000_000_000_000)];
    let (unit, scale) = units.into_iter().rfind(|(_, scale)| picoseconds >= *scale).unwrap_or(units[0]);
    let value = picoseconds as f64 / scale as f64;
    if value < 10.0 && scale > 1 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}
