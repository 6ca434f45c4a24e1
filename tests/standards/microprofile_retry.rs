//! MicroProfile Fault Tolerance, retry. Its `maxRetries` are extra tries, our `max_attempts` count the first (decision
//! 0018). What it allows a margin for is exact here.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use mainstay::retry;
use mainstay_testkit::{Script, Step};

use crate::support::*;

/// RT-01, RT-31.
#[tokio::test(start_paused = true)]
async fn five_retries_are_six_attempts() {
    for call in twins!(#[retry(max_attempts = 6, initial_delay = ms(0))]) {
        let up = always('F');
        assert_eq!((call.once(&up).await, up.calls()), ('F', 6));
    }
    for call in twins!(#[retry(max_attempts = 11, initial_delay = ms(0), jitter = none)]) {
        let up = always('F');
        assert_eq!((call.once(&up).await, up.calls()), ('F', 11));
    }
}

/// RT-08, RT-x01: in MicroProfile three retries, hence four attempts, without a wait (decision 0018).
#[tokio::test(start_paused = true)]
async fn without_options_three_attempts_are_made_with_waits_of_up_to_one_and_two_seconds() {
    for call in twins!(#[retry]) {
        let up = always('F');
        assert_eq!((call.once(&up).await, up.calls()), ('F', 3));
        assert!(up.gaps()[0] <= SECOND && up.gaps()[1] <= SECOND * 2);
    }
    for call in twins!(#[retry(jitter = none)]) {
        assert_eq!(call.timed(&always('F')).await, ('F', SECOND * 3));
    }
}

/// RT-02, RT-32: the source asks for fewer than eleven.
#[tokio::test(start_paused = true)]
async fn no_attempt_starts_when_the_time_for_all_is_up() {
    let up = || slow(ms(100), 'F');
    for call in twins!(#[retry(max_attempts = 91, initial_delay = ms(0), max_elapsed = "1000ms")]) {
        let up = up();
        assert_eq!(call.timed(&up).await, ('F', SECOND));
        assert_eq!(up.calls(), 10);
    }
    for call in twins!(#[retry(max_attempts = 10_000, initial_delay = "200ms", backoff = constant, jitter = none,
        max_elapsed = "1s")])
    {
        let up = always('F');
        assert_eq!(call.timed(&up).await, ('F', ms(800)), "the next would start at 1 s");
        assert_eq!(up.calls(), 5);
    }
}

/// RT-04: its jitter adds or takes up to 400 ms, ours draws from nothing to the whole wait, or from half of it
/// (decision 0019).
#[tokio::test(start_paused = true)]
async fn the_jitter_stays_within_the_wait() {
    for call in twins!(#[retry(max_attempts = 50, initial_delay = "400ms", backoff = constant)]) {
        let up = always('F');
        call.once(&up).await;
        assert!(up.gaps().iter().all(|gap| *gap <= ms(400)), "{:?}", up.gaps());
        assert!(up.gaps().iter().any(|gap| *gap > ms(0)));
    }
    for call in
        twins!(#[retry(max_attempts = 50, initial_delay = "400ms", backoff = constant, jitter = equal)])
    {
        let up = always('F');
        call.once(&up).await;
        assert!(up.gaps().iter().all(|gap| (ms(200)..=ms(400)).contains(gap)), "{:?}", up.gaps());
    }
}

/// RT-05: there a jitter of its own makes waits of a delay of zero; ours has nothing to draw from (decision 0019).
#[tokio::test(start_paused = true)]
async fn without_a_delay_there_is_no_jitter() {
    for call in twins!(#[retry(max_attempts = 100, initial_delay = ms(0))]) {
        let up = always('F');
        assert_eq!(call.timed(&up).await, ('F', ms(0)));
        assert_eq!(up.calls(), 100);
    }
}

/// RT-07, RT-x02.
#[tokio::test(start_paused = true)]
async fn without_delay_and_jitter_three_failures_cost_no_time() {
    for call in twins!(#[retry(max_attempts = 4, initial_delay = ms(0), jitter = none)]) {
        let up = upstream("FFFS");
        assert_eq!(call.timed(&up).await, ('S', ms(0)));
        assert_eq!(up.calls(), 4);
        let up = upstream("S");
        assert_eq!((call.once(&up).await, up.calls()), ('S', 1), "a success is not tried again");
    }
}

/// Calls and answer of one call against a dependency that fails for ever so.
async fn against(call: &Twin, letter: char) -> (usize, char) {
    let up = always(letter);
    let answer = call.once(&up).await;
    (up.calls(), answer)
}

/// RT-08, RT-x03, RT-34, RT-14.
#[tokio::test(start_paused = true)]
async fn what_is_listed_is_tried_again_and_what_is_not_is_final() {
    for call in twins!(#[retry(max_attempts = 4, retry_on(E::Down))]) {
        assert_eq!(against(&call, 'F').await, (4, 'F'));
        assert_eq!(against(&call, 'B').await, (1, 'B'));
    }
}

/// RT-10: a child is a pattern inside its parent's.
#[tokio::test(start_paused = true)]
async fn an_error_within_a_listed_one_is_tried_again() {
    for call in twins!(#[retry(max_attempts = 4, retry_on(E::Down | E::Busy))]) {
        assert_eq!(against(&call, 'B').await, (4, 'B'));
    }
}

/// RT-11, RT-35.
#[tokio::test(start_paused = true)]
async fn an_error_listed_as_final_is_final_though_its_parent_is_listed() {
    for call in twins!(#[retry(max_attempts = 4, retry_on(E::Down | E::Busy), abort_on(E::Busy))]) {
        assert_eq!(against(&call, 'B').await, (1, 'B'));
        assert_eq!(against(&call, 'F').await, (4, 'F'));
        assert_eq!(against(&call, 'D').await, (1, 'D'), "in neither list");
    }
}

/// RT-12, RT-x04, RT-14.
#[tokio::test(start_paused = true)]
async fn an_error_that_is_not_listed_as_final_is_tried_again() {
    for call in twins!(#[retry(max_attempts = 4, abort_on(E::Declined))]) {
        assert_eq!(against(&call, 'F').await, (4, 'F'));
        assert_eq!(against(&call, 'D').await, (1, 'D'));
        let up = upstream("FFD");
        assert_eq!((call.once(&up).await, up.calls()), ('D', 3), "an error that comes later is judged anew");
    }
}

type Said = Result<&'static str, &'static str>;

fn fails_twice() -> Script<&'static str, &'static str> {
    Script::steps().times(2, Step::fail("Simulated error")).forever(Step::ok("Success"))
}

fn fails() -> Script<&'static str, &'static str> {
    Script::always(Step::fail("Simulated error"))
}

/// RT-15, RT-18.
#[tokio::test(start_paused = true)]
async fn a_future_that_fails_is_made_anew_for_each_attempt() {
    #[retry(max_attempts = 3)]
    fn call(up: &Script<&'static str, &'static str>) -> impl Future<Output = Said> {
        async move { up.run_async().await }
    }
    let up = fails();
    assert_eq!((call(&up).await, up.calls()), (Err("Simulated error"), 3));
    let up = fails_twice();
    assert_eq!((call(&up).await, up.calls()), (Ok("Success"), 3));
}

/// RT-x05: a method there that gives a future and does not say that it is asynchronous is not tried again when the future
/// fails. Here a future is a future.
#[tokio::test(start_paused = true)]
async fn a_future_needs_no_word_that_says_it_is_one() {
    #[retry(max_attempts = 3)]
    fn boxed(up: &Upstream) -> std::pin::Pin<Box<dyn Future<Output = Answer> + Send + '_>> {
        Box::pin(up.run_async())
    }
    let up = always('F');
    assert_eq!((letter(&boxed(&up).await), up.calls()), ('F', 3));
}

/// RT-17, RT-21.
#[tokio::test(start_paused = true)]
async fn what_fails_before_it_waits_and_what_fails_after_are_the_same() {
    #[retry(max_attempts = 3)]
    async fn call(at_once: u32, calls: &AtomicU32) -> Said {
        match calls.fetch_add(1, Relaxed) {
            number if number < at_once => return Err("at once"),
            2 => {}
            _ => {
                tokio::time::sleep(SECOND).await;
                return Err("later");
            }
        }
        Ok("Success")
    }
    for at_once in 0..=2 {
        let calls = AtomicU32::new(0);
        assert_eq!(call(at_once, &calls).await, Ok("Success"));
        assert_eq!(calls.into_inner(), 3);
    }
    let calls = AtomicU32::new(0);
    assert_eq!((call(9, &calls).await, calls.into_inner()), (Err("at once"), 3));
}

/// RT-x06: chained.
#[tokio::test(start_paused = true)]
async fn an_error_deep_in_a_chain_of_futures_is_tried_again() {
    #[retry(max_attempts = 3)]
    async fn call(up: &Script<&'static str, &'static str>) -> Said {
        let first = async { Ok::<_, &'static str>("Success") };
        let chained = async {
            first.await?;
            up.run_async().await
        };
        chained.await
    }
    let up = fails_twice();
    assert_eq!((call(&up).await, up.calls()), (Ok("Success"), 3));
    let up = fails();
    assert_eq!((call(&up).await, up.calls()), (Err("Simulated error"), 3));
}

/// RT-20.
#[tokio::test(start_paused = true)]
async fn of_two_futures_at_once_the_failure_of_one_is_tried_again() {
    #[retry(max_attempts = 3)]
    async fn call(
        up: &Script<&'static str, &'static str>,
        calls: &AtomicU32,
    ) -> Result<String, &'static str> {
        calls.fetch_add(1, Relaxed);
        let (one, other) = tokio::try_join!(async { Ok("Success") }, up.run_async())?;
        Ok(format!("{one} then {other}"))
    }
    let calls = AtomicU32::new(0);
    assert_eq!(call(&fails_twice(), &calls).await.unwrap(), "Success then Success");
    assert_eq!(calls.swap(0, Relaxed), 3);
    assert_eq!(call(&fails(), &calls).await, Err("Simulated error"));
    assert_eq!(calls.into_inner(), 3);
}

/// RT-22, RT-24, RT-25, RT-28, as far as the policy itself counts.
#[tokio::test(start_paused = true)]
async fn retries_and_calls_without_an_attempt_left_are_counted() {
    #[retry("rt.counted", max_attempts = 6, initial_delay = "100ms", backoff = constant, jitter = none, abort_on(E::Declined),
        max_elapsed = "10s")]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    let policy = mainstay::policies().retry("rt.counted").unwrap();
    let mut counted = (0, 0);
    let rows = [
        (upstream("S"), 'S', 0, 0),
        (upstream("FFFS"), 'S', 3, 0),
        (upstream("D"), 'D', 0, 0),
        (upstream("FFFD"), 'D', 3, 0),
        (always('F'), 'F', 5, 1),
        (slow(SECOND * 6, 'F'), 'F', 1, 1),
    ];
    for (up, expected, retries, exhausted) in rows {
        assert_eq!(letter(&call(&up).await), expected);
        counted = (counted.0 + retries, counted.1 + exhausted);
        assert_eq!((policy.retries(), policy.exhausted()), counted);
    }
}

/// RT-27.
#[test]
fn one_attempt_is_no_retry_and_its_failure_leaves_none() {
    #[retry("rt.one_attempt", max_attempts = 1)]
    fn call() -> Answer {
        Err(E::Down)
    }
    call().unwrap_err();
    let policy = mainstay::policies().retry("rt.one_attempt").unwrap();
    assert_eq!((policy.retries(), policy.exhausted()), (0, 1));
}
