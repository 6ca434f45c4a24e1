//! Sync functions that give futures: unnamed, boxed, and boxed under the usual alias.

use std::{future::Future, pin::Pin};

use mainstay::{fallback, retry, timeout};
use mainstay_testkit::Probe;

use crate::support::*;

/// As the `futures` crate spells it.
type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

#[retry]
#[timeout("1s")]
fn unnamed(flaky: &Flaky, made: &Probe) -> impl Future<Output = Answer> {
    made.enter().finish();
    async move { flaky.until(3) }
}

#[timeout("1s")]
fn unnamed_send(n: u32) -> impl Future<Output = Answer> + Send + 'static {
    let doubled = n * 2;
    async move { Ok(doubled) }
}

#[retry]
fn of_another(flaky: &Flaky) -> impl Future<Output = Answer> {
    asked(flaky, 3)
}

async fn asked(flaky: &Flaky, nth: u32) -> Answer {
    tokio::task::yield_now().await;
    flaky.until(nth)
}

#[retry]
#[timeout("1s")]
fn boxed<'a>(flaky: &'a Flaky, text: &'a str) -> Pin<Box<dyn Future<Output = Answer<usize>> + Send + 'a>> {
    Box::pin(async move {
        flaky.until(3)?;
        Ok(text.len())
    })
}

#[retry]
fn boxed_by_name(flaky: &Flaky) -> BoxFuture<'_, Answer> {
    Box::pin(async move { flaky.until(3) })
}

#[retry]
fn boxed_of_another(flaky: &Flaky) -> LocalBoxFuture<'_, Answer> {
    Box::pin(asked(flaky, 3))
}

#[fallback(|_| Ok(4))]
fn with_fallback(fails: bool) -> BoxFuture<'static, Answer> {
    Box::pin(async move { if fails { Err(Failure::Reset) } else { Ok(1) } })
}

struct Client {
    flaky: Flaky,
}

impl Client {
    #[retry]
    #[timeout("1s")]
    fn ask<'a>(&'a self, name: &'a str) -> impl Future<Output = Answer<usize>> + Send + 'a {
        async move {
            self.flaky.until(2)?;
            Ok(name.len())
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_may_give_an_unnamed_future() {
    let made = Probe::new();
    assert_eq!(unnamed(&Flaky::default(), &made).await, Ok(3));
    // What stands before the async block runs once, when the function is called.
    assert_eq!(made.entered(), 1);
    assert_eq!(tokio::spawn(unnamed_send(2)).await.unwrap(), Ok(4));
    assert_eq!(Client { flaky: Flaky::default() }.ask("abc").await, Ok(3));
}

#[tokio::test(start_paused = true)]
async fn a_future_made_by_another_function_is_made_anew_for_each_attempt() {
    assert_eq!(of_another(&Flaky::default()).await, Ok(3));
    assert_eq!(boxed_of_another(&Flaky::default()).await, Ok(3));
}

#[tokio::test(start_paused = true)]
async fn a_function_may_give_a_boxed_future_under_any_of_the_usual_names() {
    assert_eq!(boxed(&Flaky::default(), "abc").await, Ok(3));
    assert_eq!(boxed_by_name(&Flaky::default()).await, Ok(3));
    assert_eq!((with_fallback(true).await, with_fallback(false).await), (Ok(4), Ok(1)));
}
