//! Elements of arrays in lanes.
//!
//! | the lanes lie | load and store |
//! |---|---|
//! | side by side | whole registers; narrow integers and bools through a piece of one |
//! | side by side, backwards | the same, turned around |
//! | at any other fixed distance, or one that is known at run time | lane by lane from the first |
//! | anywhere | lane by lane, each address by itself |

use super::Bug;
use super::function::Emitter;
use super::group::Group;
use super::memory::Address;
use super::registers::Registers;
use crate::base::Dtype;
use crate::loops::lanes::Pattern;
use crate::loops::{self, Array, Store};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Type, Value, types};
use std::collections::BTreeSet;

/// How the elements of one access are reached.
enum Reach {
    /// Side by side, the first of the unit here; backwards if it is the last.
    Block { first: Address, backwards: bool },
    /// One address for each lane of the unit.
    Each(Vec<Address>),
}

impl Group<'_> {
    pub fn load(
        &mut self,
        e: &mut Emitter,
        place: usize,
        array: Array,
        indices: &[loops::Value],
    ) -> Result<Registers, Bug> {
        let dtype = e.function.arrays[array].dtype;
        match self.reach(e, place, array, indices)? {
            Reach::Block { first, backwards } => {
                let registers = self.load_block(e, array, first)?;
                Ok(if backwards { turned(e, registers) } else { registers })
            }
            Reach::Each(addresses) => {
                let scalars = addresses.into_iter().map(|address| e.load_at(array, address));
                let scalars = scalars.collect::<Result<Vec<_>, _>>()?;
                Ok(Registers::gather(e, dtype, self.held(dtype), &scalars))
            }
        }
    }

    pub fn store(&mut self, e: &mut Emitter, place: usize, store: &Store) -> Result<(), Bug> {
        let dtype = e.function.arrays[store.array].dtype;
        let registers = self.value(e, store.value)?;
        match self.reach(e, place, store.array, &store.indices)? {
            Reach::Block { first, backwards } => {
                let registers = if backwards { turned(e, registers) } else { registers };
                self.store_block(e, store.array, first, registers)
            }
            Reach::Each(addresses) => {
                let flags = e.element_flags(e.function.arrays[store.array].class);
                for (lane, address) in addresses.into_iter().enumerate() {
                    let scalar = registers.extract(e, dtype, lane as u32);
                    e.builder.ins().store(flags, scalar, address.base, address.offset);
                }
                Ok(())
            }
        }
    }

    fn reach(
        &mut self,
        e: &mut Emitter,
        place: usize,
        array: Array,
        indices: &[loops::Value],
    ) -> Result<Reach, Bug> {
        let size = e.function.arrays[array].dtype.size() as i64;
        let known = |value| e.known(value).map(|scalar| scalar.as_i64());
        let pattern = self.plan.pattern(e.function, &known, array, indices);
        let skipped = (self.unit * self.width) as i64;
        match pattern {
            Pattern::Stride(step) if step.abs() == size => {
                let first = self.first(e, place, array, indices)?;
                let backwards = step < 0;
                let lane = if backwards { skipped + self.width as i64 - 1 } else { skipped };
                Ok(Reach::Block { first: moved(first, lane * step), backwards })
            }
            Pattern::Stride(step) => {
                let first = self.first(e, place, array, indices)?;
                let lanes = skipped..skipped + self.width as i64;
                Ok(Reach::Each(lanes.map(|lane| moved(first, lane * step)).collect()))
            }
            Pattern::RuntimeStride => {
                let first = self.first(e, place, array, indices)?;
                let step = self.step(e, array, indices)?;
                let mut addresses = vec![];
                for lane in skipped..skipped + self.width as i64 {
                    let distance = e.builder.ins().imul_imm_s(step, lane);
                    let base = e.builder.ins().iadd(first.base, distance);
                    addresses.push(Address { base, ..first });
                }
                Ok(Reach::Each(addresses))
            }
            Pattern::Scattered => self.scattered(e, array, indices).map(Reach::Each),
            // Loads of one element are uniform; stores to one are refused.
            Pattern::Uniform => Err(Bug(format!("lanes: one element of {array}"))),
        }
    }

    /// The address of the group's first lane.
    fn first(
        &mut self,
        e: &mut Emitter,
        place: usize,
        array: Array,
        indices: &[loops::Value],
    ) -> Result<Address, Bug> {
        if let Some(address) = self.addresses.get(&place) {
            return Ok(*address);
        }
        let address = e.address(array, indices)?;
        self.addresses.insert(place, address);
        Ok(address)
    }

    /// Bytes from lane to lane.
    fn step(&mut self, e: &mut Emitter, array: Array, indices: &[loops::Value]) -> Result<Value, Bug> {
        let mut step: Option<Value> = None;
        let strides = &e.function.arrays[array].strides;
        for (&index, &stride) in indices.iter().zip(strides) {
            let growth = self.plan.growth(index);
            if growth == 0 {
                continue;
            }
            let stride = e.value(stride)?;
            let term = if growth == 1 { stride } else { e.builder.ins().imul_imm_s(stride, growth) };
            step = Some(match step {
                Some(step) => e.builder.ins().iadd(step, term),
                None => term,
            });
        }
        step.ok_or_else(|| Bug(format!("lanes: no subscript of {array} moves")))
    }

    fn scattered(
        &mut self,
        e: &mut Emitter,
        array: Array,
        indices: &[loops::Value],
    ) -> Result<Vec<Address>, Bug> {
        let data = &e.function.arrays[array];
        // Each once: the diagonal `a[i, i]` names its index twice.
        let own: BTreeSet<loops::Value> = indices.iter().copied().chain(data.components()).collect();
        let mut linear = vec![];
        for &value in own.iter().filter(|&&value| self.plan.growth(value) != 0) {
            linear.push((value, e.value(value)?));
        }
        let mut addresses = vec![];
        for lane in 0..self.width {
            for (value, first) in &linear {
                e.define_bare(*value, *first);
            }
            for &value in &own {
                if self.plan.shape(value) != loops::lanes::Shape::Uniform {
                    self.define_lane(e, value, self.unit * self.width + lane)?;
                }
            }
            addresses.push(e.address(array, indices)?);
        }
        for (value, first) in linear {
            e.define_bare(value, first);
        }
        Ok(addresses)
    }

    fn load_block(&mut self, e: &mut Emitter, array: Array, first: Address) -> Result<Registers, Bug> {
        let data = &e.function.arrays[array];
        let flags = e.element_flags(data.class);
        let ty = super::registers::held(data.dtype);
        if data.dtype.size() as u32 == ty.lane_type().bytes() {
            let mut registers = vec![];
            for register in 0..self.registers_of(ty) as i32 {
                registers.push(e.builder.ins().load(ty, flags, first.base, first.offset + 16 * register));
            }
            return Ok(Registers::of(&registers));
        }
        let piece = piece(data.dtype);
        let packed = e.builder.ins().load(piece, flags, first.base, first.offset);
        Ok(Registers::one(unpack(e, data.dtype, packed)))
    }

    fn store_block(
        &mut self,
        e: &mut Emitter,
        array: Array,
        first: Address,
        registers: Registers,
    ) -> Result<(), Bug> {
        let data = &e.function.arrays[array];
        let flags = e.element_flags(data.class);
        if data.dtype != Dtype::Bool && data.dtype.size() as u32 == registers.ty(e).lane_type().bytes() {
            for (k, &register) in registers.values().iter().enumerate() {
                e.builder.ins().store(flags, register, first.base, first.offset + 16 * k as i32);
            }
            return Ok(());
        }
        let registers = match data.dtype {
            Dtype::Bool => registers.mask_as(e, types::I32X4),
            _ => registers,
        };
        let packed = pack(e, data.dtype, registers.values()[0]);
        e.builder.ins().store(flags, packed, first.base, first.offset);
        Ok(())
    }
}

/// The scalar type that holds four narrow elements.
fn piece(dtype: Dtype) -> Type {
    if dtype.size() == 2 { types::I64 } else { types::I32 }
}

/// Four narrow elements, each in 32 bits of its own; bools as masks.
fn unpack(e: &mut Emitter, dtype: Dtype, packed: Value) -> Value {
    if dtype.size() == 2 {
        let register = e.builder.ins().scalar_to_vector(types::I64X2, packed);
        let register = e.bitcast(types::I16X8, register);
        return widen(e, dtype, register);
    }
    let register = e.builder.ins().scalar_to_vector(types::I32X4, packed);
    let register = e.bitcast(types::I8X16, register);
    let register = widen(e, dtype, register);
    let register = widen(e, dtype, register);
    if dtype != Dtype::Bool {
        return register;
    }
    let zero = e.splat_bits(types::I32X4, 0);
    e.builder.ins().icmp(IntCC::NotEqual, register, zero)
}

fn widen(e: &mut Emitter, dtype: Dtype, register: Value) -> Value {
    match dtype {
        Dtype::I8 | Dtype::I16 => e.builder.ins().swiden_low(register),
        _ => e.builder.ins().uwiden_low(register),
    }
}

fn pack(e: &mut Emitter, dtype: Dtype, register: Value) -> Value {
    const BYTES: [u8; 16] = [0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12];
    const PAIRS: [u8; 16] = [0, 1, 4, 5, 8, 9, 12, 13, 0, 1, 4, 5, 8, 9, 12, 13];
    let register = if dtype == Dtype::Bool {
        let one = e.splat_bits(types::I32X4, 1);
        e.builder.ins().band(register, one)
    } else {
        register
    };
    let bytes = e.bitcast(types::I8X16, register);
    let packed = e.shuffle(bytes, bytes, if dtype.size() == 2 { PAIRS } else { BYTES });
    let ty = if dtype.size() == 2 { types::I64X2 } else { types::I32X4 };
    let packed = e.bitcast(ty, packed);
    e.builder.ins().extractlane(packed, 0)
}

/// The lanes in the opposite order.
fn turned(e: &mut Emitter, registers: Registers) -> Registers {
    const TWO: [u8; 16] = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];
    const FOUR: [u8; 16] = [12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3];
    let ty = registers.ty(e);
    let order = if ty.lane_count() == 2 { TWO } else { FOUR };
    let turned = registers.values().iter().rev().map(|&register| {
        let bytes = e.bitcast(types::I8X16, register);
        let turned = e.shuffle(bytes, bytes, order);
        e.bitcast(ty, turned)
    });
    Registers::of(&turned.collect::<Vec<_>>())
}

fn moved(address: Address, bytes: i64) -> Address {
    Address { offset: address.offset + bytes as i32, ..address }
}
