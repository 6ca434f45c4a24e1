//! Every form of a handler, without a warning.
#![deny(warnings)]
#![allow(clippy::manual_async_fn)]

use std::{fmt, future::Future, time::Duration};

use mainstay::{on_shutdown, retry};

const LIMIT: Duration = Duration::from_secs(3);

#[on_shutdown]
fn sync() {}

#[on_shutdown]
async fn asynchronous() {}

#[on_shutdown("by name", phase = flush, timeout = LIMIT)]
fn fallible() -> Result<(), std::io::Error> {
    Ok(())
}

#[on_shutdown(name = "another", phase = stop, timeout = "1m30s")]
async fn boxed() -> Result<u64, Box<dyn std::error::Error>> {
    Ok(5)
}

#[on_shutdown(after(sync, inner::closes, "by name"))]
fn future() -> impl Future<Output = ()> + Send {
    async {}
}

#[on_shutdown(after = self::inner::closes)]
pub fn never() -> ! {
    std::process::exit(0)
}

mod inner {
    #[mainstay::on_shutdown(phase = announce)]
    pub(crate) fn closes() {}
}

#[on_shutdown]
#[retry]
async fn retried() -> Result<(), Failure> {
    Ok(())
}

#[retry]
#[on_shutdown(phase = stop)]
fn r#match() -> Result<(), Failure> {
    Ok(())
}

#[derive(Debug)]
struct Failure;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failed")
    }
}

impl From<mainstay::Error> for Failure {
    fn from(_: mainstay::Error) -> Self {
        Self
    }
}

fn main() {
    #[on_shutdown]
    fn within() {}
    within();
}
