use std::time::Duration;

use crate::classify::{Class, Classify};

/// Whether an attempt's answer is worth another try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// No: it is the answer.
    Stop,
    /// Yes, and not before `floor` has passed.
    Again {
        /// The server's own word on when to come back.
        floor: Option<Duration>,
    },
}

impl Decision {
    /// Another try, at the backoff's own time.
    pub const AGAIN: Self = Self::Again { floor: None };

    /// What a class calls for.
    pub const fn of_class(class: Class) -> Self {
        if class.is_retryable() { Self::Again { floor: class.retry_after() } } else { Self::Stop }
    }
}

/// Decides about the answers of attempts: what `retry_if` and its like are made of.
pub trait Decide<T, E> {
    /// The decision about an answer.
    fn decide(&mut self, answer: &Result<T, E>) -> Decision;

    /// Called after the wait, right before the next attempt.
    fn before_retry(&mut self, _next: &NextAttempt<'_, T, E>) {}
}

/// The attempt that is about to be made, and why: what a `before_retry` hook sees.
#[derive(Debug)]
#[non_exhaustive]
pub struct NextAttempt<'a, T, E> {
    /// Its number: 2 for the first retry.
    pub number: u32,
    /// The wait that lies before it.
    pub waited: Duration,
    /// The answer of the attempt before.
    pub answer: Result<&'a T, &'a E>,
}

impl<'a, T, E> NextAttempt<'a, T, E> {
    #[doc(hidden)]
    pub fn new(number: u32, waited: Duration, answer: Result<&'a T, &'a E>) -> Self {
        Self { number, waited, answer }
    }

    /// The error of the attempt before, if it failed.
    pub fn error(&self) -> Option<&'a E> {
        self.answer.err()
    }
}

/// Every error is worth another try.
#[derive(Debug, Clone, Copy)]
pub struct EveryError;

impl<T, E> Decide<T, E> for EveryError {
    fn decide(&mut self, answer: &Result<T, E>) -> Decision {
        if answer.is_err() { Decision::AGAIN } else { Decision::Stop }
    }
}

/// The error's own class decides.
#[derive(Debug, Clone, Copy)]
pub struct ByClass;

impl<T, E: Classify> Decide<T, E> for ByClass {
    fn decide(&mut self, answer: &Result<T, E>) -> Decision {
        answer.as_ref().err().map_or(Decision::Stop, |error| Decision::of_class(error.classify()))
    }
}

macro_rules! deciders {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name<F, D> {
            pub(super) ask: F,
            pub(super) rest: D,
        }
    )*};
}

deciders! {
    /// Errors are retried if the predicate says so.
    RetryIf;
    /// Errors are final if the predicate says so, whatever else is said.
    AbortIf;
    /// Values are retried if the predicate says so.
    OkIf;
    /// Takes the floor of the wait from the error.
    AfterHint;
    /// Calls a hook before each retry.
    BeforeRetry;
}

impl<T, E, F: FnMut(&E) -> bool, D: Decide<T, E>> Decide<T, E> for RetryIf<F, D> {
    fn decide(&mut self, answer: &Result<T, E>) -> Decision {
        match answer {
            Ok(_) => self.rest.decide(answer),
            Err(error) if (self.ask)(error) => match self.rest.decide(answer) {
                Decision::Stop => Decision::AGAIN,
                again => again,
            },
            Err(_) => Decision::Stop,
        }
    }

    fn before_retry(&mut self, next: &NextAttempt<'_, T, E>) {
        self.rest.before_retry(next);
    }
}

impl<T, E, F: FnMut(&E) -> bool, D: Decide<T, E>> Decide<T, E> for AbortIf<F, D> {
    fn decide(&mut self, answer: &Result<T, E>) -> Decision {
        match answer {
            Err(error) if (self.ask)(error) => Decision::Stop,
            _ => self.rest.decide(answer),
        }
    }

    fn before_retry(&mut self, next: &NextAttempt<'_, T, E>) {
        self.rest.before_retry(next);
    }
}

impl<T, E, F: FnMut(&T) -> bool, D: Decide<T, E>> Decide<T, E> for OkIf<F, D> {
    fn decide(&mut self, answer: &Result<T, E>) -> Decision {
        match answer {
            Ok(value) if (self.ask)(value) => Decision::AGAIN,
            _ => self.rest.decide(answer),
        }
    }

    fn before_retry(&mut self, next: &NextAttempt<'_, T, E>) {
        self.rest.before_retry(next);
    }
}

impl<T, E, F: FnMut(&E) -> Option<Duration>, D: Decide<T, E>> Decide<T, E> for AfterHint<F, D> {
    fn decide(&mut self, answer: &Result<T, E>) -> Decision {
        match (self.rest.decide(answer), answer) {
            (Decision::Again { floor }, Err(error)) => Decision::Again { floor: (self.ask)(error).or(floor) },
            (decision, _) => decision,
        }
    }

    fn before_retry(&mut self, next: &NextAttempt<'_, T, E>) {
        self.rest.before_retry(next);
    }
}

impl<T, E, F: FnMut(&NextAttempt<'_, T, E>), D: Decide<T, E>> Decide<T, E> for BeforeRetry<F, D> {
    fn decide(&mut self, answer: &Result<T, E>) -> Decision {
        self.rest.decide(answer)
    }

    fn before_retry(&mut self, next: &NextAttempt<'_, T, E>) {
        self.rest.before_retry(next);
        (self.ask)(next);
    }
}
