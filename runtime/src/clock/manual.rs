use std::{
    cell::RefCell,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    task::Waker,
    time::Duration,
};

use super::Instant;

/// A clock that moves only when told to, for tests of sync functions and of futures outside a tokio runtime.
///
/// It counts on the threads that [`install`](ManualClock::install) it. A blocking sleep on such a thread moves the
/// clock at once instead of sleeping; a wait for something else ends when it happens or when the clock reaches its
/// limit. Inside a tokio runtime use `tokio::time::pause` instead.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::clock::{self, ManualClock};
///
/// let clock = ManualClock::new();
/// let _installed = clock.install();
/// let start = clock::now();
/// clock.advance(Duration::from_secs(60));
/// clock::sleep_blocking(Duration::from_secs(30)); // returns at once
/// assert_eq!(clock::now().saturating_since(start), Duration::from_secs(90));
/// ```
#[derive(Debug, Clone, Default)]
pub struct ManualClock {
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    now: AtomicU64,
    sleepers: Mutex<Vec<(Instant, Waker)>>,
}

impl Default for State {
    fn default() -> Self {
        Self { now: AtomicU64::new(Instant::START.as_nanos()), sleepers: Mutex::default() }
    }
}

/// How many threads follow a manual clock: where it is zero, reading the clock costs no look at a thread-local.
static INSTALLED: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static CURRENT: RefCell<Vec<ManualClock>> = const { RefCell::new(Vec::new()) };
}

#[inline]
pub(super) fn is_any_installed() -> bool {
    INSTALLED.load(Ordering::Relaxed) != 0
}

pub(super) fn current() -> Option<ManualClock> {
    if !is_any_installed() {
        return None;
    }
    CURRENT.with_borrow(|clocks| clocks.last().cloned())
}

impl ManualClock {
    /// A clock that stands still.
    pub fn new() -> Self {
        Self::default()
    }

    /// The clock that this thread follows, if it follows one.
    pub fn current() -> Option<Self> {
        current()
    }

    /// Makes the policies on this thread follow this clock until the guard is dropped.
    #[must_use = "the clock is followed until the guard is dropped"]
    pub fn install(&self) -> Installed {
        CURRENT.with_borrow_mut(|clocks| clocks.push(self.clone()));
        INSTALLED.fetch_add(1, Ordering::Relaxed);
        Installed { _not_send: std::marker::PhantomData }
    }

    /// The time it shows.
    pub fn now(&self) -> Instant {
        Instant::from_nanos(self.state.now.load(Ordering::Acquire))
    }

    /// Moves it forward and wakes whoever waited for that.
    pub fn advance(&self, by: Duration) {
        // In one step: threads that advance it at the same time add up.
        let moved = |now: u64| Some((Instant::from_nanos(now) + by).as_nanos());
        let _ = self.state.now.fetch_update(Ordering::AcqRel, Ordering::Acquire, moved);
        self.wake_due();
    }

    /// Moves it forward to `instant`, unless that has passed already.
    pub fn advance_to(&self, instant: Instant) {
        self.state.now.fetch_max(instant.as_nanos(), Ordering::AcqRel);
        self.wake_due();
    }

    fn wake_due(&self) {
        let now = self.now();
        let due: Vec<Waker> = {
            let mut sleepers = self.state.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
            let (due, rest) = std::mem::take(&mut *sleepers).into_iter().partition(|(at, _)| *at <= now);
            *sleepers = rest;
            Vec::into_iter(due).map(|(_, waker)| waker).collect()
        };
        due.into_iter().for_each(Waker::wake);
    }

    /// How many waits hang on this clock: what a test looks at before it advances.
    pub fn sleepers(&self) -> usize {
        self.state.sleepers.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether `at` has come; if not, `waker` is woken when it does.
    pub(super) fn poll_reached(&self, at: Instant, waker: &Waker) -> bool {
        self.forget(at, waker);
        let waker = waker.clone();
        let mut sleepers = self.state.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock, so that whoever moves the clock after this finds the waker.
        if self.now() >= at {
            drop(sleepers);
            return true;
        }
        sleepers.push((at, waker));
        false
    }

    /// Forgets a wait that was given up.
    pub(super) fn forget(&self, at: Instant, waker: &Waker) {
        let is_meant = |(when, known): &mut (Instant, Waker)| *when == at && known.will_wake(waker);
        let mut sleepers = self.state.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        let forgotten: Vec<_> = sleepers.extract_if(.., is_meant).collect();
        // Wakers go under no lock: a task may go with its last one, and that task's waits.
        drop(sleepers);
        drop(forgotten);
    }
}

/// Keeps a [`ManualClock`] installed on the thread that made it.
#[derive(Debug)]
pub struct Installed {
    _not_send: std::marker::PhantomData<*const ()>,
}

impl Drop for Installed {
    fn drop(&mut self) {
        CURRENT.with_borrow_mut(|clocks| clocks.pop());
        INSTALLED.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_advance_it_at_the_same_time_add_up() {
        let clock = ManualClock::new();
        let start = clock.now();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..10_000).for_each(|_| clock.advance(Duration::from_nanos(1))));
            }
        });
        assert_eq!(clock.now().saturating_since(start), Duration::from_nanos(40_000));
    }
}
