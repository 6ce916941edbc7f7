//! What holds of every typed program. A program that breaks it is a bug of the stage that made it.
//!
//! *Shape.* Ids are in range; expressions contain no cycle; the locals of params are distinct; a function whose result is
//! not None does not run off its end; everything scalar is real (no complex yet).
//!
//! *Operators.* Operands have one dtype, which [`crate::base::op`] accepts, and the result its dtype; the result is scalar if all
//! operands are, otherwise an array in C layout of the highest rank, whose known unit axes are unit in every operand. `Fma` is of
//! floats; the condition of `Select` is bool; `Convert` goes where `Join` goes, or
//! to another dtype elementwise.
//!
//! *Places.* The type of a local's read, assignment and `Let` is the local's, exactly; `CheckedLocal` reads a local marked
//! `checked`. Indices are weak ints, as many as axes. A stored value has the array's dtype; the value of `Update` has no more axes than
//! its target. `Join` goes between scalars, or arrays that lose knowledge, or tuples of such.
//!
//! *Views.* A view has an item for each axis of its array, the type that follows from them, and no more axes than arrays may have; the axes of a
//! permutation are all those of its array.
//!
//! *Calls.* Argument types are the parameters', exactly; the type of a call is the callee's result. `Map` calls a function of scalars,
//! parameter and argument dtypes equal, with an array among the arguments.
//!
//! *Control.* Conditions are scalar bools; loop bounds and variables weak ints. `Return` fits the result; so do the arms of `If` its
//! type (an array may lose knowledge of its layout). `break` and `continue` are in a loop; no `break` or `return` leaves a loop that is parallel
//! or reduces; `leave` is inside its scope, and no such loop is between. Reductions are distinct real scalars that the operator accepts, not
//! the loop variable; only parallel loops have accumulators: distinct arrays.

#[cfg(test)]
mod tests;

use super::{
    Block, Expr, ExprData, ExprKind, For, Func, Function, Label, Local, Module, Pick, Reduce, Scan, Stmt,
    StmtKind, permuted_type,
};
use crate::base::types::MAX_RANK;
use crate::base::{ArrayType, AxisSet, Binary, Dtype, Layout, Type};

/// The first invariant that is broken, with its place.
pub fn verify(module: &Module) -> Result<(), String> {
    ensure(module.functions.is_valid(module.entry), || format!("no entry {}", module.entry))?;
    for (func, function) in module.functions.iter() {
        let checker = Checker { module, function };
        checker.function().map_err(|message| format!("{func} {}: {message}", function.name))?;
    }
    Ok(())
}

type Check = Result<(), String>;

fn ensure(condition: bool, message: impl FnOnce() -> String) -> Check {
    if condition { Ok(()) } else { Err(message()) }
}

fn same(what: &str, found: &Type, expected: &Type) -> Check {
    ensure(found == expected, || format!("{what} is {found:?}, expected {expected:?}"))
}

struct Checker<'a> {
    module: &'a Module,
    function: &'a Function,
}

/// The loops around a statement.
#[derive(Clone, Copy)]
struct Surroundings {
    /// The innermost loop, if any: whether all its iterations run, as those of parallel and reducing loops do.
    innermost: Option<bool>,
    inside_whole: bool,
}

impl Checker<'_> {
    fn function(&self) -> Check {
        for (k, &param) in self.function.params.iter().enumerate() {
            self.local(param)?;
            ensure(!self.function.params[..k].contains(&param), || format!("parameter {param} twice"))?;
        }
        for (expr, data) in self.function.exprs.iter() {
            self.in_range(&data.kind).map_err(|message| format!("{expr}: {message}"))?;
        }
        self.acyclic()?;
        for (expr, data) in self.function.exprs.iter() {
            self.expr(data).map_err(|message| format!("{expr}: {message}"))?;
        }
        self.block(&self.function.body, Surroundings { innermost: None, inside_whole: false })?;
        no_leave(&self.function.body)?;
        let ends = self.function.result == Type::None || !self.falls_through(&self.function.body);
        ensure(ends, || format!("runs off its end without a {}", self.function.result))
    }

    fn local(&self, local: Local) -> Result<&Type, String> {
        match self.function.locals.get(local) {
            Some(data) => Ok(&data.ty),
            None => Err(format!("no {local}")),
        }
    }

    fn callee(&self, func: Func) -> Result<&Function, String> {
        self.module.functions.get(func).ok_or_else(|| format!("no {func}"))
    }

    fn in_range(&self, kind: &ExprKind) -> Check {
        kind.operands().iter().try_for_each(|&child| self.exists(child))
    }

    fn exists(&self, expr: Expr) -> Check {
        ensure(self.function.exprs.is_valid(expr), || format!("no {expr}"))
    }

    /// Depth first, without recursion: an expression is `Open` while its children are visited.
    fn acyclic(&self) -> Check {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            Open,
            Done,
        }
        let mut marks = vec![Mark::New; self.function.exprs.len()];
        for root in self.function.exprs.keys() {
            let mut stack = vec![root];
            while let Some(&expr) = stack.last() {
                let mark = &mut marks[expr.as_u32() as usize];
                if *mark != Mark::New {
                    *mark = Mark::Done;
                    stack.pop();
                    continue;
                }
                *mark = Mark::Open;
                for child in self.function.exprs[expr].kind.operands() {
                    match marks[child.as_u32() as usize] {
                        Mark::New => stack.push(child),
                        Mark::Open => return Err(format!("{child} contains itself")),
                        Mark::Done => {}
                    }
                }
            }
        }
        Ok(())
    }

    fn ty(&self, expr: Expr) -> &Type {
        self.function.ty(expr)
    }

    /// The dtype of a real scalar or array.
    fn dtype(&self, expr: Expr) -> Result<Dtype, String> {
        match self.ty(expr).dtype() {
            Some(dtype) if !dtype.is_complex() => Ok(dtype),
            _ => Err(format!("{expr} is {}, not a real scalar or array", self.ty(expr))),
        }
    }

    fn array(&self, expr: Expr) -> Result<ArrayType, String> {
        self.ty(expr).array().ok_or_else(|| format!("{expr} is {}, not an array", self.ty(expr)))
    }

    fn condition(&self, expr: Expr) -> Check {
        self.exists(expr)?;
        let ty = self.ty(expr);
        ensure(ty.scalar() == Some(Dtype::Bool), || format!("condition {expr} is {ty}, not a scalar bool"))
    }

    fn int(&self, expr: Expr) -> Check {
        self.exists(expr)?;
        same(&expr.to_string(), self.ty(expr), &Type::INT)
    }

    fn indices(&self, array: ArrayType, indices: &[Expr]) -> Check {
        indices.iter().try_for_each(|&index| self.int(index))?;
        ensure(indices.len() == array.rank(), || format!("{} indices of {array}", indices.len()))
    }

    /// Expressions.
    fn expr(&self, data: &ExprData) -> Check {
        let ty = &data.ty;
        match &data.kind {
            ExprKind::Const(value) => {
                let fits = ty.scalar() == Some(value.dtype) && !value.dtype.is_complex();
                ensure(fits, || format!("constant {value:?} of type {ty}"))
            }
            ExprKind::None => {
                let fits = matches!(ty, Type::None | Type::Dtype(_));
                ensure(fits, || format!("None is {ty:?}, expected nothing but a type"))
            }
            ExprKind::Local(local) => same("read", ty, self.local(*local)?),
            ExprKind::CheckedLocal(local) => self.checked_local(*local, ty),
            ExprKind::Unary(op, x) => {
                let dtype = self.dtype(*x)?;
                let result = op.result(dtype).ok_or_else(|| format!("{} of {dtype}", op.name()))?;
                self.elementwise(&[*x], result, ty)
            }
            ExprKind::Binary(op, a, b) => self.binary(*op, *a, *b, ty),
            ExprKind::Compare(_, a, b) => {
                self.one_dtype(&[*a, *b])?;
                self.elementwise(&[*a, *b], Dtype::Bool, ty)
            }
            ExprKind::Convert(x) => self.convert(*x, ty),
            ExprKind::Select { condition, then, otherwise } => {
                let kind = self.dtype(*condition)?;
                ensure(kind == Dtype::Bool, || format!("select by {kind}"))?;
                let dtype = self.one_dtype(&[*then, *otherwise])?;
                self.elementwise(&[*condition, *then, *otherwise], dtype, ty)
            }
            ExprKind::Fma(a, b, c) => {
                let dtype = self.one_dtype(&[*a, *b, *c])?;
                ensure(dtype.is_float(), || format!("fma of {dtype}"))?;
                self.elementwise(&[*a, *b, *c], dtype, ty)
            }
            ExprKind::If { condition, then, otherwise } => {
                self.condition(*condition)?;
                self.fits("then", *then, ty)?;
                self.fits("else", *otherwise, ty)
            }
            ExprKind::Let { local, value, body } => {
                same("bound value", self.ty(*value), self.local(*local)?)?;
                same("let", ty, self.ty(*body))
            }
            ExprKind::Call { func, args } => self.call(*func, args, ty),
            ExprKind::Map { func, args } => self.map(*func, args, ty),
            ExprKind::Index { array, indices } => {
                let array = self.array(*array)?;
                self.indices(array, indices)?;
                same("element", ty, &Type::Scalar(array.dtype))
            }
            ExprKind::Extent { array, axis } => {
                let array = self.array(*array)?;
                ensure((*axis as usize) < array.rank(), || format!("axis {axis} of {array}"))?;
                same("extent", ty, &Type::INT)
            }
            ExprKind::Tuple(items) => {
                let types = items.iter().map(|&item| self.ty(item).clone()).collect();
                same("tuple", ty, &Type::Tuple(types))
            }
            ExprKind::Item { tuple, index } => self.item(*tuple, *index, ty),
            ExprKind::Alloc { shape, fill } => self.alloc(shape, *fill, ty),
            ExprKind::Reduce { op, array, axes, keepdims, initial } => {
                self.reduce(*op, *array, ty)?;
                self.initial(*op, *array, *initial)?;
                self.reduced(*array, *axes, *keepdims, ty)
            }
            ExprKind::Scan { op, array, axis } => self.scan(*op, *array, *axis, ty),
            ExprKind::Copy(x) => {
                self.array(*x)?;
                let dtype = self.dtype(*x)?;
                self.elementwise(&[*x], dtype, ty)
            }
            ExprKind::Iota { shape, axis } => {
                ensure((*axis as usize) < shape.len(), || format!("iota along axis {axis}"))?;
                self.alloc(shape, None, ty)
            }
            ExprKind::Elements { shape, values } => self.elements(shape, values, ty),
            ExprKind::MatMul(a, b) => self.matmul(*a, *b, ty),
            ExprKind::Write { target, value } => {
                self.update(*target, *value)?;
                let place = &self.function.exprs[*target].kind;
                let held = matches!(place, ExprKind::Local(_) | ExprKind::CheckedLocal(_));
                ensure(held, || format!("write into {place:?}"))?;
                same("write", ty, self.ty(*target))
            }
            ExprKind::Require { condition, fault, values, body } => {
                self.condition(*condition)?;
                values.iter().try_for_each(|value| self.int(*value))?;
                let arity = fault.arity();
                ensure(values.len() == arity, || format!("{} values of {fault:?}", values.len()))?;
                same("require", ty, self.ty(*body))
            }
            ExprKind::View { array, items } => self.view(*array, items, ty),
            ExprKind::Permute { array, axes } => self.permute(*array, axes, ty),
            ExprKind::Reshape { array, shape, result } => {
                let array = self.array(*array)?;
                ensure(shape.len() <= MAX_RANK, || format!("a shape of rank {}", shape.len()))?;
                shape.iter().try_for_each(|&extent| self.int(extent))?;
                let reshaped = self.function.reshaped_type(array, shape, *result);
                same("reshaped array", ty, &Type::Array(reshaped))
            }
        }
    }

    fn view(&self, array: Expr, items: &[Pick], ty: &Type) -> Check {
        let array = self.array(array)?;
        let axes = items.iter().filter(|item| **item != Pick::NewAxis).count();
        ensure(axes == array.rank(), || format!("a view of {axes} axes of {array}"))?;
        let rank = items.iter().filter(|item| !matches!(item, Pick::At(_))).count();
        ensure(rank <= MAX_RANK, || format!("a view of rank {rank}"))?;
        items.iter().flat_map(Pick::exprs).try_for_each(|expr| self.int(expr))?;
        same("view", ty, &Type::Array(self.function.view_type(array, items)))
    }

    fn permute(&self, array: Expr, axes: &[u8], ty: &Type) -> Check {
        let array = self.array(array)?;
        let all = (0..array.rank).all(|axis| axes.contains(&axis));
        ensure(all && axes.len() == array.rank(), || format!("{array} permuted by {axes:?}"))?;
        same("permutation", ty, &Type::Array(permuted_type(array, axes)))
    }

    fn elements(&self, shape: &[u32], values: &[Expr], ty: &Type) -> Check {
        let Some(array) = ty.array() else { return Err(format!("elements of {ty}")) };
        let count: usize = shape.iter().map(|extent| *extent as usize).product();
        let fits = array.rank() == shape.len() && array.layout == Layout::C && count == values.len();
        ensure(fits, || format!("{} elements of {array:?}", values.len()))?;
        values.iter().try_for_each(|value| {
            let found = self.ty(*value);
            ensure(found.scalar() == Some(array.dtype), || format!("{found} among elements of {array}"))
        })
    }

    fn matmul(&self, a: Expr, b: Expr, ty: &Type) -> Check {
        let dtype = self.one_dtype(&[a, b])?;
        let ranks = self.array(a)?.rank() == 2 && self.array(b)?.rank() == 2;
        let result = ty
            .array()
            .filter(|result| result.dtype == dtype && result.rank() == 2 && result.layout == Layout::C);
        ensure(ranks && result.is_some(), || format!("product of matrices that gives {ty}"))
    }

    fn checked_local(&self, local: Local, ty: &Type) -> Check {
        same("read", ty, self.local(local)?)?;
        ensure(self.function.locals[local].checked, || format!("{local} is not marked as checked"))
    }

    fn one_dtype(&self, operands: &[Expr]) -> Result<Dtype, String> {
        let first = self.dtype(operands[0])?;
        for &operand in &operands[1..] {
            let dtype = self.dtype(operand)?;
            ensure(dtype == first, || format!("operands of {first} and {dtype}"))?;
        }
        Ok(first)
    }

    /// `ty` is what operands of these types give elementwise.
    fn elementwise(&self, operands: &[Expr], dtype: Dtype, ty: &Type) -> Check {
        let arrays: Vec<ArrayType> = operands.iter().filter_map(|&x| self.ty(x).array()).collect();
        let Some(rank) = arrays.iter().map(|array| array.rank()).max() else {
            return ensure(ty.scalar() == Some(dtype), || format!("result is {ty}, expected a {dtype}"));
        };
        let Some(result) = ty.array() else { return Err(format!("result is {ty}, expected an array")) };
        let matches = result.dtype == dtype && result.rank() == rank && result.layout == Layout::C;
        ensure(matches, || format!("result is {result:?}, expected {dtype} of rank {rank} in C layout"))?;
        for axis in (0..rank).filter(|&axis| result.unit.contains(axis)) {
            let known = arrays.iter().all(|array| {
                let missing = rank - array.rank();
                axis < missing || array.unit.contains(axis - missing)
            });
            ensure(known, || format!("axis {axis} of the result is not known to have extent 1"))?;
        }
        Ok(())
    }

    fn binary(&self, op: Binary, a: Expr, b: Expr, ty: &Type) -> Check {
        let dtype = self.one_dtype(&[a, b])?;
        ensure(op.accepts(dtype), || format!("{} of {dtype}", op.name()))?;
        self.elementwise(&[a, b], dtype, ty)
    }

    fn convert(&self, x: Expr, ty: &Type) -> Check {
        let from = self.ty(x);
        match ty.dtype() {
            Some(to) if from.is_array() && from.dtype() != Some(to) && !to.is_complex() => {
                self.dtype(x)?;
                self.elementwise(&[x], to, ty)
            }
            _ => ensure(joins(from, ty), || format!("conversion of {from} to {ty}")),
        }
    }

    /// The value of `expr` may be used as a `ty`.
    fn fits(&self, what: &str, expr: Expr, ty: &Type) -> Check {
        self.exists(expr)?;
        let found = self.ty(expr);
        ensure(forgets(found, ty), || format!("{what} is {found:?}, expected {ty:?}"))
    }

    fn call(&self, func: Func, args: &[Expr], ty: &Type) -> Check {
        let callee = self.callee(func)?;
        let (given, wanted) = (args.len(), callee.params.len());
        ensure(given == wanted, || format!("{given} arguments for the {wanted} of {}", callee.name))?;
        for (&arg, &param) in args.iter().zip(&callee.params) {
            same(&format!("argument {arg} of {}", callee.name), self.ty(arg), &callee.locals[param].ty)?;
        }
        same("call", ty, &callee.result)
    }

    fn map(&self, func: Func, args: &[Expr], ty: &Type) -> Check {
        let callee = self.callee(func)?;
        let (given, wanted) = (args.len(), callee.params.len());
        ensure(given == wanted, || format!("{given} arguments for the {wanted} of {}", callee.name))?;
        for (&arg, &param) in args.iter().zip(&callee.params) {
            let (dtype, param) = (self.dtype(arg)?, &callee.locals[param].ty);
            ensure(param.scalar() == Some(dtype), || format!("argument {arg} is of {dtype}, not {param}"))?;
        }
        ensure(args.iter().any(|&arg| self.ty(arg).is_array()), || "map without an array".to_string())?;
        match callee.result.scalar() {
            Some(dtype) => self.elementwise(args, dtype, ty),
            None => Err(format!("map of {} that gives {}", callee.name, callee.result)),
        }
    }

    fn item(&self, tuple: Expr, index: u32, ty: &Type) -> Check {
        let Type::Tuple(types) = self.ty(tuple) else { return Err(format!("item of {}", self.ty(tuple))) };
        match types.get(index as usize) {
            Some(item) => same("item", ty, item),
            None => Err(format!("item {index} of {}", self.ty(tuple))),
        }
    }

    fn alloc(&self, shape: &[Expr], fill: Option<Expr>, ty: &Type) -> Check {
        let Some(array) = ty.array() else { return Err(format!("allocation of {ty}")) };
        self.indices(array, shape)?;
        ensure(array.layout == Layout::C && !array.dtype.is_complex(), || {
            format!("allocation of {array:?}")
        })?;
        match fill {
            Some(fill) => {
                let found = self.ty(fill);
                ensure(found.scalar() == Some(array.dtype), || format!("{array} filled with {found}"))
            }
            None => Ok(()),
        }
    }

    fn reduce(&self, op: Reduce, array: Expr, ty: &Type) -> Check {
        let array = self.array(array)?;
        let binary = match op {
            Reduce::Sum => Binary::Add,
            Reduce::Prod => Binary::Mul,
            Reduce::Min | Reduce::ArgMin => Binary::Minimum,
            Reduce::Max | Reduce::ArgMax => Binary::Maximum,
            Reduce::Any => Binary::Or,
            Reduce::All => Binary::And,
        };
        let bools = matches!(op, Reduce::Any | Reduce::All);
        let accepts = binary.accepts(array.dtype) && (!bools || array.dtype == Dtype::Bool);
        ensure(accepts, || format!("{} of {array}", op.name()))?;
        let result = Some(op.result(array.dtype));
        ensure(ty.dtype() == result, || format!("{} of {array} gives {ty}", op.name()))
    }

    fn initial(&self, op: Reduce, array: Expr, initial: Option<Expr>) -> Check {
        let Some(initial) = initial else { return Ok(()) };
        let array = self.array(array)?;
        let found = self.ty(initial);
        let takes = matches!(op, Reduce::Sum | Reduce::Prod | Reduce::Min | Reduce::Max);
        ensure(takes && *found == Type::Scalar(array.dtype), || {
            format!("{} of {array} from {found}", op.name())
        })
    }

    /// The axes that a reduction leaves.
    fn reduced(&self, array: Expr, axes: AxisSet, keepdims: bool, ty: &Type) -> Check {
        let array = self.array(array)?;
        ensure(axes.0 & !AxisSet::all(array.rank()).0 == 0, || format!("axes {axes:?} of {array}"))?;
        let result = ArrayType { dtype: ty.dtype().unwrap_or(array.dtype), ..array.reduced(axes, keepdims) };
        let wanted = if result.rank == 0 { Type::Scalar(result.dtype) } else { Type::Array(result) };
        same("reduction", ty, &wanted)
    }

    fn scan(&self, op: Scan, array: Expr, axis: Option<u8>, ty: &Type) -> Check {
        let array = self.array(array)?;
        let fits = !array.dtype.is_complex() && axis.is_none_or(|axis| (axis as usize) < array.rank());
        ensure(fits, || format!("{} of {array} along {axis:?}", op.name()))?;
        same("scan", ty, &Type::Array(array.scanned(axis)))
    }

    /// Statements.
    fn block(&self, block: &Block, around: Surroundings) -> Check {
        block.iter().try_for_each(|stmt| {
            self.stmt(stmt, around).map_err(|message| match message.strip_prefix("in ") {
                Some(_) => message,
                None => format!("in {}: {message}", keyword(&stmt.kind)),
            })
        })
    }

    fn stmt(&self, stmt: &Stmt, around: Surroundings) -> Check {
        match &stmt.kind {
            StmtKind::Assign { local, value } => {
                self.exists(*value)?;
                same(&format!("value of {local}"), self.ty(*value), self.local(*local)?)
            }
            StmtKind::Store { array, indices, value } => self.store(*array, indices, *value),
            StmtKind::Update { target, value } => self.update(*target, *value),
            StmtKind::Join { to, from } => {
                let (to, from) = (self.local(*to)?, self.local(*from)?);
                ensure(joins(from, to), || format!("{from} to {to}"))
            }
            StmtKind::Eval(expr) => self.exists(*expr),
            StmtKind::If { condition, then, otherwise } => {
                self.condition(*condition)?;
                self.block(then, around)?;
                self.block(otherwise, around)
            }
            StmtKind::While { condition, body } => {
                self.condition(*condition)?;
                self.block(body, Surroundings { innermost: Some(false), ..around })
            }
            StmtKind::For(stmt) => self.for_loop(stmt, around),
            StmtKind::Break => match around.innermost {
                None => Err("outside a loop".to_string()),
                Some(true) => Err("out of a parallel or reducing loop".to_string()),
                Some(false) => Ok(()),
            },
            StmtKind::Scope { body, .. } => self.block(body, around),
            // The function and its parallel loops look for those that lack their scope.
            StmtKind::Leave(_) => Ok(()),
            StmtKind::Continue => ensure(around.innermost.is_some(), || "outside a loop".to_string()),
            StmtKind::Return(value) => self.return_value(*value, around),
            StmtKind::Assert { condition, .. } => self.condition(*condition),
            StmtKind::Raise { .. } => Ok(()),
        }
    }

    fn store(&self, array: Expr, indices: &[Expr], value: Expr) -> Check {
        self.exists(array)?;
        self.exists(value)?;
        let array = self.array(array)?;
        self.indices(array, indices)?;
        let ty = self.ty(value);
        ensure(ty.scalar() == Some(array.dtype), || format!("{ty} into {array}"))
    }

    fn update(&self, target: Expr, value: Expr) -> Check {
        self.exists(target)?;
        self.exists(value)?;
        let (target, ty) = (self.array(target)?, self.ty(value));
        let rank = ty.array().map_or(0, |array| array.rank());
        let fits = ty.dtype() == Some(target.dtype) && rank <= target.rank();
        ensure(fits, || format!("{ty} into {target}"))
    }

    fn for_loop(&self, stmt: &For, around: Surroundings) -> Check {
        for bound in [stmt.start, stmt.stop, stmt.step] {
            self.int(bound)?;
        }
        same("loop variable", self.local(stmt.index)?, &Type::INT)?;
        for (k, reduction) in stmt.reductions.iter().enumerate() {
            let (local, op) = (reduction.local, reduction.op.binary());
            let accepted = self.local(local)?.scalar().is_some_and(|dtype| op.accepts(dtype));
            ensure(accepted, || format!("{} reduction of {local}", op.name()))?;
            let fresh = local != stmt.index && stmt.reductions[..k].iter().all(|other| other.local != local);
            ensure(fresh, || format!("second use of {local} as a reduction"))?;
        }
        let whole = stmt.parallel || !stmt.reductions.is_empty();
        if whole {
            no_leave(&stmt.body)?;
        }
        self.accumulators(stmt)?;
        let inside_whole = around.inside_whole || whole;
        self.block(&stmt.body, Surroundings { innermost: Some(whole), inside_whole })
    }

    fn accumulators(&self, stmt: &For) -> Check {
        let none = stmt.accumulators.is_empty();
        ensure(stmt.parallel || none, || "accumulators of a serial loop".to_string())?;
        for (k, accumulator) in stmt.accumulators.iter().enumerate() {
            let (local, op) = (accumulator.local, accumulator.op.binary());
            let accepted = self.local(local)?.array().is_some_and(|array| op.accepts(array.dtype));
            ensure(accepted, || format!("{} accumulator {local}", op.name()))?;
            let fresh = stmt.accumulators[..k].iter().all(|other| other.local != local);
            ensure(fresh, || format!("second use of {local} as an accumulator"))?;
            for &other in &accumulator.others {
                let array = self.local(other)?.is_array() && other != local;
                ensure(array, || format!("{other} beside the accumulator {local}"))?;
            }
        }
        Ok(())
    }

    fn return_value(&self, value: Option<Expr>, around: Surroundings) -> Check {
        ensure(!around.inside_whole, || "out of a parallel or reducing loop".to_string())?;
        match value {
            Some(value) => self.fits("value", value, &self.function.result),
            None => same("nothing", &Type::None, &self.function.result),
        }
    }

    /// Whether control can reach the end of the block. `while True` without `break` is never left.
    fn falls_through(&self, block: &Block) -> bool {
        block.iter().all(|stmt| match &stmt.kind {
            StmtKind::Return(_)
            | StmtKind::Raise { .. }
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Leave(_) => false,
            StmtKind::Scope { label, body } => self.falls_through(body) || leaves(body).contains(label),
            StmtKind::If { then, otherwise, .. } => self.falls_through(then) || self.falls_through(otherwise),
            StmtKind::While { condition, body } => !self.is_true(*condition) || breaks(body),
            StmtKind::Assert { condition, .. } => !self.is_false(*condition),
            StmtKind::Assign { .. }
            | StmtKind::Store { .. }
            | StmtKind::Update { .. }
            | StmtKind::Join { .. }
            | StmtKind::Eval(_)
            | StmtKind::For(_) => true,
        })
    }

    fn is_true(&self, condition: Expr) -> bool {
        matches!(self.function.exprs[condition].kind, ExprKind::Const(value) if value.truth())
    }

    fn is_false(&self, condition: Expr) -> bool {
        matches!(self.function.exprs[condition].kind, ExprKind::Const(value) if !value.truth())
    }
}

/// Whether a `break` in the block leaves the loop around it.
fn breaks(block: &Block) -> bool {
    block.iter().any(|stmt| match &stmt.kind {
        StmtKind::Break => true,
        StmtKind::If { then, otherwise, .. } => breaks(then) || breaks(otherwise),
        StmtKind::Scope { body, .. } => breaks(body),
        StmtKind::Assign { .. }
        | StmtKind::Store { .. }
        | StmtKind::Update { .. }
        | StmtKind::Join { .. }
        | StmtKind::Eval(_)
        | StmtKind::While { .. }
        | StmtKind::For(_)
        | StmtKind::Continue
        | StmtKind::Leave(_)
        | StmtKind::Return(_)
        | StmtKind::Assert { .. }
        | StmtKind::Raise { .. } => false,
    })
}

/// The scopes that the block jumps out of, those inside it excepted.
fn leaves(block: &Block) -> Vec<Label> {
    let of = |stmt: &Stmt| match &stmt.kind {
        StmtKind::Leave(label) => vec![*label],
        StmtKind::If { then, otherwise, .. } => [leaves(then), leaves(otherwise)].concat(),
        StmtKind::While { body, .. } | StmtKind::For(For { body, .. }) => leaves(body),
        StmtKind::Scope { label, body } => leaves(body).into_iter().filter(|outer| outer != label).collect(),
        StmtKind::Assign { .. }
        | StmtKind::Store { .. }
        | StmtKind::Update { .. }
        | StmtKind::Join { .. }
        | StmtKind::Eval(_)
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Return(_)
        | StmtKind::Assert { .. }
        | StmtKind::Raise { .. } => vec![],
    };
    block.iter().flat_map(of).collect()
}

fn no_leave(block: &Block) -> Check {
    match leaves(block).first() {
        Some(label) => Err(format!("leaves {label}, which is not around")),
        None => Ok(()),
    }
}

/// Whether a value of type `from` is one of type `to`: arrays may lose knowledge of layout and unit axes.
fn forgets(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Array(from), Type::Array(to)) => {
            let AxisSet(lost) = to.unit;
            let same = from.dtype == to.dtype && from.rank == to.rank;
            same && from.layout <= to.layout && lost & !from.unit.0 == 0
        }
        (Type::Tuple(from), Type::Tuple(to)) => all_pairs(from, to, forgets),
        _ => from == to,
    }
}

/// Whether `Join` can turn a `from` into a `to`: as [`forgets`], and real scalars convert.
fn joins(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Tuple(from), Type::Tuple(to)) => all_pairs(from, to, joins),
        _ => match (from.scalar(), to.scalar()) {
            (Some(from), Some(to)) => !from.is_complex() && !to.is_complex(),
            _ => forgets(from, to),
        },
    }
}

fn all_pairs(from: &[Type], to: &[Type], holds: fn(&Type, &Type) -> bool) -> bool {
    from.len() == to.len() && from.iter().zip(to).all(|(from, to)| holds(from, to))
}

fn keyword(kind: &StmtKind) -> &'static str {
    match kind {
        StmtKind::Assign { .. } => "assignment",
        StmtKind::Store { .. } => "store",
        StmtKind::Update { .. } => "update",
        StmtKind::Join { .. } => "join",
        StmtKind::Eval(_) => "expression",
        StmtKind::If { .. } => "if",
        StmtKind::While { .. } => "while",
        StmtKind::For(_) => "for",
        StmtKind::Scope { .. } => "scope",
        StmtKind::Leave(_) => "leave",
        StmtKind::Break => "break",
        StmtKind::Continue => "continue",
        StmtKind::Return(_) => "return",
        StmtKind::Assert { .. } => "assert",
        StmtKind::Raise { .. } => "raise",
    }
}
