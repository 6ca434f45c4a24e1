use std::future::Future;

use super::{Learning, judge::judged};
use crate::{Error, FromRefusal};

/// Calls `f` under the permit, or answers with the refusal. `judge` says what the answer means.
#[inline]
pub(crate) fn call<P: Learning, T, E: FromRefusal>(
    admitted: Result<P, Error>,
    f: impl FnOnce() -> Result<T, E>,
    judge: impl FnOnce(&Result<T, E>) -> P::Meaning,
) -> Result<T, E> {
    let permit = admitted.map_err(E::from_refusal)?;
    let answer = f();
    permit.settle(judged(&answer, judge));
    answer
}

/// The same for the future that `f` gives. Leave is asked for when this is first polled.
#[inline]
pub(crate) async fn call_async<P, T, E, Fut>(
    admit: impl FnOnce() -> Result<P, Error>,
    f: impl FnOnce() -> Fut,
    judge: impl FnOnce(&Result<T, E>) -> P::Meaning,
) -> Result<T, E>
where
    P: Learning,
    E: FromRefusal,
    Fut: Future<Output = Result<T, E>>,
{
    let permit = admit().map_err(E::from_refusal)?;
    let answer = f().await;
    permit.settle(judged(&answer, judge));
    answer
}
