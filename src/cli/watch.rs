//! While a kernel runs: Ctrl-C cancels it, and a terminal sees a progress bar once it has run for a second.

use durum::{CancelToken, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Work that takes less shows no bar.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);

/// The first Ctrl-C cancels the kernel, the second ends the process.
pub fn cancel_on_interrupt() -> CancelToken {
    let token = CancelToken::new();
    let cancelled = token.clone();
    // Without a handler Ctrl-C ends the process, which is good enough.
    let _ = ctrlc::set_handler(move || {
        if cancelled.is_cancelled() {
            std::process::exit(super::failure::FAILED.into());
        }
        cancelled.cancel();
    });
    token
}

/// Runs `f` with a bar for its progress if standard error is a terminal.
pub fn with_progress<T>(progress: &Progress, f: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return f();
    }
    thread::scope(|scope| {
        let (done, running) = channel::<()>();
        scope.spawn(move || {
            if running.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            show(&running, progress);
        });
        let result = f();
        drop(done);
        result
    })
}

/// Draws the bar until the kernel is done. Work outside parallel loops is not counted, and shows none.
fn show(running: &Receiver<()>, progress: &Progress) {
    let mut bar = None;
    while running.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        let (position, length) = progress.get();
        if length > 0 {
            let bar =
                bar.get_or_insert_with(|| ProgressBar::new(length).with_style(ProgressStyle::default_bar()));
            bar.set_length(length);
            bar.set_position(position);
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}
