use std::sync::OnceLock;

use crate::{
    observe::Counter,
    sync::{AtomicU64, Ordering},
};

/// What a breaker has counted since it was made or reset.
#[derive(Debug)]
pub(super) struct Totals {
    pub(super) successes: Total,
    pub(super) failures: Total,
    pub(super) ignored: Total,
    pub(super) rejected: Total,
}

impl Totals {
    /// For a breaker that many threads use: what they all count is spread over several cache lines.
    pub(super) const fn spread() -> Self {
        Self {
            successes: Total::new(true),
            failures: Total::new(false),
            ignored: Total::new(false),
            rejected: Total::new(true),
        }
    }

    /// For one of very many breakers, where memory matters more.
    pub(super) const fn compact() -> Self {
        Self {
            successes: Total::new(false),
            failures: Total::new(false),
            ignored: Total::new(false),
            rejected: Total::new(false),
        }
    }

    pub(super) fn clear(&self) {
        for total in [&self.successes, &self.failures, &self.ignored, &self.rejected] {
            total.clear();
        }
    }
}

/// One count, which can start again at zero.
#[derive(Debug)]
pub(super) struct Total {
    spread: bool,
    shards: OnceLock<Box<Counter>>,
    /// The count itself, or, where it is spread, the sum of the shards at the last reset.
    plain: AtomicU64,
}

impl Total {
    const fn new(spread: bool) -> Self {
        Self { spread, shards: OnceLock::new(), plain: AtomicU64::new(0) }
    }

    #[inline]
    pub(super) fn increment(&self) {
        match self.shards.get() {
            Some(shards) => shards.increment(),
            None => self.increment_unless_spread(),
        }
    }

    /// Where there are no shards, or not yet.
    #[inline(never)]
    fn increment_unless_spread(&self) {
        if self.spread {
            self.shards.get_or_init(Box::default).increment();
        } else {
            self.plain.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn get(&self) -> u64 {
        let plain = self.plain.load(Ordering::Relaxed);
        if self.spread { self.sum().saturating_sub(plain) } else { plain }
    }

    fn clear(&self) {
        self.plain.store(if self.spread { self.sum() } else { 0 }, Ordering::Relaxed);
    }

    fn sum(&self) -> u64 {
        self.shards.get().map_or(0, |shards| shards.get())
    }
}
