//! The command line.
mod print;
mod view;
pub fn main() -> std::process::ExitCode { std::process::ExitCode::SUCCESS }
