use crate::support::{E, SECOND, upstream};

#[tokio::test(start_paused = true)]
async fn an_ignored_error_neither_lengthens_nor_ends_a_run_of_failures() {
    for call in twins!(failure_threshold = 2, ignore_on(E::Declined)) {
        assert_eq!(call.times(5, &upstream("DDFDF")).await, "DDFDF");
        assert_eq!(call.times(1, &upstream("")).await, "X");
    }
}

#[tokio::test(start_paused = true)]
async fn an_ignored_error_is_not_in_the_window() {
    for call in twins!(failure_rate = 0.5, window = 2, ignore_on(E::Declined)) {
        assert_eq!(call.times(6, &upstream("SDDDSD")).await, "SDDDSD");
        assert_eq!(call.times(3, &upstream("DF")).await, "DFX");
    }
}

#[tokio::test(start_paused = true)]
async fn an_ignored_probe_decides_nothing_and_gives_its_place_back() {
    for call in twins!(
        failure_threshold = 1,
        timeout = "1s",
        success_threshold = 1,
        half_open_calls = 1,
        ignore_on(E::Declined)
    ) {
        assert_eq!(call.times(1, &upstream("F")).await, "F");
        call.wait(SECOND).await;
        assert_eq!(call.times(3, &upstream("DDD")).await, "DDD", "still half-open, each a new probe");
        assert_eq!(call.times(2, &upstream("F")).await, "FX");
    }
}

#[tokio::test(start_paused = true)]
async fn it_wins_over_the_options_that_name_failures() {
    for call in twins!(failure_threshold = 1, failure_on(E::Down | E::Busy), ignore_on(E::Busy)) {
        assert_eq!(call.times(4, &upstream("BBF")).await, "BBFX");
    }
    for call in twins!(failure_threshold = 1, failure_if = |_| true, ignore_on(E::Busy)) {
        assert_eq!(call.times(4, &upstream("BBF")).await, "BBFX");
    }
}
