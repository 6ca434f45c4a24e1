use std::{
    fmt,
    sync::{
        Mutex, OnceLock, PoisonError, RwLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use super::{ChaosConfig, Fate, Fault, direct::Director};
use crate::{Name, observe::Counts, overrides::Live};

/// How many instances of this program are on or directed. Zero almost always: then a call pays this load and nothing more.
static ON: AtomicUsize = AtomicUsize::new(0);

/// Whether any instance of this program is on.
#[doc(hidden)]
#[inline(always)]
pub fn is_any_on() -> bool {
    ON.load(Ordering::Relaxed) != 0
}

/// Makes calls late, or lets them fail, panic or never answer, on purpose and at a rate.
///
/// It is off, whatever its rates, until it is switched on from outside: by an override (`enabled = true` for its name or for
/// `chaos`), by [`enable`](Self::enable), or by a test's [`direct`](Self::direct).
///
/// What it does to a call follows from the seed, its name and the number of the call since it was switched on, the first
/// being 1:
///
/// - `x = mix(seed ^ fnv1a(name))`, with FNV-1a of 64 bits over the name's bytes in UTF-8 and the finalizer of SplitMix64;
/// - the call's numbers `u₀, u₁, u₂` are the upper 53 bits of `mix(x + (4·n + k)·0x9E3779B97F4A7C15)`, divided by 2⁵³;
/// - `u₀ < drop_rate`: never answers; else `u₀ < drop_rate + panic_rate`: panics; else `u₀ < drop_rate + panic_rate +
///   error_rate`: fails; else it is let through;
/// - `u₁ < latency_rate`: late by `latency + u₂·(latency_max − latency)`, and its end comes after that.
///
/// [`ChaosConfig::fate`] gives the same by hand. Calls that run side by side are numbered as they come.
///
/// ```
/// use mainstay_runtime::{Error, Kind, chaos::Chaos};
///
/// let chaos = Chaos::builder().error_rate(1.0).build("payments")?;
/// assert!(chaos.call(|| Ok::<_, Error>("paid")).is_ok()); // off
///
/// chaos.enable();
/// let failed = chaos.call(|| Ok::<_, Error>("paid")).unwrap_err();
/// assert_eq!(failed.kind(), Kind::Injected);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
pub struct Chaos {
    name: Name,
    live: Live<ChaosConfig>,
    /// Whether it is among those that [`ON`] counts, and whether it is on by itself.
    counted: Mutex<(bool, bool)>,
    directors: RwLock<Vec<(u64, Director)>>,
    drawn_seed: OnceLock<u64>,
    /// Calls since it was switched on.
    calls: AtomicU64,
    counts: Counts<4>,
}

impl Chaos {
    /// The configuration to start from: no faults.
    pub const fn builder() -> ChaosConfig {
        ChaosConfig::new()
    }

    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: ChaosConfig) -> Self {
        Self::new(Name::from_static(name), config)
    }

    pub(super) const fn new(name: Name, config: ChaosConfig) -> Self {
        Self {
            name,
            live: Live::off(config),
            counted: Mutex::new((false, false)),
            directors: RwLock::new(Vec::new()),
            drawn_seed: OnceLock::new(),
            calls: AtomicU64::new(0),
            counts: Counts::new(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Whether it is switched on. Directors of tests do not count.
    pub fn is_on(&self) -> bool {
        self.live.is_on()
    }

    /// Switches it on, with the configuration in force. The log says so, loudly.
    pub fn enable(&self) {
        self.live.set(*self.live.get(), true);
        self.follow();
    }

    /// Switches it off.
    pub fn disable(&self) {
        self.live.set(*self.live.get(), false);
        self.follow();
    }

    /// The configuration in force, whether it is on or off.
    pub fn config(&self) -> ChaosConfig {
        *self.live.get()
    }

    /// What the faults are drawn from: the configured seed, or one that was drawn.
    pub fn seed(&self) -> u64 {
        self.live.get().seed.unwrap_or_else(|| *self.drawn_seed.get_or_init(|| fastrand::u64(..)))
    }

    /// How many calls it has seen since it was switched on.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// How many faults of that kind it has injected since the program started.
    pub fn injected(&self, fault: Fault) -> u64 {
        self.counts.get(fault as usize)
    }

    /// Counts its calls from the first again, so that they meet the same fates. Counts of faults run on.
    pub fn reset(&self) {
        self.calls.store(0, Ordering::Relaxed);
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    pub(super) fn live_config(&self) -> &Live<ChaosConfig> {
        &self.live
    }

    pub(super) fn directors(&self) -> &RwLock<Vec<(u64, Director)>> {
        &self.directors
    }

    pub(super) fn count(&self, fault: Fault) {
        self.counts.increment(fault as usize);
    }

    /// What this call meets, and its number. `None` for a call that is let through at once.
    pub(super) fn decide(&self) -> Option<(Fate, u64)> {
        let config = self.live.in_force();
        let directed = self.directed();
        if config.is_none() && directed.is_none() {
            return None;
        }
        let call = self.calls.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        let drawn = || config.map(|config| config.fate(self.name(), self.seed(), call));
        directed.or_else(drawn).filter(|fate| *fate != Fate::PASS).map(|fate| (fate, call))
    }

    /// Makes calls look, or not look any more, after something was switched.
    pub(super) fn follow(&self) {
        let (told, off_again) = {
            let mut known = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
            let is_on = self.live.is_on();
            let is_directed = !self.directors.read().unwrap_or_else(PoisonError::into_inner).is_empty();
            let (was_counted, was_on) = std::mem::replace(&mut *known, (is_on || is_directed, is_on));
            match (was_counted, known.0) {
                (false, true) => _ = ON.fetch_add(1, Ordering::Relaxed),
                (true, false) => _ = ON.fetch_sub(1, Ordering::Relaxed),
                _ => {}
            }
            if is_on && !was_on {
                self.calls.store(0, Ordering::Relaxed);
            }
            (is_on && !was_on, was_on && !is_on)
        };
        match (told, off_again) {
            (true, _) => self.warn(),
            (_, true) => tracing::info!(target: "mainstay", policy = self.name(), "chaos is off"),
            _ => {}
        }
    }

    /// What nobody may overlook.
    fn warn(&self) {
        let (policy, faults, seed) = (self.name(), self.config().to_string(), self.seed());
        if cfg!(debug_assertions) {
            tracing::warn!(target: "mainstay", policy, %faults, seed, "chaos is on: calls are made to fail on purpose");
        } else {
            tracing::error!(
                target: "mainstay", policy, %faults, seed,
                "chaos is on in a release build: calls are made to fail on purpose, until `enabled = false` or `policies().chaos(…)` switches it off"
            );
        }
    }
}

impl Drop for Chaos {
    fn drop(&mut self) {
        let known = self.counted.get_mut().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut known.0) {
            ON.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl fmt::Debug for Chaos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chaos").field("name", &self.name).field("config", &self.live).finish_non_exhaustive()
    }
}
