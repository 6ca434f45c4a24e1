use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;

use super::{Deadline, End, Limit, Timeout};
use crate::{
    Error,
    clock::{self, Delay, Instant},
    deadline::{self, Entered},
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
        let inside = Entered::new(this.limit.time(*this.known));
        // A call that has begun goes on, and wins if it is ready.
        if inside.is_around_running()
            && !this.delay.is_set()
            && is_late(*this.limit, *this.known, inside.end_around())
        {
            drop(inside);
            return Poll::Ready(Err(this.limit.refuse()));
        }
        let polled = this.future.poll(cx);
        if let Some(at) = inside.asked() {
            *this.known = this.limit.begun(*this.known, at);
        }
        drop(inside);
        match polled {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending => poll_limit(*this.limit, this.known, this.delay, cx).map(Err),
        }
    }
}

/// Whether a call is not to begin, because the deadline around has passed. One without a limit is none of ours.
#[cold]
#[inline(never)]
fn is_late<L: Limit>(limit: L, known: L::Known, around: Instant) -> bool {
    !limit.time(known).is_none() && clock::now() >= around
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
