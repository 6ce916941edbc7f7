//! The straight line from a parsed file to a compiled kernel: the only module that calls stages.

use crate::ast;
use crate::base::{Diagnostic, FastMath, FaultSite, SourceId, Type};
use crate::classify::classify;
use crate::emit::{Code, Listing, emit, has_fma, listing};
use crate::explain::{self, Conditions, Explanation, Used, Versions};
use crate::hir;
use crate::infer::{Inferred, Library, Program, infer, infer_expression};
use crate::loops;
use crate::lower::{Aliasing, lower};
use crate::optimize::{self, Event, Remark, optimize};
use crate::parse::parse;
use crate::relax::relax;
use crate::stdlib;
use std::sync::OnceLock;

/// What to compile, and how.
pub struct Request<'a> {
    pub module: &'a ast::Module,
    pub name: &'a str,
    pub arguments: &'a [Type],
    pub aliasing: &'a Aliasing,
    pub options: &'a Options,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Options {
    pub optimize: optimize::Options,
    /// Arrays whose writes in pranges the user vouches for.
    pub disjoint: Vec<String>,
    /// Of functions that do not say `fastmath=…` themselves.
    pub fast: FastMath,
}

/// A kernel that runs, and what the compiler said on the way.
pub struct Compiled {
    pub code: Code,
    pub sites: Vec<FaultSite>,
    /// The types that the entry's parameters have.
    pub params: Vec<Type>,
    pub result: Type,
    /// Which parameters the kernel writes.
    pub writes: Vec<bool>,
    pub warnings: Vec<Diagnostic>,
    pub remarks: Vec<Remark>,
}

/// A typed program that the interpreter runs.
pub struct Typed {
    pub module: hir::Module,
    pub writes: Vec<bool>,
    pub warnings: Vec<Diagnostic>,
}

pub enum Failure {
    /// The program is wrong.
    Program(Vec<Diagnostic>),
    /// The compiler is.
    Bug(String),
}

/// Compiles a function at given argument types.
pub fn compile(request: &Request) -> Result<Compiled, Failure> {
    with_stack(|| {
        let Front { inferred, mut module, mut warnings, mut remarks } = front(request)?;
        let writes = written_params(&module);
        remarks.extend(optimize(&mut module, &request.options.optimize, &mut |_, _| {}));
        let code = emit(&module).map_err(|bug| Failure::Bug(bug.0))?;
        let entry = &inferred.module.functions[inferred.module.entry];
        warnings.extend(inferred.remarks);
        Ok(Compiled {
            code,
            sites: module.sites.values().cloned().collect(),
            params: entry.params.iter().map(|param| entry.locals[*param].ty.clone()).collect(),
            result: entry.result.clone(),
            writes,
            warnings,
            remarks,
        })
    })
}

/// Everything up to the last stage that may reject a program: what the interpreter needs.
pub fn typed(request: &Request) -> Result<Typed, Failure> {
    with_stack(|| {
        let Front { inferred, module, mut warnings, .. } = front(request)?;
        warnings.extend(inferred.remarks);
        Ok(Typed { writes: written_params(&module), module: inferred.module, warnings })
    })
}

/// Types an expression of the command line.
pub fn typed_expression(
    module: &ast::Module,
    expr: &ast::Expr,
    params: &[(String, Type)],
) -> Result<hir::Module, Failure> {
    with_stack(|| {
        let program = Program { module, library: &Std, disjoint: &[], fast: FastMath::NONE };
        infer_expression(program, expr, params).map(|inferred| inferred.module).map_err(Failure::Program)
    })
}

/// What becomes of the loops of a kernel, in words; `text` is its source.
pub fn explain(request: &Request, text: &str, conditions: Conditions) -> Result<Explanation, Failure> {
    with_stack(|| {
        let Front { inferred, mut module, mut warnings, mut remarks } = front(request)?;
        warnings.extend(inferred.remarks);
        let (lowered, written) = (explain::places(&module), explain::written(text, request.module));
        let (mut versions, mut found) = (Versions::default(), None);
        let passes = optimize(&mut module, &request.options.optimize, &mut |pass, module| {
            versions.observe(pass, module);
            // Before loops become functions.
            if pass == "dead" {
                found = Some(explain::survey(module, &versions, &written));
            }
        });
        remarks.extend(passes);
        let retry = |tree: &ast::Module| match front(&Request { module: tree, ..*request }) {
            Ok(front) => Ok(front.warnings),
            Err(Failure::Program(errors)) => Err(errors),
            Err(Failure::Bug(_)) => Err(vec![]),
        };
        Ok(explain::explain(&explain::Facts {
            text,
            tree: request.module,
            used: used(&inferred.module, &module),
            lowered,
            found: found.unwrap_or_default(),
            remarks: &remarks,
            warnings: &warnings,
            conditions,
            retry: &retry,
        }))
    })
}

/// The functions of the file that a kernel uses.
fn used(typed: &hir::Module, module: &loops::Module) -> Vec<Used> {
    let own = typed.functions.iter().filter(|(_, function)| !function.std);
    let used = own.map(|(func, function)| Used {
        name: function.name.clone(),
        is_entry: func == typed.entry,
        is_recursive: function.recursive,
        is_called: module.functions.values().any(|compiled| compiled.name == function.name),
    });
    used.collect()
}

/// The text of one stage: `ast`, `hir`, `relax`, `loops`, a pass, `clif` or `asm`. None if there is no stage of that name.
pub fn dump(request: &Request, stage: &str) -> Result<Option<String>, Failure> {
    with_stack(|| {
        if stage == "ast" {
            return Ok(Some(request.module.to_string()));
        }
        let program = program_of(request);
        let mut inferred = infer(program, request.name, request.arguments).map_err(Failure::Program)?;
        let typed = inferred.module.to_string();
        if stage == "hir" {
            return Ok(Some(typed));
        }
        relax(&mut inferred.module, has_fma());
        if stage == "relax" {
            return Ok(Some(changed(&typed, inferred.module.to_string())));
        }
        let mut module = judged(&inferred, request)?.0;
        if stage == "loops" {
            return Ok(Some(module.to_string()));
        }
        let mut text = None;
        let mut before = module.to_string();
        optimize(&mut module, &request.options.optimize, &mut |pass, module| {
            let after = module.to_string();
            if pass == stage {
                text = Some(changed(&before, after.clone()));
            }
            before = after;
        });
        let machine = match stage {
            "clif" => Some(Listing::Clif),
            "asm" => Some(Listing::Asm),
            _ => None,
        };
        match machine {
            Some(kind) => listing(&module, kind).map(Some).map_err(|bug| Failure::Bug(bug.0)),
            None => Ok(text),
        }
    })
}

fn changed(before: &str, after: String) -> String {
    if after == before { format!("(unchanged)\n{after}") } else { after }
}

/// The stages that `dump` knows, in order.
pub fn stages() -> Vec<&'static str> {
    let passes = optimize::PASSES.iter().map(|pass| pass.name);
    ["ast", "hir", "relax", "loops"].into_iter().chain(passes).chain(["clif", "asm"]).collect()
}

fn program_of<'a>(request: &Request<'a>) -> Program<'a> {
    let Options { disjoint, fast, .. } = request.options;
    Program { module: request.module, library: &Std, disjoint, fast: *fast }
}

/// A program that nothing rejects any more.
struct Front {
    inferred: Inferred,
    module: loops::Module,
    warnings: Vec<Diagnostic>,
    remarks: Vec<Remark>,
}

fn front(request: &Request) -> Result<Front, Failure> {
    let program = program_of(request);
    let mut inferred = infer(program, request.name, request.arguments).map_err(Failure::Program)?;
    if cfg!(debug_assertions) {
        hir::verify::verify(&inferred.module)
            .map_err(|bug| Failure::Bug(format!("after infer: {bug}\n{}", inferred.module)))?;
    }
    let notes = relax(&mut inferred.module, has_fma());
    let remarks = notes.into_iter().map(|note| Remark {
        pass: "relax",
        span: note.span,
        event: Event::Done(note.message),
    });
    let (module, warnings) = judged(&inferred, request)?;
    Ok(Front { inferred, module, warnings, remarks: remarks.collect() })
}

/// Lowered and classified.
fn judged(inferred: &Inferred, request: &Request) -> Result<(loops::Module, Vec<Diagnostic>), Failure> {
    let mut module = lower(&inferred.module, request.aliasing);
    if cfg!(debug_assertions) {
        loops::verify::verify(&module)
            .map_err(|bug| Failure::Bug(format!("after lower: {bug}\n{module}")))?;
    }
    let warnings = classify(&mut module, &request.options.disjoint).map_err(Failure::Program)?;
    Ok((module, warnings))
}

/// Which parameters of the entry some store may reach.
fn written_params(module: &loops::Module) -> Vec<bool> {
    let effects = loops::effects::Effects::of(module);
    let params = 0..module.functions[module.entry].params.len();
    params.map(|param| effects.writes(module.entry, param)).collect()
}

/// Compiles on a stack that is deep enough for the deepest program that `parse` lets through.
fn with_stack<T>(f: impl FnOnce() -> T) -> T {
    const NEEDED: usize = 24 << 20;
    stacker::maybe_grow(NEEDED, NEEDED + (8 << 20), f)
}

/// The embedded mathematics, each file parsed when first asked for.
struct Std;

static PARSED: [OnceLock<ast::Module>; stdlib::FILES.len()] =
    [const { OnceLock::new() }; stdlib::FILES.len()];

impl Library for Std {
    fn module_of(&self, name: &str) -> Option<&ast::Module> {
        let file = stdlib::file_of(name)?;
        Some(PARSED[file].get_or_init(|| {
            let parsed = parse(SourceId(file as u16 + 1), stdlib::FILES[file].1);
            assert!(parsed.errors.is_empty(), "{}: {:?}", stdlib::FILES[file].0, parsed.errors);
            parsed.module
        }))
    }
}
