//! Attributes that meter, over the official client.

use ::autometrics::autometrics;

use crate::{
    row::Row,
    work::{Error, work},
};

#[autometrics]
fn metered_call(n: u64) -> Result<u64, Error> {
    work(n)
}

pub fn metered() -> Row {
    Row::new("autometrics", || metered_call(1))
}
