#![deny(warnings)]

use mainstay::retry;
use std::time::Duration;

#[derive(Debug)]
struct Fault(u16);

impl Fault {
    fn is_busy(&self) -> bool {
        self.0 == 503
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

impl std::error::Error for Fault {}

impl From<mainstay::Error> for Fault {
    fn from(_: mainstay::Error) -> Self {
        Self(503)
    }
}

fn any(error: &dyn std::error::Error) -> bool {
    error.source().is_none()
}

fn never<T>(_: &T) -> bool {
    false
}

fn seconds(fault: &Fault) -> Option<Duration> {
    fault.is_busy().then(|| Duration::from_millis(1))
}

struct Client {
    retryable: fn(&Fault) -> bool,
}

#[retry(retry_if = Fault::is_busy, retry_ok_if = never, retry_after = seconds)]
fn by_method() -> Result<u32, Fault> {
    Ok(1)
}

#[retry(retry_if = any, retry_after = |_| Duration::from_millis(1), before_retry = |next| assert!(next.number > 1))]
fn by_trait_object() -> Result<u32, Fault> {
    Ok(1)
}

#[retry(retry_if = |fault| fault.0 == code, before_retry = async |_| {})]
async fn by_closure_over_an_argument(code: u16) -> Result<u32, Fault> {
    Ok(1)
}

impl Client {
    #[retry(retry_if = self.retryable)]
    fn by_field(&self) -> Result<u32, Fault> {
        Ok(1)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert!(by_method().is_ok() && by_trait_object().is_ok());
    assert!(by_closure_over_an_argument(1).await.is_ok());
    assert!(Client { retryable: Fault::is_busy }.by_field().is_ok());
}
