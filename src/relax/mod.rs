//! `hir` → `hir`: what `fastmath` allows, in the functions that ask for it.
//!
//! | rewrite | flag | |
//! |---|---|---|
//! | [`reassociate`](reassociate::reassociate) | `reassoc` | serial loops that only add up reduce as parallel ones do |
//! | [`contract`](contract::contract) | `contract` | products that are added or subtracted become part of an `fma` |
//! | [`reciprocal`](reciprocal::reciprocal) | `arcp` | division by a constant becomes multiplication |
//!
//! All of it happens here, on the typed program, before anything is lowered, fused, put in lanes or interpreted. So the rewritten program is a
//! program like any other: whoever runs it gives the same bits, whatever the threads, layouts and passes, and the interpreter remains the
//! oracle. And a function keeps its own arithmetic wherever it is inlined: the embedded mathematics, whose error terms must not be
//! rearranged, is never touched.

mod constants;
mod contract;
mod live;
mod reassociate;
mod reciprocal;

use crate::base::{FastMath, Span};
use crate::hir::{Module, verify};

/// What became of a loop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    pub span: Span,
    pub message: String,
}

/// Rewrites the functions that allow it. `fma`: whether the processor has it; without, contraction would cost more than it saves.
pub fn relax(module: &mut Module, fma: bool) -> Vec<Note> {
    let mut notes = vec![];
    let library: Vec<bool> = module.functions.values().map(|function| function.std).collect();
    for function in module.functions.values_mut() {
        let FastMath { contract, reassociate, reciprocal } = function.fast;
        // The order matters: an `fma` of the running total would hide it.
        if reassociate {
            reassociate::reassociate(function, &mut notes);
        }
        if reciprocal {
            reciprocal::reciprocal(function);
        }
        if contract && fma {
            contract::contract(function, &library);
        }
    }
    if cfg!(debug_assertions)
        && let Err(message) = verify::verify(module)
    {
        panic!("relax made a wrong program: {message}\n{module}");
    }
    notes
}
