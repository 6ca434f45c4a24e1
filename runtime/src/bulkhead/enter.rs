use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use pin_project_lite::pin_project;

use super::{Bulkhead, Entry, take::Take};
use crate::{
    clock::{self, Delay, Instant},
    deadline,
};

pin_project! {
    /// Enters when polled, or waits for a place and for the ends of the wait. Dropped while it waits, it leaves the queue.
    ///
    /// Written by hand because the compiler's future for it is twice as large.
    #[derive(Debug)]
    #[must_use = "nobody enters before this is awaited"]
    pub struct Enter<'a> {
        bulkhead: &'a Bulkhead,
        ends: Ends,
        take: Option<Take<'a>>,
        // No timer exists before there is something to wait for.
        #[pin]
        delay: Option<Delay>,
    }
}

/// When a wait ends, each at [`Instant::NEVER`] where there is no such end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    /// The bulkhead's `max_wait` is up.
    pub(super) own: Instant,
    /// The caller has no more time.
    pub(super) deadline: Instant,
}

impl Ends {
    pub(super) fn first(self) -> Option<Instant> {
        let first = self.own.min(self.deadline);
        (first != Instant::NEVER).then_some(first)
    }

    /// Whether the caller's deadline comes first; of two ends at the same instant it counts.
    pub(super) fn at_deadline(self) -> bool {
        self.deadline != Instant::NEVER && self.deadline <= self.own
    }

    /// Whether a place that comes now comes too late for the caller.
    pub(super) fn missed(self) -> bool {
        self.deadline != Instant::NEVER && clock::now() > self.deadline
    }
}

impl<'a> Enter<'a> {
    #[inline]
    pub(super) fn new(bulkhead: &'a Bulkhead, deadline: Option<Instant>) -> Self {
        let ends = Ends { own: Instant::NEVER, deadline: deadline.unwrap_or(Instant::NEVER) };
        Self { bulkhead, ends, take: None, delay: None }
    }

    #[cold]
    fn poll_queue(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Entry<'a>> {
        let mut this = self.project();
        let take = match this.take {
            Some(take) => take,
            None => {
                let Some(max_queue) = this.bulkhead.may_queue() else {
                    return Poll::Ready(Entry::Refused(this.bulkhead.refuse()));
                };
                this.ends.own = this.bulkhead.own_end();
                if this.ends.deadline == Instant::NEVER {
                    this.ends.deadline = deadline::unenforced().unwrap_or(Instant::NEVER);
                }
                this.take.insert(this.bulkhead.places().take(max_queue))
            }
        };
        let taken = match Pin::new(take).poll(cx) {
            Poll::Ready(taken) => Some(taken),
            Poll::Pending => {
                let Some(end) = this.ends.first() else { return Poll::Pending };
                if this.delay.is_none() {
                    this.delay.set(Some(clock::sleep_until(end)));
                }
                if let Some(delay) = this.delay.as_mut().as_pin_mut() {
                    ready!(delay.poll(cx));
                }
                None
            }
        };
        // The queue is left before anything is reported.
        *this.take = None;
        this.delay.set(None);
        Poll::Ready(this.bulkhead.leave_queue(*this.ends, taken))
    }
}

impl<'a> Future for Enter<'a> {
    type Output = Entry<'a>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Entry<'a>> {
        if self.take.is_none() && self.bulkhead.places().try_take() {
            return Poll::Ready(Entry::Entered(self.bulkhead.admit()));
        }
        self.poll_queue(cx)
    }
}
