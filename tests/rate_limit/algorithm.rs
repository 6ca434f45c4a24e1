#[tokio::test(start_paused = true)]
async fn it_is_a_token_bucket_by_default_which_is_refilled_evenly() {
    for call in twins!("4/s") {
        assert_eq!(call.waits(5).await, [0.0, 0.0, 0.0, 0.0, 250.0]);
        call.pass(500).await;
        assert_eq!(call.waits(3).await, [0.0, 0.0, 250.0]);
    }
    for call in twins!("4/s", algorithm = token_bucket) {
        assert_eq!(call.waits(5).await, [0.0, 0.0, 0.0, 0.0, 250.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_fixed_window_forgets_all_at_once() {
    for call in twins!("4/s", algorithm = fixed_window) {
        assert_eq!(call.waits(5).await, [0.0, 0.0, 0.0, 0.0, 1000.0]);
        call.pass(999).await;
        assert_eq!(call.waits(1).await, [1.0]);
        call.pass(1).await;
        assert_eq!(call.waits(5).await, [0.0, 0.0, 0.0, 0.0, 1000.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn around_the_border_of_two_fixed_windows_twice_as_many_get_in() {
    for call in twins!("4/s", algorithm = fixed_window) {
        call.waits(1).await;
        call.pass(999).await;
        assert_eq!(call.waits(4).await, [0.0, 0.0, 0.0, 1.0]);
        call.pass(1).await;
        assert_eq!(call.waits(5).await, [0.0, 0.0, 0.0, 0.0, 1000.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn around_the_border_of_a_sliding_window_they_do_not() {
    for call in twins!("4/s", algorithm = sliding_window) {
        assert_eq!(call.waits(1).await, [0.0]);
        call.pass(999).await;
        assert_eq!(call.waits(3).await, [0.0; 3]);
        call.pass(1).await;
        // All four of the window before still weigh, and fade as it slides away.
        assert_eq!(call.waits(1).await, [250.0]);
        call.pass(250).await;
        assert_eq!(call.waits(2).await, [0.0, 250.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn windows_wait_in_line_as_buckets_do() {
    use crate::support::ms;
    for call in twins!("2/s", algorithm = fixed_window, max_wait = "10s") {
        let start = mainstay::clock::now();
        assert_eq!(call.waits(5).await, [0.0; 5]);
        assert_eq!(mainstay::clock::now().saturating_since(start), ms(2000));
    }
}
