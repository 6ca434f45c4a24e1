//! What `run` was given, for as long as it runs.

use std::{
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    task::{Context, Poll},
};

use pin_project_lite::pin_project;

use super::{HandlerOutput, InFlight, Reason, aloud::unheard, core::Core, operate::message_of};

pin_project! {
    pub(super) struct Server<'c, F> {
        core: &'c Core,
        #[pin]
        future: Option<F>,
        in_flight: Option<InFlight>,
        error: Option<String>,
    }
}

impl<'c, F: Future<Output: HandlerOutput>> Server<'c, F> {
    pub(super) fn new(core: &'c Core, future: Option<F>) -> Self {
        let in_flight = future.is_some().then(|| core.work("the server".into()).begin());
        Self { core, future, in_flight, error: None }
    }

    /// Runs it until `other` is ready.
    pub(super) async fn until(mut self: Pin<&mut Self>, other: impl Future<Output = ()>) {
        let mut other = pin!(other);
        poll_fn(|cx| {
            self.as_mut().poll(cx);
            other.as_mut().poll(cx)
        })
        .await;
    }

    /// Drops it where it is.
    pub(super) fn stop(self: Pin<&mut Self>) {
        let mut this = self.project();
        this.future.set(None);
        *this.in_flight = None;
    }

    /// What went wrong in it.
    pub(super) fn error(self: Pin<&mut Self>) -> Option<String> {
        self.project().error.take()
    }

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) {
        let Some(future) = self.as_mut().project().future.as_pin_mut() else { return };
        let ended = match catch_unwind(AssertUnwindSafe(|| future.poll(cx))) {
            Ok(Poll::Pending) => return,
            Ok(Poll::Ready(output)) => output.into_result(),
            Err(panic) => Err(format!("panicked: {}", message_of(&*panic))),
        };
        let mut this = self.project();
        this.future.set(None);
        *this.in_flight = None;
        if let Err(error) = &ended {
            tracing::error!(target: "mainstay", error, "the server failed");
            unheard(format_args!("the server failed: {error}"));
        }
        *this.error = ended.err();
        this.core.trigger(Reason::Ended);
    }
}
