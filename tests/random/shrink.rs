//! Makes a failing program smaller while it still fails: drops statements, unwraps blocks, replaces expressions by their parts or by
//! constants, halves arrays.

use crate::program::{Clause, Expr, Program, Stmt};
use crate::support::Layout;
use crate::types::{Element, INT, Type, long_name};
use crate::values::Argument;
use durum::base::Weak;
use durum::base::types::Kind;
use std::time::{Duration, Instant};

/// After this the smallest program so far is good enough.
const LONGEST: Duration = Duration::from_secs(120);

/// One edit of a program, counted in the order of the text; applies the one whose turn it is.
struct Editor {
    countdown: usize,
    expressions: bool,
}

pub fn shrink(program: &Program, fails: &mut dyn FnMut(&Program) -> bool) -> Program {
    let start = Instant::now();
    let mut best = program.clone();
    loop {
        let before = best.clone();
        for expressions in [false, true] {
            let mut k = 0;
            while start.elapsed() < LONGEST {
                let mut smaller = best.clone();
                let mut editor = Editor { countdown: k, expressions };
                if !editor.edit(&mut smaller) {
                    break;
                }
                smaller.drop_unused();
                if smaller != best && fails(&smaller) {
                    best = smaller;
                } else {
                    k += 1;
                }
            }
        }
        if best == before || start.elapsed() >= LONGEST {
            return best;
        }
    }
}

impl Editor {
    fn turn(&mut self) -> bool {
        if self.countdown == 0 {
            return true;
        }
        self.countdown -= 1;
        false
    }

    fn edit(&mut self, program: &mut Program) -> bool {
        for function in program.functions.iter_mut().rev() {
            if !self.expressions && function.fast && self.turn() {
                function.fast = false;
                return true;
            }
            if self.edit_block(&mut function.body) {
                return true;
            }
        }
        self.expressions && self.edit_arguments(program)
    }

    fn edit_block(&mut self, body: &mut Vec<Stmt>) -> bool {
        for k in (0..body.len()).rev() {
            if !self.expressions && self.edit_stmt_away(body, k) {
                return true;
            }
            match &mut body[k] {
                Stmt::Line(line) => {
                    if self.expressions && self.edit_parts(line) {
                        return true;
                    }
                }
                Stmt::Block(clauses) => {
                    if self.edit_clauses(clauses) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Without the statement, or its bodies in its place.
    fn edit_stmt_away(&mut self, body: &mut Vec<Stmt>, k: usize) -> bool {
        if self.turn() {
            body.remove(k);
            return true;
        }
        if let Stmt::Block(clauses) = &body[k]
            && self.turn()
        {
            let inner: Vec<Stmt> = clauses.iter().flat_map(|clause| clause.body.clone()).collect();
            body.splice(k..=k, inner);
            return true;
        }
        false
    }

    fn edit_clauses(&mut self, clauses: &mut Vec<Clause>) -> bool {
        if !self.expressions && clauses.len() > 1 && self.turn() {
            clauses.pop();
            return true;
        }
        clauses.iter_mut().any(|clause| {
            self.edit_block(&mut clause.body) || self.expressions && self.edit_parts(&mut clause.header)
        })
    }

    fn edit_parts(&mut self, expr: &mut Expr) -> bool {
        if expr.template.starts_with("return") && expr.parts.len() > 1 {
            for k in 0..expr.parts.len() {
                if self.turn() {
                    expr.parts.remove(k);
                    expr.template = format!("return {}", vec!["#"; expr.parts.len()].join(", ")).into();
                    return true;
                }
            }
        }
        expr.parts.iter_mut().any(|part| self.edit_expr(part))
    }

    fn edit_expr(&mut self, expr: &mut Expr) -> bool {
        for candidate in candidates(expr) {
            if self.turn() {
                *expr = candidate;
                return true;
            }
        }
        self.edit_parts(expr)
    }

    fn edit_arguments(&mut self, program: &mut Program) -> bool {
        for argument in &mut program.arguments {
            for candidate in simpler(argument) {
                if self.turn() {
                    *argument = candidate;
                    return true;
                }
            }
        }
        let mut extents: Vec<usize> =
            program.arguments.iter().flat_map(|argument| shape(argument).to_vec()).collect();
        extents.sort_unstable();
        extents.dedup();
        for extent in extents {
            for smaller in [extent / 2, extent.saturating_sub(1)] {
                if smaller < extent && self.turn() {
                    replace_extent(program, extent, smaller);
                    return true;
                }
            }
        }
        self.edit_unused_parameter(program)
    }

    fn edit_unused_parameter(&mut self, program: &mut Program) -> bool {
        for k in 0..program.arguments.len() {
            if self.turn() {
                let entry = program.functions.last_mut().expect("a function");
                entry.params.remove(k);
                program.arguments.remove(k);
                return true;
            }
        }
        false
    }
}

/// What may stand in place of an expression: a part of its type, or a constant.
fn candidates(expr: &Expr) -> Vec<Expr> {
    if expr.parts.is_empty() {
        return vec![];
    }
    let mut found = vec![];
    if let Some(constant) = constant(&expr.ty) {
        found.push(constant);
    }
    found.extend(expr.parts.iter().filter(|part| alike(&part.ty, &expr.ty)).cloned());
    found
}

fn alike(a: &Type, b: &Type) -> bool {
    matches!((a, b), (Type::Scalar(_), Type::Scalar(_)) | (Type::Array(..), Type::Array(..)))
}

fn constant(ty: &Type) -> Option<Expr> {
    let Type::Scalar(element) = ty else { return None };
    let text = match element {
        Element::Weak(Weak::Bool) => "True".to_string(),
        Element::Weak(Weak::Int) => "1".to_string(),
        Element::Weak(_) => "1.0".to_string(),
        Element::Strong(dtype) if dtype.kind() == Kind::Bool => "np.bool_(True)".to_string(),
        Element::Strong(dtype) => format!("{}(1)", long_name(*dtype)),
    };
    let expr = Expr::leaf(text, ty.clone());
    Some(if *element == INT { expr.with_bits(1) } else { expr })
}

fn simpler(argument: &Argument) -> Vec<Argument> {
    let plain = argument.plain();
    let contiguous = Argument { layout: Layout::C, ..argument.clone() };
    [contiguous, plain].into_iter().filter(|candidate| candidate != argument).collect()
}

fn shape(argument: &Argument) -> &[usize] {
    match &argument.ty {
        Type::Array(_, shape) => shape,
        Type::Scalar(_) | Type::Tuple(_) | Type::None => &[],
    }
}

fn replace_extent(program: &mut Program, from: usize, to: usize) {
    for argument in &mut program.arguments {
        if let Type::Array(_, shape) = &mut argument.ty {
            shape.iter_mut().filter(|extent| **extent == from).for_each(|extent| *extent = to);
        }
    }
}
