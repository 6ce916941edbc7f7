//! Loops that lanes leave at different times.
//!
//! ```text
//! while { c } do { A }           set live, mask; while { m = c & get live; set live, m } any(m) do { A under m }
//! for k in lo..hi { A }          the same, with `k` in a variable, where lanes have bounds of their own
//! for k in 0..n { … break … }    for k in 0..n { …  set live, get live & not c; if not any(get live): break … }
//! ```
//!
//! Where a jump takes lanes away in the middle of a round, the loop is left there once none remains; the condition then
//! stands in the body, since what follows a jump may need another guard. Lanes that `continue` are back in the
//! next round: a round is a frame of its own.

use super::liveness::Exit;
use super::{Converted, Converter, Here, Leave, leave_by};
use crate::base::{Binary, Compare, Dtype, Scalar};
use crate::loops::lanes::Reason;
use crate::loops::{Block, For, If, Label, Op, Stmt, Value, Var, While};

/// A condition for another round.
struct Going {
    condition: Value,
    varies: bool,
}

/// A loop without bounds that are the same for all lanes.
struct Rounds<'s> {
    label: Label,
    header: Header<'s>,
    body: &'s Block,
    varies: bool,
}

enum Header<'s> {
    While(&'s While),
    /// A `for`, with the variable that counts.
    Count(&'s For, Var),
}

impl Converter<'_, '_, '_> {
    pub(super) fn while_(&mut self, loop_: &While, here: &Here, out: &mut Block) -> Converted {
        let varies = self.divergence.while_varies(loop_);
        let clears = self.divergence.escapes(&loop_.header) || self.divergence.escapes(&loop_.body);
        if varies || clears {
            let (label, header) = (loop_.label, Header::While(loop_));
            let rounds = Rounds { label, header, body: &loop_.body, varies };
            return if clears { self.open(rounds, here, out) } else { self.tight(rounds, here, out) };
        }
        let mut copy = While { header: vec![], body: vec![], ..*loop_ };
        self.enter(Exit::behind(loop_.label), false, None);
        self.block(&loop_.header, &mut here.clone(), &mut copy.header)?;
        copy.condition = self.name(loop_.condition);
        self.block(&loop_.body, &mut here.clone(), &mut copy.body)?;
        self.leave();
        out.push(Stmt::While(Box::new(copy)));
        Ok(())
    }

    pub(super) fn for_(&mut self, loop_: &For, here: &Here, out: &mut Block) -> Converted {
        let clears = self.divergence.escapes(&loop_.body);
        if self.divergence.for_varies(loop_) {
            let count = self.function.var(Dtype::I64, "");
            let lo = self.name(loop_.lo);
            out.push(Stmt::Set(count, lo));
            let (label, header) = (loop_.label, Header::Count(loop_, count));
            let rounds = Rounds { label, header, body: &loop_.body, varies: true };
            return if clears { self.open(rounds, here, out) } else { self.tight(rounds, here, out) };
        }
        let mut copy =
            For { body: vec![], lo: self.name(loop_.lo), hi: self.name(loop_.hi), ..loop_.clone() };
        copy.times = None;
        let mark = self.known.ranges.mark();
        self.known.ranges.enter_for(loop_);
        if clears {
            let mut inside = self.entered(Exit::behind(loop_.label), here, None, out);
            self.enter(Exit::behind(loop_.label), false, inside.live);
            self.start(loop_.label, &mut inside, &mut copy.body);
            self.round(loop_.label, &loop_.body, inside, &mut copy.body)?;
        } else {
            self.enter(Exit::behind(loop_.label), false, None);
            self.block(&loop_.body, &mut here.clone(), &mut copy.body)?;
        }
        self.leave();
        self.known.ranges.leave(mark);
        out.push(Stmt::For(Box::new(copy)));
        Ok(())
    }

    /// All lanes that have another round have all of it.
    fn tight(&mut self, rounds: Rounds, here: &Here, out: &mut Block) -> Converted {
        // The mask of a count from one place on says enough: it never comes back on.
        let sticky = !matches!(rounds.header, Header::Count(loop_, _) if !self.divergence.varies(loop_.lo));
        let mut inside = Here { leave: None, ..here.clone() };
        if sticky {
            inside = self.entered(Exit::behind(rounds.label), here, None, out);
        }
        (inside.whole, inside.whole_frame) = (false, false);
        self.enter(Exit::behind(rounds.label), true, inside.live.filter(|_| sticky));
        let (mut header, mut body) = (vec![], vec![]);
        if sticky {
            inside.mask = inside.live.map(|live| self.get(live, &mut header));
        }
        let going = self.header(&rounds.header, &mut inside, &mut header)?;
        let mask = self.and(inside.mask, going.condition, &mut header);
        if let Some(live) = inside.live.filter(|_| sticky) {
            header.push(Stmt::Set(live, mask));
        }
        let condition = self.any(Some(mask), &mut header);
        inside.mask = Some(mask);
        self.step(&rounds.header, &mut body);
        self.block(rounds.body, &mut inside, &mut body)?;
        self.leave();
        out.push(rounds.made(header, condition, body));
        Ok(())
    }

    /// Lanes may leave anywhere.
    fn open(&mut self, rounds: Rounds, here: &Here, out: &mut Block) -> Converted {
        let (label, mut header, mut body) = (rounds.label, vec![], vec![]);
        let mut inside = self.entered(Exit::behind(label), here, None, out);
        inside.whole_frame &= !rounds.varies;
        inside.whole = inside.whole_frame;
        self.enter(Exit::behind(label), rounds.varies, inside.live);
        let condition = if self.divergence.is_target(Exit::next(label)) {
            let live = inside.live.map(|live| self.get(live, &mut header));
            self.any(live, &mut header)
        } else {
            self.function.constant(&mut header, Scalar::bool(true))
        };
        inside.mask = inside.live.map(|live| self.get(live, &mut body));
        inside.leave = Some(Leave { jump: Stmt::Break(label), always: true });
        let going = self.header(&rounds.header, &mut inside, &mut body)?;
        self.go_on(label, going, &mut inside, &mut body);
        self.step(&rounds.header, &mut body);
        self.round(label, rounds.body, inside, &mut body)?;
        self.leave();
        out.push(rounds.made(header, condition, body));
        Ok(())
    }

    /// The mask of a round that begins.
    fn start(&mut self, label: Label, inside: &mut Here, out: &mut Block) {
        inside.mask = inside.live.map(|live| self.get(live, out));
        inside.whole = inside.whole_frame;
        inside.leave = Some(Leave { jump: Stmt::Break(label), always: true });
        if self.divergence.is_target(Exit::next(label)) {
            let mask = inside.mask.expect("just read");
            self.leave_unless(mask, Stmt::Break(label), out);
        }
    }

    /// The rest of a round; lanes that `continue` have no part in it.
    fn round(&mut self, label: Label, block: &Block, mut inside: Here, out: &mut Block) -> Converted {
        let exit = Exit::next(label);
        if !self.divergence.is_target(exit) {
            return self.block(block, &mut inside, out);
        }
        let mut inside = self.entered(exit, &inside, leave_by(Stmt::Continue(label)), out);
        self.enter(exit, false, inside.live);
        self.block(block, &mut inside, out)?;
        self.leave();
        Ok(())
    }

    fn header(&mut self, header: &Header, inside: &mut Here, out: &mut Block) -> Result<Going, Reason> {
        match header {
            Header::While(loop_) => {
                self.block(&loop_.header, inside, out)?;
                let varies = self.divergence.while_varies(loop_);
                Ok(Going { condition: self.name(loop_.condition), varies })
            }
            Header::Count(loop_, count) => {
                let get = Op::Get(*count);
                // Lanes that are done count on.
                self.known.ranges.redefine(loop_.index, &get);
                out.push(Stmt::Let(loop_.index, get));
                let hi = self.name(loop_.hi);
                let condition = self.compare(Compare::Lt, loop_.index, hi, out);
                Ok(Going { condition, varies: true })
            }
        }
    }

    fn go_on(&mut self, label: Label, going: Going, inside: &mut Here, out: &mut Block) {
        if going.varies {
            let mask = self.and(inside.mask, going.condition, out);
            out.extend(inside.live.map(|live| Stmt::Set(live, mask)));
            inside.mask = Some(mask);
            self.leave_unless(mask, Stmt::Break(label), out);
        } else if !is_true(out, going.condition) {
            let otherwise = vec![Stmt::Break(label)];
            out.push(Stmt::If(If { condition: going.condition, then: vec![], otherwise }));
        }
    }

    fn step(&mut self, header: &Header, out: &mut Block) {
        if let Header::Count(loop_, count) = header {
            let one = self.function.constant(out, Scalar::i64(1));
            let next = self.function.define(out, Dtype::I64, Op::Binary(Binary::Add, loop_.index, one));
            out.push(Stmt::Set(*count, next));
        }
    }
}

impl Rounds<'_> {
    fn made(&self, header: Block, condition: Value, body: Block) -> Stmt {
        let span = match self.header {
            Header::While(loop_) => loop_.span,
            Header::Count(loop_, _) => loop_.span,
        };
        Stmt::While(Box::new(While { label: self.label, header, condition, body, span }))
    }
}

fn is_true(block: &Block, value: Value) -> bool {
    block.iter().any(
        |stmt| matches!(stmt, Stmt::Let(defined, Op::Const(scalar)) if *defined == value && scalar.truth()),
    )
}
