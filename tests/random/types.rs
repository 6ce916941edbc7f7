//! Types as the generator knows them: elements, weak or strong, and arrays whose shape is known.

use durum::base::{Dtype, Weak};

pub const WEAK: [Weak; 3] = [Weak::Bool, Weak::Int, Weak::Float];
pub const REAL: [Dtype; 11] = [
    Dtype::Bool,
    Dtype::I8,
    Dtype::I16,
    Dtype::I32,
    Dtype::I64,
    Dtype::U8,
    Dtype::U16,
    Dtype::U32,
    Dtype::U64,
    Dtype::F32,
    Dtype::F64,
];

/// The type of a number: Python's own are weak.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Element {
    Weak(Weak),
    Strong(Dtype),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    Scalar(Element),
    Array(Dtype, Vec<usize>),
    Tuple(Vec<Type>),
    /// A statement or the value of a call that returns nothing.
    None,
}

pub const INT: Element = Element::Weak(Weak::Int);
pub const FLOAT: Element = Element::Weak(Weak::Float);
pub const BOOL: Element = Element::Weak(Weak::Bool);

impl Element {
    pub fn all() -> impl Iterator<Item = Element> {
        WEAK.into_iter().map(Element::Weak).chain(REAL.into_iter().map(Element::Strong))
    }

    pub fn dtype(self) -> Dtype {
        match self {
            Element::Weak(weak) => weak.default_dtype(),
            Element::Strong(dtype) => dtype,
        }
    }

    pub fn is_weak(self) -> bool {
        matches!(self, Element::Weak(_))
    }

    pub fn is_float(self) -> bool {
        self.dtype().is_float()
    }

    /// NumPy 2's common type of two operands.
    pub fn promote(self, other: Element) -> Element {
        match (self, other) {
            (Element::Weak(a), Element::Weak(b)) => Element::Weak(a.max(b)),
            (Element::Weak(weak), Element::Strong(strong))
            | (Element::Strong(strong), Element::Weak(weak)) => Element::Strong(weak.meet(strong)),
            (Element::Strong(a), Element::Strong(b)) => Element::Strong(a.promote(b)),
        }
    }
}

/// The type of `a op b`; None where NumPy has no such loop.
pub fn result(op: &str, a: Element, b: Element) -> Option<Element> {
    let joined = a.promote(b);
    let strong_bool = joined == Element::Strong(Dtype::Bool);
    let number = if joined == BOOL { INT } else { joined };
    let not_bool = if strong_bool { Element::Strong(Dtype::I8) } else { number };
    match op {
        "+" | "*" if strong_bool => Some(joined),
        "-" if strong_bool => None,
        "+" | "*" | "-" => Some(number),
        "//" | "%" | "**" => Some(not_bool),
        "<<" | ">>" if joined.is_float() => None,
        "<<" | ">>" => Some(not_bool),
        "/" if joined.is_float() => Some(joined),
        "/" if joined.is_weak() => Some(FLOAT),
        "/" => Some(Element::Strong(Dtype::F64)),
        "&" | "|" | "^" => (!joined.is_float()).then_some(joined),
        _ => unreachable!("an operator of the table"),
    }
}

/// Where NumPy computes `sqrt`, `exp`, … of a dtype; None for the 8-bit types, whose result has 16 bits.
pub fn float_loop(dtype: Dtype) -> Option<Dtype> {
    match dtype {
        Dtype::F32 | Dtype::I16 | Dtype::U16 => Some(Dtype::F32),
        Dtype::F64 | Dtype::I32 | Dtype::U32 | Dtype::I64 | Dtype::U64 => Some(Dtype::F64),
        Dtype::Bool | Dtype::I8 | Dtype::U8 | Dtype::C64 | Dtype::C128 => None,
    }
}

/// The dtype of a sum or product.
pub fn sum_dtype(dtype: Dtype) -> Dtype {
    match dtype {
        Dtype::Bool | Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::I64 => Dtype::I64,
        Dtype::U8 | Dtype::U16 | Dtype::U32 | Dtype::U64 => Dtype::U64,
        Dtype::F32 | Dtype::F64 | Dtype::C64 | Dtype::C128 => dtype,
    }
}

/// `np.float32`.
pub fn long_name(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::Bool => "np.bool_",
        Dtype::I8 => "np.int8",
        Dtype::I16 => "np.int16",
        Dtype::I32 => "np.int32",
        Dtype::I64 => "np.int64",
        Dtype::U8 => "np.uint8",
        Dtype::U16 => "np.uint16",
        Dtype::U32 => "np.uint32",
        Dtype::U64 => "np.uint64",
        Dtype::F32 => "np.float32",
        Dtype::F64 => "np.float64",
        Dtype::C64 | Dtype::C128 => unreachable!("real programs"),
    }
}

/// `f32`; the language has no short name for bool.
pub fn short_name(dtype: Dtype) -> &'static str {
    if dtype == Dtype::Bool { "np.bool_" } else { dtype.name() }
}

/// `(3, 4)` as a shape is written.
pub fn shape_text(shape: &[usize]) -> String {
    match shape {
        [only] => only.to_string(),
        _ => {
            let extents: Vec<String> = shape.iter().map(usize::to_string).collect();
            format!("({})", extents.join(", "))
        }
    }
}
