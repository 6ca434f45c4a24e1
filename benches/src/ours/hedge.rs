use mainstay::{hedge, retry};

use super::WHO;
use crate::{
    row::Row,
    work::{Error, now, work, work_later},
};

#[hedge(after = "10s", safe)]
async fn ready(n: u64) -> Result<u64, Error> {
    work(n)
}

#[hedge(after = "10s", safe)]
async fn later(n: u64) -> Result<u64, Error> {
    work_later(n).await
}

#[hedge(after = "p95", min_after = "10s", warm_up = 10, safe)]
async fn later_by_percentile(n: u64) -> Result<u64, Error> {
    work_later(n).await
}

#[retry(budget = "benches")]
async fn budgeted(n: u64) -> Result<u64, Error> {
    work(n)
}

pub fn at_once() -> Row {
    Row::new(WHO, || now(ready(1)))
}

pub fn pending_once() -> Row {
    Row::awaited(WHO, || later(1))
}

pub fn pending_once_by_percentile() -> Row {
    Row::awaited("mainstay, p95", || later_by_percentile(1))
}

pub fn first_try_under_a_budget() -> Row {
    Row::new(WHO, || now(budgeted(1)))
}
