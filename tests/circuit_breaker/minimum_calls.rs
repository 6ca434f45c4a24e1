use crate::support::upstream;

#[tokio::test(start_paused = true)]
async fn the_whole_window_is_waited_for_by_default() {
    for call in twins!(failure_rate = 0.25, window = 8) {
        assert_eq!(call.times(9, &upstream("FFFFFFFF")).await, "FFFFFFFFX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_window_that_is_not_full_is_judged_from_so_many_outcomes_on() {
    for call in twins!(failure_rate = 0.25, window = 8, minimum_calls = 3) {
        assert_eq!(call.times(4, &upstream("FSS")).await, "FSSX");
    }
}
