#![deny(warnings)]

use std::future::Future;

use mainstay::{Error, chaos, retry, timeout};

#[chaos]
fn plain() -> Result<(), Error> {
    Ok(())
}

#[chaos("named", latency = "1ms", latency_max = "2ms", latency_rate = 0.1, error_rate = 0.1, panic_rate = 0.1, seed = 7)]
fn named() -> Result<(), Error> {
    Ok(())
}

#[retry]
#[timeout("2s")]
#[chaos(drop_rate = 0.1, after)]
async fn stacked(id: u64, lines: &[u64]) -> Result<u64, Error> {
    if lines.is_empty() {
        return Ok(id);
    }
    Ok(lines.iter().sum())
}

#[chaos(error = format!("{id} is down"))]
async fn with_an_error(id: u64) -> Result<u64, String> {
    Ok(id)
}

#[chaos(error = String::from("down"))]
fn unnamed() -> Result<impl Iterator<Item = u64>, String> {
    Ok([1].into_iter())
}

#[chaos(error_rate = 0.1)]
fn made<'a>(text: &'a str) -> impl Future<Output = Result<&'a str, Error>> + Send {
    async move { Ok(text) }
}

fn main() {
    plain().unwrap();
    named().unwrap();
    assert_eq!(unnamed().unwrap().count(), 1);
    drop((stacked(1, &[]), with_an_error(1), made("text")));
}
