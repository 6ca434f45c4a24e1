use std::{
    fmt,
    hash::Hash,
    task::{Context, Poll},
};

use mainstay_runtime::{
    FromRefusal,
    circuit_breaker::{CircuitBreakerConfig, KeyedCircuitBreaker, OwnedPermit, Verdict},
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

/// Refuses calls to the host, tenant or shard that keeps failing: the layer of a [`KeyedCircuitBreaker`].
///
/// It needs a key from the request: [`key`](Self::key) says which. Beyond that it is as
/// [`CircuitBreakerLayer`](crate::CircuitBreakerLayer), with a breaker for each key. A request without a key goes through and
/// counts nowhere.
///
/// `poll_ready` is the inner service's.
#[derive(Clone, Copy)]
#[must_use = "a layer does something around a service, once it has a `key`"]
pub struct KeyedCircuitBreakerLayer<K = (), C = ByClass> {
    breakers: &'static KeyedCircuitBreaker,
    key: K,
    classes: C,
}

named!(
    register_keyed,
    KeyedCircuitBreakerLayer,
    KeyedCircuitBreaker,
    CircuitBreakerConfig,
    keyed_circuit_breaker,
    keyed_circuit_breakers,
    "circuit breaker with a key",
    |breakers| Self { breakers, key: (), classes: ByClass }
);
classified!(KeyedCircuitBreakerLayer<K> { breakers, key });

impl<C> KeyedCircuitBreakerLayer<(), C> {
    /// The key of a request; `None` for one that no breaker is asked for.
    ///
    /// ```
    /// use mainstay_runtime::{ConfigError, Error, circuit_breaker::CircuitBreaker};
    /// use mainstay_tower::KeyedCircuitBreakerLayer;
    /// use tower::{ServiceBuilder, service_fn};
    ///
    /// struct Request { host: String }
    ///
    /// let hosts = KeyedCircuitBreakerLayer::new("docs.hosts", CircuitBreaker::builder().failure_threshold(5))?;
    /// let client = ServiceBuilder::new()
    ///     .layer(hosts.key(|request: &Request| Some(request.host.clone())))
    ///     .service(service_fn(|request: Request| async move { Ok::<_, Error>(request.host.len()) }));
    /// # drop(client);
    /// # Ok::<(), ConfigError>(())
    /// ```
    pub fn key<Request, Key, F>(self, key: F) -> KeyedCircuitBreakerLayer<F, C>
    where
        F: Fn(&Request) -> Option<Key>,
        Key: Hash,
    {
        KeyedCircuitBreakerLayer { breakers: self.breakers, key, classes: self.classes }
    }
}

impl<K, C> fmt::Debug for KeyedCircuitBreakerLayer<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedCircuitBreakerLayer").field("breakers", self.breakers).finish_non_exhaustive()
    }
}

impl<S, K: Clone, C: Clone> Layer<S> for KeyedCircuitBreakerLayer<K, C> {
    type Service = KeyedCircuitBreakerService<S, K, C>;

    fn layer(&self, inner: S) -> Self::Service {
        KeyedCircuitBreakerService { inner, layer: self.clone() }
    }
}

/// A service behind a circuit breaker per key: see [`KeyedCircuitBreakerLayer`].
#[derive(Debug, Clone)]
pub struct KeyedCircuitBreakerService<S, K, C = ByClass> {
    inner: S,
    layer: KeyedCircuitBreakerLayer<K, C>,
}

impl<S, K, Key, C, Request> Service<Request> for KeyedCircuitBreakerService<S, K, C>
where
    S: Service<Request>,
    S::Error: FromRefusal,
    K: Fn(&Request) -> Option<Key>,
    Key: Hash,
    C: Classes<S::Response, S::Error> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = KeyedCircuitBreakerFuture<S::Future, S::Error, C>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let admitted = (self.layer.key)(&request).map(|key| self.layer.breakers.get(&key).admit_owned());
        let step = match admitted {
            None => Step::around(self.inner.call(request)),
            // The permit is there before the call is made: it sees a panic in there, too.
            Some(Ok(permit)) => Step::running(permit, self.inner.call(request)),
            Some(Err(error)) => Step::refused(S::Error::from_refusal(error)),
        };
        PermitFuture::new(step, self.layer.classes.clone())
    }
}

/// A call through a circuit breaker of its key: see [`KeyedCircuitBreakerLayer`].
pub type KeyedCircuitBreakerFuture<F, E, C = ByClass> = PermitFuture<F, OwnedPermit, E, C>;

impl<T, E, C: Classes<T, E>> Learns<T, E, C> for OwnedPermit {
    #[inline]
    fn meaning(answer: &Result<T, E>, classes: &C) -> Verdict {
        classes.class(answer).map_or(Verdict::Success, Verdict::of_class)
    }
}
