use std::future::Future;

use super::{
    BulkheadConfig, BulkheadPermit, Enter, Entry, config::check_limit, enter::Ends, follow::Limits,
    places::Places, take::QueueFull,
};
use crate::{
    ConfigError, Error, FromRefusal, Name,
    clock::{self, Instant},
    deadline,
    observe::{Counter, Event, report},
    overrides::Live,
    rare_wait::RareWait,
    sync::Mutex,
};

/// The limit of a bulkhead that is switched off. A call that is let in takes a place like any other, so none is lost or won
/// when it is switched on again.
pub(super) const NO_LIMIT: u32 = u32::MAX;

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
    pub(super) live: Live<BulkheadConfig>,
    pub(super) limits: Mutex<Limits>,
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
        Self {
            name,
            limits: Mutex::new(Limits::new(config.limit())),
            places: Places::new(config.limit()),
            live: Live::new(config),
            admitted: Counter::new(),
            rejected: Counter::new(),
        }
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
    /// [`Error::BulkheadFull`] where there is no queue, the queue is full, or `max_wait` is up. [`Error::DeadlineExceeded`]
    /// where the [deadline](crate::deadline) around comes first.
    #[inline]
    pub fn enter(&self) -> Result<BulkheadPermit<'_>, Error> {
        if self.places.try_take() { Ok(self.admit()) } else { self.without_deadline(self.queue(None)) }
    }

    /// Enters, waiting for a place if the configuration has a queue. Cancel-safe: dropped while it waits, it leaves the
    /// queue.
    ///
    /// # Errors
    /// [`Error::BulkheadFull`] where there is no queue, the queue is full, or `max_wait` is up. [`Error::DeadlineExceeded`]
    /// where the [deadline](crate::deadline) around comes first, and no time limit around ends the call.
    pub async fn enter_async(&self) -> Result<BulkheadPermit<'_>, Error> {
        if self.places.try_take() {
            return Ok(self.admit());
        }
        self.without_deadline(Enter::new(self, None).await)
    }

    /// The fast half of entering: a place if one is free now, and no refusal otherwise. Generated code asks this before
    /// it looks for a deadline and builds [`Enter`].
    #[doc(hidden)]
    #[inline]
    pub fn enter_now(&self) -> Option<BulkheadPermit<'_>> {
        self.places.try_take().then(|| self.admit())
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
    #[inline]
    pub fn enter_until_async(&self, deadline: Option<Instant>) -> Enter<'_> {
        Enter::new(self, deadline)
    }

    /// What follows where [`enter_now`](Self::enter_now) found no place and the code has no queue: a wait if overrides give
    /// one.
    ///
    /// # Errors
    /// [`Error::BulkheadFull`].
    #[doc(hidden)]
    #[cold]
    pub fn queue_up(&self, deadline: Option<Instant>) -> Result<RareWait<'_, Entry<'_>>, Error> {
        match self.may_queue() {
            Some(_) => Ok(RareWait::new(Enter::new(self, deadline))),
            None => Err(self.refuse()),
        }
    }

    /// Runs `f` in a place of its own, which is given back when `f` returns or panics. Waits like
    /// [`enter`](Self::enter).
    ///
    /// # Errors
    /// Those of `f`, and [`Error::BulkheadFull`] in the form of `E`; then `f` has not run.
    pub fn call<T, E: FromRefusal>(&self, f: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let permit = self.enter().map_err(E::from_refusal)?;
        let answer = f();
        permit.leave();
        answer
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
        let permit = self.enter_async().await.map_err(E::from_refusal)?;
        let answer = f().await;
        permit.leave();
        answer
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// How many calls may be in flight at once. While it is switched off, how many might be if it were on.
    pub fn limit(&self) -> u32 {
        match self.places.limit() {
            NO_LIMIT => self.limits().limit(),
            limit => limit,
        }
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
        self.order_limit(limit);
        Ok(())
    }

    /// Puts the limit back to the one that the options in force give. Calls inside and in the queue stay where they are;
    /// counts run on.
    pub fn reset(&self) {
        self.order_limit(self.config().limit());
    }

    pub(super) fn shared_name(&self) -> &Name {
        &self.name
    }

    /// The options in force.
    pub(super) fn config(&self) -> &BulkheadConfig {
        self.live.get()
    }

    #[inline]
    pub(super) fn places(&self) -> &Places {
        &self.places
    }

    #[cold]
    fn queue(&self, deadline: Option<Instant>) -> Entry<'_> {
        let Some(max_queue) = self.may_queue() else { return Entry::Refused(self.refuse()) };
        let deadline = deadline::end_of_blocked(deadline).unwrap_or(Instant::NEVER);
        let ends = Ends { own: self.own_end(), deadline };
        let taken = clock::block_on(self.places.take(max_queue), ends.first());
        self.leave_queue(ends, taken)
    }

    /// Among how many a caller may wait, `None` where nobody may.
    pub(super) fn may_queue(&self) -> Option<u32> {
        let max_queue = self.config().queue_limit(self.limit());
        (max_queue > 0).then_some(max_queue)
    }

    /// When the wait of a caller who comes now is up.
    pub(super) fn own_end(&self) -> Instant {
        self.config().wait_limit().map_or(Instant::NEVER, |wait| clock::now() + wait)
    }

    /// What a wait came to; `taken` is `None` where one of its ends came first.
    pub(super) fn leave_queue(&self, ends: Ends, taken: Option<Result<(), QueueFull>>) -> Entry<'_> {
        match taken {
            Some(Ok(())) if ends.missed() => {
                self.places.release();
                Entry::Elapsed
            }
            Some(Ok(())) => Entry::Entered(self.admit()),
            None if ends.at_deadline() => Entry::Elapsed,
            None | Some(Err(QueueFull)) => Entry::Refused(self.refuse()),
        }
    }

    fn without_deadline<'a>(&'a self, entry: Entry<'a>) -> Result<BulkheadPermit<'a>, Error> {
        match entry {
            Entry::Entered(permit) => Ok(permit),
            Entry::Refused(error) => Err(error),
            Entry::Elapsed => Err(deadline::refused(&self.name).unwrap_or_else(|| self.refuse())),
        }
    }

    #[inline]
    pub(super) fn admit(&self) -> BulkheadPermit<'_> {
        self.admitted.increment();
        BulkheadPermit::new(self)
    }

    #[cold]
    pub(super) fn refuse(&self) -> Error {
        self.rejected.increment();
        let error = Error::bulkhead_full(self.name.clone(), self.limit());
        report(&Event::Refused { error: &error });
        error
    }
}
