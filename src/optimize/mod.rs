//! `loops` → `loops`: the passes and their order.
//!
//! | pass | needs | establishes |
//! |---|---|---|
//! | blocks | – | no loop collects into arrays |
//! | simplify | – | equal values have one name, local arrays one name and an alias class of their own |
//! | fuse | simplify | one nest per group of array operations, no temporary that is only passed on |
//! | expand | – | no nests |
//! | counts | – | no count goes up only to come down again |
//! | bounds | expand | few checks inside loops |
//! | unroll | expand | no loops of a few iterations inside others |
//! | interchange | bounds | innermost loops run along memory |
//! | tile | interchange | large products of matrices run by blocks |
//! | columns | bounds | parallel loops around serial ones, where they may be exchanged |
//! | jam | bounds | elements that stay the same are updated several times at once |
//! | hoist | expand | invariant loads and operations in front of loops |
//! | sink | – | stores that both arms of a branch end in follow it |
//! | dead | – | nothing that nobody reads |
//! | outline | expand | no parallel loops; reductions run a leaf at a time |
//! | split | outline | the middle of periodic loops without wrapping |
//! | vectorize | bounds, hoist, outline | loops in lanes |
//! | collapse | vectorize | parallel loops of few iterations share the loop inside |
//! | poll | vectorize | no long stretch without a poll |

mod apart;
mod bands;
mod blocks;
mod bounds;
mod carried;
mod classes;
mod collapse;
mod columns;
mod counts;
mod dead;
mod entry;
mod equalities;
mod exchange;
mod expand;
mod fates;
mod fold;
mod footprint;
mod forward;
mod fuse;
mod group;
mod hoist;
mod interchange;
mod jam;
mod locality;
mod masks;
mod order_free;
mod outline;
mod poll;
mod profit;
mod raise;
mod ranges;
mod remark;
#[cfg(test)]
mod samples;
mod scoped;
mod settled;
mod simplify;
mod sink;
mod split;
mod temporaries;
#[cfg(test)]
mod tests;
mod tile;
mod unroll;
mod vectorize;

use crate::base::{Binary, Dtype, Scalar};
use crate::loops::{ArrayData, Block, Function, Module, Op, Stmt, Value, verify, visit};
use std::collections::HashMap;

pub use remark::{Event, Kept, Obstacle, Remark, Shape, Shared, Walk};

/// In this order. Nothing runs twice: `fuse` leaves loads that it made superfluous out itself, and code
/// generation shares the constants that fused bodies repeat.
pub const PASSES: [Pass; 19] = [
    Pass { name: "blocks", enabled: |_| true, run: blocks::blocks },
    Pass { name: "simplify", enabled: |_| true, run: simplify::simplify },
    Pass { name: "fuse", enabled: |options| options.fuse, run: fuse::fuse },
    Pass { name: "expand", enabled: |_| true, run: expand::expand },
    Pass { name: "counts", enabled: |_| true, run: counts::counts },
    Pass { name: "bounds", enabled: |_| true, run: bounds::bounds },
    Pass { name: "unroll", enabled: |_| true, run: unroll::unroll },
    Pass { name: "interchange", enabled: |_| true, run: interchange::interchange },
    Pass { name: "tile", enabled: |_| true, run: tile::tile },
    Pass { name: "columns", enabled: |_| true, run: columns::columns },
    Pass { name: "jam", enabled: |_| true, run: jam::jam },
    Pass { name: "hoist", enabled: |_| true, run: hoist::hoist },
    Pass { name: "sink", enabled: |_| true, run: sink::sink },
    Pass { name: "dead", enabled: |_| true, run: dead::dead },
    Pass { name: "outline", enabled: |_| true, run: outline::outline },
    Pass { name: "split", enabled: |_| true, run: split::split },
    Pass { name: "vectorize", enabled: |options| options.lanes, run: vectorize::vectorize },
    Pass { name: "collapse", enabled: |_| true, run: collapse::collapse },
    Pass { name: "poll", enabled: |_| true, run: poll::poll },
];

/// What the caller may switch off or on. `Default` is what a user gets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Options {
    pub fuse: bool,
    /// Whether loops may run in parallel.
    pub parallel: bool,
    /// Whether loops may run in lanes.
    pub lanes: bool,
    /// Off only in benches that measure what bounds checks cost.
    pub checks: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { fuse: true, parallel: true, lanes: true, checks: true }
    }
}

/// Everything a pass gets.
pub struct Pass {
    pub name: &'static str,
    pub enabled: fn(&Options) -> bool,
    pub run: fn(&mut Module, &Options, &mut Vec<Remark>),
}

/// Runs the passes in order; `observe` sees the module after each, with the pass's name.
pub fn optimize(
    module: &mut Module,
    options: &Options,
    observe: &mut dyn FnMut(&'static str, &Module),
) -> Vec<Remark> {
    let mut remarks = vec![];
    for pass in PASSES.iter().filter(|pass| (pass.enabled)(options)) {
        (pass.run)(module, options, &mut remarks);
        if cfg!(debug_assertions)
            && let Err(message) = verify::verify(module)
        {
            panic!("the pass {} made a wrong program: {message}\n{module}", pass.name);
        }
        observe(pass.name, module);
    }
    remarks
}

/// Keeps the statements for which `keep` holds, in nested blocks too; an outer statement is asked before those inside it.
fn retain(block: &mut Block, keep: &mut impl FnMut(&Stmt) -> bool) {
    block.retain_mut(|stmt| {
        let kept = keep(stmt);
        if kept {
            stmt.blocks_mut().into_iter().for_each(|inner| retain(inner, keep));
        }
        kept
    });
}

/// An operation on two i64.
fn binary(function: &mut Function, op: Binary, a: Value, b: Value, out: &mut Block) -> Value {
    function.define(out, Dtype::I64, Op::Binary(op, a, b))
}

/// `⌈length / size⌉`
fn round_up(function: &mut Function, length: Value, size: Value, out: &mut Block) -> Value {
    let one = function.constant(out, Scalar::i64(1));
    let rest = binary(function, Binary::Sub, size, one, out);
    let padded = binary(function, Binary::Add, length, rest, out);
    binary(function, Binary::FloorDiv, padded, size, out)
}

fn has_loop(block: &Block) -> bool {
    let mut found = false;
    visit::walk(block, &mut |stmt| found |= matches!(stmt, Stmt::For(_)));
    found
}

/// The integers that are constants anywhere in the block.
fn constants(block: &Block) -> HashMap<Value, i64> {
    let mut constants = HashMap::new();
    visit::walk(block, &mut |stmt| {
        if let Stmt::Let(value, Op::Const(scalar)) = stmt
            && scalar.dtype == Dtype::I64
        {
            constants.insert(*value, scalar.as_i64());
        }
    });
    constants
}

fn map_components(array: &mut ArrayData, mut f: impl FnMut(Value) -> Value) {
    array.base = f(array.base);
    array.owner = f(array.owner);
    array.extents.iter_mut().chain(&mut array.strides).for_each(|value| *value = f(*value));
}
