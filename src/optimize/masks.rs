//! Turns the body of a loop that is to run in lanes into predicated form: no branch that lanes would disagree about.
//!
//! ```text
//! for i in lanes:                              for i in lanes:
//!     set k, 0                                     set k, 0
//!     while {                                      set live, True
//!         z = get z; s = z*z                       while {
//!         c = s <= 4.0                                 z = get z; s = z*z
//!     } c do {                          →              m = s <= 4.0 & get live; set live, m
//!         set z, s + x                             } any(m) do {
//!         set k, get k + 1                             set z, s + x              (nobody reads it later)
//!     }                                                set k, m ? get k + 1 : get k
//!     store y[i], get k                            }
//!                                                  store y[i], get k
//! ```
//!
//! # What a lane body holds
//!
//! Groups of iterations, the first from the loop's first iteration on, run in lockstep, each statement for all lanes before the next. In the
//! body of a loop in lanes
//!
//! - `let`, `set` and `store` run for all lanes: every load and store is in bounds in every lane, and every store is wanted;
//! - `if`, `while`, `for` (serial, reducing nothing), `scope`, `break`, `continue`, `poll` stand under *uniform* control only: their
//!   conditions and bounds are the same in all lanes, being values from outside, computed from such, or [`Op::Any`];
//! - an `if` with a *varying* condition is a *region*: its arms run one lane at a time, in the order of lanes, as scalar code: what may
//!   stand in a serial loop, but no jump out of it. It is slow, and for what has no other form: scattered
//!   stores, calls, faults;
//! - a `check` under uniform control has a uniform condition and reports the values of the first lane; no lane can have failed
//!   before it.
//!
//! Run one iteration at a time, where `any(c)` is `c`, the body means the same.
//!
//! # How it gets there
//!
//! The *mask* of a place holds for the lanes that scalar code would bring there. Pure operations run for all lanes. A variable keeps what it held in
//! lanes outside the mask only if they will read it ([`liveness`]). Small arms run both ([`flatten`]), others if a
//! lane needs them. Loads whose subscripts are not in bounds anyway take element 0 in other lanes; stores blend with what is
//! there if the element belongs to this iteration ([`memory`]). Loops and scopes that lanes leave on their own have a variable, `live`, from which
//! jumps take lanes away. An arm whose loads would become gathers has a second version for groups that are in it as a whole. A lane that fails is noted and goes on as if it had ended; after the body, the first such lane faults ([`faults`]).
//!
//! Needs: variables that the body sets are reductions, or are set before they are read in every iteration and not read
//! after the loop; iterations that may run in lockstep.

mod divergence;
mod faults;
mod flatten;
mod liveness;
mod memory;
mod rounds;
#[cfg(test)]
mod tests;
mod write;

use super::ranges::{Ranges, defined_in};
use crate::base::{Dtype, Scalar};
use crate::loops::facts::Facts;
use crate::loops::lanes::Reason;
use crate::loops::lanes::has_lanes;
use crate::loops::visit::walk;
use crate::loops::{
    Block, Check, Condition, For, Func, Function, If, Label, Mode, Module, Op, Operand, Renaming, Role, Stmt,
    Value, Var,
};
use divergence::Divergence;
use faults::Failures;
use liveness::{Exit, Liveness, Vars};
use std::collections::{HashMap, HashSet};

/// An arm with so many operations that have no form for registers runs one lane at a time as a whole (a guess).
const SCALAR_WORK: usize = 4;

/// What is known of the function before the conversion.
pub(super) struct Known<'a, 'f> {
    pub facts: &'a Facts<'f>,
    /// Without assumptions; left so.
    pub ranges: &'a mut Ranges,
    pub callees: &'a Callees,
    /// Whether no other thread runs this function on the same arrays at the same time, other ranges of a body aside.
    pub alone: bool,
}

/// What functions of a module may do when they are called.
pub(super) struct Callees {
    /// Cannot fault.
    quiet: HashSet<Func>,
    /// May run in several threads at once, bodies by way of a call only.
    shared: HashSet<Func>,
}

/// The new body of `loop_`, which is a loop of `function`.
pub(super) fn masked(function: &mut Function, loop_: &For, known: &mut Known) -> Result<Block, Reason> {
    if loop_.body.iter().all(|stmt| matches!(stmt, Stmt::Let(..) | Stmt::Set(..) | Stmt::Store(_))) {
        return Ok(loop_.body.clone());
    }
    refuse(&loop_.body, loop_.label, function, known.callees)?;
    let liveness = Liveness::of(loop_);
    let divergence = Divergence::of(function, loop_, &liveness);
    let mark = known.ranges.mark();
    memory::enter(function, loop_, known.ranges);
    let converter = Converter {
        inside: defined_in(function, &loop_.body),
        top: function.label(),
        function,
        loop_,
        known,
        liveness,
        divergence,
        frames: vec![],
        keep: vec![],
        renamed: HashMap::new(),
        sound: HashSet::new(),
        failures: Failures::new(contains(&loop_.body, &|stmt| matches!(stmt, Stmt::While(_)))),
        versioned: false,
    };
    let body = converter.body();
    known.ranges.leave(mark);
    body
}

impl Callees {
    pub fn of(module: &Module) -> Callees {
        let calls = |func: Func| {
            let mut found = vec![];
            walk(&module.functions[func].body, &mut |stmt| match stmt {
                Stmt::Call(call) => found.push(call.func),
                Stmt::Run(run) => found.push(run.func),
                _ => {}
            });
            found
        };
        let is_body = |func: &Func| matches!(module.functions[*func].role, Role::Body { .. });
        let mut pending: Vec<Func> = module.functions.keys().filter(is_body).flat_map(calls).collect();
        let mut shared = HashSet::new();
        while let Some(func) = pending.pop() {
            if shared.insert(func) {
                pending.extend(calls(func));
            }
        }
        let mut quiet: HashSet<Func> =
            module.functions.keys().filter(|&func| is_quiet(module, func)).collect();
        loop {
            let known = quiet.clone();
            quiet.retain(|&func| calls(func).iter().all(|callee| known.contains(callee)));
            if quiet.len() == known.len() {
                return Callees { quiet, shared };
            }
        }
    }

    /// For [`Known::alone`].
    pub fn is_alone(&self, func: Func) -> bool {
        !self.shared.contains(&func)
    }
}

/// Whether nothing in the function itself faults.
fn is_quiet(module: &Module, func: Func) -> bool {
    let function = &module.functions[func];
    let faults = contains(&function.body, &|stmt| {
        matches!(stmt, Stmt::Check(_) | Stmt::Fault { .. } | Stmt::Alloc { .. } | Stmt::Run(_))
            || matches!(stmt, Stmt::For(loop_) if !loop_.accumulators.is_empty())
    });
    function.role == Role::Kernel { recursive: false } && !faults
}

fn contains(block: &Block, is: &dyn Fn(&Stmt) -> bool) -> bool {
    let mut found = false;
    walk(block, &mut |stmt| found |= is(stmt));
    found
}

/// What has no form for lanes.
fn refuse(block: &Block, label: Label, function: &Function, callees: &Callees) -> Result<(), Reason> {
    let mut reason = Ok(());
    walk(block, &mut |stmt| {
        if reason.is_ok()
            && let Some(why) = refusal(stmt, label, function, callees)
        {
            reason = Err(why.to_string());
        }
    });
    reason
}

fn refusal(stmt: &Stmt, label: Label, function: &Function, callees: &Callees) -> Option<&'static str> {
    match stmt {
        Stmt::Return(_) => Some("it can be left early"),
        Stmt::Break(target) if *target == label => Some("it can be left early"),
        Stmt::Alloc { .. } | Stmt::Retain(_) | Stmt::Release(_) => Some("it makes or frees arrays"),
        Stmt::Nest(_) | Stmt::Run(_) => Some("it contains a reduction"),
        Stmt::For(loop_) if !loop_.reductions.is_empty() || !loop_.accumulators.is_empty() => {
            Some("it contains a reduction")
        }
        Stmt::For(loop_) if loop_.mode != Mode::Serial => Some("it contains a loop that is not serial"),
        Stmt::Call(call) if !callees.quiet.contains(&call.func) => Some("it calls a function that may fail"),
        Stmt::Call(call) if call.results.iter().any(|result| matches!(result, Operand::Array(_))) => {
            Some("it calls a function that gives an array")
        }
        Stmt::While(loop_) if continues_to(&loop_.header, loop_.label) => Some("a condition goes on"),
        Stmt::Let(value, Op::Get(_)) if is_component(function, *value) => Some("it rebinds an array"),
        Stmt::Break(_)
        | Stmt::Let(..)
        | Stmt::Set(..)
        | Stmt::Store(_)
        | Stmt::Check(_)
        | Stmt::If(_)
        | Stmt::For(_)
        | Stmt::While(_)
        | Stmt::Scope { .. }
        | Stmt::Continue(_)
        | Stmt::Call(_)
        | Stmt::Fault { .. }
        | Stmt::Poll => None,
    }
}

fn continues_to(block: &Block, label: Label) -> bool {
    contains(block, &|stmt| matches!(stmt, Stmt::Continue(target) if *target == label))
}

fn is_component(function: &Function, value: Value) -> bool {
    function.arrays.values().any(|array| array.components().any(|component| component == value))
}

struct Converter<'a, 'k, 'f> {
    function: &'a mut Function,
    loop_: &'a For,
    /// A scope around the new body.
    top: Label,
    known: &'a mut Known<'k, 'f>,
    liveness: Liveness,
    divergence: Divergence,
    /// Loops and scopes around, outermost first.
    frames: Vec<Frame>,
    /// What lanes outside the mask will read: one set for each thing around that they are not in.
    keep: Vec<Vars>,
    /// Values that flattened arms know by another name.
    renamed: HashMap<Value, Value>,
    /// Values that the old body defines.
    inside: HashSet<Value>,
    /// Those among them that are right in all lanes.
    sound: HashSet<Value>,
    failures: Failures,
    /// Whether this is inside an arm with two versions.
    versioned: bool,
}

struct Frame {
    exit: Exit,
    /// Lanes that are still in it; None if all leave together.
    live: Option<Var>,
}

/// A place in the body.
#[derive(Clone)]
struct Here {
    /// The lanes that scalar code would bring here; None for all.
    mask: Option<Value>,
    /// Whether there is one.
    some: bool,
    /// The mask after lanes have been taken away: those of the variable that are in the arm as well.
    live: Option<Var>,
    arm: Option<Value>,
    leave: Option<Leave>,
    /// Whether the mask, and that after lanes have been taken away, lacks lanes only that have failed: what those store does not matter.
    whole: bool,
    whole_frame: bool,
}

/// How to leave the loop or scope around if no lane is left.
#[derive(Clone)]
struct Leave {
    jump: Stmt,
    /// Even if nothing is left to do.
    always: bool,
}

type Converted = Result<(), Reason>;

/// Statements of an arm that gets a version without a mask; a guess.
const VERSION_LIMIT: usize = 60;

/// If there is something left to do.
fn leave_by(jump: Stmt) -> Option<Leave> {
    Some(Leave { jump, always: false })
}

impl Converter<'_, '_, '_> {
    fn body(mut self) -> Result<Block, Reason> {
        let loop_ = self.loop_;
        let exit = Exit::next(loop_.label);
        let top = self.top;
        let (mut out, mut body) = (vec![], vec![]);
        let mut here = Here {
            mask: None,
            some: true,
            live: None,
            arm: None,
            leave: None,
            whole: true,
            whole_frame: true,
        };
        if self.divergence.escapes(&loop_.body) {
            here = self.entered(exit, &here, leave_by(Stmt::Break(top)), &mut out);
        }
        self.enter(exit, false, here.live);
        self.block(&loop_.body, &mut here, &mut body)?;
        self.failures.begin(self.function, &mut out);
        if contains(&body, &|stmt| matches!(stmt, Stmt::Break(label) if *label == top)) {
            out.push(Stmt::Scope { label: top, body });
        } else {
            out.append(&mut body);
        }
        self.failures.end(self.function, loop_.index, &mut out);
        self.begin_variables(&mut out);
        Ok(out)
    }

    /// Sets in front what is now read where some lanes have not set it: none of them needs what it reads.
    fn begin_variables(&mut self, out: &mut Block) {
        let reduced = |var: &Var| self.loop_.reductions.iter().any(|reduction| reduction.var == *var);
        let before = liveness::exposed(&self.loop_.body);
        let after = liveness::exposed(out);
        let set = liveness::set_in(out);
        let exposed =
            after.into_iter().filter(|var| !before.contains(var) && set.contains(var) && !reduced(var));
        let mut front = vec![];
        for var in exposed.collect::<Vec<Var>>() {
            let zero = self.function.constant(&mut front, Scalar::zero(self.function.vars[var].dtype));
            front.push(Stmt::Set(var, zero));
        }
        out.splice(0..0, front);
    }

    fn block(&mut self, block: &[Stmt], here: &mut Here, out: &mut Block) -> Converted {
        for (k, stmt) in block.iter().enumerate() {
            if !here.some && self.needs_a_lane(stmt) {
                let any = self.any(here.mask, out);
                let mut then = vec![];
                self.block(&block[k..], &mut Here { some: true, ..here.clone() }, &mut then)?;
                out.push(Stmt::If(If { condition: any, then, otherwise: vec![] }));
                return Ok(());
            }
            self.stmt(stmt, here, out)?;
            let itself =
                matches!(stmt, Stmt::Check(_) | Stmt::Fault { .. } | Stmt::Break(_) | Stmt::Continue(_));
            if !itself && self.divergence.escapes(std::slice::from_ref(stmt)) {
                self.reread(here, k + 1 == block.len(), out);
            }
        }
        Ok(())
    }

    /// Whether the statement may run only if it is wanted in some lane, or had better.
    fn needs_a_lane(&self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Let(_, Op::Load { array, indices }) => !self.is_inside(*array, indices),
            Stmt::For(_) | Stmt::While(_) => true,
            _ => false,
        }
    }

    /// The mask, after lanes may have been switched off.
    fn reread(&mut self, here: &mut Here, last: bool, out: &mut Block) {
        let live = here.live.expect("what takes lanes away has made the variable");
        let live = self.get(live, out);
        let mask = self.and(here.arm, live, out);
        (here.mask, here.some) = (Some(mask), false);
        here.whole = here.whole_frame && here.arm.is_none();
        if let Some(leave) = here.leave.clone()
            && (leave.always || !last)
        {
            self.leave_unless(mask, leave.jump, out);
            here.some = true;
        }
    }

    fn leave_unless(&mut self, mask: Value, jump: Stmt, out: &mut Block) {
        let condition = self.any(Some(mask), out);
        out.push(Stmt::If(If { condition, then: vec![], otherwise: vec![jump] }));
    }

    fn stmt(&mut self, stmt: &Stmt, here: &mut Here, out: &mut Block) -> Converted {
        match stmt {
            Stmt::Let(value, op) => {
                self.let_(*value, op, here, out);
                self.known.ranges.after(self.function, stmt);
            }
            Stmt::Set(var, value) => {
                let value = self.name(*value);
                self.set(*var, value, here, out);
            }
            Stmt::Store(store) => self.store(store, here.mask.filter(|_| !self.may_waste(store, here)), out),
            Stmt::Check(check) if self.divergence.is_recorded(stmt) => self.check(check, here, out),
            Stmt::Check(_) => {
                out.push(self.renamed(stmt));
                self.known.ranges.after(self.function, stmt);
            }
            Stmt::Fault { site, values } if self.divergence.is_recorded(stmt) => {
                self.fault(*site, values, here, out);
            }
            Stmt::If(branch) => self.if_(stmt, branch, here, out)?,
            Stmt::While(loop_) => self.while_(loop_, here, out)?,
            Stmt::For(loop_) => self.for_(loop_, here, out)?,
            Stmt::Scope { label, body } => self.scope(*label, body, here, out)?,
            Stmt::Break(label) => self.jump(stmt, Exit::behind(*label), here, out),
            Stmt::Continue(label) => self.jump(stmt, Exit::next(*label), here, out),
            Stmt::Call(call) => self.call(call, here.mask, out),
            Stmt::Fault { site, values } => {
                let never = self.function.constant(out, Scalar::bool(false));
                let check = Check { condition: Condition::True(never), site: *site, values: values.clone() };
                out.push(self.renamed(&Stmt::Check(check)));
            }
            Stmt::Poll => out.push(Stmt::Poll),
            Stmt::Nest(_)
            | Stmt::Return(_)
            | Stmt::Alloc { .. }
            | Stmt::Retain(_)
            | Stmt::Release(_)
            | Stmt::Run(_) => unreachable!("refused before"),
        }
        Ok(())
    }

    /// Where lanes outside the mask will read the variable, they keep what it holds.
    fn set(&mut self, var: Var, value: Value, here: &Here, out: &mut Block) {
        let value = match here.mask {
            Some(mask) if !here.whole && self.is_kept(var) => {
                let old = self.get(var, out);
                self.select(mask, value, old, out)
            }
            _ => value,
        };
        out.push(Stmt::Set(var, value));
    }

    fn is_kept(&self, var: Var) -> bool {
        self.keep.iter().any(|vars| vars.contains(&var))
    }

    // Branches.

    fn if_(&mut self, stmt: &Stmt, branch: &If, here: &mut Here, out: &mut Block) -> Converted {
        let condition = self.name(branch.condition);
        if !self.divergence.varies(branch.condition) {
            let mut arms = [vec![], vec![]];
            for (k, arm) in [&branch.then, &branch.otherwise].into_iter().enumerate() {
                let mark = self.known.ranges.mark();
                self.known.ranges.assume(branch.condition, k == 0);
                self.block(arm, &mut here.clone(), &mut arms[k])?;
                self.known.ranges.leave(mark);
            }
            let [then, otherwise] = arms;
            out.push(Stmt::If(If { condition, then, otherwise }));
            return Ok(());
        }
        if self.is_small(branch) {
            self.flatten(stmt, branch, here, out);
            return Ok(());
        }
        let mask = self.and(here.mask, condition, out);
        if branch.otherwise.is_empty() && self.is_scalar_work(&branch.then) {
            let then = branch.then.iter().map(|stmt| self.renamed_whole(stmt)).collect();
            self.region(mask, then, out);
            return Ok(());
        }
        self.arm(&branch.then, mask, self.liveness.otherwise(stmt).clone(), here, out)?;
        if !branch.otherwise.is_empty() {
            let not = self.not(condition, out);
            let mask = self.and(here.mask, not, out);
            self.arm(&branch.otherwise, mask, self.liveness.after(stmt).clone(), here, out)?;
        }
        Ok(())
    }

    /// Whether lanes would do the work one by one anyway: the arithmetic of rare cases.
    fn is_scalar_work(&self, arm: &Block) -> bool {
        let (ranges, function) = (&self.known.ranges, &self.function);
        let constant = |value: Value| match ranges.op(value) {
            Some(Op::Const(scalar)) => Some(*scalar),
            _ => None,
        };
        let (mut scalar, mut calls) = (0, false);
        walk(arm, &mut |stmt| match stmt {
            Stmt::Let(value, op) => scalar += !has_lanes(function, *value, op, constant) as usize,
            Stmt::Call(_) => calls = true,
            _ => {}
        });
        // Calls are regions of their own.
        scalar >= SCALAR_WORK && !calls && !self.divergence.escapes(arm)
    }

    fn arm(&mut self, arm: &Block, mask: Value, keep: Vars, here: &Here, out: &mut Block) -> Converted {
        let jumps = |stmt: &Stmt| matches!(stmt, Stmt::Break(_) | Stmt::Continue(_));
        let here = Here {
            mask: Some(mask),
            some: false,
            arm: Some(mask),
            leave: None,
            whole: false,
            whole_frame: false,
            ..here.clone()
        };
        self.keep.push(keep);
        if arm.iter().all(jumps) {
            self.block(arm, &mut here.clone(), out)?;
        } else {
            let versions = !self.versioned && self.would_gather(arm) && !self.divergence.escapes(arm);
            self.versioned |= versions;
            let mut then = vec![];
            self.block(arm, &mut Here { some: true, ..here.clone() }, &mut then)?;
            if versions {
                then = self.or_unmasked(arm, mask, then, here)?;
                self.versioned = false;
            }
            self.guard(mask, then, out);
        }
        self.keep.pop();
        Ok(())
    }

    /// Where all lanes are in the arm, it runs without a mask. That pays where the mask turns what lies side by side into elements here and
    /// there; not for large arms, and not again inside one that has two versions, so that code at most doubles.
    fn or_unmasked(&mut self, arm: &Block, mask: Value, masked: Block, here: Here) -> Result<Block, Reason> {
        let sound = self.sound.clone();
        let mut unmasked = vec![];
        self.block(arm, &mut Here { mask: None, some: true, ..here }, &mut unmasked)?;
        self.sound = sound;
        let otherwise = Renaming::default().copy(self.function, &unmasked);
        let mut out = vec![];
        let off = self.not(mask, &mut out);
        let condition = self.any(Some(off), &mut out);
        out.push(Stmt::If(If { condition, then: masked, otherwise }));
        Ok(out)
    }

    /// Whether a mask changes how the small arm loads.
    fn would_gather(&self, arm: &Block) -> bool {
        let (mut size, mut found) = (0, false);
        walk(arm, &mut |stmt| {
            size += 1;
            if let Stmt::Let(_, Op::Load { array, indices }) = stmt {
                let varies = indices.iter().any(|&index| self.divergence.varies(index));
                found |= varies && !self.is_inside(*array, indices);
            }
        });
        found && size <= VERSION_LIMIT
    }

    /// Runs what one lane needs; a lone region needs no guard.
    fn guard(&mut self, mask: Value, then: Block, out: &mut Block) {
        let region = matches!(&then[..], [Stmt::If(region)] if region.condition == mask);
        if region || then.is_empty() {
            out.extend(then);
        } else {
            let condition = self.any(Some(mask), out);
            out.push(Stmt::If(If { condition, then, otherwise: vec![] }));
        }
    }

    fn jump(&mut self, stmt: &Stmt, exit: Exit, here: &Here, out: &mut Block) {
        if !self.divergence.is_partial(stmt) {
            let ends = exit == Exit::next(self.loop_.label);
            out.push(if ends { Stmt::Break(self.top) } else { stmt.clone() });
            return;
        }
        let target = self.frames.iter().position(|frame| frame.exit == exit).expect("verified");
        self.take_away(here.mask, target, out);
    }

    /// Lanes of the mask are no longer in the frames from `target` on.
    fn take_away(&mut self, mask: Option<Value>, target: usize, out: &mut Block) {
        let stay = match mask {
            Some(mask) => self.not(mask, out),
            None => self.function.constant(out, Scalar::bool(false)),
        };
        let frames: Vec<Var> = self.frames[target..].iter().filter_map(|frame| frame.live).collect();
        for live in frames {
            let old = self.get(live, out);
            let new = self.and(Some(old), stay, out);
            out.push(Stmt::Set(live, new));
        }
    }

    /// In a frame that lanes leave on their own.
    fn entered(&mut self, exit: Exit, here: &Here, leave: Option<Leave>, out: &mut Block) -> Here {
        let live = self.function.var(Dtype::Bool, "");
        let mask = match here.mask {
            Some(mask) => mask,
            None => self.function.constant(out, Scalar::bool(true)),
        };
        out.push(Stmt::Set(live, mask));
        let whole_frame = here.whole && !self.divergence.is_left(exit);
        Here { live: Some(live), arm: None, leave, whole_frame, ..here.clone() }
    }

    fn enter(&mut self, exit: Exit, varies: bool, live: Option<Var>) {
        let resumes = varies || self.divergence.is_target(exit);
        self.keep.push(if resumes { self.liveness.at(exit).clone() } else { Vars::new() });
        self.frames.push(Frame { exit, live });
    }

    fn leave(&mut self) {
        self.keep.pop();
        self.frames.pop();
    }

    fn scope(&mut self, label: Label, block: &Block, here: &Here, out: &mut Block) -> Converted {
        let (mut inside, mut live) = (here.clone(), None);
        if self.divergence.escapes(block) {
            inside = self.entered(Exit::behind(label), here, leave_by(Stmt::Break(label)), out);
            live = inside.live;
        }
        self.enter(Exit::behind(label), false, live);
        let mut body = vec![];
        self.block(block, &mut inside, &mut body)?;
        self.leave();
        if contains(&body, &|stmt| matches!(stmt, Stmt::Break(target) if *target == label)) {
            out.push(Stmt::Scope { label, body });
        } else {
            out.append(&mut body);
        }
        Ok(())
    }
}
