//! Elements, slots and allocations.
//!
//! An element's address is `base + Σ index * stride`. Constants gather in the displacement and the last scaled index
//! stays an addition of its own, which is what the machine's addressing modes take.

use super::function::{Emitter, Fact};
use super::{Bug, clif_type};
use crate::base::Dtype;
use crate::base::abi::Table;
use crate::loops::{self, AliasClass, Array, Site, Store};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    AliasRegion, AliasRegionData, InstBuilder, MemFlagsData, StackSlot, StackSlotData, StackSlotKind, Value,
    types,
};
use std::mem::offset_of;

/// Where an element is.
#[derive(Clone, Copy)]
pub struct Address {
    pub base: Value,
    pub offset: i32,
}

impl<'a> Emitter<'a> {
    pub fn load(&mut self, array: Array, indices: &[loops::Value]) -> Result<Value, Bug> {
        let address = self.address(array, indices)?;
        self.load_at(array, address)
    }

    pub fn load_at(&mut self, array: Array, address: Address) -> Result<Value, Bug> {
        let data = &self.function.arrays[array];
        let flags = self.element_flags(data.class);
        let ty = clif_type(data.dtype)?;
        let loaded = self.builder.ins().load(ty, flags, address.base, address.offset);
        Ok(match data.dtype {
            Dtype::Bool => self.builder.ins().icmp_imm_u(IntCC::NotEqual, loaded, 0),
            _ => loaded,
        })
    }

    pub fn store(&mut self, store: &Store) -> Result<(), Bug> {
        let value = self.value(store.value)?;
        let address = self.address(store.array, &store.indices)?;
        let flags = self.element_flags(self.function.arrays[store.array].class);
        self.builder.ins().store(flags, value, address.base, address.offset);
        Ok(())
    }

    pub fn address(&mut self, array: Array, indices: &[loops::Value]) -> Result<Address, Bug> {
        let data = &self.function.arrays[array];
        if indices.len() != data.rank() {
            return Err(Bug(format!("{} indices of {array} of rank {}", indices.len(), data.rank())));
        }
        let mut base = self.value(data.base)?;
        let mut offset = 0i64;
        for (&index, &stride) in indices.iter().zip(&data.strides) {
            let term = match self.known(stride) {
                Some(stride) => {
                    let (root, constant) = self.split_index(index);
                    offset = offset.wrapping_add(constant.wrapping_mul(stride.as_i64()));
                    self.scaled(root, stride.as_i64())?
                }
                None => self.strided(index, stride)?,
            };
            if let Some(term) = term {
                base = self.builder.ins().iadd(base, term);
            }
        }
        // Room is left for the further registers of a lane loop.
        if offset.abs_diff(0) < 1 << 30 {
            return Ok(Address { base, offset: offset as i32 });
        }
        let base = self.builder.ins().iadd_imm_s(base, offset);
        Ok(Address { base, offset: 0 })
    }

    /// An index as something variable plus a constant.
    fn split_index(&self, index: loops::Value) -> (Option<loops::Value>, i64) {
        match self.facts[index] {
            Fact::Constant(scalar) => (None, scalar.as_i64()),
            Fact::Offset(root, offset) => (Some(root), offset),
            Fact::Nothing | Fact::Identity(_) | Fact::Both(..) | Fact::Either(..) => (Some(index), 0),
        }
    }

    fn scaled(&mut self, index: Option<loops::Value>, stride: i64) -> Result<Option<Value>, Bug> {
        let Some(index) = index else { return Ok(None) };
        let index = self.value(index)?;
        Ok(match stride {
            0 => None,
            1 => Some(index),
            _ if stride > 0 && stride & (stride - 1) == 0 => {
                Some(self.builder.ins().ishl_imm_u(index, stride.trailing_zeros() as i64))
            }
            _ => Some(self.builder.ins().imul_imm_s(index, stride)),
        })
    }

    fn strided(&mut self, index: loops::Value, stride: loops::Value) -> Result<Option<Value>, Bug> {
        let stride = self.value(stride)?;
        Ok(match self.known(index).map(|scalar| scalar.as_i64()) {
            Some(0) => None,
            Some(1) => Some(stride),
            _ => {
                let index = self.value(index)?;
                Some(self.builder.ins().imul(index, stride))
            }
        })
    }

    /// Elements may be unaligned; classes do not overlap, so each is a region of its own.
    pub fn element_flags(&mut self, class: AliasClass) -> MemFlagsData {
        let region = match self.regions[class].expand() {
            Some(region) => region,
            None => {
                let region = self.new_region(class);
                self.regions[class] = region.into();
                region
            }
        };
        MemFlagsData::new().with_notrap().with_alias_region(Some(region))
    }

    fn new_region(&mut self, class: AliasClass) -> AliasRegion {
        let data = AliasRegionData { user_id: class.as_u32(), description: "class".into() };
        self.builder.func.dfg.alias_regions.insert(data)
    }

    /// A slot of the arguments or the environment: nobody writes them while the function runs.
    pub fn load_param(&mut self, dtype: Dtype, slots: Value, slot: usize) -> Result<Value, Bug> {
        let flags = MemFlagsData::trusted().with_readonly().with_can_move();
        Ok(self.builder.ins().load(clif_type(dtype)?, flags, slots, 8 * slot as i32))
    }

    pub fn load_slot(&mut self, dtype: Dtype, slots: Value, slot: usize) -> Result<Value, Bug> {
        Ok(self.builder.ins().load(clif_type(dtype)?, MemFlagsData::trusted(), slots, 8 * slot as i32))
    }

    pub fn store_slot(&mut self, dtype: Dtype, value: Value, slots: Value, slot: usize) {
        let bits = self.slot_bits(dtype, value);
        self.builder.ins().store(MemFlagsData::trusted(), bits, slots, 8 * slot as i32);
    }

    /// A scalar as the 64 bits of its slot.
    pub fn slot_bits(&mut self, dtype: Dtype, value: Value) -> Value {
        let ins = self.builder.ins();
        match dtype {
            Dtype::I64 | Dtype::U64 | Dtype::C64 | Dtype::C128 => value,
            Dtype::I8 | Dtype::I16 | Dtype::I32 => ins.sextend(types::I64, value),
            Dtype::Bool | Dtype::U8 | Dtype::U16 | Dtype::U32 => ins.uextend(types::I64, value),
            Dtype::F64 => ins.bitcast(types::I64, MemFlagsData::new(), value),
            Dtype::F32 => {
                let bits = ins.bitcast(types::I32, MemFlagsData::new(), value);
                self.builder.ins().uextend(types::I64, bits)
            }
        }
    }

    /// Scratch memory of at least `slots` slots; each purpose has one piece, which later uses of it share.
    pub fn scratch(&mut self, purpose: Scratch, slots: usize) -> Value {
        let size = 8 * slots.max(1) as u32;
        let slot = match self.scratch[purpose as usize] {
            Some(slot) => {
                let data = &mut self.builder.func.sized_stack_slots[slot];
                data.size = data.size.max(size);
                slot
            }
            None => {
                let slot = self.stack_slot(size);
                *self.scratch[purpose as usize].insert(slot)
            }
        };
        self.builder.ins().stack_addr(types::I64, slot, 0)
    }

    pub fn stack_slot(&mut self, size: u32) -> StackSlot {
        self.builder.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, size, 4))
    }

    /// `base = owner = allocate(bytes)`; a size that overflows or is refused is a fault.
    pub fn alloc(&mut self, array: Array, site: Site) -> Result<(), Bug> {
        let data = &self.function.arrays[array];
        let mut bytes = self.i64(data.dtype.size() as i64);
        let mut high = None;
        for &extent in &data.extents {
            let extent = self.value(extent)?;
            let over = self.builder.ins().umulhi(bytes, extent);
            bytes = self.builder.ins().imul(bytes, extent);
            high = Some(match high {
                Some(high) => self.builder.ins().bor(high, over),
                None => over,
            });
        }
        if let Some(high) = high {
            let sign = self.builder.ins().ushr_imm_u(bytes, 63);
            let over = self.builder.ins().bor(high, sign);
            let fits = self.builder.ins().icmp_imm_s(IntCC::Equal, over, 0);
            let unknown = self.i64(-1);
            self.fault_unless(fits, site, &[(Dtype::I64, unknown)])?;
        }
        let base = self.table_call(offset_of!(Table, allocate), Some(types::I64), &[self.context, bytes]);
        let base = base.expect("allocate has a result");
        self.fault_unless_nonzero(base, site, bytes)?;
        self.define(data.base, base);
        self.define(data.owner, base);
        Ok(())
    }

    fn fault_unless_nonzero(&mut self, value: Value, site: Site, bytes: Value) -> Result<(), Bug> {
        let there = self.builder.ins().icmp_imm_s(IntCC::NotEqual, value, 0);
        self.fault_unless(there, site, &[(Dtype::I64, bytes)])
    }
}

/// What scratch memory is for.
#[derive(Clone, Copy)]
pub enum Scratch {
    In,
    Out,
    Region,
}
