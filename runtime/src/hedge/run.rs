use std::time::Duration;

use super::{
    After, HedgeConfig, Hedged, Outcome,
    latencies::Latencies,
    totals::{Total, Totals},
};
use crate::{
    Name,
    budget::{Budget, BudgetConfig},
    overrides::Live,
};

/// A hedge policy with a name: where an attempt takes long, another is made beside it, and the first success is the answer.
///
/// The attempts run in the task of the call. Whatever loses is dropped. Where all fail, the primary's error is the answer.
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::{clock, hedge::Hedge};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), mainstay_runtime::ConfigError> {
/// let hedge = Hedge::builder().after(Duration::from_millis(50)).build("search")?;
/// let answer: Result<_, String> = hedge
///     .call_async(async |attempt| {
///         let takes = if attempt == 0 { 900 } else { 20 };
///         clock::sleep(Duration::from_millis(takes)).await;
///         Ok(attempt)
///     })
///     .await;
/// assert_eq!((answer, hedge.hedges(), hedge.won()), (Ok(1), 1, 1));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Hedge {
    name: Name,
    live: Live<HedgeConfig>,
    /// What pays where no budget is named.
    own_budget: Budget,
    latencies: Latencies,
    totals: Totals,
}

impl Hedge {
    /// The options, at their defaults.
    pub const fn builder() -> HedgeConfig {
        HedgeConfig::new()
    }

    pub(super) fn new(name: Name, config: HedgeConfig) -> Self {
        Self::with_budget(name.clone(), config, name)
    }

    const fn with_budget(name: Name, config: HedgeConfig, budget: Name) -> Self {
        Self {
            name,
            live: Live::new(config),
            own_budget: Budget::new(budget, BudgetConfig::new().ratio(0.1).floor(1.0)),
            latencies: Latencies::new(),
            totals: Totals::new(),
        }
    }

    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: HedgeConfig) -> Self {
        Self::with_budget(Name::from_static(name), config, Name::from_static(name))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    /// Its options, as they are in force.
    pub fn config(&self) -> &HedgeConfig {
        self.live.get()
    }

    pub(super) fn live(&self) -> &Live<HedgeConfig> {
        &self.live
    }

    pub(super) fn totals(&self) -> &Totals {
        &self.totals
    }

    /// How long a primary is waited for now; `None` as long as too few latencies are known.
    pub fn after(&self) -> Option<Duration> {
        self.delay(self.config())
    }

    /// How many attempts were made beside primaries.
    pub fn hedges(&self) -> u64 {
        self.totals.get(Total::Hedges)
    }

    /// How many calls had such an attempt.
    pub fn hedged_calls(&self) -> u64 {
        self.totals.get(Total::HedgedCalls)
    }

    /// How many of these attempts were the answer.
    pub fn won(&self) -> u64 {
        self.totals.get(Total::Won)
    }

    /// How often no attempt was made because the budget was used up.
    pub fn out_of_budget(&self) -> u64 {
        self.totals.get(Total::OutOfBudget)
    }

    /// Calls `operation`, and again beside it where it takes long. It is told the number of the attempt, the primary's
    /// being 0.
    ///
    /// The first success is the answer. An error is waited beside while another attempt runs; if all fail, the
    /// primary's is the answer.
    pub async fn call_async<T, E, F>(&self, operation: impl FnMut(u32) -> F) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.final_if(|_: &E| false).call_async(operation).await
    }

    /// Errors that another attempt would get as well: the first of them is the answer.
    pub const fn final_if<E, J: FnMut(&E) -> bool>(&self, ask: J) -> HedgeCall<'_, J> {
        HedgeCall { hedge: self, ask }
    }

    /// A first call is made.
    #[inline]
    pub(crate) fn deposit(&self) {
        match self.config().budget {
            Some(joined) => joined.deposit(),
            None => self.own_budget.deposit(),
        }
    }

    #[inline]
    pub(super) fn budget(&self, config: &HedgeConfig) -> &Budget {
        match config.budget {
            Some(joined) => joined.get(),
            None => &self.own_budget,
        }
    }

    pub(super) fn delay(&self, config: &HedgeConfig) -> Option<Duration> {
        match config.after {
            After::Delay(delay) => Some(delay),
            After::Quantile(_) => Some(self.latencies.quantile()?.max(config.min_after)),
        }
    }

    /// How long a primary took, or at least took before it was overtaken.
    pub(super) fn record(&self, config: &HedgeConfig, latency: Duration) {
        if let Some(share) = config.quantile() {
            self.latencies.record(latency, share, config.warm_up);
        }
    }

    /// Another configuration is in force.
    pub(super) fn follow(&self) {
        let config = self.config();
        if let Some(share) = config.quantile() {
            self.latencies.follow(share, config.warm_up);
        }
    }

    /// Forgets the latencies and what its own budget has seen: it warms up again.
    pub fn reset(&self) {
        self.latencies.forget();
        self.own_budget.reset();
    }
}

/// A hedge policy together with the errors that it does not try to better.
#[derive(Debug, Clone)]
#[must_use = "call it around an operation"]
pub struct HedgeCall<'h, J> {
    hedge: &'h Hedge,
    ask: J,
}

impl<J> HedgeCall<'_, J> {
    /// See [`Hedge::call_async`].
    pub async fn call_async<T, E, F>(mut self, operation: impl FnMut(u32) -> F) -> Result<T, E>
    where
        J: FnMut(&E) -> bool,
        F: Future<Output = Result<T, E>>,
    {
        self.hedge.deposit();
        let judge = move |answer: &Result<T, E>| match answer {
            Ok(_) => Outcome::Success,
            Err(error) if (self.ask)(error) => Outcome::Final,
            Err(_) => Outcome::Failure,
        };
        Hedged::new(self.hedge, operation, judge).await
    }
}
