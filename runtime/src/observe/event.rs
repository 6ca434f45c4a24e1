use std::time::Duration;

use crate::{Error, circuit_breaker, registry::Order, store::StoreError};

/// Something a policy did that is worth knowing.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A circuit breaker went from one state to another.
    #[non_exhaustive]
    StateChanged {
        /// The breaker.
        policy: &'a str,
        /// The state it left.
        from: circuit_breaker::State,
        /// The state it is in.
        to: circuit_breaker::State,
    },
    /// A call failed and will be tried again.
    #[non_exhaustive]
    Retry {
        /// The retry policy.
        policy: &'a str,
        /// The attempt that failed; the first is 1.
        attempt: u32,
        /// The wait before the next attempt.
        delay: Duration,
    },
    /// A call failed in a way that is retried, and no further attempt is permitted.
    #[non_exhaustive]
    RetriesExhausted {
        /// The retry policy.
        policy: &'a str,
        /// How many attempts were made.
        attempts: u32,
    },
    /// A further attempt was permitted but for the budget, which is used up.
    #[non_exhaustive]
    OutOfBudget {
        /// The policy that wanted the attempt: a retry or a hedge.
        policy: &'a str,
        /// The budget.
        budget: &'a str,
    },
    /// An attempt is made beside one that has not answered yet.
    #[non_exhaustive]
    Hedged {
        /// The hedge policy.
        policy: &'a str,
        /// Its number: 1 for the first beside the primary.
        hedge: u32,
        /// How long the primary has been waited for.
        after: Duration,
    },
    /// A policy refused a call or cut it off.
    #[non_exhaustive]
    Refused {
        /// What the caller is told.
        error: &'a Error,
    },
    /// A fallback answered for a failed call.
    #[non_exhaustive]
    FellBack {
        /// The function whose fallback it is.
        policy: &'a str,
    },
    /// A call got what an earlier one under its key gave.
    #[non_exhaustive]
    Replayed {
        /// The idempotency policy.
        policy: &'a str,
        /// The key.
        key: &'a str,
    },
    /// A call runs in place of one whose lease has run out, and which may have done its work or a part of it.
    #[non_exhaustive]
    TookOver {
        /// The idempotency policy.
        policy: &'a str,
        /// The key.
        key: &'a str,
    },
    /// A call ran, but another had taken over before it completed: what that one gives is recorded.
    #[non_exhaustive]
    CompletionRefused {
        /// The idempotency policy.
        policy: &'a str,
        /// The key.
        key: &'a str,
    },
    /// A policy's store could not answer. What the policy does then is its option.
    #[non_exhaustive]
    StoreFailed {
        /// The policy.
        policy: &'a str,
        /// What happened.
        error: &'a StoreError,
    },
    /// A rate limit's store answers again.
    #[non_exhaustive]
    StoreRecovered {
        /// The limit.
        policy: &'a str,
    },
    /// Somebody ordered something of a policy by hand, through a tool.
    #[non_exhaustive]
    Ordered {
        /// The policy.
        policy: &'a str,
        /// Its kind, such as `circuit_breaker`.
        kind: &'a str,
        /// What was ordered, and done.
        order: Order,
        /// Who wanted it, as the tool knows them: an address, say.
        by: &'a str,
    },
    /// An option of a policy was set from outside, or put back to what the code says.
    #[non_exhaustive]
    Overridden {
        /// The policy.
        policy: &'a str,
        /// Its kind, such as `circuit_breaker`.
        kind: &'a str,
        /// The option; `enabled` where it was switched on or off.
        option: &'a str,
        /// What was in force, in the attribute's spelling; `none` where the option was not set.
        old: &'a str,
        /// What is in force now.
        new: &'a str,
        /// Where that is written: a file and line, a variable; `code` where it is the code's again.
        origin: &'a str,
    },
}

impl Event<'_> {
    /// The name of the policy that reports.
    pub fn policy(&self) -> &str {
        match self {
            Self::StateChanged { policy, .. }
            | Self::Retry { policy, .. }
            | Self::RetriesExhausted { policy, .. }
            | Self::OutOfBudget { policy, .. }
            | Self::Hedged { policy, .. }
            | Self::FellBack { policy }
            | Self::Replayed { policy, .. }
            | Self::TookOver { policy, .. }
            | Self::CompletionRefused { policy, .. }
            | Self::StoreFailed { policy, .. }
            | Self::StoreRecovered { policy }
            | Self::Ordered { policy, .. }
            | Self::Overridden { policy, .. } => policy,
            Self::Refused { error } => error.policy(),
        }
    }

    pub(super) fn log(&self) {
        match self {
            Self::StateChanged { policy, from, to } if *to == circuit_breaker::State::Closed => {
                tracing::info!(target: "mainstay", policy, %from, %to, "circuit breaker changed state");
            }
            Self::StateChanged { policy, from, to } => {
                tracing::warn!(target: "mainstay", policy, %from, %to, "circuit breaker changed state");
            }
            Self::Retry { policy, attempt, delay } => {
                tracing::debug!(target: "mainstay", policy, attempt, ?delay, "attempt failed, trying again");
            }
            Self::RetriesExhausted { policy, attempts } => {
                tracing::warn!(target: "mainstay", policy, attempts, "gave up retrying");
            }
            Self::OutOfBudget { policy, budget } => {
                tracing::warn!(target: "mainstay", policy, budget, "the budget for further attempts is used up");
            }
            Self::Hedged { policy, hedge, after } => {
                tracing::debug!(target: "mainstay", policy, hedge, ?after, "no answer yet, trying beside it");
            }
            Self::Refused { error } => {
                tracing::debug!(target: "mainstay", policy = error.policy(), kind = %error.kind(), "{error}");
            }
            Self::FellBack { policy } => tracing::debug!(target: "mainstay", policy, "fallback answered"),
            Self::Replayed { policy, key } => {
                tracing::debug!(target: "mainstay", policy, key, "an earlier call's answer was given");
            }
            Self::TookOver { policy, key } => {
                tracing::warn!(target: "mainstay", policy, key, "took over from a call whose lease ran out");
            }
            Self::CompletionRefused { policy, key } => {
                tracing::error!(target: "mainstay", policy, key, "completed too late, another call had taken over");
            }
            Self::StoreFailed { policy, error } => {
                tracing::warn!(target: "mainstay", policy, kind = error.kind().as_str(), "{error}");
            }
            Self::StoreRecovered { policy } => {
                tracing::info!(target: "mainstay", policy, "the store answers again");
            }
            Self::Ordered { policy, kind, order, by } => {
                tracing::warn!(target: "mainstay", policy, kind, %order, by, "ordered by hand");
            }
            Self::Overridden { policy, kind, option, old, new, origin } => {
                tracing::info!(target: "mainstay", policy, kind, option, old, new, origin, "option overridden");
            }
        }
    }
}
