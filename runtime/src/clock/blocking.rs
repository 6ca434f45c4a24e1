use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::Thread,
    time::Duration,
};

use super::{Instant, manual, now};

/// Sleeps this thread; on a thread with a manual clock, moves that clock instead.
pub fn sleep_blocking(duration: Duration) {
    match manual::current() {
        Some(clock) => clock.advance(duration),
        None => std::thread::sleep(duration),
    }
}

/// Parks this thread until `future` is ready, or until `deadline`: then `None`.
///
/// The future must not need a runtime: the queues of the policies do not.
pub(crate) fn block_on<F: Future>(future: F, deadline: Option<Instant>) -> Option<F::Output> {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut cx = Context::from_waker(&waker);
    let manual = manual::current();
    // A paused runtime's clock stands still while its thread is blocked, so real time ends the wait as well.
    let real_limit =
        deadline.and_then(|at| std::time::Instant::now().checked_add(at.saturating_since(now())));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return Some(output);
        }
        let Some(deadline) = deadline else {
            std::thread::park();
            continue;
        };
        if let Some(clock) = &manual {
            if clock.poll_reached(deadline, &waker) {
                return None;
            }
            std::thread::park();
            clock.forget(deadline, &waker);
            continue;
        }
        let real_left = real_limit.map(|at| at.saturating_duration_since(std::time::Instant::now()));
        let left = deadline.saturating_since(now()).min(real_left.unwrap_or(Duration::MAX));
        if left.is_zero() {
            return None;
        }
        std::thread::park_timeout(left);
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn a_ready_future_is_not_waited_for_even_after_its_deadline() {
        assert_eq!(block_on(ready(1), Some(Instant::ZERO)), Some(1));
        assert_eq!(block_on(pending::<()>(), Some(Instant::ZERO)), None);
    }

    #[test]
    fn a_wait_ends_when_another_thread_moves_the_manual_clock_past_its_deadline() {
        let clock = ManualClock::new();
        let deadline = clock.now() + Duration::from_secs(10);
        std::thread::scope(|scope| {
            let waiting = scope.spawn({
                let clock = clock.clone();
                move || {
                    let _installed = clock.install();
                    block_on(pending::<()>(), Some(deadline))
                }
            });
            while clock.sleepers() == 0 {
                std::thread::yield_now();
            }
            clock.advance(Duration::from_secs(10));
            assert_eq!(waiting.join().unwrap(), None);
        });
    }
}
