//! Stacks over errors that say nothing of themselves: anyhow, boxes, texts.

use std::error::Error;

use mainstay::{Kind, bulkhead, circuit_breaker, retry, timeout};

use crate::support::*;

#[retry(initial_delay = "1ms")]
#[circuit_breaker("objects.anyhow", failure_threshold = 100)]
#[bulkhead("objects.anyhow", 5)]
#[timeout("1s")]
async fn in_anyhow(up: &Upstream) -> anyhow::Result<u32> {
    Ok(up.run_async().await?)
}

#[retry(initial_delay = "1ms")]
#[circuit_breaker("objects.boxed", failure_threshold = 100)]
#[bulkhead("objects.boxed", 5)]
fn boxed(up: &Upstream) -> Result<u32, Box<dyn Error + Send + Sync>> {
    Ok(up.run()?)
}

#[retry(initial_delay = "1ms")]
#[circuit_breaker("objects.local", failure_threshold = 100)]
async fn boxed_locally(up: &Upstream) -> Result<u32, Box<dyn Error>> {
    Ok(up.run_async().await?)
}

fn refusal(error: &(dyn Error + 'static)) -> Option<Kind> {
    error.downcast_ref::<mainstay::Error>().map(mainstay::Error::kind)
}

#[tokio::test(start_paused = true)]
async fn unknown_errors_are_tried_again_and_count_as_failures() {
    assert_eq!(in_anyhow(&failing(2)).await.unwrap(), 7);
    assert_eq!(breaker("objects.anyhow").failure_count(), 2);
    assert_eq!(boxed_locally(&failing(2)).await.unwrap(), 7);
    let clock = mainstay_testkit::ManualClock::new();
    let _installed = clock.install();
    assert_eq!(boxed(&failing(2)).unwrap(), 7);
    assert_eq!(breaker("objects.boxed").failure_count(), 2);
}

#[retry(initial_delay = "1ms")]
#[circuit_breaker("objects.outer", failure_threshold = 1)]
async fn around_a_refusal(calls: &mut u32) -> anyhow::Result<u32> {
    use anyhow::Context;
    *calls += 1;
    refused().await.context("asking")
}

#[circuit_breaker("objects.refused")]
async fn refused() -> anyhow::Result<u32> {
    Ok(1)
}

#[retry]
#[circuit_breaker("objects.boxed_refused")]
fn refused_in_a_box() -> Result<u32, Box<dyn Error>> {
    Ok(1)
}

#[tokio::test(start_paused = true)]
async fn refusals_keep_their_meaning_inside_them() {
    breaker("objects.refused").force_open();
    let mut calls = 0;
    let error = around_a_refusal(&mut calls).await.unwrap_err();
    assert_eq!(error.downcast_ref::<mainstay::Error>().map(mainstay::Error::kind), Some(Kind::CircuitOpen));
    let outer = breaker("objects.outer");
    assert_eq!((calls, outer.failure_count(), outer.ignored_count()), (1, 0, 1));

    breaker("objects.boxed_refused").force_open();
    let error = refused_in_a_box().unwrap_err();
    assert_eq!(refusal(&*error), Some(Kind::CircuitOpen));
}
