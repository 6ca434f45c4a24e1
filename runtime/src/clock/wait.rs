//! What a delay waits with.

use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
    time::Duration,
};

use pin_project_lite::pin_project;
use tokio::{runtime::Handle, task::coop};

use super::{Instant, ManualClock, manual, now, thread_timer};

pin_project! {
    #[project = WaitProj]
    #[derive(Debug)]
    pub(super) enum Wait {
        // Lies in the pool and holds nothing.
        Idle,
        // No time at all: others get their turn, and a time limit around it gets to look, before it goes on.
        Turn { given: bool },
        Tokio { #[pin] sleep: tokio::time::Sleep },
        Manual { wait: ManualWait },
        Thread { at: Instant, wait: Option<thread_timer::Wait> },
    }
}

/// A wait on a manual clock; dropping it takes it back.
#[derive(Debug)]
pub(super) struct ManualWait {
    clock: ManualClock,
    at: Instant,
    waker: Option<Waker>,
}

impl Drop for ManualWait {
    fn drop(&mut self) {
        if let Some(waker) = &self.waker {
            self.clock.forget(self.at, waker);
        }
    }
}

impl Wait {
    pub(super) fn during(duration: Duration) -> Self {
        if duration.is_zero() {
            // A timer takes a millisecond even for this.
            return Self::Turn { given: false };
        }
        if let Some(clock) = manual::current() {
            return Self::Manual { wait: ManualWait { at: clock.now() + duration, clock, waker: None } };
        }
        // tokio reads the clock itself.
        match tokio_sleep(|| tokio::time::sleep(duration)) {
            Some(sleep) => Self::Tokio { sleep },
            None => Self::Thread { at: now() + duration, wait: None },
        }
    }

    pub(super) fn until(at: Instant) -> Self {
        if let Some(clock) = manual::current() {
            return Self::Manual { wait: ManualWait { clock, at, waker: None } };
        }
        match tokio_sleep(|| tokio::time::sleep_until(at.into_tokio().unwrap_or_else(far_future))) {
            Some(sleep) => Self::Tokio { sleep },
            None => Self::Thread { at, wait: None },
        }
    }
}

/// A timer of the runtime that this thread is in; `None` if it is in none, or in one that has no timers.
fn tokio_sleep(make: impl FnOnce() -> tokio::time::Sleep) -> Option<tokio::time::Sleep> {
    Handle::try_current().ok()?;
    // tokio does not tell whether a runtime has timers: it panics where it has none.
    let sleep = catch_unwind(AssertUnwindSafe(make)).ok();
    if sleep.is_none() {
        tracing::error!(target: "mainstay", "this tokio runtime has no timers, a thread serves instead: build it with `enable_time`");
    }
    sleep
}

/// Thirty years: what tokio itself takes where an instant does not fit.
fn far_future() -> tokio::time::Instant {
    tokio::time::Instant::now() + Duration::from_secs(30 * 365 * 86_400)
}

impl Wait {
    /// Polls it. `always`: also where the task has used up its share of this
    /// turn, where a timer of tokio lets it wait for the next.
    pub(super) fn poll_exactly(self: Pin<&mut Self>, cx: &mut Context<'_>, always: bool) -> Poll<()> {
        let reached = match self.project() {
            WaitProj::Idle => false,
            WaitProj::Turn { given: true } => true,
            WaitProj::Turn { given } => {
                *given = true;
                cx.waker().wake_by_ref();
                false
            }
            WaitProj::Tokio { sleep } if always && !coop::has_budget_remaining() => {
                return pin!(coop::unconstrained(sleep)).poll(cx);
            }
            WaitProj::Tokio { sleep } => return sleep.poll(cx),
            WaitProj::Manual { wait } => {
                if let Some(known) = wait.waker.replace(cx.waker().clone())
                    && !known.will_wake(cx.waker())
                {
                    wait.clock.forget(wait.at, &known);
                }
                wait.clock.poll_reached(wait.at, cx.waker())
            }
            WaitProj::Thread { at, wait } => {
                let reached = now() >= *at;
                match wait {
                    _ if reached => *wait = None,
                    Some(wait) => wait.rewake(cx.waker()),
                    None => *wait = Some(thread_timer::Wait::new(*at, cx.waker())),
                }
                reached
            }
        };
        if reached { Poll::Ready(()) } else { Poll::Pending }
    }
}
