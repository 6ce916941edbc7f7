//! The tree as text, for `dump --stage ast`.
