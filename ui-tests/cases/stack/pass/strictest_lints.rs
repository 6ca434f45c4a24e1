//! All attributes in a crate that denies every warning.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unused, clippy::all, clippy::pedantic, rust_2018_idioms)]

use mainstay::{Classify, bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};
use std::time::Duration;

/// What can go wrong.
#[derive(Debug, Classify)]
pub enum Fault {
    /// Try again.
    #[transient]
    Busy,
    /// Try again later.
    #[throttled(retry_after = after)]
    Full {
        /// When.
        after: Duration,
    },
    /// The answer is no.
    #[permanent]
    Refused,
    /// Nobody's fault.
    #[ignored]
    Gone,
    /// A policy spoke.
    Policy(mainstay::Error),
}

impl From<mainstay::Error> for Fault {
    fn from(error: mainstay::Error) -> Self {
        Self::Policy(error)
    }
}

fn instead(_: Fault, order: u32) -> Result<u32, Fault> {
    if order == 0 { Err(Fault::Gone) } else { Ok(order) }
}

/// Everything at once.
///
/// # Errors
/// Whatever the policies say.
#[fallback(instead, on(Fault::Refused))]
#[retry("orders", max_attempts = 4, initial_delay = "10ms", jitter = none, retry_on(Fault::Busy))]
#[circuit_breaker("orders", failure_rate = 0.5, window = "10s", minimum_calls = 10, ignore_on(Fault::Gone))]
#[rate_limit("100/s", burst = 10, max_wait = "1s")]
#[bulkhead(10, max_wait = "10ms")]
#[timeout("2s")]
pub async fn order(number: u32) -> Result<u32, Fault> {
    let found = lookup(number)?;
    tokio::task::yield_now().await;
    Ok(found)
}

/// In one line.
///
/// # Errors
/// Never.
#[rustfmt::skip]
#[retry]
#[timeout("2s")]
pub async fn one_line() -> Result<u32, Fault> { Ok(1) }

/// In one line.
///
/// # Errors
/// Never.
#[rustfmt::skip]
#[retry]
pub fn one_line_sync() -> Result<u32, Fault> { Ok(1) }

/// In one line, as a future.
///
/// # Errors
/// Never.
#[rustfmt::skip]
#[timeout("2s")]
pub fn one_line_future() -> impl std::future::Future<Output = Result<u32, Fault>> { async move { Ok(1) } }

#[fallback(|_: Fault, number| Ok(number))]
#[retry(max_attempts = 2, initial_delay = "1ms", retry_if = is_busy, before_retry = |_| {})]
#[circuit_breaker(failure_if = is_busy, key = number)]
#[rate_limit("1000/s", algorithm = sliding_window)]
#[bulkhead(5)]
fn lookup(number: u32) -> Result<u32, Fault> {
    match number {
        0 => Err(Fault::Busy),
        1 => Err(Fault::Full { after: Duration::from_millis(1) }),
        2 => Err(Fault::Refused),
        3 => Err(Fault::Gone),
        _ => Ok(number),
    }
}

fn is_busy(fault: &Fault) -> bool {
    matches!(fault, Fault::Busy)
}

/// A client.
#[derive(Debug, Default)]
pub struct Client {
    calls: u32,
}

impl Client {
    /// By mutable reference.
    ///
    /// # Errors
    /// Never.
    #[retry(clone(text), retry_ok_if = |calls| *calls == 0)]
    #[timeout(Duration::from_secs(u64::from(self.calls) + 1))]
    pub async fn count(&mut self, text: String) -> Result<u32, Fault> {
        self.calls += 1;
        drop(text);
        Ok(self.calls)
    }

    /// Hands out what it borrows.
    ///
    /// # Errors
    /// Never.
    #[bulkhead(1)]
    pub fn borrow(&mut self) -> Result<&mut u32, Fault> {
        Ok(&mut self.calls)
    }

    /// By value.
    ///
    /// # Errors
    /// Never.
    #[timeout("1s", blocking = thread)]
    pub fn finish(self) -> Result<u32, Fault> {
        Ok(self.calls)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut client = Client::default();
    assert!(order(5).await.is_ok());
    assert!(one_line().await.is_ok() && one_line_sync().is_ok() && one_line_future().await.is_ok());
    assert!(client.count("a".to_owned()).await.is_ok());
    assert!(client.borrow().is_ok() && client.finish().is_ok());
}
