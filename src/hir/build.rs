//! Typed programs by hand, for tests: types follow from the operands, places are numbered.

use super::{
    Block, Expr, ExprData, ExprKind, For, Func, Function, Local, LocalData, Module, Reduce, Reduction,
};
use super::{Stmt, StmtKind};
use crate::base::{
    ArrayType, AxisSet, Binary, Compare, Dtype, FastMath, ReduceOp, Scalar, SourceId, Span, Type, Unary, Weak,
};
use cranelift_entity::PrimaryMap;

pub fn array(dtype: Dtype, rank: usize) -> Type {
    Type::Array(ArrayType::contiguous(dtype, rank))
}

pub fn module(functions: Vec<Function>) -> Module {
    let mut module = Module { functions: PrimaryMap::new(), entry: Func::from_u32(0) };
    functions.into_iter().for_each(|function| {
        module.functions.push(function);
    });
    module
}

/// One function under construction. Its expressions have the places `0, 1, …`, its statements `1000, 1001, …`.
pub struct Builder {
    pub function: Function,
    statements: usize,
}

pub fn function(name: &str, result: Type) -> Builder {
    Builder {
        function: Function {
            name: name.to_string(),
            params: vec![],
            result,
            locals: PrimaryMap::new(),
            exprs: PrimaryMap::new(),
            body: vec![],
            span: span(5000),
            recursive: false,
            std: false,
            disjoint: vec![],
            fast: FastMath::NONE,
        },
        statements: 0,
    }
}

pub fn span(start: usize) -> Span {
    Span::new(SourceId::USER, start, start + 1)
}

/// Locals and expressions.
impl Builder {
    pub fn local(&mut self, name: &str, ty: Type) -> Local {
        self.function.locals.push(LocalData { name: name.to_string(), ty, checked: false })
    }

    pub fn param(&mut self, name: &str, ty: Type) -> Local {
        let local = self.local(name, ty);
        self.function.params.push(local);
        local
    }

    pub fn expr(&mut self, kind: ExprKind, ty: Type) -> Expr {
        let place = span(self.function.exprs.len());
        self.function.exprs.push(ExprData { kind, ty, span: place })
    }

    pub fn ty(&self, expr: Expr) -> Type {
        self.function.ty(expr).clone()
    }

    /// What the operands give elementwise.
    fn elementwise(&self, operands: &[Expr], dtype: Dtype) -> Type {
        let ranks = operands.iter().filter_map(|&x| self.function.ty(x).array()).map(|array| array.rank());
        match ranks.max() {
            Some(rank) => array(dtype, rank),
            None if self.ty(operands[0]).scalar() == Some(dtype) => self.ty(operands[0]),
            None => Type::Scalar(dtype),
        }
    }

    fn dtype(&self, expr: Expr) -> Dtype {
        self.function.ty(expr).dtype().expect("a scalar or an array")
    }

    pub fn int(&mut self, value: i64) -> Expr {
        self.expr(ExprKind::Const(Scalar::i64(value)), Type::INT)
    }

    pub fn float(&mut self, value: f64) -> Expr {
        self.expr(ExprKind::Const(Scalar::f64(value)), Type::FLOAT)
    }

    pub fn bool(&mut self, value: bool) -> Expr {
        self.expr(ExprKind::Const(Scalar::bool(value)), Type::Weak(Weak::Bool))
    }

    pub fn constant(&mut self, value: Scalar) -> Expr {
        self.expr(ExprKind::Const(value), Type::Scalar(value.dtype))
    }

    pub fn read(&mut self, local: Local) -> Expr {
        let ty = self.function.locals[local].ty.clone();
        self.expr(ExprKind::Local(local), ty)
    }

    pub fn checked_read(&mut self, local: Local) -> Expr {
        self.function.locals[local].checked = true;
        let ty = self.function.locals[local].ty.clone();
        self.expr(ExprKind::CheckedLocal(local), ty)
    }

    pub fn unary(&mut self, op: Unary, x: Expr) -> Expr {
        let ty = self.elementwise(&[x], op.result(self.dtype(x)).expect("the operator accepts the operand"));
        self.expr(ExprKind::Unary(op, x), ty)
    }

    pub fn binary(&mut self, op: Binary, a: Expr, b: Expr) -> Expr {
        let ty = self.elementwise(&[a, b], self.dtype(a));
        self.expr(ExprKind::Binary(op, a, b), ty)
    }

    pub fn compare(&mut self, op: Compare, a: Expr, b: Expr) -> Expr {
        let ty = self.elementwise(&[a, b], Dtype::Bool);
        self.expr(ExprKind::Compare(op, a, b), ty)
    }

    pub fn convert(&mut self, x: Expr, ty: Type) -> Expr {
        self.expr(ExprKind::Convert(x), ty)
    }

    pub fn index(&mut self, array: Expr, indices: &[Expr]) -> Expr {
        let ty = Type::Scalar(self.dtype(array));
        self.expr(ExprKind::Index { array, indices: indices.to_vec() }, ty)
    }

    pub fn extent(&mut self, array: Expr, axis: u8) -> Expr {
        self.expr(ExprKind::Extent { array, axis }, Type::INT)
    }

    pub fn empty(&mut self, dtype: Dtype, shape: &[Expr]) -> Expr {
        self.expr(ExprKind::Alloc { shape: shape.to_vec(), fill: None }, array(dtype, shape.len()))
    }

    pub fn full(&mut self, shape: &[Expr], fill: Expr) -> Expr {
        let ty = array(self.dtype(fill), shape.len());
        self.expr(ExprKind::Alloc { shape: shape.to_vec(), fill: Some(fill) }, ty)
    }

    pub fn reduce(&mut self, op: Reduce, array: Expr) -> Expr {
        let ty = Type::Scalar(self.dtype(array));
        let axes = AxisSet::all(self.ty(array).array().expect("an array").rank());
        self.expr(ExprKind::Reduce { op, array, axes, keepdims: false, initial: None }, ty)
    }

    pub fn call(&mut self, func: u32, args: &[Expr], ty: Type) -> Expr {
        self.expr(ExprKind::Call { func: Func::from_u32(func), args: args.to_vec() }, ty)
    }

    pub fn map(&mut self, func: u32, args: &[Expr], dtype: Dtype) -> Expr {
        let ty = self.elementwise(args, dtype);
        self.expr(ExprKind::Map { func: Func::from_u32(func), args: args.to_vec() }, ty)
    }

    pub fn tuple(&mut self, items: &[Expr]) -> Expr {
        let ty = Type::Tuple(items.iter().map(|&item| self.ty(item)).collect());
        self.expr(ExprKind::Tuple(items.to_vec()), ty)
    }
}

/// Statements.
impl Builder {
    pub fn stmt(&mut self, kind: StmtKind) -> Stmt {
        self.statements += 1;
        Stmt { kind, span: span(999 + self.statements) }
    }

    pub fn assign(&mut self, local: Local, value: Expr) -> Stmt {
        self.stmt(StmtKind::Assign { local, value })
    }

    pub fn store(&mut self, array: Expr, indices: &[Expr], value: Expr) -> Stmt {
        self.stmt(StmtKind::Store { array, indices: indices.to_vec(), value })
    }

    pub fn update(&mut self, target: Expr, value: Expr) -> Stmt {
        self.stmt(StmtKind::Update { target, value })
    }

    pub fn when(&mut self, condition: Expr, then: Block, otherwise: Block) -> Stmt {
        self.stmt(StmtKind::If { condition, then, otherwise })
    }

    pub fn returns(&mut self, value: Expr) -> Stmt {
        self.stmt(StmtKind::Return(Some(value)))
    }

    /// `for index in range(stop)`.
    pub fn range(&mut self, index: Local, stop: Expr, body: Block) -> Stmt {
        let (start, step) = (self.int(0), self.int(1));
        let stmt =
            For { index, start, stop, step, parallel: false, reductions: vec![], accumulators: vec![], body };
        self.stmt(StmtKind::For(stmt))
    }

    /// `for index in prange(stop)`.
    pub fn prange(
        &mut self,
        index: Local,
        stop: Expr,
        reductions: &[(Local, ReduceOp)],
        body: Block,
    ) -> Stmt {
        let (start, step) = (self.int(0), self.int(1));
        let reductions = reductions.iter().map(|&(local, op)| Reduction { local, op }).collect();
        let (parallel, accumulators) = (true, vec![]);
        self.stmt(StmtKind::For(For { index, start, stop, step, parallel, reductions, accumulators, body }))
    }

    pub fn finish(mut self, body: Block) -> Function {
        self.function.body = body;
        self.function
    }
}
