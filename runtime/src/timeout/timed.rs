use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;
use tokio::task::coop;

use super::Deadline;
use crate::{
    Error,
    clock::{Delay, sleep_until},
};

pin_project! {
    /// A future under a deadline: polled first, and no timer exists before it is pending.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Timed<'d, F> {
        #[pin]
        future: F,
        deadline: &'d Deadline<'d>,
        #[pin]
        delay: Option<Delay>,
    }
}

/// Runs `future` until `deadline` at most.
#[inline]
pub fn timed<'d, F: Future>(future: F, deadline: &'d Deadline<'d>) -> Timed<'d, F> {
    Timed { future, deadline, delay: None }
}

impl<F: Future> Future for Timed<'_, F> {
    type Output = Result<F::Output, Error>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(output) = this.future.poll(cx) {
            return Poll::Ready(Ok(output));
        }
        ready!(poll_delay(this.deadline, this.delay, cx));
        Poll::Ready(Err(this.deadline.pass()))
    }
}

/// Not generic, so that it is compiled once.
fn poll_delay(deadline: &Deadline<'_>, mut delay: Pin<&mut Option<Delay>>, cx: &mut Context<'_>) -> Poll<()> {
    if delay.is_none() {
        let Some(at) = deadline.instant() else { return Poll::Pending };
        delay.set(Some(sleep_until(at)));
    }
    let Some(mut delay) = delay.as_pin_mut() else { return Poll::Pending };
    if coop::has_budget_remaining() {
        delay.poll(cx)
    } else {
        // The future used up the task's share of this turn; the timer must still be able to end it.
        Pin::new(&mut coop::unconstrained(delay.as_mut())).poll(cx)
    }
}
