use mainstay::bulkhead;

use super::WHO;
use crate::{
    row::Row,
    work::{Error, now, work},
};

#[bulkhead(10)]
fn bounded(n: u64) -> Result<u64, Error> {
    work(n)
}

#[bulkhead(10, max_wait = "10s")]
pub async fn bounded_async(n: u64) -> Result<u64, Error> {
    work(n)
}

pub fn at_once() -> Row {
    Row::new(WHO, || bounded(1))
}

/// May wait for a place, though none of these calls has to.
pub fn waiting() -> Row {
    Row::new(WHO, || now(bounded_async(1)))
}
