//! Views: which elements of another array they are.
//!
//! ```text
//! v = x[i, 1:]          v[j] is x[i, 1 + j]
//! w = v[::-1]           w[k] is x[i, 1 + (m - 1) - 1 * k]
//! ```
//!
//! A view is a name for an array of its own, of which only the extents are known at first: its elements are loaded from and stored to the
//! array that it was cut from, so that analyses see plain subscripts. It gets an address and strides where something asks for
//! the array itself ([`Builder::materialise`]): a variable that is bound more than once, a call, a result.

mod reshape;
mod slice;

use super::Builder;
use super::array::Operand;
use crate::base::{ArrayType, Binary, Dtype, FaultKind, Layout, Span, Unary};
use crate::hir::{self, Pick};
use crate::loops::{Array, ArrayData, Check, Condition, Op, Stmt, Store, Value};

/// Where the elements of a view lie.
#[derive(Clone, Debug)]
pub(super) struct IndexMap {
    root: Array,
    /// One for each axis of the root.
    axes: Vec<RootAxis>,
    /// Where the view stands in the source.
    span: Span,
}

/// The subscript in one axis of the root.
#[derive(Clone, Debug)]
enum RootAxis {
    Fixed(Value),
    /// `start + step * i`, `i` being the index in axis `own` of the view.
    Run {
        run: Run,
        own: usize,
    },
}

/// `start + step * i`: 0 and 1 where they are None.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    start: Option<Value>,
    step: Option<Value>,
}

/// What a view does with one axis of its array.
#[derive(Clone, Copy)]
enum Cut {
    At(Value),
    Run(Run, Value),
    NewAxis,
}

/// The items of a view with their operands evaluated.
#[derive(Clone, Copy)]
enum Item {
    At(Value),
    Slice { start: Option<Value>, stop: Option<Value>, step: Option<Value> },
    NewAxis,
}

impl Builder<'_, '_> {
    /// `array[items]`. It is owned if the array is.
    pub(super) fn view(&mut self, array: hir::Expr, items: &[Pick], ty: ArrayType, span: Span) -> Operand {
        let operand = self.array_expr(array);
        let items: Vec<Item> = items.iter().map(|item| self.view_item(*item)).collect();
        let cuts = self.cuts(operand.array, &items, span);
        let array = self.cut(operand.array, &cuts, ty, span);
        Operand { array, ty, ..operand }
    }

    fn view_item(&mut self, item: Pick) -> Item {
        match item {
            Pick::At(index) => Item::At(self.scalar(index)),
            Pick::Slice { start, stop, step } => {
                let start = start.map(|start| self.scalar(start));
                let stop = stop.map(|stop| self.scalar(stop));
                Item::Slice { start, stop, step: step.map(|step| self.scalar(step)) }
            }
            Pick::NewAxis => Item::NewAxis,
        }
    }

    /// Checks the items from left to right.
    fn cuts(&mut self, array: Array, items: &[Item], span: Span) -> Vec<Cut> {
        let mut extents = self.array(array).extents.clone().into_iter().enumerate();
        let mut cuts = vec![];
        for item in items {
            cuts.push(match *item {
                Item::NewAxis => Cut::NewAxis,
                Item::At(index) => {
                    let (axis, extent) = extents.next().expect("an item per axis");
                    Cut::At(self.checked_index(index, axis, extent, span))
                }
                Item::Slice { start, stop, step } => {
                    let (_, extent) = extents.next().expect("an item per axis");
                    let (run, extent) = self.slice(extent, start, stop, step, span);
                    Cut::Run(run, extent)
                }
            });
        }
        cuts
    }

    /// The array with its axes in another order.
    pub(super) fn permute(&mut self, array: hir::Expr, axes: &[u8], ty: ArrayType, span: Span) -> Operand {
        let operand = self.array_expr(array);
        let map = self.index_map(operand.array);
        let axis_of = |own: usize| axes.iter().position(|axis| usize::from(*axis) == own).expect("all axes");
        let turned = map.axes.into_iter().map(|axis| match axis {
            RootAxis::Run { run, own } => RootAxis::Run { run, own: axis_of(own) },
            fixed @ RootAxis::Fixed(_) => fixed,
        });
        let extents = axes.iter().map(|axis| self.array(operand.array).extents[usize::from(*axis)]).collect();
        let map = IndexMap { axes: turned.collect(), span, ..map };
        let array = self.view_array(operand.array, map, extents, ty);
        Operand { array, ty, ..operand }
    }

    /// The array with these steps and extents in its axes: a step of 0 repeats the first element.
    pub(super) fn stretched(&mut self, operand: Operand, axes: &[(Option<Value>, Value)]) -> Operand {
        let ty = ArrayType { layout: Layout::Strided, ..operand.ty };
        let run =
            |(step, extent): &(Option<Value>, Value)| Cut::Run(Run { start: None, step: *step }, *extent);
        let cuts: Vec<Cut> = axes.iter().map(run).collect();
        let span = self.index_map(operand.array).span;
        Operand { array: self.cut(operand.array, &cuts, ty, span), ty, owned: false }
    }

    fn cut(&mut self, array: Array, cuts: &[Cut], ty: ArrayType, span: Span) -> Array {
        let one = self.int(1);
        let (mut inner, mut extents) = (vec![], vec![]);
        for cut in cuts {
            match *cut {
                Cut::At(index) => inner.push(RootAxis::Fixed(index)),
                Cut::Run(run, extent) => {
                    inner.push(RootAxis::Run { run, own: extents.len() });
                    extents.push(extent);
                }
                Cut::NewAxis => extents.push(one),
            }
        }
        let map = self.index_map(array);
        let axes = map.axes.iter().map(|axis| self.compose(axis, &inner)).collect();
        let extents = self.known_extents(ty, extents);
        self.view_array(array, IndexMap { axes, span, ..map }, extents, ty)
    }

    /// A subscript in terms of a view of the view.
    fn compose(&mut self, axis: &RootAxis, inner: &[RootAxis]) -> RootAxis {
        let RootAxis::Run { run, own } = axis else { return axis.clone() };
        match &inner[*own] {
            RootAxis::Fixed(index) => RootAxis::Fixed(self.subscript(*run, *index)),
            RootAxis::Run { run: next, own } => {
                let start = match next.start {
                    Some(start) => Some(self.subscript(*run, start)),
                    None => run.start,
                };
                let step = match (run.step, next.step) {
                    (Some(a), Some(b)) => Some(self.binary(Binary::Mul, a, b)),
                    (step, None) | (None, step) => step,
                };
                RootAxis::Run { run: Run { start, step }, own: *own }
            }
        }
    }

    /// `start + step * index`.
    fn subscript(&mut self, run: Run, index: Value) -> Value {
        let steps = match run.step {
            Some(step) => self.binary(Binary::Mul, step, index),
            None => index,
        };
        match run.start {
            Some(start) => self.binary(Binary::Add, start, steps),
            None => steps,
        }
    }

    /// A name for a view of `array`. Its base and strides have no definition.
    fn view_array(&mut self, array: Array, map: IndexMap, extents: Vec<Value>, ty: ArrayType) -> Array {
        let unknown = self.function.value(Dtype::I64);
        let strides = vec![unknown; extents.len()];
        let source = self.array(array).clone();
        let contiguous = ty.layout == Layout::C;
        let view = ArrayData { base: unknown, extents, strides, contiguous, ..source };
        let view = self.function.arrays.push(view);
        self.views.insert(view, map);
        view
    }

    fn index_map(&mut self, array: Array) -> IndexMap {
        if let Some(map) = self.views.get(&array) {
            return map.clone();
        }
        let axis = |own| RootAxis::Run { run: Run::default(), own };
        let axes = (0..self.array(array).rank()).map(axis).collect();
        IndexMap { root: array, axes, span: Span::default() }
    }

    /// The array and subscripts that an element of a view is.
    fn locate(&mut self, array: Array, indices: Vec<Value>) -> (Array, Vec<Value>) {
        let Some(map) = self.views.get(&array).cloned() else { return (array, indices) };
        let subscripts = map.axes.iter().map(|axis| match axis {
            RootAxis::Fixed(index) => *index,
            RootAxis::Run { run, own } => self.subscript(*run, indices[*own]),
        });
        (map.root, subscripts.collect())
    }

    /// Loads of whole arrays have no place of their own: then it is that of the view.
    pub(super) fn load(&mut self, array: Array, indices: Vec<Value>, span: Span) -> Value {
        let view = self.views.get(&array).filter(|_| span == Span::default());
        let span = view.map_or(span, |view| view.span);
        let (array, indices) = self.locate(array, indices);
        let dtype = self.array(array).dtype;
        let value = self.define(dtype, Op::Load { array, indices });
        self.function.spans[value] = span;
        value
    }

    pub(super) fn store_element(&mut self, array: Array, indices: Vec<Value>, value: Value, span: Span) {
        let (array, indices) = self.locate(array, indices);
        self.emit(Stmt::Store(Store { array, indices, value, span }));
    }

    /// An array whose base and strides are values: the same one, if it is no view.
    pub(super) fn materialise(&mut self, array: Array) -> Array {
        let Some(map) = self.views.get(&array).cloned() else { return array };
        let (view, root) = (self.array(array).clone(), self.array(map.root).clone());
        let mut base = root.base;
        let mut strides: Vec<Option<Value>> = vec![None; view.rank()];
        for (axis, stride) in map.axes.iter().zip(root.strides) {
            let start = match axis {
                RootAxis::Fixed(index) => Some(*index),
                RootAxis::Run { run, own } => {
                    let step = run.step.map(|step| self.binary(Binary::Mul, step, stride));
                    strides[*own] = Some(step.unwrap_or(stride));
                    run.start
                }
            };
            if let Some(start) = start {
                let offset = self.binary(Binary::Mul, start, stride);
                base = self.binary(Binary::Add, base, offset);
            }
        }
        let strides = self.view_strides(&view, &strides);
        self.function.arrays.push(ArrayData { base, strides, ..view })
    }

    /// The strides of a view, with what its layout says of those that have none.
    fn view_strides(&mut self, view: &ArrayData, found: &[Option<Value>]) -> Vec<Value> {
        if view.contiguous {
            return self.contiguous_strides(view.dtype, &view.extents);
        }
        let size = self.int(view.dtype.size() as i64);
        found.iter().map(|stride| stride.unwrap_or(size)).collect()
    }

    /// Whether storing into `target` element by element leaves what is still to be read of `source` as it is: they are in different
    /// memory, or what has the same place in both is all that they can share.
    pub(super) fn may_store_in_turn(&mut self, source: Operand, target: Operand) -> bool {
        if source.array == target.array {
            return true;
        }
        let classes = (self.array(source.array).class, self.array(target.array).class);
        if self.representative(classes.0) != self.representative(classes.1) {
            return true;
        }
        let (a, b) = (self.array(source.array).extents.clone(), self.array(target.array).extents.clone());
        let same_shape = a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| self.is_same(*a, *b));
        let (a, b) = (self.index_map(source.array), self.index_map(target.array));
        same_shape && a.root == b.root && a.axes.iter().zip(&b.axes).all(|(a, b)| self.meet_in_turn(a, b))
    }

    /// Whether two subscripts are equal for equal indices only. (One that is fixed in both does not tell indices apart, and need not.)
    fn meet_in_turn(&self, a: &RootAxis, b: &RootAxis) -> bool {
        match (a, b) {
            (RootAxis::Fixed(_), RootAxis::Fixed(_)) => true,
            (RootAxis::Run { run: a, own: x }, RootAxis::Run { run: b, own: y }) => {
                x == y && self.is_same_part(a.start, b.start) && self.is_same_part(a.step, b.step)
            }
            (RootAxis::Fixed(_), RootAxis::Run { .. }) | (RootAxis::Run { .. }, RootAxis::Fixed(_)) => false,
        }
    }

    fn is_same_part(&self, a: Option<Value>, b: Option<Value>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => self.is_same(a, b),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    /// Whether two values are computed in the same way.
    pub(super) fn is_same(&self, a: Value, b: Value) -> bool {
        self.is_same_to(a, b, SAME_DEPTH)
    }

    fn is_same_to(&self, a: Value, b: Value, depth: u32) -> bool {
        if a == b {
            return true;
        }
        let (Some(x), Some(y)) = (&self.operations[a], &self.operations[b]) else { return false };
        let same = |a: &Value, b: &Value| depth > 0 && self.is_same_to(*a, *b, depth - 1);
        match (x, y) {
            (Op::Const(x), Op::Const(y)) => x == y,
            (Op::Binary(f, a, b), Op::Binary(g, c, d)) => f == g && same(a, c) && same(b, d),
            (Op::Unary(f, a), Op::Unary(g, b)) => f == g && same(a, b),
            (Op::Compare(f, a, b), Op::Compare(g, c, d)) => f == g && same(a, c) && same(b, d),
            (
                Op::Select { condition: a, then: b, otherwise: c },
                Op::Select { condition: d, then: e, otherwise: f },
            ) => same(a, d) && same(b, e) && same(c, f),
            (Op::Wrap { index: a, extent: b }, Op::Wrap { index: c, extent: d }) => same(a, c) && same(b, d),
            _ => false,
        }
    }

    /// A constant.
    fn known(&self, value: Value) -> Option<i64> {
        self.known_to(value, SAME_DEPTH)
    }

    fn known_to(&self, value: Value, depth: u32) -> Option<i64> {
        let part = |part: &Value| self.known_to(*part, depth.checked_sub(1)?);
        match self.operations[value].as_ref()? {
            Op::Const(scalar) => Some(scalar.as_i64()),
            Op::Unary(Unary::Neg, a) => Some(part(a)?.wrapping_neg()),
            Op::Binary(Binary::Add, a, b) => Some(part(a)?.wrapping_add(part(b)?)),
            Op::Binary(Binary::Sub, a, b) => Some(part(a)?.wrapping_sub(part(b)?)),
            Op::Binary(Binary::Mul, a, b) => Some(part(a)?.wrapping_mul(part(b)?)),
            _ => None,
        }
    }

    /// An index counted from the front, checked to be in range.
    pub(super) fn checked_index(&mut self, index: Value, axis: usize, extent: Value, span: Span) -> Value {
        let wrapped = self.define(Dtype::I64, Op::Wrap { index, extent });
        let site = self.site(FaultKind::IndexOutOfRange { axis: axis as u8 }, span);
        let values = self.fault_values(&[index, extent]);
        let condition = Condition::Bounds { index: wrapped, extent };
        self.emit(Stmt::Check(Check { condition, site, values }));
        wrapped
    }
}

/// How far back computations are looked into.
const SAME_DEPTH: u32 = 8;
