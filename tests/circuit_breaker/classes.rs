//! Where no option names the failures, the class of the error decides.

use std::time::Duration;

use mainstay::{Classify, Error, circuit_breaker, policies};

#[derive(Debug, Clone, Classify, thiserror::Error)]
enum Known {
    #[error("transient")]
    #[transient]
    Transient,
    #[error("permanent")]
    #[permanent]
    Permanent,
    #[error("throttled")]
    #[throttled(retry_after = after)]
    Throttled { after: Duration },
    #[error("ignored")]
    #[ignored]
    Ignored,
    #[error(transparent)]
    Policy(#[from] Error),
}

const THROTTLED: Known = Known::Throttled { after: Duration::from_secs(1) };

/// Successes, failures and ignored calls after one call that ends so, sync and async.
macro_rules! counted {
    ($name:literal, $error:ty, $answer:expr) => {{
        #[circuit_breaker($name)]
        fn sync() -> Result<(), $error> {
            $answer
        }
        #[circuit_breaker($name)]
        async fn not_sync() -> Result<(), $error> {
            $answer
        }
        let breaker = policies().circuit_breaker($name).unwrap();
        let counts = || (breaker.success_count(), breaker.failure_count(), breaker.ignored_count());
        let _ = sync();
        let first = counts();
        breaker.reset();
        let _ = not_sync().await;
        assert_eq!(first, counts(), "sync and async");
        first
    }};
}

const SUCCESS: (u64, u64, u64) = (1, 0, 0);
const FAILURE: (u64, u64, u64) = (0, 1, 0);
const IGNORED: (u64, u64, u64) = (0, 0, 1);

fn open() -> Error {
    Error::circuit_open("elsewhere", None)
}

#[tokio::test]
async fn transient_and_throttled_errors_are_failures() {
    assert_eq!(counted!("cb.transient", Known, Err(Known::Transient)), FAILURE);
    assert_eq!(counted!("cb.throttled", Known, Err(THROTTLED)), FAILURE);
}

#[tokio::test]
async fn a_permanent_error_is_an_answer() {
    assert_eq!(counted!("cb.permanent", Known, Err(Known::Permanent)), SUCCESS);
}

#[tokio::test]
async fn an_ignored_error_is_neither() {
    assert_eq!(counted!("cb.ignored", Known, Err(Known::Ignored)), IGNORED);
}

#[tokio::test]
async fn a_refusal_that_the_body_passes_on_is_ignored_and_a_time_out_is_a_failure() {
    fn late() -> Error {
        Error::timed_out("elsewhere", Duration::from_secs(1))
    }
    assert_eq!(counted!("cb.passed_on", Known, Err(open().into())), IGNORED);
    assert_eq!(counted!("cb.passed_on_late", Known, Err(late().into())), FAILURE);
    assert_eq!(counted!("cb.passed_on_plain", Error, Err(open())), IGNORED);
}

#[tokio::test]
async fn a_refusal_is_found_inside_errors_that_know_no_classes() {
    type Boxed = Box<dyn std::error::Error + Send + Sync>;
    assert_eq!(counted!("cb.anyhow", anyhow::Error, Err(open().into())), IGNORED);
    assert_eq!(counted!("cb.boxed", Boxed, Err(open().into())), IGNORED);
    assert_eq!(counted!("cb.anyhow_other", anyhow::Error, Err(anyhow::anyhow!("down"))), FAILURE);
}

#[tokio::test]
async fn the_class_does_not_matter_where_options_name_the_failures() {
    #[circuit_breaker("cb.class_overruled", failure_on(Known::Permanent))]
    fn call(answer: Result<(), Known>) -> Result<(), Known> {
        answer
    }
    let breaker = policies().circuit_breaker("cb.class_overruled").unwrap();
    call(Err(Known::Permanent)).unwrap_err();
    assert_eq!((breaker.success_count(), breaker.failure_count(), breaker.ignored_count()), FAILURE);
    breaker.reset();
    call(Err(Known::Transient)).unwrap_err();
    assert_eq!((breaker.success_count(), breaker.failure_count(), breaker.ignored_count()), SUCCESS);
}
