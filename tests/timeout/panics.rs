use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use mainstay::timeout;
use mainstay_testkit::{ManualClock, Probe};

use crate::support::*;

#[timeout("1s")]
async fn in_the_body(after: Duration) -> Answer {
    tokio::time::sleep(after).await;
    panic!("boom")
}

#[timeout(limit_of(millis))]
async fn in_the_limit(millis: u64, probe: &Probe) -> Answer {
    probe.watch(async { Ok(7) }).await
}

fn limit_of(millis: u64) -> Duration {
    assert!(millis < 1000, "too patient");
    ms(millis)
}

#[timeout("1s", blocking = thread)]
fn on_the_thread() -> Answer {
    panic!("boom on a thread")
}

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

#[timeout("1s")]
async fn when_dropped() -> Answer {
    let _held = PanicsWhenDropped;
    std::future::pending().await
}

async fn message_of<T: Send + 'static>(call: impl Future<Output = T> + Send + 'static) -> String {
    let panic = tokio::spawn(call).await.err().unwrap().into_panic();
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => (*panic.downcast::<&str>().unwrap()).to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_the_body_unwinds_to_the_caller() {
    assert_eq!(message_of(in_the_body(secs(0))).await, "boom");
    assert_eq!(message_of(in_the_body(ms(999))).await, "boom");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_cut_off_first_does_not_come_to_panic() {
    assert!(matches!(in_the_body(secs(2)).await, Err(Failure::Policy(_))));
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_the_limit_comes_before_the_body_has_started() {
    let probe = Probe::new();
    let seen = probe.clone();
    assert_eq!(message_of(async move { in_the_limit(2000, &seen).await }).await, "too patient");
    assert_eq!(probe.entered(), 0);
    assert_eq!(in_the_limit(999, &probe).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn a_panic_while_the_body_is_dropped_unwinds_to_the_caller() {
    assert_eq!(message_of(when_dropped()).await, "dropped");
}

#[test]
fn a_panic_on_the_bodys_thread_is_the_callers_panic() {
    // To write the panic down with its trace may take a second.
    let _still = ManualClock::new().install();
    let panic = catch_unwind(AssertUnwindSafe(on_the_thread)).unwrap_err();
    assert_eq!(*panic.downcast::<&str>().unwrap(), "boom on a thread");
}
