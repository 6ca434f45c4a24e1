use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use mainstay::{
    Error, bulkhead, circuit_breaker,
    circuit_breaker::State,
    fallback,
    observe::{self, Event},
    policies, rate_limit, retry, timeout,
};
use mainstay_testkit::Recorder;

use crate::support::{Answer, down, undisturbed};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn every_change_of_a_breakers_state_is_heard() {
    let _undisturbed = undisturbed().await;
    #[circuit_breaker("hear.breaker", failure_threshold = 1, success_threshold = 1, timeout = "1s")]
    async fn call(answer: Answer) -> Answer {
        answer
    }
    let recorder = Recorder::listen();
    call(down()).await.unwrap_err();
    call(Ok(())).await.unwrap_err();
    tokio::time::advance(SECOND).await;
    call(Ok(())).await.unwrap();
    policies().circuit_breaker("hear.breaker").unwrap().force_open();
    policies().circuit_breaker("hear.breaker").unwrap().close();
    assert_eq!(
        recorder.events("hear.breaker"),
        [
            "state: closed -> open",
            "refused: circuit_open",
            "state: open -> half_open",
            "state: half_open -> closed",
            "state: closed -> forced_open",
            "state: forced_open -> closed",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn each_retry_is_heard_with_its_wait_and_when_they_are_exhausted() {
    #[retry("hear.retry", max_attempts = 3, initial_delay = "1s", jitter = none, clone(answer))]
    async fn call(answer: Answer) -> Answer {
        answer
    }
    let recorder = Recorder::listen();
    call(Ok(())).await.unwrap();
    assert_eq!(recorder.events("hear.retry"), [""; 0], "nothing happened");
    call(down()).await.unwrap_err();
    assert_eq!(
        recorder.events("hear.retry"),
        [
            "retry: attempt 1 failed, next in 1s",
            "retry: attempt 2 failed, next in 2s",
            "retries exhausted: 3 attempts",
        ]
    );
    recorder.clear();
    call(Err(Error::bulkhead_full("x", 1))).await.unwrap_err();
    assert_eq!(recorder.events("hear.retry"), [""; 0], "a final error exhausts nothing");
}

#[tokio::test(start_paused = true)]
async fn every_kind_of_refusal_is_heard_from_the_policy_that_refused() {
    let _undisturbed = undisturbed().await;
    #[rate_limit("hear.limiter", "1/h", tokens = tokens)]
    fn limited(tokens: u32) -> Answer {
        Ok(())
    }
    #[bulkhead("hear.bulkhead", 1)]
    fn full(again: bool) -> Answer {
        if again { full(true) } else { Ok(()) }
    }
    #[timeout("hear.timeout", "1s")]
    async fn late() -> Answer {
        std::future::pending().await
    }
    let recorder = Recorder::listen();
    limited(1).unwrap();
    limited(1).unwrap_err();
    limited(2).unwrap_err();
    full(true).unwrap_err();
    late().await.unwrap_err();
    assert_eq!(recorder.events("hear.limiter"), ["refused: rate_limited", "refused: exceeds_burst"]);
    assert_eq!(recorder.events("hear.bulkhead"), ["refused: bulkhead_full"]);
    assert_eq!(recorder.events("hear.timeout"), ["refused: timed_out"]);
}

#[tokio::test(start_paused = true)]
async fn a_fallback_that_answers_is_heard_by_the_name_of_its_function() {
    #[fallback(|_| Ok(()))]
    fn call(answer: Answer) -> Answer {
        answer
    }
    #[fallback("hear.fallback", |_| Ok(()), on(Error::BulkheadFull { .. }))]
    async fn named(answer: Answer) -> Answer {
        answer
    }
    let recorder = Recorder::listen();
    call(Ok(())).unwrap();
    call(down()).unwrap();
    named(Err(Error::bulkhead_full("x", 1))).await.unwrap();
    named(down()).await.unwrap_err();
    assert_eq!(recorder.events("names::listeners::call"), ["fell back"]);
    assert_eq!(recorder.events("hear.fallback"), ["fell back"]);
}

#[tokio::test(start_paused = true)]
async fn a_listener_may_call_back_into_the_breaker_that_reports() {
    let _undisturbed = undisturbed().await;
    #[circuit_breaker("hear.call_back", failure_threshold = 1)]
    fn call(answer: Answer) -> Answer {
        answer
    }
    let heard = Arc::new(Mutex::new(Vec::new()));
    let subscription = observe::listen({
        let heard = Arc::clone(&heard);
        move |event| {
            let Event::StateChanged { policy: "hear.call_back", from, to, .. } = event else { return };
            heard.lock().unwrap().push((*from, *to));
            let breaker = policies().circuit_breaker("hear.call_back").unwrap();
            assert_eq!(breaker.counts().state, *to);
            // From another thread too: whoever held a lock here would never be joined.
            std::thread::spawn(move || breaker.counts()).join().unwrap();
            if *to == State::Open {
                assert!(call(Ok(())).is_err());
                breaker.close();
                assert_eq!(call(Ok(())), Ok(()));
            }
        }
    });
    call(down()).unwrap_err();
    drop(subscription);
    assert_eq!(*heard.lock().unwrap(), [(State::Closed, State::Open), (State::Open, State::Closed)]);
    assert_eq!(policies().circuit_breaker("hear.call_back").unwrap().state(), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_listener_may_call_back_into_limiter_and_bulkhead() {
    let _undisturbed = undisturbed().await;
    #[rate_limit("hear.steered", "1/h", max_wait = "1m")]
    #[bulkhead("hear.steered", 1, max_wait = "1s")]
    async fn call() -> Answer {
        Ok(())
    }
    let (limiter, bulkhead) =
        (policies().rate_limiter("hear.steered").unwrap(), policies().bulkhead("hear.steered").unwrap());
    let _subscription = observe::listen(move |event| {
        if event.policy() == "hear.steered" {
            limiter.reset();
            bulkhead.set_limit(2).unwrap();
        }
    });
    call().await.unwrap();
    call().await.unwrap_err();
    call().await.unwrap();
    limiter.reset();
    bulkhead.reset();
    let _inside = bulkhead.try_enter().unwrap();
    call().await.unwrap_err();
    limiter.reset();
    call().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_a_listener_disturbs_neither_the_call_nor_other_listeners() {
    let _undisturbed = undisturbed().await;
    #[circuit_breaker("hear.panic", failure_threshold = 1)]
    fn call() -> Answer {
        down()
    }
    let panicking =
        observe::listen(|event| assert_ne!(event.policy(), "hear.panic", "a listener's own panic"));
    let recorder = Recorder::listen();
    assert_eq!(call(), down());
    drop(panicking);
    assert_eq!(recorder.events("hear.panic"), ["state: closed -> open"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_heard_after_the_subscription_is_dropped() {
    let _undisturbed = undisturbed().await;
    #[bulkhead("hear.dropped", 1)]
    fn call(again: bool) -> Answer {
        if again { call(true) } else { Ok(()) }
    }
    let count = Arc::new(Mutex::new(0));
    let subscription = observe::listen({
        let count = Arc::clone(&count);
        move |event| *count.lock().unwrap() += u32::from(event.policy() == "hear.dropped")
    });
    call(true).unwrap_err();
    drop(subscription);
    call(true).unwrap_err();
    assert_eq!(*count.lock().unwrap(), 1);
}
