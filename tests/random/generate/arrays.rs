//! Expressions of an array of a given dtype and shape.

use super::{Access, Generator};
use crate::program::Expr;
use crate::types::{BOOL, Element, INT, REAL, Type, long_name, shape_text, short_name};
use durum::base::Dtype;

type Production = fn(&mut Generator, Dtype, &[usize], usize) -> Option<Expr>;

const PRODUCTIONS: &[(u32, Production)] = &[
    (30, Generator::array_arithmetic),
    (8, Generator::array_unary),
    (10, Generator::array_comparison),
    (8, Generator::array_cast),
    (10, Generator::array_ufunc),
    (8, Generator::array_ufunc_of_two),
    (3, Generator::array_predicate),
    (8, Generator::array_where),
    (4, Generator::array_copy),
    (2, Generator::array_fma),
    (10, Generator::array_view),
    (8, Generator::axis_reduction),
    (6, Generator::array_call),
];

/// How an operand is broadcast to the shape of the result.
enum Operand {
    Full,
    Scalar,
    /// The last axes only, some of them of extent 1.
    Part(Vec<usize>),
}

impl Generator {
    /// The shape of some array in reach, or a new one.
    pub(super) fn shape_in_scope(&mut self) -> Vec<usize> {
        match self.variable(|variable| matches!(variable.ty, Type::Array(..))) {
            Some(variable) if self.choice.chance(85) => match variable.ty {
                Type::Array(_, shape) => shape,
                _ => unreachable!("asked for"),
            },
            _ => self.shape(3),
        }
    }

    pub(super) fn array(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Expr {
        self.spend(shape.iter().product());
        if depth == 0 || self.choice.chance(15) || !self.affords(2 * shape.iter().product::<usize>()) {
            return self.array_leaf(dtype, shape);
        }
        for _ in 0..6 {
            let production = self.choice.weighted(PRODUCTIONS);
            if let Some(expr) = production(self, dtype, shape, depth - 1) {
                return expr;
            }
        }
        self.array_leaf(dtype, shape)
    }

    fn array_leaf(&mut self, dtype: Dtype, shape: &[usize]) -> Expr {
        if let Some(read) = self.array_variable(dtype, shape) {
            return read;
        }
        if self.choice.chance(40)
            && let Some(view) = self.array_view(dtype, shape, 0)
        {
            return view;
        }
        if self.choice.chance(60)
            && let Some(cast) = self.array_cast(dtype, shape, 0)
        {
            return cast;
        }
        self.allocation(dtype, shape)
    }

    fn array_variable(&mut self, dtype: Dtype, shape: &[usize]) -> Option<Expr> {
        let ty = Type::Array(dtype, shape.to_vec());
        let found =
            self.variable(|variable| variable.ty == ty && !matches!(variable.access, Access::Own(_)))?;
        Some(self.read(&found))
    }

    pub(super) fn allocation(&mut self, dtype: Dtype, shape: &[usize]) -> Expr {
        let ty = Type::Array(dtype, shape.to_vec());
        let numpy = self.numpy;
        let like = self.variable(|variable| {
            matches!(&variable.ty, Type::Array(_, found) if found == shape) && (variable.c_order || !numpy)
        });
        if let Some(model) = like.filter(|_| self.choice.chance(40)) {
            return self.allocation_like(dtype, &model.name, ty);
        }
        let shape = self.shape_expr(shape);
        let name = long_name(dtype);
        match self.choice.below(4) {
            0 if dtype == Dtype::F64 => Expr::new("np.zeros(#)", vec![shape], ty),
            0 => Expr::new(format!("np.zeros(#, {name})"), vec![shape], ty),
            1 => Expr::new(format!("np.ones(#, dtype={name})"), vec![shape], ty),
            // Of a bool that is neither, nothing is promised.
            2 if !self.numpy || dtype != Dtype::Bool => {
                Expr::new(format!("np.empty(#, {})", short_name(dtype)), vec![shape], ty)
            }
            _ => {
                let fill = self.number(Element::Strong(dtype), 1);
                Expr::new("np.full(#, #)", vec![shape, fill], ty)
            }
        }
    }

    fn allocation_like(&mut self, dtype: Dtype, model: &str, ty: Type) -> Expr {
        let name = long_name(dtype);
        match self.choice.below(3) {
            0 => Expr::leaf(format!("np.zeros_like({model}, dtype={name})"), ty),
            1 => Expr::leaf(format!("np.ones_like({model}, {name})"), ty),
            _ => {
                let fill = self.number(Element::Strong(dtype), 1);
                Expr::new(format!("np.full_like({model}, #, dtype={name})"), vec![fill], ty)
            }
        }
    }

    /// A shape as a program writes it: of an array in reach, or numbers.
    fn shape_expr(&mut self, shape: &[usize]) -> Expr {
        let model = self.variable(|variable| matches!(&variable.ty, Type::Array(_, found) if found == shape));
        let text = match (model, shape) {
            (Some(model), [_]) if self.choice.chance(60) => format!("len({})", model.name),
            (Some(model), _) if self.choice.chance(60) => format!("{}.shape", model.name),
            _ => shape_text(shape),
        };
        Expr::leaf(text, Type::None)
    }

    /// Which operand of two has the full shape, and what the other has.
    fn broadcast(&mut self, shape: &[usize]) -> (Operand, Operand) {
        let other = match self.choice.below(10) {
            0..=2 => Operand::Scalar,
            3 | 4 if !shape.is_empty() => Operand::Part(self.part(shape)),
            _ => Operand::Full,
        };
        if self.choice.chance(50) { (Operand::Full, other) } else { (other, Operand::Full) }
    }

    fn part(&mut self, shape: &[usize]) -> Vec<usize> {
        let skip = self.choice.below(shape.len());
        shape[skip..].iter().map(|extent| if self.choice.chance(30) { 1 } else { *extent }).collect()
    }

    fn operand(&mut self, element: Element, operand: Operand, shape: &[usize], depth: usize) -> Expr {
        match (operand, element) {
            (Operand::Full, Element::Strong(dtype)) => self.array(dtype, shape, depth),
            (Operand::Part(part), Element::Strong(dtype)) if self.may_stretch(&part, shape) => {
                self.array(dtype, &part, depth.min(1))
            }
            (Operand::Part(part), Element::Strong(dtype)) => {
                self.stretched(dtype, &part, shape, depth).unwrap_or_else(|| self.array(dtype, shape, depth))
            }
            (_, element) => self.number(element, depth.min(2)),
        }
    }

    /// Whether no axis of extent 1 meets a larger one: those must be known to the types.
    fn may_stretch(&self, part: &[usize], shape: &[usize]) -> bool {
        let skip = shape.len() - part.len();
        part.iter().zip(&shape[skip..]).all(|(a, b)| a == b)
    }

    fn stretched(&mut self, dtype: Dtype, part: &[usize], shape: &[usize], depth: usize) -> Option<Expr> {
        match self.choice.below(3) {
            0 => self.kept_axes(dtype, part, shape, depth.min(1)),
            1 => self.with_new_axis(dtype, part),
            _ => self.stretched_variable(dtype, part),
        }
    }

    fn stretched_variable(&mut self, dtype: Dtype, part: &[usize]) -> Option<Expr> {
        let ty = Type::Array(dtype, part.to_vec());
        let found = self.variable(|variable| {
            variable.ty == ty && variable.unit_known && !matches!(variable.access, Access::Own(_))
        })?;
        Some(self.read(&found))
    }

    /// The elements of two operands: a full one is an array and so strong.
    fn strong_operands(
        &mut self,
        op: &str,
        dtype: Dtype,
        left: &Operand,
        right: &Operand,
    ) -> Option<(Element, Element)> {
        let array = |operand: &Operand| !matches!(operand, Operand::Scalar);
        (0..6).find_map(|_| {
            let (a, b) = self.operands(op, Element::Strong(dtype))?;
            let weak_array = array(left) && a.is_weak() || array(right) && b.is_weak();
            (!weak_array).then_some((a, b))
        })
    }

    fn array_arithmetic(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let ops = [
            (20, "+"),
            (20, "-"),
            (20, "*"),
            (8, "/"),
            (6, "//"),
            (6, "%"),
            (4, "**"),
            (5, "&"),
            (5, "|"),
            (5, "^"),
            (3, "<<"),
            (3, ">>"),
        ];
        let op = self.choice.weighted(&ops);
        let (left, right) = self.broadcast(shape);
        let (a, b) = self.strong_operands(op, dtype, &left, &right)?;
        let (left, right) = (self.operand(a, left, shape, depth), self.operand(b, right, shape, depth));
        self.operate(op, a, b, left, right, Type::Array(dtype, shape.to_vec()))
    }

    fn array_unary(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let op = self.choice.word(&["-?", "+?", "~?", "abs(#)"]);
        let allowed = match op {
            "~?" => !dtype.is_float(),
            "abs(#)" => true,
            _ => dtype != Dtype::Bool,
        };
        if !allowed {
            return None;
        }
        let value = self.array(dtype, shape, depth);
        Some(Expr::new(op, vec![value], Type::Array(dtype, shape.to_vec())))
    }

    fn array_comparison(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        if dtype != Dtype::Bool {
            return None;
        }
        let (left, right) = self.broadcast(shape);
        let (a, b) = self.comparable(true);
        let array = |operand: &Operand| !matches!(operand, Operand::Scalar);
        if array(&left) && a.is_weak() || array(&right) && b.is_weak() {
            return None;
        }
        let (left, right) = (self.operand(a, left, shape, depth), self.operand(b, right, shape, depth));
        let (left, right) = self.comparable_values(a, left, b, right);
        let op = self.comparison_operator();
        Some(Expr::new(format!("? {op} ?"), vec![left, right], Type::Array(dtype, shape.to_vec())))
    }

    fn array_cast(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let from = if depth == 0 {
            let found = self.variable(|variable| {
                matches!(&variable.ty, Type::Array(_, found) if found == shape)
                    && !matches!(variable.access, Access::Own(_))
            })?;
            let Type::Array(from, _) = found.ty else { return None };
            from
        } else {
            *self.choice.pick(&REAL)
        };
        let (value, ty) = (self.array(from, shape, depth), Type::Array(dtype, shape.to_vec()));
        let careful = self.numpy && dtype.is_int() && from.is_float();
        if !careful && self.choice.chance(50) {
            return Some(Expr::new(format!("?.astype({})", long_name(dtype)), vec![value], ty));
        }
        if dtype == Dtype::Bool {
            return Some(Expr::new("?.astype(np.bool_)", vec![value], ty));
        }
        // To the dtype it has, NumPy's cast is the array itself.
        let shares = dtype == from;
        Some(Expr { shares, ..self.cast_to(dtype, Element::Strong(from), value, ty) })
    }

    fn array_ufunc(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let (name, from) = self.ufunc_name(dtype)?;
        let value = self.array(from, shape, depth);
        Some(Expr::new(format!("np.{name}(#)"), vec![value], Type::Array(dtype, shape.to_vec())))
    }

    fn array_ufunc_of_two(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let name = self.ufunc_of_two_name(dtype)?;
        let (left, right) = self.broadcast(shape);
        let element = Element::Strong(dtype);
        let parts =
            vec![self.operand(element, left, shape, depth), self.operand(element, right, shape, depth)];
        Some(Expr::new(name, parts, Type::Array(dtype, shape.to_vec())))
    }

    fn array_predicate(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        if dtype != Dtype::Bool {
            return None;
        }
        let name = self.choice.word(&["np.isnan(#)", "np.isinf(#)", "np.isfinite(#)"]);
        let from = *self.choice.pick(&[Dtype::F32, Dtype::F64]);
        let value = self.array(from, shape, depth);
        Some(Expr::new(name, vec![value], Type::Array(dtype, shape.to_vec())))
    }

    fn array_where(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let (left, right) = self.broadcast(shape);
        let element = Element::Strong(dtype);
        let condition = self.array(Dtype::Bool, shape, depth);
        let parts = vec![
            condition,
            self.operand(element, left, shape, depth),
            self.operand(element, right, shape, depth),
        ];
        Some(Expr::new("np.where(#, #, #)", parts, Type::Array(dtype, shape.to_vec())))
    }

    fn array_copy(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        let value = self.array(dtype, shape, depth);
        let text = self.choice.word(&["np.copy(#)", "?.copy()"]);
        Some(Expr::new(text, vec![value], Type::Array(dtype, shape.to_vec())))
    }

    fn array_fma(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        if !dtype.is_float() || self.numpy {
            return None;
        }
        let parts = vec![
            self.array(dtype, shape, depth),
            self.number(Element::Strong(dtype), depth.min(1)),
            self.array(dtype, shape, depth),
        ];
        Some(Expr::new("fma(#, #, #)", parts, Type::Array(dtype, shape.to_vec())))
    }

    fn array_call(&mut self, dtype: Dtype, shape: &[usize], depth: usize) -> Option<Expr> {
        self.call_for(&Type::Array(dtype, shape.to_vec()), depth)
    }

    /// What may be added, multiplied, … into an array in place: the result is not of a higher kind.
    pub(super) fn in_place_operand(&mut self, op: &str, dtype: Dtype) -> Option<Element> {
        let own = Element::Strong(dtype);
        let fits = |b: &Element| {
            crate::types::result(op, own, *b).is_some_and(|joined| joined.dtype().kind() <= dtype.kind())
        };
        let found: Vec<Element> = Element::all().filter(|b| *b != BOOL && *b != INT).filter(fits).collect();
        if fits(&INT) && self.choice.chance(30) {
            return Some(INT);
        }
        if fits(&own) && self.choice.chance(60) {
            return Some(own);
        }
        if found.is_empty() { None } else { Some(*self.choice.pick(&found)) }
    }
}
