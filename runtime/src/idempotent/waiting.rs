use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use super::records::{Place, Records};
use crate::clock::{self, Delay, Instant};

/// Ready when a claim is over, or at `until` at the latest.
pub(super) struct Waiting<'a, V> {
    records: &'a Records<V>,
    place: Place,
    until: Instant,
    waker: Option<Waker>,
    delay: Delay,
}

impl<'a, V> Waiting<'a, V> {
    pub(super) fn new(records: &'a Records<V>, place: Place, until: Instant) -> Self {
        Self { records, place, until, waker: None, delay: Delay::UNSET }
    }

    fn leave(&mut self) {
        if let Some(waker) = self.waker.take() {
            self.records.forget(self.place, &waker);
        }
    }
}

impl<V> Future for Waiting<'_, V> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        if this.waker.as_ref().is_none_or(|waker| !waker.will_wake(cx.waker())) {
            this.leave();
            this.waker = Some(cx.waker().clone());
        }
        if !this.records.wait(this.place, cx.waker()) {
            this.waker = None;
            return Poll::Ready(());
        }
        if this.until == Instant::NEVER {
            return Poll::Pending;
        }
        if !this.delay.is_set() {
            this.delay = clock::sleep_until(this.until);
        }
        Pin::new(&mut this.delay).poll(cx)
    }
}

impl<V> Drop for Waiting<'_, V> {
    fn drop(&mut self) {
        self.leave();
    }
}
