//! The thread pool: our own rayon pool, never rayon's global one (which hangs in a forked child).
//!
//! Built when the first region wants it, once per process; or handed in by the host.
//! Reads no environment: the number of threads is given or asked of the operating system.

use super::process::PerProcess;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::fmt;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Stack of a worker: recursive kernels run there as deep as on a main thread.
const STACK: usize = 8 << 20;

/// A handle to a pool of threads; clones share it.
#[derive(Clone)]
pub struct Pool {
    inner: Arc<Inner>,
}

struct Inner {
    /// The host's own pool and the process that it belongs to.
    given: Option<(u32, Arc<Threads>)>,
    /// 0 until asked for: reading affinity and cgroup takes tens of microseconds.
    threads: AtomicUsize,
    /// None inside if the system refused to give threads.
    own: PerProcess<Option<Arc<Threads>>>,
}

/// Running threads, and how many offers wait in their queues.
pub(super) struct Threads {
    pool: Arc<ThreadPool>,
    waiting: AtomicUsize,
}

/// Offers that may wait per thread: while all threads are busy, records of finished regions do not pile up.
const WAITING: usize = 4;

impl Threads {
    fn new(pool: Arc<ThreadPool>) -> Arc<Threads> {
        Arc::new(Threads { pool, waiting: AtomicUsize::new(0) })
    }

    /// Has a thread of the pool run `job` when one is free; not at all while too many wait.
    pub(super) fn offer(self: &Arc<Threads>, job: impl FnOnce() + Send + 'static) {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= WAITING * self.pool.current_num_threads() {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return;
        }
        let threads = self.clone();
        self.pool.spawn(move || {
            threads.waiting.fetch_sub(1, Ordering::Relaxed);
            job();
        });
    }
}

impl Pool {
    /// A pool of `threads` threads, or as many as affinity mask and cgroup allow. Starts none yet.
    pub fn new(threads: Option<NonZero<usize>>) -> Pool {
        Pool::from_parts(None, threads.map_or(0, NonZero::get))
    }

    /// Everything runs on the caller.
    pub fn serial() -> Pool {
        Pool::from_parts(None, 1)
    }

    /// Uses the host's pool. In a forked child, where its threads are gone, everything runs on the caller.
    pub fn from_rayon(pool: Arc<ThreadPool>) -> Pool {
        let threads = pool.current_num_threads();
        Pool::from_parts(Some((std::process::id(), Threads::new(pool))), threads)
    }

    fn from_parts(given: Option<(u32, Arc<Threads>)>, threads: usize) -> Pool {
        let inner = Inner { given, threads: AtomicUsize::new(threads), own: PerProcess::new() };
        Pool { inner: Arc::new(inner) }
    }

    /// How many threads work on a region, the caller included.
    pub fn threads(&self) -> usize {
        match self.inner.threads.load(Ordering::Relaxed) {
            0 => {
                let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
                self.inner.threads.store(threads, Ordering::Relaxed);
                threads
            }
            threads => threads,
        }
    }

    /// The threads themselves, started on first use. None if there is one thread only or there are none to have.
    pub fn rayon(&self) -> Option<&ThreadPool> {
        self.helpers().map(|threads| &*threads.pool)
    }

    pub(super) fn helpers(&self) -> Option<&Arc<Threads>> {
        if self.threads() <= 1 {
            return None;
        }
        match &self.inner.given {
            Some((process, threads)) => (*process == std::process::id()).then_some(threads),
            None => self.inner.own.get(|| build(self.threads())).as_ref(),
        }
    }
}

impl Default for Pool {
    fn default() -> Pool {
        Pool::new(None)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Pool({} threads)", self.threads())
    }
}

fn build(threads: usize) -> Option<Arc<Threads>> {
    let builder = ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK);
    let pool = builder.thread_name(|k| format!("durum-{k}")).build().ok()?;
    Some(Threads::new(Arc::new(pool)))
}
