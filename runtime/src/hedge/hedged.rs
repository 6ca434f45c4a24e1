use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{Hedge, course::Course};

/// What an attempt's answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is the answer.
    Success,
    /// It is an error, and another attempt would get the same one.
    Final,
    /// Another attempt may do better.
    Failure,
}

pin_project! {
    /// Attempts side by side in one task. The primary lies in here, and a hedge in a box of its own, which is made when it is.
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct Hedged<'h, M, J, F: Future> {
        make: M,
        judge: J,
        #[pin]
        primary: Option<F>,
        // The primary's own, while hedges run.
        failure: Option<F::Output>,
        hedges: Vec<Pin<Box<F>>>,
        course: Course<'h>,
    }

    impl<M, J, F: Future> PinnedDrop for Hedged<'_, M, J, F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if this.primary.is_some() {
                this.course.overtaken();
            }
        }
    }
}

impl<'h, M, J, F> Hedged<'h, M, J, F>
where
    M: FnMut(u32) -> F,
    J: FnMut(&F::Output) -> Outcome,
    F: Future,
{
    /// `make` makes the attempt of that number, the primary's being 0; `judge` says what its answer means.
    #[inline]
    pub fn new(hedge: &'h Hedge, mut make: M, judge: J) -> Self {
        let primary = Some(make(0));
        Self { make, judge, primary, failure: None, hedges: Vec::new(), course: Course::new(hedge) }
    }
}

impl<M, J, F> Future for Hedged<'_, M, J, F>
where
    M: FnMut(u32) -> F,
    J: FnMut(&F::Output) -> Outcome,
    F: Future,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        if let Some(primary) = this.primary.as_mut().as_pin_mut()
            && let Poll::Ready(answer) = primary.poll(cx)
        {
            let outcome = (this.judge)(&answer);
            this.primary.set(None);
            if outcome == Outcome::Success {
                this.course.primary_succeeded();
            }
            if outcome != Outcome::Failure || this.hedges.is_empty() {
                this.hedges.clear();
                return Poll::Ready(answer);
            }
            *this.failure = Some(answer);
            this.course.settle();
        }
        loop {
            let mut at = 0;
            while let Some(hedge) = this.hedges.get_mut(at) {
                let Poll::Ready(answer) = hedge.as_mut().poll(cx) else {
                    at += 1;
                    continue;
                };
                drop(this.hedges.remove(at));
                if (this.judge)(&answer) != Outcome::Failure {
                    this.course.hedge_won(this.primary.is_some());
                    this.primary.set(None);
                    this.hedges.clear();
                    return Poll::Ready(answer);
                }
                this.course.settle();
            }
            if this.hedges.is_empty()
                && let Some(failure) = this.failure.take()
            {
                return Poll::Ready(failure);
            }
            match this.course.poll_next(cx) {
                Poll::Ready(number) => this.hedges.push(Box::pin((this.make)(number))),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<M, J, F: Future> fmt::Debug for Hedged<'_, M, J, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hedged").field("course", &self.course).finish_non_exhaustive()
    }
}
