use mainstay::{Error, policies, rate_limit};

use crate::support::{Answer, ms, wait_of};

#[tokio::test(start_paused = true)]
async fn a_call_takes_one_by_default() {
    for call in twins!("2/s") {
        assert_eq!(call.waits(3).await, [0.0, 0.0, 500.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_takes_as_many_as_it_says() {
    for call in twins!("10/s", tokens = 4) {
        assert_eq!(call.waits(3).await, [0.0, 0.0, 200.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_fraction_will_do() {
    for call in twins!("1/s", tokens = 0.25) {
        assert_eq!(call.waits(5).await, [0.0, 0.0, 0.0, 0.0, 250.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn it_may_be_computed_from_the_arguments() {
    #[rate_limit("cost.batch", "10/s", tokens = batch.len())]
    async fn send(batch: Vec<u8>) -> Answer {
        drop(batch);
        Ok(())
    }
    #[rate_limit("10/s", tokens = share * 2.0)]
    fn weigh(share: f64) -> Answer {
        Ok(())
    }
    #[rate_limit("10/s", tokens = *count)]
    fn by_reference(count: &u32) -> Answer {
        Ok(())
    }
    assert_eq!(send(vec![0; 7]).await, Ok(()));
    assert_eq!(policies().rate_limiter("cost.batch").unwrap().available_tokens(), 3.0);
    assert_eq!(wait_of(&send(vec![0; 5]).await), 200.0);
    assert_eq!(send(vec![0; 3]).await, Ok(()), "a smaller one still fits");

    assert_eq!((weigh(2.5), weigh(2.5)), (Ok(()), Ok(())));
    assert_eq!(wait_of(&weigh(0.5)), 100.0);
    assert_eq!((by_reference(&10), wait_of(&by_reference(&1))), (Ok(()), 100.0));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_takes_nothing_is_always_let_in() {
    #[rate_limit("1/s", tokens = count)]
    async fn call(count: usize) -> Answer {
        Ok(())
    }
    assert_eq!(call(1).await, Ok(()));
    assert_eq!(call(0).await, Ok(()));
    assert_eq!(wait_of(&call(1).await), 1000.0);
}

#[tokio::test(start_paused = true)]
async fn more_than_the_burst_is_an_error_at_once_however_long_one_would_wait() {
    #[rate_limit("cost.burst", "10/s", tokens = count, max_wait = "1h")]
    async fn call(count: u32) -> Answer {
        Ok(())
    }
    let start = tokio::time::Instant::now();
    let Err(error) = call(11).await else { panic!("it never fits") };
    assert_eq!(error, Error::exceeds_burst("cost.burst", 11.0, 10.0));
    assert_eq!(error.retry_after(), None, "waiting would not help");
    assert_eq!(call(10).await, Ok(()), "and took nothing");
    assert_eq!(start.elapsed(), ms(0));
}

#[tokio::test(start_paused = true)]
async fn less_than_nothing_and_no_number_are_refused() {
    #[rate_limit("10/s", tokens = count)]
    async fn call(count: f64) -> Answer {
        Ok(())
    }
    for nonsense in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(call(nonsense).await, Err(Error::ExceedsBurst { .. })), "{nonsense}");
    }
    assert_eq!(call(10.0).await, Ok(()), "nothing was given back either");
}
