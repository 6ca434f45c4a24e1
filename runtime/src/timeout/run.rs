use std::time::Duration;

use super::{TimeoutConfig, limited, on_thread};
use crate::{
    Error, FromRefusal, Name,
    observe::{Counter, Event, report},
    registry::{Policy, Reading, Shelf},
};

/// A time limit with a name.
///
/// The time starts when the call first has to wait: a future that is ready at once reads no clock and sets no timer,
/// and one that is ready when its time ends still wins.
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
    config: TimeoutConfig,
    timed_out: Counter,
}

impl Timeout {
    /// A limit of that length; zero for none.
    pub const fn builder(limit: Duration) -> TimeoutConfig {
        TimeoutConfig::new(limit)
    }

    pub(super) const fn new(name: Name, config: TimeoutConfig) -> Self {
        Self { name, config, timed_out: Counter::new() }
    }

    #[doc(hidden)]
    pub const fn from_static(name: &'static str, limit: Duration) -> Self {
        Self::new(Name::from_static(name), TimeoutConfig::new(limit))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// How long a call may take; zero for no limit.
    pub const fn limit(&self) -> Duration {
        self.config.limit
    }

    /// How many calls it has cut off.
    pub fn timed_out(&self) -> u64 {
        self.timed_out.get()
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
}

impl Policy for Timeout {
    const ATTRIBUTE: &'static str = "timeout";
    type Config = TimeoutConfig;

    fn name(&self) -> &Name {
        &self.name
    }

    fn same_config(&self, other: &Self) -> bool {
        self.config == other.config
    }

    fn describe_config(&self) -> String {
        match self.limit() {
            Duration::ZERO => "set by each call".to_owned(),
            limit => format!("{limit:?}"),
        }
    }

    fn describe_state(&self) -> String {
        format!("timed out {}", self.timed_out())
    }

    fn read(&self, give: &mut dyn FnMut(Reading)) {
        give(Reading::Count("timed_out", self.timed_out()));
        give(Reading::Level("limit_seconds", self.limit().as_secs_f64()));
    }

    /// Its count is a total and stays; there is nothing else to reset.
    fn reset(&self) {}

    fn shelf() -> &'static Shelf<Self> {
        static SHELF: Shelf<Timeout> = Shelf::new();
        &SHELF
    }
}
