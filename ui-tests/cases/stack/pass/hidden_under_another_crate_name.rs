//! With `crate = …` and unknown attributes in between, all is still one body, in the order written.
#![deny(warnings)]

mod house {
    pub use ::mainstay as policies;
}

use house::policies::{bulkhead as places, fallback, retry};
use std::{io, pin::Pin, sync::atomic::{AtomicU32, Ordering::Relaxed}};

static CALLS: AtomicU32 = AtomicU32::new(0);
static ANSWERS: AtomicU32 = AtomicU32::new(0);

fn answered() -> io::Result<u32> {
    ANSWERS.fetch_add(1, Relaxed);
    Err(io::ErrorKind::Other.into())
}

#[fallback(|_| answered(), crate = house::policies)]
#[retry(max_attempts = 3, initial_delay = "1ms", crate = house::policies)]
#[cfg_attr(all(), places(3, map_err = io::Error::other))]
#[house::policies::timeout("1s")]
fn call() -> Pin<Box<dyn Future<Output = io::Result<u32>>>> {
    Box::pin(async move {
        CALLS.fetch_add(1, Relaxed);
        Err(io::ErrorKind::Other.into())
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert!(call().await.is_err());
    assert_eq!((CALLS.load(Relaxed), ANSWERS.load(Relaxed)), (3, 1), "the retry is inside the fallback");
    let site = mainstay::catalog().sites().iter().find(|site| site.path().ends_with("call")).copied().unwrap();
    let stack: Vec<_> = site.stack().iter().map(|layer| layer.attribute()).collect();
    assert_eq!(stack, ["fallback", "retry", "bulkhead", "timeout"]);
}
