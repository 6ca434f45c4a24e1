//! What is sent at last: spans, metrics, logs.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, Weak, mpsc},
    time::{Duration, Instant},
};

/// What a flush sends. Logs go last, because they tell of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Telemetry {
    /// Metrics that are sent or scraped.
    Metrics,
    /// Spans.
    Traces,
    /// Logs.
    Logs,
}

/// How long the last lines of a process are waited for.
pub(super) const LAST_LOGS: Duration = Duration::from_millis(100);

type Flush = Arc<dyn Fn(Duration) -> bool + Send + Sync>;

#[derive(Clone)]
struct Hook {
    id: u64,
    name: &'static str,
    what: Telemetry,
    flush: Flush,
}

#[derive(Default)]
pub(super) struct Hooks(Mutex<(u64, Vec<Hook>)>);

/// Keeps a flush registered; dropping it takes it back.
#[must_use = "the flush is taken back when this is dropped"]
pub struct FlushHook {
    id: u64,
    hooks: Weak<Hooks>,
}

impl FlushHook {
    /// Leaves it registered for good.
    pub fn forever(self) {
        std::mem::forget(self);
    }
}

impl Drop for FlushHook {
    fn drop(&mut self) {
        if let Some(hooks) = self.hooks.upgrade() {
            hooks.0.lock().unwrap_or_else(PoisonError::into_inner).1.retain(|hook| hook.id != self.id);
        }
    }
}

impl fmt::Debug for FlushHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlushHook").field("id", &self.id).finish()
    }
}

impl Hooks {
    pub(super) fn add(
        self: &Arc<Self>,
        name: &'static str,
        what: Telemetry,
        flush: impl Fn(Duration) -> bool + Send + Sync + 'static,
    ) -> FlushHook {
        let mut hooks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hooks.0 += 1;
        let id = hooks.0;
        hooks.1.push(Hook { id, name, what, flush: Arc::new(flush) });
        FlushHook { id, hooks: Arc::downgrade(self) }
    }

    fn of(&self, is_wanted: impl Fn(Telemetry) -> bool) -> Vec<Hook> {
        let hooks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hooks.1.iter().filter(|hook| is_wanted(hook.what)).cloned().collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.of(|_| true).is_empty()
    }

    /// Flushes all, the logs last and with a quarter of the time kept for them.
    pub(super) fn run(&self, within: Duration) {
        let end = Instant::now() + within;
        side_by_side(self.of(|what| what != Telemetry::Logs), within / 4 * 3);
        self.run_logs(end.saturating_duration_since(Instant::now()));
    }

    pub(super) fn run_logs(&self, within: Duration) {
        side_by_side(self.of(|what| what == Telemetry::Logs), within);
    }
}

/// Each on a thread of its own, as one that hangs must delay no other.
fn side_by_side(hooks: Vec<Hook>, within: Duration) {
    let end = Instant::now() + within;
    let (ended, wait) = mpsc::channel();
    let mut left = Vec::new();
    for hook in hooks {
        let (ended, name) = (ended.clone(), hook.name);
        left.push(name);
        let flush = move || {
            let is_flushed = catch_unwind(AssertUnwindSafe(|| (hook.flush)(within))).unwrap_or(false);
            let _ = ended.send((name, is_flushed));
        };
        let thread = std::thread::Builder::new().name(format!("mainstay-flush-{name}"));
        if let Err(error) = thread.spawn(flush) {
            tracing::warn!(target: "mainstay", telemetry = name, %error, "no thread can be had to flush");
            left.pop();
        }
    }
    while !left.is_empty() {
        match wait.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok((name, is_flushed)) => {
                left.retain(|other| *other != name);
                if !is_flushed {
                    tracing::warn!(target: "mainstay", telemetry = name, "not all could be sent at the shutdown");
                }
            }
            Err(_) => {
                tracing::warn!(target: "mainstay", telemetry = left.join(", "), "sending took too long at the shutdown");
                return;
            }
        }
    }
}
