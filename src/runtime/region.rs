//! Parallel regions: the loops that generated code hands over through `abi::Table::run`.
//!
//! A region worth it becomes a [`Record`], shared by the caller and by helpers on the pool's threads. All claim chunks
//! from one cursor. The caller starts at once, and when no chunk is left waits only for those that others have begun; a
//! helper that comes late finds none and leaves. So no thread ever waits for another to *start*: a region may be
//! entered from a worker of the same pool, from many callers at once, or while the pool is busy.
//!
//! | | |
//! |---|---|
//! | inside another region's chunk | one call of the body on the caller |
//! | estimated cost below the break-even | the same, unless it turns out to take long: see below |
//! | one thread, or `parallel == 0` | the same chunks, by the caller alone, in order |
//! | else | chunks by all |
//!
//! The estimate of a loop that contains others may be far off. So of loops below the break-even (those without
//! reductions, where the division cannot be noticed) the first eighth is timed, and the rest distributed if need be.
//!
//! The fault reported is that of the lowest chunk that has one: chunks are begun in order, so all below it have been begun
//! and run to their end; those above are skipped, or stopped at their next poll.

use super::call::{Call, FAULTED, Task};
use super::plan::Plan;
use super::pool::Threads;
use super::reduce::{Partials, check, join, subtree};
use crate::base::abi::{Context, FaultRecord, Region, status};
use std::ptr;
use std::slice;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};

/// Below this estimated cost a region runs inline. Measured: a sum of 30,000 elements, estimated at 30 µs, takes 8 µs and loses by a third
/// in parallel; one of 100,000 wins as much.
pub(super) const BREAK_EVEN: Duration = Duration::from_micros(60);

/// From this estimated cost on (picoseconds) estimates are checked: the clock and the second start of the body take about 0.3 µs.
const TIMED: u128 = 8_000_000;

/// Iterations estimated below this (picoseconds) contain no loop, and their estimate is not far off.
const SIMPLE: u64 = 8_000;

/// How many times the break-even an underestimated rest must take to be distributed.
const MARGIN: u128 = 3;

/// How often the caller looks before it sleeps: 1 to 3 µs.
const SPINS: usize = 50;

/// # Safety
/// As `abi::Table::run` describes: `context` is that of a running task, the pointers of `region` are valid during the
/// call, `partials` points to `region.partials` slots, and bodies may run at the same time if `region.parallel`.
pub(super) unsafe extern "C" fn run(context: *mut Context, region: *const Region, partials: *mut u64) -> i32 {
    // SAFETY: the caller's promise.
    let (task, region) = unsafe { (&*(*context).call.cast::<Task>(), &*region) };
    if region.end <= region.begin {
        return status::OK;
    }
    let n = region.end.wrapping_sub(region.begin) as u64;
    let cost = u128::from(n) * u128::from(region.cost);
    let schedule = task.call.schedule();
    // SAFETY: the caller's promise.
    unsafe {
        if !task.region.is_null() {
            run_inline(context, region, n, partials)
        } else if cost >= schedule.break_even.as_nanos() * 1000 {
            run_chunks(context, task, region, n, partials)
        } else if cost >= TIMED && is_doubtful(region, n) && is_parallel(task.call, region) {
            run_timed(context, task, region, n)
        } else {
            run_inline(context, region, n, partials)
        }
    }
}

/// Whether the estimate may be far off, and the region can be divided in time.
fn is_doubtful(region: &Region, n: u64) -> bool {
    region.cost >= SIMPLE && n > 1 && region.combine.is_none()
}

fn is_parallel(call: &Call, region: &Region) -> bool {
    region.parallel != 0 && call.schedule().parallel && call.pool().threads() > 1
}

/// # Safety
/// As [`run`].
unsafe fn run_timed(context: *mut Context, task: &Task, region: &Region, n: u64) -> i32 {
    let first = n.div_ceil(8);
    let middle = region.begin.wrapping_add_unsigned(first);
    let start = Instant::now();
    // SAFETY: the caller's promise.
    unsafe {
        let ended = (region.body)(context, region.env, region.begin, middle, ptr::null_mut());
        let cost = start.elapsed().as_nanos() * 1000 / u128::from(first);
        if ended != status::OK || first == n {
            return ended;
        }
        let rest = Region { begin: middle, cost: u64::try_from(cost).unwrap_or(u64::MAX), ..*region };
        if cost * u128::from(n - first) < MARGIN * task.call.schedule().break_even.as_nanos() * 1000 {
            return run_inline(context, &rest, n - first, ptr::null_mut());
        }
        run_chunks(context, task, &rest, n - first, ptr::null_mut())
    }
}

/// # Safety
/// As [`run`].
unsafe fn run_inline(context: *mut Context, region: &Region, n: u64, partials: *mut u64) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        let Some(combine) = region.combine else {
            return (region.body)(context, region.env, region.begin, region.end, partials);
        };
        let identity = Partials::copy(slice::from_raw_parts(partials, region.partials as usize));
        subtree(context, region, combine, identity.slots(), (region.begin, n), partials)
    }
}

/// # Safety
/// As [`run`].
#[inline(never)]
unsafe fn run_chunks(context: *mut Context, task: &Task, region: &Region, n: u64, partials: *mut u64) -> i32 {
    let call = task.call;
    let threads = if is_parallel(call, region) { call.pool().helpers() } else { None };
    let plan = Plan::new(region, n, call.schedule(), threads.map_or(1, |_| call.pool().threads()));
    let slots = if region.combine.is_some() { region.partials as usize } else { 0 };
    // SAFETY: the caller's promise; without slots nothing is read.
    let identity = if slots > 0 { unsafe { slice::from_raw_parts(partials, slots) } } else { &[] };
    let mut cells = identity.repeat(plan.partials(n) as usize);
    let total = plan.total(n);
    let helpers = (call.pool().threads() - 1).min(usize::try_from(total - 1).unwrap_or(usize::MAX));
    let record = Arc::new(Record {
        cursor: AtomicU64::new(0),
        finished: AtomicU64::new(0),
        total,
        lowest_fault: AtomicU64::new(u64::MAX),
        stopped: AtomicI32::new(status::OK),
        fault: Mutex::new(FaultRecord::default()),
        offers: AtomicUsize::new(if threads.is_some() { helpers } else { 0 }),
        threads: threads.cloned(),
        caller: std::thread::current(),
        caller_waits: AtomicBool::new(false),
        work: Work {
            call: ptr::from_ref(call).cast(),
            region: *region,
            n,
            plan,
            cells: cells.as_mut_ptr(),
            slots,
        },
    });
    if let Some(progress) = call.progress() {
        progress.start(total);
    }
    record.offer();
    record.work();
    record.wait();
    // SAFETY: the caller's promise; all chunks are finished, so `cells` is ours again.
    unsafe {
        let ended = record.ended(&mut *context, call);
        if let (Some(combine), status::OK) = (region.combine, ended) {
            join(&record.work.plan, n, combine, &mut cells, slots);
            ptr::copy_nonoverlapping(cells.as_ptr(), partials, slots);
        }
        ended
    }
}

/// A region that is being run. It owns everything that a helper touches before it has claimed a chunk; what
/// `work` points to belongs to the caller, who stays until all claimed chunks are finished.
pub(super) struct Record {
    /// The next chunk; `total` or more when none is left.
    cursor: AtomicU64,
    /// Chunks that are done with, skipped ones included.
    finished: AtomicU64,
    total: u64,
    /// The lowest chunk known to have met a fault.
    lowest_fault: AtomicU64,
    /// The status with which the whole region was stopped.
    stopped: AtomicI32,
    /// That of `lowest_fault`.
    fault: Mutex<FaultRecord>,
    /// How many more helpers may be asked.
    offers: AtomicUsize,
    threads: Option<Arc<Threads>>,
    caller: Thread,
    caller_waits: AtomicBool,
    work: Work,
}

struct Work {
    call: *const Call<'static>,
    region: Region,
    n: u64,
    plan: Plan,
    /// Partials of chunks or iterations, `slots` each.
    cells: *mut u64,
    slots: usize,
}

// SAFETY: what the pointers in `work` lead to is used only between claiming a chunk and finishing it, while the caller
// stays: the call is shared by design, the region's `env` is read only, and each chunk has cells of its own.
unsafe impl Send for Record {}
// SAFETY: as above; all other fields are atomics, locks or never change.
unsafe impl Sync for Record {}

impl Record {
    /// Whether serial execution would have ended before this chunk.
    pub(super) fn is_above_fault(&self, chunk: u64) -> bool {
        chunk > self.lowest_fault.load(Ordering::Relaxed)
    }

    /// Asks up to two helpers, who ask further ones: waking a thread takes microseconds, so the wake-ups are shared.
    fn offer(self: &Arc<Record>) {
        let Some(threads) = &self.threads else { return };
        for _ in 0..2 {
            let one_less = |offers: usize| offers.checked_sub(1);
            if self.offers.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_err() {
                return;
            }
            let record = self.clone();
            threads.offer(move || record.help());
        }
    }

    fn help(self: Arc<Record>) {
        if self.cursor.load(Ordering::Relaxed) < self.total {
            self.offer();
            self.work();
        }
    }

    /// Claims and runs chunks until none is left.
    fn work(&self) {
        loop {
            let chunk = self.cursor.fetch_add(1, Ordering::Relaxed);
            if chunk >= self.total {
                return;
            }
            if !self.is_above_fault(chunk) {
                // SAFETY: the chunk is claimed and not finished.
                unsafe { self.run_claimed(chunk) };
            }
            self.finish(1);
        }
    }

    /// # Safety
    /// The chunk is claimed and not finished.
    unsafe fn run_claimed(&self, chunk: u64) {
        // SAFETY: the caller of the region, who owns the call, stays until the chunk is finished.
        let call = unsafe { &*self.work.call };
        let task = Task { call, region: self, chunk };
        task.run(|context| {
            // SAFETY: `run`'s caller promised that the body may run, and the chunk is ours.
            let ended = unsafe { self.work.run_body(context, chunk) };
            if ended != status::OK {
                self.stop(call, chunk, ended, context.fault);
            }
        });
        if let Some(progress) = call.progress() {
            progress.advance();
        }
    }

    #[cold]
    fn stop(&self, call: &Call, chunk: u64, ended: i32, fault: FaultRecord) {
        if ended == status::FAULT {
            let mut lowest = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
            if chunk < self.lowest_fault.load(Ordering::Relaxed) {
                *lowest = fault;
                self.lowest_fault.store(chunk, Ordering::Relaxed);
            }
            call.interrupt().fetch_or(FAULTED, Ordering::Relaxed);
        } else if !self.is_above_fault(chunk) {
            self.stopped.store(ended, Ordering::Relaxed);
        }
        // Whatever is not begun is above, or does not matter any more.
        let begun = self.cursor.swap(self.total, Ordering::Relaxed).min(self.total);
        if begun < self.total {
            self.finish(self.total - begun);
        }
    }

    /// The last thing done for a chunk: after it the caller may be gone.
    fn finish(&self, chunks: u64) {
        let finished = self.finished.fetch_add(chunks, Ordering::SeqCst) + chunks;
        if finished == self.total && self.caller_waits.load(Ordering::SeqCst) {
            self.caller.unpark();
        }
    }

    /// Waits for the chunks that helpers have begun.
    fn wait(&self) {
        let is_finished = || self.finished.load(Ordering::SeqCst) == self.total;
        for _ in 0..SPINS {
            if is_finished() {
                return;
            }
            std::hint::spin_loop();
        }
        self.caller_waits.store(true, Ordering::SeqCst);
        while !is_finished() {
            std::thread::park();
        }
    }

    /// The status of the whole region, when all chunks are finished.
    fn ended(&self, context: &mut Context, call: &Call) -> i32 {
        let faulted = self.lowest_fault.load(Ordering::Relaxed) != u64::MAX;
        if faulted {
            call.interrupt().fetch_and(!FAULTED, Ordering::Relaxed);
        }
        match self.stopped.load(Ordering::Relaxed) {
            status::OK if faulted => {
                context.fault = *self.fault.lock().unwrap_or_else(PoisonError::into_inner);
                status::FAULT
            }
            stopped => stopped,
        }
    }
}

impl Work {
    /// # Safety
    /// The chunk is claimed and not finished, and `context` is that of its task.
    unsafe fn run_body(&self, context: *mut Context, chunk: u64) -> i32 {
        let region = &self.region;
        let (start, n) = self.plan.chunk(self.n, chunk);
        let begin = region.begin.wrapping_add_unsigned(start);
        let end = begin.wrapping_add_unsigned(n);
        // SAFETY: the caller's promise; cells are per chunk or per iteration, so these are the chunk's own.
        unsafe {
            let stopped = check(context);
            if stopped != status::OK {
                return stopped;
            }
            match (&self.plan, region.combine) {
                (Plan::Subtrees { .. }, Some(combine)) => {
                    let out = self.cells.add(chunk as usize * self.slots);
                    let identity = Partials::copy(slice::from_raw_parts(out, self.slots));
                    subtree(context, region, combine, identity.slots(), (begin, n), out)
                }
                (Plan::Separate { .. }, _) => self.run_separately(context, start, n),
                _ => (region.body)(context, region.env, begin, end, ptr::null_mut()),
            }
        }
    }

    /// # Safety
    /// As [`Work::run_body`].
    unsafe fn run_separately(&self, context: *mut Context, start: u64, n: u64) -> i32 {
        for k in start..start + n {
            let i = self.region.begin.wrapping_add_unsigned(k);
            // SAFETY: the caller's promise; the cell is that of the iteration.
            let ended = unsafe {
                match check(context) {
                    status::OK => {
                        let out = self.cells.add(k as usize * self.slots);
                        (self.region.body)(context, self.region.env, i, i + 1, out)
                    }
                    stopped => stopped,
                }
            };
            if ended != status::OK {
                return ended;
            }
        }
        status::OK
    }
}
