use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;

use super::{
    IntoDeadline,
    ambient::{self, Carry, Entered, Time},
    ask::exceeded,
};
use crate::{
    Error, Name,
    clock::{Delay, Instant, coarse_sleep_until},
};

pin_project! {
    /// A future with a deadline, or without: see [`scope`] and [`without`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Scope<F> {
        #[pin]
        future: F,
        carry: Carry,
    }
}

impl<F: Future> Future for Scope<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _inside = this.carry.enter();
        this.future.poll(cx)
    }
}

/// Tells all that runs in `future` that it has to be done by `deadline`, or earlier where a deadline around says so.
///
/// The future itself is not cut off: [`within`] does that. What it calls is: a `#[timeout]` inside ends with the deadline, with
/// [`Error::DeadlineExceeded`], and is not begun after it.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::deadline;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let left = deadline::scope(Duration::from_secs(5), async { deadline::remaining() });
/// assert_eq!(left.await, Some(Duration::from_secs(5)));
/// # }
/// ```
pub fn scope<F: Future>(deadline: impl IntoDeadline, future: F) -> Scope<F> {
    Scope { future, carry: Carry::Within(deadline.into_deadline()) }
}

/// Hides the deadlines around from all that runs in `future`: for what has to be finished although nobody waits for it, such
/// as taking back what was done by half.
///
/// A `#[timeout]` around still cuts it off where it waits. To go on after that it has to be
/// [spawned](crate::context::spawn).
pub fn without<F: Future>(future: F) -> Scope<F> {
    Scope { future, carry: Carry::Only(None) }
}

/// Tells all that runs in `operation` that it has to be done by `deadline`, or earlier where a deadline around says so. It is
/// not interrupted.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::deadline;
///
/// deadline::sync_scope(Duration::ZERO, || assert!(deadline::has_passed()));
/// assert!(!deadline::has_passed());
/// ```
pub fn sync_scope<T>(deadline: impl IntoDeadline, operation: impl FnOnce() -> T) -> T {
    let _inside = Carry::Within(deadline.into_deadline()).enter();
    operation()
}

pin_project! {
    /// A future that is cut off at a deadline: see [`within`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Within<F> {
        #[pin]
        future: F,
        end: Instant,
        delay: Delay,
    }
}

/// Runs `future` until `deadline` at most, or until one around that is earlier and that nobody else enforces. It is not begun
/// after that.
///
/// Like a time limit whose end is known before the call; a future that is ready when its time ends wins.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::{Kind, deadline};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let late = deadline::within(Duration::from_secs(1), std::future::pending::<()>()).await;
/// assert_eq!(late.unwrap_err().kind(), Kind::DeadlineExceeded);
/// # }
/// ```
///
/// # Errors
/// [`Error::DeadlineExceeded`] with the policy `deadline`.
pub fn within<F: Future>(deadline: impl IntoDeadline, future: F) -> Within<F> {
    Within { future, end: deadline.into_deadline(), delay: Delay::UNSET }
}

impl<F: Future> Future for Within<F> {
    type Output = Result<F::Output, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        const NAME: Name = Name::from_static("deadline");
        let this = self.project();
        let polled = {
            let _inside = Entered::new(Time::until(*this.end));
            if !this.delay.is_set() && ambient::has_ended() {
                return Poll::Ready(Err(exceeded(&NAME)));
            }
            this.future.poll(cx)
        };
        if let Poll::Ready(output) = polled {
            return Poll::Ready(Ok(output));
        }
        if !this.delay.is_set() {
            let soft = ambient::soft_end().unwrap_or(Instant::NEVER);
            *this.delay = coarse_sleep_until((*this.end).min(soft));
        }
        ready!(this.delay.poll_always(cx));
        Poll::Ready(Err(exceeded(&NAME)))
    }
}
