use std::future::Future;

use super::{Chaos, is_any_on};
use crate::{Error, FromRefusal};

impl Chaos {
    /// Runs `f`, unless this call is made to fail.
    ///
    /// # Errors
    /// Those of `f`, and [`Error::Injected`] in the form of `E`.
    ///
    /// # Panics
    /// At `panic_rate`, and where `f` does.
    pub fn call<T, E: FromRefusal>(&self, f: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.call_with(E::from_refusal, f)
    }

    /// The same with `error`, which says what a call fails with.
    ///
    /// ```
    /// use mainstay_runtime::chaos::Chaos;
    ///
    /// let chaos = Chaos::builder().error_rate(1.0).build("disk")?;
    /// chaos.enable();
    /// let written = chaos.call_with(|_| std::io::ErrorKind::StorageFull, || Ok(()));
    /// assert_eq!(written, Err(std::io::ErrorKind::StorageFull));
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// Those of `f` and of `error`.
    ///
    /// # Panics
    /// At `panic_rate`, and where `f` does.
    pub fn call_with<T, E>(
        &self,
        error: impl FnOnce(Error) -> E,
        f: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        if !is_any_on() {
            return f();
        }
        let after = self.live_config().get().after;
        let early = if after { None } else { self.strike() };
        if let Some(failure) = early {
            return Err(error(failure.into_error()));
        }
        let answer = f();
        let late = if after { self.strike() } else { None };
        late.map_or(answer, |failure| Err(error(failure.into_error())))
    }

    /// Awaits what `f` returns, unless this call is made to fail. A call that is never to answer is pending until it is
    /// dropped.
    ///
    /// # Errors
    /// Those of the future, and [`Error::Injected`] in the form of `E`.
    ///
    /// # Panics
    /// At `panic_rate`, and where the future does.
    pub async fn call_async<T, E, F, Fut>(&self, f: F) -> Result<T, E>
    where
        E: FromRefusal,
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        self.call_async_with(E::from_refusal, f).await
    }

    /// The same with `error`, which says what a call fails with.
    ///
    /// # Errors
    /// Those of the future and of `error`.
    ///
    /// # Panics
    /// At `panic_rate`, and where the future does.
    pub async fn call_async_with<T, E, F, Fut>(&self, error: impl FnOnce(Error) -> E, f: F) -> Result<T, E>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        if !is_any_on() {
            return f().await;
        }
        let after = self.live_config().get().after;
        let early = if after { None } else { self.strike_async().await };
        if let Some(failure) = early {
            return Err(error(failure.into_error()));
        }
        let answer = f().await;
        let late = if after { self.strike_async().await } else { None };
        late.map_or(answer, |failure| Err(error(failure.into_error())))
    }
}
