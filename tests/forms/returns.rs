//! Return types: aliases, `impl Trait`, foreign errors, boxed errors.

use std::{error::Error, io};

use mainstay::{fallback, retry, timeout};

use crate::support::*;

type Outcome = Result<u32, Failure>;

mod deep {
    pub(crate) type Reply<'a, T> = Result<&'a T, super::Failure>;
}

#[retry]
#[timeout("1s")]
async fn alias(flaky: &Flaky) -> Outcome {
    flaky.until(2)
}

#[retry]
fn alias_with_lifetime<'a>(value: &'a u8, flaky: &Flaky) -> deep::Reply<'a, u8> {
    flaky.until(2)?;
    Ok(value)
}

#[retry]
#[timeout("1s")]
async fn implied(flaky: &Flaky, n: u32) -> Answer<impl Iterator<Item = u32> + use<>> {
    flaky.until(2)?;
    Ok((0..n).map(|x| x * 2))
}

#[retry]
fn implied_sync(flaky: &Flaky, n: u32) -> Answer<impl Fn(u32) -> u32 + use<>> {
    flaky.until(2)?;
    Ok(move |x| x + n)
}

#[retry]
#[timeout("1s")]
async fn in_anyhow(flaky: &Flaky) -> anyhow::Result<u32> {
    use anyhow::Context;
    flaky.until(2).context("asking")
}

#[retry]
#[timeout("1s")]
async fn boxed(flaky: &Flaky) -> Result<u32, Box<dyn Error + Send + Sync + 'static>> {
    let number: u32 = "3".parse()?;
    Ok(flaky.until(2)? + number)
}

#[retry]
fn boxed_sync(flaky: &Flaky) -> Result<u32, Box<dyn Error>> {
    Ok(flaky.until(2)?)
}

#[fallback(|_| Ok(5))]
fn foreign() -> io::Result<u32> {
    std::fs::read("/this/file/is/not/there").map(|bytes| bytes.len() as u32)
}

#[retry]
async fn std_path(flaky: &Flaky) -> std::result::Result<u32, Failure> {
    flaky.until(2)
}

#[tokio::test(start_paused = true)]
async fn a_result_may_hide_behind_any_alias() {
    assert_eq!(alias(&Flaky::default()).await, Ok(2));
    assert_eq!(at_once(|| alias_with_lifetime(&7, &Flaky::default())), Ok(&7));
    assert_eq!(std_path(&Flaky::default()).await, Ok(2));
}

#[tokio::test(start_paused = true)]
async fn the_value_may_be_of_an_unnamed_type() {
    assert_eq!(implied(&Flaky::default(), 3).await.unwrap().collect::<Vec<_>>(), [0, 2, 4]);
    assert_eq!(at_once(|| implied_sync(&Flaky::default(), 3)).unwrap()(4), 7);
}

#[tokio::test(start_paused = true)]
async fn the_error_may_be_an_object_or_foreign() {
    assert_eq!(in_anyhow(&Flaky::default()).await.unwrap(), 2);
    assert_eq!(boxed(&Flaky::default()).await.unwrap(), 5);
    assert_eq!(at_once(|| boxed_sync(&Flaky::default())).unwrap(), 2);
    assert_eq!(foreign().unwrap(), 5);
}
