use std::{
    fmt,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
};

/// A count that many threads raise and somebody reads now and then.
///
/// Each thread has its own of a few cache lines, so that counting does not make the cores wait for each other.
pub struct Counter {
    shards: [Shard; SHARDS],
}

const SHARDS: usize = 8;

#[repr(align(64))]
struct Shard(AtomicU64);

static NEXT_THREAD: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static SHARD: usize = NEXT_THREAD.fetch_add(1, Ordering::Relaxed) % SHARDS;
}

impl Counter {
    /// A count of zero.
    pub const fn new() -> Self {
        Self { shards: [const { Shard(AtomicU64::new(0)) }; SHARDS] }
    }

    /// Counts one more.
    #[inline]
    pub fn increment(&self) {
        let shard = SHARD.try_with(|shard| *shard).unwrap_or(0);
        self.shards[shard].0.fetch_add(1, Ordering::Relaxed);
    }

    /// The count. Exact once the threads that count have been waited for.
    pub fn get(&self) -> u64 {
        self.shards.iter().fold(0, |sum, shard| sum.wrapping_add(shard.0.load(Ordering::Relaxed)))
    }
}

impl Default for Counter {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_count_is_lost_between_threads() {
        let counter = Counter::new();
        std::thread::scope(|scope| {
            for _ in 0..12 {
                scope.spawn(|| (0..1000).for_each(|_| counter.increment()));
            }
        });
        assert_eq!(counter.get(), 12_000);
    }
}
