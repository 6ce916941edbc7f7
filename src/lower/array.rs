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

/// One element from those of the operands.
pub(super) type Compute<'c> = dyn Fn(&mut Builder, &[Value]) -> Value + 'c;

/// An operand of an elementwise operation: an array read at the nest's indices, or a scalar repeated.
#[derive(Clone, Copy)]
pub(super) enum Leaf {
    /// Converted as it is loaded, if to another dtype.
    Array(Operand, Dtype),
    Scalar(Value),
}

impl<'a> Builder<'_, 'a> {
    /// An expression of array type.
    pub(super) fn array_expr(&mut self, expr: hir::Expr) -> Operand {
        let data = self.data(expr);
        match &data.kind {
            ExprKind::Alloc { shape, fill } => {
                self.allocation(shape, *fill, data.ty.array().expect("an array"), data.span)
            }
            ExprKind::Reduce { .. } => self.reduce_axes(data),
            ExprKind::Scan { op, array, axis } => self.cumulate(*op, *array, *axis, data),
            ExprKind::Copy(source) => self.copy_of(*source, data.span),
            ExprKind::Iota { shape, axis } => self.iota(shape, *axis as usize, data),
            ExprKind::Elements { values, .. } => self.elements(values, data),
            ExprKind::MatMul(a, b) => self.matmul(*a, *b, data),
            ExprKind::Write { target, value } => {
                self.update(*target, *value, data.span);
                self.array_expr(*target)
            }
            ExprKind::View { array, items } => {
                self.view(*array, items, data.ty.array().expect("an array"), data.span)
            }
            ExprKind::Reshape { array, shape, result } => self.reshape(*array, shape, *result, data),
            ExprKind::Permute { array, axes } => {
                self.permute(*array, axes, data.ty.array().expect("an array"), data.span)
            }
            // The same array, of which less is known.
            ExprKind::Convert(source) if self.data(*source).ty.dtype() == data.ty.dtype() => {
                Operand { ty: data.ty.array().expect("an array"), ..self.array_expr(*source) }
            }
            kind if is_elementwise(kind) => self.elementwise(data),
            _ => self.expr(expr).array(),
        }
    }

    /// `target[...] = value`.
    pub(super) fn update(&mut self, target: hir::Expr, value: hir::Expr, span: Span) {
        let data = self.data(value);
        let converts = matches!(data.kind, ExprKind::Convert(_));
        if data.ty.is_array() && is_elementwise(&data.kind) && !converts && !self.comes_first(data, target) {
            return self.update_by(data, target, span);
        }
        let leaf = self.leaf(value);
        let target = self.array_expr(target);
        self.store_leaf(leaf, target, span);
        self.release_leaf(leaf);
        self.release_operand(target);
    }

    /// Whether the value must be computed before the target is looked at: elements may fault, or a call in the target change what they
    /// are computed from.
    fn comes_first(&mut self, data: &hir::ExprData, target: hir::Expr) -> bool {
        self.faults_late(data) || self.calls(target)
    }

    /// Whether computing elements may fault.
    pub(super) fn faults_late(&mut self, data: &hir::ExprData) -> bool {
        match data.kind {
            ExprKind::Binary(op, ..) => op == Binary::Pow && data.ty.dtype().is_some_and(Dtype::is_signed),
            ExprKind::Map { func, .. } => !self.lowerer.hir.functions[func].std,
            _ => false,
        }
    }

    fn calls(&mut self, expr: hir::Expr) -> bool {
        let kind = &self.data(expr).kind;
        let operands = kind.operands();
        matches!(kind, ExprKind::Call { .. } | ExprKind::Write { .. })
            || operands.into_iter().any(|operand| self.calls(operand))
    }

    /// Stores what an elementwise operation gives: each element as it is computed, where that changes nothing that is read later.
    fn update_by(&mut self, data: &'a hir::ExprData, target: hir::Expr, span: Span) {
        // Operands among themselves first, then against the target, as NumPy does.
        let tree = self.tree(data);
        let target_expr = target;
        let target = self.array_expr(target);
        let operands = data.kind.operands();
        let in_turn = tree.direct_leaves().all(|(operand, leaf)| {
            self.is_same_local(operands[operand], target_expr)
                || leaf.array().is_none_or(|source| self.may_store_in_turn(source, target))
        });
        if in_turn {
            let equal = self.check_into(tree.common(), target, tree.equal, span);
            self.tree_into(&tree, target, equal, span);
        } else {
            let copy = self.tree_into_new(&tree);
            self.store_copy(copy, target, span);
            self.release_operand(copy);
        }
        self.release_leaves(&tree);
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
        match leaf {
            // Overlapping memory of another shape: read all before storing any.
            Leaf::Array(operand, dtype) if !self.may_store_in_turn(operand, target) => {
                let copy = self.copy_leaf(leaf, dtype, span);
                self.store_copy(copy, target, span);
                self.release_operand(copy);
            }
            leaf => self.store_in_turn(leaf, target, span),
        }
    }

    fn store_copy(&mut self, copy: Operand, target: Operand, span: Span) {
        self.store_in_turn(Leaf::Array(copy, copy.ty.dtype), target, span);
    }

    fn store_in_turn(&mut self, leaf: Leaf, target: Operand, span: Span) {
        let shape = self.leaf_shape(leaf);
        let common = self.common_shape(shape.as_slice(), span);
        let equal = self.check_into(&common, target, None, span);
        self.nest_or_stretched(target, leaf, equal, span);
    }

    /// The leaf's elements in a new array.
    fn copy_leaf(&mut self, leaf: Leaf, dtype: Dtype, span: Span) -> Operand {
        let shape = self.leaf_shape(leaf).expect("an array");
        let ty = ArrayType { unit: shape.unit, ..ArrayType::contiguous(dtype, shape.extents.len()) };
        let target = self.new_array(ty, shape.extents, span);
        self.nest(target, &[leaf], span, &|_, values| values[0]);
        target
    }

    /// Elementwise operations into a new array.
    fn elementwise(&mut self, data: &'a hir::ExprData) -> Operand {
        let tree = self.tree(data);
        let result = self.tree_into_new(&tree);
        self.release_leaves(&tree);
        result
    }

    /// One element of an elementwise operation.
    pub(super) fn element(&mut self, data: &hir::ExprData, values: &[Value]) -> Value {
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

    /// `target[i…] = compute(operands[i…])` over all of target.
    pub(super) fn nest(&mut self, target: Operand, leaves: &[Leaf], span: Span, compute: &Compute) {
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

    pub(super) fn allocation(
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
            self.nest(target, &[Leaf::Scalar(fill)], span, &|_, values| values[0]);
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
        // A call may give what it was given: only what is new here need not be copied.
        let new = match &self.data(source).kind {
            ExprKind::Alloc { .. } | ExprKind::Copy(_) => true,
            ExprKind::Convert(_) => false,
            kind => is_elementwise(kind),
        };
        let operand = self.array_expr(source);
        if new { operand } else { self.copy_of_operand(operand, span) }
    }

    pub(super) fn copy_of_operand(&mut self, operand: Operand, span: Span) -> Operand {
        let copy = self.copy_leaf(Leaf::Array(operand, operand.ty.dtype), operand.ty.dtype, span);
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
    pub fn axis(&self, axis: usize, rank: usize) -> Option<usize> {
        let own = (axis + self.ty.rank()).checked_sub(rank)?;
        (!self.ty.unit.contains(own)).then_some(own)
    }
}

pub(super) fn is_elementwise(kind: &ExprKind) -> bool {
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
