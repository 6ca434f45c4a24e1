use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use mainstay_runtime::{
    ConfigError, Name,
    fallback::{Covers, EveryError, FallbackSwitch},
};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

/// Answers for calls that failed.
///
/// By its name it is counted, listed and switched off from outside, together with the `#[fallback]` of that name. What
/// `poll_ready` says stays as it is: an error there means that the service is broken, and a caller would go on using it.
///
/// ```
/// use mainstay_runtime::Error;
/// use mainstay_tower::FallbackLayer;
/// use tower::{ServiceBuilder, ServiceExt, service_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let price = ServiceBuilder::new()
///     .layer(FallbackLayer::new("prices", |_: Error| async { Ok(42) })?)
///     .service(service_fn(|_item: &str| async { Err(Error::timed_out("prices", Default::default())) }));
/// assert_eq!(price.oneshot("tea").await?, 42);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
#[must_use = "a layer does something around a service"]
pub struct FallbackLayer<A, P = EveryError> {
    switch: &'static FallbackSwitch,
    answer: A,
    covers: P,
}

impl<A> FallbackLayer<A> {
    /// `answer` takes the error and gives a future of the answer in its stead.
    ///
    /// # Errors
    /// None yet: any name makes sense.
    pub fn new(name: impl Into<Name>, answer: A) -> Result<Self, ConfigError> {
        Ok(Self { switch: FallbackSwitch::register(name)?, answer, covers: EveryError })
    }

    /// Only errors for which the predicate is true are answered for. Default: all, refusals by policies included.
    pub fn on<E, P: Fn(&E) -> bool>(self, covers: P) -> FallbackLayer<A, P> {
        FallbackLayer { switch: self.switch, answer: self.answer, covers }
    }
}

impl<A, P> fmt::Debug for FallbackLayer<A, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FallbackLayer").field("name", &self.switch.name()).finish_non_exhaustive()
    }
}

impl<S, A: Clone, P: Clone> Layer<S> for FallbackLayer<A, P> {
    type Service = FallbackService<S, A, P>;

    fn layer(&self, inner: S) -> Self::Service {
        FallbackService { inner, layer: self.clone() }
    }
}

/// A service with a fallback: see [`FallbackLayer`].
#[derive(Debug, Clone)]
pub struct FallbackService<S, A, P = EveryError> {
    inner: S,
    layer: FallbackLayer<A, P>,
}

impl<S, A, P, Answer, Request> Service<Request> for FallbackService<S, A, P>
where
    S: Service<Request>,
    A: Fn(S::Error) -> Answer + Clone,
    Answer: Future<Output = Result<S::Response, S::Error>>,
    P: Covers<S::Error> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = FallbackFuture<S::Future, Answer, A, P>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request) -> Self::Future {
        let state = State::Calling { future: self.inner.call(request) };
        FallbackFuture { state, layer: self.layer.clone() }
    }
}

pin_project! {
    /// A call with a fallback: see [`FallbackLayer`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct FallbackFuture<F, Answer, A, P = EveryError> {
        #[pin]
        state: State<F, Answer>,
        layer: FallbackLayer<A, P>,
    }
}

pin_project! {
    #[project = StateProj]
    #[derive(Debug)]
    enum State<F, Answer> {
        Calling { #[pin] future: F },
        Answering { #[pin] answer: Answer },
    }
}

impl<F, Answer, A, P, T, E> Future for FallbackFuture<F, Answer, A, P>
where
    F: Future<Output = Result<T, E>>,
    A: Fn(E) -> Answer,
    Answer: Future<Output = Result<T, E>>,
    P: Covers<E>,
{
    type Output = Result<T, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProj::Answering { answer } => return answer.poll(cx),
                StateProj::Calling { future } => match ready!(future.poll(cx)) {
                    Err(error) if this.layer.switch.is_on() && this.layer.covers.covers(&error) => {
                        this.layer.switch.note();
                        this.state.set(State::Answering { answer: (this.layer.answer)(error) });
                    }
                    answer => return Poll::Ready(answer),
                },
            }
        }
    }
}
