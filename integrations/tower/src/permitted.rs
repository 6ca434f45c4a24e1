use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use mainstay_runtime::glue::{Learning, judged};
use pin_project_lite::pin_project;

use crate::{ByClass, step::Step};

/// A permit that learns from what a service answers.
pub(crate) trait Learns<T, E, C>: Learning {
    /// What the answer means, by the classes of errors.
    fn meaning(answer: &Result<T, E>, classes: &C) -> Self::Meaning;
}

pin_project! {
    /// A call under a permit, which is settled when it ends, however it ends.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct PermitFuture<F, H, E, C = ByClass> {
        #[pin]
        step: Step<F, H, E>,
        classes: C,
    }
}

impl<F, H, E, C> PermitFuture<F, H, E, C> {
    #[inline]
    pub(crate) const fn new(step: Step<F, H, E>, classes: C) -> Self {
        Self { step, classes }
    }
}

impl<F, H, T, E, C> Future for PermitFuture<F, H, E, C>
where
    F: Future<Output = Result<T, E>>,
    H: Learns<T, E, C>,
{
    type Output = Result<T, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (answer, permit) = ready!(this.step.poll_step(cx));
        if let Some(permit) = permit {
            permit.settle(judged(&answer, |answer| H::meaning(answer, this.classes)));
        }
        Poll::Ready(answer)
    }
}
