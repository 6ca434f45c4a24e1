//! Redis and Valkey as Mainstay's store.
//!
//! [`RedisStore`] keeps the records of idempotent calls, the second tier of a cache, and limits that all instances of a
//! service share. [`CacheManager`] and [`RateLimitCache`] are the same by hand, without annotations.
//!
//! Every step is one script or one transaction about one key: atomic, and one round trip. Clocks are the server's. Redis 7 or
//! newer is needed, or Valkey; `docs/reference/redis.md` says what is guaranteed, and what a crash of the server may take.

mod address;
mod builder;
mod cache;
mod cache_manager;
mod durations;
mod failure;
mod flights;
mod health;
mod idempotency;
mod link;
mod listeners;
mod names;
mod rate_limit;
mod rate_limit_cache;
mod request;
mod scripts;
mod store;
mod subscriber;
#[cfg(feature = "tls")]
mod tls;
mod waiters;

pub use builder::RedisStoreBuilder;
pub use cache_manager::CacheManager;
pub use health::RedisHealthCheck;
pub use rate_limit_cache::RateLimitCache;
pub use store::RedisStore;
