//! Many calls at once on several threads, half of them given up.

use mainstay::{bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};
use mainstay_testkit::Probe;

use crate::support::*;

/// Its limits are so wide that none is reached: only the bulkhead queues.
#[fallback(|_| Ok(0))]
#[retry(max_attempts = 3, initial_delay = "0s")]
#[circuit_breaker("crowd", failure_threshold = 1_000_000)]
#[rate_limit("crowd", "1000000/s", max_wait = "10m")]
#[bulkhead("crowd", 4, max_queue = 1000, max_wait = "10m")]
#[timeout("10m")]
async fn crowded(probe: Probe, nth: u32) -> Answer {
    probe
        .watch(async {
            for _ in 0..nth % 7 {
                tokio::task::yield_now().await;
            }
        })
        .await;
    if nth.is_multiple_of(5) { Err(Failure::Reset) } else { Ok(nth) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_more_than_permitted_are_inside_and_nothing_is_left_behind() {
    let probe = Probe::new();
    let tasks: Vec<_> = (0..400_u32).map(|nth| (nth, tokio::spawn(crowded(probe.clone(), nth)))).collect();
    for (nth, task) in &tasks {
        if nth.is_multiple_of(2) {
            task.abort();
        }
    }
    let mut answered = 0;
    for (nth, task) in tasks {
        match task.await {
            Ok(answer) => {
                assert_eq!(answer, Ok(if nth.is_multiple_of(5) { 0 } else { nth }));
                answered += 1;
            }
            Err(error) => assert!(error.is_cancelled() && nth.is_multiple_of(2)),
        }
    }
    assert!(answered >= 200);
    assert!(probe.most_inside() <= 4, "{probe:?}");
    assert_eq!((probe.inside(), limiter("crowd").waiting()), (0, 0));
    assert_eq!((bulkhead("crowd").in_flight(), bulkhead("crowd").waiting()), (0, 0));
    assert_eq!(bulkhead("crowd").rejected_count(), 0);
    assert_eq!(crowded(probe, 1).await, Ok(1));
}
