//! Tuples as values: subscripts, operators, comparisons, and what Python's builtins make of them.
//!
//! A tuple has as many items as its type says, so all of this is written out: `(a, b) < (c, d)` is `b < d if a == c else a < c`.

use super::call::Arguments;
use super::{Body, Typed};
use crate::ast::{self, BinaryOp, CompareOp, ExprKind as Ast};
use crate::base::{Binary, Compare, Diagnostic, Span, Type, Weak};
use crate::hir::{self, ExprKind, StmtKind as Hir};

/// The most items of a tuple; only repetition gets there.
const MAX_ITEMS: usize = 1000;

impl<'a> Body<'_, 'a> {
    pub(super) fn tuple_of(&mut self, items: Vec<hir::Expr>, span: Span) -> hir::Expr {
        let types = items.iter().map(|item| self.function.ty(*item).clone()).collect();
        self.push(ExprKind::Tuple(items), Type::Tuple(types), span)
    }

    /// The items of a tuple that can be read as often as one likes.
    pub(super) fn tuple_parts(&mut self, tuple: hir::Expr, types: &[Type], span: Span) -> Vec<hir::Expr> {
        if let ExprKind::Tuple(items) = &self.function.exprs[tuple].kind {
            return items.clone();
        }
        let item = |index: usize| ExprKind::Item { tuple, index: index as u32 };
        types.iter().enumerate().map(|(index, ty)| self.push(item(index), ty.clone(), span)).collect()
    }

    fn items_of(&mut self, tuple: hir::Expr, span: Span) -> Option<Vec<hir::Expr>> {
        match self.function.ty(tuple).clone() {
            Type::Tuple(types) => Some(self.tuple_parts(tuple, &types, span)),
            Type::None | Type::Weak(_) | Type::Scalar(_) | Type::Array(_) | Type::Dtype(_) => None,
        }
    }

    fn is_tuple_value(&self, expr: hir::Expr) -> bool {
        matches!(self.function.ty(expr), Type::Tuple(_))
    }

    /// Whether evaluating an expression again, or not at all, changes nothing.
    pub(super) fn is_pure(&self, expr: hir::Expr) -> bool {
        match &self.function.exprs[expr].kind {
            ExprKind::Const(_) | ExprKind::None | ExprKind::Local(_) => true,
            ExprKind::Tuple(items) => items.iter().all(|item| self.is_pure(*item)),
            ExprKind::Item { tuple: inner, .. }
            | ExprKind::Extent { array: inner, .. }
            | ExprKind::Convert(inner) => {
                self.is_pure(*inner) && !self.function.ty(*inner).is_array()
                    || matches!(self.function.exprs[*inner].kind, ExprKind::Local(_))
            }
            _ => false,
        }
    }

    /// Evaluates `value` once, before `body`, which can read it as often as it likes.
    pub(super) fn bound_first(
        &mut self,
        value: hir::Expr,
        body: impl FnOnce(&mut Self, hir::Expr) -> Typed,
    ) -> Typed {
        if self.is_pure(value) {
            return body(self, value);
        }
        let (ty, span) = (self.function.ty(value).clone(), self.function.span(value));
        let local = self.temporary(ty.clone());
        let read = self.push(ExprKind::Local(local), ty, span);
        let inner = body(self, read)?;
        let ty = self.function.ty(inner).clone();
        let span = self.function.span(inner);
        Ok(self.push(ExprKind::Let { local, value, body: inner }, ty, span))
    }

    /// An expression, or a list display where any sequence will do.
    pub(super) fn tuple_or_list(&mut self, expr: &'a ast::Expr) -> Typed {
        match &expr.kind {
            Ast::List(items) => self.tuple(items, expr.span),
            _ => self.expr(expr),
        }
    }

    /// `t[k]`, `t[a:b:c]`.
    pub(super) fn tuple_subscript(
        &mut self,
        tuple: hir::Expr,
        types: &[Type],
        items: &'a [ast::Expr],
        span: Span,
    ) -> Typed {
        let [item] = items else { return self.refuse(span, "a tuple takes one index") };
        if let Ast::Slice { start, stop, step } = &item.kind {
            let chosen = self.tuple_slice([start, stop, step], types.len())?;
            return self.bound_first(tuple, |this, tuple| {
                let parts = this.items_of(tuple, span).expect("a tuple");
                Ok(this.tuple_of(chosen.iter().map(|index| parts[*index]).collect(), span))
            });
        }
        let known = self.constant_int(item, "a tuple is indexed by a constant")?;
        let len = types.len() as i128;
        let wrapped = if known < 0 { known + len } else { known };
        if wrapped < 0 || wrapped >= len {
            return self.refuse(item.span, format!("index {known} is out of range for a tuple of {len}"));
        }
        if self.is_pure(tuple)
            && let ExprKind::Tuple(exprs) = &self.function.exprs[tuple].kind
        {
            return Ok(exprs[wrapped as usize]);
        }
        let index = wrapped as u32;
        Ok(self.push(ExprKind::Item { tuple, index }, types[index as usize].clone(), span))
    }

    fn constant_int(&mut self, item: &'a ast::Expr, message: &str) -> Typed<i128> {
        let index = self.expr(item)?;
        match self.known_int(index) {
            Some(known) => Ok(known),
            None => self
                .inference
                .report(Diagnostic::error(item.span, message).hint("its items may have different types")),
        }
    }

    /// The places that a slice with constant bounds selects, as Python's `slice.indices` has them.
    fn tuple_slice(&mut self, bounds: [&'a Option<Box<ast::Expr>>; 3], len: usize) -> Typed<Vec<usize>> {
        let mut known = [None; 3];
        for (known, bound) in known.iter_mut().zip(bounds) {
            if let Some(bound) = bound.as_deref().filter(|bound| !matches!(bound.kind, Ast::None)) {
                *known = Some(self.constant_int(bound, "a tuple is sliced by constants")?);
            }
        }
        let [start, stop, step] = known;
        let (len, step) = (len as i128, step.unwrap_or(1));
        if step == 0 {
            let place = bounds[2].as_deref().expect("a step of 0 is written").span;
            return self.refuse(place, "a slice with step 0");
        }
        let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
        let clamp = |bound: i128| (if bound < 0 { bound + len } else { bound }).clamp(low, high);
        let mut place = start.map_or(if step > 0 { low } else { high }, clamp);
        let stop = stop.map_or(if step > 0 { high } else { low }, clamp);
        let mut chosen = vec![];
        while if step > 0 { place < stop } else { place > stop } {
            chosen.push(place as usize);
            place += step;
        }
        Ok(chosen)
    }

    /// `a + b` and `a * n` where an operand is a tuple. None for what NumPy or nobody understands.
    pub(super) fn tuple_operator(
        &mut self,
        op: BinaryOp,
        left: hir::Expr,
        right: hir::Expr,
        span: Span,
    ) -> Option<Typed> {
        match (op, self.is_tuple_value(left), self.is_tuple_value(right)) {
            (BinaryOp::Add, true, true) => Some(self.concatenated(left, right, span)),
            (BinaryOp::Mul, true, false) => self.repeated_tuple(left, right, span),
            (BinaryOp::Mul, false, true) => self.repeated_tuple(right, left, span),
            _ => None,
        }
    }

    fn concatenated(&mut self, left: hir::Expr, right: hir::Expr, span: Span) -> Typed {
        self.bound_first(left, |this, left| {
            this.bound_first(right, |this, right| {
                let mut items = this.items_of(left, span).expect("a tuple");
                items.extend(this.items_of(right, span).expect("a tuple"));
                this.counted_items(&items, span)?;
                Ok(this.tuple_of(items, span))
            })
        })
    }

    fn repeated_tuple(&mut self, tuple: hir::Expr, times: hir::Expr, span: Span) -> Option<Typed> {
        let is_int = self.function.ty(times).scalar().is_some_and(|dtype| !dtype.is_float());
        if !is_int {
            return None;
        }
        let Some(times) = self.known_int(times) else {
            return Some(self.refuse(span, "a tuple is repeated a constant number of times"));
        };
        let times = times.clamp(0, MAX_ITEMS as i128 + 1) as usize;
        Some(self.bound_first(tuple, |this, tuple| {
            let items = this.items_of(tuple, span).expect("a tuple").repeat(times);
            this.counted_items(&items, span)?;
            Ok(this.tuple_of(items, span))
        }))
    }

    fn counted_items(&mut self, items: &[hir::Expr], span: Span) -> Typed<()> {
        if items.len() <= MAX_ITEMS {
            return Ok(());
        }
        self.inference.report(
            Diagnostic::error(span, format!("a tuple of more than {MAX_ITEMS} items"))
                .hint("for that many values take an array"),
        )
    }

    /// Comparisons with a tuple, a dtype or None on a side. None for what else there is.
    pub(super) fn compare_tuples(
        &mut self,
        op: Compare,
        left: hir::Expr,
        right: hir::Expr,
        span: Span,
    ) -> Option<Typed> {
        let special = |this: &Self, expr| {
            matches!(this.function.ty(expr), Type::Tuple(_) | Type::None | Type::Dtype(_))
        };
        if !special(self, left) && !special(self, right) {
            return None;
        }
        Some(self.bound_first(left, |this, left| {
            this.bound_first(right, |this, right| match op {
                Compare::Eq => this.equal(left, right, span),
                Compare::Ne => {
                    let equal = this.equal(left, right, span)?;
                    this.unary(ast::UnaryOp::Not, equal, span)
                }
                Compare::Lt | Compare::Le | Compare::Gt | Compare::Ge => this.ordered(op, left, right, span),
            })
        }))
    }

    /// `a == b` as Python's bool. Both can be read again.
    fn equal(&mut self, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        let (left, right) = (self.function.ty(a).clone(), self.function.ty(b).clone());
        match (&left, &right) {
            (Type::Tuple(x), Type::Tuple(y)) if x.len() != y.len() => Ok(self.bool(false, span)),
            (Type::Tuple(_), Type::Tuple(_)) => {
                let (x, y) =
                    (self.items_of(a, span).expect("a tuple"), self.items_of(b, span).expect("a tuple"));
                let mut equal = self.bool(true, span);
                for (x, y) in x.into_iter().zip(y).rev() {
                    let same = self.equal(x, y, span)?;
                    let never = self.bool(false, span);
                    equal = self.chosen(same, equal, never, span);
                }
                Ok(equal)
            }
            (Type::Array(_), _) | (_, Type::Array(_)) => {
                self.refuse(span, format!("comparing {left} and {right} is ambiguous: compare the items"))
            }
            // NumPy's scalars make an array of the tuple.
            (Type::Scalar(_), Type::Tuple(_)) | (Type::Tuple(_), Type::Scalar(_)) => {
                self.refuse(span, format!("comparing {left} and {right} is ambiguous: compare the items"))
            }
            (Type::None, Type::None) => Ok(self.bool(true, span)),
            (Type::Dtype(x), Type::Dtype(y)) => Ok(self.bool(x == y, span)),
            (Type::Dtype(_), _) | (_, Type::Dtype(_)) => Ok(self.bool(false, span)),
            (Type::None | Type::Tuple(_), _) | (_, Type::None | Type::Tuple(_)) => Ok(self.bool(false, span)),
            _ => {
                let same = self.compare(CompareOp::Eq, a, b, span)?;
                self.python_bool(same)
            }
        }
    }

    /// `a < b` and its kin: by the first items that differ, then by length.
    fn ordered(&mut self, op: Compare, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        let (left, right) = (self.function.ty(a).clone(), self.function.ty(b).clone());
        match (&left, &right) {
            (Type::Tuple(_), Type::Tuple(_)) => {
                let (x, y) =
                    (self.items_of(a, span).expect("a tuple"), self.items_of(b, span).expect("a tuple"));
                self.lexicographic(op, &x, &y, span)
            }
            (Type::Weak(_) | Type::Scalar(_), Type::Weak(_) | Type::Scalar(_)) => {
                let written = match op {
                    Compare::Lt => CompareOp::Lt,
                    Compare::Le => CompareOp::Le,
                    Compare::Gt => CompareOp::Gt,
                    Compare::Ge => CompareOp::Ge,
                    Compare::Eq => CompareOp::Eq,
                    Compare::Ne => CompareOp::Ne,
                };
                let holds = self.compare(written, a, b, span)?;
                self.python_bool(holds)
            }
            _ => self.refuse(span, format!("cannot compare {left} and {right} by `{}`", op.symbol())),
        }
    }

    fn lexicographic(&mut self, op: Compare, a: &[hir::Expr], b: &[hir::Expr], span: Span) -> Typed {
        let ([x, a @ ..], [y, b @ ..]) = (a, b) else {
            let lengths = [a.len(), b.len()].map(|len| crate::base::Scalar::i64(len as i64));
            return Ok(self.bool(op.eval(lengths[0], lengths[1]), span));
        };
        let same = self.equal(*x, *y, span)?;
        match self.known_bool(same) {
            Some(true) => self.lexicographic(op, a, b, span),
            Some(false) => self.ordered(op, *x, *y, span),
            None => {
                let rest = self.lexicographic(op, a, b, span)?;
                let here = self.ordered(op, *x, *y, span)?;
                Ok(self.chosen(same, rest, here, span))
            }
        }
    }

    /// `x in (a, b)`, `x not in (a, b)`: equal to one of the items.
    pub(super) fn contains(
        &mut self,
        op: CompareOp,
        needle: hir::Expr,
        tuple: hir::Expr,
        span: Span,
    ) -> Typed {
        if !self.is_tuple_value(tuple) {
            let message = format!("`in` of {} is not supported yet", self.function.ty(tuple));
            let mut diagnostic = Diagnostic::error(span, message);
            if self.function.ty(tuple).is_array() {
                diagnostic = diagnostic.hint("compare in a loop, or elementwise with `==`");
            }
            return self.inference.report(diagnostic);
        }
        self.bound_first(needle, |this, needle| {
            this.bound_first(tuple, |this, tuple| {
                let items = this.items_of(tuple, span).expect("a tuple");
                let mut found = this.bool(false, span);
                for item in items.into_iter().rev() {
                    let same = this.equal(needle, item, span)?;
                    let yes = this.bool(true, span);
                    found = this.chosen(same, yes, found, span);
                }
                if op == CompareOp::NotIn { this.unary(ast::UnaryOp::Not, found, span) } else { Ok(found) }
            })
        })
    }

    /// Python's bool of a condition that is a scalar.
    fn python_bool(&mut self, value: hir::Expr) -> Typed {
        let truth = self.truth(value)?;
        self.convert_to(truth, &Type::Weak(Weak::Bool))
    }

    /// One of two Python bools.
    fn chosen(
        &mut self,
        condition: hir::Expr,
        then: hir::Expr,
        otherwise: hir::Expr,
        span: Span,
    ) -> hir::Expr {
        match (self.known_bool(condition), self.known_bool(then), self.known_bool(otherwise)) {
            (Some(true), _, _) => then,
            (Some(false), _, _) => otherwise,
            (None, Some(true), Some(false)) => condition,
            _ => self.push(ExprKind::If { condition, then, otherwise }, Type::Weak(Weak::Bool), span),
        }
    }

    /// The items of the only argument, if that is a tuple or a list display.
    fn only_tuple(
        &mut self,
        args: &Arguments<'a>,
        span: Span,
        body: impl FnOnce(&mut Self, Vec<hir::Expr>) -> Typed,
    ) -> Option<Typed> {
        let [arg] = args.positional[..] else { return None };
        if !args.keyword.is_empty() {
            return None;
        }
        Some(self.tuple_or_list(arg).and_then(|value| {
            self.bound_first(value, |this, value| match this.items_of(value, span) {
                Some(items) => body(this, items),
                None => this.refuse_sequence(&args.callee, value, span),
            })
        }))
    }

    fn refuse_sequence(&mut self, name: &str, value: hir::Expr, span: Span) -> Typed {
        let ty = self.function.ty(value).clone();
        let mut diagnostic = match name {
            "min" | "max" => {
                Diagnostic::error(span, format!("`{name}` takes two or more numbers, or a tuple"))
            }
            _ => Diagnostic::error(span, format!("`{name}` takes a tuple, not {ty}")),
        };
        if ty.is_array() {
            diagnostic = diagnostic.hint(format!("for an array write `np.{name}(x)`"));
        }
        self.inference.report(diagnostic)
    }

    /// `min(t)`, `max(t)`. None unless there is one argument.
    pub(super) fn extreme_of_tuple(&mut self, op: Binary, args: &Arguments<'a>, span: Span) -> Option<Typed> {
        self.only_tuple(args, span, |this, items| {
            let mut items = items.into_iter();
            let Some(first) = items.next() else {
                return this.refuse(span, format!("`{}` of an empty tuple", op.name()));
            };
            items.try_fold(first, |result, item| this.extreme_of(op, result, item, span))
        })
    }

    /// `sum(t)`, `sum(t, start)`: from left to right.
    pub(super) fn sum_of_tuple(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let start = args.get(1, "start");
        let keywords = args.keyword.iter().filter(|(name, _)| name.text == "start").count();
        let (Some(arg), true) =
            (args.positional.first(), args.positional.len() <= 2 && keywords == args.keyword.len())
        else {
            return self.refuse(span, "`sum` takes a tuple and a start");
        };
        let value = self.tuple_or_list(arg)?;
        self.bound_first(value, |this, value| {
            let Some(items) = this.items_of(value, span) else {
                return this.refuse_sequence("sum", value, span);
            };
            let start = match start {
                Some(start) => this.expr(start)?,
                None => this.int(0, span),
            };
            items.into_iter().try_fold(start, |sum, item| this.binary(BinaryOp::Add, sum, item, span))
        })
    }

    /// `any(t)`, `all(t)`.
    pub(super) fn truth_of_tuple(&mut self, all: bool, args: &Arguments<'a>, span: Span) -> Typed {
        let result = self.only_tuple(args, span, |this, items| {
            let mut result = this.bool(all, span);
            for item in items.into_iter().rev() {
                let truth = this.python_bool(item)?;
                let decided = this.bool(!all, span);
                result = if all {
                    this.chosen(truth, result, decided, span)
                } else {
                    this.chosen(truth, decided, result, span)
                };
            }
            Ok(result)
        });
        let name = if all { "all" } else { "any" };
        result.unwrap_or_else(|| self.refuse(span, format!("`{name}` takes a tuple")))
    }

    /// `a, b = value`.
    pub(super) fn unpack(
        &mut self,
        items: &'a [ast::Expr],
        target: Span,
        value: hir::Expr,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        if let Some(star) = items.iter().find(|item| matches!(item.kind, Ast::Unsupported { .. })) {
            return self.inference.report(
                Diagnostic::error(
                    star.span,
                    "a starred target, which makes a list, is not part of the language",
                )
                .hint("slice the tuple: `b = t[1:]`"),
            );
        }
        let parts = match self.function.ty(value).clone() {
            Type::Tuple(types) if types.len() == items.len() => self.tuple_parts(value, &types, target),
            Type::Array(array) if array.rank() > 0 => self.unpacked_array(items.len(), value, span, block)?,
            Type::Tuple(types) => {
                let message = format!("cannot unpack {} values into {} names", types.len(), items.len());
                return self.inference.report(Diagnostic::error(target, message));
            }
            other => {
                let message = format!("cannot unpack {other} into {} names", items.len());
                return self.inference.report(Diagnostic::error(target, message));
            }
        };
        items.iter().zip(parts).try_for_each(|(item, part)| self.assign(item, part, span, block))
    }

    /// The items of an array that must have so many; all are read before any is assigned.
    fn unpacked_array(
        &mut self,
        count: usize,
        array: hir::Expr,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<Vec<hir::Expr>> {
        let (extent, expected) = (self.extent(array, 0, span), self.int(count as i128, span));
        for (op, what) in [(Compare::Lt, "not enough"), (Compare::Gt, "too many")] {
            let wrong = self.compared_ints(op, extent, expected, span);
            self.raise_if(wrong, &format!("{what} values to unpack (expected {count})"), span, block);
        }
        let mut parts = vec![];
        for index in 0..count {
            let place = self.int(index as i128, span);
            let item = self.item(array, place, span)?;
            let (local, ty) =
                (self.temporary(self.function.ty(item).clone()), self.function.ty(item).clone());
            self.emit(block, Hir::Assign { local, value: item }, span);
            parts.push(self.push(ExprKind::Local(local), ty, span));
        }
        Ok(parts)
    }
}
