//! Dtypes as arguments: `np.float64`, `f32`, `x.dtype`, `'f4'`.

use super::{Body, Typed};
use crate::ast::{self, ExprKind as Ast};
use crate::base::{Diagnostic, Dtype};

impl<'a> Body<'_, 'a> {
    /// A dtype argument.
    pub(super) fn dtype(&mut self, expr: &'a ast::Expr) -> Typed<Dtype> {
        if let Ast::Attribute { value, name } = &expr.kind
            && name.text == "dtype"
        {
            let value = self.expr(value)?;
            let dtype = self.function.ty(value).dtype();
            return dtype.map_or_else(|| self.refuse(expr.span, "this has no dtype"), Ok);
        }
        if let Ast::Str(text) = &expr.kind {
            let known = numpy_dtype(text);
            return known
                .map_or_else(|| self.refuse(expr.span, format!("NumPy has no dtype \"{text}\"")), Ok);
        }
        match super::annotation::scalar_type(expr).and_then(|ty| ty.scalar()) {
            Some(dtype) => Ok(dtype),
            None => self.inference.report(
                Diagnostic::error(expr.span, "this is not a dtype")
                    .hint("np.float64, np.int32, f32, x.dtype, …"),
            ),
        }
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
