//! How the elements of one array look: all as wide as the widest, decimal points below each other.

use super::super::view::{Element, Real};
use super::number::exponent;

/// Digits after the point, `np.get_printoptions()["precision"]`.
const PRECISION: usize = 8;

/// The format of an array's elements.
pub enum Format {
    Bool { width: usize },
    Int { width: usize },
    Real(RealFormat),
    Complex(RealFormat, RealFormat),
}

/// NumPy's `FloatingFormat`.
#[derive(Default)]
pub struct RealFormat {
    /// Columns before the point.
    left: usize,
    /// Columns after the point; with an exponent, those of the exponent included.
    right: usize,
    /// Digits of the exponent, and digits after the point that all mantissas have.
    scientific: Option<(usize, usize)>,
    /// Whether positive numbers have a sign: imaginary parts do.
    plus: bool,
}

impl Format {
    /// The format that suits these elements, which are of one dtype; `zero_d` for an array of rank 0.
    pub fn of(elements: &[Element], zero_d: bool) -> Format {
        match elements.first() {
            Some(Element::Bool(_)) => Format::Bool { width: if zero_d { 0 } else { 5 } },
            Some(Element::Real(_)) => Format::Real(RealFormat::of(&reals(elements, |re, _| re), false)),
            Some(Element::Complex(..)) => Format::Complex(
                RealFormat::of(&reals(elements, |re, _| re), false),
                RealFormat::of(&reals(elements, |_, im| im), true),
            ),
            Some(Element::Int(_)) | None => {
                let widths = elements.iter().map(|element| super::scalar::text(*element).len());
                Format::Int { width: widths.max().unwrap_or(0) }
            }
        }
    }

    pub fn format(&self, element: Element) -> String {
        match (self, element) {
            (Format::Real(format), Element::Real(value)) => format.format(value),
            (Format::Complex(re_format, im_format), Element::Complex(re, im)) => {
                let imaginary = im_format.format(im);
                let digits = imaginary.trim_end();
                let padding = &imaginary[digits.len()..];
                format!("{}{digits}j{padding}", re_format.format(re))
            }
            (Format::Bool { width } | Format::Int { width }, element) => {
                format!("{:>width$}", super::scalar::text(element))
            }
            (Format::Real(_) | Format::Complex(..), element) => super::scalar::text(element),
        }
    }
}

fn reals(elements: &[Element], part: impl Fn(Real, Real) -> Real) -> Vec<Real> {
    let real = |element: &Element| match element {
        Element::Real(value) => part(*value, *value),
        Element::Complex(re, im) => part(*re, *im),
        Element::Bool(_) | Element::Int(_) => Real::F64(0.0),
    };
    elements.iter().map(real).collect()
}

impl RealFormat {
    fn of(values: &[Real], plus: bool) -> RealFormat {
        let finite: Vec<Real> = values.iter().copied().filter(|value| value.is_finite()).collect();
        let mut format = RealFormat { plus, ..RealFormat::default() };
        if wants_exponent(&finite) {
            format.fit_scientific(&finite);
        } else {
            format.fit_positional(&finite);
        }
        if finite.len() < values.len() {
            let negative = plus || values.iter().any(|value| value.value() == f64::NEG_INFINITY);
            let widest = "inf".len() + negative as usize;
            format.left = format.left.max(widest.saturating_sub(format.right + 1));
        }
        format
    }

    fn fit_positional(&mut self, finite: &[Real]) {
        for value in finite {
            let text = self.signed(value.positional(Some(PRECISION)));
            let (whole, decimals) = text.split_once('.').expect("a point");
            self.left = self.left.max(whole.len());
            self.right = self.right.max(decimals.len());
        }
    }

    fn fit_scientific(&mut self, finite: &[Real]) {
        let (mut digits, mut decimals) = (0, 0);
        for value in finite {
            let (mantissa, power) = value.scientific(Some(PRECISION));
            let mantissa = self.signed(mantissa);
            let (whole, fraction) = mantissa.split_once('.').expect("a point");
            self.left = self.left.max(whole.len());
            decimals = decimals.max(fraction.len());
            digits = digits.max(exponent(power, 2).len() - 2);
        }
        self.right = digits + 2 + decimals;
        self.scientific = Some((digits, decimals));
    }

    fn format(&self, value: Real) -> String {
        if !value.is_finite() {
            let width = self.left + self.right + 1;
            let nan = value.value().is_nan();
            let text = if nan {
                "nan"
            } else if value.value() < 0.0 {
                "-inf"
            } else {
                "inf"
            };
            return format!("{:>width$}", self.signed(text.to_string()));
        }
        let Some((digits, decimals)) = self.scientific else {
            let text = self.signed(value.positional(Some(PRECISION)));
            let (whole, fraction) = text.split_once('.').expect("a point");
            return format!("{whole:>left$}.{fraction:<right$}", left = self.left, right = self.right);
        };
        let (mantissa, power) = value.scientific_of(decimals);
        let mantissa = self.signed(mantissa);
        let (whole, fraction) = mantissa.split_once('.').expect("a point");
        format!("{whole:>left$}.{fraction:0<decimals$}{}", exponent(power, digits), left = self.left)
    }

    fn signed(&self, text: String) -> String {
        if self.plus && !text.starts_with('-') { format!("+{text}") } else { text }
    }
}

/// NumPy's rule, in the precision of the elements.
fn wants_exponent(finite: &[Real]) -> bool {
    let nonzero = || finite.iter().map(|value| value.value().abs()).filter(|value| *value != 0.0);
    let (Some(most), Some(least)) = (nonzero().reduce(f64::max), nonzero().reduce(f64::min)) else {
        return false;
    };
    match finite[0] {
        Real::F32(_) => {
            let (most, least) = (most as f32, least as f32);
            most >= 1e6 || least < 0.0001 || most / least > 1000.0
        }
        Real::F64(_) => most >= 1e8 || least < 0.0001 || most / least > 1000.0,
    }
}
