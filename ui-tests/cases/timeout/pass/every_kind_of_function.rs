#![deny(warnings)]

use mainstay::timeout;
use std::{pin::Pin, time::Duration};

type Answer<T> = Result<T, mainstay::Error>;

#[timeout("1s")]
async fn plain((left, right): (u32, u32)) -> Answer<u32> {
    Ok(left + right)
}

#[timeout(limit)]
async fn limited(limit: Duration, text: &str) -> Answer<&str> {
    let _ = limit;
    Ok(text)
}

#[timeout("1s")]
async fn generic<T: Into<String>>(text: T, more: impl AsRef<str>) -> Answer<impl Iterator<Item = usize>> {
    Ok([text.into().len(), more.as_ref().len()].into_iter())
}

#[timeout("1s")]
fn future(number: u32) -> impl Future<Output = Answer<u32>> {
    let doubled = number * 2;
    async move { Ok(doubled) }
}

#[timeout("1s")]
fn boxed<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = Answer<usize>> + Send + 'a>> {
    Box::pin(async move { Ok(text.len()) })
}

#[timeout("exact", limit = limit, exact)]
async fn exact(limit: Duration) -> Answer<u32> {
    Ok(1)
}

#[timeout("1s", blocking = thread)]
fn threaded(text: String) -> Answer<usize> {
    Ok(text.len())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert!(plain((1, 2)).await.is_ok() && limited(Duration::ZERO, "a").await.is_ok());
    assert!(generic("a", "b").await.is_ok() && future(1).await.is_ok() && boxed("a").await.is_ok());
    assert!(exact(Duration::ZERO).await.is_ok() && threaded(String::new()).is_ok());
}
