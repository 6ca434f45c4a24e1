//! The breaker's behaviour, a sentence each.

mod cases;
mod closed;
mod concurrency;
mod config;
mod deferred;
mod drops;
mod half_open;
mod machine;
mod orders;
mod rates;
mod reports;
mod support;
