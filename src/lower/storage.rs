//! Where locals live: a local with one assignment is its value; others are variables.

use super::array::{Lowered, Operand};
use super::frame::Held;
use super::{Aliasing, Builder, ParamAlias};
use crate::base::{ArrayType, Dtype, Layout, Scalar, Type};
use crate::hir;
use crate::loops::{self, AliasClass, Array, ArrayData, Op, Stmt, Value, Var};

/// The home of a local.
#[derive(Clone, Debug)]
pub(super) enum Storage {
    None,
    /// Bound once: this is what it is bound to. Arrays in it are borrowed from the block that holds them.
    Fixed(Lowered),
    Scalar(Var),
    Array(Bundle),
    Tuple(Vec<Storage>),
}

/// The variables of an array that is bound more than once. Strides of contiguous arrays follow from the extents.
#[derive(Clone, Debug)]
pub(super) struct Bundle {
    pub ty: ArrayType,
    pub base: Var,
    pub owner: Var,
    pub extents: Vec<Var>,
    pub strides: Vec<Var>,
    pub class: AliasClass,
    pub name: String,
}

impl Builder<'_, '_> {
    /// Declares the parameters: scalars are values, arrays get strides that analyses can read.
    pub(super) fn parameters(&mut self, aliasing: &Aliasing) {
        let source = self.frame().function;
        let shared = self.new_class();
        let mut lowered: Vec<Lowered> = vec![];
        for (position, local) in source.params.iter().enumerate() {
            let data = &source.locals[*local];
            let alias = aliasing.of(position);
            let value = self.parameter(&data.ty, &data.name, alias, shared);
            let value = match alias {
                ParamAlias::Same(first) => lowered[first].clone(),
                ParamAlias::Own | ParamAlias::Shared => value,
            };
            lowered.push(value.clone());
            self.bind_parameter(*local, value);
        }
    }

    fn parameter(&mut self, ty: &Type, name: &str, alias: ParamAlias, shared: AliasClass) -> Lowered {
        match ty {
            Type::None | Type::Dtype(_) => Lowered::None,
            Type::Weak(_) | Type::Scalar(_) => {
                let value = self.function.value(ty.scalar().expect("a scalar"));
                self.function.params.push(loops::Operand::Scalar(value));
                Lowered::Scalar(value)
            }
            Type::Array(array) => {
                let class = if alias == ParamAlias::Shared { shared } else { self.new_class() };
                Lowered::Array(self.array_parameter(*array, name, class))
            }
            Type::Tuple(items) => {
                Lowered::Tuple(items.iter().map(|item| self.parameter(item, name, alias, shared)).collect())
            }
        }
    }

    fn array_parameter(&mut self, ty: ArrayType, name: &str, class: AliasClass) -> Operand {
        let raw = ArrayData {
            dtype: ty.dtype,
            base: self.function.value(Dtype::I64),
            owner: self.function.value(Dtype::I64),
            extents: (0..ty.rank()).map(|_| self.function.value(Dtype::I64)).collect(),
            strides: (0..ty.rank()).map(|_| self.function.value(Dtype::I64)).collect(),
            contiguous: ty.layout == Layout::C,
            class,
            name: name.to_string(),
        };
        let slots = self.function.arrays.push(raw.clone());
        self.function.params.push(loops::Operand::Array(slots));
        let extents = self.known_extents(ty, raw.extents.clone());
        let strides = self.known_strides(ty, &extents, raw.strides.clone());
        let array = self.function.arrays.push(ArrayData { extents, strides, ..raw });
        Operand { array, ty, owned: false }
    }

    /// Extents with those that the type knows as constants.
    pub(super) fn known_extents(&mut self, ty: ArrayType, mut extents: Vec<Value>) -> Vec<Value> {
        for (axis, extent) in extents.iter_mut().enumerate() {
            if ty.unit.contains(axis) {
                *extent = self.int(1);
            }
        }
        extents
    }

    /// Strides as the layout knows them: computed from the extents, or given.
    pub(super) fn known_strides(
        &mut self,
        ty: ArrayType,
        extents: &[Value],
        given: Vec<Value>,
    ) -> Vec<Value> {
        match ty.layout {
            Layout::C => self.contiguous_strides(ty.dtype, extents),
            Layout::Inner => {
                let mut strides = given;
                if let Some(last) = strides.last_mut() {
                    *last = self.int(ty.dtype.size() as i64);
                }
                strides
            }
            Layout::Strided => given,
        }
    }

    pub(super) fn contiguous_strides(&mut self, dtype: Dtype, extents: &[Value]) -> Vec<Value> {
        let mut strides = vec![];
        let mut stride = self.int(dtype.size() as i64);
        for (axis, extent) in extents.iter().enumerate().rev() {
            strides.push(stride);
            if axis > 0 {
                stride = self.binary(crate::base::Binary::Mul, stride, *extent);
            }
        }
        strides.reverse();
        strides
    }

    fn bind_parameter(&mut self, local: hir::Local, value: Lowered) {
        if self.frame().scan.locals[local].writes == 0 {
            self.frame().storage[local] = Some(Storage::Fixed(value));
            return;
        }
        let storage = self.storage(local);
        self.assign_storage(&storage, value);
        self.set_flag(local, true);
    }

    /// The home of a local, made on first use. Variables start at zero, and not bound.
    pub(super) fn storage(&mut self, local: hir::Local) -> Storage {
        if let Some(storage) = self.frame().storage[local].clone() {
            return storage;
        }
        let data = &self.frame().function.locals[local];
        let storage = self.new_storage(&data.ty, &data.name);
        if self.frame().scan.locals[local].flagged {
            let flag = self.variable(Dtype::Bool, "");
            self.frame().flags[local] = Some(flag);
        }
        self.frame().storage[local] = Some(storage.clone());
        storage
    }

    pub(super) fn new_storage(&mut self, ty: &Type, name: &str) -> Storage {
        match ty {
            Type::None | Type::Dtype(_) => Storage::None,
            Type::Weak(_) | Type::Scalar(_) => {
                Storage::Scalar(self.variable(ty.scalar().expect("a scalar"), name))
            }
            Type::Array(array) => Storage::Array(self.new_bundle(*array, name)),
            Type::Tuple(items) => {
                Storage::Tuple(items.iter().map(|item| self.new_storage(item, name)).collect())
            }
        }
    }

    fn new_bundle(&mut self, ty: ArrayType, name: &str) -> Bundle {
        let strides = if ty.layout == Layout::C { 0 } else { ty.rank() };
        Bundle {
            ty,
            base: self.variable(Dtype::I64, ""),
            owner: self.variable(Dtype::I64, ""),
            extents: (0..ty.rank()).map(|_| self.variable(Dtype::I64, "")).collect(),
            strides: (0..strides).map(|_| self.variable(Dtype::I64, "")).collect(),
            class: self.new_class(),
            name: name.to_string(),
        }
    }

    /// A variable that is zero until it is set.
    pub(super) fn variable(&mut self, dtype: Dtype, name: &str) -> Var {
        let var = self.function.var(dtype, name);
        let zero = if dtype.is_float() { Scalar::float(dtype, 0.0) } else { Scalar::int(dtype, 0) };
        // Iterations of a parallel loop have their own copy, so it starts there too.
        for prologue in &mut self.prologues {
            let value = self.function.values.push(loops::ValueData { dtype });
            prologue.push(Stmt::Let(value, Op::Const(zero)));
            prologue.push(Stmt::Set(var, value));
        }
        var
    }

    /// What a local holds now; arrays in it are borrowed.
    pub(super) fn read_local(&mut self, local: hir::Local) -> Lowered {
        if let Some(counter) = self.frame().counters[local] {
            return Lowered::Scalar(counter);
        }
        let storage = self.storage(local);
        self.read_storage(&storage)
    }

    pub(super) fn read_storage(&mut self, storage: &Storage) -> Lowered {
        match storage {
            Storage::None => Lowered::None,
            Storage::Fixed(value) => value.borrowed(),
            Storage::Scalar(var) => Lowered::Scalar(self.get(*var)),
            Storage::Array(bundle) => Lowered::Array(self.read_bundle(bundle)),
            Storage::Tuple(items) => {
                Lowered::Tuple(items.iter().map(|item| self.read_storage(item)).collect())
            }
        }
    }

    fn read_bundle(&mut self, bundle: &Bundle) -> Operand {
        let base = self.get(bundle.base);
        let owner = self.get(bundle.owner);
        let extents = bundle.extents.iter().map(|var| self.get(*var)).collect();
        let strides = bundle.strides.iter().map(|var| self.get(*var)).collect();
        let extents = self.known_extents(bundle.ty, extents);
        let strides = self.known_strides(bundle.ty, &extents, strides);
        let array = self.function.arrays.push(ArrayData {
            dtype: bundle.ty.dtype,
            base,
            owner,
            extents,
            strides,
            contiguous: bundle.ty.layout == Layout::C,
            class: bundle.class,
            name: bundle.name.clone(),
        });
        Operand { array, ty: bundle.ty, owned: false }
    }

    /// Binds a local. What it held before is released, what it gets is held.
    pub(super) fn assign_local(&mut self, local: hir::Local, value: Lowered) {
        if self.is_fixed(local) {
            let held = self.hold(value, local);
            self.frame().storage[local] = Some(Storage::Fixed(held));
            return;
        }
        let storage = self.storage(local);
        self.assign_storage(&storage, value);
        self.set_flag(local, true);
    }

    /// Whether a local is bound in one place that comes before all that reads it.
    fn is_fixed(&mut self, local: hir::Local) -> bool {
        let outermost = self.frame().loops.is_empty() && self.frame().scopes.len() <= 1;
        let frame = self.frame();
        let facts = frame.scan.locals[local];
        // A parameter is something else before it is bound again.
        facts.is_bound_once() || facts.writes == 1 && facts.home.is_some() && !facts.flagged && outermost
    }

    /// Takes a count of every array in `value` for the innermost block, until `local` is mentioned no more.
    fn hold(&mut self, value: Lowered, local: hir::Local) -> Lowered {
        match value {
            Lowered::Array(operand) => {
                self.name_array(operand.array, local);
                let owner = self.function.arrays[operand.array].owner;
                if !operand.owned {
                    self.emit(Stmt::Retain(owner));
                }
                if let Some(scope) = self.frame().scopes.last_mut() {
                    scope.push(Held { local, owner });
                }
                Lowered::Array(Operand { owned: false, ..operand })
            }
            Lowered::Tuple(items) => {
                Lowered::Tuple(items.into_iter().map(|item| self.hold(item, local)).collect())
            }
            Lowered::None | Lowered::Scalar(_) => value,
        }
    }

    /// An array without a name is from now on called like the local that holds it.
    fn name_array(&mut self, array: Array, local: hir::Local) {
        if self.function.arrays[array].name.is_empty() {
            self.function.arrays[array].name = self.frame().function.locals[local].name.clone();
        }
    }

    pub(super) fn assign_storage(&mut self, storage: &Storage, value: Lowered) {
        match (storage, value) {
            (Storage::Scalar(var), Lowered::Scalar(value)) => self.emit(Stmt::Set(*var, value)),
            (Storage::Array(bundle), Lowered::Array(operand)) => self.assign_bundle(bundle, operand),
            (Storage::Tuple(targets), Lowered::Tuple(values)) => {
                for (target, value) in targets.iter().zip(values) {
                    self.assign_storage(target, value);
                }
            }
            (Storage::None, _) => {}
            (storage, value) => unreachable!("{storage:?} cannot hold {value:?}"),
        }
    }

    fn assign_bundle(&mut self, bundle: &Bundle, operand: Operand) {
        let array = self.materialise(operand.array);
        let data = self.function.arrays[array].clone();
        if !operand.owned {
            self.emit(Stmt::Retain(data.owner));
        }
        let before = self.get(bundle.owner);
        self.emit(Stmt::Release(before));
        self.unify(bundle.class, data.class);
        let vars = [bundle.base, bundle.owner].into_iter().chain(bundle.extents.iter().copied());
        let values = [data.base, data.owner].into_iter().chain(data.extents.iter().copied());
        for (var, value) in
            vars.zip(values).chain(bundle.strides.iter().copied().zip(data.strides.iter().copied()))
        {
            self.emit(Stmt::Set(var, value));
        }
    }

    /// Records whether a local is bound, where anything asks.
    pub(super) fn set_flag(&mut self, local: hir::Local, bound: bool) {
        if let Some(flag) = self.frame().flags[local] {
            let value = self.bool(bound);
            self.emit(Stmt::Set(flag, value));
        }
    }

    /// `to` takes over what `from` holds, and whether it is bound.
    pub(super) fn join(&mut self, to: hir::Local, from: hir::Local) {
        let target = self.storage(to);
        let value = self.read_local(from);
        let ty = self.frame().function.locals[to].ty.clone();
        let value = self.conform(value, &ty);
        self.assign_storage(&target, value);
        if let Some(flag) = self.frame().flags[to] {
            let bound = match self.frame().flags[from] {
                Some(source) => self.get(source),
                None => self.bool(true),
            };
            self.emit(Stmt::Set(flag, bound));
        }
    }

    /// A value as another type of the same structure.
    pub(super) fn conform(&mut self, value: Lowered, ty: &Type) -> Lowered {
        match (value, ty) {
            (Lowered::Scalar(value), Type::Weak(_) | Type::Scalar(_)) => {
                Lowered::Scalar(self.cast(value, ty.scalar().expect("a scalar")))
            }
            (Lowered::Tuple(items), Type::Tuple(types)) => Lowered::Tuple(
                items.into_iter().zip(types).map(|(item, ty)| self.conform(item, ty)).collect(),
            ),
            (Lowered::Array(operand), Type::Array(array)) => {
                Lowered::Array(Operand { ty: *array, ..operand })
            }
            (value, _) => value,
        }
    }

    pub(super) fn array(&self, array: Array) -> &ArrayData {
        &self.function.arrays[array]
    }
}
