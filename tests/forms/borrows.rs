//! Borrowed arguments, borrowed answers, and lifetimes by name.

use std::collections::HashMap;

use mainstay::{bulkhead, circuit_breaker, fallback, retry, timeout};

use crate::support::*;

#[retry]
#[timeout("1s")]
async fn elided(text: &str, flaky: &Flaky) -> Answer<usize> {
    flaky.until(2)?;
    Ok(text.len())
}

#[retry]
#[timeout("1s")]
async fn named<'a, 'b: 'a>(one: &'a str, other: &'b str, flaky: &Flaky) -> Answer<&'a str> {
    flaky.until(2)?;
    Ok(if one.len() > other.len() { one } else { other })
}

#[retry]
fn named_sync<'a>(one: &'a str, other: &'a str, flaky: &Flaky) -> Answer<&'a str> {
    flaky.until(2)?;
    Ok(if one.len() > other.len() { one } else { other })
}

#[retry]
async fn collects(into: &mut Vec<u32>, flaky: &Flaky) -> Answer<usize> {
    into.push(flaky.asked());
    flaky.until(3)?;
    Ok(into.len())
}

#[derive(Default)]
struct Cache {
    entries: HashMap<u32, String>,
}

impl Cache {
    #[timeout("1s")]
    #[circuit_breaker]
    async fn entry(&mut self, key: u32) -> Answer<&mut String> {
        tokio::task::yield_now().await;
        Ok(self.entries.entry(key).or_default())
    }

    #[bulkhead(1)]
    fn entry_sync(&mut self, key: u32) -> Answer<&mut String> {
        Ok(self.entries.entry(key).or_default())
    }

    #[retry]
    async fn get(&self, key: &u32, flaky: &Flaky) -> Answer<&str> {
        flaky.until(2)?;
        self.entries.get(key).map(String::as_str).ok_or(Failure::Declined)
    }

    #[fallback(|_| Ok("nothing"))]
    fn get_sync(&self, key: &u32) -> Answer<&str> {
        self.entries.get(key).map(String::as_str).ok_or(Failure::Declined)
    }
}

struct Guard<'a> {
    flaky: &'a Flaky,
}

impl<'a> Guard<'a> {
    #[retry]
    async fn outlives(&self) -> Answer<&'a Flaky> {
        self.flaky.until(2)?;
        Ok(self.flaky)
    }
}

#[tokio::test(start_paused = true)]
async fn borrowed_arguments_serve_every_attempt() {
    assert_eq!(elided("abc", &Flaky::default()).await, Ok(3));
    let mut collected = Vec::new();
    assert_eq!(collects(&mut collected, &Flaky::default()).await, Ok(3));
    assert_eq!(collected, [0, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_may_borrow_from_the_arguments() {
    let (one, other) = (String::from("abc"), String::from("de"));
    assert_eq!(named(&one, &other, &Flaky::default()).await, Ok("abc"));
    assert_eq!(at_once(|| named_sync(&one, &other, &Flaky::default())), Ok("abc"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_may_borrow_from_the_receiver() {
    let mut cache = Cache::default();
    cache.entry(1).await.unwrap().push_str("one");
    cache.entry_sync(1).unwrap().push('!');
    assert_eq!(cache.get(&1, &Flaky::default()).await, Ok("one!"));
    assert_eq!((cache.get_sync(&1), cache.get_sync(&2)), (Ok("one!"), Ok("nothing")));
}

#[tokio::test(start_paused = true)]
async fn an_answer_may_outlive_the_receiver() {
    let flaky = Flaky::default();
    let outlives = { Guard { flaky: &flaky }.outlives().await.unwrap() };
    assert_eq!(outlives.asked(), 2);
}
