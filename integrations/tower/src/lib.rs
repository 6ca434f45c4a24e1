//! Mainstay's policies as layers of [tower](https://docs.rs/tower): around any `Service<Request>` whose error is
//! `From<mainstay::Error>`.
//!
//! ```
//! use std::time::Duration;
//! use mainstay_runtime::{Error, circuit_breaker::CircuitBreaker, retry::Retry, timeout::Timeout};
//! use mainstay_tower::{CircuitBreakerLayer, RetryLayer, TimeoutLayer};
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let payments = ServiceBuilder::new()
//!     .layer(RetryLayer::new("docs.payments", Retry::builder().max_attempts(3))?)
//!     .layer(CircuitBreakerLayer::new("docs.payments", CircuitBreaker::builder().failure_threshold(5))?)
//!     .layer(TimeoutLayer::new("docs.payments", Timeout::builder(Duration::from_secs(2)))?)
//!     .service(service_fn(|cents: u64| async move { Ok::<_, Error>(cents) }));
//!
//! assert_eq!(payments.oneshot(500).await?, 500);
//! # Ok(()) }
//! ```
//!
//! Each layer stands for a policy that has a name, and is had in three ways:
//!
//! - `named("payments")`: the one of that name, made by an attribute or by a builder;
//! - `new("payments", builder)`: the same, and made if there is none. It lives as long as the program;
//! - `of(policy)`: one that you have.
//!
//! All clones of a service share the policy, and what one of them has reserved is its own. Where a call need not wait, nothing is boxed and
//! nothing allocated; a queue, a miss of a cache and a hedge have a box.
//!
//! | layer | in `poll_ready` | in `call` |
//! |---|---|---|
//! | [`RetryLayer`] | – | clones the service and the request; each further attempt goes to a clone that is ready |
//! | [`CircuitBreakerLayer`] | – | asks for leave; the answer counts, and so do a drop and a panic |
//! | [`TimeoutLayer`] | – | the time counts from the first wait |
//! | [`RateLimitLayer`] | – | takes tokens; waits for them in the call, with a ready service in its hands |
//! | [`BulkheadLayer`] | takes a place, and waits for it in the queue | the place is given back when the call ends |
//! | [`KeyedRateLimitLayer`], [`KeyedCircuitBreakerLayer`] | – | the same for each key of the requests |
//! | [`AdaptiveLimitLayer`] | – | takes a place, and gives it back with what the answer tells of the load |
//! | [`ThrottleLayer`] | – | asks for leave; the answer says whether the server took the call on |
//! | [`HedgeLayer`] | – | a further attempt goes to a clone that is ready |
//! | [`FallbackLayer`] | – | answers for an error |
//! | [`CachedLayer`] | – | answers from the cache, or keeps the answer |
//! | [`ChaosLayer`] | – | where it is on: late, failed, panicking or never answered, before the service is called |
//! | [`MeteredLayer`] | – | counts the call by how it ends |
//! | [`SpanLayer`] | – | runs the call in a span |
//!
//! Behind that each asks the inner service, as is due to it: where it is not ready, it is not called, and the call is held back.

mod adaptive_limit;
mod answer;
mod bulkhead;
mod cached;
mod chaos;
mod circuit_breaker;
mod fallback;
mod hedge;
mod keyed_circuit_breaker;
mod keyed_rate_limit;
mod metered;
mod named;
mod permitted;
mod rate_limit;
mod retry;
mod span;
mod step;
mod throttle;
mod timeout;

pub use adaptive_limit::{
    AdaptiveLimitFuture, AdaptiveLimitLayer, AdaptiveLimitService, CriticalPriority, Priorities,
};
pub use answer::{ByAnswer, ByClass, Classes, EveryError};
pub use bulkhead::{BulkheadFuture, BulkheadLayer, BulkheadService};
pub use cached::{CachedFuture, CachedLayer, CachedService};
pub use chaos::{ChaosFuture, ChaosLayer, ChaosService};
pub use circuit_breaker::{CircuitBreakerFuture, CircuitBreakerLayer, CircuitBreakerService};
pub use fallback::{FallbackFuture, FallbackLayer, FallbackService};
pub use hedge::{Attempt, HedgeFuture, HedgeLayer, HedgeService};
pub use keyed_circuit_breaker::{
    KeyedCircuitBreakerFuture, KeyedCircuitBreakerLayer, KeyedCircuitBreakerService,
};
pub use keyed_rate_limit::{KeyedRateLimitLayer, KeyedRateLimitService};
pub use metered::{MeteredFuture, MeteredLayer, MeteredService};
pub use named::NotFound;
pub use permitted::PermitFuture;
pub use rate_limit::{OneToken, RateLimitFuture, RateLimitLayer, RateLimitService, Tokens};
pub use retry::{RetryFuture, RetryLayer, RetryService};
pub use span::{SpanFuture, SpanLayer, SpanService};
pub use throttle::{ThrottleFuture, ThrottleLayer, ThrottleService};
pub use timeout::{TimeoutFuture, TimeoutLayer, TimeoutService};

#[cfg(doctest)]
#[doc = include_str!("../../../docs/reference/tower.md")]
mod book {}
