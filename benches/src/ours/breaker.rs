use mainstay::{circuit_breaker, policies};

use super::WHO;
use crate::{
    row::Row,
    work::{Error, now, work},
};

#[circuit_breaker]
fn consecutive(n: u64) -> Result<u64, Error> {
    work(n)
}

#[circuit_breaker]
pub async fn consecutive_async(n: u64) -> Result<u64, Error> {
    work(n)
}

#[circuit_breaker(failure_rate = 0.5, window = 100)]
fn last_hundred(n: u64) -> Result<u64, Error> {
    work(n)
}

#[circuit_breaker(failure_rate = 0.5, window = "30s", minimum_calls = 100)]
fn last_seconds(n: u64) -> Result<u64, Error> {
    work(n)
}

#[circuit_breaker(failure_threshold = 1, timeout = "1d")]
fn tripped(n: u64) -> Result<u64, Error> {
    work(n)
}

#[circuit_breaker("benches.forced")]
fn forced(n: u64) -> Result<u64, Error> {
    work(n)
}

pub fn closed() -> Row {
    Row::new(WHO, || consecutive(1))
}

pub fn closed_async() -> Row {
    Row::new(WHO, || now(consecutive_async(1)))
}

pub fn window_of_calls() -> Row {
    Row::new(WHO, || last_hundred(1))
}

pub fn window_of_time() -> Row {
    Row::new(WHO, || last_seconds(1))
}

pub fn open() -> Row {
    assert!(tripped(0).is_err());
    Row::new(WHO, || tripped(1))
}

/// Opened by hand: there is no end to compute.
pub fn open_by_hand() -> Row {
    policies().circuit_breaker("benches.forced").expect("annotated above").force_open();
    Row::new("mainstay, by hand", || forced(1)).aside()
}
