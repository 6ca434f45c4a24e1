use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use crate::clock::{self, Delay, Instant};

pin_project! {
    /// What `future` gives, or `None` if `end` comes before it.
    #[must_use = "futures do nothing unless they are awaited"]
    pub(crate) struct Until<F> {
        #[pin]
        future: F,
        end: Instant,
        delay: Delay,
    }
}

impl<F> Until<F> {
    pub(crate) fn new(future: F, end: Option<Instant>) -> Self {
        Self { future, end: end.unwrap_or(Instant::NEVER), delay: Delay::UNSET }
    }
}

impl<F: Future> Future for Until<F> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(output) = this.future.poll(cx) {
            return Poll::Ready(Some(output));
        }
        if *this.end == Instant::NEVER {
            return Poll::Pending;
        }
        if !this.delay.is_set() {
            *this.delay = clock::sleep_until(*this.end);
        }
        Pin::new(this.delay).poll(cx).map(|()| None)
    }
}
