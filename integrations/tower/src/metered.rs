use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use mainstay_runtime::metered::{Metered, MeteredCall, MeteredConfig, Outcome};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    ByClass, Classes,
    answer::{classified, refusal},
    named::named,
    step::Step,
};

/// Counts the calls of a service by how they end, and times them: the layer of a [`Metered`].
///
/// A call is counted once, however it ends: also by a drop or a panic. The time in `poll_ready` is not a call's. Refusals and
/// time limits of inner layers are known as such where the error is [`Error`](mainstay_runtime::Error), or a box that holds one.
#[derive(Debug, Clone, Copy)]
#[must_use = "a layer does something around a service"]
pub struct MeteredLayer<C = ByClass> {
    metered: &'static Metered,
    classes: C,
}

named!(MeteredLayer, Metered, MeteredConfig, metered, meters, "metered function", |metered| Self {
    metered,
    classes: ByClass
});
classified!(MeteredLayer { metered });

impl<S, C: Clone> Layer<S> for MeteredLayer<C> {
    type Service = MeteredService<S, C>;

    fn layer(&self, inner: S) -> Self::Service {
        MeteredService { inner, layer: self.clone() }
    }
}

/// A service whose calls are counted: see [`MeteredLayer`].
#[derive(Debug, Clone)]
pub struct MeteredService<S, C = ByClass> {
    inner: S,
    layer: MeteredLayer<C>,
}

impl<S, C, Request> Service<Request> for MeteredService<S, C>
where
    S: Service<Request>,
    S::Error: 'static,
    C: Classes<S::Response, S::Error> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = MeteredFuture<S::Future, S::Error, C>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request) -> Self::Future {
        let step = Step::running(self.layer.metered.begin(), self.inner.call(request));
        MeteredFuture { step, classes: self.layer.classes.clone() }
    }
}

pin_project! {
    /// A call that is counted: see [`MeteredLayer`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct MeteredFuture<F, E, C = ByClass> {
        #[pin]
        step: Step<F, MeteredCall<'static>, E>,
        classes: C,
    }
}

impl<F, T, E, C> Future for MeteredFuture<F, E, C>
where
    F: Future<Output = Result<T, E>>,
    E: 'static,
    C: Classes<T, E>,
{
    type Output = Result<T, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (answer, call) = ready!(this.step.poll_step(cx));
        if let Some(call) = call {
            call.end(outcome(&answer, this.classes));
        }
        Poll::Ready(answer)
    }
}

fn outcome<T, E: 'static>(answer: &Result<T, E>, classes: &impl Classes<T, E>) -> Outcome {
    if let Some(refusal) = answer.as_ref().err().and_then(refusal) {
        return Outcome::of_policy(refusal.kind());
    }
    classes.class(answer).map_or(Outcome::Ok, Outcome::error)
}
