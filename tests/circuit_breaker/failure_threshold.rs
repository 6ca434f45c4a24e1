use crate::support::upstream;

#[tokio::test(start_paused = true)]
async fn five_failures_in_a_row_open_it_by_default() {
    for call in twins!() {
        let up = upstream("FFFFF");
        assert_eq!(call.times(7, &up).await, "FFFFFXX");
        assert_eq!(up.calls(), 5);
    }
}

#[tokio::test(start_paused = true)]
async fn as_many_failures_in_a_row_as_it_says_open_it() {
    for call in twins!(failure_threshold = 2) {
        assert_eq!(call.times(3, &upstream("FF")).await, "FFX");
    }
}

#[tokio::test(start_paused = true)]
async fn one_failure_opens_it_where_that_is_the_threshold() {
    const ONE: u32 = 1;
    for call in twins!(failure_threshold = ONE) {
        assert_eq!(call.times(2, &upstream("F")).await, "FX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_success_starts_the_count_again() {
    for call in twins!(failure_threshold = 3) {
        assert_eq!(call.times(9, &upstream("FFS FFS FFF")).await, "FFSFFSFFF");
        assert_eq!(call.times(1, &upstream("")).await, "X");
    }
}
