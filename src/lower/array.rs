//! Array operations: one nest each.

use super::Builder;
use crate::base::types::MAX_EXTENT;
use crate::base::{ArrayType, Binary, Compare, Dtype, FaultKind, Span};
use crate::hir::{self, ExprKind};
use crate::loops::{Array, ArrayData, Check, Condition, Nest, Op, Stmt, Value};

/// What an expression is lowered to.
#[derive(Clone, Debug)]
pub(super) enum Lowered {
    None,
    Scalar(Value),
    Array(Operand),
    Tuple(Vec<Lowered>),
}

/// An array in hand. An owned one comes with a count that whoever takes it must release or pass on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operand {
    pub array: Array,
    pub ty: ArrayType,
    pub owned: bool,
}

impl Lowered {
    pub fn scalar(self) -> Value {
        match self {
            Lowered::Scalar(value) => value,
            other => unreachable!("a scalar was typed here, not {other:?}"),
        }
    }

    pub fn array(self) -> Operand {
        match self {
            Lowered::Array(operand) => operand,
            other => unreachable!("an array was typed here, not {other:?}"),
        }
    }

    /// The same without the count.
    pub fn borrowed(&self) -> Lowered {
        match self {
            Lowered::Array(operand) => Lowered::Array(Operand { owned: false, ..*operand }),
            Lowered::Tuple(items) => Lowered::Tuple(items.iter().map(Lowered::borrowed).collect()),
            Lowered::None | Lowered::Scalar(_) => self.clone(),
        }
    }
}

/// An operand of an elementwise operation: an array read at the nest's indices, or a scalar repeated.
#[derive(Clone, Copy)]
pub(super) enum Leaf {
    /// Converted as it is loaded, if to another dtype.
    Array(Operand, Dtype),
    Scalar(Value),
}

impl Builder<'_, '_> {
    /// An expression of array type.
    pub(super) fn array_expr(&mut self, expr: hir::Expr) -> Operand {
        let data = self.data(expr);
        match &data.kind {
            ExprKind::Alloc { shape, fill } => {
                self.allocation(shape, *fill, data.ty.array().expect("an array"), data.span)
            }
            ExprKind::Reduce { .. } => self.reduce_axes(data),
            ExprKind::Copy(source) => self.copy_of(*source, data.span),
            ExprKind::View { array, items } => {
                self.view(*array, items, data.ty.array().expect("an array"), data.span)
            }
            ExprKind::Permute { array, axes } => {
                self.permute(*array, axes, data.ty.array().expect("an array"))
            }
            // The same array, of which less is known.
            ExprKind::Convert(source) if self.data(*source).ty.dtype() == data.ty.dtype() => {
                Operand { ty: data.ty.array().expect("an array"), ..self.array_expr(*source) }
            }
            kind if is_elementwise(kind) => self.elementwise(expr),
            _ => self.expr(expr).array(),
        }
    }

    /// `target[...] = value`.
    pub(super) fn update(&mut self, target: hir::Expr, value: hir::Expr, span: Span) {
        let data = self.data(value);
        let converts = matches!(data.kind, ExprKind::Convert(_));
        if data.ty.is_array() && is_elementwise(&data.kind) && !converts && !self.faults_late(data) {
            return self.update_by(data, target, span);
        }
        let leaf = self.leaf(value);
        let target = self.array_expr(target);
        self.store_leaf(leaf, target, span);
        self.release_leaf(leaf);
        self.release_operand(target);
    }

    /// Whether computing elements may fault: the value is then computed before the target is looked at.
    fn faults_late(&mut self, data: &hir::ExprData) -> bool {
        match data.kind {
            ExprKind::Binary(op, ..) => op == Binary::Pow && data.ty.dtype().is_some_and(Dtype::is_signed),
            ExprKind::Map { func, .. } => !self.lowerer.hir.functions[func].std,
            _ => false,
        }
    }

    /// Stores what an elementwise operation gives: each element as it is computed, where that changes nothing that is read later.
    fn update_by(&mut self, data: &hir::ExprData, target: hir::Expr, span: Span) {
        let operands = super::scan::operands(&data.kind);
        let leaves: Vec<Leaf> = operands.iter().map(|operand| self.leaf(*operand)).collect();
        // Operands among themselves first, then against the target, as NumPy does.
        self.common_extents(&leaves, data.span);
        let target_expr = target;
        let target = self.array_expr(target);
        let in_turn = operands.iter().zip(&leaves).all(|(operand, leaf)| {
            self.is_same_local(*operand, target_expr)
                || leaf.array().is_none_or(|source| self.may_store_in_turn(source, target))
        });
        let compute = |this: &mut Self, values: &[Value]| this.element(data, values);
        if in_turn {
            self.check_into(&leaves, target, span);
            self.nest(target, &leaves, span, compute);
        } else {
            let dtype = data.ty.dtype().expect("elements");
            let copy = self.nest_into_new(dtype, &leaves, data.span, compute);
            self.store_copy(copy, target, span);
            self.release_operand(copy);
        }
        leaves.into_iter().for_each(|leaf| self.release_leaf(leaf));
        self.release_operand(target);
    }

    /// Whether both expressions read one local, or its elements as another dtype.
    fn is_same_local(&mut self, operand: hir::Expr, target: hir::Expr) -> bool {
        let local = |kind: &ExprKind| match kind {
            ExprKind::Local(local) | ExprKind::CheckedLocal(local) => Some(*local),
            _ => None,
        };
        let operand = match &self.data(operand).kind {
            ExprKind::Convert(source) => &self.data(*source).kind,
            kind => kind,
        };
        let operand = local(operand);
        operand.is_some() && operand == local(&self.data(target).kind)
    }

    fn store_leaf(&mut self, leaf: Leaf, target: Operand, span: Span) {
        // Overlapping memory of another shape: read all before storing any.
        let leaf = match leaf {
            Leaf::Array(operand, dtype) if !self.may_store_in_turn(operand, target) => {
                let copy = self.nest_into_new(dtype, &[leaf], span, |_, values| values[0]);
                self.store_copy(copy, target, span);
                self.release_operand(copy);
                return;
            }
            leaf => leaf,
        };
        self.check_into(&[leaf], target, span);
        self.nest(target, &[leaf], span, |_, values| values[0]);
    }

    fn store_copy(&mut self, copy: Operand, target: Operand, span: Span) {
        let leaf = Leaf::Array(copy, copy.ty.dtype);
        self.check_into(&[leaf], target, span);
        self.nest(target, &[leaf], span, |_, values| values[0]);
    }

    /// An elementwise operation into a new array.
    fn elementwise(&mut self, expr: hir::Expr) -> Operand {
        let data = self.data(expr);
        let operands = super::scan::operands(&data.kind);
        let leaves: Vec<Leaf> = operands.iter().map(|operand| self.leaf(*operand)).collect();
        let dtype = data.ty.dtype().expect("elements");
        let compute = |this: &mut Self, values: &[Value]| this.element(data, values);
        let result = self.nest_into_new(dtype, &leaves, data.span, compute);
        leaves.into_iter().for_each(|leaf| self.release_leaf(leaf));
        result
    }

    /// One element of an elementwise operation.
    fn element(&mut self, data: &hir::ExprData, values: &[Value]) -> Value {
        match &data.kind {
            ExprKind::Unary(op, _) => self.unary(*op, values[0]),
            ExprKind::Binary(op, ..) => self.array_binary(*op, values[0], values[1], data.span),
            ExprKind::Compare(op, ..) => self.compare(*op, values[0], values[1]),
            ExprKind::Convert(_) => self.cast(values[0], data.ty.dtype().expect("elements")),
            ExprKind::Select { .. } => {
                let op = Op::Select { condition: values[0], then: values[1], otherwise: values[2] };
                let dtype = self.dtype(values[1]);
                self.define(dtype, op)
            }
            ExprKind::Fma(..) => {
                let dtype = self.dtype(values[0]);
                self.define(dtype, Op::Fma(values[0], values[1], values[2]))
            }
            ExprKind::Map { func, .. } => {
                let args = values.iter().map(|value| Lowered::Scalar(*value)).collect();
                self.call(*func, args, data.span).scalar()
            }
            other => unreachable!("{other:?} is not elementwise"),
        }
    }

    /// Evaluates an operand; a conversion of an array is left to the load.
    pub(super) fn leaf(&mut self, expr: hir::Expr) -> Leaf {
        let data = self.data(expr);
        let Some(array) = data.ty.array() else { return Leaf::Scalar(self.scalar(expr)) };
        let source = match data.kind {
            ExprKind::Convert(source) => source,
            _ => expr,
        };
        Leaf::Array(self.array_expr(source), array.dtype)
    }

    pub(super) fn release_leaf(&mut self, leaf: Leaf) {
        if let Leaf::Array(operand, _) = leaf {
            self.release_operand(operand);
        }
    }

    pub(super) fn release_operand(&mut self, operand: Operand) {
        if operand.owned {
            let owner = self.array(operand.array).owner;
            self.emit(Stmt::Release(owner));
        }
    }

    /// A new array of the operands' common shape, computed by a nest.
    fn nest_into_new(
        &mut self,
        dtype: Dtype,
        leaves: &[Leaf],
        span: Span,
        compute: impl Fn(&mut Self, &[Value]) -> Value,
    ) -> Operand {
        let (extents, unit) = self.common_extents(leaves, span);
        let ty = ArrayType { unit, ..ArrayType::contiguous(dtype, extents.len()) };
        let target = self.new_array(ty, extents, span);
        self.nest(target, leaves, span, compute);
        target
    }

    /// The extents that all operands broadcast to, with a check where two are not known to agree.
    fn common_extents(&mut self, leaves: &[Leaf], span: Span) -> (Vec<Value>, crate::base::AxisSet) {
        let arrays: Vec<Operand> = leaves.iter().filter_map(|leaf| leaf.array()).collect();
        let ty = broadcast(arrays.iter().map(|operand| operand.ty));
        let rank = ty.rank();
        let mut extents = vec![];
        for axis in 0..rank {
            let mut known: Option<Value> = None;
            for operand in &arrays {
                let Some(own) = operand.axis(axis, rank) else { continue };
                let extent = self.array(operand.array).extents[own];
                match known {
                    None => known = Some(extent),
                    Some(first) if first == extent => {}
                    Some(first) => self.check_extents(first, extent, axis, span),
                }
            }
            extents.push(match known {
                Some(extent) => extent,
                None => self.int(1),
            });
        }
        (extents, ty.unit)
    }

    /// Checks that the operands broadcast into `target` without stretching it.
    fn check_into(&mut self, leaves: &[Leaf], target: Operand, span: Span) {
        let rank = target.ty.rank();
        for operand in leaves.iter().filter_map(|leaf| leaf.array()) {
            for axis in 0..rank {
                let Some(own) = operand.axis(axis, rank) else { continue };
                let wanted = self.array(target.array).extents[axis];
                let extent = self.array(operand.array).extents[own];
                if wanted != extent {
                    self.check_extents(wanted, extent, axis, span);
                }
            }
        }
    }

    fn check_extents(&mut self, a: Value, b: Value, axis: usize, span: Span) {
        let equal = self.compare(Compare::Eq, a, b);
        let site = self.site(FaultKind::ShapeMismatch { axis: axis as u8 }, span);
        let values = self.fault_values(&[a, b]);
        self.emit(Stmt::Check(Check { condition: Condition::True(equal), site, values }));
    }

    /// `target[i…] = compute(operands[i…])` over all of target.
    fn nest(
        &mut self,
        target: Operand,
        leaves: &[Leaf],
        span: Span,
        compute: impl Fn(&mut Self, &[Value]) -> Value,
    ) {
        let extents = self.array(target.array).extents.clone();
        let indices: Vec<Value> = extents.iter().map(|_| self.function.value(Dtype::I64)).collect();
        let body = self.nested(|this| {
            let values: Vec<Value> = leaves.iter().map(|leaf| this.load_leaf(*leaf, &indices)).collect();
            let value = compute(this, &values);
            this.store_element(target.array, indices.clone(), value, span);
        });
        self.emit(Stmt::Nest(Box::new(Nest { indices, extents, reductions: vec![], body, span })));
    }

    pub(super) fn load_leaf(&mut self, leaf: Leaf, indices: &[Value]) -> Value {
        match leaf {
            Leaf::Scalar(value) => value,
            Leaf::Array(operand, dtype) => {
                let rank = indices.len();
                let mut own = vec![];
                for (axis, index) in indices.iter().enumerate().skip(rank - operand.ty.rank()) {
                    own.push(match operand.axis(axis, rank) {
                        Some(_) => *index,
                        None => self.int(0),
                    });
                }
                let value = self.load(operand.array, own, operand_span());
                self.cast(value, dtype)
            }
        }
    }

    /// A new contiguous array; the caller owns it.
    pub(super) fn new_array(&mut self, ty: ArrayType, extents: Vec<Value>, span: Span) -> Operand {
        let strides = self.contiguous_strides(ty.dtype, &extents);
        let base = self.function.value(Dtype::I64);
        let class = self.new_class();
        let name = String::new();
        let data =
            ArrayData { dtype: ty.dtype, base, owner: base, extents, strides, contiguous: true, class, name };
        let array = self.function.arrays.push(data);
        let site = self.site(FaultKind::OutOfMemory, span);
        self.emit(Stmt::Alloc { array, site });
        Operand { array, ty, owned: true }
    }

    fn allocation(
        &mut self,
        shape: &[hir::Expr],
        fill: Option<hir::Expr>,
        ty: ArrayType,
        span: Span,
    ) -> Operand {
        let extents: Vec<Value> = shape.iter().map(|extent| self.scalar(*extent)).collect();
        let fill = fill.map(|fill| self.scalar(fill));
        for (extent, expr) in extents.iter().zip(shape) {
            if !matches!(self.data(*expr).kind, ExprKind::Extent { .. }) {
                self.check_extent(*extent, span);
            }
        }
        let target = self.new_array(ty, extents, span);
        if let Some(fill) = fill {
            self.nest(target, &[Leaf::Scalar(fill)], span, |_, values| values[0]);
        }
        target
    }

    /// An extent that the program computes: from 0 to [`MAX_EXTENT`].
    fn check_extent(&mut self, extent: Value, span: Span) {
        let zero = self.int(0);
        let fine = self.compare(Compare::Ge, extent, zero);
        let site = self.site(FaultKind::NegativeExtent, span);
        let values = self.fault_values(&[extent]);
        self.emit(Stmt::Check(Check { condition: Condition::True(fine), site, values }));
        let most = self.int(MAX_EXTENT);
        let fine = self.compare(Compare::Le, extent, most);
        let overflow = self.int(-1);
        let site = self.site(FaultKind::OutOfMemory, span);
        let values = self.fault_values(&[overflow]);
        self.emit(Stmt::Check(Check { condition: Condition::True(fine), site, values }));
    }

    fn copy_of(&mut self, source: hir::Expr, span: Span) -> Operand {
        let operand = self.array_expr(source);
        // What a call or a branch gives is owned too, but others may hold it.
        let kind = &self.data(source).kind;
        let fresh = is_elementwise(kind) || matches!(kind, ExprKind::Alloc { .. } | ExprKind::Copy(_));
        if fresh && operand.ty.layout == crate::base::Layout::C {
            return operand;
        }
        let copy = self.nest_into_new(
            operand.ty.dtype,
            &[Leaf::Array(operand, operand.ty.dtype)],
            span,
            |_, values| values[0],
        );
        self.release_operand(operand);
        copy
    }
}

/// Loads of nests have no place of their own: they cannot fail.
fn operand_span() -> Span {
    Span::default()
}

impl Leaf {
    pub fn array(&self) -> Option<Operand> {
        match self {
            Leaf::Array(operand, _) => Some(*operand),
            Leaf::Scalar(_) => None,
        }
    }
}

impl Operand {
    /// The operand's own axis for `axis` of a result of `rank`: None where it is repeated.
    fn axis(&self, axis: usize, rank: usize) -> Option<usize> {
        let own = (axis + self.ty.rank()).checked_sub(rank)?;
        (!self.ty.unit.contains(own)).then_some(own)
    }
}

fn broadcast(types: impl Iterator<Item = ArrayType> + Clone) -> ArrayType {
    let rank = types.clone().map(|ty| ty.rank()).max().unwrap_or(0);
    let mut unit = crate::base::AxisSet::default();
    for axis in 0..rank {
        let stretched =
            |ty: ArrayType| (axis + ty.rank()).checked_sub(rank).is_none_or(|own| ty.unit.contains(own));
        if types.clone().all(stretched) {
            unit = unit.with(axis);
        }
    }
    ArrayType { unit, ..ArrayType::contiguous(Dtype::Bool, rank) }
}

fn is_elementwise(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Unary(..)
            | ExprKind::Binary(..)
            | ExprKind::Compare(..)
            | ExprKind::Convert(_)
            | ExprKind::Select { .. }
            | ExprKind::Fma(..)
            | ExprKind::Map { .. }
    )
}
