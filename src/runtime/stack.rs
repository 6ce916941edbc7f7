//! Where the current thread's stack ends, for recursive kernels.

/// Kept free below the limit: for the frame that crosses it, the runtime, and signal handlers.
const RESERVE: usize = 192 << 10;

/// Assumed to be left where the platform does not say.
const GUESS: usize = 256 << 10;

/// No thread is believed to have more than this: an unlimited main stack has other mappings in its way.
const MOST: usize = 512 << 20;

/// Generated code faults below this address. (`stacker` asks the system once per thread.)
pub(super) fn limit() -> usize {
    let here = 0u8;
    let address = std::hint::black_box(&raw const here).addr();
    let left = match stacker::remaining_stack() {
        Some(left) => left.min(MOST).saturating_sub(RESERVE),
        None => GUESS,
    };
    address.saturating_sub(left)
}
