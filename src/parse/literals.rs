//! What a number or string literal stands for.

use crate::ast::ExprKind;

/// The value of a number that the lexer accepted. Integers saturate at `i128::MAX`.
pub fn number(text: &str) -> ExprKind {
    let digits: String = text.chars().filter(|&c| c != '_').collect::<String>().to_ascii_lowercase();
    match digits.get(..2) {
        Some("0x") => return ExprKind::Int(integer(&digits[2..], 16)),
        Some("0o") => return ExprKind::Int(integer(&digits[2..], 8)),
        Some("0b") => return ExprKind::Int(integer(&digits[2..], 2)),
        _ => {}
    }
    match digits.strip_suffix('j') {
        Some(part) => ExprKind::Imaginary(float(part)),
        None if digits.contains(['.', 'e']) => ExprKind::Float(float(&digits)),
        None => ExprKind::Int(integer(&digits, 10)),
    }
}

fn integer(digits: &str, radix: u32) -> i128 {
    i128::from_str_radix(digits, radix).unwrap_or(i128::MAX)
}

fn float(digits: &str) -> f64 {
    digits.parse().expect("the lexer's floats are a subset of Rust's")
}

/// Adjacent literals as one value; only an f-string or bytes among them make it unsupported.
pub fn strings(parts: &[&str]) -> ExprKind {
    let has = |letters: [char; 2]| parts.iter().any(|part| prefix(part).contains(letters));
    let what = match () {
        _ if has(['b', 'B']) => "bytes literal",
        _ if has(['f', 'F']) => "f-string",
        _ if has(['t', 'T']) => "t-string",
        _ => return ExprKind::Str(parts.iter().map(|part| unescaped(part)).collect()),
    };
    ExprKind::Unsupported { what: what.into() }
}

/// The letters before the quotes.
fn prefix(part: &str) -> &str {
    &part[..part.find(['"', '\'']).unwrap_or(0)]
}

fn unescaped(part: &str) -> String {
    let quoted = &part[prefix(part).len()..];
    let quotes = if quoted.starts_with("\"\"\"") || quoted.starts_with("'''") { 3 } else { 1 };
    let content = quoted[quotes..quoted.len() - quotes].replace("\r\n", "\n").replace('\r', "\n");
    if prefix(part).contains(['r', 'R']) || !content.contains('\\') {
        return content;
    }
    let mut value = String::with_capacity(content.len());
    let mut rest = content.as_str();
    while let Some(at) = rest.find('\\') {
        value.push_str(&rest[..at]);
        rest = escape(&rest[at + 1..], &mut value);
    }
    value + rest
}

/// Reads what follows a backslash; an unknown escape stays as written, as in Python.
fn escape<'a>(rest: &'a str, value: &mut String) -> &'a str {
    let Some(letter) = rest.chars().next() else {
        value.push('\\');
        return rest;
    };
    let after = &rest[letter.len_utf8()..];
    let plain = match letter {
        '\n' => return after,
        '0'..='7' => return octal(rest, value),
        'x' => return hexadecimal(rest, 2, value),
        'u' => return hexadecimal(rest, 4, value),
        'U' => return hexadecimal(rest, 8, value),
        '\\' | '\'' | '"' => letter,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        _ => {
            value.push('\\');
            letter
        }
    };
    value.push(plain);
    after
}

fn octal<'a>(rest: &'a str, value: &mut String) -> &'a str {
    let length = rest.bytes().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
    let code = u32::from_str_radix(&rest[..length], 8).expect("one to three octal digits");
    value.push(char::from_u32(code).expect("octal escapes are below 512"));
    &rest[length..]
}

/// A letter and `length` digits. A malformed escape stays as written: the text is only ever a message.
fn hexadecimal<'a>(rest: &'a str, length: usize, value: &mut String) -> &'a str {
    let digits = rest.get(1..1 + length).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
    let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
    match code {
        Some(character) => {
            value.push(character);
            &rest[1 + length..]
        }
        None => {
            value.push('\\');
            value.push_str(&rest[..1]);
            &rest[1..]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_number(text: &str, expected: &str) {
        assert_eq!(format!("{:?}", number(text)), expected, "{text}");
    }

    fn check_string(prefix: &str, content: &str, expected: &str) {
        let kind = strings(&[&format!("{prefix}'''{content}'''")]);
        assert!(matches!(&kind, ExprKind::Str(value) if value == expected), "{content}: {kind:?}");
    }

    #[test]
    fn numbers() {
        check_number("1_000", "Int(1000)");
        check_number("0xFf", "Int(255)");
        check_number("0o17", "Int(15)");
        check_number("0b1_01", "Int(5)");
        check_number("0xE1", "Int(225)");
        check_number("99999999999999999999999999999999999999999", &format!("Int({})", i128::MAX));
        check_number("1.", "Float(1.0)");
        check_number(".5", "Float(0.5)");
        check_number("1_0.2_5e-1", "Float(1.025)");
        check_number("1e999", "Float(inf)");
        check_number("09.5", "Float(9.5)");
        check_number("2j", "Imaginary(2.0)");
        check_number("1.5e3J", "Imaginary(1500.0)");
    }

    #[test]
    fn strings_are_unescaped() {
        check_string("", r"a\nb\t\\\'\x41\u03c0\101\q", "a\nb\t\\'AπA\\q");
        check_string("r", r"a\nb", r"a\nb");
        check_string("", "a\\\nb\r\nc", "ab\nc");
        check_string("", r"\xg \u12 \N{DASH}", r"\xg \u12 \N{DASH}");
        check_string("", r"\ud800", r"\ud800");
    }
}
