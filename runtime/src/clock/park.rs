//! A thread that is parked until its waker is told, seen by the manual clock that it follows.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Wake,
    thread::{self, Thread},
};

use super::ManualClock;

/// One thread, and whether it runs.
pub(super) struct Parked {
    thread: Thread,
    clock: Option<ManualClock>,
    rest: Mutex<Rest>,
}

#[derive(Clone, Copy, PartialEq)]
enum Rest {
    Runs,
    /// It runs and was told to go on since it looked: it will not park.
    Told,
    /// Its clock counts it as blocked.
    Parks,
}

impl Parked {
    /// This thread.
    pub(super) fn here(clock: Option<ManualClock>) -> Self {
        Self { thread: thread::current(), clock, rest: Mutex::new(Rest::Runs) }
    }

    fn rest(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Parks this thread until it is told to go on, or for no reason.
    pub(super) fn park(&self) {
        let Some(clock) = &self.clock else { return thread::park() };
        {
            let mut rest = self.rest();
            if std::mem::replace(&mut *rest, Rest::Parks) == Rest::Told {
                *rest = Rest::Runs;
                return;
            }
            clock.block();
        }
        // Under no lock: it may tell this thread to go on.
        clock.move_if_all_wait();
        thread::park();
        if std::mem::replace(&mut *self.rest(), Rest::Runs) == Rest::Parks {
            clock.unblock();
        }
    }

    fn tell(&self) {
        if let Some(clock) = &self.clock {
            let mut rest = self.rest();
            match *rest {
                // From now on, and not only when it gets to run: else the clock could move before it does.
                Rest::Parks => {
                    clock.unblock();
                    *rest = Rest::Runs;
                }
                Rest::Runs | Rest::Told => *rest = Rest::Told,
            }
        }
        self.thread.unpark();
    }
}

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.tell();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.tell();
    }
}
