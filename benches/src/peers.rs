use std::{hint::black_box, num::NonZeroU32, time::Duration};

use backon::{BlockingRetryable, ExponentialBuilder, Retryable};
use failsafe::CircuitBreaker as _;
use governor::{Quota, RateLimiter};

use crate::sample::{Row, measure, now};

fn work(n: u64) -> Result<u64, u64> {
    Ok(black_box(n))
}

async fn work_async(n: u64) -> Result<u64, u64> {
    work(n)
}

pub fn run(rows: &mut Vec<Row>) {
    let recloser = recloser::Recloser::custom().closed_len(100).build();
    rows.push(measure("breaker, closed", "recloser", || recloser.call(|| work(1))));
    rows.push(measure("breaker, closed, window of 100", "recloser", || recloser.call(|| work(1))));
    let tripped = recloser::Recloser::custom().error_rate(0.1).closed_len(1).build();
    for _ in 0..10 {
        let _ = tripped.call(|| Err::<(), u64>(1));
    }
    rows.push(measure("breaker, open", "recloser", || tripped.call(|| work(1))));
    let failsafe = failsafe::Config::new().build();
    rows.push(measure("breaker, closed", "failsafe", || failsafe.call(|| work(1))));

    rows.push(measure("retry, first try succeeds, sync", "backon", || {
        (|| work(1)).retry(ExponentialBuilder::default()).call()
    }));
    rows.push(measure("retry, first try succeeds, async", "backon", || {
        now((|| work_async(1)).retry(ExponentialBuilder::default()).into_future())
    }));

    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let _entered = runtime.enter();
    rows.push(measure("timeout, ready at once", "tokio", || {
        now(tokio::time::timeout(Duration::from_secs(10), work_async(1)))
    }));
    let semaphore = tokio::sync::Semaphore::new(10);
    rows.push(measure("bulkhead", "tokio semaphore", || semaphore.try_acquire().map(|_permit| work(1))));

    let most = NonZeroU32::new(1_000_000_000).expect("not zero");
    let limiter = RateLimiter::direct(Quota::per_second(most));
    rows.push(measure("rate limit, admitted", "governor", || limiter.check().map(|()| work(1))));
    let spent = RateLimiter::direct(Quota::per_hour(NonZeroU32::MIN));
    rows.push(measure("rate limit, refused", "governor", || spent.check().map(|()| work(1))));
    let keyed = RateLimiter::keyed(Quota::per_second(most));
    let mut key = 0_u64;
    rows.push(measure("rate limit, 1,000 keys", "governor", || {
        key = (key + 1) % 1000;
        keyed.check_key(&key).map(|()| work(1))
    }));
    rows.push(measure("stack of five", "the peers by hand", || {
        let attempt = || async {
            limiter.check().map_err(|_| 0_u64)?;
            let _permit = semaphore.try_acquire().map_err(|_| 0_u64)?;
            let timed = tokio::time::timeout(Duration::from_secs(10), work_async(1));
            match recloser.call(|| Ok::<_, u64>(())) {
                Ok(()) => timed.await.map_err(|_| 0_u64)?,
                Err(_) => Err(0),
            }
        };
        now(attempt.retry(ExponentialBuilder::default()).into_future())
    }));
}
