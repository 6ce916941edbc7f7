//! Arguments: written as the expressions of a `# call:` line, which both oracles evaluate, and laid out in memory.

use crate::generate::Choice;
use crate::support::Layout;
use crate::types::{Element, Type, long_name, shape_text};
use durum::base::types::Kind;
use durum::base::{Dtype, Weak};

#[derive(Clone, PartialEq, Debug)]
pub struct Argument {
    pub ty: Type,
    pub layout: Layout,
    /// A scalar's text; of an array, the text of its elements with `@` for the shape.
    pub text: String,
}

impl Argument {
    pub fn scalar(choice: &mut Choice, element: Element) -> Argument {
        let text = match element {
            Element::Weak(weak) => weak_text(choice, weak),
            Element::Strong(dtype) => strong_text(choice, dtype),
        };
        Argument { ty: Type::Scalar(element), layout: Layout::C, text }
    }

    pub fn array(choice: &mut Choice, dtype: Dtype, shape: Vec<usize>) -> Argument {
        let layout = if choice.chance(40) { Layout::C } else { *choice.pick(&Layout::ALL) };
        Argument { text: elements(choice, dtype), ty: Type::Array(dtype, shape), layout }
    }

    /// The same with elements that are easy to read.
    pub fn plain(&self) -> Argument {
        match &self.ty {
            Type::Array(dtype, _) => {
                Argument { text: format!("np.ones(@, {})", long_name(*dtype)), ..self.clone() }
            }
            Type::Scalar(_) | Type::Tuple(_) | Type::None => self.clone(),
        }
    }

    pub fn text(&self) -> String {
        match &self.ty {
            Type::Array(_, shape) => self.text.replace('@', &shape_text(shape)),
            Type::Scalar(_) | Type::Tuple(_) | Type::None => self.text.clone(),
        }
    }
}

fn weak_text(choice: &mut Choice, weak: Weak) -> String {
    match weak {
        Weak::Bool => choice.word(&["True", "False"]).to_string(),
        Weak::Int => choice.between(-4, 12).to_string(),
        Weak::Float | Weak::Complex => choice
            .word(&["0.0", "-0.0", "1.0", "2.5", "-0.75", "np.inf", "np.nan", "1e-300", "1e20"])
            .to_string(),
    }
}

fn strong_text(choice: &mut Choice, dtype: Dtype) -> String {
    let value = match dtype.int_range() {
        Some((low, high)) if choice.chance(30) => choice.pick(&[low, high, high / 2 + 1]).to_string(),
        Some((low, _)) => choice
            .between(if low < 0 { -9 } else { 0 }, if low == 0 && dtype == Dtype::Bool { 1 } else { 9 })
            .to_string(),
        None => weak_text(choice, Weak::Float),
    };
    // The largest u64 is no i64, and the least i64 no negated literal.
    match (dtype, value.parse::<i64>()) {
        (Dtype::U64, Err(_)) if value.parse::<u64>().is_ok() => "~np.uint64(0)".to_string(),
        _ => format!("{}({value})", long_name(dtype)),
    }
}

/// In [0, 1), different for each salt.
fn fractions(choice: &mut Choice) -> String {
    format!("(uniform(@) * {}.0 % 1.0)", choice.between(11, 9999))
}

fn elements(choice: &mut Choice, dtype: Dtype) -> String {
    let fractions = fractions(choice);
    let name = long_name(dtype);
    match dtype.kind() {
        Kind::Bool => format!("{fractions} < 0.5"),
        Kind::Float if choice.chance(30) => floats_with_specials(choice, &fractions, name),
        Kind::Float if choice.chance(30) => format!("{name}(np.rint({fractions} * 8.0 - 4.0))"),
        Kind::Float => format!("{name}({fractions} * 20.0 - 10.0)"),
        Kind::Signed | Kind::Unsigned => integers(choice, dtype, &fractions, name),
        Kind::Complex => unreachable!("real programs"),
    }
}

fn floats_with_specials(choice: &mut Choice, fractions: &str, name: &str) -> String {
    let special = choice.word(&["np.nan", "np.inf", "-np.inf", "-0.0", "0.0", "1e300", "5e-324"]);
    let other = choice.word(&["np.nan", "-np.inf", "-0.0", "1e-40"]);
    format!(
        "{name}(np.where({fractions} < 0.2, {special}, np.where({fractions} > 0.8, {other}, {fractions} * 3.0 - 1.5)))"
    )
}

fn integers(choice: &mut Choice, dtype: Dtype, fractions: &str, name: &str) -> String {
    let signed = dtype.kind() == Kind::Signed;
    if choice.chance(60) {
        let shift = if signed { 7.0 } else { 0.0 };
        return format!("{name}({fractions} * 16.0 - {shift:?})");
    }
    // The whole range: i64 and u64 get their low bits by arithmetic.
    let (low, high) = dtype.int_range().expect("an integer");
    match dtype {
        Dtype::I64 => format!("{name}({fractions} * 1e18) * {name}(18) - {name}(9000000000000000000)"),
        Dtype::U64 => format!("{name}({fractions} * 9e18) * {name}(2) + {name}(1)"),
        _ => format!("{name}({fractions} * {:?} + {:?})", (high - low) as f64, low as f64),
    }
}
