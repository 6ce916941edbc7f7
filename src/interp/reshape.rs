//! Other shapes for the same elements.

use super::array::{Array, indices};
use super::expr::Evaluated;
use super::values::Datum;
use super::{Frame, Interpreter};
use crate::base::FaultKind;
use crate::base::types::MAX_EXTENT;
use crate::hir::{Expr, Reshaping};

impl Interpreter<'_> {
    pub(super) fn reshape(
        &mut self,
        frame: &mut Frame,
        expr: Expr,
        array: Expr,
        shape: &[Expr],
        result: Reshaping,
    ) -> Evaluated {
        let array = self.eval(frame, array)?.into_array();
        let written = shape.iter().map(|extent| self.int(frame, *extent)).collect::<Result<Vec<i64>, _>>()?;
        let size: usize = array.shape().iter().product();
        let Some(shape) = completed(size, &written) else {
            return Err(frame.fault(FaultKind::CannotReshape, frame.span(expr), &[size as i64]));
        };
        let strides = match result {
            Reshaping::View => view_strides(&array, &shape),
            Reshaping::ViewOfContiguous => array.is_contiguous().then(|| array.c_strides(&shape)),
        };
        if let Some(strides) = strides {
            return Ok(Datum::Array(array.restrided(shape, strides)));
        }
        let copy = self.allocate(frame, frame.span(expr), array.dtype(), &shape)?;
        for (from, to) in indices(array.shape()).zip(indices(&shape)) {
            copy.set(&to, array.get(&from));
        }
        Ok(Datum::Array(copy))
    }
}

/// The shape with what is left for a negative extent; None if the elements do not fill it.
fn completed(size: usize, written: &[i64]) -> Option<Vec<usize>> {
    let known: Vec<i128> =
        written.iter().filter(|extent| **extent >= 0).map(|extent| i128::from(*extent)).collect();
    known.iter().try_fold(1i128, |bound, extent| {
        Some(bound * (*extent).max(1)).filter(|bound| *bound <= i128::from(MAX_EXTENT))
    })?;
    let (product, size) = (known.iter().product::<i128>(), size as i128);
    let fits = match written.len() - known.len() {
        0 => product == size,
        1 => product != 0 && size % product == 0,
        _ => false,
    };
    let rest = if product == 0 { 0 } else { size / product };
    let extents = written.iter().map(|extent| if *extent < 0 { rest as usize } else { *extent as usize });
    fits.then(|| extents.collect())
}

/// The strides under which a view of `array` has this shape, if there are any: groups of axes on both sides that hold equally many
/// elements are matched from the first on; within a group the old axes must follow each other without gaps.
fn view_strides(array: &Array, shape: &[usize]) -> Option<Vec<isize>> {
    if shape.contains(&0) {
        return Some(array.c_strides(shape));
    }
    let old: Vec<(usize, isize)> = (array.shape().iter().copied())
        .zip(array.strides().iter().copied())
        .filter(|(extent, _)| *extent != 1)
        .collect();
    let mut strides = vec![array.dtype().size() as isize; shape.len()];
    let (mut from, mut to) = (0, 0);
    while from < old.len() {
        let (mut from_end, mut to_end) = (from + 1, to + 1);
        let (mut held, mut wanted) = (old[from].0, shape[to]);
        while held != wanted {
            if held < wanted {
                held *= old[from_end].0;
                from_end += 1;
            } else {
                wanted *= shape[to_end];
                to_end += 1;
            }
        }
        if old[from..from_end].windows(2).any(|pair| pair[0].1 != pair[1].1 * pair[1].0 as isize) {
            return None;
        }
        let mut stride = old[from_end - 1].1;
        for axis in (to..to_end).rev() {
            strides[axis] = stride;
            stride *= shape[axis] as isize;
        }
        (from, to) = (from_end, to_end);
    }
    Some(strides)
}
