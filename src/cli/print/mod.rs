//! Results as Python and NumPy print them with default options; tested against NumPy (`tests/cli/print_cases.txt`).

mod element;
mod layout;
mod number;
pub mod scalar;

use super::view::{Element, Real, View};
use durum::Value;
use durum::base::Dtype;
use layout::{THRESHOLD, WIDTH, array_text, only};

/// `print(value)`, without the newline.
pub fn text(value: &Value) -> String {
    match value {
        Value::Array(array) => array_str(&View::of(array), 0),
        Value::Scalar(scalar) => scalar::text(Element::of_scalar(*scalar)),
        Value::None
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Tuple(_)
        | Value::Dtype(_) => repr(value),
    }
}

/// `str(array)`, when `prefix` columns stand before it.
pub fn array_str(view: &View, prefix: usize) -> String {
    if view.shape.is_empty() { scalar::text(only(view)) } else { array_text(view, " ", prefix, 0) }
}

/// `repr(value)`: what tuples show.
fn repr(value: &Value) -> String {
    match value {
        Value::None => "None".to_string(),
        Value::Dtype(dtype) => dtype.to_string(),
        Value::Bool(value) => scalar::text(Element::Bool(*value)),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => scalar::text(Element::Real(Real::F64(*value))),
        Value::Scalar(scalar) => scalar::repr(scalar.dtype, Element::of_scalar(*scalar)),
        Value::Array(array) => array_repr(&View::of(array)),
        Value::Tuple(items) => {
            let items: Vec<String> = items.iter().map(repr).collect();
            if items.len() == 1 { format!("({},)", items[0]) } else { format!("({})", items.join(", ")) }
        }
    }
}

/// `array([1., 2.], dtype=float32)`.
fn array_repr(view: &View) -> String {
    const PREFIX: &str = "array(";
    let mut extras = vec![];
    if (view.len() == 0 && view.shape != [0]) || view.len() > THRESHOLD {
        extras.push(format!("shape={}", shape_text(view.shape)));
    }
    let implied = matches!(view.dtype, Dtype::Bool | Dtype::I64 | Dtype::F64 | Dtype::C128);
    if !implied || view.len() == 0 {
        extras.push(format!("dtype={}", scalar::numpy_name(view.dtype)));
    }
    let elements = array_text(view, ", ", PREFIX.len(), ")".len());
    if extras.is_empty() {
        return format!("{PREFIX}{elements})");
    }
    let text = format!("{PREFIX}{elements},");
    let extras = extras.join(", ") + ")";
    let last_line = text.len() - text.rfind('\n').map_or(0, |newline| newline + 1);
    let space = if last_line + extras.len() + 1 > WIDTH {
        format!("\n{}", " ".repeat(PREFIX.len()))
    } else {
        " ".to_string()
    };
    text + &space + &extras
}

/// `(3,)`, `(2, 3)`.
pub fn shape_text(shape: &[usize]) -> String {
    let extents: Vec<String> = shape.iter().map(usize::to_string).collect();
    if extents.len() == 1 { format!("({},)", extents[0]) } else { format!("({})", extents.join(", ")) }
}

#[cfg(test)]
mod tests;
