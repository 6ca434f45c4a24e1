//! A call dropped at any point leaves nothing behind: no place, no queue entry, no half-open probe.

use std::sync::atomic::{AtomicU32, Ordering};

use mainstay::{bulkhead, circuit_breaker, clock, fallback, rate_limit, retry, timeout};
use mainstay_testkit::{Probe, drop_at_every_await};

use crate::support::*;

/// Fails at its first attempt, succeeds at its second, and waits inside each.
#[fallback(async |_| { clock::sleep(ms(50)).await; Ok(0) })]
#[retry(max_attempts = 3, initial_delay = "100ms", jitter = none, before_retry = async |_| clock::sleep(ms(50)).await)]
#[circuit_breaker("cancelled.full", failure_threshold = 1000)]
#[rate_limit("cancelled.full", "10/s", burst = 1, max_wait = "1h")]
#[bulkhead("cancelled.full", 1, max_wait = "1h")]
#[timeout("1s")]
async fn full(probe: &Probe, attempts: &AtomicU32) -> Answer {
    probe
        .watch(async {
            clock::sleep(ms(50)).await;
            tokio::task::yield_now().await;
            if attempts.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
                Err(Failure::Reset)
            } else {
                Ok(7)
            }
        })
        .await
}

/// Always times out, so that its fallback answers.
#[fallback(async |_| { clock::sleep(ms(50)).await; Ok(0) })]
#[circuit_breaker("cancelled.late", failure_threshold = 1000)]
#[bulkhead("cancelled.late", 1)]
#[timeout("100ms")]
async fn late(probe: &Probe) -> Answer {
    probe.watch(std::future::pending()).await
}

fn nothing_is_left(name: &str) {
    assert_eq!((bulkhead(name).in_flight(), bulkhead(name).waiting()), (0, 0));
    assert_eq!(breaker(name).state().to_string(), "closed");
}

#[tokio::test(start_paused = true)]
async fn a_full_stack_dropped_at_any_point_gives_everything_back() {
    let (probe, attempts) = (Probe::new(), AtomicU32::new(0));
    full(&probe, &attempts).await.unwrap();
    let call = || {
        attempts.store(0, Ordering::SeqCst);
        full(&probe, &attempts)
    };
    let polls = drop_at_every_await(ms(50), call, |polls| {
        assert_eq!(probe.inside(), 0, "dropped after {polls} polls");
        assert_eq!(limiter("cancelled.full").waiting(), 0, "dropped after {polls} polls");
        nothing_is_left("cancelled.full");
    })
    .await;
    assert!(polls > 6, "{polls}");
    // All tokens that come back are there for the next call.
    attempts.store(1, Ordering::SeqCst);
    assert_eq!(full(&probe, &attempts).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn so_does_one_that_is_timing_out_or_falling_back() {
    let probe = Probe::new();
    let polls = drop_at_every_await(
        ms(50),
        || late(&probe),
        |_| {
            assert_eq!(probe.inside(), 0);
            nothing_is_left("cancelled.late");
        },
    )
    .await;
    assert!(polls > 2, "{polls}");
    assert_eq!(late(&probe).await, Ok(0));
}

#[tokio::test(start_paused = true)]
async fn several_calls_dropped_together_while_they_queue_leave_an_empty_queue() {
    let (probe, attempts) = (Probe::new(), AtomicU32::new(1));
    let place = bulkhead("cancelled.queue").try_enter().unwrap();
    let both = || async { tokio::join!(queue(&probe, &attempts), queue(&probe, &attempts)) };
    let gave_up = tokio::time::timeout(ms(500), both()).await;
    assert!(gave_up.is_err());
    assert_eq!((bulkhead("cancelled.queue").waiting(), probe.entered()), (0, 0));
    drop(place);
    assert_eq!(both().await, (Ok(7), Ok(7)));
}

#[retry]
#[bulkhead("cancelled.queue", 1, max_queue = 3)]
async fn queue(probe: &Probe, attempts: &AtomicU32) -> Answer {
    probe.watch(clock::sleep(ms(10))).await;
    attempts.fetch_add(1, Ordering::SeqCst);
    Ok(7)
}

#[circuit_breaker("cancelled.probe", failure_threshold = 1, success_threshold = 1, timeout = "1s")]
#[bulkhead("cancelled.probe", 1)]
async fn probed(fails: bool) -> Answer {
    clock::sleep(ms(10)).await;
    if fails { Err(Failure::Reset) } else { Ok(7) }
}

#[tokio::test(start_paused = true)]
async fn a_half_open_probe_that_is_dropped_gives_its_place_to_the_next() {
    probed(true).await.unwrap_err();
    assert_eq!(breaker("cancelled.probe").state().to_string(), "open");
    clock::sleep(secs(1)).await;
    drop_at_every_await(
        ms(5),
        || async {
            let answer = probed(false).await;
            assert_eq!(answer, Ok(7));
        },
        |_| assert_eq!(bulkhead("cancelled.probe").in_flight(), 0),
    )
    .await;
    assert_eq!(breaker("cancelled.probe").state().to_string(), "closed");
}

#[tokio::test(start_paused = true)]
async fn an_aborted_task_gives_everything_back() {
    let probe = Probe::new();
    for after in [0, 10, 60, 110, 200] {
        let task = tokio::spawn({
            let probe = probe.clone();
            async move { aborted(&probe).await }
        });
        clock::sleep(ms(after)).await;
        task.abort();
        let _ = task.await;
        assert_eq!((probe.inside(), limiter("cancelled.task").waiting()), (0, 0), "after {after} ms");
        nothing_is_left("cancelled.task");
    }
}

#[retry(initial_delay = "100ms", jitter = none)]
#[circuit_breaker("cancelled.task", failure_threshold = 1000)]
#[rate_limit("cancelled.task", "10/s", burst = 1, max_wait = "1h")]
#[bulkhead("cancelled.task", 1)]
#[timeout("1s")]
async fn aborted(probe: &Probe) -> Answer {
    probe.watch(clock::sleep(ms(50))).await;
    Err(Failure::Reset)
}
