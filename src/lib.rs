//! Durum
pub mod base;
pub mod ast;
pub mod parse;
