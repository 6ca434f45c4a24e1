//! Free functions, in modules and in each other.

use mainstay::{bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};

use crate::support::*;

#[retry]
async fn retried(flaky: &Flaky) -> Answer {
    flaky.until(3)
}
#[retry]
fn retried_sync(flaky: &Flaky) -> Answer {
    flaky.until(3)
}

#[circuit_breaker]
async fn broken() -> Answer {
    Ok(1)
}
#[circuit_breaker]
fn broken_sync() -> Answer {
    Ok(1)
}

#[rate_limit("1000/s")]
async fn limited() -> Answer {
    Ok(1)
}
#[rate_limit("1000/s")]
fn limited_sync() -> Answer {
    Ok(1)
}

#[bulkhead(10)]
async fn admitted() -> Answer {
    Ok(1)
}
#[bulkhead(10)]
fn admitted_sync() -> Answer {
    Ok(1)
}

#[fallback(|_| Ok(1))]
async fn answered() -> Answer {
    Err(Failure::Reset)
}
#[fallback(|_| Ok(1))]
fn answered_sync() -> Answer {
    Err(Failure::Reset)
}

#[timeout("1s")]
async fn timed() -> Answer {
    Ok(1)
}

#[tokio::test(start_paused = true)]
async fn every_attribute_stands_alone_on_an_async_function() {
    assert_eq!(retried(&Flaky::default()).await, Ok(3));
    for answer in [broken().await, limited().await, admitted().await, answered().await, timed().await] {
        assert_eq!(answer, Ok(1));
    }
}

#[test]
fn every_attribute_but_the_time_limit_stands_alone_on_a_sync_function() {
    assert_eq!(at_once(|| retried_sync(&Flaky::default())), Ok(3));
    for answer in [broken_sync(), limited_sync(), admitted_sync(), answered_sync()] {
        assert_eq!(answer, Ok(1));
    }
}

mod one {
    use super::*;
    #[circuit_breaker(failure_threshold = 1)]
    pub(super) fn same_name(fails: bool) -> Answer {
        if fails { Err(Failure::Reset) } else { Ok(1) }
    }
}
mod two {
    use super::*;
    #[circuit_breaker(failure_threshold = 1)]
    pub(super) fn same_name(fails: bool) -> Answer {
        if fails { Err(Failure::Reset) } else { Ok(2) }
    }
}

#[test]
fn functions_of_the_same_name_in_different_modules_have_policies_of_their_own() {
    one::same_name(true).unwrap_err();
    assert!(matches!(one::same_name(false), Err(Failure::Policy(_))));
    assert_eq!(two::same_name(false), Ok(2));
}

#[test]
fn an_annotated_function_may_be_inside_a_function_or_another_annotated_one() {
    #[retry]
    fn outer(flaky: &Flaky) -> Answer {
        #[retry(max_attempts = 2)]
        fn inner(flaky: &Flaky) -> Answer {
            flaky.until(6)
        }
        inner(flaky)
    }
    let flaky = Flaky::default();
    assert_eq!(at_once(|| outer(&flaky)), Ok(6));
}

#[bulkhead(3)]
fn recursive(depth: u32) -> Answer {
    if depth == 0 { Ok(0) } else { recursive(depth - 1).map(|below| below + 1) }
}

#[bulkhead(3)]
async fn recursive_async(depth: u32) -> Answer {
    if depth == 0 { Ok(0) } else { Box::pin(recursive_async(depth - 1)).await.map(|below| below + 1) }
}

#[tokio::test]
async fn a_function_may_call_itself_and_each_depth_is_a_call() {
    assert_eq!(recursive(2), Ok(2));
    assert!(recursive(3).is_err());
    assert_eq!(recursive_async(2).await, Ok(2));
    assert!(recursive_async(3).await.is_err());
}
