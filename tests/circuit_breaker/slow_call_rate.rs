use crate::support::upstream;

#[tokio::test(start_paused = true)]
async fn all_calls_in_the_window_must_be_slow_by_default() {
    for call in twins!(slow_call = "1s", window = 4) {
        assert_eq!(call.times(6, &upstream("sSsssS")).await, "SSSSSS");
        assert_eq!(call.times(5, &upstream("ssss")).await, "SSSSX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_share_of_slow_calls_opens_it() {
    for call in twins!(slow_call = "1s", slow_call_rate = 0.5, window = 4) {
        assert_eq!(call.times(5, &upstream("SsSs")).await, "SSSSX");
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_apart_from_the_share_of_failures() {
    for call in twins!(slow_call = "1s", slow_call_rate = 0.75, failure_rate = 0.75, window = 4) {
        // Half of them failed and half of them were slow: neither reaches its share.
        assert_eq!(call.times(8, &upstream("FFss FFss")).await, "FFSSFFSS");
    }
}
