//! New arrays: `zeros` and its kin, literals, copies.

use super::call::Arguments;
use super::{Body, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::{ArrayType, AxisSet, Diagnostic, Dtype, Layout, Span, Type};
use crate::hir::{self, ExprKind};

pub(super) const NAMES: &[&str] = &[
    "zeros",
    "ones",
    "empty",
    "full",
    "zeros_like",
    "ones_like",
    "empty_like",
    "full_like",
    "array",
    "asarray",
    "ascontiguousarray",
    "copy",
];

impl<'a> Body<'_, 'a> {
    /// None if there is no such function.
    pub(super) fn creation(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Option<Typed> {
        Some(match name {
            "zeros" | "ones" | "empty" | "full" => self.allocate(name, args, span),
            "zeros_like" | "ones_like" | "empty_like" | "full_like" => self.allocate_like(name, args, span),
            "array" | "asarray" | "ascontiguousarray" => self.array_of(name, args, span),
            "copy" => self.copy_call(args, span),
            _ => return None,
        })
    }

    fn copy_call(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let [array] = self.positional(args, ["a"], span)?;
        self.copy(array, span)
    }

    /// `x.fill(value)`: None.
    pub(super) fn fill(&mut self, array: hir::Expr, args: &Arguments<'a>, span: Span) -> Typed {
        let [_, value] = self.positional(args, ["a", "value"], span)?;
        if self.function.ty(value).scalar().is_none() {
            return self.refuse(span, "`fill` takes a number");
        }
        let dtype = self.function.ty(array).dtype().expect("an array");
        let written = self.write_any(array, value, dtype, span)?;
        let local = self.temporary(self.function.ty(array).clone());
        let body = self.push(ExprKind::None, Type::None, span);
        Ok(self.push(ExprKind::Let { local, value: written, body }, Type::None, span))
    }

    /// `zeros(shape, dtype)` and its kin.
    fn allocate(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let Some(shape) = args.get(0, "shape") else {
            return self.refuse(span, format!("`np.{name}` needs a shape"));
        };
        let shape = self.shape_argument(shape)?;
        let filled = name == "full";
        let fill = if filled {
            let Some(value) = args.get(1, "fill_value") else {
                return self.refuse(span, "`np.full` needs a fill value");
            };
            Some(self.expr(value)?)
        } else {
            None
        };
        let dtype = match args.get(1 + usize::from(filled), "dtype") {
            Some(expr) => self.dtype(expr)?,
            None => fill.and_then(|fill| self.function.ty(fill).dtype()).unwrap_or(Dtype::F64),
        };
        self.refuse_options(args, &["shape", "dtype", "fill_value"])?;
        self.filled(name, dtype, shape, AxisSet::default(), fill, span)
    }

    pub(super) fn filled(
        &mut self,
        name: &str,
        dtype: Dtype,
        shape: Vec<hir::Expr>,
        unit: AxisSet,
        fill: Option<hir::Expr>,
        span: Span,
    ) -> Typed {
        if dtype.is_complex() {
            return self.refuse(span, "complex arrays in kernels are not supported yet");
        }
        if shape.len() > crate::base::types::MAX_RANK {
            return self.refuse(span, format!("an array of rank {} is beyond the limit of 8", shape.len()));
        }
        let mut fill = fill;
        let mut stored = None;
        match name {
            "zeros" | "zeros_like" => fill = Some(self.number(0.0, dtype, span)),
            "ones" | "ones_like" => fill = Some(self.number(1.0, dtype, span)),
            _ => {}
        }
        if let Some(value) = fill {
            match self.function.ty(value).clone() {
                Type::Array(_) => (fill, stored) = (None, Some(value)),
                ty if ty.scalar().is_some() => fill = Some(self.convert_to(value, &Type::Scalar(dtype))?),
                ty => return self.refuse(span, format!("`np.{name}` fills with numbers, not {ty}")),
            }
        }
        let mut unit = unit;
        for (axis, extent) in shape.iter().enumerate() {
            if self.known_int(*extent) == Some(1) {
                unit = unit.with(axis);
            }
        }
        let ty = ArrayType { dtype, rank: shape.len() as u8, layout: Layout::C, unit };
        let array = self.push(ExprKind::Alloc { shape, fill }, Type::Array(ty), span);
        match stored {
            None => Ok(array),
            Some(value) if self.function.ty(value).array().is_some_and(|value| value.rank > ty.rank) => {
                self.refuse(span, format!("cannot store {} into {ty}", self.function.ty(value)))
            }
            Some(value) => self.write_any(array, value, dtype, span),
        }
    }

    fn allocate_like(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let Some(model) = args.get(0, "a") else {
            return self.refuse(span, format!("`np.{name}` needs an array"));
        };
        let model = self.expr(model)?;
        let Some(array) = self.function.ty(model).array() else {
            return self.refuse(span, format!("`np.{name}` of {}", self.function.ty(model)));
        };
        let filled = name == "full_like";
        let fill = match args.get(1, "fill_value").filter(|_| filled) {
            Some(value) => Some(self.expr(value)?),
            None if filled => return self.refuse(span, "`np.full_like` needs a fill value"),
            None => None,
        };
        let dtype = match args.get(1 + usize::from(filled), "dtype") {
            Some(expr) => self.dtype(expr)?,
            None => array.dtype,
        };
        self.refuse_options(args, &["a", "dtype", "fill_value"])?;
        self.share(model, |this, model| {
            let shape = (0..array.rank()).map(|axis| this.extent(model, axis, span)).collect();
            this.filled(name, dtype, shape, array.unit, fill, span)
        })
    }

    /// `np.array` copies, `np.asarray` only where it must.
    fn array_of(&mut self, name: &str, args: &Arguments<'a>, span: Span) -> Typed {
        let [object, dtype] = self.parameters(args, ["object", "dtype"], span)?;
        let Some(object) = object else {
            return self.refuse(span, format!("`np.{name}` needs an array or a literal"));
        };
        let dtype = self.optional_dtype(dtype)?;
        if let Ast::List(_) | Ast::Tuple(_) = object.kind {
            return self.literal(object, dtype, span);
        }
        let value = self.expr(object)?;
        match self.function.ty(value).clone() {
            Type::Array(array) if dtype.is_some_and(|dtype| dtype != array.dtype) => {
                self.convert(value, dtype.expect("some"))
            }
            Type::Array(array) if name == "array" || name != "asarray" && array.layout != Layout::C => {
                self.copy(value, span)
            }
            Type::Array(_) => Ok(value),
            Type::Tuple(types) => {
                let items = types.into_iter().enumerate().map(|(index, ty)| {
                    self.push(ExprKind::Item { tuple: value, index: index as u32 }, ty, span)
                });
                let items: Vec<_> = items.collect();
                self.elements(vec![items.len() as u32], items, dtype, span)
            }
            _ => self.elements(vec![], vec![value], dtype, span),
        }
    }

    pub(super) fn optional_dtype(&mut self, dtype: Option<&'a ast::Expr>) -> Typed<Option<Dtype>> {
        match dtype {
            None | Some(ast::Expr { kind: Ast::None, .. }) => Ok(None),
            Some(expr) => self.dtype(expr).map(Some),
        }
    }

    /// Nested lists or tuples of expressions.
    fn literal(&mut self, object: &'a ast::Expr, dtype: Option<Dtype>, span: Span) -> Typed {
        let mut shape = vec![];
        let mut level = vec![object];
        while let Some(items) = self.level(&level)? {
            shape.push((items.len() / level.len()) as u32);
            level = items;
            if level.is_empty() {
                break;
            }
        }
        if shape.len() > crate::base::types::MAX_RANK {
            return self.refuse(span, format!("an array of rank {} is beyond the limit of 8", shape.len()));
        }
        let values: Vec<_> = level.iter().map(|item| self.expr(item)).collect::<Result<_, _>>()?;
        if shape.len() == 1 && values.iter().any(|value| self.function.ty(*value).is_array()) {
            return self.stack(values, 0, dtype, span);
        }
        self.elements(shape, values, dtype, span)
    }

    /// The items of lists of one length. None if these are no lists.
    fn level(&mut self, level: &[&'a ast::Expr]) -> Typed<Option<Vec<&'a ast::Expr>>> {
        let items = |expr: &'a ast::Expr| match &expr.kind {
            Ast::List(items) | Ast::Tuple(items) => Some(items.as_slice()),
            _ => None,
        };
        let first = items(level[0]);
        let mut all = vec![];
        for expr in level {
            if items(expr).map(<[_]>::len) != first.map(<[_]>::len) {
                return self.inference.report(
                    Diagnostic::error(expr.span, "the rows of an array literal have one shape")
                        .label(level[0].span, "unlike this one"),
                );
            }
            all.extend(items(expr).into_iter().flatten());
        }
        Ok(first.map(|_| all))
    }

    /// An array of these numbers, in the dtype that they promote to as NumPy scalars.
    fn elements(
        &mut self,
        shape: Vec<u32>,
        values: Vec<hir::Expr>,
        dtype: Option<Dtype>,
        span: Span,
    ) -> Typed {
        let mut joined: Option<Dtype> = None;
        for value in &values {
            let ty = self.function.ty(*value).clone();
            if ty.scalar().is_none_or(Dtype::is_complex) {
                let place = self.function.span(*value);
                return self.refuse(place, format!("an element of an array literal is a number, not {ty}"));
            }
            let own = self.dtype_alone(*value);
            joined = Some(joined.map_or(own, |joined| joined.promote(own)));
        }
        let dtype = dtype.or(joined).unwrap_or(Dtype::F64);
        if dtype.is_complex() {
            return self.refuse(span, "complex arrays in kernels are not supported yet");
        }
        let values = values
            .into_iter()
            .map(|value| self.convert_to(value, &Type::Scalar(dtype)))
            .collect::<Result<_, _>>()?;
        let mut unit = AxisSet::default();
        for (axis, _) in shape.iter().enumerate().filter(|(_, extent)| **extent == 1) {
            unit = unit.with(axis);
        }
        let ty = ArrayType { unit, ..ArrayType::contiguous(dtype, shape.len()) };
        Ok(self.push(ExprKind::Elements { shape, values }, Type::Array(ty), span))
    }

    /// The dtype of a number as a NumPy scalar: what i64 cannot hold may fit u64.
    fn dtype_alone(&self, value: hir::Expr) -> Dtype {
        match self.wide.get(&value) {
            Some(wide) if (0..=u64::MAX as i128).contains(wide) => Dtype::U64,
            _ => self.function.ty(value).dtype().expect("a number"),
        }
    }
}
