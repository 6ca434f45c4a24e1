use crate::support::{SECOND, Twin, upstream};

/// Fails the probe of each period and tells how many seconds each of them took.
async fn periods(call: &Twin, count: usize) -> Vec<u32> {
    let mut periods = Vec::new();
    assert_eq!(call.times(1, &upstream("F")).await, "F");
    for _ in 0..count {
        let mut seconds = 0;
        let failing = upstream("F");
        while failing.calls() == 0 {
            call.wait(SECOND).await;
            seconds += 1;
            call.times(1, &failing).await;
        }
        periods.push(seconds);
    }
    periods
}

#[tokio::test(start_paused = true)]
async fn the_open_period_stays_the_same_by_default() {
    for call in twins!(failure_threshold = 1, timeout = "2s") {
        assert_eq!(periods(&call, 4).await, [2, 2, 2, 2]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_open_period_doubles_up_to_it_with_each_failed_probe() {
    for call in twins!(failure_threshold = 1, timeout = "2s", max_timeout = "15s") {
        assert_eq!(periods(&call, 6).await, [2, 4, 8, 15, 15, 15]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_open_period_starts_again_after_a_close() {
    for call in twins!(failure_threshold = 1, success_threshold = 1, timeout = "2s", max_timeout = "60s") {
        assert_eq!(periods(&call, 3).await, [2, 4, 8]);
        call.wait(SECOND * 16).await;
        assert_eq!(call.times(1, &upstream("S")).await, "S");
        assert_eq!(periods(&call, 2).await, [2, 4]);
    }
}
