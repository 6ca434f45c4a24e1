//! The throttle around a closure or a future.

use std::future::Future;

use super::{Outcome, Throttle};
use crate::{FromRefusal, permit};

impl Throttle {
    /// Calls `f` unless the throttle refuses. Every error counts as a rejection by the server, unless it comes when a
    /// [deadline](crate::deadline) from outside is over: that is its caller's.
    ///
    /// # Errors
    /// Those of `f`, and [`Error::ClientThrottled`](crate::Error::ClientThrottled) in the form of `E`; then `f` has not run.
    pub fn call<T, E: FromRefusal>(&self, f: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.call_with(f, Outcome::of_result)
    }

    /// The same; `judge` says what the server made of the call, and is not asked of an error that comes when a deadline from
    /// outside is over.
    ///
    /// ```
    /// use mainstay_runtime::{Error, throttle::{Outcome, Throttle}};
    ///
    /// let throttle = Throttle::builder().build("payments")?;
    /// let other = || Err::<(), _>(Error::circuit_open("bank", None));
    /// throttle.call_with(other, Outcome::of_classified).unwrap_err();
    /// assert_eq!(throttle.rejected_count(), 0);
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// See [`call`](Self::call).
    pub fn call_with<T, E: FromRefusal>(
        &self,
        f: impl FnOnce() -> Result<T, E>,
        judge: impl FnOnce(&Result<T, E>) -> Outcome,
    ) -> Result<T, E> {
        permit::call(self.admit(), f, judge)
    }

    /// Calls `f` and awaits its future unless the throttle refuses. Every error counts as a rejection by the server; a future that
    /// is dropped before it is ready says nothing.
    ///
    /// ```
    /// use mainstay_runtime::{Error, throttle::Throttle};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let throttle = Throttle::builder().build("payments")?;
    /// assert_eq!(throttle.call_async(|| async { Ok::<_, Error>(42) }).await, Ok(42));
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    /// Those of the future, and [`Error::ClientThrottled`](crate::Error::ClientThrottled) in the form of `E`; then `f` has not run.
    pub fn call_async<T, E, Fut>(&self, f: impl FnOnce() -> Fut) -> impl Future<Output = Result<T, E>>
    where
        E: FromRefusal,
        Fut: Future<Output = Result<T, E>>,
    {
        self.call_async_with(f, Outcome::of_result)
    }

    /// The same; `judge` says what the server made of the call, and is not asked of an error that comes when a deadline from
    /// outside is over.
    ///
    /// # Errors
    /// See [`call_async`](Self::call_async).
    pub fn call_async_with<T, E, Fut>(
        &self,
        f: impl FnOnce() -> Fut,
        judge: impl FnOnce(&Result<T, E>) -> Outcome,
    ) -> impl Future<Output = Result<T, E>>
    where
        E: FromRefusal,
        Fut: Future<Output = Result<T, E>>,
    {
        permit::call_async(move || self.admit(), f, judge)
    }
}
