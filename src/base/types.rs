//! The types of the language and NumPy 2's promotion (NEP 50).
//!
//! A *weak* value is one that CPython would hold as `int`, `float`, `bool` or `complex`: it takes the
//! dtype of the strong value it meets. Weak and strong are different types, so `True + True` (weak)
//! is `2` while `np.True_ + np.True_` (strong) is `True`.

use std::fmt;

/// An element type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Dtype {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    C64,
    C128,
}

/// How NumPy groups dtypes; promotion across kinds goes upwards.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    Bool,
    Unsigned,
    Signed,
    Float,
    Complex,
}

impl Dtype {
    pub const ALL: [Dtype; 13] = [
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
        Dtype::C64,
        Dtype::C128,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Dtype::Bool => "bool",
            Dtype::I8 => "i8",
            Dtype::I16 => "i16",
            Dtype::I32 => "i32",
            Dtype::I64 => "i64",
            Dtype::U8 => "u8",
            Dtype::U16 => "u16",
            Dtype::U32 => "u32",
            Dtype::U64 => "u64",
            Dtype::F32 => "f32",
            Dtype::F64 => "f64",
            Dtype::C64 => "c64",
            Dtype::C128 => "c128",
        }
    }

    /// The dtype with this short (`f64`), NumPy (`float64`) or Python-like (`bool_`, `intp`) name.
    pub fn from_name(name: &str) -> Option<Dtype> {
        Some(match name {
            "bool" | "bool_" | "boolean" | "b1" => Dtype::Bool,
            "i8" | "int8" => Dtype::I8,
            "i16" | "int16" => Dtype::I16,
            "i32" | "int32" | "intc" => Dtype::I32,
            "i64" | "int64" | "intp" | "int_" => Dtype::I64,
            "u8" | "uint8" => Dtype::U8,
            "u16" | "uint16" => Dtype::U16,
            "u32" | "uint32" | "uintc" => Dtype::U32,
            "u64" | "uint64" | "uintp" | "uint" => Dtype::U64,
            "f32" | "float32" | "single" => Dtype::F32,
            "f64" | "float64" | "double" => Dtype::F64,
            "c64" | "complex64" => Dtype::C64,
            "c128" | "complex128" => Dtype::C128,
            _ => return None,
        })
    }

    /// Bytes per element.
    pub fn size(self) -> usize {
        match self {
            Dtype::Bool | Dtype::I8 | Dtype::U8 => 1,
            Dtype::I16 | Dtype::U16 => 2,
            Dtype::I32 | Dtype::U32 | Dtype::F32 => 4,
            Dtype::I64 | Dtype::U64 | Dtype::F64 | Dtype::C64 => 8,
            Dtype::C128 => 16,
        }
    }

    pub fn bits(self) -> u32 {
        self.size() as u32 * 8
    }

    pub fn kind(self) -> Kind {
        match self {
            Dtype::Bool => Kind::Bool,
            Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::I64 => Kind::Signed,
            Dtype::U8 | Dtype::U16 | Dtype::U32 | Dtype::U64 => Kind::Unsigned,
            Dtype::F32 | Dtype::F64 => Kind::Float,
            Dtype::C64 | Dtype::C128 => Kind::Complex,
        }
    }

    pub fn is_float(self) -> bool {
        self.kind() == Kind::Float
    }

    pub fn is_complex(self) -> bool {
        self.kind() == Kind::Complex
    }

    pub fn is_signed(self) -> bool {
        self.kind() == Kind::Signed
    }

    /// Signed or unsigned integer; not bool.
    pub fn is_int(self) -> bool {
        matches!(self.kind(), Kind::Signed | Kind::Unsigned)
    }

    /// Smallest and largest value of an integer dtype (bool counts as 0..=1).
    pub fn int_range(self) -> Option<(i128, i128)> {
        let bits = self.bits();
        match self.kind() {
            Kind::Bool => Some((0, 1)),
            Kind::Signed => Some((-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)),
            Kind::Unsigned => Some((0, (1i128 << bits) - 1)),
            Kind::Float | Kind::Complex => None,
        }
    }

    /// `np.promote_types`: the smallest dtype to which both convert safely.
    pub fn promote(self, other: Dtype) -> Dtype {
        let (low, high) = if self.kind() <= other.kind() { (self, other) } else { (other, self) };
        match (low.kind(), high.kind()) {
            (a, b) if a == b => {
                if low.size() >= high.size() {
                    low
                } else {
                    high
                }
            }
            (Kind::Bool, _) => high,
            (Kind::Unsigned, Kind::Signed) => signed_covering(low, high),
            (Kind::Unsigned | Kind::Signed, Kind::Float) => float_covering(low, high),
            (_, Kind::Complex) => complex_covering(low, high),
            _ => unreachable!("kinds are ordered"),
        }
    }
}

fn signed_covering(unsigned: Dtype, signed: Dtype) -> Dtype {
    if signed.size() > unsigned.size() {
        return signed;
    }
    match unsigned.size() {
        1 => Dtype::I16,
        2 => Dtype::I32,
        4 => Dtype::I64,
        _ => Dtype::F64,
    }
}

fn float_covering(int: Dtype, float: Dtype) -> Dtype {
    if int.size() <= 2 { float } else { Dtype::F64 }
}

fn complex_covering(low: Dtype, complex: Dtype) -> Dtype {
    let wide = match low.kind() {
        Kind::Bool => false,
        Kind::Float => low == Dtype::F64,
        Kind::Unsigned | Kind::Signed => low.size() > 2,
        Kind::Complex => low == Dtype::C128,
    };
    if wide { Dtype::C128 } else { complex }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A Python scalar type: what a literal has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weak {
    Bool,
    Int,
    Float,
    Complex,
}

impl Weak {
    /// The dtype that holds a weak value while nothing strong has decided otherwise.
    pub fn default_dtype(self) -> Dtype {
        match self {
            Weak::Bool => Dtype::Bool,
            Weak::Int => Dtype::I64,
            Weak::Float => Dtype::F64,
            Weak::Complex => Dtype::C128,
        }
    }

    /// NEP 50: the dtype of `weak ∘ strong`.
    pub fn meet(self, strong: Dtype) -> Dtype {
        let needed = match self {
            Weak::Bool => Kind::Bool,
            Weak::Int => Kind::Unsigned,
            Weak::Float => Kind::Float,
            Weak::Complex => Kind::Complex,
        };
        if strong.kind() >= needed {
            return strong;
        }
        match (self, strong) {
            (Weak::Int, _) => Dtype::I64,
            (Weak::Float, _) => Dtype::F64,
            (Weak::Complex, Dtype::F32) => Dtype::C64,
            (Weak::Complex, _) => Dtype::C128,
            (Weak::Bool, _) => unreachable!("bool is the lowest kind"),
        }
    }
}

impl fmt::Display for Weak {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Weak::Bool => "bool",
            Weak::Int => "int",
            Weak::Float => "float",
            Weak::Complex => "complex",
        })
    }
}

/// What is known of an array's strides; part of the specialisation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Layout {
    /// C-contiguous: every stride follows from the extents.
    C,
    /// The last axis has the stride of one element; the others are free.
    Inner,
    /// Any strides, negative and zero included.
    Strided,
}

/// A set of axes, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct AxisSet(pub u8);

impl AxisSet {
    pub fn contains(self, axis: usize) -> bool {
        self.0 >> axis & 1 != 0
    }

    pub fn with(self, axis: usize) -> AxisSet {
        AxisSet(self.0 | 1 << axis)
    }

    /// The first `rank` axes.
    pub fn all(rank: usize) -> AxisSet {
        AxisSet(((1u16 << rank) - 1) as u8)
    }

    /// Those of `0..rank` that are in the set.
    pub fn within(self, rank: usize) -> impl DoubleEndedIterator<Item = usize> + Clone {
        (0..rank).filter(move |axis| self.contains(*axis))
    }

    /// Those of `0..rank` that are not in the set.
    pub fn others(self, rank: usize) -> impl DoubleEndedIterator<Item = usize> + Clone {
        (0..rank).filter(move |axis| !self.contains(*axis))
    }
}

/// The highest rank of an array.
pub const MAX_RANK: usize = 8;

/// The largest extent of an array, also of an empty one: address spaces end there, and analyses of indices rely on it.
pub const MAX_EXTENT: i64 = 1 << 47;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ArrayType {
    pub dtype: Dtype,
    pub rank: u8,
    pub layout: Layout,
    /// Axes known to have extent 1. For an argument the others are known to differ from 1; for an
    /// array made inside a kernel nothing is known of them.
    pub unit: AxisSet,
}

impl ArrayType {
    pub fn contiguous(dtype: Dtype, rank: usize) -> ArrayType {
        ArrayType { dtype, rank: rank as u8, layout: Layout::C, unit: AxisSet::default() }
    }

    pub fn rank(self) -> usize {
        self.rank as usize
    }

    /// What is left when `axes` are reduced: they are gone, or have extent 1. The result is new, so C-contiguous.
    pub fn reduced(self, axes: AxisSet, keepdims: bool) -> ArrayType {
        if keepdims {
            return ArrayType { unit: AxisSet(self.unit.0 | axes.0), layout: Layout::C, ..self };
        }
        let mut result = ArrayType::contiguous(self.dtype, 0);
        for axis in axes.others(self.rank()) {
            if self.unit.contains(axis) {
                result.unit = result.unit.with(result.rank());
            }
            result.rank += 1;
        }
        result
    }
}

impl ArrayType {
    /// What a scan gives: along an axis the same shape, else all elements in a row. New, so C-contiguous.
    pub fn scanned(self, axis: Option<u8>) -> ArrayType {
        if axis.is_some() {
            return ArrayType { layout: Layout::C, ..self };
        }
        let one = self.unit == AxisSet::all(self.rank());
        ArrayType { unit: AxisSet(one as u8), ..ArrayType::contiguous(self.dtype, 1) }
    }
}

/// `f64[:, ::1]`: as annotations write it. C layout shows as `::1` in the last axis of rank 1 arrays
/// and as `::1` there with `C` noted by the first axis `:` otherwise; strided layout as plain colons.
impl fmt::Display for ArrayType {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}[", self.dtype)?;
        for axis in 0..self.rank() {
            if axis > 0 {
                f.write_str(", ")?;
            }
            let last = axis + 1 == self.rank();
            f.write_str(if self.unit.contains(axis) {
                "1"
            } else if last && self.layout != Layout::Strided {
                "::1"
            } else {
                ":"
            })?;
        }
        f.write_str("]")
    }
}

/// The type of an expression.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Type {
    None,
    Weak(Weak),
    Scalar(Dtype),
    Array(ArrayType),
    Tuple(Vec<Type>),
    /// A dtype as a value: all that there is to know of it is in the type.
    Dtype(Dtype),
}

impl Type {
    pub const BOOL: Type = Type::Scalar(Dtype::Bool);
    pub const INT: Type = Type::Weak(Weak::Int);
    pub const FLOAT: Type = Type::Weak(Weak::Float);

    /// The dtype that represents a scalar, weak or strong.
    pub fn scalar(&self) -> Option<Dtype> {
        match self {
            Type::Weak(weak) => Some(weak.default_dtype()),
            Type::Scalar(dtype) => Some(*dtype),
            Type::None | Type::Array(_) | Type::Tuple(_) | Type::Dtype(_) => None,
        }
    }

    /// The dtype of a scalar or of an array's elements.
    pub fn dtype(&self) -> Option<Dtype> {
        match self {
            Type::Array(array) => Some(array.dtype),
            _ => self.scalar(),
        }
    }

    pub fn array(&self) -> Option<ArrayType> {
        match self {
            Type::Array(array) => Some(*array),
            Type::None | Type::Weak(_) | Type::Scalar(_) | Type::Tuple(_) | Type::Dtype(_) => None,
        }
    }

    pub fn is_array(&self) -> bool {
        self.array().is_some()
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Type::None => f.write_str("None"),
            Type::Dtype(dtype) => write!(f, "dtype {dtype}"),
            Type::Weak(weak) => weak.fmt(f),
            Type::Scalar(dtype) => dtype.fmt(f),
            Type::Array(array) => array.fmt(f),
            Type::Tuple(types) => {
                f.write_str("(")?;
                for (k, ty) in types.iter().enumerate() {
                    write!(f, "{}{ty}", if k > 0 { ", " } else { "" })?;
                }
                f.write_str(if types.len() == 1 { ",)" } else { ")" })
            }
        }
    }
}
