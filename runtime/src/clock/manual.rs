use std::{
    cell::RefCell,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
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
/// An [`automatic`](Self::automatic) one moves by itself where everybody who follows it waits.
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
    automatic: bool,
    waits: Mutex<Waits>,
}

#[derive(Debug, Default)]
struct Waits {
    sleepers: Vec<(Instant, Waker)>,
    /// How many threads follow the clock.
    threads: usize,
    /// How many of them are blocked in a wait of a policy.
    blocked: usize,
    /// How often futures have looked in vain since the clock moved.
    looks: usize,
}

impl Default for State {
    fn default() -> Self {
        Self { now: AtomicU64::new(Instant::START.as_nanos()), automatic: false, waits: Mutex::default() }
    }
}

/// How often each future that waits on an automatic clock looks before the clock moves: others get that many turns.
const TURNS: usize = 16;

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

    /// A clock that moves by itself, to the end of the next wait, as soon as nothing else can happen on it: when every thread
    /// that follows it is blocked in a wait of a policy, or, for futures, when the executor has polled those that wait a
    /// few times in vain. A single thread that sleeps moves it at once.
    ///
    /// A thread that waits for something else, such as another thread's end, says so by [`away`](Self::away).
    ///
    /// ```
    /// use std::time::Duration;
    /// use mainstay_runtime::{Error, bulkhead::Bulkhead, clock::ManualClock};
    ///
    /// let clock = ManualClock::automatic();
    /// let _installed = clock.install();
    /// let bulkhead = Bulkhead::builder(1).max_wait(Duration::from_secs(60)).build("docs.automatic")?;
    /// let _inside = bulkhead.try_enter().unwrap();
    /// assert!(bulkhead.enter().is_err()); // a minute later, at once
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    pub fn automatic() -> Self {
        Self { state: Arc::new(State { automatic: true, ..State::default() }) }
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
        self.waits().threads += 1;
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
            let mut waits = self.waits();
            waits.looks = 0;
            waits.sleepers.extract_if(.., |(at, _)| *at <= now).map(|(_, waker)| waker).collect()
        };
        due.into_iter().for_each(Waker::wake);
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        self.state.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it moves by itself.
    pub(super) fn is_automatic(&self) -> bool {
        self.state.automatic
    }

    /// Runs `operation`, in which this thread waits for something that no policy knows of. Until it is done, an
    /// [`automatic`](Self::automatic) clock moves as if the thread did not follow it.
    pub fn away<T>(&self, operation: impl FnOnce() -> T) -> T {
        self.block();
        self.move_if_all_wait();
        let _back = Back(self);
        operation()
    }

    /// A thread that is about to follow this clock: an [`automatic`](Self::automatic) one waits for it as if it did already,
    /// until what this gives is dropped.
    ///
    /// ```
    /// use std::{thread, time::Duration};
    /// use mainstay_runtime::clock::{self, ManualClock};
    ///
    /// let clock = ManualClock::automatic();
    /// let start = clock.now();
    /// // Both are expected before the first of them begins.
    /// let expected = [2, 1].map(|seconds| (seconds, clock.expect_thread()));
    /// let threads = expected.map(|(seconds, expected)| {
    ///     let clock = clock.clone();
    ///     thread::spawn(move || {
    ///         let _installed = clock.install();
    ///         drop(expected);
    ///         clock::sleep_blocking(Duration::from_secs(seconds));
    ///     })
    /// });
    /// threads.map(|thread| thread.join().unwrap());
    /// assert_eq!(clock.now().saturating_since(start), Duration::from_secs(2));
    /// ```
    pub fn expect_thread(&self) -> ExpectedThread {
        self.waits().threads += 1;
        ExpectedThread { clock: self.clone() }
    }

    fn leave(&self) {
        self.waits().threads -= 1;
        self.move_if_all_wait();
    }

    /// A thread is about to be blocked.
    pub(super) fn block(&self) {
        self.waits().blocked += 1;
    }

    /// It is not any more.
    pub(super) fn unblock(&self) {
        let mut waits = self.waits();
        waits.blocked = waits.blocked.saturating_sub(1);
    }

    /// Moves an automatic clock to the end of the next wait, if every thread is blocked.
    pub(super) fn move_if_all_wait(&self) {
        if !self.state.automatic {
            return;
        }
        let next = {
            let waits = self.waits();
            let all_wait = waits.blocked >= waits.threads;
            waits.sleepers.iter().map(|(at, _)| *at).min().filter(|_| all_wait)
        };
        if let Some(next) = next {
            self.advance_to(next);
        }
    }

    /// How many waits hang on this clock: what a test looks at before it advances.
    pub fn sleepers(&self) -> usize {
        self.waits().sleepers.len()
    }

    /// Whether `at` has come; if not, `waker` is woken when it does. For a future: it looks again and again at an automatic
    /// clock, which moves when all have looked for a while.
    pub(super) fn poll_reached(&self, at: Instant, waker: &Waker) -> bool {
        if self.poll_blocked(at, waker) {
            return true;
        }
        if !self.state.automatic {
            return false;
        }
        let next = {
            let mut waits = self.waits();
            waits.looks += 1;
            let is_over = waits.looks > TURNS * waits.sleepers.len();
            waits.sleepers.iter().map(|(at, _)| *at).min().filter(|_| is_over)
        };
        match next {
            Some(next) => self.advance_to(next),
            None => waker.wake_by_ref(),
        }
        self.now() >= at
    }

    /// The same for a thread, which is woken and does not look.
    pub(super) fn poll_blocked(&self, at: Instant, waker: &Waker) -> bool {
        self.forget(at, waker);
        let waker = waker.clone();
        let mut waits = self.waits();
        // Under the lock, so that whoever moves the clock after this finds the waker.
        if self.now() >= at {
            drop(waits);
            return true;
        }
        waits.sleepers.push((at, waker));
        false
    }

    /// Forgets a wait that was given up.
    pub(super) fn forget(&self, at: Instant, waker: &Waker) {
        let is_meant = |(when, known): &mut (Instant, Waker)| *when == at && known.will_wake(waker);
        let mut waits = self.waits();
        let forgotten: Vec<_> = waits.sleepers.extract_if(.., is_meant).collect();
        // Wakers go under no lock: a task may go with its last one, and that task's waits.
        drop(waits);
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
        let left = CURRENT.with_borrow_mut(|clocks| clocks.pop());
        INSTALLED.fetch_sub(1, Ordering::Relaxed);
        if let Some(clock) = left {
            clock.leave();
        }
    }
}

/// A thread that a [`ManualClock`] waits for. See [`ManualClock::expect_thread`].
#[must_use = "the clock waits until this is dropped"]
#[derive(Debug)]
pub struct ExpectedThread {
    clock: ManualClock,
}

impl Drop for ExpectedThread {
    fn drop(&mut self) {
        self.clock.leave();
    }
}

/// Ends [`ManualClock::away`], also by a panic.
struct Back<'c>(&'c ManualClock);

impl Drop for Back<'_> {
    fn drop(&mut self) {
        self.0.unblock();
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
