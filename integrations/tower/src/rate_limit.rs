use std::{
    fmt,
    future::Future,
    mem,
    pin::{Pin, pin},
    task::{Context, Poll, Waker, ready},
};

use mainstay_runtime::{
    Error, FromRefusal,
    rate_limit::{RateLimitConfig, RateLimiter},
};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::named::named;

/// Admits so many calls per time: the layer of a [`RateLimiter`].
///
/// A call takes its tokens when it is made, so that none are lost by a service that is ready and not called. Where the limit
/// has `max_wait` the call waits, in arrival order, with the service that was ready; those that come later meet a clone of it.
/// A call that is dropped while it waits leaves the queue and costs nothing.
///
/// `poll_ready` is the inner service's.
#[derive(Debug, Clone, Copy)]
#[must_use = "a layer does something around a service"]
pub struct RateLimitLayer<W = OneToken> {
    limiter: &'static RateLimiter,
    tokens: W,
}

named!(RateLimitLayer, RateLimiter, RateLimitConfig, rate_limiter, rate_limiters, "rate limit", |limiter| {
    Self { limiter, tokens: OneToken }
});

impl<W> RateLimitLayer<W> {
    /// How many tokens a request takes. Default: one.
    ///
    /// ```
    /// # use mainstay_runtime::{ConfigError, rate_limit::{Rate, RateLimiter}};
    /// use mainstay_tower::RateLimitLayer;
    ///
    /// let limit = RateLimitLayer::new("docs.bytes", RateLimiter::builder(Rate::per_second(1_000_000)))?;
    /// let layer = limit.tokens(|body: &Vec<u8>| body.len() as f64);
    /// # drop(layer);
    /// # Ok::<(), ConfigError>(())
    /// ```
    pub fn tokens<F>(self, tokens: F) -> RateLimitLayer<F> {
        RateLimitLayer { limiter: self.limiter, tokens }
    }
}

/// How many tokens a request takes.
pub trait Tokens<Request> {
    /// So many.
    fn tokens(&self, request: &Request) -> f64;
}

/// Every request takes one token.
#[derive(Debug, Clone, Copy, Default)]
pub struct OneToken;

impl<Request> Tokens<Request> for OneToken {
    #[inline]
    fn tokens(&self, _: &Request) -> f64 {
        1.0
    }
}

impl<Request, F: Fn(&Request) -> f64> Tokens<Request> for F {
    #[inline]
    fn tokens(&self, request: &Request) -> f64 {
        self(request)
    }
}

impl<S, W: Clone> Layer<S> for RateLimitLayer<W> {
    type Service = RateLimitService<S, W>;

    fn layer(&self, inner: S) -> Self::Service {
        RateLimitService { inner, layer: self.clone() }
    }
}

/// A service under a rate limit: see [`RateLimitLayer`].
#[derive(Debug, Clone)]
pub struct RateLimitService<S, W = OneToken> {
    inner: S,
    layer: RateLimitLayer<W>,
}

impl<S, W, Request> Service<Request> for RateLimitService<S, W>
where
    S: Service<Request> + Clone,
    S::Error: FromRefusal,
    W: Tokens<Request>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = RateLimitFuture<S, Request>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request) -> Self::Future {
        let tokens = self.layer.tokens.tokens(&request);
        let limiter = self.layer.limiter;
        RateLimitFuture::new(&mut self.inner, request, || limiter.enter_async(tokens, None))
    }
}

/// Asks once. Who has to wait has not queued up yet: the call does that, wherever it is polled.
#[inline]
fn at_once(entering: impl Future<Output = Result<(), Error>>) -> Poll<Result<(), Error>> {
    pin!(entering).poll(&mut Context::from_waker(Waker::noop()))
}

impl<S, Request> RateLimitFuture<S, Request>
where
    S: Service<Request>,
    S::Error: FromRefusal,
{
    /// The call of `inner`, which is ready, once `enter` lets it in.
    #[inline]
    pub(crate) fn new<Enter>(inner: &mut S, request: Request, enter: impl Fn() -> Enter) -> Self
    where
        S: Clone,
        Enter: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let state = match at_once(enter()) {
            Poll::Ready(Ok(())) => State::Running { future: inner.call(request) },
            Poll::Ready(Err(error)) => State::Refused { error: Some(S::Error::from_refusal(error)) },
            Poll::Pending => {
                // The service that is ready goes along.
                let another = inner.clone();
                let service = mem::replace(inner, another);
                State::Waiting { entering: Entering(Box::pin(enter())), held: Some((service, request)) }
            }
        };
        Self { state }
    }

    /// A call that is not limited.
    pub(crate) fn around(future: S::Future) -> Self {
        Self { state: State::Running { future } }
    }
}

struct Entering(Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>);

impl fmt::Debug for Entering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entering")
    }
}

pin_project! {
    /// A call under a rate limit: see [`RateLimitLayer`].
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct RateLimitFuture<S, Request>
    where
        S: Service<Request>,
    {
        #[pin]
        state: State<S, S::Future, Request, S::Error>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<S, F, Request, E> {
        Waiting { entering: Entering, held: Option<(S, Request)> },
        Refused { error: Option<E> },
        Running { #[pin] future: F },
    }
}

impl<S, Request> Future for RateLimitFuture<S, Request>
where
    S: Service<Request>,
    S::Error: FromRefusal,
{
    type Output = Result<S::Response, S::Error>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        loop {
            match state.as_mut().project() {
                StateProj::Running { future } => return future.poll(cx),
                StateProj::Refused { error } => {
                    return error.take().map_or(Poll::Pending, |error| Poll::Ready(Err(error)));
                }
                StateProj::Waiting { entering, held } => {
                    let entered = ready!(entering.0.as_mut().poll(cx));
                    let Some((mut service, request)) = held.take() else { return Poll::Pending };
                    state.set(match entered {
                        Ok(()) => State::Running { future: service.call(request) },
                        Err(error) => State::Refused { error: Some(S::Error::from_refusal(error)) },
                    });
                }
            }
        }
    }
}

impl<S: Service<Request>, Request> fmt::Debug for RateLimitFuture<S, Request> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimitFuture").finish_non_exhaustive()
    }
}
