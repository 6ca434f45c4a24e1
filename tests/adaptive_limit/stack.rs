//! Beside other attributes.

use std::sync::atomic::{AtomicU32, Ordering};

use mainstay::{Kind, adaptive_limit, circuit_breaker, fallback, policies, retry};

use crate::support::{Answer, Failure, of};

#[test]
fn a_breaker_above_ignores_its_refusals_and_a_retry_takes_them_for_final() {
    static ENTERED: AtomicU32 = AtomicU32::new(0);
    #[retry(max_attempts = 5, initial_delay = "1ms")]
    #[circuit_breaker("stack.breaker", failure_threshold = 1)]
    #[adaptive_limit("stack.limit", initial = 1)]
    fn call(inside: &dyn Fn()) -> Answer {
        ENTERED.fetch_add(1, Ordering::Relaxed);
        inside();
        Ok(1)
    }
    call(&|| {
        let refused = call(&|| ()).unwrap_err();
        assert_eq!(refused.kind(), Some(Kind::ConcurrencyLimited));
    })
    .unwrap();
    assert_eq!((ENTERED.load(Ordering::Relaxed), of("stack.limit").rejected_count()), (1, 1));
    let breaker = policies().circuit_breaker("stack.breaker").unwrap();
    assert_eq!((breaker.failure_count(), breaker.ignored_count()), (0, 1));
}

#[test]
fn a_retry_that_lists_them_tries_again() {
    #[retry(max_attempts = 3, initial_delay = "0ms", retry_on(Failure::Policy(_)))]
    #[adaptive_limit("stack.listed", initial = 1)]
    fn call(inside: &dyn Fn()) -> Answer {
        inside();
        Ok(1)
    }
    call(&|| drop(call(&|| ()))).unwrap();
    assert_eq!(of("stack.listed").rejected_count(), 3);
}

#[test]
fn a_fallback_above_answers_in_its_place() {
    #[fallback(|_| Ok(7))]
    #[adaptive_limit(initial = 1)]
    fn call(inside: &dyn Fn() -> u32) -> Answer {
        Ok(inside())
    }
    assert_eq!(call(&|| call(&|| 1).unwrap()), Ok(7));
}
