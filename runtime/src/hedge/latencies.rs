use std::{fmt, sync::OnceLock, time::Duration};

use crate::{
    clock::nanos,
    sync::{AtomicU32, AtomicU64, Ordering},
};

/// How long the latest few thousand primaries took, in constant memory.
///
/// A log-linear histogram, as HdrHistogram's: each power of two is divided into 64 buckets of one width, and a quantile is
/// the upper end of its bucket: never less than it is, so that no more is hedged than asked for, and at most 1/64 more.
/// After each [`HALVES`] latencies all counts are halved, so that
/// what was long ago fades.
pub(super) struct Latencies {
    /// Eight kilobytes, once there is a latency.
    buckets: OnceLock<Box<[AtomicU32]>>,
    recorded: AtomicU64,
    /// The quantile in nanoseconds, zero before it is known.
    quantile: AtomicU64,
}

/// The bits of a latency that tell buckets of one power of two apart.
const BITS: u32 = 6;
/// The powers of two that are told apart: from a microsecond to eighteen minutes.
const LOWEST: u32 = 10;
const HIGHEST: u32 = 40;
const BUCKETS: usize = ((HIGHEST - LOWEST) << BITS) as usize;

/// After how many latencies the quantile is looked for again.
const LOOKS: u64 = 64;
/// After how many latencies all counts are halved.
const HALVES: u64 = 4096;

fn bucket(latency: u64) -> usize {
    let latency = latency.clamp(1 << LOWEST, (1 << HIGHEST) - 1);
    let power = latency.ilog2();
    let part = (latency >> (power - BITS)) & ((1 << BITS) - 1);
    (((power - LOWEST) << BITS) as usize) + part as usize
}

/// The largest latency of a bucket.
fn largest(bucket: usize) -> u64 {
    let (power, part) = ((bucket >> BITS) as u32 + LOWEST, bucket as u64 & ((1 << BITS) - 1));
    (((1 << BITS) + part + 1) << (power - BITS)) - 1
}

impl Latencies {
    pub(super) const fn new() -> Self {
        Self { buckets: OnceLock::new(), recorded: AtomicU64::new(0), quantile: AtomicU64::new(0) }
    }

    /// Counts a latency, of which `share` are to be told from the others once there are `warm_up`.
    pub(super) fn record(&self, latency: Duration, share: f64, warm_up: u32) {
        let buckets = self.buckets.get_or_init(|| (0..BUCKETS).map(|_| AtomicU32::new(0)).collect());
        if let Some(bucket) = buckets.get(bucket(nanos(latency))) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        let recorded = self.recorded.fetch_add(1, Ordering::Relaxed) + 1;
        if recorded.is_multiple_of(HALVES) {
            for bucket in buckets {
                let _ = bucket.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| Some(count / 2));
            }
        }
        let warm_up = u64::from(warm_up);
        if recorded == warm_up || (recorded > warm_up && recorded.is_multiple_of(LOOKS)) {
            self.look(share);
        }
    }

    /// The share's quantile as it was when last looked for; `None` before the warm-up is over.
    pub(super) fn quantile(&self) -> Option<Duration> {
        let nanos = self.quantile.load(Ordering::Relaxed);
        (nanos > 0).then(|| Duration::from_nanos(nanos))
    }

    /// Another share is to be told, or another warm-up counts.
    pub(super) fn follow(&self, share: f64, warm_up: u32) {
        if self.recorded.load(Ordering::Relaxed) >= u64::from(warm_up) {
            self.look(share);
        } else {
            self.quantile.store(0, Ordering::Relaxed);
        }
    }

    pub(super) fn forget(&self) {
        self.recorded.store(0, Ordering::Relaxed);
        self.quantile.store(0, Ordering::Relaxed);
        self.buckets.get().into_iter().flatten().for_each(|bucket| bucket.store(0, Ordering::Relaxed));
    }

    fn look(&self, share: f64) {
        if let Some(quantile) = self.find(share) {
            self.quantile.store(quantile, Ordering::Relaxed);
        }
    }

    /// The least latency, or up to 1/64 more, that `share` of them do not exceed.
    fn find(&self, share: f64) -> Option<u64> {
        let buckets = self.buckets.get()?;
        let total: u64 = buckets.iter().map(|bucket| u64::from(bucket.load(Ordering::Relaxed))).sum();
        let wanted = ((share * total as f64).ceil() as u64).max(1);
        let mut below = 0;
        buckets
            .iter()
            .position(|bucket| {
                below += u64::from(bucket.load(Ordering::Relaxed));
                below >= wanted
            })
            .map(largest)
    }
}

impl fmt::Debug for Latencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} of {} latencies", self.quantile(), self.recorded.load(Ordering::Relaxed))
    }
}

#[cfg(all(test, not(mainstay_loom)))]
mod tests {
    use super::*;
    use crate::histories;

    /// A latency of whatever size, from a microsecond to a quarter of an hour.
    fn latency(random: &mut fastrand::Rng) -> u64 {
        let power = random.u32(LOWEST..HIGHEST);
        random.u64(1 << power..2 << power)
    }

    #[test]
    fn a_bucket_tells_a_latency_that_is_at_most_a_sixty_fourth_more() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..100_000 {
            let latency = latency(&mut random);
            let told = largest(bucket(latency));
            assert!(told >= latency && (told - latency) * 64 <= latency, "{latency} {told}");
        }
        assert_eq!((bucket(0), bucket(u64::MAX)), (0, BUCKETS - 1));
    }

    #[test]
    fn a_quantile_is_that_of_a_sorted_list_to_within_a_sixty_fourth() {
        const LIFE: usize = 500;
        histories::run(100_000, |seed| {
            let mut random = fastrand::Rng::with_seed(seed);
            let (sketch, share) = (Latencies::new(), random.f64().clamp(0.01, 0.999));
            let scale = latency(&mut random);
            let mut all: Vec<u64> = (0..LIFE)
                .map(|_| random.u64(scale..scale.saturating_mul(4)).clamp(1 << LOWEST, (1 << HIGHEST) - 1))
                .collect();
            all.iter().for_each(|nanos| sketch.record(Duration::from_nanos(*nanos), share, 1));
            all.sort_unstable();
            let exact = all[((share * LIFE as f64).ceil() as usize).max(1) - 1];
            let told = sketch.find(share).unwrap();
            assert!(told >= exact && (told - exact) * 64 <= exact, "share {share}: {told} and not {exact}");
            LIFE as u64
        });
    }

    #[test]
    fn it_follows_a_change_within_some_thousands() {
        let sketch = Latencies::new();
        let record = |ms, times: usize| {
            (0..times).for_each(|_| sketch.record(Duration::from_millis(ms), 0.95, 100));
        };
        record(10, 99);
        assert_eq!(sketch.quantile(), None);
        record(10, 100_000);
        let near =
            |ms: f64| (sketch.quantile().unwrap().as_secs_f64() * 1000.0 / ms - 1.0).abs() <= 1.0 / 64.0;
        assert!(near(10.0), "{sketch:?}");
        record(80, 1000);
        assert!(near(80.0), "{sketch:?}");
        record(10, 40_000);
        assert!(near(10.0), "{sketch:?}");
    }

    #[test]
    fn four_threads_lose_no_latency() {
        let sketch = Latencies::new();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..500).for_each(|ms| sketch.record(Duration::from_millis(ms), 0.5, 10)));
            }
        });
        let counted: u32 = sketch.buckets.get().unwrap().iter().map(|one| one.load(Ordering::Relaxed)).sum();
        assert_eq!(counted, 2000);
    }
}
