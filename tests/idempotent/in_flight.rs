use std::time::Duration;

use mainstay::{Error, Kind, idempotent, timeout};
use mainstay_testkit::Stepper;

use crate::support::{Body, Memory, PayError, done, memory, ms, refused};

#[tokio::test(start_paused = true)]
async fn those_who_come_while_it_runs_wait_and_get_its_answer() {
    static BODY: Body = Body::shut();
    #[idempotent(key = 1)]
    async fn call() -> Result<u32, Error> {
        Ok(BODY.run_held().await)
    }
    let mut calls: Vec<_> = (0..100).map(|_| Stepper::new(call())).collect();
    assert!(calls.iter_mut().all(|call| call.poll().is_pending()));
    assert_eq!(BODY.runs(), 1);
    BODY.let_go();
    assert!(calls.iter_mut().all(|call| call.poll() == std::task::Poll::Ready(Ok(1))));
}

#[tokio::test(start_paused = true)]
async fn they_are_woken_and_not_only_asked_again() {
    static BODY: Body = Body::shut();
    #[idempotent(key = 1, store = store)]
    async fn call(store: &Memory) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run_held().await)
    }
    let store = memory();
    let start = tokio::time::Instant::now();
    let both = async { tokio::join!(call(&store), call(&store), async { BODY.let_go() }) };
    let (one, other, ()) = both.await;
    assert_eq!((one, other), (Ok(1), Ok(1)));
    assert_eq!(start.elapsed(), Duration::ZERO, "nobody waited for a timer");
}

#[tokio::test(start_paused = true)]
async fn they_are_refused_where_that_is_asked_for() {
    static BODY: Body = Body::shut();
    #[idempotent("in_flight.reject", key = 1, in_flight = reject)]
    async fn call() -> Result<u32, Error> {
        Ok(BODY.run_held().await)
    }
    let mut first = Stepper::new(call());
    assert!(first.poll().is_pending());
    let refusal = call().await.unwrap_err();
    assert_eq!(refusal, Error::in_flight("in_flight.reject", "1", None));
    assert_eq!(refusal.to_string(), "`in_flight.reject` is running a call under the key \"1\"");
    BODY.let_go();
    assert_eq!(first.poll(), std::task::Poll::Ready(Ok(1)));
    assert_eq!(call().await, Ok(1));
}

#[tokio::test(start_paused = true)]
async fn a_store_tells_when_the_lease_runs_out() {
    static BODY: Body = Body::shut();
    #[idempotent("in_flight.store", key = 1, in_flight = reject, lease = "20s", store = store)]
    async fn call(store: &Memory) -> Result<u32, Error> {
        let _ = store;
        Ok(BODY.run_held().await)
    }
    let store = memory();
    let mut first = Stepper::new(call(&store));
    assert!(first.poll().is_pending());
    tokio::time::advance(ms(5000)).await;
    assert_eq!(call(&store).await, Err(Error::in_flight("in_flight.store", "1", Some(ms(15_000)))));
}

#[tokio::test(start_paused = true)]
async fn the_wait_can_be_limited() {
    static BODY: Body = Body::shut();
    #[idempotent(key = 1, max_wait = "2s")]
    async fn call() -> Result<u32, PayError> {
        Ok(BODY.run_held().await)
    }
    let mut first = Stepper::new(call());
    assert!(first.poll().is_pending());
    let start = tokio::time::Instant::now();
    assert_eq!(call().await, refused(Kind::InFlight));
    assert_eq!(start.elapsed(), ms(2000));
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_above_ends_the_wait_as_a_time_out() {
    for in_store in [false, true] {
        static BODY: Body = Body::shut();
        #[timeout("3s")]
        #[idempotent(key = 1)]
        async fn local() -> Result<u32, PayError> {
            Ok(BODY.run_held().await)
        }
        #[timeout("3s")]
        #[idempotent(key = 1, store = store)]
        async fn stored(store: &Memory) -> Result<u32, PayError> {
            let _ = store;
            Ok(BODY.run_held().await)
        }
        let store = memory();
        let call = || async { if in_store { stored(&store).await } else { local().await } };
        let mut first = Stepper::new(call());
        assert!(first.poll().is_pending());
        tokio::time::advance(ms(1000)).await;
        let mut second = Stepper::new(call());
        assert!(second.poll().is_pending());
        tokio::time::advance(ms(2000)).await;
        assert_eq!(first.poll(), std::task::Poll::Ready(refused(Kind::TimedOut)));
        BODY.let_go();
        // The first one's end has given the key back: the second one runs now, in the time it has left.
        assert_eq!(done(&mut second).await, Ok(BODY.runs()));
    }
}

#[test]
fn threads_wait_for_each_other() {
    static BODY: Body = Body::open();
    #[idempotent(key = 1)]
    fn call() -> Result<u32, Error> {
        let run = BODY.run();
        std::thread::yield_now();
        Ok(run)
    }
    let answers: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(call)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|answer| *answer == Ok(1)), "{answers:?}");
}

#[tokio::test(start_paused = true)]
async fn where_the_one_that_runs_fails_one_of_those_who_wait_runs_next() {
    static BODY: Body = Body::shut();
    #[idempotent(key = 1)]
    async fn call() -> Result<u32, PayError> {
        match BODY.run_held().await {
            run @ ..3 => Err(PayError::Policy(run.to_string())),
            run => Ok(run),
        }
    }
    let mut calls: Vec<_> = (0..5).map(|_| Stepper::new(call())).collect();
    let mut failed = 0;
    loop {
        let polled: Vec<_> = calls.iter_mut().filter(|call| !call.is_done()).map(Stepper::poll).collect();
        failed += polled.iter().filter(|polled| matches!(polled, std::task::Poll::Ready(Err(_)))).count();
        if polled.iter().any(|polled| matches!(polled, std::task::Poll::Ready(Ok(3)))) {
            break;
        }
        BODY.let_go();
    }
    assert_eq!((failed, BODY.runs()), (2, 3));
    for call in calls.iter_mut().filter(|call| !call.is_done()) {
        assert_eq!(call.poll(), std::task::Poll::Ready(Ok(3)));
    }
}
