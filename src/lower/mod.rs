//! `hir` → `loops`: array expressions become loop nests, arrays become addresses, calls are inlined or made.
//!
//! ```text
//! z = x * y + 1.0      →   alloc t; nest [i] { t[i] = x[i] * y[i] }
//!                          alloc z; nest [i] { z[i] = t[i] + 1.0 }; release t
//! ```
//!
//! Every array operation is a nest of its own with a temporary of its own; joining them is the business of `optimize::fuse`, so that a
//! program lowered and not fused does what NumPy does. Counts of allocations become explicit here ([`lifetime`]).

mod access;
mod accumulate;
mod array;
mod broadcast;
mod call;
mod cumulate;
mod expr;
mod frame;
mod lifetime;
mod make;
mod reduce;
mod scan;
mod stmt;
mod storage;
mod tree;
mod view;

use crate::base::{Dtype, FaultKind, FaultSite, SourceId, Span, Type};
use crate::hir;
use crate::loops::{self, AliasClass, Array, Block, Func, Function, Op, ResultType, Role, Site, Stmt, Value};
use cranelift_entity::{PrimaryMap, SecondaryMap};
use frame::Frame;
use std::collections::{HashMap, HashSet};
use view::IndexMap;

/// How the array arguments of the entry overlap; one entry per parameter, scalars included.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Aliasing {
    pub params: Vec<ParamAlias>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ParamAlias {
    /// Overlaps no array that is written (or is a scalar).
    Own,
    /// The same memory, shape and strides as that earlier parameter.
    Same(usize),
    /// May overlap the other parameters marked so in any way.
    Shared,
}

/// Lowers the entry and all functions it calls out of line.
pub fn lower(module: &hir::Module, aliasing: &Aliasing) -> loops::Module {
    let mut lowerer = Lowerer {
        hir: module,
        functions: PrimaryMap::new(),
        sites: PrimaryMap::new(),
        lowered: SecondaryMap::new(),
        queue: vec![],
        products: vec![],
    };
    let entry = lowerer.function(module.entry);
    while let Some(func) = lowerer.queue.pop() {
        let aliasing =
            if func == module.entry { aliasing.clone() } else { Aliasing::unknown(&module.functions[func]) };
        let function = Builder::new(&mut lowerer, func, &aliasing).build();
        let slot = lowerer.lowered[func].expect("queued");
        lowerer.functions[slot] = function;
    }
    loops::Module { functions: lowerer.functions, sites: lowerer.sites, entry }
}

impl Aliasing {
    /// What a function called from another one must assume.
    fn unknown(function: &hir::Function) -> Aliasing {
        Aliasing { params: vec![ParamAlias::Shared; function.params.len()] }
    }

    fn of(&self, param: usize) -> ParamAlias {
        self.params.get(param).copied().unwrap_or(ParamAlias::Own)
    }
}

/// The state of one run of `lower`.
struct Lowerer<'a> {
    hir: &'a hir::Module,
    functions: PrimaryMap<Func, Function>,
    sites: PrimaryMap<Site, FaultSite>,
    lowered: SecondaryMap<hir::Func, Option<Func>>,
    queue: Vec<hir::Func>,
    /// The products of matrices that are called, by dtype.
    products: Vec<(Dtype, Func)>,
}

impl Lowerer<'_> {
    /// The out-of-line form of a function, lowered later if it is new.
    fn function(&mut self, func: hir::Func) -> Func {
        if let Some(known) = self.lowered[func] {
            return known;
        }
        let source = &self.hir.functions[func];
        let role = Role::Kernel { recursive: source.recursive };
        let slot = self.functions.push(Function::new(source.name.clone(), role));
        self.lowered[func] = Some(slot);
        self.queue.push(func);
        slot
    }
}

/// The function being built. Statements go to the innermost open block.
struct Builder<'l, 'a> {
    lowerer: &'l mut Lowerer<'a>,
    function: Function,
    blocks: Vec<Block>,
    /// The function itself, then the calls being inlined.
    frames: Vec<Frame<'a>>,
    /// Statements that initialise variables, put in front of the function's and of each open parallel loop's body.
    prologues: Vec<Block>,
    /// Union-find over alias classes.
    classes: Vec<u32>,
    /// Expressions inlined so far.
    inlined: usize,
    /// Where the elements of views lie.
    views: HashMap<Array, IndexMap>,
    /// What defines a value, if that depends on operands only.
    operations: SecondaryMap<Value, Option<Op>>,
    /// Extents that are known to differ from 1: those of the entry's parameters, by the specialisation.
    not_one: HashSet<Value>,
}

impl<'l, 'a> Builder<'l, 'a> {
    fn new(lowerer: &'l mut Lowerer<'a>, func: hir::Func, aliasing: &Aliasing) -> Builder<'l, 'a> {
        let slot = lowerer.lowered[func].expect("queued");
        let function = lowerer.functions[slot].clone();
        let source = &lowerer.hir.functions[func];
        let mut builder = Builder {
            lowerer,
            function,
            blocks: vec![vec![]],
            frames: vec![Frame::new(source)],
            prologues: vec![vec![]],
            classes: vec![],
            inlined: 0,
            views: HashMap::new(),
            operations: SecondaryMap::new(),
            not_one: HashSet::new(),
        };
        builder.function.results = result_types(&source.result);
        if source.recursive {
            builder.site(FaultKind::RecursionTooDeep, source.span);
        }
        builder.parameters(aliasing);
        // A recursive entry gets arrays of any extent from itself.
        if func == builder.lowerer.hir.entry && !source.recursive {
            builder.know_entry_extents();
        }
        builder
    }

    fn build(mut self) -> Function {
        let source = self.frame().function;
        self.block(&source.body);
        if !self.ended() {
            self.return_none();
        }
        let mut body = std::mem::take(&mut self.prologues[0]);
        body.append(&mut self.blocks[0]);
        self.function.body = body;
        for k in 0..self.function.arrays.len() {
            let array = <loops::Array as cranelift_entity::EntityRef>::new(k);
            let class = self.function.arrays[array].class;
            self.function.arrays[array].class = self.representative(class);
        }
        self.function
    }

    fn frame(&mut self) -> &mut Frame<'a> {
        self.frames.last_mut().expect("at least the function itself")
    }

    fn emit(&mut self, mut stmt: Stmt) {
        match &mut stmt {
            Stmt::For(loop_) => loop_.span = self.shown(loop_.span),
            Stmt::Nest(nest) => nest.span = self.shown(nest.span),
            Stmt::While(loop_) => loop_.span = self.shown(loop_.span),
            _ => {}
        }
        self.blocks.last_mut().expect("an open block").push(stmt);
    }

    /// A loop of the library stands where the user's source calls for it.
    fn shown(&mut self, span: Span) -> Span {
        let called = self.frame().called;
        if span.source == SourceId::USER || called == Span::default() { span } else { called }
    }

    /// Whether nothing more can run in the innermost block.
    fn ended(&self) -> bool {
        self.blocks.last().and_then(|block| block.last()).is_some_and(loops::visit::never_passes)
    }

    /// Collects what `f` emits in a block of its own.
    fn nested(&mut self, f: impl FnOnce(&mut Self)) -> Block {
        self.blocks.push(vec![]);
        f(self);
        self.blocks.pop().expect("pushed")
    }

    /// A place that can fault, with the loop variables around it.
    fn site(&mut self, kind: FaultKind, span: Span) -> Site {
        let loops = self.frame().loop_variables.iter().map(|(name, _)| name.clone()).collect();
        self.lowerer.sites.push(FaultSite { kind, span, loops })
    }

    /// The values that a fault here reports after its own.
    fn fault_values(&mut self, own: &[loops::Value]) -> Vec<loops::Value> {
        let room = crate::base::abi::FAULT_VALUES - own.len();
        let loops = self.frame().loop_variables.iter().map(|(_, value)| *value).take(room);
        own.iter().copied().chain(loops).collect()
    }

    fn new_class(&mut self) -> AliasClass {
        self.classes.push(self.classes.len() as u32);
        self.function.class()
    }

    fn representative(&mut self, class: AliasClass) -> AliasClass {
        let mut root = class.as_u32();
        while self.classes[root as usize] != root {
            root = self.classes[root as usize];
        }
        AliasClass::from_u32(root)
    }

    /// From now on arrays of both classes may overlap.
    fn unify(&mut self, a: AliasClass, b: AliasClass) {
        let (a, b) = (self.representative(a), self.representative(b));
        self.classes[a.as_u32() as usize] = b.as_u32();
    }
}

/// The result slots of a type, tuples flattened left to right.
fn result_types(ty: &Type) -> Vec<ResultType> {
    match ty {
        Type::None | Type::Dtype(_) => vec![],
        Type::Weak(_) | Type::Scalar(_) => vec![ResultType::Scalar(ty.scalar().expect("a scalar"))],
        Type::Array(array) => vec![ResultType::Array { dtype: array.dtype, rank: array.rank }],
        Type::Tuple(items) => items.iter().flat_map(result_types).collect(),
    }
}
