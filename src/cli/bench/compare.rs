//! `--compare FILE.json`: this run against an earlier one, configuration by configuration.
//!
//! The interval of a ratio goes from the low end of one time over the high end of the other to the opposite: wider than it need be,
//! so a difference that is reported is one. What drifts between two runs is the machine; where both have measured what it can do, that
//! is compared too.

use super::super::failure::{Failure, reason};
use super::super::json::Json;
use super::configuration::Configuration;
use super::record::FORMAT;
use super::session::{Row, Session};
use super::statistics::Estimate;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::path::Path;

/// An earlier run, as far as it is compared.
pub struct Earlier {
    file: String,
    kernel: String,
    arguments: Vec<(String, String)>,
    cpu: String,
    threads: u64,
    optimised: bool,
    peak: Option<f64>,
    rows: Vec<EarlierRow>,
}

struct EarlierRow {
    n: Option<i64>,
    configuration: Configuration,
    time: Estimate,
}

/// One configuration at one size in both runs.
pub struct Change {
    n: Option<i64>,
    configuration: Configuration,
    before: f64,
    after: f64,
    /// Time before over time now: above 1 is faster.
    speedup: Estimate,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    Faster,
    Slower,
    NoDifference,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Verdict::Faster => "faster",
            Verdict::Slower => "slower",
            Verdict::NoDifference => "no difference",
        })
    }
}

pub fn read(path: &Path) -> Result<Earlier, Failure> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| Failure::data(&name, reason(&error)))?;
    let value: Value = serde_json::from_slice(&bytes)
        .map_err(|error| Failure::data(&name, format!("is not JSON: {error}")))?;
    match value["durum_bench"].as_i64() {
        Some(FORMAT) => {}
        Some(other) => {
            return Err(Failure::data(
                &name,
                format!("has format {other}; this durum reads format {FORMAT}"),
            ));
        }
        None => return Err(Failure::data(&name, "was not written by `durum bench`")),
    }
    earlier(&name, &value).ok_or_else(|| Failure::data(&name, "lacks something that `durum bench` writes"))
}

fn earlier(name: &str, value: &Value) -> Option<Earlier> {
    let mut rows = vec![];
    for size in value["sizes"].as_array()? {
        for row in size["configurations"].as_array()? {
            rows.push(earlier_row(size["n"].as_i64(), row)?);
        }
    }
    Some(Earlier {
        file: name.to_string(),
        kernel: value["kernel"].as_str()?.to_string(),
        arguments: arguments(&value["arguments"])?,
        cpu: value["machine"]["cpu"].as_str()?.to_string(),
        threads: value["threads"].as_u64()?,
        optimised: value["optimised_build"].as_bool()?,
        peak: value["peak_flops_per_s"]["f64"]["one_thread"].as_f64(),
        rows,
    })
}

fn arguments(value: &Value) -> Option<Vec<(String, String)>> {
    let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_string()));
    value.as_object()?.iter().map(text).collect()
}

fn earlier_row(n: Option<i64>, row: &Value) -> Option<EarlierRow> {
    let choice = |name: &str| row[name].as_bool();
    let configuration =
        Configuration { fused: choice("fused")?, parallel: choice("parallel")?, lanes: choice("lanes")? };
    let seconds = |name: &str| row["seconds"][name].as_f64().filter(|seconds| *seconds > 0.0);
    let time = Estimate { median: seconds("median")?, low: seconds("low")?, high: seconds("high")? };
    Some(EarlierRow { n, configuration, time })
}

/// What both runs have measured.
pub fn changes(session: &Session, earlier: &Earlier) -> Vec<Change> {
    let mut changes = vec![];
    for measured in &session.measured {
        for row in &measured.rows {
            let same = |old: &&EarlierRow| old.n == measured.n && old.configuration == row.configuration;
            changes.extend(earlier.rows.iter().find(same).map(|old| change(measured.n, row, old)));
        }
    }
    changes
}

fn change(n: Option<i64>, row: &Row, old: &EarlierRow) -> Change {
    let (before, after) = (old.time, row.sample.time());
    let speedup = Estimate {
        median: before.median / after.median,
        low: before.low / after.high,
        high: before.high / after.low,
    };
    Change { n, configuration: row.configuration, before: before.median, after: after.median, speedup }
}

impl Change {
    /// Less than 2 % is no difference, however narrow the intervals: code placed elsewhere does as much.
    fn verdict(&self) -> Verdict {
        const NOTICEABLE: f64 = 1.02;
        if self.speedup.low > 1.0 && self.speedup.median > NOTICEABLE {
            Verdict::Faster
        } else if self.speedup.high < 1.0 && self.speedup.median < 1.0 / NOTICEABLE {
            Verdict::Slower
        } else {
            Verdict::NoDifference
        }
    }
}

/// Why the two runs are hard to compare.
fn caveats(session: &Session, earlier: &Earlier) -> Vec<String> {
    let mut caveats = vec![];
    if earlier.kernel != session.kernel {
        caveats.push(format!("that was another kernel, `{}`", earlier.kernel));
    }
    let sorted = |arguments: &[(String, String)]| BTreeMap::from_iter(arguments.iter().cloned());
    if sorted(&earlier.arguments) != sorted(&session.arguments) {
        caveats.push("that was with other arguments".to_string());
    }
    if earlier.cpu != session.machine.cpu || earlier.threads != session.threads as u64 {
        caveats.push(format!(
            "that was a different machine, {} with {} threads: the ratios tell about it as much as about the kernel",
            earlier.cpu, earlier.threads
        ));
    }
    if earlier.optimised == cfg!(debug_assertions) {
        caveats.push("one of the two durums was built without optimisation".to_string());
    }
    let now = session.peaks.as_ref().map(|peaks| peaks.f64.one);
    if let (Some(now), Some(then)) = (now, earlier.peak)
        && !(0.95..1.05).contains(&(now / then))
    {
        caveats.push(format!(
            "the machine itself does {:.2}× the multiply-adds per second of then: differences of that size may be its own",
            now / then
        ));
    }
    caveats
}

pub fn text(session: &Session, earlier: &Earlier) -> String {
    let mut text = format!("\ncompared with {}\n", earlier.file);
    for caveat in caveats(session, earlier) {
        let _ = writeln!(text, "note: {caveat}");
    }
    let changes = changes(session, earlier);
    if changes.is_empty() {
        text += "nothing was measured in both\n";
    }
    for change in &changes {
        let size = match (&session.size, change.n) {
            (Some(name), Some(n)) => format!("{name} = {n}"),
            _ => String::new(),
        };
        let Estimate { median, low, high } = change.speedup;
        let [fused, parallel, lanes] = change.configuration.words();
        let line = format!(
            "  {size:<14} {fused:<7} {parallel:<8} {lanes:<6}  {:>8} -> {:>8}  {median:.2}× the speed ({low:.2} … {high:.2}): {}",
            super::table::seconds(change.before),
            super::table::seconds(change.after),
            change.verdict()
        );
        let _ = writeln!(text, "{line}");
    }
    text
}

pub fn json(session: &Session, earlier: &Earlier) -> Json {
    let change = |change: &Change| {
        Json::object([
            ("n", change.n.map_or(Json::Null, Json::number)),
            ("configuration", Json::text(change.configuration.to_string())),
            ("seconds_before", Json::number(change.before)),
            ("seconds_now", Json::number(change.after)),
            ("speedup", Json::number(change.speedup.median)),
            ("speedup_low", Json::number(change.speedup.low)),
            ("speedup_high", Json::number(change.speedup.high)),
            ("verdict", Json::text(change.verdict().to_string())),
        ])
    };
    Json::object([
        ("file", Json::text(&earlier.file)),
        ("notes", Json::List(caveats(session, earlier).into_iter().map(Json::text).collect())),
        ("changes", Json::List(changes(session, earlier).iter().map(change).collect())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_need_both_an_interval_and_a_difference() {
        let verdict = |median, low, high| {
            let configuration = Configuration { fused: true, parallel: true, lanes: true };
            let speedup = Estimate { median, low, high };
            Change { n: None, configuration, before: 1.0, after: 1.0, speedup }.verdict()
        };
        assert_eq!(verdict(1.5, 1.4, 1.6), Verdict::Faster);
        assert_eq!(verdict(0.5, 0.4, 0.6), Verdict::Slower);
        assert_eq!(verdict(1.5, 0.9, 1.6), Verdict::NoDifference);
        assert_eq!(verdict(1.01, 1.005, 1.015), Verdict::NoDifference);
    }
}
