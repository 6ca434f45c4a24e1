//! Rows of MicroProfile Fault Tolerance's test kit (CASES.md, A). Each script ends where the row says how often the
//! body runs: one call more would panic.

use std::time::Duration;

use crate::support::{SECOND, upstream};

#[tokio::test(start_paused = true)]
async fn cb_01_a_full_window_of_failures_opens_it() {
    for call in twins!(failure_rate = 0.75, window = 4, timeout = "50s") {
        let up = upstream("FFFF");
        assert_eq!(call.times(7, &up).await, "FFFFXXX");
        assert_eq!(up.calls(), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn cb_02_it_closes_again_and_nobody_is_refused_when_the_wait_is_over() {
    for call in twins!(failure_rate = 0.75, window = 4, timeout = "1ms") {
        let up = upstream("FFFF SSS");
        assert_eq!(call.times(4, &up).await, "FFFF");
        call.wait(Duration::from_millis(500)).await;
        assert_eq!(call.times(3, &up).await, "SSS");
        assert_eq!(up.calls(), 7);
    }
}

#[tokio::test(start_paused = true)]
async fn cb_04_two_successes_of_three_do_not_close_it() {
    for call in twins!(failure_rate = 0.75, window = 4, success_threshold = 3, timeout = "1000ms") {
        let up = upstream("FFFF SSF");
        assert_eq!(call.times(5, &up).await, "FFFFX");
        call.wait(SECOND * 2).await;
        assert_eq!(call.times(4, &up).await, "SSFX");
        assert_eq!(up.calls(), 7);
    }
}

#[tokio::test(start_paused = true)]
async fn cb_08_a_success_that_completes_the_window_opens_it() {
    for call in twins!(failure_rate = 0.5, window = 4) {
        let up = upstream("SFFS");
        assert_eq!(call.times(5, &up).await, "SFFSX");
        assert_eq!(up.calls(), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn cb_10_three_failures_do_not_open_a_window_of_four() {
    for call in twins!(failure_rate = 0.75, window = 4) {
        let up = upstream("FFFF");
        assert_eq!(call.times(4, &up).await, "FFFF", "the fourth got through");
        assert_eq!(call.times(1, &up).await, "X");
    }
}

#[tokio::test(start_paused = true)]
async fn cb_11_the_success_that_closes_it_is_not_in_the_new_window() {
    for call in twins!(failure_rate = 0.75, window = 4, success_threshold = 1, timeout = "1000ms") {
        let up = upstream("SFFF SSFFF");
        assert_eq!(call.times(5, &up).await, "SFFFX");
        call.wait(SECOND * 2).await;
        assert_eq!(call.times(6, &up).await, "SSFFFX");
        assert_eq!(up.calls(), 9);
    }
}

#[tokio::test(start_paused = true)]
async fn cb_12_a_late_success_opens_it_when_the_window_is_bad_enough() {
    for call in twins!(failure_rate = 0.75, window = 4, success_threshold = 1, timeout = "1000ms") {
        let up = upstream("FFFS SFFFS");
        assert_eq!(call.times(5, &up).await, "FFFSX");
        call.wait(SECOND * 2).await;
        assert_eq!(call.times(6, &up).await, "SFFFSX");
        assert_eq!(up.calls(), 9);
    }
}

#[tokio::test(start_paused = true)]
async fn cb_20_a_window_of_ten_needs_ten_again_after_it_closed() {
    for call in twins!(failure_rate = 0.5, window = 10, success_threshold = 2, timeout = "1s") {
        assert_eq!(call.times(11, &upstream("FFFFFFFFFF")).await, "FFFFFFFFFFX");
        call.wait(SECOND).await;
        assert_eq!(call.times(2, &upstream("SS")).await, "SS");
        assert_eq!(call.times(11, &upstream("FFFFFFFFFF")).await, "FFFFFFFFFFX");
        call.wait(SECOND).await;
        assert_eq!(call.times(3, &upstream("SF")).await, "SFX");
    }
}
