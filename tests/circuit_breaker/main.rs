//! `#[circuit_breaker]`, option by option, on sync and async functions.
#![allow(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

#[macro_use]
mod support;

mod classes;
mod failure_if;
mod failure_on;
mod failure_rate;
mod failure_threshold;
mod half_open_calls;
mod ignore_on;
mod key;
mod leaving;
mod map_err;
mod max_keys;
mod max_timeout;
mod minimum_calls;
mod name;
mod on_cancel;
mod slow_call;
mod slow_call_rate;
mod success_threshold;
mod timeout;
mod window;
mod with;
