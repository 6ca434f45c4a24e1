//! SmallRye Fault Tolerance, what it adds to MicroProfile's rules: its core's unit tests and its test suite.

use std::{error::Error as _, fmt, sync::Mutex};

use mainstay::{
    circuit_breaker, clock, fallback, policies, retry,
    retry::{Backoff, Jitter, NextAttempt, Retry, RetryConfig},
};
use mainstay_testkit::{Script, Step};

use crate::support::*;

/// SR-01, SR-02.
#[tokio::test(start_paused = true)]
async fn fewer_failures_than_attempts_are_overcome_and_as_many_are_not() {
    for call in twins!(#[retry(max_attempts = 4, max_elapsed = "1s", initial_delay = ms(0), jitter = none)]) {
        for (letters, answer, calls) in [("FFS", 'S', 3), ("FFFS", 'S', 4), ("FFFF", 'F', 4)] {
            let up = upstream(letters);
            assert_eq!((call.once(&up).await, up.calls()), (answer, calls));
        }
        let up = upstream("FFFB");
        assert_eq!((call.once(&up).await, up.calls()), ('B', 4), "the last error, not the first");
    }
}

/// SR-x01: a final error that comes later than the last attempt does not come at all.
#[tokio::test(start_paused = true)]
async fn an_error_that_is_final_ends_the_attempts_when_it_comes() {
    for call in twins!(#[retry(max_attempts = 4, initial_delay = ms(0), abort_on(E::Busy))]) {
        for (letters, answer, calls) in [("FFB", 'B', 3), ("FFFB", 'B', 4), ("FFFF", 'F', 4), ("B", 'B', 1)] {
            let up = upstream(letters);
            assert_eq!((call.once(&up).await, up.calls()), (answer, calls));
        }
    }
}

/// SR-04: the first wait brings the clock to 500, 1000 or 1500 of 1000 ms. Ours knows beforehand, and does not wait.
#[tokio::test(start_paused = true)]
async fn a_wait_that_reaches_the_time_for_all_is_the_end() {
    #[retry(max_attempts = 4, max_elapsed = "1000ms", initial_delay = ms(0),
        retry_after = |_| if up.calls() == 1 { ms(first) } else { ms(0) })]
    async fn call(up: &Upstream, first: u64) -> Answer {
        up.run_async().await
    }
    for (first, calls, took) in [(500, 4, 500), (1000, 1, 0), (1500, 1, 0)] {
        let (up, start) = (always('F'), clock::now());
        assert_eq!((letter(&call(&up, first).await), up.calls()), ('F', calls), "with a wait of {first} ms");
        assert_eq!(clock::now().saturating_since(start), ms(took));
    }
}

/// SR-x02: unlimited attempts are as many as a number can say, and without a limit of time there is none.
#[tokio::test(start_paused = true)]
async fn attempts_and_time_may_be_without_limit() {
    for call in twins!(#[retry(max_attempts = u32::MAX, initial_delay = ms(0), abort_on(E::Busy))]) {
        assert_eq!(call.once(&upstream("FFFFFFFFFFS")).await, 'S');
        assert_eq!(call.once(&upstream("FFFFFFFFFFB")).await, 'B');
    }
    for call in twins!(#[retry(max_attempts = 4, initial_delay = ms(0))]) {
        let up = slow(SECOND * 1_000_000, 'F');
        assert_eq!((call.once(&up).await, up.calls()), ('F', 4));
    }
}

/// Waits without jitter, in milliseconds.
async fn waits(config: RetryConfig) -> Vec<u64> {
    let retry = config.jitter(Jitter::None).build("sr.waits").unwrap();
    let up = always('F');
    retry.call_async(|| up.run_async()).await.unwrap_err();
    up.gaps().iter().map(|gap| gap.as_millis() as u64).collect()
}

/// SR-05, SR-x03: exponential, constant, Fibonacci, and the cap of each.
#[tokio::test(start_paused = true)]
async fn waits_grow_as_their_name_says_up_to_the_cap() {
    let config = |attempts| Retry::builder().max_attempts(attempts).initial_delay(ms(1));
    let expected: Vec<u64> = (0..11).map(|power| 1 << power).collect();
    assert_eq!(waits(config(12)).await, expected);
    assert_eq!(waits(config(7).max_delay(ms(10))).await, [1, 2, 4, 8, 10, 10]);
    assert_eq!(waits(config(6).exponential_base(3.0)).await, [1, 3, 9, 27, 81]);
    assert_eq!(waits(config(5).backoff(Backoff::Constant)).await, [1, 1, 1, 1]);
    let fibonacci = config(9).backoff(Backoff::Fibonacci);
    assert_eq!(waits(fibonacci).await, [1, 2, 3, 5, 8, 13, 21, 34]);
    assert_eq!(waits(fibonacci.max_delay(ms(10))).await, [1, 2, 3, 5, 8, 10, 10, 10]);
}

/// SR-07: a first wait at the cap is all waits, one above it is refused, and so is a base that shrinks them. Theirs refuses
/// the first too.
#[test]
fn a_first_wait_above_the_cap_and_a_base_below_one_are_refused() {
    assert!(Retry::builder().initial_delay(SECOND).max_delay(SECOND).check().is_ok());
    let above = Retry::builder().initial_delay(SECOND * 2).max_delay(SECOND).check();
    assert_eq!(above.unwrap_err().option(), "max_delay");
    for base in [0.9, 0.0, -1.0, f64::NAN] {
        assert_eq!(Retry::builder().exponential_base(base).check().unwrap_err().option(), "exponential_base");
    }
}

/// SR-08, SR-10, with as many attempts as the time allows.
#[tokio::test(start_paused = true)]
async fn a_wait_that_would_pass_the_time_for_all_is_not_begun() {
    for call in
        twins!(#[retry(max_attempts = 1000, initial_delay = "100ms", jitter = none, max_elapsed = "1s")])
    {
        let up = always('F');
        assert_eq!((call.timed(&up).await, up.calls()), (('F', ms(700)), 4), "100, 200, 400, but not 800");
    }
    for call in twins!(
        #[retry(max_attempts = 1000, initial_delay = "250ms", backoff = constant, jitter = none, max_elapsed = "600ms")]
    ) {
        let up = always('F');
        assert_eq!((call.timed(&up).await, up.calls()), (('F', ms(500)), 3));
    }
}

/// SR-12, a to e. When no attempt is left a value that was not liked is the answer; theirs is an error of the library's
/// own (decision 0020).
#[tokio::test(start_paused = true)]
async fn errors_and_values_may_be_told_apart_by_a_predicate() {
    type Said = Result<Option<&'static str>, &'static str>;
    type Up = Script<Option<&'static str>, &'static str>;
    #[retry(max_attempts = 4, initial_delay = ms(0), retry_if = |error| *error == "matching")]
    async fn by_error(up: &Up) -> Said {
        up.run_async().await
    }
    #[retry(max_attempts = 4, initial_delay = ms(0), retry_ok_if = |value| value.is_none())]
    async fn by_value(up: &Up) -> Said {
        up.run_async().await
    }
    #[retry(max_attempts = 4, initial_delay = ms(0), retry_if = |error| *error == "matching",
        retry_ok_if = |value| value.is_none())]
    async fn by_both(up: &Up) -> Said {
        up.run_async().await
    }
    let up = Script::always(Step::fail("matching"));
    assert_eq!((by_error(&up).await, up.calls()), (Err("matching"), 4));
    let up = Script::always(Step::fail("other"));
    assert_eq!((by_error(&up).await, up.calls()), (Err("other"), 1));
    let up = Script::always(Step::ok(None));
    assert_eq!((by_value(&up).await, up.calls()), (Ok(None), 4));
    let up = Script::always(Step::ok(Some("hello")));
    assert_eq!((by_value(&up).await, up.calls()), (Ok(Some("hello")), 1));
    let up = Script::steps().ok(None).fail("matching").ok(Some("hello")).end();
    assert_eq!((by_both(&up).await, up.calls()), (Ok(Some("hello")), 3));
}

/// SR-x04: `CircuitBreakerTest`, both lives of a breaker; what is not listed is a success.
#[tokio::test(start_paused = true)]
async fn a_breaker_lives_through_all_its_states() {
    for call in
        twins!(#[circuit_breaker(failure_rate = 0.5, window = 4, timeout = "1s", failure_on(E::Down))])
    {
        assert_eq!(call.times(14, &upstream("SSBSSSFSF")).await, "SSBSSSFSFooooo");
        call.wait(ms(1500)).await;
        assert_eq!(call.times(5, &upstream("SF")).await, "SFooo", "half-open, and open again");
        call.wait(ms(1500)).await;
        assert_eq!(call.times(3, &upstream("SSS")).await, "SSS", "half-open, and closed");
    }
    for call in
        twins!(#[circuit_breaker(failure_rate = 0.5, window = 4, timeout = "1s", failure_on(E::Down))])
    {
        assert_eq!(call.times(9, &upstream("SFFS")).await, "SFFSooooo");
        call.wait(ms(1500)).await;
        assert_eq!(call.times(3, &upstream("SSS")).await, "SSS");
    }
}

/// SR-14.
#[tokio::test(start_paused = true)]
async fn one_failure_of_two_opens_it_again_and_again() {
    for call in twins!(
        #[circuit_breaker(failure_rate = 0.4, window = 2, success_threshold = 1, timeout = "300ms")]
    ) {
        let up = upstream(&format!("SSSSSF S {} F", "S".repeat(50)));
        assert_eq!(call.times(7, &up).await, "SSSSSFo");
        call.wait(ms(300)).await;
        assert_eq!((call.once(&up).await, up.calls()), ('S', 7));
        assert_eq!(call.times(52, &up).await, "S".repeat(50) + "Fo");
        assert_eq!(up.calls(), 58);
    }
}

/// SR-15.
#[tokio::test(start_paused = true)]
async fn half_open_admits_as_many_probes_at_once_as_successes_close_it() {
    #[circuit_breaker(failure_rate = 1.0, window = 4, success_threshold = 3, timeout = "1s")]
    async fn call(gate: &Gate, fails: bool) -> Answer {
        gate.pass().await?;
        if fails { Err(E::Down) } else { Ok(()) }
    }
    let gate = Gate::shut();
    gate.let_out(4);
    for _ in 0..4 {
        call(&gate, true).await.unwrap_err();
    }
    tokio::time::advance(SECOND).await;
    let mut probes = many(10, || call(&gate, false));
    assert_eq!(steps(&mut probes), "---ooooooo");
    gate.let_out(4);
    assert_eq!(steps(&mut probes[..3]), "SSS");
    assert_eq!(call(&gate, false).await, Ok(()));
    assert_eq!(gate.probe.entered(), 4 + 3 + 1);
}

/// SR-x05: `CircuitBreakerFailOnHalfOpenTest`: what is not listed as a failure closes a half-open breaker.
#[tokio::test(start_paused = true)]
async fn an_error_that_is_no_failure_closes_a_half_open_breaker() {
    for call in twins!(
        #[circuit_breaker(failure_rate = 1.0, window = 2, success_threshold = 2, timeout = "1s", failure_on(E::Down))]
    ) {
        assert_eq!(call.times(3, &upstream("FF")).await, "FFo");
        call.wait(SECOND).await;
        assert_eq!(call.times(4, &upstream("BBFS")).await, "BBFS");
    }
}

/// An error and what caused it.
#[derive(Debug, PartialEq)]
struct Failure(&'static str, Option<Box<Failure>>);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.1.as_deref().map(|cause| cause as _)
    }
}

/// SR-17: there an error that is in no list is judged by its causes. Here patterns see the error itself, and a guard that
/// wants to know the causes asks for them (decision 0024).
#[test]
fn patterns_judge_the_error_and_a_guard_its_causes() {
    #[fallback(|_| Ok(()), on(Failure("io", _)))]
    fn itself(top: &'static str, cause: Option<&'static str>) -> Result<(), Failure> {
        Err(Failure(top, cause.map(|cause| Box::new(Failure(cause, None)))))
    }
    #[fallback(|_| Ok(()), on(error if error.0 == "io" || error.source().is_some_and(|cause| cause.to_string() == "io")))]
    fn with_causes(top: &'static str, cause: Option<&'static str>) -> Result<(), Failure> {
        Err(Failure(top, cause.map(|cause| Box::new(Failure(cause, None)))))
    }
    let rows = [
        ("runtime", None, false, false),
        ("runtime", Some("io"), false, true),
        ("runtime", Some("expected"), false, false),
        ("io", None, true, true),
        ("io", Some("expected"), true, true),
        ("expected", None, false, false),
        ("expected", Some("io"), false, true),
    ];
    for (top, cause, by_itself, by_causes) in rows {
        let found = (itself(top, cause).is_ok(), with_causes(top, cause).is_ok());
        assert_eq!(found, (by_itself, by_causes), "{top}({cause:?})");
    }
}

/// SR-18.
#[tokio::test(start_paused = true)]
async fn a_hook_runs_before_each_attempt_but_the_first() {
    static NUMBERS: Mutex<Vec<u32>> = Mutex::new(Vec::new());
    fn note(next: &NextAttempt<'_, (), E>) {
        NUMBERS.lock().unwrap().push(next.number);
    }
    #[retry(max_attempts = 4, initial_delay = ms(0), before_retry = note)]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    let up = always('F');
    assert_eq!((letter(&call(&up).await), up.calls()), ('F', 4));
    assert_eq!(*NUMBERS.lock().unwrap(), [2, 3, 4]);

    #[fallback(|_| Ok("Fallback"))]
    #[retry(max_attempts = 3, before_retry = async |_| *hooks.lock().unwrap() += 1)]
    async fn with_fallback(up: &Upstream, hooks: &Mutex<u32>) -> Answer<&'static str> {
        up.run_async().await.map(|()| "ran")
    }
    let (up, hooks) = (always('F'), Mutex::new(0));
    assert_eq!(with_fallback(&up, &hooks).await, Ok("Fallback"));
    assert_eq!((up.calls(), hooks.into_inner().unwrap()), (3, 2));
}

/// SR-20.
#[tokio::test(start_paused = true)]
async fn a_success_as_the_last_of_the_window_opens_it() {
    for call in twins!(#[circuit_breaker(failure_rate = 0.5, window = 4)]) {
        let up = upstream("FFFS");
        assert_eq!(call.times(5, &up).await, "FFFSo");
        assert_eq!(up.calls(), 4);
    }
}

/// SR-x06: its maintenance: state by name, and reset.
#[tokio::test(start_paused = true)]
async fn a_breaker_is_found_by_its_name_and_reset() {
    #[circuit_breaker("sr.maintenance", failure_rate = 1.0, window = 2)]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    assert!(policies().circuit_breaker("sr.undefined").is_none());
    let breaker = policies().circuit_breaker("sr.maintenance").unwrap();
    let up = upstream("FFS");
    for expected in ["closed", "open"] {
        call(&up).await.unwrap_err();
        assert_eq!(breaker.state().to_string(), expected);
    }
    breaker.reset();
    assert_eq!((breaker.state().to_string().as_str(), call(&up).await), ("closed", Ok(())));
}
