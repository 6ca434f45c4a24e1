use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use mainstay_runtime::{
    clock::{self, Delay, Instant},
    glue,
    retry::{Attempts, Decision, Retry, RetryConfig},
};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::{ByClass, Classes, answer::classified, named::named};

/// Tries again: the layer of a [`Retry`].
///
/// The first attempt is made by the service that was ready. For the others the service and the request are cloned, and the
/// clone is called when it is ready: what an inner layer reserves in `poll_ready` is reserved for each attempt anew, and for
/// none while the call waits. An error of `poll_ready` is the answer, because the service says by it that it is broken.
///
/// Answers are tried again as their [class](Classes) says. When no attempt is left, the last answer is the call's.
#[derive(Debug, Clone, Copy)]
#[must_use = "a layer does something around a service"]
pub struct RetryLayer<C = ByClass> {
    retry: &'static Retry,
    classes: C,
}

named!(RetryLayer, Retry, RetryConfig, retry, retries, "retry policy", |retry| Self {
    retry,
    classes: ByClass
});
classified!(RetryLayer { retry });

impl<S, C: Clone> Layer<S> for RetryLayer<C> {
    type Service = RetryService<S, C>;

    fn layer(&self, inner: S) -> Self::Service {
        RetryService { inner, layer: self.clone() }
    }
}

/// A service whose calls are tried again: see [`RetryLayer`].
#[derive(Debug, Clone)]
pub struct RetryService<S, C = ByClass> {
    inner: S,
    layer: RetryLayer<C>,
}

impl<S, C, Request> Service<Request> for RetryService<S, C>
where
    S: Service<Request> + Clone,
    Request: Clone,
    C: Classes<S::Response, S::Error> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = RetryFuture<S, C, Request>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request) -> Self::Future {
        let retry = self.layer.retry;
        let (attempts, started) = glue::begin_with(retry);
        let state = State::Calling { future: self.inner.call(request.clone()) };
        let (service, classes) = (self.inner.clone(), self.layer.classes.clone());
        RetryFuture { state, service, request, retry, attempts, started, classes }
    }
}

pin_project! {
    /// A call that is tried again: see [`RetryLayer`].
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct RetryFuture<S, C, Request>
    where
        S: Service<Request>,
    {
        #[pin]
        state: State<S::Future>,
        service: S,
        request: Request,
        retry: &'static Retry,
        attempts: Attempts,
        started: Instant,
        classes: C,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F> {
        Calling { #[pin] future: F },
        Waiting { delay: Delay },
        // The wait is over, and the clone must be ready.
        Due,
    }
}

impl<S, C, Request> Future for RetryFuture<S, C, Request>
where
    S: Service<Request>,
    Request: Clone,
    C: Classes<S::Response, S::Error>,
{
    type Output = Result<S::Response, S::Error>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProj::Calling { future } => {
                    let answer = ready!(future.poll(cx));
                    let Some(class) = this.classes.class(&answer) else { return Poll::Ready(answer) };
                    let decision = Decision::of_class(class);
                    let next =
                        glue::next_within(this.retry, None, *this.attempts, decision, *this.started, None);
                    let Some((attempts, delay)) = next else { return Poll::Ready(answer) };
                    *this.attempts = attempts;
                    this.state.set(State::Waiting { delay: clock::sleep(delay) });
                }
                StateProj::Waiting { delay } => {
                    ready!(Pin::new(delay).poll(cx));
                    this.state.set(State::Due);
                }
                StateProj::Due => {
                    if let Err(error) = ready!(this.service.poll_ready(cx)) {
                        return Poll::Ready(Err(error));
                    }
                    let future = this.service.call(this.request.clone());
                    this.state.set(State::Calling { future });
                }
            }
        }
    }
}

impl<S: Service<Request>, C, Request> fmt::Debug for RetryFuture<S, C, Request> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryFuture")
            .field("retry", &self.retry.name())
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
