use mainstay::{Kind, throttle};
use mainstay_testkit::ManualClock;

use crate::support::{Answer, Failure, of, secs};

#[throttle("rate.plain", k = 2.0, window = "10s", minimum_calls = 20, max_rejection_rate = 0.8)]
fn call(answer: Answer) -> Answer {
    answer
}

/// How many of so many calls reached the server, which rejects them all.
fn sent(calls: u32) -> u32 {
    (0..calls).filter(|_| call(Err(Failure::Busy)) == Err(Failure::Busy)).count() as u32
}

#[test]
fn calls_to_a_server_that_rejects_them_are_refused_at_the_rate_and_let_through_again_after_the_window() {
    fastrand::seed(1);
    let clock = ManualClock::new();
    let _installed = clock.install();
    assert_eq!(sent(20), 20, "too few to judge by");
    assert_eq!(of("rate.plain").rejection_rate(), 0.8);
    let sent = sent(2000);
    assert!((350..450).contains(&sent), "{sent}");
    assert_eq!(of("rate.plain").refused_count(), u64::from(2000 - sent));
    let refused = (0..).find_map(|_| call(Ok(1)).err()).unwrap();
    assert_eq!(refused.kind(), Some(Kind::ClientThrottled));
    clock.advance(secs(11));
    assert_eq!((0..100).filter(|_| call(Ok(1)).is_ok()).count(), 100);
}

#[tokio::test(start_paused = true)]
async fn an_async_function_is_throttled_too_and_k_says_how_much_is_too_much() {
    fastrand::seed(2);
    #[throttle("rate.async", k = 4)]
    async fn call(busy: bool) -> Answer {
        tokio::task::yield_now().await;
        if busy { Err(Failure::Busy) } else { Ok(1) }
    }
    for n in 0..1000 {
        // It accepts one call in four.
        let _ = call(n % 4 != 0).await;
    }
    assert_eq!(of("rate.async").refused_count(), 0);
    for _ in 0..1000 {
        let _ = call(true).await;
    }
    assert!(of("rate.async").refused_count() > 100);
}
