//! Views: slices, rows, new and rearranged axes; as expressions, as variables, and as what is stored into.

use super::{Access, Generator, Variable};
use crate::program::{Expr, Stmt};
use crate::types::{Element, Type};
use durum::base::Dtype;

/// Part of a subscript: its text and operands, and the extent that is left of the axis, if any.
struct Item {
    text: String,
    parts: Vec<Expr>,
    extent: Option<usize>,
}

/// `len(range(extent)[start:stop:step])`.
fn slice_length(extent: usize, start: Option<i64>, stop: Option<i64>, step: i64) -> usize {
    let extent = extent as i64;
    let (lowest, highest) = if step > 0 { (0, extent) } else { (-1, extent - 1) };
    let place = |bound: Option<i64>, missing: i64| match bound {
        None => missing,
        Some(bound) => (if bound < 0 { bound + extent } else { bound }).clamp(lowest, highest),
    };
    let (first, last) = if step > 0 { (0, extent) } else { (extent - 1, -1) };
    let (start, stop) = (place(start, first), place(stop, last));
    let span = if step > 0 { stop - start } else { start - stop };
    if span <= 0 { 0 } else { ((span - 1) / step.abs() + 1) as usize }
}

impl Generator {
    /// A random view of a variable; of an owned array, within the elements owned.
    pub(super) fn view_of(&mut self, array: &Variable) -> Option<Expr> {
        let Type::Array(_, shape) = &array.ty else { return None };
        let owned = matches!(array.access, Access::Own(_));
        match self.choice.below(10) {
            0 if !owned => self.transposed(array, shape),
            1 if !owned => self.rearranged(array, shape),
            _ => self.subscripted(array, shape),
        }
    }

    fn transposed(&mut self, array: &Variable, shape: &[usize]) -> Option<Expr> {
        let reversed = shape.iter().rev().copied().collect();
        let text = self.choice.word(&["?.T", "np.transpose(#)", "?.transpose()"]);
        self.view_expr(text.to_string(), array, vec![], reversed)
    }

    fn rearranged(&mut self, array: &Variable, shape: &[usize]) -> Option<Expr> {
        let rank = shape.len();
        if rank == 0 {
            return None;
        }
        let (a, b) = (self.choice.below(rank), self.choice.below(rank));
        let mut swapped = shape.to_vec();
        swapped.swap(a, b);
        let (text, shape) = match self.choice.below(5) {
            0 => ("np.flip(#)".to_string(), shape.to_vec()),
            1 => (format!("np.flip(#, {a})"), shape.to_vec()),
            2 => (format!("np.swapaxes(#, {a}, {})", b as i64 - rank as i64), swapped),
            3 => {
                swapped = shape.to_vec();
                let moved = swapped.remove(a);
                swapped.insert(b, moved);
                (format!("np.moveaxis(#, {a}, {b})"), swapped)
            }
            _ => {
                swapped = shape.to_vec();
                swapped.insert(a, 1);
                (format!("np.expand_dims(#, {a})"), swapped)
            }
        };
        self.view_expr(text, array, vec![], shape)
    }

    fn view_expr(
        &mut self,
        text: String,
        array: &Variable,
        parts: Vec<Expr>,
        shape: Vec<usize>,
    ) -> Option<Expr> {
        let Type::Array(dtype, _) = &array.ty else { return None };
        if shape.len() > 4 {
            return None;
        }
        let parts = std::iter::once(self.read(array)).chain(parts).collect();
        let expr = Expr::new(text, parts, Type::Array(*dtype, shape));
        Some(Expr { c_order: false, shares: true, ..expr })
    }

    /// `x[1:, i, None, ::-1]`.
    fn subscripted(&mut self, array: &Variable, shape: &[usize]) -> Option<Expr> {
        let mut items = self.owned_items(array);
        for (axis, extent) in shape.iter().enumerate().skip(items.len()) {
            let item = if self.choice.chance(25) {
                self.index_item(array, axis, *extent)?
            } else {
                self.slice_item(*extent)
            };
            items.push(item);
        }
        // Axes at the end may go without saying.
        while items.last().is_some_and(|item| item.text == ":") && items.len() > 1 && self.choice.chance(50) {
            items.pop();
        }
        let said = items.len();
        let rest = shape[said..].to_vec();
        if self.choice.chance(8) && !matches!(array.access, Access::Own(_)) {
            let at = self.choice.below(items.len() + 1);
            items.insert(at, Item { text: "None".to_string(), parts: vec![], extent: Some(1) });
        }
        self.subscript_expr(array, items, rest)
    }

    fn owned_items(&self, array: &Variable) -> Vec<Item> {
        let Access::Own(indices) = &array.access else { return vec![] };
        indices
            .iter()
            .map(|index| Item { text: "#".to_string(), parts: vec![index.clone()], extent: None })
            .collect()
    }

    fn subscript_expr(&mut self, array: &Variable, items: Vec<Item>, rest: Vec<usize>) -> Option<Expr> {
        let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
        let text = format!("?[{}]", texts.join(", "));
        let shape: Vec<usize> = items.iter().filter_map(|item| item.extent).chain(rest).collect();
        let parts = items.into_iter().flat_map(|item| item.parts).collect();
        // Without an axis it is an element.
        if shape.is_empty() { None } else { self.view_expr(text, array, parts, shape) }
    }

    fn index_item(&mut self, array: &Variable, axis: usize, extent: usize) -> Option<Item> {
        let index = self.index(array, axis, extent)?;
        Some(Item { text: "#".to_string(), parts: vec![index], extent: None })
    }

    fn slice_item(&mut self, extent: usize) -> Item {
        if self.choice.chance(30) {
            return Item { text: ":".to_string(), parts: vec![], extent: Some(extent) };
        }
        if self.choice.chance(15)
            && let Some(item) = self.moving_slice(extent, None)
        {
            return item;
        }
        let step = *self.choice.pick(&[1, 1, 1, 1, 2, 3, -1, -1, -2]);
        let (start, stop) = (self.bound(extent), self.bound(extent));
        let text = |bound: Option<i64>| bound.map_or(String::new(), |bound| bound.to_string());
        let step_text = if step == 1 { String::new() } else { format!(":{step}") };
        let length = slice_length(extent, start, stop, step);
        Item {
            text: format!("{}:{}{step_text}", text(start), text(stop)),
            parts: vec![],
            extent: Some(length),
        }
    }

    fn bound(&mut self, extent: usize) -> Option<i64> {
        let extent = extent as i64;
        match self.choice.below(6) {
            0 | 1 => None,
            2 => Some(1),
            3 => Some(-1),
            _ => Some(self.choice.between(-extent - 1, extent + 1)),
        }
    }

    /// `i:i + 3`, of the length wanted.
    fn moving_slice(&mut self, extent: usize, length: Option<usize>) -> Option<Item> {
        let variable = self.variable(|variable| variable.range.is_some_and(|(low, _)| low >= 0))?;
        let (_, high) = variable.range.expect("asked for");
        let room = extent as i64 - high;
        let length = match length {
            Some(length) => length as i64,
            None => self.choice.between(1, room.max(1)),
        };
        let start = self.read(&variable);
        (length <= room).then(|| Item {
            text: format!("#:? + {length}"),
            parts: vec![start.clone(), start],
            extent: Some(length as usize),
        })
    }

    /// A view of the shape wanted, of an array that is large enough.
    pub(super) fn array_view(&mut self, dtype: Dtype, shape: &[usize], _: usize) -> Option<Expr> {
        let array = self.variable(|variable| match &variable.ty {
            Type::Array(found, full) => *found == dtype && full.len() >= shape.len(),
            Type::Scalar(_) | Type::Tuple(_) | Type::None => false,
        })?;
        let Type::Array(_, full) = &array.ty else { return None };
        let mut items = self.owned_items(&array);
        let (mut wanted, mut spare) = (shape.to_vec(), full.len().checked_sub(items.len() + shape.len())?);
        for (axis, extent) in full.iter().enumerate().skip(items.len()) {
            let drop =
                spare > 0 && (self.choice.chance(50) || wanted.first().is_none_or(|first| first > extent));
            if drop {
                spare -= 1;
                items.push(self.index_item(&array, axis, *extent)?);
            } else if wanted.is_empty() {
                return None;
            } else {
                items.push(self.slice_of_length(*extent, wanted.remove(0))?);
            }
        }
        if !wanted.is_empty() {
            return None;
        }
        self.subscript_expr(&array, items, vec![])
    }

    fn slice_of_length(&mut self, extent: usize, length: usize) -> Option<Item> {
        if length > extent {
            return None;
        }
        if self.choice.chance(30)
            && let Some(item) = self.moving_slice(extent, Some(length))
        {
            return Some(item);
        }
        let (extent, length) = (extent as i64, length as i64);
        let most = if length > 1 { (extent - 1) / (length - 1) } else { 2 };
        let step = self.choice.between(1, most.clamp(1, 3));
        let start = self.choice.between(0, extent - ((length - 1) * step + 1).max(0));
        let last = start + (length - 1) * step;
        let text = match self.choice.below(5) {
            _ if length == 0 => format!("{start}:{start}"),
            0 if length == extent => "::-1".to_string(),
            1 if length == extent => ":".to_string(),
            // Backwards; before the first element there is no number to write.
            2 if start > 0 => format!("{last}:{}:-{step}", start - 1),
            3 if last + 1 < extent => format!("{start}:{}:{step}", last + 1 - extent),
            _ if step == 1 => format!("{start}:{}", start + length),
            _ => format!("{start}:{}:{step}", last + 1),
        };
        Some(Item { text, parts: vec![], extent: Some(length as usize) })
    }

    /// `v = x[::2]`.
    pub(super) fn new_view(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let array = self.variable(|variable| {
            matches!(variable.ty, Type::Array(..)) && !matches!(variable.access, Access::Own(_))
        })?;
        let value = self.view_of(&array)?;
        let name = self.fresh_name();
        self.declare(name.clone(), &value, array.memory);
        body.push(Stmt::Line(Expr::new(format!("{name} = #"), vec![value], Type::None)));
        Some(())
    }

    /// `x[1:] = …`, `x[:, 0] += …`; of an owned array, a row.
    pub(super) fn store_view(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let (array, _) = self.writable()?;
        let target = self.subscripted_target(&array)?;
        let Type::Array(dtype, shape) = target.ty.clone() else { return None };
        if !self.affords(4 * shape.iter().product::<usize>()) {
            return None;
        }
        if self.choice.chance(50) {
            let value = match self.choice.below(4) {
                0 => self.stored_value(dtype),
                _ => self.array(dtype, &shape, 2),
            };
            let value = self.settled(value);
            body.push(Stmt::Line(Expr::new("# = #", vec![target, value], Type::None)));
            return Some(());
        }
        let op = self.choice.word(&["+", "-", "*", "&", "|", "^", "/", "//", "%"]);
        let element = self.in_place_operand(op, dtype)?;
        let value = match element {
            Element::Strong(from) if self.choice.chance(70) => self.array(from, &shape, 2),
            element => self.number(element, 2),
        };
        let own = Element::Strong(dtype);
        let whole = self.operate(op, own, element, target.clone(), value, target.ty.clone())?;
        let [left, right] = whole.parts.as_slice() else { return None };
        if *left != target {
            return None;
        }
        body.push(Stmt::Line(Expr::new(format!("# {op}= #"), vec![target, right.clone()], Type::None)));
        Some(())
    }

    /// NumPy stores one vector into another that overlaps it without looking, unless they run in opposite directions.
    fn settled(&self, value: Expr) -> Expr {
        let vector = matches!(&value.ty, Type::Array(_, shape) if shape.len() == 1);
        if self.numpy && vector && !self.bases(&value).is_empty() {
            let ty = value.ty.clone();
            return Expr::new("np.copy(#)", vec![value], ty);
        }
        value
    }

    fn subscripted_target(&mut self, array: &Variable) -> Option<Expr> {
        let Type::Array(_, shape) = array.ty.clone() else { return None };
        self.subscripted(array, &shape)
    }

    /// The variables whose memory a value may share.
    pub(super) fn bases(&self, value: &Expr) -> Vec<&Variable> {
        if value.shares {
            return value.parts.iter().flat_map(|part| self.bases(part)).collect();
        }
        let is_array = matches!(value.ty, Type::Array(..));
        self.scope.iter().filter(|variable| is_array && variable.name == value.template).collect()
    }

    /// `x[:, None]`: an axis whose extent of 1 is known to the types.
    pub(super) fn with_new_axis(&mut self, dtype: Dtype, part: &[usize]) -> Option<Expr> {
        let axis = part.iter().rposition(|extent| *extent == 1)?;
        let mut shape = part.to_vec();
        shape.remove(axis);
        let others = shape.contains(&1);
        if others || shape.is_empty() {
            return None;
        }
        let ty = Type::Array(dtype, shape);
        let array =
            self.variable(|variable| variable.ty == ty && !matches!(variable.access, Access::Own(_)))?;
        let subscript: Vec<&str> = (0..part.len()).map(|k| if k == axis { "None" } else { ":" }).collect();
        self.view_expr(format!("?[{}]", subscript.join(", ")), &array, vec![], part.to_vec())
    }
}
