use std::{
    future::Future,
    pin::Pin,
    task::{self, Poll},
};

use pin_project_lite::pin_project;

use super::{Carried, Context};
use crate::deadline::{self, Carry};

pin_project! {
    /// A future that runs in a context, whoever polls it.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct InContext<F> {
        // There until this is dropped.
        #[pin]
        future: Option<F>,
        carried: Carried,
    }

    impl<F> PinnedDrop for InContext<F> {
        // What a future does when it is dropped, it does in its context too.
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            this.carried.enter(|| this.future.set(None));
        }
    }
}

impl<F> InContext<F> {
    /// The same with the [deadline](crate::deadline) that is current here, for tasks that are of no use after it.
    pub fn with_deadline(self) -> Self {
        self.carrying(Carry::Only(deadline::current()))
    }

    pub(crate) fn carrying(mut self, deadline: Carry) -> Self {
        self.carried.carry(deadline);
        self
    }
}

impl<F: Future> Future for InContext<F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.carried.enter(|| this.future.as_pin_mut().map_or(Poll::Pending, |future| future.poll(cx)))
    }
}

/// Puts futures into contexts.
///
/// ```
/// use mainstay_runtime::context::{self, Context, InContextExt};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let context = Context::new();
/// let seen = async { context::request_id() }.in_context(context.clone()).await;
/// assert_eq!(seen.as_ref(), Some(context.request_id()));
/// # }
/// ```
pub trait InContextExt: Future + Sized {
    /// Makes `context` current whenever this is polled.
    fn in_context(self, context: Context) -> InContext<Self> {
        InContext { future: Some(self), carried: Carried::of(context) }
    }

    /// Makes what is current here current whenever this is polled, for tasks that [`spawn`](super::spawn) does not start.
    fn in_current_context(self) -> InContext<Self> {
        InContext { future: Some(self), carried: Carried::here() }
    }
}

impl<F: Future> InContextExt for F {}
