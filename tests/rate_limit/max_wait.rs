use std::{sync::Mutex, time::Duration};

use mainstay::{Error, Kind, policies, rate_limit, retry, timeout};
use mainstay_testkit::{Stepper, drop_at_every_await};

use crate::support::{Answer, ms, wait_of};

/// By the clock that the twin at hand goes by.
fn now() -> Duration {
    mainstay::clock::now().saturating_since(mainstay::clock::Instant::ZERO)
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_by_default() {
    for call in twins!("1/s") {
        let start = now();
        assert_eq!(call.waits(2).await, [0.0, 1000.0]);
        assert_eq!(now(), start);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_its_tokens() {
    for call in twins!("2/s", max_wait = "10s") {
        let start = now();
        assert_eq!(call.waits(6).await, [0.0; 6]);
        assert_eq!(now() - start, ms(2000));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_whose_wait_would_be_longer_is_refused_at_once() {
    for call in twins!("1/s", max_wait = "999ms") {
        let start = now();
        assert_eq!(call.waits(2).await, [0.0, 1000.0]);
        assert_eq!(now(), start);
    }
    for call in twins!("1/s", max_wait = "1s") {
        assert_eq!(call.waits(2).await, [0.0, 0.0]);
    }
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_are_served_in_the_order_of_arrival() {
    static SERVED: Mutex<Vec<(u32, Duration)>> = Mutex::new(Vec::new());
    #[rate_limit("1/s", max_wait = "1m")]
    async fn call(number: u32, start: tokio::time::Instant) -> Answer {
        SERVED.lock().unwrap().push((number, start.elapsed()));
        Ok(())
    }
    let start = tokio::time::Instant::now();
    let calls: Vec<_> = (0..5).map(|number| tokio::spawn(call(number, start))).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let expected: Vec<_> = (0..5).map(|number| (number, ms(1000) * number)).collect();
    assert_eq!(*SERVED.lock().unwrap(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_does_not_overtake_and_is_told_of_the_whole_queue() {
    #[rate_limit("wait.queue", "1/s", max_wait = "2500ms")]
    async fn call() -> Answer {
        Ok(())
    }
    call().await.unwrap();
    let mut waiting: Vec<_> = (0..2).map(|_| Stepper::new(call())).collect();
    assert!(waiting.iter_mut().all(|call| call.poll().is_pending()));
    assert_eq!(wait_of(&call().await), 3000.0, "behind those two");
    assert_eq!(policies().rate_limiter("wait.queue").unwrap().waiting(), 2);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_waiting_takes_nothing_and_holds_up_nobody() {
    #[rate_limit("wait.given_up", "1/s", max_wait = "1m")]
    async fn call() -> Answer {
        Ok(())
    }
    call().await.unwrap();
    let (mut first, mut second) = (Stepper::new(call()), Stepper::new(call()));
    assert!(first.poll().is_pending() && second.poll().is_pending());
    drop(first);
    assert!(second.was_woken(), "it is the head now");
    assert!(second.poll().is_pending());
    tokio::time::advance(ms(1000)).await;
    assert!(second.poll().is_ready(), "a second after the first call, not two");
    assert_eq!(policies().rate_limiter("wait.given_up").unwrap().waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_may_be_dropped_anywhere_in_its_wait() {
    #[rate_limit("wait.dropped", "1/s", max_wait = "1m")]
    async fn call() -> Answer {
        Ok(())
    }
    let limiter = policies().rate_limiter("wait.dropped").unwrap();
    let mut tokens_left = Vec::new();
    let polls = drop_at_every_await(
        ms(300),
        || {
            limiter.reset();
            limiter.try_acquire(1.0).unwrap();
            call()
        },
        |polls| {
            assert_eq!(limiter.waiting(), 0, "after {polls} polls");
            tokens_left.push(limiter.available_tokens());
        },
    )
    .await;
    assert_eq!(polls, 5, "it waits for a second in steps of 300 ms");
    // Before it takes its token it has taken none: what comes back in the meantime is all there.
    assert_eq!(tokens_left.len(), 2 * polls - 1);
    let refilled = [0.0, 0.0, 0.3, 0.3, 0.6, 0.6, 0.9, 0.9, 1.0];
    for (left, refilled) in tokens_left.iter().zip(refilled) {
        assert!((left - refilled).abs() < 1e-6, "{tokens_left:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_above_ends_the_wait_and_one_that_is_too_short_ends_it_at_once() {
    #[timeout("3s")]
    #[rate_limit("wait.limited", "1/s", max_wait = "1m")]
    async fn call(inner: Duration) -> Answer {
        tokio::time::sleep(inner).await;
        Ok(())
    }
    let start = tokio::time::Instant::now();
    call(ms(0)).await.unwrap();
    let late = call(ms(2500));
    assert_eq!(late.await.unwrap_err().kind(), Kind::TimedOut, "one second in the queue counts");
    assert_eq!(start.elapsed(), ms(3000));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_final_for_a_retry_above_unless_it_is_listed() {
    #[retry(max_attempts = 3, initial_delay = "1ms")]
    #[rate_limit("1/s")]
    async fn unlisted() -> Answer {
        Ok(())
    }
    #[retry(max_attempts = 3, initial_delay = "1ms", jitter = none, retry_on(Error::RateLimited { .. }))]
    #[rate_limit("1/s")]
    async fn listed() -> Answer {
        Ok(())
    }
    let start = tokio::time::Instant::now();
    unlisted().await.unwrap();
    assert_eq!(wait_of(&unlisted().await), 1000.0);
    assert_eq!(start.elapsed(), ms(0));
    listed().await.unwrap();
    listed().await.unwrap();
    // The limiter's own word is a floor under the backoff of a millisecond.
    assert_eq!(start.elapsed(), ms(1000));
}
