use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;

use super::{Deadline, End, Limit, Timeout};
use crate::{
    Error,
    clock::Delay,
    deadline::{self, Entered, Time},
};

pin_project! {
    /// A future under a limit: polled first, and no timer exists before it is pending.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Timed<F, L, K> {
        #[pin]
        future: F,
        limit: L,
        // By its own name and not as `L::Known`: rustc asks that of every lifetime to see whether a future is `Send`.
        known: K,
        delay: Delay,
    }
}

/// Runs `future` until `deadline` at most.
#[inline]
pub const fn timed<'l, 'p, F: Future>(
    future: F,
    deadline: &'l Deadline<'p>,
) -> Timed<F, &'l Deadline<'p>, ()> {
    Timed { future, limit: deadline, known: (), delay: Delay::UNSET }
}

/// Runs `future` for the time of `timeout` at most. For a limit that nothing but the future is under, and that is
/// under no other.
#[inline]
pub const fn limited<F: Future, L: Limit<Known = End>>(timeout: L, future: F) -> Timed<F, L, End> {
    Timed { future, limit: timeout, known: End::UNKNOWN, delay: Delay::UNSET }
}

/// An instance that the user brings: whatever dereferences to one.
#[inline]
pub const fn own_timeout(timeout: &Timeout) -> &Timeout {
    timeout
}

impl<F: Future, L: Limit> Future for Timed<F, L, L::Known> {
    type Output = Result<F::Output, Error>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let time = this.limit.time(*this.known);
        if time == Time::NONE {
            return this.future.poll(cx).map(Ok);
        }
        // A call that has begun goes on, and wins if it is ready.
        if deadline::is_running()
            && !this.delay.is_set()
            && let Some(error) = refused(*this.limit)
        {
            return Poll::Ready(Err(error));
        }
        let inside = Entered::new(time);
        let polled = this.future.poll(cx);
        if let Some(at) = inside.asked() {
            this.limit.begin(this.known, at);
        }
        drop(inside);
        match polled {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending => poll_limit(*this.limit, this.known, this.delay, cx).map(Err),
        }
    }
}

#[cold]
#[inline(never)]
fn refused<L: Limit>(limit: L) -> Option<Error> {
    deadline::has_passed().then(|| limit.refuse())
}

/// Knows nothing of the future, so that it is compiled once for each kind of limit.
#[inline(never)]
fn poll_limit<L: Limit>(
    limit: L,
    known: &mut L::Known,
    delay: &mut Delay,
    cx: &mut Context<'_>,
) -> Poll<Error> {
    if !delay.is_set() {
        *delay = limit.delay(known);
    } else if deadline::unenforced().is_some()
        && let Some(sooner) = limit.hurry(known)
    {
        *delay = sooner;
    }
    // The future may have used up the task's share of this turn; the limit must still be able to end it.
    ready!(delay.poll_always(cx));
    Poll::Ready(limit.pass(*known))
}
