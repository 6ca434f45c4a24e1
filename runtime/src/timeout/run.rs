use std::time::Duration;

use super::{TimeoutConfig, config::Terms, limited, on_thread};
use crate::{
    ConfigError, Error, FromRefusal, Name, deadline,
    observe::{Counter, Event, report},
    overrides::{Live, Opt},
    registry::{Policy, Reading, Shelf},
};

/// A time limit with a name.
///
/// The time starts when the call first has to wait: a future that is ready at once reads no clock and sets no timer,
/// and one that is ready when its time ends still wins.
///
/// It is the [deadline](crate::deadline) of all that runs inside. Where the deadline around ends first, the call ends with it,
/// and it is not begun after that: [`Error::DeadlineExceeded`].
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::timeout::Timeout;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let timeout = Timeout::builder(Duration::from_secs(2)).build("quotes")?;
/// let slow = timeout.run(std::future::pending::<()>()).await;
/// assert_eq!(slow.unwrap_err().to_string(), "`quotes` timed out after 2s");
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Timeout {
    name: Name,
    config: Live<TimeoutConfig>,
    timed_out: Counter,
    deadline_exceeded: Counter,
}

impl Timeout {
    /// A limit of that length; zero for none.
    pub const fn builder(limit: Duration) -> TimeoutConfig {
        TimeoutConfig::new(limit)
    }

    pub(super) const fn new(name: Name, config: TimeoutConfig) -> Self {
        Self { name, config: Live::new(config), timed_out: Counter::new(), deadline_exceeded: Counter::new() }
    }

    #[doc(hidden)]
    pub const fn from_static(name: &'static str, limit: Duration) -> Self {
        Self::new(Name::from_static(name), TimeoutConfig::new(limit))
    }

    #[doc(hidden)]
    pub const fn from_static_exact(name: &'static str, limit: Duration) -> Self {
        Self::new(Name::from_static(name), TimeoutConfig::new(limit).exact(true))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// How long a call may take now; zero for no limit.
    pub fn limit(&self) -> Duration {
        self.config.in_force().map_or(Duration::ZERO, TimeoutConfig::duration)
    }

    /// What counts for a call now.
    #[inline]
    pub(super) fn terms(&self) -> Terms {
        self.terms_over(self.code_terms())
    }

    /// What counts as the code has it.
    #[inline]
    pub(super) fn code_terms(&self) -> Terms {
        self.config.code().terms()
    }

    /// What counts now for a call of a function whose code says `code`.
    #[inline]
    pub(super) fn terms_over(&self, code: Terms) -> Terms {
        if self.config.is_as_written() { code } else { self.terms_set(code) }
    }

    #[cold]
    fn terms_set(&self, code: Terms) -> Terms {
        self.config.in_force().map_or(Terms::NONE, |config| config.over(code))
    }

    /// How many nanoseconds count now for a call whose code gives it so many.
    #[inline]
    pub(super) fn nanos_for(&self, nanos: u64) -> u64 {
        if self.config.is_as_written() { nanos } else { self.nanos_set(nanos) }
    }

    #[cold]
    fn nanos_set(&self, nanos: u64) -> u64 {
        self.terms_set(Terms { nanos, exact: false }).nanos
    }

    pub(super) fn is_exact(&self) -> bool {
        self.terms().exact
    }

    /// How many calls it has cut off.
    pub fn timed_out(&self) -> u64 {
        self.timed_out.get()
    }

    /// How many calls the [deadline](crate::deadline) around has ended: refused before they began, or cut off before their own
    /// time was up.
    pub fn deadline_exceeded_calls(&self) -> u64 {
        self.deadline_exceeded.get()
    }

    /// Runs any future; it is dropped when the time is over.
    pub async fn run<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        limited(self, future).await
    }

    /// Runs a future that can hold a refusal itself.
    pub async fn call_async<T, E: FromRefusal, F>(&self, operation: impl FnOnce() -> F) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        self.run(operation()).await.unwrap_or_else(|refusal| Err(E::from_refusal(refusal)))
    }

    /// Runs blocking work on a thread of its own and stops waiting for it when the time is over. The work itself
    /// cannot be stopped: it goes on to its end, and its answer is dropped.
    pub fn call_on_thread<T, E>(
        &self,
        operation: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: FromRefusal + Send + 'static,
    {
        on_thread(self, self.limit(), operation).unwrap_or_else(|refusal| Err(E::from_refusal(refusal)))
    }

    #[cold]
    pub(crate) fn timed_out_after(&self, limit: Duration) -> Error {
        self.timed_out.increment();
        let error = Error::timed_out(self.name.clone(), limit);
        report(&Event::Refused { error: &error });
        error
    }

    #[cold]
    pub(super) fn deadline_exceeded(&self) -> Error {
        self.deadline_exceeded.increment();
        deadline::exceeded(&self.name)
    }
}

impl Policy for Timeout {
    const ATTRIBUTE: &'static str = "timeout";
    type Config = TimeoutConfig;
    const OPTIONS: &'static [Opt<TimeoutConfig>] = TimeoutConfig::OPTIONS;

    fn name(&self) -> &Name {
        &self.name
    }

    fn same_config(&self, other: &Self) -> bool {
        self.config.code() == other.config.code()
    }

    fn describe_config(&self) -> String {
        let Some(config) = self.config.in_force() else { return "off".to_owned() };
        let exact = if config.is_exact() { ", exact" } else { "" };
        match config.duration() {
            Duration::ZERO => format!("set by each call{exact}"),
            limit => format!("{limit:?}{exact}"),
        }
    }

    fn describe_state(&self) -> String {
        match self.deadline_exceeded_calls() {
            0 => format!("timed out {}", self.timed_out()),
            ended => format!("timed out {}, deadline exceeded {ended}", self.timed_out()),
        }
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("timed_out", self.timed_out()));
        give(Reading::Count("deadline_exceeded", self.deadline_exceeded_calls()));
        give(Reading::Level("limit_seconds", self.limit().as_secs_f64()));
    }

    fn live(&self) -> Option<&Live<TimeoutConfig>> {
        Some(&self.config)
    }

    fn defaults(code: &TimeoutConfig) -> Option<TimeoutConfig> {
        Some(TimeoutConfig::new(code.duration()))
    }

    fn check_config(config: &TimeoutConfig) -> Result<(), ConfigError> {
        config.check_override()
    }

    /// Its counts are totals and stay; there is nothing else to reset.
    fn reset(&self) {}

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Timeout> = Shelf::new();
        &SHELF
    }
}
