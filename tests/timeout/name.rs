use std::future::pending;

use mainstay::{policies, timeout};
use mainstay_testkit::Recorder;

use crate::support::*;

#[timeout("1s")]
async fn unnamed() -> Answer {
    pending().await
}

#[timeout("name.first", "1s")]
async fn first() -> Answer {
    pending().await
}

#[timeout("1s", name = "name.option")]
async fn option() -> Answer {
    pending().await
}

#[tokio::test(start_paused = true)]
async fn without_one_it_is_module_path_and_function() {
    assert_eq!(unnamed().await, timed_out("timeout::name::unnamed", secs(1)));
    assert_eq!(policies().timeout("timeout::name::unnamed").unwrap().timed_out(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_text_before_the_limit_or_the_option_names_it() {
    assert_eq!(first().await, timed_out("name.first", secs(1)));
    assert_eq!(option().await, timed_out("name.option", secs(1)));
    assert_eq!(policies().timeout("name.first").unwrap().limit(), secs(1));
}

#[timeout("name.counted", "1s")]
async fn counted() -> Answer {
    pending().await
}

#[tokio::test(start_paused = true)]
async fn time_outs_are_counted_and_reported_under_it() {
    let recorder = Recorder::listen();
    for _ in 0..3 {
        counted().await.unwrap_err();
    }
    assert_eq!(policies().timeout("name.counted").unwrap().timed_out(), 3);
    assert_eq!(recorder.events("name.counted"), ["refused: timed_out"; 3]);
}
