use std::{
    fmt,
    task::{Context, Poll},
};

use mainstay_runtime::{
    FromRefusal,
    adaptive_limit::{AdaptiveLimit, AdaptiveLimitConfig, Outcome, Permit, Priority},
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

/// Lets as many calls in at once as the service can take, by how long they take: the layer of an [`AdaptiveLimit`].
///
/// A call takes its place when it is made, and gives it back when it ends, however it ends. The time of a success is a sample. An
/// error counts by its [class](Classes): throttled is overload, all others tell nothing, and neither does a call that is dropped
/// or panics. Time limits and full limits of inner layers are overload where the error is
/// [`Error`](mainstay_runtime::Error), or a box that holds one.
///
/// `poll_ready` is the inner service's: a limit that is reached is ready to refuse.
#[derive(Clone, Copy)]
#[must_use = "a layer does something around a service"]
pub struct AdaptiveLimitLayer<P = CriticalPriority, C = ByClass> {
    limit: &'static AdaptiveLimit,
    priority: P,
    classes: C,
}

named!(
    AdaptiveLimitLayer,
    AdaptiveLimit,
    AdaptiveLimitConfig,
    adaptive_limit,
    adaptive_limits,
    "adaptive limit",
    |limit| Self { limit, priority: CriticalPriority, classes: ByClass }
);
classified!(AdaptiveLimitLayer<P> { limit, priority });

impl<P, C> AdaptiveLimitLayer<P, C> {
    /// How much a request matters. Default: all are [`Priority::Critical`].
    ///
    /// ```
    /// # use mainstay_runtime::ConfigError;
    /// use mainstay_runtime::adaptive_limit::{AdaptiveLimit, Priority};
    /// use mainstay_tower::AdaptiveLimitLayer;
    ///
    /// let limit = AdaptiveLimitLayer::new("docs.search", AdaptiveLimit::builder())?;
    /// let layer = limit.priority(|query: &String| if query.is_empty() { Priority::Sheddable } else { Priority::Critical });
    /// # drop(layer);
    /// # Ok::<(), ConfigError>(())
    /// ```
    pub fn priority<F>(self, priority: F) -> AdaptiveLimitLayer<F, C> {
        AdaptiveLimitLayer { limit: self.limit, priority, classes: self.classes }
    }
}

impl<P, C> fmt::Debug for AdaptiveLimitLayer<P, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdaptiveLimitLayer").field("limit", self.limit).finish_non_exhaustive()
    }
}

/// How much a request matters.
pub trait Priorities<Request> {
    /// So much.
    fn priority(&self, request: &Request) -> Priority;
}

/// Every request is [`Priority::Critical`], as under the attribute.
#[derive(Debug, Clone, Copy, Default)]
pub struct CriticalPriority;

impl<Request> Priorities<Request> for CriticalPriority {
    #[inline]
    fn priority(&self, _: &Request) -> Priority {
        Priority::Critical
    }
}

impl<Request, F: Fn(&Request) -> Priority> Priorities<Request> for F {
    #[inline]
    fn priority(&self, request: &Request) -> Priority {
        self(request)
    }
}

impl<S, P: Clone, C: Clone> Layer<S> for AdaptiveLimitLayer<P, C> {
    type Service = AdaptiveLimitService<S, P, C>;

    fn layer(&self, inner: S) -> Self::Service {
        AdaptiveLimitService { inner, layer: self.clone() }
    }
}

/// A service under an adaptive limit: see [`AdaptiveLimitLayer`].
#[derive(Debug, Clone)]
pub struct AdaptiveLimitService<S, P = CriticalPriority, C = ByClass> {
    inner: S,
    layer: AdaptiveLimitLayer<P, C>,
}

impl<S, P, C, Request> Service<Request> for AdaptiveLimitService<S, P, C>
where
    S: Service<Request>,
    S::Error: FromRefusal + 'static,
    P: Priorities<Request>,
    C: Classes<S::Response, S::Error> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = AdaptiveLimitFuture<S::Future, S::Error, C>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    #[inline]
    fn call(&mut self, request: Request) -> Self::Future {
        let step = match self.layer.limit.try_enter(self.layer.priority.priority(&request)) {
            // The permit is there before the call is made: a panic in there gives the place back, too.
            Ok(permit) => Step::running(permit, self.inner.call(request)),
            Err(error) => Step::refused(S::Error::from_refusal(error)),
        };
        PermitFuture::new(step, self.layer.classes.clone())
    }
}

/// A call under an adaptive limit: see [`AdaptiveLimitLayer`].
pub type AdaptiveLimitFuture<F, E, C = ByClass> = PermitFuture<F, Permit<'static>, E, C>;

impl<T, E: 'static, C: Classes<T, E>> Learns<T, E, C> for Permit<'static> {
    #[inline]
    fn meaning(answer: &Result<T, E>, classes: &C) -> Outcome {
        match answer.as_ref().err().and_then(refusal) {
            Some(refusal) => Outcome::of_refusal(refusal.kind()),
            None => classes.class(answer).map_or(Outcome::Success, Outcome::of_class),
        }
    }
}
