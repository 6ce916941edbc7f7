//! `hir` → values: the reference interpreter.
