use mainstay::{bulkhead, circuit_breaker};

use crate::support::{Answer, E, upstream};

#[tokio::test(start_paused = true)]
async fn patterns_say_which_errors_are_failures() {
    for call in twins!(failure_threshold = 2, failure_on(E::Down | E::Busy)) {
        assert_eq!(call.times(5, &upstream("DFDBD")).await, "DFDBD", "the others count as successes");
        assert_eq!(call.times(3, &upstream("FB")).await, "FBX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pattern_may_have_a_guard() {
    fn strict(error: &E) -> bool {
        error.to_string() == "busy"
    }
    for call in twins!(failure_threshold = 1, failure_on(error if strict(error))) {
        assert_eq!(call.times(4, &upstream("FDB")).await, "FDBX");
    }
}

#[tokio::test(start_paused = true)]
async fn together_with_failure_if_either_is_enough() {
    fn is_busy(error: &E) -> bool {
        *error == E::Busy
    }
    for call in twins!(failure_threshold = 2, failure_on(E::Down), failure_if = is_busy) {
        assert_eq!(call.times(4, &upstream("DFB")).await, "DFBX");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_from_below_is_a_failure_only_if_it_is_listed() {
    #[circuit_breaker(failure_threshold = 1)]
    #[bulkhead(1)]
    fn unlisted(inner: &dyn Fn()) -> Answer {
        inner();
        Ok(())
    }
    #[circuit_breaker(failure_threshold = 1, failure_on(E::Down))]
    #[bulkhead(1)]
    fn others_listed(inner: &dyn Fn()) -> Answer {
        inner();
        Ok(())
    }
    #[circuit_breaker(failure_threshold = 1, failure_on(E::Policy(mainstay::Error::BulkheadFull { .. })))]
    #[bulkhead(1)]
    fn listed(inner: &dyn Fn()) -> Answer {
        inner();
        Ok(())
    }
    /// What a second call finds when a first was refused while another was inside.
    fn second(call: fn(&dyn Fn()) -> Answer) -> Answer {
        let nested = || assert!(call(&|| ()).is_err(), "the bulkhead is full");
        call(&nested).unwrap();
        call(&|| ())
    }
    assert_eq!(second(unlisted), Ok(()));
    assert_eq!(second(others_listed), Ok(()));
    assert!(matches!(second(listed), Err(E::Policy(mainstay::Error::CircuitOpen { .. }))));
}
