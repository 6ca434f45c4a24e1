use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Step, Steps, step::stop};

/// A dependency that answers as told: each call, from whatever thread or task, takes the next step.
///
/// What happens after the last step is said when the script ends: [`forever`](Steps::forever), [`cycle`](Steps::cycle) or
/// [`end`](Steps::end).
///
/// ```
/// use mainstay_testkit::{Script, Step};
///
/// let upstream = Script::steps().times(2, Step::fail("down")).ok("paid").end();
/// assert_eq!(upstream.run(), Err("down"));
/// assert_eq!(upstream.run(), Err("down"));
/// assert_eq!(upstream.run(), Ok("paid"));
/// assert_eq!(upstream.calls(), 3);
/// ```
///
/// An async one, slow and then dead:
///
/// ```
/// use std::time::Duration;
/// use mainstay_testkit::{Script, Step};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let upstream: Script<_, &str> =
///     Script::steps().delay(Duration::from_secs(3), Step::ok("paid")).forever(Step::hang());
/// let limit = Duration::from_secs(5);
/// assert_eq!(tokio::time::timeout(limit, upstream.run_async()).await, Ok(Ok("paid")));
/// assert!(tokio::time::timeout(limit, upstream.run_async()).await.is_err());
/// # }
/// ```
#[derive(Debug)]
pub struct Script<T, E> {
    segments: Vec<Segment<T, E>>,
    at_end: AtEnd<T, E>,
    calls: AtomicU64,
}

/// A step and the number of calls after which it is over, counted from the script's start.
#[derive(Debug, Clone)]
pub(crate) struct Segment<T, E> {
    pub(crate) end: u64,
    pub(crate) step: Step<T, E>,
}

#[derive(Debug)]
pub(crate) enum AtEnd<T, E> {
    Forever(Step<T, E>),
    Cycle,
    Stop,
}

impl<T, E> Script<T, E> {
    /// Starts to write one.
    pub const fn steps() -> Steps<T, E> {
        Steps::new()
    }

    /// One that always does the same.
    pub const fn always(step: Step<T, E>) -> Self {
        Self::new(Vec::new(), AtEnd::Forever(step))
    }

    pub(crate) const fn new(segments: Vec<Segment<T, E>>, at_end: AtEnd<T, E>) -> Self {
        Self { segments, at_end, calls: AtomicU64::new(0) }
    }

    /// How many calls have started: sync ones when called, async ones when first polled.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Acquire)
    }

    /// Starts the script from its first step, and the count of calls from zero.
    pub fn rewind(&self) {
        self.calls.store(0, Ordering::Release);
    }

    fn next(&self) -> &Step<T, E> {
        let call = self.calls.fetch_add(1, Ordering::AcqRel);
        let length = self.segments.last().map_or(0, |last| last.end);
        let position = match &self.at_end {
            AtEnd::Forever(step) if call >= length => return step,
            AtEnd::Cycle if length > 0 => call % length,
            _ => call,
        };
        let segment = self.segments.partition_point(|segment| segment.end <= position);
        match self.segments.get(segment) {
            Some(segment) => &segment.step,
            None => stop(&format!("the script has {length} steps and was called once more")),
        }
    }
}

impl<T: Clone, E: Clone> Script<T, E> {
    /// Takes the next step on this thread. Delays go by the policies' clock.
    ///
    /// # Errors
    /// Those of the script.
    ///
    /// # Panics
    /// Where the script says so, past its [`end`](Steps::end), and at a [`hang`](Step::hang).
    pub fn run(&self) -> Result<T, E> {
        self.next().run()
    }

    /// Takes the next step when first polled. Delays go by the policies' clock.
    ///
    /// # Errors
    /// Those of the script.
    ///
    /// # Panics
    /// Where the script says so, past its [`end`](Steps::end), and at a [`hang`](Step::hang) that nothing ends.
    pub async fn run_async(&self) -> Result<T, E> {
        self.next().run_async().await
    }
}

#[cfg(test)]
mod tests {
    use std::{
        panic::{AssertUnwindSafe, catch_unwind},
        time::Duration,
    };

    use mainstay_runtime::clock::{ManualClock, now};

    use super::*;
    use crate::{Stepper, poll_once};

    const SECOND: Duration = Duration::from_secs(1);

    fn panic_of<R>(run: impl FnOnce() -> R) -> String {
        let Err(payload) = catch_unwind(AssertUnwindSafe(run)) else { panic!("it did not panic") };
        payload.downcast_ref::<String>().cloned().unwrap_or_default()
    }

    #[test]
    fn steps_come_in_order_and_a_cycle_starts_anew() {
        let script = Script::steps().ok(1).times(2, Step::fail("down")).times(0, Step::ok(9)).cycle();
        let answers: Vec<_> = (0..6).map(|_| script.run()).collect();
        assert_eq!(answers, [Ok(1), Err("down"), Err("down"), Ok(1), Err("down"), Err("down")]);
        script.rewind();
        assert_eq!((script.run(), script.calls()), (Ok(1), 1));
    }

    #[test]
    fn the_last_word_may_hold_forever() {
        let script = Script::steps().fail("down").forever(Step::ok(1));
        assert_eq!(script.run(), Err("down"));
        (0..10).for_each(|_| assert_eq!(script.run(), Ok(1)));
        assert_eq!(Script::<_, ()>::always(Step::ok(2)).run(), Ok(2));
    }

    #[test]
    fn a_call_past_the_end_says_so() {
        let script = Script::<_, ()>::steps().ok(1).end();
        assert_eq!(script.run(), Ok(1));
        assert_eq!(panic_of(|| script.run()), "the script has 1 steps and was called once more");
        let empty = Script::<(), ()>::steps().cycle();
        assert_eq!(panic_of(|| empty.run()), "the script has 0 steps and was called once more");
    }

    #[test]
    fn a_panic_has_the_message_of_the_script() {
        let script = Script::<(), ()>::steps().panic("boom").panic(String::from("bang")).end();
        assert_eq!(panic_of(|| script.run()), "boom");
        assert_eq!(panic_of(|| poll_once(&mut Box::pin(script.run_async()))), "bang");
    }

    #[test]
    fn a_sync_delay_moves_the_manual_clock_and_a_sync_hang_is_refused() {
        let clock = ManualClock::new();
        let _installed = clock.install();
        let start = now();
        let script = Script::<_, ()>::steps().delay(SECOND, Step::delay(SECOND, Step::ok(1))).hang().end();
        assert_eq!(script.run(), Ok(1));
        assert_eq!(now().saturating_since(start), SECOND * 2);
        assert!(panic_of(|| script.run()).contains("use `delay`"));
    }

    #[tokio::test(start_paused = true)]
    async fn an_async_delay_follows_the_runtime_and_a_hang_does_not_end_by_itself() {
        let script = Script::<(), _>::steps().delay(SECOND, Step::fail("late")).hang().end();
        let start = now();
        assert_eq!(script.run_async().await, Err("late"));
        assert_eq!(now().saturating_since(start), SECOND);
        let mut hanging = Stepper::new(script.run_async());
        tokio::time::sleep(SECOND * 86_000).await;
        assert!(hanging.poll().is_pending());
    }

    #[tokio::test(start_paused = true)]
    async fn a_hang_that_nothing_ends_says_so() {
        let script = Script::<(), ()>::steps().hang().end();
        let call = tokio::spawn(async move { script.run_async().await });
        let panicked = call.await.unwrap_err().into_panic();
        let told = panicked.downcast_ref::<String>().unwrap();
        assert!(told.starts_with("a scripted `hang` was awaited, and nothing ended it"), "{told}");
    }

    #[test]
    fn an_async_call_that_is_never_polled_takes_no_step() {
        let script = Script::<_, ()>::steps().ok(1).end();
        drop(script.run_async());
        assert_eq!(script.calls(), 0);
    }

    #[test]
    fn threads_share_the_steps_without_losing_one() {
        let script = Script::steps().times(500, Step::ok(())).times(500, Step::fail(())).end();
        let failed = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let errors = (0..250).filter(|_| script.run().is_err()).count();
                    failed.fetch_add(errors as u64, Ordering::Relaxed);
                });
            }
        });
        assert_eq!((script.calls(), failed.into_inner()), (1000, 500));
    }
}
