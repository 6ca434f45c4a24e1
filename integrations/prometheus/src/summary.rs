use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use mainstay_runtime::{
    clock,
    metrics::{Instrument, MetricKind, Observe, Sample, Timer},
};

use crate::sketch::{Sketch, empty, part_of};

/// Quantiles of what was observed in the last ten minutes, each off by one per cent of its value at most.
///
/// A [`Histogram`](mainstay_runtime::metrics::Histogram) is cheaper and its quantiles can be added up over instances; a summary
/// needs no buckets that somebody has chosen well. Threads spread over eight sketches; a sketch is a few kilobytes.
///
/// ```
/// use mainstay_prometheus::{Summary, SummaryConfig};
/// use mainstay_runtime::metrics::{Registry, TextFormat};
///
/// let registry = Registry::new();
/// let sizes = registry.single::<Summary>("reply_size_bytes", "Size of replies.", SummaryConfig::new())?;
/// (1..=1000).for_each(|n| sizes.observe(f64::from(n)));
///
/// let median = sizes.quantile(0.5);
/// assert!((495.0..=505.0).contains(&median), "{median}");
/// assert!(registry.encode(TextFormat::Prometheus).contains("reply_size_bytes_count 1000\n"));
/// # Ok::<(), mainstay_runtime::metrics::MetricError>(())
/// ```
pub struct Summary {
    config: SummaryConfig,
    shards: [Mutex<Sketch>; SHARDS],
}

const SHARDS: usize = 8;

/// Which quantiles a [`Summary`] shows, and of how long a time.
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryConfig {
    quantiles: Vec<f64>,
    age: Duration,
}

impl SummaryConfig {
    /// The median, 0.9, 0.95 and 0.99, of ten minutes.
    pub fn new() -> Self {
        Self { quantiles: vec![0.5, 0.9, 0.95, 0.99], age: Duration::from_secs(600) }
    }

    /// The quantiles, from 0 to 1; others are left out.
    #[must_use]
    pub fn quantiles(mut self, quantiles: impl IntoIterator<Item = f64>) -> Self {
        self.quantiles = quantiles.into_iter().filter(|quantile| (0.0..=1.0).contains(quantile)).collect();
        self.quantiles.sort_by(f64::total_cmp);
        self.quantiles.dedup();
        self
    }

    /// How far back it looks, in steps of a fifth. At least a second.
    #[must_use]
    pub fn age(mut self, age: Duration) -> Self {
        self.age = age.max(Duration::from_secs(1));
        self
    }
}

impl Default for SummaryConfig {
    fn default() -> Self {
        Self::new()
    }
}

thread_local! {
    static SHARD: usize =
        (RandomState::new().hash_one(std::thread::current().id()) % SHARDS as u64) as usize;
}

impl Summary {
    /// One that has seen nothing.
    pub fn new(config: SummaryConfig) -> Self {
        Self { config, shards: std::array::from_fn(|_| Mutex::new(Sketch::new())) }
    }

    /// Takes a value; one that is no number, or is infinite, is left out.
    pub fn observe(&self, value: f64) {
        if !value.is_finite() {
            return;
        }
        let part = part_of(clock::now(), self.config.age);
        let shard = SHARD.try_with(|shard| *shard).unwrap_or(0);
        if let Some(shard) = self.shards.get(shard) {
            shard.lock().unwrap_or_else(PoisonError::into_inner).add(part, value);
        }
    }

    /// Measures until what this gives is dropped, in seconds.
    pub fn time(&self) -> Timer<'_, Self> {
        Timer::start(self)
    }

    /// The value below which that share of the observations lies; no number where there are none.
    pub fn quantile(&self, quantile: f64) -> f64 {
        self.read_quantiles(&[quantile]).0.first().map_or(f64::NAN, |(_, value)| *value)
    }

    fn read_quantiles(&self, quantiles: &[f64]) -> (Vec<(f64, f64)>, f64, u64) {
        let part = part_of(clock::now(), self.config.age);
        let (mut all, mut sum, mut count) = (empty(), 0.0, 0_u64);
        for shard in &self.shards {
            let (of_shard, counted) =
                shard.lock().unwrap_or_else(PoisonError::into_inner).merge_into(part, &mut all);
            sum += of_shard;
            count = count.saturating_add(counted);
        }
        let value = |quantile: f64| all.quantile(quantile).ok().flatten().unwrap_or(f64::NAN);
        (quantiles.iter().map(|quantile| (*quantile, value(*quantile))).collect(), sum, count)
    }
}

impl Observe for Summary {
    fn observe(&self, value: f64) {
        Self::observe(self, value);
    }
}

impl Instrument for Summary {
    type Config = SummaryConfig;
    const KIND: MetricKind = MetricKind::Summary;

    fn make(config: &SummaryConfig) -> Self {
        Self::new(config.clone())
    }

    fn read(&self, give: &mut dyn FnMut(Sample<'_>)) {
        let (quantiles, sum, count) = self.read_quantiles(&self.config.quantiles);
        give(Sample::Summary { quantiles: &quantiles, sum, count });
    }
}

impl fmt::Debug for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Summary").field("config", &self.config).finish_non_exhaustive()
    }
}
