use crate::support::upstream;

#[tokio::test(start_paused = true)]
async fn a_share_that_is_reached_exactly_opens_it() {
    for call in twins!(failure_rate = 0.5, window = 4) {
        assert_eq!(call.times(5, &upstream("SFSF")).await, "SFSFX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_share_below_it_does_not() {
    for call in twins!(failure_rate = 0.51, window = 4) {
        assert_eq!(call.times(8, &upstream("SFSF SFSF")).await, "SFSFSFSF");
    }
}

#[tokio::test(start_paused = true)]
async fn a_success_may_open_it_when_it_completes_the_window() {
    for call in twins!(failure_rate = 0.5, window = 4) {
        assert_eq!(call.times(5, &upstream("FFSS")).await, "FFSSX");
    }
}

#[tokio::test(start_paused = true)]
async fn failures_in_a_row_mean_nothing_to_it() {
    for call in twins!(failure_rate = 1.0, window = 20) {
        assert_eq!(call.times(21, &upstream("S FFFFF FFFFF FFFFF FFFFF")).await, "SFFFFFFFFFFFFFFFFFFFF");
        assert_eq!(call.times(1, &upstream("")).await, "X");
    }
}

#[tokio::test(start_paused = true)]
async fn it_may_be_any_constant() {
    const HALF: f64 = 1.0 / 2.0;
    for call in twins!(failure_rate = HALF, window = 2) {
        assert_eq!(call.times(3, &upstream("SF")).await, "SFX");
    }
}
