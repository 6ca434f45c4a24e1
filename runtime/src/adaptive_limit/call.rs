//! The limit around a closure or a future.

use std::future::Future;

use super::{AdaptiveLimit, Outcome, Priority};
use crate::{FromRefusal, permit};

impl AdaptiveLimit {
    /// Calls `f` unless the limit is reached. The time that it takes is a sample if it gives a value.
    ///
    /// # Errors
    /// Those of `f`, and [`Error::ConcurrencyLimited`](crate::Error::ConcurrencyLimited) in the form of `E`; then `f` has not run.
    pub fn call<T, E: FromRefusal>(
        &self,
        priority: Priority,
        f: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        self.call_with(priority, f, Outcome::of_result)
    }

    /// The same; `judge` says what the answer tells about the load, and is not asked of an error that comes when a
    /// [deadline](crate::deadline) from outside is over.
    ///
    /// ```
    /// use mainstay_runtime::{Error, adaptive_limit::{AdaptiveLimit, Outcome, Priority}};
    ///
    /// let limit = AdaptiveLimit::builder().build("payments")?;
    /// let cut_off = || Err::<(), _>(Error::timed_out("bank", std::time::Duration::from_secs(1)));
    /// let judge = |answer: &Result<(), Error>| if answer.is_ok() { Outcome::Success } else { Outcome::Overload };
    /// limit.call_with(Priority::Normal, cut_off, judge).unwrap_err();
    /// assert_eq!(limit.overload_count(), 1);
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// See [`call`](Self::call).
    pub fn call_with<T, E: FromRefusal>(
        &self,
        priority: Priority,
        f: impl FnOnce() -> Result<T, E>,
        judge: impl FnOnce(&Result<T, E>) -> Outcome,
    ) -> Result<T, E> {
        permit::call(self.try_enter(priority), f, judge)
    }

    /// Calls `f` and awaits its future unless the limit is reached. A future that is dropped before it is ready tells nothing.
    ///
    /// ```
    /// use mainstay_runtime::{Error, adaptive_limit::{AdaptiveLimit, Priority}};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let limit = AdaptiveLimit::builder().build("payments")?;
    /// assert_eq!(limit.call_async(Priority::Normal, || async { Ok::<_, Error>(42) }).await, Ok(42));
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    /// Those of the future, and [`Error::ConcurrencyLimited`](crate::Error::ConcurrencyLimited) in the form of `E`; then `f` has
    /// not run.
    pub fn call_async<T, E, Fut>(
        &self,
        priority: Priority,
        f: impl FnOnce() -> Fut,
    ) -> impl Future<Output = Result<T, E>>
    where
        E: FromRefusal,
        Fut: Future<Output = Result<T, E>>,
    {
        self.call_async_with(priority, f, Outcome::of_result)
    }

    /// The same; `judge` says what the answer tells about the load, and is not asked of an error that comes when a
    /// [deadline](crate::deadline) from outside is over.
    ///
    /// # Errors
    /// See [`call_async`](Self::call_async).
    pub fn call_async_with<T, E, Fut>(
        &self,
        priority: Priority,
        f: impl FnOnce() -> Fut,
        judge: impl FnOnce(&Result<T, E>) -> Outcome,
    ) -> impl Future<Output = Result<T, E>>
    where
        E: FromRefusal,
        Fut: Future<Output = Result<T, E>>,
    {
        permit::call_async(move || self.try_enter(priority), f, judge)
    }
}
