use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;
use tokio::task::coop;

use super::{Deadline, Timeout};
use crate::{
    Error,
    clock::{Delay, sleep, sleep_until},
    registry::Slot,
};

pin_project! {
    /// A future under a limit: polled first, and no timer exists before it is pending.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Timed<F, L> {
        #[pin]
        future: F,
        limit: L,
        delay: Delay,
    }
}

/// Runs `future` until `deadline` at most.
#[inline]
pub const fn timed<'l, 'p, F: Future>(future: F, deadline: &'l Deadline<'p>) -> Timed<F, &'l Deadline<'p>> {
    Timed { future, limit: deadline, delay: Delay::UNSET }
}

/// Runs `future` for the time of `timeout` at most. For a limit that nothing but the future is under, and that is
/// under no other.
#[inline]
pub const fn limited<F: Future, L: Limit>(timeout: L, future: F) -> Timed<F, L> {
    Timed { future, limit: timeout, delay: Delay::UNSET }
}

/// An instance that the user brings: whatever dereferences to one.
#[inline]
pub const fn own_timeout(timeout: &Timeout) -> &Timeout {
    timeout
}

/// What can end a future's time.
pub trait Limit: Copy {
    /// The wait for it; not set where there is no limit. The time starts when it is first asked for.
    fn delay(self) -> Delay;
    /// Says that the time is over.
    fn pass(self) -> Error;
}

impl Limit for &Deadline<'_> {
    fn delay(self) -> Delay {
        self.instant().map_or(Delay::UNSET, sleep_until)
    }

    fn pass(self) -> Error {
        Deadline::pass(self)
    }
}

impl Limit for &Timeout {
    fn delay(self) -> Delay {
        if self.limit().is_zero() { Delay::UNSET } else { sleep(self.limit()) }
    }

    fn pass(self) -> Error {
        self.timed_out_after(self.limit())
    }
}

/// The limit written on the function counts, whoever shares its name.
impl Limit for &'static Slot<Timeout> {
    fn delay(self) -> Delay {
        // The first call of all that waits makes the annotated functions known.
        self.get();
        self.own().delay()
    }

    fn pass(self) -> Error {
        self.get().timed_out_after(self.own().limit())
    }
}

impl<F: Future, L: Limit> Future for Timed<F, L> {
    type Output = Result<F::Output, Error>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(output) = this.future.poll(cx) {
            return Poll::Ready(Ok(output));
        }
        poll_limit(*this.limit, this.delay, cx).map(Err)
    }
}

/// Knows nothing of the future, so that it is compiled once for each kind of limit.
#[inline(never)]
fn poll_limit<L: Limit>(limit: L, delay: &mut Delay, cx: &mut Context<'_>) -> Poll<Error> {
    if !delay.is_set() {
        *delay = limit.delay();
    }
    let mut delay = Pin::new(delay);
    if coop::has_budget_remaining() {
        ready!(delay.as_mut().poll(cx));
    } else {
        // The future used up the task's share of this turn; the timer must still be able to end it.
        ready!(Pin::new(&mut coop::unconstrained(delay.as_mut())).poll(cx));
    }
    Poll::Ready(limit.pass())
}
