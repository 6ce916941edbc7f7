//! Reductions, over all axes or some.

use super::Generator;
use crate::program::Expr;
use crate::types::{Element, REAL, Type, sum_dtype};
use durum::base::Dtype;

const NAMES: [&str; 16] = [
    "sum",
    "sum",
    "sum",
    "prod",
    "prod",
    "min",
    "max",
    "amin",
    "amax",
    "mean",
    "var",
    "std",
    "any",
    "all",
    "ptp",
    "count_nonzero",
];

impl Generator {
    /// To a number.
    pub(super) fn reduction(&mut self, want: Element, depth: usize) -> Option<Expr> {
        let Element::Strong(dtype) = want else { return None };
        let (name, from) = self.reduction_name(dtype)?;
        let shape = self.shape_in_scope();
        if !self.may_reduce(name, &shape) {
            return None;
        }
        let array = self.array(from, &shape, depth.min(2));
        self.reduce_by(name, array, vec![], Type::Scalar(want))
    }

    /// Over some axes, to an array of this shape.
    pub(super) fn axis_reduction(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let (name, from) = self.reduction_name(dtype)?;
        let mut full = shape.to_vec();
        let mut axes = vec![];
        for _ in 0..if self.choice.chance(20) { 2 } else { 1 } {
            let (axis, extent) = (self.choice.below(full.len() + 1), *self.choice.pick(&self.extents));
            axes.iter_mut().filter(|other| **other >= axis).for_each(|other| *other += 1);
            axes.push(axis);
            full.insert(axis, extent);
        }
        if full.len() > 4 || !self.may_reduce(name, &full) {
            return None;
        }
        let array = self.array(from, &full, depth.min(2));
        let axes = self.axis_option(&axes, full.len());
        self.reduce_by(name, array, vec![axes], Type::Array(dtype, shape.to_vec()))
    }

    /// Over the axes where `part` has extent 1 and `shape` more, which stay as axes of extent 1.
    pub(super) fn kept_axes(
        &mut self,
        dtype: Dtype,
        part: &[usize],
        shape: &[usize],
        depth: usize,
    ) -> Option<Expr> {
        let (name, from) = self.reduction_name(dtype)?;
        let full = &shape[shape.len() - part.len()..];
        let axes: Vec<usize> = (0..part.len()).filter(|axis| part[*axis] != full[*axis]).collect();
        if axes.is_empty() || !self.may_reduce(name, full) {
            return None;
        }
        let array = self.array(from, full, depth);
        let axes = self.axis_option(&axes, full.len());
        self.reduce_by(
            name,
            array,
            vec![axes, "keepdims=True".to_string()],
            Type::Array(dtype, part.to_vec()),
        )
    }

    fn axis_option(&mut self, axes: &[usize], rank: usize) -> String {
        let texts: Vec<String> = axes
            .iter()
            .map(|axis| if self.choice.chance(30) { *axis as i64 - rank as i64 } else { *axis as i64 })
            .map(|axis| axis.to_string())
            .collect();
        match texts.as_slice() {
            [only] => format!("axis={only}"),
            several => format!("axis=({})", several.join(", ")),
        }
    }

    fn may_reduce(&mut self, name: &str, shape: &[usize]) -> bool {
        let work: usize = shape.iter().product();
        self.affords(2 * work) && work <= 1000 && (work > 0 || !is_extreme(name) || self.choice.chance(5))
    }

    fn reduce_by(&mut self, name: &str, array: Expr, mut options: Vec<String>, ty: Type) -> Option<Expr> {
        let float = matches!(array.ty, Type::Array(dtype, _) if dtype.is_float());
        let rank = if let Type::Array(_, shape) = &array.ty { shape.len() } else { 0 };
        // Where NumPy goes through memory in another order, sums differ in the last bits.
        let ordered = matches!(name, "sum" | "prod" | "mean" | "var" | "std");
        if self.numpy && float && ordered && rank > 1 && !array.c_order {
            return None;
        }
        if matches!(name, "var" | "std") && self.choice.chance(30) {
            options.push("ddof=1".to_string());
        }
        if matches!(name, "sum" | "prod" | "min" | "max") && self.choice.chance(8) {
            options.push(format!("initial={}", self.choice.between(0, 5)));
        }
        // Zeros of either sign are the same to min and max.
        let zero = if is_extreme(name) && float { " + 0.0" } else { "" };
        let method = !matches!(name, "amin" | "amax" | "ptp" | "count_nonzero") && self.choice.chance(30);
        let text = if method {
            format!("?.{name}({}){zero}", options.join(", "))
        } else {
            let options: String = options.iter().map(|option| format!(", {option}")).collect();
            format!("np.{name}(#{options}){zero}")
        };
        Some(Expr::new(text, vec![array], ty))
    }

    /// A reduction that gives `dtype`, and the dtype of what it reduces.
    fn reduction_name(&mut self, dtype: Dtype) -> Option<(&'static str, Dtype)> {
        let name = self.choice.word(&NAMES);
        let from: Vec<Dtype> =
            REAL.into_iter().filter(|from| self.reduced_dtype(name, *from) == Some(dtype)).collect();
        if from.is_empty() { None } else { Some((name, *self.choice.pick(&from))) }
    }

    fn reduced_dtype(&self, name: &str, from: Dtype) -> Option<Dtype> {
        match name {
            "sum" | "prod" => Some(sum_dtype(from)),
            "mean" | "var" | "std" => self.mean_dtype(from),
            "any" | "all" => Some(Dtype::Bool),
            "count_nonzero" => Some(Dtype::I64),
            "ptp" if from == Dtype::Bool => None,
            _ => Some(from),
        }
    }

    /// Sums that convert may differ from NumPy in the last bits, unless every partial sum is exact.
    fn mean_dtype(&self, from: Dtype) -> Option<Dtype> {
        let exact = from.bits() <= 32;
        match from {
            Dtype::F32 | Dtype::F64 => Some(from),
            _ if self.numpy && !exact => None,
            _ => Some(Dtype::F64),
        }
    }
}

fn is_extreme(name: &str) -> bool {
    matches!(name, "min" | "max" | "amin" | "amax" | "ptp")
}
