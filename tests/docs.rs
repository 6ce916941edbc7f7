//! README.md and docs/ are tests: their kernels parse, their commands run, and what a command prints is what stands below it.
//!
//! - A `python` block with a `def` is a kernel file, `kernel.py`, or whatever a first line `# NAME.py` calls it.
//! - The `durum` commands of a `sh` block run in a folder that holds it and `kernels/`; other commands are not run.
//! - A `text` block right after a `sh` block is what it prints, standard error included. If a line of it begins with `error`, the
//!   command must fail. `BLESS=1 cargo test --test docs` rewrites these blocks.
//!
//! The Rust blocks of README.md are doc tests of the library.
#![cfg(feature = "cli")]

use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn readme() {
    check("README.md");
}

#[test]
fn language() {
    check("docs/language.md");
}

#[test]
fn explanations() {
    check("docs/explain.md");
}

#[test]
fn mathematics() {
    check("docs/mathematics.md");
}

#[test]
fn measuring() {
    check("docs/measuring.md");
}

#[test]
fn architecture() {
    check("docs/architecture.md");
}

/// A fenced block: its language, and its text as a range of the document.
struct Block<'a> {
    language: &'a str,
    text: &'a str,
    start: usize,
    line: usize,
}

fn check(document: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join(document);
    let text = std::fs::read_to_string(&path).expect("a document");
    let folder = workplace(root, document);
    let blocks = blocks(&text);
    let mut failures = vec![];
    let mut blessed = text.clone();
    // Backwards would keep offsets valid, but commands build on each other: so offsets are moved along.
    let mut shift = 0isize;
    for (position, block) in blocks.iter().enumerate() {
        let place = format!("{document}:{}", block.line);
        if block.language == "python" && block.text.contains("def ") {
            write_kernel(&folder, block.text);
            let refused = blocks.get(position + 1).is_some_and(|next| next.language == "sh");
            if let (Err(error), false) = (durum::Engine::default().module(block.text), refused) {
                failures.push(format!("{place}: {error}"));
            }
        }
        let Some(script) =
            (block.language == "sh").then(|| script(block.text)).filter(|script| !script.is_empty())
        else {
            continue;
        };
        let expected = blocks.get(position + 1).filter(|next| next.language == "text");
        let (printed, success) = run(&folder, &script);
        let fails = expected.is_some_and(|block| block.text.lines().any(|line| line.starts_with("error")));
        let bless = std::env::var_os("BLESS").is_some();
        if success == fails && !bless {
            failures.push(format!("{place}: exit status {}\n{printed}", if success { "0" } else { "not 0" }));
        } else if let Some(expected) = expected.filter(|block| block.text.trim_end() != printed.trim_end()) {
            if bless {
                let start = expected.start.strict_add_signed(shift);
                let new = format!("{}\n", printed.trim_end());
                blessed.replace_range(start..start + expected.text.len(), &new);
                shift += new.len() as isize - expected.text.len() as isize;
            } else {
                failures.push(format!("{place}: prints\n{printed}instead of\n{}", expected.text));
            }
        }
    }
    if blessed != text {
        std::fs::write(&path, blessed).expect("the document is writable");
    }
    assert!(failures.is_empty(), "\n{}\nBLESS=1 rewrites what commands print", failures.join("\n"));
}

/// A new folder with a copy of the kernels.
fn workplace(root: &Path, document: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs").join(document.replace('/', "_"));
    let _ = std::fs::remove_dir_all(&folder);
    let kernels = folder.join("kernels/examples");
    std::fs::create_dir_all(&kernels).expect("a folder");
    for entry in std::fs::read_dir(root.join("kernels/examples")).expect("examples") {
        let path = entry.expect("a folder").path();
        std::fs::copy(&path, kernels.join(path.file_name().expect("a name"))).expect("copied");
    }
    folder
}

fn write_kernel(folder: &Path, text: &str) {
    let named =
        text.lines().next().and_then(|line| line.strip_prefix("# ")).filter(|name| name.ends_with(".py"));
    let path = folder.join(named.unwrap_or("kernel.py"));
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("written");
}

/// The `durum` commands of a block, one per line.
fn script(block: &str) -> String {
    let joined = block.replace("\\\n", " ");
    let commands = joined.lines().map(|line| line.replace("cargo run --release --", "durum"));
    commands.filter(|line| line.starts_with("durum ")).map(|line| line + "\n").collect()
}

fn run(folder: &Path, script: &str) -> (String, bool) {
    let binary = Path::new(env!("CARGO_BIN_EXE_durum")).parent().expect("a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(binary.to_path_buf()).chain(std::env::split_paths(&path));
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{script}")])
        .current_dir(folder)
        .env("PATH", std::env::join_paths(paths).expect("paths"))
        .output()
        .expect("sh");
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success())
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = vec![];
    let mut open: Option<Block> = None;
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let end = at + line.len();
        if let Some(language) = line.strip_prefix("```") {
            match open.take() {
                Some(block) => found.push(Block { text: &text[block.start..at], ..block }),
                None => {
                    open = Some(Block { language: language.trim(), text: "", start: end, line: number + 1 })
                }
            }
        }
        at = end;
    }
    found
}
