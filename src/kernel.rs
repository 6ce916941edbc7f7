//! A compiled kernel: owns its code, checks arguments, calls it.

use crate::arguments::{Arg, Value};
use crate::base::abi::{array_slots, status};
use crate::base::op::cast;
use crate::base::types::MAX_EXTENT;
use crate::base::{Dtype, Fault, FaultKind, FaultSite, Scalar, Type};
use crate::error::Error;
use crate::pipeline::Compiled;
use crate::runtime::{Call, Limits, Outcome, OwnedArray, Pool, RawArray, Schedule};
use crate::typed::Passed;

/// Slots that fit the stack; more go to the heap.
const INLINE_SLOTS: usize = 32;

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
    with_slots(compiled.params.iter().map(slots_of).sum(), |slots| {
        let passed = args.iter().map(|arg| (arg.scalar(), arg.raw()));
        fill_slots(&compiled.params, passed, slots);
        enter(compiled, slots, surroundings)
    })
}

/// The same for arguments of a typed call, which have been checked.
pub(crate) fn call_passed(
    compiled: &Compiled,
    passed: &[Passed],
    surroundings: Surroundings,
) -> Result<Value, Error> {
    with_slots(compiled.params.iter().map(slots_of).sum(), |slots| {
        let passed = passed.iter().map(|argument| match argument {
            Passed::Scalar(scalar) => (Some(*scalar), None),
            Passed::Array(raw) => (None, Some(raw)),
        });
        fill_slots(&compiled.params, passed, slots);
        enter(compiled, slots, surroundings)
    })
}

fn with_slots<T>(count: usize, f: impl FnOnce(&mut [u64]) -> T) -> T {
    if count <= INLINE_SLOTS { f(&mut [0; INLINE_SLOTS][..count]) } else { f(&mut vec![0; count]) }
}

pub(crate) fn check_writable(writes: &[bool], args: &[Arg]) -> Result<(), Error> {
    for (position, (arg, written)) in args.iter().zip(writes).enumerate() {
        check_one(position, arg.raw().filter(|_| *written))?;
    }
    Ok(())
}

pub(crate) fn check_raw_writable(writes: &[bool], raws: &[Option<&RawArray>]) -> Result<(), Error> {
    for (position, (raw, written)) in raws.iter().zip(writes).enumerate() {
        check_one(position, raw.filter(|_| *written))?;
    }
    Ok(())
}

/// An array that the kernel writes must be writable and have no two indices for one element.
fn check_one(position: usize, written: Option<&RawArray>) -> Result<(), Error> {
    let Some(raw) = written else { return Ok(()) };
    let number = position + 1;
    if !raw.is_writable() {
        return Err(Error::Usage(format!("argument {number} is read-only, but the kernel writes it")));
    }
    if raw.overlaps_itself() {
        return Err(Error::Usage(format!(
            "argument {number} overlaps itself (stride 0), but the kernel writes it"
        )));
    }
    Ok(())
}

fn slots_of(ty: &Type) -> usize {
    match ty {
        Type::None | Type::Dtype(_) => 0,
        Type::Weak(_) | Type::Scalar(_) => 1,
        Type::Array(array) => array_slots(array.rank()),
        Type::Tuple(items) => items.iter().map(slots_of).sum(),
    }
}

fn fill_slots<'a>(
    params: &[Type],
    passed: impl Iterator<Item = (Option<Scalar>, Option<&'a RawArray>)>,
    slots: &mut [u64],
) {
    let mut at = 0;
    for (ty, (scalar, raw)) in params.iter().zip(passed) {
        let size = slots_of(ty);
        if let (Some(scalar), Some(dtype)) = (scalar, ty.scalar()) {
            slots[at] = cast(scalar, dtype).bits;
        } else if let Some(raw) = raw {
            raw.write_slots(0, &mut slots[at..at + size]);
        }
        at += size;
    }
}

/// Enters the code. `slots` are what [`fill_slots`] made of live arguments.
fn enter(compiled: &Compiled, slots: &[u64], surroundings: Surroundings) -> Result<Value, Error> {
    with_slots(slots_of(&compiled.result), |results| enter_into(compiled, slots, results, surroundings))
}

fn enter_into(
    compiled: &Compiled,
    slots: &[u64],
    results: &mut [u64],
    surroundings: Surroundings,
) -> Result<Value, Error> {
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
        Outcome::Fault(record) => {
            Err(fault_of(&compiled.sites, record.site, &record.values[..record.count as usize]))
        }
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
        Type::Dtype(dtype) => Value::Dtype(*dtype),
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
        Type::Tuple(items) => {
            Value::Tuple(items.iter().map(|item| take_result(context, item, slots, at)).collect())
        }
    }
}

fn scalar_of(dtype: Dtype, bits: u64) -> Scalar {
    match dtype {
        Dtype::F64 => Scalar { dtype, bits },
        Dtype::F32 => Scalar { dtype, bits: bits & 0xffff_ffff },
        _ => Scalar::int(dtype, bits as i64),
    }
}

/// Refuses arrays larger than analyses of indices assume.
pub(crate) fn check_extents(raws: &[Option<&RawArray>]) -> Result<(), Error> {
    let too_large = |raw: &&RawArray| raw.shape().iter().any(|extent| *extent > MAX_EXTENT as usize);
    match raws.iter().position(|raw| raw.as_ref().is_some_and(too_large)) {
        Some(position) => Err(Error::Usage(format!("argument {} has an extent beyond 2**47", position + 1))),
        None => Ok(()),
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
        if let ParamAlias::Same(first) = params[position]
            && params[first] == ParamAlias::Shared
        {
            params[position] = ParamAlias::Shared;
        }
    }
}
