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
