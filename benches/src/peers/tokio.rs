//! tokio's own timeout and semaphore.

use std::time::Duration;

use ::tokio::{sync::Semaphore, time::timeout};

use crate::{
    row::{Row, keep},
    work::{Error, now, work, work_async, work_later},
};

const LIMIT: Duration = Duration::from_secs(10);

pub async fn limited(n: u64) -> Result<u64, Error> {
    timeout(LIMIT, work_async(n)).await.unwrap_or(Err(Error(2)))
}

pub async fn limited_later(n: u64) -> Result<u64, Error> {
    timeout(LIMIT, work_later(n)).await.unwrap_or(Err(Error(2)))
}

pub fn at_once() -> Row {
    Row::new("tokio", || now(limited(1)))
}

pub fn pending_once() -> Row {
    Row::awaited_among_timers("tokio", || limited_later(1))
}

pub fn pending_once_alone() -> Row {
    Row::awaited("tokio", || limited_later(1))
}

pub fn pending_once_polled() -> Row {
    Row::polled("tokio", || limited_later(1))
}

pub fn pending_once_by_turns() -> Row {
    Row::polled_by_turns("tokio", || limited_later(1))
}

pub async fn acquired(places: &Semaphore, n: u64) -> Result<u64, Error> {
    let Ok(_permit) = places.acquire().await else { return Err(Error(2)) };
    work(n)
}

pub fn try_acquire() -> Row {
    let places = keep(Semaphore::new(10));
    Row::new("tokio semaphore", || match places.try_acquire() {
        Ok(_permit) => work(1),
        Err(_) => Err(Error(2)),
    })
}

pub fn acquire() -> Row {
    let places = keep(Semaphore::new(10));
    Row::new("tokio semaphore", || now(acquired(places, 1)))
}
