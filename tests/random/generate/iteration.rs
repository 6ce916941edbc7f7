//! Loops over arrays, and those that Python builds on them: `enumerate`, `zip`, `reversed`, `np.ndindex`.

use super::loops::Kind;
use super::{Access, Generator, Variable};
use crate::program::{Clause, Expr, Stmt};
use crate::types::{Element, Type};

impl Generator {
    /// `for v in x`, with its relatives.
    pub(super) fn for_each(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let array = self.iterable()?;
        let Type::Array(_, shape) = &array.ty else { return None };
        let trip = *shape.first()?;
        let (item, index) = (self.fresh_name(), self.fresh_name().replace('v', "j"));
        let counter = self.loop_variable(&index, 0, (trip as i64 - 1).max(0));
        let read = self.read(&array);
        let (header, variables, trip) = match self.choice.below(5) {
            0 | 1 => {
                let header = Expr::new(format!("for {item} in #"), vec![read], Type::None);
                (header, vec![self.item_of(&array, item)], trip)
            }
            2 => {
                let header =
                    Expr::new(format!("for {index}, {item} in enumerate(#)"), vec![read], Type::None);
                (header, vec![counter, self.item_of(&array, item)], trip)
            }
            3 => {
                let header = Expr::leaf(format!("for {index} in reversed(range({trip}))"), Type::None);
                (header, vec![counter], trip)
            }
            _ => self.zipped(&array, item, &index)?,
        };
        if !self.may_loop(trip) {
            return None;
        }
        let suite = self.loop_body(Kind::Serial, trip, variables);
        body.push(Stmt::Block(vec![Clause::new(header, suite)]));
        Some(())
    }

    fn iterable(&mut self) -> Option<Variable> {
        self.variable(|variable| match &variable.ty {
            Type::Array(_, shape) => !shape.is_empty() && !matches!(variable.access, Access::Own(_)),
            Type::Scalar(_) | Type::Tuple(_) | Type::None => false,
        })
    }

    /// An element, or a row as a view.
    fn item_of(&self, array: &Variable, name: String) -> Variable {
        let Type::Array(dtype, shape) = &array.ty else { unreachable!("an array") };
        let (ty, access) = match &shape[1..] {
            [] => (Type::Scalar(Element::Strong(*dtype)), Access::Read),
            row => (Type::Array(*dtype, row.to_vec()), array.access.clone()),
        };
        Variable { name, ty, access, ..array.clone() }
    }

    fn zipped(
        &mut self,
        first: &Variable,
        item: String,
        other: &str,
    ) -> Option<(Expr, Vec<Variable>, usize)> {
        let second = self.iterable()?;
        let (Type::Array(_, a), Type::Array(_, b)) = (&first.ty, &second.ty) else { return None };
        let parts = vec![self.read(first), self.read(&second)];
        let header = Expr::new(format!("for {item}, {other} in zip(#, #)"), parts, Type::None);
        let items = vec![self.item_of(first, item), self.item_of(&second, other.to_string())];
        Some((header, items, a[0].min(b[0])))
    }

    /// `for i, j in np.ndindex(x.shape)`.
    pub(super) fn for_indices(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let array =
            self.variable(|variable| matches!(&variable.ty, Type::Array(_, shape) if shape.len() == 2))?;
        let Type::Array(_, shape) = &array.ty else { return None };
        let trip = shape[0] * shape[1];
        if !self.may_loop(trip) {
            return None;
        }
        let names = [self.fresh_name().replace('v', "j"), self.fresh_name().replace('v', "j")];
        let text = match self.choice.below(2) {
            0 => format!("for {}, {} in np.ndindex({}.shape)", names[0], names[1], array.name),
            _ => format!("for {}, {} in np.ndindex({}, {})", names[0], names[1], shape[0], shape[1]),
        };
        let variables = names
            .iter()
            .zip(shape)
            .map(|(name, extent)| self.loop_variable(name, 0, (*extent as i64 - 1).max(0)))
            .collect();
        let suite = self.loop_body(Kind::Serial, trip, variables);
        body.push(Stmt::Block(vec![Clause::new(Expr::leaf(text, Type::None), suite)]));
        Some(())
    }
}
