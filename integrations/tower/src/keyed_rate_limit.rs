use std::{
    fmt,
    hash::Hash,
    task::{Context, Poll},
};

use mainstay_runtime::{
    FromRefusal,
    rate_limit::{KeyedRateLimiter, RateLimitConfig},
};
use tower_layer::Layer;
use tower_service::Service;

use crate::{OneToken, RateLimitFuture, Tokens, named::named};

/// Admits so many calls per time of each user, tenant or address: the layer of a [`KeyedRateLimiter`].
///
/// It needs a key from the request: [`key`](Self::key) says which. Beyond that it is as
/// [`RateLimitLayer`](crate::RateLimitLayer): a call takes the tokens of its key when it is made, waits in arrival order behind
/// calls of the same key, and leaves the queue when it is dropped. A request without a key goes through.
///
/// `poll_ready` is the inner service's.
#[derive(Clone, Copy)]
#[must_use = "a layer does something around a service, once it has a `key`"]
pub struct KeyedRateLimitLayer<K = (), W = OneToken> {
    limiter: &'static KeyedRateLimiter,
    key: K,
    tokens: W,
}

named!(
    register_keyed,
    KeyedRateLimitLayer,
    KeyedRateLimiter,
    RateLimitConfig,
    keyed_rate_limiter,
    keyed_rate_limiters,
    "rate limit with a key",
    |limiter| Self { limiter, key: (), tokens: OneToken }
);

impl<W> KeyedRateLimitLayer<(), W> {
    /// The key of a request; `None` for one that is not limited.
    ///
    /// ```
    /// use mainstay_runtime::{ConfigError, Error, rate_limit::{Rate, RateLimiter}};
    /// use mainstay_tower::KeyedRateLimitLayer;
    /// use tower::{ServiceBuilder, service_fn};
    ///
    /// let logins = ServiceBuilder::new()
    ///     .layer(KeyedRateLimitLayer::new("docs.logins", RateLimiter::builder(Rate::per_minute(5)))?.key(|user: &String| Some(user.clone())))
    ///     .service(service_fn(|user: String| async move { Ok::<_, Error>(user.len()) }));
    /// # drop(logins);
    /// # Ok::<(), ConfigError>(())
    /// ```
    pub fn key<Request, Key, F>(self, key: F) -> KeyedRateLimitLayer<F, W>
    where
        F: Fn(&Request) -> Option<Key>,
        Key: Hash,
    {
        KeyedRateLimitLayer { limiter: self.limiter, key, tokens: self.tokens }
    }
}

impl<K, W> KeyedRateLimitLayer<K, W> {
    /// How many tokens a request takes. Default: one.
    pub fn tokens<F>(self, tokens: F) -> KeyedRateLimitLayer<K, F> {
        KeyedRateLimitLayer { limiter: self.limiter, key: self.key, tokens }
    }
}

impl<K, W> fmt::Debug for KeyedRateLimitLayer<K, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedRateLimitLayer").field("limiter", self.limiter).finish_non_exhaustive()
    }
}

impl<S, K: Clone, W: Clone> Layer<S> for KeyedRateLimitLayer<K, W> {
    type Service = KeyedRateLimitService<S, K, W>;

    fn layer(&self, inner: S) -> Self::Service {
        KeyedRateLimitService { inner, layer: self.clone() }
    }
}

/// A service under a rate limit per key: see [`KeyedRateLimitLayer`].
#[derive(Debug, Clone)]
pub struct KeyedRateLimitService<S, K, W = OneToken> {
    inner: S,
    layer: KeyedRateLimitLayer<K, W>,
}

impl<S, K, Key, W, Request> Service<Request> for KeyedRateLimitService<S, K, W>
where
    S: Service<Request> + Clone,
    S::Error: FromRefusal,
    K: Fn(&Request) -> Option<Key>,
    // It is not kept while the call waits; its type is a part of the wait's.
    Key: Hash + 'static,
    W: Tokens<Request>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = RateLimitFuture<S, Request>;

    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Some(key) = (self.layer.key)(&request) else {
            return RateLimitFuture::around(self.inner.call(request));
        };
        let (limiter, tokens) = (self.layer.limiter, self.layer.tokens.tokens(&request));
        RateLimitFuture::new(&mut self.inner, request, || limiter.enter_async(&key, tokens, None))
    }
}
