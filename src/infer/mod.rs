//! `ast` + argument types → `hir`: names, types, overloads; all type errors.
//!
//! One source function becomes one [`hir::Function`] per list of argument types ([`specialise`]). Inside a function, statements are
//! typed in order over the flow of bindings ([`flow`]); an error poisons what depends on it and typing goes on, so that one run
//! reports several errors.

mod accumulate;
mod annotation;
mod axes;
mod builtins;
mod call;
mod compare;
mod composed;
mod creation;
mod dtype;
mod expr;
mod flow;
mod index;
mod indexed;
mod iterate;
mod joined;
mod linear;
mod literal;
mod loops;
mod mathematics;
mod moved;
mod names;
mod numpy;
mod owned;
mod promote;
mod python_math;
mod raise;
mod reduce;
mod reduction;
mod reshape;
mod rounding;
mod scope;
mod specialise;
mod stmt;
mod tuple;
mod ufunc;
mod unroll;
mod updates;
mod view;

pub use annotation::{ParamSpec, annotation, signature};
pub use names::bound_names;

use crate::ast;
use crate::base::{Diagnostic, FastMath, Span, Type};
use crate::hir;
use cranelift_entity::PrimaryMap;
use flow::{Name, State};
use std::collections::{HashMap, HashSet};

/// Where functions of the embedded mathematics come from; parsed on demand.
pub trait Library {
    /// The file that defines `name`, if there is one.
    fn module_of(&self, name: &str) -> Option<&ast::Module>;
}

/// What `infer` works on.
#[derive(Clone, Copy)]
pub struct Program<'a> {
    pub module: &'a ast::Module,
    pub library: &'a dyn Library,
    /// Arrays whose updates in parallel loops the user vouches for.
    pub disjoint: &'a [String],
    /// What functions of the module may do that do not say it themselves.
    pub fast: FastMath,
}

/// What `infer` gives.
#[derive(Debug)]
pub struct Inferred {
    pub module: hir::Module,
    /// Warnings and remarks, in source order.
    pub remarks: Vec<Diagnostic>,
}

/// Types the function `name` of the program's module at these argument types, and all that it calls.
///
/// Errors are in source order and without duplicates. A missing function is the caller's to diagnose: it is an error here too.
pub fn infer(program: Program, name: &str, arguments: &[Type]) -> Result<Inferred, Vec<Diagnostic>> {
    let mut inference = Inference::new(program);
    let entry = inference.entry(name, arguments);
    inference.finish(entry)
}

/// Types an expression of the command line as the body of a function with these parameters.
pub fn infer_expression<'a>(
    program: Program<'a>,
    expr: &'a ast::Expr,
    params: &[(String, Type)],
) -> Result<Inferred, Vec<Diagnostic>> {
    let mut inference = Inference::new(program);
    let entry = inference.expression(expr, params);
    inference.finish(entry)
}

/// Why an expression has no type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Abort {
    /// The error has been reported.
    Reported,
    /// It needs the result of a recursive function before any of its paths has given one.
    Unknown,
    /// It reads a local that no path binds: reported, and nothing gets past it. Where a later round of an enclosing loop finds it
    /// bound by an earlier iteration, the report is taken back.
    Unbound,
}

type Typed<T = hir::Expr> = Result<T, Abort>;

/// Which text a function comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Origin {
    User,
    Std,
}

/// The state of one run of `infer`.
struct Inference<'a> {
    program: Program<'a>,
    functions: PrimaryMap<hir::Func, Option<hir::Function>>,
    specialisations: HashMap<specialise::Key, specialise::Specialisation>,
    /// Specialisations being typed, outermost first.
    stack: Vec<specialise::Key>,
    diagnostics: Vec<Diagnostic>,
    /// Constants being evaluated, to refuse cycles.
    constants: Vec<String>,
}

/// The function being typed.
struct Body<'i, 'a> {
    inference: &'i mut Inference<'a>,
    origin: Origin,
    module: &'a ast::Module,
    function: hir::Function,
    /// Every name that the function binds, as Python scopes it.
    names: HashMap<String, Name>,
    /// Their texts, by number.
    texts: Vec<String>,
    locals: HashMap<(Name, Type), hir::Local>,
    state: State,
    loops: Vec<loops::LoopContext<'a>>,
    /// What earlier visits found at the head of a loop, by the place of the loop and the copies it is in.
    heads: HashMap<(Span, Vec<u32>), State>,
    /// The copies of unrolled loops around, outermost first.
    copies: Vec<u32>,
    /// How many copies of the body at hand those loops make.
    unrolled: usize,
    /// The next label of a scope.
    labels: u32,
    /// Types forced by `locals={...}`.
    forced: HashMap<Name, Type>,
    /// Integer literals beyond i64, by expression.
    wide: HashMap<hir::Expr, i128>,
    returned: Option<(Type, Span)>,
    /// What an explicit signature says that is.
    declared_result: Option<annotation::ResultSpec>,
    /// Whether `prange` means a parallel loop here.
    parallel: bool,
    /// A statement was left out because of an error.
    aborted: bool,
    /// A path was cut off because a recursive result is not known yet.
    incomplete: bool,
}

impl<'a> Inference<'a> {
    fn new(program: Program<'a>) -> Inference<'a> {
        Inference {
            program,
            functions: PrimaryMap::new(),
            specialisations: HashMap::new(),
            stack: vec![],
            diagnostics: vec![],
            constants: vec![],
        }
    }

    fn report<T>(&mut self, diagnostic: Diagnostic) -> Typed<T> {
        self.diagnostics.push(diagnostic);
        Err(Abort::Reported)
    }

    fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == crate::base::Severity::Error)
    }

    /// Takes back what was reported since; whoever failed is typed again, so that it reports again.
    fn forget_errors(&mut self, mark: usize) {
        self.diagnostics.truncate(mark);
        self.specialisations.retain(|_, known| !known.is_failed());
    }

    /// Sorts what was reported, and keeps only the functions that the entry reaches.
    fn finish(mut self, entry: Typed<hir::Func>) -> Result<Inferred, Vec<Diagnostic>> {
        let mut seen = HashSet::new();
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        diagnostics.retain(|diagnostic| seen.insert((diagnostic.span, diagnostic.message.clone())));
        let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == crate::base::Severity::Error);
        match entry {
            Ok(entry) if !failed => Ok(Inferred { module: self.reachable(entry), remarks: diagnostics }),
            _ => Err(diagnostics),
        }
    }
}
