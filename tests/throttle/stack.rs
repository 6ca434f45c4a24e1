use mainstay::{Kind, circuit_breaker, policies, retry, throttle};

use crate::support::{Answer, Failure, of};

#[test]
fn a_breaker_above_ignores_its_refusals_and_a_retry_takes_them_for_final() {
    #[retry(max_attempts = 3, initial_delay = "0ms")]
    #[circuit_breaker("stack.breaker", failure_threshold = 1_000_000)]
    #[throttle("stack.throttle")]
    fn call() -> Answer {
        Err(Failure::Busy)
    }
    let (mut refused, mut tried) = (0, 0);
    for _ in 0..200 {
        match call().unwrap_err() {
            Failure::Policy(error) => {
                assert_eq!(error.kind(), Kind::ClientThrottled);
                refused += 1;
            }
            _ => tried += 1,
        }
    }
    let breaker = policies().circuit_breaker("stack.breaker").unwrap();
    // Each refusal ended its call, however many attempts there were left.
    assert_eq!((breaker.ignored_count(), of("stack.throttle").refused_count()), (refused, refused));
    assert_eq!(breaker.failure_count(), of("stack.throttle").rejected_count());
    assert!(refused > 100 && refused + tried == 200);
}
