//! One policy object with whatever is built into it; async only. It has no rate limit.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

use ::execution_policy::{
    CircuitBreaker, ConcurrencyLimit, DefaultCore, ExecutionError, ExecutionPolicy, ExecutionPolicyBuilder,
    Jitter, Retry,
};

use crate::{
    row::{Row, keep},
    work::{Error, now, until_it_waits, work_async, work_later},
};

const WHO: &str = "execution-policy";
const LIMIT: Duration = Duration::from_secs(10);
const DAY: Duration = Duration::from_secs(86_400);

type Builder = ExecutionPolicyBuilder<u64, Error>;
pub type Policy = ExecutionPolicy<DefaultCore, u64, Error>;

impl From<ExecutionError<Error>> for Error {
    fn from(error: ExecutionError<Error>) -> Self {
        error.into_inner().unwrap_or(Self(2))
    }
}

pub async fn run(policy: &Policy, n: u64) -> Result<u64, Error> {
    Ok(policy.run(async || work_async(n).await).await?)
}

async fn run_later(policy: &Policy, n: u64) -> Result<u64, Error> {
    Ok(policy.run(async || work_later(n).await).await?)
}

fn row(build: impl FnOnce(Builder) -> Builder) -> Row {
    let policy = keep(build(Builder::new()).build());
    Row::new(WHO, || now(run(policy, 1)))
}

fn retries() -> Retry<u64, Error> {
    Retry::exponential().base_delay(Duration::from_secs(1)).max_attempts(3).jitter(Jitter::Full)
}

pub fn retry() -> Policy {
    Builder::new().retry(retries()).build()
}

pub fn timeout() -> Policy {
    Builder::new().attempt_timeout(LIMIT).build()
}

/// Four: all that it has of the five.
pub fn all() -> Policy {
    Builder::new()
        .retry(retries())
        .circuit_breaker(CircuitBreaker::consecutive_failures(5).open_for(DAY))
        .concurrency_limit(ConcurrencyLimit::attempts(10).reject())
        .attempt_timeout(LIMIT)
        .build()
}

pub fn closed() -> Row {
    row(|policy| policy.circuit_breaker(CircuitBreaker::consecutive_failures(5).open_for(DAY)))
}

pub fn window_of_time() -> Row {
    let breaker = CircuitBreaker::failure_ratio().ratio(0.5).minimum_throughput(100);
    row(|policy| policy.circuit_breaker(breaker.sampling_window(Duration::from_secs(30)).open_for(DAY)))
}

pub fn open() -> Row {
    let breaker = CircuitBreaker::consecutive_failures(1).open_for(DAY);
    let policy = keep(Builder::new().circuit_breaker(breaker).build());
    assert_eq!(now(run(policy, 0)), Err(Error(1)));
    assert_eq!(now(run(policy, 1)), Err(Error(2)));
    Row::new(WHO, || now(run(policy, 1)))
}

pub fn first_try() -> Row {
    row(|policy| policy.retry(retries()))
}

pub fn at_once() -> Row {
    row(|policy| policy.attempt_timeout(LIMIT))
}

pub fn pending_once() -> Row {
    let policy = keep(timeout());
    Row::awaited_among_timers(WHO, || run_later(policy, 1))
}

pub fn pending_once_alone() -> Row {
    let policy = keep(timeout());
    Row::awaited(WHO, || run_later(policy, 1))
}

pub fn one_failure() -> Row {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let policy = keep(Builder::new().retry(Retry::fixed(Duration::ZERO).max_attempts(3)).build());
    Row::awaited(WHO, || async {
        policy.run(async || work_later(CALLS.fetch_add(1, Relaxed) % 2).await).await.map_err(Error::from)
    })
}

pub fn until_the_wait() -> Row {
    let policy = keep(retry());
    Row::new(WHO, || until_it_waits(run(policy, 0)))
}

pub fn places() -> Row {
    row(|policy| policy.concurrency_limit(ConcurrencyLimit::operations(10).reject()))
}

pub fn waiting_places() -> Row {
    row(|policy| policy.concurrency_limit(ConcurrencyLimit::operations(10).queue_timeout(LIMIT)))
}

pub fn three() -> Row {
    let places = ConcurrencyLimit::attempts(10).reject();
    row(|policy| policy.retry(retries()).concurrency_limit(places).attempt_timeout(LIMIT))
}

pub fn four() -> Row {
    let policy = keep(all());
    Row::new("execution-policy, no rate limit", || now(run(policy, 1))).aside()
}
