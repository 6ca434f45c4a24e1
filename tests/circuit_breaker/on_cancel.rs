use mainstay::circuit_breaker;
use mainstay_testkit::Stepper;

use crate::support::{Answer, E, Upstream, upstream};

fn give_up<F: Future<Output = Answer>>(call: F) {
    let mut call = Stepper::new(call);
    assert!(call.poll().is_pending());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_given_up_counts_as_nothing_by_default() {
    #[circuit_breaker("cb.cancel_ignored", failure_threshold = 2)]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    let up = upstream("F HHHH F");
    assert_eq!(call(&up).await, Err(E::Down));
    (0..4).for_each(|_| give_up(call(&up)));
    let breaker = mainstay::policies().circuit_breaker("cb.cancel_ignored").unwrap();
    assert_eq!((breaker.failure_count(), breaker.ignored_count()), (1, 4));
    assert_eq!(call(&up).await, Err(E::Down));
    assert_eq!(breaker.state().to_string(), "open", "the run of failures was not interrupted either");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_given_up_counts_as_a_failure_where_it_says_so() {
    #[circuit_breaker("cb.cancel_failure", failure_threshold = 3, on_cancel = failure)]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    let up = upstream("HHH");
    (0..3).for_each(|_| give_up(call(&up)));
    let breaker = mainstay::policies().circuit_breaker("cb.cancel_failure").unwrap();
    assert_eq!((breaker.failure_count(), breaker.state().to_string()), (3, "open".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_never_polled_was_never_made() {
    #[circuit_breaker("cb.cancel_unpolled", failure_threshold = 1, on_cancel = failure)]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    drop(call(&upstream("")));
    let breaker = mainstay::policies().circuit_breaker("cb.cancel_unpolled").unwrap();
    assert_eq!((breaker.failure_count(), breaker.ignored_count()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn the_default_can_be_written_down() {
    #[circuit_breaker(failure_threshold = 1, on_cancel = ignore)]
    async fn call(up: &Upstream) -> Answer {
        up.run_async().await
    }
    let up = upstream("HS");
    give_up(call(&up));
    assert_eq!(call(&up).await, Ok(()));
}
