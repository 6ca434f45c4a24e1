use std::future::pending;

use mainstay::timeout;

use crate::support::secs;

/// An error of somebody else's, which cannot be made `From<mainstay::Error>`.
type Foreign = std::io::Error;

fn foreign(error: mainstay::Error) -> Foreign {
    Foreign::new(std::io::ErrorKind::TimedOut, error)
}

#[timeout("1s", map_err = foreign, name = "map_err.path")]
async fn by_path() -> Result<(), Foreign> {
    pending().await
}

#[timeout("1s", map_err = |error| format!("sorry: {error}"), name = "map_err.closure")]
async fn by_closure() -> Result<(), String> {
    pending().await
}

#[timeout("1s", name = "map_err.anyhow")]
async fn in_anyhow() -> anyhow::Result<()> {
    pending().await
}

#[timeout("1s", name = "map_err.boxed")]
async fn boxed() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    pending().await
}

#[tokio::test(start_paused = true)]
async fn a_path_or_a_closure_turns_the_time_out_into_the_functions_error() {
    let error = by_path().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
    assert_eq!(error.to_string(), "`map_err.path` timed out after 1s");
    assert_eq!(by_closure().await, Err("sorry: `map_err.closure` timed out after 1s".into()));
}

#[tokio::test(start_paused = true)]
async fn error_objects_need_none() {
    let error = in_anyhow().await.unwrap_err();
    let expected = mainstay::Error::timed_out("map_err.anyhow", secs(1));
    assert_eq!(error.downcast_ref::<mainstay::Error>(), Some(&expected));
    let error = boxed().await.unwrap_err();
    let expected = mainstay::Error::timed_out("map_err.boxed", secs(1));
    assert_eq!(error.downcast_ref::<mainstay::Error>(), Some(&expected));
}
