//! A compiled kernel: owns its code, checks arguments, calls it.

use crate::arguments::{Arg, Value};
use crate::base::abi::{array_slots, status};
use crate::base::op::cast;
use crate::base::{Dtype, Fault, FaultKind, FaultSite, Scalar, Type};
use crate::error::Error;
use crate::pipeline::Compiled;
use crate::runtime::{Call, Limits, OwnedArray, Outcome, Pool, RawArray, Schedule};

/// Slots that fit the stack; more go to the heap.
const INLINE_SLOTS: usize = 64;

/// What a call runs with.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub pool: &'a Pool,
    pub limits: &'a Limits,
    pub schedule: &'a Schedule,
}

/// Calls compiled code with arguments of the types that it was compiled for.
pub(crate) fn call(compiled: &Compiled, args: &[Arg], surroundings: Surroundings) -> Result<Value, Error> {
    check_writable(&compiled.writes, args)?;
    let needed: usize = compiled.params.iter().map(slots_of).sum();
    let mut inline = [0u64; INLINE_SLOTS];
    let mut heap = vec![];
    let slots = if needed <= INLINE_SLOTS {
        &mut inline[..needed]
    } else {
        heap.resize(needed, 0);
        &mut heap[..]
    };
    fill_slots(&compiled.params, args, slots);
    enter(compiled, slots, surroundings)
}

pub(crate) fn check_writable(writes: &[bool], args: &[Arg]) -> Result<(), Error> {
    for (position, (arg, written)) in args.iter().zip(writes).enumerate() {
        let Some(raw) = arg.raw().filter(|_| *written) else { continue };
        if !raw.is_writable() {
            return Err(Error::Usage(format!("argument {} is read-only, but the kernel writes it", position + 1)));
        }
        if raw.overlaps_itself() {
            return Err(Error::Usage(format!(
                "argument {} overlaps itself (a stride is 0), but the kernel writes it",
                position + 1
            )));
        }
    }
    Ok(())
}

fn slots_of(ty: &Type) -> usize {
    match ty {
        Type::None => 0,
        Type::Weak(_) | Type::Scalar(_) => 1,
        Type::Array(array) => array_slots(array.rank()),
        Type::Tuple(items) => items.iter().map(slots_of).sum(),
    }
}

fn fill_slots(params: &[Type], args: &[Arg], slots: &mut [u64]) {
    let mut at = 0;
    for (ty, arg) in params.iter().zip(args) {
        let size = slots_of(ty);
        if let (Some(scalar), Some(dtype)) = (arg.scalar(), ty.scalar()) {
            slots[at] = cast(scalar, dtype).bits;
        } else if let Some(raw) = arg.raw() {
            raw.write_slots(0, &mut slots[at..at + size]);
        }
        at += size;
    }
}

/// Enters the code. `slots` are what [`fill_slots`] made of live arguments.
pub(crate) fn enter(compiled: &Compiled, slots: &[u64], surroundings: Surroundings) -> Result<Value, Error> {
    let mut inline = [0u64; INLINE_SLOTS];
    let mut heap = vec![];
    let count = slots_of(&compiled.result);
    let results = if count <= INLINE_SLOTS {
        &mut inline[..count]
    } else {
        heap.resize(count, 0);
        &mut heap[..]
    };
    let entry = compiled.code.entry();
    let mut value = Value::None;
    let call = Call::new(surroundings.pool, surroundings.limits, surroundings.schedule);
    let outcome = call.enter(|context| {
        // SAFETY: `compiled.code` is alive, and its entry takes exactly the slots that its parameter and result types say; arrays in
        // `slots` describe memory that the caller of this function has borrowed for the call.
        let status = unsafe { entry(context, slots.as_ptr(), results.as_mut_ptr()) };
        if status == status::OK {
            let mut at = 0;
            value = take_result(context, &compiled.result, results, &mut at);
        }
        status
    });
    match outcome {
        Outcome::Ok => Ok(value),
        Outcome::Fault(record) => Err(fault_of(&compiled.sites, record.site, &record.values[..record.count as usize])),
        Outcome::Cancelled => Err(limit(FaultKind::Cancelled)),
        Outcome::TimedOut => Err(limit(FaultKind::TimedOut)),
    }
}

fn fault_of(sites: &[FaultSite], site: u32, values: &[i64]) -> Error {
    match sites.get(site as usize) {
        Some(site) => Error::of_fault(site.fault(values)),
        None => Error::Bug(format!("unknown fault site {site}")),
    }
}

pub(crate) fn limit(kind: FaultKind) -> Error {
    Error::Limit(Fault { kind, span: None, values: vec![], loops: vec![] })
}

fn take_result(context: &mut crate::base::abi::Context, ty: &Type, slots: &[u64], at: &mut usize) -> Value {
    match ty {
        Type::None => Value::None,
        Type::Weak(_) | Type::Scalar(_) => {
            let scalar = scalar_of(ty.scalar().expect("a scalar"), slots[*at]);
            *at += 1;
            Value::of_scalar(scalar, ty)
        }
        Type::Array(array) => {
            let size = array_slots(array.rank());
            let run = &slots[*at..*at + size];
            *at += size;
            // SAFETY: the kernel has just returned this array in these slots, and each is taken once.
            Value::Array(unsafe { OwnedArray::take(context, run, array.dtype) })
        }
        Type::Tuple(items) => Value::Tuple(items.iter().map(|item| take_result(context, item, slots, at)).collect()),
    }
}

fn scalar_of(dtype: Dtype, bits: u64) -> Scalar {
    match dtype {
        Dtype::F64 => Scalar { dtype, bits },
        Dtype::F32 => Scalar { dtype, bits: bits & 0xffff_ffff },
        _ => Scalar::int(dtype, bits as i64),
    }
}

/// How array arguments overlap, for the specialisation; pairs of which neither is written do not count.
pub(crate) fn aliasing(raws: &[Option<&RawArray>]) -> crate::lower::Aliasing {
    use crate::lower::{Aliasing, ParamAlias};
    use crate::runtime::Overlap;
    let mut params = vec![ParamAlias::Own; raws.len()];
    for later in 1..raws.len() {
        let Some(b) = raws[later] else { continue };
        for earlier in 0..later {
            let Some(a) = raws[earlier] else { continue };
            if !a.is_writable() && !b.is_writable() {
                continue;
            }
            match a.overlap(b) {
                Overlap::Disjoint => {}
                Overlap::Same if a.dtype() == b.dtype() && params[later] == ParamAlias::Own => {
                    params[later] = match params[earlier] {
                        ParamAlias::Own => ParamAlias::Same(earlier),
                        ParamAlias::Same(first) => ParamAlias::Same(first),
                        ParamAlias::Shared => ParamAlias::Shared,
                    };
                }
                Overlap::Same | Overlap::Other => {
                    params[later] = ParamAlias::Shared;
                    params[earlier] = ParamAlias::Shared;
                }
            }
        }
    }
    share_groups(&mut params);
    Aliasing { params }
}

/// A parameter that is the same as one that is shared is shared itself.
fn share_groups(params: &mut [crate::lower::ParamAlias]) {
    use crate::lower::ParamAlias;
    for position in 0..params.len() {
        if let ParamAlias::Same(first) = params[position] {
            if params[first] == ParamAlias::Shared {
                params[position] = ParamAlias::Shared;
            }
        }
    }
}
