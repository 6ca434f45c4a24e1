use std::task::{Context, Poll};

use mainstay_runtime::{
    FromRefusal,
    circuit_breaker::{CircuitBreaker, CircuitBreakerConfig, Permit, Verdict},
};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    ByClass, Classes,
    answer::classified,
    named::named,
    permitted::{Learns, PermitFuture},
    step::Step,
};

/// Refuses calls to a service that keeps failing: the layer of a [`CircuitBreaker`].
///
/// A call asks for leave when it is made. While the breaker is open it is refused, and the inner service is not called. Its
/// answer counts by its [class](Classes); a call that is dropped, and one that panics, count as they do under
/// `#[circuit_breaker]`.
///
/// `poll_ready` is the inner service's: a breaker that is open is ready to refuse.
#[derive(Debug, Clone, Copy)]
#[must_use = "a layer does something around a service"]
pub struct CircuitBreakerLayer<C = ByClass> {
    breaker: &'static CircuitBreaker,
    classes: C,
}

named!(
    CircuitBreakerLayer,
    CircuitBreaker,
    CircuitBreakerConfig,
    circuit_breaker,
    circuit_breakers,
    "circuit breaker",
    |breaker| Self { breaker, classes: ByClass }
);
classified!(CircuitBreakerLayer { breaker });

impl<S, C: Clone> Layer<S> for CircuitBreakerLayer<C> {
    type Service = CircuitBreakerService<S, C>;

    fn layer(&self, inner: S) -> Self::Service {
        CircuitBreakerService { inner, layer: self.clone() }
    }
}

/// A service behind a circuit breaker: see [`CircuitBreakerLayer`].
#[derive(Debug, Clone)]
pub struct CircuitBreakerService<S, C = ByClass> {
    inner: S,
    layer: CircuitBreakerLayer<C>,
}

impl<S, C, Request> Service<Request> for CircuitBreakerService<S, C>
where
    S: Service<Request>,
    S::Error: FromRefusal,
    C: Classes<S::Response, S::Error> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = CircuitBreakerFuture<S::Future, S::Error, C>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request) -> Self::Future {
        let step = match self.layer.breaker.admit() {
            // The permit is there before the call is made: it sees a panic in there, too.
            Ok(permit) => Step::running(permit, self.inner.call(request)),
            Err(error) => Step::refused(S::Error::from_refusal(error)),
        };
        PermitFuture::new(step, self.layer.classes.clone())
    }
}

/// A call through a circuit breaker: see [`CircuitBreakerLayer`].
pub type CircuitBreakerFuture<F, E, C = ByClass> = PermitFuture<F, Permit<'static>, E, C>;

impl<T, E, C: Classes<T, E>> Learns<T, E, C> for Permit<'static> {
    #[inline]
    fn meaning(answer: &Result<T, E>, classes: &C) -> Verdict {
        classes.class(answer).map_or(Verdict::Success, Verdict::of_class)
    }
}
