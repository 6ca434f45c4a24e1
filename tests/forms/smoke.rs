use mainstay::{Classify, bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};
use std::time::Duration;

#[derive(Debug, Classify, thiserror::Error, PartialEq)]
enum E {
    #[error("t")]
    #[transient]
    T,
    #[error("p")]
    #[permanent]
    P,
    #[error("b")]
    #[throttled(retry_after = after)]
    B { after: Duration },
    #[error(transparent)]
    Policy(#[from] mainstay::Error),
}

struct S {
    n: u32,
    breaker: mainstay::circuit_breaker::CircuitBreaker,
}

fn fb(_e: E, x: u32) -> Result<u32, E> {
    Ok(x)
}
async fn fba(_e: E) -> Result<u32, E> {
    Ok(7)
}

#[fallback(fb)]
#[retry(max_attempts = 4, initial_delay = "10ms")]
#[circuit_breaker("pay", failure_threshold = 5)]
#[rate_limit("100/s", max_wait = "1s")]
#[bulkhead(10, max_wait = "10ms")]
#[timeout("2s")]
async fn full(x: u32) -> Result<u32, E> {
    if x == 0 {
        return Err(E::T);
    }
    let y: u32 = "5".parse().map_err(|_| E::P)?;
    tokio::task::yield_now().await;
    Ok(y)
}

#[fallback(fba, on(E::T))]
async fn fallible() -> Result<u32, E> {
    Err(E::T)
}

#[retry(max_attempts = 3, initial_delay = "1ms", clone(s))]
async fn consuming(s: String) -> Result<usize, E> {
    let t = s;
    if t.is_empty() { Err(E::T) } else { Ok(t.len()) }
}

#[retry(max_attempts = 3, initial_delay = "1ms")]
fn sync_retry(n: &mut u32) -> Result<u32, E> {
    *n += 1;
    if *n < 3 {
        Err(E::T)?
    }
    Ok(*n)
}

impl S {
    #[retry(max_attempts = 3, initial_delay = "1ms")]
    #[circuit_breaker(with = self.breaker)]
    #[timeout(Duration::from_millis(u64::from(self.n)))]
    async fn m(&mut self) -> Result<u32, E> {
        self.n += 1;
        if self.n < 3 { Err(E::T) } else { Ok(self.n) }
    }

    #[timeout("1s")]
    async fn borrow(&mut self) -> Result<&mut u32, E> {
        Ok(&mut self.n)
    }

    #[bulkhead(1)]
    fn borrow_sync(&mut self) -> Result<&mut u32, E> {
        Ok(&mut self.n)
    }
}

#[async_trait::async_trait]
trait Tr {
    async fn go(&mut self, s: String, x: &str) -> Result<usize, E>;
}
#[async_trait::async_trait]
impl Tr for S {
    #[retry(max_attempts = 3, initial_delay = "1ms", clone(s))]
    #[circuit_breaker(with = self.breaker)]
    #[timeout("1s")]
    async fn go(&mut self, s: String, x: &str) -> Result<usize, E> {
        self.n += 1;
        let moved = s;
        if self.n < 3 {
            return Err(E::T);
        }
        Ok(moved.len() + x.len())
    }
}

#[timeout("1s")]
fn fut(x: u32) -> impl Future<Output = Result<u32, E>> {
    let y = x + 1;
    async move { Ok(y) }
}

#[retry(max_attempts = 2, initial_delay = "1ms")]
fn fut2<'a>(x: &'a str) -> std::pin::Pin<Box<dyn Future<Output = Result<usize, E>> + Send + 'a>> {
    Box::pin(async move { Ok(x.len()) })
}

#[retry(max_attempts = 2, initial_delay = "1ms")]
async fn generic<T: Clone + Into<String>>(
    x: impl AsRef<str>,
    (a, b): (u32, u32),
    t: T,
) -> Result<impl Iterator<Item = u32>, E> {
    let _: String = t.clone().into();
    Ok((a..b).take(x.as_ref().len()))
}

use mainstay::timeout as deadline;
#[retry(max_attempts = 2, initial_delay = "1ms", jitter = none)]
#[deadline("1s")]
async fn renamed() -> Result<u32, E> {
    std::future::pending().await
}

#[timeout("2s", blocking = thread)]
fn threaded(n: u32) -> Result<u32, E> {
    Ok(n)
}

#[circuit_breaker(failure_threshold = 2, key = k)]
#[rate_limit("10/s", key = k, tokens = n)]
fn keyed(k: &str, n: usize) -> Result<u32, E> {
    Ok(n as u32 + k.len() as u32)
}

fn is_send<T: Send>(_: &T) {}

#[tokio::test(start_paused = true)]
async fn smoke() {
    is_send(&full(1));
    assert_eq!(full(1).await, Ok(5));
    assert_eq!(full(0).await, Ok(0));
    assert_eq!(fallible().await, Ok(7));
    assert_eq!(consuming("ab".into()).await, Ok(2));
    assert_eq!(consuming(String::new()).await, Err(E::T));
    let mut s = S { n: 0, breaker: mainstay::circuit_breaker::CircuitBreaker::builder().build("s").unwrap() };
    assert_eq!(s.m().await, Ok(3));
    *s.borrow().await.unwrap() = 0;
    assert_eq!(s.go("abc".into(), "d").await, Ok(4));
    *s.borrow_sync().unwrap() = 1;
    assert_eq!(fut(1).await, Ok(2));
    assert_eq!(fut2("abc").await, Ok(3));
    assert_eq!(generic("ab", (0, 9), "x").await.unwrap().count(), 2);
    let start = tokio::time::Instant::now();
    assert!(matches!(renamed().await, Err(E::Policy(mainstay::Error::TimedOut { .. }))));
    assert_eq!(start.elapsed(), Duration::from_millis(2001));
    assert_eq!(threaded(3), Err(E::P).or(Ok::<_, E>(3)));
    assert_eq!(keyed("a", 2), Ok(3));
    println!("{}", mainstay::catalog());
    println!("size {}", std::mem::size_of_val(&full(1)));
}

#[test]
fn sync() {
    let clock = mainstay::clock::ManualClock::new();
    let _i = clock.install();
    assert_eq!(sync_retry(&mut 0), Ok(3));
    let _ = E::B { after: Duration::ZERO };
}
