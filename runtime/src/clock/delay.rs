use std::{
    future::Future,
    panic::catch_unwind,
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use pin_project_lite::pin_project;

use super::{Instant, ManualClock, manual, now, thread_timer::Wait};

pin_project! {
    /// A future that is ready when an instant has come: a tokio timer inside a runtime, a thread's timer elsewhere.
    #[derive(Debug)]
    #[must_use = "a delay waits when it is awaited"]
    pub struct Delay {
        at: Instant,
        #[pin]
        timer: Timer,
    }
}

pin_project! {
    #[project = TimerProj]
    #[derive(Debug)]
    enum Timer {
        Tokio { #[pin] sleep: tokio::time::Sleep },
        Manual { wait: ManualWait },
        Thread { wait: Option<Wait> },
    }
}

/// A wait on a manual clock; dropping it takes it back.
#[derive(Debug)]
struct ManualWait {
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

/// Ready after `duration`.
pub fn sleep(duration: Duration) -> Delay {
    sleep_until(now() + duration)
}

/// Ready at `at`.
pub fn sleep_until(at: Instant) -> Delay {
    let timer = if let Some(clock) = manual::current() {
        Timer::Manual { wait: ManualWait { clock, at, waker: None } }
    } else {
        match tokio_sleep(at) {
            Some(sleep) => Timer::Tokio { sleep },
            None => Timer::Thread { wait: None },
        }
    };
    Delay { at, timer }
}

/// A timer of the runtime that this thread is in; `None` if it is in none, or in one that has no timers.
fn tokio_sleep(at: Instant) -> Option<tokio::time::Sleep> {
    tokio::runtime::Handle::try_current().ok()?;
    let deadline = at.into_tokio().unwrap_or_else(far_future);
    // tokio does not tell whether a runtime has timers: it panics where it has none.
    let sleep = catch_unwind(|| tokio::time::sleep_until(deadline)).ok();
    if sleep.is_none() {
        tracing::error!(target: "mainstay", "this tokio runtime has no timers, a thread serves instead: build it with `enable_time`");
    }
    sleep
}

/// Thirty years: what tokio itself takes where an instant does not fit.
fn far_future() -> tokio::time::Instant {
    tokio::time::Instant::now() + Duration::from_secs(30 * 365 * 86_400)
}

impl Future for Delay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        let reached = match this.timer.project() {
            TimerProj::Tokio { sleep } => return sleep.poll(cx),
            TimerProj::Manual { wait } => {
                if let Some(known) = wait.waker.replace(cx.waker().clone())
                    && !known.will_wake(cx.waker())
                {
                    wait.clock.forget(wait.at, &known);
                }
                wait.clock.poll_reached(wait.at, cx.waker())
            }
            TimerProj::Thread { wait } => {
                let reached = now() >= *this.at;
                match wait {
                    _ if reached => *wait = None,
                    Some(wait) => wait.rewake(cx.waker()),
                    None => *wait = Some(Wait::new(*this.at, cx.waker())),
                }
                reached
            }
        };
        if reached { Poll::Ready(()) } else { Poll::Pending }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::block_on;

    #[tokio::test(start_paused = true)]
    async fn a_delay_follows_the_paused_runtime() {
        let start = now();
        sleep(Duration::from_secs(3600)).await;
        assert_eq!(now().saturating_since(start), Duration::from_secs(3600));
    }

    #[test]
    fn a_delay_works_without_any_runtime() {
        let start = now();
        assert_eq!(block_on(sleep(Duration::from_millis(1)), None), Some(()));
        assert!(now().saturating_since(start) >= Duration::from_millis(1));
    }

    #[test]
    fn a_delay_works_in_a_runtime_without_timers() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let start = now();
        runtime.block_on(async { sleep(Duration::from_millis(1)).await });
        assert!(now().saturating_since(start) >= Duration::from_millis(1));
    }

    #[test]
    fn a_delay_on_a_manual_clock_ends_when_the_clock_gets_there() {
        let clock = ManualClock::new();
        let _installed = clock.install();
        let mut delay = Box::pin(sleep(Duration::from_secs(5)));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(delay.as_mut().poll(&mut cx).is_pending());
        clock.advance(Duration::from_millis(4999));
        assert!(delay.as_mut().poll(&mut cx).is_pending());
        assert_eq!(clock.sleepers(), 1);
        clock.advance(Duration::from_millis(1));
        assert!(delay.as_mut().poll(&mut cx).is_ready());
        let given_up = sleep(Duration::from_secs(5));
        drop(given_up);
        assert_eq!(clock.sleepers(), 0);
    }
}
