//! The breaker around a closure or a future.

use std::future::Future;

use super::{CircuitBreaker, Verdict};
use crate::{FromRefusal, permit};

impl CircuitBreaker {
    /// Calls `f` unless the breaker refuses. Every error counts as a failure, unless it comes when a
    /// [deadline](crate::deadline) from outside is over: that is its caller's.
    ///
    /// ```
    /// use mainstay_runtime::{Error, circuit_breaker::CircuitBreaker};
    ///
    /// let breaker = CircuitBreaker::builder().build("payments")?;
    /// assert_eq!(breaker.call(|| Ok::<_, Error>(42)), Ok(42));
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// What `f` answers, or the refusal as described at [`admit`](CircuitBreaker::admit).
    pub fn call<T, E: FromRefusal>(&self, f: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.call_with(f, Verdict::of_result)
    }

    /// Calls `f` unless the breaker refuses; `judge` says what its answer counts as. An error that comes when a
    /// [deadline](crate::deadline) from outside is over is ignored, and `judge` is not asked; so is any other answer that
    /// `judge` calls a failure then.
    ///
    /// # Errors
    /// What `f` answers, or the refusal as described at [`admit`](CircuitBreaker::admit).
    pub fn call_with<T, E: FromRefusal>(
        &self,
        f: impl FnOnce() -> Result<T, E>,
        judge: impl FnOnce(&Result<T, E>) -> Verdict,
    ) -> Result<T, E> {
        permit::call(self.admit(), f, judge)
    }

    /// Calls `f` and awaits its future unless the breaker refuses. Every error counts as a failure; a future dropped
    /// before it is ready is a cancelled call.
    ///
    /// ```
    /// use mainstay_runtime::{Error, circuit_breaker::CircuitBreaker};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let breaker = CircuitBreaker::builder().build("payments")?;
    /// assert_eq!(breaker.call_async(|| async { Ok::<_, Error>(42) }).await, Ok(42));
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    /// What the future answers, or the refusal as described at [`admit`](CircuitBreaker::admit).
    pub fn call_async<T, E, Fut>(&self, f: impl FnOnce() -> Fut) -> impl Future<Output = Result<T, E>>
    where
        E: FromRefusal,
        Fut: Future<Output = Result<T, E>>,
    {
        self.call_async_with(f, Verdict::of_result)
    }

    /// Calls `f` and awaits its future unless the breaker refuses; `judge` says what the answer counts as,
    /// unless a deadline from outside is over, as in [`call_with`](Self::call_with).
    ///
    /// # Errors
    /// What the future answers, or the refusal as described at [`admit`](CircuitBreaker::admit).
    pub fn call_async_with<T, E, Fut>(
        &self,
        f: impl FnOnce() -> Fut,
        judge: impl FnOnce(&Result<T, E>) -> Verdict,
    ) -> impl Future<Output = Result<T, E>>
    where
        E: FromRefusal,
        Fut: Future<Output = Result<T, E>>,
    {
        permit::call_async(move || self.admit(), f, judge)
    }
}
