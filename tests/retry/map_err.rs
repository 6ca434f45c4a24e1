use mainstay::{retry, timeout};

use crate::support::*;

/// An error that is not `From<mainstay::Error>`.
#[derive(Debug, PartialEq)]
struct Foreign(String);

fn wrap(error: mainstay::Error) -> Foreign {
    Foreign(error.kind().to_string())
}

#[retry]
fn refused_by_nobody(calls: &mut u32) -> Result<(), Foreign> {
    *calls += 1;
    Err(Foreign("mine".into()))
}

#[retry(map_err = wrap)]
#[timeout("1s")]
async fn by_path(calls: &mut u32) -> Result<(), Foreign> {
    *calls += 1;
    std::future::pending().await
}

#[retry]
#[timeout("1s", map_err = |error| Foreign(format!("{error}")), name = "map_err.closure")]
async fn by_closure(calls: &mut u32) -> Result<(), Foreign> {
    *calls += 1;
    std::future::pending().await
}

#[test]
fn a_retry_alone_refuses_nothing_and_needs_no_conversion() {
    let mut calls = 0;
    assert_eq!(manual(|| refused_by_nobody(&mut calls)), Err(Foreign("mine".into())));
    assert_eq!(calls, 3);
}

#[tokio::test(start_paused = true)]
async fn one_conversion_serves_the_whole_stack_wherever_it_stands() {
    let mut calls = 0;
    assert_eq!(by_path(&mut calls).await, Err(Foreign("timed_out".into())));
    assert_eq!(calls, 3);
    let mut calls = 0;
    let expected = Foreign("`map_err.closure` timed out after 1s".into());
    assert_eq!(by_closure(&mut calls).await, Err(expected));
    // Foreign says nothing of its class: that it was a time-out is known all the same.
    assert_eq!(calls, 3);
}
