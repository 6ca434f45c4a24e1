use std::{future::Future, sync::OnceLock};

use super::{MeteredCall, MeteredConfig, Outcome, Slo, outcome::OUTCOMES, series::Series, typed::AllSeries};
use crate::{
    Name,
    metrics::{Labels, Snapshot},
};

/// Counts the calls of a function by how they end, times them, and knows how many are running.
///
/// A call is counted once, however it ends: a value, an error, a time limit, a refusal by a policy, a drop or a panic. While
/// it is metered it pays for two readings of the clock and a few additions to numbers that no other thread writes; it
/// allocates nothing.
///
/// ```
/// use mainstay_runtime::{Error, metered::{Metered, Outcome}};
///
/// let payments = Metered::builder().build("payments")?;
/// assert_eq!(payments.call(|| Ok::<_, Error>(5)), Ok(5));
/// assert_eq!(payments.count(Outcome::Ok), 1);
/// assert_eq!(payments.in_flight(), 0);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct Metered {
    name: Name,
    config: MeteredConfig,
    plain: OnceLock<Box<Series>>,
    labelled: AllSeries,
}

impl Metered {
    /// The options, at their defaults.
    pub const fn builder() -> MeteredConfig {
        MeteredConfig::new()
    }

    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: MeteredConfig) -> Self {
        Self::new(Name::from_static(name), config)
    }

    pub(super) const fn new(name: Name, config: MeteredConfig) -> Self {
        Self { name, config, plain: OnceLock::new(), labelled: AllSeries::new() }
    }

    /// Its name, the value of the label `function`.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Its objective.
    pub const fn slo(&self) -> Slo {
        self.config.slo
    }

    /// A call begins; it ends with what this gives.
    #[inline]
    pub fn begin(&self) -> MeteredCall<'_> {
        match self.plain.get() {
            Some(series) => MeteredCall::new(series),
            None => MeteredCall::new(self.first()),
        }
    }

    /// The same with the values of the labels that the configuration names.
    #[inline]
    pub fn begin_with<L: Labels>(&self, labels: &L) -> MeteredCall<'_> {
        MeteredCall::new(self.labelled.get(&self.config, labels))
    }

    /// Meters `f`.
    ///
    /// # Errors
    /// Those of `f`.
    pub fn call<T, E>(&self, f: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let call = self.begin();
        let answer = f();
        call.end(outcome_of(&answer));
        answer
    }

    /// Meters the future that `f` gives.
    ///
    /// # Errors
    /// Those of the future.
    pub async fn call_async<T, E, F, Fut>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let call = self.begin();
        let answer = f().await;
        call.end(outcome_of(&answer));
        answer
    }

    /// How many calls ended so, whatever their labels; of errors and refusals, all.
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.sum(|series| series.ended(outcome.index()))
    }

    /// How many calls have ended.
    pub fn total(&self) -> u64 {
        self.sum(|series| (0..OUTCOMES.len()).map(|index| series.ended(index)).sum())
    }

    pub(super) fn ended(&self, index: usize) -> u64 {
        self.sum(|series| series.ended(index))
    }

    /// How long its calls took that ran to an end, in seconds, whatever their labels.
    pub fn durations(&self) -> Snapshot {
        let mut all: Option<Snapshot> = None;
        self.for_each(|series| {
            let one = series.durations();
            match &mut all {
                Some(all) => all.add(&one),
                None => all = Some(one),
            }
        });
        all.unwrap_or_else(|| self.first().durations())
    }

    /// How many calls have begun and not ended.
    pub fn in_flight(&self) -> u64 {
        self.sum(Series::in_flight)
    }

    pub(super) fn for_each(&self, mut then: impl FnMut(&Series)) {
        if self.config.labels.is_empty() {
            // There from the start, at zero.
            then(self.first());
        } else if let Some(series) = self.plain.get() {
            then(series);
        }
        self.labelled.for_each(&mut then);
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    pub(super) fn config(&self) -> &MeteredConfig {
        &self.config
    }

    #[cold]
    fn first(&self) -> &Series {
        self.plain.get_or_init(|| Box::new(Series::new(&self.config, Vec::new())))
    }

    fn sum(&self, of: impl Fn(&Series) -> u64) -> u64 {
        let mut sum = 0_u64;
        self.for_each(|series| sum = sum.wrapping_add(of(series)));
        sum
    }
}

fn outcome_of<T, E>(answer: &Result<T, E>) -> Outcome {
    match answer {
        Ok(_) => Outcome::Ok,
        Err(_) => Outcome::error(crate::classify::Class::Transient),
    }
}
