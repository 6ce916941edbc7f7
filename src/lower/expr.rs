//! Scalar expressions, and those of any type that are no array operation.

use super::Builder;
use super::array::Lowered;
use crate::base::{Binary, Compare, Dtype, FaultKind, Scalar, Span, Unary};
use crate::hir::{self, ExprKind};
use crate::loops::{Block, Check, Condition, If, Op, Stmt, Value, Var};

impl<'a> Builder<'_, 'a> {
    /// The expression's data, by the lifetime of the typed program.
    pub(super) fn data(&mut self, expr: hir::Expr) -> &'a hir::ExprData {
        let function: &'a hir::Function = self.frame().function;
        &function.exprs[expr]
    }

    pub(super) fn scalar(&mut self, expr: hir::Expr) -> Value {
        self.expr(expr).scalar()
    }

    pub(super) fn expr(&mut self, expr: hir::Expr) -> Lowered {
        let data = self.data(expr);
        match &data.kind {
            ExprKind::None => Lowered::None,
            ExprKind::Local(local) => self.read_local(*local),
            ExprKind::CheckedLocal(local) => self.checked_local(*local, data.span),
            ExprKind::If { condition, then, otherwise } => {
                self.conditional(data, *condition, *then, *otherwise)
            }
            ExprKind::Let { local, value, body } => self.let_in(*local, *value, *body),
            ExprKind::Call { func, args } => {
                let args: Vec<Lowered> = args.iter().map(|arg| self.expr(*arg)).collect();
                self.call(*func, args, data.span)
            }
            ExprKind::Tuple(items) => Lowered::Tuple(items.iter().map(|item| self.expr(*item)).collect()),
            ExprKind::Item { tuple, index } => self.item(*tuple, *index as usize),
            ExprKind::Require { condition, fault, values, body } => {
                self.require(*condition, fault, values, data.span);
                self.expr(*body)
            }
            ExprKind::Convert(value) if !data.ty.is_array() => {
                let value = self.expr(*value);
                self.conform(value, &data.ty)
            }
            _ if data.ty.is_array() => Lowered::Array(self.array_expr(expr)),
            _ => Lowered::Scalar(self.scalar_operation(data)),
        }
    }

    fn scalar_operation(&mut self, data: &'a hir::ExprData) -> Value {
        match &data.kind {
            ExprKind::Const(scalar) => self.constant(*scalar),
            ExprKind::Unary(op, x) => {
                let x = self.scalar(*x);
                self.unary(*op, x)
            }
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.scalar(*a), self.scalar(*b));
                self.scalar_binary(*op, a, b, data.span)
            }
            ExprKind::Compare(op, a, b) => {
                let (a, b) = (self.scalar(*a), self.scalar(*b));
                self.compare(*op, a, b)
            }
            ExprKind::Select { condition, then, otherwise } => {
                let (condition, then, otherwise) =
                    (self.scalar(*condition), self.scalar(*then), self.scalar(*otherwise));
                let dtype = self.dtype(then);
                self.define(dtype, Op::Select { condition, then, otherwise })
            }
            ExprKind::Fma(a, b, c) => {
                let (a, b, c) = (self.scalar(*a), self.scalar(*b), self.scalar(*c));
                let dtype = self.dtype(a);
                self.define(dtype, Op::Fma(a, b, c))
            }
            ExprKind::Index { array, indices } => self.index(*array, indices, data.span),
            ExprKind::Extent { array, axis } => self.extent(*array, *axis as usize),
            ExprKind::Reduce { .. } => self.reduce(data),
            other => unreachable!("{other:?} is no scalar operation"),
        }
    }

    fn extent(&mut self, array: hir::Expr, axis: usize) -> Value {
        let operand = self.array_expr(array);
        let extent = self.array(operand.array).extents[axis];
        self.release_operand(operand);
        extent
    }

    fn require(&mut self, condition: hir::Expr, fault: &FaultKind, values: &[hir::Expr], span: Span) {
        let condition = self.scalar(condition);
        let values: Vec<Value> = values.iter().map(|value| self.scalar(*value)).collect();
        let site = self.site(fault.clone(), span);
        let values = self.fault_values(&values);
        self.emit(Stmt::Check(Check { condition: Condition::True(condition), site, values }));
    }

    fn checked_local(&mut self, local: hir::Local, span: Span) -> Lowered {
        self.storage(local);
        if let Some(flag) = self.frame().flags[local] {
            let bound = self.get(flag);
            let name = self.frame().function.locals[local].name.clone();
            let site = self.site(FaultKind::UnboundLocal { name }, span);
            let values = self.fault_values(&[]);
            self.emit(Stmt::Check(Check { condition: Condition::True(bound), site, values }));
        }
        self.read_local(local)
    }

    fn let_in(&mut self, local: hir::Local, value: hir::Expr, body: hir::Expr) -> Lowered {
        let value = self.expr(value);
        let borrowed = value.borrowed();
        self.frame().storage[local] = Some(super::storage::Storage::Fixed(borrowed));
        let result = self.expr(body);
        // What the body gives may be the array itself: it then takes over the count.
        let result = self.keep_apart(result, &value);
        self.release_lowered(value);
        result
    }

    /// Gives `result` a count of its own where it is (part of) `value`, which is about to be released.
    fn keep_apart(&mut self, result: Lowered, value: &Lowered) -> Lowered {
        match (result, value) {
            (Lowered::Array(mut operand), Lowered::Array(held)) if held.owned && !operand.owned => {
                let owner = self.array(operand.array).owner;
                self.emit(Stmt::Retain(owner));
                operand.owned = true;
                Lowered::Array(operand)
            }
            (result, _) => result,
        }
    }

    pub(super) fn release_lowered(&mut self, value: Lowered) {
        match value {
            Lowered::Array(operand) => self.release_operand(operand),
            Lowered::Tuple(items) => items.into_iter().for_each(|item| self.release_lowered(item)),
            Lowered::None | Lowered::Scalar(_) => {}
        }
    }

    fn item(&mut self, tuple: hir::Expr, index: usize) -> Lowered {
        let Lowered::Tuple(mut items) = self.expr(tuple) else { unreachable!("a tuple was typed here") };
        let item = items.swap_remove(index);
        items.into_iter().for_each(|other| self.release_lowered(other));
        item
    }

    /// `then if condition else otherwise`: a select where both sides cost nothing, else a branch.
    fn conditional(
        &mut self,
        data: &hir::ExprData,
        condition: hir::Expr,
        then: hir::Expr,
        otherwise: hir::Expr,
    ) -> Lowered {
        let condition = self.scalar(condition);
        if data.ty.scalar().is_none() {
            return self.branch(data, condition, then, otherwise);
        }
        let (mut a, mut b) = (None, None);
        let then_block = self.nested(|this| a = Some(this.scalar(then)));
        let else_block = self.nested(|this| b = Some(this.scalar(otherwise)));
        let (a, b) = (a.expect("lowered"), b.expect("lowered"));
        let dtype = self.dtype(a);
        if is_cheap(&then_block) && is_cheap(&else_block) {
            then_block.into_iter().chain(else_block).for_each(|stmt| self.emit(stmt));
            return Lowered::Scalar(self.define(dtype, Op::Select { condition, then: a, otherwise: b }));
        }
        let var = self.variable(dtype, "");
        let close = |mut block: Block, value: Value| {
            block.push(Stmt::Set(var, value));
            block
        };
        let (then, otherwise) = (close(then_block, a), close(else_block, b));
        self.emit(Stmt::If(If { condition, then, otherwise }));
        Lowered::Scalar(self.get(var))
    }

    /// A conditional of arrays or tuples: the result leaves each side with a count of its own.
    fn branch(
        &mut self,
        data: &hir::ExprData,
        condition: Value,
        then: hir::Expr,
        otherwise: hir::Expr,
    ) -> Lowered {
        let storage = self.new_storage(&data.ty, "");
        let side = |this: &mut Self, expr: hir::Expr| {
            this.nested(|this| {
                let value = this.expr(expr);
                this.assign_storage(&storage, value);
            })
        };
        let then = side(self, then);
        let otherwise = side(self, otherwise);
        self.emit(Stmt::If(If { condition, then, otherwise }));
        self.take_storage(&storage)
    }

    pub(super) fn define(&mut self, dtype: Dtype, op: Op) -> Value {
        let value = self.function.value(dtype);
        self.operations[value] = op.is_pure().then(|| op.clone());
        self.emit(Stmt::Let(value, op));
        value
    }

    pub(super) fn dtype(&self, value: Value) -> Dtype {
        self.function.values[value].dtype
    }

    pub(super) fn constant(&mut self, scalar: Scalar) -> Value {
        self.define(scalar.dtype, Op::Const(scalar))
    }

    pub(super) fn int(&mut self, value: i64) -> Value {
        self.constant(Scalar::i64(value))
    }

    pub(super) fn bool(&mut self, value: bool) -> Value {
        self.constant(Scalar::bool(value))
    }

    pub(super) fn get(&mut self, var: Var) -> Value {
        let dtype = self.function.vars[var].dtype;
        self.define(dtype, Op::Get(var))
    }

    pub(super) fn unary(&mut self, op: Unary, x: Value) -> Value {
        let dtype = op.result(self.dtype(x)).expect("typed");
        self.define(dtype, Op::Unary(op, x))
    }

    pub(super) fn binary(&mut self, op: Binary, a: Value, b: Value) -> Value {
        let dtype = self.dtype(a);
        self.define(dtype, Op::Binary(op, a, b))
    }

    pub(super) fn compare(&mut self, op: Compare, a: Value, b: Value) -> Value {
        self.define(Dtype::Bool, Op::Compare(op, a, b))
    }

    pub(super) fn cast(&mut self, value: Value, to: Dtype) -> Value {
        if self.dtype(value) == to { value } else { self.define(to, Op::Cast(value)) }
    }

    /// A binary operator on scalars: integer division by zero and negative powers fault.
    fn scalar_binary(&mut self, op: Binary, a: Value, b: Value, span: Span) -> Value {
        if matches!(op, Binary::FloorDiv | Binary::Mod) && self.dtype(b).is_int() {
            self.check_against_zero(Compare::Ne, b, FaultKind::DivisionByZero, &[], span);
        }
        self.array_binary(op, a, b, span)
    }

    /// A binary operator on elements: only negative powers of integers fault.
    pub(super) fn array_binary(&mut self, op: Binary, a: Value, b: Value, span: Span) -> Value {
        if op == Binary::Pow && self.dtype(b).is_signed() {
            let exponent = self.cast(b, Dtype::I64);
            self.check_against_zero(Compare::Ge, b, FaultKind::NegativePower, &[exponent], span);
        }
        self.binary(op, a, b)
    }

    fn check_against_zero(&mut self, op: Compare, value: Value, kind: FaultKind, own: &[Value], span: Span) {
        let zero = Scalar::int(self.dtype(value), 0);
        let zero = self.constant(zero);
        let fine = self.compare(op, value, zero);
        let site = self.site(kind, span);
        let values = self.fault_values(own);
        self.emit(Stmt::Check(Check { condition: Condition::True(fine), site, values }));
    }
}

/// The most operations that are computed needlessly rather than branched around.
const SPECULATED: usize = 6;

/// Few operations that cannot fail, touch no memory and are quick.
fn is_cheap(block: &Block) -> bool {
    block.len() <= SPECULATED
        && block.iter().all(|stmt| match stmt {
            Stmt::Let(_, Op::Unary(Unary::Sqrt, _)) => false,
            Stmt::Let(_, Op::Binary(op, ..)) => {
                !matches!(op, Binary::Div | Binary::FloorDiv | Binary::Mod | Binary::Fmod | Binary::Pow)
            }
            Stmt::Let(_, Op::Get(_)) => true,
            Stmt::Let(_, op) => op.is_pure(),
            _ => false,
        })
}
