//! Compiles the grammar in `grammar/` to Rust, for `src/parse`.

fn main() {
    lalrpop::Configuration::new()
        .use_cargo_dir_conventions()
        .emit_rerun_directives(true)
        .set_in_dir("grammar")
        .process()
        .expect("the grammar compiles: see the conflict above");
}
