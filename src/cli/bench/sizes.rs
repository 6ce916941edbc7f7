//! `--size n=1e3,1e5`: a name that stands for each of these numbers in turn.

/// The sizes to measure at.
#[derive(Clone, Debug)]
pub struct Sizes {
    pub name: String,
    pub numbers: Vec<i64>,
}

/// The largest number that a float holds exactly, so that `1e15` is what it says.
const MOST: f64 = 9_007_199_254_740_992.0;

pub fn parse(text: &str) -> Result<Sizes, String> {
    let form = || "sizes are like n=1e3,1e5,1e7".to_string();
    let (name, list) = text.split_once('=').ok_or_else(form)?;
    let first = |c: char| c.is_alphabetic() || c == '_';
    if !name.starts_with(first) || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Err(form());
    }
    let mut numbers = vec![];
    for item in list.split(',') {
        let number = number(item.trim()).ok_or_else(|| {
            if item.trim().is_empty() {
                form()
            } else {
                format!("a size is a whole number from 1 on, not `{}`", item.trim())
            }
        })?;
        if numbers.contains(&number) {
            return Err(format!("the size {number} is given twice"));
        }
        numbers.push(number);
    }
    Ok(Sizes { name: name.to_string(), numbers })
}

/// `1000`, `1_000` or `1e3`.
fn number(text: &str) -> Option<i64> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '_' | '.' | 'e' | 'E' | '+'));
    let value: f64 = text.replace('_', "").parse().ok().filter(|_| plain)?;
    (value.fract() == 0.0 && (1.0..=MOST).contains(&value)).then_some(value as i64)
}

/// Whether an expression has the name as a word.
pub fn mentions(expression: &str, name: &str) -> bool {
    expression.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_whole_numbers_with_a_name() {
        let sizes = parse("n=1e3,100_000, 7").unwrap();
        assert_eq!((sizes.name.as_str(), sizes.numbers), ("n", vec![1000, 100_000, 7]));
        for wrong in
            ["", "n", "n=", "=1", "1=2", "n=0", "n=-1", "n=1.5", "n=1,,2", "n=1,1", "n=1e99", "n=inf", "n=x"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_are_whole_words() {
        assert!(mentions("uniform((n, 3))", "n"));
        assert!(!mentions("uniform(nn)", "n"));
    }
}
