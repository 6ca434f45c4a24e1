//! What it costs that options can be set from outside: where none is, and where one is.

use std::{hint::black_box, time::Duration};

use mainstay::{
    bulkhead, circuit_breaker,
    overrides::{Live, Values, overrides},
    retry,
};

use super::WHO;
use crate::{
    row::Row,
    work::{Error, work},
};

const WRITTEN: &str = "mainstay, as written";
const PLAIN: &str = "a plain field";

/// About as large as a policy's.
#[derive(Clone, Copy, PartialEq)]
struct Options {
    limits: [u64; 8],
    wait: Duration,
}

const CODE: Options = Options { limits: [5; 8], wait: Duration::from_secs(60) };
const OTHER: Options = Options { limits: [6; 8], ..CODE };

static SET: Live<Options> = Live::new(CODE);
static AS_WRITTEN: Live<Options> = Live::new(CODE);
static FIELD: Options = CODE;

fn sum(options: &Options) -> u64 {
    options.limits[3] + u64::from(options.wait.subsec_nanos())
}

/// Two options read, after so many other values were in force.
pub fn read() -> Row {
    for limit in 10..30 {
        SET.set(Options { limits: [limit; 8], ..CODE }, true);
    }
    SET.set(OTHER, true);
    Row::new(WHO, || sum(black_box(&SET).get()))
}

pub fn read_as_written() -> Row {
    Row::new(WRITTEN, || sum(black_box(&AS_WRITTEN).get()))
}

pub fn read_plain() -> Row {
    Row::new(PLAIN, || sum(black_box(&FIELD)))
}

#[circuit_breaker("benches.set.breaker")]
fn breaker_set(n: u64) -> Result<u64, Error> {
    work(n)
}

#[circuit_breaker("benches.written.breaker")]
fn breaker_written(n: u64) -> Result<u64, Error> {
    work(n)
}

#[bulkhead("benches.set.bulkhead", 10)]
fn bulkhead_set(n: u64) -> Result<u64, Error> {
    work(n)
}

#[bulkhead("benches.written.bulkhead", 10)]
fn bulkhead_written(n: u64) -> Result<u64, Error> {
    work(n)
}

#[retry("benches.set.retry")]
fn retry_set(n: u64) -> Result<u64, Error> {
    work(n)
}

#[retry("benches.written.retry")]
fn retry_written(n: u64) -> Result<u64, Error> {
    work(n)
}

/// Sets what the rows of this file go by; nothing else is called so.
fn set() {
    for round in 1..20 {
        let values = Values::new()
            .name("benches.set.breaker", "circuit_breaker", "failure_threshold", 6 + round)
            .name("benches.set.bulkhead", "bulkhead", "limit", 10 + round)
            .name("benches.set.retry", "retry", "max_attempts", 3 + round);
        if let Err(error) = overrides().values(values).load() {
            panic!("{error}");
        }
    }
}

pub fn breaker() -> [Row; 2] {
    set();
    [Row::new(WHO, || breaker_set(1)), Row::new(WRITTEN, || breaker_written(1))]
}

pub fn bulkhead() -> [Row; 2] {
    set();
    [Row::new(WHO, || bulkhead_set(1)), Row::new(WRITTEN, || bulkhead_written(1))]
}

pub fn retry() -> [Row; 2] {
    set();
    [Row::new(WHO, || retry_set(1)), Row::new(WRITTEN, || retry_written(1))]
}
