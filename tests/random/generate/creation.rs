//! Arrays made from numbers and from other arrays: ranges, literals, joined arrays, products, scans.

use super::{Access, Generator};
use crate::program::{Expr, Stmt};
use crate::types::{Element, REAL, Type, long_name, sum_dtype};
use durum::base::Dtype;
use durum::base::types::Kind;

impl Generator {
    /// `np.arange`, `np.linspace`, `np.eye`, by what the shape allows.
    pub(super) fn range_array(&mut self, dtype: Dtype, shape: &[usize], _: usize) -> Option<Expr> {
        let ty = Type::Array(dtype, shape.to_vec());
        match *shape {
            [n] if dtype == Dtype::F64 && self.choice.chance(50) => {
                Some(Expr::leaf(self.linspace_text(n), ty))
            }
            [n] if dtype != Dtype::Bool => Some(Expr::leaf(self.arange_text(n, dtype), ty)),
            [n, m] => {
                let k = self.choice.between(-1, 2);
                Some(Expr::leaf(format!("np.eye({n}, {m}, {k}, dtype={})", long_name(dtype)), ty))
            }
            _ => None,
        }
    }

    fn linspace_text(&mut self, n: usize) -> String {
        let (from, to) = (self.choice.between(-5, 5), self.choice.between(-5, 9));
        let end = self.choice.word(&["", "", ", endpoint=False"]);
        format!("np.linspace({from}.0, {to}.5, {n}{end})")
    }

    fn arange_text(&mut self, n: usize, dtype: Dtype) -> String {
        let option =
            if dtype == Dtype::I64 { String::new() } else { format!(", dtype={}", long_name(dtype)) };
        let step = self.choice.between(1, 3);
        match self.choice.below(3) {
            // The largest fits the smallest dtype.
            0 if n <= 40 => format!("np.arange(1, {}, {step}{option})", 1 + n as i64 * step),
            1 if n <= 40 && dtype.kind() != Kind::Unsigned => format!("np.arange({n}, 0, -1{option})"),
            _ if n <= 127 || dtype.bits() > 8 => format!("np.arange({n}{option})"),
            _ => format!("np.zeros({n}, {})", long_name(dtype)),
        }
    }

    /// `np.array([…])`, nested for a matrix.
    pub(super) fn literal(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let (rows, columns) = match *shape {
            [n] if (1..=6).contains(&n) => (None, n),
            [n, m] if (1..=6).contains(&(n * m)) => (Some(n), m),
            _ => return None,
        };
        let count = rows.unwrap_or(1) * columns;
        let parts: Vec<Expr> =
            (0..count).map(|_| self.number(Element::Strong(dtype), depth.min(1))).collect();
        let row = format!("[{}]", vec!["#"; columns].join(", "));
        let text = match rows {
            None => row,
            Some(rows) => format!("[{}]", vec![row; rows].join(", ")),
        };
        Some(Expr::new(format!("np.array({text})"), parts, Type::Array(dtype, shape.to_vec())))
    }

    /// `np.concatenate((a, b), axis=k)`, `np.stack`.
    pub(super) fn joined_arrays(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let ty = Type::Array(dtype, shape.to_vec());
        let axis = self.choice.below(shape.len());
        let extent = *shape.get(axis)?;
        if self.choice.chance(40) && (1..=3).contains(&extent) && shape.len() > 1 {
            let mut part = shape.to_vec();
            part.remove(axis);
            let parts: Vec<Expr> = (0..extent).map(|_| self.array(dtype, &part, depth.min(1))).collect();
            let text = format!("np.stack([{}], axis={axis})", vec!["#"; extent].join(", "));
            return Some(Expr::new(text, parts, ty));
        }
        let first = self.choice.below(extent + 1);
        let parts = [first, extent - first].map(|extent| {
            let mut part = shape.to_vec();
            part[axis] = extent;
            self.array(dtype, &part, depth.min(1))
        });
        let option =
            if axis == 0 && self.choice.chance(50) { String::new() } else { format!(", axis={axis}") };
        Some(Expr::new(format!("np.concatenate((#, #){option})"), parts.to_vec(), ty))
    }

    pub(super) fn clipped(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        if dtype == Dtype::Bool {
            return None;
        }
        let array = self.array(dtype, shape, depth);
        let own = Element::Strong(dtype);
        let zero = if dtype.is_float() { " + 0.0" } else { "" };
        let ty = Type::Array(dtype, shape.to_vec());
        match self.choice.below(3) {
            0 => {
                let low = self.number(own, depth.min(1));
                Some(Expr::new(format!("np.clip(#, #, None){zero}"), vec![array, low], ty))
            }
            1 if dtype.is_float() => Some(Expr::new("np.round(#)", vec![array], ty)),
            _ => {
                let bounds = [self.number(own, depth.min(1)), self.number(own, depth.min(1))];
                let parts = std::iter::once(array).chain(bounds).collect();
                Some(Expr::new(format!("np.clip(#, #, #){zero}"), parts, ty))
            }
        }
    }

    /// `np.outer`, `a @ b` of matrices and vectors. NumPy sums products of floats in the order of its library.
    pub(super) fn product(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let ty = Type::Array(dtype, shape.to_vec());
        let k = *self.choice.pick(&self.extents);
        let summed = !self.numpy || dtype.is_int();
        let (text, left, right) = match *shape {
            [n, m] if self.choice.chance(40) => ("np.outer(#, #)", vec![n], vec![m]),
            [n, m] if summed => {
                (self.choice.word(&["? @ ?", "np.dot(#, #)", "np.matmul(#, #)"]), vec![n, k], vec![k, m])
            }
            [n] if summed && self.choice.chance(50) => ("? @ ?", vec![n, k], vec![k]),
            [n] if summed => ("np.dot(#, #)", vec![k], vec![k, n]),
            _ => return None,
        };
        if !self.affords(4 * k * shape.iter().product::<usize>()) {
            return None;
        }
        let parts = vec![self.array(dtype, &left, depth.min(1)), self.array(dtype, &right, depth.min(1))];
        Some(Expr { c_order: true, ..Expr::new(text, parts, ty) })
    }

    /// `x @ y` of vectors.
    pub(super) fn dot(&mut self, want: Element, depth: usize) -> Option<Expr> {
        let Element::Strong(dtype) = want else { return None };
        if self.numpy && dtype.is_float() {
            return None;
        }
        let n = *self.choice.pick(&self.extents);
        let parts = vec![self.array(dtype, &[n], depth.min(2)), self.array(dtype, &[n], depth.min(2))];
        let text = self.choice.word(&["? @ ?", "np.dot(#, #)", "?.dot(#)"]);
        Some(Expr::new(text, parts, Type::Scalar(want)))
    }

    /// `np.cumsum(x, axis=k)`; without an axis the elements in C order.
    pub(super) fn scan(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let from: Vec<Dtype> = REAL.into_iter().filter(|from| sum_dtype(*from) == dtype).collect();
        let from = if from.is_empty() { return None } else { *self.choice.pick(&from) };
        let name = self.choice.word(&["cumsum", "cumsum", "cumprod"]);
        let (full, option) = match shape {
            [] => return None,
            [n] if n.is_multiple_of(2) && self.choice.chance(40) => (vec![2, n / 2], String::new()),
            [_] if self.choice.chance(50) => (shape.to_vec(), String::new()),
            _ => (shape.to_vec(), format!(", axis={}", self.choice.below(shape.len()))),
        };
        let array = self.array(from, &full, depth.min(2));
        let text = format!("np.{name}(#{option})");
        Some(Expr::new(text, vec![array], Type::Array(dtype, shape.to_vec())))
    }

    /// `np.tril(x, k)`, `np.diag(v)`.
    pub(super) fn triangle(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let ty = Type::Array(dtype, shape.to_vec());
        match *shape {
            [n, m] if n == m && self.choice.chance(40) => {
                let diagonal = self.array(dtype, &[n], depth);
                Some(Expr::new("np.diag(#)", vec![diagonal], ty))
            }
            [_, _] => {
                let (name, k) = (self.choice.word(&["tril", "triu"]), self.choice.between(-2, 2));
                let array = self.array(dtype, shape, depth);
                Some(Expr::new(format!("np.{name}(#, {k})"), vec![array], ty))
            }
            _ => None,
        }
    }

    /// `np.add(a, b, out=x)` and `x.fill(v)`.
    pub(super) fn compute_into(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let array = self
            .variable(|variable| matches!(variable.ty, Type::Array(..)) && variable.access == Access::Full)?;
        self.writes = true;
        let Type::Array(dtype, shape) = &array.ty else { return None };
        if !self.affords(4 * shape.iter().product::<usize>()) {
            return None;
        }
        let target = self.read(&array);
        let stmt = if self.choice.chance(30) {
            let value = self.stored_value(*dtype);
            Expr::new("?.fill(#)", vec![target, value], Type::None)
        } else {
            let name = match dtype.kind() {
                Kind::Bool => self.choice.word(&["logical_and", "logical_or", "bitwise_xor"]),
                Kind::Float => self.choice.word(&["add", "subtract", "multiply", "divide"]),
                Kind::Signed | Kind::Unsigned | Kind::Complex => {
                    self.choice.word(&["add", "subtract", "multiply", "bitwise_and"])
                }
            };
            let parts = vec![self.array(*dtype, shape, 1), self.array(*dtype, shape, 1), target];
            Expr::new(format!("np.{name}(#, #, out=#)"), parts, Type::None)
        };
        body.push(Stmt::Line(stmt));
        Some(())
    }
}
