//! One thread for all deadlines of the process, started by the first: it sets a bit in a call's flag at its time.

use super::process::PerProcess;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

static TIMER: PerProcess<Option<Arc<Timer>>> = PerProcess::new();

struct Timer {
    alarms: Mutex<BTreeMap<Key, Arc<AtomicU32>>>,
    earlier: Condvar,
    next_id: AtomicU64,
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
    alarms.insert(key, flag.clone());
    if alarms.first_key_value().is_some_and(|(first, _)| *first == key) {
        timer.earlier.notify_one();
    }
    drop(alarms);
    Some(Alarm { timer, key })
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.timer.lock().remove(&self.key);
    }
}

impl Timer {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Arc<AtomicU32>>> {
        self.alarms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self) {
        let mut alarms = self.lock();
        loop {
            let now = Instant::now();
            let Some((&(moment, id), flag)) = alarms.first_key_value() else {
                alarms = self.earlier.wait(alarms).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            if moment <= now {
                flag.fetch_or(super::call::DEADLINE, Ordering::Relaxed);
                alarms.remove(&(moment, id));
                continue;
            }
            let waited = self.earlier.wait_timeout(alarms, moment - now);
            alarms = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

fn start() -> Option<Arc<Timer>> {
    let timer = Arc::new(Timer {
        alarms: Mutex::new(BTreeMap::new()),
        earlier: Condvar::new(),
        next_id: AtomicU64::new(0),
    });
    let served = timer.clone();
    let thread = std::thread::Builder::new().name("durum-timer".to_owned()).stack_size(128 << 10);
    thread.spawn(move || served.serve()).ok()?;
    Some(timer)
}
