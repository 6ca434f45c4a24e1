use std::{
    fmt,
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use mainstay_runtime::{
    FromRefusal,
    cached::{Cache, CacheConfig, CacheKey, CacheValue},
};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::named::named;

/// Keeps answers for a while: the layer of a [`Cache`].
///
/// It needs a key from the request, and answers that can be cloned: [`key`](Self::key) says which. All who ask for one key at
/// once wait for one call, each to its own deadline at most. Errors are not kept. A request without a key goes through.
///
/// `poll_ready` is the inner service's, though a hit does not need it.
#[derive(Clone, Copy)]
#[must_use = "a layer does something around a service, once it has a `key`"]
pub struct CachedLayer<K = ()> {
    cache: &'static Cache,
    key: K,
}

named!(CachedLayer, Cache, CacheConfig, cache, caches, "cache", |cache| Self { cache, key: () });

impl CachedLayer {
    /// The key of a request; `None` for one that is not to be looked up.
    ///
    /// ```
    /// use std::time::Duration;
    /// use mainstay_runtime::{ConfigError, Error, cached::Cache};
    /// use mainstay_tower::CachedLayer;
    /// use tower::{ServiceBuilder, service_fn};
    ///
    /// let prices = ServiceBuilder::new()
    ///     .layer(CachedLayer::new("docs.prices", Cache::builder().ttl(Duration::from_secs(60)))?.key(|item: &String| Some(item.clone())))
    ///     .service(service_fn(|item: String| async move { Ok::<_, Error>(item.len()) }));
    /// # drop(prices);
    /// # Ok::<(), ConfigError>(())
    /// ```
    pub fn key<Request, Key, F>(self, key: F) -> CachedLayer<F>
    where
        F: Fn(&Request) -> Option<Key>,
        Key: CacheKey,
    {
        CachedLayer { cache: self.cache, key }
    }
}

impl<K> fmt::Debug for CachedLayer<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedLayer").field("cache", &self.cache.name()).finish_non_exhaustive()
    }
}

impl<S, K: Clone> Layer<S> for CachedLayer<K> {
    type Service = CachedService<S, K>;

    fn layer(&self, inner: S) -> Self::Service {
        CachedService { inner, layer: self.clone() }
    }
}

/// A service whose answers are kept: see [`CachedLayer`].
#[derive(Debug, Clone)]
pub struct CachedService<S, K> {
    inner: S,
    layer: CachedLayer<K>,
}

impl<S, K, Key, Request> Service<Request> for CachedService<S, K>
where
    S: Service<Request> + Clone + Send + 'static,
    S::Future: Send,
    S::Response: CacheValue,
    S::Error: FromRefusal + Send + 'static,
    K: Fn(&Request) -> Option<Key>,
    Key: CacheKey + Send + Sync + 'static,
    Request: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = CachedFuture<S::Future, S::Response, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Some(key) = (self.layer.key)(&request) else {
            return CachedFuture { state: State::Around { future: self.inner.call(request) } };
        };
        let cache = self.layer.cache;
        if let Some(value) = cache.fresh_value(&key) {
            return CachedFuture { state: State::Hit { value: Some(value) } };
        }
        // The service that is ready goes along.
        let another = self.inner.clone();
        let mut service = mem::replace(&mut self.inner, another);
        let load =
            Box::pin(async move { cache.get_or_load_async(&key, move || service.call(request)).await });
        CachedFuture { state: State::Miss { load } }
    }
}

pin_project! {
    /// A call whose answer is kept, or was: see [`CachedLayer`].
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct CachedFuture<F, T, E> {
        #[pin]
        state: State<F, T, E>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F, T, E> {
        Hit { value: Option<T> },
        Miss { load: Pin<Box<dyn Future<Output = Result<T, E>> + Send>> },
        Around { #[pin] future: F },
    }
}

impl<F: Future<Output = Result<T, E>>, T, E> Future for CachedFuture<F, T, E> {
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProj::Hit { value } => value.take().map_or(Poll::Pending, |value| Poll::Ready(Ok(value))),
            StateProj::Miss { load } => load.as_mut().poll(cx),
            StateProj::Around { future } => future.poll(cx),
        }
    }
}

impl<F, T, E> fmt::Debug for CachedFuture<F, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedFuture").finish_non_exhaustive()
    }
}
