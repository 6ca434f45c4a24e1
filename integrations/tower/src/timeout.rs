use std::{
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use mainstay_runtime::{
    FromRefusal,
    timeout::{End, Timed, Timeout, TimeoutConfig, limited},
};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::named::named;

/// Ends calls that take too long: the layer of a [`Timeout`].
///
/// The time counts from when the call first has to wait, and `poll_ready` is not under the limit. A call whose time is over
/// is dropped.
#[derive(Debug, Clone, Copy)]
#[must_use = "a layer does something around a service"]
pub struct TimeoutLayer {
    timeout: &'static Timeout,
}

named!(TimeoutLayer, Timeout, TimeoutConfig, timeout, timeouts, "time limit", |timeout| Self { timeout });

impl<S> Layer<S> for TimeoutLayer {
    type Service = TimeoutService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        TimeoutService { inner, timeout: self.timeout }
    }
}

/// A service under a time limit: see [`TimeoutLayer`].
#[derive(Debug, Clone)]
pub struct TimeoutService<S> {
    inner: S,
    timeout: &'static Timeout,
}

impl<S, Request> Service<Request> for TimeoutService<S>
where
    S: Service<Request>,
    S::Error: FromRefusal,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = TimeoutFuture<S::Future, S::Error>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request) -> Self::Future {
        TimeoutFuture { timed: limited(self.timeout, self.inner.call(request)), error: PhantomData }
    }
}

pin_project! {
    /// A call under a time limit: see [`TimeoutLayer`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct TimeoutFuture<F, E> {
        #[pin]
        timed: Timed<F, &'static Timeout, End>,
        error: PhantomData<fn() -> E>,
    }
}

impl<F, T, E> Future for TimeoutFuture<F, E>
where
    F: Future<Output = Result<T, E>>,
    E: FromRefusal,
{
    type Output = Result<T, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(self.project().timed.poll(cx)) {
            Ok(answer) => answer,
            Err(error) => Err(E::from_refusal(error)),
        })
    }
}
