//! Statements other than loops.

use super::{Access, Generator, Variable};
use crate::program::{ANY_BITS, Clause, Expr, Stmt};
use crate::types::{BOOL, Element, INT, Type};
use durum::base::Dtype;

type Production = fn(&mut Generator, &mut Vec<Stmt>) -> Option<()>;

const PRODUCTIONS: &[(u32, Production)] = &[
    (14, Generator::new_number),
    (12, Generator::new_array),
    (10, Generator::assign),
    (10, Generator::augment),
    (10, Generator::store),
    (6, Generator::augment_element),
    (6, Generator::update_whole),
    (8, Generator::augment_array),
    (3, Generator::rebind_array),
    (3, Generator::alias),
    (6, Generator::new_view),
    (12, Generator::store_view),
    (4, Generator::compute_into),
    (4, Generator::unpack),
    (5, Generator::unpack_call),
    (3, Generator::early_return),
    (10, Generator::branch),
    (12, Generator::for_range),
    (5, Generator::while_fuel),
    (7, Generator::for_each),
    (2, Generator::for_indices),
    (10, Generator::for_prange),
    (5, Generator::leave_loop),
    (1, Generator::assertion),
    (1, Generator::raise),
];

fn line(template: impl Into<std::borrow::Cow<'static, str>>, parts: Vec<Expr>) -> Stmt {
    Stmt::Line(Expr::new(template, parts, Type::None))
}

impl Generator {
    pub(super) fn block(&mut self, length: usize, body: &mut Vec<Stmt>) {
        for _ in 0..length {
            for _ in 0..8 {
                let production = self.choice.weighted(PRODUCTIONS);
                if production(self, body).is_some() {
                    break;
                }
            }
            if let Some(Stmt::Line(last)) = body.last()
                && matches!(&*last.template, "break" | "continue")
            {
                return;
            }
        }
    }

    pub(super) fn declare(&mut self, name: String, value: &Expr, memory: u64) {
        let ty = value.ty.clone();
        let bits =
            if ty == Type::Scalar(INT) && self.numpy { value.bits.max(super::SAFE_BITS) } else { ANY_BITS };
        // Another name for an array of which only reading is allowed.
        let shared = self.bases(value).iter().any(|variable| variable.access != Access::Full);
        let access = if shared { Access::Read } else { Access::Full };
        let c_order = value.c_order;
        self.scope.push(Variable { name, ty, access, range: None, bits, memory, c_order, head: None });
    }

    fn new_number(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let element = self.element();
        let value = self.number(element, 3);
        let (value, name) = (self.safe(value), self.fresh_name());
        self.declare(name.clone(), &value, 0);
        body.push(line(format!("{name} = #"), vec![value]));
        Some(())
    }

    fn new_array(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let (dtype, shape) = (self.dtype(), self.shape_in_scope());
        if !self.affords(4 * shape.iter().product::<usize>()) {
            return None;
        }
        let value = self.array(dtype, &shape, 3);
        let memory = self.memory_of(&value);
        let name = self.fresh_name();
        self.declare(name.clone(), &value, memory);
        body.push(line(format!("{name} = #"), vec![value]));
        Some(())
    }

    /// The memory of the value of an expression: a variable's own, or fresh.
    fn memory_of(&mut self, value: &Expr) -> u64 {
        match self.bases(value).iter().fold(0, |memory, variable| memory | variable.memory) {
            0 => self.fresh_memory(),
            memory => memory,
        }
    }

    /// What an assignment may give a variable: in a loop, nothing that would change its type at the head.
    fn assignable_type(&mut self, variable: &Variable) -> Element {
        let Type::Scalar(current) = variable.ty else { unreachable!("a number") };
        let keep = self.numpy || self.choice.chance(60);
        let head = variable.head;
        match head {
            Some(head) if self.numpy => head,
            Some(head) => {
                let found: Vec<Element> =
                    Element::all().filter(|other| head.promote(*other) == head).collect();
                if self.choice.chance(60) { head } else { *self.choice.pick(&found) }
            }
            None if keep => current,
            None => self.element(),
        }
    }

    fn assignable(&mut self) -> Option<Variable> {
        self.variable(|variable| matches!(variable.ty, Type::Scalar(_)) && variable.access == Access::Full)
    }

    fn assign(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let variable = self.assignable()?;
        let element = self.assignable_type(&variable);
        let value = self.number(element, 3);
        let value = self.safe(value);
        body.push(line(format!("{} = #", variable.name), vec![value]));
        self.retype(&variable.name, element);
        Some(())
    }

    fn retype(&mut self, name: &str, element: Element) {
        let numpy = self.numpy;
        let variable = self.scope.iter_mut().find(|variable| variable.name == name).expect("in scope");
        variable.ty = Type::Scalar(element);
        variable.range = None;
        variable.bits = if numpy { super::SAFE_BITS } else { ANY_BITS };
    }

    fn augment(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let variable = self.assignable()?;
        let Type::Scalar(current) = variable.ty else { return None };
        let wanted = self.assignable_type(&variable);
        let op = self.choice.word(&["+", "-", "*", "+", "//", "%", "&", "|", "^", "/", ">>"]);
        let found: Vec<Element> =
            Element::all().filter(|b| crate::types::result(op, current, *b) == Some(wanted)).collect();
        if found.is_empty() {
            return None;
        }
        let element = *self.choice.pick(&found);
        let (left, value) = (self.read(&variable), self.number(element, 2));
        // A Python int that is the left operand cannot be guarded here.
        if self.numpy && current == INT && element != INT {
            return None;
        }
        let whole = self.operate(op, current, element, left.clone(), value, Type::Scalar(wanted))?;
        // The guards of `operate` stand on the right operand; a changed left one needs a plain assignment.
        let kept = whole.parts.len() == 2 && whole.parts[0] == left;
        let fits = !self.numpy || wanted != INT || whole.bits <= super::SAFE_BITS;
        let [.., right] = whole.parts.as_slice() else { return None };
        let stmt = if kept && fits {
            line(format!("{} {op}= #", variable.name), vec![right.clone()])
        } else {
            let whole = self.safe(whole);
            line(format!("{} = #", variable.name), vec![whole])
        };
        body.push(stmt);
        self.retype(&variable.name, wanted);
        Some(())
    }

    /// An array whose elements may be written here, and the indices that are fixed.
    pub(super) fn writable(&mut self) -> Option<(Variable, Vec<Expr>)> {
        let array = self
            .variable(|variable| matches!(variable.ty, Type::Array(..)) && variable.access != Access::Read)?;
        self.writes = true;
        let first = if let Access::Own(indices) = &array.access { indices.clone() } else { vec![] };
        Some((array, first))
    }

    fn store(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let (array, first) = self.writable()?;
        let Type::Array(dtype, _) = array.ty else { return None };
        let target = self.element_of(&array, first)?;
        let value = self.stored_value(dtype);
        body.push(line("# = #", vec![target, value]));
        Some(())
    }

    /// A store converts. For NumPy only what fits: it refuses the rest, or leaves it undefined.
    pub(super) fn stored_value(&mut self, dtype: Dtype) -> Expr {
        let own = Element::Strong(dtype);
        let chosen = if self.choice.chance(60) { own } else { self.element() };
        let fits = !self.numpy || !dtype.is_int() || chosen != INT && chosen.promote(own) == own;
        let value = self.number(if fits { chosen } else { own }, 3);
        if chosen == INT { self.fit(value, dtype) } else { value }
    }

    fn augment_element(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let (array, first) = self.writable()?;
        let Type::Array(dtype, _) = array.ty else { return None };
        let op = self.choice.word(&["+", "-", "*", "&", "|", "^", "/", "//", "%"]);
        let own = Element::Strong(dtype);
        let element = self.in_place_operand(op, dtype)?;
        let target = self.element_of(&array, first)?;
        let value = self.number(element, 2);
        let joined = crate::types::result(op, own, element)?;
        if self.numpy && dtype.is_int() && joined != own {
            return None;
        }
        let whole = self.operate(op, own, element, target.clone(), value, Type::Scalar(joined))?;
        let [left, right] = whole.parts.as_slice() else { return None };
        if *left != target {
            return None;
        }
        body.push(line(format!("# {op}= #"), vec![target, right.clone()]));
        Some(())
    }

    fn whole_array(&mut self) -> Option<Variable> {
        let array = self
            .variable(|variable| matches!(variable.ty, Type::Array(..)) && variable.access == Access::Full)?;
        self.writes = true;
        Some(array)
    }

    fn update_whole(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let array = self.whole_array()?;
        let Type::Array(dtype, shape) = &array.ty else { return None };
        if !self.affords(4 * shape.iter().product::<usize>()) {
            return None;
        }
        let value =
            if self.choice.chance(25) { self.stored_value(*dtype) } else { self.array(*dtype, shape, 3) };
        let subscript = if shape.is_empty() || self.choice.chance(50) { "..." } else { ":" };
        body.push(line(format!("{}[{subscript}] = #", array.name), vec![value]));
        Some(())
    }

    fn augment_array(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let array = self.whole_array()?;
        let Type::Array(dtype, shape) = &array.ty else { return None };
        if !self.affords(4 * shape.iter().product::<usize>()) {
            return None;
        }
        let op = self.choice.word(&["+", "-", "*", "&", "|", "^", "/", "//", "%"]);
        let element = self.in_place_operand(op, *dtype)?;
        let value = match element {
            Element::Strong(from) if self.choice.chance(70) => self.array(from, shape, 2),
            element => self.number(element, 2),
        };
        let own = Element::Strong(*dtype);
        let target = self.read(&array);
        let whole = self.operate(op, own, element, target.clone(), value, array.ty.clone())?;
        let [left, right] = whole.parts.as_slice() else { return None };
        if *left != target {
            return None;
        }
        let target = if self.choice.chance(70) { array.name.clone() } else { format!("{}[...]", array.name) };
        body.push(line(format!("{target} {op}= #"), vec![right.clone()]));
        Some(())
    }

    /// A name gets another array of its type.
    fn rebind_array(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let array = self.whole_array()?;
        let Type::Array(dtype, shape) = &array.ty else { return None };
        if !self.affords(4 * shape.iter().product::<usize>()) || self.in_prange() {
            return None;
        }
        let mut value = self.array(*dtype, shape, 2);
        // In a loop the statements before would meet it too.
        if !self.loops.is_empty() && !self.bases(&value).is_empty() {
            value = Expr::new("np.copy(#)", vec![value], array.ty.clone());
        }
        let memory = self.memory_of(&value) | array.memory;
        let variable = self.scope.iter_mut().find(|variable| variable.name == array.name).expect("in scope");
        variable.memory = memory;
        variable.c_order &= value.c_order;
        body.push(line(format!("{} = #", array.name), vec![value]));
        Some(())
    }

    fn alias(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let array = self
            .variable(|variable| matches!(variable.ty, Type::Array(..)) && variable.access == Access::Full)?;
        let (value, name) = (self.read(&array), self.fresh_name());
        self.declare(name.clone(), &value, array.memory);
        body.push(line(format!("{name} = #"), vec![value]));
        Some(())
    }

    /// `a, b = …`: new names, or an exchange.
    fn unpack(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        if self.choice.chance(50)
            && let (Some(a), Some(b)) = (self.assignable(), self.assignable())
            && a.ty == b.ty
            && a.head == b.head
        {
            let parts = vec![self.read(&b), self.read(&a)];
            body.push(line(format!("{}, {} = #, #", a.name, b.name), parts));
            for name in [&a.name, &b.name] {
                let Type::Scalar(element) = a.ty else { return None };
                self.retype(name, element);
            }
            return Some(());
        }
        let (a, b) = (self.element(), self.element());
        let (left, right) = (self.number(a, 2), self.number(b, 2));
        let (left, right) = (self.safe(left), self.safe(right));
        let (first, second) = (self.fresh_name(), self.fresh_name());
        self.declare(first.clone(), &left, 0);
        self.declare(second.clone(), &right, 0);
        body.push(line(format!("{first}, {second} = #, #"), vec![left, right]));
        Some(())
    }

    /// The body of a branch; its new names are forgotten, or rarely kept as perhaps unbound.
    pub(super) fn suite(&mut self, length: usize) -> Vec<Stmt> {
        let mut body = vec![];
        self.block(length, &mut body);
        body
    }

    fn branch(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        if self.loops.len() > 3 {
            return None;
        }
        let before = self.scope.clone();
        let mut clauses = vec![];
        let mut after: Option<Vec<Variable>> = None;
        let otherwise = self.choice.chance(50);
        let count = 1 + usize::from(self.choice.chance(20));
        for k in 0..count {
            let condition = self.condition(3);
            self.scope = before.clone();
            let length = self.choice.between(1, 3) as usize;
            let suite = self.suite(length);
            clauses.push(Clause::new(
                Expr::new(if k == 0 { "if #" } else { "elif #" }, vec![condition], Type::None),
                suite,
            ));
            after = Some(self.meet(after, before.len()));
            self.scope = before.clone();
        }
        if otherwise {
            let length = self.choice.between(1, 2) as usize;
            let suite = self.suite(length);
            clauses.push(Clause::new(Expr::leaf("else", Type::None), suite));
        }
        let kept = self.scope.get(before.len()..).map(<[Variable]>::to_vec).unwrap_or_default();
        self.scope = self.meet(after, before.len());
        // A name that one path leaves unbound: read or not, all must agree.
        if otherwise && !self.in_prange() && self.choice.chance(3) {
            self.scope.extend(kept.into_iter().take(1));
        }
        body.push(Stmt::Block(clauses));
        Some(())
    }

    /// What holds of the variables whichever path was taken.
    fn meet(&self, other: Option<Vec<Variable>>, len: usize) -> Vec<Variable> {
        let mut here = self.scope[..len].to_vec();
        for (a, b) in here.iter_mut().zip(other.iter().flatten()) {
            if let (Type::Scalar(x), Type::Scalar(y)) = (&a.ty, &b.ty) {
                a.ty = Type::Scalar(x.promote(*y));
            }
            a.range = a.range.filter(|_| a.range == b.range);
            a.bits = a.bits.max(b.bits);
            a.memory |= b.memory;
            a.c_order &= b.c_order;
        }
        here
    }

    fn leave_loop(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let word = match self.loops.last()? {
            super::loops::Kind::Serial => self.choice.word(&["break", "continue"]),
            super::loops::Kind::Parallel => "continue",
        };
        if self.choice.chance(10) {
            body.push(line(word, vec![]));
            return Some(());
        }
        let condition = self.condition(2);
        let header = Expr::new("if #", vec![condition], Type::None);
        body.push(Stmt::Block(vec![Clause::new(header, vec![line(word, vec![])])]));
        Some(())
    }

    fn assertion(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let condition = self.number(BOOL, 2);
        let guard = Expr::leaf("True", Type::Scalar(BOOL));
        // Most assertions hold.
        let condition = if self.choice.chance(80) {
            Expr::new("? or ?", vec![guard, condition], Type::Scalar(BOOL))
        } else {
            condition
        };
        let message = if self.choice.chance(50) { "assert #, \"an assertion\"" } else { "assert #" };
        body.push(line(message, vec![condition]));
        Some(())
    }

    fn raise(&mut self, body: &mut Vec<Stmt>) -> Option<()> {
        let condition = self.condition(2);
        let header = Expr::new("if #", vec![condition], Type::None);
        let text = self.choice.word(&["raise ValueError(\"a message\")", "raise IndexError"]);
        let more = self.number(Element::Strong(Dtype::Bool), 1);
        let header = Expr::new("if # and ?", vec![header.parts[0].clone(), more], Type::None);
        body.push(Stmt::Block(vec![Clause::new(header, vec![line(text, vec![])])]));
        Some(())
    }
}
