//! A value per process: a forked child inherits memory but no threads, so what owns threads is built anew there.
//!
//! No lock is held while building, so that a fork at any moment leaves the child with something usable.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

pub(super) struct PerProcess<T> {
    current: AtomicPtr<Built<T>>,
}

struct Built<T> {
    process: u32,
    value: T,
}

impl<T> PerProcess<T> {
    pub(super) const fn new() -> PerProcess<T> {
        PerProcess { current: AtomicPtr::new(ptr::null_mut()) }
    }

    /// This process's value, built on first use. Two threads may both build; one result is dropped.
    pub(super) fn get(&self, build: impl FnOnce() -> T) -> &T {
        let process = std::process::id();
        let mut seen = self.current.load(Ordering::Acquire);
        if let Some(value) = self.belonging_to(process, seen) {
            return value;
        }
        let fresh = Box::into_raw(Box::new(Built { process, value: build() }));
        loop {
            match self.current.compare_exchange(seen, fresh, Ordering::AcqRel, Ordering::Acquire) {
                // What an ancestor process left is forgotten: dropping it would wait for its threads.
                Ok(_) => seen = fresh,
                Err(now) => seen = now,
            }
            if let Some(value) = self.belonging_to(process, seen) {
                if !ptr::eq(seen, fresh) {
                    // SAFETY: `fresh` came from `Box::into_raw` above and was never published.
                    drop(unsafe { Box::from_raw(fresh) });
                }
                return value;
            }
        }
    }

    fn belonging_to(&self, process: u32, built: *mut Built<T>) -> Option<&T> {
        // SAFETY: `current` is null or a box that is freed only by `drop`, which has the exclusive reference.
        let built = unsafe { built.as_ref() }?;
        (built.process == process).then_some(&built.value)
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        let built = *self.current.get_mut();
        if self.belonging_to(std::process::id(), built).is_some() {
            // SAFETY: it came from `Box::into_raw`, and nobody else has a reference.
            drop(unsafe { Box::from_raw(built) });
        }
    }
}
