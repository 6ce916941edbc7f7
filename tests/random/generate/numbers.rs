//! Expressions of a number of a given type.

use super::{Access, Generator, SAFE_BITS};
use crate::program::{ANY_BITS, Expr};
use crate::types::{BOOL, Element, FLOAT, INT, REAL, Type, float_loop, long_name, result, short_name};
use durum::base::Dtype;

type Production = fn(&mut Generator, Element, usize) -> Option<Expr>;

const PRODUCTIONS: &[(u32, Production)] = &[
    (30, Generator::arithmetic),
    (8, Generator::unary),
    (12, Generator::comparison),
    (5, Generator::logical),
    (4, Generator::negation),
    (4, Generator::ternary),
    (10, Generator::cast),
    (8, Generator::element_read),
    (6, Generator::ufunc),
    (5, Generator::ufunc_of_two),
    (3, Generator::predicate),
    (3, Generator::choose),
    (6, Generator::reduction),
    (4, Generator::extent_read),
    (3, Generator::extreme),
    (3, Generator::math),
    (2, Generator::fma),
    (2, Generator::round),
    (5, Generator::call),
    (3, Generator::dot),
    (3, Generator::part_of_pair),
    (2, Generator::math_of_ints),
];

impl Generator {
    pub(super) fn number(&mut self, want: Element, depth: usize) -> Expr {
        self.spend(1);
        if depth == 0 || self.choice.chance(15) {
            return self.leaf(want);
        }
        for _ in 0..6 {
            let production = self.choice.weighted(PRODUCTIONS);
            if let Some(expr) = production(self, want, depth - 1) {
                return self.small(expr);
            }
        }
        self.leaf(want)
    }

    /// A variable or an element, converted if need be; rarely a constant, which the compiler would fold away.
    fn leaf(&mut self, want: Element) -> Expr {
        if self.choice.chance(70)
            && let Some(read) = self.number_variable(Some(want))
        {
            return read;
        }
        if self.choice.chance(35)
            && let Some(read) = self.element_read(want, 0)
        {
            return read;
        }
        if self.choice.chance(60)
            && let Some(read) = self.number_variable(None)
            && let Type::Scalar(from) = read.ty
            && let Some(cast) = self.cast_from(want, from, read)
        {
            return self.small(cast);
        }
        self.constant(want)
    }

    fn number_variable(&mut self, wanted: Option<Element>) -> Option<Expr> {
        let found = self.variable(|variable| match variable.ty {
            Type::Scalar(element) => wanted.is_none_or(|wanted| wanted == element),
            Type::Array(..) | Type::Tuple(_) | Type::None => false,
        })?;
        Some(self.read(&found))
    }

    pub(super) fn constant(&mut self, want: Element) -> Expr {
        match want {
            INT => self.int_constant(),
            FLOAT => Expr::leaf(self.float_text(), Type::Scalar(want)),
            BOOL => Expr::leaf(self.choice.word(&["True", "False"]), Type::Scalar(want)),
            Element::Weak(_) => unreachable!("real programs"),
            Element::Strong(dtype) => self.strong_constant(dtype),
        }
    }

    fn int_constant(&mut self) -> Expr {
        let value = match self.choice.below(12) {
            0 => *self.choice.pick(&[100, 127, -128, 255, 1000, 65535]),
            1 if !self.numpy => *self.choice.pick(&[1 << 31, -(1 << 40), i64::MAX, i64::MIN + 1]),
            _ => self.choice.between(-3, 9),
        };
        Expr::leaf(value.to_string(), Type::Scalar(INT)).with_bits(65 - value.unsigned_abs().leading_zeros())
    }

    fn float_text(&mut self) -> &'static str {
        let rare = ["np.inf", "-np.inf", "np.nan", "-0.0", "1e300", "-1e-310", "3e38", "4503599627370496.5"];
        let common = ["0.0", "1.0", "0.5", "2.5", "-1.5", "0.1", "-3.0", "1e-3", "np.pi", "7.0"];
        if self.choice.chance(12) { self.choice.word(&rare) } else { self.choice.word(&common) }
    }

    fn strong_constant(&mut self, dtype: Dtype) -> Expr {
        let value = match dtype.int_range() {
            Some((_, high)) if self.choice.chance(15) => high.min(i64::MAX as i128).to_string(),
            Some((low, high)) => {
                self.choice.between(if low < 0 { -9 } else { 0 }, high.min(9) as i64).to_string()
            }
            None => self.float_text().to_string(),
        };
        let name = if self.choice.chance(50) { long_name(dtype) } else { short_name(dtype) };
        Expr::leaf(format!("{name}({value})"), Type::Scalar(Element::Strong(dtype)))
    }

    /// Python ints do not wrap: for NumPy they are kept small. Constants that do not fit do not compile.
    fn small(&self, expr: Expr) -> Expr {
        let folded = expr.bits > 62 && !expr.parts.is_empty() && expr.is_constant();
        if expr.ty == Type::Scalar(INT) && (folded || self.numpy && expr.bits > 30) {
            remainder(expr, 1009, 10)
        } else {
            expr
        }
    }

    /// A Python int as it may be assigned or passed.
    pub(super) fn safe(&self, expr: Expr) -> Expr {
        if self.numpy && expr.ty == Type::Scalar(INT) && expr.bits > SAFE_BITS {
            remainder(expr, 1_000_003, SAFE_BITS)
        } else {
            expr
        }
    }

    /// A Python int that meets a dtype must fit it.
    pub(super) fn fit(&self, expr: Expr, dtype: Dtype) -> Expr {
        let small = expr.bits <= 6 && dtype.is_signed() || dtype.is_float() && !self.numpy;
        let variable = !self.numpy
            && expr.parts.is_empty()
            && !expr.template.starts_with(['-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        if expr.ty != Type::Scalar(INT) || small || variable {
            return expr;
        }
        if dtype.is_float() {
            return self.safe(expr);
        }
        Expr::new("? & 63", vec![expr], Type::Scalar(INT)).with_bits(6)
    }

    fn arithmetic(&mut self, want: Element, depth: usize) -> Option<Expr> {
        let ops = [
            (20, "+"),
            (20, "-"),
            (20, "*"),
            (8, "/"),
            (8, "//"),
            (8, "%"),
            (4, "**"),
            (6, "&"),
            (5, "|"),
            (5, "^"),
            (3, "<<"),
            (4, ">>"),
        ];
        let op = self.choice.weighted(&ops);
        let (a, b) = self.operands(op, want)?;
        let (left, right) = (self.number(a, depth), self.number(b, depth));
        self.operate(op, a, b, left, right, Type::Scalar(want))
    }

    /// Element types of two operands that give the one wanted.
    pub(super) fn operands(&mut self, op: &str, want: Element) -> Option<(Element, Element)> {
        let mut pairs = vec![];
        for a in Element::all() {
            for b in Element::all().filter(|b| result(op, a, *b) == Some(want)) {
                let weight = if a == b {
                    12
                } else if a == want || b == want {
                    3
                } else {
                    1
                };
                pairs.push((weight, (a, b)));
            }
        }
        if pairs.is_empty() { None } else { Some(self.choice.weighted(&pairs)) }
    }

    /// `left op right` with operands guarded, so that faults stay rare and, for NumPy, nothing of the published list happens.
    pub(super) fn operate(
        &mut self,
        op: &str,
        a: Element,
        b: Element,
        left: Expr,
        right: Expr,
        ty: Type,
    ) -> Option<Expr> {
        let (mut left, mut right) = (left, right);
        if let (Element::Strong(dtype), true) = (b, a == INT) {
            left = self.fit(left, dtype);
        }
        if let (Element::Strong(dtype), true) = (a, b == INT) {
            right = self.fit(right, dtype);
        }
        let array = matches!(ty, Type::Array(..));
        match op {
            "/" | "//" | "%" => {
                right = self.divisor(b, right, array);
                if self.numpy && op == "/" && a == INT && left.bits > 50 {
                    left = remainder(left, 1009, 10);
                }
            }
            "**" => {
                if b.is_float() || a.is_float() {
                    return self.float_power(a, left, b, right, ty);
                }
                right = self.exponent(b, right);
                if a == INT {
                    left = remainder(left, 10, 4);
                }
            }
            // A bool masked by an int would be an int.
            "<<" | ">>" if b == INT && (self.numpy || self.choice.chance(80)) => {
                right = Expr::new("? & 7", vec![right], right_ty(b)).with_bits(3);
            }
            "<<" | ">>" if self.numpy && b.dtype() != Dtype::Bool => {
                // Some counts reach the width; negative ones are undefined in NumPy.
                right = Expr::new("? & 15", vec![right], Type::Scalar(b)).with_bits(4);
            }
            _ => {}
        }
        let bits = int_bits(op, left.bits, right.bits);
        Some(Expr::new(format!("? {op} ?"), vec![left, right], ty).with_bits(bits))
    }

    fn divisor(&mut self, element: Element, value: Expr, array: bool) -> Expr {
        let ty = value.ty.clone();
        if element.is_float() {
            let guard = self.numpy && element == FLOAT;
            return if guard { Expr::new("abs(#) + 0.5", vec![value], ty) } else { value };
        }
        let whole = array && matches!(ty, Type::Array(..)) && element != BOOL;
        if whole || !self.numpy && self.choice.chance(10) {
            return value;
        }
        if element.dtype() == Dtype::Bool {
            let one = Expr::leaf(
                if element == BOOL { "True".to_string() } else { "np.bool_(True)".to_string() },
                ty.clone(),
            );
            return Expr::new("? | ?", vec![value, one], ty);
        }
        let bits = value.bits;
        Expr::new("? | 1", vec![value], ty).with_bits(bits.max(1))
    }

    fn exponent(&mut self, element: Element, value: Expr) -> Expr {
        let ty = value.ty.clone();
        if element.dtype() == Dtype::Bool || !self.numpy && self.choice.chance(5) {
            return value;
        }
        Expr::new("? & 7", vec![value], ty).with_bits(3)
    }

    /// Powers of floats are the library's: for NumPy only squares of arrays are the same bits.
    fn float_power(&mut self, a: Element, left: Expr, b: Element, right: Expr, ty: Type) -> Option<Expr> {
        if matches!(left.ty, Type::Array(..)) && a.is_float() && b.is_weak() {
            let power = self.choice.word(&["? ** 2", "? ** 2.0", "? ** 1", "? ** 0.5", "? ** -1"]);
            return Some(Expr::new(power, vec![left], ty));
        }
        (!self.numpy).then(|| Expr::new("? ** ?", vec![left, right], ty))
    }

    fn unary(&mut self, want: Element, depth: usize) -> Option<Expr> {
        let op = self.choice.word(&["-?", "+?", "~?", "abs(#)"]);
        let allowed = match op {
            "~?" => !want.is_float() && want != BOOL,
            "abs(#)" => want != BOOL,
            _ => want.dtype() != Dtype::Bool,
        };
        if !allowed {
            return None;
        }
        let value = self.number(want, depth);
        let bits = (value.bits + 1).min(ANY_BITS);
        Some(Expr::new(op, vec![value], Type::Scalar(want)).with_bits(bits))
    }

    /// Types of things that may be compared: alike, or with a Python number among them.
    pub(super) fn comparable(&mut self, strong: bool) -> (Element, Element) {
        let a = if strong { Element::Strong(self.dtype()) } else { *self.choice.pick(&[INT, FLOAT, BOOL]) };
        let b = match (strong, self.choice.below(3)) {
            (true, 0) => *self.choice.pick(&[INT, FLOAT]),
            (true, 1) => Element::Strong(*self.choice.pick(&REAL)),
            (false, 0) => *self.choice.pick(&[INT, FLOAT, BOOL]),
            _ => a,
        };
        if self.choice.chance(50) { (a, b) } else { (b, a) }
    }

    fn comparison(&mut self, want: Element, depth: usize) -> Option<Expr> {
        if want.dtype() != Dtype::Bool {
            return None;
        }
        let (a, b) = self.comparable(!want.is_weak());
        let (left, right) = (self.number(a, depth), self.number(b, depth));
        let (left, right) = self.comparable_values(a, left, b, right);
        let op = self.comparison_operator();
        if self.choice.chance(15) {
            let (third, second) = (self.number(a, depth), self.comparison_operator());
            let third = if let Element::Strong(dtype) = b { self.fit(third, dtype) } else { third };
            return Some(Expr::new(
                format!("? {op} ? {second} ?"),
                vec![left, right, third],
                Type::Scalar(want),
            ));
        }
        Some(Expr::new(format!("? {op} ?"), vec![left, right], Type::Scalar(want)))
    }

    pub(super) fn comparable_values(&self, a: Element, left: Expr, b: Element, right: Expr) -> (Expr, Expr) {
        let left = if let Element::Strong(dtype) = b { self.fit(left, dtype) } else { left };
        let right = if let Element::Strong(dtype) = a { self.fit(right, dtype) } else { right };
        (left, right)
    }

    pub(super) fn comparison_operator(&mut self) -> &'static str {
        self.choice.word(&["<", "<=", ">", ">=", "==", "!="])
    }

    fn logical(&mut self, want: Element, depth: usize) -> Option<Expr> {
        let op = self.choice.word(&["? and ?", "? or ?", "? and ? and ?", "? or ? and ?"]);
        let parts: Vec<Expr> = (0..op.matches('?').count()).map(|_| self.number(want, depth)).collect();
        let bits = parts.iter().map(|part| part.bits).max().unwrap_or(0);
        Some(Expr::new(op, parts, Type::Scalar(want)).with_bits(bits))
    }

    fn negation(&mut self, want: Element, depth: usize) -> Option<Expr> {
        if want != BOOL {
            return None;
        }
        let element = self.element();
        let value = self.number(element, depth);
        Some(Expr::new("not ?", vec![value], Type::Scalar(want)))
    }

    pub(super) fn condition(&mut self, depth: usize) -> Expr {
        let element = match self.choice.below(10) {
            0 => self.element(),
            1..=4 => Element::Strong(Dtype::Bool),
            _ => BOOL,
        };
        self.number(element, depth)
    }

    fn ternary(&mut self, want: Element, depth: usize) -> Option<Expr> {
        let (a, b) = if self.numpy { (want, want) } else { self.joined(want) };
        let (then, condition, otherwise) =
            (self.number(a, depth), self.condition(depth), self.number(b, depth));
        let (then, otherwise) = self.comparable_values(a, then, b, otherwise);
        let bits = then.bits.max(otherwise.bits);
        Some(Expr::new("? if ? else ?", vec![then, condition, otherwise], Type::Scalar(want)).with_bits(bits))
    }

    /// Two types whose common type is the one wanted.
    fn joined(&mut self, want: Element) -> (Element, Element) {
        if self.choice.chance(70) {
            return (want, want);
        }
        let pairs: Vec<(Element, Element)> = Element::all()
            .flat_map(|a| Element::all().map(move |b| (a, b)))
            .filter(|(a, b)| a.promote(*b) == want)
            .collect();
        *self.choice.pick(&pairs)
    }

    fn cast(&mut self, want: Element, depth: usize) -> Option<Expr> {
        let from = self.element();
        let value = self.number(from, depth);
        self.cast_from(want, from, value)
    }

    fn cast_from(&mut self, want: Element, from: Element, value: Expr) -> Option<Expr> {
        let (name, bits) = match want {
            // Python refuses int(nan); the cast of the language does not.
            INT if self.numpy && from.is_float() => ("int(i32(#))", 32),
            INT if self.numpy && from == Element::Strong(Dtype::U64) => ("int(? >> 1)", 63),
            INT if from.is_float() => ("int(#)", ANY_BITS),
            INT => ("int(#)", if from.is_weak() { value.bits } else { from.dtype().bits() }),
            FLOAT => ("float(#)", 0),
            BOOL => ("bool(#)", 1),
            Element::Weak(_) => return None,
            Element::Strong(dtype) => return Some(self.cast_to(dtype, from, value, Type::Scalar(want))),
        };
        Some(Expr::new(name, vec![value], Type::Scalar(want)).with_bits(bits))
    }

    /// `np.int8(x)` or `i8(x)`. Where NumPy's own cast is undefined or refuses, only the language's.
    pub(super) fn cast_to(&mut self, dtype: Dtype, from: Element, value: Expr, ty: Type) -> Expr {
        let careful = self.numpy && dtype.is_int() && (from.is_float() || from == INT);
        let value = if from == INT && !self.numpy { self.fit(value, dtype) } else { value };
        let name = if careful || self.choice.chance(50) { short_name(dtype) } else { long_name(dtype) };
        Expr::new(format!("{name}(#)"), vec![value], ty)
    }

    fn element_read(&mut self, want: Element, _: usize) -> Option<Expr> {
        let Element::Strong(dtype) = want else { return None };
        let array =
            self.variable(|variable| matches!(&variable.ty, Type::Array(found, _) if *found == dtype))?;
        let first = if let Access::Own(indices) = &array.access { indices.clone() } else { vec![] };
        self.element_of(&array, first)
    }

    fn extent_read(&mut self, want: Element, _: usize) -> Option<Expr> {
        let array = self.variable(|variable| matches!(variable.ty, Type::Array(..)))?;
        let Type::Array(_, shape) = &array.ty else { return None };
        if want != INT || shape.is_empty() {
            return None;
        }
        let axis = self.choice.below(shape.len());
        let text = match self.choice.below(4) {
            0 => format!("{}.size", array.name),
            1 => format!("{}.ndim", array.name),
            2 => format!("{}.shape[{}]", array.name, axis as i64 - shape.len() as i64),
            _ => format!("{}.shape[{axis}]", array.name),
        };
        Some(Expr::leaf(text, Type::Scalar(INT)).with_bits(10))
    }

    /// Types of an operand that a function computing in floats takes to the dtype wanted.
    pub(super) fn float_operand(&mut self, dtype: Dtype) -> Dtype {
        let from: Vec<Dtype> = REAL.into_iter().filter(|from| float_loop(*from) == Some(dtype)).collect();
        if self.choice.chance(60) { dtype } else { *self.choice.pick(&from) }
    }

    fn ufunc(&mut self, want: Element, depth: usize) -> Option<Expr> {
        let Element::Strong(dtype) = want else { return None };
        let (name, from) = self.ufunc_name(dtype)?;
        let weak = dtype == Dtype::F64 && from == Dtype::F64 && self.choice.chance(20);
        let value = self.number(if weak { FLOAT } else { Element::Strong(from) }, depth);
        Some(Expr::new(format!("np.{name}(#)"), vec![value], Type::Scalar(want)))
    }

    /// A function of one operand that gives `dtype`, and the dtype of its operand.
    pub(super) fn ufunc_name(&mut self, dtype: Dtype) -> Option<(&'static str, Dtype)> {
        let any = ["abs", "absolute", "square", "floor", "ceil", "trunc", "sign", "positive"];
        let exact = ["sqrt", "rint", "fabs", "spacing"];
        let library = [
            "arcsinh", "arccosh", "arctanh", "degrees", "radians", "exp", "log", "sin", "cos", "tan", "tanh",
            "arctan", "expm1", "log1p", "log2", "log10", "exp2", "cbrt", "sinh", "cosh", "arcsin", "arccos",
        ];
        if dtype.is_float() && !self.numpy && self.choice.chance(40) {
            return Some((self.choice.word(&library), self.float_operand(dtype)));
        }
        if dtype.is_float() && self.choice.chance(50) {
            return Some((self.choice.word(&exact), self.float_operand(dtype)));
        }
        if dtype == Dtype::Bool {
            return None;
        }
        if self.choice.chance(20) {
            return Some(("negative", dtype));
        }
        Some((self.choice.word(&any), dtype))
    }

    fn ufunc_of_two(&mut self, want: Element, depth: usize) -> Option<Expr> {
        let Element::Strong(dtype) = want else { return None };
        let name = self.ufunc_of_two_name(dtype)?;
        let parts = vec![self.number(want, depth), self.number(want, depth)];
        Some(Expr::new(name, parts, Type::Scalar(want)))
    }

    /// Functions of two operands of one dtype that give this dtype. Zeros of either sign are the same to minimum and maximum, so a
    /// zero is added; a NaN has no sign to copy, so copysign takes it from a constant.
    pub(super) fn ufunc_of_two_name(&mut self, dtype: Dtype) -> Option<&'static str> {
        let common = ["np.add(#, #)", "np.multiply(#, #)"];
        let float = [
            "np.fmin(#, #) + 0.0",
            "np.fmax(#, #) + 0.0",
            "np.nextafter(#, #)",
            "np.heaviside(#, #)",
            "np.minimum(#, #) + 0.0",
            "np.maximum(#, #) + 0.0",
            "np.fmod(#, #)",
            "np.divide(#, #)",
            "np.subtract(#, #)",
        ];
        let library = ["np.hypot(#, #)", "np.arctan2(#, #)", "np.power(#, #)"];
        let int = [
            "np.minimum(#, #)",
            "np.maximum(#, #)",
            "np.subtract(#, #)",
            "np.gcd(#, #)",
            "np.bitwise_or(#, #)",
        ];
        let bool =
            ["np.maximum(#, #)", "np.logical_and(#, #)", "np.logical_xor(#, #)", "np.bitwise_and(#, #)"];
        Some(match self.choice.below(3) {
            0 => self.choice.word(&common),
            1 if dtype.is_float() && !self.numpy => self.choice.word(&library),
            _ if dtype.is_float() => self.choice.word(&float),
            _ if dtype.is_int() => self.choice.word(&int),
            _ => self.choice.word(&bool),
        })
    }

    fn predicate(&mut self, want: Element, depth: usize) -> Option<Expr> {
        if want != Element::Strong(Dtype::Bool) {
            return None;
        }
        let name = self.choice.word(&["np.isnan(#)", "np.isinf(#)", "np.isfinite(#)"]);
        let dtype = *self.choice.pick(&[Dtype::F32, Dtype::F64]);
        let value = self.number(Element::Strong(dtype), depth);
        Some(Expr::new(name, vec![value], Type::Scalar(want)))
    }

    /// `select(c, a, b)`: both sides are evaluated.
    fn choose(&mut self, want: Element, depth: usize) -> Option<Expr> {
        if want.is_weak() {
            return None;
        }
        let parts = vec![self.condition(depth), self.number(want, depth), self.number(want, depth)];
        let name = if self.numpy {
            "select(#, #, #)"
        } else {
            self.choice.word(&["select(#, #, #)", "np.where(#, #, #)"])
        };
        Some(Expr::new(name, parts, Type::Scalar(want)))
    }

    fn extreme(&mut self, want: Element, depth: usize) -> Option<Expr> {
        if want.dtype() == Dtype::Bool {
            return None;
        }
        let (a, b) = if self.numpy { (want, want) } else { self.joined(want) };
        let name = self.choice.word(&["min", "max"]);
        let zero = if want.is_float() { " + 0.0" } else { "" };
        let (left, right) = (self.number(a, depth), self.number(b, depth));
        let (left, right) = self.comparable_values(a, left, b, right);
        let bits = left.bits.max(right.bits);
        Some(Expr::new(format!("{name}(#, #){zero}"), vec![left, right], Type::Scalar(want)).with_bits(bits))
    }

    fn math(&mut self, want: Element, depth: usize) -> Option<Expr> {
        let name = match want {
            FLOAT if self.numpy => self.choice.word(&["sqrt", "fabs"]),
            FLOAT => self.choice.word(&["sqrt", "fabs", "exp", "sin", "log", "cos", "atan", "tanh", "erf"]),
            INT if !self.numpy => self.choice.word(&["floor", "ceil", "trunc"]),
            BOOL => self.choice.word(&["isnan", "isinf", "isfinite"]),
            _ => return None,
        };
        let value = self.number(FLOAT, depth);
        Some(Expr::new(format!("math.{name}(#)"), vec![value], Type::Scalar(want)))
    }

    fn fma(&mut self, want: Element, depth: usize) -> Option<Expr> {
        if !matches!(want, Element::Strong(Dtype::F32 | Dtype::F64)) {
            return None;
        }
        let parts = vec![self.number(want, depth), self.number(want, depth), self.number(want, depth)];
        Some(Expr::new("fma(#, #, #)", parts, Type::Scalar(want)))
    }

    fn round(&mut self, want: Element, depth: usize) -> Option<Expr> {
        if want != INT || self.numpy {
            return None;
        }
        let value = self.number(FLOAT, depth);
        Some(Expr::new("round(#)", vec![value], Type::Scalar(want)))
    }

    /// Parts of what functions of two results give.
    fn part_of_pair(&mut self, want: Element, depth: usize) -> Option<Expr> {
        let item = self.choice.below(2);
        let (name, from) = match want {
            _ if self.choice.chance(40) => return self.part_of_division(want, item, depth),
            FLOAT if self.choice.chance(50) => ("math.frexp(#)[0]".to_string(), FLOAT),
            FLOAT => (format!("math.modf(#)[{item}]"), FLOAT),
            INT if !self.numpy => ("math.frexp(#)[1]".to_string(), FLOAT),
            Element::Strong(Dtype::F32 | Dtype::F64) if self.choice.chance(50) => {
                ("np.frexp(#)[0]".to_string(), want)
            }
            Element::Strong(Dtype::F32 | Dtype::F64) => (format!("np.modf(#)[{item}]"), want),
            _ => return None,
        };
        let value = self.number(from, depth);
        Some(Expr::new(name, vec![value], Type::Scalar(want)).with_bits(11))
    }

    fn part_of_division(&mut self, want: Element, item: usize, depth: usize) -> Option<Expr> {
        let (a, b) = self.operands("//", want)?;
        let (left, right) = (self.number(a, depth), self.number(b, depth));
        let whole = self.operate("//", a, b, left, right, Type::Scalar(want))?;
        let bits = whole.bits.max(whole.parts[1].bits);
        Some(Expr::new(format!("divmod(#, #)[{item}]"), whole.parts, Type::Scalar(want)).with_bits(bits))
    }

    fn math_of_ints(&mut self, want: Element, depth: usize) -> Option<Expr> {
        if want != INT {
            return None;
        }
        let name = self.choice.word(&["math.gcd(#, #)", "math.isqrt(abs(#))"]);
        let parts: Vec<Expr> = (0..name.matches('#').count()).map(|_| self.number(INT, depth)).collect();
        let bits = parts.iter().map(|part| part.bits).max().unwrap_or(0);
        Some(Expr::new(name, parts, Type::Scalar(INT)).with_bits(bits + 1))
    }

    fn call(&mut self, want: Element, depth: usize) -> Option<Expr> {
        self.call_for(&Type::Scalar(want), depth)
    }
}

fn right_ty(element: Element) -> Type {
    Type::Scalar(element)
}

fn remainder(expr: Expr, by: u32, bits: u32) -> Expr {
    Expr::new(format!("? % {by}"), vec![expr], Type::Scalar(INT)).with_bits(bits)
}

/// How large `a op b` of Python ints can be.
fn int_bits(op: &str, a: u32, b: u32) -> u32 {
    let bits = match op {
        "+" | "-" | "&" | "|" | "^" => a.max(b) + 1,
        "*" => a + b,
        "**" => a * 7,
        "<<" => a + 7,
        "//" | ">>" => a + 1,
        _ => b,
    };
    bits.min(ANY_BITS)
}
