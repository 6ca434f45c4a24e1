//! The breaker's behaviour, a sentence each.

mod cases;
mod closed;
mod concurrency;
mod config;
mod deferred;
mod drops;
mod half_open;
mod life;
mod machine;
mod model;
mod orders;
mod rates;
mod reports;
mod steered;
mod support;
