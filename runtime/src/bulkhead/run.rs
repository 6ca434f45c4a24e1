use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use super::{BulkheadConfig, BulkheadPermit, Entry, config::check_limit, places::Places, take::QueueFull};
use crate::{
    ConfigError, Error, FromRefusal, Name,
    clock::{self, Instant},
    observe::{Counter, Event, report},
};

/// Lets so many calls in at once and no more.
///
/// Those beyond the limit are refused at once, or wait in arrival order if the configuration has a queue (see
/// [`BulkheadConfig`]). A call holds its place from entering to its end, by value, error, panic or drop; an async call
/// holds it until its future is done. Whoever gives up waiting leaves the queue and never runs.
///
/// ```
/// use mainstay_runtime::{Error, Kind, bulkhead::Bulkhead};
///
/// let bulkhead = Bulkhead::builder(1).build("payments")?;
/// let paid = bulkhead.call(|| {
///     // Inside, the only place is taken.
///     assert_eq!(bulkhead.try_enter().unwrap_err().kind(), Kind::BulkheadFull);
///     Ok::<_, Error>("paid")
/// });
/// assert_eq!(paid, Ok("paid"));
/// assert_eq!(bulkhead.in_flight(), 0);
/// # Ok::<(), mainstay_runtime::ConfigError>(())
/// ```
///
/// With a queue, and async:
///
/// ```
/// use std::time::Duration;
/// use mainstay_runtime::{Error, bulkhead::Bulkhead};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), mainstay_runtime::ConfigError> {
/// let bulkhead = Bulkhead::builder(1).max_wait(Duration::from_secs(1)).build("payments")?;
/// let pay = || bulkhead.call_async(|| async {
///     tokio::time::sleep(Duration::from_millis(100)).await;
///     Ok::<_, Error>("paid")
/// });
/// assert_eq!(tokio::join!(pay(), pay()), (Ok("paid"), Ok("paid")));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Bulkhead {
    name: Name,
    config: BulkheadConfig,
    places: Places,
    admitted: Counter,
    rejected: Counter,
}

impl Bulkhead {
    /// The configuration to start from: at most `limit` calls in flight, and no queue.
    pub const fn builder(limit: u32) -> BulkheadConfig {
        BulkheadConfig::new(limit)
    }

    #[doc(hidden)]
    pub const fn from_static(name: &'static str, config: BulkheadConfig) -> Self {
        Self::new(Name::from_static(name), config)
    }

    pub(super) const fn new(name: Name, config: BulkheadConfig) -> Self {
        let places = Places::new(config.limit());
        Self { name, config, places, admitted: Counter::new(), rejected: Counter::new() }
    }

    /// Enters if a place is free now and nobody waits for it. Never waits.
    ///
    /// # Errors
    /// [`Error::BulkheadFull`].
    #[inline]
    pub fn try_enter(&self) -> Result<BulkheadPermit<'_>, Error> {
        if self.places.try_take() { Ok(self.admit()) } else { Err(self.refuse()) }
    }

    /// Enters, parking this thread while it waits if the configuration has a queue.
    ///
    /// # Errors
    /// [`Error::BulkheadFull`] where there is no queue, the queue is full, or `max_wait` is up.
    #[inline]
    pub fn enter(&self) -> Result<BulkheadPermit<'_>, Error> {
        if self.places.try_take() { Ok(self.admit()) } else { self.without_deadline(self.queue(None)) }
    }

    /// Enters, waiting for a place if the configuration has a queue. Cancel-safe: dropped while it waits, it leaves the
    /// queue.
    ///
    /// # Errors
    /// [`Error::BulkheadFull`] where there is no queue, the queue is full, or `max_wait` is up.
    pub async fn enter_async(&self) -> Result<BulkheadPermit<'_>, Error> {
        if self.places.try_take() {
            Ok(self.admit())
        } else {
            self.without_deadline(self.queue_async(None).await)
        }
    }

    /// Like [`enter`](Self::enter); the wait ends at the caller's `deadline` as well.
    ///
    /// A free place is taken whatever the deadline. After a wait, a place is not taken once the deadline is past.
    #[doc(hidden)]
    #[inline]
    pub fn enter_until(&self, deadline: Option<Instant>) -> Entry<'_> {
        if self.places.try_take() { Entry::Entered(self.admit()) } else { self.queue(deadline) }
    }

    /// Like [`enter_async`](Self::enter_async); the wait ends at the caller's `deadline` as well.
    #[doc(hidden)]
    pub async fn enter_until_async(&self, deadline: Option<Instant>) -> Entry<'_> {
        if self.places.try_take() { Entry::Entered(self.admit()) } else { self.queue_async(deadline).await }
    }

    /// Runs `f` in a place of its own, which is given back when `f` returns or panics. Waits like
    /// [`enter`](Self::enter).
    ///
    /// # Errors
    /// Those of `f`, and [`Error::BulkheadFull`] in the form of `E`; then `f` has not run.
    pub fn call<T, E: FromRefusal>(&self, f: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let _permit = self.enter().map_err(E::from_refusal)?;
        f()
    }

    /// Awaits what `f` returns in a place of its own, which is given back when the future is done or dropped. Waits
    /// like [`enter_async`](Self::enter_async).
    ///
    /// # Errors
    /// Those of the future, and [`Error::BulkheadFull`] in the form of `E`; then `f` has not run.
    pub async fn call_async<T, E, F, Fut>(&self, f: F) -> Result<T, E>
    where
        E: FromRefusal,
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let _permit = self.enter_async().await.map_err(E::from_refusal)?;
        f().await
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// How many calls may be in flight at once.
    pub fn limit(&self) -> u32 {
        self.places.limit()
    }

    /// How many calls are inside now, with those that a place has just been handed to.
    pub fn in_flight(&self) -> u32 {
        self.places.taken()
    }

    /// How many calls wait for a place.
    pub fn waiting(&self) -> u32 {
        self.places.waiting()
    }

    /// How many places are free; zero while more calls are in flight than a lowered limit allows.
    pub fn available(&self) -> u32 {
        self.limit().saturating_sub(self.in_flight())
    }

    /// How many calls have entered since the program started.
    pub fn admitted_count(&self) -> u64 {
        self.admitted.get()
    }

    /// How many calls were refused since the program started. Calls that gave up waiting by themselves are not among
    /// them.
    pub fn rejected_count(&self) -> u64 {
        self.rejected.get()
    }

    /// Changes the limit. More places go to the waiters at once; fewer come about as the calls in flight finish, none
    /// of which is disturbed.
    ///
    /// # Errors
    /// A limit of zero is refused and changes nothing.
    ///
    /// ```
    /// use mainstay_runtime::bulkhead::Bulkhead;
    ///
    /// let bulkhead = Bulkhead::builder(1).build("payments")?;
    /// let _first = bulkhead.try_enter().unwrap();
    /// bulkhead.set_limit(2)?;
    /// assert!(bulkhead.try_enter().is_ok());
    /// # Ok::<(), mainstay_runtime::ConfigError>(())
    /// ```
    pub fn set_limit(&self, limit: u32) -> Result<(), ConfigError> {
        check_limit(limit)?;
        self.places.set_limit(limit);
        Ok(())
    }

    /// Puts the limit back to the configured one. Calls inside and in the queue stay where they are; counts run on.
    pub fn reset(&self) {
        self.places.set_limit(self.config.limit());
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    pub(super) fn config(&self) -> &BulkheadConfig {
        &self.config
    }

    #[inline]
    pub(super) fn give_back(&self) {
        self.places.release();
    }

    #[cold]
    fn queue(&self, deadline: Option<Instant>) -> Entry<'_> {
        let Some(wait) = self.wait(deadline) else { return Entry::Refused(self.refuse()) };
        let taken = clock::block_on(self.places.take(wait.max_queue), wait.end());
        self.leave_queue(&wait, taken)
    }

    #[cold]
    async fn queue_async(&self, deadline: Option<Instant>) -> Entry<'_> {
        let Some(wait) = self.wait(deadline) else { return Entry::Refused(self.refuse()) };
        let taken = self.take_until(&wait).await;
        self.leave_queue(&wait, taken)
    }

    /// `None` when the wait ended first; by then the queue has been left.
    async fn take_until(&self, wait: &Wait) -> Option<Result<(), QueueFull>> {
        let mut take = pin!(self.places.take(wait.max_queue));
        let Some(end) = wait.end() else { return Some(take.await) };
        let mut delay = pin!(clock::sleep_until(end));
        poll_fn(|cx| match take.as_mut().poll(cx) {
            Poll::Ready(taken) => Poll::Ready(Some(taken)),
            Poll::Pending => delay.as_mut().poll(cx).map(|()| None),
        })
        .await
    }

    /// How a caller may wait, `None` where nobody may.
    fn wait(&self, deadline: Option<Instant>) -> Option<Wait> {
        let max_queue = self.config.queue_limit(self.limit());
        let own_end = self.config.wait_limit().map(|wait| clock::now() + wait);
        (max_queue > 0).then_some(Wait { max_queue, own_end, deadline })
    }

    fn leave_queue(&self, wait: &Wait, taken: Option<Result<(), QueueFull>>) -> Entry<'_> {
        match taken {
            Some(Ok(())) if wait.deadline.is_some_and(|deadline| clock::now() > deadline) => {
                self.places.release();
                Entry::Elapsed
            }
            Some(Ok(())) => Entry::Entered(self.admit()),
            None if wait.ends_at_deadline() => Entry::Elapsed,
            None | Some(Err(QueueFull)) => Entry::Refused(self.refuse()),
        }
    }

    fn without_deadline<'a>(&'a self, entry: Entry<'a>) -> Result<BulkheadPermit<'a>, Error> {
        match entry {
            Entry::Entered(permit) => Ok(permit),
            Entry::Refused(error) => Err(error),
            Entry::Elapsed => Err(self.refuse()),
        }
    }

    #[inline]
    fn admit(&self) -> BulkheadPermit<'_> {
        self.admitted.increment();
        BulkheadPermit::new(self)
    }

    #[cold]
    fn refuse(&self) -> Error {
        self.rejected.increment();
        let error = Error::bulkhead_full(self.name.clone(), self.limit());
        report(&Event::Refused { error: &error });
        error
    }
}

/// How long to wait, and among how many.
#[derive(Debug)]
struct Wait {
    max_queue: u32,
    own_end: Option<Instant>,
    deadline: Option<Instant>,
}

impl Wait {
    fn end(&self) -> Option<Instant> {
        match (self.own_end, self.deadline) {
            (Some(own), Some(deadline)) => Some(own.min(deadline)),
            (own, deadline) => own.or(deadline),
        }
    }

    /// Whether the caller's deadline comes first; of two ends at the same instant it counts.
    fn ends_at_deadline(&self) -> bool {
        self.deadline.is_some_and(|deadline| self.own_end.is_none_or(|own| deadline <= own))
    }
}
