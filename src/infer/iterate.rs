//! What `for` runs over: ranges, arrays, tuples, and `enumerate`, `zip`, `reversed`, `np.ndindex`, `np.ndenumerate` of these.
//!
//! The parts are evaluated once, before the loop, into an [`Iteration`]. A loop over it counts a hidden variable and begins each
//! iteration with what the iterable has at that place; where a tuple takes part, the loop is unrolled instead ([`super::unroll`]).

use super::loops::{Counted, ForParts};
use super::{Body, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::{Binary, Compare, Diagnostic, Scalar, Span, Type, Weak};
use crate::hir::{self, ExprKind, Stmt, StmtKind as Hir};

/// An iterable whose parts stand in temporaries.
pub(super) enum Iteration {
    Range([hir::Expr; 3]),
    /// Along the first axis.
    Array(hir::Expr),
    /// The items of a tuple or list.
    Items(Vec<hir::Expr>),
    Enumerate(Box<Iteration>, hir::Expr),
    Zip(Vec<Iteration>),
    /// An array from its end.
    Reversed(hir::Expr),
    /// `np.ndindex`, by extents; with an array `np.ndenumerate`.
    Indices(Vec<hir::Expr>, Option<hir::Expr>),
}

/// What an iteration gives to the target.
pub(super) enum Item {
    One(hir::Expr),
    Several(Vec<Item>),
}

impl<'a> Body<'_, 'a> {
    /// The name and arguments of a call of an iterator that the language knows.
    pub(super) fn iterator(&self, expr: &'a ast::Expr) -> Option<(&'a str, &'a [ast::Arg])> {
        let Ast::Call { function, args } = &expr.kind else { return None };
        let name = match &function.kind {
            Ast::Name(name) if self.name(name).is_none() && self.module.function(name).is_none() => {
                self.imported_member(name).unwrap_or(name)
            }
            Ast::Attribute { value, name } if self.module_path(value).is_some() => name.text.as_str(),
            _ => return None,
        };
        let known = ["range", "prange", "enumerate", "zip", "reversed", "ndindex", "ndenumerate"];
        known.contains(&name).then_some((name, args))
    }

    /// Evaluates what a loop runs over.
    pub(super) fn iteration(
        &mut self,
        expr: &'a ast::Expr,
        parts: ForParts<'a>,
        block: &mut hir::Block,
    ) -> Typed<Iteration> {
        if let Some(("range" | "prange", args)) = self.iterator(expr) {
            return Ok(Iteration::Range(self.range_bounds(args, expr.span)?));
        }
        self.iteration_part(expr, parts, block)
    }

    /// Evaluates a part of what a loop runs over into temporaries.
    fn iteration_part(
        &mut self,
        expr: &'a ast::Expr,
        parts: ForParts<'a>,
        block: &mut hir::Block,
    ) -> Typed<Iteration> {
        let Some((name, args)) = self.iterator(expr) else { return self.iterated(expr, parts, block) };
        let span = expr.span;
        match name {
            "range" | "prange" => {
                let bounds = self.range_bounds(args, span)?;
                Ok(Iteration::Range(bounds.map(|bound| self.shared(bound, block))))
            }
            "enumerate" => self.enumerate(args, parts, span, block),
            "zip" => {
                let args = self.plain_arguments(name, args)?;
                let all = args.into_iter().map(|arg| self.iteration_part(arg, parts, block));
                all.collect::<Typed<_>>().map(Iteration::Zip)
            }
            "reversed" => {
                let [arg] = self.plain_arguments(name, args)?[..] else {
                    return self.refuse(span, "`reversed` takes 1 argument");
                };
                let part = self.iteration_part(arg, parts, block)?;
                self.reversed(part, span, block)
            }
            "ndindex" => self.ndindex(args, span, block),
            _ => self.ndenumerate(args, parts, span, block),
        }
    }

    fn plain_arguments(&mut self, name: &str, args: &'a [ast::Arg]) -> Typed<Vec<&'a ast::Expr>> {
        match args.iter().find(|arg| arg.starred || arg.keyword.is_some()) {
            None => Ok(args.iter().map(|arg| &arg.value).collect()),
            Some(ast::Arg { keyword: Some(keyword), .. }) => self
                .refuse(keyword.span, format!("the option `{}` of `{name}` is not supported", keyword.text)),
            Some(arg) => self.refuse(arg.value.span, "`*` in a call is not part of the language"),
        }
    }

    /// A value that is iterated over.
    fn iterated(
        &mut self,
        expr: &'a ast::Expr,
        parts: ForParts<'a>,
        block: &mut hir::Block,
    ) -> Typed<Iteration> {
        if let Ast::Tuple(items) | Ast::List(items) = &expr.kind {
            return self.iterated_items(items, block);
        }
        let value = self.expr(expr)?;
        match self.function.ty(value).clone() {
            Type::Array(array) if array.rank == 0 => {
                self.refuse(expr.span, "an array of rank 0 has no items")
            }
            Type::Array(_) => Ok(Iteration::Array(self.kept(value, parts, block))),
            Type::Tuple(types) => {
                let value = self.shared(value, block);
                Ok(Iteration::Items(self.tuple_parts(value, &types, expr.span)))
            }
            other => self.inference.report(
                Diagnostic::error(expr.span, format!("cannot loop over {other}"))
                    .hint("loops run over range(…), arrays and tuples"),
            ),
        }
    }

    fn iterated_items(&mut self, items: &'a [ast::Expr], block: &mut hir::Block) -> Typed<Iteration> {
        let mut values = vec![];
        for item in items {
            let value = self.expr(item)?;
            self.require_narrow(value)?;
            values.push(self.shared(value, block));
        }
        Ok(Iteration::Items(values))
    }

    /// An array in a temporary, unless it is a variable that the loop leaves alone.
    fn kept(&mut self, value: hir::Expr, parts: ForParts<'a>, block: &mut hir::Block) -> hir::Expr {
        if let ExprKind::Local(local) = self.function.exprs[value].kind {
            let name = self.function.locals[local].name.clone();
            let mut assigned = false;
            let mut look = |text: &'a str, _: &'a ast::Expr| assigned |= text == name;
            super::names::target_names(parts.target, &mut look);
            super::names::assigned(parts.body, &mut look);
            if !assigned {
                return value;
            }
        }
        self.shared(value, block)
    }

    fn enumerate(
        &mut self,
        args: &'a [ast::Arg],
        parts: ForParts<'a>,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<Iteration> {
        let is_start = |arg: &ast::Arg| arg.keyword.as_ref().is_none_or(|name| name.text == "start");
        let (over, start) = match args {
            [over] => (over, None),
            [over, start] if is_start(start) && !start.starred => (over, Some(&start.value)),
            _ => return self.refuse(span, "`enumerate` takes an iterable and a start"),
        };
        let over = self.plain_arguments("enumerate", std::slice::from_ref(over))?[0];
        let inner = self.iteration_part(over, parts, block)?;
        let start = match start {
            None => self.int(0, span),
            Some(start) => {
                let start = self.expr(start)?;
                let start = self.as_index(start, "the start of enumerate")?;
                self.shared(start, block)
            }
        };
        Ok(Iteration::Enumerate(Box::new(inner), start))
    }

    fn reversed(&mut self, part: Iteration, span: Span, block: &mut hir::Block) -> Typed<Iteration> {
        match part {
            Iteration::Array(array) => Ok(Iteration::Reversed(array)),
            Iteration::Reversed(_)
            | Iteration::Enumerate(..)
            | Iteration::Zip(_)
            | Iteration::Indices(..) => self.refuse(span, "`reversed` takes a range, an array or a tuple"),
            Iteration::Items(items) => Ok(Iteration::Items(items.into_iter().rev().collect())),
            Iteration::Range([start, stop, step]) => {
                let count = self.range_count([start, stop, step], span, block)?;
                let one = self.int(1, span);
                let last = self.arithmetic(Binary::Sub, count, one, span)?;
                let last = self.arithmetic(Binary::Mul, last, step, span)?;
                let last = self.arithmetic(Binary::Add, start, last, span)?;
                let before = self.arithmetic(Binary::Sub, start, step, span)?;
                let back = self.unary(ast::UnaryOp::Minus, step, span)?;
                Ok(Iteration::Range([last, before, back]))
            }
        }
    }

    fn ndindex(&mut self, args: &'a [ast::Arg], span: Span, block: &mut hir::Block) -> Typed<Iteration> {
        let args = self.plain_arguments("np.ndindex", args)?;
        let mut extents = vec![];
        for arg in &args {
            let value = self.expr(arg)?;
            match self.function.ty(value).clone() {
                Type::Tuple(types) if args.len() == 1 => {
                    let value = self.shared(value, block);
                    extents.extend(self.tuple_parts(value, &types, arg.span));
                }
                _ => extents.push(value),
            }
        }
        if extents.len() > crate::base::types::MAX_RANK {
            return self.refuse(span, "`np.ndindex` of more than 8 axes");
        }
        let mut indices = vec![];
        for extent in extents {
            let extent = self.as_index(extent, "an extent")?;
            indices.push(self.shared(extent, block));
        }
        for extent in &indices {
            self.require_extent(*extent, span, block)?;
        }
        Ok(Iteration::Indices(indices, None))
    }

    /// A negative extent is an error of `np.ndindex`, not an empty loop.
    fn require_extent(&mut self, extent: hir::Expr, span: Span, block: &mut hir::Block) -> Typed<()> {
        if self.known_int(extent).is_some_and(|known| known >= 0) {
            return Ok(());
        }
        let zero = self.int(0, span);
        let negative = self.compared_ints(Compare::Lt, extent, zero, span);
        self.raise_if(negative, "negative dimensions are not allowed", span, block);
        Ok(())
    }

    pub(super) fn raise_if(
        &mut self,
        condition: hir::Expr,
        message: &str,
        span: Span,
        block: &mut hir::Block,
    ) {
        let raise = Hir::Raise { exception: "ValueError".to_string(), message: message.to_string() };
        let then = vec![Stmt { kind: raise, span }];
        self.emit(block, Hir::If { condition, then, otherwise: vec![] }, span);
    }

    fn ndenumerate(
        &mut self,
        args: &'a [ast::Arg],
        parts: ForParts<'a>,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<Iteration> {
        let [arg] = self.plain_arguments("np.ndenumerate", args)?[..] else {
            return self.refuse(span, "`np.ndenumerate` takes 1 argument");
        };
        let array = self.expr(arg)?;
        let Some(ty) = self.function.ty(array).array() else {
            let message = format!("`np.ndenumerate` of {}", self.function.ty(array));
            return self.refuse(arg.span, message);
        };
        let array = self.kept(array, parts, block);
        let extents = (0..ty.rank()).map(|axis| self.extent(array, axis, span)).collect();
        Ok(Iteration::Indices(extents, Some(array)))
    }

    /// Runs the body for each item.
    pub(super) fn iterate(
        &mut self,
        iteration: Iteration,
        parts: ForParts<'a>,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let span = parts.header;
        if let Iteration::Indices(extents, array) = &iteration {
            return self.iterate_indices(extents, *array, parts, block);
        }
        if let Some(length) = iteration.fixed_length() {
            return self.unroll(&iteration, length, parts, block);
        }
        // Types the items once, so that what cannot be iterated over is refused before the loop.
        let index = self.counter(counter_name(&iteration, parts.target));
        let place = self.push(ExprKind::Local(index), Type::INT, span);
        self.iteration_item(&iteration, place, span)?;
        let (zero, one) = (self.int(0, span), self.int(1, span));
        let stop = self.count(&iteration, span, block)?;
        self.counted_loop(&[Counted { index, bounds: [zero, stop, one] }], parts, block, |this, body| {
            let item = this.iteration_item(&iteration, place, span)?;
            this.give(parts.target, item, span, body)
        });
        Ok(())
    }

    fn iterate_indices(
        &mut self,
        extents: &[hir::Expr],
        array: Option<hir::Expr>,
        parts: ForParts<'a>,
        block: &mut hir::Block,
    ) -> Typed<()> {
        let span = parts.header;
        let names = index_names(parts.target, array.is_some());
        let mut counted = vec![];
        for (axis, extent) in extents.iter().enumerate() {
            let index = self.counter(names.get(axis).copied().unwrap_or(""));
            counted.push(Counted { index, bounds: [self.int(0, span), *extent, self.int(1, span)] });
        }
        if counted.is_empty() {
            // One index, the empty tuple.
            let (zero, one) = (self.int(0, span), self.int(1, span));
            counted.push(Counted { index: self.counter(""), bounds: [zero, one, one] });
        }
        let places: Vec<_> = counted[..extents.len()]
            .iter()
            .map(|counted| self.push(ExprKind::Local(counted.index), Type::INT, span))
            .collect();
        self.counted_loop(&counted, parts, block, |this, body| {
            let index = Item::Several(places.iter().map(|place| Item::One(*place)).collect());
            let item = match array {
                None => index,
                Some(array) => {
                    let element = this.element(array, places.clone(), span);
                    Item::Several(vec![index, Item::One(element)])
                }
            };
            this.give(parts.target, item, span, body)
        });
        Ok(())
    }

    /// A hidden loop variable; faults report it under the name of the target that takes its value.
    fn counter(&mut self, name: &str) -> hir::Local {
        let name = name.to_string();
        self.function.locals.push(hir::LocalData { name, ty: Type::INT, checked: false })
    }

    /// Assigns an item to a target.
    pub(super) fn give(
        &mut self,
        target: &'a ast::Expr,
        item: Item,
        span: Span,
        block: &mut hir::Block,
    ) -> Typed<()> {
        match (item, &target.kind) {
            (Item::One(value), Ast::Name(_)) => self.assign(target, value, span, block),
            (Item::One(value), _) => {
                let value = self.shared(value, block);
                self.assign(target, value, span, block)
            }
            // Plain names can take the items one by one, without a tuple.
            (Item::Several(items), Ast::Tuple(targets) | Ast::List(targets))
                if items.len() == targets.len() && targets.iter().all(is_names) =>
            {
                let pairs = targets.iter().zip(items);
                pairs.into_iter().try_for_each(|(target, item)| self.give(target, item, span, block))
            }
            (item, _) => {
                let value = self.collected(item, span);
                let value = self.shared(value, block);
                self.assign(target, value, span, block)
            }
        }
    }

    fn collected(&mut self, item: Item, span: Span) -> hir::Expr {
        match item {
            Item::One(value) => value,
            Item::Several(items) => {
                let items: Vec<_> = items.into_iter().map(|item| self.collected(item, span)).collect();
                self.tuple_of(items, span)
            }
        }
    }

    /// What an iteration gives at `place`, which counts from 0.
    pub(super) fn iteration_item(
        &mut self,
        iteration: &Iteration,
        place: hir::Expr,
        span: Span,
    ) -> Typed<Item> {
        Ok(match iteration {
            Iteration::Range([start, _, step]) => {
                let offset = self.arithmetic(Binary::Mul, place, *step, span)?;
                Item::One(self.arithmetic(Binary::Add, *start, offset, span)?)
            }
            Iteration::Array(array) => Item::One(self.item(*array, place, span)?),
            Iteration::Reversed(array) => {
                let (extent, one) = (self.extent(*array, 0, span), self.int(1, span));
                let last = self.arithmetic(Binary::Sub, extent, one, span)?;
                let place = self.arithmetic(Binary::Sub, last, place, span)?;
                Item::One(self.item(*array, place, span)?)
            }
            Iteration::Items(items) => {
                let known = self.known_int(place).expect("unrolled");
                Item::One(items[known as usize])
            }
            Iteration::Enumerate(inner, start) => {
                let number = self.arithmetic(Binary::Add, *start, place, span)?;
                Item::Several(vec![Item::One(number), self.iteration_item(inner, place, span)?])
            }
            Iteration::Zip(all) => {
                let items = all.iter().map(|part| self.iteration_item(part, place, span));
                Item::Several(items.collect::<Typed<_>>()?)
            }
            Iteration::Indices(..) => {
                return self.refuse(span, "`np.ndindex` and `np.ndenumerate` stand directly after `in`");
            }
        })
    }

    /// How many items there are, where no tuple takes part.
    pub(super) fn count(&mut self, iteration: &Iteration, span: Span, block: &mut hir::Block) -> Typed {
        match iteration {
            Iteration::Range(bounds) => self.range_count(*bounds, span, block),
            Iteration::Array(array) | Iteration::Reversed(array) => Ok(self.extent(*array, 0, span)),
            Iteration::Enumerate(inner, _) => self.count(inner, span, block),
            Iteration::Zip(all) => {
                let mut least: Option<hir::Expr> = None;
                for part in all.iter().filter(|part| part.fixed_length().is_none()) {
                    let count = self.count(part, span, block)?;
                    least = Some(match least {
                        None => count,
                        Some(least) => self.arithmetic(Binary::Min, least, count, span)?,
                    });
                }
                Ok(least.unwrap_or_else(|| self.int(0, span)))
            }
            Iteration::Items(items) => Ok(self.int(items.len() as i128, span)),
            Iteration::Indices(..) => {
                self.refuse(span, "`np.ndindex` and `np.ndenumerate` stand directly after `in`")
            }
        }
    }

    /// `len(range(…))`: 0, or the distance divided by the step and rounded up.
    fn range_count(
        &mut self,
        [start, stop, step]: [hir::Expr; 3],
        span: Span,
        block: &mut hir::Block,
    ) -> Typed {
        let zero = self.int(0, span);
        if self.known_int(step).is_none() {
            let none = self.compared_ints(Compare::Eq, step, zero, span);
            self.raise_if(none, "range() arg 3 must not be zero", span, block);
        }
        if self.known_int(step) == Some(1) && self.known_int(start) == Some(0) && self.is_extent(stop) {
            return Ok(stop);
        }
        let up = self.compared_ints(Compare::Gt, step, zero, span);
        let (below, above) = (
            self.compared_ints(Compare::Lt, start, stop, span),
            self.compared_ints(Compare::Gt, start, stop, span),
        );
        let some = match self.known_int(step) {
            Some(known) => {
                if known > 0 {
                    below
                } else {
                    above
                }
            }
            None => self.known_choice(up, below, above, Type::Weak(Weak::Bool), span),
        };
        let distance = self.arithmetic(Binary::Sub, start, stop, span)?;
        let whole = match self.known_int(step) {
            Some(1) => distance,
            _ => {
                // Guarded by `some`, so a step of 0 has been refused before.
                self.push(ExprKind::Binary(Binary::FloorDiv, distance, step), Type::INT, span)
            }
        };
        let count = self.unary(ast::UnaryOp::Minus, whole, span)?;
        let count = self.known_choice(some, count, zero, Type::INT, span);
        Ok(self.shared(count, block))
    }

    fn is_extent(&self, expr: hir::Expr) -> bool {
        matches!(self.function.exprs[expr].kind, ExprKind::Extent { .. })
    }

    fn known_choice(
        &mut self,
        condition: hir::Expr,
        then: hir::Expr,
        otherwise: hir::Expr,
        ty: Type,
        span: Span,
    ) -> hir::Expr {
        match self.known_bool(condition) {
            Some(true) => then,
            Some(false) => otherwise,
            None => self.push(ExprKind::If { condition, then, otherwise }, ty, span),
        }
    }

    /// A comparison of weak ints.
    pub(super) fn compared_ints(&mut self, op: Compare, a: hir::Expr, b: hir::Expr, span: Span) -> hir::Expr {
        if let (ExprKind::Const(a), ExprKind::Const(b)) =
            (&self.function.exprs[a].kind, &self.function.exprs[b].kind)
        {
            let holds = op.eval(*a, *b);
            return self.bool(holds, span);
        }
        self.push(ExprKind::Compare(op, a, b), Type::Weak(Weak::Bool), span)
    }

    /// An operator on weak ints, without the operations that change nothing.
    pub(super) fn arithmetic(&mut self, op: Binary, a: hir::Expr, b: hir::Expr, span: Span) -> Typed {
        let (x, y) = (self.known_int(a), self.known_int(b));
        match (op, x, y) {
            (Binary::Add, Some(0), _) | (Binary::Mul, Some(1), _) => return Ok(b),
            (Binary::Add | Binary::Sub, _, Some(0)) | (Binary::Mul, _, Some(1)) => return Ok(a),
            _ => {}
        }
        if let (Some(x), Some(y)) = (x, y)
            && let (Ok(x), Ok(y)) = (i64::try_from(x), i64::try_from(y))
        {
            let value = op.eval(Scalar::i64(x), Scalar::i64(y));
            return Ok(self.int(value.as_i64() as i128, span));
        }
        Ok(self.push(ExprKind::Binary(op, a, b), Type::INT, span))
    }
}

impl Iteration {
    /// The number of items where a tuple decides it, at least from above.
    pub(super) fn fixed_length(&self) -> Option<usize> {
        match self {
            Iteration::Items(items) => Some(items.len()),
            Iteration::Enumerate(inner, _) => inner.fixed_length(),
            Iteration::Zip(all) if all.is_empty() => Some(0),
            Iteration::Zip(all) => all.iter().filter_map(Iteration::fixed_length).min(),
            Iteration::Range(_) | Iteration::Array(_) | Iteration::Reversed(_) | Iteration::Indices(..) => {
                None
            }
        }
    }

    /// Whether parts whose length is known at run time only may end an unrolled loop early.
    pub(super) fn may_end_early(&self) -> bool {
        match self {
            Iteration::Items(_) => false,
            Iteration::Enumerate(inner, _) => inner.may_end_early(),
            Iteration::Zip(all) => all.iter().any(Iteration::may_end_early),
            Iteration::Range(_) | Iteration::Array(_) | Iteration::Reversed(_) | Iteration::Indices(..) => {
                true
            }
        }
    }
}

fn is_names(target: &ast::Expr) -> bool {
    match &target.kind {
        Ast::Name(_) => true,
        Ast::Tuple(items) | Ast::List(items) => items.iter().all(is_names),
        _ => false,
    }
}

/// The name that takes the number of the iteration: `i` of `for i, v in enumerate(x)`.
fn counter_name<'a>(iteration: &Iteration, target: &'a ast::Expr) -> &'a str {
    match (iteration, &target.kind) {
        (Iteration::Enumerate(..), Ast::Tuple(targets)) => targets.first().map_or("", plain_name),
        _ => "",
    }
}

fn index_names(target: &ast::Expr, enumerated: bool) -> Vec<&str> {
    match &target.kind {
        Ast::Tuple(targets) if enumerated => {
            targets.first().map_or(vec![], |target| index_names(target, false))
        }
        Ast::Tuple(targets) => targets.iter().map(plain_name).collect(),
        _ => vec![],
    }
}

fn plain_name(target: &ast::Expr) -> &str {
    match &target.kind {
        Ast::Name(name) => name,
        _ => "",
    }
}
