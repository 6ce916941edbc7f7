//! What the body of a parallel loop does with each name, from the syntax alone: updates of one kind, or anything else.
//!
//! An update is `s += v` (also `-=`, `*=`, `&=`, `|=`, `^=`), or the same written out: `s = s + v`, `s = v + s + w`, `s = min(s, v)`,
//! `s = np.maximum(v, s)`. In place of `s` may stand a subscript of an array, `h[k]`.

use super::Body;
use super::names;
use crate::ast::{Arg, BinaryOp, Expr, ExprKind, Stmt, StmtKind};
use crate::base::{ReduceOp, Span};
use std::collections::HashMap;

/// All that a body does with one name.
#[derive(Default)]
pub(super) struct Uses<'a> {
    pub updates: Vec<Update<'a>>,
    /// The first mention outside an update; sizes and the like of an array do not count.
    pub other: Option<Span>,
    /// It is bound by something that is no update.
    pub rebound: bool,
}

/// One update `target ∘= values`.
pub(super) struct Update<'a> {
    pub op: ReduceOp,
    pub target: &'a Expr,
    pub span: Span,
    /// Written `name = …`: of an array it makes a new one.
    pub binds: bool,
    /// In a loop inside the body.
    pub repeated: bool,
}

pub(super) type AllUses<'a> = HashMap<&'a str, Uses<'a>>;

impl Update<'_> {
    /// The subscripts; None for the name itself.
    pub fn items(&self) -> Option<&[Expr]> {
        match &self.target.kind {
            ExprKind::Index { items, .. } => Some(items),
            _ => None,
        }
    }
}

impl<'a> Body<'_, 'a> {
    pub(super) fn uses(&self, body: &'a [Stmt]) -> AllUses<'a> {
        let mut uses = HashMap::new();
        self.collect(body, false, &mut uses);
        uses
    }

    fn collect(&self, body: &'a [Stmt], repeated: bool, uses: &mut AllUses<'a>) {
        for stmt in body {
            if let Some((name, op, target, values)) = self.update_of(stmt) {
                let binds =
                    matches!((&stmt.kind, &target.kind), (StmtKind::Assign { .. }, ExprKind::Name(_)));
                let update = Update { op, target, span: stmt.span, binds, repeated };
                uses.entry(name).or_default().updates.push(update);
                values.into_iter().for_each(|value| mention(value, uses));
            } else {
                names::expressions(stmt).into_iter().for_each(|expr| mention(expr, uses));
                rebindings(stmt, uses);
            }
            let repeated = repeated || matches!(stmt.kind, StmtKind::For { .. } | StmtKind::While { .. });
            for inner in stmt.blocks() {
                self.collect(inner, repeated, uses);
            }
        }
    }

    /// The statement as an update: the name, the operator, the target, and what else it reads.
    fn update_of(&self, stmt: &'a Stmt) -> Option<(&'a str, ReduceOp, &'a Expr, Vec<&'a Expr>)> {
        let mut values = vec![];
        let (target, op) = match &stmt.kind {
            StmtKind::Augmented { target, op, value, .. } => {
                values.push(value);
                (target, augmented(*op)?)
            }
            StmtKind::Assign { targets, value } => {
                let [target] = targets.as_slice() else { return None };
                (target, self.expanded(target, value, &mut values)?)
            }
            _ => return None,
        };
        match &target.kind {
            ExprKind::Name(name) => Some((name, op, target, values)),
            ExprKind::Index { value, items } => {
                let ExprKind::Name(name) = &value.kind else { return None };
                values.extend(items);
                Some((name, op, target, values))
            }
            _ => None,
        }
    }

    /// `target + v`, `v + target`, `target + v - w`, `min(target, v)`, …: the operator, and the operands other than the target.
    fn expanded(&self, target: &Expr, value: &'a Expr, values: &mut Vec<&'a Expr>) -> Option<ReduceOp> {
        match &value.kind {
            ExprKind::Binary { op, left, right } => {
                let reduce = augmented(*op)?;
                if self.is_running(target, left, reduce, values) {
                    values.push(right);
                } else if *op != BinaryOp::Sub && self.is_running(target, right, reduce, values) {
                    values.push(left);
                } else {
                    return None;
                }
                Some(reduce)
            }
            ExprKind::Call { function, args } => self.running_extreme(target, function, args, values),
            _ => None,
        }
    }

    /// Whether an operand is the target itself, or the target already updated by the same operator.
    fn is_running(&self, target: &Expr, operand: &'a Expr, op: ReduceOp, values: &mut Vec<&'a Expr>) -> bool {
        let mut inner = vec![];
        let running = is_same(target, operand) || self.expanded(target, operand, &mut inner) == Some(op);
        if running {
            values.append(&mut inner);
        }
        running
    }

    fn running_extreme(
        &self,
        target: &Expr,
        function: &'a Expr,
        args: &'a [Arg],
        values: &mut Vec<&'a Expr>,
    ) -> Option<ReduceOp> {
        let op = self.extreme_function(function)?;
        let plain = args.iter().all(|arg| arg.keyword.is_none() && !arg.starred);
        let (mut running, mut others) = (0, vec![]);
        for arg in args {
            if self.is_running(target, &arg.value, op, values) {
                running += 1;
            } else {
                others.push(&arg.value);
            }
        }
        values.append(&mut others);
        (plain && running == 1 && args.len() > 1).then_some(op)
    }

    fn extreme_function(&self, function: &Expr) -> Option<ReduceOp> {
        match &function.kind {
            ExprKind::Name(name) if !self.is_shadowed(name) => match name.as_str() {
                "min" => Some(ReduceOp::Min),
                "max" => Some(ReduceOp::Max),
                _ => None,
            },
            ExprKind::Attribute { value, name } if self.module_path(value)? == "numpy" => {
                match name.text.as_str() {
                    "minimum" => Some(ReduceOp::Minimum),
                    "maximum" => Some(ReduceOp::Maximum),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether the program gives a name of Python's another meaning.
    fn is_shadowed(&self, name: &str) -> bool {
        self.names.contains_key(name) || self.module.function(name).is_some()
    }
}

/// The reduction of an operator: `-=` adds negated values.
fn augmented(op: BinaryOp) -> Option<ReduceOp> {
    match op {
        BinaryOp::Add | BinaryOp::Sub => Some(ReduceOp::Add),
        BinaryOp::Mul => Some(ReduceOp::Mul),
        BinaryOp::And => Some(ReduceOp::And),
        BinaryOp::Or => Some(ReduceOp::Or),
        BinaryOp::Xor => Some(ReduceOp::Xor),
        BinaryOp::Div
        | BinaryOp::FloorDiv
        | BinaryOp::Mod
        | BinaryOp::Pow
        | BinaryOp::MatMul
        | BinaryOp::Shl
        | BinaryOp::Shr => None,
    }
}

/// Whether two expressions are written alike, and mean the same: a call might not.
fn is_same(target: &Expr, other: &Expr) -> bool {
    match (&target.kind, &other.kind) {
        (ExprKind::Name(a), ExprKind::Name(b)) => a == b,
        (ExprKind::Index { .. }, ExprKind::Index { .. }) => {
            !has_call(target) && target.to_string() == other.to_string()
        }
        // `h[:] = h + v`
        (ExprKind::Index { value, items }, ExprKind::Name(_)) => {
            items.iter().all(is_everything) && is_same(value, other)
        }
        _ => false,
    }
}

fn has_call(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Call { .. }) || names::children(expr).into_iter().any(has_call)
}

/// `:` or `...`
pub(super) fn is_everything(item: &Expr) -> bool {
    matches!(item.kind, ExprKind::Slice { start: None, stop: None, step: None } | ExprKind::Ellipsis)
}

fn mention<'a>(expr: &'a Expr, uses: &mut AllUses<'a>) {
    match &expr.kind {
        ExprKind::Name(name) => {
            uses.entry(name).or_default().other.get_or_insert(expr.span);
        }
        ExprKind::Attribute { value, name } if is_name(value) && is_size(&name.text) => {}
        ExprKind::Call { function, args } if matches!(&function.kind, ExprKind::Name(name) if name == "len") =>
        {
            args.iter().filter(|arg| !is_name(&arg.value)).for_each(|arg| mention(&arg.value, uses));
        }
        _ => names::children(expr).into_iter().for_each(|child| mention(child, uses)),
    }
}

fn is_name(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Name(_))
}

/// What an array has whatever its elements are.
pub(super) fn is_size(attribute: &str) -> bool {
    matches!(attribute, "shape" | "size" | "ndim" | "dtype")
}

/// Names that a statement binds anew.
fn rebindings<'a>(stmt: &'a Stmt, uses: &mut AllUses<'a>) {
    let mut mark = |expr: &'a Expr| {
        names::mentioned(expr, &mut |name, _| uses.entry(name).or_default().rebound = true);
    };
    match &stmt.kind {
        StmtKind::Assign { targets, .. } => {
            targets.iter().filter(|target| !matches!(target.kind, ExprKind::Index { .. })).for_each(mark)
        }
        StmtKind::For { target, .. } | StmtKind::Annotated { target, .. } => mark(target),
        _ => {}
    }
}
