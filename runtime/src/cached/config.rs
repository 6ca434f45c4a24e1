use std::{fmt, time::Duration};

use super::Cache;
use crate::{ConfigError, overrides::Opt, registry, store::OnStoreError};

/// What a [`Cache`] is made from: the options of `#[cached]`, with the same names and defaults.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::cached::CacheConfig;
///
/// let users = CacheConfig::new(Duration::from_secs(60)).max_entries(500).build("users")?;
/// assert_eq!(users.get::<str, u64>("ada"), None);
///
/// let wrong = CacheConfig::new(Duration::ZERO).check().unwrap_err();
/// assert_eq!(wrong.option(), "ttl");
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CacheConfig {
    ttl: Duration,
    jitter: f64,
    max_entries: u32,
    stale_for: Duration,
    stale_if_error: Duration,
    cache_err: Duration,
    negative_ttl: Option<Duration>,
    on_store_error: OnStoreError,
}

impl CacheConfig {
    /// Values are kept for `ttl`.
    pub const fn new(ttl: Duration) -> Self {
        Self {
            ttl,
            jitter: 0.1,
            max_entries: 10_000,
            stale_for: Duration::ZERO,
            stale_if_error: Duration::ZERO,
            cache_err: Duration::ZERO,
            negative_ttl: None,
            on_store_error: OnStoreError::Open,
        }
    }

    /// How long values are kept.
    #[must_use]
    pub const fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
        self
    }

    /// The share of its time by which a value may go early, at random, so that values that came together do not go together
    /// (default 0.1; 0 for none).
    #[must_use]
    pub const fn jitter(mut self, jitter: f64) -> Self {
        self.jitter = jitter;
        self
    }

    /// How many values are kept (default 10,000). The engine divides this among its parts and rounds up, by less than the
    /// number of them.
    #[must_use]
    pub const fn max_entries(mut self, max_entries: u32) -> Self {
        self.max_entries = max_entries;
        self
    }

    /// For how long after its ttl a value is still given while one caller loads it anew (default: not at all).
    #[must_use]
    pub const fn stale_for(mut self, stale_for: Duration) -> Self {
        self.stale_for = stale_for;
        self
    }

    /// For how long after its ttl a value is still given where loading it anew fails (default: not at all).
    #[must_use]
    pub const fn stale_if_error(mut self, stale_if_error: Duration) -> Self {
        self.stale_if_error = stale_if_error;
        self
    }

    /// How long errors are kept (default: not at all).
    #[must_use]
    pub const fn cache_err(mut self, cache_err: Duration) -> Self {
        self.cache_err = cache_err;
        self
    }

    /// How long a `None` is kept, where the value is an `Option` (default: as long as other values; zero for not at all).
    #[must_use]
    pub const fn negative_ttl(mut self, negative_ttl: Duration) -> Self {
        self.negative_ttl = Some(negative_ttl);
        self
    }

    /// What becomes of a call whose store cannot answer (default: it runs as if the store had nothing).
    #[must_use]
    pub const fn on_store_error(mut self, on_store_error: OnStoreError) -> Self {
        self.on_store_error = on_store_error;
        self
    }

    /// Whether the options make sense, alone and together.
    ///
    /// # Errors
    /// `ttl` or `max_entries` is zero, or `jitter` is no share.
    pub const fn check(&self) -> Result<(), ConfigError> {
        if self.ttl.is_zero() {
            return Err(ConfigError::new("ttl", "nothing would be kept; say for how long, at least 1ns"));
        }
        if self.max_entries == 0 {
            return Err(ConfigError::new("max_entries", "nothing would be kept; make room for at least 1"));
        }
        // Not a number is no share either.
        if !(self.jitter >= 0.0 && self.jitter <= 1.0) {
            return Err(ConfigError::new("jitter", "a share lies between 0 and 1, such as 0.1"));
        }
        Ok(())
    }

    pub(super) const OPTIONS: &'static [Opt<Self>] = &[
        Opt::duration("ttl", Self::ttl, |config| Some(format!("{:?}", config.ttl))).required(),
        Opt::ratio("jitter", Self::jitter, |config| (config.jitter > 0.0).then(|| config.jitter.to_string()))
            .optional(|config| config.jitter(0.0)),
        Opt::count("max_entries", Self::max_entries, |config| Some(config.max_entries.to_string())),
        Opt::duration("stale_for", Self::stale_for, |config| shown(config.stale_for))
            .optional(|config| config.stale_for(Duration::ZERO)),
        Opt::duration("stale_if_error", Self::stale_if_error, |config| shown(config.stale_if_error))
            .optional(|config| config.stale_if_error(Duration::ZERO)),
        Opt::text("cache_err", set_cache_err, |config| shown(config.cache_err))
            .optional(|config| config.cache_err(Duration::ZERO))
            .only_if(|config| !config.cache_err.is_zero()),
        Opt::text("negative_ttl", set_negative_ttl, |config| {
            config.negative_ttl.map(|time| format!("{time:?}"))
        })
        .only_if(|config| config.negative_ttl.is_some()),
        Opt::word(
            "on_store_error",
            &["open", "closed"],
            |config, word| {
                config.on_store_error(if word == 0 { OnStoreError::Open } else { OnStoreError::Closed })
            },
            |config| Some(config.on_store_error.to_string()),
        ),
    ];

    pub(super) const fn entries(&self) -> u32 {
        self.max_entries
    }

    /// How long a value is kept that comes now, before chance takes its share.
    pub(super) fn time_of(&self, absent: bool) -> Duration {
        if absent { self.negative_ttl.unwrap_or(self.ttl) } else { self.ttl }
    }

    pub(super) const fn error_time(&self) -> Duration {
        self.cache_err
    }

    /// The time that is left of `time` when chance, from 0 to 1, has taken its share.
    pub(super) fn jittered(&self, time: Duration, chance: f64) -> Duration {
        let share = self.jitter * chance;
        if share > 0.0 { time.saturating_sub(time.mul_f64(share.min(1.0))) } else { time }
    }

    /// How long after its ttl a value is given to those who do not load it.
    pub(super) const fn stale_time(&self) -> Duration {
        self.stale_for
    }

    /// How long after its ttl a value stands in for a failed load.
    pub(super) fn stand_in_time(&self) -> Duration {
        self.stale_if_error
    }

    pub(super) const fn is_open(&self) -> bool {
        matches!(self.on_store_error, OnStoreError::Open)
    }
}

registry::made!(CacheConfig => Cache::new);

fn shown(time: Duration) -> Option<String> {
    (!time.is_zero()).then(|| format!("{time:?}"))
}

/// Whether errors can be kept is asked of their type where the code says `cache_err`, and nowhere else.
fn set_cache_err(config: CacheConfig, text: &str) -> Result<CacheConfig, String> {
    const TIME: Opt<CacheConfig> = Opt::duration("cache_err", CacheConfig::cache_err, |_| None);
    if config.cache_err.is_zero() {
        return Err(
            "the code keeps no errors, and perhaps they cannot be cloned; write `cache_err` there first"
                .to_owned(),
        );
    }
    TIME.read(config, text)
}

/// What stands for none is known where the code says `negative_ttl`, and nowhere else.
fn set_negative_ttl(config: CacheConfig, text: &str) -> Result<CacheConfig, String> {
    const TIME: Opt<CacheConfig> = Opt::duration("negative_ttl", CacheConfig::negative_ttl, |_| None);
    if config.negative_ttl.is_none() {
        return Err("the code does not tell which answers stand for none; write `negative_ttl` there first"
            .to_owned());
    }
    TIME.read(config, text)
}

impl fmt::Display for CacheConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ttl {:?}, jitter {}, max_entries {}", self.ttl, self.jitter, self.max_entries)?;
        let times = [
            ("stale_for", self.stale_for),
            ("stale_if_error", self.stale_if_error),
            ("cache_err", self.cache_err),
        ];
        for (name, time) in times.into_iter().filter(|(_, time)| !time.is_zero()) {
            write!(f, ", {name} {time:?}")?;
        }
        if let Some(time) = self.negative_ttl {
            write!(f, ", negative_ttl {time:?}")?;
        }
        if !self.is_open() {
            write!(f, ", on_store_error {}", self.on_store_error)?;
        }
        Ok(())
    }
}
