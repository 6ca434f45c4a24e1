//! What is called: a stack of six, the same as a sync function, and each policy alone.

use std::sync::atomic::{AtomicU64, Ordering};

use mainstay::{bulkhead, circuit_breaker, fallback, rate_limit, retry, timeout};
use tokio::task::yield_now;

use crate::{
    failure::{Answer, Failure},
    fault::Fault,
    ledger::Line,
};

/// The most places that `orders.rs` ever gives `soak.stack` and `soak.bulkhead`.
pub const MOST_PLACES: u32 = 8;
/// The places of `soak.sync`, which nobody changes.
pub const SYNC_PLACES: u32 = 3;
/// The rate and the burst of `soak.limiter`, which nobody changes.
pub const RATE: u64 = 2_000;
pub const BURST: u64 = 20;
/// How many keys are remembered.
pub const MOST_KEYS: usize = 1_000;

pub static STACK: Line = Line::new("stack of six");
pub static SYNC: Line = Line::new("sync stack");
pub static BREAKER: Line = Line::new("breaker");
pub static LIMITER: Line = Line::new("limiter");
pub static BULKHEAD: Line = Line::new("bulkhead");
pub static BULKHEAD_SYNC: Line = Line::new("bulkhead, sync");
pub static TIMEOUT: Line = Line::new("timeout");
pub static RETRY: Line = Line::new("retry");
pub static FALLBACK: Line = Line::new("fallback");
pub static KEYED_BREAKER: Line = Line::new("keyed breaker");
pub static KEYED_LIMITER: Line = Line::new("keyed limiter");

pub static LINES: [&Line; 11] = [
    &STACK,
    &SYNC,
    &BREAKER,
    &LIMITER,
    &BULKHEAD,
    &BULKHEAD_SYNC,
    &TIMEOUT,
    &RETRY,
    &FALLBACK,
    &KEYED_BREAKER,
    &KEYED_LIMITER,
];

/// How many answers the fallback of [`alone_fallback`] has given.
pub static ANSWERED: AtomicU64 = AtomicU64::new(0);

#[fallback(async |_| { yield_now().await; Ok(0) }, on(Failure::Reset))]
#[retry("soak.stack", max_attempts = 3, initial_delay = "1ms", max_delay = "4ms")]
#[circuit_breaker("soak.stack", failure_rate = 0.6, window = 50, success_threshold = 2, timeout = "5ms")]
#[rate_limit("soak.stack", "20000/s", burst = 100, max_wait = "10ms")]
#[bulkhead("soak.stack", 8, max_wait = "10ms", max_queue = 16)]
#[timeout("soak.stack", "10ms")]
async fn stack(fault: Fault) -> Answer {
    STACK.body(fault).await
}

#[fallback(|_| Ok(0), on(Failure::Reset))]
#[retry("soak.sync", max_attempts = 3, initial_delay = "1ms", max_delay = "4ms")]
#[circuit_breaker("soak.sync", failure_threshold = 4, success_threshold = 1, timeout = "5ms")]
#[rate_limit("soak.sync", "2000/s", burst = 20, max_wait = "10ms")]
#[bulkhead("soak.sync", 3, max_wait = "10ms")]
fn sync(fault: Fault) -> Answer {
    SYNC.body_sync(fault)
}

#[circuit_breaker(
    "soak.breaker",
    failure_threshold = 4,
    success_threshold = 2,
    timeout = "2ms",
    max_timeout = "20ms"
)]
async fn alone_breaker(fault: Fault) -> Answer {
    BREAKER.body(fault).await
}

#[rate_limit("soak.limiter", "2000/s", burst = 20, max_wait = "10ms")]
async fn alone_limiter(fault: Fault) -> Answer {
    LIMITER.body(fault).await
}

#[bulkhead("soak.bulkhead", 4, max_wait = "5ms", max_queue = 8)]
async fn alone_bulkhead(fault: Fault) -> Answer {
    BULKHEAD.body(fault).await
}

#[bulkhead("soak.bulkhead", 4, max_wait = "5ms", max_queue = 8)]
fn alone_bulkhead_sync(fault: Fault) -> Answer {
    BULKHEAD_SYNC.body_sync(fault)
}

#[timeout("soak.timeout", "3ms")]
async fn alone_timeout(fault: Fault) -> Answer {
    TIMEOUT.body(fault).await
}

#[retry("soak.retry", max_attempts = 3, initial_delay = "1ms", max_delay = "2ms")]
async fn alone_retry(fault: Fault) -> Answer {
    RETRY.body(fault).await
}

#[fallback(async |_| {
    yield_now().await;
    ANSWERED.fetch_add(1, Ordering::SeqCst);
    Ok(0)
})]
async fn alone_fallback(fault: Fault) -> Answer {
    FALLBACK.body(fault).await
}

#[circuit_breaker("soak.keys", key = key, failure_threshold = 2, timeout = "2ms", max_keys = 1000)]
async fn keyed_breaker(key: u64, fault: Fault) -> Answer {
    KEYED_BREAKER.body(fault).await
}

#[rate_limit("soak.keys", "50/s", burst = 2, key = key, max_wait = "20ms", max_keys = 1000)]
async fn keyed_limiter(key: u64, fault: Fault) -> Answer {
    KEYED_LIMITER.body(fault).await
}

/// What an async caller can call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Service {
    Stack,
    Breaker,
    Limiter,
    Bulkhead,
    Timeout,
    Retry,
    Fallback,
    KeyedBreaker,
    KeyedLimiter,
}

impl Service {
    pub fn any(random: &mut fastrand::Rng) -> Self {
        match random.u8(0..12) {
            0..4 => Self::Stack,
            4 => Self::Breaker,
            5 => Self::Limiter,
            6 => Self::Bulkhead,
            7 => Self::Timeout,
            8 => Self::Retry,
            9 => Self::Fallback,
            10 => Self::KeyedBreaker,
            _ => Self::KeyedLimiter,
        }
    }

    /// Whether a time limit ends a body that hangs.
    pub fn ends_hangs(self) -> bool {
        matches!(self, Self::Stack | Self::Timeout)
    }

    pub fn line(self) -> &'static Line {
        match self {
            Self::Stack => &STACK,
            Self::Breaker => &BREAKER,
            Self::Limiter => &LIMITER,
            Self::Bulkhead => &BULKHEAD,
            Self::Timeout => &TIMEOUT,
            Self::Retry => &RETRY,
            Self::Fallback => &FALLBACK,
            Self::KeyedBreaker => &KEYED_BREAKER,
            Self::KeyedLimiter => &KEYED_LIMITER,
        }
    }

    pub async fn call(self, key: u64, fault: Fault) -> Answer {
        match self {
            Self::Stack => stack(fault).await,
            Self::Breaker => alone_breaker(fault).await,
            Self::Limiter => alone_limiter(fault).await,
            Self::Bulkhead => alone_bulkhead(fault).await,
            Self::Timeout => alone_timeout(fault).await,
            Self::Retry => alone_retry(fault).await,
            Self::Fallback => alone_fallback(fault).await,
            Self::KeyedBreaker => keyed_breaker(key, fault).await,
            Self::KeyedLimiter => keyed_limiter(key, fault).await,
        }
    }
}

/// What a thread without a runtime can call.
#[derive(Debug, Clone, Copy)]
pub enum SyncService {
    Stack,
    Bulkhead,
}

impl SyncService {
    pub fn line(self) -> &'static Line {
        match self {
            Self::Stack => &SYNC,
            Self::Bulkhead => &BULKHEAD_SYNC,
        }
    }

    pub fn call(self, fault: Fault) -> Answer {
        match self {
            Self::Stack => sync(fault),
            Self::Bulkhead => alone_bulkhead_sync(fault),
        }
    }
}
