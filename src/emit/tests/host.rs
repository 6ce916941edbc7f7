//! A runtime for tests: serial, with counters.

use super::super::{Code, emit};
use crate::base::abi::{Context, FaultRecord, Region, Table, status};
use crate::base::{op, tree};
use crate::loops::Module;
use std::alloc::Layout;
use std::sync::atomic::{AtomicU32, Ordering};

/// What a call did besides its results.
#[derive(Default)]
pub struct Host {
    pub interrupt: AtomicU32,
    /// What `poll` answers.
    pub answer: i32,
    pub stack_limit: usize,
    pub polls: u32,
    pub allocated: Vec<u64>,
    pub retained: Vec<u64>,
    pub released: Vec<u64>,
    /// The largest `parallel` of a region.
    pub parallel: u32,
}

/// Why a call returned early.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Early {
    Fault { site: u32, values: Vec<i64> },
    Status(i32),
}

impl Host {
    pub fn run(&mut self, module: &Module, args: &[u64], results: usize) -> Result<Vec<u64>, Early> {
        self.call(&emit(module).unwrap_or_else(|bug| panic!("{bug}")), args, results)
    }

    pub fn call(&mut self, code: &Code, args: &[u64], results: usize) -> Result<Vec<u64>, Early> {
        let mut slots = vec![0; results];
        let mut context = Context {
            table: &TABLE,
            interrupt: &self.interrupt,
            stack_limit: self.stack_limit,
            fault: FaultRecord::default(),
            polled: 0,
            arrays: std::ptr::null_mut(),
            call: self as *mut Host as *const u8,
        };
        // SAFETY: the tests give as many slots as the kernel has parameters and results.
        let status = unsafe { code.entry()(&mut context, args.as_ptr(), slots.as_mut_ptr()) };
        match status {
            status::OK => Ok(slots),
            status::FAULT => {
                let FaultRecord { site, count, values } = context.fault;
                Err(Early::Fault { site, values: values[..count as usize].to_vec() })
            }
            other => Err(Early::Status(other)),
        }
    }
}

static TABLE: Table =
    Table { allocate, retain, release, run, poll, disjoint, fmod, fma, fmaf, product, power };

fn host<'a>(context: *mut Context) -> &'a mut Host {
    // SAFETY: `Host::call` put its own address there and waits for the kernel.
    unsafe { &mut *((*context).call as *mut Host) }
}

unsafe extern "C" fn allocate(context: *mut Context, bytes: u64) -> u64 {
    if bytes > 1 << 20 {
        return 0;
    }
    let layout = Layout::from_size_align(bytes.max(1) as usize, 64).unwrap();
    // SAFETY: the size is not 0.
    let address = unsafe { std::alloc::alloc(layout) } as u64;
    host(context).allocated.push(address);
    address
}

unsafe extern "C" fn retain(context: *mut Context, owner: u64) {
    host(context).retained.push(owner);
}

unsafe extern "C" fn release(context: *mut Context, owner: u64) {
    host(context).released.push(owner);
}

unsafe extern "C" fn poll(context: *mut Context) -> i32 {
    host(context).polls += 1;
    host(context).answer
}

/// Chunks of 100 iterations without reductions; else the tree.
unsafe extern "C" fn run(context: *mut Context, region: *const Region, partials: *mut u64) -> i32 {
    // SAFETY: generated code passes a region on its stack.
    let region = unsafe { &*region };
    host(context).parallel = host(context).parallel.max(region.parallel);
    assert_eq!(region.combine.is_some(), region.partials > 0);
    assert!(region.cost >= 1);
    if region.partials > 0 {
        return if region.begin < region.end {
            node(context, region, region.begin, region.end, partials)
        } else {
            0
        };
    }
    let mut begin = region.begin;
    while begin < region.end {
        let end = (begin + 100).min(region.end);
        // SAFETY: the body has this signature.
        let status = unsafe { (region.body)(context, region.env, begin, end, partials) };
        if status != status::OK {
            return status;
        }
        begin = end;
    }
    status::OK
}

fn node(context: *mut Context, region: &Region, begin: i64, end: i64, partials: *mut u64) -> i32 {
    let length = (end - begin) as usize;
    if length <= tree::RUN {
        // SAFETY: the body has this signature.
        return unsafe { (region.body)(context, region.env, begin, end, partials) };
    }
    let middle = begin + tree::split(length) as i64;
    let mut right = vec![0u64; region.partials as usize];
    let status = node(context, region, begin, middle, partials);
    if status != status::OK {
        return status;
    }
    let status = node(context, region, middle, end, right.as_mut_ptr());
    // SAFETY: both sides hold as many partials as the region says.
    unsafe { region.combine.unwrap()(partials, right.as_ptr()) };
    status
}

/// Arrays of rank 1 with positive strides are enough here.
unsafe extern "C" fn product(_: *mut Context, _: *const u64, _: u64) -> i32 {
    status::FAULT
}

unsafe extern "C" fn disjoint(a: *const u64, ra: u64, sa: u64, b: *const u64, rb: u64, sb: u64) -> u64 {
    assert_eq!((ra, rb), (1, 1));
    // SAFETY: generated code passes four slots for each.
    let range = |slots: *const u64, size: u64| unsafe {
        let base = *slots;
        base..base + (*slots.add(2) - 1) * *slots.add(3) + size
    };
    let (a, b) = (range(a, sa), range(b, sb));
    (a.end <= b.start || b.end <= a.start) as u64
}

unsafe extern "C" fn fmod(x: f64, y: f64) -> f64 {
    x % y
}

unsafe extern "C" fn fma(a: f64, b: f64, c: f64) -> f64 {
    a.mul_add(b, c)
}

unsafe extern "C" fn fmaf(a: f32, b: f32, c: f32) -> f32 {
    a.mul_add(b, c)
}

unsafe extern "C" fn power(base: i64, exponent: i64, signed: u64) -> i64 {
    op::power(base, exponent, signed != 0)
}

impl Host {
    pub fn interrupted(answer: i32) -> Host {
        let host = Host { answer, ..Host::default() };
        host.interrupt.store(1, Ordering::Relaxed);
        host
    }
}
