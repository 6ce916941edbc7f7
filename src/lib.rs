//! Durum
pub mod ast;
pub mod base;
pub mod classify;
pub mod emit;
pub mod loops;
pub mod optimize;
pub mod parse;
pub mod runtime;
