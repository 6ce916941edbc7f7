//! What `durum explain` says about every kernel: `tests/explain/FILE.txt`, each command followed by what it prints.
//! `BLESS=1 cargo test --test explain` rewrites the files.
//!
//! Kernels are explained at the types of their first `# call:`. Functions of `kernels/std` are explained where kernels of
//! `tests/explain/library.py` call them.
#![cfg(feature = "cli")]

use durum::{Engine, Type};
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn every_example() {
    check_folder("kernels/examples");
}

#[test]
fn functions_of_the_library() {
    check_folder("tests/explain");
}

/// Whatever has a loop in `kernels/std` is called by a kernel of `tests/explain/library.py`.
#[test]
fn every_loop_of_the_library_is_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let module = Engine::default().module(read(&root.join("tests/explain/library.py"))).expect("parses");
    let mut typed = String::new();
    for (kernel, arguments) in calls(module.text()) {
        let types: Vec<Type> = arguments.iter().map(|text| type_of(module.engine(), text)).collect();
        typed += &module.kernel(&kernel).expect("a kernel").dump(&types, "hir").expect("compiles");
    }
    let mut missing = vec![];
    for file in kernel_files("kernels/std") {
        let text = read(&file);
        for function in text.split("\ndef ").skip(1) {
            let is_loop =
                |line: &str| ["for ", "while "].iter().any(|word| line.trim_start().starts_with(word));
            let name = function.split('(').next().expect("a name");
            if function.lines().any(is_loop) && !typed.contains(name) {
                missing.push(format!("no kernel of tests/explain/library.py calls `{name}`"));
            }
        }
    }
    report(missing);
}

fn type_of(engine: &Engine, text: &str) -> Type {
    engine.evaluate(text).expect("an argument").as_arg().ty()
}

/// What is printed for a file of this text, standard error included, and the exit status.
fn durum(text: &str, arguments: &[&str]) -> (String, i32) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("explain");
    std::fs::create_dir_all(&folder).expect("a folder");
    let thread = std::thread::current();
    let name = format!("{}.py", thread.name().expect("tests have names"));
    std::fs::write(folder.join(&name), text).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_durum"))
        .current_dir(&folder)
        .args(["explain", "--threads", "4", &name])
        .args(arguments)
        .output()
        .expect("runs");
    let printed =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (printed, output.status.code().expect("a status"))
}

#[test]
fn types_are_needed() {
    let text = "def f(x, n):\n    return x * n\n\n\ndef g(x: f64[:]):\n    return x\n";
    let (printed, status) = durum(text, &["f"]);
    assert_eq!((&*printed, status), ("error: the types of `f` are not known\nhelp: give x:TYPE n:TYPE\n", 2));
    let (printed, status) = durum(text, &["f", "x:f64[:]"]);
    assert_eq!((&*printed, status), ("error: the types of `f` are not known\nhelp: give n:TYPE\n", 2));
    let (printed, status) = durum(text, &[]);
    assert!(
        printed.starts_with("error: types_are_needed.py has several functions: say which\n"),
        "{printed}"
    );
    assert_eq!(status, 2);
    // Annotations give them.
    assert_eq!(durum(text, &["g"]).1, 0);
    let (printed, status) = durum(text, &["g", "y=2"]);
    assert!(printed.starts_with("error: `g` has no parameter `y`"), "{printed}");
    assert_eq!(status, 2);
    let (printed, status) = durum("def f(x):\n    return y\n", &["x=1"]);
    assert!(printed.starts_with("error: ") && printed.contains("types_are_needed.py:2:12"), "{printed}");
    assert_eq!(status, 1);
    let (printed, status) = durum("def f(x):\n    return y\n", &["x=1", "--json"]);
    assert!(printed.starts_with("{\"status\": 1, "), "{printed}");
    assert_eq!(status, 1);
}

#[test]
fn json_says_the_same() {
    let text = "def f(x, y):\n    for i in prange(len(x)):\n        y[i] = x[i]\n    return x * 2.0 + y\n";
    let arguments = ["x:f64[::1]", "y:f64[::1]"];
    let (printed, _) = durum(text, &arguments);
    let (json, status) = durum(text, &[&arguments[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((status, &json["status"], &json["kernel"]), (0, &0.into(), &"f".into()));
    let loops = json["functions"][0]["loops"].as_array().expect("loops");
    let mut texts = 0;
    for found in loops {
        for note in found["notes"].as_array().expect("notes") {
            let mark = match note["outcome"].as_str() {
                Some("done") => "+",
                Some("missed") => "-",
                _ => "=",
            };
            let line = format!("{mark} {}\n", note["text"].as_str().expect("text"));
            assert!(printed.contains(&line), "{line} is not in\n{printed}");
            texts += 1;
        }
    }
    let is_note = |line: &&str| {
        let note = line.split_once("| ").map_or("", |(_, note)| note.trim_start());
        ["+ ", "- ", "= "].iter().any(|mark| note.starts_with(mark))
    };
    assert_eq!(texts, printed.lines().filter(is_note).count());
    let first = &loops[0];
    assert_eq!((&first["kind"], &first["line"], &first["column"]), (&"for".into(), &2.into(), &5.into()));
    assert_eq!((&first["end_line"], &first["end_column"]), (&2.into(), &28.into()));
    let checks = first["notes"].as_array().expect("notes").iter().find(|note| note["topic"] == "checks");
    assert_eq!(checks.expect("checks")["hoisted"], 1);
    let second = &loops[1];
    assert_eq!((&second["kind"], &second["text"]), (&"array".into(), &"x * 2.0 + y".into()));
    assert_eq!(second["operations"].as_array().expect("operations").len(), 2);
}

/// Tabs, wide characters, carriage returns and long lines: marks stand below what they mean.
#[test]
fn odd_sources() {
    let (printed, _) = durum(
        "def f(größe, 変数):\r\n\t合 = 1.0; 他 = 変数 + größe\r\n\treturn 合, 他\r\n",
        &["größe=2.0", "変数:f64[::1]"],
    );
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[1], "2 |     合 = 1.0; 他 = 変数 + größe");
    assert_eq!(lines[2], "  |                    ^^^^^^^^^^^^");
    assert!(!printed.contains(['\r', '\t']), "{printed}");

    let terms: Vec<String> = (0..60).map(|k| format!("x * {k}.0")).collect();
    let text = format!("def f(x):\n    y = {}; z = np.sum(x)\n    return y, z\n", terms.join(" + "));
    let (printed, _) = durum(&text, &["x:f64[::1]"]);
    assert!(printed.lines().all(|line| line.chars().count() <= 120), "{printed}");
    assert!(printed.contains("…\n  |     … np.sum(x)\n"), "{printed}");

    let (printed, status) = durum("def f():\n    pass\n", &[]);
    assert_eq!((&*printed, status), ("1 | def f():\n  | = no loops of its own\n2 |     pass\n", 0));
    let (printed, _) = durum("def f(x): return np.sum(x) * np.max(x)", &["x:f64[::1]"]);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "1 | def f(x): return np.sum(x) * np.max(x)",
            "  |                  ^^^^^^^^^   ^^^^^^^^^",
            "  | + one loop for 2 array operations",
        ]
    );
    let text =
        "def f(\n    x,\n    y,\n):\n    return np.where(\n        x > y,\n        x,\n        y,\n    )\n";
    let (printed, _) = durum(text, &["x:f64[::1]", "y:f64[::1]"]);
    assert!(printed.contains("9 |     )\n  |     ^\n  |     + one loop for "), "{printed}");
}

/// Functions that are inlined twice, with different outcomes.
#[test]
fn copies() {
    let text =
        "def g(x):\n    for i in range(len(x)):\n        x[i] += 1.0\n\n\ndef f(x, y):\n    g(x)\n    g(y)\n";
    let (printed, _) = durum(text, &["f", "x:f64[::1]", "y:f32[::1]"]);
    assert_eq!(printed.matches("vectorised").count(), 1, "{printed}");
    assert!(
        printed.contains("= per iteration: 8 bytes read, 8 bytes written, 1 operation on floats\n"),
        "{printed}"
    );
    assert!(
        printed.contains(
            "= in another copy, per iteration: 4 bytes read, 4 bytes written, 1 operation on floats\n"
        ),
        "{printed}"
    );
    let (printed, _) = durum(text, &["f", "x:f64[::1]", "y:f64[::1]"]);
    assert!(!printed.contains("another copy"), "{printed}");
}

/// Each kernel that is called in a file, as it is first called.
fn check_folder(folder: &str) {
    let mut failures = vec![];
    for file in kernel_files(folder) {
        let module = Engine::default().module(read(&file)).expect("parses");
        let mut shown = String::new();
        let mut seen = vec![];
        for (kernel, arguments) in calls(module.text()) {
            if !seen.contains(&kernel) {
                let params = module.kernel(&kernel).expect("a kernel").info().params;
                let bindings =
                    params.iter().zip(&arguments).map(|(param, text)| format!("{}={text}", param.name));
                shown += &explained(&file, &kernel, &bindings.collect::<Vec<_>>());
                seen.push(kernel);
            }
        }
        check(&file, &shown, &mut failures);
    }
    report(failures);
}

fn calls(text: &str) -> impl Iterator<Item = (String, Vec<String>)> {
    text.lines().filter_map(|line| line.strip_prefix("# call: ")).map(split_call)
}

fn explained(file: &Path, kernel: &str, bindings: &[String]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let name = file.strip_prefix(root).expect("within the repository");
    let output = Command::new(env!("CARGO_BIN_EXE_durum"))
        .current_dir(root)
        .env_remove("DURUM_NUM_THREADS")
        .args(["explain", "--threads", "4"])
        .arg(name)
        .arg(kernel)
        .args(bindings)
        .output()
        .expect("runs");
    let printed =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} {kernel} {bindings:?}: {printed}", name.display());
    format!("$ durum explain {} {kernel} {}\n{printed}\n", name.display(), bindings.join(" "))
}

fn check(file: &Path, shown: &str, failures: &mut Vec<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let stem = file.file_stem().expect("a name").to_string_lossy();
    // Those of the examples have a folder of their own.
    let folder = if file.starts_with(root.join("tests")) { "" } else { "examples" };
    let path = root.join("tests/explain").join(folder).join(format!("{stem}.txt"));
    let shown = shown.trim_end().to_string() + "\n";
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, shown).expect("the file is writable");
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected != shown {
        let differs = expected.lines().zip(shown.lines()).find(|(old, new)| old != new);
        failures.push(format!("{}: {differs:?}", path.display()));
    }
}

fn report(failures: Vec<String>) {
    assert!(failures.is_empty(), "\n{}\nBLESS=1 rewrites what is expected", failures.join("\n"));
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).expect("a kernel file")
}

fn kernel_files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "py"));
    files.sort();
    files
}

/// `f(a, (b, c))` as the name and the texts of its arguments.
fn split_call(call: &str) -> (String, Vec<String>) {
    let (name, rest) = call.trim().split_once('(').expect("a call");
    let rest = rest.strip_suffix(')').expect("a call");
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in rest.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().expect("some").push(c);
    }
    let texts = parts.iter().map(|part| part.trim().to_string()).filter(|part| !part.is_empty());
    (name.to_string(), texts.collect())
}
