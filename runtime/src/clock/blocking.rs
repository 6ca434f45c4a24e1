use std::{
    future::{Future, pending},
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use super::{Instant, manual, now, park::Parked, served};

/// Sleeps this thread; on a thread with a manual clock, moves that clock instead.
pub fn sleep_blocking(duration: Duration) {
    match manual::current() {
        Some(clock) if clock.is_automatic() => {
            let _ = block_on(pending::<()>(), Some(clock.now() + duration));
        }
        Some(clock) => clock.advance(duration),
        None if served::pass(duration) => {}
        None => std::thread::sleep(duration),
    }
}

/// Parks this thread until `future` is ready, or until `deadline`: then `None`.
///
/// The future must not need a runtime: the queues of the policies do not.
pub(crate) fn block_on<F: Future>(future: F, deadline: Option<Instant>) -> Option<F::Output> {
    let mut future = pin!(future);
    let manual = manual::current();
    let parked = Arc::new(Parked::here(manual.clone()));
    let waker = Waker::from(Arc::clone(&parked));
    let mut cx = Context::from_waker(&waker);
    // A paused runtime's clock stands still while its thread is blocked, so real time ends the wait as well.
    let real_limit =
        deadline.and_then(|at| std::time::Instant::now().checked_add(at.saturating_since(now())));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return Some(output);
        }
        let Some(deadline) = deadline else {
            parked.park();
            continue;
        };
        if let Some(clock) = &manual {
            if clock.poll_blocked(deadline, &waker) {
                return None;
            }
            parked.park();
            clock.forget(deadline, &waker);
            continue;
        }
        let to_pass = deadline.saturating_since(now());
        if !to_pass.is_zero() && served::pass(to_pass) {
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

#[cfg(test)]
mod tests {
    use std::future::ready;

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

    #[test]
    fn an_automatic_clock_moves_at_once_for_a_thread_alone() {
        let clock = ManualClock::automatic();
        let _installed = clock.install();
        let start = clock.now();
        assert_eq!(block_on(pending::<()>(), Some(start + Duration::from_secs(10))), None);
        sleep_blocking(Duration::from_secs(5));
        assert_eq!(clock.now().saturating_since(start), Duration::from_secs(15));
    }

    #[test]
    fn threads_on_an_automatic_clock_sleep_side_by_side() {
        let clock = ManualClock::automatic();
        let start = clock.now();
        let ready = std::sync::Barrier::new(3);
        std::thread::scope(|scope| {
            let sleeps = [3, 1, 2].map(|seconds| {
                let (clock, ready) = (clock.clone(), &ready);
                scope.spawn(move || {
                    let _installed = clock.install();
                    ready.wait();
                    sleep_blocking(Duration::from_secs(seconds));
                    clock.now().saturating_since(start).as_secs()
                })
            });
            assert_eq!(sleeps.map(|sleep| sleep.join().unwrap()), [3, 1, 2]);
        });
    }

    #[test]
    fn who_waits_for_a_thread_is_away_from_the_clock() {
        let clock = ManualClock::automatic();
        let _installed = clock.install();
        let start = clock.now();
        let other = std::thread::spawn({
            let clock = clock.clone();
            move || {
                let _installed = clock.install();
                sleep_blocking(Duration::from_secs(60));
            }
        });
        clock.away(|| other.join().unwrap());
        assert_eq!(clock.now().saturating_since(start), Duration::from_secs(60));
    }

    #[test]
    fn a_thread_that_was_woken_keeps_an_automatic_clock_where_it_is() {
        let clock = ManualClock::automatic();
        let start = clock.now();
        let bulkhead =
            crate::bulkhead::Bulkhead::builder(1).max_wait(Duration::from_secs(60)).build("b").unwrap();
        let inside = bulkhead.try_enter().unwrap();
        std::thread::scope(|scope| {
            let _installed = clock.install();
            let waiting = scope.spawn(|| {
                let _installed = clock.install();
                bulkhead.enter().map(drop)
            });
            while bulkhead.waiting() == 0 {
                std::thread::yield_now();
            }
            drop(inside);
            assert_eq!(clock.away(|| waiting.join().unwrap()), Ok(()));
        });
        assert_eq!(clock.now(), start);
    }

    #[test]
    fn futures_on_an_automatic_clock_end_in_the_order_of_their_times() {
        use crate::clock::sleep;
        let clock = ManualClock::automatic();
        let _installed = clock.install();
        let start = clock.now();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let order = std::cell::RefCell::new(Vec::new());
        runtime.block_on(async {
            let wait = |seconds| {
                let order = &order;
                async move {
                    sleep(Duration::from_secs(seconds)).await;
                    order.borrow_mut().push((seconds, now().saturating_since(start).as_secs()));
                }
            };
            tokio::join!(wait(30), wait(10), wait(20));
        });
        assert_eq!(*order.borrow(), [(10, 10), (20, 20), (30, 30)]);
    }
}
