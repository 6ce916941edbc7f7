//! The passes on programs as `lower` would give them: the same bytes before and after, and the structure that is left.

mod builder;
mod dead;
mod expand;
mod fuse;
mod random;
mod run;
mod simplify;

use super::{Options, PASSES, Remark};
use crate::loops::*;
use builder::Builder;
use run::run;

/// How much of what there is.
#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
struct Counts {
    nests: usize,
    loops: usize,
    allocs: usize,
    loads: usize,
    stores: usize,
    checks: usize,
}

fn counts(module: &Module) -> Counts {
    let mut counts = Counts::default();
    visit::walk(&module.functions[module.entry].body, &mut |stmt| match stmt {
        Stmt::Nest(_) => counts.nests += 1,
        Stmt::For(_) => counts.loops += 1,
        Stmt::Alloc { .. } => counts.allocs += 1,
        Stmt::Let(_, Op::Load { .. }) => counts.loads += 1,
        Stmt::Store(_) => counts.stores += 1,
        Stmt::Check(_) => counts.checks += 1,
        _ => {}
    });
    counts
}

/// Runs the passes up to and with `last`; after each, the program must still give the same results.
fn after(last: &str, module: &Module) -> (Module, Vec<Remark>) {
    let mut module = module.clone();
    let mut remarks = vec![];
    let want = run(&module);
    for pass in &PASSES {
        (pass.run)(&mut module, &Options::default(), &mut remarks);
        assert_eq!(run(&module), want, "after {}", pass.name);
        if pass.name == last {
            return (module, remarks);
        }
    }
    panic!("no pass {last}")
}

fn messages(remarks: &[Remark]) -> Vec<&str> {
    remarks.iter().map(|remark| remark.message.as_str()).collect()
}
