use std::task::{Context, Poll};

use mainstay_runtime::{
    FromRefusal,
    throttle::{Outcome, Permit, Throttle, ThrottleConfig},
};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    ByClass, Classes,
    answer::{classified, refusal},
    named::named,
    permitted::{Learns, PermitFuture},
    step::Step,
};

/// Refuses a share of the calls to a server that rejects many: the layer of a [`Throttle`].
///
/// A call asks for leave when it is made. Its answer counts by its [class](Classes): throttled is a rejection, a success and a
/// permanent error are not, all others say nothing, and neither does a call that is dropped or panics. Time limits of inner
/// layers are rejections where the error is [`Error`](mainstay_runtime::Error), or a box that holds one.
///
/// `poll_ready` is the inner service's.
#[derive(Debug, Clone, Copy)]
#[must_use = "a layer does something around a service"]
pub struct ThrottleLayer<C = ByClass> {
    throttle: &'static Throttle,
    classes: C,
}

named!(ThrottleLayer, Throttle, ThrottleConfig, throttle, throttles, "throttle", |throttle| Self {
    throttle,
    classes: ByClass
});
classified!(ThrottleLayer { throttle });

impl<S, C: Clone> Layer<S> for ThrottleLayer<C> {
    type Service = ThrottleService<S, C>;

    fn layer(&self, inner: S) -> Self::Service {
        ThrottleService { inner, layer: self.clone() }
    }
}

/// A service under a throttle: see [`ThrottleLayer`].
#[derive(Debug, Clone)]
pub struct ThrottleService<S, C = ByClass> {
    inner: S,
    layer: ThrottleLayer<C>,
}

impl<S, C, Request> Service<Request> for ThrottleService<S, C>
where
    S: Service<Request>,
    S::Error: FromRefusal + 'static,
    C: Classes<S::Response, S::Error> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ThrottleFuture<S::Future, S::Error, C>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request) -> Self::Future {
        let step = match self.layer.throttle.admit() {
            Ok(permit) => Step::running(permit, self.inner.call(request)),
            Err(error) => Step::refused(S::Error::from_refusal(error)),
        };
        PermitFuture::new(step, self.layer.classes.clone())
    }
}

/// A call under a throttle: see [`ThrottleLayer`].
pub type ThrottleFuture<F, E, C = ByClass> = PermitFuture<F, Permit<'static>, E, C>;

impl<T, E: 'static, C: Classes<T, E>> Learns<T, E, C> for Permit<'static> {
    #[inline]
    fn meaning(answer: &Result<T, E>, classes: &C) -> Outcome {
        match answer.as_ref().err().and_then(refusal) {
            Some(refusal) => Outcome::of_refusal(refusal.kind()),
            None => classes.class(answer).map_or(Outcome::Accepted, Outcome::of_class),
        }
    }
}
