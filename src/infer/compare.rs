//! Comparisons: chains, integers by value whatever their dtypes, `is None`.

use super::promote::Element;
use super::{Body, Typed};
use crate::ast::{self, CompareOp, LogicalOp};
use crate::base::{Compare, Diagnostic, Dtype, Scalar, Span, Type, Weak};
use crate::hir::{self, ExprKind};

impl<'a> Body<'_, 'a> {
    pub(super) fn comparison(&mut self, operands: &'a [ast::Expr], ops: &[CompareOp], span: Span) -> Typed {
        let left = self.expr(&operands[0])?;
        self.compare_chain(left, &operands[1..], ops, span)
    }

    /// `a < b < c` is `a < b and b < c` with `b` evaluated once.
    fn compare_chain(
        &mut self,
        left: hir::Expr,
        operands: &'a [ast::Expr],
        ops: &[CompareOp],
        span: Span,
    ) -> Typed {
        let right = match ops[0] {
            CompareOp::In | CompareOp::NotIn => self.tuple_or_list(&operands[0])?,
            _ => self.expr(&operands[0])?,
        };
        if ops.len() == 1 {
            return self.compare(ops[0], left, right, span);
        }
        self.bound_first(left, |this, left| {
            this.bound_first(right, |this, middle| {
                let first = this.compare(ops[0], left, middle, span)?;
                let rest = this.compare_chain(middle, &operands[1..], &ops[1..], span)?;
                this.choose(LogicalOp::And, first, rest, span)
            })
        })
    }

    pub(super) fn compare(&mut self, op: CompareOp, left: hir::Expr, right: hir::Expr, span: Span) -> Typed {
        let compare = match op {
            CompareOp::Eq => Compare::Eq,
            CompareOp::Ne => Compare::Ne,
            CompareOp::Lt => Compare::Lt,
            CompareOp::Le => Compare::Le,
            CompareOp::Gt => Compare::Gt,
            CompareOp::Ge => Compare::Ge,
            CompareOp::Is | CompareOp::IsNot => return self.identity(op, left, right, span),
            CompareOp::In | CompareOp::NotIn => return self.contains(op, left, right, span),
        };
        if let Some(result) = self.compare_tuples(compare, left, right, span) {
            return result;
        }
        let (a, b) = (self.function.ty(left).clone(), self.function.ty(right).clone());
        let (Some(x), Some(y)) = (Element::of(&a), Element::of(&b)) else {
            return self.refuse(span, format!("cannot compare {a} and {b}"));
        };
        if let (Some(a), Some(b)) = (self.known_int(left), self.known_int(right)) {
            let holds = match compare {
                Compare::Eq => a == b,
                Compare::Ne => a != b,
                Compare::Lt => a < b,
                Compare::Le => a <= b,
                Compare::Gt => a > b,
                Compare::Ge => a >= b,
            };
            return Ok(self.bool(holds, span));
        }
        if let Some(outside) = self.compare_outside(compare, (left, x), (right, y), span) {
            return outside;
        }
        let joined = x.promote(y);
        let element = match joined {
            Element::Weak(_) => Element::Weak(Weak::Bool),
            Element::Strong(_) => Element::Strong(Dtype::Bool),
        };
        let Some(dtype) = self.compare_dtype((left, x), (right, y)) else {
            return Ok(self.compare_signs(compare, left, right, element, span));
        };
        let left = self.operand(left, dtype)?;
        let right = self.operand(right, dtype)?;
        Ok(self.compared(compare, left, right, element, span))
    }

    /// A comparison with an int that the other side's dtype cannot hold is one with the nearest that it can. None otherwise.
    fn compare_outside(
        &mut self,
        compare: Compare,
        (left, x): (hir::Expr, Element),
        (right, y): (hir::Expr, Element),
        span: Span,
    ) -> Option<Typed> {
        let (compare, other, value) = match (self.wide.get(&left), self.wide.get(&right)) {
            (None, Some(value)) => (compare, left, *value),
            (Some(value), None) => (compare.swapped(), right, *value),
            _ => return None,
        };
        let joined = x.promote(y);
        let (low, high) = joined.dtype().int_range()?;
        let element = match joined {
            Element::Weak(_) => Element::Weak(Weak::Bool),
            Element::Strong(_) => Element::Strong(Dtype::Bool),
        };
        let (compare, bound) = match (compare, value > high) {
            _ if (low..=high).contains(&value) => return None,
            (Compare::Lt | Compare::Le | Compare::Ne, true) => (Compare::Le, high),
            (Compare::Gt | Compare::Ge | Compare::Eq, true) => (Compare::Gt, high),
            (Compare::Gt | Compare::Ge | Compare::Ne, false) => (Compare::Ge, low),
            (Compare::Lt | Compare::Le | Compare::Eq, false) => (Compare::Lt, low),
        };
        let dtype = joined.dtype();
        Some(self.operand(other, dtype).map(|other| {
            let bound = Scalar::int(dtype, bound as i64);
            let bound = self.push(ExprKind::Const(bound), Type::Scalar(dtype), span);
            self.compared(compare, other, bound, element, span)
        }))
    }

    fn compared(
        &mut self,
        compare: Compare,
        left: hir::Expr,
        right: hir::Expr,
        element: Element,
        span: Span,
    ) -> hir::Expr {
        let ty = self.elementwise_type(&[left, right], element);
        self.push(ExprKind::Compare(compare, left, right), ty, span)
    }

    /// The dtype in which a comparison is exact: NumPy compares integers by value, whatever their dtypes. None: a u64 with a
    /// signed integer, which no dtype holds both.
    fn compare_dtype(
        &self,
        (left, x): (hir::Expr, Element),
        (right, y): (hir::Expr, Element),
    ) -> Option<Dtype> {
        let joined = x.promote(y).dtype();
        let Some((low, high)) = joined.int_range() else {
            let integers = x.dtype().int_range().is_some() && y.dtype().int_range().is_some();
            return (!integers).then_some(joined);
        };
        let wide = self.wide.contains_key(&left) || self.wide.contains_key(&right);
        let fits = |expr| self.known_int(expr).is_some_and(|value| (low..=high).contains(&value));
        if wide || fits(left) || fits(right) {
            return Some(joined);
        }
        let both = x.dtype().promote(y.dtype());
        both.int_range().is_some().then_some(both)
    }

    /// A comparison of a u64 with a signed integer: a negative one is less than every u64.
    fn compare_signs(
        &mut self,
        compare: Compare,
        left: hir::Expr,
        right: hir::Expr,
        element: Element,
        span: Span,
    ) -> hir::Expr {
        self.shared_in_expr(left, |this, left| {
            this.shared_in_expr(right, |this, right| {
                let unsigned_first = this.function.ty(left).dtype() == Some(Dtype::U64);
                let (compare, unsigned, signed) =
                    if unsigned_first { (compare, left, right) } else { (compare.swapped(), right, left) };
                this.compare_unsigned(compare, unsigned, signed, element, span)
            })
        })
    }

    fn compare_unsigned(
        &mut self,
        compare: Compare,
        unsigned: hir::Expr,
        signed: hir::Expr,
        element: Element,
        span: Span,
    ) -> hir::Expr {
        let of_signed = |this: &Self, dtype| this.elementwise_type(&[signed], Element::Strong(dtype));
        let wide = match self.function.ty(signed).dtype() {
            Some(Dtype::I64) => signed,
            _ => self.retype(signed, &of_signed(self, Dtype::I64)),
        };
        let zero = self.push(ExprKind::Const(Scalar::int(Dtype::I64, 0)), Type::Scalar(Dtype::I64), span);
        let condition = self.compared(Compare::Lt, wide, zero, Element::Strong(Dtype::Bool), span);
        let above = matches!(compare, Compare::Gt | Compare::Ge | Compare::Ne);
        let then = self.bool(above, span);
        let bits = self.retype(wide, &of_signed(self, Dtype::U64));
        let otherwise = self.compared(compare, unsigned, bits, element, span);
        let ty = self.elementwise_type(&[condition, then, otherwise], element);
        self.push(ExprKind::Select { condition, then, otherwise }, ty, span)
    }

    fn identity(&mut self, op: CompareOp, left: hir::Expr, right: hir::Expr, span: Span) -> Typed {
        let none = |this: &Self, expr| *this.function.ty(expr) == Type::None;
        if !none(self, right) && !none(self, left) {
            return self.inference.report(
                Diagnostic::error(span, "`is` compares with None only").hint("compare values with `==`"),
            );
        }
        let same = none(self, left) && none(self, right);
        self.bound_first(left, |this, _| {
            this.bound_first(right, |this, _| Ok(this.bool(same == (op == CompareOp::Is), span)))
        })
    }
}
