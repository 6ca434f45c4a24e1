//! Waits inside a stack: queues count against a time limit above them.

use mainstay::{Kind, bulkhead, fallback, rate_limit, retry, timeout};
use mainstay_testkit::Probe;
use tokio::time::Instant;

use crate::support::*;

#[timeout("waits.bulkhead", "1s")]
#[bulkhead("waits.queue", 1, max_queue = 5)]
async fn queued(probe: &Probe) -> Answer {
    probe.watch(async { Ok(1) }).await
}

#[bulkhead("waits.below", 1, max_wait = "10s")]
#[timeout("1s")]
async fn limit_below(probe: &Probe) -> Answer {
    probe.watch(async { Ok(1) }).await
}

#[timeout("waits.rate", "1s")]
#[rate_limit("waits.rate", "1/10s", max_wait = "1m")]
async fn for_tokens(probe: &Probe) -> Answer {
    probe.watch(async { Ok(1) }).await
}

#[fallback(|_| Ok(9))]
#[timeout("waits.retry", "10s")]
#[retry(max_attempts = 10, initial_delay = "1s", jitter = none)]
#[bulkhead("waits.retry", 1, max_wait = "2s")]
async fn everything(probe: &Probe) -> Answer {
    probe.watch(async { Ok(1) }).await
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_still_queued_when_its_time_is_up_times_out_and_never_runs() {
    let (probe, start) = (Probe::new(), Instant::now());
    let place = bulkhead("waits.queue").try_enter().unwrap();
    assert_eq!(kind(&queued(&probe).await), Some(Kind::TimedOut));
    assert_eq!((start.elapsed(), probe.entered(), bulkhead("waits.queue").waiting()), (secs(1), 0, 0));
    drop(place);
    assert_eq!(queued(&probe).await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn time_in_a_queue_above_a_limit_does_not_count() {
    let probe = Probe::new();
    let place = bulkhead("waits.below").try_enter().unwrap();
    let (answer, ()) = tokio::join!(limit_below(&probe), async {
        tokio::time::sleep(secs(5)).await;
        drop(place);
    });
    assert_eq!(answer, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn tokens_that_come_too_late_for_a_limit_are_not_taken() {
    let (probe, limiter) = (Probe::new(), limiter("waits.rate"));
    assert_eq!(for_tokens(&probe).await, Ok(1));
    let start = Instant::now();
    let answer = for_tokens(&probe).await;
    assert!(answer.is_err());
    assert!(start.elapsed() <= secs(1));
    assert_eq!((probe.entered(), limiter.waiting()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_full_bulkhead_is_final_below_a_retry_and_answered_for_by_the_fallback() {
    let (probe, start) = (Probe::new(), Instant::now());
    let place = bulkhead("waits.retry").try_enter().unwrap();
    assert_eq!(everything(&probe).await, Ok(9));
    assert_eq!((start.elapsed(), probe.entered()), (secs(2), 0));
    drop(place);
    assert_eq!(everything(&probe).await, Ok(1));
}
