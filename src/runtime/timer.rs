//! One thread for all deadlines of the process, started by the first: it sets a bit in a call's flag at its time.

use super::call::DEADLINE;
use super::process::PerProcess;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

static TIMER: PerProcess<Option<Arc<Timer>>> = PerProcess::new();

struct Timer {
    alarms: Mutex<Alarms>,
    earlier: Condvar,
    next_id: AtomicU64,
}

#[derive(Default)]
struct Alarms {
    flags: BTreeMap<Key, Arc<AtomicU32>>,
    /// When the thread wakes by itself; waking it costs microseconds, so it is left asleep where that is soon enough.
    wakes: Option<Instant>,
}

/// Alarms of one moment are told apart by number.
type Key = (Instant, u64);

/// An alarm that is set; dropping it takes it back.
pub(super) struct Alarm {
    timer: Arc<Timer>,
    key: Key,
}

/// Sets the deadline bit in `flag` at `deadline`. None if the system gives no thread: the caller must then watch the clock.
pub(super) fn set(deadline: Instant, flag: &Arc<AtomicU32>) -> Option<Alarm> {
    let timer = TIMER.get(start).as_ref()?.clone();
    let key = (deadline, timer.next_id.fetch_add(1, Ordering::Relaxed));
    let mut alarms = timer.lock();
    alarms.flags.insert(key, flag.clone());
    if alarms.wakes.is_none_or(|wakes| deadline < wakes) {
        timer.earlier.notify_one();
    }
    drop(alarms);
    Some(Alarm { timer, key })
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.timer.lock().flags.remove(&self.key);
    }
}

impl Timer {
    fn lock(&self) -> MutexGuard<'_, Alarms> {
        self.alarms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self) {
        let mut alarms = self.lock();
        loop {
            let now = Instant::now();
            while let Some(first) = alarms.flags.first_entry().filter(|first| first.key().0 <= now) {
                first.remove().fetch_or(DEADLINE, Ordering::Relaxed);
            }
            alarms.wakes = alarms.flags.first_key_value().map(|(first, _)| first.0);
            alarms = match alarms.wakes {
                Some(moment) => {
                    let waited = self.earlier.wait_timeout(alarms, moment - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.earlier.wait(alarms).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

fn start() -> Option<Arc<Timer>> {
    let timer =
        Arc::new(Timer { alarms: Mutex::default(), earlier: Condvar::new(), next_id: AtomicU64::new(0) });
    let served = timer.clone();
    let thread = std::thread::Builder::new().name("durum-timer".to_owned()).stack_size(128 << 10);
    thread.spawn(move || served.serve()).ok()?;
    Some(timer)
}
