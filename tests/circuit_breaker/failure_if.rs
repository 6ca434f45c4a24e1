use crate::support::{E, upstream};

fn is_down(error: &E) -> bool {
    matches!(error, E::Down)
}

#[tokio::test(start_paused = true)]
async fn every_error_of_a_type_without_classes_is_a_failure_by_default() {
    for call in twins!(failure_threshold = 3) {
        assert_eq!(call.times(4, &upstream("FBD")).await, "FBDX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_says_which_errors_are_failures() {
    for call in twins!(failure_threshold = 2, failure_if = is_down) {
        assert_eq!(call.times(4, &upstream("DBDB")).await, "DBDB");
        assert_eq!(call.times(3, &upstream("FF")).await, "FFX");
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_is_no_failure_counts_as_a_success() {
    for call in twins!(failure_threshold = 2, failure_if = |error| matches!(error, E::Down)) {
        assert_eq!(call.times(6, &upstream("FDFDFF")).await, "FDFDFF");
        assert_eq!(call.times(1, &upstream("")).await, "X");
    }
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_meets_an_error_which_is_no_failure_has_passed() {
    for call in twins!(failure_threshold = 1, failure_if = is_down, success_threshold = 1, timeout = "1s") {
        assert_eq!(call.times(1, &upstream("F")).await, "F");
        call.wait(crate::support::SECOND).await;
        assert_eq!(call.times(2, &upstream("DS")).await, "DS");
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_not_asked_about_successes_and_refusals() {
    use std::sync::atomic::{AtomicU32, Ordering};
    static ASKED: AtomicU32 = AtomicU32::new(0);
    fn count(_: &E) -> bool {
        ASKED.fetch_add(1, Ordering::Relaxed);
        true
    }
    for call in twins!(failure_threshold = 1, failure_if = count) {
        ASKED.store(0, Ordering::Relaxed);
        assert_eq!(call.times(5, &upstream("SSF")).await, "SSFXX");
        assert_eq!(ASKED.load(Ordering::Relaxed), 1);
    }
}
