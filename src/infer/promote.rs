//! NumPy 2's typing of operators (NEP 50) over weak and strong operands: pure functions on types.

use crate::ast::BinaryOp;
use crate::base::{ArrayType, AxisSet, Binary, Dtype, Layout, Type, Weak};

/// How an operator is computed: operands converted to `compute`, the result of type `result`.
#[derive(Clone, PartialEq, Debug)]
pub struct Typing {
    pub op: Binary,
    /// The element type both operands are converted to.
    pub compute: Dtype,
    pub result: Element,
}

/// The element type of a result: weak only if every operand was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Element {
    Weak(Weak),
    Strong(Dtype),
}

impl Element {
    pub fn of(ty: &Type) -> Option<Element> {
        match ty {
            Type::Weak(weak) => Some(Element::Weak(*weak)),
            Type::Scalar(dtype) => Some(Element::Strong(*dtype)),
            Type::Array(array) => Some(Element::Strong(array.dtype)),
            Type::None | Type::Tuple(_) | Type::Dtype(_) => None,
        }
    }

    pub fn dtype(self) -> Dtype {
        match self {
            Element::Weak(weak) => weak.default_dtype(),
            Element::Strong(dtype) => dtype,
        }
    }

    pub fn scalar(self) -> Type {
        match self {
            Element::Weak(weak) => Type::Weak(weak),
            Element::Strong(dtype) => Type::Scalar(dtype),
        }
    }

    /// NEP 50's result of two operands.
    pub fn promote(self, other: Element) -> Element {
        match (self, other) {
            (Element::Weak(a), Element::Weak(b)) => Element::Weak(a.max(b)),
            (Element::Weak(weak), Element::Strong(strong))
            | (Element::Strong(strong), Element::Weak(weak)) => Element::Strong(weak.meet(strong)),
            (Element::Strong(a), Element::Strong(b)) => Element::Strong(a.promote(b)),
        }
    }
}

/// How `a op b` is computed, or None where NumPy has no such loop.
pub fn binary(op: BinaryOp, a: Element, b: Element) -> Option<Typing> {
    let joined = a.promote(b);
    if joined.dtype().is_complex() {
        return None;
    }
    let weak_result = |weak: Weak| match joined {
        Element::Weak(_) => Element::Weak(weak),
        Element::Strong(_) => Element::Strong(weak.default_dtype()),
    };
    let arithmetic = |op: Binary| {
        let result = arithmetic_element(joined);
        Some(Typing { op, compute: result.dtype(), result })
    };
    match op {
        BinaryOp::Add => strong_bool(Binary::Add, joined).or_else(|| arithmetic(Binary::Add)),
        BinaryOp::Mul => strong_bool(Binary::Mul, joined).or_else(|| arithmetic(Binary::Mul)),
        BinaryOp::Sub if joined == Element::Strong(Dtype::Bool) => None,
        BinaryOp::Sub => arithmetic(Binary::Sub),
        BinaryOp::FloorDiv => arithmetic_small(Binary::FloorDiv, joined),
        BinaryOp::Mod => arithmetic_small(Binary::Mod, joined),
        BinaryOp::Pow => arithmetic_small(Binary::Pow, joined),
        BinaryOp::Div if joined.dtype().is_float() => {
            Some(Typing { op: Binary::Div, compute: joined.dtype(), result: joined })
        }
        BinaryOp::Div => {
            Some(Typing { op: Binary::Div, compute: Dtype::F64, result: weak_result(Weak::Float) })
        }
        BinaryOp::And => bitwise(Binary::And, joined),
        BinaryOp::Or => bitwise(Binary::Or, joined),
        BinaryOp::Xor => bitwise(Binary::Xor, joined),
        BinaryOp::Shl if !joined.dtype().is_float() => arithmetic_small(Binary::Shl, joined),
        BinaryOp::Shr if !joined.dtype().is_float() => arithmetic_small(Binary::Shr, joined),
        BinaryOp::Shl | BinaryOp::Shr | BinaryOp::MatMul => None,
    }
}

/// Python's bool is an int in arithmetic; NumPy's is logical.
fn arithmetic_element(joined: Element) -> Element {
    match joined {
        Element::Weak(Weak::Bool) => Element::Weak(Weak::Int),
        other => other,
    }
}

fn strong_bool(op: Binary, joined: Element) -> Option<Typing> {
    (joined == Element::Strong(Dtype::Bool)).then_some(Typing { op, compute: Dtype::Bool, result: joined })
}

/// `//`, `%`, `**` and shifts have no bool loop: NumPy takes i8.
fn arithmetic_small(op: Binary, joined: Element) -> Option<Typing> {
    let result = match arithmetic_element(joined) {
        Element::Strong(Dtype::Bool) => Element::Strong(Dtype::I8),
        other => other,
    };
    Some(Typing { op, compute: result.dtype(), result })
}

fn bitwise(op: Binary, joined: Element) -> Option<Typing> {
    (!joined.dtype().is_float()).then_some(Typing { op, compute: joined.dtype(), result: joined })
}

/// The float dtype in which NumPy computes `sqrt`, `exp`, … of `dtype`; None for the 8-bit types, whose
/// result would be a 16-bit float.
pub fn float_loop(dtype: Dtype) -> Option<Dtype> {
    match dtype {
        Dtype::F32 | Dtype::I16 | Dtype::U16 => Some(Dtype::F32),
        Dtype::F64 | Dtype::I32 | Dtype::U32 | Dtype::I64 | Dtype::U64 => Some(Dtype::F64),
        Dtype::Bool | Dtype::I8 | Dtype::U8 | Dtype::C64 | Dtype::C128 => None,
    }
}

/// The type that holds values of both types where paths meet. None if there is none.
pub fn join(a: &Type, b: &Type) -> Option<Type> {
    if a == b {
        return Some(a.clone());
    }
    match (a, b) {
        (Type::Array(a), Type::Array(b)) => join_arrays(*a, *b).map(Type::Array),
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            a.iter().zip(b).map(|(a, b)| join(a, b)).collect::<Option<Vec<_>>>().map(Type::Tuple)
        }
        (Type::Weak(_) | Type::Scalar(_), Type::Weak(_) | Type::Scalar(_)) => {
            Some(Element::of(a)?.promote(Element::of(b)?).scalar())
        }
        _ => None,
    }
}

fn join_arrays(a: ArrayType, b: ArrayType) -> Option<ArrayType> {
    (a.dtype == b.dtype && a.rank == b.rank).then(|| ArrayType {
        layout: a.layout.max(b.layout),
        unit: AxisSet(a.unit.0 & b.unit.0),
        ..a
    })
}

/// The shape part of an elementwise result: the rank and unit axes of operands broadcast together.
pub fn broadcast(dtype: Dtype, operands: impl IntoIterator<Item = ArrayType>) -> ArrayType {
    let operands: Vec<ArrayType> = operands.into_iter().collect();
    let rank = operands.iter().map(|array| array.rank()).max().unwrap_or(0);
    let mut unit = AxisSet::default();
    for axis in 0..rank {
        let all_unit = operands.iter().all(|array| {
            let missing = rank - array.rank();
            axis < missing || array.unit.contains(axis - missing)
        });
        if all_unit {
            unit = unit.with(axis);
        }
    }
    ArrayType { dtype, rank: rank as u8, layout: Layout::C, unit }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(op: BinaryOp, a: Type, b: Type) -> Option<Type> {
        binary(op, Element::of(&a)?, Element::of(&b)?).map(|typing| typing.result.scalar())
    }

    #[test]
    fn weak_takes_the_strong_dtype() {
        let f32_ = Type::Scalar(Dtype::F32);
        assert_eq!(result(BinaryOp::Mul, f32_.clone(), Type::FLOAT), Some(f32_.clone()));
        assert_eq!(result(BinaryOp::Add, Type::Scalar(Dtype::U8), Type::INT), Some(Type::Scalar(Dtype::U8)));
        assert_eq!(
            result(BinaryOp::Add, Type::Scalar(Dtype::I32), Type::FLOAT),
            Some(Type::Scalar(Dtype::F64))
        );
        assert_eq!(result(BinaryOp::Div, Type::Scalar(Dtype::I8), Type::INT), Some(Type::Scalar(Dtype::F64)));
    }

    #[test]
    fn bools_are_ints_when_weak_and_logical_when_strong() {
        let weak = Type::Weak(Weak::Bool);
        assert_eq!(result(BinaryOp::Add, weak.clone(), weak.clone()), Some(Type::INT));
        assert_eq!(result(BinaryOp::And, weak.clone(), weak), Some(Type::Weak(Weak::Bool)));
        assert_eq!(result(BinaryOp::Add, Type::BOOL, Type::BOOL), Some(Type::BOOL));
        assert_eq!(result(BinaryOp::Sub, Type::BOOL, Type::BOOL), None);
        assert_eq!(result(BinaryOp::Mod, Type::BOOL, Type::BOOL), Some(Type::Scalar(Dtype::I8)));
    }

    #[test]
    fn joins_follow_promotion() {
        assert_eq!(join(&Type::INT, &Type::FLOAT), Some(Type::FLOAT));
        assert_eq!(join(&Type::FLOAT, &Type::Scalar(Dtype::F32)), Some(Type::Scalar(Dtype::F32)));
        assert_eq!(join(&Type::INT, &Type::None), None);
    }
}
