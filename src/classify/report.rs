//! What the user reads about a race or a doubt.

use super::judge::{Doubt, Pair};
use crate::base::{Diagnostic, Span};
use crate::loops::affine::Affine;
use crate::loops::depend;
use crate::loops::facts::{Access, Facts, Touch};
use crate::loops::{Array, For, Stmt, Value};

/// A race: the program is wrong.
pub fn error(facts: &Facts, index: Value, pair: &Pair) -> Diagnostic {
    let (write, other) = (&pair.first, &pair.second);
    let (written, met) = (text(facts, write), text(facts, other));
    let name = name(facts, write.array);
    let loop_ = loop_of(facts, index);
    if other.write {
        let message = if written == met {
            format!("{written} is written by more than one iteration of prange")
        } else {
            format!("{written} and {met} are the same element in different iterations of prange")
        };
        let mut diagnostic = Diagnostic::error(place(write, loop_), message).note("written here");
        if place(other, loop_) != place(write, loop_) {
            diagnostic = diagnostic.label(place(other, loop_), "and here, by another iteration");
        }
        return diagnostic
            .label(loop_.span, "iterations of this loop have no order")
            .hint(if written == met {
                format!("index {name} with {}, or store into it once, after the loop", variable(loop_))
            } else {
                "let every iteration store into elements of its own".to_string()
            })
            .hint(
                "for a sum, product, minimum or maximum over the iterations, update a local scalar: `s += …`",
            )
            .hint("for iterations that run in order, use range instead of prange");
    }
    let message = format!("{met} is read in one iteration of prange and {written} written in another");
    let mut diagnostic = Diagnostic::error(place(other, loop_), message).note("read here");
    if place(write, loop_) != place(other, loop_) {
        diagnostic =
            diagnostic.label(place(write, loop_), "the same element is written here, by another iteration");
    }
    diagnostic
        .label(loop_.span, "iterations of this loop have no order")
        .hint(format!("to read what {name} was before the loop, write into another array"))
        .hint("for iterations that run in order, use range instead of prange")
}

/// Undecided: the loop runs serially.
pub fn warning(facts: &Facts, index: Value, doubt: &Doubt) -> Diagnostic {
    let loop_ = loop_of(facts, index);
    let (pair, message) = explain(facts, doubt);
    let (write, other) = (&pair.first, &pair.second);
    let (here, there) = (place(write, loop_), place(other, loop_));
    let mut diagnostic = Diagnostic::warning(loop_.span, message).note("runs serially");
    if here != loop_.span {
        diagnostic = diagnostic.label(here, format!("{} is written here", text(facts, write)));
    }
    if there != here && there != loop_.span {
        let verb = if other.write { "written" } else { "read" };
        diagnostic = diagnostic.label(there, format!("{} is {verb} here", text(facts, other)));
    }
    match doubt {
        Doubt::Accumulation(pair) => {
            let name = name(facts, pair.first.array);
            diagnostic.hint(format!(
                "where a prange does nothing with {name} but update it, by one operator, that is done in parallel"
            ))
        }
        Doubt::Call(pair) if is_whole(pair) => {
            diagnostic.hint("write the inner loop in this function: then the outer one collects, in parallel")
        }
        Doubt::Subscripts(_) | Doubt::Condition(_) | Doubt::Call(_) | Doubt::Overlap(_) => {
            vouch(facts, diagnostic, pair)
        }
    }
}

fn explain<'a>(facts: &Facts, doubt: &'a Doubt) -> (&'a Pair, String) {
    match doubt {
        Doubt::Subscripts(pair) => {
            let name = name(facts, pair.first.array);
            let message = match pair.second.write {
                true => format!("cannot tell whether two iterations write the same element of {name}"),
                false => format!(
                    "cannot tell whether {} reads what another iteration writes to {name}",
                    text(facts, &pair.second)
                ),
            };
            (pair, message)
        }
        Doubt::Condition(pair) => {
            let name = name(facts, pair.first.array);
            (pair, format!("iterations meet in {name} where a condition holds"))
        }
        Doubt::Call(pair) => {
            let name = name(facts, pair.first.array);
            let message = if is_whole(pair) {
                format!("every iteration collects into {name}, in a prange of its own")
            } else {
                format!("cannot tell which elements of {name} the called function uses")
            };
            (pair, message)
        }
        Doubt::Overlap(pair) => {
            let names = (name(facts, pair.first.array), name(facts, pair.second.array));
            let message = if names.0 == names.1 {
                format!("cannot tell whether {} is the same array in two iterations", names.0)
            } else {
                format!("{} and {} may overlap", names.0, names.1)
            };
            (pair, message)
        }
        Doubt::Accumulation(pair) => {
            let name = name(facts, pair.first.array);
            let message = match (pair.first == pair.second, pair.second.write) {
                (true, _) => format!("iterations may update the same elements of {name}"),
                (false, true) => {
                    format!("iterations may update the same elements of {name} in different ways")
                }
                (false, false) => format!("iterations may update elements of {name} that others read"),
            };
            (pair, message)
        }
    }
}

/// Whether a loop inside collects into the array.
fn is_whole(pair: &Pair) -> bool {
    [&pair.first, &pair.second].iter().any(|access| access.touch == Touch::Whole)
}

/// How to state the missing fact.
fn vouch(facts: &Facts, diagnostic: Diagnostic, pair: &Pair) -> Diagnostic {
    let mut names: Vec<String> = vec![];
    for access in [&pair.first, &pair.second] {
        let origin = depend::origin(facts, access.array);
        let arrays = &facts.function.arrays;
        let name =
            if arrays[origin].name.is_empty() { &arrays[access.array].name } else { &arrays[origin].name };
        if !name.is_empty() && !names.contains(name) {
            names.push(name.clone());
        }
    }
    if names.is_empty() {
        return diagnostic.hint("for iterations that are meant to run in order, use range instead of prange");
    }
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let comma = if names.len() == 1 { "," } else { "" };
    let options: Vec<String> = names.iter().map(|name| format!("--assume-disjoint {name}")).collect();
    diagnostic.hint(format!(
        "if iterations never meet, say so: `@kernel(disjoint=({}{comma}))` or `{}`",
        quoted.join(", "),
        options.join(" "),
    ))
}

pub fn loop_of<'f>(facts: &Facts<'f>, index: Value) -> &'f For {
    find(&facts.function.body, index).expect("the loop is in the function")
}

fn find(block: &[Stmt], index: Value) -> Option<&For> {
    block.iter().find_map(|stmt| match stmt {
        Stmt::For(loop_) if loop_.index == index => Some(&**loop_),
        _ => stmt.blocks().into_iter().find_map(|inner| find(inner, index)),
    })
}

/// Where an access stands; the loop where that is not known.
fn place(access: &Access, loop_: &For) -> Span {
    if access.span == Span::default() { loop_.span } else { access.span }
}

fn variable(loop_: &For) -> String {
    if loop_.name.is_empty() { "the loop variable".to_string() } else { format!("`{}`", loop_.name) }
}

/// `` `y` ``, or "an array" where it has no name.
fn name(facts: &Facts, array: Array) -> String {
    let arrays = &facts.function.arrays;
    let names = [&arrays[array].name, &arrays[depend::origin(facts, array)].name];
    match names.into_iter().find(|name| !name.is_empty()) {
        Some(name) => format!("`{name}`"),
        None => "an array".to_string(),
    }
}

/// `` `y[i - 1]` ``, or the name alone where a subscript has no short text.
fn text(facts: &Facts, access: &Access) -> String {
    let own = &facts.function.arrays[access.array].name;
    let (Touch::Element(indices), false) = (&access.touch, own.is_empty()) else {
        return name(facts, access.array);
    };
    let subscripts: Option<Vec<String>> =
        indices.iter().map(|&index| subscript(facts, &facts.written(index))).collect();
    match subscripts {
        Some(subscripts) => format!("`{own}[{}]`", subscripts.join(", ")),
        None => name(facts, access.array),
    }
}

fn subscript(facts: &Facts, form: &Affine) -> Option<String> {
    let mut text = String::new();
    for term in &form.terms {
        let names: Option<Vec<String>> = term.factors.iter().map(|&factor| facts.name(factor)).collect();
        let names = names?.join("*");
        let size = term.coefficient.unsigned_abs();
        let product = if size == 1 { names } else { format!("{size}*{names}") };
        append(&mut text, term.coefficient < 0, &product);
    }
    if form.constant != 0 || text.is_empty() {
        append(&mut text, form.constant < 0, &form.constant.unsigned_abs().to_string());
    }
    Some(text)
}

fn append(text: &mut String, negative: bool, term: &str) {
    match (text.is_empty(), negative) {
        (true, false) => {}
        (true, true) => text.push('-'),
        (false, false) => text.push_str(" + "),
        (false, true) => text.push_str(" - "),
    }
    text.push_str(term);
}
