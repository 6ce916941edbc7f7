//! Views: references to some of an array's elements.

use super::expr::Evaluated;
use super::values::Datum;
use super::{Frame, Interpreter, Stop};
use crate::base::FaultKind;
use crate::hir::{Expr, Pick};

/// An item of a view with its operands evaluated.
enum Item {
    At(i64),
    Slice { start: Option<i64>, stop: Option<i64>, step: Option<i64> },
    NewAxis,
}

impl Interpreter<'_> {
    pub(super) fn view(&mut self, frame: &mut Frame, expr: Expr, array: Expr, items: &[Pick]) -> Evaluated {
        let array = self.eval(frame, array)?.into_array();
        let items: Vec<Item> =
            items.iter().map(|item| self.view_item(frame, item)).collect::<Result<_, Stop>>()?;
        let mut view = array.clone();
        // Where the view is cut next, and which axis of the array that is.
        let (mut own, mut axis) = (0, 0);
        for item in items {
            match item {
                Item::NewAxis => {
                    view.insert_axis(own);
                    own += 1;
                    continue;
                }
                Item::At(index) => {
                    let extent = view.shape()[own] as i64;
                    let wrapped = if index < 0 { index + extent } else { index };
                    if !(0..extent).contains(&wrapped) {
                        let kind = FaultKind::IndexOutOfRange { axis };
                        return Err(frame.fault(kind, frame.span(expr), &[index, extent]));
                    }
                    view.drop_axis(own, wrapped as usize);
                }
                Item::Slice { start, stop, step } => {
                    let step = step.unwrap_or(1);
                    if step == 0 {
                        return Err(frame.fault(FaultKind::ZeroSliceStep, frame.span(expr), &[]));
                    }
                    let numbers = selected(view.shape()[own], start, stop, step.into());
                    view.cut_axis(own, &numbers);
                    own += 1;
                }
            }
            axis += 1;
        }
        Ok(Datum::Array(view))
    }

    fn view_item(&mut self, frame: &mut Frame, item: &Pick) -> Result<Item, Stop> {
        Ok(match *item {
            Pick::NewAxis => Item::NewAxis,
            Pick::At(index) => Item::At(self.int(frame, index)?),
            Pick::Slice { start, stop, step } => Item::Slice {
                start: self.optional_int(frame, start)?,
                stop: self.optional_int(frame, stop)?,
                step: self.optional_int(frame, step)?,
            },
        })
    }

    fn optional_int(&mut self, frame: &mut Frame, expr: Option<Expr>) -> Result<Option<i64>, Stop> {
        expr.map(|expr| self.int(frame, expr)).transpose()
    }

    pub(super) fn permute(&mut self, frame: &mut Frame, array: Expr, axes: &[u8]) -> Evaluated {
        Ok(Datum::Array(self.eval(frame, array)?.into_array().permuted(axes)))
    }
}

/// The indices that a slice selects, by the definition in Python's reference.
fn selected(extent: usize, start: Option<i64>, stop: Option<i64>, step: i128) -> Vec<usize> {
    let extent = extent as i128;
    let (lowest, highest) = if step > 0 { (0, extent) } else { (-1, extent - 1) };
    let bound = |written: Option<i64>, default: i128| match written {
        None => default,
        Some(bound) if bound < 0 => (i128::from(bound) + extent).clamp(lowest, highest),
        Some(bound) => i128::from(bound).clamp(lowest, highest),
    };
    let (first, last) = if step > 0 { (lowest, highest) } else { (highest, lowest) };
    let (start, stop) = (bound(start, first), bound(stop, last));
    std::iter::successors(Some(start), |number| Some(number + step))
        .take_while(|number| if step > 0 { *number < stop } else { *number > stop })
        .map(|number| number as usize)
        .collect()
}
