//! A breaker of two kinds, behind a mutex.

use std::time::Duration;

use ::failsafe::{
    CircuitBreaker, Config, Error as Refused, StateMachine, backoff,
    failure_policy::{self, ConsecutiveFailures, SuccessRateOverTimeWindow},
    futures::CircuitBreaker as Async,
};

use crate::{
    row::{Row, keep},
    work::{Error, now, work, work_async},
};

const WHO: &str = "failsafe";

type Wait = std::iter::Repeat<Duration>;

impl From<Refused<Error>> for Error {
    fn from(error: Refused<Error>) -> Self {
        match error {
            Refused::Inner(error) => error,
            Refused::Rejected => Self(2),
        }
    }
}

fn day() -> backoff::Constant {
    backoff::constant(Duration::from_secs(86_400))
}

fn consecutive(failures: u32) -> StateMachine<ConsecutiveFailures<Wait>, ()> {
    Config::new().failure_policy(failure_policy::consecutive_failures(failures, day())).build()
}

fn rate() -> StateMachine<SuccessRateOverTimeWindow<Wait>, ()> {
    let window = Duration::from_secs(30);
    Config::new()
        .failure_policy(failure_policy::success_rate_over_time_window(0.5, 100, window, day()))
        .build()
}

pub fn closed() -> Row {
    let breaker = keep(consecutive(5));
    Row::new(WHO, || CircuitBreaker::call(breaker, || work(1)).map_err(Error::from))
}

pub fn closed_async() -> Row {
    let breaker = keep(consecutive(5));
    Row::new(WHO, || now(async { Async::call(breaker, work_async(1)).await.map_err(Error::from) }))
}

pub fn window_of_time() -> Row {
    let breaker = keep(rate());
    Row::new(WHO, || CircuitBreaker::call(breaker, || work(1)).map_err(Error::from))
}

pub fn open() -> Row {
    let breaker = keep(consecutive(1));
    let _ = CircuitBreaker::call(breaker, || work(0));
    assert_eq!(CircuitBreaker::call(breaker, || work(1)).map_err(Error::from), Err(Error(2)));
    Row::new(WHO, || CircuitBreaker::call(breaker, || work(1)).map_err(Error::from))
}
