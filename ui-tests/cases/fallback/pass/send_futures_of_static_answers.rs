//! The future of a function under a fallback is `Send` where there is a `'static` in its answer.
#![deny(warnings)]

use mainstay::{fallback, retry};
use std::error::Error;

type Fault = Box<dyn Error + Send + Sync>;

fn is_send<T: Send>(future: T) -> T {
    future
}

#[fallback(|_| Ok("none"))]
async fn by_closure() -> Result<&'static str, Fault> {
    Err("no answer".into())
}

#[fallback(|error| async { Err(error) })]
#[retry(initial_delay = "1ms", before_retry = |_| async {})]
async fn by_future() -> Result<&'static str, Fault> {
    Err("no answer".into())
}

async fn none(_: Fault) -> Result<&'static str, Fault> {
    Ok("none")
}

#[fallback(none)]
async fn by_path() -> Result<&'static str, Fault> {
    Err("no answer".into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert!(is_send(by_closure()).await.is_ok() && is_send(by_path()).await.is_ok());
    assert!(is_send(by_future()).await.is_err());
}
