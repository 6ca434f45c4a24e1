#[tokio::test(start_paused = true)]
async fn it_is_the_number_of_the_rate_by_default() {
    for call in twins!("3/s") {
        call.pass(60_000).await;
        assert_eq!(call.waits(3).await, [0.0; 3]);
        assert!(call.once().await.is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn as_many_as_it_says_gather_while_nobody_calls() {
    for call in twins!("2/s", burst = 5) {
        assert_eq!(call.waits(6).await, [0.0, 0.0, 0.0, 0.0, 0.0, 500.0]);
        call.pass(60_000).await;
        assert_eq!(call.waits(6).await, [0.0, 0.0, 0.0, 0.0, 0.0, 500.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_one_spaces_the_calls_evenly() {
    const ONE: u32 = 1;
    for call in twins!("4/s", burst = ONE) {
        for _ in 0..3 {
            assert_eq!(call.waits(2).await, [0.0, 250.0]);
            call.pass(250).await;
        }
    }
}
