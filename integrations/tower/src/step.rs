use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

pin_project! {
    /// A call with what it was admitted by in its hands, or the refusal that stands in its place.
    #[project = StepProj]
    #[derive(Debug)]
    pub(crate) enum Step<F, H, E> {
        Refused { error: Option<E> },
        Running { held: Option<H>, #[pin] future: F },
    }
}

impl<F, H, E> Step<F, H, E> {
    #[inline]
    pub(crate) const fn refused(error: E) -> Self {
        Self::Refused { error: Some(error) }
    }

    #[inline]
    pub(crate) const fn running(held: H, future: F) -> Self {
        Self::Running { held: Some(held), future }
    }

    /// A call that nothing is held for.
    #[inline]
    pub(crate) const fn around(future: F) -> Self {
        Self::Running { held: None, future }
    }

    /// The answer, and what was held if the call was made.
    #[inline]
    pub(crate) fn poll_step<T>(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<(Result<T, E>, Option<H>)>
    where
        F: Future<Output = Result<T, E>>,
    {
        match self.project() {
            StepProj::Refused { error } => {
                error.take().map_or(Poll::Pending, |error| Poll::Ready((Err(error), None)))
            }
            StepProj::Running { held, future } => {
                // Out of the future meanwhile: a panic takes it along as it unwinds through here, and it sees that.
                let out = held.take();
                match future.poll(cx) {
                    Poll::Ready(answer) => Poll::Ready((answer, out)),
                    Poll::Pending => {
                        *held = out;
                        Poll::Pending
                    }
                }
            }
        }
    }
}
