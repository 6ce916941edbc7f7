//! The result as text: for each size a table of the configurations, and sentences that say what it shows.

use super::configuration::Configuration;
use super::roofline::Position;
use super::session::{Measured, Row, Session};
use super::statistics::Estimate;
use super::work::{Load, Source};
use std::fmt::Write;

pub fn text(session: &Session) -> String {
    let mut text = head(session);
    for measured in &session.measured {
        text += "\n";
        text += &size(session, measured);
    }
    text
}

fn head(session: &Session) -> String {
    let Session { machine, threads, kernel, file, .. } = session;
    let threads = plural(*threads, "thread");
    let mut text = format!("`{kernel}` of {file} on {threads}, {}\n", machine.cpu);
    text +=
        "median time of a call with its 95 % interval (order statistics), configurations measured in turn\n";
    if !session.restored.is_empty() {
        let names: Vec<String> = session.restored.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(text, "{} restored before each call, outside of its time", names.join(", "));
    }
    if let Some(peaks) = &session.peaks {
        let rate = |rate: f64| short(rate / 1e9);
        let _ = writeln!(
            text,
            "multiply-adds at 128 bits: f64 {} Gflop/s on one thread, {} on all; f32 {} and {}",
            rate(peaks.f64.one),
            rate(peaks.f64.all),
            rate(peaks.f32.one),
            rate(peaks.f32.all)
        );
    }
    if cfg!(debug_assertions) {
        text += "this durum was built without optimisation: calls cost more, and ceilings are low\n";
    }
    text
}

fn size(session: &Session, measured: &Measured) -> String {
    let mut text = String::new();
    if let (Some(name), Some(n)) = (&session.size, measured.n) {
        let _ = writeln!(text, "{name} = {n}");
    }
    text += &load_line(&measured.load);
    text += &ceiling_line(session, measured);
    text += &table(session, measured);
    for sentence in sentences(session, measured) {
        let _ = writeln!(text, "{sentence}");
    }
    text
}

fn load_line(load: &Load) -> String {
    let bytes = format!("{} read, {} written", bytes(load.bytes_read), bytes(load.bytes_written));
    match (load.source, &load.operations) {
        (Source::Counted, Some(operations)) => {
            format!("a call: {bytes}, {} floating-point operations\n", count(operations.total()))
        }
        (Source::Polynomial, Some(operations)) => format!(
            "a call: {bytes}, {} floating-point operations (worked out from counts at small sizes)\n",
            count(operations.total())
        ),
        (Source::WholeArrays, Some(operations)) => format!(
            "a call: {bytes} if it touches all of its arrays, {} floating-point operations\n",
            count(operations.total())
        ),
        (Source::Counted | Source::Polynomial, None) => {
            format!(
                "a call: {bytes}; its operations depend on the data, and counting them here would take long\n"
            )
        }
        (Source::WholeArrays, None) => format!(
            "a call: {bytes} if it touches all of its arrays; counting its operations would take long\n"
        ),
    }
}

fn ceiling_line(session: &Session, measured: &Measured) -> String {
    let Some(bandwidth) = &measured.bandwidth else { return String::new() };
    let level = session.machine.level(measured.load.bytes() as u64);
    let level = level.map_or(String::new(), |level| format!(" ({level})"));
    let rate = |rate: f64| short(rate / 1e9);
    format!(
        "as much data{level}: read {} GB/s on one thread, {} on all; triad {} and {}\n",
        rate(bandwidth.read.one),
        rate(bandwidth.read.all),
        rate(bandwidth.triad.one),
        rate(bandwidth.triad.all)
    )
}

fn table(session: &Session, measured: &Measured) -> String {
    let mut lines = vec![row_of([
        "configuration",
        "",
        "",
        "median",
        "95 % interval",
        "GB/s",
        "Gflop/s",
        "ceiling",
        "speedup",
        "efficiency",
    ])];
    lines.extend(measured.rows.iter().map(|row| cells(session, measured, row)));
    aligned(&lines)
}

const COLUMNS: usize = 10;
type Cells = [String; COLUMNS];

fn row_of(cells: [&str; COLUMNS]) -> Cells {
    cells.map(String::from)
}

fn cells(session: &Session, measured: &Measured, row: &Row) -> Cells {
    let [fused, parallel, lanes] = row.configuration.words();
    if let Some(same) = row.same_as {
        return row_of([fused, parallel, lanes, "", &format!("same code as {same}"), "", "", "", "", ""]);
    }
    let time = row.sample.time();
    let rate = |amount: f64| if amount > 0.0 { short(amount / time.median / 1e9) } else { "-".to_string() };
    let speedup = measured.speedup(row, measured.rows[0].configuration);
    let position = measured.position(row, session.peaks.as_ref());
    let efficiency = measured.efficiency(row, session.threads);
    [
        fused.to_string(),
        parallel.to_string(),
        lanes.to_string(),
        seconds(time.median),
        interval(&time),
        rate(measured.load.bytes()),
        measured.load.operations.map_or("-".to_string(), |operations| rate(operations.total())),
        position.map_or(String::new(), |Position { limit, fraction }| {
            format!("{} {}", percent(fraction), limit.name())
        }),
        speedup.map_or("1".to_string(), |speedup| format!("{:.2}", speedup.median)),
        efficiency.map_or(String::new(), percent),
    ]
}

/// The first three columns and the notes to the left, numbers to the right.
fn aligned(lines: &[Cells]) -> String {
    let counted = |cell: &String| if cell.starts_with("same code") { 0 } else { cell.chars().count() };
    let width = |column: usize| lines.iter().map(|line| counted(&line[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..COLUMNS).map(width).collect();
    let empty = |column: usize| lines[1..].iter().all(|line| line[column].is_empty());
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        let mut out = String::from(" ");
        for (column, cell) in line.iter().enumerate() {
            let first_of_head = number == 0 && column < 3;
            if column > 2 && empty(column) {
                continue;
            }
            let width = widths[column];
            let _ = match column {
                0 if number == 0 => {
                    write!(out, " {cell:<width$}", width = widths[0] + widths[1] + widths[2] + 2)
                }
                _ if first_of_head => Ok(()),
                0..3 => write!(out, " {cell:<width$}"),
                _ if cell.starts_with("same code") => write!(out, " {cell}"),
                _ => write!(out, "  {cell:>width$}"),
            };
        }
        let _ = writeln!(text, "{}", out.trim_end());
    }
    text
}

/// What each of the three choices brings, and what parallel does not.
pub fn sentences(session: &Session, measured: &Measured) -> Vec<String> {
    let at = match (&session.size, measured.n) {
        (Some(name), Some(n)) => format!(" at {name} = {n}"),
        _ => String::new(),
    };
    let full = measured.best_equipped();
    let choice = full.configuration;
    let mut found = vec![];
    let against = |over: Configuration| measured.speedup(full, over);
    if choice.fused
        && let Some(speedup) = against(Configuration { fused: false, ..choice })
    {
        found.push(format!("fusing: {}", times(&speedup, "the unfused")));
    }
    if choice.lanes
        && let Some(speedup) = against(Configuration { lanes: false, ..choice })
    {
        found.push(format!("lanes: {}", times(&speedup, "the scalar")));
    }
    let mut sentences = vec![];
    if !found.is_empty() {
        sentences.push(found.join("; "));
    }
    sentences.extend(parallel_sentence(session, measured, full, &at));
    sentences
}

fn parallel_sentence(session: &Session, measured: &Measured, full: &Row, at: &str) -> Option<String> {
    if !full.configuration.parallel {
        return None;
    }
    let serial = Configuration { parallel: false, ..full.configuration };
    let threads = plural(session.threads, "thread");
    let Some(speedup) = measured.speedup(full, serial) else {
        return Some(format!("parallel does not pay{at}: nothing in the kernel runs in parallel"));
    };
    let Estimate { median, low, high } = speedup;
    let figures = format!("{median:.2}× of serial ({low:.2} … {high:.2}) on {threads}");
    Some(if median < 1.1 {
        format!("parallel does not pay{at}: {figures}")
    } else {
        let efficiency = percent(median / session.threads as f64);
        format!("parallel pays{at}: {figures}, efficiency {efficiency}")
    })
}

fn times(speedup: &Estimate, what: &str) -> String {
    let Estimate { median, low, high } = speedup;
    if speedup.contains(1.0) {
        return format!("no difference ({low:.2} … {high:.2})");
    }
    format!("{median:.2}× the speed of {what} ({low:.2} … {high:.2})")
}

/// Three digits and a unit that fits.
pub fn seconds(seconds: f64) -> String {
    let (factor, unit) = scale(seconds);
    format!("{} {unit}", short(seconds * factor))
}

/// Both ends in the unit of the median.
pub fn interval(estimate: &Estimate) -> String {
    let (factor, unit) = scale(estimate.median);
    format!("{} … {} {unit}", short(estimate.low * factor), short(estimate.high * factor))
}

fn scale(seconds: f64) -> (f64, &'static str) {
    const UNITS: [(f64, &str); 3] = [(1e9, "ns"), (1e6, "µs"), (1e3, "ms")];
    let fits = |(factor, _): &(f64, &str)| seconds * factor < 999.5;
    UNITS.into_iter().find(fits).unwrap_or((1.0, "s"))
}

/// Three significant digits; all of those before the point.
pub fn short(number: f64) -> String {
    let digits = if number >= 99.95 {
        0
    } else if number >= 9.995 {
        1
    } else {
        2
    };
    format!("{number:.digits$}")
}

fn percent(fraction: f64) -> String {
    format!("{:.0} %", 100.0 * fraction)
}

fn bytes(bytes: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B")];
    let (size, unit) = UNITS.into_iter().find(|(size, _)| bytes >= *size).unwrap_or((1.0, "B"));
    if unit == "B" { format!("{bytes} B") } else { format!("{} {unit}", short(bytes / size)) }
}

fn count(number: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(1e9, " G"), (1e6, " M"), (1e3, " k")];
    match UNITS.into_iter().find(|(size, _)| number >= *size) {
        Some((size, unit)) => format!("{}{unit}", short(number / size)),
        None => format!("{number}"),
    }
}

fn plural(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        let shown = [1.234e-7, 0.99951e-6, 12.34e-6, 0.5, 12.0].map(seconds);
        assert_eq!(shown, ["123 ns", "1.00 µs", "12.3 µs", "500 ms", "12.0 s"]);
        assert_eq!([12.0, 1234.0, 8e6, 3.2e10].map(bytes), ["12 B", "1.23 kB", "8.00 MB", "32.0 GB"]);
        assert_eq!([7.0, 1500.0].map(count), ["7", "1.50 k"]);
        let estimate = Estimate { median: 1e-3, low: 0.99e-3, high: 1.2e-3 };
        assert_eq!(interval(&estimate), "0.99 … 1.20 ms");
    }
}
