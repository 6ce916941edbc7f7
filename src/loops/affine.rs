//! Index arithmetic as polynomials with integer coefficients over values: `3*i + i*m - 1`.
//!
//! A subscript is affine in any one loop index; its coefficient may be a product of other values (`m` in
//! `i*m + j`), which is why terms are products and not single values. Forms are read as integers: index
//! arithmetic that leaves the i64 range is out of bounds of every array long before it could come back.

use super::Value;
use std::fmt;

/// A sum of terms. Canonical: no zero coefficients, terms sorted by their factors, factors sorted; so
/// equal polynomials are equal with `==`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Affine {
    pub constant: i64,
    pub terms: Vec<Term>,
}

/// `coefficient * factors[0] * factors[1] * …`, with at least one factor.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Term {
    pub factors: Vec<Value>,
    pub coefficient: i64,
}

/// Terms and factors beyond these are not worth analysing.
const MOST_TERMS: usize = 24;
const MOST_FACTORS: usize = 6;

impl Affine {
    pub fn constant(constant: i64) -> Affine {
        Affine { constant, terms: vec![] }
    }

    pub fn value(value: Value) -> Affine {
        Affine { constant: 0, terms: vec![Term { factors: vec![value], coefficient: 1 }] }
    }

    pub fn as_constant(&self) -> Option<i64> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// The value, if the form is just that.
    pub fn as_value(&self) -> Option<Value> {
        match self.terms.as_slice() {
            [term] if self.constant == 0 && term.coefficient == 1 && term.factors.len() == 1 => {
                Some(term.factors[0])
            }
            _ => None,
        }
    }

    /// The constant coefficient of `value`; None where it is multiplied by another value.
    pub fn coefficient(&self, value: Value) -> Option<i64> {
        self.split(value)?.0.as_constant()
    }

    /// `(coefficient, rest)` with `self == coefficient * value + rest` and `value` in neither; None where
    /// `value` occurs in a power.
    pub fn split(&self, value: Value) -> Option<(Affine, Affine)> {
        let (mut coefficient, mut rest) = (Affine::default(), Affine::constant(self.constant));
        for term in &self.terms {
            match term.factors.iter().filter(|&&factor| factor == value).count() {
                0 => rest.terms.push(term.clone()),
                1 => {
                    let factors: Vec<Value> =
                        term.factors.iter().copied().filter(|&factor| factor != value).collect();
                    if factors.is_empty() {
                        coefficient.constant = term.coefficient;
                    } else {
                        coefficient.terms.push(Term { factors, coefficient: term.coefficient });
                    }
                }
                _ => return None,
            }
        }
        coefficient.terms.sort_by(|a, b| a.factors.cmp(&b.factors));
        Some((coefficient, rest))
    }

    pub fn contains(&self, value: Value) -> bool {
        self.values().any(|factor| factor == value)
    }

    /// Every value in the form, some more than once.
    pub fn values(&self) -> impl Iterator<Item = Value> + '_ {
        self.terms.iter().flat_map(|term| term.factors.iter().copied())
    }

    /// None where a coefficient overflows or the form grows out of hand; so for the other operations.
    pub fn add(&self, other: &Affine) -> Option<Affine> {
        let mut sum = self.clone();
        sum.constant = sum.constant.checked_add(other.constant)?;
        for term in &other.terms {
            sum.add_term(&term.factors, term.coefficient)?;
        }
        (sum.terms.len() <= MOST_TERMS).then_some(sum)
    }

    pub fn sub(&self, other: &Affine) -> Option<Affine> {
        self.add(&other.scale(-1)?)
    }

    pub fn scale(&self, by: i64) -> Option<Affine> {
        self.mul(&Affine::constant(by))
    }

    pub fn plus(&self, by: i64) -> Option<Affine> {
        self.add(&Affine::constant(by))
    }

    pub fn mul(&self, other: &Affine) -> Option<Affine> {
        let mut product = Affine::default();
        for (left, a) in self.monomials() {
            for (right, b) in other.monomials() {
                let coefficient = a.checked_mul(b)?;
                let mut factors = [left, right].concat();
                factors.sort();
                if factors.len() > MOST_FACTORS {
                    return None;
                }
                product.add_term(&factors, coefficient)?;
            }
        }
        (product.terms.len() <= MOST_TERMS).then_some(product)
    }

    pub fn add_product(&self, term: &Term) -> Option<Affine> {
        let mut sum = self.clone();
        sum.add_term(&term.factors, term.coefficient)?;
        Some(sum)
    }

    /// The form with `value` replaced.
    pub fn substitute(&self, value: Value, by: &Affine) -> Option<Affine> {
        if !self.contains(value) {
            return Some(self.clone());
        }
        let (coefficient, rest) = self.split(value)?;
        coefficient.mul(by)?.add(&rest)
    }

    fn monomials(&self) -> impl Iterator<Item = (&[Value], i64)> {
        let terms = self.terms.iter().map(|term| (term.factors.as_slice(), term.coefficient));
        std::iter::once((&[] as &[Value], self.constant)).chain(terms)
    }

    fn add_term(&mut self, factors: &[Value], coefficient: i64) -> Option<()> {
        if factors.is_empty() {
            self.constant = self.constant.checked_add(coefficient)?;
            return Some(());
        }
        match self.terms.binary_search_by(|term| term.factors.as_slice().cmp(factors)) {
            Ok(at) => {
                let sum = self.terms[at].coefficient.checked_add(coefficient)?;
                if sum == 0 {
                    self.terms.remove(at);
                } else {
                    self.terms[at].coefficient = sum;
                }
            }
            Err(at) if coefficient != 0 => {
                self.terms.insert(at, Term { factors: factors.to_vec(), coefficient });
            }
            Err(_) => {}
        }
        Some(())
    }
}

/// `2*v1 + v1*v3 - 1`.
impl fmt::Display for Affine {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut first = true;
        for term in &self.terms {
            let sign = if term.coefficient < 0 { "-" } else { "+" };
            match first {
                true if term.coefficient < 0 => f.write_str("-")?,
                true => {}
                false => write!(f, " {sign} ")?,
            }
            first = false;
            if term.coefficient.unsigned_abs() != 1 {
                write!(f, "{}*", term.coefficient.unsigned_abs())?;
            }
            let factors: Vec<String> = term.factors.iter().map(Value::to_string).collect();
            f.write_str(&factors.join("*"))?;
        }
        match (first, self.constant) {
            (true, constant) => write!(f, "{constant}"),
            (false, 0) => Ok(()),
            (false, constant) if constant < 0 => write!(f, " - {}", constant.unsigned_abs()),
            (false, constant) => write!(f, " + {constant}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(index: u32) -> Affine {
        Affine::value(Value::from_u32(index))
    }

    #[test]
    fn arithmetic_is_canonical() {
        let (i, m) = (value(1), value(2));
        let form = i.mul(&m).unwrap().add(&i.scale(3).unwrap()).unwrap().plus(-1).unwrap();
        assert_eq!(form.to_string(), "3*v1 + v1*v2 - 1");
        assert_eq!(form.sub(&form).unwrap(), Affine::default());
        let (coefficient, rest) = form.split(Value::from_u32(1)).unwrap();
        assert_eq!((coefficient.to_string().as_str(), rest.to_string().as_str()), ("v2 + 3", "-1"));
        let replaced = form.substitute(Value::from_u32(1), &Affine::constant(2)).unwrap();
        assert_eq!(replaced.to_string(), "2*v2 + 5");
    }

    #[test]
    fn overflow_gives_up() {
        assert_eq!(Affine::constant(i64::MAX).plus(1), None);
        assert_eq!(value(1).scale(i64::MAX).unwrap().scale(2), None);
    }
}
