//! `#[health_check]` and `#[derive(HealthCheck)]`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod breaker;
mod cache;
mod forms;
mod functions;
mod live;
mod methods;
mod microprofile;
mod name;
mod on_fail;
mod ready;
mod skip;
mod startup;
mod support;
mod timeout;
mod with;
