//! Durum
pub mod ast;
pub mod base;
pub mod parse;
