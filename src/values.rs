//! Values written as expressions: `2.5`, `(3, 4)`, `f32(2.5)`, `np.linspace(0, 1, 1_000_000)`, `uniform(1000)`.
//!
//! The language itself does the work, interpreted; the generators of arrays in their plain forms are made here, since a million elements
//! should take no time, and handed to the expression as arguments. With or without `np.` in front:
//!
//! | call | gives |
//! |---|---|
//! | `zeros(shape)` `ones(shape)` `full(shape, x)` | f64 (`full`: of the value) |
//! | `arange(n)` `arange(a, b)` `arange(a, b, step)` | i64 from ints, else f64: `a + k * step` |
//! | `linspace(a, b, n=50)` | f64, both ends included |
//! | `eye(n)` | f64 identity matrix |
//! | `uniform(shape)` | f64 in [0, 1): element k is the top 53 bits of SplitMix64 at `seed + (k+1)·0x9E3779B97F4A7C15` |
//! | `normal(shape)` | f64, mean 0, variance 1: the sum of 12 uniforms − 6 (Irwin–Hall), elements 12k…12k+11 |
//!
//! SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.

use crate::arguments::Value;
use crate::ast::{self, Expr, ExprKind};
use crate::base::{Diagnostic, SourceId, Type};
use crate::engine::Engine;
use crate::error::Error;
use crate::parse::parse_expression;
use crate::runtime::OwnedArray;

/// The most elements of a generated array.
const MOST: usize = 1 << 32;

/// `names` stand for numbers.
pub(crate) fn evaluate(
    engine: &Engine,
    text: &str,
    seed: u64,
    names: &[(&str, i64)],
) -> Result<Value, Error> {
    let expr = parse_expression(SourceId::USER, text).map_err(Error::Program)?;
    Evaluator { engine, seed, names }.evaluate(expr)
}

/// A type as annotations write it: `f64[:, ::1]`, `int`, `f32`.
pub(crate) fn parse_type(text: &str) -> Result<Type, Error> {
    use crate::infer::{ParamSpec, annotation};
    let expr = parse_expression(SourceId::USER, text).map_err(Error::Program)?;
    match annotation(&expr).map_err(|error| Error::Program(vec![error]))? {
        ParamSpec::Any => Ok(Type::None),
        ParamSpec::Scalar(ty) => Ok(ty),
        ParamSpec::Array(array) => Ok(Type::Array(array)),
    }
}

struct Evaluator<'a> {
    engine: &'a Engine,
    seed: u64,
    names: &'a [(&'a str, i64)],
}

impl Evaluator<'_> {
    fn evaluate(&self, mut expr: Expr) -> Result<Value, Error> {
        let mut made = vec![];
        self.replace_generators(&mut expr, &mut made)?;
        // A generator alone is its own value.
        if let (ExprKind::Name(name), [(only, _)]) = (&expr.kind, made.as_slice())
            && name == only
        {
            return Ok(made.pop().expect("one").1);
        }
        let mut args = vec![];
        let mut params = vec![];
        for (name, value) in &mut made {
            let arg = value.as_arg();
            params.push((name.clone(), arg.ty()));
            args.push(arg);
        }
        self.engine.run_expression(&ast::Module::default(), &expr, &params, &args)
    }

    /// Puts a fresh name for every call of a generator, innermost last, and keeps what it made.
    fn replace_generators(&self, expr: &mut Expr, made: &mut Vec<(String, Value)>) -> Result<(), Error> {
        if let Some((name, args)) = generator(expr) {
            let values = args.into_iter().map(|arg| self.evaluate(arg)).collect::<Result<Vec<_>, _>>()?;
            let array = self.generate(&name, &values, expr)?;
            let fresh = format!("%{}", made.len());
            made.push((fresh.clone(), Value::Array(array)));
            expr.kind = ExprKind::Name(fresh);
            return Ok(());
        }
        if let ExprKind::Name(name) = &expr.kind
            && let Some((_, number)) = self.names.iter().find(|(known, _)| known == name)
        {
            expr.kind = ExprKind::Int((*number).into());
        }
        qualify(expr);
        children_mut(expr).into_iter().try_for_each(|child| self.replace_generators(child, made))
    }

    fn generate(&self, name: &str, values: &[Value], place: &Expr) -> Result<OwnedArray, Error> {
        let fail = |message: String| Err(Error::Program(vec![Diagnostic::error(place.span, message)]));
        let numbers: Vec<f64> = values.iter().filter_map(number).collect();
        let made = match (name, values) {
            ("zeros" | "ones" | "uniform" | "normal", [shape]) => {
                let Some((shape, len)) = shape_of(shape) else {
                    return fail(format!("`{name}` needs a shape"));
                };
                OwnedArray::from_slice(&self.fill(name, len), &shape)
            }
            ("full", [shape, value]) => {
                let Some((shape, len)) = shape_of(shape) else {
                    return fail("`full` needs a shape".to_string());
                };
                full(&shape, len, value)
            }
            ("eye", [Value::Int(n)]) if (0..=65_536).contains(n) => {
                let n = *n as usize;
                let element = |k: usize| f64::from(k / n == k % n);
                OwnedArray::from_slice(&(0..n * n).map(element).collect::<Vec<_>>(), &[n, n])
            }
            ("arange", _) if numbers.len() == values.len() && (1..=3).contains(&values.len()) => {
                arange(values, &numbers)
            }
            ("linspace", _) if numbers.len() == values.len() && (2..=3).contains(&values.len()) => {
                linspace(&numbers)
            }
            _ => return fail(format!("`{name}` does not take these arguments")),
        };
        made.map_or_else(
            || fail(format!("`{name}`: the array is too large or has a negative or zero step")),
            Ok,
        )
    }

    fn fill(&self, name: &str, len: usize) -> Vec<f64> {
        match name {
            "zeros" => vec![0.0; len],
            "ones" => vec![1.0; len],
            "uniform" => (0..len as u64).map(|k| uniform(self.seed, k)).collect(),
            _ => (0..len as u64).map(|k| normal(self.seed, k)).collect(),
        }
    }
}

/// `zeros((3, 4), i32)` is `np.zeros((3, 4), i32)`.
fn qualify(expr: &mut Expr) {
    let ExprKind::Call { function, .. } = &mut expr.kind else { return };
    let ExprKind::Name(name) = &function.kind else { return };
    if matches!(
        name.as_str(),
        "zeros"
            | "ones"
            | "full"
            | "empty"
            | "array"
            | "arange"
            | "linspace"
            | "eye"
            | "identity"
            | "concatenate"
            | "stack"
    ) {
        let (span, text) = (function.span, name.clone());
        let module = Expr { kind: ExprKind::Name("np".to_string()), span };
        function.kind = ExprKind::Attribute { value: Box::new(module), name: ast::Name { text, span } };
    }
}

/// The name and arguments of a call of a generator.
fn generator(expr: &Expr) -> Option<(String, Vec<Expr>)> {
    let ExprKind::Call { function, args } = &expr.kind else { return None };
    let name = match &function.kind {
        ExprKind::Name(name) => name,
        ExprKind::Attribute { value, name } => match &value.kind {
            ExprKind::Name(module) if module == "np" || module == "numpy" => &name.text,
            _ => return None,
        },
        _ => return None,
    };
    const KNOWN: &[&str] = &["zeros", "ones", "full", "arange", "linspace", "eye", "uniform", "normal"];
    // With a dtype the language's own functions take over.
    let most = match name.as_str() {
        "zeros" | "ones" => 1,
        "full" => 2,
        _ => usize::MAX,
    };
    let plain = args.len() <= most && args.iter().all(|arg| arg.keyword.is_none() && !arg.starred);
    (KNOWN.contains(&name.as_str()) && plain)
        .then(|| (name.clone(), args.iter().map(|arg| arg.value.clone()).collect()))
}

fn children_mut(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.kind {
        ExprKind::Unary { operand, .. } => vec![operand],
        ExprKind::Binary { left, right, .. } => vec![left, right],
        ExprKind::Compare { operands, .. } | ExprKind::Logical { operands, .. } => {
            operands.iter_mut().collect()
        }
        ExprKind::Ternary { condition, then, otherwise } => vec![condition, then, otherwise],
        ExprKind::Call { function, args } => {
            let mut found: Vec<&mut Expr> = args.iter_mut().map(|arg| &mut arg.value).collect();
            // A method call: `linspace(0, 1, 9).sum()`.
            if let ExprKind::Attribute { value, .. } = &mut function.kind {
                found.push(value);
            }
            found
        }
        ExprKind::Index { value, items } => [value.as_mut()].into_iter().chain(items).collect(),
        ExprKind::Attribute { value, .. } => vec![value],
        ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Set(items) => items.iter_mut().collect(),
        ExprKind::Dict(pairs) => pairs.iter_mut().flat_map(|(key, value)| [key, value]).collect(),
        ExprKind::Name(_)
        | ExprKind::None
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Imaginary(_)
        | ExprKind::Str(_)
        | ExprKind::Ellipsis
        | ExprKind::Slice { .. }
        | ExprKind::Lambda { .. }
        | ExprKind::Unsupported { .. } => vec![],
    }
}

fn int(value: &Value) -> Option<i64> {
    if let Value::Int(value) = value { Some(*value) } else { None }
}

fn number(value: &Value) -> Option<f64> {
    let scalar = value.as_scalar()?;
    Some(crate::base::op::cast(scalar, crate::base::Dtype::F64).as_f64())
}

fn shape_of(value: &Value) -> Option<(Vec<usize>, usize)> {
    let extents: Vec<i64> = match value {
        Value::Int(n) => vec![*n],
        Value::Tuple(items) => items
            .iter()
            .map(|item| if let Value::Int(n) = item { Some(*n) } else { None })
            .collect::<Option<_>>()?,
        _ => return None,
    };
    let shape: Vec<usize> = extents.into_iter().map(usize::try_from).collect::<Result<_, _>>().ok()?;
    let len =
        shape.iter().try_fold(1usize, |len, extent| len.checked_mul(*extent)).filter(|len| *len <= MOST)?;
    (shape.len() <= crate::base::types::MAX_RANK).then_some((shape, len))
}

fn full(shape: &[usize], len: usize, value: &Value) -> Option<OwnedArray> {
    let scalar = value.as_scalar()?;
    let size = scalar.dtype.size();
    let mut array = OwnedArray::zeros(scalar.dtype, shape);
    let bytes = scalar.to_bytes();
    debug_assert_eq!(array.bytes_mut().len(), len * size);
    array.bytes_mut().chunks_exact_mut(size).for_each(|element| element.copy_from_slice(&bytes[..size]));
    Some(array)
}

/// NumPy's `arange`: `ceil((stop - start) / step)` elements, the k-th being `start + k * (second - start)`.
fn arange(values: &[Value], numbers: &[f64]) -> Option<OwnedArray> {
    let (start, stop, step) = match numbers {
        [stop] => (0.0, *stop, 1.0),
        [start, stop] => (*start, *stop, 1.0),
        _ => (numbers[0], numbers[1], numbers[2]),
    };
    if step == 0.0 {
        return None;
    }
    let count = ((stop - start) / step).ceil().max(0.0);
    // Not a number counts as too many.
    if !(0.0..=MOST as f64).contains(&count) {
        return None;
    }
    let count = count as usize;
    if let Some(ints) = values.iter().map(int).collect::<Option<Vec<i64>>>() {
        let start = if ints.len() > 1 { ints[0] } else { 0 };
        let step = ints.get(2).copied().unwrap_or(1);
        let elements: Vec<i64> =
            (0..count as i64).map(|k| start.wrapping_add(k.wrapping_mul(step))).collect();
        return OwnedArray::from_slice(&elements, &[count]);
    }
    let delta = (start + step) - start;
    let element = |k: usize| match k {
        0 => start,
        1 => start + step,
        _ => start + k as f64 * delta,
    };
    let elements: Vec<f64> = (0..count).map(element).collect();
    OwnedArray::from_slice(&elements, &[count])
}

/// NumPy's `linspace`: `k * ((stop - start) / (n - 1)) + start`, the last element exact.
fn linspace(numbers: &[f64]) -> Option<OwnedArray> {
    let (start, stop) = (numbers[0], numbers[1]);
    let count = numbers.get(2).copied().unwrap_or(50.0);
    if !(0.0..=MOST as f64).contains(&count) {
        return None;
    }
    let count = count as usize;
    let divisions = count.saturating_sub(1) as f64;
    let delta = stop - start;
    let step = delta / divisions;
    let element = |k: usize| {
        let offset = if divisions > 0.0 && step != 0.0 {
            k as f64 * step
        } else if divisions > 0.0 {
            k as f64 / divisions * delta
        } else {
            k as f64 * delta
        };
        offset + start
    };
    let mut elements: Vec<f64> = (0..count).map(element).collect();
    if count > 1 {
        elements[count - 1] = stop;
    }
    OwnedArray::from_slice(&elements, &[count])
}

fn uniform(seed: u64, k: u64) -> f64 {
    let mut z = seed.wrapping_add((k.wrapping_add(1)).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    (z >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

fn normal(seed: u64, k: u64) -> f64 {
    (0..12).map(|part| uniform(seed, 12 * k + part)).sum::<f64>() - 6.0
}
