//! Jumps out of scopes: `break` over an `else`, out of a nest, and out of what is unrolled.
//!
//! What a jump must join is known only when all ways to its target are: until then it stands in the program under a label of its
//! own, with the bindings it leaves with; [`Body::close_scope`] then gives it the joins and the label of the scope.

use super::Body;
use super::flow::State;
use crate::base::Span;
use crate::hir::{self, Label, Stmt, StmtKind as Hir};
use cranelift_entity::EntityRef;

/// Jumps with the bindings they leave with.
pub(super) type Jumps = Vec<(Label, State)>;

impl Body<'_, '_> {
    fn label(&mut self) -> Label {
        self.labels += 1;
        Label::new(self.labels as usize - 1)
    }

    /// Leaves for a place that is not known yet.
    pub(super) fn jump(&mut self, state: State, span: Span, block: &mut hir::Block) -> (Label, State) {
        let label = self.label();
        block.push(Stmt { kind: Hir::Leave(label), span });
        (label, state)
    }

    /// Puts `inner`, at whose end the state is that at hand, into a scope that `jumps` leave; goes on where they all meet.
    pub(super) fn close_scope(&mut self, mut inner: hir::Block, jumps: Jumps, block: &mut hir::Block) {
        if jumps.is_empty() {
            block.extend(inner);
            return;
        }
        let end = std::mem::replace(&mut self.state, State::unreachable());
        let mut met = end.clone();
        for (_, state) in &jumps {
            met = self.meet(&met, state);
        }
        self.join_into(&end, &met, &mut inner);
        let label = self.label();
        let body = self.settle(inner, &jumps, &met, label);
        let span = body.first().map_or_else(Span::default, |stmt| stmt.span);
        block.push(Stmt { kind: Hir::Scope { label, body }, span });
        self.state = met;
    }

    fn settle(&mut self, block: hir::Block, jumps: &Jumps, to: &State, label: Label) -> hir::Block {
        let mut settled = vec![];
        for Stmt { kind, span } in block {
            let kind = match kind {
                Hir::Leave(own) => match jumps.iter().find(|(jump, _)| *jump == own) {
                    Some((_, state)) => {
                        self.join_into(state, to, &mut settled);
                        Hir::Leave(label)
                    }
                    None => Hir::Leave(own),
                },
                Hir::If { condition, then, otherwise } => Hir::If {
                    condition,
                    then: self.settle(then, jumps, to, label),
                    otherwise: self.settle(otherwise, jumps, to, label),
                },
                Hir::While { condition, body } => {
                    Hir::While { condition, body: self.settle(body, jumps, to, label) }
                }
                Hir::For(loop_) => {
                    let body = self.settle(loop_.body, jumps, to, label);
                    Hir::For(hir::For { body, ..loop_ })
                }
                Hir::Scope { label: inner, body } => {
                    Hir::Scope { label: inner, body: self.settle(body, jumps, to, label) }
                }
                other @ (Hir::Assign { .. }
                | Hir::Store { .. }
                | Hir::Update { .. }
                | Hir::Join { .. }
                | Hir::Eval(_)
                | Hir::Break
                | Hir::Continue
                | Hir::Return(_)
                | Hir::Assert { .. }
                | Hir::Raise { .. }) => other,
            };
            settled.push(Stmt { kind, span });
        }
        settled
    }
}
