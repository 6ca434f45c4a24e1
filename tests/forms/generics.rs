//! Generic functions, impls, constants, and where clauses.

use std::{
    fmt::{Debug, Display},
    future::Future,
    hash::Hash,
};

use mainstay::{Classify, circuit_breaker, fallback, rate_limit, retry, timeout};

use crate::support::*;

#[retry]
#[timeout("1s")]
async fn by_type<T: Clone + Display, const N: usize>(flaky: &Flaky, values: [T; N]) -> Answer<String>
where
    T: Send,
{
    flaky.until(3)?;
    Ok(values.iter().map(ToString::to_string).collect::<Vec<_>>().join("-"))
}

#[retry]
fn by_type_sync<T, const N: usize>(flaky: &Flaky, values: &[T; N]) -> Answer<String>
where
    T: Display,
{
    flaky.until(3)?;
    Ok(format!("{} of {N}", values[0]))
}

struct Store<K, V> {
    entries: Vec<(K, V)>,
    flaky: Flaky,
}

impl<K, V> Store<K, V>
where
    K: PartialEq + Hash + Debug,
    V: Clone,
{
    #[fallback(|_| Ok(default.clone()))]
    #[retry]
    #[circuit_breaker(key = key)]
    #[rate_limit("1000/s", key = key)]
    async fn get(&self, key: &K, default: &V) -> Answer<V> {
        self.flaky.until(2)?;
        self.entries
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, value)| value.clone())
            .ok_or(Failure::Declined)
    }

    #[retry]
    fn first<T: From<V>>(&self) -> Answer<T> {
        self.flaky.until(2)?;
        Ok(self.entries[0].1.clone().into())
    }
}

/// The user's error may be generic too.
#[retry]
fn by_error<E: Classify>(calls: &mut u32, mut make: impl FnMut() -> E) -> Result<(), E> {
    *calls += 1;
    Err(make())
}

#[retry]
#[timeout("1s")]
async fn by_answer<T, E>(calls: &mut u32, mut ask: impl FnMut() -> Result<T, E>) -> Result<T, E>
where
    E: From<mainstay::Error>,
{
    *calls += 1;
    ask()
}

#[retry]
async fn calls_back<F, Fut>(ask: F) -> Answer
where
    F: Fn() -> Fut,
    Fut: Future<Output = Answer>,
{
    ask().await
}

#[retry]
async fn calls_async_closure(ask: impl AsyncFn(u32) -> Answer) -> Answer {
    ask(3).await
}

#[tokio::test(start_paused = true)]
async fn types_and_constants_are_parameters() {
    assert_eq!(by_type(&Flaky::default(), [1, 2, 3]).await.unwrap(), "1-2-3");
    assert_eq!(by_type::<_, 1>(&Flaky::default(), ["a"]).await.unwrap(), "a");
    assert_eq!(at_once(|| by_type_sync(&Flaky::default(), &[1.5, 2.5])).unwrap(), "1.5 of 2");
}

#[tokio::test(start_paused = true)]
async fn a_generic_impl_may_key_its_policies_by_a_parameter() {
    let store = Store { entries: vec![("a", 1_u8), ("b", 2)], flaky: Flaky::default() };
    assert_eq!(store.get(&"b", &0).await, Ok(2));
    assert_eq!(store.get(&"c", &9).await, Ok(9));
    assert_eq!(at_once(|| store.first::<u64>()), Ok(1));
}

#[tokio::test(start_paused = true)]
async fn a_generic_error_is_known_by_its_bounds() {
    for (failure, expected) in [(Failure::Reset, 3), (Failure::Declined, 1)] {
        let mut calls = 0;
        at_once(|| by_error(&mut calls, || failure.clone())).unwrap_err();
        assert_eq!(calls, expected);
    }
    // Without the bound nothing is known, and what is unknown is tried again.
    let mut calls = 0;
    assert_eq!(by_answer(&mut calls, || Err::<(), _>(Failure::Declined)).await, Err(Failure::Declined));
    assert_eq!(calls, 3);
}

#[tokio::test(start_paused = true)]
async fn callbacks_are_called_once_per_attempt() {
    let flaky = Flaky::default();
    assert_eq!(calls_back(|| async { flaky.until(3) }).await, Ok(3));
    let flaky = Flaky::default();
    assert_eq!(calls_async_closure(async |nth| flaky.until(nth)).await, Ok(3));
}
