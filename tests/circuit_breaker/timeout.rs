use std::time::Duration;

use crate::support::{E, SECOND, upstream};

#[tokio::test(start_paused = true)]
async fn it_stays_open_for_a_minute_by_default() {
    for call in twins!(failure_threshold = 1) {
        assert_eq!(call.times(2, &upstream("F")).await, "FX");
        call.wait(SECOND * 60 - Duration::from_nanos(1)).await;
        assert_eq!(call.times(1, &upstream("")).await, "X");
        call.wait(Duration::from_millis(1)).await;
        assert_eq!(call.times(1, &upstream("S")).await, "S");
    }
}

#[tokio::test(start_paused = true)]
async fn it_stays_open_as_long_as_it_says() {
    for call in twins!(failure_threshold = 1, timeout = "250ms") {
        assert_eq!(call.times(2, &upstream("F")).await, "FX");
        call.wait(Duration::from_millis(249)).await;
        assert_eq!(call.times(1, &upstream("")).await, "X");
        call.wait(Duration::from_millis(1)).await;
        assert_eq!(call.times(1, &upstream("S")).await, "S");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_caller_is_told_the_time_that_is_left() {
    const PERIOD: Duration = Duration::from_secs(30);
    for call in twins!("cb.time_left", failure_threshold = 1, timeout = PERIOD) {
        assert_eq!(call.times(1, &upstream("F")).await, "F");
        call.wait(SECOND * 12).await;
        let Err(E::Policy(refused)) = call.once(&upstream("")).await else { panic!("it is open") };
        assert_eq!(refused.policy(), "cb.time_left");
        assert_eq!(refused.retry_after(), Some(SECOND * 18));
        mainstay::policies().circuit_breaker("cb.time_left").unwrap().reset();
    }
}

#[tokio::test(start_paused = true)]
async fn failures_while_it_is_open_cannot_happen_and_do_not_prolong_it() {
    for call in twins!(failure_threshold = 1, timeout = "10s", success_threshold = 1) {
        assert_eq!(call.times(1, &upstream("F")).await, "F");
        for _ in 0..9 {
            call.wait(SECOND).await;
            assert_eq!(call.times(1, &upstream("")).await, "X");
        }
        call.wait(SECOND).await;
        assert_eq!(call.times(1, &upstream("S")).await, "S");
    }
}
