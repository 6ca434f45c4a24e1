use std::time::Duration;

use crate::support::{SECOND, upstream};

#[tokio::test(start_paused = true)]
async fn a_count_is_exactly_the_last_so_many_outcomes() {
    for call in twins!(failure_rate = 0.75, window = 4) {
        // 3 of 5 failed, but never 3 of the last 4.
        assert_eq!(call.times(6, &upstream("FFSSFF")).await, "FFSSFF");
        assert_eq!(call.times(2, &upstream("F")).await, "FX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_holds_the_outcomes_of_so_long() {
    for call in twins!(failure_rate = 0.5, window = "10s", minimum_calls = 4) {
        assert_eq!(call.times(2, &upstream("FF")).await, "FF");
        call.wait(SECOND * 10).await;
        assert_eq!(call.times(3, &upstream("FFS")).await, "FFS", "the first two are forgotten");
        call.wait(SECOND * 9).await;
        assert_eq!(call.times(2, &upstream("S")).await, "SX", "the others are not");
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_slides_in_steps_and_not_all_at_once() {
    for call in twins!(failure_rate = 1.0, window = "10s", minimum_calls = 10) {
        for _ in 0..9 {
            assert_eq!(call.times(1, &upstream("F")).await, "F");
            call.wait(SECOND).await;
        }
        call.wait(SECOND).await;
        // Ten seconds after the first: it alone has left, so this is the ninth in the window.
        assert_eq!(call.times(1, &upstream("F")).await, "F");
        assert_eq!(call.times(2, &upstream("F")).await, "FX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_is_judged_from_ten_calls_on_by_default() {
    for call in twins!(failure_rate = 0.1, window = "1m") {
        assert_eq!(call.times(11, &upstream("FFFFFFFFFF")).await, "FFFFFFFFFFX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_of_state_empties_it() {
    for call in twins!(failure_rate = 0.5, window = 4, success_threshold = 1, timeout = "1s") {
        assert_eq!(call.times(4, &upstream("FFFF")).await, "FFFF");
        call.wait(SECOND).await;
        // The probe's success closes it and does not count in the new window.
        assert_eq!(call.times(4, &upstream("S FFF")).await, "SFFF");
        assert_eq!(call.times(2, &upstream("S")).await, "SX");
    }
}

#[tokio::test(start_paused = true)]
async fn it_may_be_any_constant() {
    use mainstay::circuit_breaker::Window;
    const LONG: Duration = Duration::from_secs(60);
    for call in twins!(failure_rate = 0.5, window = Window::Time(LONG), minimum_calls = 2) {
        assert_eq!(call.times(3, &upstream("FF")).await, "FFX");
    }
}
