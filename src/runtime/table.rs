//! The one table of functions that generated code can call. None of them panics.

use super::{allocate, call, overlap, product, region};
use crate::base::abi::Table;
use crate::base::op;

/// What [`Context::table`](crate::base::abi::Context) points to.
pub static TABLE: Table = Table {
    allocate: allocate::allocate,
    retain: allocate::retain,
    release: allocate::release,
    run: region::run,
    poll: call::poll,
    disjoint: overlap::disjoint,
    fmod,
    fma,
    fmaf,
    product: product::product,
    power,
};

extern "C" fn fmod(x: f64, y: f64) -> f64 {
    x % y
}

extern "C" fn fma(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}

extern "C" fn fmaf(a: f32, b: f32, c: f32) -> f32 {
    a.mul_add(b, c)
}

extern "C" fn power(base: i64, exponent: i64, signed: u64) -> i64 {
    op::power(base, exponent, signed != 0)
}
