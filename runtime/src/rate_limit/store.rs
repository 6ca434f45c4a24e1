use std::time::Duration;

use super::RateLimitConfig;
use crate::store::{BoxFuture, Store, StoreError, StoreRef};

/// Where the tokens of a rate limit are counted for all processes together.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not count rate limits",
    label = "expected an `Arc` of a `RateLimitStore`, or a `&'static` reference to one",
    note = "implement `mainstay::rate_limit::RateLimitStore` for `{Self}`, or give a store that does, such as Redis"
)]
pub trait RateLimitStore: Store {
    /// Takes tokens if they are there, by the configuration's algorithm, in one atomic step and one round trip. The clock is
    /// the store's own. The configuration's `max_wait` and `max_keys` are the caller's affair.
    ///
    /// Keys that are used with two configurations are two limits.
    ///
    /// # Errors
    /// The store cannot answer.
    fn take<'a>(&'a self, take: Take<'a>) -> BoxFuture<'a, Result<Taken, StoreError>>;
}

/// What a call asks of a [`RateLimitStore`].
#[derive(Debug, Clone, Copy)]
pub struct Take<'a> {
    /// Whose tokens.
    pub key: &'a str,
    /// The rate, the burst, what there is at first, the algorithm.
    pub config: &'a RateLimitConfig,
    /// How many.
    pub tokens: f64,
}

/// What a [`RateLimitStore`] answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taken {
    /// Whether the tokens were there and are taken.
    pub allowed: bool,
    /// The tokens that are left.
    pub remaining: f64,
    /// Where they were not there: when they will be, if nobody else takes them; `None` if never, because more were asked for
    /// than there can be at once. Zero where they were there.
    pub retry_after: Option<Duration>,
    /// When all tokens will be there again, if nobody takes any.
    pub reset_after: Duration,
}

impl<S: RateLimitStore + ?Sized> RateLimitStore for StoreRef<S> {
    fn take<'a>(&'a self, take: Take<'a>) -> BoxFuture<'a, Result<Taken, StoreError>> {
        (**self).take(take)
    }
}
