//! Calls that wait, inside a runtime.

use std::{
    pin::pin,
    task::{Context, Waker},
    time::Duration,
};

use allocation_counter::measure;
use mainstay::{clock, timeout};

use crate::support::*;

#[timeout("1s")]
async fn pending() -> Answer {
    std::future::pending().await
}

#[timeout("1s")]
async fn sleeps() -> Answer {
    clock::sleep(Duration::from_millis(5)).await;
    Ok(1)
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_under_a_limit_allocates_nothing() {
    let _ = sleeps().await;
    let info = measure(|| {
        let mut call = pin!(pending());
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    });
    assert_eq!(info.count_total, 0);
}
