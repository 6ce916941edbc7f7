//! Chooses loops that run in lanes.
//!
//! ```text
//! for i in 0..n:                               lanes(8) i in 0..n:
//!     store y[i], a * load x[i]        →           store y[i], a * load x[i]
//! ```
//!
//! What a body in lanes may contain, and what its values look like, is the contract of [`crate::loops::lanes`]; the number of lanes
//! belongs to the loop and not to the machine. Loops are tried from the inside out: a loop around others runs in lanes if none of
//! those inside does. It must be
//!
//! - *possible*: straight-line, or made so by `masks`; no variable carried from one iteration to the next but reductions, or what could be
//!   one ([`order_free`]), none read afterwards;
//! - *right*: running each statement for all lanes before the next gives the same memory ([`lockstep`]); with loops inside, in
//!   whatever order the lanes' accesses come; if that takes no more than arrays that are apart, a test chooses ([`super::apart`]);
//! - *worth it*: the estimate of [`super::profit`]; and of the versions of one source loop none with more checks than another, since such
//!   are there to meet a fault.
//!
//! Needs: `bounds` and `hoist` for a body without checks and invariants, `outline` before it.

use super::apart::{self, Guards};
use super::carried::{carried_vars, gets, read_after};
use super::masks::{Callees, Known, masked};
use super::order_free::order_free;
use super::profit::{Estimate, estimate, pressure};
use super::ranges::Ranges;
use super::{Options, Remark, has_loop};
use crate::base::{Span, tree};
use crate::loops::depend::lockstep;
use crate::loops::facts::Facts;
use crate::loops::lanes::{Plan, Reason};
use crate::loops::visit::{walk, walk_mut};
use crate::loops::{Array, Block, For, Function, Mode, Module, Op, Reduction, Stmt, Value, Var};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Lanes of a loop that holds 64-bit data or reduces: as many as the tree of sums has accumulators.
pub const LANES: u32 = tree::ACCUMULATORS as u32;

/// Lanes must promise to take at most this part of the time: estimates are rough, and scalar code is compiled faster.
const WORTH: f64 = 0.9;

/// Lanes of a loop around others that would need more than [`REGISTERS`] for what these carry along: Mandelbrot is a sixth
/// faster in 4 lanes than in 8, whose registers go through memory in each step.
const FEW_LANES: u32 = LANES / 2;

/// Of the 16 registers, what may hold values across a step of a loop inside.
const REGISTERS: usize = 14;

/// The most tests of arrays that choose between lanes and not (a guess).
const MOST_PAIRS: usize = 4;

/// Lanes of a straight-line loop over narrower data.
const NARROW_LANES: u32 = 2 * LANES;

pub fn vectorize(module: &mut Module, options: &Options, remarks: &mut Vec<Remark>) {
    if !options.lanes {
        return;
    }
    let mut outcomes = Outcomes::default();
    let (callees, fewest) = (Callees::of(module), fewest_checks(module));
    for (func, function) in module.functions.iter_mut() {
        let Choices { mut chosen, tables, guards } =
            choose(function, &fewest, &callees, callees.is_alone(func), &mut outcomes);
        if let Some(tables) = tables {
            *function = Function { body: std::mem::take(&mut function.body), ..tables };
        }
        apart::versions(function, &guards);
        walk_mut(&mut function.body, &mut |stmt| {
            if let Stmt::For(loop_) = stmt
                && let Some(chosen) = chosen.remove(&loop_.index)
            {
                loop_.mode = Mode::Lanes(chosen.choice.lanes);
                loop_.body = chosen.body.unwrap_or_else(|| std::mem::take(&mut loop_.body));
                loop_.reductions = chosen.reductions;
            }
        });
    }
    for (span, outcome) in outcomes.told() {
        remarks.push(match outcome {
            Ok(choice) => Remark::done("vectorize", span, format!("vectorised: {choice}")),
            Err(reason) => Remark::missed("vectorize", span, format!("not vectorised: {reason}")),
        });
    }
}

/// How a loop runs in lanes.
#[derive(Clone, Copy)]
struct Choice {
    lanes: u32,
    /// Lanes in one 128-bit register.
    width: u32,
    /// Whether arrays must be found apart.
    tested: bool,
}

impl std::fmt::Display for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let registers = self.lanes / self.width;
        let plural = if registers == 1 { "" } else { "s" };
        write!(f, "{} lanes, {registers} register{plural} of {}", self.lanes, self.width)?;
        if self.tested { write!(f, ", if a test in front finds the arrays apart") } else { Ok(()) }
    }
}

/// What became of the source loops. Of several versions of one, one success counts.
#[derive(Default)]
struct Outcomes {
    loops: BTreeMap<Span, Result<Choice, Reason>>,
    /// Loops around loops in lanes: that slow versions of them stay scalar is not worth telling.
    around: HashSet<Span>,
}

impl Outcomes {
    fn note(&mut self, span: Span, outcome: Result<Choice, Reason>) {
        match outcome {
            Ok(_) => drop(self.loops.insert(span, outcome)),
            Err(_) => drop(self.loops.entry(span).or_insert(outcome)),
        }
    }

    fn told(self) -> impl Iterator<Item = (Span, Result<Choice, Reason>)> {
        let around = self.around;
        self.loops.into_iter().filter(move |(span, outcome)| outcome.is_ok() || !around.contains(span))
    }
}

/// A loop that runs in lanes.
struct Chosen {
    choice: Choice,
    /// A new one, if it needs one.
    body: Option<Block>,
    /// Its own, or what it carried.
    reductions: Vec<Reduction>,
}

#[derive(Default)]
struct Choices {
    /// By the index of the loop.
    chosen: HashMap<Value, Chosen>,
    /// Those of the function, if new bodies have values and variables of their own.
    tables: Option<Function>,
    guards: Guards,
}

fn choose(
    function: &Function,
    fewest: &HashMap<Span, usize>,
    callees: &Callees,
    alone: bool,
    outcomes: &mut Outcomes,
) -> Choices {
    if !has_loop(&function.body) {
        return Choices::default();
    }
    let mut chooser = Chooser {
        function,
        ranges: Ranges::new(function),
        facts: Facts::new(function),
        gets: gets(&function.body),
        fewest,
        callees,
        alone,
        choices: Choices::default(),
        outcomes,
    };
    chooser.block(&function.body, None);
    chooser.choices
}

struct Chooser<'a> {
    function: &'a Function,
    ranges: Ranges,
    facts: Facts<'a>,
    /// How often each variable is read in the function.
    gets: HashMap<Var, usize>,
    /// Of the versions of a source loop, the checks in the one that has fewest.
    fewest: &'a HashMap<Span, usize>,
    callees: &'a Callees,
    alone: bool,
    choices: Choices,
    outcomes: &'a mut Outcomes,
}

impl Chooser<'_> {
    /// Whether a loop of the block, which stands directly in the loop `around`, runs in lanes.
    fn block(&mut self, block: &Block, around: Option<&For>) -> bool {
        let mut any = false;
        for stmt in block {
            let around_inner = if let Stmt::For(loop_) = stmt { Some(&**loop_) } else { around };
            let mut inside = false;
            for inner in stmt.blocks() {
                inside |= self.block(inner, around_inner);
            }
            if let Stmt::For(loop_) = stmt {
                if inside {
                    self.outcomes.around.insert(loop_.span);
                } else if loop_.mode == Mode::Serial {
                    inside = self.for_(loop_, around);
                }
            }
            any |= inside;
        }
        any
    }

    fn for_(&mut self, loop_: &For, around: Option<&For>) -> bool {
        let reductions = self.reductions(loop_, around);
        let reducing = For { reductions, ..loop_.clone() };
        let told = self.judge(&reducing).map(|(choice, body)| {
            let chosen = Chosen { choice, body, reductions: reducing.reductions };
            self.choices.chosen.insert(loop_.index, chosen);
            choice
        });
        let chosen = told.is_ok();
        self.outcomes.note(loop_.span, told);
        chosen
    }

    /// Those of the loop, or those it could have: unless the loop around could then run in lanes and it would stand in the way.
    fn reductions(&self, loop_: &For, around: Option<&For>) -> Vec<Reduction> {
        let possible = order_free(self.function, loop_);
        let stays = |around: &For| {
            let carried = carried_vars(around);
            possible.iter().all(|reduction| !carried.contains(&reduction.var))
        };
        if possible.is_empty() || around.is_some_and(stays) { loop_.reductions.clone() } else { possible }
    }

    fn judge(&mut self, loop_: &For) -> Result<(Choice, Option<Block>), Reason> {
        if let (Some(lo), Some(hi)) = (self.constant(loop_.lo), self.constant(loop_.hi))
            && hi.saturating_sub(lo) < LANES as i64
        {
            return Err(format!("it runs fewer than {LANES} times"));
        }
        if self.fewest.get(&loop_.span).is_some_and(|fewest| checks(loop_) > *fewest) {
            return Err("it is there for a fault".into());
        }
        self.private(loop_)?;
        if is_straight(&loop_.body) {
            return Ok((self.weigh(self.function, loop_, &loop_.body)?, None));
        }
        let mut tables = self.choices.tables.take().unwrap_or_else(|| self.function.clone());
        let outcome = self.masked(&mut tables, loop_);
        self.choices.tables = Some(tables);
        outcome
    }

    /// With a new body, whose values `tables` gets to know.
    fn masked(&mut self, tables: &mut Function, loop_: &For) -> Result<(Choice, Option<Block>), Reason> {
        let (facts, callees, alone) = (&self.facts, self.callees, self.alone);
        let mut known = Known { facts, ranges: &mut self.ranges, callees, alone };
        let body = masked(tables, loop_, &mut known)?;
        let converted = For { body, ..loop_.clone() };
        let choice = self.weigh(tables, &converted, &loop_.body)?;
        Ok((choice, Some(converted.body)))
    }

    fn constant(&self, value: Value) -> Option<i64> {
        match self.ranges.op(value) {
            Some(Op::Const(scalar)) if !scalar.dtype.is_float() => Some(scalar.as_i64()),
            _ => None,
        }
    }

    /// Whether lanes are possible, right and worth it for a loop whose scalar form has the body `original`.
    fn weigh(&mut self, function: &Function, loop_: &For, original: &Block) -> Result<Choice, Reason> {
        let constant = |value: Value| self.constant(value);
        let plan = Plan::new(function, loop_, &constant)?;
        let apart = self.apart(loop_).ok_or("iterations may touch the same element")?;
        let Estimate { scalar, lanes } = estimate(function, loop_, original, &plan, &constant)?;
        if lanes > WORTH * scalar {
            return Err(format!(
                "8 iterations in lanes are estimated at {:.0} cycles, one by one at {:.0}",
                lanes, scalar
            ));
        }
        let narrow = !plan.wide_only;
        let lanes = match loop_.reductions.is_empty() {
            true if plan.narrow_only && is_straight(&loop_.body) => NARROW_LANES,
            true if pressure(function, loop_, &plan) > REGISTERS => FEW_LANES,
            _ => LANES,
        };
        let tested = !apart.is_empty();
        if tested {
            self.choices.guards.insert(loop_.index, apart);
        }
        Ok(Choice { lanes, width: if narrow { 4 } else { 2 }, tested })
    }

    /// The arrays that must be apart for lanes to be right, all known in front of the loop.
    fn apart(&self, loop_: &For) -> Option<Vec<(Array, Array)>> {
        let mut loops = false;
        walk(&loop_.body, &mut |stmt| loops |= matches!(stmt, Stmt::For(_) | Stmt::While(_)));
        let pairs = lockstep(&self.facts, loop_.index, NARROW_LANES as i64, loops)?;
        let id = self.facts.loop_of(loop_.index)?;
        let is_known = |array: Array| {
            let mut components = self.function.arrays[array].components();
            components.all(|value| self.facts.is_visible_before(value, id))
        };
        let known = pairs.iter().all(|&(a, b)| is_known(a) && is_known(b));
        // What a body reduces is its only loop.
        let whole = loop_.reductions.is_empty() || pairs.is_empty();
        (whole && known && pairs.len() <= MOST_PAIRS).then_some(pairs)
    }

    /// Whether the variables that the loop sets are its own, or what it reduces.
    fn private(&self, loop_: &For) -> Result<(), Reason> {
        let mut set = vec![];
        walk(&loop_.body, &mut |stmt| stmt.for_each_set(|var| set.push(var)));
        if set.is_empty() {
            return Ok(());
        }
        let reduces = |var: Var| loop_.reductions.iter().any(|reduction| reduction.var == var);
        let inside = gets(&loop_.body);
        let behind = OnceCell::new();
        let after = || behind.get_or_init(|| read_after(&self.function.body, loop_.index));
        let carried = carried_vars(loop_);
        for var in set.into_iter().filter(|&var| !reduces(var)) {
            let name = Some(&self.function.vars[var].name).filter(|name| !name.is_empty());
            let name = name.map_or("a value", |name| name.as_str());
            if carried.contains(&var) {
                return Err(format!("{name} is carried from one iteration to the next"));
            }
            if inside.get(&var) < self.gets.get(&var) && after().contains(&var) {
                return Err(format!("{name} is read after it"));
            }
        }
        Ok(())
    }
}

fn fewest_checks(module: &Module) -> HashMap<Span, usize> {
    let mut fewest = HashMap::new();
    for function in module.functions.values() {
        walk(&function.body, &mut |stmt| {
            if let Stmt::For(loop_) = stmt
                && loop_.span != Span::default()
            {
                let least = fewest.entry(loop_.span).or_insert(usize::MAX);
                *least = checks(loop_).min(*least);
            }
        });
    }
    fewest
}

fn checks(loop_: &For) -> usize {
    let mut checks = 0;
    walk(&loop_.body, &mut |stmt| checks += matches!(stmt, Stmt::Check(_)) as usize);
    checks
}

fn is_straight(block: &Block) -> bool {
    let jumps = |stmt: &Stmt| matches!(stmt, Stmt::Break(_) | Stmt::Continue(_));
    block.iter().all(|stmt| stmt.blocks().is_empty() && !jumps(stmt))
}

#[cfg(test)]
mod tests {
    use super::super::samples::*;
    use super::super::{bounds::bounds, hoist::hoist, outline::outline};
    use super::*;
    use crate::base::{Binary, Compare, Dtype, Unary};
    use crate::loops::Array;

    /// The remarks of `vectorize` after the passes that it needs.
    fn remarks(module: &Module, runs: &[Vec<Argument>]) -> Vec<String> {
        let (mut after, options, mut remarks) = (module.clone(), Options::default(), vec![]);
        bounds(&mut after, &options, &mut vec![]);
        hoist(&mut after, &options, &mut vec![]);
        outline(&mut after, &options, &mut vec![]);
        vectorize(&mut after, &options, &mut remarks);
        for arguments in runs {
            assert_eq!(run(&after, arguments), run(module, arguments), "{arguments:?}\n{after}");
        }
        let lanes = count(&after, |stmt| matches!(stmt, Stmt::For(l) if l.mode == Mode::Lanes(LANES)));
        let said = remarks.iter().filter(|remark| remark.message().starts_with("vectorised")).count();
        assert!(lanes >= said, "{after}");
        remarks.into_iter().map(|remark| remark.message()).collect()
    }

    /// A loop over a vector, its body made by `fill` from two other vectors.
    fn over(fill: impl FnOnce(&mut Builder, [Array; 3], Value)) -> Module {
        let mut b = Builder::new();
        let names = ["x", "y", "z"];
        let arrays = names.map(|name| b.array(Dtype::F64, 1, name));
        let (zero, n) = (b.int(0), b.extent(arrays[2], 0));
        b.for_(zero, n, |b, i| fill(b, arrays, i));
        b.module()
    }

    fn sizes() -> Vec<Vec<Argument>> {
        [0, 1, 7, 8, 9, 100].map(|n| vec![floats(&[n]), floats(&[n]), floats(&[n])]).to_vec()
    }

    #[test]
    fn maps_and_reductions_run_in_lanes() {
        let arguments = vec![vec![Argument::Float(2.0), floats(&[20]), floats(&[20])]];
        assert_eq!(remarks(&axpy(Mode::Serial), &arguments), ["vectorised: 8 lanes, 4 registers of 2"]);
        assert_eq!(
            remarks(&axpy(Mode::Parallel { when: None }), &arguments),
            ["vectorised: 8 lanes, 4 registers of 2"]
        );
        let sums = [vec![floats(&[300]), floats(&[1])]];
        assert_eq!(remarks(&squares(Mode::Serial), &sums), ["vectorised: 8 lanes, 4 registers of 2"]);
        let shape = vec![vec![floats(&[4, 30]), floats(&[4, 30])]];
        assert_eq!(remarks(&jacobi(), &shape), ["vectorised: 8 lanes, 4 registers of 2"]);
    }

    /// Arrays that may be the same: a test in front of the loops chooses between lanes and one by one.
    #[test]
    fn arrays_that_may_meet_are_tested() {
        let mut b = Builder::new();
        let [x, y] = ["x", "y"].map(|name| b.array(Dtype::F64, 2, name));
        b.f.arrays[y].class = b.f.arrays[x].class;
        let (zero, n, m) = (b.int(0), b.extent(x, 0), b.extent(x, 1));
        let last = b.plus(m, -1);
        b.for_(zero, n, |b, i| {
            b.for_(zero, last, |b, j| {
                let next = b.plus(j, 1);
                let (u, v) = (b.load(x, &[i, j]), b.load(x, &[i, next]));
                let sum = b.add(u, v);
                b.store(y, &[i, j], sum);
            });
        });
        let module = b.module();
        let shapes = [[3, 20], [1, 1], [0, 4]].map(|shape| vec![floats(&shape), floats(&shape)]);
        let said = remarks(&module, &shapes);
        let expected = "vectorised: 8 lanes, 4 registers of 2, if a test in front finds the arrays apart";
        assert!(said.iter().any(|remark| remark == expected), "{said:?}");
    }

    #[test]
    fn selects_run_in_lanes() {
        let module = over(|b, [x, y, z], i| {
            let (u, v) = (b.load(x, &[i]), b.load(y, &[i]));
            let condition = b.compare(Compare::Lt, u, v);
            let least = b.op(Dtype::F64, Op::Select { condition, then: u, otherwise: v });
            b.store(z, &[i], least);
        });
        assert_eq!(remarks(&module, &sizes()), ["vectorised: 8 lanes, 4 registers of 2"]);
    }

    #[test]
    fn the_index_is_data_after_a_cast() {
        let module = over(|b, [_, _, z], i| {
            let next = b.plus(i, 1);
            let u = b.op(Dtype::F64, Op::Cast(next));
            b.store(z, &[i], u);
        });
        assert_eq!(remarks(&module, &sizes()), ["vectorised: 8 lanes, 4 registers of 2"]);
    }

    #[test]
    fn carried_elements_do_not() {
        let module = over(|b, [x, _, z], i| {
            let before = b.plus(i, -1);
            let (u, old) = (b.load(x, &[i]), b.load(z, &[before]));
            let sum = b.add(u, old);
            b.store(z, &[i], sum);
        });
        let [remark] = &remarks(&module, &sizes())[..] else { panic!("one loop") };
        assert!(remark.starts_with("not vectorised"), "{remark}");
    }

    #[test]
    fn elements_anywhere_and_operations_without_lanes_run_in_lanes() {
        let strided = over(|b, [x, _, z], i| {
            let twice = b.add(i, i);
            let u = b.load(x, &[twice]);
            b.store(z, &[i], u);
        });
        let big = [vec![floats(&[20]), floats(&[10]), floats(&[10])]];
        assert_eq!(remarks(&strided, &big), ["vectorised: 8 lanes, 4 registers of 2"]);
        let spread = over(|b, [x, _, z], i| {
            let twice = b.add(i, i);
            let u = b.load(x, &[twice]);
            b.store(z, &[twice], u);
        });
        let big = [vec![floats(&[20]), floats(&[10]), floats(&[20])]];
        let [remark] = &remarks(&spread, &big)[..] else { panic!("one loop") };
        assert!(remark.starts_with("not vectorised: 8 iterations in lanes"), "{remark}");
        let powers = over(|b, [x, y, z], i| {
            let (u, v, w) = (b.load(x, &[i]), b.load(y, &[i]), b.load(z, &[i]));
            let mut rest = b.binary(Binary::FloorDiv, u, v);
            for _ in 0..20 {
                rest = b.binary(Binary::Div, rest, w);
                rest = b.op(Dtype::F64, Op::Unary(Unary::Sqrt, rest));
            }
            b.store(z, &[i], rest);
        });
        assert_eq!(remarks(&powers, &sizes()), ["vectorised: 8 lanes, 4 registers of 2"]);
    }

    #[test]
    fn reasons_name_what_stands_in_the_way() {
        let carries = [vec![Argument::Int(3), floats(&[3, 3]), floats(&[3])]];
        let reason = "not vectorised: total is carried from one iteration to the next";
        assert_eq!(remarks(&bodies(), &carries), ["vectorised: 8 lanes, 4 registers of 2", reason]);
    }
}
