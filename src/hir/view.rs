//! What is known of the type of a view.

use super::{Expr, ExprKind, Function, Pick, Reshaping};
use crate::base::{ArrayType, AxisSet, Layout};

impl Pick {
    /// `:`, all of an axis.
    pub const WHOLE: Pick = Pick::Slice { start: None, stop: None, step: None };

    pub fn index(&self) -> Option<Expr> {
        match *self {
            Pick::At(index) => Some(index),
            Pick::Slice { .. } | Pick::NewAxis => None,
        }
    }

    pub fn exprs(&self) -> impl Iterator<Item = Expr> + use<> {
        let exprs = match *self {
            Pick::At(index) => [Some(index), None, None],
            Pick::Slice { start, stop, step } => [start, stop, step],
            Pick::NewAxis => [None; 3],
        };
        exprs.into_iter().flatten()
    }
}

impl Function {
    /// The type of a view of an `array`.
    pub fn view_type(&self, array: ArrayType, items: &[Pick]) -> ArrayType {
        let unit = view_units(array, items);
        let rank = items.iter().filter(|item| !matches!(item, Pick::At(_))).count();
        let layout = if rank == 0 || array.layout == Layout::C && self.is_one_run(array, items) {
            Layout::C
        } else if array.layout != Layout::Strided && items.last().is_some_and(|last| self.is_dense(*last)) {
            Layout::Inner
        } else {
            Layout::Strided
        };
        ArrayType { dtype: array.dtype, rank: rank as u8, layout, unit }
    }

    /// Whether the view takes neighbours of the last axis, or makes that axis.
    fn is_dense(&self, item: Pick) -> bool {
        match item {
            Pick::At(_) => false,
            Pick::Slice { step, .. } => step.is_none_or(|step| self.is_one(step)),
            Pick::NewAxis => true,
        }
    }

    /// Whether the elements of the view lie one behind the other if those of the array do: at most the first axis that counts is cut.
    fn is_one_run(&self, array: ArrayType, items: &[Pick]) -> bool {
        let mut kept = false;
        let mut axes = 0..array.rank();
        items.iter().filter(|item| **item != Pick::NewAxis).all(|item| {
            if axes.next().is_some_and(|axis| array.unit.contains(axis)) {
                return true;
            }
            let before = kept;
            kept |= !matches!(item, Pick::At(_));
            *item == Pick::WHOLE || !before && (!kept || self.is_dense(*item))
        })
    }

    fn is_one(&self, expr: Expr) -> bool {
        matches!(self.exprs[expr].kind, ExprKind::Const(value) if value.as_i64() == 1)
    }
}

fn view_units(array: ArrayType, items: &[Pick]) -> AxisSet {
    let (mut unit, mut axis, mut own) = (AxisSet::default(), 0, 0);
    for item in items {
        let known = match item {
            Pick::NewAxis => true,
            Pick::At(_) | Pick::Slice { .. } => *item == Pick::WHOLE && array.unit.contains(axis),
        };
        axis += usize::from(*item != Pick::NewAxis);
        if known {
            unit = unit.with(own);
        }
        own += usize::from(!matches!(item, Pick::At(_)));
    }
    unit
}

impl Function {
    /// The type of an array under another shape.
    pub fn reshaped_type(&self, array: ArrayType, shape: &[Expr], result: Reshaping) -> ArrayType {
        let mut unit = AxisSet::default();
        for (axis, extent) in shape.iter().enumerate() {
            if self.is_one(*extent) {
                unit = unit.with(axis);
            }
        }
        let layout = match result {
            Reshaping::ViewOfContiguous => Layout::C,
            Reshaping::View if array.layout == Layout::C => Layout::C,
            Reshaping::View => Layout::Strided,
        };
        ArrayType { dtype: array.dtype, rank: shape.len() as u8, layout, unit }
    }
}

/// The type of an array with its axes in another order.
pub fn permuted_type(array: ArrayType, axes: &[u8]) -> ArrayType {
    let mut unit = AxisSet::default();
    for (own, axis) in axes.iter().enumerate() {
        if array.unit.contains(usize::from(*axis)) {
            unit = unit.with(own);
        }
    }
    let counted: Vec<&u8> = axes.iter().filter(|axis| !array.unit.contains(usize::from(**axis))).collect();
    let layout = match array.layout {
        Layout::C if counted.is_sorted() => Layout::C,
        Layout::C | Layout::Inner if counted.last().is_none_or(|last| is_last(array, **last)) => {
            Layout::Inner
        }
        Layout::C | Layout::Inner | Layout::Strided => Layout::Strided,
    };
    ArrayType { unit, layout, ..array }
}

fn is_last(array: ArrayType, axis: u8) -> bool {
    usize::from(axis) + 1 == array.rank()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Dtype, Type};
    use crate::hir::build::function;

    #[test]
    fn layouts_of_views() {
        let mut b = function("f", Type::None);
        let (one, two) = (b.int(1), b.int(2));
        let slice = |start, step| Pick::Slice { start, stop: None, step };
        let (tail, every) = (slice(Some(one), Some(one)), slice(None, Some(two)));
        let array = ArrayType::contiguous(Dtype::F64, 2);
        let layout = |items: &[Pick]| b.function.view_type(array, items).layout;
        assert_eq!(layout(&[Pick::At(one), tail]), Layout::C);
        assert_eq!(layout(&[tail, Pick::WHOLE, Pick::NewAxis]), Layout::C);
        assert_eq!(layout(&[Pick::At(one), Pick::At(one)]), Layout::C);
        assert_eq!(layout(&[tail, tail]), Layout::Inner);
        assert_eq!(layout(&[every, Pick::WHOLE]), Layout::Inner);
        assert_eq!(layout(&[Pick::WHOLE, every]), Layout::Strided);
        assert_eq!(layout(&[Pick::WHOLE, Pick::At(one)]), Layout::Strided);
    }

    #[test]
    fn layouts_of_permutations() {
        let layout = |array, axes: &[u8]| permuted_type(array, axes).layout;
        let array = ArrayType::contiguous(Dtype::F64, 3);
        assert_eq!(layout(array, &[0, 1, 2]), Layout::C);
        assert_eq!(layout(array, &[1, 0, 2]), Layout::Inner);
        assert_eq!(layout(array, &[2, 1, 0]), Layout::Strided);
        let row = ArrayType { unit: AxisSet(1), ..array };
        assert_eq!(layout(row, &[1, 2, 0]), Layout::C);
    }
}
