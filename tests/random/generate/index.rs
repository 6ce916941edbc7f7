//! Indices: mostly in range, by what is known of loop variables and extents.

use super::{Generator, Variable};
use crate::program::Expr;
use crate::types::{INT, Type};

/// An index into an axis of an extent.
type Production = fn(&mut Generator, &Variable, usize, usize) -> Option<Expr>;

impl Generator {
    /// Indices of one element of an array, the first ones given.
    pub(super) fn element_of(&mut self, array: &Variable, first: Vec<Expr>) -> Option<Expr> {
        let Type::Array(dtype, shape) = &array.ty else { return None };
        let mut indices = first;
        for (axis, extent) in shape.iter().enumerate().skip(indices.len()) {
            indices.push(self.index(array, axis, *extent)?);
        }
        let holes = vec!["#"; indices.len()].join(", ");
        let text = format!("{}[{}]", array.name, if holes.is_empty() { "()" } else { &holes });
        Some(Expr::new(text, indices, Type::Scalar(crate::types::Element::Strong(*dtype))))
    }

    pub(super) fn index(&mut self, array: &Variable, axis: usize, extent: usize) -> Option<Expr> {
        if self.choice.chance(1) {
            return Some(self.number(INT, 1));
        }
        if extent == 0 {
            return None;
        }
        let table: &[(u32, Production)] = &[
            (8, Generator::index_by_loop),
            (3, Generator::index_by_constant),
            (2, Generator::index_by_remainder),
            (1, Generator::index_from_end),
        ];
        for _ in 0..4 {
            if let Some(index) = self.choice.weighted(table)(self, array, axis, extent) {
                return Some(index);
            }
        }
        self.index_by_constant(array, axis, extent)
    }

    /// `i`, `i + 1`, `i - 1`, `2 * i` of a variable whose range is known.
    fn index_by_loop(&mut self, _: &Variable, _: usize, extent: usize) -> Option<Expr> {
        let variable = self.variable(|variable| variable.range.is_some())?;
        let (low, high) = variable.range.expect("asked for");
        let read = self.read(&variable);
        let int =
            |text: &'static str, read| Some(Expr::new(text, vec![read], Type::Scalar(INT)).with_bits(20));
        let extent = extent as i64;
        let fits = |low: i64, high: i64| low >= -extent && high < extent;
        let careless = self.choice.chance(2);
        match self.choice.below(6) {
            0 if fits(low + 1, high + 1) || careless => int("? + 1", read),
            1 if fits(low - 1, high - 1) || careless => int("? - 1", read),
            2 if fits(2 * low, 2 * high) => int("2 * ?", read),
            3 if fits(-1 - high, -1 - low) => int("-1 - ?", read),
            _ if fits(low, high) || careless => Some(read),
            _ => None,
        }
    }

    fn index_by_constant(&mut self, _: &Variable, _: usize, extent: usize) -> Option<Expr> {
        let index = self.choice.between(-(extent as i64), extent as i64 - 1);
        let index = if self.choice.chance(50) { index.rem_euclid(extent as i64) } else { index };
        Some(Expr::leaf(index.to_string(), Type::Scalar(INT)).with_bits(10))
    }

    fn index_by_remainder(&mut self, array: &Variable, axis: usize, extent: usize) -> Option<Expr> {
        let value = self.number(INT, 1);
        let size = self.extent_text(array, axis, extent);
        Some(Expr::new("? % ?", vec![value, size], Type::Scalar(INT)).with_bits(10))
    }

    fn index_from_end(&mut self, array: &Variable, axis: usize, extent: usize) -> Option<Expr> {
        let size = self.extent_text(array, axis, extent);
        Some(Expr::new("? - 1", vec![size], Type::Scalar(INT)).with_bits(10))
    }

    /// How a program writes an extent it could know.
    pub(super) fn extent_text(&mut self, array: &Variable, axis: usize, extent: usize) -> Expr {
        let name = &array.name;
        let text = match self.choice.below(4) {
            0 => extent.to_string(),
            1 if axis == 0 => format!("len({name})"),
            _ => format!("{name}.shape[{axis}]"),
        };
        Expr::leaf(text, Type::Scalar(INT)).with_bits(10)
    }
}
