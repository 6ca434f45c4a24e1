use mainstay::timeout;

use super::WHO;
use crate::{
    row::Row,
    work::{Error, now, work, work_later},
};

#[timeout("10s")]
pub async fn ready(n: u64) -> Result<u64, Error> {
    work(n)
}

#[timeout("10s")]
pub async fn later(n: u64) -> Result<u64, Error> {
    work_later(n).await
}

pub fn at_once() -> Row {
    Row::new(WHO, || now(ready(1)))
}

pub fn pending_once() -> Row {
    Row::awaited_among_timers(WHO, || later(1))
}

pub fn pending_once_alone() -> Row {
    Row::awaited(WHO, || later(1))
}

pub fn pending_once_polled() -> Row {
    Row::polled(WHO, || later(1))
}

pub fn pending_once_by_turns() -> Row {
    Row::polled_by_turns(WHO, || later(1))
}

/// What it takes to be pending once, without a limit.
pub fn bare() -> Row {
    Row::awaited_among_timers("no limit", || work_later(1)).aside()
}

pub fn bare_alone() -> Row {
    Row::awaited("no limit", || work_later(1)).aside()
}

pub fn bare_polled() -> Row {
    Row::polled("no limit", || work_later(1)).aside()
}

pub fn bare_by_turns() -> Row {
    Row::polled_by_turns("no limit", || work_later(1)).aside()
}
