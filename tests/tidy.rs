//! The rules of the house as tests: who imports whom, `//!` on every file, a reason beside every `unsafe`, dependencies with their
//! reasons, links that lead somewhere. What may import what is read from the table in docs/architecture.md.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The only modules with `unsafe`: generated code, foreign memory, memory maps.
const UNSAFE: &[&str] = &["arguments", "cli", "emit", "engine", "interp", "kernel", "runtime", "typed"];

/// Beyond this a file holds two ideas.
const MOST_LINES: usize = 900;

#[test]
fn imports_follow_the_table() {
    let table = import_table();
    let modules = modules();
    let mut failures = vec![];
    for module in &modules {
        if !table.contains_key(module) {
            failures.push(format!("docs/architecture.md has no row for `{module}`"));
        }
    }
    for (row, allowed) in &table {
        for name in std::iter::once(row).chain(allowed).filter(|name| !modules.contains(*name)) {
            failures.push(format!("docs/architecture.md names a module `{name}`, which does not exist"));
        }
    }
    for file in files("src", "rs") {
        let module = module_of(&file);
        let Some(allowed) = table.get(&module) else { continue };
        for imported in imports(&code_of(&file)) {
            if imported != module && !allowed.contains(&imported) {
                failures.push(format!("{}: `{module}` may not import `{imported}`", shown(&file)));
            }
        }
    }
    report(failures);
}

#[test]
fn every_file_says_what_it_is() {
    let files = ["src", "tests", "benches"].into_iter().flat_map(|folder| files(folder, "rs"));
    let silent = files.filter(|file| !read(file).starts_with("//!"));
    report(silent.map(|file| format!("{}: does not begin with //!", shown(&file))).collect());
}

/// A function of `kernels/std` is found by its name alone.
#[test]
fn functions_of_the_library_have_different_names() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut failures = vec![];
    for file in files("kernels/std", "py") {
        for name in read(&file).lines().filter_map(|line| line.strip_prefix("def ")?.split('(').next()) {
            if let Some(other) = seen.insert(name.to_string(), shown(&file)) {
                failures.push(format!("`{name}` is defined in {other} and in {}", shown(&file)));
            }
        }
    }
    report(failures);
}

#[test]
fn files_are_short() {
    let long = files("src", "rs").into_iter().filter(|file| read(file).lines().count() > MOST_LINES);
    report(long.map(|file| format!("{}: over {MOST_LINES} lines", shown(&file))).collect());
}

#[test]
fn unsafe_is_rare_and_explained() {
    let mut failures = vec![];
    for file in ["src", "tests", "benches"].into_iter().flat_map(|folder| files(folder, "rs")) {
        if shown(&file) == "tests/tidy.rs" {
            continue;
        }
        let text = read(&file);
        let lines: Vec<&str> = text.lines().collect();
        for number in (0..lines.len()).filter(|number| has_unsafe(lines[*number])) {
            if file.starts_with(root().join("src")) && !UNSAFE.contains(&module_of(&file).as_str()) {
                failures.push(format!("{}:{}: no `unsafe` in this module", shown(&file), number + 1));
            }
            // In tests, functions of the types of base/abi.rs need no words of their own.
            let plain = shown(&file).contains("/tests/") && lines[number].contains("extern \"C\" fn ");
            if !plain && !is_explained(&lines, number) {
                failures.push(format!("{}:{}: no SAFETY comment", shown(&file), number + 1));
            }
        }
    }
    report(failures);
}

/// A block, impl, trait or function; not the type of a function, nor an attribute.
fn has_unsafe(line: &str) -> bool {
    let code = without_comment(line);
    let Some(at) = code.find("unsafe") else { return false };
    let before = code[..at].chars().next_back().unwrap_or(' ');
    let after = code[at + "unsafe".len()..].trim_start();
    let is_word = !before.is_alphanumeric() && !matches!(before, '_' | '`' | '"');
    is_word && ["{", "impl", "trait", "fn ", "extern \"C\" fn "].iter().any(|start| after.starts_with(start))
}

/// `SAFETY:` or `# Safety` in the comment in front of the statement, or at its end.
fn is_explained(lines: &[&str], number: usize) -> bool {
    let says = |line: &str| line.contains("SAFETY:") || line.contains("# Safety");
    says(lines[number]) || lines[number.saturating_sub(10)..number].iter().rev().any(|line| says(line))
}

#[test]
fn dependencies_have_reasons() {
    let manifest = read(&root().join("Cargo.toml"));
    let reasons = read(&root().join("docs/dependencies.md"));
    let mut section = "";
    let mut named = BTreeSet::new();
    let mut failures = vec![];
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.ends_with("dependencies]")
            && let Some((name, value)) = line.split_once('=')
        {
            let name = name.trim();
            if !reasons.contains(&format!("\n| `{name}` |")) {
                failures.push(format!("docs/dependencies.md does not say why `{name}`"));
            }
            if name.starts_with("cranelift") && !value.contains("\"=") {
                failures.push(format!("`{name}` is not pinned with `=`"));
            }
            named.insert(name);
        }
    }
    for row in reasons.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()) {
        if !named.contains(row) {
            failures.push(format!("docs/dependencies.md explains `{row}`, which is no dependency"));
        }
    }
    report(failures);
}

#[test]
fn examples_say_how_to_run_them() {
    let mut failures = vec![];
    for file in files("kernels/examples", "py") {
        let text = read(&file);
        let docstring = text.strip_prefix("\"\"\"").and_then(|rest| rest.split("\"\"\"").next());
        if !docstring.is_some_and(|text| text.contains(&format!("durum run {} ", shown(&file)))) {
            failures.push(format!("{}: its docstring shows no `durum run` command", shown(&file)));
        }
    }
    report(failures);
}

#[test]
fn documents_point_at_things_that_exist() {
    let mut failures = vec![];
    for file in documents() {
        let text = without_code_blocks(&read(&file));
        let folder = file.parent().expect("a folder");
        for link in links(&text).filter(|link| !link.contains("://")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { file.clone() } else { folder.join(path) };
            if !target.exists() {
                failures.push(format!("{}: no file at {link}", shown(&file)));
            } else if !anchor.is_empty() && !headings(&read(&target)).contains(anchor) {
                failures.push(format!("{}: no heading at {link}", shown(&file)));
            }
        }
        for path in quoted_paths(&text).filter(|path| !root().join(path).exists()) {
            failures.push(format!("{}: `{path}` does not exist", shown(&file)));
        }
    }
    report(failures);
}

// ---- reading the sources ---------------------------------------------------------------------------------------------

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = vec![];
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.expect("a folder").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn documents() -> Vec<PathBuf> {
    let mut found = files("docs", "md");
    found.push(root().join("README.md"));
    found
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn shown(file: &Path) -> String {
    file.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/")
}

fn code_of(file: &Path) -> String {
    read(file).lines().map(|line| format!("{}\n", without_comment(line))).collect()
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line.split(" // ").next().expect("one part") }
}

/// The top-level modules: `ast`, `base`, … and `lib`, `main`.
fn modules() -> BTreeSet<String> {
    files("src", "rs").iter().map(|file| module_of(file)).collect()
}

fn module_of(file: &Path) -> String {
    let path = file.strip_prefix(root().join("src")).expect("in src");
    let first = path.components().next().expect("a file").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_string()
}

/// The modules after `crate::`, in `use` and in paths.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back().unwrap_or(' ');
        if before == '$' || before.is_alphanumeric() || before == '_' {
            continue;
        }
        let rest = &code[at + path.len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(first_names(group)),
            None => found.extend(first_name(rest)),
        }
    }
    found
}

/// The names that begin the items of `{a::b, c::{d, e}}`.
fn first_names(group: &str) -> Vec<String> {
    let mut names = vec![];
    let mut depth = 0;
    let mut item = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.extend(first_name(&group[item..at]));
                item = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

fn first_name(text: &str) -> Option<String> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_string())
}

// ---- reading the documents -------------------------------------------------------------------------------------------

/// Module → what it may import. The table is the one whose header has a column "may import".
fn import_table() -> BTreeMap<String, BTreeSet<String>> {
    let text = read(&root().join("docs/architecture.md"));
    let rows =
        text.lines().skip_while(|line| !(line.starts_with('|') && line.contains("may import"))).skip(2);
    let mut table = BTreeMap::new();
    for row in rows.take_while(|line| line.starts_with('|')) {
        let columns: Vec<&str> = row.split('|').collect();
        for module in quoted_names(columns[1]) {
            table.insert(module, quoted_names(columns[3]).collect());
        }
    }
    assert!(!table.is_empty(), "docs/architecture.md has no table of imports");
    table
}

fn quoted_names(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(|name| name.trim_end_matches('/').trim_end_matches(".rs").to_string())
}

fn without_code_blocks(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// `src/loops.rs` and the like, between backquotes.
fn quoted_paths(text: &str) -> impl Iterator<Item = &str> {
    let folders = ["src/", "tests/", "kernels/", "docs/", "grammar/", "benches/", ".ci/"];
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(move |path| {
        folders.iter().any(|folder| path.starts_with(folder)) && !path.contains(['*', '…', ' '])
    })
}

/// The anchors of a document's headings.
fn headings(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| line.trim_start_matches('#').trim())
        .map(|heading| {
            let kept = heading.to_lowercase().replace(' ', "-");
            kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
        })
        .collect()
}

fn report(failures: Vec<String>) {
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}
