//! Above and below other attributes, and on every form of function.

use std::{future::Future, pin::Pin};

use mainstay::{Error, cached, fallback, rate_limit, retry};

use crate::support::{Runs, down};

#[tokio::test(start_paused = true)]
async fn a_hit_takes_no_tokens_of_a_rate_limit_below() {
    #[cached(ttl = "1m")]
    #[rate_limit("1/h")]
    async fn get(id: u64) -> Result<u64, Error> {
        Ok(id)
    }
    assert_eq!((get(1).await, get(1).await, get(1).await), (Ok(1), Ok(1), Ok(1)));
    assert!(get(2).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn only_the_last_attempt_of_a_retry_below_is_kept() {
    static RUNS: Runs = Runs::new();
    #[fallback(|_| Ok(0))]
    #[cached(ttl = "1m")]
    #[retry(max_attempts = 3, initial_delay = "1s")]
    async fn get(name: String) -> Result<u32, Error> {
        match RUNS.next() {
            run @ (3 | 7..) => Ok(run + name.len() as u32),
            _ => Err(down()),
        }
    }
    let ask = |name: &str| get(name.to_owned());
    assert_eq!((ask("a").await, ask("a").await), (Ok(4), Ok(4)));
    assert_eq!((ask("").await, RUNS.count()), (Ok(0), 6));
    assert_eq!((ask("").await, ask("").await), (Ok(7), Ok(7)));
}

#[tokio::test]
async fn futures_in_every_form_are_made_on_a_miss_only() {
    static RUNS: Runs = Runs::new();
    async fn load(name: String) -> Result<String, Error> {
        Ok(format!("{name}{}", RUNS.next()))
    }
    #[cached(ttl = "1m")]
    fn made(name: String) -> impl Future<Output = Result<String, Error>> {
        RUNS.next();
        load(name)
    }
    #[cached(ttl = "1m")]
    fn block(name: String) -> impl Future<Output = Result<String, Error>> + Send {
        async move { load(name).await }
    }
    #[cached(ttl = "1m")]
    fn boxed(name: &str) -> Pin<Box<dyn Future<Output = Result<String, Error>> + Send + '_>> {
        Box::pin(async move { load(name.to_owned()).await })
    }
    assert_eq!(made("a".into()).await.as_deref(), Ok("a2"));
    assert_eq!(made("a".into()).await.as_deref(), Ok("a2"));
    assert_eq!(block("b".into()).await.as_deref(), Ok("b3"));
    assert_eq!(block("b".into()).await.as_deref(), Ok("b3"));
    assert_eq!((boxed("c").await.as_deref(), boxed("c").await.as_deref()), (Ok("c4"), Ok("c4")));
}

#[async_trait::async_trait]
trait Users {
    async fn name(&self, id: u64) -> Result<String, Error>;
    async fn fresh(&self, id: &str) -> Result<String, Error>;
}

#[derive(Clone)]
struct Table(u32);

#[async_trait::async_trait]
impl Users for Table {
    #[cached(ttl = "1m")]
    async fn name(&self, id: u64) -> Result<String, Error> {
        Ok(format!("{}-{id}", self.0))
    }
    #[cached(ttl = "1m", stale_for = "1m")]
    async fn fresh(&self, id: &str) -> Result<String, Error> {
        Ok(format!("{}-{id}", self.0))
    }
}

#[tokio::test]
async fn methods_of_async_traits_keep_their_answers() {
    let table = Table(5);
    assert_eq!((table.name(1).await.as_deref(), Table(6).name(1).await.as_deref()), (Ok("5-1"), Ok("5-1")));
    assert_eq!(
        (table.fresh("x").await.as_deref(), table.fresh("x").await.as_deref()),
        (Ok("5-x"), Ok("5-x"))
    );
}

#[tokio::test]
async fn a_cached_future_can_be_spawned() {
    #[cached(ttl = "1m", key = (&name, id))]
    async fn get(name: String, id: u64) -> Result<usize, Error> {
        tokio::task::yield_now().await;
        Ok(name.len() + id as usize)
    }
    let tasks = [tokio::spawn(get("a".into(), 1)), tokio::spawn(get("a".into(), 1))];
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(2));
    }
}
