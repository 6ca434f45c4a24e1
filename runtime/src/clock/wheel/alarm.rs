use std::{
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

use super::tick::{self, NEVER};
use crate::{
    clock::Instant,
    sync::{AtomicU64, Ordering},
};

/// When the wheels are turned next, and the thread that does it.
///
/// Whoever puts something into a wheel reads the plan after that, and the thread writes a new plan before it looks at
/// the wheels: either it finds what is new there, or it is called.
#[derive(Debug)]
pub(super) struct Alarm {
    /// The tick at which the thread will look at the wheels; [`NEVER`] while it does, and while there is nothing to do.
    plan: AtomicU64,
    /// Nothing where the wheels are turned by hand.
    thread: Option<Thread>,
}

#[derive(Debug, Default)]
struct Thread {
    runs: Mutex<bool>,
    called: Condvar,
}

/// The clock of the policies and the one that the system sleeps by may go apart a little: neither is trusted for longer.
const LONGEST: Duration = Duration::from_secs(60);

impl Alarm {
    /// With a thread, started when there is something to do first.
    pub(super) fn with_thread() -> Self {
        Self { plan: AtomicU64::new(NEVER), thread: Some(Thread::default()) }
    }

    #[cfg(test)]
    pub(super) const fn by_hand() -> Self {
        Self { plan: AtomicU64::new(NEVER), thread: None }
    }

    /// The wheels are about to be looked at.
    pub(super) fn begin(&self) {
        self.plan.store(NEVER, Ordering::Relaxed);
    }

    #[cfg(test)]
    pub(super) fn planned(&self) -> u64 {
        self.plan.load(Ordering::Relaxed)
    }

    /// Plans for `tick`, unless something earlier is planned already.
    pub(super) fn lower(&self, tick: u64) -> bool {
        self.plan.fetch_min(tick, Ordering::Relaxed) > tick
    }

    /// Sees to it that the wheels are looked at by `tick`, into one of which something was put. `turn` is what the thread
    /// does. `false` where none can be had.
    pub(super) fn hurry(&self, tick: u64, turn: impl FnOnce() + Send + 'static) -> bool {
        if self.plan.load(Ordering::Relaxed) <= tick {
            return true;
        }
        let Some(thread) = &self.thread else {
            self.lower(tick);
            return true;
        };
        let mut runs = thread.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if !*runs {
            *runs = std::thread::Builder::new().name("mainstay-wheel".into()).spawn(turn).is_ok();
        }
        if *runs && self.lower(tick) {
            thread.called.notify_one();
        }
        *runs
    }

    /// Sleeps until tick `next`, or an earlier one that somebody asks for.
    pub(super) fn rest(&self, next: u64, now: fn() -> Instant) {
        let Some(thread) = &self.thread else { return };
        let mut runs = thread.runs.lock().unwrap_or_else(PoisonError::into_inner);
        self.lower(next);
        loop {
            let planned = self.plan.load(Ordering::Relaxed);
            if planned == NEVER {
                runs = thread.called.wait(runs).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let left = tick::start(planned).saturating_since(now());
            if left.is_zero() {
                return;
            }
            let (guard, _) =
                thread.called.wait_timeout(runs, left.min(LONGEST)).unwrap_or_else(PoisonError::into_inner);
            runs = guard;
        }
    }
}
