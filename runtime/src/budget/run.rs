use std::sync::OnceLock;

use super::{
    BudgetConfig,
    window::{SLOTS, Window},
};
use crate::{
    Name,
    clock::{self, Instant, nanos},
    observe::{Counter, Counts},
    overrides::Live,
};

/// A budget of further calls with a name: retries and hedges of all functions that share it.
///
/// Over the window (10 s) there may be at most `ratio` × first calls + `floor` a second. A first call costs it an addition
/// to a count of the thread's own; a withdrawal, which follows a failure or a long wait, is one exchange of a word.
///
/// ```
/// use mainstay_runtime::{budget::Budget, clock::ManualClock};
/// # let _clock = ManualClock::new();
/// # let _installed = _clock.install();
///
/// let budget = Budget::builder().ratio(0.5).floor(0.0).build("quotes")?;
/// assert!(!budget.withdraw());
/// (0..4).for_each(|_| budget.deposit());
/// assert!(budget.withdraw() && budget.withdraw() && !budget.withdraw());
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Budget {
    name: Name,
    live: Live<BudgetConfig>,
    /// What a builder said of one that was only named.
    settled: OnceLock<Live<BudgetConfig>>,
    calls: Counts<1>,
    window: Window,
    refused: Counter,
}

impl Budget {
    /// The options, at their defaults.
    pub const fn builder() -> BudgetConfig {
        BudgetConfig::new()
    }

    pub(crate) const fn new(name: Name, config: BudgetConfig) -> Self {
        Self {
            name,
            live: Live::new(config),
            settled: OnceLock::new(),
            calls: Counts::new(),
            window: Window::new(),
            refused: Counter::new(),
        }
    }

    /// The own budget of a retry that says a share.
    #[doc(hidden)]
    pub const fn of_retry(name: &'static str, ratio: f64) -> Self {
        Self::new(Name::from_static(name), BudgetConfig::new().ratio(ratio))
    }

    /// The own budget of a hedge that says a share. What a hedge adds, it adds to a server that may be slow already: its
    /// floor is low.
    #[doc(hidden)]
    pub const fn of_hedge(name: &'static str, ratio: f64) -> Self {
        Self::new(Name::from_static(name), BudgetConfig::new().ratio(ratio).floor(1.0))
    }

    #[doc(hidden)]
    pub const fn named(name: &'static str) -> Self {
        Self::new(Name::from_static(name), BudgetConfig::named_only())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    /// Its options, as they are in force.
    pub fn config(&self) -> &BudgetConfig {
        self.in_force().get()
    }

    /// Counts a first call. Every call that may be tried again or hedged is to be counted once, however it ends.
    #[inline]
    pub fn deposit(&self) {
        if self.calls.increment_and_sample(0) {
            self.look();
        }
    }

    /// Notes when calls are made. A clock is read once in a while, so the latest few calls of a thread may be taken for a
    /// little older than they are.
    #[cold]
    #[inline(never)]
    fn look(&self) {
        self.window.see(self.slot(clock::now()), || self.calls.get(0).wrapping_sub(1));
    }

    /// Takes back a deposit: the call was refused before it could burden anybody.
    #[cold]
    pub(crate) fn take_back(&self) {
        self.calls.add(0, u64::MAX);
    }

    /// Whether a further call may be made; if so, it is counted as made.
    ///
    /// Switched off from outside, it permits all and counts nothing.
    #[must_use = "a call that is not permitted must not be made"]
    #[cold]
    pub fn withdraw(&self) -> bool {
        let Some(config) = self.in_force().in_force() else { return true };
        let is_granted = self.window.withdraw(
            self.slot(clock::now()),
            || self.calls.get(0),
            |first_calls, further| further as f64 <= config.allowance(first_calls),
        );
        if !is_granted {
            self.refused.increment();
        }
        is_granted
    }

    /// How many first calls it has counted.
    pub fn first_calls(&self) -> u64 {
        self.calls.get(0)
    }

    /// How many further calls it has permitted.
    pub fn withdrawn(&self) -> u64 {
        self.window.withdrawn()
    }

    /// How many it has refused.
    pub fn refused(&self) -> u64 {
        self.refused.get()
    }

    /// How many further calls it would permit now.
    pub fn available(&self) -> u64 {
        let (first_calls, further) = self.window.spent(self.slot(clock::now()), || self.calls.get(0));
        (self.config().allowance(first_calls) as u64).saturating_sub(further)
    }

    /// Forgets what happened in the window: it starts with the floor alone.
    pub fn reset(&self) {
        self.window.forget(self.slot(clock::now()), || self.calls.get(0));
    }

    fn slot(&self, now: Instant) -> u64 {
        // No option can be set from outside that changes it.
        now.as_nanos() / (nanos(self.config().window_in_force()) / SLOTS)
    }

    pub(super) fn in_force(&self) -> &Live<BudgetConfig> {
        self.settled.get().unwrap_or(&self.live)
    }

    /// Whether somebody has said what it permits.
    pub(super) fn is_stated(&self) -> bool {
        self.settled.get().is_some() || self.live.code().is_stated()
    }

    /// What it permits from now on, unless that has been said.
    pub(super) fn settle(&self, config: BudgetConfig) {
        if !self.is_stated() {
            self.settled.get_or_init(|| Live::new(config));
            // The slots of another window have other numbers.
            self.reset();
        }
    }
}
