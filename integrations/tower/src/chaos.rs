use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use mainstay_runtime::{
    FromRefusal,
    chaos::{Chaos, ChaosConfig, Strike, is_any_on},
};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::named::named;

/// Makes calls late, or lets them fail, panic or never answer, on purpose: the layer of a [`Chaos`].
///
/// It is off until it is switched on from outside. A call that is late, or fails, meets that before the inner service is called,
/// with the service that was ready in its hands; with [`after`](ChaosConfig::after) it comes when the service has answered. A
/// panic is one of the call's future.
///
/// `poll_ready` is the inner service's.
#[derive(Debug, Clone, Copy)]
#[must_use = "a layer does something around a service"]
pub struct ChaosLayer {
    chaos: &'static Chaos,
}

named!(ChaosLayer, Chaos, ChaosConfig, chaos, all_chaos, "chaos", |chaos| Self { chaos });

impl<S> Layer<S> for ChaosLayer {
    type Service = ChaosService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        ChaosService { inner, chaos: self.chaos }
    }
}

/// A service whose calls are made to fail: see [`ChaosLayer`].
#[derive(Debug, Clone)]
pub struct ChaosService<S> {
    inner: S,
    chaos: &'static Chaos,
}

impl<S, Request> Service<Request> for ChaosService<S>
where
    S: Service<Request> + Clone,
    S::Error: FromRefusal,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ChaosFuture<S, Request>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request) -> Self::Future {
        let chaos = is_any_on().then_some(self.chaos);
        let state = match chaos {
            Some(chaos) if !chaos.config().is_after() => {
                // The service that is ready goes along.
                let another = self.inner.clone();
                let service = mem::replace(&mut self.inner, another);
                State::Early { strike: chaos.strike_async(), held: Some((service, request)) }
            }
            late => State::Running { future: self.inner.call(request), late },
        };
        ChaosFuture { state }
    }
}

pin_project! {
    /// A call that may be made to fail: see [`ChaosLayer`].
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct ChaosFuture<S, Request>
    where
        S: Service<Request>,
    {
        #[pin]
        state: State<S, S::Future, Request, Result<S::Response, S::Error>>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<S, F, Request, A> {
        Early { strike: Strike<'static>, held: Option<(S, Request)> },
        Running { #[pin] future: F, late: Option<&'static Chaos> },
        Late { strike: Strike<'static>, answer: Option<A> },
    }
}

impl<S, Request> Future for ChaosFuture<S, Request>
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
                StateProj::Early { strike, held } => {
                    let failure = ready!(Pin::new(strike).poll(cx));
                    let Some((mut service, request)) = held.take() else { return Poll::Pending };
                    if let Some(failure) = failure {
                        return Poll::Ready(Err(S::Error::from_refusal(failure.into_error())));
                    }
                    state.set(State::Running { future: service.call(request), late: None });
                }
                StateProj::Running { future, late } => {
                    let answer = ready!(future.poll(cx));
                    let Some(chaos) = late.take() else { return Poll::Ready(answer) };
                    state.set(State::Late { strike: chaos.strike_async(), answer: Some(answer) });
                }
                StateProj::Late { strike, answer } => {
                    let failure = ready!(Pin::new(strike).poll(cx));
                    let Some(answer) = answer.take() else { return Poll::Pending };
                    return Poll::Ready(match failure {
                        Some(failure) => Err(S::Error::from_refusal(failure.into_error())),
                        None => answer,
                    });
                }
            }
        }
    }
}

impl<S: Service<Request>, Request> fmt::Debug for ChaosFuture<S, Request> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChaosFuture").finish_non_exhaustive()
    }
}
