use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use super::{Instant, manual, now, place::Place, pool, source::IS_PAUSABLE, wait::Wait};
use crate::let_go::quietly;

/// A future that is ready when an instant has come: a tokio timer inside a runtime, a thread's timer elsewhere, or an entry
/// in the [coarse](coarse_sleep) wheel.
///
/// It is a handle of one word. What it waits with is kept by each thread for the next wait, so that waiting again and
/// again allocates nothing.
#[derive(Debug)]
#[must_use = "a delay waits when it is awaited"]
pub struct Delay {
    wait: Option<Pin<Box<Place>>>,
}

impl Delay {
    /// A place for a delay that is not yet needed: it never ends.
    pub(crate) const UNSET: Self = Self { wait: None };

    /// Whether this is more than a place for one.
    #[inline]
    pub(crate) const fn is_set(&self) -> bool {
        self.wait.is_some()
    }

    /// Polls it also where the task has used up its share of tokio's turn, after which a timer of tokio lets it wait for the
    /// next: for what must be able to end the task's work.
    #[inline]
    pub fn poll_always(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.wait {
            Some(place) => place.as_mut().poll(cx, true),
            None => Poll::Pending,
        }
    }

    fn of(wait: Wait) -> Self {
        let mut place = pool::take();
        place.as_mut().begin(wait);
        Self { wait: Some(place) }
    }

    #[inline]
    fn in_the_wheel(at: Instant) -> Self {
        let mut place = pool::take();
        place.as_mut().begin_coarse(at);
        Self { wait: Some(place) }
    }
}

/// Ready after `duration`; where that is zero, once the other tasks had a turn.
pub fn sleep(duration: Duration) -> Delay {
    Delay::of(Wait::during(duration))
}

/// Ready at `at`.
pub fn sleep_until(at: Instant) -> Delay {
    Delay::of(Wait::until(at))
}

/// As [`sleep`], for a limit that nearly never elapses: about 20 ns to set, to be polled and to be dropped, and 20 more where
/// another task waits than before, where a timer of tokio takes a hundred to four hundred. No thread waits for another.
///
/// Up to eight wakers of waits that are over stay with each thread, for the tasks that wait again: at most until their waits would
/// have ended.
///
/// It is ready 0 to 1.05 ms after its time and what the system takes to wake a thread, and never before. The wheel is
/// turned by one thread of the process, which sleeps while nothing is due.
///
/// In builds where tokio's clock can be paused, and while a thread follows a [`ManualClock`](super::ManualClock), it is
/// [`sleep`].
///
/// ```
/// # use std::time::Duration;
/// use mainstay_runtime::clock;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// tokio::select! {
///     answer = async { 7 } => assert_eq!(answer, 7),
///     () = clock::coarse_sleep(Duration::from_secs(10)) => unreachable!("it takes no ten seconds"),
/// }
/// # }
/// ```
#[inline]
pub fn coarse_sleep(duration: Duration) -> Delay {
    if IS_PAUSABLE || duration.is_zero() || manual::is_any_installed() {
        return sleep(duration);
    }
    Delay::in_the_wheel(now() + duration)
}

/// As [`sleep_until`], with the cost and the accuracy of [`coarse_sleep`].
#[inline]
pub fn coarse_sleep_until(at: Instant) -> Delay {
    if IS_PAUSABLE || manual::is_any_installed() {
        return sleep_until(at);
    }
    Delay::in_the_wheel(at)
}

impl Future for Delay {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.wait {
            Some(place) => place.as_mut().poll(cx, false),
            None => Poll::Pending,
        }
    }
}

impl Drop for Delay {
    #[inline]
    fn drop(&mut self) {
        if let Some(wait) = self.wait.take() {
            give_back(wait);
        }
    }
}

#[inline(never)]
#[allow(improper_ctypes_definitions, reason = "it is called from here alone")]
extern "C" fn give_back(wait: Pin<Box<Place>>) {
    quietly(|| pool::give_back(wait));
}

#[cfg(test)]
mod tests {
    use std::{
        sync::Arc,
        task::{Wake, Waker},
    };

    use super::*;
    use crate::clock::{ManualClock, block_on};

    #[tokio::test(start_paused = true)]
    async fn a_delay_follows_the_paused_runtime() {
        let start = now();
        sleep(Duration::from_secs(3600)).await;
        assert_eq!(now().saturating_since(start), Duration::from_secs(3600));
    }

    #[tokio::test(start_paused = true)]
    async fn a_delay_of_nothing_takes_no_time_but_a_turn() {
        let start = now();
        let mut delay = sleep(Duration::ZERO);
        assert!(std::future::poll_fn(|cx| Poll::Ready(Pin::new(&mut delay).poll(cx).is_pending())).await);
        delay.await;
        assert_eq!(now(), start);
    }

    #[tokio::test(start_paused = true)]
    async fn a_coarse_delay_follows_the_paused_runtime_to_the_instant() {
        let start = now();
        coarse_sleep(Duration::from_nanos(3_600_000_000_000)).await;
        assert_eq!(now().saturating_since(start), Duration::from_secs(3600));
        coarse_sleep_until(start + Duration::from_secs(7200)).await;
        assert_eq!(now().saturating_since(start), Duration::from_secs(7200));
        coarse_sleep_until(start).await;
    }

    #[test]
    fn a_coarse_delay_follows_the_manual_clock() {
        let clock = ManualClock::new();
        let _installed = clock.install();
        let mut delay = coarse_sleep(Duration::from_secs(5));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut delay).poll(&mut cx).is_pending());
        clock.advance(Duration::from_secs(5));
        assert!(Pin::new(&mut delay).poll(&mut cx).is_ready());
    }

    /// As in production: by the wheel of the process.
    fn in_the_wheel(duration: Duration) -> Delay {
        Delay::in_the_wheel(now() + duration)
    }

    #[test]
    fn a_delay_in_the_wheel_works_with_and_without_a_runtime() {
        let (start, wait) = (now(), Duration::from_millis(2));
        assert_eq!(block_on(in_the_wheel(wait), None), Some(()));
        assert!(now().saturating_since(start) >= wait);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let start = now();
        runtime.block_on(async { in_the_wheel(wait).await });
        assert!(now().saturating_since(start) >= wait);
    }

    #[test]
    fn a_delay_in_the_wheel_until_an_instant_that_has_passed_is_over_at_once() {
        let mut cx = Context::from_waker(Waker::noop());
        for _ in 0..2 {
            let mut delay = Delay::in_the_wheel(now() - Duration::from_secs(1));
            assert!(
                Pin::new(&mut delay).poll(&mut cx).is_ready()
                    && Pin::new(&mut delay).poll(&mut cx).is_ready()
            );
        }
        assert!(polled(in_the_wheel(Duration::from_secs(3600)), Waker::noop()).is_set());
    }

    #[test]
    fn places_serve_exact_and_coarse_delays_in_turns() {
        let address = |delay: &Delay| std::ptr::from_ref(&**delay.wait.as_ref().unwrap()).addr();
        let first = polled(in_the_wheel(Duration::from_secs(3600)), Waker::noop());
        let place = address(&first);
        drop(first);
        let exact = polled(sleep(Duration::from_secs(3600)), Waker::noop());
        assert_eq!(address(&exact), place);
        drop(exact);
        let again = in_the_wheel(Duration::from_millis(1));
        assert_eq!(address(&again), place);
        assert_eq!(block_on(again, None), Some(()));
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

    /// A waker with a delay of its own, as that of a task has which is kept by nothing else.
    struct Task {
        _waits: Delay,
    }

    impl Wake for Task {
        fn wake(self: Arc<Self>) {}
    }

    /// Lets a delay go, and then another be polled by a second task, that hold the last wakers of tasks that wait.
    fn let_go_of_tasks_that_wait(delay: impl Fn() -> Delay) {
        let by_such_a_task = |waits: Delay| {
            let waker = Waker::from(Arc::new(Task { _waits: polled(delay(), Waker::noop()) }));
            polled(waits, &waker)
        };
        drop(by_such_a_task(delay()));
        drop(by_such_a_task(by_such_a_task(delay())));
    }

    fn polled(mut delay: Delay, waker: &Waker) -> Delay {
        assert!(Pin::new(&mut delay).poll(&mut Context::from_waker(waker)).is_pending());
        delay
    }

    #[test]
    fn a_task_that_goes_with_its_last_waker_may_be_waiting_itself() {
        let hour = || sleep(Duration::from_secs(3600));
        let_go_of_tasks_that_wait(hour);
        let_go_of_tasks_that_wait(|| in_the_wheel(Duration::from_secs(3600)));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async { let_go_of_tasks_that_wait(hour) });
        let clock = ManualClock::new();
        let _installed = clock.install();
        let_go_of_tasks_that_wait(hour);
        assert_eq!(clock.sleepers(), 0);
    }

    #[test]
    fn a_thread_keeps_few_wakers_of_waits_that_are_over_and_none_when_it_ends() {
        struct Nothing;
        impl Wake for Nothing {
            fn wake(self: Arc<Self>) {}
        }
        let tasks: [Arc<Nothing>; 20] = std::array::from_fn(|_| Arc::new(Nothing));
        let kept = |tasks: &[Arc<Nothing>]| tasks.iter().filter(|task| Arc::strong_count(task) > 1).count();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                let wait = |task: &Arc<Nothing>| {
                    polled(in_the_wheel(Duration::from_secs(3600)), &Waker::from(Arc::clone(task)))
                };
                let delays: Vec<Delay> = tasks.iter().map(wait).collect();
                assert_eq!(kept(&tasks), tasks.len());
                drop(delays);
                kept(&tasks)
            });
            assert_eq!(waiting.join().unwrap(), 8);
        });
        assert_eq!(kept(&tasks), 0);
    }

    #[test]
    fn a_delay_is_one_word_and_so_is_a_place_for_one() {
        assert_eq!(size_of::<Delay>(), size_of::<usize>());
        let mut unset = std::pin::pin!(Delay::UNSET);
        assert!(!unset.is_set() && sleep(Duration::ZERO).is_set());
        assert!(unset.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
}
