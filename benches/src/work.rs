//! What is called in every row: the same work, answered by a result of the same size.

use std::{
    fmt,
    future::Future,
    hint::black_box,
    pin::{Pin, pin},
    sync::LazyLock,
    task::{Context, Poll, Waker},
};

use tokio::runtime::{Builder, Runtime};

/// The error of every row, ours and the peers', so that none pays for moving a larger answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error(pub u64);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error {}", self.0)
    }
}

impl std::error::Error for Error {}

impl From<mainstay::Error> for Error {
    fn from(refusal: mainstay::Error) -> Self {
        Self(refusal.kind() as u64)
    }
}

/// The work itself: nothing, but the compiler may not know. 0 fails.
#[inline(always)]
pub fn work(n: u64) -> Result<u64, Error> {
    match black_box(n) {
        0 => Err(Error(1)),
        n => Ok(n),
    }
}

/// The same, as a future that is ready at once.
#[inline(always)]
pub async fn work_async(n: u64) -> Result<u64, Error> {
    work(n)
}

/// The same, as a future that is pending once.
#[inline(always)]
pub async fn work_later(n: u64) -> Result<u64, Error> {
    Later(false).await;
    work(n)
}

/// Pending at the first poll, and woken at once.
struct Later(bool);

impl Future for Later {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Polls a future that is ready at once: no runtime's own cost is measured.
#[inline(always)]
pub fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("the operations measured here are ready at once"),
    }
}

/// The same for what may have to wait for another thread: then the runtime takes over, with its timers.
#[inline(always)]
pub fn soon<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => runtime().block_on(future),
    }
}

/// Polls a future until it waits, and drops it there.
#[inline(always)]
pub fn until_it_waits<F: Future>(future: F) {
    let polled = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_pending(), "the operations measured here wait");
}

/// The one runtime, of one thread: timers need one to be there even if nobody drives it.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: LazyLock<Runtime> =
        LazyLock::new(|| Builder::new_current_thread().enable_time().build().expect("a runtime"));
    &RUNTIME
}
