//! Division by a constant becomes multiplication by its reciprocal.
//!
//! ```text
//! x / 3.0        →    x * 0.3333333333333333
//! ```
//!
//! Off by at most one unit in the last place. Not where the constant or its reciprocal is 0, subnormal, infinite or NaN: then infinities or
//! NaNs could appear that were not there. (Division by a power of two is exact as a multiplication; the pass `simplify` does that everywhere.)

use super::constants::Constants;
use crate::base::{Binary, Dtype, Scalar, Type};
use crate::hir::{Expr, ExprData, ExprKind, Function};

pub(super) fn reciprocal(function: &mut Function) {
    let constants = Constants::new(function);
    let divisions: Vec<(Expr, Expr, Expr, Scalar)> = function
        .exprs
        .iter()
        .filter_map(|(expr, data)| match data.kind {
            ExprKind::Binary(Binary::Div, a, b) => Some((expr, a, b, of(constants.value(b)?)?)),
            _ => None,
        })
        .collect();
    for (expr, a, b, scalar) in divisions {
        let ExprData { ty, span, .. } = function.exprs[b].clone();
        debug_assert!(matches!(ty, Type::Scalar(_) | Type::Weak(_)), "a constant");
        let factor = function.exprs.push(ExprData { kind: ExprKind::Const(scalar), ty, span });
        function.exprs[expr].kind = ExprKind::Binary(Binary::Mul, a, factor);
    }
}

/// The reciprocal of a constant, if both are normal numbers.
fn of(divisor: Scalar) -> Option<Scalar> {
    let normal = |scalar: Scalar| match scalar.dtype {
        Dtype::F64 => scalar.as_f64().is_normal(),
        Dtype::F32 => (scalar.as_f64() as f32).is_normal(),
        _ => false,
    };
    let one = divisor.dtype.is_float().then(|| Scalar::float(divisor.dtype, 1.0))?;
    let reciprocal = Binary::Div.eval(one, divisor);
    (normal(divisor) && normal(reciprocal)).then_some(reciprocal)
}
