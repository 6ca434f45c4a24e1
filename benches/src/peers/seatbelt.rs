//! Microsoft's layers; async only. They have no rate limit and no bulkhead, and their breaker is by rate over time.

use std::{
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use ::seatbelt::{
    RecoveryInfo, ResilienceContext,
    breaker::Breaker,
    fallback::Fallback,
    hedging::Hedging,
    retry::{Backoff, Retry},
    timeout::Timeout,
};
use layered::{Execute, Service, Stack};
use tick::Clock;

use crate::{
    row::{Row, keep},
    work::{Error, now, runtime, until_it_waits, work_async, work_later},
};

const WHO: &str = "seatbelt";
const LIMIT: Duration = Duration::from_secs(10);

type Answer = Result<u64, Error>;
type Context = ResilienceContext<u64, Answer>;

fn context() -> &'static Context {
    static CONTEXT: LazyLock<Context> = LazyLock::new(|| {
        let _entered = runtime().enter();
        ResilienceContext::new(Clock::new_tokio())
    });
    &CONTEXT
}

fn recovery(answer: &Answer) -> RecoveryInfo {
    match answer {
        Ok(_) => RecoveryInfo::never(),
        Err(_) => RecoveryInfo::retry(),
    }
}

pub fn retry() -> impl Service<u64, Out = Answer> + 'static {
    let layer = Retry::layer("retry", context()).clone_input().recovery_with(|answer, _| recovery(answer));
    (layer.max_retry_attempts(2).base_delay(Duration::from_secs(1)), Execute::new(work_async)).into_service()
}

pub fn timeout() -> impl Service<u64, Out = Answer> + 'static {
    let layer = Timeout::layer("timeout", context()).timeout_error(|_| Error(2)).timeout(LIMIT);
    (layer, Execute::new(work_async)).into_service()
}

fn timeout_later() -> impl Service<u64, Out = Answer> + 'static {
    let layer = Timeout::layer("timeout", context()).timeout_error(|_| Error(2)).timeout(LIMIT);
    (layer, Execute::new(work_later)).into_service()
}

pub fn breaker(least: u32) -> impl Service<u64, Out = Answer> + 'static {
    let layer = Breaker::layer("breaker", context())
        .recovery_with(|answer, _| recovery(answer))
        .rejected_input_error(|_, _| Error(2))
        .failure_threshold(0.5)
        .min_throughput(least)
        .sampling_duration(Duration::from_secs(30))
        .break_duration(Duration::from_secs(86_400));
    (layer, Execute::new(work_async)).into_service()
}

fn row(service: impl Service<u64, Out = Answer> + 'static) -> Row {
    let service = keep(service);
    Row::new(WHO, || now(service.execute(1)))
}

pub fn window_of_time() -> Row {
    row(breaker(100))
}

pub fn open() -> Row {
    let service = keep(breaker(10));
    for _ in 0..100 {
        let _ = now(service.execute(0));
    }
    assert_eq!(now(service.execute(1)), Err(Error(2)));
    Row::new(WHO, || now(service.execute(1)))
}

pub fn first_try() -> Row {
    row(retry())
}

pub fn at_once() -> Row {
    row(timeout())
}

pub fn pending_once() -> Row {
    let service = keep(timeout_later());
    Row::awaited_among_timers(WHO, || service.execute(1))
}

pub fn pending_once_alone() -> Row {
    let service = keep(timeout_later());
    Row::awaited(WHO, || service.execute(1))
}

pub fn one_failure() -> Row {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let layer = Retry::layer("retry", context()).clone_input().recovery_with(|answer, _| recovery(answer));
    let layer =
        layer.max_retry_attempts(2).backoff(Backoff::Constant).base_delay(Duration::ZERO).use_jitter(false);
    let call = Execute::new(|_: u64| work_later(CALLS.fetch_add(1, Relaxed) % 2));
    let service = keep((layer, call).into_service());
    Row::awaited(WHO, || service.execute(1))
}

pub fn until_the_wait() -> Row {
    let service = keep(retry());
    Row::new(WHO, || until_it_waits(service.execute(0)))
}

pub fn fallback_not_needed() -> Row {
    let layer = Fallback::layer("fallback", context()).should_fallback(Result::is_err).fallback(|_, _| Ok(0));
    row((layer, Execute::new(work_async)).into_service())
}

/// Over a call that is ready at once, or pending once.
macro_rules! hedge {
    ($work:expr) => {{
        let layer = Hedging::layer("hedge", context()).clone_input().recovery_with(|answer, _| recovery(answer));
        keep((layer.hedging_delay(LIMIT), Execute::new($work)).into_service())
    }};
}

pub fn hedge_at_once() -> Row {
    let service = hedge!(work_async);
    Row::new(WHO, || now(service.execute(1)))
}

pub fn hedge_pending_once() -> Row {
    let service = hedge!(work_later);
    Row::awaited(WHO, || service.execute(1))
}
