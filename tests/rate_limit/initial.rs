#[tokio::test(start_paused = true)]
async fn the_bucket_is_full_at_first_by_default() {
    for call in twins!("1/s", burst = 3) {
        assert_eq!(call.waits(4).await, [0.0, 0.0, 0.0, 1000.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn so_many_tokens_are_there_at_first() {
    for call in twins!("1/s", burst = 3, initial = 1) {
        assert_eq!(call.waits(2).await, [0.0, 1000.0]);
        call.pass(10_000).await;
        assert_eq!(call.waits(4).await, [0.0, 0.0, 0.0, 1000.0], "later it fills as ever");
    }
}

#[tokio::test(start_paused = true)]
async fn it_may_start_empty() {
    for call in twins!("2/s", initial = 0) {
        assert_eq!(call.waits(1).await, [500.0]);
        call.pass(500).await;
        assert_eq!(call.waits(1).await, [0.0]);
    }
}
