use crate::classify::{Class, Classify};

/// What a call says about the dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It answered as it should.
    Success,
    /// It failed.
    Failure,
    /// Neither: the call says nothing about it.
    Ignored,
}

impl Verdict {
    /// What an error of that class says: transient and throttled are failures; with a permanent one the dependency
    /// has answered, so it is a success; ignored is neither.
    #[inline]
    pub const fn of_class(class: Class) -> Self {
        match class {
            Class::Transient | Class::Throttled { .. } => Self::Failure,
            Class::Permanent => Self::Success,
            Class::Ignored => Self::Ignored,
        }
    }

    /// Every error is a failure. What [`CircuitBreaker::call`](super::CircuitBreaker::call) goes by.
    #[inline]
    pub const fn of_result<T, E>(outcome: &Result<T, E>) -> Self {
        match outcome {
            Ok(_) => Self::Success,
            Err(_) => Self::Failure,
        }
    }

    /// An error says what its class says: a judge for [`CircuitBreaker::call_with`](super::CircuitBreaker::call_with).
    ///
    /// ```
    /// use mainstay_runtime::{Error, circuit_breaker::{CircuitBreaker, Verdict}};
    ///
    /// let breaker = CircuitBreaker::builder().build("payments")?;
    /// let refused_below = || Err::<(), _>(Error::circuit_open("bank", None));
    /// breaker.call_with(refused_below, Verdict::of_classified).unwrap_err();
    /// assert_eq!((breaker.failure_count(), breaker.ignored_count()), (0, 1));
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    #[inline]
    pub fn of_classified<T, E: Classify>(outcome: &Result<T, E>) -> Self {
        match outcome {
            Ok(_) => Self::Success,
            Err(error) => Self::of_class(error.classify()),
        }
    }
}
