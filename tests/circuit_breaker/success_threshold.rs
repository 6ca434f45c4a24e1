use crate::support::{SECOND, upstream};

#[tokio::test(start_paused = true)]
async fn two_successful_probes_close_it_by_default() {
    for call in twins!(failure_threshold = 2, timeout = "1s") {
        assert_eq!(call.times(2, &upstream("FF")).await, "FF");
        call.wait(SECOND).await;
        // Closed after the second: a single failure no longer opens it.
        assert_eq!(call.times(4, &upstream("SSFS")).await, "SSFS");
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_not_closed_before_the_last_of_them() {
    for call in twins!(failure_threshold = 2, timeout = "1s", success_threshold = 3) {
        assert_eq!(call.times(2, &upstream("FF")).await, "FF");
        call.wait(SECOND).await;
        assert_eq!(call.times(4, &upstream("SSF")).await, "SSFX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_reopening_forgets_the_successes_before_it() {
    for call in twins!(failure_threshold = 2, timeout = "1s") {
        assert_eq!(call.times(2, &upstream("FF")).await, "FF");
        call.wait(SECOND).await;
        assert_eq!(call.times(3, &upstream("SF")).await, "SFX");
        call.wait(SECOND).await;
        assert_eq!(call.times(3, &upstream("SF")).await, "SFX");
    }
}

#[tokio::test(start_paused = true)]
async fn one_is_enough_where_it_says_so() {
    for call in twins!(failure_threshold = 2, timeout = "1s", success_threshold = 1) {
        assert_eq!(call.times(2, &upstream("FF")).await, "FF");
        call.wait(SECOND).await;
        assert_eq!(call.times(3, &upstream("SFS")).await, "SFS");
    }
}
