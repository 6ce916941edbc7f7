//! Time to compile: every example for the types of its first `# call:` line, and generated kernels of growing size.

use super::paired;
use durum::{Arg, Engine, Value};
use std::fmt::Write;
use std::fs;
use std::time::Instant;

/// Parse, type, optimise, emit, of each file in `kernels/examples`; the median over all.
pub fn examples() {
    let mut files: Vec<_> = fs::read_dir("kernels/examples")
        .expect("run from the root of the repository")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    files.sort();
    let mut all = vec![];
    for path in files {
        let text = fs::read_to_string(&path).expect("readable");
        let (name, args) = first_call(&text);
        let mut times: Vec<f64> = (0..20).map(|_| milliseconds(&text, &name, &args)).collect();
        let median = paired::median(&mut times);
        println!("{:<24} {median:6.2} ms", path.file_stem().expect("a name").display());
        all.push(median);
    }
    println!("{:<24} {:6.2} ms   (target 5)", "median", paired::median(&mut all));
    println!("{:<24} {:6.2} ms   (target 15)", "worst", all.iter().copied().fold(0.0, f64::max));
}

/// A kernel with about so many statements.
type Generator = fn(usize) -> String;

/// Statements of several kinds, 250 to 4,000 of them.
pub fn sizes() {
    let kinds: [(&str, Generator); 6] = [
        ("scalars", scalars),
        ("branches", branches),
        ("elements", elements),
        ("loops", loops),
        ("mathematics", mathematics),
        ("arrays", arrays),
    ];
    println!("{:<14}{:>10}{:>10}{:>10}{:>10}{:>10}", "statements", 250, 500, 1000, 2000, 4000);
    for (name, program) in kinds {
        let mut line = format!("{name:<14}");
        for statements in [250, 500, 1000, 2000, 4000] {
            let text = program(statements);
            let args = ["np.ones(64)".to_string(), "1.5".to_string()];
            let mut times: Vec<f64> = (0..3).map(|_| milliseconds(&text, "f", &args)).collect();
            write!(line, "{:>7.0} ms", paired::median(&mut times)).expect("a string");
        }
        println!("{line}");
    }
    println!("(target: 1000 ms for 2,000 statements)");
}

fn milliseconds(text: &str, name: &str, args: &[String]) -> f64 {
    let engine = Engine::default();
    let mut values: Vec<Value> = args.iter().map(|arg| engine.evaluate(arg).expect("a value")).collect();
    let args: Vec<Arg> = values.iter_mut().map(|value| value.as_arg()).collect();
    let start = Instant::now();
    let kernel = engine.module(text).and_then(|module| module.kernel(name)).expect("a kernel");
    kernel.prepare(&args).expect("compiles");
    start.elapsed().as_secs_f64() * 1e3
}

/// The name and the arguments of the first `# call:` line.
fn first_call(text: &str) -> (String, Vec<String>) {
    let call = text.lines().find_map(|line| line.strip_prefix("# call: ")).expect("a call");
    let (name, rest) = call.split_once('(').expect("a call");
    let mut args = vec![String::new()];
    let mut depth = 0;
    for character in rest.trim_end().strip_suffix(')').expect("a call").chars() {
        depth += matches!(character, '(' | '[') as i32 - matches!(character, ')' | ']') as i32;
        match character {
            ',' if depth == 0 => args.push(String::new()),
            _ => args.last_mut().expect("one at least").push(character),
        }
    }
    (name.to_string(), args.iter().map(|arg| arg.trim().to_string()).collect())
}

fn scalars(statements: usize) -> String {
    let line = |k: usize| format!("    s{k} = s{} * 0.{} + s{}\n", k - 1, k % 89 + 10, k - k.min(k % 17 + 1));
    let body: String = (1..statements).map(line).collect();
    format!("def f(x, a):\n    s0 = a\n{body}    return s{}\n", statements - 1)
}

fn branches(statements: usize) -> String {
    let line =
        |k| format!("    if s > {k}:\n        s = s * 0.5\n        t += 1\n    else:\n        s += a\n");
    let body: String = (0..statements / 4).map(line).collect();
    format!("def f(x, a):\n    s = 0.0\n    t = 0\n{body}    return s, t\n")
}

fn elements(statements: usize) -> String {
    let line = |k| format!("    x[{}] = x[{}] * 0.5 + a\n    s += x[{}]\n", k % 50, k * 7 % 50, k * 3 % 50);
    let body: String = (0..statements / 2).map(line).collect();
    format!("def f(x, a):\n    s = 0.0\n{body}    return s\n")
}

fn loops(statements: usize) -> String {
    let line = |k| {
        format!(
            "    for i in range(len(x)):\n        t = x[i] * {k} + a\n        s += t * x[i]\n    s *= 0.5\n"
        )
    };
    let body: String = (0..statements / 4).map(line).collect();
    format!("def f(x, a):\n    s = 0.0\n{body}    return s\n")
}

fn mathematics(statements: usize) -> String {
    let name = |k| ["exp", "sin", "log", "tanh"][k % 4];
    let body: String = (0..statements).map(|k| format!("    s = math.{}(s) + {k}\n", name(k))).collect();
    format!("def f(x, a):\n    s = a\n{body}    return s\n")
}

fn arrays(statements: usize) -> String {
    let body: String = (0..statements).map(|k| format!("    y[:] = y * 0.{} + x\n", k % 89 + 10)).collect();
    format!("def f(x, a):\n    y = np.zeros(len(x))\n{body}    return y\n")
}
