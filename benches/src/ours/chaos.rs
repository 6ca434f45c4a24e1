use mainstay::chaos;

use super::WHO;
use crate::{
    row::Row,
    work::{Error, now, work},
};

/// Its rates count for nothing: nobody has switched it on.
#[chaos(error_rate = 0.1, latency = "200ms", latency_rate = 0.1)]
fn off_sync(n: u64) -> Result<u64, Error> {
    work(n)
}

#[chaos(error_rate = 0.1, latency = "200ms", latency_rate = 0.1)]
pub async fn off_async(n: u64) -> Result<u64, Error> {
    work(n)
}

pub fn off() -> Row {
    Row::new(WHO, || off_sync(1))
}

pub fn off_and_async() -> Row {
    Row::new(WHO, || now(off_async(1)))
}
