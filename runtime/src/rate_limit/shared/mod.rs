//! Rate limits whose tokens are counted in a [`RateLimitStore`](super::RateLimitStore), for all processes together.
//!
//! [`SharedLimit`] is what each process has of one: its name, its configuration, its counts, and the limiter that decides
//! where the store cannot. [`SharedRateLimiter`] is that with its store. [`request`] decides what an answer means, [`run`]
//! asks and waits, [`line`] keeps those of this process who wait in order.

mod limit;
mod limiter;
mod line;
mod policy;
mod request;
mod run;

pub use limit::SharedLimit;
pub use limiter::SharedRateLimiter;
