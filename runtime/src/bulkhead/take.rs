use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::places::{Arrival, Places};

/// Waits for a place in arrival order. Once ready with `Ok`, the place is the caller's to release.
///
/// Dropped before, it leaves the queue, or passes on a place that it was handed and had not yet noticed.
#[derive(Debug)]
#[must_use = "a place is waited for when this is awaited"]
pub(super) struct Take<'a> {
    places: &'a Places,
    max_queue: u32,
    step: Step,
}

#[derive(Debug)]
enum Step {
    Arriving,
    Queued(u64),
    Done,
}

/// As many wait as may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QueueFull;

impl<'a> Take<'a> {
    pub(super) fn new(places: &'a Places, max_queue: u32) -> Self {
        Self { places, max_queue, step: Step::Arriving }
    }
}

impl Future for Take<'_> {
    type Output = Result<(), QueueFull>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = match self.step {
            Step::Arriving => match self.places.arrive(self.max_queue, cx.waker().clone()) {
                Arrival::Taken => Ok(()),
                Arrival::Full => Err(QueueFull),
                Arrival::Queued(ticket) => {
                    self.step = Step::Queued(ticket);
                    return Poll::Pending;
                }
            },
            Step::Queued(ticket) if self.places.must_wait(ticket, cx.waker().clone()) => {
                return Poll::Pending;
            }
            Step::Queued(_) => Ok(()),
            Step::Done => return Poll::Pending,
        };
        self.step = Step::Done;
        Poll::Ready(outcome)
    }
}

impl Drop for Take<'_> {
    fn drop(&mut self) {
        if let Step::Queued(ticket) = self.step {
            self.places.leave(ticket);
        }
    }
}
