//! Durum
pub mod ast;
pub mod base;
pub mod classify;
pub mod emit;
pub mod hir;
pub mod infer;
pub mod interp;
pub mod loops;
pub mod optimize;
pub mod parse;
pub mod runtime;
