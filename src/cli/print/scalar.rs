//! Single values as Python prints them.

use super::super::view::{Element, Real};
use super::number::exponent;
use durum::base::Dtype;

/// `str(x)` of a NumPy scalar, and of Python's own bool, int and float.
pub fn text(element: Element) -> String {
    match element {
        Element::Bool(value) => if value { "True" } else { "False" }.to_string(),
        Element::Int(value) => value.to_string(),
        Element::Real(value) => real(value, true),
        Element::Complex(re, im) => complex(re, im),
    }
}

/// `repr(x)` of a NumPy scalar: `np.float64(1.5)`.
pub fn repr(dtype: Dtype, element: Element) -> String {
    match element {
        Element::Bool(value) => if value { "np.True_" } else { "np.False_" }.to_string(),
        Element::Complex(..) => {
            let text = text(element);
            format!("np.{}({})", numpy_name(dtype), text.trim_start_matches('(').trim_end_matches(')'))
        }
        Element::Int(_) | Element::Real(_) => format!("np.{}({})", numpy_name(dtype), text(element)),
    }
}

pub fn numpy_name(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::Bool => "bool",
        Dtype::I8 => "int8",
        Dtype::I16 => "int16",
        Dtype::I32 => "int32",
        Dtype::I64 => "int64",
        Dtype::U8 => "uint8",
        Dtype::U16 => "uint16",
        Dtype::U32 => "uint32",
        Dtype::U64 => "uint64",
        Dtype::F32 => "float32",
        Dtype::F64 => "float64",
        Dtype::C64 => "complex64",
        Dtype::C128 => "complex128",
    }
}

/// All digits; the exponent form below 1e-4 and from 1e16 on (1e6 for f32).
fn real(value: Real, point: bool) -> String {
    let number = value.value();
    if number.is_nan() {
        return "nan".to_string();
    }
    if number.is_infinite() {
        return if number < 0.0 { "-inf" } else { "inf" }.to_string();
    }
    let most = match value {
        Real::F32(_) => 1e6,
        Real::F64(_) => 1e16,
    };
    if number != 0.0 && (number.abs() >= most || number.abs() < 1e-4) {
        let (mantissa, power) = value.scientific(None);
        return mantissa.trim_end_matches('.').to_string() + &exponent(power, 2);
    }
    let text = value.positional(None);
    match text.strip_suffix('.') {
        Some(whole) if point => format!("{whole}.0"),
        Some(whole) => whole.to_string(),
        None => text,
    }
}

fn complex(re: Real, im: Real) -> String {
    let imaginary = real(im, false);
    if re.value() == 0.0 && re.value().is_sign_positive() {
        return format!("{imaginary}j");
    }
    let sign = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{imaginary}j)", real(re, false))
}
