//! Calls: small functions are lowered in place, others are called.

use super::array::{Lowered, Operand};
use super::frame::{Exit, Frame};
use super::storage::Storage;
use super::{Builder, result_types};
use crate::base::{ArrayType, Dtype, Span, Type};
use crate::hir::{self, StmtKind};
use crate::loops::{self, ArrayData, Stmt};

/// The most expressions that a function to be inlined may have.
const INLINE_SIZE: usize = 260;

/// The most expressions inlined into one function.
const INLINE_TOTAL: usize = 6_000;

/// The deepest nesting of inlined calls.
const INLINE_DEPTH: usize = 8;

impl<'a> Builder<'_, 'a> {
    /// Calls `func`; array arguments are borrowed, and released here if they are owned.
    pub(super) fn call(&mut self, func: hir::Func, args: Vec<Lowered>, span: Span) -> Lowered {
        let callee: &'a hir::Function = &self.lowerer.hir.functions[func];
        let result = if self.inlines(callee) {
            self.inlined += callee.exprs.len();
            self.inline(callee, &args, span)
        } else {
            self.call_out_of_line(func, callee, &args, span)
        };
        args.into_iter().for_each(|arg| self.release_lowered(arg));
        result
    }

    fn inlines(&self, callee: &hir::Function) -> bool {
        !callee.recursive
            && callee.exprs.len() <= INLINE_SIZE
            && self.inlined + callee.exprs.len() <= INLINE_TOTAL
            && self.frames.len() <= INLINE_DEPTH
    }

    fn inline(&mut self, callee: &'a hir::Function, args: &[Lowered], span: Span) -> Lowered {
        let straight = is_straight(callee);
        let loop_variables = vec![];
        let mut frame = Frame { loop_variables, ..Frame::new(callee) };
        let label = self.function.label();
        let result = (!straight && callee.result != Type::None).then(|| self.new_storage(&callee.result, ""));
        frame.exit = Exit::Inline { label, result: result.clone() };
        frame.called = self.shown(span);
        self.frames.push(frame);
        for (local, arg) in callee.params.iter().zip(args) {
            self.bind_argument(*local, arg.borrowed());
        }
        self.reset_flags(callee);
        let value = if straight { self.inline_straight(callee) } else { self.inline_scope(callee, label) };
        self.frames.pop();
        match result {
            Some(storage) => self.take_storage(&storage),
            None => value,
        }
    }

    fn bind_argument(&mut self, local: hir::Local, value: Lowered) {
        if self.frame().scan.locals[local].writes == 0 {
            self.frame().storage[local] = Some(Storage::Fixed(value));
        } else {
            let storage = self.storage(local);
            self.assign_storage(&storage, value);
            self.set_flag(local, true);
        }
    }

    /// The variables of an inlined call are used again when it runs again.
    fn reset_flags(&mut self, callee: &hir::Function) {
        for local in callee.locals.keys() {
            if self.frame().scan.locals[local].flagged && !callee.params.contains(&local) {
                self.storage(local);
                self.set_flag(local, false);
            }
        }
    }

    /// Statements, then `return value` as the last: no scope is needed.
    fn inline_straight(&mut self, callee: &'a hir::Function) -> Lowered {
        let (last, before) = callee.body.split_last().expect("ends in a return");
        let StmtKind::Return(value) = &last.kind else { unreachable!("ends in a return") };
        self.enter_block();
        for (k, stmt) in before.iter().enumerate() {
            self.stmt(stmt);
            self.release_after(0, k as u32);
        }
        let value = match value {
            Some(value) => self.expr(*value),
            None => Lowered::None,
        };
        let value = self.own(value);
        self.leave_block();
        self.release_variables();
        value
    }

    fn inline_scope(&mut self, callee: &'a hir::Function, label: loops::Label) -> Lowered {
        let body = self.nested(|this| {
            this.block(&callee.body);
            if !this.ended() {
                this.release_variables();
            }
        });
        self.emit(Stmt::Scope { label, body });
        Lowered::None
    }

    fn call_out_of_line(
        &mut self,
        func: hir::Func,
        callee: &hir::Function,
        args: &[Lowered],
        span: Span,
    ) -> Lowered {
        let func = self.lowerer.function(func);
        let mut operands = vec![];
        args.iter().for_each(|arg| self.flatten(arg, &mut operands));
        let mut results = vec![];
        let value = self.call_result(&callee.result, &mut results);
        debug_assert_eq!(results.len(), result_types(&callee.result).len());
        // A result may be one of the arguments.
        for result in &results {
            for operand in &operands {
                if let (loops::Operand::Array(result), loops::Operand::Array(operand)) = (result, operand) {
                    let (a, b) = (self.array(*result).class, self.array(*operand).class);
                    self.unify(a, b);
                }
            }
        }
        self.emit(Stmt::Call(Box::new(loops::Call { func, args: operands, results, span })));
        value
    }

    /// The operands of a call or return, tuples flattened left to right.
    pub(super) fn flatten(&mut self, value: &Lowered, operands: &mut Vec<loops::Operand>) {
        match value {
            Lowered::None => {}
            Lowered::Scalar(value) => operands.push(loops::Operand::Scalar(*value)),
            Lowered::Array(operand) => {
                let array = self.materialise(operand.array);
                operands.push(loops::Operand::Array(array));
            }
            Lowered::Tuple(items) => items.iter().for_each(|item| self.flatten(item, operands)),
        }
    }

    fn call_result(&mut self, ty: &Type, results: &mut Vec<loops::Operand>) -> Lowered {
        match ty {
            Type::None | Type::Dtype(_) => Lowered::None,
            Type::Weak(_) | Type::Scalar(_) => {
                let value = self.function.value(ty.scalar().expect("a scalar"));
                results.push(loops::Operand::Scalar(value));
                Lowered::Scalar(value)
            }
            Type::Array(array) => {
                let operand = self.array_result(*array);
                results.push(loops::Operand::Array(operand.array));
                Lowered::Array(operand)
            }
            Type::Tuple(items) => {
                Lowered::Tuple(items.iter().map(|item| self.call_result(item, results)).collect())
            }
        }
    }

    fn array_result(&mut self, ty: ArrayType) -> Operand {
        let class = self.new_class();
        let array = self.function.arrays.push(ArrayData {
            dtype: ty.dtype,
            base: self.function.values.push(loops::ValueData { dtype: Dtype::I64 }),
            owner: self.function.values.push(loops::ValueData { dtype: Dtype::I64 }),
            extents: (0..ty.rank())
                .map(|_| self.function.values.push(loops::ValueData { dtype: Dtype::I64 }))
                .collect(),
            strides: (0..ty.rank())
                .map(|_| self.function.values.push(loops::ValueData { dtype: Dtype::I64 }))
                .collect(),
            contiguous: ty.layout == crate::base::Layout::C,
            class,
            name: String::new(),
        });
        Operand { array, ty, owned: true }
    }
}

/// Whether the only `return` is the last statement of the body.
fn is_straight(function: &hir::Function) -> bool {
    fn returns(block: &hir::Block) -> usize {
        block
            .iter()
            .map(|stmt| match &stmt.kind {
                StmtKind::Return(_) => 1,
                StmtKind::If { then, otherwise, .. } => returns(then) + returns(otherwise),
                StmtKind::While { body, .. } | StmtKind::Scope { body, .. } => returns(body),
                StmtKind::For(loop_) => returns(&loop_.body),
                _ => 0,
            })
            .sum()
    }
    matches!(function.body.last().map(|stmt| &stmt.kind), Some(StmtKind::Return(_)))
        && returns(&function.body) == 1
}
