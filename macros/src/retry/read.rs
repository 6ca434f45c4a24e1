use syn::Ident;

use crate::{
    options::options,
    values::{AnyExpr, BackoffWord, Base, Budget, Callable, Count, Duration, Names, Patterns, words},
};

words! {
    JitterWord { Full = "full", Equal = "equal", None = "none", }
}

options! {
    /// The options of `#[retry]`.
    pub(crate) struct Options {
        /// How many calls are made at most, the first included. Default 3.
        max_attempts: Count,
        /// The wait before the second attempt. Default "1s".
        initial_delay: Duration,
        /// The longest wait that the backoff grows to. Default "60s".
        max_delay: Duration,
        /// The factor from one wait to the next. Default 2.0.
        exponential_base: Base,
        /// How the wait grows: `exponential` (default), `linear`, `constant`, `fibonacci`, or a `fn(u32) -> Duration`.
        backoff: BackoffWord,
        /// What chance does to the wait: `full` (default), `equal`, `none`.
        jitter: JitterWord,
        /// The time for all calls and waits together. Default none.
        max_elapsed: Duration,
        /// What pays for further attempts: the name of a shared budget, or a share of the function's own calls. Default none.
        budget: Budget,
        /// Which errors are tried again: `fn(&E) -> bool`.
        retry_if: Callable,
        /// Which errors are tried again, by pattern; refusals by policies only if listed here.
        retry_on: Patterns,
        /// Which errors are final, whatever else is said.
        abort_on: Patterns,
        /// Which values are tried again: `fn(&T) -> bool`.
        retry_ok_if: Callable,
        /// The server's own word on when to come back: `fn(&E) -> Option<Duration>`.
        retry_after: Callable,
        /// Called after the wait, before the next attempt: `fn(&NextAttempt<'_, T, E>)`.
        before_retry: Callable,
        /// The arguments that an attempt consumes; each attempt but the last gets a clone.
        clone: Names,
        /// An instance of one's own: an expression that dereferences to `Retry`.
        with: AnyExpr,
    }
}

/// `#[retry]` of one function.
#[derive(Default)]
pub(crate) struct Room {
    pub(super) options: Options,
}

impl Room {
    /// Whether each attempt gets a clone of that argument.
    pub(crate) fn clones(&self, name: &Ident) -> bool {
        self.cloned().contains(name)
    }

    pub(super) fn cloned(&self) -> &[Ident] {
        self.options.clone.as_ref().map_or(&[], |given| &given.value.0)
    }

    /// Whether an option's value is only known when the call is made.
    pub(super) fn is_dynamic(&self) -> bool {
        let options = &self.options;
        let durations = [&options.initial_delay, &options.max_delay, &options.max_elapsed];
        durations.iter().any(|given| given.as_ref().is_some_and(|given| given.value.is_expr()))
            || options.max_attempts.as_ref().is_some_and(|given| given.value.is_expr())
            || options.exponential_base.as_ref().is_some_and(|given| given.value.is_expr())
    }
}
