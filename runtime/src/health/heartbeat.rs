//! Whether a runtime moves, seen from another thread: it is given a task that does nothing, four times a second.

use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    // The system's own: whether threads really move is asked, also of a runtime whose clock is paused.
    time::{Duration, Instant},
};

use tokio::runtime::Handle;

/// How often it is asked to move.
const PERIOD: Duration = Duration::from_millis(250);
/// After so long without a move a runtime is degraded.
pub(super) const SLOW: Duration = Duration::from_secs(1);

/// What is known of the beat. The time comes in.
#[derive(Debug, Default)]
struct Beat {
    /// When the task was given that has not run yet.
    waiting: Option<Instant>,
    /// How long the last one waited that has run.
    lag: Duration,
    gone: bool,
}

impl Beat {
    /// Whether a task is to be given now.
    fn ask(&mut self, now: Instant) -> bool {
        let idle = self.waiting.is_none() && !self.gone;
        if idle {
            self.waiting = Some(now);
        }
        idle
    }

    fn answered(&mut self, now: Instant) {
        if let Some(since) = self.waiting.take() {
            self.lag = now.saturating_duration_since(since);
        }
    }

    fn lost(&mut self) {
        self.waiting = None;
        self.gone = true;
    }

    fn stalled(&self, now: Instant) -> Duration {
        self.waiting.map_or(Duration::ZERO, |since| now.saturating_duration_since(since))
    }
}

/// Watches a runtime until it is dropped, or the runtime is.
#[derive(Debug)]
pub(super) struct Heartbeat {
    handle: Handle,
    beat: Arc<Mutex<Beat>>,
}

impl Heartbeat {
    pub(super) fn start(handle: Handle) -> Arc<Self> {
        let heartbeat = Arc::new(Self { handle, beat: Arc::default() });
        heartbeat.ask();
        let watched = Arc::downgrade(&heartbeat);
        let thread = std::thread::Builder::new().name("mainstay-beat".into()).spawn(move || watch(&watched));
        if let Err(error) = thread {
            tracing::error!(target: "mainstay", %error, "no thread to watch the runtime from: only reports will");
        }
        heartbeat
    }

    /// Gives the runtime a task, unless it has one of ours already.
    pub(super) fn ask(&self) {
        if self.locked(|beat| beat.ask(Instant::now())) {
            let answer = Answer { beat: Arc::clone(&self.beat), ran: false };
            self.handle.spawn(async move { answer.ran() });
        }
    }

    /// How long the runtime has not moved. Zero for one that is gone.
    pub(super) fn stalled(&self) -> Duration {
        self.locked(|beat| beat.stalled(Instant::now()))
    }

    /// How long a task waited for its turn last, or waits already.
    pub(super) fn lag(&self) -> Duration {
        self.locked(|beat| beat.lag.max(beat.stalled(Instant::now())))
    }

    pub(super) fn is_gone(&self) -> bool {
        self.locked(|beat| beat.gone)
    }

    fn locked<T>(&self, look: impl FnOnce(&mut Beat) -> T) -> T {
        look(&mut self.beat.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn watch(watched: &Weak<Heartbeat>) {
    let mut was_stalled = false;
    while let Some(heartbeat) = watched.upgrade() {
        if heartbeat.is_gone() {
            return;
        }
        heartbeat.ask();
        let stalled = heartbeat.stalled();
        drop(heartbeat);
        match (was_stalled, stalled >= SLOW) {
            (false, true) => {
                tracing::warn!(target: "mainstay", ?stalled, "the runtime does not move: its threads are blocked")
            }
            (true, false) => tracing::info!(target: "mainstay", "the runtime moves again"),
            _ => {}
        }
        was_stalled = stalled >= SLOW;
        std::thread::sleep(PERIOD);
    }
}

struct Answer {
    beat: Arc<Mutex<Beat>>,
    ran: bool,
}

impl Answer {
    fn ran(mut self) {
        self.ran = true;
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        let mut beat = self.beat.lock().unwrap_or_else(PoisonError::into_inner);
        if self.ran {
            beat.answered(Instant::now());
        } else {
            beat.lost();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_has_stalled_for_as_long_as_its_task_waits() {
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        let mut beat = Beat::default();
        assert!(beat.ask(start));
        assert!(!beat.ask(after(250)), "there is a task already");
        assert_eq!(beat.stalled(after(3200)), Duration::from_millis(3200));
        beat.answered(after(3300));
        assert_eq!(beat.stalled(after(4000)), Duration::ZERO);
        assert_eq!(beat.lag, Duration::from_millis(3300));
        assert!(beat.ask(after(4000)));
    }

    #[test]
    fn a_runtime_that_is_gone_is_not_asked_again_and_has_not_stalled() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let heartbeat = Heartbeat::start(runtime.handle().clone());
        assert!(!heartbeat.is_gone());
        drop(runtime);
        assert!(heartbeat.is_gone());
        assert_eq!(heartbeat.stalled(), Duration::ZERO);
        heartbeat.ask();
        assert_eq!(heartbeat.lag(), Duration::ZERO);
    }

    #[test]
    fn a_runtime_that_moves_answers_and_a_blocked_one_does_when_it_moves_again() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let heartbeat = Heartbeat::start(runtime.handle().clone());
        // Nobody runs it: it stands still for as long as this takes.
        let waiting = heartbeat.locked(|beat| beat.waiting);
        assert!(waiting.is_some());
        while heartbeat.stalled() < Duration::from_millis(1) {
            std::thread::yield_now();
        }
        while heartbeat.locked(|beat| beat.waiting) == waiting {
            runtime.block_on(tokio::task::yield_now());
        }
        assert!(heartbeat.lag() >= Duration::from_millis(1));
    }
}
