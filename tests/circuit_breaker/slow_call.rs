use crate::support::upstream;

#[tokio::test(start_paused = true)]
async fn no_call_is_slow_by_default() {
    for call in twins!(failure_rate = 0.5, window = 2) {
        assert_eq!(call.times(3, &upstream("sss")).await, "SSS");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_takes_as_long_is_slow_even_if_it_succeeds() {
    for call in twins!(slow_call = "1s", window = 2) {
        assert_eq!(call.times(3, &upstream("ss")).await, "SSX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_takes_less_is_not() {
    for call in twins!(slow_call = "1001ms", window = 2) {
        assert_eq!(call.times(4, &upstream("ssss")).await, "SSSS");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_may_be_slow_as_well() {
    for call in twins!(slow_call = "1s", window = 2) {
        assert_eq!(call.times(3, &upstream("sf")).await, "SFX");
    }
}

#[tokio::test(start_paused = true)]
async fn failures_in_a_row_still_open_a_breaker_that_has_no_failure_rate() {
    for call in twins!(slow_call = "1s", window = 100, failure_threshold = 3) {
        assert_eq!(call.times(4, &upstream("FFF")).await, "FFFX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_probe_opens_it_again() {
    for call in twins!(slow_call = "1s", window = 2, success_threshold = 1, timeout = "5s") {
        assert_eq!(call.times(2, &upstream("ss")).await, "SS");
        call.wait(std::time::Duration::from_secs(5)).await;
        assert_eq!(call.times(2, &upstream("s")).await, "SX");
    }
}
