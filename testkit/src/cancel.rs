use std::{future::Future, time::Duration};

use mainstay_runtime::clock;

use crate::Stepper;

/// Past this many polls a future is taken to be one that never ends. The polls of all rounds grow with its square.
const MOST_POLLS: usize = 250;

/// Drops a call at every await point at which it can be dropped: first before it is polled at all, then after one poll,
/// after two, and so on until it completes. After every drop `check` runs, told after how many polls it was.
///
/// Each point is tried twice: dropped right after the poll, and dropped when it may have been woken and given what it
/// waited for, but has not been polled again. Between two polls, and before such a late drop, `step` passes on the policies' clock, so that waits inside the call come to their ends; it should be
/// no longer than the shortest of them. Run it under `#[tokio::test(start_paused = true)]`, where that takes no time and
/// spawned tasks go on meanwhile. Every round has a future of its own from `make_future`; the run that completes is not
/// checked. Returns how many polls that took.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::{Error, bulkhead::Bulkhead, clock};
/// use mainstay_testkit::drop_at_every_await;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), mainstay_runtime::ConfigError> {
/// let bulkhead = Bulkhead::builder(1).build("docs.cancel")?;
/// let second = Duration::from_secs(1);
/// let call = || bulkhead.call_async(|| async {
///     clock::sleep(second).await;
///     clock::sleep(second).await;
///     Ok::<_, Error>(())
/// });
/// let polls = drop_at_every_await(second, call, |polls| {
///     assert_eq!(bulkhead.in_flight(), 0, "dropped after {polls} polls");
/// })
/// .await;
/// assert_eq!(polls, 3);
/// # Ok(())
/// # }
/// ```
///
/// # Panics
/// A future that has not completed after 250 polls fails the test: it never ends, or `step` is too short for its waits.
pub async fn drop_at_every_await<F: Future>(
    step: Duration,
    mut make_future: impl FnMut() -> F,
    mut check: impl FnMut(usize),
) -> usize {
    for polls in 0..=MOST_POLLS {
        for late in [false, true] {
            let mut call = Stepper::new(make_future());
            for poll in 1..=polls {
                if call.poll().is_ready() {
                    return poll;
                }
                if (poll < polls || late) && !step.is_zero() {
                    clock::sleep(step).await;
                }
            }
            drop(call);
            check(polls);
            if polls == 0 {
                break;
            }
        }
    }
    crate::step::stop(&format!(
        "the future has not completed after {MOST_POLLS} polls, {step:?} apart: it never ends, or needs longer steps"
    ))
}

#[cfg(test)]
mod tests {
    use mainstay_runtime::{Error, bulkhead::Bulkhead};

    use super::*;
    use crate::{Probe, Script, Step};

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_call_is_dropped_before_and_at_each_of_its_waits() {
        let probe = Probe::new();
        let script = Script::<_, ()>::always(Step::delay(SECOND, Step::ok(())));
        let mut dropped_after = Vec::new();
        let call = || {
            probe.watch(async {
                script.run_async().await?;
                tokio::task::yield_now().await;
                script.run_async().await
            })
        };
        let polls = drop_at_every_await(SECOND, call, |polls| {
            assert_eq!(probe.inside(), 0);
            dropped_after.push(polls);
        })
        .await;
        assert_eq!((polls, dropped_after), (4, vec![0, 1, 1, 2, 2, 3, 3]));
        assert_eq!((probe.entered(), probe.dropped(), probe.finished()), (7, 6, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_bulkhead_loses_no_place_wherever_a_call_is_dropped() {
        let bulkhead = Bulkhead::builder(1).max_queue(2).build("cancelled everywhere").unwrap();
        let probe = Probe::new();
        let body = || {
            bulkhead.call_async(|| {
                probe.watch(async {
                    clock::sleep(SECOND).await;
                    Ok::<_, Error>(())
                })
            })
        };
        let three_at_once = || async { tokio::join!(body(), body(), body()) };
        let polls = drop_at_every_await(SECOND / 2, three_at_once, |_| {
            assert_eq!((bulkhead.in_flight(), bulkhead.waiting(), probe.inside()), (0, 0, 0));
        })
        .await;
        assert!(polls > 3);
        assert_eq!(probe.most_inside(), 1);
        assert_eq!(bulkhead.rejected_count(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_handed_over_is_not_lost_when_its_holder_is_dropped_before_noticing() {
        let bulkhead = Bulkhead::builder(1).max_queue(1).register("late drop").unwrap();
        let mut in_flight = Vec::new();
        let call = || {
            let holder = bulkhead.try_enter();
            tokio::spawn(async move {
                clock::sleep(SECOND / 2).await;
                drop(holder);
            });
            bulkhead.enter_async()
        };
        let polls = drop_at_every_await(SECOND, call, |polls| {
            assert_eq!(bulkhead.waiting(), 0);
            in_flight.push((polls, bulkhead.in_flight()));
        })
        .await;
        assert_eq!((polls, in_flight), (2, vec![(0, 1), (1, 1), (1, 0)]));
    }

    #[tokio::test(start_paused = true)]
    #[should_panic(expected = "has not completed after 250 polls, 1s apart")]
    async fn a_call_that_never_ends_fails_the_test() {
        drop_at_every_await(SECOND, std::future::pending::<()>, |_| ()).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_never_waits_is_dropped_only_unpolled() {
        let mut rounds = 0;
        assert_eq!(drop_at_every_await(SECOND, || async {}, |_| rounds += 1).await, 1);
        assert_eq!(rounds, 1);
    }
}
