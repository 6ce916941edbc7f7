//! Arguments of kernels as Rust sees them, and whether two results agree.

use durum::base::Scalar;
use durum::runtime::Element;
use durum::{OwnedArray, Value};

/// A kernel in Rust: works on the same arguments, gives what the kernel returns.
pub type Rust<'a> = Box<dyn Fn(&mut [Value]) -> Value + 'a>;

/// Says where two results differ by more than `tolerance`, relatively.
pub fn check(left: &Value, right: &Value, tolerance: f64) -> Result<(), String> {
    let near = |a: Scalar, b: Scalar| {
        let number = |x: Scalar| if x.dtype.is_float() { x.as_f64() } else { x.as_i64() as f64 };
        let (a, b) = (number(a), number(b));
        (a - b).abs() <= tolerance * b.abs().max(1e-3) || a == b
    };
    let (Value::Array(left), Value::Array(right)) = (left, right) else {
        let (left, right) = left.as_scalar().zip(right.as_scalar()).ok_or("an array and a number")?;
        return near(left, right).then_some(()).ok_or_else(|| format!("{left:?} and {right:?}"));
    };
    if left.shape() != right.shape() {
        return Err(format!("shapes {:?} and {:?}", left.shape(), right.shape()));
    }
    // Every element of small arrays, about a thousand of large ones.
    for k in (0..left.len()).step_by(left.len() / 1000 + 1) {
        let (left, right) = left.scalar(k).zip(right.scalar(k)).ok_or("complex elements")?;
        if !near(left, right) {
            return Err(format!("element {k} is {left:?} and {right:?}"));
        }
    }
    Ok(())
}

/// The elements of an array argument.
pub fn slice<T: Element>(value: &mut Value) -> &mut [T] {
    match value {
        Value::Array(array) => array.as_mut_slice::<T>().expect("of this type"),
        _ => panic!("an array"),
    }
}

/// Several array arguments at once.
pub fn slices<T: Element, const N: usize>(values: &mut [Value], positions: [usize; N]) -> [&mut [T]; N] {
    values.get_disjoint_mut(positions).expect("different arguments").map(slice)
}

/// Numbers in [low, high), the same each time.
pub fn uniform(n: usize, low: f64, high: f64) -> Vec<f64> {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..n).map(|_| low + (high - low) * next()).collect()
}

pub fn array(elements: Vec<f64>) -> Value {
    Value::Array(OwnedArray::from_vec(elements))
}

pub fn array_f32(elements: Vec<f64>) -> Value {
    Value::Array(OwnedArray::from_vec(elements.into_iter().map(|x| x as f32).collect::<Vec<_>>()))
}

pub fn matrix(elements: Vec<f64>, shape: &[usize]) -> Value {
    Value::Array(OwnedArray::from_slice(&elements, shape).expect("as many as the shape has"))
}
