//! Checks, faults and polls: how a function ends early.

use super::Bug;
use super::function::Emitter;
use crate::base::abi::{Context, FAULT_VALUES, FaultRecord, status};
use crate::base::{Dtype, FaultKind};
use crate::loops::{self, Check, Condition, Site};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use cranelift_entity::EntityRef;
use std::mem::offset_of;

impl<'a> Emitter<'a> {
    /// One compare and branch; the rest is out of the way.
    pub fn check(&mut self, check: &Check) -> Result<(), Bug> {
        let holds = match check.condition {
            Condition::Bounds { index, extent } => {
                let (index, extent) = (self.value(index)?, self.value(extent)?);
                self.builder.ins().icmp(IntCC::UnsignedLessThan, index, extent)
            }
            Condition::True(value) => self.value(value)?,
        };
        let values = self.wide(&check.values)?;
        self.fault_unless(holds, check.site, &values)
    }

    /// Goes on if `holds`, else faults.
    pub fn fault_unless(&mut self, holds: Value, site: Site, values: &[Recorded]) -> Result<(), Bug> {
        let (failed, next) = (self.cold_block(), self.builder.create_block());
        self.stay_if(holds, next, failed);
        self.start(failed);
        self.record(site, values);
        self.leave_with_fault();
        self.start(next);
        Ok(())
    }

    pub fn fault(&mut self, site: Site, values: &[loops::Value]) -> Result<(), Bug> {
        let values = self.wide(values)?;
        self.record(site, &values);
        self.leave_with_fault();
        Ok(())
    }

    fn wide(&self, values: &[loops::Value]) -> Result<Vec<Recorded>, Bug> {
        values.iter().map(|&value| Ok((self.dtype(value), self.value(value)?))).collect()
    }

    /// Fills the context's fault record.
    fn record(&mut self, site: Site, values: &[Recorded]) {
        let at = offset_of!(Context, fault);
        let flags = MemFlagsData::trusted();
        let count = values.len().min(FAULT_VALUES);
        let number = self.builder.ins().iconst(types::I32, site.index() as i64);
        let length = self.builder.ins().iconst(types::I32, count as i64);
        let context = self.context;
        self.builder.ins().store(flags, number, context, (at + offset_of!(FaultRecord, site)) as i32);
        self.builder.ins().store(flags, length, context, (at + offset_of!(FaultRecord, count)) as i32);
        for (k, &(dtype, value)) in values.iter().take(count).enumerate() {
            let wide = self.slot_bits(dtype, value);
            let offset = at + offset_of!(FaultRecord, values) + 8 * k;
            self.builder.ins().store(flags, wide, context, offset as i32);
        }
    }

    fn leave_with_fault(&mut self) {
        let leave = self.leave_block();
        let status = self.builder.ins().iconst(types::I32, status::FAULT as i64);
        self.builder.ins().jump(leave, &[status.into()]);
    }

    /// Recursion: the stack has a limit, and cancelling must work without a loop.
    pub fn guard_stack(&mut self) -> Result<(), Bug> {
        let site = self.module.sites.iter().find(|(_, site)| site.kind == FaultKind::RecursionTooDeep);
        let (site, _) =
            site.ok_or_else(|| Bug("a recursive function without a site for its fault".into()))?;
        let flags = MemFlagsData::trusted().with_readonly();
        let offset = offset_of!(Context, stack_limit) as i32;
        let limit = self.builder.ins().load(types::I64, flags, self.context, offset);
        let stack = self.builder.ins().get_stack_pointer(types::I64);
        let room = self.builder.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, stack, limit);
        self.fault_unless(room, site, &[])?;
        self.poll()
    }

    /// Looks at the interrupt flag. An atomic load, since others may be merged with earlier ones and never see a change.
    pub fn poll(&mut self) -> Result<(), Bug> {
        let constant = MemFlagsData::trusted().with_readonly().with_can_move();
        let offset = offset_of!(Context, interrupt) as i32;
        let flag = self.builder.ins().load(types::I64, constant, self.context, offset);
        let flag = self.builder.ins().atomic_load(types::I32, MemFlagsData::trusted(), flag);
        let (asked, next) = (self.cold_block(), self.builder.create_block());
        self.builder.ins().brif(flag, asked, &[], next, &[]);
        self.builder.seal_block(asked);
        self.builder.switch_to_block(asked);
        let function = self.i64(super::super::poll_address()? as i64);
        let signature = self.builder.import_signature(super::poll_signature());
        self.builder.ins().call_indirect(signature, function, &[self.context]);
        let polled = offset_of!(Context, polled) as i32;
        let status = self.builder.ins().load(types::I32, MemFlagsData::trusted(), self.context, polled);
        let leave = self.leave_block();
        self.builder.ins().brif(status, leave, &[status.into()], next, &[]);
        self.builder.seal_block(next);
        self.builder.switch_to_block(next);
        Ok(())
    }
}

/// A value that a fault reports.
pub type Recorded = (Dtype, Value);
