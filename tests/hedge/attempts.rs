//! Which attempt is the answer, and what becomes of the others.

use std::sync::{Arc, Mutex};

use mainstay::{clock, hedge, hedge::Hedge, observe, policies};
use mainstay_testkit::{Stepper, drop_at_every_await};

use crate::support::{Answer, Failure, Takes, Upstream, declined, ms, ok, reset};

#[hedge("attempts", after = "50ms", safe, budget = 1.0)]
async fn ask(upstream: &Upstream) -> Answer {
    upstream.ask().await
}

/// The answer, the time it took, and how many attempts there were.
async fn asked(steps: &[Takes]) -> (Answer, u128, u32) {
    let upstream = Upstream::new(steps);
    let start = clock::now();
    let answer = ask(&upstream).await;
    assert_eq!(upstream.running(), 0, "losers are dropped");
    (answer, clock::now().saturating_since(start).as_millis(), upstream.begun())
}

#[tokio::test(start_paused = true)]
async fn a_primary_that_is_quick_is_the_only_one() {
    assert_eq!(asked(&[(0, ok)]).await, (Ok(0), 0, 1));
    assert_eq!(asked(&[(49, ok)]).await, (Ok(0), 49, 1));
}

#[tokio::test(start_paused = true)]
async fn the_first_success_is_the_answer_whichever_attempt_it_is_of() {
    assert_eq!(asked(&[(900, ok), (10, ok)]).await, (Ok(1), 60, 2));
    assert_eq!(asked(&[(80, ok), (900, ok)]).await, (Ok(0), 80, 2));
}

#[tokio::test(start_paused = true)]
async fn a_failure_waits_for_the_other_attempt() {
    assert_eq!(asked(&[(60, reset), (100, ok)]).await, (Ok(1), 150, 2));
    assert_eq!(asked(&[(200, ok), (10, reset)]).await, (Ok(0), 200, 2));
}

#[tokio::test(start_paused = true)]
async fn if_all_fail_the_primary_s_error_is_the_answer() {
    assert_eq!(asked(&[(60, reset), (100, reset)]).await, (Err(Failure::Reset(0)), 150, 2));
    assert_eq!(asked(&[(300, reset), (10, reset)]).await, (Err(Failure::Reset(0)), 300, 2));
}

#[tokio::test(start_paused = true)]
async fn a_primary_that_fails_alone_is_not_tried_again() {
    assert_eq!(asked(&[(20, reset), (1, ok)]).await, (Err(Failure::Reset(0)), 20, 1));
}

#[tokio::test(start_paused = true)]
async fn a_permanent_error_of_any_attempt_is_the_answer() {
    assert_eq!(asked(&[(60, declined), (100, ok)]).await, (Err(Failure::Declined(0)), 60, 2));
    assert_eq!(asked(&[(300, ok), (10, declined)]).await, (Err(Failure::Declined(1)), 60, 2));
}

#[tokio::test(start_paused = true)]
async fn as_many_as_max_are_made_each_after_the_delay() {
    #[hedge(after = "50ms", max = 3, safe, budget = 1.0)]
    async fn many(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    let upstream = Upstream::new(&[(900, ok), (900, ok), (900, reset), (20, ok)]);
    assert_eq!(many(&upstream).await, Ok(3));
    assert_eq!((upstream.pauses(), upstream.begun(), upstream.running()), (vec![50, 50, 50], 4, 0));
    // None is added once one has failed.
    let upstream = Upstream::new(&[(900, ok), (10, reset)]);
    assert_eq!((many(&upstream).await, upstream.begun()), (Ok(0), 2));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_drops_all_attempts() {
    let upstream = Upstream::new(&[(900, ok), (900, ok)]);
    {
        let mut call = Stepper::new(ask(&upstream));
        assert!(call.poll().is_pending());
        tokio::time::advance(ms(60)).await;
        assert!(call.poll().is_pending());
        assert_eq!(upstream.running(), 2);
    }
    assert_eq!(upstream.running(), 0);
    let upstream = Upstream::new(&[(60, ok)]);
    drop_at_every_await(ms(30), || ask(&upstream), |_| assert_eq!(upstream.running(), 0)).await;
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_any_attempt_unwinds() {
    fn boom(_: u32) -> Answer {
        panic!("inside")
    }
    for steps in [[(10, boom as fn(u32) -> Answer), (10, ok)], [(900, ok), (10, boom)]] {
        let upstream = Arc::new(Upstream::new(&steps));
        let called = Arc::clone(&upstream);
        let ended = tokio::spawn(async move { ask(&called).await }).await;
        assert!(ended.unwrap_err().is_panic());
        assert_eq!(upstream.running(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn what_it_did_is_counted_and_told() {
    #[hedge("attempts.counted", after = "50ms", safe)]
    async fn counted(upstream: &Upstream) -> Answer {
        upstream.ask().await
    }
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    let _listening = observe::listen(move |event| {
        if let observe::Event::Hedged { policy: "attempts.counted", hedge, after, .. } = event {
            ears.lock().unwrap().push((*hedge, *after));
        }
    });
    for steps in [[(0, ok as fn(u32) -> Answer), (0, ok)], [(900, ok), (0, ok)], [(60, ok), (90, ok)]] {
        counted(&Upstream::new(&steps)).await.unwrap();
    }
    let hedge = policies().hedge("attempts.counted").unwrap();
    assert_eq!((hedge.hedges(), hedge.hedged_calls(), hedge.won(), hedge.out_of_budget()), (2, 2, 1, 0));
    assert_eq!(*heard.lock().unwrap(), [(1, ms(50)), (1, ms(50))]);
}

#[tokio::test(start_paused = true)]
async fn the_twin_does_the_same_and_asks_a_predicate() {
    let hedge = Hedge::builder().after(ms(50)).build("twin").unwrap();
    let upstream = Upstream::new(&[(900, ok), (10, reset)]);
    assert_eq!(hedge.call_async(|_| upstream.ask()).await, Ok(0));
    let upstream = Upstream::new(&[(900, ok), (10, reset)]);
    let answer =
        hedge.final_if(|error| matches!(error, Failure::Reset(_))).call_async(|_| upstream.ask()).await;
    assert_eq!((answer, hedge.hedges()), (Err(Failure::Reset(1)), 2));
}
