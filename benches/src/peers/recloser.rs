//! A breaker over the last so many calls; it has no consecutive form.

use std::time::Duration;

use ::recloser::{AsyncRecloser, Error as Refused, Recloser};

use crate::{
    row::{Row, keep},
    work::{Error, now, work, work_async},
};

const WHO: &str = "recloser, last 100";

impl From<Refused<Error>> for Error {
    fn from(error: Refused<Error>) -> Self {
        match error {
            Refused::Inner(error) => error,
            Refused::Rejected => Self(2),
        }
    }
}

pub fn breaker() -> Recloser {
    Recloser::custom().error_rate(0.5).closed_len(100).build()
}

pub fn closed() -> Row {
    let breaker = keep(breaker());
    Row::new(WHO, || breaker.call(|| work(1)).map_err(Error::from))
}

pub fn closed_async() -> Row {
    let breaker = keep(AsyncRecloser::from(breaker()));
    Row::new(WHO, || now(async { breaker.call(work_async(1)).await.map_err(Error::from) }))
}

pub fn open() -> Row {
    let breaker =
        keep(Recloser::custom().error_rate(0.1).closed_len(1).open_wait(Duration::from_secs(86_400)).build());
    for _ in 0..10 {
        let _ = breaker.call(|| work(0));
    }
    assert_eq!(breaker.call(|| work(1)).map_err(Error::from), Err(Error(2)));
    Row::new("recloser", || breaker.call(|| work(1)).map_err(Error::from))
}
