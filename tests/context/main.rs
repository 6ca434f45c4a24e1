//! The ids of a request through the attributes, wherever they let a body run.
#![allow(missing_docs, clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::{sync::mpsc, time::Duration};

use mainstay::{
    Error, cached,
    context::{self, Context, Id, InContextExt},
    fallback, retry, timeout,
};

#[timeout("1h", blocking = thread)]
fn on_another_thread() -> Result<Option<Id>, Error> {
    Ok(context::correlation_id())
}

#[test]
fn a_body_on_a_thread_of_its_own_has_its_callers_context() {
    let context = Context::new();
    assert_eq!(context.scope(on_another_thread).unwrap().as_ref(), Some(context.correlation_id()));
}

#[retry(max_attempts = 3, initial_delay = "1s")]
#[timeout("10s")]
async fn flaky(seen: &std::sync::Mutex<Vec<Option<Id>>>) -> Result<(), Error> {
    tokio::time::sleep(Duration::from_secs(1)).await;
    seen.lock().unwrap().push(context::request_id());
    Err(Error::timed_out("flaky", Duration::ZERO))
}

#[fallback(async |_error: Error| Ok(context::request_id()))]
async fn answered() -> Result<Option<Id>, Error> {
    Err(Error::timed_out("answered", Duration::ZERO))
}

#[tokio::test(start_paused = true)]
async fn every_attempt_and_the_fallback_have_the_context() {
    let (context, seen) = (Context::new(), std::sync::Mutex::default());
    flaky(&seen).in_context(context.clone()).await.unwrap_err();
    let expected = Some(context.request_id().clone());
    assert_eq!(*seen.lock().unwrap(), vec![expected.clone(); 3]);
    assert_eq!(answered().in_context(context).await.unwrap(), expected);
}

#[cached(key = key, ttl = "1s", stale_for = "1h")]
async fn price(key: u64, told: mpsc::Sender<Option<Id>>) -> Result<u64, Error> {
    told.send(context::correlation_id()).unwrap();
    Ok(key)
}

#[tokio::test(start_paused = true)]
async fn a_refresh_in_the_background_has_the_context_of_the_call_that_begins_it() {
    let (told, heard) = mpsc::channel();
    let (first, second) = (Context::new(), Context::new());
    price(7, told.clone()).in_context(first.clone()).await.unwrap();
    tokio::time::advance(Duration::from_secs(10)).await;
    price(7, told.clone()).in_context(second.clone()).await.unwrap();
    let mut loads: Vec<_> = heard.try_iter().collect();
    while loads.len() < 2 {
        tokio::task::yield_now().await;
        loads.extend(heard.try_iter());
    }
    assert_eq!(loads, [first, second].map(|context| Some(context.correlation_id().clone())));
}

#[tokio::test]
async fn the_facade_starts_tasks_in_the_context() {
    let context = Context::new();
    let task =
        async { mainstay::spawn(async { mainstay::spawn_blocking(context::current).await.unwrap() }).await };
    assert_eq!(task.in_context(context.clone()).await.unwrap(), Some(context));
}
