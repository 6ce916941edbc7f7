//! Dtypes: as arguments (`np.float64`, `f32`, `x.dtype`, `'f4'`) and as values that a program names, passes and compares.

use super::call::Arguments;
use super::flow::Binding;
use super::{Body, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::{Diagnostic, Dtype, Span, Type};
use crate::hir::{self, ExprKind};

impl<'a> Body<'_, 'a> {
    /// A dtype argument.
    pub(super) fn dtype(&mut self, expr: &'a ast::Expr) -> Typed<Dtype> {
        if let Ast::Str(text) = &expr.kind {
            let known = numpy_dtype(text);
            return known
                .map_or_else(|| self.refuse(expr.span, format!("NumPy has no dtype \"{text}\"")), Ok);
        }
        let value = self.expr(expr)?;
        match self.function.ty(value) {
            Type::Dtype(dtype) => Ok(*dtype),
            _ => self.inference.report(
                Diagnostic::error(expr.span, "this is not a dtype")
                    .hint("np.float64, np.int32, f32, x.dtype, …"),
            ),
        }
    }

    pub(super) fn dtype_value(&mut self, dtype: Dtype, span: Span) -> hir::Expr {
        self.push(ExprKind::None, Type::Dtype(dtype), span)
    }

    /// `x.dtype`
    pub(super) fn dtype_of(&mut self, value: hir::Expr, span: Span) -> Typed {
        let dtype = self.function.ty(value).dtype().expect("an array or a scalar");
        self.bound_first(value, |this, _| Ok(this.dtype_value(dtype, span)))
    }

    /// `np.dtype(…)`
    pub(super) fn dtype_call(&mut self, args: &Arguments<'a>, span: Span) -> Typed {
        let ([arg], []) = (&args.positional[..], &args.keyword[..]) else {
            return self.refuse(span, "`np.dtype` takes 1 argument");
        };
        let dtype = self.dtype(arg)?;
        Ok(self.dtype_value(dtype, span))
    }

    /// `kind(x)` where `kind` is a variable that holds a dtype; `x.dtype.type(0)`. None if it is something else that is called.
    pub(super) fn dtype_cast(
        &mut self,
        callee: &'a ast::Expr,
        args: &Arguments<'a>,
        span: Span,
    ) -> Option<Typed> {
        let dtype = match &callee.kind {
            Ast::Name(text) if self.name(text).is_none() && self.module_constant(text).is_some() => {
                self.dtype(callee)
            }
            Ast::Name(text) => match self.state.get(self.name(text)?) {
                Binding::Bound { local, .. } => match self.function.locals[*local].ty {
                    Type::Dtype(dtype) => Ok(dtype),
                    _ => return None,
                },
                _ => return None,
            },
            Ast::Attribute { value, name } if name.text == "type" && self.module_path(value).is_none() => {
                self.dtype(value)
            }
            _ => return None,
        };
        Some(dtype.and_then(|dtype| self.cast(dtype, args, span)))
    }
}

/// What `np.dtype(text)` is: in such a text the digits count bytes, so `'i8'` is `np.int64`.
pub(super) fn numpy_dtype(text: &str) -> Option<Dtype> {
    let text = text.strip_prefix(['<', '=', '|']).unwrap_or(text);
    Some(match text {
        "?" | "b1" | "bool" | "bool_" => Dtype::Bool,
        "b" | "i1" | "int8" => Dtype::I8,
        "h" | "i2" | "int16" => Dtype::I16,
        "i" | "i4" | "int32" | "intc" => Dtype::I32,
        "l" | "q" | "p" | "n" | "i8" | "int64" | "int" | "int_" | "intp" | "longlong" => Dtype::I64,
        "B" | "u1" | "uint8" => Dtype::U8,
        "H" | "u2" | "uint16" => Dtype::U16,
        "I" | "u4" | "uint32" | "uintc" => Dtype::U32,
        "L" | "Q" | "P" | "N" | "u8" | "uint64" | "uint" | "uintp" | "ulonglong" => Dtype::U64,
        "f" | "f4" | "float32" | "single" => Dtype::F32,
        "d" | "f8" | "float64" | "float" | "double" => Dtype::F64,
        "F" | "c8" | "complex64" => Dtype::C64,
        "D" | "c16" | "complex128" | "complex" => Dtype::C128,
        _ => return None,
    })
}
