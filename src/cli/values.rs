//! `NAME=VALUE` and `NAME:TYPE`: what the parameters of a kernel get.

use super::array::{Access, FileArray, Loaded, load};
use super::failure::{Failure, USAGE};
use super::render::Source;
use super::view::View;
use durum::{Arg, Engine, Error, FunctionInfo, Type, Value};
use std::path::{Path, PathBuf};

/// One `NAME=VALUE` or `NAME:TYPE`.
#[derive(Clone, Debug)]
pub struct Binding {
    pub name: String,
    pub given: Given,
}

#[derive(Clone, Debug)]
pub enum Given {
    Value(String),
    Type(String),
}

/// What a parameter is called with.
pub enum Argument {
    Value(Value),
    File(FileArray),
}

/// The kernel's name, if the first word is one, and the bindings.
pub fn split(words: &[String]) -> Result<(Option<&str>, Vec<Binding>), Failure> {
    let (kernel, rest) = match words.split_first() {
        Some((first, rest)) if is_name(first) => (Some(first.as_str()), rest),
        _ => (None, words),
    };
    Ok((kernel, rest.iter().map(|word| binding(word)).collect::<Result<_, _>>()?))
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn binding(word: &str) -> Result<Binding, Failure> {
    let malformed = || Failure::usage(format!("`{word}` is not of the form NAME=VALUE"));
    let at = word.find(['=', ':']).ok_or_else(malformed)?;
    let (name, text) = (&word[..at], word[at + 1..].to_string());
    if !is_name(name) || text.is_empty() {
        return Err(malformed());
    }
    let given = if word.as_bytes()[at] == b'=' { Given::Value(text) } else { Given::Type(text) };
    Ok(Binding { name: name.to_string(), given })
}

/// Fails if a name is given twice or is none of the parameters.
pub fn check_names<'a>(
    bindings: &[Binding],
    functions: impl Iterator<Item = &'a FunctionInfo> + Clone,
) -> Result<(), Failure> {
    for (position, binding) in bindings.iter().enumerate() {
        let name = &binding.name;
        if bindings[..position].iter().any(|earlier| earlier.name == *name) {
            return Err(Failure::usage(format!("`{name}` is given twice")));
        }
        let params =
            functions.clone().flat_map(|function| function.params.iter().map(|param| param.name.as_str()));
        if !params.clone().any(|param| param == name) {
            let of = functions.clone().next().map_or("the file", |function| function.name.as_str());
            return Err(unknown("parameter", name, &format!("`{of}`"), params));
        }
    }
    Ok(())
}

/// "there is no … ; did you mean …", or what there is.
pub fn unknown<'a>(what: &str, name: &str, of: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let known: Vec<&str> = known.collect();
    let likeness = |candidate: &&str| strsim::jaro_winkler(name, candidate);
    let near = known.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let failure = Failure::usage(format!("{of} has no {what} `{name}`"));
    match near {
        Some(near) if likeness(&near) > 0.7 => failure.hint(format!("did you mean `{near}`?")),
        Some(_) => failure.hint(format!("{what}s are {}", known.join(", "))),
        None => failure,
    }
}

/// Evaluates or loads a VALUE for a parameter; in it `names` stand for numbers.
pub fn argument(
    engine: &Engine,
    name: &str,
    text: &str,
    seed: u64,
    names: &[(&str, i64)],
    access: Access,
) -> Result<Argument, Failure> {
    if let Some((path, key)) = path_of(text) {
        return match load(&path, key.as_deref(), access) {
            Ok(Loaded::File(array)) => Ok(Argument::File(array)),
            Ok(Loaded::Owned(array)) => Ok(Argument::Value(Value::Array(array))),
            Err(message) => Err(Failure::data(path.display(), message)),
        };
    }
    match engine.evaluate_with(text, seed, names) {
        Ok(value) => Ok(Argument::Value(value)),
        Err(error) => Err(malformed_value(error, name, text)),
    }
}

/// The path that a VALUE is, if it is one, and the key behind `.npz:`.
pub fn path_of(text: &str) -> Option<(PathBuf, Option<String>)> {
    if let Some(at) = text.rfind(".npz:") {
        let (path, key) = text.split_at(at + ".npz".len());
        return Some((PathBuf::from(path), Some(key[1..].to_string())));
    }
    let is_path = [".npy", ".npz", ".csv"].iter().any(|end| text.ends_with(end))
        || text.starts_with("./")
        || text.starts_with('/');
    is_path.then(|| (Path::new(text).to_path_buf(), None))
}

/// An error in a VALUE, which is the source that its spans point into.
fn malformed_value(error: Error, name: &str, text: &str) -> Failure {
    let source = Source { name: format!("argument {name}"), text: text.to_string() };
    Failure { status: USAGE, ..Failure::of(error, &source) }
}

/// The type that a text names.
pub fn parse_type(name: &str, text: &str) -> Result<Type, Failure> {
    durum::parse_type(text).map_err(|error| malformed_value(error, name, text))
}

impl Argument {
    pub fn arg(&mut self) -> Arg<'_> {
        match self {
            Argument::Value(value) => value.as_arg(),
            Argument::File(array) => Arg::Array(array.arg()),
        }
    }

    pub fn view(&self) -> Option<View<'_>> {
        match self {
            Argument::Value(Value::Array(array)) => Some(View::of(array)),
            Argument::Value(_) => None,
            Argument::File(array) => Some(array.view()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_expressions_are_told_apart() {
        for path in ["x.npy", "a/b.csv", "./x", "/data/x.npy", "a.npz", "a.npz:key"] {
            assert!(path_of(path).is_some(), "{path}");
        }
        assert_eq!(path_of("d/a.npz:k.0").unwrap().1.unwrap(), "k.0");
        for expression in ["2.5", "(3, 4)", "np.linspace(0, 1, 5)", "-np.inf", "1/3", "npy"] {
            assert!(path_of(expression).is_none(), "{expression}");
        }
    }

    #[test]
    fn words_split_into_kernel_and_bindings() {
        let words = ["k", "x=a.npz:b", "y:f64[:, ::1]", "z=x==1"].map(String::from);
        let (kernel, bindings) = split(&words).unwrap();
        assert_eq!(kernel, Some("k"));
        assert_eq!(format!("{:?}", bindings[0].given), r#"Value("a.npz:b")"#);
        assert_eq!(format!("{:?}", bindings[1].given), r#"Type("f64[:, ::1]")"#);
        assert_eq!(format!("{:?}", bindings[2].given), r#"Value("x==1")"#);
        for wrong in ["=1", "x=", "a b=1", "x y"] {
            assert!(split(&["k".to_string(), wrong.to_string()]).is_err(), "{wrong}");
        }
    }
}
