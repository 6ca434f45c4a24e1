//! MicroProfile Fault Tolerance, fallback, and what Resilience4j's fallback methods add.

use std::{
    future::Future,
    pin::Pin,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use mainstay::{Kind, fallback, retry, timeout};

use crate::support::*;

/// A handler that keeps something of its own between calls.
struct Handler {
    count: AtomicU32,
}

impl Handler {
    fn handle(&self, service: &str) -> Answer<String> {
        Ok(format!("fallback for {service} myBean.getCount()={}", self.count.fetch_add(1, Relaxed)))
    }
}

/// FB-01, FB-02.
#[tokio::test(start_paused = true)]
async fn it_answers_when_all_attempts_have_failed_and_may_keep_state() {
    #[fallback(|_| handler.handle("serviceA"))]
    #[retry(max_attempts = 2)]
    async fn service_a(up: &Upstream, handler: &Handler) -> Answer<String> {
        up.run_async().await.map(|()| String::new())
    }
    #[fallback(|_| handler.handle("serviceB"))]
    #[retry(max_attempts = 3)]
    async fn service_b(up: &Upstream, handler: &Handler) -> Answer<String> {
        up.run_async().await.map(|()| String::new())
    }
    let handler = Handler { count: AtomicU32::new(34) };
    let up = always('F');
    assert_eq!(service_a(&up, &handler).await.unwrap(), "fallback for serviceA myBean.getCount()=34");
    assert_eq!(up.calls(), 2);
    let up = always('F');
    assert_eq!(service_b(&up, &handler).await.unwrap(), "fallback for serviceB myBean.getCount()=35");
    assert_eq!(up.calls(), 3);
}

/// FB-04.
#[tokio::test(start_paused = true)]
async fn below_it_neither_an_error_nor_a_time_out_surfaces() {
    let call = later!(
        #[fallback(|_| Ok(()))]
        #[retry(max_attempts = 2, initial_delay = ms(0))]
        #[timeout("500ms")]
    );
    for (up, took) in [(slow(ms(10), 'F'), ms(20)), (slow(SECOND, 'F'), SECOND)] {
        assert_eq!((call.timed(&up).await, up.calls()), (('S', took), 2));
    }
}

fn handler(_: E) -> Answer {
    Ok(())
}

/// FB-05: a handler, and a method.
#[tokio::test(start_paused = true)]
async fn alone_the_body_runs_once_before_it() {
    for call in twins!(#[fallback(handler)]) {
        let up = always('F');
        assert_eq!((call.once(&up).await, up.calls()), ('S', 1));
    }
    struct Client(Upstream);
    impl Client {
        #[fallback(Self::instead)]
        fn get(&self, key: u32) -> Answer<u32> {
            self.0.run().map(|()| key)
        }
        fn instead(&self, _: E, key: u32) -> Answer<u32> {
            Ok(key + 1)
        }
    }
    let client = Client(upstream("FS"));
    assert_eq!((client.get(7), client.get(7)), (Ok(8), Ok(7)));
    assert_eq!(client.0.calls(), 2);
}

/// FB-07, FB-08: there a future that fails is not answered for unless it is a stage. Rust has one kind of future, and its
/// error is the call's, whether it comes before the first wait or after.
#[tokio::test(start_paused = true)]
async fn a_future_that_fails_is_answered_for_however_it_is_written() {
    type Said = Answer<u32>;
    const SUCCESS: u32 = 1;
    const FALLBACK: u32 = 2;
    #[fallback(|_| Ok(FALLBACK))]
    async fn by_word(up: &Upstream, waits: bool) -> Said {
        if waits {
            tokio::time::sleep(SECOND).await;
        }
        up.run_async().await.map(|()| SUCCESS)
    }
    #[fallback(|_| Ok(FALLBACK))]
    fn by_type(up: &Upstream, waits: bool) -> Pin<Box<dyn Future<Output = Said> + Send + '_>> {
        Box::pin(async move {
            if waits {
                tokio::time::sleep(SECOND).await;
            }
            up.run_async().await.map(|()| SUCCESS)
        })
    }
    for waits in [false, true] {
        let up = upstream("SSFF");
        assert_eq!((by_word(&up, waits).await, by_type(&up, waits).await), (Ok(SUCCESS), Ok(SUCCESS)));
        assert_eq!((by_word(&up, waits).await, by_type(&up, waits).await), (Ok(FALLBACK), Ok(FALLBACK)));
    }
}

/// FB-10, FB-11, FB-14: what is left out is said by a pattern or its guard.
#[tokio::test(start_paused = true)]
async fn only_listed_errors_are_answered_for_and_others_surface() {
    for call in twins!(#[fallback(|_| Ok(()), on(E::Down))]) {
        assert_eq!((call.once(&always('F')).await, call.once(&always('B')).await), ('S', 'B'));
    }
    for call in twins!(#[fallback(|_| Ok(()), on(error if *error != E::Down))]) {
        assert_eq!((call.once(&always('F')).await, call.once(&always('B')).await), ('F', 'S'));
    }
}

/// FB-17: Resilience4j picks the method whose error type is the nearest ancestor. A Rust function has one error type:
/// one fallback tells its kinds apart, or one stands above another, each with what it answers for.
#[tokio::test(start_paused = true)]
async fn several_fallbacks_answer_for_the_errors_that_each_names() {
    #[fallback(|_| Ok("any"))]
    #[fallback(|_| Ok("busy"), on(E::Busy))]
    #[fallback(|_| Ok("down"), on(E::Down))]
    async fn call(up: &Upstream) -> Answer<&'static str> {
        up.run_async().await.map(|()| "ran")
    }
    for (letter, answer) in [('S', "ran"), ('F', "down"), ('B', "busy"), ('D', "any")] {
        assert_eq!(call(&always(letter)).await, Ok(answer));
    }
}

/// FB-18.
#[tokio::test(start_paused = true)]
async fn an_error_that_no_fallback_answers_for_surfaces_as_it_is() {
    for call in twins!(#[fallback(|_| Ok(()), on(E::Busy))] #[fallback(|_| Ok(()), on(E::Down))]) {
        assert_eq!(call.once(&always('D')).await, 'D');
    }
}

/// FB-20, FB-x01: and SmallRye's, where a fallback's own error takes the place of the body's.
#[tokio::test(start_paused = true)]
async fn what_a_fallback_fails_with_surfaces_unwrapped() {
    for call in twins!(#[fallback(|error| Err(error))]) {
        assert_eq!((call.once(&always('F')).await, call.once(&always('D')).await), ('F', 'D'));
    }
    for call in twins!(#[fallback(|_| Err(E::Busy))]) {
        assert_eq!((call.once(&always('F')).await, call.once(&always('S')).await), ('B', 'S'));
    }
}

/// FB-22.
#[tokio::test(start_paused = true)]
async fn it_sees_the_error_and_is_not_needed_when_a_later_attempt_succeeds() {
    #[fallback(|error: E| Ok(format!("fallback after {error}")))]
    #[retry(max_attempts = 4)]
    async fn call(up: &Upstream) -> Answer<String> {
        up.run_async().await?;
        Ok(format!("success after {} failures", up.calls() - 1))
    }
    assert_eq!(call(&upstream("FFFS")).await.unwrap(), "success after 3 failures");
    assert_eq!(call(&always('F')).await.unwrap(), "fallback after down");
}

/// FB-x02: it is told of a refusal by a policy below, as of any error.
#[tokio::test(start_paused = true)]
async fn it_sees_refusals_and_time_outs() {
    #[fallback(|error: E| match error {
        E::Policy(refusal) => Ok(refusal.kind()),
        other => Err(other),
    })]
    #[timeout("1s")]
    #[mainstay::circuit_breaker("fb.seen", failure_threshold = 1)]
    async fn call(up: &Upstream) -> Answer<Kind> {
        up.run_async().await.map(|()| Kind::BulkheadFull)
    }
    assert_eq!(call(&always('H')).await, Ok(Kind::TimedOut));
    assert_eq!(call(&always('S')).await, Ok(Kind::CircuitOpen), "the time-out was its failure");
}
