//! Long runs: child processes that go through seeds, their parent, and what is printed about a failure.

use crate::generate::{self, Audience};
use crate::program::Program;
use crate::run::{Configurations, Failure, Outcome, Verdict};
use crate::same_kind;
use crate::shrink::shrink;
use serde_json::json;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Seeds of one child process.
const BATCH: u64 = 200;

pub fn silence_panics() {
    std::panic::set_hook(Box::new(|_| {}));
}

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/random");
    std::fs::create_dir_all(&folder).expect("a folder in target");
    folder
}

/// The failing program, shrunk, as a file of the corpus.
pub fn report(configurations: &Configurations, seed: u64, failure: &Failure) -> String {
    let program = generate::program(seed, Audience::Durum);
    let name = match failure {
        Failure::Differs(name, ..) | Failure::Broken(name, _) => name.clone(),
    };
    let mut last = failure.clone();
    let small = shrink(&program, &mut |program| match configurations.check(program, Some(&name)) {
        Err(found) if same_kind(&found, failure) => {
            last = found;
            true
        }
        _ => false,
    });
    let layouts: Vec<String> =
        small.arguments.iter().map(|argument| format!("{:?}", argument.layout)).collect();
    format!("seed {seed}, {}\nlayouts: {}\n{}\n", told(&last), layouts.join(", "), small.file())
}

fn told(failure: &Failure) -> String {
    let outcome = |outcome: &Outcome| match outcome {
        Outcome::Returned(json) => json.to_string(),
        other => format!("{other:?}"),
    };
    match failure {
        Failure::Differs(name, got, expected) => {
            format!("{name}:\n{}\ninterpreted:\n{}", outcome(got), outcome(expected))
        }
        Failure::Broken(name, message) => {
            format!("{name}: {}", message.chars().take(400).collect::<String>())
        }
    }
}

/// A child's work: the seed at hand stands in the file `current`, should the process die.
pub fn batch(start: u64, count: u64, current: &str) {
    silence_panics();
    let configurations = Configurations::new();
    let mut counts = [0u64; 4];
    for seed in start..start + count {
        std::fs::write(current, seed.to_string()).expect("a file in target");
        match configurations.check(&generate::program(seed, Audience::Durum), None) {
            Ok(verdict) => {
                if let Verdict::Rejected(message) = &verdict {
                    append("rejected.txt", &format!("seed {seed}: {message}"));
                }
                counts[verdict.position()] += 1;
            }
            Err(failure) => note(&report(&configurations, seed, &failure)),
        }
    }
    let [agreed, faulted, rejected, slow] = counts;
    println!("{agreed} {faulted} {rejected} {slow}");
}

fn note(text: &str) {
    append("failures.txt", &format!("{}\n{text}", "=".repeat(100)));
    eprintln!("failure: {}", text.chars().take(200).collect::<String>());
}

fn append(name: &str, text: &str) {
    let mut file =
        OpenOptions::new().create(true).append(true).open(folder().join(name)).expect("a file in target");
    writeln!(file, "{text}").expect("a file in target");
}

struct Job {
    child: Child,
    start: u64,
    current: PathBuf,
}

fn start(start: u64, number: u64) -> Job {
    let current = folder().join(format!("seed-{number}"));
    let child = Command::new(std::env::current_exe().expect("this program"))
        .args(["batch", &start.to_string(), &BATCH.to_string()])
        .arg(&current)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child process");
    Job { child, start, current }
}

/// Programs for so many seconds, in child processes.
pub fn soak(seconds: u64, first: u64, jobs: u64) {
    let (begin, end) = (Instant::now(), Instant::now() + Duration::from_secs(seconds));
    let (mut next, mut totals) = (first, [0u64; 4]);
    let mut running: Vec<Job> = vec![];
    for number in 0..jobs.max(1) {
        running.push(start(next, number));
        next += BATCH;
    }
    let mut printed = Instant::now();
    while !running.is_empty() {
        std::thread::sleep(Duration::from_millis(50));
        for position in (0..running.len()).rev() {
            if running[position].child.try_wait().expect("a child").is_none() {
                continue;
            }
            let job = running.remove(position);
            let number = job
                .current
                .to_string_lossy()
                .rsplit('-')
                .next()
                .and_then(|text| text.parse().ok())
                .unwrap_or(0);
            let resume = finish(job, &mut totals);
            if Instant::now() < end {
                let from = resume.unwrap_or(next);
                next = next.max(from + BATCH);
                running.push(start(from, number));
            }
        }
        if printed.elapsed() > Duration::from_secs(30) {
            printed = Instant::now();
            progress(begin, next, totals);
        }
    }
    progress(begin, next, totals);
}

/// Counts what a child did. If it died, notes the seed and gives the one to go on with.
fn finish(job: Job, totals: &mut [u64; 4]) -> Option<u64> {
    let output = job.child.wait_with_output().expect("a child");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        for (total, count) in totals.iter_mut().zip(text.split_whitespace()) {
            *total += count.parse::<u64>().unwrap_or(0);
        }
        return None;
    }
    let seed =
        std::fs::read_to_string(&job.current).ok().and_then(|text| text.parse().ok()).unwrap_or(job.start);
    let program = generate::program(seed, Audience::Durum);
    note(&format!("seed {seed}: the process died: {}\n{}", output.status, program.file()));
    // The seeds that are left of the batch run in the next one.
    (seed + 1 < job.start + BATCH).then_some(seed + 1)
}

fn progress(begin: Instant, next: u64, totals: [u64; 4]) {
    let [agreed, faulted, rejected, slow] = totals;
    println!(
        "{:6.0} s, up to seed {next}: {agreed} returned, {faulted} faulted, {rejected} rejected, {slow} slow",
        begin.elapsed().as_secs_f64()
    );
}

/// One program and what becomes of it.
pub fn show(seed: u64) {
    let program = generate::program(seed, Audience::Durum);
    println!("{}", program.file());
    let configurations = Configurations::new();
    println!("# {:?}", configurations.interpret(&program));
    match configurations.check(&program, None) {
        Ok(verdict) => println!("# {verdict:?}"),
        Err(failure) => println!("# {}", report(&configurations, seed, &failure)),
    }
}

/// A program as a line of JSON for `tests/cpython.py programs`; None if it does not run.
fn line(configurations: &Configurations, seed: u64, program: &Program) -> Result<String, Outcome> {
    let expected = match configurations.interpret(program) {
        Outcome::Returned(json) => json,
        Outcome::Fault(exception, _) => json!({"fault": exception}),
        outcome => return Err(outcome),
    };
    let (text, call) = (program.source(), program.call());
    Ok(json!({"seed": seed, "text": text, "call": call, "expected": expected}).to_string())
}

/// Programs for CPython, a line each: text, call and what the interpreter gives.
pub fn write(count: u64, file: &str, first: u64) {
    silence_panics();
    let configurations = Configurations::new();
    let mut file = std::fs::File::create(file).expect("a file to write");
    let (mut rejected, mut written) = (0, 0);
    for seed in first..first + count {
        match line(&configurations, seed, &generate::program(seed, Audience::Numpy)) {
            Ok(line) => {
                writeln!(file, "{line}").expect("a file to write");
                written += 1;
            }
            Err(Outcome::Rejected(message)) => {
                append("rejected.txt", &format!("for numpy, seed {seed}: {message}"));
                rejected += 1;
            }
            Err(outcome) => eprintln!("seed {seed}: {outcome:?}"),
        }
    }
    println!("{written} programs written, {rejected} rejected");
}

/// Shrinks a program on which CPython differs.
pub fn shrink_for_numpy(seed: u64, python: &str) {
    silence_panics();
    let configurations = Configurations::new();
    let file = folder().join(format!("shrink-{seed}.jsonl"));
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cpython.py");
    let mut told = String::new();
    let small = shrink(&generate::program(seed, Audience::Numpy), &mut |program| {
        let Ok(line) = line(&configurations, seed, program) else { return false };
        std::fs::write(&file, line).expect("a file in target");
        let output = Command::new(python).arg(&script).arg("programs").arg(&file).output().expect("Python");
        let differs = output.status.code() == Some(1) && !output.stdout.is_empty();
        if differs {
            told = String::from_utf8_lossy(&output.stdout).into_owned();
        }
        differs
    });
    println!("{told}{}", if told.is_empty() { small.file() } else { String::new() });
}
