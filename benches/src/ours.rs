use std::{hint::black_box, time::Duration};

use mainstay::{bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};

use crate::sample::{Row, measure, now};

const WHO: &str = "mainstay";

/// As small as the error that the peers' rows use, so that no row pays for moving a larger answer.
#[derive(Debug, Clone, Copy)]
struct Error(#[allow(dead_code)] u64);

impl From<mainstay::Error> for Error {
    fn from(refusal: mainstay::Error) -> Self {
        Self(refusal.kind() as u64)
    }
}

async fn bare(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

#[circuit_breaker]
fn breaker(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

#[circuit_breaker(failure_rate = 0.5, window = 100)]
fn breaker_window(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

#[circuit_breaker("bench.open")]
fn breaker_open(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

#[retry]
fn retry_sync(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

#[retry]
async fn retry_async(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

#[timeout("10s")]
async fn limited(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

#[rate_limit("1000000000/s")]
fn rated(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

#[rate_limit("1/h")]
fn rated_out(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

#[rate_limit("1000000/ms", key = n)]
fn rated_by_key(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

#[bulkhead(10)]
fn bounded(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

fn zero(_: Error) -> Result<u64, Error> {
    Ok(0)
}

#[fallback(zero)]
fn covered(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

#[retry]
#[circuit_breaker]
#[rate_limit("1000000000/s")]
#[bulkhead(10)]
#[timeout("10s")]
async fn five(n: u64) -> Result<u64, Error> {
    Ok(black_box(n))
}

pub fn run(rows: &mut Vec<Row>) {
    rows.push(measure("breaker, closed", WHO, || breaker(1)));
    rows.push(measure("breaker, closed, window of 100", WHO, || breaker_window(1)));
    let open = mainstay::policies().circuit_breaker("bench.open");
    open.expect("annotated above").force_open();
    rows.push(measure("breaker, open", "mainstay, forced", || breaker_open(1)));
    let tripped = circuit_breaker::CircuitBreaker::builder()
        .failure_threshold(1)
        .timeout(Duration::from_secs(86_400))
        .build("bench.tripped")
        .expect("a sound configuration");
    let _ = tripped.call(|| Err::<(), _>(Error(1)));
    rows.push(measure("breaker, open", WHO, || tripped.call(|| Ok::<_, Error>(1))));
    rows.push(measure("retry, first try succeeds, sync", WHO, || retry_sync(1)));
    rows.push(measure("retry, first try succeeds, async", WHO, || now(retry_async(1))));
    rows.push(measure("timeout, ready at once", WHO, || now(limited(1))));
    rows.push(measure("rate limit, admitted", WHO, || rated(1)));
    rows.push(measure("rate limit, refused", WHO, || rated_out(1)));
    let mut key = 0;
    rows.push(measure("rate limit, 1,000 keys", WHO, || {
        key = (key + 1) % 1000;
        rated_by_key(key)
    }));
    rows.push(measure("bulkhead", WHO, || bounded(1)));
    rows.push(measure("fallback, not needed", WHO, || covered(1)));
    rows.push(measure("stack of five", WHO, || now(five(1))));
    rows.push(measure("reading the clock", WHO, mainstay::clock::now));
    rows.push(measure("reading the clock", "std::time::Instant", std::time::Instant::now));
    rows.push(measure("nothing", "a bare async fn", || now(bare(1))));
}

/// What an annotation adds to a future.
pub fn print_sizes() {
    let bytes = |name: &str, size: usize| println!("future of {name:<10} {size:>5} bytes");
    println!();
    bytes("bare", size_of_val(&bare(1)));
    bytes("retry", size_of_val(&retry_async(1)));
    bytes("timeout", size_of_val(&limited(1)));
    bytes("five", size_of_val(&five(1)));
}
