//! One kernel call: limits, cancellation, deadline, and entering generated code.
//!
//! Generated code looks at one word, the *interrupt flag*, and calls [`poll`] when it is not zero. Cancelling and the
//! timer set bits in it; nothing looks at a clock. A call without limits costs no allocation, lock or thread.

use super::block::{Block, spill};
use super::pool::Pool;
use super::region::Record;
use super::{allocate, stack, timer};
use crate::base::abi::{Context, FaultRecord, status};
use std::fmt;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Bits of the interrupt flag.
pub(super) const CANCELLED: u32 = 1;
pub(super) const DEADLINE: u32 = 2;
/// A chunk of the running region has met a fault: chunks above it are to stop.
pub(super) const FAULTED: u32 = 4;
/// There is no timer thread: every poll looks at the clock.
const WATCH: u32 = 8;

/// What a call may use. The default is: everything.
#[derive(Clone, Default, Debug)]
pub struct Limits {
    /// Counted from [`Call::new`].
    pub timeout: Option<Duration>,
    /// Bytes of arrays that live at one time.
    pub memory: Option<u64>,
    pub cancel: Option<CancelToken>,
    /// Fills new arrays with this byte: programs that read `np.empty` are found.
    pub fill: Option<u8>,
    /// Told of the chunks that are done.
    pub progress: Option<Progress>,
}

/// How parallel regions are run. No result depends on it.
#[derive(Clone, Debug)]
pub struct Schedule {
    pub parallel: bool,
    /// Iterations per chunk, instead of an estimate.
    pub chunk: Option<u64>,
    /// Regions whose estimated cost is below run on the caller.
    pub break_even: Duration,
}

impl Default for Schedule {
    fn default() -> Schedule {
        Schedule { parallel: true, chunk: None, break_even: super::region::BREAK_EVEN }
    }
}

/// Stops the calls that were given a clone of it, from any thread.
#[derive(Clone, Default)]
pub struct CancelToken {
    inner: Arc<TokenState>,
}

#[derive(Default)]
struct TokenState {
    cancelled: AtomicBool,
    /// The flags of running calls.
    flags: Mutex<Vec<Weak<AtomicU32>>>,
}

impl CancelToken {
    pub fn new() -> CancelToken {
        CancelToken::default()
    }

    /// Running calls end with [`Outcome::Cancelled`] soon, later ones at once. There is no way back.
    pub fn cancel(&self) {
        let flags = self.inner.flags.lock().unwrap_or_else(PoisonError::into_inner);
        self.inner.cancelled.store(true, Ordering::Relaxed);
        for flag in flags.iter().filter_map(Weak::upgrade) {
            flag.fetch_or(CANCELLED, Ordering::Relaxed);
        }
    }

    pub fn is_cancelled(&self) -> bool {
        self.inner.cancelled.load(Ordering::Relaxed)
    }

    fn register(&self, flag: &Arc<AtomicU32>) {
        let mut flags = self.inner.flags.lock().unwrap_or_else(PoisonError::into_inner);
        flags.push(Arc::downgrade(flag));
        if self.is_cancelled() {
            flag.fetch_or(CANCELLED, Ordering::Relaxed);
        }
    }

    fn unregister(&self, flag: &Arc<AtomicU32>) {
        let mut flags = self.inner.flags.lock().unwrap_or_else(PoisonError::into_inner);
        flags.retain(|other| !ptr::eq(other.as_ptr(), Arc::as_ptr(flag)));
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "CancelToken({})", if self.is_cancelled() { "cancelled" } else { "live" })
    }
}

/// How far the parallel region at hand has come, for a progress bar; clones share it.
#[derive(Clone, Default, Debug)]
pub struct Progress {
    counts: Arc<(AtomicU64, AtomicU64)>,
}

impl Progress {
    pub fn new() -> Progress {
        Progress::default()
    }

    /// Chunks done and chunks in all of the region that runs or ran last; (0, 0) before the first.
    pub fn get(&self) -> (u64, u64) {
        (self.counts.0.load(Ordering::Relaxed), self.counts.1.load(Ordering::Relaxed))
    }

    pub(super) fn start(&self, total: u64) {
        self.counts.0.store(0, Ordering::Relaxed);
        self.counts.1.store(total, Ordering::Relaxed);
    }

    pub(super) fn advance(&self) {
        self.counts.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// How a call ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    Ok,
    Fault(FaultRecord),
    Cancelled,
    TimedOut,
}

/// What all tasks of one kernel call share.
pub struct Call<'a> {
    pool: &'a Pool,
    limits: &'a Limits,
    schedule: &'a Schedule,
    own_flag: AtomicU32,
    watched: Option<Watched<'a>>,
    /// Bytes in live arrays; counted only under a limit.
    used: AtomicU64,
    kept: Mutex<Vec<Block>>,
}

/// What a call with a deadline or a token has besides: a flag that others hold too.
struct Watched<'a> {
    flag: Arc<AtomicU32>,
    deadline: Option<Instant>,
    _alarm: Option<timer::Alarm>,
    token: Option<&'a CancelToken>,
}

/// A thread of control of a call: what [`Context::call`] points to.
pub(super) struct Task<'a> {
    pub(super) call: &'a Call<'a>,
    /// The region whose chunk this is; null outside of regions.
    pub(super) region: *const Record,
    pub(super) chunk: u64,
}

impl<'a> Call<'a> {
    pub fn new(pool: &'a Pool, limits: &'a Limits, schedule: &'a Schedule) -> Call<'a> {
        Call {
            pool,
            limits,
            schedule,
            own_flag: AtomicU32::new(0),
            watched: (limits.timeout.is_some() || limits.cancel.is_some()).then(|| Watched::new(limits)),
            used: AtomicU64::new(0),
            kept: Mutex::new(Vec::new()),
        }
    }

    /// Runs `kernel` with a context; what it returns is the status. The host must take returned arrays
    /// ([`OwnedArray::take`](super::OwnedArray::take)) inside: all that is left after it is freed.
    pub fn enter(&self, kernel: impl FnOnce(&mut Context) -> i32) -> Outcome {
        let task = Task { call: self, region: ptr::null(), chunk: 0 };
        let (mut status, mut fault) = (self.interrupt_status(), FaultRecord::default());
        if status == status::OK {
            task.run(|context| {
                status = kernel(context);
                if status == status::FAULT {
                    fault = context.fault;
                }
            });
        }
        match status {
            status::OK => Outcome::Ok,
            status::CANCELLED => Outcome::Cancelled,
            status::TIMED_OUT => Outcome::TimedOut,
            _ => Outcome::Fault(fault),
        }
    }

    pub(super) fn pool(&self) -> &Pool {
        self.pool
    }

    pub(super) fn schedule(&self) -> &Schedule {
        self.schedule
    }

    pub(super) fn progress(&self) -> Option<&Progress> {
        self.limits.progress.as_ref()
    }

    pub(super) fn fill(&self) -> Option<u8> {
        self.limits.fill
    }

    /// Where big blocks wait for reuse. Under a limit nowhere: memory freed is to be free.
    pub(super) fn kept(&self) -> Option<&Mutex<Vec<Block>>> {
        self.limits.memory.is_none().then_some(&self.kept)
    }

    pub(super) fn interrupt(&self) -> &AtomicU32 {
        self.watched.as_ref().map_or(&self.own_flag, |watched| &watched.flag)
    }

    /// Whether the whole call is to stop: cancelled, timed out, or OK.
    pub(super) fn interrupt_status(&self) -> i32 {
        let flag = self.interrupt().load(Ordering::Relaxed);
        if flag & CANCELLED != 0 {
            status::CANCELLED
        } else if flag & DEADLINE != 0 || flag & WATCH != 0 && self.is_overdue() {
            status::TIMED_OUT
        } else {
            status::OK
        }
    }

    fn is_overdue(&self) -> bool {
        let deadline = self.watched.as_ref().and_then(|watched| watched.deadline);
        deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Books `size` bytes, if the limit allows.
    pub(super) fn reserve(&self, size: usize) -> bool {
        let Some(limit) = self.limits.memory else { return true };
        let add = |used: u64| used.checked_add(size as u64).filter(|&used| used <= limit);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok()
    }

    pub(super) fn unreserve(&self, size: usize) {
        if self.limits.memory.is_some() {
            self.used.fetch_sub(size as u64, Ordering::Relaxed);
        }
    }

    /// The call that a context belongs to.
    ///
    /// # Safety
    /// `context` is that of a running task, and the reference is not kept beyond it.
    pub(super) unsafe fn of(context: *const Context) -> &'a Call<'a> {
        // SAFETY: the caller's promise; `Task::run` stored the pointer.
        unsafe { (*(*context).call.cast::<Task<'a>>()).call }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let kept = self.kept.get_mut().unwrap_or_else(PoisonError::into_inner);
        if !kept.is_empty() {
            spill(kept);
        }
    }
}

impl<'a> Watched<'a> {
    #[cold]
    fn new(limits: &'a Limits) -> Watched<'a> {
        let flag = Arc::new(AtomicU32::new(0));
        // A timeout beyond the end of time is none.
        let deadline = limits.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let alarm = deadline.and_then(|deadline| timer::set(deadline, &flag));
        if deadline.is_some() && alarm.is_none() {
            flag.fetch_or(WATCH, Ordering::Relaxed);
        }
        if limits.timeout.is_some_and(|timeout| timeout.is_zero()) {
            flag.fetch_or(DEADLINE, Ordering::Relaxed);
        }
        if let Some(token) = &limits.cancel {
            token.register(&flag);
        }
        Watched { flag, deadline, _alarm: alarm, token: limits.cancel.as_ref() }
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        if let Some(token) = self.token {
            token.unregister(&self.flag);
        }
    }
}

impl Task<'_> {
    /// Runs a piece of the call with a context of its own, and frees what arrays it leaves.
    pub(super) fn run(&self, piece: impl FnOnce(&mut Context)) {
        let mut swept = Swept(Context {
            table: &super::TABLE,
            interrupt: self.call.interrupt(),
            stack_limit: stack::limit(),
            fault: FaultRecord::default(),
            polled: 0,
            arrays: ptr::null_mut(),
            call: ptr::from_ref(self).cast(),
        });
        piece(&mut swept.0);
    }
}

/// Sweeps also when the host's closure panics.
struct Swept(Context);

impl Drop for Swept {
    fn drop(&mut self) {
        if !self.0.arrays.is_null() {
            // SAFETY: the context was made by `Task::run`, whose piece has ended.
            unsafe { allocate::sweep(&mut self.0) };
        }
    }
}

/// Whether the task is to stop.
///
/// # Safety
/// `context` is that of a running task.
pub(super) unsafe extern "C" fn poll(context: *mut Context) -> i32 {
    // SAFETY: the caller's promise; a region lives as long as its chunks run.
    let (task, region) = unsafe {
        let task = &*(*context).call.cast::<Task>();
        (task, task.region.as_ref())
    };
    match task.call.interrupt_status() {
        status::OK if region.is_some_and(|region| region.is_above_fault(task.chunk)) => status::CANCELLED,
        status => status,
    }
}
